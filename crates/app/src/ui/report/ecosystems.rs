//! Ecosystem types: how much land each covers, and what it gives.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue::Class;
use liangshan_vocab::{Text, text, words};

use super::view::{View, cell_money, heads, table};
use crate::ui::bars::{bar, end_to_end, key};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    extent(h, view);
    values(h, view);
}

fn area(view: &View<'_>, year: i32, ecosystem: &str) -> Option<f64> {
    view.publication.extent.get(&(year, view.publication.whole.clone(), ecosystem.to_owned())).copied()
}

fn extent(h: &mut Html, view: &View<'_>) {
    let types: Vec<&String> = view.publication.account.ecosystems.iter().filter(|e| view.years().iter().any(|y| area(view, *y, e).is_some())).collect();
    if types.is_empty() {
        return;
    }
    h.el("figure.sheet", |h| {
        h.line("figcaption", &text("各类生态系统面积占比", "Share of land by ecosystem type"));
        for year in view.years() {
            let all: f64 = types.iter().filter_map(|e| area(view, year, e)).sum();
            h.el("div.rank", |h| {
                h.el("span.who", |h| h.say(&words!("{year} 年", "{year}")));
                let pieces = end_to_end(
                    all,
                    types.iter().map(|e| {
                        let m2 = area(view, year, e).unwrap_or(0.0);
                        let (name, share) = (view.ecosystem(e), words::percent(m2 / all, false));
                        (m2, view.ecosystem_class(e), Text::of(format!("{} {share}", name.zh), format!("{} {share}", name.en)))
                    }),
                );
                bar(h, &words!("{year} 年各类生态系统面积占比", "Share of land by ecosystem type, {year}"), &pieces);
                h.el("span.value", |h| h.say(&words!("{} 平方千米", "{} km²", words::float(all / 1e6, 0))));
            });
        }
        let classes: Vec<(String, Text)> = types.iter().map(|e| (view.ecosystem_class(e), view.ecosystem(e))).collect();
        key(h, classes.iter().map(|(class, name)| (class.as_str(), name.clone())));
    });
}

fn values(h: &mut Html, view: &View<'_>) {
    let (year, account) = (view.latest, &view.publication.account);
    let unit = words::table_unit();
    let mut columns = vec![(text("类型", "Type"), false)];
    if let Some(previous) = view.previous {
        columns.push((words!("{previous} 年面积（平方千米）", "Area {previous} (km²)"), true));
    }
    columns.push((words!("{year} 年面积（平方千米）", "Area {year} (km²)"), true));
    columns.extend(Class::ALL.map(|c| (words::sentence(&c.title()), true)));
    columns.push((words!("{year} 年合计", "Total {year}"), true));
    if let Some(previous) = view.previous {
        columns.push((words!("{previous} 年合计", "Total {previous}"), true));
    }
    columns.push((text("元/公顷", "yuan/ha"), true));
    let caption = Text::of(
        format!("各类生态系统的面积与价值量（{}）。方法方案：{}", unit.zh, view.publication.profile.printed_id()),
        format!("Area and value by ecosystem type ({}). Profile: {}", unit.en, view.publication.profile.printed_id()),
    );
    table(h, ".pinned", &caption, |h| {
        heads(h, &columns);
        let line = |h: &mut Html, name: &Text, ecosystem: &str| {
            let total = account.total(year, &view.publication.whole, ecosystem);
            let before = view.previous.map(|y| account.total(y, &view.publication.whole, ecosystem));
            let now = area(view, year, ecosystem);
            // A type that neither covers land nor gives anything has no line.
            if ecosystem != ALL && now.is_none() && total.is_none_or(|t| t.value.0 == 0) && before.flatten().is_none_or(|t| t.value.0 == 0) {
                return;
            }
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| {
                    if ecosystem != ALL {
                        h.el(&format!("i.swatch.{}", view.ecosystem_class(ecosystem)), |_| {});
                    }
                    h.say(name);
                });
                let km2 = |m2: Option<f64>| m2.map_or_else(String::new, |m2| words::float(m2 / 1e6, 2));
                for year in view.previous.into_iter().chain([year]) {
                    let m2 = if ecosystem == ALL { whole_area(view, year) } else { area(view, year, ecosystem) };
                    h.el("td.n", |h| h.text(&km2(m2)));
                }
                for class in Class::ALL {
                    h.el("td.n", |h| total.map(|t| t.class(class)).filter(|v| v.0 != 0).into_iter().for_each(|v| cell_money(h, v)));
                }
                h.el("td.n.strong", |h| total.map(|t| t.value).filter(|v| v.0 != 0).into_iter().for_each(|v| cell_money(h, v)));
                if let Some(before) = before {
                    h.el("td.n", |h| before.map(|t| t.value).filter(|v| v.0 != 0).into_iter().for_each(|v| cell_money(h, v)));
                }
                h.el("td.n", |h| {
                    let m2 = if ecosystem == ALL { whole_area(view, year) } else { now };
                    if let (Some(m2), Some(total)) = (m2.filter(|a| *a > 0.0), total.filter(|t| t.value.0 != 0)) {
                        h.text(&words::float(total.value.as_yuan_f64() / m2 * 1e4, 0));
                    }
                });
            });
        };
        h.el("tbody", |h| account.ecosystems.iter().for_each(|e| line(h, &view.ecosystem(e), e)));
        h.el("tfoot", |h| line(h, &text("合计", "All types"), ALL));
    });
}

fn whole_area(view: &View<'_>, year: i32) -> Option<f64> {
    let areas: Vec<f64> = view.publication.account.ecosystems.iter().filter_map(|e| area(view, year, e)).collect();
    (!areas.is_empty()).then(|| areas.iter().sum())
}
