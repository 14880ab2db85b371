//! What an assessment says: facts, tables, pictures to draw and everything that is wrong, for the
//! terminal, files and the bulletin alike. Nothing here is computed any more.

use liangshan_vocab::{Digest, Evidence, Problems, Text};
use serde_json::{Map, Value, json};

use super::Domain;
use super::columns::ColumnRead;
use super::standing::Standing;

/// What a domain's assessment of a file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessed {
    /// Water, air, soil or waste.
    pub domain: Domain,
    /// The heading of the bulletin.
    pub title: Text,
    /// The file.
    pub file: FileRead,
    /// How each column was read.
    pub columns: Vec<ColumnRead>,
    /// What else was taken for granted in reading.
    pub assumed: Vec<Text>,
    /// Standards that judged.
    pub standards: Vec<Used>,
    /// What to know first.
    pub facts: Vec<Fact>,
    /// Results.
    pub tables: Vec<Table>,
    /// Pictures.
    pub charts: Vec<Chart>,
    /// How each place stands at the end: water and air.
    pub standings: Vec<Standing>,
    /// Everything that is wrong, too little, or good to know.
    pub problems: Problems,
}

/// The file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRead {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// `UTF-8`, `gb18030`, `XLSX` …
    pub encoding: String,
    /// Rows below headers.
    pub rows: usize,
    /// Rows that count for nothing for what is wrong in them.
    pub refused: usize,
    /// Rows set aside by their status: maintenance, calibration.
    pub set_aside: usize,
    /// First and last time; empty in tables without times.
    pub period: (String, String),
}

/// A standard that judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// Its id.
    pub id: String,
    /// `GB 3838-2002`.
    pub number: String,
    /// What it is called.
    pub title: Text,
    /// When it is in force.
    pub period: String,
    /// How well its text was read.
    pub evidence: Evidence,
    /// What was judged by it.
    pub remark: Text,
}

/// How a fact is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// As wished.
    Good,
    /// Not as wished.
    Bad,
    /// Open: too little is known.
    Open,
}

impl Tone {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Open => "open",
        }
    }
}

/// A number or word to know first.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its key in JSON.
    pub id: &'static str,
    /// What it is.
    pub label: Text,
    /// The value, printed.
    pub value: Text,
    /// The value for programs.
    pub json: Value,
    /// What belongs to it.
    pub note: Text,
    /// How to take it.
    pub tone: Tone,
}

/// A table with more rows is written as CSV only: a sheet ends at 1,048,576 rows, and nobody opens a document
/// of millions.
pub(super) const MOST_ROWS: usize = 200_000;

/// A table of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its key and the end of its file's name.
    pub id: &'static str,
    /// What it lists.
    pub title: Text,
    /// How to read it.
    pub lead: Text,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows with as many cells.
    pub rows: Vec<Vec<Cell>>,
    /// So many rows are shown in the bulletin and on the terminal; 0 for none.
    pub shown: usize,
}

/// A column of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its key in JSON and CSV.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Unit; empty for words.
    pub unit: String,
    /// Left out where there is little room.
    pub wide: bool,
}

/// A cell of results.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// There is none.
    Blank,
    /// In no language: names, times, codes.
    Word(String),
    /// Words.
    Text(Text),
    /// A whole number.
    Whole(i64),
    /// A number, printed with so many decimals at most.
    Number(f64, u32),
    /// A class or level: code for programs, words, and the colour people know it by.
    Graded(String, Text, String),
    /// Yes, no, or open.
    Truth(Option<bool>, Text),
}

impl Cell {
    /// A name, blank when empty.
    pub fn word(said: impl Into<String>) -> Self {
        let said = said.into();
        if said.is_empty() { Cell::Blank } else { Cell::Word(said) }
    }

    /// A number, blank where there is none.
    pub fn number(number: Option<f64>, decimals: u32) -> Self {
        number.filter(|n| n.is_finite()).map_or(Cell::Blank, |n| Cell::Number(n, decimals))
    }

    /// As it is printed for people.
    pub fn printed(&self) -> Text {
        match self {
            Cell::Blank => Text::default(),
            Cell::Word(word) => Text::same(word.clone()),
            Cell::Text(words) | Cell::Graded(_, words, _) | Cell::Truth(_, words) => words.clone(),
            Cell::Whole(n) => Text::same(n.to_string()),
            Cell::Number(n, decimals) => Text::same(number(*n, *decimals)),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Blank => Value::Null,
            Cell::Word(word) => json!(word),
            Cell::Text(words) => json!({ "zh": words.zh, "en": words.en }),
            Cell::Whole(n) => json!(n),
            Cell::Number(n, _) => json!(n),
            Cell::Graded(code, ..) => code.parse::<i64>().map_or_else(|_| json!(code), |n| json!(n)),
            Cell::Truth(said, _) => json!(said),
        }
    }
}

/// A number with so many decimals at most, half to even, without zeros at its end.
pub(super) fn number(n: f64, decimals: u32) -> String {
    let written = format!("{n:.0$}", decimals as usize);
    let trimmed = if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { &written };
    // A value that is there is never printed as none.
    if n != 0.0 && trimmed.trim_start_matches('-').parse() == Ok(0.0) { format!("{n}") } else { trimmed.to_owned() }
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// A row of coloured tiles for each place.
    Tiles(Tiles),
    /// Lines over time.
    Lines(Lines),
    /// Bars of shares, one for each period.
    Shares(Shares),
}

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What stands in it.
    pub letter: String,
    /// Its colour.
    pub colour: String,
}

