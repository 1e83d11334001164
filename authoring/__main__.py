"""`build` writes assets and data, `preview` draws them for a person to look at, `try` one muscle before a build.

`registration` tells how well the bones and muscles of the open atlas lie in the body.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m authoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="rebuild assets/body_outlines/ and data/referral_patterns.json")
    preview = commands.add_parser("preview", help="draw contact sheets of views, landmarks, regions and muscles")
    preview.add_argument("--out", type=Path, default=Path("preview"), help="folder for the pictures (default: preview)")
    trial = commands.add_parser(
        "try", help="draw one muscle as it is written now and hold its zones against its regions"
    )
    trial.add_argument("muscle", help="id of the muscle, the name of its file below authoring/content/muscles/")
    trial.add_argument("--out", type=Path, default=Path("preview"), help="folder for the picture (default: preview)")
    commands.add_parser("registration", help="measure bones and muscles in the body; write docs/registration.md")
    chosen = parser.parse_args(arguments)
    if chosen.command == "build":
        from authoring.build import write

        changed = write()
        print("\n".join(f"wrote {path}" for path in changed) or "nothing changed")
    elif chosen.command == "try":
        from authoring.trial import report

        print(report(chosen.muscle, chosen.out))
    elif chosen.command == "registration":
        from authoring.anatomy.numbers import write_page

        print(write_page())
    else:
        from authoring.drawing.preview import contact_sheets

        for path in contact_sheets(chosen.out):
            print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
