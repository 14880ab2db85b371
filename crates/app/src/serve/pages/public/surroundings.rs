//! Water and air around a place. What the stations say stands on the pages of the environment; here is
//! the way to them.

use liangshan_vocab::text;

use crate::serve::pages::accounts::desk::Desk;
use crate::serve::pages::routes;
use crate::ui::html::Html;

/// Where the environment is shown.
const ENVIRONMENT: &str = "/environment";

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    h.line("h2", &text("身边的水和空气", "Water and air around you"));
    if routes().iter().any(|r| r.path == ENVIRONMENT) {
        h.el("p", |h| {
            h.say(&text(
                "河流断面的水质类别、空气质量指数，每个站点的数和它的限值：",
                "The classes of rivers, the index of the air, and every station with its limits: ",
            ));
            h.with("a", &[("href", &desk.ask.link(ENVIRONMENT, &[]))], |h| h.say(&text("看环境质量", "see Environment")));
            h.say(&text("。", "."));
        });
    } else {
        h.line(
            "p",
            &text(
                "本区域还没有监测站点的数据，所以这里不说水好不好、天蓝不蓝。",
                "This region has no data of stations yet, so nothing is said here of its water and air.",
            ),
        );
    }
}
