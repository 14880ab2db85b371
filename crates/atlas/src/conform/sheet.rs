//! The map that goes with an opinion: the site, what the rules look at around it, and how large it is.

use liangshan_planning::opinion::Measure;
use liangshan_space::overlay::{bounds_of, part, united};
use liangshan_space::{Bounds, LineString, MultiPolygon, Polygon};
use liangshan_vocab::Text;

use super::SiteOpinion;
use crate::control::Shape;

/// How much ground is shown round the site, in parts of its larger side, and at least so many metres.
const ROUND: f64 = 0.9;
const LEAST_M: f64 = 150.0;

/// A layer on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its name in `region.toml`.
    pub layer: String,
    /// What it is called.
    pub title: Text,
    /// Its polygons within the map, rings as points of the plane.
    pub rings: Vec<Vec<(f64, f64)>>,
    /// Its lines.
    pub lines: Vec<Vec<(f64, f64)>>,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// The map.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// What it shows, in the plane of the region's grid.
    pub extent: Bounds,
    /// Layers that a rule looks at and that lie within, in the order of the rules.
    pub layers: Vec<Drawn>,
    /// The rings of the site.
    pub site: Vec<Vec<(f64, f64)>>,
    /// The rings of the parts that stand against it.
    pub against: Vec<Vec<(f64, f64)>>,
}

/// Draws the map of an opinion; `None` for a site without extent.
pub fn sheet(opinion: &SiteOpinion<'_>) -> Option<Sheet> {
    let site = bounds_of(&opinion.site.shape)?;
    let side = (site.east - site.west).max(site.north - site.south);
    let pad = (side * ROUND).max(LEAST_M);
    let middle = (f64::midpoint(site.west, site.east), f64::midpoint(site.south, site.north));
    let (half, half_high) = (side / 2.0 + pad, (side / 2.0 + pad) * 0.8);
    let extent = Bounds { west: middle.0 - half, east: middle.0 + half, south: middle.1 - half_high, north: middle.1 + half_high };
    let frame = rectangle(&extent);
    let mut layers: Vec<Drawn> = Vec::new();
    for rule in opinion.opinion.lines.iter().map(|l| l.rule) {
        let Some(piece) = opinion.piece(&rule.of).filter(|_| layers.iter().all(|d| d.layer != rule.of)) else { continue };
        let layer = opinion.desk.layer(piece);
        let mut drawn = Drawn { layer: rule.of.clone(), title: layer.layer.title.clone(), rings: Vec::new(), lines: Vec::new(), points: Vec::new() };
        let inside = |p: &(f64, f64)| p.0 >= extent.west && p.0 <= extent.east && p.1 >= extent.south && p.1 <= extent.north;
        match piece.measure {
            Measure::Area { .. } => {
                let near = opinion.desk.near(piece.layer, &extent);
                drawn.rings = rings(&part(&frame, &near).inside);
            }
            Measure::Length(_) | Measure::Points(_) => {
                for feature in &layer.features {
                    match &feature.shape {
                        Shape::Lines(lines) => drawn.lines.extend(lines.0.iter().flat_map(|line| stretches(line, &extent))),
                        Shape::Points(points) => drawn.points.extend(points.0.iter().map(|p| (p.x(), p.y())).filter(inside)),
                        Shape::Area(_) => {}
                    }
                }
            }
        }
        if !(drawn.rings.is_empty() && drawn.lines.is_empty() && drawn.points.is_empty()) {
            layers.push(drawn);
        }
    }
    let speaking = opinion.opinion.speaking(super::Verdict::Need);
    let pieces = speaking.filter_map(|line| opinion.piece(&line.rule.of).map(|piece| if line.rule.outside { &piece.outside } else { &piece.inside }));
    let against = rings(&united(&pieces.collect::<Vec<_>>()));
    Some(Sheet { extent, layers, site: rings(&opinion.site.shape), against })
}

fn rectangle(b: &Bounds) -> MultiPolygon {
    let ring = LineString::from(vec![(b.west, b.south), (b.east, b.south), (b.east, b.north), (b.west, b.north), (b.west, b.south)]);
    MultiPolygon(vec![Polygon::new(ring, Vec::new())])
}

fn rings(shape: &MultiPolygon) -> Vec<Vec<(f64, f64)>> {
    let points = |ring: &LineString| ring.0.iter().map(|c| (c.x, c.y)).collect();
    shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(points).collect::<Vec<_>>()).collect()
}

/// The stretches of a line whose sides come near the map; the picture's frame cuts the rest.
fn stretches(line: &LineString, extent: &Bounds) -> Vec<Vec<(f64, f64)>> {
    let mut made: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open = false;
    for side in line.lines() {
        let (a, b) = ((side.start.x, side.start.y), (side.end.x, side.end.y));
        if !Bounds::around([a, b]).is_some_and(|s| s.meets(extent)) {
            open = false;
            continue;
        }
        match made.last_mut().filter(|_| open) {
            Some(stretch) => stretch.push(b),
            None => made.push(vec![a, b]),
        }
        open = true;
    }
    made
}
