//! A table of a standard: declared columns, rows from CSV, every cell checked.

use std::collections::HashMap;

use liangshan_vocab::{Problem, Problems, Text, Unit, nearest, text, words};
use rust_decimal::Decimal;

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A plain decimal number.
    Number,
    /// A unit that can be parsed; it is the unit of the row's numbers that name this column.
    Unit,
    /// One of these words.
    Word(Vec<String>),
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in the CSV header.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// What its cells hold.
    pub holds: Holds,
    /// The unit of its numbers as written, where it is the same in every row.
    pub unit: Option<String>,
    /// The column that has the unit of its numbers, where it differs from row to row.
    pub unit_from: Option<String>,
    /// True when a cell may be empty.
    pub optional: bool,
    /// The table, `standard.table`, one of whose keys each cell is.
    pub names: Option<String>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Empty.
    Empty,
    /// A text, word or unit.
    Text(String),
    /// A number: the float, and as it was written.
    Number(f64, String),
}

impl Cell {
    /// As it was written.
    pub fn written(&self) -> &str {
        match self {
            Cell::Empty => "",
            Cell::Text(text) | Cell::Number(_, text) => text,
        }
    }
}

/// One row and the line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The CSV it was read from, under `rules/`.
    pub file: String,
    /// Line, from 1 with the header as 1.
    pub line: u64,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its id in the standard.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Where it stands in the standard: `表1 / table 1`.
    pub at: String,
    /// Columns in the order declared.
    pub columns: Vec<Column>,
    /// The columns that together name a row.
    pub key: Vec<String>,
    /// Columns whose numbers, in this order, go one way in each row: limits from good to bad.
    pub monotone: Vec<String>,
    /// The column whose numbers rise from row to row within equal cells of [`Table::within`].
    pub ascending: Option<String>,
    /// The columns that keep the rows of one ascending list together.
    pub within: Vec<String>,
    /// Rows in file order.
    pub rows: Vec<Row>,
    /// Row numbers by the cells of the key joined with `/`.
    index: HashMap<String, usize>,
}

impl Table {
    /// An empty table.
    pub fn new(id: String, title: Text, at: String, columns: Vec<Column>, key: Vec<String>) -> Self {
        Self { id, title, at, columns, key, monotone: Vec::new(), ascending: None, within: Vec::new(), rows: Vec::new(), index: HashMap::new() }
    }

    /// The number of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// The number of a column that a judge reads.
    ///
    /// # Errors
    /// `standard.no_column` with the nearest there is.
    pub fn column(&self, column: &str) -> Result<usize, Problem> {
        self.position(column).ok_or_else(|| {
            let (table, near) = (&self.id, nearest(column, self.columns.iter().map(|c| c.name.as_str())));
            Problem::error("standard.no_column", words!("表 {table} 没有列“{column}”", "the table {table} has no column \"{column}\""))
                .column(column)
                .expect(text("程序要用的列", "a column the judge reads"))
                .fix_near(near, text("补上该列，或改正列名", "add the column, or correct its name"))
        })
    }

