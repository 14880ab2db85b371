//! Oxygen released with the carbon dioxide taken up, by the equation of photosynthesis.

use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{CARBON_DIOXIDE, O2_PER_CO2, OXYGEN};
use crate::model::{Given, Made, Model};

/// What oxygen release needs and makes.
pub const SPEC: Spec = Spec {
    id: "oxygen_release",
    title: text("释氧", "Oxygen release"),
    source: Source {
        work: "光合作用方程：44 g CO2 对应 32 g O2 / the equation of photosynthesis: 32 g of O2 for 44 g of CO2",
        at: "O2 = 32/44 of the CO2 of the same account, so that carbon and oxygen rest on one basis",
    },
    reach: Reach::Cell,
    inputs: &[grid("carbon_dioxide", "固碳量（以二氧化碳计）", "Carbon dioxide taken up", CARBON_DIOXIDE, (-185.0, 185.0))],
    outputs: &[grid_out("oxygen", "释氧量", "Oxygen released", OXYGEN, (-135.0, 135.0))],
};

/// Oxygen release.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// Oxygen `32/44·CO₂`, both in t/(ha a). Negative where the ground is a source of carbon. NaN where
/// missing.
///
/// # Panics
/// If lengths differ: our bug.
pub fn oxygen_released(carbon_dioxide: &[f64], oxygen: &mut [f64]) {
    assert_eq!(carbon_dioxide.len(), oxygen.len(), "blocks differ");
    for (out, taken) in oxygen.iter_mut().zip(carbon_dioxide) {
        *out = taken * O2_PER_CO2;
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    oxygen_released(given.grid("carbon_dioxide"), made.grid("oxygen"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 11 t of CO₂ give 8 t of O₂; the ratio is the 0.727 that the plausibility band asks for.
    #[test]
    fn carbon_and_oxygen_rest_on_one_basis() {
        let mut oxygen = [0.0; 2];
        oxygen_released(&[11.0, f64::NAN], &mut oxygen);
        assert!((oxygen[0] - 8.0).abs() < 1e-12 && oxygen[1].is_nan());
        assert_eq!(CARBON_DIOXIDE.parsed().unwrap().factor_to(&OXYGEN.parsed().unwrap()), None);
    }
}
