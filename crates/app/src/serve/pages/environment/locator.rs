//! A small map of where a watched place is: counties, main rivers, and its neighbours. Drawn by the server, so
//! that it is there without scripts and on paper.

use liangshan_atlas::drawn::{Drawings, Drawn};
use liangshan_vocab::{Text, words};
use serde_json::Value;

use crate::serve::route::Ask;
use crate::serve::watch::{Point, Watch};
use crate::ui::html::Html;

const WIDTH: f64 = 320.0;
/// Around the region.
const MARGIN: f64 = 6.0;
/// Points nearer than so many units of the picture are left out.
const FINE: f64 = 0.7;
/// Rivers of this order and above.
const MAIN_RIVERS: f64 = 3.0;

/// From degrees to the picture.
struct Frame {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    height: f64,
}

impl Frame {
    fn around([west, south, east, north]: [f64; 4]) -> Self {
        let squeeze = ((south + north) / 2.0).to_radians().cos();
        let across = (WIDTH - 2.0 * MARGIN) / (east - west).max(1e-6);
        let down = across / squeeze;
        Self { west, north, across, down, height: (north - south) * down + 2.0 * MARGIN }
    }

    fn at(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        ((lon - self.west) * self.across + MARGIN, (self.north - lat) * self.down + MARGIN)
    }
}

/// A line as a path, without what nobody would see.
fn path(frame: &Frame, line: &[Value], closed: bool, out: &mut String) {
    let mut before: Option<(f64, f64)> = None;
    let last = line.len().saturating_sub(1);
    for (number, place) in line.iter().enumerate() {
        let (Some(lon), Some(lat)) = (place[0].as_f64(), place[1].as_f64()) else { continue };
        let (x, y) = frame.at((lon, lat));
        if before.is_some_and(|(a, b)| number != last && (x - a).hypot(y - b) < FINE) {
            continue;
        }
        out.push(if before.is_none() { 'M' } else { 'L' });
        out.push_str(&format!("{x:.1} {y:.1}"));
        before = Some((x, y));
    }
    if closed {
        out.push('Z');
    }
}

/// The outlines or lines of a feature.
fn drawn(frame: &Frame, feature: &Drawn) -> String {
    let shape = feature.geojson();
    let (kind, coordinates) = (shape["geometry"]["type"].as_str().unwrap_or_default(), &shape["geometry"]["coordinates"]);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut out = String::new();
    match kind {
        "MultiPolygon" => list(coordinates).iter().flat_map(list).for_each(|ring| path(frame, &list(&ring), true, &mut out)),
        "Polygon" | "MultiLineString" => list(coordinates).iter().for_each(|line| path(frame, &list(line), kind == "Polygon", &mut out)),
        "LineString" => path(frame, &list(coordinates), false, &mut out),
        _ => {}
    }
    out
}

/// The picture; nothing for a place that is on no map.
pub(super) fn draw(h: &mut Html, ask: &Ask<'_>, drawings: &Drawings, watch: &Watch, place: &Point, to: &str) {
    let Some(at) = place.at else { return };
    let frame = Frame::around(drawings.bounds);
    let view = format!("0 0 {WIDTH} {:.0}", frame.height);
    let name = &place.name;
    let alt = words!("{name} 在区域中的位置", "where {name} is in the region");
    h.el("figure.locator", |h| {
        h.with("a", &[("href", to), ("aria-label", ask.say("在一张图上看", "on the map"))], |h| {
            h.with("svg", &[("viewBox", &view), ("role", "img"), ("aria-label", alt.get(ask.lang))], |h| {
                for county in drawings.layers.first().map(|l| l.features.as_slice()).unwrap_or_default() {
                    h.with("path.county", &[("d", &drawn(&frame, county))], |_| {});
                }
                for layer in drawings.layers.iter().filter(|l| l.kind == "river") {
                    let main = |f: &&Drawn| f.said("rank").and_then(|r| r.parse::<f64>().ok()).is_none_or(|r| r >= MAIN_RIVERS);
                    let lines: String = layer.features.iter().filter(main).map(|f| drawn(&frame, f)).collect();
                    h.with("path.river", &[("d", &lines)], |_| {});
                }
                for other in watch.points.iter().filter(|p| p.layer == place.layer && p.id != place.id) {
                    dot(h, &frame, other, "circle.other", "2.6");
                }
                let (x, y) = frame.at(at);
                h.with("circle.ring", &[("cx", &format!("{x:.1}")), ("cy", &format!("{y:.1}")), ("r", "9")], |_| {});
                dot(h, &frame, place, "circle.here", "4.6");
            });
        });
        h.el("figcaption", |h| {
            h.say(&Text::of(format!("{:.4}°E，{:.4}°N · ", at.0, at.1), format!("{:.4}°E, {:.4}°N · ", at.0, at.1)));
            h.with("a", &[("href", to)], |h| h.text(ask.say("在一张图上看", "on the map")));
        });
    });
}

fn dot(h: &mut Html, frame: &Frame, point: &Point, class: &str, radius: &str) {
    let Some(at) = point.at else { return };
    let (x, y) = frame.at(at);
    let class = format!("{class}.{}", point.state().word());
    h.with(&class, &[("cx", &format!("{x:.1}")), ("cy", &format!("{y:.1}")), ("r", radius)], |h| h.el("title", |h| h.text(&point.name)));
}
