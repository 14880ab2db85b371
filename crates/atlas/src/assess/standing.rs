//! How each place of a file stands at the end of what was measured: its class or level against what it
//! should reach, with the items that decide it and their limits. Nothing new is judged here; it is what the
//! tables say of the last period with enough data, and of the last sample, for a map and a page of a place.

use liangshan_vocab::Text;

use super::result::Cell;

/// How a place stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The place, as the file names it.
    pub place: String,
    /// Its kind of water; empty for the air.
    pub water: Text,
    /// The class or level it should reach, [`Cell::Graded`]; blank without one.
    pub target: Cell,
    /// Samples, hours or days that were judged.
    pub samples: usize,
    /// Of the last period with enough data; `None` where there was none.
    pub period: Option<Verdict>,
    /// Of the last sample or hour that every item speaks in.
    pub latest: Option<Verdict>,
}

impl Standing {
    /// What holds now: the last period with enough data. A single sample is no period, and no pass.
    pub fn held(&self) -> Option<bool> {
        self.period.as_ref().and_then(|p| p.met)
    }

    /// What is shown first: the last period with enough data, else the last sample.
    pub fn now(&self) -> Option<&Verdict> {
        self.period.as_ref().or(self.latest.as_ref())
    }
}

/// What was said of a period, a sample, a day or an hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// `month`, `sample`, `day`, `hour`.
    pub span: &'static str,
    /// What that is called.
    pub over: Text,
    /// When: `2021-04`, `2021-04-05 16:00`.
    pub at: String,
    /// Samples of a month; 1 otherwise.
    pub parts: usize,
    /// Class or level.
    pub grade: Cell,
    /// The index of the air.
    pub index: Option<u16>,
    /// Main or primary pollutants, with their multiples.
    pub main: Text,
    /// Whether the target was met; `None` where that is open or there is none.
    pub met: Option<bool>,
    /// Ids of the standards it was judged by.
    pub standards: Vec<String>,
    /// What decides it, item by item.
    pub items: Vec<ItemStanding>,
}

/// One item of a verdict, with its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemStanding {
    /// Its code, `nh3n`.
    pub code: String,
    /// What it is called.
    pub title: Text,
    /// Its unit; empty for those without.
    pub unit: String,
    /// The value: a mean for a period.
    pub value: Cell,
    /// The value as it was judged, rounded as the standard says.
    pub judged: Cell,
    /// The limit of the target class, or of the good day; blank without one.
    pub limit: Cell,
    /// The limits of all classes as they are printed; empty where there are none.
    pub limits: Vec<Cell>,
    /// Its class, or its individual index.
    pub grade: Cell,
    /// By how many times it exceeds class III.
    pub multiple: Cell,
    /// True where it alone, or with others, makes the class what it is.
    pub decides: bool,
}
