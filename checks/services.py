"""The raster services of every county, computed again without the program.

Water conservation, soil retention with its parts, flood regulation by vegetation and marsh, carbon and
oxygen, local climate, purification of air and water: by year, county, ecosystem type (level I of
HJ 1166) and indicator. Formulas: HJ 1173-2021, annex A; 白玛卓嘎 et al. 2017 for sediment, nutrients,
cooling and marshes. Of the method's choices it knows the defaults: the heat route of cooling, the
evaporation over the efficiency and without humidifying, purification by the switch. region.toml says which file serves which input; a way of serving that is
not written here stops the check, so that it never agrees by doing nothing.
"""

import csv
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np

import maps

TYPES = {1: "forest", 2: "shrub", 3: "grassland", 4: "wetland", 5: "farmland", 6: "town", 7: "desert", 8: "other"}
CO2_PER_C = 44 / 12
O2_PER_CO2 = 32 / 44
MARSH_DEPTH_M, COP, LATENT_KJ_KG = 0.3, 3.0, 2450.0

# indicator: table of rates, its column, kg/m2 of one unit of the rate, table of limits, species, who decides
POLLUTANTS = {
    "air_purification_so2": ("air_rates", "so2", 1e-4, "air_quality", "SO2", "SO2"),
    "air_purification_nox": ("air_rates", "nox", 1e-4, "air_quality", "NO2", "NO2"),
    "air_purification_pm": ("air_rates", "dust", 1e-4, "air_quality", "PM10", "PM10"),
    "water_purification_cod": ("water_rates", "cod", 1e-3, "water_quality", "COD", "COD"),
    "water_purification_tn": ("water_rates", "tn", 1e-3, "water_quality", "TN", "NH3-N"),
    "water_purification_tp": ("water_rates", "tp", 1e-3, "water_quality", "TP", "TP"),
    "water_purification_nh3n": ("water_rates", "tn", 1e-3, "water_quality", "NH3-N", None),
}


class Region:
    """A region's folder, opened: its grid, its counties' cell weights and what serves each input."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.says = tomllib.loads((self.folder / "region.toml").read_text(encoding="utf-8"))
        if self.says["region"].get("weather", "year") != "year":
            raise SystemExit("this check knows only weather = \"year\"")
        grid = self.says["grid"]
        self.epsg = int(grid["crs"].removeprefix("EPSG:"))
        if not 4534 <= self.epsg <= 4554:
            raise SystemExit(f"this check knows only the CGCS2000 3-degree zones without a zone number, not {grid['crs']}")
        self.meridian = 75 + 3 * (self.epsg - 4534)
        self.cell, self.rows, self.columns = float(grid["cell_m"]), grid["rows"], grid["columns"]
        self.left, self.top = float(grid["origin_x"]), float(grid["origin_y"])
        shape = (self.left, self.top, self.cell, self.rows, self.columns)
        self.area = maps.cell_areas(*shape, self.meridian)
        places = self.says["places"]
        found = maps.polygons(self.folder / places["layer"], places["code"])
        self.share = {code: maps.shares(found[code], *shape) for code in sorted(found)}
        self.years = self.says["region"]["years"]

    def path(self, text, year):
        return self.folder / text.replace("{year}", str(year))

    def table(self, text, year=0):
        with open(self.path(text, year), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def raster(self, text, year=0):
        """A raster that lies on the region's grid; others are refused."""
        read = maps.Raster(self.path(text, year))
        here = (read.left, read.top, read.cell_x, read.cell_y, *read.values.shape[1:])
        if here != (self.left, self.top, self.cell, self.cell, self.rows, self.columns) or read.crs != self.epsg:
            raise SystemExit(f"{read.path}: not on the region's grid, and only rain is resampled here")
        return read.values

    def layer(self, name, year):
        told = self.says["layer"][name]
        if told["how"] != "raster":
            raise SystemExit(f"layer.{name}: this check does not know how = {told['how']!r}")
        return self.raster(told["raster"], year)[told.get("band", 1) - 1]

    def by_class(self, name, column, classes, words=None):
        """A column of a table keyed by class and attribute, laid on the map."""
        laid = np.full((self.rows, self.columns), np.nan)
        for row in self.table(self.says["class_table"][name]["file"]):
            held = row[column]
            value = words[held] if words else float(held) if held else np.nan
            laid[classes == int(row["ecosystem_code"]) * 1000 + int(row["attr"])] = value
        return laid


