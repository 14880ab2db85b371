//! Numbers beside a number: what it is part of, what it is made of, other years and places.

use liangshan_accounts::account::{ALL, Row};
use liangshan_accounts::catalogue;
use liangshan_vocab::{Fen, Text, text};

use super::Number;
use crate::ui::html::Html;
use crate::ui::words;

/// A number that the shown one is made of: name, value, address.
struct Piece {
    title: Text,
    value: Fen,
    to: String,
}

/// From the account down to this number.
pub(super) fn up(h: &mut Html, number: &Number<'_>) {
    let (desk, asked) = (number.desk, number.asked);
    let whole = desk.publication().whole.as_str();
    let mut trail: Vec<(Text, String)> = vec![(text("价值核算", "Accounts"), desk.to("/accounts", asked.place, asked.year))];
    let total = desk.total(asked.year);
    let id = total.map_or("gep", |t| t.id());
    let name = total.map(|t| words::sentence(&t.title())).unwrap_or_default();
    if asked.place != whole {
        let place = desk.view.place(whole);
        let same = desk.why(asked.indicator, whole, asked.year, asked.ecosystem);
        trail.push((place, same));
    }
    if !number.is_total() || asked.ecosystem != ALL {
        let place = desk.place_name();
        trail.push((Text::of(format!("{}{}", place.zh, name.zh), format!("{}, {}", name.en, place.en)), desk.why(id, asked.place, asked.year, ALL)));
    }
    let wholes: Vec<&str> = std::iter::successors(catalogue::parent(asked.indicator), |id| catalogue::parent(id)).collect();
    for id in wholes.into_iter().rev().filter(|id| desk.publication().account.row(asked.year, asked.place, asked.ecosystem, id).is_some()) {
        trail.push((desk.view.indicator(id), desk.why(id, asked.place, asked.year, asked.ecosystem)));
    }
    if asked.ecosystem != ALL {
        trail.push((text("全部类型", "All types"), desk.why(asked.indicator, asked.place, asked.year, ALL)));
    }
    h.with("nav.trail", &[("aria-label", desk.ask.say("上级", "what it is part of"))], |h| {
        for (at, (title, to)) in trail.iter().enumerate() {
            if at > 0 {
                h.text(" › ");
            }
            h.with("a", &[("href", to)], |h| h.say(title));
        }
    });
}

/// The same number of other years and places.
pub(super) fn across(h: &mut Html, number: &Number<'_>) {
    let (desk, asked) = (number.desk, number.asked);
    let account = &desk.publication().account;
    h.with("nav.across", &[("aria-label", desk.ask.say("其他年份与地区", "other years and places"))], |h| {
        links(
            h,
            &text("年份", "Year"),
            desk.view.years().into_iter().map(|y| (Text::same(y.to_string()), desk.why(asked.indicator, asked.place, y, asked.ecosystem), y == asked.year)),
        );
        let places = account.places.iter().map(|p| (p.name.clone(), desk.why(asked.indicator, &p.code, asked.year, asked.ecosystem), p.code == asked.place));
        links(h, &text("地区", "Place"), places);
    });
}

fn links(h: &mut Html, name: &Text, all: impl Iterator<Item = (Text, String, bool)>) {
    h.el("p", |h| {
        h.line("span.label", name);
        for (title, to, here) in all {
            let mut attributes = vec![("href", to.as_str())];
            if here {
                attributes.push(("aria-current", "true"));
            }
            h.with("a.chip", &attributes, |h| h.say(&title));
        }
    });
}

/// What it is made of, in up to three ways; each way adds up to the number, to the fen.
pub(super) fn down(h: &mut Html, number: &Number<'_>) {
    let value = value_of(number, number.asked.place, number.asked.ecosystem, number.asked.indicator);
    let Some(value) = value else { return };
    let ways = [
        (text("由哪些服务组成", "By service"), services(number)),
        (text("由哪些县（市、区）组成", "By county"), counties(number)),
        (text("由哪些生态系统类型组成", "By ecosystem type"), types(number)),
    ];
    let ways: Vec<(Text, Vec<Piece>)> = ways.into_iter().filter(|(_, pieces)| pieces.len() > 1).collect();
    if ways.is_empty() {
        return;
    }
    h.el("section.sheet", |h| {
        h.line("h2", &text("由哪些部分组成", "What it is made of"));
        h.line("p.caption", &text("单位：元，精确到分。各部分相加，恰好等于这个数。", "In yuan, to the fen. The parts add up to the number exactly."));
        h.el("div.ways", |h| ways.iter().for_each(|(title, pieces)| way(h, title, pieces, value)));
    });
}

