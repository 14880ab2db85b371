//! Watched places, asked from outside: what a section's page and its JSON say, on the map and in lists.

use std::path::Path;

use serde_json::Value;

use super::accounts::faults;
use super::{Server, sample};

const SIDECAR: &str = r#"title_zh = "试验"
title_en = "trial"
origin = "synthetic"
from = "written by a test"
licence = "CC0-1.0"
period = "2020"
delivered = "made for a test"
covers = "two sections"
"#;

/// Two sections of a river on the map, the lower one named by the upper one, a third without data, and one
/// sample of each of the first two.
fn with_sections(region: &Path) {
    let write = |name: &str, content: &str, more: &str| {
        std::fs::write(region.join("sources").join(name), content).unwrap();
        std::fs::write(region.join("sources").join(format!("{name}.toml")), format!("{SIDECAR}{more}")).unwrap();
    };
    let point = |id: &str, name: &str, x: f64, target: &str, below: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{name}","target":"{target}","downstream_section":"{below}","location_origin":"synthetic"}},"geometry":{{"type":"Point","coordinates":[{x},3295000]}}}}"#
        )
    };
    let features =
        [point("S1", "上游", 404_000.0, "II", "下游"), point("S2", "下游", 405_000.0, "III", ""), point("S 3", "旁边", 406_000.0, "III", "")].join(",");
    write("sections.geojson", &format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#), "crs = \"EPSG:4549\"\n");
    write(
        "sections.csv",
        "section,time_local,ph,do_mg_l,codmn_mg_l,nh3n_mg_l,tp_mg_l,station_status\n\
         上游,2020-06-10T08:00+08:00,7.2,8.0,1.5,0.40,0.05,正常\n\
         下游,2020-06-10T08:00+08:00,7.2,8.0,1.5,1.30,0.05,正常\n",
        "",
    );
    write("targets.csv", "name_zh,water_type,target_class\n上游,河流,II\n下游,河流,III\n", "");
    let declared = std::fs::read_to_string(region.join("region.toml")).unwrap();
    let more = r#"
[map.sections]
title_zh = "断面"
title_en = "sections"
kind = "section"
file = "sources/sections.geojson"
id = "id"
label = "name"
target = "target"

[observations.june]
title_zh = "六月"
title_en = "June"
domain = "water"
file = "sources/sections.csv"
stations = "sources/targets.csv"
"#;
    std::fs::write(region.join("region.toml"), format!("{declared}{more}")).unwrap();
}

fn item<'v>(verdict: &'v Value, code: &str) -> &'v Value {
    verdict["items"].as_array().unwrap().iter().find(|i| i["code"] == code).unwrap()
}

#[test]
fn a_section_says_how_it_stands_and_why() {
    let (_folder, region) = sample();
    with_sections(&region);
    let server = Server::start(&region, &[]);
    assert_eq!(server.ready("/api/points").status, 200);

    // GB 3838-2002, table 1: ammonia of class II is at most 0.5 mg/L, of III 1.0, of IV 1.5.
    let above = server.get("/api/environment/section/S1?lang=en").json();
    let period = &above["standings"][0]["period"];
    assert_eq!((above["state"].clone(), period["grade"]["code"].clone(), period["met"].clone()), ("met".into(), "2".into(), true.into()));
    assert_eq!((item(period, "nh3n")["limit"].clone(), item(period, "nh3n")["decides"].clone()), ("≤ 0.5".into(), true.into()));
    // The whole row of limits, from class I to V.
    assert_eq!(item(period, "nh3n")["limits"], serde_json::json!(["≤ 0.15", "≤ 0.5", "≤ 1", "≤ 1.5", "≤ 2"]));
    assert_eq!(item(period, "do")["limit"], "≥ 6");
    assert_eq!(above["downstream"]["id"], "S2");

    // 1.3 mg/L are class IV, 0.3 times above class III: (1.3 - 1.0) / 1.0.
    let below = server.get("/api/environment/section/S2?lang=en").json();
    let period = &below["standings"][0]["period"];
    assert_eq!((below["state"].clone(), period["grade"]["code"].clone(), period["met"].clone()), ("missed".into(), "4".into(), false.into()));
    assert_eq!((item(period, "nh3n")["multiple"].clone(), period["main"].clone()), ("0.3".into(), "ammonia nitrogen(0.3)".into()));
    assert_eq!(below["upstream"][0]["id"], "S1");
    assert!(below["county"].is_array(), "{below}");

    let without = server.get("/api/environment/section/S%203").json();
    assert_eq!((without["state"].clone(), without["standings"].as_array().unwrap().len()), ("no_data".into(), 0));
    let states: Vec<Value> = server.get("/api/points").json()["points"].as_array().unwrap().iter().map(|p| p["state"].clone()).collect();
    assert_eq!(states, ["met", "missed", "no_data"]);

    pages(&server);
    described(&server);
    refusals(&server);
}

