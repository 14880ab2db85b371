//! A region's folder, opened: what `region.toml` declares, typed. Nothing but that file and the
//! places is read here; sources are opened when somebody needs them.

mod control;
mod declared;
mod observed;
mod shown;
mod sidecar;
mod sites;
mod sources;

pub use control::{ControlEdition, ControlKind, ControlLayer};
pub use declared::{
    CodeTable, Column, Declared, Ecosystem, LIMIT_TABLES, Layer, Pattern, PlacesFile, Resampling, Serving, StatisticsNames, Tables, Weather, Words, resampling,
};
pub use observed::Observed;
pub use shown::{ShownKind, ShownLayer};
pub use sidecar::{Sidecar, SidecarColumn, years_of};
pub use sites::ProjectSites;
pub use sources::{SourceFile, Sources, StandIn, TableFile};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use liangshan_formats::document::Document;
use liangshan_store::Head;
use liangshan_vocab::{Problem, Problems, text, words};

use crate::deliveries::record::{self, Accepted};

/// A region: its folder, what its file declares, and its sources.
pub struct Region {
    /// The folder.
    pub folder: PathBuf,
    /// What `region.toml` says.
    pub declared: Declared,
    /// The files it names, with delivered tables in the place of those they stand in for.
    pub sources: Sources,
    /// The file that a table of a department stands in for: `[tables]`, and `[deliveries.fills]` over it.
    pub fills: BTreeMap<String, String>,
    /// Deliveries that were accepted, in order.
    pub deliveries: Vec<Accepted>,
    /// The last fact of the journal.
    pub journal: Option<Head>,
}

/// The file that makes a folder a region.
pub const REGION_FILE: &str = "region.toml";

impl Region {
    /// Opens a region's folder.
    ///
    /// # Errors
    /// `region.no_folder`, `region.no_file`, and everything wrong in `region.toml`, all at once.
    pub fn open(folder: &Path) -> Result<Self, Problems> {
        let shown = folder.display().to_string();
        if !folder.is_dir() {
            return Err(no_folder(folder).into());
        }
        let bytes = std::fs::read(folder.join(REGION_FILE)).map_err(|_| {
            Problem::error("region.no_file", words!("目录“{shown}”里没有 {REGION_FILE}", "the folder \"{shown}\" has no {REGION_FILE}"))
                .file(REGION_FILE)
                .fix(text("用 `liangshan new 目录` 得到一个带注释的模板", "`liangshan new DIR` gives a commented template"))
                .expect(text("含有 region.toml 的区域目录", "a folder with a region.toml"))
        })?;
        let document = Document::parse(&bytes).map_err(|p| p.or_file(REGION_FILE))?;
        let declared = Declared::read(&document);
        let problems = document.finish().or_file(REGION_FILE);
        match declared {
            Some(declared) if !problems.has_errors() => {
                let deliveries = record::accepted(folder)?;
                let sources = Sources::with(folder, record::stand_ins(&deliveries));
                Ok(Self { sources, folder: folder.to_owned(), declared, fills: fills(&bytes), deliveries, journal: record::head(folder)? })
            }
            _ => Err(problems),
        }
    }

    /// Says of a problem in a delivered table where its row stands: in that table, and not in the file
    /// it stands in for.
    pub fn as_read(&self, problems: &mut Problems) {
        for problem in &mut problems.0 {
            let read = problem.at.file.as_deref().filter(|_| problem.at.row.is_some()).and_then(|file| self.sources.stand_in(file));
            if let Some(read) = read {
                problem.at.file = Some(read.path.clone());
            }
        }
    }

    /// The name in files and digests.
    pub fn id(&self) -> &str {
        &self.declared.id
    }
}

/// The problem of a folder that is not there.
pub fn no_folder(folder: &Path) -> Problem {
    let shown = folder.display();
    Problem::error("region.no_folder", words!("没有“{shown}”这个目录", "there is no folder \"{shown}\""))
        .fix(text("检查路径，或用 `liangshan new 目录` 新建一个区域", "check the path, or make a region with `liangshan new DIR`"))
        .expect(text("一个区域目录", "the folder of a region"))
}

/// Which file is named by which key of `[tables]`, and by which table of `[deliveries.fills]`. What is
/// wrong in them was told when they were read.
fn fills(region_file: &[u8]) -> BTreeMap<String, String> {
    let Ok(document) = Document::parse(region_file) else { return BTreeMap::new() };
    let root = document.root();
    let named = |s: Option<liangshan_formats::document::Section<'_>>| {
        s.map(|s| s.keys().into_iter().filter(|k| s.kind_of(k) == "text").filter_map(|k| Some((k.clone(), s.optional_text(&k)?))).collect::<Vec<_>>())
    };
    let tables = named(root.optional_section("tables")).unwrap_or_default();
    let own = named(root.optional_section("deliveries").and_then(|d| d.optional_section("fills"))).unwrap_or_default();
    tables.into_iter().chain(own).collect()
}
