//! The rows of a region's registers, read and held against their declarations.

use std::collections::{BTreeMap, BTreeSet};

pub use liangshan_registers::{Column, Holds, Record};
use liangshan_registers::{Known, Measured, Register, Step};
use liangshan_vocab::{Problems, Text};

use super::declared::Declared;
use super::entries::{Entries, Rows, Touch, records};
use super::kinds::no_register;
use crate::deliveries::record::JOURNAL;
use crate::region::Region;

/// A register with its rows.
#[derive(Debug, Clone)]
pub struct Book {
    /// What it is.
    pub register: Register,
    /// Its rows.
    pub records: Vec<Record>,
    /// Files they were read from, and tables that were taken over.
    pub files: Vec<String>,
    /// The file and line of each record.
    pub places: BTreeMap<String, (String, u64)>,
    /// The facts that touched a record, in the order of the chain.
    pub history: BTreeMap<String, Vec<Touch>>,
    /// Where its rows come from, by the sidecars; empty without files.
    pub origins: BTreeSet<&'static str>,
}

impl Book {
    /// A measure of a day; `None` where the register has none of this id.
    pub fn measured(&self, measure: &str, on: &str) -> Option<Measured> {
        Some(self.register.measure(measure)?.take(&self.register, &self.records, on))
    }

    /// The record of a key.
    pub fn record(&self, key: &str) -> Option<&Record> {
        self.records.iter().find(|r| r.key == key)
    }

    /// The facts that touched a record, in the order of the chain.
    pub fn touched(&self, key: &str) -> &[Touch] {
        self.history.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The steps of its life that are open to a record.
    pub fn open_steps<'b>(&'b self, record: &Record) -> Vec<&'b Step> {
        let Some(state) = self.register.state(record) else { return Vec::new() };
        self.register.life.iter().flat_map(|l| &l.steps).filter(|s| s.from.contains(&state)).collect()
    }

    /// What a state is called; its word where the life does not name it.
    pub fn state_title(&self, state: &str) -> Text {
        self.register.life.as_ref().and_then(|l| l.title(state)).cloned().unwrap_or_else(|| Text::same(state.to_owned()))
    }

    /// A cell of a record as it is written; empty where missing.
    pub fn written(&self, record: &Record, column: &str) -> String {
        self.register.cell(record, column).map(liangshan_registers::Value::written).unwrap_or_default()
    }

    /// The records that say they belong to one of these rows of the plan; all of them where the register
    /// has no such column.
    pub fn serving<'b>(&'b self, rows: &'b [&str]) -> impl Iterator<Item = &'b Record> {
        let column = self.register.holding(&Holds::PlanRow).map(|c| c.name.clone());
        self.records.iter().filter(move |record| match &column {
            None => true,
            Some(column) => self.written(record, column).split_whitespace().any(|row| rows.contains(&row)),
        })
    }

    /// True when a record is still where its life begins and nothing was said of it.
    pub fn not_reported(&self, record: &Record) -> bool {
        let first = self.register.life.as_ref().and_then(|l| l.states.first()).map(|(s, _)| s.as_str());
        first == Some("not_reported") && self.register.columns.iter().zip(&record.values).any(|(c, v)| c.holds == Holds::State && v.written() == "not_reported")
    }
}

/// Reads every register that the plan declares files for, with what was entered on top. Those it declares
/// none for have what was entered. Gives what rows may refer to, filled with the keys of all registers.
///
/// Problems: `register.unknown`, those of [`super::entries`], and those of a table's rows, with file and line.
pub(super) fn books(region: &Region, declared: &Declared, registers: &[Register], entries: &Entries, mut known: Known) -> (Vec<Book>, Known, Problems) {
    let mut problems = Problems::new();
    let is_known = |id: &str| registers.iter().any(|r| r.id == id);
    for (id, _) in declared.registers.iter().filter(|(id, _)| !is_known(id)) {
        problems.push(no_register(id, registers).or_file(super::PLAN_FILE));
    }
    entries.registers().filter(|id| !is_known(id)).for_each(|id| problems.push(no_register(id, registers).or_file(JOURNAL)));
    let mut books = Vec::new();
    for register in in_order(registers) {
        let mut rows = Rows { register, records: Vec::new(), places: BTreeMap::new(), history: BTreeMap::new(), origins: BTreeSet::new(), files: Vec::new() };
        for file in declared.files_of(&register.id) {
            rows.files.push(file.clone());
            let Some(table) = problems.keep(region.sources.table(file)) else { continue };
            rows.origins.insert(table.file.sidecar.origin.word());
            let (more, faults) = records(register, &table.table, &known);
            problems.extend(faults.or_file(file));
            rows.places.extend(more.iter().map(|r| (r.key.clone(), (file.clone(), r.line))));
            rows.records.extend(more);
        }
        problems.extend(rows.enter(&region.folder, entries.of(&register.id), &known));
        let keys: BTreeSet<String> = rows.records.iter().map(|r: &Record| r.key.clone()).collect();
        if register.id == "offices" {
            known.offices = Some(keys.clone());
        }
        known.keys.insert(register.id.clone(), keys);
        let Rows { records, places, history, origins, files, .. } = rows;
        books.push(Book { register: register.clone(), records, files, places, history, origins });
    }
    (books, known, problems)
}

/// Registers so that one comes after those it refers to; offices first.
fn in_order(registers: &[Register]) -> Vec<&Register> {
    let refers = |r: &Register| -> BTreeSet<String> {
        r.columns
            .iter()
            .filter_map(|c| match &c.holds {
                Holds::Reference(to) if *to != r.id => Some(to.clone()),
                _ => None,
            })
            .collect()
    };
    let mut waiting: BTreeMap<usize, BTreeSet<String>> = registers.iter().enumerate().map(|(i, r)| (i, refers(r))).collect();
    let mut out: Vec<&Register> = Vec::new();
    while !waiting.is_empty() {
        let next = waiting.iter().find(|(_, needs)| needs.iter().all(|n| out.iter().any(|r| r.id == *n))).map(|(i, _)| *i);
        // Two that refer to each other are read as they come.
        let next = next.or_else(|| waiting.keys().next().copied());
        let Some(next) = next else { break };
        waiting.remove(&next);
        out.push(&registers[next]);
    }
    out.sort_by_key(|r| r.id != "offices");
    out
}
