//! Polygons as text: WKT, the coordinate TXT of land offices (报盘), and pairs pasted from a table.
//! Numbers keep the order they are written in; which of them is north is not decided here.

mod pairs;
mod txt;
mod wkt;

use liangshan_vocab::{Problem, Problems, text};

/// How polygons were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Well-known text.
    Wkt,
    /// The coordinate TXT of land offices.
    Txt,
    /// Pairs of numbers.
    Pairs,
}

impl Form {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Form::Wkt => "WKT",
            Form::Txt => "报盘 TXT",
            Form::Pairs => "坐标串 / pairs",
        }
    }
}

/// What a text states about its coordinates; empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stated {
    /// A code, from `SRID=4549;`.
    pub crs: Option<u32>,
    /// The datum as written, `2000国家大地坐标系`.
    pub datum: String,
    /// The width of a zone, degrees.
    pub width: Option<u32>,
    /// The zone's number.
    pub zone: Option<u32>,
    /// True where north comes first by the definition of the form.
    pub north_first: Option<bool>,
    /// True where the numbers were written in degrees, minutes and seconds.
    pub degrees: bool,
}

/// A ring as written: pairs in their order.
pub type Ring = Vec<(f64, f64)>;

/// One block of land.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// Its id; empty where there is none.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its use as written.
    pub land_use: String,
    /// The area it states, ha.
    pub hectares: Option<f64>,
    /// Its polygons: outer ring, then holes; closed.
    pub polygons: Vec<Vec<Ring>>,
    /// The line it begins on.
    pub row: u64,
}

/// Polygons read from a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// How they were written.
    pub form: Form,
    /// What the text states.
    pub stated: Stated,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// What was noticed and stops nothing: rings that had to be closed, decimals that are too few.
    pub notes: Problems,
}

/// Reads a text by what it looks like.
///
/// # Errors
/// `coordinates.not_text`, `coordinates.none`; those of the form, all at once with their lines.
pub fn read_coordinates(bytes: &[u8]) -> Result<Drawn, Problems> {
    let written = decoded(bytes)?;
    let upper = written.trim_start().to_ascii_uppercase();
    if written.contains("[地块坐标]") || written.contains("[属性描述]") {
        txt::read(&written)
    } else if ["POLYGON", "MULTIPOLYGON", "SRID="].iter().any(|w| upper.starts_with(w)) {
        wkt::read(&written)
    } else {
        pairs::read(&written)
    }
}

fn decoded(bytes: &[u8]) -> Result<String, Problem> {
    let (encoding, bom) = match encoding_rs::Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        None => (encoding_rs::GB18030, 0),
    };
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(&bytes[bom..]);
    decoded.filter(|s| !s.contains('\0')).map(std::borrow::Cow::into_owned).ok_or_else(|| {
        Problem::error("coordinates.not_text", text("内容不是文字", "this is not text"))
            .expect(text(
                "GeoPackage、GeoJSON、压缩的 Shapefile、WKT、报盘 TXT 或坐标串",
                "GeoPackage, GeoJSON, a zipped Shapefile, WKT, coordinate TXT or pairs of coordinates",
            ))
            .fix(text("换一种格式导出", "export it in one of these forms"))
    })
}

/// Closes a ring; true when it was open.
fn close(ring: &mut Ring) -> bool {
    let open = ring.first() != ring.last();
    if open && let Some(first) = ring.first().copied() {
        ring.push(first);
    }
    open
}

fn too_few(row: u64) -> Problem {
    Problem::error("coordinates.too_few", text("环的点数不足", "a ring has too few points"))
        .row(row)
        .expect(text("至少三个不同的点", "at least three different points"))
        .fix(text("补全拐点坐标", "give all corners"))
}

