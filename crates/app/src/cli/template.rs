//! `template`: empty tables for departments to fill in.

use std::path::Path;

use clap::ArgMatches;
use liangshan_atlas::deliveries::templates::write;
use serde_json::{Value, json};

use super::{FINE, Face, WRONG_USE};

/// Writes them.
pub(super) fn template(matches: &ArgMatches, face: Face) -> u8 {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let (Some(region), Some(into)) = (text("region"), text("dir")) else { return WRONG_USE };
    let years: Vec<i32> = matches.get_many::<i32>("year").map(|y| y.copied().collect()).unwrap_or_default();
    let written = match write(Path::new(region), Path::new(into), text("department"), &years) {
        Ok(written) => written,
        Err(problems) => return face.refuse(&problems),
    };
    if face.json {
        let departments: Vec<Value> = written
            .iter()
            .map(|w| {
                let files: Vec<String> = w.files.iter().map(|f| f.display().to_string()).collect();
                json!({ "department": w.department.id, "title": w.department.title, "tables": w.tables, "files": files })
            })
            .collect();
        face.document(&json!({ "departments": departments }));
        return FINE;
    }
    let mut out = String::new();
    for w in &written {
        out.push_str(&format!("{} ({})\n", w.department.title.get(face.lang), w.tables.join(", ")));
        w.files.iter().for_each(|file| out.push_str(&format!("  {}\n", file.display())));
    }
    out.push_str(face.say("填好后用 liangshan receive 读回。\n", "When filled, hand them to liangshan receive.\n"));
    face.out(&out);
    FINE
}
