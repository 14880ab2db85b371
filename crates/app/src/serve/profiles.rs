//! The account by another method profile than the server's own: read when somebody asks for it, in the
//! background, and kept beside the region's own account until too many others have been asked for.

use std::sync::{Arc, Mutex, PoisonError};

use liangshan_atlas::profiles::known;
use liangshan_vocab::{text, words};

use super::reply::Refusal;
use super::route::Ask;
use super::snapshot::{AccountPart, Part, Snapshot};

/// Other accounts that are held at a time; each takes as much memory as the region's own.
const HELD: usize = 2;

/// Accounts by other profiles, the one asked for last at the end.
#[derive(Default)]
pub(crate) struct OtherProfiles {
    held: Mutex<Vec<(String, Arc<Part<AccountPart>>)>>,
}

impl OtherProfiles {
    /// The account by a profile; begins to read it where nobody has asked yet.
    fn of(&self, snapshot: &Snapshot, profile: &str) -> Arc<Part<AccountPart>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = held.iter().position(|(id, _)| id == profile) {
            let found = held.remove(at);
            let part = Arc::clone(&found.1);
            held.push(found);
            return part;
        }
        if held.len() >= HELD {
            held.remove(0);
        }
        let part = Arc::new(Part::new(words!("按方案“{profile}”核算", "computing the account by the profile {profile}")));
        held.push((profile.to_owned(), Arc::clone(&part)));
        let (filled, folder, mut options) = (Arc::clone(&part), snapshot.folder.clone(), snapshot.options.clone());
        options.profile = Some(profile.to_owned());
        std::thread::spawn(move || {
            // Nobody but this thread holds it any more: the region was read anew, or others were asked for.
            let cancelled = || Arc::strong_count(&filled) == 1;
            filled.fill(|tell| AccountPart::read(&folder, &options, tell, &cancelled));
        });
        part
    }
}

/// The account that was asked for.
pub(crate) enum Chosen<'a> {
    /// The region's own.
    Own(&'a AccountPart),
    /// By another profile.
    Other(Arc<Part<AccountPart>>),
}

impl<'a> Chosen<'a> {
    /// By the parameter `profile`; the region's own where it is not given.
    ///
    /// # Errors
    /// While the account is being read; an unknown profile.
    pub(crate) fn of(ask: &Ask<'a>) -> Result<Self, Refusal> {
        let snapshot = ask.snapshot;
        let Some(profile) = ask.word("profile").filter(|id| *id != own(snapshot)) else {
            return Ok(Self::Own(snapshot.account.get()?));
        };
        let ids = known(&snapshot.region);
        if !ids.iter().any(|id| id == profile) {
            return Err(ask.unknown("profile", &text("方法方案", "method profile"), ids.iter().map(String::as_str)));
        }
        // Both write into the same folder of intermediate results: one after the other.
        snapshot.account.get()?;
        Ok(Self::Other(snapshot.others.of(snapshot, profile)))
    }

    /// The account, when it is ready.
    ///
    /// # Errors
    /// While it is being read; what is wrong in the input.
    pub(crate) fn account(&self) -> Result<&AccountPart, Refusal> {
        match self {
            Self::Own(part) => Ok(part),
            Self::Other(part) => part.get(),
        }
    }
}

/// The id of the server's own profile.
pub(crate) fn own(snapshot: &Snapshot) -> &str {
    snapshot.options.profile.as_deref().unwrap_or(&snapshot.region.declared.profile)
}
