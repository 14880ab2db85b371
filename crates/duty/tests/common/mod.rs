//! Worked cases: `{id, calculator, input, expected, tolerance?}`. A calculator takes the input as it
//! stands and answers at least what is expected. Numbers agree within `tolerance.abs` or
//! `tolerance.rel`, or `tolerance.keys` for single outputs; without one, integers are exact and
//! other numbers agree to 1e-6. Words, truths and nulls are exact.

use liangshan_duty::calculators;
use serde_json::Value;

/// Runs one case of a file by its id.
pub(crate) fn check(cases: &str, id: &str) {
    let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
    let case = cases.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("no case {id}"));
    let name = case["calculator"].as_str().unwrap();
    let calculator = calculators::all().into_iter().find(|c| c.spec.id == name).unwrap_or_else(|| panic!("{id}: no calculator {name}"));
    let answer = calculator.calculate(&case["input"]).unwrap_or_else(|p| panic!("{id}: {p:?}"));
    let declared: Vec<&str> = calculator.spec.outputs.iter().map(|o| o.name).collect();
    for made in answer.outputs.keys() {
        assert!(declared.contains(&made.as_str()), "{id}: {name} makes {made}, which it does not declare");
    }
    agree(id, &case["tolerance"], "", &case["expected"], &Value::Object(answer.outputs.clone()));
}

/// Every id of a file, in order.
pub(crate) fn ids(cases: &str) -> Vec<String> {
    let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
    cases.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect()
}

fn agree(id: &str, tolerance: &Value, at: &str, expected: &Value, got: &Value) {
    match (expected, got) {
        (Value::Object(wanted), Value::Object(given)) => {
            for (key, value) in wanted {
                let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                agree(id, tolerance, &at, value, given.get(key).unwrap_or_else(|| panic!("{id}: {at} is missing in {got}")));
            }
        }
        (Value::Array(wanted), Value::Array(given)) => {
            assert_eq!(wanted.len(), given.len(), "{id}: {at}: {got}, expected {expected}");
            for (i, (value, given)) in wanted.iter().zip(given).enumerate() {
                agree(id, tolerance, &format!("{at}[{i}]"), value, given);
            }
        }
        (Value::Number(wanted), Value::Number(given)) => {
            let allowed = allowed(tolerance, at, wanted);
            let (wanted, given) = (wanted.as_f64().unwrap(), given.as_f64().unwrap());
            assert!((wanted - given).abs() <= allowed, "{id}: {at} is {given}, expected {wanted} within {allowed}");
        }
        _ => assert_eq!(expected, got, "{id}: {at}"),
    }
}

fn allowed(tolerance: &Value, at: &str, wanted: &serde_json::Number) -> f64 {
    let key = at.split(['.', '[']).next().unwrap_or_default();
    let size = wanted.as_f64().unwrap().abs();
    let given = tolerance["keys"][key].as_f64().or(tolerance["abs"].as_f64()).or(tolerance["rel"].as_f64().map(|r| r * size));
    given.unwrap_or(if wanted.is_f64() { 1e-6 } else { 0.0 })
}

/// One test for each case, named after it, and one that no case of the file is left out.
#[macro_export]
macro_rules! cases {
    ($domain:ident, $file:literal, [$($id:ident),* $(,)?]) => {
        mod $domain {
            const CASES: &str = include_str!($file);
            $(
                #[test]
                #[allow(non_snake_case)] // the case's own name
                fn $id() {
                    $crate::common::check(CASES, stringify!($id));
                }
            )*
            #[test]
            fn no_case_is_left_out() {
                assert_eq!($crate::common::ids(CASES), [$(stringify!($id)),*]);
            }
        }
    };
}
