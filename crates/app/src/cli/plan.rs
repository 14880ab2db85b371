//! `plan`: the plan as it stands on a day — targets, lamps, what is unowned or unfed; projects of a
//! month; registers; and what people claim and decide.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use liangshan_atlas::planbook::act::{Act, Deed, act};
use liangshan_atlas::planbook::enter::{Entering, Entry, enter, no_record};
use liangshan_atlas::planbook::{Asked, Planbook, export, files};
use liangshan_vocab::{Fact, Lang, Origin, Problems};

use super::print::problems_json;
use super::{FINE, Face, WRONG_USE, grammar};

mod document;
mod said;

/// Shows the plan, or records a deed.
pub(super) fn plan(matches: &ArgMatches, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let Some(region) = text("region") else { return WRONG_USE };
    let month = text("month");
    let on = match (&text("on"), &month) {
        (Some(on), None) => on.clone(),
        (None, None) => crate::clock::today().to_string(),
        (_, Some(month)) => match month_end(month) {
            Some(day) => day,
            None => return face.wrong_use(face.say("--month 的写法是年月，如 2020-06", "--month is a month, such as 2020-06")),
        },
    };
    if !liangshan_vocab::fact::is_day(&on) {
        return face.wrong_use(face.say("--on 的写法是日期，如 2020-06-30", "--on is a day, such as 2020-06-30"));
    }
    let folder = PathBuf::from(region);
    if ["claim", "accept", "move", "approve"].iter().any(|name| text(name).is_some()) {
        return record(matches, &folder, &on, face);
    }
    if ["take", "step"].iter().any(|name| text(name).is_some()) {
        return entered(matches, &folder, &on, face);
    }
    let seed = matches.get_one::<u64>("seed").copied();
    let commands = grammar::command(Lang::En).get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let opened = match Planbook::open(&folder, &Asked { on, seed, commands }) {
        Ok(opened) => opened,
        Err(problems) => return face.refuse(&problems),
    };
    if let Some(id) = text("register") {
        return register(&opened, &id, text("judge").map(PathBuf::from), text("record"), face);
    }
    let written = match text("out").map(|out| write(&opened, Path::new(&out))).transpose() {
        Ok(written) => written,
        Err(problems) => return face.refuse(&problems),
    };
    let (projects, orphans) = (matches.get_flag("projects") || month.is_some(), matches.get_flag("orphans"));
    if face.json {
        let mut document = document::document(&opened, projects, orphans, face.lang);
        if let Some(written) = written {
            document["written"] = written.iter().map(|p| p.display().to_string()).collect();
        }
        super::region::merge(&mut document, problems_json(&opened.notes, face.lang));
        face.document(&document);
    } else {
        face.out(&match (projects, orphans) {
            (true, _) => said::projects(&opened, face),
            (_, true) => said::orphans(&opened, face),
            _ => said::summary(&opened, face),
        });
        if let Some(written) = written {
            let count = written.len();
            face.out(&match face.lang {
                Lang::Zh => format!("写出 {count} 个文件"),
                Lang::En => format!("{count} files written"),
            });
        }
    }
    FINE
}

/// The last day of a month `YYYY-MM`.
fn month_end(month: &str) -> Option<String> {
    (28..=31).rev().map(|day| format!("{month}-{day}")).find(|day| liangshan_vocab::fact::is_day(day))
}

fn write(plan: &Planbook, out: &Path) -> Result<Vec<PathBuf>, Problems> {
    let mut all = files::tables(plan);
    all.extend(export::files(plan)?);
    all.push(("plan.html".into(), crate::ui::plan(plan).into_bytes()));
    files::write(plan, out, &all)
}

