//! The formulas of this crate that can be asked by name.

mod air;
mod air_series;
mod arguments;
pub mod at_hand;
mod city;
mod events;
mod online;
mod outlets;
mod plants;
mod soil;
mod sources;
mod waste;
mod waste_rates;
mod water;
mod water_changes;
mod water_loads;
mod zero_discharge;

use liangshan_vocab::Calculator;

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    [
        air::ALL,
        air_series::ALL,
        city::ALL,
        events::ALL,
        online::ALL,
        outlets::ALL,
        plants::ALL,
        soil::ALL,
        sources::ALL,
        waste::ALL,
        waste_rates::ALL,
        water::ALL,
        water_changes::ALL,
        water_loads::ALL,
        zero_discharge::ALL,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_declaration_is_sound_and_every_name_is_used_once() {
        let faults: Vec<String> = all().iter().flat_map(|c| c.spec.faults()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        let ids: BTreeSet<&str> = all().iter().map(|c| c.spec.id).collect();
        assert_eq!(ids.len(), all().len());
    }
}
