//! Why this number: its formula, every step of it, the files behind it, and what is doubtful. What
//! is printed suffices to recompute the number by hand.

use liangshan_vocab::{Fen, Lang, Problem, Statement, Text};
use serde_json::{Value, json};

use crate::layers::Read;

/// An explanation of one number.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// What is explained, in words: indicator, place, year.
    pub title: Text,
    /// The statements: a quantity, a value, or both.
    pub statements: Vec<Statement>,
    /// The formula in words and symbols.
    pub formula: Text,
    /// The formula in LaTeX.
    pub latex: String,
    /// From inputs to the number, in order.
    pub steps: Vec<ExplainStep>,
    /// Files behind it.
    pub inputs: Vec<Read>,
    /// What is doubtful.
    pub warnings: Vec<Problem>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainStep {
    /// A short symbol, `A[forest]`.
    pub symbol: String,
    /// What it is.
    pub title: Text,
    /// The amount, written out exactly where it is an integer of a smallest unit.
    pub amount: String,
    /// Its unit.
    pub unit: String,
    /// Where it comes from: a file, a step, an operation.
    pub from: Text,
}

impl Explanation {
    /// The shape of the contracts.
    pub fn to_json(&self, lang: Lang) -> Value {
        let steps: Vec<Value> = self
            .steps
            .iter()
            .map(|s| {
                // Money is a string of integers in its smallest unit.
                let (amount, unit) = match Fen::parse_yuan(&s.amount) {
                    Some(fen) if s.unit == "CNY" => (json!(fen), "fen"),
                    _ => (number(&s.amount), s.unit.as_str()),
                };
                json!({ "symbol": s.symbol, "title": s.title.get(lang), "amount": amount, "unit": unit, "from": s.from.get(lang) })
            })
            .collect();
        let inputs: Vec<Value> = self
            .inputs
            .iter()
            .map(|r| {
                let row = r.part.strip_prefix("row ").and_then(|row| row.parse::<u64>().ok());
                let mut input = json!({ "file": r.file, "origin": r.origin, "licence": r.licence, "digest": r.digest });
                match row {
                    Some(row) => input["row"] = json!(row),
                    None => input["layer"] = json!(r.part),
                }
                input
            })
            .collect();
        json!({
            "title": self.title.get(lang),
            "statement": self.statements.first(),
            "statements": self.statements,
            "formula": { "text": self.formula.get(lang), "latex": self.latex },
            "steps": steps,
            "inputs": inputs,
            "warnings": self.warnings.iter().map(|w| w.to_json(lang)).collect::<Vec<_>>(),
        })
    }
}

/// An amount as a JSON number where a float holds it exactly as written, else as text.
fn number(amount: &str) -> Value {
    match amount.parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() < 9e15 => json!(value),
        _ => json!(amount),
    }
}
