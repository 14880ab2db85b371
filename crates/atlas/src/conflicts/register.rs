//! The register of decisions about conflict spots: facts of the region's journal, never edited; a later
//! decision stands in the place of an earlier one.

use std::collections::BTreeMap;
use std::path::Path;

use liangshan_store::{Appended, Journal, SqliteJournal};
use liangshan_vocab::{Fact, Happening, Moment, Problem, Problems, text, words};
use serde::{Deserialize, Serialize};

use super::{Found, Spot};
use crate::deliveries::record::JOURNAL;

/// The kind of fact by which a spot is decided.
pub const DECIDED: &str = "conflict.decided";

/// What may be decided: word, in Chinese, in English.
pub const DECISIONS: [(&str, &str, &str); 5] = [
    ("keep_first", "从先者（按化解次序）", "the layer that goes before stays"),
    ("keep_second", "从后者", "the other layer stays"),
    ("redraw", "调整边界", "the boundary is redrawn"),
    ("both", "并存，附条件", "both stay, under conditions"),
    ("no_conflict", "不属于冲突", "it is no conflict"),
];

/// A decision as it is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The spot.
    pub spot: String,
    /// The layers and their editions: the one that goes before first.
    pub layers: [(String, String); 2],
    /// The county's code.
    pub county: String,
    /// Its area when it was decided, m².
    pub area_m2: f64,
    /// What was decided, a word of [`DECISIONS`].
    pub decision: String,
    /// Why, in the words of whoever decided.
    pub reason: String,
}

/// A decision with who made it and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// What was decided.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// The office.
    pub by: String,
    /// The day.
    pub on: String,
    /// The fact's place in the chain.
    pub fact: u64,
}

/// The last decision about every spot.
///
/// # Errors
/// Those of the journal; `conflicts.unreadable_fact`.
pub fn read(folder: &Path) -> Result<BTreeMap<String, Decided>, Problems> {
    let at_journal = |p: Problem| Problems::from(p.or_file(JOURNAL));
    let Some(mut journal) = SqliteJournal::existing(&folder.join(JOURNAL)).map_err(at_journal)? else { return Ok(BTreeMap::new()) };
    let mut made = BTreeMap::new();
    for fact in journal.of_kind(DECIDED).map_err(at_journal)? {
        let body: Decision = serde_json::from_str(&fact.body).map_err(|e| {
            let seq = fact.seq;
            Problems::from(
                Problem::error("conflicts.unreadable_fact", words!("第 {seq} 条事实读不出决定：{e}", "the decision of fact {seq} cannot be read: {e}"))
                    .file(JOURNAL)
                    .key(seq.to_string())
                    .expect(text("本程序写下的决定", "a decision as this program writes it"))
                    .fix(text("用 liangshan verify 核对事实链", "walk the chain with liangshan verify")),
            )
        })?;
        made.insert(body.spot, Decided { decision: body.decision, reason: body.reason, by: fact.by, on: fact.happened, fact: fact.seq });
    }
    Ok(made)
}

/// A spot by its id.
///
/// # Errors
/// `conflicts.no_such_spot`.
pub fn spot<'f>(found: &'f Found, id: &str) -> Result<&'f Spot, Problem> {
    found.spots.iter().find(|s| s.id == id).ok_or_else(|| {
        Problem::error("conflicts.no_such_spot", words!("{} 没有图斑“{id}”", "there is no spot \"{id}\" on {}", found.on))
            .key("--decide")
            .expect(text("liangshan conflicts 列出的图斑", "a spot that liangshan conflicts lists"))
            .fix(text("核对编号与日期；图层换版后图斑可能已变", "look at id and day; with another edition the spot may be another"))
    })
}

/// Records a decision about a spot.
///
/// # Errors
/// Those of the journal.
pub fn decide(folder: &Path, spot: &Spot, decision: &str, reason: &str, by: &str, on: &str, recorded: Moment) -> Result<Fact, Problems> {
    let layers = [0, 1].map(|i| (spot.sides[i].layer.clone(), spot.sides[i].edition.clone()));
    let body = Decision {
        spot: spot.id.clone(),
        layers,
        county: spot.county.clone(),
        area_m2: spot.area_m2,
        decision: decision.to_owned(),
        reason: reason.to_owned(),
    };
    let body = serde_json::to_string(&body)
        .map_err(|e| Problem::error("conflicts.unreadable_fact", words!("无法写下决定：{e}", "the decision cannot be written: {e}")))?;
    let happening = Happening { happened: on.to_owned(), by: by.to_owned(), body_kind: DECIDED.to_owned(), body };
    let at_journal = |p: Problem| Problems::from(p.or_file(JOURNAL));
    let mut journal = SqliteJournal::open(&folder.join(JOURNAL)).map_err(at_journal)?;
    match journal.append(None, recorded, &[happening]).map_err(at_journal)? {
        Appended::Facts(facts) => facts.into_iter().next().ok_or_else(moved),
        Appended::Moved => Err(moved()),
    }
}

fn moved() -> Problems {
    Problem::error("conflicts.not_recorded", text("决定没有记下", "the decision was not recorded")).file(JOURNAL).fix(text("再试一次", "try again")).into()
}
