//! The judge: standards as data, rules over readings, findings and incidents. Everything is a pure
//! function of what it is given: standards, readings, `now`.
//!
//! **Invariant:** it does not know how a reading arrived, how a message is sent, or what time it is.

pub mod air;
pub mod calculators;
pub mod emissions;
pub mod events;
pub mod incident;
pub mod ingest;
pub mod soil;
pub mod sources;
pub mod standard;
pub mod waste;
pub mod water;
