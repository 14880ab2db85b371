//! Every total is an integer sum of atoms, the same in every channel.

use std::collections::BTreeMap;

use liangshan_accounts::catalogue;
use liangshan_formats::vector::{Cell, read_geopackage};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::region::*;

/// Year, place, ecosystem type, indicator.
type Key = (String, String, String, String);

struct Published {
    region: Region,
    rows: Vec<BTreeMap<String, String>>,
}

fn owned(rows: &Rows) -> Vec<BTreeMap<String, String>> {
    rows.all().into_iter().map(|r| r.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()).collect()
}

fn published() -> Published {
    let region = Region::new();
    region.done();
    let rows = owned(&region.published("account.csv"));
    assert!(rows.len() > 300, "{} rows", rows.len());
    Published { region, rows }
}

fn key(r: &BTreeMap<String, String>) -> Key {
    (r["year"].clone(), r["place_code"].clone(), r["ecosystem"].clone(), r["indicator"].clone())
}

fn number(text: &str) -> Option<Decimal> {
    (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| panic!("{text} is no decimal")))
}

/// Sums of a column over rows, by what a function makes of their key.
fn sums(rows: &[BTreeMap<String, String>], column: &str, of: impl Fn(Key) -> Option<Key>) -> BTreeMap<Key, Decimal> {
    let mut out: BTreeMap<Key, Decimal> = BTreeMap::new();
    for r in rows {
        if let (Some(key), Some(n)) = (of(key(r)), number(&r[column])) {
            *out.entry(key).or_default() += n;
        }
    }
    out
}

fn column(rows: &[BTreeMap<String, String>], column: &str) -> BTreeMap<Key, Decimal> {
    rows.iter().filter_map(|r| Some((key(r), number(&r[column])?))).collect()
}

/// Every sum must stand in the table as it is, to the last digit.
#[track_caller]
fn stands(found: &BTreeMap<Key, Decimal>, sums: &BTreeMap<Key, Decimal>, least: usize) {
    let mut compared = 0;
    for (key, sum) in sums {
        if let Some(stated) = found.get(key) {
            assert_eq!(stated, sum, "{key:?}");
            compared += 1;
        }
    }
    assert!(compared >= least, "only {compared} sums were compared");
}

#[test]
fn counties_add_up_to_the_city() {
    let p = published();
    for name in ["quantity", "value_yuan"] {
        let counties = sums(&p.rows, name, |(y, place, e, i)| COUNTIES.contains(&place.as_str()).then(|| (y, CITY.to_owned(), e, i)));
        let city: BTreeMap<Key, Decimal> = column(&p.rows, name).into_iter().filter(|(k, _)| k.1 == CITY).collect();
        assert_eq!(city.keys().collect::<Vec<_>>(), counties.keys().collect::<Vec<_>>(), "{name}: a row of the city without counties, or the reverse");
        stands(&city, &counties, 80);
    }
}

#[test]
fn ecosystem_types_add_up_to_all() {
    let p = published();
    for name in ["quantity", "value_yuan"] {
        let types = sums(&p.rows, name, |(y, place, e, i)| (e != "all").then(|| (y, place, "all".to_owned(), i)));
        let all: BTreeMap<Key, Decimal> = column(&p.rows, name).into_iter().filter(|(k, _)| k.2 == "all").collect();
        stands(&all, &types, 80);
    }
}

#[test]
fn parts_add_up_to_their_whole() {
    let p = published();
    let values = column(&p.rows, "value_yuan");
    let parts = sums(&p.rows, "value_yuan", |(y, place, e, i)| catalogue::parent(&i).map(|whole| (y, place, e, whole.to_owned())));
    stands(&values, &parts, 80);
    for whole in ["soil_retention", "soil_retention_nonpoint", "supply_agriculture", "tourism_health"] {
        assert!(parts.keys().any(|k| k.3 == whole), "{whole} has no parts");
    }
}

#[test]
fn the_value_of_an_atom_is_its_quantity_times_its_price() {
    let p = published();
    let mut held = 0;
    for r in p.rows.iter().filter(|r| COUNTIES.contains(&r["place_code"].as_str()) && r["ecosystem"] != "all") {
        let (Some(q), Some(price), Some(v)) = (number(&r["quantity"]), number(&r["price"]), number(&r["value_yuan"])) else { continue };
        if r["price_id"].starts_with("average") {
            continue;
        }
        assert_eq!((q * price).round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven), v, "{:?}", key(r));
        held += 1;
    }
    assert!(held > 100, "{held}");
}

