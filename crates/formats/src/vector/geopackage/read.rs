//! GeoPackage in.

use std::io::Read as _;

use liangshan_vocab::{Problem, Problems, nearest, text, words};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use super::{quoted, unreadable};
use crate::vector::{Cell, CrsName, Feature, Field, FieldKind, Layer, wkb};

const MAGIC: &[u8] = b"SQLite format 3\0";
/// The header of an SQLite file (its file format, section 1.3).
const HEADER: usize = 100;

/// The names of the feature layers, in the order of the file's contents.
///
/// # Errors
/// `vector.truncated`, `vector.unreadable`.
pub fn geopackage_layers(bytes: &[u8]) -> Result<Vec<String>, Problem> {
    let db = open(bytes)?;
    Ok(layers(&db)?.into_iter().map(|found| found.table).collect())
}

/// Reads one layer; the only one when no name is given.
///
/// Z and M are dropped. A date is text; true and false are 1 and 0; a column of bytes is no field.
///
/// # Errors
/// `vector.truncated`, `vector.unreadable`, `vector.no_such_layer` and `vector.layer_not_named` with
/// the names there are; then all at once, by feature: what [`crate::vector`] says of geometries, and
/// `vector.wrong_kind` for a cell that is not of its column's kind.
pub fn read_geopackage(bytes: &[u8], layer: Option<&str>) -> Result<Layer, Problems> {
    let db = open(bytes)?;
    let all = layers(&db)?;
    let found = pick(&all, layer)?;
    let columns = columns(&db, &found.table).map_err(|fault| unreadable(&fault))?;
    let Some(geometry) = columns.iter().position(|column| column.name.eq_ignore_ascii_case(&found.geometry)) else {
        let (table, column) = (&found.table, &found.geometry);
        return Err(broken(&format!("{table}.{column}")).into());
    };
    let crs = crs(&db, found.srs).map_err(|fault| unreadable(&fault))?;
    let fields: Vec<(usize, Field)> = columns
        .iter()
        .enumerate()
        .filter(|(i, column)| *i != geometry && !column.key)
        .filter_map(|(i, column)| Some((i, Field { name: column.name.clone(), kind: kind(&column.declared)? })))
        .collect();
    let mut problems = Problems::new();
    let features = features(&db, &found.table, &columns, geometry, &fields, &mut problems).map_err(|fault| unreadable(&fault))?;
    problems.into_result(Layer { name: found.table.clone(), crs, fields: fields.into_iter().map(|(_, field)| field).collect(), features })
}

