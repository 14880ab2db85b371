//! What `region.toml` says: grid, years, places, and which source serves which input of a model.

use std::collections::BTreeMap;

use liangshan_accounts::catalogue::{self, CATALOGUE};
use liangshan_formats::document::{Document, Section};
use liangshan_space::{Crs, Grid, Resample};
use liangshan_vocab::place::is_division_code;
use liangshan_vocab::{Problem, Text, Unit, nearest, text, words};
use serde::{Deserialize, Serialize};

use super::{ControlLayer, Observed, ProjectSites, ShownLayer};

/// Whose weather a year is computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weather {
    /// The year's own.
    #[default]
    Year,
    /// The multi-year normal, so that a change between years can be split.
    Normal,
}

impl Weather {
    /// `year` or `normal`.
    pub fn word(self) -> &'static str {
        match self {
            Weather::Year => "year",
            Weather::Normal => "normal",
        }
    }

    /// Reads `year` or `normal`.
    pub fn parse(word: &str) -> Option<Self> {
        [Weather::Year, Weather::Normal].into_iter().find(|w| w.word() == word)
    }
}

/// A path that may hold `{year}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pattern(pub String);

impl Pattern {
    /// The path in one year.
    pub fn of(&self, year: i32) -> String {
        self.0.replace("{year}", &year.to_string())
    }
}

/// How source cells become cells of the region's grid.
pub type Resampling = Resample;

/// Words of a table column and the numbers a model knows them by.
pub type Words = BTreeMap<String, f64>;

/// A number or coded word in a column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// For a column of words: what number each stands for.
    pub words: Option<Words>,
}

/// A table looked up by code in a class raster of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeTable {
    /// The raster of codes.
    pub raster: Pattern,
    /// The table.
    pub file: String,
    /// Its key column.
    pub key: String,
}

/// What serves one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Serving {
    /// One band of a raster.
    Raster {
        /// The raster of the year.
        raster: Pattern,
        /// The raster of the normal weather.
        normal: Option<Pattern>,
        /// The band, from 1.
        band: usize,
        /// How it comes onto the grid.
        resample: &'static str,
    },
    /// Twelve monthly normals, each times a factor of the month, summed over the year.
    Monthly {
        /// Twelve bands, January first.
        raster: String,
        /// Columns `year`, `month` and the factor's.
        factors: String,
        /// The factor's column.
        column: String,
        /// How it comes onto the grid.
        resample: &'static str,
    },
    /// Rainfall erosivity from daily rain by place, HJ 1173-2021 A.5–A.6.
    DailyRain {
        /// The table of days.
        table: String,
        /// The column of place codes.
        place: String,
        /// The column of dates, `YYYY-MM-DD`.
        date: String,
        /// The column of rain, mm.
        column: String,
        /// A raster to compare with, not to use.
        compare: Option<Pattern>,
        /// The raster of the normal weather.
        normal: Option<Pattern>,
        /// How the rasters come onto the grid.
        resample: &'static str,
    },
    /// One number everywhere.
    Constant {
        /// The number.
        value: f64,
        /// Its unit.
        unit: String,
        /// The file it was taken from, if any.
        source: Option<String>,
        /// The row of that file.
        key: Option<String>,
    },
    /// A column of a table by ecosystem class.
    ClassTable {
        /// The table.
        file: String,
        /// Its key columns: class, or class and attribute.
        key: Vec<String>,
        /// The column.
        column: Column,
    },
    /// A column of a table by the code in a raster.
    CodeTable {
        /// The raster and the table.
        table: CodeTable,
        /// The column.
        column: Column,
    },
}

/// The tables of concentrations, limits and emissions, by their key below `[tables]`.
pub const LIMIT_TABLES: [&str; 2] = ["air_quality", "water_quality"];

impl Tables {
    /// A table of concentrations, limits and emissions.
    pub fn limits(&self, key: &str) -> Option<&String> {
        match key {
            "air_quality" => self.air_quality.as_ref(),
            "water_quality" => self.water_quality.as_ref(),
            _ => None,
        }
    }
}

