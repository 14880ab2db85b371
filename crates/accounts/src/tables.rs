//! Atoms into tables: every row and total is an integer sum of atoms, whatever their order.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Evidence, Fen, Origin, Problem, Problems, Text, words};

use crate::account::{ALL, Account, AccountInput, AccountPlace, Missing, Row, RowPrice, State, Status, Total};
use crate::atom::{Atom, UnitPrice};
use crate::catalogue::{self, Quantities};
use crate::profile::{Inclusion, Profile};
use crate::valuation::{Amount, average_price};

/// Makes the account.
///
/// A place made of counties is their sum; `all` is the sum of the ecosystem types; a parent's value is
/// the sum of its parts, and its quantity is its own or, where the catalogue says so, theirs. A row
/// whose indicator, or a part of it, is missing in a county is not printed as a number, neither there
/// nor in the places the county is part of; what the other counties have of it stays in the total and
/// is named in [`Missing`].
///
/// # Errors
/// All of them at once: `account.unknown_place`, `account.unknown_year`, `account.unknown_ecosystem`,
/// `account.unknown_indicator`, `account.not_a_county`, `account.not_in_profile`, `account.atom_twice`,
/// `account.value_differs`, `account.units_differ`, `account.counted_twice`,
/// `account.state_contradicts`.
pub fn build(input: &AccountInput<'_>) -> Result<Account, Problems> {
    let ground = Ground::of(input)?;
    let sums = sums(input, &ground);
    let states = ground.states(input, &sums);
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    for &year in &input.years {
        for place in &input.places {
            for ecosystem in std::iter::once(ALL).chain(input.ecosystems.iter().map(String::as_str)) {
                let here = Here { year, place: &place.code, ecosystem };
                rows.extend(rows_of(here, &ground, &sums, &states));
                totals.push(total_of(here, place, input, &ground, &sums, &states));
            }
        }
    }
    let unknown =
        input.profile.indicators.iter().filter(|m| m.status == Inclusion::Unknown && !m.indicator.contains('.')).map(|m| m.indicator.clone()).collect();
    Ok(Account {
        profile: input.profile.printed_id(),
        title: input.profile.title.clone(),
        years: input.years.clone(),
        places: input.places.clone(),
        ecosystems: input.ecosystems.clone(),
        rows,
        totals,
        unknown,
    })
}

/// One block of rows.
#[derive(Clone, Copy)]
struct Here<'a> {
    year: i32,
    place: &'a str,
    ecosystem: &'a str,
}

/// Where a sum belongs: year, place, ecosystem, indicator.
type Key<'a> = (i32, &'a str, &'a str, &'a str);

/// What is known before anything is added.
struct Ground<'a> {
    /// The method profile.
    profile: &'a Profile,
    /// The counties in each place; a county holds itself.
    counties: BTreeMap<&'a str, Vec<&'a str>>,
    /// Every place a county is part of, itself first.
    above: BTreeMap<&'a str, Vec<&'a str>>,
    /// Indicators that have atoms of their own.
    own: BTreeSet<&'a str>,
    /// Those of them that are valued themselves.
    priced: BTreeSet<&'a str>,
    /// Indicators that a total needs, or that somebody said something about.
    wanted: Vec<(&'a str, Inclusion)>,
}

