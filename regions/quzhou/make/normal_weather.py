"""Layers of normal weather for Quzhou: evapotranspiration, rainfall erosivity, net ecosystem production,
hot days, storm rain.

Run by hand in this folder's parent (`python make/normal_weather.py`); it is no part of the build.
Needs numpy and rasterio. Reads `sources/`, writes `sources/normal/*.tif` with their sidecars.

The layers of 2019 and 2020 were made from a multi-year climatology and yearly factors, which are
invented (`sources/climate/quzhou_year_factors.csv`): rain is multiplied, temperature is shifted, month
by month. A normal layer is the same formula with rain factor 1 and temperature offset 0. Whatever else
went into a yearly layer (class parameters, vegetation, relief) is recovered from the layer itself:

R    R_normal = R_year / (P_year / P_normal)^1.6548, once from the R rasters, and once from the erosivity
     by daily rain (HJ 1173) of each county. The second is on the level of the default R of the accounts,
     so that year and normal weather differ by weather and not by formula.
T    monthly temperature, from monthly reference ET by the inverse of Thornthwaite's formula (with the
     Willmott form from 26.5 degC), less the offset of the month.
ET   w of Zhang et al. (2001) from ET, rain and reference ET of the year, then ET of normal rain and
     normal reference ET with that w; open water stays 1.1 times reference ET.
NEP  NPP times the ratio of the Miami limits (the smaller of the temperature and the rain limit, normal
     over year); heterotrophic respiration times the ratio of the formula of Pei et al.; NEP is their
     difference, rounded to whole gC.
Days expected days with a daily mean above 26 degC if daily means scatter normally (3.0 degC) about the
     monthly means interpolated day by day, from the normal temperature; the same formula has to give the
     days of each year again.
Storm storm rain of the year over rain of the year, mean of the two years, times normal rain. Two invented
     years are no climate: the storms of both are in it.

Both years give a normal. Where the class of a cell did not change, the mean of the two is written to
both years' files, so that two accounts under normal weather differ by land cover alone. Where it did
change, each file keeps its own. The formulas were recalled by the makers of the data, not read in
their sources; that they are the ones in use is tested below: the two years have to agree.
"""

import csv
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.warp import transform, transform_geom

HERE = Path(__file__).resolve().parent.parent / "sources"
YEARS = (2019, 2020)
NODATA = -9999
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
OPEN_WATER = (12, 13, 14)  # attributes reservoir, pond, river


def read(path):
    """Bands of a file in their unit, NaN where missing, and the rasterio profile."""
    with rasterio.open(HERE / path) as file:
        bands = file.read().astype(float)
        if file.nodata is not None:
            bands[bands == file.nodata] = np.nan
        return bands * np.array(file.scales)[:, None, None], file.profile


def bilinear(path, lon, lat):
    """Bands of a coarse file in degrees, between its cell centres."""
    bands, profile = read(path)
    t = profile["transform"]
    x, y = (lon - t.c) / t.a - 0.5, (lat - t.f) / t.e - 0.5
    i, j = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - i, y - j
    upper = bands[:, j, i] * (1 - u) + bands[:, j, i + 1] * u
    lower = bands[:, j + 1, i] * (1 - u) + bands[:, j + 1, i + 1] * u
    return upper * (1 - v) + lower * v


# ---- reference evapotranspiration ---------------------------------------------------------------


def day_share(lat, year):
    """Length of the day over 12 h, times days of the month over 30: `[month, cell]`."""
    days = DAYS + (np.arange(12) == 1) * (year % 4 == 0)
    middle = np.cumsum(DAYS) - DAYS / 2
    tilt = np.radians(23.45) * np.sin(2 * np.pi * (284 + middle) / 365)
    hours = 24 / np.pi * np.arccos(-np.tan(np.radians(lat)) * np.tan(tilt)[:, None])
    return hours / 12 * (days / 30)[:, None]


def exponent(heat):
    return 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239


def hot(t):
    return -415.85 + 32.24 * t - 0.43 * t**2


def heat_index(t):
    return ((np.maximum(t, 0) / 5) ** 1.514).sum(0)


def reference_et(t, share):
    heat = heat_index(t)
    cool = 16 * (10 * np.maximum(t, 0) / heat) ** exponent(heat)
    return np.where(t >= 26.5, hot(t), cool) * share


