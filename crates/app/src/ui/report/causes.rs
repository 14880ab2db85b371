//! The change between two years by its causes: weather, prices, land cover and the rest as separate
//! bars, then service by service and county by county.

use liangshan_accounts::catalogue;
use liangshan_accounts::change::{AtomChange, Change, Factor, Parts};
use liangshan_vocab::{Fen, Text, text, words};

use super::change::{Step, waterfall};
use super::view::{View, heads, table};
use crate::ui::html::Html;
use crate::ui::words;

/// The change between the two years that the report compares, where it could be split.
pub(super) fn of<'a>(view: &View<'a>) -> Option<&'a Change> {
    view.publication.changes.iter().find(|c| Some(c.from) == view.previous && c.to == view.latest)
}

pub(super) fn draw(h: &mut Html, view: &View<'_>, change: &Change) {
    let (before, after, parts) = change.sum(|_| true);
    let totals = (view.total(change.from), view.total(change.to));
    let (Some(first), Some(last)) = totals else { return };
    headline(h, change, before, after, &parts);
    // A deduction from the total is no atom; it belongs to the rest.
    let deducted = (last.value - first.value) - parts.sum();
    let steps: Vec<Step<'_>> = Factor::ALL
        .into_iter()
        .map(|factor| {
            let own = parts.of(factor);
            let by = if factor == Factor::Rest { own + deducted } else { own };
            Step { title: long_title(factor), by, values: None, rows: None }
        })
        .collect();
    let caption = words!(
        "从 {} 年到 {} 年：天气、单价、土地覆被与其他各造成多少变化",
        "From {} to {}: what weather, prices, land cover and the rest did",
        change.from,
        change.to
    );
    h.el("figure.sheet.waterfall", |h| waterfall(h, &caption, (change.to, change.from), (first.value, last.value), &steps));
    services(h, view, change);
    counties(h, view, change);
    h.line(
        "p.note",
        &text(
            "做法：把四个因素逐一由前一年换成后一年重新核算，取全部 24 种次序下各因素贡献的平均，逐县、逐类型、逐指标取整到分，四部分之和等于变化。蒸散、NEP 等模拟图层同时含天气与植被，整体计入天气。“其他”指产量、游客、排放、登记、植被覆盖与参数。",
            "How: each factor in turn is switched from the earlier year to the later and the account computed again; a part is the average over all 24 orders, in whole fen by county, type and indicator, and the four add up to the change. Modelled layers such as evapotranspiration and NEP hold weather and plants at once and count as weather. The rest is output, visits, emissions, registers, plant cover and parameters.",
        ),
    );
}

fn long_title(factor: Factor) -> Text {
    match factor {
        Factor::Rest => text("其他：产量、游客、排放等", "The rest: output, visits, emissions …"),
        factor => factor.title(),
    }
}

/// One sentence that can be quoted.
fn headline(h: &mut Html, change: &Change, before: Fen, after: Fen, parts: &Parts) {
    let moved: i128 = parts.0.iter().map(|p| p.0.abs()).sum();
    if moved == 0 {
        return;
    }
    let greatest = Factor::ALL.into_iter().max_by_key(|f| parts.of(*f).0.abs()).unwrap_or(Factor::Rest);
    let share = words::percent(parts.of(greatest).0.abs() as f64 / moved as f64, false);
    let (title, by, all) = (greatest.title(), words::signed(parts.of(greatest)), words::signed(after - before));
    let unit = words::table_unit();
    h.el("p.headline", |h| {
        h.say(&Text::of(
            format!("合计变化 {} {}，其中影响最大的是“{}”（{}），占各因素变动的 {share}。", all.zh, unit.zh, title.zh, by.zh),
            format!("Of a change of {} {}, most came with {} ({}): {share} of what all factors moved.", all.en, unit.en, title.en.to_lowercase(), by.en),
        ));
        if change.is_mostly_weather() {
            h.text(" ");
            h.line("b", &text("变化主要来自天气，不能当作保护成效。", "Most of it is weather, which is no effect of conservation."));
        }
    });
}

/// Catalogue indicators that no part of has a row of its own here.
fn services(h: &mut Html, view: &View<'_>, change: &Change) {
    let mut ids: Vec<&str> = Vec::new();
    for atom in &change.atoms {
        let stem = atom.indicator.split_once('.').map_or(atom.indicator.as_str(), |(stem, _)| stem);
        if !ids.contains(&stem) {
            ids.push(stem);
        }
    }
    ids.sort_by_key(|id| catalogue::rank(id));
    let rows: Vec<(Text, Fen, Parts)> = ids
        .into_iter()
        .map(|id| {
            let (before, after, parts) = change.sum(|a| catalogue::is_within(&a.indicator, id));
            (view.indicator(id), after - before, parts)
        })
        .filter(|(_, by, parts)| by.0 != 0 || parts.0.iter().any(|p| p.0 != 0))
        .collect();
    causes_table(h, view, change, &text("服务", "Service"), &rows, |_| true);
}

fn counties(h: &mut Html, view: &View<'_>, change: &Change) {
    if view.counties.len() < 2 {
        return;
    }
    let rows: Vec<(Text, Fen, Parts)> = view
        .counties
        .iter()
        .map(|county| {
            let (before, after, parts) = change.sum(|a| a.place == county.code);
            (county.name.clone(), after - before, parts)
        })
        .collect();
    causes_table(h, view, change, &text("县（市、区）", "County"), &rows, |_| true);
}

fn causes_table(h: &mut Html, view: &View<'_>, change: &Change, first: &Text, rows: &[(Text, Fen, Parts)], counts: impl Fn(&AtomChange) -> bool) {
    let unit = words::table_unit();
    let profile = view.publication.profile.printed_id();
    let caption = Text::of(
        format!("{} 年至 {} 年的变化按成因分解，按{}（{}）。方法方案：{profile}", change.from, change.to, first.zh, unit.zh),
        format!("Change from {} to {} by cause and {} ({}). Profile: {profile}", change.from, change.to, first.en.to_lowercase(), unit.en),
    );
    table(h, ".pinned", &caption, |h| {
        let mut columns = vec![(first.clone(), false), (text("变化", "Change"), true)];
        columns.extend(Factor::ALL.map(|f| (f.title(), true)));
        heads(h, &columns);
        let line = |h: &mut Html, title: &Text, by: Fen, parts: &Parts| {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(title));
                h.el("td.n.strong", |h| h.say_with(&words::signed(by), &words::exact(by)));
                for factor in Factor::ALL {
                    let part = parts.of(factor);
                    h.el("td.n", |h| {
                        if part.0 != 0 {
                            h.say_with(&words::signed(part), &words::exact(part));
                        }
                    });
                }
            });
        };
        h.el("tbody", |h| rows.iter().for_each(|(title, by, parts)| line(h, title, *by, parts)));
        let (before, after, parts) = change.sum(counts);
        h.el("tfoot", |h| line(h, &text("合计", "Total"), after - before, &parts));
    });
}
