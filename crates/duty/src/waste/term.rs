//! Terms in working days. The receiver of hazardous waste confirms within five of them (Measures
//! for the transfer of hazardous waste, order 23 of 2021, in force 2022-01-01).

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Which days are worked: Monday to Friday, less the holidays, plus the weekend days that a
/// holiday was exchanged for (调休).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Days off that would be worked.
    pub holidays: BTreeSet<Date>,
    /// Saturdays and Sundays that are worked.
    pub made_up: BTreeSet<Date>,
}

impl WorkCalendar {
    /// True when the day is worked. A day in both lists is off: the holiday is the later decree.
    pub fn works(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !self.holidays.contains(&day) && (!weekend || self.made_up.contains(&day))
    }

    /// The last day of a term of so many working days that begins the day after `from`; `None` where
    /// the calendar ends first. A term of none ends on `from`.
    pub fn last_day(&self, from: Date, working_days: u32) -> Option<Date> {
        let mut day = from;
        let mut left = working_days;
        while left > 0 {
            day = day.checked_add(1.day()).ok()?;
            left -= u32::from(self.works(day));
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// By hand on the calendar of 2026: National Day 1–8 October off, 27 September and 10 October
    /// worked (invented for the test). From Friday 25 September, five working days: Sunday 27, Mon 28,
    /// Tue 29, Wed 30, then 9 October.
    #[test]
    fn holidays_and_days_made_up_for() {
        let calendar = WorkCalendar { holidays: (1..=8).map(|d| date(2026, 10, d)).collect(), made_up: [date(2026, 9, 27), date(2026, 10, 10)].into() };
        assert_eq!(calendar.last_day(date(2026, 9, 25), 5), Some(date(2026, 10, 9)));
        assert_eq!(calendar.last_day(date(2026, 9, 25), 6), Some(date(2026, 10, 10)));
        assert_eq!(calendar.last_day(date(2026, 9, 25), 0), Some(date(2026, 9, 25)));
        assert_eq!(calendar.last_day(Date::MAX, 1), None);
    }
}
