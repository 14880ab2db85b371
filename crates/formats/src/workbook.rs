//! Workbooks of Excel and its kin (XLSX): department tables in, the account out.
//!
//! [`read_workbook`] turns bytes nobody has vetted into sheets, and a sheet into a
//! [`crate::table::Table`] with the row numbers that Excel shows. [`write_workbook`] turns an inert
//! description into bytes: the same description, the same bytes. The old binary format (XLS) is told
//! by its first bytes and refused with a way out.

mod read;
mod write;

pub use read::{Book, Merged, ReadSheet, Visibility, read_workbook};
pub use write::{Cached, Cell, Choices, Column, List, Look, NumberFormat, Properties, Sheet, Span, Style, Value, Workbook, write_workbook};

/// Rows of a sheet in the format.
pub const MOST_ROWS: u32 = 1_048_576;

/// Columns of a sheet in the format.
pub const MOST_COLUMNS: u32 = 16_384;

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().map(char::from).collect()
}

/// The name of a cell, row and column counted from 0: `C5`.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_letters(column), row + 1)
}

#[cfg(test)]
mod tests;
