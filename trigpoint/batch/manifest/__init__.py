"""A manifest: one row a figure, read from CSV, TOML, JSON or JSON Lines, checked whole before anything is drawn."""

from .reader import read_manifest

__all__ = ["read_manifest"]
