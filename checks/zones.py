"""Divides the raster services of a region by zone again and holds `zone_assets.csv` against them.

    python3 checks/zones.py regions/quzhou              reads regions/quzhou/out/<profile>/zones
    python3 checks/zones.py regions/quzhou --out DIR    reads DIR/zone_assets.csv and DIR/zones.csv

Spaces and lines of `[control.*]` are taken, whose features say which county they lie in. The share of a
cell that a zone covers is swept here, the area of a zone is that of its cells; nothing is shared with the
program. A quantity may differ by two parts in a million of what the cells of the zone hold, and one smallest
unit for each ecosystem type; the spaces of a plan have to add up to `account.csv` exactly.

`zone_projects.csv`: which projects of an office were under way is read again from the tables; the ground of
their sites in a zone and what of it changed its type are counted on a lattice of five metres; the five
causes have to add up to the change to the fen. What land cover is worth inside a site is not computed
again. Exit code 1 when anything differs. Needs numpy.
"""

import argparse
import csv
import json
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np

import maps
import services

RELATIVE = 2e-6


def features(folder, edition, county):
    """Polygons of an edition by the county that each says it lies in."""
    with sqlite3.connect(f"file:{folder / edition['file']}?mode=ro", uri=True) as base:
        table = edition.get("layer")
        if table is None:
            table = base.execute("select table_name from gpkg_geometry_columns").fetchone()[0]
        (column,) = base.execute("select column_name from gpkg_geometry_columns where table_name = ?", (table,)).fetchone()
        rows = base.execute(f'select "{county}", "{column}" from "{table}"').fetchall()
    found = {}
    for code, blob in rows:
        found.setdefault(str(code), []).extend(maps._geopackage_geometry(blob))
    return found


def zones(region):
    """`{(layer, county): share of every cell}` of spaces and lines."""
    shape = (region.left, region.top, region.cell, region.rows, region.columns)
    made, kinds = {}, {}
    for name, layer in region.says.get("control", {}).items():
        edition = layer["editions"][-1]
        if layer["kind"] not in ("zone", "line") or "county" not in edition or "where" in edition:
            continue
        kinds[name] = (layer["kind"], layer.get("plan", name))
        for county, polygons in features(region.folder, edition, edition["county"]).items():
            made[name, county] = maps.shares(polygons, *shape)
    return made, kinds


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("region")
    parser.add_argument("--out")
    asked = parser.parse_args()
    region = services.Region(asked.region)
    profile = region.says["region"]["profile"]
    out = Path(asked.out) if asked.out else region.folder / "out" / profile / "zones"
    shares, kinds = zones(region)
    if not shares:
        raise SystemExit("the region declares no spaces or lines with a column of counties")
    rows = read(out / "zone_assets.csv")
    stated = {(r["year"], r["zone"], r["place_code"], r["indicator"]): r for r in rows if r["ecosystem"] == "all"}
    faults, agreed, worst = [], 0, 0.0
    for year in region.years:
        types, made, _ = services.services(region, year)
        for (zone, county), share in shares.items():
            weight = share * region.area
            inside = weight > 1e-9 * region.area
            for indicator, (amount, counted) in made.items():
                gives = np.where(np.broadcast_to(counted, amount.shape) == 0, 0.0, amount)
                row = stated.get((str(year), zone, county, indicator))
                if indicator in services.POLLUTANTS or row is None:
                    continue  # what was cut to the emission is shared by county; the account's check has it
                cells = gives[inside] * weight[inside]
                mine, size = float(np.sum(cells)), float(np.sum(np.abs(cells)))
                held = Decimal(row["quantity"])
                slack = 10.0 ** held.as_tuple().exponent * (len(np.unique(types[inside])) + 1) + RELATIVE * size
                away = abs(float(held) - mine)
                worst = max(worst, away / size if size else 0.0)
                if away <= slack:
                    agreed += 1
                else:
                    faults.append(f"{year} {zone} {county} {indicator}: {held}, here {mine:.4f}")
    areas = {(r["zone"], r["place_code"]): float(r["area_m2"]) for r in read(out / "zones.csv")}
    for (zone, county), share in shares.items():
        mine = float(np.sum(share * region.area))
        held = areas.get((zone, county))
        if held is None or abs(held - mine) > 2e-8 * mine + 1.0:
            faults.append(f"area of {zone} in {county}: {held} m2, here {mine:.2f}")
        else:
            agreed += 1
    account = out.parent / "account.csv"
    if account.exists():
        faults += partition(rows, kinds, read(account), region.says["region"]["code"])
    told, more = own_projects(region, out)
    agreed, faults = agreed + told, faults + more
    for fault in faults[:40]:
        print(f"  {fault}")
    print(f"zones: {agreed} numbers agree, largest difference {worst:.1e} of what the cells hold; {len(faults)} do not")
    sys.exit(1 if faults else 0)