impl Serving {
    /// True when the weather setting changes what is read.
    pub fn follows_weather(&self) -> bool {
        match self {
            Serving::Raster { normal, .. } => normal.is_some(),
            Serving::Monthly { .. } | Serving::DailyRain { .. } => true,
            Serving::Constant { .. } | Serving::ClassTable { .. } | Serving::CodeTable { .. } => false,
        }
    }
}

/// A declared layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    /// The name of the input it serves.
    pub name: String,
    /// The line in `region.toml`.
    #[serde(skip)]
    pub row: u64,
    /// What serves it.
    pub serving: Serving,
    /// For days above a temperature: whether of daily means or of daily maxima.
    pub basis: Option<&'static str>,
}

/// The temperatures that can make a day count as hot.
const DAY_BASES: [&str; 2] = ["daily_mean", "daily_max"];

/// Where the places are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacesFile {
    /// The polygons, GeoPackage or GeoJSON.
    pub layer: String,
    /// The field with the code.
    pub code: String,
    /// The table of codes, names, levels and parents.
    pub table: String,
    /// The edition of the boundaries.
    pub edition: String,
    /// Another drawing of the same places, to notice a shifted layer by.
    pub reference: Option<String>,
}

/// The ecosystem map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ecosystem {
    /// Class codes, HJ 1166-2021 level II.
    pub raster: Pattern,
    /// Attribute codes that split a class.
    pub attribute: Option<Pattern>,
    /// The table of classes.
    pub classes: String,
    /// The table of attributes.
    pub attributes: Option<String>,
}

/// Department tables, prices and parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tables {
    /// Unit prices.
    pub prices: String,
    /// Statistics by place and period.
    pub statistics: Option<String>,
    /// Products of material supply.
    pub supply_products: Option<String>,
    /// Products outside the yearbook's outputs.
    pub supply_other: Option<String>,
    /// Indicators declared zero or not applicable, with the reason.
    pub declared: Option<String>,
    /// Single numbers.
    pub parameters: Option<String>,
    /// What products are called in both languages.
    pub product_names: Option<String>,
    /// Tables of one indicator each, and registers, by their key.
    pub departments: BTreeMap<String, String>,
    /// Concentrations, limits and emissions to air by county.
    pub air_quality: Option<String>,
    /// Concentrations, limits and emissions to water by county.
    pub water_quality: Option<String>,
}

/// What the statistics table calls the numbers that are needed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct StatisticsNames {
    /// Resident population.
    pub population: Option<String>,
    /// Gross domestic product.
    pub gdp: Option<String>,
    /// Tourism revenue.
    pub tourism_revenue: Option<String>,
    /// Visits.
    pub tourist_visits: Option<String>,
    /// Water used by households.
    pub water_domestic: Option<String>,
    /// Water used by industry.
    pub water_industrial: Option<String>,
    /// Water used by farming.
    pub water_agricultural: Option<String>,
    /// Water given to the environment.
    pub water_ecological: Option<String>,
    /// Electricity from water.
    pub hydropower: Option<String>,
    /// Standing volume of timber, to tell a stock from a year's yield and to hold carbon against.
    pub forest_stock: Option<String>,
}

/// The whole of `region.toml`.
#[derive(Debug, Clone)]
pub struct Declared {
    /// A short identifier.
    pub id: String,
    /// The region's name.
    pub title: Text,
    /// Its division code.
    pub code: String,
    /// Accounting years, ascending.
    pub years: Vec<i32>,
    /// Languages of its publications.
    pub languages: Vec<String>,
    /// The default method profile.
    pub profile: String,
    /// Whose weather.
    pub weather: Option<Weather>,
    /// The grid.
    pub grid: Grid,
    /// Block and file tile, cells.
    pub tile: usize,
    /// Places.
    pub places: PlacesFile,
    /// Ecosystem map.
    pub ecosystem: Ecosystem,
    /// Layers by the input they serve.
    pub layers: BTreeMap<String, Layer>,
    /// Tables.
    pub tables: Tables,
    /// Names in the statistics table.
    pub statistics: StatisticsNames,
    /// Indicators that do not apply here; the table of declared zeros gives the reason.
    pub not_applicable: Vec<String>,
    /// The table of offices that may deliver.
    pub offices: Option<String>,
    /// The table of areas that were approved for lines and for building, by county.
    pub approved: Option<String>,
    /// Layers of spatial control, in the order of the file.
    pub control: Vec<ControlLayer>,
    /// Layers that maps show besides, in the order of the file.
    pub shown: Vec<ShownLayer>,
    /// Sites of projects, where there are any.
    pub sites: Option<ProjectSites>,
    /// Files of measurements that pages judge, in the order of the file.
    pub observed: Vec<Observed>,
}

