//! How much of each cell lies inside closed rings, in integers.
//!
//! Points are snapped once to 2⁻³⁸ of a cell. An edge is cut where it crosses rows and columns,
//! always from its upper end down, so that two shapes with a common edge cut it alike. Each piece
//! adds its height and the area to its left to its cell; summed along a row they give the area
//! inside (the signed-area accumulation of font rasterisers). All of it is integer arithmetic:
//! the order of edges does not matter, whole cells are exactly whole and the parts of a partition
//! add up to exactly one.

use crate::grid::MOST;

/// Bits behind the point.
const BITS: u32 = 38;
/// The width of a cell.
const ONE: i64 = 1 << BITS;
/// Points farther than this from the grid's corner are not taken: 2²³ cells.
const REACH: f64 = (1_u64 << (23 + BITS)) as f64;
/// A whole cell in the units of [`Tracer::gather`].
const WHOLE: i128 = 1 << (2 * BITS + 1);

/// A point in units of 2⁻³⁸ cells, column before row.
pub(crate) type Snapped = (i64, i64);

/// Snaps a place given in cells. `None` when it is not finite or out of reach.
pub(crate) fn snapped(place: (f64, f64)) -> Option<Snapped> {
    let (x, y) = (place.0 * ONE as f64, place.1 * ONE as f64);
    (x.abs() < REACH && y.abs() < REACH).then_some((x.round() as i64, y.round() as i64))
}

/// What a piece of an edge adds to its cell.
#[derive(Debug, Clone, Copy)]
struct Piece {
    row: u32,
    column: u32,
    /// Height, positive where the edge runs down.
    height: i64,
    /// Twice the area between the cell's left side and the edge.
    left: i128,
}

/// Gathers the edges of rings over a grid of `columns` by `rows` cells.
#[derive(Debug)]
pub(crate) struct Tracer {
    width: i64,
    rows: i64,
    pieces: Vec<Piece>,
}

impl Tracer {
    pub(crate) fn new(columns: usize, rows: usize) -> Self {
        assert!(columns < MOST && rows < MOST, "a grid has fewer than 2^23 rows and columns");
        Self { width: (columns as i64) << BITS, rows: rows as i64, pieces: Vec::new() }
    }

    /// Adds a ring: what it encloses counts positive, or negative for a hole, whichever way the
    /// ring turns.
    pub(crate) fn ring(&mut self, points: &[Snapped], hole: bool) {
        let Some(&last) = points.last() else { return };
        // twice the signed area; sums may wrap on the way, the result fits
        let origin = points[0];
        let relative = |p: Snapped| (i128::from(p.0 - origin.0), i128::from(p.1 - origin.1));
        let mut doubled: i128 = 0;
        let mut from = last;
        for &to in points {
            let (a, b) = (relative(from), relative(to));
            doubled = doubled.wrapping_add(a.1.wrapping_mul(b.0)).wrapping_sub(a.0.wrapping_mul(b.1));
            from = to;
        }
        let sign = match (doubled.signum(), hole) {
            (0, _) => return,
            (1, false) | (-1, true) => 1,
            _ => -1,
        };
        let mut from = last;
        for &to in points {
            self.edge(from, to, sign);
            from = to;
        }
    }

    fn edge(&mut self, from: Snapped, to: Snapped, sign: i64) {
        let (upper, lower, sign) = if from.1 <= to.1 { (from, to, sign) } else { (to, from, -sign) };
        let (top, bottom) = (upper.1.max(0), lower.1.min(self.rows << BITS));
        if top >= bottom || upper.0.min(lower.0) >= self.width {
            return;
        }
        let (run, drop) = (i128::from(lower.0 - upper.0), i128::from(lower.1 - upper.1));
        let x_at = |y: i64| if y == lower.1 { lower.0 } else { upper.0 + (run * i128::from(y - upper.1)).div_euclid(drop) as i64 };
        let mut at = (x_at(top), top);
        while at.1 < bottom {
            let row = at.1 >> BITS;
            let y = ((row + 1) << BITS).min(bottom);
            let next = (x_at(y), y);
            self.row_piece(row as u32, at, next, sign);
            at = next;
        }
    }

