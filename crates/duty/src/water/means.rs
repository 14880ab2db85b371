//! Means: of a period and over sections. Concentrations are averaged, never classes.

use liangshan_vocab::{Problem, text};

use super::Reading;

/// How the mean of an item is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeanWay {
    /// The arithmetic mean.
    Arithmetic,
    /// Through the hydrogen ion, `-log10(mean(10^-pH))`: pH.
    Hydrogen,
}

/// The mean of readings that are there; `None` when none is. A non-detect counts for `share` of its
/// detection limit; when nothing else is there, the mean is itself below that limit. A value above
/// the method's end makes the mean a lower end. A non-detect whose limit was not told leaves the mean
/// as open as itself. NaN is no value. What is not known counts for nothing beside what is, and alone it
/// leaves the mean unknown.
pub fn mean_of(readings: impl IntoIterator<Item = Reading>, way: MeanWay, share: f64) -> Option<Reading> {
    let (mut sum, mut count, mut measured, mut above) = (0.0, 0_u32, 0_u32, 0_u32);
    let (mut below, mut unknown) = (0.0_f64, false);
    for reading in readings {
        let value = match reading {
            Reading::Unknown => {
                unknown = true;
                continue;
            }
            Reading::Value(value) | Reading::Above(value) => value,
            Reading::Below(limit) if limit.is_infinite() => return Some(reading),
            Reading::Below(limit) => share * limit,
        };
        if value.is_nan() {
            continue;
        }
        sum += match way {
            MeanWay::Arithmetic => value,
            MeanWay::Hydrogen => 10_f64.powf(-value),
        };
        count += 1;
        match reading {
            Reading::Value(_) => measured += 1,
            Reading::Above(_) => above += 1,
            Reading::Below(limit) => below = below.max(limit),
            Reading::Unknown => {}
        }
    }
    if count == 0 {
        return unknown.then_some(Reading::Unknown);
    }
    if measured == 0 && above == 0 {
        return Some(Reading::Below(below));
    }
    let mean = sum / f64::from(count);
    let mean = match way {
        MeanWay::Arithmetic => mean,
        MeanWay::Hydrogen => -mean.log10(),
    };
    Some(if above > 0 { Reading::Above(mean) } else { Reading::Value(mean) })
}

/// The mean of pH values through the hydrogen ion, and their arithmetic mean beside it.
///
/// # Errors
/// `water.no_values` for an empty list.
pub fn mean_ph(values: &[f64]) -> Result<(f64, f64), Problem> {
    let of = |way| match mean_of(values.iter().map(|v| Reading::Value(*v)), way, 1.0) {
        Some(Reading::Value(mean)) => Ok(mean),
        _ => Err(no_values()),
    };
    Ok((of(MeanWay::Hydrogen)?, of(MeanWay::Arithmetic)?))
}

pub(super) fn no_values() -> Problem {
    Problem::error("water.no_values", text("没有数值", "there are no values"))
        .expect(text("至少一个数值", "one value at least"))
        .fix(text("给出数值；没有监测就没有结果", "give values; what is not measured has no result"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_detection_limit_counts_in_a_mean_but_nothing_is_measured_by_it() {
        let of = |readings: &[Reading]| mean_of(readings.iter().copied(), MeanWay::Arithmetic, 0.5);
        assert_eq!(of(&[Reading::Below(0.02), Reading::Value(0.03)]), Some(Reading::Value(0.02)));
        assert_eq!(of(&[Reading::Below(0.02), Reading::Below(0.04)]), Some(Reading::Below(0.04)));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[Reading::Value(f64::NAN)]), None);
        let untold = Reading::Below(f64::INFINITY);
        assert_eq!(of(&[Reading::Value(0.03), untold]), Some(untold));
        assert_eq!(of(&[Reading::Value(0.03), Reading::Unknown]), Some(Reading::Value(0.03)));
        assert_eq!(of(&[Reading::Unknown]), Some(Reading::Unknown));
    }

    /// By hand: (10⁻⁶ + 10⁻⁸)/2 = 5.05·10⁻⁷, and −log₁₀ of it is 6.29671; edge case of the method sheet.
    #[test]
    fn acid_weighs_more_than_base() {
        let (mean, plain) = mean_ph(&[6.0, 8.0]).unwrap();
        assert!((mean - 6.296_709).abs() < 1e-6 && plain == 7.0);
    }
}
