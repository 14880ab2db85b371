//! Each rule by name, from a published defect: it fires on what was printed and is silent on what is
//! right. Numbers are those of the publications named at each test.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_accounts::account::{Account, AccountPlace, Row, RowPrice, Status};
use liangshan_accounts::profile::{Inclusion, IndicatorMethod, Parameter, ParameterValue, Profile};
use liangshan_accounts::rules::{Ceiling, RULES, Ruled, Stock, judge, judge_rows, storm_overlap, subtract_storm_overlap};
use liangshan_accounts::{Amount, Atom, AtomKey, Class, Price, PriceRow, UnitPrice};
use liangshan_vocab::{Evidence, Fen, Origin, Problem, text};

fn parameter(name: &str, value: ParameterValue) -> Parameter {
    Parameter { name: name.into(), value, unit: "1".into(), source: "test".into(), evidence: Evidence::Verified }
}

fn method(indicator: &str, how: &str, parameters: Vec<Parameter>) -> IndicatorMethod {
    IndicatorMethod {
        indicator: indicator.into(),
        status: Inclusion::Included,
        how: how.into(),
        price_id: None,
        alternatives: vec![],
        basis: String::new(),
        parameters,
        evidence: Evidence::Verified,
        note: String::new(),
    }
}

fn profile(flags: Vec<Parameter>) -> Profile {
    Profile {
        id: "garze-2017".into(),
        title: text("甘孜", "Garze"),
        effective_from: String::new(),
        supersedes: None,
        extends: None,
        evidence: Evidence::Verified,
        source: String::new(),
        note: String::new(),
        indicators: vec![
            method("water_conservation", "reservoir_cost", vec![]),
            method("soil_retention_sediment", "avoided_dredging", vec![parameter("deposited_share", ParameterValue::Number(0.24))]),
            method("supply_hydropower", "market_price", vec![parameter("seea_scope", ParameterValue::Flag(false))]),
        ],
        flags,
    }
}

fn price(id: &str, value: &str, unit: &str, basis: &str) -> Price {
    let row = PriceRow { id: id.into(), value: value.into(), unit: unit.into(), basis: basis.into(), year: "2010".into(), ..PriceRow::default() };
    Price::new(PriceRow { evidence: "verified".into(), ..row }).unwrap()
}

fn prices() -> Vec<Price> {
    vec![
        price("c", "260.9", "CNY/t", "C"),
        price("co2", "380", "CNY/t", "CO2"),
        price("nh3n", "875", "CNY/t", "NH3-N"),
        price("tn", "2500", "CNY/t", "TN"),
        price("reservoir", "7.06", "CNY/m3", "capacity (stock)"),
        price("youyang", "82.18", "CNY/m3", "capacity (stock)"),
        price("one", "1", "CNY/m3", "x"),
    ]
}

/// An atom of one county; the price, if any, by its id, in yuan per unit.
fn atom(indicator: &str, quantity: &str, unit: &str, price: Option<&str>) -> Atom {
    let decimals = quantity.split_once('.').map_or(0, |(_, part)| part.len() as u32);
    let unit_price =
        price.map(|id| UnitPrice { id: id.into(), value: prices().into_iter().find(|p| p.id == id).unwrap().value, unit: format!("CNY/{unit}"), year: 2010 });
    let key = AtomKey { year: 2010, place: "513300".into(), ecosystem: "forest".into(), indicator: indicator.into() };
    Atom::new(key, Amount::parse(quantity, decimals).unwrap(), unit, unit_price, Evidence::Verified, Origin::Measured).unwrap()
}

fn judged(atoms: &[Atom], flags: Vec<Parameter>, ceilings: &[Ceiling], stocks: &[Stock]) -> Vec<Problem> {
    let places = [AccountPlace { code: "513300".into(), name: text("甘孜", "Garze"), parent: None, area_km2: Some(149_687.70) }];
    judge(Ruled { atoms, places: &places, profile: &profile(flags), prices: &prices(), ceilings, stocks })
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.code.as_ref()).collect()
}

#[track_caller]
fn fires(code: &str, atoms: &[Atom]) {
    let found = judged(atoms, vec![], &[], &[]);
    assert!(codes(&found).contains(&code), "{code} is silent: {:?}", codes(&found));
    for p in &found {
        let rule = RULES.iter().find(|r| r.code == p.code).unwrap_or_else(|| panic!("{} is no rule of the list", p.code));
        assert_eq!(rule.severity, p.severity, "{}", p.code);
        for said in [&p.what, &p.expected, &p.fix] {
            assert!(!said.zh.is_empty() && !said.en.is_empty(), "{p:?}");
        }
    }
}

