//! An error as a short letter to the person who can fix it: what is wrong, where, what was
//! expected, what to do. All problems of one pass are collected in [`Problems`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Lang, Text};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is computed until it is mended.
    Error,
    /// The result stands, but a reviewer will ask.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word printed before the code.
    pub fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Severity::Error, Lang::Zh) => "错误",
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::Zh) => "警告",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Note, Lang::Zh) => "提示",
            (Severity::Note, Lang::En) => "note",
        }
    }
}

/// Where it is wrong. Only what applies is filled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Where {
    /// A file, relative to the region's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// A row or line, counted from 1 with the header as row 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// A column's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// A key, code, identifier or position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How many cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<u64>,
    /// Their area on the ellipsoid, m².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_m2: Option<f64>,
}

/// One thing that is wrong. `code` is stable: a form highlights the field by it, a translator
/// finds the sentence by it, a test names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable and dotted, `raster.truncated`.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, one sentence.
    pub what: Text,
    /// Where.
    pub at: Where,
    /// What was expected instead.
    pub expected: Text,
    /// What to do.
    pub fix: Text,
    /// How many alike this one stands for; 1 unless grouped.
    pub count: u64,
}

impl Problem {
    fn new(severity: Severity, code: impl Into<Cow<'static, str>>, what: Text) -> Self {
        Self { code: code.into(), severity, what, at: Where::default(), expected: Text::default(), fix: Text::default(), count: 1 }
    }

    /// An error: nothing is computed until it is mended.
    pub fn error(code: impl Into<Cow<'static, str>>, what: Text) -> Self {
        Self::new(Severity::Error, code, what)
    }

    /// A warning: the result stands, but a reviewer will ask.
    pub fn warning(code: impl Into<Cow<'static, str>>, what: Text) -> Self {
        Self::new(Severity::Warning, code, what)
    }

    /// A note: worth knowing.
    pub fn note(code: impl Into<Cow<'static, str>>, what: Text) -> Self {
        Self::new(Severity::Note, code, what)
    }

    /// The file it is in. Decoders, which know no paths, leave it to their caller.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.at.file = Some(file.into());
        self
    }

    /// The file it is in, unless one is named already.
    #[must_use]
    pub fn or_file(mut self, file: &str) -> Self {
        self.at.file.get_or_insert_with(|| file.to_owned());
        self
    }

    /// The row or line, from 1.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.at.row = Some(row);
        self
    }

    /// The column's name.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.at.column = Some(column.into());
        self
    }

    /// The key, code or position.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.at.key = Some(key.into());
        self
    }

    /// The number of cells.
    #[must_use]
    pub fn cells(mut self, cells: u64) -> Self {
        self.at.cells = Some(cells);
        self
    }

    /// The area on the ellipsoid, m².
    #[must_use]
    pub fn area_m2(mut self, area: f64) -> Self {
        self.at.area_m2 = Some(area);
        self
    }

    /// What was expected instead.
    #[must_use]
    pub fn expect(mut self, expected: Text) -> Self {
        self.expected = expected;
        self
    }

    /// What to do.
    #[must_use]
    pub fn fix(mut self, fix: Text) -> Self {
        self.fix = fix;
        self
    }

    /// What to do, with the nearest known word where one is near enough to be meant.
    #[must_use]
    pub fn fix_near(self, near: Option<&str>, otherwise: Text) -> Self {
        match near {
            Some(near) => {
                self.fix(Text::of(format!("是否指“{near}”？{}", otherwise.zh), format!("did you mean \"{near}\"? {}", otherwise.en).trim_end().to_owned()))
            }
            None => self.fix(otherwise),
        }
    }

    /// How many alike this one stands for.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Where, on one line.
    pub fn place(&self, lang: Lang) -> String {
        let mut parts = Vec::new();
        let at = &self.at;
        if let Some(file) = &at.file {
            match at.row {
                Some(row) => parts.push(format!("{file}:{row}")),
                None => parts.push(file.clone()),
            }
        } else if let Some(row) = at.row {
            parts.push(match lang {
                Lang::Zh => format!("第 {row} 行"),
                Lang::En => format!("row {row}"),
            });
        }
        if let Some(column) = &at.column {
            parts.push(match lang {
                Lang::Zh => format!("列 {column}"),
                Lang::En => format!("column {column}"),
            });
        }
        if let Some(key) = &at.key {
            parts.push(key.clone());
        }
        if let Some(cells) = at.cells {
            parts.push(match lang {
                Lang::Zh => format!("{cells} 个格网"),
                Lang::En => format!("{cells} cells"),
            });
        }
        if let Some(area) = at.area_m2 {
            parts.push(format!("{:.4} km²", area / 1e6));
        }
        parts.join(match lang {
            Lang::Zh => "，",
            Lang::En => ", ",
        })
    }

    /// The letter as printed on a terminal: three or four lines, no colour.
    pub fn letter(&self, lang: Lang) -> String {
        let labels = match lang {
            Lang::Zh => ["位置", "应为", "办法", "同类"],
            Lang::En => ["where ", "expect", "try   ", "alike "],
        };
        let mut out = format!("{}[{}]: {}", self.severity.word(lang), self.code, self.what.get(lang));
        let place = self.place(lang);
        for (label, said) in labels.iter().zip([place.as_str(), self.expected.get(lang), self.fix.get(lang)]) {
            if !said.is_empty() {
                let _ = write!(out, "\n  {label}  {said}");
            }
        }
        if self.count > 1 {
            let _ = write!(out, "\n  {}  {}", labels[3], self.count);
        }
        out
    }

    /// The JSON shape of the contracts, in one language.
    pub fn to_json(&self, lang: Lang) -> Value {
        let mut out = Map::new();
        out.insert("code".into(), json!(self.code));
        out.insert("severity".into(), json!(self.severity));
        out.insert("what".into(), json!(self.what.get(lang)));
        out.insert("where".into(), json!(self.at));
        out.insert("expected".into(), json!(self.expected.get(lang)));
        out.insert("try".into(), json!(self.fix.get(lang)));
        if self.count > 1 {
            out.insert("count".into(), json!(self.count));
        }
        Value::Object(out)
    }
}