/// Tiles: places down, times across.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiles {
    /// What it shows.
    pub title: Text,
    /// What belongs to it.
    pub note: Text,
    /// What the columns are called; few are written.
    pub times: Vec<String>,
    /// A name, and a tile for each time; `None` without data.
    pub rows: Vec<(String, Vec<Option<Tile>>)>,
    /// Colours and what they mean.
    pub legend: Vec<(String, Text)>,
}

/// Lines over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// What it shows.
    pub title: Text,
    /// The unit of the values.
    pub unit: String,
    /// What belongs to it.
    pub note: Text,
    /// Name, and points: days since 1970 and values. A gap is no line.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
    /// Points farther apart than so many days are not joined.
    pub gap_d: f64,
    /// Limits: value and what it is.
    pub limits: Vec<(f64, Text)>,
    /// Coloured bands from below: upper end, colour, what it is.
    pub bands: Vec<(f64, String, Text)>,
}

/// Bars of shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// What it shows.
    pub title: Text,
    /// What belongs to it.
    pub note: Text,
    /// A name and how many of each kind.
    pub bars: Vec<(String, Vec<u32>)>,
    /// Kinds: colour and what it is.
    pub kinds: Vec<(String, Text)>,
}

impl Assessed {
    /// One document, the same in any language: words stand in both.
    pub fn to_json(&self) -> Value {
        let both = |t: &Text| json!({ "zh": t.zh, "en": t.en });
        let short = |t: &Table| if t.rows.len() > MOST_ROWS { json!([]) } else { t.json() };
        let tables: Map<String, Value> = self.tables.iter().map(|t| (t.id.to_owned(), short(t))).collect();
        let elsewhere: Map<String, Value> = self.long().map(|t| (t.id.to_owned(), json!({ "rows": t.rows.len(), "file": t.file() }))).collect();
        let facts: Map<String, Value> = self.facts.iter().map(|f| (f.id.to_owned(), f.json.clone())).collect();
        let columns = self.columns.iter().map(|c| {
            json!({ "sheet": c.sheet, "head": c.head, "taken_for": c.taken_for, "stated_unit": c.stated_unit, "unit": c.unit,
                "title": both(&c.title), "remark": both(&c.remark) })
        });
        let standards = self.standards.iter().map(|s| {
            json!({ "id": s.id, "number": s.number, "title": both(&s.title), "in_force": s.period, "evidence": s.evidence.word(), "remark": both(&s.remark) })
        });
        let f = &self.file;
        let [errors, warnings, notes] = self.problems.counts();
        let mut document = json!({
            "assess": self.domain.word(),
            "version": crate::VERSION,
            "file": { "name": f.name, "sha256": f.digest.as_str(), "encoding": f.encoding, "rows": f.rows, "refused": f.refused, "set_aside": f.set_aside,
                "from": f.period.0, "to": f.period.1 },
            "columns": columns.collect::<Vec<_>>(),
            "assumed": self.assumed.iter().map(both).collect::<Vec<_>>(),
            "standards": standards.collect::<Vec<_>>(),
            "summary": facts,
            "tables": tables,
            "problems": self.problems.iter().map(|p| json!(p)).collect::<Vec<_>>(),
            "counts": { "errors": errors, "warnings": warnings, "notes": notes },
        });
        if !elsewhere.is_empty() {
            document["tables_in_csv_only"] = Value::Object(elsewhere);
        }
        document
    }

    /// Tables that are too long for a workbook and a document.
    pub(super) fn long(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|t| t.rows.len() > MOST_ROWS)
    }

    /// A table by its id.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.id == id)
    }
}

impl Table {
    /// A table that is yet to be filled; `columns` are key, titles and unit.
    pub(super) fn new(id: &'static str, title: Text, lead: Text, shown: usize, columns: &[(&str, &'static str, &'static str, &str)]) -> Self {
        let column = |(id, zh, en, unit): &(&str, &'static str, &'static str, &str)| Column {
            id: (*id).trim_start_matches('~').to_owned(),
            title: liangshan_vocab::text(zh, en),
            unit: (*unit).to_owned(),
            wide: id.starts_with('~'),
        };
        Self { id, title, lead, columns: columns.iter().map(column).collect(), rows: Vec::new(), shown }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "{}: a row has a cell for each column", self.id);
        self.rows.push(row);
    }

    /// The name of its CSV file.
    pub(super) fn file(&self) -> String {
        format!("{}.csv", self.id.replace('_', "-"))
    }

    fn json(&self) -> Value {
        let row = |row: &Vec<Cell>| Value::Object(self.columns.iter().zip(row).map(|(c, cell)| (c.id.clone(), cell.json())).collect());
        Value::Array(self.rows.iter().map(row).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_short_and_never_vanish() {
        assert_eq!([number(0.15, 3), number(2.0, 2), number(0.00004, 3), number(0.0, 3), number(-0.5, 1)], ["0.15", "2", "0.00004", "0", "-0.5"]);
    }
}
