//! The change from the year before: by cause and by service, each as a waterfall with its table.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue;
use liangshan_accounts::change::{AtomChange, Change, Factor, Parts};
use liangshan_vocab::{Fen, Text, text, words};

use super::desk::Desk;
use crate::ui::html::Html;
use crate::ui::report::change::{Step, waterfall};
use crate::ui::report::view::table;
use crate::ui::words;

/// Services that have a bar of their own; the rest share one, and all are in the table.
const BARS: usize = 9;

/// The change of a place between two years by causes, where it could be split.
pub(super) fn of<'a>(desk: &Desk<'a>, previous: i32) -> Option<&'a Change> {
    desk.publication().changes.iter().find(|c| c.from == previous && c.to == desk.year)
}

/// What every service of a place did: id, value before and after, and the parts by cause.
pub(super) fn services<'a>(desk: &Desk<'_>, change: &'a Change) -> Vec<(&'a str, Fen, Fen, Parts)> {
    let mut ids: Vec<&str> = Vec::new();
    for atom in change.atoms.iter().filter(|a| here(desk, a)) {
        let top = std::iter::successors(Some(atom.indicator.as_str()), |id| catalogue::parent(id)).last().unwrap_or(&atom.indicator);
        if !ids.contains(&top) {
            ids.push(top);
        }
    }
    ids.sort_by_key(|id| catalogue::rank(id));
    ids.into_iter()
        .map(|id| {
            let (before, after, parts) = change.sum(|a| here(desk, a) && catalogue::is_within(&a.indicator, id));
            (id, before, after, parts)
        })
        .collect()
}

/// Whether a part of a change lies in the chosen place.
pub(super) fn here(desk: &Desk<'_>, atom: &AtomChange) -> bool {
    desk.is_whole() || atom.place == desk.place
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>, previous: i32) {
    let (Some(first), Some(last)) = (desk.total(previous), desk.total(desk.year)) else { return };
    let all = last.value - first.value;
    h.el("p.lead", |h| {
        let share = crate::ui::report::view::change_of(first.value, last.value).map(|s| words::percent(s, true)).unwrap_or_default();
        let more = all.0 >= 0;
        let (zh, en) = if more { ("增加", "more") } else { ("减少", "less") };
        let size = words::money(Fen(all.0.abs()));
        h.say(&Text::of(
            format!("{} 年比 {previous} 年{zh} {}（{share}）。", desk.year, size.zh),
            format!("{} {en} in {} than in {previous} ({share}).", size.en, desk.year),
        ));
    });
    let Some(change) = of(desk, previous) else {
        h.line(
            "p.caption",
            &text("两年的变化无法按成因分解，原因见下面的“完整性”。", "The change cannot be split into its causes; see below what is missing."),
        );
        return;
    };
    let (_, _, parts) = change.sum(|a| here(desk, a));
    // A deduction from the total is no atom; it belongs to the rest.
    let deducted = all - parts.sum();
    if change.is_mostly_weather() && desk.is_whole() {
        h.line("p", &text("变化主要来自天气，不能当作保护成效。", "Most of it is weather, which is no effect of conservation."));
    }
    let causes: Vec<Step<'_>> = Factor::ALL
        .into_iter()
        .map(|factor| {
            let by = if factor == Factor::Rest { parts.of(factor) + deducted } else { parts.of(factor) };
            let title =
                if factor == Factor::Rest { text("其他：产量、游客、排放等", "The rest: output, visits, emissions") } else { factor.title() };
            Step { title, by, values: None, rows: None }
        })
        .collect();
    let services = services(desk, change);
    let ends = (first.value, last.value);
    h.el("div.two", |h| {
        h.el("figure.waterfall", |h| waterfall(h, &text("按成因", "By cause"), (desk.year, previous), ends, &causes));
        let steps = by_service(desk, &services, deducted);
        h.el("figure.waterfall", |h| waterfall(h, &text("按服务", "By service"), (desk.year, previous), ends, &steps));
    });
    h.el("details", |h| {
        h.line("summary", &text("同样的内容，表格，精确到分", "The same as a table, to the fen"));
        twin(h, desk, previous, &services, (first.value, last.value, deducted));
    });
    h.line(
        "p.caption",
        &text(
            "做法：把天气、单价、土地覆被与其他四个因素逐一由前一年换成后一年重新核算，取全部 24 种次序下各因素贡献的平均，逐县、逐类型、逐指标取整到分；各部分之和等于变化。",
            "How: weather, prices, land cover and the rest are switched from the earlier year to the later one by one and the account is computed again; a part is the average over all 24 orders, in whole fen by county, type and indicator, and the parts add up to the change.",
        ),
    );
}

fn by_service(desk: &Desk<'_>, services: &[(&str, Fen, Fen, Parts)], deducted: Fen) -> Vec<Step<'static>> {
    let mut moved: Vec<(Text, Fen)> =
        services.iter().map(|(id, before, after, _)| (desk.view.indicator(id), *after - *before)).filter(|m| m.1.0 != 0).collect();
    moved.sort_by_key(|m| std::cmp::Reverse(m.1.0.abs()));
    let rest: Fen = moved.iter().skip(BARS).map(|m| m.1).sum::<Fen>() + deducted;
    let count = moved.len().saturating_sub(BARS);
    moved.truncate(BARS);
    if rest.0 != 0 {
        moved.push((words!("其余 {count} 项与扣减", "{count} others and deductions"), rest));
    }
    moved.into_iter().map(|(title, by)| Step { title, by, values: None, rows: None }).collect()
}

fn twin(h: &mut Html, desk: &Desk<'_>, previous: i32, services: &[(&str, Fen, Fen, Parts)], (first, last, deducted): (Fen, Fen, Fen)) {
    let year = desk.year;
    let caption =
        words!("{previous} 年至 {year} 年各项服务的变化及其成因，单位：元", "Change of each service from {previous} to {year} and its causes, in yuan");
    table(h, ".exact", &caption, |h| {
        h.el("thead", |h| {
            h.el("tr", |h| {
                h.with("th", &[("scope", "col")], |h| h.say(&text("服务", "Service")));
                for title in [words!("{previous} 年", "{previous}"), words!("{year} 年", "{year}"), text("变化", "Change")]
                    .into_iter()
                    .chain(Factor::ALL.map(|f| f.title()))
                {
                    h.with("th.number", &[("scope", "col")], |h| h.say(&title));
                }
            });
        });
        let money = |h: &mut Html, value: Fen| h.el("td.number", |h| h.text(&words::grouped(&value.yuan())));
        h.el("tbody", |h| {
            for (id, before, after, parts) in services {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.with("a", &[("href", &desk.why(id, desk.place, year, ALL))], |h| h.say(&desk.view.indicator(id))));
                    [*before, *after, *after - *before].into_iter().chain(Factor::ALL.map(|f| parts.of(f))).for_each(|v| money(h, v));
                });
            }
            let sum = services.iter().fold(Parts::default(), |mut sum, s| {
                Factor::ALL.into_iter().for_each(|f| sum.add_to(f, s.3.of(f)));
                sum
            });
            if deducted.0 != 0 {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&text("扣减及只有一年有数据的部分", "Deductions, and what only one year has")));
                    h.el("td", |_| {});
                    h.el("td", |_| {});
                    money(h, deducted);
                    (0..4).for_each(|_| h.el("td", |_| {}));
                });
            }
            h.el("tr.total", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&text("合计", "Total")));
                [first, last, last - first].into_iter().chain(Factor::ALL.map(|f| sum.of(f))).for_each(|v| money(h, v));
            });
        });
    });
}
