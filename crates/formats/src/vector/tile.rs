//! Vector tiles (Mapbox Vector Tile 2.1): the part of some features that lies in one square, on a grid
//! of whole numbers, as a protocol buffer.
//!
//! Source: Mapbox Vector Tile Specification 2.1, sections 4.1 to 4.4.

use std::collections::HashMap;

use geo_types::{Coord, Geometry};

/// Places along a side of a tile.
pub const EXTENT: u32 = 4096;
/// Places drawn beyond each side, so that outlines and round ends do not stop at it.
const BEYOND: f64 = 128.0;

/// A value beside a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(i64),
}

/// A feature of a tile: an id, tags, and a geometry in parts of the tile, (0, 0) its upper left corner
/// and (1, 1) its lower right.
pub struct TileFeature<'a> {
    /// Its number in the layer.
    pub id: u64,
    /// Tags by name.
    pub tags: &'a [(&'a str, Tag)],
    /// Where it is.
    pub geometry: &'a Geometry<f64>,
}

/// A tile of one layer, or nothing where no feature reaches into it. What a feature loses by rounding to
/// the grid is dropped: rings of fewer than three corners, lines of one.
pub fn tile<'a>(layer: &str, features: impl IntoIterator<Item = TileFeature<'a>>) -> Option<Vec<u8>> {
    let (mut keys, mut values) = (Named::default(), Named::default());
    let mut body = Vec::new();
    text(&mut body, 1, layer);
    let mut any = false;
    for feature in features {
        let (kind, commands) = commands(feature.geometry);
        if commands.is_empty() {
            continue;
        }
        any = true;
        let mut tags = Vec::new();
        for (name, value) in feature.tags {
            let mut key = Vec::new();
            text(&mut key, 3, name);
            let mut written = Vec::new();
            match value {
                Tag::Text(words) => text(&mut written, 1, words),
                Tag::Number(number) => {
                    varint(&mut written, (3 << 3) | 1);
                    written.extend_from_slice(&number.to_le_bytes());
                }
                Tag::Integer(number) => {
                    varint(&mut written, 6 << 3);
                    varint(&mut written, zigzag(*number));
                }
            }
            let mut whole = Vec::new();
            bytes(&mut whole, 4, &written);
            tags.extend([keys.place(key), values.place(whole)]);
        }
        let mut message = Vec::new();
        varint(&mut message, 1 << 3);
        varint(&mut message, feature.id);
        packed(&mut message, 2, &tags);
        varint(&mut message, 3 << 3);
        varint(&mut message, kind);
        packed(&mut message, 4, &commands);
        bytes(&mut body, 2, &message);
    }
    if !any {
        return None;
    }
    keys.written.iter().chain(&values.written).for_each(|entry| body.extend_from_slice(entry));
    varint(&mut body, 5 << 3);
    varint(&mut body, u64::from(EXTENT));
    varint(&mut body, 15 << 3);
    varint(&mut body, 2);
    let mut out = Vec::new();
    bytes(&mut out, 3, &body);
    Some(out)
}

/// Entries that are written once and named by their place.
#[derive(Default)]
struct Named {
    places: HashMap<Vec<u8>, u32>,
    written: Vec<Vec<u8>>,
}

impl Named {
    fn place(&mut self, entry: Vec<u8>) -> u32 {
        if let Some(place) = self.places.get(&entry) {
            return *place;
        }
        let place = self.written.len() as u32;
        self.written.push(entry.clone());
        self.places.insert(entry, place);
        place
    }
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn bytes(out: &mut Vec<u8>, field: u64, body: &[u8]) {
    varint(out, (field << 3) | 2);
    varint(out, body.len() as u64);
    out.extend_from_slice(body);
}

fn text(out: &mut Vec<u8>, field: u64, words: &str) {
    bytes(out, field, words.as_bytes());
}

fn packed(out: &mut Vec<u8>, field: u64, numbers: &[u32]) {
    let mut body = Vec::new();
    numbers.iter().for_each(|n| varint(&mut body, u64::from(*n)));
    bytes(out, field, &body);
}

/// A path being drawn: commands with their parameters, relative to the place before.
#[derive(Default)]
struct Pen {
    out: Vec<u32>,
    at: (i32, i32),
}

impl Pen {
    fn command(&mut self, command: u32, count: usize) {
        self.out.push((count as u32) << 3 | command);
    }

