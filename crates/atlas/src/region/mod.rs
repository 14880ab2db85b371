//! A region's folder, opened: what `region.toml` declares, typed. Nothing but that file and the
//! places is read here; sources are opened when somebody needs them.

mod declared;
mod sidecar;
mod sources;

pub use declared::{
    CodeTable, Column, Declared, Ecosystem, LIMIT_TABLES, Layer, Pattern, PlacesFile, Resampling, Serving, StatisticsNames, Tables, Weather, Words, resampling,
};
pub use sidecar::{Sidecar, SidecarColumn, years_of};
pub use sources::{SourceFile, Sources, TableFile};

use std::path::{Path, PathBuf};

use liangshan_formats::document::Document;
use liangshan_vocab::{Problem, Problems, text, words};

/// A region: its folder, what its file declares, and its sources.
pub struct Region {
    /// The folder.
    pub folder: PathBuf,
    /// What `region.toml` says.
    pub declared: Declared,
    /// The files it names.
    pub sources: Sources,
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
            return Err(Problem::error("region.no_folder", words!("没有“{shown}”这个目录", "there is no folder \"{shown}\""))
                .fix(text("检查路径，或用 `liangshan new 目录` 新建一个区域", "check the path, or make a region with `liangshan new DIR`"))
                .expect(text("一个区域目录", "the folder of a region"))
                .into());
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
            Some(declared) if !problems.has_errors() => Ok(Self { sources: Sources::of(folder), folder: folder.to_owned(), declared }),
            _ => Err(problems),
        }
    }

    /// The name in files and digests.
    pub fn id(&self) -> &str {
        &self.declared.id
    }
}
