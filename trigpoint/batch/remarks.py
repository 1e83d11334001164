"""The remarks on the figures of a run as warnings: each with the name of its figure, but none a thousand times."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable

from ..diagram.diagram import Remark

OFTEN = 3  # times that a remark is made with a name; then its figures are counted


class Remarks:
    """The remarks of a run, counted; with `several` figures, each is warned of with the figure's name."""

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._times: Counter[Remark] = Counter()

    def warn(self, name: str, remarks: Iterable[Remark]) -> None:
        """Warn of the remarks on the figure of that name."""
        for remark in dict.fromkeys(remarks):
            self._times[remark] += 1
            if self._times[remark] <= OFTEN:
                warnings.warn(f"{name}: {remark.text}" if self._several else remark.text, remark.kind, stacklevel=3)

    def warn_of_rest(self) -> None:
        """Warn of how often each remark was passed over."""
        for remark, times in self._times.items():
            if times > OFTEN:
                warnings.warn(f"{times - OFTEN:,} more: {remark.text}", remark.kind, stacklevel=3)
