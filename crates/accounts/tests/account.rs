//! The account adds up, for any atoms, in any order.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use liangshan_accounts::account::{ALL, AccountPlace, Deduction, Denominator, State, Status};
use liangshan_accounts::profile::{Inclusion, IndicatorMethod, Profile};
use liangshan_accounts::statements::{Edition, statements};
use liangshan_accounts::{Account, AccountInput, Amount, Atom, AtomKey, Class, UnitPrice, build, value};
use liangshan_vocab::{Digest, Evidence, Fen, Origin, Problems, text};
use proptest::prelude::*;
use rust_decimal::Decimal;

const LEAVES: [(&str, &str, u32, bool); 8] = [
    ("supply_agriculture.rice", "CNY", 2, true),
    ("supply_agriculture.tea", "CNY", 2, true),
    ("water_conservation", "m3", 0, true),
    ("soil_retention", "t", 1, false),
    ("soil_retention_sediment", "m3", 1, true),
    ("soil_retention_nonpoint_n", "t", 3, true),
    ("flood_regulation_lake", "m3", 0, true),
    ("tourism_health", "CNY", 2, true),
];
const COUNTIES: [&str; 3] = ["330802", "330803", "330822"];
const TYPES: [&str; 2] = ["forest", "farmland"];

fn method(indicator: &str, status: Inclusion, how: &str) -> IndicatorMethod {
    IndicatorMethod {
        indicator: indicator.into(),
        status,
        how: how.into(),
        price_id: Some("p".into()),
        alternatives: vec![],
        basis: "x".into(),
        parameters: vec![],
        evidence: Evidence::Unverified,
        note: String::new(),
    }
}

fn profile() -> Profile {
    let included = |id: &str| method(id, Inclusion::Included, "market_price");
    Profile {
        id: "test".into(),
        title: text("测试", "test"),
        effective_from: String::new(),
        supersedes: None,
        extends: None,
        evidence: Evidence::Unverified,
        source: String::new(),
        note: String::new(),
        indicators: vec![
            included("supply_agriculture"),
            included("water_conservation"),
            method("soil_retention", Inclusion::Included, "physical_only"),
            included("soil_retention_sediment"),
            included("soil_retention_nonpoint_n"),
            included("flood_regulation_lake"),
            method("pest_control", Inclusion::Optional, "control_cost"),
            method("oxygen_release", Inclusion::Excluded, ""),
            method("tourism_health", Inclusion::Included, "revenue_share"),
        ],
        flags: vec![],
    }
}

fn places() -> Vec<AccountPlace> {
    let place = |code: &str, parent: Option<&str>| AccountPlace {
        code: code.into(),
        name: text("某地", "somewhere"),
        parent: parent.map(Into::into),
        area_km2: Some(if parent.is_some() { 10.0 } else { 30.0 }),
    };
    std::iter::once(place("330800", None)).chain(COUNTIES.iter().map(|c| place(c, Some("330800")))).collect()
}

fn atom(leaf: usize, county: usize, kind: usize, units: i128, price: i64) -> Atom {
    let (indicator, unit, decimals, priced) = LEAVES[leaf];
    let key = AtomKey { year: 2020, place: COUNTIES[county].into(), ecosystem: TYPES[kind].into(), indicator: indicator.into() };
    let price = priced.then(|| UnitPrice { id: format!("p{leaf}"), value: Decimal::new(price, 3), unit: format!("CNY/{unit}"), year: 2010 });
    let origin = if leaf == 2 { Origin::Synthetic } else { Origin::Measured };
    Atom::new(key, Amount { units, decimals }, unit, price, Evidence::Verified, origin).unwrap()
}

fn every_atom(price: i64) -> Vec<Atom> {
    let mut out = Vec::new();
    for leaf in 0..LEAVES.len() {
        for county in 0..COUNTIES.len() {
            for kind in 0..TYPES.len() {
                out.push(atom(leaf, county, kind, 1000 + 100 * leaf as i128 + 10 * county as i128 + kind as i128, price));
            }
        }
    }
    out
}

