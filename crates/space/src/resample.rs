//! Bringing a raster onto another grid.
//!
//! Every cell's centre or corners are mapped exactly, by themselves: what a cell becomes does not
//! depend on the block it is computed in. A grid that only shifts by whole cells is copied.
//!
//! Missing cells: `Nearest` takes what is under the centre, missing or not. `Bilinear` leaves
//! missing neighbours out and shares their weight among the others while those hold at least half
//! of it; otherwise the cell is missing. `Mode`, `Average` and `Sum` look at valid cells only; a
//! cell with none under it is missing. Beyond the source's outline everything is missing.

use std::sync::OnceLock;

use crate::trace::{self, Tracer};
use crate::{Bounds, Grid, Projector, Window};

/// How a cell gets its value from the cells of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resample {
    /// The source cell under the centre.
    Nearest,
    /// The value with the largest share under the cell; the lowest of equals. For classes.
    Mode,
    /// Between the centres of the four nearest source cells; in the outer half of an edge cell,
    /// that cell counts for the one beyond.
    Bilinear,
    /// The mean of what lies under the cell, weighted by area.
    Average,
    /// The total of what lies under the cell: each source cell's amount is shared out in
    /// proportion to area, so totals are conserved. For amounts per cell.
    Sum,
}

impl Resample {
    /// How many source cells beyond the window it may read: the margin for
    /// [`CellMap::source_window`].
    pub fn margin(self) -> usize {
        usize::from(self == Resample::Bilinear)
    }
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

impl SourceBlock<'_> {
    fn at(&self, column: usize, row: usize) -> f64 {
        self.values[self.window.index(column, row)]
    }
}

/// Cells may be off by so much of a cell and still count as aligned, or inside: rounding.
const HAIR: f64 = 1e-6;
/// A centre this near to the next cell is in it, so that noise of a projection makes no pattern.
const NUDGE: f64 = 1e-9;

/// Where the cells of a destination window lie in a source grid; made once and used for every
/// layer of that grid. Centres and corners are mapped when first needed.
pub struct CellMap<'a> {
    destination: &'a Grid,
    window: Window,
    source: &'a Grid,
    projector: &'a Projector,
    /// Source cell less destination cell, where the grids differ by whole cells only.
    shift: Option<(i64, i64)>,
    centres: OnceLock<Vec<(f64, f64)>>,
    corners: OnceLock<Vec<(f64, f64)>>,
}

impl<'a> CellMap<'a> {
    /// Plans the map; `projector` goes from the destination's reference system to the source's.
    pub fn new(destination: &'a Grid, window: Window, source: &'a Grid, projector: &'a Projector) -> Self {
        let shift = if projector.is_identity() { shift(destination, source) } else { None };
        Self { destination, window, source, projector, shift, centres: OnceLock::new(), corners: OnceLock::new() }
    }

    /// True when cells are only copied.
    pub fn is_copy(&self) -> bool {
        self.shift.is_some()
    }

    /// The source cells needed for the window, with `margin` more on every side (see
    /// [`Resample::margin`]); `None` when the window lies outside the source.
    pub fn source_window(&self, margin: usize) -> Option<Window> {
        let w = &self.window;
        if let Some((column, row)) = self.shift {
            let at = |from: usize, shift: i64| (from as i64 + shift) as f64;
            let touched = self.source.window_between(at(w.column, column), at(w.row, row), at(w.column_end(), column), at(w.row_end(), row))?;
            return Some(touched.grown(margin, self.source));
        }
        let bounds = if self.projector.is_identity() {
            let corners = [(w.column, w.row), (w.column_end(), w.row_end())];
            Bounds::around(corners.map(|(c, r)| self.source.place(self.destination.x_edge(c), self.destination.y_edge(r))))?
        } else {
            // the outline of an image is the image of the outline, unless part of it is unreachable
            let sides = (w.column..=w.column_end()).flat_map(|c| [(c, w.row), (c, w.row_end())]);
            let sides = sides.chain((w.row..=w.row_end()).flat_map(|r| [(w.column, r), (w.column_end(), r)]));
            let outline: Vec<(f64, f64)> = sides.map(|(c, r)| self.placed((self.destination.x_edge(c), self.destination.y_edge(r)))).collect();
            let whole = outline.iter().all(|p| p.0.is_finite());
            let found = Bounds::around(if whole { outline } else { self.corners().to_vec() })?;
            // the outline bends between corners by far less than a destination cell
            let bend = (found.east - found.west) / w.columns as f64 + (found.north - found.south) / w.rows as f64;
            Bounds { west: found.west - bend, south: found.south - bend, east: found.east + bend, north: found.north + bend }
        };
        let touched = self.source.window_between(bounds.west - HAIR, bounds.south - HAIR, bounds.east + HAIR, bounds.north + HAIR)?;
        Some(touched.grown(margin, self.source))
    }

