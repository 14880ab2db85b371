//! The sections and stations of a place, in sentences that anybody reads; where it has none of its own, the
//! nearest.

use liangshan_atlas::assess::Cell;
use liangshan_atlas::drawn::Drawings;
use liangshan_vocab::{Lang, Text, words};
use schemars::JsonSchema;
use serde::Serialize;

use super::near::metres;
use super::place::plan;
use crate::serve::reply::Refusal;
use crate::serve::route::Ask;
use crate::serve::watch::{Point, PointKind, State};

/// So many sections and so many stations are told.
const MOST: usize = 4;

/// A watched place in a sentence.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(in crate::serve::pages) struct Nearby {
    /// Its name.
    pub(in crate::serve::pages) name: String,
    /// How it stands, in a sentence.
    pub(in crate::serve::pages) text: String,
    /// `met`, `missed`, `open`.
    pub(in crate::serve::pages) state: String,
    /// Whether it lies in the place; else it is the nearest one.
    pub(in crate::serve::pages) inside: bool,
    /// What its readings are: `measured`, …; empty where that is not known.
    pub(in crate::serve::pages) readings: String,
    /// Where its place on the map comes from; empty where that is not told apart.
    pub(in crate::serve::pages) location: String,
    /// Its page.
    pub(in crate::serve::pages) page: String,
}

/// What is near a place, and who answers for it.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(in crate::serve::pages) struct Around {
    /// How water and air are, in a sentence each: what was measured, and how much of it reaches its target.
    pub(in crate::serve::pages) sentences: Vec<String>,
    /// Sections, then stations.
    pub(in crate::serve::pages) points: Vec<Nearby>,
    /// The office for the environment of the place; empty where the region names none.
    pub(in crate::serve::pages) office: String,
}

/// Around a county, or in the whole region.
///
/// # Errors
/// While something is still being read.
pub(in crate::serve::pages) fn around(ask: &Ask<'_>, code: &str, whole: bool) -> Result<Around, Refusal> {
    let drawings = &ask.snapshot.ground.get()?.drawings;
    let watch = ask.snapshot.watch.get()?;
    let (mut points, mut sentences) = (Vec::new(), Vec::new());
    for kind in [PointKind::Section, PointKind::Station] {
        let measured = watch.points.iter().filter(|p| p.kind == kind && p.state() != State::NoData && p.at.is_some());
        let (inside, outside): (Vec<&Point>, Vec<&Point>) = measured.partition(|p| whole || lies_in(drawings, p, code));
        sentences.extend(summed(kind, &inside).map(|said| said.get(ask.lang).to_owned()));
        let chosen: Vec<(&Point, bool)> = if inside.is_empty() {
            nearest(drawings, &outside, code).map(|p| (p, false)).into_iter().collect()
        } else {
            inside.into_iter().map(|p| (p, true)).take(MOST).collect()
        };
        points.extend(chosen.into_iter().filter_map(|(point, inside)| sentence(ask, drawings, point, inside)));
    }
    Ok(Around { sentences, points, office: office(ask, code, whole)? })
}

/// How the measured places of a kind stand, in one sentence that names those that fall short.
fn summed(kind: PointKind, points: &[&Point]) -> Option<Text> {
    let of = |state: State| points.iter().filter(|p| p.state() == state).map(|p| p.name.as_str()).collect::<Vec<_>>();
    let (all, met, missed, open) = (points.len(), of(State::Met).len(), of(State::Missed), of(State::Open).len());
    let days: Vec<&str> = points.iter().filter_map(|p| Some(p.now()?.2.at.as_str())).collect();
    let (first, last) = (days.iter().min()?, days.iter().max()?);
    let (when_zh, when_en) = if first == last { ((*last).to_owned(), (*last).to_owned()) } else { (format!("{first} 至 {last}"), format!("{first} to {last}")) };
    let (short_zh, short_en) = match missed.len() {
        0 => (String::new(), String::new()),
        short => (format!("，{short} 个没有达到（{}）", missed.join("、")), format!(", {short} short of it ({})", missed.join(", "))),
    };
    let (open_zh, open_en) =
        if open == 0 { (String::new(), String::new()) } else { (format!("，{open} 个还不能判"), format!(", {open} not to be judged yet")) };
    let (zh, en) = match kind {
        PointKind::Section => ("水：有数据的断面", "Water: of the sections with data,"),
        PointKind::Station => ("空气：有数据的站点", "Air: of the stations with data,"),
    };
    Some(Text::of(
        format!("{zh} {all} 个，最近一次评价（{when_zh}）{met} 个达到目标{short_zh}{open_zh}。"),
        format!("{en} {all} in all, {met} reached their target when last judged ({when_en}){short_en}{open_en}."),
    ))
}

