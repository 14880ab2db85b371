//! The account by zone: parts that add up to it, shares that are exact, rules that find their faults.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use liangshan_accounts::change::Factor;
use liangshan_atlas::book::{Book, Options, Prepared, QUIET, open_book};
use liangshan_atlas::rules::Day;
use liangshan_atlas::zones::Where;
use liangshan_atlas::zones::faults::Holds;
use liangshan_atlas::zones::rules::Divided;
use liangshan_atlas::zones::sheet::ZoneSheet;
use liangshan_models::measures::CO2_PER_CARBON;
use liangshan_space::{Crs, Grid, cell_areas_m2};
use liangshan_vocab::Fen;

use crate::region::*;

type Ring = Vec<(f64, f64)>;

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Ring {
    vec![(west, south), (east, south), (east, north), (west, north), (west, south)]
}

/// West and east of a slanted line through the region; both reach beyond it.
fn halves() -> [Ring; 2] {
    let (top, bottom) = ((445_310.0, 3_201_000.0), (444_870.0, 3_190_000.0));
    [
        vec![(439_000.0, 3_190_000.0), bottom, top, (439_000.0, 3_201_000.0), (439_000.0, 3_190_000.0)],
        vec![bottom, (451_000.0, 3_190_000.0), (451_000.0, 3_201_000.0), top, bottom],
    ]
}

fn layer(region: &Region, name: &str, kind: &str, more: &str, adopted: &str, rings: &[Ring]) -> String {
    let file = format!("sources/control_{name}_{adopted}.geojson");
    let features: Vec<String> = rings
        .iter()
        .enumerate()
        .map(|(at, ring)| {
            let points: Vec<String> = ring.iter().map(|(x, y)| format!("[{x}, {y}]")).collect();
            format!(
                "{{ \"type\": \"Feature\", \"properties\": {{ \"id\": \"{name}-{at}\" }}, \"geometry\": {{ \"type\": \"Polygon\", \"coordinates\": [[{}]] }} }}",
                points.join(", ")
            )
        })
        .collect();
    let crs = "\"crs\": { \"type\": \"name\", \"properties\": { \"name\": \"EPSG:4549\" } }, ";
    region.write(&file, format!("{{ \"type\": \"FeatureCollection\", {crs}\"features\": [{}] }}", features.join(",")));
    region.write(
        &format!("{file}.toml"),
        format!(
            "title_zh = \"{name}\"\ntitle_en = \"{name}\"\norigin = \"synthetic\"\nfrom = \"a test\"\nlicence = \"CC0-1.0\"\nperiod = \"2019\"\nunit = \"m\"\n"
        ),
    );
    let mut toml = format!("\n[control.{name}]\ntitle_zh = \"图层 {name}\"\ntitle_en = \"layer {name}\"\nkind = \"{kind}\"\noffice = \"OFF-{name}\"\n{more}\n");
    let _ =
        write!(toml, "[[control.{name}.editions]]\nedition = \"e-{adopted}\"\nadopted = {adopted}\ndecree = \"a decree\"\nfile = \"{file}\"\nid = \"id\"\n");
    toml
}

fn declare(region: &Region, layers: &[String]) {
    let text = region.text("region.toml") + &layers.concat();
    region.write("region.toml", text);
}

/// The small region in two spaces with one line in each.
fn zoned() -> Region {
    let region = Region::new();
    let [west, east] = halves();
    let plan = "plan = \"p\"";
    let layers = [
        layer(&region, "eco_space", "zone", plan, "2019-01-01", &[west]),
        layer(&region, "urban_space", "zone", plan, "2019-01-01", &[east]),
        layer(
            &region,
            "redline",
            "line",
            &format!("{plan}\nwithin = \"eco_space\""),
            "2019-01-01",
            &[rectangle(441_000.0, 3_192_000.0, 443_510.0, 3_197_330.0)],
        ),
        // A cell and a half, in columns 23 and 24 of row 8, all in the second county.
        layer(
            &region,
            "boundary",
            "line",
            &format!("{plan}\nwithin = \"urban_space\""),
            "2019-01-01",
            &[rectangle(445_750.0, 3_197_750.0, 446_125.0, 3_198_000.0)],
        ),
    ];
    declare(&region, &layers);
    region
}

