//! The map of an opinion as a picture in the page: layers, site, scale bar, north, legend.

use liangshan_atlas::conform::sheet::{Sheet, sheet};
use liangshan_atlas::conform::{Bounds, SiteOpinion};
use liangshan_vocab::{Text, text};

use crate::ui::html::Html;

/// Size of the picture's map, and of the legend beside it.
const WIDE: f64 = 700.0;
const HIGH: f64 = 560.0;
const LEGEND: f64 = 220.0;

/// Fill, line and dashes of the layers people know by colour; the others take a turn.
const COLOURS: [(&str, &str, &str, &str); 11] = [
    ("redline", "#d9483b", "#a3261f", ""),
    ("permanent_basic_farmland", "#f0d264", "#a8861a", ""),
    ("urban_boundary", "#b79ac8", "#6d4a86", "6 3"),
    ("protected_core", "#2f7d4f", "#1d5635", ""),
    ("protected_general", "#8cc39f", "#3f8a5b", ""),
    ("drinking_source_1", "#2f6fb0", "#1c4a7a", ""),
    ("drinking_source_2", "#9cc4e8", "#3b78ad", ""),
    ("no_burn_zone", "#e3a46f", "#9b5a22", "2 3"),
    ("ecological_corridor", "#39a08e", "#1f7a6a", ""),
    ("ecological_node", "#39a08e", "#1f7a6a", ""),
    ("wetland", "#7fc7c0", "#2f8f86", ""),
];
const OTHERS: [(&str, &str); 4] = [("#c9b8a3", "#7a6449"), ("#b8c9a3", "#5f7a49"), ("#a3b8c9", "#49627a"), ("#c9a3b8", "#7a4962")];

fn colour(layer: &str, at: usize) -> (&'static str, &'static str, &'static str) {
    let (fill, line) = OTHERS[at % OTHERS.len()];
    COLOURS.iter().find(|c| c.0 == layer).map_or((fill, line, ""), |c| (c.1, c.2, c.3))
}

/// Draws the map.
pub(super) fn draw(h: &mut Html, opinion: &SiteOpinion<'_>) {
    let Some(sheet) = sheet(opinion) else { return };
    let scale = WIDE / (sheet.extent.east - sheet.extent.west);
    let size = format!("0 0 {} {HIGH}", WIDE + LEGEND);
    let title = text("选址与管控图层的位置关系", "The site among the control layers");
    h.with("svg", &[("class", "map"), ("viewBox", &size), ("xmlns", "http://www.w3.org/2000/svg"), ("role", "img"), ("aria-label", &title.zh)], |h| {
        h.el("defs", |h| {
            h.with("clipPath", &[("id", "frame")], |h| h.with("rect", &[("width", &WIDE.to_string()), ("height", &HIGH.to_string())], |_| {}));
            h.with(
                "pattern",
                &[("id", "hatch"), ("width", "7"), ("height", "7"), ("patternUnits", "userSpaceOnUse"), ("patternTransform", "rotate(45)")],
                |h| {
                    h.with("line", &[("x1", "0"), ("y1", "0"), ("x2", "0"), ("y2", "7"), ("stroke", "#a3261f"), ("stroke-width", "2.4")], |_| {});
                },
            );
        });
        h.with("g", &[("clip-path", "url(#frame)")], |h| {
            ground(h, &sheet, scale);
        });
        bar(h, &sheet.extent, scale);
        north(h);
        legend(h, &sheet);
    });
    h.line("p.small", &text("上为坐标北（平面坐标纵轴），不是公开出版的地图。", "Up is grid north; this is no map for publication."));
}

/// A path of rings in the picture.
fn path(rings: &[Vec<(f64, f64)>], extent: &Bounds, scale: f64, closed: bool) -> String {
    let mut out = String::new();
    for ring in rings {
        for (i, (x, y)) in ring.iter().enumerate() {
            out.push_str(&format!("{}{:.1} {:.1}", if i == 0 { "M" } else { "L" }, (x - extent.west) * scale, (extent.north - y) * scale));
        }
        if closed {
            out.push('Z');
        }
    }
    out
}

