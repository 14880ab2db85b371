//! Faults of shapes, each with the place where a person can find it on a map, and faults between
//! the units of a partition.
//!
//! Rules of a valid shape: OGC 06-103r4, Simple Feature Access, part 1, 6.1.11 and 6.1.14. Nothing
//! is mended here.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, Line, LineString, MultiPolygon, Polygon};

use crate::Bounds;
pub use crate::partition::{PartitionFault, PartitionFaultKind, partition_faults};

/// What is wrong with a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// A ring has fewer than three different points.
    TooFewPoints,
    /// The same point twice in a row. Harmless to areas.
    RepeatedPoint,
    /// A ring crosses itself or runs back along itself.
    SelfIntersection,
    /// A ring touches itself at a point. Harmless to areas.
    SelfTouch,
    /// Two rings cross or share a stretch of line.
    RingsCross,
    /// A hole reaches out of the ring it belongs to.
    HoleOutside,
    /// Two parts, or two holes of one part, lie one in the other.
    PartsOverlap,
}

/// One fault and where it is, in the shape's own coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where: x, y. For [`FaultKind::NotFinite`] the nearest earlier finite point of the ring, NaN
    /// where there is none.
    pub at: (f64, f64),
}

/// A ring and where it belongs.
struct Ring<'a> {
    line: &'a LineString,
    part: usize,
    hole: bool,
    bounds: Bounds,
    /// What it encloses.
    area: Polygon,
}

/// A side of a ring, from left to right.
struct Side {
    ring: usize,
    index: usize,
    line: Line,
    west: f64,
    east: f64,
}

/// How two rings meet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Point,
    Crossing,
}

/// Everything wrong with a shape, by kind and then by place; nothing when it is valid. A ring with
/// a coordinate that is not finite is reported for that and looked at no further. Rings are taken
/// as closed, which [`geo::Polygon`] sees to.
pub fn faults(shape: &MultiPolygon) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut rings = Vec::new();
    for (part, polygon) in shape.0.iter().enumerate() {
        for (i, line) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
            if points_are_sound(line, &mut faults)
                && let Some(bounds) = Bounds::around(line.0.iter().map(|c| (c.x, c.y)))
            {
                rings.push(Ring { line, part, hole: i > 0, bounds, area: Polygon::new(line.clone(), vec![]) });
            }
        }
    }
    let met = meetings(&rings, &mut faults);
    nesting(&rings, &met, &mut faults);
    faults.sort_by(|a, b| a.kind.cmp(&b.kind).then(a.at.0.total_cmp(&b.at.0)).then(a.at.1.total_cmp(&b.at.1)));
    faults.dedup();
    faults
}

/// Reports points that are not finite, too few or repeated. True when the ring can be looked at
/// further.
fn points_are_sound(ring: &LineString, faults: &mut Vec<Fault>) -> bool {
    let finite = |c: &Coord| c.x.is_finite() && c.y.is_finite();
    if let Some(bad) = ring.0.iter().position(|c| !finite(c)) {
        let near = ring.0[..bad].last().map_or((f64::NAN, f64::NAN), |c| (c.x, c.y));
        faults.push(Fault { kind: FaultKind::NotFinite, at: near });
        return false;
    }
    for pair in ring.0.windows(2) {
        if pair[0] == pair[1] && ring.0.len() > 2 {
            faults.push(Fault { kind: FaultKind::RepeatedPoint, at: (pair[0].x, pair[0].y) });
        }
    }
    let mut distinct: Vec<(u64, u64)> = ring.0.iter().map(|c| ((c.x + 0.0).to_bits(), (c.y + 0.0).to_bits())).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 3 {
        let at = ring.0.first().map_or((f64::NAN, f64::NAN), |c| (c.x, c.y));
        faults.push(Fault { kind: FaultKind::TooFewPoints, at });
        return false;
    }
    true
}

