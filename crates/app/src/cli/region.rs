//! `new`, `check` and `run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ArgMatches;
use liangshan_accounts::account::{ALL, Row, Total};
use liangshan_accounts::catalogue;
use liangshan_atlas::book::{Hooks, Options, Prepared};
use liangshan_atlas::publication::Publication;
use liangshan_atlas::publish::{Done, Outcome, Page, run as publish};
use liangshan_atlas::region::{Region, Weather};
use liangshan_atlas::{control, template, whole};
use liangshan_vocab::{Fen, Lang, Problem, Problems, text, words};
use serde_json::{Value, json};

use super::print::{Progress, problems_json, table, worth_telling};
use super::{FINE, Face, PROBLEMS, WRONG_USE};
use crate::ui::report;

/// Writes the template of a region.
pub(super) fn new(matches: &ArgMatches, face: Face) -> u8 {
    let Some(dir) = matches.get_one::<String>("dir") else { return WRONG_USE };
    match template::begin(Path::new(dir)) {
        Ok(files) => {
            if face.json {
                face.document(&json!({ "dir": dir, "files": files }));
            } else {
                face.out(&match face.lang {
                    Lang::Zh => {
                        format!("已在 {dir} 写入 {files} 个文件。\n先读 {dir}/README.md，改好 {dir}/region.toml，然后运行：\n\n    liangshan check {dir}\n")
                    }
                    Lang::En => {
                        format!("{files} files written to {dir}.\nRead {dir}/README.md, fill {dir}/region.toml, then run:\n\n    liangshan check {dir}\n")
                    }
                });
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}

pub(super) fn options(matches: &ArgMatches) -> Result<Options, Problems> {
    let text_of = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
    let years = matches.try_get_many::<i32>("year").ok().flatten().map(|y| y.copied().collect()).unwrap_or_default();
    if let Ok(Some(threads)) = matches.try_get_one::<u16>("threads") {
        // The pool is made once; a second call in one process would change nothing.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(*threads)).build_global();
    }
    let memory = text_of("memory").map(|size| bytes(&size)).transpose()?;
    let program = std::env::current_exe().ok().and_then(|path| whole::file_digest(&path));
    Ok(Options {
        years,
        profile: text_of("profile"),
        weather: text_of("weather").as_deref().and_then(Weather::parse),
        out: text_of("out").map(PathBuf::from),
        program,
        memory,
        zones_on: None,
    })
}

/// `200M`, `2G`, or plain bytes.
fn bytes(size: &str) -> Result<u64, Problem> {
    let (number, factor) = match size.trim_end_matches(['B', 'b', 'i']).char_indices().last() {
        Some((at, 'K' | 'k')) => (&size[..at], 1 << 10),
        Some((at, 'M' | 'm')) => (&size[..at], 1 << 20),
        Some((at, 'G' | 'g')) => (&size[..at], 1_u64 << 30),
        _ => (size, 1),
    };
    number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).filter(|n| *n > 0).ok_or_else(|| {
        Problem::error("option.memory", words!("“{size}”不是内存大小", "\"{size}\" is not a size of memory"))
            .expect(text("如 200M 或 2G", "such as 200M or 2G"))
    })
}

/// Lists every problem.
pub(super) fn check(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let options = match options(matches) {
        Ok(options) => options,
        Err(problems) => return face.refuse(&problems),
    };
    let progress = Progress::new(face);
    let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| false };
    let (mut problems, tables) = match Prepared::open(Path::new(region), &options) {
        Ok(prepared) => (prepared.survey(hooks), Some(prepared.deliveries)),
        Err(problems) => (problems, None),
    };
    // The layers of control are no part of the account; what is wrong with them is told with the rest.
    if let Ok(region) = Region::open(Path::new(region)) {
        problems.extend(control::check(&region));
        problems.extend(liangshan_atlas::approved::check(&region));
        whole::once_each(&mut problems);
        problems.sort();
    }
    progress.end();
    if face.json {
        let mut document = problems_json(&problems, face.lang);
        if let Some(tables) = &tables {
            merge(&mut document, json!({ "deliveries": tables.to_json() }));
        }
        face.document(&document);
    } else {
        let found = if problems.is_empty() { face.say("没有发现问题。\n", "No problems found.\n").to_owned() } else { face.letters(&problems) };
        let tables = tables.map(|t| format!("{}\n", t.said().get(face.lang))).unwrap_or_default();
        face.out(&format!("{found}{tables}"));
    }
    if problems.has_errors() { PROBLEMS } else { FINE }
}

/// Computes and publishes.
pub(super) fn run(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let options = match options(matches) {
        Ok(options) => options,
        Err(problems) => return face.refuse(&problems),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    // Without a handler Ctrl-C still ends the program; whole files make that safe, only less polite.
    let _ = ctrlc::set_handler(move || heard.store(true, Ordering::SeqCst));
    let progress = Progress::new(face);
    let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| stop.load(Ordering::SeqCst) };
    let pages = |publication: &Publication| vec![Page { file: "report.html".into(), bytes: report(publication).into_bytes() }];
    let outcome = publish(Path::new(region), &options, hooks, &pages);
    progress.end();
    match outcome {
        Ok(Outcome::Unchanged { out, files, notes }) => {
            unchanged(&out, files, &notes, face);
            FINE
        }
        Ok(Outcome::Done(done)) => {
            if face.json {
                face.document(&done_json(&done, face.lang))
            } else {
                face.out(&shown(&done, face))
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}

fn unchanged(out: &Path, files: usize, notes: &Problems, face: Face) {
    let shown = out.display();
    if face.json {
        let mut document = json!({ "status": "unchanged", "out": shown.to_string(), "files": files });
        merge(&mut document, problems_json(notes, face.lang));
        face.document(&document);
    } else {
        face.out(&match face.lang {
            Lang::Zh => format!("区域没有变化，无事可做（nothing to do）。{files} 个文件完好：{shown}"),
            Lang::En => format!("The region is unchanged: nothing to do. {files} files are as they should be in {shown}"),
        });
    }
}

pub(super) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn done_json(done: &Done, lang: Lang) -> Value {
    let p = &done.publication;
    let totals: Vec<Value> = p
        .account
        .totals
        .iter()
        .filter(|t| t.ecosystem == ALL)
        .map(|t| {
            json!({
                "year": t.year, "place": t.place, "total": t.id(), "title": t.title(), "value_fen": t.value, "material_fen": t.classes[0], "regulating_fen": t.classes[1], "cultural_fen": t.classes[2],
                "complete": t.complete, "yuan_per_km2": t.per_km2, "yuan_per_head": t.per_head, "over_gdp": t.over_gdp, "index": t.index_title(),
                "missing": t.missing.iter().map(|m| json!({ "indicator": m.indicator, "reason": m.reason.get(lang), "file": m.file })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut document = json!({
        "status": "done", "out": done.out.display().to_string(), "region": p.region, "profile": p.profile.printed_id(), "years": p.account.years, "basis": p.basis,
        "totals": totals, "files_written": done.written, "files_kept": done.kept, "streams_made": done.made, "streams_reused": done.reused,
        "deliveries": p.deliveries.to_json(),
    });
    merge(&mut document, problems_json(&p.warnings, lang));
    document
}

/// Money for a table: 亿元, or million yuan.
pub(super) fn money(fen: Fen, lang: Lang) -> String {
    let yuan = fen.as_yuan_f64();
    match lang {
        Lang::Zh => format!("{:.2}", yuan / 1e8),
        Lang::En => format!("{:.1}", yuan / 1e6),
    }
}

/// A quantity with thousands marked.
fn quantity(row: &Row) -> String {
    let Some(amount) = row.quantity else { return String::new() };
    let written = amount.to_string();
    let (whole, part) = written.split_once('.').map_or((written.as_str(), ""), |(w, p)| (w, p));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let part = if part.is_empty() { String::new() } else { format!(".{part}") };
    format!("{sign}{grouped}{part} {}", row.unit)
}

/// The account as a small table, what is missing, and where the files are.
fn shown(done: &Done, face: Face) -> String {
    let p = &done.publication;
    let account = &p.account;
    let lang = face.lang;
    let weather = match p.weather {
        Weather::Year => face.say("当年天气", "the year's own weather"),
        Weather::Normal => face.say("常年天气", "normal weather"),
    };
    let mut out = format!("{}  {}  {weather}\n", p.title.get(lang), account.profile);
    if p.sources.iter().any(|s| s.read.origin.has_synthetic()) {
        out.push_str(face.say(
            "含合成（虚构）数据：不是该地区的官方或科学结果。\n",
            "Rests on synthetic (invented) data: no official or scientific result for the place.\n",
        ));
    }
    for year in &account.years {
        let mut rows = Vec::new();
        for row in account.rows.iter().filter(|r| r.year == *year && r.place == p.whole && r.ecosystem == ALL && !r.indicator.contains('.')) {
            let Some(known) = catalogue::indicator(&row.indicator) else { continue };
            let Some(value) = row.value.filter(|v| v.0 != 0 || row.quantity.is_some()) else { continue };
            let depth = std::iter::successors(catalogue::parent(&row.indicator), |id| catalogue::parent(id)).count();
            rows.push(vec![format!("{}{}", "  ".repeat(depth), known.title.get(lang)), quantity(row), money(value, lang)]);
        }
        if let Some(total) = account.total(*year, &p.whole, ALL) {
            rows.push(vec![total.title().get(lang).to_owned(), String::new(), money(total.value, lang)]);
        }
        let unit = face.say("价值（亿元）", "value (million CNY)");
        let head = format!("{year}");
        out.push_str(&format!("\n{}", table(&[&head, face.say("实物量", "quantity"), unit], &rows)));
        let mut rows = Vec::new();
        for place in &p.places {
            if let Some(total) = account.total(*year, &place.code, ALL) {
                rows.push(vec![
                    place.name.get(lang).to_owned(),
                    money(total.value, lang),
                    ratio(total.per_km2, 1e4),
                    ratio(total.per_head, 1.0),
                    total.over_gdp.map(|r| format!("{r:.3}")).unwrap_or_default(),
                ]);
            }
        }
        let index = account.total(*year, &p.whole, ALL).map(Total::index_title).unwrap_or_default();
        out.push_str(&format!(
            "\n{}",
            table(&[&head, unit, face.say("万元/km²", "1e4 CNY/km²"), face.say("人均（元）", "CNY a head"), index.get(lang)], &rows)
        ));
    }
    let missing: Vec<String> = account
        .totals
        .iter()
        .filter(|t| t.place == p.whole && t.ecosystem == ALL)
        .flat_map(|t| &t.missing)
        .map(|m| catalogue::indicator(&m.indicator).map_or_else(|| m.indicator.clone(), |i| i.title.get(lang).to_owned()))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let missing: Vec<String> = missing.into_iter().filter(|m| seen.insert(m.clone())).collect();
    if !missing.is_empty() {
        let list = missing.join(face.say("、", ", "));
        out.push_str(&format!("\n{}{list}\n", face.say("未核算（故不称 GEP）：", "Not assessed (so it is not called GEP): ")));
    }
    let told = worth_telling(&p.warnings);
    if told > 0 {
        out.push_str(&match lang {
            Lang::Zh => format!("\n{told} 条警告，见 report.html 与 provenance.json，例如：\n"),
            Lang::En => format!("\n{told} warnings, listed in report.html and provenance.json, for example:\n"),
        });
        let mut codes = std::collections::BTreeSet::new();
        for warning in p.warnings.iter().filter(|w| w.severity != liangshan_vocab::Severity::Note).filter(|w| codes.insert(w.code.clone())).take(4) {
            out.push_str(&format!("  [{}] {} ({})\n", warning.code, warning.what.get(lang), warning.place(lang)));
        }
    }
    out.push_str(&format!("\n{}\n", p.deliveries.said().get(lang)));
    let (folder, written, kept, made, reused) = (done.out.display(), done.written, done.kept, done.made, done.reused);
    out.push_str(&match lang {
        Lang::Zh => format!("\n结果在 {folder}：写出 {written} 个文件，{kept} 个未变；核算 {made} 项，沿用 {reused} 项。\n先看 report.html；每个数可用 `liangshan explain` 拆解。\n"),
        Lang::En => format!("\nResults in {folder}: {written} files written, {kept} unchanged; {made} streams made, {reused} reused.\nLook at report.html first; `liangshan explain` takes any number apart.\n"),
    });
    out
}

fn ratio(value: Option<f64>, unit: f64) -> String {
    value.map(|v| format!("{:.0}", v / unit)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_of_memory() {
        assert_eq!(bytes("200M").unwrap(), 200 << 20);
        assert_eq!(bytes("2GB").unwrap(), 2 << 30);
        assert_eq!(bytes("4096").unwrap(), 4096);
        assert_eq!(bytes("lots").unwrap_err().code, "option.memory");
    }
}
