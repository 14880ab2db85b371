//! `zones.gpkg`: zones and lines with their account as attributes in Chinese, for any GIS.

use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::without;
use liangshan_formats::CrsName;
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, FieldNotes, Layer, LayerNotes, write_described};
use liangshan_space::geo::Geometry;
use liangshan_vocab::{Fen, Problems};

use super::sheet::{Line, Office, ZoneSheet, m2};

/// The layer as a GeoPackage: one feature for each zone.
///
/// # Errors
/// Those of the writer.
pub(super) fn layer(sheet: &ZoneSheet<'_>) -> Result<Vec<u8>, Problems> {
    let (mut fields, mut notes) = (Vec::new(), Vec::new());
    let mut add = |name: String, kind, title: &str, meaning: &str| {
        notes.push(FieldNotes { field: name.clone(), title: title.to_owned(), description: meaning.to_owned() });
        fields.push(Field { name, kind });
    };
    for (name, kind, title, meaning) in [
        ("分区组", FieldKind::Text, "分区组", "set of zones"),
        ("种类", FieldKind::Text, "种类", "kind of set"),
        ("标识", FieldKind::Text, "分区标识", "id of the zone"),
        ("名称", FieldKind::Text, "名称", "name"),
        ("英文名", FieldKind::Text, "英文名", "name in English"),
        ("版本", FieldKind::Text, "版本", "edition"),
        ("通过日期", FieldKind::Text, "通过日期", "day of adoption"),
        ("依据", FieldKind::Text, "依据", "decree"),
        ("责任部门", FieldKind::Text, "责任部门", "office that answers for it"),
        ("面积_m2", FieldKind::Real, "面积（m²，椭球面）", "area on the ellipsoid, m²"),
        ("面积_公顷", FieldKind::Real, "面积（公顷）", "area, ha"),
        ("面积_亩", FieldKind::Real, "面积（亩）", "area, mu"),
        ("占全域比例", FieldKind::Real, "占全域面积的比例", "share of the region"),
    ] {
        add(name.to_owned(), kind, title, meaning);
    }
    for year in sheet.years() {
        add(
            format!("{year}_价值_元"),
            FieldKind::Real,
            &format!("{year} 年已分区服务价值（元）"),
            &format!("value of services that are divided by zone, CNY, {year}"),
        );
        add(format!("{year}_单位面积价值_元每km2"), FieldKind::Real, &format!("{year} 年单位面积价值（元/km²）"), &format!("CNY per km², {year}"));
        add(
            format!("{year}_林灌草湿_公顷"),
            FieldKind::Real,
            &format!("{year} 年林灌草湿面积（公顷）"),
            &format!("forest, shrub, grassland and wetland, ha, {year}"),
        );
    }
    for change in &sheet.account.changes {
        let (from, to) = (change.from, change.to);
        for (name, title, meaning) in CAUSES {
            add(format!("{from}_{to}_{name}"), FieldKind::Real, &format!("{from}—{to} 年{title}"), &format!("{meaning}, CNY, {from}–{to}"));
        }
        add(
            format!("{from}_{to}_项目"),
            FieldKind::Text,
            &format!("{from}—{to} 年在建、用地在分区内的本部门项目"),
            &format!("projects of the office with sites in the zone, {from}–{to}"),
        );
    }
    add("预警数".into(), FieldKind::Integer, "下降预警数", "declines that are told");
    let inside = sheet.lines.iter().filter_map(|line| Some((line, line.zone?)));
    // The sheet of an office tells what its projects did; that of all, what those of the zone's own office did.
    let offices = sheet.offices_shown();
    let office = |zone: usize| offices.iter().find(|o| sheet.office.is_some() || o.id == sheet.zones.zones[zone].office);
    let features = inside.enumerate().map(|(at, (line, zone))| feature(sheet, line, zone, office(zone), at)).collect();
    let crs = sheet.book.prepared.grid.crs.epsg().map_or(CrsName::Missing, CrsName::Epsg);
    // A file has a date of change; the day after the last accounting period keeps the bytes the same.
    let stamp = format!("{:04}-01-01T00:00:00.000Z", sheet.years().last().copied().unwrap_or(1999) + 1);
    let synthetic = sheet.zones.origin.has_synthetic();
    let warned = if synthetic { "含合成（虚构）数据，没有法律效力 / synthetic, without legal force。" } else { "" };
    let notes = LayerNotes {
        layer: "zones".into(),
        title: format!("{}分区资产", sheet.book.prepared.region.declared.title.zh),
        description: format!("{} 时施行的分区与控制线 / in force on that day。{warned}{}", sheet.zones.day, sheet.method().zh),
        fields: notes,
        style: None,
    };
    Ok(write_described(&[Layer { name: "zones".into(), crs, fields, features }], &[notes], &stamp)?)
}

