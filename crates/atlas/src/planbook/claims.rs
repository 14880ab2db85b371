//! What people claim, accept and move: facts of the journal, and what they make of a milestone.

use std::collections::BTreeMap;
use std::path::Path;

use liangshan_accounts::targets::is_done;
use liangshan_store::{Journal, SqliteJournal};
use liangshan_vocab::{Digest, Fact, Problem, Problems, text, words};
use serde::{Deserialize, Serialize};

use crate::deliveries::record::JOURNAL;

/// A milestone is claimed to be done, with evidence.
pub const CLAIMED: &str = "plan.claimed";
/// The evidence of a claim is accepted.
pub const ACCEPTED: &str = "plan.accepted";
/// Another due day is asked for.
pub const MOVED: &str = "plan.moved";
/// The other due day is approved.
pub const APPROVED: &str = "plan.approved";

/// The body of a [`CLAIMED`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The project.
    pub project: String,
    /// The milestone.
    pub milestone: String,
    /// The file of evidence as it was called.
    pub name: String,
    /// Its digest, by which it is kept.
    pub evidence: Digest,
    /// Its ending.
    pub ending: String,
}

/// The body of a [`MOVED`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The project.
    pub project: String,
    /// The milestone.
    pub milestone: String,
    /// The day that is asked for.
    pub due: String,
    /// Why.
    pub reason: String,
}

/// The body of an [`ACCEPTED`] or an [`APPROVED`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The project.
    pub project: String,
    /// The milestone.
    pub milestone: String,
    /// The fact that is answered.
    pub to: u64,
}

/// A claim with its standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The fact's place.
    pub seq: u64,
    /// Who claims.
    pub by: String,
    /// The day it was done.
    pub on: String,
    /// The evidence.
    pub claim: Claim,
    /// Who accepted it, and when.
    pub accepted: Option<(String, String)>,
}

/// Another day with its standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The fact's place.
    pub seq: u64,
    /// Who asks.
    pub by: String,
    /// When.
    pub on: String,
    /// What.
    pub moved: Move,
    /// Who approved it, and when.
    pub approved: Option<(String, String)>,
}

/// All of them by milestone, in the order of the chain.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// Claims by milestone.
    pub claims: BTreeMap<String, Vec<Claimed>>,
    /// Moved days by milestone.
    pub moves: BTreeMap<String, Vec<Moved>>,
}

impl Claims {
    /// Reads the facts that happened by a day.
    ///
    /// # Errors
    /// Those of the journal; `plan.unreadable_fact` for a body that is not understood.
    pub fn read(folder: &Path, until: &str) -> Result<Self, Problems> {
        let mut read = Self::default();
        let Some(mut journal) = SqliteJournal::existing(&folder.join(JOURNAL)).map_err(|p| p.or_file(JOURNAL))? else { return Ok(read) };
        let mut problems = Problems::new();
        let mut facts: Vec<Fact> = Vec::new();
        for kind in [CLAIMED, ACCEPTED, MOVED, APPROVED] {
            facts.extend(journal.of_kind(kind).map_err(|p| p.or_file(JOURNAL))?);
        }
        facts.sort_by_key(|f| f.seq);
        for fact in facts.into_iter().filter(|f| f.happened.as_str() <= until) {
            problems.keep(read.add(&fact));
        }
        problems.into_result(read)
    }

    fn add(&mut self, fact: &Fact) -> Result<(), Problem> {
        let (seq, by, on) = (fact.seq, fact.by.clone(), fact.happened.clone());
        match fact.body_kind.as_str() {
            CLAIMED => {
                let claim: Claim = body(fact)?;
                self.claims.entry(claim.milestone.clone()).or_default().push(Claimed { seq, by, on, claim, accepted: None });
            }
            MOVED => {
                let moved: Move = body(fact)?;
                self.moves.entry(moved.milestone.clone()).or_default().push(Moved { seq, by, on, moved, approved: None });
            }
            ACCEPTED => {
                let answer: Answer = body(fact)?;
                let claims = self.claims.entry(answer.milestone).or_default();
                if let Some(claim) = claims.iter_mut().find(|c| c.seq == answer.to) {
                    claim.accepted = Some((by, on));
                }
            }
            _ => {
                let answer: Answer = body(fact)?;
                let moves = self.moves.entry(answer.milestone).or_default();
                if let Some(moved) = moves.iter_mut().find(|m| m.seq == answer.to) {
                    moved.approved = Some((by, on));
                }
            }
        }
        Ok(())
    }

    /// The last claim of a milestone whose evidence another office accepted.
    pub fn done(&self, milestone: &str) -> Option<&Claimed> {
        let accepted = |c: &&Claimed| is_done(&c.by, true, c.accepted.as_ref().map(|(by, _)| by.as_str()));
        self.claims.get(milestone)?.iter().rev().find(accepted)
    }

    /// The last claim of a milestone that nobody answered yet.
    pub fn waiting(&self, milestone: &str) -> Option<&Claimed> {
        self.claims.get(milestone)?.last().filter(|c| c.accepted.is_none())
    }

    /// The last approved day of a milestone.
    pub fn due(&self, milestone: &str) -> Option<&Moved> {
        self.moves.get(milestone)?.iter().rev().find(|m| m.approved.is_some())
    }

    /// The last moved day that nobody approved yet.
    pub fn asked(&self, milestone: &str) -> Option<&Moved> {
        self.moves.get(milestone)?.last().filter(|m| m.approved.is_none())
    }
}

fn body<T: for<'d> Deserialize<'d>>(fact: &Fact) -> Result<T, Problem> {
    serde_json::from_str(&fact.body).map_err(|e| {
        Problem::error("plan.unreadable_fact", words!("第 {} 条事实的内容读不懂：{e}", "the body of fact {} is not understood: {e}", fact.seq))
            .file(JOURNAL)
            .row(fact.seq)
            .expect(text("方案事实的内容", "the body of a fact of the plan"))
            .fix(text("用 `liangshan verify` 检查事实链；或换用较新的 liangshan", "look at the chain with `liangshan verify`, or use a newer liangshan"))
    })
}
