//! Well-known binary, and the header a GeoPackage puts before it.
//!
//! Source: OGC 06-103r4, section 8 (WKB and its ISO codes for Z and M); OGC 12-128r17, GeoPackage 1.3,
//! section 2.1.3 (the blob header). The flag bits PostGIS uses for Z, M and SRID are read too.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use liangshan_vocab::{Problem, text};

use super::{extent, is_ring, not_finite, open_ring, rings, unsupported_geometry};

const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;
const COLLECTION: u32 = 7;
/// Names of the codes from 8 on, which have curves or belong to solids.
const CURVED: &[&str] =
    &["CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE", "SURFACE", "POLYHEDRALSURFACE", "TIN", "TRIANGLE"];
/// Collections inside collections; nobody nests deeper on purpose.
const DEPTH: u32 = 32;

/// Reads a GeoPackage blob: its header, then WKB. `None` for an empty point.
///
/// # Errors
/// `vector.truncated`, `vector.unreadable`, `vector.unsupported_geometry`, `vector.open_ring`,
/// `vector.invalid_coordinates`.
pub(super) fn from_blob(blob: &[u8]) -> Result<Option<Geometry<f64>>, Problem> {
    if blob.len() < 8 {
        return Err(truncated());
    }
    if !blob.starts_with(b"GP") {
        return Err(malformed());
    }
    if blob[3] & 0b10_0000 != 0 {
        return Err(unsupported_geometry("GeoPackage extension"));
    }
    let envelope = match blob[3] >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(malformed()),
    };
    from_wkb(blob.get(8 + envelope..).ok_or_else(truncated)?)
}

/// Reads WKB. Z and M are dropped. `None` for an empty point.
pub(super) fn from_wkb(bytes: &[u8]) -> Result<Option<Geometry<f64>>, Problem> {
    Reader { bytes, little: true }.geometry(0)
}

/// Writes a GeoPackage blob with an envelope, except for points and empty shapes.
///
/// # Errors
/// `vector.invalid_coordinates` for a vertex that is not finite.
pub(super) fn to_blob(geometry: &Geometry<f64>, srs: i32) -> Result<Vec<u8>, Problem> {
    let mut finite = true;
    super::each_coord(geometry, &mut |c| finite &= c.x.is_finite() && c.y.is_finite());
    if !finite {
        return Err(not_finite());
    }
    let around = extent([geometry]);
    let envelope = around.filter(|_| !matches!(geometry, Geometry::Point(_)));
    let flags = 1 | u8::from(envelope.is_some()) << 1 | u8::from(around.is_none()) << 4;
    let mut out = vec![b'G', b'P', 0, flags];
    out.extend(srs.to_le_bytes());
    if let Some([x0, y0, x1, y1]) = envelope {
        [x0, x1, y0, y1].iter().for_each(|v| out.extend(v.to_le_bytes()));
    }
    write(geometry, &mut out);
    Ok(out)
}

