//! The indicators of the gross ecosystem product: what each is called, in what unit it is counted,
//! to which class it belongs and which one it is a part of.
//!
//! A parent's value is the sum of its parts. Its quantity is its own or none: tonnes of sulphur
//! dioxide and tonnes of dust are never added. A part that a region adds, such as
//! `supply_agriculture.rice`, is named by its catalogue indicator and a dot.

use liangshan_vocab::{Problem, Text, nearest, text, words};

/// The three classes of ecosystem products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 物质供给.
    Material,
    /// 调节服务.
    Regulating,
    /// 文化服务.
    Cultural,
}

impl Class {
    /// All, in the order of the tables.
    pub const ALL: [Class; 3] = [Class::Material, Class::Regulating, Class::Cultural];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Class::Material => "material",
            Class::Regulating => "regulating",
            Class::Cultural => "cultural",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Class::Material => text("物质供给", "material supply"),
            Class::Regulating => text("调节服务", "regulating services"),
            Class::Cultural => text("文化服务", "cultural services"),
        }
    }
}

/// Whether a parent has a physical quantity, and whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantities {
    /// Its own; those of its parts are of other things and are never added.
    Own,
    /// Its own, or the sum of parts that are of the same thing in the same unit.
    Added,
    /// None: its parts are different things, and only their money may be added.
    None,
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Stable id.
    pub id: &'static str,
    /// Its class.
    pub class: Class,
    /// What it is called.
    pub title: Text,
    /// The unit of its quantity over one year; empty where it has none.
    pub unit: &'static str,
    /// Decimals of the smallest unit its quantity is rounded to.
    pub decimals: u32,
    /// The indicator it is a part of.
    pub parent: Option<&'static str>,
    /// Whose quantity it prints.
    pub quantities: Quantities,
}

const fn leaf(id: &'static str, class: Class, zh: &'static str, en: &'static str, unit: &'static str, decimals: u32) -> Indicator {
    Indicator { id, class, title: text(zh, en), unit, decimals, parent: None, quantities: Quantities::Added }
}

const fn group(id: &'static str, class: Class, zh: &'static str, en: &'static str, quantities: Quantities, unit: &'static str, decimals: u32) -> Indicator {
    Indicator { id, class, title: text(zh, en), unit, decimals, parent: None, quantities }
}

impl Indicator {
    const fn of(mut self, parent: &'static str) -> Self {
        self.parent = Some(parent);
        self
    }
}

use Class::{Cultural as C, Material as M, Regulating as R};
use Quantities::{Added, None as NoQuantity, Own};

/// Every indicator, parents before their parts, in the order of the tables. Ids and titles follow
/// the indicator list of the accounting standards' family; quantities are those of one year.
pub const CATALOGUE: &[Indicator] = &[
    leaf("supply_agriculture", M, "农业产品", "farm products", "CNY", 2),
    leaf("supply_forestry", M, "林业产品", "forest products", "CNY", 2),
    leaf("supply_livestock", M, "畜牧业产品", "livestock products", "CNY", 2),
    leaf("supply_fishery", M, "渔业产品", "fishery products", "CNY", 2),
    group("supply_biomass_energy", M, "生物质能", "biomass energy", NoQuantity, "", 0),
    leaf("supply_freshwater", M, "淡水资源", "fresh water", "m3", 0),
    leaf("supply_hydropower", M, "水电", "hydropower", "kWh", 0),
    leaf("supply_other", M, "其他物质产品", "other products", "CNY", 2),
    leaf("water_conservation", R, "水源涵养", "water conservation", "m3", 0),
    group("soil_retention", R, "土壤保持", "soil retention", Own, "t", 1),
    leaf("soil_retention_sediment", R, "减少泥沙淤积", "less silt", "m3", 1).of("soil_retention"),
    group("soil_retention_nonpoint", R, "减少面源污染", "less diffuse pollution", NoQuantity, "", 0).of("soil_retention"),
    leaf("soil_retention_nonpoint_n", R, "减少面源污染（氮）", "less diffuse pollution, nitrogen", "t", 3).of("soil_retention_nonpoint"),
    leaf("soil_retention_nonpoint_p", R, "减少面源污染（磷）", "less diffuse pollution, phosphorus", "t", 3).of("soil_retention_nonpoint"),
    leaf("windbreak_sand_fixation", R, "防风固沙", "sand fixation", "t", 1),
    leaf("coastal_protection", R, "海岸带防护", "coastal protection", "km", 3),
    group("flood_regulation", R, "洪水调蓄", "flood regulation", Added, "m3", 0),
    leaf("flood_regulation_vegetation", R, "植被洪水调蓄", "flood regulation by vegetation", "m3", 0).of("flood_regulation"),
    leaf("flood_regulation_lake", R, "湖泊洪水调蓄", "flood regulation by lakes", "m3", 0).of("flood_regulation"),
    leaf("flood_regulation_reservoir", R, "水库洪水调蓄", "flood regulation by reservoirs", "m3", 0).of("flood_regulation"),
    leaf("flood_regulation_marsh", R, "沼泽洪水调蓄", "flood regulation by marshes", "m3", 0).of("flood_regulation"),
    group("air_purification", R, "空气净化", "air purification", NoQuantity, "", 0),
    leaf("air_purification_so2", R, "净化二氧化硫", "sulphur dioxide removed", "t", 3).of("air_purification"),
    leaf("air_purification_nox", R, "净化氮氧化物", "nitrogen oxides removed", "t", 3).of("air_purification"),
    leaf("air_purification_pm", R, "滞尘", "dust retained", "t", 3).of("air_purification"),
    group("water_purification", R, "水质净化", "water purification", NoQuantity, "", 0),
    leaf("water_purification_cod", R, "净化化学需氧量", "chemical oxygen demand removed", "t", 3).of("water_purification"),
    leaf("water_purification_tn", R, "净化总氮", "total nitrogen removed", "t", 3).of("water_purification"),
    leaf("water_purification_nh3n", R, "净化氨氮", "ammonia nitrogen removed", "t", 3).of("water_purification"),
    leaf("water_purification_tp", R, "净化总磷", "total phosphorus removed", "t", 3).of("water_purification"),
    leaf("carbon_sequestration", R, "固碳", "carbon sequestration", "t CO2", 1),
    leaf("oxygen_release", R, "释氧", "oxygen release", "t O2", 1),
    group("climate_regulation", R, "局部气候调节", "local climate regulation", Added, "kWh", 0),
    leaf("climate_regulation_transpiration", R, "植被蒸腾降温增湿", "cooling by transpiration", "kWh", 0).of("climate_regulation"),
    leaf("climate_regulation_evaporation", R, "水面蒸发降温增湿", "cooling by evaporation", "kWh", 0).of("climate_regulation"),
    leaf("noise_reduction", R, "噪声消减", "noise reduction", "dB km", 3),
    leaf("negative_ions", R, "负氧离子", "negative ions", "1e18 ions", 3),
    leaf("pest_control", R, "病虫害控制", "pest control", "ha", 2),
    leaf("species_conservation", R, "物种保育", "species conservation", "ha", 2),
    leaf("tourism_health", C, "旅游康养", "tourism and health", "visit", 0),
    leaf("leisure_recreation", C, "休闲游憩", "leisure and recreation", "h", 0),
    group("landscape_premium", C, "景观增值", "landscape premium", NoQuantity, "", 0),
];

