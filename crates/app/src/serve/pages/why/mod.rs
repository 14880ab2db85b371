//! 为什么是这个数: one number taken apart until somebody can recompute it by hand.

mod formula;
mod inputs;
mod neighbours;
mod number;

use liangshan_accounts::account::ALL;
use liangshan_atlas::explain::Explanation;
use liangshan_atlas::explaining::{Asked, is_total};
use liangshan_vocab::{Problems, Text, text, words};
use schemars::{Schema, json_schema};

use super::super::layout::{Page, Screen, letters, page};
use super::super::profiles::Chosen;
use super::super::reply::{Answer, Refusal, Reply};
use super::super::route::{Ask, Kind, Param, Route};
use super::accounts::desk::{Desk, PLACE, PROFILE, YEAR};
use crate::ui::html::Html;
use crate::ui::report::view::table;

const INDICATOR: Param = Param::optional("indicator", Kind::Word, ("指标，默认合计", "indicator; the total where none"), "water_conservation");
const ECOSYSTEM: Param = Param::optional("ecosystem", Kind::Word, ("生态系统类型，默认全部", "ecosystem type; all where none"), "forest");

/// The page and its data.
pub(super) const ROUTES: &[Route] = &[
    Route::page("/why", ("为什么是这个数", "why this number"), &[INDICATOR, PLACE, YEAR, ECOSYSTEM, PROFILE], why),
    Route::json(
        "/api/why",
        ("一个数字的公式、步骤、输入与疑点；与 explain --json 相同", "the formula, steps, inputs and doubts of a number; what explain --json prints"),
        &[INDICATOR, PLACE, YEAR, ECOSYSTEM, PROFILE],
        schema,
        data,
    ),
];

/// A number that was asked for, taken apart.
struct Number<'n> {
    desk: &'n Desk<'n>,
    asked: Asked<'n>,
    explained: Explanation,
}

impl<'n> Number<'n> {
    fn of(desk: &'n Desk<'n>) -> Result<Self, Refusal> {
        let account = &desk.publication().account;
        let indicator = match desk.ask.word("indicator") {
            Some(id) => id,
            None => desk.total(desk.year).map_or("gep", |t| t.id()),
        };
        let ecosystem = desk.ask.word("ecosystem").unwrap_or(ALL);
        let asked = Asked { indicator, place: desk.place, year: desk.year, ecosystem };
        if !is_total(indicator) && !account.rows.iter().any(|r| r.indicator == indicator) {
            let mut known: Vec<&str> = account.rows.iter().map(|r| r.indicator.as_str()).collect();
            known.sort_unstable();
            known.dedup();
            return Err(desk.ask.unknown("indicator", &text("指标", "indicator"), known));
        }
        if ecosystem != ALL && !account.ecosystems.iter().any(|e| e == ecosystem) {
            return Err(desk.ask.unknown("ecosystem", &text("生态系统类型", "ecosystem type"), account.ecosystems.iter().map(String::as_str).chain([ALL])));
        }
        let explained = desk.part.book.explain(asked).map_err(|problems| match problems.iter().next() {
            Some(first) => Refusal::NotFound(first.clone()),
            None => Refusal::no_page(),
        })?;
        Ok(Self { desk, asked, explained })
    }

    fn is_total(&self) -> bool {
        is_total(self.asked.indicator)
    }

    /// What the number is called.
    fn title(&self) -> Text {
        let desk = self.desk;
        let name = if self.is_total() {
            desk.total(desk.year).map(|t| crate::ui::words::sentence(&t.title())).unwrap_or_default()
        } else {
            desk.view.indicator(self.asked.indicator)
        };
        let (place, year) = (desk.place_name(), desk.year);
        if self.asked.ecosystem == ALL {
            return Text::of(format!("{}，{}，{year} 年", name.zh, place.zh), format!("{}, {}, {year}", name.en, place.en));
        }
        let kind = desk.view.ecosystem(self.asked.ecosystem);
        Text::of(format!("{}，{}，{}，{year} 年", name.zh, place.zh, kind.zh), format!("{}, {}, {}, {year}", name.en, place.en, kind.en))
    }
}

fn data(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    let number = Number::of(&desk)?;
    Ok(Reply::json(&number.explained.to_json(ask.lang)))
}

