//! Months of a section from its samples, quarters and years from its months; and whether a class hangs on
//! what non-detects count for.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::series::{OfPeriod, OfTime, Span, Station};
use super::{Reading, Rules, Section, Water, mean_of};
use crate::standard::Day;

/// Months from samples, quarters and years from months.
pub(super) fn periods(stations: &[Station], rules: &[Rules<'_>], times: &[OfTime<'_>], days: &[Day], problems: &mut Problems) -> Vec<OfPeriod> {
    let mut months: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
    for (at, (time, day)) in times.iter().zip(days).enumerate() {
        months.entry((time.station, day.year() * 12 + day.month() - 1)).or_default().push(at);
    }
    let mut all = Vec::new();
    for ((station, month), samples) in &months {
        let rule = samples.iter().max_by_key(|at| days[**at]).map_or(0, |at| times[*at].rules);
        let given: Vec<&[(usize, Reading)]> = samples.iter().map(|at| times[*at].readings.as_slice()).collect();
        let means = means(&rules[rule], &given, |_| true);
        let parts: Vec<Part<'_>> = given.iter().map(|readings| (*readings, [].as_slice())).collect();
        let spans = spans(&rules[rule], &parts);
        let name = format!("{:04}-{:02}", month / 12, month % 12 + 1);
        let series: Vec<Option<f64>> = samples.iter().map(|at| times[*at].section.bounds().map(|b| f64::from(b.1.number()))).collect();
        let insufficient = fires(&rules[rule], "month-insufficient", &series);
        problems.extend(non_detects(&stations[*station], &name, &rules[rule], &spans));
        all.push(made(stations, rules, (*station, Span::Month, name, rule), samples.len(), insufficient, (means, spans)));
    }
    let of_months: BTreeMap<(usize, u32), usize> = months.keys().copied().zip(0..).collect();
    for (span, length) in [(Span::Quarter, 3), (Span::Year, 12)] {
        let mut spans: Vec<(usize, u32)> = months.keys().map(|(station, month)| (*station, month / length)).collect();
        spans.dedup();
        for (station, number) in spans {
            let parts: Vec<Option<&OfPeriod>> =
                (number * length..(number + 1) * length).map(|month| of_months.get(&(station, month)).map(|at| &all[*at])).collect();
            let period = longer(stations, rules, station, (span, number, length), &parts, problems);
            all.push(period);
        }
    }
    all.sort_by(|a, b| (a.station, a.span, &a.period).cmp(&(b.station, b.span, &b.period)));
    all
}

