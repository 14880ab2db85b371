//! Targets one by one: what is wanted, where it stands, its path as a picture, its chance.

use liangshan_accounts::targets::{Attainment, Direction};
use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::feeds::shown as number;
use liangshan_atlas::planbook::targets::TargetView;
use liangshan_atlas::planbook::values::Fed;
use liangshan_vocab::{Text, text, words};

use super::{lamp_chip, percent};
use crate::ui::html::Html;

pub(super) fn draw(h: &mut Html, plan: &Planbook) {
    h.el("div.sheet", |h| {
        for target in &plan.targets {
            one(h, plan, target);
        }
    });
}

fn one(h: &mut Html, plan: &Planbook, target: &TargetView) {
    let standing = &target.standing;
    let id = format!("target-{}", target.row.id);
    h.with("div.target", &[("id", &id)], |h| {
        h.el("div", |h| {
            h.el("h3", |h| {
                h.el("code", |h| h.text(&target.row.id));
                h.say(&target.row.title);
                h.text(" ");
                lamp_chip(h, standing.lamp);
            });
            let wanted = format!("{} {}", target.wanted(), target.sources.unit);
            let due = target.row.aim.due;
            let said = verdict(target);
            h.line("p", &Text::of(format!("要求：{wanted}（{due} 年）；{}", said.zh), format!("Wanted: {wanted} by {due}; {}", said.en)));
            if let Some((year, value)) = standing.latest {
                let own = target.values.city.get(&year);
                let (fed, origin) = own.map_or((Fed::Nothing, ""), |v| (v.fed, v.origin.as_str()));
                let source = own.map(|v| v.source.clone()).unwrap_or_default();
                let value = number(value);
                let (fed_zh, fed_en) = (fed.title().zh, fed.title().en);
                h.line(
                    "p",
                    &Text::of(
                        format!("现值 {value}（{year} 年），{fed_zh}，{origin}；{}", source.zh),
                        format!("{value} in {year}, {fed_en}, {origin}; {}", source.en),
                    ),
                );
            } else if let Some(why) = target.values.short.values().next_back() {
                h.line("p", why);
            }
            if let (Some(gone), Some(planned)) = (standing.progress, standing.planned) {
                let (gone, planned) = (percent(gone), percent(planned));
                h.line("p", &words!("进度 {gone}，计划 {planned}", "{gone} of the way, {planned} planned"));
            }
            chance(h, target);
            let short = target.parts.iter().filter(|p| p.gap.is_some_and(|g| g < 0.0)).map(|p| plan.place(&p.place)).collect::<Vec<_>>();
            if !short.is_empty() {
                let list = |f: fn(&Text) -> &str| short.iter().map(f).collect::<Vec<_>>().join("、");
                let (zh, en) = (list(|t| &t.zh), list(|t| &t.en));
                h.line("p", &Text::of(format!("欠账的县（市、区）：{zh}"), format!("Short of their part: {en}")));
            }
            let owner = plan.office(&target.sources.owner);
            h.line("p.soft", &Text::of(format!("责任：{owner}；“{}”", target.row.quote), format!("Owner: {owner}; formula: {}", target.row.formula)));
        });
        picture(h, target);
    });
}

fn verdict(target: &TargetView) -> Text {
    let standing = &target.standing;
    let missing = standing.missing.iter().map(i32::to_string).collect::<Vec<_>>().join("、");
    match (standing.attained, standing.now) {
        (Attainment::Yes, _) => text("达到", "met"),
        (Attainment::No, _) => text("未达到", "not met"),
        (_, Attainment::Yes) => words!("现值达标，缺 {missing} 年，不能判定", "met at present; {missing} missing, so it cannot be decided"),
        (_, Attainment::No) => words!("现值未达标，缺 {missing} 年，不能判定", "short at present; {missing} missing, so it cannot be decided"),
        _ => words!("缺 {missing} 年，不能判定", "{missing} missing: it cannot be decided"),
    }
}

