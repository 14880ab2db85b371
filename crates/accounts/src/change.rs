//! The change of an account between two years, split into weather, prices, land cover and the rest.
//!
//! The account is computed for every way of taking each of the four from one year or the other. A
//! factor's part is what it adds when it is switched, averaged over all orders in which the four can
//! be switched; for two or three factors of a product that is the symmetric rule of SEEA EA's
//! decomposition. The parts of an atom are whole fen and add up to its change; every other part is a
//! sum of atoms.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Fen, Problem, Problems, Text, text};

use crate::atom::{Atom, UnitPrice};
use crate::valuation::value;

/// What makes one year differ from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// Rain, evapotranspiration, erosivity, storms, the climate of production, hot days.
    Weather,
    /// Unit values.
    Price,
    /// The ecosystem map.
    LandCover,
    /// Output, visits, emissions, registers, cover of plants and parameters.
    Rest,
}

impl Factor {
    /// All four, in the order in which they are told.
    pub const ALL: [Factor; 4] = [Factor::Weather, Factor::Price, Factor::LandCover, Factor::Rest];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Factor::Weather => "weather",
            Factor::Price => "price",
            Factor::LandCover => "land_cover",
            Factor::Rest => "rest",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Factor::Weather => text("天气", "Weather"),
            Factor::Price => text("单价", "Prices"),
            Factor::LandCover => text("土地覆被", "Land cover"),
            Factor::Rest => text("其他", "The rest"),
        }
    }

    fn bit(self) -> usize {
        match self {
            Factor::Weather => 1,
            Factor::Price => 2,
            Factor::LandCover => 4,
            Factor::Rest => 8,
        }
    }
}

/// A change by its four causes. They add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts(pub [Fen; 4]);

impl Parts {
    /// The part of one factor.
    pub fn of(&self, factor: Factor) -> Fen {
        self.0[Factor::ALL.iter().position(|f| *f == factor).unwrap_or(0)]
    }

    /// The whole change.
    pub fn sum(&self) -> Fen {
        self.0.into_iter().sum()
    }

    fn add(&mut self, other: Self) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own += more;
        }
    }

    /// Adds to the part of one factor.
    pub fn add_to(&mut self, factor: Factor, more: Fen) {
        if let Some(at) = Factor::ALL.iter().position(|f| *f == factor) {
            self.0[at] += more;
        }
    }
}

/// Averages what each factor adds over all orders of switching the four.
///
/// `values` holds one value for each set of factors taken from the later year, at the sum of their
/// bits: weather 1, price 2, land cover 4, the rest 8. The parts are rounded to whole fen by the
/// largest remainder, earlier factors first where remainders are equal, and add up to
/// `values[15] - values[0]`.
pub fn split(values: &[Fen; 16]) -> Parts {
    let of_24 = split_24(values);
    let mut parts: Vec<i128> = of_24.iter().map(|p| p.div_euclid(24)).collect();
    let whole = values[15].0 - values[0].0;
    let left = usize::try_from(whole - parts.iter().sum::<i128>()).unwrap_or(0);
    let mut by_remainder: Vec<usize> = (0..4).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(of_24[*i].rem_euclid(24)));
    for i in by_remainder.into_iter().take(left) {
        parts[i] += 1;
    }
    assert_eq!(parts.iter().sum::<i128>(), whole, "the parts of a change add up to it");
    Parts([Fen(parts[0]), Fen(parts[1]), Fen(parts[2]), Fen(parts[3])])
}

/// What each factor adds over all orders of switching the four, as 24ths of a fen, unrounded.
pub(crate) fn split_24(values: &[Fen; 16]) -> [i128; 4] {
    // |S|! (3 - |S|)! orders of 24 in which the factors of S are switched before and the others after.
    const ORDERS: [i128; 4] = [6, 2, 2, 6];
    Factor::ALL.map(|factor| {
        let bit = factor.bit();
        (0..16).filter(|set| set & bit == 0).map(|set: usize| ORDERS[set.count_ones() as usize] * (values[set | bit].0 - values[set].0)).sum()
    })
}

