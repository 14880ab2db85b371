//! Observations of the air at stations, put where hours and days find them. The order in which they
//! are put does not show.
//!
//! An hour's label is its end, as stations publish it: the day has the hours 01:00 to 24:00, and
//! 00:00 is the last hour of the day before.

use std::collections::HashMap;

use jiff::civil::Date;
use liangshan_vocab::{Problem, text, words};

use super::{Averaging, Item, Micro, Pollutant, Rules};

/// Hours in a day.
pub const HOURS: usize = 24;
const EPOCH: Date = Date::constant(1970, 1, 1);
const ABSENT: i64 = -1;
const NOT_VALID: i64 = -2;
const AT_ODDS: i64 = -3;
/// A non-detect is kept below this, by the millionths of its detection limit.
const BELOW: i64 = -16;

/// A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayNumber(pub i32);

impl DayNumber {
    /// The number of a civil date.
    pub fn of(date: Date) -> Self {
        Self((date.duration_since(EPOCH).as_hours() / 24) as i32)
    }

    /// The civil date.
    pub fn date(self) -> Date {
        EPOCH.saturating_add(jiff::Span::new().days(self.0.clamp(-4_000_000, 2_900_000)))
    }
}

/// When something was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// The hour 1 to 24 of a day, by its end.
    Hour(DayNumber, u8),
    /// A day.
    Day(DayNumber),
}

impl At {
    /// The hour that ends at a clock time of a date; 00:00 ends the day before.
    pub fn hour_ending(date: Date, hour: u8) -> Self {
        let day = DayNumber::of(date);
        if hour == 0 { At::Hour(DayNumber(day.0 - 1), HOURS as u8) } else { At::Hour(day, hour) }
    }

    fn day(self) -> DayNumber {
        match self {
            At::Hour(day, _) | At::Day(day) => day,
        }
    }
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A concentration.
    Value(Micro),
    /// Below this detection limit.
    Below(Micro),
    /// Something that is no valid value: maintenance, calibration, too few minutes.
    NotValid,
}

/// A day of one station.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// By averaging time, pollutant and hour; none where nothing was put.
    hours: [Option<Box<[i64]>>; 3],
    /// By averaging time and pollutant.
    days: Option<Box<[i64]>>,
    /// True when anything was below its detection limit.
    below: bool,
    /// Values of a day that rest on non-detects: with all of them at zero, and at their detection limits.
    spans: Vec<(Item, [Micro; 2])>,
}

/// A station and its days.
#[derive(Debug, Clone)]
pub struct Station {
    /// Its code.
    pub code: String,
    days: Vec<(DayNumber, Block)>,
    places: HashMap<DayNumber, usize>,
    last: usize,
}

/// Observations of stations.
#[derive(Debug, Clone)]
pub struct Series {
    pollutants: usize,
    stations: Vec<Station>,
    codes: HashMap<String, usize>,
}

impl Series {
    /// None yet, for so many pollutants.
    pub fn new(pollutants: usize) -> Self {
        Self { pollutants, stations: Vec::new(), codes: HashMap::new() }
    }

    /// The place of a station by its code, a new one where it is not known.
    pub fn station(&mut self, code: &str) -> usize {
        if let Some(place) = self.codes.get(code) {
            return *place;
        }
        let place = self.stations.len();
        self.codes.insert(code.to_owned(), place);
        self.stations.push(Station { code: code.to_owned(), days: Vec::new(), places: HashMap::new(), last: 0 });
        place
    }

    /// The stations, in the order they came.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// Puts one observation.
    ///
    /// An hour's `averaging` may be longer than an hour: then it is a published sliding mean up to it.
    ///
    /// # Errors
    /// `air.repeated` (a note) when the same was put before; `air.at_odds` when something else was:
    /// then neither counts. `air.no_such_hour` for an hour outside 1 to 24.
    ///
    /// # Panics
    /// For a station or pollutant that is not there.
    pub fn put(&mut self, station: usize, at: At, item: Item, reading: Reading) -> Result<(), Problem> {
        let (pollutants, pollutant) = (self.pollutants, item.pollutant.0 as usize);
        assert!(pollutant < pollutants, "pollutant {pollutant} of {pollutants}");
        if let At::Hour(_, hour) = at
            && !(1..=HOURS as u8).contains(&hour)
        {
            return Err(no_such_hour(hour));
        }
        let station = &mut self.stations[station];
        let block = station.block(at.day());
        let averaging = item.averaging as usize;
        block.below |= matches!(reading, Reading::Below(_));
        let slot = match at {
            At::Hour(_, hour) => {
                let hours = block.hours[averaging].get_or_insert_with(|| vec![ABSENT; pollutants * HOURS].into_boxed_slice());
                &mut hours[pollutant * HOURS + usize::from(hour) - 1]
            }
            At::Day(_) => {
                let days = block.days.get_or_insert_with(|| vec![ABSENT; pollutants * Averaging::ALL.len()].into_boxed_slice());
                &mut days[averaging * pollutants + pollutant]
            }
        };
        let put = match reading {
            Reading::Value(c) => c.count(),
            Reading::Below(limit) => BELOW - limit.count(),
            Reading::NotValid => NOT_VALID,
        };
        match *slot {
            ABSENT => *slot = put,
            before if before == put => return Err(repeated(&station.code, at)),
            _ => {
                *slot = AT_ODDS;
                return Err(at_odds(&station.code, at));
            }
        }
        Ok(())
    }