fn longer(
    stations: &[Station],
    rules: &[Rules<'_>],
    station: usize,
    (span, number, length): (Span, u32, u32),
    parts: &[Option<&OfPeriod>],
    problems: &mut Problems,
) -> OfPeriod {
    let rule = parts.iter().flatten().last().map_or(0, |p| p.rules);
    let (name, too_few) = match span {
        Span::Year => (format!("{number:04}"), "year-insufficient"),
        _ => (format!("{:04}-Q{}", number * length / 12, number % 4 + 1), "quarter-insufficient"),
    };
    let there = |p: &&OfPeriod| p.section.bounds().is_some();
    let series: Vec<Option<f64>> = parts.iter().map(|p| p.as_ref().filter(|p| there(p)).map(|_| 1.0)).collect();
    let count = series.iter().flatten().count();
    let insufficient = fires(&rules[rule], too_few, &series);
    let said = &stations[station].name;
    let wanted = parts.len();
    if insufficient {
        problems.push(
            Problem::warning(
                "water.insufficient",
                words!("{said} {name} 只有 {count} 个月有数据，不作评价", "{said} has data of {count} months in {name}: no class"),
            )
            .key(said.as_str())
            .expect(words!("{wanted} 个月的结果", "results of {wanted} months"))
            .fix(text("补齐数据；数据不足不算达标", "bring the missing months; too little data is no pass")),
        );
    } else if span == Span::Year && fires(&rules[rule], "year-incomplete", &series) {
        problems.push(
            Problem::warning("water.incomplete", words!("{said} {name} 只有 {count} 个月有数据", "{said} has data of {count} months in {name}"))
                .key(said.as_str())
                .expect(words!("{wanted} 个月的结果；因冰封等缺月的须说明", "results of {wanted} months; say why others are missing, such as ice"))
                .fix(text("补齐数据，或说明缺月的原因", "bring the missing months, or state the reason")),
        );
    }
    let given: Vec<&[(usize, Reading)]> = parts.iter().flatten().map(|p| p.means.as_slice()).collect();
    // An item with too few months of its own is left out; when the section has too few, so is all.
    let means = means(&rules[rule], &given, |months| {
        let series: Vec<Option<f64>> = (0..wanted).map(|i| (i < months).then_some(1.0)).collect();
        insufficient || !fires(&rules[rule], too_few, &series)
    });
    let parts: Vec<Part<'_>> = parts.iter().flatten().map(|p| (p.means.as_slice(), p.spans.as_slice())).collect();
    let mut spans = spans(&rules[rule], &parts);
    spans.retain(|(item, _)| means.iter().any(|(known, _)| known == item));
    if !insufficient {
        problems.extend(non_detects(&stations[station], &name, &rules[rule], &spans));
    }
    made(stations, rules, (station, span, name, rule), count, insufficient, (means, spans))
}

/// Means of items.
type Means = Vec<(usize, Reading)>;
/// Between what the means of items lie that rest on non-detects.
type Spans = Vec<(usize, [Reading; 2])>;
/// Readings of a part of a period, a sample or a month, and the spans of those that are means.
type Part<'p> = (&'p [(usize, Reading)], &'p [(usize, [Reading; 2])]);

/// Means of the items that rest on non-detects, in the parts or in what those are means of: with all of
/// these at zero, and with all of them at their detection limits.
fn spans(rules: &Rules<'_>, parts: &[Part<'_>]) -> Spans {
    let mut by_item: BTreeMap<usize, (bool, [Vec<Reading>; 2])> = BTreeMap::new();
    for (readings, spans) in parts {
        for (item, reading) in *readings {
            let span = spans.iter().find(|s| s.0 == *item).map(|s| s.1);
            let (open, ends) = by_item.entry(*item).or_default();
            *open |= span.is_some() || matches!(reading, Reading::Below(_));
            for (end, of) in ends.iter_mut().zip(span.unwrap_or([*reading; 2])) {
                end.push(of);
            }
        }
    }
    let mean = |item: usize, readings: Vec<Reading>, share: f64| mean_of(readings, rules.items[item].mean, share);
    let span = |(item, (open, [low, high])): (usize, (bool, [Vec<Reading>; 2]))| {
        let ends = [mean(item, low, 0.0)?, mean(item, high, 1.0)?];
        open.then_some((item, ends))
    };
    by_item.into_iter().filter_map(span).collect()
}

/// Items whose class hangs on what non-detects count for: it is another at the one end of the span than at
/// the other.
fn hanging(rules: &Rules<'_>, water: Water, spans: &[(usize, [Reading; 2])]) -> Vec<usize> {
    let mut section = Section::default();
    let mut class = |item: usize, mean: Reading| {
        rules.judge(water, &[(item, mean)], None, &mut section);
        section.class()
    };
    spans.iter().filter(|(item, [low, high])| class(*item, *low) != class(*item, *high)).map(|(item, _)| *item).collect()
}

fn non_detects(station: &Station, period: &str, rules: &Rules<'_>, spans: &[(usize, [Reading; 2])]) -> Option<Problem> {
    let (open, station) = (hanging(rules, station.water, spans), station.name.as_str());
    let share = rules.non_detect_share;
    let join = |of: fn(&Text) -> &str| open.iter().map(|i| of(&rules.items[*i].title)).collect::<Vec<_>>().join(", ");
    let (zh, en) = (join(|t| &t.zh), join(|t| &t.en));
    (!open.is_empty()).then(|| {
        Problem::warning(
            "water.non_detects",
            Text::of(
                format!("{station} {period} 的{zh}的类别取决于未检出如何计入：这里取检出限的 {share}（未核实）"),
                format!("the class of {en} of {station} in {period} hangs on what non-detects count for: here {share} of the detection limit (unverified)"),
            ),
        )
        .key(station)
        .expect(text("远低于限值的检出限", "detection limits far below the limits"))
        .fix(text("用检出限更低的方法，或把两种结果一并报告", "use a method with a lower limit, or report both results"))
    })
}