def rain(region, year):
    """mm a year: the monthly normal, bilinear at cell centres, times the month's factor."""
    told = region.says["layer"]["precipitation"]
    if told["how"] != "monthly_normal_times_factor":
        raise SystemExit("layer.precipitation: this check knows only monthly_normal_times_factor")
    factors = np.zeros(12)
    for row in region.table(told["factors"]):
        if int(row["year"]) == year and int(row["month"]) > 0:
            factors[int(row["month"]) - 1] = float(row[told["column"]])
    east, north = np.meshgrid(
        region.left + region.cell * (np.arange(region.columns) + 0.5),
        region.top - region.cell * (np.arange(region.rows) + 0.5),
    )
    months = maps.Raster(region.path(told["raster"], year)).at(*maps.from_gauss_krueger(east, north, region.meridian))
    return np.tensordot(factors, months, axes=1)


EROSIVE_MM = 10.0  # a day counts from 10 mm on, 10 mm itself included


def erosivity_of_counties(region, year):
    """R in MJ mm/(ha h a) from daily rain, HJ 1173 A.5-A.6 for one year."""
    told = region.says["layer"]["r"]
    if told["how"] != "daily_rain_erosivity":
        raise SystemExit("layer.r: this check knows only daily_rain_erosivity")
    total = defaultdict(float)
    for row in region.table(told["table"]):
        then, month, _ = (int(part) for part in row[told["date"]].split("-"))
        depth = float(row[told["column"]])
        if then == year and depth >= EROSIVE_MM:
            total[row[told["place"]]] += (0.3937 if 5 <= month <= 9 else 0.3101) * depth**1.7265
    return dict(total)


def erosivity(region, year):
    """R of a cell: the counties' values, weighted by the share of the cell each covers."""
    weighted, covered = 0.0, 0.0
    for code, value in erosivity_of_counties(region, year).items():
        weighted = weighted + region.share[code] * value
        covered = covered + region.share[code]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(covered > 0, weighted / covered, np.nan)


def length_steepness(region, year):
    """L x S, HJ 1173 A.9-A.12: slope by central differences, one slope length everywhere."""
    told = region.says["layer"]["slope_length"]
    if told["how"] != "constant":
        raise SystemExit("layer.slope_length: this check knows only a constant")
    height = region.layer("elevation", year)
    tangent = np.full_like(height, np.nan)
    east = (height[1:-1, 2:] - height[1:-1, :-2]) / (2 * region.cell)
    north = (height[:-2, 1:-1] - height[2:, 1:-1]) / (2 * region.cell)
    tangent[1:-1, 1:-1] = np.hypot(east, north)
    angle = np.arctan(tangent)
    sine, degrees = np.sin(angle), np.degrees(angle)
    beta = (sine / 0.089) / (3.0 * sine**0.8 + 0.56)
    length = (float(told["value"]) / 22.13) ** (beta / (1 + beta))
    steepness = np.select(
        [degrees < 5.14, degrees < 10.20, degrees < 28.81, degrees >= 28.81],
        [10.8 * sine + 0.03, 16.8 * sine - 0.5, 21.9 * sine - 0.96, 9.5988],
        np.nan,
    )
    return length * steepness


def erodibility(region, year):
    """K, HJ 1173 A.7-A.8, all shares in percent."""
    sand, silt, clay, carbon = (region.layer(name, year) for name in ("sand", "silt", "clay", "organic_carbon"))
    rest = 1 - sand / 100
    epic = (
        (0.2 + 0.3 * np.exp(-0.0256 * sand * (1 - silt / 100)))
        * (silt / (clay + silt)) ** 0.3
        * (1 - 0.25 * carbon / (carbon + np.exp(3.72 - 2.95 * carbon)))
        * (1 - 0.7 * rest / (rest + np.exp(-5.51 + 22.9 * rest)))
    )
    return (-0.01383 + 0.51575 * epic) * 0.1317