fn input(profile: &Profile, atoms: Vec<Atom>, states: Vec<State>) -> AccountInput<'_> {
    AccountInput {
        profile,
        years: vec![2020],
        places: places(),
        ecosystems: TYPES.map(String::from).to_vec(),
        atoms,
        states,
        denominators: vec![Denominator { year: 2020, place: "330800".into(), population: Some(100.0), gdp: Some(Fen(1_000_000)) }],
        deductions: vec![],
    }
}

fn account(atoms: Vec<Atom>, states: Vec<State>) -> Result<Account, Problems> {
    build(&input(&profile(), atoms, states))
}

fn missing(indicator: &str, place: Option<&str>) -> State {
    let status = Status::MissingInput { reason: text("没有文件", "no file"), file: "sources/x.csv".into() };
    State { indicator: indicator.into(), year: None, place: place.map(Into::into), status }
}

fn codes(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|p| p.code.as_ref()).collect()
}

fn atoms() -> impl Strategy<Value = Vec<Atom>> {
    let cell = (0..LEAVES.len(), 0..COUNTIES.len(), 0..TYPES.len());
    proptest::collection::btree_map(cell, (-10_000i128..10_000_000_000, 1i64..10_000_000), 1..40)
        .prop_map(|cells| cells.into_iter().map(|((l, c, k), (units, price))| atom(l, c, k, units, price)).collect())
}

proptest! {
    /// Conservation: types add up to all, counties to the city, terms and parts to their whole.
    #[test]
    fn every_sum_is_a_sum_of_atoms(atoms in atoms()) {
        let made = account(atoms.clone(), vec![]).unwrap();
        let worth = |place: &str, ecosystem: &str, id: &str| made.row(2020, place, ecosystem, id).and_then(|r| r.value);
        for row in made.rows.iter().filter(|r| r.status == Status::Ok) {
            let (place, id) = (row.place.as_str(), row.indicator.as_str());
            if row.ecosystem == ALL {
                let types: Fen = TYPES.iter().filter_map(|t| worth(place, t, id)).sum();
                prop_assert_eq!(row.value.unwrap_or_default(), types);
            }
            let of_atoms = |a: &&Atom| {
                (place == "330800" || a.place == place) && (row.ecosystem == ALL || a.ecosystem == row.ecosystem) && liangshan_accounts::catalogue::is_within(&a.indicator, id)
            };
            let expected: Fen = atoms.iter().filter(of_atoms).map(|a| a.value).sum();
            prop_assert_eq!(row.value.unwrap_or_default(), expected, "{} {} {}", place, row.ecosystem, id);
        }
        for total in &made.totals {
            let atoms_here = |a: &&Atom| (total.place == "330800" || a.place == total.place) && (total.ecosystem == ALL || a.ecosystem == total.ecosystem);
            let expected: Fen = atoms.iter().filter(atoms_here).map(|a| a.value).sum();
            prop_assert_eq!(total.value, expected);
            let terms: Fen = made.terms(2020, &total.place, &total.ecosystem).filter_map(|r| r.value).sum();
            let elsewhere: Fen = total.missing.iter().map(|m| m.value_elsewhere).sum();
            let parts_elsewhere: Fen = atoms.iter().filter(atoms_here).filter(|a| a.indicator.contains('.') && made.row(2020, &total.place, &total.ecosystem, &a.indicator).is_none_or(|r| !r.counted)).map(|a| a.value).sum();
            prop_assert_eq!(terms + elsewhere + parts_elsewhere, expected);
        }
    }

    #[test]
    fn the_order_of_atoms_changes_nothing(mut atoms in atoms(), turn in 0usize..40) {
        let once = account(atoms.clone(), vec![]).unwrap();
        let turn = turn % atoms.len();
        atoms.rotate_left(turn);
        atoms.reverse();
        prop_assert_eq!(account(atoms, vec![]).unwrap(), once);
    }

    #[test]
    fn an_atom_is_worth_its_quantity_times_its_price(units in -1_000_000_000_000i128..1_000_000_000_000, mantissa in 1i64..100_000_000, scale in 0u32..6, decimals in 0u32..4) {
        let price = Decimal::new(mantissa, scale);
        let got = value(&Amount { units, decimals }, &price).unwrap().0;
        // Twice the distance from the exact product is at most one fen, and at one fen the answer is even.
        let places = 10i128.pow(scale + decimals);
        let twice = 2 * (units * i128::from(mantissa) * 100 - got * places);
        prop_assert!(twice.abs() < places || (twice.abs() == places && got % 2 == 0));
    }
}

