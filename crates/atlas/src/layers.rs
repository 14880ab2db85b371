//! Layers made ready: each declared source opened once, its unit, year and reference system held
//! against what the model wants, so that reading a block afterwards is only reading.

use std::collections::BTreeMap;
use std::sync::Arc;

use liangshan_formats::raster::Raster;
use liangshan_models::erosivity::{RainDay, annual_erosivity, half_month_erosivity};
use liangshan_space::{CellMap, Coverage, Crs, Grid, Projector, Resample, SourceBlock, Window};
use liangshan_vocab::{Digest, Input, Origin, Problem, Problems, Unit, nearest, text, words};

use crate::ground::{Classes, Places, stated_crs};
use crate::region::{CodeTable, Column, Layer, Region, Serving, SourceFile, Weather, resampling, years_of};

/// What a layer is prepared for.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The region.
    pub region: &'a Region,
    /// The grid, with room for the largest halo on every side.
    pub grid: &'a Grid,
    /// Places, for values that are given by place.
    pub places: &'a Places,
    /// Classes, for values that are given by class.
    pub classes: &'a Classes,
    /// The accounting year.
    pub year: i32,
    /// Whose weather.
    pub weather: Weather,
    /// Rain below this is not erosive, mm a day; needed for daily rain only.
    pub erosive_rain_mm: Option<f64>,
}

/// A source file that a layer read, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The file.
    pub file: String,
    /// Band, column or key within it.
    pub part: String,
    /// Its digest.
    pub digest: Digest,
    /// What it is.
    pub origin: Origin,
    /// Its licence.
    pub licence: String,
}

impl Read {
    pub(crate) fn of(file: &SourceFile, part: impl Into<String>) -> Self {
        Self { file: file.path.clone(), part: part.into(), digest: file.digest.clone(), origin: file.sidecar.origin, licence: file.sidecar.licence.clone() }
    }
}

/// A layer that is ready to be read.
pub struct Prepared {
    /// The input it serves.
    pub name: String,
    /// Files behind it.
    pub reads: Vec<Read>,
    /// What it is, all files together.
    pub origin: Origin,
    /// Anything else that its values depend on, for the name of a step.
    pub setting: String,
    /// The recorded datum decision, where one was applied.
    pub datum: Option<&'static str>,
    /// For erosivity from daily rain: its 24 half-months, by place.
    pub half_months: Vec<(String, [f64; 24])>,
    reader: Reader,
}

enum Reader {
    Band(Band),
    Monthly { bands: Vec<Band>, factors: [f64; 12] },
    Places(Vec<(Coverage, f64)>),
    Constant(f64),
    Classes(Vec<f64>),
    Codes { codes: Band, values: BTreeMap<i64, f64> },
}

/// One band of one raster, on its way to the region's grid.
pub(crate) struct Band {
    raster: Arc<Raster>,
    grid: Grid,
    projector: Projector,
    band: usize,
    method: Resample,
    /// `value = stored × factor + addend`, in the unit that is wanted.
    factor: f64,
    addend: f64,
    /// The stored value that the sidecar says is missing, where the file itself does not.
    nodata: Option<f64>,
    path: String,
}

