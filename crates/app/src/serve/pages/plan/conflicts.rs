//! Where plans disagree: spots by pair of layers and owner, the largest first, slivers apart.

use std::sync::Arc;

use liangshan_atlas::conflicts::{ConflictKind, DECISIONS, Found, Group, KINDS, Severity, Spot, exchange};
use liangshan_atlas::conform::exchange::drawn;
use liangshan_atlas::conform::said::mu;
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Text, text, words};
use schemars::{Schema, json_schema};
use serde_json::json;

use super::{lamp, page, percent, plan, select, table, twin, under};
use crate::serve::layout;
use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;
use crate::ui::words as said;

const ON: Param = Param::optional("on", Kind::Date, ("哪一天施行的线；不填为今天", "lines in force on this day, today by default"), "2020-06-30");
const TAKES: &[Param] = &[
    ON,
    Param::optional("layer", Kind::Word, ("只看含此图层的", "only pairs with this layer"), "redline"),
    Param::optional("office", Kind::Word, ("只看此部门负责的（代码）", "only what this office answers for, by id"), "OFF-NR"),
];
const DAY: &[Param] = &[ON];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/conflicts", ("规划冲突图斑", "where plans disagree"), TAKES, shown),
    Route::json("/api/plan/conflicts", ("规划冲突图斑，含细碎图斑", "where plans disagree, slivers included"), DAY, schema, twin_of),
    Route::bytes("/api/plan/conflicts/map", ("规划冲突图斑，GeoJSON", "where plans disagree, as GeoJSON"), DAY, "application/geo+json", shapes),
];

fn schema() -> Schema {
    json_schema!({
        "type": "object", "required": ["on", "pairs_compared", "groups", "total_m2", "decided_m2", "types", "notes", "spots", "slivers", "rules"],
        "properties": {
            "on": { "type": "string", "format": "date" }, "pairs_compared": { "type": "integer" },
            "total_m2": { "type": "number" }, "decided_m2": { "type": "number" }, "progress": { "type": ["number", "null"] },
            "groups": { "type": "array", "items": { "type": "object", "required": ["layers", "type", "spots", "area_m2"] } },
            "types": { "type": "array", "items": { "type": "object", "required": ["type", "title", "when", "severity", "spots"] } },
            "notes": { "type": "array", "items": { "type": "object", "required": ["code"] } },
            "spots": { "type": "array", "items": { "type": "object", "required": ["spot", "type", "severity", "county", "area_m2", "sides"] } },
            "slivers": { "type": "array", "items": { "type": "object", "required": ["spot", "area_m2"] } },
            "rules": { "type": "object" },
        },
    })
}

fn found(ask: &Ask<'_>) -> Result<Arc<Found>, Refusal> {
    let desks = ask.snapshot.desks.get()?;
    let day = ask.word("on").and_then(Day::parse).unwrap_or(desks.today);
    Ok(desks.conflicts(&ask.snapshot.region, day)?)
}

fn twin_of(ask: &Ask<'_>) -> Answer {
    Ok(Reply::json(&exchange::to_json(&*found(ask)?, ask.lang)))
}

fn shapes(ask: &Ask<'_>) -> Answer {
    let found = found(ask)?;
    let spots = found.real().filter(|s| s.kind != ConflictKind::Total && !s.shape.0.is_empty()).map(|s| {
        let pair = format!("{} × {}", s.sides[0].title.get(ask.lang), s.sides[1].title.get(ask.lang));
        (json!({ "spot": s.id, "pair": pair, "severity": s.severity.word(), "area_m2": s.area_m2 }), &s.shape)
    });
    Ok(Reply::geojson(&drawn(spots, &ask.snapshot.region.declared.grid.crs)?))
}

/// Spots of a group that are shown; the JSON has all.
const MOST: usize = 40;

fn wanted(ask: &Ask<'_>, group: &Group<'_>) -> bool {
    let layer = ask.word("layer").is_none_or(|l| group.sides.iter().any(|s| s.layer == l));
    let office = ask.word("office").is_none_or(|o| group.sides.iter().any(|s| s.office.0 == o));
    layer && office
}