/// Opens the bytes read-only. A database left in write-ahead mode is marked as an ordinary one in our
/// copy: without its log beside it, it is just what the main file holds.
fn open(bytes: &[u8]) -> Result<Connection, Problem> {
    if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
        let problem = Problem::error("vector.unreadable", text("文件不是 GeoPackage", "the file is not a GeoPackage"))
            .expect(text("GeoPackage（SQLite）文件", "a GeoPackage, which is an SQLite file"));
        return Err(
            problem.fix(text("检查文件名和格式；Shapefile 请先转换为 GeoPackage", "check the name and format; convert a Shapefile to a GeoPackage first"))
        );
    }
    let page = match u16::from_be_bytes([bytes[16], bytes[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let word = |at: usize| u64::from(u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
    // The page count is only kept when the change counter agrees with the version it is valid for.
    let (expected, got) = (page * word(28), bytes.len() as u64);
    if word(24) == word(92) && got < expected {
        return Err(Problem::error("vector.truncated", text("GeoPackage 文件不完整", "the GeoPackage is cut short"))
            .expect(words!("{expected} 字节，实际 {got} 字节", "{expected} bytes, there are {got}"))
            .fix(text("重新复制或重新导出该文件", "copy or export the file again")));
    }
    let mut head = bytes[..20].to_vec();
    if head[18..] == [2, 2] {
        head[18..].fill(1);
    }
    let mut db = Connection::open_in_memory().map_err(|fault| unreadable(&fault))?;
    db.deserialize_read_exact("main", head.chain(&bytes[20..]), bytes.len(), true).map_err(|fault| unreadable(&fault))?;
    // The file may come from anybody: its schema may call nothing that could do harm.
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON").map_err(|fault| unreadable(&fault))?;
    Ok(db)
}

/// A row of `gpkg_contents` with its row of `gpkg_geometry_columns`.
struct Found {
    table: String,
    geometry: String,
    srs: i64,
}

fn layers(db: &Connection) -> Result<Vec<Found>, Problem> {
    // Views could compute for ever; both tables, and the layers below, must be plain tables.
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('gpkg_contents', 'gpkg_geometry_columns')";
    let tables: i64 = db.query_row(tables, [], |row| row.get(0)).map_err(|fault| unreadable(&fault))?;
    if tables != 2 {
        return Err(Problem::error("vector.unreadable", text("SQLite 文件中没有 GeoPackage 的图层目录", "the SQLite file has no GeoPackage contents"))
            .expect(text("表 gpkg_contents 和 gpkg_geometry_columns", "the tables gpkg_contents and gpkg_geometry_columns"))
            .fix(text("用地理信息软件导出为 GeoPackage", "export the layer as a GeoPackage from a GIS")));
    }
    let query = "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c \
                 JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name) \
                 JOIN sqlite_master m ON m.type = 'table' AND lower(m.name) = lower(c.table_name) \
                 WHERE c.data_type = 'features' ORDER BY c.rowid";
    let read = || {
        let mut statement = db.prepare(query)?;
        let rows = statement.query_map([], |row| Ok(Found { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? }))?;
        rows.collect::<Result<Vec<_>, _>>()
    };
    read().map_err(|fault| unreadable(&fault))
}

fn pick<'a>(all: &'a [Found], layer: Option<&str>) -> Result<&'a Found, Problem> {
    let names: Vec<&str> = all.iter().map(|found| found.table.as_str()).collect();
    let there = names.join(", ");
    match (layer, all) {
        (Some(name), _) => all.iter().find(|found| found.table == name).ok_or_else(|| {
            let problem = Problem::error("vector.no_such_layer", words!("没有名为“{name}”的图层", "there is no layer named \"{name}\""))
                .key(name)
                .expect(words!("下列图层之一：{there}", "one of the layers: {there}"));
            match nearest(name, names) {
                Some(near) => problem.fix(words!("是否指“{near}”？", "did you mean \"{near}\"?")),
                None => problem.fix(text("改用现有的图层名", "name a layer that is there")),
            }
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Problem::error("vector.no_such_layer", text("GeoPackage 中没有要素图层", "the GeoPackage has no feature layer"))
            .expect(text("至少一个要素图层", "at least one layer of features"))
            .fix(text("把图层导出到该文件", "export a layer into it"))),
        (None, several) => {
            let count = several.len();
            Err(Problem::error(
                "vector.layer_not_named",
                words!("GeoPackage 有 {count} 个图层，没有说明用哪一个", "the GeoPackage has {count} layers and none is named"),
            )
            .expect(words!("下列图层之一：{there}", "one of the layers: {there}"))
            .fix(text("写明图层名", "name the layer")))
        }
    }
}

struct Column {
    name: String,
    declared: String,
    key: bool,
}

fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = db.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| Ok(Column { name: row.get(0)?, declared: row.get(1)?, key: row.get::<_, i64>(2)? > 0 }))?;
    rows.collect()
}

/// The kind of a declared type (GeoPackage 1.3, table 1); `None` for bytes.
fn kind(declared: &str) -> Option<FieldKind> {
    let word = declared.split('(').next().unwrap_or("").trim().to_ascii_uppercase();
    match word.as_str() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => Some(FieldKind::Integer),
        "FLOAT" | "DOUBLE" | "REAL" | "NUMERIC" | "DECIMAL" | "DOUBLE PRECISION" => Some(FieldKind::Real),
        "BLOB" => None,
        _ => Some(FieldKind::Text),
    }
}

fn crs(db: &Connection, srs: i64) -> rusqlite::Result<CrsName> {
    if srs <= 0 {
        return Ok(CrsName::Missing);
    }
    let query = "SELECT srs_name, organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let row = db.query_row(query, [srs], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))).optional()?;
    Ok(match row {
        Some((_, organization, code)) if organization.eq_ignore_ascii_case("EPSG") => u32::try_from(code).map_or(CrsName::Missing, CrsName::Epsg),
        Some((name, ..)) => CrsName::Unknown(name),
        None => CrsName::Unknown(format!("srs_id {srs}")),
    })
}

