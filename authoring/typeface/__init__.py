"""The typeface that ships with the widths of its letters, and the tile of dots that spillover is drawn with."""
