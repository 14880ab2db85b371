//! `ecosystems.csv` and `counties.csv`: the account laid out wide, for people and spreadsheets.
//!
//! `account.csv` has every number once; here the same numbers stand side by side. A number that is
//! not in the account is blank, never zero.

use std::collections::BTreeMap;

use liangshan_accounts::account::{ALL, Row, Total};
use liangshan_accounts::catalogue;
use liangshan_formats::table::write_csv;
use liangshan_vocab::Text;

use crate::book::Book;

/// The first columns of `ecosystems.csv`: name, titles. A column for each ecosystem type follows, then `all`.
pub const ECOSYSTEM_COLUMNS: [(&str, &str, &str); 8] = [
    ("year", "年份", "year"),
    ("place_code", "地区代码", "place code"),
    ("place_name", "地区", "place"),
    ("indicator", "指标；total 为各类之和（不减扣减项）", "indicator; total is the sum of the categories, before any deduction"),
    ("title_zh", "指标名称", "name of the indicator, in Chinese"),
    ("title_en", "指标英文名", "name of the indicator, in English"),
    ("measure", "quantity 实物量，value_yuan 价值（元）", "quantity, or value_yuan"),
    ("unit", "单位", "unit"),
];

/// The first columns of `counties.csv`: name, titles. Two columns for each indicator follow: its Chinese
/// name with the unit of the quantity, and with 元 for the value.
pub const COUNTY_COLUMNS: [(&str, &str, &str); 12] = [
    ("年份", "年份", "year"),
    ("地区代码", "地区代码", "place code"),
    ("地区", "地区", "place"),
    ("地区英文名", "地区英文名", "place, in English"),
    ("面积_km2", "面积（km2，椭球）", "area on the ellipsoid, km2"),
    ("总值名称", "总值名称", "name of the total"),
    ("总值_元", "总值（元）", "total, CNY"),
    ("物质供给_元", "物质供给价值（元）", "material supply, CNY"),
    ("调节服务_元", "调节服务价值（元）", "regulating services, CNY"),
    ("文化服务_元", "文化服务价值（元）", "cultural services, CNY"),
    ("单位面积价值_元每km2", "单位面积价值（元/km2）", "CNY per km2"),
    ("人均价值_元", "人均价值（元）", "CNY per resident"),
];

