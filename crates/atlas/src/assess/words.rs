//! The words of departments: heads of columns, units, signs in cells. They are data, `rules/assess/*.csv`;
//! a new word is a line there, or in a region's own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use liangshan_duty::air::Averaging;
use liangshan_duty::standard::{RuleText, shipped_texts};
use liangshan_duty::water::Water;
use liangshan_formats::table::{Table, read_csv};
use liangshan_vocab::{Evidence, Problem, Problems, Text, Unit, text, words};
use rust_decimal::Decimal;

use super::Domain;
use crate::deliveries::numbers::half_width;

/// What a sign stands for where a value is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// No value.
    Nothing,
    /// Not detected, the limit not told.
    NotDetected,
}

/// The kind of water of a section known by its name, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pattern: String,
    /// River or lake.
    pub(super) water: Water,
    /// How well that is known.
    pub(super) evidence: Evidence,
    /// Why.
    pub(super) basis: Text,
}

/// A land use by the words of departments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Land {
    words: Vec<String>,
    /// True for construction land.
    pub(super) construction: bool,
    /// The word of the standard.
    pub(super) land: String,
    /// What else is to be known.
    pub(super) note: Text,
}

/// All words.
pub(super) struct Words {
    /// Domain, pattern of the head, field; the longest patterns first.
    fields: Vec<(String, String, String)>,
    averaging: Vec<(String, String)>,
    units: HashMap<String, String>,
    qualifiers: Vec<String>,
    /// By what they mean.
    cells: BTreeMap<String, Vec<String>>,
    sections: Vec<Known>,
    lands: Vec<Land>,
}

/// A word as it is compared: narrow, small, without spaces, hyphens and underlines.
pub(super) fn plain(word: &str) -> String {
    half_width(word).to_lowercase().chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).collect()
}

/// A sign as it is compared: narrow and small, hyphens kept.
fn sign(word: &str) -> String {
    half_width(word).to_lowercase()
}

impl Words {
    /// Those shipped with the program, with a region's own before them: the rows of its
    /// `rules/assess/columns.csv` and so on, which have the very columns of those shipped.
    ///
    /// # Errors
    /// Everything wrong with the region's: `assess.words` with file and line.
    pub(super) fn with(own: &[RuleText]) -> Result<Self, Problems> {
        let (mut all, mut problems) = (BTreeMap::new(), Problems::new());
        for shipped in shipped_texts().iter().filter(|t| t.file.starts_with("assess/")) {
            let read = read_csv(shipped.text.as_bytes());
            assert!(read.is_ok(), "rules/{} cannot be read: {read:?}", shipped.file);
            all.extend(read.map(|table| (shipped.file.clone(), table)));
        }
        let fields: BTreeSet<(String, String)> = rows_of(&all, "columns").map(|r| (r[0].clone(), r[1].clone())).collect();
        for given in own.iter().filter(|t| t.file.starts_with("assess/")) {
            let at = |problem: Problem| problem.file(format!("rules/{}", given.file));
            let Some(shipped) = all.get_mut(&given.file) else {
                let known: Vec<&str> = all.keys().map(String::as_str).collect();
                problems.push(at(no_words(text("没有这种词表", "there are no words of this kind")).expect(Text::same(known.join(", ")))));
                continue;
            };
            let table = match read_csv(given.text.as_bytes()) {
                Ok(table) if table.columns == shipped.columns => table,
                Ok(_) => {
                    problems
                        .push(at(no_words(text("列与随程序附带的不同", "the columns are not those of the file shipped"))
                            .expect(Text::same(shipped.columns.join(",")))));
                    continue;
                }
                Err(faults) => {
                    problems.extend(faults.into_iter().map(at));
                    continue;
                }
            };
            problems.extend(table.rows.iter().filter_map(|row| Some(at(fault(&given.file, &row.cells, &fields)?).row(row.line))));
            shipped.rows.splice(0..0, table.rows);
        }
        problems.into_result(Self::of(|name| rows_of(&all, name).cloned().collect()))
    }

