//! Cell areas of blocks, computed once: every pass over a region asks for the same ones, and the
//! exact projection of a cell's corners is the dearest thing the engine does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use liangshan_space::{Grid, Window, cell_areas_m2};
use liangshan_vocab::Problem;

/// Cells whose areas are kept: 64 MB. A region with more computes the rest anew in each pass.
const MOST_CELLS: usize = 8_000_000;

/// Areas by block.
#[derive(Default)]
pub struct Areas {
    kept: Mutex<Kept>,
}

/// A block and its areas.
type Block = (Window, Arc<Vec<f64>>);

/// Blocks by their first cell, and how many cells they have.
#[derive(Default)]
struct Kept {
    cells: usize,
    blocks: BTreeMap<(usize, usize), Block>,
}

impl Areas {
    /// Areas on the ellipsoid of a window's cells, m², row by row.
    ///
    /// # Errors
    /// Those of [`cell_areas_m2`].
    pub fn of(&self, grid: &Grid, window: &Window) -> Result<Arc<Vec<f64>>, Problem> {
        let key = (window.row, window.column);
        if let Some((of, areas)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).blocks.get(&key)
            && of == window
        {
            return Ok(Arc::clone(areas));
        }
        let areas = Arc::new(cell_areas_m2(grid, window)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.cells + areas.len() <= MOST_CELLS {
            kept.cells += areas.len();
            kept.blocks.insert(key, (*window, Arc::clone(&areas)));
        }
        Ok(areas)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_space::Crs;

    #[test]
    fn kept_areas_are_the_computed_ones() {
        let grid = Grid { crs: Crs::parse("EPSG:4549").unwrap(), x0: 302_500.0, y0: 3_271_000.0, dx: 250.0, dy: 250.0, columns: 20, rows: 20 };
        let areas = Areas::default();
        let window = Window { column: 3, row: 4, columns: 5, rows: 6 };
        let first = areas.of(&grid, &window).unwrap();
        assert_eq!(*first, cell_areas_m2(&grid, &window).unwrap());
        assert!(Arc::ptr_eq(&first, &areas.of(&grid, &window).unwrap()));
        let other = Window { columns: 4, ..window };
        assert_eq!(*areas.of(&grid, &other).unwrap(), cell_areas_m2(&grid, &other).unwrap());
    }
}
