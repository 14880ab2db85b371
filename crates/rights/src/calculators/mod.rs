//! The formulas of this crate one by one, JSON in and JSON out.
//!
//! Money is whole fen and rights are whole lots or kilograms, here as JSON integers. Amounts with a
//! fraction (tonnes, rates, coefficients) are taken as the decimals they are written with.

mod compensation;
mod matching;
mod needs;
mod trade;

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::{Arguments, Calculator, Problem, words};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::exact::{decimal, float};

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    [needs::ALL, matching::ALL, trade::ALL, compensation::ALL].concat()
}

const FEN: Measure = measure("money", "0.01 CNY");
const LOTS: Measure = measure("right", "lot");
const KG_A: Measure = measure("emission_right", "kg/a");

/// A whole number, as JSON carries it: `5` and `5.0`, not `5.5`.
fn integer(value: &Value) -> Option<i64> {
    let fits = |f: f64| f.fract() == 0.0 && f.abs() < 9_007_199_254_740_992.0;
    value.as_i64().or_else(|| value.as_f64().filter(|f| fits(*f)).and_then(|f| f.to_string().parse().ok()))
}

fn not_whole(key: String, value: &Value) -> Problem {
    Problem::error(
        "rights.not_whole",
        words!("“{key}”应为不小于 0 的整数，给出的是 {value}", "\"{key}\" is a whole number of at least zero, and {value} was given"),
    )
    .key(key)
    .expect(words!("整数：金额以分计，数量以手或千克计", "a whole number: fen, lots or kilograms"))
    .fix(words!("换算到最小单位", "convert it to the smallest unit"))
}

/// A whole number of at least zero.
fn count(given: &Arguments, name: &str) -> Result<u64, Problem> {
    let value = given.value(name).unwrap_or(&Value::Null);
    integer(value).and_then(|n| u64::try_from(n).ok()).ok_or_else(|| not_whole(name.to_owned(), value))
}

/// A whole number of either sign.
fn whole(given: &Arguments, name: &str) -> Result<i64, Problem> {
    let value = given.value(name).unwrap_or(&Value::Null);
    integer(value).ok_or_else(|| not_whole(name.to_owned(), value))
}

/// A list of whole numbers of at least zero.
fn counts(given: &Arguments, name: &str) -> Result<Vec<u64>, Problem> {
    let list = given.records(name).iter().enumerate();
    list.map(|(at, value)| integer(value).and_then(|n| u64::try_from(n).ok()).ok_or_else(|| not_whole(format!("{name}[{at}]"), value))).collect()
}

/// The decimal an argument was written as.
fn exact(given: &Arguments, name: &str) -> Result<Decimal, Problem> {
    decimal(name, given.number(name))
}

/// A decimal in JSON.
fn number(decimal: Decimal) -> Value {
    Value::from(float(decimal))
}

/// A row of a list that is not of the shape it should have.
fn malformed_row(name: &str, at: usize, wanted: &'static str) -> Problem {
    Problem::error("calc.form", words!("“{name}”第 {} 行的形式不对", "row {} of \"{name}\" has the wrong form", at + 1))
        .key(format!("{name}[{at}]"))
        .expect(words!("{wanted}", "{wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_declaration_is_sound() {
        let faults: Vec<String> = all().iter().flat_map(|c| c.spec.faults()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn whole_numbers_are_whole() {
        assert_eq!(integer(&json!(9_007_199_254_740_993_i64)), Some(9_007_199_254_740_993));
        assert_eq!(integer(&json!(5.0)), Some(5));
        for bad in [json!(5.5), json!("5"), json!(null), json!(1e300)] {
            assert_eq!(integer(&bad), None, "{bad}");
        }
    }
}
