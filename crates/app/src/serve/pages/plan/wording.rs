//! The plan's text, paragraph by paragraph, every sentence with the colour and the word of its state; one
//! that is opened shows what feeds it. What hangs loose stands below.

use liangshan_vocab::{Lang, Text, text, words};

use super::out::{RowOut, STATES, TextOut, schema_of, sort_title};
use super::{ON, day_form, invented, json, lamp, local, origin_mark, page, plan, select, table, twin};
use crate::serve::reply::Answer;
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;

const STATE: Kind = Kind::OneOf(&["done", "green", "recorded", "grey", "yellow", "red", "unfed", "said"]);

const TAKES: &[Param] = &[
    ON,
    Param::optional("state", STATE, ("只看这种状态", "only this state"), "red"),
    Param::optional("office", Kind::Word, ("只看这个部门（代码）", "only this office, by id"), "OFF-ECO"),
    Param::optional("kind", Kind::Word, ("只看这类语句", "only this sort of sentence"), "duty"),
    Param::optional("open", Kind::Word, ("打开的语句", "the sentence that is open"), "P016"),
];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan", ("规划方案原文与状态", "the plan's text and its states"), TAKES, shown),
    Route::json(
        "/api/plan",
        ("方案语句、状态、来源与悬空项", "sentences of the plan, their states and feeds, what hangs loose"),
        TAKES_JSON,
        schema_of::<TextOut>,
        twin_of,
    ),
];

const TAKES_JSON: &[Param] = &[TAKES[0], TAKES[1], TAKES[2], TAKES[3]];

fn matches(ask: &Ask<'_>, row: &RowOut) -> bool {
    let is = |name: &str, value: &str| ask.word(name).is_none_or(|w| w == value);
    is("state", &row.state) && is("office", &row.owner) && is("kind", &row.kind)
}

