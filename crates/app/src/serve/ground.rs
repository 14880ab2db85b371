//! What maps stand on: the layers of the region, the relief, and the maps of the account with one scale
//! for all years of an indicator.

use std::collections::BTreeMap;
use std::path::PathBuf;

use liangshan_atlas::drawn::{Drawings, Pixels, Relief};
use liangshan_atlas::publication::Publication;
use liangshan_atlas::publish::map_path;
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Origin, Problems, Text};

use super::snapshot::AccountPart;

/// The most cells along a side of the relief that is kept.
const RELIEF_CELLS: usize = 900;
/// Steps of a value ramp.
pub(crate) const STEPS: usize = 64;

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
    /// Where the ramp begins and ends: all but the outermost hundredths of the cells of all years.
    pub(crate) scale: (f64, f64),
}

/// The ground of maps.
pub(crate) struct Ground {
    /// Layers.
    pub(crate) drawings: Drawings,
    /// Hills, where the region has heights.
    pub(crate) relief: Option<Relief>,
    /// The way into the account's grid.
    pub(crate) pixels: Pixels,
    /// Maps of the account by indicator, in the order of the tables.
    pub(crate) sheets: Vec<Sheet>,
}

impl Ground {
    /// Reads it.
    ///
    /// # Errors
    /// Everything wrong in the layers at once.
    pub(crate) fn read(region: &Region, account: &AccountPart, day: Day) -> Result<Self, Problems> {
        let book = &account.book;
        let places = &book.prepared.places;
        let drawings = Drawings::read(region, places.counties.iter().map(|c| (c.code.as_str(), &c.name, &c.shape, places.origin)), day)?;
        let relief = Relief::read(region, RELIEF_CELLS)?;
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
                    scale: account.scales.get(&map.indicator).copied().unwrap_or((0.0, 1.0)),
                }),
            }
        }
        Ok(Self { drawings, relief, pixels, sheets })
    }

    /// A map of the account by its indicator.
    pub(crate) fn sheet(&self, indicator: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.indicator == indicator)
    }
}

/// Where the ramp of each mapped indicator begins and ends: all but the outermost hundredths of the cells of
/// all years, so that years can be compared.
pub(crate) fn scales(publication: &Publication) -> BTreeMap<String, (f64, f64)> {
    let mut values: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for map in &publication.maps {
        values.entry(&map.indicator).or_default().extend(map.values.iter().copied().filter(|v| v.is_finite()).step_by(7));
    }
    let ends = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        let (low, high) = (values.get(values.len() / 100)?, values.get(values.len() * 98 / 100)?);
        Some(round_ends(f64::from(*low), f64::from(*high)))
    };
    values.into_iter().filter_map(|(indicator, values)| Some((indicator.to_owned(), ends(values)?))).collect()
}

/// Ends of a scale that people can read: two digits, the range not made smaller.
fn round_ends(low: f64, high: f64) -> (f64, f64) {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return (low, low + 1.0);
    }
    let step = 10_f64.powf(span.log10().floor()) / 10.0;
    ((low / step).floor() * step, (high / step).ceil() * step)
}

#[cfg(test)]
mod tests {
    use super::round_ends;

    #[test]
    fn scales_end_in_round_numbers() {
        assert_eq!(round_ends(0.37, 912.4), (0.0, 920.0));
        assert_eq!(round_ends(103.0, 1486.0), (100.0, 1500.0));
        assert_eq!(round_ends(5.0, 5.0), (5.0, 6.0));
    }
}
