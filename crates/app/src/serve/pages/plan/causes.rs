//! What made the change of a zone: weather, prices, land cover, the office's own projects, and the rest.

use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::without;
use liangshan_atlas::zones::sheet::{Line, Office, ZoneSheet, m2};
use liangshan_vocab::{Fen, text, words};
use schemars::JsonSchema;
use serde::Serialize;

use super::table;
use super::zones::{SetOut, ZonesOut, fen};
use crate::serve::route::Ask;
use crate::ui::html::Html;
use crate::ui::words as said;

/// A project with a site in a zone.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct OwnProject {
    /// Its id.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
}

/// What made the change of a zone's value over the last pair of years, fen; the five add up to it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CausesOut {
    /// Weather.
    pub(crate) weather_fen: i64,
    /// Prices.
    pub(crate) price_fen: i64,
    /// Land cover, outside the sites of the office's own projects where those were examined.
    pub(crate) land_cover_fen: i64,
    /// Land cover inside the sites of the office's own projects; none where no site is given, which is not zero.
    pub(crate) own_projects_fen: Option<i64>,
    /// The rest.
    pub(crate) rest_fen: i64,
    /// Area of those sites in the zone, m².
    pub(crate) site_m2: Option<f64>,
    /// Net area of them that changed its ecosystem type, m² of cells.
    pub(crate) moved_m2: Option<f64>,
    /// The projects.
    pub(crate) projects: Vec<OwnProject>,
}

/// What made the change of a zone, as the page of its office splits it.
pub(super) fn causes(sheet: &ZoneSheet<'_>, office: Option<&Office>, line: &Line, pair: (i32, i32)) -> Option<CausesOut> {
    let (_, _, whole) = line.changes.iter().find(|c| (c.0, c.1) == pair)?;
    let own = office.and_then(|office| sheet.own(office, line, pair));
    let outside = own.as_ref().map_or(*whole, |own| without(whole, &own.change));
    let of = |factor| fen(whole.parts.of(factor));
    Some(CausesOut {
        weather_fen: of(Factor::Weather),
        price_fen: of(Factor::Price),
        land_cover_fen: fen(outside.parts.of(Factor::LandCover)),
        own_projects_fen: own.as_ref().map(|own| fen(own.change.parts.of(Factor::LandCover))),
        rest_fen: of(Factor::Rest),
        site_m2: own.as_ref().map(|own| m2(own.ground.area)),
        moved_m2: own.as_ref().map(|own| m2(own.ground.moved)),
        projects: own.iter().flat_map(|own| own.projects.iter().map(|p| OwnProject { id: p.id.clone(), title: p.title.clone() })).collect(),
    })
}

/// What made the change of each zone: five causes that add up to it.
pub(super) fn why_changed(h: &mut Html, ask: &Ask<'_>, made: &ZonesOut, set: &SetOut) {
    let Some((from, to)) = made.pair.filter(|_| set.zones.iter().any(|z| z.causes.is_some())) else { return };
    let unit = said::table_unit();
    h.el("details.causes", |h| {
        h.el("summary", |h| h.say(&words!("{from}—{to} 年的变化由什么造成", "What made the change from {from} to {to}")));
        let head = [
            text("分区", "Zone"),
            liangshan_vocab::Text::of(format!("#变化（{}）", unit.zh), format!("#Change ({})", unit.en)),
            text("#天气", "#Weather"),
            text("#单价", "#Prices"),
            text("#土地覆被（项目以外）", "#Land cover outside projects"),
            text("#本部门项目", "#Own projects"),
            text("#其他", "#Rest"),
            text("项目及其用地", "Projects and their sites"),
        ];
        table(h, &words!("变化的成因：{}", "causes of the change: {}", set.title), &head, |h| {
            for zone in &set.zones {
                let Some(causes) = &zone.causes else { continue };
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&zone.title));
                    let mut cell = |value: Option<i64>| {
                        let class = if value.is_some_and(|v| v < 0) { "td.number.loss" } else { "td.number" };
                        h.el(class, |h| match value {
                            Some(0) => h.text("0"),
                            Some(v) => h.say_with(&said::signed(Fen(i128::from(v))), &said::exact(Fen(i128::from(v)))),
                            None => h.el("span.caption", |h| h.say(&text("未考察", "not examined"))),
                        });
                    };
                    for value in [zone.change_fen, Some(causes.weather_fen), Some(causes.price_fen), Some(causes.land_cover_fen), causes.own_projects_fen, Some(causes.rest_fen)] {
                        cell(value);
                    }
                    h.el("td", |h| own_projects(h, ask, causes));
                });
            }
        });
        h.line(
            "p.caption",
            &text(
                "本部门项目：土地覆被造成的变化中，落在责任部门牵头或协办、这两年间在建的项目用地以内的部分；五项之和等于变化。它说的是哪里变了，不是谁造成的。没有项目位置的部门未考察，不是零。",
                "Own projects: the part of land cover inside the sites of projects that the office leads or helps and that were under way between the years; the five add up to the change. It says where land cover changed, not who changed it. Offices none of whose projects has a site were not examined, which is not zero.",
            ),
        );
        if let Some(origin) = &made.sites_origin {
            h.el("p.caption", |h| {
                h.say(&text("项目用地的位置：", "where the sites are:"));
                super::origin_mark(h, origin);
            });
        }
    });
}

fn own_projects(h: &mut Html, ask: &Ask<'_>, causes: &CausesOut) {
    if causes.projects.is_empty() {
        return;
    }
    for project in &causes.projects {
        h.el("span.block", |h| {
            let to = format!("{}#{}", ask.link("/plan/projects", &[]), project.id);
            h.with("a", &[("href", &to)], |h| h.text(&project.title));
            h.text(&format!(" {}", project.id));
        });
    }
    if let Some((site, moved)) = causes.site_m2.zip(causes.moved_m2) {
        let (site, moved) = (site / 1e4, moved / 1e4);
        h.line("span.caption.block", &words!("用地 {site:.1} 公顷，其中改变类型 {moved:.1} 公顷", "sites {site:.1} ha, of which {moved:.1} ha changed type"));
    }
}
