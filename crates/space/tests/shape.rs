//! Faults are found where they are, and valid shapes have none.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_space::geo::{Coord, LineString, MapCoords, MultiPolygon, Polygon};
use liangshan_space::{FaultKind, PartitionFaultKind, faults, partition_faults};

type Points<'a> = &'a [(f64, f64)];

fn ring(points: Points<'_>) -> LineString {
    LineString::from(points.to_vec())
}

fn polygon(exterior: Points<'_>, holes: &[Points<'_>]) -> Polygon {
    Polygon::new(ring(exterior), holes.iter().map(|h| ring(h)).collect())
}

fn found(polygons: &[Polygon]) -> Vec<(FaultKind, (f64, f64))> {
    faults(&MultiPolygon(polygons.to_vec())).into_iter().map(|f| (f.kind, f.at)).collect()
}

fn square(x: f64, y: f64, size: f64) -> [(f64, f64); 5] {
    [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
}

#[test]
fn valid_shapes_have_no_faults() {
    // straight corners, a hole that touches the outline at a point, two holes that touch at a
    // point, an island in a hole, parts that touch at a corner
    let outline = [(0.0, 0.0), (5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
    let touching = [(0.0, 5.0), (2.0, 4.0), (2.0, 6.0)];
    let left = [(2.0, 8.0), (4.0, 7.0), (4.0, 9.0)];
    let right = [(4.0, 7.0), (6.0, 6.0), (6.0, 8.0)];
    assert_eq!(found(&[polygon(&outline, &[&touching, &left, &right])]), []);
    let island = polygon(&square(4.0, 4.0, 1.0), &[]);
    assert_eq!(found(&[polygon(&outline, &[&square(3.0, 3.0, 3.0)]), island]), []);
    assert_eq!(found(&[polygon(&square(0.0, 0.0, 1.0), &[]), polygon(&square(1.0, 1.0, 1.0), &[])]), []);
    assert_eq!(found(&[]), []);
}

#[test]
fn every_fault_is_found_at_its_place() {
    use FaultKind::*;
    // by hand, in small whole numbers
    let bow_tie = polygon(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)], &[]);
    assert_eq!(found(&[bow_tie]), [(SelfIntersection, (2.0, 2.0))]);
    let spike = polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, 9.0), (4.0, 4.0), (0.0, 4.0)], &[]);
    assert!(found(&[spike]).iter().any(|(kind, at)| *kind == SelfIntersection && at.0 == 4.0));
    let eight = polygon(&[(0.0, 0.0), (2.0, 2.0), (4.0, 0.0), (4.0, 4.0), (2.0, 2.0), (0.0, 4.0)], &[]);
    assert_eq!(found(&[eight]), [(SelfTouch, (2.0, 2.0))]);
    let nothing = polygon(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)], &[]);
    assert_eq!(found(&[nothing]), [(TooFewPoints, (1.0, 1.0))]);
    let twice = polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 0.0), (4.0, 4.0)], &[]);
    assert_eq!(found(&[twice]), [(RepeatedPoint, (4.0, 0.0))]);
    let lost = polygon(&[(0.0, 0.0), (4.0, 0.0), (f64::NAN, 4.0), (0.0, 4.0)], &[]);
    assert_eq!(found(&[lost]), [(NotFinite, (4.0, 0.0))]);

    let box10 = square(0.0, 0.0, 10.0);
    assert_eq!(found(&[polygon(&box10, &[&square(20.0, 20.0, 1.0)])]), [(HoleOutside, (20.0, 20.0))]);
    assert_eq!(found(&[polygon(&box10, &[&square(9.0, 4.0, 2.0)])]), [(RingsCross, (10.0, 4.0)), (RingsCross, (10.0, 6.0))]);
    assert_eq!(found(&[polygon(&box10, &[&square(2.0, 2.0, 5.0), &square(3.0, 3.0, 1.0)])]), [(PartsOverlap, (3.0, 3.0))]);
    assert_eq!(found(&[polygon(&box10, &[]), polygon(&square(3.0, 3.0, 1.0), &[])]), [(PartsOverlap, (3.0, 3.0))]);
    // a hole that leaves through two corners of the outline
    let through = polygon(&box10, &[&[(1.0, 0.0), (2.0, -3.0), (3.0, 0.0), (2.0, 2.0)]]);
    assert_eq!(found(&[through]), [(HoleOutside, (2.0, -3.0))]);
    let sharing = found(&[polygon(&square(0.0, 0.0, 2.0), &[]), polygon(&square(2.0, 0.0, 2.0), &[])]);
    assert!(!sharing.is_empty() && sharing.iter().all(|(kind, at)| *kind == RingsCross && at.0 == 2.0));
}

#[test]
fn faults_are_found_at_big_coordinates_too() {
    // the bow-tie of a four-metre square at a zone-prefixed easting
    let bow_tie = polygon(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)], &[]);
    let far = MultiPolygon(vec![bow_tie]).map_coords(|c| Coord { x: c.x + 40_500_000.0, y: c.y + 3_200_000.0 });
    let found = faults(&far);
    assert_eq!(found.len(), 1);
    assert!((found[0].at.0 - 40_500_002.0).abs() < 1e-6 && (found[0].at.1 - 3_200_002.0).abs() < 1e-6);
}

#[test]
fn a_long_outline_is_checked_quickly() {
    // a comb of 20 000 corners; quadratic work would take minutes in this profile
    let mut points = vec![(0.0, -1.0)];
    points.extend((0..20_000).map(|i| (f64::from(i), f64::from(i % 2) * 5.0)));
    points.push((19_999.0, -1.0));
    assert_eq!(found(&[polygon(&points, &[])]), []);
}

#[test]
fn a_partition_shows_its_overlaps_and_gaps() {
    // by hand: four rooms around a courtyard of 2 by 2, at a zone-prefixed easting; the east room
    // reaches 0.5 into the south one over 2 m
    let far = |points: Points<'_>| MultiPolygon(vec![polygon(&points.iter().map(|p| (p.0 + 40_500_000.0, p.1 + 3_200_000.0)).collect::<Vec<_>>(), &[])]);
    let south = far(&[(0.0, 0.0), (6.0, 0.0), (6.0, 2.0), (0.0, 2.0)]);
    let north = far(&[(0.0, 4.0), (6.0, 4.0), (6.0, 6.0), (0.0, 6.0)]);
    let west = far(&[(0.0, 2.0), (2.0, 2.0), (2.0, 4.0), (0.0, 4.0)]);
    let east = far(&[(4.0, 1.5), (6.0, 1.5), (6.0, 4.0), (4.0, 4.0)]);
    let found = partition_faults(&[south.clone(), north.clone(), west.clone(), east], 1e-3);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!((found[0].a, found[0].b, found[0].kind), (0, 3, PartitionFaultKind::Overlap));
    assert!((found[0].area - 1.0).abs() < 1e-6, "{found:?}");
    assert_eq!(found[1].kind, PartitionFaultKind::Gap);
    assert!((found[1].area - 4.0).abs() < 1e-6);
    let (x, y) = (found[1].at.0 - 40_500_000.0, found[1].at.1 - 3_200_000.0);
    assert!((2.0..4.0).contains(&x) && (2.0..4.0).contains(&y), "{x}, {y}");

    let courtyard = far(&[(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)]);
    let east = far(&[(4.0, 2.0), (6.0, 2.0), (6.0, 4.0), (4.0, 4.0)]);
    assert_eq!(partition_faults(&[south, north, west, east, courtyard], 1e-6), []);
    assert_eq!(partition_faults(&[], 0.0), []);
}
