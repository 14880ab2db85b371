//! One record of a register: its cells, the file and the facts they come from, and what may be done next.

use liangshan_atlas::planbook::entries::Touch;
use liangshan_atlas::planbook::records::{Book, Column, Holds, Record};
use liangshan_atlas::planbook::{Planbook, Shape};
use liangshan_vocab::{Text, text, words};
use schemars::JsonSchema;
use serde::Serialize;

use super::out::schema_of;
use super::{ON, json, page, plan, table, twin};
use crate::serve::pages::environment::near::watched;
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;
use crate::ui::words::unit;

const RECORD: &[Param] = &[
    Param::needed("register", Kind::Word, ("登记册", "the register"), "mines"),
    Param::needed("key", Kind::Word, ("记录的标识", "the key of the record"), "DEMO-M001"),
    ON,
];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/record", ("登记册的一条记录", "a record of a register"), RECORD, shown),
    Route::json(
        "/api/plan/record",
        ("一条记录的内容、经历与可办步骤（不含个人信息列）", "a record with its cells, history and open steps, without personal columns"),
        RECORD,
        schema_of::<RecordOut>,
        document,
    ),
];

/// A cell of a record.
#[derive(Debug, Serialize, JsonSchema)]
struct CellOut {
    /// The column's name.
    name: String,
    /// What it is called.
    title: String,
    /// As people read it; empty where missing.
    value: String,
    /// Its unit.
    unit: String,
    /// Where what it names is shown.
    link: Option<String>,
}

/// A fact that touched it.
#[derive(Debug, Serialize, JsonSchema)]
struct TouchOut {
    /// Its place in the chain.
    fact: u64,
    /// Its digest.
    digest: String,
    /// The day it happened.
    on: String,
    /// Who.
    by: String,
    /// What the office is called.
    by_title: String,
    /// What it did.
    did: String,
    /// What the table or the evidence was called.
    file: Option<String>,
}

/// A step that is open.
#[derive(Debug, Serialize, JsonSchema)]
struct StepOut {
    /// Its word.
    id: String,
    /// What it is called.
    title: String,
    /// The state it leads to.
    to: String,
    /// Roles of offices that may take it.
    by: Vec<String>,
    /// Who that is.
    who: String,
    /// Whether it needs a file of evidence.
    evidence: bool,
}

/// A section or station near it.
#[derive(Debug, Serialize, JsonSchema)]
struct WatchedOut {
    /// `section` or `station`.
    kind: String,
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// How far it is, metres.
    distance_m: u64,
    /// Against its target, in words.
    state: String,
    /// Its page.
    page: String,
}

/// A record as it may be shown.
#[derive(Debug, Serialize, JsonSchema)]
struct RecordOut {
    /// The register.
    register: String,
    /// What the register is called.
    register_title: String,
    /// The key.
    key: String,
    /// The day.
    on: String,
    /// Cells, without columns that name persons.
    cells: Vec<CellOut>,
    /// The file it comes from, and the line.
    file: Option<String>,
    /// The line.
    row: Option<u64>,
    /// Facts that touched it.
    history: Vec<TouchOut>,
    /// Steps that are open.
    steps: Vec<StepOut>,
    /// What must be shown for it to be believed.
    evidence: String,
    /// Longitude and latitude, where it says so; the middle of a line.
    at: Option<(f64, f64)>,
    /// The nearest sections and stations that have data.
    watched: Vec<WatchedOut>,
}

impl RecordOut {
    fn of(ask: &Ask<'_>, plan: &Planbook, book: &Book, record: &Record) -> Self {
        let (register, lang) = (&book.register, ask.lang);
        let shown = register.columns.iter().enumerate().filter(|(_, c)| !c.personal);
        let cell = |(at, column): (usize, &Column)| {
            let unit = if column.unit.is_empty() || column.unit == "1" { String::new() } else { unit(&column.unit).get(lang).to_owned() };
            let named = named(ask, plan, book, (at, column), record);
            CellOut { name: column.name.clone(), title: column.title.get(lang).to_owned(), value: named.whole(), unit, link: named.link }
        };
        let place = book.places.get(&record.key);
        let touch = |t: &Touch| TouchOut {
            fact: t.fact,
            digest: t.digest.to_string(),
            on: t.on.clone(),
            by: t.by.clone(),
            by_title: plan.office(&t.by),
            did: t.did.get(lang).to_owned(),
            file: t.file.as_ref().map(|(name, _)| name.clone()),
        };
        let steps = book.open_steps(record).into_iter().map(|s| StepOut {
            id: s.id.clone(),
            title: s.title.get(lang).to_owned(),
            to: book.state_title(&s.to).get(lang).to_owned(),
            by: s.by.clone(),
            who: plan.who(&s.by, lang),
            evidence: s.evidence,
        });
        Self {
            register: register.id.clone(),
            register_title: register.title.get(lang).to_owned(),
            key: record.key.clone(),
            on: plan.on.to_string(),
            cells: shown.map(cell).collect(),
            file: place.map(|(file, _)| file.clone()),
            row: place.map(|(_, row)| *row),
            history: book.touched(&record.key).iter().map(touch).collect(),
            steps: steps.collect(),
            evidence: register.evidence.get(lang).to_owned(),
            at: None,
            watched: Vec::new(),
        }
    }
}

