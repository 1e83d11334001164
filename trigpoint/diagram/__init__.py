"""What a user may ask for, checked, with its journal's rules; save, draw, show; study cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagram import Diagram

__all__ = ["Diagram"]


def __getattr__(name: str) -> object:
    """The diagram when it is asked for: what lists options and journals does not wait for all that it draws with."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import diagram

    return getattr(diagram, name)
