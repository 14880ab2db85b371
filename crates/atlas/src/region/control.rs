//! `[control.*]` of `region.toml`: lines, zones and other layers of spatial control, each in its
//! editions side by side. The day of a question decides which edition answers it.

use std::collections::BTreeMap;

use liangshan_formats::document::Section;
use liangshan_planning::conflicts::Period;
use liangshan_vocab::{Problem, Text, nearest, text, words};

use crate::rules::Day;

/// What a control layer is, which decides what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlKind {
    /// A zone: zones of one plan tile the region without gap or overlap.
    Zone,
    /// A control line: its overlaps have the narrow tolerance, no two of them may meet.
    Line,
    /// Ecological function zones.
    Function,
    /// Units of water management, which nest and tile the region.
    Water,
    /// An area with a rule of its own: drinking water, no-burn, a park.
    Area,
    /// Elements of the security pattern: lines and points.
    Pattern,
}

/// Words for [`ControlKind`] in files.
static KINDS: [(&str, ControlKind, Text); 6] = [
    ("zone", ControlKind::Zone, text("空间", "zone")),
    ("line", ControlKind::Line, text("控制线", "control line")),
    ("function", ControlKind::Function, text("生态功能区", "ecological function zone")),
    ("water", ControlKind::Water, text("水环境分区", "water unit")),
    ("area", ControlKind::Area, text("管控区域", "controlled area")),
    ("pattern", ControlKind::Pattern, text("安全格局要素", "element of the security pattern")),
];

impl ControlKind {
    /// The word in files.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|k| k.1 == self).map_or("", |k| k.0)
    }

    /// The word for people.
    pub fn title(self) -> Text {
        KINDS.iter().find(|k| k.1 == self).map_or_else(Text::default, |k| k.2.clone())
    }
}

/// A control layer.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlLayer {
    /// Its name in rules and in the crosswalk, `redline`.
    pub name: String,
    /// The line in `region.toml`.
    pub row: u64,
    /// What it is called.
    pub title: Text,
    /// What it is.
    pub kind: ControlKind,
    /// The plan it belongs to; layers of one plan do not conflict with each other, they have faults.
    pub plan: String,
    /// The office that answers for it, an id of the table of offices.
    pub office: String,
    /// The layer its features have to lie in.
    pub within: Option<String>,
    /// Its editions by the day they were adopted.
    pub editions: Vec<ControlEdition>,
}

/// One edition of a control layer.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlEdition {
    /// The line in `region.toml`.
    pub row: u64,
    /// Its name, `2020`.
    pub edition: String,
    /// The day it was adopted: in force from then on, until the next one or `until`.
    pub adopted: Day,
    /// The first day it is no longer in force.
    pub until: Option<Day>,
    /// The decree it rests on.
    pub decree: String,
    /// GeoPackage or GeoJSON.
    pub file: String,
    /// The layer in the file, where it has several.
    pub layer: Option<String>,
    /// The rows that belong to it: columns and the values they may have. All rows when empty.
    pub rows: BTreeMap<String, Vec<String>>,
    /// The column that identifies a feature.
    pub id: String,
    /// The column with its name.
    pub name: Option<String>,
    /// The column with its division code.
    pub county: Option<String>,
    /// The column with the id of the feature of `within` that it belongs to.
    pub parent: Option<String>,
    /// The column with the id of the feature that lies downstream.
    pub downstream: Option<String>,
    /// The time of the plan: base year, first and last year, as far as declared.
    pub period: Period,
}

impl ControlLayer {
    /// The edition in force on a day: the last one adopted by then, unless its time is over.
    pub fn on(&self, day: Day) -> Option<&ControlEdition> {
        self.editions.iter().rev().find(|e| e.adopted <= day).filter(|e| e.until.is_none_or(|until| day < until))
    }
}

/// Reads every `[control.*]`. Faults are noted in the document.
pub(super) fn read(root: &Section<'_>) -> Vec<ControlLayer> {
    let all = root.sections("control");
    let names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    all.into_iter().filter_map(|(name, s)| read_layer(name, &s, &names)).collect()
}

