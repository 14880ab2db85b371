//! The account by zone and line: what each has of every county, what grows and what it gives there.
//!
//! Zones and lines come from the control layers of the region, in the editions in force on a day. The
//! shares of cells are exact, sums by zone are taken in the pass that makes the account's own, and an
//! atom is shared out so that its parts add up to it (`accounts::pieces`).

pub mod faults;
pub mod files;
mod indicators;
pub mod kept;
mod layer;
mod loading;
pub mod own;
pub mod own_files;
pub mod parts;
pub mod pattern;
pub mod pattern_files;
pub mod publish;
pub mod resistance;
pub mod rules;
pub mod shapes;
pub mod sheet;
pub mod sites;
pub mod statement;

use liangshan_duty::standard::Day;
use liangshan_space::{Grid, MultiPolygon};
use liangshan_store::Naming;
use liangshan_vocab::{Digest, Origin, Problem, Problems, Text};

use crate::control::Control;
use crate::ground::{Classes, Places};
use own::OwnPart;
use parts::ZonePart;
use sites::Sites;

/// What a set of zones is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetKind {
    /// The spaces of a plan, which tile the region.
    Zones,
    /// Control lines of a plan, no two of which meet.
    Lines,
    /// Ecological function zones.
    Functions,
    /// Units of water management, which tile the region.
    Water,
    /// Areas with a rule of their own.
    Areas,
}

impl SetKind {
    /// All of them.
    pub const ALL: [SetKind; 5] = [SetKind::Zones, SetKind::Lines, SetKind::Functions, SetKind::Water, SetKind::Areas];

    /// True when the zones of a set are to tile the region.
    pub fn tiles(self) -> bool {
        matches!(self, SetKind::Zones | SetKind::Functions | SetKind::Water)
    }

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            SetKind::Zones => "zone",
            SetKind::Lines => "line",
            SetKind::Functions => "function",
            SetKind::Water => "water",
            SetKind::Areas => "area",
        }
    }
}

/// Zones that are looked at side by side.
#[derive(Debug, Clone)]
pub struct ZoneSet {
    /// Its id in files: the plan of zones and lines, else the layer.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// What it is.
    pub kind: SetKind,
    /// Its zones, by number.
    pub zones: Vec<usize>,
}

/// One zone or line: all features of a layer, or one of them.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its id in files, once in its set.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The control layer it belongs to.
    pub layer: String,
    /// The office that answers for it.
    pub office: String,
    /// What the office is called.
    pub office_name: String,
    /// The edition in force.
    pub edition: String,
    /// The day the edition was adopted.
    pub adopted: Day,
    /// The decree it rests on.
    pub decree: String,
    /// How many features it is made of.
    pub features: usize,
    /// Each of them, in the grid's reference system. What overlaps counts once.
    pub shapes: Vec<MultiPolygon>,
}

impl Zone {
    /// All features together.
    pub fn shape(&self) -> MultiPolygon {
        if let [only] = self.shapes.as_slice() { only.clone() } else { shapes::union(&self.shapes) }
    }
}

/// Parts of one county in one set: they make the county where the set tiles the region; else what lies
/// outside every zone is a part too.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The set.
    pub set: usize,
    /// The county.
    pub county: usize,
    /// Its parts, by number.
    pub parts: Vec<usize>,
    /// True when some of the county lies outside every zone.
    pub elsewhere: bool,
    /// True for one of zones that overlap: it is set against the rest of the county alone, and the rest
    /// is not told.
    pub alone: bool,
}

/// Where something is: a set, a zone of it or outside all of them, and a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Where {
    /// The set.
    pub set: usize,
    /// The zone, by its number over all sets; `None` outside all of the set.
    pub zone: Option<usize>,
    /// The county.
    pub county: usize,
}