impl<'a> Ground<'a> {
    fn of(input: &'a AccountInput<'a>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let codes: BTreeSet<&str> = input.places.iter().map(|p| p.code.as_str()).collect();
        let parents: BTreeMap<&str, &str> = input.places.iter().filter_map(|p| Some((p.code.as_str(), p.parent.as_deref()?))).collect();
        let (mut counties, mut above) = (BTreeMap::<&str, Vec<&str>>::new(), BTreeMap::new());
        for place in input.places.iter().filter(|p| !parents.values().any(|parent| *parent == p.code)) {
            let mut chain = vec![place.code.as_str()];
            while let Some(parent) = parents.get(chain[chain.len() - 1]).filter(|p| codes.contains(**p) && !chain.contains(p)) {
                chain.push(parent);
            }
            for over in &chain {
                counties.entry(over).or_default().push(&place.code);
            }
            above.insert(place.code.as_str(), chain);
        }
        for place in &input.places {
            if let Some(parent) = place.parent.as_deref().filter(|p| !codes.contains(p)) {
                problems.push(unknown("place", &place.code, parent));
            }
        }
        let own: BTreeSet<&str> = input.atoms.iter().map(|a| a.indicator.as_str()).collect();
        let priced = input.atoms.iter().filter(|a| a.price.is_some()).map(|a| a.indicator.as_str()).collect();
        let mut wanted: BTreeMap<&str, Inclusion> = input.profile.counted().map(|m| (m.indicator.as_str(), m.status)).collect();
        for state in &input.states {
            let status = input.profile.inclusion(&state.indicator);
            if status.counts() {
                wanted.entry(&state.indicator).or_insert(status);
            }
        }
        let wanted = wanted.into_iter().collect();
        let ground = Self { profile: input.profile, counties, above, own, priced, wanted };
        ground.judge_atoms(input, &mut problems);
        ground.judge_states(input, &codes, &mut problems);
        problems.into_result(ground)
    }

    fn judge_atoms(&self, input: &AccountInput<'_>, problems: &mut Problems) {
        let mut seen = BTreeSet::new();
        let mut units: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
        for atom in &input.atoms {
            let id = atom.indicator.as_str();
            let at = format!("{} {} {} {id}", atom.year, atom.place, atom.ecosystem);
            if !input.years.contains(&atom.year) {
                problems.push(unknown("year", &at, &atom.year.to_string()));
            }
            if !input.ecosystems.contains(&atom.ecosystem) {
                problems.push(unknown("ecosystem", &at, &atom.ecosystem));
            }
            if !self.counties.contains_key(atom.place.as_str()) {
                problems.push(unknown("place", &at, &atom.place));
            } else if !self.above.contains_key(atom.place.as_str()) {
                let place = &atom.place;
                problems.push(
                    Problem::error(
                        "account.not_a_county",
                        words!("{place} 由其他区划组成，不能直接记账", "{place} is made of other places and has no atoms of its own"),
                    )
                    .key(at.as_str()),
                );
            }
            if catalogue::indicator(id).is_none() {
                problems.push(catalogue::unknown("account.unknown_indicator", id));
            } else if !input.profile.inclusion(id).counts() {
                let profile = input.profile.printed_id();
                problems.push(
                    Problem::error("account.not_in_profile", words!("{profile} 不计入指标 {id}", "{profile} does not count the indicator {id}"))
                        .key(at.as_str()),
                );
            }
            if !seen.insert((atom.year, &atom.place, &atom.ecosystem, id)) {
                problems.push(Problem::error("account.atom_twice", words!("同一单元重复记账：{at}", "the same atom twice: {at}")).key(at.as_str()));
            }
            if !atom.holds() {
                problems.push(
                    Problem::error("account.value_differs", words!("价值量不等于实物量乘以单价：{at}", "the value is not quantity times price: {at}"))
                        .key(at.as_str()),
                );
            }
            let measure = (atom.unit.as_str(), atom.quantity.decimals);
            let first = *units.entry(id).or_insert(measure);
            if first != measure {
                problems.push(
                    Problem::error("account.units_differ", words!("指标 {id} 的实物量单位前后不一", "the quantities of {id} are in different units"))
                        .key(at.as_str())
                        .expect(words!("{}，{} 位小数", "{}, {} decimals", first.0, first.1)),
                );
            }
        }
        for part in &self.priced {
            if let Some(whole) = self.priced.iter().find(|whole| *whole != part && catalogue::is_within(part, whole)) {
                problems.push(
                    Problem::error("account.counted_twice", words!("{whole} 与其组成部分 {part} 都已计价", "{whole} and its part {part} are both valued"))
                        .key(*part)
                        .fix(words!("只对其中一个计价", "value one of them")),
                );
            }
        }
    }

