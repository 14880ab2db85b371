//! Rows of totals: compared with the sum of the counties, to the digits that were written.

use liangshan_vocab::{Problem, text, words};
use rust_decimal::Decimal;

use super::forms::{Form, Kind, Line, Where};
use super::judge::{Fault, Judged, number};
use super::known::Knowledge;

/// Words that make a row one of totals.
const TOTALS: [&str; 8] = ["合计", "总计", "小计", "全市", "全市合计", "全区合计", "total", "sum"];

/// True for a row that sums others up: its place is a word such as 合计, and no place of the region.
pub(super) fn is_total(row: &Judged, form: &Form) -> bool {
    form.columns.iter().zip(&row.cells).any(|(column, cell)| {
        let plain: String = cell.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        matches!(column.kind, Kind::Place | Kind::PlaceName | Kind::Year) && TOTALS.contains(&plain.as_str())
            // In a table with a row for the whole, 全市 may be how its name is written.
            && (column.kind != Kind::PlaceName || !has_code(row, form))
    })
}

fn has_code(row: &Judged, form: &Form) -> bool {
    let place = form.columns.iter().position(|c| c.kind == Kind::Place);
    place.is_some_and(|k| row.cells[k].len() == 6 && row.cells[k].bytes().all(|b| b.is_ascii_digit()))
}

/// Totals that are not the sum of their parts. What was rounded may differ by half a unit of the last
/// digit for each number that goes into the comparison.
pub(super) fn faults(rows: &[Judged], totals: &[Judged], form: &Form, lines: &[Line], knowledge: &Knowledge<'_>) -> Vec<Fault> {
    let index = |name: &str| form.columns.iter().position(|c| c.name == name);
    let (Some(adds), Some(place)) = (form.adds.as_deref().and_then(index), form.columns.iter().position(|c| c.kind == Kind::Place)) else { return Vec::new() };
    // The columns by which rows belong together: the key but for the place, and units.
    let together: Vec<usize> = form.key.iter().chain(form.columns[adds].unit_from.as_ref()).filter_map(|n| index(n)).filter(|k| *k != place).collect();
    let same = |a: &Judged, b: &Judged, blank_fits: bool| {
        together.iter().all(|k| {
            a.cells[*k] == b.cells[*k] || (blank_fits && (a.cells[*k].is_empty() || form.columns[*k].kind == Kind::Year && a.cells[*k].parse::<i32>().is_err()))
        })
    };
    let whole = &knowledge.whole.code;
    let added = |line: &Judged| {
        let declared =
            lines.iter().find(|l| l.cells.iter().all(|(name, said)| !form.key.contains(name) || index(name).is_some_and(|k| line.cells[k] == *said)));
        declared.is_none_or(|l| l.adds)
    };
    let mut faults = Vec::new();
    let of_whole = rows.iter().filter(|r| form.places == Where::CountiesAndWhole && r.cells[place] == *whole && added(r));
    for (total, blank_fits) in totals.iter().map(|t| (t, true)).chain(of_whole.map(|r| (r, false))) {
        let Some(stated) = number(total, adds) else { continue };
        let parts: Vec<Decimal> = rows.iter().filter(|r| r.cells[place] != *whole && same(total, r, blank_fits)).filter_map(|r| number(r, adds)).collect();
        if parts.is_empty() {
            continue;
        }
        let Some(sum) = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part)) else { continue };
        let tolerance: Decimal = parts.iter().chain([&stated]).map(|d| Decimal::new(5, d.scale().min(27) + 1)).sum();
        if (sum - stated).abs() > tolerance {
            let (sum, count) = (sum.normalize(), parts.len());
            faults.push(Fault::soft(
                Problem::error(
                    "delivery.total_differs",
                    words!("合计 {stated} 不等于 {count} 行之和 {sum}", "the total {stated} is not the sum {sum} of its {count} rows"),
                )
                .row(total.line)
                .column(form.columns[adds].name.as_str())
                .expect(words!("{sum}", "{sum}"))
                .fix(text(
                    "核对各行与合计；若差异有原因，可接受并说明",
                    "compare the rows and the total; if the difference has a reason, accept it and say so",
                )),
            ));
        }
    }
    faults
}