FINE = 50  # lattice points along a side of a cell


def inside(polygons, x, y):
    """Which points of a lattice lie in polygons, by counting crossings to the left of each: `[y, x]`."""
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for polygon in polygons for ring in polygon])
    found = np.zeros((len(y), len(x)), dtype=bool)
    for row, at in enumerate(y):
        x0, y0, x1, y1 = edges[(edges[:, 1] > at) != (edges[:, 3] > at)].T
        crossings = np.sort(x0 + (at - y0) / (y1 - y0) * (x1 - x0))
        found[row] = np.searchsorted(crossings, x) % 2 == 1
    return found


def projects_of(region):
    """Projects with a site: lead and helping office, first day, last day where they are over, polygons."""
    says = region.says["project_sites"]
    sites = {}
    for feature in json.loads((region.folder / says["file"]).read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        sites.setdefault(feature["properties"][says["project"]], []).extend([[np.array(ring, dtype=float) for ring in part] for part in parts])
    done = {}
    for row in region.table(says["milestones"]):
        done.setdefault(row["project_id"], []).append(row)
    found = {}
    for row in region.table(says["projects"]):
        if row["project_id"] in sites:
            steps = done.get(row["project_id"], [])
            over = steps and all(s["done_on"] and s["evidence"] and s["accepted_by_office"] not in ("", row["lead_office"]) for s in steps)
            ended = max(s["done_on"] for s in steps) if over else "9999"
            found[row["project_id"]] = ({row["lead_office"], row["co_office"]}, row["start"], ended, sites[row["project_id"]])
    return found


def ground(region, projects, polygons, types):
    """Area of the union of sites within a zone and the net area that changed its type, m2."""
    corners = np.concatenate([ring for site in projects for polygon in site for ring in polygon])
    first, last = [int((v - region.left) // region.cell) for v in (corners[:, 0].min(), corners[:, 0].max())]
    top, bottom = [int((region.top - v) // region.cell) for v in (corners[:, 1].max(), corners[:, 1].min())]
    step = region.cell / FINE
    x = region.left + first * region.cell + (np.arange((last - first + 1) * FINE) + 0.5) * step
    y = region.top - top * region.cell - (np.arange((bottom - top + 1) * FINE) + 0.5) * step
    covered = np.logical_or.reduce([inside(site, x, y) for site in projects]) & inside(polygons, x, y)
    share = covered.reshape(bottom - top + 1, FINE, last - first + 1, FINE).mean(axis=(1, 3))
    window = np.s_[top : bottom + 1, first : last + 1]
    weight = share * region.area[window]
    early, late = (t[window] for t in types)
    moved = sum(abs(float(weight[early == kind].sum() - weight[late == kind].sum())) for kind in np.union1d(early, late)) / 2
    return float(weight.sum()), moved


def own_projects(region, out):
    """How many numbers of `zone_projects.csv` agree, and faults of those that do not."""
    path = out / "zone_projects.csv"
    if "project_sites" not in region.says or not path.exists():
        return 0, []
    projects, types, shapes = projects_of(region), {}, {}
    for year in region.years:
        code = np.nan_to_num(region.raster(region.says["ecosystem"]["raster"], year)[0]).astype(int)
        types[year] = np.zeros_like(code)
        for row in region.table(region.says["ecosystem"]["classes"]):
            types[year][code == int(row["code"])] = int(row["level1"])
    for name, layer in region.says.get("control", {}).items():
        edition = layer["editions"][-1]
        if layer["kind"] in ("zone", "line") and "county" in edition and "where" not in edition:
            shapes[name] = [p for found in features(region.folder, edition, edition["county"]).values() for p in found]
    agreed, faults = 0, []
    for row in read(path):
        where, yuan = f"{row['from_year']}-{row['to_year']} {row['office']} {row['zone']}", lambda column: Decimal(row[column] or 0)
        causes = yuan("weather_yuan") + yuan("price_yuan") + yuan("rest_yuan")
        causes += yuan("outside_yuan") + yuan("own_yuan") if row["own_projects"] == "examined" else yuan("land_cover_yuan")
        if causes != yuan("change_yuan"):
            faults.append(f"{where}: the causes add up to {causes}, the change is {row['change_yuan']}")
        if row["own_projects"] != "examined":
            if any(row["office"] in offices for offices, *_ in projects.values()):
                faults.append(f"{where}: not examined, and its office has a project with a site")
            agreed += 1
            continue
        if row["zone"] not in shapes:
            agreed += 1
            continue
        days = f"{row['from_year']}-01-01", f"{row['to_year']}-12-31"
        of = {i: s for i, (offices, start, ended, s) in projects.items() if row["office"] in offices and start <= days[1] and ended >= days[0]}
        pair = types[int(row["from_year"])], types[int(row["to_year"])]
        here = {i: s for i, s in of.items() if ground(region, [s], shapes[row["zone"]], pair)[0] > 100.0}
        if sorted(here) != sorted(row["projects"].split()):
            faults.append(f"{where}: projects {row['projects']!r}, here {sorted(here)}")
        mine = ground(region, list(here.values()), shapes[row["zone"]], pair) if here else (0.0, 0.0)
        for held, wanted, name in zip((row["site_m2"], row["moved_m2"]), mine, ("site", "moved")):
            if abs(float(held or 0) - wanted) > 1e-3 * mine[0] + 50.0:
                faults.append(f"{where}: {name} {held} m2, here {wanted:.0f}")
            else:
                agreed += 1
    return agreed, faults


def partition(rows, kinds, account, city):
    """Faults of the spaces of each plan against the account: quantity and value of each indicator."""
    own = {(r["year"], r["indicator"]): r for r in account if r["place_code"] == city and r["ecosystem"] == "all"}
    faults = []
    for plan in {plan for kind, plan in kinds.values() if kind == "zone"}:
        names = [name for name, (kind, of) in kinds.items() if kind == "zone" and of == plan]
        sums = {}
        for r in rows:
            if r["zone"] in names and r["place_code"] == city and r["ecosystem"] == "all" and r["indicator"] not in ("extent", "total"):
                key = (r["year"], r["indicator"])
                quantity, value = sums.get(key, (Decimal(0), Decimal(0)))
                sums[key] = (quantity + Decimal(r["quantity"] or 0), value + Decimal(r["value_yuan"] or 0))
        undivided = {(r["year"], r["indicator"].split(".")[0]) for r in rows if r["how"] == "none"}
        for (year, indicator), (quantity, value) in sums.items():
            row = own.get((year, indicator))
            if row is None or any(year == y and i.startswith(indicator) for y, i in undivided):
                continue
            if row["value_yuan"] and Decimal(row["value_yuan"]) != value:
                faults.append(f"{year} {indicator}: spaces of {plan} are worth {value}, the account {row['value_yuan']}")
            if row["quantity"] and Decimal(row["quantity"]) != quantity:
                faults.append(f"{year} {indicator}: spaces of {plan} have {quantity}, the account {row['quantity']}")
    return faults


if __name__ == "__main__":
    main()