    fn judge_states(&self, input: &AccountInput<'_>, codes: &BTreeSet<&str>, problems: &mut Problems) {
        for state in &input.states {
            let id = state.indicator.as_str();
            if catalogue::indicator(id).is_none() {
                problems.push(catalogue::unknown("account.unknown_indicator", id));
            }
            if let Some(place) = state.place.as_deref().filter(|p| !codes.contains(p)) {
                problems.push(unknown("place", id, place));
            }
            let contradicts = |a: &&Atom| match state.status {
                Status::Ok => false,
                Status::MissingInput { .. } => a.indicator == id,
                Status::Zero { .. } | Status::NotApplicable(_) => catalogue::is_within(&a.indicator, id),
            };
            let against = input.atoms.iter().filter(contradicts).find(|a| self.said_of(state, a.year, &a.place));
            if let Some(atom) = against {
                let (year, place) = (atom.year, &atom.place);
                problems.push(
                    Problem::error(
                        "account.state_contradicts",
                        words!(
                            "{id} 声明为缺失、不适用或为零，但 {year} 年 {place} 已有核算结果",
                            "{id} is declared missing, not applicable or zero, yet {place} has an amount in {year}"
                        ),
                    )
                    .key(id)
                    .fix(words!("删去声明，或撤下该指标的数据来源", "withdraw the declaration, or the source of the amount")),
                );
            }
        }
    }

    /// True when a state speaks of a county in a year. One said of a city speaks of its counties.
    fn said_of(&self, state: &State, year: i32, county: &str) -> bool {
        let place = state.place.as_deref().is_none_or(|said| self.above.get(county).is_some_and(|chain| chain.contains(&said)));
        state.year.is_none_or(|y| y == year) && place
    }

    /// How it stands with every wanted indicator in every year and county.
    fn states(&self, input: &'a AccountInput<'a>, sums: &BTreeMap<Key<'_>, Sum<'_>>) -> BTreeMap<(i32, &'a str, &'a str), Status> {
        let mut out = BTreeMap::new();
        for &year in &input.years {
            for county in self.above.keys() {
                for (id, inclusion) in &self.wanted {
                    let computed = sums.contains_key(&(year, county, ALL, id));
                    let narrow = |s: &&State| (u8::from(s.place.is_some()), u8::from(s.year.is_some()));
                    let said = input.states.iter().filter(|s| s.indicator == *id && self.said_of(s, year, county)).max_by_key(narrow);
                    // A whole whose parts are named in the profile stands or falls with them.
                    let by_parts = self.wanted.iter().any(|(other, _)| other != id && catalogue::is_within(other, id));
                    let status = match (said, computed) {
                        (Some(said), _) => said.status.clone(),
                        (None, true) => Status::Ok,
                        (None, false) if *inclusion == Inclusion::Optional || by_parts => continue,
                        (None, false) => Status::MissingInput {
                            reason: words!("没有任何数据来源给出该指标", "no source gives this indicator"),
                            file: String::new(),
                        },
                    };
                    out.insert((year, *county, *id), status);
                }
            }
        }
        out
    }
}

/// What atoms add up to at one key.
#[derive(Default)]
struct Sum<'a> {
    value: Fen,
    quantity: Option<(Amount, &'a str)>,
    price: Option<&'a UnitPrice>,
    price_ids: BTreeSet<&'a str>,
    price_years: BTreeSet<i32>,
    evidence: Option<Evidence>,
    origin: Option<Origin>,
    atoms: usize,
}

