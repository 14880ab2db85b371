//! One file under two editions, as tables.

use super::SaidOfAir;
use super::tables::{index, level, printed_hour};
use crate::assess::result::{Cell, Table};
use liangshan_vocab::{text, words};

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
        ("what", "指标", "number", ""),
        ("a", "A", "A", ""),
        ("b", "B", "B", ""),
        ("rule", "规则变化", "change of rule", ""),
    ];
    let mut years =
        Table::new("editions_years", text("两版的年指标", "Numbers of years under both"), words!("A：{a}；B：{b}。", "A: {a}; B: {b}."), 20, &columns);
    let columns = [
        ("place", "站点", "place", ""),
        ("what", "指标", "number", ""),
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
                Cell::number(n.a, 4),
                Cell::number(n.b, 4),
                Cell::number(n.rule(), 4),
            ]);
        }
        let mut of: Vec<i16> = place.years.iter().map(|n| n.year).collect();
        of.dedup();
        for pair in of.windows(2) {
            for s in place.split(pair[0], pair[1]) {
                between.push(vec![
                    Cell::word(&place.station),
                    Cell::word(&s.what),
                    Cell::Whole(i64::from(s.from.0)),
                    Cell::Whole(i64::from(s.to.0)),
                    Cell::number(Some(s.from.1), 4),
                    Cell::number(Some(s.to.1), 4),
                    Cell::number(Some(s.nature), 4),
                    Cell::number(Some(s.rule), 4),
                ]);
            }
        }
    }
    vec![differ, years, between]
}
