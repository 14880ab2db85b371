//! Real outlines: the counties of Quzhou as drawn by OpenStreetMap.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use liangshan_space::geo::MapCoords;
use liangshan_space::{Coord, Coverage, Crs, Grid, MultiPolygon, Projector, cell_areas_m2, faults, gcj, partition_faults, polygon_area_m2};

fn counties() -> Vec<(String, MultiPolygon)> {
    common::shapes(include_str!("data/quzhou_counties_osm_wgs84.geojson"), "adcode")
}

/// Code, area between geodesics, area between straight lines in longitude and latitude, m²:
/// pyproj.Geod 3.7.2 (geographiclib).
const AREAS: [(&str, f64, f64); 6] = [
    ("330802", 604_342_719.551, 604_342_636.927),
    ("330803", 1_754_204_027.009, 1_754_204_185.724),
    ("330822", 1_095_858_374.181, 1_095_856_132.294),
    ("330824", 2_231_684_958.776, 2_231_686_542.132),
    ("330825", 1_146_496_794.249, 1_146_499_526.945),
    ("330881", 2_020_274_625.435, 2_020_274_361.650),
];

#[test]
fn counties_have_their_geodesic_areas() {
    for ((code, shape), (wanted, geodesic, straight)) in counties().iter().zip(AREAS) {
        assert_eq!(code, wanted);
        let area = polygon_area_m2(shape, &Crs::wgs84(), 50.0).unwrap();
        assert!((area / straight - 1.0).abs() < 1e-8, "{code}: {area}, expected {straight}");
        assert!((area / geodesic - 1.0).abs() < 1e-5, "{code}: {area}, expected {geodesic}");
    }
}

#[test]
fn counties_have_the_same_areas_by_covered_cells() {
    // the same literals, now by way of a 250 m Gauss-Krueger grid: shares times ellipsoid cell areas.
    // Edges are straight in another plane and shares ignore the slant of the scale within a cell.
    let crs = Crs::parse("EPSG:4549").unwrap();
    let grid = Grid { crs, x0: 302_500.0, y0: 3_271_000.0, dx: 250.0, dy: 250.0, columns: 553, rows: 600 };
    let areas = cell_areas_m2(&grid, &grid.whole()).unwrap();
    let projector = Projector::between(&Crs::wgs84(), &crs).unwrap();
    let mut covered = vec![0.0; grid.cells()];
    for ((code, shape), (_, geodesic, _)) in counties().iter().zip(AREAS) {
        let coverage = Coverage::of(&projector.map_shape(shape), &grid).unwrap();
        let cells = coverage.in_window(&grid.whole());
        let area: f64 = cells.iter().map(|(i, share)| share * areas[*i as usize]).sum();
        assert!((area / geodesic - 1.0).abs() < 2e-6, "{code}: {area}, expected {geodesic}");
        for (i, share) in cells {
            covered[i as usize] += share;
        }
    }
    // counties partition the city: no cell is covered twice
    assert!(covered.iter().all(|share| *share <= 1.0 + 1e-9));
}

#[test]
fn a_shifted_layer_is_found_out_and_an_honest_one_is_left_alone() {
    let all: MultiPolygon = counties().into_iter().flat_map(|(_, shape)| shape.0).collect();
    let shifted = all.map_coords(|c| {
        let (x, y) = gcj::from_wgs84(c.x, c.y);
        Coord { x, y }
    });
    let fit = gcj::better_after_shift(&shifted, &all).unwrap();
    assert!(fit.before_m > 200.0 && fit.after_m < 0.01, "{fit:?}");
    assert!(gcj::better_after_shift(&all, &all).is_none());
    assert!(gcj::better_after_shift(&MultiPolygon(vec![]), &all).is_none());
}

#[test]
fn counties_are_valid_and_fit_together() {
    let crs = Crs::parse("EPSG:4549").unwrap();
    let projector = Projector::between(&Crs::wgs84(), &crs).unwrap();
    let shapes: Vec<MultiPolygon> = counties().into_iter().map(|(_, shape)| projector.map_shape(&shape)).collect();
    for shape in &shapes {
        assert_eq!(faults(shape), []);
    }
    // the source draws common boundaries with common vertices: nothing above one square metre
    assert_eq!(partition_faults(&shapes, 1.0), []);
    let pushed = shapes[0].map_coords(|c| Coord { x: c.x + 10.0, y: c.y });
    let found = partition_faults(&[&[pushed], &shapes[1..]].concat(), 1.0);
    assert!(found.len() > 2 && found.iter().all(|f| f.a == 0 || f.b == 0), "{found:?}");
}
