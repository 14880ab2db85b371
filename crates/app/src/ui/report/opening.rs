//! How a report begins and ends: whose it is, what must be known before any number is quoted, and
//! what everything rests on.

use liangshan_accounts::account::Total;
use liangshan_atlas::region::Weather;
use liangshan_vocab::{Evidence, Fen, Origin, Text, text, words};

use super::outline;
use super::view::{View, evidence_chip};
use crate::ui::bars::{bar, end_to_end, key};
use crate::ui::html::Html;
use crate::ui::words;

/// What the report may call itself, given what is missing.
pub(super) fn title(view: &View<'_>) -> Text {
    let years = view.years();
    let span = match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => Text::of(format!("{first}—{last} 年"), format!("{first}–{last}")),
        (Some(only), _) => Text::of(format!("{only} 年"), only.to_string()),
        _ => Text::default(),
    };
    if years.iter().all(|y| view.total(*y).is_some_and(|t| t.complete)) {
        Text::of(format!("{}生态产品总值核算报告", span.zh), format!("Gross ecosystem product (GEP), {}", span.en))
    } else {
        Text::of(format!("{}生态系统服务价值核算报告", span.zh), format!("Account of assessed ecosystem services, {}", span.en))
    }
}

/// The head of the page.
pub(super) fn masthead(h: &mut Html, view: &View<'_>) {
    let publication = view.publication;
    outline::silhouette(h, view);
    h.el("div.bar-top", |h| {
        h.el("p.brand", |h| {
            h.with("b", &[("lang", "zh")], |h| h.text("两山"));
            h.with("b", &[("lang", "en")], |h| h.text("Liangshan"));
            h.say(&text("生态产品价值核算", "natural capital accounts"));
        });
        h.with("div.languages", &[("role", "group"), ("aria-label", "语言 / Language")], |h| {
            for (code, name, pressed) in [("zh", "中文", "true"), ("en", "English", "false")] {
                h.with("button", &[("type", "button"), ("data-set-lang", code), ("aria-pressed", pressed)], |h| h.text(name));
            }
        });
    });
    h.el("h1", |h| {
        h.line("span.place", &publication.title);
        h.text(" ");
        h.line("span.subject", &title(view));
    });
    h.el("dl.facts", |h| {
        fact(h, &text("方法方案", "Method profile"), |h| {
            h.el("code", |h| h.text(&publication.profile.printed_id()));
            h.text(" ");
            evidence_chip(h, publication.profile.evidence);
        });
        let weather = match publication.weather {
            Weather::Year => text("当年天气", "of the year itself"),
            Weather::Normal => text("常年平均天气", "of normal years"),
        };
        fact(h, &text("气象条件", "Weather"), |h| h.say(&weather));
        let places = view.counties.len();
        fact(h, &text("核算单元", "Units"), |h| {
            h.say(&words!("{places} 个县（市、区）", "{places} counties"));
        });
        let cell = words::trimmed(&format!("{:.2}", publication.cell_m));
        fact(h, &text("格网", "Grid"), |h| h.say(&words!("{cell} 米，{}", "{cell} m, {}", publication.crs)));
        fact(h, &text("本次运行", "This run"), |h| {
            h.with("code", &[("title", publication.basis.as_str())], |h| h.text(publication.basis.short()));
        });
    });
}

fn fact(h: &mut Html, name: &Text, inside: impl FnOnce(&mut Html)) {
    h.el("div", |h| {
        h.line("dt", name);
        h.el("dd", inside);
    });
}

/// What must be known before any number is quoted.
pub(super) fn notice(h: &mut Html, view: &View<'_>) {
    let Some(total) = view.total(view.latest) else { return };
    h.with("aside.notice", &[("aria-labelledby", "notice-title")], |h| {
        h.with("h2", &[("id", "notice-title")], |h| h.say(&text("引用之前，请先看这四点", "Four things to know before you quote a number")));
        h.el("div.points", |h| {
            point(h, &text("名称", "The name"), |h| name(h, view, total));
            point(h, &text("合成数据", "Synthetic data"), |h| synthetic(h, view));
            point(h, &text("未核实的方法", "Unverified methods"), |h| unverified(h, view));
            point(h, &text("边界与地图", "Boundaries and maps"), |h| {
                let edition = &view.publication.edition;
                h.line(
                    "p",
                    &words!(
                        "地图为示意图，边界（{edition}）来自 OpenStreetMap，非官方界线，不作为划界依据。公开展示地图须经地图审核。",
                        "Maps are sketches. Boundaries ({edition}) are OpenStreetMap's, not official ones. Showing maps in public in China needs a map review."
                    ),
                );
            });
        });
    });
}

fn point(h: &mut Html, title: &Text, inside: impl FnOnce(&mut Html)) {
    h.el("div.point", |h| {
        h.line("h3", title);
        inside(h);
    });
}

