//! The project's own files, as text.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A text file of the project.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Files below a folder whose names end so, as paths from the checkout, in a fixed order.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The crates of the workspace by folder.
pub(crate) fn crates() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("crates")).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The source files of a crate without their tests and comments: path and code. Test modules stand
/// at the end of a file, or in files named here.
pub(crate) fn code(krate: &str) -> Vec<(String, String)> {
    files(&format!("crates/{krate}/src"), ".rs")
        .into_iter()
        .filter(|path| !["tests.rs", "sample.rs", "mangled.rs"].iter().any(|name| path.ends_with(&format!("/{name}"))))
        .map(|path| {
            let text = read(&path);
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (path, code.join("\n"))
        })
        .collect()
}

/// The cells of every row of the Markdown tables in a text, header and rule lines left out.
pub(crate) fn table_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut in_body = false;
    for line in text.lines() {
        let Some(inner) = line.strip_prefix('|').and_then(|l| l.trim_end().strip_suffix('|')) else {
            in_body = false;
            continue;
        };
        if inner.chars().all(|c| matches!(c, '-' | '|' | ':' | ' ')) {
            in_body = true;
        } else if in_body {
            rows.push(inner.replace("\\|", "\u{1}").split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect());
        }
    }
    rows
}

/// The word in backticks that a cell begins with.
pub(crate) fn word(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.split('`').next()
}
