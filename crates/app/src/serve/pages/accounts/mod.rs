//! 价值核算: the account of a place and a year: its tree, its counties, its change, what a review will
//! attack, and the files of it.

mod change;
mod counties;
pub(crate) mod desk;
mod document;
pub(super) mod downloads;
mod review;
mod standing;
mod tree;

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue::Class;
use liangshan_atlas::profiles::{known, load};
use liangshan_vocab::{Text, text, words};

use super::super::layout::{Page, Screen, page};
use super::super::profiles::{Chosen, own};
use super::super::reply::{Answer, Reply};
use super::super::route::{Ask, Route};
use crate::ui::html::Html;
use crate::ui::report::view::{change_of, class_colour};
use crate::ui::words;
use desk::{Desk, PLACE, PROFILE, YEAR};

/// The page and its data.
pub(super) const ROUTES: &[Route] = &[
    Route::page("/accounts", ("价值核算", "accounts"), &[YEAR, PLACE, PROFILE], accounts),
    Route::json(
        "/api/accounts",
        (
            "一地一年的账户：各项服务、分县、变化、缺项、质询",
            "the account of a place and year: services, counties, change, what is missing, what a review will attack",
        ),
        &[YEAR, PLACE, PROFILE],
        document::schema,
        data,
    ),
];

fn data(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    Ok(Reply::json(&document::of(&desk)))
}

fn accounts(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let desk = Desk::of(ask, &chosen)?;
    let shown = Page { styles: &["css/accounts.css"], ..Page::of(Screen::Accounts, text("价值核算", "Accounts")) };
    Ok(page(ask, &shown, |h| {
        h.el("h1", |h| title(h, &desk));
        chooser(h, &desk);
        headline(h, &desk);
        section(h, "tree", &text("各项服务", "Services"), |h| tree::draw(h, &desk));
        if desk.is_whole() && desk.view.counties.len() > 1 {
            section(h, "counties", &text("各县（市、区）并排", "Counties side by side"), |h| counties::draw(h, &desk));
        }
        if let Some(previous) = desk.previous {
            let title = words!("从 {previous} 年到 {} 年", "From {previous} to {}", desk.year);
            section(h, "change", &title, |h| change::draw(h, &desk, previous));
        }
        section(h, "standing", &text("完整性", "What is there and what is not"), |h| standing::draw(h, &desk));
        section(h, "review", &text("评审会问什么", "What a review will attack"), |h| review::draw(h, &desk));
        section(h, "files", &text("下载", "Downloads"), |h| downloads::draw(h, &desk));
    }))
}

fn title(h: &mut Html, desk: &Desk<'_>) {
    let (place, year) = (desk.place_name(), desk.year);
    let name = desk.total(year).map(|t| words::sentence(&t.title())).unwrap_or_default();
    h.say(&Text::of(format!("{} {year} 年{}", place.zh, name.zh), format!("{} of {}, {year}", name.en, place.en)));
}

fn section(h: &mut Html, id: &str, title: &Text, inside: impl FnOnce(&mut Html)) {
    let label = format!("{id}-title");
    h.with("section.sheet", &[("id", id), ("aria-labelledby", &label)], |h| {
        h.with("h2", &[("id", &label)], |h| h.say(title));
        inside(h);
    });
}

/// Place, year and profile: a plain form, so that it works without scripts.
fn chooser(h: &mut Html, desk: &Desk<'_>) {
    let ask = desk.ask;
    h.with("form.choose", &[("method", "get"), ("action", "/accounts")], |h| {
        if ask.lang == liangshan_vocab::Lang::En {
            h.void("input", &[("type", "hidden"), ("name", "lang"), ("value", "en")]);
        }
        let account = &desk.publication().account;
        select(h, "place", &text("地区", "Place"), account.places.iter().map(|p| (p.code.as_str(), p.name.clone())), desk.place);
        let years: Vec<String> = desk.view.years().iter().map(i32::to_string).collect();
        select(h, "year", &text("年份", "Year"), years.iter().map(|y| (y.as_str(), Text::same(y.clone()))), &desk.year.to_string());
        let region = &ask.snapshot.region;
        let titled = known(region).into_iter().map(|id| {
            let title = load(region, &id).map_or_else(|_| Text::same(id.clone()), |method| method.profile.title);
            (id, title)
        });
        let profiles: Vec<(String, Text)> = titled.collect();
        let chosen = ask.word("profile").unwrap_or_else(|| own(ask.snapshot));
        select(h, "profile", &text("核算方法方案", "Method profile"), profiles.iter().map(|(id, title)| (id.as_str(), title.clone())), chosen);
        h.with("button", &[("type", "submit")], |h| h.say(&text("查看", "Show")));
    });
}

