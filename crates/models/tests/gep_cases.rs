//! Published worked cases of the physical formulas, by name. A case that `reproduces` must come
//! out as printed, within its tolerance; a `defect` must come out right, and must not come out as
//! printed. `factor` turns the printed number into the unit of the output.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

use liangshan_models::calculators;
use liangshan_vocab::{Answer, Calculator};
use serde_json::Value;

const CASES: &str = include_str!("data/gep_cases.csv");

struct Case {
    name: String,
    calculator: &'static Calculator,
    answer: Answer,
    got: f64,
    published: f64,
    tolerance: f64,
    verdict: String,
    right: Option<f64>,
    publication: String,
}

fn cases() -> Vec<Case> {
    let mut reader = csv::Reader::from_reader(CASES.as_bytes());
    let header = reader.headers().unwrap().clone();
    let read = |record: csv::StringRecord| {
        let cell = |column: &str| record[header.iter().position(|h| h == column).unwrap()].to_owned();
        let (name, id) = (cell("case"), cell("calculator"));
        let number = |column: &str| cell(column).parse::<f64>().unwrap_or_else(|_| panic!("{name}: {column} is no number"));
        let calculator = calculators::all().into_iter().find(|c| c.spec.id == id).unwrap_or_else(|| panic!("{name}: no calculator {id}"));
        let given: Value = serde_json::from_str(&cell("arguments")).unwrap();
        let answer = calculator.calculate(&given).unwrap_or_else(|p| panic!("{name}: {p:?}"));
        let output = cell("output");
        assert!(calculator.spec.output(&output).is_some(), "{name}: {id} declares no {output}");
        let got = answer.outputs[&output].as_f64().unwrap();
        let (published, tolerance) = (number("published") * number("factor"), number("tolerance"));
        Case {
            calculator,
            answer,
            got,
            published,
            tolerance,
            verdict: cell("verdict"),
            right: cell("right").parse().ok(),
            publication: cell("publication"),
            name,
        }
    };
    reader.records().map(|record| read(record.unwrap())).collect()
}

fn near(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance * expected.abs()
}

#[test]
fn published_cases_come_out_as_printed() {
    let checked: Vec<Case> = cases().into_iter().filter(|c| c.verdict == "reproduces").collect();
    for case in &checked {
        let Case { name, got, published, tolerance, .. } = case;
        assert!(near(*got, *published, *tolerance), "{name}: {got}, published {published} (tolerance {tolerance})");
        assert!(case.publication.len() > 10 && case.right.is_none(), "{name}: no publication");
    }
    for name in ["A06", "A08", "A10", "A13", "A16b", "B03", "B05", "B07", "C01", "C03", "C09", "C13", "C18", "C19"] {
        assert!(checked.iter().any(|c| c.name == name), "case {name} is gone");
    }
}

#[test]
fn published_defects_are_put_right_and_not_repeated() {
    let checked: Vec<Case> = cases().into_iter().filter(|c| c.verdict == "defect").collect();
    for case in &checked {
        let Case { name, got, published, tolerance, .. } = case;
        let right = case.right.unwrap_or_else(|| panic!("{name}: what is right?"));
        assert!(near(*got, right, 1e-9), "{name}: {got}, right is {right}");
        assert!(!near(*got, *published, *tolerance), "{name}: the published defect {published} is repeated");
    }
    for name in ["A16b label", "C15", "C16", "E01c basis", "E04c basis"] {
        assert!(checked.iter().any(|c| c.name == name), "case {name} is gone");
    }
}

#[test]
fn every_verdict_is_known_and_every_turned_basis_is_named() {
    for case in cases() {
        assert!(["reproduces", "defect"].contains(&case.verdict.as_str()), "{}: {}", case.name, case.verdict);
        let warned: Vec<&str> = case.answer.warnings.iter().map(|w| w.code.as_ref()).collect();
        let expected: &[&str] = if case.name.ends_with(" basis") { &["gep.carbon_basis"] } else { &[] };
        assert_eq!(warned, expected, "{} ({})", case.name, case.calculator.spec.id);
        let declared: Vec<&str> = case.calculator.spec.outputs.iter().map(|o| o.name).collect();
        let made: Vec<&str> = case.answer.outputs.keys().map(String::as_str).collect();
        assert_eq!(made, declared, "{} makes what it declares", case.calculator.spec.id);
    }
}