/// Opens one band and holds unit, year and reference system against what is wanted.
pub(crate) fn open_band(s: &Setting<'_>, path: &str, band: usize, resample: Resample, wanted: Option<&str>, in_year: bool) -> Result<(Band, Read), Problems> {
    let mut problems = Problems::new();
    let file = problems.keep(s.region.sources.file(path));
    let raster = if problems.iter().any(|p| p.code == "source.missing_file") { None } else { problems.keep(s.region.sources.raster(path)) };
    let (Some(file), Some(raster)) = (file, raster) else { return Err(problems) };
    let info = raster.info();
    let sidecar = &file.sidecar;
    if band == 0 || band > info.bands {
        let bands = info.bands;
        problems.push(
            Problem::error("raster.no_such_band", words!("没有第 {band} 波段", "there is no band {band}"))
                .file(path)
                .expect(words!("1 至 {bands}", "1 to {bands}"))
                .fix(text("改正 region.toml 中的 band", "correct band in region.toml")),
        );
    }
    let crs = problems.keep(stated_crs(&info.crs, &sidecar.crs).map_err(|p| p.or_file(path)));
    let grid = crs.and_then(|crs| problems.keep(Grid::from_transform(crs, info.transform, info.columns, info.rows).map_err(|p| p.or_file(path))));
    let projector = grid.as_ref().and_then(|g| problems.keep(Projector::between(&s.grid.crs, &g.crs).map_err(|p| p.or_file(path))));
    let scale = match (sidecar.scale, info.scale) {
        (Some(stated), Some(own)) if stated != own => {
            problems.push(
                Problem::error(
                    "source.scale_conflict",
                    words!("说明文件的 scale 是 {stated}，文件自带的是 {own}", "the sidecar says scale {stated}, the file itself {own}"),
                )
                .file(path)
                .fix(text("两处只应有一个数；改正说明文件", "there is only one scale; correct the sidecar"))
                .expect(text("两处的 scale 相同", "the same scale in both")),
            );
            1.0
        }
        (stated, own) => stated.or(own).unwrap_or(1.0),
    };
    let nodata = match (sidecar.nodata, info.nodata) {
        (Some(stated), Some(own)) if !same_number(stated, own) => {
            problems.push(
                Problem::error(
                    "source.nodata_conflict",
                    words!("说明文件的 nodata 是 {stated}，文件自带的是 {own}", "the sidecar says nodata {stated}, the file itself {own}"),
                )
                .file(path)
                .expect(text("两处的 nodata 相同", "the same nodata in both"))
                .fix(text("查明哪个数表示缺测，改正另一处", "find out which number means missing and correct the other")),
            );
            None
        }
        (stated, None) => stated,
        _ => None,
    };
    let factor = match wanted {
        Some(unit) => problems.keep(unit_factor(&sidecar.unit, unit).map_err(|p| p.or_file(&format!("{path}.toml")).key("unit"))).unwrap_or(1.0),
        None => 1.0,
    };
    if in_year
        && let Some(years) = years_of(&sidecar.period)
        && !years.contains(&s.year)
    {
        let (year, period) = (s.year, &sidecar.period);
        problems.push(
            Problem::error("source.year_mismatch", words!("{year} 年用的数据说明为 {period}", "the source serves {year} but its sidecar says {period}"))
                .file(format!("{path}.toml"))
                .key("period")
                .expect(words!("包含 {year} 的时段", "a period that holds {year}"))
                .fix(text("换成当年的数据；若确为当年，改正说明文件", "bring the source of that year, or correct the sidecar")),
        );
    }
    match (grid, projector) {
        (Some(grid), Some(projector)) if !problems.has_errors() => {
            let read = Read::of(&file, if info.bands > 1 { format!("band {band}") } else { String::new() });
            let addend = info.offset.unwrap_or(0.0) * factor;
            let factor = if factor == 1.0 { scale } else { scale * factor };
            Ok((Band { raster, grid, projector, band: band - 1, method: resample, factor, addend, nodata, path: path.to_owned() }, read))
        }
        _ => Err(problems),
    }
}

/// True for the same number, also where one of them went through four bytes, and for two NaN.
fn same_number(a: f64, b: f64) -> bool {
    a == b || f64::from(a as f32) == f64::from(b as f32) || a.is_nan() && b.is_nan()
}

/// What a number in the sidecar's unit is multiplied by to be what the model wants.
pub(crate) fn unit_factor(given: &str, wanted: &str) -> Result<f64, Problem> {
    let into = Unit::parse(wanted)?;
    if given.is_empty() {
        return if into == Unit::one() {
            Ok(1.0)
        } else {
            Err(Problem::error("unit.missing", text("说明文件没有写单位", "the sidecar gives no unit"))
                .expect(words!("能换算为 {wanted} 的单位", "a unit that converts to {wanted}"))
                .fix(text("在说明文件中写明单位", "write the unit into the sidecar")))
        };
    }
    let from = Unit::parse(given)?;
    from.factor_to(&into).ok_or_else(|| liangshan_vocab::quantity::mismatch(given, wanted))
}