fn on(day: &str) -> Options {
    Options { zones_on: Day::parse(day), ..Options::default() }
}

fn book(region: &Region) -> Book {
    region.book_with(&on("2020-12-31"))
}

/// The number of a set, by the beginning of its id.
fn set(book: &Book, id: &str) -> usize {
    book.prepared.zones.as_ref().unwrap().sets.iter().position(|s| s.id == id).unwrap_or_else(|| panic!("no set {id}"))
}

#[test]
fn zones_of_a_partition_add_up_to_the_account_to_the_last_digit() {
    let book = book(&zoned());
    let (zones, account) = (book.prepared.zones.as_ref().unwrap(), book.zoned.as_ref().unwrap());
    let mut compared = 0;
    for wanted in ["p.zones", "p.lines"] {
        let at = set(&book, wanted);
        let mut sums: BTreeMap<(i32, usize, &str, &str), (i128, Fen)> = BTreeMap::new();
        for row in account.rows.iter().filter(|r| r.at.set == at) {
            let sum = sums.entry((row.year, row.at.county, &row.ecosystem, &row.indicator)).or_default();
            sum.0 += row.quantity.units;
            sum.1 += row.value.unwrap_or_default();
        }
        let divided: Vec<_> = account.rows.iter().map(|r| r.indicator.as_str()).collect();
        for atom in book.assembled.atoms.iter().filter(|a| divided.contains(&a.indicator.as_str())) {
            let county = book.prepared.places.counties.iter().position(|c| c.code == atom.place).unwrap();
            let key = (atom.year, county, atom.ecosystem.as_str(), atom.indicator.as_str());
            let sum = sums.get(&key).copied().unwrap_or_default();
            assert_eq!(sum, (atom.quantity.units, atom.value), "{key:?} {wanted}");
            compared += 1;
        }
        for year in YEARS {
            let undivided: Fen = account.undivided.iter().filter(|u| u.year == year).map(|u| u.value).sum();
            let total = book.assembled.account.total(year, CITY, "all").unwrap().value;
            assert_eq!(account.value(year, |r| r.at.set == at) + undivided, total, "{wanted} {year}");
            assert!(undivided.0 > 0);
        }
        // Areas of a set are those of the counties, to a hundredth of a square metre.
        for (county, place) in book.prepared.places.counties.iter().enumerate() {
            let area: i128 = account.areas.iter().filter(|(w, _)| w.set == at && w.county == county).map(|(_, a)| a).sum();
            assert_eq!(area, (place.area_m2 * 100.0).round() as i128);
        }
        for (place, area) in account.areas.iter().filter(|(w, _)| w.set == at) {
            let types: i128 = account.extent.iter().filter(|r| r.at == *place && r.year == 2020).map(|r| r.area).sum();
            assert_eq!(types, *area);
        }
    }
    assert!(compared > 100, "{compared}");
    assert_eq!(zones.sets.iter().map(|s| s.zones.len()).collect::<Vec<_>>(), [2, 2]);
    // Spaces leave nothing outside, lines do.
    let outside = |id: &str| account.areas.keys().any(|w| w.set == set(&book, id) && w.zone.is_none());
    assert!(!outside("p.zones") && outside("p.lines"));
    assert!(account.rows.iter().any(|r| r.how == Divided::TypeArea) && account.rows.iter().any(|r| r.how == Divided::Map));
}

