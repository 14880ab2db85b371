//! Areas that were approved by county (批准的面积指标): for a control line (Z5) and for all ground that
//! is planned to be built on (C4). One optional table that `[approved]` of `region.toml` names; without
//! it nothing is held against an indicator, and that is told and is no pass.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use crate::region::{Region, TableFile};
use crate::rules::Day;

/// The word in the column `layer` that stands for all ground planned to be built on.
pub const BUILD: &str = "build";

/// The columns of the table: name, in Chinese, in English.
pub const COLUMNS: [(&str, &str, &str); 7] = [
    ("layer", "管控图层；build 为规划建设用地合计", "control layer; build for all ground planned to be built on"),
    ("county", "区划代码", "division code of the county"),
    ("area_m2", "批准的面积，平方米", "the area that was approved, m²"),
    ("from", "自何日起；空为一直", "the day from which it holds; empty for always"),
    ("decree", "批准文件", "the decree that approves it"),
    ("office", "下达部门代码；可空", "office that hands it down, by id; may be empty"),
    ("source", "数据来源", "where the number is from"),
];

/// One approved area.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovedArea {
    /// The area, m².
    pub area_m2: f64,
    /// The day from which it holds; always where it is missing.
    pub from: Option<Day>,
    /// The decree.
    pub decree: String,
    /// The office that hands it down; empty where the table does not say it.
    pub office: String,
    /// Where the number is from.
    pub source: String,
    /// The line in the table.
    pub row: u64,
}

/// The approved areas that hold on a day, by layer and county.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Approved {
    by: BTreeMap<(String, String), ApprovedArea>,
}

impl Approved {
    /// Those of a region on a day; `None` where it declares no table.
    ///
    /// # Errors
    /// Everything wrong in the table at once, by row: `approved.*`, `table.duplicate_key`, and those of
    /// reading it.
    pub fn on(region: &Region, counties: &[&str], day: Day) -> Result<Option<Self>, Problems> {
        let Some(path) = &region.declared.approved else { return Ok(None) };
        let table = region.sources.table(path)?;
        let rows = rows(&table, &layers(region), counties).map_err(|p| p.or_file(path))?;
        let mut by: BTreeMap<(String, String), ApprovedArea> = BTreeMap::new();
        for (key, area) in rows.into_iter().filter(|(_, area)| area.from.is_none_or(|from| from <= day)) {
            if by.get(&key).is_none_or(|known| known.from < area.from) {
                by.insert(key, area);
            }
        }
        Ok(Some(Self { by }))
    }

    /// The approved area of a layer, or of [`BUILD`], in a county.
    pub fn of(&self, layer: &str, county: &str) -> Option<&ApprovedArea> {
        self.by.get(&(layer.to_owned(), county.to_owned()))
    }
}

/// Everything wrong in the table, whatever the day.
pub fn check(region: &Region) -> Problems {
    let Some(path) = &region.declared.approved else { return Problems::new() };
    let Ok(places) = region.sources.table(&region.declared.places.table) else { return Problems::new() };
    let (Ok(code), Ok(parent)) = (places.table.column("code"), places.table.column("parent_code")) else { return Problems::new() };
    let own = |row: &&liangshan_formats::table::Row| places.table.text(row, parent) == region.declared.code;
    let counties: Vec<&str> = places.table.rows.iter().filter(own).map(|row| places.table.text(row, code)).collect();
    let read = region.sources.table(path).and_then(|table| rows(&table, &layers(region), &counties).map_err(|p| p.or_file(path)));
    read.err().unwrap_or_default()
}

/// What the column `layer` may name.
fn layers(region: &Region) -> Vec<&str> {
    region.declared.control.iter().map(|c| c.name.as_str()).chain([BUILD]).collect()
}

type Keyed = ((String, String), ApprovedArea);

fn rows(file: &TableFile, layers: &[&str], counties: &[&str]) -> Result<Vec<Keyed>, Problems> {
    let t = &file.table;
    let [layer, county, area, from, decree, office, source] = t.find(COLUMNS.map(|c| c.0))?;
    let mut problems = t.duplicate_keys(&[layer, county, from]);
    let mut made = Vec::new();
    for row in &t.rows {
        let cell = |column| t.text(row, column);
        let before = problems.len();
        if !layers.contains(&cell(layer)) {
            problems.push(unknown("approved.unknown_layer", cell(layer), layers).row(row.line).column("layer"));
        }
        if !counties.contains(&cell(county)) {
            problems.push(unknown("approved.unknown_county", cell(county), counties).row(row.line).column("county"));
        }
        // A cell that is no number is told by its reader.
        let read = problems.keep(t.number(row, area));
        let area_m2 = read.flatten().filter(|a| *a >= 0.0);
        if read.is_some() && area_m2.is_none() {
            problems.push(no_area().row(row.line).column("area_m2"));
        }
        let said = cell(from);
        let day = Day::parse(said).filter(|_| said.len() == 10);
        if !said.is_empty() && day.is_none() {
            problems.push(no_day(said).row(row.line).column("from"));
        }
        for (name, at) in [("decree", decree), ("source", source)] {
            if cell(at).is_empty() {
                problems.push(unfounded().row(row.line).column(name));
            }
        }
        if let Some(area_m2) = area_m2.filter(|_| problems.len() == before) {
            let of = |column| cell(column).to_owned();
            let approved = ApprovedArea { area_m2, from: day, decree: of(decree), office: of(office), source: of(source), row: row.line };
            made.push(((of(layer), of(county)), approved));
        }
    }
    problems.into_result(made)
}

