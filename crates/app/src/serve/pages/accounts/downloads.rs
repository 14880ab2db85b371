//! The files of a run, made when they are asked for: the same bytes as `liangshan run` writes.

use liangshan_atlas::publish::{file, map_path};
use liangshan_vocab::{Text, text, words};

use super::desk::{Desk, PROFILE};
use crate::serve::profiles::Chosen;
use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;

/// A file that may be taken along: name, content type, what it is.
pub(crate) struct File {
    /// Its name.
    pub(crate) name: &'static str,
    kind: &'static str,
    /// What it is.
    pub(crate) title: Text,
}

const fn table(name: &'static str, zh: &'static str, en: &'static str) -> File {
    File { name, kind: "text/csv; charset=utf-8", title: text(zh, en) }
}

/// The files besides maps.
pub(crate) static FILES: [File; 7] = [
    File {
        name: "gep.xlsx",
        kind: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        title: text("账户工作簿，公式可追到每个原子", "the account as a workbook whose formulas reach every atom"),
    },
    table("account.csv", "账户明细：每年、每地、每类型、每指标一行", "the account: a row for each year, place, type and indicator"),
    table("totals.csv", "各地各年合计与比率", "totals and ratios by place and year"),
    table("changes.csv", "年际变化按成因分解", "the change between years by its causes"),
    table("review.csv", "评审质询单", "what a review will attack"),
    table("dictionary.csv", "数据字典：列、指标、单位与规则", "the dictionary: columns, indicators, units and rules"),
    File {
        name: "places.gpkg",
        kind: "application/geopackage+sqlite3",
        title: text("地区边界与账户，GIS 可直接打开", "places with their accounts, for any GIS"),
    },
];

/// What a Cloud Optimized GeoTIFF is called on the wire.
const TIFF: &str = "image/tiff; application=geotiff; profile=cloud-optimized";

const FILE: Param = Param::needed(
    "file",
    Kind::OneOf(&["gep.xlsx", "account.csv", "totals.csv", "changes.csv", "review.csv", "dictionary.csv", "places.gpkg"]),
    ("文件名", "the file's name"),
    "account.csv",
);
const MAP: Param = Param::needed("map", Kind::Word, ("图名", "the map's name"), "water_conservation_2020.tif");

/// Downloads.
pub(crate) const ROUTES: &[Route] = &[
    Route::bytes(
        "/download/{file}",
        ("核算成果文件，与命令行 run 写出的逐字节相同", "a file of the account, byte for byte what run writes"),
        &[FILE, PROFILE],
        "*/*",
        table_file,
    ),
    Route::bytes("/download/maps/{map}", ("分布图，COG", "a map as a Cloud Optimized GeoTIFF"), &[MAP, PROFILE], "image/tiff", map_file),
];

fn table_file(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let part = chosen.account()?;
    let Some(known) = FILES.iter().find(|f| Some(f.name) == ask.word("file")) else { return Err(Refusal::no_page()) };
    let bytes = file(&part.book, &part.publication, known.name).map_err(Refusal::Region)?.ok_or_else(Refusal::no_page)?;
    Ok(Reply::bytes(known.kind, bytes).saved_as(format!("{}-{}", part.publication.region, known.name)))
}

fn map_file(ask: &Ask<'_>) -> Answer {
    let chosen = Chosen::of(ask)?;
    let part = chosen.account()?;
    let name = |map: &liangshan_atlas::mapping::MapMade| format!("{}_{}.tif", map.indicator, map.year);
    let Some(map) = part.book.maps.iter().find(|m| Some(name(m).as_str()) == ask.word("map")) else {
        let known: Vec<String> = part.book.maps.iter().map(name).collect();
        return Err(ask.unknown("map", &text("分布图", "map"), known.iter().map(String::as_str)));
    };
    let path = map_path(&part.book, map);
    let bytes = std::fs::read(&path).map_err(|e| Refusal::Region(liangshan_atlas::whole::cannot_read(&path.display().to_string(), &e).into()))?;
    // Large, and on disk already: not kept in memory.
    Ok(Reply::bytes(TIFF, bytes).saved_as(name(map)).passing())
}

/// The address of a file.
pub(crate) fn address(desk: &Desk<'_>, name: &str) -> String {
    // A file is in both languages.
    let mut at = format!("/download/{name}");
    if !desk.profile().is_empty() {
        at.push_str(&format!("?profile={}", desk.profile()));
    }
    at
}

/// The list of files, and the maps of the year.
pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    files(h, desk);
    let maps: Vec<_> = desk.publication().maps.iter().filter(|m| m.year == desk.year).collect();
    if maps.is_empty() {
        return;
    }
    h.el("details", |h| {
        let (count, year) = (maps.len(), desk.year);
        h.line("summary", &words!("{year} 年分布图 {count} 幅（COG，逐格网，单位见名称）", "{count} maps of {year} (COG, cell by cell)"));
        h.el("ul.files", |h| {
            for map in maps {
                let name = map.file.trim_start_matches("maps/").to_owned();
                h.el("li", |h| {
                    h.with("a", &[("href", &address(desk, &format!("maps/{name}"))), ("download", "")], |h| h.text(&name));
                    h.text(" ");
                    h.el("span.muted", |h| {
                        h.say(&crate::ui::words::sentence(&map.title));
                        h.text(desk.ask.say("，", ", "));
                        h.say(&crate::ui::words::unit(&map.unit));
                    });
                });
            }
        });
    });
}

/// The files besides maps as a list.
pub(crate) fn files(h: &mut Html, desk: &Desk<'_>) {
    h.el("ul.files", |h| {
        for file in &FILES {
            h.el("li", |h| {
                h.with("a", &[("href", &address(desk, file.name)), ("download", "")], |h| h.text(file.name));
                h.text(" ");
                h.el("span.muted", |h| h.say(&file.title));
            });
        }
    });
}
