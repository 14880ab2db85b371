//! The account by zone: every atom shared out to the zones of each set, with what lies outside them; the
//! extent of ecosystem types; and the change between years by its causes.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_accounts::atom::{Atom, UnitPrice};
use liangshan_accounts::pieces::{By, PieceChange, pieces, split_inside, split_pieces, sum_of};
use liangshan_accounts::valuation::Amount;
use liangshan_planning::areas::split_control_area;
use liangshan_space::FixedSum;
use liangshan_vocab::{Evidence, Fen, Origin, Problem, Problems, largest_remainder};

use super::own::OwnGround;
use super::rules::{Divided, ZoneRules};
use super::{Slot, Where, Zones};
use crate::assemble::{Assembled, YearSums, quantity_factor};
use crate::book::Prepared;
use crate::profiles::Flow;
use crate::task::Sums;

/// What an entry of a slot has of an atom.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRow {
    /// The year.
    pub year: i32,
    /// Where.
    pub at: Where,
    /// The ecosystem type.
    pub ecosystem: String,
    /// The indicator.
    pub indicator: String,
    /// The quantity. One that is shared by area is whole too, however coarse its unit.
    pub quantity: Amount,
    /// Its unit.
    pub unit: String,
    /// The value; `None` for what is counted without a price.
    pub value: Option<Fen>,
    /// How it was divided.
    pub how: Divided,
    /// The weakest evidence it rests on.
    pub evidence: Evidence,
    /// What its inputs are, the zones included.
    pub origin: Origin,
}

/// The area of a part and what grows on it, in hundredths of a square metre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtentRow {
    /// The year.
    pub year: i32,
    /// Where.
    pub at: Where,
    /// The ecosystem type; empty where the map shows none.
    pub ecosystem: String,
    /// Hundredths of a square metre.
    pub area: i128,
}

/// Value that no map or rule divides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undivided {
    /// The year.
    pub year: i32,
    /// The county.
    pub county: usize,
    /// The indicator.
    pub indicator: String,
    /// Its value.
    pub value: Fen,
}

/// The change of one entry in one ecosystem type and indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneChangeRow {
    /// Where.
    pub at: Where,
    /// The ecosystem type.
    pub ecosystem: String,
    /// The indicator.
    pub indicator: String,
    /// Before, after, and the causes.
    pub change: PieceChange,
}

/// The change between two years by zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneChange {
    /// The earlier year.
    pub from: i32,
    /// The later year.
    pub to: i32,
    /// By entry, ecosystem type and indicator.
    pub rows: Vec<ZoneChangeRow>,
    /// Of them what lies inside the sites of an office's projects, by the number in [`Zones::own`].
    pub own: Vec<(usize, PieceChange)>,
}

/// The account by zone and line.
#[derive(Debug, Clone)]
pub struct ZoneAccount {
    /// Quantities and values.
    pub rows: Vec<ZoneRow>,
    /// Areas by ecosystem type; over the types they are those of [`ZoneAccount::areas`].
    pub extent: Vec<ExtentRow>,
    /// Areas on the ellipsoid, hundredths of a square metre; in a set they add up to the counties'.
    pub areas: BTreeMap<Where, i128>,
    /// What is not divided.
    pub undivided: Vec<Undivided>,
    /// Changes.
    pub changes: Vec<ZoneChange>,
    /// Ground of each of [`Zones::own`], in the years of its pair.
    pub ground: Vec<OwnGround>,
}

/// What of an atom each entry of each slot of its county has, before rounding.
pub(crate) struct Exact {
    /// The quantity of the atom.
    pub(crate) quantity: Amount,
    /// Its price.
    pub(crate) price: Option<UnitPrice>,
    /// How it was divided.
    pub(crate) how: Divided,
    /// By slot number.
    pub(crate) by_slot: BTreeMap<usize, Vec<f64>>,
    /// What the sites of projects have of it, by the number of the part.
    pub(crate) inside: BTreeMap<usize, f64>,
}

/// County, ecosystem type and indicator.
pub(crate) type Key = (String, String, String);

/// Divides atoms by zone.
pub(crate) struct Divider<'a> {
    prepared: &'a Prepared,
    zones: &'a Zones,
    rules: ZoneRules,
}

impl<'a> Divider<'a> {
    /// With the rules of the region; `None` where no zones are asked for.
    ///
    /// # Errors
    /// Those of the rules.
    pub(crate) fn of(prepared: &'a Prepared) -> Result<Option<Self>, Problems> {
        let Some(zones) = &prepared.zones else { return Ok(None) };
        Ok(Some(Self { prepared, zones, rules: ZoneRules::of(&prepared.region)? }))
    }

