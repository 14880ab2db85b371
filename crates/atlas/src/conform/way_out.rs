//! What would have to move for a better verdict: the part of the site that stands against it, and what
//! of the site remains.

use liangshan_planning::conformity::Verdict;
use liangshan_planning::opinion::Measure;
use liangshan_space::geo::Centroid;
use liangshan_space::overlay::{part, plane_area, united};
use liangshan_space::{Coord, MultiPolygon};
use liangshan_vocab::{Text, text};

use super::{Piece, SiteOpinion, hundredths};

/// A better verdict and what it would take.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The worst verdict of what remains.
    pub reaches: Verdict,
    /// What of the site remains; empty when all of it would have to move.
    pub remains: MultiPolygon,
    /// Its area in the plane, m².
    pub plane_m2: f64,
    /// Rules that no cutting satisfies: the site crosses a line or holds a point.
    pub crossed: Vec<String>,
}

/// What one rule wants moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The rule's layer.
    pub rule: String,
    /// The area that would have to move, on the ellipsoid, m².
    pub area_m2: f64,
    /// Where to: toward what remains, or out by the nearest edge.
    pub toward: Option<Compass>,
    /// How far the nearest edge is from the middle of the site, m, where nothing remains.
    pub edge_m: Option<f64>,
}

/// One of eight directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compass(usize);

const ROSE: [(&str, Text); 8] = [
    ("N", text("北", "north")),
    ("NE", text("东北", "north-east")),
    ("E", text("东", "east")),
    ("SE", text("东南", "south-east")),
    ("S", text("南", "south")),
    ("SW", text("西南", "south-west")),
    ("W", text("西", "west")),
    ("NW", text("西北", "north-west")),
];

impl Compass {
    /// The direction from one point to another.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an eighth of a turn, 0 to 7")]
    fn from(a: Coord, b: Coord) -> Option<Self> {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        if dx.hypot(dy) < 0.01 {
            return None;
        }
        let turn = dx.atan2(dy).to_degrees().rem_euclid(360.0);
        Some(Self((turn / 45.0).round() as usize % 8))
    }

    /// `N`, `NE` …
    pub fn word(self) -> &'static str {
        ROSE[self.0].0
    }

    /// The word for people.
    pub fn title(self) -> Text {
        ROSE[self.0].1.clone()
    }
}

/// The steps to a better verdict, the nearest first: out of what forbids, then out of everything.
pub fn steps(opinion: &SiteOpinion<'_>) -> Vec<Step> {
    let mut made: Vec<Step> = Vec::new();
    for from in [Verdict::Forbid, Verdict::Escalate, Verdict::Need] {
        let (mut taken, mut crossed) = (Vec::new(), Vec::new());
        for line in opinion.opinion.speaking(from) {
            let Some(piece) = opinion.piece(&line.rule.of) else { continue };
            match piece.measure {
                Measure::Area { .. } => taken.push(if line.rule.outside { &piece.outside } else { &piece.inside }),
                Measure::Length(_) | Measure::Points(_) => crossed.push(line.rule.layer.clone()),
            }
        }
        if taken.is_empty() && crossed.is_empty() {
            continue;
        }
        let remains = if taken.is_empty() { opinion.site.shape.clone() } else { part(&opinion.site.shape, &taken).outside };
        let reaches = opinion.opinion.lines.iter().filter_map(|l| l.verdict()).filter(|v| *v < from).max().unwrap_or(Verdict::Pass);
        if made.last().is_none_or(|last| last.reaches != reaches) {
            made.push(Step { reaches, plane_m2: hundredths(plane_area(&remains)), remains, crossed });
        }
    }
    made
}

/// What each rule that speaks wants moved.
pub fn moves(opinion: &SiteOpinion<'_>) -> Vec<Move> {
    let mut made = Vec::new();
    for line in opinion.opinion.speaking(Verdict::Need) {
        let Some(piece) = opinion.piece(&line.rule.of) else { continue };
        let Measure::Area { inside, outside } = piece.measure else { continue };
        let (bad, good, area_m2) = if line.rule.outside { (&piece.outside, &piece.inside, outside) } else { (&piece.inside, &piece.outside, inside) };
        let middle = |shape: &MultiPolygon| shape.centroid().map(|p| p.0);
        let (toward, edge_m) = match (middle(bad), middle(good)) {
            (Some(from), Some(to)) => (Compass::from(from, to), None),
            (Some(from), None) => nearest_edge(opinion, piece, from, line.rule.outside).map_or((None, None), |(to, far)| (Compass::from(from, to), Some(far))),
            _ => (None, None),
        };
        made.push(Move { rule: line.rule.layer.clone(), area_m2, toward, edge_m });
    }
    made
}

/// The nearest point of the edge of the features that a site lies in, or of all features of a layer that
/// it lies outside of, and how far it is.
fn nearest_edge(opinion: &SiteOpinion<'_>, piece: &Piece, from: Coord, outside: bool) -> Option<(Coord, f64)> {
    let layer = opinion.desk.layer(piece);
    let shapes: Vec<&MultiPolygon> = if outside {
        layer.features.iter().filter_map(|f| f.shape.area()).collect()
    } else {
        piece.features.iter().filter_map(|t| layer.features[t.feature].shape.area()).collect()
    };
    let joined = if shapes.len() > 1 && !outside { united(&shapes) } else { MultiPolygon(shapes.into_iter().flat_map(|m| m.0.iter().cloned()).collect()) };
    let rings = joined.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let feet = rings.flat_map(|ring| ring.lines().map(|side| foot(side.start, side.end, from)).collect::<Vec<_>>());
    feet.map(|at| (at, (at.x - from.x).hypot(at.y - from.y))).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, far)| (at, hundredths(far)))
}

/// The point of a side nearest to another point.
fn foot(a: Coord, b: Coord, p: Coord) -> Coord {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    Coord { x: a.x + t * dx, y: a.y + t * dy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_directions() {
        let to = |x: f64, y: f64| Compass::from(Coord { x: 0.0, y: 0.0 }, Coord { x, y }).map(Compass::word);
        assert_eq!([to(0.0, 5.0), to(3.0, 3.0), to(9.0, 0.1), to(-1.0, -1.0), to(-7.0, 0.0)], [Some("N"), Some("NE"), Some("E"), Some("SW"), Some("W")]);
        assert_eq!(to(0.0, 0.0), None);
    }

    /// By hand: the foot of a perpendicular, and an end where there is none.
    #[test]
    fn the_nearest_point_of_a_side() {
        let side = (Coord { x: 0.0, y: 0.0 }, Coord { x: 10.0, y: 0.0 });
        assert_eq!(foot(side.0, side.1, Coord { x: 4.0, y: 3.0 }), Coord { x: 4.0, y: 0.0 });
        assert_eq!(foot(side.0, side.1, Coord { x: -4.0, y: 3.0 }), Coord { x: 0.0, y: 0.0 });
    }
}
