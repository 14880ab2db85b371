//! `regions/sample` is what `liangshan sample` makes, and it runs with the commands of any region.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every file below a folder with its bytes, without what a run leaves.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_path_buf();
            let left_by_a_run = ["out", "derived"].iter().any(|own| name == Path::new(own)) || name.to_string_lossy().starts_with("facts.sqlite");
            if left_by_a_run {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn liangshan(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).args(["--quiet", "--lang", "en"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn the_second_region_is_what_the_command_makes_and_runs_like_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let made = dir.path().join("sample");
    let made = made.to_str().unwrap();
    liangshan(&["sample", made]);
    let (kept, own) = (files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/sample")), files(Path::new(made)));
    assert_eq!(kept.keys().collect::<Vec<_>>(), own.keys().collect::<Vec<_>>(), "rm -r regions/sample && cargo run -- sample regions/sample");
    let differing: Vec<_> = kept.iter().filter(|(name, bytes)| own.get(*name) != Some(bytes)).map(|(name, _)| name).collect();
    assert!(differing.is_empty(), "{differing:?}: rm -r regions/sample && cargo run -- sample regions/sample");

    liangshan(&["check", made]);
    liangshan(&["run", made]);
    let totals = fs::read_to_string(Path::new(made).join("out/national-2022-reconstructed/totals.csv")).unwrap();
    let whole: Vec<&str> = totals.lines().filter(|line| line.contains(",990000,") && line.contains(",all,")).collect();
    assert_eq!(whole.len(), 2, "one for each year");
    assert!(whole.iter().all(|line| line.contains(",gep,生态产品总值,") && line.contains(",yes,")), "{whole:?}");
    // Another method of the two shipped needs no more than its name.
    liangshan(&["run", made, "--profile", "zhejiang-db33-2020-reconstructed"]);
    let why = liangshan(&["explain", made, "gep", "--place", "990000", "--year", "2020"]);
    assert!(String::from_utf8_lossy(&why.stdout).contains("synthetic"), "invented data is said to be invented");
}

/// The sample declares no lines and zones, and a site that is held against nothing has not passed.
#[test]
fn a_region_without_lines_lets_nothing_pass() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("site.txt");
    fs::write(&site, "404000 3296000\n404500 3296000\n404500 3295500\n404000 3296000\n").unwrap();
    let region = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/sample");
    let (region, site) = (region.to_str().unwrap(), site.to_str().unwrap());
    for arguments in [&["conform", region, "--site", site, "--crs", "EPSG:4549", "--axes", "east-north"][..], &["conflicts", region], &["zones", region]] {
        let output = Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).args(["--quiet", "--lang", "en"]).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!((said.contains("control.none_in_force") || said.contains("zones.none")) && !said.contains("PASS"), "{said}");
    }
}
