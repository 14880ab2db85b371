//! The chain of facts walked from the first to the last, and every file that a fact names looked at.

use std::collections::BTreeSet;
use std::path::Path;

use liangshan_ledger::Walk;
use liangshan_store::{Archive, Head, Journal, SqliteJournal};
use liangshan_vocab::{Digest, Fact, Problem, Problems, text, words};
use serde_json::Value;

use super::record::{ACCEPTED, Delivery, JOURNAL, Kept, RECEIVED};
use crate::planbook::claims::{CLAIMED, Claim};
use crate::planbook::entries::{STEP, StepTaken, TABLE, TakenOver};

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Facts that hold.
    pub facts: u64,
    /// The last of them.
    pub head: Option<Head>,
    /// Files that facts name and that are whole.
    pub files: usize,
    /// The first broken link, and every file that is missing or altered.
    pub problems: Problems,
}

/// How many facts are read at a time.
const PAGE: usize = 512;

/// Walks the chain of a region. `noted` is a head that somebody wrote down earlier, and that the chain
/// must still have.
///
/// # Errors
/// What keeps it from being walked: no such folder, a journal that cannot be opened.
pub fn verify(folder: &Path, noted: Option<&str>) -> Result<Verdict, Problems> {
    if !folder.is_dir() {
        return Err(crate::region::no_folder(folder).into());
    }
    let at_journal = |p: Problem| p.or_file(JOURNAL);
    let Some(mut journal) = SqliteJournal::existing(&folder.join(JOURNAL)).map_err(|p| Problems::from(at_journal(p)))? else {
        return match noted {
            Some(noted) => Err(lost_head(noted).into()),
            None => Ok(Verdict::default()),
        };
    };
    let mut verdict = Verdict::default();
    let mut walk = Walk::new();
    let archive = Archive::at(folder.join(RECEIVED));
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut digests: BTreeSet<Digest> = BTreeSet::new();
    let mut heads: Vec<(u64, Digest)> = Vec::new();
    let mut sound = true;
    'chain: loop {
        let after = walk.head().map_or(0, |(seq, _)| seq);
        let facts = match journal.facts(after, PAGE) {
            Ok(facts) => facts,
            Err(problem) => {
                verdict.problems.push(at_journal(problem));
                sound = false;
                break;
            }
        };
        if facts.is_empty() {
            break;
        }
        for fact in facts {
            if let Err(broken) = walk.step(&fact) {
                verdict.problems.push(at_journal(broken.problem()));
                sound = false;
                break 'chain;
            }
            digests.insert(fact.digest.clone());
            heads.push((fact.seq, fact.digest.clone()));
            files_of(&fact, &archive, &mut named, &mut verdict);
        }
    }
    if sound {
        // What stands before the first place was passed over by reading from the first on.
        let noted_head = journal.head().map_err(|p| Problems::from(at_journal(p)))?;
        if let Some((seq, digest)) = &noted_head {
            let differs = walk.head().is_some_and(|(last, there)| last == *seq && there != digest);
            match walk.reaches(*seq) {
                Err(broken) => verdict.problems.push(at_journal(broken.problem())),
                Ok(()) if differs || walk.head().is_some_and(|(last, _)| last > *seq) => verdict.problems.push(at_journal(other_head(*seq))),
                Ok(()) => {}
            }
        } else if walk.head().is_some() {
            verdict.problems.push(at_journal(other_head(0)));
        }
        if let Some(noted) = noted.filter(|n| !digests.iter().any(|d| d.as_str().starts_with(&n.to_ascii_lowercase()) && n.len() >= 12)) {
            verdict.problems.push(lost_head(noted));
        }
        published_heads(folder, &heads, &mut verdict.problems);
    }
    stray(folder, &named, &mut verdict.problems);
    verdict.facts = walk.head().map_or(0, |(seq, _)| seq);
    verdict.head = walk.head().map(|(seq, digest)| (seq, digest.clone()));
    Ok(verdict)
}

fn files_of(fact: &Fact, archive: &Archive, named: &mut BTreeSet<String>, verdict: &mut Verdict) {
    if fact.body_kind == CLAIMED {
        if let Ok(claim) = serde_json::from_str::<Claim>(&fact.body) {
            let kept = Kept { digest: claim.evidence, ending: claim.ending, bytes: 0 };
            look_at(&[&kept], fact.seq, &claim.milestone, archive, named, verdict);
        }
        return;
    }
    if [TABLE, STEP].contains(&fact.body_kind.as_str()) {
        let taken = serde_json::from_str::<TakenOver>(&fact.body).map(|t| (t.register, Some(t.file)));
        let entered = taken.or_else(|_| serde_json::from_str::<StepTaken>(&fact.body).map(|s| (s.key, s.evidence)));
        if let Ok((of, Some(file))) = entered {
            let kept = Kept { digest: file.digest, ending: file.ending, bytes: 0 };
            look_at(&[&kept], fact.seq, &of, archive, named, verdict);
        }
        return;
    }
    if fact.body_kind != ACCEPTED {
        return;
    }
    let Ok(delivery) = serde_json::from_str::<Delivery>(&fact.body) else {
        let seq = fact.seq;
        verdict.problems.push(
            Problem::error(
                "chain.unreadable_body",
                words!("第 {seq} 条事实完好，但本程序读不懂其内容", "fact {seq} is whole, and this program does not understand its body"),
            )
            .file(JOURNAL)
            .row(seq)
            .expect(text("报送事实的内容", "the body of a delivery"))
            .fix(text("换用较新的 liangshan", "use a newer liangshan")),
        );
        return;
    };
    look_at(&[&delivery.delivered, &delivery.taken], fact.seq, &delivery.table, archive, named, verdict);
}

