"""What frozen values have in common: their fields make them equal, make their hash, and show them.

A dataclass can have all of this written for itself, but compiles it anew for every class at every start: for the
twenty that any figure needs, that is a fortieth of the time of the whole command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar


class Value:
    """A base for classes under `@dataclass(frozen=True, eq=False, repr=False)`; these behave as without the last two.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, eq=False, repr=False)
    ... class Place(Value):
    ...     x: float
    ...     y: float = 0.0
    >>> Place(1.0), Place(1.0) == Place(1.0, 0.0), len({Place(1.0), Place(1.0), Place(2.0)})
    (Place(x=1.0, y=0.0), True, 2)
    """

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Any]]

    def _fields(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__dataclass_fields__])

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        return self._fields() == other._fields() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._fields())

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for name, value in zip(self.__dataclass_fields__, self._fields(), strict=True))
        return f"{type(self).__qualname__}({', '.join(said)})"
