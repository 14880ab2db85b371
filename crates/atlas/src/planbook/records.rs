//! The rows of a region's registers, read and held against their declarations.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_registers::{Given, Holds, Known, Measured, Record, Register, import};
use liangshan_vocab::Problems;

use super::declared::Declared;
use super::kinds::no_register;
use crate::region::Region;

/// A register with its rows.
#[derive(Debug, Clone)]
pub struct Book {
    /// What it is.
    pub register: Register,
    /// Its rows.
    pub records: Vec<Record>,
    /// Files they were read from.
    pub files: Vec<String>,
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

/// Reads every register that the plan declares files for. Those it declares none for have no rows.
///
/// Problems: `register.unknown`, and those of [`import()`], with file and line.
pub fn books(region: &Region, declared: &Declared, registers: &[Register], plan_rows: &BTreeSet<String>, places: &BTreeSet<String>) -> (Vec<Book>, Problems) {
    let mut problems = Problems::new();
    for (id, _) in declared.registers.iter().filter(|(id, _)| !registers.iter().any(|r| r.id == *id)) {
        problems.push(no_register(id, registers).or_file(super::PLAN_FILE));
    }
    let mut known = Known { places: places.clone(), plan_rows: plan_rows.clone(), ..Known::default() };
    let mut books = Vec::new();
    for register in in_order(registers) {
        let (mut records, mut origins) = (Vec::new(), BTreeSet::new());
        let files = declared.files_of(&register.id).to_vec();
        for file in &files {
            let Some(table) = problems.keep(region.sources.table(file)) else { continue };
            origins.insert(table.file.sidecar.origin.word());
            let rows: Vec<(u64, Vec<String>)> = table.table.rows.iter().map(|r| (r.line, r.cells.clone())).collect();
            let (more, faults) = import(register, Given { columns: &table.table.columns, rows: &rows }, &known);
            problems.extend(faults.or_file(file));
            records.extend(more);
        }
        let keys: BTreeSet<String> = records.iter().map(|r: &Record| r.key.clone()).collect();
        if register.id == "offices" {
            known.offices = Some(keys.clone());
        }
        known.keys.insert(register.id.clone(), keys);
        books.push(Book { register: register.clone(), records, files, origins });
    }
    (books, problems)
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
