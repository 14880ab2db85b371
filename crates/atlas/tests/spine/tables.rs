//! Indicators of department tables and registers, from file and row to account and explanation.

use liangshan_accounts::account::{Account, Status};
use liangshan_accounts::alternatives::Role;
use liangshan_atlas::book::{Book, Options};
use liangshan_atlas::explaining::Asked;
use liangshan_vocab::Severity;

use crate::region::*;

const ZHEJIANG: &str = "zhejiang-db33-2020-reconstructed";

fn under(region: &Region, profile: &str) -> Book {
    region.book_with(&Options { profile: Some(profile.into()), ..Options::default() })
}

/// A profile of the region over the national one.
fn own(region: &Region, more: &str) -> Book {
    let text = format!("id = \"own-reconstructed\"\ntitle_zh = \"自有\"\ntitle_en = \"Own\"\nextends = \"national-2022-reconstructed\"\n{more}");
    region.write("methods/own-reconstructed.toml", text);
    under(region, "own-reconstructed")
}

fn value(account: &Account, place: &str, indicator: &str) -> String {
    account.row(2019, place, "all", indicator).and_then(|r| r.value).unwrap_or_else(|| panic!("no value of {indicator} in {place}")).yuan()
}

/// By hand for county 990001 in 2019, where k = 1 in `tests/region/sources.rs`:
/// 601 t × 300 + 329 t × 400 + 90 000 m³ × 1.5; 8.3 km × 4.1 dB × 120 000; 836 000 × 1.6 h × 8.5;
/// 271 000 room-nights × 18 + 604 000 m² × 6.5; 0.35 × 0.8e8 m³ × 7.06.
#[test]
fn values_come_out_as_by_hand() {
    let book = Region::new().book();
    let account = &book.assembled.account;
    for (indicator, yuan) in [
        ("supply_biomass_energy.straw", "180300.00"),
        ("supply_biomass_energy.biogas", "135000.00"),
        ("supply_biomass_energy", "446900.00"),
        ("noise_reduction", "4083600.00"),
        ("leisure_recreation", "11369600.00"),
        ("landscape_premium.room_nights", "4878000.00"),
        ("landscape_premium.housing", "3926000.00"),
        ("landscape_premium", "8804000.00"),
        ("flood_regulation_reservoir", "197680000.00"),
    ] {
        assert_eq!(value(account, "990001", indicator), yuan, "{indicator}");
    }
    // Straw, firewood and gas have a value together and no quantity.
    let row = account.row(2019, "990001", "all", "supply_biomass_energy").unwrap();
    assert!(row.quantity.is_none() && row.unit.is_empty());
    assert_eq!(account.row(2019, "990001", "farmland", "supply_biomass_energy.straw").unwrap().quantity.unwrap().to_string(), "601.0");
}

/// By hand: 21.5e4 m³ × 2.6 + 42.5e4 × 3.6 + 63.5e4 × 0.07 + 84.5e4 × 0.5; 105.5e4 kWh × 0.53;
/// 5.256e15 × 390.25 × 13 × 967 / 10 ions (the stand of 580 gives none), × 5.8185e-18 yuan;
/// 65.7 ha × 375 + 4.7 ha × 112.5.
#[test]
fn what_zhejiang_adds_comes_out_as_by_hand() {
    let book = under(&Region::new(), ZHEJIANG);
    let account = &book.assembled.account;
    assert_eq!(value(account, "990001", "supply_freshwater"), "2555950.00");
    assert_eq!(account.row(2019, "990001", "all", "supply_freshwater").unwrap().quantity.unwrap().to_string(), "2120000", "uses of water add up");
    assert_eq!(value(account, "990001", "supply_hydropower"), "559150.00");
    let ions = account.row(2019, "990001", "forest", "negative_ions").unwrap();
    assert_eq!((ions.quantity.unwrap().to_string().as_str(), ions.unit.as_str()), ("2578.506", "1e18 ions"));
    assert_eq!(ions.value.unwrap().yuan(), "15003.04");
    assert_eq!(value(account, "990001", "pest_control"), "25166.25");
    assert!(book.assembled.atoms.iter().all(|a| a.holds()), "value = quantity × price for every atom");
}

