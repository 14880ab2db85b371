//! What the plan pages ask: the plan as it stands on a day, desks that judge sites, conflicts, and the
//! statement of zones. Each is read once; a day nobody asked for before is read when it is asked for.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use liangshan_atlas::book::{Hooks, Options, Stage};
use liangshan_atlas::conflicts::{Found, find};
use liangshan_atlas::conform::Desk;
use liangshan_atlas::planbook::{Asked, PLAN_FILE, Planbook};
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::{self, Day, Standards};
use liangshan_atlas::zones::publish::open;
use liangshan_atlas::zones::sheet::ZoneSheet;
use liangshan_vocab::{Lang, Problem, Problems, text};

use super::pages::ZonesOut;
use super::reply::Refusal;

/// Days besides the first of which plans, desks and conflicts are kept at a time.
const DAYS_KEPT: usize = 2;

/// Things of a few days, the latest asked for last.
struct Days<T> {
    kept: Mutex<Vec<(String, Arc<T>)>>,
}

impl<T> Days<T> {
    fn new() -> Self {
        Self { kept: Mutex::new(Vec::new()) }
    }

    fn get(&self, day: &str, make: impl FnOnce() -> Result<T, Problems>) -> Result<Arc<T>, Problems> {
        let find = |kept: &[(String, Arc<T>)]| kept.iter().find(|(d, _)| d == day).map(|(_, made)| Arc::clone(made));
        if let Some(made) = find(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(made);
        }
        let made = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = find(&kept) {
            return Ok(made);
        }
        if kept.len() > DAYS_KEPT {
            kept.remove(0);
        }
        kept.push((day.to_owned(), Arc::clone(&made)));
        Ok(made)
    }
}

/// The plan by day.
pub(crate) struct PlanPart {
    folder: PathBuf,
    first: Arc<Planbook>,
    other: Days<Planbook>,
}

fn planbook(folder: &Path, on: &str) -> Result<Planbook, Problems> {
    let commands = crate::cli::commands();
    Planbook::open(folder, &Asked { on: on.to_owned(), seed: None, commands })
}

/// The last day that the projects were reported for; a plan without such a column is shown as of its issue.
fn reported(plan: &Planbook) -> Option<String> {
    let book = plan.book("projects")?;
    book.records.iter().map(|r| book.written(r, "as_of")).filter(|d| d.len() == 10).max()
}

impl PlanPart {
    /// Reads the plan as of the last day that its projects were reported for.
    ///
    /// # Errors
    /// Everything wrong in the plan; `plan.none` where there is none.
    pub(crate) fn read(folder: &Path, today: Day) -> Result<Self, Problems> {
        if !folder.join(PLAN_FILE).exists() {
            return Err(Problem::error("plan.none", text("该区域没有登记规划方案", "this region declares no plan"))
                .file(PLAN_FILE)
                .fix(text("写出 plan/plan.toml，可参照示范区域", "write plan/plan.toml, as the demo region does"))
                .into());
        }
        let now = planbook(folder, &today.to_string())?;
        let first = match reported(&now).filter(|day| *day < today.to_string()) {
            Some(day) => planbook(folder, &day)?,
            None => now,
        };
        Ok(Self { folder: folder.to_owned(), first: Arc::new(first), other: Days::new() })
    }

    /// The plan as it stands on a day.
    ///
    /// # Errors
    /// As [`PlanPart::read`].
    pub(crate) fn on(&self, day: Option<&str>) -> Result<Arc<Planbook>, Refusal> {
        match day {
            Some(day) if day != self.first.on.to_string() => Ok(self.other.get(day, || planbook(&self.folder, day))?),
            _ => Ok(Arc::clone(&self.first)),
        }
    }
}

/// Lines in force by day, and what they say.
pub(crate) struct DeskPart {
    /// The day on which the region was read; answers that name no day use it.
    pub(crate) today: Day,
    standards: Standards,
    desks: Mutex<Vec<Arc<Desk>>>,
    conflicts: Days<Found>,
}

impl DeskPart {
    /// Opens the desk of today.
    ///
    /// # Errors
    /// Everything wrong in the control layers and rules in force.
    pub(crate) fn read(region: &Region, today: Day) -> Result<Self, Problems> {
        let (standards, _) = rules::load(Some(&region.folder))?;
        let part = Self { today, standards, desks: Mutex::new(Vec::new()), conflicts: Days::new() };
        part.desk(region, today)?;
        Ok(part)
    }

    /// The desk of a day. Days with the same editions and rules share what was read.
    ///
    /// # Errors
    /// Everything wrong in the control layers and rules in force on that day.
    pub(crate) fn desk(&self, region: &Region, day: Day) -> Result<Arc<Desk>, Problems> {
        let shared = |desks: &[Arc<Desk>]| desks.iter().find(|d| d.answers(region, &self.standards, day)).map(|d| Arc::new(d.on(day)));
        if let Some(desk) = shared(&self.desks.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(desk);
        }
        let desk = Arc::new(Desk::open(region, &self.standards, day)?);
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        if desks.len() > DAYS_KEPT {
            desks.remove(0);
        }
        desks.push(Arc::clone(&desk));
        Ok(desk)
    }

    /// Where plans disagree on a day.
    ///
    /// # Errors
    /// Everything wrong in the control layers and the crosswalk.
    pub(crate) fn conflicts(&self, region: &Region, day: Day) -> Result<Arc<Found>, Problems> {
        self.conflicts.get(&day.to_string(), || find(region, day, None))
    }
}

/// The statement of zones in words and numbers; the account behind it is let go.
pub(crate) struct ZonesPart {
    /// In Chinese and in English.
    said: [ZonesOut; 2],
}

impl ZonesPart {
    /// Opens the account by zone and line.
    ///
    /// # Errors
    /// Everything wrong in the input; `zones.none`.
    pub(crate) fn read(
        folder: &Path,
        options: &Options,
        today: Day,
        tell: &(dyn Fn(&Stage) + Sync),
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Self, Problems> {
        let options = Options { zones_on: Some(today), out: None, ..options.clone() };
        let book = open(folder, &options, Hooks { progress: tell, cancelled })?;
        let none = || Problems::from(Problem::error("zones.none", text("该日期没有施行的分区或控制线", "no zone or line is in force on that day")));
        let sheet = ZoneSheet::of(&book, None)?.ok_or_else(none)?;
        Ok(Self { said: [ZonesOut::of(&sheet, Lang::Zh), ZonesOut::of(&sheet, Lang::En)] })
    }

    /// In a language.
    pub(crate) fn say(&self, lang: Lang) -> &ZonesOut {
        &self.said[usize::from(lang == Lang::En)]
    }
}