/// The indicator of an id; for a part with a dot, that of its catalogue indicator.
pub fn indicator(id: &str) -> Option<&'static Indicator> {
    let stem = id.split_once('.').map_or(id, |(stem, part)| if part.is_empty() { "" } else { stem });
    CATALOGUE.iter().find(|i| i.id == stem)
}

/// The id it is a part of: the part before the dot, or the catalogue's parent.
pub fn parent(id: &str) -> Option<&str> {
    match id.split_once('.') {
        Some((stem, _)) => Some(stem),
        None => indicator(id).and_then(|i| i.parent),
    }
}

/// True when `id` is `whole` or a part of it, at any depth.
pub fn is_within(id: &str, whole: &str) -> bool {
    let mut at = Some(id);
    while let Some(here) = at {
        if here == whole {
            return true;
        }
        at = parent(here);
    }
    false
}

/// Where an id stands in the tables: the catalogue's order, parts after their whole.
pub fn rank(id: &str) -> (usize, &str) {
    let stem = id.split_once('.').map_or(id, |(stem, _)| stem);
    (CATALOGUE.iter().position(|i| i.id == stem).unwrap_or(CATALOGUE.len()), id)
}

/// The letter about an id that is not in the catalogue, with the nearest that is.
pub fn unknown(code: &'static str, id: &str) -> Problem {
    let problem = Problem::error(code, words!("没有名为“{id}”的指标", "there is no indicator named \"{id}\"")).key(id);
    match nearest(id, CATALOGUE.iter().map(|i| i.id)) {
        Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
        None => problem.fix(words!("使用指标目录中的编号", "use an id of the indicator catalogue")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_vocab::Unit;

    #[test]
    fn ids_are_unique_units_parse_and_parents_come_first() {
        for (at, row) in CATALOGUE.iter().enumerate() {
            assert!(CATALOGUE[..at].iter().all(|r| r.id != row.id), "{} twice", row.id);
            assert!(row.unit.is_empty() == (row.quantities == Quantities::None), "{}", row.id);
            assert!(row.unit.is_empty() || Unit::parse(row.unit).is_ok(), "{}", row.id);
            if let Some(parent) = row.parent {
                let above = CATALOGUE[..at].iter().find(|r| r.id == parent).unwrap_or_else(|| panic!("{} before its parent", row.id));
                assert_eq!(above.class, row.class);
                assert!(above.quantities != Quantities::Added || above.unit == row.unit, "{} cannot be added", row.id);
            }
        }
    }

    #[test]
    fn parts_find_their_whole() {
        assert!(is_within("soil_retention_nonpoint_n", "soil_retention"));
        assert!(is_within("supply_agriculture.rice", "supply_agriculture"));
        assert!(!is_within("soil_retention", "soil_retention_sediment"));
        assert_eq!(indicator("supply_agriculture.rice").map(|i| i.id), Some("supply_agriculture"));
        assert!(indicator("supply_agriculture.").is_none() && indicator("rice").is_none());
        assert!(unknown("x", "soil_retension").fix.en.contains("soil_retention"));
        assert!(rank("supply_agriculture") < rank("supply_agriculture.rice"));
        assert!(rank("supply_agriculture.rice") < rank("supply_forestry"));
    }
}
