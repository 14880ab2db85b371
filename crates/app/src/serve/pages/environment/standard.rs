//! A standard as it judges: its numbers, tables and rules, with where each was read.

use liangshan_atlas::rules::{self, Standard, Table};
use liangshan_vocab::{Lang, Text, text, words};
use schemars::JsonSchema;
use serde::Serialize;

use crate::serve::layout::{self, Page, Screen};
use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route, schema_of};
use crate::ui::html::Html;
use crate::ui::words::symbols;

const ID: Param = Param::needed("id", Kind::Word, ("标准标识", "the standard's id"), "gb3838-2002");

pub(super) const ROUTES: &[Route] = &[
    Route::page("/environment/standard/{id}", ("一项标准的限值与规则", "a standard: its limits and rules"), &[ID], page),
    Route::json("/api/environment/standard/{id}", ("一项标准的限值与规则", "a standard: its limits and rules"), &[ID], schema_of::<StandardOut>, twin),
];

/// A table of a standard.
#[derive(Debug, Serialize, JsonSchema)]
struct TableOut {
    id: String,
    title: String,
    /// Where it stands in the text.
    at: String,
    /// Column names.
    columns: Vec<String>,
    /// Rows as people read them; `rules show ID --json` has them as written.
    rows: Vec<Vec<String>>,
}

/// A rule of a standard.
#[derive(Debug, Serialize, JsonSchema)]
struct RuleOut {
    id: String,
    title: String,
}

/// A standard.
#[derive(Debug, Serialize, JsonSchema)]
struct StandardOut {
    id: String,
    number: String,
    title: String,
    /// The first day in force.
    from: String,
    /// The day from which it no longer is.
    until: Option<String>,
    supersedes: Vec<String>,
    /// How well its text was read.
    evidence: String,
    evidence_title: String,
    /// Where it was read.
    source: String,
    note: String,
    /// Its file, below `rules/`.
    file: String,
    tables: Vec<TableOut>,
    rules: Vec<RuleOut>,
}

/// A cell as people read it: which side of a limit is good, and units by their symbols.
fn said(column: &str, written: &str, lang: Lang) -> String {
    let side = match (column, written) {
        ("unit", unit) => return symbols(unit),
        ("direction", "le") => text("不大于", "at most"),
        ("direction", "ge") => text("不小于", "at least"),
        ("direction", "range") => text("范围内", "within"),
        ("direction", "delta") => text("变化幅度", "change"),
        _ => return written.to_owned(),
    };
    side.get(lang).to_owned()
}

impl StandardOut {
    fn of(standard: &Standard, lang: Lang) -> Self {
        let table = |t: &Table| TableOut {
            id: t.id.clone(),
            title: t.title.get(lang).to_owned(),
            at: t.at.clone(),
            columns: t
                .columns
                .iter()
                .map(|c| {
                    let title = if c.title.is_empty() { c.name.as_str() } else { c.title.get(lang) };
                    c.unit.as_ref().map_or_else(|| title.to_owned(), |unit| format!("{title} ({})", symbols(&unit.to_string())))
                })
                .collect(),
            rows: t.rows.iter().map(|r| t.columns.iter().zip(&r.cells).map(|(column, cell)| said(&column.name, cell.written(), lang)).collect()).collect(),
        };
        Self {
            id: standard.id.clone(),
            number: standard.number.clone(),
            title: standard.title.get(lang).to_owned(),
            from: standard.from.to_string(),
            until: standard.until.map(|d| d.to_string()),
            supersedes: standard.supersedes.clone(),
            evidence: standard.evidence.word().to_owned(),
            evidence_title: standard.evidence.title().get(lang).to_owned(),
            source: standard.source.clone(),
            note: standard.note.as_ref().map(|n| n.get(lang).to_owned()).unwrap_or_default(),
            file: format!("rules/{}", standard.file),
            tables: standard.tables.iter().map(table).collect(),
            rules: standard.rules.iter().map(|r| RuleOut { id: r.id.clone(), title: r.title.get(lang).to_owned() }).collect(),
        }
    }
}

fn made(ask: &Ask<'_>) -> Result<StandardOut, Refusal> {
    let (standards, _) = rules::load(Some(&ask.snapshot.folder)).map_err(Refusal::Region)?;
    let id = ask.word("id").unwrap_or_default();
    let found = standards.all().iter().find(|s| s.id == id);
    found.map(|s| StandardOut::of(s, ask.lang)).ok_or_else(|| ask.unknown("id", &text("标准", "standard"), standards.all().iter().map(|s| s.id.as_str())))
}

fn twin(ask: &Ask<'_>) -> Answer {
    Ok(Reply::json(&made(ask)?))
}

fn page(ask: &Ask<'_>) -> Answer {
    let made = made(ask)?;
    let page = Page { styles: &["css/environment.css"], ..Page::of(Screen::Environment, Text::same(made.number.clone())) };
    Ok(layout::page(ask, &page, |h| {
        h.el("p.caption", |h| h.with("a", &[("href", &ask.link("/environment", &[]))], |h| h.say(&text("← 环境质量", "← Environment"))));
        h.el("h1", |h| {
            h.text(&made.number);
            h.el("span.kind", |h| h.text(&made.title));
        });
        h.el("section.sheet", |h| head(h, &made));
        for table in &made.tables {
            h.el("section.sheet", |h| one(h, table));
        }
        if !made.rules.is_empty() {
            h.el("section.sheet", |h| {
                h.line("h2", &text("规则", "Rules"));
                h.el("dl.about", |h| {
                    for rule in &made.rules {
                        h.el("dt", |h| h.el("code", |h| h.text(&rule.id)));
                        h.el("dd", |h| h.text(&rule.title));
                    }
                });
            });
        }
        h.el("p.caption", |h| {
            h.say(&text("本页数据：", "The data of this page: "));
            h.with("a", &[("href", &ask.link(&format!("/api/environment/standard/{}", made.id), &[]))], |h| h.text("JSON"));
        });
    }))
}

fn head(h: &mut Html, made: &StandardOut) {
    let lang = h.lang();
    h.el("dl.about", |h| {
        let mut line = |title: &Text, said: &str| {
            if !said.is_empty() {
                h.line("dt", title);
                h.el("dd", |h| h.text(said));
            }
        };
        let from = &made.from;
        let period =
            made.until.as_ref().map_or_else(|| words!("{from} 起", "from {from}"), |until| words!("{from} 起，{until} 前", "from {from}, before {until}"));
        line(&text("施行", "in force"), period.get(lang));
        line(&text("代替", "supersedes"), &made.supersedes.join(", "));
        line(&text("证据", "evidence"), &made.evidence_title);
        line(&text("来源", "source"), &made.source);
        line(&text("说明", "note"), &made.note);
        line(&text("文件", "file"), &made.file);
    });
}

fn one(h: &mut Html, table: &TableOut) {
    h.el("h2", |h| {
        h.text(&table.title);
        h.el("span.kind", |h| h.text(&table.at));
    });
    h.with("div.scroll", &[("tabindex", "0"), ("role", "region"), ("aria-label", &table.title)], |h| {
        h.el("table", |h| {
            h.el("thead", |h| h.el("tr", |h| table.columns.iter().for_each(|c| h.with("th", &[("scope", "col")], |h| h.text(c)))));
            h.el("tbody", |h| {
                for row in &table.rows {
                    h.el("tr", |h| {
                        for cell in row {
                            let number = cell.parse::<f64>().is_ok();
                            h.el(if number { "td.number" } else { "td" }, |h| h.text(cell));
                        }
                    });
                }
            });
        });
    });
}
