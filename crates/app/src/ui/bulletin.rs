//! `bulletin.html`: an assessment on one page for the desk and for paper. One file, no network, both
//! languages in it; it opens in the one asked for, and stays in it without scripts.
//!
//! Nothing is computed here but places on the page. On paper it is one sheet: `paper` says how many rows of
//! each table are printed, and what is left out is named.

mod paper;
mod pictures;

use liangshan_atlas::VERSION;
use liangshan_atlas::assess::{Assessed, Cell, Chart, Fact, Table};
use liangshan_vocab::{Lang, Problem, Severity, Text, text, words};

use self::paper::Block;
use super::html::Html;
use super::words::symbols;

/// The page, what is judged as pages draw it too, and last what paper and small screens change.
const STYLE: &str = concat!(include_str!("bulletin/bulletin.css"), include_str!("../../ui/css/assessed.css"), include_str!("bulletin/paper.css"));
const SCRIPT: &str = include_str!("report/report.js");
/// Kinds of problems that are listed.
const PROBLEMS: usize = 6;

/// Renders the bulletin. The same assessment gives the same bytes.
pub(crate) fn bulletin(assessed: &Assessed, lang: Lang) -> String {
    let mut h = Html::default();
    let code = lang.code();
    h.with("html", &[("lang", code), ("data-lang", code)], |h| {
        h.el("head", |h| head(h, assessed, lang));
        h.el("body", |h| {
            h.el("header", |h| masthead(h, assessed, lang));
            h.el("main.assessed", |h| {
                h.el("div.facts", |h| assessed.facts.iter().for_each(|f| fact(h, f)));
                h.el("div.pictures", |h| assessed.charts.iter().for_each(|c| chart(h, c)));
                h.el("div.sheets", |h| {
                    let kinds = kinds(assessed);
                    tables(h, assessed, &kinds);
                    problems(h, assessed, &kinds, &text("逐条见 problems.csv", "each is in problems.csv"));
                    reading(h, assessed);
                });
            });
            h.el("footer", |h| colophon(h, assessed));
            h.embed("script", SCRIPT);
        });
    });
    format!("<!DOCTYPE html>\n{}\n", h.finish())
}

/// What a bulletin says, for a page that has a head of its own: facts, pictures, tables, problems, how the
/// file was read and by which standards.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) fn judgement(h: &mut Html, assessed: &Assessed) {
    h.el("div.facts", |h| assessed.facts.iter().for_each(|f| fact(h, f)));
    assessed.charts.iter().for_each(|c| chart(h, c));
    for table in assessed.tables.iter().filter(|t| t.shown > 0 && !t.rows.is_empty()) {
        results(h, table, None);
    }
    problems(h, assessed, &kinds(assessed), &text("逐条见 liangshan assess 的 problems.csv", "liangshan assess lists each in problems.csv"));
    reading(h, assessed);
    h.el("section.standards", |h| {
        h.line("h2", &text("依据的标准", "Standards it was judged by"));
        colophon(h, assessed);
    });
}

/// One picture.
pub(crate) fn chart(h: &mut Html, chart: &Chart) {
    match chart {
        Chart::Tiles(tiles) => pictures::tiles(h, tiles),
        Chart::Lines(lines) => pictures::lines(h, lines),
        Chart::Shares(shares) => pictures::shares(h, shares),
    }
}

/// The last rows of a table of one place, the newest first, without the column that names it and some others.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) fn listed(h: &mut Html, table: &Table, most: usize, without: &[&str]) {
    let mut shown = table.clone();
    let keep: Vec<bool> = table.columns.iter().enumerate().map(|(at, c)| at > 0 && !without.contains(&c.id.as_str())).collect();
    let only = |at: &mut usize| {
        *at += 1;
        keep[*at - 1]
    };
    shown.columns.retain({
        let mut at = 0;
        move |_| only(&mut at)
    });
    for row in &mut shown.rows {
        let mut at = 0;
        row.retain(|_| only(&mut at));
    }
    shown.rows.reverse();
    shown.rows.truncate(most);
    shown.shown = most;
    results(h, &shown, None);
}

