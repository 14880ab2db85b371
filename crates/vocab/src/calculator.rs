//! One formula that can be asked by name, JSON in and JSON out. Its [`Spec`] checks the arguments
//! before the formula sees them, so a formula never meets a word where it wants a number.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{Form, Input, Problem, Problems, Spec, Text, nearest, words};

/// A named formula.
#[derive(Clone, Copy)]
pub struct Calculator {
    /// What it needs and makes. Its id is `domain.verb_or_quantity`.
    pub spec: &'static Spec,
    /// The formula. Arguments have passed the spec.
    pub run: fn(&Arguments) -> Result<Answer, Problem>,
}

/// What formulas may look up beside their arguments: standards, say. Whoever asks hands it over; what it
/// is, is between them and the formula.
pub type Lookup = Arc<dyn Any + Send + Sync>;

/// Checked arguments.
pub struct Arguments {
    values: Map<String, Value>,
    lookup: Option<Lookup>,
}

/// What a formula answers: outputs by name, and what a reviewer should know.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Outputs by name, as declared.
    pub outputs: Map<String, Value>,
    /// Outputs that have no value for these arguments, and are `null` for a reason.
    pub absent: Vec<&'static str>,
    /// Named warnings.
    pub warnings: Vec<Problem>,
}

impl Answer {
    /// One number.
    pub fn number(name: &'static str, value: f64) -> Self {
        Self::default().and(name, value)
    }

    /// One more output.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.outputs.insert(name.to_owned(), value.into());
        self
    }

    /// An output that these arguments give no value to.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.outputs.insert(name.to_owned(), Value::Null);
        self.absent.push(name);
        self
    }

    /// A warning beside the outputs.
    #[must_use]
    pub fn warn(mut self, warning: Problem) -> Self {
        self.warnings.push(warning);
        self
    }
}

impl Arguments {
    /// Checks a JSON object against a spec.
    ///
    /// # Errors
    /// All of them at once: `calc.not_an_object`, `calc.missing`, `calc.unknown` (with the nearest
    /// known name), `calc.form`, `calc.range`.
    pub fn check(spec: &Spec, given: &Value) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let Value::Object(values) = given else {
            return Err(Problem::error("calc.not_an_object", words!("输入应为一个 JSON 对象", "the input is not a JSON object")).into());
        };
        for name in values.keys() {
            if spec.input(name).is_none() {
                let mut problem =
                    Problem::error("calc.unknown", words!("{} 没有名为“{name}”的输入", "{} has no input named \"{name}\"", spec.id)).key(name.as_str());
                if let Some(known) = nearest(name, spec.inputs.iter().map(|i| i.name)) {
                    problem = problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?"));
                }
                problems.push(problem);
            }
        }
        for input in spec.inputs {
            match values.get(input.name) {
                None | Some(Value::Null) if input.needed => {
                    let (name, unit) = (input.name, input.measure.unit);
                    problems.push(
                        Problem::error(
                            "calc.missing",
                            Text::of(format!("缺少输入“{name}”（{}）", input.title.zh), format!("the input \"{name}\" ({}) is missing", input.title.en)),
                        )
                        .key(name)
                        .expect(words!("{}，单位 {unit}", "a {} in {unit}", input.form.word())),
                    );
                }
                None | Some(Value::Null) => {}
                Some(value) => problems.extend(fault(input, value)),
            }
        }
        problems.into_result(Self { values: values.clone(), lookup: None })
    }

    /// What was handed over to look things up in; `None` where nothing of this kind was.
    pub fn lookup<T: Any>(&self) -> Option<&T> {
        self.lookup.as_deref().and_then(|lookup| lookup.downcast_ref())
    }

    /// A number; NaN when it was optional and left out.
    pub fn number(&self, name: &str) -> f64 {
        self.values.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    /// A number, or another where it was left out.
    pub fn number_or(&self, name: &str, otherwise: f64) -> f64 {
        self.values.get(name).and_then(Value::as_f64).unwrap_or(otherwise)
    }

    /// A list of numbers; empty when it was left out.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.values.get(name).and_then(Value::as_array).map(|list| list.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
    }

    /// A word; empty when it was left out.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// A list of numbers in which one may be missing; empty when it was left out.
    pub fn series(&self, name: &str) -> Vec<Option<f64>> {
        self.values.get(name).and_then(Value::as_array).map(|list| list.iter().map(Value::as_f64).collect()).unwrap_or_default()
    }

    /// Numbers by name in the order given, those that are `null` left out; empty when it was left out.
    pub fn named(&self, name: &str) -> Vec<(&str, f64)> {
        let named = self.values.get(name).and_then(Value::as_object);
        named.map(|n| n.iter().filter_map(|(k, v)| Some((k.as_str(), v.as_f64()?))).collect()).unwrap_or_default()
    }

    /// Yes or no; no when it was left out.
    pub fn truth(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// An argument as it was given.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|v| !v.is_null())
    }

    /// A list of objects.
    pub fn records(&self, name: &str) -> &[Value] {
        self.values.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// True when something was given.
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|v| !v.is_null())
    }
}

