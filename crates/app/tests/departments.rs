//! Tables as departments really send them: two lines of heads, merged cells, titles above and signatures below,
//! typing errors in single cells. What cannot be read is told, and nothing is passed without it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

use std::fs;
use std::process::{Command, Stdio};

use liangshan_formats::workbook::{Cell, Sheet, Span, Workbook, write_workbook};
use serde_json::Value;

/// The document of a file judged in an empty folder, and the names of what was written there.
#[track_caller]
fn judged(domain: &str, name: &str, bytes: impl AsRef<[u8]>, more: &[&str], code: i32) -> (Value, Vec<String>) {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join(name), bytes).unwrap();
    let mut arguments = vec!["assess", domain, name, "--json", "--lang", "en", "--out", "out"];
    arguments.extend(more);
    let out = Command::new(env!("CARGO_BIN_EXE_liangshan")).args(&arguments).current_dir(desk.path()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(out.status.code(), Some(code), "{}{}", String::from_utf8_lossy(&out.stderr), String::from_utf8_lossy(&out.stdout));
    let written = fs::read_dir(desk.path().join("out")).map(|d| d.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect());
    (serde_json::from_slice(&out.stdout).unwrap(), written.unwrap_or_default())
}

/// Code, row and column of each problem of a severity.
fn told<'d>(document: &'d Value, severity: &str) -> Vec<(&'d str, u64, &'d str)> {
    let of = document["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == severity);
    of.map(|p| (p["code"].as_str().unwrap(), p["where"]["row"].as_u64().unwrap_or(0), p["where"]["column"].as_str().unwrap_or(""))).collect()
}

fn column<'d>(document: &'d Value, table: &str, column: &str) -> Vec<&'d Value> {
    document["tables"][table].as_array().unwrap_or_else(|| panic!("no table {table}")).iter().map(|r| &r[column]).collect()
}

/// By hand from table 1 of GB 3838-2002: 0.05 mg/L of phosphorus and 0.3 of ammonia are class II in a river. A
/// cell that cannot be read, one of another unit, two that differ and an impossible pH leave the class open.
#[test]
fn what_cannot_be_read_passes_nothing() {
    let csv = "断面,时间,pH,氨氮,总磷\n甲,2025-03-05,7,0.3,0.05\n乙,2025-03-05,7,约0.3,0.05\n丙,2025-03-05,7,\"1,234\",0.05\n\
        丁,2025-03-05,7,0.3,0.05\n丁,2025-03-05,7,0.4,0.05\n戊,2025-03-05,17,0.3,0.05\n己,2025-03-05,7,-0.3,0.05\n";
    let (document, _) = judged("water", "a.csv", csv, &[], 1);
    let names = column(&document, "samples", "section");
    let open: Vec<&str> = names.iter().zip(column(&document, "samples", "meets_III")).filter(|(_, m)| m.is_null()).map(|(n, _)| n.as_str().unwrap()).collect();
    assert_eq!((names.len(), open.len()), (6, 5), "only 甲 is decided: {open:?}");
    assert!(!open.contains(&"甲"));
    let (months, decided) = (column(&document, "periods", "meets_III"), column(&document, "periods", "span"));
    let passed = months.iter().zip(decided).filter(|(m, s)| m.as_bool() == Some(true) && s["en"] == "month").count();
    assert_eq!(passed, 1, "a month whose only value of ammonia cannot be read is no pass");
    let errors = told(&document, "error");
    assert_eq!(
        errors,
        [("assess.not_a_value", 3, "氨氮"), ("assess.not_a_value", 4, "氨氮"), ("water.not_a_value", 7, "pH"), ("water.not_a_value", 8, "氨氮")]
    );
    assert!(told(&document, "warning").contains(&("water.contradiction", 6, "氨氮")), "{:?}", told(&document, "warning"));
    // A column of a unit that does not fit is not there to be read.
    let (document, _) = judged("water", "b.csv", "断面,时间,pH,氨氮(kg/m),总磷\n甲,2025-03-05,7,0.3,0.05\n", &[], 1);
    assert_eq!(column(&document, "samples", "meets_III"), [&Value::Null]);
    assert_eq!(told(&document, "error")[0], ("assess.unit_unknown", 1, "氨氮(kg/m)"));
}

