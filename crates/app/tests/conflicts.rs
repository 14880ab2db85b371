//! `conflicts` on a small invented region, as a person meets it: totals over an approved area (C4),
//! plans of different times (C5), objects whose attributes differ (C7), and what is not examined.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::process::{Command, Output};

use region::{CORNERS, Region};
use serde_json::Value;

fn liangshan(region: &Region, more: &[&str]) -> Output {
    let folder = region.path().to_str().unwrap();
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(["conflicts", folder, "--on", "2021-06-01", "--quiet"]).args(more).output().unwrap()
}

#[track_caller]
fn said(region: &Region, more: &[&str]) -> String {
    let output = liangshan(region, more);
    assert_eq!(output.status.code(), Some(0), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn document(region: &Region) -> Value {
    serde_json::from_str(&said(region, &["--json", "--lang", "en"])).unwrap()
}

fn of_type<'d>(document: &'d Value, kind: &str) -> Vec<&'d Value> {
    document["spots"].as_array().unwrap().iter().filter(|s| s["type"] == kind).collect()
}

/// A rectangle by metres east and south of the region's corner, with its id and its level.
type Piece = (&'static str, &'static str, [f64; 4]);

fn declare(region: &Region, name: &str, kind: &str, plan: &str, years: &str, pieces: &[Piece]) {
    let one = |(id, level, [x, y, w, h]): &Piece| {
        let (x, y) = (CORNERS.0 + x, CORNERS.1 - y);
        let ring = format!("[[[{x}, {y}], [{0}, {y}], [{0}, {1}], [{x}, {1}], [{x}, {y}]]]", x + w, y - h);
        format!(
            "{{\"type\": \"Feature\", \"properties\": {{\"id\": \"{id}\", \"level\": \"{level}\"}}, \"geometry\": {{\"type\": \"Polygon\", \"coordinates\": {ring}}}}}"
        )
    };
    let features: Vec<String> = pieces.iter().map(one).collect();
    let crs = "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"EPSG:4549\"}}";
    write(region, &format!("sources/{name}.geojson"), &format!("{{\"type\": \"FeatureCollection\", {crs}, \"features\": [{}]}}", features.join(",")));
    let layer = format!(
        "\n[control.{name}]\ntitle_zh = \"图层\"\ntitle_en = \"{name}\"\nkind = \"{kind}\"\nplan = \"{plan}\"\noffice = \"OFF-1\"\n[[control.{name}.editions]]\nedition = \"e\"\nadopted = 2020-01-01\ndecree = \"test\"\nfile = \"sources/{name}.geojson\"\nid = \"id\"\n{years}\n"
    );
    region.write("region.toml", region.text("region.toml") + &layer);
}

fn write(region: &Region, file: &str, text: &str) {
    region.write(file, text);
    region.write(
        &format!("{file}.toml"),
        "title_zh = \"测试\"\ntitle_en = \"test\"\norigin = \"synthetic\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\n",
    );
}

/// A town of two rectangles of 1000 m by 300 m that share 500 m, and drinking water of the second level on
/// 200 m by 100 m of it. The object X is in both layers.
fn town(urban_years: &str, water_years: &str) -> Region {
    let region = Region::new();
    let toml = region.text("region.toml") + "\n[deliveries]\noffices = \"sources/offices.csv\"\n";
    region.write("region.toml", toml);
    write(&region, "sources/offices.csv", "office_id,name_zh,role\nOFF-1,甲局,owner\n");
    declare(
        &region,
        "urban_boundary",
        "line",
        "town",
        urban_years,
        &[("X", "1", [2000.0, 2000.0, 1000.0, 300.0]), ("U2", "1", [2500.0, 2000.0, 1000.0, 300.0])],
    );
    declare(&region, "drinking_source_2", "area", "water", water_years, &[("X", "2", [2100.0, 2100.0, 200.0, 100.0])]);
    region
}

fn approve(region: &Region, rows: &str) {
    let toml = region.text("region.toml") + "\n[approved]\nfile = \"sources/approved.csv\"\n";
    region.write("region.toml", toml);
    write(region, "sources/approved.csv", &format!("layer,county,area_m2,from,decree,office,source\n{rows}"));
}

#[track_caller]
fn decided(region: &Region, kind: &str) {
    let before = document(region);
    let id = of_type(&before, kind)[0]["spot"].as_str().unwrap().to_owned();
    said(region, &["--decide", &id, "--decision", "redraw", "--by", "OFF-1", "--reason", "test"]);
    let after = document(region);
    let spot = of_type(&after, kind)[0];
    assert_eq!((spot["spot"].as_str(), &spot["decision"]["by"]), (Some(id.as_str()), &Value::from("OFF-1")));
}

