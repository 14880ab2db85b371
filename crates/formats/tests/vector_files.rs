//! Files from elsewhere: the six counties of Quzhou (OpenStreetMap contributors, ODbL 1.0).

#![allow(clippy::unwrap_used, clippy::panic)]

use geo_types::{Geometry, LineString, Polygon};
use liangshan_formats::vector::{Cell, CrsName, Layer, geopackage_layers, read_geojson, read_geopackage, write_geopackage};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/vector/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn vertices(geometry: &Geometry<f64>) -> usize {
    let rings = |polygon: &Polygon<f64>| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|r: &LineString<f64>| r.0.len()).sum::<usize>();
    match geometry {
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.0.iter().map(rings).sum(),
        other => panic!("not a polygon: {other:?}"),
    }
}

fn seen(layer: &Layer, code: &str, name: &str) -> Vec<(String, String, usize)> {
    let (code, name) = (layer.field(code).unwrap(), layer.field(name).unwrap());
    layer.features.iter().map(|f| (f.cells[code].written(), f.cells[name].written(), vertices(f.geometry.as_ref().unwrap()))).collect()
}

/// Codes, names and vertices counted with a few lines of Python on the same files.
fn expected(vertices: [usize; 6]) -> Vec<(String, String, usize)> {
    let names = [("330802", "柯城区"), ("330803", "衢江区"), ("330822", "常山县"), ("330824", "开化县"), ("330825", "龙游县"), ("330881", "江山市")];
    names.into_iter().zip(vertices).map(|((code, name), count)| (code.to_owned(), name.to_owned(), count)).collect()
}

#[test]
fn a_geopackage_written_by_gdal() {
    let file = bytes("quzhou_counties_4549.gpkg");
    assert_eq!(geopackage_layers(&file).unwrap(), ["county"]);
    let layer = read_geopackage(&file, None).unwrap();
    assert_eq!(layer.crs, CrsName::Epsg(4549));
    assert_eq!(layer.features.iter().map(|f| f.id).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(seen(&layer, "code", "name_zh"), expected([742, 1531, 939, 1256, 1071, 1227]));
    // Its extent as `ogrinfo` prints it, to the millimetre: the first vertex must lie inside.
    let Some(Geometry::MultiPolygon(first)) = &layer.features[0].geometry else { panic!("not a multipolygon") };
    let vertex = first.0[0].exterior().0[0];
    assert!((307_603.232..=435_635.654).contains(&vertex.x) && (3_126_129.047..=3_265_810.649).contains(&vertex.y), "{vertex:?}");

    let again = write_geopackage(std::slice::from_ref(&layer), "2020-01-01T00:00:00.000Z").unwrap();
    assert_eq!(read_geopackage(&again, Some("county")).unwrap(), layer);
}

#[test]
fn a_geojson_of_the_same_counties() {
    let layer = read_geojson(&bytes("quzhou_counties_osm_wgs84.geojson")).unwrap();
    assert_eq!((layer.name.as_str(), &layer.crs), ("quzhou_counties", &CrsName::Epsg(4326)));
    assert_eq!(seen(&layer, "adcode", "name"), expected([87, 174, 102, 139, 124, 139]));
    let area = layer.field("area_km2_geodesic").unwrap();
    assert_eq!(layer.features[0].cells[area], Cell::Real(604.34));
    let problem = layer.field("code").unwrap_err();
    assert!(problem.fix.en.contains("\"adcode\""), "{}", problem.fix.en);
}

#[test]
fn a_file_cut_short_says_so() {
    for name in ["quzhou_counties_4549.gpkg", "quzhou_counties_osm_wgs84.geojson"] {
        let whole = bytes(name);
        let half = &whole[..whole.len() / 2];
        let problems = if name.ends_with("gpkg") { read_geopackage(half, None) } else { read_geojson(half) }.unwrap_err();
        assert_eq!(problems.0[0].code, "vector.truncated");
    }
}
