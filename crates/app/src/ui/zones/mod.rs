//! `zones.html`: what each zone and line has, what ecosystems give there, how it changed and who answers
//! for it. One file, no network, both languages in it, as the report.

mod offices;
mod pattern;
mod picture;
mod rules;
mod sets;

use liangshan_atlas::zones::pattern::Pattern;
use liangshan_atlas::zones::sheet::ZoneSheet;
use liangshan_vocab::{Text, text, words};

use super::html::Html;
use super::report::view::origin_chip;
use super::report::{SCRIPT, STYLE};
use super::words as said;

const OWN: &str = include_str!("zones.css");

/// What the sections draw.
struct View<'a> {
    sheet: &'a ZoneSheet<'a>,
    pattern: Option<&'a Pattern>,
    cards: Vec<liangshan_atlas::publication::PlaceCard>,
    latest: i32,
    /// The pair of years whose change is told.
    pair: Option<(i32, i32)>,
}

struct Section {
    id: &'static str,
    title: Text,
    lead: Text,
    draw: fn(&mut Html, &View<'_>),
}

/// Renders the page. The same sheet gives the same bytes.
pub(crate) fn zones(sheet: &ZoneSheet<'_>, pattern: Option<&Pattern>) -> String {
    let latest = sheet.years().last().copied().unwrap_or_default();
    let pair = sheet.account.changes.last().map(|c| (c.from, c.to));
    let view = View { sheet, pattern, cards: sheet.cards(), latest, pair };
    let sections = sections(&view);
    let mut h = Html::default();
    h.with("html", &[("lang", "zh"), ("data-lang", "zh")], |h| {
        h.el("head", |h| head(h, &view));
        h.el("body", |h| {
            h.with("a.skip", &[("href", "#main")], |h| h.say(&text("跳到正文", "Skip to the text")));
            h.el("header", |h| masthead(h, &view));
            h.with("main", &[("id", "main")], |h| {
                notice(h, &view);
                contents(h, &sections);
                for (at, section) in sections.iter().enumerate() {
                    let title_id = format!("{}-title", section.id);
                    h.with("section", &[("id", section.id), ("aria-labelledby", &title_id)], |h| {
                        h.with("h2", &[("id", &title_id)], |h| {
                            let number = format!("{}", at + 1);
                            h.el("span.number", |h| h.text(&number));
                            h.say(&section.title);
                        });
                        h.line("p.lead", &section.lead);
                        (section.draw)(h, &view);
                    });
                }
            });
            h.el("footer", colophon);
            h.embed("script", SCRIPT);
        });
    });
    format!("<!DOCTYPE html>\n{}\n", h.finish())
}

fn title(view: &View<'_>) -> Text {
    match &view.sheet.office {
        Some(office) => words!("{} 负责的分区与控制线", "Zones and lines that {} answers for", office.name),
        None => text("分区与控制线资产报表", "Assets by zone and control line"),
    }
}

fn head(h: &mut Html, view: &View<'_>) {
    h.void("meta", &[("charset", "utf-8")]);
    h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    h.void("meta", &[("name", "generator"), ("content", &format!("liangshan {}", liangshan_atlas::VERSION))]);
    let (place, title) = (&view.sheet.book.prepared.region.declared.title, title(view));
    h.with("title", &[("data-zh", &format!("{} · {}", place.zh, title.zh)), ("data-en", &format!("{} · {}", place.en, title.en))], |h| {
        h.text(&format!("{} · {}", place.zh, title.zh));
    });
    h.embed("style", STYLE);
    h.embed("style", OWN);
}

fn masthead(h: &mut Html, view: &View<'_>) {
    let sheet = view.sheet;
    h.el("div.bar-top", |h| {
        h.el("p.brand", |h| {
            h.with("b", &[("lang", "zh")], |h| h.text("两山"));
            h.with("b", &[("lang", "en")], |h| h.text("Liangshan"));
            h.say(&text("空间管控", "spatial control"));
        });
        h.with("div.languages", &[("role", "group"), ("aria-label", "语言 / Language")], |h| {
            for (code, name, pressed) in [("zh", "中文", "true"), ("en", "English", "false")] {
                h.with("button", &[("type", "button"), ("data-set-lang", code), ("aria-pressed", pressed)], |h| h.text(name));
            }
        });
    });
    h.el("h1", |h| {
        h.line("span.place", &sheet.book.prepared.region.declared.title);
        h.text(" ");
        h.line("span.subject", &title(view));
    });
    h.el("dl.facts", |h| {
        fact(h, &text("分区版本", "Zones of"), |h| h.text(&sheet.zones.day.to_string()));
        fact(h, &text("方法方案", "Method profile"), |h| h.el("code", |h| h.text(&sheet.book.assembled.account.profile)));
        fact(h, &text("分区数据", "Zones are"), |h| origin_chip(h, sheet.zones.origin));
        let zones = sheet.lines.iter().filter(|l| l.zone.is_some()).count();
        fact(h, &text("分区", "Zones"), |h| h.text(&zones.to_string()));
    });
}

fn fact(h: &mut Html, name: &Text, inside: impl FnOnce(&mut Html)) {
    h.el("div", |h| {
        h.line("dt", name);
        h.el("dd", inside);
    });
}

fn notice(h: &mut Html, view: &View<'_>) {
    h.with("aside.notice", &[("aria-labelledby", "notice-title")], |h| {
        h.with("h2", &[("id", "notice-title")], |h| h.say(&text("引用之前", "Before you quote a number")));
        h.el("div.points", |h| {
            if view.sheet.zones.origin.has_synthetic() {
                h.el("div.point", |h| {
                    h.line("h3", &text("合成数据", "Synthetic data"));
                    h.line(
                        "p",
                        &text(
                            "分区与控制线含合成（虚构）图层，没有法律效力，与批准的界线不同；账户本身也含合成数据。",
                            "Zones and lines hold synthetic (invented) layers, have no legal force and do not resemble the decreed ones; the account itself rests on synthetic data too.",
                        ),
                    );
                });
            }
            h.el("div.point", |h| {
                h.line("h3", &text("面积", "Areas"));
                h.line("p", &view.sheet.method());
            });
            h.el("div.point", |h| {
                h.line("h3", &text("价值怎样分到分区", "How value is divided"));
                h.line(
                    "p",
                    &text(
                        "有分布图的服务按格网与分区的精确重叠分；没有图的按所列规则分摊或不分。各部分是账户单元的整数拆分，互不重叠的分区相加等于账户，精确到分。",
                        "Services with a map are divided by the exact overlap of cells and zones; those without by the rule that is listed, or not at all. Parts are whole and add up to the account, to the fen.",
                    ),
                );
            });
            h.el("div.point", |h| {
                h.line("h3", &text("规则", "Rules"));
                let source = &view.sheet.rules.source;
                h.line("p", &words!("阈值与分摊规则是数据：{source}。", "Thresholds and shares are data: {source}."));
            });
        });
    });
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

fn sections(view: &View<'_>) -> Vec<Section> {
    let mut out = vec![Section {
        id: "sets",
        title: text("分区与控制线", "Zones and lines"),
        lead: text(
            "面积、占比、资产与变化；“以上之外”是该组分区都没有覆盖的部分，与各分区相加等于全域。",
            "Areas, shares, what ecosystems give and how it changed. With what lies outside all of a group, its zones add up to the region.",
        ),
        draw: sets::draw,
    }];
    out.push(Section {
        id: "services",
        title: text("三区三线的各项服务", "Services by zone and line"),
        lead: text("最近一年，价值。空格表示没有，不是零。", "Value in the latest year. A blank means there is none; it is not zero."),
        draw: sets::services,
    });
    if view.sheet.lines.iter().any(|l| !l.alerts.is_empty()) {
        out.push(Section {
            id: "alerts",
            title: text("下降预警", "Declines"),
            lead: text(
                "“扣除天气与单价”只留土地覆被与其他因素造成的变化，是管理可以负责的部分。",
                "Value less weather and prices is what land cover and the rest made of it: the part that management can answer for.",
            ),
            draw: offices::alerts,
        });
    }
    out.push(Section {
        id: "offices",
        title: text("按责任部门", "By office"),
        lead: text("每个部门负责的分区里变了什么，按成因分。", "What changed inside the zones that each office answers for, by its causes."),
        draw: offices::draw,
    });
    out.push(Section {
        id: "rules",
        title: text("须遵守的规则", "What zones and lines must keep to"),
        lead: text("逐条核对，问题给出位置；碎片单列，不隐藏。", "Each held against the layers; faults with their place, slivers apart and not hidden."),
        draw: rules::draw,
    });
    out.push(Section {
        id: "undivided",
        title: text("不分区的与按规则分摊的", "What is not divided, or by a rule"),
        lead: text("没有分布图的指标，逐项说明。", "Indicators without a map, one by one."),
        draw: rules::undivided,
    });
    if view.pattern.is_some() {
        out.push(Section {
            id: "pattern",
            title: text("安全格局候选", "Candidates of the security pattern"),
            lead: text(
                "按重要性、阻力与最小累积阻力算出，用来核对绘制的“两轴、两翼、六廊、多点”，不替代它。",
                "Computed from importance, resistance and least cost, to hold the drawn pattern against; they do not replace it.",
            ),
            draw: pattern::draw,
        });
    }
    out
}

fn colophon(h: &mut Html) {
    h.line(
        "p",
        &words!(
            "由两山（Liangshan）{} 版生成。相同的输入得到逐字节相同的页面。",
            "Made by Liangshan {}. The same inputs give the same page, byte by byte.",
            liangshan_atlas::VERSION
        ),
    );
    h.line(
        "p",
        &text(
            "行政边界 © OpenStreetMap 贡献者（ODbL 1.0）。示意图，不作划界依据。",
            "Boundaries © OpenStreetMap contributors (ODbL 1.0). Sketches, not for delimitation.",
        ),
    );
}

/// Area in km² with two decimals.
fn km2(area: i128) -> String {
    said::float(area as f64 / 1e8, 2)
}

#[cfg(test)]
mod tests;
