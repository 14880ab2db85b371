//! A column of a register: what it holds, in what unit, from which words.

use liangshan_vocab::document::Section;
use liangshan_vocab::{Problem, Text, Unit, text};

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A number.
    Number {
        /// No value is below.
        least: Option<f64>,
        /// No value is above.
        most: Option<f64>,
    },
    /// A whole number.
    Integer {
        /// No value is below.
        least: Option<i64>,
        /// No value is above.
        most: Option<i64>,
    },
    /// A day, `2020-06-30`.
    Date,
    /// `yes` or `no`.
    YesNo,
    /// A word of a closed list, each with its Chinese name.
    Code(Vec<(String, String)>),
    /// A division code of the region.
    Place,
    /// The id of an office.
    Office,
    /// The key of a record of this register.
    Reference(String),
    /// The id of a sentence or a named thing of the plan.
    PlanRow,
    /// The state of the record, a word of its life.
    State,
    /// A list of places on the map, `118.87 28.96; 118.88 28.97`.
    Path,
}

/// Words for where a record comes from, with those tables use beside the four origins.
pub const ORIGINS: [(&str, &str); 5] = [("measured", "实测"), ("modelled", "模拟"), ("mixed", "混合"), ("synthetic", "合成（虚构）"), ("derived", "推算")];

impl Holds {
    /// The word in declarations and forms.
    pub fn word(&self) -> &'static str {
        match self {
            Holds::Text => "text",
            Holds::Number { .. } => "number",
            Holds::Integer { .. } => "integer",
            Holds::Date => "date",
            Holds::YesNo => "yes_no",
            Holds::Code(_) => "code",
            Holds::Place => "place",
            Holds::Office => "office",
            Holds::Reference(_) => "reference",
            Holds::PlanRow => "plan_row",
            Holds::State => "state",
            Holds::Path => "path",
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in files.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What it holds.
    pub holds: Holds,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Whether a cell must be filled.
    pub needed: bool,
    /// Whether it names a person, so that what is shown to the public leaves it out.
    pub personal: bool,
    /// What a cell looks like.
    pub example: String,
    /// What to know.
    pub note: Text,
}

/// The words of `kind` in a declaration.
const KINDS: [&str; 13] = ["text", "number", "integer", "date", "yes_no", "code", "place", "office", "reference", "plan_row", "state", "path", "origin"];

impl Column {
    /// Reads `[[register.column]]`; faults are noted in the document.
    pub(crate) fn read(s: &Section<'_>) -> Option<Self> {
        let name = s.text("name");
        let word = s.one_of("kind", &KINDS);
        let title = both(s, "title_zh", "title_en");
        let unit = s.optional_parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned())).unwrap_or_default();
        let (least, most) = (s.optional_number("least"), s.optional_number("most"));
        let (codes, codes_zh) = (s.optional_texts("codes").unwrap_or_default(), s.optional_texts("codes_zh").unwrap_or_default());
        let to = s.optional_text("to");
        let (needed, personal) = (s.optional_boolean("needed"), s.optional_boolean("personal").unwrap_or(false));
        let (example, note) = (s.optional_text("example").unwrap_or_default(), both(s, "note_zh", "note_en"));
        let whole = |bound: Option<f64>| bound.map(|b| b as i64);
        let (holds, known) = match word? {
            "number" => (Holds::Number { least, most }, Text::default()),
            "integer" => (Holds::Integer { least: whole(least), most: whole(most) }, Text::default()),
            "date" => (Holds::Date, Text::default()),
            "yes_no" => (Holds::YesNo, Text::default()),
            "code" => {
                if codes.is_empty() || codes.len() != codes_zh.len() {
                    s.problem("codes", faulty(text("codes 与 codes_zh 须一一对应", "codes and codes_zh do not go together")));
                }
                (Holds::Code(codes.into_iter().zip(codes_zh).collect()), Text::default())
            }
            "place" => (Holds::Place, text("区划代码", "division code")),
            "office" => (Holds::Office, text("责任部门", "office")),
            "reference" => {
                if to.is_none() {
                    s.problem("to", faulty(text("reference 列没有说明指向哪个登记册", "a reference does not say to which register")));
                }
                (Holds::Reference(to.unwrap_or_default()), Text::default())
            }
            "plan_row" => (Holds::PlanRow, text("对应的方案条目", "row of the plan")),
            "state" => (Holds::State, text("状态", "state")),
            "path" => (Holds::Path, text("坐标串", "coordinates")),
            "origin" => (Holds::Code(ORIGINS.map(|(code, zh)| (code.to_owned(), zh.to_owned())).to_vec()), text("来源性质", "origin")),
            _ => (Holds::Text, Text::default()),
        };
        let title = if title.is_empty() { known } else { title };
        if title.zh.is_empty() || title.en.is_empty() {
            s.problem("title_zh", faulty(text("列没有两种语言的名称", "a column has no title in both languages")));
        }
        Some(Self { name: name?, title, holds, unit, needed: needed.unwrap_or(true), personal, example, note })
    }
}

/// A text in two languages, either part of which may be left out.
pub(crate) fn both(s: &Section<'_>, zh: &str, en: &str) -> Text {
    Text::of(s.optional_text(zh).unwrap_or_default(), s.optional_text(en).unwrap_or_default())
}

/// A fault of a declaration.
pub(crate) fn faulty(what: Text) -> Problem {
    Problem::error("register.declaration", what)
        .expect(text("docs/reference/registers.md 所述的登记册声明", "a declaration as docs/reference/registers.md describes it"))
        .fix(text("改正该声明", "correct the declaration"))
}
