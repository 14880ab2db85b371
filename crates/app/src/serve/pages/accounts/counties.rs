//! The counties beside each other: bars for the eye, and a table to the fen whose columns add up.

use liangshan_accounts::account::{ALL, AccountPlace, Total};
use liangshan_accounts::catalogue::Class;
use liangshan_vocab::{Fen, text, words};

use super::desk::Desk;
use crate::ui::bars::bar;
use crate::ui::html::Html;
use crate::ui::report::view::{change_of, class_key, class_pieces, table};
use crate::ui::words;

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    let account = &desk.publication().account;
    let mut totals: Vec<(&AccountPlace, &Total)> = desk.view.counties.iter().filter_map(|p| Some((*p, account.total(desk.year, &p.code, ALL)?))).collect();
    totals.sort_by(|a, b| b.1.value.cmp(&a.1.value).then_with(|| a.0.code.cmp(&b.0.code)));
    class_key(h);
    let widest = totals.iter().map(|(_, t)| t.classes.into_iter().sum::<Fen>()).max().unwrap_or_default();
    h.el("div.ranks", |h| {
        for (place, total) in &totals {
            h.el("div.rank", |h| {
                h.el("span.who", |h| h.with("a", &[("href", &desk.to("/accounts", &place.code, desk.year))], |h| h.say(&place.name)));
                bar(h, &place.name, &class_pieces(total, widest));
                h.el("span.value", |h| desk.money(h, total.value, &desk.why(total.id(), &place.code, desk.year, ALL)));
            });
        }
    });
    let year = desk.year;
    let caption = words!(
        "{year} 年各县（市、区）账户，单位：元，精确到分；各列之和等于全域，各行三类之和（减去扣减）等于合计",
        "Counties in {year}, in yuan to the fen; columns add up to the whole region, and the three classes of a row (less deductions) to its total"
    );
    table(h, ".exact", &caption, |h| {
        h.el("thead", |h| {
            h.el("tr", |h| {
                for (title, number) in [
                    (text("县（市、区）", "County"), false),
                    (text("合计", "Total"), true),
                    (text("物质供给", "Material"), true),
                    (text("调节服务", "Regulating"), true),
                    (text("文化服务", "Cultural"), true),
                    (text("比上年", "Change"), true),
                    (words::density_unit(), true),
                    (text("元/人", "yuan a head"), true),
                ] {
                    h.with(if number { "th.number" } else { "th" }, &[("scope", "col")], |h| h.say(&title));
                }
            });
        });
        h.el("tbody", |h| {
            for place in &desk.view.counties {
                row(h, desk, place, "tr");
            }
            if let Some(whole) = account.places.iter().find(|p| p.code == desk.publication().whole) {
                row(h, desk, whole, "tr.total");
            }
        });
    });
}

fn row(h: &mut Html, desk: &Desk<'_>, place: &AccountPlace, kind: &str) {
    let account = &desk.publication().account;
    let Some(total) = account.total(desk.year, &place.code, ALL) else { return };
    let why = desk.why(total.id(), &place.code, desk.year, ALL);
    h.with(kind, &[("data-place", &place.code)], |h| {
        h.with("th", &[("scope", "row")], |h| h.with("a", &[("href", &desk.to("/accounts", &place.code, desk.year))], |h| h.say(&place.name)));
        h.el("td.number", |h| desk.exact(h, total.value, &why));
        for class in Class::ALL {
            h.el("td.number", |h| desk.exact(h, total.class(class), &desk.to("/accounts", &place.code, desk.year)));
        }
        let before = desk.previous.and_then(|y| account.total(y, &place.code, ALL)).and_then(|b| change_of(b.value, total.value));
        h.el("td.number", |h| {
            if let Some(by) = before {
                h.el(if by >= 0.0 { "span.gain" } else { "span.loss" }, |h| h.text(&words::percent(by, true)));
            }
        });
        h.el("td.number", |h| {
            if let Some(density) = total.per_km2 {
                h.say(&words::density(density));
            }
        });
        h.el("td.number", |h| h.text(&total.per_head.map_or_else(String::new, |v| words::float(v, 0))));
    });
}
