//! `places.gpkg`: the places with their attributes in Chinese, for any GIS.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue;
use liangshan_formats::CrsName;
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, Layer, write_geopackage};
use liangshan_space::MultiPolygon;
use liangshan_space::geo::{Geometry, unary_union};
use liangshan_vocab::Problems;

use crate::book::Book;

/// The places as a GeoPackage.
///
/// # Errors
/// Those of the writer.
pub(super) fn places(book: &Book) -> Result<Vec<u8>, Problems> {
    let account = &book.assembled.account;
    let places = &book.prepared.places;
    let mut fields: Vec<Field> = [
        ("代码", FieldKind::Text),
        ("名称", FieldKind::Text),
        ("英文名", FieldKind::Text),
        ("上级代码", FieldKind::Text),
        ("边界版本", FieldKind::Text),
        ("方法方案", FieldKind::Text),
        ("面积_km2", FieldKind::Real),
    ]
    .into_iter()
    .map(|(name, kind)| Field { name: name.to_owned(), kind })
    .collect();
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
        fields.push(Field { name: format!("{year}_总值_元"), kind: FieldKind::Real });
        fields.push(Field { name: format!("{year}_总值名称"), kind: FieldKind::Text });
        fields.push(Field { name: format!("{year}_单位面积价值_元每km2"), kind: FieldKind::Real });
        fields.push(Field { name: format!("{year}_人均价值_元"), kind: FieldKind::Real });
        for id in &indicators {
            let Some(known) = catalogue::indicator(id) else { continue };
            fields.push(Field { name: format!("{year}_{}_实物量", known.title.zh), kind: FieldKind::Real });
            fields.push(Field { name: format!("{year}_{}_单位", known.title.zh), kind: FieldKind::Text });
            fields.push(Field { name: format!("{year}_{}_价值_元", known.title.zh), kind: FieldKind::Real });
            fields.push(Field { name: format!("{year}_{}_状态", known.title.zh), kind: FieldKind::Text });
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
    Ok(write_geopackage(&[Layer { name: "places".into(), crs, fields, features }], &stamp)?)
}
