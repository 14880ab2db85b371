"""Computes what comes from department tables again and holds an account against it.

    python3 checks/tables.py regions/quzhou [--out DIR]

Python's standard library only; shares no code with the program. It reads region.toml, the tables it
names and the output folder's profile.json (for prices and what is counted), and works in exact
decimals: quantities and values of every county, year and part must agree to the last digit.
"""

import argparse
import csv
import json
import sys
import tomllib
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from pathlib import Path

D = Decimal
SCALES = {"1e4 m3": D(10**4), "1e8 m3": D(10**8), "m3": D(1), "1e4 m2": D(10**4), "m2": D(1), "1e4 room-nights": D(10**4), "t": D(1),
          "1e4 kWh": D(10**4), "1e4 visits": D(10**4), "visits": D(1), "1e8 CNY": D(10**8), "ha": D(1), "h": D(1), "km": D(1), "dB": D(1)}


def rows(region, path):
    with open(region / path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def unit(region, path, column):
    return tomllib.loads((region / f"{path}.toml").read_text("utf-8"))["columns"][column]["unit"]


def rounded(value, places):
    return value.quantize(D(1).scaleb(-places), ROUND_HALF_EVEN)


class Tables:
    """Quantities by (year, county, indicator or part), each with its unit's decimals."""

    def __init__(self, region):
        self.region = region
        says = tomllib.loads((region / "region.toml").read_text("utf-8"))
        self.tables, self.names, self.years = says["tables"], says.get("statistics", {}), says["region"]["years"]
        self.found, self.places = defaultdict(Decimal), {}
        self.counties = {r["code"] for r in rows(region, says["places"]["table"]) if r["code"] != says["region"]["code"]}
        for name in ("biomass", "statistics", "reservoirs", "noise", "ions", "areas", "leisure", "premium"):
            getattr(self, name)()

    def add(self, year, county, indicator, value, places):
        if int(year) in self.years and county in self.counties:
            self.found[int(year), county, indicator] += value
            self.places[indicator] = places

    def of(self, key):
        path = self.tables.get(key)
        return (path, rows(self.region, path)) if path else (None, [])

    def biomass(self):
        for r in self.of("supply_biomass_energy")[1]:
            self.add(r["year"], r["county_code"], f"supply_biomass_energy.{r['product']}", D(r["quantity"]) * SCALES[r["quantity_unit"]], 1 if r["quantity_unit"] == "t" else 0)

    def statistics(self):
        wanted = {self.names.get(f"water_{use}"): f"supply_freshwater.{use}" for use in ("domestic", "industrial", "agricultural", "ecological")}
        wanted |= {self.names.get("hydropower"): "supply_hydropower", self.names.get("tourist_visits"): "tourism_health"}
        for r in self.of("statistics")[1]:
            if r["indicator"] in wanted and r["period"].isdigit():
                self.add(r["period"], r["region_code"], wanted[r["indicator"]], D(r["value"]) * SCALES[r["unit"]], 0)
            if r["indicator"] == self.names.get("tourism_revenue") and r["period"].isdigit():
                self.add(r["period"], r["region_code"], "tourism_health.revenue", D(r["value"]) * SCALES[r["unit"]], 2)

    def reservoirs(self):
        path, register = self.of("reservoirs")
        for r in register:
            column = next(c for c in r if c.startswith("total_capacity") and not c.endswith("origin"))
            if r["status"] == "in use":
                for year in self.years:
                    if not r.get("in_use_since") or int(r["in_use_since"]) <= year:
                        self.add(year, r["county_code"], "flood_regulation_reservoir", D("0.35") * D(r[column]) * SCALES[unit(self.region, path, column)], 0)

    def noise(self):
        for r in self.of("noise_reduction")[1]:
            self.add(r["year"], r["county_code"], "noise_reduction", D(r["green_belt_road_length"]) * D(r["mean_attenuation"]), 3)

    def ions(self):
        for r in self.of("negative_ions")[1]:
            above = max(D(0), D(r["mean_concentration"]) - 600)
            whole = D(525600) * D(10**4) * D(10**6) * D(r["stand_area"]) * D(r["stand_height"]) * above / D(r["ion_lifetime"])
            self.add(r["year"], r["county_code"], "negative_ions", whole / D(10**18), 3)

    def areas(self):
        for key, part, column in (("pest_control", "vegetation", "self_healed_area"), ("species_conservation", "shannon_class", "forest_area")):
            for r in self.of(key)[1]:
                self.add(r["year"], r["county_code"], f"{key}.{r[part]}", D(r[column]), 2)

    def leisure(self):
        path, table = self.of("leisure_recreation")
        for r in table:
            self.add(r["year"], r["county_code"], "leisure_recreation", D(r["resident_visits"]) * SCALES[unit(self.region, path, "resident_visits")] * D(r["hours_per_visit"]), 0)

    def premium(self):
        for r in self.of("landscape_premium")[1]:
            if r["annualised"] == "yes":
                self.add(r["year"], r["county_code"], f"landscape_premium.{r['component']}", D(r["quantity"]) * SCALES[r["quantity_unit"]], 0)


def prices(folder):
    """Price per unit of the account's quantity by indicator or part, and what the profile counts."""
    said = json.loads((folder / "profile.json").read_text("utf-8"))
    held, counted = {}, set()
    for i in said["indicators"]:
        if i["include"] in ("included", "optional"):
            counted.add(i["indicator"])
            if i["price"]:
                # A price per ion is put on 1e18 ions; a price per hectare and year on the one year.
                scale = D(10**18) if i["price"]["unit"] == "CNY/ion" else D(1)
                held[i["indicator"]] = D(i["price"]["value"]) * scale
    return held, counted


def compared(tables, folder):
    """Faults, and how many numbers agree."""
    faults, agreed = [], 0
    held, counted = prices(folder)
    account = {}
    with open(folder / "account.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["ecosystem"] == "all":
                account[int(row["year"]), row["place_code"], row["indicator"]] = row
    seen = set()
    for key, exact in tables.found.items():
        year, county, indicator = key
        stem = indicator.split(".")[0]
        if stem not in counted:
            if key in account:
                faults.append(f"{key} is in the account and not in the profile")
            continue
        seen.add(indicator)
        row = account.get(key)
        quantity = rounded(exact, tables.places[indicator])
        if row is None or row["status"] != "ok" or not row["quantity"] or D(row["quantity"]) != quantity:
            faults.append(f"{key}: the account has {row and row['quantity']}, here it is {quantity}")
            continue
        agreed += 1
        if indicator in held:
            value = rounded(quantity * held[indicator], 2)
            if D(row["value_yuan"]) != value:
                faults.append(f"{key}: worth {row['value_yuan']} in the account, here {value}")
            else:
                agreed += 1
        elif indicator != "tourism_health":
            faults.append(f"{key} has no price in profile.json")
    for indicator in sorted(seen):
        print(f"  {indicator}")
    return faults, agreed


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("region", type=Path)
    arguments.add_argument("--out", type=Path, help="the folder with account.csv")
    given = arguments.parse_args()
    folders = [given.out] if given.out else sorted(p.parent for p in (given.region / "out").glob("*/account.csv"))
    if not folders or not all((f / "account.csv").is_file() for f in folders):
        print(f"no account.csv in {given.out or given.region / 'out'}: run the region first", file=sys.stderr)
        return 1
    failed = 0
    with localcontext() as context:
        context.prec = 60
        tables = Tables(given.region)
        for folder in folders:
            print(f"== {folder}")
            faults, agreed = compared(tables, folder)
            if agreed == 0:
                faults.append("not one number of department tables was compared")
            for fault in faults[:40]:
                print(f"  FAILED {fault}")
            print(f"  {agreed} numbers agree, {len(faults)} faults")
            failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
