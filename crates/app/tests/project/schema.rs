//! The JSON Schemas of `docs/reference/schema/` against what the program writes. The checker knows
//! the keywords those schemas use and refuses any other, so that none is believed without being held.

use std::process::Command;

use liangshan_atlas::calculators;
use liangshan_atlas::explain::{ExplainStep, Explanation};
use liangshan_atlas::layers::Read;
use liangshan_vocab::{Digest, Evidence, Fen, Lang, MethodRef, Origin, Period, Place, Problem, Statement, Text, Value as Stated, text};
use serde_json::{Map, Value, json};

use crate::reference::spec_of;
use crate::sources::{files, read, root};

/// Annotations, which ask for nothing.
const SAID_ONLY: [&str; 6] = ["$schema", "$id", "$defs", "title", "description", "examples"];

fn schema(name: &str) -> Value {
    serde_json::from_str(&read(&format!("docs/reference/schema/{name}"))).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

/// What is wrong with a value under a schema, each with the place.
fn faults(value: &Value, schema: &Value, home: &Value, at: &str) -> Vec<String> {
    let Some(rules) = schema.as_object() else { panic!("a schema is an object, at {at}") };
    let mut out = Vec::new();
    let none = Map::new();
    let properties = rules.get("properties").and_then(Value::as_object).unwrap_or(&none);
    for (rule, said) in rules {
        match rule.as_str() {
            rule if SAID_ONLY.contains(&rule) => {}
            "type" => {
                let kinds: Vec<&str> = said.as_array().map_or_else(|| said.as_str().into_iter().collect(), |a| a.iter().filter_map(Value::as_str).collect());
                if !kinds.iter().any(|kind| is_of(value, kind)) {
                    out.push(format!("{at}: {value} is not {kinds:?}"));
                }
            }
            "const" if value != said => out.push(format!("{at}: {value} is not {said}")),
            "enum" if !said.as_array().unwrap().contains(value) => out.push(format!("{at}: {value} is not one of {said}")),
            "const" | "enum" => {}
            "minimum" if value.as_f64().is_some_and(|v| v < said.as_f64().unwrap()) => out.push(format!("{at}: {value} is below {said}")),
            "minimum" => {}
            "minLength" | "maxLength" | "minItems" | "maxItems" => {
                let length = value.as_str().map(|s| s.chars().count()).or_else(|| value.as_array().map(Vec::len));
                let limit = usize::try_from(said.as_u64().unwrap()).unwrap();
                if length.is_some_and(|l| if rule.starts_with("min") { l < limit } else { l > limit }) {
                    out.push(format!("{at}: {value} breaks {rule} {limit}"));
                }
            }
            "required" => {
                let lacking = said.as_array().unwrap().iter().filter_map(Value::as_str).filter(|key| value.is_object() && value.get(key).is_none());
                out.extend(lacking.map(|key| format!("{at}: {key} is absent")));
            }
            "properties" => {
                for (key, inner) in value.as_object().unwrap_or(&none) {
                    if let Some(rule) = properties.get(key) {
                        out.extend(faults(inner, rule, home, &format!("{at}.{key}")));
                    }
                }
            }
            "additionalProperties" => {
                assert_eq!(said, &Value::Bool(false), "only false is known, at {at}");
                let extra = value.as_object().unwrap_or(&none).keys().filter(|key| !properties.contains_key(*key));
                out.extend(extra.map(|key| format!("{at}: {key} is not described")));
            }
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    out.extend(faults(item, said, home, &format!("{at}[{i}]")));
                }
            }
            "oneOf" => {
                let fits = said.as_array().unwrap().iter().filter(|one| faults(value, one, home, at).is_empty()).count();
                if fits != 1 {
                    out.push(format!("{at}: {value} fits {fits} of {} shapes", said.as_array().unwrap().len()));
                }
            }
            "$ref" => match said.as_str().unwrap().split_once("#/$defs/") {
                Some(("", name)) => out.extend(faults(value, &home["$defs"][name], home, at)),
                _ => {
                    let other = self::schema(said.as_str().unwrap());
                    out.extend(faults(value, &other, &other, at));
                }
            },
            other => panic!("the keyword {other} is not known to this checker, at {at}"),
        }
    }
    out
}

fn assert_fits(value: &Value, name: &str) {
    let schema = schema(name);
    let found = faults(value, &schema, &schema, "$");
    assert!(found.is_empty(), "{name}: {found:#?}");
}

fn problem() -> Problem {
    Problem::error("classes.unlisted", text("未列出的类别", "an unlisted class"))
        .file("sources/a.csv")
        .row(3)
        .column("code")
        .key("47")
        .cells(12)
        .area_m2(750_000.0)
        .expect(text("一行", "a row"))
        .fix(text("补一行", "add a row"))
        .count(4)
}

