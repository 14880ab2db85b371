//! Candidates of an ecological security pattern on a grid: sources, corridors between sources that are
//! neighbours by cost, and nodes. Candidates are there so that a drawn pattern can be compared with them;
//! they decide nothing.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::Problem;

use super::corridor::{Patch, gravity};
use super::{Surface, mcr};

/// Sources: cells that belong to each, by number, row by row; a cell that belongs to none has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// The source of each cell.
    pub of: Vec<Option<usize>>,
    /// Area of each, m².
    pub areas_m2: Vec<f64>,
    /// The least importance that made a cell part of one.
    pub least: f64,
}

/// Patches of the most important cells. `share` of the cells with an importance are taken, those alike at
/// the border together; cells no farther apart than `join` cells, as the crow flies and at least those
/// that touch by side or corner, are one patch, and patches below `least_area_m2` are dropped. Numbers
/// follow the first cell of each in rows.
pub fn sources(importance: &[f64], columns: usize, areas_m2: &[f64], share: f64, least_area_m2: f64, join: f64) -> Sources {
    let mut ranked: Vec<f64> = importance.iter().copied().filter(|v| !v.is_nan()).collect();
    ranked.sort_by(|a, b| b.total_cmp(a));
    let wanted = (share * ranked.len() as f64).ceil() as usize;
    let least = wanted.checked_sub(1).and_then(|at| ranked.get(at)).copied().unwrap_or(f64::INFINITY);
    let mut of: Vec<Option<usize>> = vec![None; importance.len()];
    let mut areas = Vec::new();
    let mut seen = vec![false; importance.len()];
    for first in 0..importance.len() {
        if seen[first] || importance[first].is_nan() || importance[first] < least {
            continue;
        }
        let (mut cells, mut at) = (vec![first], 0);
        seen[first] = true;
        while let Some(cell) = cells.get(at).copied() {
            at += 1;
            for next in around(cell, columns, importance.len(), join.max(TOUCHING)) {
                if !seen[next] && importance[next] >= least {
                    seen[next] = true;
                    cells.push(next);
                }
            }
        }
        let area: f64 = cells.iter().map(|c| areas_m2[*c]).sum();
        if area >= least_area_m2 {
            cells.iter().for_each(|c| of[*c] = Some(areas.len()));
            areas.push(area);
        }
    }
    Sources { of, areas_m2: areas, least }
}

/// Cells that share a side or a corner are no farther apart.
const TOUCHING: f64 = 1.5;

/// Other cells within a distance, in cells, row by row.
fn around(cell: usize, columns: usize, cells: usize, within: f64) -> impl Iterator<Item = usize> {
    let (row, column, reach) = (cell / columns, cell % columns, within.floor() as usize);
    let rows = cells / columns;
    let is_near = move |r: usize, c: usize| (r.abs_diff(row) as f64).hypot(c.abs_diff(column) as f64) <= within;
    (row.saturating_sub(reach)..(row + reach + 1).min(rows))
        .flat_map(move |r| (column.saturating_sub(reach)..(column + reach + 1).min(columns)).filter(move |c| is_near(r, *c)).map(move |c| r * columns + c))
        .filter(move |other| *other != cell)
}

/// The cheapest way between two sources that are neighbours by cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Corridor {
    /// The two sources, the smaller number first.
    pub between: (usize, usize),
    /// Its cells, from the first source to the second, both ends included.
    pub cells: Vec<usize>,
    /// Resistance times metres.
    pub cost: f64,
    /// How much the two sources draw each other.
    pub importance: f64,
    /// The cell of the greatest cost from the sources on the way: its saddle.
    pub saddle: usize,
}

