//! Overlay of shapes on a lattice of whole numbers, so that no rounding can open a sliver or turn a
//! ring over: what is inside and what is outside always make up the whole.
//!
//! The lattice is that of the plane itself: its points are multiples of the step from the origin of
//! the reference system. The overlay is that of `i_overlay`, which works on such numbers.

use geo::{Area, BooleanOps, Contains, Coord, Euclidean, Length, LineString, MapCoords, MultiLineString, MultiPoint, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use crate::Bounds;

/// The finest step, m: a hundredth of a millimetre.
const FINEST: f64 = 1e-5;
/// The farthest a point may lie from the middle of the lattice, in steps.
const REACH: f64 = 500_000_000.0;
/// What is kept round the subject of an overlay, m.
const MARGIN: f64 = 1.0;

/// Points at whole multiples of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lattice {
    middle: Coord,
    /// Steps of one unit; a power of ten, so that a step is the nearest float to a decimal fraction.
    per_unit: f64,
}

impl Lattice {
    /// The lattice for shapes within some bounds: of the finest step that reaches over all of them, 0.01
    /// mm up to 10 km across, 0.1 mm up to 100 km, and so on by tens.
    pub fn over(bounds: &Bounds) -> Self {
        let middle = Coord { x: f64::midpoint(bounds.west, bounds.east).round(), y: f64::midpoint(bounds.south, bounds.north).round() };
        let reach = (bounds.east - bounds.west).max(bounds.north - bounds.south) / 2.0 + 2.0 * MARGIN;
        let mut per_unit = 1.0 / FINEST;
        while reach * per_unit > REACH && per_unit > 1e-3 {
            per_unit /= 10.0;
        }
        Self { middle, per_unit: per_unit.round().max(1.0) }
    }

    /// The step, m.
    pub fn step(&self) -> f64 {
        1.0 / self.per_unit
    }

    #[allow(clippy::cast_possible_truncation, reason = "points are cut to the reach of the lattice before")]
    fn point(&self, c: Coord) -> IntPoint {
        let steps = |v: f64, middle: f64| ((v - middle) * self.per_unit).round() as i32;
        IntPoint::new(steps(c.x, self.middle.x), steps(c.y, self.middle.y))
    }

    fn place(&self, p: IntPoint) -> Coord {
        Coord { x: self.middle.x + f64::from(p.x) / self.per_unit, y: self.middle.y + f64::from(p.y) / self.per_unit }
    }

    /// A shape with its points on the lattice.
    pub fn snapped(&self, shape: &MultiPolygon) -> MultiPolygon {
        shape.map_coords(|c| self.place(self.point(c)))
    }
}

/// What an overlay leaves of its subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// What lies in the others.
    pub inside: MultiPolygon,
    /// What lies outside all of them.
    pub outside: MultiPolygon,
}

/// Parts a subject by the union of other shapes. Shapes have to be free of [`crate::faults`]; two of the
/// others may overlap, and are counted once.
pub fn part(subject: &MultiPolygon, others: &[&MultiPolygon]) -> Parted {
    let [inside, outside] = overlaid(subject, others, [OverlayRule::Intersect, OverlayRule::Difference]);
    Parted { inside, outside }
}

/// What of a subject lies in another shape: [`Parted::inside`] alone.
pub fn inside(subject: &MultiPolygon, other: &MultiPolygon) -> MultiPolygon {
    let [inside] = overlaid(subject, &[other], [OverlayRule::Intersect]);
    inside
}

fn overlaid<const N: usize>(subject: &MultiPolygon, others: &[&MultiPolygon], rules: [OverlayRule; N]) -> [MultiPolygon; N] {
    let none = || rules.map(|_| MultiPolygon(Vec::new()));
    let Some(bounds) = bounds_of(subject) else { return none() };
    let lattice = Lattice::over(&bounds);
    let window = Bounds { west: bounds.west - MARGIN, south: bounds.south - MARGIN, east: bounds.east + MARGIN, north: bounds.north + MARGIN };
    let mut overlay = Overlay::new_custom(64, IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() }, Default::default());
    add(&mut overlay, subject, ShapeType::Subject, &lattice, None);
    for other in others.iter().filter(|other| bounds_of(other).is_some_and(|b| b.meets(&bounds))) {
        add(&mut overlay, other, ShapeType::Clip, &lattice, Some(&window));
    }
    let Some(graph) = overlay.build_graph_view(FillRule::NonZero) else { return none() };
    let mut buffer = Default::default();
    rules.map(|rule| shapes(graph.extract_shapes(rule, &mut buffer), &lattice))
}