/// By hand: NEP is as it was written into the raster, tenths of g C/(m² a), on the region's own cells; the
/// line has the first cell and half of the second, both broadleaf forest in 2019.
#[test]
fn a_cell_and_a_half_has_its_carbon() {
    let book = book(&zoned());
    let account = book.zoned.as_ref().unwrap();
    let zones = book.prepared.zones.as_ref().unwrap();
    let boundary = zones.zones.iter().position(|z| z.id == "boundary").unwrap();
    let here = |w: Where| w.zone == Some(boundary);
    assert!([23, 24].iter().all(|c| class(*c, 8, 2019) == (11, 21)), "the map of the small region has changed");
    let grid = Grid { crs: Crs::parse("EPSG:4549").unwrap(), x0: CORNERS.0, y0: CORNERS.1, dx: 250.0, dy: 250.0, columns: 40, rows: 36 };
    let areas = cell_areas_m2(&grid, &grid.whole()).unwrap();
    let nep = |c: usize, r: usize| (5_000.0 + 1_500.0 * (c as f64 / 4.0).sin() * (r as f64 / 5.5).cos()).round() / 10.0;
    let grams = nep(23, 8) * areas[8 * 40 + 23] + 0.5 * nep(24, 8) * areas[8 * 40 + 24];
    let tonnes = grams * CO2_PER_CARBON / 1e6;
    let made: Vec<_> = account.rows.iter().filter(|r| here(r.at) && r.indicator == "carbon_sequestration" && r.year == 2019).collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert!((made[0].quantity.as_f64() - tonnes).abs() <= 0.1, "{} {tonnes}", made[0].quantity);
    let area: i128 = account.areas.iter().filter(|(w, _)| here(**w)).map(|(_, a)| a).sum();
    assert!((area as f64 / 100.0 - areas[8 * 40 + 23] - 0.5 * areas[8 * 40 + 24]).abs() < 0.02, "{area}");
}

#[test]
fn changes_by_zone_add_up_to_the_account_s_own_and_to_their_causes() {
    let book = book(&zoned());
    let (change, whole) = (&book.zoned.as_ref().unwrap().changes[0], &book.changes[0]);
    let at = set(&book, "p.zones");
    let mut compared = 0;
    for atom in &whole.atoms {
        let county = book.prepared.places.counties.iter().position(|c| c.code == atom.place).unwrap();
        let rows: Vec<_> =
            change.rows.iter().filter(|r| r.at.set == at && r.at.county == county && r.ecosystem == atom.ecosystem && r.indicator == atom.indicator).collect();
        if rows.is_empty() {
            continue;
        }
        compared += 1;
        let sum = |of: &dyn Fn(&liangshan_accounts::pieces::PieceChange) -> Fen| rows.iter().map(|r| of(&r.change)).sum::<Fen>();
        assert_eq!((sum(&|c| c.before), sum(&|c| c.after)), (atom.before, atom.after), "{atom:?}");
        for factor in Factor::ALL {
            assert_eq!(sum(&|c| c.parts.of(factor)), atom.parts.of(factor), "{factor:?} {atom:?}");
        }
        rows.iter().for_each(|r| assert_eq!(r.change.parts.sum(), r.change.after - r.change.before));
    }
    assert!(compared > 20, "{compared}");
    // The statement and the change say the same of a year.
    let account = book.zoned.as_ref().unwrap();
    for zone in 0..2 {
        let after: Fen = change.rows.iter().filter(|r| r.at.zone == Some(zone)).map(|r| r.change.after).sum();
        assert_eq!(after, account.value(2020, |r| r.at.zone == Some(zone)));
    }
}

