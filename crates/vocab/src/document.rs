//! TOML in, with every problem and its line: the region's file, profiles, rules and sidecars.
//!
//! A reader asks for the keys it knows; whatever it did not ask for is an unknown key.
//!
//! ```
//! use liangshan_vocab::document::Document;
//!
//! let document = Document::parse("name = \"衢州\"\n[grid]\ncell = 250\ncrss = 4549\n".as_bytes()).unwrap();
//! let root = document.root();
//! let name = root.text("name");
//! let grid = root.section("grid").map(|grid| (grid.number("cell"), grid.integer("crs")));
//! let problems = document.finish();
//!
//! assert_eq!((name.as_deref(), grid), (Some("衢州"), Some((Some(250.0), None))));
//! assert_eq!(problems.iter().map(|p| p.code.as_ref()).collect::<Vec<_>>(), ["toml.missing", "toml.unknown_key"]);
//! assert!(problems.0[1].fix.en.contains("\"crs\""));
//! ```

mod tree;

use std::cell::RefCell;

use crate::{Problem, Problems, Text, nearest, text, words};

use tree::{Node, Table, Value};

/// A parsed text and the problems its readers have found so far.
#[derive(Debug)]
pub struct Document {
    root: Table,
    problems: RefCell<Vec<(usize, Problem)>>,
}

/// One table of a [`Document`]. Reading a key tells the document that the key is known; a fault is
/// noted in the document and answered with `None`, so that the reader goes on and
/// [`Document::finish`] has them all.
#[derive(Debug, Clone)]
pub struct Section<'d> {
    document: &'d Document,
    table: &'d Table,
    path: String,
    offset: usize,
    row: u64,
}

impl Document {
    /// Parses UTF-8 text, with or without a byte-order mark.
    ///
    /// # Errors
    /// `toml.not_utf8`; or every `toml.syntax`, each with its line.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problems> {
        Ok(Self { root: tree::parse(bytes)?, problems: RefCell::default() })
    }

    /// The keys outside any header, and all headers.
    pub fn root(&self) -> Section<'_> {
        self.root.opened.set(true);
        Section { document: self, table: &self.root, path: String::new(), offset: 0, row: 1 }
    }

    /// Every problem so far in file order, with `toml.unknown_key` for each key of an opened section
    /// that nobody asked for. Call it after reading; a second call has nothing left to say.
    pub fn finish(&self) -> Problems {
        self.unknown_keys(&self.root, "");
        let mut found = self.problems.take();
        found.sort_by_key(|(offset, _)| *offset);
        Problems(found.into_iter().map(|(_, problem)| problem).collect())
    }

    fn note(&self, offset: usize, row: u64, key: String, problem: Problem) {
        let mut problem = problem;
        problem.at.row.get_or_insert(row);
        problem.at.key.get_or_insert(key);
        self.problems.borrow_mut().push((offset, problem));
    }

    fn unknown_keys(&self, table: &Table, path: &str) {
        if !table.opened.replace(false) {
            return;
        }
        let asked = table.asked.borrow();
        for (key, node) in &table.entries {
            let full = joined(path, key);
            if !asked.contains(key) {
                self.note(node.offset, node.row, full.clone(), unknown(key, &asked));
            }
            match &node.value {
                Value::Table(inner) => self.unknown_keys(inner, &full),
                Value::List(list) => list.iter().enumerate().for_each(|(i, item)| {
                    if let Value::Table(inner) = &item.value {
                        self.unknown_keys(inner, &numbered(&full, i));
                    }
                }),
                _ => {}
            }
        }
    }
}

fn unknown(key: &str, asked: &[String]) -> Problem {
    let problem = Problem::error("toml.unknown_key", words!("不认识键“{key}”", "the key \"{key}\" is not known here"));
    let problem = match asked.is_empty() {
        true => problem.expect(text("此处不应有键", "no keys here")),
        false => problem.expect(words!("下列键之一：{}", "one of: {}", asked.join(", "))),
    };
    match nearest(key, asked.iter().map(String::as_str)) {
        Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
        None => problem.fix(text("删除该键，或移到它所属的表中", "remove it, or move it to the table it belongs to")),
    }
}

