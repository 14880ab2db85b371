//! How each place of the air stands: its last valid day, and its last hour in which every item speaks.

use liangshan_duty::air::{Averaging, Index, Indicator, Judged, Micro, Profile};
use liangshan_vocab::{Text, text, words};

use super::SaidOfAir;
use super::published::spoken;
use super::tables::{level, names, printed_hour};
use crate::assess::palette::hex;
use crate::assess::result::Cell;
use crate::assess::standing::{ItemStanding, Standing, Verdict};

/// Every place of the file, then cities made of several.
pub(super) fn standings(said: &SaidOfAir<'_>) -> Vec<Standing> {
    said.judged.iter().map(|place| standing(said, place)).collect()
}

fn standing(said: &SaidOfAir<'_>, place: &Judged) -> Standing {
    let profile = |at: usize| &said.rules.profiles[at];
    let day = place.days.iter().filter(|d| d.good().is_some()).max_by_key(|d| d.day.0);
    let hour = place.hours.iter().filter(|h| h.index.aqi.is_some() && spoken(&h.index, &profile(h.profile).hourly)).max_by_key(|h| (h.day.0, h.hour));
    let by = day.map(|d| d.profile).or(hour.map(|h| h.profile));
    Standing {
        place: place.station.clone(),
        water: Text::default(),
        target: by.map_or(Cell::Blank, |by| target(profile(by))),
        samples: if place.hours.is_empty() { place.days.len() } else { place.hours.len() },
        period: day.map(|d| {
            let values: Vec<Option<Micro>> = d.values.iter().map(|v| v.c).collect();
            Verdict {
                span: "day",
                over: text("日", "day"),
                at: d.day.date().to_string(),
                met: d.good(),
                ..verdict(said, profile(d.profile), &profile(d.profile).daily, &d.index, &values)
            }
        }),
        latest: hour.map(|h| Verdict {
            span: "hour",
            over: text("小时", "hour"),
            at: printed_hour(h.day, h.hour),
            met: h.index.aqi.map(|aqi| aqi <= profile(h.profile).steps.good_up_to),
            ..verdict(said, profile(h.profile), &profile(h.profile).hourly, &h.index, &[])
        }),
    }
}

/// Days are to be good ones: the level up to the step, by the standard's own table of levels.
fn target(profile: &Profile) -> Cell {
    let step = profile.steps.good_up_to;
    let level = profile.level(step);
    Cell::Graded(level.level.to_string(), words!("优良（AQI ≤ {step}）", "good (AQI ≤ {step})"), hex(level.rgb))
}

/// A verdict that is yet to be told when it was, and whether it is a pass. `values` are those of the
/// indicators; none where only the individual indices are kept.
fn verdict(said: &SaidOfAir<'_>, profile: &Profile, indicators: &[Indicator], index: &Index, values: &[Option<Micro>]) -> Verdict {
    let main = names(said.rules, indicators, index.primary()).printed();
    let item = |(at, i): (usize, &Indicator)| {
        let named = said.rules.named(i.item.pollutant);
        let part = index.part(at);
        let limit = i.scale.points().iter().find(|(iaqi, _)| *iaqi == profile.steps.good_up_to).map(|p| p.1.number());
        ItemStanding {
            code: named.key.clone(),
            title: Text::of(averaged(&named.title.zh, i.item.averaging).0, averaged(&named.title.en, i.item.averaging).1),
            unit: named.unit.clone(),
            value: Cell::number(values.get(at).copied().flatten().map(|c| c.number()), 3),
            judged: Cell::Blank,
            limit: limit.map_or(Cell::Blank, |l| Cell::Word(format!("≤ {}", crate::assess::result::number(l, 3)))),
            limits: Vec::new(),
            grade: part.map_or(Cell::Blank, |p| {
                let level = profile.level(p);
                Cell::Graded(p.to_string(), Text::same(format!("IAQI {p}")), hex(level.rgb))
            }),
            multiple: Cell::Blank,
            decides: part.is_some() && part == index.largest,
        }
    };
    Verdict {
        span: "day",
        over: Text::default(),
        at: String::new(),
        parts: 1,
        grade: level(profile, index.aqi),
        index: index.aqi,
        main: if main.is_empty() { Text::default() } else { main },
        met: None,
        standards: vec![profile.index.clone(), profile.limits.clone()],
        items: indicators.iter().enumerate().map(item).filter(|i| i.grade != Cell::Blank || i.value != Cell::Blank).collect(),
    }
}

/// A name with its averaging time where it is not the usual one.
fn averaged(name: &str, averaging: Averaging) -> (String, String) {
    match averaging {
        Averaging::EightHours => (format!("{name}（8 小时）"), format!("{name} (8 hours)")),
        Averaging::Hour => (format!("{name}（1 小时）"), format!("{name} (1 hour)")),
        Averaging::Day => (name.to_owned(), name.to_owned()),
    }
}
