//! The tree of services: quantity, price and value of every indicator of the whole region.

use liangshan_accounts::account::{Row, Status};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_vocab::{Fen, Text, text, words};

use super::view::{View, cell_money, cell_value, class_colour, evidence_chip, heads, origin_chip, table};
use crate::ui::bars::{Piece, bar};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let (year, Some(total)) = (view.latest, view.total(view.latest)) else { return };
    let unit = words::table_unit();
    let caption = Text::of(
        format!("{} {year} 年各项服务的实物量、单价与价值量（{}）。方法方案：{}", view.publication.title.zh, unit.zh, view.publication.profile.printed_id()),
        format!(
            "Quantity, price and value of each service, {} {year} ({}). Profile: {}",
            view.publication.title.en,
            unit.en,
            view.publication.profile.printed_id()
        ),
    );
    let rows: Vec<&Row> = view.rows(year).collect();
    let largest = rows.iter().filter_map(|r| r.value).max().unwrap_or_default();
    let mut columns = vec![
        (text("服务", "Service"), false),
        (words!("{year} 年实物量", "Quantity {year}"), true),
        (text("单价", "Price"), true),
        (words!("{year} 年价值量", "Value {year}"), true),
        (text("相对大小", "Relative size"), false),
    ];
    if let Some(previous) = view.previous {
        columns.push((words!("{previous} 年价值量", "Value {previous}"), true));
    }
    columns.push((text("依据", "Rests on"), false));
    table(h, ".tree", &caption, |h| {
        heads(h, &columns);
        for class in Class::ALL {
            let of_class: Vec<&&Row> = rows.iter().filter(|r| r.class == class).collect();
            h.el("tbody", |h| {
                let before = view.previous.and_then(|y| view.total(y)).map(|t| t.class(class));
                sum_line(h, "class", &words::sentence(&class.title()), Some(class), total.class(class), before, view.previous.is_some());
                for row in of_class.into_iter().filter(|r| !said_by_whole(&rows, r)) {
                    line(h, view, row, largest);
                }
            });
        }
        h.el("tfoot", |h| {
            if total.deduction.0 != 0 {
                let before = view.previous.and_then(|y| view.total(y)).map(|t| Fen(-t.deduction.0));
                sum_line(h, "class", &text("扣减：区外生态产品", "Less products from outside"), None, Fen(-total.deduction.0), before, view.previous.is_some());
            }
            let before = view.previous.and_then(|y| view.total(y)).map(|t| t.value);
            sum_line(h, "total", &words::sentence(&total.title()), None, total.value, before, view.previous.is_some());
        });
    });
    h.line(
        "p.note",
        &Text::of(
            format!("价值量单位：{}。小计行等于其下各项之和，不重复计入合计。“含合成”指部分输入为合成（虚构）数据。", unit.zh),
            format!(
                "Values in {}. A subtotal is the sum of the lines below it and is not counted twice. “Part synthetic” means that some inputs are invented.",
                unit.en
            ),
        ),
    );
}

fn sum_line(h: &mut Html, kind: &str, title: &Text, class: Option<Class>, value: Fen, before: Option<Fen>, two_years: bool) {
    h.el(&format!("tr.{kind}"), |h| {
        h.with("th.name", &[("scope", "rowgroup")], |h| {
            if let Some(class) = class {
                h.el(&format!("i.swatch.{}", class_colour(class)), |_| {});
            }
            h.say(title);
        });
        h.el("td.quantity", |_| {});
        h.el("td.price", |_| {});
        h.el("td.n.value", |h| cell_money(h, value));
        h.el("td.size", |_| {});
        if two_years {
            h.el("td.n.before", |h| {
                if let Some(before) = before {
                    cell_money(h, before);
                }
            });
        }
        h.el("td.rests", |_| {});
    });
}

/// True for a part that is missing with its whole, whose line says so already.
fn said_by_whole(rows: &[&Row], part: &Row) -> bool {
    let whole = catalogue::parent(&part.indicator).and_then(|id| rows.iter().find(|r| r.indicator == id));
    part.status.is_missing() && whole.is_some_and(|w| w.status.is_missing())
}

/// How many wholes an indicator is a part of.
fn depth(id: &str) -> usize {
    let mut depth = 0;
    let mut at = id;
    while let Some(whole) = catalogue::parent(at) {
        depth += 1;
        at = whole;
    }
    depth
}

fn line(h: &mut Html, view: &View<'_>, row: &Row, largest: Fen) {
    let kind = match &row.status {
        Status::Ok if row.counted || row.value.is_none() => "counted",
        Status::Ok => "subtotal",
        Status::MissingInput { .. } => "missing",
        Status::Zero { .. } | Status::NotApplicable(_) => "without",
    };
    h.el(&format!("tr.{kind}"), |h| {
        h.with(&format!("th.name.depth{}", depth(&row.indicator).min(3)), &[("scope", "row")], |h| {
            h.say(&view.part(&row.indicator).map_or_else(|| view.indicator(&row.indicator), |part| words::sentence(&part)));
            if kind == "subtotal" {
                h.line("span.tag", &text("小计", "subtotal"));
            }
        });
        h.el("td.n.quantity", |h| {
            if let Some(quantity) = row.quantity.as_ref().filter(|_| row.unit != words::LUMP) {
                h.say_with(&words::amount(quantity, &row.unit), &words::amount_exact(quantity, &row.unit));
            }
        });
        h.el("td.n.price", |h| {
            if let Some(price) = row.price.as_ref().filter(|_| row.unit != words::LUMP) {
                let id = Text::same(price.id.clone());
                h.say_with(&words::price(price), &id);
                if let Some(year) = price.year {
                    h.line("span.tag", &words!("{year} 年价", "{year} prices"));
                }
                // Of a single price the average is that price.
                if price.average && (price.id.contains('+') || price.year.is_none()) {
                    h.line("span.tag", &text("平均", "average"));
                }
            }
        });
        h.el("td.n.value", |h| value(h, view, row));
        h.el("td.size", |h| size(h, row, largest));
        if let Some(previous) = view.previous {
            h.el("td.n.before", |h| cell_value(h, view.row(previous, &row.indicator)));
        }
        h.el("td.rests", |h| {
            // A declared zero rests on a document, not on inputs.
            if let Some(origin) = row.origin.filter(|_| row.status == Status::Ok) {
                origin_chip(h, origin);
            }
            evidence_chip(h, row.evidence);
        });
    });
}

/// The value, or what is missing and how much of the indicator still stands in the total.
fn value(h: &mut Html, view: &View<'_>, row: &Row) {
    cell_value(h, Some(row));
    if matches!(row.status, Status::Zero { .. }) {
        h.line("span.tag", &text("申明为零", "declared zero"));
    }
    let elsewhere = view.total(row.year).and_then(|t| t.missing.iter().find(|m| m.indicator == row.indicator)).map_or(Fen(0), |m| m.value_elsewhere);
    if elsewhere.0 != 0 {
        let value = words::in_table(elsewhere);
        h.line("span.tag", &Text::of(format!("其余区县 {} 已计入合计", value.zh), format!("{} of other counties stands in the total", value.en)));
    }
}

fn size(h: &mut Html, row: &Row, largest: Fen) {
    let Some(value) = row.value.filter(|v| v.0 > 0 && largest.0 > 0) else { return };
    let mut class = class_colour(row.class);
    if !row.counted {
        class.push_str(".faint");
    }
    let said = words::money(value);
    let share = value.as_yuan_f64() / largest.as_yuan_f64();
    bar(h, &said.clone(), &[Piece { from: 0.0, share, class, says: said }]);
}
