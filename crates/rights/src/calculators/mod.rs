//! The formulas of this crate that can be asked by name.

use liangshan_vocab::Calculator;

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    Vec::new()
}
