//! Tables of departments, out and in: what is wrong is told at once, nothing is taken over until it is
//! clean or answered for, and then the account reads it. Expected numbers are by hand from the rows
//! written here.

use std::fs;
use std::path::{Path, PathBuf};

use liangshan_atlas::deliveries::completeness::State;
use liangshan_atlas::deliveries::receive::{Acceptance, Handed, Reception, receive};
use liangshan_atlas::deliveries::templates;
use liangshan_atlas::deliveries::verify::verify;
use liangshan_formats::table::read_csv;
use liangshan_formats::workbook::{Cell, Sheet, Workbook, read_workbook, write_workbook};
use liangshan_vocab::{Moment, Origin, Problems, Severity};

use crate::region::{Region, letters};

/// A region that says who may deliver.
fn region() -> Region {
    let region = Region::new();
    region.write("sources/offices.csv", "office_id,name_zh,role\nOFF-FOR,林业局,forestry\nOFF-CUL,文旅局,culture and tourism\n");
    region.write("sources/offices.csv.toml", "title_zh = \"岗位\"\ntitle_en = \"Offices\"\norigin = \"synthetic\"\nfrom = \"test\"\nlicence = \"CC0-1.0\"\n");
    let toml = region.text("region.toml") + "\n[deliveries]\noffices = \"sources/offices.csv\"\n[deliveries.fills]\nnoise_reduction = \"sources/noise.csv\"\n";
    region.write("region.toml", toml);
    region
}

fn handed(file: &Path) -> Handed {
    Handed {
        files: vec![file.to_owned()],
        by: "OFF-FOR".into(),
        happened: Some("2026-03-01".into()),
        recorded: Moment(1_772_323_200_000_000),
        origin: Origin::Measured,
        table: None,
        accept: Vec::new(),
        corrected: None,
        dry_run: false,
    }
}

#[track_caller]
fn received(region: &Region, handed: &Handed) -> Reception {
    receive(region.path(), handed).unwrap_or_else(|p| panic!("{}", letters(&p)))
}

#[track_caller]
fn taken(region: &Region, handed: &Handed) -> Reception {
    let reception = received(region, handed);
    assert!(reception.taken, "{}", letters(&reception.problems));
    reception
}

fn told(problems: &Problems) -> Vec<(String, Option<u64>, String)> {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error);
    errors.map(|p| (p.code.trim_start_matches("delivery.").to_owned(), p.at.row, p.at.column.clone().unwrap_or_default())).collect()
}

