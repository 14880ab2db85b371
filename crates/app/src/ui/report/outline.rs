//! Outlines of counties as pictures: the frame they are drawn in, names, scale bar and north.
//!
//! Coordinates are columns and rows of the region's grid, so a picture of its cells lies under them
//! without any conversion. Up is the grid's north.

use std::fmt::Write as _;

use liangshan_atlas::publication::{MapCard, PlaceCard};
use liangshan_vocab::{Text, text, words};

use super::view::View;
use crate::ui::html::Html;
use crate::ui::ramp::{hex, value_colours};
use crate::ui::words;

/// A window of the grid, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) struct Frame {
    pub(in crate::ui) left: f32,
    pub(in crate::ui) top: f32,
    pub(in crate::ui) width: f32,
    pub(in crate::ui) height: f32,
}

impl Frame {
    /// What holds every outline, with a margin; `None` without outlines.
    pub(in crate::ui) fn around(places: &[PlaceCard]) -> Option<Self> {
        let points = || places.iter().flat_map(|p| p.outline.iter().flatten()).filter(|(x, y)| x.is_finite() && y.is_finite());
        let (left, right) = points().fold((f32::MAX, f32::MIN), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
        let (top, bottom) = points().fold((f32::MAX, f32::MIN), |(low, high), (_, y)| (low.min(*y), high.max(*y)));
        if left >= right || top >= bottom {
            return None;
        }
        let margin = ((right - left).max(bottom - top) * 0.03).ceil();
        let (left, top) = ((left - margin).floor(), (top - margin).floor());
        Some(Self { left, top, width: (right + margin).ceil() - left, height: (bottom + margin).ceil() - top })
    }

    pub(in crate::ui) fn view_box(&self) -> String {
        format!("{} {} {} {}", self.left, self.top, self.width, self.height)
    }

    /// One unit of type: pictures are drawn about 480 of them wide.
    pub(in crate::ui) fn unit(&self) -> f32 {
        self.width.max(self.height) / 480.0
    }
}

/// Rings as the path of an SVG.
pub(in crate::ui) fn path(rings: &[Vec<(f32, f32)>]) -> String {
    let mut out = String::new();
    for ring in rings.iter().filter(|r| r.len() > 2) {
        for (at, (x, y)) in ring.iter().enumerate() {
            let _ = write!(out, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        }
        out.push('Z');
    }
    out
}

fn counties_of<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a PlaceCard> {
    view.publication.places.iter().filter(|p| view.counties.iter().any(|c| c.code == p.code))
}

/// The shape of the region, as an ornament of the masthead.
pub(super) fn silhouette(h: &mut Html, view: &View<'_>) {
    let Some(frame) = Frame::around(&view.publication.places) else { return };
    h.with("svg.silhouette", &[("viewBox", &frame.view_box()), ("aria-hidden", "true"), ("focusable", "false")], |h| {
        for place in counties_of(view) {
            h.with("path", &[("d", &path(&place.outline))], |_| {});
        }
    });
}

/// Outlines, names, scale bar and north over a picture of the same frame.
pub(super) fn overlay(h: &mut Html, view: &View<'_>, frame: &Frame) {
    let unit = frame.unit();
    let size = format!("--unit:{unit:.3}px");
    h.with("svg.overlay", &[("viewBox", &frame.view_box()), ("style", &size), ("aria-hidden", "true"), ("focusable", "false")], |h| {
        let paths: Vec<String> = counties_of(view).map(|p| path(&p.outline)).collect();
        for class in ["casing", "line"] {
            for d in &paths {
                h.with(&format!("path.{class}"), &[("d", d)], |_| {});
            }
        }
        for place in counties_of(view) {
            h.label("name", &format!("{:.1}", place.label.0), &format!("{:.1}", place.label.1), &short_name(&place.name));
        }
        scale_bar(h, frame, view.publication.cell_m);
        north(h, frame);
    });
}

/// A name as a map prints it: English names without the word for the kind of division.
pub(in crate::ui) fn short_name(name: &Text) -> Text {
    let english = [" District", " County", " City"].iter().find_map(|kind| name.en.strip_suffix(kind)).unwrap_or(&name.en);
    Text::of(name.zh.clone(), english)
}

/// The longest of 1, 2, 5, 10 … km that is at most a quarter of the frame.
fn scale_km(frame: &Frame, cell_m: f64) -> Option<f64> {
    let room = f64::from(frame.width) * cell_m / 4000.0;
    if !(room.is_finite() && room > 0.0) {
        return None;
    }
    let power = 10f64.powf(room.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|km| *km <= room)
}

pub(in crate::ui) fn scale_bar(h: &mut Html, frame: &Frame, cell_m: f64) {
    let Some(km) = scale_km(frame, cell_m) else { return };
    let unit = frame.unit();
    let length = (km * 1000.0 / cell_m) as f32;
    let (x, y) = (frame.left + 14.0 * unit, frame.top + frame.height - 14.0 * unit);
    for (at, class) in [(0.0, "dark"), (0.5, "light")] {
        let (x, y) = (format!("{:.1}", x + length * at), format!("{:.1}", y - 5.0 * unit));
        let (width, height) = (format!("{:.1}", length / 2.0), format!("{:.1}", 5.0 * unit));
        h.with(&format!("rect.scale-{class}"), &[("x", &x), ("y", &y), ("width", &width), ("height", &height)], |_| {});
    }
    let said = words::trimmed(&format!("{km:.3}"));
    h.label("scale", &format!("{:.1}", x + length / 2.0), &format!("{:.1}", y - 10.0 * unit), &words!("{said} 千米", "{said} km"));
}

pub(in crate::ui) fn north(h: &mut Html, frame: &Frame) {
    let unit = frame.unit();
    let (x, y) = (frame.left + frame.width - 20.0 * unit, frame.top + 14.0 * unit);
    let half = |side: f32| format!("M{x:.1} {y:.1}L{:.1} {:.1}L{x:.1} {:.1}Z", x + side * 7.0 * unit, y + 24.0 * unit, y + 18.0 * unit);
    h.with("path.north-dark", &[("d", &half(-1.0))], |_| {});
    h.with("path.north-light", &[("d", &half(1.0))], |_| {});
    h.label("north", &format!("{x:.1}"), &format!("{:.1}", y + 40.0 * unit), &text("北", "N"));
}

/// A map of counties coloured by their money for each km², yuan, with the number under the name.
pub(super) fn counties(h: &mut Html, view: &View<'_>, title: &Text, values: &[(&str, f64)]) {
    h.line("figcaption", title);
    let Some(frame) = Frame::around(&view.publication.places).filter(|_| !values.is_empty()) else { return };
    let (least, greatest) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), (_, v)| (low.min(*v), high.max(*v)));
    let colours = value_colours(9);
    let place_of = |value: f64| if greatest > least { (value - least) / (greatest - least) } else { 0.5 };
    let said: Vec<Text> = values
        .iter()
        .map(|(code, v)| Text::of(format!("{} {}", view.place(code).zh, words::density(*v).zh), format!("{} {}", view.place(code).en, words::density(*v).en)))
        .collect();
    let said = words::joined(&said);
    let alt = format!("{}：{} / {}: {}", title.zh, said.zh, title.en, said.en);
    let size = format!("--unit:{:.3}px", frame.unit());
    h.with("svg.counties", &[("viewBox", &frame.view_box()), ("style", &size), ("role", "img"), ("aria-label", &alt)], |h| {
        for place in counties_of(view) {
            let value = values.iter().find(|(code, _)| *code == place.code).map(|(_, v)| *v);
            // The palest and the darkest stay free, so that land is told from paper and names can be read.
            let fill = value.map_or_else(|| "#e4e1d5".to_owned(), |v| hex(colours[1 + (place_of(v) * 5.0).round() as usize]));
            h.with("path.county", &[("d", &path(&place.outline)), ("fill", &fill)], |h| {
                let said = value.map_or_else(|| place.name.to_string(), |v| format!("{} {}", place.name, words::density(v)));
                h.el("title", |h| h.text(&said));
            });
        }
        for place in counties_of(view) {
            let (x, y) = (format!("{:.1}", place.label.0), format!("{:.1}", place.label.1));
            h.label("name", &x, &y, &short_name(&place.name));
            if let Some((_, value)) = values.iter().find(|(code, _)| *code == place.code) {
                let below = format!("{:.1}", place.label.1 + 18.0 * frame.unit());
                h.label("value", &x, &below, &words::density(*value));
            }
        }
        scale_bar(h, &frame, view.publication.cell_m);
        north(h, &frame);
    });
    h.line("p.note", &sketch(view));
}

