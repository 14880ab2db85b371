//! XLSX bytes into sheets of cell texts.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, copy, sink};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use liangshan_vocab::{Problem, Problems, nearest, text, words};
use zip::ZipArchive;

use super::{MOST_COLUMNS, MOST_ROWS, cell_name, column_letters};
use crate::table::{Row, Table, header_faults};

/// All parts of a file together may expand to this many bytes.
const MOST_BYTES: u64 = 256 << 20;
/// Parts of a file.
const MOST_PARTS: usize = 4096;
/// Cells of all sheets together, counting those that are blank up to the last one of their row.
const MOST_CELLS: usize = 4_000_000;
/// Problems told of one kind and sheet before the rest are only counted.
const MOST_TOLD: usize = 1000;

/// A workbook as it was delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// Sheets of cells, in the order of the tabs. Charts and macros are left out.
    pub sheets: Vec<ReadSheet>,
    /// What a reader should know and cannot see: `workbook.hidden_sheet`, `workbook.not_cells`.
    pub notes: Problems,
}

impl Book {
    /// A sheet by its name, spaces around it aside.
    ///
    /// # Errors
    /// `workbook.no_sheet`, with the nearest that is there.
    pub fn sheet(&self, name: &str) -> Result<&ReadSheet, Problem> {
        self.sheets.iter().find(|s| s.name.trim() == name.trim()).ok_or_else(|| {
            let names = || self.sheets.iter().map(|s| s.name.as_str());
            let there = names().collect::<Vec<_>>().join(", ");
            Problem::error("workbook.no_sheet", words!("工作簿中没有工作表“{name}”", "the workbook has no sheet \"{name}\""))
                .key(name)
                .expect(words!("名为“{name}”的工作表；现有：{there}", "a sheet named \"{name}\"; there are: {there}"))
                .fix_near(nearest(name, names()), text("把数据所在的工作表改成这个名称", "give the sheet with the data this name"))
        })
    }
}

/// Whether a sheet is seen when the workbook is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// It is.
    Visible,
    /// It is hidden, also from the menu where sheets are shown again.
    Hidden,
}

/// Cells drawn as one: only the first has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row, from 1.
    pub first_row: u64,
    /// Last row.
    pub last_row: u64,
    /// First column, from 0.
    pub first_column: u32,
    /// Last column.
    pub last_column: u32,
}

impl Merged {
    /// `A1:C1`.
    pub fn name(&self) -> String {
        let (first, last) = (column_letters(self.first_column), column_letters(self.last_column));
        format!("{first}{}:{last}{}", self.first_row, self.last_row)
    }
}

/// One sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSheet {
    /// Its tab.
    pub name: String,
    /// Whether it is seen.
    pub visibility: Visibility,
    /// Rows that have anything, by the number Excel shows; cells up to the last that has anything.
    ///
    /// A cell is the text somebody would type: a number in the fewest digits that give the same
    /// double, a date as `2020-03-01`, with a time `2020-03-01T08:30:00`, a time `08:30:00`, `TRUE`
    /// and `FALSE`, an error as `#REF!`. A formula is its last calculated value.
    pub rows: Vec<Row>,
    /// Merged ranges.
    pub merged: Vec<Merged>,
    /// Cells that hold an error or a formula that was never calculated, told by [`ReadSheet::table`]
    /// where they fall into the table: row from 1, column from 0.
    faults: BTreeMap<(u64, u32), Fault>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq)]
enum Fault {
    /// `#REF!` and the like.
    Error(String),
    /// A formula without a value.
    NotCalculated,
}

impl ReadSheet {
    /// The table whose header is the first row that has anything.
    ///
    /// # Errors
    /// As [`ReadSheet::table_from`].
    pub fn table(&self) -> Result<Table, Problems> {
        self.table_from(self.rows.iter().find(|row| !is_blank(row)).map_or(1, |row| row.line))
    }