fn pages(server: &Server) {
    for path in
        ["/environment", "/environment/section/S1", "/environment/section/S2", "/environment/section/S%203", "/environment/standard/gb3838-2002", "/map"]
    {
        let (zh, en) = (server.get(path), server.get(&format!("{path}?lang=en")));
        assert_eq!((zh.status, en.status), (200, 200), "{path}");
        assert!(zh.text().contains("<html lang=\"zh-CN\">") && en.text().contains("<html lang=\"en\">"), "{path}");
    }
    let page = server.get("/environment/section/S2?lang=en").text();
    for way in ["/environment/standard/gb3838-2002", "/environment/june", "/map?at=", "/environment/section/S1", "/api/environment/june?place="] {
        assert!(page.contains(&format!("href=\"{way}")), "no way to {way}");
    }
    assert!(page.contains("<svg") && page.contains("target missed") && page.contains("ammonia nitrogen"));
    // What the map draws by: the state of each, and the way to its page.
    let map = server.get("/map").text();
    assert!(map.contains(r#""S1":{"letter":"Ⅱ","page":"/environment/section/S1","state":"met"}"#), "the map has no state of S1");
    assert!(map.contains(r#""page":"/environment/section/S%203","state":"no_data""#), "the map has no page of S 3");
    // Of one place the file's JSON has that place alone.
    let one = server.get("/api/environment/june?place=%E4%B8%8B%E6%B8%B8").json();
    let samples = one["tables"]["samples"].as_array().unwrap();
    assert_eq!((samples.len(), samples[0]["section"].clone()), (1, "下游".into()));
}

fn described(server: &Server) {
    let described = server.get("/api/openapi.json").json();
    for (path, asked) in [
        ("/api/points", "/api/points"),
        ("/api/environment/section/{id}", "/api/environment/section/S2"),
        ("/api/environment/standard/{id}", "/api/environment/standard/gb3838-2002"),
    ] {
        let schema = &described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{path} is not described");
        let mut found = Vec::new();
        faults(schema, &server.get(asked).json(), "", &mut found);
        assert!(found.is_empty(), "{asked}: {found:?}");
    }
}

fn refusals(server: &Server) {
    let gone = server.get("/api/environment/section/S4");
    assert_eq!((gone.status, gone.json()["problems"][0]["code"].clone()), (404, "web.unknown_value".into()));
    assert_eq!(server.get("/environment/station/S1").status, 404, "a section is no station");
    let place = server.get("/api/environment/june?place=nowhere").json();
    assert!(place["problems"][0]["expected"].to_string().contains("上游"), "{place}");
    assert_eq!(server.get("/api/environment/standard/gb0").status, 404);
    assert_eq!(server.get("/tiles/ecosystem/1999/9/426/213").status, 404);
    assert_eq!(server.get("/tiles/ecosystem/2020/0/0/0").status, 200);
}
