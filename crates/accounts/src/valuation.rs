//! Quantity times price, in whole numbers.
//!
//! A quantity is rounded once, to the smallest unit its indicator declares; its value is the exact
//! decimal product with the price, rounded once to the fen. Both roundings are half to even, so
//! that a long column of halves does not drift.

use std::fmt;

use liangshan_vocab::{Fen, Problem, words};
use rust_decimal::Decimal;

/// An integer count of `10^-decimals` of a unit. The unit itself stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    /// How many of the smallest unit.
    pub units: i128,
    /// How many decimals that smallest unit has.
    pub decimals: u32,
}

/// No declared smallest unit is finer than this.
pub const MOST_DECIMALS: u32 = 12;

impl Amount {
    /// Nothing, to so many decimals.
    pub const fn zero(decimals: u32) -> Self {
        Self { units: 0, decimals }
    }

    /// Rounds a computed quantity, once, half to even. The float's exact binary value is rounded,
    /// with no multiplication that could round before.
    ///
    /// # Errors
    /// `amount.not_a_number` for NaN and infinities, `amount.too_large` past 128 bits or for more
    /// than [`MOST_DECIMALS`].
    pub fn round(quantity: f64, decimals: u32) -> Result<Self, Problem> {
        if !quantity.is_finite() {
            return Err(Problem::error("amount.not_a_number", words!("实物量 {quantity} 不是有限数", "the quantity {quantity} is not a finite number")));
        }
        let bits = quantity.abs().to_bits();
        let (exponent, fraction) = ((bits >> 52) as i32, u128::from(bits & ((1 << 52) - 1)));
        let (mantissa, power) = if exponent == 0 { (fraction, -1074) } else { (fraction | (1 << 52), exponent - 1075) };
        let scaled = mantissa.checked_mul(scale(decimals).ok_or_else(|| too_large(quantity))?).ok_or_else(|| too_large(quantity))?;
        let units = if power >= 0 {
            scaled.checked_shl(power as u32).filter(|v| power < 128 && v >> power == scaled).ok_or_else(|| too_large(quantity))?
        } else if power <= -128 {
            0
        } else {
            half_even(scaled, 1u128 << -power)
        };
        let units = i128::try_from(units).map_err(|_| too_large(quantity))?;
        Ok(Self { units: if quantity < 0.0 { -units } else { units }, decimals })
    }

    /// Rounds an exact decimal, once, half to even.
    ///
    /// # Errors
    /// `amount.too_large`.
    pub fn of_decimal(quantity: Decimal, decimals: u32) -> Result<Self, Problem> {
        let wide = || too_large(quantity);
        let rounded = quantity.round_dp(decimals.min(28)).normalize();
        let lift = scale(decimals.checked_sub(rounded.scale()).ok_or_else(wide)?).and_then(|s| i128::try_from(s).ok()).ok_or_else(wide)?;
        Ok(Self { units: rounded.mantissa().checked_mul(lift).ok_or_else(wide)?, decimals })
    }

    /// Reads `-123.4` to so many decimals. It may have fewer; it is never rounded.
    ///
    /// # Errors
    /// `amount.malformed`, `amount.too_fine`, `amount.too_large`.
    pub fn parse(written: &str, decimals: u32) -> Result<Self, Problem> {
        let malformed = || {
            Problem::error("amount.malformed", words!("“{written}”不是十进制数", "\"{written}\" is not a decimal number"))
                .expect(words!("如 123456.7", "for example 123456.7"))
        };
        let (negative, digits) = written.strip_prefix('-').map_or((false, written), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || digits.ends_with('.') {
            return Err(malformed());
        }
        let wanted = decimals as usize;
        if part.len() > wanted {
            return Err(Problem::error("amount.too_fine", words!("“{written}”多于 {decimals} 位小数", "\"{written}\" has more than {decimals} decimals")));
        }
        let units: i128 = format!("{whole}{part:0<wanted$}").parse().map_err(|_| too_large(written))?;
        Ok(Self { units: if negative { -units } else { units }, decimals })
    }

    /// The sum with an amount of the same smallest unit.
    ///
    /// # Panics
    /// If the decimals differ or the sum passes 128 bits: amounts are grouped by unit before they
    /// are added, so that is our bug.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        assert_eq!(self.decimals, other.decimals, "amounts of different smallest units added");
        let units = self.units.checked_add(other.units);
        assert!(units.is_some(), "a sum of amounts passes 128 bits");
        Self { units: units.unwrap_or_default(), decimals: self.decimals }
    }