/// What made the change of a zone between two years: names of fields, and what they are.
const CAUSES: [(&str, &str, &str); 6] = [
    ("变化_元", "价值变化（元）", "change of value"),
    ("天气_元", "天气造成的变化（元）", "of it by weather"),
    ("单价_元", "单价造成的变化（元）", "of it by prices"),
    ("土地覆被_项目外_元", "土地覆被造成的变化，本部门项目用地以外（元）", "of it by land cover, outside the sites of own projects where they were examined"),
    (
        "本部门项目_元",
        "土地覆被造成的变化，本部门项目用地以内（元）；空为未考察",
        "of it by land cover inside the sites of own projects; empty where not examined",
    ),
    ("其他_元", "其他变化（元）", "of it by the rest"),
];

/// The cells of [`CAUSES`], and the projects.
fn causes(sheet: &ZoneSheet<'_>, line: &Line, office: Option<&Office>, pair: (i32, i32)) -> Vec<Cell> {
    let Some((_, _, whole)) = line.changes.iter().find(|c| (c.0, c.1) == pair) else { return vec![Cell::Null; CAUSES.len() + 1] };
    let own = office.and_then(|o| sheet.own(o, line, pair));
    let outside = own.as_ref().map_or(*whole, |own| without(whole, &own.change));
    let real = |value: Fen| Cell::Real(value.as_yuan_f64());
    let names: Vec<&str> = own.iter().flat_map(|own| own.projects.iter().map(|p| p.id.as_str())).collect();
    vec![
        real(whole.after - whole.before),
        real(whole.parts.of(Factor::Weather)),
        real(whole.parts.of(Factor::Price)),
        real(outside.parts.of(Factor::LandCover)),
        own.as_ref().map_or(Cell::Null, |own| real(own.change.parts.of(Factor::LandCover))),
        real(whole.parts.of(Factor::Rest)),
        if names.is_empty() { Cell::Null } else { Cell::Text(names.join(" ")) },
    ]
}

fn feature(sheet: &ZoneSheet<'_>, line: &Line, zone: usize, office: Option<&Office>, at: usize) -> Feature {
    let (z, set) = (&sheet.zones.zones[zone], &sheet.zones.sets[line.set]);
    let area = m2(line.area());
    let mut cells: Vec<Cell> = [
        set.id.clone(),
        set.kind.word().to_owned(),
        z.id.clone(),
        z.title.zh.to_string(),
        z.title.en.to_string(),
        z.edition.clone(),
        z.adopted.to_string(),
        z.decree.clone(),
        z.office_name.clone(),
    ]
    .map(Cell::Text)
    .to_vec();
    cells.extend([area, area / 1e4, area * 15.0 / 1e4, line.area() as f64 / sheet.whole() as f64].map(Cell::Real));
    for year in sheet.years() {
        let value = line.value.get(year).map(|v| v.as_yuan_f64());
        let real = |v: Option<f64>| v.map_or(Cell::Null, Cell::Real);
        cells.extend([real(value), real(value.map(|v| v / (area / 1e6))), Cell::Real(m2(line.natural(*year)) / 1e4)]);
    }
    for change in &sheet.account.changes {
        cells.extend(causes(sheet, line, office, (change.from, change.to)));
    }
    cells.push(Cell::Integer(line.alerts.len() as i64));
    Feature { id: at as i64 + 1, geometry: Some(Geometry::MultiPolygon(z.shape())), cells }
}
