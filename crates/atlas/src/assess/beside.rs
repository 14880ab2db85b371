//! What stands in a table beside its data: sums, remarks and signatures below it, its head printed again on
//! every page, and cells that were merged.

use liangshan_formats::table::Row;
use liangshan_formats::workbook::Merged;
use liangshan_vocab::{Problem, text, words};

use super::columns::{ColumnRead, Header, Role};
use super::words::Words;

/// A cell this long that stands alone in its row is a sentence and no name.
const SENTENCE: usize = 7;

/// Knows rows that are no data.
pub(super) struct Beside<'b> {
    pub(super) words: &'b Words,
    pub(super) columns: &'b [ColumnRead],
    /// Rows of data have a time.
    pub(super) timed: bool,
}

impl Beside<'_> {
    /// What a row is beside the data: a note that it was passed over; `None` for a row of data.
    pub(super) fn of(&self, row: &Row) -> Option<Problem> {
        let cells: Vec<(usize, &str)> = row.cells.iter().map(|c| c.trim()).enumerate().filter(|(_, c)| !c.is_empty()).collect();
        let (at, first) = *cells.first()?;
        let again = cells.len() > 1 && cells.iter().all(|(at, cell)| self.columns.get(*at).is_some_and(|c| c.head == *cell));
        if again {
            return Some(passed_over(text("表头又出现一次，未作数据", "the header stands here again and is no data")));
        }
        let is = |wanted: fn(&Role) -> bool| cells.iter().any(|(at, _)| self.columns.get(*at).is_some_and(|c| wanted(&c.role)));
        let timed = self.timed && is(|r| matches!(r, Role::Field(f) if f == "time" || f == "date"));
        if timed {
            return None;
        }
        let close: String = first.chars().filter(|c| !c.is_whitespace()).collect();
        let shown: String = first.chars().take(40).collect();
        // A section may be called 平均; one that nothing is measured of is a remark.
        let is_sum = self.words.means("sum_row", &close) && (self.timed || at == 0);
        let measured = is(|r| matches!(r, Role::Item(..))) || is(|r| matches!(r, Role::Field(f) if f == "value"));
        let is_note = (self.timed || !measured) && self.words.means("note_row", &close);
        let alone = cells.len() == 1 && self.columns.len() > 2 && (first.chars().count() >= SENTENCE || first.contains([':', '：']));
        (is_sum || is_note || (alone && !measured))
            .then(|| passed_over(words!("“{shown}”是合计、备注或签名，未作数据", "\"{shown}\" is a sum, a remark or a signature, and is no data")))
    }
}

fn passed_over(what: liangshan_vocab::Text) -> Problem {
    Problem::note("assess.note_row", what)
        .expect(text("数据行写明地点、时间与数值", "a row of data has a place, a time and values"))
        .fix(text("若是数据，请补上所缺的格", "if it is data, fill in the cells that are missing"))
}

/// Gives every row of merged cells what stands in the first, where it says where or when; merged values stay
/// with their first row. Each is told.
pub(super) fn fill(sheet: &str, rows: &mut [Row], merged: &[Merged], header: &Header) -> Vec<Problem> {
    let Some(head) = rows.get(header.at).map(|r| r.line) else { return Vec::new() };
    let mut told = Vec::new();
    for range in merged.iter().filter(|m| m.first_row > head && m.last_row > m.first_row) {
        let at = range.first_column as usize;
        let Some(first) = rows.iter().find(|r| r.line == range.first_row).and_then(|r| r.cells.get(at)).filter(|c| !c.trim().is_empty()).cloned() else {
            continue;
        };
        let Some(column) = header.columns.get(at).filter(|_| range.first_column == range.last_column) else { continue };
        let (name, shown) = (range.name(), first.trim().to_owned());
        let problem = match column.role {
            Role::Field(_) => {
                for row in rows.iter_mut().filter(|r| (range.first_row + 1..=range.last_row).contains(&r.line)) {
                    if row.cells.len() <= at {
                        row.cells.resize(at + 1, String::new());
                    }
                    row.cells[at].clone_from(&first);
                }
                Problem::note(
                    "assess.merged",
                    words!("合并单元格 {name} 的“{shown}”按每一行理解", "\"{shown}\" of the merged cells {name} is taken for each row"),
                )
            }
            Role::Item(..) => Problem::warning(
                "assess.merged",
                words!("合并单元格 {name} 的数值“{shown}”只计在第一行", "the value \"{shown}\" of the merged cells {name} counts for the first row only"),
            ),
            _ => continue,
        };
        told.push(
            problem
                .file(sheet)
                .row(range.first_row)
                .column(column.head.as_str())
                .expect(text("每格写出自己的值", "every cell with its own value"))
                .fix(text("取消合并，在每一格中填写", "unmerge them and fill in every cell")),
        );
    }
    told
}
