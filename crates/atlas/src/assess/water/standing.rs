//! How each section stands: its last month with enough samples, and its last sample.

use liangshan_duty::standard::Direction;
use liangshan_duty::water::{Assessment, Class, Reading, Section, Span, Station, held};
use liangshan_vocab::text;

use super::tables::{class, class_of, kind, main_pollutants, reading, said_of, standards_of};
use crate::assess::result::{Cell, number};
use crate::assess::standing::{ItemStanding, Standing, Verdict};

/// Every section, in the order of the file.
pub(super) fn standings(all: &Assessment<'_, '_>) -> Vec<Standing> {
    all.stations.iter().enumerate().map(|(at, station)| standing(all, at, station)).collect()
}

fn standing(all: &Assessment<'_, '_>, at: usize, station: &Station) -> Standing {
    let times = || all.times.iter().filter(|t| t.station == at);
    let months = all.periods.iter().filter(|p| p.station == at && p.span == Span::Month && !p.insufficient);
    let verdict = |span, over, when: &str, parts, rules, section: &Section, given: &[(usize, Reading)], class: Option<Class>| Verdict {
        span,
        over,
        at: when.to_owned(),
        parts,
        grade: class_of(section),
        index: None,
        main: main_pollutants(all, rules, section),
        met: match said_of(held(class, station.target)) {
            Cell::Truth(met, _) => met,
            _ => None,
        },
        standards: standards_of(all, rules).split(" + ").map(str::to_owned).collect(),
        items: items(all, rules, station, given, section),
    };
    let month = months.max_by(|a, b| a.period.cmp(&b.period));
    let last = times().max_by(|a, b| (a.at, a.row).cmp(&(b.at, b.row)));
    Standing {
        place: station.name.clone(),
        water: kind(station.water).printed(),
        target: station.target.map_or(Cell::Blank, |t| class(Some(t))),
        samples: times().count(),
        period: month.map(|p| verdict("month", text("月均值", "mean of the month"), &p.period, p.parts, p.rules, &p.section, &p.means, p.class())),
        latest: last.map(|t| verdict("sample", text("单次", "one sample"), t.at, 1, t.rules, &t.section, &t.readings, t.section.class())),
    }
}

fn items(all: &Assessment<'_, '_>, rules: usize, station: &Station, given: &[(usize, Reading)], section: &Section) -> Vec<ItemStanding> {
    let rules = &all.rules[rules];
    let worst = section.bounds().map(|b| b.1);
    let item = |(at, value): &(usize, Reading)| {
        let item = &rules.items[*at];
        let verdict = section.items.iter().find(|v| v.item == *at);
        let limits = item.limits(station.water).filter(|_| verdict.is_some());
        let printed = |limit: f64| {
            let limit = if limit.is_finite() { number(limit, 6) } else { return Cell::Blank };
            // pH is kept between two ends; oxygen from below.
            Cell::Word(match limits.map(|l| (l.direction, l.low)) {
                Some((Direction::AtLeast, _)) => format!("≥ {limit}"),
                Some((Direction::Range, low)) => format!("{} – {limit}", number(low, 6)),
                _ => format!("≤ {limit}"),
            })
        };
        let of_target = station.target.zip(limits).and_then(|(t, l)| l.of_class.get(usize::from(t.number()) - 1).copied());
        ItemStanding {
            code: item.code.clone(),
            title: item.title.clone(),
            unit: if item.unit == "1" { String::new() } else { item.unit.clone() },
            value: reading(*value),
            judged: verdict.map_or(Cell::Blank, |v| Cell::number(Some(v.judged), 6)),
            limit: of_target.map_or(Cell::Blank, printed),
            limits: limits.map(|l| l.of_class.iter().map(|limit| printed(*limit)).collect()).unwrap_or_default(),
            grade: match verdict {
                Some(v) => class(v.class()),
                None if section.reference.contains(at) => Cell::Text(text("参考，不参与评价", "for reference, decides nothing")),
                None => Cell::Text(text("无限值", "no limits")),
            },
            multiple: Cell::number(verdict.and_then(|v| v.multiple), 2),
            decides: verdict.is_some_and(|v| Some(v.worst) == worst),
        }
    };
    given.iter().map(item).collect()
}