    /// Shares an amount out by whole weights, so that the shares add up to it exactly: each has what
    /// its weight gives rounded down, and what is left goes one by one to the largest remainders,
    /// the first of equals first.
    ///
    /// # Errors
    /// `amount.no_weights` where an amount that is not zero meets no weight above zero or a weight below
    /// it, `amount.too_large` past 128 bits.
    pub fn shared(&self, weights: &[i128]) -> Result<Vec<Self>, Problem> {
        let wide = || too_large(self);
        let total = weights.iter().try_fold(0_i128, |sum, w| sum.checked_add(*w)).ok_or_else(wide)?;
        if self.units == 0 {
            return Ok(vec![*self; weights.len()]);
        }
        if total <= 0 || weights.iter().any(|w| *w < 0) {
            return Err(Problem::error("amount.no_weights", words!("{self} 没有可据以分配的权重", "there is nothing to share {self} out by"))
                .expect(words!("不小于零、合计大于零的权重", "weights of zero or more, and of more than zero together")));
        }
        let (sign, whole) = (self.units.signum(), self.units.abs());
        let mut shares = Vec::with_capacity(weights.len());
        let mut left = whole;
        for weight in weights {
            let product = whole.checked_mul(*weight).ok_or_else(wide)?;
            shares.push((product / total, product % total));
            left -= product / total;
        }
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| (std::cmp::Reverse(shares[*i].1), *i));
        for i in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
            shares[i].0 += 1;
        }
        Ok(shares.into_iter().map(|(units, _)| Self { units: sign * units, decimals: self.decimals }).collect())
    }

    /// As a float, for ratios and pictures only, never for a sum.
    pub fn as_f64(self) -> f64 {
        self.units as f64 / 10f64.powi(self.decimals as i32)
    }
}

impl fmt::Display for Amount {
    /// Exactly, `123456.7`, with all its decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, abs) = (if self.units < 0 { "-" } else { "" }, self.units.unsigned_abs());
        match scale(self.decimals).filter(|s| *s > 1) {
            None => write!(f, "{sign}{abs}"),
            Some(s) => write!(f, "{sign}{}.{:0width$}", abs / s, abs % s, width = self.decimals as usize),
        }
    }
}

/// What a quantity is worth: the exact product, rounded once, half to even, to the fen.
///
/// # Errors
/// `value.too_large` when the exact product passes 128 bits.
pub fn value(quantity: &Amount, price: &Decimal) -> Result<Fen, Problem> {
    let wide = || {
        Problem::error("value.too_large", words!("{quantity} × {price} 超出可表示范围", "{quantity} × {price} is beyond what can be held exactly"))
            .fix(words!("减少单价的有效位数，或检查实物量的单位", "give the price with fewer digits, or check the unit of the quantity"))
    };
    let price = price.normalize();
    let product = quantity.units.checked_mul(price.mantissa()).ok_or_else(wide)?;
    let places = quantity.decimals + price.scale();
    let magnitude = product.unsigned_abs();
    let fen = if places >= 2 {
        half_even(magnitude, scale(places - 2).ok_or_else(wide)?)
    } else {
        magnitude.checked_mul(scale(2 - places).ok_or_else(wide)?).ok_or_else(wide)?
    };
    let fen = i128::try_from(fen).map_err(|_| wide())?;
    Ok(Fen(if product < 0 { -fen } else { fen }))
}

/// The average price of a total: value over quantity in yuan, to six decimals or six significant
/// digits, whichever is finer. `None` where the quantity is zero. For printing; nothing is ever
/// multiplied by it.
pub fn average_price(value: Fen, quantity: &Amount) -> Option<String> {
    if quantity.units == 0 {
        return None;
    }
    let ratio = (value.0 as f64 / 100.0) / quantity.as_f64();
    let digits = if ratio == 0.0 { 6 } else { (5 - ratio.abs().log10().floor() as i32).clamp(6, 40) as usize };
    let whole = format!("{ratio:.digits$}");
    let trimmed = whole.trim_end_matches('0').trim_end_matches('.');
    Some(if trimmed.is_empty() || trimmed == "-0" { "0".into() } else { trimmed.to_owned() })
}

/// Divides, rounding a half to the even neighbour.
fn half_even(dividend: u128, divisor: u128) -> u128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    let up = match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
        std::cmp::Ordering::Less => false,
    };
    quotient + u128::from(up)
}

fn scale(decimals: u32) -> Option<u128> {
    10u128.checked_pow(decimals)
}

