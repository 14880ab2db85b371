//! One file under two editions, as tables.

use super::SaidOfAir;
use super::tables::{index, level, printed_hour};
use crate::assess::result::{Cell, Table};
use liangshan_vocab::{Text, text, words};

/// Decimals of a number and of what it changed by.
const DECIMALS: u32 = 4;

/// A number as it is printed.
fn rounded(number: f64) -> f64 {
    let scale = 10_f64.powi(DECIMALS as i32);
    (number * scale).round_ties_even() / scale
}

/// Two numbers, what nature and what the rule made of the difference, all as printed: the parts add up to the
/// whole in the last digit, the rule's being what nature leaves.
fn closing(before: f64, after: f64, nature: f64) -> [f64; 4] {
    let [before, after, nature] = [before, after, nature].map(rounded);
    [before, after, nature, rounded(after - before - nature)]
}

/// What a number of a year is called.
fn called(what: &str) -> Text {
    match what {
        "good_day_pct" => text("优良天数比例（%）", "good days (%)"),
        "composite_index" => text("综合指数", "composite index"),
        "mean_aqi" => text("AQI 均值", "mean AQI"),
        other => match other.strip_suffix("/limit") {
            Some(item) => words!("{item} 与限值之比", "{item} over its limit"),
            None => Text::same(other),
        },
    }
}

pub(super) fn replayed(said: &SaidOfAir<'_>) -> Vec<Table> {
    let Some(replay) = &said.replay else { return Vec::new() };
    let [a, b] = &replay.editions;
    let profiles = [a, b].map(|id| said.rules.profile(id).ok());
    let graded = |which: usize, aqi: Option<u16>| profiles[which].map_or(Cell::Blank, |p| level(p, aqi));
    let lead = words!(
        "A：{a}；B：{b}。同一天（时）自然不变，差别全部来自规则。",
        "A: {a}; B: {b}. In one day or hour nature is the same, so all of a difference is the rule's."
    );
    let columns = [
        ("place", "站点", "place", ""),
        ("at", "时间", "time", ""),
        ("a", "A 的 AQI", "AQI under A", "1"),
        ("b", "B 的 AQI", "AQI under B", "1"),
        ("level_a", "A 的级别", "level under A", ""),
        ("level_b", "B 的级别", "level under B", ""),
        ("rule", "规则变化", "change of rule", "1"),
        ("nature", "自然变化", "change of nature", "1"),
    ];
    let mut differ = Table::new("editions_differ", text("两版结果不同的日与时", "Days and hours the editions see differently"), lead, 14, &columns);
    let mut push = |place: &str, at: String, x: Option<u16>, y: Option<u16>| {
        if x != y {
            let rule = x.zip(y).map_or(Cell::Blank, |(x, y)| Cell::Whole(i64::from(y) - i64::from(x)));
            let nature = if x.is_some() && y.is_some() { Cell::Whole(0) } else { Cell::Blank };
            differ.push(vec![Cell::word(place), Cell::word(at), index(x), index(y), graded(0, x), graded(1, y), rule, nature]);
        }
    };
    for place in &replay.of_places {
        place.days.iter().for_each(|d| push(&place.station, d.day.date().to_string(), d.a, d.b));
    }
    for (place, hours) in &replay.hours {
        hours.iter().for_each(|h| push(place, printed_hour(h.day, h.hour), h.a, h.b));
    }
    let columns = [
        ("place", "站点", "place", ""),
        ("year", "年份", "year", ""),
        ("~what", "指标代码", "code", ""),
        ("number", "指标", "number", ""),
        ("a", "A", "A", ""),
        ("b", "B", "B", ""),
        ("rule", "规则变化", "change of rule", ""),
    ];
    let mut years =
        Table::new("editions_years", text("两版的年指标", "Numbers of years under both"), words!("A：{a}；B：{b}。", "A: {a}; B: {b}."), 20, &columns);
    let columns = [
        ("place", "站点", "place", ""),
        ("~what", "指标代码", "code", ""),
        ("number", "指标", "number", ""),
        ("from", "前一年", "from", ""),
        ("to", "后一年", "to", ""),
        ("before", "前（A）", "before (A)", ""),
        ("after", "后（B）", "after (B)", ""),
        ("nature", "自然变化", "change of nature", ""),
        ("rule", "规则变化", "change of rule", ""),
    ];
    let lead = text(
        "前一年按 A，后一年按 B；自然变化在 A 下量得，规则变化在后一年量得，两者之和为总变化。",
        "The first year by A, the second by B; nature measured under A, the rule in the second year; both add up to the whole.",
    );
    let mut between = Table::new("between_years", text("相邻年份的变化", "From one year to the next"), lead, 20, &columns);
    for place in &replay.of_places {
        for n in &place.years {
            years.push(vec![
                Cell::word(&place.station),
                Cell::Whole(i64::from(n.year)),
                Cell::word(&n.what),
                Cell::Text(called(&n.what)),
                Cell::number(n.a.map(rounded), DECIMALS),
                Cell::number(n.b.map(rounded), DECIMALS),
                Cell::number(n.a.zip(n.b).map(|(a, b)| closing(a, b, 0.0)[3]), DECIMALS),
            ]);
        }
        let mut of: Vec<i16> = place.years.iter().map(|n| n.year).collect();
        of.dedup();
        for pair in of.windows(2) {
            for s in place.split(pair[0], pair[1]) {
                let mut row = vec![
                    Cell::word(&place.station),
                    Cell::word(&s.what),
                    Cell::Text(called(&s.what)),
                    Cell::Whole(s.from.0.into()),
                    Cell::Whole(s.to.0.into()),
                ];
                row.extend(closing(s.from.1, s.to.1, s.nature).map(|n| Cell::number(Some(n), DECIMALS)));
                between.push(row);
            }
        }
    }
    vec![differ, years, between]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A city of Zhejiang in 2013 and 2014: 33.3333 + 43.1050 - 8.4932 is 67.9451, while 67.9452 % of the days are
    /// good. The printed parts add up to the printed whole.
    #[test]
    fn what_is_printed_adds_up() {
        let [before, after, nature, rule] = closing(33.333_333_333_333_336, 67.945_205_479_452_06, 43.105_022_831_050_23);
        assert_eq!([before, after, nature, rule], [33.3333, 67.9452, 43.105, -8.4931]);
        let units = |n: f64| (n * 1e4).round() as i64;
        for seed in 1..500_i32 {
            let x = f64::from(seed) * 0.377_771;
            let [before, after, nature, rule] = closing(x.sin() * 90.0, x.cos() * 90.0, (3.0 * x).sin());
            assert_eq!(units(before) + units(nature) + units(rule), units(after));
        }
    }
}
