//! What the journal says of deliveries: the body of a fact, those that were accepted, and the tables
//! that stand in for files of the region.

use std::collections::BTreeMap;
use std::path::Path;

use liangshan_store::{Archive, Head, Journal, SqliteJournal};
use liangshan_vocab::{Digest, Fact, Origin, Problem, Problems, Severity, Text, text, words};
use serde::{Deserialize, Serialize};

use crate::region::StandIn;

/// The journal of a region.
pub const JOURNAL: &str = "facts.sqlite";
/// The files of a region by digest.
pub const RECEIVED: &str = "received";
/// The kind of fact by which a delivery is taken over.
pub const ACCEPTED: &str = "delivery.accepted";

/// A file by the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its SHA-256.
    pub digest: Digest,
    /// `csv` or `xlsx`.
    pub ending: String,
    /// Its size.
    pub bytes: u64,
}

/// A fault that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedFault {
    /// Its name: `missing_row@2020/330802/rice`.
    pub fault: String,
    /// Its stable code.
    pub code: String,
    /// What was wrong.
    pub what: Text,
    /// Why it was accepted, in the words of whoever did.
    pub reason: String,
}

/// The body of a [`ACCEPTED`] fact, version 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The declared table.
    pub table: String,
    /// What it is called.
    pub title: Text,
    /// The department that delivers it.
    pub department: String,
    /// The name of the office that delivered it.
    pub office: String,
    /// The declaration it was held against: file and digest.
    pub declaration: (String, Digest),
    /// The name of the file as it came.
    pub name: String,
    /// The sheet of it; empty for CSV.
    pub sheet: String,
    /// The file as it came.
    pub delivered: Kept,
    /// The file that it stands in for; none where the region has no use for the table yet.
    pub stands_in_for: Option<String>,
    /// What that file was when this was taken over.
    pub source: Option<Digest>,
    /// The table the account read before.
    pub before: Option<Digest>,
    /// The table the account reads from now on.
    pub taken: Kept,
    /// Where its numbers come from.
    pub origin: Origin,
    /// Years it has rows for.
    pub years: Vec<i32>,
    /// Rows taken over.
    pub rows: u64,
    /// Expected rows that it does not have.
    pub missing: u64,
    /// Faults that were accepted by name.
    pub accepted: Vec<AcceptedFault>,
}

/// A delivery that was taken over, with the fact that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The fact.
    pub fact: Fact,
    /// What it says.
    pub delivery: Delivery,
}

impl Accepted {
    /// Who and when, for people.
    pub fn said(&self) -> Text {
        let (d, f) = (&self.delivery, &self.fact);
        let (office, by, day, seq) = (&d.office, &f.by, &f.happened, f.seq);
        words!("{office}（{by}）{day} 报送，第 {seq} 条事实", "delivered by {office} ({by}) on {day}, fact {seq}")
    }
}

/// Every accepted delivery of a region, in order; none where there is no journal.
///
/// # Errors
/// Those of the journal; `delivery.unreadable_fact` for a body that is not understood.
pub fn accepted(folder: &Path) -> Result<Vec<Accepted>, Problems> {
    let Some(mut journal) = SqliteJournal::existing(&folder.join(JOURNAL)).map_err(|p| p.or_file(JOURNAL))? else { return Ok(Vec::new()) };
    let mut problems = Problems::new();
    let facts = journal.of_kind(ACCEPTED).map_err(|p| p.or_file(JOURNAL))?;
    let read = facts.into_iter().filter_map(|fact| {
        let delivery = serde_json::from_str(&fact.body).map_err(|e| {
            Problem::error("delivery.unreadable_fact", words!("第 {} 条事实的内容读不懂：{e}", "the body of fact {} is not understood: {e}", fact.seq))
                .file(JOURNAL)
                .row(fact.seq)
                .expect(text("报送事实的内容", "the body of a delivery"))
                .fix(text("用 `liangshan verify` 检查事实链；或换用较新的 liangshan", "look at the chain with `liangshan verify`, or use a newer liangshan"))
        });
        problems.keep(delivery).map(|delivery| Accepted { fact, delivery })
    });
    let read: Vec<Accepted> = read.collect();
    problems.into_result(read)
}

