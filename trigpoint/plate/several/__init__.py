"""Plates of several muscles: on one body, in a grid, or as a map of how many points refer to each place."""
