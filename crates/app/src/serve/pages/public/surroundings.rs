//! Water and air around a place: what the region's files of measurements say in short, and the way to
//! the pages that judge them.

use liangshan_vocab::{Text, text};

use crate::serve::pages::accounts::desk::Desk;
use crate::serve::pages::environment;
use crate::serve::pages::environment::nearby::{Around, origin};
use crate::ui::html::Html;

/// Facts of a file that are said here.
const FACTS: usize = 3;

/// The place's own sections and stations, or the nearest, each in a sentence with what it rests on; and who
/// answers for them.
fn nearby(h: &mut Html, desk: &Desk<'_>, around: &Around) {
    if !around.points.is_empty() {
        let place = desk.place_name();
        h.line("h3", &Text::of(format!("{}的断面和站点", place.zh), format!("Sections and stations of {}", place.en)));
    }
    h.el("ul.plain.nearby", |h| {
        for point in &around.points {
            h.el("li", |h| {
                h.with("a", &[("href", &point.page)], |h| h.text(&point.name));
                if !point.inside {
                    h.el("span.caption", |h| h.say(&text("（本地没有，这是最近的一个）", " (the nearest; there is none here)")));
                }
                h.text(desk.ask.say("：", ": "));
                h.text(&point.text);
                for (word, of) in [(&point.readings, text("数据", "readings")), (&point.location, text("位置", "place"))] {
                    if let Some(said) = origin(word, &of, desk.ask.lang) {
                        h.text(" ");
                        h.el("span.mark", |h| h.text(&said));
                    }
                }
            });
        }
    });
    if !around.office.is_empty() {
        h.el("p", |h| {
            h.say(&text("谁负责：", "Who answers for it: "));
            h.text(&around.office);
            h.say(&text("。", "."));
        });
    }
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>, around: &Around) {
    h.line("h2", &text("身边的水和空气", "Water and air around you"));
    let files = environment::in_short(desk.ask);
    if !around.sentences.is_empty() {
        h.el("p.lead", |h| {
            around.sentences.iter().for_each(|said| {
                h.el("span.block", |h| h.text(said));
            })
        });
    }
    if files.is_empty() {
        h.line(
            "p",
            &text(
                "本区域还没有监测站点的数据，所以这里不说水好不好、天蓝不蓝。",
                "This region has no data of stations yet, so nothing is said here of its water and air.",
            ),
        );
        return;
    }
    h.el("ul.plain", |h| {
        for (observed, facts) in &files {
            h.el("li", |h| {
                let to = desk.ask.link(&format!("/environment/{}", observed.name), &[]);
                h.with("a", &[("href", &to)], |h| h.say(&observed.title));
                h.text(desk.ask.say("：", ": "));
                let Some(facts) = facts else {
                    h.say(&text("没有评价出来，原因见该页。", "could not be judged; its page says why."));
                    return;
                };
                let said: Vec<Text> = facts
                    .iter()
                    .take(FACTS)
                    .map(|(label, value)| Text::of(format!("{} {}", label.zh, value.zh), format!("{} {}", label.en, value.en)))
                    .collect();
                h.say(&crate::ui::words::joined(&said));
                h.text(desk.ask.say("。", "."));
            });
        }
    });
    nearby(h, desk, around);
    h.el("p", |h| {
        h.say(&text("每个断面、每个站点的数和它的限值：", "Every section and station with its limits: "));
        h.with("a", &[("href", &desk.ask.link("/environment", &[]))], |h| h.say(&text("看环境质量", "see Environment")));
        h.say(&text("。", "."));
    });
}
