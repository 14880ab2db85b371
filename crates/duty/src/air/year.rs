//! A year of one place against the limits: statistics, attainment, composite index, good days.

use super::day::{DayJudged, Value};
use super::index::judged;
use super::judge::Event;
use super::profile::{Profile, Statistic, Yearly};
use super::statistics::{Part, composite_index, good_day_pct, mean, percentile};
use super::{Averaging, DayNumber, Item, Micro, Pollutant};
use crate::water::{Trend, spearman};
use liangshan_vocab::{Problem, text};

/// Which limits hold where the air is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// National parks, reserves and other places of special protection.
    Class1,
    /// Everywhere else.
    #[default]
    Class2,
}

/// One statistic of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticJudged {
    /// Its place in [`Profile::yearly`].
    pub place: usize,
    /// Days it rests on.
    pub days: u32,
    /// True when the days suffice for the year and for every month.
    pub sufficient: bool,
    /// The statistic, not rounded.
    pub value: Option<Micro>,
    /// The same, rounded as it is published and judged.
    pub rounded: Option<Micro>,
    /// Its limit.
    pub limit: Micro,
    /// True when the rounded value keeps the limit; none where the data do not suffice, or non-detects leave
    /// it open.
    pub attains: Option<bool>,
    /// The same without rounding.
    pub attains_unrounded: Option<bool>,
}

/// Days by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// Days that count: an index, and no pollutant missing that might raise it over 100.
    pub valid: u32,
    /// Good ones among them (优良天).
    pub good: u32,
    /// Good ones when concentrations are not rounded first.
    pub good_unrounded: u32,
    /// Days that were taken out as events.
    pub deducted: u32,
}

impl Days {
    /// The share of good days, %; none without a valid day.
    pub fn good_pct(&self) -> Option<f64> {
        good_day_pct(self.good, self.valid)
    }

    /// The same without rounding.
    pub fn good_pct_unrounded(&self) -> Option<f64> {
        good_day_pct(self.good_unrounded, self.valid)
    }
}

/// A year judged.
#[derive(Debug, Clone, PartialEq)]
pub struct YearJudged {
    /// The year.
    pub year: i16,
    /// The place of the profile that judged it.
    pub profile: usize,
    /// The statistics.
    pub statistics: Vec<StatisticJudged>,
    /// True when all pollutants attain; none where the data of any do not suffice and none fails.
    pub attains: Option<bool>,
    /// The composite index; none where a statistic has no value.
    pub index: Option<f64>,
    /// The weighted variant of the index (seen in a third party's code, unverified); none where the edition
    /// has no weights, or a statistic has no value.
    pub weighted_index: Option<f64>,
    /// Days by their index.
    pub days: Days,
    /// True when the valid days suffice for a share of the year.
    pub sufficient: bool,
}

/// Judges a year by its days, all under one profile, without what the events take out. Whether the data
/// suffice is asked before: what is taken out was measured.
pub(crate) fn judge(year: i16, days: &[DayJudged], (profile, place): (&Profile, usize), zone: Zone, events: &[Event]) -> YearJudged {
    let statistics: Vec<StatisticJudged> = profile.yearly.iter().enumerate().map(|(i, y)| statistic(i, y, days, (profile, zone), events)).collect();
    YearJudged {
        year,
        profile: place,
        attains: all(&statistics),
        index: index(&statistics, profile, |_| Some(1.0)),
        weighted_index: index(&statistics, profile, |y| y.weight.map(Micro::number)),
        sufficient: count(days, &[]).valid >= profile.validity.year_days,
        days: count(days, events),
        statistics,
    }
}

/// The trend of a statistic over years, in their order, all judged by one edition: one that changes between
/// them would be taken for a change of the air. Years whose data do not suffice are left out.
///
/// # Errors
/// `air.trend_of_editions` for years of more than one edition; `water.too_few` below `least` years.
pub fn trend(years: &[YearJudged], place: usize, critical: f64, least: usize) -> Result<Trend, Problem> {
    if years.windows(2).any(|w| w[0].profile != w[1].profile) {
        return Err(Problem::error(
            "air.trend_of_editions",
            text("各年不是由同一版本评价的，不能作趋势", "the years were not judged by one edition, and show no trend"),
        )
        .expect(text("全部年份由同一版本评价", "all years judged by one edition"))
        .fix(text(
            "用 --standard 指明一个版本重评全部年份；跨版本的趋势每个版本各作一次",
            "judge all years again by one edition with --standard; a trend across editions is made once under each",
        )));
    }
    let values: Vec<f64> = years.iter().filter_map(|y| y.statistics.get(place).filter(|s| s.sufficient)?.value.map(Micro::number)).collect();
    spearman(&values, critical, least)
}