impl<'a> Sum<'a> {
    fn add(&mut self, atom: &'a Atom, with_quantity: bool) {
        self.value += atom.value;
        if with_quantity {
            let so_far = self.quantity.map_or(Amount::zero(atom.quantity.decimals), |(amount, _)| amount);
            self.quantity = Some((so_far.plus(atom.quantity), &atom.unit));
        }
        if let Some(price) = &atom.price {
            self.price = Some(price);
            self.price_ids.insert(&price.id);
            self.price_years.insert(price.year);
        }
        self.evidence = Some(self.evidence.map_or(atom.evidence, |e| e.with(atom.evidence)));
        self.origin = Some(self.origin.map_or(atom.origin, |o| o.with(atom.origin)));
        self.atoms += 1;
    }

    /// The price of a single atom, or the average of a sum.
    fn row_price(&self, is_atom: bool) -> Option<RowPrice> {
        let (price, (quantity, unit)) = (self.price?, self.quantity?);
        if is_atom {
            let UnitPrice { id, value, unit, year } = price.clone();
            return Some(RowPrice { value: value.to_string(), unit, year: Some(year), id, average: false });
        }
        let ids: Vec<&str> = self.price_ids.iter().copied().collect();
        let unit = match unit {
            "CNY" => "1".to_owned(),
            _ if unit.contains([' ', '/']) => format!("CNY/({unit})"),
            _ => format!("CNY/{unit}"),
        };
        let year = if self.price_years.len() == 1 { self.price_years.first().copied() } else { None };
        Some(RowPrice { value: average_price(self.value, &quantity)?, unit, year, id: format!("average({})", ids.join("+")), average: true })
    }
}

fn sums<'a>(input: &'a AccountInput<'a>, ground: &Ground<'a>) -> BTreeMap<Key<'a>, Sum<'a>> {
    let mut atoms: Vec<&Atom> = input.atoms.iter().collect();
    atoms.sort_by_key(|a| (a.year, &a.place, &a.ecosystem, &a.indicator));
    let adds = addable(&atoms, ground, input.profile);
    let mut out: BTreeMap<Key<'a>, Sum<'a>> = BTreeMap::new();
    for atom in atoms {
        let Some(places) = ground.above.get(atom.place.as_str()) else { continue };
        let mut id = Some(atom.indicator.as_str());
        while let Some(whole) = id {
            let with_quantity = whole == atom.indicator || adds.contains(&(whole, atom.indicator.as_str()));
            for place in places {
                for ecosystem in [ALL, atom.ecosystem.as_str()] {
                    out.entry((atom.year, place, ecosystem, whole)).or_default().add(atom, with_quantity);
                }
            }
            id = catalogue::parent(whole);
        }
    }
    out
}

/// Which parts' quantities make up which wholes: all parts of the whole are in its unit, the catalogue
/// lets them be added, and the whole has no quantity of its own.
fn addable<'a>(atoms: &[&'a Atom], ground: &Ground<'a>, profile: &Profile) -> BTreeSet<(&'a str, &'a str)> {
    let mut parts: BTreeMap<&str, BTreeMap<&str, (&str, u32)>> = BTreeMap::new();
    for atom in atoms {
        let mut whole = catalogue::parent(&atom.indicator);
        while let Some(id) = whole {
            parts.entry(id).or_default().insert(&atom.indicator, (&atom.unit, atom.quantity.decimals));
            whole = catalogue::parent(id);
        }
    }
    let mut out = BTreeSet::new();
    for (whole, parts) in parts {
        let may = catalogue::indicator(whole).is_some_and(|i| i.quantities == Quantities::Added) && !ground.own.contains(whole);
        let wanted = profile.measure(whole);
        if may && parts.values().all(|measure| Some(*measure) == wanted) {
            out.extend(parts.keys().map(|part| (whole, *part)));
        }
    }
    out
}

