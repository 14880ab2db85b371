//! The tree of an account: class, service, indicator, and in each what it is made of.

use liangshan_accounts::account::{ALL, Row, Status};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_accounts::profile::how_named;
use liangshan_atlas::explaining::Asked;
use liangshan_atlas::formulas;
use liangshan_vocab::{Fen, Text, text, words};

use super::desk::{Desk, rests_on};
use crate::ui::bars::{Piece, bar};
use crate::ui::html::Html;
use crate::ui::report::view::class_colour;
use crate::ui::words;

/// Files behind an indicator that are listed here; the page of the number lists them all.
const FILES: usize = 6;

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    let Some(total) = desk.total(desk.year) else { return };
    h.line(
        "p.caption",
        &text(
            "点开一行看公式、单价、方法与输入文件；每个金额都能点进去看“为什么是这个数”。",
            "Open a line for its formula, price, method and files; every amount leads to why it is so.",
        ),
    );
    let rows = desk.rows(desk.year);
    let largest = rows.iter().filter_map(|r| r.value).max().unwrap_or_default();
    h.el("div.tree", |h| {
        h.el("div.line.heads", |h| {
            h.line("span.name", &text("服务", "Service"));
            h.line("span.amount", &text("实物量", "Quantity"));
            h.line("span.price", &text("单价", "Price"));
            h.line("span.value", &text("价值量", "Value"));
            h.line("span.size", &text("相对大小", "Relative size"));
            h.line("span.rests", &text("依据", "Rests on"));
        });
        for class in Class::ALL {
            let top: Vec<&Row> = rows.iter().copied().filter(|r| r.class == class && !has_whole(&rows, r)).collect();
            if top.is_empty() {
                continue;
            }
            h.el("div.row", |h| {
                // What a class is the sum of stands with the parts of the total.
                h.el("div.line.over", |h| {
                    let to = desk.why(total.id(), desk.place, desk.year, ALL);
                    h.el("span.value", |h| desk.money(h, total.class(class), &to));
                });
                h.with("details.group", &[("open", "")], |h| {
                    h.el("summary.line", |h| {
                        h.el("span.name", |h| {
                            h.el(&format!("i.swatch.{}", class_colour(class)), |_| {});
                            h.say(&words::sentence(&class.title()));
                        });
                    });
                    top.into_iter().for_each(|row| node(h, desk, &rows, row, largest));
                });
            });
        }
        if total.deduction.0 != 0 {
            h.el("div.line.group", |h| {
                h.line("span.name", &text("扣减：区外生态产品", "Less products from outside"));
                h.el("span.value", |h| h.say(&words::money(Fen(-total.deduction.0))));
            });
        }
        h.el("div.line.total", |h| {
            h.line("span.name", &words::sentence(&total.title()));
            h.el("span.value", |h| desk.money(h, total.value, &desk.why(total.id(), desk.place, desk.year, ALL)));
        });
    });
}

/// Whether the account has a row that this one is a part of.
fn has_whole(rows: &[&Row], row: &Row) -> bool {
    catalogue::parent(&row.indicator).is_some_and(|whole| rows.iter().any(|r| r.indicator == whole))
}

fn node(h: &mut Html, desk: &Desk<'_>, rows: &[&Row], row: &Row, largest: Fen) {
    let parts: Vec<&Row> = rows.iter().copied().filter(|r| catalogue::parent(&r.indicator) == Some(row.indicator.as_str())).collect();
    // A part that is missing with its whole is said by the whole.
    let parts: Vec<&Row> = parts.into_iter().filter(|p| !(p.status.is_missing() && row.status.is_missing())).collect();
    let without = row.value.is_none() && row.quantity.is_none();
    h.el("div.row", |h| {
        // A link may not stand within what opens and closes: it lies over it, in the same grid.
        h.el("div.line.over", |h| h.el("span.value", |h| value(h, desk, row)));
        h.el(if without { "details.node.without" } else { "details.node" }, |h| {
            h.el("summary.line", |h| line(h, desk, row, largest));
            h.el("div.inside", |h| {
                about(h, desk, row);
                parts.into_iter().for_each(|part| node(h, desk, rows, part, largest));
            });
        });
    });
}

