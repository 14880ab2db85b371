//! From minutes to hours, days, months and years, with the number of parts that makes a mean valid.

use liangshan_vocab::Problem;

use super::validity;
use crate::standard::Standard;

/// How many valid parts a mean needs. HJ 76, annex B, as other texts quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Valid minutes of an hour.
    pub minutes: usize,
    /// Valid hours of a day.
    pub hours: usize,
    /// Valid days of a month.
    pub days: usize,
    /// The same in February.
    pub days_february: usize,
}

impl Default for Needs {
    /// Those of the standard shipped with the program.
    fn default() -> Self {
        validity(Self::of)
    }
}

/// A mean with the parts it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Arithmetic mean of the valid parts; `None` where there are too few.
    pub value: Option<f64>,
    /// How many parts are valid.
    pub parts: usize,
    /// How many it needs.
    pub needed: usize,
}

/// The mean of the valid parts; NaN is no valid part.
pub fn mean(parts: impl IntoIterator<Item = f64>, needed: usize) -> Mean {
    let (mut count, mut sum) = (0_usize, 0.0);
    for part in parts.into_iter().filter(|p| p.is_finite()) {
        count += 1;
        sum += part;
    }
    Mean { value: (count >= needed.max(1)).then(|| sum / count as f64), parts: count, needed }
}

impl Needs {
    /// Those of a standard of `emissions/validity`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let count = |name| standard.value(name).map(|n| n as usize);
        Ok(Self { minutes: count("hour_minutes")?, hours: count("day_hours")?, days: count("month_days")?, days_february: count("february_days")? })
    }

    /// An hour of minutes.
    pub fn hour(&self, minutes: impl IntoIterator<Item = f64>) -> Mean {
        mean(minutes, self.minutes)
    }

    /// A day of hours.
    pub fn day(&self, hours: impl IntoIterator<Item = f64>) -> Mean {
        mean(hours, self.hours)
    }

    /// A month, 1 to 12, of days.
    pub fn month(&self, month: u8, days: impl IntoIterator<Item = f64>) -> Mean {
        mean(days, if month == 2 { self.days_february } else { self.days })
    }
}

/// A total of hourly loads with the hours that gave none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Total {
    /// Sum of the hours that gave a load, kg.
    pub kg: f64,
    /// How many those are.
    pub hours: u32,
    /// How many gave none: the sum is then a part of the whole only.
    pub lacking: u32,
}

/// Adds hourly loads up, in kg; NaN is an hour without one. Terms are added in the order of the
/// hours, so that the same hours give the same bytes.
pub fn total(hours: impl IntoIterator<Item = f64>) -> Total {
    hours.into_iter().fold(Total::default(), |mut total, kg| {
        if kg.is_finite() {
            total.kg += kg;
            total.hours += 1;
        } else {
            total.lacking += 1;
        }
        total
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_too_few_is_no_mean() {
        let needs = Needs::default();
        let hour = |valid: usize| needs.hour((0..60).map(|m| if m < valid { 2.0 } else { f64::NAN }));
        assert_eq!((hour(44).value, hour(45).value), (None, Some(2.0)));
        assert_eq!((needs.day(vec![1.0; 19]).value, needs.day(vec![1.0; 20]).parts), (None, 20));
        assert_eq!((needs.month(2, vec![1.0; 23]).value, needs.month(3, vec![1.0; 24]).value), (Some(1.0), None));
        assert_eq!(total([1.0, f64::NAN, 2.5]), Total { kg: 3.5, hours: 2, lacking: 1 });
    }
}