fn file(region: &Region, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = region.file(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// A sound table of seedlings in 2020, so many in each of the three counties.
fn seedlings(amounts: [&str; 3]) -> String {
    let mut out = String::from("年份 year,区划代码 county_code,产品 product,数量 quantity,单位 quantity_unit,单价 price,price_unit,来源性质 origin\n");
    for (code, amount) in ["990001", "990002", "990003"].iter().zip(amounts) {
        out.push_str(&format!("2020,{code},seedlings,{amount},1e4 plants,5,CNY/plant,measured\n"));
    }
    out
}

#[test]
fn a_template_filled_in_as_a_workbook_is_read_by_the_account() {
    let region = region();
    let given = fs::read(region.file("sources/supply_other.csv")).unwrap();
    let written = templates::write(region.path(), &region.file("blank"), Some("forestry"), &[2020]).unwrap();
    assert_eq!(
        written[0].tables,
        ["supply_other", "pest_control", "species_conservation", "negative_ions", "statistics_forestry"],
        "the tables that this region names"
    );
    let again = templates::write(region.path(), &region.file("blank"), None, &[]).unwrap_err();
    assert!(again.iter().all(|p| p.code == "template.file_exists"), "nothing that may be filled in is written over");

    // Fill in the sheet of other products as a person would; leave the rest of the workbook as it is.
    let book = read_workbook(&fs::read(region.file("blank/forestry/forestry.xlsx")).unwrap()).unwrap();
    assert_eq!(book.sheets.iter().map(|s| s.name.as_str()).take(3).collect::<Vec<_>>(), ["说明 notes", "其他物质产品", "病虫害防治"]);
    let sheets = book.sheets.iter().map(|s| {
        let rows = s.rows.iter().map(|row| {
            let mut cells = row.cells.clone();
            if s.name == "其他物质产品" && row.line > 1 {
                cells.resize(10, String::new());
                // year, county_code, county_name, product, quantity, quantity_unit, price, price_unit, value, origin
                assert_eq!((cells[0].as_str(), cells[3].as_str(), cells[5].as_str()), ("2020", "seedlings", "1e4 plants"));
                (cells[4], cells[6], cells[9]) = ("100.5".into(), "5".into(), "measured".into());
            }
            cells.into_iter().map(Cell::text).collect()
        });
        Sheet { name: s.name.clone(), rows: rows.collect(), ..Sheet::default() }
    });
    let bytes = write_workbook(&Workbook { sheets: sheets.collect(), ..Workbook::default() }).unwrap();
    let reception = taken(&region, &handed(&file(&region, "in/林业.xlsx", bytes)));
    assert_eq!(reception.tables.iter().map(|t| (t.table.as_str(), t.rows, t.missing)).collect::<Vec<_>>(), [("supply_other", 3, 0)]);

    assert_eq!(fs::read(region.file("sources/supply_other.csv")).unwrap(), given, "given files never change");
    let book = region.book();
    let atom =
        |year: i32, code: &str| book.assembled.atoms.iter().find(|a| a.year == year && a.place == code && a.indicator == "supply_other.seedlings").unwrap();
    // 2020 is delivered; 2019 stays as it was given: 2 k + 0.25 with k = 1.
    assert_eq!(atom(2020, "990002").quantity.to_string(), "100.50");
    assert_eq!(atom(2019, "990001").quantity.to_string(), "2.25");
    let source = book.prepared.region.sources.opened().into_iter().find(|f| f.path.starts_with("received/")).unwrap();
    assert!(source.sidecar.from.contains("OFF-FOR") && source.sidecar.from.contains("2026-03-01"), "{}", source.sidecar.from);
    assert_eq!(source.sidecar.origin, Origin::Mixed, "measured rows beside synthetic ones");
    let (delivered, _, all) = book.prepared.deliveries.counts();
    assert_eq!(delivered, 1);
    let table = book.prepared.deliveries.tables().find(|t| t.id == "supply_other").unwrap();
    assert!(matches!(&table.state, State::Delivered { by, rows: 3, fact: 1, .. } if by.0 == "OFF-FOR") && table.lacking == [2019]);
    let noise = book.prepared.deliveries.tables().find(|t| t.id == "noise_reduction").unwrap();
    assert!(noise.state == State::Absent && all > 5);
    let verdict = verify(region.path(), None).unwrap();
    assert_eq!((verdict.facts, verdict.files, verdict.problems.len()), (1, 2, 0));
}

#[test]
fn every_fault_is_told_at_once_with_its_row_and_nothing_is_recorded() {
    let region = region();
    let text = "年份,区划代码,地区名称,product,quantty,quantity_unit,price,price_unit,origin,备注\n\
        2020,990001,甲县,seedlings,\"1,234\",1e4 plants,5,CNY/plant,measured,x\n\
        2020,甲县,甲县,seedlings,12,1e4 plants,5,CNY/plant,实测,\n\
        2020,990002,丙县,seedlings,-3,1e4 plants,#REF!,CNY/plant,measured,\n\
        2018,990003,丙县,seedlings,１２,t,5,CNY/plant,guessed,\n\
        2020,990003,丙县,seedlings,,1e4 plants,5,CNY/plant,measured,\n\
        合计,,,seedlings,9999,1e4 plants,,,,\n";
    let encoded: Vec<u8> = text.as_bytes().to_vec();
    let path = file(&region, "in/supply_other.csv", encoded);
    let asked = Handed { corrected: Some(region.file("back")), ..handed(&path) };
    let reception = received(&region, &asked);
    let expected = [
        ("header_misspelt", Some(1), "quantty"),
        ("unknown_column", Some(1), "备注"),
        ("not_a_number", Some(2), "quantity"),
        ("unknown_place", Some(3), "county_code"),
        ("wrong_code", Some(3), "origin"),
        ("place_name_differs", Some(4), "county_name"),
        ("negative", Some(4), "quantity"),
        ("error_cell", Some(4), "price"),
        ("year_outside", Some(5), "year"),
        ("not_a_number", Some(5), "quantity"),
        ("wrong_unit", Some(5), "quantity_unit"),
        ("wrong_code", Some(5), "origin"),
        ("empty_cell", Some(6), "quantity"),
        ("total_differs", Some(7), "quantity"),
    ];
    let expected: Vec<_> = expected.iter().map(|(code, row, column)| ((*code).to_owned(), *row, (*column).to_owned())).collect();
    assert_eq!(told(&reception.problems), expected, "{}", letters(&reception.problems));
    assert!(!reception.taken && !region.file("facts.sqlite").exists() && !region.file("received").exists());

    // The corrected copy has what was meant, says so in each row, and leaves the rest to a person.
    let copy = read_csv(&fs::read(&reception.corrected[0]).unwrap()).unwrap();
    assert_eq!(copy.text(&copy.rows[0], 4), "1234");
    assert!(copy.text(&copy.rows[0], 10).contains("1,234 → 1234"), "{:?}", copy.rows[0]);
    assert_eq!((copy.text(&copy.rows[1], 1), copy.text(&copy.rows[1], 8)), ("990001", "measured"));
    assert_eq!(copy.text(&copy.rows[3], 4), "12");
    let left = told(&received(&region, &handed(&reception.corrected[0])).problems);
    let left: Vec<&str> = left.iter().map(|(code, ..)| code.as_str()).collect();
    assert!(["negative", "error_cell", "year_outside", "empty_cell", "duplicate_row"].iter().all(|c| left.contains(c)), "{left:?}");
    assert!(!left.contains(&"not_a_number") && !left.contains(&"header_misspelt") && !left.contains(&"unknown_place"), "{left:?}");
}

#[test]
fn a_fault_is_accepted_by_name_with_a_reason_and_stays_known() {
    let region = region();
    let two_rows = seedlings(["10", "20", "30"]).lines().take(3).collect::<Vec<_>>().join("\n");
    let path = file(&region, "in/x.csv", &two_rows);
    let reception = received(&region, &handed(&path));
    assert_eq!(told(&reception.problems), [("missing_row".to_owned(), None, String::new())]);
    let missing = reception.problems.iter().find(|p| p.code == "delivery.missing_row").unwrap();
    assert!(missing.fix.en.contains("--accept 'missing_row@2020/990003/seedlings=REASON'"), "{}", missing.fix.en);

    let accept = |name: &str| vec![Acceptance { name: name.into(), reason: "苗圃已关闭".into() }];
    let wrong = received(&region, &Handed { accept: accept("missing_row@2020/990001/seedlings"), ..handed(&path) });
    assert!(told(&wrong.problems).iter().any(|t| t.0 == "nothing_to_accept") && !wrong.taken);
    taken(&region, &Handed { accept: accept("supply_other/missing_row@2020/990003/seedlings"), ..handed(&path) });

    let check = region.check();
    let warning = check.iter().find(|p| p.code == "delivery.accepted_fault").unwrap();
    assert!(warning.severity == Severity::Warning && warning.what.zh.contains("苗圃已关闭"));
    assert!(check.iter().any(|p| p.code == "delivery.stands_in"));

    let negative = file(&region, "in/y.csv", seedlings(["10", "-20", "30"]));
    let refused = received(&region, &Handed { accept: accept("negative@*"), ..handed(&negative) });
    assert!(told(&refused.problems).iter().any(|t| t.0 == "cannot_accept") && !refused.taken);
    assert_eq!(verify(region.path(), None).unwrap().facts, 1);
}

#[test]
fn a_department_speaks_for_its_own_rows_of_a_shared_table() {
    let region = region();
    let before = read_csv(&fs::read(region.file("sources/statistics.csv")).unwrap()).unwrap();
    let mut text = String::from("region_code,region,period,indicator,value,unit,origin,source\n");
    for (code, revenue, visits) in [("990001", "7", "11"), ("990002", "8", "12"), ("990003", "9", "13"), ("990000", "24", "36")] {
        text.push_str(&format!("{code},,2020,tourism_revenue,{revenue},1e8 CNY,measured,\n{code},,2020,tourist_visits,{visits},1e4 visits,measured,年报\n"));
    }
    let reception = taken(&region, &Handed { by: "OFF-CUL".into(), ..handed(&file(&region, "in/旅游.csv", &text)) });
    assert_eq!((reception.tables[0].table.as_str(), reception.tables[0].rows), ("statistics_tourism", 8));
    let book = region.book();
    let now = book.prepared.region.sources.table("sources/statistics.csv").unwrap().table;
    assert_eq!(now.rows.len(), before.rows.len(), "eight rows gave way to eight");
    let value = |code: &str, year: &str, indicator: &str| {
        let row = now.rows.iter().find(|r| (now.text(r, 0), now.text(r, 2), now.text(r, 3)) == (code, year, indicator)).unwrap();
        (now.text(row, 4).to_owned(), now.text(row, 7).to_owned())
    };
    assert_eq!(value("990002", "2020", "tourism_revenue"), ("8".into(), "文旅局 2026-03-01".into()));
    assert_eq!(value("990002", "2020", "tourist_visits"), ("12".into(), "年报".into()));
    // As given: 3 k with k = 2 + 0.
    assert_eq!(value("990002", "2019", "tourism_revenue").0, "6");
    assert_eq!(value("990001", "2020", "gdp").0, "26");

    // A whole that is not the sum of its counties is seen: 7 + 8 + 9 = 24, and four whole numbers may be
    // off by 4 x 0.5 from rounding.
    let off = text.replace("990000,,2020,tourism_revenue,24", "990000,,2020,tourism_revenue,27");
    let reception = received(&region, &Handed { by: "OFF-CUL".into(), ..handed(&file(&region, "in/off.csv", off)) });
    assert_eq!(told(&reception.problems), [("total_differs".to_owned(), Some(8), "value".to_owned())]);
}

#[test]
fn who_is_not_an_office_of_the_region_is_refused_with_the_list() {
    let region = region();
    let path = file(&region, "in/x.csv", seedlings(["1", "2", "3"]));
    let problems = receive(region.path(), &Handed { by: "OFF-FRO".into(), ..handed(&path) }).unwrap_err();
    assert_eq!(problems.0[0].code, "delivery.unknown_office");
    assert!(problems.0[0].expected.zh.contains("OFF-CUL 文旅局") && problems.0[0].fix.zh.contains("OFF-FOR"));
    let other = taken(&region, &Handed { by: "OFF-CUL".into(), ..handed(&path) });
    assert!(other.problems.iter().any(|p| p.code == "delivery.other_department"));
    let strange = received(&region, &handed(&file(&region, "in/z.csv", "a,b\n1,2\n")));
    assert_eq!(told(&strange.problems)[0].0, "unrecognised");
}

#[test]
fn verify_names_what_was_altered() {
    let region = region();
    let facts = ["1", "2", "3"].map(|amount| {
        let reception = taken(&region, &handed(&file(&region, "in/x.csv", seedlings([amount, "5", "6"]))));
        reception.tables[0].fact.clone().unwrap()
    });
    let verdict = verify(region.path(), None).unwrap();
    let (seq, head) = verdict.head.clone().unwrap();
    assert_eq!((seq, verdict.problems.len()), (3, 0), "{}", letters(&verdict.problems));
    assert!(verify(region.path(), Some(head.short())).unwrap().problems.is_empty());
    assert_eq!(verify(region.path(), Some("0123456789ab")).unwrap().problems.0[0].code, "chain.lost_head");

    // One digit in the body of the second fact, wherever the bytes of the file have it. The third fact
    // names the same table as the one before its own; the first broken link is the second.
    let path = region.file("facts.sqlite");
    let sound = fs::read(&path).unwrap();
    let mut bytes = sound.clone();
    let word = facts[1].content()["taken"]["digest"].as_str().unwrap().as_bytes().to_owned();
    let places: Vec<usize> = bytes.windows(word.len()).enumerate().filter(|(_, w)| *w == word).map(|(i, _)| i).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    }
    fs::write(&path, &bytes).unwrap();
    let verdict = verify(region.path(), None).unwrap();
    assert_eq!((verdict.problems.0[0].code.as_ref(), verdict.problems.0[0].at.row, verdict.facts), ("chain.altered", Some(2), 1));
    fs::write(&path, &sound).unwrap();

    let file = fs::read_dir(region.file("received")).unwrap().flat_map(|d| fs::read_dir(d.unwrap().path()).unwrap()).next().unwrap().unwrap().path();
    fs::write(&file, "altered").unwrap();
    let verdict = verify(region.path(), None).unwrap();
    assert!(verdict.problems.iter().any(|p| p.code == "chain.file_altered"), "{}", letters(&verdict.problems));
    fs::remove_file(&file).unwrap();
    assert!(verify(region.path(), None).unwrap().problems.iter().any(|p| p.code == "chain.file_missing"));
}

#[test]
fn mangled_deliveries_never_panic() {
    let region = region();
    templates::write(region.path(), &region.file("blank"), Some("forestry"), &[2020]).unwrap();
    let good = [fs::read(region.file("blank/forestry/forestry.xlsx")).unwrap(), seedlings(["1,234", "12万", "5"]).into_bytes()];
    let path = region.file("in/mangled");
    fs::create_dir_all(region.file("in")).unwrap();
    for good in good {
        for seed in 0..120_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut next = |below: usize| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 11) as usize % below.max(1)
            };
            let mut bytes = good.clone();
            for _ in 0..=next(5) {
                if bytes.is_empty() {
                    break;
                }
                let at = next(bytes.len());
                match next(4) {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes[at] ^= 1 << next(8),
                    2 => bytes.extend_from_within(at..(at + 1 + next(40)).min(bytes.len())),
                    _ => drop(bytes.drain(at..(at + 1 + next(40)).min(bytes.len()))),
                }
            }
            fs::write(&path, &bytes).unwrap();
            let asked = Handed { dry_run: true, corrected: Some(region.file("back")), ..handed(&path) };
            assert!(!receive(region.path(), &asked).is_ok_and(|r| r.taken));
        }
    }
}
