//! Standards that formulas look into: those shipped with the program, or those that whoever asks has at
//! hand, a region's own on top.

use std::sync::Arc;

use liangshan_vocab::calculator::Lookup;
use liangshan_vocab::{Arguments, Problems};

use crate::air::Rules;
use crate::standard::{Standards, shipped};

/// Standards with what is made of them once.
#[derive(Debug)]
pub struct AtHand {
    standards: Standards,
    air: Rules,
}

impl AtHand {
    /// Makes standards ready for formulas.
    ///
    /// # Errors
    /// Those of [`Rules::of`].
    pub fn of(standards: Standards) -> Result<Self, Problems> {
        Ok(Self { air: Rules::of(&standards)?, standards })
    }

    /// To be handed to [`liangshan_vocab::Calculator::calculate_by`].
    pub fn lookup(self) -> Lookup {
        Arc::new(self)
    }
}

/// The standards a formula judges by.
pub fn standards(given: &Arguments) -> &Standards {
    match given.lookup::<AtHand>() {
        Some(hand) => &hand.standards,
        None => shipped(),
    }
}

/// The rules of the air it judges by.
pub(super) fn air_rules(given: &Arguments) -> &Rules {
    match given.lookup::<AtHand>() {
        Some(hand) => &hand.air,
        None => Rules::shipped(),
    }
}
