//! A kind of record as it is declared.

use liangshan_vocab::document::{Document, Section};
use liangshan_vocab::{Problems, Text, text, words};

use crate::column::{both, faulty};
use crate::{Column, Holds, Life, Measure};

/// Where records are on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Geometry {
    /// Nowhere.
    None,
    /// A point whose longitude and latitude stand in two columns.
    Point {
        /// The column of the longitude.
        lon: String,
        /// The column of the latitude.
        lat: String,
    },
    /// A line through the places of a column.
    Line {
        /// The column.
        path: String,
    },
    /// The area within the places of a column.
    Area {
        /// The column.
        path: String,
    },
}

impl Geometry {
    /// The word in declarations and forms.
    pub fn word(&self) -> &'static str {
        match self {
            Geometry::None => "none",
            Geometry::Point { .. } => "point",
            Geometry::Line { .. } => "line",
            Geometry::Area { .. } => "area",
        }
    }
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// A word for files.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Roles of the offices that keep it.
    pub keepers: Vec<String>,
    /// The column that tells records apart.
    pub key: String,
    /// Where records are on the map.
    pub geometry: Geometry,
    /// What must be shown for a record to be believed, in words.
    pub evidence: Text,
    /// What to know.
    pub note: Text,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// The life of a record, where it has one.
    pub life: Option<Life>,
    /// Numbers that its records give.
    pub measures: Vec<Measure>,
    /// The file that declares it.
    pub declared_in: String,
}

impl Register {
    /// Reads the registers that a file declares, `[[register]]`.
    ///
    /// # Errors
    /// Everything wrong in it, with lines: those of [`Document`], and `register.declaration`.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Self>, Problems> {
        let document = Document::parse(bytes).map_err(|p| p.or_file(file))?;
        let all: Vec<Self> = document.root().array_of_sections("register").iter().filter_map(|s| register(s, file)).collect();
        document.finish().or_file(file).into_result(all)
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The first column that holds this.
    pub fn holding(&self, holds: &Holds) -> Option<&Column> {
        self.columns.iter().find(|c| c.holds == *holds)
    }

    /// A measure by id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|m| m.id == id)
    }
}

fn register(s: &Section<'_>, file: &str) -> Option<Register> {
    let (id, zh, en) = (s.text("id"), s.text("title_zh"), s.text("title_en"));
    let (keepers, key) = (s.texts("keepers"), s.text("key"));
    let columns: Vec<Column> = s.array_of_sections("column").iter().filter_map(Column::read).collect();
    let known = |name: &String| columns.iter().any(|c| c.name == *name);
    let geometry = geometry(s);
    let on_map: Vec<&String> = match &geometry {
        Geometry::None => Vec::new(),
        Geometry::Point { lon, lat } => vec![lon, lat],
        Geometry::Line { path } | Geometry::Area { path } => vec![path],
    };
    for name in on_map.into_iter().chain(&key).filter(|name| !known(name)) {
        s.problem("key", faulty(words!("没有声明列“{name}”", "the column \"{name}\" is not declared")));
    }
    for (at, column) in columns.iter().enumerate() {
        let name = &column.name;
        if columns[..at].iter().any(|c| c.name == *name) {
            s.problem("column", faulty(words!("列“{name}”声明了两次", "the column \"{name}\" is declared twice")));
        }
    }
    let life = s.optional_section("life").and_then(|l| Life::read(&l, &columns));
    if life.is_some() != columns.iter().any(|c| c.holds == Holds::State) {
        s.problem("life", faulty(text("[register.life] 与 state 列须同时有", "[register.life] and a column of the kind state go together")));
    }
    let measures = s.array_of_sections("measure").iter().filter_map(|m| Measure::read(m, &columns)).collect();
    let (evidence, note) = (both(s, "evidence_zh", "evidence_en"), both(s, "note_zh", "note_en"));
    let declared_in = file.to_owned();
    Some(Register { id: id?, title: Text::of(zh?, en?), keepers: keepers?, key: key?, geometry, evidence, note, columns, life, measures, declared_in })
}

fn geometry(s: &Section<'_>) -> Geometry {
    let or = |key: &str, name: &str| s.optional_text(key).unwrap_or_else(|| name.to_owned());
    match s.optional_one_of("geometry", &["none", "point", "line", "area"]) {
        Some("point") => Geometry::Point { lon: or("lon", "lon"), lat: or("lat", "lat") },
        Some("line") => Geometry::Line { path: or("path", "path") },
        Some("area") => Geometry::Area { path: or("path", "path") },
        _ => Geometry::None,
    }
}
