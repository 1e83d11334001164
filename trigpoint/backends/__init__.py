"""Writers: each takes a scene to one drawing library and knows nothing else of this package but text and scenes."""