fn rows_of(here: Here<'_>, ground: &Ground<'_>, sums: &BTreeMap<Key<'_>, Sum<'_>>, states: &BTreeMap<(i32, &str, &str), Status>) -> Vec<Row> {
    let mut ids: BTreeSet<(usize, &str)> = BTreeSet::new();
    ids.extend(
        sums.range((here.year, here.place, here.ecosystem, "")..)
            .map_while(|((y, p, e, id), _)| ((*y, *p, *e) == (here.year, here.place, here.ecosystem)).then(|| catalogue::rank(id))),
    );
    if here.ecosystem == ALL {
        ids.extend(ground.wanted.iter().map(|(id, _)| catalogue::rank(id)));
    }
    ids.into_iter().filter_map(|(_, id)| row_of(here, id, ground, sums, states)).collect()
}

fn row_of(here: Here<'_>, id: &str, ground: &Ground<'_>, sums: &BTreeMap<Key<'_>, Sum<'_>>, states: &BTreeMap<(i32, &str, &str), Status>) -> Option<Row> {
    let row = catalogue::indicator(id)?;
    let sum = sums.get(&(here.year, here.place, here.ecosystem, id));
    let status = status_at(here, id, ground, states);
    let status = match (status, sum) {
        (None | Some(Status::Ok), Some(_)) => Status::Ok,
        (Some(Status::Ok) | None, None) => return None,
        // Of one ecosystem type there is nothing to say beyond the row over all types.
        (Some(_), _) if here.ecosystem != ALL && sum.is_none() => return None,
        (Some(status), _) => status,
    };
    let mut out = Row {
        year: here.year,
        place: here.place.to_owned(),
        ecosystem: here.ecosystem.to_owned(),
        indicator: id.to_owned(),
        class: row.class,
        quantity: None,
        unit: row.unit.to_owned(),
        price: None,
        value: None,
        evidence: sum.and_then(|s| s.evidence).or(ground.profile.method(id).map(|m| m.evidence)).unwrap_or(Evidence::Unverified),
        origin: None,
        status,
        counted: false,
    };
    match (&out.status, sum) {
        (Status::Ok, Some(sum)) => {
            let is_atom = sum.atoms == 1 && ground.own.contains(id) && here.ecosystem != ALL && ground.above.contains_key(here.place);
            out.origin = sum.origin;
            out.quantity = sum.quantity.map(|(amount, _)| amount);
            out.unit = sum.quantity.map_or_else(String::new, |(_, unit)| unit.to_owned());
            out.price = sum.row_price(is_atom);
            out.value = sum.price.is_some().then_some(sum.value);
            out.counted = ground.priced.contains(id);
        }
        (Status::Zero { origin, .. }, _) => {
            let (unit, decimals) = ground.profile.measure(id)?;
            out.quantity = (!unit.is_empty()).then(|| Amount::zero(decimals));
            out.unit = unit.to_owned();
            out.origin = Some(*origin);
            out.value = Some(Fen(0));
        }
        _ => {}
    }
    Some(out)
}

/// How it stands with an indicator at a place: missing if it or a part of it is missing in any county,
/// not applicable or zero if it is so in all of them. `None` where nothing was said.
fn status_at(here: Here<'_>, id: &str, ground: &Ground<'_>, states: &BTreeMap<(i32, &str, &str), Status>) -> Option<Status> {
    let counties = ground.counties.get(here.place)?;
    let mut own = Vec::new();
    for county in counties {
        for (wanted, inclusion) in &ground.wanted {
            let Some(status) = states.get(&(here.year, county, wanted)).filter(|_| catalogue::is_within(wanted, id)) else { continue };
            match status {
                Status::MissingInput { reason, file } if *inclusion == Inclusion::Included || *wanted == id => {
                    let single = *wanted == id && counties.len() == 1;
                    let reason = if single { reason.clone() } else { lacks(wanted, county, reason) };
                    return Some(Status::MissingInput { reason, file: file.clone() });
                }
                status if *wanted == id => own.push(status),
                _ => {}
            }
        }
    }
    own.iter().find(|s| ***s == Status::Ok).or(own.first()).map(|s| (*s).clone())
}

