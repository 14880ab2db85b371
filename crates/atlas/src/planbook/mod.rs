//! The plan of a region: its sentences and what it names, with owners and feeds; its registers; its
//! projects; its targets. One opening reads them all and says how they stand on a day.
//!
//! States are computed and never typed: what people claim and decide are facts of the journal
//! ([`claims`]), and everything else follows from files and facts.

pub mod act;
pub mod claims;
pub mod declared;
pub mod enter;
pub mod entries;
pub mod export;
pub mod feeds;
pub mod files;
pub mod green;
pub mod kinds;
pub mod observed;
mod opening;
pub mod projects;
pub mod published;
mod recording;
pub mod records;
pub mod rows;
pub mod statistics;
pub mod targets;
pub mod values;
pub mod wording;
pub mod zones;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use liangshan_accounts::targets::LampRule;
use liangshan_duty::standard::shipped;
use liangshan_formats::table::{Table, read_csv};
use liangshan_formats::workbook::read_workbook;
use liangshan_registers::{Changes, Known};
use liangshan_vocab::{Lang, Problem, Problems, Text, text, words};

pub use declared::{Declared, PLAN_FILE};
pub use liangshan_registers::{Record, Shape};

use claims::Claims;
use feeds::Sources;
use green::GreenIndex;
use opening::Opened;
use projects::{Board, ProjectView, contradict};
use published::Published;
use records::Book;
use rows::{Loose, RowView, Rows};
use statistics::Statistics;
use targets::TargetView;
use values::{Grounds, TypedValues};
use wording::{Sentence, System};
use zones::AreaShares;

use crate::region::Region;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The day, `YYYY-MM-DD`.
    pub on: String,
    /// The seed of the forecast; the plan's own where none is given.
    pub seed: Option<u64>,
    /// Commands of the program, which sentences may name as their feed.
    pub commands: Vec<String>,
}

/// The plan as it stands on a day.
pub struct Planbook {
    /// The region.
    pub region: Region,
    /// What the plan declares.
    pub declared: Declared,
    /// The day.
    pub on: Date,
    /// Names of places.
    pub places: BTreeMap<String, Text>,
    /// The counties' codes, in the order of the code table.
    pub counties: Vec<String>,
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// What the plan names.
    pub systems: Vec<System>,
    /// Registers with their rows.
    pub books: Vec<Book>,
    /// What their rows may refer to.
    pub known: Known,
    /// Targets.
    pub targets: Vec<TargetView>,
    /// Projects.
    pub projects: Vec<ProjectView>,
    /// Facts about milestones.
    pub claims: Claims,
    /// The green-development index of the counties.
    pub green: Option<GreenIndex>,
    /// Sentences as they stand.
    pub sentence_views: Vec<RowView>,
    /// Named things as they stand.
    pub system_views: Vec<RowView>,
    /// What hangs loose.
    pub loose: Vec<Loose>,
    /// Warnings and notes.
    pub notes: Problems,
}