    /// Puts the value of a day that rests on non-detects, with its span: the value with all of them at zero, and
    /// with all of them at their detection limits.
    ///
    /// # Errors
    /// As [`Series::put`].
    pub fn put_spanned(&mut self, station: usize, day: DayNumber, item: Item, c: Micro, span: [Micro; 2]) -> Result<(), Problem> {
        self.put(station, At::Day(day), item, Reading::Value(c))?;
        let block = self.stations[station].block(day);
        block.below = true;
        block.spans.push((item, span));
        Ok(())
    }

    /// Puts the mean of an hour with the minutes it was measured over: fewer than the edition of the day
    /// asks for make it no valid value.
    ///
    /// # Errors
    /// As [`Series::put`]; `air.hour_short` (a note) for an hour of too few minutes, which is put as not valid;
    /// `air.no_edition` for a day that no edition rules.
    ///
    /// # Panics
    /// As [`Series::put`].
    pub fn put_measured(&mut self, station: usize, at: At, item: Item, c: Micro, minutes: u8, rules: &Rules) -> Result<(), Problem> {
        let least = rules.on(at.day().date())?.validity;
        let reading = least.hour(c, minutes);
        self.put(station, at, item, reading)?;
        match reading {
            Reading::NotValid => Err(hour_short(&self.stations[station].code, at, minutes, least.hour_minutes)),
            _ => Ok(()),
        }
    }
}

impl Station {
    fn block(&mut self, day: DayNumber) -> &mut Block {
        if self.days.get(self.last).is_none_or(|(d, _)| *d != day) {
            let (days, next) = (&mut self.days, self.places.len());
            self.last = *self.places.entry(day).or_insert_with(|| {
                days.push((day, Block { hours: [None, None, None], days: None, below: false, spans: Vec::new() }));
                next
            });
        }
        &mut self.days[self.last].1
    }

    /// The days on which anything was put, in their order.
    pub fn days(&self) -> Vec<DayNumber> {
        let mut days: Vec<DayNumber> = self.days.iter().map(|(day, _)| *day).collect();
        days.sort_unstable();
        days
    }

    pub(crate) fn block_of(&self, day: DayNumber) -> Option<&Block> {
        self.places.get(&day).map(|place| &self.days[*place].1)
    }
}

impl Block {
    /// What was put for a day; a non-detect counts for `pct` percent of its detection limit.
    pub(crate) fn day(&self, item: Item, pct: u32) -> Option<Micro> {
        let days = self.days.as_ref()?;
        let pollutants = days.len() / Averaging::ALL.len();
        let c = counted(days[item.averaging as usize * pollutants + item.pollutant.0 as usize], pct)?;
        let span = self.spans.iter().find(|(of, _)| *of == item).map(|(_, span)| span);
        Some(match (span, pct) {
            (Some([low, _]), 0) => *low,
            (Some([_, high]), 100) => *high,
            _ => c,
        })
    }

    /// The 24 hours of a pollutant; a non-detect counts for `pct` percent of its detection limit.
    pub(crate) fn hours(&self, pollutant: Pollutant, averaging: Averaging, pct: u32) -> [Option<Micro>; HOURS] {
        let Some(hours) = &self.hours[averaging as usize] else { return [None; HOURS] };
        let start = pollutant.0 as usize * HOURS;
        std::array::from_fn(|hour| counted(hours[start + hour], pct))
    }

    /// True when anything was below its detection limit.
    pub(crate) fn has_below(&self) -> bool {
        self.below
    }

    /// True when anything was put for the hour `0` to `23`.
    pub(crate) fn has(&self, hour: usize) -> bool {
        self.hours.iter().flatten().any(|hours| hours.iter().skip(hour).step_by(HOURS).any(|c| *c != ABSENT))
    }

    /// True when any hour was put.
    pub(crate) fn has_hours(&self) -> bool {
        self.hours.iter().any(Option::is_some)
    }
}

/// What is kept as a concentration that counts.
fn counted(kept: i64, pct: u32) -> Option<Micro> {
    if kept > BELOW { Micro::millionths(kept) } else { Micro::mean((BELOW - kept) * i64::from(pct), 100) }
}

