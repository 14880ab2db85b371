//! `places.gpkg`: the places with their attributes in Chinese, for any GIS, with titles of fields in
//! words and a style in which QGIS opens it.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue;
use liangshan_formats::CrsName;
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, FieldNotes, Layer, LayerNotes, LayerStyle, write_described};
use liangshan_space::MultiPolygon;
use liangshan_space::geo::{Geometry, unary_union};
use liangshan_vocab::{Origin, Problems};

use super::style;
use crate::book::Book;

/// The places as a GeoPackage.
///
/// # Errors
/// Those of the writer.
pub(super) fn places(book: &Book) -> Result<Vec<u8>, Problems> {
    let account = &book.assembled.account;
    let places = &book.prepared.places;
    let mut fields = Fields::default();
    for (name, kind, title, meaning) in [
        ("代码", FieldKind::Text, "区划代码", "GB/T 2260 division code"),
        ("名称", FieldKind::Text, "名称", "name"),
        ("英文名", FieldKind::Text, "英文名", "name in English"),
        ("上级代码", FieldKind::Text, "上级区划代码", "code of the place it is part of"),
        ("边界版本", FieldKind::Text, "边界版本", "edition of the boundaries"),
        ("方法方案", FieldKind::Text, "核算方法方案", "method profile"),
        ("面积_km2", FieldKind::Real, "面积（km²，椭球面）", "area on the ellipsoid, km²"),
    ] {
        fields.add(name.to_owned(), kind, title.to_owned(), meaning.to_owned());
    }
    // Product and revenue lines stay in account.csv: a map wants indicators.
    let indicators: Vec<&str> = {
        let mut seen = Vec::new();
        for row in account.rows.iter().filter(|r| r.ecosystem == ALL && !r.indicator.contains('.')) {
            if !seen.contains(&row.indicator.as_str()) {
                seen.push(row.indicator.as_str());
            }
        }
        seen
    };
    for year in &account.years {
        let mut add = |name: &str, kind, title: &str, meaning: &str| {
            fields.add(format!("{year}_{name}"), kind, format!("{year} 年 {title}"), format!("{meaning}, {year}"));
        };
        add("总值_元", FieldKind::Real, "总值（元）", "total, CNY");
        add("总值名称", FieldKind::Text, "总值名称", "what the total may be called");
        add(PER_KM2, FieldKind::Real, "单位面积价值（元/km²）", "CNY per km²");
        add("人均价值_元", FieldKind::Real, "人均价值（元）", "CNY per resident");
        for id in &indicators {
            let Some(known) = catalogue::indicator(id) else { continue };
            let (zh, en) = (&known.title.zh, &known.title.en);
            let unit = account.row(*year, &places.whole, ALL, id).map(|r| r.unit.as_str()).filter(|u| !u.is_empty()).unwrap_or("—");
            add(&format!("{zh}_实物量"), FieldKind::Real, &format!("{zh} 实物量（{unit}）"), &format!("{en}, quantity, {unit}"));
            add(&format!("{zh}_单位"), FieldKind::Text, &format!("{zh} 实物量单位"), &format!("{en}, unit of the quantity"));
            add(&format!("{zh}_价值_元"), FieldKind::Real, &format!("{zh} 价值（元）"), &format!("{en}, value, CNY"));
            add(&format!("{zh}_状态"), FieldKind::Text, &format!("{zh} 状态"), &format!("{en}, status"));
        }
    }
    let real = |value: Option<f64>| value.map_or(Cell::Null, Cell::Real);
    let mut features = Vec::new();
    for (i, code) in places.codes().into_iter().enumerate() {
        let geometry: MultiPolygon = match places.counties.iter().find(|c| c.code == code) {
            Some(county) => county.shape.clone(),
            None => unary_union(&places.counties.iter().map(|c| c.shape.clone()).collect::<Vec<_>>()),
        };
        let name = places.name(code).cloned().unwrap_or_default();
        let parent = if code == places.whole { Cell::Null } else { Cell::Text(places.whole.clone()) };
        let mut cells = vec![
            Cell::Text(code.to_owned()),
            Cell::Text(name.zh.to_string()),
            Cell::Text(name.en.to_string()),
            parent,
            Cell::Text(places.edition.clone()),
            Cell::Text(account.profile.clone()),
            real(places.area_m2(code).map(|m2| m2 / 1e6)),
        ];
        for year in &account.years {
            let total = account.total(*year, code, ALL);
            cells.push(real(total.map(|t| t.value.as_yuan_f64())));
            cells.push(total.map_or(Cell::Null, |t| Cell::Text(t.title().zh.to_string())));
            cells.push(real(total.and_then(|t| t.per_km2)));
            cells.push(real(total.and_then(|t| t.per_head)));
            for id in indicators.iter().filter(|id| catalogue::indicator(id).is_some()) {
                let row = account.row(*year, code, ALL, id);
                cells.push(real(row.and_then(|r| r.quantity).map(|q| q.as_f64())));
                cells.push(row.map_or(Cell::Null, |r| Cell::Text(r.unit.clone())));
                cells.push(real(row.and_then(|r| r.value).map(|v| v.as_yuan_f64())));
                cells.push(row.map_or(Cell::Null, |r| Cell::Text(r.status.word().to_owned())));
            }
        }
        features.push(Feature { id: i as i64 + 1, geometry: Some(Geometry::MultiPolygon(geometry)), cells });
    }
    let crs = book.prepared.grid.crs.epsg().map_or(CrsName::Missing, CrsName::Epsg);
    // A file has a date of change; the day after the last accounting period keeps the bytes the same.
    let stamp = format!("{:04}-01-01T00:00:00.000Z", account.years.last().copied().unwrap_or(1999) + 1);
    let per_km2: Vec<f64> = match account.years.last() {
        Some(year) => places.counties.iter().filter_map(|c| account.total(*year, &c.code, ALL)?.per_km2).collect(),
        None => Vec::new(),
    };
    let style = account.years.last().map(|year| LayerStyle {
        name: format!("{year} 年单位面积价值"),
        qml: style::choropleth(&style::Choropleth {
            field: &format!("{year}_{PER_KM2}"),
            title: &format!("{year} 年单位面积价值（万元/km²）"),
            per: 1e4,
            label: "名称",
            outer: "上级代码",
            values: &per_km2,
        }),
    });
    let notes = LayerNotes {
        layer: "places".into(),
        title: format!("{}生态产品账户", book.prepared.region.declared.title.zh),
        description: description(book),
        fields: fields.notes,
        style,
    };
    Ok(write_described(&[Layer { name: "places".into(), crs, fields: fields.fields, features }], &[notes], &stamp)?)
}

/// The end of the field that the map is coloured by.
const PER_KM2: &str = "单位面积价值_元每km2";

/// Fields with what is said about them.
#[derive(Default)]
struct Fields {
    fields: Vec<Field>,
    notes: Vec<FieldNotes>,
}

impl Fields {
    fn add(&mut self, name: String, kind: FieldKind, title: String, description: String) {
        self.notes.push(FieldNotes { field: name.clone(), title, description });
        self.fields.push(Field { name, kind });
    }
}

/// What a reader of the layer should know, in both languages.
fn description(book: &Book) -> String {
    let account = &book.assembled.account;
    let synthetic = account.rows.iter().any(|r| matches!(r.origin, Some(Origin::Synthetic | Origin::Mixed)));
    let warned = if synthetic { "含合成（虚构）数据，只供演示 / rests on synthetic data, for demonstration only。" } else { "" };
    let (profile, weather) = (&account.profile, book.weather_words());
    format!("方法方案 profile: {profile}；天气 weather: {weather}。{warned}空值不是零 / a missing value is not zero。")
}