    /// The window's cells, row by row, NaN where the source says nothing.
    ///
    /// # Panics
    /// If the block is of another grid, has another size than its window, or lacks cells that
    /// [`CellMap::source_window`] asked for. Those are our bugs and not the user's.
    pub fn resample(&self, method: Resample, source: &SourceBlock<'_>) -> Vec<f64> {
        assert_eq!(source.grid, self.source, "the block is of another grid");
        assert_eq!(source.values.len(), source.window.cells(), "the block has another size than its window");
        if let Some(shift) = self.shift {
            return self.copied(shift, source);
        }
        match method {
            Resample::Nearest => self.centres().iter().map(|place| nearest(*place, source)).collect(),
            Resample::Bilinear => self.centres().iter().map(|place| bilinear(*place, source)).collect(),
            Resample::Mode => self.footprints(|cells| mode(cells, source)),
            Resample::Average => self.footprints(|cells| average(cells, source)),
            Resample::Sum => self.footprints(|cells| total(cells, source)),
        }
    }

    fn copied(&self, shift: (i64, i64), source: &SourceBlock<'_>) -> Vec<f64> {
        let inside = |at: i64, count: usize| usize::try_from(at).ok().filter(|n| *n < count);
        let value = |(column, row): (usize, usize)| {
            let column = inside(column as i64 + shift.0, self.source.columns)?;
            let row = inside(row as i64 + shift.1, self.source.rows)?;
            Some(source.at(column, row))
        };
        self.window.places().map(|place| value(place).unwrap_or(f64::NAN)).collect()
    }

    /// A destination point in units of source cells; NaN when it cannot be mapped.
    fn placed(&self, point: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.projector.map_one(point);
        self.source.place(x, y)
    }

    fn centres(&self) -> &[(f64, f64)] {
        self.centres.get_or_init(|| self.destination.centres(&self.window).into_iter().map(|p| self.placed(p)).collect())
    }

    fn corners(&self) -> &[(f64, f64)] {
        self.corners.get_or_init(|| self.destination.corners(&self.window).into_iter().map(|p| self.placed(p)).collect())
    }

    /// Finds the source cells under each cell, as column, row and covered area in the tracer's
    /// units, by row and column, and asks what to make of them.
    fn footprints(&self, mut value: impl FnMut(&[(usize, usize, i128)]) -> f64) -> Vec<f64> {
        let corners: Vec<Option<trace::Snapped>> = self.corners().iter().map(|p| trace::snapped(*p)).collect();
        let line = self.window.columns + 1;
        let mut tracer = Tracer::new(self.source.columns, self.source.rows);
        let mut under = Vec::new();
        let mut values = Vec::with_capacity(self.window.cells());
        for row in 0..self.window.rows {
            for column in 0..self.window.columns {
                let upper = row * line + column;
                let lower = upper + line;
                let (Some(a), Some(b), Some(c), Some(d)) = (corners[upper], corners[lower], corners[lower + 1], corners[upper + 1]) else {
                    values.push(f64::NAN);
                    continue;
                };
                tracer.ring(&[a, b, c, d], false);
                under.clear();
                tracer.gather(|row, start, end, covered| under.extend((start..end).map(|column| (column as usize, row as usize, covered))));
                values.push(value(&under));
            }
        }
        values
    }
}

/// The shift in whole cells between two grids in one reference system, if that is all there is
/// between them.
fn shift(destination: &Grid, source: &Grid) -> Option<(i64, i64)> {
    let (x, y) = source.place(destination.x0, destination.y0);
    let (right, bottom) = source.place(destination.x_edge(destination.columns), destination.y_edge(destination.rows));
    let (column, row) = (x.round(), y.round());
    let off = [x - column, y - row, right - column - destination.columns as f64, bottom - row - destination.rows as f64];
    off.iter().all(|o| o.abs() < HAIR).then_some((column as i64, row as i64))
}

