//! The use case: opens a region with its zones, makes or finds the sums, and writes the files.

use std::io::Write;
use std::path::{Path, PathBuf};

use liangshan_store::{WholeFile, digest, digest_file};
use liangshan_vocab::Problems;

use super::files::files;
use super::pattern::Pattern;
use super::sheet::ZoneSheet;
use crate::book::{Book, Hooks, Options, Prepared, open_book};
use crate::publish::{Page, out_folder, refuse_folder};
use crate::whole::cannot_write;

/// A finished account by zone.
pub struct Done {
    /// The output folder.
    pub out: PathBuf,
    /// Files written or changed.
    pub written: usize,
    /// Files that were as they should be already.
    pub kept: usize,
}

/// Opens a region's account with its zones and lines. `options.zones_on` says the day.
///
/// # Errors
/// Everything wrong in the input at once; `zones.none` where the region declares no control layers.
pub fn open(folder: &Path, options: &Options, hooks: Hooks<'_>) -> Result<Book, Problems> {
    let prepared = Prepared::open(folder, options)?;
    if prepared.zones.as_ref().is_none_or(|z| z.sets.is_empty()) {
        return Err(none().into());
    }
    open_book(prepared, hooks)
}

fn none() -> liangshan_vocab::Problem {
    use liangshan_vocab::{Problem, text};
    Problem::error("zones.none", text("该日期没有施行的分区或控制线", "no zone or line is in force on that day"))
        .file(crate::region::REGION_FILE)
        .key("control")
        .expect(text("[control.*] 中至少一个面图层在该日期有施行的版本", "a layer of polygons in [control.*] with an edition in force on that day"))
        .fix(text("声明 [control.*]，或换一个 --on 日期", "declare [control.*], or ask for another day with --on"))
}

/// Writes the files of a sheet, and those that a face adds: all or none.
///
/// # Errors
/// `output.folder`; `output.cannot_write`.
pub fn write(sheet: &ZoneSheet<'_>, pattern: Option<&Pattern>, options: &Options, pages: Vec<Page>) -> Result<Done, Problems> {
    let prepared = &sheet.book.prepared;
    let out = options.out.clone().unwrap_or_else(|| out_folder(prepared, options).join("zones"));
    // What an office gets stands in a folder of its own and never in the place of the whole.
    let out = sheet.office.as_ref().map_or(out.clone(), |office| out.join(&office.id));
    refuse_folder(&prepared.region.folder, &out)?;
    let mut all = files(sheet);
    all.push(("zone_projects.csv".into(), super::own_files::projects(sheet)));
    all.push(("zones.gpkg".into(), super::layer::layer(sheet)?));
    if let Some(pattern) = pattern {
        all.extend(super::pattern_files::files(pattern)?);
    }
    all.extend(pages.into_iter().map(|p| (p.file, p.bytes)));
    let (mut staged, mut kept) = (Vec::new(), 0);
    for (file, bytes) in all {
        let path = out.join(&file);
        if digest_file(&path).is_ok_and(|there| there == digest(&bytes)) {
            kept += 1;
            continue;
        }
        let file = WholeFile::create(&path).and_then(|mut file| file.write_all(&bytes).map(|()| file));
        staged.push((file.map_err(|e| cannot_write(&path, &e))?, path));
    }
    let written = staged.len();
    for (file, path) in staged {
        file.finish().map_err(|e| cannot_write(&path, &e))?;
    }
    Ok(Done { out, written, kept })
}
