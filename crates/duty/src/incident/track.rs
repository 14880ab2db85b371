//! The hours of one channel, however they arrived.

use crate::emissions::codes::Counts;
use crate::emissions::limit::Limit;
use crate::emissions::record::Doubts;

/// One value of one channel. Slots are hours, or days for daily rules, counted since 1970 in the
/// region's own time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The hour or day, by its start.
    pub slot: i64,
    /// The value that is held against the limit.
    pub value: f64,
    /// What its mark means.
    pub counts: Counts,
    /// What is wrong with it by itself.
    pub doubts: Doubts,
    /// When it was sent, in milliseconds since 1970; of two for one slot the later holds.
    pub sent_ms: i64,
}

impl Reading {
    /// Two readings of one slot are told apart by when they were sent, then by what they say, and never
    /// by which came first.
    fn newer_than(&self, other: &Self) -> bool {
        let rank = |r: &Self| (r.sent_ms, r.value.to_bits(), r.counts as u8);
        rank(self) > rank(other)
    }
}

/// The hours of one factor at one outlet, by slot.
#[derive(Debug, Clone)]
pub struct Track {
    /// Factor code.
    pub factor: String,
    /// The limit of its values.
    pub limit: Limit,
    readings: Vec<Reading>,
    /// So many at the front are forgotten.
    gone: usize,
}

/// Two tracks are the same when what they remember is.
impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        self.factor == other.factor && self.limit == other.limit && self.readings() == other.readings()
    }
}

impl Track {
    /// None yet.
    pub fn new(factor: &str, limit: Limit) -> Self {
        Self { factor: factor.to_owned(), limit, readings: Vec::new(), gone: 0 }
    }

    /// Puts a reading in its place; answers whether anything changed.
    pub fn put(&mut self, reading: Reading) -> bool {
        // Nearly always the newest hour.
        let at = match self.readings.last() {
            Some(last) if last.slot >= reading.slot => self.gone + self.readings().partition_point(|r| r.slot < reading.slot),
            _ => self.readings.len(),
        };
        match self.readings.get_mut(at).filter(|held| held.slot == reading.slot) {
            None => self.readings.insert(at, reading),
            Some(held) if reading.newer_than(held) => *held = reading,
            Some(_) => return false,
        }
        true
    }

    /// Forgets what lies before a slot.
    pub fn forget(&mut self, before: i64) {
        self.gone += self.readings().iter().take_while(|r| r.slot < before).count();
        // Moved up only now and then: a window moves on by one reading an hour.
        if self.gone > self.readings.len() / 2 {
            self.readings.drain(..self.gone);
            self.gone = 0;
        }
    }

    /// All of them, by slot.
    pub fn readings(&self) -> &[Reading] {
        &self.readings[self.gone..]
    }
}

/// A stretch of time an enterprise has marked, with its reason: what was measured then is no basis
/// for an exceedance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    /// First slot.
    pub from: i64,
    /// The slot after the last.
    pub until: i64,
    /// Why: start-up, shut-down, fault, stop, device.
    pub reason: String,
}

/// One outlet with its channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlet {
    /// The device, or the register's number of the outlet.
    pub id: String,
    /// Its channels; sixty-four at most are grouped.
    pub tracks: Vec<Track>,
    /// Marked stretches.
    pub markings: Vec<Marking>,
}

impl Outlet {
    /// The first and last slot of any reading.
    pub fn span(&self) -> Option<(i64, i64)> {
        let ends = self.tracks.iter().filter_map(|t| Some((t.readings().first()?.slot, t.readings().last()?.slot)));
        ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// True when a slot lies in a marked stretch.
    pub fn is_marked(&self, slot: i64) -> bool {
        self.markings.iter().any(|m| m.from <= slot && slot < m.until)
    }

    /// Forgets what lies before a slot.
    pub fn forget(&mut self, before: i64) {
        self.tracks.iter_mut().for_each(|t| t.forget(before));
        self.markings.retain(|m| m.until > before);
    }
}
