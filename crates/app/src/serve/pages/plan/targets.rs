//! Targets: what is wanted, where each stands, its planned path and forecast as a picture, the counties
//! and what each is short of, and whether a value was computed or typed.

use liangshan_atlas::planbook::feeds;
use liangshan_vocab::{Lang, Text, text, words};

use super::out::{TargetOut, TargetsOut, ValueOut, is_computed, schema_of};
use super::{ON, day_form, invented, json, lamp, local, origin_mark, page, percent, plan, table, twin};
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;
use crate::ui::words::grouped;

const ALL: &[Param] = &[ON];
const ONE: &[Param] = &[Param::needed("id", Kind::Word, ("目标编号", "the target's id"), "T05"), ON];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/targets", ("规划目标", "targets"), ALL, shown),
    Route::page("/plan/target/{id}", ("一项目标", "one target"), ONE, one),
    Route::json(
        "/api/plan/targets",
        ("规划目标：现值、路径、预测、分县", "targets: values, path, forecast, counties"),
        ALL,
        schema_of::<TargetsOut>,
        twin_of_all,
    ),
    Route::json("/api/plan/target/{id}", ("一项目标", "one target"), ONE, schema_of::<TargetOut>, twin_of_one),
];

fn find(ask: &Ask<'_>) -> Result<(String, TargetOut), Refusal> {
    let plan = plan(ask)?;
    let id = ask.word("id").unwrap_or_default();
    let found = plan.targets.iter().find(|t| t.row.id == id);
    let target = found.ok_or_else(|| ask.unknown("id", &text("目标", "target"), plan.targets.iter().map(|t| t.row.id.as_str())))?;
    Ok((plan.on.to_string(), TargetOut::of(&plan, target, ask.lang)))
}

fn twin_of_all(ask: &Ask<'_>) -> Answer {
    json(&TargetsOut::of(&*plan(ask)?, ask.lang))
}

fn twin_of_one(ask: &Ask<'_>) -> Answer {
    json(&find(ask)?.1)
}

fn shown(ask: &Ask<'_>) -> Answer {
    let made = TargetsOut::of(&*plan(ask)?, ask.lang);
    let on = ask.word("on").unwrap_or_default();
    Ok(page(ask, "/plan/targets", text("规划目标", "Targets"), &[], |h| {
        invented(h, &made.on);
        day_form(h, ask, &made.on, |_| {});
        summary(h, &made);
        h.el("div.targets", |h| {
            for target in &made.targets {
                card(h, ask, target, on);
            }
        });
        h.line(
            "p.caption",
            &text(
                "灯按预测：到期达标概率不低于 80 % 为正常，50–80 % 为滞后，低于 50 % 为红；已到期的按结论，没有预测的按现值。概率由历史变化抽样得出，只供参考，不改变结论。",
                "Lamps go by forecast: a chance of 80 % or more is on course, 50–80 % behind, less red; what is due goes by its verdict, what has no forecast by its latest value. A chance is drawn from past changes and alters no verdict.",
            ),
        );
        twin(h, ask, "/api/plan/targets", &[("on", on)]);
    }))
}

fn summary(h: &mut Html, made: &TargetsOut) {
    let count = |word: &str| made.targets.iter().filter(|t| t.lamp == word).count().to_string();
    h.el("div.kpis", |h| {
        for (word, said) in [
            ("blue", text("已达到", "met")),
            ("green", text("预计达到", "likely met")),
            ("yellow", text("滞后或难说", "behind or in doubt")),
            ("red", text("未达或预计达不到", "missed or likely missed")),
            ("grey", text("不能判定", "undecidable")),
        ] {
            h.el("div.kpi", |h| {
                h.el("div.name", |h| lamp(h, word, said.get(h.lang())));
                h.el("div.figure", |h| {
                    h.text(&count(word));
                    h.line("span.unit", &text("项", "targets"));
                });
            });
        }
    });
}

fn number(value: f64) -> String {
    grouped(&feeds::shown(value))
}

/// What is wanted, its number grouped as the others on the page.
fn asked_for(wanted: &str) -> String {
    wanted.split(' ').map(|word| if word.parse::<f64>().is_ok() { grouped(word) } else { word.to_owned() }).collect::<Vec<_>>().join(" ")
}

