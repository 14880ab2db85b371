//! What a department delivers, declared as data: tables, columns, units, codes, and the rows that are
//! expected. Shipped in `tables/`; a region's `registers/tables/` overrides or adds by id.

use std::collections::BTreeMap;

use liangshan_formats::document::{Document, Section};
use liangshan_store::digest;
use liangshan_vocab::{Digest, Problem, Problems, Text, Unit, text, words};

/// The declarations shipped with the program: file and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("tables/statistics.toml", include_str!("../../../../tables/statistics.toml")),
    ("tables/agriculture.toml", include_str!("../../../../tables/agriculture.toml")),
    ("tables/forestry.toml", include_str!("../../../../tables/forestry.toml")),
    ("tables/ecology.toml", include_str!("../../../../tables/ecology.toml")),
    ("tables/water.toml", include_str!("../../../../tables/water.toml")),
    ("tables/culture_tourism.toml", include_str!("../../../../tables/culture_tourism.toml")),
    ("tables/housing.toml", include_str!("../../../../tables/housing.toml")),
    ("tables/power.toml", include_str!("../../../../tables/power.toml")),
    ("tables/natural_resources.toml", include_str!("../../../../tables/natural_resources.toml")),
    ("tables/development_reform.toml", include_str!("../../../../tables/development_reform.toml")),
    ("tables/lead_office.toml", include_str!("../../../../tables/lead_office.toml")),
];

/// The folder of a region with declarations of its own.
pub const OWN: &str = "registers/tables";

/// Words for where a number comes from, with those that tables use beside the four origins.
pub const ORIGINS: [(&str, &str); 6] =
    [("measured", "实测"), ("modelled", "模拟"), ("mixed", "混合"), ("synthetic", "合成（虚构）"), ("derived", "推算"), ("definition", "定义")];

/// Who delivers.
#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    /// A word for files.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Roles of offices that are of this department.
    pub roles: Vec<String>,
}

/// Which places a table has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Every county.
    Counties,
    /// Every county and the whole.
    CountiesAndWhole,
    /// The table is not by place and year.
    Nowhere,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An accounting year.
    Year,
    /// A division code of the region.
    Place,
    /// The name that goes with the division code.
    PlaceName,
    /// A word of a closed list, each with its Chinese name.
    Code(Vec<(String, String)>),
    /// A number.
    Number {
        /// No value is below.
        least: Option<f64>,
        /// A value above is doubted.
        most: Option<f64>,
    },
    /// Any text.
    Text,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the files of the account.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What it holds.
    pub kind: Kind,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// The column of the row that says the unit.
    pub unit_from: Option<String>,
    /// Whether a cell must be filled.
    pub needed: bool,
    /// Only there to be read: it is not taken over.
    pub for_reading: bool,
    /// What a cell looks like.
    pub example: String,
    /// What to know.
    pub note: Text,
}

/// What one row of every place and year is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Cells that are given, by column.
    pub cells: BTreeMap<String, String>,
    /// What it is called.
    pub title: Text,
    /// Whether the counties add up to the whole.
    pub adds: bool,
    /// A value above is doubted.
    pub most: Option<f64>,
}

/// A table of a department.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Who delivers it.
    pub department: String,
    /// The key of `[tables]` whose file it stands in for.
    pub fills: String,
    /// Rows of that file give way to a delivery that has the same values in these columns.
    pub scope: Vec<String>,
    /// What tells rows apart.
    pub key: Vec<String>,
    /// Which places it has a row for.
    pub places: Where,
    /// The columns that say what a row is about.
    pub lines_by: Vec<String>,
    /// What rows are about; where empty, what the region's present table has.
    pub lines: Vec<Line>,
    /// The column whose counties add up to the whole.
    pub adds: Option<String>,
    /// What to know.
    pub note: Text,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// The declaration it was read from.
    pub basis: (String, Digest),
}

impl Form {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The column of this kind.
    pub fn of_kind(&self, kind: &Kind) -> Option<&Column> {
        self.columns.iter().find(|c| c.kind == *kind)
    }
}

/// All departments and tables that a region knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forms {
    /// Departments in the order declared.
    pub departments: Vec<Department>,
    /// Tables in the order declared.
    pub forms: Vec<Form>,
}

