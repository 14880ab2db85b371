//! `changes.csv`: what changed from each year to the next, by its causes.

use std::collections::BTreeSet;

use liangshan_accounts::catalogue;
use liangshan_accounts::change::{AtomChange, Change, Factor, Parts};
use liangshan_formats::table::write_csv;
use liangshan_vocab::Fen;

use crate::book::Book;

/// The columns of `changes.csv`, in order: name and titles.
pub const CHANGE_COLUMNS: [(&str, &str, &str); 12] = [
    ("from_year", "起始年份", "earlier year"),
    ("to_year", "终止年份", "later year"),
    ("place_code", "地区代码", "place code"),
    ("place_name", "地区", "place"),
    ("indicator", "指标；total 为合计", "indicator; total is the sum"),
    ("before_yuan", "起始年价值（元）", "value in the earlier year, CNY"),
    ("after_yuan", "终止年价值（元）", "value in the later year, CNY"),
    ("change_yuan", "变化（元），等于后四列之和", "change, CNY: the sum of the next four"),
    ("weather_yuan", "其中天气（元）", "of it by weather, CNY"),
    ("price_yuan", "其中单价（元）", "of it by prices, CNY"),
    ("land_cover_yuan", "其中土地覆被（元）", "of it by land cover, CNY"),
    ("rest_yuan", "其中其他（元）：产量、游客、排放、登记、植被覆盖与参数", "of it by the rest: output, visits, emissions, registers, cover, parameters; CNY"),
];

/// The rows: for each pair of years and place the indicators that have a price, the wholes they are
/// part of, then their sum.
pub(super) fn changes(book: &Book) -> Vec<u8> {
    let places = &book.prepared.places;
    let codes: Vec<&str> = places.counties.iter().map(|c| c.code.as_str()).chain([places.whole.as_str()]).collect();
    let mut rows = Vec::new();
    for change in &book.changes {
        let indicators: BTreeSet<&str> = change.atoms.iter().flat_map(|a| with_wholes(&a.indicator)).collect();
        let mut indicators: Vec<&str> = indicators.into_iter().collect();
        indicators.sort_by_key(|id| catalogue::rank(id));
        for code in &codes {
            let here = |a: &AtomChange| *code == places.whole || a.place == *code;
            for id in &indicators {
                rows.push(row(book, change, code, id, change.sum(|a| here(a) && (a.indicator == *id || catalogue::is_within(&a.indicator, id)))));
            }
            rows.push(row(book, change, code, "total", change.sum(here)));
        }
    }
    write_csv(&CHANGE_COLUMNS.map(|c| c.0), rows, true)
}

/// An indicator, then all that it is part of.
fn with_wholes(id: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(id), |id| catalogue::parent(id))
}

fn row(book: &Book, change: &Change, code: &str, indicator: &str, (before, after, parts): (Fen, Fen, Parts)) -> Vec<String> {
    let name = book.prepared.places.name(code).map(|n| n.zh.to_string()).unwrap_or_default();
    let head = [change.from.to_string(), change.to.to_string(), code.to_owned(), name, indicator.to_owned()];
    let values = [before, after, after - before].into_iter().chain(Factor::ALL.map(|f| parts.of(f))).map(Fen::yuan);
    head.into_iter().chain(values).collect()
}
