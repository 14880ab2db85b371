//! A rule: when it fires, and the samples that prove it does and does not.

use liangshan_vocab::{Problem, Text, text, words};

use super::Standard;

/// On which side of its limit a value is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Good when not above the limit.
    AtMost,
    /// Good when not below the limit.
    AtLeast,
    /// Good between `low` and the limit, both included.
    Range,
    /// One value cannot be judged.
    Unjudged,
}

impl Direction {
    /// The word in tables: `le`, `ge`, `range`; anything else, such as `delta`, cannot be judged from
    /// one value.
    pub fn parse(word: &str) -> Self {
        match word {
            "le" => Direction::AtMost,
            "ge" => Direction::AtLeast,
            "range" => Direction::Range,
            _ => Direction::Unjudged,
        }
    }
}

/// A limit ready to be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Which side is good.
    pub direction: Direction,
    /// The lower end of a range.
    pub low: f64,
    /// The limit, or the upper end of a range.
    pub limit: f64,
}

impl Bound {
    /// True when a value keeps to it; the limit itself does. NaN never does.
    pub fn passes(&self, value: f64) -> bool {
        match self.direction {
            Direction::AtMost => value <= self.limit,
            Direction::AtLeast => value >= self.limit,
            Direction::Range => self.low <= value && value <= self.limit,
            Direction::Unjudged => false,
        }
    }
}

/// What is asked of a value, or of a series of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Fires above the limit.
    Over,
    /// Fires below the limit.
    Under,
    /// Fires outside of `low` to `limit`.
    Outside,
    /// Fires on the bad side, which a column of the table names row by row.
    Beyond,
    /// Fires when fewer values than the limit are there.
    Fewer,
}

impl Test {
    /// The words in files.
    pub const WORDS: [(&'static str, Test); 5] =
        [("over", Test::Over), ("under", Test::Under), ("outside", Test::Outside), ("beyond", Test::Beyond), ("fewer", Test::Fewer)];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|w| w.1 == self).map_or("", |w| w.0)
    }
}

/// What a rule compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum On {
    /// Numbers in the rule itself.
    Literal {
        /// The lower end, for `outside`.
        low: Option<f64>,
        /// The limit.
        limit: f64,
        /// Their unit.
        unit: String,
    },
    /// A column of a table; the rule stands for one rule in every row that has a limit there.
    Table {
        /// The table's id.
        table: String,
        /// The column of the limit.
        limit: String,
        /// The column of the lower end.
        low: Option<String>,
        /// The column that says which side is good.
        direction: Option<String>,
    },
}

/// A series with what the rule must say to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The row it is for; empty for a literal rule.
    pub key: String,
    /// Values in order, `None` where one is missing.
    pub series: Vec<Option<f64>>,
    /// Must the rule fire?
    pub fires: bool,
    /// The text it stands in, under `rules/`.
    pub file: String,
    /// Its line.
    pub line: u64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id in the standard.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// When it fires.
    pub test: Test,
    /// What it compares with.
    pub on: On,
    /// How many values in a row must be bad; a missing one ends the row.
    pub consecutive: usize,
    /// Round by the standard's decimals first.
    pub rounded: bool,
    /// Proof.
    pub samples: Vec<Sample>,
    /// Its line in the standard's text.
    pub line: u64,
}

impl Rule {
    /// The limits it compares with, by row; one without a key for a literal rule. A row with an empty
    /// limit, or one that a single value cannot be judged by, has no rule.
    ///
    /// # Errors
    /// `standard.no_table`, `standard.no_column`.
    pub fn bounds(&self, standard: &Standard) -> Result<Vec<(String, Bound)>, Problem> {
        let direction = match self.test {
            Test::Over | Test::Beyond => Direction::AtMost,
            Test::Under | Test::Fewer => Direction::AtLeast,
            Test::Outside => Direction::Range,
        };
        match &self.on {
            On::Literal { low, limit, .. } => Ok(vec![(String::new(), Bound { direction, low: low.unwrap_or(f64::NEG_INFINITY), limit: *limit })]),
            On::Table { table, limit, low, direction: side } => {
                let table = standard.table(table)?;
                for column in [Some(limit), low.as_ref(), side.as_ref()].into_iter().flatten() {
                    table.column(column)?;
                }
                let bound = |row: &super::Row| {
                    let direction = side.as_ref().map_or(direction, |side| Direction::parse(table.text(row, side)));
                    let low = low.as_ref().and_then(|low| table.number(row, low)).unwrap_or(f64::NEG_INFINITY);
                    let limit = table.number(row, limit)?;
                    (direction != Direction::Unjudged).then(|| (table.key_of(row), Bound { direction, low, limit }))
                };
                Ok(table.rows.iter().filter_map(bound).collect())
            }
        }
    }

    /// The number of the value at which the rule fires on a series; `None` when it stays silent.
    pub fn fires(&self, standard: &Standard, item: &str, bound: &Bound, series: &[Option<f64>]) -> Option<usize> {
        if self.test == Test::Fewer {
            let there = series.iter().flatten().filter(|v| v.is_finite()).count();
            return ((there as f64) < bound.limit).then_some(series.len().saturating_sub(1));
        }
        let mut run = 0;
        for (at, value) in series.iter().enumerate() {
            let bad = value.is_some_and(|v| {
                let v = if self.rounded { standard.rounding.of(item, v) } else { v };
                !bound.passes(v)
            });
            run = if bad { run + 1 } else { 0 };
            if run >= self.consecutive {
                return Some(at);
            }
        }
        None
    }
}

/// Reads `1.05 - 1.2`: numbers apart by spaces, `-` for one that is missing.
pub(super) fn series(written: &str) -> Result<Vec<Option<f64>>, Problem> {
    let one = |word: &str| match word {
        "-" => Ok(None),
        word => super::table::number(word).map(Some).ok_or_else(|| {
            Problem::error("standard.sample", words!("样例中的“{word}”不是数", "\"{word}\" in a sample is not a number"))
                .expect(text("以空格分开的数，缺一个写 -，如 1.05 - 1.2", "numbers apart by spaces, - for a missing one, such as 1.05 - 1.2"))
                .fix(text("改正该样例", "correct the sample"))
        }),
    };
    written.split_whitespace().map(one).collect()
}