/// By hand: two rectangles of 1000 m that share 500 m are 1500 m by 300 m, 450 000 m² of the plane; the
/// plane enlarges areas by (1 + 58 250² / 2 / 6 372 000²)² = 1.0000836 here, so 449 962 m² of ground.
#[test]
fn a_total_over_its_indicator() {
    let region = town("", "");
    approve(
        &region,
        "build,990001,400000,2020-06-01,test decree,OFF-1,invented\nbuild,990001,900000,,old decree,,invented\nbuild,990002,1,,test decree,,invented\n",
    );
    let document = document(&region);
    let found = of_type(&document, "C4");
    assert_eq!(found.len(), 1, "{found:?}");
    let (planned, approved) = (found[0]["total"]["planned_m2"].as_f64().unwrap(), found[0]["total"]["approved_m2"].as_f64().unwrap());
    assert!((planned - 449_962.0).abs() < 5.0 && approved == 400_000.0, "{planned} {approved}");
    assert!((found[0]["area_m2"].as_f64().unwrap() - (planned - approved)).abs() < 0.006, "{}", found[0]);
    assert_eq!((found[0]["county"].as_str(), found[0]["severity"].as_str()), (Some("990001"), Some("critical")));
    let codes: Vec<&str> = document["notes"].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["conflicts.county_unexamined"], "990003 has no approved area");
    assert!(said(&region, &["--lang", "zh"]).contains("C4 总量超指标   批准的建设用地指标"));
    decided(&region, "C4");
}

#[test]
fn without_approved_areas_nothing_has_passed() {
    let region = town("", "");
    let document = document(&region);
    assert_eq!(document["notes"][0]["code"], "conflicts.no_indicator");
    assert!(of_type(&document, "C4").is_empty());
    assert!(said(&region, &["--lang", "en"]).contains("not examined: the region gives no approved areas by county"));
    // Everything that is wrong in one row is told at once.
    approve(&region, "built,990009,-1,soon,,,s\nbuild,990001,,,d,,s\n");
    let output = liangshan(&region, &["--lang", "en"]);
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{told}");
    for (code, times) in [("approved.unknown_layer", 1), ("approved.unknown_county", 1), ("approved.area", 2), ("approved.day", 1), ("approved.unfounded", 1)] {
        assert_eq!(told.matches(code).count(), times, "{code}: {told}");
    }
}

/// By hand: 200 m by 100 m, two hectares: a major conflict of uses, and a minor one of times once both
/// editions declare base years that differ.
#[test]
fn plans_of_different_times() {
    let same = document(&town("base_year = 2018", ""));
    assert_eq!((of_type(&same, "C3")[0]["severity"].as_str(), of_type(&same, "C5").len()), (Some("major"), 0));
    let region = town("base_year = 2018\nplan_from = 2019\nplan_until = 2035", "base_year = 2020");
    let apart = document(&region);
    let found = of_type(&apart, "C5");
    assert!(of_type(&apart, "C3").is_empty() && found.len() == 1 && found[0]["severity"] == "minor", "{found:?}");
    assert!((found[0]["area_m2"].as_f64().unwrap() - 20_000.0).abs() < 5.0);
    assert_eq!((&found[0]["sides"][0]["period"]["base_year"], &found[0]["sides"][1]["period"]["until"]), (&Value::from(2020), &Value::from(2035)));
    assert_eq!(same["total_m2"], apart["total_m2"], "the ground is in conflict all the same");
    assert!(said(&region, &["--lang", "en"]).contains("base 2020 × base 2018; 2019-2035"));
    decided(&region, "C5");
}

#[test]
fn one_object_with_two_levels() {
    let region = town("", "");
    let out = region.path().join("given");
    let text = said(&region, &["--lang", "en", "--out", out.to_str().unwrap()]);
    assert!(text.contains("X — level: 2 | 1") && text.contains("C6 topology within one plan: gaps"), "{text}");
    let document = document(&region);
    let found = of_type(&document, "C7");
    assert_eq!(found.len(), 1, "U2 is in one layer only: {found:?}");
    assert_eq!(found[0]["attributes"], serde_json::json!([{ "name": "level", "values": ["2", "1"] }]));
    assert_eq!((&found[0]["sides"][0]["features"][0], &found[0]["sides"][1]["features"][0]), (&Value::from("X"), &Value::from("X")));
    assert_eq!((found[0]["severity"].as_str(), found[0]["county"].as_str()), (Some("minor"), Some("990001")));
    let csv = String::from_utf8(std::fs::read(out.join("conflicts.csv")).unwrap()).unwrap();
    assert!(csv.lines().any(|l| l.contains(",C7,minor,") && l.contains("level: 2 | 1")), "{csv}");
    let file = out.join("conflicts.gpkg");
    let bytes = std::fs::read(&file).unwrap();
    let names = liangshan_formats::vector::geopackage_layers(&bytes).unwrap();
    let layers: Vec<_> = names.iter().map(|name| liangshan_formats::vector::read_geopackage(&bytes, Some(name)).unwrap()).collect();
    let spots = document["spots"].as_array().unwrap().len();
    let drawn: usize = layers.iter().map(|l| l.features.len()).sum();
    assert_eq!(drawn, spots, "{names:?}");
    let id = found[0]["spot"].as_str().unwrap();
    let field = |name: &str| layers.iter().find_map(|l| l.fields.iter().position(|f| f.name == name).map(|at| (l, at)));
    let (layer, at) = field("spot").unwrap();
    let feature = layer.features.iter().find(|f| f.cells[at].written() == id).unwrap();
    assert!(feature.geometry.is_some(), "an object with other attributes is drawn where it is");
    decided(&region, "C7");
}