/// A second opening makes nothing; other zones make sums by zone anew and leave the account's streams.
#[test]
fn zones_do_not_make_the_account_anew() {
    let region = zoned();
    let first = book(&region);
    assert!(first.made > 0 && first.reused == 0);
    let before = files(&region.file("derived"));
    let second = book(&region);
    assert_eq!((second.made, files(&region.file("derived"))), (0, before.clone()));
    assert_eq!(second.zoned.as_ref().unwrap().rows, first.zoned.as_ref().unwrap().rows);
    region.replace("sources/control_redline_2019-01-01.geojson", "443510", "443760");
    let third = book(&region);
    assert_eq!(third.made, 0);
    let after = files(&region.file("derived"));
    assert!(before.iter().all(|(file, bytes)| after.get(file) == Some(bytes)) && after.len() > before.len());
    // The same pass gives both: an account alone, and one with zones, keep the same streams.
    let alone = Region::new();
    alone.book();
    let plain = files(&alone.file("derived"));
    assert!(plain.keys().all(|file| before.contains_key(file)), "streams are named otherwise with zones");
}

#[test]
fn tiles_do_not_show() {
    let (one, other) = (zoned(), zoned());
    other.replace("region.toml", "tile = 16", "tile = 48");
    let (one, other) = (book(&one), book(&other));
    assert_eq!(one.zoned.as_ref().unwrap().rows, other.zoned.as_ref().unwrap().rows);
    assert_eq!(one.zoned.as_ref().unwrap().extent, other.zoned.as_ref().unwrap().extent);
    assert_eq!(one.zoned.as_ref().unwrap().changes, other.zoned.as_ref().unwrap().changes);
}

/// By hand: the east begins 100 m further west along its whole side, so that the spaces overlap in a strip;
/// the redline reaches out of its space; the boundary lies in the redline.
#[test]
fn faults_have_their_place() {
    let region = Region::new();
    let [west, east] = halves();
    let plan = "plan = \"p\"";
    let wide: Ring = east.iter().map(|(x, y)| if *x < 450_000.0 { (x - 100.0, *y) } else { (*x, *y) }).collect();
    let layers = [
        layer(&region, "eco_space", "zone", plan, "2019-01-01", &[west]),
        layer(&region, "urban_space", "zone", plan, "2019-01-01", &[wide]),
        layer(
            &region,
            "redline",
            "line",
            &format!("{plan}\nwithin = \"eco_space\""),
            "2019-01-01",
            &[rectangle(443_000.0, 3_193_000.0, 446_000.0, 3_193_200.0)],
        ),
        layer(&region, "boundary", "line", plan, "2019-01-01", &[rectangle(445_900.0, 3_193_000.0, 446_500.0, 3_193_100.0)]),
    ];
    declare(&region, &layers);
    let book = book(&region);
    let sheet = ZoneSheet::of(&book, None).unwrap().unwrap();
    let of = |rule: &str| sheet.checked.iter().find(|c| c.rule == rule).unwrap();
    assert_eq!(["Z1", "Z2", "Z3", "Z4", "Z5"].map(|r| of(r).holds), [Holds::No, Holds::No, Holds::No, Holds::Yes, Holds::Undecidable]);
    // 100 m along 11 km, the middle of it named.
    let strip = of("Z1").problems.iter().find(|p| p.code == "zones.not_a_partition").unwrap();
    assert!((strip.at.area_m2.unwrap() / (100.0 * 11_000.0) - 1.0).abs() < 1e-3, "{strip:?}");
    assert!(strip.what.en.contains("eco_space eco_space-0 / urban_space urban_space-0"), "{}", strip.what.en);
    // Redline outside its space: from the slanted line at y = 3 193 100 to 446 000, 200 m high.
    let line = 444_870.0 + 440.0 * (3_193_100.0 - 3_190_000.0) / 11_000.0;
    assert!((of("Z2").area_m2 / (200.0 * (446_000.0 - line)) - 1.0).abs() < 1e-3, "{}", of("Z2").area_m2);
    assert!((of("Z3").area_m2 / 10_000.0 - 1.0).abs() < 1e-3, "{}", of("Z3").area_m2);
    // Zones that overlap are each set against the rest of the county; nothing is told of the rest.
    assert!(book.zoned.as_ref().unwrap().rows.iter().all(|r| r.at.set != 0 || r.at.zone.is_some()));
}