fn closed_here(row: u64) -> Problem {
    Problem::note("coordinates.closed", text("首尾点不同，已把末点连回首点", "the last point is not the first; the ring was joined back to it"))
        .row(row)
        .fix(text("若还有拐点，请补上", "if there are more corners, give them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        read_coordinates(text.as_bytes()).unwrap_err().0[0].code.to_string()
    }

    #[test]
    fn well_known_text_with_holes_and_a_code() {
        let made = read_coordinates(
            b"SRID=4549;MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1)), ((20 0, 29 0 5, 29 9, 20 0)))\nPOLYGON((1 1,2 1,2 2,1 1))",
        )
        .unwrap();
        assert_eq!((made.form, made.stated.crs, made.blocks.len()), (Form::Wkt, Some(4549), 2));
        assert_eq!(made.blocks[0].polygons.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(made.blocks[0].polygons[1][0][1], (29.0, 0.0));
        assert_eq!(code("POLYGON ((0 0, 1 1"), "coordinates.wkt");
        assert_eq!(code("POLYGON ((0 0, 1 1, 0 0))"), "coordinates.too_few");
        assert_eq!(code("POLYGON ((0 0, 1 1, 1 0, 0 1))"), "coordinates.open");
        assert_eq!(code("POLYGON EMPTY"), "coordinates.none");
    }

    const TXT: &str = "[属性描述]\n格式版本号=1.01\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n5,1.0000,A-1,一号地块,面,,工业用地,,@\nJ1,1,3207000.000,40385000.000\nJ2,1,3207100.000,40385000.000\nJ3,1,3207100.000,40385100.000\nJ4,1,3207000.000,40385100.000\nJ1,1,3207000.000,40385000.000\nJ1,2,3207010.000,40385010.000\nJ2,2,3207020.000,40385010.000\nJ3,2,3207020.000,40385020.000\nJ1,2,3207010.000,40385010.000\n";

    #[test]
    fn the_text_of_land_offices() {
        let made = read_coordinates(encoding_rs::GBK.encode(TXT).0.as_ref()).unwrap();
        assert_eq!((made.form, made.stated.width, made.stated.zone, made.stated.north_first), (Form::Txt, Some(3), Some(40), Some(true)));
        let block = &made.blocks[0];
        assert_eq!((block.id.as_str(), block.name.as_str(), block.hectares, block.polygons[0].len()), ("A-1", "一号地块", Some(1.0), 2));
        assert!(made.stated.datum.contains("2000") && made.notes.is_empty());
        assert_eq!(code(&TXT.replacen("J1,1,3207000.000,40385000.000\nJ1,2", "J1,2", 1)), "coordinates.open");
        assert_eq!(code(&TXT.replace("3207100.000,40385100.000", "3207100.000")), "coordinates.row");
        let coarse = read_coordinates(TXT.replace("000\n", "0\n").as_bytes()).unwrap();
        assert!(coarse.notes.iter().any(|n| n.code == "coordinates.decimals"));
    }

    #[test]
    fn pairs_as_they_are_pasted() {
        let rows = "385000.5 3207000\n385100.5 3207000\n385100.5 3207050\n385000.5 3207050";
        let plain = read_coordinates(rows.as_bytes()).unwrap();
        let numbered: String = rows.lines().enumerate().map(|(i, l)| format!("{}\t{}\n", i + 1, l.replace(' ', "\t"))).collect();
        let labelled: String = rows.lines().enumerate().map(|(i, l)| format!("J{}，{}\n", i + 1, l.replace(' ', "，"))).collect();
        let headed = format!("点号,X,Y\n{}", labelled.replace('，', ","));
        let row = rows.replace(' ', ",").replace('\n', " ");
        for other in [numbered, labelled, headed, row, format!("{rows}\n385000.5 3207000\n")] {
            let made = read_coordinates(other.as_bytes()).unwrap();
            assert_eq!(made.blocks[0].polygons, plain.blocks[0].polygons, "{other}");
        }
        assert_eq!(plain.notes.0[0].code, "coordinates.closed");
        let two = read_coordinates(format!("{rows}\n\n{rows}").as_bytes()).unwrap();
        assert_eq!(two.blocks.len(), 2);
    }

    #[test]
    fn degrees_minutes_seconds() {
        let made = read_coordinates("118°30′00″E 28°57'36\"N\n118°31′E 28°57′36″N\n118°31′E 28°58′N\n".as_bytes()).unwrap();
        assert!(made.stated.degrees);
        assert_eq!(made.blocks[0].polygons[0][0][0], (118.5, 28.96));
    }

    #[test]
    fn what_is_no_pair_is_told_with_its_line() {
        assert_eq!(code("只有文字"), "coordinates.none");
        assert_eq!(code("1 2 3 4\n5 6\n7 8\n9 1"), "coordinates.row");
        assert_eq!(code("385000.5 3207000 12.5\n385100.5 3207000 12.5\n385100.5 3207050 12.5"), "coordinates.three");
        assert_eq!(code("1 2\n3 4"), "coordinates.too_few");
    }

    #[test]
    fn mangled_text_never_panics() {
        for good in [TXT, "SRID=4549;MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1)))", "J1,118°30′00″E 28°57'36\"N\n385000.5 3207000\n1 2 3"]
        {
            crate::mangled::each(good.as_bytes(), 3000, |bytes| {
                let rings = read_coordinates(bytes).map(|drawn| drawn.blocks.into_iter().flat_map(|b| b.polygons).flatten().collect::<Vec<_>>());
                assert!(rings.unwrap_or_default().iter().all(|ring| ring.len() >= 3 && ring.iter().all(|(x, y)| x.is_finite() && y.is_finite())));
            });
        }
    }
}
