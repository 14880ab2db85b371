//! Emissions of a monitored outlet: means, loads, oxygen, validity, gaps, limits and totals.
//!
//! Formulas are those of annex D of HJ 212-2017 and of HJ 75/76 as far as they were read; what was
//! not read is marked so where it is used. Nothing here knows messages.

use liangshan_vocab::Problem;

use crate::standard::{Standard, shipped};

pub mod average;
pub mod codes;
pub mod flue;
pub mod limit;
pub mod pace;
pub mod record;
pub mod substitute;
pub mod transmission;
pub mod water;

/// What the shipped standard of validity says; a shipped standard is whole.
fn validity<T>(of: impl Fn(&Standard) -> Result<T, Problem>) -> T {
    match shipped().latest("emissions", "validity").and_then(of) {
        Ok(said) => said,
        Err(problem) => unreachable!("the standard of validity shipped with the program lacks something: {problem:?}"),
    }
}
