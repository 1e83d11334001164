"""What a part of the body says about its regions: names, titles, how each is painted, and coats of paint in order.

Knows no anatomy. A later coat covers an earlier one, so that regions share borders and never overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

Paint = Iterator[tuple[str, np.ndarray]]


@dataclass(frozen=True)
class Region:
    """A region: its id, its short English title, and in words where it is painted."""

    name: str
    title: str
    painted: str
