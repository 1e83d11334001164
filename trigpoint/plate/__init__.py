"""From specs to a scene, in pure functions; one idea per module.

page (specs, style, layout) -> cells (which panels, with the content of each view) -> crop (how much body) ->
labelled_panels or several/rows (where on the page) -> panel_layers (what is drawn) -> compose (the scene).
"""
