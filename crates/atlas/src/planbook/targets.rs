//! The targets of the plan: read from the table, held against their values, broken down, and looked
//! ahead of.

use std::collections::BTreeMap;

use liangshan_accounts::targets::break_down::{Part, Rule, break_down};
use liangshan_accounts::targets::forecast::{Walk, forecast};
use liangshan_accounts::targets::history::{History, history};
use liangshan_accounts::targets::population::doubt_of_basis;
use liangshan_accounts::targets::{Aim, Direction, Sort, Standing, Target, standing};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::declared::TargetSources;
use super::values::{Grounds, TypedValues, Values};
use crate::region::Region;

/// A row of the table of targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    /// The line.
    pub line: u64,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The value to reach, where the plan gives one.
    pub value: Option<f64>,
    /// What the plan says where it gives no number.
    pub said: String,
    /// Its unit as the table writes it.
    pub unit: String,
    /// Which way it points, and what sort it is.
    pub aim: Aim,
    /// Where its base comes from; empty where none is declared.
    pub base_origin: String,
    /// Its formula.
    pub formula: String,
    /// The department that publishes it.
    pub department: String,
    /// Its chapter.
    pub chapter: String,
    /// The words of the plan.
    pub quote: String,
}

/// The chance of reaching a target, by drawing lots.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The seed.
    pub seed: u64,
    /// Draws.
    pub draws: u32,
    /// Draws that reached it.
    pub hits: u32,
    /// Their share.
    pub probability: f64,
    /// Years ahead.
    pub years: u32,
    /// What the past gave.
    pub history: History,
}

/// A target as it stands.
#[derive(Debug, Clone)]
pub struct TargetView {
    /// The row.
    pub row: TargetRow,
    /// What the region says of it.
    pub sources: TargetSources,
    /// Its values.
    pub values: Values,
    /// Where it stands.
    pub standing: Standing,
    /// The year of the counties' parts.
    pub parts_year: i32,
    /// The counties' parts.
    pub parts: Vec<Part>,
    /// The chance, where its year is still to come.
    pub chance: Option<Chance>,
}

impl TargetView {
    /// The value to reach as a person reads it.
    pub fn wanted(&self) -> String {
        let base = |sign: &str| self.standing.base.map_or_else(|| self.row.said.clone(), |(year, v)| format!("{sign} {v} ({year})"));
        match (self.row.aim.target.direction, self.row.value) {
            (Direction::AtLeast, Some(v)) => format!("≥ {v}"),
            (Direction::AtMost, Some(v)) => format!("≤ {v}"),
            (Direction::NoDecline, _) => base("≥"),
            (Direction::Growth, _) => base(">"),
            (_, None) => self.row.said.clone(),
        }
    }
}

/// Reads the table of targets.
///
/// # Errors
/// `plan.target` for a word or number that is not understood; those of the table.
pub fn rows(region: &Region, file: &str, first_year: i32) -> Result<Vec<TargetRow>, Problems> {
    let table = region.sources.table(file)?;
    let t = &table.table;
    let names = [
        "id",
        "name_zh",
        "name_en",
        "target_value",
        "target_text",
        "unit",
        "direction",
        "kind",
        "due_year",
        "base_year",
        "base_value",
        "base_origin",
        "formula",
        "source_department",
        "seed_chapter",
        "quote_zh",
    ];
    let at = t.find(names).map_err(|p| p.or_file(file))?;
    let (mut problems, mut out) = (Problems::new(), Vec::new());
    for row in &t.rows {
        let cell = |i: usize| t.text(row, at[i]);
        let number = |i: usize| t.number(row, at[i]).map_err(|p| p.or_file(file));
        let year = |i: usize| t.integer(row, at[i]).map_err(|p| p.or_file(file));
        let wrong = |column: &'static str, word: &str, known: &'static str| {
            Problem::error("plan.target", words!("“{word}”不在清单中", "\"{word}\" is not of the list"))
                .file(file)
                .row(row.line)
                .column(column)
                .expect(Text::same(known))
                .fix(text("改用清单中的词", "use a word of the list"))
        };
        let direction = Direction::parse(cell(6)).ok_or_else(|| wrong("direction", cell(6), "ge | le | no_decline | growth"));
        let sort = Sort::parse(cell(7)).ok_or_else(|| wrong("kind", cell(7), "number | keep | deliverable"));
        let (direction, sort) = (problems.keep(direction), problems.keep(sort));
        let (value, base) = (problems.keep(number(3)), problems.keep(number(10)));
        let (due, base_year) = (problems.keep(year(8)), problems.keep(year(9)));
        let (Some(direction), Some(sort), Some(value), Some(base), Some(Some(due)), Some(base_year)) = (direction, sort, value, base, due, base_year) else {
            continue;
        };
        let (Ok(due), base_year) = (i32::try_from(due), base_year.and_then(|y| i32::try_from(y).ok())) else { continue };
        let target = Target { direction, value, base, round_before_judge: None };
        let own = |i: usize| cell(i).to_owned();
        out.push(TargetRow {
            line: row.line,
            id: own(0),
            title: Text::of(own(1), own(2)),
            value,
            said: own(4),
            unit: own(5),
            aim: Aim { target, sort, from: first_year, due, base_year },
            base_origin: own(11),
            formula: own(12),
            department: own(13),
            chapter: own(14),
            quote: own(15),
        });
    }
    problems.into_result(out)
}

