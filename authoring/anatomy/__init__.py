"""Bones and muscles of a real body: read from an open atlas, carried into our body, drawn for every view."""
