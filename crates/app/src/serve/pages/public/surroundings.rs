//! Water and air around a place: what the region's files of measurements say in short, and the way to
//! the pages that judge them.

use liangshan_vocab::{Text, text};

use crate::serve::pages::accounts::desk::Desk;
use crate::serve::pages::environment;
use crate::ui::html::Html;

/// Facts of a file that are said here.
const FACTS: usize = 3;

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    h.line("h2", &text("身边的水和空气", "Water and air around you"));
    let files = environment::in_short(desk.ask);
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
    h.el("p", |h| {
        h.say(&text("每个断面、每个站点的数和它的限值：", "Every section and station with its limits: "));
        h.with("a", &[("href", &desk.ask.link("/environment", &[]))], |h| h.say(&text("看环境质量", "see Environment")));
        h.say(&text("。", "."));
    });
}