/// By hand from GB 15618-2018: cadmium of 0.31 mg/kg is above 0.3 in paddy at pH 5.4, so a point of which two
/// differing values of it are there is not one of low risk.
#[test]
fn a_point_of_soil_is_not_passed_without_the_item_in_doubt() {
    let csv = "点位编号,用地类型,pH,镉(mg/kg),汞,砷\nP1,水田,5.4,0.1,0.1,22\nP1,水田,5.4,0.31,0.1,22\nP2,水田,5.4,o.1,0.1,22\nP3,水田,5.4,0.1,0.1,22\n";
    let (document, _) = judged("soil", "a.csv", csv, &[], 1);
    let verdicts = column(&document, "points", "verdict");
    assert_eq!(verdicts.iter().map(|v| v.to_string()).collect::<Vec<_>>(), ["\"undecided\"", "\"undecided\"", "1"]);
    assert_eq!(document["summary"]["farmland"]["undecided"], 2);
    assert_eq!(told(&document, "note"), [("assess.repeated", 3, "")], "one note for the row, naming its cells");
}

/// A title, a line of the office, heads in two lines with merged cells, units below them, a place merged over
/// its rows, a sum, a remark and signatures: all of it read, and nothing of it taken for data.
#[test]
fn a_workbook_with_merged_heads_and_places_and_signatures() {
    let text = |cells: &[&str]| cells.iter().map(|c| if c.is_empty() { Cell::default() } else { Cell::text(*c) }).collect::<Vec<_>>();
    let rows = vec![
        text(&["衢州市2025年3月地表水监测结果表"]),
        text(&["填报单位：某某监测中心"]),
        text(&["断面名称", "监测时间", "监测项目", "", ""]),
        text(&["", "", "pH", "氨氮", "总磷"]),
        text(&["", "", "无量纲", "mg/L", "μg/L"]),
        text(&["双港口", "2025-03-05 08:00", "7.2", "0.30", "50"]),
        text(&["", "2025-03-06 08:00", "7.3", "0.32", "50"]),
        text(&["浮石渡", "45722.3333333333", "7.3", "0.32", "50"]),
        text(&["浮石渡", "2025-03-07 08:00", "7.3", "0.32", "50"]),
        text(&["平均", "", "7.3", "0.31", "50"]),
        text(&["备注：数据未经审核"]),
        text(&["制表人：张三", "", "审核人：李四"]),
    ];
    let span = |first_row, first_column, last_row, last_column| Span { first_row, first_column, last_row, last_column };
    let merged = vec![span(0, 0, 0, 4), span(2, 0, 3, 0), span(2, 1, 3, 1), span(2, 2, 2, 4), span(5, 0, 6, 0)];
    let other = Sheet { name: "说明".into(), rows: vec![text(&["检出限见附件"])], ..Sheet::default() };
    let book = Workbook { sheets: vec![Sheet { name: "3月".into(), rows, merged, ..Sheet::default() }, other], ..Workbook::default() };
    let (document, _) = judged("water", "a.xlsx", write_workbook(&book).unwrap(), &[], 1);
    assert_eq!((&document["file"]["rows"], &document["file"]["refused"]), (&Value::from(4), &Value::from(1)));
    let samples = document["tables"]["samples"].as_array().unwrap();
    let of = |name: &str| samples.iter().filter(|r| r["section"] == name).count();
    assert_eq!((samples.len(), of("双港口"), of("浮石渡")), (3, 2, 1));
    assert!(column(&document, "items", "value").contains(&&Value::from(0.05)), "the unit of the line below the heads holds");
    assert_eq!(told(&document, "error"), [("assess.time", 8, "监测时间")]);
    let serial = document["problems"].as_array().unwrap().iter().find(|p| p["code"] == "assess.time").unwrap();
    assert!(serial["try"].as_str().unwrap().contains("2025-03-06 08:00"), "{serial}");
    let notes: Vec<(&str, u64)> = told(&document, "note").into_iter().map(|n| (n.0, n.1)).collect();
    let wanted = [("assess.merged", 6), ("assess.note_row", 10), ("assess.note_row", 11), ("assess.note_row", 12), ("assess.sheet_not_read", 0)];
    assert!(wanted.iter().all(|w| notes.contains(w)), "{notes:?}");
}

