//! What ecosystems could take up of a pollutant, one model for each pollutant: the rate of a class as
//! tonnes a hectare. How much of it is counted is decided county by county, against emissions, outside.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Input, Output, Reach, Source, Spec, text};

use crate::measures::KG_PER_T;
use crate::model::{Given, Made, Model};

/// More than any dust rate read (33 200 kg/(ha a) for needleleaf forest).
const MOST_KG: f64 = 200_000.0;
const UPTAKE: Measure = measure("uptake_rate", "kg/(ha a)");

const AIR: Source = Source {
    work: "缪建群等 (2017), 江西高天岩自然保护区生态系统服务功能价值评估, 生态学报 37(19): 6422-6430; 博文静等 (2017), 生态学报 37(12): 4182-4190",
    at: "rate of the class times its area",
};
const WATER: Source = Source {
    work: "白玛卓嘎等 (2017), 生态学报 37(19): 6302-6312",
    at: "rate of the wetland class times its area; the rates are of the region's table",
};

const fn uptake(name: &'static str, zh: &'static str, en: &'static str) -> Input {
    grid(name, zh, en, UPTAKE, (0.0, MOST_KG))
}

const fn capacity(name: &'static str, zh: &'static str, en: &'static str, measure: Measure) -> Output {
    grid_out(name, zh, en, measure, (0.0, MOST_KG / KG_PER_T))
}

/// Tonnes a hectare that could be taken up, from kilograms a hectare. NaN where missing.
///
/// # Panics
/// If lengths differ: our bug.
pub fn could_take_up(rate_kg: &[f64], tonnes: &mut [f64]) {
    assert_eq!(rate_kg.len(), tonnes.len(), "blocks differ");
    for (out, rate) in tonnes.iter_mut().zip(rate_kg) {
        *out = rate / KG_PER_T;
    }
}

macro_rules! purifier {
    ($module:ident, $id:literal, $zh:literal, $en:literal, $source:ident, $rate:literal, $output:literal) => {
        #[doc = $en]
        pub mod $module {
            use super::*;

            /// What it needs and makes.
            pub const SPEC: Spec = Spec {
                id: $id,
                title: text($zh, $en),
                source: $source,
                reach: Reach::Cell,
                inputs: &[uptake($rate, concat!($zh, "：单位面积速率"), concat!($en, ": rate by area"))],
                outputs: &[capacity($output, concat!($zh, "：净化能力"), concat!($en, ": capacity"), measure($output, "t/(ha a)"))],
            };

            /// The model.
            pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

            fn run(given: &Given<'_>, made: &mut Made) {
                could_take_up(given.grid($rate), made.grid($output));
            }
        }
    };
}

purifier!(so2, "purification_so2", "二氧化硫净化", "Uptake of sulphur dioxide", AIR, "so2_rate", "so2");
purifier!(nox, "purification_nox", "氮氧化物净化", "Uptake of nitrogen oxides", AIR, "nox_rate", "nox");
purifier!(dust, "purification_dust", "滞尘", "Dust retained", AIR, "dust_rate", "dust");
purifier!(cod, "purification_cod", "化学需氧量净化", "Removal of oxygen demand", WATER, "cod_rate", "cod");
purifier!(tn, "purification_tn", "总氮净化", "Removal of total nitrogen", WATER, "tn_rate", "tn");
purifier!(tp, "purification_tp", "总磷净化", "Removal of total phosphorus", WATER, "tp_rate", "tp");
purifier!(nh3n, "purification_nh3n", "氨氮净化", "Removal of ammonia nitrogen", WATER, "nh3n_rate", "nh3n");

/// How the amount taken up in a county is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Regime {
    /// Where the concentration does not exceed its limit, the smaller of emission and capacity;
    /// elsewhere the capacity.
    Switch,
    /// The smaller of emission and capacity everywhere.
    EmissionLimited,
    /// The capacity everywhere.
    Capacity,
    /// The emission, for a pollutant whose uptake rate is not known.
    Emission,
}

