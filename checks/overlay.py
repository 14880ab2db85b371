"""An independent overlay: shapely (GEOS) and PROJ against `liangshan conform` and `conflicts`.

    python3 checks/overlay.py PROGRAM REGION

Every sample site of the region gets its expected verdict; plane areas agree with GEOS and ellipsoid
areas with the equal-area cylinder of PROJ to 0.01 m2; so do three hundred sites drawn at random over the region, most
of them across borders of layers. Conflict spots add up to the intersection of the two layers.
"""

import json
import math
import random
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pyproj
import shapely
from shapely import wkb
from shapely.geometry import MultiPolygon, Polygon, mapping

TOLERANCE_M2 = 0.01
RANDOM_SITES = 300
# Conflict spots are thousands of pieces, each printed to 0.01 m2.
SPOT_SHARE = 1e-6


def features(path, layer):
    """Rows of a GeoPackage layer as dictionaries, geometry under `geom`."""
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    names = [row[0] for row in db.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]
    table = layer or names[0]
    column = db.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (table,)).fetchone()[0]
    cursor = db.execute(f'SELECT * FROM "{table}"')
    heads = [d[0] for d in cursor.description]
    for row in cursor:
        found = dict(zip(heads, row))
        blob = found.pop(column)
        envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
        found["geom"] = wkb.loads(bytes(blob[8 + envelope:]))
        yield found


def layer_of(region, declared):
    """The shapes of the latest edition of a control layer."""
    edition = max(declared["editions"], key=lambda e: e["adopted"])
    wanted = {column: [is_] if isinstance(is_, str) else is_ for column, is_ in edition.get("where", {}).items()}
    rows = features(region / edition["file"], edition.get("layer"))
    return [row["geom"] for row in rows if all(str(row[column]) in is_ for column, is_ in wanted.items())]


class Meter:
    """Areas on the ellipsoid: edges cut to `step` metres, corners taken by PROJ to the equal-area cylinder of
    the CGCS2000 ellipsoid. (Geodesic areas are good to a tenth of a square metre a corner only.)"""

    def __init__(self, crs, step=5.0):
        self.step = step
        self.way = pyproj.Transformer.from_crs(crs, "+proj=cea +a=6378137 +rf=298.257222101 +units=m", always_xy=True)

    def ring(self, ring):
        xs, ys = self.way.transform(*zip(*shapely.segmentize(ring, self.step).coords))
        return Polygon(zip(xs, ys)).area

    def area(self, shape):
        parts = [g for g in getattr(shape, "geoms", [shape]) if g.geom_type == "Polygon" and not g.is_empty]
        return sum(self.ring(p.exterior) - sum(self.ring(hole) for hole in p.interiors) for p in parts)


def run(program, *arguments):
    made = subprocess.run([program, *arguments, "--json", "--quiet"], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}: {made.stdout[:2000]}{made.stderr[:2000]}")
    return json.loads(made.stdout)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0
        self.worst = {"plane": 0.0, "ellipsoid": 0.0}

    def hold(self, what, holds, otherwise=""):
        self.passed += bool(holds)
        if not holds:
            self.failed += 1
            print(f"FAILED: {what}: {otherwise}")

    def near(self, kind, what, made, expected):
        difference = abs(made - expected)
        self.worst[kind] = max(self.worst[kind], difference)
        self.hold(what, difference <= TOLERANCE_M2, f"{made} against {expected:.4f}")


def judged(tally, meter, layers, opinions, sites):
    """Holds the areas of opinions against another overlay."""
    for opinion in opinions:
        site, shape = opinion["site"]["id"], sites[opinion["site"]["id"]]
        tally.near("plane", f"{site} plane area", opinion["site"]["plane_m2"], shape.area)
        tally.near("ellipsoid", f"{site} ellipsoid area", opinion["site"]["area_m2"], meter.area(shape))
        for line in opinion["lines"]:
            if line.get("measure") != "area":
                continue
            whole, tree = layers[line["layer"]]
            near = [whole[i] for i in tree.query(shape)]
            inside = shape.intersection(shapely.union_all(near)) if near else MultiPolygon()
            cut = shape.difference(inside) if line["side"] == "outside" else inside
            tally.near("plane", f"{site} {line['rule']} in the plane", line["plane_m2"], cut.area)
            tally.near("ellipsoid", f"{site} {line['rule']} on the ellipsoid", line["area_m2"], meter.area(cut))
            share = line["area_m2"] / opinion["site"]["area_m2"]
            tally.hold(f"{site} {line['rule']} share", abs(line["share"] - share) < 1e-7, f"{line['share']} {share}")


