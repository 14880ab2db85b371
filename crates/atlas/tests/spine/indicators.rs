//! Flood regulation, purification, oxygen, carbon by two routes and local climate, from the sources to
//! the account, its maps and what stands beside it. Expected numbers are computed here, from areas and
//! the tables of the test region, by other words than the engine's.

use std::collections::BTreeMap;
use std::sync::Arc;

use liangshan_atlas::book::{Book, Options};
use liangshan_atlas::explaining::Asked;
use liangshan_formats::raster::Raster;
use liangshan_vocab::Severity;

use crate::region::*;

/// Hectares of each class of a county, from the stream of a model without classes of its own.
fn hectares(book: &Book, county: usize) -> BTreeMap<(i64, i64), f64> {
    let year = &book.years[0];
    let stream = year.plan.streams.iter().position(|s| s.id(&year.plan) == "water_conservation").unwrap();
    let mut out = BTreeMap::new();
    for ((place, class), sums) in &year.sums[stream].by {
        if usize::from(*place) == county {
            let class = &book.prepared.classes.classes[usize::from(*class)];
            *out.entry((class.code, class.attribute)).or_insert(0.0) += sums[0].value() / 1e4;
        }
    }
    out
}

fn quantity(book: &Book, place: &str, ecosystem: &str, indicator: &str) -> f64 {
    book.assembled.account.row(2019, place, ecosystem, indicator).and_then(|r| r.quantity).unwrap_or_else(|| panic!("no {indicator}")).as_f64()
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs()
}

/// Sulphur dioxide that the classes of a county could take up, t: the rates of the region's table.
fn so2_capacity(book: &Book, county: usize) -> f64 {
    hectares(book, county)
        .into_iter()
        .map(|((code, _), ha)| {
            ha * match code {
                11 => 88.6,
                12 => 215.7,
                _ => 0.0,
            } / 1000.0
        })
        .sum()
}

fn with_profile(region: &Region, id: &str, more: &str) -> Options {
    let text = format!("id = \"{id}\"\ntitle_zh = \"试\"\ntitle_en = \"trial\"\nextends = \"national-2022-reconstructed\"\n{more}");
    region.write(&format!("methods/{id}.toml"), text);
    Options { profile: Some(id.into()), ..Options::default() }
}

#[test]
fn a_county_takes_up_the_smaller_of_emission_and_capacity_and_shares_it_out_exactly() {
    let region = Region::new();
    let done = region.done();
    let book = region.book();
    let id = "air_purification_so2";
    // Clean and little emitted: the emission. Clean and much emitted: the capacity. Foul: the capacity.
    assert_eq!(quantity(&book, COUNTIES[0], "all", id), 3.217);
    for county in [1, 2] {
        let capacity = so2_capacity(&book, county);
        assert!((quantity(&book, COUNTIES[county], "all", id) - capacity).abs() <= 0.0006, "{county}: {capacity}");
    }
    assert!(so2_capacity(&book, 0) > 3.217 && so2_capacity(&book, 1) < 3217.0);
    // Shares add up to the last gram in every county: forest alone takes sulphur dioxide up.
    for code in COUNTIES {
        let account = &book.assembled.account;
        let parts: i128 = account.ecosystems.iter().filter_map(|e| account.row(2019, code, e, "air_purification_pm")?.quantity).map(|q| q.units).sum();
        assert_eq!(Some(parts), account.row(2019, code, "all", "air_purification_pm").unwrap().quantity.map(|q| q.units));
    }
    assert!(book.assembled.account.row(2019, COUNTIES[0], "farmland", "air_purification_pm").unwrap().quantity.unwrap().units > 0);
    assert_eq!(quantity(&book, COUNTIES[0], "forest", id), 3.217);
    // More is taken up in the third county than the 3.217 t emitted there, which is told by name.
    let beyond: Vec<_> = done.publication.warnings.iter().filter(|w| w.code == "rule.purification_beyond_emissions").collect();
    assert!(beyond.iter().any(|w| w.at.key.as_deref() == Some("990003 2019") && w.what.en.contains(id)), "{beyond:?}");
    assert!(beyond.iter().all(|w| !w.at.key.as_deref().unwrap().starts_with("990001")), "{beyond:?}");
    found(&done.publication.warnings, Severity::Warning, "rule.tp_rate_equals_tn_rate");
}

