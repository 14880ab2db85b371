//! The files of the region.

use std::fs;
use std::path::Path;

use liangshan_atlas::template;

use super::tiff::{Keys, Tiff};
use super::{CITY, COUNTIES, YEARS};

/// Upper left corner of the region's grid in EPSG:4549.
pub(crate) const CORNERS: (f64, f64) = (440_000.0, 3_200_000.0);
const SIZE: (usize, usize) = (40, 36);

/// The counties' outlines: three quadrilaterals and a pentagon around one common point, closed.
pub(crate) const OUTLINES: [&[(f64, f64)]; 3] = [
    &[(440_610.0, 3_199_410.0), (446_120.0, 3_199_380.0), (444_830.0, 3_195_370.0), (440_640.0, 3_196_210.0), (440_610.0, 3_199_410.0)],
    &[
        (446_120.0, 3_199_380.0),
        (449_390.0, 3_199_120.0),
        (449_210.0, 3_191_730.0),
        (443_270.0, 3_191_690.0),
        (444_830.0, 3_195_370.0),
        (446_120.0, 3_199_380.0),
    ],
    &[(440_640.0, 3_196_210.0), (444_830.0, 3_195_370.0), (443_270.0, 3_191_690.0), (440_690.0, 3_191_810.0), (440_640.0, 3_196_210.0)],
];

/// Class and attribute of a cell. A few cells change from one year to the next.
pub(crate) fn class(column: usize, row: usize, year: i32) -> (i64, i64) {
    const CLASSES: [(i64, i64); 8] = [(11, 21), (51, 1), (12, 24), (33, 41), (51, 2), (52, 4), (42, 12), (61, 51)];
    let changed = usize::from(year == 2020 && (column + 3 * row).is_multiple_of(11));
    CLASSES[(column / 5 + 2 * (row / 4) + changed) % CLASSES.len()]
}

fn grid(value: impl Fn(usize, usize) -> f64) -> Tiff {
    Tiff::of(Keys::Projected(4549), CORNERS, (250.0, 250.0), SIZE, value)
}

/// A raster of 500 m cells that reaches 1 km beyond the grid.
fn coarse(value: impl Fn(usize, usize) -> f64) -> Tiff {
    Tiff::of(Keys::Projected(4549), (CORNERS.0 - 1000.0, CORNERS.1 + 1000.0), (500.0, 500.0), (24, 22), value)
}

fn wave(column: usize, row: usize, long: f64) -> f64 {
    (column as f64 / long).sin() * (row as f64 / (long + 1.5)).cos()
}

/// All outlines through a function of a ring.
pub(crate) fn mapped(change: impl Fn(&[(f64, f64)]) -> Vec<(f64, f64)>) -> Vec<Vec<(f64, f64)>> {
    OUTLINES.iter().map(|ring| change(ring)).collect()
}

/// A feature collection with the counties' codes. `crs` is the member of GeoJSON 2008; without one
/// coordinates are longitude and latitude.
pub(crate) fn geojson(crs: Option<&str>, rings: &[Vec<(f64, f64)>]) -> String {
    let features: Vec<String> = rings
        .iter()
        .zip(COUNTIES)
        .map(|(ring, code)| {
            let points: Vec<String> = ring.iter().map(|(x, y)| format!("[{x}, {y}]")).collect();
            format!(
                "{{ \"type\": \"Feature\", \"properties\": {{ \"code\": \"{code}\" }}, \"geometry\": {{ \"type\": \"Polygon\", \"coordinates\": [[{}]] }} }}",
                points.join(", ")
            )
        })
        .collect();
    let crs = crs.map(|name| format!("\"crs\": {{ \"type\": \"name\", \"properties\": {{ \"name\": \"{name}\" }} }}, ")).unwrap_or_default();
    format!("{{ \"type\": \"FeatureCollection\", {crs}\"features\": [\n{}\n] }}", features.join(",\n"))
}

struct Writer<'a>(&'a Path);

impl Writer<'_> {
    fn put(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// A file with its sidecar; `more` are further lines of the sidecar.
    fn source(&self, file: &str, bytes: impl AsRef<[u8]>, origin: &str, period: &str, unit: &str, more: &str) {
        self.put(file, bytes);
        let sidecar = format!(
            "title_zh = \"测试数据 {file}\"\ntitle_en = \"Test data {file}\"\norigin = \"{origin}\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\nperiod = \"{period}\"\nunit = \"{unit}\"\n{more}"
        );
        self.put(&format!("{file}.toml"), sidecar);
    }
}

