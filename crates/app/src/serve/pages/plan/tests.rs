//! The plan's pages of the region that comes with the project, asked as the server asks them, without the
//! account.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use liangshan_atlas::book::Options;
use liangshan_atlas::rules::Day;
use liangshan_vocab::Lang;
use serde_json::Value;

use super::super::super::planning::{DeskPart, PlanPart};
use super::super::super::reply::{Refusal, Reply};
use super::super::super::route::{Ask, Gives, Route, Verb};
use super::super::super::snapshot::Snapshot;
use super::routes;

fn snapshot() -> &'static Snapshot {
    static SNAPSHOT: OnceLock<Snapshot> = OnceLock::new();
    SNAPSHOT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
        let today = Day::of(2026, 11, 25).unwrap();
        let snapshot = Snapshot::open(&folder, &Options::default(), 1, today).unwrap();
        snapshot.plan.fill(|_| PlanPart::read(&folder, today));
        snapshot.desks.fill(|_| DeskPart::read(&snapshot.region, today));
        snapshot
    })
}

fn route(path: &str, verb: Verb) -> Route {
    routes().into_iter().find(|r| r.path == path && r.verb == verb).unwrap()
}

fn asked(path: &str, verb: Verb, query: &[(&str, &str)], (sent_as, sent): (&str, &[u8])) -> Result<Reply, Refusal> {
    let route = route(path, verb);
    let given: Vec<(String, String)> = query.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let (lang, values): (Lang, BTreeMap<_, _>) = Ask::check(&route, &given)?;
    (route.answer)(&Ask { route: &route, snapshot: snapshot(), lang, path, values, sent_as, sent })
}

fn got(path: &str, query: &[(&str, &str)]) -> Result<Reply, Refusal> {
    asked(path, Verb::Get, query, ("", b""))
}

fn page(path: &str, query: &[(&str, &str)]) -> String {
    String::from_utf8(got(path, query).unwrap().body).unwrap()
}

fn document(path: &str, query: &[(&str, &str)]) -> Value {
    serde_json::from_slice(&got(path, query).unwrap().body).unwrap()
}

#[test]
fn every_page_speaks_one_language_and_names_files_that_are_there() {
    for path in ["/plan", "/plan/targets", "/plan/projects", "/plan/systems", "/plan/conform"] {
        let (zh, en) = (page(path, &[]), page(path, &[("lang", "en")]));
        assert!(zh.contains("<html lang=\"zh-CN\">") && en.contains("<html lang=\"en\">"), "{path}");
        assert_ne!(zh, en, "{path}");
        for named in zh.split("/assets/").skip(1).filter_map(|rest| rest.split('"').next()).filter_map(|at| at.split_once('/')) {
            assert!(crate::serve::assets::exists(named.1), "{path} names {}", named.1);
        }
        assert!(!zh.contains("示例负责人"), "{path} names a person");
    }
}

#[test]
fn json_is_as_its_schema_says() {
    // What is needed is there and nothing is there that the schema does not know; types are held from
    // outside by checks/interface.py.
    for (path, query) in [
        ("/api/plan", vec![]),
        ("/api/plan/targets", vec![]),
        ("/api/plan/target/{id}", vec![("id", "T05")]),
        ("/api/plan/projects", vec![]),
        ("/api/plan/systems", vec![]),
        ("/api/conform", vec![("sample", "SITE001")]),
    ] {
        let Gives::Json(schema) = route(path, Verb::Get).gives else { panic!("{path} gives no JSON") };
        let (schema, made) = (schema().to_value(), document(path, &query));
        assert!(!schema.to_string().contains("$ref"), "{path}: a schema that points elsewhere");
        for needed in schema["required"].as_array().unwrap() {
            assert!(made.get(needed.as_str().unwrap()).is_some(), "{path}: {needed} is missing");
        }
        for key in made.as_object().unwrap().keys() {
            assert!(schema["properties"].get(key).is_some(), "{path}: {key} is not in the schema");
        }
    }
}

#[test]
fn sentences_are_all_there_and_the_open_one_shows_what_feeds_it() {
    let plan = snapshot().plan.get().unwrap().on(None).unwrap();
    assert_eq!(plan.on.to_string(), "2020-06-30", "the last day that the projects were reported for");
    let made = document("/api/plan", &[]);
    assert_eq!(made["rows"].as_array().unwrap().len(), plan.sentences.len());
    let row = plan.sentence_views.iter().find(|v| v.feeds.iter().any(|f| f.feed.kind == "target")).unwrap();
    let opened = page("/plan", &[("open", &row.id)]);
    let target = row.feeds.iter().find(|f| f.feed.kind == "target").unwrap();
    assert!(opened.contains(&format!("href=\"/plan/target/{}\"", target.feed.of)));
    assert!(opened.contains("id=\"open\""));
    let red = document("/api/plan", &[("state", "red")]);
    assert!(red["rows"].as_array().unwrap().iter().all(|r| r["state"] == "red"));
}

