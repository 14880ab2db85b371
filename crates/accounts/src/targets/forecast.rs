//! The chance that a target is reached, by drawing lots. It never changes a verdict.

use liangshan_vocab::{Problem, words};

use super::SplitMix64;

/// How often the target was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Draws that reached it.
    pub hits: u32,
    /// Their share.
    pub probability: f64,
}

/// The way a quantity moves from year to year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walk {
    /// The value today.
    pub start: f64,
    /// Mean change a year, in its unit.
    pub mean: f64,
    /// Standard deviation of a year's change.
    pub deviation: f64,
    /// Years ahead.
    pub years: u32,
}

/// Draws `draws` walks `X ← X + μ + σ z` and counts those that end at `target` or above. One
/// generator runs through all draws, so that the same seed gives the same count.
///
/// # Errors
/// `forecast.draws` for no draws or more than ten million steps; `forecast.deviation` below zero.
pub fn forecast(seed: u64, draws: u32, walk: &Walk, target: f64) -> Result<Forecast, Problem> {
    let steps = u64::from(draws) * u64::from(walk.years);
    if draws == 0 || steps > 10_000_000 {
        return Err(Problem::error("forecast.draws", words!("抽样 {draws} 次、{} 年不可用", "{draws} draws of {} years cannot be used", walk.years))
            .key("N")
            .expect(words!("至少一次，总步数不超过一千万", "at least one draw and at most ten million steps")));
    }
    if walk.deviation < 0.0 {
        return Err(Problem::error("forecast.deviation", words!("标准差为负", "the deviation is below zero"))
            .key("sigma")
            .expect(words!("0 或正数", "zero or more")));
    }
    let mut lots = SplitMix64::new(seed);
    let mut end = || (0..walk.years).fold(walk.start, |x, _| x + walk.mean + walk.deviation * lots.normal());
    let hits = (0..draws).fold(0, |hits, _| hits + u32::from(end() >= target));
    Ok(Forecast { hits, probability: f64::from(hits) / f64::from(draws) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: without spread the end is 84 + 3 · 2 = 90 every time.
    #[test]
    fn without_spread_it_is_certain() {
        let walk = Walk { start: 84.0, mean: 2.0, deviation: 0.0, years: 3 };
        assert_eq!(forecast(1, 50, &walk, 90.0).unwrap(), Forecast { hits: 50, probability: 1.0 });
        assert_eq!(forecast(1, 50, &walk, 90.1).unwrap().hits, 0);
        assert_eq!(forecast(1, 0, &walk, 90.0).unwrap_err().code, "forecast.draws");
        assert_eq!(forecast(1, u32::MAX, &walk, 90.0).unwrap_err().code, "forecast.draws");
        assert_eq!(forecast(1, 5, &Walk { deviation: -1.0, ..walk }, 90.0).unwrap_err().code, "forecast.deviation");
    }
}
