"""How a plate is laid out and painted, one idea per module.

spec (what is wanted) -> content (what each view shows of it) -> crop (how much body) -> layout (where on the page) ->
paint, marks, furniture (the drawing) ; prose, regions (what is said in words). Everything is a pure function of values.
"""
