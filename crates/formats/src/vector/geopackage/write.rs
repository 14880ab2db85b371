//! GeoPackage out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use liangshan_vocab::{Problem, text, words};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::described::{self, FieldNotes, LayerNotes};
use super::{APPLICATION_ID, USER_VERSION, definition, quoted};
use crate::vector::{Cell, CrsName, FieldKind, Layer, extent, wkb};

/// Column names of ours in every layer.
const KEY: &str = "fid";
const GEOMETRY: &str = "geom";
/// The identifier of the R-tree extension (GeoPackage 1.3, annex F.3).
const RTREE: &str = "http://www.geopackage.org/spec130/#extension_rtree";

const SCHEMA: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
 organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
 description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
 CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
 srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
 CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
 CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
 CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
 scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
 ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
 ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
";

/// Writes layers as a GeoPackage 1.3 with an R-tree index for each, the same bytes for the same input.
///
/// `stamp` is the time of the last change, `2020-01-01T00:00:00.000Z`. A number that is NaN is written
/// as missing. A layer of one kind of geometry is declared so, a mixed one as `GEOMETRY`.
///
/// # Errors
/// `vector.bad_name` and `vector.duplicate_name` for names of layers and fields SQLite or the standard
/// cannot take, `vector.duplicate_id`, `vector.no_crs`, `vector.invalid_coordinates`,
/// `vector.unwritable` for what SQLite refuses beyond that.
///
/// # Panics
/// If the cells of a feature are not those its layer's fields announce, which is our bug.
pub fn write_geopackage(layers: &[Layer], stamp: &str) -> Result<Vec<u8>, Problem> {
    write_described(layers, &[], stamp)
}

/// Writes layers with what is to be said about them: titles and descriptions of layers and fields,
/// and the style in which QGIS opens them.
///
/// # Errors
/// As [`write_geopackage`].
///
/// # Panics
/// As [`write_geopackage`]; and if a note is about a layer or a field that is not there.
pub fn write_described(layers: &[Layer], notes: &[LayerNotes], stamp: &str) -> Result<Vec<u8>, Problem> {
    for note in notes {
        let layer = layers.iter().find(|layer| layer.name == note.layer);
        let known = |field: &FieldNotes| layer.is_some_and(|layer| layer.fields.iter().any(|f| f.name == field.field));
        assert!(layer.is_some() && note.fields.iter().all(known), "notes on what is not in the layer {}", note.layer);
    }
    distinct_names("", layers.iter().map(|layer| layer.name.as_str()))?;
    let mut systems = BTreeSet::from([4326]);
    let mut ready = Vec::new();
    for layer in layers {
        distinct_names(&layer.name, [KEY, GEOMETRY].into_iter().chain(layer.fields.iter().map(|field| field.name.as_str())))?;
        let code = writable_code(layer)?;
        systems.insert(code);
        ready.push((layer, code, blobs(layer, code)?));
    }
    let write = || {
        let mut db = Connection::open_in_memory()?;
        db.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {USER_VERSION}"))?;
        let transaction = db.transaction()?;
        transaction.execute_batch(SCHEMA)?;
        for code in &systems {
            if let Some(definition) = definition::of(*code) {
                let row = params![definition.name, code, definition.wkt];
                transaction.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)", row)?;
            }
        }
        for (layer, code, blobs) in &ready {
            write_layer(&transaction, layer, *code, blobs, stamp)?;
        }
        described::write(&transaction, notes, GEOMETRY, stamp)?;
        transaction.commit()?;
        Ok(db.serialize("main")?.to_vec())
    };
    write().map_err(|fault: rusqlite::Error| {
        Problem::error("vector.unwritable", words!("GeoPackage 无法写出：{fault}", "the GeoPackage cannot be written: {fault}"))
            .expect(text("不超过 1900 个字段、10 亿字节的图层", "layers of at most 1900 fields and a thousand million bytes"))
            .fix(text("减少字段，或分成几个图层", "use fewer fields, or several layers"))
    })
}

