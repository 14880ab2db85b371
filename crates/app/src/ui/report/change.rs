//! One year against the one before: a waterfall by service, and what quantity and price did.

use liangshan_accounts::account::Row;
use liangshan_vocab::{Fen, Text, text, words};

use super::view::{View, cell_money, change_of, heads, table};
use crate::ui::bars::{Piece, key, marked};
use crate::ui::html::Html;
use crate::ui::words;

/// What one service added to the total, or took from it.
pub(crate) struct Step<'a> {
    pub(crate) title: Text,
    pub(crate) by: Fen,
    pub(crate) values: Option<(Fen, Fen)>,
    pub(crate) rows: Option<(&'a Row, &'a Row)>,
}

pub(crate) fn draw(h: &mut Html, view: &View<'_>) {
    let Some(previous) = view.previous else { return };
    let (Some(before), Some(now)) = (view.total(previous), view.total(view.latest)) else { return };
    if let Some(change) = super::causes::of(view) {
        super::causes::draw(h, view, change);
    }
    let steps = steps(view, previous, before.value, now.value);
    let caption = words!("从 {previous} 年到 {} 年：合计的变化由哪些服务构成", "From {previous} to {}: which services made the change", view.latest);
    h.el("figure.sheet.waterfall", |h| waterfall(h, &caption, (view.latest, previous), (before.value, now.value), &steps));
    changes(h, view, previous, &steps, now.value - before.value);
}

/// The services that changed, greatest first, and what no single service explains.
fn steps<'a>(view: &View<'a>, previous: i32, before: Fen, now: Fen) -> Vec<Step<'a>> {
    let earlier = view.terms(previous);
    let mut steps: Vec<Step<'a>> = view
        .terms(view.latest)
        .into_iter()
        .filter_map(|(id, value)| {
            let was = earlier.iter().find(|t| t.0 == id)?.1;
            let rows = view.row(previous, id).zip(view.row(view.latest, id));
            let name = view.indicator(id);
            let partial = rows.is_some_and(|(a, b)| a.status.is_missing() || b.status.is_missing());
            let title = if partial { Text::of(format!("{}（部分区县）", name.zh), format!("{} (some counties)", name.en)) } else { name };
            Some(Step { title, by: value - was, values: Some((was, value)), rows })
        })
        .collect();
    // Of equal changes the first in the tables stays first.
    steps.sort_by_key(|step| std::cmp::Reverse(step.by.0.abs()));
    let rest = now - before - steps.iter().map(|s| s.by).sum::<Fen>();
    if rest.0 != 0 {
        let title = text("只有一年有数据的服务，及扣减", "Services of one year only, and deductions");
        steps.push(Step { title, by: rest, values: None, rows: None });
    }
    steps
}

