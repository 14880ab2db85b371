//! Expected lines and cells are counted in the text of each test.

use liangshan_vocab::Problems;

use super::{Row, Table, read_csv, write_csv};

fn table(source: &str) -> Table {
    read_csv(source.as_bytes()).unwrap()
}

fn seen(problems: &Problems) -> Vec<(&str, Option<u64>)> {
    problems.iter().map(|p| (p.code.as_ref(), p.at.row)).collect()
}

#[test]
fn the_same_table_in_every_encoding_and_separator() {
    let source = "代码,名称,产量\n330802,柯城区,12.5\n330803,衢江区,\n";
    let plain = table(source);
    assert_eq!(plain.columns, ["代码", "名称", "产量"]);
    assert_eq!(plain.rows[1], Row { line: 3, cells: vec!["330803".into(), "衢江区".into(), String::new()] });
    let gbk = encoding_rs::GBK.encode(source).0;
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let crlf = source.replace('\n', "\r\n");
    for (bytes, encoding) in [
        (format!("\u{feff}{source}").into_bytes(), "UTF-8"),
        (gbk.into_owned(), "gb18030"),
        (utf16, "UTF-16LE"),
        (crlf.into_bytes(), "UTF-8"),
        (source.replace('\n', "\r").into_bytes(), "UTF-8"),
        (source.replace(',', "\t").into_bytes(), "UTF-8"),
        (source.replace(',', ";").replace('\n', "\r").into_bytes(), "UTF-8"),
        (source.replace(',', ";").into_bytes(), "UTF-8"),
        (source.replace(',', "\t").replace("名称", "\"名称\"").into_bytes(), "UTF-8"),
        (format!("{source},,\n\n").into_bytes(), "UTF-8"),
        (source.trim_end().as_bytes().to_vec(), "UTF-8"),
    ] {
        let read = read_csv(&bytes).unwrap();
        assert_eq!(read.encoding, encoding);
        assert_eq!(Table { encoding: "UTF-8", ..read }, plain);
    }
}

#[test]
fn quoted_cells_keep_commas_quotes_and_line_ends() {
    let read = table("a,b\n\"x, \"\"y\"\"\n第二行\",1\n5\" pipe,2\n");
    assert_eq!(read.rows[0], Row { line: 2, cells: vec!["x, \"y\"\n第二行".into(), "1".into()] });
    assert_eq!(read.rows[1], Row { line: 4, cells: vec!["5\" pipe".into(), "2".into()] });
    assert_eq!(table("\"产量, 吨\"\t年\n1\t2020\n").columns, ["产量, 吨", "年"]);
}

#[test]
fn what_is_written_is_read_back() {
    let rows = [["a,b", "say \"hi\""], ["两行\n一格", "\r"], [" spaced ", ""], ["", "x"]];
    let bytes = write_csv(&["名称", "b,c"], rows, true);
    assert!(bytes.starts_with(b"\xef\xbb\xbf") && !bytes.ends_with(b"\r\n"));
    let read = read_csv(&bytes).unwrap();
    assert_eq!(read.columns, ["名称", "b,c"]);
    assert_eq!(read.rows.iter().map(|r| r.cells.clone()).collect::<Vec<_>>(), rows.map(|r| r.map(str::to_owned).to_vec()));
    assert_eq!(write_csv(&["a"], [[""]], false), b"a\n\"\"\n");
    for name in ["a;b", "a\tb", "a,b"] {
        let read = read_csv(&write_csv(&[name], [["1"]], false)).unwrap();
        assert_eq!((read.columns, read.rows.len()), (vec![name.to_owned()], 1), "found by fuzzing: a lone name with a separator in it");
    }
}

#[test]
fn faults_of_the_whole_table_come_at_once() {
    let problems = read_csv("a,b,a,\n1,2,3,4\n1,2\n1,2,3,4,5\n\"1,2,3,4\n".as_bytes()).unwrap_err();
    let expected = [
        ("table.duplicate_column", Some(1)),
        ("table.unnamed_column", Some(1)),
        ("table.ragged_row", Some(3)),
        ("table.ragged_row", Some(4)),
        ("table.unclosed_quote", Some(5)),
        ("table.ragged_row", Some(5)),
    ];
    assert_eq!(seen(&problems), expected);
    assert!(problems.0[2].what.en.contains("2 cells") && problems.0[2].what.zh.contains("4 列"));
    for empty in ["", "\n\n", "\u{feff}", ",,,\n"] {
        assert_eq!(read_csv(empty.as_bytes()).unwrap_err().0[0].code, "table.empty", "{empty:?}");
    }
    for binary in [b"PK\x03\x04\0\0".as_slice(), b"\x89PNG\r\n\x1a\n\0", b"a,b\n\xff\xff\n"] {
        assert_eq!(read_csv(binary).unwrap_err().0[0].code, "table.not_text");
    }
}

