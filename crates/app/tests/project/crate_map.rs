//! The crate table of ARCHITECTURE.md against what cargo says, and the walls that text can show.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::sources::{code, crates, read, root, table_rows, word};

type Map = BTreeMap<String, BTreeSet<String>>;

const PREFIX: &str = "liangshan-";

/// Crates of the workspace and the crates of the workspace they depend on, by cargo.
fn by_cargo() -> Map {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    let short = |v: &Value| v.as_str().and_then(|name| name.strip_prefix(PREFIX)).map(str::to_owned);
    let mut map = Map::new();
    for package in metadata["packages"].as_array().unwrap() {
        let needs = package["dependencies"].as_array().unwrap().iter();
        let needs = needs.filter(|d| d["kind"].is_null()).filter_map(|d| short(&d["name"])).collect();
        map.insert(short(&package["name"]).unwrap(), needs);
    }
    map
}

/// The same by the table in ARCHITECTURE.md: crate, one line, depends on, must never know.
fn by_document() -> Map {
    let text = read("ARCHITECTURE.md");
    let names: BTreeSet<String> = crates().into_iter().collect();
    let mut map = Map::new();
    for row in table_rows(&text).into_iter().filter(|row| row.len() == 4) {
        let Some(name) = word(&row[0]) else { continue };
        let needs = row[2].split(',').filter_map(|cell| word(cell.trim())).map(str::to_owned).collect();
        assert!(names.contains(name), "ARCHITECTURE.md lists {name}, and there is no folder crates/{name}");
        assert!(map.insert(name.to_owned(), needs).is_none(), "{name} stands twice in the crate table");
    }
    map
}

#[test]
fn the_crate_table_is_what_cargo_says() {
    let (said, is) = (by_document(), by_cargo());
    for (name, needs) in &is {
        let Some(told) = said.get(name) else { panic!("ARCHITECTURE.md does not list the crate {name}") };
        assert_eq!(told, needs, "the crate {name}: left what ARCHITECTURE.md says it depends on, right what cargo says");
    }
    assert_eq!(said.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>());
}

#[test]
fn every_crate_has_a_section_with_an_invariant() {
    let text = read("ARCHITECTURE.md");
    for name in crates() {
        let Some((_, section)) = text.split_once(&format!("### `{name}`")) else { panic!("ARCHITECTURE.md has no section on {name}") };
        let section = section.split("\n##").next().unwrap_or_default();
        assert!(section.contains("**Invariant:**"), "the section on {name} states no invariant");
        if name != "app" {
            let lib = read(&format!("crates/{name}/src/lib.rs"));
            assert!(lib.contains("**Invariant:**"), "crates/{name}/src/lib.rs states no invariant");
        }
    }
}

#[test]
fn paths_in_the_documents_exist() {
    // The pages a newcomer follows; what a run makes is not there before it has run.
    let made = ["derived", "out", "published", "maps"];
    for page in ["ARCHITECTURE.md", "README.md", "README.zh-CN.md", "GLOSSARY.md"] {
        for quoted in read(page).split('`').skip(1).step_by(2) {
            let looks_like_one = ["crates/", "docs/", "methods/", "checks/", "regions/", ".ci/"].iter().any(|start| quoted.starts_with(start));
            let plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            if looks_like_one && plain && !quoted.split('/').any(|part| made.contains(&part)) {
                assert!(root().join(quoted).exists(), "{page} names {quoted}, which is not there");
            }
        }
        for link in read(page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") {
                assert!(root().join(path).exists(), "{page} links to {path}, which is not there");
            }
        }
    }
}

/// Crates whose code holds one of the words, with the files.
fn who_says(words: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for krate in crates() {
        for (path, code) in code(&krate) {
            if words.iter().any(|word| code.contains(word)) {
                found.entry(krate.clone()).or_default().push(path);
            }
        }
    }
    found
}

fn only(words: &[&str], allowed: &[&str]) {
    let found = who_says(words);
    let others: Vec<_> = found.iter().filter(|(krate, _)| !allowed.contains(&krate.as_str())).collect();
    assert!(others.is_empty(), "{words:?} stand outside {allowed:?}: {others:?}");
}

#[test]
fn domain_and_engine_crates_rest_on_the_words_alone() {
    // Architecture, "Rooms": a domain crate never depends on the edge, the house, a face or another domain crate.
    let map = by_cargo();
    let words: BTreeSet<String> = ["vocab".to_owned()].into();
    assert!(map["vocab"].is_empty());
    for krate in ["space", "formats", "ledger", "models", "accounts", "duty", "rights", "planning", "registers"] {
        assert_eq!(map[krate], words, "{krate}");
    }
    // The store keeps the chain that the engine links.
    assert_eq!(map["store"], ["ledger".to_owned(), "vocab".to_owned()].into());
}

#[test]
fn only_the_face_reads_a_clock() {
    only(&["SystemTime::now", "Instant::now", "Utc::now", "Local::now"], &["app"]);
}

#[test]
fn only_formats_and_store_speak_to_a_database_and_only_formats_decodes_files() {
    only(&["rusqlite"], &["formats", "store"]);
    only(&["tiff_reader", "flate2"], &["formats"]);
    for krate in crates() {
        let manifest = read(&format!("crates/{krate}/Cargo.toml"));
        assert!(!manifest.contains("rusqlite") || ["formats", "store"].contains(&krate.as_str()), "{krate}");
        assert!(!manifest.contains("tiff-reader") || krate == "formats", "{krate}");
    }
}

#[test]
fn kernels_words_and_tables_know_no_files() {
    for krate in ["vocab", "space", "ledger", "models", "accounts", "duty", "rights", "planning", "registers"] {
        for (path, code) in code(krate) {
            for word in ["std::fs", "std::net", "std::env", "std::path", "std::thread", "rayon"] {
                assert!(!code.contains(word), "{path} names {word}");
            }
        }
    }
    // A decoder may be handed an open file, and opens none itself.
    for (path, code) in code("formats") {
        for word in ["File::open", "fs::read", "fs::write", "std::net", "Path"] {
            assert!(!code.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn models_end_at_physical_units() {
    for spec in liangshan_models::all().iter().map(|m| m.spec).chain(liangshan_models::calculators::all().iter().map(|c| c.spec)) {
        let units = spec.inputs.iter().map(|i| i.measure.unit).chain(spec.outputs.iter().map(|o| o.measure.unit));
        for unit in units {
            assert!(!unit.contains("CNY"), "{} has money in it: {unit}", spec.id);
        }
    }
}

#[test]
fn the_house_knows_no_face() {
    for (path, code) in code("atlas") {
        for word in ["std::env::args", "clap", "<html", "println!"] {
            assert!(!code.contains(word), "{path} names {word}");
        }
    }
    only(&["println!", "print!("], &["app"]);
}
