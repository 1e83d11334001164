"""From specs to a scene, one idea per module; everything is a pure function of values.

page (what is asked for) -> cells (which panels, with the content of each view) -> crop (how much body) ->
labelled_panels or several/rows (where on the page) -> panel_layers (what is drawn) -> compose (the scene).
"""
