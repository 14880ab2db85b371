//! One day of one station under one profile: the day's values with their validity, its index, and the
//! indices of its hours.

use super::index::{Index, Pollutants, judged};
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
    /// Where it rests on non-detects: the value with all of them at zero, and with all of them at their
    /// detection limits. The true one lies between.
    pub span: Option<(Micro, Micro)>,
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
    /// False where non-detects leave open whether the day is a good one: then it is neither.
    pub decided: bool,
    /// Pollutants outside the monitoring plan that are not missed on this day.
    pub exempt: Pollutants,
}

impl DayJudged {
    /// True for a good day, false for another; `None` when the day does not count: no index, one of 100 or
    /// less that a missing pollutant might raise, or non-detects that leave it open.
    pub fn good(&self) -> Option<bool> {
        self.index.good().filter(|_| self.decided)
    }
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
pub(crate) fn judge(day: DayNumber, block: &Block, profile: &Profile, place: usize, exempt: Pollutants) -> DayJudged {
    let values: Vec<Value> = profile.daily.iter().map(|i| value(i.item, block, profile)).collect();
    let of = |c: fn(&Value) -> Option<Micro>| {
        let rounded = profile.daily.iter().zip(&values).map(|(i, v)| c(v).map(|c| judged(profile, i.item.pollutant, c)));
        Index::of(&profile.daily, profile.steps, exempt, rounded)
    };
    let index = of(|v| v.c);
    let open = values.iter().any(|v| v.span.is_some());
    let decided = !open || of(|v| v.span.map_or(v.c, |s| Some(s.0))).good() == of(|v| v.span.map_or(v.c, |s| Some(s.1))).good();
    let unrounded = Index::of(&profile.daily, profile.steps, exempt, values.iter().map(|v| v.c));
    DayJudged { day, profile: place, values, index, unrounded, decided, exempt }
}

/// The value of an item on a day; where non-detects are among what it rests on, with its span.
fn value(item: Item, block: &Block, profile: &Profile) -> Value {
    let value = counted(item, block, profile, profile.validity.non_detect_pct);
    if !block.has_below() {
        return value;
    }
    let [low, high] = [0, 100].map(|pct| counted(item, block, profile, pct).c);
    Value { span: low.zip(high).filter(|(low, high)| low != high), ..value }
}

/// The value of an item on a day, non-detects counting for `pct` percent: the one given, else from its
/// hours.
fn counted(item: Item, block: &Block, profile: &Profile, pct: u32) -> Value {
    if let Some(c) = block.day(item, pct) {
        return Value { c: Some(c), ..Value::default() };
    }
    if !block.has_hours() {
        return Value { of: Some(0), ..Value::default() };
    }
    let hours = block.hours(item.pollutant, Averaging::Hour, pct);
    match item.averaging {
        Averaging::EightHours => eight_hours(item.pollutant, &hours, profile),
        Averaging::Day => {
            let (sum, of) = sum(&hours);
            let enough = of >= profile.validity.day_hours;
            Value { c: Micro::mean(sum, of).filter(|_| enough), of: Some(of), ..Value::default() }
        }
        Averaging::Hour => {
            let (_, of) = sum(&hours);
            let enough = of >= profile.validity.day_hours;
            Value { c: hours.iter().flatten().max().copied().filter(|_| enough), of: Some(of), ..Value::default() }
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
    Value { c: largest.filter(|_| enough || over), of: Some(day.valid_windows), by_exceeding: over && !enough, span: None }
}

fn sum(hours: &[Option<Micro>]) -> (i64, u32) {
    hours.iter().flatten().fold((0, 0), |(sum, of), c| (sum + c.count(), of + 1))
}

/// The indices of the hours of a day for which anything was put. `before` is the day before, into
/// which sliding means reach.
pub(crate) fn hours(day: DayNumber, block: &Block, before: Option<&Block>, (profile, place): (&Profile, usize), exempt: Pollutants, out: &mut Vec<HourJudged>) {
    if profile.hourly.is_empty() || !block.has_hours() {
        return;
    }
    let mut columns = [[None; HOURS]; super::index::MOST];
    for (column, indicator) in columns.iter_mut().zip(&profile.hourly) {
        *column = sliding(indicator, block, before, profile);
    }
    for hour in (0..HOURS).filter(|hour| block.has(*hour)) {
        let at_hour = columns.iter().take(profile.hourly.len()).map(|column| column[hour]);
        let index = Index::of(&profile.hourly, profile.steps, exempt, at_hour);
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
    let pct = profile.validity.non_detect_pct;
    let mut means = if averaging == Averaging::Hour {
        block.hours(pollutant, Averaging::Hour, pct)
    } else {
        let earlier = before.map_or([None; HOURS], |b| b.hours(pollutant, Averaging::Hour, pct));
        let made = means(&earlier, &block.hours(pollutant, Averaging::Hour, pct), length, least);
        let published = block.hours(pollutant, averaging, pct);
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