/// The name of a geometry's type in `gpkg_geometry_columns`.
pub(super) fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match code(geometry) {
        POINT => "POINT",
        LINE_STRING => "LINESTRING",
        POLYGON => "POLYGON",
        MULTI_POINT => "MULTIPOINT",
        MULTI_LINE_STRING => "MULTILINESTRING",
        MULTI_POLYGON => "MULTIPOLYGON",
        _ => "GEOMETRYCOLLECTION",
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    little: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or_else(truncated)?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn integer(&mut self) -> Result<u32, Problem> {
        let taken = self.take()?;
        Ok(if self.little { u32::from_le_bytes(taken) } else { u32::from_be_bytes(taken) })
    }

    fn number(&mut self) -> Result<f64, Problem> {
        let taken = self.take()?;
        Ok(if self.little { f64::from_le_bytes(taken) } else { f64::from_be_bytes(taken) })
    }

    /// How many parts follow, none shorter than `least` bytes: a count that cannot be true is
    /// refused before anything is allocated for it.
    fn count(&mut self, least: usize) -> Result<usize, Problem> {
        let count = self.integer()? as usize;
        if count.checked_mul(least).is_some_and(|bytes| bytes <= self.bytes.len()) { Ok(count) } else { Err(truncated()) }
    }

    fn coord(&mut self, dimensions: usize) -> Result<Coord<f64>, Problem> {
        let coord = Coord { x: self.number()?, y: self.number()? };
        for _ in 2..dimensions {
            self.number()?;
        }
        Ok(coord)
    }

    fn coords(&mut self, dimensions: usize) -> Result<Vec<Coord<f64>>, Problem> {
        let count = self.count(dimensions * 8)?;
        let mut coords = Vec::with_capacity(count);
        for _ in 0..count {
            let coord = self.coord(dimensions)?;
            if !(coord.x.is_finite() && coord.y.is_finite()) {
                return Err(not_finite());
            }
            coords.push(coord);
        }
        Ok(coords)
    }

    fn geometry(&mut self, depth: u32) -> Result<Option<Geometry<f64>>, Problem> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err(malformed()),
        };
        let written = self.integer()?;
        if written & 0x2000_0000 != 0 {
            self.integer()?;
        }
        let code = written & 0x0fff_ffff;
        let (kind, family) = (code % 1000, code / 1000);
        let (z, m) = match family {
            0 => (written & 0x8000_0000 != 0, written & 0x4000_0000 != 0),
            1 => (true, false),
            2 => (false, true),
            3 => (true, true),
            _ => return Err(malformed()),
        };
        let dimensions = 2 + usize::from(z) + usize::from(m);
        Ok(Some(match kind {
            POINT => {
                let coord = self.coord(dimensions)?;
                if coord.x.is_nan() && coord.y.is_nan() {
                    return Ok(None);
                }
                if !(coord.x.is_finite() && coord.y.is_finite()) {
                    return Err(not_finite());
                }
                Point(coord).into()
            }
            LINE_STRING => LineString(self.coords(dimensions)?).into(),
            POLYGON => {
                let count = self.count(4)?;
                let mut rings = Vec::new();
                for _ in 0..count {
                    let ring = self.coords(dimensions)?;
                    if !is_ring(&ring) {
                        return Err(open_ring());
                    }
                    rings.push(LineString(ring));
                }
                let mut rings = rings.into_iter();
                Polygon::new(rings.next().unwrap_or(LineString(Vec::new())), rings.collect()).into()
            }
            MULTI_POINT => MultiPoint(self.parts(depth)?).into(),
            MULTI_LINE_STRING => MultiLineString(self.parts(depth)?).into(),
            MULTI_POLYGON => MultiPolygon(self.parts(depth)?).into(),
            COLLECTION => collection(self.parts(depth)?),
            0 => return Err(unsupported_geometry("GEOMETRY")),
            _ => return Err(CURVED.get(kind as usize - 8).map_or_else(malformed, |name| unsupported_geometry(name))),
        }))
    }

    /// The members of a collection. Empty points in it are left out: they are nowhere.
    fn parts<T: TryFrom<Geometry<f64>>>(&mut self, depth: u32) -> Result<Vec<T>, Problem> {
        if depth >= DEPTH {
            return Err(unsupported_geometry("GEOMETRYCOLLECTION × 32"));
        }
        let count = self.count(9)?;
        let little = self.little;
        let mut parts = Vec::new();
        for _ in 0..count {
            if let Some(part) = self.geometry(depth + 1)? {
                parts.push(part.try_into().map_err(|_| malformed())?);
            }
        }
        self.little = little;
        Ok(parts)
    }
}

fn collection(parts: Vec<Geometry<f64>>) -> Geometry<f64> {
    Geometry::GeometryCollection(GeometryCollection(parts))
}

fn truncated() -> Problem {
    Problem::error("vector.truncated", text("几何数据不完整", "the geometry is cut short"))
        .expect(text("完整的几何数据", "a whole geometry"))
        .fix(text("重新复制或重新导出该文件", "copy or export the file again"))
}

fn malformed() -> Problem {
    Problem::error("vector.unreadable", text("几何数据无法识别", "the geometry cannot be understood"))
        .expect(text("GeoPackage 的二进制几何", "GeoPackage binary geometry"))
        .fix(text("在地理信息软件中打开检查，重新导出", "check it in a GIS and export it again"))
}

fn code(geometry: &Geometry<f64>) -> u32 {
    match geometry {
        Geometry::Point(_) => POINT,
        Geometry::Line(_) | Geometry::LineString(_) => LINE_STRING,
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => POLYGON,
        Geometry::MultiPoint(_) => MULTI_POINT,
        Geometry::MultiLineString(_) => MULTI_LINE_STRING,
        Geometry::MultiPolygon(_) => MULTI_POLYGON,
        Geometry::GeometryCollection(_) => COLLECTION,
    }
}

fn write(geometry: &Geometry<f64>, out: &mut Vec<u8>) {
    head(code(geometry), out);
    match geometry {
        Geometry::Point(point) => coord(point.0, out),
        Geometry::Line(line) => coords(&[line.start, line.end], out),
        Geometry::LineString(line) => coords(&line.0, out),
        Geometry::Polygon(polygon) => polygon_body(polygon, out),
        Geometry::Rect(rect) => polygon_body(&rect.to_polygon(), out),
        Geometry::Triangle(triangle) => polygon_body(&triangle.to_polygon(), out),
        Geometry::MultiPoint(points) => {
            count(points.0.len(), out);
            for point in &points.0 {
                head(POINT, out);
                coord(point.0, out);
            }
        }
        Geometry::MultiLineString(lines) => {
            count(lines.0.len(), out);
            for line in &lines.0 {
                head(LINE_STRING, out);
                coords(&line.0, out);
            }
        }
        Geometry::MultiPolygon(polygons) => {
            count(polygons.0.len(), out);
            for polygon in &polygons.0 {
                head(POLYGON, out);
                polygon_body(polygon, out);
            }
        }
        Geometry::GeometryCollection(parts) => {
            count(parts.0.len(), out);
            parts.0.iter().for_each(|part| write(part, out));
        }
    }
}

fn head(code: u32, out: &mut Vec<u8>) {
    out.push(1);
    out.extend(code.to_le_bytes());
}

