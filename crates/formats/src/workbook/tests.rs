//! Expected cells stand in the descriptions; files of other programs are named where they are used.

use liangshan_vocab::{Fen, Problems};

use super::*;
use crate::mangled;

fn sheet(name: &str, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { name: name.into(), rows, ..Sheet::default() }
}

fn book(sheets: Vec<Sheet>) -> Vec<u8> {
    write_workbook(&Workbook { properties: Properties { title: "样表".into(), ..Properties::default() }, sheets }).unwrap()
}

fn seen(problems: &Problems) -> Vec<(&str, Option<u64>, &str)> {
    problems.iter().map(|p| (p.code.as_ref(), p.at.row, p.at.key.as_deref().unwrap_or(""))).collect()
}

/// A sheet with one of everything.
fn full() -> Sheet {
    let rows = vec![
        vec![Cell::text("产品产量 / output").look(Look::Title)],
        vec![],
        vec![Cell::text("代码").look(Look::Header), Cell::text("产量").look(Look::Header), Cell::text("产值").look(Look::Header)],
        vec![Cell::text("007").format(NumberFormat::Text), Cell::number(0.1).format(NumberFormat::Decimals(3)), Cell::money(Fen(12_345_678_901_205))],
        vec![Cell::text("=1+1"), Cell::number(330_802.0), Cell::formula("ROUND(C4*2,2)", Cached::Money(Fen(24_691_357_802_410))).note("两倍")],
        vec![
            Cell { value: Value::Link("总表".into(), "internal:'总表'!A1".into()), ..Cell::default() },
            Cell::default(),
            Cell::formula("\"是\"", Cached::Text("是".into())),
        ],
    ];
    Sheet {
        columns: vec![Column { width: 12.0, style: None }, Column { width: 14.0, style: Some(Style { look: Look::Input, format: NumberFormat::General }) }],
        merged: vec![Span { first_row: 0, first_column: 0, last_row: 0, last_column: 2 }],
        frozen: (3, 1),
        repeated: Some((2, 2)),
        filter: Some(Span { first_row: 2, first_column: 0, last_row: 5, last_column: 2 }),
        lists: vec![List {
            cells: Span { first_row: 6, first_column: 0, last_row: 99, last_column: 0 },
            choices: Choices::Words(vec!["柯城区".into(), "衢江区".into()]),
            prompt: "从清单中选".into(),
        }],
        ..sheet("产品", rows)
    }
}

#[test]
fn what_is_written_is_read_back_and_the_bytes_repeat() {
    let bytes = book(vec![full(), sheet("总表", vec![vec![Cell::text("a")]])]);
    assert_eq!(bytes, book(vec![full(), sheet("总表", vec![vec![Cell::text("a")]])]));
    let read = read_workbook(&bytes).unwrap();
    assert_eq!(read.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["产品", "总表"]);
    assert!(read.notes.is_empty());
    let table = read.sheet("产品").unwrap().table_from(3).unwrap();
    assert_eq!(table.columns, ["代码", "产量", "产值"]);
    let rows: Vec<(u64, Vec<&str>)> = table.rows.iter().map(|r| (r.line, r.cells.iter().map(String::as_str).collect())).collect();
    assert_eq!(rows, [(4, vec!["007", "0.1", "123456789012.05"]), (5, vec!["=1+1", "330802", "246913578024.1"]), (6, vec!["总表", "", "是"])]);
    assert_eq!(read.sheet("产品").unwrap().merged[0].name(), "A1:C1");
    let missing = read.sheet("产 品").unwrap_err();
    assert_eq!(missing.code, "workbook.no_sheet");
}

#[test]
fn faults_are_told_all_at_once_with_row_column_and_cell() {
    let rows = vec![
        vec![Cell::text("名称"), Cell::text("产量"), Cell::text("产量"), Cell::default(), Cell::text("备注")],
        vec![],
        vec![Cell::text("稻谷"), Cell::formula("1/0", Cached::Text("#DIV/0!".into())), Cell::number(1.0), Cell::default(), Cell::text("x")],
        vec![Cell::text("小麦"), Cell::number(2.0)],
    ];
    let merged = vec![Span { first_row: 2, first_column: 0, last_row: 3, last_column: 0 }];
    let bytes = book(vec![Sheet { merged, ..sheet("表", rows) }]);
    let problems = read_workbook(&bytes).unwrap().sheets[0].table().unwrap_err();
    assert_eq!(
        seen(&problems),
        [
            ("table.duplicate_column", Some(1), ""),
            ("table.unnamed_column", Some(1), ""),
            ("workbook.merged_cells", Some(3), "表!A3:A4"),
            ("workbook.error_cell", Some(3), "表!B3"),
        ]
    );
    assert_eq!(problems.0[3].at.column.as_deref(), Some("产量"));
    assert_eq!(read_workbook(&book(vec![sheet("空", vec![])])).unwrap().sheets[0].table().unwrap_err().0[0].code, "table.empty");
}

