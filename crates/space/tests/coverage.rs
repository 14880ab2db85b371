//! What must hold of coverage for any shape. Expected numbers are areas by the shoelace formula,
//! of the shape or of the shape clipped to a cell.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_space::geo::{Area, Coord, LineString, MultiPolygon, Polygon};
use liangshan_space::{Coverage, Crs, Grid, Window};
use proptest::prelude::*;

fn grid(columns: usize, rows: usize) -> Grid {
    Grid { crs: Crs::of_epsg(4549).unwrap(), x0: 500_000.0, y0: 3_200_000.0, dx: 30.0, dy: 20.0, columns, rows }
}

/// Points given in cells from the grid's corner, column to the right and row down.
fn ring(grid: &Grid, places: &[(f64, f64)]) -> LineString {
    places.iter().map(|(c, r)| Coord { x: grid.x0 + c * grid.dx, y: grid.y0 - r * grid.dy }).collect()
}

fn shape(grid: &Grid, exterior: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> MultiPolygon {
    MultiPolygon(vec![Polygon::new(ring(grid, exterior), holes.iter().map(|h| ring(grid, h)).collect())])
}

fn shares(coverage: &Coverage, grid: &Grid) -> Vec<f64> {
    let mut all = vec![0.0; grid.cells()];
    for (i, share) in coverage.in_window(&grid.whole()) {
        all[i as usize] = share;
    }
    all
}

/// A ring around a centre, its points at growing angles: never crossing itself.
fn star(centre: (f64, f64), radii: &[f64]) -> Vec<(f64, f64)> {
    let turn = std::f64::consts::TAU / radii.len() as f64;
    radii.iter().enumerate().map(|(i, r)| (centre.0 + r * (turn * i as f64).cos(), centre.1 + r * (turn * i as f64).sin())).collect()
}

/// The area of a ring within a rectangle, by cutting it with one side after the other.
fn clipped_area(points: &[(f64, f64)], [left, top, right, bottom]: [f64; 4]) -> f64 {
    type Inside = Box<dyn Fn((f64, f64)) -> f64>;
    let sides: [Inside; 4] = [Box::new(move |p| p.0 - left), Box::new(move |p| right - p.0), Box::new(move |p| p.1 - top), Box::new(move |p| bottom - p.1)];
    let mut points = points.to_vec();
    for depth in sides {
        let mut kept = Vec::new();
        for i in 0..points.len() {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            let (da, db) = (depth(a), depth(b));
            if da >= 0.0 {
                kept.push(a);
            }
            if (da >= 0.0) != (db >= 0.0) {
                let t = da / (da - db);
                kept.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
            }
        }
        points = kept;
    }
    let doubled: f64 = (0..points.len()).map(|i| (points[i], points[(i + 1) % points.len()])).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    doubled.abs() / 2.0
}

#[test]
fn a_rectangle_by_hand() {
    // from column 0.5 to 3.25 and row 1 to 2.4: row 1 has 0.5, 1, 1, 0.25, row 2 the same times 0.4
    let grid = grid(5, 4);
    let coverage = Coverage::of(&shape(&grid, &[(0.5, 1.0), (3.25, 1.0), (3.25, 2.4), (0.5, 2.4)], &[]), &grid).unwrap();
    let expected = [(5, 0.5), (6, 1.0), (7, 1.0), (8, 0.25), (10, 0.2), (11, 0.4), (12, 0.4), (13, 0.1)];
    let made = coverage.in_window(&grid.whole());
    assert_eq!(made.len(), expected.len());
    for ((i, share), (j, wanted)) in made.iter().zip(expected) {
        assert!(*i == j && (share - wanted).abs() < 1e-9, "{made:?}");
    }
    assert_eq!(made[1].1, 1.0, "a whole cell is exactly whole");
    assert_eq!(coverage.bounds(), Some(Window { column: 0, row: 1, columns: 4, rows: 2 }));
    assert_eq!(coverage.cells(), 8);
    // a window counts its own cells
    let window = Window { column: 2, row: 2, columns: 2, rows: 2 };
    assert_eq!(coverage.in_window(&window), [(0, made[6].1), (1, made[7].1)]);
    assert_eq!(Coverage::of(&MultiPolygon(vec![]), &grid).unwrap().bounds(), None);
}

#[test]
fn parts_with_a_common_side_and_holes_add_up() {
    // by hand: two halves of a 4 by 4 square and a hole of 1.5 by 1 in the right one
    let grid = grid(6, 6);
    let left = [(1.0, 1.0), (3.3, 1.0), (2.7, 5.0), (1.0, 5.0)];
    let right = [(3.3, 1.0), (5.0, 1.0), (5.0, 5.0), (2.7, 5.0)];
    let hole = [(3.4, 2.0), (4.9, 2.0), (4.9, 3.0), (3.4, 3.0)];
    let both = MultiPolygon([shape(&grid, &left, &[]).0, shape(&grid, &right, &[&hole]).0].concat());
    let coverage = Coverage::of(&both, &grid).unwrap();
    assert!((coverage.shares() - 14.5).abs() < 1e-9);
    let all = shares(&coverage, &grid);
    assert_eq!(all[grid.whole().index(2, 1)], 1.0, "a cell cut by the common side");
    assert!((all[grid.whole().index(4, 2)] - 0.1).abs() < 1e-9);
}

#[test]
fn slivers_keep_their_area() {
    // a triangle 9 cells long and a millionth of a cell wide has half that area
    let grid = grid(10, 3);
    let coverage = Coverage::of(&shape(&grid, &[(0.5, 1.5), (9.5, 1.5), (9.5, 1.500001)], &[]), &grid).unwrap();
    assert!((coverage.shares() / 4.5e-6 - 1.0).abs() < 1e-3, "{}", coverage.shares());
}

#[test]
fn what_cannot_be_covered_is_refused_and_says_where() {
    let grid = grid(6, 6);
    let code = |points: &[(f64, f64)]| Coverage::of(&shape(&grid, points, &[]), &grid).unwrap_err().code;
    assert_eq!(code(&[(1.0, 1.0), (4.0, 4.0), (4.0, 1.0), (1.0, 5.0)]), "coverage.crossing");
    assert_eq!(code(&[(1.0, 1.0), (f64::NAN, 4.0), (4.0, 1.0)]), "coverage.not_finite");
    assert_eq!(code(&[(1.0, 1.0), (f64::INFINITY, 4.0), (4.0, 1.0)]), "coverage.not_finite");
    assert_eq!(code(&[(1.0, 1.0), (1e9, 4.0), (4.0, 1.0)]), "coverage.too_far");
    let twice = MultiPolygon([shape(&grid, &[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0)], &[]).0, shape(&grid, &[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0)], &[]).0].concat());
    assert_eq!(Coverage::of(&twice, &grid).unwrap_err().code, "coverage.crossing");
    assert_eq!(Coverage::of_centres(&shape(&grid, &[(1.0, 1.0), (f64::NAN, 4.0), (4.0, 1.0)], &[]), &grid).unwrap_err().code, "coverage.not_finite");
}

