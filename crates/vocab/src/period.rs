//! When: a half-open span of days, from the start up to but not including the end.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `[start, end)`, days as `YYYY-MM-DD` in the region's own time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: String,
    /// The day after the last.
    pub end: String,
}

impl Period {
    /// A calendar year, the accounting period of every account.
    pub fn year(year: i32) -> Self {
        Self { start: format!("{year:04}-01-01"), end: format!("{:04}-01-01", year + 1) }
    }

    /// The year, when the period is one.
    pub fn as_year(&self) -> Option<i32> {
        let year = self.start.get(..4)?.parse().ok()?;
        (*self == Self::year(year)).then_some(year)
    }

    /// True when the day `YYYY-MM-DD` lies in the period.
    pub fn contains(&self, day: &str) -> bool {
        self.start.as_str() <= day && day < self.end.as_str()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_year() {
            Some(year) => write!(f, "{year}"),
            None => write!(f, "[{}, {})", self.start, self.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_year_holds_its_last_day_and_not_the_next_first() {
        let year = Period::year(2020);
        assert!(year.contains("2020-12-31") && !year.contains("2021-01-01"));
        assert_eq!(year.as_year(), Some(2020));
        assert_eq!(Period { start: "2020-05-01".into(), end: "2020-10-01".into() }.to_string(), "[2020-05-01, 2020-10-01)");
    }
}
