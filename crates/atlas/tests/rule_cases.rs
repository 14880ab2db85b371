//! The worked rule cases that need a map's arithmetic or a table of `rules/`, `data/rule_cases.json`, by
//! name. Z01 is also the closed-form integral, Z03 is PROJ, C03 a published example of the standard's
//! calculator.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_atlas::calculators::all;
use liangshan_vocab::{Answer, cases};
use serde_json::{Value, json};

fn read() -> Vec<cases::Case> {
    cases::read(include_str!("data/rule_cases.json")).unwrap()
}

#[test]
fn every_case_comes_out() {
    let faults = cases::faults(&read(), &all());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_case_is_forgotten() {
    let have: Vec<String> = read().into_iter().map(|c| c.id).collect();
    assert_eq!(have, "Z01a Z01b Z02 Z03 Z07 C03 L02".split(' ').collect::<Vec<_>>());
}

fn ask(id: &str, input: Value) -> Result<Answer, String> {
    let calculator = all().into_iter().find(|c| c.spec.id == id).unwrap();
    calculator.calculate(&input).map_err(|problems| problems.0[0].code.to_string())
}

/// By hand from the sheet's steps: κ = (21.36 − 5)/5 = 3.272 is in (0, 10]; κ = 10 itself too; below the
/// limit τ is 1; κ above 1000 is 2.
#[test]
fn the_coefficient_of_exceedance() {
    for (z, b, kappa, tau) in [(21.36, 5.0, 3.272, 1.25), (55.0, 5.0, 10.0, 1.25), (4.0, 5.0, -0.2, 1.0), (5.0, 5.0, 0.0, 1.0), (6000.0, 5.0, 1199.0, 2.0)] {
        let made = ask("compensation.exceed_coefficient", json!({ "Z": z, "B": b })).unwrap();
        assert!((made.outputs["kappa"].as_f64().unwrap() - kappa).abs() < 1e-12, "{z}");
        assert_eq!(made.outputs["tau"].as_f64(), Some(tau), "{z}");
    }
    assert_eq!(ask("compensation.exceed_coefficient", json!({ "Z": 1, "B": 0 })).unwrap_err(), "compensation.zero_limit");
}

/// By hand: 5.4959 million yuan × 4 = 21.9836 million, the total of a published court case; 5.1 is beyond
/// the range of an air zone II.
#[test]
fn the_older_practice_stands_beside_the_guideline() {
    let of = |multiple: f64| ask("compensation.virtual_cost_by_class", json!({ "E": 1, "C": 5_495_900, "class": "air_II", "multiple": multiple }));
    let made = of(4.0).unwrap();
    assert_eq!((made.outputs["damage_yuan"].as_f64(), made.outputs["evidence"].as_str()), (Some(21_983_600.0), Some("unverified")));
    assert_eq!(of(5.1).unwrap_err(), "compensation.multiple_outside");
    let odd = ask("compensation.virtual_cost", json!({ "E": 1, "C": 1, "alpha": 3, "Z": 1, "B": 1, "omega": 1.5 })).unwrap();
    assert_eq!(odd.warnings.iter().map(|w| w.code.as_ref()).collect::<Vec<_>>(), ["compensation.coefficient_range"]);
}

/// By hand: a redline is forbidden, a listed activity goes to the ministry; a second-class source only
/// matters to one that discharges; an unknown layer is told with the nearest.
#[test]
fn facts_of_the_project_count() {
    let of = |layer: &str, discharging: bool, facts: Value| {
        let input = json!({ "overlaps_m2": { layer: 500 }, "tolerance": { "line": 1, "other": 10 }, "discharging": discharging, "facts": facts });
        ask("zoning.conformity", input).map(|a| a.outputs["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("redline", false, json!([])).unwrap(), "FORBID");
    assert_eq!(of("redline", false, json!(["activity_listed"])).unwrap(), "ESCALATE");
    assert_eq!(of("drinking_source_2", false, json!([])).unwrap(), "PASS");
    assert_eq!(of("drinking_source_2", true, json!([])).unwrap(), "FORBID");
    assert_eq!(of("redlin", true, json!([])).unwrap_err(), "conformity.layer");
}

/// By hand: a square with a square hole of a quarter of its side each way has 15/16 of its area, within
/// what parallels of other lengths make.
#[test]
fn holes_are_taken_off_and_bad_rings_told() {
    let square = |west: f64, south: f64, side: f64| json!([[west, south], [west + side, south], [west + side, south + side], [west, south + side]]);
    let made = ask("zoning.polygon_area", json!({ "shell": square(118.0, 29.0, 0.04), "holes": [square(118.01, 29.01, 0.01)] })).unwrap();
    let of = |name: &str| made.outputs[name].as_f64().unwrap();
    assert!((of("net_m2") / of("shell_m2") - 15.0 / 16.0).abs() < 1e-4);
    assert_eq!(made.outputs["holes_m2"].as_array().map(Vec::len), Some(1));
    assert_eq!(ask("zoning.polygon_area", json!({ "shell": [[118, 29], [119, 29]], "holes": [] })).unwrap_err(), "area.ring");
    assert_eq!(ask("zoning.polygon_area", json!({ "shell": [[118], [119, 29]], "holes": [] })).unwrap_err(), "calc.form");
    assert_eq!(ask("zoning.project_gk", json!({ "lonlat": [[118, 95]], "epsg": 4528 })).unwrap_err(), "calc.form");
    assert_eq!(ask("zoning.cell_area", json!({ "lat_min": 29, "lat_max": 28, "dlon_deg": 1 })).unwrap_err(), "calc.form");
}