/// The head of the chain as it was noted last; none where nothing was recorded.
///
/// # Errors
/// Those of the journal.
pub fn head(folder: &Path) -> Result<Option<Head>, Problems> {
    let read = SqliteJournal::existing(&folder.join(JOURNAL)).and_then(|journal| journal.map_or(Ok(None), |mut journal| journal.head()));
    read.map_err(|p| p.or_file(JOURNAL).into())
}

/// The latest delivery for each file that one stands in for.
pub fn latest(all: &[Accepted]) -> BTreeMap<&str, &Accepted> {
    all.iter().filter_map(|a| Some((a.delivery.stands_in_for.as_deref()?, a))).collect()
}

/// The tables that stand in for files, by the path of the file.
pub fn stand_ins(all: &[Accepted]) -> BTreeMap<String, StandIn> {
    let stand_in = |a: &Accepted| {
        let d = &a.delivery;
        StandIn {
            path: format!("{RECEIVED}/{}", Archive::name(&d.taken.digest, &d.taken.ending)),
            digest: d.taken.digest.clone(),
            title: d.title.clone(),
            from: a.said().to_string(),
            delivered: a.fact.happened.clone(),
            origin: d.origin,
            years: d.years.clone(),
        }
    };
    latest(all).into_iter().map(|(path, a)| (path.to_owned(), stand_in(a))).collect()
}

/// What a reviewer should know of the tables that stand in: which ones, with what faults, and whether
/// the file behind has changed since.
pub fn notes(folder: &Path, all: &[Accepted]) -> Problems {
    let mut notes = Problems::new();
    for (path, a) in latest(all) {
        let said = a.said();
        notes.push(
            Problem::note("delivery.stands_in", Text::of(format!("由报送的表代替：{}", said.zh), format!("a delivered table stands in: {}", said.en)))
                .file(path)
                .key(a.delivery.table.as_str())
                .expect(text("最近一次被接受的报送", "the latest accepted delivery"))
                .fix(text("无须处理；sources/ 中的原文件未改动，也不再读取", "nothing to do; the file in sources/ is as it was, and not read")),
        );
        let now = liangshan_store::digest_file(&folder.join(path)).ok();
        if a.delivery.source.is_some() && now != a.delivery.source {
            notes.push(
                Problem::warning(
                    "delivery.source_changed",
                    text(
                        "报送被接受之后，它所代替的原文件又有改动，改动不会进入核算",
                        "the file it stands in for was changed after the delivery was accepted, and the change does not reach the account",
                    ),
                )
                .file(path)
                .key(a.delivery.table.as_str())
                .expect(text("与接受时相同的原文件", "the file as it was then"))
                .fix(text("把改动作为一次新的报送交来，或恢复原文件", "deliver the change as a table, or bring the file back")),
            );
        }
    }
    let mut newest: BTreeMap<(&str, &[i32]), &Accepted> = BTreeMap::new();
    for a in all {
        newest.insert((&a.delivery.table, &a.delivery.years), a);
    }
    for a in newest.into_values() {
        for fault in &a.delivery.accepted {
            let (zh, en, reason) = (&fault.what.zh, &fault.what.en, &fault.reason);
            notes.push(Problem {
                severity: Severity::Warning,
                ..Problem::warning(
                    "delivery.accepted_fault",
                    Text::of(format!("带着已接受的缺陷：{zh}（理由：{reason}）"), format!("with an accepted fault: {en} (reason: {reason})")),
                )
                .file(a.delivery.stands_in_for.clone().unwrap_or_else(|| a.delivery.table.clone()))
                .key(format!("{} {}", a.fact.by, fault.fault))
                .expect(text("没有缺陷的报表", "a table without faults"))
                .fix(text("请该部门补报", "ask the department for the rest"))
            });
        }
    }
    notes
}