fn lacks(part: &str, county: &str, reason: &Text) -> Text {
    Text::of(format!("{county} 缺少 {part}：{}", reason.zh), format!("{county} lacks {part}: {}", reason.en))
}

fn total_of(
    here: Here<'_>,
    place: &AccountPlace,
    input: &AccountInput<'_>,
    ground: &Ground<'_>,
    sums: &BTreeMap<Key<'_>, Sum<'_>>,
    states: &BTreeMap<(i32, &str, &str), Status>,
) -> Total {
    let at = |id| (here.year, here.place, here.ecosystem, id);
    let mut classes = [Fen(0); 3];
    for id in ground.priced.iter().copied() {
        if let (Some(sum), Some(row)) = (sums.get(&at(id)), catalogue::indicator(id)) {
            classes[row.class as usize] += sum.value;
        }
    }
    let counties = ground.counties.get(here.place).map_or(&[][..], Vec::as_slice);
    let deducted = input.deductions.iter().filter(|d| here.ecosystem == ALL && d.year == here.year && counties.contains(&d.place.as_str()));
    let deduction: Fen = deducted.map(|d| d.value).sum();
    let value = classes.into_iter().sum::<Fen>() - deduction;
    let missing = missing_at(here, ground, sums, states, counties);
    let unknown = input.profile.indicators.iter().any(|m| m.status == Inclusion::Unknown);
    let against = input.denominators.iter().find(|d| here.ecosystem == ALL && d.year == here.year && d.place == here.place);
    let over = |divisor: Option<f64>| divisor.filter(|d| *d > 0.0).map(|d| value.as_yuan_f64() / d);
    Total {
        year: here.year,
        place: here.place.to_owned(),
        ecosystem: here.ecosystem.to_owned(),
        classes,
        deduction,
        value,
        complete: missing.is_empty() && !unknown,
        missing,
        per_km2: over(place.area_km2.filter(|_| here.ecosystem == ALL)),
        per_head: over(against.and_then(|d| d.population)),
        over_gdp: over(against.and_then(|d| d.gdp).map(Fen::as_yuan_f64)),
    }
}

fn missing_at(
    here: Here<'_>,
    ground: &Ground<'_>,
    sums: &BTreeMap<Key<'_>, Sum<'_>>,
    states: &BTreeMap<(i32, &str, &str), Status>,
    counties: &[&str],
) -> Vec<Missing> {
    let mut out: Vec<Missing> = Vec::new();
    for (id, _) in ground.wanted.iter().filter(|(_, i)| *i == Inclusion::Included) {
        for county in counties {
            if let Some(Status::MissingInput { reason, file }) = states.get(&(here.year, county, id)) {
                match out.iter_mut().find(|m| m.indicator == *id) {
                    Some(listed) => listed.places.push((*county).to_owned()),
                    None => {
                        let valued = sums.get(&(here.year, here.place, here.ecosystem, *id)).filter(|_| ground.priced.contains(id));
                        let value_elsewhere = valued.map_or(Fen(0), |s| s.value);
                        let places = vec![(*county).to_owned()];
                        out.push(Missing { indicator: (*id).to_owned(), places, reason: reason.clone(), file: file.clone(), value_elsewhere });
                    }
                }
            }
        }
    }
    out.sort_by(|a, b| catalogue::rank(&a.indicator).cmp(&catalogue::rank(&b.indicator)));
    out
}

fn unknown(what: &'static str, at: &str, said: &str) -> Problem {
    let (code, zh, en) = match what {
        "year" => ("account.unknown_year", "年份", "year"),
        "ecosystem" => ("account.unknown_ecosystem", "生态系统类型", "ecosystem type"),
        _ => ("account.unknown_place", "区划", "place"),
    };
    Problem::error(code, words!("账户中没有{zh} {said}", "the account has no {en} {said}")).key(at)
}
