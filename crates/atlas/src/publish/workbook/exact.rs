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

/// Makes cells, and counts those that are not the plain formula one expects.
#[derive(Default)]
pub(super) struct Exact {
    fixed: cell::Cell<usize>,
}

impl Exact {
    /// Cells that carry a note on their rounding.
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

    /// `ROUND(quantity*price,2)`; on a half of a fen a tenth of a fen goes to the side of the even one.
    pub(super) fn product(&self, cells: (&str, &str), quantity: Amount, price: Decimal, value: Fen) -> Cell {
        let product = format!("{}*{}", cells.0, cells.1);
        let nudged = |by: &str| {
            self.fixed.set(self.fixed.get() + 1);
            Cell::formula(format!("ROUND({product}{by},2)"), Cached::Money(value)).note(ON_A_HALF)
        };
        match rounding(quantity, price) {
            Rounding::Clear => Cell::formula(format!("ROUND({product},2)"), Cached::Money(value)),
            Rounding::Up => nudged("+0.001"),
            Rounding::Down => nudged("-0.001"),
            Rounding::TooLong => self.plain(Cell::money(value), &format!("ROUND({product},2)")),
        }
    }

    fn plain(&self, cell: Cell, formula: &str) -> Cell {
        self.fixed.set(self.fixed.get() + 1);
        cell.note(format!(
            "数值，不是公式：位数超过双精度所能保证的十五位，{formula} 可能差末位。\n\
             A number, not a formula: it is longer than the fifteen digits that doubles keep, so {formula} could miss its last ones."
        ))
    }
}

/// The note of a product that lies on a half of a fen.
const ON_A_HALF: &str = "乘积恰在半分处。账户四舍六入五成双，表格软件五则进位，故先加减 0.001 元再取整，使两者相同。\n\
    The product lies on half a fen. The account rounds halves to even and a spreadsheet rounds them up, so 0.001 yuan is added or taken before rounding.";

/// How a spreadsheet comes to the account's value of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounding {
    /// By rounding it: no half is near.
    Clear,
    /// It is to go up, to the number with the greater sign.
    Up,
    /// It is to go down.
    Down,
    /// Fifteen digits do not tell.
    TooLong,
}

/// How the exact product lies to the halves of a fen.
fn rounding(quantity: Amount, price: Decimal) -> Rounding {
    let exactly = || {
        let price = price.normalize();
        let product = quantity.units.checked_mul(price.mantissa())?;
        let places = quantity.decimals + price.scale();
        let lifted = product.unsigned_abs().checked_mul(10_u128.checked_pow(2_u32.saturating_sub(places))?)?;
        Some((product < 0, lifted, 10_u128.checked_pow(places.saturating_sub(2))?))
    };
    let Some((negative, product, fen)) = exactly() else { return Rounding::TooLong };
    let (whole, rest) = (product / fen, product % fen);
    let digits = digits(whole);
    if digits > DIGITS - 2 && fen > 1 || digits > DIGITS {
        return Rounding::TooLong;
    }
    // Distance from the half, in fen, against what fifteen digits leave open.
    let from_half = (rest * 2).abs_diff(fen) as f64 / (2.0 * fen as f64);
    if fen == 1 || from_half > 2.0 * 10_f64.powi(digits as i32 - DIGITS as i32) {
        return Rounding::Clear;
    }
    let away = rest * 2 > fen || rest * 2 == fen && whole % 2 == 1;
    if away != negative { Rounding::Up } else { Rounding::Down }
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

    fn rounding(quantity: &str, decimals: u32, price: &str) -> Rounding {
        super::rounding(Amount::parse(quantity, decimals).unwrap(), price.parse().unwrap())
    }

    /// By hand: 3 × 0.015 = 0.045 yuan is 4.5 fen, even neighbour 4; 5 × 0.015 = 0.075 is 7.5 fen, even
    /// neighbour 8; 3 × 0.016 = 0.048 is no half. With thirteen digits of fen in front a hundredth of a
    /// fen is the fifteenth digit: 0.501 fen cannot be told from a half, 0.6 can.
    #[test]
    fn halves_and_what_fifteen_digits_cannot_tell_are_not_left_to_a_spreadsheet() {
        use Rounding::*;
        assert_eq!((rounding("3", 0, "0.015"), rounding("5", 0, "0.015"), rounding("3", 0, "0.016")), (Down, Up, Clear));
        assert_eq!((rounding("-3", 0, "0.015"), rounding("-5", 0, "0.015")), (Up, Down));
        assert_eq!((rounding("1234567890123.501", 3, "0.01"), rounding("1234567890123.6", 1, "0.01")), (Up, Clear));
        assert_eq!((rounding("12345678901234.5", 1, "0.01"), rounding("1234567890123456", 0, "0.01")), (TooLong, TooLong));
        assert_eq!((rounding("1234567890123", 0, "0.1"), rounding("0", 0, "6.11"), rounding("-7", 0, "1200")), (Clear, Clear, Clear));
    }

    /// The formulas that are written, for the same halves.
    #[test]
    fn a_half_is_moved_to_its_even_side() {
        use liangshan_formats::workbook::Value;
        let exact = Exact::default();
        let of = |quantity: &str, value: i128| {
            let cell = exact.product(("A1", "B1"), Amount::parse(quantity, 0).unwrap(), "0.015".parse().unwrap(), Fen(value));
            let Value::Formula(formula, _) = cell.value else { panic!("not a formula") };
            (formula, cell.note.is_some())
        };
        assert_eq!(of("3", 4), ("ROUND(A1*B1-0.001,2)".into(), true));
        assert_eq!(of("5", 8), ("ROUND(A1*B1+0.001,2)".into(), true));
        assert_eq!(of("2", 3), ("ROUND(A1*B1,2)".into(), false));
        assert_eq!(exact.fixed(), 2);
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