/// Goes through all sides from west to east and finds where they meet. Faults of a ring with
/// itself and crossings of two rings are reported; all meetings of two rings are returned.
fn meetings(rings: &[Ring<'_>], faults: &mut Vec<Fault>) -> Vec<(usize, usize, Meeting)> {
    let mut sides = Vec::new();
    let mut counts = Vec::with_capacity(rings.len());
    for (ring, Ring { line, .. }) in rings.iter().enumerate() {
        let lines: Vec<Line> = line.lines().filter(|l| l.start != l.end).collect();
        counts.push(lines.len());
        sides.extend(lines.into_iter().enumerate().map(|(index, line)| {
            let (west, east) = (line.start.x.min(line.end.x), line.start.x.max(line.end.x));
            Side { ring, index, line, west, east }
        }));
    }
    sides.sort_by(|a, b| a.west.total_cmp(&b.west));
    let mut met = Vec::new();
    let mut open: Vec<&Side> = Vec::new();
    for side in &sides {
        open.retain(|other| other.east >= side.west);
        for other in &open {
            let Some(found) = line_intersection(other.line, side.line) else { continue };
            let (at, crossing) = match found {
                LineIntersection::SinglePoint { intersection, is_proper } => (intersection, is_proper),
                LineIntersection::Collinear { intersection } => (intersection.start, intersection.start != intersection.end),
            };
            let at = (at.x, at.y);
            if side.ring == other.ring {
                let apart = side.index.abs_diff(other.index);
                let neighbours = apart == 1 || apart + 1 == counts[side.ring];
                match (crossing, neighbours) {
                    (true, _) => faults.push(Fault { kind: FaultKind::SelfIntersection, at }),
                    (false, false) => faults.push(Fault { kind: FaultKind::SelfTouch, at }),
                    (false, true) => {}
                }
                continue;
            }
            let (a, b) = (side.ring.min(other.ring), side.ring.max(other.ring));
            met.push((a, b, if crossing { Meeting::Crossing } else { Meeting::Point }));
            if crossing {
                faults.push(Fault { kind: FaultKind::RingsCross, at });
            }
        }
        open.push(side);
    }
    met.sort_unstable();
    met.dedup();
    met
}

/// Reports holes outside their ring, and parts or holes within one another.
fn nesting(rings: &[Ring<'_>], met: &[(usize, usize, Meeting)], faults: &mut Vec<Fault>) {
    let how = |a: usize, b: usize| {
        let from = met.partition_point(|m| (m.0, m.1) < (a, b));
        met[from..].iter().take_while(|m| (m.0, m.1) == (a, b)).map(|m| m.2).max()
    };
    for (i, one) in rings.iter().enumerate() {
        for (j, other) in rings.iter().enumerate().skip(i + 1) {
            if how(i, j) == Some(Meeting::Crossing) {
                continue;
            }
            // one point off the boundary decides, unless the rings touch and may cross there
            let all = how(i, j).is_some();
            let seek = |ring: &Ring<'_>, within: &Ring<'_>, wanted: CoordPos| {
                let mut off = ring.line.0.iter().map(|c| (c, within.area.coordinate_position(c))).filter(|(_, p)| *p != CoordPos::OnBoundary);
                if all { off.find(|(_, p)| *p == wanted) } else { off.next().filter(|(_, p)| *p == wanted) }.map(|(c, _)| (c.x, c.y))
            };
            if other.hole && !one.hole && one.part == other.part {
                if let Some(at) = seek(other, one, CoordPos::Outside) {
                    faults.push(Fault { kind: FaultKind::HoleOutside, at });
                }
            } else if one.hole && other.hole && one.part == other.part && one.bounds.meets(&other.bounds) {
                if let Some(at) = seek(one, other, CoordPos::Inside).or_else(|| seek(other, one, CoordPos::Inside)) {
                    faults.push(Fault { kind: FaultKind::PartsOverlap, at });
                }
            } else if !one.hole && !other.hole && one.bounds.meets(&other.bounds) {
                // a part may lie in a hole of another
                let in_hole = |ring: &Ring<'_>, of: usize| {
                    rings.iter().any(|h| h.hole && h.part == of && h.bounds.meets(&ring.bounds) && seek(ring, h, CoordPos::Outside).is_none())
                };
                let inside = |ring: &Ring<'_>, within: &Ring<'_>| seek(ring, within, CoordPos::Inside).filter(|_| !in_hole(ring, within.part));
                if let Some(at) = inside(one, other).or_else(|| inside(other, one)) {
                    faults.push(Fault { kind: FaultKind::PartsOverlap, at });
                }
            }
        }
    }
}