/// `layer` and `x` as `layer.x`, quoting a part that has dots or spaces itself.
fn joined(path: &str, key: &str) -> String {
    let quote = key.is_empty() || key.contains(|c: char| c == '.' || c == '"' || c.is_whitespace());
    let part = if quote { format!("\"{key}\"") } else { key.to_owned() };
    if path.is_empty() { part } else { format!("{path}.{part}") }
}

fn numbered(path: &str, index: usize) -> String {
    format!("{path}[{}]", index + 1)
}

fn as_text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}

fn as_date(value: &Value) -> Option<String> {
    if let Value::Date(date) = value { Some(date.clone()) } else { None }
}

fn as_integer(value: &Value) -> Option<i64> {
    if let Value::Integer(integer) = value { Some(*integer) } else { None }
}

fn as_boolean(value: &Value) -> Option<bool> {
    if let Value::Boolean(boolean) = value { Some(*boolean) } else { None }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) if number.is_finite() => Some(*number),
        Value::Integer(integer) => Some(*integer as f64),
        _ => None,
    }
}

const TEXT: Text = text("加引号的文字", "a text in quotes");
const NUMBER: Text = text("有限的数（不加引号，不加千分位）", "a finite number, without quotes or thousands separators");
const INTEGER: Text = text("整数（不加引号）", "an integer, without quotes");
const BOOLEAN: Text = text("true 或 false", "true or false");
const DATE: Text = text("不加引号的日期，如 2020-01-01", "a date without quotes, such as 2020-01-01");
const TABLE: Text = text("表：[名称] 或 { 键 = 值 }", "a table: [name] or { key = value }");
const LIST: Text = text("方括号中的列表", "a list in square brackets");