fn checked(ask: &Ask<'_>) -> Result<TextOut, crate::serve::reply::Refusal> {
    let made = TextOut::of(&*plan(ask)?, ask.lang);
    if let Some(office) = ask.word("office")
        && made.rows.iter().all(|r| r.owner != office)
    {
        let mut known: Vec<&str> = made.rows.iter().map(|r| r.owner.as_str()).filter(|o| !o.is_empty()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(ask.unknown("office", &text("责任部门", "office that answers for a sentence"), known));
    }
    if let Some(kind) = ask.word("kind")
        && made.rows.iter().all(|r| r.kind != kind)
    {
        let mut known: Vec<&str> = made.rows.iter().map(|r| r.kind.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(ask.unknown("kind", &text("语句类别", "sort of sentence"), known));
    }
    Ok(made)
}

fn twin_of(ask: &Ask<'_>) -> Answer {
    let mut made = checked(ask)?;
    made.rows.retain(|r| matches(ask, r));
    json(&made)
}

fn shown(ask: &Ask<'_>) -> Answer {
    let made = checked(ask)?;
    let opened = match ask.word("open") {
        None => None,
        Some(id) => match made.rows.iter().find(|r| r.id == id) {
            Some(row) => Some(row),
            None => return Err(ask.unknown("open", &text("语句", "sentence"), made.rows.iter().map(|r| r.id.as_str()))),
        },
    };
    let filtered = ["state", "office", "kind"].iter().any(|name| ask.word(name).is_some());
    Ok(page(ask, "/plan", text("规划实施", "The plan"), &[], |h| {
        invented(h, &made.on);
        legend(h, ask, &made);
        day_form(h, ask, &made.on, |h| filters(h, ask, &made));
        h.el(if opened.is_some() { "div.reading.two" } else { "div.reading" }, |h| {
            h.with("div.sheet.wording", &[("lang", "zh-CN")], |h| {
                if ask.lang == Lang::En {
                    h.with("p.caption", &[("lang", "en")], |h| {
                        h.say(&text("", "The plan is a Chinese text and is shown as it was issued; everything around it is in English."))
                    });
                }
                paragraphs(h, ask, &made, opened.map(|r| r.id.as_str()), filtered);
            });
            if let Some(row) = opened {
                beside(h, ask, row);
            }
        });
        loose(h, ask, &made);
        twin(h, ask, "/api/plan", &[("on", ask.word("on").unwrap_or_default()), ("state", ask.word("state").unwrap_or_default())]);
    }))
}

/// How many sentences there are of each state; each is a filter.
fn legend(h: &mut Html, ask: &Ask<'_>, made: &TextOut) {
    h.with("nav.kpis.states", &[("aria-label", ask.say("按状态筛选", "filter by state"))], |h| {
        for state in &made.states {
            let on = ask.word("state") == Some(&state.id);
            let to = ask.here(&[("state", if on { "" } else { &state.id }), ("open", "")]);
            let mut attributes = vec![("href", to.as_str())];
            if on {
                attributes.push(("aria-current", "true"));
            }
            h.with(&format!("a.kpi.s-{}", state.id), &attributes, |h| {
                h.el("span.name", |h| h.text(&state.title));
                h.el("div.figure", |h| {
                    h.text(&state.count.to_string());
                    h.line("span.unit", &text("句", "sentences"));
                });
            });
        }
    });
}

fn filters(h: &mut Html, ask: &Ask<'_>, made: &TextOut) {
    let mut offices: Vec<(String, String)> = made.rows.iter().filter(|r| !r.owner.is_empty()).map(|r| (r.owner.clone(), r.owner_title.clone())).collect();
    offices.sort();
    offices.dedup();
    let mut kinds: Vec<(String, String)> = made.rows.iter().map(|r| (r.kind.clone(), sort_title(&r.kind, ask.lang))).collect();
    kinds.sort();
    kinds.dedup();
    let states: Vec<(String, String)> = STATES.iter().map(|s| (s.word().to_owned(), s.title().get(ask.lang).to_owned())).collect();
    select(h, "state", &text("状态", "State"), ask.word("state"), &states);
    select(h, "office", &text("责任部门", "Office"), ask.word("office"), &offices);
    select(h, "kind", &text("类别", "Sort"), ask.word("kind"), &kinds);
}

fn paragraphs(h: &mut Html, ask: &Ask<'_>, made: &TextOut, opened: Option<&str>, filtered: bool) {
    let mut paragraph: Vec<&RowOut> = Vec::new();
    for row in &made.rows {
        if row.lead.contains('\n') && !paragraph.is_empty() {
            one(h, ask, &paragraph, opened, filtered);
            paragraph.clear();
        }
        paragraph.push(row);
    }
    one(h, ask, &paragraph, opened, filtered);
}

/// A short word for a state, for the margin of a sentence.
fn short(state: &str) -> Text {
    match state {
        "done" => text("成", "done"),
        "green" => text("达", "on"),
        "recorded" => text("录", "rec"),
        "grey" => text("未定", "open"),
        "yellow" => text("滞后", "behind"),
        "red" => text("未达", "missed"),
        _ => text("无源", "unfed"),
    }
}

fn one(h: &mut Html, ask: &Ask<'_>, sentences: &[&RowOut], opened: Option<&str>, filtered: bool) {
    let Some(first) = sentences.first() else { return };
    let title = sentences.len() == 1 && first.state == "said";
    let class = match (title, first.lead.contains('\u{3000}')) {
        (true, _) => "p.title",
        (_, true) => "p",
        _ => "p.flush",
    };
    h.el(class, |h| {
        for row in sentences {
            let dim = filtered && !matches(ask, row);
            if row.state == "said" {
                h.el(if dim { "span.dim" } else { "span" }, |h| h.text(&row.text));
                continue;
            }
            let to = format!("{}#open", ask.here(&[("open", &row.id)]));
            let hover = format!("{} {} · {}", row.id, row.owner_title, row.state_title);
            let class = format!("a.s.s-{}{}{}", row.state, if dim { ".dim" } else { "" }, if opened == Some(&row.id) { ".opened" } else { "" });
            let id = format!("s-{}", row.id);
            let mut attributes = vec![("href", to.as_str()), ("title", &hover), ("id", &id)];
            if opened == Some(&row.id) {
                attributes.push(("aria-current", "true"));
            }
            h.with(&class, &attributes, |h| {
                h.text(&row.text);
                if !dim {
                    h.with("small", &[("lang", ask.lang.code())], |h| h.say(&short(&row.state)));
                }
            });
        }
    });
}

/// What feeds the sentence that is open.
fn beside(h: &mut Html, ask: &Ask<'_>, row: &RowOut) {
    h.with("aside.sheet.opened", &[("id", "open"), ("aria-labelledby", "open-title"), ("tabindex", "-1")], |h| {
        h.with("h2", &[("id", "open-title")], |h| {
            h.text(&format!("{} ", row.id));
            lamp(h, &row.state, &row.state_title);
        });
        h.with("blockquote", &[("lang", "zh-CN")], |h| h.text(&row.text));
        h.el("dl", |h| {
            h.line("dt", &text("类别与章节", "Sort and chapter"));
            h.el("dd", |h| h.text(&format!("{} · {}", sort_title(&row.kind, ask.lang), row.of)));
            h.line("dt", &text("责任部门", "Answers for it"));
            h.el("dd", |h| {
                let to = ask.link("/plan", &[("office", &row.owner)]);
                h.with("a", &[("href", &to)], |h| h.text(&row.owner_title));
            });
            h.line("dt", &text("凭什么这样判", "What it is judged by"));
            h.el("dd", |h| feeds(h, ask, row));
        });
        if row.state != row.state_of_latest {
            let latest = STATES.iter().find(|s| s.word() == row.state_of_latest).map(|s| s.title()).unwrap_or_default();
            h.line(
                "p.caption",
                &Text::of(
                    format!("按预测着色；只看最近的值则为“{}”。", latest.zh),
                    format!("Coloured by forecast; by the latest value alone it would be \"{}\".", latest.en),
                ),
            );
        }
        let to = format!("{}#s-{}", ask.here(&[("open", "")]), row.id);
        h.el("p", |h| h.with("a.button.quiet", &[("href", &to)], |h| h.say(&text("关闭", "Close"))));
    });
}

/// What feeds a row, each with a way to it.
pub(super) fn feeds(h: &mut Html, ask: &Ask<'_>, row: &RowOut) {
    if row.feeds.is_empty() {
        return h.line("p.caption", &text("没有来源。", "Nothing feeds it."));
    }
    h.el("ul.feeds", |h| {
        for feed in &row.feeds {
            h.el("li", |h| {
                let name = format!("{} {}", kind_title(&feed.kind).get(ask.lang), feed.of);
                match &feed.page {
                    Some(page) => h.with("a", &[("href", &local(ask.lang, page))], |h| h.text(&name)),
                    None => h.el("b", |h| h.text(&name)),
                }
                h.text(ask.say("：", ": "));
                h.text(&feed.says);
                origin_mark(h, &feed.origin);
            });
        }
    });
}

fn kind_title(kind: &str) -> Text {
    match kind {
        "target" => text("目标", "target"),
        "indicator" => text("核算指标", "indicator"),
        "statistic" => text("统计", "statistic"),
        "register" => text("登记册", "register"),
        "projects" => text("项目", "projects"),
        "layer" => text("图层", "layer"),
        "standard" => text("标准", "standard"),
        "command" => text("程序", "command"),
        _ => text("来源", "feed"),
    }
}

/// What hangs loose, as a list that can be worked off.
fn loose(h: &mut Html, ask: &Ask<'_>, made: &TextOut) {
    let count = made.loose.len();
    h.with("section.sheet", &[("id", "loose")], |h| {
        h.line("h2", &words!("悬空 {count} 项", "Hanging loose: {count}"));
        h.line(
            "p.caption",
            &text(
                "没有责任部门或来源的语句，没有语句的登记册、指标、图层与项目。",
                "Sentences without an owner or a feed; registers, indicators, layers and projects without a sentence.",
            ),
        );
        if made.loose.is_empty() {
            return h.line("p", &text("没有悬空的。", "Nothing hangs loose."));
        }
        h.el("details", |h| {
            h.line("summary", &text("逐项列出", "List them"));
            let head = [text("什么", "What"), text("编号", "Which"), text("说明", "Why")];
            table(h, &text("悬空", "What hangs loose"), &head, |h| {
                for item in &made.loose {
                    h.el("tr", |h| {
                        h.el("td", |h| h.text(&item.what));
                        h.el("td", |h| {
                            if item.what == "sentence" {
                                let to = format!("{}#open", ask.link("/plan", &[("open", &item.id)]));
                                h.with("a", &[("href", &to)], |h| h.text(&item.id));
                            } else {
                                h.text(&item.id);
                            }
                        });
                        h.el("td", |h| h.text(&item.says));
                    });
                }
            });
        });
    });
}
