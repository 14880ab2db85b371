//! What an expert review will attack, on an account of two counties that fits on paper.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use liangshan_accounts::account::{AccountPlace, State, Status};
use liangshan_accounts::plausibility::{Observation, bands};
use liangshan_accounts::profile::{Inclusion, IndicatorMethod, Parameter, ParameterValue, Profile};
use liangshan_accounts::review::{Given, Ground, Question, questions};
use liangshan_accounts::{AccountInput, Amount, Atom, AtomKey, Price, PriceRow, UnitPrice, build};
use liangshan_vocab::{Evidence, Fen, Origin, Unit, text};

fn price(id: &str, value: &str, year: &str, region: &str, evidence: &str) -> Price {
    let row = PriceRow {
        id: id.into(),
        indicator: "carbon_sequestration".into(),
        value: value.into(),
        unit: "CNY/t".into(),
        basis: "CO2".into(),
        year: year.into(),
        region: region.into(),
        evidence: evidence.into(),
        ..PriceRow::default()
    };
    Price::new(row).unwrap()
}

fn prices() -> Vec<Price> {
    vec![
        price("used", "380", "2010", "Sichuan (Garze)", "verified"),
        price("near", "79.42", "2021", "China", "verified"),
        price("local", "50", "2020", "Zhejiang", "unverified"),
    ]
}

fn method(indicator: &str, price: Option<&str>, alternatives: &[&str], parameters: Vec<Parameter>) -> IndicatorMethod {
    IndicatorMethod {
        indicator: indicator.into(),
        status: Inclusion::Included,
        how: "carbon_price".into(),
        price_id: price.map(Into::into),
        alternatives: alternatives.iter().map(|a| (*a).to_owned()).collect(),
        basis: "CO2".into(),
        parameters,
        evidence: Evidence::Unverified,
        note: String::new(),
    }
}

fn parameter(name: &str, value: ParameterValue, evidence: Evidence) -> Parameter {
    Parameter { name: name.into(), value, unit: "1".into(), source: "nowhere".into(), evidence }
}

fn profile(evidence: Evidence) -> Profile {
    let carbon = vec![
        parameter("carbon_fraction", ParameterValue::Number(0.5), Evidence::Unverified),
        parameter("read_somewhere", ParameterValue::Number(0.24), Evidence::Verified),
    ];
    Profile {
        id: "seea-ea".into(),
        title: text("测试", "test"),
        effective_from: String::new(),
        supersedes: None,
        extends: None,
        evidence,
        source: String::new(),
        note: String::new(),
        indicators: vec![method("carbon_sequestration", Some("used"), &["near", "local"], carbon), method("oxygen_release", None, &[], vec![])],
        flags: vec![parameter("carbon_method", ParameterValue::Text("nep".into()), Evidence::Unverified)],
    }
}

fn atom(county: &str, tonnes: &str, origin: Origin) -> Atom {
    let key = AtomKey { year: 2020, place: county.into(), ecosystem: "forest".into(), indicator: "carbon_sequestration".into() };
    let used = UnitPrice::of(&prices()[0], &Unit::parse("t CO2").unwrap(), "CO2").unwrap();
    Atom::new(key, Amount::parse(tonnes, 1).unwrap(), "t CO2", Some(used), Evidence::Verified, origin).unwrap()
}

/// 100 t and 10 t of CO2 at 380 yuan: 38 000 and 3 800 yuan.
fn asked(evidence: Evidence, seen: &[Observation]) -> Vec<Question> {
    let profile = profile(evidence);
    let atoms = vec![atom("330802", "100.0", Origin::Measured), atom("330803", "10.0", Origin::Synthetic)];
    let place = |code: &str, parent: Option<&str>| AccountPlace {
        code: code.into(),
        name: text("衢州市", "Quzhou"),
        parent: parent.map(Into::into),
        area_km2: Some(1.0),
    };
    let reason = text("没有数据源", "no source");
    let account = build(&AccountInput {
        profile: &profile,
        years: vec![2020],
        places: vec![place("330800", None), place("330802", Some("330800")), place("330803", Some("330800"))],
        ecosystems: vec!["forest".into()],
        atoms: atoms.clone(),
        states: vec![State { indicator: "oxygen_release".into(), year: None, place: None, status: Status::MissingInput { reason, file: "o2.csv".into() } }],
        denominators: vec![],
        deductions: vec![],
    })
    .unwrap();
    let lines: BTreeMap<String, u64> = [("used".to_owned(), 7)].into();
    questions(&Given {
        account: &account,
        atoms: &atoms,
        profile: &profile,
        prices: &prices(),
        price_lines: ("prices.csv", &lines),
        whole: ("330800", &text("衢州市", "Quzhou")),
        seen,
        bands: &bands(),
    })
}

