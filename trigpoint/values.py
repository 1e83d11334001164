"""Frozen values: equal, hashed and shown by their fields.

`dataclass(frozen=True)` compiles all of this anew for every class at every start. For the values that any figure needs
that is a fortieth of the time of the whole command, so that here it stands once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class what `dataclass(frozen=True)` makes it.

    >>> @frozen
    ... class Place:
    ...     x: float
    ...     y: float = 0.0
    >>> Place(1.0), Place(1.0) == Place(1.0, 0.0), len({Place(1.0), Place(1.0), Place(2.0)})
    (Place(x=1.0, y=0.0), True, 2)
    """
    made = dataclass(frozen=True, eq=False, repr=False)(cls)
    for name, method in {"__eq__": _equal, "__hash__": _hash, "__repr__": _shown}.items():
        setattr(made, name, method)
    return made


def _fields(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__dataclass_fields__])


def _equal(self: Any, other: object) -> bool:
    return _fields(self) == _fields(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_fields(self))


def _shown(self: Any) -> str:
    said = (f"{name}={each!r}" for name, each in zip(self.__dataclass_fields__, _fields(self), strict=True))
    return f"{type(self).__qualname__}({', '.join(said)})"
