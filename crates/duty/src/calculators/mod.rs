//! The formulas of this crate that can be asked by name.

mod online;

use liangshan_vocab::Calculator;

/// All of them.
pub fn all() -> Vec<&'static Calculator> {
    online::ALL.to_vec()
}