fn why(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    let number = Number::of(&desk)?;
    let shown = Page { styles: &["css/accounts.css", "css/why.css"], ..Page::of(Screen::Accounts, text("为什么是这个数", "Why this number")) };
    Ok(page(ask, &shown, |h| {
        neighbours::up(h, &number);
        h.line("h1", &number.title());
        h.el("div.sheet", |h| number::draw(h, &number));
        neighbours::across(h, &number);
        h.el("section.sheet", |h| {
            h.line("h2", &text("公式", "Formula"));
            if !formula::draw(h, &number.explained.latex) {
                h.el("pre", |h| h.text(&number.explained.latex));
            }
            h.el("pre.formula", |h| h.say(&number.explained.formula));
        });
        neighbours::down(h, &number);
        if !number.explained.steps.is_empty() {
            h.el("section.sheet", |h| steps(h, &number));
        }
        h.el("section.sheet", |h| inputs::draw(h, &number));
        if !number.explained.warnings.is_empty() {
            h.el("section.sheet.doubts", |h| {
                h.line("h2", &text("须知与疑点", "To know, and doubts"));
                letters(h, &Problems(number.explained.warnings.clone()));
            });
        }
    }))
}

/// Characters of an amount that stay on one line; sums of many terms are longer.
const LONG: usize = 26;

/// Every step with every digit. What is copied from here recomputes the number.
fn steps(h: &mut Html, number: &Number<'_>) {
    let steps = &number.explained.steps;
    h.line("h2", &text("从输入到结果", "From inputs to the number"));
    h.line(
        "p.caption",
        &text(
            "每一步都写出全部数位，可以直接复制到计算器或电子表格里重算。",
            "Each step with all its digits: copy them into a calculator or a spreadsheet and compute again.",
        ),
    );
    let count = steps.len();
    table(h, ".steps", &words!("共 {count} 步", "{count} steps"), |h| {
        h.el("thead", |h| {
            h.el("tr", |h| {
                for (title, number) in [
                    (text("符号", "Symbol"), false),
                    (text("数值", "Amount"), true),
                    (text("单位", "Unit"), false),
                    (text("含义", "Meaning"), false),
                    (text("出处", "From"), false),
                ] {
                    h.with(if number { "th.number" } else { "th" }, &[("scope", "col")], |h| h.say(&title));
                }
            });
        });
        h.el("tbody", |h| {
            for step in steps {
                h.el(if matches!(step.symbol.as_str(), "Q" | "V") { "tr.result" } else { "tr" }, |h| {
                    h.with("th", &[("scope", "row")], |h| h.el("code", |h| h.text(&step.symbol)));
                    h.el("td.number", |h| h.el(if step.amount.len() > LONG { "span.amount.long" } else { "span.amount" }, |h| h.text(&step.amount)));
                    h.el("td", |h| h.text(&step.unit));
                    h.el("td", |h| h.say(&number.desk.view.named(&step.title)));
                    h.el("td.from", |h| {
                        let own = step.symbol.strip_prefix("V[").and_then(|s| s.strip_suffix(']')).filter(|_| number.is_total());
                        match own {
                            Some(id) => {
                                let to = number.desk.why(id, number.asked.place, number.asked.year, number.asked.ecosystem);
                                h.with("a", &[("href", &to)], |h| h.say(&text("再拆解", "take it apart")));
                            }
                            None => h.say(&step.from),
                        }
                    });
                });
            }
        });
    });
}

fn schema() -> Schema {
    let text = json_schema!({ "type": "string" });
    json_schema!({
        "type": "object",
        "required": ["title", "statement", "statements", "formula", "steps", "inputs", "warnings"],
        "properties": {
            "title": text,
            "statement": { "type": ["object", "null"], "description": "the first of statements" },
            "statements": { "type": "array", "items": { "type": "object",
                "required": ["kind", "place", "period", "value", "method", "evidence", "origin", "basis"] } },
            "formula": { "type": "object", "required": ["text", "latex"], "properties": { "text": text, "latex": text } },
            "steps": { "type": "array", "items": { "type": "object",
                "required": ["symbol", "title", "amount", "unit", "from"],
                "properties": {
                    "symbol": text, "title": text, "unit": text, "from": text,
                    "amount": { "type": ["number", "string"], "description": "money is whole fen as text" },
                } } },
            "inputs": { "type": "array", "items": { "type": "object",
                "required": ["file", "origin", "licence", "digest"],
                "properties": { "file": text, "origin": text, "licence": text, "digest": text, "layer": text, "row": { "type": "integer" } } } },
            "warnings": { "type": "array", "items": { "type": "object", "required": ["code", "severity", "what"] } },
        },
    })
}
