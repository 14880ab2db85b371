//! Sharing out a whole number so that the parts add up to it to the last unit.

/// Shares `total` out in proportion to `weights`: each gets the whole part of its share, and what
/// is left goes, one unit each, to the largest remainders; of equal ones to the earlier.
///
/// `None` when a weight or the total is negative, when all weights are zero, or when a product is
/// beyond what an integer of 128 bits holds.
pub fn largest_remainder(total: i128, weights: &[i128]) -> Option<Vec<i128>> {
    let sum = weights.iter().try_fold(0_i128, |sum, w| sum.checked_add(*w))?;
    if total < 0 || sum <= 0 || weights.iter().any(|w| *w < 0) {
        return None;
    }
    let products: Vec<i128> = weights.iter().map(|w| total.checked_mul(*w)).collect::<Option<_>>()?;
    let mut parts: Vec<i128> = products.iter().map(|p| p / sum).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| (std::cmp::Reverse(products[*at] % sum), *at));
    let mut left = total - parts.iter().sum::<i128>();
    for at in by_remainder {
        if left == 0 {
            break;
        }
        parts[at] += 1;
        left -= 1;
    }
    Some(parts)
}

/// The numbers as whole multiples of 10⁻ⁿ, and n: the decimals they are written with, no rounding.
/// `None` for numbers that are not finite or have too many digits together.
pub fn common_scale(numbers: &[f64]) -> Option<(Vec<i128>, u32)> {
    let written: Vec<String> = numbers.iter().map(f64::to_string).collect();
    let decimals = |s: &str| s.split_once('.').map_or(0, |(_, part)| part.len());
    let scale = written.iter().map(|s| decimals(s)).max().unwrap_or(0);
    let whole = |s: &String| format!("{}{}", s.replacen('.', "", 1), "0".repeat(scale - decimals(s))).parse().ok();
    Some((written.iter().map(whole).collect::<Option<_>>()?, u32::try_from(scale).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 10 by 1:1:1 is 3⅓ each, the odd unit goes to the first; 7 by 2:3 is 2.8 and 4.2.
    #[test]
    fn what_is_left_goes_to_the_largest_remainders() {
        assert_eq!(largest_remainder(10, &[1, 1, 1]), Some(vec![4, 3, 3]));
        assert_eq!(largest_remainder(7, &[2, 3]), Some(vec![3, 4]));
        assert_eq!(largest_remainder(5, &[0, 1, 0]), Some(vec![0, 5, 0]));
        assert_eq!(largest_remainder(0, &[1, 2]), Some(vec![0, 0]));
        for (total, weights) in [(5, &[][..]), (5, &[0, 0]), (-1, &[1]), (5, &[2, -1]), (i128::MAX, &[2, 2])] {
            assert_eq!(largest_remainder(total, weights), None, "{total} {weights:?}");
        }
    }

    /// By hand.
    #[test]
    fn decimals_are_kept_as_they_are_written() {
        assert_eq!(common_scale(&[1.5, 2.0, 0.25]), Some((vec![150, 200, 25], 2)));
        assert_eq!(common_scale(&[-0.5, 1e20]), Some((vec![-5, 10_i128.pow(21)], 1)));
        assert_eq!(common_scale(&[]), Some((vec![], 0)));
        assert_eq!(common_scale(&[f64::NAN]), None);
        assert_eq!(common_scale(&[1e-300, 1e300]), None);
    }

    /// Parts add up and lie within one unit of the exact share, whatever is shared out.
    #[test]
    fn parts_add_up_and_are_within_a_unit() {
        for seed in 0..500_i128 {
            let weights: Vec<i128> = (1..=7).map(|i| (seed * i * 7919 + i * i * 104_729) % 1000).collect();
            let total = seed * seed * 31 + seed;
            let Some(parts) = largest_remainder(total, &weights) else { continue };
            let sum: i128 = weights.iter().sum();
            assert_eq!(parts.iter().sum::<i128>(), total, "{seed}");
            for (part, weight) in parts.iter().zip(&weights) {
                assert!((part * sum - total * weight).abs() < sum, "{seed}");
            }
        }
    }
}
