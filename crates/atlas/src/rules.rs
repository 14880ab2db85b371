//! Standards at hand: those shipped with the program, with a region's own `rules/` on top.

use std::path::Path;

use liangshan_duty::incident::Rule;
use liangshan_duty::standard::{RuleText, shipped_texts};
use liangshan_vocab::{Problem, Problems, text, words};

pub use liangshan_duty::incident::rule::Sample;
pub use liangshan_duty::standard::{Cell, Column, Day, Standard, Standards, Table};

/// Reads the standards, with those of a region's folder on top. What can be read is read; everything
/// wrong is told with file and line.
///
/// # Errors
/// `region.no_folder` when there is no such folder.
pub fn load(region: Option<&Path>) -> Result<(Standards, Problems), Problems> {
    let (own, mut problems) = match region {
        None => (Vec::new(), Problems::new()),
        Some(folder) if folder.is_dir() => texts(folder),
        Some(folder) => {
            let shown = folder.display().to_string();
            return Err(Problem::error("region.no_folder", words!("没有“{shown}”这个目录", "there is no folder \"{shown}\""))
                .fix(text("检查路径，或用 `liangshan new 目录` 新建一个区域", "check the path, or make a region with `liangshan new DIR`"))
                .expect(text("一个区域目录", "the folder of a region"))
                .into());
        }
    };
    let (standards, faults) = Standards::read(&[&shipped_texts(), &own]);
    problems.extend(faults);
    Ok((standards, problems))
}

/// Everything that is wrong with the standards: what cannot be read, names and units that resolve to
/// nothing, editions that overlap or leave gaps, rules whose samples say the contrary.
///
/// # Errors
/// As [`load`].
pub fn check(region: Option<&Path>) -> Result<(Standards, Problems), Problems> {
    let (standards, mut problems) = load(region)?;
    problems.extend(standards.check());
    problems.extend(incidents(region).1);
    problems.extend(crate::assess::faults_of_words(&region.map(texts).unwrap_or_default().0));
    problems.sort();
    Ok((standards, problems))
}

/// A rule of incidents with the file it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Under the folder of the project or the region.
    pub file: String,
    /// What it says.
    pub rule: Rule,
}

/// Rules of incidents, by id: those shipped with the program, a region's own in their place. A rule whose
/// samples say the contrary of it, or that lacks one on which it fires or stays silent, is a problem.
pub fn incidents(region: Option<&Path>) -> (Vec<Incident>, Problems) {
    let (mut found, mut problems): (Vec<Incident>, Problems) = (Vec::new(), Problems::new());
    // What cannot be read as text is told by `load`.
    let own = region.map(texts).unwrap_or_default().0;
    for given in shipped_texts().iter().chain(&own).filter(|t| t.file.starts_with("incident/") && t.file.ends_with(".toml")) {
        let file = format!("rules/{}", given.file);
        match Rule::read(&given.text) {
            Ok(rule) => match found.iter_mut().find(|i| i.rule.id == rule.id) {
                Some(place) => *place = Incident { file, rule },
                None => found.push(Incident { file, rule }),
            },
            Err(faults) => problems.extend(faults.or_file(&file)),
        }
    }
    found.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    (found, problems)
}

/// Every text under a region's `rules/`, by name; none when there is no such folder.
pub(crate) fn texts(region: &Path) -> (Vec<RuleText>, Problems) {
    let (mut found, mut problems) = (Vec::new(), Problems::new());
    let mut folders = vec![String::new()];
    while let Some(under) = folders.pop() {
        let folder = region.join("rules").join(&under);
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if under.is_empty() { name } else { format!("{under}/{name}") };
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.ends_with(".toml") || path.ends_with(".csv") {
                match std::fs::read(entry.path()).map(String::from_utf8) {
                    Ok(Ok(said)) => found.push(RuleText::new(path, said)),
                    _ => problems.push(
                        Problem::error("standard.not_text", text("文件不是 UTF-8 编码的文本", "the file is not UTF-8 text"))
                            .file(format!("rules/{path}"))
                            .expect(text("UTF-8 编码的 TOML 或 CSV", "TOML or CSV in UTF-8"))
                            .fix(text("用编辑器另存为 UTF-8", "save it as UTF-8 in your editor")),
                    ),
                }
            }
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    (found, problems)
}