fn select<'o>(h: &mut Html, name: &str, label: &Text, options: impl Iterator<Item = (&'o str, Text)>, chosen: &str) {
    h.el("label", |h| {
        h.line("span", label);
        h.with("select", &[("name", name)], |h| {
            for (value, title) in options {
                let mut attributes = vec![("value", value)];
                if value == chosen {
                    attributes.push(("selected", ""));
                }
                h.with("option", &attributes, |h| h.say(&title));
            }
        });
    });
}

/// The numbers that are asked for first.
fn headline(h: &mut Html, desk: &Desk<'_>) {
    let Some(total) = desk.total(desk.year) else { return };
    let before = desk.previous.and_then(|y| Some((y, desk.total(y)?)));
    let why = desk.why(total.id(), desk.place, desk.year, ALL);
    h.el("div.kpis", |h| {
        h.el("div.kpi.first", |h| {
            h.line("div.name", &words::sentence(&total.title()));
            h.el("div.figure", |h| desk.large(h, total.value, &why));
            if let Some((year, before)) = before {
                h.el("div.delta", |h| desk.change(h, before.value, total.value, year));
            }
        });
        for class in Class::ALL {
            h.el("div.kpi", |h| {
                h.el("div.name", |h| {
                    h.el(&format!("i.swatch.{}", class_colour(class)), |_| {});
                    h.say(&words::sentence(&class.title()));
                });
                h.el("div.figure", |h| desk.large(h, total.class(class), &why));
                h.el("div.delta", |h| {
                    if total.value.0 > 0 {
                        let share = words::percent(total.class(class).as_yuan_f64() / total.value.as_yuan_f64(), false);
                        h.say(&words!("占 {share}", "{share} of all"));
                    }
                    if let Some(by) = before.and_then(|(_, b)| change_of(b.class(class), total.class(class))) {
                        h.text(desk.ask.say("，", ", "));
                        h.el(if by >= 0.0 { "span.gain" } else { "span.loss" }, |h| h.text(&words::percent(by, true)));
                    }
                });
            });
        }
        let ratios = [
            (text("单位面积", "For each km²"), total.per_km2.map(|v| (words::density(v), words::density_unit()))),
            (text("人均", "For each resident"), total.per_head.map(|v| (Text::same(words::float(v, 0)), text("元/人", "yuan")))),
            (total.index_title(), total.over_gdp.map(|v| (Text::same(words::float(v, 3)), Text::default()))),
        ];
        for (name, ratio) in ratios {
            let Some((number, unit)) = ratio else { continue };
            h.el("div.kpi", |h| {
                h.line("div.name", &words::sentence(&name));
                h.el("div.figure", |h| {
                    h.with("a.why", &[("href", &why)], |h| h.say(&number));
                    h.line("span.unit", &unit);
                });
            });
        }
    });
    if !total.complete {
        let count = total.missing.iter().filter(|m| !desk.view.has_parts(&m.indicator)).count();
        h.el("p.caption", |h| {
            h.say(&words!(
                "还缺 {count} 项，因此不称 GEP，只称已核算服务合计。",
                "{count} indicators are missing, so this is not called GEP but the sum of assessed services."
            ));
            h.text(" ");
            h.with("a", &[("href", "#standing")], |h| h.say(&text("缺什么", "What is missing")));
        });
    }
}
