//! Candidates of the security pattern beside the drawn one.

use std::fmt::Write as _;

use liangshan_atlas::zones::pattern::{NodeKind, Pattern};
use liangshan_vocab::{Text, text, words};

use super::{View, picture};
use crate::ui::html::Html;
use crate::ui::report::view::{heads, table};
use crate::ui::words as said;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let Some(pattern) = view.pattern else { return };
    h.el("article.sheet", |h| {
        h.el("figure", |h| {
            picture::map(h, view, &text("源地、廊道与节点", "Sources, corridors and nodes"), |h, _| drawing(h, view, pattern));
            h.line(
                "p.note",
                &text(
                    "绿色：源地；深蓝：保留的廊道；浅蓝：其他候选；红色虚线：绘制的格局；黄点：节点。",
                    "Green: sources; dark blue: kept corridors; pale blue: other candidates; dashed red: the drawn pattern; yellow dots: nodes.",
                ),
            );
        });
        summary(h, pattern);
    });
    corridors(h, pattern);
    drawn(h, pattern);
    sensitivity(h, pattern);
}

fn line_of(pattern: &Pattern, cells: &[usize]) -> String {
    let mut out = String::new();
    for (at, cell) in cells.iter().enumerate() {
        let (row, column) = (cell / pattern.terrain.columns, cell % pattern.terrain.columns);
        let _ = write!(out, "{}{} {}", if at == 0 { 'M' } else { 'L' }, column as f32 + 0.5, row as f32 + 0.5);
    }
    out
}

fn drawing(h: &mut Html, view: &View<'_>, pattern: &Pattern) {
    let columns = pattern.terrain.columns;
    let mut d = String::new();
    let of = &pattern.sources.of;
    let mut at = 0;
    while at < of.len() {
        let row_end = (at / columns + 1) * columns;
        let end = (at..row_end).find(|i| of[*i].is_some() != of[at].is_some()).unwrap_or(row_end);
        if of[at].is_some() {
            let _ = write!(d, "M{} {}h{}v1h-{}z", at % columns, at / columns, end - at, end - at);
        }
        at = end;
    }
    h.with("path.source", &[("d", &d)], |_| {});
    for (at, corridor) in pattern.corridors.iter().enumerate() {
        if !pattern.kept.contains(&at) {
            h.with("path.candidate", &[("d", &line_of(pattern, &corridor.cells))], |_| {});
        }
    }
    for line in view.sheet.drawn_lines() {
        let mut d = String::new();
        for (at, (x, y)) in line.iter().enumerate() {
            let _ = write!(d, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        }
        h.with("path.drawn", &[("d", &d)], |_| {});
    }
    for (_, corridor) in pattern.chosen() {
        h.with("path.corridor", &[("d", &line_of(pattern, &corridor.cells))], |_| {});
    }
    for node in &pattern.nodes {
        let (x, y) = (format!("{}.5", node.cell % columns), format!("{}.5", node.cell / columns));
        h.with("circle.node", &[("cx", &x), ("cy", &y), ("r", "3.2")], |_| {});
    }
}

fn summary(h: &mut Html, pattern: &Pattern) {
    let sources = pattern.sources.areas_m2.len();
    let area = said::float(pattern.sources.areas_m2.iter().sum::<f64>() / 1e6, 1);
    let (all, kept, top, gap) = (pattern.corridors.len(), pattern.kept.len(), 100.0 * pattern.rules.top_share, pattern.rules.join_m);
    let services: Vec<Text> = pattern.terrain.services.iter().map(|id| said::indicator(id)).collect();
    let services = said::joined(&services);
    h.line(
        "p",
        &Text::of(
            format!("{} 年：源地 {sources} 处，共 {area} 平方千米（重要性前 {top}%，由{}的排位平均；相距 {gap} 米以内为一处）；相邻源地间的候选廊道 {all} 条，按引力模型保留 {kept} 条。", pattern.year, services.zh),
            format!("{}: {sources} sources, {area} km² (the most important {top} % by the mean rank of {}; patches within {gap} m are one); {all} candidate corridors between neighbouring sources, of which the gravity model keeps {kept}.", pattern.year, services.en.to_lowercase()),
        ),
    );
    if !pattern.terrain.absent.is_empty() {
        let absent = pattern.terrain.absent.join(", ");
        h.line("p.note", &words!("没有图、未计入的阻力因子：{absent}。", "Factors of resistance that the region has no map of, left out: {absent}."));
    }
}

fn corridors(h: &mut Html, pattern: &Pattern) {
    table(h, "", &text("保留的廊道", "Kept corridors"), |h| {
        heads(
            h,
            &[
                (text("编号", "No."), false),
                (text("源地", "Sources"), false),
                (text("千米", "km"), true),
                (text("累积阻力（千米）", "Cost, km"), true),
                (text("平均阻力", "Mean resistance"), true),
                (text("节点", "Nodes"), true),
            ],
        );
        h.el("tbody", |h| {
            for (at, corridor) in pattern.chosen() {
                let length = pattern.length_m(corridor);
                let (a, b) = corridor.between;
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&(at + 1).to_string()));
                    h.el("td", |h| h.text(&format!("S{:03} – S{:03}", a + 1, b + 1)));
                    h.el("td.n", |h| h.text(&said::float(length / 1e3, 2)));
                    h.el("td.n", |h| h.text(&said::float(corridor.cost / 1e3, 2)));
                    h.el("td.n", |h| h.text(&said::float(corridor.cost / length, 2)));
                    let pinch = pattern.nodes.iter().filter(|n| n.corridor == at && n.kind != NodeKind::Crossing).count();
                    h.el("td.n", |h| h.text(&pinch.to_string()));
                });
            }
        });
    });
}

