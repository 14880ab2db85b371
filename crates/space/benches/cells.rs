//! Nanoseconds a cell, by hand: `cargo bench -p liangshan-space`. Best of five runs of each.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use liangshan_space::{CellMap, Coord, Coverage, Crs, Grid, LineString, MultiPolygon, Polygon, Projector, Resample, SourceBlock, cell_areas_m2, faults};

/// Prints the best time of five, divided by `count`.
fn timed<T>(what: &str, count: usize, mut run: impl FnMut() -> T) {
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    println!("{what:<58} {:>9.1} ns", best * 1e9 / count as f64);
}

/// A ragged ring of `corners` points.
fn ragged(centre: Coord, radius: f64, corners: usize) -> MultiPolygon {
    let ring: LineString = (0..corners)
        .map(|i| {
            let angle = std::f64::consts::TAU * i as f64 / corners as f64;
            let r = radius * (1.0 + 0.05 * (i as f64 * 0.37).sin() + 0.02 * (i as f64 * 2.9).cos());
            Coord { x: centre.x + r * angle.cos(), y: centre.y + r * angle.sin() }
        })
        .collect();
    MultiPolygon(vec![Polygon::new(ring, vec![])])
}

fn main() {
    let gauss = Crs::of_epsg(4549).unwrap();
    let fine = Grid { crs: gauss, x0: 380_000.0, y0: 3_230_000.0, dx: 30.0, dy: 30.0, columns: 2000, rows: 2000 };
    let small = Grid { columns: 500, rows: 500, ..fine.clone() };
    let lattice = Grid { crs: Crs::cgcs2000(), x0: 118.7, y0: 29.3, dx: 1.0 / 1200.0, dy: 1.0 / 1200.0, columns: 1200, rows: 1200 };
    let values: Vec<f64> = (0..lattice.cells()).map(|i| (i % 977) as f64).collect();
    let source = SourceBlock { grid: &lattice, window: lattice.whole(), values: &values };

    let shape = ragged(Coord { x: 410_000.0, y: 3_200_000.0 }, 25_000.0, 20_000);
    let coverage = Coverage::of(&shape, &fine).unwrap();
    timed("coverage, 20 000 corners, per touched cell", coverage.cells(), || Coverage::of(&shape, &fine).unwrap());
    timed("coverage, 20 000 corners, per corner", 20_000, || Coverage::of(&shape, &fine).unwrap());
    timed("coverage read by blocks of 256, per touched cell", coverage.cells(), || fine.blocks(256).iter().map(|b| coverage.in_window(b).len()).sum::<usize>());
    timed("faults, per corner", 20_000, || faults(&shape));

    timed("cell areas, Gauss-Krueger, per cell", small.cells(), || cell_areas_m2(&small, &small.whole()).unwrap());
    timed("cell areas, geographic, per cell", lattice.cells(), || cell_areas_m2(&lattice, &lattice.whole()).unwrap());

    let projector = Projector::between(&small.crs, &lattice.crs).unwrap();
    for method in [Resample::Nearest, Resample::Bilinear, Resample::Mode, Resample::Average, Resample::Sum] {
        let map = CellMap::new(&small, small.whole(), &lattice, &projector);
        map.resample(method, &source);
        timed(&format!("{method:?}, the map made before, per cell"), small.cells(), || map.resample(method, &source));
    }
    timed("Bilinear with its map, per cell", small.cells(), || CellMap::new(&small, small.whole(), &lattice, &projector).resample(Resample::Bilinear, &source));
    timed("Nearest by copying, per cell", lattice.cells(), || {
        let same = Projector::between(&lattice.crs, &lattice.crs).unwrap();
        CellMap::new(&lattice, lattice.whole(), &lattice, &same).resample(Resample::Nearest, &source)
    });
}