fn record(matches: &ArgMatches, folder: &Path, on: &str, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let Some(by) = text("by") else {
        return face.wrong_use(face.say("须用 --by 说明由哪个部门办理", "say with --by which office does it"));
    };
    let (milestone, deed) = match (text("claim"), text("accept"), text("move"), text("approve")) {
        (Some(milestone), ..) => match text("evidence") {
            Some(evidence) => (milestone, Deed::Claim { evidence: evidence.into() }),
            None => return face.wrong_use(face.say("申报完成须用 --evidence 附上佐证文件", "a claim needs a file of evidence: --evidence FILE")),
        },
        (_, Some(milestone), ..) => (milestone, Deed::Accept),
        (_, _, Some(milestone), _) => match (text("due"), text("reason")) {
            (Some(due), Some(reason)) => (milestone, Deed::Move { due, reason }),
            _ => return face.wrong_use(face.say("改期须写明 --due 日期 与 --reason 理由", "another day needs --due DATE and --reason TEXT")),
        },
        (_, _, _, Some(milestone)) => (milestone, Deed::Approve),
        _ => return WRONG_USE,
    };
    told(act(folder, &Act { milestone, by, on: on.to_owned(), recorded: crate::clock::now(), deed }), face)
}

/// Takes a table over, or a step.
fn entered(matches: &ArgMatches, folder: &Path, on: &str, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let (Some(by), Some(register)) = (text("by"), text("register")) else {
        return face.wrong_use(face.say("须用 --by 说明由哪个部门办理", "say with --by which office does it"));
    };
    let origin = text("origin").as_deref().and_then(Origin::parse).unwrap_or(Origin::Measured);
    let what = match (text("take"), text("record"), text("step")) {
        (Some(file), ..) => Entering::Table { file: file.into(), origin },
        (_, Some(key), Some(step)) => Entering::Step { key, step, evidence: text("evidence").map(PathBuf::from) },
        _ => return WRONG_USE,
    };
    told(enter(folder, &Entry { register, by, on: on.to_owned(), recorded: crate::clock::now(), what }), face)
}

/// What was recorded, or why nothing was.
fn told(recorded: Result<Fact, Problems>, face: Face) -> u8 {
    match recorded {
        Ok(fact) if face.json => {
            face.document(&serde_json::json!({ "status": "recorded", "fact": fact.to_json() }));
            FINE
        }
        Ok(fact) => {
            let (seq, digest, kind) = (fact.seq, &fact.digest, &fact.body_kind);
            face.out(&match face.lang {
                Lang::Zh => format!("已记录：第 {seq} 条事实 {kind}\n{digest}"),
                Lang::En => format!("Recorded: fact {seq}, {kind}\n{digest}"),
            });
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}

fn register(plan: &Planbook, id: &str, judged: Option<PathBuf>, record: Option<String>, face: Face) -> u8 {
    let Some(book) = plan.book(id) else {
        let registers: Vec<_> = plan.books.iter().map(|b| b.register.clone()).collect();
        return face.refuse(&liangshan_atlas::planbook::kinds::no_register(id, &registers).into());
    };
    if let Some(key) = record {
        let Some(record) = book.record(&key) else { return face.refuse(&no_record(book, &key).into()) };
        if face.json {
            face.document(&document::record(plan, book, record, face.lang));
        } else {
            face.out(&said::record(plan, book, record, face));
        }
        return FINE;
    }
    let Some(file) = judged else {
        if face.json {
            face.document(&document::register(plan, book));
        } else {
            face.out(&said::register(plan, book, face));
        }
        return FINE;
    };
    match plan.judge(book, &file) {
        Ok(changes) => {
            let (added, changed, same) = (changes.added.len(), changes.changed.len(), changes.same);
            if face.json {
                let keys: Vec<&str> = changes.keys().collect();
                face.document(&serde_json::json!({ "status": "clean", "register": id, "added": added, "changed": changed, "same": same, "keys": keys }));
            } else {
                face.out(&match face.lang {
                    Lang::Zh => format!("可以接受：新增 {added} 条，更改 {changed} 条，{same} 条已登记"),
                    Lang::En => format!("It can be taken over: {added} new, {changed} changed, {same} there already"),
                });
            }
            FINE
        }
        Err(problems) => face.refuse(&problems),
    }
}
