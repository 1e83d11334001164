"""Builds the shipped assets: one body surface, painted once, projected into every view.

Developers only. The library never imports this package, and this package uses the library just to write the two
formats that ship: the outline files below `assets/` and the pattern file below `data/`.
"""
