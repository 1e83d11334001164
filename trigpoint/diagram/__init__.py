"""`Diagram`: options checked, journals' rules applied, the figure drawn, saved and shown; and study cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagram import Diagram

__all__ = ["Diagram"]


def __getattr__(name: str) -> object:
    """Load `Diagram` at its first use: lists of options and journals do without all that it draws with."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import diagram

    return getattr(diagram, name)
