//! Shapefile in, as it is handed over: a zip with .shp and .dbf, .prj and .cpg where there are any
//! (ESRI Shapefile Technical Description, July 1998; dBASE III).

use std::io::{Cursor, Read};

use encoding_rs::{Encoding, GB18030, UTF_8};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use liangshan_vocab::{Problem, Problems, text, words};

use super::{Cell, CrsName, Feature, Field, FieldKind, Layer, is_ring, not_finite, open_ring, unsupported_geometry};
use crate::crs::of_wkt;

/// The most bytes of one member of the zip.
const MOST_BYTES: u64 = 1 << 30;

/// True for a zip.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the only Shapefile of a zip: polygons, as everything else is not what is asked for here.
///
/// The encoding of words is that of the .cpg, else that of the .dbf's language, else UTF-8 where the
/// bytes are, else GB18030 (which holds GBK).
///
/// # Errors
/// `vector.unreadable`, `vector.truncated`, `vector.several_shapefiles`, `vector.member_too_large`;
/// then all at once, by record: what [`crate::vector`] says of geometries.
pub fn read_shapefile(zipped: &[u8]) -> Result<Layer, Problems> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zipped)).map_err(|e| unreadable(&e.to_string()))?;
    let names: Vec<String> = (0..zip.len()).map(|i| zip.by_index_raw(i).map_or_else(|_| String::new(), |file| decoded_name(file.name_raw()))).collect();
    let shps: Vec<&String> = names.iter().filter(|n| has_extension(n, "shp") && !n.contains("__MACOSX")).collect();
    let [shp] = shps[..] else { return Err(not_one(&shps).into()) };
    let stem = &shp[..shp.len() - 4];
    let mut member = |extension: &str| -> Result<Option<Vec<u8>>, Problem> {
        let wanted = names.iter().position(|n| has_extension(n, extension) && n[..n.len() - extension.len() - 1].eq_ignore_ascii_case(stem));
        wanted.map(|at| unpacked(&mut zip, at, &names[at])).transpose()
    };
    let shapes = member("shp")?.unwrap_or_default();
    let (dbf, prj, cpg) = (member("dbf")?, member("prj")?, member("cpg")?);
    let crs = prj.map_or(CrsName::Missing, |prj| of_wkt(&String::from_utf8_lossy(&prj)));
    let mut problems = Problems::new();
    let shapes = problems.keep(shapes_of(&shapes));
    let rows = problems.keep(dbf.map_or_else(|| Ok((Vec::new(), Vec::new())), |dbf| table(&dbf, cpg.as_deref())));
    let (Some(shapes), Some((fields, rows))) = (shapes, rows) else { return Err(problems) };
    if !fields.is_empty() && rows.len() != shapes.len() {
        let (a, b) = (shapes.len(), rows.len());
        return Err(Problem::error("vector.truncated", words!(".shp 有 {a} 条记录，.dbf 有 {b} 条", "the .shp has {a} records and the .dbf {b}"))
            .expect(text("同样多的记录", "as many of one as of the other"))
            .fix(text("重新导出 Shapefile", "export the Shapefile again"))
            .into());
    }
    let cells = |at: usize| rows.get(at).cloned().unwrap_or_default();
    let features = shapes.into_iter().enumerate().map(|(at, geometry)| Feature { id: at as i64 + 1, geometry, cells: cells(at) }).collect();
    let name = stem.rsplit(['/', '\\']).next().unwrap_or(stem).to_owned();
    Ok(Layer { name, crs, fields, features })
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.len() > extension.len()
        && name.is_char_boundary(name.len() - extension.len() - 1)
        && name[name.len() - extension.len() - 1..].eq_ignore_ascii_case(&format!(".{extension}"))
}

/// A name in a zip: UTF-8, else what Chinese Windows writes.
fn decoded_name(raw: &[u8]) -> String {
    std::str::from_utf8(raw).map_or_else(|_| GB18030.decode_without_bom_handling(raw).0.into_owned(), str::to_owned)
}

fn unpacked(zip: &mut zip::ZipArchive<Cursor<&[u8]>>, at: usize, name: &str) -> Result<Vec<u8>, Problem> {
    let file = zip.by_index(at).map_err(|e| unreadable(&e.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&e.to_string()))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Problem::error("vector.member_too_large", words!("压缩包中的“{name}”超过 1 GB", "\"{name}\" in the zip is larger than 1 GB"))
            .expect(text("不超过 1 GB 的文件", "a file of at most 1 GB"))
            .fix(text("只导出需要的要素", "export only the features that are needed")));
    }
    Ok(bytes)
}

