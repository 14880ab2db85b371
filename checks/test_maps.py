"""Tests of the checks' own tools: `python3 -m unittest discover checks`."""

import struct
import tempfile
import unittest
import zlib
from pathlib import Path

import numpy as np

import maps


def tiff(values, predictor, kind="f4"):
    """A striped deflate GeoTIFF of one strip, written here by hand; `values[row, column, band]`."""
    rows, columns, bands = values.shape
    stored = values.astype("<" + kind)
    size = stored.itemsize
    if predictor == 3:
        turned = np.moveaxis(stored.astype(">" + kind).view(np.uint8).reshape(rows, columns * bands, size), 2, 1)
        turned = turned.reshape(rows, columns * size, bands)
        body = np.diff(turned, axis=1, prepend=np.zeros((rows, 1, bands), np.uint8)).tobytes()
    elif predictor == 2:
        words = stored.view(f"<u{size}")
        body = np.diff(words, axis=1, prepend=np.zeros((rows, 1, bands), words.dtype)).tobytes()
    else:
        body = stored.tobytes()
    body = zlib.compress(body)
    sample = {"f": 3, "i": 2, "u": 1}[kind[0]]
    tags = [(256, 3, [columns]), (257, 3, [rows]), (258, 3, [8 * size] * bands), (259, 3, [8]), (273, 4, [8]), (277, 3, [bands]),
            (278, 3, [rows]), (279, 4, [len(body)]), (317, 3, [predictor]), (339, 3, [sample] * bands),
            (33550, 12, [250.0, 250.0, 0.0]), (33922, 12, [0, 0, 0, 1000.0, 2000.0, 0])]
    at = 8 + len(body) + len(body) % 2
    extra_at, extra, entries = at + 2 + 12 * len(tags) + 4, b"", b""
    for tag, type_, items in tags:
        packed = struct.pack("<" + {3: "H", 4: "I", 12: "d"}[type_] * len(items), *items)
        if len(packed) > 4:
            field = struct.pack("<I", extra_at + len(extra))
            extra += packed
        else:
            field = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, type_, len(items)) + field
    head = b"II" + struct.pack("<HI", 42, at) + body + b"\0" * (len(body) % 2)
    return head + struct.pack("<H", len(tags)) + entries + b"\0\0\0\0" + extra


class Reading(unittest.TestCase):
    def test_every_predictor_gives_back_what_was_written(self):
        rng = np.random.default_rng(1)
        for kind, predictors in (("f4", (1, 2, 3)), ("i2", (1, 2)), ("u1", (1, 2))):
            values = (rng.normal(size=(7, 5, 4)) * 60).astype(kind)
            for predictor in predictors:
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "map.tif"
                    path.write_bytes(tiff(values, predictor, kind))
                    read = maps.Raster(path)
                np.testing.assert_array_equal(np.moveaxis(read.stored, 0, 2), values, f"{kind} predictor {predictor}")

    def test_a_plane_is_read_between_cell_centres(self):
        # z = x / 250 at the centres 1125, 1375, ...: bilinear interpolation keeps a plane
        values = (1000 + 250 * (np.arange(6) + 0.5)).reshape(1, 6, 1).repeat(4, axis=0) / 250
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.tif"
            path.write_bytes(tiff(values, 1, "f8"))
            read = maps.Raster(path)
        self.assertAlmostEqual(float(read.at(np.array([1600.0]), np.array([1500.0]))[0, 0]), 6.4)


class Measuring(unittest.TestCase):
    def test_shares_of_a_triangle_and_of_a_hole(self):
        # by hand: the triangle (0,0) (2,0) (0,2) in cells of 1 covers 1, 1/2, 1/2, 0
        triangle = np.array([[0, 0], [2, 0], [0, 2], [0, 0]], float)
        covered = maps.shares([[triangle]], 0, 2, 1, 2, 2)
        np.testing.assert_allclose(covered, [[0.5, 0], [1, 0.5]], atol=1e-15)
        square = np.array([[0, 0], [0, 3], [3, 3], [3, 0], [0, 0]], float)
        hole = np.array([[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]], float)
        for turned in (hole, hole[::-1]):
            covered = maps.shares([[square, turned]], 0, 3, 1, 3, 3)
            np.testing.assert_allclose(covered, [[1, 1, 1], [1, 0, 1], [1, 1, 1]], atol=1e-15)

    def test_shares_add_up_to_the_plane_area(self):
        rng = np.random.default_rng(2)
        for _ in range(50):
            turns = np.sort(rng.uniform(0, 2 * np.pi, 9))
            ring = 5 + rng.uniform(1, 5, 9)[:, None] * np.c_[np.cos(turns), np.sin(turns)]
            ring = np.vstack([ring, ring[:1]])
            covered = maps.shares([[ring]], 0, 10, 1, 10, 10)
            self.assertAlmostEqual(covered.sum(), abs(maps.signed_area(ring)), places=9)

    def test_the_ellipsoid(self):
        # the whole CGCS2000 ellipsoid has 510 065 621.7 km2 (closed formula for the oblate spheroid)
        _, y = maps.equal_area(0.0, 90.0, 0.0)
        b = maps.A * (1 - maps.F)
        whole = 2 * np.pi * maps.A**2 + np.pi * b**2 / maps.E * np.log((1 + maps.E) / (1 - maps.E))
        self.assertAlmostEqual(2 * np.pi * maps.A * 2 * y / whole, 1, places=12)
        # on the central meridian the northing is the meridian arc: 45 degrees are 4 984 944.378 m (GRS 80)
        longitude, latitude = maps.from_gauss_krueger(np.array([500_000.0]), np.array([4_984_944.378]), 120)
        self.assertAlmostEqual(float(longitude[0]), 120, places=12)
        self.assertAlmostEqual(float(latitude[0]), 45, places=8)


if __name__ == "__main__":
    unittest.main()