fn unknown(code: &'static str, said: &str, known: &[&str]) -> Problem {
    let list = known.join(", ");
    Problem::error(code, words!("批准面积表中的“{said}”不在区域中", "the table of approved areas names \"{said}\", which the region does not have"))
        .expect(words!("下列之一：{list}", "one of: {list}"))
        .fix_near(nearest(said, known.iter().copied()), text("改正该格", "correct the cell"))
}

fn no_area() -> Problem {
    Problem::error("approved.area", text("批准面积缺失或为负", "the approved area is missing or below zero"))
        .expect(text("平方米，不小于 0；没有批准就不写这一行", "m², not below 0; without an approval, no row"))
        .fix(text("填上批准文件中的面积，或删去该行", "fill in the area of the decree, or take the row out"))
}

fn no_day(said: &str) -> Problem {
    Problem::error("approved.day", words!("“{said}”不是日期", "\"{said}\" is not a day"))
        .expect(text("如 2020-01-01；一直有效则留空", "such as 2020-01-01; empty where it always holds"))
        .fix(text("改正日期", "correct the day"))
}

fn unfounded() -> Problem {
    Problem::error("approved.unfounded", text("批准面积没有写明批准文件或数据来源", "an approved area names no decree or no source"))
        .expect(text("decree 与 source 都不空", "a decree and a source"))
        .fix(text("补上文件号与来源；说不出依据的指标不能用来判定", "fill them in; an indicator without a ground decides nothing"))
}

/// What is told where the region declares no table.
pub const NONE: Text = text("区域没有给出各县批准的面积指标", "the region gives no approved areas by county");

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use liangshan_formats::table::read_csv;

    use super::*;
    use crate::region::{Sidecar, SourceFile};

    fn told(text: &str) -> Result<Vec<Keyed>, Vec<(String, Option<u64>)>> {
        let sidecar = "title_zh = \"测试\"\ntitle_en = \"test\"\norigin = \"synthetic\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\n";
        let sidecar = Sidecar::read(sidecar.as_bytes()).unwrap();
        let digest = liangshan_store::Naming::of("test").digest();
        let file = Arc::new(SourceFile { path: "approved.csv".into(), digest, bytes: 0, sidecar });
        let table = TableFile { file, table: Arc::new(read_csv(text.as_bytes()).unwrap()) };
        rows(&table, &["redline", BUILD], &["990001"]).map_err(|p| p.iter().map(|p| (p.code.to_string(), p.at.row)).collect())
    }

    const HEAD: &str = "layer,county,area_m2,from,decree,office,source\n";

    #[test]
    fn every_fault_has_its_row() {
        let rows = "redlin,990001,1,,d,,s\nredline,990009,1,,d,,s\nredline,990001,,,d,,s\nbuild,990001,-1,,d,,s\nbuild,990001,1,2020,d,,s\n\
                    redline,990001,1,2020-01-01,,,s\nbuild,990001,1,2021-01-01,d,,s\nbuild,990001,2,2021-01-01,d,,s\n";
        let mut told = told(&format!("{HEAD}{rows}")).unwrap_err();
        told.sort_by_key(|t| t.1);
        let codes: Vec<(&str, u64)> = told.iter().map(|(c, r)| (c.as_str(), r.unwrap())).collect();
        assert_eq!(
            codes,
            [
                ("approved.unknown_layer", 2),
                ("approved.unknown_county", 3),
                ("approved.area", 4),
                ("approved.area", 5),
                ("approved.day", 6),
                ("approved.unfounded", 7),
                ("table.duplicate_key", 9),
            ]
        );
    }

    #[test]
    fn a_row_is_read_as_it_stands() {
        let read = told(&format!("{HEAD}build,990001,120000.5,2021-01-01,No. 1,OFF-1,plan p. 3\n")).unwrap();
        let ((layer, county), area) = &read[0];
        assert_eq!((layer.as_str(), county.as_str(), area.area_m2, area.row), ("build", "990001", 120_000.5, 2));
        assert_eq!((area.decree.as_str(), area.office.as_str(), area.from), ("No. 1", "OFF-1", Day::parse("2021-01-01")));
    }
}