fn unreadable(why: &str) -> Problem {
    Problem::error("vector.unreadable", words!("不是可读的 Shapefile：{why}", "not a Shapefile that can be read: {why}"))
        .expect(text("含 .shp、.dbf 的 zip，最好也有 .prj 与 .cpg", "a zip with .shp and .dbf, better with .prj and .cpg too"))
        .fix(text("把 Shapefile 的全部文件压缩为一个 zip", "put all files of the Shapefile into one zip"))
}

fn not_one(found: &[&String]) -> Problem {
    let list = found.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
    let count = found.len();
    Problem::error("vector.several_shapefiles", words!("压缩包中有 {count} 个 .shp：{list}", "there are {count} .shp files in the zip: {list}"))
        .expect(text("恰好一个 Shapefile", "exactly one Shapefile"))
        .fix(text("每个 Shapefile 单独压缩", "zip each Shapefile by itself"))
}

/// Bytes read one after the other; what is not there is told by `None`.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn little(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_le_bytes)
    }

    fn big(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_be_bytes)
    }

    fn number(&mut self) -> Option<f64> {
        self.take(8)?.try_into().ok().map(f64::from_le_bytes)
    }
}

fn cut_short() -> Problem {
    Problem::error("vector.truncated", text(".shp 不完整", "the .shp is cut short"))
        .expect(text("完整的记录", "whole records"))
        .fix(text("重新复制或重新导出", "copy or export it again"))
}

fn shapes_of(shp: &[u8]) -> Result<Vec<Option<Geometry<f64>>>, Problems> {
    let mut all = Reader(shp);
    let code = all.big().ok_or_else(cut_short)?;
    if code != 9994 {
        return Err(unreadable("file code").into());
    }
    all.take(96).ok_or_else(cut_short)?;
    let (mut shapes, mut problems) = (Vec::new(), Problems::new());
    while !all.0.is_empty() {
        let number = shapes.len() + 1;
        let content = all.take(4).and_then(|_| all.big()).and_then(|length| all.take(usize::try_from(length).ok()?.checked_mul(2)?));
        let Some(content) = content else {
            problems.push(cut_short().key(format!("record {number}")));
            break;
        };
        shapes.push(problems.keep(shape(content).map_err(|p| p.key(format!("record {number}")))).flatten());
    }
    problems.into_result(shapes)
}

fn shape(content: &[u8]) -> Result<Option<Geometry<f64>>, Problem> {
    let mut r = Reader(content);
    match r.little().ok_or_else(cut_short)? {
        0 => Ok(None),
        5 | 15 | 25 => polygons(&mut r).map(|m| Some(Geometry::MultiPolygon(m))),
        1 | 11 | 21 => Err(unsupported_geometry("Point")),
        3 | 13 | 23 => Err(unsupported_geometry("PolyLine")),
        other => Err(unsupported_geometry(&format!("shape type {other}"))),
    }
}

/// The corners of a ring.
type Corners = Vec<Coord<f64>>;

/// Rings with the clock are outer ones; a ring against it is a hole of the outer ring that holds it.
fn polygons(r: &mut Reader<'_>) -> Result<MultiPolygon<f64>, Problem> {
    r.take(32).ok_or_else(cut_short)?;
    let count = |r: &mut Reader<'_>| r.little().and_then(|n| usize::try_from(n).ok()).ok_or_else(cut_short);
    let (parts, points) = (count(r)?, count(r)?);
    let starts_bytes = r.take(parts.checked_mul(4).ok_or_else(cut_short)?).ok_or_else(cut_short)?;
    let mut starts = Reader(starts_bytes);
    let mut starts: Vec<usize> = (0..parts).map(|_| count(&mut starts)).collect::<Result<_, _>>()?;
    let mut coords = Reader(r.take(points.checked_mul(16).ok_or_else(cut_short)?).ok_or_else(cut_short)?);
    let all: Vec<Coord<f64>> = (0..points).map(|_| Some(Coord { x: coords.number()?, y: coords.number()? })).collect::<Option<_>>().ok_or_else(cut_short)?;
    if all.iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err(not_finite());
    }
    starts.push(points);
    let (mut outer, mut holes): (Vec<Corners>, Vec<Corners>) = (Vec::new(), Vec::new());
    for pair in starts.windows(2) {
        let ring = all.get(pair[0]..pair[1]).ok_or_else(cut_short)?;
        if !is_ring(ring) {
            return Err(open_ring());
        }
        if doubled_area(ring) <= 0.0 { outer.push(ring.to_vec()) } else { holes.push(ring.to_vec()) }
    }
    let mut of: Vec<Vec<LineString<f64>>> = vec![Vec::new(); outer.len()];
    let mut alone = Vec::new();
    for hole in holes {
        let home = (0..outer.len()).filter(|o| holds(&outer[*o], &hole)).min_by(|a, b| doubled_area(&outer[*b]).total_cmp(&doubled_area(&outer[*a])));
        match home {
            Some(home) => of[home].push(LineString(hole)),
            None => alone.push(hole),
        }
    }
    // A ring that nothing holds is an outer ring that was written the wrong way round.
    let mut made: Vec<Polygon<f64>> = outer.into_iter().zip(of).map(|(ring, holes)| Polygon::new(LineString(ring), holes)).collect();
    made.extend(alone.into_iter().map(|ring| Polygon::new(LineString(ring), Vec::new())));
    Ok(MultiPolygon(made))
}

