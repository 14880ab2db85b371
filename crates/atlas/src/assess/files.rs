//! What was said, as files: a table each in CSV, all of them in one workbook, one JSON document, and the
//! pages that the caller draws. All of them or none; a file that is not ours is never overwritten.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use liangshan_formats::table::write_csv;
use liangshan_formats::workbook::{Cell as SheetCell, Column as SheetColumn, Look, NumberFormat, Properties, Sheet, Span, Workbook, write_workbook};
use liangshan_store::{digest, write_whole};
use liangshan_vocab::{Lang, Problem, Problems, Severity, text, words};
use serde_json::{Value, json};

use super::result::{Assessed, Cell, Column, MOST_ROWS, Table};

/// The list of our files in a folder, with their digests.
pub const MANIFEST: &str = "manifest.json";

/// A file to be written: its name and bytes.
pub type Written = (String, Vec<u8>);

/// The files of an assessment, pages aside. Cells of tables are in one language; heads, problems and the
/// document have both.
///
/// # Errors
/// `workbook.cannot_write`.
pub fn files(assessed: &Assessed, lang: Lang) -> Result<Vec<Written>, Problems> {
    let mut out: Vec<Written> = assessed.tables.iter().map(|t| (t.file(), csv(t, lang))).collect();
    out.push(("problems.csv".to_owned(), problems(assessed)));
    out.push(("columns.csv".to_owned(), columns(assessed)));
    out.push(("results.xlsx".to_owned(), workbook(assessed, lang)?));
    let mut document = serde_json::to_vec_pretty(&assessed.to_json()).unwrap_or_default();
    document.push(b'\n');
    out.push(("results.json".to_owned(), document));
    Ok(out)
}

/// A head in both languages with the unit: `总磷 total phosphorus (mg/L)` and the key for programs last.
fn head(column: &Column) -> String {
    let unit = if column.unit.is_empty() || column.unit == "1" { String::new() } else { format!("({})", column.unit) };
    format!("{}{unit} {}", column.title.zh, column.id)
}

fn csv(table: &Table, lang: Lang) -> Vec<u8> {
    let heads: Vec<String> = table.columns.iter().map(head).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(|cell| cell.printed().get(lang).to_owned()).collect::<Vec<_>>());
    write_csv(&heads, rows, true)
}

fn problems(assessed: &Assessed) -> Vec<u8> {
    let heads =
        ["级别 severity", "代码 code", "位置 where", "行 row", "列 column", "问题 what", "what", "应为 expected", "办法 remedy", "remedy", "同类 count"];
    let rows = assessed.problems.iter().map(|p| {
        let word = match p.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        [
            word.to_owned(),
            p.code.to_string(),
            [p.at.file.clone(), p.at.key.clone()].into_iter().flatten().collect::<Vec<_>>().join(" "),
            p.at.row.map_or(String::new(), |r| r.to_string()),
            p.at.column.clone().unwrap_or_default(),
            p.what.zh.to_string(),
            p.what.en.to_string(),
            p.expected.zh.to_string(),
            p.fix.zh.to_string(),
            p.fix.en.to_string(),
            p.count.to_string(),
        ]
    });
    write_csv(&heads, rows, true)
}

fn columns(assessed: &Assessed) -> Vec<u8> {
    let heads = ["工作表 sheet", "表头 head", "理解为 taken for", "含义 meaning", "meaning", "注明单位 stated unit", "评价单位 unit", "说明 remark", "remark"];
    let rows = assessed.columns.iter().map(|c| {
        [
            c.sheet.clone(),
            c.head.clone(),
            c.taken_for.clone(),
            c.title.zh.to_string(),
            c.title.en.to_string(),
            c.stated_unit.clone(),
            c.unit.clone(),
            c.remark.zh.to_string(),
            c.remark.en.to_string(),
        ]
    });
    write_csv(&heads, rows, true)
}

fn workbook(assessed: &Assessed, lang: Lang) -> Result<Vec<u8>, Problems> {
    let mut sheets = vec![cover(assessed)];
    sheets.extend(assessed.tables.iter().map(|table| sheet(table, lang)));
    sheets.push(listed("问题 problems", &problems(assessed))?);
    sheets.push(listed("列 columns", &columns(assessed))?);
    let properties = Properties {
        title: assessed.title.to_string(),
        subject: assessed.file.name.clone(),
        author: format!("liangshan {}", crate::VERSION),
        keywords: assessed.domain.word().to_owned(),
        comment: assessed.file.digest.as_str().to_owned(),
    };
    write_workbook(&Workbook { properties, sheets })
}

fn wide(width: f64) -> SheetColumn {
    SheetColumn { width, style: None }
}