fn of(questions: &[Question], ground: Ground) -> Vec<&Question> {
    questions.iter().filter(|q| q.ground == ground).collect()
}

/// By hand: 110 t × 79.42 = 8 736.20 yuan against 41 800 yuan, a difference of 33 063.80. The read price
/// of the country goes before the unread one of the province.
#[test]
fn a_price_of_another_place_and_year_is_put_beside_the_next_best() {
    let all = asked(Evidence::Unverified, &[]);
    let [price] = of(&all, Ground::Price)[..] else { panic!("{all:?}") };
    assert_eq!(price.value, Some(Fen(4_180_000)));
    let other = price.otherwise.as_ref().unwrap();
    assert_eq!((other.value, price.stake), (Fen(873_620), Some(Fen(3_306_380))));
    assert!(other.what.en.contains("near") && price.what.en.contains("10 years away") && price.what.en.contains("Garze"));
    assert_eq!(price.look.en, "prices.csv:7");
}

#[test]
fn what_nobody_has_read_is_asked_about_and_what_was_read_is_not() {
    let all = asked(Evidence::Unverified, &[]);
    assert_eq!(of(&all, Ground::MethodUnread)[0].stake, Some(Fen(4_180_000)));
    let said: Vec<&str> = of(&all, Ground::Coefficient).iter().map(|q| q.what.en.as_ref()).collect();
    assert!(said.iter().any(|w| w.contains("carbon_fraction = 0.5")) && said.iter().any(|w| w.contains("= nep")), "{said:?}");
    assert!(!said.iter().any(|w| w.contains("read_somewhere")));
    assert!(of(&asked(Evidence::Verified, &[]), Ground::MethodUnread).is_empty());
}

#[test]
fn only_the_invented_part_is_at_stake_for_being_invented() {
    let all = asked(Evidence::Unverified, &[]);
    assert_eq!(of(&all, Ground::Synthetic)[0].stake, Some(Fen(380_000)));
    assert!(of(&all, Ground::Modelled).is_empty());
}

/// By hand: a ratio of 6 where the band ends at 3 is twice too much, so half of the county's 38 000 yuan
/// would go at the edge; the whole region keeps 41 800 − 19 000.
#[test]
fn a_magnitude_outside_its_band_stakes_what_lies_beyond_the_edge() {
    let seen = [
        Observation { quantity: "nep_over_stock".into(), place: "330802".into(), year: 2020, value: 6.0 },
        Observation { quantity: "nep_over_stock".into(), place: "330803".into(), year: 2020, value: 2.9 },
    ];
    let all = asked(Evidence::Unverified, &seen);
    let [odd] = of(&all, Ground::Implausible)[..] else { panic!("{all:?}") };
    assert_eq!((odd.stake, odd.otherwise.as_ref().unwrap().value), (Some(Fen(1_900_000)), Fen(2_280_000)));
}

#[test]
fn what_is_missing_has_no_figure_and_comes_last() {
    let all = asked(Evidence::Unverified, &[]);
    let last = all.last().unwrap();
    assert_eq!((last.ground, last.stake, last.indicator.as_str(), last.look.en.as_ref()), (Ground::Coverage, None, "oxygen_release", "o2.csv"));
    let stakes: Vec<i128> = all.iter().filter_map(|q| q.stake).map(|s| s.0).collect();
    assert!(stakes.windows(2).all(|w| w[0] >= w[1]), "{stakes:?}");
}
