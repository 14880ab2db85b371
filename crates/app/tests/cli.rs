//! The program as a person or a script meets it: exit codes, one JSON document, two languages, help,
//! silence, and Ctrl-C.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../../atlas/tests/region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use region::{CITY, COUNTIES, Region, copy, files};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_liangshan");

fn liangshan<S: AsRef<OsStr>>(arguments: &[S]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn exits(arguments: &[&str], code: i32) -> Output {
    let output = liangshan(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}\n{}", out(&output), err(&output));
    output
}

/// The one JSON document on standard output.
#[track_caller]
fn document(arguments: &[&str], code: i32) -> Value {
    let output = exits(arguments, code);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}\n{}", out(&output)))
}

fn path(region: &Region) -> &str {
    region.path().to_str().unwrap()
}

fn broken() -> Region {
    let region = Region::new();
    region.remove("sources/et_2019.tif");
    region.replace("sources/statistics.csv", "21000", "\"21,000\"");
    region
}

// ---- exit codes ----------------------------------------------------------------------------------

#[test]
fn fine_is_zero() {
    let region = Region::new();
    let r = path(&region);
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["run", "--help"],
        &["check", r],
        &["run", r],
        &["run", r],
        &["explain", r, "gep", "--place", CITY, "--year", "2020"],
        &["calc", "--list"],
        &["calc", "rusle.s_factor", "--describe"],
    ] {
        exits(arguments, 0);
    }
}

#[test]
fn problems_in_the_input_are_one() {
    let region = broken();
    let r = path(&region);
    for arguments in [
        &["check", r][..],
        &["run", r],
        &["check", "no/such/folder"],
        &["run", "no/such/folder"],
        &["new", r],
        &["explain", r, "gep", "--place", CITY, "--year", "2020"],
        &["calc", "no.such_formula", "--describe"],
        &["calc", "rusle.s_factor", "--input", "no/such/file.json"],
    ] {
        let output = exits(arguments, 1);
        assert!(!out(&output).is_empty() || !err(&output).is_empty(), "{arguments:?} is refused without a word");
    }
    let sound = Region::new();
    let r = path(&sound);
    for arguments in [
        &["run", r, "--year", "2021"][..],
        &["run", r, "--profile", "national-2022"],
        &["explain", r, "gep", "--place", "990009", "--year", "2020"],
        &["explain", r, "water", "--place", CITY, "--year", "2020"],
    ] {
        exits(arguments, 1);
    }
}

#[test]
fn wrong_use_is_two_and_prints_nothing_to_standard_output() {
    for arguments in [
        &[][..],
        &["fly"],
        &["check"],
        &["run", ".", "--frobnicate"],
        &["run", ".", "--year", "last"],
        &["run", ".", "--threads", "0"],
        &["run", ".", "--weather", "fine"],
        &["--lang", "fr", "check", "."],
        &["explain", ".", "gep"],
        &["calc"],
        &["calc", "rusle.s_factor"],
    ] {
        let output = exits(arguments, 2);
        assert_eq!(out(&output), "", "{arguments:?}");
        assert!(!err(&output).is_empty(), "{arguments:?}");
    }
}

// ---- one JSON document ---------------------------------------------------------------------------

#[track_caller]
fn tells_problems(document: &Value, errors: bool) {
    let problems = document["problems"].as_array().unwrap_or_else(|| panic!("{document}"));
    for p in problems {
        for key in ["code", "severity", "what", "where", "expected", "try"] {
            assert!(!p[key].is_null(), "{key} of {p}");
        }
    }
    let count = |of: &str| problems.iter().filter(|p| p["severity"] == of).map(|p| p["count"].as_u64().unwrap_or(1)).sum::<u64>();
    for (word, plural) in [("error", "errors"), ("warning", "warnings"), ("note", "notes")] {
        assert_eq!(document["counts"][plural].as_u64(), Some(count(word)), "{plural}");
    }
    assert_eq!(count("error") > 0, errors);
}

