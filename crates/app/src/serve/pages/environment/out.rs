//! What is told of a watched place, for its page and for programs alike, in one language.

use liangshan_atlas::assess::{Cell, ItemStanding, Standing, Verdict};
use liangshan_vocab::Lang;
use schemars::JsonSchema;
use serde::Serialize;

use crate::serve::watch::Point;

/// A class, level or index with its colour.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct GradeOut {
    /// For programs: `2`, `undecided`.
    pub(super) code: String,
    /// In words.
    pub(super) title: String,
    /// The colour people know it by.
    pub(super) colour: String,
}

/// A graded cell; none of any other.
pub(super) fn grade(cell: &Cell, lang: Lang) -> Option<GradeOut> {
    match cell {
        Cell::Graded(code, title, colour) => Some(GradeOut { code: code.clone(), title: title.get(lang).to_owned(), colour: colour.clone() }),
        _ => None,
    }
}

/// One item against its limits.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ItemOut {
    /// Code.
    pub(super) code: String,
    /// Name.
    pub(super) title: String,
    /// Unit; empty for those without.
    pub(super) unit: String,
    /// Value, as printed.
    pub(super) value: String,
    /// As it was judged, rounded by the standard.
    pub(super) judged: String,
    /// The limit of the target.
    pub(super) limit: String,
    /// The limits of the classes from the best on.
    pub(super) limits: Vec<String>,
    /// Its class, or its individual index.
    pub(super) grade: Option<GradeOut>,
    /// What stands in place of a class.
    pub(super) remark: String,
    /// By how many times it exceeds class III.
    pub(super) multiple: String,
    /// Whether it makes the class what it is.
    pub(super) decides: bool,
}

/// What was said of a period, a sample, a day or an hour.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct VerdictOut {
    /// `month`, `sample`, `day`, `hour`.
    pub(super) span: String,
    /// What that is called.
    pub(super) over: String,
    /// When.
    pub(super) at: String,
    /// Samples of a month.
    pub(super) parts: usize,
    /// Class or level.
    pub(super) grade: Option<GradeOut>,
    /// AQI.
    pub(super) index: Option<u16>,
    /// Main or primary pollutants with their multiples.
    pub(super) main: String,
    /// Whether the target was met; none where that is open.
    pub(super) met: Option<bool>,
    /// Standards it was judged by.
    pub(super) standards: Vec<String>,
    /// What decides it.
    pub(super) items: Vec<ItemOut>,
}

/// How a place stands by one file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct StandingOut {
    /// The file's name in `[observations.*]`.
    pub(super) file: String,
    /// What it is called.
    pub(super) title: String,
    /// Where its numbers come from: `measured`, …; empty where that could not be read.
    pub(super) origin: String,
    /// Kind of water.
    pub(super) water: String,
    /// Samples, hours or days.
    pub(super) samples: usize,
    /// The last period with enough data.
    pub(super) period: Option<VerdictOut>,
    /// The last sample or hour.
    pub(super) latest: Option<VerdictOut>,
    /// All rows of the place, judged.
    pub(super) data: String,
}

/// An area that a place lies in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ZoneOut {
    /// The layer.
    pub(super) layer: String,
    /// What the layer is called.
    pub(super) layer_title: String,
    /// Its id there.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// The office that answers for it.
    pub(super) office: String,
    /// What the office is called.
    pub(super) office_name: String,
    /// The edition in force.
    pub(super) edition: String,
    /// Where its shape comes from.
    pub(super) origin: String,
    /// The map, there.
    pub(super) map: String,
}

/// A record of a register that is near.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct NearOut {
    /// Its key.
    pub(super) key: String,
    /// Its name.
    pub(super) name: String,
    /// How far it is, metres.
    pub(super) distance_m: u64,
    /// Whether it lies in the same catchment unit or control zone.
    pub(super) same_unit: bool,
    /// What else is written of it: permit, state, patrols.
    pub(super) said: Vec<String>,
    /// Its page.
    pub(super) page: String,
}

/// Records of a register that are near.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct RegisterOut {
    /// The register.
    pub(super) id: String,
    /// What it is called.
    pub(super) title: String,
    /// Where its rows come from.
    pub(super) origins: Vec<String>,
    /// How many are near.
    pub(super) count: usize,
    /// The nearest, those of the same unit first.
    pub(super) records: Vec<NearOut>,
}

