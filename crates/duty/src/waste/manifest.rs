//! The manifest of a transfer of hazardous waste (危险废物转移联单): its number, and its life from
//! draft to closed as a pure function of what happened.
//!
//! Measures for the transfer of hazardous waste, order 23 of 2021, in force 2022-01-01. The tolerance
//! of weights and the length of a stop are choices of supervision, not of the text, and so data.

mod life;
mod number;
#[cfg(test)]
mod tests;

pub use life::{Event, Guards, Happened, Line, Manifest, Stage, replay};
pub use number::ManifestNumber;