#[test]
fn a_changed_price_moves_only_its_indicator_and_its_wholes() {
    let before = account(every_atom(1000), vec![]).unwrap();
    let mut atoms = every_atom(1000);
    for (at, atom) in atoms.iter_mut().enumerate().filter(|(_, a)| a.indicator == "soil_retention_sediment") {
        let price = UnitPrice { value: Decimal::new(1500, 3), ..atom.price.clone().unwrap() };
        *atom = Atom { value: value(&atom.quantity, &price.value).unwrap(), price: Some(price), ..atom.clone() };
        assert!(atom.holds(), "{at}");
    }
    let after = account(atoms, vec![]).unwrap();
    let moved: std::collections::BTreeSet<&str> = before.rows.iter().zip(&after.rows).filter(|(a, b)| a != b).map(|(a, _)| a.indicator.as_str()).collect();
    assert_eq!(moved.into_iter().collect::<Vec<_>>(), ["soil_retention", "soil_retention_sediment"]);
}

/// By hand from `every_atom(1000)` (a price of 1): forest of 330802 keeps 130.0 t, worth 140.0 m3 and
/// 1.500 t N at 1 yuan each, 141.50 yuan; all six cells of sediment are 6*1400 + 2*(0+10+20) + 3*(0+1) tenths.
#[test]
fn a_whole_has_its_own_tonnes_and_the_money_of_its_parts() {
    let made = account(every_atom(1000), vec![]).unwrap();
    let cell = made.row(2020, "330802", "forest", "soil_retention").unwrap();
    assert_eq!((cell.quantity.unwrap().to_string().as_str(), cell.value.unwrap().yuan().as_str()), ("130.0", "141.50"));
    let price = cell.price.clone().unwrap();
    assert!(price.average && !cell.counted);
    assert_eq!((price.value.as_str(), price.unit.as_str(), price.id.as_str()), ("1.088462", "CNY/t", "average(p4+p5)"));
    let part = made.row(2020, "330802", "forest", "soil_retention_sediment").unwrap();
    assert!(part.counted && !part.price.clone().unwrap().average);
    let city = made.row(2020, "330800", ALL, "soil_retention_sediment").unwrap();
    assert_eq!(city.quantity.unwrap().to_string(), "846.3");
    assert!(city.price.clone().unwrap().average);
    let group = made.row(2020, "330800", ALL, "soil_retention_nonpoint").unwrap();
    assert!(group.quantity.is_none() && group.price.is_none() && group.value.is_some());
    let farm = made.row(2020, "330800", ALL, "supply_agriculture").unwrap();
    assert_eq!(farm.quantity.map(|q| q.units), Some(6 * 1050 * 2 + 4 * 30 + 6), "rice and tea in yuan add: 6*(1000+1100) + 4*(0+10+20) + 6*1");
}