impl Planbook {
    /// Opens a region's plan.
    ///
    /// # Errors
    /// `plan.none` for a region without one; everything wrong in the plan, its registers and targets.
    pub fn open(folder: &Path, asked: &Asked) -> Result<Self, Problems> {
        let on: Date = asked.on.parse().map_err(|_| no_day(&asked.on))?;
        let Opened { region, declared, places, counties, sentences, systems, books, known, notes: mut problems } = Opened::open(folder, &asked.on)?;
        let statistics = problems.keep(Statistics::read(&region)).unwrap_or_default();
        let published = problems.keep(Published::read(&region)).unwrap_or_default();
        let measured: Vec<&str> = declared
            .sources
            .values()
            .flat_map(|s| &s.values)
            .filter_map(|v| match v {
                declared::ValueFrom::AreaShare(layer) => Some(layer.as_str()),
                _ => None,
            })
            .collect();
        let areas = problems.keep(AreaShares::read(&region, &declared, &measured)).unwrap_or_default();
        let (good_days, sections) = problems.keep(values::judged(&region, &declared, &books)).unwrap_or_default();
        let typed = problems.keep(TypedValues::read(&region, &declared.values));
        let rows = problems.keep(targets::rows(&region, &declared.targets, declared.first_year));
        let claims = problems.keep(Claims::read(folder, &asked.on)).unwrap_or_default();
        let rule = problems.keep(lamp_rule());
        let (Some(typed), Some(rows), Some(rule)) = (typed, rows, rule) else { return Err(problems) };
        let grounds = Grounds {
            region: &region,
            declared: &declared,
            statistics: &statistics,
            books: &books,
            published: &published,
            areas: &areas,
            good_days,
            sections,
            whole: region.declared.code.clone(),
            counties: counties.clone(),
            on: asked.on.clone(),
            known: i32::from(on.year()) - 1,
        };
        let targets = targets::views(rows, &grounds, &typed, asked.seed.unwrap_or(declared.seed), &mut problems);
        let green = green::green_index(&grounds, &mut problems);
        let mut projects = projects_of(&books, &claims, rule, on, &mut problems);
        contradict(&mut projects, &declared.checks, (&targets, &books), &places, &asked.on);
        let sources = Sources {
            region: &region,
            targets: &targets,
            books: &books,
            projects: &projects,
            published: &published,
            statistics: &statistics,
            areas: &areas,
            commands: &asked.commands,
        };
        let offices = books.iter().find(|b| b.register.id == "offices");
        let (sentence_views, system_views, loose) = Rows { declared: &declared, sentences: &sentences, systems: &systems, sources: &sources, offices }.views();
        problems.extend(published::no_account(&published, &region));
        problems.extend(books.iter().find(|b| b.register.id == "projects").and_then(|b| projects::stale(b, on)));
        for target in &targets {
            problems.extend(target.values.doubts.iter().cloned());
        }
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Self {
            region,
            declared,
            on,
            places,
            counties,
            sentences,
            systems,
            books,
            known,
            targets,
            projects,
            claims,
            green,
            sentence_views,
            system_views,
            loose,
            notes: problems,
        })
    }

    /// A register by id.
    pub fn book(&self, id: &str) -> Option<&Book> {
        self.books.iter().find(|b| b.register.id == id)
    }

    /// Holds a table, CSV or XLSX, against the declaration of a register and the records that are there:
    /// what it would do. Nothing is taken over.
    ///
    /// # Errors
    /// A file that cannot be read as a table; everything wrong in it.
    pub fn judge(&self, book: &Book, file: &Path) -> Result<Changes, Problems> {
        enter::judged(book, &self.known, file, &recording::bytes_of(file)?)
    }

    /// What an office is called; its id where it has no name.
    pub fn office(&self, id: &str) -> String {
        let book = self.book("offices");
        book.and_then(|b| b.record(id).map(|r| b.written(r, "name_zh"))).unwrap_or_else(|| id.to_owned())
    }

    /// Who is meant by roles: in Chinese the offices that have them, a role itself where none has it.
    pub fn who(&self, roles: &[String], lang: Lang) -> String {
        let Some(book) = self.book("offices").filter(|_| lang == Lang::Zh) else { return roles.join(", ") };
        let named = |role: &String| {
            let names: Vec<String> = book.records.iter().filter(|r| book.written(r, "role") == *role).map(|r| book.written(r, "name_zh")).collect();
            if names.is_empty() { role.clone() } else { names.join("、") }
        };
        roles.iter().map(named).collect::<Vec<_>>().join("、")
    }

    /// What a place is called; its code where it has no name.
    pub fn place(&self, code: &str) -> Text {
        self.places.get(code).cloned().unwrap_or_else(|| Text::same(code.to_owned()))
    }
}

