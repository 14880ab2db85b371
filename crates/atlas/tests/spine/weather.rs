//! Whose weather: `normal` takes the layers of normal weather and no factors of the year, and touches
//! only what rests on weather.

use std::collections::BTreeSet;

use liangshan_atlas::book::{Book, Options};
use liangshan_atlas::region::Weather;

use crate::region::*;

const NORMAL: Options = Options { years: Vec::new(), profile: None, weather: Some(Weather::Normal), out: None, program: None, memory: None, zones_on: None };

/// Indicators whose quantity or value differs somewhere.
fn moved(a: &Book, b: &Book) -> BTreeSet<String> {
    let (a, b) = (&a.assembled.account, &b.assembled.account);
    assert_eq!(a.rows.len(), b.rows.len());
    a.rows.iter().zip(&b.rows).filter(|(a, b)| (a.quantity, a.value) != (b.quantity, b.value)).map(|(a, _)| a.indicator.clone()).collect()
}

fn files_of(book: &Book, indicator: &str) -> Vec<String> {
    let year = &book.years[0].plan;
    let stream = year.streams.iter().find(|s| s.id(year) == indicator).unwrap();
    stream.reads.iter().map(|r| r.file.clone()).collect()
}

#[test]
fn normal_weather_moves_what_rests_on_weather_and_nothing_else() {
    let region = Region::new();
    let (year, normal) = (region.book(), region.book_with(&NORMAL));
    assert_eq!(normal.prepared.weather, Weather::Normal);
    let moved = moved(&year, &normal);
    const WEATHERED: [&str; 6] = ["water_conservation", "soil_retention", "carbon_sequestration", "flood_regulation", "climate_regulation", "oxygen_release"];
    for id in WEATHERED.into_iter().filter(|id| *id != "oxygen_release") {
        assert!(moved.iter().any(|m| m.starts_with(id)), "{id} did not move");
    }
    for id in &moved {
        let model = WEATHERED.iter().any(|m| id.starts_with(m));
        assert!(model, "{id} has no weather");
    }
    let water = files_of(&normal, "water_conservation");
    assert!(water.contains(&"sources/et_normal_2019.tif".into()) && !water.contains(&"sources/et_2019.tif".into()), "{water:?}");
    assert!(!water.contains(&"sources/factors.csv".into()), "a normal year has no factors: {water:?}");
    let soil = files_of(&normal, "soil_retention");
    assert!(soil.contains(&"sources/r_normal.tif".into()) && !soil.contains(&"sources/daily_rain.csv".into()), "{soil:?}");
    let storms = files_of(&normal, "storm_retention");
    assert!(storms.contains(&"sources/storm_rain_normal.tif".into()) && !storms.contains(&"sources/storm_rain_2019.tif".into()), "{storms:?}");
}

/// Storms of one year are no normal: without a normal the indicator says so and is not assessed.
#[test]
fn what_is_weather_and_has_no_normal_is_missing_under_normal_weather() {
    let region = Region::new();
    region.replace("region.toml", "normal = \"sources/storm_rain_normal.tif\"\n", "");
    let book = region.book_with(&NORMAL);
    let row = |book: &Book, id: &str| book.assembled.account.row(2019, CITY, "all", id).unwrap().clone();
    let flood = row(&book, "flood_regulation_vegetation");
    assert!(flood.quantity.is_none() && flood.status.is_missing(), "{flood:?}");
    assert!(flood.status.reason().unwrap().en.contains("layer.storm_rain.normal"), "{:?}", flood.status);
    assert!(row(&book, "climate_regulation_transpiration").quantity.is_some());
    let warned = found(&book.prepared.notes, liangshan_vocab::Severity::Warning, "model.no_normal_source");
    assert_eq!(warned.at.key.as_deref(), Some("layer.storm_rain.normal"));
    assert!(row(&region.book(), "flood_regulation_vegetation").quantity.is_some());
}

/// With normal weather, what differs between the years is land and not weather: the normal of
/// evapotranspiration and rain is the same in both years of this region.
#[test]
fn between_two_normal_years_only_the_land_differs() {
    let region = Region::new();
    // The same map in both years, and nothing is left to differ for water.
    for name in ["ecosystem", "ecosystem_attribute"] {
        std::fs::copy(region.file(&format!("sources/{name}_2019.tif")), region.file(&format!("sources/{name}_2020.tif"))).unwrap();
    }
    let book = region.book_with(&NORMAL);
    let water = |year: i32| book.assembled.account.row(year, CITY, "all", "water_conservation").unwrap().quantity.unwrap();
    assert_eq!(water(2019), water(2020));
    let own = region.book();
    let water = |year: i32| own.assembled.account.row(year, CITY, "all", "water_conservation").unwrap().quantity.unwrap();
    assert_ne!(water(2019), water(2020));
}

#[test]
fn the_region_may_make_normal_weather_its_default() {
    let region = Region::new();
    let asked = region.book_with(&NORMAL);
    region.replace("region.toml", "weather = \"year\"", "weather = \"normal\"");
    assert_eq!(moved(&region.book(), &asked), BTreeSet::new());
    region.done();
    let provenance: serde_json::Value = serde_json::from_str(&region.text("out/national-2022-reconstructed-normal-weather/provenance.json")).unwrap();
    assert_eq!(provenance["region"]["weather"], "normal");
}

/// A layer that declares no normal serves both: bare soil does not change with the weather, and
/// neither does what nobody has a normal of. It is the year's own layer that is read then.
#[test]
fn a_layer_without_a_normal_serves_the_year_s_own() {
    let region = Region::new();
    region.replace("region.toml", "normal = \"sources/nep_normal_{year}.tif\"\n", "");
    let (year, normal) = (region.book(), region.book_with(&NORMAL));
    let moved = moved(&year, &normal);
    assert!(!moved.contains("carbon_sequestration") && moved.contains("water_conservation"), "{moved:?}");
    assert!(files_of(&normal, "carbon_sequestration").contains(&"sources/nep_2019.tif".into()));
}

/// A normal that is declared and missing is a problem of any check, whosever weather is asked for.
#[test]
fn a_normal_that_is_declared_must_be_there() {
    let region = Region::new();
    region.remove("sources/et_normal_2020.tif");
    assert_eq!(error(&region.check(), "source.missing_file").at.file.as_deref(), Some("sources/et_normal_2020.tif"));
    assert!(region.check_with(&NORMAL).has_errors());
}

#[test]
fn both_weathers_are_kept_side_by_side() {
    let region = Region::new();
    region.done();
    let normal = Options { out: Some(region.file("out/normal")), ..NORMAL };
    // Purification and the depth of marshes have no weather and are found again.
    assert_eq!(region.done_with(&normal).made, 14);
    region.replace("sources/prices.csv", "carbon price used on CO2,380,", "carbon price used on CO2,381,");
    assert_eq!(region.done().reused, 28);
    assert_eq!(region.done_with(&normal).reused, 28);
}