/// Attribute codes below this are paired with their class in one number, exactly.
const PAIR: f64 = 1_048_576.0;

impl Band {
    /// True when both have the same cells.
    pub(crate) fn lies_on(&self, other: &Self) -> bool {
        self.grid == other.grid
    }

    /// A class and its attribute brought onto the grid together, so that no pair arises that the
    /// source does not have.
    pub(crate) fn read_pair(class: &Self, attribute: &Self, grid: &Grid, window: &Window) -> Result<(Vec<f64>, Vec<f64>), Problem> {
        let map = CellMap::new(grid, *window, &class.grid, &class.projector);
        let Some(w) = map.source_window(class.method.margin()) else {
            return Ok((vec![f64::NAN; window.cells()], vec![f64::NAN; window.cells()]));
        };
        let classes = class.stored(&w)?;
        let attributes = attribute.stored(&w)?;
        let pairs: Vec<f64> = classes.iter().zip(&attributes).map(|(c, a)| if a.is_nan() { c * PAIR } else { c * PAIR + a }).collect();
        let pairs = map.resample(class.method, &SourceBlock { grid: &class.grid, window: w, values: &pairs });
        Ok(pairs.into_iter().map(|pair| ((pair / PAIR).floor(), pair.rem_euclid(PAIR))).unzip())
    }

    /// The band on a window of the region's grid.
    pub(crate) fn read(&self, grid: &Grid, window: &Window) -> Result<Vec<f64>, Problem> {
        let map = CellMap::new(grid, *window, &self.grid, &self.projector);
        let mut values = match map.source_window(self.method.margin()) {
            None => vec![f64::NAN; window.cells()],
            Some(w) => {
                let source = self.stored(&w)?;
                map.resample(self.method, &SourceBlock { grid: &self.grid, window: w, values: &source })
            }
        };
        if self.factor != 1.0 || self.addend != 0.0 {
            for value in &mut values {
                *value = *value * self.factor + self.addend;
            }
        }
        Ok(values)
    }

    /// The band as it is stored, on a window of its own cells, NaN where missing.
    fn stored(&self, w: &Window) -> Result<Vec<f64>, Problem> {
        let mut values = self.raster.read(self.band, w.column, w.row, w.columns, w.rows).map_err(|p| p.or_file(&self.path))?;
        if let Some(nodata) = self.nodata {
            values.iter_mut().filter(|v| same_number(**v, nodata)).for_each(|v| *v = f64::NAN);
        }
        Ok(values)
    }

    /// What the sidecar says that changes values, for the name of a step: the file's own bytes do not
    /// hold it.
    pub(crate) fn setting(&self) -> String {
        format!("{} {} {} {:?} {:?}", self.grid.crs.name(), self.factor, self.addend, self.nodata, self.method)
    }
}

/// A month with more than this many times its normal amount is a slip of the pen.
const GREATEST_MONTH_FACTOR: f64 = 20.0;

/// The months of a year, each times its factor, summed on the source's own cells and brought onto
/// the grid once: every method but the mode is linear, so that the order makes no difference but to
/// the last bits. A month that is missing makes the year missing.
fn monthly(bands: &[Band], factors: &[f64; 12], grid: &Grid, window: &Window) -> Result<Vec<f64>, Problem> {
    let Some(first) = bands.first() else { return Ok(vec![f64::NAN; window.cells()]) };
    let map = CellMap::new(grid, *window, &first.grid, &first.projector);
    let Some(w) = map.source_window(first.method.margin()) else { return Ok(vec![f64::NAN; window.cells()]) };
    let mut year = vec![0.0; w.cells()];
    for (band, factor) in bands.iter().zip(factors) {
        let month = band.stored(&w)?;
        year.iter_mut().zip(month).for_each(|(sum, value)| *sum += (value * band.factor + band.addend) * factor);
    }
    Ok(map.resample(first.method, &SourceBlock { grid: &first.grid, window: w, values: &year }))
}