#[test]
fn the_map_of_a_purified_pollutant_shows_the_amount_and_not_the_capacity() {
    let region = Region::new();
    region.done();
    let book = region.book();
    let file = std::fs::File::open(region.out().join("maps/air_purification_so2_2019.tif")).unwrap();
    let raster = Raster::open(Arc::new(file)).unwrap();
    let map = raster.read(0, 0, 0, 40, 36).unwrap();
    // Cells well inside the first and the third county, of the two forest classes.
    let (mut seen, scale) = ([0, 0], [3.217 / so2_capacity(&book, 0), 1.0]);
    for (county, columns, rows) in [(0, 4..18, 4..14), (1, 6..12, 20..30)] {
        for row in rows {
            for column in columns.clone() {
                let rate = match class(column, row, 2019).0 {
                    11 => 0.0886,
                    12 => 0.2157,
                    _ => continue,
                };
                let drawn = map[row * 40 + column];
                assert!(close(drawn, rate * scale[county], 1e-3), "{county} {column} {row}: {drawn}");
                seen[county] += 1;
            }
        }
    }
    assert!(seen[0] > 3 && seen[1] > 3 && scale[0] < 0.5, "{seen:?} {scale:?}");
}

#[test]
fn a_regime_of_the_profile_decides_and_another_emission_draws_its_own_map_only() {
    let region = Region::new();
    let capacity =
        region.book_with(&with_profile(&region, "cap-reconstructed", "[flags]\npurification_regime = { value = \"capacity\", source = \"a test\" }\n"));
    assert!((quantity(&capacity, COUNTIES[0], "all", "air_purification_so2") - so2_capacity(&capacity, 0)).abs() <= 0.0006);
    let limited =
        region.book_with(&with_profile(&region, "lim-reconstructed", "[flags]\npurification_regime = { value = \"emission_limited\", source = \"a test\" }\n"));
    assert_eq!(quantity(&limited, COUNTIES[2], "all", "air_purification_so2"), 3.217);
    let first = region.done();
    assert!(first.made > 0);
    region.replace("sources/air_quality.csv", "2019,990001,SO2,60,60,3.217,", "2019,990001,SO2,60,60,2.5,");
    let second = region.done();
    // The table is one for three pollutants and two years; those of water and all else are found again.
    assert!(second.made <= 6 && second.reused >= first.made - 6, "{} made, {} reused", second.made, second.reused);
    assert_eq!(quantity(&region.book(), COUNTIES[0], "all", "air_purification_so2"), 2.5);
}

#[test]
fn a_county_without_its_emission_is_missing_and_the_others_are_not() {
    let region = Region::new();
    region.replace("sources/air_quality.csv", "2019,990002,SO2,60,60,3217,", "2019,990002,SO2,60,60,,");
    let book = region.book();
    let row = |place: &str| book.assembled.account.row(2019, place, "all", "air_purification_so2").unwrap().clone();
    assert!(row("990002").status.is_missing() && row("990002").quantity.is_none(), "{:?}", row("990002"));
    assert!(!row("990001").status.is_missing());
    region.replace("sources/air_quality.csv", "2019,990001,SO2,60,60,3.217,", "2019,990001,SO2,60,60,-3.217,");
    let problems = region.check();
    error(&problems, "table.negative");
}