/// Holds every target against its values.
pub fn views(rows: Vec<TargetRow>, grounds: &Grounds<'_>, typed: &TypedValues, seed: u64, problems: &mut Problems) -> Vec<TargetView> {
    let mut out: Vec<TargetView> = Vec::new();
    for row in rows {
        let Some(sources) = grounds.declared.sources.get(&row.id).cloned() else {
            let id = &row.id;
            problems.push(
                Problem::error(
                    "plan.target_unknown",
                    words!("没有说明目标 {id} 由谁负责、数值从哪里来", "nobody says who answers for the target {id} and where its values come from"),
                )
                .file(super::PLAN_FILE)
                .key(format!("target.{id}"))
                .expect(words!("[target.{id}] owner = …", "[target.{id}] owner = …"))
                .fix(text("补上该节", "add the section")),
            );
            continue;
        };
        let values = grounds.values(&row.id, &sources, row.aim.due, typed, problems);
        let standing = standing(&row.aim, &values.numbers(), grounds.known);
        let parts_year = standing.latest.map_or(row.aim.due, |l| l.0);
        let parts = parts(&row, &sources, &values, &standing, grounds, problems);
        let chance = chance(&row, &values.numbers(), &standing, grounds, seed, problems);
        out.push(TargetView { row, sources, values, standing, parts_year, parts, chance });
    }
    basis(&mut out, grounds, problems);
    out
}

fn parts(row: &TargetRow, sources: &TargetSources, values: &Values, standing: &Standing, grounds: &Grounds<'_>, problems: &mut Problems) -> Vec<Part> {
    let Some(rule) = sources.break_down else { return Vec::new() };
    let Some((year, _)) = standing.latest else { return Vec::new() };
    // The base of the break-down is the counties' first year that all have, so that what they did since shows.
    let first = values.counties.values().filter_map(|years| years.keys().next().copied()).max();
    let base_year = standing.base.map(|b| b.0).max(first).unwrap_or(year);
    let counties: Vec<(String, Option<f64>, Option<f64>)> = grounds
        .counties
        .iter()
        .map(|code| (code.clone(), values.county(code, base_year).map(|v| v.value), values.county(code, year).map(|v| v.value)))
        .collect();
    let keeps = matches!(row.aim.target.direction, Direction::NoDecline | Direction::Growth);
    if keeps && rule != Rule::Each {
        // What may not decline in the city may not decline in any county: each against its own base.
        return counties
            .iter()
            .flat_map(|county| {
                let own = Target { base: county.1, ..row.aim.target };
                break_down(Rule::Each, &own, None, std::slice::from_ref(county), sources.decimals).unwrap_or_default()
            })
            .collect();
    }
    let target = Target { base: standing.base.map(|b| b.1), ..row.aim.target };
    let city_base = values.city.get(&base_year).map(|v| v.value);
    problems.keep(break_down(rule, &target, city_base, &counties, sources.decimals).map_err(|p| p.key(row.id.as_str()))).unwrap_or_default()
}

/// The chance of a number whose year is still to come. What is to be kept or delivered has none.
fn chance(row: &TargetRow, series: &BTreeMap<i32, f64>, standing: &Standing, grounds: &Grounds<'_>, seed: u64, problems: &mut Problems) -> Option<Chance> {
    let (year, start) = standing.latest.filter(|(year, _)| *year < row.aim.due && row.aim.sort == Sort::Number)?;
    let (target, sign) = match row.aim.target.direction {
        Direction::AtLeast => (row.value?, 1.0),
        // The generator counts walks that end at the target or above: for a bound from above both are turned.
        Direction::AtMost => (row.value?, -1.0),
        Direction::NoDecline | Direction::Growth => (standing.base?.1, 1.0),
    };
    let known: BTreeMap<i32, f64> = series.range(..=year).map(|(y, v)| (*y, *v)).collect();
    let past = history(&known, grounds.declared.prior);
    let years = u32::try_from(row.aim.due - year).ok()?;
    let walk = Walk { start: sign * start, mean: sign * past.mean, deviation: past.deviation, years };
    let made = problems.keep(forecast(seed, grounds.declared.draws, &walk, sign * target).map_err(|p| p.file(super::PLAN_FILE)))?;
    Some(Chance { seed, draws: grounds.declared.draws, hits: made.hits, probability: made.probability, years, history: past })
}

/// GDP and GDP per person imply a population: one that is more than 3 % off another is doubted.
fn basis(views: &mut [TargetView], grounds: &Grounds<'_>, problems: &mut Problems) {
    let of = |id: &str, year: i32| views.iter().find(|v| v.row.id == id).and_then(|v| v.values.city.get(&year)).map(|v| v.value);
    let mut found = Vec::new();
    for year in grounds.declared.first_year..=grounds.known {
        let population = grounds.statistics.of(&grounds.whole, year, "resident_population", "person").ok().flatten();
        if let (Some(gdp), Some(per), Some((people, _))) = (of("T01", year), of("T02", year), population) {
            found.extend(problems.keep(doubt_of_basis(gdp * 1e8, per, people)).flatten().map(|p| p.key(format!("T02 {year}"))));
        }
    }
    if let Some(view) = views.iter_mut().find(|v| v.row.id == "T02") {
        view.values.doubts.extend(found);
    }
}