COVER_EDGES = (0.1, 0.3, 0.5, 0.7, 0.9)  # the lower edge belongs to the class
COVER_COLUMNS = ("c_cover_000_010", "c_cover_010_030", "c_cover_030_050", "c_cover_050_070", "c_cover_070_090", "c_cover_090_100")


def cover_factor(region, classes, year):
    """C, HJ 1173 A.13 and table A.1: by class and cover, dry cropland by a + b log10(cover)."""
    cover = np.round(region.layer("cover", year) * 1000) / 1000
    rule = region.by_class("cover_factor", "rule", classes, {"constant": 0, "class": 1, "formula": 2})
    columns = np.stack([region.by_class("cover_factor", name, classes) for name in COVER_COLUMNS])
    step = np.digitize(np.nan_to_num(cover), COVER_EDGES)
    looked_up = np.take_along_axis(columns, step[None], axis=0)[0]
    a, b = (region.by_class("cover_factor", name, classes) for name in ("formula_a", "formula_b"))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_formula = np.clip(a + b * np.log10(cover), 0, 1)
    found = np.where(rule == 2, by_formula, looked_up)
    found = np.where(cover == 0, region.by_class("cover_factor", "c_cover_0", classes), found)
    found[np.isnan(cover)] = np.nan
    return found


def services(region, year):
    """Quantities by cell in their own unit a m2 of ground, and where they are counted."""
    told = region.says["ecosystem"]
    code = np.nan_to_num(region.raster(told["raster"], year)[0]).astype(int)
    attribute = np.nan_to_num(region.raster(told["attribute"], year)[0]).astype(int)
    classes = code * 1000 + attribute
    types = np.zeros_like(code)
    for row in region.table(told["classes"]):
        types[code == int(row["code"])] = int(row["level1"])
    yes = {"yes": 1.0, "no": 0.0}

    depth = rain(region, year)
    runoff = depth * region.by_class("runoff_coefficients", "alpha", classes) / 100
    water = depth - runoff - region.layer("evapotranspiration", year)

    potential = erosivity(region, year) * erodibility(region, year) * length_steepness(region, year)
    exposed = cover_factor(region, classes, year) * region.by_class("support_practice", "p_demo", classes)
    retained = potential * (1 - exposed)
    soil_counted = region.by_class("cover_factor", "counted_soil_retention", classes, yes)
    deposited = next(float(r["value"]) for r in region.table(region.says["tables"]["parameters"]) if r["parameter"] == "lambda_sediment_delivery")
    soil_table = region.says["code_table"]["soil_classes"]
    soil = region.raster(soil_table["raster"], year)[0]
    content = {}
    for column in ("total_n_pct", "total_p_pct"):
        content[column] = np.full_like(retained, np.nan)
        for row in region.table(soil_table["file"]):
            content[column][soil == int(row[soil_table["key"]])] = float(row[column])

    carbon = region.layer("nep", year)
    carbon_counted = region.by_class("carbon_counting", "counted_by_default", classes, yes)
    storm = region.layer("storm_rain", year) * (1 - region.by_class("storm_runoff", "storm_runoff_share", classes))
    if region.says["layer"]["hot_days"]["basis"] != "daily_mean":
        raise SystemExit("layer.hot_days: this check knows only daily means")
    days = region.layer("hot_days", year)
    heat = region.by_class("heat", "epp", classes) * days
    evaporated = region.by_class("heat", "hot_day_evaporation", classes) * days / 1000  # m3 a m2
    ha = 1e-4  # of a m2
    made = {
        "water_conservation": (water * 1e-3, 1.0),
        "soil_retention": (retained * ha, soil_counted),
        "soil_retention_sediment": (deposited * retained / region.layer("bulk_density", year) * ha, soil_counted),
        "soil_retention_nonpoint_n": (retained * content["total_n_pct"] / 100 * ha, soil_counted),
        "soil_retention_nonpoint_p": (retained * content["total_p_pct"] / 100 * ha, soil_counted),
        "carbon_sequestration": (carbon * 1e-6 * CO2_PER_C, carbon_counted),
        "oxygen_release": (carbon * 1e-6 * CO2_PER_C * O2_PER_CO2, carbon_counted),
        "flood_regulation_vegetation": (storm * 1e-3, region.by_class("storm_runoff", "counted_vegetation", classes, yes)),
        "flood_regulation_marsh": (np.full_like(storm, MARSH_DEPTH_M), region.by_class("storm_runoff", "counted_marsh", classes, yes)),
        "climate_regulation_transpiration": (heat / 3600 / COP, region.by_class("heat", "counted_transpiration", classes, yes)),
        "climate_regulation_evaporation": (evaporated * 1000 * LATENT_KJ_KG / 3600 / COP, region.by_class("heat", "counted_evaporation", classes, yes)),
    }
    # What could be taken up, in t a m2; `account` holds it against emissions.
    for indicator, (table, column, kg, *_) in POLLUTANTS.items():
        made[indicator] = (region.by_class(table, column, classes) * kg / 1000, 1.0)
    means = {"P mm": depth, "runoff mm": runoff, "ET mm": depth - runoff - water, "water mm": water, "potential soil t/ha": potential, "actual soil t/ha": potential * exposed}
    return types, made, means