/// Words for [`Resample`] in files.
const RESAMPLES: [(&str, Resample); 5] =
    [("nearest", Resample::Nearest), ("mode", Resample::Mode), ("bilinear", Resample::Bilinear), ("average", Resample::Average), ("sum", Resample::Sum)];

/// The method behind a word of [`Serving`]; the words were checked when the file was read.
pub fn resampling(word: &str) -> Resampling {
    RESAMPLES.iter().find(|r| r.0 == word).map_or(Resample::Nearest, |r| r.1)
}

fn resample_word(section: &Section<'_>, otherwise: &'static str) -> &'static str {
    let words = RESAMPLES.map(|r| r.0);
    match section.optional_one_of("resample", &words) {
        Some(word) => RESAMPLES.iter().find(|r| r.0 == word).map_or(otherwise, |r| r.0),
        None => otherwise,
    }
}

fn pattern(section: &Section<'_>, key: &str) -> Option<Pattern> {
    section.text(key).map(Pattern)
}

fn optional_pattern(section: &Section<'_>, key: &str) -> Option<Pattern> {
    section.optional_text(key).map(Pattern)
}

/// The longest side of a grid that is believed to be meant.
const MOST_CELLS_ON_A_SIDE: i64 = 2_000_000;

impl Declared {
    /// Reads the parsed file. Faults are noted in the document; `None` when something needed is
    /// missing.
    pub fn read(document: &Document) -> Option<Self> {
        let root = document.root();
        let region = root.section("region");
        let head = region.as_ref().and_then(Self::head);
        let grid = root.section("grid").and_then(|s| read_grid(&s));
        let places = root.section("places").and_then(|s| {
            let (layer, code, table, edition) = (s.text("layer"), s.text("code"), s.text("table"), s.text("edition"));
            let reference = s.optional_text("reference");
            Some(PlacesFile { layer: layer?, code: code?, table: table?, edition: edition?, reference })
        });
        let ecosystem = root.section("ecosystem").and_then(|s| {
            let (raster, attribute) = (pattern(&s, "raster"), optional_pattern(&s, "attribute"));
            let (classes, attributes) = (s.text("classes"), s.optional_text("attributes"));
            Some(Ecosystem { raster: raster?, attribute, classes: classes?, attributes })
        });
        let layers = read_layers(&root);
        let tables = root.section("tables").and_then(|s| {
            let prices = s.text("prices");
            let optional = |key| s.optional_text(key);
            let (statistics, supply_products, supply_other) = (optional("statistics"), optional("supply_products"), optional("supply_other"));
            let (declared, parameters, product_names) = (optional("declared"), optional("parameters"), optional("product_names"));
            let departments = [
                ("supply_biomass_energy", optional("supply_biomass_energy")),
                ("reservoirs", optional("reservoirs")),
                ("lakes", optional("lakes")),
                ("noise_reduction", optional("noise_reduction")),
                ("negative_ions", optional("negative_ions")),
                ("pest_control", optional("pest_control")),
                ("species_conservation", optional("species_conservation")),
                ("leisure_recreation", optional("leisure_recreation")),
                ("landscape_premium", optional("landscape_premium")),
            ];
            let departments = departments.into_iter().filter_map(|(key, path)| Some((key.to_owned(), path?))).collect();
            let (air_quality, water_quality) = (optional("air_quality"), optional("water_quality"));
            Some(Tables {
                prices: prices?,
                statistics,
                supply_products,
                supply_other,
                declared,
                parameters,
                product_names,
                departments,
                air_quality,
                water_quality,
            })
        });
        let statistics = root.optional_section("statistics").map_or_else(StatisticsNames::default, |s| StatisticsNames {
            population: s.optional_text("population"),
            gdp: s.optional_text("gdp"),
            tourism_revenue: s.optional_text("tourism_revenue"),
            tourist_visits: s.optional_text("tourist_visits"),
            water_domestic: s.optional_text("water_domestic"),
            water_industrial: s.optional_text("water_industrial"),
            water_agricultural: s.optional_text("water_agricultural"),
            water_ecological: s.optional_text("water_ecological"),
            hydropower: s.optional_text("hydropower"),
            forest_stock: s.optional_text("forest_stock"),
        });
        let not_applicable = root.optional_section("declared").and_then(|s| s.texts("not_applicable")).unwrap_or_default();
        if let Some(s) = root.optional_section("declared") {
            for id in not_applicable.iter().filter(|id| catalogue::indicator(id).is_none()) {
                s.problem(
                    "not_applicable",
                    Problem::error("region.unknown_indicator", words!("没有指标“{id}”", "there is no indicator \"{id}\""))
                        .expect(text("docs/reference/indicators.md 所列的标识", "an id of docs/reference/indicators.md"))
                        .fix_near(nearest(id, CATALOGUE.iter().map(|i| i.id)), text("改正标识", "correct the id")),
                );
            }
        }
        let offices = root.optional_section("deliveries").and_then(|s| {
            if let Some(fills) = s.optional_section("fills") {
                fills.keys().iter().for_each(|table| drop(fills.text(table)));
            }
            s.optional_text("offices")
        });
        let approved = root.optional_section("approved").and_then(|s| s.text("file"));
        let control = super::control::read(&root);
        let shown = super::shown::read(&root);
        let sites = super::sites::read(&root);
        let observed = super::observed::read(&root);
        let (id, title, code, years, languages, profile, weather) = head?;
        let (grid, tile) = grid?;
        Some(Self {
            id,
            title,
            code,
            years,
            languages,
            profile,
            weather,
            grid,
            tile,
            places: places?,
            ecosystem: ecosystem?,
            layers,
            tables: tables?,
            statistics,
            not_applicable,
            offices,
            approved,
            control,
            shown,
            sites,
            observed,
        })
    }

