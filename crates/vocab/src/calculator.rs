//! One formula that can be asked by name, JSON in and JSON out. Its [`Spec`] checks the arguments
//! before the formula sees them, so a formula never meets a word where it wants a number.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{Form, Input, Problem, Problems, Spec, Text, nearest, text, words};

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
            let inputs = inputs(spec);
            return Err(Problem::error("calc.not_an_object", words!("输入不是 JSON 对象", "the input is not a JSON object"))
                .expect(words!("{{\"输入\": 值, …}}，输入有 {inputs}", "{{\"input\": value, …}} with the inputs {inputs}"))
                .fix(described(spec))
                .into());
        };
        for name in values.keys() {
            if spec.input(name).is_none() {
                let inputs = inputs(spec);
                let near = nearest(name, spec.inputs.iter().map(|i| i.name));
                problems.push(
                    Problem::error("calc.unknown", words!("{} 没有名为“{name}”的输入", "{} has no input named \"{name}\"", spec.id))
                        .key(name.as_str())
                        .expect(words!("{inputs} 之一", "one of {inputs}"))
                        .fix_near(near, described(spec)),
                );
            }
        }
        for input in spec.inputs {
            match values.get(input.name) {
                None | Some(Value::Null) if input.needed => {
                    let name = input.name;
                    problems.push(
                        Problem::error(
                            "calc.missing",
                            Text::of(format!("缺少输入“{name}”（{}）", input.title.zh), format!("the input \"{name}\" ({}) is missing", input.title.en)),
                        )
                        .key(name)
                        .expect(wanted(input))
                        .fix(described(spec)),
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

/// The inputs of a formula by name.
fn inputs(spec: &Spec) -> String {
    spec.inputs.iter().map(|i| i.name).collect::<Vec<_>>().join(", ")
}

/// Where to read what a formula asks for.
fn described(spec: &Spec) -> Text {
    let id = spec.id;
    words!("各输入的含义与单位见 liangshan calc {id} --describe", "liangshan calc {id} --describe tells what each input is, and its unit")
}

/// How an input is written in JSON, and in what unit.
fn wanted(input: &Input) -> Text {
    let shape = match input.form {
        Form::Number => text("一个数", "a number"),
        Form::Numbers | Form::Grid => text("一列数 [数, …]", "a list of numbers [number, …]"),
        Form::Series => text("一列数，缺测为 null：[数 | null, …]", "a list of numbers, null where one is missing: [number | null, …]"),
        Form::Named => text("按名称的数 {\"名称\": 数, …}", "numbers by name {\"name\": number, …}"),
        Form::Text => text("文字（加双引号）", "text, in double quotes"),
        Form::Choice(words) => {
            let list = words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" | ");
            Text::of(format!("{list} 之一"), format!("one of {list}"))
        }
        Form::Records => text("一列记录 [{…}, …]", "a list of records [{…}, …]"),
        Form::List => text("一列 […]", "a list […]"),
        Form::Object => text("一个对象 {…}", "an object {…}"),
        Form::Truth => text("true 或 false", "true or false"),
    };
    match input.measure.unit {
        "" | "1" => shape,
        unit => Text::of(format!("{}，单位 {unit}", shape.zh), format!("{}, in {unit}", shape.en)),
    }
}

/// So much of a wrong value is shown.
const SHOWN: usize = 40;

fn fault(input: &Input, value: &Value) -> Option<Problem> {
    let name = input.name;
    // `place` is the number or name of the value inside the input.
    let wrong_form = |place: Option<String>, given: &Value| {
        let given: String = given.to_string().chars().take(SHOWN).collect();
        let key = place.map_or_else(|| name.to_owned(), |place| format!("{name}[{place}]"));
        let what = words!("输入“{name}”的形式不对，给的是 {given}", "the input \"{name}\" has the wrong form: {given}");
        Some(Problem::error("calc.form", what).key(key).expect(wanted(input)).fix(text("按此形式改写", "write it like that")))
    };
    let number = |place: Option<String>, given: &Value| {
        let Some(number) = given.as_f64() else { return wrong_form(place, given) };
        let (low, high) = input.range;
        if low <= number && number <= high {
            return None;
        }
        let key = place.map_or_else(|| name.to_owned(), |place| format!("{name}[{place}]"));
        Some(
            Problem::error("calc.range", words!("输入“{name}”的值 {number} 超出范围", "the input \"{name}\" is {number}, outside its range"))
                .key(key)
                .expect(words!("{low} 至 {high}，单位 {}", "{low} to {high} {}", input.measure.unit))
                .fix(text("核对数值、符号与单位", "check the number, its sign and its unit")),
        )
    };
    let is = |right: bool| if right { None } else { wrong_form(None, value) };
    match input.form {
        Form::Number => number(None, value),
        Form::Numbers | Form::Grid | Form::Series => match value.as_array() {
            None => wrong_form(None, value),
            Some(list) => {
                let may_lack = matches!(input.form, Form::Series);
                list.iter().enumerate().filter(|(_, v)| !(may_lack && v.is_null())).find_map(|(at, v)| number(Some(at.to_string()), v))
            }
        },
        Form::Named => match value.as_object() {
            None => wrong_form(None, value),
            Some(named) => named.iter().filter(|(_, v)| !v.is_null()).find_map(|(key, v)| number(Some(key.clone()), v)),
        },
        Form::Text => is(value.is_string()),
        Form::Choice(words) => is(value.as_str().is_some_and(|word| words.contains(&word))),
        Form::Records => is(value.as_array().is_some_and(|list| list.iter().all(Value::is_object))),
        Form::List => is(value.is_array()),
        Form::Object => is(value.is_object()),
        Form::Truth => is(value.is_boolean()),
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
        // Whoever is refused learns what is wanted and what to do, in both languages.
        assert!(problems.iter().all(|p| [&p.expected, &p.fix].iter().all(|t| !t.zh.is_empty() && !t.en.is_empty())), "{problems:?}");
    }

    #[test]
    fn a_wrong_value_is_shown_with_its_place() {
        const SERIES: Spec = Spec {
            id: "test.sum",
            title: text("和", "sum"),
            source: Source { work: "arithmetic", at: "-" },
            reach: Reach::Whole,
            inputs: &[crate::spec::given("values", "值", "values", Form::Series, RATIO)],
            outputs: &[number_out("sum", "和", "sum", RATIO)],
        };
        const SUM: Calculator = Calculator { spec: &SERIES, run: |a| Ok(Answer::number("sum", a.series("values").into_iter().flatten().sum())) };
        let told = SUM.calculate(&json!({ "values": [1, null, "x"] })).unwrap_err();
        assert_eq!((told.0[0].code.as_ref(), told.0[0].at.key.as_deref()), ("calc.form", Some("values[2]")));
        assert!(told.0[0].what.en.contains("\"x\"") && told.0[0].expected.en.contains("null"));
        assert!(SUM.calculate(&json!([1])).unwrap_err().0[0].expected.en.contains("values"));
    }
}
