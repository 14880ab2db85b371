//! Standards are data: what is shipped is sound, and a new item, limit or edition is text alone.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken standard should stop its test

use liangshan_duty::standard::{Day, RuleText, Standards, shipped, shipped_texts};
use liangshan_vocab::Problems;

fn day(written: &str) -> Day {
    Day::parse(written).unwrap()
}

fn codes(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|p| p.code.as_ref()).collect()
}

/// The shipped standards with a region's texts on top.
fn with(texts: &[(&str, &str)]) -> (Standards, Problems) {
    let own: Vec<RuleText> = texts.iter().map(|(file, text)| RuleText::new(*file, (*text).to_owned())).collect();
    Standards::read(&[&shipped_texts(), &own])
}

#[test]
fn what_is_shipped_is_sound() {
    let (_, problems) = Standards::read(&[&shipped_texts()]);
    assert!(problems.is_empty(), "{problems:?}");
    let problems = shipped().check();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(shipped().all().iter().map(|s| s.rules.len()).sum::<usize>() >= 20);
}

/// GB 3838-2002, table 1, by hand: ammonia nitrogen, class III, 1.0 mg/L; GB 15618-2018, table 1.
#[test]
fn numbers_of_the_standards() {
    let water = shipped().in_force("water", "limits", day("2026-11-25")).unwrap();
    let table = water.table("limits").unwrap();
    let ammonia = table.row("nh3n").unwrap();
    assert_eq!((table.number(ammonia, "III"), table.unit(ammonia, "III"), table.text(ammonia, "name_zh")), (Some(1.0), Some("mg/L"), "氨氮"));
    let soil = shipped().get("gb15618-2018").unwrap();
    let table = soil.table("screening").unwrap();
    assert_eq!(table.number(table.row("Cd/paddy").unwrap(), "ph_6_5"), Some(0.4));
}

/// A fictitious successor, by text only: it ends the old edition, tightens one limit, adds an item.
#[test]
fn an_edition_an_item_and_a_limit_without_code() {
    let samples = "rule,key,fires,silent\nworse-than-III,ni,0.021,0.02\nworse-than-I,ni,0.021,0.02\nworse-than-II,ni,0.021,0.02\n\
                   worse-than-IV,ni,0.021,0.02\nworse-than-V,ni,0.021,0.02\n";
    let edition = |samples: &str| {
        with(&[
            ("water/gb3838-2002.toml", "id = \"gb3838-2002\"\nextends = \"gb3838-2002\"\nuntil = 2030-01-01\n"),
            (
                "water/gb3838-2030.toml",
                "id = \"gb3838-2030\"\nextends = \"gb3838-2002\"\nnumber = \"GB 3838-2030 (fictitious)\"\nfrom = 2030-01-01\n\
             samples = \"new-samples.csv\"\n[table.limits]\nfile = \"new.csv\"\n",
            ),
            (
                "water/new.csv",
                "no,code,name_zh,name_en,unit,direction,low,I,II,III,IV,V\n\
             7,nh3n,氨氮,ammonia nitrogen,mg/L,le,,0.15,0.5,0.8,1.5,2.0\n25,ni,镍,nickel,mg/L,le,,0.02,0.02,0.02,0.02,0.02\n",
            ),
            ("water/new-samples.csv", samples),
        ])
    };
    let (standards, problems) = edition(samples);
    assert!(problems.is_empty(), "{problems:?}");
    let limit = |on: &str, item: &str| {
        let standard = standards.in_force("water", "limits", day(on)).unwrap();
        let table = standard.table("limits").unwrap();
        (standard.id.clone(), table.row(item).and_then(|row| table.number(row, "III")))
    };
    assert_eq!(limit("2029-12-31", "nh3n"), ("gb3838-2002".to_owned(), Some(1.0)));
    assert_eq!(limit("2030-01-01", "nh3n"), ("gb3838-2030".to_owned(), Some(0.8)));
    assert_eq!((limit("2029-12-31", "ni").1, limit("2030-01-01", "ni").1), (None, Some(0.02)));
    // The old sample says that 1.0 mg/L is class III: it no longer is, and the check says so.
    let problems = standards.check();
    assert_eq!(codes(&problems), ["standard.sample"], "{problems:?}");
    assert!(problems.0[0].at.key.as_deref() == Some("worse-than-III: nh3n"), "{problems:?}");
    // Samples of its own for that row take the place of the old ones.
    let (standards, _) = edition(&format!("{samples}worse-than-III,nh3n,0.81,0.8\n"));
    assert!(standards.check().is_empty(), "{:?}", standards.check());
}

#[test]
fn gaps_and_overlaps_between_editions_are_told() {
    let (standards, _) = with(&[("water/next.toml", "id = \"next\"\nextends = \"gb3838-2002\"\nfrom = 2030-01-01\n")]);
    assert_eq!(codes(&standards.check()), ["standard.overlap"]);
    let (standards, _) = with(&[
        ("water/gb3838-2002.toml", "id = \"gb3838-2002\"\nextends = \"gb3838-2002\"\nuntil = 2029-01-01\n"),
        ("water/next.toml", "id = \"next\"\nextends = \"gb3838-2002\"\nfrom = 2030-01-01\n"),
    ]);
    assert_eq!(codes(&standards.check()), ["standard.gap"]);
    assert_eq!(standards.in_force("water", "limits", day("2029-06-01")).unwrap_err().code, "standard.none_in_force");
    // A local variant that no day chooses does not overlap with anything.
    let (standards, _) = with(&[("water/local.toml", "id = \"local\"\nextends = \"gb3838-2002\"\nby_name = true\n")]);
    assert!(standards.check().is_empty() && standards.get("local").is_ok());
}