    #[allow(clippy::type_complexity, reason = "the head of the file, taken apart by its only caller")]
    fn head(s: &Section<'_>) -> Option<(String, Text, String, Vec<i32>, Vec<String>, String, Option<Weather>)> {
        let id = s.parsed("id", |id| {
            let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            plain.then(|| id.to_owned()).ok_or_else(|| {
                Problem::error("region.id", words!("标识“{id}”不能用作文件名", "the id \"{id}\" cannot be used in file names"))
                    .expect(text("小写字母、数字和连字符", "lower-case letters, digits and hyphens"))
                    .fix(text("改正 id", "correct id"))
            })
        });
        let (zh, en) = (s.text("title_zh"), s.text("title_en"));
        let code = s.parsed("code", |code| {
            is_division_code(code).then(|| code.to_owned()).ok_or_else(|| {
                Problem::error("place.code_form", words!("“{code}”不是六位行政区划代码", "\"{code}\" is not a six-digit division code"))
                    .expect(text("GB/T 2260 代码，如 330800", "a GB/T 2260 code such as 330800"))
                    .fix(text("改正代码", "correct the code"))
            })
        });
        let years = s.integers("years").map(|years| {
            let mut years: Vec<i32> = years.into_iter().filter_map(|y| i32::try_from(y).ok()).filter(|y| (1900..=2200).contains(y)).collect();
            years.sort_unstable();
            years.dedup();
            years
        });
        if years.as_ref().is_some_and(Vec::is_empty) {
            s.problem(
                "years",
                Problem::error("region.years", text("没有可用的核算年份", "there is no usable accounting year"))
                    .expect(text("1900 至 2200 间的年份列表，如 [2019, 2020]", "a list of years between 1900 and 2200, such as [2019, 2020]"))
                    .fix(text("改正 years", "correct years")),
            );
        }
        let languages = s.optional_texts("languages").unwrap_or_else(|| vec!["zh".into(), "en".into()]);
        for language in &languages {
            if language != "zh" && language != "en" {
                s.problem(
                    "languages",
                    Problem::error("region.language", words!("不支持语言“{language}”", "the language \"{language}\" is not supported"))
                        .expect(text("zh 或 en", "zh or en"))
                        .fix(text("改正 languages", "correct languages")),
                );
            }
        }
        let profile = s.text("profile");
        let weather = s.optional_one_of("weather", &["year", "normal"]).and_then(Weather::parse);
        Some((id?, Text::of(zh?, en?), code?, years.filter(|y| !y.is_empty())?, languages, profile?, weather))
    }

