//! A region's own `rules/`: another edition, another item, other limits, a factor and a mark of HJ 212, words
//! of its departments. `rules check`, `assess` and `calc` judge by them, and no code was written for them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn liangshan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(args).output().unwrap()
}

fn document(args: &[&str], code: i32) -> Value {
    let output = liangshan(args);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&printed).unwrap_or_else(|fault| panic!("{fault}: {printed}"))
}

fn write(region: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = region.join("rules").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A sample above and one at the limit for every class of the item that nobody has shipped.
const SAMPLES: &str = "rule,key,fires,silent
worse-than-I,geosmin,0.000011,0.00001
worse-than-II,geosmin,0.000011,0.00001
worse-than-III,geosmin,0.000021,0.00002
worse-than-IV,geosmin,0.00011,0.0001
worse-than-V,geosmin,0.00011,0.0001
";

const LIMITS: &str = "no,code,name_zh,name_en,unit,direction,low,I,II,III,IV,V
90,geosmin,土臭素,geosmin,mg/L,le,,0.00001,0.00001,0.00002,0.0001,0.0001
";

/// From 2030 on the limits of ammonia are half of what they were: 0.075, 0.25, 0.5, 0.75, 1.
const STRICTER: &str = "no,code,name_zh,name_en,unit,direction,low,I,II,III,IV,V
7,nh3n,氨氮,ammonia nitrogen,mg/L,le,,0.075,0.25,0.5,0.75,1
";

const STRICTER_SAMPLES: &str = "rule,key,fires,silent
worse-than-I,nh3n,0.08,0.07
worse-than-II,nh3n,0.26,0.25
worse-than-III,nh3n,0.51,0.5
worse-than-IV,nh3n,0.76,0.75
worse-than-V,nh3n,1.01,1.0
";

const EDITION: &str = r#"
id = "gb3838-2030"
extends = "gb3838-2002"
number = "GB 3838-2030"
title_zh = "地表水环境质量标准（试验用）"
title_en = "Surface water, invented for a test"
from = 2030-01-01
supersedes = ["GB 3838-2002"]
evidence = "unverified"
source = "invented for a test"
samples = "stricter-samples.csv"

[table.limits]
file = "stricter.csv"
"#;

fn water(region: &Path) {
    write(
        region,
        &[
            (
                "water/gb3838-2002.toml",
                "id = \"gb3838-2002\"\nextends = \"gb3838-2002\"\nuntil = 2030-01-01\nsamples = \"own-samples.csv\"\n[table.limits]\nfile = \"own.csv\"\n",
            ),
            ("water/own.csv", LIMITS),
            ("water/own-samples.csv", SAMPLES),
            ("water/gb3838-2030.toml", EDITION),
            ("water/stricter.csv", STRICTER),
            ("water/stricter-samples.csv", STRICTER_SAMPLES),
            (
                "water/hb2011-22.toml",
                "id = \"hb2011-22\"\nextends = \"hb2011-22\"\n[table.items]\nfile = \"own-items.csv\"\n[rounding.decimals]\ngeosmin = 6\n",
            ),
            (
                "water/own-items.csv",
                "item,name_zh,name_en,aliases,river,lake,part,first,multiple,mean\ngeosmin,土臭素,geosmin,GSM,geosmin,geosmin,evaluated,no,yes,arithmetic\n",
            ),
            ("assess/columns.csv", "domain,field,words\nwater,place,取水口\n"),
            ("assess/units.csv", "words,unit\n毫升氨,mg/L\n"),
        ],
    );
}

/// By hand: 0.6 mg/L of ammonia is class III of GB 3838-2002 (1.0) and IV of the invented edition (0.75);
/// 0.00003 mg/L of the item nobody ships is worse than III (0.00002) and keeps to IV (0.0001) in both.
#[test]
fn an_own_edition_and_an_own_item_judge_a_file_and_a_question() {
    let region = tempfile::tempdir().unwrap();
    let path = region.path().to_str().unwrap();
    water(region.path());
    assert_eq!(document(&["rules", "check", path, "--json"], 0)["counts"]["errors"], 0);

    // A head and a unit that only the region's words know.
    let file = region.path().join("raw.csv");
    std::fs::write(&file, "取水口,时间,氨氮(毫升氨),GSM\nA,2029-12-31,0.6,0.00001\nB,2030-01-01,0.6,0.00001\nC,2029-12-31,0.1,0.00003\n").unwrap();
    let out = region.path().join("out");
    let asked = ["assess", "water", file.to_str().unwrap(), "--rules", path, "--out", out.to_str().unwrap(), "--json"];
    let assessed = document(&asked, 0);
    let samples = assessed["tables"]["samples"].as_array().unwrap();
    let class = |place: &str| samples.iter().find(|r| r["section"] == place).unwrap()["class"].as_u64().unwrap();
    assert_eq!(["A", "B", "C"].map(class), [3, 4, 4], "{samples:#?}");
    // Without the region nobody knows the head.
    assert_eq!(liangshan(&["assess", "water", file.to_str().unwrap(), "--out", out.to_str().unwrap()]).status.code(), Some(1));

    let question = region.path().join("question.json");
    std::fs::write(&question, json!({ "water": "river", "values": { "nh3n": 0.6, "土臭素": 0.00001 } }).to_string()).unwrap();
    let asked = ["calc", "water.section_class", "--input", question.to_str().unwrap(), "--json"];
    let answer = document(&[&asked[..], &["--rules", path]].concat(), 0);
    assert_eq!((&answer["section_class"], &answer["item_class"]["geosmin"]), (&json!("IV"), &json!("I")));
    assert_eq!(document(&asked, 1)["problems"][0]["code"], "water.unknown_item");
}

#[test]
fn a_factor_and_a_mark_of_messages_are_rows() {
    let region = tempfile::tempdir().unwrap();
    let path = region.path().to_str().unwrap();
    write(
        region.path(),
        &[
            (
                "hj212/hj212-2025.toml",
                "id = \"hj212-2025\"\nextends = \"hj212-2025\"\n[table.factors]\nfile = \"own-factors.csv\"\n[table.marks]\nfile = \"own-marks.csv\"\n",
            ),
            ("hj212/own-factors.csv", "code,medium,name_zh,code_2005,concentration_unit,emission_unit,data_type\nw99901,water,土臭素,,纳克/升,,N5.1\n"),
            ("hj212/own-marks.csv", "mark,editions,name_zh,name_en,counts,evidence\nQ,2025,质控,quality control,invalid,unverified\n"),
        ],
    );
    assert_eq!(document(&["rules", "check", path, "--json"], 0)["counts"]["errors"], 0);
    assert!(document(&["rules", "show", "hj212-2025", path, "--json"], 0).to_string().contains("土臭素"));

    let segment = "QN=20260301103000001;ST=21;CN=2061;PW=123456;MN=3308000A8900016F000169D1;Flag=8;CP=&&DataTime=20260301100000;w99901-Avg=8.0,w99901-Flag=N;w21003-Avg=0.1,w21003-Flag=N&&";
    let question = region.path().join("question.json");
    let ask = |name: &str, question_is: &Value, more: &[&str]| {
        std::fs::write(&question, question_is.to_string()).unwrap();
        document(&[&["calc", name, "--input", question.to_str().unwrap(), "--json"], more].concat(), 0)
    };
    let frame = ask("hj212.build_frame", &json!({ "segment": segment }), &[])["frame"].clone();
    let own = ask("hj212.parse", &json!({ "frame": frame }), &["--rules", path]);
    assert_eq!((&own["factors"]["w99901"]["name_zh"], &own["factors"]["w21003"]["name_zh"]), (&json!("土臭素"), &json!("氨氮")));
    assert_eq!(ask("hj212.parse", &json!({ "frame": frame }), &[])["factors"]["w99901"]["unknown"], true);
}

/// By hand: with oxygen of air at 20.9 in place of 21, 12.5 at 8.5 % folds to 12.5·(20.9−6)/(20.9−8.5), 15.0202.
#[test]
fn a_number_of_a_standard_is_the_regions_to_change() {
    let region = tempfile::tempdir().unwrap();
    let path = region.path().to_str().unwrap();
    write(
        region.path(),
        &[(
            "emissions/monitor-validity.toml",
            "id = \"monitor-validity\"\nextends = \"monitor-validity\"\n[value.air_o2]\ntitle_zh = \"空气含氧量\"\ntitle_en = \"oxygen of air\"\nvalue = 20.9\nunit = \"%\"\n",
        )],
    );
    assert_eq!(document(&["rules", "check", path, "--json"], 0)["counts"]["errors"], 0);
    let question = region.path().join("question.json");
    let gas = json!({ "F_m2": 1, "Vs_m_s": 1, "ts_C": 0, "Ba_Pa": 101_325, "Ps_Pa": 0, "Xsw": 0, "C_mg_m3": 12.5, "O2_pct": 8.5, "O2_std": 6 });
    std::fs::write(&question, gas.to_string()).unwrap();
    let asked = ["calc", "monitor.flue_gas_load", "--input", question.to_str().unwrap(), "--json"];
    let folded = |more: &[&str]| document(&[&asked[..], more].concat(), 0)["fold_mg_m3"].as_f64().unwrap();
    assert!((folded(&[]) - 15.0).abs() < 1e-12);
    assert!((folded(&["--rules", path]) - 15.020_161_29).abs() < 1e-8);
}

#[test]
fn words_that_nothing_understands_are_told_with_their_line() {
    let region = tempfile::tempdir().unwrap();
    let path = region.path().to_str().unwrap();
    write(
        region.path(),
        &[
            ("assess/columns.csv", "domain,field,words\nwater,place,取水口\nwater,plaice,某处\nriver,place,某河\n"),
            ("assess/units.csv", "words,unit\n毫克,mg/quart\n"),
            ("assess/cell.csv", "words,means\n好,normal\n"),
            ("assess/lands.csv", "words,land\n田,paddy\n"),
        ],
    );
    let told = document(&["rules", "check", path, "--json"], 1);
    let places: Vec<(&str, Option<u64>)> =
        told["problems"].as_array().unwrap().iter().map(|p| (p["where"]["file"].as_str().unwrap(), p["where"]["row"].as_u64())).collect();
    for place in [
        ("rules/assess/columns.csv", Some(3)),
        ("rules/assess/columns.csv", Some(4)),
        ("rules/assess/units.csv", Some(2)),
        ("rules/assess/cell.csv", None),
        ("rules/assess/lands.csv", None),
    ] {
        assert!(places.contains(&place), "{place:?} of {places:?}");
    }
    assert_eq!(places.len(), 5, "{places:?}");
}