/// Files that a fact names: each is to be there and whole.
fn look_at(files: &[&Kept], seq: u64, table: &str, archive: &Archive, named: &mut BTreeSet<String>, verdict: &mut Verdict) {
    for Kept { digest, ending, .. } in files {
        let name = Archive::name(digest, ending);
        if !named.insert(name.clone()) {
            continue;
        }
        if archive.holds(digest, ending) {
            verdict.files += 1;
            continue;
        }
        let there = archive.path(digest, ending).is_file();
        let what = if there {
            words!("第 {seq} 条事实（{table}）的文件被改动过", "the file of fact {seq} ({table}) was altered")
        } else {
            words!("第 {seq} 条事实（{table}）的文件不见了", "the file of fact {seq} ({table}) is missing")
        };
        verdict.problems.push(
            Problem::error(if there { "chain.file_altered" } else { "chain.file_missing" }, what)
                .file(format!("{RECEIVED}/{name}"))
                .row(seq)
                .expect(words!("SHA-256 为 {digest} 的文件", "a file whose SHA-256 is {digest}"))
                .fix(text("从备份恢复该文件", "bring the file back from a backup")),
        );
    }
}

fn other_head(seq: u64) -> Problem {
    Problem::error("chain.other_head", text("登记的链首与链的末端不是同一条事实", "the head that was noted is not the end of the chain"))
        .row(seq)
        .expect(text("登记的与链上的相同", "the same in both"))
        .fix(text(
            "事实库被程序之外的手改动过；从备份恢复 facts.sqlite",
            "the journal was changed by something else than the program; bring it back from a backup",
        ))
}

fn lost_head(noted: &str) -> Problem {
    Problem::error(
        "chain.lost_head",
        words!(
            "链上没有摘要为 {noted} 的事实：其后被截去，或换成了另一条链",
            "no fact of the chain has the digest {noted}: it was cut off, or this is another chain"
        ),
    )
    .file(JOURNAL)
    .key("--head")
    .expect(text("以前记下的链首，至少 12 位", "a head noted earlier, 12 digits at least"))
    .fix(text("核对所记的摘要；若无误，从备份恢复 facts.sqlite", "compare the digest that was noted; if it is right, bring facts.sqlite back from a backup"))
}

/// Accounts in `out/` say the head they were made with: a chain that does not have it any more was cut.
fn published_heads(folder: &Path, heads: &[(u64, Digest)], problems: &mut Problems) {
    let Ok(entries) = std::fs::read_dir(folder.join("out")) else { return };
    let mut found: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path().join("provenance.json")).filter(|p| p.is_file()).collect();
    found.sort();
    for path in found {
        let read = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(digest) = read.as_ref().and_then(|v| v["journal"]["digest"].as_str()).and_then(Digest::parse) else { continue };
        if heads.iter().any(|(_, d)| *d == digest) {
            continue;
        }
        let shown = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        problems.push(
            Problem::error(
                "chain.published_head",
                words!(
                    "已算出的账户所依据的链首 {} 不在链上：其后被截去，或换成了另一条链",
                    "the head {} that a computed account rests on is not in the chain: it was cut off, or this is another chain",
                    digest.short()
                ),
            )
            .file(shown)
            .expect(text("账户所依据的事实仍在链上", "the facts that an account rests on, still in the chain"))
            .fix(text(
                "从备份恢复 facts.sqlite；若是有意换链，重新运行 `liangshan run`",
                "bring facts.sqlite back from a backup, or run again if the chain was meant to be another",
            )),
        );
    }
}

/// Files that no fact names: what a killed program leaves, or what is left of a chain that was cut.
fn stray(folder: &Path, named: &BTreeSet<String>, problems: &mut Problems) {
    let root = folder.join(RECEIVED);
    let below = |path: &Path| std::fs::read_dir(path).map(|e| e.filter_map(Result::ok).map(|e| e.path()).collect::<Vec<_>>()).unwrap_or_default();
    let names = below(&root).into_iter().flat_map(|path| below(&path));
    let strays = names.filter(|p| p.strip_prefix(&root).is_ok_and(|name| !named.contains(&name.to_string_lossy().replace('\\', "/")))).count();
    if strays > 0 {
        problems.push(
            Problem::note("chain.stray_file", words!("received/ 中有 {strays} 个文件没有事实提到", "{strays} files in received/ are named by no fact"))
                .file(RECEIVED)
                .expect(text("每个文件都有一条事实", "a fact for every file"))
                .fix(text(
                    "程序在记录之前被中断时会这样，无害；若不曾中断，核对是否有事实被截去",
                    "harmless where a program was stopped before it recorded them; otherwise see whether facts were cut off",
                )),
        );
    }
}