    /// Years that were asked for, or all of them.
    ///
    /// # Errors
    /// `region.unknown_year` for each year that the region does not declare.
    pub fn chosen_years(&self, asked: &[i32]) -> Result<Vec<i32>, liangshan_vocab::Problems> {
        let mut problems = liangshan_vocab::Problems::new();
        for year in asked.iter().filter(|y| !self.years.contains(y)) {
            let known = self.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
            problems.push(
                Problem::error("region.unknown_year", words!("区域没有声明 {year} 年", "the region does not declare the year {year}"))
                    .file(super::REGION_FILE)
                    .key("region.years")
                    .expect(words!("{known} 之一", "one of {known}"))
                    .fix(words!("把 {year} 加入 years，并补齐该年的数据", "add {year} to years and bring that year's sources")),
            );
        }
        let chosen = if asked.is_empty() { self.years.clone() } else { self.years.iter().copied().filter(|y| asked.contains(y)).collect() };
        problems.into_result(chosen)
    }
}

/// The most cells of a grid: a country at 30 m, twice over.
const MOST_CELLS: i64 = 20_000_000_000;

fn read_grid(s: &Section<'_>) -> Option<(Grid, usize)> {
    let crs = s.parsed("crs", Crs::parse);
    let (cell, x0, y0) = (s.number("cell_m"), s.number("origin_x"), s.number("origin_y"));
    let (columns, rows) = (s.integer("columns"), s.integer("rows"));
    let tile = s.optional_integer("tile").unwrap_or(256);
    let bad = |key: &str, expected: Text| {
        s.problem(
            key,
            Problem::error("region.grid", text("格网定义有误", "the grid is not usable")).expect(expected).fix(text("改正该值", "correct the value")),
        )
    };
    let mut sound = true;
    if cell.is_some_and(|c| c <= 0.0) {
        bad("cell_m", text("大于 0 的格网边长（坐标单位）", "a cell size above zero, in the units of the CRS"));
        sound = false;
    }
    for (key, value) in [("columns", columns), ("rows", rows)] {
        if value.is_some_and(|v| !(1..=MOST_CELLS_ON_A_SIDE).contains(&v)) {
            bad(key, words!("1 至 {MOST_CELLS_ON_A_SIDE} 之间的整数", "an integer from 1 to {MOST_CELLS_ON_A_SIDE}"));
            sound = false;
        }
    }
    if !matches!(tile, 16..=4096) || tile % 16 != 0 {
        bad("tile", text("16 的倍数，16 至 4096", "a multiple of 16 from 16 to 4096"));
        sound = false;
    }
    if columns.zip(rows).is_some_and(|(c, r)| c.saturating_mul(r) > MOST_CELLS) {
        bad("columns", words!("至多 {MOST_CELLS} 个格网", "at most {MOST_CELLS} cells in all"));
        sound = false;
    }
    let crs = crs?;
    if crs.is_geographic() {
        bad("crs", text("以米为单位的投影坐标系，如 EPSG:4549", "a projected CRS in metres, such as EPSG:4549"));
        return None;
    }
    let grid = Grid { crs, x0: x0?, y0: y0?, dx: cell?, dy: cell?, columns: usize::try_from(columns?).ok()?, rows: usize::try_from(rows?).ok()? };
    sound.then_some((grid, usize::try_from(tile).ok()?))
}

