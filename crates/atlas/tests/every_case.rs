//! Every worked rule case and every calculator of their table, through the registry a user asks: the
//! cases lie with the crates whose formulas they try, and here nothing may be missing.
//!
//! `data/rule_case_list.csv` is the list of cases and of calculators without one, as the method sheets
//! have it; `data/frames.csv` the eight frames of the sheet of online monitoring and the fifteen that
//! were published by others, with their verdicts.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

use std::collections::BTreeSet;

use liangshan_atlas::calculators;
use liangshan_vocab::cases::{self, Case};
use serde_json::json;

const LIST: &str = include_str!("data/rule_case_list.csv");

/// Where the cases lie.
const FILES: [&str; 8] = [
    include_str!("../../duty/tests/cases/water.json"),
    include_str!("../../duty/tests/cases/air.json"),
    include_str!("../../duty/tests/cases/soil.json"),
    include_str!("../../duty/tests/cases/waste.json"),
    include_str!("../../rights/tests/data/rule_cases.json"),
    include_str!("../../accounts/tests/data/rule_cases.json"),
    include_str!("../../planning/tests/data/rule_cases.json"),
    include_str!("data/rule_cases.json"),
];

fn all() -> Vec<Case> {
    let online = include_str!("data/online_cases.json");
    FILES.into_iter().chain([online]).flat_map(|file| cases::read(file).unwrap()).collect()
}

/// Case and calculator; a calculator without a case has none before it.
fn listed() -> Vec<(&'static str, &'static str)> {
    LIST.lines().skip(1).map(|line| line.split_once(',').unwrap()).collect()
}

#[test]
fn no_case_of_the_sheet_is_left_out() {
    let have: BTreeSet<(String, String)> = all().into_iter().map(|c| (c.id, c.calculator)).collect();
    let cases: Vec<_> = listed().into_iter().filter(|(case, _)| !case.is_empty()).collect();
    assert_eq!(cases.len(), 105, "rule-cases: 105 cases");
    let missing: Vec<_> = cases.iter().filter(|(case, calculator)| !have.contains(&((*case).to_owned(), (*calculator).to_owned()))).collect();
    assert!(missing.is_empty(), "cases not covered: {missing:?}");
}

#[test]
fn every_calculator_of_the_table_is_there_under_its_name() {
    let names: BTreeSet<&str> = listed().into_iter().map(|(_, calculator)| calculator).collect();
    assert_eq!(names.len(), 67, "rule-cases: 67 calculators");
    let missing: Vec<_> = names.into_iter().filter(|name| calculators::find(name).is_err()).collect();
    assert!(missing.is_empty(), "calculators that are not there: {missing:?}");
}

#[test]
fn every_case_comes_out_through_the_registry() {
    let faults = cases::faults(&all(), &calculators::all());
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What was not read is told beside the number (marks of the sheets).
#[test]
fn what_rests_on_texts_that_were_not_read_says_so() {
    let told = |case: &Case| {
        let answer = calculators::find(&case.calculator).unwrap().calculate(&case.input).unwrap();
        answer.outputs.get("evidence").and_then(|e| e.as_str().map(str::to_owned))
    };
    for (case, evidence) in [
        ("W01", "unverified"),
        ("W05a", "unverified"),
        ("W06", "partial"),
        ("W07", "partial"),
        ("W11", "unverified"),
        ("W14", "unverified"),
        ("A01a", "unverified"),
        ("A05", "unverified"),
        ("A07", "unverified"),
        ("A08a", "partial"),
        ("S01", "unverified"),
        ("S03", "unverified"),
        ("M07a", "unverified"),
        ("C01a", "unverified"),
        ("C03", "partial"),
        ("L02", "unverified"),
        ("Z07", "unverified"),
        ("R06a", "unverified"),
    ] {
        let found = all().into_iter().find(|c| c.id == case).unwrap();
        assert_eq!(told(&found).as_deref(), Some(evidence), "{case} {}", found.calculator);
    }
}

/// Every frame of the sheet and of the public collection, one by one, by the formula a user asks.
#[test]
fn every_frame_has_its_verdict() {
    let mut reader = csv::Reader::from_reader(include_str!("data/frames.csv").as_bytes());
    let mut count = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let [id, frame, accept, error, crc] = [0, 1, 2, 3, 4].map(|at| record.get(at).unwrap());
        let given = json!({ "frame": format!("{frame}\r\n"), "crc_mode": "standard" });
        let told = calculators::find("hj212.parse").unwrap().calculate(&given).unwrap().outputs;
        assert_eq!((told["accept"] == json!(true), told["error"].as_str().unwrap_or_default()), (accept == "yes", error), "{id}: {told:?}");
        let segment = &frame[6..frame.len() - 4];
        let computed = calculators::find("hj212.crc").unwrap().calculate(&json!({ "segment": segment })).unwrap().outputs;
        assert_eq!(computed["crc"], crc, "{id}");
        count += 1;
    }
    assert_eq!(count, 8 + 15);
}
