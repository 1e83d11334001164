"""Mappings of the atlas, which all plates of a program share: a change of one would change every later plate."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class ReadOnly(dict[K, V]):
    """A dict that cannot be changed; unlike a mapping proxy it can be copied, pickled and written as JSON.

    >>> ReadOnly(en="Piriformis") | {"la": "Musculus piriformis"}
    {'en': 'Piriformis', 'la': 'Musculus piriformis'}
    """

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is read-only: make another one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)
