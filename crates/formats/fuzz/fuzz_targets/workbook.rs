//! Reads any bytes as a workbook and makes a table of every sheet.
#![no_main]

use liangshan_formats::workbook::read_workbook;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(book) = read_workbook(bytes) else { return };
    for sheet in &book.sheets {
        let Ok(table) = sheet.table() else { continue };
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
        for row in &table.rows {
            for column in 0..table.columns.len() {
                let _ = (table.number(row, column), table.integer(row, column));
            }
        }
    }
});
