//! The account held against the rules by name, and what it would be worth at other prices.

use liangshan_accounts::alternatives::{Alternative, alternatives};
use liangshan_accounts::rules::{Ceiling, Ruled, judge, judge_rows};
use liangshan_vocab::Problems;

use crate::book::Book;

impl Book {
    /// What the rules find, over all years and places. `ceilings` are emissions, where there are any.
    pub fn ruled(&self, ceilings: &[Ceiling]) -> Problems {
        let made = &self.assembled;
        let it = Ruled {
            atoms: &made.atoms,
            places: &made.account.places,
            profile: &self.prepared.method.profile,
            prices: &self.prepared.prices.rows,
            ceilings,
            stocks: &made.timber,
        };
        let mut found = Problems(judge(it));
        found.extend(Problems(judge_rows(&made.account)));
        found
    }

    /// Every priced indicator at the price in use and at the others that the profile names, and what
    /// stands beside the account.
    pub fn alternatives(&self) -> Vec<Alternative> {
        let made = &self.assembled;
        let market = |atom: &liangshan_accounts::Atom| {
            let rows = made.trail.get(&(atom.year, atom.place.clone(), atom.indicator.clone()))?;
            rows.first().and_then(|row| row.market)
        };
        alternatives(&made.atoms, &made.account.places, &self.prepared.method.profile, &self.prepared.prices.rows, &market)
    }
}
