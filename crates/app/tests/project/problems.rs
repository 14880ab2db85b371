//! `docs/reference/problems.md` lists every problem the program can tell, and no other.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{code, crates, read, table_rows, word};

/// The text of a call's first argument, from just behind its bracket.
fn first_argument(code: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => return &code[..at],
            _ => {}
        }
    }
    code
}

fn literals(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2)
}

/// `raster.truncated`: two lower-case words or more with dots between them.
fn is_code(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
}

/// Codes in the sources with the severities they are told with; a family of declared names ends in `*`.
fn in_sources() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut found: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let mut add = |code: &str, severity: &'static str| {
        found.entry(code.to_owned()).or_default().insert(severity);
    };
    for (path, text) in crates().iter().flat_map(|krate| code(krate)) {
        for severity in ["error", "warning", "note"] {
            let call = format!("Problem::{severity}(");
            for rest in text.split(call.as_str()).skip(1) {
                let argument = first_argument(rest).trim();
                if argument.starts_with("format!") {
                    let family = literals(argument).next().and_then(|l| l.split('{').next()).unwrap_or_default();
                    assert!(is_code(&format!("{family}x")), "{path}: {argument}");
                    add(&format!("{family}*"), severity);
                } else if argument.contains('"') {
                    literals(argument).filter(|l| is_code(l)).for_each(|l| add(l, severity));
                } else {
                    // The code is handed on: it stands in the same file, or in a call of `catalogue::unknown`.
                    assert_eq!(argument, "code", "{path}: a problem whose code this test cannot see");
                    literals(&text).filter(|l| is_code(l) && l.contains(".unknown_")).for_each(|l| add(l, severity));
                }
            }
        }
        for rest in text.split("unknown(").skip(1) {
            literals(first_argument(rest)).filter(|l| is_code(l)).for_each(|l| add(l, "error"));
        }
    }
    found
}

#[test]
fn every_code_is_listed_and_every_listed_code_is_told() {
    let told = in_sources();
    assert!(told.len() > 100, "the scan finds only {} codes", told.len());
    let mut listed: BTreeMap<String, String> = BTreeMap::new();
    for row in table_rows(&read("docs/reference/problems.md")) {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "an empty cell: {row:?}");
        let code = word(&row[0]).unwrap().to_owned();
        assert!(listed.insert(code.clone(), row[1].clone()).is_none(), "{code} is listed twice");
    }
    let missing: Vec<_> = told.keys().filter(|c| !listed.contains_key(*c)).collect();
    let idle: Vec<_> = listed.keys().filter(|c| !told.contains_key(*c)).collect();
    assert!(missing.is_empty() && idle.is_empty(), "docs/reference/problems.md lacks {missing:?} and lists {idle:?}, which nothing tells");
    for (code, severities) in told {
        for severity in severities {
            assert!(listed[&code].contains(severity), "{code} is told as {severity}, listed as {}", listed[&code]);
        }
    }
}

#[test]
fn the_scan_sees_what_it_should() {
    // By hand: the shapes in which the sources write a code.
    assert_eq!(first_argument("\"a.b\", words!(\"x, y\", \"z\"))"), "\"a.b\"");
    assert_eq!(first_argument("if c == 1.0 { \"a.b\" } else { \"a.c\" }, x)"), "if c == 1.0 { \"a.b\" } else { \"a.c\" }");
    assert_eq!(first_argument("format!(\"clamp.{}\", t.name), x)"), "format!(\"clamp.{}\", t.name)");
    assert!(is_code("raster.truncated") && !is_code("raster") && !is_code("region.toml.") && !is_code("A.b"));
}
