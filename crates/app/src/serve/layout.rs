//! What all pages have in common: head, areas, language, marks, and the page of a refusal.

use liangshan_vocab::{Lang, Problems, Text, text};
use serde_json::Value;

use super::assets::address;
use super::reply::{Refusal, Reply};
use super::route::{Ask, link};
use super::snapshot::Snapshot;
use crate::ui::html::Html;

/// The areas, in the order of the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// 一张图.
    Map,
    /// 价值核算.
    Accounts,
    /// 规划实施.
    Plan,
    /// 环境质量.
    Environment,
    /// 公众服务.
    Public,
    /// None of them.
    Other,
}

const AREAS: [(Screen, &str, Text); 5] = [
    (Screen::Map, "/map", text("一张图", "Map")),
    (Screen::Accounts, "/accounts", text("价值核算", "Accounts")),
    (Screen::Plan, "/plan", text("规划实施", "Plan")),
    (Screen::Environment, "/environment", text("环境质量", "Environment")),
    (Screen::Public, "/public", text("公众服务", "Public")),
];

/// What a page brings besides its body.
pub(crate) struct Page<'p> {
    /// Which area it belongs to.
    pub(crate) screen: Screen,
    /// Its title, before the region's.
    pub(crate) title: Text,
    /// Style sheets below `ui/`, besides the common ones.
    pub(crate) styles: &'p [&'p str],
    /// Modules below `ui/js/`.
    pub(crate) modules: &'p [&'p str],
    /// Classic scripts below `ui/`, run before the modules: charts.
    pub(crate) scripts: &'p [&'p str],
    /// A class of the body: `full` for the map, which is the page.
    pub(crate) class: &'p str,
}

impl Page<'_> {
    /// A page of an area with nothing but the common style.
    pub(crate) fn of(screen: Screen, title: Text) -> Self {
        Self { screen, title, styles: &[], modules: &[], scripts: &[], class: "" }
    }
}

/// Draws a page: the head, what `body` writes in the main part, the foot.
pub(crate) fn page(ask: &Ask<'_>, page: &Page<'_>, body: impl FnOnce(&mut Html)) -> Reply {
    Reply::html(drawn(ask.snapshot, ask.lang, ask.path, &ask.query(), page, None, body))
}

fn drawn(snapshot: &Snapshot, lang: Lang, path: &str, here: &[(&str, &str)], page: &Page<'_>, refresh: Option<u32>, body: impl FnOnce(&mut Html)) -> String {
    let region = &snapshot.region.declared.title;
    let mut h = Html::speaking(lang);
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    h.with("html", &[("lang", code)], |h| {
        h.el("head", |h| {
            h.void("meta", &[("charset", "utf-8")]);
            h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            if let Some(seconds) = refresh {
                h.void("meta", &[("http-equiv", "refresh"), ("content", &seconds.to_string())]);
            }
            h.el("title", |h| h.text(&format!("{} · {}", page.title.get(lang), region.get(lang))));
            h.void("link", &[("rel", "icon"), ("type", "image/svg+xml"), ("href", &address("icon.svg"))]);
            for style in ["css/tokens.css", "css/page.css"].iter().chain(page.styles) {
                h.void("link", &[("rel", "stylesheet"), ("href", &address(style))]);
            }
            for script in page.scripts {
                h.with("script", &[("defer", ""), ("src", &address(script))], |_| {});
            }
            for module in ["js/page.js"].iter().chain(page.modules) {
                h.with("script", &[("type", "module"), ("src", &address(module))], |_| {});
            }
        });
        let class = [("class", page.class)];
        h.with("body", if page.class.is_empty() { &[] } else { &class }, |h| {
            h.with("a.skip", &[("href", "#main")], |h| h.say(&text("跳到正文", "Skip to content")));
            head(h, snapshot, lang, path, here, page.screen);
            if let Some(problems) = snapshot.trouble() {
                trouble(h, &problems);
            }
            h.with("main", &[("id", "main"), ("tabindex", "-1")], body);
            if page.class != "full" {
                foot(h, lang);
            }
        });
    });
    format!("<!doctype html>\n{}\n", h.finish())
}

/// What goes along from one area to another, by the address it leads to.
const KEPT: [(&str, &[&str]); 3] = [("/map", &["place", "year"]), ("/accounts", &["place", "year", "profile"]), ("/public", &["place"])];

