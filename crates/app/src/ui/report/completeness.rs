//! What is there and what is not: every indicator of the method, why it is missing, and what a
//! reviewer will ask.

use liangshan_accounts::account::Status;
use liangshan_accounts::profile::Inclusion;
use liangshan_vocab::{Lang, Problem, Severity, Text, text, words};

use super::view::{View, heads, table};
use crate::ui::bars::{bar, end_to_end};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    h.el("div.sheet.progress", |h| {
        for year in view.years() {
            let (counted, missing) = view.completeness(year);
            let there = counted - missing;
            h.el("div.rank", |h| {
                h.el("span.who", |h| h.say(&words!("{year} 年", "{year}")));
                let parts = [(there, "there", text("有", "there")), (missing, "lacking", text("缺", "missing"))];
                let said = |n: usize, name: &Text| Text::of(format!("{} {n} 项", name.zh), format!("{n} {}", name.en));
                let pieces = end_to_end(counted as f64, parts.iter().map(|(n, class, name)| (*n as f64, (*class).to_owned(), said(*n, name))));
                let alt = words!("{counted} 项中有 {there} 项", "{there} of {counted}");
                bar(h, &alt, &pieces);
                h.line("span.value", &words!("{there} / {counted} 项", "{there} of {counted}"));
            });
        }
    });
    let stands: Vec<(&str, Stand)> =
        view.publication.profile.indicators.iter().map(|m| (m.indicator.as_str(), Stand::of(view, &m.indicator, m.status))).collect();
    let said: Vec<&(&str, Stand)> = stands.iter().filter(|s| matches!(s.1, Stand::Lacking | Stand::NotApplicable | Stand::Zero | Stand::NotGiven)).collect();
    if !said.is_empty() {
        lacking(h, view, said);
    }
    for (stand, name) in [(Stand::Computed, text("已核算", "Computed")), (Stand::LeftOut, text("方法档案不计入", "Left out by the method"))] {
        let named: Vec<Text> = stands.iter().filter(|s| s.1 == stand).map(|(id, _)| words::indicator(id)).collect();
        if !named.is_empty() {
            let (count, named) = (named.len(), words::joined(&named));
            h.line("p.list", &Text::of(format!("{}（{count} 项）：{}。", name.zh, named.zh), format!("{} ({count}): {}.", name.en, named.en)));
        }
    }
    if !view.publication.account.unknown.is_empty() {
        let named: Vec<Text> = view.publication.account.unknown.iter().map(|id| words::indicator(id)).collect();
        let named = words::joined(&named);
        h.line(
            "p.note",
            &Text::of(
                format!("方法原文是否计入以下指标尚不清楚，故未计入，合计也因此不称 GEP：{}。", named.zh),
                format!("Nobody here knows whether the method counts these, so they are left out and the total is not called GEP: {}.", named.en),
            ),
        );
    }
}

/// How it stands with an indicator in the whole region.
#[derive(Clone, Copy, PartialEq)]
enum Stand {
    Lacking,
    NotApplicable,
    Zero,
    NotGiven,
    Computed,
    LeftOut,
    Unknown,
}

impl Stand {
    fn of(view: &View<'_>, id: &str, inclusion: Inclusion) -> Self {
        let lacks = view.total(view.latest).is_some_and(|t| t.missing.iter().any(|m| m.indicator == id));
        match view.row(view.latest, id).map(|r| &r.status) {
            _ if lacks => Stand::Lacking,
            Some(Status::MissingInput { .. }) => Stand::Lacking,
            Some(Status::NotApplicable(_)) => Stand::NotApplicable,
            Some(Status::Zero(_)) => Stand::Zero,
            Some(Status::Ok) => Stand::Computed,
            None if inclusion == Inclusion::Excluded => Stand::LeftOut,
            None if inclusion == Inclusion::Unknown => Stand::Unknown,
            None => Stand::NotGiven,
        }
    }

    fn title(self) -> Text {
        match self {
            Stand::Lacking => text("缺输入", "input missing"),
            Stand::NotApplicable => text("不适用", "not applicable"),
            Stand::Zero => text("申明为零", "declared zero"),
            Stand::NotGiven => text("未提供", "not given"),
            Stand::Computed => text("已核算", "computed"),
            Stand::LeftOut => text("不计入", "left out"),
            Stand::Unknown => text("不明", "unknown"),
        }
    }
}

