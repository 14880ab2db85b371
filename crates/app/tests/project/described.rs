//! The pages on the region file, sidecars and profiles against the readers of those files and the
//! files there are.

use std::collections::BTreeSet;

use toml::Value;

use crate::sources::{code, files, read, table_rows, word};

/// The keys a page describes: the first cell of each row of its tables.
fn described(page: &str) -> BTreeSet<String> {
    table_rows(&read(&format!("docs/reference/{page}"))).iter().filter_map(|row| word(&row[0])).map(str::to_owned).collect()
}

/// Every key of a document by its path. What stands below one of `open` has names of its own, which
/// become `*`; keys below one of `free` are the region's own words and are left out.
fn keys(value: &Value, path: &str, open: &[&str], free: &[&str], found: &mut BTreeSet<String>) {
    let Value::Table(table) = value else { return };
    for (key, inner) in table {
        let name = if open.contains(&path) { "*" } else { key.as_str() };
        let here = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if free.contains(&path) {
            continue;
        }
        let lists: Vec<&Value> = inner.as_array().into_iter().flatten().filter(|item| item.is_table()).collect();
        if !inner.is_table() && lists.is_empty() {
            found.insert(here.clone());
        }
        keys(inner, &here, open, free, found);
        lists.into_iter().for_each(|item| keys(item, &here, open, free, found));
    }
}

fn keys_of(text: &str, open: &[&str], free: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    keys(&Value::Table(text.parse().unwrap()), "", open, free, &mut found);
    found
}

/// Keys that a reader asks its document for: the literals of `s.text("…")` and its like.
fn asked(path: &str) -> BTreeSet<String> {
    let all = code("atlas");
    let (_, text) = all.iter().find(|(p, _)| p == path).unwrap_or_else(|| panic!("{path} is not there"));
    let readers = [
        "text",
        "texts",
        "number",
        "integer",
        "integers",
        "boolean",
        "parsed",
        "one_of",
        "section",
        "sections",
        "array_of_sections",
        "date",
        "kind_of",
        "date",
        "array_of_sections",
        "optional_date",
        "optional_text",
        "optional_texts",
        "optional_number",
        "optional_integer",
        "optional_parsed",
        "optional_one_of",
        "optional_section",
        "optional",
        "or_empty",
    ];
    let mut calls = vec!["pattern(s, \"".to_owned(), "pattern(&s, \"".to_owned()];
    for reader in readers {
        for before in [".", " ", "("] {
            calls.push(format!("{before}{reader}(\""));
        }
    }
    // A call that is broken over lines reads like one that is not.
    let text = text.split("(\n").map(str::trim_start).collect::<Vec<_>>().join("(");
    let literals = calls.iter().flat_map(|call| text.split(call.as_str()).skip(1).filter_map(|rest| rest.split('"').next()));
    // A text for people begins the same way and is no key.
    literals.filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')).map(str::to_owned).collect()
}

/// Holds a page against the keys that are used and the keys that are read.
fn hold(page: &str, used: &BTreeSet<String>, readers: &[&str]) {
    let described = described(page);
    let lacking: Vec<_> = used.iter().filter(|k| !described.contains(*k)).collect();
    assert!(lacking.is_empty(), "docs/reference/{page} does not describe {lacking:?}");
    let read: BTreeSet<String> = readers.iter().flat_map(|path| asked(path)).collect();
    assert!(read.len() > 5, "the scan of {readers:?} finds only {read:?}");
    let words: BTreeSet<&str> = described.iter().flat_map(|k| k.split('.')).collect();
    let unsaid: Vec<_> = read.iter().filter(|k| !words.contains(k.as_str())).collect();
    assert!(unsaid.is_empty(), "docs/reference/{page} says nothing of {unsaid:?}, which {readers:?} read");
    let idle: Vec<_> = described.iter().filter_map(|k| k.split('.').next_back()).filter(|k| *k != "*" && !read.contains(*k)).collect();
    assert!(idle.is_empty(), "docs/reference/{page} describes {idle:?}, which {readers:?} do not read");
}

#[test]
fn the_region_file() {
    let mut used = BTreeSet::new();
    for path in ["regions/quzhou/region.toml", "crates/atlas/template/region.toml"] {
        used.extend(keys_of(
            &read(path),
            &["layer", "class_table", "code_table", "control", "map", "observations"],
            &["class_table.*.layers", "code_table.*.layers", "control.*.editions.where"],
        ));
    }
    assert!(used.contains("region.id") && used.contains("layer.*.how"), "{used:?}");
    hold(
        "region-toml.md",
        &used,
        &[
            "crates/atlas/src/region/declared.rs",
            "crates/atlas/src/region/control.rs",
            "crates/atlas/src/region/shown.rs",
            "crates/atlas/src/region/sites.rs",
            "crates/atlas/src/region/observed.rs",
        ],
    );
}

#[test]
fn sidecars() {
    let mut used = BTreeSet::new();
    for path in files("regions/quzhou/sources", ".toml").iter().chain(&files("crates/atlas/template/sources", ".toml")) {
        used.extend(keys_of(&read(path), &["columns"], &[]));
    }
    assert!(used.contains("origin") && used.contains("columns.*.unit"), "{used:?}");
    hold("sidecar.md", &used, &["crates/atlas/src/region/sidecar.rs"]);
}

#[test]
fn plans() {
    let used = keys_of(&read("regions/quzhou/plan/plan.toml"), &["layer", "target"], &["registers", "green"]);
    assert!(used.contains("plan.issued") && used.contains("target.*.owner"), "{used:?}");
    hold("plan.md", &used, &["crates/atlas/src/planbook/declared.rs"]);
}

#[test]
fn profiles() {
    let mut used = BTreeSet::new();
    for path in files("methods", ".toml") {
        used.extend(keys_of(&read(&path), &["flags", "indicator", "indicator.*.parameters", "indicator.*.part"], &["indicator.*.routes"]));
    }
    assert!(used.contains("indicator.*.how") && used.contains("flags.*.value"), "{used:?}");
    hold("profile.md", &used, &["crates/atlas/src/profiles.rs"]);
}