#[test]
fn ammonia_nitrogen_is_a_row_of_its_own_and_never_part_of_total_nitrogen_in_money() {
    let region = Region::new();
    let book = region.book();
    let account = &book.assembled.account;
    let ammonia = account.row(2019, COUNTIES[0], "all", "water_purification_nh3n").unwrap();
    assert_eq!((ammonia.quantity.unwrap().to_string().as_str(), ammonia.value.map_or(0, |v| v.0)), ("0.125", 0));
    let total = account.row(2019, COUNTIES[0], "all", "water_purification_tn").unwrap();
    // 0.75 t at 2500 yuan/t, by hand.
    assert_eq!((total.quantity.unwrap().to_string().as_str(), total.value.unwrap().yuan().as_str()), ("0.750", "1875.00"));
    let beside = book.besides().into_iter().find(|b| b.year == 2019 && b.place == COUNTIES[0] && b.indicator == "water_purification_nh3n").unwrap();
    // 0.125 t at 1.75 yuan/kg, by hand.
    assert_eq!((beside.name.as_str(), beside.value.unwrap().yuan().as_str()), ("nh3n_tax_floor", "218.75"));
    let both = "[indicator.water_purification_nh3n]\nhow = \"environmental_tax\"\n";
    error(&region.check_with(&with_profile(&region, "both-reconstructed", both)), "profile.nitrogen_counted_twice");
    let crossed = "[indicator.water_purification_tn]\nprice_id = \"nh3n_tax_floor\"\n";
    error(&region.check_with(&with_profile(&region, "crossed-reconstructed", crossed)), "price.basis_mismatch");
    let mixed = "[indicator.water_purification_tn]\nflow = \"limited_sum\"\nmodel = \"purification_tn\"\noutput = \"tn\"\ntable = \"water_quality\"\nspecies = \"NH3-N\"\n";
    error(&region.check_with(&with_profile(&region, "mixed-reconstructed", mixed)), "profile.species_mismatch");
}

#[test]
fn storm_rain_that_does_not_run_off_is_held_and_a_map_without_marsh_is_a_zero_with_its_reason() {
    let region = Region::new();
    let book = region.book();
    let year = &book.years[0];
    let stream = year.plan.streams.iter().position(|s| s.id(&year.plan) == "storm_retention").unwrap();
    let sums = &year.sums[stream];
    let rain = sums.quantities.iter().position(|q| q == "in.storm_rain").unwrap();
    for (county, code) in COUNTIES.iter().enumerate() {
        // Millimetres times hectares are ten cubic metres; 62 % stay in forest, 45 % in grass.
        let mut held = 0.0;
        for ((place, class), own) in &sums.by {
            let code = book.prepared.classes.classes[usize::from(*class)].code;
            if usize::from(*place) == county {
                held += own[rain].value() * 10.0 * if code == 33 { 0.45 } else { 0.62 };
            }
        }
        let stated = quantity(&book, code, "all", "flood_regulation_vegetation");
        assert!(close(stated, held, 1e-9) || (stated - held).abs() < 2.0, "{code}: {stated} {held}");
        let marsh = book.assembled.account.row(2019, code, "all", "flood_regulation_marsh").unwrap();
        assert!(marsh.quantity.is_some_and(|q| q.units == 0) && marsh.status.reason().unwrap().en.contains("none of the classes"), "{marsh:?}");
    }
}

#[test]
fn oxygen_is_that_of_the_carbon_dioxide_and_stocks_stand_beside_nep() {
    let region = Region::new();
    let options = Options { profile: Some("zhejiang-db33-2020-reconstructed".into()), ..Options::default() };
    let book = region.book_with(&options);
    let ratio = quantity(&book, CITY, "all", "oxygen_release") / quantity(&book, CITY, "all", "carbon_sequestration");
    assert!(close(ratio, 32.0 / 44.0, 1e-4), "{ratio}");
    // By hand: 20 000 m3 more in a year × 1 t/m3 × 0.5 × 44/12; nothing is known before 2019.
    let stock = |year: i32| book.besides().into_iter().find(|b| b.year == year && b.place == COUNTIES[0] && b.name == "stock_difference");
    assert_eq!(stock(2020).unwrap().quantity.to_string(), "36666.7");
    assert!(stock(2019).is_none());
    let other = "[flags]\no2_basis = { value = \"dry_matter\", source = \"a test\" }\n";
    error(&region.check_with(&with_profile(&region, "dry-reconstructed", other)), "profile.flag_unsupported");
}