fn fault(input: &Input, value: &Value) -> Option<Problem> {
    let name = input.name;
    let wrong_form = |wanted: &str| {
        Some(
            Problem::error("calc.form", words!("输入“{name}”的形式不对", "the input \"{name}\" has the wrong form"))
                .key(name)
                .expect(words!("{wanted}", "{wanted}")),
        )
    };
    let in_range = |number: f64| input.range.0 <= number && number <= input.range.1;
    let out_of_range = |number: f64| {
        let (low, high) = input.range;
        Some(
            Problem::error("calc.range", words!("输入“{name}”的值 {number} 超出范围", "the input \"{name}\" is {number}, outside its range"))
                .key(name)
                .expect(words!("{low} 至 {high}，单位 {}", "{low} to {high} {}", input.measure.unit)),
        )
    };
    match input.form {
        Form::Number => match value.as_f64() {
            None => wrong_form("number"),
            Some(number) if !in_range(number) => out_of_range(number),
            Some(_) => None,
        },
        Form::Numbers | Form::Grid => match value.as_array() {
            None => wrong_form("[number, …]"),
            Some(list) => list.iter().find_map(|v| match v.as_f64() {
                None => wrong_form("[number, …]"),
                Some(number) if !in_range(number) => out_of_range(number),
                Some(_) => None,
            }),
        },
        Form::Text => {
            if value.is_string() {
                None
            } else {
                wrong_form("text")
            }
        }
        Form::Choice(words) => match value.as_str() {
            Some(word) if words.contains(&word) => None,
            _ => wrong_form(&words.join(" | ")),
        },
        Form::Records => match value.as_array() {
            Some(list) if list.iter().all(Value::is_object) => None,
            _ => wrong_form("[{…}, …]"),
        },
        Form::Series => match value.as_array() {
            None => wrong_form("[number | null, …]"),
            Some(list) => list.iter().filter(|v| !v.is_null()).find_map(|v| match v.as_f64() {
                None => wrong_form("[number | null, …]"),
                Some(number) if !in_range(number) => out_of_range(number),
                Some(_) => None,
            }),
        },
        Form::Named => match value.as_object() {
            None => wrong_form("{name: number, …}"),
            Some(named) => named.values().filter(|v| !v.is_null()).find_map(|v| match v.as_f64() {
                None => wrong_form("{name: number, …}"),
                Some(number) if !in_range(number) => out_of_range(number),
                Some(_) => None,
            }),
        },
        Form::List => {
            if value.is_array() {
                None
            } else {
                wrong_form("[…]")
            }
        }
        Form::Object => {
            if value.is_object() {
                None
            } else {
                wrong_form("{…}")
            }
        }
        Form::Truth => {
            if value.is_boolean() {
                None
            } else {
                wrong_form("true | false")
            }
        }
    }
}

impl Calculator {
    /// Checks the arguments and computes.
    ///
    /// # Errors
    /// Those of [`Arguments::check`], or the formula's own; `calc.not_finite` for an answer that is
    /// no finite number.
    pub fn calculate(&self, given: &Value) -> Result<Answer, Problems> {
        self.calculate_by(given, None)
    }

    /// The same with something to look things up in, where the formula knows to.
    ///
    /// # Errors
    /// As [`Calculator::calculate`].
    pub fn calculate_by(&self, given: &Value, lookup: Option<Lookup>) -> Result<Answer, Problems> {
        let arguments = Arguments { lookup, ..Arguments::check(self.spec, given)? };
        let answer = (self.run)(&arguments)?;
        match answer.outputs.iter().find(|(name, value)| value.is_null() && !answer.absent.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(Problem::error("calc.not_finite", words!("输出“{name}”超出可表示范围", "the output \"{name}\" is beyond what a number can hold"))
                    .key(name.as_str())
                    .expect(words!("大小合理的输入", "inputs of a sensible size"))
                    .fix(words!("检查输入的单位与数量级", "look at the units and magnitudes of the inputs"))
                    .into())
            }
            None => Ok(answer),
        }
    }

    /// The answer as JSON: outputs by name, and `warnings` where there are any.
    pub fn to_json(answer: &Answer, lang: crate::Lang) -> Value {
        let mut out = answer.outputs.clone();
        if !answer.warnings.is_empty() {
            out.insert("warnings".into(), json!(answer.warnings.iter().map(|w| w.to_json(lang)).collect::<Vec<_>>()));
        }
        Value::Object(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{POSITIVE, RATIO, Reach, SHARE, Source, number, number_out};
    use crate::text;

    const SPEC: Spec = Spec {
        id: "test.product",
        title: text("乘积", "product"),
        source: Source { work: "arithmetic", at: "-" },
        reach: Reach::Whole,
        inputs: &[number("amount", "量", "amount", RATIO, POSITIVE), number("share", "份额", "share", RATIO, SHARE).optional()],
        outputs: &[number_out("product", "积", "product", RATIO)],
    };
    const PRODUCT: Calculator = Calculator { spec: &SPEC, run: |a| Ok(Answer::number("product", a.number("amount") * a.number_or("share", 1.0))) };

    #[test]
    fn json_in_and_json_out() {
        let answer = PRODUCT.calculate(&json!({ "amount": 6, "share": 0.5 })).unwrap();
        assert_eq!(Calculator::to_json(&answer, crate::Lang::Zh), json!({ "product": 3.0 }));
        assert_eq!(PRODUCT.calculate(&json!({ "amount": 6 })).unwrap().outputs["product"], 6.0);
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let problems = PRODUCT.calculate(&json!({ "ammount": 6, "share": 2 })).unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_ref()).collect();
        assert_eq!(codes, ["calc.unknown", "calc.missing", "calc.range"]);
        assert!(problems.0[0].fix.en.contains("amount"));
    }
}
