//! What to know first of the air, and the pictures.

use super::SaidOfAir;
use super::published::{Compared, best, spoken};
use super::tables::{counted, indicator, share};
use crate::assess::palette::hex;
use crate::assess::result::{Chart, Fact, FileRead, Lines, Shares, Tone, number};
use liangshan_duty::air::month::months;
use liangshan_duty::air::{Index, Indicator, Judged};
use liangshan_vocab::{Text, text, words};
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn facts(said: &SaidOfAir<'_>, file: &FileRead, compared: &[Compared<'_>]) -> Vec<Fact> {
    let (own, cities) = (said.own, said.judged.len() - said.own);
    let plain = |id, label, value: String, json, note| Fact { id, label, value: Text::same(value), json, note, tone: Tone::Plain };
    let aside = file.set_aside;
    let mut facts = vec![plain(
        "places",
        text("站点", "Places"),
        own.to_string(),
        json!(own),
        if cities > 0 {
            words!("另由站点平均得到 {cities} 个城市", "and {cities} cities as means of them")
        } else {
            words!("剔除维护等 {aside} 行", "{aside} rows set aside as maintenance or the like")
        },
    )];
    if said.hourly {
        let hours = || said.judged[..own].iter().flat_map(|j| &j.hours);
        let (all, with) = (hours().count(), hours().filter(|h| h.index.aqi.is_some()).count());
        let complete = hours().filter(|h| spoken(&h.index, &said.rules.profiles[h.profile].hourly)).count();
        let note = words!("共 {all} 个站时；各项（含滑动平均）齐全 {complete}", "of {all}; {complete} with every item, sliding means among them");
        facts.push(plain(
            "hours",
            text("有 AQI 的小时", "Hours with AQI"),
            with.to_string(),
            json!({ "hours": all, "with_aqi": with, "complete": complete }),
            note,
        ));
    }
    let days: Vec<(u32, u32)> = said.judged[..own].iter().map(|j| counted(&j.days)).collect();
    let sum = days.iter().fold((0, 0), |(v, g), (valid, good)| (v + valid, g + good));
    let total: usize = said.judged[..own].iter().map(|j| j.days.len()).sum();
    if total > 0 {
        let (valid, good) = sum;
        let percent = share(sum);
        facts.push(Fact {
            id: "good_days",
            label: text("优良天", "Good days"),
            value: percent.map_or_else(|| text("数据不足", "insufficient"), |p| Text::same(format!("{}%", number(p, 2)))),
            json: json!({ "days": total, "valid": valid, "good": good, "pct": percent }),
            note: words!("{good}/{valid} 有效日，共 {total} 天", "{good} of {valid} valid days, {total} in all"),
            tone: if said.judged[..own].iter().flat_map(|j| &j.years).any(|y| y.sufficient) { Tone::Plain } else { Tone::Open },
        });
    }
    let decided: Vec<bool> = said.judged.iter().flat_map(|j| &j.years).filter(|y| y.sufficient).filter_map(|y| y.attains).collect();
    let years = said.judged.iter().map(|j| j.years.len()).sum::<usize>();
    if years > 0 {
        let (attained, open) = (decided.iter().filter(|a| **a).count(), years - decided.len());
        let of = decided.len();
        facts.push(Fact {
            id: "attainment",
            label: text("年达标", "Years that attain"),
            value: if of == 0 { text("数据不足", "insufficient") } else { Text::same(format!("{attained}/{of}")) },
            json: json!({ "decided": of, "attained": attained, "insufficient": open }),
            note: words!("数据不足不作结论：{open} 个站年", "{open} years of places with too little data for a conclusion"),
            tone: if of == 0 {
                Tone::Open
            } else if attained == of {
                Tone::Good
            } else {
                Tone::Bad
            },
        });
    }
    if let Some(best) = best(compared) {
        let (equal, all, edition) = (best.comparison.equal, best.comparison.compared, &best.edition);
        facts.push(Fact {
            id: "published",
            label: text("与公布指数一致", "Agrees with published"),
            value: Text::same(format!("{equal}/{all}")),
            json: json!({ "edition": edition, "compared": all, "equal": equal, "of": if best.days { "day" } else { "hour" } }),
            note: words!("按版本 {edition} 由浓度重算", "computed under {edition}"),
            tone: if equal == all { Tone::Good } else { Tone::Open },
        });
    }
    if let Some(replay) = &said.replay {
        let [a, b] = &replay.editions;
        let differ = replay.of_places.iter().flat_map(|p| &p.days).filter(|d| d.a != d.b).count()
            + replay.hours.iter().flat_map(|h| &h.1).filter(|h| h.a != h.b).count();
        facts.push(plain(
            "editions_differ",
            text("两版不同", "Editions differ"),
            differ.to_string(),
            json!(differ),
            words!("{a} 与 {b}，日与时", "{a} and {b}, days and hours"),
        ));
    }
    facts
}

/// Lines in a picture, bars in another.
pub(super) const LINES: usize = 6;
pub(super) const BARS: usize = 36;
/// Hours are drawn up to so many days.
pub(super) const HOURS_UP_TO: i32 = 45;

