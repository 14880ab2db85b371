//! The method: the profile with its choices, valuations, prices and coefficients, and how much of it
//! was read.

use liangshan_accounts::profile::{FLAGS, IndicatorMethod, Parameter, ParameterValue, how_named};
use liangshan_vocab::{Text, text};

use super::view::{View, evidence_chip, heads, table};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let profile = &view.publication.profile;
    h.el("div.sheet", |h| {
        h.el("h3", |h| {
            h.say(&profile.title);
        });
        h.el("p", |h| {
            h.el("code", |h| h.text(&profile.printed_id()));
            h.text(" ");
            evidence_chip(h, profile.evidence);
        });
        h.el("dl.plain", |h| {
            let replaced = profile.supersedes.clone().unwrap_or_default();
            let extended = profile.extends.clone().unwrap_or_default();
            for (name, said) in [
                (text("施行日期", "In force from"), &Text::same(profile.effective_from.clone())),
                (text("代替", "Replaces"), &Text::same(replaced)),
                (text("继承自", "Extends"), &Text::same(extended)),
                (text("依据", "Stands for"), &words::note(&profile.source)),
                (text("说明", "Note"), &words::note(&profile.note)),
            ] {
                if !said.is_empty() {
                    h.el("div", |h| {
                        h.line("dt", &name);
                        h.line("dd", said);
                    });
                }
            }
        });
    });
    indicators(h, view);
    flags(h, view);
    coefficients(h, view);
    parameters(h, view);
}

/// A table that is folded on a screen and open on paper.
fn fold(h: &mut Html, title: &Text, inside: impl FnOnce(&mut Html)) {
    h.el("details.sheet", |h| {
        h.line("summary", title);
        inside(h);
    });
}

fn indicators(h: &mut Html, view: &View<'_>) {
    let methods: Vec<&IndicatorMethod> = view.publication.profile.indicators.iter().filter(|m| m.status.counts()).collect();
    let count = methods.len();
    fold(h, &Text::of(format!("各项指标如何计价（{count} 项）"), format!("How each indicator is valued ({count})")), |h| {
        table(h, ".pinned.words", &text("计价方法、单价与依据", "Valuation, price and evidence"), |h| {
            heads(
                h,
                &[
                    (text("指标", "Indicator"), false),
                    (text("计价方法", "Valuation"), false),
                    (text("单价", "Price"), false),
                    (text("计价对象", "Price of"), false),
                    (text("核实", "Evidence"), false),
                    (text("说明", "Note"), false),
                ],
            );
            h.el("tbody", |h| {
                for method in methods {
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| h.say(&view.indicator(&method.indicator)));
                        h.line("td", &how_named(&method.how).map_or_else(|| Text::same(method.how.clone()), |how| words::sentence(&how.title)));
                        h.el("td", |h| {
                            if let Some(id) = &method.price_id {
                                h.el("code", |h| h.text(id));
                            }
                            if !method.alternatives.is_empty() {
                                h.line("span.tag", &text("另可选", "or"));
                                method.alternatives.iter().for_each(|id| h.el("code.alternative", |h| h.text(id)));
                            }
                        });
                        h.el("td", |h| h.text(&method.basis));
                        h.el("td", |h| evidence_chip(h, method.evidence));
                        h.line("td", &words::note(&method.note));
                    });
                }
            });
        });
    });
}

fn value(parameter: &Parameter) -> Text {
    match &parameter.value {
        ParameterValue::Number(number) if parameter.unit == "1" => Text::same(words::grouped(&number.to_string())),
        ParameterValue::Number(number) => {
            let (number, unit) = (words::grouped(&number.to_string()), words::unit(&parameter.unit));
            Text::of(format!("{number} {}", unit.zh), format!("{number} {}", unit.en))
        }
        ParameterValue::Text(word) => Text::same(word.clone()),
        ParameterValue::Flag(true) => text("是", "yes"),
        ParameterValue::Flag(false) => text("否", "no"),
    }
}

fn rows(h: &mut Html, parameters: &[(Text, &Parameter)]) {
    heads(h, &[(text("名称", "Name"), false), (text("取值", "Value"), false), (text("核实", "Evidence"), false), (text("出处", "Source"), false)]);
    h.el("tbody", |h| {
        for (title, parameter) in parameters {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| {
                    h.say(title);
                    h.el("code.name", |h| h.text(&parameter.name));
                });
                h.line("td", &value(parameter));
                h.el("td", |h| evidence_chip(h, parameter.evidence));
                h.line("td", &words::note(&parameter.source));
            });
        }
    });
}

fn flags(h: &mut Html, view: &View<'_>) {
    let flags = &view.publication.profile.flags;
    if flags.is_empty() {
        return;
    }
    let named: Vec<(Text, &Parameter)> =
        flags.iter().map(|f| (FLAGS.iter().find(|k| k.name == f.name).map_or_else(Text::default, |k| words::sentence(&k.title)), f)).collect();
    let count = named.len();
    fold(h, &Text::of(format!("会改变结果的选择（{count} 项）"), format!("Choices that move the numbers ({count})")), |h| {
        table(h, ".words", &text("方法方案中的选择", "Choices of the profile"), |h| rows(h, &named));
    });
}

fn coefficients(h: &mut Html, view: &View<'_>) {
    let of = view.publication.profile.indicators.iter().filter(|m| m.status.counts());
    let named: Vec<(Text, &Parameter)> = of.flat_map(|m| m.parameters.iter().map(|p| (view.indicator(&m.indicator), p))).collect();
    if named.is_empty() {
        return;
    }
    let count = named.len();
    fold(h, &Text::of(format!("计价系数（{count} 项）"), format!("Coefficients of valuation ({count})")), |h| {
        table(h, ".words", &text("方法方案中的系数", "Coefficients of the profile"), |h| rows(h, &named));
    });
}

/// What the models used.
fn parameters(h: &mut Html, view: &View<'_>) {
    let cards = &view.publication.parameters;
    if cards.is_empty() {
        return;
    }
    let count = cards.len();
    fold(h, &Text::of(format!("模型参数（{count} 项）"), format!("Parameters of the models ({count})")), |h| {
        table(h, ".words", &text("模型参数", "Parameters of the models"), |h| {
            heads(
                h,
                &[
                    (text("参数", "Parameter"), false),
                    (text("模型", "Model"), false),
                    (text("取值", "Value"), true),
                    (text("单位", "Unit"), false),
                    (text("出处", "Source"), false),
                ],
            );
            h.el("tbody", |h| {
                for card in cards {
                    h.el("tr", |h| {
                        h.with("th", &[("scope", "row")], |h| {
                            h.say(&words::sentence(&card.title));
                            h.el("code.name", |h| h.text(&card.name));
                        });
                        h.el("td", |h| h.el("code", |h| h.text(&card.model)));
                        h.el("td.n", |h| h.text(&words::grouped(&card.value.to_string())));
                        h.line("td", &words::unit(&card.unit));
                        h.el("td", |h| h.say(&words::note(&card.source)));
                    });
                }
            });
        });
    });
}
