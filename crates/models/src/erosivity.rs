//! Rainfall erosivity from daily rain: plain functions, because rain comes by station and day and
//! not by cell.
//!
//! Source: HJ 1173-2021, A.5-A.6. The warm season May to September, the half-months that meet
//! after the 15th and the threshold of 10 mm are from general knowledge; evidence: unverified.

/// Erosive threshold taken by default, mm a day. Some take 12.
pub const THRESHOLD_MM: f64 = 10.0;

/// Rain of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RainDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// Rain in mm; NaN when it was not observed.
    pub rain_mm: f64,
}

/// Erosivity of one day in MJ mm/(ha h): `α·P^1.7265` from `threshold_mm` on, else 0; α is 0.3937
/// from May to September and 0.3101 from October to April. NaN when rain is missing.
pub fn day_erosivity(day: RainDay, threshold_mm: f64) -> f64 {
    let alpha = if (5..=9).contains(&day.month) { 0.3937 } else { 0.3101 };
    if day.rain_mm < threshold_mm { 0.0 } else { alpha * day.rain_mm.powf(1.7265) }
}

/// Mean erosivity of each of the 24 half-months in MJ mm/(ha h), over `years` whole years of
/// `days` in any order. A half-month with a missing day is NaN; a day that is not listed at all
/// counts as dry, so check completeness first.
///
/// # Panics
/// If `years` is zero or a month or day does not exist: callers check their calendar.
pub fn half_month_erosivity(days: &[RainDay], threshold_mm: f64, years: u32) -> [f64; 24] {
    assert!(years > 0, "erosivity needs at least one year");
    let mut halves = [0.0; 24];
    for day in days {
        assert!((1..=12).contains(&day.month) && (1..=31).contains(&day.day), "no such day: {day:?}");
        let half = usize::from(day.month - 1) * 2 + usize::from(day.day > 15);
        halves[half] += day_erosivity(*day, threshold_mm);
    }
    halves.map(|sum| sum / f64::from(years))
}

/// Yearly erosivity R in MJ mm/(ha h a): the sum of the half-months, NaN if one is.
pub fn annual_erosivity(half_months: &[f64; 24]) -> f64 {
    half_months.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kaihua_2020() -> Vec<RainDay> {
        include_str!("../tests/data/daily_rain_kaihua_2020.csv")
            .lines()
            .filter(|line| line.starts_with("2020-"))
            .map(|line| {
                let (date, rain) = line.split_once(',').unwrap();
                RainDay { month: date[5..7].parse().unwrap(), day: date[8..10].parse().unwrap(), rain_mm: rain.parse().unwrap() }
            })
            .collect()
    }

    #[test]
    fn a_county_year_of_daily_rain() {
        // Quzhou region pack, quzhou_storm_rain_county.csv: 2020, 330824, erosivity_hj1173_daily
        // 7996.6 from an annual rain of 1847.7 mm, both rounded to one decimal.
        let days = kaihua_2020();
        assert_eq!(days.len(), 366);
        assert!((days.iter().map(|d| d.rain_mm).sum::<f64>() - 1847.7).abs() < 0.051);
        let halves = half_month_erosivity(&days, THRESHOLD_MM, 1);
        assert!((annual_erosivity(&halves) - 7996.6).abs() < 0.051);
        assert!(annual_erosivity(&half_month_erosivity(&days, 12.0, 1)) < 7996.6);
    }

    #[test]
    fn by_hand() {
        // 20^1.7265 = e^(1.7265·2.995732) = e^5.172132 = 176.290; ·0.3937 = 69.405, ·0.3101 = 54.668;
        // two years halve it; 9.9 mm does not count and exactly 10 mm does.
        let day = |month, day, rain_mm| RainDay { month, day, rain_mm };
        let halves = half_month_erosivity(&[day(5, 15, 20.0), day(5, 16, 20.0), day(10, 1, 20.0), day(1, 1, 9.9)], 10.0, 2);
        assert!((halves[8] - 34.703).abs() < 1e-3 && halves[8] == halves[9]);
        assert!((halves[18] - 27.334).abs() < 1e-3);
        assert_eq!(halves[0], 0.0);
        assert!(day_erosivity(day(1, 1, 10.0), 10.0) > 0.0);
    }

    #[test]
    fn a_missing_day_spoils_its_half_month_and_the_year() {
        let halves = half_month_erosivity(&[RainDay { month: 3, day: 16, rain_mm: f64::NAN }], 10.0, 1);
        assert!(halves[5].is_nan() && halves[4] == 0.0 && annual_erosivity(&halves).is_nan());
    }
}