#[test]
fn every_command_answers_with_one_document_when_it_succeeds() {
    let region = Region::new();
    let r = path(&region);
    tells_problems(&document(&["check", r, "--json"], 0), false);
    let done = document(&["run", r, "--json"], 0);
    tells_problems(&done, false);
    assert_eq!((done["status"].as_str(), done["profile"].as_str()), (Some("done"), Some("national-2022-reconstructed")));
    assert_eq!(done["years"], serde_json::json!([2019, 2020]));
    // Money is a string of integers in the smallest unit.
    let total = done["totals"].as_array().unwrap().iter().find(|t| t["place"] == CITY && t["year"] == 2020).unwrap();
    assert!(total["value_fen"].as_str().unwrap().parse::<i128>().unwrap() > 0, "{total}");
    let again = document(&["run", r, "--json"], 0);
    assert_eq!(again["status"], "unchanged");
    let e = document(&["explain", r, "water_conservation", "--place", COUNTIES[0], "--year", "2019", "--json"], 0);
    for key in ["statement", "formula", "steps", "inputs", "warnings"] {
        assert!(!e[key].is_null(), "{key}");
    }
    let dir = tempfile::tempdir().unwrap();
    let made = document(&["new", dir.path().join("city").to_str().unwrap(), "--json"], 0);
    assert!(made["files"].as_u64().unwrap() > 20);
    assert!(document(&["calc", "--list", "--json"], 0).as_array().unwrap().len() > 20);
    assert_eq!(document(&["calc", "rusle.s_factor", "--describe", "--json"], 0)["id"], "rusle.s_factor");
}

#[test]
fn every_command_answers_with_one_document_when_it_fails() {
    let region = broken();
    let r = path(&region);
    for arguments in [
        &["check", r, "--json"][..],
        &["run", r, "--json"],
        &["check", "no/such/folder", "--json"],
        &["new", r, "--json"],
        &["explain", r, "gep", "--place", CITY, "--year", "2020", "--json"],
        &["calc", "no.such_formula", "--describe", "--json"],
        &["calc", "rusle.s_factor", "--input", "no/such/file.json", "--json"],
    ] {
        tells_problems(&document(arguments, 1), true);
    }
    let checked = document(&["check", r, "--json", "--lang", "en"], 1);
    let codes: Vec<&str> = checked["problems"].as_array().unwrap().iter().filter_map(|p| p["code"].as_str()).collect();
    assert!(codes.contains(&"source.missing_file") && codes.contains(&"table.not_a_number"), "{codes:?}");
}