/// The union of shapes.
pub fn united(shapes: &[&MultiPolygon]) -> MultiPolygon {
    let Some(bounds) = shapes.iter().filter_map(|s| bounds_of(s)).reduce(|a, b| a.around_both(&b)) else { return MultiPolygon(Vec::new()) };
    let lattice = Lattice::over(&bounds);
    let mut overlay = Overlay::new_custom(64, IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() }, Default::default());
    shapes.iter().for_each(|shape| add(&mut overlay, shape, ShapeType::Subject, &lattice, None));
    self::shapes(overlay.overlay(OverlayRule::Subject, FillRule::NonZero), &lattice)
}

/// What a shape with crossing rings covers by the even-odd rule, as a valid shape: a proposal for its
/// repair, which a person has to look at.
pub fn repaired(shape: &MultiPolygon) -> MultiPolygon {
    let finite = MultiPolygon(shape.0.iter().filter(|p| rings(p).all(|r| r.0.iter().all(|c| c.x.is_finite() && c.y.is_finite()))).cloned().collect());
    let Some(bounds) = bounds_of(&finite) else { return MultiPolygon(Vec::new()) };
    let lattice = Lattice::over(&bounds);
    let mut overlay = Overlay::new_custom(64, IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() }, Default::default());
    for ring in finite.0.iter().flat_map(rings) {
        overlay.add_path_iter(ring.0.iter().map(|c| lattice.point(*c)), ShapeType::Subject);
    }
    shapes(overlay.overlay(OverlayRule::Subject, FillRule::EvenOdd), &lattice)
}

/// The length of lines inside a shape, in units of the plane.
pub fn length_inside(shape: &MultiPolygon, lines: &MultiLineString) -> f64 {
    let Some(bounds) = bounds_of(shape) else { return 0.0 };
    let origin = Coord { x: bounds.west.round(), y: bounds.south.round() };
    let near: Vec<LineString> = lines
        .0
        .iter()
        .filter(|line| Bounds::around(line.0.iter().map(|c| (c.x, c.y))).is_some_and(|b| b.meets(&bounds)))
        .map(|line| line.map_coords(|c| c - origin))
        .collect();
    if near.is_empty() {
        return 0.0;
    }
    Euclidean.length(&shape.map_coords(|c| c - origin).clip(&MultiLineString(near), false))
}

/// How many of some points lie inside a shape.
pub fn points_inside(shape: &MultiPolygon, points: &MultiPoint) -> usize {
    points.0.iter().filter(|p| shape.contains(*p)).count()
}

/// The plane area of a shape, in squared units.
pub fn plane_area(shape: &MultiPolygon) -> f64 {
    // sums of small numbers: seven-digit coordinates would cost the last digits
    let Some(bounds) = bounds_of(shape) else { return 0.0 };
    let origin = Coord { x: bounds.west, y: bounds.south };
    shape.map_coords(|c| c - origin).unsigned_area()
}

/// The length of all rings of a shape.
pub fn perimeter(shape: &MultiPolygon) -> f64 {
    shape.0.iter().flat_map(rings).map(|ring| Euclidean.length(ring)).sum()
}

/// How compact a shape is: `4 π A / P²`, 1 for a disc, near 0 for a sliver.
pub fn thinness(shape: &MultiPolygon) -> f64 {
    let perimeter = perimeter(shape);
    if perimeter > 0.0 { 4.0 * std::f64::consts::PI * plane_area(shape) / (perimeter * perimeter) } else { 0.0 }
}