#[test]
fn the_name_follows_completeness() {
    let whole = account(every_atom(1000), vec![]).unwrap();
    let total = whole.total(2020, "330800", ALL).unwrap();
    assert!(total.complete && total.title().zh == "生态产品总值" && total.index_title().zh == "绿金指数");
    // 30 km2, 100 residents, 10 000 yuan of product.
    let yuan = total.value.as_yuan_f64();
    for (got, expected) in [(total.per_km2, yuan / 30.0), (total.per_head, yuan / 100.0), (total.over_gdp, yuan / 10_000.0)] {
        assert!((got.unwrap() - expected).abs() < 1e-9);
    }
    assert_eq!(total.conversion(), total.class(Class::Material) + total.class(Class::Cultural));

    let fewer = |id: &str| every_atom(1000).into_iter().filter(|a| a.indicator != id).collect::<Vec<_>>();
    let lacking = account(fewer("flood_regulation_lake"), vec![missing("flood_regulation_lake", None)]).unwrap();
    let total = lacking.total(2020, "330800", ALL).unwrap();
    assert!(!total.complete && total.title().zh == "已核算服务合计");
    assert_eq!((total.missing.len(), total.missing[0].file.as_str(), total.missing[0].places.len()), (1, "sources/x.csv", 3));
    let row = lacking.row(2020, "330800", ALL, "flood_regulation_lake").unwrap();
    assert!(row.status.is_missing() && row.value.is_none() && row.quantity.is_none() && row.origin.is_none());

    let inland =
        State { indicator: "flood_regulation_lake".into(), year: None, place: None, status: Status::NotApplicable(text("无天然湖泊", "no natural lake")) };
    let declared = account(fewer("flood_regulation_lake"), vec![inland.clone()]).unwrap();
    assert!(declared.total(2020, "330800", ALL).unwrap().complete);
    assert_eq!(declared.row(2020, "330802", ALL, "flood_regulation_lake").unwrap().status.word(), "not_applicable");
    let zero = State { status: Status::Zero { reason: text("湿润区", "humid"), origin: Origin::Measured }, ..inland.clone() };
    let declared = account(fewer("flood_regulation_lake"), vec![zero]).unwrap();
    let row = declared.row(2020, "330802", ALL, "flood_regulation_lake").unwrap();
    assert_eq!((row.status.word(), row.value, row.quantity.map(|q| q.units)), ("ok", Some(Fen(0)), Some(0)));

    let silent = account(fewer("flood_regulation_lake"), vec![]).unwrap();
    assert!(!silent.total(2020, "330800", ALL).unwrap().complete, "silence is not completeness");

    let mut unsure = profile();
    unsure.indicators.push(method("noise_reduction", Inclusion::Unknown, ""));
    let made = build(&input(&unsure, every_atom(1000), vec![])).unwrap();
    assert!(!made.total(2020, "330800", ALL).unwrap().complete);
    assert_eq!((made.unknown, made.profile.as_str()), (vec!["noise_reduction".to_owned()], "test-reconstructed"));
}

#[test]
fn what_one_county_lacks_the_city_does_not_print() {
    let atoms: Vec<Atom> = every_atom(1000).into_iter().filter(|a| !(a.indicator == "tourism_health" && a.place == "330803")).collect();
    let made = account(atoms.clone(), vec![missing("tourism_health", Some("330803"))]).unwrap();
    assert!(made.row(2020, "330802", ALL, "tourism_health").unwrap().value.is_some());
    let city = made.row(2020, "330800", ALL, "tourism_health").unwrap();
    assert!(city.status.is_missing() && city.value.is_none() && city.status.reason().unwrap().en.contains("330803"));
    let total = made.total(2020, "330800", ALL).unwrap();
    let elsewhere: Fen = atoms.iter().filter(|a| a.indicator == "tourism_health").map(|a| a.value).sum();
    assert_eq!(total.missing[0].value_elsewhere, elsewhere);
    assert!(made.total(2020, "330802", ALL).unwrap().complete);
    assert_eq!(total.value, atoms.iter().map(|a| a.value).sum());
}

#[test]
fn a_missing_part_leaves_its_whole_unprinted() {
    let atoms: Vec<Atom> = every_atom(1000).into_iter().filter(|a| a.indicator != "soil_retention_nonpoint_n").collect();
    let made = account(atoms, vec![missing("soil_retention_nonpoint_n", None)]).unwrap();
    assert!(made.row(2020, "330800", ALL, "soil_retention").unwrap().status.is_missing());
    assert!(made.row(2020, "330800", ALL, "soil_retention_sediment").unwrap().value.is_some());
}

