//! `plan/plan.toml` of a region: where the plan's sentences, registers, layers and targets are, and
//! where each target's values come from.

use std::collections::BTreeMap;

use liangshan_accounts::targets::break_down::Rule;
use liangshan_formats::document::{Document, Section};
use liangshan_vocab::fact::is_day;
use liangshan_vocab::{Problem, Problems, Text, Unit, text, words};

/// The file that gives a region a plan.
pub const PLAN_FILE: &str = "plan/plan.toml";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFrom {
    /// A row of the region's statistics.
    Statistic(String),
    /// One statistic over another, in %.
    Ratio(String, String),
    /// A statistic for each of the mean of two years' population.
    PerHead(String, String),
    /// The change of a statistic from the year before, in %.
    Growth(String),
    /// A measure of a register at the end of the year.
    Register(String, String),
    /// The share of the region that a layer covers, in %.
    AreaShare(String),
    /// The share of good days of the air, judged from observations.
    GoodDays,
    /// The share of sections that meet their own target, or class III, judged from observations.
    Sections(Aim),
    /// The things of which a deliverable is made are there.
    Proofs,
}

/// What sections are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Their own target class.
    Own,
    /// Class III.
    Third,
}

impl ValueFrom {
    /// Reads the word of a declaration.
    ///
    /// # Errors
    /// `plan.value_source`.
    pub fn parse(word: &str) -> Result<Self, Problem> {
        let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
        let pair = |by: char| rest.split_once(by).map(|(a, b)| (a.to_owned(), b.to_owned()));
        let read = match kind {
            "statistic" if !rest.is_empty() => Some(Self::Statistic(rest.to_owned())),
            "ratio" => pair('/').map(|(a, b)| Self::Ratio(a, b)),
            "per_head" => pair('/').map(|(a, b)| Self::PerHead(a, b)),
            "growth" if !rest.is_empty() => Some(Self::Growth(rest.to_owned())),
            "register" => pair('.').map(|(a, b)| Self::Register(a, b)),
            "area_share" if !rest.is_empty() => Some(Self::AreaShare(rest.to_owned())),
            "air" if rest == "good_days" => Some(Self::GoodDays),
            "sections" if rest == "own" => Some(Self::Sections(Aim::Own)),
            "sections" if rest == "third" => Some(Self::Sections(Aim::Third)),
            "proofs" => Some(Self::Proofs),
            _ => None,
        };
        read.ok_or_else(|| {
            Problem::error("plan.value_source", words!("不认识数值来源“{word}”", "the source of values \"{word}\" is not known"))
                .expect(text(
                    "statistic:名称、ratio:甲/乙、per_head:甲/乙、growth:名称、register:登记册.量、area_share:图层、air:good_days、sections:own、sections:third 或 proofs",
                    "statistic:NAME, ratio:A/B, per_head:A/B, growth:NAME, register:REGISTER.MEASURE, area_share:LAYER, air:good_days, sections:own, sections:third or proofs",
                ))
                .fix(text("照 docs/reference/plan.md 改写", "write it as docs/reference/plan.md says"))
        })
    }

    /// The word of a declaration.
    pub fn word(&self) -> String {
        match self {
            Self::Statistic(a) => format!("statistic:{a}"),
            Self::Ratio(a, b) => format!("ratio:{a}/{b}"),
            Self::PerHead(a, b) => format!("per_head:{a}/{b}"),
            Self::Growth(a) => format!("growth:{a}"),
            Self::Register(a, b) => format!("register:{a}.{b}"),
            Self::AreaShare(a) => format!("area_share:{a}"),
            Self::GoodDays => "air:good_days".to_owned(),
            Self::Sections(Aim::Own) => "sections:own".to_owned(),
            Self::Sections(Aim::Third) => "sections:third".to_owned(),
            Self::Proofs => "proofs".to_owned(),
        }
    }
}

/// What the region says of a target beside the table of targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSources {
    /// The office that answers for it.
    pub owner: String,
    /// The unit of its values.
    pub unit: String,
    /// The unit typed values are written in, where it is another word for the same.
    pub typed_unit: Option<String>,
    /// Where values come from, first come first served; typed ones come last.
    pub values: Vec<ValueFrom>,
    /// How it is broken down to the counties.
    pub break_down: Option<Rule>,
    /// Decimals of the parts.
    pub decimals: u32,
    /// What a deliverable is made of.
    pub proofs: Vec<String>,
}

/// A layer of the region that feeds sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFile {
    /// A word for it.
    pub id: String,
    /// The file.
    pub file: String,
    /// The layer in it.
    pub layer: String,
    /// What it is.
    pub title: Text,
}

/// An indicator that may contradict a claim that a project is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The clause of the projects it is about.
    pub clause: String,
    /// Only projects whose name has this.
    pub named: Option<String>,
    /// The target that must be met.
    pub target: Option<String>,
    /// The measure of a register, in the project's county.
    pub measure: Option<(String, String)>,
    /// It is contradicted by more than this.
    pub most: f64,
    /// What it says, for people.
    pub says: Text,
}

/// Observations that a judge reads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observations {
    /// Daily values of the city's air: files with `date` and one column for each pollutant.
    pub air_daily: Vec<String>,
    /// Readings of sections: files with `section`, `time_local` and columns of items.
    pub sections: Vec<String>,
    /// Sections that are lakes or reservoirs.
    pub lakes: Vec<String>,
}

