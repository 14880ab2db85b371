//! `liangshan rules` as a person or a script meets it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn liangshan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[track_caller]
fn document(arguments: &[&str], code: i32) -> Value {
    let output = liangshan(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_is_shipped_is_checked_and_shown() {
    let checked = document(&["rules", "check", "--json"], 0);
    assert_eq!(checked["counts"]["errors"], 0, "{checked}");
    assert!(checked["rules"].as_u64().unwrap() >= 26);
    // GB 3838-2002, table 1: ammonia nitrogen of class III, 1.0 mg/L.
    let shown = document(&["rules", "show", "gb3838-2002", "--json"], 0);
    let limits = shown["tables"].as_array().unwrap().iter().find(|t| t["id"] == "limits").unwrap();
    let ammonia = limits["rows"].as_array().unwrap().iter().find(|r| r["code"] == "nh3n").unwrap();
    assert_eq!((ammonia["III"].as_f64(), ammonia["unit"].as_str()), (Some(1.0), Some("mg/L")));
    for (lang, words) in [("zh", ["氨氮", "证据：", "来源："]), ("en", ["ammonia nitrogen", "evidence: ", "source: "])] {
        let said = String::from_utf8(liangshan(&["rules", "show", "gb3838-2002", "--lang", lang]).stdout).unwrap();
        assert!(words.iter().all(|w| said.contains(w)), "{said}");
    }
    let list = document(&["rules", "list", "--json"], 0);
    assert!(list["standards"].as_array().unwrap().iter().any(|s| s["id"] == "gb15618-2018"));
}

/// Every standard and rule of incidents that is listed is shown as a table with its source and evidence,
/// in both languages; those chosen by the day with the days they are in force.
#[test]
fn everything_listed_is_shown_in_both_languages() {
    let list = document(&["rules", "list", "--json"], 0);
    let listed = list["standards"].as_array().unwrap();
    for wanted in ["hj212-2005", "hj212-2017", "hj212-2025", "monitor-validity", "emission.hour-over", "emission.day-over", "gb3095-2012", "gb3095-2026-final"]
    {
        assert!(listed.iter().any(|s| s["id"] == wanted), "{wanted} is not listed");
    }
    for id in listed.iter().map(|s| s["id"].as_str().unwrap()) {
        for (lang, words) in [("zh", ["证据：", "来源："]), ("en", ["evidence: ", "source: "])] {
            let shown = liangshan(&["rules", "show", id, "--lang", lang]);
            let said = String::from_utf8(shown.stdout).unwrap();
            assert!(shown.status.success() && words.iter().all(|w| said.contains(w)) && said.contains('─'), "{id} {lang}: {said}");
            let period = if lang == "zh" { "施行期：" } else { "in force: " };
            assert!(said.contains(period) || id.starts_with("emission."), "{id} {lang}");
        }
    }
}

/// A rule of incidents whose samples say the contrary, or that lacks one, is told by the check.
#[test]
fn a_rule_of_incidents_needs_its_samples() {
    let region = tempfile::tempdir().unwrap();
    let folder = region.path().join("rules/incident");
    std::fs::create_dir_all(&folder).unwrap();
    let path = region.path().to_str().unwrap();
    let shipped = include_str!("../../../rules/incident/emission-hour.toml");
    std::fs::write(folder.join("own.toml"), shipped.replace("emission.hour-over", "own.rule").replace("consecutive = 2 ", "consecutive = 4 ")).unwrap();
    let checked = document(&["rules", "check", path, "--json"], 1);
    let problem = &checked["problems"][0];
    assert_eq!((problem["code"].as_str(), problem["where"]["file"].as_str()), (Some("incident.sample"), Some("rules/incident/own.toml")));
    std::fs::write(folder.join("own.toml"), shipped.replace("emission.hour-over", "own.rule")).unwrap();
    assert_eq!(document(&["rules", "check", path, "--json"], 0)["counts"]["errors"], 0);
    assert_eq!(document(&["rules", "show", "own.rule", path, "--json"], 0)["values"][2]["value"], "2");
}

#[test]
fn a_regions_own_rules_are_on_top_and_their_faults_have_lines() {
    let region = tempfile::tempdir().unwrap();
    let folder = region.path().join("rules/water");
    std::fs::create_dir_all(&folder).unwrap();
    let path = region.path().to_str().unwrap();
    std::fs::write(folder.join("local.toml"), "id = \"local\"\nextends = \"gb3838-2002\"\nby_name = true\n[table.specific]\nfile = \"own.csv\"\n").unwrap();
    std::fs::write(folder.join("own.csv"), "code,name_zh,name_en,unit,limit\ntcm,三氯甲烷,chloroform,mg/L,0.06\n").unwrap();
    assert_eq!(document(&["rules", "check", path, "--json"], 0)["counts"]["errors"], 0);
    let shown = document(&["rules", "show", "local", path, "--json"], 0);
    assert!(shown.to_string().contains("chloroform"));
    std::fs::write(folder.join("own.csv"), "code,name_zh,name_en,unit,limit\ntcm,三氯甲烷,chloroform,mg/l,0.06\n").unwrap();
    let checked = document(&["rules", "check", path, "--json"], 1);
    let problem = &checked["problems"][0];
    assert_eq!(
        (problem["code"].as_str(), problem["where"]["file"].as_str(), problem["where"]["row"].as_u64()),
        (Some("unit.unknown"), Some("rules/water/own.csv"), Some(2))
    );
}

#[test]
fn what_is_not_there_is_told_with_the_nearest_name() {
    let refused = document(&["rules", "show", "gb3838-2020", "--json", "--lang", "en"], 1);
    assert!(refused["problems"][0]["try"].as_str().unwrap().contains("gb3838-2002"), "{refused}");
    assert_eq!(liangshan(&["rules"]).status.code(), Some(2));
    assert_eq!(liangshan(&["rules", "check", "no/such/folder"]).status.code(), Some(1));
}
