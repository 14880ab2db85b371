//! Reading arguments that are more than a number: days, whole numbers, and decimals as they were
//! written.

use jiff::civil::Date;
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::made;
use liangshan_vocab::{Arguments, Form, Output, Problem, text, words};
use rust_decimal::Decimal;
use serde_json::Value;

/// How well the texts a result rests on were read: the weakest of them.
pub(crate) const EVIDENCE: Output = made(
    "evidence",
    "依据的核实程度：verified、partial、unverified",
    "whether the texts were read: verified, partial, unverified",
    Form::Text,
    measure("word", "1"),
);

/// The decimal a number was written as.
///
/// # Errors
/// `calc.decimal` for one that no decimal of 28 digits holds.
pub(crate) fn exact(number: f64, name: &str) -> Result<Decimal, Problem> {
    number.to_string().parse().map_err(|_| {
        Problem::error("calc.decimal", words!("“{name}”的值 {number} 位数过多或过大", "\"{name}\" is {number}, with too many digits or too large"))
            .key(name)
            .expect(text("不超过 28 位的十进制数", "a decimal of at most 28 digits"))
    })
}

/// A number argument as a decimal.
///
/// # Errors
/// As [`exact`].
pub(crate) fn decimal(a: &Arguments, name: &str) -> Result<Decimal, Problem> {
    exact(a.number(name), name)
}

/// A decimal as a number for JSON.
pub(crate) fn float(decimal: Decimal) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}

/// A number argument that has to be whole.
///
/// # Errors
/// `calc.not_whole`.
pub(crate) fn whole(a: &Arguments, name: &str) -> Result<u32, Problem> {
    let number = a.number(name);
    if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
        return Ok(number as u32);
    }
    Err(Problem::error("calc.not_whole", words!("“{name}”应为非负整数，给出的是 {number}", "\"{name}\" is {number} and has to be a whole number")).key(name))
}

/// A day, `YYYY-MM-DD`.
///
/// # Errors
/// `calc.date`.
pub(crate) fn day(written: Option<&Value>, name: &str) -> Result<Date, Problem> {
    let word = written.and_then(Value::as_str).unwrap_or_default();
    let plain = word.len() == 10;
    word.parse().ok().filter(|_| plain).ok_or_else(|| {
        Problem::error("calc.date", words!("“{name}”的“{word}”不是日期", "\"{word}\" of \"{name}\" is no date"))
            .key(name)
            .expect(text("形如 2026-11-25", "such as 2026-11-25"))
    })
}

/// The days of a list; none when it was left out.
///
/// # Errors
/// `calc.date` for the first that is none.
pub(crate) fn days<C: FromIterator<Date>>(a: &Arguments, name: &str) -> Result<C, Problem> {
    a.records(name).iter().map(|v| day(Some(v), name)).collect()
}

/// A number of a record.
///
/// # Errors
/// `calc.missing` where there is none at or above zero, or as [`exact`].
pub(crate) fn amount(record: &Value, key: &str, name: &str) -> Result<Decimal, Problem> {
    match record.get(key).and_then(Value::as_f64) {
        Some(number) if number >= 0.0 => exact(number, name),
        _ => Err(Problem::error("calc.missing", words!("“{name}”缺少不小于 0 的“{key}”", "\"{name}\" lacks \"{key}\", a number from zero up"))
            .key(format!("{name}.{key}"))),
    }
}
