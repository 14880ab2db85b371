//! The worked rule cases of targets and linkage, `data/rule_cases.json`, by name. Inputs and expected
//! numbers were computed by other programs from the method sheets; T01 and T04 are also published
//! totals (of 2016, and of Ninghai 2018).

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_accounts::calculators::all;
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
    let wanted = "T01a T01b T02a T02b T02c T03 T04 T05 T06 T07a T07b L01a L01b L01c L01d L01e L03 L04";
    assert_eq!(have, wanted.split(' ').collect::<Vec<_>>());
}

fn ask(id: &str, input: Value) -> Result<liangshan_vocab::Answer, String> {
    let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
    calculator.calculate(&input).map_err(|problems| problems.0[0].code.to_string())
}

/// Bad input is a problem with a code and never a number.
#[test]
fn bad_input_is_told() {
    let code = |id: &str, input: Value| ask(id, input).unwrap_err();
    assert_eq!(code("targets.group_score", json!({ "weights": [1], "values": ["none"], "missing_score": 60 })), "calc.form");
    assert_eq!(code("targets.lamp", json!({ "milestones": [{ "w": 1, "due": "2026-02-30", "done": true }], "today": "2026-11-23" })), "calc.date");
    assert_eq!(code("targets.lamp", json!({ "milestones": [{ "due": "2026-02-28", "done": true }], "today": "2026-11-23" })), "calc.form");
    assert_eq!(code("targets.lamp", json!({ "milestones": [], "today": "2026-11-23" })), "targets.milestones");
    assert_eq!(code("index.green_gold", json!({ "gep": [1, 2, 3], "gdp": [1, 2, 3] })), "calc.form");
    assert_eq!(code("index.green_gold", json!({ "gep": [1, 2], "gdp": [1] })), "calc.form");
    assert_eq!(code("random.splitmix64", json!({ "seed": 1.5, "count": 1 })), "calc.form");
    assert_eq!(code("credit.score", json!({ "start": 100, "events": [["a"]], "cap_cured": 6, "grades": { "green": 90 } })), "calc.form");
    assert_eq!(code("credit.score", json!({ "start": 100, "events": [], "cap_cured": 6, "grades": {} })), "credit.grades");
    assert_eq!(code("circular.finn_index", json!({ "external_in": [1], "flow_j_to_i": [["x"]] })), "calc.form");
}

/// By hand: no benchmark is grey and not red; one year has no growth; a holiday moves a milestone's day.
#[test]
fn what_has_no_value_is_null() {
    let account = json!({ "E": 9600, "VA_1e4": null, "bench": null, "cuts": [0.6, 1, 1.5], "E_prev": null, "guard_t": 26000, "guard_growth": 0.1 });
    let grey = ask("carbon.account_colour", account).unwrap();
    assert_eq!((grey.outputs["colour"].as_str(), grey.outputs["L"].is_null()), (Some("grey 灰"), true));
    let one = ask("index.green_gold", json!({ "gep": [200], "gdp": [100], "converted": null })).unwrap();
    assert_eq!((one.outputs["G1"].as_f64(), one.outputs["G2"].is_null(), one.outputs["G4"].is_null()), (Some(2.0), true, true));
    let milestones = json!([{ "w": 1, "due": "2026-11-22", "done": 0.5 }]);
    let late = ask("targets.lamp", json!({ "milestones": milestones, "today": "2026-11-22" })).unwrap();
    assert_eq!((late.outputs["p"].as_f64(), late.outputs["lamp"].as_str()), (Some(1.0), Some("red")));
    let moved = ask("targets.lamp", json!({ "milestones": milestones, "today": "2026-11-22", "closed": ["2026-11-22"] })).unwrap();
    assert_eq!((moved.outputs["p"].as_f64(), moved.outputs["lamp"].as_str()), (Some(0.0), Some("green")));
    let ended = json!({ "start": 100, "events": [["penalty", -30, "2026-06-01"]], "cap_cured": 6, "grades": { "green": 90 }, "on": "2026-06-01" });
    assert_eq!(ask("credit.score", ended).unwrap().outputs["score"], 100);
}