#[test]
fn the_two_routes_of_cooling_are_two_methods_and_the_other_stands_beside() {
    let region = Region::new();
    let id = "climate_regulation_transpiration";
    let heat = region.book();
    // By hand: 65.4 kJ/(m2 d) × days × 10 000 / (3600 × 3) on each hectare of tea; days are 62 to 78.
    let garden: f64 = hectares(&heat, 0).into_iter().filter(|(c, _)| *c == (52, 4)).map(|c| c.1).sum();
    let each = quantity(&heat, COUNTIES[0], "farmland", id) / garden / (65.4 * 1e4 / 10_800.0);
    assert!(garden > 0.0 && (62.0..=78.0).contains(&each), "{each} days on {garden} ha");
    let by_energy =
        region.done_with(&with_profile(&region, "et-reconstructed", "[flags]\ncooling_route = { value = \"evapotranspiration\", source = \"a test\" }\n"));
    let warned = by_energy.publication.warnings.iter().find(|w| w.code == "rule.cooling_route").unwrap();
    assert!(warned.at.key.as_deref().unwrap().contains("2019"), "{warned:?}");
    let energy = by_energy.publication.account.row(2019, CITY, "all", id).unwrap().quantity.unwrap().as_f64();
    let ratio = energy / quantity(&heat, CITY, "all", id);
    assert!((40.0..=160.0).contains(&ratio), "{ratio}");
    let beside = heat.besides().into_iter().find(|b| b.year == 2019 && b.place == CITY && b.indicator == id && b.name == "evapotranspiration").unwrap();
    assert!(close(beside.quantity.as_f64(), energy, 1e-12) && close(beside.over.unwrap(), ratio, 1e-12));
    assert!(!heat.prepared.notes.iter().any(|w| w.code == "rule.cooling_route"));
}

#[test]
fn hot_days_say_which_temperature_they_are_of() {
    let region = Region::new();
    region.replace("region.toml", "basis = \"daily_mean\"\n", "");
    error(&region.check(), "climate.day_basis_missing");
    let region = Region::new();
    region.replace("region.toml", "basis = \"daily_mean\"", "basis = \"daily_max\"");
    let problems = region.check();
    let differs = error(&problems, "climate.day_basis_differs");
    assert!(differs.at.row.is_some() && differs.what.en.contains("daily_max"), "{differs:?}");
}

#[test]
fn a_purified_amount_is_explained_down_to_emission_capacity_and_rows() {
    let region = Region::new();
    let book = region.book();
    let told = book.explain(Asked { indicator: "air_purification_so2", place: COUNTIES[2], year: 2019, ecosystem: "all" }).unwrap();
    let step = |symbol: &str| told.steps.iter().find(|s| s.symbol == symbol).unwrap_or_else(|| panic!("no {symbol} in {:?}", told.steps));
    assert_eq!((step("E[990003]").amount.as_str(), step("c[990003]").amount.as_str(), step("c_lim[990003]").amount.as_str()), ("3.217", "60.5", "60"));
    assert!(close(step("C[990003]").amount.parse().unwrap(), so2_capacity(&book, 2), 1e-9));
    assert!(step("E[990003]").from.en.starts_with("sources/air_quality.csv:"), "{:?}", step("E[990003]").from);
    assert!(told.inputs.iter().any(|r| r.file == "sources/air_quality.csv") && told.inputs.iter().any(|r| r.file == "sources/air_rates.csv"));
    assert!(told.warnings.iter().any(|w| w.code == "rule.purification_beyond_emissions"), "{:?}", told.warnings);
    let cooled = book.explain(Asked { indicator: "climate_regulation_transpiration", place: CITY, year: 2019, ecosystem: "all" }).unwrap();
    assert!(cooled.steps.iter().any(|s| s.symbol == "Q~route.evapotranspiration"), "{:?}", cooled.steps.last());
}