fn too_large(quantity: impl fmt::Display) -> Problem {
    Problem::error("amount.too_large", words!("实物量 {quantity} 过大", "the quantity {quantity} is too large")).fix(words!("检查单位", "check its unit"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::decimal;

    fn fen(quantity: &str, decimals: u32, price: &str) -> i128 {
        value(&Amount::parse(quantity, decimals).unwrap(), &decimal(price).unwrap()).unwrap().0
    }

    /// By hand.
    /// By hand: 10.000 t by weights 1, 1, 1 are 3.334, 3.333, 3.333; by 2, 1, 0 they are 6.667, 3.333, 0.
    #[test]
    fn shares_add_up_to_the_last_unit() {
        let ten = Amount::parse("10.000", 3).unwrap();
        let written = |weights: &[i128]| ten.shared(weights).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(written(&[1, 1, 1]), ["3.334", "3.333", "3.333"]);
        assert_eq!(written(&[2, 1, 0]), ["6.667", "3.333", "0.000"]);
        for weights in [[5_i128, 7, 11, 1].as_slice(), &[1, 999_999_999_999, 3], &[1 << 60, 1 << 61, 12345]] {
            let sum = ten.shared(weights).unwrap().into_iter().fold(Amount::zero(3), Amount::plus);
            assert_eq!(sum, ten);
        }
        assert_eq!(ten.shared(&[0, 0]).unwrap_err().code, "amount.no_weights");
        assert_eq!(Amount::zero(3).shared(&[0, 0]).unwrap(), [Amount::zero(3); 2]);
        assert_eq!(Amount { units: -10, decimals: 0 }.shared(&[1, 2]).unwrap().iter().map(|a| a.units).collect::<Vec<_>>(), [-3, -7]);
    }

    #[test]
    fn a_value_is_rounded_once_and_half_to_even() {
        assert_eq!(fen("3", 0, "0.015"), 4); // 0.045 yuan: 4.5 fen, even neighbour 4
        assert_eq!(fen("1", 0, "0.015"), 2); // 1.5 fen, even neighbour 2
        assert_eq!(fen("-1", 0, "0.015"), -2);
        assert_eq!(fen("1.1", 1, "0.0131"), 1); // 1.441 fen
        assert_eq!(fen("32149000000", 0, "7.06"), 22_697_194_000_000); // case A05
        assert_eq!(fen("7", 0, "1200"), 840_000);
    }

    /// Python 3: `round(2.5)`, `round(0.15, 1)`, `round(2.675, 2)`, `round(1e25)`.
    #[test]
    fn a_float_is_rounded_by_its_exact_binary_value() {
        for (quantity, decimals, expected) in [
            (2.5, 0, "2"),
            (3.5, 0, "4"),
            (-2.5, 0, "-2"),
            (0.15, 1, "0.1"),
            (2.675, 2, "2.67"),
            (0.125, 2, "0.12"),
            (123_456.72, 1, "123456.7"),
            (1e25, 0, "10000000000000000905969664"),
            (5e-324, 3, "0.000"),
            (0.0, 0, "0"),
        ] {
            assert_eq!(Amount::round(quantity, decimals).unwrap().to_string(), expected, "{quantity}");
        }
        assert_eq!(Amount::round(f64::NAN, 0).unwrap_err().code, "amount.not_a_number");
        assert_eq!(Amount::round(1e39, 0).unwrap_err().code, "amount.too_large");
        assert_eq!(Amount::round(1e30, 12).unwrap_err().code, "amount.too_large");
    }

    #[test]
    fn amounts_are_written_and_read_without_rounding() {
        for (written, decimals) in [("123456.7", 1), ("-0.05", 2), ("12", 0)] {
            assert_eq!(Amount::parse(written, decimals).unwrap().to_string(), written);
        }
        assert_eq!(Amount::parse("1.25", 1).unwrap_err().code, "amount.too_fine");
        for bad in ["", "-", "1.", ".5", "1,000", "1e3"] {
            assert_eq!(Amount::parse(bad, 3).unwrap_err().code, "amount.malformed", "{bad}");
        }
        assert_eq!(Amount::of_decimal(decimal("2.345").unwrap(), 2).unwrap().to_string(), "2.34");
        assert_eq!(Amount::of_decimal(decimal("2").unwrap(), 2).unwrap().to_string(), "2.00");
    }

    #[test]
    fn an_average_price_is_for_reading() {
        assert_eq!(average_price(Fen(1558), &Amount { units: 1, decimals: 0 }).unwrap(), "15.58");
        assert_eq!(average_price(Fen(100), &Amount { units: 3, decimals: 0 }).unwrap(), "0.333333");
        assert_eq!(average_price(Fen(1), &Amount { units: 7_000_000, decimals: 0 }).unwrap(), "0.00000000142857");
        assert_eq!(average_price(Fen(5), &Amount::zero(0)), None);
    }
}