impl Forms {
    /// Those shipped, with a region's own over them.
    ///
    /// # Errors
    /// Everything wrong in the declarations.
    pub fn read(folder: &std::path::Path) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut all = Self::default();
        for (file, text) in SHIPPED {
            problems.keep(all.add(file, text.as_bytes()));
        }
        let own = std::fs::read_dir(folder.join(OWN)).map(|entries| entries.filter_map(Result::ok).map(|e| e.path()).collect::<Vec<_>>());
        let mut own: Vec<_> = own.unwrap_or_default().into_iter().filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
        own.sort();
        for path in own {
            let file = format!("{OWN}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            let bytes = std::fs::read(&path).map_err(|e| crate::whole::cannot_read(&file, &e));
            if let Some(bytes) = problems.keep(bytes) {
                problems.keep(all.add(&file, &bytes));
            }
        }
        problems.into_result(all)
    }

    fn add(&mut self, file: &str, bytes: &[u8]) -> Result<(), Problems> {
        let document = Document::parse(bytes).map_err(|p| p.or_file(file))?;
        let root = document.root();
        let basis = (file.to_owned(), digest(bytes));
        let department = root.section("department").and_then(|s| {
            let (id, title, roles) = (s.text("id"), titled(&s), s.texts("roles"));
            Some(Department { id: id?, title: title?, roles: roles? })
        });
        let id = department.as_ref().map(|d| d.id.clone()).unwrap_or_default();
        let forms: Vec<Form> = root.array_of_sections("table").iter().filter_map(|s| form(s, &id, &basis)).collect();
        let problems = document.finish().or_file(file);
        problems.into_result(())?;
        if let Some(department) = department {
            self.departments.retain(|d| d.id != department.id);
            self.departments.push(department);
        }
        for form in forms {
            self.forms.retain(|f| f.id != form.id);
            self.forms.push(form);
        }
        Ok(())
    }

    /// A table by id.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|f| f.id == id)
    }

    /// A department by id.
    pub fn department(&self, id: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.id == id)
    }

    /// The tables of a department.
    pub fn of<'f>(&'f self, department: &'f str) -> impl Iterator<Item = &'f Form> {
        self.forms.iter().filter(move |f| f.department == department)
    }
}

fn titled(s: &Section<'_>) -> Option<Text> {
    let (zh, en) = (s.text("title_zh"), s.text("title_en"));
    Some(Text::of(zh?, en?))
}

fn either(s: &Section<'_>, zh: &str, en: &str) -> Text {
    Text::of(s.optional_text(zh).unwrap_or_default(), s.optional_text(en).unwrap_or_default())
}

fn form(s: &Section<'_>, department: &str, basis: &(String, Digest)) -> Option<Form> {
    let (id, title, fills) = (s.text("id"), titled(s), s.text("fills"));
    let (scope, key) = (s.texts("scope"), s.texts("key"));
    let places = s.one_of("places", &["counties", "counties_and_whole", "none"]).map(|word| match word {
        "counties" => Where::Counties,
        "counties_and_whole" => Where::CountiesAndWhole,
        _ => Where::Nowhere,
    });
    let (lines_by, adds, note) = (s.optional_texts("lines").unwrap_or_default(), s.optional_text("adds"), either(s, "note_zh", "note_en"));
    let columns: Vec<Column> = s.array_of_sections("column").iter().filter_map(column).collect();
    let lines = s.array_of_sections("line").iter().map(|l| line(l, &lines_by)).collect();
    let known = |name: &String| columns.iter().any(|c| c.name == *name);
    let named = scope.iter().flatten().chain(key.iter().flatten()).chain(&lines_by).chain(&adds).chain(columns.iter().filter_map(|c| c.unit_from.as_ref()));
    for name in named.filter(|name| !known(name)) {
        s.problem(
            "column",
            Problem::error("tables.unknown_column", words!("报表没有声明列“{name}”", "the table declares no column \"{name}\""))
                .expect(text("[[table.column]] 中声明的列", "a column of [[table.column]]"))
                .fix(text("声明该列，或改正名称", "declare it, or correct the name")),
        );
    }
    let basis = basis.clone();
    Some(Form {
        id: id?,
        title: title?,
        department: department.to_owned(),
        fills: fills?,
        scope: scope?,
        key: key?,
        places: places?,
        lines_by,
        lines,
        adds,
        note,
        columns,
        basis,
    })
}