/// The rectangle around a shape; `None` when it is empty.
pub fn bounds_of(shape: &MultiPolygon) -> Option<Bounds> {
    Bounds::around(shape.0.iter().flat_map(|p| p.exterior().0.iter().map(|c| (c.x, c.y))))
}

fn rings(polygon: &Polygon) -> impl Iterator<Item = &LineString> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Adds a shape: outer rings against the clock, holes with it, so that what overlaps counts once. With
/// a window only what can matter in it is added.
fn add(overlay: &mut Overlay, shape: &MultiPolygon, kind: ShapeType, lattice: &Lattice, window: Option<&Bounds>) {
    for polygon in &shape.0 {
        for (i, ring) in rings(polygon).enumerate() {
            let mut points: Vec<Coord> = ring.0.clone();
            if let Some(window) = window {
                let Some(around) = Bounds::around(points.iter().map(|c| (c.x, c.y))) else { continue };
                if !around.meets(window) {
                    continue;
                }
                cut(&mut points, window);
            }
            if points.len() < 3 {
                continue;
            }
            let mut on: Vec<IntPoint> = points.into_iter().map(|c| lattice.point(c)).collect();
            if (doubled_area(&on) > 0) != (i == 0) {
                on.reverse();
            }
            overlay.add_contour(&on, kind);
        }
    }
}

fn doubled_area(points: &[IntPoint]) -> i128 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)).sum()
}

/// Cuts a ring to a rectangle, side by side (Sutherland and Hodgman 1974). Edges along the rectangle may
/// remain; they lie outside whatever the rectangle was drawn round.
fn cut(points: &mut Vec<Coord>, window: &Bounds) {
    let sides: [(bool, f64, bool); 4] = [(true, window.west, true), (true, window.east, false), (false, window.south, true), (false, window.north, false)];
    for (along_x, limit, keep_above) in sides {
        let of = |c: &Coord| if along_x { c.x } else { c.y };
        let kept = |c: &Coord| if keep_above { of(c) >= limit } else { of(c) <= limit };
        if points.iter().all(kept) {
            continue;
        }
        let mut out = Vec::with_capacity(points.len());
        for i in 0..points.len() {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            if kept(&a) {
                out.push(a);
            }
            if kept(&a) != kept(&b) {
                out.push(crossing(a, b, along_x, limit));
            }
        }
        *points = out;
    }
}

/// Where an edge meets a side of the window; the same point whichever way the edge is walked, so that
/// neighbours keep a common boundary.
fn crossing(a: Coord, b: Coord, along_x: bool, limit: f64) -> Coord {
    let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
    if along_x {
        Coord { x: limit, y: a.y + (b.y - a.y) * ((limit - a.x) / (b.x - a.x)) }
    } else {
        Coord { x: a.x + (b.x - a.x) * ((limit - a.y) / (b.y - a.y)), y: limit }
    }
}

