//! The journal in SQLite: one file in write-ahead mode, flushed to disk with every append.
//!
//! The statements are those that PostgreSQL understands too: `BIGINT` and `TEXT`, `$1`, no types or
//! functions of one engine. What only SQLite has stands apart in [`ONLY_SQLITE`].

use std::path::Path;
use std::time::Duration;

use liangshan_ledger::linked;
use liangshan_vocab::{Digest, Fact, Happening, Moment, Problem, text, words};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::journal::{Appended, Head, Journal};

/// The version of the tables below.
const SCHEMA: i64 = 1;

/// The tables, in portable SQL.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS journal_schema (version BIGINT NOT NULL PRIMARY KEY);
CREATE TABLE IF NOT EXISTS facts (
    seq BIGINT NOT NULL PRIMARY KEY,
    recorded BIGINT NOT NULL,
    happened TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    body_kind TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS facts_by_kind ON facts (body_kind, seq);
CREATE TABLE IF NOT EXISTS journal_head (only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1), seq BIGINT NOT NULL, digest TEXT NOT NULL);
";

/// A second wall: the database itself refuses to change or delete a fact.
const ONLY_SQLITE: &str = "
CREATE TRIGGER IF NOT EXISTS facts_are_not_changed BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'facts are only added'); END;
CREATE TRIGGER IF NOT EXISTS facts_are_not_deleted BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'facts are only added'); END;
";

const COLUMNS: &str = "seq, recorded, happened, by_whom, body_kind, body, previous, digest";

/// How long one who writes waits for another.
const PATIENCE: Duration = Duration::from_secs(20);

/// A journal in an SQLite file.
pub struct SqliteJournal {
    db: Connection,
}

impl SqliteJournal {
    /// Opens the journal, and makes it where there is none.
    ///
    /// # Errors
    /// `store.failed`, `store.busy`; `store.newer` for a file that a later program wrote.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let mut journal = Self::connected(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).map_err(failed)?;
        if journal.version().map_err(failed)? == 0 {
            journal.write(|tx| {
                tx.execute_batch(TABLES)?;
                tx.execute_batch(ONLY_SQLITE)?;
                tx.execute("INSERT INTO journal_schema (version) VALUES ($1) ON CONFLICT (version) DO NOTHING", params![SCHEMA])?;
                Ok(())
            })?;
        }
        journal.understood()
    }

    /// Opens the journal if there is one; nothing is made.
    ///
    /// # Errors
    /// Those of [`SqliteJournal::open`].
    pub fn existing(path: &Path) -> Result<Option<Self>, Problem> {
        if !path.exists() {
            return Ok(None);
        }
        let journal = Self::connected(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
        // A program that was killed while it made the file leaves one without tables.
        if journal.version().map_err(failed)? == 0 {
            return Ok(None);
        }
        journal.understood().map(Some)
    }

    fn connected(path: &Path, flags: OpenFlags) -> rusqlite::Result<Self> {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(PATIENCE)?;
        // FULL: in write-ahead mode the log is flushed with every commit, so that an append survives a loss of power.
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        Ok(Self { db })
    }

    /// The version of the tables; 0 where there are none.
    fn version(&self) -> rusqlite::Result<i64> {
        let there: bool = self.db.query_row("SELECT count(*) > 0 FROM sqlite_master WHERE name = 'journal_schema'", [], |row| row.get(0))?;
        if there { self.db.query_row("SELECT coalesce(max(version), 0) FROM journal_schema", [], |row| row.get(0)) } else { Ok(0) }
    }

    fn understood(self) -> Result<Self, Problem> {
        let version = self.version().map_err(failed)?;
        if version > SCHEMA {
            return Err(Problem::error(
                "store.newer",
                words!("事实库的格式版本 {version} 比本程序新", "the journal has format {version}, newer than this program"),
            )
            .expect(words!("格式版本 {SCHEMA}", "format {SCHEMA}"))
            .fix(text("换用较新的 liangshan", "use a newer liangshan")));
        }
        Ok(self)
    }

    /// The one way to write: the write lock is taken at the beginning, so that nothing read inside is
    /// out of date when it is committed.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Problem> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let done = work(&tx).map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok(done)
    }

    fn many(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<Fact>> {
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_map(values, fact)?.collect()
    }
}

/// Facts and head within a transaction.
enum Written {
    Facts(Vec<Fact>),
    Moved,
    BrokenHead(u64),
}