def taken_up(region, year, place, indicator, capacity):
    """Tonnes of a county: what was emitted or what could be taken up, by the switch of the default."""
    *_, table, species, decides = POLLUTANTS[indicator]
    rows = {r["species"]: r for r in region.table(region.says["tables"][table]) if r["year"] == str(year) and r["county_code"] == place}
    emission = float(rows[species]["emission"])
    if decides is None:  # no rate is known for the pollutant itself
        return emission if capacity > 0 else 0.0
    clean = float(rows[decides]["annual_concentration"]) <= float(rows[decides]["annual_limit"])
    return min(emission, capacity) if clean else capacity


def share_out(amount, weights):
    """Thousandths of a tonne by the largest remainders: what is shared adds up to what there is."""
    whole, total = round(amount * 1000), sum(weights.values())
    if whole == 0 or total == 0:
        return {name: 0.0 for name, weight in weights.items() if weight > 0 or total == 0}
    exact = {name: whole * weight / total for name, weight in weights.items() if weight > 0}
    got = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda n: got[n] - exact[n])[: whole - sum(got.values())]:
        got[name] += 1
    return {name: value / 1000 for name, value in got.items()}


def account(region, year):
    """`{(place, type, indicator): quantity}` for every county, unrounded; and area-weighted means."""
    types, made, means = services(region, year)
    quantities, printed = {}, {}
    for place, share in region.share.items():
        weight = share * region.area
        inside = weight > 1e-9 * region.area  # what is left of rounding in the sweep is no coverage
        for indicator, (amount, counted) in made.items():
            gives = np.where(np.broadcast_to(counted, amount.shape) == 0, 0.0, amount)
            holes = int(np.count_nonzero(inside & ~np.isfinite(gives)))
            if holes:
                raise SystemExit(f"{year} {place} {indicator}: {holes} cells of the county have no value")
            for level, name in TYPES.items():
                chosen = inside & (types == level)
                if chosen.any():
                    quantities[place, name, indicator] = float(np.sum(gives[chosen] * weight[chosen]))
        for indicator in POLLUTANTS:
            weights = {name: quantities.pop((place, name, indicator)) for name in TYPES.values() if (place, name, indicator) in quantities}
            amount = taken_up(region, year, place, indicator, sum(weights.values()))
            for name, value in share_out(amount, weights).items():
                quantities[place, name, indicator] = value
        if (inside & (types == 0)).any():
            raise SystemExit(f"{year} {place}: cells without an ecosystem type")
        printed[place] = {"km2": weight.sum() / 1e6} | {name: float(np.sum(v[inside] * weight[inside]) / weight[inside].sum()) for name, v in means.items()}
    whole = sum(r["km2"] for r in printed.values())
    names = list(next(iter(printed.values())))
    printed["all"] = {name: sum(r[name] * (1 if name == "km2" else r["km2"] / whole) for r in printed.values()) for name in names}
    return quantities, printed
