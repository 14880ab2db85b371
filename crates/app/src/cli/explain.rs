//! `explain`: why this number.

use std::path::Path;

use clap::ArgMatches;
use liangshan_atlas::book::{Hooks, Options, Prepared, open_book};
use liangshan_atlas::explain::Explanation;
use liangshan_atlas::explaining::Asked;
use liangshan_atlas::region::Weather;
use liangshan_vocab::Problems;

use super::print::Progress;
use super::{FINE, Face, WRONG_USE};

/// Takes a number apart.
pub(super) fn explain(matches: &ArgMatches, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let (Some(region), Some(indicator), Some(place), Some(year)) = (text("region"), text("indicator"), text("place"), matches.get_one::<i32>("year")) else {
        return WRONG_USE;
    };
    let asked = Asked { indicator, place, year: *year, ecosystem: text("ecosystem").unwrap_or("all") };
    let options =
        Options { years: vec![*year], profile: text("profile").map(str::to_owned), weather: text("weather").and_then(Weather::parse), ..Options::default() };
    let progress = Progress::new(face);
    let explained = explained(Path::new(region), &options, asked, &progress);
    progress.end();
    match explained {
        Ok(explanation) => {
            if face.json {
                face.document(&explanation.to_json(face.lang))
            } else {
                face.out(&letter(&explanation, face))
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}

fn explained(region: &Path, options: &Options, asked: Asked<'_>, progress: &Progress) -> Result<Explanation, Problems> {
    let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| false };
    let prepared = Prepared::open(region, options)?;
    let book = open_book(prepared, hooks)?;
    book.explain(asked)
}

/// The explanation for reading.
fn letter(e: &Explanation, face: Face) -> String {
    let lang = face.lang;
    let mut out = format!("{}\n\n", e.title.get(lang));
    for s in &e.statements {
        if let liangshan_vocab::statement::Value::Amount { amount, unit } = &s.value {
            let shown = match amount.as_str().and_then(|fen| fen.parse::<i128>().ok()) {
                Some(fen) if unit == "fen" => format!("{} CNY", liangshan_vocab::Fen(fen).yuan()),
                _ => format!("{} {unit}", whole(amount)),
            };
            out.push_str(&format!("  {}  {shown}  [{}, {}, {}]\n", s.kind, s.method.profile, s.evidence.title().get(lang), s.origin.title().get(lang)));
        }
    }
    out.push_str(&format!("\n{}\n  {}\n\n{}\n", face.say("公式", "formula"), e.formula.get(lang), face.say("步骤", "steps")));
    let width = e.steps.iter().map(|s| s.symbol.chars().count()).max().unwrap_or(0).min(40);
    for s in &e.steps {
        out.push_str(&format!("  {:width$} = {} {}", s.symbol, s.amount, s.unit));
        out.push_str(&format!("\n  {:width$}   {}", "", s.title.get(lang)));
        let from = s.from.get(lang);
        if !from.is_empty() && from != s.title.get(lang) {
            out.push_str(&format!(" ← {from}"));
        }
        out.push('\n');
    }
    out.push_str(&format!("\n{}\n", face.say("来源", "inputs")));
    for read in &e.inputs {
        let part = if read.part.is_empty() { String::new() } else { format!(" [{}]", read.part) };
        out.push_str(&format!("  {}{part}  {}  {}  sha256 {}\n", read.file, read.origin.title().get(lang), read.licence, read.digest.short()));
    }
    if !e.warnings.is_empty() {
        out.push_str(&format!("\n{}\n", face.say("须知", "to know")));
        for warning in &e.warnings {
            out.push_str(&format!("  {}\n", warning.letter(lang).replace('\n', "\n  ")));
        }
    }
    out
}

/// A number without a fraction of nothing: `5.0` is shown as `5`.
fn whole(amount: &serde_json::Value) -> String {
    let written = amount.to_string();
    written.strip_suffix(".0").map_or(written.clone(), str::to_owned)
}
