//! Zones and control lines: conformity of a footprint, what zones must keep to, areas that add up,
//! corridors by resistance.
//!
//! **Invariant:** it does not know today's date, tasks or people; areas come in already measured.

pub mod areas;
pub mod calculators;
pub mod conflicts;
pub mod conformity;
pub mod decline;
pub mod invariants;
pub mod nesting;
pub mod opinion;
pub mod security;
