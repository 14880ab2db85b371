//! `liangshan assess` as a department meets it: files as they are sent, in both languages, with everything
//! that is wrong told and the rest judged.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use liangshan_formats::table::{read_csv, write_csv};
use liangshan_formats::workbook::{Cell, Sheet, Workbook, read_workbook, write_workbook};
use serde_json::Value;

const MONITORING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../regions/quzhou/sources/monitoring/");

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments).current_dir(self.0.path()).stdin(Stdio::null()).output().unwrap()
    }

    /// The JSON document of an assessment that ends with this code.
    #[track_caller]
    fn assess(&self, arguments: &[&str], code: i32) -> Value {
        let mut all = vec!["assess"];
        all.extend(arguments);
        all.extend(["--json", "--lang", "en"]);
        let out = self.run(&all);
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {}{}", String::from_utf8_lossy(&out.stderr), String::from_utf8_lossy(&out.stdout));
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// The same of a file written for it.
    #[track_caller]
    fn judge(&self, domain: &str, name: &str, text: &str, more: &[&str], code: i32) -> Value {
        self.put(name, text);
        let mut all = vec![domain, name];
        all.extend(more);
        self.assess(&all, code)
    }
}

fn rows<'v>(document: &'v Value, table: &str) -> &'v Vec<Value> {
    document["tables"][table].as_array().unwrap_or_else(|| panic!("no table {table}"))
}

