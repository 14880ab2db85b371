//! What maps stand on: the layers of the region, the relief, and the maps of the account with one scale
//! for all years of an indicator.

use std::collections::BTreeMap;
use std::path::PathBuf;

use liangshan_atlas::drawn::{ClassPixels, Drawings, Pixels, Relief};
use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::publication::Publication;
use liangshan_atlas::publish::map_path;
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Origin, Problems, Text};

use super::scale::Scale;
use super::snapshot::AccountPart;

/// The most cells along a side of the relief that is kept.
const RELIEF_CELLS: usize = 900;

/// A map of the account that can be drawn, in all its years.
pub(crate) struct Sheet {
    /// The indicator.
    pub(crate) indicator: String,
    /// What it shows.
    pub(crate) title: Text,
    /// Unit of a cell.
    pub(crate) unit: String,
    /// What it rests on, the weakest of its years.
    pub(crate) origin: Origin,
    /// Files by year.
    pub(crate) files: BTreeMap<i32, PathBuf>,
    /// The steps of its ramp, for all its years.
    pub(crate) scale: Scale,
}

/// The ground of maps.
pub(crate) struct Ground {
    /// Layers.
    pub(crate) drawings: Drawings,
    /// Hills, where the region has heights.
    pub(crate) relief: Option<Relief>,
    /// The way into the account's grid.
    pub(crate) pixels: Pixels,
    /// The map of ecosystem classes, where it says where it lies.
    pub(crate) classes: Option<ClassPixels>,
    /// Maps of the account by indicator, in the order of the tables.
    pub(crate) sheets: Vec<Sheet>,
}

impl Ground {
    /// Reads it. The registers are those of the plan, where the region has one that can be read.
    ///
    /// # Errors
    /// Everything wrong in the layers at once.
    pub(crate) fn read(region: &Region, account: &AccountPart, plan: Option<&Planbook>, day: Day) -> Result<Self, Problems> {
        let book = &account.book;
        let places = &book.prepared.places;
        let mut drawings = Drawings::read(region, places.counties.iter().map(|c| (c.code.as_str(), &c.name, &c.shape, places.origin)), day)?;
        if let Some(plan) = plan {
            drawings.add_registers(&plan.books)?;
        }
        let relief = Relief::read(region, RELIEF_CELLS)?;
        let classes = ClassPixels::read(region, places)?;
        let pixels = Pixels::into(&region.declared.grid)?;
        let mut sheets: Vec<Sheet> = Vec::new();
        for map in &book.maps {
            let file = map_path(book, map);
            match sheets.iter_mut().find(|s| s.indicator == map.indicator) {
                Some(sheet) => {
                    sheet.files.insert(map.year, file);
                    sheet.origin = sheet.origin.max(map.origin);
                }
                None => sheets.push(Sheet {
                    indicator: map.indicator.clone(),
                    title: map.title.clone(),
                    unit: map.unit.clone(),
                    origin: map.origin,
                    files: BTreeMap::from([(map.year, file)]),
                    scale: account.scales.get(&map.indicator).cloned().unwrap_or_else(|| Scale { low: 0.0, high: 1.0, breaks: Vec::new(), quantiles: false }),
                }),
            }
        }
        Ok(Self { drawings, relief, pixels, classes, sheets })
    }

    /// A map of the account by its indicator.
    pub(crate) fn sheet(&self, indicator: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.indicator == indicator)
    }
}

/// The scale of each mapped indicator, over the cells of all years.
pub(crate) fn scales(publication: &Publication) -> BTreeMap<String, Scale> {
    let mut values: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for map in &publication.maps {
        values.entry(&map.indicator).or_default().extend(map.values.iter().copied().filter(|v| v.is_finite()).step_by(7));
    }
    values.into_iter().filter_map(|(indicator, values)| Some((indicator.to_owned(), Scale::of(values)?))).collect()
}
