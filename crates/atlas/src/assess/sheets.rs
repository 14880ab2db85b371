//! A department's file into entries: a place, a time and what was measured there, row by row. Long tables
//! with an item in each row, wide ones with a column for each, and the national layout with a column for
//! each station come to the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use liangshan_formats::table::{Row, read_csv_rows};
use liangshan_formats::workbook::{Merged, Visibility, read_workbook};
use liangshan_vocab::{Problem, Problems, text};

use super::Domain;
use super::beside::{Beside, fill};
use super::cells::{Said, Stamp, hour, time, value};
use super::columns::{ColumnRead, Header, Items, Role, faults, header};
use super::refused::{bad_time, future, no_header, no_place, no_rows, no_time, not_read, too_many_cells, unit_row, unknown_item, unknown_status};
use super::words::Words;

/// One value of an entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The item's code.
    pub(super) item: String,
    /// What the cell says.
    pub(super) said: Said,
    /// The unit it is in; that of the limits where none is stated.
    pub(super) unit: Option<String>,
    /// The head of its column.
    pub(super) head: String,
    /// The detection limit that another column tells.
    pub(super) limit: Option<String>,
}

/// A row, or a station's share of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// File and sheet, for problems.
    pub(super) file: String,
    /// The row it stands in.
    pub(super) line: u64,
    /// The place; empty where the sheet names none.
    pub(super) place: String,
    /// When; `None` in tables without a time.
    pub(super) at: Option<Stamp>,
    /// The status that takes it out of judgement: maintenance, calibration.
    pub(super) set_aside: Option<String>,
    /// Other fields as they stand: class, target, kind of water.
    pub(super) fields: BTreeMap<String, String>,
    /// What was measured.
    pub(super) values: Vec<Found>,
}

/// A file that was read.
pub(super) struct File {
    /// How it is encoded: `UTF-8`, `gb18030`, `XLSX`.
    pub(super) encoding: String,
    /// Columns of all sheets that were read.
    pub(super) columns: Vec<ColumnRead>,
    /// Entries in their order.
    pub(super) entries: Vec<Entry>,
    /// Rows below headers.
    pub(super) rows: usize,
    /// Rows that could not be read at all.
    pub(super) refused: usize,
    /// What is wrong.
    pub(super) problems: Problems,
}

struct Sheet {
    name: String,
    rows: Vec<Row>,
    /// Merged cells.
    merged: Vec<Merged>,
}

/// The tables of a file.
fn sheets(bytes: &[u8], file: &str, problems: &mut Problems) -> Result<(Vec<Sheet>, String), Problems> {
    if !(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")) {
        let (rows, encoding) = read_csv_rows(bytes).map_err(|p| p.or_file(file))?;
        return Ok((vec![Sheet { name: String::new(), rows, merged: Vec::new() }], encoding.to_owned()));
    }
    let book = read_workbook(bytes).map_err(|p| p.or_file(file))?;
    problems.extend(book.notes.or_file(file));
    let several = book.sheets.len() > 1;
    let seen = book.sheets.into_iter().filter(|s| s.visibility == Visibility::Visible && !s.rows.is_empty());
    let sheets = seen.map(|s| Sheet { name: if several { s.name.trim().to_owned() } else { String::new() }, rows: s.rows, merged: s.merged }).collect();
    Ok((sheets, "XLSX".to_owned()))
}

/// What a domain needs of a sheet before it can be read.
pub(super) struct Needs {
    /// Rows are of a time.
    pub(super) time: bool,
    /// Named as a whole by the file when no column names places.
    pub(super) place: bool,
    /// Something is measured; a table of stations has only fields.
    pub(super) measured: bool,
    /// The day on which it is judged: what is of a later one has not been measured.
    pub(super) on: Option<Date>,
}

