//! Shares that judges make of observations: good days of the air, sections that meet their class.

use std::collections::BTreeMap;

use jiff::civil::Date;
use liangshan_duty::air::judge::{Edition, Question, judge};
use liangshan_duty::air::{At, DayNumber, Micro, Reading as AirReading, Rules as AirRules, Series};
use liangshan_duty::standard::shipped;
use liangshan_duty::water::{Class, Observation, Plan, Reading, Span, Station, Water, assess};
use liangshan_formats::table::{Table, read_csv};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::declared::{Aim, Observations};
use super::records::Book;
use crate::region::Region;

/// Shares by year, in %, and what was too little to make one.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    /// By year.
    pub years: BTreeMap<i32, (f64, Text)>,
    /// Years whose observations do not suffice.
    pub short: BTreeMap<i32, Text>,
}

/// The edition that the plan's target is defined by.
const EDITION: &str = "2012";

/// Columns of daily values, with the items they are of.
const DAILY: [(&str, &str); 6] = [("pm25", "PM25_24h"), ("pm10", "PM10_24h"), ("co", "CO_24h"), ("no2", "NO2_24h"), ("o3_8h", "O3_8h"), ("so2", "SO2_24h")];

/// The share of good days of each year, under the edition of 2012, where the days suffice for a year.
///
/// # Errors
/// Those of the tables; `plan.observation` for a cell that is no concentration or a day that is none.
pub fn good_days(region: &Region, observed: &Observations) -> Result<Shares, Problems> {
    let rules = AirRules::shipped();
    let mut problems = Problems::new();
    let mut series = Series::new(rules.pollutants.len());
    let station = series.station("city");
    for file in &observed.air_daily {
        let Some(t) = problems.keep(received(region, file)) else { continue };
        let Some(day) = problems.keep(t.column("date").map_err(|p| p.or_file(file))) else { continue };
        for row in &t.rows {
            let Ok(date) = t.text(row, day).parse::<Date>() else {
                problems.push(unread(t.text(row, day)).file(file.as_str()).row(row.line).column("date"));
                continue;
            };
            for (column, key) in DAILY {
                let (Some(at), Some(item)) = (t.columns.iter().position(|c| c == column), rules.item(key)) else { continue };
                let cell = t.text(row, at);
                if cell.is_empty() {
                    continue;
                }
                let Some(value) = Micro::parse(cell) else {
                    problems.push(unread(cell).file(file.as_str()).row(row.line).column(column));
                    continue;
                };
                // A value that stands twice counts once, two that differ do not count: the series says so.
                let _ = series.put(station, At::Day(DayNumber::of(date)), item, AirReading::Value(value));
            }
        }
    }
    let mut shares = Shares::default();
    let question = Question { edition: Edition::Named(EDITION.to_owned()), ..Question::default() };
    for judged in problems.keep(judge(&series, rules, &question)).unwrap_or_default() {
        for year in &judged.years {
            let (valid, good) = (year.days.valid, year.days.good);
            let says = words!("有效 {valid} 天，优良 {good} 天", "{valid} valid days, {good} of them good");
            match year.days.good_pct().filter(|_| year.sufficient) {
                Some(share) => drop(shares.years.insert(i32::from(year.year), (share, says))),
                None => drop(shares.short.insert(i32::from(year.year), says)),
            }
        }
    }
    problems.into_result(shares)
}

/// A table of observations as it was received. Its sidecar is not asked: the judges have units of their own
/// for the columns they read.
fn received(region: &Region, file: &str) -> Result<Table, Problems> {
    let bytes = std::fs::read(region.folder.join(file)).map_err(|e| crate::whole::cannot_read(file, &e))?;
    read_csv(&bytes).map_err(|p| p.or_file(file))
}

fn unread(cell: &str) -> Problem {
    Problem::error("plan.observation", words!("“{cell}”读不懂", "\"{cell}\" is not understood"))
        .expect(text("日期如 2015-01-31；浓度为不带单位的数", "a day such as 2015-01-31; a concentration as a number without a unit"))
        .fix(text("改正该格，没有数据则留空", "correct the cell, or leave it empty where there is no value"))
}

/// Columns of readings, with their items and units.
const ITEMS: [(&str, &str, &str); 5] =
    [("ph", "ph", "1"), ("do_mg_l", "do", "mg/L"), ("codmn_mg_l", "codmn", "mg/L"), ("nh3n_mg_l", "nh3n", "mg/L"), ("tp_mg_l", "tp", "mg/L")];

/// The share of sections of each year that meet an aim, where every section of the register has a class.
///
/// # Errors
/// Those of the tables and of the standards.
pub fn sections(region: &Region, observed: &Observations, register: Option<&Book>, aim: Aim) -> Result<Shares, Problems> {
    let mut problems = Problems::new();
    let tables: Vec<(&String, Table)> = observed.sections.iter().filter_map(|file| Some((file, problems.keep(received(region, file))?))).collect();
    let mut observations = Vec::new();
    for (file, t) in &tables {
        let Some([section, time]) = problems.keep(t.find(["section", "time_local"]).map_err(|p| p.or_file(file))) else { continue };
        for row in &t.rows {
            for (column, item, unit) in ITEMS {
                let Some(at) = t.columns.iter().position(|c| c == column) else { continue };
                // `--` and `*` are how stations write that there is no value.
                let Some(reading) = Reading::parse(t.text(row, at)) else { continue };
                let (section, at) = (t.text(row, section), t.text(row, time));
                observations.push(Observation { section, at, item, reading, unit, row: row.line });
            }
        }
    }
    let stations = register.map(|book| {
        let station = |record| {
            let name = book.written(record, "name_zh");
            let water = if observed.lakes.contains(&name) { Water::Lake } else { Water::River };
            Station { water, target: Class::parse(&book.written(record, "target_class")), name }
        };
        book.records.iter().map(station).collect()
    });
    let plan = Plan { stations: stations.unwrap_or_default(), otherwise: Some(Water::River), ..Plan::default() };
    let assessed = assess(shipped(), &observations, &plan)?;
    let mut shares = Shares::default();
    for (span, period, rates) in assessed.compliance() {
        let (Span::Year, Ok(year)) = (span, period.parse::<i32>()) else { continue };
        let (of, short) = (rates.assessed, rates.insufficient);
        let says = words!("{of} 个断面有类别，{short} 个数据不足", "{of} sections have a class, {short} too little data");
        let share = match aim {
            Aim::Own => rates.own_pct,
            Aim::Third => rates.third_pct,
        };
        match share.filter(|_| short == 0) {
            Some(share) => drop(shares.years.insert(year, (share, says))),
            None => drop(shares.short.insert(year, says)),
        }
    }
    problems.into_result(shares)
}
