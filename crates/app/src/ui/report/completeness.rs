//! What is there and what is not: every indicator of the method, why it is missing, and what a
//! reviewer will ask.

use liangshan_accounts::account::Status;
use liangshan_accounts::catalogue;
use liangshan_accounts::profile::Inclusion;
use liangshan_vocab::{Lang, Severity, Text, text, words};

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
    let profile = &view.publication.profile;
    let stands: Vec<(&str, Stand)> = profile.indicators.iter().map(|m| (m.indicator.as_str(), Stand::of(view, &m.indicator, m.status))).collect();
    // A whole that is missing for a part of it is not listed beside the part.
    let listed = |id: &str, stand: Stand| match stand {
        Stand::Lacking => !view.has_parts(id),
        Stand::NotApplicable | Stand::Zero | Stand::NotGiven => true,
        Stand::Computed | Stand::LeftOut | Stand::Unknown => false,
    };
    let said: Vec<(&str, Stand)> = stands.iter().copied().filter(|(id, stand)| listed(id, *stand)).collect();
    if !said.is_empty() {
        lacking(h, view, &said);
    }
    for (stand, name) in [(Stand::Computed, text("已核算", "Computed")), (Stand::LeftOut, text("方法方案不计入", "Left out by the method"))] {
        let same = |id: &str| stands.iter().any(|s| s.0 == id && s.1 == stand);
        let whole = |id: &str| catalogue::parent(id).is_some_and(same);
        let named: Vec<Text> = stands.iter().filter(|s| s.1 == stand && !whole(s.0)).map(|(id, _)| view.indicator(id)).collect();
        if !named.is_empty() {
            let named = words::joined(&named);
            h.line("p.list", &Text::of(format!("{}：{}。", name.zh, named.zh), format!("{}: {}.", name.en, named.en)));
        }
    }
    if view.publication.deliveries.tables().next().is_some() {
        let said = view.publication.deliveries.said();
        h.line("p.list", &Text::of(format!("{}。", said.zh), format!("{}.", said.en)));
    }
    if !view.publication.account.unknown.is_empty() {
        let named: Vec<Text> = view.publication.account.unknown.iter().map(|id| view.indicator(id)).collect();
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
            Some(Status::Zero { .. }) => Stand::Zero,
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

/// Why an indicator is not computed, and the file that should bring it.
fn why(view: &View<'_>, id: &str) -> (Text, String) {
    let missing = view.total(view.latest).and_then(|t| t.missing.iter().find(|m| m.indicator == id));
    let status = view.row(view.latest, id).map(|r| &r.status);
    if let Some(missing) = missing {
        let reason = view.named(&missing.reason);
        if missing.places.len() == view.counties.len() {
            return (reason, missing.file.clone());
        }
        let places: Vec<Text> = missing.places.iter().map(|code| view.place(code)).collect();
        let named = words::joined(&places);
        return (Text::of(format!("{}：{}", named.zh, reason.zh), format!("{}: {}", named.en, reason.en)), missing.file.clone());
    }
    let file = if let Some(Status::MissingInput { file, .. }) = status { file.clone() } else { String::new() };
    (status.and_then(Status::reason).map(|r| view.named(r)).unwrap_or_default(), file)
}

/// What is not computed, what is missing first; indicators with the same reason share a line.
fn lacking(h: &mut Html, view: &View<'_>, stands: &[(&str, Stand)]) {
    let mut lines: Vec<(Stand, Text, String, Vec<Text>)> = Vec::new();
    for (id, stand) in stands {
        let (reason, file) = why(view, id);
        match lines.iter_mut().find(|l| l.0 == *stand && l.1 == reason && l.2 == file) {
            Some(line) => line.3.push(view.indicator(id)),
            None => lines.push((*stand, reason, file, vec![view.indicator(id)])),
        }
    }
    lines.sort_by_key(|line| line.0 != Stand::Lacking);
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
        h.el("tbody", |h| {
            for (stand, reason, file, indicators) in &lines {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&words::joined(indicators)));
                    h.el("td", |h| h.line(if *stand == Stand::Lacking { "span.state.lacking" } else { "span.state" }, &stand.title()));
                    h.line("td", reason);
                    h.el("td", |h| {
                        if !file.is_empty() {
                            h.el("code", |h| h.text(file));
                        }
                    });
                });
            }
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
                h.line("b", &words::sentence(&view.named(&problem.what)));
                if problem.count > 1 {
                    let count = problem.count;
                    h.line("span.tag", &words!("同类 {count} 条", "{count} alike"));
                }
                let place = view.named(&Text::of(problem.place(Lang::Zh), problem.place(Lang::En)));
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
