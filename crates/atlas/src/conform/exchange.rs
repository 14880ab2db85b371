//! Opinions for other programs: GeoJSON for a map, CSV for a batch.

use liangshan_formats::table::write_csv;
use liangshan_planning::conformity::{Standing, Verdict};
use liangshan_planning::opinion::Measure;
use liangshan_space::overlay::plane_area;
use liangshan_space::{Crs, MultiPolygon, Projector};
use liangshan_vocab::{Lang, Problem};
use serde_json::{Value, json};

use super::said::{geometry, mu, share, standing_word};
use super::way_out::steps;
use super::{SiteOpinion, hundredths};

/// Sites, the parts of them that rules speak of, and what would remain, as GeoJSON in longitude and
/// latitude on CGCS2000 (which GeoJSON takes for WGS84).
///
/// # Errors
/// `crs.no_way`.
pub fn geojson(opinions: &[SiteOpinion<'_>], lang: Lang) -> Result<Value, Problem> {
    let mut features = Vec::new();
    for opinion in opinions {
        let back = Projector::between(&opinion.desk.control().crs, &Crs::cgcs2000())?;
        let mut add = |shape: &MultiPolygon, what: Value| {
            if !shape.0.is_empty() {
                features.push(json!({ "type": "Feature", "properties": what, "geometry": degrees(&back.map_shape(shape)) }));
            }
        };
        let (site, verdict) = (opinion.site, opinion.opinion.verdict);
        add(
            &site.shape,
            json!({ "part": "site", "site": site.id, "name": site.name, "verdict": verdict.word(), "area_m2": opinion.area_m2, "on": site.on.to_string() }),
        );
        for line in opinion.opinion.lines.iter().filter(|l| l.amount > 0.0) {
            let Some(piece) = opinion.piece(&line.rule.of) else { continue };
            let shape = if line.rule.outside { &piece.outside } else { &piece.inside };
            add(
                shape,
                json!({
                    "part": "overlap", "site": site.id, "rule": line.rule.layer, "title": line.rule.title.get(lang), "standing": standing_word(line.standing),
                    "verdict": line.verdict().map(Verdict::word), "area_m2": line.amount, "edition": opinion.desk.layer(piece).edition.edition,
                }),
            );
        }
        for step in steps(opinion) {
            add(&step.remains, json!({ "part": "remains", "site": site.id, "verdict": step.reaches.word(), "plane_m2": step.plane_m2 }));
        }
    }
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

/// Coordinates in degrees, to about a tenth of a millimetre.
fn degrees(shape: &MultiPolygon) -> Value {
    let number = |v: f64| json!((v * 1e9).round() / 1e9);
    let mut made = geometry(shape);
    let ring = |r: &liangshan_space::LineString| Value::Array(r.0.iter().map(|c| json!([number(c.x), number(c.y)])).collect());
    let polygon = |p: &liangshan_space::Polygon| Value::Array(std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect());
    let polygons: Vec<Value> = shape.0.iter().map(polygon).collect();
    made["coordinates"] = if shape.0.len() == 1 { polygons.into_iter().next().unwrap_or(Value::Null) } else { Value::Array(polygons) };
    made
}

/// A repair that is proposed for sites, as GeoJSON in longitude and latitude.
///
/// # Errors
/// `crs.no_way`.
pub fn repairs(repairs: &[(String, MultiPolygon)], crs: &Crs) -> Result<Value, Problem> {
    let back = Projector::between(crs, &Crs::cgcs2000())?;
    let features: Vec<Value> = repairs
        .iter()
        .map(|(id, shape)| json!({ "type": "Feature", "properties": { "site_id": id, "plane_m2": hundredths(plane_area(shape)), "part": "proposed repair" }, "geometry": degrees(&back.map_shape(shape)) }))
        .collect();
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

/// The columns of `sites.csv`.
pub const SITE_COLUMNS: [&str; 13] =
    ["site_id", "name", "on", "area_m2", "area_mu", "plane_m2", "verdict", "forbidden_by", "escalated_by", "needed_by", "slivers", "not_examined", "digest"];

/// One row for each site, with a byte-order mark for Excel.
pub fn sites_csv(opinions: &[SiteOpinion<'_>]) -> Vec<u8> {
    let row = |o: &SiteOpinion<'_>| -> Vec<String> {
        let by = |wanted: Verdict| -> String {
            let names = o.opinion.lines.iter().filter(|l| l.standing == Standing::Speaks(wanted)).map(|l| l.rule.layer.as_str());
            names.collect::<Vec<_>>().join(";")
        };
        let slivers: Vec<&str> = o.opinion.lines.iter().filter(|l| l.standing == Standing::Sliver).map(|l| l.rule.layer.as_str()).collect();
        vec![
            o.site.id.clone(),
            o.site.name.clone(),
            o.site.on.to_string(),
            format!("{:.2}", o.area_m2),
            format!("{:.4}", mu(o.area_m2)),
            format!("{:.2}", o.plane_m2),
            o.opinion.verdict.word().to_owned(),
            by(Verdict::Forbid),
            by(Verdict::Escalate),
            by(Verdict::Need),
            slivers.join(";"),
            o.opinion.unmeasured.iter().map(|rule| rule.layer.as_str()).collect::<Vec<_>>().join(";"),
            o.digests().whole.to_string(),
        ]
    };
    write_csv(&SITE_COLUMNS, opinions.iter().map(row), true)
}

/// The columns of `lines.csv`.
pub const LINE_COLUMNS: [&str; 15] = [
    "site_id",
    "rule",
    "title_zh",
    "layer",
    "edition",
    "adopted",
    "office",
    "side",
    "area_m2",
    "area_mu",
    "share",
    "plane_m2",
    "tolerance_m2",
    "standing",
    "verdict",
];

/// One row for each site and rule that finds something.
pub fn lines_csv(opinions: &[SiteOpinion<'_>]) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for o in opinions {
        for line in o.opinion.lines.iter().filter(|l| l.amount > 0.0) {
            let Some(piece) = o.piece(&line.rule.of) else { continue };
            let layer = o.desk.layer(piece);
            let (area, plane) = match piece.measure {
                Measure::Area { .. } => (Some(line.amount), if line.rule.outside { piece.plane_m2.1 } else { piece.plane_m2.0 }),
                Measure::Length(_) | Measure::Points(_) => (None, 0.0),
            };
            let with = |shown: &dyn Fn(f64) -> String| area.map_or_else(String::new, shown);
            rows.push(vec![
                o.site.id.clone(),
                line.rule.layer.clone(),
                line.rule.title.zh.to_string(),
                line.rule.of.clone(),
                layer.edition.edition.clone(),
                layer.edition.adopted.to_string(),
                layer.office.clone(),
                if line.rule.outside { "outside" } else { "inside" }.to_owned(),
                with(&|a| format!("{a:.2}")),
                with(&|a| format!("{:.4}", mu(a))),
                with(&|a| format!("{:.8}", share(a, o.area_m2))),
                with(&|_| format!("{plane:.2}")),
                format!("{}", line.tolerance),
                standing_word(line.standing).to_owned(),
                line.verdict().map_or("", Verdict::word).to_owned(),
            ]);
        }
    }
    write_csv(&LINE_COLUMNS, rows, true)
}

/// Shapes with what is said of each, as GeoJSON in longitude and latitude to about a metre: for a map on
/// screen.
///
/// # Errors
/// `crs.no_way`.
pub fn drawn<'s>(shapes: impl IntoIterator<Item = (Value, &'s MultiPolygon)>, crs: &Crs) -> Result<Value, Problem> {
    let back = Projector::between(crs, &Crs::cgcs2000())?;
    let corner = |c: &liangshan_space::Coord| json!([(c.x * 1e5).round() / 1e5, (c.y * 1e5).round() / 1e5]);
    let ring = |r: &liangshan_space::LineString| Value::Array(r.0.iter().map(corner).collect());
    let polygon = |p: &liangshan_space::Polygon| Value::Array(std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect());
    let features: Vec<Value> = shapes
        .into_iter()
        .filter(|(_, shape)| !shape.0.is_empty())
        .map(|(properties, shape)| {
            let polygons: Vec<Value> = back.map_shape(shape).0.iter().map(polygon).collect();
            json!({ "type": "Feature", "properties": properties, "geometry": { "type": "MultiPolygon", "coordinates": polygons } })
        })
        .collect();
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}