/// Code, file and column: what makes problems alike.
type Alike = (String, Option<String>, Option<String>);

/// Every problem of one pass, in the order found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds many.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.0.extend(problems);
    }

    /// Keeps the value; a failure is added and answered with `None`, so that the pass goes on.
    pub fn keep<T, E: Into<Problems>>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failed) => {
                self.0.extend(failed.into().0);
                None
            }
        }
    }

    /// Names the file in every problem that names none.
    #[must_use]
    pub fn or_file(self, file: &str) -> Self {
        Self(self.0.into_iter().map(|p| p.or_file(file)).collect())
    }

    /// True when at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|p| p.severity == Severity::Error)
    }

    /// How many stand for errors, warnings and notes, counting grouped ones in full.
    pub fn counts(&self) -> [u64; 3] {
        let of = |s| self.0.iter().filter(|p| p.severity == s).map(|p| p.count).sum();
        [of(Severity::Error), of(Severity::Warning), of(Severity::Note)]
    }

    /// True when there are none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Goes through them.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Errors first, then warnings, then notes; within them as found.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|p| p.severity);
    }

    /// For reading: alike problems (same code, file and column) become one with a count after
    /// `shown` of them have been listed. Nothing is lost in [`Problems::to_json`].
    #[must_use]
    pub fn grouped(&self, shown: usize) -> Vec<Problem> {
        let mut out: Vec<Problem> = Vec::new();
        let mut seen: HashMap<Alike, (usize, usize)> = HashMap::new();
        for problem in &self.0 {
            let key = (problem.code.to_string(), problem.at.file.clone(), problem.at.column.clone());
            let (listed, last) = seen.entry(key).or_insert((0, 0));
            if *listed < shown {
                *listed += 1;
                *last = out.len();
                out.push(problem.clone());
            } else {
                out[*last].count += problem.count;
            }
        }
        out
    }

    /// All of them as JSON.
    pub fn to_json(&self, lang: Lang) -> Value {
        Value::Array(self.0.iter().map(|p| p.to_json(lang)).collect())
    }

    /// `Ok` when there is no error; warnings and notes are then dropped, so keep a copy first.
    pub fn into_result<T>(self, value: T) -> Result<T, Problems> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text, words};

    fn unlisted(class: u16) -> Problem {
        Problem::error("classes.unlisted", text("土地覆被图有一个未列出的类别", "the land-cover map has a class the table does not list"))
            .file("sources/landcover-2024.tif")
            .key(format!("class {class}"))
            .cells(18_203)
            .area_m2(1_138_000_000.0)
            .expect(text("每个类别一行", "one row per class in methods/cover-factors.csv"))
            .fix(words!("在该表中添加类别 {class}", "add class {class} to that table"))
    }

    #[test]
    fn a_letter_has_what_where_expected_and_try() {
        let said = unlisted(47).letter(Lang::En);
        assert_eq!(
            said,
            "error[classes.unlisted]: the land-cover map has a class the table does not list\n  \
             where   sources/landcover-2024.tif, class 47, 18203 cells, 1138.0000 km²\n  \
             expect  one row per class in methods/cover-factors.csv\n  \
             try     add class 47 to that table"
        );
        assert!(unlisted(47).letter(Lang::Zh).starts_with("错误[classes.unlisted]: 土地覆被图"));
    }

    #[test]
    fn json_has_the_contracted_keys_and_only_what_applies() {
        let json = unlisted(47).to_json(Lang::En);
        assert_eq!(json["try"], "add class 47 to that table");
        assert_eq!(json["where"]["cells"], 18_203);
        assert!(json["where"].get("row").is_none() && json.get("count").is_none());
    }

    #[test]
    fn thousands_are_grouped_and_counted_but_none_is_lost_in_json() {
        let many = Problems((0..5000).map(|i| unlisted(47).row(i)).collect());
        let short = many.grouped(3);
        assert_eq!(short.len(), 3);
        assert_eq!(short.iter().map(|p| p.count).sum::<u64>(), 5000);
        assert_eq!(many.to_json(Lang::Zh).as_array().map(Vec::len), Some(5000));
    }
}