    /// Every atom that a map or a rule divides.
    ///
    /// # Errors
    /// `unit.mismatch`, which would be our bug.
    pub(crate) fn divide(&self, year: &YearSums, atoms: &[Atom]) -> Result<BTreeMap<Key, Exact>, Problems> {
        let mut out = BTreeMap::new();
        for atom in atoms.iter().filter(|a| a.year == year.plan.year) {
            let Some((how, weights)) = self.weights(year, atom)? else { continue };
            let Some(county) = self.prepared.places.counties.iter().position(|c| c.code == atom.place) else { continue };
            let slots = self.zones.slots.iter().enumerate().filter(|(_, s)| s.county == county);
            let by_slot = slots.map(|(at, slot)| (at, self.of_slot(slot, atom, &weights))).collect();
            let key = (atom.place.clone(), atom.ecosystem.clone(), atom.indicator.clone());
            let sited = self.zones.own.iter().filter(|own| self.zones.parts[own.part].county == county).map(|own| own.number);
            let inside = sited.map(|number| (number, self.sum(weights.zoned, number, &atom.ecosystem, &weights.column).value() * weights.factor)).collect();
            out.insert(key, Exact { quantity: atom.quantity, price: atom.price.clone(), how, by_slot, inside });
        }
        Ok(out)
    }

    /// What divides an atom: sums by part, their column and the factor to the atom's unit.
    fn weights<'y>(&self, year: &'y YearSums, atom: &Atom) -> Result<Option<(Divided, Weights<'y>)>, Problems> {
        let Some(sums) = &year.zones else { return Ok(None) };
        let method = &self.prepared.method;
        if let Some(flow) = method.flow(&atom.indicator).and_then(Flow::model) {
            let Some(stream) = year.plan.stream(flow) else { return Ok(None) };
            let output = year.plan.steps[year.plan.streams[stream].step].model.spec.output(&flow.output);
            let (Some(output), Some(zoned)) = (output, sums.streams.get(&stream)) else { return Ok(None) };
            let factor = quantity_factor(output.measure.unit, &atom.unit)?;
            let (county, column) = (&year.sums[stream], output.name.to_owned());
            return Ok(Some((Divided::Map, Weights { zoned, county, offset: 0, column, factor })));
        }
        match self.rules.of_indicator(&atom.indicator) {
            Divided::TypeArea => {
                let offset = self.zones.parts.len();
                let weights = Weights { zoned: &sums.extent, county: &sums.extent, offset, column: "area_m2".into(), factor: 1e-4 };
                let county = self.prepared.places.counties.iter().position(|c| c.code == atom.place).unwrap_or(usize::MAX);
                // An ecosystem type that the map does not show in the county cannot carry it anywhere.
                let there = self.sum(weights.county, county.saturating_add(offset), &atom.ecosystem, "area_m2").value() > 0.0;
                Ok(there.then_some((Divided::TypeArea, weights)))
            }
            _ => Ok(None),
        }
    }

    fn sum(&self, sums: &Sums, place: usize, ecosystem: &str, column: &str) -> FixedSum {
        let classes = &self.prepared.classes;
        let kind = classes.types.iter().position(|t| t.id == ecosystem);
        let found = kind.zip(u16::try_from(place).ok()).and_then(|(kind, _)| crate::assemble::sum_of_type(sums, classes, place, kind, column));
        found.unwrap_or_default()
    }

    fn of_slot(&self, slot: &Slot, atom: &Atom, weights: &Weights<'_>) -> Vec<f64> {
        let sum = |sums: &Sums, place: usize| self.sum(sums, place, &atom.ecosystem, &weights.column);
        let parts: Vec<FixedSum> = slot.parts.iter().map(|p| sum(weights.zoned, *p)).collect();
        let mut exact: Vec<f64> = parts.iter().map(|p| p.value() * weights.factor).collect();
        if slot.elsewhere {
            let left = sum(weights.county, slot.county + weights.offset).raw() - parts.iter().map(FixedSum::raw).sum::<i128>();
            exact.push(FixedSum::from_raw(left).value() * weights.factor);
        }
        exact
    }
}

/// Sums by part, and those of the counties that stand `offset` places on.
struct Weights<'y> {
    zoned: &'y Sums,
    county: &'y Sums,
    offset: usize,
    column: String,
    factor: f64,
}

