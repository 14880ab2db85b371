//! One series under two editions: what of a difference is the rule's, and what is nature's.
//!
//! On one day, or in one year, nature is the same under both editions, so the whole difference is the
//! rule's. Between two years the change from A in the first to B in the second is split in two:
//! nature, `A(second) − A(first)`, under one rule; and the rule, `B(second) − A(second)`, in one year.

use liangshan_vocab::Problem;

use super::day::{DayJudged, HourJudged};
use super::judge::{Edition, Judged, Question, judge};
use super::rules::Rules;
use super::series::Series;
use super::year::{YearJudged, Zone};
use super::{DayNumber, Micro};

/// A day under both editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayChange {
    /// The day.
    pub day: DayNumber,
    /// The index under A.
    pub a: Option<u16>,
    /// The index under B.
    pub b: Option<u16>,
    /// The level under A.
    pub level_a: Option<u8>,
    /// The level under B.
    pub level_b: Option<u8>,
}

/// A number of a year under both editions.
#[derive(Debug, Clone, PartialEq)]
pub struct YearNumber {
    /// The year.
    pub year: i16,
    /// Which: `good_day_pct`, `composite_index`, `mean_aqi`, or a statistic as a share of its limit,
    /// `PM25/limit`.
    pub what: String,
    /// Under A.
    pub a: Option<f64>,
    /// Under B.
    pub b: Option<f64>,
}

impl YearNumber {
    /// What the change of rule makes, `B − A`.
    pub fn rule(&self) -> Option<f64> {
        Some(self.b? - self.a?)
    }
}

/// A change between two years, split.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Which number.
    pub what: String,
    /// The first year, under A.
    pub from: (i16, f64),
    /// The second year, under B.
    pub to: (i16, f64),
    /// What nature changed, under A.
    pub nature: f64,
    /// What the rule changed, in the second year.
    pub rule: f64,
}

/// One station under both editions.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The station's code.
    pub station: String,
    /// Its days.
    pub days: Vec<DayChange>,
    /// The numbers of its years.
    pub years: Vec<YearNumber>,
}

/// Judges a series under two editions.
///
/// # Errors
/// `air.no_profile`.
pub fn replay(series: &Series, rules: &Rules, editions: [&str; 2], zone: Zone) -> Result<Vec<Replayed>, Problem> {
    let under = |id: &str| judge(series, rules, &Question { edition: Edition::Named(id.to_owned()), zone, hours: false });
    let (a, b) = (under(editions[0])?, under(editions[1])?);
    Ok(a.iter().zip(&b).map(|(a, b)| both(a, b, rules)).collect())
}

fn both(a: &Judged, b: &Judged, rules: &Rules) -> Replayed {
    assert_eq!(a.station, b.station, "the same series has the same stations");
    let level = |day: &DayJudged| day.index.aqi.map(|aqi| rules.profiles[day.profile].level(aqi).level);
    let day = |(a, b): (&DayJudged, &DayJudged)| DayChange { day: a.day, a: a.index.aqi, b: b.index.aqi, level_a: level(a), level_b: level(b) };
    let mut years = Vec::new();
    for (in_a, in_b) in a.years.iter().zip(&b.years) {
        years.extend(numbers(in_a, in_b, a, b, rules));
    }
    Replayed { station: a.station.clone(), days: a.days.iter().zip(&b.days).map(day).collect(), years }
}

fn numbers(in_a: &YearJudged, in_b: &YearJudged, a: &Judged, b: &Judged, rules: &Rules) -> Vec<YearNumber> {
    let year = in_a.year;
    let number = |what: &str, a: Option<f64>, b: Option<f64>| YearNumber { year, what: what.to_owned(), a, b };
    let mut out = vec![
        number("good_day_pct", in_a.days.good_pct(), in_b.days.good_pct()),
        number("composite_index", in_a.index, in_b.index),
        number("mean_aqi", mean_aqi(a, year), mean_aqi(b, year)),
    ];
    for statistic in &in_a.statistics {
        let key = &rules.profiles[in_a.profile].yearly[statistic.place].key;
        let other = in_b.statistics.iter().find(|s| rules.profiles[in_b.profile].yearly[s.place].key == *key);
        let share = |value: Option<Micro>, limit: Micro| value.map(|v| v.number() / limit.number());
        out.push(number(&format!("{key}/limit"), share(statistic.rounded, statistic.limit), other.and_then(|o| share(o.rounded, o.limit))));
    }
    out
}

fn mean_aqi(judged: &Judged, year: i16) -> Option<f64> {
    let of_year = judged.days.iter().filter(|d| d.day.date().year() == year).filter_map(|d| d.index.aqi);
    let (sum, count) = of_year.fold((0_u64, 0_u32), |(sum, count), aqi| (sum + u64::from(aqi), count + 1));
    (count > 0).then(|| sum as f64 / f64::from(count))
}

impl Replayed {
    /// Every number that both years have, its change from A in the first to B in the second split into
    /// nature and rule.
    pub fn split(&self, first: i16, second: i16) -> Vec<Split> {
        let of = |year: i16| self.years.iter().filter(move |n| n.year == year);
        let pairs = of(first).filter_map(|from| of(second).find(|to| to.what == from.what).map(|to| (from, to)));
        pairs
            .filter_map(|(from, to)| {
                let (start, end_a, end_b) = (from.a?, to.a?, to.b?);
                Some(Split { what: from.what.clone(), from: (first, start), to: (second, end_b), nature: end_a - start, rule: end_b - end_a })
            })
            .collect()
    }
}

/// An hour under both editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourChange {
    /// The day.
    pub day: DayNumber,
    /// The hour, 1 to 24, by its end.
    pub hour: u8,
    /// The index under A.
    pub a: Option<u16>,
    /// The index under B.
    pub b: Option<u16>,
    /// The level under A.
    pub level_a: Option<u8>,
    /// The level under B.
    pub level_b: Option<u8>,
}

/// The hours of every station under two editions: in one hour nature is the same, so all of a difference
/// is the rule's.
///
/// # Errors
/// `air.no_profile`.
pub fn replay_hours(series: &Series, rules: &Rules, editions: [&str; 2]) -> Result<Vec<(String, Vec<HourChange>)>, Problem> {
    let under = |id: &str| judge(series, rules, &Question { edition: Edition::Named(id.to_owned()), zone: Zone::default(), hours: true });
    let (a, b) = (under(editions[0])?, under(editions[1])?);
    let level = |hour: &HourJudged| hour.index.aqi.map(|aqi| rules.profiles[hour.profile].level(aqi).level);
    let station = |(a, b): (&Judged, &Judged)| {
        let mut later = b.hours.iter().peekable();
        let mut out = Vec::new();
        for hour in &a.hours {
            while later.next_if(|h| (h.day, h.hour) < (hour.day, hour.hour)).is_some() {}
            if let Some(same) = later.next_if(|h| (h.day, h.hour) == (hour.day, hour.hour)) {
                let (level_a, level_b) = (level(hour), level(same));
                out.push(HourChange { day: hour.day, hour: hour.hour, a: hour.index.aqi, b: same.index.aqi, level_a, level_b });
            }
        }
        (a.station.clone(), out)
    };
    Ok(a.iter().zip(&b).map(station).collect())
}
