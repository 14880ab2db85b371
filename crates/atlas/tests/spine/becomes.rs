//! What a site would change if it became another class, against a full run with the changed map.

use liangshan_atlas::book::Options;
use liangshan_atlas::book::QUIET;
use liangshan_atlas::conform::becomes::{Becomes, becomes, class_of};
use liangshan_atlas::conform::{DayFrom, MultiPolygon, Site};
use liangshan_atlas::rules::Day;
use liangshan_space::{LineString, Polygon};

use crate::region::tiff::{Keys, Tiff};
use crate::region::*;

/// A slanted site of a few cells across the border of two counties.
fn site() -> Site {
    let (x, y) = (CORNERS.0 + 3400.0, CORNERS.1 - 3300.0);
    let ring = LineString::from(vec![(x, y), (x + 1600.0, y - 300.0), (x + 1300.0, y - 1400.0), (x - 200.0, y - 900.0), (x, y)]);
    let day = Day::parse("2020-06-01").unwrap();
    Site { id: "1".into(), name: String::new(), attributes: vec![], on: day, on_from: DayFrom::Asked, shape: MultiPolygon(vec![Polygon::new(ring, vec![])]) }
}

fn changed(region: &Region, class: &str) -> Becomes {
    becomes(region.path(), &Options::default(), &[site()], class, QUIET).unwrap_or_else(|p| panic!("{}", letters(&p)))
}

/// True when the centre of a cell lies in the site, by crossings of a ray: no code of the program.
fn inside(column: usize, row: usize) -> bool {
    let p = (CORNERS.0 + 250.0 * (column as f64 + 0.5), CORNERS.1 - 250.0 * (row as f64 + 0.5));
    let shape = site().shape;
    let ring = shape.0[0].exterior();
    let crossings =
        ring.lines().filter(|l| (l.start.y > p.1) != (l.end.y > p.1) && p.0 < (l.end.x - l.start.x) * (p.1 - l.start.y) / (l.end.y - l.start.y) + l.start.x);
    crossings.count() % 2 == 1
}

fn raster(value: impl Fn(usize, usize) -> f64) -> Vec<u8> {
    Tiff::of(Keys::Projected(4549), CORNERS, (250.0, 250.0), (40, 36), value).bytes()
}

#[test]
fn the_change_is_that_of_a_full_run_with_the_changed_map() {
    let region = Region::new();
    let made = changed(&region, "61/51");
    assert!(made.cells > 15 && made.blocks >= 1 && !made.shifts.is_empty());

    let other = Region::new();
    let to = |c: usize, r: usize, map: fn((i64, i64)) -> i64, new: i64| if inside(c, r) { new as f64 } else { map(class(c, r, 2020)) as f64 };
    other.write("sources/ecosystem_2020.tif", raster(|c, r| to(c, r, |k| k.0, 61)));
    other.write("sources/ecosystem_attribute_2020.tif", raster(|c, r| to(c, r, |k| k.1, 51)));
    let full = other.book_with(&Options { years: vec![2020], ..Options::default() });
    assert_eq!(made.assembled.account.rows, full.assembled.account.rows);
    assert_eq!(made.assembled.account.totals, full.assembled.account.totals);

    let before = region.book_with(&Options { years: vec![2020], ..Options::default() });
    let total = |b: &liangshan_atlas::book::Book| b.assembled.account.total(2020, CITY, "all").unwrap().value;
    assert_eq!(made.total, (total(&before), total(&full)));
    let moved: i128 = made.shifts.iter().map(|s| s.value.1.0 - s.value.0.0).sum();
    assert_eq!(moved, made.total.1.0 - made.total.0.0);
}

#[test]
fn the_class_it_is_changes_nothing() {
    let region = Region::new();
    let tiny = Site {
        shape: MultiPolygon(vec![{
            let (x, y) = (CORNERS.0 + 250.0 * 12.0 + 10.0, CORNERS.1 - 250.0 * 14.0 - 10.0);
            Polygon::new(LineString::from(vec![(x, y), (x + 200.0, y), (x + 200.0, y - 200.0), (x, y - 200.0)]), vec![])
        }]),
        ..site()
    };
    let (code, attribute) = class(12, 14, 2020);
    let made = becomes(region.path(), &Options::default(), std::slice::from_ref(&tiny), &format!("{code}/{attribute}"), QUIET).unwrap();
    assert_eq!((made.cells, made.shifts.len(), made.total.0), (1, 0, made.total.1));
}

#[test]
fn what_cannot_be_shown_is_told() {
    let region = Region::new();
    let book = region.book_with(&Options { years: vec![2020], ..Options::default() });
    let code = |said: &str| class_of(&book.prepared.classes, said).unwrap_err().code.to_string();
    assert_eq!((code("99"), code("42")), ("becomes.unknown_class".to_owned(), "becomes.which_attribute".to_owned()));
    let (x, y) = (CORNERS.0 + 3010.0, CORNERS.1 - 3510.0);
    let speck = Site { shape: MultiPolygon(vec![Polygon::new(LineString::from(vec![(x, y), (x + 20.0, y), (x + 20.0, y - 20.0)]), vec![])]), ..site() };
    let problems = becomes(region.path(), &Options::default(), &[speck], "61/51", QUIET).err().unwrap();
    assert_eq!(problems.0[0].code, "becomes.nothing");
}
