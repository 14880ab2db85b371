//! Maps as pixels of tiles: values of a map of the account, shades of the relief.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use liangshan_formats::raster::Raster;
use liangshan_space::mercator::Tile;
use liangshan_space::{Crs, Grid, Projector};
use liangshan_vocab::{Problem, Problems, text, words};

use crate::region::{Region, Serving};

/// Pixels along a side of a tile.
const SIDE: usize = 256;
/// Every so many pixels a place is projected exactly.
const EXACT_EVERY: usize = 16;

/// The way from a tile's pixels into a grid.
pub struct Pixels {
    grid: Grid,
    way: Projector,
}

impl Pixels {
    /// Into a grid.
    ///
    /// # Errors
    /// `crs.no_way`.
    pub fn into(grid: &Grid) -> Result<Self, Problem> {
        Ok(Self { grid: grid.clone(), way: Projector::between(&Crs::cgcs2000(), &grid.crs)? })
    }

    /// Column and row of the grid, with their parts, at the centre of each pixel of a tile.
    fn places(&self, tile: Tile) -> Vec<(f64, f64)> {
        let (x0, y0, dx, dy) = (self.grid.x0, self.grid.y0, self.grid.dx, self.grid.dy);
        tile.pixels(SIDE, EXACT_EVERY, |place| self.way.map_one(place)).into_iter().map(|(x, y)| ((x - x0) / dx, (y0 - y) / dy)).collect()
    }

    /// The cell of the grid at a place, degrees: column and row.
    pub fn cell(&self, place: (f64, f64)) -> Option<(usize, usize)> {
        let (x, y) = self.way.map_one(place);
        let (column, row) = ((x - self.grid.x0) / self.grid.dx, (self.grid.y0 - y) / self.grid.dy);
        let inside = column >= 0.0 && row >= 0.0 && column < self.grid.columns as f64 && row < self.grid.rows as f64;
        inside.then_some((column as usize, row as usize))
    }

    /// The value of a map at each pixel of a tile: that of the cell its centre lies in, NaN where there is
    /// none. Only the part of the file that the tile shows is read.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn values(&self, file: &Path, tile: Tile) -> Result<Option<Vec<f32>>, Problems> {
        self.values_within(file, tile, |_, _| true)
    }

    /// The same of those cells, by column and row, that are wanted; NaN of others.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn values_within(&self, file: &Path, tile: Tile, wanted: impl Fn(usize, usize) -> bool) -> Result<Option<Vec<f32>>, Problems> {
        let places = self.places(tile);
        let Some([left, top, right, bottom]) = self.window(&places) else { return Ok(None) };
        let raster = open(file)?;
        let values = raster.read(0, left, top, right - left, bottom - top)?;
        let wide = right - left;
        let at = |(column, row): &(f64, f64)| {
            let inside = *column >= left as f64 && *row >= top as f64 && *column < right as f64 && *row < bottom as f64;
            let (column, row) = (*column as usize, *row as usize);
            if inside && wanted(column, row) { values[(row - top) * wide + (column - left)] as f32 } else { f32::NAN }
        };
        Ok(Some(places.iter().map(at).collect()))
    }

    /// The value of a map in one cell.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn value(&self, file: &Path, (column, row): (usize, usize)) -> Result<f64, Problems> {
        Ok(open(file)?.read(0, column, row, 1, 1)?[0])
    }

    fn window(&self, places: &[(f64, f64)]) -> Option<[usize; 4]> {
        let bound = |values: &mut dyn Iterator<Item = f64>, most: usize| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for value in values.filter(|v| v.is_finite()) {
                (low, high) = (low.min(value), high.max(value));
            }
            let (from, to) = (low.floor().max(0.0), (high.floor() + 1.0).min(most as f64));
            (from < to).then_some((from as usize, to as usize))
        };
        let (left, right) = bound(&mut places.iter().map(|p| p.0), self.grid.columns)?;
        let (top, bottom) = bound(&mut places.iter().map(|p| p.1), self.grid.rows)?;
        Some([left, top, right, bottom])
    }
}

pub(super) fn open(file: &Path) -> Result<Raster, Problems> {
    let shown = file.display().to_string();
    let opened = File::open(file).map_err(|e| {
        Problem::error("map.unreadable", words!("读不出地图文件：{e}", "the file of a map cannot be read: {e}"))
            .file(shown.as_str())
            .expect(text("核算或区域目录中的 GeoTIFF", "a GeoTIFF of the account or of the region's folder"))
            .fix(text("重新运行 liangshan run；地形则检查该文件", "run liangshan run again; for the relief, look at the file"))
    })?;
    Ok(Raster::open(Arc::new(opened)).map_err(|p| p.or_file(&shown))?)
}

/// The relief of a region: how light each cell of an elevation model is under a lamp in the north-west.
pub struct Relief {
    pixels: Pixels,
    grid: Grid,
    /// 0 dark to 254 light; 255 where there is no height.
    shades: Vec<u8>,
}

