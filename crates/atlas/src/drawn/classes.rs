//! The map of ecosystem classes as pixels: the raster that the account was made from, year by year.

use std::collections::BTreeMap;
use std::path::PathBuf;

use liangshan_space::mercator::Tile;
use liangshan_space::{Coverage, Grid, Projector, Window};
use liangshan_vocab::{Origin, Problems};

use super::pixels::{Pixels, open};
use crate::ground::{Places, stated_crs};
use crate::region::Region;

/// The most cells that are counted for the shares of classes.
const COUNTED: usize = 4_000_000;

/// Class maps of a region, within its counties: a map that reaches further is not shown further.
pub struct ClassPixels {
    pixels: Pixels,
    files: BTreeMap<i32, PathBuf>,
    /// Cells of each county, by their centres.
    counties: Vec<Coverage>,
    /// The share of each class in the cells of the region that have one in a year.
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
    pub fn read(region: &Region, places: &Places) -> Result<Option<Self>, Problems> {
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
            let way = Projector::between(&region.declared.grid.crs, &grid.crs)?;
            let cells = places.counties.iter().map(|c| Coverage::of_centres(&way.map_shape(&c.shape), &grid));
            let counties = cells.collect::<Result<Vec<_>, _>>()?;
            // Every so many rows and columns, so that a fine map does not keep people waiting.
            let every = ((grid.columns * grid.rows) as f64 / COUNTED as f64).sqrt().ceil().max(1.0) as usize;
            let (mut counts, mut all): (BTreeMap<i64, u64>, u64) = (BTreeMap::new(), 0);
            for row in (0..grid.rows).step_by(every) {
                let codes = raster.read(0, 0, row, grid.columns, 1)?;
                let line = Window { column: 0, row, columns: grid.columns, rows: 1 };
                let own = counties.iter().flat_map(|county| county.in_window(&line)).map(|(at, _)| at as usize);
                for code in own.filter(|at| at.is_multiple_of(every)).map(|at| codes[at]).filter(|c| is_class(*c)) {
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
                    let (files, shares) = (BTreeMap::from([(*year, file)]), BTreeMap::from([(*year, shares)]));
                    let maps = Self { pixels: Pixels::into(&grid)?, files, counties, shares, origin };
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

    /// The class at each pixel of a tile, NaN where there is none or another region; nothing where the tile lies outside, or
    /// the year has no map.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn tile(&self, year: i32, tile: Tile) -> Result<Option<Vec<f32>>, Problems> {
        let Some(file) = self.files.get(&year) else { return Ok(None) };
        let found = self.pixels.values_within(file, tile, |column, row| self.inside((column, row)))?;
        Ok(found.map(|codes| codes.into_iter().map(|c| if is_class(f64::from(c)) { c } else { f32::NAN }).collect()))
    }

    fn inside(&self, (column, row): (usize, usize)) -> bool {
        self.counties.iter().any(|county| county.has(column, row))
    }

    /// The class at a place of the region, degrees.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn at(&self, year: i32, place: (f64, f64)) -> Result<Option<i64>, Problems> {
        let Some((file, cell)) = self.files.get(&year).zip(self.pixels.cell(place)) else { return Ok(None) };
        if !self.inside(cell) {
            return Ok(None);
        }
        let code = self.pixels.value(file, cell)?;
        Ok(is_class(code).then_some(code as i64))
    }
}

/// Codes of classes begin at 1; maps without a mark for what is missing say 0.
fn is_class(code: f64) -> bool {
    code.is_finite() && code >= 1.0
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The area is that of the six outlines, 8 852.9 km², as `totals.csv` has it; a centre stands for a cell
    /// of 250 m, so that the border errs by less than a hundredth of it. The second place lies some 5 km east
    /// of Longyou, where the map goes on.
    #[test]
    #[allow(clippy::unwrap_used, reason = "broken data should stop its test")]
    fn a_map_is_shown_and_counted_within_the_region() {
        let region = Region::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou")).unwrap();
        let places = Places::read(&region, &region.declared.grid, &mut Problems::default()).unwrap();
        let maps = ClassPixels::read(&region, &places).unwrap().unwrap();
        let km2 = maps.counties.iter().map(Coverage::cells).sum::<usize>() as f64 * 0.0625;
        assert!((km2 / 8852.9 - 1.0).abs() < 1e-3, "{km2}");
        assert!(maps.shares.values().all(|of_year| (of_year.values().sum::<f64>() - 1.0).abs() < 1e-9));
        let (kaihua, beyond) = ((118.41, 29.14), (119.375, 29.03));
        assert!(maps.at(2020, kaihua).unwrap().is_some());
        assert!(is_class(maps.pixels.value(&maps.files[&2020], maps.pixels.cell(beyond).unwrap()).unwrap()), "the raster ends before");
        assert_eq!(maps.at(2020, beyond).unwrap(), None);
    }
}