/// What stands under every map.
pub(super) fn sketch(view: &View<'_>) -> Text {
    let edition = &view.publication.edition;
    words!("示意图，边界来自 OpenStreetMap（{edition}），非官方界线。", "A sketch. Boundaries are OpenStreetMap's ({edition}), not official ones.")
}

/// Which cells of a map lie in a county, row by row. Even-odd by the middle of each cell; all of them
/// where no outline is known.
pub(super) fn inside(view: &View<'_>, map: &MapCard) -> Vec<bool> {
    let (columns, rows, step) = (map.columns, map.rows, map.step.max(1) as f32);
    if Frame::around(&view.publication.places).is_none() {
        return vec![true; columns * rows];
    }
    let mut out = vec![false; columns * rows];
    for place in counties_of(view) {
        for row in 0..rows {
            let y = (row as f32 + 0.5) * step;
            let mut crossings: Vec<f32> = Vec::new();
            for ring in &place.outline {
                for (at, (x1, y1)) in ring.iter().enumerate() {
                    let (x2, y2) = ring[(at + 1) % ring.len()];
                    if (*y1 <= y) != (y2 <= y) {
                        crossings.push((x1 + (y - y1) / (y2 - y1) * (x2 - x1)) / step);
                    }
                }
            }
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let first = (pair[0] - 0.5).ceil().max(0.0) as usize;
                let end = ((pair[1] - 0.5).floor() + 1.0).clamp(0.0, columns as f32) as usize;
                for cell in first.min(end)..end {
                    out[row * columns + cell] = true;
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 553 columns of 250 m are 138 km, a quarter of it 34.6 km, and 20 is the longest below.
    #[test]
    fn the_scale_bar_is_a_round_length() {
        let frame = Frame { left: 0.0, top: 0.0, width: 553.0, height: 600.0 };
        assert_eq!(scale_km(&frame, 250.0), Some(20.0));
        assert_eq!(scale_km(&Frame { width: 40.0, ..frame }, 100.0), Some(1.0));
        assert_eq!(scale_km(&frame, f64::NAN), None);
    }

    #[test]
    fn a_path_goes_through_its_points_and_closes() {
        assert_eq!(path(&[vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.25)], vec![(0.0, 0.0)]]), "M0.0 0.0L2.0 0.0L2.0 1.2Z");
    }
}
