//! The number itself: quantity, price and value large, with what they rest on.

use liangshan_accounts::account::Row;
use liangshan_vocab::{Fen, Text, text, words};

use super::super::accounts::desk::rests_on;
use super::Number;
use crate::ui::html::Html;
use crate::ui::report::view::{evidence_chip, origin_chip};
use crate::ui::words;

pub(super) fn draw(h: &mut Html, number: &Number<'_>) {
    let account = &number.desk.publication().account;
    let asked = number.asked;
    if number.is_total() {
        if let Some(total) = account.total(asked.year, asked.place, asked.ecosystem) {
            large(h, number, total.value);
        }
        // All statements of a total are of one method and rest on the same inputs.
        if let Some(statement) = number.explained.statements.first() {
            h.el("p.rests", |h| {
                origin_chip(h, statement.origin);
                evidence_chip(h, statement.evidence);
            });
        }
        basis(h, number);
        return;
    }
    let Some(row) = account.row(asked.year, asked.place, asked.ecosystem, asked.indicator) else { return };
    match (row.value, row.quantity) {
        (Some(value), _) => large(h, number, value),
        (None, Some(quantity)) => {
            h.el("p.figure", |h| h.say(&words::amount(&quantity, &row.unit)));
            h.el("p.exactly", |h| h.say(&words::amount_exact(&quantity, &row.unit)));
        }
        (None, None) => h.el("p.figure", |h| h.say(&text("没有数字", "No number"))),
    }
    if let Some(reason) = row.status.reason() {
        h.el("p", |h| h.say(&number.desk.view.named(reason)));
    }
    product(h, row);
    h.el("p.rests", |h| rests_on(h, row));
    basis(h, number);
}

fn large(h: &mut Html, number: &Number<'_>, value: Fen) {
    let (figure, zh, en) = words::money_parts(value);
    h.el("p.figure", |h| {
        h.say(&figure);
        h.el("span.unit", |h| h.text(number.desk.ask.say(zh, en)));
    });
    h.el("p.exactly", |h| h.say(&words::exact(value)));
}

/// Quantity times price.
fn product(h: &mut Html, row: &Row) {
    let (Some(quantity), Some(price)) = (row.quantity.filter(|_| row.unit != words::LUMP), &row.price) else { return };
    h.el("p.product", |h| {
        h.say(&words::amount_exact(&quantity, &row.unit));
        h.text(" × ");
        h.say(&words::price(price));
        h.text(" ");
        h.el("span.muted", |h| {
            match price.year {
                Some(year) => h.say(&words!("（{year} 年价", "({year} prices")),
                None => h.say(&text("（平均价", "(an average price")),
            }
            if !price.id.is_empty() {
                h.say(&Text::of(format!("，{}）", price.id), format!(", {})", price.id)));
            } else {
                h.say(&text("）", ")"));
            }
        });
    });
}

/// By which method, under which name, with which digest.
fn basis(h: &mut Html, number: &Number<'_>) {
    let Some(statement) = number.explained.statements.first() else { return };
    h.el("p.caption", |h| {
        h.say(&text("方法方案 ", "Profile "));
        h.el("code", |h| h.text(&statement.method.profile));
        h.say(&text("，程序版本 ", ", program "));
        h.el("code", |h| h.text(&statement.method.version));
        h.say(&text("，所读全部数据与方法的摘要 sha256 ", ", digest of everything read sha256 "));
        h.el("code.digest", |h| h.text(statement.basis.as_str()));
    });
}