fn line(h: &mut Html, desk: &Desk<'_>, row: &Row, largest: Fen) {
    h.el("span.name", |h| h.say(&desk.view.part(&row.indicator).map_or_else(|| desk.view.indicator(&row.indicator), |part| words::sentence(&part))));
    let lump = row.unit == words::LUMP;
    h.el("span.amount", |h| {
        if let Some(quantity) = row.quantity.as_ref().filter(|_| !lump) {
            let exact = words::amount_exact(quantity, &row.unit);
            h.with("span", &[("title", desk.say(&exact))], |h| h.say(&words::amount(quantity, &row.unit)));
        }
    });
    h.el("span.price", |h| {
        if let Some(price) = row.price.as_ref().filter(|_| !lump) {
            // A share of an output has no unit and no prices of a year.
            if price.unit == "1" {
                h.line("span.muted", &text("占产值 ", "share "));
            }
            h.say(&words::price(price));
            if let Some(year) = price.year {
                h.text(" ");
                h.line("span.muted", &if price.unit == "1" { words!("{year} 年", "{year}") } else { words!("{year} 年价", "{year} prices") });
            } else if price.average {
                h.text(" ");
                h.line("span.muted", &text("平均", "average"));
            }
        }
    });
    h.el("span.size", |h| {
        if let Some(value) = row.value.filter(|v| v.0 > 0 && largest.0 > 0) {
            let says = words::money(value);
            let class = class_colour(row.class);
            let class = if row.counted { class } else { format!("{class}.faint") };
            bar(h, &says.clone(), &[Piece { from: 0.0, share: (value.as_yuan_f64() / largest.as_yuan_f64()).max(0.003), class, says }]);
        }
    });
    h.el("span.rests", |h| {
        if row.status == Status::Ok {
            rests_on(h, row);
        }
    });
}

/// The value, linked to why it is so; or in a word why there is none.
fn value(h: &mut Html, desk: &Desk<'_>, row: &Row) {
    let why = desk.why(&row.indicator, desk.place, desk.year, ALL);
    match (&row.status, row.value) {
        (Status::MissingInput { .. }, _) => h.line("span.lacking", &text("缺输入", "missing")),
        (Status::NotApplicable(_), _) => h.line("span.muted", &text("不适用", "not applicable")),
        (Status::Zero { .. }, value) => {
            desk.money(h, value.unwrap_or_default(), &why);
            h.line("span.muted", &text(" 申明为零", " declared zero"));
        }
        (Status::Ok, Some(value)) => desk.money(h, value, &why),
        (Status::Ok, None) => {}
    }
}

/// What a row is made of: formula, price, method, files; or why there is none.
fn about(h: &mut Html, desk: &Desk<'_>, row: &Row) {
    let id = row.indicator.as_str();
    let said = |h: &mut Html, name: Text, inside: &mut dyn FnMut(&mut Html)| {
        h.line("dt", &name);
        h.el("dd", |h| inside(h));
    };
    h.el("dl.about", |h| {
        if let Some(reason) = row.status.reason() {
            said(h, text("原因", "Why"), &mut |h| h.say(&desk.view.named(reason)));
        }
        if let Status::MissingInput { file, .. } = &row.status
            && !file.is_empty()
        {
            said(h, text("应提供的文件", "File that should bring it"), &mut |h| h.el("code", |h| h.text(file)));
        }
        let (formula, _) = formulas::of(id);
        said(h, text("公式", "Formula"), &mut |h| h.say(&formula));
        if let Some(price) = row.price.as_ref().filter(|p| !p.id.is_empty()) {
            said(h, text("单价", "Price"), &mut |h| {
                h.say(&words::price(price));
                h.text(" ");
                h.el("code", |h| h.text(&price.id));
            });
        }
        if let Some(method) = desk.publication().profile.method(id) {
            said(h, text("方法", "Method"), &mut |h| {
                h.say(&how_named(&method.how).map_or_else(|| Text::same(method.how.clone()), |how| how.title.clone()));
                if !method.note.is_empty() {
                    h.text(desk.ask.say("；", "; "));
                    h.say(&words::note(&method.note));
                }
            });
        }
        let files = desk.part.book.files_behind(Asked { indicator: id, place: desk.place, year: desk.year, ecosystem: ALL });
        let mut names: Vec<&str> = Vec::new();
        for read in &files {
            if !names.contains(&read.file.as_str()) {
                names.push(&read.file);
            }
        }
        if row.status == Status::Ok && !names.is_empty() {
            said(h, text("输入", "Inputs"), &mut |h| {
                for (at, name) in names.iter().take(FILES).enumerate() {
                    if at > 0 {
                        h.text(desk.ask.say("、", ", "));
                    }
                    h.el("code", |h| h.text(name));
                }
                if names.len() > FILES {
                    let more = names.len() - FILES;
                    h.say(&words!(" 等，另有 {more} 个", " and {more} more"));
                }
            });
        }
    });
    h.el("p", |h| {
        let why = desk.why(id, desk.place, desk.year, ALL);
        h.with("a.button.quiet", &[("href", &why)], |h| h.say(&text("为什么是这个数", "Why this number")));
    });
}