/// A cell as people read it.
#[derive(Debug)]
pub(super) struct Named {
    /// What it is called, or what stands there.
    pub(super) name: String,
    /// The code of what has a name.
    code: Option<String>,
    /// Where more is said of it.
    pub(super) link: Option<String>,
}

impl Named {
    /// The name with the code.
    fn whole(&self) -> String {
        self.code.as_ref().map_or_else(|| self.name.clone(), |code| format!("{} {code}", self.name))
    }

    pub(super) fn is_number(&self) -> bool {
        self.code.is_none() && self.name.parse::<f64>().is_ok()
    }

    /// How it stands in a table: numbers at the right, days and codes on one line, words with room.
    pub(super) fn class(&self) -> &'static str {
        const SHORT: usize = 10;
        match self.name.chars().count() {
            _ if self.is_number() => "td.number",
            ..=SHORT => "td",
            _ if self.name.is_ascii() && !self.name.contains(' ') => "td",
            _ => "td.words",
        }
    }
}

/// A cell as people read it: places and offices by their names, and where more is said of what it names.
pub(super) fn named(ask: &Ask<'_>, plan: &Planbook, book: &Book, (at, column): (usize, &Column), record: &Record) -> Named {
    let (shown, written) = (book.register.shown(at, &record.values[at], ask.lang), record.values[at].written());
    let plain = |name: String, link: Option<String>| Named { name, code: None, link };
    if written.is_empty() {
        return plain(shown, None);
    }
    let coded = |name: String, link: Option<String>| Named { name, code: Some(written.clone()), link };
    let of = |register: &str| Some(ask.link("/plan/record", &[("register", register), ("key", &written), ("on", ask.word("on").unwrap_or_default())]));
    match &column.holds {
        Holds::Place => coded(plan.place(&written).get(ask.lang).to_owned(), Some(ask.link("/accounts", &[("place", &written)]))),
        Holds::Office => coded(plan.office(&written), of("offices")),
        Holds::Reference(to) => plain(shown, of(to)),
        Holds::PlanRow if !written.contains(' ') => plain(shown, Some(format!("{}#open", ask.link("/plan", &[("open", &written)])))),
        _ => plain(shown, None),
    }
}

/// Sections, and stations, that are told beside a record.
const WATCHED: usize = 3;

/// Where a record is, and what watches it.
///
/// # Errors
/// While something is still being read.
fn placed(ask: &Ask<'_>, made: &mut RecordOut, shape: Option<&Shape>) -> Result<(), Refusal> {
    let Some(shape) = shape else { return Ok(()) };
    made.at = match shape {
        Shape::Point(lon, lat) => Some((*lon, *lat)),
        Shape::Line(line) | Shape::Area(line) => line.get(line.len() / 2).copied(),
    };
    let near = watched(&ask.snapshot.watch.get()?.points, shape, WATCHED).into_iter();
    let told = near.map(|(point, distance_m)| WatchedOut {
        kind: point.kind.word().to_owned(),
        id: point.id.clone(),
        name: point.name.clone(),
        distance_m,
        state: point.state().title().get(ask.lang).to_owned(),
        page: ask.link(&point.path(), &[]),
    });
    made.watched = told.collect();
    Ok(())
}

fn made(ask: &Ask<'_>) -> Result<RecordOut, Refusal> {
    let plan = plan(ask)?;
    let (id, key) = (ask.word("register").unwrap_or_default(), ask.word("key").unwrap_or_default());
    let known = plan.books.iter().map(|b| b.register.id.as_str());
    let book = plan.book(id).ok_or_else(|| ask.unknown("register", &text("登记册", "register"), known))?;
    let keys = book.records.iter().map(|r| r.key.as_str());
    let record = book.record(key).ok_or_else(|| ask.unknown("key", &text("记录", "record"), keys))?;
    let mut made = RecordOut::of(ask, &plan, book, record);
    placed(ask, &mut made, book.register.shape(record).as_ref())?;
    Ok(made)
}

fn document(ask: &Ask<'_>) -> Answer {
    json(&made(ask)?)
}