fn doubled_area(ring: &[Coord<f64>]) -> f64 {
    let origin = ring[0];
    ring.windows(2).map(|p| (p[0].x - origin.x) * (p[1].y - origin.y) - (p[1].x - origin.x) * (p[0].y - origin.y)).sum()
}

/// True when a ring holds some vertex of another that is not on its own corner.
fn holds(ring: &[Coord<f64>], other: &[Coord<f64>]) -> bool {
    let inside = |p: &Coord<f64>| {
        ring.windows(2).filter(|s| (s[0].y > p.y) != (s[1].y > p.y) && p.x < (s[1].x - s[0].x) * (p.y - s[0].y) / (s[1].y - s[0].y) + s[0].x).count() % 2 == 1
    };
    other.iter().find(|p| !ring.contains(p)).is_some_and(inside)
}

type Rows = (Vec<Field>, Vec<Vec<Cell>>);

/// A column of a .dbf: where its characters stand in a record.
struct Column {
    from: usize,
    length: usize,
    field: Field,
}

fn table(dbf: &[u8], cpg: Option<&[u8]>) -> Result<Rows, Problem> {
    let short = || {
        Problem::error("vector.truncated", text(".dbf 不完整", "the .dbf is cut short"))
            .expect(text("完整的记录", "whole records"))
            .fix(text("重新复制或重新导出", "copy or export it again"))
    };
    let at = |i: usize| dbf.get(i).copied().map(usize::from).ok_or_else(short);
    let two = |i: usize| Ok::<usize, Problem>(at(i)? + 256 * at(i + 1)?);
    let count = two(4)? + 65_536 * two(6)?;
    let (head, record) = (two(8)?, two(10)?);
    let header = dbf.get(32..head.max(32)).ok_or_else(short)?;
    let encoding = encoding(dbf, at(29)?, cpg);
    let mut columns = Vec::new();
    let mut from = 1;
    for written in header.chunks_exact(32).take_while(|c| c[0] != 0x0d) {
        let name = written[..11].split(|b| *b == 0).next().unwrap_or_default();
        let name = encoding.decode_without_bom_handling(name).0.trim().to_owned();
        let (kind, length, decimals) = (written[11], usize::from(written[16]), written[17]);
        let kind = match kind {
            b'N' | b'F' if decimals == 0 && length < 19 => FieldKind::Integer,
            b'N' | b'F' => FieldKind::Real,
            b'L' => FieldKind::Integer,
            _ => FieldKind::Text,
        };
        columns.push(Column { from, length, field: Field { name, kind } });
        from += length;
    }
    let body = dbf.get(head..).ok_or_else(short)?;
    if record == 0 || from > record || body.len() / record < count {
        return Err(short());
    }
    let cell = |row: &[u8], c: &Column| -> Cell {
        let said = encoding.decode_without_bom_handling(&row[c.from..c.from + c.length]).0.trim_matches(['\0', ' ']).to_owned();
        match c.field.kind {
            _ if said.is_empty() || said.bytes().all(|b| b == b'*' || b == b'?') => Cell::Null,
            FieldKind::Text => Cell::Text(said),
            FieldKind::Integer => match said.as_str() {
                "T" | "t" | "Y" | "y" => Cell::Integer(1),
                "F" | "f" | "N" | "n" => Cell::Integer(0),
                number => number.parse().map_or(Cell::Null, Cell::Integer),
            },
            FieldKind::Real => said.parse().ok().filter(|v: &f64| v.is_finite()).map_or(Cell::Null, Cell::Real),
        }
    };
    let rows = body.chunks_exact(record).take(count).filter(|row| row[0] != b'*').map(|row| columns.iter().map(|c| cell(row, c)).collect()).collect();
    Ok((columns.into_iter().map(|c| c.field).collect(), rows))
}

