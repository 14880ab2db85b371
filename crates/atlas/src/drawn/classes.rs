//! The map of ecosystem classes as pixels: the raster that the account was made from, year by year.

use std::collections::BTreeMap;
use std::path::PathBuf;

use liangshan_space::Grid;
use liangshan_space::mercator::Tile;
use liangshan_vocab::{Origin, Problems};

use super::pixels::{Pixels, open};
use crate::ground::stated_crs;
use crate::region::Region;

/// The most cells that are counted for the shares of classes.
const COUNTED: usize = 4_000_000;

/// Class maps of a region.
pub struct ClassPixels {
    pixels: Pixels,
    files: BTreeMap<i32, PathBuf>,
    /// The share of each class in the cells of a year that have one.
    pub shares: BTreeMap<i32, BTreeMap<i64, f64>>,
    /// Where the maps come from, the weakest of the years.
    pub origin: Origin,
}

impl ClassPixels {
    /// Opens the class map of each year and counts its classes; years whose map lies on another grid than the
    /// first are left out. Nothing where a map does not say where it lies.
    ///
    /// # Errors
    /// Those of reading the files.
    pub fn read(region: &Region) -> Result<Option<Self>, Problems> {
        let mut made: Option<(Self, Grid)> = None;
        for year in &region.declared.years {
            let path = region.declared.ecosystem.raster.of(*year);
            let (file, whole) = (region.folder.join(&path), region.sources.file(&path)?);
            let raster = open(&file)?;
            let info = raster.info();
            let Ok(crs) = stated_crs(&info.crs, &whole.sidecar.crs) else { continue };
            let grid = Grid::from_transform(crs, info.transform, info.columns, info.rows)?;
            if made.as_ref().is_some_and(|(_, first)| *first != grid) {
                continue;
            }
            // Every so many rows and columns, so that a fine map does not keep people waiting.
            let every = ((grid.columns * grid.rows) as f64 / COUNTED as f64).sqrt().ceil().max(1.0) as usize;
            let (mut counts, mut all): (BTreeMap<i64, u64>, u64) = (BTreeMap::new(), 0);
            for row in (0..grid.rows).step_by(every) {
                for code in raster.read(0, 0, row, grid.columns, 1)?.into_iter().step_by(every).filter(|c| is_class(*c)) {
                    *counts.entry(code as i64).or_default() += 1;
                    all += 1;
                }
            }
            let shares = counts.into_iter().map(|(code, count)| (code, count as f64 / all.max(1) as f64)).collect();
            let origin = whole.sidecar.origin;
            match &mut made {
                Some((maps, _)) => {
                    maps.files.insert(*year, file);
                    maps.shares.insert(*year, shares);
                    maps.origin = maps.origin.max(origin);
                }
                None => {
                    let maps = Self { pixels: Pixels::into(&grid)?, files: BTreeMap::from([(*year, file)]), shares: BTreeMap::from([(*year, shares)]), origin };
                    made = Some((maps, grid));
                }
            }
        }
        Ok(made.map(|m| m.0))
    }

    /// Years that have a map.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.files.keys().copied()
    }

    /// The class at each pixel of a tile, NaN where there is none; nothing where the tile lies outside, or
    /// the year has no map.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn tile(&self, year: i32, tile: Tile) -> Result<Option<Vec<f32>>, Problems> {
        let Some(file) = self.files.get(&year) else { return Ok(None) };
        let found = self.pixels.values(file, tile)?;
        Ok(found.map(|codes| codes.into_iter().map(|c| if is_class(f64::from(c)) { c } else { f32::NAN }).collect()))
    }

    /// The class at a place, degrees.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn at(&self, year: i32, place: (f64, f64)) -> Result<Option<i64>, Problems> {
        let Some((file, cell)) = self.files.get(&year).zip(self.pixels.cell(place)) else { return Ok(None) };
        let code = self.pixels.value(file, cell)?;
        Ok(is_class(code).then_some(code as i64))
    }
}

/// Codes of classes begin at 1; maps without a mark for what is missing say 0.
fn is_class(code: f64) -> bool {
    code.is_finite() && code >= 1.0
}