fn head(h: &mut Html, snapshot: &Snapshot, lang: Lang, path: &str, here: &[(&str, &str)], screen: Screen) {
    h.el("header.top", |h| {
        h.with("a.region", &[("href", &link(lang, "/map", &[]))], |h| h.say(&snapshot.region.declared.title));
        h.with("nav", &[("aria-label", text("主要栏目", "areas").get(lang))], |h| {
            for (area, at, title) in &AREAS {
                // Where one looks goes along between the areas that show places.
                let kept: Vec<(&str, &str)> =
                    here.iter().copied().filter(|(name, _)| KEPT.iter().any(|(area, names)| area == at && names.contains(name))).collect();
                let to = link(lang, at, &kept);
                let mut attributes = vec![("href", to.as_str())];
                if *area == screen {
                    attributes.push(("aria-current", "page"));
                }
                h.with("a", &attributes, |h| h.say(title));
            }
        });
        if snapshot.invented() {
            let title = text(
                "本区域的部分数据是合成或模拟的，每个数字都注明了出处",
                "part of this region's data is synthetic or modelled; every number says what it rests on",
            );
            h.with("a.mark", &[("href", &link(lang, "/public", &[])), ("title", title.get(lang))], |h| h.say(&text("含合成数据", "with synthetic data")));
        }
        let (other, code, name) = if lang == Lang::Zh { (Lang::En, "en", "English") } else { (Lang::Zh, "zh-CN", "中文") };
        let to = link(other, path, here);
        h.with("a.language", &[("href", &to), ("hreflang", code), ("lang", code), ("data-language", "")], |h| h.text(name));
    });
}

fn foot(h: &mut Html, lang: Lang) {
    h.el("footer.foot", |h| {
        h.el("p", |h| {
            h.say(&text("只读浏览，数据不出本机。", "Read-only; nothing leaves this machine. "));
            h.with("a", &[("href", &link(lang, "/public", &[]))], |h| h.say(&text("开放数据与许可", "Open data and licences")));
            h.text(" · ");
            h.with("a", &[("href", "/api/openapi.json")], |h| h.say(&text("接口说明", "Interface (OpenAPI)")));
            h.text(&format!(" · {} {}", text("两山", "Liangshan").get(lang), liangshan_atlas::VERSION));
        });
    });
}

/// The folder has changed and cannot be read: what is shown is older.
fn trouble(h: &mut Html, problems: &Problems) {
    h.with("details.trouble", &[("role", "status")], |h| {
        h.el("summary", |h| {
            h.say(&text(
                "区域目录已改动，但现在读不通；这里显示的是改动前的内容。",
                "The region's folder has changed and cannot be read as it is; what is shown here is from before.",
            ));
        });
        letters(h, problems);
    });
}

/// Problems as letters.
pub(crate) fn letters(h: &mut Html, problems: &Problems) {
    h.el("ul.letters", |h| {
        for problem in problems.grouped(20) {
            h.el("li", |h| h.el("pre", |h| h.text(&problem.letter(h.lang()))));
        }
    });
}

/// The page of a refusal. One that waits refreshes by itself.
pub(crate) fn refusal(snapshot: &Snapshot, lang: Lang, path: &str, refused: &Refusal) -> String {
    let page = Page::of(Screen::Other, refused.title());
    let waiting = match refused {
        Refusal::Waiting(stage) => Some(stage.clone()),
        _ => None,
    };
    drawn(snapshot, lang, path, &[], &page, waiting.as_ref().map(|_| 2), |h| {
        h.el("section.sheet.narrow", |h| {
            h.line("h1", &refused.title());
            match &waiting {
                Some(stage) => {
                    h.line("p", &stage.title);
                    let (done, of) = (stage.done.to_string(), stage.of.max(1).to_string());
                    h.with("progress", &[("value", &done), ("max", &of), ("aria-label", stage.title.get(lang))], |h| h.text(&format!("{done} / {of}")));
                    h.line(
                        "p.caption",
                        &text(
                            "第一次打开时要核算一遍；完成后本页会自己显示。",
                            "The first time, the account is computed; this page shows it by itself when it is ready.",
                        ),
                    );
                }
                None => letters(h, &refused.problems()),
            }
            h.el("p", |h| h.with("a.button", &[("href", &link(lang, "/map", &[]))], |h| h.say(&text("回到一张图", "Back to the map"))));
        });
    })
}

/// Data for a script of ours, as an element that no browser runs.
pub(crate) fn data(h: &mut Html, id: &str, value: &Value) {
    h.data(id, &value.to_string());
}