/// Reads a file. `label` is what problems call it; `stem` names its place where the sheet names none.
///
/// # Errors
/// What makes it unreadable as a whole: not a table, no header, no column to judge, no rows.
pub(super) fn read(bytes: &[u8], label: &str, stem: &str, domain: Domain, items: &dyn Items, needs: &Needs) -> Result<File, Problems> {
    let words = items.words();
    let mut problems = Problems::new();
    let (mut sheets, encoding) = sheets(bytes, label, &mut problems)?;
    let mut file = File { encoding, columns: Vec::new(), entries: Vec::new(), rows: 0, refused: 0, problems };
    let mut known = 0;
    for sheet in &mut sheets {
        let called = if sheet.name.is_empty() { label.to_owned() } else { format!("{label}!{}", sheet.name) };
        let found = header(&sheet.name, &sheet.rows, domain, items, words).filter(|h| can_be_judged(h, needs));
        let Some(found) = found else {
            if !sheet.name.is_empty() {
                file.problems.push(not_read(&called, &sheet.rows));
            }
            continue;
        };
        file.problems.extend(fill(&called, &mut sheet.rows, &sheet.merged, &found));
        known += 1;
        let place = if sheet.name.is_empty() { stem } else { &sheet.name };
        Reader { file: &called, place, needs, words, items, columns: &found.columns }.rows(sheet, &found, &mut file);
        file.columns.extend(found.columns);
    }
    told_apart(&mut file.entries);
    if known == 0 || file.rows == 0 {
        let mut all = file.problems;
        let first = sheets.iter().flat_map(|s| &s.rows).find(|row| row.cells.iter().any(|c| !c.trim().is_empty()));
        all.push(match (known, first) {
            (0, Some(first)) => no_header(label, domain, needs, first),
            _ => no_rows(label),
        });
        return Err(all);
    }
    Ok(file)
}

fn can_be_judged(header: &Header, needs: &Needs) -> bool {
    let has = |field: &str| header.columns.iter().any(|c| c.role == Role::Field(field.to_owned()));
    let measured = header.columns.iter().any(|c| matches!(c.role, Role::Item(..) | Role::Refused(_)))
        || (has("item") && (has("value") || header.columns.iter().any(|c| c.role == Role::Place)));
    (measured || !needs.measured) && (!needs.time || has("time") || has("date"))
}

/// Fields that name a place, the most particular first.
const PLACES: [&str; 3] = ["place", "place_code", "city"];

/// Places of one name and several codes are told apart by them.
fn told_apart(entries: &mut [Entry]) {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let code = |e: &Entry| e.fields.get("place_code").filter(|c| !c.is_empty() && **c != e.place).cloned();
    for entry in entries.iter() {
        if let Some(code) = code(entry) {
            codes.entry(entry.place.clone()).or_default().insert(code);
        }
    }
    for entry in entries.iter_mut().filter(|e| codes.get(&e.place).is_some_and(|c| c.len() > 1)) {
        if let Some(code) = code(entry) {
            entry.place = format!("{} ({code})", entry.place);
        }
    }
}

struct Reader<'r> {
    file: &'r str,
    place: &'r str,
    needs: &'r Needs,
    words: &'r Words,
    items: &'r dyn Items,
    columns: &'r [ColumnRead],
}

