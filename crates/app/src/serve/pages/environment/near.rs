//! What stands near a watched place in the registers that the same offices keep: permits, plants, reaches
//! that are patrolled.

use liangshan_atlas::drawn::Drawn;
use liangshan_atlas::planbook::records::Book;
use liangshan_atlas::planbook::{Planbook, Record, Shape};

use super::out::{NearOut, RegisterOut};
use crate::serve::route::Ask;
use crate::serve::watch::{Point, PointKind, State};
use crate::ui::words::unit;

/// So far is near, metres, for what does not lie in the same unit of water.
const NEAR_M: f64 = 5_000.0;
/// So many of a register are listed.
const LISTED: usize = 5;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// The column of a state of life is told by its word; these others where they are there.
const SAID: [&str; 9] = ["permit_no", "permit_level", "capacity_1e4_m3_d", "standard", "level", "chief_post", "patrols_done", "patrols_due", "problems_open"];

/// The distance of two places on the sphere, metres: near enough for a list by nearness.
pub(super) fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.1.to_radians(), b.1.to_radians());
    let (dlat, dlon) = ((b.1 - a.1).to_radians(), (b.0 - a.0).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6_371_000.0 * h.sqrt().min(1.0).asin()
}

/// The distance from a place to the nearest point of a line, metres, in the plane at the place.
fn to_line(at: (f64, f64), line: &[(f64, f64)]) -> f64 {
    let flat = |p: &(f64, f64)| ((p.0 - at.0) * DEGREE_M * at.1.to_radians().cos(), (p.1 - at.1) * DEGREE_M);
    let points: Vec<(f64, f64)> = line.iter().map(flat).collect();
    let to_segment = |w: &[(f64, f64)]| {
        let ((x, y), (dx, dy)) = (w[0], (w[1].0 - w[0].0, w[1].1 - w[0].1));
        let along = if dx == 0.0 && dy == 0.0 { 0.0 } else { (-(x * dx + y * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0) };
        (x + along * dx).hypot(y + along * dy)
    };
    let ends = points.iter().map(|(x, y)| x.hypot(*y));
    points.windows(2).map(to_segment).chain(ends).fold(f64::INFINITY, f64::min)
}

fn distance(at: (f64, f64), shape: &Shape) -> f64 {
    match shape {
        Shape::Point(lon, lat) => metres(at, (*lon, *lat)),
        Shape::Line(line) | Shape::Area(line) => to_line(at, line),
    }
}

/// What is written of a record besides its name, in words.
fn said(ask: &Ask<'_>, book: &Book, record: &Record) -> Vec<String> {
    let register = &book.register;
    let shown = |name: &str| {
        let at = register.columns.iter().position(|c| c.name == name && !c.personal)?;
        let (column, value) = (&register.columns[at], register.shown(at, &record.values[at], ask.lang));
        let unit = if column.unit.is_empty() || column.unit == "1" { String::new() } else { format!(" {}", unit(&column.unit).get(ask.lang)) };
        (!value.is_empty()).then(|| format!("{} {value}{unit}", column.title.get(ask.lang)))
    };
    let state = register.columns.iter().find(|c| c.holds.word() == "state").and_then(|c| shown(&c.name));
    state.into_iter().chain(SAID.iter().filter_map(|name| shown(name))).collect()
}

/// Registers kept by the same offices as the place's own, with the records near it: those of its catchment
/// unit or control zone first, then by distance.
pub(super) fn around(ask: &Ask<'_>, plan: &Planbook, place: &Point, at: (f64, f64), feature: Option<&Drawn>) -> Vec<RegisterOut> {
    let own = if place.kind == PointKind::Section { "sections" } else { "stations" };
    let keepers: Vec<String> = plan.book(own).map(|b| b.register.keepers.clone()).unwrap_or_default();
    let units = |column: &str| feature.and_then(|f| f.said(column));
    let (unit, zone) = (units("catchment_unit_id"), units("control_zone_id"));
    let mut out = Vec::new();
    for book in plan.books.iter().filter(|b| !["sections", "stations"].contains(&b.register.id.as_str())) {
        let of_water = place.kind == PointKind::Station && book.register.declared_in.contains("water");
        if of_water || !book.register.keepers.iter().any(|k| keepers.contains(k)) {
            continue;
        }
        let mut found: Vec<(u8, f64, &Record)> = Vec::new();
        for record in &book.records {
            let Some(shape) = book.register.shape(record) else { continue };
            let far = distance(at, &shape);
            let same = |column: &str, own: &Option<String>| own.as_ref().is_some_and(|o| book.written(record, column) == *o);
            let rank = if same("catchment_unit_id", &unit) { 0 } else { 1 + u8::from(!same("control_zone_id", &zone)) };
            if far <= NEAR_M || (place.kind == PointKind::Section && rank < 2) {
                found.push((rank, far, record));
            }
        }
        if found.is_empty() {
            continue;
        }
        found.sort_by(|a, b| (a.0 / 2).cmp(&(b.0 / 2)).then(a.1.total_cmp(&b.1)).then(a.2.key.cmp(&b.2.key)));
        let register = &book.register;
        let record = |(rank, far, record): &(u8, f64, &Record)| {
            let name = book.written(record, "name_zh");
            NearOut {
                key: record.key.clone(),
                name: if name.is_empty() { record.key.clone() } else { name },
                distance_m: far.round() as u64,
                same_unit: *rank < 2,
                said: said(ask, book, record),
                page: ask.link("/plan/record", &[("register", &register.id), ("key", &record.key)]),
            }
        };
        out.push(RegisterOut {
            id: register.id.clone(),
            title: register.title.get(ask.lang).to_owned(),
            origins: book.origins.iter().map(|o| (*o).to_owned()).collect(),
            count: found.len(),
            records: found.iter().take(LISTED).map(record).collect(),
        });
    }
    out
}

/// Watched places near a record that have data, nearest first, the sections before the stations: its way back.
pub(in crate::serve::pages) fn watched<'w>(points: &'w [Point], shape: &Shape, most: usize) -> Vec<(&'w Point, u64)> {
    let of = |kind: PointKind| {
        let measured = points.iter().filter(move |p| p.kind == kind && p.state() != State::NoData);
        let mut found: Vec<(&Point, f64)> = measured.filter_map(|p| Some((p, distance(p.at?, shape)))).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found.into_iter().take(most).map(|(p, far)| (p, far.round() as u64))
    };
    of(PointKind::Section).chain(of(PointKind::Station)).collect()
}

#[cfg(test)]
mod tests {
    use super::{metres, to_line};

    #[test]
    fn distances() {
        // A degree of longitude on the parallel of 60° is half of one on the equator, by hand.
        let (equator, sixty) = (metres((0.0, 0.0), (1.0, 0.0)), metres((0.0, 60.0), (1.0, 60.0)));
        assert!((equator - 111_195.0).abs() < 1.0 && (sixty / equator - 0.5).abs() < 1e-4, "{equator} {sixty}");
        // The foot of the perpendicular lies within the second piece: a hundredth of a degree to the north.
        let far = to_line((0.5, 0.0), &[(-1.0, 0.5), (0.0, 0.01), (1.0, 0.01)]);
        assert!((far - 1_111.95).abs() < 0.5, "{far}");
        assert!((to_line((0.0, 0.0), &[(0.0, 0.02)]) - 2_223.9).abs() < 0.5);
    }
}
