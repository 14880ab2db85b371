//! `conform` and `conflicts` on the demonstration region, as an approval desk calls them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::path::Path;
use std::process::{Command, Output};

use region::copy;
use serde_json::Value;

fn liangshan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).output().unwrap()
}

/// The one JSON document on standard output.
#[track_caller]
fn document(arguments: &[&str], code: i32) -> Value {
    let output = liangshan(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}"))
}

/// What a demonstration region is judged and decided by: its sources, rules and offices.
fn quzhou(into: &Path) -> String {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    for part in ["sources", "plan"] {
        copy(&from.join(part), &into.join(part));
    }
    std::fs::copy(from.join("region.toml"), into.join("region.toml")).unwrap();
    into.to_str().unwrap().to_owned()
}

/// The verdicts are the column `verdict_simple_rules` of the pack's own sample sites. A pass is said to be
/// one as far as examined, for the region has no layer of wetlands and some others; the opinion that is
/// written is found to hold again, and no longer where a word of it was altered.
#[test]
fn the_sample_sites_their_opinions_and_their_digests() {
    let dir = tempfile::tempdir().unwrap();
    let region = quzhou(&dir.path().join("quzhou"));
    let sites = format!("{region}/sources/projects/sample_sites.gpkg");
    let out = dir.path().join("opinions");
    let made = document(&["conform", &region, "--site", &sites, "--out", out.to_str().unwrap(), "--json"], 0);
    let opinions = made["opinions"].as_array().unwrap_or_else(|| panic!("{made:#}"));
    let given: Vec<(&str, &str)> = opinions.iter().map(|o| (o["site"]["id"].as_str().unwrap(), o["verdict"].as_str().unwrap())).collect();
    assert_eq!(given.len(), 20);
    for (site, verdict) in given {
        let wanted = match site {
            "SITE009" | "SITE013" | "SITE014" | "SITE016" | "SITE017" | "SITE018" | "SITE020" => "FORBID",
            "SITE015" | "SITE019" => "ESCALATE",
            _ => "PASS",
        };
        assert_eq!(verdict, wanted, "{site}");
    }
    let first = &opinions[0];
    assert_eq!((first["verdict_title"].as_str(), first["complete"].as_bool()), (Some("已审查部分通过"), Some(false)));
    assert!(first["not_measured"].as_array().unwrap().iter().any(|r| r["rule"] == "wetland"), "{first:#}");
    let page = std::fs::read_to_string(out.join("opinion-SITE001.html")).unwrap();
    assert!(page.contains("已审查部分通过") && !page.contains(">通过<"));
    let table = std::fs::read_to_string(out.join("sites.csv")).unwrap();
    assert!(table.lines().next().unwrap().contains("not_examined"), "{table}");

    let kept = out.join("opinions.json");
    let said = |arguments: &[&str]| String::from_utf8(liangshan(arguments).stdout).unwrap();
    let again = liangshan(&["conform", &region, "--verify", kept.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(String::from_utf8_lossy(&again.stdout).matches("成立").count(), 20);
    let altered = std::fs::read_to_string(&kept).unwrap().replacen("\"FORBID\"", "\"PASS\"", 1);
    std::fs::write(&kept, altered).unwrap();
    assert_eq!(liangshan(&["conform", &region, "--verify", kept.to_str().unwrap()]).status.code(), Some(1));
    assert!(said(&["conform", &region, "--site", &sites, "--lang", "en"]).contains("pass, as far as examined"));
}

/// Nothing is written among what the region is made of.
#[test]
fn results_are_kept_off_the_regions_own_folders() {
    let dir = tempfile::tempdir().unwrap();
    let region = quzhou(&dir.path().join("quzhou"));
    let sites = format!("{region}/sources/projects/sample_sites.gpkg");
    for inside in [region.clone(), format!("{region}/sources/zones"), format!("{region}/plan")] {
        for arguments in [vec!["conform", &region, "--site", &sites, "--out", &inside], vec!["conflicts", &region, "--on", "2020-06-30", "--out", &inside]] {
            let refused = liangshan(&arguments);
            let told = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(1), "{arguments:?}\n{told}");
            assert!(told.contains("output.folder"), "{told}");
        }
        assert!(!Path::new(&inside).join("opinions.json").exists() && !Path::new(&inside).join("conflicts.csv").exists());
    }
}

/// Spots add up to their groups and the total; a decision is a fact, stands beside its spot from then on and
/// counts as progress; who and what is not known is refused and records nothing.
#[test]
fn spots_and_what_is_decided_about_them() {
    let dir = tempfile::tempdir().unwrap();
    let region = quzhou(&dir.path().join("quzhou"));
    let list = ["conflicts", &region, "--on", "2020-06-30", "--json"];
    let before = document(&list, 0);
    let spots = before["spots"].as_array().unwrap();
    let hundredths = |v: &Value| (v.as_f64().unwrap() * 100.0).round() as i64;
    let sum: i64 = spots.iter().map(|s| hundredths(&s["area_m2"])).sum();
    let groups: i64 = before["groups"].as_array().unwrap().iter().map(|g| hundredths(&g["area_m2"])).sum();
    assert!(!spots.is_empty() && sum == groups && sum == hundredths(&before["total_m2"]), "{sum} {groups}");
    assert!(spots.windows(2).all(|pair| pair[0]["area_m2"].as_f64() >= pair[1]["area_m2"].as_f64()), "the largest first");
    assert_eq!(hundredths(&before["decided_m2"]), 0);

    let spot = spots[0]["spot"].as_str().unwrap();
    let decide = |spot: &str, decision: &str, by: &str| {
        liangshan(&["conflicts", &region, "--on", "2020-06-30", "--decide", spot, "--decision", decision, "--by", by, "--reason", "示例"])
    };
    assert_eq!(decide("CS-none", "keep_first", "OFF-NR").status.code(), Some(1));
    assert_eq!(decide(spot, "keep_first", "OFF-NONE").status.code(), Some(1));
    assert_eq!(hundredths(&document(&list, 0)["decided_m2"]), 0, "a refused decision is no fact");
    let done = decide(spot, "keep_first", "OFF-NR");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let after = document(&list, 0);
    assert_eq!(after["spots"][0]["decision"]["decision"], "keep_first");
    assert_eq!(after["decided_m2"], spots[0]["area_m2"]);
    assert_eq!(liangshan(&["verify", &region]).status.code(), Some(0));
}