fn nearest((x, y): (f64, f64), source: &SourceBlock<'_>) -> f64 {
    let (column, row) = ((x + NUDGE).floor(), (y + NUDGE).floor());
    let inside = column >= 0.0 && row >= 0.0 && column < source.grid.columns as f64 && row < source.grid.rows as f64;
    if inside { source.at(column as usize, row as usize) } else { f64::NAN }
}

fn bilinear((x, y): (f64, f64), source: &SourceBlock<'_>) -> f64 {
    let (columns, rows) = (source.grid.columns as f64, source.grid.rows as f64);
    let inside = x >= -NUDGE && y >= -NUDGE && x <= columns + NUDGE && y <= rows + NUDGE;
    if !inside {
        return f64::NAN;
    }
    // the outer half of an edge cell is taken to its centre
    let (u, v) = ((x - 0.5).clamp(0.0, columns - 1.0), (y - 0.5).clamp(0.0, rows - 1.0));
    let (column, row) = (u.floor(), v.floor());
    let (s, t) = (u - column, v - row);
    let (column, row) = (column as usize, row as usize);
    let (right, below) = (if s > 0.0 { column + 1 } else { column }, if t > 0.0 { row + 1 } else { row });
    let [a, b, c, d] = [(column, row), (right, row), (column, below), (right, below)].map(|(c, r)| source.at(c, r));
    if ![a, b, c, d].iter().any(|n| n.is_nan()) {
        let (upper, lower) = (a + s * (b - a), c + s * (d - c));
        return upper + t * (lower - upper);
    }
    let (mut weight, mut sum) = (0.0, 0.0);
    for (value, share) in [(a, (1.0 - s) * (1.0 - t)), (b, s * (1.0 - t)), (c, (1.0 - s) * t), (d, s * t)] {
        if !value.is_nan() {
            weight += share;
            sum += share * value;
        }
    }
    if weight >= 0.5 { sum / weight } else { f64::NAN }
}

/// The cells with a value among those under a footprint: value and covered area.
fn valid<'a>(cells: &'a [(usize, usize, i128)], source: &'a SourceBlock<'_>) -> impl Iterator<Item = (f64, i128)> + 'a {
    cells.iter().map(|(column, row, covered)| (source.at(*column, *row), *covered)).filter(|(value, covered)| !value.is_nan() && *covered > 0)
}

fn mode(cells: &[(usize, usize, i128)], source: &SourceBlock<'_>) -> f64 {
    let mut found: Vec<(f64, i128)> = Vec::new();
    for (value, covered) in valid(cells, source) {
        match found.iter_mut().find(|(known, _)| *known == value) {
            Some((_, area)) => *area += covered,
            None => found.push((value, covered)),
        }
    }
    let better = |best: (f64, i128), next: (f64, i128)| if next.1 > best.1 || (next.1 == best.1 && next.0 < best.0) { next } else { best };
    found.into_iter().reduce(better).map_or(f64::NAN, |(value, _)| value)
}

fn average(cells: &[(usize, usize, i128)], source: &SourceBlock<'_>) -> f64 {
    let Some((base, _)) = valid(cells, source).next() else { return f64::NAN };
    // from the first value, so that equal values stay what they are
    let (mut weight, mut sum) = (0.0, 0.0);
    for (value, covered) in valid(cells, source) {
        let share = trace::share(covered);
        weight += share;
        sum += share * (value - base);
    }
    base + sum / weight
}

fn total(cells: &[(usize, usize, i128)], source: &SourceBlock<'_>) -> f64 {
    valid(cells, source).map(|(value, covered)| value * trace::share(covered)).reduce(|a, b| a + b).unwrap_or(f64::NAN)
}

/// [`CellMap::source_window`] for a single use.
pub fn source_window(destination: &Grid, window: &Window, source: &Grid, projector: &Projector, margin: usize) -> Option<Window> {
    CellMap::new(destination, *window, source, projector).source_window(margin)
}

/// [`CellMap::resample`] for a single use.
///
/// # Panics
/// As [`CellMap::resample`].
pub fn resample(method: Resample, source: &SourceBlock<'_>, destination: &Grid, window: &Window, projector: &Projector) -> Vec<f64> {
    CellMap::new(destination, *window, source.grid, projector).resample(method, source)
}
