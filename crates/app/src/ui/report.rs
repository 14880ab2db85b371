//! `report.html`: the account of a region as a bureau would hand it to its reviewers. One file, no
//! network, both languages in it; it reads on a screen, on a phone and on paper, and without scripts
//! it is Chinese.
//!
//! Nothing is computed from the numbers but shares, differences and pictures of them; every sum is an
//! integer of the account.

mod causes;
pub(crate) mod change;
mod check;
mod completeness;
mod counties;
mod ecosystems;
mod elsewhere;
mod glance;
mod maps;
mod method;
mod opening;
pub(crate) mod outline;
mod review;
mod services;
mod sources;
pub(crate) mod view;

use liangshan_atlas::publication::Publication;
use liangshan_atlas::region::Weather;
use liangshan_vocab::{Text, text, words};

use super::html::Html;
use view::View;

pub(super) const STYLE: &str = include_str!("report/report.css");
pub(super) const SCRIPT: &str = include_str!("report/report.js");

/// A section: its anchor, its title, a sentence that says how to read it, and what it draws.
struct Section {
    id: &'static str,
    title: Text,
    lead: Text,
    draw: fn(&mut Html, &View<'_>),
}

/// Renders the report. The same publication gives the same bytes.
pub(crate) fn report(publication: &Publication) -> String {
    let view = View::of(publication);
    let sections = sections(&view);
    let mut h = Html::default();
    h.with("html", &[("lang", "zh"), ("data-lang", "zh")], |h| {
        h.el("head", |h| head(h, &view));
        h.el("body", |h| {
            h.with("a.skip", &[("href", "#main")], |h| h.say(&text("跳到正文", "Skip to the text")));
            h.el("header", |h| opening::masthead(h, &view));
            h.with("main", &[("id", "main")], |h| {
                opening::notice(h, &view);
                contents(h, &sections);
                for (at, section) in sections.iter().enumerate() {
                    let title_id = format!("{}-title", section.id);
                    h.with("section", &[("id", section.id), ("aria-labelledby", &title_id)], |h| {
                        h.with("h2", &[("id", &title_id)], |h| {
                            let number = format!("{}", at + 1);
                            h.el("span.number", |h| h.text(&number));
                            h.say(&section.title);
                        });
                        if !section.lead.is_empty() {
                            h.line("p.lead", &section.lead);
                        }
                        (section.draw)(h, &view);
                    });
                }
            });
            h.el("footer", |h| opening::colophon(h, &view));
            h.embed("script", SCRIPT);
        });
    });
    format!("<!DOCTYPE html>\n{}\n", h.finish())
}

fn head(h: &mut Html, view: &View<'_>) {
    h.void("meta", &[("charset", "utf-8")]);
    h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    h.void("meta", &[("name", "generator"), ("content", &format!("liangshan {}", view.publication.version))]);
    let title = opening::title(view);
    let place = &view.publication.title;
    h.with("title", &[("data-zh", &format!("{} · {}", place.zh, title.zh)), ("data-en", &format!("{} · {}", place.en, title.en))], |h| {
        h.text(&format!("{} · {}", place.zh, title.zh));
    });
    h.embed("style", STYLE);
}

fn contents(h: &mut Html, sections: &[Section]) {
    h.with("nav.contents", &[("aria-label", "目录 / Contents")], |h| {
        h.el("ol", |h| {
            for section in sections {
                let to = format!("#{}", section.id);
                h.el("li", |h| h.with("a", &[("href", &to)], |h| h.say(&section.title)));
            }
        });
    });
}

/// The sections that this publication has something to say in, in the order of reading.
fn sections(view: &View<'_>) -> Vec<Section> {
    let mut out = vec![
        Section {
            id: "glance",
            title: text("总览", "At a glance"),
            lead: text("金额取四舍五入后的亿元；鼠标停在数字上可见精确到分的原值。", "Money is rounded; hover over a number for its exact value to the fen."),
            draw: glance::draw,
        },
        Section {
            id: "services",
            title: text("各项服务", "Services one by one"),
            lead: text(
                "按物质供给、调节服务、文化服务三类列出。价值量由实物量乘以单价得到；合计行的单价为平均值。",
                "By the three classes of ecosystem products. Value is quantity times price; the price of a total is an average.",
            ),
            draw: services::draw,
        },
    ];
    if view.counties.len() > 1 {
        out.push(Section {
            id: "counties",
            title: text("分县（市、区）", "Counties side by side"),
            lead: text("各县（市、区）之和等于全域，精确到分。", "The counties add up to the whole, to the fen."),
            draw: counties::draw,
        });
    }
    out.push(Section {
        id: "ecosystems",
        title: text("分生态系统类型", "Ecosystem types"),
        lead: text("各类型之和等于合计。空格表示没有该项，不是零。", "The types add up to the total. A blank means there is none; it is not zero."),
        draw: ecosystems::draw,
    });
    if !view.publication.maps.is_empty() {
        out.push(Section {
            id: "maps",
            title: text("分布图", "Maps"),
            lead: text(
                "同一指标各年共用一个色阶，可以直接比较。原始栅格为随附的 GeoTIFF 文件。",
                "All years of an indicator share one scale and can be compared. The rasters behind them are the GeoTIFF files beside this report.",
            ),
            draw: maps::draw,
        });
    }
    if let (Some(previous), latest) = (view.previous, view.latest) {
        out.push(Section {
            id: "change",
            title: words!("{previous} 年与 {latest} 年对比", "{previous} against {latest}"),
            lead: match view.publication.weather {
                Weather::Year => text(
                    "先看成因：天气、单价、土地覆被与其他；再看由哪些服务构成。各项之和等于合计的增减。",
                    "By cause first: weather, prices, land cover and the rest; then by service. Either way the parts add up to the change of the total.",
                ),
                Weather::Normal => text(
                    "各项增减之和等于合计的增减。两年均按常年平均天气核算，变化中不含天气的影响。",
                    "The changes add up to the change of the total. Both years are computed with the weather of normal years, so weather has no part in them.",
                ),
            },
            draw: change::draw,
        });
    }
    if view.total(view.latest).is_some_and(|t| t.per_km2.is_some()) {
        out.push(Section {
            id: "elsewhere",
            title: text("与已发表结果比较", "Beside published accounts"),
            lead: text(
                "每平方千米价值与其他地方的对照；差异拆为实物量与单价两部分。",
                "The value per km² beside other places; a difference is one of quantities times one of prices.",
            ),
            draw: elsewhere::draw,
        });
    }
    out.push(Section {
        id: "completeness",
        title: text("完整性", "Completeness"),
        lead: text("缺什么、为什么缺、应由哪个文件提供。", "What is missing, why, and which file should bring it."),
        draw: completeness::draw,
    });
    if view.publication.review.iter().any(|q| q.year == view.latest) {
        out.push(Section { id: "review", title: text("评审质询单", "What a review will attack"), lead: review::lead(view), draw: review::draw });
    }
    if !view.publication.warnings.is_empty() {
        out.push(Section {
            id: "questions",
            title: text("程序发现的疑点", "Doubts found on the way"),
            lead: text("核算照常进行，但引用前应逐条看过。", "The numbers stand, but read these before you quote them."),
            draw: completeness::questions,
        });
    }
    out.push(Section {
        id: "check",
        title: text("如何核对", "How to check us"),
        lead: text(
            "下面把一个数字从输入到结果逐步重算，用计算器即可复核。",
            "One number taken from its inputs to the result, step by step; a pocket calculator suffices.",
        ),
        draw: check::draw,
    });
    out.push(Section { id: "method", title: text("核算方法", "Method"), lead: Text::default(), draw: method::draw });
    out.push(Section {
        id: "sources",
        title: text("数据来源", "Sources"),
        lead: text("校验值为文件的 SHA-256；任何改动都会使它变化。", "The digest is the file's SHA-256, which changes with any change of the file."),
        draw: sources::draw,
    });
    out
}

#[cfg(test)]
mod tests;
