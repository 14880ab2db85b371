//! The rules by which the account is divided by zone: `planning/zoning-design`, with what a region's own
//! `rules/` puts on top.

use std::collections::BTreeMap;

use liangshan_accounts::catalogue;
use liangshan_accounts::pieces::By;
use liangshan_planning::decline::{Measure, Threshold};
use liangshan_planning::invariants::Tolerances;
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::SetKind;
use crate::region::Region;
use crate::rules::{Standard, load};

/// How an indicator is divided by zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Divided {
    /// By its own cells.
    Map,
    /// In proportion to the area of its ecosystem type in the county.
    TypeArea,
    /// Not at all.
    Not,
}

impl Divided {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Divided::Map => "map",
            Divided::TypeArea => "type_area",
            Divided::Not => "none",
        }
    }

    /// What a part's value follows.
    pub fn by(self) -> By {
        if self == Divided::TypeArea { By::Weight } else { By::Quantity }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Divided::Map => text("按分布图", "by its map"),
            Divided::TypeArea => text("按生态系统类型面积分摊", "shared by the area of its ecosystem type"),
            Divided::Not => text("不分区", "not divided"),
        }
    }
}

/// A line of the table of indicators without a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocated {
    /// The indicator, its parts included.
    pub indicator: String,
    /// How it is divided.
    pub how: Divided,
    /// Why.
    pub reason: Text,
}

/// How candidates of the security pattern are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatternRules {
    /// Sources are this share of cells, the most important ones.
    pub top_share: f64,
    /// Least area of a source, m².
    pub least_area_m2: f64,
    /// Patches no farther apart are one source, m.
    pub join_m: f64,
    /// Corridors that are kept.
    pub count: usize,
    /// Corridors that share more of their cells are one.
    pub shared: f64,
    /// Distance within which a drawn corridor agrees with a computed one, m.
    pub near_m: f64,
    /// Change of each factor in the sensitivity runs, as a share.
    pub sensitivity: f64,
}

/// The rules.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRules {
    /// Indicators without a map.
    pub allocation: Vec<Allocated>,
    /// Declines that are told, by kind of set.
    pub alerts: Vec<(SetKind, Threshold)>,
    /// Tolerances of the invariants.
    pub tolerances: Tolerances,
    /// Least share of ecological space.
    pub eco_space_least: f64,
    /// How candidates of the security pattern are found.
    pub pattern: PatternRules,
    /// The services whose maps make the importance of sources, with their weights.
    pub importance: Vec<(String, f64)>,
    /// The class of resistance of each ecosystem class, by code.
    pub land: BTreeMap<i64, String>,
    /// Evidence of the rules, as printed.
    pub source: String,
}

/// The id of the rules.
const ID: &str = "zoning-design";

impl ZoneRules {
    /// The rules in force for a region.
    ///
    /// # Errors
    /// Faults of the rules' texts.
    pub fn of(region: &Region) -> Result<Self, Problems> {
        let (standards, problems) = load(Some(&region.folder))?;
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Self::read(standards.get(ID)?)?)
    }

    /// Reads them from their standard.
    ///
    /// # Errors
    /// `standard.*`.
    pub fn read(standard: &Standard) -> Result<Self, Problem> {
        let (allocation, alerts) = (standard.table("allocation")?, standard.table("alerts")?);
        let (importance, land) = (standard.table("importance")?, standard.table("land")?);
        let line = |row| {
            let cell = |name: &str| allocation.text(row, name).to_owned();
            let how = if cell("rule") == "type_area" { Divided::TypeArea } else { Divided::Not };
            Allocated { indicator: cell("indicator"), how, reason: Text::of(cell("reason_zh"), cell("reason_en")) }
        };
        let alert = |row| {
            let kind = SetKind::ALL.into_iter().find(|k| k.word() == alerts.text(row, "kind"))?;
            let measure = Measure::ALL.into_iter().find(|m| m.word() == alerts.text(row, "measure"))?;
            Some((kind, Threshold { measure, share: alerts.number(row, "percent")? / 100.0 }))
        };
        let value = |name: &str| standard.value(name);
        Ok(Self {
            allocation: allocation.rows.iter().map(line).collect(),
            alerts: alerts.rows.iter().filter_map(alert).collect(),
            tolerances: Tolerances {
                each_m2: value("gap_each")?,
                total_share: value("gap_total_share")?,
                sliver_m2: value("sliver_area")?,
                sliver_thinness: value("sliver_thinness")?,
                indicator_m2: value("indicator_tolerance")?,
            },
            eco_space_least: value("eco_space_least")? / 100.0,
            pattern: PatternRules {
                top_share: value("source_top_share")? / 100.0,
                least_area_m2: value("source_least_area")? * 1e6,
                join_m: value("source_gap")?,
                count: value("corridor_count")? as usize,
                shared: value("corridor_shared")? / 100.0,
                near_m: value("corridor_near")?,
                sensitivity: value("sensitivity")? / 100.0,
            },
            importance: importance
                .rows
                .iter()
                .filter_map(|row| Some((importance.text(row, "indicator").to_owned(), importance.number(row, "weight")?)))
                .collect(),
            land: land.rows.iter().filter_map(|row| Some((land.text(row, "code").parse().ok()?, land.text(row, "land").to_owned()))).collect(),
            source: format!("{} ({})", standard.id, standard.evidence.word()),
        })
    }

    /// How an indicator without a map is divided; not at all where no rule names it.
    pub fn of_indicator(&self, indicator: &str) -> Divided {
        self.line(indicator).map_or(Divided::Not, |line| line.how)
    }

    /// Why an indicator is divided as it is.
    pub fn reason(&self, indicator: &str) -> Text {
        self.line(indicator).map_or_else(|| words!("没有分布图，也没有分摊规则", "it has neither a map nor a rule"), |line| line.reason.clone())
    }

    fn line(&self, indicator: &str) -> Option<&Allocated> {
        self.allocation.iter().find(|line| catalogue::is_within(indicator, &line.indicator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_duty::standard::shipped;

    #[test]
    fn products_follow_the_rule_of_their_indicator() {
        let rules = ZoneRules::read(shipped().get(ID).unwrap()).unwrap();
        assert_eq!(rules.of_indicator("supply_agriculture.rice"), Divided::TypeArea);
        assert_eq!(rules.of_indicator("supply_livestock.pigs"), Divided::Not);
        assert_eq!(rules.of_indicator("tourism_health.revenue"), Divided::Not);
        assert_eq!(rules.alerts.len(), 15);
        assert!(rules.tolerances == liangshan_planning::invariants::DESIGN && rules.pattern.count == 6);
        assert!(rules.reason("landscape_premium").en.contains("estate"));
    }
}
