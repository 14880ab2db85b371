//! Minimum cumulative resistance (最小累积阻力): what it costs to reach each cell from the sources.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Surface;

/// Costs of reaching cells, and by which way.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// The least cost of each cell; NaN where no way leads.
    pub cost: Vec<f64>,
    /// The cell before it on the way; `None` for sources and cells not reached.
    pub before: Vec<Option<usize>>,
    /// Position in the list of sources of the one it is reached from.
    pub source: Vec<Option<usize>>,
}

impl Costs {
    /// The way from a source to a cell, both included; empty when there is none.
    pub fn path(&self, to: usize) -> Vec<usize> {
        if self.source.get(to).copied().flatten().is_none() {
            return Vec::new();
        }
        let mut path = vec![to];
        while let Some(before) = path.last().and_then(|at| self.before[*at]) {
            path.push(before);
        }
        path.reverse();
        path
    }
}

/// A cell waiting to be settled. The heap gives the least cost first, of equal ones the first in rows.
struct Waiting {
    cost: f64,
    cell: usize,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.cost.total_cmp(&self.cost).then(other.cell.cmp(&self.cell))
    }
}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waiting {}

/// `MCR_j = min over ways from the sources of Σ (R_a + R_b)/2 · d`, by Dijkstra's algorithm. `cell_m` is
/// the side of a cell; costs are resistance times metres. Of ways that cost the same the one settled
/// first stays, which is that of the earlier cell in rows, so the result is the same every time.
///
/// Sources are numbers of cells ([`Surface::cell`]); a cell is reached by the first of equal sources.
/// Source: Knaapen, Scheffer and Harms (1992), Estimating habitat isolation in landscape planning.
pub fn mcr(surface: &Surface, sources: &[usize], cell_m: f64) -> Costs {
    let n = surface.len();
    let mut costs = Costs { cost: vec![f64::NAN; n], before: vec![None; n], source: vec![None; n] };
    let mut settled = vec![false; n];
    let mut heap = BinaryHeap::new();
    for (position, cell) in sources.iter().enumerate() {
        if costs.source[*cell].is_none() {
            costs.cost[*cell] = 0.0;
            costs.source[*cell] = Some(position);
            heap.push(Waiting { cost: 0.0, cell: *cell });
        }
    }
    while let Some(Waiting { cost, cell }) = heap.pop() {
        if std::mem::replace(&mut settled[cell], true) {
            continue;
        }
        for (next, step) in surface.around(cell) {
            let through = cost + step * cell_m;
            if !settled[next] && (costs.cost[next].is_nan() || through < costs.cost[next]) {
                costs.cost[next] = through;
                costs.before[next] = Some(cell);
                costs.source[next] = costs.source[cell];
                heap.push(Waiting { cost: through, cell: next });
            }
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::super::Neighbours;
    use super::*;
    use proptest::prelude::*;

    /// By hand: a wall with one gap.
    #[test]
    fn ways_go_round_barriers_and_cells_behind_walls_are_not_reached() {
        let nan = f64::NAN;
        let surface = Surface::new(vec![1.0, nan, 1.0, 1.0, 1.0, 1.0], 3, Neighbours::Four).unwrap();
        let costs = mcr(&surface, &[0], 10.0);
        assert_eq!((costs.cost[2], costs.path(2)), (40.0, vec![0, 3, 4, 5, 2]));
        let walled = Surface::new(vec![1.0, nan, 1.0], 3, Neighbours::Four).unwrap();
        let costs = mcr(&walled, &[0], 10.0);
        assert!(costs.cost[2].is_nan() && costs.path(2).is_empty() && costs.source[2].is_none());
    }

    /// By hand: two ways of equal cost, the one over the upper row stays; between two sources as far
    /// away, the first.
    #[test]
    fn ties_are_broken_by_rows() {
        let surface = Surface::new(vec![1.0; 9], 3, Neighbours::Four).unwrap();
        assert_eq!(mcr(&surface, &[0], 1.0).path(4), [0, 1, 4]);
        let line = Surface::new(vec![1.0; 3], 3, Neighbours::Four).unwrap();
        assert_eq!(mcr(&line, &[2, 0], 1.0).source[1], Some(1));
        assert_eq!(mcr(&line, &[0, 2], 1.0).source[1], Some(0));
    }

    /// Costs by going over all edges until nothing changes (Bellman and Ford).
    fn by_relaxing(surface: &Surface, source: usize) -> Vec<f64> {
        let mut cost = vec![f64::INFINITY; surface.len()];
        cost[source] = 0.0;
        for _ in 0..surface.len() {
            for at in 0..surface.len() {
                if !surface.is_barrier(at) {
                    for (next, step) in surface.around(at) {
                        cost[next] = cost[next].min(cost[at] + step);
                    }
                }
            }
        }
        cost
    }

    proptest! {
        #[test]
        fn relaxing_every_edge_gives_the_same(cells in prop::collection::vec(prop_oneof![4 => 1_u32..60, 1 => Just(0)], 30), eight in any::<bool>(), at in 0_usize..30) {
            let mut cells: Vec<f64> = cells.into_iter().map(|r| if r == 0 { f64::NAN } else { f64::from(r) }).collect();
            cells[at] = 2.0;
            let surface = Surface::new(cells, 6, if eight { Neighbours::Eight } else { Neighbours::Four }).unwrap();
            let costs = mcr(&surface, &[at], 1.0);
            for (cell, slow) in by_relaxing(&surface, at).into_iter().enumerate() {
                let got = costs.cost[cell];
                prop_assert!(if slow.is_finite() { (got - slow).abs() < 1e-9 } else { got.is_nan() }, "{cell}: {got} {slow}");
                // the way adds up to the cost
                let path = costs.path(cell);
                let along: f64 = path.windows(2).map(|p| surface.around(p[0]).find(|n| n.0 == p[1]).unwrap().1).sum();
                prop_assert!(path.is_empty() || (along - got).abs() < 1e-9);
            }
        }
    }
}