#[test]
fn a_merged_header_is_an_error() {
    let rows = vec![vec![Cell::text("2020 年"), Cell::default()], vec![Cell::text("名称"), Cell::text("产量")], vec![Cell::text("稻谷"), Cell::number(1.0)]];
    let merged = vec![Span { first_row: 0, first_column: 0, last_row: 0, last_column: 1 }];
    let read = read_workbook(&book(vec![Sheet { merged, ..sheet("表", rows) }])).unwrap();
    let problems = read.sheets[0].table().unwrap_err();
    assert_eq!(seen(&problems), [("table.unnamed_column", Some(1), ""), ("workbook.merged_cells", Some(1), "表!A1:B1")]);
    // The same sheet is sound from the row below.
    assert_eq!(read.sheets[0].table_from(2).unwrap().rows[0].line, 3);
}

/// Parts of a package by hand: the formats of dates, booleans and formulas without values are those
/// of ECMA-376 part 1, 18.3.1.4 (`c`), 18.8.30 (built-in number format 14 is a date).
fn package(sheet: &str, workbook: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rel = |id: &str, kind: &str, target: &str| format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>");
    let rels = |inner: String| format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>");
    for (name, body) in [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned()),
        ("_rels/.rels", rels(rel("rId1", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{workbook}</workbook>")),
        ("xl/_rels/workbook.xml.rels", rels(rel("rId1", "worksheet", "worksheets/sheet1.xml") + &rel("rId2", "styles", "styles.xml"))),
        (
            "xl/styles.xml",
            format!("<styleSheet xmlns=\"{main}\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TABS: &str = "<sheets><sheet name=\"数据\" sheetId=\"1\" r:id=\"rId1\" state=\"hidden\"/></sheets>";

#[test]
fn dates_booleans_and_formulas_never_calculated() {
    // 43891 is 2020-03-01 in the 1900 system: 2020-01-01 is 43831, and January and February 2020 have 31 + 29 days.
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>日期</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>是否</t></is></c>\
        <c r=\"C1\" t=\"inlineStr\"><is><t>量</t></is></c></row>\
        <row r=\"5\"><c r=\"A5\" s=\"1\"><v>43891</v></c><c r=\"B5\" t=\"b\"><v>1</v></c><c r=\"C5\"><v>0.10000000000000001</v></c></row>\
        <row r=\"6\"><c r=\"A6\" s=\"2\"><v>43891.5</v></c><c r=\"B6\" t=\"b\"><v>0</v></c><c r=\"C6\"><f>A1*2</f></c></row>";
    let read = read_workbook(&package(rows, TABS)).unwrap();
    assert_eq!((read.notes.0[0].code.as_ref(), read.sheets[0].visibility), ("workbook.hidden_sheet", Visibility::Hidden));
    assert_eq!(read.sheets[0].rows[1].cells, ["2020-03-01", "TRUE", "0.1"]);
    assert_eq!(read.sheets[0].rows[2].cells, ["2020-03-01T12:00:00", "FALSE"]);
    assert_eq!(seen(&read.sheets[0].table().unwrap_err()), [("workbook.not_calculated", Some(6), "数据!C6")]);
}

#[test]
fn what_is_no_workbook_is_refused_with_a_way_out() {
    let code = |bytes: &[u8]| read_workbook(bytes).unwrap_err().0[0].code.to_string();
    assert_eq!(code(b"a,b\n1,2\n"), "workbook.not_a_workbook");
    assert_eq!(code(b""), "workbook.not_a_workbook");
    assert_eq!(code(b"PK\x03\x04 and nothing more"), "workbook.unreadable");
    let old = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat();
    assert_eq!(code(&old), "workbook.old_format");
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code(&[&old[..], &wide].concat()), "workbook.encrypted");
}

/// A few kilobytes that would be gigabytes: zeros in a part, and one cell at the far end of every row.
#[test]
fn what_expands_without_end_is_refused() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..300 {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read_workbook(&bomb).unwrap_err().0[0].code, "workbook.too_large");
    let rows: String = (1..=300).map(|r| format!("<row r=\"{r}\"><c r=\"XFD{r}\"><v>1</v></c></row>")).collect();
    assert_eq!(read_workbook(&package(&rows, TABS)).unwrap_err().0[0].code, "workbook.too_large");
    let outside = "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>";
    assert_eq!(read_workbook(&package(outside, TABS)).unwrap_err().0[0].code, "workbook.unreadable");
    let twice = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>";
    assert_eq!(read_workbook(&package(twice, TABS)).unwrap_err().0[0].code, "workbook.unreadable");
}

#[test]
fn what_the_format_does_not_have_is_refused_all_at_once() {
    let rows = vec![vec![Cell::number(f64::NAN), Cell::text("x".repeat(40_000))]];
    let problems = write_workbook(&Workbook { sheets: vec![sheet("a/b", rows)], ..Workbook::default() }).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().all(|p| p.code == "workbook.cannot_write"));
    assert_eq!(problems.0[2].at.key.as_deref(), Some("a/b!B1"));
}

#[test]
fn columns_are_named_as_on_the_screen() {
    for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
        assert_eq!(column_letters(column), letters);
    }
    assert_eq!(cell_name(4, 2), "C5");
}

#[test]
fn mangled_bytes_never_panic() {
    let good = book(vec![full()]);
    let stored = package("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>名称</t></is></c></row><row r=\"2\"><c r=\"A2\"><f>1</f><v>1</v></c></row>", TABS);
    for bytes in [good, stored] {
        mangled::each(&bytes, 400, |bytes| {
            for sheet in read_workbook(bytes).map(|book| book.sheets).unwrap_or_default() {
                let _ = sheet.table();
            }
        });
    }
}
