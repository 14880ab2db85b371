//! A year of one place against the limits: statistics, attainment, composite index, good days.

use super::day::DayJudged;
use super::index::judged;
use super::profile::{Profile, Statistic, Yearly};
use super::statistics::{Part, composite_index, good_day_pct, mean, percentile};
use super::{Averaging, Item, Micro, Pollutant};

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
    /// True when the rounded value keeps the limit; none where the data do not suffice.
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
    /// Days by their index.
    pub days: Days,
    /// True when the valid days suffice for a share of the year.
    pub sufficient: bool,
}

/// Judges a year by its days, all under one profile.
pub(crate) fn judge(year: i16, days: &[DayJudged], profile: &Profile, place: usize, zone: Zone) -> YearJudged {
    let statistics: Vec<StatisticJudged> = profile.yearly.iter().enumerate().map(|(i, y)| statistic(i, y, days, profile, zone)).collect();
    let count = count(days);
    YearJudged {
        year,
        profile: place,
        attains: all(&statistics),
        index: index(&statistics, profile),
        sufficient: count.valid >= profile.validity.year_days,
        days: count,
        statistics,
    }
}

/// One that fails decides; one that is not known leaves it open.
fn all(statistics: &[StatisticJudged]) -> Option<bool> {
    if statistics.iter().any(|s| s.attains == Some(false)) {
        return Some(false);
    }
    (!statistics.is_empty() && statistics.iter().all(|s| s.attains == Some(true))).then_some(true)
}

fn index(statistics: &[StatisticJudged], profile: &Profile) -> Option<f64> {
    let parts: Option<Vec<Part>> = statistics
        .iter()
        .filter(|s| profile.yearly[s.place].in_index)
        .map(|s| s.rounded.map(|c| Part { value: c.number(), limit: profile.yearly[s.place].class2.number(), weight: 1.0 }))
        .collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| composite_index(&parts))
}

/// Days that count, and good ones among them.
pub(crate) fn count(days: &[DayJudged]) -> Days {
    let mut count = Days::default();
    for day in days {
        let Some(good) = day.index.good() else { continue };
        count.valid += 1;
        count.good += u32::from(good);
        count.good_unrounded += u32::from(day.unrounded.good() == Some(true));
    }
    count
}

fn statistic(place: usize, yearly: &Yearly, days: &[DayJudged], profile: &Profile, zone: Zone) -> StatisticJudged {
    let mut values = Vec::new();
    let mut months = [0_u32; 12];
    if let Some(column) = daily_place(profile, yearly.pollutant) {
        for day in days {
            let Some(c) = day.values[column].c else { continue };
            values.push(c);
            months[(day.day.date().month() - 1) as usize] += 1;
        }
    }
    let value = match yearly.statistic {
        Statistic::Mean => mean(&values),
        Statistic::Percentile(p) => percentile(&values, p),
    };
    let validity = &profile.validity;
    let enough = |(month, days): (usize, &u32)| *days >= if month == 1 { validity.february_days } else { validity.month_days };
    let sufficient = values.len() as u64 >= u64::from(validity.year_days) && months.iter().enumerate().all(enough);
    let rounded = value.map(|c| judged(profile, yearly.pollutant, c));
    let limit = match zone {
        Zone::Class1 => yearly.class1,
        Zone::Class2 => yearly.class2,
    };
    let keeps = |c: Option<Micro>| c.filter(|_| sufficient).map(|c| c <= limit);
    StatisticJudged { place, days: values.len() as u32, sufficient, value, rounded, limit, attains: keeps(rounded), attains_unrounded: keeps(value) }
}

/// Where the day's value of a pollutant stands among the daily indicators: the mean of the day, or the
/// largest of eight hours.
fn daily_place(profile: &Profile, pollutant: Pollutant) -> Option<usize> {
    let of = |averaging| profile.daily.iter().position(|i| i.item == Item { pollutant, averaging });
    of(Averaging::Day).or_else(|| of(Averaging::EightHours))
}