def temperature(et0, share):
    """The inverse of `reference_et`: the heat index that its own temperatures add up to."""
    unit = et0 / share
    above = unit >= hot(26.5)
    t_hot = (32.24 - np.sqrt(np.maximum(32.24**2 - 4 * 0.43 * (415.85 + unit), 0))) / (2 * 0.43)
    heat = np.full(unit.shape[1], 90.0)
    for _ in range(100):
        t = np.where(above, t_hot, heat / 10 * (np.maximum(unit, 0) / 16) ** (1 / exponent(heat)))
        heat = (heat + heat_index(t)) / 2
    assert np.abs(heat - heat_index(t)).max() < 1e-6, "the heat index did not settle"
    return t


# ---- the formulas of the yearly layers ----------------------------------------------------------


def zhang(p, et0, w):
    return p * (1 + w * et0 / p) / (1 + w * et0 / p + p / et0)


def zhang_w(p, et0, et):
    return (et + et * p / et0 - p) / (et0 * (1 - et / p))


def miami(p, t):
    """The smaller limit to production, g dry matter/(m2 a), from yearly rain and mean temperature."""
    return np.minimum(3000 / (1 + np.exp(1.315 - 0.119 * t.mean(0))), 3000 * (1 - np.exp(-0.000664 * p.sum(0))))


def respiration(p, t):
    return (0.22 * (np.exp(0.0912 * t) + np.log(0.3145 * p + 1)) * 30 * 0.465).sum(0)


HOT_C, SCATTER_C = 26.0, 3.0


def normal_share(z):
    """The normal distribution function, by the error function of each cell."""
    return np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in z])


def hot_days(t, year):
    """Expected days whose mean is above 26 degC, from monthly means at the middle of each month."""
    days = DAYS + (np.arange(12) == 1) * (year % 4 == 0)
    middle, length = np.cumsum(days) - days / 2, int(days.sum())
    expected = np.zeros(t.shape[1])
    for day in range(length):
        after = int(np.searchsorted(middle, day + 0.5)) % 12
        before = (after - 1) % 12
        gap = (middle[after] - middle[before]) % length
        weight = ((day + 0.5 - middle[before]) % length) / gap
        mean = (1 - weight) * t[before] + weight * t[after]
        if mean.max() > HOT_C - 6 * SCATTER_C:
            expected += normal_share((mean - HOT_C) / SCATTER_C)
    return expected


def counties(grid, inside):
    """The county code of each data cell: of its centre, outside the city that of the nearest county."""
    with open(HERE / "boundaries/quzhou_counties_osm_wgs84.geojson", encoding="utf-8") as file:
        shapes = [(transform_geom("EPSG:4326", grid["crs"], f["geometry"]), int(f["properties"]["adcode"])) for f in json.load(file)["features"]]
    code = rasterize(shapes, out_shape=inside.shape, transform=grid["transform"], dtype="int32")
    while (code[inside] == 0).any():
        grown = code.copy()
        for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
            grown = np.where(grown == 0, np.roll(code, step, axis), grown)
        code = grown
    return code[inside]


# ---- making -------------------------------------------------------------------------------------