/// Writes the whole region.
pub(crate) fn write(folder: &Path) {
    let w = Writer(folder);
    for (file, bytes) in template::FILES.iter().filter(|(file, _)| file.starts_with("sources/")) {
        w.put(file, bytes);
    }
    w.put("region.toml", REGION);
    for file in ["sources/places.geojson", "sources/outline.geojson"] {
        w.source(file, geojson(Some("EPSG:4549"), &mapped(<[_]>::to_vec)), "synthetic", "2020", "", "");
    }
    rasters(&w);
    tables(&w);
}

fn rasters(w: &Writer<'_>) {
    for year in YEARS {
        let y = f64::from(year - 2019);
        let of = |name: &str| format!("sources/{name}_{year}.tif");
        let period = year.to_string();
        w.source(&of("ecosystem"), grid(|c, r| class(c, r, year).0 as f64).bytes(), "synthetic", &period, "code", "");
        w.source(&of("ecosystem_attribute"), grid(|c, r| class(c, r, year).1 as f64).bytes(), "synthetic", &period, "code", "");
        w.source(&of("et"), coarse(|c, r| 720.0 + 60.0 * wave(c, r, 5.0) + 10.0 * y).bytes(), "modelled", &period, "mm/a", "");
        w.source(&of("et_normal"), coarse(|c, r| 700.0 + 60.0 * wave(c, r, 5.0)).bytes(), "modelled", &period, "mm/a", "");
        w.source(&of("r_compare"), coarse(|c, r| 9_000.0 + 500.0 * wave(c, r, 4.0)).bytes(), "modelled", &period, "MJ mm/(ha h a)", "");
        w.source(&of("cover"), grid(|c, r| 0.5 + 0.45 * wave(c, r, 3.0) + 0.02 * y).bytes(), "measured", &period, "1", "");
        // Stored in tenths, so that the scale of the sidecar is used.
        w.source(&of("nep"), grid(|c, r| (5_000.0 + 1_500.0 * wave(c, r, 4.0) + 200.0 * y).round()).bytes(), "modelled", &period, "gC/(m2 a)", "scale = 0.1\n");
        w.source(&of("nep_normal"), grid(|c, r| (4_800.0 + 1_500.0 * wave(c, r, 4.0)).round()).bytes(), "modelled", &period, "gC/(m2 a)", "scale = 0.1\n");
    }
    for year in YEARS {
        let y = f64::from(year - 2019);
        let (of, period) = (|name: &str| format!("sources/{name}_{year}.tif"), year.to_string());
        w.source(&of("storm_rain"), coarse(|c, r| 400.0 + 90.0 * wave(c, r, 4.0) - 50.0 * y).bytes(), "synthetic", &period, "mm/a", "");
        w.source(&of("hot_days"), grid(|c, r| (70.0 + 8.0 * wave(c, r, 5.0) - 3.0 * y).round()).bytes(), "modelled", &period, "d", "");
    }
    w.source("sources/storm_rain_normal.tif", coarse(|c, r| 380.0 + 90.0 * wave(c, r, 4.0)).bytes(), "synthetic", "climatology", "mm/a", "");
    w.source("sources/hot_days_normal.tif", grid(|c, r| (66.0 + 8.0 * wave(c, r, 5.0)).round()).bytes(), "modelled", "climatology", "d", "");
    let mut rain = Tiff::of(Keys::Geographic(4326), (119.2, 29.1), (0.05, 0.05), (14, 12), |c, r| month_mm(1, c, r));
    for month in 2..=12 {
        rain = rain.and(|c, r| month_mm(month, c, r));
    }
    w.source("sources/rain_monthly.tif", rain.bytes(), "modelled", "climatology", "mm/month", "");
    w.source("sources/r_normal.tif", coarse(|c, r| 8_500.0 + 500.0 * wave(c, r, 4.0)).bytes(), "modelled", "climatology", "MJ mm/(ha h a)", "");
    let beyond = |value: fn(usize, usize) -> f64| {
        Tiff::of(Keys::Projected(4549), (CORNERS.0 - 500.0, CORNERS.1 + 500.0), (250.0, 250.0), (SIZE.0 + 4, SIZE.1 + 4), value)
    };
    w.source("sources/dem.tif", beyond(|c, r| 300.0 + 120.0 * wave(c, r, 6.0) + 3.0 * c as f64).bytes(), "measured", "2011", "m", "");
    let texture = grid(|c, r| 30.0 + 5.0 * wave(c, r, 7.0)).and(|c, r| 40.0 - 5.0 * wave(c, r, 7.0)).and(|_, _| 30.0).and(|c, r| 1.2 + 0.5 * wave(c, r, 5.0));
    w.source("sources/texture.tif", texture.bytes(), "modelled", "2010", "%", "");
    w.source("sources/bulk_density.tif", grid(|c, r| 1.3 + 0.1 * wave(c, r, 8.0)).bytes(), "modelled", "2010", "t/m3", "");
    w.source("sources/soil_class.tif", grid(|c, r| (1 + (c / 7 + r / 5) % 3) as f64).bytes(), "synthetic", "2010", "code", "");
}