fn codes(document: &Value, severity: &str) -> Vec<String> {
    let of = document["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == severity);
    of.map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

fn real(name: &str) -> String {
    format!("{MONITORING}{name}")
}

/// By hand from table 1 of GB 3838-2002: ammonia 1.2 mg/L is class IV (multiple 0.2), 0.4 is II; total
/// phosphorus 0.03 mg/L is II in a river and III in a lake.
const SECTIONS: &str = "断面名称,水体类型,目标类别,监测时间,pH(无量纲),溶解氧(mg/L),氨氮（mg/L）,总磷_ug_l,汞,备注\n\
    甲,河流,Ⅲ类,2021/4/1 8:00,7.2,8.1,1.2,30,<0.00004,\n\
    乙,湖库,Ⅱ,2021-04-01 08:00,7.5,8.2,0.4,30,0.00002L,\n";

#[test]
fn a_wide_table_of_sections_in_utf8_and_gbk() {
    let desk = Desk::new();
    let utf8 = desk.judge("water", "a.csv", &format!("\u{feff}{SECTIONS}"), &[], 0);
    desk.put("b.csv", encoding_rs::GBK.encode(SECTIONS).0);
    let gbk = desk.assess(&["water", "b.csv"], 0);
    assert_eq!((utf8["file"]["encoding"].as_str(), gbk["file"]["encoding"].as_str()), (Some("UTF-8"), Some("gb18030")));
    assert_eq!(utf8["tables"], gbk["tables"]);
    let samples = rows(&utf8, "samples");
    let of = |section: &str| samples.iter().find(|r| r["section"] == section).unwrap();
    assert_eq!((of("甲")["class"].as_i64(), of("乙")["class"].as_i64()), (Some(4), Some(3)));
    assert_eq!(of("甲")["main_pollutants"]["zh"], "氨氮(0.2)");
    assert_eq!((&of("甲")["meets_target"], &of("甲")["meets_III"]), (&Value::Bool(false), &Value::Bool(false)));
    assert_eq!((&of("乙")["meets_target"], &of("乙")["meets_III"]), (&Value::Bool(false), &Value::Bool(true)), "class II is its target, III the second test");
    // How each column was read, units converted.
    let phosphorus = utf8["columns"].as_array().unwrap().iter().find(|c| c["taken_for"] == "tp").unwrap();
    assert_eq!((phosphorus["stated_unit"].as_str(), phosphorus["unit"].as_str()), (Some("ug/L"), Some("mg/L")));
    let mercury = utf8["columns"].as_array().unwrap().iter().find(|c| c["taken_for"] == "hg").unwrap();
    assert_eq!(mercury["remark"]["en"], "no unit stated, taken as mg/L");
}

#[test]
fn a_long_table_a_workbook_and_a_wide_one_say_the_same() {
    let desk = Desk::new();
    let long = "section,water type,target,time,item,value,unit\n\
        甲,river,III,2021-04-01 08:00,NH3-N,1200,ug/L\n甲,river,III,2021-04-01 08:00,pH,7.2,\n甲,river,III,2021-04-01 08:00,DO,8.1,mg/L\n\
        甲,river,III,2021-04-01 08:00,总磷,0.03,mg/L\n甲,river,III,2021-04-01 08:00,mercury,<0.00004,mg/L\n\
        乙,lake,II,2021-04-01 08:00,nh3n,0.4,mg/L\n乙,lake,II,2021-04-01 08:00,pH,7.5,\n乙,lake,II,2021-04-01 08:00,DO,8.2,mg/L\n\
        乙,lake,II,2021-04-01 08:00,TP,0.03,mg/L\n乙,lake,II,2021-04-01 08:00,Hg,0.00002L,mg/L\n";
    let long = desk.judge("water", "long.csv", long, &[], 0);
    let wide = desk.judge("water", "wide.csv", SECTIONS, &[], 0);
    let cells: Vec<Vec<Cell>> = SECTIONS.lines().map(|line| line.split(',').map(Cell::text).collect()).collect();
    let title = vec![vec![Cell::text("衢州市地表水监测结果")], Vec::new()];
    let sheet = Sheet { name: "4月".into(), rows: title.into_iter().chain(cells).collect(), ..Sheet::default() };
    desk.put("book.xlsx", write_workbook(&Workbook { sheets: vec![sheet], ..Workbook::default() }).unwrap());
    let book = desk.assess(&["water", "book.xlsx"], 0);
    assert_eq!(book["file"]["encoding"], "XLSX");
    for table in ["items", "periods", "means", "compliance"] {
        assert_eq!(wide["tables"][table], long["tables"][table], "{table}");
        assert_eq!(wide["tables"][table], book["tables"][table], "{table}");
    }
}

#[test]
fn good_rows_are_judged_and_bad_ones_told_with_row_and_column() {
    let desk = Desk::new();
    let text = "断面,监测时间,站点情况,pH,溶解氧(mg/L),氨氮(mg/L),总磷(ppm),CODMn(mg/L)\n\
        甲,2021-04-01 08:00,正常,7,8,0.3,0.1,2\n\
        甲,2021-04-01 08:00,正常,7,8,0.3,0.1,2\n\
        甲,2021-04-01 12:00,维护,7,0.1,9,0.1,--\n\
        甲,2021-04-31,正常,7,8,0.3,0.1,2\n\
        甲,2021-04-02 08:00,晴,7,8,0.3,0.1,2\n\
        甲,2021-04-02 12:00,正常,7,8,约1,0.1,\"1,234\"\n\
        甲,2021-04-03 08:00,正常,7,8,未检出,0.1,2\n\
        ,2021-04-03 12:00,正常,7,8,1,0.1,2\n";
    let document = desk.judge("water", "a.csv", text, &[], 1);
    let told: Vec<(&str, u64, &str)> = document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["severity"] == "error")
        .map(|p| (p["code"].as_str().unwrap(), p["where"]["row"].as_u64().unwrap(), p["where"]["column"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            ("assess.unit_unknown", 1, "总磷(ppm)"),
            ("assess.time", 5, "监测时间"),
            ("assess.status", 6, ""),
            ("assess.not_a_value", 7, "CODMn(mg/L)"),
            ("assess.not_a_value", 7, "氨氮(mg/L)"),
            ("assess.no_detection_limit", 8, "氨氮(mg/L)"),
            ("assess.no_place", 9, ""),
        ]
    );
    for problem in document["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error") {
        assert!(!problem["expected"].as_str().unwrap().is_empty() && !problem["try"].as_str().unwrap().is_empty(), "{problem}");
    }
    assert_eq!(codes(&document, "note").iter().filter(|c| *c == "water.repeated").count(), 1, "one for the four items of the repeated row");
    assert_eq!((document["file"]["refused"].as_u64(), document["file"]["set_aside"].as_u64()), (Some(3), Some(1)));
    let samples = rows(&document, "samples");
    assert_eq!(samples.len(), 3, "the maintenance row, which would be worse than V, is not judged");
    // A non-detect whose limit is not told passes nothing, until the limit is given.
    let untold = samples.iter().find(|r| r["time"] == "2021-04-03 08:00").unwrap();
    assert_eq!((untold["class"].as_str(), &untold["meets_III"]), (Some("undecided"), &Value::Null));
    let given = desk.assess(&["water", "a.csv", "--limit", "氨氮=0.025"], 1);
    let ammonia = |document: &Value| rows(document, "items").iter().find(|r| r["time"] == "2021-04-03 08:00" && r["item"] == "nh3n").unwrap()["class"].clone();
    assert_eq!((ammonia(&document), ammonia(&given)), (Value::from("undecided"), Value::from(1)));
    // Phosphorus is there in a unit nobody knows, so that no sample passes without it.
    assert!(rows(&given, "samples").iter().all(|r| r["class"] == "undecided" && r["meets_III"].is_null()));
    assert!(!codes(&given, "error").contains(&"assess.no_detection_limit".to_owned()));
}

#[test]
fn what_cannot_be_judged_at_all_leaves_nothing_behind() {
    let desk = Desk::new();
    let document = desk.judge("water", "a.csv", "甲,乙,丙\n1,2,3\n", &[], 1);
    assert_eq!(codes(&document, "error"), ["assess.no_header"]);
    assert_eq!(codes(&desk.judge("water", "b.csv", SECTIONS, &["--standard", "gb3838-2020"], 1), "error"), ["assess.standard"]);
    assert_eq!(codes(&desk.judge("air", "c.csv", "站点,日期,PM2.5\n甲,2020-01-01,35\n", &["--standard", "hj633-2013"], 1), "error"), ["assess.standard"]);
    assert_eq!(desk.run(&["assess", "water"]).status.code(), Some(2));
    assert_eq!(desk.run(&["assess", "noise", "a.csv"]).status.code(), Some(2));
    let left: Vec<_> = fs::read_dir(desk.0.path()).unwrap().map(|e| e.unwrap().file_name()).filter(|n| n.to_string_lossy().starts_with("assess-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The order of rows changes no result.
#[test]
fn rows_in_any_order() {
    let desk = Desk::new();
    for (domain, file) in [("water", "quzhou_sections_4h_2021-04-01_2021-04-05.csv"), ("air", "quzhou_stations_hourly_2020-03-26_2020-04-05.csv")] {
        // A cell may hold a line break, so that rows are turned and not lines.
        let table = read_csv(&fs::read(real(file)).unwrap()).unwrap();
        let heads: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let mut rows: Vec<Vec<String>> = table.rows.into_iter().map(|r| r.cells).collect();
        let first = desk.judge(domain, "a.csv", &String::from_utf8(write_csv(&heads, &rows, false)).unwrap(), &[], 0);
        rows.reverse();
        rows.rotate_left(37);
        let second = desk.judge(domain, "b.csv", &String::from_utf8(write_csv(&heads, &rows, false)).unwrap(), &[], 0);
        let bare = |document: &Value| {
            let mut tables = document["tables"].clone();
            for row in tables.as_object_mut().unwrap().values_mut().flat_map(|t| t.as_array_mut().unwrap()) {
                row.as_object_mut().unwrap().remove("row");
            }
            (tables, document["summary"].clone())
        };
        assert!(bare(&first) == bare(&second), "{domain}");
        assert_eq!(codes(&first, "warning"), codes(&second, "warning"));
    }
}

/// The same input gives the same bytes, and nobody else's file is overwritten.
#[test]
fn files_are_whole_the_same_again_and_never_foreign() {
    let desk = Desk::new();
    desk.put("a.csv", SECTIONS);
    assert_eq!(desk.run(&["assess", "water", "a.csv", "--lang", "en"]).status.code(), Some(0));
    let folder = desk.0.path().join("assess-water-a");
    let read = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap()).map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap())).collect();
        all.sort();
        all
    };
    let first = read(&folder);
    assert_eq!(desk.run(&["assess", "water", "a.csv", "--out", "again", "--lang", "en"]).status.code(), Some(0));
    assert!(first == read(&desk.0.path().join("again")), "the folder does not show");
    let names: Vec<&str> = first.iter().map(|f| f.0.as_str()).collect();
    assert!(
        ["bulletin.html", "columns.csv", "problems.csv", "results.json", "results.xlsx", "samples.csv", "manifest.json"].iter().all(|n| names.contains(n)),
        "{names:?}"
    );
    let csv = &first.iter().find(|f| f.0 == "samples.csv").unwrap().1;
    assert!(csv.starts_with(b"\xef\xbb\xbf"), "Excel wants the mark");
    let book = read_workbook(&first.iter().find(|f| f.0 == "results.xlsx").unwrap().1).unwrap();
    assert!(book.sheets.iter().any(|s| s.name.contains("samples")));
    let page = String::from_utf8(first.iter().find(|f| f.0 == "bulletin.html").unwrap().1.clone()).unwrap();
    assert!(
        page.contains("<svg") && page.contains("lang=\"en\"") && !page.contains("http://") && !page.contains("https://") && !page.contains("src="),
        "one file, no network"
    );
    // Something of somebody else's in the way: nothing is written.
    fs::write(folder.join("samples.csv"), "mine").unwrap();
    let refused = desk.assess(&["water", "a.csv"], 1);
    assert_eq!(codes(&refused, "error"), ["assess.foreign_file"]);
    assert_eq!(fs::read_to_string(folder.join("samples.csv")).unwrap(), "mine");
}

#[test]
fn the_terminal_speaks_both_languages() {
    let desk = Desk::new();
    desk.put("a.csv", SECTIONS);
    let said = |lang: &str| String::from_utf8(desk.run(&["assess", "water", "a.csv", "--lang", lang]).stdout).unwrap();
    let (zh, en) = (said("zh"), said("en"));
    assert!(["断面一览", "未注明单位", "按日期选用", "结果写入"].iter().all(|w| zh.contains(w)), "{zh}");
    assert!(["Sections", "no unit stated", "chosen by the date", "Results written to"].iter().all(|w| en.contains(w)), "{en}");
}

/// `water.md` section 4 and the account that goes with the data: 207 of 213, two at the limit of total
/// phosphorus, four carried over.
#[test]
fn the_real_sections_of_quzhou() {
    let document = Desk::new().assess(&["water", &real("quzhou_sections_4h_2021-04-01_2021-04-05.csv")], 0);
    assert_eq!(document["summary"]["published"], serde_json::json!({ "compared": 213, "equal": 207 }));
    let why: Vec<&str> = rows(&document, "published_differs").iter().map(|r| r["why_code"].as_str().unwrap()).collect();
    assert_eq!((why.len(), why.iter().filter(|w| **w == "limit_edge").count(), why.iter().filter(|w| **w == "carried_over").count()), (6, 2, 4));
    // Eight rows without a time and three with one are set aside by their status, 维护 (counted with a spreadsheet).
    assert_eq!(
        (document["file"]["rows"].as_u64(), document["file"]["set_aside"].as_u64(), document["file"]["refused"].as_u64()),
        (Some(224), Some(11), Some(0))
    );
    assert!(document["assumed"].to_string().contains("铜山源水库"), "what was assumed is told");
}

/// 1496 of 1553 by another program, as in the tests of the judge.
#[test]
fn the_real_sections_around() {
    let desk = Desk::new();
    let document = desk.assess(&["water", &real("qiantang_other_sections_4h_2021-04-01_2021-04-05.csv"), "--standard", "hb2011-22,hb2011-22-unrounded"], 0);
    assert_eq!(document["summary"]["published"], serde_json::json!({ "compared": 1553, "equal": 1496 }));
    let differ = rows(&document, "editions_differ");
    assert!(!differ.is_empty() && differ.iter().all(|r| r["nature"] == 0 && r["rule"] != 0 && !r["items"].is_null()), "one file: all of it is the rule's");
}

/// Years with too few months have no class and pass nowhere: 8 of 12 suffice, 4 and 5 do not.
#[test]
fn a_year_of_days_with_targets_from_a_table() {
    let desk = Desk::new();
    desk.put("stations.csv", "断面,水体类型,水质目标\n新港口(新塘港),河流,Ⅱ类\n街口(鸠坑口),河流,Ⅱ类\n");
    let document = desk.assess(&["water", &real("zhejiang_key_sections_daily08h_2020-05_2021-04.csv"), "--stations", "stations.csv"], 0);
    let year = |section: &str, year: &str| rows(&document, "periods").iter().find(|r| r["section"] == section && r["period"] == year).unwrap().clone();
    assert_eq!((year("新港口(新塘港)", "2020")["class"].as_i64(), &year("新港口(新塘港)", "2020")["meets_target"]), (Some(2), &Value::Bool(true)));
    for (section, of) in [("新港口(新塘港)", "2021"), ("街口(鸠坑口)", "2020"), ("街口(鸠坑口)", "2021")] {
        let row = year(section, of);
        assert_eq!((row["class"].as_str(), &row["meets_target"], &row["meets_III"]), (Some("insufficient"), &Value::Null, &Value::Null), "{section} {of}");
    }
}

/// `air.md` section 2: 397 of 397 under the edition of the publication; under the strict one 6 of those
/// hours that have every item.
#[test]
fn the_real_hours_of_quzhou() {
    let document = Desk::new().assess(&["air", &real("quzhou_stations_hourly_2020-03-26_2020-04-05.csv")], 0);
    let published = &document["summary"]["published"];
    assert_eq!((published["edition"].as_str(), published["compared"].as_u64(), published["equal"].as_u64()), (Some("cnemc-realtime"), Some(397), Some(397)));
    let strict = rows(&document, "published").iter().find(|r| r["edition"] == "2012").unwrap();
    assert_eq!(strict["complete_equal"], 6);
    assert!(rows(&document, "published_differs").is_empty());
    assert_eq!(rows(&document, "hours").len(), 399);
}

/// 760 days: 566 good (74.47 %), and the published index is a mean of hourly ones, −8.42 on the mean.
#[test]
fn the_real_days_of_quzhou_under_both_editions() {
    let desk = Desk::new();
    let document = desk.assess(&["air", &real("quzhou_city_daily_2013-12_2015-12.csv"), "--standard", "HJ 633-2012,hj633-2026"], 0);
    assert_eq!(document["summary"]["good_days"]["good"], 566);
    assert!(codes(&document, "note").contains(&"air.published_daily_is_mean".to_owned()));
    // The parts add up to the whole: the index of 2015 under B less that of 2014 under A.
    for row in rows(&document, "between_years") {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!((number("nature") + number("rule") - (number("after") - number("before"))).abs() < 1e-9, "{row}");
    }
    let good = rows(&document, "between_years").iter().find(|r| r["what"] == "good_day_pct" && r["to"] == 2015).unwrap();
    assert!(good["rule"].as_f64().unwrap() < -5.0 && good["nature"].as_f64().unwrap() > 0.0, "the air is better and the rule stricter: {good}");
    let day = rows(&document, "editions_differ").iter().find(|r| r["level_a"] != r["level_b"]).unwrap();
    assert_eq!((day["nature"].as_i64(), day["rule"].as_i64().is_some()), (Some(0), true));
}

/// By hand: PM2.5 of 75 µg/m³ is an index of 100 under the edition of 2012; from 2026-03-01 its point of 100
/// is 60, and 100 + 50·(75 − 60)/(115 − 60) = 113.6 is rounded up to 114.
#[test]
fn the_edition_in_force_on_each_day() {
    let desk = Desk::new();
    let text = "城市,日期,SO2(μg/m3),NO2(μg/m³),PM10(ug/m3),CO(mg/m3),O3-8h(μg/m3),PM2.5(mg/m3)\n\
        衢州,2026-02-28,10,20,40,0.5,60,0.075\n衢州,2026-03-01,10,20,40,0.5,60,0.075\n";
    let aqi = |document: &Value| rows(document, "days").iter().map(|r| r["aqi"].as_u64().unwrap()).collect::<Vec<_>>();
    let by_date = desk.judge("air", "a.csv", text, &[], 0);
    assert_eq!(aqi(&by_date), [100, 114]);
    let editions: Vec<&str> = rows(&by_date, "days").iter().map(|r| r["edition"].as_str().unwrap()).collect();
    assert_eq!(editions, ["2012", "2026-transition"]);
    assert_eq!(aqi(&desk.judge("air", "a.csv", text, &["--standard", "hj633-2012", "--out", "b"], 0)), [100, 100]);
    assert_eq!(aqi(&desk.judge("air", "a.csv", text, &["--standard", "2026-transition", "--out", "c"], 0)), [114, 114]);
}

/// The layout of national hourly files: an item in each row, a column for each station.
/// By hand: 60 µg/m³ of PM2.5 is an index of 82 by HJ 633-2012 (50 + (60 − 35)/(75 − 35) × 50 = 81.25, rounded up); sulphur
/// dioxide below 3 or at 1 cannot change it, so the day is decided either way.
#[test]
fn air_below_a_detection_limit_is_judged_and_said() {
    let desk = Desk::new();
    let day = |so2: &str| format!("站点,日期,SO2,NO2,PM10,PM2.5,CO,O3_8h\n甲,2020-01-01,{so2},20,70,60,0.6,80\n");
    let aqi = |document: &Value| rows(document, "days")[0]["aqi"].as_u64();
    let below = desk.judge("air", "a.csv", &day("<3"), &["--standard", "hj633-2012"], 0);
    let value = desk.judge("air", "b.csv", &day("1"), &["--standard", "hj633-2012"], 0);
    assert_eq!((aqi(&below), aqi(&value)), (Some(82), Some(82)));
    // Not detected, and nobody says below what: the cell is told, not guessed.
    assert_eq!(codes(&desk.judge("air", "c.csv", &day("未检出"), &["--standard", "hj633-2012"], 1), "error"), ["assess.air_bound"]);
}

#[test]
fn stations_across() {
    let desk = Desk::new();
    let (head, items) = ("date,hour,type,1264A,1265A\n", ["SO2", "NO2", "PM10", "PM2.5", "CO", "O3", "AQI"]);
    let mut text = head.to_owned();
    for (item, (a, b)) in items.iter().zip([("10", "12"), ("20", "22"), ("40", "42"), ("35", "-99"), ("0.5", "0.6"), ("60", ""), ("50", "42")]) {
        text.push_str(&format!("20270501,8,{item},{a},{b}\n"));
    }
    let document = desk.judge("air", "a.csv", &text, &[], 1);
    assert_eq!(codes(&document, "error"), ["assess.air_value"], "a value of -99 is told and not used");
    let hours = rows(&document, "hours");
    assert_eq!((hours.len(), hours[0]["time"].as_str(), hours[0]["aqi"].as_u64()), (2, Some("2027-05-01 08:00"), Some(50)));
    assert_eq!(hours[1]["aqi"], Value::Null, "two pollutants are missing: no index of 100 or less is published");
}

/// GB 15618-2018 and GB 36600-2018 by hand: paddy of pH 6.8 has a screening value of cadmium of 0.6 mg/kg;
/// arsenic of 119 mg/kg on class 2 land exceeds 60 by 0.98 (`soil-waste.md` section 2).
#[test]
fn soil_by_land_and_ph() {
    let desk = Desk::new();
    let text = "点位,用地类型,pH,镉(μg/kg),汞,砷,评价单元\n\
        S1,水田,6.8,900,<0.05,20,U1\nS2,水田,5.2,250,0.1,12,U1\nS3,果园,6.0,200,未检出,15,\nS4,第二类用地,,30000,1,119,\nS5,湿地,7,1,1,1,\nS6,水田,,1,1,1,\n";
    let document = desk.judge("soil", "a.csv", text, &[], 1);
    let verdict = |point: &str| rows(&document, "points").iter().find(|r| r["point"] == point).map(|r| r["verdict"].clone());
    assert_eq!([verdict("S1"), verdict("S2"), verdict("S4")].map(|v| v.and_then(|v| v.as_i64())), [Some(2), Some(1), Some(2)]);
    assert_eq!(verdict("S3").unwrap(), "undecided", "a non-detect without its limit is no pass");
    assert_eq!((verdict("S5"), verdict("S6")), (None, None));
    let arsenic = rows(&document, "points").iter().find(|r| r["point"] == "S4").unwrap();
    assert_eq!(arsenic["over"], "砷(0.98)");
    // Mean cadmium 0.575 mg/kg at mean pH 6.0 against 0.4: safe use.
    assert_eq!(rows(&document, "units")[0]["category"], 2);
    assert_eq!(codes(&document, "error"), ["assess.no_detection_limit", "assess.land", "assess.no_ph"]);
}

/// By hand: 1.5 + 40 − 41 − 0.5 = 0; 0.5 + 10 − 8 − 1 = 1.5 beyond 0.05. Ten working days are more than five.
#[test]
fn waste_by_the_header_of_the_table() {
    let desk = Desk::new();
    let balance = "单位名称,废物代码,期间,期初库存(t),产生量(kg),转移量(t),期末库存(t)\n甲厂,900-214-08,2026-01,1.5,40000,41,0.5\n乙厂,900-041-49,2026-01,0.5,10000,8,1\n丙厂,900-041-49,2026-01,0.5,,8,1\n";
    let document = desk.judge("waste", "a.csv", balance, &[], 1);
    assert_eq!(codes(&document, "error"), ["assess.amount"], "a blank amount is not zero");
    let residuals: Vec<(f64, &str)> = rows(&document, "balance").iter().map(|r| (r["residual_t"].as_f64().unwrap(), r["verdict"].as_str().unwrap())).collect();
    assert_eq!(residuals, [(1.5, "alarm"), (0.0, "ok")]);
    let manifests = "联单编号,单位名称,废物代码,移出量(t),接受量(t),移出日期,接受日期,确认日期\n\
        20263308000123,甲厂,900-214-08,10,9.99,2026-03-02,2026-03-02,2026-03-09\n20263308000124,甲厂,900-214-08,10,9.0,2026-03-02,2026-03-02,2026-03-16\n2026330800012,乙厂,900-041-49,1,1,,,\n";
    let document = desk.judge("waste", "m.csv", manifests, &["--on", "2026-03-20"], 1);
    let verdicts: Vec<&str> = rows(&document, "manifests").iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["ok", "findings"]);
    assert_eq!(codes(&document, "error"), ["waste.manifest_number"]);
    assert_eq!(codes(&document, "warning"), ["waste.confirm_late", "waste.difference"]);
    // Stored 434 days on 2026-03-20: two of three tonnes have left, oldest first.
    let store = "单位,废物代码,入库日期,入库量(t),出库量(t)\n甲厂,900-214-08,2025-01-10,3,2\n甲厂,900-214-08,2025-11-01,2,\n";
    let document = desk.judge("waste", "s.csv", store, &["--on", "2026-03-20"], 0);
    let lots: Vec<(f64, i64, &str)> =
        rows(&document, "storage").iter().map(|r| (r["left_t"].as_f64().unwrap(), r["age_d"].as_i64().unwrap(), r["verdict"].as_str().unwrap())).collect();
    assert_eq!(lots, [(1.0, 434, "overdue"), (2.0, 139, "ok")]);
    let producers = "单位名称,年度,年产生量(t),自建设施\n甲厂,2023,120,否\n甲厂,2025,90,否\n乙厂,2025,9.99,否\n丙厂,2025,3,是\n";
    let document = desk.judge("waste", "p.csv", producers, &[], 0);
    let classes: Vec<(&str, &str)> = rows(&document, "producers").iter().map(|r| (r["site"].as_str().unwrap(), r["class"].as_str().unwrap())).collect();
    assert_eq!(classes, [("丙厂", "key"), ("乙厂", "registration"), ("甲厂", "key")]);
    let household = "区县,年份,垃圾类别,清运量(万吨)\n柯城,2024,易腐垃圾,2\n柯城,2024,其他垃圾,5\n柯城,2025,易腐垃圾,2.2\n柯城,2025,其他垃圾,4.7\n";
    let document = desk.judge("waste", "h.csv", household, &[], 0);
    let growth = rows(&document, "household")[1]["growth_pct"].as_f64().unwrap();
    assert!((growth + 100.0 / 70.0).abs() < 1e-9, "69 after 70: {growth}");
}

