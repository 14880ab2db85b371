//! 公众服务: what nature gives a county, in plain words, and the data behind it. All of it is text that
//! reads without scripts, on a phone first.

mod data;
mod nature;
mod surroundings;

use liangshan_vocab::{Text, text, words};
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::super::layout::{Page, Screen, page};
use super::super::profiles::Chosen;
use super::super::reply::{Answer, Reply};
use super::super::route::{Ask, Route, schema_of};
use super::accounts::desk::{Desk, PLACE};
use super::environment::nearby::{Around, around};
use crate::ui::html::Html;

/// The page and its data.
pub(super) const ROUTES: &[Route] = &[
    Route::page("/public", ("公众服务", "public"), &[PLACE], public),
    Route::json(
        "/api/public",
        ("用平常话说一地的家底，以及开放数据目录", "a place in plain words, and the catalogue of open data"),
        &[PLACE],
        schema,
        document,
    ),
];

/// A sentence about a place with the number it rests on.
#[derive(Serialize, JsonSchema)]
pub(super) struct Sentence {
    /// In the language of the answer.
    pub(super) text: String,
    /// Where the number is explained.
    pub(super) why: String,
}

/// A source that is open for all to see.
#[derive(Serialize, JsonSchema)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) title: String,
    pub(super) from: String,
    pub(super) licence: String,
    /// `measured`, `modelled`, `mixed` or `synthetic`.
    pub(super) origin: String,
    pub(super) digest: String,
}

/// A place in plain words.
#[derive(Serialize, JsonSchema)]
struct Public {
    place: String,
    place_name: String,
    year: i32,
    sentences: Vec<Sentence>,
    /// Its sections and stations, or the nearest, and who answers for them.
    around: Around,
    sources: Vec<Source>,
    downloads: Vec<String>,
}

fn schema() -> Schema {
    schema_of::<Public>()
}

fn document(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    Ok(Reply::json(&Public {
        place: desk.place.to_owned(),
        place_name: desk.say(&desk.place_name()).to_owned(),
        year: desk.year,
        around: around(ask, desk.place, desk.is_whole())?,
        sentences: nature::sentences(&desk),
        sources: data::sources(&desk),
        downloads: super::accounts::downloads::FILES.iter().map(|f| format!("/download/{}", f.name)).collect(),
    }))
}

fn public(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    let around = around(ask, desk.place, desk.is_whole())?;
    let shown = Page { styles: &["css/accounts.css", "css/public.css"], ..Page::of(Screen::Public, text("公众服务", "Public")) };
    Ok(page(ask, &shown, |h| {
        h.el("div.public", |h| {
            let place = desk.place_name();
            h.line("h1", &Text::of(format!("{}的绿水青山", place.zh), format!("What nature gives {}", place.en)));
            places(h, &desk);
            h.el("section.sheet", |h| nature::draw(h, &desk));
            h.el("section.sheet", |h| surroundings::draw(h, &desk, &around));
            h.el("section.sheet", |h| {
                h.line("h2", &text("怎样核对我们", "How to check us"));
                check(h, &desk);
            });
            h.with("section.sheet", &[("id", "data")], |h| {
                h.line("h2", &text("开放数据", "Open data"));
                data::draw(h, &desk);
            });
        });
    }))
}

/// Links to the counties: nothing to fill in.
fn places(h: &mut Html, desk: &Desk<'_>) {
    h.with("nav.across", &[("aria-label", desk.ask.say("选择地区", "choose a place"))], |h| {
        h.el("p", |h| {
            let whole = &desk.publication().whole;
            let (first, counties): (Vec<_>, Vec<_>) = desk.publication().account.places.iter().partition(|p| p.code == *whole);
            for place in first.into_iter().chain(counties) {
                let code = if place.code == *whole { "" } else { place.code.as_str() };
                let to = desk.ask.link("/public", &[("place", code)]);
                let mut attributes = vec![("href", to.as_str())];
                if place.code == desk.place {
                    attributes.push(("aria-current", "true"));
                }
                h.with("a.chip", &attributes, |h| h.say(&place.name));
            }
        });
    });
}

fn check(h: &mut Html, desk: &Desk<'_>) {
    let (place, year) = (desk.place, desk.year);
    let total = desk.total(year).map_or("gep", |t| t.id());
    h.el("ol", |h| {
        h.el("li", |h| {
            h.say(&text("点任何一个数字，看它的公式、每一步和每个输入文件。比如", "Follow any number to its formula, its steps and its files. Begin with "));
            h.with("a", &[("href", &desk.why(total, place, year, liangshan_accounts::account::ALL))], |h| {
                h.say(&text("本地的合计", "the total of this place"))
            });
            h.say(&text("。", "."));
        });
        h.el("li", |h| {
            h.say(&text("下载", "Take the workbook "));
            h.with("a", &[("href", "/download/gep.xlsx"), ("download", "")], |h| h.text("gep.xlsx"));
            h.say(&text("：里面的合计都是公式，改一个输入，合计会跟着变。", ": its totals are formulas; change an input and the total follows."));
        });
        h.el("li", |h| {
            h.say(&text(
                "用 sha256sum 算一遍输入文件，应与下表的摘要一致。",
                "Compute the sha256sum of an input file: it must be the digest of the table below.",
            ));
        });
        h.el("li", |h| {
            h.say(&text("在自己的电脑上重算：", "Compute it again on your own machine: "));
            h.el("code", |h| h.text(&format!("liangshan explain {} {total} --place {place} --year {year}", desk.ask.say("区域目录", "FOLDER"))));
        });
        h.el("li", |h| {
            h.say(&text("评审专家会问的问题，我们自己先列出来了：", "What reviewers will ask, we have listed ourselves: "));
            let to = format!("{}#review", desk.ask.link("/accounts", &[]));
            h.with("a", &[("href", &to)], |h| h.say(&text("评审质询单", "the list of weak points")));
            h.say(&text("。", "."));
        });
    });
    let version = desk.publication().version;
    h.line("p.caption", &words!("程序是自由软件（Apache-2.0），版本 {version}。", "The program is free software (Apache-2.0), version {version}."));
}
