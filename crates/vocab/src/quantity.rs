//! A number with its unit and its kind. Dimensions catch `t` against `ha`; the kind catches what
//! dimensions cannot: tonnes of carbon are not tonnes of carbon dioxide, rain is not runoff.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Problem, Unit, words};

/// What is measured, as one lower-case word of the glossary: `erosivity`, `carbon_dioxide`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Kind(pub &'static str);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A kind and the unit it is given in: what an input or output of a [`crate::Spec`] declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Measure {
    /// What is measured.
    pub kind: Kind,
    /// In what unit, as [`Unit::parse`] reads it.
    pub unit: &'static str,
}

/// Declares a measure in a constant.
pub const fn measure(kind: &'static str, unit: &'static str) -> Measure {
    Measure { kind: Kind(kind), unit }
}

impl Measure {
    /// The unit, parsed. Every declared measure is parsed in a test.
    ///
    /// # Errors
    /// As [`Unit::parse`].
    pub fn parsed(&self) -> Result<Unit, Problem> {
        Unit::parse(self.unit)
    }
}

/// A value in a unit, of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number. Never NaN: a missing quantity is absent.
    pub amount: f64,
    /// Its unit as written.
    pub unit: String,
    /// What is measured.
    pub kind: String,
}

impl Quantity {
    /// A quantity by amount, unit and kind.
    ///
    /// # Errors
    /// `unit.*` when the unit cannot be read; `quantity.not_a_number` for NaN and infinities.
    pub fn new(amount: f64, unit: &str, kind: &str) -> Result<Self, Problem> {
        Unit::parse(unit)?;
        if !amount.is_finite() {
            return Err(Problem::error("quantity.not_a_number", words!("数值 {amount} 不是有限数", "the amount {amount} is not a finite number")));
        }
        Ok(Self { amount, unit: unit.to_owned(), kind: kind.to_owned() })
    }

    /// The same quantity in another unit.
    ///
    /// # Errors
    /// `unit.mismatch` when the units do not measure the same thing.
    pub fn to(&self, unit: &str) -> Result<Self, Problem> {
        let (from, into) = (Unit::parse(&self.unit)?, Unit::parse(unit)?);
        let factor = from.factor_to(&into).ok_or_else(|| mismatch(&self.unit, unit))?;
        Ok(Self { amount: self.amount * factor, unit: unit.to_owned(), kind: self.kind.clone() })
    }

    /// The sum with a quantity of the same kind, in this one's unit.
    ///
    /// # Errors
    /// `quantity.kinds_differ` when the kinds differ, `unit.mismatch` when the units do.
    pub fn plus(&self, other: &Self) -> Result<Self, Problem> {
        if self.kind != other.kind {
            let (a, b) = (&self.kind, &other.kind);
            return Err(Problem::error(
                "quantity.kinds_differ",
                words!("“{a}”与“{b}”不是同一种量，不能相加", "{a} and {b} are different kinds and cannot be added"),
            ));
        }
        Ok(Self { amount: self.amount + other.to(&self.unit)?.amount, ..self.clone() })
    }
}

/// The problem of two units that do not measure the same thing.
pub fn mismatch(got: &str, wanted: &str) -> Problem {
    Problem::error("unit.mismatch", words!("单位 {got} 不能换算为 {wanted}", "the unit {got} does not convert to {wanted}"))
        .expect(words!("与 {wanted} 同量纲、同物质的单位", "a unit of the same dimension and substance as {wanted}"))
        .fix(words!("核对数据实际的单位，改正所写的 {got}", "find out the unit the numbers are really in and correct {got}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tonnes_of_carbon_and_of_carbon_dioxide_do_not_add() {
        let carbon = Quantity::new(12.0, "t", "carbon").unwrap();
        let dioxide = Quantity::new(44.0, "t", "carbon_dioxide").unwrap();
        assert_eq!(carbon.plus(&dioxide).unwrap_err().code, "quantity.kinds_differ");
    }

    #[test]
    fn amounts_convert_before_they_add() {
        let total = Quantity::new(1.0, "1e4 m3", "water").unwrap().plus(&Quantity::new(500.0, "m3", "water").unwrap()).unwrap();
        assert!((total.amount - 1.05).abs() < 1e-12);
        assert_eq!(Quantity::new(1.0, "m3", "water").unwrap().to("t").unwrap_err().code, "unit.mismatch");
        assert_eq!(Quantity::new(f64::NAN, "m3", "water").unwrap_err().code, "quantity.not_a_number");
    }
}
