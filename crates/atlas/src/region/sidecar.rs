//! The sidecar of a source, `<file>.toml`: from whom, when, under what licence, in what unit.

use std::collections::BTreeMap;

use liangshan_formats::document::Document;
use liangshan_vocab::{Digest, Origin, Problem, Problems, Text, Unit, text, words};

/// What a sidecar says.
#[derive(Debug, Clone, PartialEq)]
pub struct Sidecar {
    /// Name of the source.
    pub title: Text,
    /// Measured, modelled, synthetic or mixed.
    pub origin: Origin,
    /// From whom.
    pub from: String,
    /// Licence.
    pub licence: String,
    /// What time it is about, as written: a year, years, `climatology`.
    pub period: String,
    /// Reference system as written; empty where the file says it itself.
    pub crs: String,
    /// Unit of a cell value after `scale`, or of coordinates; empty for tables.
    pub unit: String,
    /// `value = stored × scale`.
    pub scale: Option<f64>,
    /// Stored value that means missing.
    pub nodata: Option<f64>,
    /// How it was made.
    pub method: String,
    /// In what state it was delivered.
    pub delivered: String,
    /// The area with data, in words.
    pub covers: String,
    /// Digest of the file as it was delivered.
    pub sha256: Option<Digest>,
    /// Units and titles of a table's columns.
    pub columns: BTreeMap<String, SidecarColumn>,
}

/// What a sidecar says of a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SidecarColumn {
    /// Unit, or `column:<other>` where the unit stands in another column of the row.
    pub unit: Option<String>,
    /// Name.
    pub title: Text,
}

/// The years a period of a sidecar names: `2019`, `2019, 2020`, `2019-2020`. `None` where it names
/// none, such as `climatology` or nothing.
pub fn years_of(period: &str) -> Option<Vec<i32>> {
    let mut years = Vec::new();
    for part in period.split(',').map(str::trim) {
        let year = |s: &str| (s.len() == 4).then(|| s.parse::<i32>().ok()).flatten();
        match part.split_once('-') {
            Some((from, to)) => years.extend(year(from.trim())?..=year(to.trim())?),
            None => years.push(year(part)?),
        }
    }
    (!years.is_empty()).then_some(years)
}

impl Sidecar {
    /// Reads a sidecar.
    ///
    /// # Errors
    /// Everything wrong in it at once, unknown keys included.
    pub fn read(bytes: &[u8]) -> Result<Self, Problems> {
        let document = Document::parse(bytes)?;
        let s = document.root();
        let title = (s.text("title_zh"), s.text("title_en"));
        let origin = s.parsed("origin", |word| {
            Origin::parse(word).ok_or_else(|| {
                Problem::error("source.origin", words!("来源性质“{word}”不在清单中", "the origin \"{word}\" is not one of the list"))
                    .expect(text("measured、modelled、synthetic 或 mixed", "measured, modelled, synthetic or mixed"))
                    .fix(text("改用其中一个词", "use one of these words"))
            })
        });
        let or_empty = |key| s.optional_text(key).unwrap_or_default();
        let (from, licence) = (s.text("from"), s.text("licence"));
        let (period, crs, method, delivered, covers) = (or_empty("period"), or_empty("crs"), or_empty("method"), or_empty("delivered"), or_empty("covers"));
        let unit = s.optional_parsed("unit", |u| if u.is_empty() { Ok(String::new()) } else { Unit::parse(u).map(|_| u.to_owned()) }).unwrap_or_default();
        let (scale, nodata) = (s.optional_number("scale"), s.optional_number("nodata"));
        if scale.is_some_and(|scale| scale <= 0.0) {
            s.problem(
                "scale",
                Problem::error("source.scale", text("scale 应大于 0", "scale is not above zero"))
                    .expect(text("value = stored × scale 中的乘数", "the factor of value = stored × scale"))
                    .fix(text("改正 scale；没有换算则写 1", "correct scale; write 1 where nothing is scaled")),
            );
        }
        let sha256 = s.optional_parsed("sha256", |hex| {
            Digest::parse(hex).ok_or_else(|| {
                Problem::error("source.sha256", text("sha256 不是 64 位十六进制数", "sha256 is not 64 hexadecimal digits"))
                    .expect(text("sha256sum 给出的 64 位十六进制数", "the 64 hexadecimal digits that sha256sum prints"))
                    .fix(text("重新计算后填写；文件未定稿时删去该行", "compute it again, or delete the line while the file is not final"))
            })
        });
        let mut columns = BTreeMap::new();
        if let Some(all) = s.optional_section("columns") {
            for name in all.keys() {
                let Some(c) = all.section(&name) else { continue };
                let unit =
                    c.optional_parsed(
                        "unit",
                        |u| {
                            if u.is_empty() || u.starts_with("column:") { Ok(u.to_owned()) } else { Unit::parse(u).map(|_| u.to_owned()) }
                        },
                    );
                let title = Text::of(c.optional_text("title_zh").unwrap_or_default(), c.optional_text("title_en").unwrap_or_default());
                // Cover classes of a C column carry their bounds; they are read for completeness.
                let _ = (c.optional_number("lower"), c.optional_number("upper"));
                columns.insert(name, SidecarColumn { unit, title });
            }
        }
        let problems = document.finish();
        match (title, origin, from, licence) {
            ((Some(zh), Some(en)), Some(origin), Some(from), Some(licence)) if !problems.has_errors() => {
                Ok(Self { title: Text::of(zh, en), origin, from, licence, period, crs, unit, scale, nodata, method, delivered, covers, sha256, columns })
            }
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "title_zh = \"雨\"\ntitle_en = \"Rain\"\norigin = \"synthetic\"\nfrom = \"demo\"\nlicence = \"CC0-1.0\"\nperiod = \"2019-2020\"\nunit = \"mm/a\"\n\n[columns.rain_mm]\nunit = \"mm\"\n";

    #[test]
    fn a_sidecar_is_read_with_its_columns() {
        let sidecar = Sidecar::read(GOOD.as_bytes()).unwrap();
        assert_eq!(sidecar.origin, Origin::Synthetic);
        assert_eq!(years_of(&sidecar.period), Some(vec![2019, 2020]));
        assert_eq!(sidecar.columns["rain_mm"].unit.as_deref(), Some("mm"));
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_the_nearest_key() {
        let bad = GOOD.replace("licence", "lisence").replace("\"synthetic\"", "\"invented\"").replace("mm/a", "furlong");
        let problems = Sidecar::read(bad.as_bytes()).unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_ref()).collect();
        for code in ["source.origin", "toml.unknown_key", "toml.missing", "unit.unknown"] {
            assert!(codes.contains(&code), "{code} in {codes:?}");
        }
        let unknown = problems.iter().find(|p| p.code == "toml.unknown_key").unwrap();
        assert_eq!(unknown.at.row, Some(5));
        assert!(unknown.fix.en.contains("licence"));
    }

    #[test]
    fn periods_without_years_name_none() {
        assert_eq!(years_of("climatology"), None);
        assert_eq!(years_of(""), None);
        assert_eq!(years_of("2019, 2020"), Some(vec![2019, 2020]));
    }
}
