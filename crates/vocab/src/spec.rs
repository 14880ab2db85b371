//! What an operation needs and makes, as inert data. One [`Spec`] feeds validation, help, the
//! API's description, the web form, the reference page and the metadata of written files. It has
//! no behaviour of its own and holds no paths and no code.

use serde_json::{Map, Value, json};

use crate::quantity::{Measure, measure};
use crate::{Lang, Text, text};

/// How far an operation must see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Each cell by itself.
    Cell,
    /// A halo of so many cells on every side.
    Window {
        /// Cells beyond the one computed, in each direction.
        cells: usize,
    },
    /// Water passes through, in topological order.
    Flow,
    /// Everything at once; also the reach of a plain formula.
    Whole,
}

impl Reach {
    /// The word in JSON and tables.
    pub fn word(self) -> String {
        match self {
            Reach::Cell => "cell".into(),
            Reach::Window { cells } => format!("window({cells})"),
            Reach::Flow => "flow".into(),
            Reach::Whole => "whole".into(),
        }
    }

    /// The halo in cells; `None` where no halo suffices.
    pub fn halo(self) -> Option<usize> {
        match self {
            Reach::Cell => Some(0),
            Reach::Window { cells } => Some(cells),
            Reach::Flow | Reach::Whole => None,
        }
    }
}

/// Where a formula was taken from: the work and the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Author, year, title or the number of a standard.
    pub work: &'static str,
    /// Chapter, table, equation or page.
    pub at: &'static str,
}

/// In what form an input or output is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One value a cell.
    Grid,
    /// One number.
    Number,
    /// A list of numbers.
    Numbers,
    /// A word.
    Text,
    /// One of a closed list of words.
    Choice(&'static [&'static str]),
    /// A list of objects; the title says which keys.
    Records,
    /// A list of numbers in which `null` is a missing one.
    Series,
    /// Numbers by name; the title says which names.
    Named,
    /// A list of anything, such as rows of a table; the title says what.
    List,
    /// An object of any shape; the title says which keys.
    Object,
    /// Yes or no.
    Truth,
}

impl Form {
    /// The word in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Form::Grid => "grid",
            Form::Number => "number",
            Form::Numbers => "numbers",
            Form::Text => "text",
            Form::Choice(_) => "choice",
            Form::Records => "records",
            Form::Series => "series",
            Form::Named => "named",
            Form::List => "list",
            Form::Object => "object",
            Form::Truth => "truth",
        }
    }
}

/// One input.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Identifier, as in a binding or a JSON argument.
    pub name: &'static str,
    /// What it is.
    pub title: Text,
    /// Kind and unit.
    pub measure: Measure,
    /// Grid, number, text …
    pub form: Form,
    /// Least and greatest admissible value, both included.
    pub range: (f64, f64),
    /// False when it may be left out.
    pub needed: bool,
}

/// One output.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Identifier.
    pub name: &'static str,
    /// What it is.
    pub title: Text,
    /// Kind and unit.
    pub measure: Measure,
    /// Grid, number, text …
    pub form: Form,
    /// Least and greatest value it can take.
    pub range: (f64, f64),
}

/// What an operation needs and makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Stable identifier, `soil_retention` or `rusle.s_factor`.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// Where it was taken from.
    pub source: Source,
    /// How far it sees.
    pub reach: Reach,
    /// What it needs.
    pub inputs: &'static [Input],
    /// What it makes.
    pub outputs: &'static [Output],
}

/// Any number.
pub const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
/// Zero and above.
pub const POSITIVE: (f64, f64) = (0.0, f64::INFINITY);
/// From zero to one.
pub const SHARE: (f64, f64) = (0.0, 1.0);
/// A pure number.
pub const RATIO: Measure = measure("ratio", "1");

/// Declares a needed grid.
pub const fn grid(name: &'static str, zh: &'static str, en: &'static str, measure: Measure, range: (f64, f64)) -> Input {
    Input { name, title: text(zh, en), measure, form: Form::Grid, range, needed: true }
}

/// Declares a needed number.
pub const fn number(name: &'static str, zh: &'static str, en: &'static str, measure: Measure, range: (f64, f64)) -> Input {
    Input { name, title: text(zh, en), measure, form: Form::Number, range, needed: true }
}

/// Declares a needed list of numbers.
pub const fn numbers(name: &'static str, zh: &'static str, en: &'static str, measure: Measure, range: (f64, f64)) -> Input {
    Input { name, title: text(zh, en), measure, form: Form::Numbers, range, needed: true }
}

