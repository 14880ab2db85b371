//! What a run leaves: the files of an output folder, each whole or not there, and a manifest of
//! their digests written last.

pub mod beside;
mod boundaries;
pub(crate) mod cards;
pub mod changes;
mod style;
pub mod tables;
pub mod wide;
pub mod workbook;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use liangshan_store::{Blobs, WholeFile, digest, digest_file, write_whole};
use liangshan_vocab::{Digest, Problem, Problems, text, words};
use serde::{Deserialize, Serialize};

pub use cards::publication;

use crate::book::{Book, Hooks, Options, Prepared, Stage, open_book, stopped};
use crate::publication::Publication;
use crate::region::Weather;
use crate::whole::cannot_write;

/// The manifest's name.
const MANIFEST: &str = "manifest.json";

/// The files of an output folder with their digests, and what they were made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Manifest {
    /// The name of the account: everything read, and how.
    account: Digest,
    /// Files by path below the folder.
    files: BTreeMap<String, Digest>,
}

/// A file that a face adds, such as the report.
pub struct Page {
    /// Path below the output folder.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of a run.
pub enum Outcome {
    /// Nothing was to do.
    Unchanged {
        /// The output folder.
        out: PathBuf,
        /// Files in it.
        files: usize,
        /// Notes of the opening.
        notes: Problems,
    },
    /// The account was made.
    Done(Box<Done>),
}

/// A finished run.
pub struct Done {
    /// The output folder.
    pub out: PathBuf,
    /// What it shows.
    pub publication: Publication,
    /// Files written or changed.
    pub written: usize,
    /// Files that were as they should be already.
    pub kept: usize,
    /// Streams found again.
    pub reused: usize,
    /// Streams made.
    pub made: usize,
}

/// The output folder of a run.
pub fn out_folder(prepared: &Prepared, options: &Options) -> PathBuf {
    let profile = prepared.method.profile.printed_id();
    // An account under normal weather stands beside that of the year and never in its place.
    let name = match prepared.weather {
        Weather::Year => profile,
        Weather::Normal => format!("{profile}-normal-weather"),
    };
    options.out.clone().unwrap_or_else(|| prepared.region.folder.join("out").join(name))
}

/// Runs a region: checks everything, computes what is not known yet, publishes. `pages` draws the
/// files that a face adds.
///
/// # Errors
/// Everything wrong in the input at once; `run.cancelled`; `output.cannot_write`.
pub fn run(folder: &Path, options: &Options, hooks: Hooks<'_>, pages: &dyn Fn(&Publication) -> Vec<Page>) -> Result<Outcome, Problems> {
    let say = |zh: &str, en: &str, done: usize| (hooks.progress)(&Stage { title: liangshan_vocab::Text::of(zh, en), done, of: 1 });
    say("读取与核对数据源", "opening and checking the sources", 0);
    let prepared = Prepared::open(folder, options)?;
    let account = prepared.name(options.program.as_ref());
    let out = out_folder(&prepared, options);
    refuse_folder(&prepared.region.folder, &out)?;
    if let Some(files) = unchanged(&out, &account) {
        return Ok(Outcome::Unchanged { out, files, notes: prepared.notes });
    }
    let blobs = Blobs::at(prepared.region.folder.join("derived"));
    for folder in [&blobs, &Blobs::at(&out)] {
        folder.sweep().map_err(|e| cannot_write(folder.root(), &e))?;
    }
    let book = open_book(prepared, hooks)?;
    if (hooks.cancelled)() {
        return Err(stopped().into());
    }
    say("编制账户", "making the account", 0);
    let publication = publication(&book, account.clone())?;
    let dictionary = tables::dictionary_rows(&book);
    let mut files: Vec<(String, Vec<u8>)> = tables::files(&book, &publication, &dictionary)?;
    files.extend(wide::files(&book));
    files.push(("gep.xlsx".into(), workbook::workbook(&book, &publication, &dictionary)?));
    files.push(("review.csv".into(), crate::review::table(&publication.review)));
    files.push(("changes.csv".into(), changes::changes(&book)));
    files.push(("places.gpkg".into(), boundaries::places(&book)?));
    files.extend(pages(&publication).into_iter().map(|p| (p.file, p.bytes)));
    say("写出结果", "writing the results", 0);
    let (written, kept) = write(&out, &account, files, &book, &blobs, hooks).map_err(|e| match e {
        Failed::Io(path, e) => Problems::from(cannot_write(&path, &e)),
        Failed::Stopped => stopped().into(),
    })?;
    Ok(Outcome::Done(Box::new(Done { out, publication, written, kept, reused: book.reused, made: book.made })))
}

/// The tables that a run writes and that can be made one at a time, by file name.
pub const FILES: [&str; 7] = ["gep.xlsx", "account.csv", "totals.csv", "changes.csv", "review.csv", "dictionary.csv", "places.gpkg"];

/// One of [`FILES`], the bytes that a run writes under that name; none for any other name.
///
/// # Errors
/// Those of the writers of a workbook and a GeoPackage.
pub fn file(book: &Book, publication: &Publication, name: &str) -> Result<Option<Vec<u8>>, Problems> {
    Ok(Some(match name {
        "gep.xlsx" => workbook::workbook(book, publication, &tables::dictionary_rows(book))?,
        "account.csv" => tables::account(book),
        "totals.csv" => tables::totals(book),
        "changes.csv" => changes::changes(book),
        "review.csv" => crate::review::table(&publication.review),
        "dictionary.csv" => tables::dictionary(&tables::dictionary_rows(book)),
        "places.gpkg" => boundaries::places(book)?,
        _ => return Ok(None),
    }))
}

/// Where the bytes of a map lie, `maps/water_conservation_2020.tif` in an output folder.
pub fn map_path(book: &Book, map: &crate::mapping::MapMade) -> PathBuf {
    Blobs::at(book.prepared.region.folder.join("derived")).plain(&map.stream, &map.kind())
}

/// The number of files when the folder holds just what this account is.
fn unchanged(out: &Path, account: &Digest) -> Option<usize> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(out.join(MANIFEST)).ok()?).ok()?;
    (manifest.account == *account && manifest.files.iter().all(|(file, digest)| digest_file(&out.join(file)).is_ok_and(|d| d == *digest)))
        .then_some(manifest.files.len())
}