/// A sheet of numbers that nobody can read is no footnote, and a file without rows no result.
#[test]
fn what_holds_data_and_is_not_read_is_an_error() {
    let numbers = |n: f64| vec![Cell::number(n), Cell::number(n + 1.0)];
    let good = vec![["断面", "时间", "pH"].map(Cell::text).to_vec(), vec![Cell::text("甲"), Cell::text("2025-03-05"), Cell::number(7.0)]];
    let sheets = vec![
        Sheet { name: "a".into(), rows: good, ..Sheet::default() },
        Sheet { name: "b".into(), rows: vec![numbers(1.0), numbers(2.0), numbers(3.0)], ..Sheet::default() },
    ];
    let (document, _) = judged("water", "a.xlsx", write_workbook(&Workbook { sheets, ..Workbook::default() }).unwrap(), &[], 1);
    assert_eq!(told(&document, "error"), [("assess.sheet_not_read", 0, "")]);
    for (name, text) in [("a.csv", ""), ("b.csv", "断面,时间,pH,氨氮\n"), ("c.csv", "断面,时间,pH,氨氮\n备注：停测,,,\n")] {
        let (document, written) = judged("water", name, text, &[], 1);
        assert_eq!((told(&document, "error").iter().map(|t| t.0).collect::<Vec<_>>(), written.len()), (vec!["assess.no_rows"], 0), "{name}");
    }
    let (document, _) = judged("water", "d.csv", "站点,时间,PM2.5,SO2\n甲,2025-03-05 01:00,35,8\n", &[], 1);
    let told = &document["problems"][0];
    assert!(told["code"] == "assess.no_header" && told["try"].as_str().unwrap().contains("assess air"), "{told}");
}

/// One letter for a row that repeats another, and one for a day that has not come.
#[test]
fn repeated_rows_and_days_to_come_are_told_row_by_row() {
    let csv = "断面,时间,pH,氨氮,总磷\n甲,2025-03-05 08:00,7,0.3,0.05\n甲,2025-03-05 08:00,7,0.3,0.05\n甲,2029-03-05 08:00,7,0.3,0.05\n";
    let (document, _) = judged("water", "a.csv", csv, &["--on", "2026-01-01"], 0);
    assert_eq!(told(&document, "note"), [("water.repeated", 3, "")]);
    let repeated = document["problems"].as_array().unwrap().iter().find(|p| p["code"] == "water.repeated").unwrap();
    assert!(["pH", "氨氮", "总磷"].iter().all(|head| repeated["what"].as_str().unwrap().contains(head)), "{repeated}");
    assert!(told(&document, "warning").contains(&("assess.future", 4, "时间")));
    assert_eq!(column(&document, "samples", "time").len(), 2);
}

