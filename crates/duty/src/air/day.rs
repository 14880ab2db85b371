//! One day of one station under one profile: the day's values with their validity, its index, and the
//! indices of its hours.

use super::index::{Index, judged};
use super::ozone;
use super::profile::{Indicator, Profile, Validity};
use super::series::{Block, HOURS};
use super::{Averaging, DayNumber, Item, Micro, Pollutant};

/// The value of one indicator on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Value {
    /// The value, not rounded; none where it is not valid.
    pub c: Option<Micro>,
    /// Valid hours, or windows of eight hours, that it rests on; none where the day's value was given.
    pub of: Option<u32>,
    /// True when only its exceeding made it count.
    pub by_exceeding: bool,
}

/// A day judged.
#[derive(Debug, Clone, PartialEq)]
pub struct DayJudged {
    /// The day.
    pub day: DayNumber,
    /// The place of the profile that judged it.
    pub profile: usize,
    /// The values of the profile's daily indicators.
    pub values: Vec<Value>,
    /// The index of the values, rounded before.
    pub index: Index,
    /// The index of the same values, not rounded: shown beside it where the two differ.
    pub unrounded: Index,
}

/// An hour judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourJudged {
    /// The day.
    pub day: DayNumber,
    /// The hour, 1 to 24, by its end.
    pub hour: u8,
    /// The place of the profile that judged it.
    pub profile: usize,
    /// The index.
    pub index: Index,
}

/// The day's values and index.
pub(crate) fn judge(day: DayNumber, block: &Block, profile: &Profile, place: usize) -> DayJudged {
    let values: Vec<Value> = profile.daily.iter().map(|i| value(i.item, block, profile)).collect();
    let rounded = profile.daily.iter().zip(&values).map(|(i, v)| v.c.map(|c| judged(profile, i.item.pollutant, c)));
    let index = Index::of(&profile.daily, profile.missing, rounded);
    let unrounded = Index::of(&profile.daily, profile.missing, values.iter().map(|v| v.c));
    DayJudged { day, profile: place, values, index, unrounded }
}

/// The value of an item on a day: the one given, else from its hours.
fn value(item: Item, block: &Block, profile: &Profile) -> Value {
    if let Some(c) = block.day(item) {
        return Value { c: Some(c), ..Value::default() };
    }
    if !block.has_hours() {
        return Value { of: Some(0), ..Value::default() };
    }
    let hours = block.hours(item.pollutant, Averaging::Hour);
    match item.averaging {
        Averaging::EightHours => eight_hours(item.pollutant, &hours, profile),
        Averaging::Day => {
            let (sum, of) = sum(&hours);
            let enough = of >= profile.validity.day_hours;
            Value { c: Micro::mean(sum, of).filter(|_| enough), of: Some(of), by_exceeding: false }
        }
        Averaging::Hour => {
            let (_, of) = sum(&hours);
            let enough = of >= profile.validity.day_hours;
            Value { c: hours.iter().flatten().max().copied().filter(|_| enough), of: Some(of), by_exceeding: false }
        }
    }
}

fn eight_hours(pollutant: Pollutant, hours: &[Option<Micro>; HOURS], profile: &Profile) -> Value {
    let Validity { window_hours, day_windows, .. } = profile.validity;
    let day = ozone::day(hours, window_hours);
    let largest = day.largest.map(|(c, _)| c);
    // The exception is held against the value as it is judged: a mean that rounds to the limit does not exceed.
    let over = profile.ozone_limit.filter(|(p, _)| *p == pollutant).is_some_and(|(_, limit)| largest.is_some_and(|c| judged(profile, pollutant, c) > limit));
    let enough = day.valid_windows >= day_windows;
    Value { c: largest.filter(|_| enough || over), of: Some(day.valid_windows), by_exceeding: over && !enough }
}

fn sum(hours: &[Option<Micro>]) -> (i64, u32) {
    hours.iter().flatten().fold((0, 0), |(sum, of), c| (sum + c.count(), of + 1))
}

/// The indices of the hours of a day for which anything was put. `before` is the day before, into
/// which sliding means reach.
pub(crate) fn hours(day: DayNumber, block: &Block, before: Option<&Block>, profile: &Profile, place: usize, out: &mut Vec<HourJudged>) {
    if profile.hourly.is_empty() || !block.has_hours() {
        return;
    }
    let mut columns = [[None; HOURS]; super::index::MOST];
    for (column, indicator) in columns.iter_mut().zip(&profile.hourly) {
        *column = sliding(indicator, block, before, profile);
    }
    for hour in (0..HOURS).filter(|hour| block.has(*hour)) {
        let at_hour = columns.iter().take(profile.hourly.len()).map(|column| column[hour]);
        let index = Index::of(&profile.hourly, profile.missing, at_hour);
        out.push(HourJudged { day, hour: hour as u8 + 1, profile: place, index });
    }
}

/// The values of an hourly indicator through a day, rounded: of the hour, or the mean up to it. A
/// sliding mean that was published goes before one made here.
fn sliding(indicator: &Indicator, block: &Block, before: Option<&Block>, profile: &Profile) -> [Option<Micro>; HOURS] {
    let Item { pollutant, averaging } = indicator.item;
    let (length, least) = match averaging {
        Averaging::Hour => (1, 1),
        Averaging::EightHours => (ozone::WINDOW, profile.validity.window_hours),
        Averaging::Day => (HOURS, profile.validity.day_hours),
    };
    let mut means = if averaging == Averaging::Hour {
        block.hours(pollutant, Averaging::Hour)
    } else {
        let earlier = before.map_or([None; HOURS], |b| b.hours(pollutant, Averaging::Hour));
        let made = means(&earlier, &block.hours(pollutant, Averaging::Hour), length, least);
        let published = block.hours(pollutant, averaging);
        std::array::from_fn(|hour| published[hour].or(made[hour]))
    };
    for c in means.iter_mut().flatten() {
        *c = judged(profile, pollutant, *c);
    }
    means
}

/// Means over so many hours up to each hour of the second day, from `least` valid ones.
fn means(earlier: &[Option<Micro>; HOURS], today: &[Option<Micro>; HOURS], length: usize, least: u32) -> [Option<Micro>; HOURS] {
    let at = |hour: usize| if hour < HOURS { earlier[hour] } else { today[hour - HOURS] };
    let (mut total, mut of) = sum(&earlier[HOURS - length + 1..]);
    std::array::from_fn(|hour| {
        if let Some(c) = today[hour] {
            total += c.count();
            of += 1;
        }
        let mean = if of >= least { Micro::mean(total, of) } else { None };
        if let Some(c) = at(HOURS + hour + 1 - length) {
            total -= c.count();
            of -= 1;
        }
        mean
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The running sum is the sum: held against every window by itself.
        #[test]
        fn sliding_means(values in prop::collection::vec(prop::option::of(0i64..900_000_000), 48), length in 1usize..=24, least in 1u32..24) {
            let c = |i: usize| values[i].and_then(Micro::millionths);
            let (earlier, today) = (std::array::from_fn(c), std::array::from_fn(|i| c(HOURS + i)));
            let got = means(&earlier, &today, length, least);
            for (hour, got) in got.iter().enumerate() {
                let window: Vec<Option<Micro>> = (HOURS + hour + 1 - length..=HOURS + hour).map(c).collect();
                prop_assert_eq!(*got, ozone::window(&window, least));
            }
        }
    }
}