fn place(at: At) -> String {
    match at {
        At::Hour(day, hour) => format!("{} {hour:02}:00", day.date()),
        At::Day(day) => day.date().to_string(),
    }
}

fn repeated(station: &str, at: At) -> Problem {
    Problem::note("air.repeated", text("同一数据出现两次，只计一次", "the same observation stands twice and counts once"))
        .key(format!("{station} {}", place(at)))
        .fix(text("删去重复的行", "take the repeated row out"))
}

fn at_odds(station: &str, at: At) -> Problem {
    Problem::warning("air.at_odds", text("同一时刻有两个不同的数据，都不采用", "two observations of one time differ, and neither is used"))
        .key(format!("{station} {}", place(at)))
        .expect(text("每个站点、时刻、项目一个数据", "one observation for each station, time and item"))
        .fix(text("查明哪一个正确，删去另一个", "find out which is right and take the other out"))
}

fn hour_short(station: &str, at: At, minutes: u8, least: u8) -> Problem {
    Problem::note(
        "air.hour_short",
        words!("这一小时只有 {minutes} 分钟，少于 {least} 分钟，不计", "this hour has {minutes} minutes, fewer than {least}, and does not count"),
    )
    .key(format!("{station} {}", place(at)))
    .expect(words!("至少 {least} 分钟", "{least} minutes at least"))
    .fix(text("补齐分钟数据；无法补齐则按无效小时报告", "bring the missing minutes; where there are none the hour stays invalid"))
}

fn no_such_hour(hour: u8) -> Problem {
    Problem::error("air.no_such_hour", words!("没有第 {hour} 小时", "there is no hour {hour}")).expect(text("1 至 24", "1 to 24"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const ITEM: Item = Item { pollutant: Pollutant(1), averaging: Averaging::Hour };

    #[test]
    fn midnight_ends_the_day_before() {
        assert_eq!(At::hour_ending(date(2020, 3, 27), 0), At::Hour(DayNumber::of(date(2020, 3, 26)), 24));
        assert_eq!(At::hour_ending(date(2020, 3, 27), 1), At::Hour(DayNumber::of(date(2020, 3, 27)), 1));
    }

    #[test]
    fn two_that_differ_are_neither_whatever_comes_third() {
        let mut series = Series::new(2);
        let station = series.station("1264A");
        let at = At::Hour(DayNumber(0), 1);
        let mut put = |c: i64| series.put(station, at, ITEM, Reading::Value(Micro::units(c).unwrap())).err().map(|p| p.code.into_owned());
        assert_eq!([put(5), put(5), put(6), put(5)].map(|c| c.unwrap_or_default()), ["", "air.repeated", "air.at_odds", "air.at_odds"]);
        let block = series.stations()[0].block_of(DayNumber(0)).unwrap();
        assert_eq!(block.hours(Pollutant(1), Averaging::Hour, 50), [None; HOURS]);
        assert!(block.has(0) && !block.has(1));
        assert!(series.put(0, At::Hour(DayNumber(0), 25), ITEM, Reading::NotValid).is_err());
    }

    /// By hand: 45 minutes are an hour and 44 are none (GB 3095-2026, table 4); half of 5 is 2.5.
    #[test]
    fn an_hour_needs_its_minutes_and_a_non_detect_counts_for_its_share() {
        let rules = Rules::shipped();
        let mut series = Series::new(rules.pollutants.len());
        let (station, day) = (series.station("1264A"), DayNumber::of(date(2026, 6, 1)));
        let c = Micro::units(30).unwrap();
        assert!(series.put_measured(station, At::Hour(day, 1), ITEM, c, 45, rules).is_ok());
        let short = series.put_measured(station, At::Hour(day, 2), ITEM, c, 44, rules).unwrap_err();
        assert_eq!(
            (short.code.as_ref(), series.put_measured(station, At::Hour(DayNumber(0), 1), ITEM, c, 60, rules).unwrap_err().code.as_ref()),
            ("air.hour_short", "air.no_edition")
        );
        series.put(station, At::Hour(day, 3), ITEM, Reading::Below(Micro::units(5).unwrap())).unwrap();
        let block = series.stations()[0].block_of(day).unwrap();
        let hours = |pct| block.hours(ITEM.pollutant, Averaging::Hour, pct)[..3].iter().map(|c| c.map(Micro::number)).collect::<Vec<_>>();
        assert_eq!(hours(50), [Some(30.0), None, Some(2.5)]);
        assert_eq!((hours(0)[2], hours(100)[2], block.has_below()), (Some(0.0), Some(5.0), true));
    }

    proptest! {
        #[test]
        fn days_are_numbered_as_the_calendar_does(year in 1i16..3000, month in 1i8..=12, day in 1i8..=28) {
            let date = date(year, month, day);
            prop_assert_eq!(DayNumber::of(date).date(), date);
        }
    }
}
