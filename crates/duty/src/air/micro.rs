//! Concentrations as whole millionths of their unit, so that a value at a breakpoint is at the
//! breakpoint: 35 µg/m³ of PM2.5 is an index of 50 and never 51.
//!
//! A mean, or a number written with more than six decimals, need not be a whole number of millionths.
//! It is then kept as the odd one of its two neighbours (round to odd). Breakpoints and half-way points
//! between rounded values are even numbers of millionths, so an inexact value never falls on one, and
//! rounding it once more, half to even, gives what the exact value would have given.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Digits behind the point.
const DIGITS: u32 = 6;
/// One unit.
const ONE: i64 = 1_000_000;

/// A concentration from 0 to [`Micro::MOST`], in millionths of µg/m³ or mg/m³.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micro(i64);

impl Micro {
    /// A million units: beyond it a reading is a fault of the instrument, and sums would not fit.
    pub const MOST: Micro = Micro(ONE * 1_000_000);

    /// So many whole units; `None` outside 0 to a million.
    pub fn units(units: i64) -> Option<Self> {
        Self::millionths(units.checked_mul(ONE)?)
    }

    /// So many millionths; `None` outside 0 to a million units.
    pub const fn millionths(millionths: i64) -> Option<Self> {
        if 0 <= millionths && millionths <= Self::MOST.0 { Some(Self(millionths)) } else { None }
    }

    /// The value of a decimal, rounded to odd; `None` outside 0 to a million.
    pub fn of_decimal(value: Decimal) -> Option<Self> {
        if value.is_sign_negative() && !value.is_zero() || value > Decimal::from(Self::MOST.0 / ONE) {
            return None;
        }
        let scaled = value.checked_mul(Decimal::from(ONE))?;
        let whole = scaled.trunc();
        let odd = if whole == scaled { 0 } else { 1 };
        Self::millionths(whole.to_i64()? | odd)
    }

    /// The value of a number as it is written, rounded to odd; `None` outside 0 to a million.
    pub fn of_number(value: f64) -> Option<Self> {
        // The shortest text that reads back as the number is what was written, unless it had more than 17 digits.
        Self::parse(&value.to_string())
    }

    /// Reads plain digits with at most one point, `104.4`; `None` for anything else. Digits behind
    /// the sixth are rounded to odd.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() && behind.is_empty() || !whole.bytes().chain(behind.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (kept, rest) = behind.split_at(behind.len().min(DIGITS as usize));
        let digit = |sum: i64, b: u8| sum.checked_mul(10)?.checked_add(i64::from(b - b'0'));
        let value = whole.bytes().chain(kept.bytes()).try_fold(0, digit)?.checked_mul(10_i64.pow(DIGITS - kept.len() as u32))?;
        let odd = i64::from(rest.bytes().any(|b| b != b'0'));
        Self::millionths(value | odd)
    }

    /// The mean of so many values with this sum, rounded to odd; `None` of none.
    pub fn mean(sum: i64, count: u32) -> Option<Self> {
        let count = i64::from(count);
        if count == 0 {
            return None;
        }
        let odd = i64::from(sum % count != 0);
        Self::millionths((sum / count) | odd)
    }

    /// The number of millionths.
    pub fn count(self) -> i64 {
        self.0
    }

    /// The nearest value with so many decimals, half to even.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        let step = 10_i64.pow(DIGITS.saturating_sub(decimals));
        let (down, over) = (self.0 / step, self.0 % step);
        let up = match (2 * over).cmp(&step) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => down % 2,
            std::cmp::Ordering::Greater => 1,
        };
        Self((down + up) * step)
    }

    /// As a number, for printing and for ratios.
    pub fn number(self) -> f64 {
        self.0 as f64 / ONE as f64
    }
}

impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn micro(text: &str) -> Micro {
        Micro::parse(text).unwrap()
    }

    #[test]
    fn plain_digits_only() {
        assert_eq!((micro("104.4").count(), micro("0.6").count(), micro(".5").count(), micro("7.").count()), (104_400_000, 600_000, 500_000, 7_000_000));
        for wrong in ["", ".", "-1", "+1", "1e3", "1,5", "NaN", "inf", "1 ", "１", "1000000.000001", "99999999999999999999"] {
            assert_eq!(Micro::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Micro::of_number(-0.5), None);
        assert_eq!(Micro::of_number(f64::NAN), None);
    }

    /// By hand: 60.5 goes to the even 60, 61.5 to 62; a hair above 60.5 goes up however small it is.
    #[test]
    fn half_to_even_and_a_hair_above() {
        let whole = |text: &str| micro(text).rounded(0).number();
        assert_eq!([whole("60.5"), whole("61.5"), whole("60.50000000001"), whole("60.49999999")], [60.0, 62.0, 61.0, 60.0]);
        assert_eq!(micro("4.05").rounded(1).number(), 4.0);
        assert_eq!(Micro::mean(181_500_001, 3).unwrap().rounded(0).number(), 61.0);
        assert_eq!(Micro::mean(181_500_000, 3).unwrap().rounded(0).number(), 60.0);
    }

    proptest! {
        /// Rounding a mean twice is rounding the exact fraction once: held against whole numbers.
        #[test]
        fn twice_is_once(sum in 0_i64..50_000_000_000, count in 1u32..200, decimals in 0u32..3) {
            let step = 10_i128.pow(6 - decimals) * i128::from(count);
            let (down, over) = (i128::from(sum) / step, i128::from(sum) % step);
            let up = i128::from(2 * over > step || (2 * over == step && down % 2 == 1));
            let expected = ((down + up) * 10_i128.pow(6 - decimals)) as i64;
            prop_assert_eq!(Micro::mean(sum, count).unwrap().rounded(decimals).count(), expected);
        }

        /// Digits and decimals agree.
        #[test]
        fn decimals_agree(mantissa in 0_i64..900_000_000_000, scale in 0u32..12) {
            let decimal = Decimal::new(mantissa, scale);
            prop_assert_eq!(Micro::of_decimal(decimal), Micro::parse(&decimal.to_string()));
        }
    }
}
