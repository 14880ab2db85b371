//! `receive`: what departments deliver is read, judged and taken over, or sent back with everything that
//! is wrong.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use liangshan_atlas::deliveries::receive::{Acceptance, Handed, Received, Reception, receive as received};
use liangshan_vocab::Origin;
use liangshan_vocab::fact::is_day;
use serde_json::{Value, json};

use super::print::problems_json;
use super::{FINE, Face, PROBLEMS, WRONG_USE};

/// Receives files.
pub(super) fn receive(matches: &ArgMatches, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let many = |name: &str| matches.get_many::<String>(name).map(|v| v.cloned().collect::<Vec<_>>()).unwrap_or_default();
    let (Some(region), Some(by)) = (text("region"), text("by")) else { return WRONG_USE };
    let mut accept = Vec::new();
    for said in many("accept") {
        match said.split_once('=').filter(|(name, reason)| name.contains('@') && !reason.trim().is_empty()) {
            Some((name, reason)) => accept.push(Acceptance { name: name.trim().to_owned(), reason: reason.trim().to_owned() }),
            None => {
                return face.wrong_use(face.say(
                    "--accept 的写法是 缺陷名称=理由，如 'missing_row@2020/330802/rice=该县不产'",
                    "--accept is NAME=REASON, such as 'missing_row@2020/330802/rice=not grown there'",
                ));
            }
        }
    }
    let happened = text("on");
    if happened.as_deref().is_some_and(|day| !is_day(day)) {
        return face.wrong_use(face.say("--on 的写法是日期，如 2026-03-01", "--on is a day, such as 2026-03-01"));
    }
    let handed = Handed {
        files: many("file").into_iter().map(PathBuf::from).collect(),
        by,
        happened,
        recorded: crate::clock::now(),
        origin: text("origin").as_deref().and_then(Origin::parse).unwrap_or(Origin::Measured),
        table: text("table"),
        accept,
        corrected: text("corrected").map(PathBuf::from),
        dry_run: matches.get_flag("dry-run"),
    };
    let reception = match received(Path::new(&region), &handed) {
        Ok(reception) => reception,
        Err(problems) => return face.refuse(&problems),
    };
    let clean = !reception.problems.has_errors() && !reception.tables.is_empty();
    if face.json {
        face.document(&document(&reception, clean, face));
    } else {
        face.out(&said(&reception, clean, face));
    }
    if clean { FINE } else { PROBLEMS }
}

fn status(reception: &Reception, clean: bool) -> &'static str {
    match (reception.taken, clean) {
        (true, _) => "accepted",
        (false, true) => "clean",
        (false, false) => "refused",
    }
}

fn document(reception: &Reception, clean: bool, face: Face) -> Value {
    let table = |t: &Received| {
        json!({
            "file": t.file, "table": t.table, "title": t.title, "stands_in_for": t.stands_in_for, "rows": t.rows, "missing_rows": t.missing,
            "fact": t.fact.as_ref().map(liangshan_vocab::Fact::to_json),
        })
    };
    let corrected: Vec<String> = reception.corrected.iter().map(|p| p.display().to_string()).collect();
    let mut document = json!({ "status": status(reception, clean), "tables": reception.tables.iter().map(table).collect::<Vec<_>>(), "corrected": corrected });
    super::region::merge(&mut document, problems_json(&reception.problems, face.lang));
    document
}

fn said(reception: &Reception, clean: bool, face: Face) -> String {
    let mut out = String::new();
    for t in &reception.tables {
        let (file, id, title, rows) = (&t.file, &t.table, t.title.get(face.lang), t.rows);
        out.push_str(&match face.lang {
            liangshan_vocab::Lang::Zh => format!("{file}：{title}（{id}），{rows} 行，缺 {} 行\n", t.missing),
            liangshan_vocab::Lang::En => format!("{file}: {title} ({id}), {rows} rows, {} missing\n", t.missing),
        });
        match (&t.fact, &t.stands_in_for) {
            (Some(fact), Some(path)) => out.push_str(&match face.lang {
                liangshan_vocab::Lang::Zh => format!("  已接受：第 {} 条事实 {}，代替 {path}\n", fact.seq, fact.digest),
                liangshan_vocab::Lang::En => format!("  accepted: fact {} {}, in the place of {path}\n", fact.seq, fact.digest),
            }),
            (Some(fact), None) => out.push_str(&match face.lang {
                liangshan_vocab::Lang::Zh => format!("  已接受：第 {} 条事实 {}；region.toml 没有声明这张表，核算不读它\n", fact.seq, fact.digest),
                liangshan_vocab::Lang::En => {
                    format!("  accepted: fact {} {}; region.toml does not name this table, and the account does not read it\n", fact.seq, fact.digest)
                }
            }),
            (None, None) => out
                .push_str(face.say("  region.toml 没有声明这张表，核算不读它\n", "  region.toml does not name this table, and the account does not read it\n")),
            (None, Some(_)) => {}
        }
    }
    for path in &reception.corrected {
        out.push_str(&format!("{}{}\n", face.say("更正稿：", "corrected copy: "), path.display()));
    }
    if !reception.problems.is_empty() {
        out.push('\n');
        out.push_str(&face.letters(&reception.problems));
    }
    out.push_str(match status(reception, clean) {
        "accepted" => face.say("已全部接受。\n", "All was taken over.\n"),
        "clean" => face.say("可以接受；这次没有写入（--dry-run）。\n", "It can be taken over; nothing was recorded (--dry-run).\n"),
        _ => face.say(
            "没有接受任何内容：请改正后再报送，或按名称接受缺陷并说明理由。\n",
            "Nothing was taken over: put it right and deliver again, or accept faults by name with a reason.\n",
        ),
    });
    out
}
