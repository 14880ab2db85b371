//! Where plans disagree: conflict spots (差异图斑) between control layers of different plans, and the
//! register of what was decided about them. Besides ground (C1, C2, C3, C5): totals over an approved
//! indicator (C4) and objects whose attributes differ (C7). Faults within one plan (C6) are those of `zones`.

mod attributes;
pub mod exchange;
pub mod register;
mod spots;
mod totals;

pub use liangshan_planning::conflicts::{ConflictKind, Differing, KINDS, KindSaid, Period, Severity};
pub use register::{DECISIONS, Decided, Decision};
pub use spots::find;

use liangshan_space::MultiPolygon;
use liangshan_vocab::{Evidence, Problems, Text};

use crate::control::InForce;
use crate::rules::Day;

/// One of the two layers that a spot lies in.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The layer's name.
    pub layer: String,
    /// What it is called.
    pub title: Text,
    /// Its edition.
    pub edition: String,
    /// The office that answers for it: id and name.
    pub office: (String, String),
    /// What it means for the ground: use and strength.
    pub meaning: (&'static str, &'static str),
    /// The features the spot lies in, by id.
    pub features: Vec<String>,
    /// The time of its plan, as far as declared.
    pub period: Period,
}

impl Side {
    /// A layer in force, with what it means for the ground and the features meant, by id.
    fn of(layer: &InForce, meaning: (&'static str, &'static str), features: Vec<String>) -> Self {
        Self {
            layer: layer.layer.name.clone(),
            title: layer.layer.title.clone(),
            edition: layer.edition.edition.clone(),
            office: (layer.layer.office.clone(), layer.office.clone()),
            meaning,
            features,
            period: layer.edition.period,
        }
    }
}

/// A conflict spot.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Its id: the same as long as layers, county and shape are.
    pub id: String,
    /// The layer that goes before the other, by the order of the crosswalk, then the other.
    pub sides: [Side; 2],
    /// Its type.
    pub kind: ConflictKind,
    /// How grave it is.
    pub severity: Severity,
    /// The county's code.
    pub county: String,
    /// Its area on the ellipsoid, m²; of C4 the excess over the indicator, of C7 the ground of the object,
    /// neither of which adds up to the progress.
    pub area_m2: f64,
    /// `4 π A / P²`.
    pub thinness: f64,
    /// True where it is small and thin: listed apart.
    pub sliver: bool,
    /// Planned and approved building in the county, m², of C4.
    pub total_m2: Option<(f64, f64)>,
    /// Attributes that differ, of C7.
    pub differing: Vec<Differing>,
    /// Its shape in the plane of the region's grid: of C4 all ground planned to be built on; empty for
    /// objects that have no area.
    pub shape: MultiPolygon,
    /// What was decided about it last.
    pub decided: Option<Decided>,
}

/// What is found on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The day whose editions were compared.
    pub on: Day,
    /// Spots by pair of layers, the largest first; slivers are among them.
    pub spots: Vec<Spot>,
    /// The crosswalk: id, title, evidence.
    pub rules: (String, Text, Evidence),
    /// Pairs of layers that were compared.
    pub pairs: usize,
    /// What was not examined, and why.
    pub notes: Problems,
}

impl Found {
    /// Spots that are no slivers.
    pub fn real(&self) -> impl Iterator<Item = &Spot> {
        self.spots.iter().filter(|s| !s.sliver)
    }

    /// Those of them that are ground which two plans dispute.
    pub fn of_ground(&self) -> impl Iterator<Item = &Spot> {
        self.real().filter(|s| s.kind.is_of_ground())
    }

    /// How many spots of a type there are, slivers apart.
    pub fn count(&self, kind: ConflictKind) -> usize {
        self.real().filter(|s| s.kind == kind).count()
    }

    /// Area of all disputed ground, slivers apart, m², and the decided part of it.
    pub fn progress(&self) -> (f64, f64) {
        let sum = |decided: bool| total(self.of_ground().filter(|s| !decided || s.decided.is_some()));
        (sum(false), sum(true))
    }

    /// Groups of spots: the pair of layers, their number, their area and the decided part of it, by area.
    pub fn groups(&self, slivers: bool) -> Vec<Group<'_>> {
        let mut made: Vec<Group<'_>> = Vec::new();
        for spot in self.spots.iter().filter(|s| s.sliver == slivers) {
            let at = made.iter().position(|g| g.sides[0].layer == spot.sides[0].layer && g.sides[1].layer == spot.sides[1].layer && g.kind == spot.kind);
            let at = at.unwrap_or_else(|| {
                made.push(Group { sides: &spot.sides, kind: spot.kind, spots: Vec::new() });
                made.len() - 1
            });
            made[at].spots.push(spot);
        }
        made.sort_by(|a, b| b.area_m2().total_cmp(&a.area_m2()));
        made
    }
}

/// The area of some spots, m².
fn total<'s>(spots: impl Iterator<Item = &'s Spot>) -> f64 {
    crate::conform::hundredths(spots.fold(0.0, |sum, s| sum + s.area_m2))
}

/// The spots of a pair of layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'f> {
    /// The layers.
    pub sides: &'f [Side; 2],
    /// The type of conflict.
    pub kind: ConflictKind,
    /// The spots, the largest first.
    pub spots: Vec<&'f Spot>,
}

impl Group<'_> {
    /// The area of all of them, m².
    pub fn area_m2(&self) -> f64 {
        total(self.spots.iter().copied())
    }

    /// The decided part of it, m².
    pub fn decided_m2(&self) -> f64 {
        total(self.spots.iter().copied().filter(|s| s.decided.is_some()))
    }
}
