//! The catalogue of open data: files of the account, sources with licence and origin.

use std::collections::BTreeMap;

use liangshan_vocab::{Origin, Text, text, words};

use super::Source;
use crate::serve::pages::accounts::desk::Desk;
use crate::serve::pages::accounts::downloads;
use crate::ui::html::Html;
use crate::ui::report::view::{origin_chip, table};

pub(super) fn sources(desk: &Desk<'_>) -> Vec<Source> {
    desk.publication()
        .sources
        .iter()
        .map(|s| Source {
            file: s.read.file.clone(),
            title: desk.say(&s.title).to_owned(),
            from: s.from.clone(),
            licence: s.read.licence.clone(),
            origin: s.read.origin.word().to_owned(),
            digest: s.read.digest.as_str().to_owned(),
        })
        .collect()
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    h.line(
        "p",
        &text(
            "下列成果可以自由取用；列名、单位和规则见 dictionary.csv。每页也有 JSON，地址见接口说明。",
            "Take these freely; columns, units and rules are in dictionary.csv. Every page is also JSON, see the interface.",
        ),
    );
    downloads::files(h, desk);
    h.el("p", |h| {
        h.with("a", &[("href", "/api/openapi.json")], |h| h.say(&text("接口说明（OpenAPI 3.1）", "The interface (OpenAPI 3.1)")));
        h.text(" · ");
        h.with("a", &[("href", &desk.ask.link("/api/public", &[("place", desk.ask.word("place").unwrap_or_default())]))], |h| {
            h.say(&text("本页的 JSON", "this page as JSON"))
        });
    });
    h.line("h3", &text("数字是怎么来的", "Where the numbers come from"));
    origins(h, desk);
    h.el("details", |h| {
        let count = desk.publication().sources.len();
        h.line("summary", &words!("全部 {count} 个来源：名称、提供者、许可、摘要", "All {count} sources: name, from whom, licence, digest"));
        table(h, ".inputs", &text("来源文件", "Source files"), |h| {
            h.el("thead", |h| {
                h.el("tr", |h| {
                    for title in [
                        text("来源", "Source"),
                        text("提供者", "From"),
                        text("性质", "Origin"),
                        text("许可", "Licence"),
                        text("摘要（sha256）", "Digest (sha256)"),
                    ] {
                        h.with("th", &[("scope", "col")], |h| h.say(&title));
                    }
                });
            });
            h.el("tbody", |h| {
                for s in &desk.publication().sources {
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| {
                            h.say(&s.title);
                            h.void("br", &[]);
                            h.el("code", |h| h.text(&s.read.file));
                        });
                        h.el("td", |h| h.say(&crate::ui::words::note(&s.from)));
                        h.el("td", |h| origin_chip(h, s.read.origin));
                        h.el("td", |h| h.text(&s.read.licence));
                        h.el("td", |h| h.el("code.digest", |h| h.text(s.read.digest.as_str())));
                    });
                }
            });
        });
    });
}

/// How many sources are measured, modelled, mixed and invented, each said plainly.
fn origins(h: &mut Html, desk: &Desk<'_>) {
    let mut by: BTreeMap<Origin, Vec<&Text>> = BTreeMap::new();
    for s in &desk.publication().sources {
        by.entry(s.read.origin).or_default().push(&s.title);
    }
    h.el("ul.plain", |h| {
        for (origin, titles) in by {
            let count = titles.len();
            h.el("li", |h| {
                origin_chip(h, origin);
                h.text(" ");
                h.say(&match origin {
                    Origin::Measured => words!("{count} 个来源是实测或登记的数据。", "{count} sources were measured or registered."),
                    Origin::Modelled => {
                        words!("{count} 个来源是模型算出来的，不是仪器直接测的。", "{count} sources come from models and not from instruments.")
                    }
                    Origin::Mixed => words!(
                        "{count} 个来源里掺有合成的，也就是编出来的数据，不能全当真。",
                        "{count} sources are in part synthetic, that is, invented, and not to be taken at their word."
                    ),
                    Origin::Synthetic => words!(
                        "{count} 个来源是合成的，也就是编出来的，只用来演示程序，不能当作当地的真实情况：",
                        "{count} sources are synthetic, that is, invented to show the program; they are not facts about this place: "
                    ),
                });
                if origin == Origin::Synthetic {
                    let titles: Vec<Text> = titles.into_iter().cloned().collect();
                    h.say(&crate::ui::words::joined(&titles));
                    h.text(desk.ask.say("。", "."));
                }
            });
        }
    });
}