    fn to(&mut self, place: (i32, i32)) {
        for (now, before) in [(place.0, self.at.0), (place.1, self.at.1)] {
            self.out.push(zigzag(i64::from(now - before)) as u32);
        }
        self.at = place;
    }

    fn path(&mut self, places: &[(i32, i32)], closed: bool) {
        self.command(1, 1);
        self.to(places[0]);
        self.command(2, places.len() - 1);
        places[1..].iter().for_each(|p| self.to(*p));
        if closed {
            self.command(7, 1);
        }
    }
}

/// Kind and commands of a geometry; none where nothing of it is in the tile.
fn commands(geometry: &Geometry<f64>) -> (u64, Vec<u32>) {
    let mut pen = Pen::default();
    let mut kind = 0;
    draw(geometry, &mut pen, &mut kind);
    (kind, pen.out)
}

fn draw(geometry: &Geometry<f64>, pen: &mut Pen, kind: &mut u64) {
    match geometry {
        Geometry::Point(p) => points(&[p.0], pen, kind),
        Geometry::MultiPoint(many) => points(&many.0.iter().map(|p| p.0).collect::<Vec<_>>(), pen, kind),
        Geometry::LineString(line) => lines(&line.0, pen, kind),
        Geometry::MultiLineString(many) => many.0.iter().for_each(|line| lines(&line.0, pen, kind)),
        Geometry::Polygon(polygon) => area(polygon, pen, kind),
        Geometry::MultiPolygon(many) => many.0.iter().for_each(|polygon| area(polygon, pen, kind)),
        Geometry::GeometryCollection(many) => many.0.iter().for_each(|part| draw(part, pen, kind)),
        Geometry::Line(line) => lines(&[line.start, line.end], pen, kind),
        Geometry::Rect(rect) => area(&rect.to_polygon(), pen, kind),
        Geometry::Triangle(triangle) => area(&triangle.to_polygon(), pen, kind),
    }
}

/// In places of the tile, with a part of one.
fn scaled(c: &Coord<f64>) -> (f64, f64) {
    (c.x * f64::from(EXTENT), c.y * f64::from(EXTENT))
}

fn placed(at: (f64, f64)) -> (i32, i32) {
    (at.0.round() as i32, at.1.round() as i32)
}

const LOW: f64 = -BEYOND;
const HIGH: f64 = EXTENT as f64 + BEYOND;

fn points(places: &[Coord<f64>], pen: &mut Pen, kind: &mut u64) {
    // A point belongs to one tile only, or its mark would be drawn twice.
    let inside: Vec<(i32, i32)> = places.iter().filter(|c| (0.0..1.0).contains(&c.x) && (0.0..1.0).contains(&c.y)).map(|c| placed(scaled(c))).collect();
    if inside.is_empty() || ![0, 1].contains(kind) {
        return;
    }
    *kind = 1;
    pen.command(1, inside.len());
    inside.into_iter().for_each(|p| pen.to(p));
}

fn lines(line: &[Coord<f64>], pen: &mut Pen, kind: &mut u64) {
    if ![0, 2].contains(kind) {
        return;
    }
    let mut run: Vec<(i32, i32)> = Vec::new();
    let mut finish = |run: &mut Vec<(i32, i32)>| {
        if run.len() > 1 {
            *kind = 2;
            pen.path(run, false);
        }
        run.clear();
    };
    for pair in line.windows(2) {
        let Some((from, to)) = within(scaled(&pair[0]), scaled(&pair[1])) else {
            finish(&mut run);
            continue;
        };
        let (from, to) = (placed(from), placed(to));
        if run.last() != Some(&from) {
            finish(&mut run);
            run.push(from);
        }
        if to != from {
            run.push(to);
        }
    }
    finish(&mut run);
}

/// The part of an edge within the tile and what is drawn beyond it (Liang and Barsky, 1984).
fn within(from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut begin, mut end) = (0.0_f64, 1.0_f64);
    for (slope, room) in [(-dx, from.0 - LOW), (dx, HIGH - from.0), (-dy, from.1 - LOW), (dy, HIGH - from.1)] {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            begin = begin.max(room / slope);
        } else {
            end = end.min(room / slope);
        }
    }
    let at = |t: f64| {
        if t <= 0.0 {
            from
        } else if t >= 1.0 {
            to
        } else {
            (from.0 + t * dx, from.1 + t * dy)
        }
    };
    (begin <= end).then(|| (at(begin), at(end)))
}