impl Reader<'_> {
    fn rows(&self, sheet: &Sheet, header: &Header, out: &mut File) {
        let line = sheet.rows[header.at].line;
        out.problems.extend(faults(self.file, line, self.columns, self.items, self.words));
        let used: Vec<bool> = (0..self.columns.len()).map(|at| self.columns[at].used(&self.columns[..at], self.items)).collect();
        let first = header.at + 1 + usize::from(header.units_below);
        let beside = Beside { words: self.words, columns: self.columns, timed: self.needs.time };
        for row in &sheet.rows[first..] {
            if row.cells.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            if let Some(note) = beside.of(row) {
                out.problems.push(note.file(self.file).row(row.line));
                continue;
            }
            out.rows += 1;
            let before = out.entries.len();
            match self.row(row, &used, &mut out.problems) {
                Some(entries) => out.entries.extend(entries),
                None => out.refused += 1,
            }
            debug_assert!(out.entries.len() >= before, "entries are only added");
        }
    }

    /// The entries of a row; `None` where it cannot be placed in time.
    fn row(&self, row: &Row, used: &[bool], problems: &mut Problems) -> Option<Vec<Entry>> {
        let here = |p: Problem| p.file(self.file).row(row.line);
        if row.cells.len() > self.columns.len() && row.cells[self.columns.len()..].iter().any(|c| !c.trim().is_empty()) {
            let (got, wanted) = (row.cells.len(), self.columns.len());
            problems.push(here(too_many_cells(got, wanted)));
            return None;
        }
        let cell = |at: usize| row.cells.get(at).map_or("", |c| c.trim());
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (at, column) in self.columns.iter().enumerate() {
            if let (Role::Field(field), true) = (&column.role, used[at]) {
                fields.insert(field.clone(), cell(at).to_owned());
            }
        }
        let set_aside = self.set_aside(&fields, &here, problems)?;
        let at = if self.needs.time { self.at(&fields, set_aside.is_some(), &here, problems)? } else { None };
        let own = PLACES.iter().filter_map(|f| fields.get(*f)).find(|p| !p.is_empty()).cloned().unwrap_or_default();
        let names_places = self.columns.iter().any(|c| matches!(&c.role, Role::Field(f) if PLACES.contains(&f.as_str())));
        if names_places && own.is_empty() && self.needs.place {
            problems.push(here(no_place()));
            return None;
        }
        let place = if names_places || !self.needs.place { own } else { self.place.to_owned() };
        let entry = |place: String, values: Vec<Found>| Entry {
            file: self.file.to_owned(),
            line: row.line,
            place,
            at,
            set_aside: set_aside.clone(),
            fields: fields.clone(),
            values,
        };
        let silent = set_aside.is_some();
        let mut values = Vec::new();
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| used[*at]) {
            if let Role::Item(code, unit) = &column.role {
                let limit = self.limit_beside(code, &cell, used);
                values.extend(self.found(code, cell(at), unit.clone(), &column.head, limit, silent, &here, problems));
            }
        }
        self.unread(&cell, used, &mut values);
        if let Some(named) = fields.get("item") {
            let Some(code) = self.item_of(named, &here, problems) else { return Some(vec![entry(place, values)]) };
            let unit = match self.unit_of(&fields, &code, &here, problems) {
                Ok(unit) => unit,
                Err(()) => return Some(Vec::new()),
            };
            let across: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].role == Role::Place).collect();
            if !across.is_empty() {
                return Some(
                    across
                        .into_iter()
                        .filter_map(|at| {
                            let head = &self.columns[at].head;
                            let found = self.found(&code, cell(at), unit.clone(), head, None, silent, &here, problems)?;
                            Some(entry(head.clone(), vec![found]))
                        })
                        .collect(),
                );
            }
            let limit = fields.get("limit").filter(|l| !l.is_empty()).cloned();
            let head = self.columns.iter().find(|c| c.role == Role::Field("value".into())).map_or("", |c| c.head.as_str());
            let said = fields.get("value").cloned().unwrap_or_default();
            values.extend(self.found(&code, &said, unit, head, limit, silent, &here, problems));
        }
        Some(vec![entry(place, values)])
    }

    /// Items measured in columns that are refused for their unit: something is there, and what is not known.
    fn unread<'c>(&self, cell: &dyn Fn(usize) -> &'c str, used: &[bool], values: &mut Vec<Found>) {
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| !used[*at]) {
            let (Role::Refused(code) | Role::Item(code, _)) = &column.role else { continue };
            let is_there = !matches!(value(cell(at), self.words), Ok(Said::Nothing));
            if is_there && !values.iter().any(|f| f.item == *code) {
                values.push(Found { item: code.clone(), said: Said::Unreadable, unit: None, head: column.head.clone(), limit: None });
            }
        }
    }

    /// The status that takes the row out of judgement. A word that is not known is told, and the row is not
    /// judged: the outer `None`.
    fn set_aside(&self, fields: &BTreeMap<String, String>, here: &dyn Fn(Problem) -> Problem, problems: &mut Problems) -> Option<Option<String>> {
        let Some(status) = fields.get("status").filter(|s| !s.is_empty()) else { return Some(None) };
        match self.words.counts(status) {
            Some(true) => Some(None),
            Some(false) => Some(Some(status.clone())),
            None => {
                problems.push(here(unknown_status(status)));
                None
            }
        }
    }

    fn at(&self, fields: &BTreeMap<String, String>, silent: bool, here: &dyn Fn(Problem) -> Problem, problems: &mut Problems) -> Option<Option<Stamp>> {
        let written = ["time", "date"].iter().filter_map(|f| fields.get(*f)).filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>();
        // A date and a clock in two columns are one time.
        let joined = match written.as_slice() {
            [clock, date] if time(clock).is_err() => format!("{date} {clock}"),
            [first, ..] => first.clone(),
            [] => {
                if silent {
                    return Some(None);
                }
                problems.push(here(no_time()).column(self.head_of("time")));
                return None;
            }
        };
        let stamp = match time(&joined) {
            Ok(stamp) => stamp,
            // A row that is set aside need not say when.
            Err(_) if silent => return Some(None),
            Err(why) => {
                problems.push(here(bad_time(&joined, &why)).column(self.head_of("time")));
                return None;
            }
        };
        if let Some(on) = self.needs.on.filter(|on| !silent && stamp.date > *on) {
            problems.push(here(future(&joined, on)).column(self.head_of("time")));
        }
        match fields.get("hour").filter(|h| !h.is_empty()) {
            None => Some(Some(stamp)),
            Some(said) => match hour(said) {
                Some(hour) => Some(Some(stamp.at_hour(hour))),
                None => {
                    problems.push(here(bad_time(said, &text("没有这个小时", "there is no such hour"))).column(self.head_of("hour")));
                    None
                }
            },
        }
    }

    fn head_of(&self, field: &str) -> String {
        let of = |field: &str| self.columns.iter().find(|c| c.role == Role::Field(field.to_owned())).map(|c| c.head.clone());
        of(field).or_else(|| of("date")).unwrap_or_default()
    }

    #[allow(clippy::too_many_arguments, reason = "a cell and everything that was read around it")]
    fn found(
        &self,
        code: &str,
        cell: &str,
        unit: Option<String>,
        head: &str,
        limit: Option<String>,
        silent: bool,
        here: &dyn Fn(Problem) -> Problem,
        problems: &mut Problems,
    ) -> Option<Found> {
        match value(cell, self.words) {
            Ok(Said::Nothing) => None,
            Ok(said) => Some(Found { item: code.to_owned(), said, unit, head: head.to_owned(), limit }),
            Err(problem) => {
                // What stands in a row that is set aside needs no mending.
                if silent {
                    return None;
                }
                problems.push(here(problem).column(head));
                Some(Found { item: code.to_owned(), said: Said::Unreadable, unit, head: head.to_owned(), limit })
            }
        }
    }

    fn limit_beside<'c>(&self, code: &str, cell: &dyn Fn(usize) -> &'c str, used: &[bool]) -> Option<String> {
        let is = |c: &ColumnRead| matches!(&c.role, Role::LimitOf(of, _) if of == code);
        let at = self.columns.iter().position(is).filter(|at| used[*at])?;
        Some(cell(at).to_owned()).filter(|l| !l.is_empty())
    }

    fn item_of(&self, named: &str, here: &dyn Fn(Problem) -> Problem, problems: &mut Problems) -> Option<String> {
        if let Some(code) = self.items.code(named) {
            return Some(code);
        }
        let known = self.words.field(Domain::Water, named) == Some("aside") || self.words.field(Domain::Air, named) == Some("aside");
        let published = matches!(self.words.field(Domain::Air, named), Some("published" | "level" | "primary"));
        if !known && !published {
            problems.push(
                here(unknown_item(named, &self.items.names()))
                    .column(self.columns.iter().find(|c| c.role == Role::Field("item".into())).map_or("", |c| c.head.as_str())),
            );
        }
        None
    }

    /// The unit of a row; an error was told where it is not known.
    fn unit_of(&self, fields: &BTreeMap<String, String>, code: &str, here: &dyn Fn(Problem) -> Problem, problems: &mut Problems) -> Result<Option<String>, ()> {
        let Some(said) = fields.get("unit").filter(|u| !u.is_empty()) else { return Ok(None) };
        let wanted = self.items.unit(code);
        match self.words.unit(said).filter(|unit| super::words::factor(unit, &wanted).is_some()) {
            Some(unit) => Ok(Some(unit.to_owned())),
            None => {
                problems.push(
                    here(unit_row(said, &wanted)).column(self.columns.iter().find(|c| c.role == Role::Field("unit".into())).map_or("", |c| c.head.as_str())),
                );
                Err(())
            }
        }
    }
}