impl Relief {
    /// Shades the elevation that a region declares (`[layer.elevation]`), thinned to at most `most` cells a
    /// side. Nothing where it declares none.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn read(region: &Region, most: usize) -> Result<Option<Self>, Problems> {
        let year = region.declared.years.last().copied().unwrap_or_default();
        let path = match region.declared.layers.get("elevation").map(|layer| &layer.serving) {
            Some(Serving::Raster { raster, .. }) => raster.of(year),
            _ => return Ok(None),
        };
        let raster = open(&region.folder.join(&path))?;
        let info = raster.info();
        let Ok(crs) = crate::ground::stated_crs(&info.crs, &region.sources.file(&path)?.sidecar.crs) else { return Ok(None) };
        let whole = Grid::from_transform(crs, info.transform, info.columns, info.rows)?;
        let step = whole.columns.max(whole.rows).div_ceil(most).max(1);
        let (columns, rows) = (whole.columns / step, whole.rows / step);
        let mut heights = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let strip = raster.read(0, 0, row * step, whole.columns, 1)?;
            heights.extend((0..columns).map(|column| strip[column * step]));
        }
        let mut grid = whole.clone();
        (grid.columns, grid.rows, grid.dx, grid.dy) = (columns, rows, whole.dx * step as f64, whole.dy * step as f64);
        // A degree is not a metre; the slope only has to look right.
        let metre = if crs.is_geographic() { 111_320.0 } else { 1.0 };
        let shades = shaded(&heights, columns, rows, grid.dx * metre);
        Ok(Some(Self { pixels: Pixels::into(&grid)?, grid, shades }))
    }

    /// Shades of a tile, 255 where there is none; nothing where the tile lies outside.
    pub fn tile(&self, tile: Tile) -> Option<Vec<u8>> {
        let places = self.pixels.places(tile);
        self.pixels.window(&places)?;
        let (wide, high) = (self.grid.columns, self.grid.rows);
        let shade = |column: isize, row: isize| {
            let inside = column >= 0 && row >= 0 && (column as usize) < wide && (row as usize) < high;
            if inside { Some(self.shades[row as usize * wide + column as usize]).filter(|s| *s != u8::MAX) } else { None }
        };
        let at = |(column, row): &(f64, f64)| {
            // Between the centres of cells, so that large pixels do not show as squares.
            let (c, r) = (column - 0.5, row - 0.5);
            if !c.is_finite() || !r.is_finite() {
                return u8::MAX;
            }
            let (c0, r0) = (c.floor(), r.floor());
            let (fc, fr) = (c - c0, r - r0);
            let (mut sum, mut weight) = (0.0, 0.0);
            for (i, j, w) in [(0, 0, (1.0 - fc) * (1.0 - fr)), (1, 0, fc * (1.0 - fr)), (0, 1, (1.0 - fc) * fr), (1, 1, fc * fr)] {
                if let Some(s) = shade(c0 as isize + i, r0 as isize + j) {
                    sum += f64::from(s) * w;
                    weight += w;
                }
            }
            if weight < 0.5 { u8::MAX } else { (sum / weight).round().min(254.0) as u8 }
        };
        Some(places.iter().map(at).collect())
    }
}

/// Lambert's shade of each cell under a lamp in the north-west, 45 degrees high (Horn 1981, slopes by the
/// eight neighbours), with heights drawn twice as steep; 255 where a height is missing.
fn shaded(heights: &[f64], columns: usize, rows: usize, cell: f64) -> Vec<u8> {
    const STEEPER: f64 = 2.0;
    let at = |c: usize, r: usize| heights[r * columns + c];
    let mut out = vec![u8::MAX; heights.len()];
    for r in 0..rows {
        for c in 0..columns {
            let here = at(c, r);
            if here.is_nan() {
                continue;
            }
            let around = |dc: isize, dr: isize| {
                let (nc, nr) = (c.saturating_add_signed(dc).min(columns - 1), r.saturating_add_signed(dr).min(rows - 1));
                Some(at(nc, nr)).filter(|h| !h.is_nan()).unwrap_or(here)
            };
            let east = around(1, -1) + 2.0 * around(1, 0) + around(1, 1) - around(-1, -1) - 2.0 * around(-1, 0) - around(-1, 1);
            let south = around(-1, 1) + 2.0 * around(0, 1) + around(1, 1) - around(-1, -1) - 2.0 * around(0, -1) - around(1, -1);
            let (dx, dy) = (east / (8.0 * cell) * STEEPER, south / (8.0 * cell) * STEEPER);
            // The lamp: from the west, from the north, from above.
            let (lx, ly, lz) = (-0.5, -0.5, std::f64::consts::FRAC_1_SQRT_2);
            let lit = (lz - dx * lx - dy * ly) / (dx * dx + dy * dy + 1.0).sqrt();
            out[r * columns + c] = (lit.clamp(0.0, 1.0) * 254.0).round() as u8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_land_is_even_and_slopes_to_the_lamp_are_lighter() {
        let flat = shaded(&[10.0; 25], 5, 5, 30.0);
        // Flat ground has the sine of the lamp's height, 0.7071 of 254.
        assert!(flat.iter().all(|s| *s == 180), "{flat:?}");
        let rising_east: Vec<f64> = (0..25).map(|i| (i % 5) as f64 * 15.0).collect();
        let falling_east: Vec<f64> = (0..25).map(|i| -((i % 5) as f64) * 15.0).collect();
        assert!(shaded(&rising_east, 5, 5, 30.0)[12] > 180 && shaded(&falling_east, 5, 5, 30.0)[12] < 180);
        let mut hole = [10.0; 25];
        hole[12] = f64::NAN;
        assert_eq!(shaded(&hole, 5, 5, 30.0)[12], u8::MAX);
    }
}