#[track_caller]
fn silent(code: &str, atoms: &[Atom]) {
    let found = judged(atoms, vec![], &[], &[]);
    assert!(!codes(&found).contains(&code), "{code} fires: {:?}", codes(&found));
}

/// A22, A23: 0.31e8 t CO2 by NEP and 2.51e8 t O2 by NPP, a ratio of 8.1. On one basis it is 32/44.
#[test]
fn oxygen_by_npp_beside_carbon_by_nep() {
    fires("rule.oxygen_carbon_ratio", &[atom("carbon_sequestration", "31000000.0", "t CO2", Some("co2")), atom("oxygen_release", "251000000.0", "t O2", None)]);
    silent("rule.oxygen_carbon_ratio", &[atom("carbon_sequestration", "44.0", "t CO2", Some("co2")), atom("oxygen_release", "32.0", "t O2", None)]);
}

/// D01: 260.9 yuan a tonne of carbon, put on carbon dioxide. A21: 875 yuan a tonne of NH3-N, put on TN.
#[test]
fn a_price_of_carbon_on_carbon_dioxide_and_of_ammonia_on_nitrogen() {
    fires("rule.carbon_basis", &[atom("carbon_sequestration", "4.8574", "t CO2", Some("c"))]);
    silent("rule.carbon_basis", &[atom("carbon_sequestration", "4.8574", "t CO2", Some("co2"))]);
    fires("rule.nitrogen_species", &[atom("water_purification_tn", "625.0", "t", Some("nh3n"))]);
    silent("rule.nitrogen_species", &[atom("water_purification_tn", "625.0", "t", Some("tn"))]);
}

/// The rates 8.56 t/(km² a) of TN and of TP over the same wetland.
#[test]
fn one_rate_in_two_columns() {
    fires("rule.tp_rate_equals_tn_rate", &[atom("water_purification_tn", "856.0", "t", None), atom("water_purification_tp", "856.0", "t", None)]);
    silent("rule.tp_rate_equals_tn_rate", &[atom("water_purification_tn", "856.0", "t", None), atom("water_purification_tp", "85.6", "t", None)]);
}

/// C09: 2035.16e4 kg of dust kept by 613 ha, where Garze emitted 941 t (A19).
#[test]
fn more_dust_than_was_emitted() {
    let ceiling = [Ceiling { year: 2010, place: "513300".into(), indicator: "air_purification_pm".into(), emitted: 941.0 }];
    let of = |tonnes: &str| judged(&[atom("air_purification_pm", tonnes, "t", None)], vec![], &ceiling, &[]);
    assert!(codes(&of("20351.600")).contains(&"rule.purification_beyond_emissions"));
    assert!(of("941.000").is_empty());
}

/// 700 mm of evapotranspiration × 2450 kJ/kg over 3600 × 3 is 158.8 kWh/m²; Garze's 2799.10e8 kWh are 1.87.
#[test]
fn cooling_by_all_evapotranspiration_is_another_route() {
    fires("rule.cooling_route", &[atom("climate_regulation_transpiration", "23770406760000", "kWh", None)]);
    silent("rule.cooling_route", &[atom("climate_regulation_transpiration", "279910000000", "kWh", None)]);
}

/// A05 at 7.06, the cost of a stock on a yearly flow; 82.18 is the default of a public platform.
#[test]
fn the_cost_of_a_stock_on_a_flow() {
    let water = |id: &str| [atom("water_conservation", "32149000000", "m3", Some(id))];
    fires("rule.reservoir_cost_stock", &water("reservoir"));
    silent("rule.reservoir_cost_suspect", &water("reservoir"));
    fires("rule.reservoir_cost_suspect", &water("youyang"));
    let yearly = judged(&water("reservoir"), vec![parameter("reservoir_cost_annualised", ParameterValue::Flag(true))], &[], &[]);
    assert!(!codes(&yearly).contains(&"rule.reservoir_cost_stock"));
}

