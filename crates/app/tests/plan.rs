//! The command `plan` as a user calls it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "broken output should stop its test")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use region::copy;
use serde_json::Value;

fn liangshan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).output().unwrap()
}

fn quzhou() -> String {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    folder.display().to_string()
}

fn json(arguments: &[&str]) -> Value {
    let out = liangshan(arguments);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// With the program's own commands, every feed that names a command is one of them.
#[test]
fn nothing_hangs_loose_with_the_commands_there_are() {
    let document = json(&["plan", &quzhou(), "--on", "2020-06-30", "--json"]);
    assert_eq!(document["orphans"], serde_json::json!([]));
    assert_eq!(document["systems"].as_array().unwrap().len(), 231);
    assert_eq!(document["targets"].as_array().unwrap().len(), 21);
    let fed = |word: &str| document["systems"].as_array().unwrap().iter().filter(|s| s["fed"] == word).count();
    assert_eq!(fed("computed") + fed("typed") + fed("nothing"), 231);
    assert!(fed("computed") > 100 && fed("nothing") > 50, "{} {}", fed("computed"), fed("nothing"));
}

#[test]
fn both_languages_and_the_monthly_statement() {
    let said = |arguments: &[&str]| String::from_utf8(liangshan(arguments).stdout).unwrap();
    let region = quzhou();
    let zh = said(&["plan", &region, "--month", "2020-06"]);
    assert!(zh.contains("截至 2020-06-30") && zh.contains("督办通知") && zh.contains("称已完成，但"), "{zh}");
    let en = said(&["plan", &region, "--month", "2020-06", "--lang", "en"]);
    assert!(en.contains("as of 2020-06-30") && en.contains("notice of supervision") && en.contains("is called done, but"), "{en}");
    assert!(said(&["plan", &region, "--on", "2020-06-30", "--orphans"]).contains("悬空 0 处"));
}

#[test]
fn wrong_use_and_a_region_without_a_plan() {
    let region = quzhou();
    assert_eq!(liangshan(&["plan", &region, "--month", "2020-13"]).status.code(), Some(2));
    assert_eq!(liangshan(&["plan", &region, "--on", "30.6.2020"]).status.code(), Some(2));
    assert_eq!(liangshan(&["plan", &region, "--claim", "DEMO-P002/M4", "--by", "OFF-WAT"]).status.code(), Some(2), "no evidence");
    assert_eq!(liangshan(&["plan", &region, "--register", "mine"]).status.code(), Some(1));
    let dir = tempfile::tempdir().unwrap();
    let fresh = dir.path().join("fresh");
    assert_eq!(liangshan(&["new", &fresh.display().to_string()]).status.code(), Some(0));
    let out = liangshan(&["plan", &fresh.display().to_string(), "--json"]);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), told["problems"][0]["code"].as_str()), (Some(1), Some("plan.none")));
}

