//! GeoJSON in: RFC 7946, and the `crs` member of its 2008 ancestor.

use std::collections::{BTreeSet, HashMap};

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use liangshan_vocab::{Problem, Problems, text, words};
use serde_json::{Map, Value};

use super::{Cell, CrsName, Feature, Field, FieldKind, Layer, each_coord, is_ring, open_ring, unsupported_geometry};

/// Reads a FeatureCollection, a Feature or a bare geometry.
///
/// The reference system is 4326 unless an old `crs` member names another. Features keep their ids
/// where all are integers and none repeats; else they are numbered from 1. Fields are all property
/// names in order of appearance: integers (true and false are 1 and 0), numbers where some have a
/// fraction, else text; lists and objects become their JSON.
///
/// # Errors
/// All at once, with the position of the feature: `vector.truncated` or `vector.unreadable` with the
/// line; `vector.unsupported_geometry`, `vector.open_ring`, and `vector.invalid_coordinates` for
/// longitudes beyond ±180 and latitudes beyond ±90.
pub fn read_geojson(bytes: &[u8]) -> Result<Layer, Problems> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).map_err(|fault| not_json(&fault, bytes))?;
    let crs = crs(root.get("crs"));
    let members: Vec<&Value> = match (kind(&root), root.get("features").and_then(Value::as_array)) {
        ("FeatureCollection", Some(features)) => features.iter().collect(),
        ("FeatureCollection", None) => return Err(unreadable("features").into()),
        _ => vec![&root],
    };
    let name = root.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut problems = Problems::new();
    let mut shapes = Vec::with_capacity(members.len());
    for (i, member) in members.iter().enumerate() {
        let shape = shape_of(member).and_then(|shape| {
            shape.iter().try_for_each(|shape| in_range(shape, &crs))?;
            Ok(shape)
        });
        let place = format!("features[{}]", i + 1);
        shapes.push(problems.keep(shape.map_err(|problem| problem.key(place))).flatten());
    }
    let (fields, rows) = rows(&members);
    let ids = ids(&members);
    let features = shapes.into_iter().zip(rows).zip(ids).map(|((geometry, cells), id)| Feature { id, geometry, cells }).collect();
    problems.into_result(Layer { name, crs, fields, features })
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn not_json(fault: &serde_json::Error, bytes: &[u8]) -> Problem {
    let row = fault.line() as u64;
    let problem = if fault.is_eof() && !bytes.is_empty() {
        Problem::error("vector.truncated", text("GeoJSON 文件不完整", "the GeoJSON is cut short"))
            .fix(text("重新复制或重新导出该文件", "copy or export the file again"))
    } else {
        let problem = Problem::error("vector.unreadable", text("文件不是 GeoJSON", "the file is not GeoJSON"));
        match std::str::from_utf8(bytes) {
            Ok(_) => problem.fix(words!("检查第 {row} 行；或用地理信息软件重新导出", "check line {row}, or export the layer again from a GIS")),
            Err(_) => problem.fix(text("另存为 UTF-8 编码（常见原因是 GBK 编码）", "save it as UTF-8; a common cause is GBK")),
        }
    };
    problem.row(row).expect(text("UTF-8 编码的完整 GeoJSON（RFC 7946）", "whole GeoJSON (RFC 7946) in UTF-8"))
}

fn unreadable(member: &str) -> Problem {
    Problem::error("vector.unreadable", words!("GeoJSON 的“{member}”缺失或形式不对", "the \"{member}\" of the GeoJSON is missing or has the wrong form"))
        .expect(text("RFC 7946 规定的 GeoJSON", "GeoJSON as in RFC 7946"))
        .fix(text("用地理信息软件重新导出", "export the layer again from a GIS"))
}

/// No member means 4326 (RFC 7946); an explicit null means that nobody knows (GeoJSON 2008).
fn crs(member: Option<&Value>) -> CrsName {
    match member {
        None => CrsName::Epsg(4326),
        Some(Value::Null) => CrsName::Missing,
        Some(named) => match named.pointer("/properties/name").and_then(Value::as_str) {
            Some(name) => CrsName::parse(name),
            None => CrsName::Unknown(named.to_string()),
        },
    }
}