/// What to know first, the standards, the file.
fn cover(assessed: &Assessed) -> Sheet {
    let mut rows = vec![vec![SheetCell::text(assessed.title.to_string()).look(Look::Title)]];
    let f = &assessed.file;
    rows.push(vec![SheetCell::text(format!("{}  sha256 {}", f.name, f.digest.as_str())).look(Look::Remark)]);
    let heading = |a: &str, b: &str, c: &str| [a, b, c].map(|said| SheetCell::text(said).look(Look::Header)).to_vec();
    rows.push(Vec::new());
    rows.push(heading("要点 facts", "结果 value", "说明 note"));
    for fact in &assessed.facts {
        rows.push(vec![SheetCell::text(fact.label.to_string()), SheetCell::text(fact.value.to_string()), SheetCell::text(fact.note.to_string())]);
    }
    rows.push(Vec::new());
    rows.push(heading("标准 standards", "施行期 in force", "证据与用途 evidence, use"));
    for s in &assessed.standards {
        let evidence = format!("{} · {}", s.evidence.title(), s.remark);
        rows.push(vec![SheetCell::text(format!("{} {}", s.number, s.title)), SheetCell::text(s.period.clone()), SheetCell::text(evidence)]);
    }
    if !assessed.assumed.is_empty() {
        rows.push(Vec::new());
        rows.push(heading("读取时的认定 taken for granted", "", ""));
        rows.extend(assessed.assumed.iter().map(|a| vec![SheetCell::text(a.to_string())]));
    }
    Sheet { name: "概要 summary".into(), columns: vec![wide(52.0), wide(34.0), wide(60.0)], rows, ..Sheet::default() }
}

/// Rows above the data of a table.
const HEADS: u32 = 3;

fn sheet(table: &Table, lang: Lang) -> Sheet {
    let mut rows = vec![
        vec![SheetCell::text(table.title.to_string()).look(Look::Title)],
        vec![SheetCell::text(table.lead.to_string()).look(Look::Remark)],
        table.columns.iter().map(|c| SheetCell::text(head(c)).look(Look::Header)).collect(),
    ];
    if table.rows.len() > MOST_ROWS {
        let (count, file) = (table.rows.len(), table.file());
        let said = words!("{count} 行，只写在 {file} 中", "{count} rows, in {file} only");
        rows.push(vec![SheetCell::text(said.to_string()).look(Look::Remark)]);
    } else {
        rows.extend(table.rows.iter().map(|row| row.iter().map(|cell| sheet_cell(cell, lang)).collect()));
    }
    let last_row = rows.len() as u32 - 1;
    let last_column = (table.columns.len() as u16).saturating_sub(1);
    let width = |at: usize| {
        let longest = table.rows.iter().take(200).map(|r| printed_width(r[at].printed().get(lang))).max().unwrap_or(0);
        wide(longest.max(printed_width(&head(&table.columns[at])) / 2).clamp(8, 44) as f64 + 2.0)
    };
    let name: String = format!("{} {}", table.title.zh, table.id).chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
    Sheet {
        name,
        columns: (0..table.columns.len()).map(width).collect(),
        rows,
        frozen: (HEADS, 1),
        repeated: Some((HEADS - 1, HEADS - 1)),
        filter: Some(Span { first_row: HEADS - 1, first_column: 0, last_row, last_column }),
        ..Sheet::default()
    }
}

