"""`python -m trigpoint`: the same as the command `trigpoint`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
