//! The atom of every account: one year, county, ecosystem type and indicator.

use liangshan_vocab::{Evidence, Fen, Origin, Problem, Unit};
use rust_decimal::Decimal;

use crate::price::{Price, check_basis};
use crate::valuation::{Amount, value};

/// A price as it was applied: already in yuan per unit of the atom's quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitPrice {
    /// The price's id.
    pub id: String,
    /// Yuan per unit of the quantity, exact.
    pub value: Decimal,
    /// `CNY/t`; `1` for a share of an amount of yuan.
    pub unit: String,
    /// The price year.
    pub year: i32,
}

impl UnitPrice {
    /// A price made ready for quantities in a unit and of a basis.
    ///
    /// # Errors
    /// `price.basis_mismatch`, and those of [`Price::per`].
    pub fn of(price: &Price, quantity_unit: &Unit, quantity_basis: &str) -> Result<Self, Problem> {
        check_basis(quantity_basis, price)?;
        let value = price.per(quantity_unit)?;
        let denominator = quantity_unit.written();
        let unit = match price.unit.written() {
            "1" => "1".to_owned(),
            _ if denominator.contains([' ', '/']) => format!("CNY/({denominator})"),
            _ => format!("CNY/{denominator}"),
        };
        Ok(Self { id: price.id.clone(), value, unit, year: price.year })
    }
}

/// What one ecosystem type of one county gave in one year by one indicator. Its quantity is rounded
/// once, its value once; every total is a sum of atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The accounting year.
    pub year: i32,
    /// The county's code.
    pub place: String,
    /// The ecosystem type's id.
    pub ecosystem: String,
    /// A catalogue indicator or a dotted part of one.
    pub indicator: String,
    /// The physical quantity.
    pub quantity: Amount,
    /// Its unit.
    pub unit: String,
    /// The price; absent for a quantity that is valued through its parts, as tonnes of soil kept.
    pub price: Option<UnitPrice>,
    /// The value; zero without a price.
    pub value: Fen,
    /// The weakest evidence it rests on.
    pub evidence: Evidence,
    /// What its inputs are.
    pub origin: Origin,
}

impl Atom {
    /// True when its value is that of its quantity and price.
    pub fn holds(&self) -> bool {
        match &self.price {
            Some(price) => value(&self.quantity, &price.value) == Ok(self.value),
            None => self.value == Fen(0),
        }
    }
}

/// Where and when an atom is, and what it rests on, before it is valued.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AtomKey {
    /// The accounting year.
    pub year: i32,
    /// The county's code.
    pub place: String,
    /// The ecosystem type's id.
    pub ecosystem: String,
    /// A catalogue indicator or a dotted part of one.
    pub indicator: String,
}

impl Atom {
    /// Values a quantity and makes the atom.
    ///
    /// # Errors
    /// `value.too_large`.
    pub fn new(key: AtomKey, quantity: Amount, unit: &str, price: Option<UnitPrice>, evidence: Evidence, origin: Origin) -> Result<Self, Problem> {
        let worth = match &price {
            Some(price) => value(&quantity, &price.value)?,
            None => Fen(0),
        };
        let AtomKey { year, place, ecosystem, indicator } = key;
        Ok(Self { year, place, ecosystem, indicator, quantity, unit: unit.to_owned(), price, value: worth, evidence, origin })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceRow;

    fn price(value: &str, unit: &str, basis: &str) -> Price {
        let row = PriceRow { id: "p".into(), value: value.into(), unit: unit.into(), basis: basis.into(), year: "2010".into(), ..PriceRow::default() };
        Price::new(PriceRow { evidence: "verified".into(), ..row }).unwrap()
    }

    /// By hand: 1.2 yuan/kg is 1200 yuan/t; 1137 t are worth 1 364 400.00 yuan (case A17).
    #[test]
    fn an_atom_is_valued_at_the_price_of_its_unit() {
        let unit_price = UnitPrice::of(&price("1.2", "CNY/kg", "SO2"), &Unit::parse("t").unwrap(), "SO2").unwrap();
        assert_eq!((unit_price.value.to_string().as_str(), unit_price.unit.as_str()), ("1200", "CNY/t"));
        let key = AtomKey { year: 2010, place: "513300".into(), ecosystem: "forest".into(), indicator: "air_purification_so2".into() };
        let atom = Atom::new(key, Amount::parse("1137.000", 3).unwrap(), "t", Some(unit_price), Evidence::Verified, Origin::Measured).unwrap();
        assert_eq!(atom.value.yuan(), "1364400.00");
        assert!(atom.holds() && !Atom { value: Fen(1), ..atom }.holds());
    }

    #[test]
    fn a_carbon_price_never_meets_carbon_dioxide() {
        let refused = UnitPrice::of(&price("1200", "CNY/t", "C"), &Unit::parse("t CO2").unwrap(), "CO2").unwrap_err();
        assert_eq!(refused.code, "price.basis_mismatch");
        let share = UnitPrice::of(&price("0.42", "1", "gross output"), &Unit::parse("CNY").unwrap(), "gross output").unwrap();
        assert_eq!((share.unit.as_str(), share.value.to_string().as_str()), ("1", "0.42"));
        let noise = UnitPrice::of(&price("9", "CNY/(dB km)", "dB km"), &Unit::parse("dB km").unwrap(), "dB km").unwrap();
        assert_eq!(noise.unit, "CNY/(dB km)");
    }
}
