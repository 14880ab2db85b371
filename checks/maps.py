"""Maps read and measured without the program: GeoTIFF, GeoPackage polygons, ellipsoid, cell shares.

Only numpy and the standard library. Written from the published formats and formulas, not from the
Rust code, so that a fault has to be made twice before it stays unseen.
"""

import sqlite3
import struct
import zlib
from pathlib import Path

import numpy as np

# ---- GeoTIFF ----------------------------------------------------------------------------------

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 8: 2, 9: 4, 11: 4, 12: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d"}
_SAMPLES = {(1, 8): "u1", (1, 16): "u2", (1, 32): "u4", (2, 8): "i1", (2, 16): "i2", (2, 32): "i4", (3, 32): "f4", (3, 64): "f8"}


class Raster:
    """Bands of one file: `values[band, row, column]` in float64, NaN where the file says no data.

    `left`, `top` are the outer corner of the first cell, `cell` its size, in the file's own unit.
    """

    def __init__(self, path):
        self.path = Path(path)
        data = self.path.read_bytes()
        order = {b"II": "<", b"MM": ">"}[data[:2]]
        (magic,) = struct.unpack_from(order + "H", data, 2)
        if magic != 42:
            raise ValueError(f"{path}: not a classic TIFF")
        (at,) = struct.unpack_from(order + "I", data, 4)
        tags = _directory(data, at, order)

        def one(tag, default=None):
            return tags[tag][0] if tag in tags else default

        width, height, bands = one(256), one(257), one(277, 1)
        if one(284, 1) != 1 and bands > 1:
            raise ValueError(f"{path}: bands in planes are not read here")
        kind = np.dtype(_SAMPLES[(one(339, 1), one(258))]).newbyteorder(order)
        compression, predictor = one(259, 1), one(317, 1)
        if 322 in tags:
            block_w, block_h, offsets, counts = one(322), one(323), tags[324], tags[325]
        else:
            block_w, block_h, offsets, counts = width, min(one(278, height), height), tags[273], tags[279]
        across = -(-width // block_w)
        stored = np.empty((height, width, bands), kind.newbyteorder("="))
        for number, (offset, count) in enumerate(zip(offsets, counts)):
            row, column = number // across * block_h, number % across * block_w
            tall = block_h if 322 in tags else min(block_h, height - row)
            block = _block(data[offset : offset + count], compression, predictor, (tall, block_w, bands), kind)
            stored[row : row + tall, column : column + block_w] = block[: height - row, : width - column]
        self.stored = np.moveaxis(stored, 2, 0)
        self.values = self.stored.astype(np.float64)
        nodata = tags.get(42113)
        if nodata is not None:
            self.values[self.stored == kind.type(float(nodata))] = np.nan
        scale, tie = tags[33550], tags[33922]
        if tie[:3] != (0.0, 0.0, 0.0):
            raise ValueError(f"{path}: tied elsewhere than at its first corner")
        keys = tags.get(34735, ())
        geo = {keys[i]: keys[i + 3] for i in range(4, len(keys), 4)}
        if geo.get(1025, 1) != 1:
            raise ValueError(f"{path}: values stand at points, not in areas")
        self.crs = geo.get(3072) or geo.get(2048)
        self.left, self.top, self.cell_x, self.cell_y = tie[3], tie[4], scale[0], scale[1]

    def at(self, x, y):
        """All bands at points by bilinear interpolation between cell centres: `[band, ...]`."""
        column = (np.asarray(x) - self.left) / self.cell_x - 0.5
        row = (self.top - np.asarray(y)) / self.cell_y - 0.5
        _, height, width = self.values.shape
        if column.min() < 0 or row.min() < 0 or column.max() > width - 1 or row.max() > height - 1:
            raise ValueError(f"{self.path}: does not reach all points")
        c = np.minimum(column.astype(int), width - 2)
        r = np.minimum(row.astype(int), height - 2)
        u, v = column - c, row - r
        f = self.values
        above = f[:, r, c] * (1 - u) + f[:, r, c + 1] * u
        below = f[:, r + 1, c] * (1 - u) + f[:, r + 1, c + 1] * u
        return above * (1 - v) + below * v


def _directory(data, at, order):
    (count,) = struct.unpack_from(order + "H", data, at)
    tags = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, n = struct.unpack_from(order + "HHI", data, entry)
        size = _SIZES.get(kind, 0) * n
        place = entry + 8 if size <= 4 else struct.unpack_from(order + "I", data, entry + 8)[0]
        if kind == 2:
            tags[tag] = data[place : place + n].split(b"\0")[0].decode("ascii", "replace")
        elif kind in _LETTERS:
            tags[tag] = struct.unpack_from(f"{order}{n}{_LETTERS[kind]}", data, place)
    return tags


def _block(raw, compression, predictor, shape, kind):
    if compression in (8, 32946):
        raw = zlib.decompress(raw)
    elif compression != 1:
        raise ValueError(f"compression {compression} is not read here")
    tall, wide, bands = shape
    raw = raw[: tall * wide * bands * kind.itemsize]
    if predictor == 3:  # differences of bytes, the bytes of a row sorted by significance
        rows = np.frombuffer(raw, np.uint8).reshape(tall, kind.itemsize * wide, bands)
        rows = np.cumsum(rows, axis=1, dtype=np.uint8).reshape(tall, kind.itemsize, wide * bands)
        turned = np.ascontiguousarray(np.moveaxis(rows, 1, 2))
        return turned.view(kind.newbyteorder(">")).reshape(shape)
    block = np.frombuffer(raw, kind).reshape(shape)
    if predictor == 2:  # differences of whole words, band by band, wrapping round
        words = block.view(np.dtype(f"u{kind.itemsize}").newbyteorder(kind.byteorder))
        words = np.cumsum(words, axis=1, dtype=f"u{kind.itemsize}")
        return words.view(kind.newbyteorder("="))
    return block


# ---- GeoPackage -------------------------------------------------------------------------------


def polygons(path, field):
    """The polygons of the first layer by the value of a field: `{value: [polygon]}`.

    A polygon is a list of rings, the outer one first; a ring is `[n, 2]`, closed.
    """
    with sqlite3.connect(f"file:{Path(path)}?mode=ro", uri=True) as base:
        table, column, _ = base.execute("select table_name, column_name, srs_id from gpkg_geometry_columns").fetchone()
        rows = base.execute(f'select "{field}", "{column}" from "{table}"').fetchall()
    return {str(value): _geopackage_geometry(blob) for value, blob in rows}


def _geopackage_geometry(blob):
    if blob[:2] != b"GP":
        raise ValueError("not a GeoPackage geometry")
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    found, _ = _wkb(blob, 8 + envelope)
    return found


def _wkb(blob, at):
    order = "<" if blob[at] == 1 else ">"
    kind, count = struct.unpack_from(order + "II", blob, at + 1)
    at += 9
    if kind == 6:
        found = []
        for _ in range(count):
            more, at = _wkb(blob, at)
            found += more
        return found, at
    if kind != 3:
        raise ValueError(f"geometry kind {kind} is not a polygon")
    rings = []
    for _ in range(count):
        (points,) = struct.unpack_from(order + "I", blob, at)
        ring = np.frombuffer(blob, order + "f8", 2 * points, at + 4).reshape(points, 2)
        rings.append(ring.astype(np.float64))
        at += 4 + 16 * points
    return [rings], at


def signed_area(ring):
    """Plane area of a closed ring, positive when it turns left."""
    x, y = (ring - ring[0]).T
    return 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


# ---- shares of cells --------------------------------------------------------------------------


def shares(shape, left, top, cell, rows, columns):
    """The share of every cell that polygons cover, exact: `[rows, columns]`.

    Every edge is cut at the grid lines it crosses. A piece that falls by dy inside one cell sweeps,
    to its right, a strip of that height: a part of its own cell and the whole of those beyond.
    """
    swept = np.zeros((rows, columns + 1))
    for polygon in shape:
        for number, ring in enumerate(polygon):
            column = (ring[:, 0] - left) / cell
            row = (top - ring[:, 1]) / cell
            if column.min() < 0 or row.min() < 0 or column.max() > columns or row.max() > rows:
                raise ValueError("a polygon leaves the grid")
            # turning left in a plane whose y grows upwards sweeps negatively with rows downwards
            sign = np.sign(signed_area(ring)) * (1 if number == 0 else -1)
            for i in range(len(ring) - 1):
                _sweep(swept, sign, column[i], row[i], column[i + 1], row[i + 1])
    return np.cumsum(swept, axis=1)[:, :columns]


def _sweep(swept, sign, x0, y0, x1, y1):
    if y0 == y1:
        return
    cuts = [np.array([0.0, 1.0])]
    for a, b in ((x0, x1), (y0, y1)):
        lines = np.arange(np.floor(min(a, b)) + 1, np.ceil(max(a, b)))
        if len(lines):
            cuts.append((lines - a) / (b - a))
    t = np.sort(np.concatenate(cuts))
    x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
    middle_x, middle_y, fall = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2, np.diff(y) * sign
    rows, columns = swept.shape
    r = np.minimum(middle_y.astype(int), rows - 1)
    c = np.minimum(middle_x.astype(int), columns - 2)
    own = 1.0 - (middle_x - c)
    # the running sum along a row then gives `own` in the cell itself and 1 in all beyond
    np.add.at(swept, (r, c), fall * own)
    np.add.at(swept, (r, c + 1), fall * (1.0 - own))


# ---- the ellipsoid ----------------------------------------------------------------------------

A = 6_378_137.0
F = 1 / 298.257222101  # CGCS2000
E2 = F * (2 - F)
E = E2**0.5


def from_gauss_krueger(east, north, meridian, false_east=500_000.0):
    """Longitude and latitude in degrees; Krueger's series to the sixth power of n, scale 1."""
    n = F / (2 - F)
    radius = A / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)
    beta = (
        n / 2 - n**2 * 2 / 3 + n**3 * 37 / 96 - n**4 / 360 - n**5 * 81 / 512 + n**6 * 96199 / 604800,
        n**2 / 48 + n**3 / 15 - n**4 * 437 / 1440 + n**5 * 46 / 105 - n**6 * 1118711 / 3870720,
        n**3 * 17 / 480 - n**4 * 37 / 840 - n**5 * 209 / 4480 + n**6 * 5569 / 90720,
        n**4 * 4397 / 161280 - n**5 * 11 / 504 - n**6 * 830251 / 7257600,
        n**5 * 4583 / 161280 - n**6 * 108847 / 3991680,
        n**6 * 20648693 / 638668800,
    )
    xi, eta = np.asarray(north) / radius, (np.asarray(east) - false_east) / radius
    x, e = xi.copy(), eta.copy()
    for j, b in enumerate(beta, start=1):
        x -= b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        e -= b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    isometric = np.arctanh(np.sin(x) / np.cosh(e))
    latitude = np.arcsin(np.sin(x) / np.cosh(e))
    for _ in range(12):
        latitude = np.arcsin(np.tanh(isometric + E * np.arctanh(E * np.sin(latitude))))
    return meridian + np.degrees(np.arctan2(np.sinh(e), np.cos(x))), np.degrees(latitude)


def equal_area(longitude, latitude, meridian):
    """Plane metres in which areas are those of the ellipsoid (a cylinder, authalic latitude)."""
    s = np.sin(np.radians(latitude))
    q = (1 - E2) * (s / (1 - E2 * s * s) + np.arctanh(E * s) / E)
    return A * np.radians(np.asarray(longitude) - meridian), A * q / 2


def cell_areas(left, top, cell, rows, columns, meridian):
    """Ellipsoid area of every cell of a Gauss-Krueger grid, m2, `[rows, columns]`."""
    east, north = np.meshgrid(left + cell * np.arange(columns + 1), top - cell * np.arange(rows + 1))
    x, y = equal_area(*from_gauss_krueger(east, north, meridian), meridian)
    corners = [(slice(None, -1), slice(None, -1)), (slice(None, -1), slice(1, None)), (slice(1, None), slice(1, None)), (slice(1, None), slice(None, -1))]
    twice = 0.0
    x0, y0 = x[:-1, :-1], y[:-1, :-1]
    for here, there in zip(corners, corners[1:] + corners[:1]):
        twice = twice + (x[here] - x0) * (y[there] - y0) - (x[there] - x0) * (y[here] - y0)
    return np.abs(twice) / 2