    /// Those shipped with the program.
    #[cfg(test)]
    pub(super) fn shipped() -> Words {
        Self::with(&[]).unwrap()
    }

    fn of(rows: impl Fn(&str) -> Vec<Vec<String>>) -> Self {
        let each = |words: &str| words.split('|').map(str::to_owned).collect::<Vec<_>>();
        let mut fields = Vec::new();
        for row in rows("columns") {
            fields.extend(each(&row[2]).into_iter().map(|word| (row[0].clone(), plain(&word), row[1].clone())));
        }
        // A domain's own words go before those of all, long patterns before short ones.
        fields.sort_by_key(|(domain, word, _)| (domain == "all", std::cmp::Reverse(word.chars().count())));
        let mut averaging: Vec<(String, String)> = Vec::new();
        for row in rows("averaging") {
            averaging.extend(each(&row[0]).into_iter().map(|word| (plain(&word), row[1].clone())));
        }
        averaging.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        let mut units = HashMap::new();
        for row in rows("units") {
            for word in each(&row[0]) {
                units.entry(unit_word(&word)).or_insert_with(|| row[1].clone());
            }
        }
        let qualifiers = rows("qualifiers").iter().flat_map(|row| each(&row[0])).map(|word| plain(&word)).collect();
        let mut cells: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows("cells") {
            cells.entry(row[1].clone()).or_default().extend(each(&row[0]).iter().map(|word| sign(word)));
        }
        let sections = rows("sections")
            .into_iter()
            .filter_map(|row| {
                Some(Known {
                    water: Water::parse(&row[1])?,
                    evidence: Evidence::parse(&row[2])?,
                    basis: Text::of(row[3].clone(), row[4].clone()),
                    pattern: row[0].clone(),
                })
            })
            .collect();
        let land = |row: Vec<String>| Land {
            words: each(&row[0]).iter().map(|word| sign(word)).collect(),
            construction: row[1] == "construction",
            land: row[2].clone(),
            note: Text::of(row[3].clone(), row[4].clone()),
        };
        let lands = rows("lands").into_iter().map(land).collect();
        Self { fields, averaging, units, qualifiers, cells, sections, lands }
    }

    /// The field that a head names.
    pub(super) fn field(&self, domain: Domain, head: &str) -> Option<&str> {
        let head = plain(head);
        let of = |(own, word, _): &&(String, String, String)| {
            (own == "all" || own == domain.word()) && word.strip_prefix('*').map_or(*word == head, |end| head.len() > end.len() && head.ends_with(end))
        };
        self.fields.iter().find(of).map(|f| f.2.as_str())
    }

    /// The head without the words that make it a detection limit of an item.
    pub(super) fn limit_of(&self, head: &str) -> Option<String> {
        let head = half_width(head);
        let ends = self.fields.iter().filter(|f| f.2 == "limit_of").filter_map(|f| f.1.strip_prefix('*'));
        let small = plain(&head);
        ends.filter_map(|end| small.strip_suffix(end)).find(|rest| !rest.is_empty()).map(str::to_owned)
    }

