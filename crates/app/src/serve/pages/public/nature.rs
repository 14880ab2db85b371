//! What nature gives a place, in sentences that anybody reads.

use liangshan_accounts::account::{ALL, Row};
use liangshan_accounts::change::Factor;
use liangshan_vocab::{Fen, Text, text, words};

use super::Sentence;
use crate::serve::pages::accounts::desk::Desk;
use crate::ui::html::Html;
use crate::ui::report::view::change_of;
use crate::ui::words;

/// Square metres in a hectare, hectares in a square kilometre.
const HECTARES_A_KM2: f64 = 100.0;

/// Services whose amounts say something to anybody: indicator, and what stands before and after the
/// amount in each language.
const PLAIN: &[(&str, [&str; 2], [&str; 2])] = &[
    ("water_conservation", ["山林、草地和湿地留住了", "的水"], ["Woods, meadows and wetlands held back ", " of water"]),
    ("soil_retention", ["植被护住了", "的土，没有被雨冲走"], ["Plants kept ", " of soil from being washed away"]),
    ("carbon_sequestration", ["草木吸收了", ""], ["Plants took up ", ""]),
    ("oxygen_release", ["又放出了", ""], ["They gave off ", ""]),
    ("air_purification_so2", ["空气里有", "二氧化硫被净化"], ["The air was cleared of ", " of sulphur dioxide"]),
    ("climate_regulation_transpiration", ["夏天里草木蒸腾降温，省下相当于", "的电"], ["Cooling by plants in summer was worth ", " of electricity"]),
];

/// A sentence with the address of its number.
type Said = (Text, String);

/// What there is to say of the value.
fn worth(desk: &Desk<'_>) -> Vec<Said> {
    let Some(total) = desk.total(desk.year) else { return Vec::new() };
    let (place, year) = (desk.place_name(), desk.year);
    let why = desk.why(total.id(), desk.place, year, ALL);
    let value = words::money(total.value);
    let name = total.title();
    let mut out = vec![(
        Text::of(
            format!("{year} 年，{}的自然为人们提供的产品和服务，算下来值 {}（{}）。", place.zh, value.zh, name.zh),
            format!("In {year} the goods and services of nature in {} were worth {} ({}).", place.en, value.en, name.en),
        ),
        why.clone(),
    )];
    if let Some(head) = total.per_head {
        let each = words::float(head, 0);
        out.push((words!("摊到每个人，是 {each} 元。", "For each resident that is {each} yuan."), why.clone()));
    }
    if let Some(km2) = total.per_km2 {
        let hectare = words::float(km2 / HECTARES_A_KM2, 0);
        out.push((words!("摊到每公顷土地，是 {hectare} 元。", "For each hectare of land it is {hectare} yuan."), why.clone()));
    }
    if let Some((previous, before)) = desk.previous.and_then(|y| Some((y, desk.total(y)?))) {
        let by = total.value - before.value;
        let share = change_of(before.value, total.value).map_or_else(String::new, |s| words::percent(s.abs(), false));
        let size = words::money(Fen(by.0.abs()));
        let (zh, en) = if by.0 >= 0 { ("多了", "more") } else { ("少了", "less") };
        out.push((
            Text::of(format!("比 {previous} 年{zh} {}（{share}）。", size.zh), format!("That is {} {en} than in {previous} ({share}).", size.en)),
            why.clone(),
        ));
        out.extend(cause(desk, previous).map(|said| (said, format!("{}#change", desk.to("/accounts", desk.place, year)))));
    }
    let greatest = desk.rows(year).into_iter().filter(|r| r.counted && !r.indicator.contains('.')).max_by_key(|r| r.value);
    if let Some((row, value)) = greatest.and_then(|r| Some((r, r.value?))).filter(|g| g.1.0 > 0) {
        let (name, value) = (desk.view.indicator(&row.indicator), words::money(value));
        out.push((
            Text::of(format!("其中最大的一项是{}，{}。", name.zh, value.zh), format!("Most of it is {}: {}.", name.en.to_lowercase(), value.en)),
            desk.why(&row.indicator, desk.place, year, ALL),
        ));
    }
    out
}