fn shape_of(member: &Value) -> Result<Option<Geometry<f64>>, Problem> {
    match (kind(member), member.get("geometry")) {
        ("Feature", None | Some(Value::Null)) => Ok(None),
        ("Feature", Some(geometry)) => self::geometry(geometry),
        _ => geometry(member),
    }
}

fn geometry(value: &Value) -> Result<Option<Geometry<f64>>, Problem> {
    let coordinates = || value.get("coordinates").and_then(Value::as_array).ok_or_else(|| unreadable("coordinates"));
    Ok(Some(match kind(value) {
        "Point" => {
            let position = coordinates()?;
            if position.is_empty() {
                return Ok(None);
            }
            Point(coord(position)?).into()
        }
        "LineString" => LineString(coords(coordinates()?)?).into(),
        "Polygon" => polygon(coordinates()?)?.into(),
        "MultiPoint" => MultiPoint(coords(coordinates()?)?.into_iter().map(Point).collect()).into(),
        "MultiLineString" => MultiLineString(each(coordinates()?, |line| Ok(LineString(coords(line)?)))?).into(),
        "MultiPolygon" => MultiPolygon(each(coordinates()?, polygon)?).into(),
        "GeometryCollection" => {
            let parts = value.get("geometries").and_then(Value::as_array).ok_or_else(|| unreadable("geometries"))?;
            let parts: Result<Vec<_>, _> = parts.iter().map(geometry).collect();
            Geometry::GeometryCollection(GeometryCollection(parts?.into_iter().flatten().collect()))
        }
        "" => return Err(unreadable("type")),
        other => return Err(unsupported_geometry(&other.chars().take(40).collect::<String>())),
    }))
}

fn each<T>(list: &[Value], read: fn(&[Value]) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    list.iter().map(|item| read(item.as_array().ok_or_else(|| unreadable("coordinates"))?)).collect()
}

fn coords(list: &[Value]) -> Result<Vec<Coord<f64>>, Problem> {
    each(list, coord)
}

fn coord(position: &[Value]) -> Result<Coord<f64>, Problem> {
    match (position.first().and_then(Value::as_f64), position.get(1).and_then(Value::as_f64)) {
        (Some(x), Some(y)) => Ok(Coord { x, y }),
        _ => Err(unreadable("coordinates")),
    }
}

fn polygon(rings: &[Value]) -> Result<Polygon<f64>, Problem> {
    let rings = each(rings, coords)?;
    if !rings.iter().all(|ring| is_ring(ring)) {
        return Err(open_ring());
    }
    let mut rings = rings.into_iter().map(LineString);
    Ok(Polygon::new(rings.next().unwrap_or(LineString(Vec::new())), rings.collect()))
}

/// Degrees must be degrees. Other systems are left to those who know their extent.
fn in_range(shape: &Geometry<f64>, crs: &CrsName) -> Result<(), Problem> {
    if !matches!(crs, CrsName::Epsg(4326 | 4490)) {
        return Ok(());
    }
    let mut outside = Vec::new();
    each_coord(shape, &mut |c| {
        if c.x.abs() > 180.0 || c.y.abs() > 90.0 {
            outside.push(c);
        }
    });
    let Some(Coord { x, y }) = outside.first().copied() else { return Ok(()) };
    let problem =
        Problem::error("vector.invalid_coordinates", words!("坐标 ({x}, {y}) 不是经纬度", "the coordinates ({x}, {y}) are not a longitude and a latitude"))
            .expect(text("经度 ±180、纬度 ±90 以内，先经度后纬度", "longitude within ±180, latitude within ±90, longitude first"))
            .count(outside.len() as u64);
    Err(if x.abs() <= 90.0 && y.abs() <= 180.0 {
        problem.fix(text("经度和纬度写反了：先写经度", "longitude and latitude are swapped: longitude comes first"))
    } else {
        problem.fix(text(
            "若为平面坐标，转换为经纬度，或改用 GeoPackage 并注明坐标系",
            "convert plane coordinates to degrees, or use a GeoPackage that names its reference system",
        ))
    })
}