/// The change of one county, ecosystem type and indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtomChange {
    /// The county.
    pub place: String,
    /// The ecosystem type.
    pub ecosystem: String,
    /// The indicator.
    pub indicator: String,
    /// Its value in the earlier year.
    pub before: Fen,
    /// Its value in the later year.
    pub after: Fen,
    /// What made the difference.
    pub parts: Parts,
}

/// The change between two years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The earlier year.
    pub from: i32,
    /// The later year.
    pub to: i32,
    /// By atom, in order of place, ecosystem type and indicator. Atoms without a price are not here.
    pub atoms: Vec<AtomChange>,
}

impl Change {
    /// Sums of atoms: value before, value after and the parts.
    pub fn sum(&self, counts: impl Fn(&AtomChange) -> bool) -> (Fen, Fen, Parts) {
        let mut out = (Fen::default(), Fen::default(), Parts::default());
        for atom in self.atoms.iter().filter(|a| counts(a)) {
            out.0 += atom.before;
            out.1 += atom.after;
            out.2.add(atom.parts);
        }
        out
    }

    /// True when weather makes more than half of what all factors moved, either way.
    pub fn is_mostly_weather(&self) -> bool {
        let (_, _, parts) = self.sum(|_| true);
        let moved: i128 = parts.0.iter().map(|p| p.0.abs()).sum();
        parts.of(Factor::Weather).0.abs() * 2 > moved
    }
}

type Key<'a> = (&'a str, &'a str, &'a str);

/// Splits the change of an account atom by atom.
///
/// `runs` holds the atoms of eight accounts, one for each set of weather (1), land cover (2) and the
/// rest (4) taken from the later year, at the sum of the bits; `runs[0]` and `runs[7]` are the years
/// themselves. An atom that a run does not have is zero there. A price is the one the year itself has
/// for the atom; where only one of the years has the atom, its price is that of both.
///
/// # Errors
/// `value.too_large` for a mixture whose value cannot be held.
pub fn split_atoms(from: i32, to: i32, runs: &[Vec<Atom>; 8]) -> Result<Change, Problems> {
    let by_key: Vec<BTreeMap<Key<'_>, &Atom>> =
        runs.iter().map(|atoms| atoms.iter().map(|a| ((a.place.as_str(), a.ecosystem.as_str(), a.indicator.as_str()), a)).collect()).collect();
    let keys: BTreeSet<Key<'_>> = by_key.iter().flat_map(|run| run.iter()).filter(|(_, a)| a.price.is_some()).map(|(key, _)| *key).collect();
    let mut problems = Problems::new();
    let mut atoms = Vec::with_capacity(keys.len());
    for key in keys {
        let price_in = |run: usize| by_key[run].get(&key).and_then(|a| a.price.as_ref());
        let any = by_key.iter().find_map(|run| run.get(&key).and_then(|a| a.price.as_ref()));
        let (early, late) = (price_in(0).or(price_in(7)).or(any), price_in(7).or(price_in(0)).or(any));
        let mut values = [Fen::default(); 16];
        for (set, slot) in values.iter_mut().enumerate() {
            let run = (set & 1) | (set >> 1 & 2) | (set >> 1 & 4);
            let price = if set & Factor::Price.bit() == 0 { early } else { late };
            if let Some(worth) = problems.keep(worth(by_key[run].get(&key).copied(), price)) {
                *slot = worth;
            }
        }
        let (place, ecosystem, indicator) = (key.0.to_owned(), key.1.to_owned(), key.2.to_owned());
        atoms.push(AtomChange { place, ecosystem, indicator, before: values[0], after: values[15], parts: split(&values) });
    }
    problems.into_result(Change { from, to, atoms })
}

fn worth(atom: Option<&Atom>, price: Option<&UnitPrice>) -> Result<Fen, Problem> {
    match (atom, price) {
        (Some(atom), Some(price)) => value(&atom.quantity, &price.value),
        _ => Ok(Fen::default()),
    }
}

#[cfg(test)]
mod tests {
    use liangshan_vocab::{Evidence, Origin};
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::atom::AtomKey;
    use crate::valuation::Amount;

    fn values(of: impl Fn(bool, bool, bool, bool) -> i128) -> [Fen; 16] {
        std::array::from_fn(|set| Fen(of(set & 1 != 0, set & 2 != 0, set & 4 != 0, set & 8 != 0)))
    }