#[test]
fn the_day_decides_and_an_office_sees_its_own() {
    let region = zoned();
    let open = |day: &str| Prepared::open(region.path(), &on(day)).map(|p| p.zones.map_or(0, |z| z.zones.len()));
    assert_eq!((open("2018-12-31").ok(), open("2019-01-01").ok()), (Some(0), Some(4)));
    let none = liangshan_atlas::zones::publish::open(region.path(), &on("2018-12-31"), QUIET).err().unwrap();
    error(&none, "zones.none");
    let book = book(&region);
    let own = ZoneSheet::of(&book, Some("OFF-redline")).unwrap().unwrap();
    assert_eq!(own.lines.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), ["redline"]);
    error(&ZoneSheet::of(&book, Some("OFF-redlin")).err().unwrap(), "zones.unknown_office");
}

/// The files say what the account says, and a second writing changes none.
#[test]
fn files_are_whole_and_written_once() {
    let region = zoned();
    let prepared = Prepared::open(region.path(), &on("2020-12-31")).unwrap();
    let book = open_book(prepared, QUIET).unwrap_or_else(|p| panic!("{}", letters(&p)));
    let sheet = ZoneSheet::of(&book, None).unwrap().unwrap();
    let write = || liangshan_atlas::zones::publish::write(&sheet, None, &Options::default(), Vec::new()).unwrap();
    let first = write();
    assert_eq!((first.written, first.kept), (7, 0));
    let second = write();
    assert_eq!((second.written, second.kept), (0, 7));
    let table = Rows::read(&first.out.join("zone_assets.csv"));
    let total = |zone: &str| {
        let rows = table.all();
        let row =
            rows.iter().find(|r| r["year"] == "2020" && r["zone"] == zone && r["place_code"] == CITY && r["ecosystem"] == "all" && r["indicator"] == "total");
        Fen::parse_yuan(row.unwrap()["value_yuan"]).unwrap()
    };
    let at = set(&book, "p.zones");
    assert_eq!(total("eco_space") + total("urban_space"), book.zoned.as_ref().unwrap().value(2020, |r| r.at.set == at));
    let undivided: Fen = table.all().iter().filter(|r| r["year"] == "2020" && r["how"] == "none").map(|r| Fen::parse_yuan(r["value_yuan"]).unwrap()).sum();
    assert_eq!(total("eco_space") + total("urban_space") + undivided, book.assembled.account.total(2020, CITY, "all").unwrap().value);
}

/// The demonstration region: plane areas inside the city as the sidecars print them (km², one decimal, from
/// another program), of the same shapes that are measured on the ellipsoid.
#[test]
fn plane_areas_of_the_demonstration_zones_are_those_of_their_sidecars() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    let region = liangshan_atlas::region::Region::open(&folder).unwrap_or_else(|p| panic!("{}", letters(&p)));
    let control = liangshan_atlas::control::Control::on(&region, Day::parse("2020-12-31").unwrap()).unwrap_or_else(|p| panic!("{}", letters(&p)));
    for (layers, printed) in [
        (&["eco_space"][..], 6_852.5),
        (&["agri_space"], 1_604.8),
        (&["urban_space"], 399.5),
        (&["redline"], 2_779.9),
        (&["permanent_basic_farmland"], 1_081.3),
        (&["urban_boundary"], 399.5),
        (&["drinking_source_1", "drinking_source_2"], 265.6),
        (&["function_zone"], 8_856.7),
        (&["no_burn_zone"], 470.9),
        (&["protected_core", "protected_general"], 252.0),
        (&["control_zone"], 8_856.7),
        (&["catchment_unit"], 8_856.7),
    ] {
        let shapes: Vec<_> = layers.iter().flat_map(|name| control.layer(name).unwrap().features.iter().filter_map(|f| f.shape.area().cloned())).collect();
        let plane = liangshan_space::overlay::plane_area(&liangshan_atlas::zones::shapes::union(&shapes)) / 1e6;
        assert!((plane - printed).abs() <= 0.05 + 1e-6, "{layers:?}: {plane}, printed {printed}");
        let ellipsoid = shapes.iter().map(|s| liangshan_atlas::zones::shapes::area_m2(s, &control.crs).unwrap()).sum::<f64>() / 1e6;
        // Plane areas of EPSG:4549 are too large by 0.01 to 0.1 % here, more in the west.
        assert!(plane / ellipsoid > 1.0 && plane / ellipsoid < 1.001, "{layers:?}: {plane} {ellipsoid}");
    }
}

