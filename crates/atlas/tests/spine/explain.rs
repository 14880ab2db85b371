//! Every number explains itself, and what is printed suffices to compute it again.

use std::collections::BTreeMap;

use liangshan_atlas::book::Book;
use liangshan_atlas::explain::{ExplainStep, Explanation};
use liangshan_atlas::explaining::Asked;
use liangshan_vocab::statement::Value;
use liangshan_vocab::{Lang, Problems};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::missing::without_nep;
use crate::region::*;

fn explained(book: &Book, indicator: &str, place: &str, year: i32, ecosystem: &str) -> Result<Explanation, Problems> {
    book.explain(Asked { indicator, place, year, ecosystem })
}

fn decimal(step: &ExplainStep) -> Decimal {
    step.amount.parse().unwrap_or_else(|_| panic!("{} = {} is no decimal", step.symbol, step.amount))
}

/// The steps `V[…]` or `Q[…]` by what stands in the brackets.
fn bracketed<'e>(e: &'e Explanation, letter: &str) -> BTreeMap<&'e str, &'e ExplainStep> {
    let inside = |s: &'e ExplainStep| s.symbol.strip_prefix(letter)?.strip_prefix('[')?.strip_suffix(']');
    e.steps.iter().filter_map(|s| Some((inside(s)?, s))).collect()
}

fn single<'e>(e: &'e Explanation, symbol: &str) -> Option<&'e ExplainStep> {
    e.steps.iter().find(|s| s.symbol == symbol)
}

fn stated(e: &Explanation, kind: &str) -> Option<String> {
    let of = e.statements.iter().find(|s| s.kind == kind)?;
    match &of.value {
        Value::Amount { amount, .. } => Some(amount.as_str().map_or_else(|| amount.to_string(), str::to_owned)),
        other => panic!("{other:?}"),
    }
}

/// Values from quantities and prices, and totals from values, by the printed steps alone.
fn recompute(e: &Explanation, indicator: &str) {
    let (quantities, values) = (bracketed(e, "Q"), bracketed(e, "V"));
    // A price is that of an indicator, or for a product that of one row of its table.
    let prices: BTreeMap<&str, &ExplainStep> = bracketed(e, "p");
    for (key, value) in &values {
        // The key ends with the indicator where several are summed; else there is one price.
        let own = prices.get(key).copied().or_else(|| prices.iter().filter(|(id, _)| *key == **id || key.ends_with(&format!(",{id}"))).map(|(_, p)| *p).next());
        let price = own
            .or_else(|| (prices.len() == 1).then(|| prices.values().copied().next()).flatten())
            .unwrap_or_else(|| panic!("no price of {key} in {:?}", e.title.en));
        let product = decimal(quantities[key]) * decimal(price);
        assert_eq!(product.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven), decimal(value), "{key} in {}", e.title.en);
    }
    if let Some(total) = single(e, "V") {
        assert_eq!(values.values().map(|s| decimal(s)).sum::<Decimal>(), decimal(total), "{}", e.title.en);
        assert_eq!(Some(decimal(total) * Decimal::from(100)), stated(e, "value").map(|fen| fen.parse().unwrap()), "{}", e.title.en);
    }
    if let Some(total) = single(e, "Q") {
        let parted = quantities.keys().any(|k| quantities.len() > 1 && k.split(',').count() > 1 && k.ends_with(indicator))
            && quantities.keys().any(|k| !k.ends_with(indicator) && k.contains('_'));
        let own: Decimal = quantities.iter().filter(|(k, _)| !parted || k.rsplit(',').next() == Some(indicator)).map(|(_, s)| decimal(s)).sum();
        assert_eq!(own, decimal(total), "{}", e.title.en);
    }
}

