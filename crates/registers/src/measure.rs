//! A number that the records of a register give: a count, a sum or a share, of a day and of places.

use std::collections::BTreeMap;

use liangshan_vocab::document::Section;
use liangshan_vocab::{Text, Unit, text, words};

use crate::column::{Column, Holds, both, faulty};
use crate::{Record, Register, Value};

/// How it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// So many records.
    Count,
    /// The sum of a column.
    Sum,
    /// The share of records, or of a column's sum, that meets the condition, in %.
    Share,
}

/// A number of a register.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// A word for it.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// How it is made.
    pub how: How,
    /// The column that is summed.
    pub of: Option<String>,
    /// Records count whose columns hold one of these words.
    pub wherever: Vec<(String, Vec<String>)>,
    /// They count from the day in this column on.
    pub from: Option<String>,
    /// They count before the day in this column.
    pub until: Option<String>,
    /// Its unit.
    pub unit: String,
}

/// What a measure gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// Of all records; `None` where a record that counts has no value, or there is nothing to share.
    pub all: Option<f64>,
    /// The same by place.
    pub places: BTreeMap<String, Option<f64>>,
    /// Records that counted.
    pub records: usize,
}

impl Measure {
    /// Reads `[[register.measure]]`; faults are noted in the document.
    pub(crate) fn read(s: &Section<'_>, columns: &[Column]) -> Option<Self> {
        let id = s.text("id");
        let how = s.one_of("how", &["count", "sum", "share"]).map(|word| match word {
            "count" => How::Count,
            "sum" => How::Sum,
            _ => How::Share,
        });
        let (of, from, until) = (s.optional_text("of"), s.optional_text("from"), s.optional_text("until"));
        let unit = s.parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned()));
        let title = both(s, "title_zh", "title_en");
        let conditions = s.optional_section("where");
        let wherever: Vec<(String, Vec<String>)> =
            conditions.map(|w| w.keys().into_iter().filter_map(|key| Some((key.clone(), w.texts(&key)?))).collect()).unwrap_or_default();
        let named = of.iter().chain(&from).chain(&until).chain(wherever.iter().map(|w| &w.0));
        for name in named.filter(|name| !columns.iter().any(|c| c.name == **name)) {
            s.problem("id", faulty(words!("登记册没有列“{name}”", "the register has no column \"{name}\"")));
        }
        let day = |name: &&String| columns.iter().any(|c| c.name == **name && c.holds != Holds::Date);
        if let Some(name) = from.iter().chain(&until).find(day) {
            s.problem("from", faulty(words!("列“{name}”不是日期", "the column \"{name}\" holds no days")));
        }
        if how == Some(How::Sum) && of.is_none() {
            s.problem("of", faulty(text("sum 没有说明加总哪一列", "a sum does not say of which column")));
        }
        Some(Self { id: id?, title, how: how?, of, wherever, from, until, unit: unit? })
    }

    /// The number on a day. A record without a value in the summed column leaves the sum without one:
    /// nothing missing is zero. Records whose beginning is not known do not count.
    pub fn take<'r>(&self, register: &Register, records: impl IntoIterator<Item = &'r Record>, on: &str) -> Measured {
        let place = register.columns.iter().position(|c| c.holds == Holds::Place);
        let mut sums: BTreeMap<Option<String>, Sum> = BTreeMap::new();
        let mut counted = 0;
        for record in records {
            if !self.in_time(register, record, on) {
                continue;
            }
            let meets = self.wherever.iter().all(|(name, words)| {
                let cell = register.cell(record, name).map(Value::written).unwrap_or_default();
                words.contains(&cell)
            });
            counted += usize::from(meets);
            let amount = match &self.of {
                None => Some(1.0),
                Some(name) => register.cell(record, name).and_then(Value::number),
            };
            let code = place.map(|at| record.values[at].written()).filter(|code| !code.is_empty());
            sums.entry(None).or_default().add(meets, amount);
            if code.is_some() {
                sums.entry(code).or_default().add(meets, amount);
            }
        }
        let all = sums.remove(&None).unwrap_or_default().of(self.how);
        let places = sums.into_iter().filter_map(|(code, sum)| Some((code?, sum.of(self.how)))).collect();
        Measured { all, places, records: counted }
    }

    fn in_time(&self, register: &Register, record: &Record, on: &str) -> bool {
        let day = |name: &Option<String>| name.as_ref().map(|name| register.cell(record, name).map(Value::written).unwrap_or_default());
        // Days in this form are in the order of their characters.
        let begun = day(&self.from).is_none_or(|from| !from.is_empty() && from.as_str() <= on);
        let ended = day(&self.until).is_some_and(|until| !until.is_empty() && until.as_str() <= on);
        begun && !ended
    }
}

#[derive(Default)]
struct Sum {
    met: f64,
    whole: f64,
    missing: bool,
}

impl Sum {
    fn add(&mut self, meets: bool, amount: Option<f64>) {
        let Some(amount) = amount else {
            self.missing |= meets;
            return;
        };
        self.whole += amount;
        if meets {
            self.met += amount;
        }
    }

    fn of(&self, how: How) -> Option<f64> {
        match how {
            _ if self.missing => None,
            How::Count | How::Sum => Some(self.met),
            How::Share => (self.whole > 0.0).then(|| 100.0 * self.met / self.whole),
        }
    }
}
