//! What the judge of water says, laid out as tables.

use super::Judgement;
use super::beside::{lakes, published, replayed, trends};
use super::facts::facts;
use crate::assess::Domain;
use crate::assess::columns::{ColumnRead, Items};
use crate::assess::palette::{OPEN, numeral, water as colour};
use crate::assess::result::{Assessed, Cell, FileRead, Table, Used, number};
use liangshan_duty::water::{Assessment, Class, Held, OfPeriod, Reading, Section, Span, Water, basin_rating, held};
use liangshan_vocab::{Problems, Text, text, words};

/// Everything that was said, as a document.
pub(super) fn lay_out(
    said: Judgement<'_, '_>,
    file: FileRead,
    columns: Vec<ColumnRead>,
    assumed: Vec<Text>,
    standards: Vec<Used>,
    problems: Problems,
) -> Assessed {
    let mut tables = vec![sections(&said.all), periods(&said.all), samples(&said.all), items(&said.all), means(&said.all), compliance(&said.all)];
    tables.extend(replayed(&said));
    tables.extend(lakes(&said));
    tables.extend(trends(&said));
    tables.extend(super::sources::table(&said.sources, |code| said.items.title(code)));
    tables.extend(published(&said));
    let facts = facts(&said, &file);
    let charts = super::charts::charts(&said.all, said.alone);
    let standings = super::standing::standings(&said.all);
    Assessed {
        domain: Domain::Water,
        title: text("地表水水质评价", "Surface water assessed"),
        file,
        columns,
        assumed,
        standards,
        facts,
        tables,
        charts,
        standings,
        problems,
    }
}

/// A class as a cell; one that is open tells between what it lies.
pub(super) fn class(found: Option<Class>) -> Cell {
    match found {
        Some(class) => Cell::Graded(class.number().to_string(), Text::of(numeral(class), numeral(class)), colour(class).to_owned()),
        None => Cell::Graded("undecided".into(), text("未定", "open"), OPEN.to_owned()),
    }
}

pub(super) fn class_of(section: &Section) -> Cell {
    match (section.class(), section.bounds()) {
        (None, Some((best, worst))) => {
            let between = format!("{}–{}", numeral(best), numeral(worst));
            Cell::Graded("undecided".into(), words!("未定（{between}）", "open ({between})"), OPEN.to_owned())
        }
        (None, None) => Cell::Graded("no_data".into(), text("无数据", "no data"), OPEN.to_owned()),
        (found, _) => class(found),
    }
}

pub(super) fn kind(water: Water) -> Cell {
    Cell::Text(match water {
        Water::River => text("河流", "river"),
        Water::Lake => text("湖库", "lake"),
    })
}

pub(super) fn said_of(held: Held) -> Cell {
    let (said, words) = match held {
        Held::Met => (Some(true), text("达标", "met")),
        Held::Missed => (Some(false), text("不达标", "missed")),
        Held::Insufficient => (None, text("数据不足", "insufficient")),
        Held::NoTarget => (None, text("无目标", "no target")),
    };
    Cell::Truth(said, words)
}

pub(super) fn meets(section: &Section, target: Option<Class>) -> Cell {
    match target {
        None => said_of(Held::NoTarget),
        Some(target) => said_of(match section.meets(target) {
            Some(true) => Held::Met,
            Some(false) => Held::Missed,
            None => Held::Insufficient,
        }),
    }
}

/// `总磷(0.3)、氨氮(0.1)`.
pub(super) fn main_pollutants(all: &Assessment<'_, '_>, rules: usize, section: &Section) -> Text {
    let each = |zh: bool| {
        let names = section.main.iter().map(|at| {
            let verdict = &section.items[*at];
            let item = &all.rules[rules].items[verdict.item];
            let name = if zh { &item.title.zh } else { &item.title.en };
            verdict.multiple.map_or_else(|| name.to_string(), |m| format!("{name}({m:.1})"))
        });
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    Text::of(each(true), each(false))
}

pub(super) fn said(words: Text) -> Cell {
    if words.is_empty() { Cell::Blank } else { Cell::Text(words) }
}

/// Spans from the longest that has a class down to the month, and the last of each.
pub(super) fn latest<'a>(all: &'a Assessment<'_, '_>, span: Span) -> Option<&'a str> {
    all.periods.iter().filter(|p| p.span == span).map(|p| p.period.as_str()).max()
}

