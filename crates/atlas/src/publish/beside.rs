//! `alternatives.csv`: every priced indicator at the prices it is not valued at; `profile.json`: the
//! resolved profile with every coefficient, price, source and evidence.

use liangshan_formats::table::write_csv;
use serde_json::{Value, json};

use super::tables::parameter;
use crate::book::Book;

/// The columns of `alternatives.csv`, in order: name and titles.
pub const ALTERNATIVE_COLUMNS: [(&str, &str, &str); 16] = [
    ("year", "年份", "year"),
    ("place_code", "地区代码", "place code"),
    ("place_name", "地区", "place"),
    ("indicator", "指标", "indicator, or the part of it that has the price"),
    ("role", "in_use 账户所用，alternative 可换用，beside 另列、不计入", "in_use, alternative, or beside: shown apart and never added"),
    ("price_id", "单价标识", "price id"),
    ("price", "单价", "price"),
    ("price_unit", "单价单位", "unit of price"),
    ("price_year", "价格年份", "price year"),
    ("quantity", "实物量", "quantity; empty where it is of several things"),
    ("unit", "实物量单位", "unit of quantity"),
    ("value_yuan", "按此单价的价值（元）", "value at this price, CNY"),
    ("difference_yuan", "与账户之差（元）；另列者为若计入会增加的值", "less the account's value, CNY; for beside, what it would add"),
    ("status", "ok、no_such_price 或 does_not_fit", "ok, no_such_price or does_not_fit"),
    ("evidence", "单价的核实程度", "evidence of the price"),
    ("reason", "不能用的原因", "why it does not fit"),
];

/// `alternatives.csv`.
pub(super) fn alternatives(book: &Book) -> Vec<u8> {
    let rows = book.alternatives().into_iter().map(|row| {
        let name = book.prepared.places.name(&row.place).map(|n| n.zh.to_string()).unwrap_or_default();
        let status = match (&row.value, &row.price) {
            (Some(_), _) => "ok",
            (None, None) => "no_such_price",
            (None, Some(_)) => "does_not_fit",
        };
        [
            row.year.to_string(),
            row.place,
            name,
            row.indicator,
            row.role.word().to_owned(),
            row.price_id,
            row.price.map(|p| p.to_string()).unwrap_or_default(),
            row.price_unit,
            row.price_year.map(|y| y.to_string()).unwrap_or_default(),
            row.quantity.map(|q| q.to_string()).unwrap_or_default(),
            row.unit,
            row.value.map(|v| v.yuan()).unwrap_or_default(),
            row.difference.map(|v| v.yuan()).unwrap_or_default(),
            status.to_owned(),
            row.evidence.word().to_owned(),
            row.fault.map(|p| format!("{} / {}", p.what.zh, p.what.en)).unwrap_or_default(),
        ]
    });
    write_csv(&ALTERNATIVE_COLUMNS.map(|c| c.0), rows, true)
}

/// `profile.json`: nothing left to inherit.
pub(super) fn profile(book: &Book) -> Vec<u8> {
    let method = &book.prepared.method;
    let profile = &method.profile;
    let price = |id: &String| -> Value {
        let Some(price) = book.prepared.prices.rows.iter().find(|p| p.id == *id) else { return json!({ "id": id, "status": "no_such_price" }) };
        json!({
            "id": price.id, "name": price.name, "value": price.value.to_string(), "unit": price.unit.written(), "basis": price.basis, "year": price.year,
            "year_assumed": price.year_assumed, "kind": price.kind, "region": price.region, "source": price.source, "evidence": price.evidence,
            "origin": price.origin, "note": price.note, "row": book.prepared.prices.lines.get(id),
        })
    };
    let indicators: Vec<Value> = profile
        .indicators
        .iter()
        .map(|m| {
            json!({
                "indicator": m.indicator, "include": m.status.word(), "flow": method.flow(&m.indicator), "how": m.how, "basis": m.basis,
                "price": m.price_id.as_ref().map(price), "alternatives": m.alternatives.iter().map(price).collect::<Vec<_>>(),
                "parameters": m.parameters.iter().map(parameter).collect::<Vec<_>>(), "evidence": m.evidence, "note": m.note,
            })
        })
        .collect();
    let out = json!({
        "id": profile.printed_id(), "title": profile.title, "effective_from": profile.effective_from, "supersedes": profile.supersedes,
        "extends": profile.extends, "evidence": profile.evidence, "source": profile.source, "note": profile.note,
        "files": method.basis.iter().map(|(file, digest)| json!({ "file": file, "digest": digest })).collect::<Vec<_>>(),
        "prices": { "file": book.prepared.prices.read.file, "digest": book.prepared.prices.read.digest },
        "flags": profile.flags.iter().map(parameter).collect::<Vec<_>>(),
        "indicators": indicators,
    });
    serde_json::to_vec_pretty(&out).unwrap_or_default()
}
