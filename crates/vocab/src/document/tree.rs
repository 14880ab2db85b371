//! TOML text as a tree that remembers the line of every key, and syntax faults as letters.

use std::cell::{Cell, RefCell};

use crate::{Problem, Problems, Text, text, words};
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    /// Byte offset of the key it belongs to, or of the value itself in a list.
    pub(super) offset: usize,
    /// Line, from 1.
    pub(super) row: u64,
    /// What it is.
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    /// An integer beyond 64 bits, as written.
    Huge(String),
    Number(f64),
    Boolean(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

impl Value {
    /// What a person calls this kind of value.
    pub(super) fn word(&self) -> Text {
        match self {
            Value::Text(_) => text("文字", "a text"),
            Value::Integer(_) => text("整数", "an integer"),
            Value::Huge(_) => text("超出 64 位的整数", "an integer beyond 64 bits"),
            Value::Number(_) => text("小数", "a number with a fraction"),
            Value::Boolean(_) => text("真假值", "true or false"),
            Value::Date(_) => text("日期", "a date"),
            Value::List(_) => text("列表", "a list"),
            Value::Table(_) => text("表", "a table"),
        }
    }
}

/// Keys in file order, and which of them a reader knows.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<(String, Node)>,
    /// True once somebody reads it key by key; only then is an unknown key a fault.
    pub(super) opened: Cell<bool>,
    /// Every key asked for, present or not.
    pub(super) asked: RefCell<Vec<String>>,
}

impl Table {
    /// Notes that the reader knows this key, and finds it.
    pub(super) fn ask(&self, key: &str) -> Option<&Node> {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|k| k == key) {
            asked.push(key.to_owned());
        }
        self.find(key)
    }

    /// Finds a key without claiming to know it.
    pub(super) fn find(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, node)| node)
    }
}

/// Line numbers of byte offsets.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &[u8]) -> Self {
        Self(source.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i).collect())
    }

    fn row(&self, offset: usize) -> u64 {
        self.0.partition_point(|end| *end < offset) as u64 + 1
    }
}

/// The whole text as a tree.
///
/// # Errors
/// `toml.not_utf8` with the line of the first foreign byte; every `toml.syntax` with its line.
pub(super) fn parse(bytes: &[u8]) -> Result<Table, Problems> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = Lines::of(bytes);
    let source = std::str::from_utf8(bytes).map_err(|e| {
        Problem::error("toml.not_utf8", text("文件不是 UTF-8 编码的文本", "the file is not UTF-8 text"))
            .row(lines.row(e.valid_up_to()))
            .expect(text("UTF-8 编码的 TOML 文本", "TOML text in UTF-8"))
            .fix(text("用编辑器另存为 UTF-8（常见原因是 GBK 编码）", "save it as UTF-8 in your editor; a common cause is GBK"))
    })?;
    let (root, faults) = DeTable::parse_recoverable(source);
    if faults.is_empty() {
        return Ok(table(root.get_ref(), &lines));
    }
    let mut problems: Vec<(u64, Problem)> = faults
        .iter()
        .map(|fault| {
            let row = lines.row(fault.span().map_or(source.len(), |span| span.start));
            (row, syntax(fault.message(), row, source.lines().nth(row as usize - 1).unwrap_or("")))
        })
        .collect();
    problems.sort_by_key(|(row, _)| *row);
    problems.dedup_by(|b, a| a == b);
    Err(Problems(problems.into_iter().map(|(_, p)| p).collect()))
}

/// What the parser says, in Chinese, by the beginning of its message.
const SAID: &[(&str, &str)] = &[
    ("duplicate key", "键重复定义"),
    ("string values must be quoted", "文字须加引号"),
    ("missing opening quote", "缺少左引号"),
    ("invalid basic string", "引号未闭合或字符串中有非法字符"),
    ("invalid literal string", "引号未闭合或字符串中有非法字符"),
    ("invalid multi-line", "多行字符串未闭合或有非法字符"),
    ("invalid unquoted key", "键中有须加引号的字符（例如汉字或空格）"),
    ("unquoted keys cannot be empty", "缺少键名"),
    ("missing value", "缺少值"),
    ("key with no value", "键后缺少等号和值"),
    ("unclosed array table", "表头缺少“]]”"),
    ("unclosed array", "列表缺少“]”"),
    ("unclosed inline table", "行内表缺少“}”"),
    ("unclosed table", "表头缺少“]”"),
    ("missing comma", "缺少逗号"),
    ("extra comma", "多余的逗号"),
    ("extra `=`", "多余的等号"),
    ("extra assignment", "多余的等号"),
    ("missing assignment", "缺少等号"),
    ("unexpected leading zero", "数字不能以 0 开头（编码请加引号）"),
    ("unexpected key or value", "行尾有多余内容"),
    ("unexpected content", "有多余内容"),
    ("cannot recurse further", "嵌套过深"),
    ("recursion limit", "嵌套过深"),
    ("cannot extend value", "不能用带点的键扩展已有的值"),
    ("invalid comment", "注释中有非法字符"),
    ("carriage return", "回车符后须有换行符"),
];

fn syntax(message: &str, row: u64, line: &str) -> Problem {
    let said = SAID.iter().find(|(en, _)| message.starts_with(en)).map(|(_, zh)| *zh);
    let zh = match said {
        Some(zh) => format!("TOML 写法有误：{zh}"),
        None => format!("TOML 写法有误（{message}）"),
    };
    let shown: String = line.trim().chars().take(60).collect();
    let mut problem = Problem::error("toml.syntax", Text::of(zh, format!("this is not valid TOML: {message}"))).row(row);
    if !shown.is_empty() {
        problem = problem.key(shown);
    }
    problem
        .expect(text("形如 key = \"文字\"、key = 1.5、key = [1, 2]、[表] 的行", "lines like key = \"text\", key = 1.5, key = [1, 2], [table]"))
        .fix(words!("检查第 {row} 行及其上一行的引号、括号和逗号", "check the quotes, brackets and commas on line {row} and the one above"))
}

fn table(table: &DeTable<'_>, lines: &Lines) -> Table {
    let mut entries: Vec<(String, Node)> = table
        .iter()
        .map(|(key, given)| {
            let offset = key.span().start;
            (key.get_ref().to_string(), Node { offset, row: lines.row(offset), value: value(given.get_ref(), lines) })
        })
        .collect();
    entries.sort_by_key(|(_, node)| node.offset);
    Table { entries, ..Table::default() }
}

fn value(given: &DeValue<'_>, lines: &Lines) -> Value {
    match given {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(written) => match i64::from_str_radix(written.as_str(), written.radix()) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Huge(written.to_string()),
        },
        DeValue::Float(written) => Value::Number(written.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(list) => Value::List(
            list.iter().map(|item| Node { offset: item.span().start, row: lines.row(item.span().start), value: value(item.get_ref(), lines) }).collect(),
        ),
        DeValue::Table(inner) => Value::Table(self::table(inner, lines)),
    }
}