/// The rows that the dictionary has about these tables: kind, id, titles and meanings.
pub(super) fn described() -> Vec<[&'static str; 6]> {
    let columns =
        |kind: &'static str, all: &'static [(&'static str, &'static str, &'static str)]| all.iter().map(move |(name, zh, en)| [kind, *name, *zh, *en, "", ""]);
    let more = [
        ["ecosystems.csv", "（类型 type）", "各生态系统类型", "each ecosystem type", "空白表示该类型没有该项", "blank where the type does not give it"],
        ["ecosystems.csv", "all", "合计", "the sum", "各类型之和", "the sum of the types"],
        ["counties.csv", "（指标 indicator）_单位", "实物量", "quantity", "单位写在列名里；空白不是零", "with its unit in the name; blank is not zero"],
        ["counties.csv", "（指标 indicator）_元", "价值（元）", "value, CNY", "空白不是零", "blank is not zero"],
    ];
    columns("ecosystems.csv", &ECOSYSTEM_COLUMNS).chain(columns("counties.csv", &COUNTY_COLUMNS)).chain(more).collect()
}

/// The files of this module, by name.
pub(super) fn files(book: &Book) -> Vec<(String, Vec<u8>)> {
    vec![("ecosystems.csv".into(), ecosystems(book)), ("counties.csv".into(), counties(book))]
}

fn title(book: &Book, id: &str) -> Text {
    let part = book.assembled.names.get(id).filter(|name| !name.is_empty());
    part.cloned().or_else(|| catalogue::indicator(id).map(|i| i.title.clone())).unwrap_or_else(|| Text::same(id))
}

fn place(book: &Book, code: &str) -> Text {
    book.prepared.places.name(code).cloned().unwrap_or_else(|| Text::same(code))
}

fn ecosystems(book: &Book) -> Vec<u8> {
    let account = &book.assembled.account;
    let kinds: Vec<&str> = account.ecosystems.iter().map(String::as_str).chain([ALL]).collect();
    let names: Vec<&str> = ECOSYSTEM_COLUMNS.iter().map(|c| c.0).chain(kinds.iter().copied()).collect();
    let mut at: BTreeMap<(i32, &str, &str), BTreeMap<&str, &Row>> = BTreeMap::new();
    for row in &account.rows {
        at.entry((row.year, &row.place, &row.indicator)).or_default().insert(&row.ecosystem, row);
    }
    let head = |year: i32, code: &str, id: &str, title: &Text, measure: &str, unit: &str| {
        let (place, title) = (place(book, code), title.clone());
        vec![
            year.to_string(),
            code.to_owned(),
            place.zh.into_owned(),
            id.to_owned(),
            title.zh.into_owned(),
            title.en.into_owned(),
            measure.to_owned(),
            unit.to_owned(),
        ]
    };
    let mut rows = Vec::new();
    // In the account's own order; a row over one type is part of the line of its row over all.
    for row in account.rows.iter().filter(|r| r.ecosystem == ALL) {
        let Some(by_kind) = at.get(&(row.year, row.place.as_str(), row.indicator.as_str())) else { continue };
        let title = title(book, &row.indicator);
        // Where the whole is not printed as a number its parts by type would seem to be one.
        let cells = |of: &dyn Fn(&Row) -> Option<String>| -> Option<Vec<String>> {
            of(row)?;
            Some(kinds.iter().map(|kind| by_kind.get(kind).and_then(|r| of(r)).unwrap_or_default()).collect())
        };
        let measures: [(&str, &str, Option<Vec<String>>); 2] =
            [("quantity", &row.unit, cells(&|r| r.quantity.map(|q| q.to_string()))), ("value_yuan", "CNY", cells(&|r| r.value.map(|v| v.yuan())))];
        for (measure, unit, cells) in measures {
            let Some(cells) = cells else { continue };
            let mut line = head(row.year, &row.place, &row.indicator, &title, measure, unit);
            line.extend(cells);
            rows.push(line);
        }
    }
    for total in account.totals.iter().filter(|t| t.ecosystem == ALL) {
        let mut line = head(total.year, &total.place, "total", &Text::of("各类之和", "sum of the categories"), "value_yuan", "CNY");
        let gross = |t: &Total| t.classes.iter().copied().sum::<liangshan_vocab::Fen>();
        line.extend(kinds.iter().map(|kind| account.total(total.year, &total.place, kind).map(|t| gross(t).yuan()).unwrap_or_default()));
        rows.push(line);
    }
    write_csv(&names, rows, true)
}

fn counties(book: &Book) -> Vec<u8> {
    let account = &book.assembled.account;
    let mut ids: Vec<(&str, &str)> = Vec::new();
    for row in account.rows.iter().filter(|r| r.ecosystem == ALL && (r.quantity.is_some() || r.value.is_some())) {
        match ids.iter_mut().find(|(id, _)| *id == row.indicator) {
            Some((_, unit)) if unit.is_empty() => *unit = &row.unit,
            Some(_) => {}
            None => ids.push((&row.indicator, &row.unit)),
        }
    }
    ids.sort_by_key(|(id, _)| catalogue::rank(id));
    let mut names: Vec<String> = COUNTY_COLUMNS.iter().map(|c| c.0.to_owned()).collect();
    for (id, unit) in &ids {
        let title = title(book, id).zh;
        if !unit.is_empty() {
            names.push(format!("{title}_{unit}"));
        }
        names.push(format!("{title}_元"));
    }
    let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let rows = account.totals.iter().filter(|t| t.ecosystem == ALL).map(|total| {
        let name = place(book, &total.place);
        let area = book.prepared.places.area_m2(&total.place).map(|m2| m2 / 1e6);
        let mut line = vec![total.year.to_string(), total.place.clone(), name.zh.into_owned(), name.en.into_owned(), number(area)];
        line.extend([total.title().zh.into_owned(), total.value.yuan()]);
        line.extend(total.classes.iter().map(|class| class.yuan()));
        line.extend([number(total.per_km2), number(total.per_head)]);
        for (id, unit) in &ids {
            let row = account.row(total.year, &total.place, ALL, id);
            if !unit.is_empty() {
                line.push(row.and_then(|r| r.quantity).map(|q| q.to_string()).unwrap_or_default());
            }
            line.push(row.and_then(|r| r.value).map(|v| v.yuan()).unwrap_or_default());
        }
        line
    });
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    write_csv(&names, rows, true)
}
