//! The machine's clock, read here and handed on: nothing below the program asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use liangshan_atlas::rules::Day;
use liangshan_vocab::Moment;

/// China's time is eight hours ahead of UTC all year.
const CHINA_MICROS: i64 = 8 * 3_600_000_000;

/// Now; the only moment that facts are recorded by.
pub(crate) fn now() -> Moment {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    Moment(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// The day it is in China.
pub(crate) fn today() -> Day {
    day_in_china(now())
}

/// The day of a moment in China.
pub(crate) fn day_in_china(now: Moment) -> Day {
    let there = Moment(now.0.saturating_add(CHINA_MICROS)).day();
    // The calendar of a moment gives days of the calendar.
    Day::parse(&there).or_else(|| Day::of(1970, 1, 1)).unwrap_or_else(|| unreachable!("1970-01-01 is a day"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 2026-11-25 16:00:00 UTC is midnight of the 26th in China; a microsecond before, it is the 25th.
    #[test]
    fn a_day_in_china_begins_at_sixteen_hours_of_the_day_before() {
        let sixteen = 1_795_622_400_000_000;
        assert_eq!(day_in_china(Moment(sixteen)).to_string(), "2026-11-26");
        assert_eq!(day_in_china(Moment(sixteen - 1)).to_string(), "2026-11-25");
    }
}
