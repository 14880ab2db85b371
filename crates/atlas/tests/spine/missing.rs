//! What is missing has a reason and a file, and decides what a total may be called.

use liangshan_accounts::account::Status;
use liangshan_accounts::catalogue;
use liangshan_atlas::book::Options;
use liangshan_vocab::Severity;

use crate::region::*;

/// A region that serves no layer of net ecosystem production.
pub(crate) fn without_nep() -> Region {
    let region = Region::new();
    let text = region.text("region.toml");
    let (start, end) = (text.find("[layer.nep]").unwrap(), text.find("[class_table.carbon_counting]").unwrap());
    region.write("region.toml", format!("{}{}", &text[..start], &text[end..]));
    region
}

#[test]
fn an_indicator_whose_layer_nobody_serves_is_missing_with_reason_and_file() {
    let region = without_nep();
    let problems = region.check();
    let warning = found(&problems, Severity::Warning, "model.input_unserved");
    assert_eq!(warning.at.key.as_deref(), Some("layer.nep"));
    assert!(!problems.has_errors(), "{}", letters(&problems));
    let done = region.done();
    let account = &done.publication.account;
    for place in COUNTIES.iter().chain([&CITY]) {
        let row = account.row(2019, place, "all", "carbon_sequestration").unwrap();
        assert!(row.quantity.is_none() && row.value.is_none());
        match &row.status {
            Status::MissingInput { reason, file } => {
                assert!(reason.en.contains("layer.nep") && reason.zh.contains("净生态系统生产力"), "{reason:?}");
                assert_eq!(file, "region.toml");
            }
            other => panic!("{other:?}"),
        }
    }
    let rows = region.published("account.csv");
    let rows = rows.all();
    let row = rows.iter().find(|r| r["indicator"] == "carbon_sequestration" && r["place_code"] == CITY && r["year"] == "2020").unwrap();
    assert_eq!((row["status"], row["quantity"], row["value_yuan"]), ("missing_input", "", ""));
    // The dictionary gives the reason, and the total says what it lacks.
    let dictionary = region.published("dictionary.csv");
    let told = dictionary.all().into_iter().find(|r| r["kind"] == "indicator" && r["id"] == "carbon_sequestration").unwrap();
    assert!(told["meaning_en"].contains("layer.nep"), "{}", told["meaning_en"]);
    let totals = region.published("totals.csv");
    let total = totals.all().into_iter().find(|t| t["place_code"] == CITY && t["ecosystem"] == "all").unwrap();
    assert_eq!((total["total"], total["title_zh"], total["complete"]), ("assessed_services", "已核算服务合计", "no"));
    assert!(total["missing"].split(' ').any(|m| m == "carbon_sequestration"), "{}", total["missing"]);
    assert!(!total["index_zh"].contains("GEP") && !total["index_zh"].contains("绿金"), "{}", total["index_zh"]);
    assert!(!region.out().join("maps/carbon_sequestration_2019.tif").exists());
}

#[test]
fn missing_and_excluded_services_are_told_apart() {
    let region = without_nep();
    let done = region.done();
    let account = &done.publication.account;
    let row = account.row(2020, CITY, "all", "carbon_sequestration").unwrap();
    assert!(row.status.is_missing() && !row.status.reason().unwrap().en.is_empty());
    let dictionary = region.published("dictionary.csv");
    let of = |id: &str| dictionary.all().into_iter().find(|r| r["id"] == id).map(|r| (r["kind"].to_owned(), r["meaning_en"].to_owned())).unwrap();
    assert_eq!(of("oxygen_release").0, "not_counted");
    assert_eq!(of("carbon_sequestration").0, "indicator");
    // Every indicator of the catalogue is in the dictionary once, counted or not.
    for indicator in catalogue::CATALOGUE {
        assert_eq!(
            dictionary.all().iter().filter(|r| r["id"] == indicator.id && (r["kind"] == "indicator" || r["kind"] == "not_counted")).count(),
            1,
            "{}",
            indicator.id
        );
    }
}