#[test]
fn reservoirs_that_do_not_serve_are_listed_with_their_reason() {
    let region = Region::new();
    let problems = region.check();
    let notes: Vec<String> = problems.iter().filter(|p| p.code == "register.left_out").map(|p| p.what.en.to_string()).collect();
    assert!(notes.iter().any(|n| n.contains("R5") && n.contains("planned")) && notes.iter().any(|n| n.contains("R3") && n.contains("2020")), "{notes:?}");
    found(&problems, Severity::Note, "register.left_out");
    let book = region.book();
    let account = &book.assembled.account;
    let quantity = |year: i32| account.row(year, "990003", "all", "flood_regulation_reservoir").unwrap().quantity.unwrap().to_string();
    // 0.35 × 0.05e8, and with the one in use since 2020, 0.35 × 0.35e8.
    assert_eq!((quantity(2019).as_str(), quantity(2020).as_str()), ("1750000", "12250000"));
    let e = book.explain(Asked { indicator: "flood_regulation_reservoir", place: "990001", year: 2020, ecosystem: "all" }).unwrap();
    let out = e.steps.iter().find(|s| s.symbol.starts_with("left out")).unwrap();
    assert!(out.title.en.contains("planned") && out.from.en.contains("sources/reservoirs.csv:6"), "{out:?}");
}

#[test]
fn a_status_nobody_knows_and_a_stock_are_refused() {
    let region = Region::new();
    region.replace("sources/reservoirs.csv", "990002,in use", "990002,in us");
    let status = error(&region.check(), "register.unknown_status").clone();
    assert!(status.fix.en.contains("in use") && status.at.row == Some(3), "{status:?}");
    let region = Region::new();
    region.replace("sources/landscape_premium.csv", "yes,premium_housing_year", "no,premium_housing_year");
    assert_eq!(error(&region.check(), "rule.stock_as_flow").at.column.as_deref(), Some("annualised"));
}

#[test]
fn a_part_without_a_price_or_a_row_is_told() {
    let region = Region::new();
    region.replace("sources/supply_biomass_energy.csv", ",straw,", ",strow,");
    assert!(error(&region.check(), "table.unknown_part").fix.en.contains("straw"));
    let region = Region::new();
    let text = region.text("sources/supply_biomass_energy.csv");
    let row = text.lines().find(|l| l.starts_with("2020,990002,biogas")).unwrap().to_owned() + "\n";
    region.replace("sources/supply_biomass_energy.csv", &row, "");
    let book = region.book();
    for id in ["supply_biomass_energy", "supply_biomass_energy.biogas"] {
        let row = book.assembled.account.row(2020, "990002", "all", id).unwrap();
        assert!(matches!(&row.status, Status::MissingInput { file, .. } if file.ends_with("supply_biomass_energy.csv")), "{:?}", row.status);
    }
    assert!(book.assembled.account.row(2020, "990001", "all", "supply_biomass_energy").unwrap().value.is_some());
}

/// By hand: e^4.924 × 12.5^1.128 × 3.19 × 1e4 m³ for one lake; the others have none and say why.
#[test]
fn natural_lakes_are_evaluated_one_by_one_and_nothing_else_is_a_lake() {
    let region = Region::new();
    let table = |rows: &str| format!("year,county_code,lake_name,kind,area,origin\n{rows}");
    let sidecar = "title_zh = \"湖泊\"\ntitle_en = \"Lakes\"\norigin = \"synthetic\"\nfrom = \"made for a test\"\nlicence = \"CC0-1.0\"\nperiod = \"2019-2020\"\nunit = \"\"\n[columns.area]\nunit = \"km2\"\n";
    region.write("sources/lakes.csv.toml", sidecar);
    region.write("sources/lakes.csv", table("2019,990001,青湖,natural lake,12.5,synthetic\n2020,990001,青湖,natural lake,12.5,synthetic\n"));
    region.replace("region.toml", "reservoirs = ", "lakes = \"sources/lakes.csv\"\nreservoirs = ");
    let book = region.book();
    let of = |place: &str| book.assembled.account.row(2019, place, "all", "flood_regulation_lake").unwrap().quantity.unwrap().as_f64();
    let by_hand = 4.924f64.exp() * 12.5f64.powf(1.128) * 3.19 * 1e4;
    assert!((of("990001") - by_hand).abs() <= 0.5 && of("990002") == 0.0, "{} {by_hand}", of("990001"));
    for bad in ["2019,990001,甲水库,reservoir,3,synthetic\n", "2019,990001,某塘,pond,0.1,synthetic\n", "2019,990001,合计,natural lake,30,synthetic\n"] {
        region.write("sources/lakes.csv", table(bad));
        error(&region.check(), "rule.reservoirs_as_lakes");
    }
}