def main():
    grid = read("climate/quzhou_erosivity_R_2020_250m.tif")[1]
    inside = np.isfinite(read("climate/quzhou_et_actual_2020_250m.tif")[0][0])
    t = grid["transform"]
    x, y = np.meshgrid(t.c + t.a * (np.arange(grid["width"]) + 0.5), t.f + t.e * (np.arange(grid["height"]) + 0.5))
    lon, lat = (np.array(v) for v in transform(grid["crs"], "EPSG:4326", x[inside], y[inside]))
    with open(HERE / "climate/quzhou_year_factors.csv", encoding="utf-8-sig") as file:
        factors = {(int(r["year"]), int(r["month"])): (float(r["precip_factor"]), float(r["temp_offset_c"])) for r in csv.DictReader(file)}

    def cells(path):
        return read(path)[0][:, inside]

    rain = bilinear("climate/zhejiang_itu_monthly_precip_mm.tif", lon, lat)
    rain_of, et0_of, normal_t = {}, {}, {}
    for year in YEARS:
        months = [factors[year, m] for m in range(1, 13)]
        rain_of[year] = rain * np.array([f for f, _ in months])[:, None]
        et0_of[year] = cells(f"climate/quzhou_et0_monthly_{year}_250m.tif")
        normal_t[year] = temperature(et0_of[year], day_share(lat, year)) - np.array([o for _, o in months])[:, None]
    apart = np.abs(normal_t[2019] - normal_t[2020]).mean(1).max()
    assert apart < 0.05, f"the two years disagree on the normal temperature by {apart} degC"
    t_normal = (normal_t[2019] + normal_t[2020]) / 2
    et0_normal = reference_et(t_normal, day_share(lat, 2019)).sum(0)

    classes, et, nep, r = {}, {}, {}, {}
    for year in YEARS:
        attribute = cells(f"ecosystem/quzhou_ecosystem_attr_{year}_250m.tif")[0]
        classes[year] = cells(f"ecosystem/quzhou_ecosystem_{year}_250m.tif")[0] * 1000 + attribute
        p, et0 = rain_of[year].sum(0), et0_of[year].sum(0)
        w = zhang_w(p, et0, cells(f"climate/quzhou_et_actual_{year}_250m.tif")[0])
        et[year] = np.where(np.isin(attribute, OPEN_WATER), 1.1 * et0_normal, zhang(rain.sum(0), et0_normal, w))
        r[year] = cells(f"climate/quzhou_erosivity_R_{year}_250m.tif")[0] / (p / rain.sum(0)) ** 1.6548
        t_year = t_normal + np.array([factors[year, m][1] for m in range(1, 13)])[:, None]
        npp = cells(f"carbon/quzhou_npp_{year}_250m.tif")[0] * miami(rain, t_normal) / miami(rain_of[year], t_year)
        rh = cells(f"carbon/quzhou_soil_respiration_rh_{year}_250m.tif")[0] * respiration(rain, t_normal) / respiration(rain_of[year], t_year)
        nep[year] = npp - rh
    hot_normal = hot_days(t_normal, 2019)
    for year in YEARS:
        t_year = t_normal + np.array([factors[year, m][1] for m in range(1, 13)])[:, None]
        apart = np.abs(hot_days(t_year, year) - cells(f"climate/quzhou_days_above_26c_{year}_250m.tif")[0])
        print(f"days above 26 degC of {year}: made again within {apart.mean():.2f} days on average, {apart.max():.2f} at most")
        assert apart.mean() < 0.5 and apart.max() < 2.5, f"the days of {year} are not made by this formula"
    storm_shares = [cells(f"climate/quzhou_storm_rain_{year}_250m.tif")[0] / rain_of[year].sum(0) for year in YEARS]
    storm_normal = sum(storm_shares) / len(YEARS) * rain.sum(0)
    county, r_daily = counties(grid, inside), np.zeros(lon.size)
    with open(HERE / "climate/quzhou_storm_rain_county.csv", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            at = county == int(row["county_code"])
            wetter = (rain_of[int(row["year"])].sum(0) / rain.sum(0))[at].mean()
            r_daily[at] += float(row["erosivity_hj1173_daily"]) / wetter**1.6548 / len(YEARS)
    same = classes[2019] == classes[2020]
    for name, made, limit in (("ET", et, 1.5), ("R", r, 8.0), ("NEP", nep, 6.0)):
        apart = np.abs(made[2019] - made[2020])[same]
        print(f"{name}: unchanged cells differ between the years by {apart.mean():.3f} on average, {apart.max():.3f} at most")
        assert apart.max() < limit, f"the two years disagree on normal {name}"
    for made in (et, nep):
        mean = (made[2019] + made[2020]) / 2
        for year in YEARS:
            made[year] = np.where(same, mean, made[year])

    normal = "rain: ITU-R P.837-7 (GPCC Climatology V2015 over land, about 50 years, span not read); temperature: ITU-R P.1510-1, 36 years (1979 to 2014)"
    made_from = "the layers of 2019 and 2020, ITU-R P.837-7 and P.1510-1 digital maps (attribution to ITU), year factors of the data pack"
    synthetic = "The year factors that were taken out are synthetic, so a difference between a year and normal weather is invented."
    one = "Where the class did not change between 2019 and 2020, both files hold the mean of what the two years give; elsewhere each its own."
    for year in YEARS:
        write(
            f"quzhou_et_actual_normal_{year}_250m.tif", et[year], inside, grid, "float32", unit="mm/a", origin="mixed",
            zh=f"常年天气实际蒸散（{year} 年地表覆盖）", en=f"Actual ET under normal weather (land cover of {year})", kind="actual ET, normal weather",
            made_from=made_from + ", synthetic ecosystem map", period=f"climatology; {normal}; land cover of {year}",
            method="Zhang et al. 2001 with normal rain and normal reference ET; w of each cell recovered from ET, rain and reference ET of the year; open water 1.1 times reference ET. "
            "Normal temperature recovered from monthly reference ET by the inverse of Thornthwaite, less the month's offset. " + one + " " + synthetic,
        )
        write(
            f"quzhou_nep_normal_{year}_250m.tif", np.rint(nep[year]), inside, grid, "int16", unit="gC/(m2 a)", origin="mixed",
            zh=f"常年天气净生态系统生产力（{year} 年地表覆盖）", en=f"Net ecosystem production under normal weather (land cover of {year})", kind="NEP, normal weather",
            made_from=made_from + ", NPP and respiration of the year, synthetic ecosystem map", period=f"climatology; {normal}; land cover of {year}",
            method="NPP times the ratio of the Miami limits (the smaller of the rain and the temperature limit), normal over year; heterotrophic respiration times the ratio of the formula of Pei et al.; "
            "their difference in whole gC. Vegetation (maximum fAPAR) and noise stay those of the year's layers. " + one + " " + synthetic,
        )
    write(
        "quzhou_erosivity_R_normal_250m.tif", (r[2019] + r[2020]) / 2, inside, grid, "float32", unit="MJ mm/(ha h a)", origin="modelled",
        zh="常年天气降雨侵蚀力R", en="Rainfall erosivity R under normal weather", kind="R factor, normal weather",
        made_from=made_from, period=f"climatology; {normal}",
        method="R of the year over (rain of the year / normal rain)^1.6548, mean of what 2019 and 2020 give; by the monthly formula of the R rasters, not by daily rain (HJ 1173). " + synthetic,
    )
    write(
        "quzhou_erosivity_R_daily_normal_250m.tif", r_daily, inside, grid, "float32", unit="MJ mm/(ha h a)", origin="synthetic",
        zh="常年天气降雨侵蚀力R（日雨量口径）", en="Rainfall erosivity R under normal weather, on the level of daily rain", kind="R factor by daily rain, normal weather",
        made_from="quzhou_storm_rain_county.csv, year factors of the data pack", period=f"two synthetic years of daily rain, brought to the climatology; {normal}",
        method="Erosivity of each county by HJ 1173 A.5-A.6 from synthetic daily rain, over (rain of the year / normal rain)^1.6548, mean of 2019 and 2020; one value a county, outside the city that of the nearest. "
        "Two invented years are no climate: the storms of both years are in it. Use it where the R of the year comes from daily rain.",
    )


    write(
        "quzhou_days_above_26c_normal_250m.tif", np.rint(hot_normal), inside, grid, "int16", unit="d", origin="modelled",
        zh="常年天气日均温高于26度天数", en="Days with a daily mean above 26 degC, normal weather", kind="days above 26 degC, normal weather",
        made_from=made_from, period=f"climatology; {normal}",
        method="Expected days if daily means scatter normally (3.0 degC) about the normal monthly means, interpolated day by day; daily means, not daily maxima. "
        "Normal temperature recovered from monthly reference ET by the inverse of Thornthwaite, less the month's offset. " + synthetic,
    )
    write(
        "quzhou_storm_rain_normal_250m.tif", storm_normal, inside, grid, "float32", unit="mm/a", origin="synthetic",
        zh="常年天气暴雨日雨量", en="Rain on storm days under normal weather", kind="rain on storm days, normal weather",
        made_from="quzhou_storm_rain_2019_250m.tif, quzhou_storm_rain_2020_250m.tif, ITU-R P.837-7 rain, year factors of the data pack",
        period=f"two synthetic years of storms, brought to the climatology; {normal}",
        method="Storm rain over rain of the year, mean of 2019 and 2020, times normal rain; days of 50 mm and more. Two invented years are no climate: the storms of both years are in it.",
    )


def write(name, values, inside, grid, dtype, *, unit, origin, zh, en, kind, made_from, period, method):
    """One raster like the others of the region, and its sidecar."""
    assert np.isfinite(values).all(), f"{name}: a cell inside the data area has no value"
    full = np.full(inside.shape, NODATA, dtype)
    full[inside] = values.astype(dtype)
    path = HERE / "normal" / name
    profile = dict(driver="GTiff", dtype=dtype, nodata=NODATA, width=grid["width"], height=grid["height"], count=1, crs=grid["crs"], transform=grid["transform"])
    with rasterio.open(path, "w", **profile, tiled=True, blockxsize=256, blockysize=256, compress="deflate", predictor=2) as file:
        file.write(full, 1)
        file.set_band_description(1, kind)
    licence = "CC0-1.0 for the made content; the outline is OpenStreetMap (ODbL 1.0, attribution and share-alike)"
    keys = [
        ("title_zh", zh), ("title_en", en), ("origin", origin), ("from", made_from), ("licence", licence), ("period", period), ("crs", "EPSG:4549"), ("unit", unit),
        ("scale", 1), ("nodata", NODATA), ("method", method + " Made by make/normal_weather.py."), ("delivered", "made for this project"),
        ("covers", "six counties plus 5 km: 11,732 km2 with data"), ("sha256", hashlib.sha256(path.read_bytes()).hexdigest()),
    ]
    lines = [f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"' for key, value in keys]
    Path(f"{path}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: mean {values.mean():.1f}, {values.min():.1f} to {values.max():.1f}")


if __name__ == "__main__":
    main()