impl Regime {
    /// All, by their words.
    pub const ALL: [(&'static str, Regime); 4] =
        [("switch", Regime::Switch), ("emission_limited", Regime::EmissionLimited), ("capacity", Regime::Capacity), ("emission", Regime::Emission)];

    /// The word in profiles.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, r)| *r == self).map_or("", |(word, _)| word)
    }

    /// Reads the word in profiles.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(w, _)| *w == word).map(|(_, r)| *r)
    }
}

/// What decides in a county: concentration and limit in one unit, emission and capacity in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct County {
    /// Mean concentration of the year.
    pub concentration: Option<f64>,
    /// The limit it is held against.
    pub limit: Option<f64>,
    /// What was emitted in the year.
    pub emission: Option<f64>,
    /// What the ecosystems could take up.
    pub capacity: f64,
}

/// What sets the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// All that was emitted.
    Emission,
    /// All that can be taken up.
    Capacity,
}

/// The amount taken up and what set it; `None` when a number that decides is missing. A
/// concentration equal to its limit does not exceed it.
pub fn taken_up(regime: Regime, county: &County) -> Option<(f64, SetBy)> {
    let capacity = (county.capacity, SetBy::Capacity);
    let smaller = || county.emission.map(|e| if e <= county.capacity { (e, SetBy::Emission) } else { capacity });
    match regime {
        Regime::Capacity => Some(capacity),
        Regime::Emission => county.emission.map(|e| (e, SetBy::Emission)),
        Regime::EmissionLimited => smaller(),
        Regime::Switch if county.concentration? <= county.limit? => smaller(),
        Regime::Switch => Some(capacity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1137 t were emitted (case A17) and could be taken up many times over.
    #[test]
    fn the_regime_decides_between_emission_and_capacity() {
        let clean = County { concentration: Some(60.0), limit: Some(60.0), emission: Some(1137.0), capacity: 90_000.0 };
        let foul = County { concentration: Some(60.1), ..clean };
        let small = County { capacity: 900.0, ..clean };
        assert_eq!(taken_up(Regime::Switch, &clean), Some((1137.0, SetBy::Emission)));
        assert_eq!(taken_up(Regime::Switch, &foul), Some((90_000.0, SetBy::Capacity)));
        assert_eq!(taken_up(Regime::Switch, &small), Some((900.0, SetBy::Capacity)));
        assert_eq!(taken_up(Regime::EmissionLimited, &foul), Some((1137.0, SetBy::Emission)));
        assert_eq!(taken_up(Regime::Capacity, &County { emission: None, ..clean }), Some((90_000.0, SetBy::Capacity)));
        assert_eq!(taken_up(Regime::Emission, &small), Some((1137.0, SetBy::Emission)));
        for missing in [County { concentration: None, ..clean }, County { limit: None, ..clean }, County { emission: None, ..clean }] {
            assert_eq!(taken_up(Regime::Switch, &missing), None);
        }
        assert!(Regime::ALL.iter().all(|(word, regime)| Regime::parse(word) == Some(*regime) && regime.word() == *word));
    }

    /// Case C09: 613 ha of needleleaf forest at 33 200 kg/ha keep 2035.16e4 kg of dust. By hand: 110.4
    /// t/km² is 1104 kg/ha, 1.104 t a hectare.
    #[test]
    fn a_rate_by_area_becomes_tonnes() {
        let mut tonnes = [0.0; 3];
        could_take_up(&[33_200.0, 1104.0, f64::NAN], &mut tonnes);
        assert!((tonnes[0] * 613.0 - 20_351.6).abs() < 1e-9);
        assert!((tonnes[1] - 1.104).abs() < 1e-15 && tonnes[2].is_nan());
        let from = liangshan_vocab::Unit::parse("t/(km2 a)").unwrap();
        assert!((from.factor_to(&UPTAKE.parsed().unwrap()).unwrap() - 10.0).abs() < 1e-12);
    }
}
