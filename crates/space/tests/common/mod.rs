//! Reading the small GeoJSON files of the tests.

use geojson::{FeatureCollection, GeoJson, GeometryValue, Position};
use liangshan_space::geo::{Coord, LineString, MultiPolygon, Polygon};

/// The polygons of each feature, and its number or text under `key`.
pub(crate) fn shapes(json: &str, key: &str) -> Vec<(String, MultiPolygon)> {
    let GeoJson::FeatureCollection(FeatureCollection { features, .. }) = json.parse().unwrap() else { panic!("not a collection") };
    features
        .into_iter()
        .map(|feature| {
            let name = feature.property(key).unwrap().to_string().trim_matches('"').to_owned();
            let polygons = match feature.geometry.unwrap().value {
                GeometryValue::Polygon { coordinates } => vec![polygon(&coordinates)],
                GeometryValue::MultiPolygon { coordinates } => coordinates.iter().map(|rings| polygon(rings)).collect(),
                other => panic!("not a polygon: {other:?}"),
            };
            (name, MultiPolygon(polygons))
        })
        .collect()
}

fn polygon(rings: &[Vec<Position>]) -> Polygon {
    let mut rings = rings.iter().map(|ring| LineString(ring.iter().map(|p| Coord { x: p[0], y: p[1] }).collect()));
    Polygon::new(rings.next().unwrap(), rings.collect())
}