impl Prepared {
    /// The layer on a window of the region's grid, row by row, NaN where missing. `classes` are the
    /// class indices of the window, for values given by class.
    ///
    /// # Errors
    /// Those of the decoder: a truncated tile and the like.
    pub fn read(&self, grid: &Grid, window: &Window, classes: &[u16]) -> Result<Vec<f64>, Problem> {
        match &self.reader {
            Reader::Band(band) => band.read(grid, window),
            Reader::Monthly { bands, factors } => monthly(bands, factors, grid, window),
            Reader::Places(places) => {
                let (mut weighted, mut shares) = (vec![0.0; window.cells()], vec![0.0; window.cells()]);
                for (coverage, value) in places {
                    for (index, share) in coverage.in_window(window) {
                        weighted[index as usize] += value * share;
                        shares[index as usize] += share;
                    }
                }
                Ok(weighted.iter().zip(&shares).map(|(w, s)| if *s > 0.0 { w / s } else { f64::NAN }).collect())
            }
            Reader::Constant(value) => Ok(vec![*value; window.cells()]),
            Reader::Classes(values) => Ok(classes.iter().map(|c| values.get(usize::from(*c)).copied().unwrap_or(f64::NAN)).collect()),
            Reader::Codes { codes, values } => {
                let read = codes.read(grid, window)?;
                Ok(read.into_iter().map(|code| if code.is_nan() { code } else { values.get(&(code as i64)).copied().unwrap_or(f64::NAN) }).collect())
            }
        }
    }

    /// The value of each class, for a layer given by class.
    pub fn by_class(&self) -> Option<&[f64]> {
        if let Reader::Classes(values) = &self.reader { Some(values) } else { None }
    }

    /// The value of each place, for a layer given by place, in the order of the places.
    pub fn by_place(&self) -> Option<Vec<f64>> {
        if let Reader::Places(values) = &self.reader { Some(values.iter().map(|v| v.1).collect()) } else { None }
    }

    /// The codes that a class raster shows in a window and the table does not list.
    ///
    /// # Errors
    /// Those of the decoder.
    pub fn unlisted_codes(&self, grid: &Grid, window: &Window) -> Result<Option<Vec<f64>>, Problem> {
        let Reader::Codes { codes, values } = &self.reader else { return Ok(None) };
        let read = codes.read(grid, window)?;
        Ok(Some(read.into_iter().map(|code| if code.is_nan() || values.contains_key(&(code as i64)) { f64::NAN } else { code }).collect()))
    }

    /// One number everywhere, whatever the region declares, for a stated reason.
    pub(crate) fn constant(name: &str, value: f64, why: &str) -> Self {
        let setting = format!("{value}: {why}");
        Self {
            name: name.to_owned(),
            reads: Vec::new(),
            origin: Origin::Measured,
            setting,
            datum: None,
            half_months: Vec::new(),
            reader: Reader::Constant(value),
        }
    }

    /// The number, for a layer that is one number everywhere.
    pub(crate) fn as_constant(&self) -> Option<f64> {
        if let Reader::Constant(value) = self.reader { Some(value) } else { None }
    }