    /// Splits an averaging time off a head, before or behind it, and tells what is left.
    pub(super) fn averaged<'w>(&'w self, head: &str) -> Option<(String, &'w str)> {
        let head = plain(head);
        self.averaging.iter().find_map(|(word, averaging)| {
            let rest = head.strip_suffix(word.as_str()).or_else(|| head.strip_prefix(word.as_str()))?;
            Some((rest.to_owned(), averaging.as_str()))
        })
    }

    /// An averaging time by its word.
    pub(super) fn averaging(&self, word: &str) -> Option<&str> {
        let word = plain(word);
        self.averaging.iter().find(|a| a.0 == word).map(|a| a.1.as_str())
    }

    /// A unit by the word of a department.
    pub(super) fn unit(&self, said: &str) -> Option<&str> {
        self.units.get(&unit_word(said)).map(String::as_str)
    }

    /// Every unit that is known.
    pub(super) fn units(&self) -> Vec<&str> {
        let mut known: Vec<&str> = self.units.values().map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// True for what a bracket says of an item without changing it: 以P计.
    pub(super) fn qualifies(&self, said: &str) -> bool {
        self.qualifiers.contains(&plain(said))
    }

    /// A land use by its word.
    pub(super) fn land(&self, said: &str) -> Option<&Land> {
        let said = sign(said);
        self.lands.iter().find(|l| l.words.contains(&said))
    }

    /// The first words of every land use.
    pub(super) fn lands(&self) -> String {
        self.lands.iter().filter_map(|l| l.words.first().cloned()).collect::<Vec<_>>().join(", ")
    }

    /// Does a word of a cell mean this?
    pub(super) fn means(&self, meaning: &str, said: &str) -> bool {
        let said = sign(said);
        self.cells.get(meaning).is_some_and(|words| {
            words.iter().any(|word| match (word.strip_prefix('*').and_then(|w| w.strip_suffix('*')), word.strip_suffix('*')) {
                (Some(inner), _) if !inner.is_empty() => said.contains(inner),
                (None, Some(start)) if !start.is_empty() => said.starts_with(start),
                _ => *word == said,
            })
        })
    }

    /// What a sign stands for.
    pub(super) fn sign(&self, said: &str) -> Option<Sign> {
        if self.means("not_detected", said) {
            return Some(Sign::NotDetected);
        }
        self.means("nothing", said).then_some(Sign::Nothing)
    }

    /// Does a status say that values count? `None` for a word that is not known.
    pub(super) fn counts(&self, status: &str) -> Option<bool> {
        if self.means("normal", status) {
            return Some(true);
        }
        self.means("not_valid", status).then_some(false)
    }

    /// River or lake by its word.
    pub(super) fn water(&self, said: &str) -> Option<Water> {
        if self.means("river", said) {
            return Some(Water::River);
        }
        self.means("lake", said).then_some(Water::Lake)
    }

    /// What is known of a section by its name.
    pub(super) fn section(&self, name: &str) -> Option<&Known> {
        self.sections.iter().find(|k| k.pattern.strip_prefix('*').map_or(k.pattern == name, |end| name.ends_with(end)))
    }
}

/// The rows of a list of words.
fn rows_of<'t>(all: &'t BTreeMap<String, Table>, name: &str) -> impl Iterator<Item = &'t Vec<String>> + use<'t> {
    all.get(&format!("assess/{name}.csv")).into_iter().flat_map(|table| &table.rows).map(|row| &row.cells)
}

fn no_words(what: Text) -> Problem {
    Problem::error("assess.words", what).fix(text("对照随程序附带的 rules/assess/ 改正", "correct it by the rules/assess/ shipped with the program"))
}

/// What is wrong with a row of a region's words: a meaning that nothing understands.
fn fault(file: &str, row: &[String], fields: &BTreeSet<(String, String)>) -> Option<Problem> {
    let no = |word: &str, expected: Text| Some(no_words(words!("“{word}”不能用在这里", "\"{word}\" cannot stand here")).key(word).expect(expected));
    let list = |known: &[&str]| Text::same(known.join(", "));
    match file {
        "assess/columns.csv" => {
            let known = |domain: &str| fields.iter().filter(|f| f.0 == domain || f.0 == "all").map(|f| f.1.as_str()).collect::<Vec<_>>();
            if row[0] != "all" && Domain::parse(&row[0]).is_none() {
                return no(&row[0], text("all、water、air、soil 或 waste", "all, water, air, soil or waste"));
            }
            // A pollutant of the air is a field by its key, and may be the region's own.
            let known = known(&row[0]);
            if row[0] != "air" && !known.contains(&row[1].as_str()) { no(&row[1], list(&known)) } else { None }
        }
        "assess/averaging.csv" if Averaging::parse(&row[1]).is_none() => no(&row[1], list(&Averaging::ALL.map(Averaging::word))),
        "assess/units.csv" if Unit::parse(&row[1]).is_err() => no(&row[1], text("程序认识的单位，如 mg/L", "a unit the program knows, such as mg/L")),
        "assess/sections.csv" if Water::parse(&row[1]).is_none() => no(&row[1], text("river 或 lake", "river or lake")),
        "assess/sections.csv" if Evidence::parse(&row[2]).is_none() => no(&row[2], text("verified、partial 或 unverified", "verified, partial or unverified")),
        "assess/lands.csv" if row[1] != "farmland" && row[1] != "construction" => no(&row[1], text("farmland 或 construction", "farmland or construction")),
        _ => None,
    }
}

