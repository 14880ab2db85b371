//! What a region knows that a delivery is held against: its places, years and offices, and the table
//! that the account reads at present.

use std::collections::BTreeSet;
use std::sync::Arc;

use liangshan_formats::table::Table;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use super::forms::{Form, Forms, Line, Where};
use crate::region::{REGION_FILE, Region};

/// A place that a row may be about.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its division code.
    pub code: String,
    /// Its name.
    pub name: Text,
}

/// An office that may deliver.
#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its role, which makes it part of a department.
    pub role: String,
}

/// The table that the account reads at present.
#[derive(Debug, Clone)]
pub struct Present {
    /// The file that region.toml names.
    pub path: String,
    /// Its rows, and the file they were read from; none where there is no such file yet.
    pub table: Option<(Arc<Table>, String, liangshan_vocab::Digest)>,
}

impl Present {
    /// Its rows as cells of a form's columns, blank where it has no such column.
    pub fn rows_of(&self, form: &Form) -> Vec<Vec<String>> {
        let Some((table, ..)) = &self.table else { return Vec::new() };
        let at: Vec<Option<usize>> = form.columns.iter().map(|c| table.columns.iter().position(|t| *t == c.name)).collect();
        table.rows.iter().map(|row| at.iter().map(|c| c.map_or("", |c| table.text(row, c)).to_owned()).collect()).collect()
    }
}

/// What is known.
pub struct Knowledge<'r> {
    /// The region.
    pub region: &'r Region,
    /// Declared tables.
    pub forms: Forms,
    /// Counties in the order of the code table.
    pub counties: Vec<Known>,
    /// The whole.
    pub whole: Known,
}

impl<'r> Knowledge<'r> {
    /// Reads it.
    ///
    /// # Errors
    /// Everything wrong in the declarations of tables and in the code table.
    pub fn of(region: &'r Region) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let forms = problems.keep(Forms::read(&region.folder));
        let path = &region.declared.places.table;
        let places = problems.keep(region.sources.table(path)).and_then(|t| {
            let [code, zh, en, parent] = problems.keep(t.table.find(["code", "name_zh", "name_en", "parent_code"]).map_err(|p| p.or_file(path)))?;
            let all = t.table.rows.iter().map(|row| {
                let cell = |c| t.table.text(row, c).to_owned();
                (Known { code: cell(code), name: Text::of(cell(zh), cell(en)) }, cell(parent))
            });
            Some(all.collect::<Vec<_>>())
        });
        let (Some(forms), Some(places)) = (forms, places) else { return Err(problems) };
        let code = &region.declared.code;
        let counties = places.iter().filter(|(p, parent)| parent == code && p.code != *code).map(|(p, _)| p.clone()).collect();
        let whole =
            places.iter().find(|(p, _)| p.code == *code).map_or_else(|| Known { code: code.clone(), name: region.declared.title.clone() }, |(p, _)| p.clone());
        problems.into_result(Self { region, forms, counties, whole })
    }

    /// The places a table has rows for.
    pub fn places(&self, form: &Form) -> Vec<&Known> {
        match form.places {
            Where::Counties => self.counties.iter().collect(),
            Where::CountiesAndWhole => self.counties.iter().chain([&self.whole]).collect(),
            Where::Nowhere => Vec::new(),
        }
    }

    /// The file that a table stands in for, by `[deliveries.fills]` or `[tables]` of region.toml; `None`
    /// where this region has no use for it.
    pub fn file_of(&self, form: &Form) -> Option<&str> {
        self.region.fills.get(&form.id).or_else(|| self.region.fills.get(&form.fills)).map(String::as_str)
    }

    /// The table that the account reads at present in the place of a form.
    pub fn present(&self, form: &Form) -> Option<Present> {
        let path = self.file_of(form)?.to_owned();
        let table = self.region.sources.table(&path).ok().map(|t| (t.table, t.file.path.clone(), t.file.digest.clone()));
        Some(Present { path, table })
    }

    /// What the rows of a form are about: as declared, else the combinations that the present table has
    /// in the region's years, in its order.
    pub fn lines(&self, form: &Form, present: Option<&Present>) -> Vec<Line> {
        if !form.lines.is_empty() || form.lines_by.is_empty() {
            return form.lines.clone();
        }
        let Some((table, ..)) = present.and_then(|p| p.table.as_ref()) else { return Vec::new() };
        let at: Vec<(&String, usize)> = form.lines_by.iter().filter_map(|name| Some((name, table.columns.iter().position(|c| c == name)?))).collect();
        let (mut seen, mut lines) = (BTreeSet::new(), Vec::new());
        for row in &table.rows {
            let cells: std::collections::BTreeMap<String, String> = at.iter().map(|(name, c)| ((*name).clone(), table.text(row, *c).to_owned())).collect();
            if !cells.is_empty() && seen.insert(cells.clone()) {
                lines.push(Line { cells, adds: true, ..Line::default() });
            }
        }
        lines
    }

    /// The offices that may deliver.
    ///
    /// # Errors
    /// `delivery.no_offices` where region.toml names none; those of the table.
    pub fn offices(&self) -> Result<Vec<Office>, Problems> {
        let Some(path) = &self.region.declared.offices else {
            return Err(Problem::error("delivery.no_offices", text("区域没有声明谁可以报送", "the region does not say who may deliver"))
                .file(REGION_FILE)
                .key("deliveries.offices")
                .expect(text("部门与岗位表，列 office_id、name_zh、role", "a table of offices with the columns office_id, name_zh, role"))
                .fix(text(
                    "在 region.toml 中写 [deliveries] offices = \"sources/…/offices.csv\"",
                    "write [deliveries] offices = \"sources/…/offices.csv\" in region.toml",
                ))
                .into());
        };
        let t = self.region.sources.table(path)?;
        let [id, name, role] = t.table.find(["office_id", "name_zh", "role"]).map_err(|p| p.or_file(path))?;
        Ok(t.table
            .rows
            .iter()
            .map(|row| {
                let cell = |c| t.table.text(row, c).to_owned();
                Office { id: cell(id), name: cell(name), role: cell(role) }
            })
            .collect())
    }

    /// The office of this id.
    ///
    /// # Errors
    /// `delivery.unknown_office`, with the list.
    pub fn office(&self, id: &str) -> Result<Office, Problems> {
        let offices = self.offices()?;
        if let Some(office) = offices.iter().find(|o| o.id == id || o.name == id) {
            return Ok(office.clone());
        }
        let near = nearest(id, offices.iter().map(|o| o.id.as_str()));
        let list: Vec<String> = offices.iter().map(|o| format!("{} {}", o.id, o.name)).collect();
        Err(Problem::error("delivery.unknown_office", words!("没有部门或岗位“{id}”", "there is no office \"{id}\""))
            .key("--by")
            .expect(Text::same(list.join("；")))
            .fix_near(near, text("用表中的标识；新的部门先加入该表", "use an id of the list; add a new office to the table first"))
            .into())
    }
}