/// SQLite tells names apart without regard to ASCII case, and keeps some for itself.
fn distinct_names<'a>(layer: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for name in names {
        let lower = name.to_ascii_lowercase();
        let reserved = layer.is_empty() && ["gpkg_", "sqlite_", "rtree_"].iter().any(|prefix| lower.starts_with(prefix));
        if name.is_empty() || name.contains('\0') || reserved {
            return Err(Problem::error("vector.bad_name", words!("名称“{name}”不能用作图层或字段名", "\"{name}\" cannot be the name of a layer or field"))
                .key(format!("{layer}: {name}"))
                .expect(text("非空、不以 gpkg_、sqlite_、rtree_ 开头的名称", "a name that is not empty and does not begin with gpkg_, sqlite_ or rtree_"))
                .fix(text("改名", "rename it")));
        }
        if !seen.insert(lower) {
            return Err(Problem::error(
                "vector.duplicate_name",
                words!("名称“{name}”重复（不分大小写）", "the name \"{name}\" is there twice, upper and lower case alike"),
            )
            .key(format!("{layer}: {name}"))
            .expect(words!("互不相同的名称；{KEY} 和 {GEOMETRY} 由程序使用", "different names; {KEY} and {GEOMETRY} are used by the program"))
            .fix(text("改名", "rename one")));
        }
    }
    Ok(())
}

fn writable_code(layer: &Layer) -> Result<u32, Problem> {
    match layer.crs {
        CrsName::Epsg(code) if definition::of(code).is_some() => Ok(code),
        ref other => Err(Problem::error(
            "vector.no_crs",
            words!("图层“{}”的坐标系无法写入 GeoPackage：{other}", "the reference system of layer \"{}\" cannot be written: {other}", layer.name),
        )
        .key(layer.name.as_str())
        .expect(text(
            "EPSG 4326、4490、3857、4491–4554（高斯-克吕格各带）或 UTM 各带",
            "EPSG 4326, 4490, 3857, 4491 to 4554 (Gauss-Kruger zones) or a UTM zone",
        ))
        .fix(text("先投影到其中一个坐标系", "reproject the layer to one of these first"))),
    }
}

fn blobs(layer: &Layer, code: u32) -> Result<Vec<Option<Vec<u8>>>, Problem> {
    let mut ids = HashSet::new();
    layer
        .features
        .iter()
        .map(|feature| {
            let (name, id) = (&layer.name, feature.id);
            assert_eq!(feature.cells.len(), layer.fields.len(), "layer {name}, feature {id}: cells and fields differ");
            for (cell, field) in feature.cells.iter().zip(&layer.fields) {
                assert!(cell.is_of(field.kind), "layer {name}, feature {id}: {cell:?} in the field {field:?}");
            }
            if !ids.insert(id) {
                return Err(Problem::error(
                    "vector.duplicate_id",
                    words!("图层“{name}”中要素编号 {id} 重复", "the id {id} is there twice in layer \"{name}\""),
                )
                .key(format!("{name}: {id}"))
                .expect(text("互不相同的编号", "different ids"))
                .fix(text("重新编号", "number the features again")));
            }
            feature.geometry.as_ref().map(|shape| wkb::to_blob(shape, code as i32)).transpose().map_err(|problem| problem.key(format!("{name}: {id}")))
        })
        .collect()
}

