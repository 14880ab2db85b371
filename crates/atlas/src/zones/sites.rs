//! Sites of projects: a layer of polygons whose features name a project, with what the tables of
//! projects and milestones say of it.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_accounts::targets::is_done;
use liangshan_space::{MultiPolygon, Projector};
use liangshan_vocab::fact::is_day;
use liangshan_vocab::{Origin, Problem, Problems, nearest, text, words};

use super::shapes;
use crate::control::{Shape, hard_faults, invalid, place, shape_of};
use crate::ground::layer_crs;
use crate::region::{ProjectSites, REGION_FILE, Region};

/// A project that has a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The office that leads, and the one that helps.
    pub offices: [String; 2],
    /// The day it began.
    pub start: String,
    /// The day its last milestone was done and accepted by another unit; none where it is not over.
    pub ended: Option<String>,
    /// Its site, in the plane of the region's grid.
    pub shape: MultiPolygon,
}

impl Project {
    /// True for an office that leads or helps.
    pub fn is_of(&self, office: &str) -> bool {
        self.offices.iter().any(|o| o == office)
    }

    /// True when it was under way on a day of the two years.
    pub fn between(&self, (from, to): (i32, i32)) -> bool {
        let (first, last) = (format!("{from:04}-01-01"), format!("{to:04}-12-31"));
        self.start <= last && self.ended.as_ref().is_none_or(|ended| *ended >= first)
    }
}

/// All sites of a region.
#[derive(Debug, Clone)]
pub struct Sites {
    /// The file.
    pub file: String,
    /// What the layer is.
    pub origin: Origin,
    /// Projects with a site, by id.
    pub projects: Vec<Project>,
    /// The division code of each office.
    pub offices: BTreeMap<String, String>,
}

/// A project as the tables have it, without its site.
type Rows = BTreeMap<String, Project>;

impl Sites {
    /// The sites of a region; `None` where it declares none.
    ///
    /// # Errors
    /// `sites.unknown_column`, `sites.no_project`, `sites.unknown_project`, `sites.day`,
    /// `sites.not_an_area`, `control.invalid_geometry`, `source.no_crs` and those of the files, all at once.
    pub fn read(region: &Region) -> Result<Option<Self>, Problems> {
        let Some(declared) = &region.declared.sites else { return Ok(None) };
        let mut problems = Problems::new();
        let rows = problems.keep(rows(region, declared));
        let offices = problems.keep(offices(region));
        let read = problems.keep(shapes_of(region, declared, rows.as_ref()));
        let (Some(mut rows), Some(offices), Some((origin, shapes))) = (rows, offices, read) else { return Err(problems) };
        let mut projects = Vec::new();
        for (id, parts) in shapes {
            let Some(mut project) = rows.remove(&id) else { continue };
            if !is_day(&project.start) {
                problems.push(no_day(declared, &project));
            }
            project.shape = if let [only] = parts.as_slice() { only.clone() } else { shapes::union(&parts) };
            projects.push(project);
        }
        problems.into_result(Some(Self { file: declared.file.clone(), origin, projects, offices }))
    }
}

fn rows(region: &Region, declared: &ProjectSites) -> Result<Rows, Problems> {
    let t = region.sources.table(&declared.projects)?;
    let columns = t.table.find(["project_id", "name_zh", "lead_office", "co_office", "start"]).map_err(|p| p.or_file(&declared.projects))?;
    let doubled = t.table.duplicate_keys(&[columns[0]]);
    if doubled.has_errors() {
        return Err(doubled.or_file(&declared.projects));
    }
    let mut out = Rows::new();
    for row in &t.table.rows {
        let [id, title, lead, co, start] = columns.map(|at| t.table.text(row, at).to_owned());
        out.insert(id.clone(), Project { id, title, offices: [lead, co], start, ended: None, shape: MultiPolygon(Vec::new()) });
    }
    let Some(file) = &declared.milestones else { return Ok(out) };
    let t = region.sources.table(file)?;
    let columns = t.table.find(["project_id", "done_on", "evidence", "accepted_by_office"]).map_err(|p| p.or_file(file))?;
    let (mut last, mut open): (BTreeMap<String, String>, BTreeSet<String>) = Default::default();
    for row in &t.table.rows {
        let [id, done, evidence, by] = columns.map(|at| t.table.text(row, at).to_owned());
        let Some(project) = out.get(&id) else { continue };
        if is_day(&done) && is_done(&project.offices[0], !evidence.is_empty(), Some(&by)) {
            let day = last.entry(id).or_default();
            *day = done.max(std::mem::take(day));
        } else {
            open.insert(id);
        }
    }
    for (id, day) in last.into_iter().filter(|(id, _)| !open.contains(id)) {
        if let Some(project) = out.get_mut(&id) {
            project.ended = Some(day);
        }
    }
    Ok(out)
}

