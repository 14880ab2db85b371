//! The table that the account reads after a delivery: what was there, less the rows that the delivery
//! speaks for, and its own.

use std::collections::BTreeSet;

use liangshan_formats::table::{Table, write_csv};
use liangshan_vocab::Origin;

use super::forms::{Form, Kind, ORIGINS};
use super::judge::Judged;

/// The new table as CSV. A row of the present table gives way when the delivery has its values in the
/// columns of the form's scope; with no scope the whole table gives way. Columns that only the present
/// table has stay, blank in delivered rows but for `source`, which says who delivered.
pub(super) fn taken(present: Option<&Table>, form: &Form, has: &[usize], rows: &[&Judged], note: &str) -> Vec<u8> {
    let own: Vec<usize> = has.iter().copied().filter(|k| !form.columns[*k].for_reading).collect();
    let mut columns: Vec<String> = present.map(|t| t.columns.clone()).unwrap_or_default();
    for k in &own {
        if !columns.contains(&form.columns[*k].name) {
            columns.push(form.columns[*k].name.clone());
        }
    }
    let scope: Vec<usize> = form.scope.iter().filter_map(|name| form.columns.iter().position(|c| c.name == *name)).collect();
    let spoken: BTreeSet<Vec<&str>> = rows.iter().map(|r| scope.iter().map(|k| r.cells[*k].as_str()).collect()).collect();
    let mut out: Vec<Vec<String>> = Vec::new();
    if let Some(table) = present.filter(|_| !scope.is_empty()) {
        let at: Vec<Option<usize>> = scope.iter().map(|k| table.columns.iter().position(|c| *c == form.columns[*k].name)).collect();
        for row in &table.rows {
            let values: Vec<&str> = at.iter().map(|c| c.map_or("", |c| table.text(row, c))).collect();
            if !spoken.contains(&values) {
                let mut cells = row.cells.clone();
                cells.resize(columns.len(), String::new());
                out.push(cells);
            }
        }
    }
    for row in rows {
        let cell = |name: &String| match own.iter().find(|k| form.columns[**k].name == *name) {
            Some(k) => row.cells[*k].clone(),
            None if name == "source" => note.to_owned(),
            None => String::new(),
        };
        let mut cells: Vec<String> = columns.iter().map(cell).collect();
        if let Some(source) = columns.iter().position(|c| c == "source").filter(|c| cells[*c].is_empty()) {
            cells[source] = note.to_owned();
        }
        out.push(cells);
    }
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    write_csv(&names, out, false)
}

/// Where the numbers of a taken table come from: what its rows say, else what was said of the delivery
/// together with what was there before.
pub(super) fn origin_of(table: &Table, form: &Form, said: Origin, before: Option<Origin>) -> Origin {
    let own = |kind: &Kind| matches!(kind, Kind::Code(codes) if codes.iter().map(|c| c.0.as_str()).eq(ORIGINS.iter().map(|o| o.0)));
    let columns: Vec<usize> = form.columns.iter().filter(|c| own(&c.kind)).filter_map(|c| table.columns.iter().position(|t| *t == c.name)).collect();
    let words: BTreeSet<&str> = table.rows.iter().flat_map(|row| columns.iter().map(|c| table.text(row, *c))).collect();
    let found = words.into_iter().filter_map(Origin::parse).reduce(Origin::with);
    found.unwrap_or_else(|| before.filter(|_| !form.scope.is_empty()).map_or(said, |before| before.with(said)))
}