    /// By hand: effects that only add are told as they are.
    #[test]
    fn effects_that_add_are_their_own_parts() {
        let parts = split(&values(|w, p, l, r| 1000 + 7 * i128::from(w) - 20 * i128::from(p) + 5 * i128::from(l) + 100 * i128::from(r)));
        assert_eq!(parts.0, [Fen(7), Fen(-20), Fen(5), Fen(100)]);
    }

    /// Case G09–G11 of the worked cases (SEEALand, forest): the split of a product of area, volume and
    /// price is dx((y0 z0 + y1 z1)/3 + (y0 z1 + y1 z0)/6). Here p 150→120, q 60→65 and area 40→38, by
    /// the same rule computed by hand in exact fractions, times 600 so that nothing is rounded.
    #[test]
    fn three_factors_of_a_product_follow_the_symmetric_rule() {
        let (p, q, a) = ([150, 120], [60, 65], [40, 38]);
        let parts = split(&values(|w, pr, l, _| 600 * p[usize::from(pr)] * q[usize::from(w)] * a[usize::from(l)]));
        let rule = |dx: i128, y: [i128; 2], z: [i128; 2]| dx * ((y[0] * z[0] + y[1] * z[1]) * 200 + (y[0] * z[1] + y[1] * z[0]) * 100);
        assert_eq!(parts.of(Factor::Price).0, rule(-30, q, a));
        assert_eq!(parts.of(Factor::Weather).0, rule(5, p, a));
        assert_eq!(parts.of(Factor::LandCover).0, rule(-2, p, q));
        assert_eq!(parts.of(Factor::Rest).0, 0);
    }

    fn atom(indicator: &str, quantity: &str, price: &str) -> Atom {
        let key = AtomKey { year: 2020, place: "330802".into(), ecosystem: "forest".into(), indicator: indicator.into() };
        let price = UnitPrice { id: "p".into(), value: price.parse::<Decimal>().unwrap(), unit: "CNY/t".into(), year: 2020 };
        Atom::new(key, Amount::parse(quantity, 0).unwrap(), "t", Some(price), Evidence::Verified, Origin::Measured).unwrap()
    }

    /// By hand: 10 t at 2 yuan become 12 t at 3 yuan: 16 yuan. Price 1 × (10 + 12)/2 = 11, quantity
    /// 2 × (2 + 3)/2 = 5, and the quantity moved with the weather alone.
    #[test]
    fn prices_are_those_of_the_years_themselves() {
        let runs: [Vec<Atom>; 8] = std::array::from_fn(|run| {
            let quantity = if run & 1 == 0 { "10" } else { "12" };
            // A mixture values at the price of its own tables; that is not the price that is used.
            vec![atom("water_conservation", quantity, if run & 4 == 0 { "2" } else { "3" })]
        });
        let change = split_atoms(2019, 2020, &runs).unwrap();
        assert_eq!(change.atoms[0].parts.0, [Fen(500), Fen(1100), Fen(0), Fen(0)]);
        assert_eq!(change.sum(|_| true), (Fen(2000), Fen(3600), change.atoms[0].parts));
        assert!(!change.is_mostly_weather());
    }

    #[test]
    fn what_one_year_lacks_is_zero_there_and_priced_alike() {
        let mut runs: [Vec<Atom>; 8] = Default::default();
        for run in [2, 3, 6, 7] {
            runs[run] = vec![atom("carbon_sequestration", "4", "5")];
        }
        let change = split_atoms(2019, 2020, &runs).unwrap();
        assert_eq!((change.atoms[0].before, change.atoms[0].after), (Fen(0), Fen(2000)));
        assert_eq!(change.atoms[0].parts.of(Factor::LandCover), Fen(2000));
    }

    proptest! {
        #[test]
        fn parts_always_add_up_and_a_factor_that_moves_nothing_has_none(given in prop::array::uniform8(-1_000_000_000_i128..1_000_000_000)) {
            // The price bit changes nothing.
            let values: [Fen; 16] = std::array::from_fn(|set| Fen(given[(set & 1) | (set >> 1 & 6)]));
            let parts = split(&values);
            prop_assert_eq!(parts.sum(), values[15] - values[0]);
            prop_assert_eq!(parts.of(Factor::Price).0, 0);
        }
    }
}
