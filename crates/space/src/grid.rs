//! A grid of equal cells in a reference system, and rectangular windows of it.

use liangshan_vocab::{Problem, words};

use crate::Crs;

/// A grid has fewer rows and columns than this.
pub(crate) const MOST: usize = 1 << 23;

/// Cells `dx` wide and `dy` high in `crs`. `(x0, y0)` is the upper-left corner of the upper-left
/// cell; columns go to the right, rows go down, and cells are stored row by row. There are fewer
/// than 2²³ rows and columns; [`Grid::from_transform`] checks what comes from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The reference system; degrees when it is geographic, metres otherwise.
    pub crs: Crs,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub y0: f64,
    /// Width of a cell, positive.
    pub dx: f64,
    /// Height of a cell, positive although rows go down.
    pub dy: f64,
    /// Cells in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

/// A rectangle of cells of some grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// First column.
    pub column: usize,
    /// First row.
    pub row: usize,
    /// How many columns.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
}

/// A rectangle of coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least x.
    pub west: f64,
    /// Least y.
    pub south: f64,
    /// Greatest x.
    pub east: f64,
    /// Greatest y.
    pub north: f64,
}

impl Bounds {
    /// The smallest rectangle around the finite points; `None` when there is none.
    pub fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).fold(None, |found: Option<Self>, (x, y)| {
            let b = found.unwrap_or(Self { west: x, south: y, east: x, north: y });
            Some(Self { west: b.west.min(x), south: b.south.min(y), east: b.east.max(x), north: b.north.max(y) })
        })
    }

    /// True when the two share a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// The rectangle around both.
    #[must_use]
    pub fn around_both(&self, other: &Self) -> Self {
        let (west, south) = (self.west.min(other.west), self.south.min(other.south));
        Self { west, south, east: self.east.max(other.east), north: self.north.max(other.north) }
    }
}

impl Grid {
    /// Takes the six numbers of a raster file, in GDAL's order: x of the upper-left corner, x per
    /// column, x per row, y of the upper-left corner, y per column, y per row.
    ///
    /// # Errors
    /// `raster.rotated` when rows or columns do not run along the axes, `raster.south_up` when
    /// rows run north, `raster.no_cells` when a size is zero or a number is not finite,
    /// `raster.too_large` from 2²³ rows or columns on.
    pub fn from_transform(crs: Crs, transform: [f64; 6], columns: usize, rows: usize) -> Result<Self, Problem> {
        let [x0, dx, x_per_row, y0, y_per_column, dy] = transform;
        if transform.iter().any(|n| !n.is_finite()) || dx == 0.0 || dy == 0.0 || columns == 0 || rows == 0 {
            return Err(Problem::error("raster.no_cells", words!("栅格的大小或位置无效", "the raster's size or position is not usable"))
                .key(format!("{columns} × {rows}, {transform:?}"))
                .expect(words!("行数、列数至少为 1，像元大小不为 0", "at least one row and one column, and cells of a size other than 0")));
        }
        if columns >= MOST || rows >= MOST {
            return Err(Problem::error("raster.too_large", words!("栅格的行数或列数过多", "the raster has too many rows or columns"))
                .key(format!("{columns} × {rows}"))
                .expect(words!("行数、列数均小于 {MOST}", "fewer than {MOST} rows and columns"))
                .fix(words!("先裁剪或分幅", "cut it into sheets first")));
        }
        // a turn that moves no corner by a thousandth of a cell is rounding, not a rotation
        if (x_per_row * rows as f64).abs() > 1e-3 * dx.abs() || (y_per_column * columns as f64).abs() > 1e-3 * dy.abs() {
            return Err(Problem::error("raster.rotated", words!("栅格是旋转或倾斜的", "the raster is rotated or skewed"))
                .key(format!("{transform:?}"))
                .expect(words!("行沿东西向、列沿南北向的栅格", "rows along x and columns along y"))
                .fix(words!("先用 gdalwarp 之类的工具将其转正", "warp it to an upright grid first, for example with gdalwarp")));
        }
        if dy > 0.0 || dx < 0.0 {
            return Err(Problem::error(
                "raster.south_up",
                words!("栅格的行自南向北或列自东向西排列", "the raster's rows run from south to north or its columns from east to west"),
            )
            .key(format!("{transform:?}"))
            .expect(words!("左上角为起点、行自北向南", "an upper-left origin with rows from north to south"))
            .fix(words!("先翻转为北向上的栅格", "flip it to a north-up raster first")));
        }
        Ok(Self { crs, x0, y0, dx, dy: -dy, columns, rows })
    }

    /// The six numbers of [`Grid::from_transform`].
    pub fn transform(&self) -> [f64; 6] {
        [self.x0, self.dx, 0.0, self.y0, 0.0, -self.dy]
    }

