//! `plan.html`: the plan itself on screen, every sentence coloured by its state; targets with their
//! paths; counties; projects; registers; what hangs loose. One file, no network, both languages in it.
//! Columns that name persons are not shown.

mod counties;
mod lists;
mod projects;
mod targets;
mod wording;

use std::collections::BTreeMap;

use liangshan_accounts::targets::{Attainment, Lamp};
use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::rows::State;
use liangshan_atlas::planbook::values::Fed;
use liangshan_vocab::{Text, text, words};

use super::html::Html;

const STYLE: &str = include_str!("report/report.css");
const OWN_STYLE: &str = include_str!("plan/plan.css");
const SCRIPT: &str = include_str!("report/report.js");

/// A section: its anchor, its title, how to read it, and what it draws.
struct Section {
    id: &'static str,
    title: Text,
    lead: Text,
    draw: fn(&mut Html, &Planbook),
}

const SECTIONS: [Section; 9] = [
    Section {
        id: "targets",
        title: text("目标", "Targets"),
        lead: text(
            "结论按未修约的值判定；缺数不能判定，绝不算达到。灯色看最近一年的值：不低于计划路径为绿，落后不超过 0.10 为黄，再落后为红。",
            "Verdicts are on unrounded values; what is missing cannot be decided and is never met. The lamp is of the latest value: green on the planned path, yellow up to 0.10 behind, then red.",
        ),
        draw: targets::draw,
    },
    Section {
        id: "text",
        title: text("方案原文", "The plan's text"),
        lead: text(
            "每句按其状态着色；点击一句，到下面看它由谁负责、由什么来源说明。",
            "Every sentence is coloured by its state; follow it to its owner and its feeds.",
        ),
        draw: wording::draw,
    },
    Section {
        id: "counties",
        title: text("分解到县", "Counties"),
        lead: text("差距为现值减分解值；负数为欠账。", "The gap is the value less the part; below zero is short of it."),
        draw: counties::draw,
    },
    Section {
        id: "projects",
        title: text("项目", "Projects"),
        lead: text(
            "完成须有其他单位认可的佐证。蓝为完成；逾期超过 30 天或落后超过 0.15 为红；红灯满一、二、三个月依次为提醒、督办、挂牌督办，其后约谈。",
            "Done needs evidence that another unit accepted. Blue is done; more than 30 days overdue or 0.15 behind is red; one, two, three months in red are a reminder, a notice, public listing, then an interview.",
        ),
        draw: projects::draw,
    },
    Section {
        id: "green",
        title: text("绿色发展指数与考核", "Green-development index and assessment"),
        lead: text("缺测指标得 60 分，不适用的指标权重让给同组。", "A missing indicator scores 60; one that does not apply hands its weight on in its group."),
        draw: counties::green,
    },
    Section {
        id: "sentences",
        title: text("语句、责任与来源", "Sentences, owners and feeds"),
        lead: text("来源分为程序计算、人工填报与无数据。", "A feed is computed, typed, or nothing."),
        draw: lists::sentences,
    },
    Section {
        id: "systems",
        title: text("方案点名的事项", "Things the plan names"),
        lead: text("A 软件可实现，B 软件管记录与流程，C 软件只跟踪。", "A: software can do it; B: it keeps records and the work flow; C: it only follows."),
        draw: lists::systems,
    },
    Section {
        id: "registers",
        title: text("登记册", "Registers"),
        lead: text(
            "登记册由数据声明：表、导入、导出、表单与图层都由声明得出。",
            "Registers are declared as data: table, import, export, form and map layer follow.",
        ),
        draw: lists::registers,
    },
    Section {
        id: "loose",
        title: text("悬空", "What hangs loose"),
        lead: text(
            "没有责任部门或来源的语句，没有语句的登记册、指标、图层与项目。",
            "Sentences without owner or feed; registers, indicators, layers and projects without a sentence.",
        ),
        draw: lists::loose,
    },
];

/// Renders the page. The same plan gives the same bytes.
pub(crate) fn plan(plan: &Planbook) -> String {
    let mut h = Html::default();
    h.with("html", &[("lang", "zh"), ("data-lang", "zh")], |h| {
        h.el("head", |h| head(h, plan));
        h.el("body", |h| {
            h.with("a.skip", &[("href", "#main")], |h| h.say(&text("跳到正文", "Skip to the text")));
            h.el("header", |h| masthead(h, plan));
            h.with("main", &[("id", "main")], |h| {
                notice(h, plan);
                h.with("nav.contents", &[("aria-label", "目录 / Contents")], |h| {
                    h.el("ol", |h| {
                        for section in &SECTIONS {
                            let to = format!("#{}", section.id);
                            h.el("li", |h| h.with("a", &[("href", &to)], |h| h.say(&section.title)));
                        }
                    });
                });
                for (at, section) in SECTIONS.iter().enumerate() {
                    let title_id = format!("{}-title", section.id);
                    h.with("section", &[("id", section.id), ("aria-labelledby", &title_id)], |h| {
                        h.with("h2", &[("id", &title_id)], |h| {
                            h.el("span.number", |h| h.text(&(at + 1).to_string()));
                            h.say(&section.title);
                        });
                        h.line("p.lead", &section.lead);
                        (section.draw)(h, plan);
                    });
                }
            });
            h.el("footer", |h| {
                let version = liangshan_atlas::VERSION;
                h.line(
                    "p",
                    &words!(
                        "由两山（Liangshan）{version} 版生成；相同的输入得到相同的字节。",
                        "Made by Liangshan {version}; the same input gives the same bytes."
                    ),
                );
            });
            h.embed("script", SCRIPT);
        });
    });
    format!("<!DOCTYPE html>\n{}\n", h.finish())
}

