//! What a run has to show: everything a page, a report or another program needs, with no files to
//! look up. Faces draw it; nothing is computed from here on.

use std::collections::BTreeMap;

use liangshan_accounts::account::Account;
use liangshan_accounts::change::Change;
use liangshan_accounts::profile::Profile;
use liangshan_accounts::review::Question;
use liangshan_vocab::{Digest, Origin, Problems, Text};

use crate::deliveries::completeness::Completeness;
use crate::layers::Read;
use crate::region::Weather;

/// A published run.
pub struct Publication {
    /// The region's identifier.
    pub region: String,
    /// The region's name.
    pub title: Text,
    /// Code of the whole region.
    pub whole: String,
    /// Edition of the boundaries.
    pub edition: String,
    /// The version of the program.
    pub version: &'static str,
    /// The reference system of the grid, with the recorded datum decision.
    pub crs: String,
    /// Side of a cell, m.
    pub cell_m: f64,
    /// Whose weather.
    pub weather: Weather,
    /// The resolved profile.
    pub profile: Profile,
    /// The account.
    pub account: Account,
    /// What changed from each year to the next, by its causes.
    pub changes: Vec<Change>,
    /// What an expert review will attack, latest year first, then by the yuan at stake.
    pub review: Vec<Question>,
    /// Places: counties first, then the whole.
    pub places: Vec<PlaceCard>,
    /// What the dotted parts of indicators are called, such as the products of material supply.
    pub names: BTreeMap<String, Text>,
    /// Ecosystem types by id.
    pub ecosystems: BTreeMap<String, Text>,
    /// Area of each ecosystem type, m², by year, place and type, whole cells and shares.
    pub extent: BTreeMap<(i32, String, String), f64>,
    /// Maps.
    pub maps: Vec<MapCard>,
    /// Every source that was read.
    pub sources: Vec<SourceCard>,
    /// Which tables of departments are there: n of m.
    pub deliveries: Completeness,
    /// Warnings and notes: plausibility, clamps, seams of the boundary and the like.
    pub warnings: Problems,
    /// What the parameters of models were, by model and year.
    pub parameters: Vec<ParameterCard>,
    /// The digest of everything read: the name of this run.
    pub basis: Digest,
    /// One number taken apart, as `explain` prints it, for "how to check us".
    pub sample: Option<crate::explain::Explanation>,
}

/// A place.
#[derive(Debug, Clone)]
pub struct PlaceCard {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// The place it is part of.
    pub parent: Option<String>,
    /// Area on the ellipsoid, m².
    pub area_m2: f64,
    /// Rings of its outline, thinned for drawing, in columns and rows of the region's grid.
    pub outline: Vec<Vec<(f32, f32)>>,
    /// A point inside for its label, in columns and rows.
    pub label: (f32, f32),
}

/// A map on the region's grid.
#[derive(Debug, Clone)]
pub struct MapCard {
    /// The file below the output folder, `maps/water_conservation_2020.tif`.
    pub file: String,
    /// The indicator whose output it is.
    pub indicator: String,
    /// The year.
    pub year: i32,
    /// What is drawn.
    pub title: Text,
    /// Unit of a cell.
    pub unit: String,
    /// Columns of the picture: the grid's, or fewer where every so many cells are averaged.
    pub columns: usize,
    /// Rows of the picture.
    pub rows: usize,
    /// Grid cells along a side of a picture cell.
    pub step: usize,
    /// Values for drawing, row by row from the north, NaN where nothing counts.
    pub values: Vec<f32>,
    /// Valid cells of the file.
    pub cells: u64,
    /// Least, mean and greatest value of the file.
    pub range: [f64; 3],
    /// What it rests on.
    pub origin: Origin,
}

/// A source in the list of sources.
#[derive(Debug, Clone)]
pub struct SourceCard {
    /// Where it is and what it is.
    pub read: Read,
    /// Its name.
    pub title: Text,
    /// From whom.
    pub from: String,
    /// How it was made.
    pub method: String,
    /// Models and tables that read it.
    pub used_by: Vec<String>,
}

/// A parameter of a model as it was used.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterCard {
    /// The model.
    pub model: String,
    /// The parameter's name and title.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where it was taken from.
    pub source: String,
}
