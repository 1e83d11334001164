"""Frozen values: equal, hashed, shown, copied and pickled by their fields, and mappings that stay as they are.

`dataclass(frozen=True)` compiles all of this anew for every class at every start. For the values that any figure needs
that is a fiftieth of the time of the whole command, so that here it stands once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class what `dataclass(frozen=True)` makes it, and one whose values can be copied and pickled.

    Methods that stand in the body of the class stay, `__hash__ = None` too; as in any class, one that writes an
    `__eq__` has no hash unless it writes that as well. Every field counts: what `field` says of `compare`, `hash` and
    `repr` is not looked at, nor are ClassVar and InitVar known. Copies and pickles hold the fields and nothing that was
    worked out from them, mapping proxies too; `__post_init__` is not run again.

    >>> @frozen
    ... class Place:
    ...     x: float
    ...     y: float = 0.0
    >>> Place(1.0), Place(1.0) == Place(1.0, 0.0), len({Place(1.0), Place(1.0), Place(2.0)})
    (Place(x=1.0, y=0.0), True, 2)
    """
    own = vars(cls)
    methods = {"__eq__": _equal, "__hash__": _hash, "__repr__": _shown, "__reduce__": _reduced}
    missing = {name: method for name, method in methods.items() if name not in own}
    made = dataclass(frozen=True, eq=False, repr=False)(cls)
    for name, method in missing.items():
        setattr(made, name, method)
    return made


class ReadOnly(dict[K, V]):
    """A dict that nobody changes; what a mapping proxy cannot, it can: be copied, pickled, written as JSON.

    >>> ReadOnly(en="Piriformis") | {"la": "Musculus piriformis"}
    {'en': 'Piriformis', 'la': 'Musculus piriformis'}
    """

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is read-only: make another one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


def _fields(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__dataclass_fields__])


def _equal(self: Any, other: object) -> bool:
    return _fields(self) == _fields(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_fields(self))


def _shown(self: Any) -> str:
    said = (f"{name}={each!r}" for name, each in zip(self.__dataclass_fields__, _fields(self), strict=True))
    return f"{type(self).__qualname__}({', '.join(said)})"


def _reduced(self: Any) -> tuple[Any, ...]:
    """How a value is pickled: by its fields, with a dict for every mapping proxy."""
    given = dict(zip(self.__dataclass_fields__, _fields(self), strict=True))
    proxies = {name: dict(each) for name, each in given.items() if isinstance(each, MappingProxyType)}
    return _made, (type(self), {name: each for name, each in given.items() if name not in proxies}, proxies)


def _made(cls: type[T], given: dict[str, Any], proxies: dict[str, dict[Any, Any]]) -> T:
    made = object.__new__(cls)
    vars(made).update(given, **{name: MappingProxyType(each) for name, each in proxies.items()})
    return made