#[test]
fn numbers_are_read_or_refused_but_never_guessed() {
    let read = table("x\n 12.5 \n-1e3\n+.5\n007\n\"\"\n");
    let numbers: Vec<_> = read.rows.iter().map(|row| read.number(row, 0).unwrap()).collect();
    assert_eq!(numbers, [Some(12.5), Some(-1000.0), Some(0.5), Some(7.0)], "the row of one empty cell is a blank line");
    assert_eq!(table("x,y\n,1\n").number(&table("x,y\n,1\n").rows[0], 0), Ok(None));

    for (cell, said) in [
        ("\"1,234\"", "write 1234"),
        ("\"-1,234,567.8\"", "write -1234567.8"),
        ("１２．５", "write 12.5"),
        ("１，２３４", "write 1234"),
        ("12.5 t/ha", "write only 12.5; if \"t/ha\""),
        ("3万", "write only 3; if \"万\""),
        ("85%", "write only 85; if \"%\""),
        ("--", "leave the cell empty"),
        ("*", "leave the cell empty"),
        ("——", "leave the cell empty"),
        ("NaN", "leave the cell empty"),
        ("inf", "leave the cell empty"),
        ("<0.05", "detection limit"),
        ("\"1,23\"", "write a number"),
        ("1e999", "too large"),
        ("1.2.3", "write a number"),
        ("约五十", "write a number"),
    ] {
        let read = table(&format!("code,产量\n1,{cell}\n"));
        let problem = read.number(&read.rows[0], 1).unwrap_err();
        assert_eq!((problem.code.as_ref(), problem.at.row, problem.at.column.as_deref()), ("table.not_a_number", Some(2), Some("产量")));
        assert!(problem.fix.en.contains(said), "{cell}: {}", problem.fix.en);
    }
    let read = table("year\n2019\n2019.0\n2019年\n19.5\n");
    let integers: Vec<_> = read.rows.iter().map(|row| read.integer(row, 0)).collect();
    assert_eq!(integers[0], Ok(Some(2019)));
    assert_eq!(integers[1].as_ref().unwrap_err().fix.en, "write 2019");
    assert!(integers[2].as_ref().unwrap_err().fix.en.contains("write only 2019"));
    assert!(integers[3].is_err());
}

#[test]
fn columns_and_keys_are_checked_by_name() {
    let read = table("code,yaer,value\n330802,2019,1\n330803,2019,2\n330802 ,2019,3\n");
    let problem = read.column("year").unwrap_err();
    assert_eq!(problem.code, "table.missing_column");
    assert!(problem.fix.en.contains("\"yaer\""), "{}", problem.fix.en);
    assert_eq!(read.find(["value", "code"]), Ok([2, 0]));
    assert_eq!(read.find(["unit", "code", "price"]).unwrap_err().len(), 2);
    let unexpected = read.unexpected_columns(&["code", "year", "value"]);
    assert_eq!(unexpected.len(), 1);
    assert!(unexpected[0].fix.en.contains("\"year\""));

    let doubled = read.duplicate_keys(&[0, 1]);
    assert_eq!(seen(&doubled), [("table.duplicate_key", Some(4))]);
    assert_eq!(doubled.0[0].at.key.as_deref(), Some("code = 330802, yaer = 2019"));
    assert!(doubled.0[0].what.en.contains("lines 2 and 4"));
}

#[test]
fn mangled_tables_never_panic() {
    let good = "代码,名称,\"产量, 吨\"\r\n330802,柯城区,\"1,234\"\r\n330803,衢江区,１２\n";
    for bytes in [good.as_bytes().to_vec(), encoding_rs::GBK.encode(good).0.into_owned()] {
        crate::mangled::each(&bytes, 3000, |bytes| {
            if let Ok(read) = read_csv(bytes) {
                for row in &read.rows {
                    for column in 0..=read.columns.len() {
                        let _ = (read.number(row, column), read.integer(row, column));
                    }
                }
                let _ = (read.duplicate_keys(&[0, 7]), read.unexpected_columns(&["代码"]));
            }
        });
    }
}
