//! Bytes that were damaged on the way are judged or refused, and nothing panics.

use std::path::PathBuf;

use liangshan_formats::table::read_csv;
use liangshan_formats::workbook::{Cell as SheetCell, Sheet, Workbook, write_workbook};

use super::{Domain, Request, Zone, assess_bytes};

const WATER: &str = "断面,时间,水质目标,水体类型,pH值,溶解氧(mg/L),氨氮,氨氮检出限,总磷,硫酸盐,取水量,站点情况\n\
    甲,2025-03-05 08:00,Ⅲ,河流,7.2,8.1,未检出,0.025,0.05,20,30,正常\n乙,2025/3/6,Ⅱ,湖库,\"6,9\",7,<0.02,,0.02L,>1000,,维护\n丙,20250307,,,--,,,,1e-3,,-5,\n";
const AIR: &str = "城市,站点,时间,PM2.5_24h,O3_8h,SO2 1小时(μg/m3),CO(mg/m3),AQI,首要污染物\n\
    衢州,甲,2025-03-05 01:00,35,<4,12,0.6,50,PM2.5\n衢州,乙,2025-03-05 02:00,,160.5,NA,—,101,O3\n衢州,甲,2025-03-06,75,,,,99999,\n";
const SOIL: &str =
    "点位,评价单元,用地类型,pH,镉(mg/kg),砷,铅,背景值\nP1,单元1,水田,5.5,0.31,<0.01,70,\nP2,,第一类用地,,20,60,400,55\nP3,单元1,果园,7.6,ND,25,1e2,\n";
const WASTE: &str = "车次,环节,垃圾类别,出发净重,到达净重(kg)\nT1,收运,易腐垃圾,5,4700\nT2,收运,其他垃圾,,3000\nT1,转运,有害垃圾,1,\n";
const MANIFESTS: &str =
    "联单编号,单位名称,废物代码,移出量,接受量,移出日期,接受日期,确认日期\n20263308000123,某厂,900-214-08,1.5,1.4,2026-01-02,2026-01-03,2026-01-20\n";

/// SplitMix64.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((z ^ (z >> 31)) % below.max(1) as u64) as usize
}

/// A damaged copy: cut short, overwritten, doubled in part, with signs that mean something thrown in.
fn damaged(good: &[u8], seed: u64) -> Vec<u8> {
    let (mut bytes, mut state) = (good.to_vec(), seed);
    for _ in 0..=next(&mut state, 5) {
        let at = next(&mut state, bytes.len());
        let end = (at + 1 + next(&mut state, 24)).min(bytes.len());
        match next(&mut state, 6) {
            0 => bytes.truncate(at),
            1 => bytes.splice(at..at, [b",", b"\n", b"\"", b"<", b"-", b"\xff"][next(&mut state, 6)].iter().copied()).for_each(drop),
            2 => bytes[at..end].fill([0, 0xff, b'9', b'.', b',', b'/'][next(&mut state, 6)]),
            3 => bytes.extend_from_within(at..end),
            4 if at < bytes.len() => bytes[at] ^= 1 << next(&mut state, 8),
            _ => drop(bytes.drain(at..end)),
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn request(domain: Domain, name: &str) -> Request {
    Request {
        domain,
        file: PathBuf::from(name),
        standards: Vec::new(),
        stations: None,
        limits: vec![("nh3n".to_owned(), 0.025)],
        zone: Zone::Class2,
        region: None,
        place: None,
        on: "2026-03-01".to_owned(),
    }
}

fn workbook(csv: &str) -> Vec<u8> {
    let table = read_csv(csv.as_bytes()).unwrap();
    let mut rows = vec![table.columns.iter().map(|c| SheetCell::text(c.clone())).collect::<Vec<_>>()];
    rows.extend(
        table.rows.into_iter().map(|r| r.cells.into_iter().map(|c| c.parse().map_or_else(|_| SheetCell::text(c.clone()), SheetCell::number)).collect()),
    );
    write_workbook(&Workbook { sheets: vec![Sheet { name: "a".into(), rows, ..Sheet::default() }], ..Workbook::default() }).unwrap()
}

#[test]
fn damaged_files_never_panic() {
    let all = [(Domain::Water, WATER), (Domain::Air, AIR), (Domain::Soil, SOIL), (Domain::Waste, WASTE), (Domain::Waste, MANIFESTS)];
    for (domain, good) in all {
        assert!(assess_bytes(&request(domain, "a.csv"), good.as_bytes().to_vec()).is_ok(), "{}", domain.word());
        let (mut said, mut refused) = (0, 0);
        for seed in 0..400 {
            match assess_bytes(&request(domain, "a.csv"), damaged(good.as_bytes(), seed)) {
                Ok(assessed) => {
                    // What was judged can be written in both languages.
                    assert!(super::files::files(&assessed, liangshan_vocab::Lang::Zh).is_ok() || assessed.problems.has_errors());
                    said += 1;
                }
                Err(_) => refused += 1,
            }
        }
        assert!(said > 20 && refused > 5, "{}: {said} judged, {refused} refused", domain.word());
        let book = workbook(good);
        assert!(assess_bytes(&request(domain, "a.xlsx"), book.clone()).is_ok(), "{} as a workbook", domain.word());
        for seed in 0..150 {
            let _ = assess_bytes(&request(domain, "a.xlsx"), damaged(&book, seed));
        }
    }
}

/// A table that no sheet holds is whole in its CSV file, and named where it is not.
#[test]
fn a_long_table_is_csv_only() {
    let mut assessed = assess_bytes(&request(Domain::Soil, "a.csv"), SOIL.as_bytes().to_vec()).unwrap();
    let row = assessed.tables[0].rows[0].clone();
    assessed.tables[0].rows = vec![row; super::result::MOST_ROWS + 1];
    let id = assessed.tables[0].id;
    let written = super::files::files(&assessed, liangshan_vocab::Lang::En).unwrap();
    let of = |name: &str| &written.iter().find(|f| f.0 == name).unwrap().1;
    let lines = of(&format!("{id}.csv")).iter().filter(|b| **b == b'\n').count();
    assert_eq!(lines, super::result::MOST_ROWS + 2, "a head and every row");
    let document: serde_json::Value = serde_json::from_slice(of("results.json")).unwrap();
    assert_eq!((&document["tables"][id], &document["tables_in_csv_only"][id]["rows"]), (&serde_json::json!([]), &serde_json::json!(200_001)));
    let book = liangshan_formats::workbook::read_workbook(of("results.xlsx")).unwrap();
    let sheet = book.sheets.iter().find(|s| s.name.contains(id)).unwrap();
    assert!(sheet.rows.len() == 4 && sheet.rows[3].cells[0].contains("200001"), "{:?}", sheet.rows.last());
}
