//! The formulas of the account one by one, JSON in and JSON out, so that any number of a report can
//! be recomputed by itself.
//!
//! Money is given in yuan. Results stand as `value_yuan`, a number for reading, and `value_fen`, a
//! string of an integer rounded once half to even. A product of two given numbers is formed in decimal,
//! exactly; a formula with a division is computed in floating point.

mod arithmetic;
mod carbon;
mod indices;
mod linkage;
mod regulating;
mod seea;
mod supply;
mod targets;
mod unit_prices;

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{ANY, Form, Input, Output, POSITIVE, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, text};
use rust_decimal::Decimal;

use crate::price::decimal;
use crate::valuation::Amount;

/// Every calculator, by domain.
pub fn all() -> Vec<&'static Calculator> {
    [arithmetic::ALL, indices::ALL, regulating::ALL, supply::ALL, unit_prices::ALL, seea::ALL, targets::ALL, linkage::ALL, carbon::ALL].concat()
}

const YUAN: Measure = measure("money", "CNY");
const VALUE_YUAN: Output = number_out("value_yuan", "价值量", "value", YUAN);
const VALUE_FEN: Output = Output {
    name: "value_fen",
    title: text("价值量（分，整数）", "value in fen, a string of an integer"),
    measure: measure("money", "0.01 CNY"),
    form: Form::Text,
    range: ANY,
};

const fn word(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    Input { name, title: text(zh, en), measure: measure("word", "1"), form: Form::Text, range: ANY, needed: true }
}

const fn records(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    Input { name, title: text(zh, en), measure: measure("record", "1"), form: Form::Records, range: ANY, needed: true }
}

const fn price_of(name: &'static str, zh: &'static str, en: &'static str, unit: &'static str) -> Input {
    Input { name, title: text(zh, en), measure: measure("price", unit), form: Form::Number, range: POSITIVE, needed: true }
}

/// The decimal number a JSON number was written as.
fn exact(number: f64) -> Option<Decimal> {
    decimal(&number.to_string())
}

/// The product of the decimals two numbers were written as; in floating point where it does not fit.
fn product(a: f64, b: f64) -> f64 {
    exact(a).zip(exact(b)).and_then(|(a, b)| a.checked_mul(b)).and_then(float).unwrap_or(a * b)
}

fn float(decimal: Decimal) -> Option<f64> {
    decimal.to_string().parse().ok()
}

/// An amount of money, as a number and as whole fen.
fn money(yuan: f64) -> Result<Answer, Problem> {
    Ok(Answer::number("value_yuan", yuan).and("value_fen", Amount::round(yuan, 2)?.units.to_string()))
}

/// The same for an exact product, whose fen are rounded from the exact decimal.
fn money_exact(a: f64, b: f64) -> Result<Answer, Problem> {
    match exact(a).zip(exact(b)).and_then(|(a, b)| a.checked_mul(b)) {
        Some(value) => Ok(Answer::number("value_yuan", float(value).unwrap_or(a * b)).and("value_fen", Amount::of_decimal(value, 2)?.units.to_string())),
        None => money(a * b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_declaration_is_sound_and_every_name_is_used_once() {
        let faults: Vec<String> = all().iter().flat_map(|c| c.spec.faults()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        let ids: BTreeSet<&str> = all().iter().map(|c| c.spec.id).collect();
        assert_eq!(ids.len(), all().len());
        assert!(all().iter().all(|c| c.spec.id.contains('.')));
    }

    /// By hand: 0.1 × 0.3 is 0.03, though the floats' product is not; 1.005 yuan × 1 is 100 fen, half to even.
    #[test]
    fn products_are_decimal() {
        assert_eq!(product(0.1, 0.3), 0.03);
        assert_eq!(money_exact(1.005, 1.0).unwrap().outputs["value_fen"], "100");
        assert_eq!(money_exact(1.015, 1.0).unwrap().outputs["value_fen"], "102");
    }
}
