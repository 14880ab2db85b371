//! `pattern.geojson`, `pattern_corridors.csv`, `pattern_drawn.csv` and `pattern_sensitivity.csv`.

use std::collections::BTreeMap;

use liangshan_formats::table::write_csv;
use liangshan_space::overlay::united;
use liangshan_space::{Coord, Crs, LineString, MultiPolygon, Polygon, Projector};
use liangshan_vocab::Problems;
use serde_json::{Value, json};

use super::files::Column;
use super::pattern::Pattern;

/// The columns of `pattern_corridors.csv`.
pub const CORRIDOR_COLUMNS: [Column; 9] = [
    ("corridor", "廊道编号，按重要性", "number by importance"),
    ("kept", "是否保留", "kept or not"),
    ("source_a", "源地", "source"),
    ("source_b", "另一源地", "the other source"),
    ("cells", "格网数", "cells"),
    ("length_m", "长度（m）", "length, m"),
    ("cost", "累积阻力（阻力 × m）", "cost: resistance times m"),
    ("importance", "引力模型重要性", "importance by the gravity model"),
    ("detour", "累积阻力与长度之比：平均阻力", "cost over length: mean resistance"),
];

/// The columns of `pattern_drawn.csv`.
pub const DRAWN_COLUMNS: [Column; 8] = [
    ("layer", "管控图层", "control layer"),
    ("id", "标识", "id"),
    ("name", "名称", "name"),
    ("length_m", "长度（m），点为 0", "length, m; 0 for a point"),
    ("near_m", "以此距离为吻合", "distance that counts as near, m"),
    ("near_kept", "与保留廊道吻合的比例", "share near a kept corridor"),
    ("near_any", "与任一候选廊道吻合的比例", "share near any candidate"),
    ("near_source", "在源地内或附近的比例", "share in or near a source"),
];

/// The columns of `pattern_sensitivity.csv`.
pub const RUN_COLUMNS: [Column; 9] = [
    ("factor", "因子", "factor"),
    ("class", "类别", "class"),
    ("name_zh", "名称", "name, in Chinese"),
    ("name_en", "名称（英文）", "name"),
    ("changed_percent", "该类阻力变动百分数", "change of its resistance, %"),
    ("same", "保留廊道中仍在新保留廊道附近的比例", "share of the kept corridors near those kept in the run"),
    ("cost_percent", "保留廊道累积阻力变动百分数", "change of the cost of the kept corridors, %"),
    ("same_all", "全部候选廊道中仍在新候选附近的比例", "share of all candidates near a candidate of the run"),
    ("cost_all_percent", "全部候选廊道累积阻力变动百分数", "change of the cost of all candidates, %"),
];

/// The files, by name.
///
/// # Errors
/// Those of the projection.
pub fn files(pattern: &Pattern) -> Result<Vec<(String, Vec<u8>)>, Problems> {
    Ok(vec![
        ("pattern.geojson".into(), geojson(pattern)?),
        ("pattern_corridors.csv".into(), corridors(pattern)),
        ("pattern_drawn.csv".into(), drawn(pattern)),
        ("pattern_sensitivity.csv".into(), runs(pattern)),
    ])
}

fn corridors(pattern: &Pattern) -> Vec<u8> {
    let row = |(at, c): (usize, &liangshan_planning::security::pattern::Corridor)| {
        let length = pattern.length_m(c);
        vec![
            (at + 1).to_string(),
            if pattern.kept.contains(&at) { "yes" } else { "no" }.to_owned(),
            source_id(c.between.0),
            source_id(c.between.1),
            c.cells.len().to_string(),
            format!("{length:.1}"),
            format!("{:.1}", c.cost),
            format!("{:.6e}", c.importance),
            format!("{:.4}", c.cost / length),
        ]
    };
    write_csv(&CORRIDOR_COLUMNS.map(|c| c.0), pattern.corridors.iter().enumerate().map(row), true)
}

/// What a source is called in files.
pub fn source_id(source: usize) -> String {
    format!("S{:03}", source + 1)
}

