//! Conflict spots for other programs: JSON, CSV and GeoPackage.

use liangshan_formats::CrsName;
use liangshan_formats::table::write_csv;
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, Layer, write_geopackage};
use liangshan_space::Crs;
use liangshan_space::geo::Geometry;
use liangshan_vocab::{Lang, Problem};
use serde_json::{Value, json};

use super::{Found, KINDS, Period, Side, Spot};
use crate::conform::said::mu;

/// The columns of `conflicts.csv` and fields of `conflicts.gpkg`.
pub const COLUMNS: [&str; 27] = [
    "spot",
    "type",
    "severity",
    "sliver",
    "county",
    "area_m2",
    "area_mu",
    "thinness",
    "layer_1",
    "edition_1",
    "office_1",
    "use_1",
    "features_1",
    "layer_2",
    "edition_2",
    "office_2",
    "use_2",
    "features_2",
    "proposal",
    "decision",
    "decided_by",
    "decided_on",
    "planned_m2",
    "approved_m2",
    "period_1",
    "period_2",
    "attributes",
];

/// Use and strength; nothing where the crosswalk does not speak of the layer.
fn meant(side: &Side) -> String {
    if side.meaning.0.is_empty() { String::new() } else { format!("{}:{}", side.meaning.0, side.meaning.1) }
}

/// What is declared of a plan's time: `base 2018; 2021-2035`.
pub fn years(period: &Period) -> String {
    let year = |y: Option<i32>| y.map(|y| y.to_string()).unwrap_or_default();
    let base = period.base_year.map(|y| format!("base {y}"));
    let span = (period.from.is_some() || period.until.is_some()).then(|| format!("{}-{}", year(period.from), year(period.until)));
    base.into_iter().chain(span).collect::<Vec<_>>().join("; ")
}

/// The attributes that differ: `name: one | other`, one after the other.
pub fn differences(spot: &Spot) -> String {
    spot.differing.iter().map(|d| format!("{}: {} | {}", d.name, d.values[0], d.values[1])).collect::<Vec<_>>().join("; ")
}

fn cells(spot: &Spot) -> Vec<String> {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let mut out = vec![
        spot.id.clone(),
        spot.kind.word().to_owned(),
        spot.severity.word().to_owned(),
        yes(spot.sliver),
        spot.county.clone(),
        format!("{:.2}", spot.area_m2),
        format!("{:.4}", mu(spot.area_m2)),
        format!("{:.6}", spot.thinness),
    ];
    for side in &spot.sides {
        let office = format!("{} {}", side.office.0, side.office.1);
        out.extend([side.layer.clone(), side.edition.clone(), office, meant(side), side.features.join(";")]);
    }
    let decided = spot.decided.as_ref();
    let of = |what: &dyn Fn(&super::Decided) -> String| decided.map(what).unwrap_or_default();
    out.extend([spot.sides[0].layer.clone(), of(&|d| d.decision.clone()), of(&|d| d.by.clone()), of(&|d| d.on.clone())]);
    let total = |of: &dyn Fn((f64, f64)) -> f64| spot.total_m2.map(|t| format!("{:.2}", of(t))).unwrap_or_default();
    out.extend([total(&|t| t.0), total(&|t| t.1), years(&spot.sides[0].period), years(&spot.sides[1].period), differences(spot)]);
    out
}

/// `conflicts.csv`, with a byte-order mark for Excel.
pub fn csv(found: &Found) -> Vec<u8> {
    write_csv(&COLUMNS, found.spots.iter().map(cells), true)
}

