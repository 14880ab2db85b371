//! Sentences and named things with owners and feeds; registers; what hangs loose.

use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::feeds::shown as number;
use liangshan_atlas::planbook::rows::{RowView, State};
use liangshan_vocab::{Text, text};

use super::{framed, state_chip};
use crate::ui::html::Html;

pub(super) fn sentences(h: &mut Html, plan: &Planbook) {
    rows(h, plan.sentence_views.iter().filter(|v| v.state != State::Said));
}

pub(super) fn systems(h: &mut Html, plan: &Planbook) {
    rows(h, plan.system_views.iter());
}

fn rows<'v>(h: &mut Html, views: impl Iterator<Item = &'v RowView>) {
    let head = [text("条目", "Row"), text("原文", "Words"), text("责任", "Owner"), text("状态", "State"), text("来源", "Fed"), text("说明", "What feeds say")];
    framed(h, "words.pinned.short", &head, |h| {
        for view in views {
            let id = format!("row-{}", view.id);
            h.with("tr", &[("id", &id)], |h| {
                h.with("th", &[("scope", "row")], |h| h.text(&format!("{} {}", view.id, view.kind)));
                h.el("td.what", |h| h.text(&view.text.zh.replace('\u{e010}', "．")));
                h.el("td", |h| h.text(&view.owner_title));
                h.el("td", |h| state_chip(h, view.state));
                h.line("td", &view.fed.title());
                h.el("td.what", |h| {
                    for feed in &view.feeds {
                        h.el("p", |h| {
                            h.el("code", |h| h.text(&feed.feed.to_string()));
                            h.text(" ");
                            h.say(&feed.says);
                            if !feed.origin.is_empty() {
                                h.el("span.soft", |h| h.text(&format!(" {}", feed.origin)));
                            }
                        });
                    }
                });
            });
        }
    });
}

pub(super) fn registers(h: &mut Html, plan: &Planbook) {
    let head = [
        text("登记册", "Register"),
        text("记录", "Records"),
        text("性质", "Origin"),
        text("量", "Measures"),
        text("图层", "Map"),
        text("可办理的步骤", "Steps"),
    ];
    let on = plan.on.to_string();
    framed(h, "words.pinned.short", &head, |h| {
        for book in &plan.books {
            let register = &book.register;
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&register.title));
                h.el("td", |h| h.text(&book.records.len().to_string()));
                h.el("td", |h| h.text(&book.origins.iter().copied().collect::<Vec<_>>().join("+")));
                h.el("td.what", |h| {
                    for measure in &register.measures {
                        let value = measure.take(register, &book.records, &on).all;
                        let unit = if measure.unit == "1" { "" } else { &measure.unit };
                        let (zh, en) = match value {
                            Some(value) => (number(value), number(value)),
                            None => ("缺数".to_owned(), "no value".to_owned()),
                        };
                        h.line("p", &Text::of(format!("{} {zh} {unit}", measure.title.zh), format!("{}: {en} {unit}", measure.title.en)));
                    }
                });
                h.el("td", |h| h.text(register.geometry.word()));
                h.el("td.what", |h| {
                    if let Some(life) = &register.life {
                        let list = |f: fn(&Text) -> &str| life.steps.iter().map(|s| f(&s.title)).collect::<Vec<_>>().join("、");
                        h.say(&Text::of(list(|t| &t.zh), list(|t| &t.en)));
                    }
                });
            });
        }
    });
}

pub(super) fn loose(h: &mut Html, plan: &Planbook) {
    if plan.loose.is_empty() {
        return h.line("p.headline", &text("没有悬空的。", "Nothing hangs loose."));
    }
    h.el("ul.letters", |h| {
        for loose in &plan.loose {
            h.el("li", |h| {
                h.el("code", |h| h.text(&format!("{} {} {} ", loose.what, loose.id, loose.why)));
                h.say(&loose.says);
            });
        }
    });
}
