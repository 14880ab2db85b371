//! The files behind a number, and the method by which it was made of them.

use liangshan_accounts::profile::{ParameterValue, how_named};
use liangshan_atlas::layers::Read;
use liangshan_vocab::{Text, text, words};

use super::Number;
use crate::ui::html::Html;
use crate::ui::report::view::{evidence_chip, origin_chip, table};
use crate::ui::words;

pub(super) fn draw(h: &mut Html, number: &Number<'_>) {
    h.line("h2", &text("输入文件", "Files behind it"));
    let inputs = &number.explained.inputs;
    if inputs.is_empty() {
        h.line("p", &text("没有文件：这个数是由申明而来，或没有算出。", "None: the number was declared, or not computed."));
    } else {
        let (count, files) = (inputs.len(), by_file(inputs));
        let many = files.len();
        table(
            h,
            ".inputs",
            &words!(
                "{many} 个文件，{count} 处；摘要为 sha256，可用 sha256sum 核对",
                "{many} files, {count} places in them; digests are sha256, to be checked with sha256sum"
            ),
            |h| {
                h.el("thead", |h| {
                    h.el("tr", |h| {
                        for title in
                            [text("文件", "File"), text("行或层", "Row or layer"), text("性质", "Origin"), text("许可", "Licence"), text("摘要", "Digest")]
                        {
                            h.with("th", &[("scope", "col")], |h| h.say(&title));
                        }
                    });
                });
                h.el("tbody", |h| {
                    for (read, parts) in &files {
                        let card = number.desk.publication().sources.iter().find(|s| s.read.file == read.file);
                        h.el("tr", |h| {
                            h.with("th", &[("scope", "row")], |h| {
                                if let Some(card) = card.filter(|c| !c.title.is_empty()) {
                                    h.say(&card.title);
                                    h.void("br", &[]);
                                }
                                h.el("code", |h| h.text(&read.file));
                            });
                            h.el("td", |h| listed(h, parts));
                            h.el("td", |h| origin_chip(h, read.origin));
                            h.el("td", |h| h.text(&read.licence));
                            h.el("td", |h| h.el("code.digest", |h| h.text(read.digest.as_str())));
                        });
                    }
                });
            },
        );
    }
    method(h, number);
}

/// Parts of one file that are named here; the JSON of the page names all.
const PARTS: usize = 6;

/// Each file once, in the order in which they are read, with the parts of it that are.
fn by_file(inputs: &[Read]) -> Vec<(&Read, Vec<&str>)> {
    let mut files: Vec<(&Read, Vec<&str>)> = Vec::new();
    for read in inputs {
        match files.iter_mut().find(|(first, _)| first.file == read.file && first.digest == read.digest) {
            Some((_, parts)) => parts.push(&read.part),
            None => files.push((read, vec![&read.part])),
        }
    }
    files
}

fn listed(h: &mut Html, parts: &[&str]) {
    let marked = Text::of(parts.iter().take(PARTS).copied().collect::<Vec<_>>().join("、"), parts.iter().take(PARTS).copied().collect::<Vec<_>>().join(", "));
    h.say(&marked);
    if let Some(more) = parts.len().checked_sub(PARTS).filter(|more| *more > 0) {
        h.say(&words!(" 等，另有 {more} 处", " and {more} more"));
    }
}

/// The valuation, what a reviewer should know of it, and the coefficients with their clauses.
fn method(h: &mut Html, number: &Number<'_>) {
    let profile = &number.desk.publication().profile;
    h.line("h2", &text("方法与条文", "Method and clauses"));
    h.el("p", |h| {
        h.el("b", |h| h.say(&profile.title));
        h.text(" ");
        evidence_chip(h, profile.evidence);
        if !profile.source.is_empty() {
            h.void("br", &[]);
            h.el("span.muted", |h| h.say(&words::note(&profile.source)));
        }
    });
    let Some(method) = profile.method(number.asked.indicator) else { return };
    h.el("p", |h| {
        h.say(&how_named(&method.how).map_or_else(|| Text::same(method.how.clone()), |how| words::sentence(&how.title)));
        h.text(" ");
        evidence_chip(h, method.evidence);
        if !method.note.is_empty() {
            h.void("br", &[]);
            h.say(&words::note(&method.note));
        }
    });
    if method.parameters.is_empty() {
        return;
    }
    table(h, "", &text("系数", "Coefficients"), |h| {
        h.el("thead", |h| {
            h.el("tr", |h| {
                for (title, number) in [
                    (text("名称", "Name"), false),
                    (text("数值", "Value"), true),
                    (text("单位", "Unit"), false),
                    (text("条文或出处", "Clause or source"), false),
                    (text("证据", "Evidence"), false),
                ] {
                    h.with(if number { "th.number" } else { "th" }, &[("scope", "col")], |h| h.say(&title));
                }
            });
        });
        h.el("tbody", |h| {
            for p in &method.parameters {
                let value = match &p.value {
                    ParameterValue::Number(number) => format!("{number}"),
                    ParameterValue::Text(word) => word.clone(),
                    ParameterValue::Flag(yes) => yes.to_string(),
                };
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.el("code", |h| h.text(&p.name)));
                    h.el("td.number", |h| h.text(&value));
                    h.el("td", |h| h.text(&p.unit));
                    h.el("td", |h| h.say(&words::note(&p.source)));
                    h.el("td", |h| evidence_chip(h, p.evidence));
                });
            }
        });
    });
}
