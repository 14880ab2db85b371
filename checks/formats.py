"""Other people's programs open what a run left.

    python3 checks/formats.py regions/quzhou            looks at every regions/quzhou/out/*/
    python3 checks/formats.py regions/quzhou --out DIR  looks at DIR

GDAL reads every map and rio-cogeo finds it valid; ogrinfo opens places.gpkg; JSON parses; account.csv
has its header. A check whose tool is not installed is skipped and says so; with
LIANGSHAN_CHECKS_REQUIRED=1 that is a failure.
"""

import argparse
import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

HEADER = (
    "year,place_code,place_name,ecosystem,indicator,class,quantity,unit,price,price_unit,price_year,"
    "price_id,value_yuan,profile,evidence,origin,status,digest"
).split(",")
WITH_DRAWS = [*HEADER, "p05", "p50", "p95"]
STATUS = {"ok", "not_applicable", "missing_input"}
STATEMENT = {"kind", "place", "period", "value", "method", "evidence", "origin", "basis"}
CHINESE = re.compile("[\u4e00-\u9fff]")


class Tally:
    """What passed, failed and was skipped, printed as it happens."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.required = os.environ.get("LIANGSHAN_CHECKS_REQUIRED") == "1"

    def hold(self, what, holds, otherwise=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}" + (f": {otherwise}" if otherwise else ""))
        return holds

    def tool(self, name, what):
        """The path of a tool; without it the check is skipped, or fails where it is required."""
        found = shutil.which(name)
        if not found:
            if self.required:
                self.hold(what, False, f"{name} is not installed and LIANGSHAN_CHECKS_REQUIRED=1")
            else:
                self.skipped += 1
                print(f"SKIPPED: {what} because {name} is not installed")
        return found

    def run(self, what, *command):
        """Output of a command that must end with 0 and complain of nothing."""
        done = subprocess.run(command, capture_output=True, text=True)
        complaints = [line for line in done.stderr.splitlines() if line.startswith(("ERROR", "Warning"))]
        good = self.hold(what, done.returncode == 0 and not complaints, (done.stderr or done.stdout).strip()[-400:])
        return done.stdout if good else ""


def check_maps(tally, out, grid):
    maps = sorted(out.glob("maps/*.tif"))
    tally.hold("there are maps", bool(maps), f"no {out}/maps/*.tif")
    gdalinfo = tally.tool("gdalinfo", "GDAL reads the maps")
    rio = tally.tool("rio", "rio-cogeo validates the maps")
    for path in maps:
        if gdalinfo:
            # the checksum makes GDAL decode every block
            told = tally.run(f"GDAL reads {path.name}", gdalinfo, "-json", "-checksum", str(path))
            if told:
                found = json.loads(told)
                tally.hold(f"{path.name} has the region's size", found["size"] == [grid["columns"], grid["rows"]], str(found["size"]))
                cell = float(grid["cell_m"])
                place = [float(grid["origin_x"]), cell, 0.0, float(grid["origin_y"]), 0.0, -cell]
                tally.hold(f"{path.name} lies on the region's grid", found["geoTransform"] == place, str(found["geoTransform"]))
                code = grid["crs"].removeprefix("EPSG:")
                wkt = found["coordinateSystem"]["wkt"]
                tally.hold(f"{path.name} is in {grid['crs']}", wkt.rstrip().endswith(f'ID["EPSG",{code}]]'), wkt[-60:])
                tally.hold(f"{path.name} names its no data", all("noDataValue" in band for band in found["bands"]))
        if rio:
            told = tally.run(f"rio-cogeo opens {path.name}", rio, "cogeo", "validate", str(path))
            tally.hold(f"{path.name} is a valid COG", "is a valid cloud optimized GeoTIFF" in told, told.strip())


def check_places(tally, out, codes):
    path = out / "places.gpkg"
    if not tally.hold("places.gpkg is there", path.is_file()):
        return
    ogrinfo = tally.tool("ogrinfo", "ogrinfo opens places.gpkg")
    if ogrinfo:
        told = tally.run("ogrinfo opens places.gpkg", ogrinfo, "-al", "-so", "-ro", str(path))
        counts = [int(n) for n in re.findall(r"Feature Count: (\d+)", told)]
        tally.hold("places.gpkg has layers with features", counts and all(counts), str(counts))
        fields = [line.split(":")[0] for line in told.splitlines() if re.match(r"[^ ].*: \w+ \(\d", line)]
        tally.hold("fields of places.gpkg are in Chinese", any(CHINESE.search(name) for name in fields), str(fields))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        (sound,) = base.execute("pragma integrity_check").fetchone()
        tally.hold("places.gpkg is a sound database", sound == "ok", sound)
        features = 0
        held = set()
        for (table,) in base.execute("select table_name from gpkg_contents where data_type = 'features'").fetchall():
            for row in base.execute(f'select * from "{table}"'):
                features += 1
                held |= {str(value) for value in row if str(value) in codes}
        tally.hold("places.gpkg holds the places of the account", held == codes or held == counties(codes), f"{sorted(held)} of {sorted(codes)}")
        tally.hold("places.gpkg has one feature for each place and no other", features % max(len(held), 1) == 0 and features > 0, f"{features} features, {len(held)} places")


def counties(codes):
    """Without the city, whose code ends in 00: a city may be left to the sum of its counties."""
    return {code for code in codes if not code.endswith("00")}


def check_tables(tally, out):
    codes = set()
    path = out / "account.csv"
    if tally.hold("account.csv is there", path.is_file()):
        data = path.read_bytes()
        tally.hold("account.csv begins with a byte order mark", data.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
        tally.hold("account.csv has the contracted header", rows[0] in (HEADER, WITH_DRAWS), ",".join(rows[0]))
        tally.hold("account.csv has as many cells in every row", all(len(row) == len(rows[0]) for row in rows))
        at = {name: i for i, name in enumerate(rows[0])}
        if set(HEADER) <= set(at):
            codes = {row[at["place_code"]] for row in rows[1:]}
            for name, known in (("status", STATUS), ("class", {"material", "regulating", "cultural", ""})):
                found = {row[at[name]] for row in rows[1:]}
                tally.hold(f"account.csv: {name} is a contracted word", found <= known, str(sorted(found - known)))
            told = [row for row in rows[1:] if row[at["quantity"]] or row[at["value_yuan"]]]
            tally.hold("account.csv: numbers are plain decimals", all(re.fullmatch(r"-?\d+(\.\d+)?|", row[at[c]]) for row in told for c in ("quantity", "price", "value_yuan")))
            tally.hold("account.csv: every number has a digest, an origin and its evidence", all(row[at["digest"]] and row[at["origin"]] and row[at["evidence"]] for row in told))
    path = out / "dictionary.csv"
    if tally.hold("dictionary.csv is there", path.is_file()):
        text = path.read_text(encoding="utf-8-sig")
        missing = [name for name in HEADER if name not in text]
        tally.hold("dictionary.csv explains every column of account.csv in Chinese", not missing and CHINESE.search(text), str(missing))
    return codes


def check_json(tally, out):
    path = out / "provenance.json"
    if tally.hold("provenance.json is there", path.is_file()):
        try:
            json.loads(path.read_bytes())
            tally.hold("provenance.json parses", True)
        except ValueError as fault:
            tally.hold("provenance.json parses", False, str(fault))
    path = out / "statements.jsonl"
    if tally.hold("statements.jsonl is there", path.is_file()):
        number = 0
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                missing = STATEMENT - set(json.loads(line))
            except ValueError as fault:
                missing = {str(fault)}
            if missing:
                tally.hold(f"statements.jsonl line {number} is a statement", False, f"lacks {sorted(missing)}")
                break
        else:
            tally.hold("statements.jsonl holds statements", number > 0, "it is empty")
    left = [p.name for p in out.rglob("*") if p.name.endswith((".tmp", ".part", "-journal", "-wal"))]
    tally.hold("no half file is left", not left, str(left))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("region", type=Path)
    arguments.add_argument("--out", type=Path, help="the folder a run wrote")
    given = arguments.parse_args()
    grid = tomllib.loads((given.region / "region.toml").read_text(encoding="utf-8"))["grid"]
    folders = [given.out] if given.out else sorted(p for p in (given.region / "out").glob("*") if p.is_dir())
    tally = Tally()
    tally.hold("a run has left something", bool(folders), f"nothing in {given.region / 'out'}: run the region first")
    for out in folders:
        print(f"== {out}")
        codes = check_tables(tally, out)
        check_json(tally, out)
        check_places(tally, out, codes)
        check_maps(tally, out, grid)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
