//! `[observations.*]` of `region.toml`: files of measurements that pages judge and show.

use liangshan_formats::document::Section;
use liangshan_vocab::{Problem, Text, text, words};

use crate::assess::Domain;

/// A file of measurements.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Its name in addresses, `sections_2021`.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// What was measured.
    pub domain: Domain,
    /// CSV or XLSX, as `liangshan assess` reads it.
    pub file: String,
    /// A table of sections with the water's type and the target class.
    pub stations: Option<String>,
}

const DOMAINS: [&str; 4] = ["water", "air", "soil", "waste"];

/// Reads every `[observations.*]`. Faults are noted in the document.
pub(super) fn read(root: &Section<'_>) -> Vec<Observed> {
    root.sections("observations").into_iter().filter_map(|(name, s)| read_one(name, &s)).collect()
}

fn read_one(name: String, s: &Section<'_>) -> Option<Observed> {
    let (zh, en, file) = (s.text("title_zh"), s.text("title_en"), s.text("file"));
    let domain = s.one_of("domain", &DOMAINS).and_then(Domain::parse);
    let stations = s.optional_text("stations");
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !plain {
        s.problem(
            "title_zh",
            Problem::error("observations.name", words!("监测文件名“{name}”不能用在地址里", "the name \"{name}\" cannot be used in addresses"))
                .expect(text("小写字母、数字和下划线", "lower-case letters, digits and underlines"))
                .fix(text("改名，如 [observations.sections]", "rename it, such as [observations.sections]")),
        );
        return None;
    }
    Some(Observed { name, title: Text::of(zh?, en?), domain: domain?, file: file?, stations })
}