impl ZoneAccount {
    /// The account by zone; `None` where no zones are asked for.
    ///
    /// # Errors
    /// Those of sharing out, which would be our bug.
    pub(crate) fn of(prepared: &Prepared, years: &[YearSums], assembled: &Assembled, changes: Vec<ZoneChange>) -> Result<Option<Self>, Problems> {
        let Some(divider) = Divider::of(prepared)? else { return Ok(None) };
        let zones = divider.zones;
        let mut problems = Problems::new();
        let areas = problems.keep(areas(prepared, zones)).unwrap_or_default();
        let (mut rows, mut extent, mut undivided) = (Vec::new(), Vec::new(), Vec::new());
        for year in years {
            let divided = divider.divide(year, &assembled.atoms)?;
            for atom in assembled.atoms.iter().filter(|a| a.year == year.plan.year) {
                let key = (atom.place.clone(), atom.ecosystem.clone(), atom.indicator.clone());
                match divided.get(&key) {
                    Some(exact) => rows.extend(problems.keep(shared(zones, prepared, atom, exact)).into_iter().flatten()),
                    None if atom.price.is_some() => undivided.extend(left(prepared, atom)),
                    None => {}
                }
            }
            if let Some(sums) = &year.zones {
                extent.extend(extents(prepared, zones, year.plan.year, &sums.extent, &areas));
            }
        }
        rows.sort_by(|a, b| (a.year, a.at, &a.ecosystem, &a.indicator).cmp(&(b.year, b.at, &b.ecosystem, &b.indicator)));
        let ground = zones.own.iter().map(|own| OwnGround::of(own, zones, years, &prepared.classes)).collect();
        problems.into_result(Some(Self { rows, extent, areas, undivided, changes, ground }))
    }

    /// Value of what counts, by year.
    pub fn value(&self, year: i32, counts: impl Fn(&ZoneRow) -> bool) -> Fen {
        self.rows.iter().filter(|r| r.year == year && counts(r)).filter_map(|r| r.value).sum()
    }
}

fn left(prepared: &Prepared, atom: &Atom) -> Option<Undivided> {
    let county = prepared.places.counties.iter().position(|c| c.code == atom.place)?;
    Some(Undivided { year: atom.year, county, indicator: atom.indicator.clone(), value: atom.value })
}

/// An atom shared out to every slot of its county.
fn shared(zones: &Zones, prepared: &Prepared, atom: &Atom, exact: &Exact) -> Result<Vec<ZoneRow>, Problems> {
    let mut out = Vec::new();
    for (slot, exact_of) in &exact.by_slot {
        let slot = &zones.slots[*slot];
        let at = |p: Problem| p.key(format!("{} {} {}", zones.sets[slot.set].id, prepared.places.counties[slot.county].code, atom.indicator));
        let made = pieces(exact.how.by(), atom.quantity, atom.price.as_ref().map(|p| &p.value), atom.value, exact_of).map_err(at)?;
        for (place, piece) in zones.wheres(slot).into_iter().zip(made) {
            if (slot.alone && place.zone.is_none()) || (piece.quantity.units == 0 && piece.value == Fen(0)) {
                continue;
            }
            out.push(ZoneRow {
                year: atom.year,
                at: place,
                ecosystem: atom.ecosystem.clone(),
                indicator: atom.indicator.clone(),
                quantity: piece.quantity,
                unit: atom.unit.clone(),
                value: atom.price.as_ref().map(|_| piece.value),
                how: exact.how,
                evidence: atom.evidence,
                origin: atom.origin.with(zones.origin),
            });
        }
    }
    Ok(out)
}

/// The areas of parts, brought to the counties' own (平差): what was measured is scaled so that the
/// entries of a slot add up to the county to a hundredth of a square metre.
fn areas(prepared: &Prepared, zones: &Zones) -> Result<BTreeMap<Where, i128>, Problems> {
    let mut out = BTreeMap::new();
    let thousandth = |m2: f64| (m2 * 1000.0).round() / 1000.0;
    for slot in &zones.slots {
        let county = &prepared.places.counties[slot.county];
        let mut measured: Vec<f64> = slot.parts.iter().map(|p| thousandth(zones.parts[*p].area_m2)).collect();
        if slot.elsewhere {
            measured.push(thousandth((county.area_m2 - measured.iter().sum::<f64>()).max(0.0)));
        }
        if measured.is_empty() {
            continue;
        }
        let control = (county.area_m2 * 100.0).round() / 100.0;
        let made = split_control_area(control, &measured).map_err(|p| p.key(format!("{} {}", zones.sets[slot.set].id, county.code)))?;
        for (place, area) in zones.wheres(slot).into_iter().zip(made) {
            if !(slot.alone && place.zone.is_none()) {
                out.insert(place, i128::from(area));
            }
        }
    }
    Ok(out)
}

