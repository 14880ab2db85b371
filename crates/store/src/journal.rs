//! The journal of facts: it only grows. What it promises is held by one suite of tests, written
//! against the trait, that every way of keeping it must pass.

use liangshan_vocab::{Digest, Fact, Happening, Moment, Problem};

/// The last fact: its place in the chain, and its digest.
pub type Head = (u64, Digest);

/// What became of an append.
#[derive(Debug, Clone, PartialEq)]
pub enum Appended {
    /// The facts, in their places.
    Facts(Vec<Fact>),
    /// Nothing was recorded, because the journal had grown since the caller looked.
    Moved,
}

/// An append-only chain of facts.
///
/// An append is recorded as a whole or not at all, and lasts once it has returned: neither a killed
/// program nor a lost power supply takes it back. Two who append at once get places one after the
/// other.
pub trait Journal {
    /// Appends happenings, in order, as one step. With `seen`, only if the head is still in that place
    /// (0 for an empty journal): what was read to decide on them is then still so.
    ///
    /// # Errors
    /// `store.busy`, `store.failed`; `store.broken_head` when the end of the chain is not what the
    /// journal noted as its head. Nothing is recorded then.
    fn append(&mut self, seen: Option<u64>, recorded: Moment, what: &[Happening]) -> Result<Appended, Problem>;

    /// The head as it was noted with the last append; it outlives the loss of facts.
    ///
    /// # Errors
    /// `store.failed`.
    fn head(&mut self) -> Result<Option<Head>, Problem>;

    /// Facts behind a place, in order, `most` at a time.
    ///
    /// # Errors
    /// `store.failed`; also for a row that is no fact.
    fn facts(&mut self, after: u64, most: usize) -> Result<Vec<Fact>, Problem>;

    /// All facts of one kind, in order.
    ///
    /// # Errors
    /// `store.failed`.
    fn of_kind(&mut self, body_kind: &str) -> Result<Vec<Fact>, Problem>;
}
