//! Counties side by side: a map, bars, their totals, and a table of every service.

use liangshan_accounts::account::{ALL, AccountPlace, Missing, Row, Status, Total};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_vocab::{Fen, Text, text, words};

use super::outline;
use super::view::{View, cell_money, change_of, class_key, class_pieces, heads, money, table};
use crate::ui::bars::bar;
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let year = view.latest;
    let mut totals: Vec<(&AccountPlace, &Total)> =
        view.counties.iter().filter_map(|p| Some((*p, view.publication.account.total(year, &p.code, ALL)?))).collect();
    h.el("div.side-by-side", |h| {
        h.el("figure.sheet", |h| {
            let values: Vec<(&str, f64)> = totals.iter().filter_map(|(p, t)| Some((p.code.as_str(), t.per_km2?))).collect();
            let unit = words::density_unit();
            outline::counties(h, view, &Text::of(format!("{year} 年单位面积价值量（{}）", unit.zh), format!("Value per km², {year} ({})", unit.en)), &values);
        });
        totals.sort_by(|a, b| b.1.value.cmp(&a.1.value).then_with(|| a.0.code.cmp(&b.0.code)));
        h.el("figure.sheet.ranking", |h| {
            h.line("figcaption", &words!("{year} 年各县（市、区）价值量", "Value by county, {year}"));
            class_key(h);
            let widest = totals.iter().map(|(_, t)| t.classes.into_iter().sum::<Fen>()).max().unwrap_or_default();
            for (place, total) in &totals {
                h.el("div.rank", |h| {
                    h.line("span.who", &place.name);
                    bar(h, &place.name, &class_pieces(total, widest));
                    h.el("span.value", |h| money(h, total.value));
                });
            }
        });
    });
    totals_table(h, view);
    matrix(h, view);
}

fn totals_table(h: &mut Html, view: &View<'_>) {
    let (year, account) = (view.latest, &view.publication.account);
    let unit = words::table_unit();
    let mut columns = vec![(text("县（市、区）", "County"), false), (text("面积（平方千米）", "Area (km²)"), true)];
    if let Some(previous) = view.previous {
        columns.push((words!("{previous} 年", "{previous}"), true));
    }
    columns.push((words!("{year} 年", "{year}"), true));
    if view.previous.is_some() {
        columns.push((text("增减", "Change"), true));
    }
    columns.extend([
        (text("物质供给", "Material"), true),
        (text("调节服务", "Regulating"), true),
        (text("文化服务", "Cultural"), true),
        (words::density_unit(), true),
        (text("元/人", "yuan/head"), true),
        (text("与 GDP 之比", "over GDP"), true),
    ]);
    let caption = Text::of(
        format!("各县（市、区）合计（{}）。方法方案：{}", unit.zh, view.publication.profile.printed_id()),
        format!("Totals by county ({}). Profile: {}", unit.en, view.publication.profile.printed_id()),
    );
    table(h, ".pinned", &caption, |h| {
        heads(h, &columns);
        let row = |h: &mut Html, place: &AccountPlace| {
            let Some(total) = account.total(year, &place.code, ALL) else { return };
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| {
                    h.say(&place.name);
                    h.text(" ");
                    if !total.complete {
                        h.with("span.chip.partial", &[("title", "部分指标缺输入 / some indicators lack an input")], |h| {
                            h.say(&text("不完整", "incomplete"))
                        });
                    }
                });
                h.el("td.n", |h| h.text(&place.area_km2.map_or_else(String::new, |a| words::float(a, 1))));
                let before = view.previous.and_then(|y| account.total(y, &place.code, ALL)).map(|t| t.value);
                if view.previous.is_some() {
                    h.el("td.n", |h| before.into_iter().for_each(|b| cell_money(h, b)));
                }
                h.el("td.n.strong", |h| cell_money(h, total.value));
                if view.previous.is_some() {
                    h.el("td.n", |h| {
                        if let Some(change) = before.and_then(|b| change_of(b, total.value)) {
                            h.text(&words::percent(change, true));
                        }
                    });
                }
                for class in Class::ALL {
                    let lacks = |m: &Missing| catalogue::indicator(&m.indicator).is_some_and(|i| i.class == class);
                    // Nothing of a class that lacks an input is not zero.
                    if total.class(class).0 == 0 && total.missing.iter().any(lacks) {
                        h.line("td.n.missing", &text("缺输入", "missing"));
                    } else {
                        h.el("td.n", |h| cell_money(h, total.class(class)));
                    }
                }
                h.el("td.n", |h| total.per_km2.into_iter().for_each(|yuan| h.say(&words::density(yuan))));
                for (ratio, decimals) in [(total.per_head, 0), (total.over_gdp, 3)] {
                    h.el("td.n", |h| h.text(&ratio.map_or_else(String::new, |r| words::float(r, decimals))));
                }
            });
        };
        h.el("tbody", |h| view.counties.iter().for_each(|place| row(h, place)));
        h.el("tfoot", |h| account.places.iter().filter(|p| p.code == view.publication.whole).for_each(|place| row(h, place)));
    });
}

/// Every service of every county in the latest year; the darker, the larger among the counties.
fn matrix(h: &mut Html, view: &View<'_>) {
    let (year, account) = (view.latest, &view.publication.account);
    let unit = words::table_unit();
    let mut columns = vec![(text("服务", "Service"), false)];
    columns.extend(view.counties.iter().map(|p| (p.name.clone(), true)));
    columns.push((text("合计", "Total"), true));
    let caption = Text::of(
        format!("{year} 年各县（市、区）各项服务的价值量（{}）；同一行内颜色越深数值越大", unit.zh),
        format!("Value of each service by county, {year} ({}); the darker, the larger within a line", unit.en),
    );
    table(h, ".pinned.heat", &caption, |h| {
        heads(h, &columns);
        h.el("tbody", |h| {
            for whole in view.terms(year).into_iter().filter_map(|(id, _)| view.row(year, id)) {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&view.indicator(&whole.indicator)));
                    let rows: Vec<Option<&Row>> = view.counties.iter().map(|p| account.row(year, &p.code, ALL, &whole.indicator)).collect();
                    let largest = rows.iter().flatten().filter_map(|r| r.value).max().unwrap_or_default();
                    for row in rows.iter().copied().chain([Some(whole)]) {
                        let heat =
                            row.filter(|r| !std::ptr::eq(*r, whole)).and_then(|r| r.value).filter(|v| v.0 > 0).map(|v| v.as_yuan_f64() / largest.as_yuan_f64());
                        let style = heat.map(|s| format!("--heat:{s:.2}"));
                        let class = match row.map(|r| &r.status) {
                            Some(Status::MissingInput { .. }) => "td.n.missing",
                            _ => "td.n",
                        };
                        let style: Vec<(&str, &str)> = style.iter().map(|s| ("style", s.as_str())).collect();
                        h.with(class, &style, |h| super::view::cell_value(h, row));
                    }
                });
            }
        });
    });
    h.line(
        "p.note",
        &text("各地都缺输入、不适用或申明为零的指标不在此表，见“完整性”一节。", "Indicators that no county has are not in this table; see Completeness."),
    );
}
