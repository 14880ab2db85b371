//! One registry of every formula that can be asked by name.

mod circular;
mod hj212;
mod rights;
mod ruled;
mod trading;
mod zoning;

use std::path::Path;

use liangshan_duty::calculators::at_hand::AtHand;
use liangshan_vocab::calculator::Lookup;
use liangshan_vocab::{Calculator, Problems, nearest};

/// All calculators, by name.
pub fn all() -> Vec<&'static Calculator> {
    let mut all: Vec<&'static Calculator> = liangshan_models::calculators::all();
    all.extend(liangshan_accounts::calculators::all());
    all.extend(liangshan_duty::calculators::all());
    all.extend(liangshan_rights::calculators::all());
    all.extend(liangshan_planning::calculators::all());
    all.extend(circular::ALL);
    all.extend(hj212::ALL);
    all.extend(rights::ALL);
    all.extend(ruled::ALL);
    all.extend(trading::ALL);
    all.extend(zoning::ALL);
    all.sort_by_key(|c| c.spec.id);
    all
}

/// The calculator of a name, or the nearest name there is.
///
/// # Errors
/// The nearest known name, if one is close.
pub fn find(name: &str) -> Result<&'static Calculator, Option<&'static str>> {
    let all = all();
    all.iter().find(|c| c.spec.id == name).copied().ok_or_else(|| nearest(name, all.iter().map(|c| c.spec.id)))
}

/// The standards that formulas judge by, a region's own rules on top of those shipped: for
/// [`Calculator::calculate_by`].
///
/// # Errors
/// As [`crate::rules::load`], and what is wrong with the region's rules.
pub fn by_rules(region: &Path) -> Result<Lookup, Problems> {
    let (standards, faults) = crate::rules::load(Some(region))?;
    if faults.has_errors() {
        return Err(faults);
    }
    AtHand::of(standards).map(AtHand::lookup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_declaration_is_sound() {
        let all = all();
        for pair in all.windows(2) {
            assert_ne!(pair[0].spec.id, pair[1].spec.id);
        }
        for calculator in all {
            assert!(calculator.spec.id.contains('.'), "{}", calculator.spec.id);
            assert!(calculator.spec.faults().is_empty(), "{:?}", calculator.spec.faults());
        }
    }

    #[test]
    fn a_misspelt_name_is_told_its_neighbour() {
        assert_eq!(find("rusle.s_facter").err(), Some(Some("rusle.s_factor")));
    }
}
