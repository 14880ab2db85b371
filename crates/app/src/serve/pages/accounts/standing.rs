//! What is there and what is not: indicators of the method, and tables of departments.

use liangshan_atlas::deliveries::completeness::State;
use liangshan_vocab::{Text, text, words};

use super::desk::Desk;
use crate::ui::bars::{bar, end_to_end};
use crate::ui::html::Html;
use crate::ui::report::view::table;
use crate::ui::words;

/// Indicators the profile counts that the place has, of how many.
pub(super) fn counts(desk: &Desk<'_>) -> (usize, usize) {
    let (counted, _) = desk.view.completeness(desk.year);
    let missing = desk.total(desk.year).map_or(0, |t| t.missing.iter().filter(|m| !desk.view.has_parts(&m.indicator)).count());
    (counted - missing.min(counted), counted)
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    let (there, counted) = counts(desk);
    let departments = &desk.publication().deliveries;
    let given = departments.tables().filter(|t| t.state != State::Absent).count();
    let tables = departments.tables().count();
    h.el("div.ranks", |h| {
        measure(h, &text("指标", "Indicators"), there, counted);
        if tables > 0 {
            measure(h, &text("部门报表", "Department tables"), given, tables);
        }
    });
    if tables > 0 {
        h.el("p.caption", |h| {
            h.say(&departments.said());
            h.text(desk.ask.say("。", "."));
        });
    }
    let missing: Vec<_> = desk.total(desk.year).into_iter().flat_map(|t| &t.missing).filter(|m| !desk.view.has_parts(&m.indicator)).collect();
    if missing.is_empty() {
        h.line("p", &text("方法方案计入的指标，全部有了着落。", "Every indicator that the profile counts is accounted for."));
        return;
    }
    let caption = words!("{} 年缺输入的指标", "Indicators that lack an input, {}", desk.year);
    table(h, "", &caption, |h| {
        h.el("thead", |h| {
            h.el("tr", |h| {
                for title in [text("指标", "Indicator"), text("地区", "Where"), text("原因", "Why"), text("应提供的文件", "File that should bring it")]
                {
                    h.with("th", &[("scope", "col")], |h| h.say(&title));
                }
            });
        });
        h.el("tbody", |h| {
            for m in missing {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| {
                        let why = desk.why(&m.indicator, desk.place, desk.year, liangshan_accounts::account::ALL);
                        // A part of which no row stands in the account has nothing to explain.
                        if desk.row(desk.year, &m.indicator).is_some() {
                            h.with("a", &[("href", &why)], |h| h.say(&desk.view.indicator(&m.indicator)));
                        } else {
                            h.say(&desk.view.indicator(&m.indicator));
                        }
                    });
                    h.el("td", |h| {
                        if m.places.len() >= desk.view.counties.len() {
                            h.say(&text("各县（市、区）", "every county"));
                        } else {
                            let names: Vec<Text> = m.places.iter().map(|code| desk.view.place(code)).collect();
                            h.say(&words::joined(&names));
                        }
                    });
                    h.el("td", |h| h.say(&desk.view.named(&m.reason)));
                    h.el("td", |h| {
                        if !m.file.is_empty() {
                            h.el("code", |h| h.text(&m.file));
                        }
                    });
                });
            }
        });
    });
}

fn measure(h: &mut Html, name: &Text, there: usize, of: usize) {
    h.el("div.rank", |h| {
        h.line("span.who", name);
        let said = words!("{of} 项中有 {there} 项", "{there} of {of}");
        let lacking = of - there;
        let pieces = end_to_end(
            of as f64,
            [
                (there as f64, "there".to_owned(), words!("有 {there}", "{there} there")),
                (lacking as f64, "absent".to_owned(), words!("缺 {lacking}", "{lacking} missing")),
            ],
        );
        bar(h, &said, &pieces);
        h.line("span.value", &said);
    });
}
