//! What offices entered into registers: tables taken over and steps of lives, each a fact of the journal.
//! The rows of a register on a day are those of its files with what was entered by that day on top, in the
//! order of the chain; nothing that was entered is ever dropped.

use std::collections::BTreeMap;
use std::path::Path;

use liangshan_formats::table::Table;
use liangshan_registers::{Given, Known, Record, Register, import};
use liangshan_store::{Archive, Journal, SqliteJournal};
use liangshan_vocab::{Digest, Fact, Origin, Problem, Problems, Text, text, words};
use serde::{Deserialize, Serialize};

use super::table_of;
use crate::deliveries::record::{JOURNAL, RECEIVED};

/// A table of a register is taken over.
pub const TABLE: &str = "register.table";
/// A record takes a step of its life.
pub const STEP: &str = "register.step";

/// A file that a fact names, kept below [`RECEIVED`] by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it was called.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Its ending.
    pub ending: String,
}

impl File {
    /// Where it lies in the region's folder.
    pub fn path(&self) -> String {
        format!("{RECEIVED}/{}", Archive::name(&self.digest, &self.ending))
    }
}

/// The body of a [`TABLE`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// The register.
    pub register: String,
    /// The table as it was delivered.
    pub file: File,
    /// What its rows are.
    pub origin: Origin,
    /// How many records were new.
    pub added: u64,
    /// How many were there with other cells.
    pub changed: u64,
    /// How many were there as they were given.
    pub same: u64,
}

/// The body of a [`STEP`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// The register.
    pub register: String,
    /// The record.
    pub key: String,
    /// The step.
    pub step: String,
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// The file of evidence.
    pub evidence: Option<File>,
}

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// A table.
    Table(TakenOver),
    /// A step.
    Step(StepTaken),
}

/// All entries of a region, by register, in the order of the chain.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    of: BTreeMap<String, Vec<(Fact, Entered)>>,
}

impl Entries {
    /// Reads the entries that happened by a day; none where there is no journal.
    ///
    /// # Errors
    /// Those of the journal; `register.unreadable_fact`.
    pub fn read(folder: &Path, until: &str) -> Result<Self, Problems> {
        let at_journal = |p: Problem| Problems::from(p.or_file(JOURNAL));
        let Some(mut journal) = SqliteJournal::existing(&folder.join(JOURNAL)).map_err(at_journal)? else { return Ok(Self::default()) };
        let mut facts = journal.of_kind(TABLE).map_err(at_journal)?;
        facts.extend(journal.of_kind(STEP).map_err(at_journal)?);
        facts.sort_by_key(|f| f.seq);
        let (mut read, mut problems) = (Self::default(), Problems::new());
        for fact in facts.into_iter().filter(|f| f.happened.as_str() <= until) {
            let entered = if fact.body_kind == TABLE { body(&fact).map(Entered::Table) } else { body(&fact).map(Entered::Step) };
            let Some(entered) = problems.keep(entered) else { continue };
            let register = match &entered {
                Entered::Table(taken) => taken.register.clone(),
                Entered::Step(step) => step.register.clone(),
            };
            read.of.entry(register).or_default().push((fact, entered));
        }
        problems.into_result(read)
    }

    /// Those of a register.
    pub fn of(&self, register: &str) -> &[(Fact, Entered)] {
        self.of.get(register).map(Vec::as_slice).unwrap_or_default()
    }

    /// Registers that somebody entered something into.
    pub fn registers(&self) -> impl Iterator<Item = &str> {
        self.of.keys().map(String::as_str)
    }
}

fn body<T: for<'d> Deserialize<'d>>(fact: &Fact) -> Result<T, Problem> {
    serde_json::from_str(&fact.body).map_err(|e| {
        Problem::error("register.unreadable_fact", words!("第 {} 条事实的内容读不懂：{e}", "the body of fact {} is not understood: {e}", fact.seq))
            .file(JOURNAL)
            .row(fact.seq)
            .expect(text("登记事实的内容", "the body of an entry into a register"))
            .fix(text("用 `liangshan verify` 检查事实链；或换用较新的 liangshan", "look at the chain with `liangshan verify`, or use a newer liangshan"))
    })
}

/// A fact that touched a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Touch {
    /// The fact's place in the chain.
    pub fact: u64,
    /// Its digest.
    pub digest: Digest,
    /// Who.
    pub by: String,
    /// The day it happened.
    pub on: String,
    /// What it did.
    pub did: Text,
    /// The table or the evidence: what it was called, and where it lies.
    pub file: Option<(String, String)>,
}

impl Touch {
    fn of(fact: &Fact, did: Text, file: Option<&File>) -> Self {
        let file = file.map(|f| (f.name.clone(), f.path()));
        Self { fact: fact.seq, digest: fact.digest.clone(), by: fact.by.clone(), on: fact.happened.clone(), did, file }
    }
}

/// The rows of a register while entries are put on top of them.
pub(super) struct Rows<'r> {
    /// What it is.
    pub register: &'r Register,
    /// Its rows.
    pub records: Vec<Record>,
    /// The file and line of each record.
    pub places: BTreeMap<String, (String, u64)>,
    /// The facts that touched each record.
    pub history: BTreeMap<String, Vec<Touch>>,
    /// Words for where rows come from.
    pub origins: std::collections::BTreeSet<&'static str>,
    /// Tables that were taken over.
    pub files: Vec<String>,
}