fn shown(ask: &Ask<'_>) -> Answer {
    let found = found(ask)?;
    let all = found.groups(false);
    let known = |of: fn(&liangshan_atlas::conflicts::Side) -> (String, String)| {
        let mut known: Vec<(String, String)> = all.iter().flat_map(|g| g.sides.iter().map(of)).collect();
        known.sort();
        known.dedup();
        known
    };
    let offices = known(|s| s.office.clone());
    for (name, what, known) in [("office", text("负责图斑的部门", "office that answers for a spot"), &offices)] {
        if ask.word(name).is_some_and(|w| known.iter().all(|(id, _)| id != w)) {
            return Err(ask.unknown(name, &what, known.iter().map(|k| k.0.as_str())));
        }
    }
    let mut layers: Vec<(String, String)> = all.iter().flat_map(|g| g.sides.iter().map(|s| (s.layer.clone(), s.title.get(ask.lang).to_owned()))).collect();
    layers.sort();
    layers.dedup();
    if ask.word("layer").is_some_and(|w| layers.iter().all(|(id, _)| id != w)) {
        return Err(ask.unknown("layer", &text("有冲突的图层", "layer that conflicts with another"), layers.iter().map(|k| k.0.as_str())));
    }
    let plan = plan(ask).ok();
    let named = |code: &str| plan.as_ref().map_or_else(|| code.to_owned(), |plan| plan.place(code).get(ask.lang).to_owned());
    let groups: Vec<&Group<'_>> = all.iter().filter(|g| wanted(ask, g)).collect();
    Ok(page(ask, "/plan/conflicts", text("规划冲突", "Where plans disagree"), &["js/plan/conform.js"], |h| {
        h.el("p", |h| {
            h.line("span.mark", &text("合成数据", "synthetic"));
            let on = found.on.to_string();
            h.say(&words!(
                " 图层含虚构数据，没有法律效力；按 {on} 时施行的版本比对。",
                " The layers hold invented data and have no legal force; editions in force on {on} are compared."
            ));
        });
        kpis(h, &found, groups.len());
        super::day_form(h, ask, &found.on.to_string(), |h| {
            select(h, "layer", &text("图层", "Layer"), ask.word("layer"), &layers);
            select(h, "office", &text("责任部门", "Office"), ask.word("office"), &offices);
        });
        types(h, &found);
        map(h, ask);
        for group in groups {
            pair(h, group, false, &named);
        }
        let slivers = found.groups(true);
        if !slivers.is_empty() {
            let count: usize = slivers.iter().map(|g| g.spots.len()).sum();
            h.el("details.sheet", |h| {
                h.line(
                    "summary",
                    &words!(
                        "细碎图斑 {count} 个：又小又细，多为边界误差，不计入合计",
                        "{count} slivers: small and thin, mostly from edges that nearly agree; not counted"
                    ),
                );
                slivers.iter().filter(|g| wanted(ask, g)).for_each(|g| pair(h, g, true, &named));
            });
        }
        twin(h, ask, "/api/plan/conflicts", &[("on", ask.word("on").unwrap_or_default())]);
    }))
}

fn kpis(h: &mut Html, found: &Found, groups: usize) {
    let (total, decided) = found.progress();
    h.el("div.kpis", |h| {
        let mut one = |name: Text, figure: String, unit: Text| {
            h.el("div.kpi", |h| {
                h.line("div.name", &name);
                h.el("div.figure", |h| {
                    h.text(&figure);
                    h.line("span.unit", &unit);
                });
            });
        };
        one(text("成对图层", "Pairs of layers"), groups.to_string(), text("对", "pairs"));
        one(text("图斑", "Spots"), found.of_ground().count().to_string(), text("个", "spots"));
        one(text("面积", "Area"), format!("{:.2}", total / 1e6), text("平方千米", "km²"));
        one(text("已决定", "Decided"), if total > 0.0 { percent(decided / total) } else { percent(0.0) }, text("按面积", "by area"));
    });
}

/// Every type with its number of spots, and what was not examined.
fn types(h: &mut Html, found: &Found) {
    h.el("details.sheet", |h| {
        h.line("summary", &text("类型与个数", "Types and how many there are"));
        let head = [text("类型", "Type"), text("#个", "#Spots"), text("条件", "When"), text("程度", "Severity")];
        table(h, &text("冲突类型", "Types of conflict"), &head, |h| {
            for said in &KINDS {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| {
                        h.text(&format!("{} ", said.word));
                        h.say(&said.title);
                    });
                    h.el("td.number", |h| h.text(&said.kind.map_or_else(|| "–".to_owned(), |kind| found.count(kind).to_string())));
                    h.el("td", |h| h.say(&said.when));
                    h.el("td", |h| h.say(&said.severity));
                });
            }
        });
        h.line("p.caption", &text("C4 与 C7 不计入面积与进度。", "C4 and C7 are in neither area nor progress."));
    });
    for note in found.notes.iter() {
        let (what, fix) = (&note.what, &note.fix);
        h.line("p.caption", &Text::of(format!("未检验：{}。{}", what.zh, fix.zh), format!("Not examined: {}. {}", what.en, fix.en)));
    }
}

/// What a spot has besides its ground: its total, its times, its attributes.
fn more_of(h: &mut Html, spot: &Spot) {
    let mut line = |said: Text| h.el("span.caption.block", |h| h.say(&said));
    if let Some((planned, approved)) = spot.total_m2 {
        line(words!("规划 {planned:.2} m²，批准 {approved:.2} m²", "{planned:.2} m² planned, {approved:.2} m² approved"));
    }
    if spot.kind == ConflictKind::Times {
        line(Text::same(format!("{} × {}", exchange::years(&spot.sides[0].period), exchange::years(&spot.sides[1].period))));
    }
    if !spot.differing.is_empty() {
        line(Text::same(format!("{}: {}", spot.sides[0].features.join(";"), exchange::differences(spot))));
    }
}

