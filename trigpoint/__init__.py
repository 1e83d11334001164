"""trigpoint draws trigger-point referral maps for articles, teaching and research.

>>> import trigpoint as tp
>>> tp.load_atlas().muscle("Gluteus medius").id
'gluteus_medius'

Importing the package loads no other library; a name loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .files import forks as _forks  # noqa: F401  # before a thread can work out a property

if TYPE_CHECKING:
    from .atlas import Atlas, load_atlas
    from .batch import Job, Result, Target, render_all
    from .batch.manifest import read_manifest
    from .diagram import Diagram
    from .errors import InputError, OutputError, Problem, TrigpointError, UnknownNameError

__all__ = [
    "Atlas",
    "Diagram",
    "InputError",
    "Job",
    "OutputError",
    "Problem",
    "Result",
    "Target",
    "TrigpointError",
    "UnknownNameError",
    "load_atlas",
    "read_manifest",
    "render_all",
]

_ROOMS = (
    {"Atlas": "atlas", "load_atlas": "atlas", "Diagram": "diagram"}
    | dict.fromkeys(("Job", "Result", "Target", "render_all"), "batch")
    | {"read_manifest": "batch.manifest"}
)
if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> object:
    if name == "__version__":
        from .files import shipped

        return shipped.VERSION
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_ROOMS.get(name, 'errors')}", __name__), name)
    globals()[name] = value  # the next use finds it without this function
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