#[test]
fn the_total_is_the_sum_of_the_counted_rows_in_every_channel() {
    let p = published();
    let dictionary = owned(&p.region.published("dictionary.csv"));
    let counted: Vec<&str> = dictionary.iter().filter(|r| r["kind"] == "indicator" && r["counted_in_total"] == "yes").map(|r| r["id"].as_str()).collect();
    let of_rows = sums(&p.rows, "value_yuan", |(y, place, e, i)| counted.contains(&i.as_str()).then(|| (y, place, e, "total".to_owned())));
    let totals = owned(&p.region.published("totals.csv"));
    let mut seen = 0;
    for t in &totals {
        let value = number(&t["value_yuan"]).unwrap();
        let key = (t["year"].clone(), t["place_code"].clone(), t["ecosystem"].clone(), "total".to_owned());
        assert_eq!(of_rows.get(&key).copied().unwrap_or_default(), value, "{key:?}");
        let classes: Decimal = ["material_yuan", "regulating_yuan", "cultural_yuan"].iter().filter_map(|c| number(&t[*c])).sum();
        assert_eq!(classes - number(&t["deduction_yuan"]).unwrap(), value, "{key:?}");
        seen += 1;
    }
    assert!(seen >= 2 * 4 * 5, "{seen} totals");
    // Ratios are the total over their denominators: 21000 persons and 13e8 yuan for 990001 in 2019.
    let t = totals.iter().find(|t| t["year"] == "2019" && t["place_code"] == "990001" && t["ecosystem"] == "all").unwrap();
    let of = |name: &str| t[name].parse::<f64>().unwrap();
    let value = of("value_yuan");
    for (name, denominator) in [("yuan_per_head", 21_000.0), ("over_gdp", 13e8), ("yuan_per_km2", of("area_km2"))] {
        assert!((of(name) / (value / denominator) - 1.0).abs() < 1e-12, "{name}");
    }
    // The area of the quadrilateral by the shoelace formula on the plane, within the scale of the
    // projection (0.9998 to 1.0002 of a length here).
    let ring = OUTLINES[0];
    let shoelace: f64 = ring.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum::<f64>().abs() / 2.0;
    assert!((of("area_km2") * 1e6 / shoelace - 1.0).abs() < 5e-4, "{} {shoelace}", of("area_km2"));
}

#[test]
fn statements_say_what_the_tables_say() {
    let p = published();
    let (values, quantities) = (column(&p.rows, "value_yuan"), column(&p.rows, "quantity"));
    let origins: BTreeMap<Key, (String, String)> = p.rows.iter().map(|r| (key(r), (r["origin"].clone(), r["digest"].clone()))).collect();
    let totals: BTreeMap<Key, Decimal> = owned(&p.region.published("totals.csv"))
        .iter()
        .map(|t| ((t["year"].clone(), t["place_code"].clone(), t["ecosystem"].clone(), t["total"].clone()), number(&t["value_yuan"]).unwrap()))
        .collect();
    let mut counts = [0; 3];
    for line in p.region.text("out/national-2022-reconstructed/statements.jsonl").lines() {
        let s: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |pointer: &str| s.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_else(|| panic!("{pointer} in {line}")).to_owned();
        let year = text("/period/start")[..4].to_owned();
        assert_eq!(text("/period/end"), format!("{}-01-01", year.parse::<i32>().unwrap() + 1));
        let key = (year, text("/place/code"), s["part"].as_str().unwrap_or("all").to_owned(), text("/method/indicator"));
        let fen = || Decimal::new(text("/value/amount").parse().unwrap(), 2);
        match s["kind"].as_str().unwrap() {
            "value" => {
                assert_eq!(values[&key], fen(), "{key:?}");
                assert_eq!(origins[&key], (text("/origin"), text("/basis")), "{key:?}");
                counts[0] += 1;
            }
            "quantity" => {
                assert_eq!(quantities[&key].to_string().parse::<f64>().unwrap(), s["value"]["amount"].as_f64().unwrap(), "{key:?}");
                counts[1] += 1;
            }
            "total" => {
                assert_eq!(totals[&key], fen(), "{key:?}");
                counts[2] += 1;
            }
            _ => {}
        }
    }
    // Every number of the tables has its statement; a declared zero rests on no origin and has none.
    let bare = |of: &BTreeMap<Key, Decimal>| of.keys().filter(|k| !origins[*k].0.is_empty()).count();
    assert_eq!(counts[0], bare(&values));
    assert_eq!(counts[1], bare(&quantities));
    assert!(counts[2] >= totals.len() / 2, "{counts:?} of {}", totals.len());
}

