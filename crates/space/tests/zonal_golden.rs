//! Coverage and zonal statistics against exactextract and rasterstats; tests/data/README.md says
//! where every file is from.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use liangshan_space::{Coverage, Crs, Grid, Zonal};

fn grid(x0: f64, y0: f64, columns: usize, rows: usize) -> Grid {
    Grid { crs: Crs::parse("EPSG:32650").unwrap(), x0, y0, dx: 30.0, dy: 30.0, columns, rows }
}

/// Rows of a CSV as numbers, without the header.
fn numbers(csv: &str) -> Vec<Vec<f64>> {
    csv.lines().skip(1).map(|line| line.split(',').map(|n| n.parse().unwrap()).collect()).collect()
}

#[test]
fn coverage_is_that_of_exactextract() {
    let grid = grid(682_830.0, 3_200_400.0, 144, 160);
    let expected = numbers(include_str!("data/towns_coverage_first5.csv"));
    let mut compared = 0;
    for (uid, shape) in &common::shapes(include_str!("data/towns_first5.geojson"), "uid") {
        let made = Coverage::of(shape, &grid).unwrap().in_window(&grid.whole());
        let wanted: Vec<(u32, f64)> = expected.iter().filter(|r| r[0].to_string() == *uid).map(|r| (r[1] as u32, r[2])).collect();
        // exactextract holds shares as 32-bit floats; cells with less than 1e-6 may be on one side only
        for (cell, share) in &wanted {
            let ours = made.iter().find(|(c, _)| c == cell).map_or(0.0, |(_, s)| *s);
            assert!((ours - share).abs() < 1e-6, "town {uid} cell {cell}: {ours}, expected {share}");
            compared += 1;
        }
        for (cell, share) in &made {
            assert!(*share < 1e-6 || wanted.iter().any(|(c, _)| c == cell), "town {uid}: cell {cell} with {share} is not in the golden file");
        }
    }
    assert_eq!(compared, expected.len());
}

#[test]
fn zonal_statistics_are_those_of_exactextract_and_rasterstats() {
    let grid = grid(683_310.0, 3_199_440.0, 113, 97);
    let rain: Vec<f64> = include_str!("data/holes_precip.txt")
        .split_whitespace()
        .map(|word| if word == "-" { f64::NAN } else { f64::from(word.parse::<f32>().unwrap()) })
        .collect();
    assert_eq!(rain.len(), grid.cells());
    let exact = numbers(include_str!("data/holes_counties_precip_exactextract.csv"));
    let centre = numbers(include_str!("data/holes_counties_precip_rasterstats_cellcentre.csv"));
    for (i, (_, shape)) in common::shapes(include_str!("data/holes_counties.geojson"), "uid").iter().enumerate() {
        let coverage = Coverage::of(shape, &grid).unwrap();
        let mut whole = Zonal::new();
        whole.add(&coverage.in_window(&grid.whole()), &rain, None);
        let mut tiled = Zonal::new();
        for block in grid.blocks(16) {
            let values: Vec<f64> = block.places().map(|(c, r)| rain[grid.whole().index(c, r)]).collect();
            let mut part = Zonal::new();
            part.add(&coverage.in_window(&block), &values, Some(&vec![900.0; values.len()]));
            tiled.merge(&part);
        }
        // columns of the golden file: uid, count, sum, mean, min, max
        for (made, wanted) in [whole.count, whole.sum, whole.mean(), whole.min, whole.max].iter().zip(&exact[i][1..6]) {
            assert!((made / wanted - 1.0).abs() < 1e-6, "county {i}: {made}, expected {wanted}");
        }
        assert!((tiled.mean() / exact[i][3] - 1.0).abs() < 1e-6 && (tiled.weight / whole.count / 900.0 - 1.0).abs() < 1e-12);
        assert!(whole.missing > 0.0);

        let mut middles = Zonal::new();
        middles.add(&Coverage::of_centres(shape, &grid).unwrap().in_window(&grid.whole()), &rain, None);
        // columns: row, count, sum (summed by rasterstats as 32-bit floats), min, max
        let wanted = &centre[i][1..5];
        assert_eq!((middles.count, middles.min, middles.max), (wanted[0], wanted[2], wanted[3]));
        assert!((middles.sum / wanted[1] - 1.0).abs() < 1e-6);
    }
}