/// By hand, county 990001 in 2019: 410 003 visits × (52.47 + 343.33) and × 578.03.
#[test]
fn consumer_surplus_stands_apart_unless_the_profile_counts_it() {
    let region = Region::new();
    let book = region.book();
    let beside: Vec<(String, String)> = book
        .alternatives()
        .into_iter()
        .filter(|a| a.role == Role::Beside && a.place == "990001" && a.year == 2019)
        .map(|a| (a.price_id, a.value.unwrap().yuan()))
        .collect();
    assert!(beside.contains(&("consumer_surplus".into(), "236994034.09".into())), "{beside:?}");
    let plain: String = value(&book.assembled.account, "990001", "tourism_health");
    assert_eq!(plain, "135000000.00", "3e8 yuan of revenue × 0.45");
    let cost = "[indicator.tourism_health]\nflow = \"travel_cost\"\nhow = \"travel_cost\"\necosystem = \"unallocated\"\n";
    let book = own(&region, cost);
    assert_eq!(value(&book.assembled.account, "990001", "tourism_health"), "162279187.40");
    let flag = "[flags]\ninclude_consumer_surplus = { value = true, source = \"test\" }\n";
    let book = own(&region, &format!("{flag}{cost}"));
    assert_eq!(value(&book.assembled.account, "990001", "tourism_health"), "399273221.49");
    assert!(book.ruled(&[]).iter().any(|p| p.code == "rule.outside_seea_scope" && p.what.en.contains("236994034.09")));
}

/// By hand: 24.19 ha × (3000 + 5000 + 10 000 + 20 000 + 30 000).
#[test]
fn species_count_only_where_a_profile_names_them() {
    let region = Region::new();
    assert!(region.book().assembled.account.row(2019, "990001", "all", "species_conservation").is_none());
    let book = own(&region, "[indicator.species_conservation]\ninclude = \"yes\"\n");
    assert_eq!(value(&book.assembled.account, "990001", "species_conservation"), "1644920.00");
}

#[test]
fn the_value_at_every_other_price_and_the_resolved_profile_are_written() {
    let region = Region::new();
    region.done();
    let rows = region.published("alternatives.csv");
    let rows = rows.all();
    let of = |indicator: &str, price: &str| {
        let row = rows.iter().find(|r| r["indicator"] == indicator && r["price_id"] == price && r["place_code"] == "990001" && r["year"] == "2019");
        row.unwrap_or_else(|| panic!("{indicator} {price}"))
    };
    // 28 000 000 m³ at 6.11 instead of 7.06.
    assert_eq!(of("flood_regulation_reservoir", "reservoir_cost_6_11")["value_yuan"], "171080000.00");
    assert_eq!(of("flood_regulation_reservoir", "reservoir_cost_6_11")["difference_yuan"], "-26600000.00");
    // 1234.5 t of rice at 2701.35, whole and at 0.42: half to even, each product once.
    assert_eq!(of("supply_agriculture", "residual_share_agriculture")["role"], "in_use");
    assert_eq!(of("supply_agriculture", "output_share_agriculture")["value_yuan"], "3334816.58");
    let account = region.published("account.csv");
    for row in rows.iter().filter(|r| r["role"] == "in_use") {
        let same = account
            .all()
            .into_iter()
            .find(|a| ["year", "place_code", "indicator"].iter().all(|k| a[k] == row[k]) && a["ecosystem"] == "all")
            .map(|a| a["value_yuan"].to_owned());
        assert_eq!(same.as_deref(), Some(row["value_yuan"]), "{row:?}");
    }
    let profile: serde_json::Value = serde_json::from_slice(&std::fs::read(region.out().join("profile.json")).unwrap()).unwrap();
    let tourism = profile["indicators"].as_array().unwrap().iter().find(|i| i["indicator"] == "tourism_health.revenue").unwrap();
    assert_eq!(
        (tourism["include"].as_str(), tourism["how"].as_str(), tourism["price"]["value"].as_str()),
        (Some("included"), Some("revenue_share"), Some("0.45"))
    );
    assert!(profile["indicators"].as_array().unwrap().iter().all(|i| i["evidence"].is_string()));
}
