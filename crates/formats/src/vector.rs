//! Layers of features: GeoPackage and GeoJSON in, GeoPackage out.
//!
//! Geometries are plane: heights and measures (Z, M) are dropped on reading. Coordinates are in the
//! order easting or longitude, then northing or latitude, whatever the axis order of the register.

mod geojson;
mod geopackage;
mod shapefile;
mod tile;
mod wkb;

use geo_types::{Coord, Geometry};
use liangshan_vocab::{Problem, text, words};

pub use geojson::read_geojson;
pub use geopackage::{FieldNotes, LayerNotes, LayerStyle, geopackage_layers, read_geopackage, write_described, write_geopackage};

pub use shapefile::{is_zip, read_shapefile};
pub use tile::{EXTENT, Tag, TileFeature, tile};

pub use crate::crs::CrsName;

/// A value in a feature's row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Missing.
    Null,
    /// Text, also for dates and times.
    Text(String),
    /// An integer; true and false are 1 and 0.
    Integer(i64),
    /// A number.
    Real(f64),
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, also for dates and times.
    Text,
    /// Integers, also for true and false.
    Integer,
    /// Numbers.
    Real,
}

/// A column of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, in any script.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

/// One thing on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its number, once in a layer.
    pub id: i64,
    /// Its shape; `None` where the file has none, or an empty point.
    pub geometry: Option<Geometry<f64>>,
    /// One cell for each field of the layer, of the field's kind or null.
    pub cells: Vec<Cell>,
}

/// Features that share their fields and their reference system.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name; empty where the format has none.
    pub name: String,
    /// What the file says about its reference system.
    pub crs: CrsName,
    /// Its columns.
    pub fields: Vec<Field>,
    /// Its features in file order.
    pub features: Vec<Feature>,
}

impl Layer {
    /// The position of a field.
    ///
    /// # Errors
    /// `vector.missing_field`, with the nearest that is there.
    pub fn field(&self, name: &str) -> Result<usize, Problem> {
        self.fields.iter().position(|field| field.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
            let problem = Problem::error("vector.missing_field", words!("图层“{}”缺少字段“{name}”", "the layer \"{}\" has no field \"{name}\"", self.name))
                .column(name)
                .expect(words!("名为“{name}”的字段；现有：{}", "a field named \"{name}\"; there are: {}", names.join(", ")));
            match liangshan_vocab::nearest(name, names) {
                Some(near) => problem.fix(words!("是否指“{near}”？", "did you mean \"{near}\"?")),
                None => problem.fix(text("添加该字段，或改用现有的字段", "add the field, or use one that is there")),
            }
        })
    }
}

impl Cell {
    /// True when a field of this kind may hold the cell.
    fn is_of(&self, kind: FieldKind) -> bool {
        use FieldKind::{Integer, Real, Text};
        matches!((self, kind), (Cell::Null, _) | (Cell::Text(_), Text) | (Cell::Integer(_), Integer) | (Cell::Real(_), Real))
    }

    /// The cell as a person writes it; empty where missing. Numbers have the shortest form that reads
    /// back as the same number.
    pub fn written(&self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Integer(integer) => integer.to_string(),
            Cell::Real(number) => number.to_string(),
        }
    }
}

/// Calls `visit` with every vertex, ring by ring, closing vertices included.
fn each_coord(geometry: &Geometry<f64>, visit: &mut dyn FnMut(Coord<f64>)) {
    match geometry {
        Geometry::Point(point) => visit(point.0),
        Geometry::Line(line) => [line.start, line.end].into_iter().for_each(visit),
        Geometry::LineString(line) => line.0.iter().copied().for_each(visit),
        Geometry::Polygon(polygon) => rings(polygon).for_each(|ring| ring.0.iter().copied().for_each(&mut *visit)),
        Geometry::MultiPoint(points) => points.0.iter().for_each(|point| visit(point.0)),
        Geometry::MultiLineString(lines) => lines.0.iter().for_each(|line| line.0.iter().copied().for_each(&mut *visit)),
        Geometry::MultiPolygon(polygons) => {
            polygons.0.iter().flat_map(rings).for_each(|ring| ring.0.iter().copied().for_each(&mut *visit));
        }
        Geometry::GeometryCollection(parts) => parts.0.iter().for_each(|part| each_coord(part, visit)),
        Geometry::Rect(rect) => [rect.min(), rect.max()].into_iter().for_each(visit),
        Geometry::Triangle(triangle) => triangle.to_array().into_iter().for_each(visit),
    }
}

fn rings(polygon: &geo_types::Polygon<f64>) -> impl Iterator<Item = &geo_types::LineString<f64>> {
    // A polygon without an outer ring is empty; it has no rings at all.
    std::iter::once(polygon.exterior()).filter(|ring| !ring.0.is_empty()).chain(polygon.interiors())
}

/// The rectangle around some shapes: least x, least y, greatest x, greatest y; `None` when all are
/// empty.
fn extent<'g>(geometries: impl IntoIterator<Item = &'g Geometry<f64>>) -> Option<[f64; 4]> {
    let mut all: Option<[f64; 4]> = None;
    for geometry in geometries {
        each_coord(geometry, &mut |c| {
            let [x0, y0, x1, y1] = all.unwrap_or([c.x, c.y, c.x, c.y]);
            all = Some([x0.min(c.x), y0.min(c.y), x1.max(c.x), y1.max(c.y)]);
        });
    }
    all
}

/// True when a ring ends where it began and has the four vertices the smallest ring has.
fn is_ring(coords: &[Coord<f64>]) -> bool {
    coords.len() >= 4 && coords.first() == coords.last()
}

fn open_ring() -> Problem {
    Problem::error("vector.open_ring", text("多边形的环没有闭合，或不足四个顶点", "a ring of a polygon is not closed, or has fewer than four vertices"))
        .expect(text("首尾顶点相同、至少四个顶点的环", "rings of at least four vertices, the last one equal to the first"))
        .fix(text("在地理信息软件中修复几何后再导出", "repair the geometry in a GIS and export it again"))
}

fn not_finite() -> Problem {
    Problem::error("vector.invalid_coordinates", text("坐标不是有限的数", "a coordinate is not a finite number"))
        .expect(text("每个顶点两个有限的数", "two finite numbers for each vertex"))
        .fix(text("在地理信息软件中找出并改正该要素", "find the feature in a GIS and mend it"))
}

fn unsupported_geometry(kind: &str) -> Problem {
    Problem::error("vector.unsupported_geometry", words!("不支持的几何类型：{kind}", "this kind of geometry is not supported: {kind}"))
        .expect(text("点、线、多边形及其集合", "points, lines, polygons and collections of them"))
        .fix(text("在地理信息软件中转换（例如把曲线转为折线）后再导出", "convert it in a GIS, for instance curves to line strings, and export again"))
}
