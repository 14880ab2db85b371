//! The worked cases of solid waste, each by its own name.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_duty::calculators::all;
use serde_json::Value;

fn faults(got: &Value, expected: &Value, at: &str) -> Vec<String> {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            expected.iter().flat_map(|(k, e)| got.get(k).map_or_else(|| vec![format!("{at}.{k}: absent")], |g| faults(g, e, &format!("{at}.{k}")))).collect()
        }
        (Value::Array(g), Value::Array(e)) if g.len() == e.len() => g.iter().zip(e).enumerate().flat_map(|(i, (g, e))| faults(g, e, &format!("{at}[{i}]"))).collect(),
        (g, e) => match (g.as_f64(), e.as_f64()) {
            (Some(g), Some(e)) if (g - e).abs() <= 1e-6 => Vec::new(),
            _ if g == e => Vec::new(),
            _ => vec![format!("{at}: got {g}, expected {e}")],
        },
    }
}

fn hold(id: &str) {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases/waste.json")).unwrap();
    let case = cases.iter().find(|c| c["id"] == id).unwrap();
    let calculator = all().into_iter().find(|c| c.spec.id == case["calculator"]).unwrap();
    let answer = calculator.calculate(&case["input"]).unwrap_or_else(|p| panic!("{p:?}"));
    let faults = faults(&Value::Object(answer.outputs), &case["expected"], id);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

macro_rules! cases {
    ($($name:ident $id:literal),* $(,)?) => { $(#[test] fn $name() { hold($id); })* };
}

cases! {
    s04a "S04a", s04b "S04b", s05 "S05", s06 "S06", s07 "S07", s08a "S08a", s08b "S08b", s08c "S08c",
}