/// All zones and lines in force on a day.
#[derive(Debug, Clone)]
pub struct Zones {
    /// The day.
    pub day: Day,
    /// Sets.
    pub sets: Vec<ZoneSet>,
    /// Zones of all sets.
    pub zones: Vec<Zone>,
    /// What each zone has of each county.
    pub parts: Vec<ZonePart>,
    /// Sites of projects; none where the region has no such layer.
    pub sites: Option<Sites>,
    /// Pairs of years that changes are told of.
    pub pairs: Vec<(i32, i32)>,
    /// What projects of offices have of parts; their sums are taken with those of the parts.
    pub own: Vec<OwnPart>,
    /// Parts by set and county.
    pub slots: Vec<Slot>,
    /// Everything that decides which cell belongs to which part.
    pub digest: Digest,
    /// What the layers are.
    pub origin: Origin,
    /// The control layers they were made of, elements of the security pattern included.
    pub control: Control,
}

/// A gap beyond this share of a county is ground outside every zone and not rounding (rule Z1).
const GAP_SHARE: f64 = 1e-8;

impl Zones {
    /// Zones with their sets, not yet cut by counties.
    pub fn new(control: Control, sets: Vec<ZoneSet>, zones: Vec<Zone>, origin: Origin, places: &Places, classes: &Classes, grid: &Grid) -> Self {
        let mut naming = Naming::of("zones").with("version", "1").with("places", &places.setting);
        for (file, digest) in places.basis.iter().chain(&classes.basis) {
            naming = naming.with(file, digest.as_str());
        }
        naming = naming.with("grid", format!("{} {} {} {} {} {} {}", grid.crs.name(), grid.x0, grid.y0, grid.dx, grid.dy, grid.columns, grid.rows));
        for set in &sets {
            naming = naming.with("set", format!("{} {}", set.id, set.kind.word()));
            for zone in set.zones.iter().map(|z| &zones[*z]) {
                naming = zone.shapes.iter().fold(naming.with("zone", &zone.id), |naming, shape| naming.with("shape", shapes::bytes(shape)));
            }
        }
        Self {
            day: control.day,
            sets,
            zones,
            parts: Vec::new(),
            sites: None,
            pairs: Vec::new(),
            own: Vec::new(),
            slots: Vec::new(),
            digest: naming.digest(),
            origin,
            control,
        }
    }

    /// Cuts the zones by counties: shares of cells and areas.
    ///
    /// # Errors
    /// Those of the overlay and of areas, by zone.
    pub fn cut(&mut self, places: &Places, grid: &Grid) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let mut sited = Vec::new();
        for (set, of) in self.sets.iter().enumerate() {
            for (county, place) in places.counties.iter().enumerate() {
                let mut slot = Slot { set, county, parts: Vec::new(), elsewhere: false, alone: false };
                let mut left = place.area_m2;
                for zone in &of.zones {
                    let at = |p: Problem| p.key(format!("{} {}", of.id, self.zones[*zone].id));
                    let Some(shape) = shapes::within(&place.shape, &self.zones[*zone].shapes) else { continue };
                    let measured = problems.keep(shapes::area_m2(&shape, &grid.crs).map_err(at));
                    let coverage = problems.keep(shapes::coverage(&shape, grid).map_err(at));
                    let (Some(area_m2), Some(coverage)) = (measured, coverage) else { continue };
                    if coverage.cells() == 0 {
                        continue;
                    }
                    left -= area_m2;
                    slot.parts.push(self.parts.len());
                    if self.sites.is_some() {
                        sited.push((self.parts.len(), shape));
                    }
                    self.parts.push(ZonePart { zone: *zone, county, coverage, area_m2 });
                }
                let rounding = GAP_SHARE * place.area_m2 + 1.0;
                if left < -rounding {
                    let alone = slot.parts.iter().map(|part| Slot { set, county, parts: vec![*part], elsewhere: true, alone: true });
                    self.slots.extend(alone);
                    continue;
                }
                slot.elsewhere = left > rounding;
                self.slots.push(slot);
            }
        }
        for (part, shape) in sited {
            problems.keep(self.cut_sites(part, &shape, places, grid));
        }
        problems.into_result(())
    }

    /// Where each entry of a slot is, the one outside every zone last.
    pub fn wheres(&self, slot: &Slot) -> Vec<Where> {
        let own = slot.parts.iter().map(|p| Where { set: slot.set, zone: Some(self.parts[*p].zone), county: slot.county });
        own.chain(slot.elsewhere.then_some(Where { set: slot.set, zone: None, county: slot.county })).collect()
    }
}
