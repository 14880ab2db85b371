//! Linking facts, and walking the chain to the first link that does not hold.

use liangshan_vocab::{Digest, Fact, Happening, Moment, Problem, Text, text, words};
use sha2::{Digest as _, Sha256};

/// What the first fact names as the one before it.
pub fn first_link() -> Digest {
    Digest::of_bytes(&[0; 32])
}

/// The digest that a fact should have.
pub fn digest_of(fact: &Fact) -> Digest {
    Digest::of_bytes(&Sha256::digest(fact.canonical()).into())
}

/// A happening as the link after `head`; as the first one where there is none.
pub fn linked(head: Option<(u64, &Digest)>, recorded: Moment, what: Happening) -> Fact {
    let (seq, previous) = head.map_or_else(|| (1, first_link()), |(seq, digest)| (seq + 1, digest.clone()));
    let Happening { happened, by, body_kind, body } = what;
    let mut fact = Fact { seq, recorded, happened, by, body_kind, body, digest: previous.clone(), previous };
    fact.digest = digest_of(&fact);
    fact
}

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakKind {
    /// Its content is not what its digest was taken of.
    Altered,
    /// Facts before it are not there.
    Missing,
    /// It stands where another should.
    Reordered,
    /// It names another fact than the one before it.
    Unlinked,
    /// The chain ends before the fact that was its head.
    Truncated,
}

/// The first link that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The place in the chain.
    pub seq: u64,
    /// What is wrong there.
    pub kind: BreakKind,
}

impl Break {
    /// The letter to whoever keeps the chain.
    pub fn problem(&self) -> Problem {
        let seq = self.seq;
        let what: Text = match self.kind {
            BreakKind::Altered => words!("第 {seq} 条事实的内容与其摘要不符：被改动过", "fact {seq} is not what its digest was taken of: it was altered"),
            BreakKind::Missing => words!("缺少第 {seq} 条事实", "fact {seq} is missing"),
            BreakKind::Reordered => {
                words!("第 {seq} 条的位置上是另一条事实：次序被改动或有重复", "another fact stands in the place of fact {seq}: reordered or doubled")
            }
            BreakKind::Unlinked => {
                words!("第 {seq} 条事实所接的不是它前面的一条：链在此断开", "fact {seq} does not follow from the one before it: the chain is broken here")
            }
            BreakKind::Truncated => words!("链在第 {seq} 条之前就结束了：尾部被截去", "the chain ends before fact {seq}: its tail was cut off"),
        };
        let code = match self.kind {
            BreakKind::Altered => "chain.altered",
            BreakKind::Missing => "chain.missing",
            BreakKind::Reordered => "chain.reordered",
            BreakKind::Unlinked => "chain.unlinked",
            BreakKind::Truncated => "chain.truncated",
        };
        Problem::error(code, what)
            .row(seq)
            .expect(text("只增不改的事实链，每条都接着前一条的摘要", "a chain that only grows, each fact naming the digest of the one before"))
            .fix(text(
                "此前的各条完好；从备份恢复 facts.sqlite，并查明是谁改动的",
                "the facts before it are sound; bring back facts.sqlite from a backup, and find out who changed it",
            ))
    }
}

/// A walk along the chain, one fact after another. It remembers the last fact only.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    head: Option<(u64, Digest)>,
}

impl Walk {
    /// At the beginning.
    pub fn new() -> Self {
        Self::default()
    }

    /// The last fact that held: its place and digest.
    pub fn head(&self) -> Option<(u64, &Digest)> {
        self.head.as_ref().map(|(seq, digest)| (*seq, digest))
    }

    /// One link further.
    ///
    /// # Errors
    /// Why this link does not hold. The walk stays where it was.
    pub fn step(&mut self, fact: &Fact) -> Result<(), Break> {
        let next = self.head.as_ref().map_or(1, |(seq, _)| seq + 1);
        let broken = |seq, kind| Err(Break { seq, kind });
        if fact.seq < next {
            return broken(next, BreakKind::Reordered);
        }
        if fact.seq > next {
            return broken(next, BreakKind::Missing);
        }
        if digest_of(fact) != fact.digest {
            return broken(next, BreakKind::Altered);
        }
        let previous = self.head.as_ref().map_or_else(first_link, |(_, digest)| digest.clone());
        if fact.previous != previous {
            return broken(next, BreakKind::Unlinked);
        }
        self.head = Some((fact.seq, fact.digest.clone()));
        Ok(())
    }

    /// At the end: does the chain still reach the head that somebody noted?
    ///
    /// # Errors
    /// [`BreakKind::Truncated`] at the first fact that is gone.
    pub fn reaches(&self, noted: u64) -> Result<(), Break> {
        let last = self.head.as_ref().map_or(0, |(seq, _)| *seq);
        if last < noted { Err(Break { seq: last + 1, kind: BreakKind::Truncated }) } else { Ok(()) }
    }
}
