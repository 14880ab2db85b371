//! What an office enters into a register: a table that it keeps, or a step in the life of a record.

use std::path::{Path, PathBuf};

use liangshan_registers::{Changes, Known, Register};
use liangshan_vocab::{Fact, Happening, Moment, Origin, Problem, Problems, Text, text, words};

use super::act::json;
use super::entries::{self, STEP, StepTaken, TABLE, TakenOver};
use super::opening::Opened;
use super::records::Book;
use super::{kinds, recording, table_of};

/// The last day there is: everything recorded counts.
pub(super) const EVER: &str = "9999-12-31";

/// What is entered.
#[derive(Debug, Clone)]
pub enum Entering {
    /// A table, CSV or XLSX.
    Table {
        /// The file.
        file: PathBuf,
        /// What its rows are.
        origin: Origin,
    },
    /// A step of a record's life.
    Step {
        /// The record.
        key: String,
        /// The step.
        step: String,
        /// The file of evidence.
        evidence: Option<PathBuf>,
    },
}

/// Who enters what.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The register.
    pub register: String,
    /// The office.
    pub by: String,
    /// The day it happened.
    pub on: String,
    /// When it is recorded.
    pub recorded: Moment,
    /// What.
    pub what: Entering,
}

/// Records an entry and answers with its fact.
///
/// # Errors
/// `register.unknown`, `plan.unknown_office`, `plan.day`, `register.not_a_keeper`, `register.nothing_new`,
/// `register.no_record`, `register.no_life`, `register.before_last`, those of a table's rows, of
/// [`liangshan_registers::Life::take`], of files and of the journal. Nothing is recorded then.
pub fn enter(folder: &Path, entry: &Entry) -> Result<Fact, Problems> {
    recording::record(folder, entry.recorded, || {
        let opened = Opened::open(folder, EVER)?;
        let registers: Vec<Register> = opened.books.iter().map(|b| b.register.clone()).collect();
        let book = opened.book(&entry.register).ok_or_else(|| kinds::no_register(&entry.register, &registers))?;
        if !liangshan_vocab::fact::is_day(&entry.on) {
            return Err(super::no_day(&entry.on).into());
        }
        let offices = opened.book("offices").ok_or_else(|| kinds::no_register("offices", &registers))?;
        let role = offices.written(recording::office(offices, &entry.by)?, "role");
        match &entry.what {
            Entering::Table { file, origin } => table(folder, &opened, book, entry, (&role, file, *origin)),
            Entering::Step { key, step, evidence } => take(folder, book, entry, &role, (key, step, evidence.as_deref())),
        }
    })
}

fn table(folder: &Path, opened: &Opened, book: &Book, entry: &Entry, (role, file, origin): (&str, &Path, Origin)) -> Result<Happening, Problems> {
    let register = &book.register;
    if !register.keepers.iter().any(|k| k == role) {
        return Err(not_a_keeper(register, &entry.by, role).into());
    }
    let bytes = recording::bytes_of(file)?;
    let changes = judged(book, &opened.known, file, &bytes)?;
    if changes.is_empty() {
        return Err(nothing_new(file, changes.same).into());
    }
    let mut problems = Problems::new();
    changes.keys().for_each(|key| problems.extend(before_last(book, key, &entry.on)));
    problems.into_result(())?;
    let (added, changed, same) = (changes.added.len() as u64, changes.changed.len() as u64, changes.same as u64);
    let taken = TakenOver { register: register.id.clone(), file: recording::keep(folder, file, &bytes)?, origin, added, changed, same };
    Ok(Happening { happened: entry.on.clone(), by: entry.by.clone(), body_kind: TABLE.to_owned(), body: json(&taken)? })
}

