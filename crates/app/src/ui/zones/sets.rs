//! Groups of zones: a table and a picture each, what grows there, and services by zone.

use std::collections::BTreeMap;

use liangshan_accounts::catalogue;
use liangshan_accounts::change::Factor;
use liangshan_atlas::zones::SetKind;
use liangshan_atlas::zones::sheet::{Line, m2};
use liangshan_vocab::{Fen, Text, text, words};

use super::picture::{self, tint};
use super::{View, km2};
use crate::ui::bars::{bar, end_to_end, key};
use crate::ui::html::Html;
use crate::ui::report::view::{cell_money, heads, table};
use crate::ui::words as said;

/// Groups with more zones are folded, and not drawn.
const FOLDED: usize = 20;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    eco_share(h, view);
    for (at, set) in view.sheet.zones.sets.iter().enumerate() {
        let lines: Vec<&Line> = view.sheet.lines_of(at).collect();
        if lines.is_empty() {
            continue;
        }
        if lines.len() > FOLDED {
            let count = lines.iter().filter(|l| l.zone.is_some()).count();
            h.el("details.parts", |h| {
                h.line("summary", &Text::of(format!("{}（{count} 个）", set.title.zh), format!("{} ({count})", said::sentence(&set.title).en)));
                h.el("article.sheet", |h| lines_table(h, view, &set.title, &lines));
            });
            continue;
        }
        h.el("article.sheet", |h| {
            h.line("h3", &said::sentence(&set.title));
            lines_table(h, view, &set.title, &lines);
            h.el("figure", |h| {
                picture::map(h, view, &set.title, |h, _| picture::zones(h, view, &lines));
                let classes: Vec<String> = (0..lines.len()).map(tint).collect();
                let named = lines.iter().zip(&classes).filter(|(l, _)| l.zone.is_some());
                key(h, named.map(|(l, class)| (class.as_str(), l.title.clone())));
            });
            extents(h, view, &lines);
        });
    }
}

fn eco_share(h: &mut Html, view: &View<'_>) {
    let Some(share) = view.sheet.eco_share().filter(|_| view.sheet.office.is_none()) else { return };
    let least = view.sheet.rules.eco_space_least;
    let (zh, en) = if share >= least { ("达到", "met") } else { ("未达到", "not met") };
    h.el("article.sheet", |h| {
        h.line("p.kpi-name", &text("生态空间占全域面积", "Ecological space, share of the region"));
        h.el("p.kpi", |h| h.el("strong", |h| h.text(&format!("{:.2}%", 100.0 * share))));
        let least = 100.0 * least;
        h.line("p.exact", &words!("要求不低于 {least}%：{zh}", "at least {least} % is wanted: {en}"));
        h.line("p.note", &view.sheet.method());
    });
}

fn lines_table(h: &mut Html, view: &View<'_>, title: &Text, lines: &[&Line]) {
    let unit = said::table_unit();
    let caption = Text::of(
        format!("{}：面积，{} 年价值与变化（{}）", title.zh, view.latest, unit.zh),
        format!("{}: area, value in {} and its change ({})", said::sentence(title).en, view.latest, unit.en),
    );
    table(h, ".pinned", &caption, |h| {
        let mut columns = vec![
            (text("分区", "Zone"), false),
            (text("版本", "Edition"), false),
            (text("平方千米", "km²"), true),
            (text("亩", "mu"), true),
            (text("占比", "Share"), true),
            (words!("{} 年价值", "Value {}", view.latest), true),
        ];
        if let Some((from, to)) = view.pair {
            columns.push((words!("{from}—{to} 变化", "Change {from}–{to}"), true));
            columns.extend(Factor::ALL.map(|f| (f.title(), true)));
        }
        heads(h, &columns);
        h.el("tbody", |h| lines.iter().for_each(|line| row(h, view, line)));
    });
}

fn row(h: &mut Html, view: &View<'_>, line: &Line) {
    let sheet = view.sheet;
    h.el("tr", |h| {
        h.with("th", &[("scope", "row")], |h| {
            h.say(&line.title);
            if !line.alerts.is_empty() {
                let count = line.alerts.len();
                h.line("span.tag.alert", &words!("{count} 项预警", "{count} declines"));
            }
        });
        h.el("td", |h| {
            if let Some(zone) = line.zone.map(|z| &sheet.zones.zones[z]) {
                h.text(&format!("{} ({})", zone.edition, zone.adopted));
            }
        });
        h.el("td.n", |h| h.text(&km2(line.area())));
        h.el("td.n", |h| h.text(&said::float(m2(line.area()) * 15.0 / 1e4, 0)));
        h.el("td.n", |h| h.text(&said::percent(line.area() as f64 / sheet.whole() as f64, false)));
        h.el("td.n.strong", |h| cell_money(h, line.value.get(&view.latest).copied().unwrap_or_default()));
        if let Some(pair) = view.pair {
            changed(h, line, pair);
        }
    });
}