fn head(h: &mut Html, assessed: &Assessed, lang: Lang) {
    h.void("meta", &[("charset", "utf-8")]);
    h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    h.void("meta", &[("name", "generator"), ("content", &format!("liangshan {VERSION}"))]);
    let (title, file) = (&assessed.title, &assessed.file.name);
    h.with("title", &[("data-zh", &format!("{} · {file}", title.zh)), ("data-en", &format!("{} · {file}", title.en))], |h| {
        h.text(&format!("{} · {file}", title.get(lang)));
    });
    h.embed("style", STYLE);
}

fn masthead(h: &mut Html, assessed: &Assessed, lang: Lang) {
    h.el("div.bar-top", |h| {
        h.el("p.brand", |h| {
            h.with("b", &[("lang", "zh")], |h| h.text("两山"));
            h.with("b", &[("lang", "en")], |h| h.text("Liangshan"));
            h.say(&text("评价简报", "assessment bulletin"));
        });
        h.with("div.languages", &[("role", "group"), ("aria-label", "语言 / Language")], |h| {
            for (code, name) in [("zh", "中文"), ("en", "English")] {
                let pressed = if code == lang.code() { "true" } else { "false" };
                h.with("button", &[("type", "button"), ("data-set-lang", code), ("aria-pressed", pressed)], |h| h.text(name));
            }
        });
    });
    h.line("h1", &assessed.title);
    let f = &assessed.file;
    h.el("p.source", |h| {
        h.el("code", |h| h.text(&f.name));
        if !f.period.0.is_empty() {
            h.el("span.period", |h| h.text(&format!("{} – {}", f.period.0, f.period.1)));
        }
        let (rows, refused, aside) = (f.rows, f.refused, f.set_aside);
        let mut said = words!("{rows} 行", "{rows} rows");
        if refused > 0 {
            said = Text::of(format!("{}，{refused} 行未能评价", said.zh), format!("{}, {refused} not judged", said.en));
        }
        if aside > 0 {
            said = Text::of(format!("{}，{aside} 行因维护等剔除", said.zh), format!("{}, {aside} set aside as maintenance or the like", said.en));
        }
        h.line("span.rows", &said);
    });
}

fn fact(h: &mut Html, fact: &Fact) {
    h.el(&format!("div.fact.{}", fact.tone.word()), |h| {
        h.line("p.label", &fact.label);
        h.line("p.value", &fact.value);
        h.line("p.note", &fact.note);
    });
}

/// All tables, narrow ones side by side; on paper as many rows as one sheet has room for.
fn tables(h: &mut Html, assessed: &Assessed, kinds: &[(&Problem, u64)]) {
    let tables: Vec<&Table> = assessed.tables.iter().filter(|t| t.shown > 0 && !t.rows.is_empty()).collect();
    let narrow: Vec<bool> = tables.iter().map(|t| columns(t).iter().map(|c| room(t, *c)).sum::<usize>() <= HALF).collect();
    let shown: Vec<usize> = tables.iter().map(|t| t.rows.len().min(t.shown)).collect();
    let blocks = paper::blocks(&narrow, &shown);
    let told: Vec<&Problem> = kinds.iter().take(PROBLEMS).map(|k| k.0).collect();
    let on_paper = paper::rows(assessed, &tables, &blocks, &told);
    for block in &blocks {
        match block {
            Block::Whole(table) => results(h, tables[*table], Some(on_paper[*table])),
            Block::Stacks(stacks) => h.el("div.stacks", |h| {
                for stack in stacks {
                    h.el("div.stack", |h| stack.iter().for_each(|table| results(h, tables[*table], Some(on_paper[*table]))));
                }
            }),
        }
    }
    let left_out: Vec<&Text> = tables.iter().zip(&on_paper).filter(|(_, rows)| **rows == 0).map(|(t, _)| &t.title).collect();
    if !left_out.is_empty() {
        let (zh, en): (Vec<&str>, Vec<&str>) = left_out.iter().map(|t| (t.zh.as_ref(), t.en.as_ref())).unzip();
        let said = Text::of(format!("纸面从略：{}；见 results.xlsx", zh.join("、")), format!("left out on paper: {}; see results.xlsx", en.join(", ")));
        h.line("p.more.paper", &said);
    }
}