impl Journal for SqliteJournal {
    fn append(&mut self, seen: Option<u64>, recorded: Moment, what: &[Happening]) -> Result<Appended, Problem> {
        let written = self.write(|tx| {
            let noted = tx.query_row("SELECT seq, digest FROM journal_head WHERE only_row = 1", [], head).optional()?;
            let last = tx.query_row("SELECT seq, digest FROM facts ORDER BY seq DESC LIMIT 1", [], head).optional()?;
            if noted != last {
                return Ok(Written::BrokenHead(noted.map_or(0, |(seq, _)| seq)));
            }
            if seen.is_some_and(|seen| seen != last.as_ref().map_or(0, |(seq, _)| *seq)) {
                return Ok(Written::Moved);
            }
            let mut facts: Vec<Fact> = Vec::new();
            for happening in what {
                let before = facts.last().map(|f| (f.seq, &f.digest)).or(last.as_ref().map(|(seq, digest)| (*seq, digest)));
                let fact = linked(before, recorded, happening.clone());
                tx.execute(
                    &format!("INSERT INTO facts ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
                    params![whole(fact.seq), fact.recorded.0, fact.happened, fact.by, fact.body_kind, fact.body, fact.previous.as_str(), fact.digest.as_str()],
                )?;
                facts.push(fact);
            }
            if let Some(fact) = facts.last() {
                tx.execute(
                    "INSERT INTO journal_head (only_row, seq, digest) VALUES (1, $1, $2) ON CONFLICT (only_row) DO UPDATE SET seq = excluded.seq, digest = excluded.digest",
                    params![whole(fact.seq), fact.digest.as_str()],
                )?;
            }
            Ok(Written::Facts(facts))
        })?;
        match written {
            Written::Facts(facts) => Ok(Appended::Facts(facts)),
            Written::Moved => Ok(Appended::Moved),
            Written::BrokenHead(seq) => Err(Problem::error(
                "store.broken_head",
                text("事实链的末端与登记的不符，没有写入任何东西", "the end of the chain is not what was noted as its head; nothing was recorded"),
            )
            .row(seq)
            .expect(text("末端完好的事实链", "a chain with a sound end"))
            .fix(text(
                "用 `liangshan verify` 找出断开处，从备份恢复 facts.sqlite",
                "find the break with `liangshan verify` and bring facts.sqlite back from a backup",
            ))),
        }
    }

    fn head(&mut self) -> Result<Option<Head>, Problem> {
        self.db.query_row("SELECT seq, digest FROM journal_head WHERE only_row = 1", [], head).optional().map_err(failed)
    }

    fn facts(&mut self, after: u64, most: usize) -> Result<Vec<Fact>, Problem> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.many(&format!("SELECT {COLUMNS} FROM facts WHERE seq > $1 ORDER BY seq LIMIT $2"), params![whole(after), most]).map_err(failed)
    }

    fn of_kind(&mut self, body_kind: &str) -> Result<Vec<Fact>, Problem> {
        self.many(&format!("SELECT {COLUMNS} FROM facts WHERE body_kind = $1 ORDER BY seq"), params![body_kind]).map_err(failed)
    }
}

/// A place in the chain as the database holds it; nobody appends more than `i64` can count.
fn whole(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// What somebody wrote into the table by hand is no fact, and said to be unreadable.
fn not_a_fact(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, COLUMNS.split(", ").nth(column).unwrap_or_default().to_owned(), rusqlite::types::Type::Text)
}

fn place(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| not_a_fact(column))
}

fn named(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    Digest::parse(&row.get::<_, String>(column)?).ok_or_else(|| not_a_fact(column))
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok((place(row, 0)?, named(row, 1)?))
}

fn fact(row: &Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        seq: place(row, 0)?,
        recorded: Moment(row.get(1)?),
        happened: row.get(2)?,
        by: row.get(3)?,
        body_kind: row.get(4)?,
        body: row.get(5)?,
        previous: named(row, 6)?,
        digest: named(row, 7)?,
    })
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failed(error: rusqlite::Error) -> Problem {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Problem::error("store.busy", text("事实库正被别的程序占用", "another program holds the journal"))
                .expect(text("同一时刻只有一个程序写入", "one program that writes at a time"))
                .fix(text("稍后再试", "try again in a moment"))
        }
        _ => Problem::error("store.failed", words!("无法读写事实库：{error}", "the journal cannot be read or written: {error}"))
            .expect(text("完好、可写的 facts.sqlite", "a sound facts.sqlite that can be written to"))
            .fix(text("检查权限与磁盘空间；若文件已损坏，从备份恢复", "check permissions and disk space; bring it back from a backup if it is damaged")),
    }
}
