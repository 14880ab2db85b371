//! Ozone over eight hours: the sliding mean, and the largest of a day.
//!
//! The sliding mean at hour t is that of the hours t−7 to t, and valid from six of them (GB 3095,
//! table of validity). The day's value is the largest of those that end at 08:00 to 24:00.

use super::Micro;

/// Hours in a window.
pub const WINDOW: usize = 8;
/// Windows in a day, ending at 08:00 to 24:00.
pub const WINDOWS: u32 = 17;

/// The windows of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// How many of the windows are valid.
    pub valid_windows: u32,
    /// The largest of the means, with the hour its window ends at: the first of equal ones.
    pub largest: Option<(Micro, u32)>,
}

impl Day {
    /// True when the day counts: enough windows, or a largest mean that exceeds the limit anyway.
    /// `value` is that mean as it is judged, rounded or not.
    pub fn counts(&self, least_windows: u32, value: Option<Micro>, limit: Micro) -> bool {
        value.is_some() && self.valid_windows >= least_windows || value.is_some_and(|v| v > limit)
    }
}

/// The mean of the valid hours of a window; `None` when they are fewer than `least_hours`.
pub fn window(hours: &[Option<Micro>], least_hours: u32) -> Option<Micro> {
    let (sum, count) = hours.iter().flatten().fold((0, 0), |(sum, count), c| (sum + c.count(), count + 1));
    if count < least_hours { None } else { Micro::mean(sum, count) }
}

/// The windows of a day from its 24 hours, 01:00 to 24:00, `None` where there is no valid hour.
pub fn day(hours: &[Option<Micro>; 24], least_hours: u32) -> Day {
    let mut day = Day { valid_windows: 0, largest: None };
    for (start, hours) in hours.windows(WINDOW).enumerate() {
        let Some(mean) = window(hours, least_hours) else { continue };
        day.valid_windows += 1;
        if day.largest.is_none_or(|(most, _)| mean > most) {
            day.largest = Some((mean, (start + WINDOW) as u32));
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_day_has_seventeen_windows_and_the_first_of_equals() {
        let hours = [Micro::units(100); 24];
        let day = day(&hours, 6);
        assert_eq!((day.valid_windows, day.largest.unwrap().1), (WINDOWS, 8));
        assert!(day.counts(14, Micro::units(100), Micro::units(160).unwrap()));
    }

    #[test]
    fn nothing_is_no_day() {
        let day = day(&[None; 24], 6);
        assert_eq!(day, Day { valid_windows: 0, largest: None });
        assert!(!day.counts(0, None, Micro::default()));
    }
}