    /// Cuts a piece within one row at the columns.
    fn row_piece(&mut self, row: u32, from: Snapped, to: Snapped, sign: i64) {
        let (left, right) = if from.0 <= to.0 { (from, to) } else { (to, from) };
        if right.0 <= 0 {
            return self.add(row, 0, sign * (to.1 - from.1), 0);
        }
        let (run, drop) = (i128::from(right.0 - left.0), i128::from(right.1 - left.1));
        let y_at = |x: i64| if x == right.0 { right.1 } else { left.1 + (drop * i128::from(x - left.0)).div_euclid(run) as i64 };
        let mut at = left;
        if at.0 < 0 {
            // left of the grid: every cell of the row is to its right
            let y = y_at(0);
            self.add(row, 0, sign * (y - at.1).abs(), 0);
            at = (0, y);
        }
        loop {
            if at.0 >= self.width {
                return;
            }
            let column = at.0 >> BITS;
            let edge = column << BITS;
            let x = (edge + ONE).min(right.0);
            let next = if run == 0 { right } else { (x, y_at(x)) };
            let height = sign * (next.1 - at.1).abs();
            self.add(row, column as u32, height, i128::from(height) * i128::from(at.0 - edge + next.0 - edge));
            if next.0 == right.0 {
                return;
            }
            at = next;
        }
    }

    fn add(&mut self, row: u32, column: u32, height: i64, left: i128) {
        if height != 0 {
            self.pieces.push(Piece { row, column, height, left });
        }
    }

    /// Calls `visit(row, start, end, covered)` for each run of cells of a row with something
    /// inside, in order, and forgets the rings. `covered` is in units of 2⁻⁷⁷ cells.
    pub(crate) fn gather(&mut self, mut visit: impl FnMut(u32, u32, u32, i128)) {
        let columns = (self.width >> BITS) as u32;
        self.pieces.sort_unstable_by_key(|p| (p.row, p.column));
        let mut pieces = self.pieces.iter().peekable();
        let mut height: i64 = 0;
        while let Some(first) = pieces.next() {
            let (row, column) = (first.row, first.column);
            let (mut own, mut left) = (first.height, first.left);
            while let Some(more) = pieces.next_if(|p| p.row == row && p.column == column) {
                own += more.height;
                left += more.left;
            }
            height += own;
            let covered = (i128::from(height) << (BITS + 1)) - left;
            if covered != 0 {
                visit(row, column, column + 1, covered);
            }
            let end = match pieces.peek() {
                Some(next) if next.row == row => next.column,
                _ => columns,
            };
            if height != 0 && column + 1 < end {
                visit(row, column + 1, end, i128::from(height) << (BITS + 1));
            }
            if pieces.peek().is_none_or(|next| next.row != row) {
                height = 0;
            }
        }
        self.pieces.clear();
    }
}

/// The share of a cell that `covered` units are.
pub(crate) fn share(covered: i128) -> f64 {
    covered as f64 / WHOLE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(rings: &[&[(f64, f64)]]) -> Vec<i128> {
        let mut tracer = Tracer::new(6, 5);
        for ring in rings {
            let points: Vec<Snapped> = ring.iter().map(|p| snapped(*p).unwrap()).collect();
            tracer.ring(&points, false);
        }
        let mut cells = vec![0; 30];
        tracer.gather(|row, start, end, covered| (start..end).for_each(|column| cells[(row * 6 + column) as usize] += covered));
        cells
    }

    #[test]
    fn parts_of_a_partition_add_up_to_exactly_one() {
        // a fan of triangles from an inner point to the corners of the grid and points on its sides
        let sides = [(0.0, 0.0), (1.7, 0.0), (6.0, 0.0), (6.0, 3.3), (6.0, 5.0), (2.9, 5.0), (0.0, 5.0), (0.0, 2.2)];
        for centre in [(3.1, 2.7), (0.001, 4.999), (5.5, 2.5), (1.0 / 3.0, 1.0 / 7.0)] {
            let mut sum = vec![0; 30];
            for i in 0..sides.len() {
                let part = covered(&[&[centre, sides[i], sides[(i + 1) % sides.len()]]]);
                sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
            }
            assert!(sum.iter().all(|s| *s == WHOLE), "{centre:?}");
        }
    }

    #[test]
    fn the_way_a_ring_turns_does_not_matter() {
        let ring = [(0.3, 0.2), (5.1, 1.9), (4.4, 4.6), (-1.5, 3.0)];
        let back: Vec<(f64, f64)> = ring.iter().rev().copied().collect();
        assert_eq!(covered(&[&ring]), covered(&[&back]));
        assert!(snapped((f64::NAN, 0.0)).is_none() && snapped((1e7, 0.0)).is_none());
    }
}
