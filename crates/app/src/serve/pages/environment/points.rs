//! Addresses of watched places: the list, each one's page and its JSON.

use std::collections::BTreeMap;

use liangshan_vocab::text;

use super::out::{PlaceOut, PointsOut, point};
use super::page::{self, state};
use super::place;
use crate::serve::reply::{Answer, Reply};
use crate::serve::route::{Ask, Kind, Param, Route, schema_of};
use crate::serve::watch::{Point, PointKind, State, Watch};
use crate::ui::html::Html;

const SECTION: Param = Param::needed("id", Kind::Word, ("断面标识，不在地图上的用名称", "the section's id; its name where it is on no map"), "SEC02");
const STATION: Param = Param::needed("id", Kind::Word, ("站点标识，不在地图上的用名称", "the station's id; its name where it is on no map"), "1264A");

pub(super) const ROUTES: &[Route] = &[
    Route::page("/environment/section/{id}", ("一个水质断面", "a water section"), &[SECTION], section_page),
    Route::page("/environment/station/{id}", ("一个监测站点", "a station"), &[STATION], station_page),
    Route::json("/api/points", ("水质断面与监测站点及其现状", "water sections and stations, and how they stand"), &[], schema_of::<PointsOut>, list),
    Route::json(
        "/api/environment/section/{id}",
        ("一个水质断面：现状、依据、所在分区、负责部门、附近许可", "a water section: how it stands, by what, its zones, offices and permits near it"),
        &[SECTION],
        schema_of::<PlaceOut>,
        section,
    ),
    Route::json(
        "/api/environment/station/{id}",
        ("一个监测站点：现状、依据、所在分区、负责部门、附近许可", "a station: how it stands, by what, its zones, offices and permits near it"),
        &[STATION],
        schema_of::<PlaceOut>,
        station,
    ),
];

fn section_page(ask: &Ask<'_>) -> Answer {
    page::shown(ask, PointKind::Section)
}

fn station_page(ask: &Ask<'_>) -> Answer {
    page::shown(ask, PointKind::Station)
}

fn section(ask: &Ask<'_>) -> Answer {
    Ok(Reply::json(&place::of(ask, place::chosen(ask, PointKind::Section)?)?))
}

fn station(ask: &Ask<'_>) -> Answer {
    Ok(Reply::json(&place::of(ask, place::chosen(ask, PointKind::Station)?)?))
}

fn list(ask: &Ask<'_>) -> Answer {
    let points = ask.snapshot.watch.get()?.points.iter().map(|p| point(p, ask.lang, ask.link(&p.path(), &[]))).collect();
    Ok(Reply::json(&PointsOut { points }))
}

/// Places of a file as ways to their pages, each with its state.
pub(super) fn of_file(h: &mut Html, ask: &Ask<'_>, file: &str) {
    let Some(watch) = ask.snapshot.watch.ready() else { return };
    let points: Vec<&Point> = watch.points.iter().filter(|p| p.standings.iter().any(|(f, _)| f == file)).collect();
    if points.is_empty() {
        return;
    }
    h.with("nav.points", &[("aria-label", ask.say("逐个断面、站点", "each section and station"))], |h| {
        h.el("ul", |h| points.iter().for_each(|p| h.el("li", |h| one(h, ask, p))));
    });
}

fn one(h: &mut Html, ask: &Ask<'_>, point: &Point) {
    h.with("a", &[("href", &ask.link(&point.path(), &[]))], |h| h.text(&point.name));
    if let Some((_, _, verdict)) = point.now() {
        h.text(" ");
        if let liangshan_atlas::assess::Cell::Graded(_, title, colour) = &verdict.grade {
            h.with("span.grade", &[("style", &format!("--c:{colour}"))], |h| h.say(title));
        }
        h.el("span.caption", |h| h.text(&verdict.at));
    }
    h.text(" ");
    state(h, point.state().word());
}

/// All watched places that are measured, and how many others there are.
pub(super) fn draw(h: &mut Html, ask: &Ask<'_>, watch: &Watch) {
    if watch.points.is_empty() {
        return;
    }
    for (kind, title) in [(PointKind::Section, text("断面", "Sections")), (PointKind::Station, text("站点", "Stations"))] {
        let of: Vec<&Point> = watch.points.iter().filter(|p| p.kind == kind).collect();
        if of.is_empty() {
            continue;
        }
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for p in &of {
            *counts.entry(State::ALL.iter().position(|s| *s == p.state()).unwrap_or(0)).or_default() += 1;
        }
        h.with("section.sheet.points", &[("id", if kind == PointKind::Section { "sections" } else { "stations" })], |h| {
            h.el("h2", |h| {
                h.say(&title);
                h.el("span.counts", |h| {
                    for (at, count) in &counts {
                        h.el(&format!("span.chip.{}", State::ALL[*at].word()), |h| {
                            h.say(&State::ALL[*at].title());
                            h.text(&format!(" {count}"));
                        });
                    }
                });
            });
            let (measured, others): (Vec<&Point>, Vec<&Point>) = of.iter().partition(|p| p.state() != State::NoData);
            h.el("ul", |h| measured.iter().for_each(|p| h.el("li", |h| one(h, ask, p))));
            if !others.is_empty() {
                h.el("details", |h| {
                    h.el("summary", |h| {
                        let count = others.len();
                        h.say(&liangshan_vocab::words!(
                            "另有 {count} 个在地图上、还没有监测文件",
                            "{count} more are on the map and in no file of measurements yet"
                        ));
                    });
                    h.el("ul", |h| others.iter().for_each(|p| h.el("li", |h| one(h, ask, p))));
                });
            }
        });
    }
}