#[test]
fn what_does_not_apply_says_why_and_a_declared_zero_is_a_zero() {
    let region = Region::new();
    region.done();
    let rows = region.published("account.csv");
    let rows = rows.all();
    let row = |indicator: &str| rows.iter().find(|r| r["indicator"] == indicator && r["place_code"] == "990002" && r["year"] == "2019").unwrap();
    let coast = row("coastal_protection");
    assert_eq!((coast["status"], coast["quantity"], coast["value_yuan"]), ("not_applicable", "", ""));
    let lakes = row("flood_regulation_lake");
    assert_eq!(lakes["status"], "ok");
    assert_eq!((lakes["quantity"].parse::<f64>().unwrap(), lakes["value_yuan"].parse::<f64>().unwrap()), (0.0, 0.0));
    let book = region.book();
    let coast = book.assembled.account.row(2019, "990002", "all", "coastal_protection").unwrap();
    assert!(coast.status.reason().unwrap().zh.contains("内陆湿润"), "{:?}", coast.status);
    let total = book.assembled.account.total(2019, CITY, "all").unwrap();
    assert!(total.missing.iter().all(|m| m.indicator != "coastal_protection" && m.indicator != "flood_regulation_lake"), "{:?}", total.missing);
}

#[test]
fn a_county_without_its_row_is_missing_there_and_in_the_city() {
    let region = Region::new();
    let text = region.text("sources/supply_other.csv");
    let row = text.lines().find(|l| l.starts_with("2020,990002,")).unwrap().to_owned() + "\n";
    region.replace("sources/supply_other.csv", &row, "");
    let book = region.book();
    let account = &book.assembled.account;
    assert!(account.row(2020, "990002", "all", "supply_other").unwrap().status.is_missing());
    assert!(!account.row(2019, "990002", "all", "supply_other").unwrap().status.is_missing());
    assert!(!account.row(2020, "990001", "all", "supply_other").unwrap().status.is_missing());
    let missing = |place: &str| account.total(2020, place, "all").unwrap().missing.iter().any(|m| m.indicator == "supply_other");
    assert!(missing("990002") && missing(CITY) && !missing("990001"));
}

/// The national profile by another name, with one service left out that the region cannot have.
fn complete() -> String {
    "id = \"whole-reconstructed\"\ntitle_zh = \"试验方案\"\ntitle_en = \"Trial profile\"\nextends = \"national-2022-reconstructed\"\n\
     [indicator.carbon_sequestration]\ninclude = \"no\"\n"
        .to_owned()
}

#[test]
fn a_complete_account_is_named_gep_and_its_index_green_gold() {
    let region = without_nep();
    region.write("methods/whole-reconstructed.toml", complete());
    let options = Options { profile: Some("whole-reconstructed".into()), ..Options::default() };
    let done = region.done_with(&options);
    for total in done.publication.account.totals.iter().filter(|t| t.ecosystem == "all") {
        assert!(total.complete && total.missing.is_empty(), "{} {}: {:?}", total.place, total.year, total.missing);
        assert_eq!(total.id(), "gep");
    }
    let rows = Rows::read(&region.file("out/whole-reconstructed/totals.csv"));
    let total = rows.all().into_iter().find(|t| t["place_code"] == CITY && t["ecosystem"] == "all").unwrap();
    assert_eq!((total["total"], total["complete"], total["missing"]), ("gep", "yes", ""));
    assert_eq!((total["title_zh"], total["index_zh"]), ("生态产品总值", "绿金指数"));
    // A declared zero and what does not apply do not take the name away; one missing county does.
    let text = region.text("sources/supply_other.csv");
    let row = text.lines().find(|l| l.starts_with("2020,990002,")).unwrap().to_owned() + "\n";
    region.replace("sources/supply_other.csv", &row, "");
    let done = region.done_with(&options);
    let names: Vec<(i32, String, &str)> =
        done.publication.account.totals.iter().filter(|t| t.ecosystem == "all").map(|t| (t.year, t.place.clone(), t.id())).collect();
    for (year, place, id) in names {
        let incomplete = year == 2020 && (place == CITY || place == "990002");
        assert_eq!(id, if incomplete { "assessed_services" } else { "gep" }, "{year} {place}");
    }
}

#[test]
fn a_profile_nobody_read_is_printed_with_its_suffix_wherever_its_name_is() {
    let region = without_nep();
    region.write("methods/whole.toml", complete().replace("whole-reconstructed", "whole"));
    let options = Options { profile: Some("whole".into()), ..Options::default() };
    let problems = region.check_with(&options);
    found(&problems, Severity::Warning, "profile.suffix_missing");
    let done = region.done_with(&options);
    assert!(done.out.ends_with("out/whole-reconstructed"), "{}", done.out.display());
    let rows = Rows::read(&done.out.join("account.csv"));
    assert!(rows.all().iter().all(|r| r["profile"] == "whole-reconstructed"));
    for line in std::fs::read_to_string(done.out.join("statements.jsonl")).unwrap().lines() {
        assert!(line.contains("\"profile\":\"whole-reconstructed\""), "{line}");
    }
}