macro_rules! readers {
    ($($(#[$doc:meta])* $needed:ident $optional:ident $list:ident $optional_list:ident $type:ty, $read:ident, $expected:ident;)*) => {
        impl<'d> Section<'d> {
            $(
                $(#[$doc])*
                ///
                /// Missing: `toml.missing`. Another kind of value: `toml.type`.
                pub fn $needed(&self, key: &str) -> Option<$type> {
                    self.needed(key, &$expected).and_then(|node| self.value(key, node, $read, &$expected))
                }

                /// The same where it may be left out.
                pub fn $optional(&self, key: &str) -> Option<$type> {
                    self.table.ask(key).and_then(|node| self.value(key, node, $read, &$expected))
                }

                /// A list of them, all of one kind; each wrong item is a `toml.type` of its own.
                pub fn $list(&self, key: &str) -> Option<Vec<$type>> {
                    self.needed(key, &LIST).and_then(|node| self.list(key, node, $read, &$expected))
                }

                /// Such a list where it may be left out.
                pub fn $optional_list(&self, key: &str) -> Option<Vec<$type>> {
                    self.table.ask(key).and_then(|node| self.list(key, node, $read, &$expected))
                }
            )*
        }
    };
}

readers! {
    /// A text.
    text optional_text texts optional_texts String, as_text, TEXT;
    /// A finite number; an integer is accepted as one.
    number optional_number numbers optional_numbers f64, as_number, NUMBER;
    /// An integer.
    integer optional_integer integers optional_integers i64, as_integer, INTEGER;
    /// True or false.
    boolean optional_boolean booleans optional_booleans bool, as_boolean, BOOLEAN;
    /// A date or time without quotes, as written.
    date optional_date dates optional_dates String, as_date, DATE;
}

impl<'d> Section<'d> {
    /// The dotted path of this table, `layer.x` or `step[2]` (counted from 1); empty for the root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line of its header or key, from 1.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The line of a key, or of this table where the key is absent.
    pub fn row_of(&self, key: &str) -> u64 {
        self.table.find(key).map_or(self.row, |node| node.row)
    }

    /// True when the key is there, whatever it holds. Asking makes it a known key.
    pub fn has(&self, key: &str) -> bool {
        self.table.ask(key).is_some()
    }

    /// All keys in file order. It makes none of them known.
    pub fn keys(&self) -> Vec<String> {
        self.table.entries.iter().map(|(key, _)| key.clone()).collect()
    }

    /// What kind of value a key holds: `text`, `number`, `boolean`, `date`, `list`, `table`, or
    /// `missing`. Asking makes it a known key.
    pub fn kind_of(&self, key: &str) -> &'static str {
        match self.table.ask(key).map(|node| &node.value) {
            None => "missing",
            Some(Value::Text(_)) => "text",
            Some(Value::Integer(_) | Value::Huge(_) | Value::Number(_)) => "number",
            Some(Value::Boolean(_)) => "boolean",
            Some(Value::Date(_)) => "date",
            Some(Value::List(_)) => "list",
            Some(Value::Table(_)) => "table",
        }
    }

    /// A text of a closed list; another word is `toml.choice` with the nearest.
    pub fn one_of<'w>(&self, key: &str, words: &[&'w str]) -> Option<&'w str> {
        self.text(key).and_then(|word| self.choice(key, &word, words))
    }

    /// The same where it may be left out.
    pub fn optional_one_of<'w>(&self, key: &str, words: &[&'w str]) -> Option<&'w str> {
        self.optional_text(key).and_then(|word| self.choice(key, &word, words))
    }

    /// A text understood by `read`, whose problem gets this key and line.
    pub fn parsed<T>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        self.text(key).and_then(|word| self.understood(key, read(&word)))
    }

    /// The same where it may be left out.
    pub fn optional_parsed<T>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        self.optional_text(key).and_then(|word| self.understood(key, read(&word)))
    }

    /// A table.
    pub fn section(&self, key: &str) -> Option<Section<'d>> {
        self.needed(key, &TABLE).and_then(|node| self.inner(key, node))
    }

    /// A table that may be left out.
    pub fn optional_section(&self, key: &str) -> Option<Section<'d>> {
        self.table.ask(key).and_then(|node| self.inner(key, node))
    }

    /// The named tables under a key in file order, such as `[layer.x]` and `[layer.y]` under
    /// `layer`; none where the key is absent. Anything else under it is a `toml.type`.
    pub fn sections(&self, key: &str) -> Vec<(String, Section<'d>)> {
        let Some(all) = self.optional_section(key) else { return Vec::new() };
        all.keys().into_iter().filter_map(|name| all.section(&name).map(|section| (name, section))).collect()
    }

    /// The tables of a list, `[[step]]` or `step = [{…}, {…}]`; none where the key is absent.
    pub fn array_of_sections(&self, key: &str) -> Vec<Section<'d>> {
        let Some(node) = self.table.ask(key) else { return Vec::new() };
        let Value::List(list) = &node.value else {
            self.wrong(&joined(&self.path, key), node, &text("表的列表：[[名称]]", "a list of tables: [[name]]"));
            return Vec::new();
        };
        list.iter().enumerate().filter_map(|(i, item)| self.opened(numbered(&joined(&self.path, key), i), item)).collect()
    }

    /// Notes a problem of this key, with its line and path; an absent key has the line of the table.
    pub fn problem(&self, key: &str, problem: Problem) {
        let (offset, row) = self.table.find(key).map_or((self.offset, self.row), |node| (node.offset, node.row));
        let mut problem = problem;
        // A parser of words calls the word its key; here the key is the path that leads to it.
        problem.at.key = None;
        self.document.note(offset, row, joined(&self.path, key), problem);
    }

    fn needed(&self, key: &str, expected: &Text) -> Option<&'d Node> {
        let found = self.table.ask(key);
        if found.is_none() {
            let path = joined(&self.path, key);
            let missing = Problem::error("toml.missing", words!("缺少键“{key}”", "the key \"{key}\" is missing")).expect(expected.clone());
            let fix = match self.path.is_empty() {
                true => words!("在文件开头、第一个表头之前添加 {key}", "add {key} at the top, before the first table header"),
                false => words!("在表 {} 中添加 {key}", "add {key} to the table {}", self.path),
            };
            self.document.note(self.offset, self.row, path, missing.fix(fix));
        }
        found
    }

    fn wrong(&self, path: &str, node: &Node, expected: &Text) {
        let Text { zh, en } = node.value.word();
        let what = Text::of(format!("键“{path}”的值是{zh}"), format!("the value of \"{path}\" is {en}"));
        let problem = Problem::error("toml.type", what).expect(expected.clone());
        let problem = match &node.value {
            Value::Text(written) if as_if_bare(written) && expected != &TEXT => problem.fix(words!("去掉引号：{written}", "remove the quotes: {written}")),
            Value::Integer(written) if expected == &TEXT => problem.fix(words!("加引号：\"{written}\"", "put it in quotes: \"{written}\"")),
            Value::Date(written) if expected == &TEXT => problem.fix(words!("加引号：\"{written}\"", "put it in quotes: \"{written}\"")),
            Value::Number(number) if !number.is_finite() => problem.fix(text("没有数值时删除该键", "leave the key out where there is no value")),
            Value::Huge(written) => problem.fix(words!("{written} 太大；编码请加引号", "{written} is too large; put a code in quotes")),
            _ => problem,
        };
        self.document.note(node.offset, node.row, path.to_owned(), problem);
    }

    fn value<T>(&self, key: &str, node: &Node, read: fn(&Value) -> Option<T>, expected: &Text) -> Option<T> {
        let value = read(&node.value);
        if value.is_none() {
            self.wrong(&joined(&self.path, key), node, expected);
        }
        value
    }

    fn list<T>(&self, key: &str, node: &Node, read: fn(&Value) -> Option<T>, expected: &Text) -> Option<Vec<T>> {
        let path = joined(&self.path, key);
        let Value::List(list) = &node.value else {
            self.wrong(&path, node, &LIST);
            return None;
        };
        let values: Vec<T> = list
            .iter()
            .enumerate()
            .filter_map(|(i, item)| {
                let value = read(&item.value);
                if value.is_none() {
                    self.wrong(&numbered(&path, i), item, expected);
                }
                value
            })
            .collect();
        (values.len() == list.len()).then_some(values)
    }

    fn inner(&self, key: &str, node: &'d Node) -> Option<Section<'d>> {
        self.opened(joined(&self.path, key), node)
    }

    fn opened(&self, path: String, node: &'d Node) -> Option<Section<'d>> {
        let Value::Table(table) = &node.value else {
            self.wrong(&path, node, &TABLE);
            return None;
        };
        table.opened.set(true);
        Some(Section { document: self.document, table, path, offset: node.offset, row: node.row })
    }

    fn choice<'w>(&self, key: &str, word: &str, words: &[&'w str]) -> Option<&'w str> {
        let known = words.iter().find(|w| **w == word).copied();
        if known.is_none() {
            let problem = Problem::error("toml.choice", words!("“{word}”不在可选的词之中", "\"{word}\" is not one of the words allowed here")).expect(words!(
                "下列之一：{}",
                "one of: {}",
                words.join(", ")
            ));
            self.problem(
                key,
                match nearest(word, words.iter().copied()) {
                    Some(near) => problem.fix(words!("是否指“{near}”？", "did you mean \"{near}\"?")),
                    None => problem,
                },
            );
        }
        known
    }

    fn understood<T>(&self, key: &str, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.problem(key, problem)).ok()
    }
}

/// A quoted text that would be a number, a date or a truth without its quotes.
fn as_if_bare(written: &str) -> bool {
    written == "true" || written == "false" || (!written.is_empty() && written.bytes().all(|b| b.is_ascii_digit() || b".-+eE".contains(&b)))
}

#[cfg(test)]
mod tests;