/// What a table would do to a register.
///
/// # Errors
/// Bytes that are no table; everything wrong in its rows.
pub(super) fn judged(book: &Book, known: &Known, file: &Path, bytes: &[u8]) -> Result<Changes, Problems> {
    let shown = file.display().to_string();
    let table = table_of(bytes).map_err(|p| p.or_file(&shown))?;
    let (records, mut problems) = entries::records(&book.register, &table, known);
    let (changes, faults) = book.register.changes(&book.records, records);
    problems.extend(faults);
    problems.or_file(&shown).into_result(changes)
}

fn take(folder: &Path, book: &Book, entry: &Entry, role: &str, (key, step, evidence): (&str, &str, Option<&Path>)) -> Result<Happening, Problems> {
    let register = &book.register;
    let record = book.record(key).ok_or_else(|| no_record(book, key))?;
    let life = register.life.as_ref().ok_or_else(|| no_life(register))?;
    let from = register.state(record).unwrap_or_default();
    let to = life.take(step, &from, role, evidence.is_some())?.to.clone();
    before_last(book, key, &entry.on).into_result(())?;
    let evidence = evidence.map(|file| recording::keep(folder, file, &recording::bytes_of(file)?)).transpose()?;
    let taken = StepTaken { register: register.id.clone(), key: key.to_owned(), step: step.to_owned(), from, to, evidence };
    Ok(Happening { happened: entry.on.clone(), by: entry.by.clone(), body_kind: STEP.to_owned(), body: json(&taken)? })
}

/// The problem of a key that a register does not have.
pub fn no_record(book: &Book, key: &str) -> Problem {
    let keys = || book.records.iter().map(|r| r.key.as_str());
    let some = keys().take(12).collect::<Vec<_>>().join(", ");
    Problem::error("register.no_record", words!("登记册“{}”没有记录“{key}”", "the register \"{}\" has no record \"{key}\"", book.register.id))
        .key("--record")
        .expect(Text::same(some))
        .fix_near(liangshan_vocab::nearest(key, keys()), text("改正标识，或先登记该记录", "correct the key, or enter the record first"))
}

fn no_life(register: &Register) -> Problem {
    Problem::error("register.no_life", words!("登记册“{}”没有声明生命周期", "the register \"{}\" declares no life", register.id))
        .key("--step")
        .expect(text("[register.life]", "[register.life]"))
        .fix(text("以 --take 更改记录，或在声明中写明状态与步骤", "change records with --take, or declare states and steps"))
}

fn not_a_keeper(register: &Register, by: &str, role: &str) -> Problem {
    let keepers = register.keepers.join(", ");
    Problem::error("register.not_a_keeper", words!("{by}（{role}）不负责登记册“{}”", "{by} ({role}) does not keep the register \"{}\"", register.id))
        .key("--by")
        .expect(words!("角色：{keepers}", "a role of {keepers}"))
        .fix(text("由负责登记的部门办理", "let an office enter it that keeps the register"))
}

fn nothing_new(file: &Path, same: usize) -> Problem {
    Problem::error("register.nothing_new", words!("表中 {same} 条记录都已登记，没有新内容", "all {same} records of the table are there already"))
        .file(file.display().to_string())
        .expect(text("新增或更改的记录", "records that are new or say something else"))
        .fix(text("无须处理；若应有更改，核对所交的文件", "nothing to do; if something should have changed, look at the file"))
}

/// An entry on a day before the last one would say that something happened to a record as it was not.
fn before_last(book: &Book, key: &str, on: &str) -> Problems {
    let Some(last) = book.touched(key).iter().max_by(|a, b| a.on.cmp(&b.on)).filter(|last| last.on.as_str() > on) else {
        return Problems::new();
    };
    let (day, seq) = (&last.on, last.fact);
    Problem::error(
        "register.before_last",
        words!("“{key}”在 {day} 已有登记（第 {seq} 条事实），不能再补记 {on}", "\"{key}\" has an entry of {day} (fact {seq}); {on} is before it"),
    )
    .key(key)
    .expect(words!("{day} 或以后", "{day} or later"))
    .fix(text("以 --on 写明更正当天的日期；过去的登记不改写", "give the day of the correction with --on: what was entered is not rewritten"))
    .into()
}