pub(super) fn of_period<'a>(all: &'a Assessment<'_, '_>, span: Span, name: &str) -> Vec<&'a OfPeriod> {
    all.periods.iter().filter(|p| p.span == span && p.period == name).collect()
}

/// One row a section: its last month, its last year, its samples.
pub(super) fn sections(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "sections",
        text("断面一览", "Sections"),
        text(
            "较差的在前；最近一月为各断面自己的最近一月；两项达标分别判断。",
            "The worse first. The last month is each section's own; the two aims are two results.",
        ),
        16,
        &[
            ("section", "断面", "section", ""),
            ("water", "水体", "water", ""),
            ("target", "目标", "target", ""),
            ("samples", "样次", "samples", "1"),
            ("~samples_worse_than_III", "劣于Ⅲ类样次", "worse than III", "1"),
            ("month", "最近一月", "last month", ""),
            ("class", "类别", "class", ""),
            ("main_pollutants", "主要污染指标（超标倍数）", "main pollutants (multiple)", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("months_met", "达标月/评价月", "months met / assessed", ""),
        ],
    );
    // The worst first: by the last month, open ones before all others.
    let worst = |number: usize| {
        let last = all.periods.iter().filter(|p| p.station == number && p.span == Span::Month).max_by(|a, b| a.period.cmp(&b.period));
        std::cmp::Reverse(last.map_or(7, |p| p.class().map_or(7, Class::number)))
    };
    let mut order: Vec<usize> = (0..all.stations.len()).collect();
    order.sort_by_key(|number| worst(*number));
    for number in order {
        let station = &all.stations[number];
        let times: Vec<_> = all.times.iter().filter(|t| t.station == number).collect();
        let last = all.periods.iter().filter(|p| p.station == number && p.span == Span::Month).max_by(|a, b| a.period.cmp(&b.period));
        let worse = times.iter().filter(|t| t.section.meets(Class::III) == Some(false)).count();
        let (met, assessed) = all.months_met(number, "");
        let mut row = vec![
            Cell::word(&station.name),
            kind(station.water),
            station.target.map_or(Cell::Blank, |t| class(Some(t))),
            Cell::Whole(times.len() as i64),
            Cell::Whole(worse as i64),
        ];
        match last {
            Some(p) => row.extend([
                Cell::word(&p.period),
                if p.insufficient { said_of(Held::Insufficient) } else { class_of(&p.section) },
                said(main_pollutants(all, p.rules, &p.section)),
                said_of(held(p.class(), station.target)),
                said_of(held(p.class(), Some(Class::III))),
            ]),
            None => row.extend([Cell::Blank, said_of(Held::Insufficient), Cell::Blank, said_of(Held::Insufficient), said_of(Held::Insufficient)]),
        }
        row.push(if station.target.is_some() { Cell::word(format!("{met}/{assessed}")) } else { Cell::Blank });
        table.push(row);
    }
    table
}

pub(super) fn span_word(span: Span) -> Text {
    match span {
        Span::Month => text("月", "month"),
        Span::Quarter => text("季", "quarter"),
        Span::Year => text("年", "year"),
    }
}