fn read_layers(root: &Section<'_>) -> BTreeMap<String, Layer> {
    let mut layers: BTreeMap<String, Layer> = BTreeMap::new();
    let mut add = |section: &Section<'_>, key: &str, name: String, serving: Serving, basis: Option<&'static str>| {
        let row = section.row_of(key);
        if let Some(first) = layers.get(&name) {
            let line = first.row;
            section.problem(
                key,
                Problem::error("region.layer_twice", words!("输入“{name}”被声明了两次", "the input \"{name}\" is served twice"))
                    .expect(words!("每个输入只有一个来源；另一处在第 {line} 行", "one source for each input; the other is in line {line}"))
                    .fix(text("删去其中一处", "delete one of them")),
            );
            return;
        }
        layers.insert(name.clone(), Layer { name, row, serving, basis });
    };
    for (name, s) in root.sections("layer") {
        let basis = s.optional_one_of("basis", &DAY_BASES).and_then(|said| DAY_BASES.into_iter().find(|b| *b == said));
        if let Some(serving) = read_layer(&s) {
            add(&s, "how", name, serving, basis);
        }
    }
    for (_, s) in root.sections("class_table") {
        let (file, key) = (s.text("file"), s.texts("key"));
        let columns = s.section("layers").map(|layers| read_columns(&layers)).unwrap_or_default();
        if let (Some(file), Some(key)) = (file, key) {
            for (name, column) in columns {
                add(&s, "layers", name, Serving::ClassTable { file: file.clone(), key: key.clone(), column }, None);
            }
        }
    }
    for (_, s) in root.sections("code_table") {
        let (raster, file, key) = (pattern(&s, "raster"), s.text("file"), s.text("key"));
        let columns = s.section("layers").map(|layers| read_columns(&layers)).unwrap_or_default();
        if let (Some(raster), Some(file), Some(key)) = (raster, file, key) {
            let table = CodeTable { raster, file, key };
            for (name, column) in columns {
                add(&s, "layers", name, Serving::CodeTable { table: table.clone(), column }, None);
            }
        }
    }
    layers
}

/// `name = "column"` or `name = { column = "…", words = { yes = 1 } }`.
fn read_columns(layers: &Section<'_>) -> Vec<(String, Column)> {
    let mut columns = Vec::new();
    for name in layers.keys() {
        if layers.kind_of(&name) == "table" {
            let Some(s) = layers.section(&name) else { continue };
            let column = s.text("column");
            let words = s.optional_section("words").map(|w| w.keys().into_iter().filter_map(|word| Some((word.clone(), w.number(&word)?))).collect::<Words>());
            columns.extend(column.map(|column| (name, Column { name: column, words })));
        } else {
            columns.extend(layers.text(&name).map(|column| (name, Column { name: column, words: None })));
        }
    }
    columns
}

fn read_layer(s: &Section<'_>) -> Option<Serving> {
    match s.one_of("how", &["raster", "monthly_normal_times_factor", "daily_rain_erosivity", "constant"])? {
        "raster" => {
            let (raster, normal) = (pattern(s, "raster"), optional_pattern(s, "normal"));
            let band = s.optional_integer("band").unwrap_or(1);
            if band < 1 {
                s.problem(
                    "band",
                    Problem::error("region.band", words!("没有第 {band} 波段", "there is no band {band}"))
                        .expect(text("从 1 开始的波段号", "a band counted from 1"))
                        .fix(text("改正 band", "correct band")),
                );
            }
            let resample = resample_word(s, "bilinear");
            Some(Serving::Raster { raster: raster?, normal, band: usize::try_from(band).ok()?.max(1), resample })
        }
        "monthly_normal_times_factor" => {
            let (raster, factors, column) = (s.text("raster"), s.text("factors"), s.text("column"));
            let resample = resample_word(s, "bilinear");
            Some(Serving::Monthly { raster: raster?, factors: factors?, column: column?, resample })
        }
        "daily_rain_erosivity" => {
            let (table, place, date, column) = (s.text("table"), s.text("place"), s.text("date"), s.text("column"));
            let (compare, normal, resample) = (optional_pattern(s, "compare"), optional_pattern(s, "normal"), resample_word(s, "bilinear"));
            Some(Serving::DailyRain { table: table?, place: place?, date: date?, column: column?, compare, normal, resample })
        }
        _ => {
            let unit = s.parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned()));
            let (value, source, key) = (s.number("value"), s.optional_text("source"), s.optional_text("key"));
            Some(Serving::Constant { value: value?, unit: unit?, source, key })
        }
    }
}