impl Rows<'_> {
    /// Puts entries on top.
    ///
    /// Problems: those of [`import()`] and of [`Register::changes`] for a table that does not fit the
    /// declaration any more, `register.file_lost`, and the warning `register.step_does_not_fit`.
    pub(super) fn enter(&mut self, folder: &Path, entries: &[(Fact, Entered)], known: &Known) -> Problems {
        let mut problems = Problems::new();
        for (fact, entered) in entries {
            match entered {
                Entered::Table(taken) => problems.extend(self.table(folder, fact, taken, known)),
                Entered::Step(step) => problems.extend(self.step(fact, step)),
            }
        }
        problems
    }

    fn table(&mut self, folder: &Path, fact: &Fact, taken: &TakenOver, known: &Known) -> Problems {
        let path = taken.file.path();
        let Some(bytes) = Archive::at(folder.join(RECEIVED)).get(&taken.file.digest, &taken.file.ending) else {
            return file_lost(fact.seq, &path).into();
        };
        let table = match table_of(&bytes) {
            Ok(table) => table,
            Err(problems) => return problems.or_file(&path),
        };
        let (given, mut problems) = records(self.register, &table, known);
        let (changes, faults) = self.register.changes(&self.records, given);
        problems.extend(faults);
        self.origins.insert(taken.origin.word());
        let (added, changed) = (text("登记", "entered"), text("更改", "changed"));
        let news = changes.added.iter().map(|r| (r, &added)).chain(changes.changed.iter().map(|r| (r, &changed)));
        for (record, did) in news {
            self.places.insert(record.key.clone(), (path.clone(), record.line));
            self.history.entry(record.key.clone()).or_default().push(Touch::of(fact, did.clone(), Some(&taken.file)));
        }
        changes.put(&mut self.records);
        self.files.push(path.clone());
        problems.or_file(&path)
    }

    fn step(&mut self, fact: &Fact, step: &StepTaken) -> Problems {
        let register = self.register;
        let titled = |state: &str| register.life.as_ref().and_then(|l| l.title(state)).cloned().unwrap_or_else(|| Text::same(state.to_owned()));
        let declared = register.life.as_ref().and_then(|l| l.steps.iter().find(|s| s.id == step.step));
        let record = self.records.iter_mut().find(|r| r.key == step.key);
        let state = record.as_ref().and_then(|r| register.state(r));
        match record {
            Some(record) if state.as_deref() == Some(step.from.as_str()) => register.move_on(record, declared, &step.to, &fact.happened),
            Some(_) if state.as_deref() == Some(step.to.as_str()) => {}
            _ => return does_not_fit(fact.seq, step, state.as_deref()).into(),
        }
        let (from, to, title) = (titled(&step.from), titled(&step.to), declared.map_or_else(|| Text::same(step.step.clone()), |s| s.title.clone()));
        let did = Text::of(format!("{}：{} → {}", title.zh, from.zh, to.zh), format!("{}: {} → {}", title.en, from.en, to.en));
        self.history.entry(step.key.clone()).or_default().push(Touch::of(fact, did, step.evidence.as_ref()));
        Problems::new()
    }
}

/// A table as records of a register, with everything wrong in it.
pub(super) fn records(register: &Register, table: &Table, known: &Known) -> (Vec<Record>, Problems) {
    let rows: Vec<(u64, Vec<String>)> = table.rows.iter().map(|r| (r.line, r.cells.clone())).collect();
    import(register, Given { columns: &table.columns, rows: &rows }, known)
}

fn file_lost(seq: u64, path: &str) -> Problem {
    Problem::error("register.file_lost", words!("第 {seq} 条事实登记的表不见了或被改动过", "the table that fact {seq} entered is missing or was altered"))
        .file(path)
        .expect(text("接受时的那份文件", "the file as it was taken over"))
        .fix(text("从备份恢复该文件；用 `liangshan verify` 核对", "bring the file back from a backup, and look with `liangshan verify`"))
}

fn does_not_fit(seq: u64, step: &StepTaken, state: Option<&str>) -> Problem {
    let (key, from) = (&step.key, &step.from);
    let now = state.map_or_else(|| text("没有这条记录", "no such record"), |s| Text::same(s.to_owned()));
    Problem::warning(
        "register.step_does_not_fit",
        words!("第 {seq} 条事实的步骤“{}”与登记册不符，未计入", "the step \"{}\" of fact {seq} does not fit the register and was left out", step.step),
    )
    .file(JOURNAL)
    .row(seq)
    .key(key.as_str())
    .expect(Text::of(format!("“{key}”处于 {from}；现为：{}", now.zh), format!("\"{key}\" in the state {from}; it is: {}", now.en)))
    .fix(text(
        "登记册文件在步骤之后被改动过：恢复它，或补办步骤",
        "the file of the register was changed after the step: bring it back, or take the steps that lack",
    ))
}
