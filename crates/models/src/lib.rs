//! Ecosystem-service models: one file each, with a declaration, a pure kernel on slices, the
//! binding of the two, and tests; and the formulas behind them as calculators.
//!
//! **Invariant:** physical units only. No money, files, tiles, threads or clocks, and no model
//! knows another: what one makes and another needs meets in the engine, by name.

pub mod measures;
pub mod model;
pub mod soil_retention;

pub use model::{Block, Given, Made, Model, Tally};

/// Every model, in the order of the reference pages.
pub fn all() -> &'static [&'static Model] {
    &[&soil_retention::MODEL]
}

/// The model with this identifier.
pub fn find(id: &str) -> Option<&'static Model> {
    all().iter().copied().find(|m| m.spec.id == id)
}