/// Projects of the small region, with sites given as rings by project.
fn sited(sites: &[(&str, Ring)]) -> Region {
    let region = zoned();
    let sidecar =
        "title_zh = \"项目\"\ntitle_en = \"projects\"\norigin = \"synthetic\"\nfrom = \"a test\"\nlicence = \"CC0-1.0\"\nperiod = \"2019\"\nunit = \"\"\n";
    region.write(
        "sources/projects.csv",
        "project_id,name_zh,lead_office,co_office,start\nP1,甲,OFF-eco_space,,2019-03-01\nP2,乙,OFF-eco_space,,2018-03-01\nP3,丙,OFF-eco_space,,2017-03-01\nP4,丁,OFF-other,OFF-boundary,2020-03-01\n",
    );
    region.write(
        "sources/milestones.csv",
        "project_id,done_on,evidence,accepted_by_office\nP2,2019-05-01,e,OFF-x\nP2,,,\nP3,2018-12-30,e,OFF-x\nP3,2018-12-31,e,OFF-x\nP4,2020-04-01,e,OFF-x\n",
    );
    let feature = |(project, ring): &(&str, Ring)| {
        let points: Vec<String> = ring.iter().map(|(x, y)| format!("[{x}, {y}]")).collect();
        format!(
            "{{ \"type\": \"Feature\", \"properties\": {{ \"project\": \"{project}\" }}, \"geometry\": {{ \"type\": \"Polygon\", \"coordinates\": [[{}]] }} }}",
            points.join(", ")
        )
    };
    let features: Vec<String> = sites.iter().map(feature).collect();
    let crs = "\"crs\": { \"type\": \"name\", \"properties\": { \"name\": \"EPSG:4549\" } }, ";
    region.write("sources/sites.geojson", format!("{{ \"type\": \"FeatureCollection\", {crs}\"features\": [{}] }}", features.join(",")));
    for file in ["projects.csv", "milestones.csv", "sites.geojson"] {
        region.write(&format!("sources/{file}.toml"), sidecar);
    }
    let more = "\n[project_sites]\nfile = \"sources/sites.geojson\"\nproject = \"project\"\nprojects = \"sources/projects.csv\"\nmilestones = \"sources/milestones.csv\"\n";
    declare(&region, &[more.to_owned()]);
    region
}