    /// Prepares a declared layer for a model's input.
    ///
    /// # Errors
    /// Everything that keeps it from being read, at once.
    pub fn prepare(s: &Setting<'_>, layer: &Layer, wanted: &Input) -> Result<Self, Problems> {
        let unit = wanted.measure.unit;
        let mut prepared = Self {
            name: layer.name.clone(),
            reads: Vec::new(),
            origin: Origin::Measured,
            setting: String::new(),
            datum: None,
            half_months: Vec::new(),
            reader: Reader::Constant(f64::NAN),
        };
        match &layer.serving {
            Serving::Raster { raster, normal, band, resample } => {
                let use_normal = s.weather == Weather::Normal && normal.is_some();
                let path = match (use_normal, normal) {
                    (true, Some(normal)) => normal.of(s.year),
                    _ => raster.of(s.year),
                };
                let in_year = raster.0.contains("{year}") && !use_normal;
                let (opened, read) = open_band(s, &path, *band, resampling(resample), Some(unit), in_year)?;
                prepared.take(&opened, read);
                prepared.reader = Reader::Band(opened);
            }
            Serving::Monthly { raster, factors, column, resample } => prepared.monthly(s, unit, raster, factors, column, resample)?,
            Serving::DailyRain { table, place, date, column, normal, resample, .. } => match (s.weather, normal) {
                (Weather::Normal, Some(normal)) => {
                    let (opened, read) = open_band(s, &normal.of(s.year), 1, resampling(resample), Some(unit), false)?;
                    prepared.take(&opened, read);
                    prepared.reader = Reader::Band(opened);
                }
                _ => prepared.daily_rain(s, unit, table, [place, date, column])?,
            },
            Serving::Constant { value, unit: given, source, key } => {
                let factor = unit_factor(given, unit).map_err(|p| p.file(crate::region::REGION_FILE).row(layer.row))?;
                if let Some(path) = source {
                    let file = s.region.sources.file(path)?;
                    prepared.reads.push(Read::of(&file, key.clone().unwrap_or_default()));
                    prepared.origin = file.sidecar.origin;
                }
                prepared.setting = format!("{value} {given}");
                prepared.reader = Reader::Constant(value * factor);
            }
            Serving::ClassTable { file, key, column } => prepared.class_table(s, unit, file, key, column)?,
            Serving::CodeTable { table, column } => prepared.code_table(s, unit, table, column)?,
        }
        Ok(prepared)
    }

    fn take(&mut self, band: &Band, read: Read) {
        self.datum = self.datum.or(band.projector.datum());
        self.setting = band.setting();
        self.add(read);
    }

    fn add(&mut self, read: Read) {
        self.origin = if self.reads.is_empty() { read.origin } else { self.origin.with(read.origin) };
        if !self.reads.contains(&read) {
            self.reads.push(read);
        }
    }

    fn monthly(&mut self, s: &Setting<'_>, unit: &str, raster: &str, factors: &str, column: &str, resample: &str) -> Result<(), Problems> {
        let mut problems = Problems::new();
        // A month's amount summed over the twelve months is the year's.
        let a_month = unit.replace("/a", "/month");
        let mut bands = Vec::new();
        for month in 1..=12 {
            match open_band(s, raster, month, resampling(resample), Some(&a_month), false) {
                Ok((band, read)) => {
                    self.take(&band, Read { part: "band 1–12".into(), ..read });
                    bands.push(band);
                }
                Err(failed) => {
                    problems.extend(failed);
                    break;
                }
            }
        }
        let mut of_months = [1.0; 12];
        if s.weather == Weather::Year
            && let Some(table) = problems.keep(s.region.sources.table(factors))
        {
            let t = &table.table;
            let mut seen = [false; 12];
            if let Some([year, month, value]) = problems.keep(t.find(["year", "month", column]).map_err(|p| p.or_file(factors))) {
                problems.extend(t.duplicate_keys(&[year, month]).or_file(factors));
                for row in &t.rows {
                    if t.text(row, year) != s.year.to_string() || t.text(row, month).is_empty() {
                        continue;
                    }
                    let at = problems.keep(t.integer(row, month).map_err(|p| p.or_file(factors))).flatten();
                    let factor = problems.keep(t.number(row, value).map_err(|p| p.or_file(factors))).flatten();
                    match (at.and_then(|m| m.checked_sub(1)).and_then(|m| usize::try_from(m).ok()).filter(|m| *m < 12), factor) {
                        (Some(_), Some(f)) if !(0.0..=GREATEST_MONTH_FACTOR).contains(&f) => problems.push(
                            Problem::error("table.out_of_range", words!("月系数 {f} 超出范围", "a month's factor of {f} is out of range"))
                                .file(factors)
                                .row(row.line)
                                .column(column)
                                .expect(words!("0 至 {GREATEST_MONTH_FACTOR}", "0 to {GREATEST_MONTH_FACTOR}"))
                                .fix(text("核对该月的实际值与常年值", "compare the month with its normal")),
                        ),
                        // A month of 0 stands for the whole year and is not read here.
                        (None, _) if at.is_some_and(|m| m != 0) => problems.push(
                            Problem::error("table.not_a_month", words!("“{}”不是月份", "\"{}\" is not a month", t.text(row, month)))
                                .file(factors)
                                .row(row.line)
                                .column("month")
                                .expect(text("1 至 12；0 表示全年", "1 to 12; 0 for the whole year"))
                                .fix(text("改正月份", "correct the month")),
                        ),
                        (Some(m), Some(f)) => {
                            of_months[m] = f;
                            seen[m] = true;
                        }
                        // A whole-year factor has no month here; a text in a number was reported above.
                        _ => continue,
                    }
                }
            }
            let missing: Vec<String> = (0..12).filter(|m| !seen[*m]).map(|m| (m + 1).to_string()).collect();
            if !missing.is_empty() && !problems.has_errors() {
                let (year, months) = (s.year, missing.join(", "));
                problems.push(
                    Problem::error("source.year_missing", words!("{year} 年缺少第 {months} 月的系数", "the factors of months {months} of {year} are missing"))
                        .file(factors)
                        .column(column)
                        .expect(text("每年十二行，每月一行", "twelve rows for each year"))
                        .fix(text("补齐缺少的月份", "add the missing months")),
                );
            }
            self.add(Read::of(&table.file, format!("{column}, {}", s.year)));
        }
        if problems.has_errors() {
            return Err(problems);
        }
        self.setting.push_str(&format!(" {of_months:?}"));
        self.reader = Reader::Monthly { bands, factors: of_months };
        Ok(())
    }