/// One that fails decides; one that is not known leaves it open.
fn all(statistics: &[StatisticJudged]) -> Option<bool> {
    if statistics.iter().any(|s| s.attains == Some(false)) {
        return Some(false);
    }
    (!statistics.is_empty() && statistics.iter().all(|s| s.attains == Some(true))).then_some(true)
}

fn index(statistics: &[StatisticJudged], profile: &Profile, weight: impl Fn(&Yearly) -> Option<f64>) -> Option<f64> {
    let part = |s: &StatisticJudged| {
        let yearly = &profile.yearly[s.place];
        Some(Part { value: s.rounded?.number(), limit: yearly.class2.number(), weight: weight(yearly)? })
    };
    let parts: Option<Vec<Part>> = statistics.iter().filter(|s| profile.yearly[s.place].in_index).map(part).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| composite_index(&parts))
}

/// Days that count, and good ones among them; days of excluded events are taken out and told apart.
pub(crate) fn count(days: &[DayJudged], events: &[Event]) -> Days {
    let mut count = Days::default();
    for day in days {
        if events.iter().any(|e| e.covers(day.day)) {
            count.deducted += 1;
            continue;
        }
        let Some(good) = day.good() else { continue };
        count.valid += 1;
        count.good += u32::from(good);
        count.good_unrounded += u32::from(day.unrounded.good() == Some(true));
    }
    count
}

fn statistic(place: usize, yearly: &Yearly, days: &[DayJudged], (profile, zone): (&Profile, Zone), events: &[Event]) -> StatisticJudged {
    let mut values: Vec<(DayNumber, Value)> = Vec::new();
    let mut months = [0_u32; 12];
    if let Some(column) = daily_place(profile, yearly.pollutant) {
        for day in days.iter().filter(|d| d.values[column].c.is_some()) {
            values.push((day.day, day.values[column]));
            months[(day.day.date().month() - 1) as usize] += 1;
        }
    }
    let validity = &profile.validity;
    let enough = |(month, days): (usize, &u32)| *days >= if month == 1 { validity.february_days } else { validity.month_days };
    let sufficient = values.len() as u64 >= u64::from(validity.year_days) && months.iter().enumerate().all(enough);
    values.retain(|(day, _)| !events.iter().any(|e| e.takes(*day, yearly.pollutant)));
    let of = |c: fn(&Value) -> Option<Micro>| {
        let list: Vec<Micro> = values.iter().filter_map(|(_, v)| c(v)).collect();
        match yearly.statistic {
            Statistic::Mean => mean(&list),
            Statistic::Percentile(p) => percentile(&list, p),
        }
    };
    let value = of(|v| v.c);
    let open = values.iter().any(|(_, v)| v.span.is_some());
    let rounded = value.map(|c| judged(profile, yearly.pollutant, c));
    let limit = match zone {
        Zone::Class1 => yearly.class1,
        Zone::Class2 => yearly.class2,
    };
    let keeps = |c: Option<Micro>| c.filter(|_| sufficient).map(|c| c <= limit);
    let ends = if open { [of(|v| v.span.map_or(v.c, |s| Some(s.0))), of(|v| v.span.map_or(v.c, |s| Some(s.1)))] } else { [value, value] };
    let agreed = |form: &dyn Fn(Micro) -> Micro| {
        let [low, high] = ends.map(|c| keeps(c.map(form)));
        low.filter(|_| low == high)
    };
    let attains = agreed(&|c| judged(profile, yearly.pollutant, c));
    let attains_unrounded = agreed(&|c| c);
    StatisticJudged { place, days: values.len() as u32, sufficient, value, rounded, limit, attains, attains_unrounded }
}

/// Where the day's value of a pollutant stands among the daily indicators: the mean of the day, or the
/// largest of eight hours.
fn daily_place(profile: &Profile, pollutant: Pollutant) -> Option<usize> {
    let of = |averaging| profile.daily.iter().position(|i| i.item == Item { pollutant, averaging });
    of(Averaging::Day).or_else(|| of(Averaging::EightHours))
}