/// Corridors between all sources whose regions of least cost touch, by importance, greatest first; of
/// equal ones by sources.
///
/// # Errors
/// `corridor.not_positive`.
pub fn corridors(surface: &Surface, resistance: &[f64], sources: &Sources, cell_m: f64) -> Result<Vec<Corridor>, Problem> {
    let cells: Vec<usize> = (0..sources.of.len()).filter(|at| sources.of[*at].is_some() && !surface.is_barrier(*at)).collect();
    let costs = mcr(surface, &cells, cell_m);
    let region = |at: usize| costs.source[at].and_then(|position| sources.of[cells[position]]);
    let mut best: BTreeMap<(usize, usize), (f64, usize, usize)> = BTreeMap::new();
    for at in 0..surface.len() {
        let Some(own) = region(at) else { continue };
        for (next, step) in surface.around(at).filter(|(next, _)| *next > at) {
            let Some(other) = region(next).filter(|o| *o != own) else { continue };
            let cost = costs.cost[at] + step * cell_m + costs.cost[next];
            let (key, ends) = if own < other { ((own, other), (at, next)) } else { ((other, own), (next, at)) };
            // Of equal ways the first in rows stays.
            let better = best.get(&key).is_none_or(|b| cost < b.0);
            if better {
                best.insert(key, (cost, ends.0, ends.1));
            }
        }
    }
    let patches = patches(resistance, sources);
    let greatest = best.values().map(|b| b.0).fold(0.0, f64::max);
    let mut out = Vec::with_capacity(best.len());
    for (between, (cost, from, to)) in best {
        let importance = gravity(patches[between.0], patches[between.1], cost, greatest)?;
        let mut way = costs.path(from);
        let saddle = if costs.cost[from] >= costs.cost[to] { from } else { to };
        way.extend(costs.path(to).into_iter().rev());
        out.push(Corridor { between, cells: way, cost, importance, saddle });
    }
    out.sort_by(|a, b| b.importance.total_cmp(&a.importance).then(a.between.cmp(&b.between)));
    Ok(out)
}

fn patches(resistance: &[f64], sources: &Sources) -> Vec<Patch> {
    let mut sums = vec![(0.0, 0_u32); sources.areas_m2.len()];
    for (of, r) in sources.of.iter().zip(resistance).filter(|(_, r)| !r.is_nan()) {
        if let Some(own) = of {
            sums[*own].0 += r;
            sums[*own].1 += 1;
        }
    }
    sums.into_iter().zip(&sources.areas_m2).map(|((sum, n), area)| Patch { area_m2: *area, mean_resistance: sum / f64::from(n.max(1)) }).collect()
}

/// The most important corridors. One that shares more than `shared` of the cells of the shorter with a
/// more important one is part of it and is not kept beside it.
pub fn kept(corridors: &[Corridor], count: usize, shared: f64) -> Vec<usize> {
    let mut kept: Vec<(usize, BTreeSet<usize>)> = Vec::new();
    for (at, corridor) in corridors.iter().enumerate() {
        if kept.len() == count {
            break;
        }
        let own: BTreeSet<usize> = corridor.cells.iter().copied().collect();
        let same = |other: &BTreeSet<usize>| own.intersection(other).count() as f64 > shared * own.len().min(other.len()) as f64;
        if !kept.iter().any(|(_, other)| same(other)) {
            kept.push((at, own));
        }
    }
    kept.into_iter().map(|(at, _)| at).collect()
}

/// Cells that belong to two or more of some corridors and to no source: where they cross.
pub fn crossings(corridors: &[&Corridor], sources: &Sources) -> Vec<usize> {
    let mut seen: BTreeMap<usize, u32> = BTreeMap::new();
    for corridor in corridors {
        for cell in corridor.cells.iter().copied().collect::<BTreeSet<_>>() {
            *seen.entry(cell).or_default() += 1;
        }
    }
    seen.into_iter().filter(|(cell, count)| *count > 1 && sources.of[*cell].is_none()).map(|(cell, _)| cell).collect()
}

/// The share of some cells that have one of other cells within a number of cells, as the crow flies.
pub fn share_near(cells: &[usize], others: &[usize], columns: usize, within: f64) -> f64 {
    let set: BTreeSet<usize> = others.iter().copied().collect();
    let near = cells.iter().filter(|c| is_near((**c / columns) as f64, (**c % columns) as f64, &set, columns, within)).count();
    near as f64 / cells.len().max(1) as f64
}