/// Lines are counted in the text.
#[test]
fn every_fault_is_told_with_its_line_and_the_nearest_name() {
    let (_, problems) = with(&[
        (
            "water/bad.toml",
            "id = \"bad\"\ntitle_zh = \"坏\"\ntitle_en = \"bad\"\nnumber = \"X 1\"\ndomain = \"watr\"\nkind = \"limits\"\nfrom = 2030-01-01\n\
             until = 2029-01-01\nevidense = \"verified\"\nevidence = \"verified\"\nsource = \"none\"\n[table.limits]\ntitle_zh = \"限\"\n\
             title_en = \"limits\"\nat = \"1\"\nfile = \"bad.csv\"\nkey = [\"cod\"]\n[table.limits.columns]\ncode = { is = \"text\" }\n\
             III = { is = \"number\", unit = \"mg/l\" }\n[[rule]]\nid = \"r\"\ntitle_zh = \"规\"\ntitle_en = \"r\"\ntest = \"ower\"\nlimit = 1\nunit = \"mg/L\"\n",
        ),
        ("water/bad.csv", "code,IIII\nnh3n,1\nnh3n,x\ncod,2,3\n"),
    ]);
    let told: Vec<(String, u64)> = problems.iter().map(|p| (p.code.to_string(), p.at.row.unwrap_or(0))).collect();
    for wanted in [("toml.choice", 5), ("standard.period", 8), ("toml.unknown_key", 9), ("standard.column", 17), ("unit.unknown", 20), ("toml.choice", 25)] {
        assert!(told.iter().any(|(code, row)| (code.as_str(), *row) == wanted), "{wanted:?} is not among {told:?}");
    }
    assert!(problems.iter().any(|p| p.fix.en.contains("\"water\"")) && problems.iter().any(|p| p.fix.en.contains("\"evidence\"")));
    assert!(problems.iter().all(|p| p.at.file.as_deref().is_some_and(|f| f.starts_with("rules/water/bad."))));
}

#[test]
fn faults_in_a_table_are_told_with_their_row() {
    let head = "id = \"t\"\nextends = \"gb3838-2002\"\nby_name = true\n[table.drinking]\nfile = \"t.csv\"\n";
    let (_, problems) = with(&[
        ("water/t.toml", head),
        (
            "water/t.csv",
            "no,code,name_zh,name_en,unit,limit,more\n1,so4,硫酸盐,sulfate,mg/l,2,\n2,cl,氯化物,chloride,mg/L,<2,\n3,so4\n4,x,某,x,mg/L,1,\n5,x,某,x,mg/L,1,\n",
        ),
    ]);
    let told: Vec<(&str, u64)> = problems.iter().map(|p| (p.code.as_ref(), p.at.row.unwrap_or(0))).collect();
    assert_eq!(told, [("standard.column", 1), ("unit.unknown", 2), ("standard.cell", 3), ("standard.csv", 4), ("standard.key_twice", 6)]);
    assert!(problems.iter().all(|p| p.at.file.as_deref() == Some("rules/water/t.csv")));
}

#[test]
fn extending_in_a_circle_or_from_nowhere_is_told() {
    let (_, problems) = with(&[("water/a.toml", "id = \"a\"\nextends = \"b\"\n"), ("water/b.toml", "id = \"b\"\nextends = \"a\"\n")]);
    assert_eq!(codes(&problems), ["standard.extends_itself"]);
    let (_, problems) = with(&[("water/a.toml", "id = \"a\"\nextends = \"gb3838-2012\"\n")]);
    assert_eq!(codes(&problems), ["standard.unknown"]);
    assert!(problems.0[0].fix.en.contains("gb3838-2002"));
}

#[test]
fn a_rule_without_proof_is_told() {
    let (standards, problems) = with(&[(
        "water/r.toml",
        "id = \"r\"\nextends = \"gb3838-2002\"\nby_name = true\n[[rule]]\nid = \"run\"\ntitle_zh = \"连续\"\ntitle_en = \"run\"\ntest = \"over\"\n\
         limit = 1\nunit = \"mg/L\"\nconsecutive = 2\nfires = [\"1.1 1.2\"]\n",
    )]);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(codes(&standards.check()), ["standard.no_sample"]);
    let rule = standards.get("r").unwrap().rule("run").unwrap();
    let bound = rule.bounds(standards.get("r").unwrap()).unwrap()[0].1;
    let fires = |series: &[Option<f64>]| rule.fires(standards.get("r").unwrap(), "", &bound, series);
    assert_eq!(fires(&[Some(1.1), None, Some(1.2)]), None, "a missing value ends a run");
    assert_eq!(fires(&[Some(0.9), Some(1.1), Some(1.2)]), Some(2));
}
