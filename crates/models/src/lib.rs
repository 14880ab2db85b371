//! Ecosystem-service models: one file each, with a declaration, a pure kernel on slices, the
//! binding of the two, and tests; and the formulas behind them as calculators.
//!
//! **Invariant:** physical units only. No money, files, tiles, threads or clocks, and no model
//! knows another: what one makes and another needs meets in the engine, by name.

pub mod calculators;
pub mod carbon_sequestration;
pub mod cooling;
pub mod cover_factor;
pub mod erodibility;
pub mod erosivity;
pub mod marsh_storage;
pub mod measures;
pub mod model;
pub mod net_ecosystem_production;
pub mod oxygen_release;
pub mod purification;
pub mod slope;
pub mod slope_length_steepness;
pub mod soil_retention;
pub mod storm_retention;
pub mod water_conservation;

pub use model::{Block, Given, Made, Model, Tally};

/// Every model, in the order of the reference pages.
pub fn all() -> &'static [&'static Model] {
    &[
        &slope::MODEL,
        &erodibility::MODEL,
        &slope_length_steepness::MODEL,
        &cover_factor::MODEL,
        &soil_retention::MODEL,
        &water_conservation::MODEL,
        &net_ecosystem_production::MODEL,
        &carbon_sequestration::MODEL,
        &oxygen_release::MODEL,
        &storm_retention::MODEL,
        &marsh_storage::MODEL,
        &purification::so2::MODEL,
        &purification::nox::MODEL,
        &purification::dust::MODEL,
        &purification::cod::MODEL,
        &purification::tn::MODEL,
        &purification::nh3n::MODEL,
        &purification::tp::MODEL,
        &cooling::transpiration::MODEL,
        &cooling::evapotranspiration::MODEL,
        &cooling::evaporation::MODEL,
    ]
}

/// The model with this identifier.
pub fn find(id: &str) -> Option<&'static Model> {
    all().iter().copied().find(|m| m.spec.id == id)
}