/// A unit as people read it.
fn unit(written: &str, lang: Lang) -> String {
    if written == "1" { String::new() } else { crate::ui::words::unit(written).get(lang).to_owned() }
}

fn card(h: &mut Html, ask: &Ask<'_>, t: &TargetOut, on: &str) {
    h.el("article.sheet.target", |h| {
        h.el("header", |h| {
            h.el("h2", |h| {
                let to = ask.link(&format!("/plan/target/{}", t.id), &[("on", on)]);
                h.with("a", &[("href", &to)], |h| {
                    h.el("code", |h| h.text(&t.id));
                    h.text(&format!(" {}", t.title));
                });
            });
            lamp(h, &t.lamp, &t.foreseen);
        });
        h.el("dl", |h| {
            h.line("dt", &text("要求", "Wanted"));
            h.el("dd", |h| h.text(&format!("{} {} · {}", asked_for(&t.wanted), unit(&t.unit, ask.lang), t.due)));
            h.line("dt", &text("现值", "Now"));
            h.el("dd", |h| match t.latest() {
                Some(v) => value(h, ask, t, v),
                None => h.el("span.muted", |h| h.text(t.short.as_deref().unwrap_or(ask.say("没有数值", "no value")))),
            });
            let short: Vec<&str> = t.counties.iter().filter(|c| c.gap.is_some_and(|g| g < 0.0)).map(|c| c.title.as_str()).collect();
            if !short.is_empty() {
                h.line("dt", &text("欠账", "Short"));
                h.el("dd.loss", |h| h.text(&short.join(ask.say("、", ", "))));
            }
        });
        picture(h, t, [250.0, 92.0]);
    });
}

/// A value with where it is from: computed leads to what computed it, typed to its evidence.
fn value(h: &mut Html, ask: &Ask<'_>, t: &TargetOut, v: &ValueOut) {
    let to = format!("{}#values", ask.link(&format!("/plan/target/{}", t.id), &[("on", ask.word("on").unwrap_or_default())]));
    h.with("a.why", &[("href", &to)], |h| h.text(&number(v.value)));
    h.el("span.unit", |h| h.text(&unit(&t.unit, ask.lang)));
    h.text(&format!(" {} ", v.year));
    let said = if is_computed(&v.fed) { text("计算", "computed") } else { text("填报", "typed") };
    h.line("span.mark", &said);
    origin_mark(h, &v.origin);
}

fn one(ask: &Ask<'_>) -> Answer {
    let (on, t) = find(ask)?;
    let asked = ask.word("on").unwrap_or_default();
    Ok(page(ask, "/plan/targets", Text::of(format!("{} {}", t.id, t.title), format!("{} {}", t.id, t.title)), &[], |h| {
        invented(h, &on);
        h.el("div.sheets.one-target", |h| {
            h.el("section.sheet", |h| {
                h.el("h2", |h| lamp(h, &t.lamp, &t.foreseen));
                facts(h, ask, &t, asked);
            });
            h.el("section.sheet", |h| {
                h.line("h2", &text("路径与预测", "Path and forecast"));
                picture(h, &t, [420.0, 210.0]);
                h.el("p.caption.key", |h| {
                    for (class, said) in [
                        ("seen", text("各年值（实心为计算，空心为填报）", "values (filled: computed, hollow: typed)")),
                        ("planned", text("计划路径", "planned path")),
                        ("aim", text("目标", "target")),
                        ("fan", text("预测：均值与一倍偏差", "forecast: mean and one deviation")),
                    ] {
                        h.line(&format!("span.{class}"), &said);
                    }
                });
                chance(h, &t);
            });
        });
        counties(h, &t);
        values(h, ask, &t);
        twin(h, ask, &format!("/api/plan/target/{}", t.id), &[("on", asked)]);
    }))
}