fn shown(ask: &Ask<'_>) -> Answer {
    let made = made(ask)?;
    let on = ask.word("on").unwrap_or_default();
    let title = Text::same(format!("{} · {}", made.register_title, made.key));
    Ok(page(ask, "/plan/registers", title, &[], |h| {
        h.el("p", |h| {
            let to = ask.link(&format!("/plan/register/{}", made.register), &[("on", on)]);
            h.with("a", &[("href", &to)], |h| h.text(&made.register_title));
            if let (Some(file), Some(row)) = (&made.file, made.row) {
                h.say(&words!(" · 出自 {file} 第 {row} 行", " · from {file}, row {row}"));
            }
        });
        h.el("div.sheet", |h| {
            table(h, &text("内容", "Cells"), &[text("项目", "Field"), text("内容", "Value")], |h| {
                for cell in &made.cells {
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| h.text(&cell.title));
                        h.el("td", |h| {
                            match &cell.link {
                                Some(to) => h.with("a", &[("href", to)], |h| h.text(&cell.value)),
                                None => h.text(if cell.value.is_empty() { "—" } else { &cell.value }),
                            }
                            if !cell.unit.is_empty() && !cell.value.is_empty() {
                                h.text(" ");
                                h.el("span.unit", |h| h.text(&cell.unit));
                            }
                        });
                    });
                }
            });
            if !made.evidence.is_empty() {
                let evidence = &made.evidence;
                h.line("p.caption", &words!("以何为据：{evidence}", "Believed by: {evidence}"));
            }
        });
        around(h, ask, &made);
        h.line("h2", &text("经历", "What happened to it"));
        h.el("div.sheet", |h| {
            if made.history.is_empty() {
                h.line("p", &text("只见于区域目录的文件，其后没有登记。", "It stands in the region's files; nothing was entered since."));
                return;
            }
            let head =
                [text("#事实", "#Fact"), text("日期", "Day"), text("部门", "Office"), text("事项", "What"), text("文件", "File"), text("摘要", "Digest")];
            table(h, &text("经历", "What happened to it"), &head, |h| {
                for t in &made.history {
                    h.el("tr", |h| {
                        h.el("td.number", |h| h.text(&t.fact.to_string()));
                        [&t.on, &t.by_title, &t.did, t.file.as_ref().unwrap_or(&String::new()), &t.digest[..12].to_owned()]
                            .iter()
                            .for_each(|cell| h.el("td", |h| h.text(cell)));
                    });
                }
            });
        });
        if !made.steps.is_empty() {
            h.line("h2", &text("可办的步骤", "Steps that are open"));
            h.el("div.sheet", |h| {
                let head = [text("步骤", "Step"), text("之后状态", "Leads to"), text("由谁办理", "Taken by"), text("佐证", "Evidence")];
                table(h, &text("可办的步骤", "Steps that are open"), &head, |h| {
                    for s in &made.steps {
                        h.el("tr", |h| {
                            h.with("th", &[("scope", "row")], |h| h.text(&s.title));
                            h.el("td", |h| h.text(&s.to));
                            h.el("td", |h| h.text(&s.who));
                            h.el("td", |h| h.text(if s.evidence { ask.say("须附", "needed") } else { ask.say("不须", "not needed") }));
                        });
                    }
                });
                h.line(
                    "p.caption",
                    &text(
                        "本页只供查看；由部门以 `liangshan plan … --record … --step …` 办理，记入事实链。",
                        "This page only shows; an office takes a step with `liangshan plan … --record … --step …`, and it enters the chain of facts.",
                    ),
                );
            });
        }
        twin(h, ask, "/api/plan/record", &[("register", &made.register), ("key", &made.key), ("on", on)]);
    }))
}

/// The ways to the map and to what watches the record.
fn around(h: &mut Html, ask: &Ask<'_>, made: &RecordOut) {
    let Some((lon, lat)) = made.at else { return };
    h.el("p", |h| {
        let to = ask.link("/map", &[("at", &format!("{lon:.4},{lat:.4},12.00"))]);
        h.with("a", &[("href", &to)], |h| h.say(&text("在一张图上看这里", "See this place on the map")));
    });
    if made.watched.is_empty() {
        return;
    }
    h.line("h2", &text("最近的断面与站点", "The nearest sections and stations"));
    h.el("ul.watched", |h| {
        for point in &made.watched {
            h.el("li", |h| {
                h.with("a", &[("href", &point.page)], |h| h.text(&point.name));
                let (km, state) = (point.distance_m as f64 / 1000.0, &point.state);
                h.el("span.caption", |h| h.say(&words!(" {km:.1} 千米 · {state}", " {km:.1} km · {state}")));
            });
        }
    });
}