/// Does a rule of the assessment fire? A standard without that rule asks for nothing.
fn fires(rules: &Rules<'_>, id: &str, series: &[Option<f64>]) -> bool {
    let Some(rule) = rules.assessment.rule(id) else { return false };
    let bounds = rule.bounds(rules.assessment).unwrap_or_default();
    bounds.iter().any(|(item, bound)| rule.fires(rules.assessment, item, bound, series).is_some())
}

/// The mean of each item over parts that have it, for items that enough parts have.
fn means(rules: &Rules<'_>, parts: &[&[(usize, Reading)]], enough: impl Fn(usize) -> bool) -> Vec<(usize, Reading)> {
    let mut by_item: BTreeMap<usize, Vec<Reading>> = BTreeMap::new();
    for (item, reading) in parts.iter().flat_map(|p| p.iter()) {
        by_item.entry(*item).or_default().push(*reading);
    }
    let mean = |(item, readings): (usize, Vec<Reading>)| {
        let known = readings.iter().filter(|r| **r != Reading::Unknown).count();
        let left_open = known < readings.len();
        let mean = mean_of(readings, rules.items[item].mean, rules.non_detect_share)?;
        match enough(known) {
            true => Some((item, mean)),
            // Too little of it is known because some of it cannot be read: that is no reason to pass it over.
            false => left_open.then_some((item, Reading::Unknown)),
        }
    };
    by_item.into_iter().filter_map(mean).collect()
}

fn made(
    stations: &[Station],
    rules: &[Rules<'_>],
    (station, span, period, rule): (usize, Span, String, usize),
    parts: usize,
    insufficient: bool,
    (means, spans): (Means, Spans),
) -> OfPeriod {
    let mut section = Section::default();
    rules[rule].judge(stations[station].water, &means, None, &mut section);
    OfPeriod { station, span, period, rules: rule, parts, insufficient, means, spans, section }
}

#[cfg(test)]
mod tests {
    use super::super::{Assessment, Observation, Plan, assess};
    use super::*;
    use crate::standard::shipped;

    /// A year of a river: in every month a sample of 0.012 mg/L of phosphorus and one below a limit.
    fn year(days: &[(String, String)], limit: f64) -> Assessment<'_, 'static> {
        let plan = Plan { stations: vec![Station { name: "S".into(), water: Water::River, target: None }], otherwise: None, standards: Vec::new() };
        let observed = |at, reading| Observation { section: "S", at, item: "tp", reading, unit: "", row: 1 };
        let given: Vec<Observation<'_>> =
            days.iter().flat_map(|(first, second)| [observed(first, Reading::Value(0.012)), observed(second, Reading::Below(limit))]).collect();
        assess(shipped(), &given, &plan).unwrap()
    }

    /// By hand: half of the samples 0.012, half below 0.02: half the limit makes 0.011, class I (0.02); at the
    /// limit it is 0.016, class I too. Below 0.05 it is 0.0185, class I, and between 0.006 (I) and 0.031 (II).
    /// So the months hang on it, and so do the quarters and the year that are means of nothing but months.
    #[test]
    fn a_year_tells_that_it_hangs_on_non_detects_in_its_months() {
        let days: Vec<(String, String)> = (1..=12).map(|m| (format!("2025-{m:02}-01"), format!("2025-{m:02}-15"))).collect();
        let open = |limit: f64| {
            let all = year(&days, limit);
            let mut told: Vec<String> = all.problems.iter().filter(|p| p.code == "water.non_detects").map(|p| p.what.en.to_string()).collect();
            told.sort();
            let year = all.periods.iter().find(|p| p.span == Span::Year).cloned().unwrap();
            (told.len(), told.iter().filter(|t| t.contains("2025-Q3") || t.contains("in 2025 ")).count(), year)
        };
        let (told, _, year) = open(0.02);
        assert_eq!(told, 0);
        let near = |reading: Reading, wanted: f64| matches!(reading, Reading::Value(v) if (v - wanted).abs() < 1e-12);
        assert!(near(year.spans[0].1[0], 0.006) && near(year.spans[0].1[1], 0.016), "{:?}", year.spans);
        let (told, longer, year) = open(0.05);
        assert_eq!((told, longer), (17, 2), "12 months, 4 quarters, a year");
        assert!(near(year.means[0].1, 0.0185) && near(year.spans[0].1[1], 0.031), "{:?}", year.means);
        assert_eq!(year.class(), Some(super::super::Class::I));
    }
}