    /// How many cells.
    pub fn cells(&self) -> usize {
        self.columns * self.rows
    }

    /// The whole grid as one window.
    pub fn whole(&self) -> Window {
        Window { column: 0, row: 0, columns: self.columns, rows: self.rows }
    }

    /// x of a column's left edge; `columns` gives the right edge of the grid.
    pub fn x_edge(&self, column: usize) -> f64 {
        self.x0 + column as f64 * self.dx
    }

    /// y of a row's upper edge; `rows` gives the lower edge of the grid.
    pub fn y_edge(&self, row: usize) -> f64 {
        self.y0 - row as f64 * self.dy
    }

    /// The centre of a cell.
    pub fn centre(&self, column: usize, row: usize) -> (f64, f64) {
        (self.x0 + (column as f64 + 0.5) * self.dx, self.y0 - (row as f64 + 0.5) * self.dy)
    }

    /// Where a point lies in units of cells from the upper-left corner: column to the right, row
    /// down. Cell `(c, r)` spans `c..c+1` and `r..r+1`.
    pub fn place(&self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.x0) / self.dx, (self.y0 - y) / self.dy)
    }

    /// The centres of a window's cells, row by row.
    pub fn centres(&self, window: &Window) -> Vec<(f64, f64)> {
        window.places().map(|(column, row)| self.centre(column, row)).collect()
    }

    /// The corners of a window's cells, each once: `(columns + 1) · (rows + 1)` of them, row by
    /// row.
    pub fn corners(&self, window: &Window) -> Vec<(f64, f64)> {
        let lines = Window { columns: window.columns + 1, rows: window.rows + 1, ..*window };
        lines.places().map(|(column, row)| (self.x_edge(column), self.y_edge(row))).collect()
    }

    /// The rectangle the whole grid covers.
    pub fn bounds(&self) -> Bounds {
        self.bounds_of(&self.whole())
    }

    /// The rectangle a window covers.
    pub fn bounds_of(&self, window: &Window) -> Bounds {
        Bounds {
            west: self.x_edge(window.column),
            south: self.y_edge(window.row + window.rows),
            east: self.x_edge(window.column + window.columns),
            north: self.y_edge(window.row),
        }
    }

    /// The cells a rectangle touches; `None` when it lies outside or is not finite.
    pub fn window_over(&self, bounds: &Bounds) -> Option<Window> {
        let (left, top) = self.place(bounds.west, bounds.north);
        let (right, bottom) = self.place(bounds.east, bounds.south);
        self.window_between(left, top, right, bottom)
    }

    /// The cells between four edges given in units of cells, cut to the grid.
    pub(crate) fn window_between(&self, left: f64, top: f64, right: f64, bottom: f64) -> Option<Window> {
        let span = |low: f64, high: f64, count: usize| {
            let first = low.floor().max(0.0);
            let last = high.ceil().min(count as f64);
            (first < last).then(|| (first as usize, last as usize - first as usize))
        };
        let (column, columns) = span(left, right, self.columns)?;
        let (row, rows) = span(top, bottom, self.rows)?;
        Some(Window { column, row, columns, rows })
    }

    /// Square blocks of `tile` cells covering the grid, row by row; those at the right and lower
    /// edge may be smaller.
    ///
    /// # Panics
    /// If `tile` is zero.
    pub fn blocks(&self, tile: usize) -> Vec<Window> {
        assert!(tile > 0, "a block has at least one cell");
        let mut blocks = Vec::new();
        for row in (0..self.rows).step_by(tile) {
            for column in (0..self.columns).step_by(tile) {
                blocks.push(Window { column, row, columns: tile.min(self.columns - column), rows: tile.min(self.rows - row) });
            }
        }
        blocks
    }
}

impl Window {
    /// How many cells.
    pub fn cells(&self) -> usize {
        self.columns * self.rows
    }

    /// The column behind the last.
    pub fn column_end(&self) -> usize {
        self.column + self.columns
    }

    /// The row behind the last.
    pub fn row_end(&self) -> usize {
        self.row + self.rows
    }

    /// The window with so many more cells on every side, cut to the grid.
    #[must_use]
    pub fn grown(&self, halo: usize, grid: &Grid) -> Self {
        let (column, row) = (self.column.saturating_sub(halo), self.row.saturating_sub(halo));
        let columns = (self.column_end() + halo).min(grid.columns).saturating_sub(column);
        let rows = (self.row_end() + halo).min(grid.rows).saturating_sub(row);
        Self { column, row, columns, rows }
    }

