//! A delivered file as sheets of cells, and which declared table each of them is.

use liangshan_formats::table::{Row, read_csv_rows};
use liangshan_formats::workbook::read_workbook;
use liangshan_vocab::{Problem, Problems, nearest, text, words};

use super::forms::{Column, Form, Kind};
use super::known::Knowledge;
use super::numbers::{half_width, unit_said};

/// One table of a file, not yet understood.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// The tab; empty for a CSV file.
    pub(super) name: String,
    /// Its rows.
    pub(super) rows: Vec<Row>,
    /// What the reader of the format found wrong.
    pub(super) faults: Problems,
}

/// The mark of corrected copies: a column that is not read.
pub(super) const MARKS: &str = "更正 corrections";

/// Tabs of our own workbooks that hold no table.
const OURS: [&str; 3] = ["说明", "清单", "notes"];

/// True for the bytes of a ZIP or an old binary Office file.
fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// The ending under which a file is kept.
pub(super) fn ending(bytes: &[u8]) -> &'static str {
    if is_workbook(bytes) { "xlsx" } else { "csv" }
}

/// Reads a file.
///
/// # Errors
/// What makes it unreadable as a whole.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Problems> {
    if !is_workbook(bytes) {
        let (rows, _) = read_csv_rows(bytes)?;
        return Ok(vec![Sheet { name: String::new(), rows, faults: Problems::new() }]);
    }
    let book = read_workbook(bytes)?;
    let sheets = book.sheets.into_iter().filter(|s| !OURS.iter().any(|own| s.name.trim().starts_with(own)) && !s.rows.is_empty());
    Ok(sheets
        .map(|s| {
            let header = header_like(&s.rows);
            let faults = s.table_from(header).err().unwrap_or_default();
            // Error cells are told cell by cell with all else that is wrong in them.
            let faults = faults.into_iter().filter(|p| p.code == "workbook.merged_cells" || p.code == "workbook.not_calculated").collect();
            Sheet { name: s.name, rows: s.rows, faults: Problems(faults) }
        })
        .collect())
}

/// The first row with more than one cell that has something.
fn header_like(rows: &[Row]) -> u64 {
    let filled = |row: &&Row| row.cells.iter().filter(|c| !c.trim().is_empty()).count() > 1;
    rows.iter().find(filled).or(rows.first()).map_or(1, |row| row.line)
}

/// A head without brackets, in small half-width letters, and what stood in the last brackets.
fn head(cell: &str) -> (String, Option<String>) {
    let narrow = half_width(cell);
    let (mut plain, mut inside, mut deep) = (String::new(), None::<String>, 0_usize);
    for c in narrow.chars() {
        match c {
            '(' | '[' => {
                deep += 1;
                if deep == 1 {
                    inside = Some(String::new());
                    continue;
                }
            }
            ')' | ']' if deep > 0 => {
                deep -= 1;
                if deep == 0 {
                    continue;
                }
            }
            _ => {}
        }
        if deep > 0 { inside.get_or_insert_default().push(c) } else { plain.push(c) }
    }
    (plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(), inside)
}

/// True when a head is what this column is called in either language, or by its name.
fn is_called(head: &str, column: &Column) -> bool {
    let name = column.name.to_lowercase();
    head == name || head == column.title.zh.to_lowercase() || head == column.title.en.to_lowercase() || head.rsplit(' ').next() == Some(name.as_str())
}

/// The unit that a head states in brackets, where it does.
pub(super) fn stated_unit(cell: &str) -> Option<String> {
    head(cell).1.and_then(|said| unit_said(&said).map(str::to_owned))
}

/// What a column of a sheet is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heading {
    /// A column of the form.
    Is(usize),
    /// Misspelt, and nearest to a column of the form.
    Near(usize),
    /// Not of the form.
    Unknown,
    /// Without a head, or the mark of a corrected copy: not read.
    Blank,
}

