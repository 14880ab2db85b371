//! A delivery is read, judged, and taken over as a whole or not at all: its files first, then one fact
//! for each table, in one step.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use liangshan_formats::table::{Table, read_csv};
use liangshan_store::{Appended, Archive, Journal, SqliteJournal, digest};
use liangshan_vocab::{Digest, Fact, Happening, Moment, Origin, Problem, Problems, Text, nearest, text, words};

use super::corrected;
use super::forms::{Kind, Where};
use super::judge::{Fault, Judgement, judge};
use super::known::{Knowledge, Office, Present};
use super::reading::{Sheet, ending, recognise, sheets};
use super::record::{ACCEPTED, AcceptedFault, Delivery, JOURNAL, Kept, RECEIVED};
use super::taking::{origin_of, taken};
use crate::region::Region;
use crate::whole::cannot_write;

/// A fault that is accepted by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// `[TABLE/]CODE@ROW[:COLUMN]`, `CODE@*` for all of a code.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Handed {
    /// Files, CSV or XLSX.
    pub files: Vec<PathBuf>,
    /// The office that delivers.
    pub by: String,
    /// The day it was delivered, `YYYY-MM-DD`; the day of recording where none.
    pub happened: Option<String>,
    /// When it is recorded.
    pub recorded: Moment,
    /// Where numbers come from whose table does not say it.
    pub origin: Origin,
    /// The table it is, where the header does not tell.
    pub table: Option<String>,
    /// Faults that are accepted.
    pub accept: Vec<Acceptance>,
    /// Where a corrected copy goes.
    pub corrected: Option<PathBuf>,
    /// Judge only.
    pub dry_run: bool,
}

/// One table of it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The file, and the sheet of a workbook.
    pub file: String,
    /// Which table it is.
    pub table: String,
    /// What the table is called.
    pub title: Text,
    /// The file it stands in for.
    pub stands_in_for: Option<String>,
    /// Rows of data.
    pub rows: usize,
    /// Expected rows that are missing.
    pub missing: usize,
    /// The fact by which it was taken over.
    pub fact: Option<Fact>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Reception {
    /// Tables that were recognised.
    pub tables: Vec<Received>,
    /// Everything wrong, and what is worth knowing.
    pub problems: Problems,
    /// Corrected copies that were written.
    pub corrected: Vec<PathBuf>,
    /// Whether all was taken over.
    pub taken: bool,
}

/// A judged sheet on its way.
struct Judged<'f> {
    called: String,
    name: String,
    sheet: Sheet,
    bytes: usize,
    present: Option<Present>,
    judgement: Judgement<'f>,
    accepted: Vec<AcceptedFault>,
    left_out: Vec<u64>,
}

/// How often a reception begins anew because others delivered meanwhile.
const MOST_TRIES: usize = 20;

/// Reads, judges and takes over.
///
/// # Errors
/// What keeps it from being judged at all: the region, the office, the journal, the disk. Faults of the
/// delivery itself are in [`Reception::problems`].
pub fn receive(folder: &Path, handed: &Handed) -> Result<Reception, Problems> {
    for _ in 0..MOST_TRIES {
        if let Some(reception) = tried(folder, handed)? {
            return Ok(reception);
        }
    }
    Err(Problem::error("delivery.others_deliver", text("别人正在不断报送，没有写入", "others keep delivering; nothing was recorded"))
        .expect(text("片刻无人报送", "a moment without other deliveries"))
        .fix(text("稍后再试", "try again in a moment"))
        .into())
}

