//! Pictures of water: a tile for each section and time, and lines of the items that decide.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_duty::water::{Assessment, Class, Reading, Span, Water};
use liangshan_vocab::{Text, text, words};

use crate::assess::cells::{civil, time};
use crate::assess::palette::{numeral, water as colour};
use crate::assess::result::{Chart, Lines, Tile, Tiles};

/// So many tiles side by side are still seen.
const TILES: usize = 80;
/// Sections in a picture.
const ROWS: usize = 16;
/// Lines in a picture.
const LINES: usize = 6;

/// The pictures of an assessment.
pub(super) fn charts(all: &Assessment<'_, '_>, alone: bool) -> Vec<Chart> {
    if all.times.is_empty() {
        return Vec::new();
    }
    let mut out = vec![Chart::Tiles(tiles(all))];
    if alone {
        out.extend(items_of_one(all).into_iter().map(Chart::Lines));
    } else {
        out.extend(lines(all).map(Chart::Lines));
    }
    out
}

/// Days since 1970 and values.
type Points = Vec<(f64, f64)>;

/// Pictures of the items of one section.
const ITEMS: usize = 8;

/// Every item that decides something at a section, each against the limits of its target and of class III:
/// those first that are most often the worst.
fn items_of_one(all: &Assessment<'_, '_>) -> Vec<Lines> {
    let Some((station, rules)) = all.stations.first().zip(all.rules.last()) else { return Vec::new() };
    // By item: how often it decides, and its points.
    let mut series: BTreeMap<usize, (usize, Points)> = BTreeMap::new();
    for t in &all.times {
        let (Some(at), Some((_, worst))) = (days(t.at), t.section.bounds()) else { continue };
        for v in &t.section.items {
            let (decides, points) = series.entry(v.item).or_default();
            *decides += usize::from(v.worst == worst && worst > Class::I);
            let value = t.readings.iter().find(|r| r.0 == v.item).and_then(|r| match r.1 {
                Reading::Value(value) => Some(value),
                _ => None,
            });
            points.extend(value.map(|value| (at, value)));
        }
    }
    let mut order: Vec<(usize, usize, Points)> =
        series.into_iter().filter(|(_, (_, points))| points.len() > 1).map(|(item, (decides, points))| (decides, item, points)).collect();
    order.sort_by_key(|(decides, item, _)| (std::cmp::Reverse(*decides), *item));
    let picture = |(decides, item, points): (usize, usize, Points)| {
        let about = &rules.items[item];
        let mut limits: Vec<(f64, Text)> = Vec::new();
        for class in station.target.into_iter().chain([Class::III]) {
            let limit = about.limits(station.water).and_then(|l| l.of_class.get(usize::from(class.number()) - 1).copied()).filter(|l| l.is_finite());
            if let Some(limit) = limit.filter(|l| !limits.iter().any(|(known, _)| known == l)) {
                let numeral = numeral(class);
                let aim = if Some(class) == station.target {
                    words!("目标 {numeral} 类", "target, class {numeral}")
                } else {
                    words!("{numeral} 类", "class {numeral}")
                };
                limits.push((limit, aim));
            }
        }
        let of = points.len();
        let spacing = typical_gap(&[(0, points.clone())]);
        Lines {
            title: about.title.clone(),
            unit: if about.unit == "1" { String::new() } else { about.unit.clone() },
            note: words!("{of} 次中 {decides} 次由它决定类别", "it decides the class {decides} times of {of}"),
            lines: vec![(station.name.clone(), points)],
            gap_d: spacing * 3.5,
            limits,
            bands: Vec::new(),
        }
    };
    order.into_iter().take(ITEMS).map(picture).collect()
}

/// Sections with the worst first: by their last month, then by their samples.
fn worst_first(all: &Assessment<'_, '_>) -> Vec<usize> {
    let worst = |station: usize| all.times.iter().filter(|t| t.station == station).filter_map(|t| t.section.class()).max();
    let mean = |station: usize| {
        let of: Vec<u32> = all.times.iter().filter(|t| t.station == station).filter_map(|t| t.section.class()).map(|c| u32::from(c.number())).collect();
        (of.iter().sum::<u32>() * 1000).checked_div(of.len() as u32).unwrap_or(0)
    };
    let mut order: Vec<usize> = (0..all.stations.len()).collect();
    order.sort_by_key(|s| (std::cmp::Reverse(mean(*s)), std::cmp::Reverse(worst(*s))));
    order
}