fn shapes(made: Vec<Vec<Vec<IntPoint>>>, lattice: &Lattice) -> MultiPolygon {
    let ring = |points: Vec<IntPoint>| LineString(points.into_iter().map(|p| lattice.place(p)).collect());
    let polygon = |shape: Vec<Vec<IntPoint>>| {
        let mut rings = shape.into_iter().map(ring);
        Polygon::new(rings.next().unwrap_or(LineString(Vec::new())), rings.collect())
    };
    MultiPolygon(made.into_iter().map(polygon).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rectangle at the place of Quzhou in EPSG:4549.
    fn rectangle(x: f64, y: f64, w: f64, h: f64) -> MultiPolygon {
        let (x, y) = (385_000.0 + x, 3_207_000.0 + y);
        let ring = LineString::from(vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]);
        MultiPolygon(vec![Polygon::new(ring, vec![])])
    }

    fn areas(subject: &MultiPolygon, others: &[&MultiPolygon]) -> (f64, f64) {
        let made = part(subject, others);
        (plane_area(&made.inside), plane_area(&made.outside))
    }

    /// By hand.
    #[test]
    fn a_subject_is_parted_and_overlaps_count_once() {
        let site = rectangle(0.0, 0.0, 100.0, 50.0);
        assert_eq!(areas(&site, &[&rectangle(60.0, -10.0, 100.0, 100.0)]), (2000.0, 3000.0));
        assert_eq!(areas(&site, &[&rectangle(60.0, -10.0, 100.0, 100.0), &rectangle(50.0, -10.0, 100.0, 100.0)]), (2500.0, 2500.0));
        assert_eq!(areas(&site, &[]), (0.0, 5000.0));
        assert_eq!(areas(&site, &[&rectangle(-1e6, -1e6, 2e6, 2e6)]), (5000.0, 0.0));
    }

    #[test]
    fn touching_is_nothing() {
        let site = rectangle(0.0, 0.0, 100.0, 50.0);
        for neighbour in
            [rectangle(100.0, 0.0, 10.0, 50.0), rectangle(100.0, 50.0, 10.0, 10.0), rectangle(0.0, 50.0, 100.0, 10.0), rectangle(500.0, 0.0, 1.0, 1.0)]
        {
            assert_eq!(areas(&site, &[&neighbour]), (0.0, 5000.0));
        }
    }

    #[test]
    fn holes_count_whichever_way_they_turn() {
        let site = rectangle(0.0, 0.0, 100.0, 50.0);
        for back in [false, true] {
            let mut hole = rectangle(10.0, 10.0, 20.0, 20.0).0[0].exterior().clone();
            if back {
                hole.0.reverse();
            }
            let zone = MultiPolygon(vec![Polygon::new(rectangle(-10.0, -10.0, 200.0, 200.0).0[0].exterior().clone(), vec![hole])]);
            assert_eq!(areas(&site, &[&zone]), (4600.0, 400.0));
        }
    }

    /// Two neighbours whose common edge crosses the site at an angle: what lies in one is not in the
    /// other, and together they are the site, to the last step of the lattice.
    #[test]
    fn neighbours_share_the_site_without_rest() {
        let (left, right) = {
            let (a, b) = ((385_013.123_456_7, 3_100_000.0), (385_087.765_432_1, 3_300_000.0));
            let poly = |x: f64| MultiPolygon(vec![Polygon::new(LineString::from(vec![a, b, (x, b.1), (x, a.1)]), vec![])]);
            (poly(300_000.0), poly(400_000.0))
        };
        let site = rectangle(0.0, 0.0, 100.0, 50.0);
        let (in_left, not_left) = areas(&site, &[&left]);
        let (in_right, _) = areas(&site, &[&right]);
        assert!((in_left + in_right - 5000.0).abs() < 1e-6 && (not_left - in_right).abs() < 1e-6, "{in_left} {in_right}");
        assert!(part(&part(&site, &[&left]).inside, &[&right]).inside.0.is_empty());
    }

    #[test]
    fn a_bow_tie_is_taken_apart() {
        let tie = MultiPolygon(vec![Polygon::new(LineString::from(vec![(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0), (0.0, 0.0)]), vec![])]);
        let mended = repaired(&tie);
        assert_eq!((mended.0.len(), plane_area(&mended)), (2, 50.0));
        assert!(crate::faults(&mended).iter().all(|f| f.kind == crate::FaultKind::SelfTouch));
    }

    #[test]
    fn lines_and_points() {
        let site = rectangle(0.0, 0.0, 100.0, 50.0);
        let line = MultiLineString(vec![LineString::from(vec![(384_900.0, 3_207_025.0), (385_050.0, 3_207_025.0)])]);
        assert!((length_inside(&site, &line) - 50.0).abs() < 1e-6);
        assert_eq!(points_inside(&site, &MultiPoint::from(vec![(385_001.0, 3_207_001.0), (384_999.0, 3_207_001.0)])), 1);
    }

    #[test]
    fn the_step_follows_the_extent() {
        let over = |size: f64| Lattice::over(&Bounds { west: 0.0, south: 0.0, east: size, north: 1.0 }).step();
        assert_eq!((over(100.0), over(9_900.0), over(90_000.0), over(900_000.0)), (1e-5, 1e-5, 1e-4, 1e-3));
    }
}
