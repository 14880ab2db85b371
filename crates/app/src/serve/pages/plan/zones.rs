//! Zones and control lines: what each has, what ecosystems give there, how it changed, what is told about
//! it, and who answers for it.

use std::collections::BTreeSet;

use liangshan_atlas::zones::sheet::{Line, ZoneSheet, m2};
use liangshan_vocab::{Fen, Lang, Origin, text, words};
use schemars::JsonSchema;
use serde::Serialize;

use super::causes::{CausesOut, causes, why_changed};
use super::out::schema_of;
use super::{json, page, percent, select, table, twin};
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;
use crate::ui::words as said;

const TAKES: &[Param] = &[
    Param::optional("office", Kind::Word, ("只看这个部门负责的（代码）", "only what this office answers for, by id"), "OFF-NR"),
    Param::optional("set", Kind::Word, ("只看这一套分区", "only this set of zones"), "protected_areas"),
];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/zones", ("分区与控制线资产报表", "assets by zone and control line"), TAKES, shown),
    Route::json(
        "/api/plan/zones",
        ("分区与控制线：面积、类型、价值、变化、预警", "zones and lines: area, extent, value, change, alerts"),
        TAKES,
        schema_of::<ZonesOut>,
        twin_of,
    ),
];

/// Area of an ecosystem type.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ExtentOut {
    /// Type.
    pub(crate) kind: String,
    /// Area, m².
    pub(crate) area_m2: f64,
}

/// A zone or line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ZoneOut {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// The office that answers for it; empty outside all zones.
    pub(crate) office: String,
    /// What the office is called.
    pub(crate) office_name: String,
    /// Edition and decree.
    pub(crate) edition: String,
    /// Area, m².
    pub(crate) area_m2: f64,
    /// Share of the region.
    pub(crate) share: f64,
    /// Value by year, fen.
    pub(crate) value_fen: Vec<(i32, i64)>,
    /// Change of value over the last pair of years, fen.
    pub(crate) change_fen: Option<i64>,
    /// What made it.
    pub(crate) causes: Option<CausesOut>,
    /// Area by ecosystem type in the latest year.
    pub(crate) extent: Vec<ExtentOut>,
    /// Declines that are told.
    pub(crate) alerts: Vec<String>,
}

/// Zones that are looked at side by side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SetOut {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// Zones and lines.
    pub(crate) zones: Vec<ZoneOut>,
}

/// Ecological space against what the plan wants of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EcoSpace {
    /// Ecological space as a share of the region.
    pub(crate) share: f64,
    /// The least that is wanted.
    pub(crate) least: f64,
}

/// The statement of zones.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ZonesOut {
    /// The day whose editions are in force.
    pub(crate) on: String,
    /// Whether any layer is invented.
    pub(crate) synthetic: bool,
    /// The latest year of the account.
    pub(crate) year: i32,
    /// The pair of years of the change.
    pub(crate) pair: Option<(i32, i32)>,
    /// What the sites of projects are: `synthetic`, …; none where the region gives none.
    pub(crate) sites_origin: Option<String>,
    /// Ecological space.
    pub(crate) eco_space: Option<EcoSpace>,
    /// How value is divided.
    pub(crate) method: String,
    /// Sets.
    pub(crate) sets: Vec<SetOut>,
}

pub(super) fn fen(value: Fen) -> i64 {
    i64::try_from(value.0).unwrap_or(i64::MAX)
}

