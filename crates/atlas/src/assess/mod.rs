//! `assess`: a department's file of water, air, soil or waste judged by the standards in force.
//!
//! `words` are the words of departments (data under `rules/assess/`), `columns` says what each column is,
//! `cells` what a cell says, `sheets` makes entries of rows; `water`, `air`, `soil` and `waste` hand them to
//! the judges of `duty` and lay out what they say; `files` writes it.
//!
//! **Invariant:** good rows are judged, bad ones are told with row, column, reason and remedy; nothing is
//! guessed in silence, and the order of rows does not show.

mod air;
mod beside;
mod cells;
mod columns;
pub mod files;
#[cfg(test)]
mod mangled;
mod palette;
mod refused;
mod result;
mod sheets;
mod soil;
pub mod standing;
mod told;
mod waste;
mod water;
mod words;

use std::path::{Path, PathBuf};

pub use liangshan_duty::air::Zone;
use liangshan_duty::standard::{RuleText, Standard, Standards, shipped};
use liangshan_store::digest;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

pub use columns::ColumnRead;
pub use result::{Assessed, Cell, Chart, Column, Fact, FileRead, Lines, Shares, Table, Tile, Tiles, Tone, Used};
pub use standing::{ItemStanding, Standing, Verdict};
use words::Words;

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Surface water.
    Water,
    /// Ambient air.
    Air,
    /// Soil of farmland and construction land.
    Soil,
    /// Solid and hazardous waste.
    Waste,
}

impl Domain {
    /// All.
    pub const ALL: [Domain; 4] = [Domain::Water, Domain::Air, Domain::Soil, Domain::Waste];

    /// The word on the command line and in `rules/`.
    pub fn word(self) -> &'static str {
        match self {
            Domain::Water => "water",
            Domain::Air => "air",
            Domain::Soil => "soil",
            Domain::Waste => "waste",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.word() == word)
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Domain::Water => text("地表水", "surface water"),
            Domain::Air => text("环境空气", "ambient air"),
            Domain::Soil => text("土壤", "soil"),
            Domain::Waste => text("固体废物", "solid waste"),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is judged.
    pub domain: Domain,
    /// The file.
    pub file: PathBuf,
    /// Standards by id, number or profile, in place of those that the date chooses; two make a replay.
    pub standards: Vec<String>,
    /// A table of stations: river or lake, target class.
    pub stations: Option<PathBuf>,
    /// Detection limits by item, for non-detects that do not tell theirs; in the unit of the limits.
    pub limits: Vec<(String, f64)>,
    /// Limits of which zone hold for the air.
    pub zone: Zone,
    /// The folder of a region whose own rules go on top of those shipped.
    pub region: Option<PathBuf>,
    /// Only this place of the file, as it is named there: water and air.
    pub place: Option<String>,
    /// The day on which it is judged, `2026-03-01`: how long waste has been stored, and what is still to come.
    pub on: String,
}

impl Request {
    /// The day on which it is judged; `None` where it is no day.
    fn day(&self) -> Option<jiff::civil::Date> {
        self.on.parse().ok()
    }
}

/// What is wrong with a region's own words, `rules/assess/`.
pub(crate) fn faults_of_words(own: &[RuleText]) -> Problems {
    Words::with(own).err().unwrap_or_default()
}

/// Leaves only what is said of one place, where one is asked for: its entries, and the problems of its rows.
fn only(place: Option<&String>, file: &mut sheets::File) {
    let Some(place) = place else { return };
    file.entries.retain(|e| e.place == *place);
    let rows: std::collections::BTreeSet<u64> = file.entries.iter().map(|e| e.line).collect();
    file.problems.0.retain(|p| p.at.row.is_none_or(|row| rows.contains(&row)));
}

/// A file's bytes with what it is called.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) stem: String,
    pub(crate) bytes: Vec<u8>,
}

/// Judges a file.
///
/// # Errors
/// What makes it impossible: a file or standard that is not there, a table that is not one, no header.
/// Rows that are wrong are in [`Assessed::problems`] and the others are judged.
pub fn assess(request: &Request) -> Result<Assessed, Problems> {
    let own = own_standards(request)?;
    judged(request, own.as_ref().unwrap_or_else(|| shipped()), source(&request.file)?)
}

/// Judges the bytes of a file that came another way than from a disk; `request.file` is only its name.
///
/// # Errors
/// As [`assess`].
pub fn assess_bytes(request: &Request, bytes: Vec<u8>) -> Result<Assessed, Problems> {
    let own = own_standards(request)?;
    judged(request, own.as_ref().unwrap_or_else(|| shipped()), named(&request.file, bytes))
}

/// The standards of a region on top of those shipped; none without a region.
fn own_standards(request: &Request) -> Result<Option<Standards>, Problems> {
    let Some(region) = &request.region else { return Ok(None) };
    let (standards, faults) = crate::rules::load(Some(region))?;
    if faults.has_errors() { Err(faults) } else { Ok(Some(standards)) }
}

fn judged(request: &Request, standards: &Standards, source: Source) -> Result<Assessed, Problems> {
    let own = request.region.as_deref().map(crate::rules::texts).unwrap_or_default().0;
    let words = Words::with(&own)?;
    let by = (standards, &words);
    let mut assessed = of_domain(request, by, &source).map_err(|problems| meant_for_another(problems, request, by, &source))?;
    let file = &source.name;
    for problem in &mut assessed.problems.0 {
        problem.at.file.get_or_insert_with(|| file.clone());
    }
    let long: Vec<Problem> = assessed.long().map(long_table).collect();
    assessed.problems.extend(long);
    told::by_heads(&mut assessed.problems, file, &assessed.columns);
    in_order(&mut assessed.problems);
    told::by_rows(&mut assessed.problems);
    Ok(assessed)
}