/// What the columns of a header row are in a form.
pub(super) fn headings(row: &Row, form: &Form) -> Vec<Heading> {
    let mut found: Vec<Heading> = row
        .cells
        .iter()
        .map(|cell| {
            let (plain, _) = head(cell);
            if plain.is_empty() || plain.starts_with(&MARKS.to_lowercase()) {
                return Heading::Blank;
            }
            form.columns.iter().position(|c| is_called(&plain, c)).map_or(Heading::Unknown, Heading::Is)
        })
        .collect();
    for (i, cell) in row.cells.iter().enumerate() {
        if found[i] != Heading::Unknown {
            continue;
        }
        let (plain, _) = head(cell);
        let free = |k: &usize| !found.iter().any(|h| matches!(h, Heading::Is(n) | Heading::Near(n) if n == k));
        let free: Vec<usize> = (0..form.columns.len()).filter(free).collect();
        let by_title = |title: fn(&Column) -> &str| nearest(&plain, free.iter().map(|k| title(&form.columns[*k])));
        let (name, zh) = (by_title(|c| c.name.as_str()), by_title(|c| c.title.zh.as_ref()));
        if let Some(k) = free.iter().find(|k| name == Some(form.columns[**k].name.as_str()) || zh == Some(form.columns[**k].title.zh.as_ref())) {
            found[i] = Heading::Near(*k);
        }
    }
    found
}

/// A sheet that was recognised.
pub(super) struct Recognised<'f> {
    pub(super) form: &'f Form,
    /// Its header: an index into the rows.
    pub(super) header: usize,
    pub(super) headings: Vec<Heading>,
}

/// How much of a form's header is there, in thousandths.
fn likeness(headings: &[Heading], form: &Form) -> usize {
    let score = |h: &Heading| match h {
        Heading::Is(_) => 4,
        Heading::Near(_) => 3,
        _ => 0,
    };
    let there: usize = headings.iter().map(score).sum();
    let strange = headings.iter().filter(|h| **h == Heading::Unknown).count();
    let wanted = form.columns.iter().filter(|c| !c.for_reading).count().max(1);
    (there * 250 / wanted).saturating_sub(60 * strange)
}

/// What a form loses in likeness when no row is about any of its lines.
const OTHER_LINES: usize = 300;

/// How many rows are about a line of the form, in thousandths; `None` where it declares no lines, or the
/// sheet has no such column or no rows.
fn on_lines(rows: &[Row], headings: &[Heading], form: &Form) -> Option<usize> {
    let by = form.columns.iter().position(|c| matches!(&c.kind, Kind::Code(_)) && form.lines_by.contains(&c.name))?;
    let at = headings.iter().position(|h| *h == Heading::Is(by) || *h == Heading::Near(by))?;
    let Kind::Code(codes) = &form.columns[by].kind else { return None };
    let known = |row: &&Row| row.cells.get(at).is_some_and(|cell| codes.iter().any(|(code, zh)| cell.trim() == code || cell.trim() == zh));
    (!rows.is_empty()).then(|| 1000 * rows.iter().filter(known).count() / rows.len())
}

/// Which table a sheet is: by its header, then by what its rows are about, then by what it is called.
///
/// # Errors
/// `delivery.unrecognised`, with the nearest.
pub(super) fn recognise<'f>(sheet: &Sheet, called: &str, asked: Option<&str>, knowledge: &'f Knowledge<'_>) -> Result<Recognised<'f>, Problem> {
    let mut best: Option<((usize, usize, bool), Recognised<'f>)> = None;
    for form in knowledge.forms.forms.iter().filter(|f| asked.is_none_or(|id| id == f.id)) {
        for (header, row) in sheet.rows.iter().enumerate().take(12) {
            let headings = headings(row, form);
            let lines = on_lines(&sheet.rows[header + 1..], &headings, form);
            // Rows of which none is about a line of the form are probably another table's.
            let like = likeness(&headings, form).saturating_sub(if lines == Some(0) { OTHER_LINES } else { 0 });
            let named = [called, sheet.name.trim()].iter().any(|n| *n == form.id || *n == form.title.zh);
            let score = (like, lines.unwrap_or(0), named);
            if like > 0 && best.as_ref().is_none_or(|(b, _)| score > *b) {
                best = Some((score, Recognised { form, header, headings }));
            }
        }
    }
    match best {
        Some(((like, ..), found)) if like >= 550 || (asked.is_some() && like >= 200) => Ok(found),
        other => {
            let near = other.map(|(_, found)| found.form.id.clone());
            let known: Vec<&str> = knowledge.forms.forms.iter().map(|f| f.id.as_str()).collect();
            Err(Problem::error("delivery.unrecognised", text("认不出这是哪张报表", "it cannot be told which table this is"))
                .key(if sheet.name.is_empty() { called.to_owned() } else { sheet.name.clone() })
                .expect(words!("表头与某张报表的一致：{}", "the header of one of these tables: {}", known.join(", ")))
                .fix_near(
                    near.as_deref(),
                    text(
                        "用 `liangshan template` 得到带表头的空表，或用 --table 指明",
                        "`liangshan template` writes tables with their headers; or name it by --table",
                    ),
                ))
        }
    }
}
