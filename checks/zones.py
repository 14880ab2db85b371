"""Divides the raster services of a region by zone again and holds `zone_assets.csv` against them.

    python3 checks/zones.py regions/quzhou              reads regions/quzhou/out/<profile>/zones
    python3 checks/zones.py regions/quzhou --out DIR    reads DIR/zone_assets.csv and DIR/zones.csv

Spaces and lines of `[control.*]` are taken, whose features say which county they lie in. The share of a
cell that a zone covers is swept here, the area of a zone is that of its cells; nothing is shared with the
program. A quantity may differ by two parts in a million of what the cells of the zone hold, and one smallest
unit for each ecosystem type; the spaces of a plan have to add up to `account.csv` exactly. Exit code 1 when
anything differs. Needs numpy.
"""

import argparse
import csv
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
    for fault in faults[:40]:
        print(f"  {fault}")
    print(f"zones: {agreed} numbers agree, largest difference {worst:.1e} of what the cells hold; {len(faults)} do not")
    sys.exit(1 if faults else 0)


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
