//! Formulas that a spreadsheet computes to the account's own number, or the number itself.
//!
//! A spreadsheet computes in doubles and rounds halves away from zero; the account is in integers
//! and rounds halves to even. The two agree unless the exact product lies on a half of a fen or so
//! near to one that fifteen digits cannot tell, or the number itself has more than fifteen digits.

use std::cell;

use liangshan_accounts::valuation::Amount;
use liangshan_formats::workbook::{Cached, Cell, NumberFormat, column_letters};
use liangshan_vocab::Fen;
use rust_decimal::Decimal;

/// Digits that every spreadsheet keeps.
const DIGITS: u32 = 15;

/// Counts the cells that hold a number where a formula was wanted.
#[derive(Default)]
pub(super) struct Exact {
    fixed: cell::Cell<usize>,
}

impl Exact {
    /// Cells that hold a number where a formula was wanted.
    pub(super) fn fixed(&self) -> usize {
        self.fixed.get()
    }

    /// `ROUND(SUM(…),2)`.
    pub(super) fn money(&self, cells: &str, value: Fen) -> Cell {
        let formula = format!("ROUND(SUM({cells}),2)");
        self.money_of(formula, value)
    }

    /// A formula that gives yuan to the fen from cells that are exact.
    pub(super) fn money_of(&self, formula: String, value: Fen) -> Cell {
        if digits(value.0.unsigned_abs()) <= DIGITS { Cell::formula(formula, Cached::Money(value)) } else { self.plain(Cell::money(value), &formula) }
    }

    /// `ROUND(SUM(…),decimals)` of quantities.
    pub(super) fn amount(&self, cells: &str, quantity: Amount) -> Cell {
        let format = NumberFormat::Decimals(quantity.decimals);
        let formula = format!("ROUND(SUM({cells}),{})", quantity.decimals);
        let cell = if digits(quantity.units.unsigned_abs()) <= DIGITS {
            Cell::formula(formula, Cached::Number(double(quantity)))
        } else {
            self.plain(Cell::number(double(quantity)), &formula)
        };
        cell.format(format)
    }

    /// `ROUND(quantity*price,2)`.
    pub(super) fn product(&self, cells: (&str, &str), quantity: Amount, price: Decimal, value: Fen) -> Cell {
        let formula = format!("ROUND({}*{},2)", cells.0, cells.1);
        if clear_of_halves(quantity, price) { Cell::formula(formula, Cached::Money(value)) } else { self.plain(Cell::money(value), &formula) }
    }

    fn plain(&self, cell: Cell, formula: &str) -> Cell {
        self.fixed.set(self.fixed.get() + 1);
        cell.note(format!(
            "数值，不是公式：{formula} 按双精度与“五入”计算可能差一个末位，账户按整数与四舍六入五成双取整。\n\
             A number, not a formula: in doubles, with halves rounded up, it could differ in the last digit from the account's integers, rounded half to even."
        ))
    }
}

/// True when a product in doubles, rounded at the half, cannot miss the exact one.
fn clear_of_halves(quantity: Amount, price: Decimal) -> bool {
    let price = price.normalize();
    let Some(product) = quantity.units.checked_mul(price.mantissa()).map(i128::unsigned_abs) else { return false };
    let places = quantity.decimals + price.scale();
    let (Some(fen), Some(lift)) = (10_u128.checked_pow(places.saturating_sub(2)), 10_u128.checked_pow(2_u32.saturating_sub(places))) else { return false };
    let Some(product) = product.checked_mul(lift) else { return false };
    let whole = product / fen;
    let digits = digits(whole);
    if digits >= DIGITS {
        return false;
    }
    // Distance from the half, in fen, against what fifteen digits leave open.
    let from_half = ((product % fen) * 2).abs_diff(fen) as f64 / (2.0 * fen as f64);
    fen == 1 || from_half > 2.0 * 10_f64.powi(digits as i32 - DIGITS as i32)
}

fn digits(number: u128) -> u32 {
    number.checked_ilog10().map_or(1, |log| log + 1)
}

/// The double nearest to an amount.
pub(super) fn double(amount: Amount) -> f64 {
    amount.to_string().parse().unwrap_or_else(|_| amount.as_f64())
}

/// A cell, row and column from 0.
pub(super) fn at(row: u32, column: u16) -> String {
    format!("{}{}", column_letters(u32::from(column)), row + 1)
}

/// A cell of a sheet.
pub(super) fn on(sheet: &str, row: u32, column: u16) -> String {
    format!("'{sheet}'!{}", at(row, column))
}

/// Cells of a column of a sheet, ends included.
pub(super) fn down(sheet: &str, (first, last): (u32, u32), column: u16) -> String {
    if first == last { on(sheet, first, column) } else { format!("'{sheet}'!{}:{}", at(first, column), at(last, column)) }
}

/// Rows of a column, neighbours as ranges: `F5:F7,F9`.
pub(super) fn picked(rows: &[u32], column: u16) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => runs.push((row, row)),
        }
    }
    let said = runs.iter().map(|(first, last)| if first == last { at(*first, column) } else { format!("{}:{}", at(*first, column), at(*last, column)) });
    said.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clear(quantity: &str, decimals: u32, price: &str) -> bool {
        clear_of_halves(Amount::parse(quantity, decimals).unwrap(), price.parse().unwrap())
    }

    /// By hand: 3 × 0.015 = 0.045 yuan is half a fen; 3 × 0.016 = 0.048 is not. 12 345 678 901.5 × 0.01
    /// = 123 456 789.015 is half a fen. With thirteen digits of fen in front, a hundredth of a fen is
    /// the fifteenth digit: 0.501 fen cannot be told from a half, 0.6 can.
    #[test]
    fn halves_and_what_fifteen_digits_cannot_tell_are_not_left_to_a_spreadsheet() {
        assert!(!clear("3", 0, "0.015") && clear("3", 0, "0.016"));
        assert!(!clear("12345678901.5", 1, "0.01"));
        assert!(!clear("1234567890123.501", 3, "0.01") && clear("1234567890123.6", 1, "0.01"));
        assert!(!clear("1234567890123456", 0, "0.01"), "sixteen digits of fen");
        assert!(clear("1234567890123", 0, "0.1"), "no fen is split");
        assert!(clear("0", 0, "6.11") && clear("-7", 0, "1200"));
    }

    #[test]
    fn rows_are_picked_as_ranges() {
        assert_eq!(picked(&[4, 5, 6, 8, 10, 11], 5), "F5:F7,F9,F11:F12");
        assert_eq!(down("T-C 2020", (3, 3), 0), "'T-C 2020'!A4");
        assert_eq!(down("T-C 2020", (3, 9), 26), "'T-C 2020'!AA4:AA10");
    }

    #[test]
    fn numbers_too_long_are_written_plainly_and_counted() {
        use liangshan_formats::workbook::Value;
        let exact = Exact::default();
        assert!(matches!(exact.money("A1:A2", Fen(999_999_999_999_999)).value, Value::Formula(..)));
        assert!(matches!(exact.money("A1:A2", Fen(1_000_000_000_000_000)).value, Value::Money(_)));
        assert!(matches!(exact.amount("A1", Amount { units: 10_i128.pow(15), decimals: 0 }).value, Value::Number(_)));
        assert_eq!(exact.fixed(), 2);
    }
}