fn write_layer(db: &Connection, layer: &Layer, code: u32, blobs: &[Option<Vec<u8>>], stamp: &str) -> rusqlite::Result<()> {
    let table = quoted(&layer.name);
    let shapes = || layer.features.iter().filter_map(|feature| feature.geometry.as_ref());
    let kinds: BTreeSet<&str> = shapes().map(wkb::type_name).collect();
    let kind = if kinds.len() == 1 { kinds.first().copied().unwrap_or_default() } else { "GEOMETRY" };

    let mut columns = format!("{KEY} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {GEOMETRY} {kind}");
    for field in &layer.fields {
        let declared = match field.kind {
            FieldKind::Text => "TEXT",
            FieldKind::Integer => "INTEGER",
            FieldKind::Real => "REAL",
        };
        columns.push_str(&format!(", {} {declared}", quoted(&field.name)));
    }
    db.execute_batch(&format!("CREATE TABLE {table} ({columns})"))?;

    let [x0, y0, x1, y1] = extent(shapes()).map_or([None; 4], |around| around.map(Some));
    db.execute("INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, '', ?2, ?3, ?4, ?5, ?6, ?7)", params![layer.name, stamp, x0, y0, x1, y1, code])?;
    db.execute("INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)", params![layer.name, GEOMETRY, kind, code])?;
    db.execute("INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', ?3, 'write-only')", params![layer.name, GEOMETRY, RTREE])?;

    let index = quoted(&format!("rtree_{}_{GEOMETRY}", layer.name));
    db.execute_batch(&format!("CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)"))?;
    let places = (1..=layer.fields.len() + 2).map(|i| format!("?{i}")).collect::<Vec<_>>().join(", ");
    let mut insert = db.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?;
    let mut insert_box = db.prepare(&format!("INSERT INTO {index} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    // In the order of ids, so that the file does not depend on the order it was made in.
    let rows: BTreeMap<i64, _> = layer.features.iter().zip(blobs).map(|(feature, blob)| (feature.id, (feature, blob))).collect();
    for (id, (feature, blob)) in rows {
        let fixed = [Value::Integer(id), blob.clone().map_or(Value::Null, Value::Blob)];
        insert.execute(params_from_iter(fixed.into_iter().chain(feature.cells.iter().map(value))))?;
        if let Some([x0, y0, x1, y1]) = extent(&feature.geometry) {
            insert_box.execute(params![id, x0, x1, y0, y1])?;
        }
    }
    db.execute_batch(&triggers(&layer.name))
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Integer(integer) => Value::Integer(*integer),
        Cell::Real(number) if number.is_nan() => Value::Null,
        Cell::Real(number) => Value::Real(*number),
    }
}

/// The triggers by which others' programs keep the index when they edit the layer (annex F.3). They
/// are made last: the functions they call are the editor's, not ours.
fn triggers(layer: &str) -> String {
    let (table, index) = (quoted(layer), quoted(&format!("rtree_{layer}_{GEOMETRY}")));
    let name = |suffix: &str| quoted(&format!("rtree_{layer}_{GEOMETRY}_{suffix}"));
    let (i, c) = (KEY, GEOMETRY);
    let put = format!("INSERT OR REPLACE INTO {index} VALUES (NEW.{i}, ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c}));");
    let (shape, none) = (format!("(NEW.{c} NOTNULL AND NOT ST_IsEmpty(NEW.{c}))"), format!("(NEW.{c} ISNULL OR ST_IsEmpty(NEW.{c}))"));
    let drop_old = format!("DELETE FROM {index} WHERE id = OLD.{i};");
    let trigger =
        |suffix: &str, event: &str, when: &str, act: &str| format!("CREATE TRIGGER {} AFTER {event} ON {table} WHEN {when} BEGIN {act} END;\n", name(suffix));
    [
        trigger("insert", "INSERT", &shape, &put),
        trigger("update1", &format!("UPDATE OF {c}"), &format!("OLD.{i} = NEW.{i} AND {shape}"), &put),
        trigger("update2", &format!("UPDATE OF {c}"), &format!("OLD.{i} = NEW.{i} AND {none}"), &drop_old),
        trigger("update3", "UPDATE", &format!("OLD.{i} != NEW.{i} AND {shape}"), &format!("{drop_old} {put}")),
        trigger("update4", "UPDATE", &format!("OLD.{i} != NEW.{i} AND {none}"), &format!("DELETE FROM {index} WHERE id IN (OLD.{i}, NEW.{i});")),
        trigger("delete", "DELETE", &format!("OLD.{c} NOTNULL"), &drop_old),
    ]
    .concat()
}