/// By hand: 100 m³ conserved, 30 m³ of storms held back; the common 30 m³ are worth 211.80 of 917.80 yuan.
#[test]
fn storm_rain_counted_twice_is_named_with_its_amount_and_may_be_subtracted() {
    let atoms = vec![atom("water_conservation", "100", "m3", Some("reservoir")), atom("flood_regulation_vegetation", "30", "m3", Some("reservoir"))];
    let found = judged(&atoms, vec![], &[], &[]);
    let said = found.iter().find(|p| p.code == "rule.double_count_storm_rain").unwrap();
    assert!(
        said.what.en.contains("30 m3, 211.80 CNY") && said.what.en.contains("the sum is 706.00 CNY") && said.what.zh.contains("211.80"),
        "{}",
        said.what.en
    );
    let mut less = atoms.clone();
    let taken = subtract_storm_overlap(&mut less).unwrap();
    assert_eq!((taken.len(), less[1].quantity.units, less[1].value), (1, 0, Fen(0)));
    assert!(less.iter().all(Atom::holds));
    let flag = vec![parameter("subtract_storm_overlap", ParameterValue::Flag(true))];
    assert!(!codes(&judged(&less, flag, &[], &[])).contains(&"rule.double_count_storm_rain"));
    // The common amount is never more than either: with 20 m³ conserved it is 20, and none where the balance is negative.
    for (conserved, common) in [("20", Some(20)), ("-5", None)] {
        let atoms = [atom("water_conservation", conserved, "m3", Some("reservoir")), atom("flood_regulation_vegetation", "30", "m3", Some("reservoir"))];
        assert_eq!(storm_overlap(&atoms).values().map(|a| a.units).next(), common, "{conserved}");
    }
}

/// A01 and A05 in one account: water used, and water conserved.
#[test]
fn fresh_water_beside_water_conservation() {
    let supply = atom("supply_freshwater.domestic", "136000000", "m3", Some("one"));
    fires("rule.double_count_water_supply", &[supply.clone(), atom("water_conservation", "32149000000", "m3", Some("reservoir"))]);
    silent("rule.double_count_water_supply", &[supply]);
}

/// C15: 2985.40 t/ha × 0.24, the density left out; with 0.37 t/m³ it would be 1936.5 m³, and 0.37 is itself
/// no bulk density of a mineral soil. A06: with 0.93 it is 770.4 m³.
#[test]
fn sediment_without_its_bulk_density() {
    let of = |volume: &str| [atom("soil_retention", "2985.4", "t", None), atom("soil_retention_sediment", volume, "m3", None)];
    fires("rule.bulk_density", &of("716.496"));
    fires("rule.bulk_density", &of("1936.476"));
    silent("rule.bulk_density", &of("770.426"));
}

/// C11: the whole standing volume of 18.00e4 m³ priced as if it were a year's felling.
#[test]
fn standing_timber_as_a_years_yield() {
    let stock = [Stock { year: 2010, place: "513300".into(), volume_m3: 180_000.0 }];
    let of = |felled: &str| judged(&[atom("supply_forestry.timber", felled, "m3", Some("one"))], vec![], &[], &stock);
    assert!(codes(&of("180000")).contains(&"rule.stock_as_flow"));
    assert!(of("6000").is_empty());
}

/// A04: Garze counts 50.51e8 yuan of hydropower, which is no ecosystem service in SEEA EA.
#[test]
fn hydropower_is_outside_seea() {
    fires("rule.outside_seea_scope", &[atom("supply_hydropower", "9530000000", "kWh", Some("one"))]);
}

/// Tonnes of sulphur dioxide and of dust in one quantity.
#[test]
fn tonnes_of_different_things_are_never_added() {
    let row = |indicator: &str, unit: &str, quantity: i128| Row {
        year: 2010,
        place: "513300".into(),
        ecosystem: "all".into(),
        indicator: indicator.into(),
        class: Class::Regulating,
        quantity: (quantity > 0).then_some(Amount { units: quantity, decimals: 0 }),
        unit: unit.into(),
        price: None::<RowPrice>,
        value: Some(Fen(1)),
        evidence: Evidence::Verified,
        origin: Some(Origin::Measured),
        status: Status::Ok,
        counted: false,
    };
    let of = |whole: i128| Account {
        profile: "garze-2017".into(),
        title: text("甘孜", "Garze"),
        years: vec![2010],
        places: vec![],
        ecosystems: vec![],
        rows: vec![row("air_purification", "t", whole), row("air_purification_so2", "t", 1137), row("air_purification_pm", "t", 941)],
        totals: vec![],
        unknown: vec![],
    };
    assert_eq!(codes(&judge_rows(&of(2078))), ["rule.children_added_across_units"]);
    assert!(judge_rows(&of(0)).is_empty());
}

#[test]
fn every_rule_is_listed_once_and_says_where_it_comes_from() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(RULES[..at].iter().all(|r| r.code != rule.code), "{} twice", rule.code);
        assert!(!rule.title.zh.is_empty() && !rule.title.en.is_empty() && !rule.from.is_empty(), "{}", rule.code);
    }
}
