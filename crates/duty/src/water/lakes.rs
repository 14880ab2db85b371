//! Lakes and reservoirs over time: the trophic index of every period that has something to make it from.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems};

use super::{Assessment, MeanWay, Reading, Span, Trophic, Water, mean_of, trophic};
use crate::standard::{Day, Standard};

/// A parameter of the index that is no item of the assessment: chlorophyll a, depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter<'a> {
    /// The lake's name.
    pub section: &'a str,
    /// Its day.
    pub day: Day,
    /// The parameter's code in the standard's table.
    pub code: &'a str,
    /// The value in the table's unit.
    pub reading: Reading,
}

/// The index of a lake in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct OfLake {
    /// Number in [`Assessment::stations`].
    pub station: usize,
    /// Month or year.
    pub span: Span,
    /// `2021-04`, `2021`.
    pub period: String,
    /// The period has too little data for a class; the index is then only told.
    pub insufficient: bool,
    /// The index.
    pub trophic: Trophic,
}

/// The trophic index of every lake in each of its periods, from means of the measured values. A mean that
/// is below its detection limit counts for the standard's share of the limit, as in any other mean.
///
/// # Errors
/// Told beside: a parameter that has no logarithm, with the period.
pub fn lakes(all: &Assessment<'_, '_>, extra: &[Parameter<'_>], standard: &Standard, problems: &mut Problems) -> Vec<OfLake> {
    let mut out = Vec::new();
    for period in &all.periods {
        let station = &all.stations[period.station];
        if station.water != Water::Lake {
            continue;
        }
        let rules = &all.rules[period.rules];
        let number = |reading: Reading| match reading {
            Reading::Value(v) => Some(v),
            Reading::Below(limit) if limit.is_finite() => Some(limit * rules.non_detect_share),
            _ => None,
        };
        let mut values: Vec<(&str, f64)> = Vec::new();
        let Ok(table) = standard.table("trophic") else { continue };
        let codes: Vec<String> = table.keys().collect();
        for (item, mean) in &period.means {
            let code = rules.items[*item].code.as_str();
            if codes.iter().any(|c| c == code) {
                values.extend(number(*mean).map(|v| (code, v)));
            }
        }
        let mut more: BTreeMap<&str, Vec<Reading>> = BTreeMap::new();
        for p in extra.iter().filter(|p| p.section == station.name && within(&period.period, period.span, p.day)) {
            more.entry(p.code).or_default().push(p.reading);
        }
        for (code, readings) in more {
            values.extend(mean_of(readings, MeanWay::Arithmetic, rules.non_detect_share).and_then(number).map(|v| (code, v)));
        }
        if values.is_empty() {
            continue;
        }
        match trophic(standard, &values) {
            Ok(trophic) => {
                out.push(OfLake { station: period.station, span: period.span, period: period.period.clone(), insufficient: period.insufficient, trophic });
            }
            Err(problem) => problems.push(named(problem, &station.name, &period.period)),
        }
    }
    out
}

fn named(mut problem: Problem, lake: &str, period: &str) -> Problem {
    problem.at.key = Some(match problem.at.key {
        Some(key) => format!("{lake} {period} {key}"),
        None => format!("{lake} {period}"),
    });
    problem
}

fn within(period: &str, span: Span, day: Day) -> bool {
    match span {
        Span::Month => period == format!("{:04}-{:02}", day.year(), day.month()),
        Span::Quarter => period == format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
        Span::Year => period == format!("{:04}", day.year()),
    }
}