fn ids(members: &[&Value]) -> Vec<i64> {
    let given: Option<Vec<i64>> = members.iter().map(|member| member.get("id").and_then(Value::as_i64)).collect();
    let unique = given.filter(|ids| ids.iter().collect::<BTreeSet<_>>().len() == ids.len());
    unique.unwrap_or_else(|| (1..=members.len() as i64).collect())
}

fn properties(member: &Value) -> Option<&Map<String, Value>> {
    member.get("properties").and_then(Value::as_object)
}

fn rows(members: &[&Value]) -> (Vec<Field>, Vec<Vec<Cell>>) {
    let mut fields: Vec<Field> = Vec::new();
    let mut seen: HashMap<&str, (usize, Option<FieldKind>)> = HashMap::new();
    for (name, value) in members.iter().filter_map(|m| properties(m)).flatten() {
        let (_, known) = seen.entry(name).or_insert_with(|| {
            fields.push(Field { name: name.clone(), kind: FieldKind::Text });
            (fields.len() - 1, None)
        });
        let kind = match value {
            Value::Null => continue,
            Value::Bool(_) => FieldKind::Integer,
            Value::Number(number) if number.as_i64().is_some() => FieldKind::Integer,
            Value::Number(_) => FieldKind::Real,
            _ => FieldKind::Text,
        };
        *known = Some(match (*known, kind) {
            (None, kind) => kind,
            (Some(known), kind) if known == kind => kind,
            (Some(FieldKind::Text), _) | (_, FieldKind::Text) => FieldKind::Text,
            _ => FieldKind::Real,
        });
    }
    for (at, kind) in seen.values() {
        fields[*at].kind = kind.unwrap_or(FieldKind::Text);
    }
    let row = |member: &&Value| {
        let given = properties(member);
        fields.iter().map(|field| cell(given.and_then(|given| given.get(&field.name)), field.kind)).collect()
    };
    let rows = members.iter().map(row).collect();
    (fields, rows)
}