pub(super) fn periods(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "periods",
        text("月、季、年评价", "Months, quarters, years"),
        text("先求浓度均值再评价；数据不足不给类别，不算达标。", "Concentrations are averaged and then judged; too little data has no class and is no pass."),
        0,
        &[
            ("section", "断面", "section", ""),
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("parts", "样次或月数", "samples or months", "1"),
            ("sufficient", "数据充分", "sufficient", ""),
            ("class", "类别", "class", ""),
            ("main_pollutants", "主要污染指标", "main pollutants", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("standards", "标准", "standards", ""),
        ],
    );
    for p in &all.periods {
        let station = &all.stations[p.station];
        let enough = if p.insufficient { text("不足", "insufficient") } else { text("充分", "sufficient") };
        table.push(vec![
            Cell::word(&station.name),
            Cell::Text(span_word(p.span)),
            Cell::word(&p.period),
            Cell::Whole(p.parts as i64),
            Cell::Truth(Some(!p.insufficient), enough),
            if p.insufficient { Cell::Graded("insufficient".into(), text("数据不足", "insufficient"), OPEN.into()) } else { class_of(&p.section) },
            if p.insufficient { Cell::Blank } else { said(main_pollutants(all, p.rules, &p.section)) },
            said_of(held(p.class(), station.target)),
            said_of(held(p.class(), Some(Class::III))),
            Cell::word(standards_of(all, p.rules)),
        ]);
    }
    table
}

pub(super) fn standards_of(all: &Assessment<'_, '_>, rules: usize) -> String {
    format!("{} + {}", all.rules[rules].limits.id, all.rules[rules].assessment.id)
}

pub(super) fn samples(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "samples",
        text("逐次评价", "Samples"),
        text("单因子评价：最差项目决定断面类别。", "By the single factor: the worst item decides."),
        0,
        &[
            ("section", "断面", "section", ""),
            ("time", "时间", "time", ""),
            ("row", "行号", "row", ""),
            ("items", "评价项数", "items", "1"),
            ("class", "类别", "class", ""),
            ("quality", "水质状况", "quality", ""),
            ("main_pollutants", "主要污染指标", "main pollutants", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("standards", "标准", "standards", ""),
        ],
    );
    for t in &all.times {
        let station = &all.stations[t.station];
        table.push(vec![
            Cell::word(&station.name),
            Cell::word(t.at),
            Cell::Whole(t.row.cast_signed()),
            Cell::Whole(t.section.items.len() as i64),
            class_of(&t.section),
            said(quality(all, t.rules, t.section.class())),
            said(main_pollutants(all, t.rules, &t.section)),
            meets(&t.section, station.target),
            meets(&t.section, Some(Class::III)),
            Cell::word(standards_of(all, t.rules)),
        ]);
    }
    table
}

/// What a class means, by the standard's table.
pub(super) fn quality(all: &Assessment<'_, '_>, rules: usize, class: Option<Class>) -> Text {
    let Some(class) = class else { return Text::default() };
    let Ok(table) = all.rules[rules].assessment.table("quality") else { return Text::default() };
    table.row(class.grade()).map(|row| Text::of(table.text(row, "name_zh"), table.text(row, "name_en"))).unwrap_or_default()
}

pub(super) fn reading(reading: Reading) -> Cell {
    match reading {
        Reading::Value(v) => Cell::number(Some(v), 6),
        Reading::Below(limit) if limit.is_infinite() => Cell::Text(text("未检出", "not detected")),
        Reading::Below(limit) => Cell::Word(format!("<{}", number(limit, 6))),
        Reading::Above(end) => Cell::Word(format!(">{}", number(end, 6))),
        Reading::Unknown => Cell::Text(text("不明", "not known")),
    }
}

pub(super) const ITEM_COLUMNS: [(&str, &str, &str, &str); 5] = [
    ("item", "项目代码", "item", ""),
    ("title", "项目", "name", ""),
    ("value", "数值", "value", ""),
    ("judged", "修约后", "as judged", ""),
    ("unit", "单位", "unit", ""),
];

pub(super) fn items(all: &Assessment<'_, '_>) -> Table {
    let mut columns = vec![("section", "断面", "section", ""), ("time", "时间", "time", "")];
    columns.extend(ITEM_COLUMNS);
    columns.extend([("class", "类别", "class", ""), ("multiple", "超标倍数", "multiple", "1")]);
    let mut table =
        Table::new("items", text("单项评价", "Items"), text("参考项目只列出，不参与评价。", "Reference items are listed and decide nothing."), 0, &columns);
    for t in &all.times {
        for row in judged_items(all, t.rules, &t.readings, &t.section) {
            let mut cells = vec![Cell::word(&all.stations[t.station].name), Cell::word(t.at)];
            cells.extend(row);
            table.push(cells);
        }
    }
    table
}

