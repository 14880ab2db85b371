//! Carbon sequestration from net ecosystem production. Which ecosystem types count is a choice of
//! the method and is made outside.

use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{CARBON, CARBON_DIOXIDE, CO2_PER_CARBON, NEP, T_PER_HA_IN_G_PER_M2};
use crate::model::{Given, Made, Model};

/// What carbon sequestration needs and makes.
pub const SPEC: Spec = Spec {
    id: "carbon_sequestration",
    title: text("固碳", "Carbon sequestration"),
    source: Source {
        work: "博文静等 (2017), 中国森林生态资产价值评估, 生态学报 37(12): 4182-4190", at: "carbon dioxide taken up is 44/12 of NEP in carbon"
    },
    reach: Reach::Cell,
    inputs: &[grid("nep", "净生态系统生产力", "Net ecosystem production", NEP, (-5_000.0, 5_000.0))],
    outputs: &[
        grid_out("carbon", "固碳量（以碳计）", "Carbon taken up", CARBON, (-50.0, 50.0)),
        grid_out("carbon_dioxide", "固碳量（以二氧化碳计）", "Carbon dioxide taken up", CARBON_DIOXIDE, (-185.0, 185.0)),
    ],
};

/// Carbon sequestration.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// Carbon `0.01·NEP` in t C/(ha a) and carbon dioxide `44/12` of it in t CO₂/(ha a), from `nep` in
/// gC/(m² a). Negative where the ground is a source. NaN where missing.
///
/// # Panics
/// If lengths differ: our bug.
pub fn carbon_taken_up(nep: &[f64], carbon: &mut [f64], carbon_dioxide: &mut [f64]) {
    assert!(carbon.len() == nep.len() && carbon_dioxide.len() == nep.len(), "blocks differ");
    for i in 0..nep.len() {
        carbon[i] = nep[i] * T_PER_HA_IN_G_PER_M2;
        carbon_dioxide[i] = carbon[i] * CO2_PER_CARBON;
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [carbon, carbon_dioxide] = made.grids_mut(["carbon", "carbon_dioxide"]);
    carbon_taken_up(given.grid("nep"), carbon, carbon_dioxide);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_is_the_one_between_the_declared_units() {
        let (from, to) = (NEP.parsed().unwrap(), CARBON.parsed().unwrap());
        assert!((from.factor_to(&to).unwrap() - T_PER_HA_IN_G_PER_M2).abs() < 1e-15);
        assert_eq!(CARBON.parsed().unwrap().factor_to(&CARBON_DIOXIDE.parsed().unwrap()), None);
    }
}
