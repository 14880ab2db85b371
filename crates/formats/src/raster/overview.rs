//! Smaller copies of a raster, each half the one before, made without holding the raster.

use liangshan_vocab::Problem;

/// How four cells become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overviews {
    /// The mean of those that are not missing: for amounts and measurements.
    Average,
    /// The value found most often among those not missing; of equals the lowest: for classes.
    Mode,
    /// No smaller copies.
    None,
}

/// Reads a window (column, row, columns, rows) of the raster itself.
pub(super) type Read<'a> = dyn FnMut(usize, usize, usize, usize) -> Result<Vec<f64>, Problem> + 'a;

/// One smaller copy kept whole, from which the still smaller ones are made.
const KEPT_CELLS: usize = 1 << 22;

/// The sizes from the raster itself (level 0) down to the first that fits into one tile.
pub(super) fn sizes(columns: usize, rows: usize, tile: usize, overviews: Overviews) -> Vec<(usize, usize)> {
    let mut sizes = vec![(columns, rows)];
    let (mut wide, mut high) = (columns, rows);
    while overviews != Overviews::None && (wide > tile || high > tile) {
        (wide, high) = (wide.div_ceil(2), high.div_ceil(2));
        sizes.push((wide, high));
    }
    sizes
}

/// The raster at every size. A window of a smaller copy is made from the windows below it; once a
/// copy is small enough it is kept, so the raster is read once for it and all that are smaller, and
/// once for each larger one.
pub(super) struct Pyramid<'a> {
    pub(super) sizes: Vec<(usize, usize)>,
    how: Overviews,
    tile: usize,
    read: &'a mut Read<'a>,
    kept: Option<(usize, Vec<f64>)>,
}

impl<'a> Pyramid<'a> {
    pub(super) fn of(sizes: Vec<(usize, usize)>, how: Overviews, tile: usize, read: &'a mut Read<'a>) -> Self {
        Self { sizes, how, tile, read, kept: None }
    }

    /// Keeps the largest of the smaller copies that may be kept.
    pub(super) fn keep(&mut self) -> Result<(), Problem> {
        let Some(level) = (1..self.sizes.len()).find(|level| self.sizes[*level].0 * self.sizes[*level].1 <= KEPT_CELLS) else { return Ok(()) };
        let (columns, rows) = self.sizes[level];
        let mut whole = vec![f64::NAN; columns * rows];
        for row in (0..rows).step_by(self.tile) {
            for column in (0..columns).step_by(self.tile) {
                let (wide, high) = (self.tile.min(columns - column), self.tile.min(rows - row));
                let cells = self.window(level, column, row, wide, high)?;
                for (line, from) in cells.chunks(wide).enumerate() {
                    let start = (row + line) * columns + column;
                    whole[start..start + wide].copy_from_slice(from);
                }
            }
        }
        self.kept = Some((level, whole));
        Ok(())
    }

    /// A window of one level, row by row, NaN where missing.
    pub(super) fn window(&mut self, level: usize, column: usize, row: usize, columns: usize, rows: usize) -> Result<Vec<f64>, Problem> {
        if level == 0 {
            let cells = (self.read)(column, row, columns, rows)?;
            assert_eq!(cells.len(), columns * rows, "the window read has another size than asked for");
            return Ok(cells);
        }
        if let Some((kept, whole)) = &self.kept
            && *kept == level
        {
            let wide = self.sizes[level].0;
            return Ok((row..row + rows).flat_map(|line| &whole[line * wide + column..line * wide + column + columns]).copied().collect());
        }
        let (wide, high) = self.sizes[level - 1];
        let mut cells = vec![f64::NAN; columns * rows];
        // The four quarters one after another: memory grows with the number of levels, not with 4^level.
        for (top, down) in halves(rows) {
            for (left, across) in halves(columns) {
                let (from_column, from_row) = ((column + left) * 2, (row + top) * 2);
                let (from_columns, from_rows) = ((across * 2).min(wide - from_column), (down * 2).min(high - from_row));
                let from = self.window(level - 1, from_column, from_row, from_columns, from_rows)?;
                for line in 0..down {
                    for cell in 0..across {
                        cells[(top + line) * columns + left + cell] = merge(&from, from_columns, from_rows, cell * 2, line * 2, self.how);
                    }
                }
            }
        }
        Ok(cells)
    }
}

