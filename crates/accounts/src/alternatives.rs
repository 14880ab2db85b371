//! What each indicator would be worth at the other prices that its profile names, beside the one in
//! use: the same atoms, valued and rounded one by one, so that these sums are exact too.

use std::collections::BTreeMap;

use liangshan_vocab::{Evidence, Fen, Problem, Unit};
use rust_decimal::Decimal;

use crate::account::AccountPlace;
use crate::atom::Atom;
use crate::catalogue;
use crate::price::{Price, check_basis};
use crate::profile::{IndicatorMethod, Profile};
use crate::valuation::{Amount, value};

/// What a price is to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The account is valued at it.
    InUse,
    /// The profile names it as another choice.
    Alternative,
    /// It values something that the account leaves out, as consumer surplus: shown beside, never added.
    Beside,
}

impl Role {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Role::InUse => "in_use",
            Role::Alternative => "alternative",
            Role::Beside => "beside",
        }
    }
}

/// The value of an indicator of one year and place at one price.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The year.
    pub year: i32,
    /// The place's code.
    pub place: String,
    /// The indicator, or the part of one, that the profile prices.
    pub indicator: String,
    /// What the price is to the account.
    pub role: Role,
    /// The price's id.
    pub price_id: String,
    /// Yuan per unit as its table has it; absent where the table has no such price.
    pub price: Option<Decimal>,
    /// Its unit as its table has it.
    pub price_unit: String,
    /// The price year.
    pub price_year: Option<i32>,
    /// The quantity, where all of it is in one unit.
    pub quantity: Option<Amount>,
    /// Its unit.
    pub unit: String,
    /// What it is worth at this price; absent where the price does not fit.
    pub value: Option<Fen>,
    /// The value less that of the account; what would be added, for what stands beside.
    pub difference: Option<Fen>,
    /// Whether the price's source was read.
    pub evidence: Evidence,
    /// Why the price does not fit.
    pub fault: Option<Problem>,
}

/// By year, place and indicator: the price in use first, then the alternatives in the profile's order,
/// then what stands beside. `market` is the market price of an atom that is counted by a share of it.
pub fn alternatives(
    atoms: &[Atom],
    places: &[AccountPlace],
    profile: &Profile,
    prices: &[Price],
    market: &dyn Fn(&Atom) -> Option<Decimal>,
) -> Vec<Alternative> {
    let mut groups: BTreeMap<(i32, &str), Vec<&Atom>> = BTreeMap::new();
    for atom in atoms {
        if let Some(method) = pricing(atom, profile) {
            groups.entry((atom.year, method.indicator.as_str())).or_default().push(atom);
        }
    }
    let mut out = Vec::new();
    for ((year, id), own) in &groups {
        let Some(method) = profile.indicators.iter().find(|m| m.indicator == *id) else { continue };
        for place in places {
            let here: Vec<&Atom> = own.iter().copied().filter(|a| within(&a.place, place, places)).collect();
            if here.is_empty() {
                continue;
            }
            let in_use: Fen = here.iter().map(|a| a.value).sum();
            for (role, price_id) in method.price_id.iter().map(|p| (Role::InUse, p)).chain(method.alternatives.iter().map(|p| (Role::Alternative, p))) {
                let mut row = at_price(&here, method, price_id, prices, market);
                if role == Role::InUse {
                    row.value = Some(in_use);
                }
                out.push(Alternative { year: *year, place: place.code.clone(), role, difference: row.value.map(|v| v - in_use), ..row });
            }
        }
    }
    out.extend(beside(atoms, places, profile, prices));
    out.sort_by(|a, b| {
        let rank = |it: &Alternative| places.iter().position(|p| p.code == it.place);
        (a.year, rank(a), catalogue::rank(&a.indicator)).cmp(&(b.year, rank(b), catalogue::rank(&b.indicator)))
    });
    out
}

/// The method whose price an atom has: its own, or that of the whole.
fn pricing<'p>(atom: &Atom, profile: &'p Profile) -> Option<&'p IndicatorMethod> {
    atom.price.as_ref().and_then(|_| profile.method(&atom.indicator)).filter(|m| m.price_id.is_some())
}

fn within(county: &str, place: &AccountPlace, places: &[AccountPlace]) -> bool {
    let mut at = Some(county);
    while let Some(code) = at {
        if code == place.code {
            return true;
        }
        at = places.iter().find(|p| p.code == code).and_then(|p| p.parent.as_deref());
    }
    false
}

fn at_price(atoms: &[&Atom], method: &IndicatorMethod, price_id: &str, prices: &[Price], market: &dyn Fn(&Atom) -> Option<Decimal>) -> Alternative {
    let first = atoms[0];
    let one_unit = atoms.iter().all(|a| a.unit == first.unit && a.quantity.decimals == first.quantity.decimals && a.indicator == first.indicator);
    let quantity = one_unit.then(|| atoms.iter().fold(Amount::zero(first.quantity.decimals), |sum, a| sum.plus(a.quantity)));
    let mut out = Alternative {
        year: first.year,
        place: String::new(),
        indicator: method.indicator.clone(),
        role: Role::Alternative,
        price_id: price_id.to_owned(),
        price: None,
        price_unit: String::new(),
        price_year: None,
        quantity,
        unit: if one_unit { first.unit.clone() } else { String::new() },
        value: None,
        difference: None,
        evidence: Evidence::Unverified,
        fault: None,
    };
    let Some(price) = prices.iter().find(|p| p.id == price_id) else { return out };
    (out.price, out.price_unit, out.price_year, out.evidence) = (Some(price.value), price.unit.written().to_owned(), Some(price.year), price.evidence);
    let worth = |atom: &Atom| -> Result<Fen, Problem> {
        check_basis(&method.basis, price)?;
        let per = match market(atom) {
            Some(market) => price.per(&Unit::parse("CNY")?).map(|share| (market * share).normalize())?,
            None => price.per(&Unit::parse(&atom.unit)?)?,
        };
        value(&atom.quantity, &per)
    };
    match atoms.iter().map(|a| worth(a)).sum::<Result<Fen, Problem>>() {
        Ok(sum) => out.value = Some(sum),
        Err(problem) => out.fault = Some(problem),
    }
    out
}

/// Parts that the profile prices and the account leaves out, where they are priced per unit of the
/// whole's own quantity.
fn beside(atoms: &[Atom], places: &[AccountPlace], profile: &Profile, prices: &[Price]) -> Vec<Alternative> {
    let mut out = Vec::new();
    for whole in profile.counted() {
        for part in profile.parts(&whole.indicator) {
            let Some(price_id) = part.price_id.as_deref().filter(|_| atoms.iter().all(|a| a.indicator != part.indicator)) else { continue };
            let own: Vec<&Atom> = atoms.iter().filter(|a| a.indicator == whole.indicator && a.price.is_none()).collect();
            let mut years: Vec<i32> = own.iter().map(|a| a.year).collect();
            years.dedup();
            years.sort_unstable();
            years.dedup();
            for year in years {
                for place in places {
                    let here: Vec<&Atom> = own.iter().copied().filter(|a| a.year == year && within(&a.place, place, places)).collect();
                    if here.is_empty() {
                        continue;
                    }
                    let row = at_price(&here, part, price_id, prices, &|_| None);
                    if row.value.is_some() {
                        out.push(Alternative { year, place: place.code.clone(), role: Role::Beside, difference: row.value, ..row });
                    }
                }
            }
        }
    }
    out
}