fn head(h: &mut Html, plan: &Planbook) {
    h.void("meta", &[("charset", "utf-8")]);
    h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    let (place, title) = (&plan.region.declared.title, &plan.declared.title);
    let (zh, en) = (format!("{} · {}", place.zh, title.zh), format!("{} · {}", place.en, title.en));
    h.with("title", &[("data-zh", &zh), ("data-en", &en)], |h| h.text(&zh));
    h.embed("style", STYLE);
    h.embed("style", OWN_STYLE);
}

fn masthead(h: &mut Html, plan: &Planbook) {
    h.el("div.bar-top", |h| {
        h.el("p.brand", |h| {
            h.with("b", &[("lang", "zh")], |h| h.text("两山"));
            h.with("b", &[("lang", "en")], |h| h.text("Liangshan"));
            h.say(&text("方案、目标与项目", "plan, targets and projects"));
        });
        h.with("div.languages", &[("role", "group"), ("aria-label", "语言 / Language")], |h| {
            for (code, name, pressed) in [("zh", "中文", "true"), ("en", "English", "false")] {
                h.with("button", &[("type", "button"), ("data-set-lang", code), ("aria-pressed", pressed)], |h| h.text(name));
            }
        });
    });
    h.el("h1", |h| {
        h.line("span.place", &plan.region.declared.title);
        h.text(" ");
        h.line("span.subject", &plan.declared.title);
    });
    h.el("dl.facts", |h| {
        let met = |a: Attainment| plan.targets.iter().filter(|t| t.standing.attained == a).count();
        let (yes, no, open) = (met(Attainment::Yes), met(Attainment::No), met(Attainment::Undecidable));
        fact(h, &text("截至", "As of"), &Text::same(plan.on.to_string()));
        fact(h, &text("目标", "Targets"), &words!("{yes} 项达到，{no} 项未达到，{open} 项不能判定", "{yes} met, {no} not met, {open} undecidable"));
        let mut fed: BTreeMap<Fed, usize> = BTreeMap::new();
        plan.system_views.iter().for_each(|v| *fed.entry(v.fed).or_default() += 1);
        let of = |f: Fed| fed.get(&f).copied().unwrap_or(0);
        let (all, computed, typed, nothing) = (plan.system_views.len(), of(Fed::Computed), of(Fed::Typed), of(Fed::Nothing));
        fact(
            h,
            &text("方案点名的事项", "Things it names"),
            &words!("{all} 项：计算 {computed}，填报 {typed}，无数据 {nothing}", "{all}: {computed} computed, {typed} typed, {nothing} fed by nothing"),
        );
        let lamps = |lamp: Lamp| plan.projects.iter().filter(|p| p.progress.lamp == lamp).count();
        let (count, red, yellow) = (plan.projects.len(), lamps(Lamp::Red), lamps(Lamp::Yellow));
        fact(h, &text("项目", "Projects"), &words!("{count} 个：红 {red}，黄 {yellow}", "{count}: {red} red, {yellow} yellow"));
    });
}

fn fact(h: &mut Html, name: &Text, said: &Text) {
    h.el("div", |h| {
        h.line("dt", name);
        h.line("dd", said);
    });
}

fn notice(h: &mut Html, plan: &Planbook) {
    h.with("aside.notice", &[("aria-labelledby", "notice-title")], |h| {
        h.with("h2", &[("id", "notice-title")], |h| h.say(&text("引用之前", "Before you quote")));
        h.line(
            "p",
            &text(
                "方案原文是公开的；多数目标值、全部项目与多数登记册为合成（虚构）数据，逐处标明，仅供演示。概率只供参考，不改变任何结论。",
                "The plan's text is public. Most values of targets, all projects and most registers are synthetic (invented) and marked so; they are a demonstration. A chance is for information and changes no verdict.",
            ),
        );
        if !plan.notes.is_empty() {
            h.el("ul.letters", |h| {
                for problem in plan.notes.iter() {
                    h.el("li", |h| {
                        h.say(&problem.what);
                        h.text(" ");
                        h.el("code", |h| h.text(&problem.code));
                    });
                }
            });
        }
    });
}

/// A chip with the colour of a lamp; the word says it too.
fn lamp_chip(h: &mut Html, lamp: Lamp) {
    let (class, said) = match lamp {
        Lamp::Blue => ("done", text("蓝", "blue")),
        Lamp::Green => ("green", text("绿", "green")),
        Lamp::Grey => ("grey", text("灰", "grey")),
        Lamp::Yellow => ("yellow", text("黄", "yellow")),
        Lamp::Red => ("red", text("红", "red")),
    };
    h.line(&format!("span.lamp.{class}"), &said);
}

/// A chip with the colour of a state.
fn state_chip(h: &mut Html, state: State) {
    h.line(&format!("span.lamp.{}", state.word()), &state.title());
}

/// A table in a frame that scrolls by itself on a narrow screen.
fn framed(h: &mut Html, class: &str, head: &[Text], body: impl FnOnce(&mut Html)) {
    h.el("div.sheet.scroll", |h| {
        h.el(&format!("table.{class}"), |h| {
            h.el("thead", |h| {
                h.el("tr", |h| {
                    for name in head {
                        h.with("th", &[("scope", "col")], |h| h.say(name));
                    }
                });
            });
            h.el("tbody", body);
        });
    });
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

#[cfg(test)]
mod tests;
