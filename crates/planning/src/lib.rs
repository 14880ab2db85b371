//! Zones and control lines: conformity of a footprint, conflicts between plans, corridors.
//!
//! **Invariant:** it does not know today's date, tasks or people; areas come in already measured.

pub mod calculators;
