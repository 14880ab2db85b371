//! Files made here and read back; files from elsewhere are in `tests/vector_files.rs`.

use geo_types::{Geometry, MultiPolygon, line_string, point, polygon};
use rusqlite::Connection;

use super::{FieldNotes, LayerNotes, LayerStyle, geopackage_layers, read_geopackage, write_described, write_geopackage};
use crate::vector::{Cell, CrsName, Feature, Field, FieldKind, Layer};

const STAMP: &str = "2020-01-01T00:00:00.000Z";

fn field(name: &str, kind: FieldKind) -> Field {
    Field { name: name.into(), kind }
}

fn counties() -> Layer {
    let square = |x: f64| polygon![(x: x, y: 0.), (x: x + 10., y: 0.), (x: x + 10., y: 10.), (x: x, y: 0.)];
    let feature = |id: i64, geometry: Option<Geometry<f64>>, name: Cell, area: Cell, people: Cell| Feature { id, geometry, cells: vec![name, area, people] };
    Layer {
        name: "县 \"界\"".into(),
        crs: CrsName::Epsg(4549),
        fields: vec![field("名称", FieldKind::Text), field("面积 km2", FieldKind::Real), field("人口", FieldKind::Integer)],
        features: vec![
            feature(3, Some(MultiPolygon(vec![square(0.), square(100.)]).into()), Cell::Text("衢江区".into()), Cell::Real(1748.25), Cell::Integer(9)),
            feature(5, None, Cell::Null, Cell::Null, Cell::Null),
            feature(8, Some(MultiPolygon(vec![square(500_000.)]).into()), Cell::Text("O'Reilly; --".into()), Cell::Real(-0.5), Cell::Integer(i64::MAX)),
        ],
    }
}

fn stations() -> Layer {
    let line = line_string![(x: 118.0, y: 28.0), (x: 119.0, y: 29.0)];
    Layer {
        name: "stations".into(),
        crs: CrsName::Epsg(4490),
        fields: vec![],
        features: vec![
            Feature { id: 1, geometry: Some(point!(x: 118.8, y: 28.9).into()), cells: vec![] },
            Feature { id: 2, geometry: Some(line.into()), cells: vec![] },
        ],
    }
}

fn file() -> Vec<u8> {
    write_geopackage(&[counties(), stations()], STAMP).unwrap()
}

/// Opens our bytes with SQL statements run on them, and gives the bytes back.
fn altered(sql: &str) -> Vec<u8> {
    let mut db = Connection::open_in_memory().unwrap();
    db.deserialize_read_exact("main", file().as_slice(), file().len(), false).unwrap();
    db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    db.serialize("main").unwrap().to_vec()
}

fn code(bytes: &[u8], layer: Option<&str>) -> String {
    read_geopackage(bytes, layer).unwrap_err().0.swap_remove(0).code.into_owned()
}

#[test]
fn what_is_written_is_read_back_and_has_the_same_bytes_each_time() {
    let bytes = file();
    assert_eq!(geopackage_layers(&bytes).unwrap(), [counties().name, stations().name]);
    assert_eq!(read_geopackage(&bytes, Some(&counties().name)).unwrap(), counties());
    assert_eq!(read_geopackage(&bytes, Some("stations")).unwrap(), stations());
    let mut turned = counties();
    turned.features.reverse();
    assert_eq!(write_geopackage(&[turned, stations()], STAMP).unwrap(), bytes, "the order of features does not show");
    let empty = Layer { features: vec![], ..stations() };
    assert_eq!(read_geopackage(&write_geopackage(std::slice::from_ref(&empty), STAMP).unwrap(), None).unwrap(), empty);
}

#[test]
fn the_index_finds_what_the_boxes_say() {
    let mut db = Connection::open_in_memory().unwrap();
    db.deserialize_read_exact("main", file().as_slice(), file().len(), true).unwrap();
    let found = |sql: &str| -> Vec<i64> { db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect() };
    let index = "\"rtree_县 \"\"界\"\"_geom\"";
    assert_eq!(found(&format!("SELECT id FROM {index} WHERE minx <= 105 AND maxx >= 95")), [3]);
    assert_eq!(found(&format!("SELECT id FROM {index} ORDER BY id")), [3, 8], "no box for a feature without a shape");
    assert_eq!(found("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"), [12]);
    let integrity: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
}

#[test]
fn layers_are_chosen_by_name_and_the_letter_names_them() {
    let problem = read_geopackage(&file(), Some("station")).unwrap_err().0.swap_remove(0);
    assert_eq!(problem.code, "vector.no_such_layer");
    assert!(problem.expected.en.contains("stations") && problem.fix.en.contains("\"stations\""));
    assert_eq!(code(&file(), None), "vector.layer_not_named");
    assert_eq!(code(&write_geopackage(&[], STAMP).unwrap(), None), "vector.no_such_layer");
}

#[test]
fn foreign_files_are_letters() {
    let bytes = file();
    assert_eq!(code(b"", None), "vector.unreadable");
    assert_eq!(
        code(b"PK\x03\x04 a shapefile in a zip, which is long enough to have the hundred bytes of a header, but has not.....", None),
        "vector.unreadable"
    );
    assert_eq!(code(&bytes[..bytes.len() - 4096], None), "vector.truncated");
    assert_eq!(code(&altered("DROP TABLE gpkg_geometry_columns"), None), "vector.unreadable");
    let endless = "DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    assert_eq!(code(&altered(endless), None), "vector.unreadable", "a view that never ends is not asked");
    assert_eq!(code(&altered("UPDATE gpkg_geometry_columns SET column_name = 'shape'"), Some("stations")), "vector.unreadable");
}

