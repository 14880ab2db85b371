//! What zones and lines must keep to, and what is not divided.

use std::collections::BTreeMap;

use liangshan_accounts::catalogue;
use liangshan_atlas::zones::faults::Holds;
use liangshan_vocab::{Fen, Text, text, words};

use super::View;
use crate::ui::html::Html;
use crate::ui::report::view::{cell_money, heads, table};
use crate::ui::words as said;

/// How many faults of one rule are listed; the file has all of them.
const LISTED: usize = 20;

fn word(holds: Holds) -> Text {
    match holds {
        Holds::Yes => text("成立", "holds"),
        Holds::No => text("不成立", "does not hold"),
        Holds::Undecidable => text("无法判定", "undecidable"),
    }
}

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    table(h, "", &text("规则与结论", "Rules and findings"), |h| {
        let columns = [
            (text("规则", "Rule"), false),
            (text("内容", "What it says"), false),
            (text("结论", "Finding"), false),
            (text("图斑", "Pieces"), true),
            (text("平方米", "m²"), true),
        ];
        heads(h, &columns);
        h.el("tbody", |h| {
            for checked in &view.sheet.checked {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(checked.rule));
                    h.el("td", |h| h.say(&checked.title));
                    h.el(&format!("td.holds-{}", checked.holds.word()), |h| h.say(&word(checked.holds)));
                    h.el("td.n", |h| h.text(&checked.pieces.to_string()));
                    h.el("td.n", |h| h.text(&said::float(checked.area_m2, 2)));
                });
            }
        });
    });
    for checked in view.sheet.checked.iter().filter(|c| !c.problems.is_empty()) {
        let count = checked.problems.len();
        h.el("details.parts", |h| {
            h.line(
                "summary",
                &Text::of(format!("{} {}：{count} 条", checked.rule, checked.title.zh), format!("{} {}: {count}", checked.rule, checked.title.en)),
            );
            h.el("ul.list", |h| {
                for problem in checked.problems.iter().take(LISTED) {
                    h.el("li", |h| {
                        h.say(&problem.what);
                        if let Some(area) = problem.at.area_m2 {
                            h.text(&format!(" {} m²", said::float(area, 2)));
                        }
                    });
                }
            });
            if count > LISTED {
                h.line("p.note", &text("其余见 zone_rules.csv。", "The rest is in zone_rules.csv."));
            }
        });
    }
}

pub(super) fn undivided(h: &mut Html, view: &View<'_>) {
    let mut by: BTreeMap<(usize, String), (Fen, Text)> = BTreeMap::new();
    for ((year, id), (value, reason)) in view.sheet.undivided() {
        let whole = id.split_once('.').map_or(id.as_str(), |(whole, _)| whole).to_owned();
        if year == view.latest {
            by.entry((catalogue::rank(&whole).0, whole)).or_insert((Fen(0), reason)).0 += value;
        }
    }
    let unit = said::table_unit();
    let caption = Text::of(format!("{} 年不分区的指标（{}）", view.latest, unit.zh), format!("Not divided in {} ({})", view.latest, unit.en));
    table(h, ".words", &caption, |h| {
        heads(h, &[(text("指标", "Indicator"), false), (text("价值", "Value"), true), (text("为什么", "Why"), false)]);
        h.el("tbody", |h| {
            for ((_, id), (value, reason)) in &by {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&said::indicator(id)));
                    h.el("td.n", |h| cell_money(h, *value));
                    h.el("td", |h| h.say(reason));
                });
            }
        });
        h.el("tfoot", |h| {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&text("合计", "Total")));
                h.el("td.n", |h| cell_money(h, by.values().map(|v| v.0).sum()));
                h.el("td", |_| {});
            });
        });
    });
    table(h, ".words", &text("按规则分摊的指标", "Divided by a rule"), |h| {
        heads(h, &[(text("指标", "Indicator"), false), (text("规则", "Rule"), false), (text("理由", "Why"), false)]);
        h.el("tbody", |h| {
            for line in view.sheet.allocated() {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&said::indicator(&line.indicator)));
                    h.el("td", |h| h.say(&line.how.title()));
                    h.el("td", |h| h.say(&line.reason));
                });
            }
        });
    });
    h.line("p.note", &words!("其余指标有分布图，按格网分。", "All others have a map and are divided by their cells."));
}
