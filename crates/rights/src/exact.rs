//! Decimals as they were written, and the step back to floats and whole numbers.

use liangshan_vocab::{Problem, words};
use rust_decimal::{Decimal, RoundingStrategy};

/// The decimal a number was written as.
///
/// # Errors
/// `rights.too_large` when it has more than 28 digits or is not finite.
pub fn decimal(name: &str, number: f64) -> Result<Decimal, Problem> {
    Decimal::from_str_exact(&number.to_string()).map_err(|_| too_large(name))
}

/// A decimal as a float, the nearest there is.
pub fn float(decimal: Decimal) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}

/// Rounded half up to a whole number: away from zero at exactly a half, as fees and price limits
/// of the exchanges are.
///
/// # Errors
/// `rights.too_large`.
pub fn half_up(name: &str, value: Decimal) -> Result<i64, Problem> {
    whole(name, value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
}

/// The next whole number that is not less.
///
/// # Errors
/// `rights.too_large`.
pub fn ceiling(name: &str, value: Decimal) -> Result<i64, Problem> {
    whole(name, value.ceil())
}

fn whole(name: &str, value: Decimal) -> Result<i64, Problem> {
    value.normalize().to_string().parse().map_err(|_| too_large(name))
}

/// An integer that JSON can carry.
///
/// # Errors
/// `rights.too_large`.
pub fn narrow(name: &str, value: i128) -> Result<i64, Problem> {
    i64::try_from(value).map_err(|_| too_large(name))
}

/// The result of a checked operation.
///
/// # Errors
/// `rights.too_large` when there is none.
pub fn held<T>(name: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| too_large(name))
}

fn too_large(name: &str) -> Problem {
    Problem::error("rights.too_large", words!("“{name}”的数位超出可精确计算的范围", "\"{name}\" has more digits than can be computed exactly"))
        .key(name)
        .expect(words!("至多 28 位数字；金额以分计不超过 9.2 × 10¹⁸", "at most 28 digits; money of no more than 9.2 × 10¹⁸ fen"))
        .fix(words!("检查单位与数量级", "look at the unit and the magnitude"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand.
    #[test]
    fn decimals_come_and_go_without_a_change() {
        let one_third_off = decimal("x", 1.2345).unwrap();
        assert_eq!((one_third_off.to_string(), float(one_third_off)), ("1.2345".to_owned(), 1.2345));
        assert_eq!(half_up("x", Decimal::new(25, 1)).unwrap(), 3);
        assert_eq!(half_up("x", Decimal::new(-25, 1)).unwrap(), -3);
        assert_eq!(ceiling("x", Decimal::new(21, 1)).unwrap(), 3);
        assert_eq!(ceiling("x", Decimal::new(300, 2)).unwrap(), 3);
        for bad in [f64::NAN, f64::INFINITY, 1e40] {
            assert_eq!(decimal("x", bad).unwrap_err().code, "rights.too_large");
        }
        assert_eq!(half_up("x", Decimal::MAX).unwrap_err().code, "rights.too_large");
        assert_eq!(narrow("x", i128::MAX).unwrap_err().code, "rights.too_large");
    }
}
