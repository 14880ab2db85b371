//! Control layers by their editions, opinions on sites, how coordinates are recognised, conflicts between
//! plans. Squares near the corner of the test region; every area is one by hand.

use liangshan_atlas::conflicts::{find, register};
use liangshan_atlas::conform::reading::read_sites;
use liangshan_atlas::conform::verify::{Given, Held, verify};
use liangshan_atlas::conform::way_out::{moves, steps};
use liangshan_atlas::conform::{Asked, Desks, Refused, Sites, Standing, Verdict, overlay_area, said};
use liangshan_atlas::control::{Control, check};
use liangshan_atlas::region::Region as Opened;
use liangshan_atlas::rules::Day;
use liangshan_space::{Crs, Projector};
use liangshan_vocab::{Lang, Moment};

use crate::region::*;

fn day(written: &str) -> Day {
    Day::parse(written).unwrap()
}

/// A rectangle as GeoJSON: from metres east and south of the region's corner.
fn ring(x: f64, y: f64, w: f64, h: f64) -> String {
    let (x, y) = (CORNERS.0 + x, CORNERS.1 - y);
    format!("[[[{x}, {y}], [{0}, {y}], [{0}, {1}], [{x}, {1}], [{x}, {y}]]]", x + w, y - h)
}

fn layer(features: &[(&str, String)]) -> String {
    let one = |(id, rings): &(&str, String)| {
        format!(
            "{{\"type\": \"Feature\", \"properties\": {{\"id\": \"{id}\", \"kind\": \"a\"}}, \"geometry\": {{\"type\": \"Polygon\", \"coordinates\": {rings}}}}}"
        )
    };
    let all: Vec<String> = features.iter().map(one).collect();
    format!(
        "{{\"type\": \"FeatureCollection\", \"crs\": {{\"type\": \"name\", \"properties\": {{\"name\": \"EPSG:4549\"}}}}, \"features\": [{}]}}",
        all.join(",")
    )
}

fn edition(name: &str, edition: &str, adopted: &str, file: &str) -> String {
    format!("[[control.{name}.editions]]\nedition = \"{edition}\"\nadopted = {adopted}\ndecree = \"test\"\nfile = \"{file}\"\nid = \"id\"\n")
}

fn head(name: &str, kind: &str, plan: &str) -> String {
    format!("[control.{name}]\ntitle_zh = \"甲\"\ntitle_en = \"{name}\"\nkind = \"{kind}\"\nplan = \"{plan}\"\noffice = \"OFF-1\"\n")
}

const SIDECAR: &str = "title_zh = \"测试\"\ntitle_en = \"test\"\norigin = \"synthetic\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\n";

/// A redline of 1 km² in 2019 that is moved 400 m east in 2021, an urban boundary beside it that overlaps
/// the old one by a strip of 1 m, and drinking water across both.
fn region() -> Region {
    let region = Region::new();
    let files = [
        ("redline-2019", layer(&[("R1", ring(2000.0, 2000.0, 1000.0, 1000.0))])),
        ("redline-2021", layer(&[("R1", ring(2400.0, 2000.0, 1000.0, 1000.0))])),
        ("urban", layer(&[("U1", ring(2999.0, 2000.0, 801.0, 300.0))])),
        ("drinking", layer(&[("D1", ring(3500.0, 2100.0, 200.0, 100.0))])),
    ];
    for (name, text) in files {
        region.write(&format!("sources/{name}.geojson"), text);
        region.write(&format!("sources/{name}.geojson.toml"), SIDECAR);
    }
    let mut toml = region.text("region.toml");
    toml.push('\n');
    toml.push_str(&head("redline", "line", "lines"));
    toml.push_str(&edition("redline", "2021", "2021-01-01", "sources/redline-2021.geojson"));
    toml.push_str(&edition("redline", "2019", "2019-01-01", "sources/redline-2019.geojson"));
    toml.push_str(&head("urban_boundary", "line", "lines"));
    toml.push_str(&edition("urban_boundary", "2019", "2019-01-01", "sources/urban.geojson"));
    toml.push_str(&head("drinking_source_1", "area", "water"));
    toml.push_str(&edition("drinking_source_1", "2020", "2020-01-01", "sources/drinking.geojson"));
    region.write("region.toml", toml);
    region
}