fn line(s: &Section<'_>, lines_by: &[String]) -> Line {
    let cells = lines_by.iter().filter_map(|name| Some((name.clone(), s.optional_text(name)?))).collect();
    Line { cells, title: either(s, "title_zh", "title_en"), adds: s.optional_boolean("adds").unwrap_or(false), most: s.optional_number("most") }
}

fn column(s: &Section<'_>) -> Option<Column> {
    let name = s.text("name");
    let word = s.one_of("kind", &["year", "place", "place_name", "code", "number", "text", "origin"]);
    let title = either(s, "title_zh", "title_en");
    let unit = s.optional_parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned())).unwrap_or_default();
    let (least, most) = (s.optional_number("least"), s.optional_number("most"));
    let codes = s.optional_texts("codes").unwrap_or_default();
    let zh = s.optional_texts("codes_zh").unwrap_or_default();
    let codes: Vec<(String, String)> = codes.iter().enumerate().map(|(i, code)| (code.clone(), zh.get(i).cloned().unwrap_or_default())).collect();
    let (needed, for_reading) = (s.optional_boolean("needed").unwrap_or(true), s.optional_boolean("for_reading").unwrap_or(false));
    let (example, note, unit_from) = (s.optional_text("example").unwrap_or_default(), either(s, "note_zh", "note_en"), s.optional_text("unit_from"));
    let (kind, known) = match word? {
        "year" => (Kind::Year, text("年份", "year")),
        "place" => (Kind::Place, text("区划代码", "division code")),
        "place_name" => (Kind::PlaceName, text("地区名称", "place")),
        "code" => (Kind::Code(codes), Text::default()),
        "origin" => (Kind::Code(ORIGINS.map(|(code, zh)| (code.to_owned(), zh.to_owned())).to_vec()), text("来源性质", "origin")),
        "number" => (Kind::Number { least, most }, Text::default()),
        _ => (Kind::Text, Text::default()),
    };
    let title = if title.is_empty() { known } else { title };
    Some(Column { name: name?, title, kind, unit, unit_from, needed: needed && !for_reading, for_reading, example, note })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_table_can_be_read_and_says_what_its_columns_are() {
        let forms = Forms::read(std::path::Path::new("no such folder")).unwrap();
        assert_eq!(forms.departments.len(), SHIPPED.len());
        for form in &forms.forms {
            assert!(forms.department(&form.department).is_some(), "{}", form.id);
            for column in &form.columns {
                assert!(!column.title.zh.is_empty() && !column.title.en.is_empty(), "{}.{}", form.id, column.name);
                assert!(!matches!(&column.kind, Kind::Code(codes) if codes.is_empty()), "{}.{} has no codes", form.id, column.name);
            }
            for line in &form.lines {
                assert_eq!(line.cells.len(), form.lines_by.len(), "{}: a line says all of {:?}", form.id, form.lines_by);
            }
        }
    }

    #[test]
    fn a_region_overrides_a_table_by_its_id_and_is_told_of_slips() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join(OWN)).unwrap();
        let own = "[department]\nid = \"power\"\ntitle_zh = \"供电局\"\ntitle_en = \"grid\"\nroles = [\"grid\"]\n[[table]]\nid = \"noise_reduction\"\ntitle_zh = \"噪\"\ntitle_en = \"noise\"\nfills = \"noise\"\nscope = []\nkey = [\"x\"]\nplaces = \"none\"\n[[table.column]]\nname = \"x\"\nkind = \"text\"\ntitle_zh = \"某\"\ntitle_en = \"x\"\n";
        std::fs::write(dir.path().join(OWN).join("own.toml"), own).unwrap();
        let forms = Forms::read(dir.path()).unwrap();
        assert_eq!(forms.form("noise_reduction").map(|f| (f.department.as_str(), f.columns.len())), Some(("power", 1)));
        assert_eq!(forms.departments.len(), SHIPPED.len());
        std::fs::write(dir.path().join(OWN).join("own.toml"), own.replace("key = [\"x\"]", "key = [\"y\"]").replace("kind = \"text\"", "kind = \"txt\""))
            .unwrap();
        let problems = Forms::read(dir.path()).unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_ref()).collect();
        assert!(codes.contains(&"tables.unknown_column") && codes.contains(&"toml.choice"), "{codes:?}");
    }
}