    /// The cells two windows share.
    pub fn shared(&self, other: &Self) -> Option<Self> {
        let (column, row) = (self.column.max(other.column), self.row.max(other.row));
        let (column_end, row_end) = (self.column_end().min(other.column_end()), self.row_end().min(other.row_end()));
        (column < column_end && row < row_end).then(|| Self { column, row, columns: column_end - column, rows: row_end - row })
    }

    /// True when it has the cell.
    pub fn has(&self, column: usize, row: usize) -> bool {
        self.column <= column && column < self.column_end() && self.row <= row && row < self.row_end()
    }

    /// The index of a cell in the window's slice.
    ///
    /// # Panics
    /// If the cell is outside, which is our bug and not the user's.
    pub fn index(&self, column: usize, row: usize) -> usize {
        assert!(self.has(column, row), "cell ({column}, {row}) is outside {self:?}");
        (row - self.row) * self.columns + (column - self.column)
    }

    /// Column and row of each cell in the grid, row by row.
    pub fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Self { column, row, columns, rows } = *self;
        (row..row + rows).flat_map(move |r| (column..column + columns).map(move |c| (c, r)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid { crs: Crs::parse("4549").unwrap(), x0: 500_000.0, y0: 3_200_000.0, dx: 30.0, dy: 20.0, columns: 10, rows: 7 }
    }

    #[test]
    fn blocks_cover_every_cell_once_and_grow_within_the_grid() {
        let grid = grid();
        let blocks = grid.blocks(4);
        assert_eq!(blocks.len(), 6); // by hand: 3 across, 2 down
        assert_eq!(blocks[2], Window { column: 8, row: 0, columns: 2, rows: 4 });
        let mut seen = vec![0; grid.cells()];
        for (column, row) in blocks.iter().flat_map(Window::places) {
            seen[grid.whole().index(column, row)] += 1;
        }
        assert!(seen.iter().all(|n| *n == 1));
        assert_eq!(blocks[0].grown(3, &grid), Window { column: 0, row: 0, columns: 7, rows: 7 });
        assert_eq!(blocks[5].grown(1, &grid), Window { column: 7, row: 3, columns: 3, rows: 4 });
        assert_eq!(blocks[0].shared(&blocks[0].grown(1, &grid)), Some(blocks[0]));
        assert_eq!(blocks[0].shared(&blocks[1]), None);
    }

    #[test]
    fn centres_corners_and_places_agree() {
        // by hand: cell (2, 1) is 30 m wide from 500 060 and 20 m high from 3 199 980 down
        let grid = grid();
        assert_eq!(grid.centre(2, 1), (500_075.0, 3_199_970.0));
        assert_eq!(grid.place(500_075.0, 3_199_970.0), (2.5, 1.5));
        let one = Window { column: 2, row: 1, columns: 1, rows: 1 };
        assert_eq!(grid.corners(&one), [(500_060.0, 3_199_980.0), (500_090.0, 3_199_980.0), (500_060.0, 3_199_960.0), (500_090.0, 3_199_960.0)]);
        assert_eq!(grid.window_over(&grid.bounds_of(&one)), Some(one));
        assert_eq!(grid.window_over(&Bounds { west: 0.0, south: 0.0, east: 1.0, north: 1.0 }), None);
        assert_eq!(grid.window_over(&Bounds { west: f64::NAN, south: 0.0, east: 1.0, north: 1.0 }), None);
        assert_eq!(grid.window_over(&Bounds { west: 0.0, south: 0.0, east: 1e9, north: 1e9 }), Some(grid.whole()));
    }

    #[test]
    fn only_upright_north_up_rasters_are_taken() {
        let of = |t: [f64; 6]| Grid::from_transform(Crs::parse("4326").unwrap(), t, 4, 3);
        let good = of([118.0, 0.5, 0.0, 30.0, 0.0, -0.25]).unwrap();
        assert_eq!((good.dx, good.dy, good.y_edge(3)), (0.5, 0.25, 29.25));
        assert_eq!(good.transform(), [118.0, 0.5, 0.0, 30.0, 0.0, -0.25]);
        let huge = Grid::from_transform(Crs::wgs84(), good.transform(), 4, MOST).unwrap_err();
        assert_eq!(huge.code, "raster.too_large");
        let code = |t| of(t).unwrap_err().code;
        assert_eq!(code([118.0, 0.5, 0.1, 30.0, 0.0, -0.25]), "raster.rotated");
        assert_eq!(code([118.0, 0.5, 0.0, 30.0, 0.0, 0.25]), "raster.south_up");
        assert_eq!(code([118.0, 0.0, 0.0, 30.0, 0.0, -0.25]), "raster.no_cells");
        assert_eq!(code([f64::NAN, 0.5, 0.0, 30.0, 0.0, -0.25]), "raster.no_cells");
    }
}