/// # Panics
/// Beyond the four thousand million parts the format can count.
fn count(count: usize, out: &mut Vec<u8>) {
    assert!(u32::try_from(count).is_ok(), "more parts than WKB can count");
    out.extend((count as u32).to_le_bytes());
}

fn coord(coord: Coord<f64>, out: &mut Vec<u8>) {
    out.extend(coord.x.to_le_bytes());
    out.extend(coord.y.to_le_bytes());
}

fn coords(coords: &[Coord<f64>], out: &mut Vec<u8>) {
    count(coords.len(), out);
    coords.iter().for_each(|c| coord(*c, out));
}

fn polygon_body(polygon: &Polygon<f64>, out: &mut Vec<u8>) {
    count(rings(polygon).count(), out);
    rings(polygon).for_each(|ring| coords(&ring.0, out));
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, line_string, point, polygon};

    use super::*;

    /// Written out byte by byte from the tables of OGC 06-103r4.
    fn big_endian_point_zm(x: f64, y: f64) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0, 0x0b, 0xb9];
        [x, y, 7.0, 8.0].iter().for_each(|v| bytes.extend(v.to_be_bytes()));
        bytes
    }

    fn shapes() -> Vec<Geometry<f64>> {
        let square = polygon![exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 0.)], interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 1.)]]];
        let line = line_string![(x: -1.5, y: 2.), (x: 3., y: 1e-9)];
        vec![
            point!(x: 118.87, y: 28.94).into(),
            line.clone().into(),
            square.clone().into(),
            MultiPoint(vec![point!(x: 1., y: 2.), point!(x: 3., y: 4.)]).into(),
            MultiLineString(vec![line.clone(), line.clone()]).into(),
            MultiPolygon(vec![square.clone(), square.clone()]).into(),
            collection(vec![square.into(), collection(vec![line.into()])]),
            MultiPolygon::<f64>(vec![]).into(),
            Polygon::<f64>::new(LineString(vec![]), vec![]).into(),
            LineString::<f64>(vec![]).into(),
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        for shape in shapes() {
            assert_eq!(from_blob(&to_blob(&shape, 4549).unwrap()).unwrap(), Some(shape));
        }
    }

    #[test]
    fn heights_measures_byte_order_and_empty_points() {
        assert_eq!(from_wkb(&big_endian_point_zm(1.0, 2.0)).unwrap(), Some(point!(x: 1.0, y: 2.0).into()));
        assert_eq!(from_wkb(&big_endian_point_zm(f64::NAN, f64::NAN)).unwrap(), None);
        let mut postgis = vec![1, 1, 0, 0, 0xa0, 0xe6, 0x10, 0, 0];
        [1.0f64, 2.0, 3.0].iter().for_each(|v| postgis.extend(v.to_le_bytes()));
        assert_eq!(from_wkb(&postgis).unwrap(), Some(point!(x: 1.0, y: 2.0).into()));
        // A little-endian member inside a big-endian collection, then a big-endian one.
        let mut mixed = vec![0, 0, 0, 0, 7, 0, 0, 0, 2];
        mixed.extend(&to_blob(&point!(x: 5.0, y: 6.0).into(), 0).unwrap()[8..]);
        mixed.extend(big_endian_point_zm(1.0, 2.0));
        let expected = collection(vec![point!(x: 5.0, y: 6.0).into(), point!(x: 1.0, y: 2.0).into()]);
        assert_eq!(from_wkb(&mixed).unwrap(), Some(expected));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let code = |bytes: &[u8]| from_wkb(bytes).unwrap_err().code.into_owned();
        assert_eq!(code(&[1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), "vector.truncated", "four thousand million vertices are not allocated");
        assert_eq!(code(&[1, 8, 0, 0, 0, 0, 0, 0, 0]), "vector.unsupported_geometry");
        assert_eq!(code(&[1, 99, 0, 0, 0]), "vector.unreadable");
        assert_eq!(code(&[7]), "vector.unreadable");
        assert_eq!(code(&[]), "vector.truncated");
        let mut triangle = to_blob(&shapes()[2], 0).unwrap()[40..].to_vec();
        // The first vertex of the outer ring stands after the order byte and three counts.
        triangle[13..21].copy_from_slice(&9.0f64.to_le_bytes());
        assert_eq!(code(&triangle), "vector.open_ring");
        triangle[13..21].copy_from_slice(&f64::INFINITY.to_le_bytes());
        assert_eq!(code(&triangle), "vector.invalid_coordinates");
        let nested: Vec<u8> = (0..100_000).flat_map(|_| [1, 7, 0, 0, 0, 1, 0, 0, 0]).collect();
        assert_eq!(code(&nested), "vector.unsupported_geometry");
        assert_eq!(to_blob(&point!(x: f64::NAN, y: 1.0).into(), 0).unwrap_err().code, "vector.invalid_coordinates");
    }

    #[test]
    fn mangled_geometry_never_panics() {
        for shape in shapes() {
            crate::mangled::each(&to_blob(&shape, 4549).unwrap(), 2000, |bytes| {
                let _ = (from_blob(bytes), from_wkb(bytes));
            });
        }
    }
}
