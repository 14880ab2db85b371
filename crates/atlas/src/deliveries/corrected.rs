//! A corrected copy: what was meant is written where nothing has to be guessed, and each correction is
//! marked. What a person has to decide stays as it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use liangshan_formats::table::{Row, write_csv};
use liangshan_formats::workbook::{Cell, Column, Look, Properties, Sheet as Drawn, Workbook, write_workbook};
use liangshan_store::write_whole;
use liangshan_vocab::Problems;

use super::judge::{Judgement, Mend};
use super::numbers::decimal;
use super::reading::{MARKS, Sheet};
use crate::whole::cannot_write;

/// What stands behind the name of a corrected file.
pub(super) const SUFFIX: &str = ".corrected";

/// A sheet after its corrections: rows, what was written where and why, and the lines left out.
struct Mended {
    rows: Vec<Row>,
    marks: BTreeMap<(u64, usize), String>,
    gone: Vec<u64>,
}

fn mended(sheet: &Sheet, judgement: &Judgement<'_>) -> Mended {
    let mut out = Mended { rows: sheet.rows.clone(), marks: BTreeMap::new(), gone: Vec::new() };
    for Mend { line, at, write } in judgement.faults.iter().filter_map(|f| f.mend.as_ref()) {
        let Some(row) = out.rows.iter_mut().find(|r| r.line == *line) else { continue };
        match write {
            Some(write) => {
                if row.cells.len() <= *at {
                    row.cells.resize(at + 1, String::new());
                }
                let was = std::mem::replace(&mut row.cells[*at], write.clone());
                out.marks.insert((*line, *at), format!("{} → {write}", was.trim()));
            }
            None => out.gone.push(*line),
        }
    }
    let gone = out.gone.clone();
    out.rows.retain(|r| !gone.contains(&r.line));
    out
}

/// Writes the corrected copy of a file; nothing where nothing can be corrected.
///
/// # Errors
/// Those of writing it.
pub(super) fn write(folder: &Path, name: &str, sheets: &[(&Sheet, &Judgement<'_>)]) -> Result<Option<PathBuf>, Problems> {
    let mends = |j: &Judgement<'_>| j.faults.iter().any(|f| f.mend.is_some());
    if !sheets.iter().any(|(_, j)| mends(j)) {
        return Ok(None);
    }
    let csv = sheets.iter().all(|(s, _)| s.name.is_empty());
    let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem.strip_suffix(SUFFIX).unwrap_or(&stem);
    let path = folder.join(format!("{stem}{SUFFIX}.{}", if csv { "csv" } else { "xlsx" }));
    let bytes = if csv { sheets.first().map(|(s, j)| as_csv(s, j)).unwrap_or_default() } else { as_workbook(sheets)? };
    write_whole(&path, &bytes).map_err(|e| cannot_write(&path, &e))?;
    Ok(Some(path))
}

/// The head of the column of marks, with the lines that were left out.
fn marks_head(gone: &[u64]) -> String {
    let lines = gone.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    if gone.is_empty() { MARKS.to_owned() } else { format!("{MARKS}（删去重复行 / repeated rows left out: {lines}）") }
}

/// What was corrected in a row, in words.
fn marks_of(row: &Row, mended: &Mended, header: &Row) -> String {
    let of_row = mended.marks.range((row.line, 0)..=(row.line, usize::MAX));
    let said = of_row.map(|((_, at), said)| format!("{}：{said}", header.cells.get(*at).map_or("", |c| c.trim())));
    said.collect::<Vec<_>>().join("；")
}

fn as_csv(sheet: &Sheet, judgement: &Judgement<'_>) -> Vec<u8> {
    let mended = mended(sheet, judgement);
    let width = mended.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    let Some(header) = mended.rows.iter().find(|r| r.line == judgement.header) else { return Vec::new() };
    let old = header.cells.iter().position(|c| c.starts_with(MARKS));
    let row = |row: &Row| {
        let mut cells = row.cells.clone();
        cells.resize(width, String::new());
        if let Some(old) = old {
            cells.remove(old);
        }
        cells.push(if row.line == judgement.header { marks_head(&mended.gone) } else { marks_of(row, &mended, header) });
        cells
    };
    let mut rows = mended.rows.iter().map(row);
    let first = rows.next().unwrap_or_default();
    write_csv(&first.iter().map(String::as_str).collect::<Vec<_>>(), rows, true)
}

fn as_workbook(sheets: &[(&Sheet, &Judgement<'_>)]) -> Result<Vec<u8>, Problems> {
    let drawn = sheets.iter().map(|(sheet, judgement)| {
        let mended = mended(sheet, judgement);
        let last = mended.rows.last().map_or(0, |r| r.line);
        let header = mended.rows.iter().find(|r| r.line == judgement.header).cloned();
        let width = mended.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
        let rows = (1..=last).filter(|line| !mended.gone.contains(line)).map(|line| {
            let Some(row) = mended.rows.iter().find(|r| r.line == line) else { return Vec::new() };
            let is_header = line == judgement.header;
            let mut cells: Vec<Cell> = (0..width)
                .map(|at| {
                    let said = row.cells.get(at).map_or("", String::as_str);
                    let cell = match decimal(said).filter(|d| !is_header && d.to_string() == said && said.len() < 15).and_then(|d| f64::try_from(d).ok()) {
                        Some(number) => Cell::number(number),
                        None => Cell::text(said),
                    };
                    match mended.marks.get(&(line, at)) {
                        Some(mark) => cell.look(Look::Warning).note(mark.clone()),
                        None => cell.look(if is_header { Look::Header } else { Look::Plain }),
                    }
                })
                .collect();
            let mark = match &header {
                _ if is_header => marks_head(&mended.gone),
                Some(header) => marks_of(row, &mended, header),
                None => String::new(),
            };
            cells.push(Cell::text(mark).look(if is_header { Look::Header } else { Look::Remark }));
            cells
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        let columns = (0..=width).map(|_| Column { width: 16.0, style: None }).collect();
        let frozen = (u32::try_from(judgement.header).unwrap_or(1), 0);
        Drawn { name: sheet.name.clone(), columns, rows, frozen, ..Drawn::default() }
    });
    let properties = Properties { title: "更正稿 / corrected copy".into(), author: "liangshan".into(), ..Properties::default() };
    write_workbook(&Workbook { properties, sheets: drawn.collect() })
}
