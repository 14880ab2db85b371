//! How something that an office does becomes a fact: looked at against all that is recorded, and recorded
//! only where nobody recorded anything in between.

use std::path::Path;

use liangshan_registers::Record;
use liangshan_store::{Appended, Archive, Journal, SqliteJournal};
use liangshan_vocab::{Fact, Happening, Moment, Problem, Problems, nearest, text, words};

use super::entries::File;
use super::records::Book;
use crate::deliveries::record::{JOURNAL, RECEIVED};
use crate::whole::{cannot_read, cannot_write};

/// How often it is tried again while others record.
const TRIES: usize = 20;

/// Records what `look` says, which is asked again where somebody recorded something meanwhile.
///
/// # Errors
/// Those of `look` and of the journal; `plan.others_record`. Nothing is recorded then.
pub(super) fn record(folder: &Path, recorded: Moment, look: impl Fn() -> Result<Happening, Problems>) -> Result<Fact, Problems> {
    let at_journal = |p: Problem| Problems::from(p.or_file(JOURNAL));
    let path = folder.join(JOURNAL);
    for _ in 0..TRIES {
        let seen = match SqliteJournal::existing(&path).map_err(at_journal)? {
            Some(mut journal) => journal.head().map_err(at_journal)?.map_or(0, |(seq, _)| seq),
            None => 0,
        };
        let happening = look()?;
        let mut journal = SqliteJournal::open(&path).map_err(at_journal)?;
        if let Appended::Facts(facts) = journal.append(Some(seen), recorded, &[happening]).map_err(at_journal)?
            && let Some(fact) = facts.into_iter().next()
        {
            return Ok(fact);
        }
    }
    Err(Problem::error("plan.others_record", text("别人正在不断记录，没有写入", "others keep recording; nothing was recorded"))
        .expect(text("片刻无人记录", "a moment without others"))
        .fix(text("稍后再试", "try again in a moment"))
        .into())
}

/// The office that does it.
///
/// # Errors
/// `plan.unknown_office`.
pub(super) fn office<'b>(offices: &'b Book, by: &str) -> Result<&'b Record, Problem> {
    offices.record(by).ok_or_else(|| {
        let ids = offices.records.iter().map(|r| r.key.as_str());
        Problem::error("plan.unknown_office", words!("没有部门或岗位“{by}”", "there is no office \"{by}\""))
            .key("--by")
            .expect(text("部门登记册中的标识", "an id of the register of offices"))
            .fix_near(nearest(by, ids), text("用登记册中的标识", "use an id of the register"))
    })
}

/// The bytes of a file that is handed over.
///
/// # Errors
/// Those of reading.
pub(super) fn bytes_of(file: &Path) -> Result<Vec<u8>, Problems> {
    Ok(std::fs::read(file).map_err(|e| cannot_read(&file.display().to_string(), &e))?)
}

/// Keeps the bytes of a file below [`RECEIVED`], as they were looked at.
///
/// # Errors
/// Those of writing.
pub(super) fn keep(folder: &Path, file: &Path, bytes: &[u8]) -> Result<File, Problems> {
    let ending = file.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let ending = ending.filter(|e| !e.is_empty() && e.bytes().all(|b| b.is_ascii_alphanumeric())).unwrap_or_else(|| "bin".to_owned());
    let digest = Archive::at(folder.join(RECEIVED)).keep(bytes, &ending).map_err(|e| cannot_write(Path::new(RECEIVED), &e))?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(File { name, digest, ending })
}