fn chance(h: &mut Html, target: &TargetView) {
    let Some(chance) = &target.chance else { return };
    let (probability, draws, seed, changes) = (percent(chance.probability), chance.draws, chance.seed, chance.history.changes);
    let said = words!(
        "按历史变化抽样 {draws} 次（种子 {seed}），到期达标概率 {probability}；历史只有 {changes} 次变化",
        "{draws} draws of the past changes (seed {seed}): a chance of {probability}; the past has {changes} changes"
    );
    let wide = text("，不足五次，用宽的先验", ", fewer than five, so a wide prior is used");
    let said = if chance.history.prior { Text::of(format!("{}{}", said.zh, wide.zh), format!("{}{}", said.en, wide.en)) } else { said };
    h.line("p.soft", &said);
}

const HEIGHT: f64 = 130.0;
const EDGE: f64 = 22.0;
/// Where the years end; the target's number stands to the right of it.
const RIGHT: f64 = 262.0;

/// Values, the planned path and the target over the years.
fn picture(h: &mut Html, target: &TargetView) {
    let series: Vec<(i32, f64, Fed)> = target.values.city.iter().filter(|(y, _)| **y <= target.row.aim.due).map(|(y, v)| (*y, v.value, v.fed)).collect();
    if series.is_empty() {
        h.el("div", |_| {});
        return;
    }
    let aim = match target.row.aim.target.direction {
        Direction::AtLeast | Direction::AtMost => target.row.value,
        Direction::NoDecline | Direction::Growth => target.standing.base.map(|b| b.1),
    };
    let due = target.row.aim.due;
    let (first, last) = (series[0].0.min(due - 1), due);
    let values = series.iter().map(|s| s.1).chain(aim);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let room = if high > low { (high - low) * 0.15 } else { high.abs().max(1.0) * 0.05 };
    let x = |year: f64| EDGE + (year - f64::from(first)) / f64::from(last - first) * (RIGHT - EDGE);
    let y = |value: f64| HEIGHT - EDGE - (value - low + room) / (high - low + 2.0 * room) * (HEIGHT - 2.0 * EDGE);
    let at = |v: f64| format!("{v:.1}");
    let said: Vec<String> = series.iter().map(|(year, v, _)| format!("{year}: {}", number(*v))).collect();
    let alt = format!("{} {}；{}", target.row.id, target.row.title, said.join("，"));
    h.with("svg.path", &[("viewBox", "0 0 330 130"), ("role", "img"), ("aria-label", &alt)], |h| {
        if let Some(aim) = aim {
            let level = at(y(aim));
            h.with("line.aim", &[("x1", &at(EDGE)), ("x2", &at(RIGHT)), ("y1", &level), ("y2", &level)], |_| {});
            h.with("text", &[("x", &at(RIGHT + 10.0)), ("y", &at(y(aim) + 4.0))], |h| h.text(&number(aim)));
        }
        if let (Some(base), Some(aim)) = (target.standing.base, aim.filter(|_| target.standing.planned.is_some())) {
            let points = format!("{},{} {},{}", at(x(f64::from(base.0))), at(y(base.1)), at(x(f64::from(due))), at(y(aim)));
            h.with("polyline.planned", &[("points", &points)], |_| {});
        }
        let points: Vec<String> = series.iter().map(|(year, v, _)| format!("{},{}", at(x(f64::from(*year))), at(y(*v)))).collect();
        h.with("polyline.seen", &[("points", &points.join(" "))], |_| {});
        for (year, value, fed) in &series {
            let class = if *fed == Fed::Computed { "circle.computed" } else { "circle.typed" };
            h.with(class, &[("cx", &at(x(f64::from(*year)))), ("cy", &at(y(*value))), ("r", "4")], |h| {
                h.el("title", |h| h.text(&format!("{year}: {} ({})", number(*value), fed.title())));
            });
        }
        for year in [first, last] {
            h.with("text.middle", &[("x", &at(x(f64::from(year)))), ("y", &at(HEIGHT - 5.0))], |h| h.text(&year.to_string()));
        }
    });
}