    /// The table whose header is in row `header`, counted from 1; what stands above it is left out.
    ///
    /// # Errors
    /// All at once: `table.empty`, `table.unnamed_column`, `table.duplicate_column`,
    /// `workbook.merged_cells`, `workbook.error_cell`, `workbook.not_calculated`.
    pub fn table_from(&self, header: u64) -> Result<Table, Problems> {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.line >= header && !is_blank(row)).collect();
        let Some(first) = rows.first().filter(|row| row.line == header) else {
            let name = &self.name;
            return Err(Problem::error("table.empty", words!("工作表“{name}”是空的", "the sheet \"{name}\" is empty"))
                .row(header)
                .key(name.as_str())
                .expect(text("第一行为列名，其后每行一条记录", "column names in the first line, then one record a line"))
                .into());
        };
        let width = rows.iter().map(|row| used(row)).max().unwrap_or(0);
        let cell = |row: &Row, column: usize| row.cells.get(column).cloned().unwrap_or_default();
        let columns: Vec<String> = (0..width).map(|column| cell(first, column).trim().to_owned()).collect();
        let mut problems = header_faults(&columns, header);
        problems.extend(self.merges_in(header, width));
        problems.extend(self.faults_in(header, &columns));
        problems.0.sort_by_key(|problem| problem.at.row);
        let rows = rows[1..].iter().map(|row| Row { line: row.line, cells: (0..width).map(|column| cell(row, column)).collect() });
        let table = Table { rows: rows.collect(), columns, encoding: "XLSX" };
        problems.into_result(table)
    }

    fn merges_in(&self, header: u64, width: usize) -> Vec<Problem> {
        let inside = self.merged.iter().filter(|m| m.last_row >= header && (m.first_column as usize) < width);
        inside
            .take(MOST_TOLD)
            .map(|merged| {
                let range = merged.name();
                let problem = if merged.first_row <= header {
                    Problem::error("workbook.merged_cells", words!("表头中有合并单元格 {range}", "the header has merged cells {range}"))
                        .expect(text("一行表头，每列一格", "one header row, one cell for each column"))
                } else {
                    Problem::error("workbook.merged_cells", words!("数据中有合并单元格 {range}", "there are merged cells {range} among the data"))
                        .expect(text("每格写出自己的值", "every cell with its own value"))
                };
                problem
                    .row(merged.first_row.max(header))
                    .key(format!("{}!{range}", self.name))
                    .fix(text("取消合并，在每一格中填写", "unmerge them and fill in every cell"))
            })
            .collect()
    }

    fn faults_in(&self, header: u64, columns: &[String]) -> Vec<Problem> {
        let inside = self.faults.iter().filter(|((row, column), _)| *row >= header && (*column as usize) < columns.len());
        inside
            .take(MOST_TOLD)
            .map(|((row, column), fault)| {
                let problem = match fault {
                    Fault::Error(said) => Problem::error("workbook.error_cell", words!("单元格的值是错误 {said}", "the cell holds the error {said}"))
                        .fix(text("改正公式或填写数值；没有数据则留空", "mend the formula or write the value; leave the cell empty where there is none")),
                    Fault::NotCalculated => Problem::error("workbook.not_calculated", text("公式没有计算结果", "the formula has no calculated value"))
                        .fix(text("在 Excel 或 WPS 中打开、重新计算并保存，或改为数值", "open it in Excel, let it calculate and save, or write the value")),
                };
                let name = columns.get(*column as usize).filter(|name| !name.is_empty() && *row > header);
                problem
                    .row(*row)
                    .column(name.cloned().unwrap_or_else(|| column_letters(*column)))
                    .key(format!("{}!{}", self.name, cell_name((*row - 1) as u32, *column)))
                    .expect(text("数值或文字", "a number or text"))
            })
            .collect()
    }
}

fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.trim().is_empty())
}

/// Cells up to the last that has anything.
fn used(row: &Row) -> usize {
    row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
}

/// Reads a workbook.
///
/// # Errors
/// `workbook.old_format` (XLS), `workbook.encrypted`, `workbook.not_a_workbook`,
/// `workbook.unreadable`, `workbook.too_large`.
pub fn read_workbook(bytes: &[u8]) -> Result<Book, Problems> {
    refuse_others(bytes)?;
    measure(bytes)?;
    // The library underneath adds positions without checking them where overflow is checked.
    match catch_unwind(AssertUnwindSafe(|| sheets(bytes))) {
        Ok(read) => Ok(read?),
        Err(_) => Err(unreadable("").into()),
    }
}

/// Files that people take for workbooks.
fn refuse_others(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Err(if bytes.windows(wide.len()).any(|part| part == wide) {
            Problem::error("workbook.encrypted", text("工作簿有打开密码", "the workbook needs a password to open"))
                .fix(text("取消密码后另存", "save it without a password"))
        } else {
            Problem::error("workbook.old_format", text("这是旧的 XLS 格式", "this is the old XLS format"))
                .expect(text("XLSX 工作簿或 CSV", "an XLSX workbook or CSV"))
                .fix(text("在 Excel 或 WPS 中另存为 .xlsx", "save it as .xlsx in Excel"))
        });
    }
    if bytes.starts_with(b"PK") {
        return Ok(());
    }
    Err(not_a_workbook())
}

fn not_a_workbook() -> Problem {
    Problem::error("workbook.not_a_workbook", text("文件不是 XLSX 工作簿", "the file is not an XLSX workbook"))
        .expect(text("Excel 或 WPS 保存的 .xlsx", "an .xlsx as Excel saves it"))
        .fix(text("用 Excel 或 WPS 打开后另存为 .xlsx；改后缀名不能转换格式", "open it and save it as .xlsx; a new suffix does not convert a file"))
}

fn unreadable(why: &str) -> Problem {
    let problem = Problem::error("workbook.unreadable", text("工作簿已损坏，无法读出", "the workbook is damaged and cannot be read"));
    let problem = if why.is_empty() { problem } else { problem.expect(words!("完整的 XLSX；读到：{why}", "a whole XLSX; the reader says: {why}")) };
    problem.fix(text("在 Excel 或 WPS 中打开并另存，或重新交付", "open it and save it again, or have it delivered again"))
}

