//! What the past says of the next year: mean and deviation of yearly changes, wide where the past is short.

use std::collections::BTreeMap;

/// Differences that suffice for a deviation of their own. `targets.md` section 6.
pub const ENOUGH: usize = 5;

/// How a quantity moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Changes from one year to the next that are known.
    pub changes: usize,
    /// Their mean, 0 where there is none.
    pub mean: f64,
    /// Their deviation (sample, n − 1), or the prior where there are fewer than [`ENOUGH`].
    pub deviation: f64,
    /// True when the deviation is the prior.
    pub prior: bool,
}

/// The history of a series. A gap between years is taken as equal steps. `prior_share` of the latest
/// value is the deviation where changes are few; a larger one of their own stands.
pub fn history(series: &BTreeMap<i32, f64>, prior_share: f64) -> History {
    let years: Vec<(i32, f64)> = series.iter().map(|(y, v)| (*y, *v)).collect();
    let steps: Vec<f64> = years
        .windows(2)
        .flat_map(|pair| {
            let apart = pair[1].0 - pair[0].0;
            let step = (pair[1].1 - pair[0].1) / f64::from(apart);
            std::iter::repeat_n(step, usize::try_from(apart).unwrap_or(0))
        })
        .collect();
    let n = steps.len();
    let mean = if n == 0 { 0.0 } else { steps.iter().sum::<f64>() / n as f64 };
    let own = if n < 2 { 0.0 } else { (steps.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt() };
    let wide = years.last().map_or(0.0, |(_, v)| v.abs() * prior_share);
    let prior = n < ENOUGH;
    History { changes: n, mean, deviation: if prior { own.max(wide) } else { own }, prior }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: changes 2, 4, 3, 1, 5 have mean 3 and variance 10/4; two years apart by 6 are 3 and 3.
    #[test]
    fn mean_and_deviation_of_changes() {
        let five: BTreeMap<i32, f64> = [(2014, 10.0), (2015, 12.0), (2016, 16.0), (2017, 19.0), (2018, 20.0), (2019, 25.0)].into();
        let h = history(&five, 0.05);
        assert_eq!((h.changes, h.mean, h.prior), (5, 3.0, false));
        assert!((h.deviation - 2.5_f64.sqrt()).abs() < 1e-12);
        let gap = history(&[(2017, 80.0), (2019, 86.0)].into(), 0.05);
        assert_eq!((gap.changes, gap.mean, gap.deviation, gap.prior), (2, 3.0, 4.3, true));
        assert_eq!(history(&BTreeMap::new(), 0.05).deviation, 0.0);
    }
}
