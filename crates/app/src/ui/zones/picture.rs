//! Pictures of zones over the counties.

use liangshan_atlas::zones::sheet::Line;
use liangshan_vocab::Text;

use super::View;
use crate::ui::html::Html;
use crate::ui::report::outline::{Frame, north, path, scale_bar, short_name};

/// Colours of zones in their order, over and over.
const TINTS: usize = 8;

/// The class of the colour of a zone by its place in its set.
pub(super) fn tint(at: usize) -> String {
    format!("tint-{}", at % TINTS)
}

/// A picture of the region: its land, what `inside` draws, and the borders of counties with their names.
pub(super) fn map(h: &mut Html, view: &View<'_>, alt: &Text, inside: impl FnOnce(&mut Html, &Frame)) {
    let Some(frame) = Frame::around(&view.cards) else { return };
    let size = format!("--unit:{:.3}px", frame.unit());
    let (alt, frame_box) = (alt.to_string(), frame.view_box());
    h.with("svg.zone-map", &[("viewBox", &frame_box), ("style", &size), ("role", "img"), ("aria-label", &alt)], |h| {
        for place in &view.cards {
            h.with("path.land", &[("d", &path(&place.outline))], |_| {});
        }
        inside(h, &frame);
        for place in &view.cards {
            h.with("path.border", &[("d", &path(&place.outline))], |_| {});
        }
        for place in view.cards.iter().filter(|p| !p.outline.is_empty()) {
            h.label("name", &format!("{:.1}", place.label.0), &format!("{:.1}", place.label.1), &short_name(&place.name));
        }
        scale_bar(h, &frame, view.sheet.book.prepared.grid.dx);
        north(h, &frame);
    });
}

/// The zones of some lines, each in its colour.
pub(super) fn zones(h: &mut Html, view: &View<'_>, lines: &[&Line]) {
    for (at, line) in lines.iter().enumerate() {
        let Some(zone) = line.zone else { continue };
        let class = format!("path.zone.{}", tint(at));
        h.with(&class, &[("d", &path(&view.sheet.outline(zone)))], |h| {
            let says = line.title.to_string();
            h.el("title", |h| h.text(&says));
        });
    }
}
