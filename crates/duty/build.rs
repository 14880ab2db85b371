//! Lists every text under the project's `rules/` for `standard::shipped`, so that a new edition is a
//! new file and no line of code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn texts(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            texts(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../rules");
    println!("cargo::rerun-if-changed={}", rules.display());
    let mut found = Vec::new();
    texts(&rules, &mut found)?;
    found.sort();
    let mut list = String::from("&[\n");
    for path in &found {
        let name = path.strip_prefix(&rules)?.to_string_lossy().replace('\\', "/");
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
    }
    list.push_str("]\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("rules.rs"), list)?;
    Ok(())
}
