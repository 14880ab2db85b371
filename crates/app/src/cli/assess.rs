//! `assess`: a department's file judged by the standards in force.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use liangshan_atlas::assess::files::{MANIFEST, default_folder, files, write};
use liangshan_atlas::assess::{Assessed, Cell, Domain, Request, Table, Zone, assess as judged};
use liangshan_vocab::fact::is_day;
use liangshan_vocab::{Lang, Severity};
use serde_json::{Value, json};

use super::print::{problems_json, table_of_words};
use super::{FINE, Face, PROBLEMS, WRONG_USE, aside};
use crate::ui::bulletin;

/// The page among the results.
const PAGE: &str = "bulletin.html";

/// Judges a file, writes the results and prints what to know first.
pub(super) fn assess(matches: &ArgMatches, face: Face) -> u8 {
    let request = match request(matches, face) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let assessed = match judged(&request) {
        Ok(assessed) => assessed,
        Err(problems) => return face.refuse(&problems),
    };
    let folder = matches.get_one::<String>("out").map_or_else(|| default_folder(&assessed), PathBuf::from);
    let written = files(&assessed, face.lang).and_then(|mut all| {
        all.push((PAGE.to_owned(), bulletin(&assessed, face.lang).into_bytes()));
        write(&folder, &all)?;
        Ok(all.into_iter().map(|f| f.0).collect::<Vec<_>>())
    });
    let names = match written {
        Ok(names) => names,
        Err(problems) => return face.refuse(&problems),
    };
    if face.json {
        face.document(&document(&assessed, &folder, &names, face));
    } else {
        if !assessed.problems.is_empty() {
            aside(&face.letters(&assessed.problems));
        }
        face.out(&shown(&assessed, &folder, face));
    }
    if assessed.problems.has_errors() { PROBLEMS } else { FINE }
}

/// What is asked; wrong use is told here, with its exit code.
fn request(matches: &ArgMatches, face: Face) -> Result<Request, u8> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let (Some(domain), Some(file)) = (text("domain").as_deref().and_then(Domain::parse), text("file")) else { return Err(WRONG_USE) };
    let standards: Vec<String> = text("standard").map(|s| s.split([',', '，']).map(|id| id.trim().to_owned()).collect()).unwrap_or_default();
    if standards.iter().any(String::is_empty) {
        return Err(face.wrong_use(face.say("--standard 的写法是 标识 或 A,B", "--standard is ID or A,B")));
    }
    let mut limits = Vec::new();
    for said in matches.get_many::<String>("limit").into_iter().flatten() {
        match said.split_once('=').and_then(|(item, value)| Some((item.trim().to_owned(), value.trim().parse().ok()?))) {
            Some(limit) => limits.push(limit),
            None => return Err(face.wrong_use(face.say("--limit 的写法是 项目=数值，如 nh3n=0.025", "--limit is ITEM=VALUE, such as nh3n=0.025"))),
        }
    }
    let on = text("on").unwrap_or_else(|| crate::clock::today().to_string());
    if !is_day(&on) {
        return Err(face.wrong_use(face.say("--on 的写法是日期，如 2026-03-01", "--on is a day, such as 2026-03-01")));
    }
    let zone = if text("zone").as_deref() == Some("1") { Zone::Class1 } else { Zone::Class2 };
    let path = |name: &str| text(name).map(PathBuf::from);
    Ok(Request { domain, file: PathBuf::from(file), standards, stations: path("stations"), limits, zone, region: path("rules"), place: None, on })
}

fn document(assessed: &Assessed, folder: &Path, names: &[String], face: Face) -> Value {
    let mut document = assessed.to_json();
    let told = problems_json(&assessed.problems, face.lang);
    document["problems"] = told["problems"].clone();
    document["out"] = json!({ "dir": folder.display().to_string(), "files": names, "manifest": MANIFEST });
    document
}

