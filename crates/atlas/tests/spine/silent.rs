//! What would otherwise be a wrong number without a word: ground off the grid, a doubled county,
//! a sign, a share, a flag, an origin.

use liangshan_accounts::account::ALL;
use liangshan_atlas::book::{Options, QUIET};
use liangshan_vocab::{Origin, Severity};

use crate::check::{broken, refused};
use crate::region::*;

#[test]
fn a_county_off_the_grid_is_told_with_its_share() {
    // Ten kilometres to the east: the region is ten kilometres wide, so all of it lies off the grid.
    let (p, all) = refused("grid.not_covering", |r| r.replace("region.toml", "origin_x = 440000", "origin_x = 450000"));
    assert_eq!(p.at.key.as_deref(), Some("grid"));
    assert!(p.what.en.contains("100.000 %"), "{}", p.what.en);
    assert_eq!(all.iter().filter(|p| p.code == "grid.not_covering").count(), 3, "one for each county");
}

#[test]
fn two_counties_on_the_same_ground_are_refused() {
    let (p, _) = refused("place.seam", |r| {
        let mut rings = mapped(<[_]>::to_vec);
        rings[1] = rings[0].clone();
        r.write("sources/places.geojson", geojson(Some("EPSG:4549"), &rings));
    });
    assert!(p.at.area_m2.is_some_and(|a| a > 1e6), "{:?}", p.at);
}

#[test]
fn a_negative_and_an_empty_quantity_are_refused_with_their_row() {
    // The first row of the table, line 2: county 990001 in 2019, rice, 1234 × 1 and a half.
    for (code, written) in [("table.negative", "-1234.5"), ("table.empty_cell", "")] {
        let (p, _) = refused(code, |r| {
            r.replace("sources/supply_products.csv", "2019,990001,supply_agriculture,rice,1234.5", &format!("2019,990001,supply_agriculture,rice,{written}"))
        });
        assert_eq!((p.at.file.as_deref(), p.at.row, p.at.column.as_deref()), (Some("sources/supply_products.csv"), Some(2), Some("quantity")));
    }
}

#[test]
fn a_product_of_no_indicator_is_not_lost() {
    let (p, _) = refused("table.unknown_indicator", |r| {
        r.replace("sources/supply_products.csv", "2019,990001,supply_agriculture,rice", "2019,990001,supply_agricultur,rice")
    });
    assert_eq!(p.at.row, Some(2));
    assert!(p.fix.en.contains("supply_agriculture"), "{}", p.fix.en);
}

#[test]
fn a_share_above_one_is_refused() {
    let (p, _) = refused("price.bad_share", |r| r.replace("sources/prices.csv", "attributed to nature,0.45,", "attributed to nature,45,"));
    assert_eq!((p.at.key.as_deref(), p.at.column.as_deref()), (Some("nature_share"), Some("value")));
}

#[test]
fn a_month_with_a_negative_factor_is_refused() {
    let (p, _) = refused("table.out_of_range", |r| {
        let table = r.text("sources/factors.csv");
        let (head, first) = (table.lines().next().unwrap(), table.lines().nth(1).unwrap());
        let (start, _) = first.rsplit_once(',').unwrap();
        r.replace("sources/factors.csv", &format!("{head}\n{first}"), &format!("{head}\n{start},-1.1"));
    });
    assert_eq!((p.at.row, p.at.column.as_deref()), (Some(2), Some("factor")));
}

#[test]
fn a_flag_is_acted_upon_or_refused() {
    let profile =
        |flag: &str| format!("id = \"own-reconstructed\"\nextends = \"national-2022-reconstructed\"\nevidence = \"unverified\"\n\n[flags]\n{flag} \n");
    let options = Options { profile: Some("own-reconstructed".into()), ..Options::default() };
    for (flag, code) in [
        ("external_deduction = { value = 5e9, unit = \"CNY\", source = \"-\", evidence = \"unverified\" }", "profile.flag_unsupported"),
        ("carbon_method = { value = \"rate\", source = \"-\", evidence = \"unverified\" }", "profile.flag_unsupported"),
        ("carbon_price_basis = { value = \"C\", source = \"-\", evidence = \"unverified\" }", "profile.flag_contradicts"),
    ] {
        let (region, _) = broken(|r| r.write("methods/own-reconstructed.toml", profile(flag)));
        let failed = region.run_with(&options, QUIET).err().unwrap_or_else(|| panic!("{flag} was accepted"));
        error(&failed, code);
    }
    // Without P every cell keeps less: 1 − C·P grows where P was below 1, so retention can only fall.
    let region = Region::new();
    // Half of the loss is kept by practice on every class; the template's own P is 1.
    let table = region.text("sources/support_practice.csv");
    let halved: Vec<String> = table.lines().map(|line| line.replace(",1,none,", ",0.5,none,")).collect();
    region.write("sources/support_practice.csv", halved.join("\n") + "\n");
    let own = |flag: &str| {
        region.write("methods/own-reconstructed.toml", profile(flag));
        let book = region.book_with(&options);
        book.assembled.account.row(2020, CITY, ALL, "soil_retention").unwrap().quantity.unwrap()
    };
    let with = own("rusle_has_P = { value = true, source = \"-\", evidence = \"unverified\" }");
    let without = own("rusle_has_P = { value = false, source = \"-\", evidence = \"unverified\" }");
    assert!(without.units < with.units, "{without} {with}");
    // A cap of 1 m is below every slope length there is: L falls everywhere, and the clamp is counted.
    let capped = own("slope_length_max_m = { value = 1, unit = \"m\", source = \"-\", evidence = \"unverified\" }");
    assert!(capped.units < with.units, "{capped} {with}");
}

#[test]
fn a_measured_quantity_at_an_invented_price_is_not_measured() {
    let region = Region::new();
    let statistics = region.text("sources/statistics.csv").replace("synthetic", "measured");
    region.write("sources/statistics.csv", statistics);
    let book = region.book();
    let row = book.assembled.account.row(2020, COUNTIES[0], ALL, "tourism_health.revenue").unwrap();
    // Measured revenue times a share that its price row calls synthetic.
    assert_eq!(row.origin, Some(Origin::Mixed));
    let market = book.assembled.account.row(2019, COUNTIES[0], ALL, "supply_agriculture.rice").unwrap();
    assert_eq!(market.price.as_ref().and_then(|p| p.year), Some(2019), "a market price is of its own year");
}

#[test]
fn results_are_never_written_over_the_region() {
    let region = Region::new();
    for folder in ["", "sources", "sources/deep", "derived"] {
        let out = if folder.is_empty() { region.path().to_owned() } else { region.file(folder) };
        let before = files(&region.file("sources"));
        let failed = region.run_with(&Options { out: Some(out), ..Options::default() }, QUIET).err().unwrap_or_else(|| panic!("wrote to {folder}"));
        found(&failed, Severity::Error, "output.folder");
        assert_eq!(files(&region.file("sources")), before);
    }
}