fn drawn(h: &mut Html, pattern: &Pattern) {
    let near = pattern.rules.near_m;
    table(h, "", &words!("绘制的格局与候选的吻合（{near} 米以内）", "The drawn pattern beside the candidates, within {near} m"), |h| {
        heads(
            h,
            &[
                (text("要素", "Element"), false),
                (text("千米", "km"), true),
                (text("近保留廊道", "Near a kept corridor"), true),
                (text("近任一候选", "Near any candidate"), true),
                (text("在源地内或附近", "In or near a source"), true),
            ],
        );
        h.el("tbody", |h| {
            for element in &pattern.drawn {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&format!("{} {}", element.id, element.name)));
                    h.el("td.n", |h| h.text(&if element.length_m > 0.0 { said::float(element.length_m / 1e3, 1) } else { String::new() }));
                    for share in [element.near_kept, element.near_any, element.near_source] {
                        h.el("td.n", |h| h.text(&said::percent(share, false)));
                    }
                });
            }
        });
    });
}

fn sensitivity(h: &mut Html, pattern: &Pattern) {
    let by = 100.0 * pattern.rules.sensitivity;
    h.el("details.parts", |h| {
        h.line("summary", &words!("敏感性：各类阻力 ±{by}%", "Sensitivity: each resistance ±{by} %"));
        table(
            h,
            "",
            &text("保留廊道有多少仍在原处，累积阻力变了多少", "How much of the kept corridors stays, and how their cost moves"),
            |h| {
                heads(
                    h,
                    &[
                        (text("类别", "Class"), false),
                        (text("变动", "Change"), true),
                        (text("保留的仍在附近", "Kept stay near"), true),
                        (text("其累积阻力", "Their cost"), true),
                        (text("候选仍在附近", "Candidates stay near"), true),
                        (text("其累积阻力", "Their cost"), true),
                    ],
                );
                h.el("tbody", |h| {
                    for run in &pattern.runs {
                        h.el("tr", |h| {
                            h.with("th", &[("scope", "row")], |h| h.say(&said::sentence(&run.title)));
                            h.el("td.n", |h| h.text(&said::percent(run.by, true)));
                            h.el("td.n", |h| h.text(&said::percent(run.same, false)));
                            h.el("td.n", |h| h.text(&said::percent(run.cost, true)));
                            h.el("td.n", |h| h.text(&said::percent(run.same_all, false)));
                            h.el("td.n", |h| h.text(&said::percent(run.cost_all, true)));
                        });
                    }
                });
            },
        );
    });
}
