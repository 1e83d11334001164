"""Bodies, bones, muscles and referral patterns, looked up by any name, mirrored and warped."""

from .atlas import Atlas, load_atlas

__all__ = ["Atlas", "load_atlas"]
