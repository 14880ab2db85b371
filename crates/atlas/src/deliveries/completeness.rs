//! How many of the tables that the account needs are there, by department: n of m.

use std::collections::BTreeSet;

use liangshan_vocab::{Problems, Text};
use serde_json::{Value, json};

use super::forms::Where;
use super::known::Knowledge;
use super::record::Accepted;
use crate::region::Region;

/// Where a table stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// A department delivered it.
    Delivered {
        /// Who: office and its name.
        by: (String, String),
        /// The day.
        on: String,
        /// The fact.
        fact: u64,
        /// Rows of the latest delivery.
        rows: u64,
        /// Expected rows that it lacks.
        missing: u64,
        /// Faults that were accepted.
        accepted: u64,
        /// Years that deliveries of this table have rows for.
        years: Vec<i32>,
    },
    /// Nobody delivered it; the account reads the file given in `sources/`.
    Given,
    /// There is nothing.
    Absent,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableStanding {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The file it stands in for.
    pub file: String,
    /// Where it stands.
    pub state: State,
    /// Years that nothing was delivered for; empty for a table without years.
    pub lacking: Vec<i32>,
}

/// A department with the tables that this region expects of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DepartmentStanding {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Its tables.
    pub tables: Vec<TableStanding>,
}

/// All departments with tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completeness {
    /// In the order declared.
    pub departments: Vec<DepartmentStanding>,
}

impl Completeness {
    /// How it stands with a region now.
    ///
    /// # Errors
    /// Everything wrong in the declarations of tables.
    pub fn of(region: &Region) -> Result<Self, Problems> {
        let knowledge = Knowledge::of(region)?;
        let forms = &knowledge.forms;
        let mut departments = Vec::new();
        for department in &forms.departments {
            let tables: Vec<TableStanding> = forms
                .of(&department.id)
                .filter_map(|form| {
                    let file = knowledge.file_of(form)?.to_owned();
                    let state = state(&form.id, &file, region);
                    let lacking = match &state {
                        State::Delivered { years, .. } if form.places != Where::Nowhere => {
                            region.declared.years.iter().copied().filter(|y| !years.contains(y)).collect()
                        }
                        _ => Vec::new(),
                    };
                    Some(TableStanding { id: form.id.clone(), title: form.title.clone(), file, state, lacking })
                })
                .collect();
            if !tables.is_empty() {
                departments.push(DepartmentStanding { id: department.id.clone(), title: department.title.clone(), tables });
            }
        }
        Ok(Self { departments })
    }

    /// Every table.
    pub fn tables(&self) -> impl Iterator<Item = &TableStanding> {
        self.departments.iter().flat_map(|d| &d.tables)
    }

    /// How many tables there are for the account: delivered by departments, given as files, of how many.
    pub fn counts(&self) -> (usize, usize, usize) {
        let of = |wanted: fn(&State) -> bool| self.tables().filter(|t| wanted(&t.state)).count();
        (of(|s| matches!(s, State::Delivered { .. })), of(|s| *s == State::Given), self.tables().count())
    }

    /// One line for people.
    pub fn said(&self) -> Text {
        let (delivered, given, all) = self.counts();
        let there = delivered + given;
        let mut zh = format!("部门报表：{all} 张中有 {there} 张，其中部门报送 {delivered} 张，沿用 sources/ 中的文件 {given} 张");
        let mut en = format!("Department tables: {there} of {all}, {delivered} delivered by departments and {given} from files in sources/");
        let absent: Vec<&TableStanding> = self.tables().filter(|t| t.state == State::Absent).collect();
        if !absent.is_empty() {
            zh.push_str(&format!("；缺：{}", absent.iter().map(|t| t.title.zh.as_ref()).collect::<Vec<_>>().join("、")));
            en.push_str(&format!("; wanting: {}", absent.iter().map(|t| t.title.en.as_ref()).collect::<Vec<_>>().join(", ")));
        }
        Text::of(zh, en)
    }

    /// For provenance and other programs.
    pub fn to_json(&self) -> Value {
        let (delivered, given, all) = self.counts();
        let table = |t: &TableStanding| {
            let mut out = json!({ "table": t.id, "title": t.title, "file": t.file });
            let state = match &t.state {
                State::Delivered { by, on, fact, rows, missing, accepted, years } => json!({
                    "state": "delivered", "by": by.0, "office": by.1, "on": on, "fact": fact, "rows": rows, "missing_rows": missing,
                    "accepted_faults": accepted, "years": years, "years_lacking": t.lacking,
                }),
                State::Given => json!({ "state": "given" }),
                State::Absent => json!({ "state": "absent" }),
            };
            if let (Value::Object(out), Value::Object(state)) = (&mut out, state) {
                out.extend(state);
            }
            out
        };
        let departments: Vec<Value> = self
            .departments
            .iter()
            .map(|d| json!({ "department": d.id, "title": d.title, "tables": d.tables.iter().map(table).collect::<Vec<_>>() }))
            .collect();
        json!({ "delivered": delivered, "given": given, "of": all, "departments": departments })
    }
}

fn state(id: &str, file: &str, region: &Region) -> State {
    let of_table: Vec<&Accepted> = region.deliveries.iter().filter(|a| a.delivery.table == id && a.delivery.stands_in_for.as_deref() == Some(file)).collect();
    let Some(last) = of_table.last() else {
        let there = region.sources.on_disk(file).is_file();
        return if there { State::Given } else { State::Absent };
    };
    let years: BTreeSet<i32> = of_table.iter().flat_map(|a| a.delivery.years.iter().copied()).collect();
    State::Delivered {
        by: (last.fact.by.clone(), last.delivery.office.clone()),
        on: last.fact.happened.clone(),
        fact: last.fact.seq,
        rows: last.delivery.rows,
        missing: last.delivery.missing,
        accepted: last.delivery.accepted.len() as u64,
        years: years.into_iter().collect(),
    }
}
