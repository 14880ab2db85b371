//! Sums that do not depend on order. Each contribution is rounded once to a multiple of 2⁻²⁶ and
//! added as an integer, so any permutation, grouping, thread or tile count gives the same bits.

/// Contributions are multiples of 2⁻²⁶ (about 1.5·10⁻⁸).
const ONE: f64 = (1_u64 << 26) as f64;
/// Contributions of this size or more are refused.
const LIMIT: f64 = (1_u64 << 36) as f64;

/// An exact running sum of rounded contributions.
///
/// **Bound:** a contribution is less than 2³⁶ (about 6.8·10¹⁰) in size and is rounded, half to
/// even, to the nearest multiple of 2⁻²⁶: the sum of `n` contributions is off by at most
/// `n · 2⁻²⁷` from the sum of the unrounded ones. With 10¹⁰ cells that is 75 units at worst and
/// about 4·10⁻⁴ where the roundings are random. The integer holds more than 2⁶⁴ contributions of
/// any admitted size. Choose a unit in which a contribution is not tiny: m² rather than km².
///
/// A contribution that is not finite or too large is not added; it is counted in
/// [`FixedSum::refused`], and whoever reports the sum must look there first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FixedSum {
    raw: i128,
    refused: u64,
}

impl FixedSum {
    /// Nothing added yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one contribution. One that is NaN, infinite or at least 2³⁶ in size is refused and
    /// counted.
    pub fn add(&mut self, contribution: f64) {
        if contribution.abs() < LIMIT {
            self.raw += (contribution * ONE).round_ties_even() as i128;
        } else {
            self.refused += 1;
        }
    }

    /// Adds what another sum has gathered.
    pub fn merge(&mut self, other: &Self) {
        self.raw += other.raw;
        self.refused += other.refused;
    }

    /// The sum, rounded to the nearest `f64`.
    pub fn value(&self) -> f64 {
        self.raw as f64 / ONE
    }

    /// The sum in units of 2⁻²⁶.
    pub fn raw(&self) -> i128 {
        self.raw
    }

    /// A sum stored earlier by [`FixedSum::raw`], with nothing refused.
    pub fn from_raw(raw: i128) -> Self {
        Self { raw, refused: 0 }
    }

    /// How many contributions were refused. Unless it is zero the sum is not to be used.
    pub fn refused(&self) -> u64 {
        self.refused
    }
}

impl Extend<f64> for FixedSum {
    fn extend<T: IntoIterator<Item = f64>>(&mut self, contributions: T) {
        contributions.into_iter().for_each(|c| self.add(c));
    }
}

impl FromIterator<f64> for FixedSum {
    fn from_iter<T: IntoIterator<Item = f64>>(contributions: T) -> Self {
        let mut sum = Self::new();
        sum.extend(contributions);
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rounding_is_half_to_even() {
        // by hand: 1.5 and 2.5 units of 2^-26 both round to 2
        let unit = 1.0 / ONE;
        assert_eq!([1.5 * unit].into_iter().collect::<FixedSum>().raw(), 2);
        assert_eq!([2.5 * unit].into_iter().collect::<FixedSum>().raw(), 2);
        assert_eq!([-2.5 * unit].into_iter().collect::<FixedSum>().raw(), -2);
    }

    #[test]
    fn what_floats_lose_is_kept() {
        // by hand: 6e10 + 1 - 6e10 thousands of times; every number is a multiple of 2^-26
        let mut sum = FixedSum::new();
        for _ in 0..10_000 {
            sum.extend([6e10, 0.25, -6e10]);
        }
        assert_eq!(sum.value(), 2500.0);
        assert_eq!(FixedSum::from_raw(sum.raw()), sum);
    }

    #[test]
    fn what_does_not_fit_is_counted_and_not_added() {
        let sum: FixedSum = [1.0, f64::NAN, f64::INFINITY, 6.8e10, -LIMIT].into_iter().collect();
        assert_eq!((sum.refused(), sum.value()), (3, 68_000_000_001.0));
    }

    proptest! {
        #[test]
        fn any_order_and_grouping_gives_the_same_bits(mut numbers in prop::collection::vec(-6e10..6e10_f64, 0..60), cut in 0..60_usize, turn in 0..60_usize) {
            let straight: FixedSum = numbers.iter().copied().collect();
            let n = numbers.len().max(1);
            if !numbers.is_empty() {
                numbers.rotate_left(turn % n);
                numbers.reverse();
            }
            let (left, right) = numbers.split_at((cut % n).min(numbers.len()));
            let mut grouped: FixedSum = right.iter().copied().collect();
            grouped.merge(&left.iter().copied().collect());
            prop_assert_eq!(straight.raw(), grouped.raw());
            let plain: f64 = numbers.iter().sum();
            prop_assert!((straight.value() - plain).abs() <= 60.0 * 2f64.powi(-27) + 1e-3);
        }
    }
}
