//! Comparisons on the decimals numbers were written with, so that a bound such as 0.15 or 0.6 is met
//! exactly when the written numbers meet it.

use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::price::decimal;

/// The decimal a number was written as.
///
/// # Errors
/// `targets.too_large` when it has too many digits.
pub fn exactly(name: &str, number: f64) -> Result<Decimal, Problem> {
    decimal(&number.to_string()).ok_or_else(|| too_large(name))
}

/// The result of a checked operation on decimals.
///
/// # Errors
/// `targets.too_large` when it has too many digits.
pub fn held(name: &str, value: Option<Decimal>) -> Result<Decimal, Problem> {
    value.ok_or_else(|| too_large(name))
}

fn too_large(name: &str) -> Problem {
    Problem::error("targets.too_large", words!("“{name}”的数位超出可精确计算的范围", "\"{name}\" has more digits than can be computed exactly"))
        .key(name)
        .expect(words!("至多 28 位数字", "at most 28 digits"))
        .fix(words!("检查单位与数量级", "look at the unit and the magnitude"))
}

/// A decimal as a float.
pub fn float(decimal: Decimal) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}
