//! The server's memory: the snapshot that is shown now, answers kept until the region changes, and the
//! watch on its folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use liangshan_atlas::book::Options;
use liangshan_atlas::whole::digest;
use liangshan_formats::gzip::gzip;
use liangshan_vocab::Problems;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::memory;
use super::reply::Reply;
use super::snapshot::Snapshot;
use crate::clock::today;

/// Bytes of answers that are kept.
const KEPT_BYTES: u64 = 24 << 20;
/// What an answer takes besides its bytes.
const OVERHEAD: u64 = 256;
/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Bytes below which compression is not worth it.
const WORTH_COMPRESSING: usize = 1024;

/// An answer that is kept, with its tag and its compressed form.
pub(crate) struct Kept {
    /// The answer.
    pub(crate) reply: Reply,
    /// Names the bytes.
    pub(crate) tag: String,
    compressed: OnceLock<Option<Vec<u8>>>,
}

impl Kept {
    /// Tags an answer.
    pub(crate) fn new(reply: Reply) -> Self {
        let tag = format!("\"{}\"", digest(&reply.body).short());
        Self { reply, tag, compressed: OnceLock::new() }
    }

    /// The bytes as gzip, where that makes them smaller.
    pub(crate) fn compressed(&self) -> Option<&[u8]> {
        self.compressed
            .get_or_init(|| {
                let texty = ["text/", "application/json", "application/geo+json", "application/problem+json", "image/svg", "application/vnd.mapbox"];
                if self.reply.body.len() < WORTH_COMPRESSING || !texty.iter().any(|t| self.reply.kind.starts_with(t)) {
                    return None;
                }
                // An asset is compressed once in the life of the program.
                let level = if self.reply.keep == super::reply::Keep::Forever { 9 } else { 6 };
                let packed = gzip(&self.reply.body, level);
                (packed.len() < self.reply.body.len()).then_some(packed)
            })
            .as_deref()
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Kept>> for Weight {
    fn weight(&self, key: &String, kept: &Arc<Kept>) -> u64 {
        // The compressed form comes later and is smaller than the bytes; it is counted as half of them.
        OVERHEAD + key.len() as u64 + kept.reply.body.len() as u64 * 3 / 2
    }
}

/// What the server remembers.
pub(crate) struct Portal {
    folder: PathBuf,
    options: Options,
    /// Where the files of pages are read from while they are being made.
    pub(crate) ui_dir: Option<PathBuf>,
    shown: RwLock<Arc<Snapshot>>,
    kept: Cache<String, Arc<Kept>, Weight>,
    generation: AtomicU64,
    stopping: Arc<AtomicBool>,
    /// Whether an answer was made since the last look at the folder.
    worked: AtomicBool,
}

impl Portal {
    /// Opens the region. Its parts are read by [`Portal::begin`].
    ///
    /// # Errors
    /// What is wrong in `region.toml`.
    pub(crate) fn open(folder: &Path, options: Options, ui_dir: Option<PathBuf>) -> Result<Self, Problems> {
        let snapshot = Snapshot::open(folder, &options, 1, today())?;
        Ok(Self {
            folder: folder.to_owned(),
            options,
            ui_dir,
            shown: RwLock::new(Arc::new(snapshot)),
            kept: Cache::with_weighter(4096, KEPT_BYTES, Weight),
            generation: AtomicU64::new(1),
            stopping: Arc::new(AtomicBool::new(false)),
            worked: AtomicBool::new(true),
        })
    }

    /// What is shown now, and the number under which answers about it are kept.
    pub(crate) fn now(&self) -> (Arc<Snapshot>, u64) {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&shown), self.generation.load(Ordering::Acquire))
    }

    /// An answer that is kept.
    pub(crate) fn find(&self, key: &str) -> Option<Arc<Kept>> {
        self.kept.get(key)
    }

    /// Notes that an answer is made.
    pub(crate) fn works(&self) {
        self.worked.store(true, Ordering::Release);
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, key: String, kept: &Arc<Kept>) {
        self.kept.insert(key, Arc::clone(kept));
    }

    /// Asks long work to stop.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Reads the parts of the region in the background, and then watches the folder: when it has
    /// changed and been left alone for a while, it is read anew, and shown once it is ready.
    pub(crate) fn begin(self: &Arc<Self>) {
        let portal = Arc::clone(self);
        std::thread::spawn(move || {
            let mut seen = fingerprint(&portal.folder);
            let stopping = Arc::clone(&portal.stopping);
            let cancelled = move || stopping.load(Ordering::Acquire);
            portal.now().0.fill(&cancelled);
            portal.turn();
            memory::give_back();
            let (mut before, mut tired) = (seen.clone(), true);
            while !cancelled() {
                std::thread::sleep(LOOK_EVERY);
                // Between two looks without work, what was only kept to be quicker is let go of.
                let worked = portal.worked.swap(false, Ordering::AcqRel);
                if tired && !worked {
                    portal.now().0.rest();
                    memory::give_back();
                }
                tired = worked;
                let now = fingerprint(&portal.folder);
                // Read only what has been left alone since the last look: a copy may be under way.
                if now != seen && now == before {
                    seen.clone_from(&now);
                    portal.read_again(&cancelled);
                }
                before = now;
            }
        });
    }

    fn read_again(&self, cancelled: &(dyn Fn() -> bool + Sync)) {
        let old = self.now().0;
        let read = Snapshot::open(&self.folder, &self.options, old.number + 1, today()).and_then(|snapshot| {
            snapshot.fill(cancelled);
            match snapshot.account.refused() {
                // A region that never had an account shows its problems; one that had one goes on showing it.
                Some(problems) if old.account.ready().is_some() => Err(problems.clone()),
                _ => Ok(snapshot),
            }
        });
        match read {
            Ok(snapshot) => *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot),
            Err(problems) => old.troubled(Some(problems)),
        }
        self.turn();
    }

    /// What was kept is about another state of things.
    fn turn(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.kept.clear();
    }
}
/// What the files of a region's folder look like from outside: names, sizes, times. What a run writes
/// is left out.
fn fingerprint(folder: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut found = Vec::new();
    look(folder, true, &mut found);
    found.sort();
    found
}

fn look(folder: &Path, top: bool, found: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || (top && (name == "out" || name == "derived")) || ["-wal", "-shm", "-journal"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => look(&entry.path(), false, found),
            Ok(meta) => found.push((entry.path(), meta.len(), meta.modified().ok())),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_compressed_and_pictures_are_not() {
        let text = Kept::new(Reply::html("江山".repeat(2000)));
        assert!(text.compressed().is_some_and(|c| c.starts_with(&[0x1f, 0x8b]) && c.len() < 200));
        assert!(Kept::new(Reply::html("短".into())).compressed().is_none());
        assert!(Kept::new(Reply::bytes("image/png", vec![0; 5000])).compressed().is_none());
    }

    #[test]
    fn a_changed_file_shows_and_what_a_run_writes_does_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("region.toml"), "a").unwrap();
        let before = fingerprint(folder.path());
        std::fs::create_dir_all(folder.path().join("out/x")).unwrap();
        std::fs::write(folder.path().join("out/x/account.csv"), "a").unwrap();
        assert_eq!(fingerprint(folder.path()), before);
        std::fs::write(folder.path().join("region.toml"), "ab").unwrap();
        assert_ne!(fingerprint(folder.path()), before);
    }
}