fn name(h: &mut Html, view: &View<'_>, total: &Total) {
    let (counted, missing) = view.completeness(view.latest);
    let title = total.title();
    let said = if total.complete {
        Text::of(
            format!("方法方案计入的 {counted} 项指标均已核算，或已申明不适用、为零并说明理由，因此合计称为“{}”。", title.zh),
            format!(
                "All {counted} indicators of the method are computed, or declared not applicable or zero with a reason, so the total is called {}.",
                title.en
            ),
        )
    } else {
        Text::of(
            format!("方法方案计入 {counted} 项指标，其中 {missing} 项缺少输入。因此合计只称“{}”，不得称为生态产品总值（GEP）。", title.zh),
            format!(
                "The method counts {counted} indicators and {missing} of them lack an input. The total is therefore a {} and must not be called GEP.",
                title.en
            ),
        )
    };
    h.line("p", &said);
    h.with("p.more", &[], |h| h.with("a", &[("href", "#completeness")], |h| h.say(&text("缺什么、为什么", "What is missing and why"))));
}

fn synthetic(h: &mut Html, view: &View<'_>) {
    let by = view.by_origin(view.latest);
    let all: Fen = by.values().copied().sum();
    let doubtful: Fen = by.iter().filter(|(origin, _)| origin.has_synthetic()).map(|(_, value)| *value).sum();
    let year = view.latest;
    if all.0 <= 0 {
        return h.line("p", &text("没有可计价的数字。", "There is no number in yuan."));
    }
    let share = words::percent(doubtful.as_yuan_f64() / all.as_yuan_f64(), false);
    h.line(
        "p",
        &if doubtful.0 == 0 {
            words!("{year} 年的合计不含合成（虚构）数据。", "Nothing in the total of {year} rests on synthetic (invented) data.")
        } else {
            words!(
                "{year} 年合计中，{share} 的金额所依据的输入全部或部分为合成（虚构）数据，仅供演示，不得作为官方数字引用。",
                "{share} of the total of {year} rests wholly or partly on synthetic (invented) inputs. It is a demonstration; do not quote it as an official figure."
            )
        },
    );
    shares(
        h,
        &text("按输入来源划分的金额", "Money by what its inputs are"),
        all,
        Origin::ALL.iter().filter_map(|o| Some((format!("origin-{}", o.word()), o.title(), *by.get(o)?))),
    );
}

fn unverified(h: &mut Html, view: &View<'_>) {
    let by = view.by_evidence(view.latest);
    let all: Fen = by.values().copied().sum();
    let id = view.publication.profile.printed_id();
    let note = words::note(&view.publication.profile.note);
    h.line(
        "p",
        &match view.publication.profile.evidence {
            Evidence::Verified => words!("方法方案 {id} 的原文已核对。", "The text behind the profile {id} was read."),
            Evidence::Partial => words!("方法方案 {id} 的原文只核对了一部分。", "Only part of the text behind the profile {id} was read."),
            Evidence::Unverified => words!("方法方案 {id} 的原文尚无人读过。", "Nobody here has read the text behind the profile {id}."),
        },
    );
    if !note.is_empty() {
        h.line("p", &note);
    }
    if all.0 > 0 {
        let kinds = [Evidence::Verified, Evidence::Partial, Evidence::Unverified];
        shares(
            h,
            &text("按方法与单价是否核实划分的金额", "Money by whether method and price were read"),
            all,
            kinds.iter().filter_map(|e| Some((format!("evidence-{}", e.word()), e.title(), *by.get(e)?))),
        );
    }
}

/// A bar of parts of a sum, with a key that says each part's share.
fn shares(h: &mut Html, title: &Text, all: Fen, parts: impl Iterator<Item = (String, Text, Fen)>) {
    let parts: Vec<(String, Text, Fen)> = parts.filter(|p| p.2.0 != 0).collect();
    let said = |name: &Text, value: &Fen| {
        let share = words::percent(value.as_yuan_f64() / all.as_yuan_f64(), false);
        Text::of(format!("{} {share}", name.zh), format!("{} {share}", name.en))
    };
    h.el("div.shares", |h| {
        let pieces = end_to_end(all.as_yuan_f64(), parts.iter().map(|(class, name, value)| (value.as_yuan_f64(), class.clone(), said(name, value))));
        bar(h, title, &pieces);
        key(h, parts.iter().map(|(class, name, value)| (class.as_str(), said(name, value))));
    });
}

/// What everything rests on, at the foot.
pub(super) fn colophon(h: &mut Html, view: &View<'_>) {
    let publication = view.publication;
    h.el("p", |h| {
        let version = publication.version;
        h.say(&words!("由两山（Liangshan）{version} 版生成。运行标识：", "Made by Liangshan {version}. This run: "));
        h.el("code.long", |h| h.text(publication.basis.as_str()));
    });
    h.line(
        "p",
        &text(
            "相同的输入得到逐字节相同的报告。本报告为方法演示，不是官方核算结果。行政边界 © OpenStreetMap 贡献者（ODbL 1.0）。",
            "The same inputs give the same report, byte by byte. It demonstrates a method and is not an official account. Boundaries © OpenStreetMap contributors (ODbL 1.0).",
        ),
    );
}
