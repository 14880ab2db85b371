"""Writes `sources/projects/sample_project_sites.geojson`: invented sites of eight of the pack's projects.

Run by hand in this folder's parent: `python make/project_sites.py`. Needs numpy; reads rasters with
`checks/maps.py` of this project. Nothing it writes is a real site. Each site is a slanted rectangle of
about two by one and a half kilometres in the project's county, set where the two synthetic ecosystem
maps differ most there, so that what a project did to land cover can be seen at all; a fixed seed sets
its slant and offset, so that it writes the same bytes every time. The projects' own rows stay as given.
"""

import csv
import hashlib
import json
import math
import random
import sys
from pathlib import Path

import numpy as np

REGION = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REGION.parent.parent / "checks"))
import maps  # noqa: E402

PROJECTS = ["DEMO-P003", "DEMO-P004", "DEMO-P005", "DEMO-P010", "DEMO-P014", "DEMO-P020", "DEMO-P028", "DEMO-P034"]
SIDE = 9  # cells of the window that is searched


def main():
    r = random.Random(20201231)
    early, late = (maps.Raster(REGION / f"sources/ecosystem/quzhou_ecosystem_{year}_250m.tif") for year in (2019, 2020))
    a, b = early.values[0], late.values[0]
    differs = (np.isfinite(a) & np.isfinite(b) & (a != b)).astype(int)
    rows, columns = differs.shape
    counties = maps.polygons(REGION / "sources/boundaries/quzhou_counties_4549.gpkg", "code")
    with open(REGION / "sources/projects/sample_projects.csv", encoding="utf-8-sig", newline="") as f:
        county_of = {row["project_id"]: row["county_code"] for row in csv.DictReader(f)}
    features = []
    for project in PROJECTS:
        share = maps.shares(counties[county_of[project]], early.left, early.top, early.cell_x, rows, columns)
        found = differs * (share > 0.999)
        swept = np.cumsum(np.cumsum(np.pad(found, ((1, 0), (1, 0))), axis=0), axis=1)
        count = swept[SIDE:, SIDE:] - swept[:-SIDE, SIDE:] - swept[SIDE:, :-SIDE] + swept[:-SIDE, :-SIDE]
        row, column = np.unravel_index(int(np.argmax(count)), count.shape)
        differs[row : row + SIDE, column : column + SIDE] = 0  # the next project goes elsewhere
        x = early.left + (column + SIDE / 2) * early.cell_x + r.uniform(-60, 60)
        y = early.top - (row + SIDE / 2) * early.cell_y + r.uniform(-60, 60)
        turn = math.radians(r.uniform(-12, 12))
        corners = [(-1000, -750), (1000, -750), (1000, 750), (-1000, 750), (-1000, -750)]
        ring = [[round(x + u * math.cos(turn) - v * math.sin(turn), 2), round(y + u * math.sin(turn) + v * math.cos(turn), 2)] for u, v in corners]
        print(project, county_of[project], "cells that differ in the window:", int(count[row, column]))
        properties = {"project_id": project, "origin": "synthetic"}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    crs = {"type": "name", "properties": {"name": "EPSG:4549"}}
    path = REGION / "sources/projects/sample_project_sites.geojson"
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    path.write_text(f'{{"type": "FeatureCollection", "crs": {json.dumps(crs)}, "features": [\n{lines}\n]}}\n', encoding="utf-8")
    said = {
        "title_zh": "示例项目用地（虚构）", "title_en": "Sample sites of projects (invented)", "origin": "synthetic",
        "from": "invented by make/project_sites.py of this region", "licence": "CC0-1.0", "period": "2018-2020", "crs": "EPSG:4549", "unit": "m",
        "method": "A fixed seed; set where the two synthetic ecosystem maps differ most in the county of the project. No site is a real one.",
        "delivered": "made for this project", "covers": f"{len(features)} projects", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    Path(f"{path}.toml").write_text("".join(f'{k} = "{v}"\n' for k, v in said.items()), encoding="utf-8")


if __name__ == "__main__":
    main()