fn facts(h: &mut Html, ask: &Ask<'_>, t: &TargetOut, on: &str) {
    h.el("dl", |h| {
        h.line("dt", &text("要求", "Wanted"));
        h.el("dd", |h| h.text(&format!("{} {} · {}", asked_for(&t.wanted), unit(&t.unit, ask.lang), t.due)));
        h.line("dt", &text("现值", "Now"));
        h.el("dd", |h| match t.latest() {
            Some(v) => value(h, ask, t, v),
            None => h.text(t.short.as_deref().unwrap_or(ask.say("没有数值", "no value"))),
        });
        if let (Some(gone), Some(planned)) = (t.progress, t.planned) {
            h.line("dt", &text("进度", "Of the way"));
            let (gone, planned) = (percent(gone), percent(planned));
            h.line("dd", &words!("{gone}，计划 {planned}", "{gone} gone, {planned} planned"));
        }
        if !t.missing.is_empty() {
            h.line("dt", &text("缺数年份", "Years missing"));
            h.el("dd", |h| h.text(&t.missing.iter().map(i32::to_string).collect::<Vec<_>>().join(ask.say("、", ", "))));
        }
        h.line("dt", &text("责任部门", "Answers for it"));
        h.el("dd", |h| h.text(&t.owner));
        h.line("dt", &text("口径", "Formula"));
        h.el("dd", |h| h.text(&t.formula));
        h.line("dt", &text("原文", "The plan's words"));
        h.with("dd", &[("lang", "zh-CN")], |h| h.text(&t.quote));
        if !t.sentences.is_empty() {
            h.line("dt", &text("说明的语句", "Sentences it feeds"));
            h.el("dd", |h| {
                for id in &t.sentences {
                    let to = format!("{}#open", ask.link("/plan", &[("open", id), ("on", on)]));
                    h.with("a", &[("href", &to)], |h| h.text(id));
                    h.text(" ");
                }
            });
        }
    });
}

fn chance(h: &mut Html, t: &TargetOut) {
    let Some(c) = &t.chance else {
        return h.line("p.caption", &text("没有预测：已到期、没有数值，或不是数值目标。", "No forecast: it is due, has no value, or is not a number."));
    };
    let (p, draws, seed, changes, years) = (percent(c.probability), c.draws, c.seed, c.changes, c.years);
    let unit = if years == 1 { "year" } else { "years" };
    h.line(
        "p",
        &words!(
            "按 {changes} 次历史变化抽样 {draws} 次（种子 {seed}），{years} 年后达标概率 {p}。",
            "{draws} draws from {changes} past changes (seed {seed}): a chance of {p} in {years} {unit}."
        ),
    );
    if c.prior {
        h.line(
            "p.caption",
            &text("历史不足五次变化，用宽的先验；结果只能当作提示。", "Fewer than five changes are known and a wide prior is used: a hint and no more."),
        );
    }
}

fn counties(h: &mut Html, t: &TargetOut) {
    if t.counties.is_empty() {
        return;
    }
    h.el("section.sheet", |h| {
        h.line("h2", &text("分解到县", "By county"));
        let head = [text("县（市、区）", "County"), text("#现值", "#Value"), text("#分解值", "#Part"), text("#差距", "#Gap")];
        table(h, &text("分解到县", "By county"), &head, |h| {
            for c in &t.counties {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&c.title));
                    for v in [c.value, c.target] {
                        h.el("td.number", |h| match v {
                            Some(v) => h.text(&number(v)),
                            None => h.line("span.muted", &text("缺数", "no value")),
                        });
                    }
                    let class = if c.gap.is_some_and(|g| g < 0.0) { "td.number.loss" } else { "td.number" };
                    h.el(class, |h| {
                        if let Some(gap) = c.gap {
                            let sign = if gap > 0.0 { "+" } else { "" };
                            h.text(&format!("{sign}{}", number(gap)));
                        }
                    });
                });
            }
        });
        h.line("p.caption", &text("差距为现值减分解值，负数为欠账。", "The gap is the value less the part; below zero is short of it."));
    });
}

fn values(h: &mut Html, ask: &Ask<'_>, t: &TargetOut) {
    h.with("section.sheet", &[("id", "values")], |h| {
        h.line("h2", &text("数值从哪里来", "Where the values come from"));
        if t.values.is_empty() {
            return h.el("p", |h| h.text(t.short.as_deref().unwrap_or(ask.say("没有数值", "no value"))));
        }
        let head = [text("年", "Year"), text("#值", "#Value"), text("计算或填报", "Computed or typed"), text("来源", "Source"), text("版次", "Vintage")];
        table(h, &text("各年的值", "Values by year"), &head, |h| {
            for v in &t.values {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&v.year.to_string()));
                    h.el("td.number", |h| {
                        h.text(&number(v.value));
                        h.el("span.unit", |h| h.text(&unit(&t.unit, ask.lang)));
                    });
                    h.el("td", |h| {
                        h.say(&if is_computed(&v.fed) { text("计算", "computed") } else { text("填报", "typed") });
                        origin_mark(h, &v.origin);
                    });
                    h.el("td", |h| match t.source_page.as_deref().filter(|_| is_computed(&v.fed)) {
                        Some(page) => h.with("a", &[("href", &local(ask.lang, page))], |h| h.text(&v.source)),
                        None => h.text(&v.source),
                    });
                    h.el("td", |h| h.text(&v.vintage));
                });
            }
        });
    });
}