fn month_mm(month: usize, column: usize, row: usize) -> f64 {
    40.0 + 25.0 * (6.0 - (month as f64 - 6.5).abs()) + 8.0 * wave(column, row, 3.0)
}

fn tables(w: &Writer<'_>) {
    // The template leaves α empty where no source has the class; these are invented.
    let mut runoff = String::from_utf8_lossy(template::FILES.iter().find(|f| f.0 == "sources/runoff_coefficients.csv").unwrap().1).into_owned();
    for (code, alpha) in [("51,1,paddy", "12.5"), ("51,2,dry cropland", "21.75"), ("61,51,residential", "62")] {
        let row = format!("{code},,");
        assert!(runoff.contains(&row), "the template's runoff table has changed");
        runoff = runoff.replace(&row, &format!("{code},{alpha},"));
    }
    w.put("sources/runoff_coefficients.csv", runoff);
    w.source(
        "sources/soil_classes.csv",
        "class,n_pct,p_pct\n1,0.16,0.06\n2,0.09,0.045\n3,0.12,0.05\n",
        "synthetic",
        "",
        "",
        "[columns.n_pct]\nunit = \"%\"\n[columns.p_pct]\nunit = \"%\"\n",
    );
    w.source("sources/parameters.csv", "id,value,unit\nslope_length,25,m\n", "synthetic", "", "", "");
    let mut factors = String::from("year,month,factor\n");
    for year in YEARS {
        for month in 1..=12 {
            factors.push_str(&format!("{year},{month},{}\n", 0.9 + f64::from((month * 7 + year) % 10) / 40.0));
        }
    }
    w.source("sources/factors.csv", factors, "synthetic", "2019-2020", "", "[columns.factor]\nunit = \"1\"\n");
    let mut days = String::from("county,date,rain_mm\n");
    for (c, code) in COUNTIES.iter().enumerate() {
        for year in YEARS {
            let months = [31, if year == 2020 { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let mut n = c * 3 + year as usize;
            for (m, length) in months.iter().enumerate() {
                for day in 1..=*length {
                    n += 1;
                    let rain = if n.is_multiple_of(4) { 6.0 + (n * 13 % 53) as f64 } else { 0.0 };
                    days.push_str(&format!("{code},{year}-{:02}-{day:02},{rain}\n", m + 1));
                }
            }
        }
    }
    w.source("sources/daily_rain.csv", days, "synthetic", "2019-2020", "", "[columns.rain_mm]\nunit = \"mm\"\n");
    let mut places = String::from("code,name_zh,name_en,level,parent_code\n990000,试验市,Test City,city,\n");
    for (code, name) in COUNTIES.iter().zip(["甲", "乙", "丙"]) {
        places.push_str(&format!("{code},{name}县,County {code},county,{CITY}\n"));
    }
    w.put("sources/places.csv", places);
    class_tables(w);
    purification(w);
    department(w);
}

/// The map's classes with what a table says of each.
fn by_class(header: &str, of: impl Fn(i64, i64) -> &'static str) -> String {
    let mut out = format!("ecosystem_code,attr,{header}\n");
    for (code, attribute) in [(11, 21), (51, 1), (12, 24), (33, 41), (51, 2), (52, 4), (42, 12), (61, 51), (41, 15)] {
        out.push_str(&format!("{code},{attribute},{}\n", of(code, attribute)));
    }
    out
}

fn class_tables(w: &Writer<'_>) {
    let units = |pairs: &[(&str, &str)]| pairs.iter().map(|(column, unit)| format!("[columns.{column}]\nunit = \"{unit}\"\n")).collect::<String>();
    let storm = by_class("storm_runoff_share,counted_vegetation,counted_marsh", |code, _| match code {
        11 | 12 => "0.38,yes,no",
        33 => "0.55,yes,no",
        41 => "1,no,yes",
        _ => "1,no,no",
    });
    w.source("sources/storm_runoff.csv", storm, "synthetic", "", "", &units(&[("storm_runoff_share", "1")]));
    let heat = by_class("epp,counted_transpiration,hot_day_evaporation,counted_evaporation", |code, _| match code {
        11 | 12 => "70.4,yes,0,no",
        33 => "25.6,yes,0,no",
        52 => "65.4,yes,0,no",
        42 => "0,no,5.0,yes",
        _ => "0,no,0,no",
    });
    w.source("sources/heat.csv", heat, "synthetic", "", "", &units(&[("epp", "kJ/(m2 d)"), ("hot_day_evaporation", "mm/d")]));
    let air = by_class("so2,nox,dust", |code, _| match code {
        11 => "88.6,6.0,10110",
        12 => "215.7,6.0,33200",
        33 => "0,0,120",
        51 => "0,0,950",
        _ => "0,0,0",
    });
    let kg = [("so2", "kg/(ha a)"), ("nox", "kg/(ha a)"), ("dust", "kg/(ha a)")];
    w.source("sources/air_rates.csv", air, "synthetic", "", "", &units(&kg));
    let water = by_class("cod,tn,tp", |code, _| if matches!(code, 41 | 42) { "110.4,8.56,8.56" } else { "0,0,0" });
    let t = [("cod", "t/(km2 a)"), ("tn", "t/(km2 a)"), ("tp", "t/(km2 a)")];
    w.source("sources/water_rates.csv", water, "synthetic", "", "", &units(&t));
}

/// Concentrations, limits and emissions: in the first county all is clean and little is emitted, in the
/// second more is emitted than can be taken up, in the third a limit is exceeded.
fn purification(w: &Writer<'_>) {
    let header = "year,county_code,species,annual_concentration,annual_limit,emission,origin\n";
    let (mut air, mut water) = (String::from(header), String::from(header));
    for year in YEARS {
        for (i, code) in COUNTIES.iter().enumerate() {
            let many = if i == 1 { 1000.0 } else { 1.0 };
            for (species, limit, emission) in [("SO2", 60.0, 3.217), ("NO2", 40.0, 1.25), ("PM10", 70.0, 2.5)] {
                let found = if i == 2 { limit + 0.5 } else { limit };
                air.push_str(&format!("{year},{code},{species},{found},{limit},{},synthetic\n", emission * many));
            }
            for (species, limit, emission) in [("COD", 20.0, 5.5), ("NH3-N", 1.0, 0.125), ("TP", 0.2, 0.25)] {
                let found = if i == 2 { limit * 1.5 } else { limit / 2.0 };
                water.push_str(&format!("{year},{code},{species},{found},{limit},{},synthetic\n", emission * many));
            }
            water.push_str(&format!("{year},{code},TN,,,{},synthetic\n", 0.75 * many));
        }
    }
    let units = |c: &str| format!("[columns.annual_concentration]\nunit = \"{c}\"\n[columns.annual_limit]\nunit = \"{c}\"\n[columns.emission]\nunit = \"t\"\n");
    w.source("sources/air_quality.csv", air, "synthetic", "2019-2020", "", &units("ug/m3"));
    w.source("sources/water_quality.csv", water, "synthetic", "2019-2020", "", &units("mg/L"));
}

/// Statistics, products and declarations of three counties in two years.
fn department(w: &Writer<'_>) {
    let mut statistics = String::from("region_code,region,period,indicator,value,unit,origin,source,note\n");
    let mut products = String::from("year,county_code,indicator,product,quantity,quantity_unit,price,price_unit,origin,note\n");
    let mut other = String::from("year,county_code,product,quantity,quantity_unit,price,price_unit,origin,note\n");
    let mut zero = String::from("year,county_code,indicator,quantity,unit,origin,reason\n");
    for year in YEARS {
        let mut whole = [0_i64; 5];
        for (i, code) in COUNTIES.iter().enumerate() {
            let k = i as i64 + 1 + i64::from(year - 2019);
            let own = [21_000 * k, 13 * k, 3 * k, 410_003 * k, 20_000 * k];
            for (sum, own) in whole.iter_mut().zip(own) {
                *sum += own;
            }
            statistic(&mut statistics, code, year, own);
            for (indicator, product, quantity, unit, price, price_unit) in [
                ("supply_agriculture", "rice", 1234 * k, "t", "2701.35", "CNY/t"),
                ("supply_forestry", "timber", 411 * k, "m3", "899.9", "CNY/m3"),
                ("supply_livestock", "pork", 97 * k, "t", "24003", "CNY/t"),
                ("supply_fishery", "freshwater fish", 33 * k, "t", "15.2", "CNY/kg"),
            ] {
                products.push_str(&format!("{year},{code},{indicator},{product},{quantity}.5,{unit},{price},{price_unit},synthetic,\n"));
            }
            other.push_str(&format!("{year},{code},seedlings,{}.25,1e4 plants,4.3,CNY/plant,synthetic,\n", 2 * k));
            for indicator in ["windbreak_sand_fixation", "coastal_protection", "flood_regulation_lake"] {
                zero.push_str(&format!("{year},{code},{indicator},0,t,synthetic,内陆湿润 / inland and humid\n"));
            }
        }
        statistic(&mut statistics, CITY, year, whole);
    }
    let by_unit = |column: &str, unit: &str| format!("[columns.{column}]\nunit = \"column:{unit}\"\n");
    w.source("sources/statistics.csv", statistics, "synthetic", "2019-2020", "", &by_unit("value", "unit"));
    let of_products = by_unit("quantity", "quantity_unit") + &by_unit("price", "price_unit");
    w.source("sources/supply_products.csv", products, "synthetic", "2019-2020", "", &of_products);
    w.source("sources/supply_other.csv", other, "synthetic", "2019-2020", "", &of_products);
    w.source("sources/declared_zero.csv", zero, "synthetic", "2019-2020", "", &by_unit("quantity", "unit"));
    inputs(w);
    w.source("sources/product_names.csv", "product,name_zh,name_en\nrice,稻谷,rice\ntimber,木材,timber\n", "synthetic", "", "", "");
}

/// A department table for every indicator that has one, and a register of four reservoirs.
fn inputs(w: &Writer<'_>) {
    let mut biomass = String::from("year,county_code,product,quantity,quantity_unit,price,price_unit,price_id,origin\n");
    let mut noise = String::from("year,county_code,green_belt_road_length,mean_attenuation,barrier_cost,price_id,origin\n");
    let mut ions =
        String::from("year,county_code,ecosystem_code,attr,stand_area,mean_concentration,stand_height,ion_lifetime,unit_cost,threshold,price_id,origin\n");
    let mut pests = String::from("year,county_code,vegetation,self_healed_area,price_id,origin\n");
    let mut species = String::from("year,county_code,shannon_class,forest_area,price_id,origin\n");
    let mut leisure = String::from("year,county_code,visitor_group,resident_visits,hours_per_visit,time_value,price_id,origin\n");
    let mut premium = String::from("year,county_code,component,quantity,quantity_unit,premium,premium_unit,annualised,price_id,origin\n");
    for year in YEARS {
        for (i, code) in COUNTIES.iter().enumerate() {
            let k = i as i64 + 1 + i64::from(year - 2019);
            let at = format!("{year},{code}");
            for (product, quantity, unit, price, price_unit) in
                [("straw", 601 * k, "t", "300", "CNY/t"), ("firewood", 329 * k, "t", "400", "CNY/t"), ("biogas", 9 * k, "1e4 m3", "1.5", "CNY/m3")]
            {
                biomass.push_str(&format!("{at},{product},{quantity},{unit},{price},{price_unit},{product}_price,synthetic\n"));
            }
            noise.push_str(&format!("{at},{}.3,4.1,120000,barrier_cost,synthetic\n", 8 * k));
            // The second stand lies below the floor of 600 and gives nothing.
            for (code, attr, mean) in [(11, 21, 1567), (12, 24, 580)] {
                ions.push_str(&format!("{at},{code},{attr},{}.25,{mean},13.0,10,5.8185e-18,600,ion_cost,synthetic\n", 390 * k));
            }
            for (vegetation, area) in [("forest", 65 * k), ("grass", 4 * k)] {
                pests.push_str(&format!("{at},{vegetation},{area}.7,pest_{vegetation},synthetic\n"));
            }
            for (class, id) in [("h0_1", "0_1"), ("h1_2", "1_2"), ("h2_3", "2_3"), ("h3_4", "3_4"), ("h4_5", "4_5")] {
                species.push_str(&format!("{at},{class},{}.19,shannon_{id},synthetic\n", 24 * k));
            }
            leisure.push_str(&format!("{at},residents,{}.6,1.6,8.5,leisure_hour,synthetic\n", 83 * k));
            premium.push_str(&format!("{at},room_nights,{}.1,1e4 room-nights,18,CNY/room-night,yes,premium_room_night,synthetic\n", 27 * k));
            premium.push_str(&format!("{at},housing,{}.4,1e4 m2,6.5,CNY/(m2 a),yes,premium_housing_year,synthetic\n", 60 * k));
        }
    }
    let unit = |column: &str, unit: &str| format!("[columns.{column}]\nunit = \"{unit}\"\n");
    let put = |name: &str, text: String, more: String| w.source(&format!("sources/{name}.csv"), text, "synthetic", "2019-2020", "", &more);
    put("supply_biomass_energy", biomass, unit("quantity", "column:quantity_unit"));
    put("noise_reduction", noise, unit("green_belt_road_length", "km") + &unit("mean_attenuation", "dB"));
    let of_ions = unit("stand_area", "ha") + &unit("mean_concentration", "ions/cm3") + &unit("stand_height", "m") + &unit("ion_lifetime", "min");
    put("negative_ions", ions, of_ions);
    put("pest_control", pests, unit("self_healed_area", "ha"));
    put("species_conservation", species, unit("forest_area", "ha"));
    put("leisure_recreation", leisure, unit("resident_visits", "1e4 visits") + &unit("hours_per_visit", "h"));
    put("landscape_premium", premium, unit("quantity", "column:quantity_unit"));
    let register = "reservoir_id,name_zh,county_code,status,total_capacity,total_capacity_origin,in_use_since\n\
        R1,甲水库,990001,in use,0.8,synthetic,\nR2,乙水库,990002,in use,1.7,measured,1970\n\
        R3,丙水库,990003,in use,0.3,synthetic,2020\nR4,丁水库,990003,in use,0.05,synthetic,\nR5,戊水库,990001,planned,0.3587,measured,\n";
    put("reservoirs", register.to_owned(), unit("total_capacity", "1e8 m3"));
}

fn statistic(out: &mut String, code: &str, year: i32, [people, gdp, revenue, visits, stock]: [i64; 5]) {
    for (indicator, value, unit) in [
        ("resident_population", people, "persons"),
        ("gdp", gdp, "1e8 CNY"),
        ("tourism_revenue", revenue, "1e8 CNY"),
        ("tourist_visits", visits, "visits"),
        ("forest_stock_volume", stock, "m3"),
    ] {
        out.push_str(&format!("{code},x,{year},{indicator},{value},{unit},synthetic,,\n"));
    }
    // Water, power and standing timber, in halves of their units so that decimals are used.
    let more =
        [("households", "1e4 m3"), ("industry", "1e4 m3"), ("farming", "1e4 m3"), ("environment", "1e4 m3"), ("power", "1e4 kWh"), ("timber_stock", "1e4 m3")];
    for (at, (indicator, unit)) in more.into_iter().enumerate() {
        out.push_str(&format!("{code},x,{year},{indicator},{}.5,{unit},synthetic,,\n", people / 1000 * (at as i64 + 1)));
    }
}

/// The declaration.
const REGION: &str = include_str!("region.toml");