fn offices(region: &Region) -> Result<BTreeMap<String, String>, Problems> {
    let Some(path) = &region.declared.offices else { return Ok(BTreeMap::new()) };
    let t = region.sources.table(path)?;
    let [id, place] = t.table.find(["office_id", "region_code"]).map_err(|p| p.or_file(path))?;
    Ok(t.table.rows.iter().map(|row| (t.table.text(row, id).to_owned(), t.table.text(row, place).to_owned())).collect())
}

fn shapes_of(region: &Region, declared: &ProjectSites, rows: Option<&Rows>) -> Result<(Origin, BTreeMap<String, Vec<MultiPolygon>>), Problems> {
    let (file, read) = (region.sources.file(&declared.file)?, region.sources.layer_named(&declared.file, declared.layer.as_deref())?);
    let names: Vec<&str> = read.fields.iter().map(|f| f.name.as_str()).collect();
    let Some(column) = names.iter().position(|name| *name == declared.project) else {
        let project = &declared.project;
        return Err(Problem::error("sites.unknown_column", words!("项目位置图层没有列“{project}”", "the layer of sites has no column \"{project}\""))
            .file(REGION_FILE)
            .row(declared.row)
            .key("project_sites.project")
            .expect(words!("现有的列：{}", "a column that is there: {}", names.join(", ")))
            .fix_near(nearest(project, names), text("改正列名", "correct the name of the column"))
            .into());
    };
    let crs = layer_crs(&read, &file.sidecar.crs).map_err(|p| p.file(declared.file.as_str()))?;
    let projector = Projector::between(&crs, &region.declared.grid.crs).map_err(|p| p.file(declared.file.as_str()))?;
    let mut problems = Problems::new();
    let mut out: BTreeMap<String, Vec<MultiPolygon>> = BTreeMap::new();
    for feature in &read.features {
        let id = feature.cells[column].written().trim().to_owned();
        let named = |p: Problem| p.file(declared.file.as_str()).key(if id.is_empty() { format!("feature {}", feature.id) } else { id.clone() });
        if id.is_empty() {
            problems.push(named(
                Problem::error("sites.no_project", words!("第 {} 号要素没有项目标识", "feature {} names no project", feature.id))
                    .column(declared.project.as_str())
                    .expect(text("项目表中的 project_id", "a project_id of the table of projects"))
                    .fix(text("补上标识，或删去该要素", "fill it in, or take the feature out")),
            ));
        } else if let Some(rows) = rows.filter(|rows| !rows.contains_key(&id)) {
            problems.push(named(
                Problem::error("sites.unknown_project", words!("项目表中没有“{id}”", "the table of projects has no \"{id}\""))
                    .column(declared.project.as_str())
                    .expect(words!("{} 中的 project_id", "a project_id of {}", declared.projects))
                    .fix_near(nearest(&id, rows.keys().map(String::as_str)), text("改正标识，或先登记该项目", "correct it, or enter the project first")),
            ));
        }
        match shape_of(feature) {
            Ok(Shape::Area(area)) => {
                let faults = hard_faults(&area);
                problems.extend(faults.iter().map(|fault| named(invalid(fault))));
                if let Shape::Area(area) = place(Shape::Area(area), &projector, &crs) {
                    out.entry(id.clone()).or_default().extend(faults.is_empty().then_some(area));
                }
            }
            _ => problems.push(named(
                Problem::error("sites.not_an_area", text("项目位置不是面", "the site of a project is no polygon"))
                    .expect(text("面或多面", "a polygon or several"))
                    .fix(text("画出项目占地范围", "draw the ground that the project takes")),
            )),
        }
    }
    problems.into_result((file.sidecar.origin, out))
}

fn no_day(declared: &ProjectSites, project: &Project) -> Problem {
    let start = &project.start;
    Problem::error("sites.day", words!("项目的开始日“{start}”不是日期", "the project's start \"{start}\" is not a day"))
        .file(declared.projects.as_str())
        .column("start")
        .key(project.id.as_str())
        .expect(text("如 2019-03-01：据此判断两年之间是否在建", "such as 2019-03-01: it decides whether the project was under way between the years"))
        .fix(text("补上开始日", "fill in the day"))
}
