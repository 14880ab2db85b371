//! The green-development index of the counties and their assessment, on the indicators the region has.
//!
//! **Missing-value rule:** an indicator that applies and has no value scores the standard's missing score
//! (60); one that does not apply hands its weight on. How many are known is shown with every score.

use std::collections::BTreeMap;

use liangshan_accounts::targets::assessment::{Grade, score};
use liangshan_accounts::targets::green_index::{Score, Way, group_score, index, normalise, ranks};
use liangshan_duty::standard::shipped;
use liangshan_vocab::{Evidence, Problems, Text};

use super::declared::{TargetSources, ValueFrom};
use super::values::Grounds;

/// The standard that has groups, weights and directions.
pub const STANDARD: &str = "green-development-2016";

/// A county in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct CountyScore {
    /// Its code.
    pub code: String,
    /// Scores of the groups, in the standard's order.
    pub groups: Vec<Option<f64>>,
    /// The index.
    pub index: Option<f64>,
    /// Its rank among the counties; equal ones share one.
    pub rank: usize,
    /// The assessment: resources 30, environment 40, yearly evaluation 20, satisfaction 10.
    pub assessment: f64,
    /// Its grade.
    pub grade: Grade,
}

/// The index of a year.
#[derive(Debug, Clone)]
pub struct GreenIndex {
    /// The year.
    pub year: i32,
    /// Groups: id, name, weight in %, indicators that apply and those that are known.
    pub groups: Vec<(String, Text, f64, usize, usize)>,
    /// The counties.
    pub counties: Vec<CountyScore>,
    /// Indicators that apply.
    pub applying: usize,
    /// Indicators with a value of every county.
    pub known: usize,
    /// Whether weights were read; they were recalled.
    pub evidence: Evidence,
}

/// Computes the index of the latest year that the declared indicators have.
///
/// Problems: those of the standard, of sources and of weights.
pub fn green_index(grounds: &Grounds<'_>, problems: &mut Problems) -> Option<GreenIndex> {
    let standard = problems.keep(shipped().get(STANDARD))?;
    let (groups, indicators) = (problems.keep(standard.table("groups"))?, problems.keep(standard.table("indicators"))?);
    let missing_score = problems.keep(standard.value("missing_score"))?;
    let mut values: BTreeMap<&str, BTreeMap<String, BTreeMap<i32, f64>>> = BTreeMap::new();
    for (number, from) in &grounds.declared.green {
        let found =
            problems.keep(grounds.of_source(from, &unit_of(from, grounds), grounds.known).map_err(|p| p.file(super::PLAN_FILE).key(format!("green.{number}"))));
        let places = found.map(|f| f.places).unwrap_or_default();
        let numbers = places.into_iter().map(|(place, years)| (place, years.into_iter().map(|(y, v)| (y, v.value)).collect()));
        values.insert(number, numbers.collect());
    }
    let year = values.values().flat_map(|places| grounds.counties.iter().filter_map(|c| places.get(c)?.keys().next_back().copied())).max()?;
    let (mut by_group, mut shown, mut known) = (Vec::new(), Vec::new(), 0);
    let mut applying = 0;
    for group in groups.rows.iter().filter(|g| groups.number(g, "weight").is_some_and(|w| w > 0.0)) {
        let id = groups.text(group, "group");
        let own: Vec<_> = indicators.rows.iter().filter(|i| indicators.text(i, "group") == id && indicators.text(i, "applies") != "reported apart").collect();
        let weights: Vec<f64> = own.iter().map(|i| indicators.number(i, "weight").unwrap_or(0.0)).collect();
        let mut scores: Vec<Vec<Score>> = vec![Vec::new(); grounds.counties.len()];
        let (mut apply, mut have) = (0, 0);
        for indicator in &own {
            if indicators.text(indicator, "applies") != "yes" {
                scores.iter_mut().for_each(|s| s.push(Score::NotApplicable));
                continue;
            }
            apply += 1;
            let of = |county: &String| values.get(indicators.text(indicator, "no"))?.get(county)?.get(&year).copied();
            let given: Vec<Option<f64>> = grounds.counties.iter().map(of).collect();
            have += usize::from(given.iter().all(Option::is_some));
            let way = if indicators.text(indicator, "direction") == "inverse" { Way::Inverse } else { Way::Direct };
            for (scores, value) in scores.iter_mut().zip(normalise(&given, way)) {
                scores.push(value.map_or(Score::Missing, Score::Known));
            }
        }
        let made = scores.iter().map(|s| problems.keep(group_score(&weights, s, missing_score)).flatten()).collect::<Vec<_>>();
        let weight = groups.number(group, "weight").unwrap_or(0.0);
        shown.push((id.to_owned(), Text::of(groups.text(group, "name_zh"), groups.text(group, "name_en")), weight, apply, have));
        by_group.push(made);
        (applying, known) = (applying + apply, known + have);
    }
    let sum: f64 = shown.iter().map(|g| g.2).sum();
    let weights: Vec<f64> = shown.iter().map(|g| g.2 / sum).collect();
    let of_county = |at: usize| by_group.iter().map(|g| g[at]).collect::<Vec<Option<f64>>>();
    let made: Vec<Option<f64>> = (0..grounds.counties.len()).map(|at| problems.keep(index(&weights, &of_county(at))).flatten()).collect();
    let places = ranks(&made.iter().map(|z| z.unwrap_or(f64::NEG_INFINITY)).collect::<Vec<_>>());
    let mut counties = Vec::new();
    for (at, code) in grounds.counties.iter().enumerate() {
        let groups = of_county(at);
        let of = |id: &str| shown.iter().position(|g| g.0 == id).and_then(|i| groups[i]);
        let environment: Vec<f64> = ["treatment", "quality", "protection"].iter().filter_map(|id| of(id)).collect();
        let mean = if environment.is_empty() { missing_score } else { environment.iter().sum::<f64>() / environment.len() as f64 };
        // Nobody reported satisfaction or events: the missing score, and no deductions.
        let parts = [of("resources").unwrap_or(missing_score), mean, made[at].unwrap_or(missing_score), missing_score];
        let assessment = problems.keep(score(parts, 0.0)).unwrap_or(f64::NAN);
        counties.push(CountyScore { code: code.clone(), groups, index: made[at], rank: places[at], assessment, grade: Grade::of(assessment, false) });
    }
    Some(GreenIndex { year, groups: shown, counties, applying, known, evidence: Evidence::Unverified })
}

/// The unit in which values of a source are compared: its own.
fn unit_of(from: &ValueFrom, grounds: &Grounds<'_>) -> TargetSources {
    let unit = match from {
        ValueFrom::Statistic(name) => {
            grounds.counties.first().and_then(|c| grounds.statistics.latest(c, name)).map_or_else(|| "1".to_owned(), |(_, row)| row.unit.clone())
        }
        _ => "1".to_owned(),
    };
    TargetSources { owner: String::new(), unit, typed_unit: None, values: Vec::new(), break_down: None, decimals: 0, proofs: Vec::new() }
}
