//! The formulas of this crate that can be asked by name.

mod soil;
mod water;

use liangshan_vocab::Calculator;

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    [soil::ALL, water::ALL].concat()
}
