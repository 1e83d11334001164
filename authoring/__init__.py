"""Builds the shipped assets: a body painted once and a real skeleton with its muscles, projected into every view.

Developers only. `content` holds what people edit; `body` the mesh, its poses and landmarks; `drawing` the drawn body;
`painting` what is put on it; `anatomy` its bones and muscles; `typeface` the fonts and the tile of dots. `build` puts
all together. The library never imports this package, which uses the library just to write the formats that ship: the
files of outlines and structures below `assets/` and the pattern file below `data/`.
"""
