//! The worked cases of ambient air, each by its own name.

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
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases/air.json")).unwrap();
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
    a01a "A01a", a01b "A01b", a02a "A02a", a02b "A02b", a03a "A03a", a03b "A03b", a03c "A03c", a03d "A03d", a03e "A03e", a03f "A03f", a04a "A04a", a04b "A04b", a05 "A05", a06 "A06", a07 "A07", a08a "A08a", a08b "A08b", a09a "A09a", a09b "A09b", a10 "A10", a11 "A11",
}