fn tiles(all: &Assessment<'_, '_>) -> Tiles {
    let times: BTreeSet<&str> = all.times.iter().map(|t| t.at).collect();
    let months = times.len() > TILES;
    let mut cells: BTreeMap<(usize, &str), Option<Class>> = BTreeMap::new();
    let columns: Vec<&str> = if months {
        for p in all.periods.iter().filter(|p| p.span == Span::Month) {
            cells.insert((p.station, &p.period), p.class());
        }
        all.periods.iter().filter(|p| p.span == Span::Month).map(|p| p.period.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
    } else {
        for t in &all.times {
            cells.insert((t.station, t.at), t.section.class());
        }
        times.into_iter().collect()
    };
    let order = worst_first(all);
    let left_out = order.len().saturating_sub(ROWS);
    let rows = order.iter().take(ROWS).map(|station| {
        let tile = |at: &&str| match cells.get(&(*station, *at)) {
            Some(Some(class)) => Some(Tile { letter: numeral(*class).to_owned(), colour: colour(*class).to_owned() }),
            _ => None,
        };
        (all.stations[*station].name.clone(), columns.iter().map(tile).collect())
    });
    let rows: Vec<_> = rows.collect();
    Tiles {
        title: if months {
            text("各断面逐月类别", "Class of each section by month")
        } else {
            text("各断面逐次类别", "Class of each section, sample by sample")
        },
        note: if left_out > 0 {
            words!("较差的在前；另有 {left_out} 个断面见结果表", "the worse first; {left_out} more sections are in the tables")
        } else {
            text("较差的在前；斜纹为无数据或未定", "the worse first; hatched: no data, or open")
        },
        times: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows,
        legend: Class::ALL.iter().map(|c| (colour(*c).to_owned(), Text::same(numeral(*c)))).collect(),
    }
}

/// Days since 1970 of a time as results print it.
pub(super) fn days(printed: &str) -> Option<f64> {
    let civil = civil(time(printed).ok()?);
    let since = civil.date().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() as f64 / 24.0;
    Some(since + (f64::from(civil.hour()) + f64::from(civil.minute()) / 60.0) / 24.0)
}

/// Lines of the item that is most often the worst of a section, over the sections where it is highest.
fn lines(all: &Assessment<'_, '_>) -> Option<Lines> {
    let mut decides: BTreeMap<usize, usize> = BTreeMap::new();
    for t in &all.times {
        let Some((_, worst)) = t.section.bounds() else { continue };
        for v in t.section.items.iter().filter(|v| v.worst == worst && worst > Class::I && v.class().is_some()) {
            *decides.entry(v.item).or_default() += 1;
        }
    }
    let (item, _) = decides.into_iter().max_by_key(|(item, count)| (*count, std::cmp::Reverse(*item)))?;
    let rules = all.rules.last()?;
    let about = &rules.items[item];
    let mut by_station: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
    for t in &all.times {
        let value = t.readings.iter().find(|r| r.0 == item).and_then(|r| match r.1 {
            Reading::Value(v) => Some(v),
            _ => None,
        });
        if let (Some(value), Some(at)) = (value, days(t.at)) {
            by_station.entry(t.station).or_default().push((at, value));
        }
    }
    let mut series: Vec<(usize, Vec<(f64, f64)>)> = by_station.into_iter().collect();
    let mean = |points: &[(f64, f64)]| points.iter().map(|p| p.1).sum::<f64>() / points.len().max(1) as f64;
    series.sort_by(|a, b| mean(&b.1).total_cmp(&mean(&a.1)).then(a.0.cmp(&b.0)));
    let several = series.len() > LINES;
    series.truncate(LINES);
    let mut limits: Vec<(f64, Text)> = Vec::new();
    for water in [Water::River, Water::Lake] {
        let drawn = series.iter().any(|(s, _)| all.stations[*s].water == water);
        if let Some(limit) = about.limits(water).map(|l| l.of_class[2]).filter(|l| drawn && l.is_finite()) {
            let name = match water {
                Water::River => text("Ⅲ类（河流）", "class III (river)"),
                Water::Lake => text("Ⅲ类（湖库）", "class III (lake)"),
            };
            if !limits.iter().any(|(l, _)| *l == limit) {
                limits.push((limit, name));
            }
        }
    }
    let spacing = typical_gap(&series);
    let (zh, en) = (&about.title.zh, &about.title.en);
    Some(Lines {
        title: Text::of(zh.to_string(), en.to_string()),
        unit: if about.unit == "1" { String::new() } else { about.unit.clone() },
        note: if several {
            text("最常决定类别的项目；画出均值最高的断面", "the item that most often decides; sections with the highest means")
        } else {
            text("最常决定类别的项目", "the item that most often decides the class")
        },
        lines: series.into_iter().map(|(s, points)| (all.stations[s].name.clone(), points)).collect(),
        gap_d: spacing * 3.5,
        limits,
        bands: Vec::new(),
    })
}

/// The middle of the distances between neighbouring points.
pub(super) fn typical_gap(series: &[(usize, Vec<(f64, f64)>)]) -> f64 {
    let mut gaps: Vec<f64> = series.iter().flat_map(|(_, p)| p.windows(2).map(|w| w[1].0 - w[0].0)).filter(|g| *g > 0.0).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(1.0)
}
