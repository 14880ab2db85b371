//! The conformity check (合规性审查): sites in, the control layers in force on the day, every rule
//! against what lies inside, an opinion out that can be checked again.

pub mod becomes;
pub mod desk;
pub mod exchange;
pub mod reading;
pub mod said;
pub mod sheet;
pub mod sites;
mod unreadable;
pub mod verify;
pub mod way_out;

pub use desk::{Desk, OpinionDigests, Piece, SiteOpinion, Touched};
pub use liangshan_planning::conformity::{LayerRule, Standing, Verdict};
pub use liangshan_planning::opinion::{Line, Measure, Opinion};
pub use liangshan_space::overlay::{bounds_of, plane_area as overlay_area};
pub use liangshan_space::{Bounds, MultiPolygon};
pub use sites::{Asked, DayFrom, Refused, Site, Sites};

use std::collections::BTreeMap;

use liangshan_vocab::Problems;
use rayon::prelude::*;

use crate::region::Region;
use crate::rules::{self, Day};

/// Square metres of a 亩.
pub const M2_OF_MU: f64 = 10_000.0 / 15.0;

/// A number rounded to hundredths, half to even, as areas and lengths are printed.
pub fn hundredths(value: f64) -> f64 {
    (value * 100.0).round_ties_even() / 100.0
}

/// Desks by the day their editions are in force: sites of one day share one.
pub struct Desks<'r> {
    region: &'r Region,
    desks: BTreeMap<Day, Desk>,
}

impl<'r> Desks<'r> {
    /// Opens the control layers for every day that some site is asked about.
    ///
    /// # Errors
    /// Everything wrong in the control layers and rules in force.
    pub fn open(region: &'r Region, sites: &[Site]) -> Result<Self, Problems> {
        let (standards, mut problems) = rules::load(Some(&region.folder))?;
        let mut desks: BTreeMap<Day, Desk> = BTreeMap::new();
        for site in sites {
            if desks.contains_key(&site.on) {
                continue;
            }
            // Days with the same editions and rules share what was read.
            let same = desks.values().find(|desk| desk.answers(region, &standards, site.on)).map(|desk| desk.on(site.on));
            if let Some(desk) = problems.keep(same.map_or_else(|| Desk::open(region, &standards, site.on), Ok)) {
                desks.insert(site.on, desk);
            }
        }
        problems.into_result(Self { region, desks })
    }

    /// The desk of a day.
    pub fn desk(&self, day: Day) -> Option<&Desk> {
        self.desks.get(&day)
    }

    /// The region.
    pub fn region(&self) -> &Region {
        self.region
    }

    /// An opinion on each site, in their order; sites in parallel, results do not depend on it.
    ///
    /// # Errors
    /// Attributes that no rule knows, areas that cannot be measured: all of them, by site.
    pub fn opinions<'d>(&'d self, sites: &'d [Site]) -> Result<Vec<SiteOpinion<'d>>, Problems> {
        let made: Vec<Result<SiteOpinion<'d>, Problems>> =
            sites.par_iter().filter_map(|site| self.desk(site.on).map(|desk| desk.opinion(site).map_err(|p| of_site(p, site)))).collect();
        let mut problems = Problems::new();
        let opinions = made.into_iter().filter_map(|o| problems.keep(o)).collect();
        problems.into_result(opinions)
    }
}

fn of_site(problems: Problems, site: &Site) -> Problems {
    let named = |mut p: liangshan_vocab::Problem| {
        let key = p.at.key.take().map_or_else(|| site.id.clone(), |key| format!("{} {key}", site.id));
        p.key(key)
    };
    Problems(problems.0.into_iter().map(named).collect())
}