    fn daily_rain(&mut self, s: &Setting<'_>, unit: &str, path: &str, [place, date, column]: [&str; 3]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let Some(threshold) = s.erosive_rain_mm else {
            return Err(Problem::error("profile.parameter_missing", text("方法方案没有给出侵蚀性降雨阈值", "the profile gives no threshold of erosive rain"))
                .key("erosive_rain_threshold")
                .expect(text("单位为 mm/d 的数值", "a number in mm/d"))
                .fix(text("在方法方案中给出 erosive_rain_threshold", "give erosive_rain_threshold in the profile"))
                .into());
        };
        let table = s.region.sources.table(path)?;
        let t = &table.table;
        let columns = t.find([place, date, column]).map_err(|p| p.or_file(path))?;
        problems.extend(t.duplicate_keys(&columns[..2]).or_file(path));
        let year = s.year.to_string();
        let mut days: BTreeMap<&str, Vec<RainDay>> = BTreeMap::new();
        for row in &t.rows {
            let day = t.text(row, columns[1]);
            if !day.starts_with(&year) {
                continue;
            }
            let month_and_day = parse_day(day);
            if month_and_day.is_none() {
                problems.push(
                    Problem::error("table.not_a_date", words!("“{day}”不是日期", "\"{day}\" is not a date"))
                        .file(path)
                        .row(row.line)
                        .column(date)
                        .expect(text("YYYY-MM-DD", "YYYY-MM-DD"))
                        .fix(text("改正日期的写法", "correct how the date is written")),
                );
            }
            let rain = problems.keep(t.number(row, columns[2]).map_err(|p| p.or_file(path))).flatten();
            if rain.is_some_and(|r| !(0.0..=2000.0).contains(&r)) {
                problems.push(
                    Problem::error("table.out_of_range", words!("日雨量 {} 超出范围", "a day's rain of {} is out of range", rain.unwrap_or(f64::NAN)))
                        .file(path)
                        .row(row.line)
                        .column(column)
                        .expect(text("0 至 2000 毫米", "0 to 2000 mm"))
                        .fix(text("检查单位；缺测时留空", "check the unit; leave the cell empty where there is no value")),
                );
            }
            if let (Some((month, day)), Some(rain)) = (month_and_day, rain) {
                days.entry(t.text(row, columns[0])).or_default().push(RainDay { month, day, rain_mm: rain });
            }
        }
        let mut by_place = Vec::new();
        for county in &s.places.counties {
            let of_county = days.get(county.code.as_str());
            let wanted = if s.year % 4 == 0 && (s.year % 100 != 0 || s.year % 400 == 0) { 366 } else { 365 };
            let found = of_county.map_or(0, Vec::len);
            if found != wanted {
                let code = &county.code;
                problems.push(
                    Problem::error("source.days_missing", words!("{code} 在 {year} 年有 {found} 天的雨量", "{code} has rain for {found} days of {year}"))
                        .file(path)
                        .key(code.as_str())
                        .expect(words!("{wanted} 天，无雨记 0", "{wanted} days, 0 where there was no rain"))
                        .fix(text("补齐缺少的日期；有多余的行则删去", "add the missing days, or delete the rows that are too many")),
                );
                continue;
            }
            if let Some(of_county) = of_county {
                let halves = half_month_erosivity(of_county, threshold, 1);
                self.half_months.push((county.code.clone(), halves));
                by_place.push((county.coverage.clone(), annual_erosivity(&halves)));
            }
        }
        for code in days.keys().filter(|code| !s.places.counties.iter().any(|c| c.code == **code)) {
            let near = nearest(code, s.places.counties.iter().map(|c| c.code.as_str()));
            problems.push(
                Problem::error("place.unknown_code", words!("区划代码“{code}”不在本区域", "the division code \"{code}\" is not of this region"))
                    .file(path)
                    .column(place)
                    .key(*code)
                    .fix_near(near, text("用 GB/T 2260 的六位代码", "use the six-digit code of GB/T 2260"))
                    .expect(text("本区域各县的区划代码", "the division code of a county of this region")),
            );
        }
        let factor = unit_factor("MJ mm/(ha h a)", unit)?;
        let values: Vec<f64> = by_place.iter().map(|(_, r)| r * factor).collect();
        self.setting = format!("HJ 1173 A.5-A.6, threshold {threshold} mm, {values:?}");
        self.add(Read::of(&table.file, format!("{column}, {year}")));
        self.reader = Reader::Places(by_place.into_iter().map(|(c, r)| (c, r * factor)).collect());
        problems.into_result(())
    }

    fn class_table(&mut self, s: &Setting<'_>, unit: &str, path: &str, key: &[String], column: &Column) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let table = s.region.sources.table(path)?;
        let t = &table.table;
        let keys: Vec<usize> = key.iter().filter_map(|k| problems.keep(t.column(k).map_err(|p| p.or_file(path)))).collect();
        let value = problems.keep(t.column(&column.name).map_err(|p| p.or_file(path)));
        if !(1..=2).contains(&key.len()) {
            problems.push(
                Problem::error("region.class_key", text("类别表的键应为一列或两列", "a class table has one or two key columns"))
                    .file(crate::region::REGION_FILE)
                    .expect(text("[\"类别\"] 或 [\"类别\", \"属性\"]", "[\"class\"] or [\"class\", \"attribute\"]"))
                    .fix(text("改正 key", "correct key")),
            );
        }
        let (Some(value), true, false) = (value, keys.len() == key.len(), problems.has_errors()) else { return Err(problems) };
        problems.extend(t.duplicate_keys(&keys).or_file(path));
        let factor = column_factor(&table.file, column, unit, &mut problems);
        let mut values = vec![f64::NAN; s.classes.classes.len()];
        for row in &t.rows {
            let code = problems.keep(t.integer(row, keys[0]).map_err(|p| p.or_file(path))).flatten();
            let attribute = match keys.get(1) {
                Some(k) => problems.keep(t.integer(row, *k).map_err(|p| p.or_file(path))).flatten(),
                None => None,
            };
            let number = cell_number(&table, row, value, column, &mut problems);
            let Some(code) = code else { continue };
            for (i, class) in s.classes.classes.iter().enumerate() {
                if class.code == code && attribute.is_none_or(|a| a == class.attribute) && keys.get(1).is_none_or(|_| attribute.is_some()) {
                    values[i] = number.map_or(f64::NAN, |n| n * factor);
                }
            }
        }
        // The values themselves, because keys and words of region.toml change them too.
        self.setting = format!("{} {values:?}", column.name);
        self.add(Read::of(&table.file, column.name.clone()));
        self.reader = Reader::Classes(values);
        problems.into_result(())
    }

    fn code_table(&mut self, s: &Setting<'_>, unit: &str, declared: &CodeTable, column: &Column) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let path = &declared.file;
        let raster_path = declared.raster.of(s.year);
        let codes = problems.keep(open_band(s, &raster_path, 1, Resample::Nearest, None, declared.raster.0.contains("{year}")));
        let Some(table) = problems.keep(s.region.sources.table(path)) else { return Err(problems) };
        let t = &table.table;
        let found = problems.keep(t.find([declared.key.as_str(), column.name.as_str()]).map_err(|p| p.or_file(path)));
        let factor = column_factor(&table.file, column, unit, &mut problems);
        let mut values = BTreeMap::new();
        if let Some([key, value]) = found {
            problems.extend(t.duplicate_keys(&[key]).or_file(path));
            for row in &t.rows {
                let code = problems.keep(t.integer(row, key).map_err(|p| p.or_file(path))).flatten();
                let number = cell_number(&table, row, value, column, &mut problems);
                if let (Some(code), Some(number)) = (code, number) {
                    values.insert(code, number * factor);
                }
            }
        }
        let Some((codes, read)) = codes else { return Err(problems) };
        self.take(&codes, read);
        self.add(Read::of(&table.file, column.name.clone()));
        self.setting.push_str(&format!(" {} {values:?}", column.name));
        self.reader = Reader::Codes { codes, values };
        problems.into_result(())
    }
}