#[test]
fn every_row_of_the_account_explains_itself_and_can_be_computed_again() {
    let book = Region::new().book();
    let (mut numbers, mut silent) = (0, 0);
    for row in &book.assembled.account.rows {
        let e = explained(&book, &row.indicator, &row.place, row.year, &row.ecosystem).unwrap_or_else(|p| panic!("{row:?}\n{}", letters(&p)));
        assert!(!e.title.zh.is_empty() && !e.title.en.is_empty());
        if row.quantity.is_none() && row.value.is_none() {
            let step = &e.steps[0];
            assert!(step.amount == row.status.word() && !step.title.zh.is_empty() && !step.title.en.is_empty(), "{step:?}");
            silent += 1;
            continue;
        }
        assert!(!e.formula.zh.is_empty() && !e.formula.en.is_empty() && !e.latex.is_empty(), "{}", row.indicator);
        if row.origin.is_some() {
            assert_eq!(stated(&e, "quantity").map(|q| q.parse::<f64>().unwrap()), row.quantity.map(|q| q.as_f64()), "{row:?}");
            assert_eq!(stated(&e, "value").map(|v| v.parse::<i128>().unwrap()), row.value.map(|v| v.0), "{row:?}");
            assert!(!e.inputs.is_empty(), "no files behind {} {}", row.indicator, row.ecosystem);
            recompute(&e, &row.indicator);
            numbers += 1;
        }
        for step in &e.steps {
            assert!(!step.title.zh.is_empty() && !step.title.en.is_empty() && !step.from.zh.is_empty() && !step.from.en.is_empty(), "{step:?}");
        }
    }
    assert!(numbers > 300 && silent > 10, "{numbers} {silent}");
}

/// Water by hand, from the steps of every county and type: Q′ = Σ A·(P·(1 − α) − ET)·10 over the
/// classes, because a millimetre on a hectare is ten cubic metres.
#[test]
fn water_of_every_county_and_type_can_be_computed_by_hand() {
    let book = Region::new().book();
    let mut done = 0;
    for row in
        book.assembled.account.rows.iter().filter(|r| r.indicator == "water_conservation" && COUNTIES.contains(&r.place.as_str()) && r.ecosystem != "all")
    {
        let e = explained(&book, "water_conservation", &row.place, row.year, &row.ecosystem).unwrap();
        let of = |name: &str| -> BTreeMap<&str, f64> { bracketed(&e, name).into_iter().map(|(k, s)| (k, s.amount.parse().unwrap())).collect() };
        let (area, rain, alpha, et) = (of("A"), of("precipitation"), of("runoff_coefficient"), of("evapotranspiration"));
        assert!(!area.is_empty() && area.len() == alpha.len());
        let by_hand: f64 = area.iter().map(|(class, a)| a * (rain[class] * (1.0 - alpha[class] / 100.0) - et[class]) * 10.0).sum();
        let before = of("Q′")[row.ecosystem.as_str()];
        assert!((by_hand / before - 1.0).abs() < 1e-9, "{} {}: {by_hand} {before}", row.place, row.ecosystem);
        let quantity = row.quantity.unwrap().as_f64();
        assert!((before - quantity).abs() <= 0.5 + 1e-6, "rounded once: {before} {quantity}");
        // α is shown as its table has it: percent.
        if let Some(alpha) = alpha.get("51-1") {
            assert_eq!(*alpha, 12.5);
        }
        done += 1;
    }
    assert!(done >= 2 * 3 * 4, "{done} atoms");
}

#[test]
fn one_cell_of_soil_can_be_computed_by_hand() {
    let book = Region::new().book();
    for county in COUNTIES {
        let e = explained(&book, "soil_retention", county, 2020, "all").unwrap();
        let of = |name: &str| -> f64 {
            e.steps
                .iter()
                .find(|s| s.symbol == name)
                .unwrap_or_else(|| panic!("no {name}: {:?}", e.steps.iter().map(|s| &s.symbol).collect::<Vec<_>>()))
                .amount
                .parse()
                .unwrap()
        };
        let (r, p) = (of("cell.soil_retention.r"), of("cell.soil_retention.p"));
        let made = |suffix: &str| {
            e.steps
                .iter()
                .find(|s| s.symbol.ends_with(suffix))
                .unwrap_or_else(|| panic!("no {suffix}: {:?}", e.steps.iter().map(|s| &s.symbol).collect::<Vec<_>>()))
                .amount
                .parse::<f64>()
                .unwrap()
        };
        let (k, ls, c) = (made("→ k"), made("→ ls"), made("→ c"));
        let retained = made("soil_retention → retained");
        // R·K·LS·(1 − C·P), the equation of the method sheet.
        let by_hand = r * k * ls * (1.0 - c * p);
        assert!((by_hand / retained - 1.0).abs() < 1e-9, "{by_hand} {retained}");
    }
}

