//! The statistics of a year: mean, percentile, composite index, share of good days.

use super::Micro;

/// The mean, each value held to a millionth; `None` of none.
pub fn mean(values: &[Micro]) -> Option<Micro> {
    Micro::mean(values.iter().map(|c| c.count()).sum(), u32::try_from(values.len()).ok()?)
}

/// The percentile `p` (%, whole) of a year's values: sorted upwards, `k = 1 + (n − 1)·p`, `s = ⌊k⌋`,
/// `m = X(s) + (X(s+1) − X(s))·(k − s)` (HJ 663, annex; general knowledge, text not read). `None` of
/// no values, or for a `p` above 100.
pub fn percentile(values: &[Micro], p: u32) -> Option<Micro> {
    if values.is_empty() || p > 100 {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let hundredths = (sorted.len() - 1) * p as usize;
    let (below, part) = (hundredths / 100, (hundredths % 100) as i64);
    let low = sorted[below].count();
    let high = sorted.get(below + 1).map_or(low, |c| c.count());
    Micro::mean(low * 100 + (high - low) * part, 100)
}

/// One part of the composite index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The statistic.
    pub value: f64,
    /// Its limit.
    pub limit: f64,
    /// Its weight, 1 in the index of the standard.
    pub weight: f64,
}

/// The composite index (环境空气质量综合指数), `Σ w·C/S`: lower is better.
pub fn composite_index(parts: &[Part]) -> f64 {
    parts.iter().map(|p| p.weight * p.value / p.limit).sum()
}

/// The share of good days (优良率), %: days with an AQI of 100 or less among the valid ones; `None`
/// of no valid day.
pub fn good_day_pct(good: u32, valid: u32) -> Option<f64> {
    (valid > 0).then(|| f64::from(good) * 100.0 / f64::from(valid))
}

/// True when so many good days of so many valid ones reach the target, in whole numbers: `target_pct`
/// is held to a millionth of a percent.
pub fn reaches(good: u32, valid: u32, target_pct: Micro) -> bool {
    valid > 0 && i128::from(good) * 100_000_000 >= i128::from(target_pct.count()) * i128::from(valid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn micros(values: &[i64]) -> Vec<Micro> {
        values.iter().map(|v| Micro::units(*v).unwrap()).collect()
    }

    #[test]
    fn ends_and_emptiness() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(mean(&[]), None);
        let one = micros(&[7]);
        assert_eq!((percentile(&one, 0), percentile(&one, 98), percentile(&one, 100)), (Some(one[0]), Some(one[0]), Some(one[0])));
        assert_eq!(percentile(&one, 101), None);
        assert_eq!(good_day_pct(0, 0), None);
    }

    /// By hand: 9 of 10 days is 90 % and reaches it; 8999 of 10000 does not.
    #[test]
    fn a_target_is_reached_or_not() {
        let ninety = Micro::units(90).unwrap();
        assert!(reaches(9, 10, ninety) && !reaches(8999, 10_000, ninety) && !reaches(0, 0, ninety));
    }

    proptest! {
        /// Order does not matter, and a percentile lies between the values around it.
        #[test]
        fn a_percentile_is_a_percentile(mut values in prop::collection::vec(0i64..900, 1..60), p in 0u32..=100) {
            let got = percentile(&micros(&values), p).unwrap();
            values.reverse();
            prop_assert_eq!(percentile(&micros(&values), p).unwrap(), got);
            values.sort_unstable();
            let k = (values.len() - 1) as f64 * f64::from(p) / 100.0;
            let (low, high) = (values[k.floor() as usize] as f64, values[(k.ceil() as usize).min(values.len() - 1)] as f64);
            prop_assert!(low - 1e-6 <= got.number() && got.number() <= high + 1e-6);
            prop_assert!((got.number() - (low + (high - low) * k.fract())).abs() < 1e-5);
        }
    }
}
