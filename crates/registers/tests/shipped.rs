//! The registers shipped with the project, and what follows from a declaration.

#![allow(clippy::unwrap_used, reason = "broken data should stop its test")]

use std::collections::BTreeSet;

use liangshan_registers::{Given, Holds, Known, Record, Register, Shape, import};

/// The declarations in the project's `registers/`, read at run time so that a new file is seen.
fn shipped() -> Vec<Register> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registers");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files.iter().flat_map(|p| Register::read(&p.display().to_string(), &std::fs::read(p).unwrap()).unwrap()).collect()
}

const OWN: &str = r#"
[[register]]
id = "ponds"
title_zh = "塘"
title_en = "ponds"
keepers = ["water"]
key = "pond_id"
geometry = "point"
column = [
  { name = "pond_id", kind = "text", title_zh = "标识", title_en = "id" },
  { name = "county_code", kind = "place" },
  { name = "area_ha", kind = "number", title_zh = "面积", title_en = "area", unit = "ha", least = 0, needed = false },
  { name = "dug", kind = "date", title_zh = "开挖", title_en = "dug" },
  { name = "filled", kind = "date", title_zh = "填没", title_en = "filled", needed = false },
  { name = "lon", kind = "number", title_zh = "经度", title_en = "longitude", unit = "degree" },
  { name = "lat", kind = "number", title_zh = "纬度", title_en = "latitude", unit = "degree" },
  { name = "keeper", kind = "text", title_zh = "看护人", title_en = "keeper", personal = true, needed = false },
  { name = "state", kind = "state" },
]
measure = [
  { id = "ponds", how = "count", unit = "1", title_zh = "塘数", title_en = "ponds", from = "dug", until = "filled" },
  { id = "area", how = "sum", of = "area_ha", unit = "ha", title_zh = "面积", title_en = "area", where = { state = ["wet"] } },
  { id = "wet", how = "share", unit = "%", title_zh = "有水比例", title_en = "share with water", where = { state = ["wet"] } },
]

[register.life]
states = ["wet", "dry"]
states_zh = ["有水", "干涸"]
states_en = ["wet", "dry"]
step = [{ id = "drain", title_zh = "放干", title_en = "drain", from = ["wet"], to = "dry", by = ["water"], evidence = true }]
"#;

fn ponds() -> Register {
    Register::read("own.toml", OWN.as_bytes()).unwrap().remove(0)
}

fn rows(rows: &[&str]) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let cells = |row: &str| row.split(',').map(str::to_owned).collect::<Vec<_>>();
    (cells(rows[0]), rows[1..].iter().enumerate().map(|(i, row)| (i as u64 + 2, cells(row))).collect())
}

/// A problem's code, row and column.
type Told = (String, Option<u64>, Option<String>);

fn taken(given: &[&str]) -> (Vec<Record>, Vec<Told>) {
    let (columns, rows) = rows(given);
    let known = Known { places: ["330802".to_owned(), "330803".to_owned()].into(), ..Known::default() };
    let (records, problems) = import(&ponds(), Given { columns: &columns, rows: &rows }, &known);
    (records, problems.iter().map(|p| (p.code.to_string(), p.at.row, p.at.column.clone())).collect())
}

const GOOD: [&str; 4] = [
    "pond_id,county_code,area_ha,dug,filled,lon,lat,keeper,state",
    "A,330802,1.50,2018-05-01,2020-01-01,118.8,28.9,甲,wet",
    "B,330802,2,2019-05-01,,118.9,29,,干涸",
    "C,330803,,2021-01-01,,119,29,,wet",
];

#[test]
fn every_shipped_register_can_be_read_and_names_what_there_is() {
    let all = shipped();
    let ids: BTreeSet<&str> = all.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "a register is declared twice");
    // The list of issue 4, section 1.
    for asked in [
        "sewage_plants",
        "sewage_terminals",
        "villages_scenic",
        "villages_central",
        "villages_trees",
        "mines",
        "repair_sites",
        "hazard_villages",
        "boilers_kilns",
        "enterprises",
        "hazardous_units",
        "waste_facilities",
        "waste_trips",
        "reservoirs",
        "patrol_reaches",
        "education_bases",
        "agreements",
        "special_funds",
        "offices",
        "projects",
        "milestones",
    ] {
        assert!(ids.contains(asked), "{asked}");
    }
    for register in &all {
        for column in &register.columns {
            if let Holds::Reference(to) = &column.holds {
                assert!(ids.contains(to.as_str()), "{}.{} refers to {to}", register.id, column.name);
            }
        }
        if let Some(life) = &register.life {
            // A record can get everywhere from where it begins.
            let mut reached: BTreeSet<&str> = [life.states[0].0.as_str()].into();
            while let Some(step) = life.steps.iter().find(|s| !reached.contains(s.to.as_str()) && s.from.iter().any(|f| reached.contains(f.as_str()))) {
                reached.insert(&step.to);
            }
            let unreached: Vec<_> = life.states.iter().filter(|(s, _)| !reached.contains(s.as_str())).map(|(s, _)| s).collect();
            assert!(unreached.len() <= 1, "{}: no way to {unreached:?}", register.id);
        }
        let form = register.form();
        assert_eq!(form["fields"].as_array().unwrap().len(), register.columns.len());
    }
}