/// By the table `incompatible`: acid (HW34) and alkali (HW35) may not stand in one area; acid that has left is none.
#[test]
fn waste_that_may_not_stand_together() {
    let desk = Desk::new();
    let head = "单位,贮存区域,废物代码,入库日期,入库量(t),出库量(t)\n";
    let rows_of = "甲厂,1号库,900-300-34,2026-01-10,3,\n甲厂,1号库,HW35 废碱,2026-01-11,2,\n甲厂,2号库,900-249-08,2026-01-11,2,\n\
                   乙厂,1号库,HW34,2026-01-10,3,3\n乙厂,1号库,HW35,2026-01-10,3,\n丙厂,1号库,HW34,2026-01-10,3,\n丙厂,2号库,HW35,2026-01-10,3,\n\
                   丁厂,1号库,废酸,2026-01-10,3,\n丁厂,1号库,HW35,2026-01-10,3,\n";
    let told = |document: &Value| -> Vec<[String; 4]> {
        let of = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        rows(document, "apart").iter().map(|r| ["site", "area", "classes", "verdict"].map(|key| of(r, key))).collect()
    };
    let document = desk.judge("waste", "s.csv", &format!("{head}{rows_of}"), &["--on", "2026-03-20"], 0);
    assert_eq!(told(&document), [["甲厂", "1号库", "HW34 + HW35", "incompatible"].map(str::to_owned)]);
    assert_eq!((codes(&document, "warning"), codes(&document, "note")), (vec!["waste.incompatible".to_owned()], vec!["waste.class_unknown".to_owned()]));
    assert_eq!((&document["summary"]["incompatible"]["found"], &document["summary"]["incompatible"]["areas"]), (&1.into(), &6.into()));
    // Without areas a site is looked at as a whole: 丙厂 keeps both, and whether in one area has to be seen there.
    let without: String = format!("{head}{rows_of}")
        .lines()
        .map(|line| line.split(',').enumerate().filter(|(at, _)| *at != 1).map(|(_, c)| c).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let document = desk.judge("waste", "w.csv", &without, &["--on", "2026-03-20"], 0);
    assert_eq!(told(&document), [["丙厂", "", "HW34 + HW35", "look"], ["甲厂", "", "HW34 + HW35", "look"]].map(|row| row.map(str::to_owned)));
}

#[test]
fn a_lake_has_its_trophic_state() {
    // The published reference of the formula by hand: chlorophyll 10 mg/m³, TP 0.05, TN 1.0, depth 2 m, CODMn 3 mg/L.
    let desk = Desk::new();
    let text = "湖库,水体类型,监测日期,叶绿素a(mg/m3),总磷(mg/L),总氮(mg/L),透明度(cm),高锰酸盐指数(mg/L)\n铜山源水库,湖库,2021-07-01,10,0.05,1.0,200,3\n";
    let document = desk.judge("water", "a.csv", text, &[], 0);
    let month = rows(&document, "trophic").iter().find(|r| r["period"] == "2021-07").unwrap();
    let parts = [
        (10.0 * (2.5 + 1.086 * 10_f64.ln()), 1.0),
        (10.0 * (9.436 + 1.624 * 0.05_f64.ln()), 0.7056),
        (10.0 * 5.453, 0.6724),
        (10.0 * (5.118 - 1.94 * 2_f64.ln()), 0.6889),
        (10.0 * (0.109 + 2.661 * 3_f64.ln()), 0.6889),
    ];
    let expected = parts.iter().map(|(t, w)| t * w).sum::<f64>() / 3.7558;
    assert!((month["index"].as_f64().unwrap() - expected).abs() < 1e-9, "{month} against {expected}");
}

/// GB 3838-2002, table 2, by hand: chloride 250, iron 0.3, manganese 0.1 mg/L. Every deciding item of table 1 at a
/// harmless value. A passes, B fails by iron, C lacks manganese and is open; by water drawn 30 of 30 + 10.
#[test]
fn a_source_of_drinking_water_by_its_own_tables() {
    let desk = Desk::new();
    let basic = [
        ("pH值", "7"),
        ("溶解氧", "8"),
        ("高锰酸盐指数", "2"),
        ("化学需氧量", "10"),
        ("五日生化需氧量", "2"),
        ("氨氮", "0.1"),
        ("总磷", "0.02"),
        ("铜", "0.01"),
        ("锌", "0.05"),
        ("氟化物", "0.2"),
        ("硒", "0.0004"),
        ("砷", "0.001"),
        ("汞", "0.00002"),
        ("镉", "0.0001"),
        ("六价铬", "0.004"),
        ("铅", "0.001"),
        ("氰化物", "0.004"),
        ("挥发酚", "0.0003"),
        ("石油类", "0.01"),
        ("阴离子表面活性剂", "0.05"),
        ("硫化物", "0.005"),
    ];
    let heads: Vec<&str> = basic.iter().map(|b| b.0).collect();
    let values: Vec<&str> = basic.iter().map(|b| b.1).collect();
    let (heads, values) = (heads.join(","), values.join(","));
    let text = format!(
        "断面,时间,取水量,{heads},硫酸盐,氯化物,硝酸盐氮,铁,锰\nA,2025-03-05,30,{values},20,10,1.5,0.1,0.05\nB,2025-03-05,10,{values},20,10,1.5,0.31,0.05\nC,2025-03-05,5,{values},20,10,1.5,0.1,\nD,2025-03-05,,{values},,,,,\n"
    );
    let said = desk.judge("water", "source.csv", &text, &[], 0);
    let told: Vec<(&str, Option<bool>, &str, &str)> = rows(&said, "drinking")
        .iter()
        .map(|r| (r["section"].as_str().unwrap(), r["passes"].as_bool(), r["failing"]["en"].as_str().unwrap_or(""), r["missing"]["en"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(told, [("A", Some(true), "", ""), ("B", Some(false), "iron", ""), ("C", None, "", "manganese")]);
    let fact = &said["summary"]["drinking"];
    assert_eq!((&fact["decided"], &fact["passing"], &fact["by_volume_pct"]), (&2.into(), &1.into(), &75.0.into()));
    // What table 1 says of the sections is what it said before.
    assert_eq!(rows(&said, "samples").iter().filter(|r| r["class"].as_u64() == Some(1)).count(), 4);
}

/// By hand: 3 % either way, and perishable waste may lose 5 % of water besides.
#[test]
fn household_waste_trip_by_trip() {
    let desk = Desk::new();
    let text = "车次,环节,垃圾类别,出发净重,到达净重\nT1,收运-转运,其他垃圾,5.0,4.9\nT2,收运-转运,其他垃圾,5.0,4.8\nT3,收运-转运,易腐垃圾,5.0,4.65\nT4,收运-转运,易腐垃圾,5.0,\nT5,收运-转运,其他垃圾,,3.0\nT1,转运-焚烧,其他垃圾,20,20\nT6,收运-转运,什么,1,1\nT7,收运-转运,其他垃圾,,\n";
    let said = desk.judge("waste", "trips.csv", text, &[], 1);
    let found: Vec<(&str, &str, &str)> =
        rows(&said, "trips").iter().map(|r| (r["trip"].as_str().unwrap(), r["stage"].as_str().unwrap(), r["verdict"].as_str().unwrap())).collect();
    assert_eq!(
        found,
        [
            ("T1", "收运-转运", "ok"),
            ("T2", "收运-转运", "findings"),
            ("T3", "收运-转运", "ok"),
            ("T4", "收运-转运", "findings"),
            ("T5", "收运-转运", "findings"),
            ("T1", "转运-焚烧", "ok"),
        ]
    );
    assert_eq!(codes(&said, "warning"), ["waste.trip_weight", "waste.trip_lost", "waste.trip_unknown"]);
    assert_eq!(codes(&said, "error"), ["assess.sort", "assess.amount"]);
    assert_eq!(said["summary"]["trip_findings"]["found"], 3);
}

/// Cells of tables are in the language asked for; heads have both, and the document does not change.
#[test]
fn tables_speak_the_language_asked_for() {
    let desk = Desk::new();
    desk.put("a.csv", "断面,时间,氨氮,水质目标\nA,2025-03-05,1.2,Ⅲ\n");
    let mut documents = Vec::new();
    for (lang, met, opened) in [("zh", "不达标", "zh"), ("en", "missed", "en")] {
        assert_eq!(desk.run(&["assess", "water", "a.csv", "--out", lang, "--lang", lang]).status.code(), Some(0));
        let read = |name: &str| fs::read_to_string(desk.0.path().join(lang).join(name)).unwrap();
        let samples = read("samples.csv");
        assert!(samples.contains("目标达标 meets_target") && samples.contains(&format!(",{met},")), "{samples}");
        assert!(read("bulletin.html").contains(&format!("<html lang=\"{opened}\" data-lang=\"{opened}\">")));
        let book = read_workbook(&fs::read(desk.0.path().join(lang).join("results.xlsx")).unwrap()).unwrap();
        assert!(format!("{book:?}").contains(met));
        documents.push(read("results.json"));
    }
    assert_eq!(documents[0], documents[1]);
    let english = fs::read_to_string(desk.0.path().join("en/samples.csv")).unwrap();
    let cells: String = english.lines().skip(1).collect();
    assert!(!cells.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{cells}");
}