fn way(h: &mut Html, title: &Text, pieces: &[Piece], value: Fen) {
    let sum: Fen = pieces.iter().map(|p| p.value).sum();
    h.el("table.parts", |h| {
        h.el("caption", |h| h.say(title));
        h.el("tbody", |h| {
            for piece in pieces {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| {
                        if piece.to.is_empty() {
                            h.say(&piece.title);
                        } else {
                            h.with("a", &[("href", &piece.to)], |h| h.say(&piece.title));
                        }
                    });
                    h.el("td.number", |h| h.text(&words::grouped(&piece.value.yuan())));
                });
            }
            h.el("tr.total", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&text("合计", "Total")));
                h.el("td.number", |h| h.text(&words::grouped(&sum.yuan())));
            });
        });
    });
    assert_eq!(sum, value, "the parts of a number differ from it: {}", title.en);
}

/// The value of a row or a total.
fn value_of(number: &Number<'_>, place: &str, ecosystem: &str, indicator: &str) -> Option<Fen> {
    let (account, year) = (&number.desk.publication().account, number.asked.year);
    if number.is_total() { account.total(year, place, ecosystem).map(|t| t.value) } else { account.row(year, place, ecosystem, indicator)?.value }
}

/// Pieces that add up to the value; none where they do not, as where a part has a row of its own and
/// is not counted.
fn adding_up(number: &Number<'_>, mut pieces: Vec<Piece>) -> Vec<Piece> {
    let asked = number.asked;
    pieces.retain(|p| p.value.0 != 0);
    let sum: Fen = pieces.iter().map(|p| p.value).sum();
    if value_of(number, asked.place, asked.ecosystem, asked.indicator) == Some(sum) { pieces } else { Vec::new() }
}

fn services(number: &Number<'_>) -> Vec<Piece> {
    let (desk, asked) = (number.desk, number.asked);
    let account = &desk.publication().account;
    let piece = |row: &Row| {
        Some(Piece { title: desk.view.indicator(&row.indicator), value: row.value?, to: desk.why(&row.indicator, asked.place, asked.year, asked.ecosystem) })
    };
    if !number.is_total() {
        let parts = account.rows.iter().filter(|r| {
            r.year == asked.year && r.place == asked.place && r.ecosystem == asked.ecosystem && catalogue::parent(&r.indicator) == Some(asked.indicator)
        });
        return adding_up(number, parts.filter_map(piece).collect());
    }
    let Some(total) = account.total(asked.year, asked.place, asked.ecosystem) else { return Vec::new() };
    let mut pieces: Vec<Piece> = account.terms(asked.year, asked.place, asked.ecosystem).filter_map(piece).collect();
    for missing in total.missing.iter().filter(|m| m.value_elsewhere.0 != 0) {
        let name = desk.view.indicator(&missing.indicator);
        let title = Text::of(format!("{}（有数据的县）", name.zh), format!("{} (counties that have it)", name.en));
        pieces.push(Piece { title, value: missing.value_elsewhere, to: desk.why(&missing.indicator, asked.place, asked.year, asked.ecosystem) });
    }
    if total.deduction.0 != 0 {
        pieces.push(Piece { title: text("扣减：区外产品", "Less products from outside"), value: Fen(-total.deduction.0), to: String::new() });
    }
    adding_up(number, pieces)
}

fn counties(number: &Number<'_>) -> Vec<Piece> {
    let (desk, asked) = (number.desk, number.asked);
    if !desk.is_whole() {
        return Vec::new();
    }
    let piece = |code: &str, name: &Text| {
        let value = value_of(number, code, asked.ecosystem, asked.indicator)?;
        Some(Piece { title: name.clone(), value, to: desk.why(asked.indicator, code, asked.year, asked.ecosystem) })
    };
    adding_up(number, desk.view.counties.iter().filter_map(|c| piece(&c.code, &c.name)).collect())
}

fn types(number: &Number<'_>) -> Vec<Piece> {
    let (desk, asked) = (number.desk, number.asked);
    if asked.ecosystem != ALL {
        return Vec::new();
    }
    let piece = |id: &String| {
        let value = value_of(number, asked.place, id, asked.indicator)?;
        Some(Piece { title: desk.view.ecosystem(id), value, to: desk.why(asked.indicator, asked.place, asked.year, id) })
    };
    adding_up(number, desk.publication().account.ecosystems.iter().filter_map(piece).collect())
}