def drawn(layers, seed):
    """Sites at random: irregular polygons round points on the borders of layers."""
    pick = random.Random(seed)
    names = [name for name, (shapes, _) in layers.items() if shapes and shapes[0].geom_type.endswith("Polygon")]
    made = {}
    while len(made) < RANDOM_SITES:
        shape = pick.choice(layers[pick.choice(names)][0])
        border = shape.boundary
        at = border.interpolate(pick.random() * border.length)
        size, corners = pick.uniform(20, 900), pick.randint(4, 60)
        turns = sorted(pick.uniform(0, 2 * math.pi) for _ in range(corners))
        ring = [(round(at.x + size * pick.uniform(0.4, 1) * math.cos(t), 3), round(at.y + size * pick.uniform(0.4, 1) * math.sin(t), 3)) for t in turns]
        site = Polygon(ring)
        if site.is_valid and site.area > 50:
            made[f"R{len(made):04d}"] = site
    return made


def collection(sites, crs):
    rows = [{"type": "Feature", "properties": {"site_id": name, "planned_use": "industrial", "fuel": "", "activity_code": ""}, "geometry": mapping(shape)} for name, shape in sites.items()]
    return {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}, "features": rows}


def conflicts(tally, program, folder, layers, meter, scratch):
    """Spots of every pair, slivers included, add up to the intersection of the two layers."""
    found = run(program, "conflicts", folder)
    pairs = {}
    for spot in found["spots"] + found["slivers"]:
        pair = tuple(side["layer"] for side in spot["sides"])
        pairs[pair] = pairs.get(pair, 0.0) + spot["area_m2"]
    for (a, b), area in pairs.items():
        if "function_zone" in (a, b):
            continue
        common = shapely.union_all(layers[a][0]).intersection(shapely.union_all(layers[b][0]))
        expected = meter.area(common)
        tally.hold(f"conflicts {a} {b}", abs(area - expected) <= max(1.0, SPOT_SHARE * expected), f"{area} against {expected:.2f}")
    tally.hold("conflicts compare some layers", pairs, "no pair has a spot")


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    declared = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    crs, tally = declared["grid"]["crs"], Tally()
    meter = Meter(crs)
    layers = {}
    for name, layer in declared["control"].items():
        shapes = layer_of(folder, layer)
        layers[name] = (shapes, shapely.STRtree(shapes))
    file = folder / "sources/projects/sample_sites.gpkg"
    rows = list(features(file, None))
    opinions = run(program, "conform", folder, "--site", file)["opinions"]
    expected = {row["site_id"]: row["verdict_simple_rules"] for row in rows}
    tally.hold("every sample site is judged", {o["site"]["id"] for o in opinions} == set(expected))
    for opinion in opinions:
        site = opinion["site"]["id"]
        tally.hold(f"{site} verdict", opinion["verdict"] == expected[site], f"{opinion['verdict']}, expected {expected[site]}")
    judged(tally, meter, layers, opinions, {row["site_id"]: row["geom"] for row in rows})
    sites = drawn(layers, 20260101)
    scratch = Path(sys.argv[3]) if len(sys.argv) > 3 else Path("/tmp")
    path = scratch / "overlay-sites.geojson"
    path.write_text(json.dumps(collection(sites, crs)), encoding="utf-8")
    try:
        judged(tally, meter, layers, run(program, "conform", folder, "--site", path, "--on", "2020-06-30")["opinions"], sites)
    finally:
        path.unlink()
    conflicts(tally, program, folder, layers, meter, scratch)
    print(f"overlay: {tally.passed} hold, {tally.failed} do not; largest difference {tally.worst['plane']:.4f} m2 in the plane, {tally.worst['ellipsoid']:.4f} m2 on the ellipsoid")
    sys.exit(1 if tally.failed else 0)


if __name__ == "__main__":
    main()
