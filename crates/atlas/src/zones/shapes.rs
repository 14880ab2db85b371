//! Overlay of zones: union, common ground, areas on the ellipsoid and shares of cells.

use liangshan_space::geo::{BooleanOps, BoundingRect, Coord, MapCoords, unary_union};
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

/// No ground at all.
pub fn nothing() -> MultiPolygon {
    MultiPolygon(Vec::new())
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

/// Small numbers keep the overlay's precision: seven-digit eastings would cost three digits.
fn origin_of(shape: &MultiPolygon) -> Option<Coord> {
    let bounds = shape.bounding_rect()?;
    Some(Coord { x: bounds.center().x.round(), y: bounds.center().y.round() })
}

fn moved(shape: &MultiPolygon, by: Coord) -> MultiPolygon {
    shape.map_coords(|c| c + by)
}

/// All shapes together.
pub fn union(shapes: &[MultiPolygon]) -> MultiPolygon {
    let Some(origin) = shapes.iter().find_map(origin_of) else { return MultiPolygon(Vec::new()) };
    let local: Vec<MultiPolygon> = shapes.iter().map(|s| moved(s, Coord { x: -origin.x, y: -origin.y })).collect();
    moved(&unary_union(&local), origin)
}

/// What two shapes have in common; `None` where that is nothing.
pub fn common(a: &MultiPolygon, b: &MultiPolygon) -> Option<MultiPolygon> {
    with(a, b, |a, b| a.intersection(b))
}

/// What one shape has and another has not; `None` where that is nothing.
pub fn without(a: &MultiPolygon, b: &MultiPolygon) -> Option<MultiPolygon> {
    if !meet(a, b) { Some(a.clone()).filter(|a| !a.0.is_empty()) } else { with(a, b, |a, b| a.difference(b)) }
}

fn meet(a: &MultiPolygon, b: &MultiPolygon) -> bool {
    match (a.bounding_rect(), b.bounding_rect()) {
        (Some(a), Some(b)) => a.min().x <= b.max().x && b.min().x <= a.max().x && a.min().y <= b.max().y && b.min().y <= a.max().y,
        _ => false,
    }
}

fn with(a: &MultiPolygon, b: &MultiPolygon, op: impl Fn(&MultiPolygon, &MultiPolygon) -> MultiPolygon) -> Option<MultiPolygon> {
    if !meet(a, b) {
        return None;
    }
    let origin = origin_of(a)?;
    let back = Coord { x: -origin.x, y: -origin.y };
    let made = moved(&op(&moved(a, back), &moved(b, back)), origin);
    (!made.0.is_empty()).then_some(made)
}
