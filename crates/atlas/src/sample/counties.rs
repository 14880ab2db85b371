//! The invented counties: a square cut by winding lines that neighbours share to the last digit.

use liangshan_space::MultiPolygon;
use liangshan_space::geo::{Coord, LineString, Polygon};

use super::land::Land;

/// One county.
pub(super) struct County {
    /// Code below the region's, six digits.
    pub(super) code: String,
    /// Chinese and English name.
    pub(super) name: (String, String),
    /// Its outline in the grid's reference system.
    pub(super) shape: MultiPolygon,
}

/// Points along a border between two nodes.
const BENDS: usize = 7;

/// `across` by `across` counties in a square of so many metres whose upper left corner is given. The
/// square keeps a margin to all sides, so that borders cross cells.
pub(super) fn counties(land: Land, corner: (f64, f64), side_m: f64, across: usize) -> Vec<County> {
    let margin = side_m * 0.04 + 7.0;
    let inner = (side_m - 2.0 * margin) / across as f64;
    let node = |i: usize, j: usize| {
        let edge = |k: usize| k == 0 || k == across;
        let shift = |layer: u64, still: bool| if still { 0.0 } else { (land.noise(layer, (i as f64 + 0.37, j as f64 + 0.71), 1.0) - 0.5) * inner * 0.3 };
        (margin + i as f64 * inner + shift(50, edge(i)), margin + j as f64 * inner + shift(51, edge(j)))
    };
    let mut out = Vec::new();
    for j in 0..across {
        for i in 0..across {
            let nodes = [node(i, j), node(i + 1, j), node(i + 1, j + 1), node(i, j + 1), node(i, j)];
            let mut ring: Vec<Coord> =
                nodes.windows(2).flat_map(|pair| border(land, pair[0], pair[1], inner)).map(|(x, y)| Coord { x: corner.0 + x, y: corner.1 - y }).collect();
            ring.push(ring[0]);
            // The rings above run clockwise on the ground; outlines are written the other way round.
            ring.reverse();
            let number = j * across + i + 1;
            out.push(County {
                code: format!("99{number:04}"),
                name: (format!("样例{number}县"), format!("Sample County {number}")),
                shape: MultiPolygon::new(vec![Polygon::new(LineString::new(ring), Vec::new())]),
            });
        }
    }
    out
}

/// The points from a node up to, and without, the next. A border is the same from either side.
fn border(land: Land, from: (f64, f64), to: (f64, f64), inner: f64) -> Vec<(f64, f64)> {
    let forward = from <= to;
    let (a, b) = if forward { (from, to) } else { (to, from) };
    let along = |k: usize| {
        let t = k as f64 / (BENDS + 1) as f64;
        let (x, y) = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        if k == 0 || k == BENDS + 1 {
            return if k == 0 { a } else { b };
        }
        let bend = |layer: u64| (land.noise(layer, (x, y), inner * 0.21) - 0.5) * inner * 0.10;
        // Centimetres, as a cadastre has them.
        let cm = |v: f64| (v * 100.0).round() / 100.0;
        (cm(x + bend(52)), cm(y + bend(53)))
    };
    let points: Vec<(f64, f64)> = (0..=BENDS + 1).map(along).collect();
    if forward { points[..=BENDS].to_vec() } else { points[1..].iter().rev().copied().collect() }
}

#[cfg(test)]
mod tests {
    use liangshan_space::geo::{Area, BooleanOps, Validation, unary_union};

    use super::*;

    #[test]
    fn counties_fit_together_without_gap_or_overlap() {
        let made = counties(Land { seed: 3 }, (400_000.0, 3_200_000.0), 24_000.0, 3);
        assert_eq!(made.len(), 9);
        assert!(made.iter().all(|c| c.shape.is_valid()));
        let whole = unary_union(&made.iter().map(|c| c.shape.clone()).collect::<Vec<_>>());
        let parts: f64 = made.iter().map(|c| c.shape.unsigned_area()).sum();
        assert!((whole.unsigned_area() - parts).abs() < 1.0, "{} {parts}", whole.unsigned_area());
        assert!(whole.0.iter().all(|p| p.interiors().is_empty()), "a hole between counties");
        assert!(made[0].shape.intersection(&made[1].shape).unsigned_area() < 0.01);
    }
}