fn printed_width(said: &str) -> usize {
    said.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn sheet_cell(cell: &Cell, lang: Lang) -> SheetCell {
    match cell {
        Cell::Blank => SheetCell::default(),
        Cell::Whole(n) => SheetCell::number(*n as f64).format(NumberFormat::Whole),
        Cell::Number(n, _) => SheetCell::number(*n),
        Cell::Truth(Some(false), words) => SheetCell::text(words.get(lang)).look(Look::Warning),
        other => SheetCell::text(other.printed().get(lang)),
    }
}

/// A list that is already a table in text.
fn listed(name: &str, bytes: &[u8]) -> Result<Sheet, Problems> {
    let table = liangshan_formats::table::read_csv(bytes)?;
    let mut rows = vec![table.columns.iter().map(|c| SheetCell::text(c.clone()).look(Look::Header)).collect::<Vec<_>>()];
    rows.extend(table.rows.into_iter().map(|r| r.cells.into_iter().map(SheetCell::text).collect()));
    Ok(Sheet { name: name.to_owned(), columns: vec![wide(24.0); table.columns.len()], rows, frozen: (1, 0), repeated: Some((0, 0)), ..Sheet::default() })
}

/// Where results go when nobody says: a folder of the file's own in the working folder.
pub fn default_folder(assessed: &Assessed) -> PathBuf {
    let stem = Path::new(&assessed.file.name).file_stem().map_or_else(|| "file".to_owned(), |s| s.to_string_lossy().into_owned());
    PathBuf::from(format!("assess-{}-{stem}", assessed.domain.word()))
}

/// Writes files into a folder. Files of an earlier run are replaced, those it no longer has are taken
/// away; a file that is not ours stops everything before anything is written.
///
/// # Errors
/// `assess.foreign_file` for each file that is in the way, `output.cannot_write`.
pub fn write(folder: &Path, files: &[Written]) -> Result<(), Problems> {
    let before = ours(folder);
    let mut problems = Problems::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        let Ok(there) = fs::read(&path) else {
            if path.exists() {
                problems.push(foreign(&path));
            }
            continue;
        };
        let is_ours = before.get(name).is_some_and(|known| known.contains(&digest(&there).as_str().to_owned()));
        if there != *bytes && !is_ours {
            problems.push(foreign(&path));
        }
    }
    if folder.join(MANIFEST).exists() && before.is_empty() {
        problems.push(foreign(&folder.join(MANIFEST)));
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        write_whole(&path, bytes).map_err(|error| crate::whole::cannot_write(&path, &error))
    };
    // Until all is written both the old and the new files are known as ours, so that a stop halfway can be
    // mended by another run.
    let mut both = before.clone();
    for (name, bytes) in files {
        both.entry(name.clone()).or_default().push(digest(bytes).as_str().to_owned());
    }
    put(MANIFEST, &manifest(&both))?;
    for (name, bytes) in files {
        put(name, bytes)?;
    }
    for (name, known) in before.iter().filter(|(name, _)| !files.iter().any(|f| f.0 == **name)) {
        let path = folder.join(name);
        // One that somebody has changed is theirs now.
        if fs::read(&path).is_ok_and(|there| known.contains(&digest(&there).as_str().to_owned())) {
            fs::remove_file(&path).map_err(|error| crate::whole::cannot_write(&path, &error))?;
        }
    }
    let now = files.iter().map(|(name, bytes)| (name.clone(), vec![digest(bytes).as_str().to_owned()])).collect();
    put(MANIFEST, &manifest(&now))?;
    Ok(())
}

/// The files that earlier runs have written, with their digests.
fn ours(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let read = fs::read(folder.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let Some(manifest) = read.filter(|m| m["made_by"] == MADE_BY) else { return BTreeMap::new() };
    let digests = |v: &Value| v.as_array().map(|a| a.iter().filter_map(|d| d.as_str().map(str::to_owned)).collect()).unwrap_or_default();
    let plain = |name: &String| !name.contains(['/', '\\']) && name != "..";
    manifest["files"].as_object().map(|o| o.iter().filter(|(name, _)| plain(name)).map(|(name, v)| (name.clone(), digests(v))).collect()).unwrap_or_default()
}

const MADE_BY: &str = "liangshan assess";

fn manifest(files: &BTreeMap<String, Vec<String>>) -> Vec<u8> {
    let mut out = serde_json::to_vec_pretty(&json!({ "made_by": MADE_BY, "version": crate::VERSION, "files": files })).unwrap_or_default();
    out.push(b'\n');
    out
}

fn foreign(path: &Path) -> Problem {
    let shown = path.display().to_string();
    Problem::error(
        "assess.foreign_file",
        words!("“{shown}”不是本命令写的，或写后被改过，不覆盖", "\"{shown}\" was not written by this command, or was changed since, and is not overwritten"),
    )
    .file(shown)
    .expect(text("空目录，或本命令以前写的目录", "an empty folder, or one this command has written"))
    .fix(text("移走该文件，或用 --out 另指目录；没有写入任何文件", "move it away, or name another folder by --out; nothing was written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, said: &str) -> Written {
        (name.to_owned(), said.as_bytes().to_vec())
    }

    #[test]
    fn ours_are_replaced_and_others_never() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        write(path, &[file("a.csv", "1"), file("b.csv", "2")]).unwrap();
        write(path, &[file("a.csv", "3")]).unwrap();
        assert_eq!(fs::read_to_string(path.join("a.csv")).unwrap(), "3");
        assert!(!path.join("b.csv").exists(), "what the second run does not have is taken away");
        fs::write(path.join("a.csv"), "mine").unwrap();
        fs::write(path.join("c.csv"), "mine too").unwrap();
        let refused = write(path, &[file("a.csv", "4"), file("c.csv", "5"), file("d.csv", "6")]).unwrap_err();
        assert_eq!(refused.len(), 2);
        assert!(refused.iter().all(|p| p.code == "assess.foreign_file"));
        assert_eq!(fs::read_to_string(path.join("a.csv")).unwrap(), "mine");
        assert!(!path.join("d.csv").exists(), "nothing is half-written");
    }

    #[test]
    fn a_manifest_of_somebody_else_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(MANIFEST), "{}").unwrap();
        assert!(write(folder.path(), &[file("a.csv", "1")]).is_err());
        assert!(!folder.path().join("a.csv").exists());
    }
}
