//! What changed between the two years, by its causes.

use liangshan_accounts::change::{Change, Factor};
use liangshan_atlas::book::Book;
use liangshan_atlas::region::Weather;

use crate::region::*;

fn change(book: &Book) -> &Change {
    assert_eq!(book.changes.len(), 1, "{:?}", book.prepared.notes);
    &book.changes[0]
}

fn part(book: &Book, indicator: &str, factor: Factor) -> i128 {
    change(book).sum(|a| a.indicator == indicator).2.of(factor).0
}

#[test]
fn the_parts_add_up_to_the_difference_of_the_totals_in_every_place() {
    let book = Region::new().book();
    let account = &book.assembled.account;
    for place in COUNTIES.iter().chain([&CITY]) {
        let (before, after, parts) = change(&book).sum(|a| *place == CITY || a.place == *place);
        let total = |year: i32| account.total(year, place, "all").unwrap().value;
        assert_eq!((before, after), (total(2019), total(2020)));
        assert_eq!(parts.sum(), after - before);
    }
    for atom in &change(&book).atoms {
        assert_eq!(atom.parts.sum(), atom.after - atom.before, "{atom:?}");
    }
}

/// The same map in both years leaves nothing to land cover; the rest of water conservation is weather,
/// since its coefficients have no year.
#[test]
fn what_did_not_differ_has_no_part() {
    let region = Region::new();
    for name in ["ecosystem", "ecosystem_attribute"] {
        std::fs::copy(region.file(&format!("sources/{name}_2019.tif")), region.file(&format!("sources/{name}_2020.tif"))).unwrap();
    }
    let book = region.book();
    let all = change(&book).sum(|_| true).2;
    assert_eq!(all.of(Factor::LandCover).0, 0);
    let (before, after, parts) = change(&book).sum(|a| a.indicator == "water_conservation");
    assert!(after != before);
    assert_eq!(parts.of(Factor::Weather), after - before);
    // Tourism is revenue times a share: no weather, no map, no price of its own year.
    let revenue = region.text("sources/statistics.csv");
    let row = revenue.lines().find(|l| l.starts_with("990001,") && l.contains(",2020,tourism_revenue,")).unwrap();
    let more = row.replacen(",tourism_revenue,", ",tourism_revenue,1", 1);
    region.replace("sources/statistics.csv", row, &more);
    let book = region.book();
    let (before, after, parts) = change(&book).sum(|a| a.indicator == "tourism_health.revenue");
    assert!(after > before);
    assert_eq!(parts.of(Factor::Rest), after - before);
}

#[test]
fn under_normal_weather_nothing_is_put_down_to_it() {
    let region = Region::new();
    let options = liangshan_atlas::book::Options { weather: Some(Weather::Normal), ..Default::default() };
    let book = region.book_with(&options);
    assert_eq!(change(&book).sum(|_| true).2.of(Factor::Weather).0, 0);
}

/// A product whose quantity and price both moved: prices are those of each year's own row.
#[test]
fn products_are_split_into_quantity_and_price() {
    let book = Region::new().book();
    let products: Vec<_> = change(&book).atoms.iter().filter(|a| a.indicator.starts_with("supply_")).collect();
    assert!(!products.is_empty());
    for atom in products {
        let find = |year: i32| book.assembled.atoms.iter().find(|a| a.year == year && a.place == atom.place && a.indicator == atom.indicator);
        let (Some(early), Some(late)) = (find(2019), find(2020)) else { continue };
        let (p0, p1) = (early.price.as_ref().unwrap().value, late.price.as_ref().unwrap().value);
        let mean = (f64::try_from(p1 - p0).unwrap()) * (early.quantity.as_f64() + late.quantity.as_f64()) / 2.0 * 100.0;
        assert!((atom.parts.of(Factor::Price).0 as f64 - mean).abs() <= 2.0, "{atom:?}: {mean}");
        assert_eq!(atom.parts.of(Factor::Weather).0 + atom.parts.of(Factor::LandCover).0, 0);
    }
}

#[test]
fn a_second_run_finds_the_mixtures_again_and_comes_to_the_same() {
    let region = Region::new();
    let first = region.book();
    let before = std::fs::read_dir(region.file("derived")).unwrap().count();
    let second = region.book();
    assert_eq!(first.changes, second.changes);
    assert_eq!(before, std::fs::read_dir(region.file("derived")).unwrap().count());
    assert!(part(&first, "soil_retention_sediment", Factor::Weather) != 0);
}