#[test]
fn a_formula_takes_json_in_and_gives_json_out() {
    let ask = |input: &str| {
        let mut child = Command::new(PROGRAM)
            .args(["calc", "rusle.s_factor", "--input", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let described = document(&["calc", "rusle.s_factor", "--describe"], 0);
    let name = described["inputs"][0]["name"].as_str().unwrap().to_owned();
    let answer = ask(&format!("{{ \"{name}\": 12 }}"));
    assert_eq!(answer.status.code(), Some(0), "{}", out(&answer));
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    // HJ 1173-2021, from 10.20 to 28.81 degrees: S = 21.9 sin θ − 0.96, and sin 12° = 0.20791169.
    assert!((answer["s"].as_f64().unwrap() - (21.9 * 0.207_911_69 - 0.96)).abs() < 1e-6, "{answer}");
    for wrong in ["", "nonsense", "{}", "[1]", "{ \"slope\": \"steep\" }"] {
        let refused = ask(wrong);
        assert_eq!(refused.status.code(), Some(1), "{wrong}");
        tells_problems(&serde_json::from_slice(&refused.stdout).unwrap(), true);
    }
}

// ---- languages and silence -----------------------------------------------------------------------

fn chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn chinese_is_the_default_whatever_the_machine_speaks_and_english_is_asked_for() {
    let region = broken();
    let r = path(&region);
    let output = Command::new(PROGRAM).args(["check", r]).env("LANG", "en_US.UTF-8").env("LC_ALL", "en_US.UTF-8").output().unwrap();
    assert!(out(&output).contains("错误[source.missing_file]"), "{}", out(&output));
    let english = out(&exits(&["check", r, "--lang", "en"], 1));
    assert!(english.contains("error[source.missing_file]: the file"), "{english}");
    assert_eq!(english, out(&exits(&["--lang=en", "check", r], 1)), "before or after the command");
    // Names of places and files may be Chinese in either language, sentences may not.
    for line in english.lines().filter(|l| !l.trim_start().starts_with("where")).map(|l| l.replace("丙水库", "").replace("戊水库", "")) {
        assert!(!chinese(&line), "{line}");
    }
    let (zh, en) = (err(&exits(&["check"], 2)), err(&exits(&["check", "--lang", "en"], 2)));
    assert_ne!(out(&exits(&["--help", "--lang", "en"], 0)), out(&exits(&["--help"], 0)));
    assert!(!zh.is_empty() && !chinese(&en), "{en}");
}

#[test]
fn an_english_reader_is_told_everything_in_english() {
    let region = Region::new();
    let r = path(&region);
    let done = exits(&["run", r, "--lang", "en"], 0);
    assert!(!chinese(&out(&done)) || out(&done).lines().filter(|l| chinese(l)).count() == 0, "{}", out(&done));
    assert!(!chinese(&err(&done)), "{}", err(&done));
    assert!(out(&exits(&["run", r, "--lang", "en"], 0)).contains("nothing to do"));
    assert!(out(&exits(&["run", r], 0)).contains("无事可做"));
}

#[test]
fn quiet_leaves_standard_error_empty() {
    let region = Region::new();
    let r = path(&region);
    assert!(!err(&exits(&["check", r], 0)).is_empty(), "progress goes to standard error");
    for arguments in [
        &["check", r, "--quiet"][..],
        &["run", r, "--quiet"],
        &["explain", r, "gep", "--place", CITY, "--year", "2020", "--quiet"],
        &["calc", "--list", "--quiet"],
    ] {
        assert_eq!(err(&exits(arguments, 0)), "", "{arguments:?}");
    }
    let region = broken();
    assert_eq!(err(&exits(&["run", path(&region), "--quiet", "--json"], 1)), "");
}

// ---- help ----------------------------------------------------------------------------------------

/// Help in both languages as it was last looked at. `LIANGSHAN_BLESS=1` writes it anew; the diff is
/// the review.
#[test]
fn help_is_what_it_was_when_it_was_last_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let bless = std::env::var_os("LIANGSHAN_BLESS").is_some_and(|v| v == "1");
    let mut changed = Vec::new();
    for command in ["", "new", "check", "run", "explain", "calc"] {
        for lang in ["zh", "en"] {
            let mut arguments = vec!["--lang", lang];
            arguments.extend((!command.is_empty()).then_some(command));
            arguments.push("--help");
            let shown = out(&exits(&arguments, 0));
            let name = if command.is_empty() { format!("help-{lang}.txt") } else { format!("help-{command}-{lang}.txt") };
            if bless {
                std::fs::write(folder.join(&name), &shown).unwrap();
            } else if std::fs::read_to_string(folder.join(&name)).ok().as_deref() != Some(&shown) {
                changed.push(format!("{name}\n{shown}"));
            }
            if lang == "en" {
                assert!(!chinese(&shown), "{shown}");
            }
        }
    }
    assert!(changed.is_empty(), "help has changed; read it, then bless it with LIANGSHAN_BLESS=1:\n{}", changed.join("\n"));
}

// ---- results -------------------------------------------------------------------------------------

#[test]
fn threads_and_memory_change_no_byte() {
    let (a, b) = (Region::new(), Region::new());
    exits(&["run", path(&a), "--threads", "1"], 0);
    exits(&["run", path(&b), "--threads", "4", "--memory", "1M"], 0);
    let (a, b) = (files(&a.out()), files(&b.out()));
    assert!(a.contains_key("report.html") && a.contains_key("account.csv"), "{:?}", a.keys());
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (file, bytes) in &a {
        assert!(b.get(file) == Some(bytes), "{file} differs");
    }
}

#[test]
fn the_output_folder_may_be_chosen() {
    let region = Region::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let chosen = elsewhere.path().join("here");
    exits(&["run", path(&region), "--out", chosen.to_str().unwrap(), "--year", "2020"], 0);
    assert!(chosen.join("account.csv").is_file() && !region.out().exists());
    assert!(!files(&chosen).keys().any(|f| f.contains("2019")));
}

/// A reader that has seen enough, such as `head`, is no fault of the program.
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = Command::new(PROGRAM).args(["calc", "--list", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

// ---- Ctrl-C --------------------------------------------------------------------------------------

fn quzhou() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    let to = dir.path().join("quzhou");
    copy(&from.join("sources"), &to.join("sources"));
    std::fs::copy(from.join("region.toml"), to.join("region.toml")).unwrap();
    (dir, to)
}

/// Stopped while it computes: exit code 130, nothing half-written, and the next run works.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly_and_the_next_run_works() {
    let (_dir, folder) = quzhou();
    let mut child = Command::new(PROGRAM)
        .args(["run", folder.to_str().unwrap(), "--lang", "en", "--threads", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    // The first line about quantities says that blocks are being computed.
    for line in told.by_ref() {
        said.push(line.unwrap());
        if said.last().is_some_and(|l| l.contains("computing the quantities")) {
            break;
        }
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    said.extend(told.map_while(Result::ok));
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{}", said.join("\n"));
    assert!(said.iter().any(|l| l.contains("run.cancelled")), "{}", said.join("\n"));
    let left: Vec<String> = files(&folder).into_keys().filter(|f| f.ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!folder.join("out").exists(), "an account of a stopped run was published");
    let next = document(&["run", folder.to_str().unwrap(), "--json"], 0);
    assert_eq!(next["status"], "done");
    let out = folder.join("out/national-2022-reconstructed");
    for file in
        ["account.csv", "totals.csv", "dictionary.csv", "statements.jsonl", "provenance.json", "places.gpkg", "report.html", "maps/water_conservation_2020.tif"]
    {
        assert!(out.join(file).is_file(), "{file}");
    }
}
