//! A resistance surface on a grid.

use liangshan_vocab::{Problem, words};

/// Which cells are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbours {
    /// Those that share a side.
    Four,
    /// Those that share a side or a corner.
    Eight,
}

impl Neighbours {
    /// Steps in rows and columns, row by row from the upper left.
    fn steps(self) -> &'static [(isize, isize)] {
        match self {
            Neighbours::Four => &[(-1, 0), (0, -1), (0, 1), (1, 0)],
            Neighbours::Eight => &[(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)],
        }
    }
}

/// Resistances of cells, row by row; NaN is a barrier that nothing crosses.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    cells: Vec<f64>,
    columns: usize,
    neighbours: Neighbours,
}

impl Surface {
    /// A surface from its cells, row by row.
    ///
    /// # Errors
    /// `resistance.shape` when rows do not fill up or there is no cell; `resistance.value` for a
    /// resistance that is not above zero, with the position of the first and how many.
    pub fn new(cells: Vec<f64>, columns: usize, neighbours: Neighbours) -> Result<Self, Problem> {
        if columns == 0 || cells.is_empty() || !cells.len().is_multiple_of(columns) {
            return Err(Problem::error(
                "resistance.shape",
                words!("{} 个格网不能排成每行 {columns} 个", "{} cells do not make rows of {columns}", cells.len()),
            )
            .key("R")
            .expect(words!("各行等长的矩阵", "rows of equal length")));
        }
        let bad = |r: &f64| *r <= 0.0 || r.is_infinite();
        if let Some(first) = cells.iter().position(bad) {
            let (row, column, value) = (first / columns, first % columns, cells[first]);
            return Err(Problem::error(
                "resistance.value",
                words!("格网 [{row}, {column}] 的阻力为 {value}", "the cell [{row}, {column}] has the resistance {value}"),
            )
            .key(format!("R[{row}][{column}]"))
            .cells(cells.iter().filter(|r| bad(r)).count() as u64)
            .expect(words!("大于 0 的阻力；不可通过的格网为缺测", "a resistance above zero; a barrier is a missing cell")));
        }
        Ok(Self { cells, columns, neighbours })
    }

    /// How many cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Never: a surface has a cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// True where nothing crosses.
    pub fn is_barrier(&self, at: usize) -> bool {
        self.cells[at].is_nan()
    }

    /// The number of a cell by row and column.
    ///
    /// # Errors
    /// `resistance.outside`; `resistance.barrier`.
    pub fn cell(&self, row: usize, column: usize) -> Result<usize, Problem> {
        let at = row.checked_mul(self.columns).and_then(|at| at.checked_add(column)).filter(|at| column < self.columns && *at < self.cells.len());
        let place = format!("[{row}, {column}]");
        let at = at.ok_or_else(|| {
            let rows = self.cells.len() / self.columns;
            Problem::error("resistance.outside", words!("格网 {place} 不在阻力面内", "the cell {place} is not on the surface"))
                .key(place.as_str())
                .expect(words!("{rows} 行、{} 列以内，从 0 数起", "within {rows} rows and {} columns, counted from 0", self.columns))
        })?;
        if self.is_barrier(at) {
            return Err(Problem::error("resistance.barrier", words!("格网 {place} 是不可通过的格网", "the cell {place} is a barrier"))
                .key(place)
                .expect(words!("有阻力值的格网", "a cell with a resistance")));
        }
        Ok(at)
    }

    /// Neighbours of a cell that are no barriers, row by row, with `(R_a + R_b)/2 · d`, d being 1 or √2
    /// cells.
    pub fn around(&self, at: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (row, column) = (at / self.columns, at % self.columns);
        self.neighbours.steps().iter().filter_map(move |(down, right)| {
            let row = row.checked_add_signed(*down)?;
            let column = column.checked_add_signed(*right).filter(|c| *c < self.columns)?;
            let other = row * self.columns + column;
            let resistance = (self.cells.get(other).copied()? + self.cells[at]) / 2.0;
            let length = if down * right == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
            (!resistance.is_nan()).then_some((other, resistance * length))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand.
    #[test]
    fn neighbours_end_at_the_edge_and_at_barriers() {
        let surface = Surface::new(vec![1.0, 3.0, f64::NAN, 5.0, 1.0, 1.0], 3, Neighbours::Eight).unwrap();
        let around: Vec<(usize, f64)> = surface.around(0).collect();
        assert_eq!(around, [(1, 2.0), (3, 3.0), (4, std::f64::consts::SQRT_2)]);
        assert_eq!(surface.cell(0, 2).unwrap_err().code, "resistance.barrier");
        for outside in [(2, 0), (0, 3), (usize::MAX, 1)] {
            assert_eq!(surface.cell(outside.0, outside.1).unwrap_err().code, "resistance.outside");
        }
    }

    #[test]
    fn a_resistance_is_above_zero() {
        for bad in [0.0, -1.0, f64::INFINITY] {
            assert_eq!(Surface::new(vec![1.0, bad], 2, Neighbours::Four).unwrap_err().code, "resistance.value");
        }
        assert_eq!(Surface::new(vec![1.0, 1.0, 1.0], 2, Neighbours::Four).unwrap_err().code, "resistance.shape");
        assert_eq!(Surface::new(vec![], 0, Neighbours::Four).unwrap_err().code, "resistance.shape");
    }
}
