//! What a journal promises, written against the trait. Another way of keeping it passes the same
//! suite or is no journal.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test program")]

use std::collections::BTreeSet;
use std::path::Path;

use liangshan_ledger::{BreakKind, Walk, linked};
use liangshan_store::{Appended, Head, Journal, SqliteJournal};
use liangshan_vocab::{Fact, Happening, Moment, Problem};
use proptest::prelude::*;

fn happening(body: &str) -> Happening {
    Happening {
        happened: "2026-11-25".into(),
        by: "OFF-STA".into(),
        body_kind: if body.len().is_multiple_of(2) { "even" } else { "odd" }.into(),
        body: body.into(),
    }
}

fn append(journal: &mut impl Journal, bodies: &[&str]) -> Vec<Fact> {
    let what: Vec<Happening> = bodies.iter().map(|b| happening(b)).collect();
    match journal.append(None, Moment(7), &what).unwrap() {
        Appended::Facts(facts) => facts,
        Appended::Moved => panic!("nobody looked, so nothing can have moved"),
    }
}

/// The suite. `open` opens the same journal again.
fn contract<J: Journal>(open: impl Fn() -> J) {
    let mut journal = open();
    assert_eq!(journal.head().unwrap(), None);
    assert_eq!(journal.facts(0, 10).unwrap(), []);

    let facts = append(&mut journal, &["一", "22", "{\"三\":3}"]);
    assert_eq!(facts.iter().map(|f| f.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(facts[2].recorded, Moment(7));
    assert_eq!(journal.head().unwrap(), Some((3, facts[2].digest.clone())));

    // Nothing to append records nothing, and is no fault.
    assert_eq!(append(&mut journal, &[]), []);

    // What was appended is there for one who opens it later, to the letter and in order.
    let mut again = open();
    assert_eq!(again.facts(0, 10).unwrap(), facts);
    assert_eq!(again.facts(1, 1).unwrap(), facts[1..2]);
    assert_eq!(again.facts(3, 10).unwrap(), []);
    assert_eq!(again.of_kind("even").unwrap(), facts[1..2]);
    assert_eq!(again.of_kind("none").unwrap(), []);

    // One who decided on what is out of date records nothing.
    assert_eq!(again.append(Some(2), Moment(8), &[happening("late")]).unwrap(), Appended::Moved);
    assert_eq!(again.head().unwrap().unwrap().0, 3);
    assert!(matches!(again.append(Some(3), Moment(8), &[happening("in time")]).unwrap(), Appended::Facts(_)));

    // Both see it, and the chain holds.
    let all = journal.facts(0, 100).unwrap();
    let mut walk = Walk::new();
    all.iter().for_each(|f| walk.step(f).unwrap());
    assert_eq!(walk.head().map(|(seq, digest)| (seq, digest.clone())), journal.head().unwrap());
}

/// Many at once: every append gets places of its own, one after the other.
fn many_at_once<J: Journal + Send>(open: impl Fn() -> J + Sync) {
    open();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let open = &open;
            scope.spawn(move || {
                let mut journal = open();
                for i in 0..25 {
                    append(&mut journal, &[&format!("{writer}-{i}-a"), &format!("{writer}-{i}-b")]);
                }
            });
        }
    });
    let facts = open().facts(0, 1000).unwrap();
    assert_eq!(facts.len(), 200);
    let mut walk = Walk::new();
    facts.iter().for_each(|f| walk.step(f).unwrap());
    for pair in facts.chunks(2) {
        assert_eq!(pair[0].body.strip_suffix('a'), pair[1].body.strip_suffix('b'), "two of one append stand together");
    }
    assert_eq!(facts.iter().map(|f| f.body.as_str()).collect::<BTreeSet<_>>().len(), 200);
}

/// The plainest journal, so that the suite is not written for one engine.
#[derive(Clone, Default)]
struct InMemory(std::sync::Arc<std::sync::Mutex<Vec<Fact>>>);

impl Journal for InMemory {
    fn append(&mut self, seen: Option<u64>, recorded: Moment, what: &[Happening]) -> Result<Appended, Problem> {
        let mut facts = self.0.lock().unwrap();
        if seen.is_some_and(|seen| seen != facts.len() as u64) {
            return Ok(Appended::Moved);
        }
        let from = facts.len();
        for happening in what {
            let fact = linked(facts.last().map(|f| (f.seq, &f.digest)), recorded, happening.clone());
            facts.push(fact);
        }
        Ok(Appended::Facts(facts[from..].to_vec()))
    }
    fn head(&mut self) -> Result<Option<Head>, Problem> {
        Ok(self.0.lock().unwrap().last().map(|f| (f.seq, f.digest.clone())))
    }
    fn facts(&mut self, after: u64, most: usize) -> Result<Vec<Fact>, Problem> {
        Ok(self.0.lock().unwrap().iter().filter(|f| f.seq > after).take(most).cloned().collect())
    }
    fn of_kind(&mut self, body_kind: &str) -> Result<Vec<Fact>, Problem> {
        Ok(self.0.lock().unwrap().iter().filter(|f| f.body_kind == body_kind).cloned().collect())
    }
}