fn area(polygon: &geo_types::Polygon<f64>, pen: &mut Pen, kind: &mut u64) {
    if ![0, 3].contains(kind) {
        return;
    }
    let Some(outer) = ring(polygon.exterior(), true) else { return };
    *kind = 3;
    pen.path(&outer, true);
    for hole in polygon.interiors() {
        if let Some(hole) = ring(hole, false) {
            pen.path(&hole, true);
        }
    }
}

/// A ring on the grid without its closing corner: clockwise as seen on the screen when it is an outer
/// one, the other way round when it is a hole (section 4.3.4.4); nothing where it has no area there.
fn ring(line: &geo_types::LineString<f64>, outer: bool) -> Option<Vec<(i32, i32)>> {
    let open = line.0.split_last().map_or(&line.0[..], |(_, rest)| rest);
    let mut places: Vec<(f64, f64)> = open.iter().map(scaled).collect();
    // One side of the window after another (Sutherland and Hodgman, 1974).
    for side in 0..4 {
        places = cut(&places, side);
        if places.len() < 3 {
            return None;
        }
    }
    let mut on_grid: Vec<(i32, i32)> = places.into_iter().map(placed).collect();
    on_grid.dedup();
    while on_grid.len() > 1 && on_grid.first() == on_grid.last() {
        on_grid.pop();
    }
    if on_grid.len() < 3 {
        return None;
    }
    let twice: i64 = (0..on_grid.len())
        .map(|i| {
            let (a, b) = (on_grid[i], on_grid[(i + 1) % on_grid.len()]);
            i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
        })
        .sum();
    if twice == 0 {
        return None;
    }
    // The vertical axis points down, so that a positive sum is clockwise on the screen.
    if (twice > 0) != outer {
        on_grid.reverse();
    }
    Some(on_grid)
}

fn cut(places: &[(f64, f64)], side: usize) -> Vec<(f64, f64)> {
    let inside = |p: (f64, f64)| match side {
        0 => p.0 >= LOW,
        1 => p.0 <= HIGH,
        2 => p.1 >= LOW,
        _ => p.1 <= HIGH,
    };
    if places.iter().all(|p| inside(*p)) {
        return places.to_vec();
    }
    let limit = if side.is_multiple_of(2) { LOW } else { HIGH };
    let crossing = |a: (f64, f64), b: (f64, f64)| {
        if side < 2 { (limit, a.1 + (b.1 - a.1) * (limit - a.0) / (b.0 - a.0)) } else { (a.0 + (b.0 - a.0) * (limit - a.1) / (b.1 - a.1), limit) }
    };
    let mut out = Vec::with_capacity(places.len() + 4);
    for (i, here) in places.iter().enumerate() {
        let before = places[(i + places.len() - 1) % places.len()];
        if inside(*here) != inside(before) {
            out.push(crossing(before, *here));
        }
        if inside(*here) {
            out.push(*here);
        }
    }
    out
}

#[cfg(test)]
mod tests;