/// An office and why it is named.
#[derive(Debug, Clone, Serialize, JsonSchema, PartialEq, Eq)]
pub(super) struct OfficeOut {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// For what it answers.
    pub(super) of: String,
}

/// A way to another watched place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct WayOut {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// `met`, `missed`, `open`, `no_data`.
    pub(super) state: String,
    /// Its page.
    pub(super) page: String,
}

/// What is known of a place beside its measurements, with where that comes from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct KnownOut {
    /// What it is.
    pub(super) title: String,
    /// As written.
    pub(super) value: String,
    /// Where it comes from, where that is told apart.
    pub(super) origin: String,
}

/// A watched place in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct PointOut {
    /// `section` or `station`.
    pub(super) kind: String,
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// Longitude, where it is on the map.
    pub(super) lon: Option<f64>,
    /// Latitude.
    pub(super) lat: Option<f64>,
    /// The layer of the map.
    pub(super) layer: Option<String>,
    /// Against its target: `met`, `missed`, `open`, `no_data`.
    pub(super) state: String,
    /// In words.
    pub(super) state_title: String,
    /// What it should reach.
    pub(super) target: Option<GradeOut>,
    /// Its class or level now.
    pub(super) grade: Option<GradeOut>,
    /// Of which time.
    pub(super) at: String,
    /// Its page.
    pub(super) page: String,
}

/// Watched places.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct PointsOut {
    /// Sections, then stations.
    pub(super) points: Vec<PointOut>,
}

/// A watched place with all that belongs to it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct PlaceOut {
    /// What it is and how it stands.
    #[serde(flatten)]
    pub(super) point: PointOut,
    /// The county: code and name.
    pub(super) county: Option<(String, String)>,
    /// What is known of it.
    pub(super) known: Vec<KnownOut>,
    /// By each file that measures it, what holds now first.
    pub(super) standings: Vec<StandingOut>,
    /// Zones, lines and units it lies in.
    pub(super) zones: Vec<ZoneOut>,
    /// Sections whose water comes here next.
    pub(super) upstream: Vec<WayOut>,
    /// The next section below.
    pub(super) downstream: Option<WayOut>,
    /// Who answers for it.
    pub(super) offices: Vec<OfficeOut>,
    /// Permits, plants, reaches and the like that are near.
    pub(super) near: Vec<RegisterOut>,
}

/// What was said, in one language.
pub(super) fn verdict(said: &Verdict, lang: Lang) -> VerdictOut {
    let cell = |cell: &Cell| cell.printed().get(lang).to_owned();
    let item = |i: &ItemStanding| ItemOut {
        code: i.code.clone(),
        title: i.title.get(lang).to_owned(),
        unit: i.unit.clone(),
        value: cell(&i.value),
        judged: cell(&i.judged),
        limit: cell(&i.limit),
        limits: i.limits.iter().map(cell).collect(),
        remark: if grade(&i.grade, lang).is_none() { cell(&i.grade) } else { String::new() },
        grade: grade(&i.grade, lang),
        multiple: cell(&i.multiple),
        decides: i.decides,
    };
    VerdictOut {
        span: said.span.to_owned(),
        over: said.over.get(lang).to_owned(),
        at: said.at.clone(),
        parts: said.parts,
        grade: grade(&said.grade, lang),
        index: said.index,
        main: said.main.get(lang).to_owned(),
        met: said.met,
        standards: said.standards.clone(),
        items: said.items.iter().map(item).collect(),
    }
}

/// A place in short.
pub(super) fn point(point: &Point, lang: Lang, page: String) -> PointOut {
    let now: Option<(&str, &Standing, &Verdict)> = point.now();
    let round = |v: f64| (v * 1e6).round() / 1e6;
    PointOut {
        kind: point.kind.word().to_owned(),
        id: point.id.clone(),
        name: point.name.clone(),
        lon: point.at.map(|at| round(at.0)),
        lat: point.at.map(|at| round(at.1)),
        layer: point.layer.clone(),
        state: point.state().word().to_owned(),
        state_title: point.state().title().get(lang).to_owned(),
        target: point.target().and_then(|t| grade(t, lang)),
        grade: now.and_then(|n| grade(&n.2.grade, lang)),
        at: now.map(|n| n.2.at.clone()).unwrap_or_default(),
        page,
    }
}
