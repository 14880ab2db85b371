//! `zones` on the demonstration region, as a person meets it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::path::Path;
use std::process::Command;

use region::copy;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_liangshan");

/// The one JSON document on standard output.
#[track_caller]
fn document(arguments: &[&str], code: i32) -> Value {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}"))
}

/// Each office with a site has its own projects told apart: the five causes are the change to the fen, the
/// sites are said to be invented, and somewhere in the region they moved something; an office without a
/// site is not examined.
#[track_caller]
fn projects_are_told_apart(document: &Value) {
    let fen = |v: &Value| v.as_str().unwrap().parse::<i128>().unwrap();
    let offices = document["own_projects"].as_array().unwrap();
    let mut moved = 0;
    for office in offices {
        assert_eq!(office["examined"], office["sites_origin"] == "synthetic", "{office}");
        assert_eq!(office["examined"] == false, office["said"].as_str().unwrap().contains("未考察，没有给出项目位置"), "{office}");
        for zone in office["zones"].as_array().unwrap() {
            let causes = ["weather_fen", "price_fen", "land_cover_outside_fen", "own_projects_fen", "rest_fen"];
            assert_eq!(causes.map(|c| fen(&zone[c])).iter().sum::<i128>(), fen(&zone["change_fen"]), "{zone}");
            moved += fen(&zone["own_projects_fen"]).abs();
        }
    }
    assert!(moved > 0, "the sites stand where the maps differ");
}

/// Z5 with a table of approved areas: made of what the statement itself says of the redline in each county
/// it holds; with one county a hectare lower it does not, and says where; a county without one leaves it open.
#[track_caller]
fn approved_areas_are_held(statement: &Value, folder: &Path) {
    let declared = std::fs::read_to_string(folder.join("region.toml")).unwrap();
    std::fs::write(folder.join("region.toml"), format!("{declared}\n[approved]\nfile = \"sources/zones/approved.csv\"\n")).unwrap();
    let sidecar = "title_zh = \"测试\"\ntitle_en = \"test\"\norigin = \"synthetic\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\n";
    std::fs::write(folder.join("sources/zones/approved.csv.toml"), sidecar).unwrap();
    let redline = statement["zones"].as_array().unwrap().iter().find(|z| z["zone"] == "redline").unwrap();
    let areas: Vec<(String, f64)> = redline["counties_m2"].as_object().unwrap().iter().map(|(code, m2)| (code.clone(), m2.as_f64().unwrap())).collect();
    assert_eq!(areas.len(), 6);
    let judged = |areas: &[(String, f64)]| {
        let rows: String = areas.iter().map(|(code, m2)| format!("redline,{code},{m2},,test decree,,invented\n")).collect();
        std::fs::write(folder.join("sources/zones/approved.csv"), format!("layer,county,area_m2,from,decree,office,source\n{rows}")).unwrap();
        let told = document(&["zones", folder.to_str().unwrap(), "--on", "2020-12-31", "--json"], 0);
        let rules = told["rules"].as_array().unwrap();
        let rule = rules.iter().find(|r| r["rule"] == "Z5" && r["layers"][0] == "redline").unwrap();
        let all = told["problems"].as_array().unwrap();
        let faults: Vec<String> = all.iter().filter(|p| p["severity"] == "error").map(|p| p["where"]["key"].to_string()).collect();
        (rule["holds"].as_str().unwrap().to_owned(), rule["pieces"].as_u64().unwrap(), faults.join(" "))
    };
    assert_eq!(judged(&areas), ("yes".to_owned(), 6, String::new()));
    let mut lower = areas.clone();
    lower[0].1 -= 10_000.0;
    let (holds, pieces, _) = judged(&lower);
    assert_eq!((holds.as_str(), pieces), ("no", 6));
    assert_eq!(judged(&areas[1..]).0, "undecidable");
    std::fs::write(folder.join("region.toml"), declared).unwrap();
}

/// Zones and lines of the demonstration region, from nothing: the sums of the account and those by zone in
/// one pass; the page in both languages; a second call makes nothing and writes nothing; the three spaces
/// and what is not divided are the account's total to the fen.
#[test]
fn zones_of_the_demonstration_region() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("quzhou");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    copy(&from.join("sources"), &folder.join("sources"));
    std::fs::copy(from.join("region.toml"), folder.join("region.toml")).unwrap();
    let region = folder.to_str().unwrap();
    let first = document(&["zones", region, "--on", "2020-12-31", "--pattern", "--json"], 0);
    assert!(first["streams_made"].as_u64().unwrap() > 0 && first["streams_reused"] == 0);
    let share = first["eco_space_share"].as_f64().unwrap();
    assert!((share - 0.7737).abs() < 1e-4, "{share}");
    let fen = |v: &serde_json::Value| v.as_str().unwrap().parse::<i128>().unwrap();
    let zones = first["zones"].as_array().unwrap();
    let spaces: i128 = zones.iter().filter(|z| z["set"] == "spatial_plan.zones").map(|z| fen(&z["value_fen"]["2020"])).sum();
    let undivided: i128 = first["undivided"].as_array().unwrap().iter().filter(|u| u["year"] == 2020).map(|u| fen(&u["value_fen"])).sum();
    let run = document(&["run", region, "--json"], 0);
    assert_eq!(run["streams_made"], 0, "the pass for zones made the account's sums and maps too");
    let total = run["totals"].as_array().unwrap().iter().find(|t| t["year"] == 2020 && t["place"] == "330800").unwrap();
    assert_eq!(spaces + undivided, fen(&total["value_fen"]));
    for rule in first["rules"].as_array().unwrap() {
        let wanted = if rule["rule"] == "Z5" || rule["rule"] == "W4" { "undecidable" } else { "yes" };
        assert_eq!(rule["holds"], wanted, "{rule}");
    }
    projects_are_told_apart(&first);
    let corridors = first["pattern"]["kept"].as_array().unwrap();
    assert!(!corridors.is_empty() && corridors.iter().all(|c| c["length_m"].as_f64().unwrap() >= 1000.0), "{corridors:?}");
    let out = folder.join("out/national-2022-reconstructed/zones");
    let page = std::fs::read_to_string(out.join("zones.html")).unwrap();
    for said in ["生态保护红线", "ecological protection redline", "合成", "Candidates of the security pattern", "不分区", "位置为合成（虚构）数据", "DEMO-P004"]
    {
        assert!(page.contains(said), "{said}");
    }
    let second = document(&["zones", region, "--on", "2020-12-31", "--pattern", "--json"], 0);
    assert_eq!((second["streams_made"].as_u64(), second["files_written"].as_u64()), (Some(0), Some(0)), "a second call wrote something");
    let own = document(&["zones", region, "--on", "2020-12-31", "--office", "OFF-C824", "--json"], 0);
    let counties: Vec<&str> = own["zones"].as_array().unwrap().iter().flat_map(|z| z["counties_m2"].as_object().unwrap().keys()).map(String::as_str).collect();
    assert!(!counties.is_empty() && counties.iter().all(|c| *c == "330824"), "{counties:?}");
    assert!(out.join("OFF-C824/zones.html").is_file());
    projects_are_told_apart(&own);
    let table = std::fs::read_to_string(out.join("zone_projects.csv")).unwrap();
    assert!(table.contains("OFF-NR") && table.contains("DEMO-P004") && table.contains("synthetic"));
    approved_areas_are_held(&first, &folder);
    let wrong = Command::new(PROGRAM).args(["zones", region, "--on", "2020-13-01"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}