#[test]
fn the_geopackage_says_what_the_tables_say() {
    let p = published();
    let bytes = std::fs::read(p.region.out().join("places.gpkg")).unwrap();
    let layer = read_geopackage(&bytes, None).unwrap();
    let titles: BTreeMap<String, String> = owned(&p.region.published("dictionary.csv"))
        .into_iter()
        .filter(|r| r["kind"] == "indicator")
        .map(|r| (r["id"].clone(), r["title_zh"].clone()))
        .collect();
    let cell = |place: &str, field: &str| -> Option<Cell> {
        let code = layer.field("代码").unwrap();
        let feature = layer.features.iter().find(|f| f.cells[code] == Cell::Text(place.to_owned()))?;
        Some(feature.cells[layer.fields.iter().position(|f| f.name == field)?].clone())
    };
    let mut compared = 0;
    for r in p.rows.iter().filter(|r| r["ecosystem"] == "all" && !r["indicator"].contains('.')) {
        let title = &titles[&r["indicator"]];
        for (name, what) in [("quantity", "实物量"), ("value_yuan", "价值_元")] {
            let told = cell(&r["place_code"], &format!("{}_{title}_{what}", r["year"])).unwrap_or_else(|| panic!("no field of {title}"));
            match (&r[name], told) {
                (written, Cell::Real(told)) => {
                    assert_eq!(written.parse::<f64>().unwrap(), told, "{:?}", key(r));
                    compared += 1;
                }
                (written, other) => assert!(written.is_empty() && other == Cell::Null, "{written} {other:?}"),
            }
        }
        assert_eq!(cell(&r["place_code"], &format!("{}_{title}_状态", r["year"])), Some(Cell::Text(r["status"].clone())));
    }
    assert!(compared > 100, "{compared}");
    for t in owned(&p.region.published("totals.csv")).iter().filter(|t| t["ecosystem"] == "all") {
        assert_eq!(cell(&t["place_code"], &format!("{}_总值_元", t["year"])), Some(Cell::Real(t["value_yuan"].parse().unwrap())));
        assert_eq!(cell(&t["place_code"], &format!("{}_总值名称", t["year"])), Some(Cell::Text(t["title_zh"].clone())));
    }
}

/// Recomputed from the sources, with no code of the engine but the readers: the water of the whole
/// city in 2019 within what borders of cells may weigh.
#[test]
fn maps_are_what_the_tables_add_up() {
    use liangshan_formats::raster::Raster;
    let p = published();
    let file = std::fs::File::open(p.region.out().join("maps/water_conservation_2019.tif")).unwrap();
    let raster = Raster::open(std::sync::Arc::new(file)).unwrap();
    let depth = raster.read(0, 0, 0, 40, 36).unwrap();
    // Cells wholly or partly inside are drawn; millimetres on a cell of 62 500 m2 are 62.5 m3.
    let drawn: f64 = depth.iter().filter(|v| !v.is_nan()).map(|mm| mm * 62.5).sum();
    let stated = column(&p.rows, "quantity")[&("2019".into(), CITY.into(), "all".into(), "water_conservation".into())];
    let stated: f64 = stated.to_string().parse().unwrap();
    let (cells, inside) = (depth.iter().filter(|v| !v.is_nan()).count(), 62.5 * 1e6);
    assert!(inside > 0.0 && drawn > stated, "{cells} cells: {drawn} {stated}");
    assert!(drawn / stated < 1.08, "cells on the border weigh less than a tenth: {drawn} {stated}");
}