#[test]
fn the_total_is_the_sum_of_its_terms_and_its_denominators_are_shown() {
    hold_totals(&Region::new().book(), false);
    hold_totals(&without_nep().book(), true);
}

fn hold_totals(book: &Book, lacks: bool) {
    for place in COUNTIES.iter().chain([&CITY]) {
        for year in YEARS {
            for name in ["gep", "assessed_services", "total"] {
                let e = explained(book, name, place, year, "all").unwrap();
                let terms: Decimal = bracketed(&e, "V").values().map(|s| decimal(s)).sum();
                let deduction = decimal(single(&e, "D").unwrap());
                let value = decimal(single(&e, "V").unwrap());
                assert_eq!(terms - deduction, value);
                assert_eq!(stated(&e, "total").unwrap().parse::<Decimal>().unwrap(), value * Decimal::from(100));
                let people: f64 = e.steps.iter().find(|s| s.symbol == "resident_population").unwrap().amount.parse().unwrap();
                let per_head: f64 = single(&e, "V/N").unwrap().amount.parse().unwrap();
                assert!((per_head * people / value.to_string().parse::<f64>().unwrap() - 1.0).abs() < 1e-12);
                // What is missing is said where the total is explained.
                assert_eq!(e.warnings.iter().any(|w| w.code == "account.missing"), lacks, "{name} {place} {year}");
            }
        }
    }
}

#[test]
fn the_json_has_the_contracted_shape() {
    let book = Region::new().book();
    let e = explained(&book, "soil_retention", CITY, 2019, "all").unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let json = e.to_json(lang);
        for key in ["statement", "formula", "steps", "inputs", "warnings"] {
            assert!(!json[key].is_null(), "{key}");
        }
        assert!(json["formula"]["text"].is_string() && json["formula"]["latex"].is_string());
        for step in json["steps"].as_array().unwrap() {
            for key in ["symbol", "title", "amount", "unit", "from"] {
                assert!(!step[key].is_null(), "{key} of {step}");
            }
        }
        for input in json["inputs"].as_array().unwrap() {
            let file = input["file"].as_str().unwrap();
            for key in ["origin", "licence", "digest"] {
                assert!(input[key].as_str().is_some_and(|t| !t.is_empty()), "{key} of {file}");
            }
        }
    }
    let doubts: Vec<&str> = e.warnings.iter().map(|w| w.code.as_ref()).collect();
    for code in ["evidence.unverified", "origin.synthetic"] {
        assert!(doubts.contains(&code), "{code} in {doubts:?}");
    }
}

#[test]
fn a_wrong_question_is_answered_with_what_there_is() {
    let book = Region::new().book();
    let wrong = explained(&book, "water_conservatoin", "990009", 2018, "forrest").unwrap_err();
    let of = |code: &str| wrong.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{code}\n{}", letters(&wrong)));
    assert!(of("explain.unknown_indicator").fix.en.contains("water_conservation"));
    assert!(of("explain.unknown_place").expected.en.contains("990001"));
    assert!(of("explain.unknown_year").expected.en.contains("2019, 2020"));
    assert!(of("explain.unknown_ecosystem").expected.en.contains("forest"));
    let none = explained(&book, "tourism_health", CITY, 2019, "forest").unwrap_err();
    assert_eq!(none.0[0].code, "explain.no_number");
}
