"""Surface anatomy: the blurred relief of the muscles and bones beneath the skin, by which its normals are bent.

What covers them is thin over a ridge and thick in a groove: minus its thickness, blurred and without its coarse part,
is the height of the relief. It is made on the neutral body and carried to others by the skin that all share.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import ndimage

from authoring.anatomy import registered
from authoring.body.skin import build
from authoring.body.surface import mirrored
from authoring.body.view import PIXELS_PER_MM, POSE, Buffer, look, rasterise, seen

LEFT_OUT = ("platysma", "sphincter", "subclavius", "omohyoid", "interspinal", "levator scap")  # they cut hard edges
FINE, COARSE = 8.0, 38.0  # mm: what is smaller, and what is larger, is not relief
DEEP = 22.0  # mm: anything deeper is as deep
FADE = 15.0  # mm of cover that halves the relief
GAIN, STEEPEST = {"neutral": 2.4, "female": 1.5, "male": 3.3}, 0.5  # of its slope
FACE = (160.0, 270.0)  # mm below the vertex: above there is no relief, below it is whole
MIDLINE = 4.0  # mm: a part whose middle lies nearer to the midline has no fellow
STEP = 4.0  # mm in depth from one pixel to the next: the edge of a limb before another
EDGE = (8.0, 5.0)  # mm around such an edge, and to its soft end, that have no relief


@cache
def _beneath(view: str) -> np.ndarray:
    """The distance (h, w) towards the viewer of the nearest muscle or bone, in the pixels of the neutral body."""
    whole, here = registered.whole(), look(view)
    points, triangles, count = [], [], 0
    for file, part in whole.parts.items():
        if any(word in part.name.lower() for word in LEFT_OUT):
            continue
        placed = whole.points[POSE[view]][file]
        points.append(placed)
        triangles.append(part.triangles + count)
        count += len(placed)
        if POSE[view] == "standing" and abs(part.points[:, 0].mean()) > MIDLINE:
            points.append(mirrored(placed))
            triangles.append(part.triangles[:, ::-1] + count)
            count += len(placed)
    every, faces = np.concatenate(points), np.concatenate(triangles)
    depth = seen(every, view)[:, 2]
    owner, weights = rasterise(here.pixel(every), depth, faces, here.mask.shape)
    found = np.full(here.mask.shape, -np.inf)
    found[owner >= 0] = (weights * depth[faces[owner[owner >= 0]]]).sum(1)
    return found


@cache
def _height(view: str) -> np.ndarray:
    """The relief (h, w) of the neutral body in mm, carried on beyond its edge."""
    here = look(view)
    slope = np.clip(here.normal[..., 2], 0.15, 1)
    beneath = _beneath(view)
    gap = np.subtract(here.depth, beneath, where=here.mask & np.isfinite(beneath), out=np.full(beneath.shape, np.inf))
    cover = np.where((gap > -5) & (gap < 80), np.clip(gap * slope, 0, DEEP), DEEP)
    if POSE[view] == "standing":
        cover = (cover + cover[:, ::-1]) / 2
    fine = here.smooth(cover, FINE)
    height = (here.smooth(cover, COARSE) - fine) / (1 + (fine / FADE) ** 2)
    rows = np.arange(len(height)) / PIXELS_PER_MM + here.origin[1]
    return here.spread(height * _calm(here) * np.interp(rows, FACE, (0, 1))[:, None])


def _calm(buffer: Buffer) -> np.ndarray:
    """1 (h, w), and 0 where a limb lies before another part of the body."""
    depth = np.where(buffer.mask, buffer.depth, buffer.depth[buffer.mask].min() - 60)
    steep = buffer.mask & (ndimage.gaussian_gradient_magnitude(depth, 1.0) > STEP)
    wide = ndimage.binary_dilation(steep, iterations=round(EDGE[0] * PIXELS_PER_MM))
    return np.asarray(1 - ndimage.gaussian_filter(wide.astype(float), EDGE[1] * PIXELS_PER_MM))


def height(view: str, body: str) -> np.ndarray:
    """The relief (h, w) of a body in the pixels of its view, by the place of its skin on the neutral body."""
    if body == "neutral":
        return _height(view)
    here, neutral = look(view, body), look(view)
    at = np.zeros((*here.mask.shape, 2))
    at[here.mask] = neutral.pixel(here.sample(build().points[POSE[view]])[here.mask])
    carried = ndimage.map_coordinates(_height(view), (at[..., 1], at[..., 0]), order=1, mode="nearest")
    return here.spread(carried)


def normals(view: str, body: str) -> np.ndarray:
    """The unit normals (h, w, 3) of the skin, bent by the relief."""
    here = look(view, body)
    down, right = np.gradient(height(view, body) * PIXELS_PER_MM)
    size = np.hypot(down, right)
    bend = (
        STEEPEST
        * np.tanh(GAIN[body] * size / STEEPEST)
        / np.maximum(size, 1e-9)
        * np.clip(here.normal[..., 2], 0.15, 1)
    )
    bent = here.normal + np.stack([-right * bend, down * bend, np.zeros_like(bend)], 2)
    return bent / np.maximum(np.linalg.norm(bent, axis=2, keepdims=True), 1e-9)
