"""Builds the shipped assets: one body surface, painted once, projected into every view.

Developers only. `content` holds what people edit; `body` the mesh, its poses and landmarks; `drawing` the drawn body;
`painting` what is put on it; `typeface` the fonts and the tile of dots. Each uses only those before it, and `build`
puts all together. The library never imports this package, which uses the library just to write the two formats that
ship: the outline files below `assets/` and the pattern file below `data/`.
"""