/// True where a place, in rows and columns of cell middles, has one of the cells within a distance.
pub fn is_near(row: f64, column: f64, cells: &BTreeSet<usize>, columns: usize, within: f64) -> bool {
    let first = (row - within).ceil().max(0.0) as usize;
    let last = (row + within).floor().max(0.0) as usize;
    (first..=last).any(|r| {
        let across = (within * within - (r as f64 - row).powi(2)).max(0.0).sqrt();
        let (left, right) = ((column - across).ceil().max(0.0), (column + across).floor().min(columns as f64 - 1.0));
        left <= right && cells.range(r * columns + left as usize..=r * columns + right as usize).next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::super::Neighbours;
    use super::*;

    const NONE: f64 = f64::NAN;

    /// By hand: of ten cells with an importance a fifth are two, and the third is as important as the
    /// second; two of them touch by a corner, the third stands alone and is too small.
    #[test]
    fn sources_are_patches_of_the_most_important_cells() {
        let importance = [9.0, 1.0, 1.0, 8.0, 1.0, 8.0, 1.0, 1.0, 1.0, NONE, 1.0, NONE];
        let made = sources(&importance, 4, &[100.0; 12], 0.2, 150.0, 0.0);
        assert_eq!((made.least, made.areas_m2.clone()), (8.0, vec![200.0]));
        assert_eq!((made.of[0], made.of[5], made.of[3]), (Some(0), Some(0), None));
        // The third is √5 cells from the second: with gaps of that size they are one.
        assert_eq!(sources(&importance, 4, &[100.0; 12], 0.2, 150.0, 2.2).areas_m2, [200.0]);
        assert_eq!(sources(&importance, 4, &[100.0; 12], 0.2, 150.0, 2.3).areas_m2, [300.0]);
    }

    fn plain(sources: Vec<Option<usize>>, count: usize) -> Sources {
        Sources { of: sources, areas_m2: vec![2e6; count], least: 0.0 }
    }

    /// By hand: three sources in a row of nine cells, resistance 1 but for one cell of 5: neighbours are
    /// 0–1 and 1–2, not 0–2. The way from cell 0 to cell 4 costs 4 cells, that from 4 to 8 has the 5 in it:
    /// 1 + 3 + 3 + 1 = 8, each times 10 m.
    #[test]
    fn neighbours_by_cost_are_joined() {
        let resistance = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0];
        let surface = Surface::new(resistance.to_vec(), 9, Neighbours::Eight).unwrap();
        let mut of = vec![None; 9];
        (of[0], of[4], of[8]) = (Some(0), Some(1), Some(2));
        let made = corridors(&surface, &resistance, &plain(of, 3), 10.0).unwrap();
        assert_eq!(made.iter().map(|c| (c.between, c.cost)).collect::<Vec<_>>(), [((0, 1), 40.0), ((1, 2), 80.0)]);
        assert_eq!(made[0].cells, [0, 1, 2, 3, 4]);
        // G = L_max² ln² S / (L² P²): (80/40)² times that of the longer.
        assert!((made[0].importance / made[1].importance - 4.0).abs() < 1e-12);
        assert!((made[1].importance - (2e6_f64).ln().powi(2)).abs() < 1e-9);
        assert_eq!(kept(&made, 1, 0.6), [0]);
    }

    /// By hand: the second shares 3 of its 4 cells, more than 60 %; the third 1 of 4.
    #[test]
    fn corridors_that_share_their_cells_are_one() {
        let of = |cells: &[usize], importance| Corridor { between: (0, 1), cells: cells.to_vec(), cost: 1.0, importance, saddle: 0 };
        let all = [of(&[1, 2, 3, 4, 5], 3.0), of(&[2, 3, 4, 9], 2.0), of(&[5, 6, 7, 8], 1.0)];
        assert_eq!(kept(&all, 6, 0.6), [0, 2]);
        let none = plain(vec![None; 10], 0);
        assert_eq!(crossings(&[&all[0], &all[2]], &none), [5]);
    }

    /// By hand, five columns: cell 12 is at row 2, column 2; cell 0 is √8 cells away, cell 11 one.
    #[test]
    fn near_is_as_the_crow_flies() {
        assert_eq!(share_near(&[0, 11], &[12], 5, 1.0), 0.5);
        assert_eq!(share_near(&[0, 11], &[12], 5, 2.9), 1.0);
        assert_eq!(share_near(&[0], &[12], 5, 2.8), 0.0);
    }
}