    /// The row of a key, its cells joined with `/`.
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.index.get(key).map(|at| &self.rows[*at])
    }

    /// The key of a row.
    pub fn key_of(&self, row: &Row) -> String {
        let cells: Vec<&str> = self.key.iter().filter_map(|k| self.position(k)).map(|at| row.cells[at].written()).collect();
        cells.join("/")
    }

    /// All keys in file order.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(|row| self.key_of(row))
    }

    /// A number; `None` when the cell is empty or the column holds none.
    pub fn number(&self, row: &Row, column: &str) -> Option<f64> {
        match row.cells.get(self.position(column)?)? {
            Cell::Number(value, _) => Some(*value),
            _ => None,
        }
    }

    /// A number exactly as written.
    pub fn decimal(&self, row: &Row, column: &str) -> Option<Decimal> {
        match row.cells.get(self.position(column)?)? {
            Cell::Number(_, written) => written.parse().ok(),
            _ => None,
        }
    }

    /// A text; empty when the cell is or there is no such column.
    pub fn text<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        self.position(column).and_then(|at| row.cells.get(at)).map_or("", Cell::written)
    }

    /// The unit of a number of a row.
    pub fn unit<'r>(&'r self, row: &'r Row, column: &str) -> Option<&'r str> {
        let column = self.columns.get(self.position(column)?)?;
        match &column.unit_from {
            Some(from) => Some(self.text(row, from)),
            None => column.unit.as_deref(),
        }
    }

    /// Adds a row; one with the key of an earlier row takes its place when `replaces`.
    pub(super) fn add(&mut self, row: Row, replaces: bool) -> Option<Problem> {
        let key = self.key_of(&row);
        match self.index.get(&key) {
            Some(at) if replaces => {
                self.rows[*at] = row;
                None
            }
            Some(at) => {
                let first = self.rows[*at].line;
                Some(
                    Problem::error("standard.key_twice", words!("“{key}”出现了两次", "\"{key}\" stands twice"))
                        .file(format!("rules/{}", row.file))
                        .row(row.line)
                        .key(key.as_str())
                        .expect(words!("每个键一行；另一处在第 {first} 行", "one row for each key; the other is in line {first}"))
                        .fix(text("删去其中一行，或改正键", "take one of them out, or correct its key")),
                )
            }
            None => {
                self.index.insert(key, self.rows.len());
                self.rows.push(row);
                None
            }
        }
    }

    /// Reads CSV into rows. All faults at once: columns that are missing or not declared, rows of
    /// another length, cells that do not hold what the column says.
    pub(super) fn read(&self, file: &str, csv: &str) -> (Vec<Row>, Problems) {
        let mut problems = Problems::new();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let (mut rows, mut places): (Vec<Row>, Option<Vec<Option<usize>>>) = (Vec::new(), None);
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(fault) => {
                    problems.push(
                        Problem::error("standard.csv", words!("CSV 无法读取：{fault}", "the CSV cannot be read: {fault}"))
                            .fix(text("检查引号与编码", "look at quotes and encoding")),
                    );
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            match &places {
                None => places = Some(self.header(&record, &mut problems)),
                Some(places) => {
                    let (got, wanted) = (record.len(), places.len());
                    if got != wanted {
                        problems.push(
                            Problem::error("standard.csv", words!("这一行有 {got} 格，表头有 {wanted} 列", "the row has {got} cells, the header {wanted}"))
                                .row(line)
                                .fix(text("补齐或删去逗号；格内有逗号时整格加引号", "add or remove commas; quote a cell that has one")),
                        );
                        continue;
                    }
                    let mut cells = vec![Cell::Empty; self.columns.len()];
                    for (at, given) in places.iter().zip(record.iter()) {
                        let Some(at) = at else { continue };
                        match self.columns[*at].cell(given.trim()) {
                            Ok(cell) => cells[*at] = cell,
                            Err(problem) => problems.push(problem.row(line).column(self.columns[*at].name.as_str())),
                        }
                    }
                    rows.push(Row { file: file.to_owned(), line, cells });
                }
            }
        }
        if places.is_none() {
            problems
                .push(Problem::error("standard.csv", text("表是空的", "the table is empty")).expect(text("第一行为列名", "column names in the first line")));
        }
        (rows, problems.or_file(&format!("rules/{file}")))
    }

    fn header(&self, record: &csv::StringRecord, problems: &mut Problems) -> Vec<Option<usize>> {
        let places: Vec<Option<usize>> = record.iter().map(|name| self.position(name.trim())).collect();
        let wrong = |name: &str, what: Text| {
            Problem::error("standard.column", what)
                .row(1)
                .column(name)
                .expect(text("与 [table.….columns] 所列完全相同的列", "the very columns that [table.….columns] lists"))
        };
        for (name, place) in record.iter().map(str::trim).zip(&places) {
            if place.is_none() {
                let near = nearest(name, self.columns.iter().map(|c| c.name.as_str()));
                let problem = wrong(name, words!("列“{name}”没有声明", "the column \"{name}\" is not declared"));
                problems.push(problem.fix_near(near, text("在 columns 中声明它，或删去该列", "declare it under columns, or remove it")));
            }
        }
        for (at, column) in self.columns.iter().enumerate() {
            let name = &column.name;
            match places.iter().filter(|p| **p == Some(at)).count() {
                1 => {}
                0 => problems.push(wrong(name, words!("缺少列“{name}”", "the column \"{name}\" is missing")).fix(text("补上该列", "add the column"))),
                _ => problems.push(wrong(name, words!("列“{name}”出现了两次", "the column \"{name}\" stands twice")).fix(text("删去一列", "remove one"))),
            }
        }
        places
    }
}

impl Column {
    fn cell(&self, given: &str) -> Result<Cell, Problem> {
        let wrong = |expected: Text| {
            Problem::error("standard.cell", words!("“{given}”不是该列应有的内容", "\"{given}\" is not what this column holds"))
                .expect(expected)
                .fix(text("对照标准原文改正", "correct it by the text of the standard"))
        };
        if given.is_empty() {
            return if self.optional {
                Ok(Cell::Empty)
            } else {
                Err(Problem::error("standard.cell", text("单元格是空的", "the cell is empty"))
                    .expect(text("一个值；可以为空的列须声明 optional = true", "a value; a column that may be empty says optional = true"))
                    .fix(text("补上该值", "fill it in")))
            };
        }
        match &self.holds {
            Holds::Text => Ok(Cell::Text(given.to_owned())),
            Holds::Unit => Unit::parse(given).map(|_| Cell::Text(given.to_owned())),
            Holds::Word(list) => {
                if list.iter().any(|w| w == given) {
                    return Ok(Cell::Text(given.to_owned()));
                }
                let near = nearest(given, list.iter().map(String::as_str)).map(str::to_owned);
                let list = list.join(", ");
                Err(wrong(words!("{list} 之一", "one of {list}")).fix_near(near.as_deref(), text("改用所列的词", "use a word of the list")))
            }
            Holds::Number => match number(given) {
                Some(value) => Ok(Cell::Number(value, given.to_owned())),
                None => Err(wrong(text("半角的数，如 0.05", "a plain number such as 0.05"))),
            },
        }
    }
}

/// A plain finite decimal: sign, digits, point, exponent.
pub(super) fn number(given: &str) -> Option<f64> {
    let plain = given.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    plain.then(|| given.parse().ok()).flatten().filter(|n: &f64| n.is_finite())
}