fn cell(value: Option<&Value>, kind: FieldKind) -> Cell {
    match (value, kind) {
        (None | Some(Value::Null), _) => Cell::Null,
        (Some(Value::String(text)), _) => Cell::Text(text.clone()),
        (Some(Value::Bool(truth)), FieldKind::Integer) => Cell::Integer(i64::from(*truth)),
        (Some(Value::Bool(truth)), FieldKind::Real) => Cell::Real(f64::from(u8::from(*truth))),
        (Some(Value::Number(number)), FieldKind::Integer) => number.as_i64().map_or(Cell::Null, Cell::Integer),
        (Some(Value::Number(number)), FieldKind::Real) => number.as_f64().map_or(Cell::Null, Cell::Real),
        (Some(other), _) => Cell::Text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> (String, Option<String>) {
        let problem = read_geojson(source.as_bytes()).unwrap_err().0.swap_remove(0);
        (problem.code.into_owned(), problem.at.key)
    }

    #[test]
    fn a_collection_with_its_fields() {
        let layer = read_geojson(
            r#"{"type":"FeatureCollection","name":"县","features":[
            {"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[118.8,28.9,55]},"properties":{"名称":"柯城","人口":1,"面积":609,"ok":true}},
            {"type":"Feature","id":9,"geometry":null,"properties":{"面积":1748.5,"名称":null,"tags":["a"],"人口":"不详"}}]}"#
                .as_bytes(),
        )
        .unwrap();
        let fields: Vec<_> = layer.fields.iter().map(|f| (f.name.as_str(), f.kind)).collect();
        use FieldKind::{Integer, Real, Text};
        assert_eq!(fields, [("名称", Text), ("人口", Text), ("面积", Real), ("ok", Integer), ("tags", Text)]);
        assert_eq!((layer.name.as_str(), &layer.crs), ("县", &CrsName::Epsg(4326)));
        let text = |s: &str| Cell::Text(s.into());
        assert_eq!(
            layer.features[0],
            Feature {
                id: 7,
                geometry: Some(Point::new(118.8, 28.9).into()),
                cells: vec![text("柯城"), text("1"), Cell::Real(609.0), Cell::Integer(1), Cell::Null]
            }
        );
        assert_eq!(
            layer.features[1],
            Feature { id: 9, geometry: None, cells: vec![Cell::Null, text("不详"), Cell::Real(1748.5), Cell::Null, text("[\"a\"]")] }
        );
    }

    #[test]
    fn bare_geometries_and_named_reference_systems() {
        let line = read_geojson(br#"{"type":"LineString","coordinates":[[0,1],[2,3]]}"#).unwrap();
        assert_eq!((line.features.len(), line.features[0].id), (1, 1));
        let named = |crs: &str| read_geojson(format!(r#"{{"type":"Point","coordinates":[400000,3200000],"crs":{crs}}}"#).as_bytes()).unwrap().crs;
        assert_eq!(named(r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}}"#), CrsName::Epsg(4549));
        assert_eq!(named("null"), CrsName::Missing);
        assert!(matches!(named(r#"{"type":"link"}"#), CrsName::Unknown(_)));
    }

    #[test]
    fn faults_name_the_feature_and_all_are_told() {
        let feature = |geometry: &str| format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
        let bad = [
            r#"{"type":"Point","coordinates":[28.9,118.8]}"#,
            r#"{"type":"Point","coordinates":[400000,3200000]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
            r#"{"type":"Circle","coordinates":[0,0]}"#,
            r#"{"type":"LineString","coordinates":[[0,0],["a",1]]}"#,
            r#"{"type":"Point","coordinates":[1,2]}"#,
        ];
        let source = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, bad.map(feature).join(","));
        let problems = read_geojson(source.as_bytes()).unwrap_err();
        let seen: Vec<_> = problems.iter().map(|p| (p.code.as_ref(), p.at.key.as_deref().unwrap())).collect();
        assert_eq!(
            seen,
            [
                ("vector.invalid_coordinates", "features[1]"),
                ("vector.invalid_coordinates", "features[2]"),
                ("vector.open_ring", "features[3]"),
                ("vector.unsupported_geometry", "features[4]"),
                ("vector.unreadable", "features[5]")
            ]
        );
        assert!(problems.0[0].fix.en.contains("swapped") && problems.0[1].fix.en.contains("plane"));

        assert_eq!(code("{\"type\":\"Point\",\n\"coordinates\":[1,").0, "vector.truncated");
        assert_eq!(code("a,b\n1,2").0, "vector.unreadable");
        assert_eq!(code("").0, "vector.unreadable");
        assert_eq!(code("{}").0, "vector.unreadable");
        assert_eq!(code(r#"{"type":"FeatureCollection"}"#).0, "vector.unreadable");
        assert_eq!(code(r#"{"type":"Topology"}"#).0, "vector.unsupported_geometry");
        assert_eq!(code(&"[".repeat(100_000)).0, "vector.unreadable");
    }

    #[test]
    fn repeated_or_worded_ids_become_the_order_in_the_file() {
        let with = |a: &str, b: &str| {
            let one = |id: &str| format!(r#"{{"type":"Feature","id":{id},"geometry":null,"properties":null}}"#);
            let layer = read_geojson(format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, one(a), one(b)).as_bytes()).unwrap();
            layer.features.iter().map(|f| f.id).collect::<Vec<_>>()
        };
        assert_eq!((with("5", "3"), with("5", "5"), with("5", "\"x\"")), (vec![5, 3], vec![1, 2], vec![1, 2]));
    }

    #[test]
    fn mangled_geojson_never_panics() {
        let good = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]},{"type":"Point","coordinates":[1,2]}]},"properties":{"名":"甲","x":1.5}}]}"#;
        crate::mangled::each(good.as_bytes(), 6000, |bytes| drop(read_geojson(bytes)));
    }
}
