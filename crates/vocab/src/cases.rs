//! Worked cases as data, and the judge that holds a calculator against them. Only tests see it:
//! the feature `cases` is off in the program.
//!
//! A case is `{id, calculator, input, expected, tolerance?}`. Every number of `expected` may be off
//! by `tolerance.abs` (10⁻⁶ unless stated) or by `tolerance.rel` of itself; `tolerance.keys` gives
//! single outputs an absolute one of their own. Words, whole numbers, truth values and null are
//! exact. A calculator may answer more outputs than a case expects, never fewer.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Calculator;

/// One worked case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name, `W13`.
    pub id: String,
    /// The calculator it is a case of.
    pub calculator: String,
    /// What the calculator is given, as it stands.
    pub input: Value,
    /// The outputs it must answer.
    pub expected: Map<String, Value>,
    /// How far numbers may be off.
    #[serde(default)]
    pub tolerance: Tolerance,
}

/// How far numbers may be off.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    abs: Option<f64>,
    rel: Option<f64>,
    #[serde(default)]
    keys: Map<String, Value>,
}

impl Tolerance {
    fn admits(&self, key: &str, expected: f64, got: f64) -> bool {
        let own = self.keys.get(key).and_then(Value::as_f64);
        let relative = self.rel.map(|rel| rel * expected.abs());
        (expected - got).abs() <= own.or(self.abs).or(relative).unwrap_or(1e-6)
    }
}

/// Reads a file of cases.
///
/// # Errors
/// A sentence when it is no list of cases.
pub fn read(json: &str) -> Result<Vec<Case>, String> {
    serde_json::from_str(json).map_err(|e| format!("the cases cannot be read: {e}"))
}

/// Holds one case against the calculator of its name.
///
/// # Errors
/// A sentence that names the case and the first output that is not as expected.
pub fn check(case: &Case, calculators: &[&'static Calculator]) -> Result<(), String> {
    let id = &case.id;
    let calculator = calculators.iter().find(|c| c.spec.id == case.calculator).ok_or_else(|| format!("{id}: there is no calculator {}", case.calculator))?;
    let answer = calculator.calculate(&case.input).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(|p| format!("{} {} {}", p.code, p.what.en, p.expected.en)).collect();
        format!("{id}: {} refuses its input: {}", case.calculator, said.join("; "))
    })?;
    for (key, expected) in &case.expected {
        let got = answer.outputs.get(key).ok_or_else(|| format!("{id}: no output {key}"))?;
        same(key, expected, got, &case.tolerance).map_err(|at| format!("{id}: {key}{at}: expected {expected}, got {got}"))?;
        if calculator.spec.output(key).is_none() {
            return Err(format!("{id}: {} does not declare its output {key}", case.calculator));
        }
    }
    Ok(())
}

/// Every case against its calculator, and what is wrong, one sentence each.
pub fn faults(cases: &[Case], calculators: &[&'static Calculator]) -> Vec<String> {
    cases.iter().filter_map(|case| check(case, calculators).err()).collect()
}

/// Where two values differ: empty for here, else a path such as `[2].share`.
fn same(key: &str, expected: &Value, got: &Value, tolerance: &Tolerance) -> Result<(), String> {
    let here = |holds: bool| if holds { Ok(()) } else { Err(String::new()) };
    match (expected, got) {
        (Value::Number(e), Value::Number(g)) => match (e.as_i64(), g.as_i64()) {
            (Some(e), Some(g)) if !tolerance.keys.contains_key(key) && tolerance.abs.is_none_or(|abs| abs < 1.0) => here(e == g),
            _ => here(e.as_f64().zip(g.as_f64()).is_some_and(|(e, g)| tolerance.admits(key, e, g))),
        },
        (Value::Array(e), Value::Array(g)) => {
            here(e.len() == g.len())?;
            e.iter().zip(g).enumerate().try_for_each(|(at, (e, g))| same(key, e, g, tolerance).map_err(|deeper| format!("[{at}]{deeper}")))
        }
        (Value::Object(e), Value::Object(g)) => {
            here(e.len() == g.len())?;
            e.iter().try_for_each(|(name, e)| {
                let g = g.get(name).ok_or_else(|| format!(".{name}"))?;
                same(key, e, g, tolerance).map_err(|deeper| format!(".{name}{deeper}"))
            })
        }
        (e, g) => here(e == g),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANY, Form, RATIO, Reach, Source, made, number, number_out};
    use crate::{Answer, Spec, text};

    static HALF: Calculator = Calculator {
        spec: &Spec {
            id: "test.half",
            title: text("一半", "half"),
            source: Source { work: "arithmetic", at: "-" },
            reach: Reach::Whole,
            inputs: &[number("of", "数", "number", RATIO, ANY)],
            outputs: &[number_out("half", "一半", "half", RATIO), made("parts", "两份", "parts", Form::List, RATIO)],
        },
        run: |a| Ok(Answer::number("half", a.number("of") / 2.0).and("parts", vec![a.number("of") / 2.0; 2])),
    };

    fn verdict(expected: &str, tolerance: &str) -> Result<(), String> {
        let case = format!(r#"[{{"id": "T1", "calculator": "test.half", "input": {{"of": 3}}, "expected": {expected}{tolerance}}}]"#);
        check(&read(&case).unwrap()[0], &[&HALF])
    }

    /// By hand: half of 3 is 1.5, twice.
    #[test]
    fn a_case_holds_within_its_tolerance_and_a_wrong_one_is_named() {
        assert_eq!(verdict(r#"{"half": 1.5}"#, ""), Ok(()));
        assert_eq!(verdict(r#"{"half": 1.5000005, "parts": [1.5, 1.5]}"#, ""), Ok(()));
        assert_eq!(verdict(r#"{"half": 1.6}"#, r#", "tolerance": {"keys": {"half": 0.2}}"#), Ok(()));
        assert_eq!(verdict(r#"{"half": 1.6}"#, r#", "tolerance": {"rel": 0.1}"#), Ok(()));
        for wrong in [r#"{"half": 1.6}"#, r#"{"parts": [1.5]}"#, r#"{"parts": [1.5, 1.6]}"#, r#"{"half": "1.5"}"#, r#"{"third": 1}"#] {
            assert!(verdict(wrong, "").unwrap_err().starts_with("T1: "), "{wrong}");
        }
        assert!(verdict(r#"{"parts": [1.5, 1.6]}"#, "").unwrap_err().contains("parts[1]"));
        assert!(
            read("{}").is_err() && check(&read(r#"[{"id": "T1", "calculator": "test.third", "input": {}, "expected": {}}]"#).unwrap()[0], &[&HALF]).is_err()
        );
    }
}