fn said(drawings: &Drawings, point: &Point, column: &str) -> Option<String> {
    drawings.layer(point.layer.as_ref()?)?.features.iter().find(|f| f.id == point.id)?.said(column)
}

/// In a county by its own file, else by where it is.
fn lies_in(drawings: &Drawings, point: &Point, code: &str) -> bool {
    match said(drawings, point, "county_code") {
        Some(own) => own == code,
        None => point.at.is_some_and(|at| drawings.layers.first().is_some_and(|l| l.at(at).iter().any(|f| f.id == code))),
    }
}

fn nearest<'p>(drawings: &Drawings, points: &[&'p Point], code: &str) -> Option<&'p Point> {
    let middle = drawings.layers.first()?.features.iter().find(|f| f.id == code)?.point();
    let far = |p: &Point| p.at.map_or(f64::INFINITY, |at| metres(middle, at));
    points.iter().copied().min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn sentence(ask: &Ask<'_>, drawings: &Drawings, point: &Point, inside: bool) -> Option<Nearby> {
    let (file, standing, verdict) = point.now()?;
    let (at, grade) = (&verdict.at, verdict.grade.printed());
    let target = standing.target.printed();
    let held = match (point.state(), &standing.target) {
        (_, Cell::Blank) => Text::of("没有给它定目标", "no target is set for it"),
        (State::Met, _) => Text::of(format!("达到目标“{}”", target.zh), format!("the target, {}, is met", target.en)),
        (State::Missed, _) => Text::of(format!("没有达到目标“{}”", target.zh), format!("the target, {}, is missed", target.en)),
        _ => Text::of("数据不足，不能说达标", "too little data to say that the target is met"),
    };
    let text = match verdict.index {
        Some(aqi) => {
            Text::of(format!("{at}，空气{}（AQI {aqi}），{}。", grade.zh, held.zh), format!("On {at} the air was {} (AQI {aqi}); {}.", grade.en, held.en))
        }
        None => Text::of(format!("{at}，水质 {} 类，{}。", grade.zh, held.zh), format!("In {at} its water was of class {}; {}.", grade.en, held.en)),
    };
    let observed = ask.snapshot.region.declared.observed.iter().find(|o| o.name == file);
    let readings = observed.and_then(|o| ask.snapshot.region.sources.file(&o.file).ok()).map(|f| f.sidecar.origin.word().to_owned());
    Some(Nearby {
        name: point.name.clone(),
        text: text.get(ask.lang).to_owned(),
        state: point.state().word().to_owned(),
        inside,
        readings: readings.unwrap_or_default(),
        location: said(drawings, point, "location_origin").unwrap_or_default(),
        page: ask.link(&point.path(), &[]),
    })
}

/// The office for the environment of a county, or of the whole region.
fn office(ask: &Ask<'_>, code: &str, whole: bool) -> Result<String, Refusal> {
    let Some(plan) = plan(ask)? else { return Ok(String::new()) };
    let Some(offices) = plan.book("offices") else { return Ok(String::new()) };
    let of = |r: &&liangshan_atlas::planbook::Record| {
        let (region, role) = (offices.written(r, "region_code"), offices.written(r, "role"));
        if whole { role == "ecology and environment" } else { region == code && role.contains("ecology") }
    };
    Ok(offices.records.iter().find(of).map(|r| plan.office(&r.key)).unwrap_or_default())
}

/// What an origin is called; nothing of what is not known.
pub(in crate::serve::pages) fn origin(word: &str, of: &Text, lang: Lang) -> Option<String> {
    let title = super::page::origin_title(word)?;
    let (zh, en) = (&of.zh, &of.en);
    Some(words!("{zh}{}", "{en} {}", title.get(lang)).get(lang).to_owned())
}