fn sqlite(path: &Path) -> SqliteJournal {
    SqliteJournal::open(path).unwrap()
}

#[test]
fn in_memory() {
    let journal = InMemory::default();
    contract(|| journal.clone());
    let journal = InMemory::default();
    many_at_once(|| journal.clone());
}

#[test]
fn in_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    contract(|| sqlite(&dir.path().join("one.sqlite")));
    many_at_once(|| sqlite(&dir.path().join("two.sqlite")));
}

#[test]
fn sqlite_is_in_write_ahead_mode_and_refuses_to_change_a_fact() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("facts.sqlite");
    append(&mut sqlite(&path), &["a", "b"]);
    let db = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(db.query_row("PRAGMA journal_mode", [], |r| r.get::<_, String>(0)).unwrap(), "wal");
    for sql in ["UPDATE facts SET body = 'c'", "DELETE FROM facts WHERE seq = 2"] {
        assert!(db.execute(sql, []).unwrap_err().to_string().contains("only added"), "{sql}");
    }
}

#[test]
fn a_journal_of_a_later_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("facts.sqlite");
    assert!(SqliteJournal::existing(&path).unwrap().is_none() && !path.exists());
    drop(sqlite(&path));
    rusqlite::Connection::open(&path).unwrap().execute("INSERT INTO journal_schema VALUES (99)", []).unwrap();
    assert_eq!(SqliteJournal::open(&path).err().unwrap().code, "store.newer");
    std::fs::write(dir.path().join("no.sqlite"), b"this is no database, and long enough to be looked at as one").unwrap();
    assert_eq!(SqliteJournal::open(&dir.path().join("no.sqlite")).err().unwrap().code, "store.failed");
}

/// What a walk over the file finds, as `verify` does it.
fn verdict(path: &Path) -> Result<u64, (u64, BreakKind)> {
    let mut journal = sqlite(path);
    let mut walk = Walk::new();
    for fact in journal.facts(0, usize::MAX).unwrap() {
        walk.step(&fact).map_err(|b| (b.seq, b.kind))?;
    }
    let noted = journal.head().unwrap().map_or(0, |(seq, _)| seq);
    walk.reaches(noted).map_err(|b| (b.seq, b.kind))?;
    Ok(noted)
}

#[test]
fn a_cut_tail_is_seen_by_the_head_that_was_noted_and_nothing_is_built_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("facts.sqlite");
    append(&mut sqlite(&path), &["a", "b", "c"]);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch("DROP TRIGGER facts_are_not_deleted; DELETE FROM facts WHERE seq > 1;").unwrap();
    assert_eq!(verdict(&path), Err((2, BreakKind::Truncated)));
    assert_eq!(sqlite(&path).append(None, Moment(0), &[happening("d")]).unwrap_err().code, "store.broken_head");
    assert_eq!(sqlite(&path).facts(0, 10).unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]
    #[test]
    fn any_change_of_any_row_is_found(rows in 2_u64..8, at in any::<prop::sample::Index>(), column in 0_usize..6, how in 0..3) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("facts.sqlite");
        let bodies: Vec<String> = (0..rows).map(|i| format!("{{\"i\":{i}}}")).collect();
        append(&mut sqlite(&path), &bodies.iter().map(String::as_str).collect::<Vec<_>>());
        let seq = at.index(rows as usize) as u64 + 1;
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch("DROP TRIGGER facts_are_not_changed; DROP TRIGGER facts_are_not_deleted;").unwrap();
        let name = ["recorded", "happened", "by_whom", "body_kind", "body", "digest"][column];
        let sql = match how {
            0 if name == "recorded" => format!("UPDATE facts SET recorded = recorded + 1 WHERE seq = {seq}"),
            0 if name == "digest" => format!("UPDATE facts SET digest = replace(digest, substr(digest, 1, 8), '00000000') WHERE seq = {seq}"),
            0 => format!("UPDATE facts SET {name} = {name} || ' ' WHERE seq = {seq}"),
            1 => format!("DELETE FROM facts WHERE seq = {seq}"),
            _ => format!("UPDATE facts SET seq = -{seq} WHERE seq = {seq}; UPDATE facts SET seq = {seq} + 1000 WHERE seq = -{seq}"),
        };
        db.execute_batch(&sql).unwrap();
        // The first break stands at that fact, whatever was done to it.
        let (found, _) = verdict(&path).unwrap_err();
        prop_assert_eq!(found, seq, "{}", sql);
    }
}
