//! Reads any bytes as a TOML document, asking every key for every kind of value.
#![no_main]

use liangshan_formats::document::{Document, Section};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    ask(&document.root());
    let problems = document.finish();
    assert!(problems.iter().all(|problem| problem.at.row.is_some()));
});

fn ask(section: &Section<'_>) {
    for key in section.keys() {
        let _ = (section.text(&key), section.number(&key), section.integer(&key), section.boolean(&key), section.date(&key));
        let _ = (section.texts(&key), section.numbers(&key), section.one_of(&key, &["year", "normal"]));
        section.optional_section(&key).iter().for_each(ask);
        section.array_of_sections(&key).iter().for_each(ask);
    }
}