impl ZonesOut {
    /// What a sheet shows, in one language.
    pub(crate) fn of(sheet: &ZoneSheet<'_>, lang: Lang) -> Self {
        let whole = m2(sheet.whole());
        let year = sheet.years().last().copied().unwrap_or_default();
        let types = &sheet.book.prepared.classes.types;
        let kind_title = |id: &String| types.iter().find(|t| t.id == *id).map_or_else(|| id.clone(), |t| t.name.get(lang).to_owned());
        let pair = sheet.account.changes.last().map(|c| (c.from, c.to));
        let offices = sheet.offices_shown();
        let zone = |line: &Line| {
            let zone = line.zone.map(|at| &sheet.zones.zones[at]);
            ZoneOut {
                id: line.id.clone(),
                title: line.title.get(lang).to_owned(),
                office: zone.map(|z| z.office.clone()).unwrap_or_default(),
                office_name: zone.map(|z| z.office_name.clone()).unwrap_or_default(),
                edition: zone.map(|z| format!("{} · {}", z.edition, z.decree)).unwrap_or_default(),
                area_m2: m2(line.area()),
                share: if whole > 0.0 { m2(line.area()) / whole } else { 0.0 },
                value_fen: line.value.iter().map(|(y, v)| (*y, fen(*v))).collect(),
                change_fen: line.changes.iter().find(|c| Some((c.0, c.1)) == pair).map(|c| fen(Fen(c.2.after.0 - c.2.before.0))),
                causes: pair.and_then(|pair| causes(sheet, offices.iter().find(|o| Some(&o.id) == zone.map(|z| &z.office)), line, pair)),
                extent: line
                    .extent
                    .iter()
                    .filter(|((y, _), _)| *y == year)
                    .map(|((_, kind), a)| ExtentOut { kind: kind_title(kind), area_m2: m2(*a) })
                    .collect(),
                alerts: line
                    .alerts
                    .iter()
                    .map(|a| {
                        let (from, to, share) = (a.from, a.to, percent(a.share));
                        let title = a.title();
                        match lang {
                            Lang::Zh => format!("{from}—{to} {}减少 {share}", title.zh),
                            Lang::En => format!("{} fell by {share} {from}–{to}", title.en),
                        }
                    })
                    .collect(),
            }
        };
        Self {
            on: sheet.zones.day.to_string(),
            synthetic: matches!(sheet.zones.origin, Origin::Synthetic | Origin::Mixed),
            year,
            pair,
            sites_origin: sheet.zones.sites.as_ref().map(|s| s.origin.word().to_owned()),
            eco_space: sheet.eco_share().map(|share| EcoSpace { share, least: sheet.rules.eco_space_least }),
            method: sheet.method().get(lang).to_owned(),
            sets: sheet
                .zones
                .sets
                .iter()
                .enumerate()
                .map(|(at, set)| SetOut { id: set.id.clone(), title: set.title.get(lang).to_owned(), zones: sheet.lines_of(at).map(zone).collect() })
                .collect(),
        }
    }
}

fn chosen(ask: &Ask<'_>) -> Result<ZonesOut, Refusal> {
    let mut made = ask.snapshot.zones.get()?.say(ask.lang).clone();
    if let Some(set) = ask.word("set") {
        if made.sets.iter().all(|s| s.id != set) {
            return Err(ask.unknown("set", &text("分区", "set of zones"), made.sets.iter().map(|s| s.id.as_str())));
        }
        made.sets.retain(|s| s.id == set);
    }
    if let Some(office) = ask.word("office") {
        let known: BTreeSet<&str> = made.sets.iter().flat_map(|s| &s.zones).map(|z| z.office.as_str()).filter(|o| !o.is_empty()).collect();
        if !known.contains(office) {
            return Err(ask.unknown("office", &text("负责分区的部门", "office that answers for a zone"), known));
        }
        made.sets.iter_mut().for_each(|s| s.zones.retain(|z| z.office == office));
        made.sets.retain(|s| !s.zones.is_empty());
    }
    Ok(made)
}

fn twin_of(ask: &Ask<'_>) -> Answer {
    json(&chosen(ask)?)
}

/// Sets with more zones than this begin closed.
const MANY: usize = 24;

fn shown(ask: &Ask<'_>) -> Answer {
    let all = ask.snapshot.zones.get()?.say(ask.lang);
    let made = chosen(ask)?;
    Ok(page(ask, "/plan/zones", text("分区与控制线", "Zones and lines"), &[], |h| {
        let (on, year) = (&made.on, made.year);
        h.line("p.caption", &words!("{on} 时施行的版本；价值为 {year} 年核算。", "Editions in force on {on}; values are of the account of {year}."));
        if made.synthetic {
            h.el("p", |h| {
                h.line("span.mark", &text("合成数据", "synthetic"));
                h.say(&text(" 分区与控制线含合成（虚构）图层，没有法律效力。", " Zones and lines hold synthetic (invented) layers and have no legal force."));
            });
        }
        eco(h, &made);
        h.with("form.choose", &[("method", "get"), ("action", "/plan/zones")], |h| {
            let mut offices: Vec<(String, String)> =
                all.sets.iter().flat_map(|s| &s.zones).filter(|z| !z.office.is_empty()).map(|z| (z.office.clone(), z.office_name.clone())).collect();
            offices.sort();
            offices.dedup();
            let sets: Vec<(String, String)> = all.sets.iter().map(|s| (s.id.clone(), s.title.clone())).collect();
            select(h, "office", &text("责任部门", "Office"), ask.word("office"), &offices);
            select(h, "set", &text("分区", "Set"), ask.word("set"), &sets);
            if ask.lang == Lang::En {
                h.void("input", &[("type", "hidden"), ("name", "lang"), ("value", "en")]);
            }
            h.with("button", &[("type", "submit")], |h| h.say(&text("查看", "Show")));
        });
        for set in &made.sets {
            h.el("section.sheet", |h| {
                if set.zones.len() > MANY {
                    h.el("details", |h| {
                        let count = set.zones.len();
                        h.el("summary", |h| {
                            h.el("b", |h| h.text(&set.title));
                            h.say(&words!("（{count} 个）", " ({count})"));
                        });
                        one(h, ask, &made, set);
                    });
                } else {
                    h.el("h2", |h| h.text(&set.title));
                    one(h, ask, &made, set);
                }
            });
        }
        h.el("p.caption", |h| h.text(&made.method));
        twin(h, ask, "/api/plan/zones", &[("office", ask.word("office").unwrap_or_default()), ("set", ask.word("set").unwrap_or_default())]);
    }))
}