#[test]
fn every_bad_row_is_named() {
    let sql = "DROP TRIGGER rtree_stations_geom_insert; DROP TRIGGER rtree_stations_geom_update1; DROP TRIGGER rtree_stations_geom_update2;
        DROP TRIGGER rtree_stations_geom_update3; DROP TRIGGER rtree_stations_geom_update4;
        ALTER TABLE stations ADD COLUMN \"产量\" REAL; ALTER TABLE stations ADD COLUMN photo BLOB; ALTER TABLE stations ADD COLUMN seen DATE;
        UPDATE stations SET \"产量\" = '约五十', seen = '2020-05-01' WHERE fid = 1; UPDATE stations SET geom = X'4750' WHERE fid = 2;
        INSERT INTO stations (fid, geom, \"产量\") VALUES (7, 'here', X'00')";
    let problems = read_geopackage(&altered(sql), Some("stations")).unwrap_err();
    let seen: Vec<_> = problems.iter().map(|p| (p.code.as_ref(), p.at.key.as_deref().unwrap())).collect();
    assert_eq!(
        seen,
        [("vector.wrong_kind", "stations: 1"), ("vector.truncated", "stations: 2"), ("vector.unreadable", "stations: 7"), ("vector.wrong_kind", "stations: 7")]
    );
    assert!(problems.0[0].what.zh.contains("约五十") && problems.0[0].at.column.as_deref() == Some("产量"));
}

#[test]
fn reference_systems_without_a_code_keep_their_words() {
    let crs = |sql: &str| read_geopackage(&altered(sql), Some("stations")).unwrap().crs;
    assert_eq!(crs("UPDATE gpkg_geometry_columns SET srs_id = -1"), CrsName::Missing);
    let own = "INSERT INTO gpkg_spatial_ref_sys VALUES ('西安80', 100001, 'NONE', 100001, 'undefined', ''); UPDATE gpkg_geometry_columns SET srs_id = 100001";
    assert_eq!(crs(own), CrsName::Unknown("西安80".into()));
}

#[test]
fn a_file_left_in_write_ahead_mode_is_read() {
    let mut bytes = file();
    bytes[18..20].fill(2);
    assert_eq!(read_geopackage(&bytes, Some("stations")).unwrap(), stations());
}

#[test]
fn what_cannot_be_written_is_named() {
    let refused = |change: fn(&mut Layer)| {
        let mut layer = counties();
        change(&mut layer);
        write_geopackage(&[layer], STAMP).unwrap_err().code.into_owned()
    };
    assert_eq!(refused(|l| l.crs = CrsName::Missing), "vector.no_crs");
    assert_eq!(refused(|l| l.crs = CrsName::Epsg(2000)), "vector.no_crs");
    assert_eq!(refused(|l| l.name = "gpkg_mine".into()), "vector.bad_name");
    assert_eq!(refused(|l| l.fields[0].name = "Geom".into()), "vector.duplicate_name");
    assert_eq!(refused(|l| l.features[1].id = 3), "vector.duplicate_id");
    assert_eq!(refused(|l| l.features[0].geometry = Some(point!(x: 1.0, y: f64::INFINITY).into())), "vector.invalid_coordinates");
}

#[test]
fn mangled_files_never_panic() {
    crate::mangled::each(&file(), 1500, |bytes| {
        for layer in geopackage_layers(bytes).unwrap_or_default() {
            let _ = read_geopackage(bytes, Some(&layer));
        }
    });
}

/// Tables and columns as the schema extension (GeoPackage 1.3, annex F.9) and QGIS have them.
#[test]
fn titles_descriptions_and_styles_are_said_and_the_layers_stay_the_same() {
    let notes = LayerNotes {
        layer: counties().name,
        title: "县界".into(),
        description: "合成数据".into(),
        fields: vec![FieldNotes { field: "人口".into(), title: "常住人口（人）".into(), description: "residents".into() }],
        style: Some(LayerStyle { name: "默认".into(), qml: "<qgis/>".into() }),
    };
    let bytes = write_described(&[counties(), stations()], std::slice::from_ref(&notes), STAMP).unwrap();
    assert_eq!(bytes, write_described(&[counties(), stations()], &[notes], STAMP).unwrap());
    assert_eq!(geopackage_layers(&bytes).unwrap().len(), 2, "the table of styles is no layer");
    assert_eq!(read_geopackage(&bytes, Some("stations")).unwrap(), stations());
    let mut db = Connection::open_in_memory().unwrap();
    db.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true).unwrap();
    let said = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(
        said("SELECT name || '|' || title || '|' || description FROM gpkg_data_columns WHERE column_name = '人口'"),
        "常住人口（人）|常住人口（人）|residents"
    );
    assert_eq!(said("SELECT identifier || '|' || description FROM gpkg_contents WHERE data_type = 'features' AND description <> ''"), "县界|合成数据");
    assert_eq!(said("SELECT f_geometry_column || '|' || styleQML || '|' || update_time FROM layer_styles WHERE useAsDefault"), format!("geom|<qgis/>|{STAMP}"));
    assert_eq!(said("SELECT count(*) || '' FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"), "2");
}