/// Which cause moved most, said with care.
fn cause(desk: &Desk<'_>, previous: i32) -> Option<Text> {
    let change = desk.publication().changes.iter().find(|c| c.from == previous && c.to == desk.year)?;
    let (_, _, parts) = change.sum(|a| desk.is_whole() || a.place == desk.place);
    let greatest = Factor::ALL.into_iter().max_by_key(|f| parts.of(*f).0.abs()).filter(|f| parts.of(*f).0 != 0)?;
    Some(match greatest {
        Factor::Weather => text(
            "变化主要来自天气：雨多雨少、天冷天热，不等于保护得好或不好。",
            "Most of the change came with the weather, which says nothing about how well nature was looked after.",
        ),
        Factor::Price => text("变化主要来自价格。", "Most of the change came with prices."),
        Factor::LandCover => text("变化主要来自土地上长的、建的东西变了。", "Most of the change came with what grows and stands on the land."),
        Factor::Rest => text("变化主要来自产量、游客、排放这类统计数字。", "Most of the change came with output, visits and emissions."),
    })
}

/// Amounts that say something to anybody.
fn amounts(desk: &Desk<'_>) -> Vec<Said> {
    let said = |row: &Row, zh: &[&str; 2], en: &[&str; 2]| {
        let amount = words::amount(&row.quantity?, &row.unit);
        Some((
            Text::of(format!("{} {}{}。", zh[0], amount.zh, zh[1]), format!("{}{}{}.", en[0], amount.en, en[1])),
            desk.why(&row.indicator, desk.place, desk.year, ALL),
        ))
    };
    PLAIN.iter().filter_map(|(id, zh, en)| said(desk.row(desk.year, id)?, zh, en)).map(|(t, to)| (words::sentence(&t), to)).collect()
}

/// All sentences, for programs.
pub(super) fn sentences(desk: &Desk<'_>) -> Vec<Sentence> {
    worth(desk).into_iter().chain(amounts(desk)).map(|(text, why)| Sentence { text: desk.say(&text).to_owned(), why }).collect()
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    let Some(total) = desk.total(desk.year) else { return };
    let worth = worth(desk);
    let why = desk.why(total.id(), desk.place, desk.year, ALL);
    h.el("p.figure", |h| desk.large(h, total.value, &why));
    let linked = |h: &mut Html, (said, to): &Said| {
        h.say(said);
        h.text(desk.ask.say("", " "));
        h.with("a.small", &[("href", to), ("aria-label", &format!("{}{}", desk.ask.say("为什么：", "why: "), desk.say(said)))], |h| {
            h.say(&text("为什么", "why"))
        });
        h.text(" ");
    };
    h.el("p.lead", |h| worth.iter().for_each(|said| linked(h, said)));
    let amounts = amounts(desk);
    if !amounts.is_empty() {
        h.line("h2", &text("这些服务是什么", "What these services are"));
        h.el("ul.plain", |h| amounts.iter().for_each(|said| h.el("li", |h| linked(h, said))));
    }
    if !total.complete {
        let missing = total.missing.iter().filter(|m| !desk.view.has_parts(&m.indicator)).count();
        h.el("p", |h| {
            h.say(&words!("还有 {missing} 项因为缺数据没有算进去。", "{missing} services could not be counted for want of data. "));
            h.with("a", &[("href", &format!("{}#standing", desk.to("/accounts", desk.place, desk.year)))], |h| h.say(&text("缺哪些", "Which")));
        });
    }
    h.line(
        "p.caption",
        &text(
            "这不是谁口袋里的钱，也不是财政收入，而是按统一方法给大自然的贡献估的价，用来比较、保护和补偿。",
            "This is nobody's cash and no tax: it is what nature's work is worth by a common method, to compare, to protect and to compensate.",
        ),
    );
}