fn drawn(pattern: &Pattern) -> Vec<u8> {
    let near = format!("{}", pattern.rules.near_m);
    let rows = pattern.drawn.iter().map(|d| {
        let share = |s: f64| format!("{s:.4}");
        vec![
            d.layer.clone(),
            d.id.clone(),
            d.name.clone(),
            format!("{:.1}", d.length_m),
            near.clone(),
            share(d.near_kept),
            share(d.near_any),
            share(d.near_source),
        ]
    });
    write_csv(&DRAWN_COLUMNS.map(|c| c.0), rows, true)
}

fn runs(pattern: &Pattern) -> Vec<u8> {
    let rows = pattern.runs.iter().map(|r| {
        let (share, percent) = (|share: f64| format!("{share:.4}"), |share: f64| format!("{:.4}", 100.0 * share));
        vec![
            r.factor.clone(),
            r.class.clone(),
            r.title.zh.to_string(),
            r.title.en.to_string(),
            format!("{:+}", 100.0 * r.by),
            share(r.same),
            percent(r.cost),
            share(r.same_all),
            percent(r.cost_all),
        ]
    });
    write_csv(&RUN_COLUMNS.map(|c| c.0), rows, true)
}

fn rounded(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

/// Sources, kept corridors and nodes in WGS84 (RFC 7946).
fn geojson(pattern: &Pattern) -> Result<Vec<u8>, Problems> {
    let mut features: Vec<Value> = Vec::new();
    for (source, shape) in outlines(pattern) {
        let projected = Projector::between(&pattern.grid.crs, &Crs::wgs84())?.map_shape(&shape);
        let ring = |line: &LineString| line.0.iter().map(|c| json!([rounded(c.x), rounded(c.y)])).collect::<Vec<_>>();
        let polygons: Vec<Value> =
            projected.0.iter().map(|p| json!(std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Vec<_>>())).collect();
        features.push(json!({
            "type": "Feature", "properties": { "kind": "source", "id": source_id(source), "area_m2": pattern.sources.areas_m2[source].round() },
            "geometry": { "type": "MultiPolygon", "coordinates": polygons },
        }));
    }
    let point = |(x, y): &(f64, f64)| json!([rounded(*x), rounded(*y)]);
    for (at, corridor) in pattern.chosen() {
        let line: Vec<Value> = pattern.lonlat(&corridor.cells)?.iter().map(point).collect();
        features.push(json!({
            "type": "Feature",
            "properties": {
                "kind": "corridor", "id": at + 1, "source_a": source_id(corridor.between.0), "source_b": source_id(corridor.between.1),
                "length_m": pattern.length_m(corridor).round(), "cost": corridor.cost.round(),
            },
            "geometry": { "type": "LineString", "coordinates": line },
        }));
    }
    for node in &pattern.nodes {
        let place = pattern.lonlat(&[node.cell])?;
        features.push(json!({
            "type": "Feature", "properties": { "kind": node.kind.word(), "corridor": node.corridor + 1 },
            "geometry": { "type": "Point", "coordinates": place.first().map(point) },
        }));
    }
    let document = json!({ "type": "FeatureCollection", "name": "security pattern candidates", "features": features });
    Ok(serde_json::to_vec(&document).unwrap_or_default())
}

/// The outlines of sources, in the plane of the grid.
pub fn outlines(pattern: &Pattern) -> Vec<(usize, MultiPolygon)> {
    let (grid, columns) = (&pattern.grid, pattern.terrain.columns);
    let mut runs: BTreeMap<usize, Vec<MultiPolygon>> = BTreeMap::new();
    let of = &pattern.sources.of;
    let mut at = 0;
    while at < of.len() {
        let row_end = (at / columns + 1) * columns;
        let end = (at..row_end).find(|i| of[*i] != of[at]).unwrap_or(row_end);
        if let Some(source) = of[at] {
            let (row, left, right) = (at / columns, at % columns, at % columns + end - at);
            let corner = |column: usize, row: usize| Coord { x: grid.x_edge(column), y: grid.y_edge(row) };
            let ring = LineString(vec![corner(left, row + 1), corner(right, row + 1), corner(right, row), corner(left, row)]);
            runs.entry(source).or_default().push(MultiPolygon(vec![Polygon::new(ring, vec![])]));
        }
        at = end;
    }
    runs.into_iter().map(|(source, runs)| (source, united(&runs.iter().collect::<Vec<_>>()))).collect()
}