/// `conflicts.gpkg` in the plane of the region's grid: a layer of spots and one of slivers.
///
/// # Errors
/// Those of writing a GeoPackage.
pub fn geopackage(found: &Found, crs: &Crs) -> Result<Vec<u8>, Problem> {
    let fields: Vec<Field> = COLUMNS
        .iter()
        .map(|name| Field {
            name: (*name).to_owned(),
            kind: if matches!(*name, "area_m2" | "area_mu" | "thinness" | "planned_m2" | "approved_m2") { FieldKind::Real } else { FieldKind::Text },
        })
        .collect();
    let layer = |name: &str, slivers: bool| {
        let spots = found.spots.iter().filter(|s| s.sliver == slivers);
        let cell = |(field, said): (&Field, String)| match field.kind {
            FieldKind::Real => said.parse().map_or(Cell::Null, Cell::Real),
            _ if said.is_empty() => Cell::Null,
            _ => Cell::Text(said),
        };
        let features = spots
            .enumerate()
            .map(|(i, s)| Feature {
                id: i as i64 + 1,
                geometry: (!s.shape.0.is_empty()).then(|| Geometry::MultiPolygon(s.shape.clone())),
                cells: fields.iter().zip(cells(s)).map(cell).collect(),
            })
            .collect();
        Layer { name: name.to_owned(), crs: crs.epsg().map_or(CrsName::Missing, CrsName::Epsg), fields: fields.clone(), features }
    };
    write_geopackage(&[layer("conflicts", false), layer("slivers", true)], &format!("{}T00:00:00.000Z", found.on))
}

/// Everything as one document, without shapes.
pub fn to_json(found: &Found, lang: Lang) -> Value {
    let (total, decided) = found.progress();
    let spot = |s: &Spot| {
        let side = |i: usize| {
            let side = &s.sides[i];
            json!({
                "layer": side.layer, "title": side.title.get(lang), "edition": side.edition, "office": { "id": side.office.0, "name": side.office.1 },
                "use": side.meaning.0, "strength": side.meaning.1, "features": side.features,
                "period": if side.period.is_empty() { Value::Null } else { json!({ "base_year": side.period.base_year, "from": side.period.from, "until": side.period.until }) },
            })
        };
        json!({
            "spot": s.id, "type": s.kind.word(), "severity": s.severity.word(), "county": s.county, "area_m2": s.area_m2, "area_mu": mu(s.area_m2),
            "thinness": s.thinness, "sides": [side(0), side(1)], "proposal": s.sides[0].layer,
            "total": s.total_m2.map(|(planned, approved)| json!({ "planned_m2": planned, "approved_m2": approved })),
            "attributes": s.differing.iter().map(|d| json!({ "name": d.name, "values": d.values })).collect::<Vec<_>>(),
            "decision": s.decided.as_ref().map(|d| json!({ "decision": d.decision, "reason": d.reason, "by": d.by, "on": d.on, "fact": d.fact })),
        })
    };
    let groups: Vec<Value> = found
        .groups(false)
        .iter()
        .map(|g| {
            json!({
                "layers": [g.sides[0].layer, g.sides[1].layer], "type": g.kind.word(), "spots": g.spots.len(), "area_m2": g.area_m2(), "decided_m2": g.decided_m2(),
                "offices": [g.sides[0].office.0, g.sides[1].office.0],
            })
        })
        .collect();
    json!({
        "on": found.on.to_string(), "pairs_compared": found.pairs, "types": types(found, lang), "notes": found.notes.to_json(lang), "groups": groups,
        "total_m2": total, "decided_m2": decided, "progress": if total > 0.0 { json!(decided / total) } else { Value::Null },
        "spots": found.spots.iter().filter(|s| !s.sliver).map(spot).collect::<Vec<_>>(),
        "slivers": found.spots.iter().filter(|s| s.sliver).map(spot).collect::<Vec<_>>(),
        "rules": { "id": found.rules.0, "title": found.rules.1.get(lang), "evidence": found.rules.2.word() },
    })
}

/// Every type with how many spots it has; faults within one plan are told elsewhere and have no number.
fn types(found: &Found, lang: Lang) -> Vec<Value> {
    let said = |k: &super::KindSaid| json!({ "type": k.word, "title": k.title.get(lang), "when": k.when.get(lang), "severity": k.severity.get(lang), "spots": k.kind.map(|kind| found.count(kind)) });
    KINDS.iter().map(said).collect()
}
