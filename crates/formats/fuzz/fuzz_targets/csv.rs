//! Reads any bytes as a CSV table, every cell as a number, and writes what it read: the same table.
#![no_main]

use liangshan_formats::table::{read_csv, write_csv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = read_csv(bytes) else { return };
    for row in &table.rows {
        for column in 0..table.columns.len() {
            let _ = (table.number(row, column), table.integer(row, column));
        }
    }
    let _ = (table.duplicate_keys(&[0]), table.unexpected_columns(&["code"]));
    let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let again = read_csv(&write_csv(&columns, table.rows.iter().map(|row| &row.cells), true)).expect("what is written is read");
    assert_eq!(again.columns, table.columns);
    assert!(again.rows.iter().map(|row| &row.cells).eq(table.rows.iter().map(|row| &row.cells)));
});
