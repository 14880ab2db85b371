//! The worked rule cases of rights and compensation, `data/rule_cases.json`, by name. Inputs and
//! expected numbers were computed by other programs from the method sheets; what a case was
//! compared with is told beside the sheets.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_rights::calculators::all;
use liangshan_vocab::cases;
use serde_json::json;

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
    let wanted = "R01 R02 R03 R04 R05a R05b R06a R06b R07 R08 R09 C01a C01b C01c C02 C04 C05";
    assert_eq!(have, wanted.split(' ').collect::<Vec<_>>());
}

/// Bad input is a problem with a code and never a number.
#[test]
fn bad_input_is_told() {
    let code = |id: &str, input: serde_json::Value| {
        let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
        calculator.calculate(&input).unwrap_err().0[0].code.to_string()
    };
    assert_eq!(code("rights.match_call_auction", json!({ "buys": [[1.5, 2]], "sells": [], "reference": 1 })), "calc.form");
    assert_eq!(code("rights.match_call_auction", json!({ "buys": [[1, -2]], "sells": [], "reference": 1 })), "calc.form");
    assert_eq!(code("rights.match_call_auction", json!({ "buys": [], "sells": [], "reference": 1.5 })), "rights.not_whole");
    assert_eq!(code("rights.initial_allocation", json!({ "requests_kg": [1.5], "cap_kg": 9, "reserve_kg": 1 })), "rights.not_whole");
    assert_eq!(code("rights.price_limits", json!({ "prev": "61,25", "r": 0.1, "tick": 0.01 })), "rights.price");
    assert_eq!(code("rights.ledger_trade", json!({ "qty": 9.5e15, "price_fen": 1, "rate": 0.1, "min_fen": 0 })), "rights.not_whole");
    assert_eq!(code("rights.ledger_trade", json!({ "qty": 9000000000000000_i64, "price_fen": 6100, "rate": 0.1, "min_fen": 0 })), "rights.too_large");
    assert_eq!(code("compensation.p_index", json!({ "C": [1, null], "C0": [1, 1], "k0": 1, "k": [0.5, 0.5] })), "compensation.missing_mean");
    assert_eq!(code("compensation.p_index", json!({ "C": [1], "C0": [0], "k0": 1, "k": [1] })), "compensation.zero_base");
    assert_eq!(code("compensation.payment_rule", json!({ "P": [1], "rule": [[1, "downstream", 1]] })), "compensation.rule_order");
    assert_eq!(code("compensation.payment_rule", json!({ "P": [1], "rule": [[null, "nobody", 1]] })), "calc.form");
}

#[test]
fn a_zero_mean_is_computed_beside_a_warning_and_an_undecidable_index_pays_nothing() {
    let ask = |id: &str, input: serde_json::Value| all().into_iter().find(|c| c.spec.id == id).unwrap().calculate(&input).unwrap();
    let index = ask("compensation.p_index", json!({ "C": [0, 1], "C0": [1, 1], "k0": 1, "k": [0.5, 0.25] }));
    assert_eq!(index.outputs["P"], 0.25);
    assert_eq!(index.warnings.iter().map(|w| w.code.as_ref()).collect::<Vec<_>>(), ["compensation.zero_mean", "compensation.weights_not_one"]);
    let paid = ask("compensation.payment_rule", json!({ "P": [null, 2], "rule": [[1, "downstream", 100], [null, "upstream", 90]] }));
    assert_eq!(paid.outputs["result"], json!([null, ["upstream", 90]]));
    let none = ask("rights.match_call_auction", json!({ "buys": [[1, 5]], "sells": [[2, 5]], "reference": 1 }));
    assert_eq!((none.outputs["price"].is_null(), none.outputs["volume"].as_u64()), (true, Some(0)));
}