/// A manifest on the road has nothing received, and is no fault; one accepted before it left is one fault.
#[test]
fn manifests_on_the_road_and_out_of_order() {
    let csv = "联单编号,移出人,废物代码,移出量(t),接受量(t),移出日期,接受日期,确认日期\n\
        20263308000123,甲厂,900-041-49,1.5,,2026-03-02,,\n20263308000124,甲厂,900-041-49,1.5,1.5,2026-03-05,2026-03-03,2026-03-02\n\
        20263308000125,乙厂,900-041-4,1.5,1.5,2026-03-02,2026-03-03,2026-03-04\n20263308000126,乙厂,900-041-49,abc,1.5,2026-03-02,2026-03-03,\n";
    let (document, _) = judged("waste", "m.csv", csv, &["--on", "2026-03-20"], 1);
    assert_eq!(column(&document, "manifests", "verdict"), ["in_transit", "findings"]);
    assert_eq!(column(&document, "manifests", "site"), ["甲厂", "甲厂"]);
    assert_eq!(told(&document, "error"), [("waste.step_time", 3, ""), ("assess.waste_code", 4, "废物代码"), ("assess.not_a_value", 5, "移出量(t)")]);
    assert_eq!(document["file"]["refused"], 2);
    // A row sent twice weighs once; one number of two senders is no manifest.
    let csv = "联单编号,移出人,废物代码,移出量(t),接受量(t),移出日期,接受日期,确认日期\n\
        20263308000123,甲厂,900-041-49,1.5,1.5,2026-03-02,2026-03-03,2026-03-04\n20263308000123,甲厂,900-041-49,1.5,1.5,2026-03-02,2026-03-03,2026-03-04\n\
        20263308000124,甲厂,900-041-49,1.5,1.5,2026-03-02,2026-03-03,2026-03-04\n20263308000124,乙厂,900-041-49,1,1,2026-03-02,2026-03-03,2026-03-04\n";
    let (document, _) = judged("waste", "m.csv", csv, &["--on", "2026-03-20"], 1);
    assert_eq!((column(&document, "manifests", "sent_t"), &document["file"]["refused"]), (vec![&Value::from(1.5)], &Value::from(2)));
    assert_eq!((told(&document, "note"), told(&document, "error")), (vec![("assess.repeated", 3, "")], vec![("assess.two_senders", 5, "")]));
}

/// A container is emptied by what is taken out of it, and not by what is taken out of another.
#[test]
fn what_leaves_a_container_leaves_that_one() {
    let csv = "单位,废物代码,容器编码,入库日期,入库量(t),出库量(t)\n甲厂,900-041-49,C1,2025-01-01,1.5,0\n甲厂,900-041-49,C2,2025-06-01,1.5,0.5\n\
        甲厂,,C3,2025-06-01,1.5,0.5\n甲厂,900-041-49,C4,2025-06-01,1,2.5\n";
    let (document, _) = judged("waste", "s.csv", csv, &["--on", "2026-03-20"], 1);
    assert_eq!(column(&document, "storage", "container"), ["C1", "C2"]);
    assert_eq!(column(&document, "storage", "left_t"), [1.5, 1.0]);
    let errors: Vec<(&str, u64)> = told(&document, "error").into_iter().map(|t| (t.0, t.1)).collect();
    assert_eq!(errors, [("assess.waste_code", 4), ("waste.out_exceeds_stock", 5)]);
}

/// Totals by county and year are enough for zero growth: 119 after 120 is, 95 after 90 is not.
#[test]
fn zero_growth_of_totals() {
    let csv = "县区,年度,清运量(万吨)\n柯城区,2024,12.0\n柯城区,2025,11.9\n衢江区,2024,9\n衢江区,2025,9.5\n";
    let (document, _) = judged("waste", "h.csv", csv, &[], 0);
    assert_eq!((&document["summary"]["zero_growth"]["compared"], &document["summary"]["zero_growth"]["attained"]), (&Value::from(2), &Value::from(1)));
    assert!(document["assumed"].to_string().contains("垃圾类别"), "what the totals are taken for is said");
    let twice = "县区,年度,清运量(万吨)\n柯城区,2025,11.9\n柯城区,2025,11.9\n";
    assert_eq!(told(&judged("waste", "t.csv", twice, &[], 0).0, "warning"), [("assess.same_row", 3, "")], "what is counted twice is told");
    let producers = "企业名称,年度,年产生量(t),自行利用处置设施\n甲厂,2025,5,否\n乙厂,2025,5,\n";
    let (document, _) = judged("waste", "p.csv", producers, &[], 1);
    assert_eq!(told(&document, "error"), [("assess.yes_or_no", 3, "自行利用处置设施")], "a blank is no answer");
}
