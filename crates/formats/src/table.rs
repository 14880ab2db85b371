//! Department tables: CSV in, whatever Excel made of it, and CSV out.
//!
//! In: UTF-8 with or without a byte-order mark, UTF-16 with one, else GB18030 (which holds GBK and
//! GB 2312); commas, or semicolons or tabs where the header has no comma. Out: UTF-8, RFC 4180
//! quoting, `\n`.

mod cells;
mod number;

use std::collections::HashMap;

use liangshan_vocab::{Problem, Problems, nearest, text, words};

/// A table as it was written: nothing is interpreted until somebody asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Column names, trimmed, each once.
    pub columns: Vec<String>,
    /// Rows with as many cells as columns. Lines that are blank, or have nothing but separators,
    /// are not rows.
    pub rows: Vec<Row>,
    /// The encoding it was in: `UTF-8`, `UTF-16LE`, `UTF-16BE` or `gb18030`; `XLSX` for a sheet.
    pub encoding: &'static str,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line it begins on, from 1; the header is usually line 1.
    pub line: u64,
    /// Cells as written, quotes undone.
    pub cells: Vec<String>,
}

/// Reads a table with a header.
///
/// # Errors
/// All at once: `table.not_text`, `table.empty` (not even a header), `table.unclosed_quote`,
/// `table.unnamed_column`, `table.duplicate_column`, and `table.ragged_row` for each row with another
/// number of cells than the header.
pub fn read_csv(bytes: &[u8]) -> Result<Table, Problems> {
    let (source, encoding) = decoded(bytes)?;
    let header = source.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or("");
    let mut problems = Problems::new();
    let separator = separator(header);
    let mut rows = Vec::new();
    cells::split(&source, separator, |row| rows.push(row), |problem| problems.push(problem));
    rows.retain(|row: &Row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    let mut rows = rows.into_iter();
    let Some(header) = rows.next() else {
        return Err(Problem::error("table.empty", text("表是空的", "the table is empty"))
            .expect(text("第一行为列名，其后每行一条记录", "column names in the first line, then one record a line"))
            .into());
    };
    let columns: Vec<String> = header.cells.iter().map(|name| name.trim().to_owned()).collect();
    problems.extend(header_faults(&columns, header.line));
    let rows: Vec<Row> = rows
        .filter(|row| {
            let (got, wanted, line) = (row.cells.len(), columns.len(), row.line);
            if got != wanted {
                problems.push(
                    Problem::error(
                        "table.ragged_row",
                        words!("第 {line} 行有 {got} 格，表头有 {wanted} 列", "line {line} has {got} cells, the header has {wanted}"),
                    )
                    .row(line)
                    .expect(words!("每行 {wanted} 格", "{wanted} cells in each row"))
                    .fix(text("补齐或删去分隔符；格内有逗号时整格加引号", "add or remove separators; put a cell that has a comma in quotes")),
                );
            }
            got == wanted
        })
        .collect();
    problems.0.sort_by_key(|problem| problem.at.row);
    problems.into_result(Table { columns, rows, encoding })
}

/// The lines of a table as they are, header or not: for files whose header is yet to be found. Lines
/// that are blank are left out; rows may have any number of cells.
///
/// # Errors
/// `table.not_text`, `table.unclosed_quote`.
pub fn read_csv_rows(bytes: &[u8]) -> Result<(Vec<Row>, &'static str), Problems> {
    let (source, encoding) = decoded(bytes)?;
    // A title above the header may have no separator at all.
    let lines = || source.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(12);
    let header = lines().find(|line| separator(line) != ',' || line.contains(',')).unwrap_or("");
    let (mut rows, mut problems) = (Vec::new(), Problems::new());
    cells::split(&source, separator(header), |row| rows.push(row), |problem| problems.push(problem));
    rows.retain(|row: &Row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    problems.into_result((rows, encoding))
}

/// Writes a table: UTF-8, with a byte-order mark for Excel if `bom`.
pub fn write_csv<R, C>(columns: &[&str], rows: impl IntoIterator<Item = R>, bom: bool) -> Vec<u8>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut out = Vec::from(if bom { "\u{feff}" } else { "" });
    cells::join(columns, &mut out);
    for row in rows {
        cells::join(row, &mut out);
    }
    out
}

/// The bytes as characters, and the name of their encoding.
fn decoded(bytes: &[u8]) -> Result<(String, &'static str), Problem> {
    let (encoding, bom) = match encoding_rs::Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        None => (encoding_rs::GB18030, 0),
    };
    match encoding.decode_without_bom_handling_and_without_replacement(&bytes[bom..]) {
        Some(source) if !source.contains('\0') => Ok((source.into_owned(), encoding.name())),
        _ => Err(Problem::error("table.not_text", text("文件不是文本表", "the file is not a table in text"))
            .expect(text("UTF-8 或 GBK 编码的 CSV", "CSV in UTF-8 or GBK"))
            .fix(text("在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "in Excel, save it as \"CSV UTF-8 (comma delimited)\""))),
    }
}

/// Comma, unless the header has none outside its quotes and does have a tab or a semicolon.
fn separator(header: &str) -> char {
    let bare: String = header.split('"').step_by(2).collect();
    [',', '\t', ';'].into_iter().find(|c| bare.contains(*c)).unwrap_or(',')
}