fn features(
    db: &Connection,
    table: &str,
    columns: &[Column],
    geometry: usize,
    fields: &[(usize, Field)],
    problems: &mut Problems,
) -> rusqlite::Result<Vec<Feature>> {
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    // A table without a row id, or with another key, still has features: they are counted from 1.
    let key = columns.iter().position(|column| column.key && column.declared.eq_ignore_ascii_case("INTEGER"));
    let order = key.map_or_else(String::new, |key| format!(" ORDER BY {}", names[key]));
    let mut statement = db.prepare(&format!("SELECT {} FROM {}{order}", names.join(", "), quoted(table)))?;
    let mut rows = statement.query([])?;
    let mut features = Vec::new();
    while let Some(row) = rows.next()? {
        let id = match key.map(|key| row.get_ref(key)).transpose()? {
            Some(ValueRef::Integer(id)) => id,
            _ => features.len() as i64 + 1,
        };
        let place = |problem: Problem| problem.key(format!("{table}: {id}"));
        let shape = match row.get_ref(geometry)? {
            ValueRef::Null => None,
            ValueRef::Blob(blob) => problems.keep(wkb::from_blob(blob).map_err(place)).flatten(),
            _ => problems.keep(Err(place(broken(&columns[geometry].name)))),
        };
        let mut cells = Vec::with_capacity(fields.len());
        for (at, field) in fields {
            let cell = cell(row.get_ref(*at)?, field).map_err(place);
            cells.push(problems.keep(cell).unwrap_or(Cell::Null));
        }
        features.push(Feature { id, geometry: shape, cells });
    }
    Ok(features)
}

/// SQLite lets any cell hold anything, so each is held against its column.
fn cell(value: ValueRef<'_>, field: &Field) -> Result<Cell, Problem> {
    let name = field.name.as_str();
    let wrong = |shown: &str| {
        let shown: String = shown.chars().take(40).collect();
        Err(Problem::error(
            "vector.wrong_kind",
            words!("字段“{name}”中有一个值与字段类型不符：“{shown}”", "a value of the field \"{name}\" is not of its kind: \"{shown}\""),
        )
        .column(name)
        .expect(match field.kind {
            FieldKind::Text => text("文字", "text"),
            FieldKind::Integer => text("整数", "an integer"),
            FieldKind::Real => text("数", "a number"),
        })
        .fix(text("改正该值，没有值时留空（NULL）", "mend the value, or leave it empty (NULL) where there is none")))
    };
    match (value, field.kind) {
        (ValueRef::Null, _) => Ok(Cell::Null),
        (ValueRef::Integer(integer), FieldKind::Integer) => Ok(Cell::Integer(integer)),
        (ValueRef::Integer(integer), FieldKind::Real) => Ok(Cell::Real(integer as f64)),
        (ValueRef::Real(number), FieldKind::Real) => Ok(Cell::Real(number)),
        (ValueRef::Integer(integer), FieldKind::Text) => Ok(Cell::Text(integer.to_string())),
        (ValueRef::Real(number), FieldKind::Text) => Ok(Cell::Text(number.to_string())),
        (ValueRef::Real(number), FieldKind::Integer) => wrong(&number.to_string()),
        (ValueRef::Text(bytes), FieldKind::Text) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => wrong(&String::from_utf8_lossy(bytes)),
        },
        (ValueRef::Text(bytes), _) => wrong(&String::from_utf8_lossy(bytes)),
        (ValueRef::Blob(bytes), _) => wrong(&format!("{} B", bytes.len())),
    }
}

fn broken(what: &str) -> Problem {
    Problem::error(
        "vector.unreadable",
        words!("GeoPackage 的几何列“{what}”缺失或不是几何", "the geometry column \"{what}\" of the GeoPackage is missing or holds no geometry"),
    )
    .expect(text("GeoPackage 的二进制几何", "GeoPackage binary geometry"))
    .fix(text("用地理信息软件重新导出", "export the layer again from a GIS"))
}
