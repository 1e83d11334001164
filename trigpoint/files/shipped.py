"""Where the shipped files are: inside the package (a wheel), else beside it (a checkout or an editable install)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

VERSION = "0.1.0"
_PACKAGE = __name__.partition(".")[0]


def resource(*parts: str) -> Traversable:
    """A shipped file or folder, `resource("data", "referral_patterns.json")`; FileNotFoundError where it is missing."""
    for part in parts:
        if part in ("", ".", "..") or "/" in part or "\\" in part:
            raise ValueError(f"bad resource part: {part!r}")
    tried = []
    for root in _roots():
        node = root
        for part in parts:  # a namespace folder takes one part at a time before Python 3.12
            node = node / part
        if node.is_file() or node.is_dir():
            return node
        tried.append(str(node))
    raise FileNotFoundError(f"trigpoint resource {'/'.join(parts)} not found; looked at: {', '.join(tried)}")


def _roots() -> list[Traversable]:
    """The package, and its parent folder only where that is the source tree: never site-packages."""
    package = Path(__file__).resolve().parent.parent
    if not package.is_dir():  # inside a zip
        from importlib.resources import files  # 10 ms that an ordinary installation does not pay

        return [files(_PACKAGE)]
    checkout = package.parent
    return [package, checkout] if (checkout / "setup.cfg").is_file() else [package]