fn halves(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let first = count.div_ceil(2);
    [(0, first), (first, count - first)].into_iter().filter(|(_, count)| *count > 0)
}

fn merge(cells: &[f64], columns: usize, rows: usize, column: usize, row: usize, how: Overviews) -> f64 {
    let mut found = [f64::NAN; 4];
    let mut count = 0;
    for line in row..(row + 2).min(rows) {
        for cell in &cells[line * columns + column..line * columns + (column + 2).min(columns)] {
            if !cell.is_nan() {
                found[count] = *cell;
                count += 1;
            }
        }
    }
    let found = &mut found[..count];
    match (how, count) {
        (_, 0) => f64::NAN,
        (Overviews::Average | Overviews::None, _) => found.iter().sum::<f64>() / count as f64,
        (Overviews::Mode, _) => {
            found.sort_by(f64::total_cmp);
            let often = |value: f64| found.iter().filter(|other| **other == value).count();
            found.iter().copied().fold(found[0], |best, value| if often(value) > often(best) { value } else { best })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: f64 = f64::NAN;

    fn shrunk(columns: usize, cells: &[f64], how: Overviews) -> Vec<f64> {
        merge_all(columns, cells, how)
    }

    fn merge_all(columns: usize, cells: &[f64], how: Overviews) -> Vec<f64> {
        let rows = cells.len() / columns;
        (0..rows.div_ceil(2)).flat_map(|row| (0..columns.div_ceil(2)).map(move |column| merge(cells, columns, rows, column * 2, row * 2, how))).collect()
    }

    #[test]
    fn four_cells_become_one() {
        // by hand: (1+2+3+6)/4, then (4+5)/2 of the two not missing, then the odd column alone
        let found = shrunk(5, &[1.0, 2.0, 4.0, N, 7.0, 3.0, 6.0, 5.0, N, N], Overviews::Average);
        assert_eq!(found, [3.0, 4.5, 7.0]);
        // by hand: 5 twice; 3 and 9 once each, so the lowest; nothing at all
        let found = shrunk(6, &[5.0, 1.0, 9.0, N, N, N, 5.0, 2.0, 3.0, N, N, N], Overviews::Mode);
        assert_eq!(found[..2], [5.0, 3.0]);
        assert!(found[2].is_nan());
    }

    #[test]
    fn sizes_halve_until_they_fit() {
        assert_eq!(sizes(553, 600, 256, Overviews::Average), [(553, 600), (277, 300), (139, 150)]); // by hand: half, rounded up
        assert_eq!(sizes(553, 600, 256, Overviews::None), [(553, 600)]);
        assert_eq!(sizes(256, 256, 256, Overviews::Mode), [(256, 256)]);
    }

    #[test]
    fn any_window_is_a_piece_of_the_whole_level() {
        let (columns, rows) = (83, 61);
        let map: Vec<f64> = (0..columns * rows).map(|i| if i * 7 % 11 == 3 { N } else { (i * i % 97) as f64 }).collect();
        let mut level = map.clone();
        let mut wide = columns;
        let mut read = |c: usize, r: usize, w: usize, h: usize| Ok((r..r + h).flat_map(|y| map[y * columns + c..][..w].to_vec()).collect());
        let mut pyramid = Pyramid::of(sizes(columns, rows, 8, Overviews::Average), Overviews::Average, 8, &mut read);
        for depth in 1..pyramid.sizes.len() {
            level = merge_all(wide, &level, Overviews::Average);
            let (w, h) = pyramid.sizes[depth];
            wide = w;
            let (column, row) = (w / 3, h / 4);
            let got = pyramid.window(depth, column, row, w - column, h - row).unwrap();
            let want: Vec<f64> = (row..h).flat_map(|y| level[y * w + column..(y + 1) * w].to_vec()).collect();
            assert!(got.iter().zip(&want).all(|(a, b)| a.to_bits() == b.to_bits()) && got.len() == want.len(), "level {depth}");
        }
    }
}