#[test]
fn the_deduction_is_a_line_of_its_own() {
    let profile = profile();
    let mut given = input(&profile, every_atom(1000), vec![]);
    let before = build(&given).unwrap().total(2020, "330800", ALL).unwrap().value;
    given.deductions = vec![Deduction { year: 2020, place: "330802".into(), value: Fen(500) }];
    let made = build(&given).unwrap();
    let total = made.total(2020, "330800", ALL).unwrap();
    assert_eq!((total.deduction, total.value), (Fen(500), before - Fen(500)));
    assert_eq!(made.total(2020, "330803", ALL).unwrap().deduction, Fen(0));
}

#[test]
fn every_fault_is_reported_at_once() {
    let mut atoms = vec![atom(2, 0, 0, 5, 1000), atom(2, 0, 0, 5, 1000), atom(5, 0, 0, 5, 1000), atom(7, 1, 1, 5, 1000), atom(0, 0, 0, 7, 1000)];
    atoms[2].value = Fen(1);
    atoms[3].indicator = "oxygen_release".into();
    atoms.push(Atom { place: "330800".into(), ..atom(6, 0, 0, 5, 1000) });
    atoms.push(Atom { year: 1999, ecosystem: "moon".into(), place: "1".into(), ..atom(6, 0, 0, 5, 1000) });
    atoms.push(Atom { indicator: "supply_agriculture".into(), ..atom(1, 0, 0, 5, 1000) });
    atoms.push(Atom { indicator: "rice".into(), ..atom(1, 0, 0, 5, 1000) });
    atoms.push(Atom { unit: "kg".into(), ..atom(0, 1, 0, 7, 1000) });
    let states = vec![
        State { indicator: "supply_agriculture".into(), year: None, place: None, status: Status::NotApplicable(text("无", "none")) },
        missing("water_conservation", Some("9")),
    ];
    let problems = account(atoms, states).unwrap_err();
    for code in [
        "account.atom_twice",
        "account.value_differs",
        "account.not_in_profile",
        "account.not_a_county",
        "account.unknown_year",
        "account.unknown_ecosystem",
        "account.unknown_place",
        "account.unknown_indicator",
        "account.units_differ",
        "account.counted_twice",
        "account.state_contradicts",
    ] {
        assert!(codes(&problems).contains(&code), "{code} of {:?}", codes(&problems));
    }
}

#[test]
fn statements_carry_money_as_text_and_the_weakest_trust() {
    let profile = profile();
    let made = build(&input(&profile, every_atom(1000), vec![])).unwrap();
    let said = statements(&made, &profile, Edition { boundary: "osm-2020", version: "1" }, |_| Digest::of_bytes(&[7; 32]));
    let of = |kind: &str, indicator: &str| {
        said.iter().find(|s| s.kind == kind && s.method.indicator == indicator && s.part.is_none() && s.place.code == "330800").unwrap()
    };
    let json = serde_json::to_value(of("total", "gep")).unwrap();
    assert_eq!(json["value"]["amount"], made.total(2020, "330800", ALL).unwrap().value.0.to_string());
    assert_eq!((json["evidence"].as_str(), json["origin"].as_str()), (Some("unverified"), Some("mixed")));
    assert_eq!(serde_json::to_value(of("quantity", "soil_retention_sediment")).unwrap()["value"]["amount"], 846.3);
    assert_eq!(of("total", "gep").method.profile, "test-reconstructed");
    let kinds: BTreeMap<&str, usize> = said.iter().fold(BTreeMap::new(), |mut m, s| {
        *m.entry(s.kind.as_str()).or_insert(0) += 1;
        m
    });
    assert_eq!((kinds["total"], kinds["per_km2"], kinds["over_gdp"]), (12, 4, 1), "4 places x 3; 4 areas; 1 domestic product");
}
