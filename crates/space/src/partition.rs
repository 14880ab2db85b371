//! Faults between the units of a partition: counties of a city, zones of a plan.

use geo::{Area, BooleanOps, Coord, Distance, Euclidean, InteriorPoint, LineString, MapCoords, MultiPolygon, Point, Polygon, unary_union};

use crate::Bounds;

/// What is wrong between two units of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartitionFaultKind {
    /// Both have it.
    Overlap,
    /// Neither has it, though units enclose it.
    Gap,
}

/// A fault between units `a` and `b` of a partition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartitionFault {
    /// Index of one unit. For a gap, the unit that most of its corners lie on.
    pub a: usize,
    /// Index of the other; the same as `a` for a gap that only `a` touches.
    pub b: usize,
    /// Overlap or gap.
    pub kind: PartitionFaultKind,
    /// Its plane area in squared units of the coordinates.
    pub area: f64,
    /// A point in it: x, y.
    pub at: (f64, f64),
}

/// Overlaps and gaps larger than `least_area` (squared units of the coordinates), overlaps first,
/// by index. Overlay rounds coordinates to about 10⁻⁹ of the extent, so ask for no less than that
/// times a boundary's length. A gap is what units enclose and none has, a lake left out on purpose
/// included; a gap that is open to the outside cannot be told from outside. Units must be free of
/// [`crate::shape::faults`]; one with a coordinate that is not finite is left out.
pub fn partition_faults(units: &[MultiPolygon], least_area: f64) -> Vec<PartitionFault> {
    let corners = |shape: &MultiPolygon| -> Vec<(f64, f64)> { shape.0.iter().flat_map(|p| p.exterior().0.iter().map(|c| (c.x, c.y))).collect() };
    let Some(extent) = Bounds::around(units.iter().flat_map(corners)) else { return Vec::new() };
    // small numbers keep the overlay's precision: seven-digit eastings would cost three digits
    let origin = Coord { x: ((extent.west + extent.east) / 2.0).round(), y: ((extent.south + extent.north) / 2.0).round() };
    let mut local: Vec<(usize, Bounds, MultiPolygon)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let shape = unit.map_coords(|c| c - origin);
        let finite =
            shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())).flat_map(|r| &r.0).all(|c| c.x.is_finite() && c.y.is_finite());
        if let (true, Some(bounds)) = (finite, Bounds::around(corners(&shape))) {
            local.push((index, bounds, shape));
        }
    }
    let inside = |found: Option<Point>| found.map_or((f64::NAN, f64::NAN), |p| (p.x() + origin.x, p.y() + origin.y));
    let mut faults = Vec::new();
    for (i, (a, bounds, shape)) in local.iter().enumerate() {
        for (b, other_bounds, other) in &local[i + 1..] {
            if !bounds.meets(other_bounds) {
                continue;
            }
            let common = shape.intersection(other);
            let area = common.unsigned_area();
            if area > least_area {
                faults.push(PartitionFault { a: *a, b: *b, kind: PartitionFaultKind::Overlap, area, at: inside(common.interior_point()) });
            }
        }
    }
    let near = 1e-7 * (extent.east - extent.west).hypot(extent.north - extent.south);
    let mut gaps = Vec::new();
    for gap in unary_union(local.iter().map(|(_, _, shape)| shape)).0.iter().flat_map(Polygon::interiors) {
        let hole = Polygon::new(gap.clone(), vec![]);
        let area = hole.unsigned_area();
        if area > least_area {
            let (a, b) = neighbours(gap, &local, near);
            gaps.push(PartitionFault { a, b, kind: PartitionFaultKind::Gap, area, at: inside(hole.interior_point()) });
        }
    }
    gaps.sort_by(|x, y| (x.a, x.b).cmp(&(y.a, y.b)).then(x.at.0.total_cmp(&y.at.0)));
    faults.extend(gaps);
    faults
}

/// The two units on whose boundaries most corners of a gap lie.
fn neighbours(gap: &LineString, units: &[(usize, Bounds, MultiPolygon)], near: f64) -> (usize, usize) {
    let mut touching: Vec<(usize, usize)> = units
        .iter()
        .map(|(index, _, shape)| (gap.0.iter().filter(|c| Euclidean.distance(&Point(**c), shape) <= near).count(), *index))
        .filter(|(count, _)| *count > 0)
        .collect();
    touching.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)));
    let a = touching.first().map_or(0, |t| t.1);
    (a, touching.get(1).map_or(a, |t| t.1))
}