/// A unit's word as it is compared.
fn unit_word(said: &str) -> String {
    half_width(said).to_lowercase().replace(['_', ' ', '^'], "").replace('³', "3").replace(['µ', 'μ'], "u")
}

/// What a value in unit `from` is multiplied by to be one in unit `to`. Powers of ten and counts are told in
/// fewer than 15 digits; what lies behind them is the error of a division and is left out.
pub(super) fn factor(from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    let by = Unit::parse(from).ok()?.factor_to(&Unit::parse(to).ok()?)?;
    format!("{by:.13e}").parse().ok()
}

/// A number as it is written, in another unit: 30 ug/L is 0.03 mg/L and no hair more. An empty unit is the
/// wanted one. `None` where it is no number, or the unit does not convert.
pub(super) fn converted(written: &str, from: &str, to: &str) -> Option<f64> {
    let by = if from.is_empty() { 1.0 } else { factor(from, to)? };
    if by == 1.0 {
        return written.parse().ok();
    }
    let exact = || {
        let number = written.parse::<Decimal>().or_else(|_| Decimal::from_scientific(written)).ok()?;
        number.checked_mul(Decimal::try_from(by).ok()?)?.to_string().parse().ok()
    };
    exact().or_else(|| written.parse::<f64>().ok().map(|n| n * by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_the_list_is_a_unit() {
        let words = Words::shipped();
        for unit in words.units.values() {
            assert!(Unit::parse(unit).is_ok(), "{unit}");
        }
        assert_eq!((words.unit("毫克/升"), words.unit("µg/m³"), words.unit("MG/L"), words.unit("ppm")), (Some("mg/L"), Some("ug/m3"), Some("mg/L"), None));
        assert_eq!(factor("ug/L", "mg/L"), Some(0.001));
        assert_eq!(factor("mg/kg", "mg/L"), None);
        assert_eq!((converted("30", "ug/L", "mg/L"), converted("1200", "ug/L", "mg/L"), converted("0.5", "", "mg/L")), (Some(0.03), Some(1.2), Some(0.5)));
    }

    #[test]
    fn heads_and_signs() {
        let words = Words::shipped();
        assert_eq!(words.field(Domain::Water, "断面名称"), Some("place"));
        assert_eq!(words.field(Domain::Water, " Station_Name "), Some("place"));
        assert_eq!(words.field(Domain::Water, "ph_raw"), Some("aside"));
        assert_eq!(words.field(Domain::Air, "水质类别"), None);
        assert_eq!(words.limit_of("氨氮检出限").as_deref(), Some("氨氮"));
        assert_eq!(words.averaged("O3_8h"), Some(("o3".to_owned(), "8h")));
        assert_eq!(words.averaged("PM2.5 24小时滑动平均"), Some(("pm2.5".to_owned(), "24h")));
        assert_eq!((words.sign("--"), words.sign("未检出"), words.sign("0.1")), (Some(Sign::Nothing), Some(Sign::NotDetected), None));
        assert_eq!((words.counts("正常"), words.counts("例行维护中"), words.counts("晴")), (Some(true), Some(false), None));
        assert_eq!(words.section("铜山源水库").map(|k| k.water), Some(Water::Lake));
        assert!(words.section("双塔底").is_none());
    }
}