/// Two totals and what lies between them, one bar each.
pub(crate) fn waterfall(h: &mut Html, caption: &Text, (latest, previous): (i32, i32), (before, now): (Fen, Fen), steps: &[Step<'_>]) {
    let mut at = before;
    let levels: Vec<(Fen, Fen)> = steps
        .iter()
        .map(|step| {
            let from = at;
            at += step.by;
            (from, at)
        })
        .collect();
    let ends = levels.iter().flat_map(|(a, b)| [*a, *b]).chain([before, now]);
    let (low, high) = ends.fold((before, before), |(low, high), v| (low.min(v), high.max(v)));
    // A little air on both sides; the axis does not begin at zero, and says so.
    let room = ((high - low).as_yuan_f64() * 1.08).max(1.0);
    let place = |v: Fen| ((v - low).as_yuan_f64() + room * 0.037) / room;
    h.line("figcaption", caption);
    key(h, [("gain", text("增加", "gain")), ("loss", text("减少", "loss"))]);
    let end = |h: &mut Html, year: i32, value: Fen| {
        h.el("div.rank.end", |h| {
            h.el("span.who", |h| h.say(&words!("{year} 年合计", "Total {year}")));
            let said = words::money(value);
            let x = place(value);
            marked(h, &said.clone(), &[Piece { from: (x - 0.004).max(0.0), share: 0.008, class: "level".into(), says: said }], &[place(before), place(now)]);
            h.el("span.value", |h| super::view::money(h, value));
        });
    };
    end(h, previous, before);
    for (step, (from, to)) in steps.iter().zip(&levels).filter(|(s, _)| s.by.0 != 0) {
        h.el("div.rank", |h| {
            h.line("span.who", &step.title);
            let said = words::money(step.by);
            let (a, b) = (place(*from.min(to)), place(*from.max(to)));
            let class = if step.by.0 > 0 { "gain" } else { "loss" };
            marked(h, &said.clone(), &[Piece { from: a, share: (b - a).max(0.002), class: class.into(), says: said.clone() }], &[place(before), place(now)]);
            h.el("span.value", |h| {
                if step.by.0 > 0 {
                    h.text("+");
                }
                super::view::money(h, step.by);
            });
        });
    }
    end(h, latest, now);
    h.line(
        "p.note",
        &text(
            "横轴不从零开始，只比较变化的大小；竖线为两年的合计。",
            "The axis does not begin at zero: it compares changes. Upright lines are the two totals.",
        ),
    );
}

fn changes(h: &mut Html, view: &View<'_>, previous: i32, steps: &[Step<'_>], all: Fen) {
    let latest = view.latest;
    let unit = words::table_unit();
    let caption = Text::of(
        format!("{previous} 年至 {latest} 年各项服务的变化（{}）。方法方案：{}", unit.zh, view.publication.profile.printed_id()),
        format!("Change of each service, {previous} to {latest} ({}). Profile: {}", unit.en, view.publication.profile.printed_id()),
    );
    table(h, ".pinned", &caption, |h| {
        heads(
            h,
            &[
                (text("服务", "Service"), false),
                (words!("{previous} 年", "{previous}"), true),
                (words!("{latest} 年", "{latest}"), true),
                (text("价值量增减", "Value"), true),
                (text("增减", "Change"), true),
                (text("实物量增减", "Quantity"), true),
                (text("均价增减", "Average price"), true),
            ],
        );
        h.el("tbody", |h| {
            for step in steps {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&step.title));
                    let values = step.values;
                    h.el("td.n", |h| values.into_iter().for_each(|v| cell_money(h, v.0)));
                    h.el("td.n", |h| values.into_iter().for_each(|v| cell_money(h, v.1)));
                    h.el("td.n.strong", |h| h.say_with(&words::signed(step.by), &words::exact(step.by)));
                    let value = values.and_then(|(a, b)| change_of(a, b));
                    let quantity = step.rows.and_then(|(a, b)| ratio(a, b));
                    let price = value.zip(quantity).and_then(|(v, q)| (q > -1.0).then_some((1.0 + v) / (1.0 + q) - 1.0));
                    for share in [value, quantity, price] {
                        h.el("td.n", |h| h.text(&share.map_or_else(String::new, |s| words::percent(if s.abs() < 5e-5 { 0.0 } else { s }, true))));
                    }
                });
            }
        });
        h.el("tfoot", |h| {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&text("合计", "Total")));
                for year in [previous, latest] {
                    h.el("td.n", |h| view.total(year).into_iter().for_each(|t| cell_money(h, t.value)));
                }
                h.el("td.n.strong", |h| h.say_with(&words::signed(all), &words::exact(all)));
                let share = view.total(previous).zip(view.total(latest)).and_then(|(a, b)| change_of(a.value, b.value));
                h.el("td.n", |h| h.text(&share.map_or_else(String::new, |s| words::percent(s, true))));
                h.el("td", |_| {});
                h.el("td", |_| {});
            });
        });
    });
}

/// How a quantity changed, as a share of the earlier one.
fn ratio(before: &Row, now: &Row) -> Option<f64> {
    let (a, b) = (before.quantity?, now.quantity?);
    (a.units > 0 && a.decimals == b.decimals && before.unit == now.unit).then(|| b.units as f64 / a.units as f64 - 1.0)
}
