//! A limit and the comparison with it.
//!
//! GB/T 8170-2008 knows two ways: the full value is compared (35.4 against 35 is over), or the value
//! is first rounded to the limit's decimals, half to even. The full value holds unless the
//! standard of the limit says otherwise, so a limit that rounds carries the clause that says so. The
//! text of GB/T 8170 was not read here.

use std::str::FromStr;

use liangshan_vocab::{Problem, text, words};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// How a value is compared with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compare {
    /// 全数值比较法: as it is.
    #[default]
    FullValue,
    /// 修约值比较法: rounded to the limit's decimals first.
    RoundedValue,
}

impl Compare {
    /// The words in files and arguments.
    pub const WORDS: &'static [&'static str] = &["full_value", "rounded_value"];

    /// Of its word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "full_value" => Some(Compare::FullValue),
            "rounded_value" => Some(Compare::RoundedValue),
            _ => None,
        }
    }
}

/// What the limit is a limit of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Basis {
    /// The concentration as measured.
    #[default]
    Measured,
    /// Folded to the standard oxygen content.
    Folded,
}

/// A limit of a permit for one factor at one outlet.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    exact: Decimal,
    nearest: f64,
    compare: Compare,
    /// Measured or folded.
    pub basis: Basis,
    /// The clause that wants rounding; empty with [`Compare::FullValue`].
    pub clause: String,
}

/// A value held against a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// What was compared.
    pub compared: f64,
    /// True above the limit; at the limit is not over.
    pub over: bool,
    /// `value/limit − 1` of what was compared; infinite for a limit of zero.
    pub multiple: f64,
}

impl Limit {
    /// A limit as written, `35` or `0.50`: its decimals count where values are rounded.
    ///
    /// # Errors
    /// `emission.limit` for no number or a negative one, `emission.no_clause` for rounding that no
    /// clause asks for.
    pub fn new(written: &str, compare: Compare, basis: Basis, clause: &str) -> Result<Self, Problem> {
        if compare == Compare::RoundedValue && clause.trim().is_empty() {
            return Err(Problem::error(
                "emission.no_clause",
                text("限值要求修约比较，但没有写明依据的条款", "a limit that rounds before comparing names no clause"),
            )
            .expect(text("限值所在标准中规定修约的条款", "the clause of the limit's standard that wants rounding"))
            .fix(text("补充条款，或改用 full_value", "name the clause, or use full_value")));
        }
        let exact = decimal(written)?;
        Ok(Self { exact, nearest: nearest(exact), compare, basis, clause: clause.to_owned() })
    }

    /// The limit as a number.
    pub fn value(&self) -> f64 {
        self.nearest
    }

    /// Holds a value against it. `value` is the double nearest to the decimal that was sent; it is
    /// rounded, where it is, as that decimal.
    pub fn hold(&self, value: f64) -> Held {
        let compared = match self.compare {
            Compare::FullValue => value,
            Compare::RoundedValue => rounded(value, self.exact.scale()),
        };
        Held { compared, over: compared > self.nearest, multiple: compared / self.nearest - 1.0 }
    }
}

/// A limit as written.
///
/// # Errors
/// `emission.limit`.
pub fn decimal(written: &str) -> Result<Decimal, Problem> {
    let wrong = || {
        Problem::error("emission.limit", words!("“{written}”不是限值", "\"{written}\" is no limit"))
            .expect(text("不小于零的十进制数，小数位数如标准所印", "a decimal of zero or more, with the decimals the standard prints"))
    };
    // A library may read more than the standard prints, exponents among it.
    let plain = written.trim().bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| Decimal::from_str(written.trim()).ok()).flatten().ok_or_else(wrong)
}

fn nearest(exact: Decimal) -> f64 {
    exact.to_f64().unwrap_or(f64::NAN)
}

/// Half to even at so many decimals, of the shortest decimal that names the double. Beyond what a
/// decimal can hold there are no digits to round, and the value stays.
pub fn rounded(value: f64, decimals: u32) -> f64 {
    match Decimal::from_str(&value.to_string()) {
        Ok(exact) => nearest(exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointNearestEven)),
        Err(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_that_of_the_decimal_and_not_of_the_double() {
        // 2.675 as a double is a little less; as the decimal that was sent it is a tie, and 2.68 is even.
        assert_eq!((rounded(2.675, 2), rounded(2.665, 2), rounded(-0.5, 0), rounded(1e300, 0)), (2.68, 2.66, 0.0, 1e300));
    }

    #[test]
    fn at_the_limit_is_not_over_and_rounding_needs_its_clause() {
        let limit = Limit::new("0.50", Compare::FullValue, Basis::Measured, "").unwrap();
        assert!(!limit.hold(0.5).over && limit.hold(0.500_1).over && !limit.hold(f64::NAN).over);
        assert_eq!(limit.hold(1.0).multiple, 1.0);
        assert_eq!(Limit::new("35", Compare::RoundedValue, Basis::Folded, " ").unwrap_err().code, "emission.no_clause");
        assert!(["", "-1", "35 mg", "1e3"].iter().all(|w| Limit::new(w, Compare::FullValue, Basis::Measured, "").is_err()));
        let rounding = Limit::new("0.5", Compare::RoundedValue, Basis::Measured, "6.2").unwrap();
        // Ties go to the even digit: 0.55 to 0.6, which is over; 0.45 to 0.4; 0.65 to 0.6.
        assert!(rounding.hold(0.55).over && !rounding.hold(0.45).over && !rounding.hold(0.549).over && rounding.hold(0.65).compared == 0.6);
    }
}
