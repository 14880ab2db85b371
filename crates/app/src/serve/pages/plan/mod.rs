//! Plan (规划实施): the plan's text, targets, projects, zones, what it names, conformity and conflicts.
//! Every page has its data as JSON below `/api/plan`.

mod causes;
mod conflicts;
mod conform;
mod form;
mod lists;
mod out;
mod projects;
mod record;
mod targets;
mod verdict;
mod wording;
mod zones;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use liangshan_atlas::planbook::Planbook;
use liangshan_vocab::{Lang, Text, text, words};
use serde_json::{Value, json};

use super::super::layout::{Page, Screen};
use super::super::reply::{Answer, Refusal, Reply};
use super::super::route::{Ask, Kind, Param, Route, link};
use crate::ui::html::Html;

pub(crate) use zones::ZonesOut;

/// The day as of which something is shown.
const ON: Param =
    Param::optional("on", Kind::Date, ("截至日期；不填为项目最近一次报送日", "as of which day; the last report of projects by default"), "2020-06-30");

/// All addresses of the area.
pub(super) fn routes() -> Vec<Route> {
    [wording::ROUTES, targets::ROUTES, projects::ROUTES, lists::ROUTES, record::ROUTES, zones::ROUTES, conform::ROUTES, conflicts::ROUTES].concat()
}

/// The pages of the area.
const TABS: [(&str, Text); 8] = [
    ("/plan", text("方案原文", "Text")),
    ("/plan/targets", text("目标", "Targets")),
    ("/plan/projects", text("项目", "Projects")),
    ("/plan/systems", text("点名事项", "What it names")),
    ("/plan/registers", text("登记册", "Registers")),
    ("/plan/zones", text("分区与控制线", "Zones and lines")),
    ("/plan/conform", text("合规审查", "Conformity")),
    ("/plan/conflicts", text("规划冲突", "Conflicts")),
];

fn tabs(h: &mut Html, ask: &Ask<'_>, here: &str) {
    h.with("nav.tabs", &[("aria-label", ask.say("规划实施各页", "pages of the plan"))], |h| {
        for (at, title) in &TABS {
            let to = ask.link(at, &[("on", if at.ends_with("conform") { "" } else { ask.word("on").unwrap_or_default() })]);
            let mut attributes = vec![("href", to.as_str())];
            if *at == here {
                attributes.push(("aria-current", "page"));
            }
            h.with("a", &attributes, |h| h.say(title));
        }
    });
}

/// A page of the area below its tabs.
fn page(ask: &Ask<'_>, here: &str, title: Text, modules: &[&str], body: impl FnOnce(&mut Html)) -> Reply {
    let page = Page { screen: Screen::Plan, title: title.clone(), styles: &["css/plan.css"], modules, scripts: &[], class: "" };
    let reply = super::super::layout::page(ask, &page, |h| {
        h.line("h1", &title);
        tabs(h, ask, here);
        body(h);
    });
    // The plan is read before the layers that maps stand on: such a page is drawn again when they are there.
    if ask.snapshot.ground.ready().is_some() { reply } else { reply.passing() }
}

fn plan(ask: &Ask<'_>) -> Result<Arc<Planbook>, Refusal> {
    ask.snapshot.plan.get()?.on(ask.word("on"))
}

/// The day, as a form of one field that keeps the rest of the address.
fn day_form(h: &mut Html, ask: &Ask<'_>, on: &str, more: impl FnOnce(&mut Html)) {
    h.with("form.choose", &[("method", "get"), ("action", ask.path)], |h| {
        h.el("label", |h| {
            h.line("span", &text("截至日期", "As of"));
            h.void("input", &[("type", "date"), ("name", "on"), ("value", on)]);
        });
        more(h);
        if ask.lang == Lang::En {
            h.void("input", &[("type", "hidden"), ("name", "lang"), ("value", "en")]);
        }
        h.with("button", &[("type", "submit")], |h| h.say(&text("查看", "Show")));
    });
}

