//! `zone_projects.csv`: what changed inside the zones of each office, with what its own projects did told
//! apart from the rest of land cover.

use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::without;
use liangshan_formats::table::write_csv;
use liangshan_vocab::Fen;

use super::files::Column;
use super::sheet::{Line, Office, ZoneSheet, m2_written};

/// The columns of `zone_projects.csv`.
pub const PROJECT_COLUMNS: [Column; 17] = [
    ("from_year", "起始年份", "earlier year"),
    ("to_year", "终止年份", "later year"),
    ("office", "责任部门", "office"),
    ("set", "分区组", "set"),
    ("zone", "分区标识", "zone"),
    (
        "own_projects",
        "本部门项目：examined 已考察，not_examined 未考察（没有项目位置；不是零）",
        "examined, or not_examined where no site is given, which is not zero",
    ),
    (
        "change_yuan",
        "变化（元），等于天气、单价、项目以外的土地覆被、本部门项目与其他之和",
        "change, CNY: weather, prices, land cover outside, own projects and the rest",
    ),
    ("weather_yuan", "其中天气（元）", "of it by weather, CNY"),
    ("price_yuan", "其中单价（元）", "of it by prices, CNY"),
    ("land_cover_yuan", "其中土地覆被（元），含本部门项目", "of it by land cover, own projects included, CNY"),
    (
        "outside_yuan",
        "土地覆被在本部门项目用地以外的部分（元）；未考察时为空",
        "of land cover outside the sites of own projects, CNY; empty where not examined",
    ),
    ("own_yuan", "土地覆被在本部门项目用地以内的部分（元）；未考察时为空", "of land cover inside the sites of own projects, CNY; empty where not examined"),
    ("rest_yuan", "其中其他（元）", "of it by the rest, CNY"),
    ("site_m2", "项目用地在分区内的面积（m²，重叠只计一次）", "area of the sites in the zone, m²; what overlaps counts once"),
    ("moved_m2", "项目用地内改变了生态系统类型的净面积（m²，格网）", "net area of the sites that changed its ecosystem type, m² of cells"),
    ("projects", "项目", "projects"),
    ("origin", "项目位置数据的来源性质", "what the sites are"),
];

/// The file.
pub(super) fn projects(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for change in &sheet.account.changes {
        for office in sheet.offices_shown() {
            rows.extend(sheet.lines_of_office(&office).filter_map(|line| row(sheet, &office, line, (change.from, change.to))));
        }
    }
    write_csv(&PROJECT_COLUMNS.map(|c| c.0), rows, true)
}

fn row(sheet: &ZoneSheet<'_>, office: &Office, line: &Line, pair: (i32, i32)) -> Option<Vec<String>> {
    let (_, _, whole) = line.changes.iter().find(|c| (c.0, c.1) == pair)?;
    let of = |factor| whole.parts.of(factor).yuan();
    let own = sheet.own(office, line, pair);
    let state = if own.is_some() { "examined" } else { "not_examined" };
    let mut cells =
        [pair.0.to_string(), pair.1.to_string(), office.id.clone(), sheet.zones.sets[line.set].id.clone(), line.id.clone(), state.to_owned()].to_vec();
    cells.extend([(whole.after - whole.before).yuan(), of(Factor::Weather), of(Factor::Price), of(Factor::LandCover)]);
    let inside = own.as_ref().map(|own| [&without(whole, &own.change), &own.change].map(|c| c.parts.of(Factor::LandCover)));
    cells.extend(inside.map_or_else(Default::default, |both| both.map(Fen::yuan)));
    cells.push(of(Factor::Rest));
    cells.extend(own.as_ref().map_or_else(Default::default, |own| [own.ground.area, own.ground.moved].map(m2_written)));
    let names: Vec<&str> = own.iter().flat_map(|own| own.projects.iter().map(|p| p.id.as_str())).collect();
    let origin = sheet.zones.sites.as_ref().filter(|_| own.is_some()).map_or("", |s| s.origin.word());
    cells.extend([names.join(" "), origin.to_owned()]);
    Some(cells)
}
