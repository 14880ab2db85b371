"""Makes the rasters of this folder and the table cases.csv. Run: python3 make.py (needs rasterio).

Every cell of every made raster follows one formula, so that the tests need no copy of the values:

    k = (7*column + 13*row + 31*band) % 251          column, row and band counted from 0
    a cell is missing where (3*column + 5*row + band) % 19 == 4, in files that have a missing value
    u8, u16, u32   k, k*200, k*10000000
    i8, i16, i32   k//2 - 60, k*100 - 12000, k*9000000 - 1100000000
    f32, f64       (k - 100) / 7, divided in the type of the file

The two files real-*.tif are not made here; README.md says where they come from.
"""

import csv
import os

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = dict(u8="uint8", i8="int8", u16="uint16", i16="int16", u32="uint32", i32="int32", f32="float32", f64="float64")
GRIDS = {
    4326: (118.25, 0.01, 29.5, -0.0125),
    4490: (118.0, 0.25, 29.75, -0.25),
    4549: (302500.0, 250.0, 3271000.0, -250.0),
    32650: (600000.5, 30.0, 3300000.25, -30.0),
    3857: (13157000.0, 100.0, 3400000.0, -100.0),
}


def formula(kind, band, columns, rows):
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    k = (7 * column + 13 * row + 31 * band) % 251
    values = {
        "u8": k, "u16": k * 200, "u32": k * 10_000_000,
        "i8": k // 2 - 60, "i16": k * 100 - 12_000, "i32": k * 9_000_000 - 1_100_000_000,
    }
    if kind in values:
        cells = values[kind].astype(TYPES[kind])
    else:
        cells = (k - 100).astype(TYPES[kind]) / np.array(7, TYPES[kind])
    return cells, (3 * column + 5 * row + band) % 19 == 4


rows_made = []


def make(name, kind, size=(37, 29), bands=1, epsg=4549, nodata=None, scale=None, offset=None, tile=None, strip=None, point=False, edit=None, **creation):
    columns, rows = size
    x0, dx, y0, dy = GRIDS[epsg]
    profile = dict(driver="GTiff", dtype=TYPES[kind], width=columns, height=rows, count=bands, nodata=nodata,
                   crs=CRS.from_epsg(epsg), transform=Affine(dx, 0, x0, 0, dy, y0), **creation)
    if tile:
        profile.update(tiled=True, blockxsize=tile[0], blockysize=tile[1])
    if strip:
        profile.update(blockysize=strip)
    path = os.path.join(HERE, name + ".tif")
    with rasterio.open(path, "w", **profile) as out:
        for band in range(bands):
            cells, missing = formula(kind, band, columns, rows)
            if nodata is not None:
                cells[missing] = nodata
            out.write(cells, band + 1)
        if scale is not None:
            out.scales, out.offsets = [scale] * bands, [offset] * bands
        if point:
            out.update_tags(AREA_OR_POINT="Point")
        if edit:
            edit(out)
    with rasterio.open(path) as made:
        high, wide = made.block_shapes[0]
        x0, dx, y0, dy = made.transform.c, made.transform.a, made.transform.f, made.transform.e
    rows_made.append([name, kind, columns, rows, bands, epsg, "" if nodata is None else repr(float(nodata)),
                      "" if scale is None else scale, "" if offset is None else offset, repr(x0), repr(dx), repr(y0), repr(dy), wide, high])


T = (16, 16)
for codec in ("none", "deflate", "lzw", "zstd", "packbits"):
    make(f"u8-tiles-{codec}", "u8", tile=T, epsg=4326, nodata=255, compress=codec)
    make(f"i16-strips-{codec}", "i16", strip=5, epsg=32650, nodata=-9999, compress=codec)
    make(f"f32-tiles-{codec}", "f32", tile=(32, 16), epsg=4549, nodata=-3.4028234663852886e38, compress=codec)
for codec in ("deflate", "lzw", "zstd"):
    for kind in ("u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"):
        make(f"{kind}-{codec}-predictor2", kind, tile=T, epsg=4490, compress=codec, predictor=2)
    for kind in ("f32", "f64"):
        make(f"{kind}-{codec}-predictor3", kind, strip=7, epsg=3857, nodata=float("nan"), compress=codec, predictor=3)