pub(crate) fn header_faults(columns: &[String], line: u64) -> Problems {
    let mut problems = Problems::new();
    for (i, name) in columns.iter().enumerate() {
        let number = i + 1;
        if name.is_empty() {
            problems.push(
                Problem::error("table.unnamed_column", words!("第 {number} 列没有列名", "column {number} has no name"))
                    .row(line)
                    .fix(text("填写列名；若整列为空则删除该列", "name it, or delete the column if it is empty")),
            );
        } else if let Some(first) = columns[..i].iter().position(|earlier| earlier == name) {
            let first = first + 1;
            problems.push(
                Problem::error(
                    "table.duplicate_column",
                    words!("列名“{name}”重复：第 {first} 列和第 {number} 列", "the column \"{name}\" is there twice: columns {first} and {number}"),
                )
                .row(line)
                .column(name.as_str())
                .fix(text("改名或删除其中一列", "rename or delete one of them")),
            );
        }
    }
    problems
}

impl Table {
    /// The position of a column.
    ///
    /// # Errors
    /// `table.missing_column`, with the nearest that is there.
    pub fn column(&self, name: &str) -> Result<usize, Problem> {
        self.columns.iter().position(|column| column == name).ok_or_else(|| {
            let problem = Problem::error("table.missing_column", words!("缺少列“{name}”", "the column \"{name}\" is missing"))
                .row(1)
                .column(name)
                .expect(words!("名为“{name}”的列；现有：{}", "a column named \"{name}\"; there are: {}", self.columns.join(", ")));
            match nearest(name, self.columns.iter().map(String::as_str)) {
                Some(near) => problem.fix(words!("若“{near}”即此列，请改名为“{name}”", "if \"{near}\" is that column, rename it to \"{name}\"")),
                None => problem.fix(words!("添加列“{name}”", "add a column \"{name}\"")),
            }
        })
    }

    /// The positions of several columns.
    ///
    /// # Errors
    /// A `table.missing_column` for each that is not there.
    pub fn find<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], Problems> {
        let mut problems = Problems::new();
        let found = names.map(|name| problems.keep(self.column(name)).unwrap_or(0));
        problems.into_result(found)
    }

    /// A cell without the spaces around it; empty where missing.
    pub fn text<'r>(&self, row: &'r Row, column: usize) -> &'r str {
        row.cells.get(column).map_or("", |cell| cell.trim())
    }

    /// A cell as a number; `None` where it is empty.
    ///
    /// # Errors
    /// `table.not_a_number` for anything but plain digits with a sign, a point and an exponent. It
    /// says how to write 1,234, full-width digits, units, and the signs people put for "no value".
    pub fn number(&self, row: &Row, column: usize) -> Result<Option<f64>, Problem> {
        let cell = self.text(row, column);
        if cell.is_empty() {
            return Ok(None);
        }
        number::parse(cell).map(Some).ok_or_else(|| self.in_cell(number::not_a_number(cell), row, column))
    }

    /// A cell as an integer; `None` where it is empty.
    ///
    /// # Errors
    /// `table.not_an_integer`, also for 2019.0.
    pub fn integer(&self, row: &Row, column: usize) -> Result<Option<i64>, Problem> {
        let cell = self.text(row, column);
        if cell.is_empty() {
            return Ok(None);
        }
        number::parse_integer(cell).map(Some).ok_or_else(|| self.in_cell(number::not_an_integer(cell), row, column))
    }

    /// A `table.unknown_column` for each column not in `known`, with the nearest that is.
    pub fn unexpected_columns(&self, known: &[&str]) -> Vec<Problem> {
        let unknown = self.columns.iter().filter(|name| !known.contains(&name.as_str()));
        unknown
            .map(|name| {
                let problem = Problem::error("table.unknown_column", words!("不认识列“{name}”", "the column \"{name}\" is not known"))
                    .row(1)
                    .column(name.as_str())
                    .expect(words!("下列各列：{}", "these columns: {}", known.join(", ")));
                match nearest(name, known.iter().copied().filter(|k| !self.columns.iter().any(|c| c == k))) {
                    Some(near) => problem.fix(words!("是否指“{near}”？", "did you mean \"{near}\"?")),
                    None => problem.fix(text("删除该列", "delete the column")),
                }
            })
            .collect()
    }

    /// A `table.duplicate_key` for each row whose key columns, trimmed, repeat those of an earlier row.
    pub fn duplicate_keys(&self, key_columns: &[usize]) -> Problems {
        let mut problems = Problems::new();
        let mut first: HashMap<Vec<&str>, u64> = HashMap::new();
        for row in &self.rows {
            let line = row.line;
            let key: Vec<&str> = key_columns.iter().map(|c| self.text(row, *c)).collect();
            let named = key_columns.iter().zip(&key).map(|(c, value)| format!("{} = {value}", self.columns.get(*c).map_or("", String::as_str)));
            let named = named.collect::<Vec<_>>().join(", ");
            let earlier = *first.entry(key).or_insert(line);
            if earlier != line {
                problems.push(
                    Problem::error("table.duplicate_key", words!("第 {earlier} 行和第 {line} 行的键相同", "lines {earlier} and {line} have the same key"))
                        .row(line)
                        .key(named)
                        .expect(text("每个键只有一行", "one row for each key"))
                        .fix(words!("核对第 {earlier} 行和第 {line} 行，删除一行或改正键", "compare lines {earlier} and {line}; delete one or mend its key")),
                );
            }
        }
        problems
    }

    fn in_cell(&self, problem: Problem, row: &Row, column: usize) -> Problem {
        problem.row(row.line).column(self.columns.get(column).cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