fn too_large(what: &str) -> Problem {
    Problem::error("workbook.too_large", words!("工作簿过大：{what}", "the workbook is too large: {what}"))
        .expect(words!("展开后不超过 {} MB、{MOST_CELLS} 格", "at most {} MB when unpacked, and {MOST_CELLS} cells", MOST_BYTES >> 20))
        .fix(text("删去无关的工作表和整行整列的格式，或拆成几个文件", "delete unrelated sheets and formats of whole rows and columns, or split the file"))
}

/// Unpacks every part into nothing, so that what expands without end is refused before it is read.
fn measure(bytes: &[u8]) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable("zip"))?;
    if archive.len() > MOST_PARTS {
        return Err(too_large(&format!("{} parts", archive.len())));
    }
    let mut left = MOST_BYTES;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| unreadable("zip"))?;
        let taken = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| unreadable("zip"))?;
        left = left.checked_sub(taken).ok_or_else(|| too_large("zip"))?;
    }
    Ok(())
}

fn sheets(bytes: &[u8]) -> Result<Book, Problem> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::XlsxError::FileNotFound(_) => not_a_workbook(),
        e => unreadable(&e.to_string()),
    })?;
    let mut notes = Problems::new();
    let mut left = MOST_CELLS;
    let mut sheets = Vec::new();
    for tab in file.sheets_metadata().to_vec() {
        let name = &tab.name;
        if tab.typ != SheetType::WorkSheet {
            notes.push(
                Problem::note("workbook.not_cells", words!("“{name}”不是单元格工作表，没有读", "\"{name}\" is not a sheet of cells and was not read"))
                    .key(name.as_str()),
            );
            continue;
        }
        let visibility = if tab.visible == SheetVisible::Visible { Visibility::Visible } else { Visibility::Hidden };
        if visibility == Visibility::Hidden {
            notes.push(
                Problem::note("workbook.hidden_sheet", words!("工作表“{name}”是隐藏的", "the sheet \"{name}\" is hidden"))
                    .key(name.as_str())
                    .fix(text("核对其中的内容是否应当交付", "see whether what it holds was meant to be delivered")),
            );
        }
        sheets.push(sheet(&mut file, name, visibility, &mut left)?);
    }
    if sheets.is_empty() {
        return Err(not_a_workbook());
    }
    Ok(Book { sheets, notes })
}

fn sheet(file: &mut Xlsx<Cursor<&[u8]>>, name: &str, visibility: Visibility, left: &mut usize) -> Result<ReadSheet, Problem> {
    let damaged = |e: calamine::XlsxError| unreadable(&e.to_string()).key(name);
    let merged = file.merge_cells_by_sheet_name(name).map_err(damaged)?;
    let merged = merged
        .into_iter()
        .filter(|d| d.end >= d.start && d.end.0 < MOST_ROWS && d.end.1 < MOST_COLUMNS && d.start != d.end)
        .map(|d| Merged { first_row: u64::from(d.start.0) + 1, last_row: u64::from(d.end.0) + 1, first_column: d.start.1, last_column: d.end.1 })
        .collect();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut faults = BTreeMap::new();
    let mut cells = file.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
        let (row, column) = cell.pos;
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(unreadable(&cell_name(row.min(MOST_ROWS), column.min(MOST_COLUMNS))).key(name));
        }
        let at = (u64::from(row) + 1, column);
        let said = match cell.value {
            DataRef::Empty => {
                if cell.formula.is_some() {
                    faults.insert(at, Fault::NotCalculated);
                }
                continue;
            }
            DataRef::Error(error) => {
                faults.insert(at, Fault::Error(error.to_string()));
                error.to_string()
            }
            value => written(&value),
        };
        let here = rows.entry(row).or_default();
        let wanted = column as usize + 1;
        if here.len() < wanted {
            *left = left.checked_sub(wanted - here.len()).ok_or_else(|| too_large(name))?;
            here.resize(wanted, String::new());
        } else if !here[column as usize].is_empty() {
            return Err(unreadable(&cell_name(row, column)).key(name));
        }
        here[column as usize] = said;
    }
    let rows = rows.into_iter().map(|(row, cells)| Row { line: u64::from(row) + 1, cells }).collect();
    Ok(ReadSheet { name: name.to_owned(), visibility, rows, merged, faults })
}

/// A value as somebody would type it.
fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::String(said) | DataRef::DateTimeIso(said) | DataRef::DurationIso(said) => said.clone(),
        DataRef::SharedString(said) => (*said).to_owned(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(when) => dated(when),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn plain(number: f64) -> String {
    if number == 0.0 { "0".into() } else { number.to_string() }
}

/// The day after the last that the format knows, 9999-12-31, as its serial number.
const AFTER_THE_LAST_DAY: f64 = 2_958_466.0;

fn dated(when: &calamine::ExcelDateTime) -> String {
    let days = when.as_f64();
    if when.is_duration() || !(0.0..AFTER_THE_LAST_DAY).contains(&days) {
        return plain(days);
    }
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = match milli {
        0 => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    };
    match (days < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00:00") => date,
        (false, _) => format!("{date}T{time}"),
    }
}
