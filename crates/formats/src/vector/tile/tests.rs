//! Tiles read back by a reader of their own, written from the specification and not from the writer.

use geo_types::{LineString, MultiPolygon, Point, Polygon, line_string, polygon};

use super::*;

/// Field number and content of each field of a message.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Content)> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let head = number(&mut bytes);
        let content = match head & 7 {
            0 => Content::Number(number(&mut bytes)),
            1 => {
                let (eight, rest) = bytes.split_at(8);
                bytes = rest;
                Content::Bytes(eight.to_vec())
            }
            2 => {
                let length = number(&mut bytes) as usize;
                let (body, rest) = bytes.split_at(length);
                bytes = rest;
                Content::Bytes(body.to_vec())
            }
            other => panic!("wire type {other}"),
        };
        out.push((head >> 3, content));
    }
    out
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Number(u64),
    Bytes(Vec<u8>),
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Content::Bytes(bytes) => bytes,
            Content::Number(n) => panic!("{n} is a number"),
        }
    }
}

fn number(bytes: &mut &[u8]) -> u64 {
    let (mut out, mut shift) = (0, 0);
    loop {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        out |= u64::from(first & 0x7f) << shift;
        shift += 7;
        if first & 0x80 == 0 {
            return out;
        }
    }
}

type Paths = Vec<Vec<(i64, i64)>>;

/// Id, kind, paths and tags of a feature.
type One = (u64, u64, Paths, Vec<(String, Content)>);

struct Read {
    name: String,
    features: Vec<One>,
}

fn read(tile: &[u8]) -> Read {
    let layers = fields(tile);
    assert_eq!((layers.len(), layers[0].0), (1, 3));
    let layer = fields(layers[0].1.bytes());
    let of = |wanted: u64| layer.iter().filter(move |(field, _)| *field == wanted).map(|(_, c)| c.clone()).collect::<Vec<_>>();
    assert_eq!((of(15), of(5)), (vec![Content::Number(2)], vec![Content::Number(4096)]));
    let keys: Vec<String> = of(3).iter().map(|k| String::from_utf8(k.bytes().to_vec()).unwrap()).collect();
    let values: Vec<Content> = of(4).iter().map(|v| fields(v.bytes()).remove(0).1).collect();
    let features = of(2)
        .iter()
        .map(|f| {
            let f = fields(f.bytes());
            let one = |wanted: u64| f.iter().find(|(field, _)| *field == wanted).unwrap().1.clone();
            let (Content::Number(id), Content::Number(kind)) = (one(1), one(3)) else { panic!("numbers") };
            let mut tags = Vec::new();
            let packed = one(2);
            let mut rest = packed.bytes();
            while !rest.is_empty() {
                let (key, value) = (number(&mut rest), number(&mut rest));
                tags.push((keys[key as usize].clone(), values[value as usize].clone()));
            }
            (id, kind, paths(one(4).bytes()), tags)
        })
        .collect();
    Read { name: String::from_utf8(of(1)[0].bytes().to_vec()).unwrap(), features }
}

fn paths(mut bytes: &[u8]) -> Paths {
    let (mut out, mut at) = (Paths::new(), (0_i64, 0_i64));
    while !bytes.is_empty() {
        let command = number(&mut bytes);
        for _ in 0..command >> 3 {
            if command & 7 == 7 {
                continue;
            }
            let mut step = || {
                let n = number(&mut bytes) as i64;
                (n >> 1) ^ -(n & 1)
            };
            at = (at.0 + step(), at.1 + step());
            if command & 7 == 1 {
                out.push(Vec::new());
            }
            out.last_mut().unwrap().push(at);
        }
    }
    out
}

fn of(geometry: Geometry<f64>) -> Option<Read> {
    let tags = [("name", Tag::Text("江山".into())), ("area", Tag::Number(2.5)), ("grade", Tag::Integer(-3))];
    tile("zones", [TileFeature { id: 7, tags: &tags, geometry: &geometry }]).map(|t| read(&t))
}

