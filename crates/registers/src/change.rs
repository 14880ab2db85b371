//! What a table does to the records that are there: rows that are new, rows that say something else,
//! and rows that say what is known. Nothing is dropped: a record ends by a step of its life.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, text, words};

use crate::{Holds, Record, Register, Step, Value};

/// What a table would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Records that were not there.
    pub added: Vec<Record>,
    /// Records that were there with other cells.
    pub changed: Vec<Record>,
    /// How many are there as they are given.
    pub same: usize,
}

impl Changes {
    /// True when every row is known already.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// The keys it touches, those added first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.added.iter().chain(&self.changed).map(|r| r.key.as_str())
    }

    /// Puts them among the records: one that is there keeps its place, a new one comes last.
    pub fn put(self, records: &mut Vec<Record>) {
        let mut changed: BTreeMap<String, Record> = self.changed.into_iter().map(|r| (r.key.clone(), r)).collect();
        for there in records.iter_mut() {
            if let Some(record) = changed.remove(&there.key) {
                *there = record;
            }
        }
        records.extend(self.added);
    }
}

impl Register {
    /// Where the state of a record stands among its cells; `None` for a register without a life.
    fn state_at(&self) -> Option<usize> {
        self.columns.iter().position(|c| c.holds == Holds::State)
    }

    /// The state of a record; `None` for a register without a life, and for a record that does not say it.
    pub fn state(&self, record: &Record) -> Option<String> {
        Some(record.values.get(self.state_at()?)?.written()).filter(|state| !state.is_empty())
    }

    /// Moves a record on: its state, and the day in the column that the step names for it.
    pub fn move_on(&self, record: &mut Record, step: Option<&Step>, to: &str, day: &str) {
        let mut set = |at: Option<usize>, written: &str| {
            if let Some(value) = at.and_then(|at| record.values.get_mut(at)) {
                *value = Value::Text(written.to_owned());
            }
        };
        set(self.state_at(), to);
        let sets = step.and_then(|s| s.sets.as_ref());
        set(sets.and_then(|name| self.columns.iter().position(|c| c.name == *name)), day);
    }

    /// What given records do to those that are there. A record that is there changes its state by a step
    /// of its life and not by a table.
    ///
    /// Problems: `register.state_by_step`, with row and column.
    pub fn changes(&self, there: &[Record], given: Vec<Record>) -> (Changes, Problems) {
        let (mut changes, mut problems) = (Changes::default(), Problems::new());
        let known: BTreeMap<&str, &Record> = there.iter().map(|r| (r.key.as_str(), r)).collect();
        for record in given {
            let Some(before) = known.get(record.key.as_str()) else {
                changes.added.push(record);
                continue;
            };
            let (was, is) = (self.state(before), self.state(&record));
            if was != is {
                problems.push(self.by_step(&record, was.as_deref().unwrap_or("-"), is.as_deref().unwrap_or("-")));
            } else if self.cells(before) == self.cells(&record) {
                changes.same += 1;
            } else {
                changes.changed.push(record);
            }
        }
        (changes, problems)
    }

    fn by_step(&self, record: &Record, was: &str, is: &str) -> Problem {
        let key = &record.key;
        let column = self.state_at().map(|at| self.columns[at].name.clone()).unwrap_or_default();
        let steps = self.life.iter().flat_map(|life| &life.steps).filter(|s| s.from.iter().any(|f| f == was));
        let open: Vec<String> = steps.map(|s| format!("{} → {}", s.id, s.to)).collect();
        Problem::error("register.state_by_step", words!("“{key}”的状态是 {was}，表中写作 {is}", "the state of \"{key}\" is {was}, and the table has {is}"))
            .row(record.line)
            .column(column)
            .expect(if open.is_empty() {
                words!("{was}，没有后续步骤", "{was}, from which no step leads on")
            } else {
                let open = open.join(", ");
                words!("{was}；状态由步骤改变：{open}", "{was}; a state changes by a step: {open}")
            })
            .fix(text("表中保留原状态，再用 --step 办理步骤", "leave the state as it was, and take the step with --step"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Known, import};

    fn pits() -> Register {
        let declared = r#"
[[register]]
id = "pits"
title_zh = "矿"
title_en = "pits"
keepers = ["natural resources"]
key = "pit"
column = [
  { name = "pit", kind = "text", title_zh = "矿", title_en = "pit" },
  { name = "ha", kind = "number", title_zh = "面积", title_en = "area", unit = "ha" },
  { name = "state", kind = "state" },
]
[register.life]
states = ["open", "closed"]
states_zh = ["在采", "关闭"]
states_en = ["open", "closed"]
step = [{ id = "close", title_zh = "关闭", title_en = "close", from = ["open"], to = "closed", by = ["natural resources"], evidence = true }]
"#;
        Register::read("pits.toml", declared.as_bytes()).unwrap().remove(0)
    }

    fn rows(register: &Register, given: &[[&str; 3]]) -> Vec<Record> {
        let columns = ["pit", "ha", "state"].map(str::to_owned);
        let rows: Vec<_> = given.iter().enumerate().map(|(i, row)| (i as u64 + 2, row.map(str::to_owned).to_vec())).collect();
        let (records, problems) = import(register, Given { columns: &columns, rows: &rows }, &Known::default());
        assert!(!problems.has_errors(), "{problems:?}");
        records
    }

    #[test]
    fn new_other_and_known_rows_are_told_apart_and_put() {
        let register = pits();
        let mut there = rows(&register, &[["a", "1", "open"], ["b", "2", "closed"]]);
        let given = rows(&register, &[["b", "2", "closed"], ["c", "4", "open"], ["a", "1.5", "open"]]);
        let (changes, problems) = register.changes(&there, given);
        assert!(problems.is_empty() && changes.same == 1);
        assert_eq!(changes.keys().collect::<Vec<_>>(), ["c", "a"]);
        changes.put(&mut there);
        let cells: Vec<String> = there.iter().map(|r| register.cells(r).join(",")).collect();
        assert_eq!(cells, ["a,1.5,open", "b,2,closed", "c,4,open"]);
    }

    #[test]
    fn a_table_does_not_move_a_record_on() {
        let register = pits();
        let there = rows(&register, &[["a", "1", "open"]]);
        let (changes, problems) = register.changes(&there, rows(&register, &[["a", "1", "closed"], ["new", "1", "closed"]]));
        assert_eq!(changes.keys().collect::<Vec<_>>(), ["new"], "a record that is new may be in any state");
        let told: Vec<_> = problems.iter().map(|p| (p.code.to_string(), p.at.row, p.at.column.as_deref())).collect();
        assert_eq!(told, [("register.state_by_step".to_owned(), Some(2), Some("state"))]);
        assert!(problems.iter().all(|p| p.expected.en.contains("close → closed")));
    }
}
