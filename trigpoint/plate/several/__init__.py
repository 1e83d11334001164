"""Several muscles on one plate: together on one body, in a grid, or as a map of how many points refer where."""