/// The columns of a table that are shown.
fn columns(table: &Table) -> Vec<usize> {
    (0..table.columns.len()).filter(|c| !table.columns[*c].wide && table.rows.iter().any(|r| r[*c] != Cell::Blank)).collect()
}

/// A table. `sheet` says how many of its rows are printed on the bulletin's sheet of paper; a page that is
/// no bulletin prints all that it shows, and has no files beside it.
fn results(h: &mut Html, table: &Table, sheet: Option<usize>) {
    let on_paper = sheet.unwrap_or(table.shown);
    let columns = columns(table);
    let number = |c: usize| table.rows.iter().all(|r| matches!(r[c], Cell::Whole(_) | Cell::Number(..) | Cell::Blank));
    h.el(if on_paper == 0 { "section.over" } else { "section" }, |h| {
        h.line("h2", &table.title);
        h.line("p.lead", &table.lead);
        let name = table.title.to_string();
        h.with("div.scroll", &[("role", "region"), ("aria-label", &name), ("tabindex", "0")], |h| {
            h.el("table", |h| {
                h.el("thead", |h| {
                    h.el("tr", |h| {
                        for c in &columns {
                            let column = &table.columns[*c];
                            h.with(if number(*c) { "th.n" } else { "th" }, &[("scope", "col")], |h| {
                                h.say(&column.title);
                                if !column.unit.is_empty() && column.unit != "1" {
                                    h.el("span.unit", |h| h.text(&format!(" {}", symbols(&column.unit))));
                                }
                            });
                        }
                    });
                });
                h.el("tbody", |h| {
                    for (at, row) in table.rows.iter().take(table.shown).enumerate() {
                        h.el(if at < on_paper { "tr" } else { "tr.over" }, |h| {
                            for c in &columns {
                                let name = match (number(*c), breadth(&row[*c].printed()) <= 18) {
                                    (true, _) => "td.n",
                                    (false, true) => "td.short",
                                    (false, false) => "td",
                                };
                                h.el(name, |h| cell(h, &row[*c]));
                            }
                        });
                    }
                });
            });
        });
        let beyond = |shown: usize| table.rows.len().saturating_sub(shown);
        if sheet.is_none() {
            let more = beyond(table.shown);
            if more > 0 {
                h.line("p.more", &words!("另有 {more} 行，用 liangshan assess 全部写出", "{more} more rows, which liangshan assess writes out"));
            }
            return;
        }
        let file = format!("{}.csv", table.id.replace('_', "-"));
        let same = on_paper == table.rows.len().min(table.shown);
        for (class, shown) in [(if same { "p.more" } else { "p.more.screen" }, table.shown), ("p.more.paper", on_paper)] {
            let more = beyond(shown);
            if more > 0 && !(same && class == "p.more.paper") {
                h.line(class, &words!("另有 {more} 行，见 {file} 与 results.xlsx", "{more} more rows in {file} and results.xlsx"));
            }
        }
    });
}

/// Room that half a page has, in narrow characters.
const HALF: usize = 76;

/// The room that a column needs: its longest cell, or half of its head, which may be broken.
fn room(table: &Table, column: usize) -> usize {
    let cells = table.rows.iter().take(table.shown).map(|row| breadth(&row[column].printed()));
    let head = breadth(&table.columns[column].title).div_ceil(2);
    cells.max().unwrap_or(0).max(head) + 3
}

fn breadth(words: &Text) -> usize {
    let of = |said: &str| said.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    of(&words.zh).max(of(&words.en))
}

fn cell(h: &mut Html, cell: &Cell) {
    match cell {
        Cell::Graded(_, words, colour) => h.with("span.grade", &[("style", &format!("--c:{colour}"))], |h| h.say(words)),
        Cell::Truth(said, words) => h.el(
            match said {
                Some(true) => "span.yes",
                Some(false) => "span.no",
                None => "span.open",
            },
            |h| h.say(words),
        ),
        other => h.say(&other.printed()),
    }
}