/// A choice of one of several, the first of which is all.
fn select(h: &mut Html, name: &str, title: &Text, chosen: Option<&str>, options: &[(String, String)]) {
    h.el("label", |h| {
        h.line("span", title);
        h.with("select", &[("name", name)], |h| {
            let nothing = if matches!(name, "use" | "becomes") { text("不填", "not stated") } else { text("全部", "all") };
            h.with("option", &[("value", "")], |h| h.say(&nothing));
            for (value, said) in options {
                let mut attributes = vec![("value", value.as_str())];
                if chosen == Some(value) {
                    attributes.push(("selected", ""));
                }
                h.with("option", &attributes, |h| h.text(said));
            }
        });
    });
}

/// A lamp: a colour and a word.
fn lamp(h: &mut Html, word: &str, said: &str) {
    let class = match word {
        "blue" | "done" => "done",
        "green" => "on",
        "yellow" => "watch",
        "red" => "late",
        "unfed" => "unfed",
        _ => "none",
    };
    h.el(&format!("span.chip.{class}"), |h| h.text(said));
}

/// The word of a lamp.
fn lamp_title(word: &str) -> Text {
    match word {
        "blue" => text("完成", "done"),
        "green" => text("正常", "on course"),
        "yellow" => text("滞后", "behind"),
        "red" => text("严重滞后", "far behind"),
        _ => text("未判", "not judged"),
    }
}

/// The mark of what is not measured.
fn origin_mark(h: &mut Html, origin: &str) {
    let said = match origin {
        "synthetic" => text("合成", "synthetic"),
        "modelled" => text("模拟", "modelled"),
        "mixed" => text("部分合成", "partly synthetic"),
        _ => return,
    };
    h.text(" ");
    h.line("span.mark", &said);
}

/// A table in a frame that scrolls by itself; a head cell that begins with `#` is of numbers.
fn table(h: &mut Html, caption: &Text, head: &[Text], body: impl FnOnce(&mut Html)) {
    h.with("div.scroll", &[("tabindex", "0"), ("role", "region"), ("aria-label", caption.get(h.lang()))], |h| {
        h.el("table", |h| {
            h.line("caption.hidden", caption);
            h.el("thead", |h| {
                h.el("tr", |h| {
                    for name in head {
                        let class = if name.zh.starts_with('#') { "th.number" } else { "th" };
                        h.with(class, &[("scope", "col")], |h| h.text(name.get(h.lang()).trim_start_matches('#')));
                    }
                });
            });
            h.el("tbody", body);
        });
    });
}

/// What lies under a small map: the box of the region, its relief, and layers that help to find one's way.
fn under(ask: &Ask<'_>) -> Value {
    let Some(ground) = ask.snapshot.ground.ready() else { return Value::Null };
    let named: Vec<&str> = ["waters", "rivers", "counties"].into_iter().filter(|name| ground.drawings.layer(name).is_some()).collect();
    json!({ "bounds": ground.drawings.bounds, "relief": ground.relief.is_some(), "layers": named })
}

/// A share as a whole per cent.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// An address of ours in the language of the page; one that has a query already keeps it.
fn local(lang: Lang, path: &str) -> String {
    link(lang, path, &[])
}

/// The line below a page that says where its data are.
fn twin(h: &mut Html, ask: &Ask<'_>, path: &str, query: &[(&str, &str)]) {
    let to = ask.link(path, query);
    h.el("p.caption", |h| {
        h.say(&text("本页数据：", "The data of this page: "));
        h.with("a", &[("href", &to)], |h| h.text("JSON"));
    });
}

/// The sentence that says what part of the plan is invented.
fn invented(h: &mut Html, on: &str) {
    h.line(
        "p.caption",
        &words!(
            "截至 {on}。方案原文是公开文件；多数目标值、全部项目与多数登记册为合成（虚构）数据，逐处标明。",
            "As of {on}. The plan's text is public; most values of targets, all projects and most registers are synthetic (invented) and marked so."
        ),
    );
}

fn json<T: serde::Serialize>(document: &T) -> Answer {
    Ok(Reply::json(document))
}