fn ground(h: &mut Html, sheet: &Sheet, scale: f64) {
    let extent = &sheet.extent;
    for (at, layer) in sheet.layers.iter().enumerate() {
        let (fill, line, dashes) = colour(&layer.layer, at);
        if !layer.rings.is_empty() {
            let d = path(&layer.rings, extent, scale, true);
            h.with(
                "path",
                &[
                    ("d", &d),
                    ("fill", fill),
                    ("fill-opacity", "0.38"),
                    ("fill-rule", "evenodd"),
                    ("stroke", line),
                    ("stroke-width", "1.2"),
                    ("stroke-dasharray", dashes),
                ],
                |_| {},
            );
        }
        if !layer.lines.is_empty() {
            h.with(
                "path",
                &[("d", &path(&layer.lines, extent, scale, false)), ("fill", "none"), ("stroke", line), ("stroke-width", "2.4"), ("stroke-dasharray", "9 4")],
                |_| {},
            );
        }
        for (x, y) in &layer.points {
            let (cx, cy) = (format!("{:.1}", (x - extent.west) * scale), format!("{:.1}", (extent.north - y) * scale));
            h.with("circle", &[("cx", &cx), ("cy", &cy), ("r", "5"), ("fill", fill), ("stroke", line)], |_| {});
        }
    }
    if !sheet.against.is_empty() {
        h.with("path", &[("d", &path(&sheet.against, extent, scale, true)), ("fill", "url(#hatch)"), ("fill-rule", "evenodd")], |_| {});
    }
    h.with(
        "path",
        &[("d", &path(&sheet.site, extent, scale, true)), ("fill", "none"), ("stroke", "#101010"), ("stroke-width", "2.6"), ("fill-rule", "evenodd")],
        |_| {},
    );
}

/// A bar of a round length, about a quarter of the map.
fn bar(h: &mut Html, extent: &Bounds, scale: f64) {
    let quarter = (extent.east - extent.west) / 4.0;
    let power = 10_f64.powf(quarter.log10().floor());
    let metres = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|m| *m <= quarter).unwrap_or(power);
    let (x, y, long) = (18.0, HIGH - 22.0, metres * scale);
    let label = if metres >= 1000.0 { format!("{} km", metres / 1000.0) } else { format!("{metres} m") };
    let of = |v: f64| format!("{v:.1}");
    h.with(
        "rect",
        &[("x", &of(x - 8.0)), ("y", &of(y - 22.0)), ("width", &of(long + 16.0)), ("height", "36"), ("fill", "#ffffff"), ("fill-opacity", "0.85")],
        |_| {},
    );
    let d = format!("M{x:.1} {:.1}V{y:.1}H{:.1}V{:.1}", y - 6.0, x + long, y - 6.0);
    h.with("path", &[("d", &d), ("fill", "none"), ("stroke", "#101010"), ("stroke-width", "2")], |_| {});
    h.with("text", &[("x", &of(x)), ("y", &of(y - 9.0))], |h| h.text(&label));
}

fn north(h: &mut Html) {
    let x = WIDE - 30.0;
    let d = format!("M{x} 16L{} 52L{x} 44L{} 52Z", x + 10.0, x - 10.0);
    h.with("path", &[("d", &d), ("fill", "#101010")], |_| {});
    h.with("text", &[("x", &(x - 5.0).to_string()), ("y", "68")], |h| h.text("N"));
}

fn legend(h: &mut Html, sheet: &Sheet) {
    let (x, mut y) = (WIDE + 16.0, 28.0);
    let mut entry = |fill: &str, opacity: &str, line: &str, dashes: &str, title: &Text| {
        let (sx, sy) = (x.to_string(), (y - 11.0_f64).to_string());
        h.with(
            "rect",
            &[
                ("x", &sx),
                ("y", &sy),
                ("width", "22"),
                ("height", "14"),
                ("fill", fill),
                ("fill-opacity", opacity),
                ("stroke", line),
                ("stroke-dasharray", dashes),
            ],
            |_| {},
        );
        h.label("", &(x + 30.0).to_string(), &y.to_string(), title);
        y += 24.0;
    };
    entry("none", "1", "#101010", "", &text("选址", "site"));
    if !sheet.against.is_empty() {
        entry("url(#hatch)", "1", "none", "", &text("须移出或办理的部分", "part that rules speak of"));
    }
    for (at, layer) in sheet.layers.iter().enumerate() {
        let (fill, line, dashes) = colour(&layer.layer, at);
        entry(fill, "0.38", line, dashes, &layer.title);
    }
}