#[test]
fn what_is_exported_is_imported_as_the_same() {
    let (records, problems) = taken(&GOOD);
    assert!(problems.is_empty(), "{problems:?}");
    let register = ponds();
    let mut again: Vec<String> = vec![register.header().join(",")];
    again.extend(records.iter().map(|r| register.cells(r).join(",")));
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    assert_eq!(taken(&again).0, records);
    assert_eq!(register.cells(&records[0])[2], "1.50", "digits stay as written");
    assert_eq!(register.shown(8, &records[1].values[8], liangshan_vocab::Lang::Zh), "干涸");
}

#[test]
fn columns_go_by_their_titles_too() {
    let titled = ["标识,区划代码,面积（ha）,dug,填没,longitude,纬度,看护人,状态", "A,330802,1.5,2018-05-01,,118.8,28.9,,有水"];
    let (records, problems) = taken(&titled);
    assert_eq!((records.len(), problems.len()), (1, 0), "{problems:?}");
}

#[test]
fn everything_wrong_is_told_at_once_with_its_row() {
    let bad = [
        "pond_id,county_code,aera,dug,lon,lat,state",
        "A,330899,1.5,2018-5-1,east,28.9,wett",
        "A,330802,1.5,2018-05-01,118.8,28.9,wet",
        ",330802,1.5,2018-05-01,118.8,28.9,wet",
    ];
    let (records, problems) = taken(&bad);
    let codes: Vec<(&str, Option<u64>, Option<&str>)> = problems.iter().map(|(c, r, n)| (c.as_str(), *r, n.as_deref())).collect();
    assert_eq!(
        codes,
        [
            ("register.unknown_column", Some(1), Some("aera")),
            ("register.unknown_place", Some(2), Some("county_code")),
            ("register.not_a_day", Some(2), Some("dug")),
            ("register.not_a_number", Some(2), Some("lon")),
            ("register.unknown_code", Some(2), Some("state")),
            ("register.duplicate_key", Some(3), Some("pond_id")),
            ("register.empty", Some(4), Some("pond_id")),
        ]
    );
    assert!(records.is_empty());
}

/// By hand. On 2019-12-31 A and B are there and both count; on 2020-06-30 A is filled in. The area of wet
/// ponds has no value, because C's is not known; in 330802 it is A's 1.5. Wet are 2 of 3.
#[test]
fn measures_of_a_day() {
    let (records, _) = taken(&GOOD);
    let register = ponds();
    let of = |id: &str, on: &str| register.measure(id).unwrap().take(&register, &records, on);
    assert_eq!(of("ponds", "2019-12-31").all, Some(2.0));
    assert_eq!(of("ponds", "2020-06-30").all, Some(1.0));
    let area = of("area", "2020-06-30");
    assert_eq!((area.all, area.places["330802"], area.places["330803"]), (None, Some(1.5), None));
    assert_eq!(of("wet", "2020-06-30").all, Some(200.0 / 3.0));
    assert_eq!(register.measure("wet").unwrap().take(&register, &[], "2020-06-30").all, None, "nothing to share");
}

#[test]
fn a_map_layer_follows_and_leaves_persons_out() {
    let (records, _) = taken(&GOOD);
    let register = ponds();
    assert_eq!(register.shape(&records[0]), Some(Shape::Point(118.8, 28.9)));
    let layer = register.geojson(&records);
    assert_eq!(layer["features"][1]["geometry"]["coordinates"], serde_json::json!([118.9, 29.0]));
    assert_eq!(layer["features"][2]["properties"]["area_ha"], serde_json::Value::Null);
    assert!(layer["features"][0]["properties"].get("keeper").is_none());
}

#[test]
fn a_step_is_for_who_may_take_it_and_shows_its_evidence() {
    let life = ponds().life.unwrap();
    assert_eq!(life.take("drain", "wet", "water", true).unwrap().to, "dry");
    let code = |id, state, role, evidence| life.take(id, state, role, evidence).unwrap_err().code.to_string();
    assert_eq!(code("drain", "dry", "water", true), "register.no_step");
    assert_eq!(code("drain", "wet", "forestry", true), "register.not_allowed");
    assert_eq!(code("drain", "wet", "water", false), "register.no_evidence");
}

#[test]
fn a_slip_in_a_declaration_is_told_with_its_line() {
    let bad = OWN.replace("key = \"pond_id\"", "key = \"pond\"").replace("\"area_ha\", unit", "\"area\", unit").replace("keepers", "kepers");
    let problems = Register::read("own.toml", bad.as_bytes()).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|p| p.code.as_ref()).collect();
    for code in ["toml.unknown_key", "toml.missing", "register.declaration"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
    assert!(problems.iter().all(|p| p.at.row.is_some() && p.at.file.as_deref() == Some("own.toml")));
}