/// A number, or the number a word stands for; empty cells are missing.
fn cell_number(table: &crate::region::TableFile, row: &liangshan_formats::table::Row, at: usize, column: &Column, problems: &mut Problems) -> Option<f64> {
    let t = &table.table;
    let path = &table.file.path;
    match &column.words {
        None => problems.keep(t.number(row, at).map_err(|p| p.or_file(path))).flatten(),
        Some(words) => {
            let word = t.text(row, at);
            let known = words.get(word).copied();
            if known.is_none() && !word.is_empty() {
                let list = words.keys().cloned().collect::<Vec<_>>().join(", ");
                problems.push(
                    Problem::error("table.unknown_word", words!("“{word}”不在词表中", "\"{word}\" is not one of the words"))
                        .file(path.as_str())
                        .row(row.line)
                        .column(column.name.as_str())
                        .expect(words!("{list} 之一", "one of {list}"))
                        .fix(text("改正该格；或在 region.toml 的 words 中补上这个词", "correct the cell, or add the word to words in region.toml")),
                );
            }
            known
        }
    }
}

fn column_factor(file: &SourceFile, column: &Column, wanted: &str, problems: &mut Problems) -> f64 {
    if column.words.is_some() {
        return 1.0;
    }
    let given = file.sidecar.columns.get(&column.name).and_then(|c| c.unit.as_deref()).unwrap_or("");
    problems.keep(unit_factor(given, wanted).map_err(|p| p.or_file(&format!("{}.toml", file.path)).key(format!("columns.{}.unit", column.name)))).unwrap_or(1.0)
}

/// Month and day of `YYYY-MM-DD`.
fn parse_day(day: &str) -> Option<(u8, u8)> {
    let mut parts = day.split('-');
    let (_, month, day) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month, day))
}

/// The reference system of the region, said with the recorded decision on datums.
pub fn crs_note(crs: &Crs, datum: Option<&'static str>) -> String {
    match datum {
        Some(decision) => format!("{} ({decision})", crs.name()),
        None => crs.name(),
    }
}
