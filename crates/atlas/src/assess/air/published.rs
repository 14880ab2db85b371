//! Published indices beside those of their concentrations, edition by edition, and why some differ.

use super::SaidOfAir;
use super::tables::{index, indicator, printed_hour};
use crate::assess::result::{Cell, Table};
use liangshan_duty::air::published::{Comparison, Why, why_it_differs};
use liangshan_duty::air::{At, Index, Indicator, Judged, Rules};
use liangshan_vocab::{Text, text, words};
use std::collections::BTreeMap;

/// A published index that is not the computed one.
pub(super) struct Differs<'s> {
    place: String,
    time: String,
    row: u64,
    published: u16,
    computed: Option<u16>,
    why: Why,
    /// What the index was made from.
    indicators: &'s [Indicator],
}

/// Published indices beside those of one edition.
pub(super) struct Compared<'s> {
    /// The edition; `by_date` where the date chose.
    pub(super) edition: String,
    pub(super) days: bool,
    pub(super) comparison: Comparison,
    /// Compared where no pollutant was missing, and equal among them.
    pub(super) complete: (u32, u32),
    /// Those that are not equal.
    pub(super) differing: Vec<Differs<'s>>,
    /// Published, without a computed one.
    pub(super) without: u32,
}

pub(super) fn compared<'s>(said: &'s SaidOfAir<'_>) -> Vec<Compared<'s>> {
    if said.published.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut add = |edition: String, judged: &'s [Judged], days: bool| {
        let mut found: BTreeMap<(&str, At), (&Index, &'s [Indicator])> = BTreeMap::new();
        for place in judged {
            if days {
                found
                    .extend(place.days.iter().map(|d| ((place.station.as_str(), At::Day(d.day)), (&d.index, said.rules.profiles[d.profile].daily.as_slice()))));
            } else {
                found.extend(
                    place
                        .hours
                        .iter()
                        .map(|h| ((place.station.as_str(), At::Hour(h.day, h.hour)), (&h.index, said.rules.profiles[h.profile].hourly.as_slice()))),
                );
            }
        }
        let (mut pairs, mut differing, mut without, mut complete) = (Vec::new(), Vec::new(), 0, (0, 0));
        for ((place, at), row) in said.published.iter().filter(|((_, at), _)| matches!(at, At::Day(_)) == days) {
            let Some((index, indicators)) = found.get(&(place.as_str(), *at)) else {
                without += 1;
                continue;
            };
            match index.aqi {
                Some(aqi) => {
                    pairs.push((row.aqi, aqi));
                    if spoken(index, indicators) {
                        complete = (complete.0 + 1, complete.1 + u32::from(aqi == row.aqi));
                    }
                }
                None => without += 1,
            }
            let why = why_it_differs(index, row.aqi);
            if why != Why::Same {
                let time = match at {
                    At::Hour(day, hour) => printed_hour(*day, *hour),
                    At::Day(day) => day.date().to_string(),
                };
                differing.push(Differs { place: place.clone(), time, row: row.row, published: row.aqi, computed: index.aqi, why, indicators });
            }
        }
        if !pairs.is_empty() || without > 0 {
            out.push(Compared { edition, days, comparison: Comparison::of(pairs), complete, differing, without });
        }
    };
    let own = &said.judged[..said.own];
    let by_date = |hours: bool| {
        let mut ids: Vec<&str> = Vec::new();
        for place in own {
            let used: Vec<usize> = if hours { place.hours.iter().map(|h| h.profile).collect() } else { place.days.iter().map(|d| d.profile).collect() };
            for p in used {
                if !ids.contains(&said.rules.profiles[p].id.as_str()) {
                    ids.push(&said.rules.profiles[p].id);
                }
            }
        }
        ids.join(" + ")
    };
    add(by_date(true), own, false);
    add(by_date(false), own, true);
    for (id, judged) in &said.by_name {
        add(id.clone(), judged, false);
    }
    out
}

/// Every indicator has a part, sliding means among them.
pub(super) fn spoken(index: &Index, indicators: &[Indicator]) -> bool {
    (0..indicators.len()).all(|place| index.part(place).is_some())
}

/// The edition that agrees best.
pub(super) fn best<'c, 's>(compared: &'c [Compared<'s>]) -> Option<&'c Compared<'s>> {
    compared.iter().filter(|c| c.comparison.compared > 0).max_by_key(|c| c.comparison.equal)
}

pub(super) fn published(said: &SaidOfAir<'_>, compared: &[Compared<'_>]) -> Vec<Table> {
    if compared.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "published",
        text("与公布指数比较", "Beside published indices"),
        text("按各版本由浓度重算；版本不同不混用。", "Computed from the concentrations under each edition; editions are never mixed."),
        8,
        &[
            ("edition", "版本", "edition", ""),
            ("of", "时段", "of", ""),
            ("compared", "可比", "compared", "1"),
            ("equal", "相同", "equal", "1"),
            ("complete", "各项齐全", "every item there", "1"),
            ("complete_equal", "齐全且相同", "of these equal", "1"),
            ("mean_difference", "公布减重算，平均", "published less computed, mean", "1"),
            ("not_decided", "无法算出", "not decided", "1"),
        ],
    );
    for c in compared {
        table.push(vec![
            Cell::word(&c.edition),
            Cell::Text(if c.days { text("日", "day") } else { text("小时", "hour") }),
            Cell::Whole(i64::from(c.comparison.compared)),
            Cell::Whole(i64::from(c.comparison.equal)),
            Cell::Whole(i64::from(c.complete.0)),
            Cell::Whole(i64::from(c.complete.1)),
            Cell::number(c.comparison.mean_difference(), 2),
            Cell::Whole(i64::from(c.without)),
        ]);
    }
    let mut out = vec![table];
    if let Some(best) = best(compared) {
        let edition = &best.edition;
        // A mean of hourly indices is no daily index, whatever single days look like.
        let mean_of_hours = best.days && best.comparison.about_days().is_some();
        let mut rows = Table::new(
            "published_differs",
            text("与公布指数不同的行", "Rows whose published index differs"),
            words!("按最相符的版本 {edition} 重算；一致的行不列。", "Under {edition}, which agrees best; rows that agree are not listed."),
            5,
            &[
                ("place", "站点", "place", ""),
                ("time", "时间", "time", ""),
                ("row", "行号", "row", ""),
                ("published", "公布", "published", "1"),
                ("computed", "重算", "computed", "1"),
                ("why", "原因", "why", ""),
            ],
        );
        for d in &best.differing {
            rows.push(vec![
                Cell::word(&d.place),
                Cell::word(&d.time),
                Cell::Whole(d.row.cast_signed()),
                Cell::Whole(i64::from(d.published)),
                index(d.computed),
                Cell::Text(if mean_of_hours {
                    text("公布的是小时 AQI 的平均", "published is a mean of hourly AQI")
                } else {
                    why(said.rules, d.why, d.indicators)
                }),
            ]);
        }
        out.push(rows);
    }
    out
}

pub(super) fn why(rules: &Rules, why: Why, indicators: &[Indicator]) -> Text {
    let of = |place: usize| indicator(rules, &indicators[place]);
    match why {
        Why::Same => text("一致", "the same"),
        Why::NotDecided => text("浓度不足以算出指数", "the concentrations make no index"),
        Why::Without(place) => {
            let name = of(place);
            words!("公布值未计 {name}", "published without {name}")
        }
        Why::OtherValue(place) => {
            let name = of(place);
            words!("公布时所用的 {name} 与文件中的不同", "published with another value of {name} than the file has")
        }
        Why::Unexplained => text("原因不明", "not explained"),
    }
}
