//! The worked rule cases of zoning that need no map and no table, `data/rule_cases.json`, by name.
//! Inputs and expected numbers were computed by other programs from the method sheets; the currents of
//! Z05 also sum to 0 at each inner node.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_planning::calculators::all;
use liangshan_vocab::cases;
use serde_json::{Value, json};

fn read() -> Vec<cases::Case> {
    cases::read(include_str!("data/rule_cases.json")).unwrap()
}

#[test]
fn every_case_comes_out() {
    let faults = cases::faults(&read(), &all());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_case_is_forgotten() {
    let have: Vec<String> = read().into_iter().map(|c| c.id).collect();
    assert_eq!(have, ["Z04", "Z05", "Z06"]);
}

/// Bad input is a problem with a code and never a number.
#[test]
fn bad_input_is_told() {
    let code = |id: &str, input: Value| {
        let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
        calculator.calculate(&input).unwrap_err().0[0].code.to_string()
    };
    let mcr = |r: Value, source: Value, neighbours: u32| code("zoning.mcr", json!({ "R": r, "source": source, "cell_m": 1, "neighbours": neighbours }));
    assert_eq!(mcr(json!([[1, 2], [3]]), json!([0, 0]), 8), "calc.form");
    assert_eq!(mcr(json!([[1, "x"]]), json!([0, 0]), 8), "calc.form");
    assert_eq!(mcr(json!([[1, 0]]), json!([0, 0]), 8), "resistance.value");
    assert_eq!(mcr(json!([]), json!([0, 0]), 8), "resistance.shape");
    assert_eq!(mcr(json!([[1, 1]]), json!([0, 2]), 8), "resistance.outside");
    assert_eq!(mcr(json!([[1, null]]), json!([0, 1]), 8), "resistance.barrier");
    assert_eq!(mcr(json!([[1, 1]]), json!([-1, 0]), 8), "calc.form");
    assert_eq!(mcr(json!([[1, 1]]), json!([0, 0]), 6), "calc.form");
    assert_eq!(code("zoning.circuit", json!({ "R": [[1, null, 1]], "source": [0, 0], "ground": [0, 2], "neighbours": 4 })), "circuit.no_way");
    assert_eq!(code("zoning.area_split", json!({ "control_m2": 1.001, "weights": [1] })), "areas.control");
}

/// By hand: behind a wall there is no cost; two sources in one call.
#[test]
fn a_cell_that_no_way_reaches_is_null() {
    let mcr = all().into_iter().find(|c| c.spec.id == "zoning.mcr").unwrap();
    let ask =
        |source: Value| mcr.calculate(&json!({ "R": [[1, null, 1, 1]], "source": source, "cell_m": 30, "neighbours": 4 })).unwrap().outputs["MCR"].clone();
    assert_eq!(ask(json!([0, 0])), json!([[0.0, null, null, null]]));
    assert_eq!(ask(json!([[0, 0], [0, 3]])), json!([[0.0, null, 30.0, 0.0]]));
}