/// What to know first, as text.
fn shown(assessed: &Assessed, folder: &Path, face: Face) -> String {
    let lang = face.lang;
    let f = &assessed.file;
    let mut out = format!("{} · {}\n", assessed.title.get(lang), f.name);
    let (rows, refused, aside) = (f.rows, f.refused, f.set_aside);
    let period = if f.period.0.is_empty() { String::new() } else { format!("{} – {}{}", f.period.0, f.period.1, face.say("，", ", ")) };
    out.push_str(&match lang {
        Lang::Zh => format!("{period}{rows} 行（{}），{refused} 行未能评价，{aside} 行因维护等剔除\n\n", f.encoding),
        Lang::En => format!("{period}{rows} rows ({}), {refused} not judged, {aside} set aside as maintenance or the like\n\n", f.encoding),
    });
    out.push_str(&columns(assessed, face));
    for assumed in &assessed.assumed {
        out.push_str(&format!("! {}\n", assumed.get(lang)));
    }
    out.push('\n');
    for standard in &assessed.standards {
        let (evidence, remark) = (standard.evidence.title(), &standard.remark);
        out.push_str(&format!("{} {}  {}  {}  {}\n", standard.number, standard.title.get(lang), standard.period, evidence.get(lang), remark.get(lang)));
    }
    out.push('\n');
    let facts: Vec<Vec<String>> =
        assessed.facts.iter().map(|f| vec![f.label.get(lang).to_owned(), f.value.get(lang).to_owned(), f.note.get(lang).to_owned()]).collect();
    out.push_str(&table_of_words(&[face.say("要点", "fact"), face.say("结果", "value"), face.say("说明", "note")], &facts));
    for table in assessed.tables.iter().filter(|t| t.shown > 0 && !t.rows.is_empty()) {
        out.push_str(&results(table, face));
    }
    let [errors, warnings, notes] = assessed.problems.counts();
    let folder = folder.display();
    out.push_str(&match lang {
        Lang::Zh => format!("\n{errors} 个错误，{warnings} 个警告，{notes} 个提示。\n结果写入 {folder}/：{PAGE}、results.xlsx、results.json 与各表 CSV\n"),
        Lang::En => format!("\n{errors} errors, {warnings} warnings, {notes} notes.\nResults written to {folder}/: {PAGE}, results.xlsx, results.json and a CSV for each table\n"),
    });
    if assessed.problems.iter().any(|p| p.severity == Severity::Error) {
        out.push_str(face.say("有错误的行或格未参与评价，其余已评价。\n", "Rows and cells with errors were not judged; the others were.\n"));
    }
    out
}

/// How each column was read.
fn columns(assessed: &Assessed, face: Face) -> String {
    let lang = face.lang;
    let rows: Vec<Vec<String>> = assessed
        .columns
        .iter()
        .filter(|c| !c.head.is_empty())
        .map(|c| vec![c.head.clone(), c.title.get(lang).to_owned(), c.unit.clone(), c.remark.get(lang).to_owned()])
        .collect();
    table_of_words(&[face.say("列", "column"), face.say("理解为", "taken for"), face.say("单位", "unit"), face.say("说明", "remark")], &rows)
}

/// A table of results, as many rows as are worth a look.
fn results(table: &Table, face: Face) -> String {
    let columns: Vec<usize> = (0..table.columns.len()).filter(|c| !table.columns[*c].wide && table.rows.iter().any(|r| r[*c] != Cell::Blank)).collect();
    let heads: Vec<String> = columns
        .iter()
        .map(|c| {
            let column = &table.columns[*c];
            let unit = if column.unit.is_empty() || column.unit == "1" { String::new() } else { format!(" {}", column.unit) };
            format!("{}{unit}", column.title.get(face.lang))
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().take(table.shown).map(|row| columns.iter().map(|c| row[*c].printed().get(face.lang).to_owned()).collect()).collect();
    let mut out = format!("\n{}\n{}", table.title.get(face.lang), table_of_words(&heads, &rows));
    let more = table.rows.len().saturating_sub(table.shown);
    if more > 0 {
        out.push_str(&match face.lang {
            Lang::Zh => format!("… 另有 {more} 行\n"),
            Lang::En => format!("… {more} more rows\n"),
        });
    }
    out
}
