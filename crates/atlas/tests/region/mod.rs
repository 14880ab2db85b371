//! A region made for tests: 40 by 36 cells of 250 m near Quzhou, three counties with slanted
//! borders, two years, sources on several grids and in two reference systems. Everything in it is
//! invented. The universal tables are those of the template.

mod sources;
pub(crate) mod tiff;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use liangshan_atlas::book::{Book, Hooks, Options, Prepared, QUIET, open_book};
use liangshan_atlas::publish::{Done, Outcome, Page, run};
use liangshan_formats::table::{Table, read_csv};
use liangshan_vocab::{Lang, Problem, Problems, Severity};
use tempfile::TempDir;

pub(crate) use sources::{CORNERS, OUTLINES, class, geojson, mapped};

/// The counties.
pub(crate) const COUNTIES: [&str; 3] = ["990001", "990002", "990003"];
/// The whole.
pub(crate) const CITY: &str = "990000";
/// The accounting years.
pub(crate) const YEARS: [i32; 2] = [2019, 2020];

/// A region in a folder of its own, gone with the value.
pub(crate) struct Region {
    dir: TempDir,
}

impl Region {
    /// A sound region.
    pub(crate) fn new() -> Self {
        static MADE: OnceLock<TempDir> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let dir = tempfile::tempdir().unwrap();
            sources::write(dir.path());
            dir
        });
        let dir = tempfile::tempdir().unwrap();
        copy(made.path(), dir.path());
        Self { dir }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file of it.
    pub(crate) fn file(&self, file: &str) -> PathBuf {
        self.path().join(file)
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.file(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }

    /// Writes a file.
    pub(crate) fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.file(file).parent().unwrap()).unwrap();
        fs::write(self.file(file), bytes).unwrap();
    }

    /// Replaces the first occurrence of a text, which must be there.
    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1));
    }

    /// Removes a file.
    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.file(file)).unwrap();
    }

    /// Everything a check finds.
    pub(crate) fn check(&self) -> Problems {
        self.check_with(&Options::default())
    }

    /// Everything a check finds, with options.
    pub(crate) fn check_with(&self, options: &Options) -> Problems {
        match Prepared::open(self.path(), options) {
            Ok(prepared) => prepared.survey(QUIET),
            Err(problems) => problems,
        }
    }

    /// The account, not published.
    pub(crate) fn book(&self) -> Book {
        self.book_with(&Options::default())
    }

    /// The account, not published, with options.
    pub(crate) fn book_with(&self, options: &Options) -> Book {
        let prepared = Prepared::open(self.path(), options).unwrap_or_else(|p| panic!("{}", letters(&p)));
        open_book(prepared, QUIET).unwrap_or_else(|p| panic!("{}", letters(&p)))
    }

    /// A run, as the command line does it but for the report.
    pub(crate) fn run_with(&self, options: &Options, hooks: Hooks<'_>) -> Result<Outcome, Problems> {
        run(self.path(), options, hooks, &|p| vec![Page { file: "page.txt".into(), bytes: p.basis.as_str().as_bytes().to_vec() }])
    }

    /// A run that must do something.
    pub(crate) fn done(&self) -> Box<Done> {
        self.done_with(&Options::default())
    }

    /// A run that must do something, with options.
    pub(crate) fn done_with(&self, options: &Options) -> Box<Done> {
        match self.run_with(options, QUIET) {
            Ok(Outcome::Done(done)) => done,
            Ok(Outcome::Unchanged { .. }) => panic!("nothing was done"),
            Err(problems) => panic!("{}", letters(&problems)),
        }
    }

    /// The output folder of the default profile.
    pub(crate) fn out(&self) -> PathBuf {
        self.file("out/national-2022-reconstructed")
    }

    /// A table of the output folder.
    pub(crate) fn published(&self, file: &str) -> Rows {
        Rows::read(&self.out().join(file))
    }
}

/// A published table by the names of its columns.
pub(crate) struct Rows {
    table: Table,
}

impl Rows {
    /// Reads one.
    pub(crate) fn read(path: &Path) -> Self {
        Self { table: read_csv(&fs::read(path).unwrap()).unwrap_or_else(|p| panic!("{}", letters(&p))) }
    }

    /// Every row as a map.
    pub(crate) fn all(&self) -> Vec<BTreeMap<&str, &str>> {
        let columns: Vec<&str> = self.table.columns.iter().map(String::as_str).collect();
        self.table.rows.iter().map(|row| columns.iter().enumerate().map(|(i, c)| (*c, self.table.text(row, i))).collect()).collect()
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            let _ = fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder by its path in it, with its bytes.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(here) = folders.pop() {
        let Ok(entries) = fs::read_dir(&here) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The problems for a person who has to see why a test failed.
pub(crate) fn letters(problems: &Problems) -> String {
    problems.iter().map(|p| p.letter(Lang::En)).collect::<Vec<_>>().join("\n")
}

/// The one problem with this code and severity, which must say in both languages what it is, what
/// was expected and what to try, and where.
#[track_caller]
pub(crate) fn found<'p>(problems: &'p Problems, severity: Severity, code: &str) -> &'p Problem {
    let all: Vec<&Problem> = problems.iter().filter(|p| p.code == code).collect();
    assert!(!all.is_empty(), "no {code} among:\n{}", letters(problems));
    for p in &all {
        assert_eq!(p.severity, severity, "{}", p.letter(Lang::En));
        for text in [&p.what, &p.expected, &p.fix] {
            assert!(!text.zh.trim().is_empty() && !text.en.trim().is_empty(), "a silent part in {:?}\n{}\n{}", p, p.letter(Lang::Zh), p.letter(Lang::En));
        }
        assert_ne!(p.at, liangshan_vocab::Where::default(), "it says nowhere where: {}", p.letter(Lang::En));
    }
    all[0]
}

/// The error with this code; see [`found`].
#[track_caller]
pub(crate) fn error<'p>(problems: &'p Problems, code: &str) -> &'p Problem {
    found(problems, Severity::Error, code)
}