/// What the words of a .dbf are written in.
fn encoding(dbf: &[u8], language: usize, cpg: Option<&[u8]>) -> &'static Encoding {
    let stated = cpg.map(|bytes| String::from_utf8_lossy(bytes).trim().trim_start_matches('\u{feff}').to_ascii_lowercase());
    match stated.as_deref() {
        Some("utf-8" | "utf8" | "65001") => return UTF_8,
        Some("gbk" | "gb2312" | "gb18030" | "936" | "cp936" | "ms936" | "oem 936") => return GB18030,
        Some(other) if Encoding::for_label(other.as_bytes()).is_some() => return Encoding::for_label(other.as_bytes()).unwrap_or(UTF_8),
        _ => {}
    }
    // Language drivers of Chinese (simplified): 0x4D (DOS) and 0x7A (Windows).
    if matches!(language, 0x4d | 0x7a) || std::str::from_utf8(dbf.get(32..).unwrap_or_default()).is_err() { GB18030 } else { UTF_8 }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<u8> {
        points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()).collect()
    }

    /// A .shp with one polygon of some rings, by the technical description.
    fn shp(rings: &[&[(f64, f64)]]) -> Vec<u8> {
        let points: usize = rings.iter().map(|r| r.len()).sum();
        let mut content = 5_i32.to_le_bytes().to_vec();
        content.extend([0; 32]);
        content.extend((rings.len() as i32).to_le_bytes());
        content.extend((points as i32).to_le_bytes());
        let mut start = 0_i32;
        for r in rings {
            content.extend(start.to_le_bytes());
            start += r.len() as i32;
        }
        rings.iter().for_each(|r| content.extend(ring(r)));
        let mut file = 9994_i32.to_be_bytes().to_vec();
        file.extend([0; 96]);
        file.extend(1_i32.to_be_bytes());
        file.extend(((content.len() / 2) as i32).to_be_bytes());
        file.extend(content);
        file
    }

    fn dbf(name: &[u8], word: &[u8]) -> Vec<u8> {
        let mut out = vec![3, 126, 1, 1, 1, 0, 0, 0, 32 + 32 + 1, 0, 1 + 20, 0];
        out.extend([0; 20]);
        let mut field = [0_u8; 32];
        field[..name.len()].copy_from_slice(name);
        (field[11], field[16]) = (b'C', 20);
        out.extend(field);
        out.push(0x0d);
        out.push(b' ');
        out.extend(word);
        out.extend(vec![b' '; 20 - word.len()]);
        out
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const OUTER: [(f64, f64); 5] = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)];
    const HOLE: [(f64, f64); 5] = [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)];
    const PRJ: &str = r#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

    /// A hole, Chinese names in GBK without a .cpg, and the reference system of the .prj.
    #[test]
    fn a_polygon_with_a_hole_and_words_in_gbk() {
        let (name, word) = (GB18030.encode("用途").0.into_owned(), GB18030.encode("住宅").0.into_owned());
        let table = dbf(&name, &word);
        let file = zipped(&[("a/地块.shp", &shp(&[&OUTER, &HOLE])), ("a/地块.dbf", &table), ("a/地块.prj", PRJ.as_bytes())]);
        let layer = read_shapefile(&file).unwrap();
        assert_eq!((layer.name.as_str(), &layer.crs), ("地块", &CrsName::Epsg(4549)));
        assert_eq!((layer.fields[0].name.as_str(), &layer.features[0].cells[0]), ("用途", &Cell::Text("住宅".into())));
        let Some(Geometry::MultiPolygon(shape)) = &layer.features[0].geometry else { panic!() };
        assert_eq!((shape.0.len(), shape.0[0].interiors().len()), (1, 1));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let code = |bytes: &[u8]| read_shapefile(bytes).unwrap_err().0[0].code.to_string();
        let whole = shp(&[&OUTER]);
        assert_eq!(code(b"PK\x03\x04nothing"), "vector.unreadable");
        assert_eq!(code(&zipped(&[("a.shp", &whole), ("b.shp", &whole)])), "vector.several_shapefiles");
        assert_eq!(code(&zipped(&[("a.shp", &whole[..whole.len() - 4])])), "vector.truncated");
        assert_eq!(code(&zipped(&[("a.shp", &shp(&[&OUTER[..4]]))])), "vector.open_ring");
        assert!(read_shapefile(&zipped(&[("a.shp", &whole)])).unwrap().fields.is_empty());
    }

    #[test]
    fn mangled_shapefiles_never_panic() {
        let (whole, table) = (shp(&[&OUTER, &HOLE]), dbf(b"use", b"housing"));
        crate::mangled::each(&whole, 3000, |bytes| drop(shapes_of(bytes)));
        crate::mangled::each(&table, 3000, |bytes| drop(self::table(bytes, None)));
        crate::mangled::each(&zipped(&[("a.shp", &whole), ("a.dbf", &table)]), 500, |bytes| drop(read_shapefile(bytes)));
    }
}