/// Declares a needed word from a closed list.
pub const fn choice(name: &'static str, zh: &'static str, en: &'static str, words: &'static [&'static str]) -> Input {
    Input { name, title: text(zh, en), measure: measure("word", "1"), form: Form::Choice(words), range: ANY, needed: true }
}

/// Declares a needed input of another form.
pub const fn given(name: &'static str, zh: &'static str, en: &'static str, form: Form, measure: Measure) -> Input {
    Input { name, title: text(zh, en), measure, form, range: ANY, needed: true }
}

/// Declares an output of another form.
pub const fn made(name: &'static str, zh: &'static str, en: &'static str, form: Form, measure: Measure) -> Output {
    Output { name, title: text(zh, en), measure, form, range: ANY }
}

/// Declares a grid that is made.
pub const fn grid_out(name: &'static str, zh: &'static str, en: &'static str, measure: Measure, range: (f64, f64)) -> Output {
    Output { name, title: text(zh, en), measure, form: Form::Grid, range }
}

/// Declares a number that is made.
pub const fn number_out(name: &'static str, zh: &'static str, en: &'static str, measure: Measure) -> Output {
    Output { name, title: text(zh, en), measure, form: Form::Number, range: ANY }
}

impl Input {
    /// The same input, one that may be left out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.needed = false;
        self
    }
}

fn bound(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}

impl Spec {
    /// The JSON shape of the contracts. Titles are given in both languages; an open end of a range
    /// is `null`.
    pub fn to_json(&self) -> Value {
        let described = |name: &str, title: &Text, measure: &Measure, form: Form, range: (f64, f64)| {
            let mut out = Map::new();
            out.insert("name".into(), json!(name));
            out.insert("title".into(), json!(title));
            out.insert("kind".into(), json!(measure.kind));
            out.insert("unit".into(), json!(measure.unit));
            out.insert("form".into(), json!(form.word()));
            if let Form::Choice(words) = form {
                out.insert("words".into(), json!(words));
            }
            out.insert("range".into(), json!([bound(range.0), bound(range.1)]));
            out
        };
        let inputs: Vec<Value> = self
            .inputs
            .iter()
            .map(|i| {
                let mut out = described(i.name, &i.title, &i.measure, i.form, i.range);
                out.insert("needed".into(), json!(i.needed));
                Value::Object(out)
            })
            .collect();
        let outputs: Vec<Value> = self.outputs.iter().map(|o| Value::Object(described(o.name, &o.title, &o.measure, o.form, o.range))).collect();
        json!({
            "id": self.id,
            "title": self.title,
            "source": { "work": self.source.work, "at": self.source.at },
            "reach": self.reach.word(),
            "inputs": inputs,
            "outputs": outputs,
        })
    }

    /// An input by name.
    pub fn input(&self, name: &str) -> Option<&'static Input> {
        self.inputs.iter().find(|i| i.name == name)
    }

    /// An output by name.
    pub fn output(&self, name: &str) -> Option<&'static Output> {
        self.outputs.iter().find(|o| o.name == name)
    }

    /// The title in one language.
    pub fn titled(&self, lang: Lang) -> &str {
        self.title.get(lang)
    }

    /// What is wrong with the declaration itself: repeated names and units that do not parse. A
    /// test of every crate that declares one asserts that there is nothing.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let names: Vec<&str> = self.inputs.iter().map(|i| i.name).collect();
        for (i, name) in names.iter().enumerate() {
            if names[..i].contains(name) {
                faults.push(format!("{}: input {name} twice", self.id));
            }
        }
        let measures = self.inputs.iter().map(|i| i.measure).chain(self.outputs.iter().map(|o| o.measure));
        faults.extend(measures.filter_map(|m| m.parsed().err()).map(|p| format!("{}: {}", self.id, p.what.en)));
        if self.source.work.is_empty() || self.title.is_empty() {
            faults.push(format!("{}: no source or title", self.id));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec {
        id: "rusle.soil_retained",
        title: text("土壤保持", "soil retained"),
        source: Source { work: "HJ 1173-2021", at: "A.2" },
        reach: Reach::Window { cells: 1 },
        inputs: &[
            grid("r", "降雨侵蚀力", "erosivity", measure("erosivity", "MJ mm/(ha h a)"), POSITIVE),
            number("p", "措施", "practice", RATIO, SHARE).optional(),
        ],
        outputs: &[grid_out("retained", "保持量", "retained", measure("soil", "t/(ha a)"), ANY)],
    };

    #[test]
    fn the_contracted_shape() {
        let json = SPEC.to_json();
        assert_eq!(json["reach"], "window(1)");
        assert_eq!(json["inputs"][0]["range"], json!([0.0, null]));
        assert_eq!(json["inputs"][1]["needed"], false);
        assert_eq!(json["outputs"][0]["title"]["zh"], "保持量");
        assert!(SPEC.faults().is_empty());
    }
}