fn of_domain(request: &Request, by: (&Standards, &Words), source: &Source) -> Result<Assessed, Problems> {
    match request.domain {
        Domain::Water => water::assess(request, by, source),
        Domain::Air => air::assess(request, by, source),
        Domain::Soil => soil::assess(request, by, source),
        Domain::Waste => waste::assess(request, by, source),
    }
}

fn long_table(table: &Table) -> Problem {
    let (zh, en, rows, file) = (&table.title.zh, &table.title.en, table.rows.len(), table.file());
    Problem::note("assess.long_table", words!("“{zh}”有 {rows} 行，只写成 {file}", "\"{en}\" has {rows} rows and is written as {file} only"))
        .expect(words!("XLSX 与 JSON 中每表不超过 {} 行", "at most {} rows of a table in XLSX and JSON", result::MOST_ROWS))
        .fix(text("要在一个文件中看，请按站点或年份分开交", "divide the file by station or year to have it in one document"))
}

/// Tells of a file without a header of its domain that another domain knows it.
fn meant_for_another(mut problems: Problems, request: &Request, by: (&Standards, &Words), source: &Source) -> Problems {
    let Some(at) = problems.iter().position(|p| p.code == "assess.no_header") else { return problems };
    let knows = |domain: &Domain| {
        let other = Request { domain: *domain, standards: Vec::new(), stations: None, limits: Vec::new(), ..request.clone() };
        *domain != request.domain && of_domain(&other, by, source).is_ok_and(|a| a.file.refused < a.file.rows)
    };
    if let Some(other) = Domain::ALL.into_iter().find(knows) {
        let (word, title) = (other.word(), other.title());
        problems.0[at].fix = Text::of(
            format!("这像是{}的表：用 liangshan assess {word}", title.zh),
            format!("it looks like a table of {}: use liangshan assess {word}", title.en),
        );
    }
    problems
}

/// By file, row, column, code and words, so that the order of work does not show.
fn in_order(problems: &mut Problems) {
    problems.0.sort_by(|a, b| {
        let key = |p: &Problem| (p.severity, p.at.file.clone(), p.at.row, p.at.column.clone(), p.code.clone(), p.at.key.clone(), p.what.zh.clone());
        key(a).cmp(&key(b))
    });
}

fn source(path: &Path) -> Result<Source, Problems> {
    let bytes = std::fs::read(path).map_err(|error| crate::whole::cannot_read(&path.display().to_string(), &error))?;
    Ok(named(path, bytes))
}

fn named(path: &Path, bytes: Vec<u8>) -> Source {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let stem = path.file_stem().map_or_else(|| name.clone(), |n| n.to_string_lossy().into_owned());
    Source { name, stem, bytes }
}

impl Source {
    fn read(&self, encoding: String, rows: usize, refused: usize) -> FileRead {
        FileRead { name: self.name.clone(), digest: digest(&self.bytes), encoding, rows, refused, set_aside: 0, period: Default::default() }
    }
}

/// A name as it is compared: `GB 3095-2012` is `gb3095-2012`.
fn folded(id: &str) -> String {
    id.trim().to_lowercase().chars().filter(|c| !c.is_whitespace()).map(|c| if matches!(c, '_' | '—' | '–' | '－') { '-' } else { c }).collect()
}

/// A standard of a domain by its id or number.
fn standard_of<'s>(standards: &'s Standards, domain: Domain, said: &str) -> Result<&'s Standard, Problem> {
    let wanted = folded(said);
    let of = |s: &&Standard| s.domain == domain.word();
    let all = || standards.all().iter().filter(of);
    all().find(|s| folded(&s.id) == wanted).or_else(|| all().find(|s| folded(&s.number) == wanted)).ok_or_else(|| {
        let ids: Vec<&str> = all().map(|s| s.id.as_str()).collect();
        Problem::error(
            "assess.standard",
            Text::of(format!("没有{}的标准“{said}”", domain.title().zh), format!("there is no standard \"{said}\" of {}", domain.title().en)),
        )
        .key(said)
        .expect(words!("{} 之一", "one of {}", ids.join(", ")))
        .fix_near(nearest(&wanted, ids.iter().copied()), text("用 liangshan rules list 查看", "see liangshan rules list"))
    })
}

/// More than two standards of a replay.
fn at_most_two(standards: &[String]) -> Result<(), Problem> {
    if standards.len() <= 2 {
        return Ok(());
    }
    let list = standards.join(", ");
    Err(Problem::error("assess.standards", words!("给出了两个以上的标准：{list}", "more than two standards are given: {list}"))
        .key("--standard")
        .expect(text("一个标准，或以逗号分开的两个", "one standard, or two with a comma between"))
        .fix(text("分几次比较", "compare them two by two")))
}

/// How a standard is told.
fn used(standard: &Standard, remark: Text) -> Used {
    let until = standard.until.map_or("…".to_owned(), |day| day.to_string());
    let evidence = standard.rounding.evidence.map_or(standard.evidence, |e| standard.evidence.with(e));
    Used {
        id: standard.id.clone(),
        number: standard.number.clone(),
        title: standard.title.clone(),
        period: format!("[{}, {until})", standard.from),
        evidence,
        remark,
    }
}
