//! The formulas of this crate one by one, JSON in and JSON out.
//!
//! Money is whole fen and rights are whole lots or kilograms, here as JSON integers. Amounts with a
//! fraction (tonnes, rates, coefficients) are taken as the decimals they are written with.

mod carbon;
mod compensation;
mod damage;
mod forest;
mod holding;
mod matching;
mod needs;
mod resettlement;
mod terms;
mod trade;

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::{Arguments, Calculator, Problem, words};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::exact::{decimal, float};

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    [needs::ALL, holding::ALL, carbon::ALL, forest::ALL, matching::ALL, trade::ALL, compensation::ALL, terms::ALL, damage::ALL, resettlement::ALL].concat()
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

    /// What a calculator answers, and the code of the first problem of another input.
    fn answers(id: &str, given: Value) -> Value {
        let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
        Value::Object(calculator.calculate(&given).unwrap().outputs)
    }

    fn refuses(id: &str, given: Value) -> String {
        let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
        calculator.calculate(&given).unwrap_err().0[0].code.to_string()
    }

    /// By hand, with the numbers of the functions' own tests.
    #[test]
    fn rights_and_carbon_by_name() {
        let source = json!({ "by_approval_kg": 6500, "limit_mg_L": 50, "water_m3": 120_000, "by_performance_kg": 5800.9, "price_fen_t": 400_000, "years": 5 });
        assert_eq!(answers("rights.entitlement", source.clone()), json!({ "by_standard_kg": 6000.0, "entitlement_kg": 5800, "fee_fen": 11_600_000 }));
        let mut free = source;
        free["years"] = Value::Null;
        assert_eq!(answers("rights.entitlement", free)["fee_fen"], Value::Null);
        // 1000 − 900 − 20 = 80; 5 % of 1999 is 99.95.
        let gap = json!({ "verified_t": 1000, "allocated_t": 900, "carried_in_t": 20, "offset_share": 0.05 });
        assert_eq!(answers("rights.surrender", gap.clone()), json!({ "gap_t": 80, "offset_limit_t": 50, "evidence": "unverified" }));
        let mut part = gap;
        part["verified_t"] = json!(1000.5);
        assert_eq!(refuses("rights.surrender", part), "rights.not_whole");
        let forest = json!({ "project_t": 1250, "baseline_t": 30, "leakage_t": 20, "risk": 0.1, "buffer_share": 0.2 });
        assert_eq!(answers("rights.sink_credit", forest.clone()), json!({ "removal_t": 1080.0, "issued_t": 864, "buffer_t": 216, "evidence": "unverified" }));
        let mut burnt = forest;
        burnt["project_t"] = json!(-10);
        assert_eq!(refuses("rights.sink_credit", burnt), "rights.nothing_to_issue");
        let unit =
            json!({ "power_benchmark": 0.8177, "electricity_mwh": 1_000_000, "corrections": [0.98, 1.05], "heat_benchmark": 0.1105, "heat_gj": 200_000 });
        assert_eq!(answers("rights.benchmark_allocation", unit), json!({ "allowance_t": 863_513.3, "evidence": "partial" }));
    }

    /// By hand: 0.7 × 0.9 + 0.15 × 1.2 + 0.15 × 1.1 = 0.975; two classes better add 10 %; the county in the middle
    /// keeps 2; 100 × 1.1² + 100 × 1.1 + 100 = 331.
    #[test]
    fn compensation_by_name() {
        let index = json!({ "Q": 0.9, "water_use": 1.2, "quota": 1, "efficiency": 1.1, "base_efficiency": 1, "w": [0.7, 0.15, 0.15], "amount_fen": 500 });
        let made = answers("compensation.agreement_index", index.clone());
        assert_eq!((&made["I"], &made["payer"], &made["amount_fen"]), (&json!(0.975), &json!("downstream"), &json!(500)));
        let mut wide = index.clone();
        wide["dead_band"] = json!(0.05);
        let made = answers("compensation.agreement_index", wide);
        assert_eq!((&made["payer"], &made["amount_fen"]), (&json!("none"), &json!(0)));
        let mut dry = index;
        dry["quota"] = json!(0);
        assert_eq!(refuses("compensation.agreement_index", dry), "compensation.no_base");
        let step = json!({ "base_fen": 1_000_000_000, "better_share": 0.05, "worse_share": 0.1, "target": 4, "observed": 2 });
        assert_eq!(answers("compensation.class_step", step)["amount_fen"], 1_100_000_000);
        let paid = json!({ "payments": [{ "payer": "常山", "payee": "开化", "fen": 300 }, { "payer": "衢州", "payee": "常山", "fen": 500 }] });
        let net = answers("compensation.basin_netting", paid);
        assert_eq!(net["net"], json!([{ "county": "常山", "fen": 200 }, { "county": "开化", "fen": 300 }, { "county": "衢州", "fen": -500 }]));
        assert_eq!(refuses("compensation.basin_netting", json!({ "payments": [{ "payer": "常山", "fen": 1 }] })), "calc.form");
        assert_eq!(
            answers("compensation.interim_loss", json!({ "losses": [100, 100, 100], "rate": 0.1, "to_year": 2 }))["loss"].as_f64().map(f64::round),
            Some(331.0)
        );
        let damage = |how: &str| answers("compensation.several_pollutants", json!({ "damages_yuan": [5, 8], "how": how }))["damage_yuan"].clone();
        assert_eq!([damage("one_treatment"), damage("separate")], [json!(8.0), json!(13.0)]);
        assert_eq!(answers("compensation.protection_deduction", json!({ "amount_fen": 33_333, "share": 0.1 }))["paid_fen"], 30_000);
    }

    /// By hand: 80 000 + 50 000 + 10 000 + 12 000 − 5 000 = 147 000 yuan, in parts of 40, 40 and 20 %;
    /// 0.4 × 1 + 0.3 × 0.5 + 0.2 × 0 + 0.1 × 1 = 0.65.
    #[test]
    fn resettlement_by_name() {
        let household = json!({
            "per_person_fen": 2_000_000, "persons": 4, "house_fen": 5_000_000, "early_fen": 1_000_000,
            "per_m2_fen": 10_000, "restored_m2": 120, "received_fen": 500_000, "instalments_pct": [40, 40, 20],
        });
        let made = answers("compensation.resettlement_award", household);
        assert_eq!((&made["award_fen"], &made["instalments_fen"]), (&json!(14_700_000), &json!([5_880_000, 5_880_000, 2_940_000])));
        let village = json!({ "hazard": 1, "importance": 0.5, "hardship": 0, "will": 1, "weights": [0.4, 0.3, 0.2, 0.1] });
        assert!((answers("compensation.resettlement_priority", village)["score"].as_f64().unwrap() - 0.65).abs() < 1e-12);
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
