"""The body as geometry: one skin mesh in its poses, meshes of bones, landmarks, and what each view sees of them."""