/// Values, the planned path, the target and the fan of the forecast over the years.
fn picture(h: &mut Html, t: &TargetOut, [width, height]: [f64; 2]) {
    let series: Vec<&ValueOut> = t.values.iter().filter(|v| v.year <= t.due).collect();
    let (Some(start), Some(latest)) = (series.first(), series.last()) else { return };
    let aim = t.target.or_else(|| t.base.map(|b| b.1));
    let first = t.base.map_or(start.year, |b| b.0.min(start.year)).min(t.due - 1);
    let fan = t.chance.as_ref().map(|c| {
        let years = f64::from(t.due - latest.year);
        let (mean, spread) = (latest.value + c.mean * years, c.deviation * years.max(0.0).sqrt());
        (mean - spread, mean, mean + spread)
    });
    let all = series.iter().map(|v| v.value).chain(aim).chain(t.base.map(|b| b.1)).chain(fan.into_iter().flat_map(|f| [f.0, f.2]));
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let room = if high > low { (high - low) * 0.12 } else { high.abs().max(1.0) * 0.05 };
    let (left, right, top, bottom) = (8.0, width - 62.0, 8.0, height - 20.0);
    let x = |year: i32| left + f64::from(year - first) / f64::from((t.due - first).max(1)) * (right - left);
    let y = |v: f64| bottom - (v - low + room) / (high - low + 2.0 * room) * (bottom - top);
    let at = |v: f64| format!("{v:.1}");
    let said: Vec<String> = series.iter().map(|v| format!("{}: {}", v.year, number(v.value))).collect();
    let alt = format!("{} {}; {}", t.id, t.title, said.join(", "));
    h.with("svg.path", &[("viewBox", &format!("0 0 {width} {height}")), ("role", "img"), ("aria-label", &alt)], |h| {
        if let Some((under, mean, over)) = fan {
            let (sx, ex) = (at(x(latest.year)), at(x(t.due)));
            let sy = at(y(latest.value));
            h.with("polygon.fan", &[("points", &format!("{sx},{sy} {ex},{} {ex},{}", at(y(under)), at(y(over))))], |_| {});
            h.with("line.mean", &[("x1", &sx), ("y1", &sy), ("x2", &ex), ("y2", &at(y(mean)))], |_| {});
        }
        if let Some(aim) = aim {
            let level = at(y(aim));
            h.with("line.aim", &[("x1", &at(left)), ("x2", &at(right)), ("y1", &level), ("y2", &level)], |_| {});
            h.with("text", &[("x", &at(right + 6.0)), ("y", &at(y(aim) + 4.0))], |h| h.text(&number(aim)));
        }
        if let (Some(base), Some(aim), true) = (t.base, aim, t.has_path) {
            let ends = format!("{},{} {},{}", at(x(base.0)), at(y(base.1)), at(x(t.due)), at(y(aim)));
            h.with("polyline.planned", &[("points", &ends)], |_| {});
        }
        let points: Vec<String> = series.iter().map(|v| format!("{},{}", at(x(v.year)), at(y(v.value)))).collect();
        h.with("polyline.seen", &[("points", &points.join(" "))], |_| {});
        for v in &series {
            let class = if is_computed(&v.fed) { "circle.computed" } else { "circle.typed" };
            h.with(class, &[("cx", &at(x(v.year))), ("cy", &at(y(v.value))), ("r", "3.2")], |h| {
                h.el("title", |h| h.text(&format!("{}: {}", v.year, number(v.value))));
            });
        }
        for (year, class) in [(first, "text.start"), (t.due, "text.end")] {
            h.with(class, &[("x", &at(x(year))), ("y", &at(height - 4.0))], |h| h.text(&year.to_string()));
        }
    });
}
