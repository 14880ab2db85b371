//! A day of the calendar, small and ordered.

use std::fmt;

/// A day, `YYYY-MM-DD`, in the region's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Day {
    /// Reads `YYYY-MM-DD`; anything after the tenth character (a time) is left alone. `None` for a day
    /// that is not in the calendar.
    pub fn parse(written: &str) -> Option<Self> {
        let day = written.get(..10)?.as_bytes();
        let number = |from: usize, to: usize| day[from..to].iter().try_fold(0_u32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')));
        if day[4] != b'-' || day[7] != b'-' || written.as_bytes().get(10).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        Self::of(number(0, 4)?, number(5, 7)?, number(8, 10)?)
    }

    /// A day by year, month and day; `None` for one that is not in the calendar.
    pub fn of(year: u32, month: u32, day: u32) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self(year * 10_000 + month * 100 + day))
    }

    /// The year.
    pub fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        self.0 % 100
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn only_days_of_the_calendar() {
        assert_eq!(Day::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
        assert_eq!(Day::parse("2021-04-01T08:00+08:00").map(Day::month), Some(4));
        for bad in ["2023-02-29", "2026-13-01", "2026-4-1", "2026/04/01", "2026-04-011", "", "20260401"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert!(Day::parse("2026-02-28") < Day::parse("2026-03-01"));
    }
}