/// The area of each part by ecosystem type, in proportion to the map's.
fn extents(prepared: &Prepared, zones: &Zones, year: i32, sums: &Sums, areas: &BTreeMap<Where, i128>) -> Vec<ExtentRow> {
    let classes = &prepared.classes;
    let raw = |place: usize, kind: usize| crate::assemble::sum_of_type(sums, classes, place, kind, "area_m2").map_or(0, |s| s.raw());
    let mut out = Vec::new();
    for slot in &zones.slots {
        for (at, place) in zones.wheres(slot).into_iter().enumerate() {
            let Some(area) = areas.get(&place) else { continue };
            let weight = |kind: usize| match slot.parts.get(at) {
                Some(part) => raw(*part, kind),
                None => (raw(zones.parts.len() + slot.county, kind) - slot.parts.iter().map(|p| raw(*p, kind)).sum::<i128>()).max(0),
            };
            let weights: Vec<i128> = (0..classes.types.len()).map(weight).collect();
            match largest_remainder(*area, &weights) {
                Some(shares) => {
                    let known = classes.types.iter().zip(shares).filter(|(_, area)| *area != 0);
                    out.extend(known.map(|(kind, area)| ExtentRow { year, at: place, ecosystem: kind.id.clone(), area }));
                }
                None => out.push(ExtentRow { year, at: place, ecosystem: String::new(), area: *area }),
            }
        }
    }
    out
}

/// The change between two years by zone, from the eight mixtures that the account's own change is made
/// of: as many divisions, in the order of their bits.
pub(crate) fn change(zones: &Zones, (from, to): (i32, i32), runs: &[BTreeMap<Key, Exact>; 8]) -> Result<ZoneChange, Problems> {
    let keys: BTreeSet<&Key> = runs.iter().flat_map(|r| r.iter()).filter(|(_, e)| e.price.is_some()).map(|(key, _)| key).collect();
    let mut rows = Vec::new();
    let mut sited: BTreeMap<usize, Vec<PieceChange>> = BTreeMap::new();
    for key in keys {
        let price_in = |run: usize| runs[run].get(key).and_then(|e| e.price.as_ref());
        let any = (0..8).find_map(price_in);
        let (early, late) = (price_in(0).or(price_in(7)).or(any), price_in(7).or(price_in(0)).or(any));
        let (Some(early), Some(late)) = (early, late) else { continue };
        let by = runs.iter().find_map(|r| r.get(key)).map_or(By::Quantity, |e| e.how.by());
        let slots: BTreeSet<usize> = runs.iter().filter_map(|r| r.get(key)).flat_map(|e| e.by_slot.keys().copied()).collect();
        for at in slots {
            let slot = &zones.slots[at];
            let wheres = zones.wheres(slot);
            let of: [Option<(Amount, Vec<f64>)>; 8] =
                std::array::from_fn(|run| runs[run].get(key).and_then(|e| Some((e.quantity, e.by_slot.get(&at)?.clone()))));
            for (number, own) in zones.own.iter().enumerate().filter(|(_, own)| own.pair == (from, to)) {
                let Some(part) = slot.parts.iter().position(|p| *p == own.part) else { continue };
                let inside: [f64; 8] = std::array::from_fn(|run| runs[run].get(key).and_then(|e| e.inside.get(&own.number).copied()).unwrap_or(0.0));
                let change = split_inside(by, part, &of, &inside, &early.value, &late.value).map_err(|p| p.key(format!("{} {}", key.0, key.2)))?;
                sited.entry(number).or_default().push(change);
            }
            let made = split_pieces(by, wheres.len(), &of, &early.value, &late.value).map_err(|p| p.key(format!("{} {}", key.0, key.2)))?;
            for (place, change) in wheres.into_iter().zip(made) {
                let something = change.before != Fen(0) || change.after != Fen(0) || change.parts.0.iter().any(|p| *p != Fen(0));
                let rest_of_one = slot.alone && place.zone.is_none();
                if something && !rest_of_one {
                    rows.push(ZoneChangeRow { at: place, ecosystem: key.1.clone(), indicator: key.2.clone(), change });
                }
            }
        }
    }
    rows.sort_by(|a, b| (a.at, &a.ecosystem, &a.indicator).cmp(&(b.at, &b.ecosystem, &b.indicator)));
    let own = sited.into_iter().map(|(own, changes)| (own, sum_of(&changes))).collect();
    Ok(ZoneChange { from, to, rows, own })
}