fn map(h: &mut Html, ask: &Ask<'_>) {
    let on = ask.word("on").unwrap_or_default();
    let (lines, spots) = (ask.link("/api/plan/lines", &[("on", on)]), ask.link("/api/plan/conflicts/map", &[("on", on)]));
    layout::data(h, "conform-data", &json!({ "lines": lines, "spots": spots, "under": under(ask) }));
    h.el("figure.map.sheet", |h| {
        h.with(
            "div.canvas",
            &[
                ("id", "conform-map"),
                ("role", "application"),
                ("aria-label", ask.say("冲突图斑的地图；下面的表是同样的内容", "map of spots; the tables below say the same")),
            ],
            |_| {},
        );
        h.el("figcaption.key", |h| {
            for (class, name) in [
                ("overlap", text("冲突图斑", "spots")),
                ("redline", text("生态保护红线", "ecological red line")),
                ("farmland", text("永久基本农田", "permanent farmland")),
                ("urban", text("城镇开发边界", "urban boundary")),
                ("area", text("其他保护区域", "other protected areas")),
            ] {
                h.line(&format!("span.{class}"), &name);
            }
        });
    });
}

fn severity(h: &mut Html, severity: Severity) {
    let word = match severity {
        Severity::Minor => "grey",
        Severity::Major => "yellow",
        Severity::Critical => "red",
    };
    lamp(h, word, severity.title().get(h.lang()));
}

fn pair(h: &mut Html, group: &Group<'_>, sliver: bool, named: &dyn Fn(&str) -> String) {
    h.el(if sliver { "section" } else { "section.sheet" }, |h| {
        let (a, b) = (&group.sides[0], &group.sides[1]);
        h.line("h2", &Text::of(format!("{} × {}", a.title.zh, b.title.zh), format!("{} × {}", a.title.en, b.title.en)));
        let (count, area, decided) = (group.spots.len(), group.area_m2(), group.decided_m2());
        h.el("p", |h| {
            let (word, title) = (group.kind.word(), group.kind.title());
            h.say(&Text::of(format!("{word} {}：", title.zh), format!("{word} {}: ", title.en)));
            h.say(&words!(
                "{count} 个，{} 公顷（{} 亩），已决定 {} 公顷",
                "{count} spots, {} ha ({} mu), {} ha of it decided",
                said::float(area / 1e4, 2),
                said::float(mu(area), 2),
                said::float(decided / 1e4, 2)
            ));
            h.el("span.caption.block", |h| h.text(&format!("{} {} · {} {}", a.office.1, a.edition, b.office.1, b.edition)));
        });
        let head = [text("图斑", "Spot"), text("县", "County"), text("#m²", "#m²"), text("#亩", "#mu"), text("程度", "Severity"), text("决定", "Decision")];
        table(h, &Text::of(format!("{}与{}的图斑", a.title.zh, b.title.zh), format!("Spots of {} and {}", a.title.en, b.title.en)), &head, |h| {
            for spot in group.spots.iter().take(MOST) {
                row(h, spot, sliver, named);
            }
        });
        if count > MOST {
            let more = count - MOST;
            h.line("p.caption", &words!("另有 {more} 个，见 JSON。", "{more} more in the JSON."));
        }
    });
}

fn row(h: &mut Html, spot: &Spot, sliver: bool, named: &dyn Fn(&str) -> String) {
    h.el("tr", |h| {
        h.with("th", &[("scope", "row")], |h| {
            h.el("code", |h| h.text(&spot.id));
            more_of(h, spot);
            if !sliver && spot.kind != ConflictKind::Total && !spot.shape.0.is_empty() {
                h.text(" ");
                h.with("button.quiet.zoom", &[("type", "button"), ("data-spot", &spot.id), ("hidden", "")], |h| h.say(&text("看图", "Zoom")));
            }
        });
        h.el("td", |h| h.text(&named(&spot.county)));
        h.el("td.number", |h| h.text(&said::float(spot.area_m2, 2)));
        h.el("td.number", |h| h.text(&said::float(mu(spot.area_m2), 4)));
        h.el("td", |h| severity(h, spot.severity));
        h.el("td", |h| match &spot.decided {
            None => h.line("span.muted", &text("未决定", "open")),
            Some(d) => {
                let title = DECISIONS.iter().find(|x| x.0 == d.decision).map_or_else(|| Text::same(d.decision.clone()), |x| Text::of(x.1, x.2));
                h.say(&title);
                h.text(&format!(" {} {}", d.by, d.on));
            }
        });
    });
}