/// One problem of each kind, the gravest first, with how many there are.
fn kinds(assessed: &Assessed) -> Vec<(&Problem, u64)> {
    let mut kinds: Vec<(&Problem, u64)> = Vec::new();
    for problem in assessed.problems.iter() {
        match kinds.iter_mut().find(|(p, _)| p.code == problem.code) {
            Some((_, count)) => *count += problem.count,
            None => kinds.push((problem, problem.count)),
        }
    }
    kinds.sort_by_key(|(p, _)| p.severity);
    kinds
}

fn problems(h: &mut Html, assessed: &Assessed, kinds: &[(&Problem, u64)], each: &Text) {
    let [errors, warnings, notes] = assessed.problems.counts();
    if errors + warnings + notes == 0 {
        return;
    }
    h.el("section.problems", |h| {
        h.line("h2", &text("问题与提示", "Problems and notes"));
        h.line(
            "p.lead",
            &Text::of(
                format!("{errors} 个错误，{warnings} 个警告，{notes} 个提示；{}。", each.zh),
                format!("{errors} errors, {warnings} warnings, {notes} notes; {}.", each.en),
            ),
        );
        h.el("ul", |h| {
            for (problem, count) in kinds.iter().take(PROBLEMS) {
                let class = match problem.severity {
                    Severity::Error => "li.error",
                    Severity::Warning => "li.warning",
                    Severity::Note => "li.note",
                };
                h.el(class, |h| {
                    let severity = Text::of(problem.severity.word(Lang::Zh), problem.severity.word(Lang::En));
                    h.line("b", &severity);
                    h.say(&problem.what);
                    let place = Text::of(problem.place(Lang::Zh), problem.place(Lang::En));
                    if !place.is_empty() {
                        h.el("span.at", |h| h.say(&place));
                    }
                    if *count > 1 {
                        h.el("span.at", |h| h.say(&words!("同类 {count}", "{count} alike")));
                    }
                    if !problem.fix.is_empty() {
                        h.line("span.fix", &problem.fix);
                    }
                });
            }
        });
        let more = kinds.len().saturating_sub(PROBLEMS);
        if more > 0 {
            h.line("p.more", &words!("另有 {more} 类", "{more} more kinds"));
        }
    });
}

/// How the columns were read, and what was taken for granted.
fn reading(h: &mut Html, assessed: &Assessed) {
    h.el("section.reading", |h| {
        h.line("h2", &text("怎样读取", "How it was read"));
        h.el("ul.columns", |h| {
            let used = assessed.columns.iter().filter(|c| !c.taken_for.is_empty());
            for column in used.take(40) {
                h.el("li", |h| {
                    h.el("code", |h| h.text(&column.head));
                    h.text(" → ");
                    h.say(&column.title);
                    if !column.remark.is_empty() {
                        h.el("span.remark", |h| h.say(&column.remark));
                    }
                });
            }
        });
        let unused: Vec<&str> = assessed.columns.iter().filter(|c| c.taken_for.is_empty() && !c.head.is_empty()).map(|c| c.head.as_str()).collect();
        if !unused.is_empty() {
            let list = unused.join(", ");
            h.line("p.more", &words!("未采用的列：{list}", "columns not used: {list}"));
        }
        for assumed in &assessed.assumed {
            h.line("p.assumed", assumed);
        }
    });
}

fn colophon(h: &mut Html, assessed: &Assessed) {
    h.el("dl", |h| {
        for standard in &assessed.standards {
            h.el("dt", |h| {
                h.el("code", |h| h.text(&standard.id));
            });
            h.el("dd", |h| {
                h.text(&standard.number);
                h.text(" ");
                h.say(&standard.title);
                h.el("span.evidence", |h| {
                    h.say(&standard.evidence.title());
                    h.text(&format!(" · {} · ", standard.period));
                    h.say(&standard.remark);
                });
            });
        }
    });
    h.el("p.print", |h| {
        h.text(&format!("liangshan {VERSION} · sha256 {}", assessed.file.digest.as_str()));
    });
}
