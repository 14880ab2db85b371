//! The formulas of this crate as calculators: one question each, JSON in and JSON out. They call
//! the functions of the models wherever there is one, so that a number on a map and a number asked
//! for by hand cannot differ.

use liangshan_vocab::quantity::Measure;
use liangshan_vocab::spec::ANY;
use liangshan_vocab::{Arguments, Calculator, Form, Input, Problem, nearest, text, words};

pub mod carbon;
pub mod rusle;
pub mod soil;
pub mod water;

/// Every calculator of this crate, in the order of the reference pages.
pub fn all() -> Vec<&'static Calculator> {
    [rusle::ALL, water::ALL, soil::ALL, carbon::ALL].concat()
}

/// HJ 1173-2021, by its full title.
const HJ_1173: &str = "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估";

/// Declares a needed list of objects; the title says which keys.
const fn records(name: &'static str, zh: &'static str, en: &'static str, measure: Measure) -> Input {
    Input { name, title: text(zh, en), measure, form: Form::Records, range: ANY, needed: true }
}

/// A key of a record with its least and greatest value.
type Key = (&'static str, f64, f64);

/// The numbers of a list of objects, in the order of `keys`.
///
/// # Errors
/// `calc.record` for the first object with a missing, unknown or out-of-range key; its count says
/// how many faults there are in all.
fn numbers_of<const N: usize>(given: &Arguments, list: &str, keys: [Key; N]) -> Result<Vec<[f64; N]>, Problem> {
    let mut read = Vec::new();
    let mut faults: Vec<Problem> = Vec::new();
    for (i, record) in given.records(list).iter().enumerate() {
        let row = i as u64 + 1;
        let numbers = keys.map(|(key, low, high)| {
            let number = record.get(key).and_then(|v| v.as_f64()).unwrap_or(f64::NAN);
            if !(low <= number && number <= high) {
                let fault = Problem::error(
                    "calc.record",
                    words!("“{list}”第 {row} 条的“{key}”缺失或超出范围", "\"{key}\" of record {row} in \"{list}\" is missing or out of range"),
                );
                faults.push(fault.key(list).row(row).expect(words!("{low} 至 {high} 之间的数", "a number from {low} to {high}")));
            }
            number
        });
        for key in record.as_object().into_iter().flat_map(|o| o.keys()).filter(|key| keys.iter().all(|k| k.0 != key.as_str())) {
            let mut fault =
                Problem::error("calc.record", words!("“{list}”第 {row} 条有未知的键“{key}”", "record {row} in \"{list}\" has an unknown key \"{key}\""))
                    .key(list)
                    .row(row);
            if let Some(known) = nearest(key, keys.iter().map(|k| k.0)) {
                fault = fault.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?"));
            }
            faults.push(fault);
        }
        read.push(numbers);
    }
    let count = faults.len() as u64;
    match faults.into_iter().next() {
        Some(first) => Err(first.count(count)),
        None => Ok(read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_is_sound_and_every_name_is_used_once() {
        let mut names: Vec<&str> = all().iter().map(|c| c.spec.id).collect();
        for calculator in all() {
            assert_eq!(calculator.spec.faults(), Vec::<String>::new());
            assert!(calculator.spec.id.split_once('.').is_some_and(|(domain, _)| ["rusle", "gep"].contains(&domain)));
        }
        let declared = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), declared);
    }
}
