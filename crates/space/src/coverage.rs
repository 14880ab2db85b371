//! The exact share of every cell that a shape covers.

use geo::{LineString, MultiPolygon};
use liangshan_vocab::{Problem, words};

use crate::trace::{self, Snapped, Tracer};
use crate::{Grid, Window};

/// Which cells a shape covers, and how much of each. Cells alike along a row are kept as one run,
/// so the inside of a shape costs nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    /// By row, then column; runs do not overlap.
    runs: Vec<Run>,
}

/// Cells `start..end` of a row, each covered to the same share in `0..=1`, not 0.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    row: u32,
    start: u32,
    end: u32,
    share: f64,
}

/// A share may miss `0..=1` by this much, from snapping or a vertex that is off by a hair, and is
/// then taken as 0 or 1. Beyond it the shape is refused.
const HAIR: f64 = 1e-6;

impl Coverage {
    /// The share of each cell of a grid that a shape in the grid's reference system covers. Edges
    /// are straight in that system. Parts of the shape outside the grid are left out. Points are
    /// snapped to 2⁻³⁸ of a cell; shapes that divide a cell between them share it out exactly.
    ///
    /// # Errors
    /// - `coverage.not_finite`: a coordinate is NaN or infinite.
    /// - `coverage.too_far`: a vertex is more than 2²³ cells from the grid's corner.
    /// - `coverage.crossing`: the shape crosses or overlaps itself, so that some cell would be
    ///   covered twice or less than not at all. [`crate::shape::faults`] says where.
    pub fn of(shape: &MultiPolygon, grid: &Grid) -> Result<Self, Problem> {
        let mut tracer = Tracer::new(grid.columns, grid.rows);
        for polygon in shape {
            tracer.ring(&snapped_ring(polygon.exterior(), grid)?, false);
            for hole in polygon.interiors() {
                tracer.ring(&snapped_ring(hole, grid)?, true);
            }
        }
        let mut runs: Vec<Run> = Vec::new();
        let mut crossed: Option<(u32, u32)> = None;
        tracer.gather(|row, start, end, covered| {
            let share = trace::share(covered);
            if !(-HAIR..=1.0 + HAIR).contains(&share) {
                crossed.get_or_insert((start, row));
            }
            if share <= 0.0 {
                return;
            }
            let share = share.min(1.0);
            match runs.last_mut() {
                Some(last) if last.row == row && last.end == start && last.share == share => last.end = end,
                _ => runs.push(Run { row, start, end, share }),
            }
        });
        match crossed {
            None => Ok(Self { runs }),
            Some((column, row)) => {
                let (x, y) = grid.centre(column as usize, row as usize);
                Err(Problem::error("coverage.crossing", words!("图形自相交或自重叠", "the shape crosses or overlaps itself"))
                    .key(format!("{x}, {y}"))
                    .expect(words!("各环不自交、各部分不重叠的面", "rings that do not cross and parts that do not overlap"))
                    .fix(words!("在该位置附近修正边界", "mend the boundary near that place")))
            }
        }
    }

    /// Whole cells whose centre lies inside the shape, by the even-odd rule: the rule of most
    /// raster programs. A centre exactly on an edge counts to the cell's left or upper neighbour.
    ///
    /// # Errors
    /// `coverage.not_finite`.
    pub fn of_centres(shape: &MultiPolygon, grid: &Grid) -> Result<Self, Problem> {
        let mut turns: Vec<(u32, u32)> = Vec::new();
        let rings = shape.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        for line in rings.flat_map(LineString::lines) {
            let (a, b) = (grid.place(line.start.x, line.start.y), grid.place(line.end.x, line.end.y));
            if ![a.0, a.1, b.0, b.1].iter().all(|n| n.is_finite()) {
                return Err(not_finite());
            }
            let (upper, lower) = if a.1 <= b.1 { (a, b) } else { (b, a) };
            let first = (upper.1 - 0.5).ceil().max(0.0);
            let end = (lower.1 - 0.5).ceil().min(grid.rows as f64);
            let mut row = first;
            while row < end {
                let x = upper.0 + (lower.0 - upper.0) * ((row + 0.5 - upper.1) / (lower.1 - upper.1));
                turns.push((row as u32, (x - 0.5).ceil().clamp(0.0, grid.columns as f64) as u32));
                row += 1.0;
            }
        }
        turns.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        for pair in turns.chunks_exact(2) {
            let [(row, start), (other, end)] = [pair[0], pair[1]];
            assert_eq!(row, other, "a closed ring crosses a line an even number of times");
            match runs.last_mut() {
                Some(last) if last.row == row && last.end == start => last.end = end,
                _ if start < end => runs.push(Run { row, start, end, share: 1.0 }),
                _ => {}
            }
        }
        Ok(Self { runs })
    }

