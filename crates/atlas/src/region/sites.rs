//! `[project_sites]` of `region.toml`: where projects are, and the tables that say whose they are.

use liangshan_formats::document::Section;

/// Where the sites of projects are declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSites {
    /// The line in `region.toml`.
    pub row: u64,
    /// GeoPackage or GeoJSON.
    pub file: String,
    /// The layer in the file, where it has several.
    pub layer: Option<String>,
    /// The column with the id of the project.
    pub project: String,
    /// The table of projects.
    pub projects: String,
    /// The table of their milestones, which say when a project was over.
    pub milestones: Option<String>,
}

/// Reads it; `None` where a region has no sites of projects, or something is missing, which is noted.
pub(super) fn read(root: &Section<'_>) -> Option<ProjectSites> {
    let s = root.optional_section("project_sites")?;
    let (file, layer, project) = (s.text("file"), s.optional_text("layer"), s.text("project"));
    let (projects, milestones) = (s.text("projects"), s.optional_text("milestones"));
    Some(ProjectSites { row: s.row(), file: file?, layer, project: project?, projects: projects?, milestones })
}