fn eco(h: &mut Html, made: &ZonesOut) {
    let Some(eco) = &made.eco_space else { return };
    h.el("div.kpis", |h| {
        h.el("div.kpi", |h| {
            h.line("div.name", &text("生态空间占全域面积", "Ecological space, share of the region"));
            h.el("div.figure", |h| h.text(&format!("{:.2} %", 100.0 * eco.share)));
            let least = percent(eco.least);
            let met = eco.share >= eco.least;
            h.el("div.delta", |h| {
                super::lamp(h, if met { "green" } else { "red" }, if met { text("达到", "met") } else { text("未达到", "short") }.get(h.lang()));
                h.say(&words!(" 要求不低于 {least}", " at least {least} is wanted"));
            });
        });
    });
}

fn one(h: &mut Html, ask: &Ask<'_>, made: &ZonesOut, set: &SetOut) {
    listed(h, made, set);
    why_changed(h, ask, made, set);
}

fn listed(h: &mut Html, made: &ZonesOut, set: &SetOut) {
    let mut head = vec![text("分区", "Zone"), text("#平方千米", "#km²"), text("#占比", "#Share")];
    let unit = said::table_unit();
    head.push(liangshan_vocab::Text::of(format!("#{} 年价值（{}）", made.year, unit.zh), format!("#Value {} ({})", made.year, unit.en)));
    if let Some((from, to)) = made.pair {
        head.push(words!("#{from}—{to} 变化", "#Change {from}–{to}"));
    }
    head.extend([text("生态系统构成", "Ecosystems"), text("责任部门与版本", "Office and edition"), text("预警", "Alerts")]);
    table(h, &liangshan_vocab::Text::same(set.title.clone()), &head, |h| {
        for zone in &set.zones {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.text(&zone.title));
                h.el("td.number", |h| h.text(&said::float(zone.area_m2 / 1e6, 2)));
                h.el("td.number", |h| h.text(&format!("{:.2} %", 100.0 * zone.share)));
                h.el("td.number", |h| {
                    if let Some((_, value)) = zone.value_fen.iter().find(|(y, _)| *y == made.year) {
                        h.say(&said::in_table(Fen(i128::from(*value))));
                    }
                });
                if made.pair.is_some() {
                    let class = if zone.change_fen.is_some_and(|c| c < 0) { "td.number.loss" } else { "td.number.gain" };
                    h.el(class, |h| {
                        if let Some(change) = zone.change_fen {
                            let sign = if change > 0 { "+" } else { "" };
                            h.text(sign);
                            h.say(&said::in_table(Fen(i128::from(change))));
                        }
                    });
                }
                h.el("td", |h| extent(h, zone));
                h.el("td", |h| {
                    h.text(&zone.office_name);
                    h.el("span.caption.block", |h| h.text(&zone.edition));
                });
                h.el("td", |h| {
                    for alert in &zone.alerts {
                        h.el("p.alert", |h| super::lamp(h, "red", alert));
                    }
                });
            });
        }
    });
}

/// Types of ecosystems as a bar whose parts say what they are, and the largest in words.
fn extent(h: &mut Html, zone: &ZoneOut) {
    let whole: f64 = zone.extent.iter().map(|e| e.area_m2).sum();
    if whole <= 0.0 {
        return;
    }
    let mut parts: Vec<&ExtentOut> = zone.extent.iter().filter(|e| e.area_m2 > 0.0).collect();
    parts.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    let said: Vec<String> = parts.iter().take(3).map(|e| format!("{} {}", e.kind, percent(e.area_m2 / whole))).collect();
    h.el("span.block", |h| h.text(&said.join(" · ")));
}