fn read_layer(name: String, s: &Section<'_>, names: &[String]) -> Option<ControlLayer> {
    let (zh, en, office) = (s.text("title_zh"), s.text("title_en"), s.text("office"));
    let kinds: Vec<&str> = KINDS.iter().map(|k| k.0).collect();
    let kind = s.one_of("kind", &kinds).and_then(|word| KINDS.iter().find_map(|k| (k.0 == word).then_some(k.1)));
    let plan = s.optional_text("plan").unwrap_or_else(|| name.clone());
    let within = s.optional_text("within");
    if let Some(other) = within.as_ref().filter(|other| !names.contains(other)) {
        s.problem(
            "within",
            Problem::error("control.unknown_layer", words!("没有声明管控图层“{other}”", "there is no control layer \"{other}\""))
                .expect(words!("[control.*] 中的名称：{}", "a name of [control.*]: {}", names.join(", ")))
                .fix_near(nearest(other, names.iter().map(String::as_str)), text("改正名称", "correct the name")),
        );
    }
    let inner = s.array_of_sections("editions");
    if inner.is_empty() {
        s.problem(
            "editions",
            Problem::error("control.no_edition", words!("管控图层“{name}”没有版本", "the control layer \"{name}\" has no edition"))
                .expect(words!("[[control.{name}.editions]]", "[[control.{name}.editions]]"))
                .fix(text("写明至少一个版本：edition、adopted、decree、file、id", "state at least one: edition, adopted, decree, file, id")),
        );
    }
    let mut editions: Vec<ControlEdition> = inner.iter().filter_map(read_edition).collect();
    editions.sort_by_key(|e| e.adopted);
    for pair in editions.windows(2).filter(|pair| pair[0].adopted == pair[1].adopted || pair[0].edition == pair[1].edition) {
        let day = pair[1].adopted;
        s.problem(
            "editions",
            Problem::error(
                "control.edition_twice",
                words!("“{name}”有两个版本同名或同日（{day}）通过", "\"{name}\" has two editions of one name or one day ({day})"),
            )
            .expect(text("每个版本有自己的名称和通过日期", "a name and a day of its own for each edition"))
            .fix(text("改正 edition 或 adopted", "correct edition or adopted")),
        );
    }
    Some(ControlLayer { name, row: s.row(), title: Text::of(zh?, en?), kind: kind?, plan, office: office?, within, editions })
}

fn read_edition(s: &Section<'_>) -> Option<ControlEdition> {
    let (edition, decree, file, id) = (s.text("edition"), s.text("decree"), s.text("file"), s.text("id"));
    let adopted = s.date("adopted").and_then(|written| day(s, "adopted", &written));
    let until = s.optional_date("until").and_then(|written| day(s, "until", &written));
    let (layer, name, county) = (s.optional_text("layer"), s.optional_text("name"), s.optional_text("county"));
    let (parent, downstream) = (s.optional_text("parent"), s.optional_text("downstream"));
    let rows = s.optional_section("where").map(|rows| read_rows(&rows)).unwrap_or_default();
    let period = read_period(s);
    Some(ControlEdition {
        row: s.row(),
        edition: edition?,
        adopted: adopted?,
        until,
        decree: decree?,
        file: file?,
        layer,
        rows,
        id: id?,
        name,
        county,
        parent,
        downstream,
        period,
    })
}

/// The years of a plan; the first may not lie behind the last.
fn read_period(s: &Section<'_>) -> Period {
    let year = |key: &str, written: Option<i64>| {
        let written = written?;
        let year = i32::try_from(written).ok().filter(|y| (1900..=2200).contains(y));
        if year.is_none() {
            s.problem(
                key,
                Problem::error("control.plan_year", words!("“{written}”不是规划的年份", "{written} is no year of a plan"))
                    .expect(text("1900 至 2200 间的年份，如 2035", "a year between 1900 and 2200, such as 2035"))
                    .fix(text("改正年份", "correct the year")),
            );
        }
        year
    };
    let base_year = year("base_year", s.optional_integer("base_year"));
    let (from, until) = (year("plan_from", s.optional_integer("plan_from")), year("plan_until", s.optional_integer("plan_until")));
    if let Some((from, until)) = from.zip(until).filter(|(from, until)| from > until) {
        s.problem(
            "plan_until",
            Problem::error("control.plan_period", words!("规划期 {from} 至 {until} 倒置", "the plan's period ends ({until}) before it begins ({from})"))
                .expect(text("plan_until 不早于 plan_from", "a plan_until that is not before plan_from"))
                .fix(text("改正 plan_from 或 plan_until", "correct plan_from or plan_until")),
        );
    }
    Period { base_year, from, until }
}

/// `where = { column = "value" }` or `where = { column = ["one", "another"] }`.
fn read_rows(s: &Section<'_>) -> BTreeMap<String, Vec<String>> {
    let read = |column: &String| if s.kind_of(column) == "list" { s.texts(column) } else { s.text(column).map(|one| vec![one]) };
    s.keys().into_iter().filter_map(|column| read(&column).map(|values| (column, values))).collect()
}

fn day(s: &Section<'_>, key: &str, written: &str) -> Option<Day> {
    let day = Day::parse(written);
    if day.is_none() {
        s.problem(
            key,
            Problem::error("control.day", words!("“{written}”不是日期", "\"{written}\" is not a day"))
                .expect(text("不加引号的日期，如 2020-01-01", "a day without quotes, such as 2020-01-01"))
                .fix(text("改正日期", "correct the day")),
        );
    }
    day
}
