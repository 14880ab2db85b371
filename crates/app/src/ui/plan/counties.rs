//! Targets broken down to the counties, and the green-development index of the counties.

use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::feeds::shown as number;
use liangshan_vocab::{Text, text, words};

use super::framed;
use crate::ui::html::Html;

pub(super) fn draw(h: &mut Html, plan: &Planbook) {
    let mut head = vec![text("目标", "Target"), text("规则", "Rule")];
    head.extend(plan.counties.iter().map(|c| plan.place(c)));
    framed(h, "words.pinned.short", &head, |h| {
        for target in plan.targets.iter().filter(|t| !t.parts.is_empty()) {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| {
                    h.text(&target.row.id);
                    h.text(" ");
                    h.say(&target.row.title);
                });
                let rule = match target.sources.break_down.map(|r| r.word()) {
                    Some("share") => text("按基数分", "by share"),
                    Some("level") => text("同幅", "same change"),
                    _ => text("同值", "same value"),
                };
                h.line("td", &rule);
                for code in &plan.counties {
                    let Some(part) = target.parts.iter().find(|p| p.place == *code) else {
                        h.el("td", |_| {});
                        continue;
                    };
                    let class = if part.gap.is_some_and(|g| g < 0.0) { "td.short" } else { "td" };
                    h.el(class, |h| match (part.value, part.target, part.gap) {
                        (Some(value), Some(own), Some(gap)) => {
                            let (value, own, gap) = (number(value), number(own), format!("{}{}", if gap > 0.0 { "+" } else { "" }, number(gap)));
                            h.say(&words!("{value} / {own}（{gap}）", "{value} / {own} ({gap})"));
                        }
                        (None, Some(own), _) => {
                            let own = number(own);
                            h.say(&words!("缺数 / {own}", "no value / {own}"));
                        }
                        _ => h.say(&text("缺数", "no value")),
                    });
                }
            });
        }
    });
    h.line("p.note", &text("每格：现值 / 分解值（差距）。", "Each cell: value / part (gap)."));
}

pub(super) fn green(h: &mut Html, plan: &Planbook) {
    let Some(green) = &plan.green else {
        return h.line("p", &text("没有可计算的指标。", "There is no indicator to compute it from."));
    };
    let (year, known, applying) = (green.year, green.known, green.applying);
    h.line(
        "p.headline",
        &words!(
            "{year} 年：适用的 {applying} 项指标中有 {known} 项有各县数据，其余按 60 分；权重未经核实，本表只演示算法。",
            "{year}: {known} of the {applying} indicators that apply have data of every county, the others score 60; weights are unverified. The table shows the method and no more."
        ),
    );
    let mut head = vec![text("县（市、区）", "County")];
    head.extend(green.groups.iter().map(|(_, title, weight, applying, known)| {
        Text::of(format!("{}（{weight} %，{known}/{applying}）", title.zh), format!("{} ({weight} %, {known}/{applying})", title.en))
    }));
    head.extend([text("指数", "Index"), text("位次", "Rank"), text("考核", "Assessment"), text("等次", "Grade")]);
    framed(h, "words.pinned", &head, |h| {
        for county in &green.counties {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.say(&plan.place(&county.code)));
                for score in county.groups.iter().chain([&county.index]) {
                    h.el("td", |h| h.text(&score.map_or_else(|| "–".to_owned(), |s| format!("{s:.2}"))));
                }
                h.el("td", |h| h.text(&county.rank.to_string()));
                h.el("td", |h| h.text(&format!("{:.2}", county.assessment)));
                h.line("td", &county.grade.title());
            });
        }
    });
}