/// What is not computed, what is missing first.
fn lacking(h: &mut Html, view: &View<'_>, mut stands: Vec<&(&str, Stand)>) {
    stands.sort_by_key(|s| s.1 != Stand::Lacking);
    let year = view.latest;
    table(h, ".words", &words!("{year} 年未核算的指标", "Indicators that were not computed, {year}"), |h| {
        heads(
            h,
            &[
                (text("指标", "Indicator"), false),
                (text("状态", "State"), false),
                (text("原因", "Why"), false),
                (text("应提供的文件", "File that should bring it"), false),
            ],
        );
        h.el("tbody", |h| stands.into_iter().for_each(|(id, stand)| line(h, view, id, *stand)));
    });
}

fn line(h: &mut Html, view: &View<'_>, id: &str, stand: Stand) {
    let missing = view.total(view.latest).and_then(|t| t.missing.iter().find(|m| m.indicator == id));
    let status = view.row(view.latest, id).map(|r| &r.status);
    h.el("tr", |h| {
        h.with("th", &[("scope", "row")], |h| h.say(&words::indicator(id)));
        h.el("td", |h| h.line(if stand == Stand::Lacking { "span.state.lacking" } else { "span.state" }, &stand.title()));
        h.el("td", |h| match missing {
            Some(missing) if missing.places.len() == view.counties.len() => h.say(&missing.reason),
            Some(missing) => {
                let places: Vec<Text> = missing.places.iter().map(|code| view.place(code)).collect();
                let named = words::joined(&places);
                h.say(&Text::of(format!("{}：{}", named.zh, missing.reason.zh), format!("{}: {}", named.en, missing.reason.en)));
            }
            None => status.and_then(Status::reason).into_iter().for_each(|reason| h.say(reason)),
        });
        h.el("td", |h| {
            let by_status = status.and_then(|s| if let Status::MissingInput { file, .. } = s { Some(file) } else { None });
            let file = missing.map(|m| &m.file).or(by_status);
            file.filter(|f| !f.is_empty()).into_iter().for_each(|f| h.el("code", |h| h.text(f)));
        });
    });
}

/// How many alike problems are listed one by one.
const ALIKE: usize = 2;

/// Warnings, grouped.
pub(super) fn questions(h: &mut Html, view: &View<'_>) {
    let mut problems = view.publication.warnings.clone();
    problems.sort();
    h.el("ul.letters", |h| {
        for problem in problems.grouped(ALIKE) {
            let class = match problem.severity {
                Severity::Error | Severity::Warning => "li.warning",
                Severity::Note => "li.remark",
            };
            h.el(class, |h| {
                let severity = problem.severity;
                h.line("span.state", &Text::of(severity.word(Lang::Zh), severity.word(Lang::En)));
                h.line("b", &words::sentence(&problem.what));
                if problem.count > 1 {
                    let count = problem.count;
                    h.line("span.tag", &words!("同类 {count} 条", "{count} alike"));
                }
                let place = Text::of(named(view, &problem, Lang::Zh), named(view, &problem, Lang::En));
                h.el("div", |h| {
                    for (name, said) in [(text("位置", "Where"), &place), (text("应为", "Expected"), &problem.expected), (text("办法", "Try"), &problem.fix)]
                    {
                        if !said.is_empty() {
                            h.el("p", |h| {
                                h.line("span.tag", &name);
                                h.text(" ");
                                h.say(said);
                            });
                        }
                    }
                });
                h.el("code", |h| h.text(&problem.code));
            });
        }
    });
}

/// Where a problem is, with the name of the place where it is one of ours.
fn named(view: &View<'_>, problem: &Problem, lang: Lang) -> String {
    let place = problem.place(lang);
    match problem.at.key.as_deref().filter(|key| view.publication.places.iter().any(|p| p.code == *key)) {
        Some(code) => place.replace(code, &format!("{} {code}", view.place(code).get(lang))),
        None => place,
    }
}