/// The change of a line and its causes, as cells.
pub(super) fn changed(h: &mut Html, line: &Line, pair: (i32, i32)) {
    let change = line.changes.iter().find(|c| (c.0, c.1) == pair).map(|c| c.2);
    let cell = |h: &mut Html, class: &str, value: Option<Fen>| {
        h.el(class, |h| {
            if let Some(value) = value.filter(|v| v.0 != 0) {
                h.say_with(&said::signed(value), &said::exact(value));
            }
        });
    };
    cell(h, "td.n.strong", change.map(|c| c.after - c.before));
    for factor in Factor::ALL {
        cell(h, "td.n", change.map(|c| c.parts.of(factor)));
    }
}

/// Ecosystem types of each zone in the latest year.
fn extents(h: &mut Html, view: &View<'_>, lines: &[&Line]) {
    let types = &view.sheet.book.prepared.classes.types;
    let caption = words!("{} 年的生态系统类型（占分区面积）", "Ecosystem types in {}, shares of the zone", view.latest);
    table(h, ".extents", &caption, |h| {
        h.el("tbody", |h| {
            for line in lines {
                let area = |id: &str| line.extent.get(&(view.latest, id.to_owned())).copied().unwrap_or(0);
                let whole: i128 = line.extent.iter().filter(|((y, _), _)| *y == view.latest).map(|(_, a)| a).sum();
                let pieces = end_to_end(
                    whole as f64,
                    types.iter().map(|t| {
                        let share = said::percent(area(&t.id) as f64 / whole.max(1) as f64, false);
                        (area(&t.id) as f64, format!("eco-{}", t.id), Text::of(format!("{} {share}", t.name.zh), format!("{} {share}", t.name.en)))
                    }),
                );
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&line.title));
                    h.el("td.size", |h| bar(h, &line.title, &pieces));
                    h.el("td.n", |h| h.text(&km2(line.natural(view.latest))));
                });
            }
        });
    });
    h.line("p.note", &text("右列为林、灌、草、湿面积（平方千米）。", "To the right: forest, shrub, grassland and wetland, km²."));
    let classes: Vec<(String, Text)> = types.iter().map(|t| (format!("eco-{}", t.id), said::sentence(&t.name))).collect();
    key(h, classes.iter().map(|(class, title)| (class.as_str(), title.clone())));
}

/// Services of spaces and lines side by side.
pub(super) fn services(h: &mut Html, view: &View<'_>) {
    let sheet = view.sheet;
    let wanted = |l: &&Line| l.zone.is_some() && matches!(sheet.zones.sets[l.set].kind, SetKind::Zones | SetKind::Lines);
    let lines: Vec<&Line> = sheet.lines.iter().filter(wanted).collect();
    let mut by: BTreeMap<(usize, String), Vec<Option<Fen>>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        for asset in sheet.assets(view.latest, |w| sheet.has(w) && (w.set, w.zone) == (line.set, line.zone)) {
            if asset.ecosystem == "all" && !asset.indicator.contains('.') {
                let row = by.entry((catalogue::rank(&asset.indicator).0, asset.indicator.clone())).or_insert_with(|| vec![None; lines.len()]);
                row[at] = asset.value;
            }
        }
    }
    let unit = said::table_unit();
    let caption = Text::of(format!("{} 年各项服务的价值（{}）", view.latest, unit.zh), format!("Value of services in {} ({})", view.latest, unit.en));
    table(h, ".pinned", &caption, |h| {
        let mut columns = vec![(text("服务", "Service"), false)];
        columns.extend(lines.iter().map(|l| (l.title.clone(), true)));
        heads(h, &columns);
        h.el("tbody", |h| {
            for ((_, id), values) in by.iter().filter(|(_, v)| v.iter().any(Option::is_some)) {
                let depth = std::iter::successors(catalogue::parent(id), |id| catalogue::parent(id)).count();
                h.el("tr", |h| {
                    h.with(&format!("th.depth{depth}"), &[("scope", "row")], |h| h.say(&said::indicator(id)));
                    for value in values {
                        h.el("td.n", |h| value.iter().for_each(|v| cell_money(h, *v)));
                    }
                });
            }
        });
        h.el("tfoot", |h| {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&text("已分区服务合计", "Sum of what is divided")));
                for line in &lines {
                    h.el("td.n", |h| cell_money(h, line.value.get(&view.latest).copied().unwrap_or_default()));
                }
            });
        });
    });
}