fn opened(region: &Region) -> Opened {
    Opened::open(region.path()).unwrap_or_else(|p| panic!("{}", letters(&p)))
}

fn asked(on: &str) -> Asked {
    let facts = [("planned_use", "trail"), ("fuel", ""), ("activity_code", "")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    Asked { on: Some(day(on)), today: day("2026-01-01"), facts, crs: None, north_first: None, layer: None }
}

fn read(region: &Opened, text: &str, on: &str) -> Result<Sites, Refused> {
    read_sites(text.as_bytes(), region, &asked(on))
}

fn wkt(x: f64, y: f64, w: f64, h: f64) -> String {
    let points = ring(x, y, w, h).replace("], [", ";").replace(", ", " ").replace(';', ", ");
    format!("POLYGON (({}))", points.trim_matches(['[', ']']))
}

#[test]
fn the_day_decides_the_edition() {
    let region = region();
    let opened = opened(&region);
    assert!(check(&opened).is_empty(), "{}", letters(&check(&opened)));
    let on = |written: &str| {
        let control = Control::on(&opened, day(written)).unwrap();
        (control.layer("redline").map(|l| l.edition.edition.clone()), control.absent.len())
    };
    // Before the first edition there is nothing to judge by, which is told and is no pass.
    assert_eq!(Control::of(&opened, day("2018-12-31"), &|_| true).unwrap().absent.len(), 3);
    error(&Control::on(&opened, day("2018-12-31")).err().unwrap(), "control.none_in_force");
    assert_eq!(on("2019-01-01"), (Some("2019".into()), 1));
    assert_eq!(on("2020-12-31"), (Some("2019".into()), 0));
    assert_eq!(on("2021-01-01"), (Some("2021".into()), 0));
}

#[test]
fn faults_of_layers_are_all_told_with_their_place() {
    let region = region();
    let (x, y) = (CORNERS.0, CORNERS.1);
    let tie = format!("[[[{x}, {y}], [{0}, {1}], [{0}, {y}], [{x}, {1}], [{x}, {y}]]]", x + 100.0, y - 100.0);
    region.write("sources/urban.geojson", layer(&[("U1", tie), ("U2", ring(0.0, 500.0, 9.0, 9.0)), ("U2", ring(0.0, 600.0, 9.0, 9.0))]));
    region.replace("region.toml", "file = \"sources/drinking.geojson\"\nid = \"id\"", "file = \"sources/drinking.geojson\"\nid = \"idd\"");
    let problems = check(&opened(&region));
    let told = |code: &str| problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{code}: {}", letters(&problems)));
    assert!(told("control.invalid_geometry").what.en.contains(&format!("({:.4}, {:.4})", x + 50.0, y - 50.0)));
    assert!(told("control.unknown_column").fix.en.contains("\"id\""));
    assert_eq!(told("control.duplicate_id").at.key.as_deref(), Some("U2"));
}

/// By hand: a site that touches the redline from the west, one that reaches 3 mm into it over 100 m (0.3
/// m²), one with 2000 m² of its 10000 m² inside.
#[test]
fn touching_is_nothing_and_slivers_stand_apart() {
    let region = region();
    let opened = opened(&region);
    let text = [wkt(1900.0, 2100.0, 100.0, 100.0), wkt(1900.0, 2300.0, 100.003, 100.0), wkt(1920.0, 2500.0, 100.0, 100.0)].join("\n");
    let sites = read(&opened, &text, "2020-06-01").unwrap_or_else(|r| panic!("{}", letters(&r.problems)));
    let desks = Desks::open(&opened, &sites.sites).unwrap();
    let made = desks.opinions(&sites.sites).unwrap();
    let redline = |i: usize| made[i].opinion.lines.iter().find(|l| l.rule.layer == "redline").unwrap();
    assert_eq!((redline(0).standing, redline(0).amount), (Standing::Clear, 0.0));
    assert_eq!((redline(1).standing, made[1].opinion.verdict), (Standing::Sliver, Verdict::Pass));
    assert!((redline(1).amount - 0.3).abs() < 0.011);
    assert_eq!(redline(2).standing, Standing::Speaks(Verdict::Forbid));
    let piece = made[2].piece("redline").unwrap();
    assert_eq!(piece.plane_m2, (2000.0, 8000.0));
    let step = &steps(&made[2])[0];
    assert_eq!((step.reaches, step.plane_m2, overlay_area(&step.remains)), (Verdict::Pass, 8000.0, 8000.0));
    assert_eq!(moves(&made[2])[0].toward.map(|c| c.word()), Some("W"));
}

#[test]
fn an_opinion_holds_until_something_it_rests_on_changes() {
    let region = region();
    let text = wkt(1920.0, 2500.0, 100.0, 100.0);
    let held = |json: &str| {
        let (mut all, given) = (Vec::<Held>::new(), Given::read(json.as_bytes()).unwrap());
        let whole = verify(&opened(&region), &given, &mut |_, held, _| all.push(held)).unwrap();
        (whole, all[0])
    };
    let opened_now = opened(&region);
    let sites = read(&opened_now, &text, "2020-06-01").unwrap_or_else(|r| panic!("{}", letters(&r.problems)));
    let desks = Desks::open(&opened_now, &sites.sites).unwrap();
    let json = said::to_json(&desks.opinions(&sites.sites).unwrap()[0], Lang::Zh).to_string();
    assert_eq!(held(&json), (true, Held { geometry: true, layers: true, rules: true, whole: true }));
    let moved = json.replace(&format!("{:?}", CORNERS.0 + 1920.0), &format!("{:?}", CORNERS.0 + 1921.0));
    assert!(moved != json && !held(&moved).1.geometry);
    region.write("sources/redline-2019.geojson", layer(&[("R1", ring(2000.0, 2000.0, 1000.0, 1001.0))]));
    assert_eq!(held(&json), (false, Held { geometry: true, layers: false, rules: true, whole: false }));
}

/// One site written in every way that is recognised; what lies nowhere and what may be two things.
#[test]
fn coordinates_are_recognised_and_never_guessed() {
    let region = region();
    let opened = opened(&region);
    let corners: Vec<(f64, f64)> =
        [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (0.0, 200.0)].map(|(x, y)| (CORNERS.0 + 2000.0 + x, CORNERS.1 - 2000.0 - y)).to_vec();
    let back = Projector::between(&Crs::of_epsg(4549).unwrap(), &Crs::cgcs2000()).unwrap();
    let west = Projector::between(&Crs::cgcs2000(), &Crs::of_epsg(4548).unwrap()).unwrap();
    let lines = |of: &dyn Fn((f64, f64)) -> (f64, f64)| corners.iter().map(|p| of(*p)).map(|(a, b)| format!("{a:.9} {b:.9}\n")).collect::<String>();
    let swapped = |(a, b): (f64, f64)| (b, a);
    let ways = [
        (lines(&|p| p), "EPSG:4549", "easting"),
        (lines(&swapped), "EPSG:4549", "northing"),
        (lines(&|(x, y)| (40_000_000.0 + x, y)), "EPSG:4528", "easting"),
        (lines(&|(x, y)| (y, 40_000_000.0 + x)), "EPSG:4528", "northing"),
        (lines(&|p| back.map_one(p)), "EPSG:4490", "longitude before"),
        (lines(&|p| swapped(back.map_one(p))), "EPSG:4490", "latitude before"),
        (lines(&|p| west.map_one(back.map_one(p))), "EPSG:4548", "easting"),
    ];
    for (text, crs, order) in ways {
        let sites = read(&opened, &text, "2020-06-01").unwrap_or_else(|r| panic!("{text}{}", letters(&r.problems)));
        let reading = &sites.reading.en;
        assert!(reading.contains(crs) && reading.contains(order), "{reading}");
        assert!((overlay_area(&sites.sites[0].shape) - 60_000.0).abs() < 0.01, "{reading}");
    }
    let code = |region: &Opened, text: &str| read(region, text, "2020-06-01").err().unwrap().problems.0[0].code.to_string();
    assert_eq!(code(&opened, "1 2\n3 4\n5 7\n"), "site.no_reading");
    // A region three zones wide: the same metres lie in it under several meridians.
    let mut wide = self::opened(&region);
    (wide.declared.grid.x0, wide.declared.grid.columns) = (-400_000.0, 8_000);
    (wide.declared.grid.y0, wide.declared.grid.rows) = (wide.declared.grid.y0 + 200_000.0, 2_000);
    assert_eq!(code(&wide, &lines(&|p| p)), "site.ambiguous");
    let mut told = asked("2020-06-01");
    (told.crs, told.north_first) = (Some(Crs::of_epsg(4549).unwrap()), Some(false));
    assert!(read_sites(lines(&|p| p).as_bytes(), &wide, &told).is_ok());
}

#[test]
fn a_crossed_site_is_refused_with_its_place_and_a_repair() {
    let opened = opened(&region());
    let (x, y) = (CORNERS.0 + 2000.0, CORNERS.1 - 2000.0);
    let tie = format!("POLYGON (({x} {y}, {0} {1}, {0} {y}, {x} {1}, {x} {y}))", x + 100.0, y - 100.0);
    let refused = read(&opened, &tie, "2020-06-01").err().unwrap();
    assert_eq!(refused.problems.0[0].code, "site.invalid_geometry");
    assert!(refused.problems.0[0].what.en.contains(&format!("({:.4}, {:.4})", x + 50.0, y - 50.0)));
    assert_eq!(refused.repairs.len(), 1);
    assert_eq!(overlay_area(&refused.repairs[0].1), 5000.0);
}

/// By hand: the two lines share a strip of 1 m by 300 m (300 m², thin); drinking water lies on 200 m by 100
/// m of the urban boundary.
#[test]
fn conflicts_are_found_grouped_and_decided() {
    let region = region();
    let opened = opened(&region);
    let on = |written: &str| find(&opened, day(written), None).unwrap_or_else(|p| panic!("{}", letters(&p)));
    let found = on("2020-06-01");
    let spots: Vec<_> = found.spots.iter().map(|s| (s.kind.word(), s.severity.word(), s.sliver, s.sides[0].layer.as_str(), s.area_m2.round())).collect();
    assert_eq!(spots.len(), 2, "{spots:?}");
    assert!(
        spots[0].0 == "C2" && spots[0].1 == "critical" && !spots[0].2 && spots[0].3 == "drinking_source_1" && (spots[0].4 - 20_000.0).abs() < 20.0,
        "{spots:?}"
    );
    assert!(spots[1].0 == "C1" && spots[1].2 && spots[1].3 == "redline" && (spots[1].4 - 300.0).abs() < 1.0, "{spots:?}");
    let (total, decided) = found.progress();
    assert_eq!((total, decided), (found.spots[0].area_m2, 0.0));
    register::decide(region.path(), &found.spots[0], "keep_first", "水源优先", "OFF-1", "2020-07-01", Moment(1_600_000_000_000_000)).unwrap();
    let again = on("2020-06-01");
    assert_eq!(again.progress(), (total, total));
    assert_eq!(again.spots[0].decided.as_ref().map(|d| (d.decision.as_str(), d.by.as_str(), d.fact)), Some(("keep_first", "OFF-1", 1)));
    // Before drinking water was protected, and with the redline that was moved into the town.
    assert_eq!(on("2019-06-01").real().count(), 0);
    assert!(on("2021-06-01").real().any(|s| s.kind.word() == "C1"));
}
