"""The problems of a file as a person reads them."""

from __future__ import annotations

import pytest

from trigpoint.errors import InputError
from trigpoint.files.findings import Findings


def lines(findings: Findings) -> list[str]:
    """The lines of all problems found; there must be some."""
    with pytest.raises(InputError) as caught:
        findings.settle()
    return [problem.line() for problem in caught.value.problems]