#[test]
fn a_grid_inside_the_shape_is_whole() {
    let grid = grid(7, 5);
    let coverage = Coverage::of(&shape(&grid, &[(-100.0, -50.3), (90.0, -60.0), (80.0, 70.0), (-77.0, 60.0)], &[]), &grid).unwrap();
    assert!(shares(&coverage, &grid).iter().all(|s| *s == 1.0));
    assert_eq!(coverage.cells(), 35);
}

#[test]
fn the_centre_rule_by_hand() {
    // centres of columns 1 and 2 of row 1, and of column 2 of row 2
    let grid = grid(5, 4);
    let coverage = Coverage::of_centres(&shape(&grid, &[(1.4, 1.4), (2.6, 1.4), (2.6, 2.6)], &[]), &grid).unwrap();
    assert_eq!(coverage.in_window(&grid.whole()), [(6, 1.0), (7, 1.0), (12, 1.0)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_share_is_the_clipped_area(x in -2.0..11.0_f64, y in -2.0..9.0_f64, radii in prop::collection::vec(0.3..7.0_f64, 3..14), shrink in 0.1..0.9_f64) {
        let grid = grid(9, 7);
        let outer = star((x, y), &radii);
        let inner: Vec<(f64, f64)> = outer.iter().map(|p| (x + (p.0 - x) * shrink, y + (p.1 - y) * shrink)).collect();
        let coverage = Coverage::of(&shape(&grid, &outer, &[&inner]), &grid).unwrap();
        let all = shares(&coverage, &grid);
        for ((column, row), share) in grid.whole().places().zip(&all) {
            let cell = [column as f64, row as f64, column as f64 + 1.0, row as f64 + 1.0];
            let expected = clipped_area(&outer, cell) - clipped_area(&inner, cell);
            prop_assert!((share - expected).abs() < 1e-8, "({}, {}): {}, expected {}", column, row, share, expected);
            prop_assert_eq!(coverage.has(column, row), *share > 0.0, "({}, {})", column, row);
        }
        let cut: f64 = grid.blocks(4).iter().flat_map(|b| coverage.in_window(b)).map(|(_, s)| s).sum();
        prop_assert!((cut - coverage.shares()).abs() < 1e-9);
    }

    #[test]
    fn shares_add_up_to_the_plane_area(x in 20.0..30.0_f64, y in 20.0..30.0_f64, radii in prop::collection::vec(3.0..18.0_f64, 5..40)) {
        let grid = grid(50, 50);
        let shape = shape(&grid, &star((x, y), &radii), &[]);
        let coverage = Coverage::of(&shape, &grid).unwrap();
        let (made, expected) = (coverage.shares() * grid.dx * grid.dy, shape.unsigned_area());
        prop_assert!((made / expected - 1.0).abs() < 1e-9, "{} {}", made, expected);
    }

    #[test]
    fn the_parts_of_a_partition_share_out_every_cell(jitter in prop::collection::vec((-0.24..0.24_f64, -0.24..0.24_f64), 36), size in 1.0..3.5_f64, flip in any::<bool>()) {
        // a mesh of 5 by 5 jittered squares, each cut into two triangles; its outline is straight
        let grid = grid(20, 20);
        let corner = |i: usize, j: usize| {
            let (a, b) = jitter[j * 6 + i];
            let move_x = if i == 0 || i == 5 { 0.0 } else { a };
            let move_y = if j == 0 || j == 5 { 0.0 } else { b };
            ((i as f64 + move_x) * size, (j as f64 + move_y) * size)
        };
        let mut covered = vec![0.0; grid.cells()];
        for j in 0..5 {
            for i in 0..5 {
                let [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
                let parts = if flip { [[a, b, c], [a, c, d]] } else { [[b, a, d], [b, d, c]] };
                for part in parts {
                    for (sum, share) in covered.iter_mut().zip(shares(&Coverage::of(&shape(&grid, &part, &[]), &grid).unwrap(), &grid)) {
                        *sum += share;
                    }
                }
            }
        }
        let whole = Coverage::of(&shape(&grid, &[(0.0, 0.0), (5.0 * size, 0.0), (5.0 * size, 5.0 * size), (0.0, 5.0 * size)], &[]), &grid).unwrap();
        for (sum, share) in covered.iter().zip(shares(&whole, &grid)) {
            prop_assert!((sum - share).abs() < 1e-12, "{} {}", sum, share);
        }
    }
}
