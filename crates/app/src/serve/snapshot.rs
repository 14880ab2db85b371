//! The region as it was read at one time. Every answer is a function of it and of the address; when
//! the folder changes, another one takes its place.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use liangshan_atlas::book::{Book, Hooks, Options, Prepared, Stage, open_book};
use liangshan_atlas::publication::Publication;
use liangshan_atlas::publish::publication;
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Origin, Problems, Text, text};

use super::ground::{Ground, scales};
use super::planning::{DeskPart, PlanPart, ZonesPart};
use super::profiles::OtherProfiles;
use super::reply::Refusal;
use super::scale::Scale;
use super::watch::Watch;

/// How long somebody who asks is kept waiting before being told to come back.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Something of the region that is read once, in the background, while questions wait for it.
pub(crate) struct Part<T> {
    made: OnceLock<Result<T, Problems>>,
    stage: Mutex<Stage>,
    told: Condvar,
}

impl<T> Part<T> {
    /// Not begun.
    pub(crate) fn new(title: Text) -> Self {
        Self { made: OnceLock::new(), stage: Mutex::new(Stage { title, done: 0, of: 1 }), told: Condvar::new() }
    }

    /// Reads it. `tell` hears how far it has come.
    pub(crate) fn fill(&self, read: impl FnOnce(&(dyn Fn(&Stage) + Sync)) -> Result<T, Problems>) {
        let now = &self.stage;
        let tell = |stage: &Stage| *now.lock().unwrap_or_else(PoisonError::into_inner) = stage.clone();
        // A fault of ours in one part is no reason for questions about it to wait for ever.
        let made = catch_unwind(AssertUnwindSafe(|| read(&tell))).unwrap_or_else(|_| Err(Refusal::Fault.problems()));
        {
            // Whoever waits holds the stage's lock between looking and sleeping, so that it cannot miss this.
            let _stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = self.made.set(made);
        }
        self.told.notify_all();
    }

    /// The part, when it is ready; waits a moment for it.
    ///
    /// # Errors
    /// [`Refusal::Waiting`] while it is being read, [`Refusal::Region`] where it cannot be.
    pub(crate) fn get(&self) -> Result<&T, Refusal> {
        if self.made.get().is_none() {
            let stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = self.told.wait_timeout_while(stage, PATIENCE, |_| self.made.get().is_none());
        }
        match self.made.get() {
            Some(Ok(part)) => Ok(part),
            Some(Err(problems)) => Err(Refusal::Region(problems.clone())),
            None => Err(Refusal::Waiting(self.stage.lock().unwrap_or_else(PoisonError::into_inner).clone())),
        }
    }

    /// The part if it is ready now.
    pub(crate) fn ready(&self) -> Option<&T> {
        self.made.get().and_then(|made| made.as_ref().ok())
    }

    /// What was wrong with it.
    pub(crate) fn refused(&self) -> Option<&Problems> {
        self.made.get().and_then(|made| made.as_ref().err())
    }
}

/// The account: the open book, from which any number can be taken apart, and what it shows.
pub(crate) struct AccountPart {
    /// The book.
    pub(crate) book: Book,
    /// What a run would publish; of the maps only what is said of them, since tiles read the files.
    pub(crate) publication: Publication,
    /// The scale of each mapped indicator, for all years.
    pub(crate) scales: BTreeMap<String, Scale>,
}

impl AccountPart {
    /// Opens the account of the region, from what was computed before where that is kept.
    ///
    /// # Errors
    /// Everything wrong in the input.
    pub(crate) fn read(folder: &Path, options: &Options, tell: &(dyn Fn(&Stage) + Sync), cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Self, Problems> {
        let prepared = Prepared::open(folder, options)?;
        let name = prepared.name(options.program.as_ref());
        let book = open_book(prepared, Hooks { progress: tell, cancelled })?;
        let mut publication = publication(&book, name)?;
        let scales = scales(&publication);
        publication.maps.iter_mut().for_each(|map| map.values = Vec::new());
        Ok(Self { book, publication, scales })
    }
}

/// The region as it was read.
pub(crate) struct Snapshot {
    /// Which one since the start.
    pub(crate) number: u64,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The region.
    pub(crate) region: Region,
    /// The profile and so on that the server was started with.
    pub(crate) options: Options,
    /// The account.
    pub(crate) account: Part<AccountPart>,
    /// What maps stand on.
    pub(crate) ground: Part<Ground>,
    /// Watched places of water and air.
    pub(crate) watch: Part<Watch>,
    /// The day on which it was read, in China.
    pub(crate) today: Day,
    /// The plan by day.
    pub(crate) plan: Part<PlanPart>,
    /// Control lines by day, and where plans disagree.
    pub(crate) desks: Part<DeskPart>,
    /// The statement of zones.
    pub(crate) zones: Part<ZonesPart>,
    /// Accounts by other profiles, read when somebody asks.
    pub(crate) others: OtherProfiles,
    /// What is wrong with the folder as it is now, while this older reading of it is shown.
    trouble: RwLock<Option<Problems>>,
}

impl Snapshot {
    /// Opens the region; its parts are read by [`Snapshot::fill`].
    ///
    /// # Errors
    /// What is wrong in `region.toml`.
    pub(crate) fn open(folder: &Path, options: &Options, number: u64, today: Day) -> Result<Self, Problems> {
        Ok(Self {
            number,
            folder: folder.to_owned(),
            region: Region::open(folder)?,
            options: options.clone(),
            account: Part::new(text("打开账户", "opening the account")),
            ground: Part::new(text("读取图层", "reading the layers")),
            watch: Part::new(text("评价监测文件", "judging files of measurements")),
            today,
            plan: Part::new(text("读方案", "reading the plan")),
            desks: Part::new(text("读控制线", "reading control lines")),
            zones: Part::new(text("核算分区", "accounting by zone")),
            others: OtherProfiles::default(),
            trouble: RwLock::new(None),
        })
    }

    /// Reads the parts, one after another, in the order in which people come to ask for them.
    pub(crate) fn fill(&self, cancelled: &(dyn Fn() -> bool + Sync)) {
        let today = self.today;
        self.plan.fill(|_| PlanPart::read(&self.folder, today));
        self.desks.fill(|_| DeskPart::read(&self.region, today));
        self.account.fill(|tell| AccountPart::read(&self.folder, &self.options, tell, cancelled));
        self.ground.fill(|_| {
            let refused = || self.account.refused().cloned().unwrap_or_default();
            Ground::read(&self.region, self.account.ready().ok_or_else(refused)?, self.today)
        });
        self.watch.fill(|_| Ok(Watch::read(&self.region, today, self.ground.ready().map(|g| &g.drawings))));
        self.zones.fill(|tell| ZonesPart::read(&self.folder, &self.options, today, tell, cancelled));
        self.rest();
    }

    /// Lets go of what is only kept to be quicker the next time.
    pub(crate) fn rest(&self) {
        self.region.sources.rest();
        if let Some(account) = self.account.ready() {
            account.book.prepared.region.sources.rest();
        }
    }

    /// What is wrong with the folder as it is now, where it could not be read again.
    pub(crate) fn trouble(&self) -> Option<Problems> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers that the folder has changed and cannot be read any more.
    pub(crate) fn troubled(&self, problems: Option<Problems>) {
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = problems;
    }

    /// Whether any source read so far is invented: what the mark in the head of a page says.
    pub(crate) fn invented(&self) -> bool {
        self.account.ready().is_some_and(|account| account.publication.sources.iter().any(|s| s.read.origin == Origin::Synthetic))
    }
}