fn tried(folder: &Path, handed: &Handed) -> Result<Option<Reception>, Problems> {
    let path = folder.join(JOURNAL);
    let at_journal = |p: Problem| Problems::from(p.or_file(JOURNAL));
    let seen = match SqliteJournal::existing(&path).map_err(at_journal)? {
        Some(mut journal) => journal.head().map_err(at_journal)?.map_or(0, |(seq, _)| seq),
        None => 0,
    };
    let region = Region::open(folder)?;
    let knowledge = Knowledge::of(&region)?;
    let office = knowledge.office(&handed.by)?;
    let day = handed.happened.clone().unwrap_or_else(|| handed.recorded.day());
    known_table(handed, &knowledge)?;
    let mut problems = Problems::new();
    let files: Vec<(String, Vec<u8>)> = handed
        .files
        .iter()
        .filter_map(|file| {
            let shown = file.display().to_string();
            let name = file.file_name().map_or(shown.clone(), |n| n.to_string_lossy().into_owned());
            problems.keep(std::fs::read(file).map_err(|e| crate::whole::cannot_read(&shown, &e))).map(|bytes| (name, bytes))
        })
        .collect();
    let mut judged: Vec<Judged<'_>> =
        files.iter().enumerate().flat_map(|(i, (name, bytes))| judged_file(i, name, bytes, handed, &knowledge, &mut problems)).collect();
    accept(&mut judged, &handed.accept, &mut problems);
    let mut reception = Reception::default();
    for j in &judged {
        other_department(j, &office, &knowledge, &mut problems);
        problems.extend(j.judgement.notes.iter().map(|p| p.clone().or_file(&j.called)));
        problems.extend(open_faults(j));
        reception.tables.push(Received {
            file: j.called.clone(),
            table: j.judgement.form.id.clone(),
            title: j.judgement.form.title.clone(),
            stands_in_for: j.present.as_ref().map(|p| p.path.clone()),
            rows: j.judgement.rows.len(),
            missing: j.judgement.missing,
            fact: None,
        });
    }
    if let Some(folder) = &handed.corrected {
        for (i, (name, _)) in files.iter().enumerate() {
            let of_file: Vec<(&Sheet, &Judgement<'_>)> = judged.iter().filter(|j| j.bytes == i).map(|j| (&j.sheet, &j.judgement)).collect();
            reception.corrected.extend(problems.keep(corrected::write(folder, name, &of_file)).flatten());
        }
    }
    let clean = !problems.has_errors() && !judged.is_empty();
    reception.problems = problems;
    if handed.dry_run || !clean {
        return Ok(Some(reception));
    }
    let archive = Archive::at(folder.join(RECEIVED));
    let mut facts = Vec::new();
    let mut between: BTreeMap<String, (Table, Digest)> = BTreeMap::new();
    for j in &judged {
        facts.push(take_over(j, &files[j.bytes], &office, &day, handed, &knowledge, &archive, &mut between)?);
    }
    let mut journal = SqliteJournal::open(&path).map_err(at_journal)?;
    match journal.append(Some(seen), handed.recorded, &facts).map_err(at_journal)? {
        Appended::Moved => Ok(None),
        Appended::Facts(facts) => {
            for (table, fact) in reception.tables.iter_mut().zip(facts) {
                table.fact = Some(fact);
            }
            reception.taken = true;
            Ok(Some(reception))
        }
    }
}

fn known_table(handed: &Handed, knowledge: &Knowledge<'_>) -> Result<(), Problem> {
    let Some(id) = handed.table.as_deref().filter(|id| knowledge.forms.form(id).is_none()) else { return Ok(()) };
    let known: Vec<&str> = knowledge.forms.forms.iter().map(|f| f.id.as_str()).collect();
    Err(Problem::error("delivery.unknown_table", words!("没有报表“{id}”", "there is no table \"{id}\""))
        .key("--table")
        .expect(Text::same(known.join(", ")))
        .fix_near(nearest(id, known.iter().copied()), text("用清单中的标识", "use an id of the list")))
}

/// The sheets of a file, recognised and judged.
fn judged_file<'k>(i: usize, name: &str, bytes: &[u8], handed: &Handed, knowledge: &'k Knowledge<'_>, problems: &mut Problems) -> Vec<Judged<'k>> {
    let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem.strip_suffix(corrected::SUFFIX).unwrap_or(&stem).to_owned();
    let Some(found) = problems.keep(sheets(bytes).map_err(|p| p.or_file(name))) else { return Vec::new() };
    let mut judged = Vec::new();
    for sheet in found {
        let called = if sheet.name.is_empty() { name.to_owned() } else { format!("{name}!{}", sheet.name) };
        let recognised = recognise(&sheet, &stem, handed.table.as_deref(), knowledge).map_err(|p| p.or_file(&called));
        let Some(recognised) = problems.keep(recognised) else { continue };
        let present = knowledge.present(recognised.form);
        let judgement = judge(&sheet, recognised, knowledge, present.as_ref());
        if !sheet.name.is_empty() && left_blank(&judgement, present.as_ref()) {
            let title = &judgement.form.title;
            problems.push(
                Problem::note(
                    "delivery.left_blank",
                    Text::of(format!("“{}”没有填，未读取", title.zh), format!("\"{}\" was not filled in, and not read", title.en)),
                )
                .file(called.as_str())
                .key(judgement.form.id.as_str())
                .expect(text("填好的表", "a table that is filled in"))
                .fix(text("这次不报这张表则无须处理", "nothing to do if it is not to be delivered this time")),
            );
            continue;
        }
        judged.push(Judged { called, name: name.to_owned(), sheet, bytes: i, present, judgement, accepted: Vec::new(), left_out: Vec::new() });
    }
    judged
}

/// True for a sheet of a workbook that is as it was handed out: not one of the numbers that were asked
/// for is there, or a table that is replaced as a whole is as it was.
fn left_blank(judgement: &Judgement<'_>, present: Option<&Present>) -> bool {
    let form = judgement.form;
    if form.places == Where::Nowhere {
        let handed_out = present.map(|p| p.rows_of(form)).unwrap_or_default();
        return judgement.rows.iter().map(|row| &row.cells).eq(&handed_out);
    }
    let asked = |k: &usize| matches!(form.columns[*k].kind, Kind::Number { .. }) && !form.lines_by.contains(&form.columns[*k].name);
    let asked: Vec<usize> = judgement.has.iter().copied().filter(asked).collect();
    judgement.rows.iter().all(|row| !asked.is_empty() && asked.iter().all(|k| row.cells[*k].is_empty()))
}

/// Faults that nobody accepted, each saying how it can be.
fn open_faults<'j>(j: &'j Judged<'_>) -> impl Iterator<Item = Problem> + 'j {
    let open = j.judgement.faults.iter().filter(|f| !j.accepted.iter().any(|a| a.fault == f.name));
    open.map(|f| {
        let problem = f.problem.clone().or_file(&j.called);
        if !f.acceptable {
            return problem;
        }
        let (zh, en, name) = (&f.problem.fix.zh, &f.problem.fix.en, &f.name);
        let fix = Text::of(format!("{zh}（接受：--accept '{name}=理由'）"), format!("{en} (to accept: --accept '{name}=REASON')"));
        problem.fix(fix)
    })
}

/// Marks the faults that are accepted; an acceptance of what is not there, or of what cannot be taken
/// over, is a fault of its own.
fn accept(judged: &mut [Judged<'_>], accept: &[Acceptance], problems: &mut Problems) {
    for acceptance in accept {
        let (mut met, mut refused) = (0, Vec::new());
        for j in judged.iter_mut() {
            let id = j.judgement.form.id.as_str();
            let name = acceptance.name.strip_prefix(id).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&acceptance.name);
            let name = name.strip_prefix("delivery.").unwrap_or(name);
            let meant = |f: &&Fault| f.name == name || name.strip_suffix('*').is_some_and(|start| start.ends_with('@') && f.name.starts_with(start));
            for fault in j.judgement.faults.iter().filter(meant) {
                met += 1;
                if fault.acceptable {
                    j.left_out.extend(fault.leaves_out);
                    let (fault, code, what) = (fault.name.clone(), fault.problem.code.to_string(), fault.problem.what.clone());
                    j.accepted.push(AcceptedFault { fault, code, what, reason: acceptance.reason.clone() });
                } else {
                    refused.push(fault.name.clone());
                }
            }
        }
        if !refused.is_empty() {
            let names = refused.join(", ");
            problems.push(
                Problem::error(
                    "delivery.cannot_accept",
                    words!("这样的缺陷不能接受，只能改正：{names}", "such a fault cannot be accepted, only put right: {names}"),
                )
                .key(acceptance.name.as_str())
                .expect(text("能被读懂的数据", "data that can be understood"))
                .fix(text(
                    "改正后再报送；--corrected 写出能自动更正的部分",
                    "put it right and deliver again; --corrected writes what can be corrected mechanically",
                )),
            );
        }
        if met == 0 {
            let known: Vec<String> = judged.iter().flat_map(|j| j.judgement.faults.iter().filter(|f| f.acceptable).map(|f| f.name.clone())).collect();
            problems.push(
                Problem::error("delivery.nothing_to_accept", words!("没有名为“{}”的缺陷", "there is no fault named \"{}\"", acceptance.name))
                    .key(acceptance.name.as_str())
                    .expect(Text::same(known.iter().take(20).cloned().collect::<Vec<_>>().join("；")))
                    .fix_near(nearest(&acceptance.name, known.iter().map(String::as_str)), text("用列出的名称", "use a name that was listed")),
            );
        }
    }
}

fn other_department(j: &Judged<'_>, office: &Office, knowledge: &Knowledge<'_>, problems: &mut Problems) {
    let form = j.judgement.form;
    let Some(department) = knowledge.forms.department(&form.department).filter(|d| !d.roles.contains(&office.role)) else { return };
    let (name, of_zh, of_en) = (&office.name, &department.title.zh, &department.title.en);
    problems.push(
        Problem::warning(
            "delivery.other_department",
            words!("这张表通常由{of_zh}报送，这次是{name}", "this table is usually delivered by {of_en}, and this time by {name}"),
        )
        .file(j.called.as_str())
        .key(form.id.as_str())
        .expect(words!("{of_zh}", "{of_en}"))
        .fix(text("若无误则无须处理；谁报送的已记入事实", "nothing to do if it is so; who delivered is recorded")),
    );
}

/// Keeps the files of a table and says what the journal is to record.
#[allow(clippy::too_many_arguments, reason = "what a fact is made of, put together once")]
fn take_over(
    j: &Judged<'_>,
    (_, bytes): &(String, Vec<u8>),
    office: &Office,
    day: &str,
    handed: &Handed,
    knowledge: &Knowledge<'_>,
    archive: &Archive,
    between: &mut BTreeMap<String, (Table, Digest)>,
) -> Result<Happening, Problems> {
    let form = j.judgement.form;
    let path = j.present.as_ref().map(|p| p.path.clone());
    let read = j.present.as_ref().and_then(|p| p.table.as_ref()).map(|(table, _, digest)| (Table::clone(table), digest.clone()));
    let base = path.as_ref().and_then(|p| between.get(p).cloned()).or(read);
    let rows: Vec<_> = j.judgement.rows.iter().filter(|r| !j.left_out.contains(&r.line)).collect();
    let note = format!("{} {day}", office.name);
    let csv = taken(base.as_ref().map(|b| &b.0), form, &j.judgement.has, &rows, &note);
    let table = read_csv(&csv)?;
    let base_origin = path.as_deref().filter(|_| base.is_some()).and_then(|p| knowledge.region.sources.file(p).ok()).map(|f| f.sidecar.origin);
    let origin = origin_of(&table, form, handed.origin, base_origin);
    let keep = |bytes: &[u8], ending: &str| -> Result<Kept, Problems> {
        let digest = archive.keep(bytes, ending).map_err(|e| cannot_write(Path::new(RECEIVED), &e))?;
        Ok(Kept { digest, ending: ending.to_owned(), bytes: bytes.len() as u64 })
    };
    let (delivered, kept) = (keep(bytes, ending(bytes))?, keep(&csv, "csv")?);
    let source = path.as_ref().and_then(|p| std::fs::read(knowledge.region.folder.join(p)).ok()).map(|bytes| digest(&bytes));
    if let Some(path) = &path {
        between.insert(path.clone(), (table, kept.digest.clone()));
    }
    let delivery = Delivery {
        table: form.id.clone(),
        title: form.title.clone(),
        department: form.department.clone(),
        office: office.name.clone(),
        declaration: form.basis.clone(),
        name: j.name.clone(),
        sheet: j.sheet.name.clone(),
        delivered,
        stands_in_for: path,
        source,
        before: base.map(|b| b.1),
        taken: kept,
        origin,
        years: j.judgement.years.iter().copied().collect(),
        rows: rows.len() as u64,
        missing: j.judgement.missing as u64,
        accepted: j.accepted.clone(),
    };
    let body = serde_json::to_string(&delivery).map_err(|e| {
        Problem::error("delivery.unreadable_fact", words!("无法写成事实：{e}", "it cannot be written as a fact: {e}"))
            .expect(text("可写成 JSON 的内容", "content that can be written as JSON"))
            .fix(text("请报告给维护者", "please report it to the maintainers"))
    })?;
    Ok(Happening { happened: day.to_owned(), by: office.id.clone(), body_kind: ACCEPTED.to_owned(), body })
}