    /// Covered cells of a window: index in the window's slice and share in `0..=1`, by index.
    ///
    /// # Panics
    /// If the window has 2³² cells or more.
    pub fn in_window(&self, window: &Window) -> Vec<(u32, f64)> {
        assert!(u32::try_from(window.cells()).is_ok(), "a window has fewer than 2^32 cells");
        let mut cells = Vec::new();
        let first = self.runs.partition_point(|run| (run.row as usize) < window.row);
        for run in &self.runs[first..] {
            let row = run.row as usize;
            if row >= window.row_end() {
                break;
            }
            let start = (run.start as usize).max(window.column);
            let end = (run.end as usize).min(window.column_end());
            let base = (row - window.row) * window.columns;
            cells.extend((start..end).map(|column| ((base + column - window.column) as u32, run.share)));
        }
        cells
    }

    /// True when a cell is touched.
    pub fn has(&self, column: usize, row: usize) -> bool {
        let at = self.runs.partition_point(|run| (run.row as usize, run.end as usize) <= (row, column));
        self.runs.get(at).is_some_and(|run| run.row as usize == row && run.start as usize <= column)
    }

    /// How many cells are touched.
    pub fn cells(&self) -> usize {
        self.runs.iter().map(|run| (run.end - run.start) as usize).sum()
    }

    /// The sum of the shares: the plane area in cells.
    pub fn shares(&self) -> f64 {
        self.runs.iter().map(|run| f64::from(run.end - run.start) * run.share).sum()
    }

    /// The smallest window around the touched cells; `None` when there are none.
    pub fn bounds(&self) -> Option<Window> {
        let (first, last) = (self.runs.first()?, self.runs.last()?);
        let start = self.runs.iter().map(|run| run.start).min()? as usize;
        let end = self.runs.iter().map(|run| run.end).max()? as usize;
        Some(Window { column: start, row: first.row as usize, columns: end - start, rows: (last.row + 1 - first.row) as usize })
    }
}

fn not_finite() -> Problem {
    Problem::error("coverage.not_finite", words!("图形中有无效坐标", "the shape has a coordinate that is not a number"))
        .expect(words!("每个坐标均为有限数", "finite coordinates only"))
        .fix(words!("检查坐标系是否正确，或修正该图形", "check the reference system, or mend the shape"))
}

fn snapped_ring(ring: &LineString, grid: &Grid) -> Result<Vec<Snapped>, Problem> {
    ring.0
        .iter()
        .map(|c| {
            let place = grid.place(c.x, c.y);
            trace::snapped(place).ok_or_else(|| {
                if !(place.0.is_finite() && place.1.is_finite()) {
                    return not_finite();
                }
                Problem::error("coverage.too_far", words!("图形离格网太远", "the shape reaches too far from the grid"))
                    .key(format!("{}, {}", c.x, c.y))
                    .expect(words!("距格网左上角不超过 {} 个像元", "within {} cells of the grid's upper-left corner", 1_u32 << 23))
                    .fix(words!("检查坐标系是否正确", "check the reference system"))
            })
        })
        .collect()
}