#[test]
fn a_table_is_held_against_its_declaration_with_every_row_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mines.csv");
    std::fs::write(&file, "mine_id,name_zh,county_code,lon,lat,mineral,area_ha,state,repaired_on,origin\nX1,甲,330899,118.5,28.9,石,-2,开采,,synthetic\nX1,乙,330822,118.5,28.9,石,3,废弃,2020-2-30,synthetic\n").unwrap();
    let out = liangshan(&["plan", &quzhou(), "--on", "2020-06-30", "--register", "mines", "--judge", &file.display().to_string(), "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    let codes: Vec<(&str, u64)> =
        told["problems"].as_array().unwrap().iter().map(|p| (p["code"].as_str().unwrap(), p["where"]["row"].as_u64().unwrap())).collect();
    assert_eq!(
        codes,
        [("register.unknown_place", 2), ("register.range", 2), ("register.unknown_code", 2), ("register.not_a_day", 3), ("register.duplicate_key", 3)]
    );
    let form = json(&["plan", &quzhou(), "--register", "mines", "--json"]);
    assert_eq!(form["form"]["fields"][0]["name"], "mine_id");
}

#[test]
fn all_files_are_written_once_and_not_into_the_region() {
    let dir = tempfile::tempdir().unwrap();
    let (region, out) = (quzhou(), dir.path().join("out").display().to_string());
    let first = json(&["plan", &region, "--on", "2020-06-30", "--out", &out, "--json"]);
    let written: Vec<&str> = first["written"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for file in [
        "plan.csv",
        "targets.csv",
        "counties.csv",
        "projects.csv",
        "milestones.csv",
        "green.csv",
        "orphans.csv",
        "plan.html",
        "registers.xlsx",
        "registers.gpkg",
        "forms.json",
    ] {
        assert!(written.iter().any(|w| w.ends_with(file)), "{file}");
    }
    let again = json(&["plan", &region, "--on", "2020-06-30", "--out", &out, "--json"]);
    assert_eq!(again["written"], serde_json::json!([]), "the same plan gives the same bytes");
    assert_eq!(liangshan(&["plan", &region, "--out", &format!("{region}/plan/out")]).status.code(), Some(1));
}

/// The region as it is given, so that facts can be recorded in it.
fn copied() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let from = PathBuf::from(quzhou());
    copy(&from.join("sources"), &dir.path().join("sources"));
    copy(&from.join("plan"), &dir.path().join("plan"));
    std::fs::copy(from.join("region.toml"), dir.path().join("region.toml")).unwrap();
    dir
}

/// An office delivers a table of mines and takes a step; the record tells both, and the chain holds.
#[test]
fn an_office_enters_a_register_and_the_record_tells_it() {
    let dir = copied();
    let region = dir.path().display().to_string();
    let file = dir.path().join("delivered.csv").display().to_string();
    let rows = "mine_id,name_zh,county_code,lon,lat,mineral,area_ha,state,repaired_on,origin\nDEMO-M001,示例矿山001（开化县）,330824,118.36832,29.0888,石煤,17,废弃,,合成（虚构）\n";
    std::fs::write(&file, rows).unwrap();
    let on = ["--on", "2020-03-01"];
    let judged = json(&[&["plan", &region, "--register", "mines", "--judge", &file, "--json"], on.as_slice()].concat());
    assert_eq!((judged["changed"].as_u64(), judged["keys"][0].as_str()), (Some(1), Some("DEMO-M001")));
    let take = ["plan", &region, "--register", "mines", "--take", &file, "--origin", "synthetic"];
    assert_eq!(liangshan(&[take.as_slice(), on.as_slice()].concat()).status.code(), Some(2), "no office");
    let refused = liangshan(&[take.as_slice(), &["--by", "OFF-ECO", "--lang", "en"], on.as_slice()].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a role of natural resources"), "{}", String::from_utf8_lossy(&refused.stderr));
    let taken = json(&[take.as_slice(), &["--by", "OFF-NR", "--json"], on.as_slice()].concat());
    assert_eq!((taken["fact"]["seq"].as_u64(), taken["fact"]["body_kind"].as_str()), (Some(1), Some("register.table")));
    let step = ["plan", &region, "--register", "mines", "--record", "DEMO-M001", "--step", "begin", "--by", "OFF-NR", "--on", "2020-04-01"];
    assert_eq!(liangshan(&step).status.code(), Some(0));
    let record = ["plan", &region, "--register", "mines", "--record", "DEMO-M001", "--on", "2020-06-30"];
    let told = json(&[record.as_slice(), &["--json"]].concat());
    assert_eq!((told["state"].as_str(), told["record"]["area_ha"].as_f64()), (Some("repairing"), Some(17.0)));
    let facts: Vec<(u64, &str)> = told["history"].as_array().unwrap().iter().map(|t| (t["fact"].as_u64().unwrap(), t["by"].as_str().unwrap())).collect();
    assert_eq!(facts, [(1, "OFF-NR"), (2, "OFF-NR")]);
    assert_eq!((told["where"]["row"].as_u64(), told["steps"][0]["id"].as_str()), (Some(2), Some("accept")));
    let said = String::from_utf8(liangshan(&record).stdout).unwrap();
    assert!(said.contains("开始修复：废弃 → 修复中") && said.contains("验收意见与前后影像") && said.contains("市“两山”办"), "{said}");
    assert_eq!(liangshan(&["verify", &region]).status.code(), Some(0));
    let missing = liangshan(&["plan", &region, "--register", "mines", "--record", "DEMO-M0001", "--lang", "en"]);
    assert!(missing.status.code() == Some(1) && String::from_utf8_lossy(&missing.stderr).contains("DEMO-M001"));
}
