//! Sites as they are handed in, brought into the plane of the region's grid: what was recognised is
//! said, and nothing is guessed.

use liangshan_formats::vector::{Cell, Layer};
use liangshan_space::overlay::{Lattice, bounds_of, plane_area, repaired};
use liangshan_space::{Bounds, Crs, MultiPolygon, Projector};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::unreadable;
use crate::control::hard_faults;
use crate::ground::{as_polygons, densified, fault_words};
use crate::region::Region;
use crate::rules::Day;

/// Where the day of a question comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFrom {
    /// It was asked for.
    Asked,
    /// The site says when it was applied for.
    Applied,
    /// Neither: the day of the question.
    Today,
}

impl DayFrom {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            DayFrom::Asked => "asked",
            DayFrom::Applied => "applied_on",
            DayFrom::Today => "today",
        }
    }

    /// The words for people.
    pub fn title(self) -> Text {
        match self {
            DayFrom::Asked => text("指定的日期", "the day asked for"),
            DayFrom::Applied => text("申请日期", "the day it was applied for"),
            DayFrom::Today => text("查询当日", "the day of the question"),
        }
    }
}

/// A project's site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its id in the file, or its number.
    pub id: String,
    /// Its name; empty where there is none.
    pub name: String,
    /// What the file says about it, by column.
    pub attributes: Vec<(String, String)>,
    /// The day whose editions answer.
    pub on: Day,
    /// Where that day comes from.
    pub on_from: DayFrom,
    /// Its shape in the plane of the region's grid, on the lattice of the overlay.
    pub shape: MultiPolygon,
}

/// Sites and how their coordinates were read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// What was recognised: format, reference system, axis order.
    pub reading: Text,
    /// The sites.
    pub sites: Vec<Site>,
    /// What was noticed and stops nothing.
    pub notes: Problems,
}

/// Why sites were refused, with a repair proposed for each shape that is not valid.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong, each shape's faults with their place.
    pub problems: Problems,
    /// The site's id, its shape as proposed, in the plane of the region's grid.
    pub repairs: Vec<(String, MultiPolygon)>,
}

impl From<Problems> for Refused {
    fn from(problems: Problems) -> Self {
        Self { problems, repairs: Vec::new() }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

/// A question about sites.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The day asked for.
    pub on: Option<Day>,
    /// Today, by the caller's clock.
    pub today: Day,
    /// Attributes stated by whoever asks, over those of the file.
    pub facts: Vec<(String, String)>,
    /// The reference system, where whoever asks states it.
    pub crs: Option<Crs>,
    /// True when north comes before east, false when it does not, where whoever asks states it.
    pub north_first: Option<bool>,
    /// The layer of a GeoPackage that has several.
    pub layer: Option<String>,
}

/// Columns that identify a site, name it, and say when it was applied for.
const IDS: [&str; 6] = ["site_id", "id", "BSM", "XMBH", "DKBH", "block_id"];
const NAMES: [&str; 5] = ["name_zh", "name", "XMMC", "DKMC", "block_name"];
const APPLIED: [&str; 3] = ["applied_on", "apply_date", "SQRQ"];

/// Brings the features of a layer into the region's plane.
///
/// # Errors
/// All at once: features that are no polygons, invalid shapes with the place of each fault and a
/// repair, sites off the region, dates that are none.
pub fn sites_of(layer: &Layer, crs: &Crs, reading: Text, region: &Region, asked: &Asked) -> Result<Sites, Refused> {
    let mut refused = Refused { problems: Problems::new(), repairs: Vec::new() };
    let projector = Projector::between(crs, &region.declared.grid.crs)?;
    if layer.features.is_empty() {
        return Err(unreadable::no_sites().into());
    }
    let column = |names: &[&str]| names.iter().find_map(|n| layer.fields.iter().position(|f| f.name.eq_ignore_ascii_case(n)));
    let (id_at, name_at, applied_at) = (column(&IDS), column(&NAMES), column(&APPLIED));
    let extent = region.declared.grid.bounds();
    let mut sites = Vec::new();
    for (number, feature) in layer.features.iter().enumerate() {
        let said = |at: Option<usize>| at.map(|at| feature.cells[at].written()).unwrap_or_default();
        let id = Some(said(id_at)).filter(|id| !id.trim().is_empty()).unwrap_or_else(|| (number + 1).to_string());
        let Some(shape) = feature.geometry.as_ref().and_then(as_polygons).filter(|m| !m.0.is_empty()) else {
            refused.problems.push(unreadable::not_a_polygon(&id));
            continue;
        };
        let faults = hard_faults(&shape);
        if !faults.is_empty() {
            for fault in &faults {
                refused.problems.push(unreadable::invalid(&id, fault_words(fault.kind), fault.at));
            }
            let mended = repaired(&shape);
            refused.repairs.push((id, if projector.is_identity() { mended } else { projector.map_shape(&mended) }));
            continue;
        }
        let shape = if projector.is_identity() { shape } else { projector.map_shape(&densified(&shape, crs)) };
        let Some(bounds) = bounds_of(&shape).filter(|b| b.meets(&extent)) else {
            refused.problems.push(unreadable::outside(&id, bounds_of(&shape), &extent, &region.declared.grid.crs));
            continue;
        };
        let shape = Lattice::over(&bounds).snapped(&shape);
        if plane_area(&shape) <= 0.0 {
            refused.problems.push(unreadable::no_area(&id));
            continue;
        }
        let Some((on, on_from)) = refused.problems.keep(day(asked, &said(applied_at), &id)) else { continue };
        let attributes = attributes(layer, &feature.cells, asked);
        sites.push(Site { id, name: said(name_at), attributes, on, on_from, shape });
    }
    let mut seen = std::collections::BTreeSet::new();
    for twice in sites.iter().filter(|s| !seen.insert(s.id.as_str())) {
        refused.problems.push(unreadable::same_id(&twice.id));
    }
    if refused.problems.has_errors() { Err(refused) } else { Ok(Sites { reading, sites, notes: Problems::new() }) }
}

fn day(asked: &Asked, applied: &str, id: &str) -> Result<(Day, DayFrom), Problem> {
    if let Some(day) = asked.on {
        return Ok((day, DayFrom::Asked));
    }
    let applied = applied.trim().replace('/', "-");
    if applied.is_empty() {
        return Ok((asked.today, DayFrom::Today));
    }
    Day::parse(&applied).map(|day| (day, DayFrom::Applied)).ok_or_else(|| {
        Problem::error("site.day", words!("申请日期“{applied}”不是日期", "the day of application \"{applied}\" is not a day"))
            .key(id)
            .expect(text("如 2020-03-02", "such as 2020-03-02"))
            .fix(text("改正该日期，或用 --on 指定", "correct it, or state a day with --on"))
    })
}

fn attributes(layer: &Layer, cells: &[Cell], asked: &Asked) -> Vec<(String, String)> {
    let stated = |name: &str| asked.facts.iter().any(|(field, _)| field == name);
    let own = layer.fields.iter().zip(cells).filter(|(field, _)| !stated(&field.name)).map(|(field, cell)| (field.name.clone(), cell.written()));
    own.chain(asked.facts.iter().cloned()).collect()
}

/// What may be wrong with coordinates that land far from the region.
pub(super) fn far(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(String::new, |b| format!("({:.0}, {:.0}) – ({:.0}, {:.0})", b.west, b.south, b.east, b.north))
}
