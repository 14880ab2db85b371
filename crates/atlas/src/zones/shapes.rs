//! Overlay of zones: union, common ground, areas on the ellipsoid and shares of cells.

use liangshan_space::overlay::{bounds_of, part, united};
use liangshan_space::{Coverage, Crs, Grid, MultiPolygon, polygon_area_m2};
use liangshan_vocab::Problem;

/// Edges are cut to stretches of at most so many metres before they are taken to the ellipsoid; a
/// thousandth of a degree of longitude is 97 m at 29° N (method sheet, section 2).
pub const EDGE_M: f64 = 90.0;

/// The area on the ellipsoid, m².
///
/// # Errors
/// `area.outside`.
pub fn area_m2(shape: &MultiPolygon, crs: &Crs) -> Result<f64, Problem> {
    polygon_area_m2(shape, crs, EDGE_M)
}

/// The exact share of every cell.
///
/// # Errors
/// Those of [`Coverage::of`].
pub fn coverage(shape: &MultiPolygon, grid: &Grid) -> Result<Coverage, Problem> {
    Coverage::of(shape, grid)
}

/// The coordinates as bytes, so that a shape can be named.
pub fn bytes(shape: &MultiPolygon) -> Vec<u8> {
    let rings = shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings
        .flat_map(|r| {
            [f64::NAN.to_le_bytes(), (r.0.len() as f64).to_le_bytes()].into_iter().chain(r.0.iter().flat_map(|c| [c.x.to_le_bytes(), c.y.to_le_bytes()]))
        })
        .flatten()
        .collect()
}

/// All shapes together.
pub fn union(shapes: &[MultiPolygon]) -> MultiPolygon {
    united(&shapes.iter().collect::<Vec<_>>())
}

/// What two shapes have in common; `None` where that is nothing.
pub fn common(a: &MultiPolygon, b: &MultiPolygon) -> Option<MultiPolygon> {
    if !meet(a, b) {
        return None;
    }
    Some(part(a, &[b]).inside).filter(|made| !made.0.is_empty())
}

/// What a shape has of others, which count once where they overlap; `None` where that is nothing. All are
/// put on one lattice, so that what they share with the shape stays shared.
pub fn within(shape: &MultiPolygon, others: &[MultiPolygon]) -> Option<MultiPolygon> {
    let near: Vec<&MultiPolygon> = others.iter().filter(|o| meet(shape, o)).collect();
    if near.is_empty() {
        return None;
    }
    Some(part(shape, &near).inside).filter(|made| !made.0.is_empty())
}

/// What a shape has and none of others has; `None` where that is nothing.
pub fn without(shape: &MultiPolygon, others: &[&MultiPolygon]) -> Option<MultiPolygon> {
    Some(part(shape, others).outside).filter(|made| !made.0.is_empty())
}

fn meet(a: &MultiPolygon, b: &MultiPolygon) -> bool {
    bounds_of(a).zip(bounds_of(b)).is_some_and(|(a, b)| a.meets(&b))
}