/// The plan as it is declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// A word for it.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The day it was issued.
    pub issued: String,
    /// Its text.
    pub text: String,
    /// Its sentences.
    pub sentences: String,
    /// What it names.
    pub systems: String,
    /// Files of registers.
    pub registers: Vec<(String, Vec<String>)>,
    /// Layers.
    pub layers: Vec<LayerFile>,
    /// The table of targets.
    pub targets: String,
    /// Typed values.
    pub values: String,
    /// The first year that targets bind.
    pub first_year: i32,
    /// What is said of each target.
    pub sources: BTreeMap<String, TargetSources>,
    /// Seed of the forecast.
    pub seed: u64,
    /// Draws of the forecast.
    pub draws: u32,
    /// The deviation of a year's change where the past is short, as a share of the value.
    pub prior: f64,
    /// Observations.
    pub observations: Observations,
    /// Where the indicators of green development come from, by their number.
    pub green: Vec<(String, ValueFrom)>,
    /// Checks on projects.
    pub checks: Vec<Check>,
    /// Roles whose offices accept evidence and approve other days.
    pub approvers: Vec<String>,
}

impl Declared {
    /// Reads it.
    ///
    /// # Errors
    /// Everything wrong in it, with lines.
    pub fn read(bytes: &[u8]) -> Result<Self, Problems> {
        let document = Document::parse(bytes).map_err(|p| p.or_file(PLAN_FILE))?;
        let declared = read(&document.root());
        let problems = document.finish().or_file(PLAN_FILE);
        match declared {
            Some(declared) if !problems.has_errors() => Ok(declared),
            _ => Err(problems),
        }
    }

    /// Files of a register.
    pub fn files_of(&self, register: &str) -> &[String] {
        self.registers.iter().find(|(id, _)| id == register).map_or(&[], |(_, files)| files)
    }
}

fn titled(s: &Section<'_>) -> Option<Text> {
    let (zh, en) = (s.text("title_zh"), s.text("title_en"));
    Some(Text::of(zh?, en?))
}

fn read(root: &Section<'_>) -> Option<Declared> {
    let plan = root.section("plan");
    let targets = root.section("targets");
    let registers = root.section("registers").map(|s| s.keys().into_iter().filter_map(|id| Some((id.clone(), s.texts(&id)?))).collect());
    let layers = root.sections("layer").into_iter().filter_map(|(id, s)| {
        let (file, layer, title) = (s.text("file"), s.text("layer"), titled(&s));
        Some(LayerFile { id, file: file?, layer: layer?, title: title? })
    });
    let layers = layers.collect();
    let sources = root.sections("target").into_iter().filter_map(|(id, s)| Some((id, target(&s)?))).collect();
    let green = root.optional_section("green").map(|s| {
        let read = |key: String| Some((key.clone(), s.parsed(&key, ValueFrom::parse)?));
        s.keys().into_iter().filter_map(read).collect()
    });
    let observed = root.optional_section("observations").map(|s| Observations {
        air_daily: s.optional_texts("air_daily").unwrap_or_default(),
        sections: s.optional_texts("sections").unwrap_or_default(),
        lakes: s.optional_texts("lakes").unwrap_or_default(),
    });
    let checks = root.array_of_sections("check").iter().filter_map(check).collect();
    let approvers = root.optional_section("projects").and_then(|s| s.texts("approvers")).unwrap_or_default();
    let (plan, targets) = (plan?, targets?);
    let (id, title, issued) = (plan.text("id"), titled(&plan), plan.date("issued"));
    if let Some(issued) = issued.as_ref().filter(|d| !is_day(d)) {
        let what = words!("“{issued}”不是日期", "\"{issued}\" is not a day");
        plan.problem("issued", Problem::error("plan.day", what).expect(text("如 2018-01-12", "such as 2018-01-12")).fix(text("改正日期", "correct it")));
    }
    let (text_file, sentences, systems) = (plan.text("text"), plan.text("sentences"), plan.text("systems"));
    let (table, values, first) = (targets.text("table"), targets.text("values"), targets.integer("from"));
    let (seed, draws, prior) = (targets.integer("seed"), targets.integer("draws"), targets.number("prior"));
    Some(Declared {
        id: id?,
        title: title?,
        issued: issued?,
        text: text_file?,
        sentences: sentences?,
        systems: systems?,
        registers: registers?,
        layers,
        targets: table?,
        values: values?,
        first_year: i32::try_from(first?).ok()?,
        sources,
        seed: u64::try_from(seed?).ok()?,
        draws: u32::try_from(draws?).ok()?,
        prior: prior?,
        observations: observed.unwrap_or_default(),
        green: green.unwrap_or_default(),
        checks,
        approvers,
    })
}

fn target(s: &Section<'_>) -> Option<TargetSources> {
    let owner = s.text("owner");
    let unit = s.parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned()));
    let typed_unit = s.optional_text("typed_unit");
    let written = s.optional_texts("values").unwrap_or_default();
    let values = written
        .iter()
        .filter_map(|word| match ValueFrom::parse(word) {
            Ok(from) => Some(from),
            Err(problem) => {
                s.problem("values", problem);
                None
            }
        })
        .collect();
    let break_down = s.optional_one_of("break_down", &["share", "each", "level"]).and_then(Rule::parse);
    let decimals = s.optional_integer("decimals").and_then(|d| u32::try_from(d).ok()).unwrap_or(0);
    let proofs = s.optional_texts("proofs").unwrap_or_default();
    Some(TargetSources { owner: owner?, unit: unit?, typed_unit, values, break_down, decimals, proofs })
}

fn check(s: &Section<'_>) -> Option<Check> {
    let (clause, named, target) = (s.text("clause"), s.optional_text("named"), s.optional_text("target"));
    let measure = s.optional_text("measure").and_then(|m| m.split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())));
    let most = s.optional_number("most").unwrap_or(0.0);
    let (zh, en) = (s.text("says_zh"), s.text("says_en"));
    Some(Check { clause: clause?, named, target, measure, most, says: Text::of(zh?, en?) })
}