/// By hand: two sites of 1 000 m by 1 000 m overlap by half and make 1.5 km² once; a project that was over
/// before the years does not count; a site that is all of a zone has all of its change; the five causes
/// are the change to the fen; nothing that was told of zones before is told otherwise.
#[test]
fn projects_of_an_office_have_their_part_of_land_cover() {
    let region = sited(&[
        ("P1", rectangle(441_000.0, 3_192_000.0, 442_000.0, 3_193_000.0)),
        ("P2", rectangle(441_500.0, 3_192_000.0, 442_500.0, 3_193_000.0)),
        ("P3", rectangle(440_000.0, 3_195_000.0, 444_000.0, 3_199_000.0)),
        ("P4", rectangle(445_000.0, 3_197_000.0, 447_000.0, 3_199_000.0)),
    ]);
    let book = book(&region);
    let sheet = ZoneSheet::of(&book, None).unwrap().unwrap();
    let without_sites = zoned();
    let plain = self::book(&without_sites);
    let of = |book: &Book| book.zoned.as_ref().map(|z| (z.rows.clone(), z.extent.clone(), z.changes[0].rows.clone()));
    assert_eq!(of(&book), of(&plain));
    let office = |id: &str| sheet.offices_shown().into_iter().find(|o| o.id == id).unwrap();
    let line = |id: &str| sheet.lines.iter().find(|l| l.id == id).unwrap();
    let eco = sheet.own(&office("OFF-eco_space"), line("eco_space"), (2019, 2020)).unwrap();
    assert_eq!(eco.projects.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["P1", "P2"]);
    assert!((eco.ground.area as f64 / 150_000_000.0 - 1.0).abs() < 2e-3, "{}", eco.ground.area);
    let whole = |id: &str| line(id).changes[0].2;
    let all = sheet.own(&office("OFF-boundary"), line("boundary"), (2019, 2020)).unwrap();
    assert_eq!((all.change.before, all.change.after), (whole("boundary").before, whole("boundary").after));
    assert!(all.change.before.0 > 0);
    for (own, id) in [(&eco, "eco_space"), (&all, "boundary")] {
        let (whole, left) = (whole(id), liangshan_accounts::pieces::without(&whole(id), &own.change));
        let parts = [Factor::Weather, Factor::Price, Factor::Rest].map(|f| whole.parts.of(f)).into_iter().sum::<Fen>();
        assert_eq!(parts + left.parts.of(Factor::LandCover) + own.change.parts.of(Factor::LandCover), whole.after - whole.before, "{id}");
    }
    // Offices without a site, and regions without any, are not examined; that is not zero.
    assert!(sheet.own(&office("OFF-redline"), line("redline"), (2019, 2020)).is_none());
    assert!(sheet.own_words(&office("OFF-redline"), (2019, 2020)).en.contains("not examined"));
    let without = ZoneSheet::of(&plain, None).unwrap().unwrap();
    assert!(without.offices_shown().iter().all(|o| without.own_words(o, (2019, 2020)).en.contains("not examined, no sites given")));
}

#[test]
fn faults_of_sites_are_told_by_row() {
    let bow: Ring = vec![(441_000.0, 3_192_000.0), (442_000.0, 3_193_000.0), (442_000.0, 3_192_000.0), (441_000.0, 3_193_000.0), (441_000.0, 3_192_000.0)];
    let region = sited(&[
        ("P1", bow),
        ("P9", rectangle(441_000.0, 3_192_000.0, 442_000.0, 3_193_000.0)),
        ("", rectangle(441_000.0, 3_192_000.0, 442_000.0, 3_193_000.0)),
    ]);
    let refused = |region: &Region| Prepared::open(region.path(), &on("2020-12-31")).err().unwrap();
    let found = refused(&region);
    for code in ["control.invalid_geometry", "sites.unknown_project", "sites.no_project"] {
        error(&found, code);
    }
    let square = || rectangle(441_000.0, 3_192_000.0, 442_000.0, 3_193_000.0);
    let region = sited(&[("P1", square())]);
    region.replace("sources/sites.geojson", "EPSG:4549", "urn:none:such");
    assert!(refused(&region).iter().any(|p| matches!(p.code.as_ref(), "source.no_crs" | "crs.unknown")));
    let region = sited(&[("P1", square())]);
    region.replace("region.toml", "project = \"project\"", "project = \"projekt\"");
    error(&refused(&region), "sites.unknown_column");
    let region = sited(&[("P1", square())]);
    let twice = region.text("sources/projects.csv").lines().nth(1).unwrap().to_owned();
    region.write("sources/projects.csv", region.text("sources/projects.csv") + &twice + "\n");
    error(&refused(&region), "table.duplicate_key");
    let region = sited(&[("P1", square())]);
    region.replace("sources/projects.csv", "2019-03-01", "soon");
    error(&refused(&region), "sites.day");
}