#[test]
fn a_square_inside_comes_back_with_its_tags() {
    let square: Polygon<f64> = polygon![(x: 0.25, y: 0.25), (x: 0.25, y: 0.5), (x: 0.5, y: 0.5), (x: 0.5, y: 0.25)];
    let got = of(square.into()).unwrap();
    assert_eq!(got.name, "zones");
    let (id, kind, paths, tags) = &got.features[0];
    assert_eq!((*id, *kind), (7, 3));
    let mut corners = paths[0].clone();
    corners.sort_unstable();
    assert_eq!(corners, [(1024, 1024), (1024, 2048), (2048, 1024), (2048, 2048)]);
    // Section 4.3.4.4 with the axis pointing down: the surveyor's formula is positive for an outer ring.
    assert!(surveyed(&paths[0]) > 0);
    assert_eq!(tags[0], ("name".into(), Content::Bytes("江山".as_bytes().to_vec())));
    assert_eq!(tags[1], ("area".into(), Content::Bytes(2.5_f64.to_le_bytes().to_vec())));
    assert_eq!(tags[2], ("grade".into(), Content::Number(5)), "zigzag of -3");
}

fn surveyed(ring: &[(i64, i64)]) -> i64 {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

#[test]
fn a_hole_turns_the_other_way() {
    let around = LineString::from(vec![(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]);
    let hole = LineString::from(vec![(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)]);
    for (outer, inner) in [(around.clone(), hole.clone()), (LineString(around.0.iter().rev().copied().collect()), hole)] {
        let got = of(MultiPolygon(vec![Polygon::new(outer, vec![inner])]).into()).unwrap();
        let paths = &got.features[0].2;
        assert!(surveyed(&paths[0]) > 0 && surveyed(&paths[1]) < 0);
    }
}

#[test]
fn what_lies_outside_is_cut_and_what_is_all_outside_is_not_there() {
    let wide: Polygon<f64> = polygon![(x: -3.0, y: 0.25), (x: 4.0, y: 0.25), (x: 4.0, y: 0.75), (x: -3.0, y: 0.75)];
    let got = of(wide.into()).unwrap();
    let ring = &got.features[0].2[0];
    // Cut 128 places beyond each side: 4096 + 256 wide, 2048 high.
    assert_eq!(surveyed(ring), 2 * (4096 + 256) * 2048);
    assert!(of(Point::new(1.5, 0.5).into()).is_none());
    assert!(of(Geometry::from(polygon![(x: 2.0, y: 2.0), (x: 3.0, y: 2.0), (x: 3.0, y: 3.0)])).is_none());
    assert!(of(Geometry::from(polygon![(x: 0.5, y: 0.5), (x: 0.50001, y: 0.5), (x: 0.5, y: 0.50001)])).is_none(), "smaller than a place");
    assert_eq!(of(Point::new(0.5, 0.25).into()).unwrap().features[0].2, [[(2048, 1024)]]);
}

#[test]
fn a_line_that_leaves_and_returns_is_two() {
    let line = line_string![(x: 0.5, y: 0.5), (x: 1.5, y: 0.5), (x: 1.5, y: 0.75), (x: 0.5, y: 0.75)];
    let got = of(line.into()).unwrap();
    assert_eq!(got.features[0].1, 2);
    assert_eq!(got.features[0].2, [vec![(2048, 2048), (4224, 2048)], vec![(4224, 3072), (2048, 3072)]]);
}

proptest::proptest! {
    /// Whatever the corners, finite or not, it reads back and lies in the window.
    #[test]
    fn anything_reads_back(corners in proptest::collection::vec((-3.0_f64..4.0, -3.0_f64..4.0), 0..40), closed in proptest::bool::ANY) {
        let ring: LineString<f64> = corners.into();
        let geometry: Geometry<f64> = if closed { Polygon::new(ring, Vec::new()).into() } else { ring.into() };
        if let Some(got) = of(geometry) {
            for place in got.features[0].2.iter().flatten() {
                proptest::prop_assert!((-128..=4224).contains(&place.0) && (-128..=4224).contains(&place.1));
            }
        }
    }
}
