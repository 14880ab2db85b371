//! What holds for all files behind the pages.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_atlas::whole::digest;

use super::assets;

#[derive(serde::Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(serde::Deserialize)]
struct Package {
    name: String,
    licence: String,
    files: BTreeMap<String, String>,
}

/// Other people's files are those that `vendor.lock` names, byte for byte, and no others.
#[test]
fn vendored_files_are_as_they_were_taken() {
    let files = assets::all();
    let lock: Lock = toml::from_str(std::str::from_utf8(&files["vendor/vendor.lock"]).unwrap()).unwrap();
    let mut named = BTreeSet::from(["vendor/vendor.lock".to_owned()]);
    for package in &lock.package {
        assert!(["BSD-3-Clause", "Apache-2.0", "OFL-1.1", "MIT", "ISC", "0BSD"].contains(&package.licence.as_str()), "{}", package.name);
        assert!(package.files.keys().any(|f| f.contains("LICENSE")), "{} without its licence", package.name);
        for (file, wanted) in &package.files {
            let there = files.get(file).unwrap_or_else(|| panic!("{file} is named and not there"));
            assert_eq!(digest(there).as_str(), wanted, "{file} is not as it was taken");
            named.insert(file.clone());
        }
    }
    let there: BTreeSet<String> = files.keys().filter(|f| f.starts_with("vendor/") || f.starts_with("font/")).cloned().collect();
    assert_eq!(there, named);
}

/// Resolves `../css/x.css` beside `js/map/y.js`.
fn beside(file: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What a module imports and a style sheet shows is in the program.
#[test]
fn every_file_that_a_file_names_is_embedded() {
    let mut seen = 0;
    for (name, bytes) in assets::all().iter().filter(|(n, _)| !n.starts_with("vendor/")) {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let (mark, end): (&[&str], char) = match name.rsplit_once('.') {
            Some((_, "js")) => (&["from \"", "import(\"", "import \""], '"'),
            Some((_, "css")) => (&["url(\""], '"'),
            _ => continue,
        };
        for mark in mark {
            for rest in text.split(mark).skip(1) {
                let named = rest.split(end).next().unwrap_or_default();
                if named.starts_with('.') {
                    assert!(assets::exists(&beside(name, named)), "{name} names {named}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 0, "nothing was looked at");
}

/// Modules stay small enough to read, and none is written in a way that the policy of the pages forbids.
#[test]
fn scripts_are_small_plain_modules() {
    for (name, bytes) in assets::all().iter().filter(|(n, _)| n.starts_with("js/")) {
        let text = std::str::from_utf8(bytes).unwrap().replace("http://www.w3.org/", "");
        assert!(text.lines().count() <= 300, "{name} has {} lines", text.lines().count());
        for forbidden in ["eval(", "new Function", ".innerHTML", "http://", "https://"] {
            assert!(!text.contains(forbidden), "{name} has {forbidden}");
        }
    }
}
