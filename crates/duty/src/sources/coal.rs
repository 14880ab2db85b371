//! Coal that is used, and the cap on it (煤炭消费总量控制).

/// Coal of one enterprise and month, t: `opening + purchase − closing − sold`. `None` where more left than
/// there was, which no balance can say.
pub fn used_t(opening: f64, purchase: f64, closing: f64, sold: f64) -> Option<f64> {
    let used = opening + purchase - closing - sold;
    (used >= 0.0).then_some(used)
}

/// Tonnes of coal equivalent, from the lower heating value in GJ/t.
pub fn tce(coal_t: f64, lhv_gj_t: f64, gj_per_tce: f64) -> f64 {
    coal_t * lhv_gj_t / gj_per_tce
}

/// A year so far against its cap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cap {
    /// Used so far over the cap, %.
    pub used_pct: f64,
    /// The straight line, `months / 12`, %.
    pub line_pct: f64,
    /// What the year comes to at this pace, t.
    pub forecast_t: f64,
    /// True when it is so many points ahead of the line, or the forecast is above the cap.
    pub alarm: bool,
}

/// Holds the months so far against a cap; `None` without a month, with more than twelve, or without a cap.
pub fn against_cap(months_t: &[f64], cap_t: f64, points: f64) -> Option<Cap> {
    let months = months_t.len();
    if !(1..=12).contains(&months) || cap_t <= 0.0 {
        return None;
    }
    let used: f64 = months_t.iter().sum();
    let (used_pct, line_pct) = (100.0 * used / cap_t, 100.0 * months as f64 / 12.0);
    let forecast_t = used * 12.0 / months as f64;
    Some(Cap { used_pct, line_pct, forecast_t, alarm: used_pct > line_pct + points || forecast_t > cap_t })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 100 + 500 − 80 − 20 = 500 t; of 20.9 GJ/t that is 500·20.9/29.3076 = 356.56 tce.
    #[test]
    fn a_month_of_coal() {
        assert_eq!((used_t(100.0, 500.0, 80.0, 20.0), used_t(0.0, 1.0, 2.0, 0.0)), (Some(500.0), None));
        assert!((tce(500.0, 20.9, 29.3076) - 356.562_83).abs() < 1e-4);
    }

    /// By hand: 300 of 1200 after three months is on the line; 301 is a forecast of 1204 and an alarm.
    #[test]
    fn a_year_against_its_cap() {
        let cap = |used: f64| against_cap(&[used, 0.0, 0.0], 1200.0, 5.0).unwrap();
        assert_eq!((cap(300.0).used_pct, cap(300.0).line_pct, cap(300.0).alarm), (25.0, 25.0, false));
        assert_eq!((cap(301.0).forecast_t, cap(301.0).alarm), (1204.0, true));
        assert_eq!((against_cap(&[], 1.0, 5.0), against_cap(&[1.0; 13], 99.0, 5.0), against_cap(&[1.0], 0.0, 5.0)), (None, None, None));
    }
}