pub(super) fn charts(said: &SaidOfAir<'_>) -> Vec<Chart> {
    let all_days = || said.judged.iter().flat_map(|j| j.days.iter().map(|d| d.day.0).chain(j.hours.iter().map(|h| h.day.0)));
    let span = all_days().max().zip(all_days().min()).map_or(0, |(last, first)| last - first);
    let by_hours = said.hourly && span <= HOURS_UP_TO;
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
    let indices =
        if by_hours && !said.by_name.is_empty() && decided(said, &said.judged) < decided(said, &said.by_name[0].1) { &said.by_name[0].1 } else { &said.judged };
    for place in indices {
        let points: Vec<(f64, f64)> = if by_hours {
            place.hours.iter().filter_map(|h| Some((f64::from(h.day.0) + f64::from(h.hour) / 24.0, f64::from(h.index.aqi?)))).collect()
        } else {
            place.days.iter().filter_map(|d| Some((f64::from(d.day.0), f64::from(d.index.aqi?)))).collect()
        };
        if !points.is_empty() {
            lines.push((place.station.clone(), points));
        }
    }
    let mean = |points: &[(f64, f64)]| points.iter().map(|p| p.1).sum::<f64>() / points.len().max(1) as f64;
    lines.sort_by(|a, b| mean(&b.1).total_cmp(&mean(&a.1)).then(a.0.cmp(&b.0)));
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let mut out = Vec::new();
    if let (Some(profile), false) = (said.rules.profiles.iter().find(|p| p.by_date), lines.is_empty()) {
        let bands = profile.levels.iter().map(|l| (l.up_to.map_or(f64::INFINITY, f64::from), hex(l.rgb), l.title.clone())).collect();
        let edition = if std::ptr::eq(indices, &said.judged) { String::new() } else { said.by_name[0].0.clone() };
        let note = match (more, edition.is_empty()) {
            (0, true) => text("底色为级别", "bands are the levels"),
            (0, false) => words!("按公布所用的版本 {edition}；底色为级别", "under the edition of the publication, {edition}; bands are the levels"),
            _ => words!("指数最高的 {LINES} 个；另有 {more} 个见结果表；底色为级别", "the {LINES} highest; {more} more in the tables; bands are the levels"),
        };
        let title = if by_hours { text("小时 AQI", "Hourly AQI") } else { text("日 AQI", "Daily AQI") };
        let gap_d = if by_hours { 3.5 / 24.0 } else { 3.5 };
        out.push(Chart::Lines(Lines { title, unit: String::new(), note, lines, gap_d, limits: Vec::new(), bands }));
    }
    if said.alone {
        out.extend(parts_of_one(said, indices, by_hours).map(Chart::Lines));
    }
    out.extend(shares(said).map(Chart::Shares));
    out
}

/// The individual indices of one place, pollutant by pollutant: what its index is the largest of.
fn parts_of_one(said: &SaidOfAir<'_>, judged: &[Judged], by_hours: bool) -> Option<Lines> {
    let place = judged.first()?;
    let mut lines: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut add = |at: f64, indicators: &[Indicator], index: &Index| {
        for (number, i) in indicators.iter().enumerate() {
            if let Some(part) = index.part(number) {
                lines.entry(indicator(said.rules, i)).or_default().push((at, f64::from(part)));
            }
        }
    };
    if by_hours {
        place.hours.iter().for_each(|h| add(f64::from(h.day.0) + f64::from(h.hour) / 24.0, &said.rules.profiles[h.profile].hourly, &h.index));
    } else {
        place.days.iter().for_each(|d| add(f64::from(d.day.0), &said.rules.profiles[d.profile].daily, &d.index));
    }
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = lines.into_iter().filter(|l| l.1.len() > 1).collect();
    let most = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(0.0, f64::max);
    lines.sort_by(|a, b| most(&b.1).total_cmp(&most(&a.1)).then(a.0.cmp(&b.0)));
    lines.truncate(LINES);
    (!lines.is_empty()).then(|| Lines {
        title: text("分指数", "Individual indices"),
        unit: String::new(),
        note: text("AQI 取其中最大的", "the AQI is the largest of them"),
        lines,
        gap_d: if by_hours { 3.5 / 24.0 } else { 3.5 },
        limits: Vec::new(),
        bands: Vec::new(),
    })
}

/// Hours in which every item speaks.
pub(super) fn decided(said: &SaidOfAir<'_>, judged: &[Judged]) -> usize {
    judged.iter().flat_map(|j| &j.hours).filter(|h| spoken(&h.index, &said.rules.profiles[h.profile].hourly)).count()
}

/// Days by level, month by month over all places; by place where there are several and few months.
pub(super) fn shares(said: &SaidOfAir<'_>) -> Option<Shares> {
    let profile = said.rules.profiles.iter().find(|p| p.by_date)?;
    let own = &said.judged[..said.own];
    let mut by_month: BTreeMap<(i16, i8), Vec<u32>> = BTreeMap::new();
    for month in own.iter().flat_map(|j| months(&j.days, &said.rules.profiles)) {
        let counts = by_month.entry((month.year, month.month)).or_insert_with(|| vec![0; month.levels.len()]);
        counts.iter_mut().zip(&month.levels).for_each(|(sum, n)| *sum += n);
    }
    let mut bars: Vec<(String, Vec<u32>)> =
        by_month.into_iter().map(|((y, m), counts)| (format!("{y}-{m:02}"), counts)).filter(|b| b.1.iter().any(|n| *n > 0)).collect();
    if bars.len() > BARS {
        let mut by_year: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (month, counts) in bars {
            let sums = by_year.entry(month[..4].to_owned()).or_insert_with(|| vec![0; counts.len()]);
            sums.iter_mut().zip(&counts).for_each(|(sum, n)| *sum += n);
        }
        bars = by_year.into_iter().collect();
    }
    if bars.is_empty() {
        return None;
    }
    let count = own.len();
    Some(Shares {
        title: text("各级别天数", "Days of each level"),
        note: if count > 1 {
            words!("{count} 个站点合计，只计有效日", "{count} places together, valid days only")
        } else {
            text("只计有效日", "valid days only")
        },
        bars,
        kinds: profile.levels.iter().map(|l| (hex(l.rgb), l.title.clone())).collect(),
    })
}