/// A table out of its bytes: the first sheet of a workbook, or CSV.
fn table_of(bytes: &[u8]) -> Result<Table, Problems> {
    if !bytes.starts_with(b"PK") {
        return read_csv(bytes);
    }
    let book = read_workbook(bytes)?;
    let Some(sheet) = book.sheets.first() else {
        return Err(Problem::error("table.empty", text("表是空的", "the table is empty")).expect(text("一张工作表", "a sheet")).into());
    };
    sheet.table()
}

/// Reads `plan/plan.toml`.
///
/// # Errors
/// `plan.none`; everything wrong in it.
pub fn declaration(folder: &Path) -> Result<Declared, Problems> {
    let bytes = std::fs::read(folder.join(PLAN_FILE)).map_err(|_| {
        Problem::error("plan.none", words!("区域没有方案：缺少 {PLAN_FILE}", "the region has no plan: {PLAN_FILE} is not there"))
            .file(PLAN_FILE)
            .expect(text("说明方案语句、登记册与目标的文件", "the file that says where sentences, registers and targets are"))
            .fix(text("照 docs/reference/plan.md 写一份", "write one after docs/reference/plan.md"))
    })?;
    Declared::read(&bytes)
}

fn no_day(on: &str) -> Problem {
    Problem::error("plan.day", words!("“{on}”不是日期", "\"{on}\" is not a day"))
        .key("--on")
        .expect(text("如 2020-06-30", "such as 2020-06-30"))
        .fix(text("改正日期", "correct it"))
}

type Places = (BTreeMap<String, Text>, Vec<String>);

/// Names of the places of the code table, and the counties in its order.
fn places(region: &Region) -> Result<Places, Problems> {
    let path = &region.declared.places.table;
    let t = region.sources.table(path)?;
    let [code, zh, en, parent] = t.table.find(["code", "name_zh", "name_en", "parent_code"]).map_err(|p| p.or_file(path))?;
    let (mut names, mut counties) = (BTreeMap::new(), Vec::new());
    let whole = &region.declared.code;
    for row in &t.table.rows {
        let cell = |c| t.table.text(row, c).to_owned();
        let own = cell(code);
        if cell(parent) == *whole && own != *whole {
            counties.push(own.clone());
        }
        names.insert(own, Text::of(cell(zh), cell(en)));
    }
    names.entry(whole.clone()).or_insert_with(|| region.declared.title.clone());
    Ok((names, counties))
}

fn read_sentences(region: &Region, declared: &Declared) -> Result<Vec<Sentence>, Problems> {
    let table = region.sources.table(&declared.sentences)?;
    let sentences = wording::sentences(&table.table).map_err(|p| p.or_file(&declared.sentences))?;
    region.sources.file(&declared.text)?;
    let bytes = std::fs::read(region.folder.join(&declared.text)).map_err(|e| crate::whole::cannot_read(&declared.text, &e))?;
    wording::held(&sentences, &String::from_utf8_lossy(&bytes)).map_err(|p| p.or_file(&declared.sentences))?;
    Ok(sentences)
}

fn read_systems(region: &Region, declared: &Declared, sentences: &[Sentence]) -> Result<Vec<System>, Problems> {
    let table = region.sources.table(&declared.systems)?;
    wording::systems(&table.table, sentences).map_err(|p| p.or_file(&declared.systems))
}

/// Where lamps change, out of the rules.
fn lamp_rule() -> Result<LampRule, Problem> {
    let standard = shipped().get("project-lamps")?;
    let days = standard.value("red_days")?;
    Ok(LampRule { red_days: days as i64, red_gap: standard.value("red_gap")?, yellow_gap: standard.value("yellow_gap")? })
}

fn projects_of(books: &[Book], claims: &Claims, rule: LampRule, on: Date, problems: &mut Problems) -> Vec<ProjectView> {
    let of = |id: &str| books.iter().find(|b| b.register.id == id);
    match (of("projects"), of("milestones")) {
        (Some(projects), Some(milestones)) => Board { projects, milestones, claims, rule }.views(on, problems),
        _ => Vec::new(),
    }
}