fn statement(value: Stated, part: Option<&str>) -> Statement {
    Statement {
        kind: "value".into(),
        place: Place::new("330802", "osm-2020"),
        period: Period::year(2020),
        part: part.map(str::to_owned),
        value,
        method: MethodRef { profile: "national-2022-reconstructed".into(), indicator: "soil_retention".into(), version: "1".into() },
        evidence: Evidence::Unverified,
        origin: Origin::Mixed,
        basis: Digest::of_bytes(&[7; 32]),
    }
}

fn money() -> Statement {
    statement(Stated::Amount { amount: json!(Fen(12_345)), unit: "fen".into() }, Some("forest"))
}

#[test]
fn problems_fit_their_schema() {
    for said in [problem(), Problem::warning("a.b", text("甲", "a")), Problem::note("a.b", text("乙", "b"))] {
        assert_fits(&said.to_json(Lang::Zh), "problem.json");
        assert_fits(&said.to_json(Lang::En), "problem.json");
    }
}

#[test]
fn problems_as_the_program_prints_them_fit_too() {
    // A template without its rasters: every missing file is a problem, and nothing else is printed.
    let dir = tempfile::tempdir().unwrap();
    let region = dir.path().join("city");
    let run = |command: &str| Command::new(env!("CARGO_BIN_EXE_liangshan")).arg(command).arg(&region).args(["--json", "--lang", "en"]).output().unwrap();
    assert_eq!(run("new").status.code(), Some(0));
    let out = run("check");
    assert_eq!(out.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let problems = document["problems"].as_array().unwrap();
    assert!(problems.iter().any(|p| p["code"] == "source.missing_file"));
    problems.iter().for_each(|p| assert_fits(p, "problem.json"));
}

#[test]
fn declarations_fit_their_schema() {
    for model in liangshan_models::all() {
        assert_fits(&spec_of(model), "spec.json");
        assert_fits(&model.spec.to_json(), "spec.json");
    }
    for calculator in calculators::all() {
        assert_fits(&calculator.spec.to_json(), "spec.json");
    }
}

#[test]
fn statements_fit_their_schema() {
    let values = [
        Stated::Amount { amount: json!(1.5), unit: "t".into() },
        Stated::Amount { amount: json!(Fen(-1)), unit: "fen".into() },
        Stated::Class { class: "III".into() },
        Stated::Holds { rule: "a".into(), holds: true },
    ];
    for value in values {
        assert_fits(&serde_json::to_value(statement(value, None)).unwrap(), "statement.json");
    }
    assert_fits(&serde_json::to_value(money()).unwrap(), "statement.json");
}

#[test]
fn explanations_fit_their_schema() {
    let step = |amount: &str| ExplainStep {
        symbol: "A[forest]".into(),
        title: text("面积", "area"),
        amount: amount.into(),
        unit: "ha".into(),
        from: Text::same("sources/a.tif"),
    };
    let read =
        Read { file: "sources/a.tif".into(), part: "band 2".into(), digest: Digest::of_bytes(&[1; 32]), origin: Origin::Synthetic, licence: "CC0-1.0".into() };
    let explanation = Explanation {
        title: text("水源涵养", "water conservation"),
        statements: vec![money()],
        formula: text("Q = …", "Q = …"),
        latex: "Q".into(),
        steps: vec![step("12.5"), step("98765432109876543210"), step("ok")],
        inputs: vec![read],
        warnings: vec![problem()],
    };
    assert_fits(&explanation.to_json(Lang::En), "explain.json");
    // A number that was not computed has no statement.
    assert_fits(&Explanation { statements: Vec::new(), ..explanation }.to_json(Lang::Zh), "explain.json");
}

#[test]
fn what_a_run_left_fits_too() {
    // Nothing to look at before the first run; what lies there was written by the program itself.
    for path in files("regions/quzhou/out", "statements.jsonl") {
        let schema = schema("statement.json");
        for line in read(&path).lines().step_by(101) {
            let found = faults(&serde_json::from_str(line).unwrap(), &schema, &schema, "$");
            assert!(found.is_empty(), "{path}: {found:#?}");
        }
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let good = problem().to_json(Lang::Zh);
    let broken = [
        ("severity", json!("fatal")),
        ("code", json!(7)),
        ("where", json!({ "file": "a", "line": 3 })),
        ("where", json!({ "row": 0 })),
        ("count", json!(1)),
        ("also", json!("an unknown key")),
    ];
    for (key, value) in broken {
        let mut bad = good.clone();
        bad[key] = value;
        let schema = schema("problem.json");
        assert_eq!(faults(&bad, &schema, &schema, "$").len(), 1, "{bad}");
    }
    let mut lacking = good;
    lacking.as_object_mut().unwrap().shift_remove("try");
    let schema = schema("problem.json");
    assert_eq!(faults(&lacking, &schema, &schema, "$").len(), 1);
}

#[test]
fn every_schema_says_what_it_is() {
    let folder = "docs/reference/schema";
    assert!(root().join(folder).is_dir());
    let all = files(folder, ".json");
    assert_eq!(all.len(), 4);
    for path in all {
        let schema: Value = serde_json::from_str(&read(&path)).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{path}");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{path}");
    }
}
