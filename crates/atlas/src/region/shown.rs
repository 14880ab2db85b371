//! `[map.*]` of `region.toml`: layers that maps show besides places and control: rivers, waters,
//! monitored sections and stations.

use liangshan_formats::document::Section;
use liangshan_vocab::{Problem, Text, text, words};

/// How a layer is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShownKind {
    /// Lines of water.
    River,
    /// Areas of water.
    Water,
    /// Monitored sections of rivers and lakes: points with a class.
    Section,
    /// Monitoring stations: points.
    Station,
    /// Other points: villages, works, projects.
    Site,
}

impl ShownKind {
    /// All with their words in files.
    const ALL: [(&'static str, Self); 5] =
        [("river", Self::River), ("water", Self::Water), ("section", Self::Section), ("station", Self::Station), ("site", Self::Site)];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|k| k.1 == self).map_or("", |k| k.0)
    }
}

/// A layer that maps show.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownLayer {
    /// Its name in addresses, `rivers`.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// How it is drawn.
    pub kind: ShownKind,
    /// GeoPackage or GeoJSON.
    pub file: String,
    /// The layer in the file, where it has several.
    pub layer: Option<String>,
    /// The column that identifies a feature.
    pub id: String,
    /// The column with its name.
    pub label: Option<String>,
    /// The column by which it is drawn bolder: the order of a river.
    pub rank: Option<String>,
    /// The column with the class it should reach.
    pub target: Option<String>,
}

/// Reads every `[map.*]`. Faults are noted in the document.
pub(super) fn read(root: &Section<'_>) -> Vec<ShownLayer> {
    root.sections("map").into_iter().filter_map(|(name, s)| read_layer(name, &s)).collect()
}

fn read_layer(name: String, s: &Section<'_>) -> Option<ShownLayer> {
    let (zh, en, file, id) = (s.text("title_zh"), s.text("title_en"), s.text("file"), s.text("id"));
    let kinds: Vec<&str> = ShownKind::ALL.iter().map(|k| k.0).collect();
    let kind = s.one_of("kind", &kinds).and_then(|word| ShownKind::ALL.iter().find_map(|k| (k.0 == word).then_some(k.1)));
    let (layer, label, rank, target) = (s.optional_text("layer"), s.optional_text("label"), s.optional_text("rank"), s.optional_text("target"));
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !plain {
        s.problem(
            "title_zh",
            Problem::error("map.name", words!("图层名“{name}”不能用在地址里", "the layer's name \"{name}\" cannot be used in addresses"))
                .expect(text("小写字母、数字和下划线", "lower-case letters, digits and underlines"))
                .fix(text("改名，如 [map.rivers]", "rename it, such as [map.rivers]")),
        );
        return None;
    }
    Some(ShownLayer { name, title: Text::of(zh?, en?), kind: kind?, file: file?, layer, id: id?, label, rank, target })
}