enum Failed {
    Io(PathBuf, io::Error),
    Stopped,
}

fn write(out: &Path, account: &Digest, files: Vec<(String, Vec<u8>)>, book: &Book, blobs: &Blobs, hooks: Hooks<'_>) -> Result<(usize, usize), Failed> {
    let old: Option<Manifest> = fs::read(out.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut manifest = Manifest { account: account.clone(), files: BTreeMap::new() };
    let mut staged: Vec<(PathBuf, WholeFile)> = Vec::new();
    let (mut written, mut kept) = (0, 0);
    let count = files.len() + book.maps.len();
    let progress = |done: usize| (hooks.progress)(&Stage { title: words!("写出结果", "writing the results"), done, of: count });
    for (file, bytes) in files {
        if (hooks.cancelled)() {
            return Err(Failed::Stopped);
        }
        let (path, wanted) = (out.join(&file), digest(&bytes));
        if digest_file(&path).is_ok_and(|there| there == wanted) {
            kept += 1;
        } else {
            let file = WholeFile::create(&path).and_then(|mut file| file.write_all(&bytes).map(|()| file));
            staged.push((path.clone(), file.map_err(|e| Failed::Io(path, e))?));
            written += 1;
        }
        manifest.files.insert(file, wanted);
        progress(written + kept);
    }
    for map in &book.maps {
        if (hooks.cancelled)() {
            return Err(Failed::Stopped);
        }
        let (file, from) = (map.file(), blobs.plain(&map.stream, &map.kind()));
        let path = out.join(&file);
        let wanted = digest_file(&from).map_err(|e| Failed::Io(from.clone(), e))?;
        if digest_file(&path).is_ok_and(|there| there == wanted) {
            kept += 1;
        } else {
            let file = copied(&from, &path).map_err(|e| Failed::Io(path.clone(), e))?;
            staged.push((path, file));
            written += 1;
        }
        manifest.files.insert(file, wanted);
        progress(written + kept);
    }
    // A folder without its manifest is not believed to be whole, so the old one goes before anything changes.
    match fs::remove_file(out.join(MANIFEST)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Failed::Io(out.join(MANIFEST), e)),
        _ => {}
    }
    // Everything is on disk under another name by now: a full disk has changed nothing.
    for (path, file) in staged {
        file.finish().map_err(|e| Failed::Io(path, e))?;
    }
    // What an earlier run left and this one does not have would contradict it.
    for file in old.iter().flat_map(|m| m.files.keys()).filter(|f| !manifest.files.contains_key(*f)) {
        let path = out.join(file);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Failed::Io(path, e)),
            _ => {}
        }
    }
    let path = out.join(MANIFEST);
    let bytes = serde_json::to_vec_pretty(&manifest).map_err(|e| Failed::Io(path.clone(), e.into()))?;
    write_whole(&path, &bytes).map_err(|e| Failed::Io(path, e))?;
    Ok((written, kept))
}

/// A copy of a file, piece by piece, not yet in its place.
fn copied(from: &Path, to: &Path) -> io::Result<WholeFile> {
    let mut source = fs::File::open(from)?;
    let mut target = WholeFile::create(to)?;
    io::copy(&mut source, &mut target)?;
    Ok(target)
}

/// Results may not be written over the region itself.
///
/// # Errors
/// `output.folder`.
pub fn refuse_folder(region: &Path, out: &Path) -> Result<(), Problem> {
    let (folder, asked) = (resolved(region), resolved(out));
    let own = ["sources", "methods", "rules", "registers", "plan", "received", "derived", "published"];
    if out.as_os_str().is_empty() || asked == folder || own.iter().any(|name| asked.starts_with(folder.join(name))) {
        let shown = out.display();
        return Err(Problem::error("output.folder", words!("“{shown}”不能作为输出目录", "\"{shown}\" cannot be the output folder"))
            .key("--out")
            .expect(text("区域数据之外的目录", "a folder that holds nothing of the region's own"))
            .fix(text("另给一个目录，或省略 --out", "name another folder, or leave --out away")));
    }
    Ok(())
}

/// A path as the disk has it: what of it exists resolved, the rest as it is asked for.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|part| Some((fs::canonicalize(part).ok()?, part)));
    match there {
        Some((whole, part)) => absolute.strip_prefix(part).map_or(whole.clone(), |rest| whole.join(rest)),
        None => absolute,
    }
}