/// Item, value, value judged, unit, class and multiple of each reading.
pub(super) fn judged_items(all: &Assessment<'_, '_>, rules: usize, readings: &[(usize, Reading)], section: &Section) -> Vec<Vec<Cell>> {
    let rules = &all.rules[rules];
    let row = |(number, given): &(usize, Reading)| {
        let item = &rules.items[*number];
        let verdict = section.items.iter().find(|v| v.item == *number);
        let at = match verdict {
            Some(v) if v.class().is_some() => class(v.class()),
            Some(v) => Cell::Graded("undecided".into(), words!("未定（{0}–{1}）", "open ({0}–{1})", numeral(v.best), numeral(v.worst)), OPEN.into()),
            None if section.reference.contains(number) => Cell::Text(text("参考", "reference")),
            None => Cell::Text(text("无限值", "no limits")),
        };
        vec![
            Cell::word(&item.code),
            Cell::Text(item.title.clone()),
            reading(*given),
            verdict.map_or(Cell::Blank, |v| Cell::number(Some(v.judged), 6)),
            Cell::word(if item.unit == "1" { "" } else { &item.unit }),
            at,
            Cell::number(verdict.and_then(|v| v.multiple), 4),
        ]
    };
    readings.iter().map(row).collect()
}

pub(super) fn means(all: &Assessment<'_, '_>) -> Table {
    let mut columns = vec![("section", "断面", "section", ""), ("span", "周期", "span", ""), ("period", "时段", "period", "")];
    columns.extend(ITEM_COLUMNS);
    columns.extend([("class", "类别", "class", ""), ("multiple", "超标倍数", "multiple", "1")]);
    let lead = text(
        "均值由未修约的值求得；pH 经氢离子浓度求平均；未检出按检出限的规定比例计。",
        "Means of unrounded values; pH through the hydrogen ion; a non-detect counts for the standard's share of its limit.",
    );
    let mut table = Table::new("means", text("时段均值", "Means"), lead, 0, &columns);
    for p in &all.periods {
        for row in judged_items(all, p.rules, &p.means, &p.section) {
            let mut cells = vec![Cell::word(&all.stations[p.station].name), Cell::Text(span_word(p.span)), Cell::word(&p.period)];
            cells.extend(row);
            table.push(cells);
        }
    }
    table
}

pub(super) fn compliance(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "compliance",
        text("达标率", "Compliance"),
        text("分母不含数据不足的断面；两项达标率分列。", "Sections with too little data are in no denominator; the two rates are two results."),
        14,
        &[
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("assessed", "评价断面", "assessed", "1"),
            ("insufficient", "数据不足", "insufficient", "1"),
            ("without_target", "无目标", "without target", "1"),
            ("own_pct", "目标达标率", "own target", "%"),
            ("third_pct", "Ⅲ类及以上", "class III or better", "%"),
            ("rating", "整体评价", "rating", ""),
        ],
    );
    for (span, period, c) in all.compliance() {
        let rating = rated(all, span, &period).map_or(Cell::Blank, |r| Cell::Text(r.0));
        table.push(vec![
            Cell::Text(span_word(span)),
            Cell::word(&period),
            Cell::Whole(c.assessed as i64),
            Cell::Whole(c.insufficient as i64),
            Cell::Whole(c.without_target as i64),
            Cell::number(c.own_pct, 1),
            Cell::number(c.third_pct, 1),
            rating,
        ]);
    }
    table
}

/// The rating of all sections of a period together: from five on by the shares of their classes.
pub(super) fn rated(all: &Assessment<'_, '_>, span: Span, period: &str) -> Option<(Text, f64)> {
    let of = of_period(all, span, period);
    let classes: Vec<Class> = of.iter().filter_map(|p| p.class()).collect();
    let rules = of.last()?.rules;
    if classes.len() < 5 {
        return None;
    }
    basin_rating(all.rules[rules].assessment, &classes).ok().map(|r| (r.title, r.good_pct))
}