make("pixel-tiles", "i16", bands=3, tile=T, nodata=-32768, interleave="pixel", compress="deflate", predictor=2)
make("pixel-strips", "f32", bands=5, strip=4, nodata=-1e30, interleave="pixel", compress="zstd", predictor=3)
make("planar-tiles", "u16", bands=3, tile=T, nodata=65535, interleave="band", compress="lzw", predictor=2)
make("planar-strips", "f64", bands=2, strip=6, nodata=-9999, interleave="band", compress="deflate", predictor=3)
make("big", "f32", size=(70, 50), tile=(32, 32), nodata=-9999, compress="deflate", BIGTIFF="YES")
make("big-endian", "i32", tile=T, nodata=-1, compress="deflate", predictor=2, ENDIANNESS="BIG")
make("big-endian-float", "f64", strip=8, nodata=-9999, compress="lzw", predictor=3, ENDIANNESS="BIG")
make("scaled", "i16", tile=T, nodata=-32768, scale=0.0001, offset=-273.15, compress="deflate")
make("point", "f32", tile=T, epsg=4326, nodata=-9999, compress="deflate", point=True)
make("palette", "u8", tile=T, nodata=255, compress="deflate", edit=lambda out: out.write_colormap(1, {c: (c, 255 - c, 7, 255) for c in range(256)}))

with open(os.path.join(HERE, "cases.csv"), "w", newline="") as table:
    out = csv.writer(table, lineterminator="\n")
    out.writerow("name kind columns rows bands epsg nodata scale offset x0 dx y0 dy tile_columns tile_rows".split())
    out.writerows(rows_made)


def odd(name, cells, crs=CRS.from_epsg(4549), transform=Affine(250, 0, 302500, 0, -250, 3271000), dtype=None, **creation):
    """A file outside the table: each has a test of its own."""
    dtype = dtype or cells.dtype
    profile = dict(driver="GTiff", dtype=dtype, width=cells.shape[1], height=cells.shape[0], count=1, **creation)
    if crs is not None:
        profile["crs"] = crs
    if transform is not None:
        profile["transform"] = transform
    with rasterio.open(os.path.join(HERE, name + ".tif"), "w", **profile) as out:
        out.write(cells.astype(dtype), 1)


cells, missing = formula("u8", 0, 37, 29)
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +x_0=0 +y_0=0 +ellps=krass +units=m +no_defs"
odd("odd-albers", cells, crs=CRS.from_proj4(ALBERS), compress="deflate")
odd("odd-no-crs", cells, crs=None, compress="deflate")
odd("odd-nowhere", cells, crs=None, transform=None, compress="deflate")
odd("odd-rotated", cells, transform=Affine(200, 100, 302500, 100, -200, 3271000), compress="deflate")
odd("odd-south-up", cells, transform=Affine(250, 0, 302500, 0, 250, 3271000), compress="deflate")
odd("odd-jpeg", cells, compress="jpeg")
odd("odd-lerc", cells, compress="lerc")
odd("odd-complex", cells, dtype="complex64", compress="deflate")
odd("odd-u64", cells, dtype="uint64", compress="deflate")
odd("odd-one-bit", (cells % 2).astype("uint8"), compress="deflate", NBITS=1)

# A sparse file: only the tile in the middle of the top row is stored.
for name, nodata in (("odd-sparse", 7), ("odd-sparse-zero", None)):
    with rasterio.open(os.path.join(HERE, name + ".tif"), "w", driver="GTiff", dtype="uint8", width=40, height=30, count=1, nodata=nodata, tiled=True,
                       blockxsize=16, blockysize=16, sparse_ok=True, crs=CRS.from_epsg(4549), transform=Affine(250, 0, 302500, 0, -250, 3271000)) as out:
        out.write(np.full((16, 16), 9, "uint8"), 1, window=rasterio.windows.Window(16, 0, 16, 16))

# An internal mask instead of a missing value.
with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
    with rasterio.open(os.path.join(HERE, "odd-mask.tif"), "w", driver="GTiff", dtype="uint8", width=37, height=29, count=1, compress="deflate",
                       crs=CRS.from_epsg(4549), transform=Affine(250, 0, 302500, 0, -250, 3271000)) as out:
        out.write(cells, 1)
        out.write_mask(~missing)

# GDAL's own COG, with its block leaders and overviews.
grid, missing = formula("f32", 0, 300, 280)
grid = np.floor(grid)
grid[missing] = -9999
with rasterio.open(os.path.join(HERE, "odd-gdal-cog.tif"), "w", driver="COG", dtype="float32", width=300, height=280, count=1, nodata=-9999, compress="deflate",
                   level=9, predictor=3, blocksize=128, crs=CRS.from_epsg(4549), transform=Affine(250, 0, 302500, 0, -250, 3271000)) as out:
    out.write(grid, 1)