#[test]
fn what_the_plan_names_is_all_there() {
    // 231 rows: the table that comes with the plan.
    assert_eq!(document("/api/plan/systems", &[])["rows"].as_array().unwrap().len(), 231);
}

#[test]
fn wrong_values_are_refused_with_the_nearest() {
    for (path, query) in [
        ("/plan", vec![("open", "S99999")]),
        ("/plan", vec![("office", "OFF-NOBODY")]),
        ("/plan/target/{id}", vec![("id", "T999")]),
        ("/plan/projects", vec![("clause", "任务9.9")]),
        ("/plan/register/{id}", vec![("id", "nothing")]),
        ("/api/conform", vec![("sample", "SITE999")]),
    ] {
        let refused = got(path, &query).unwrap_err();
        assert_eq!(refused.status(), 404, "{path} {query:?}");
    }
    assert_eq!(got("/plan", &[("state", "purple")]).unwrap_err().status(), 400);
}

/// The forms that people paste are one site: the same verdict and area, and it is said what was recognised.
#[test]
fn a_pasted_site_is_judged_and_said_what_it_was_read_as() {
    let sample = document("/api/conform", &[("sample", "SITE001")]);
    assert_eq!(sample["opinions"][0]["verdict"], "PASS", "the table of samples says so of SITE001");
    let wkt = "POLYGON ((385899.455 3207168.219, 386240.862 3207810.264, 385846.052 3208020.205, 385629.096 3207929.673, 385373.041 3207448.139, 385899.455 3207168.219))";
    let sent = |body: &[u8], query: &[(&str, &str)]| -> Value {
        serde_json::from_slice(&asked("/api/conform", Verb::Post, query, ("text/plain", body)).unwrap().body).unwrap()
    };
    let pasted = sent(wkt.as_bytes(), &[("on", "2020-03-02")]);
    assert!(pasted["reading"].as_str().unwrap().contains("WKT"));
    assert_eq!(pasted["opinions"][0]["site"]["area_m2"], sample["opinions"][0]["site"]["area_m2"]);
    assert_eq!(pasted["opinions"][0]["digest"].as_str().map(str::len), sample["opinions"][0]["digest"].as_str().map(str::len));
    let form = format!("text={}&on=2020-03-02", wkt.replace(' ', "+").replace(',', "%2C"));
    let shown = asked("/plan/conform", Verb::Post, &[], ("application/x-www-form-urlencoded", form.as_bytes())).unwrap();
    let shown = String::from_utf8(shown.body).unwrap();
    // A pasted site says nothing of its fuel, which the sample's row does: the rule of the no-burn zone waits for it.
    assert!(shown.contains("id=\"verdict\"") && shown.contains("须先说明") && !shown.contains(">通过<"));
}

#[test]
fn what_cannot_be_judged_is_told_in_full() {
    let reply = asked("/plan/conform", Verb::Post, &[], ("application/x-www-form-urlencoded", b"text=POLYGON+((1+2,3")).unwrap();
    assert_eq!(reply.status, 400);
    assert!(String::from_utf8(reply.body).unwrap().contains("letters"));
    assert_eq!(asked("/api/conform", Verb::Post, &[], ("text/plain", b"")).unwrap_err().status(), 400);
}

#[test]
fn the_opinion_is_a_file_to_print() {
    let reply = got("/download/plan/opinion", &[("sample", "SITE002")]).unwrap();
    assert_eq!(reply.file.as_deref(), Some("opinion-SITE002.html"));
    assert!(reply.body.starts_with(b"<!doctype html>"));
}

/// The region's table has 40 projects; the person that answers for each is declared personal.
#[test]
fn a_register_to_take_along_names_no_person() {
    let reply = got("/download/plan/register/{id}", &[("id", "projects")]).unwrap();
    assert_eq!(reply.file.as_deref(), Some("projects.csv"));
    let table = String::from_utf8(reply.body).unwrap();
    let header = table.lines().next().unwrap();
    assert!(header.contains("project_id") && header.contains("lead_office") && !header.contains("responsible_person"), "{header}");
    assert_eq!(table.lines().count(), 41);
    assert!(table.contains("DEMO-P001") && table.contains("OFF-NR"), "codes as they are written");
}

#[test]
fn a_what_if_that_fails_leaves_the_verdict() {
    let told = document("/api/conform", &[("sample", "SITE002"), ("becomes", "no such class")]);
    assert_eq!((told["opinions"].as_array().unwrap().len(), &told["becomes"]), (1, &Value::Null));
    assert!(!told["becomes_problems"].as_array().unwrap().is_empty());
    let plain = document("/api/conform", &[("sample", "SITE002")]);
    assert_eq!((&plain["opinions"], &plain["becomes_problems"]), (&told["opinions"], &Value::Null));
}

/// All of the site lies in a core zone: nothing of it would remain.
#[test]
fn a_site_wholly_in_a_line_is_sent_elsewhere() {
    let shown = page("/plan/conform", &[("sample", "SITE019")]);
    assert!(shown.contains("只能另选地方") && !shown.contains("移出后余 0.00"));
}
