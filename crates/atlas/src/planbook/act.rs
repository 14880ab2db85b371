//! What people do to milestones: claim, accept, ask for another day, approve it. Each is a fact.

use std::path::{Path, PathBuf};

use liangshan_vocab::{Fact, Happening, Moment, Problem, Problems, Text, nearest, text, words};

use super::claims::{ACCEPTED, APPROVED, Answer, CLAIMED, Claim, Claims, MOVED, Move};
use super::declared::Declared;
use super::enter::EVER;
use super::entries::File;
use super::opening::Opened;
use super::records::Book;
use super::{kinds, recording};

/// What is done.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A milestone is claimed to be done.
    Claim {
        /// The file of evidence.
        evidence: PathBuf,
    },
    /// The evidence of the claim that waits is accepted.
    Accept,
    /// Another due day is asked for.
    Move {
        /// The day.
        due: String,
        /// Why.
        reason: String,
    },
    /// The other day that waits is approved.
    Approve,
}

/// Who does what to which milestone.
#[derive(Debug, Clone)]
pub struct Act {
    /// `PROJECT/MILESTONE`; the milestone by its id, or by what stands behind the project's.
    pub milestone: String,
    /// The office.
    pub by: String,
    /// The day it happened.
    pub on: String,
    /// When it is recorded.
    pub recorded: Moment,
    /// What.
    pub deed: Deed,
}

/// Records a deed and answers with its fact.
///
/// # Errors
/// `plan.unknown_milestone`, `plan.unknown_office`, `plan.own_evidence`, `plan.not_responsible`,
/// `plan.nothing_waits`, `plan.may_not_approve`, `plan.day`, and those of files and the journal. Nothing is
/// recorded then.
pub fn act(folder: &Path, act: &Act) -> Result<Fact, Problems> {
    recording::record(folder, act.recorded, || {
        let opened = Opened::open(folder, EVER)?;
        happening(folder, act, &opened.declared, &opened.books)
    })
}

fn book<'b>(books: &'b [Book], id: &str) -> Result<&'b Book, Problem> {
    books.iter().find(|b| b.register.id == id).ok_or_else(|| kinds::no_register(id, &[]))
}

fn happening(folder: &Path, act: &Act, declared: &Declared, books: &[Book]) -> Result<Happening, Problems> {
    let (offices, projects, milestones) = (book(books, "offices")?, book(books, "projects")?, book(books, "milestones")?);
    let office = recording::office(offices, &act.by)?;
    if !liangshan_vocab::fact::is_day(&act.on) {
        return Err(super::no_day(&act.on).into());
    }
    let (project, milestone) = milestone_of(act, projects, milestones)?;
    let record = projects.record(&project);
    let responsible: Vec<String> = record.map(|r| ["lead_office", "co_office"].iter().map(|c| projects.written(r, c)).collect()).unwrap_or_default();
    let known = Claims::read(folder, EVER)?;
    let must_be_responsible = || {
        if responsible.contains(&act.by) {
            return Ok(());
        }
        let list = responsible.join(", ");
        Err(Problem::error(
            "plan.not_responsible",
            words!("{} 不是项目 {project} 的牵头或配合部门", "{} neither leads nor helps the project {project}", act.by),
        )
        .key("--by")
        .expect(Text::same(list))
        .fix(text("由责任部门办理", "let an office do it that answers for the project")))
    };
    let (kind, body) = match &act.deed {
        Deed::Claim { evidence } => {
            must_be_responsible()?;
            let File { name, digest: evidence, ending } = recording::keep(folder, evidence, &recording::bytes_of(evidence)?)?;
            (CLAIMED, json(&Claim { project, milestone, name, evidence, ending })?)
        }
        Deed::Accept => {
            let waiting = known.waiting(&milestone).ok_or_else(|| nothing_waits(&milestone))?;
            if waiting.by == act.by {
                return Err(own_evidence(&act.by).into());
            }
            (ACCEPTED, json(&Answer { project, to: waiting.seq, milestone })?)
        }
        Deed::Move { due, reason } => {
            must_be_responsible()?;
            if !liangshan_vocab::fact::is_day(due) {
                return Err(super::no_day(due).into());
            }
            (MOVED, json(&Move { project, milestone, due: due.clone(), reason: reason.clone() })?)
        }
        Deed::Approve => {
            let asked = known.asked(&milestone).ok_or_else(|| nothing_waits(&milestone))?;
            let role = offices.written(office, "role");
            if asked.by == act.by || !declared.approvers.contains(&role) {
                let roles = declared.approvers.join(", ");
                return Err(Problem::error("plan.may_not_approve", words!("{}（{role}）不能批准改期", "{} ({role}) may not approve another day", act.by))
                    .key("--by")
                    .expect(words!("角色：{roles}，且不是申请部门", "a role of {roles}, and not the office that asks"))
                    .fix(text("由有权的部门批准", "let an office approve it that may"))
                    .into());
            }
            (APPROVED, json(&Answer { project, to: asked.seq, milestone })?)
        }
    };
    Ok(Happening { happened: act.on.clone(), by: act.by.clone(), body_kind: kind.to_owned(), body })
}

fn milestone_of(act: &Act, projects: &Book, milestones: &Book) -> Result<(String, String), Problem> {
    let (project, rest) = act.milestone.split_once('/').unwrap_or((&act.milestone, ""));
    let own = |record: &&liangshan_registers::Record| milestones.written(record, "project_id") == project;
    let named = |record: &&liangshan_registers::Record| record.key == rest || record.key == format!("{project}-{rest}");
    if let Some(found) = milestones.records.iter().filter(own).find(named) {
        return Ok((project.to_owned(), found.key.clone()));
    }
    let known: Vec<String> = match projects.record(project) {
        Some(_) => milestones.records.iter().filter(own).map(|m| format!("{project}/{}", m.key)).collect(),
        None => projects.records.iter().map(|p| p.key.clone()).collect(),
    };
    let some = known.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    Err(Problem::error("plan.unknown_milestone", words!("没有里程碑“{}”", "there is no milestone \"{}\"", act.milestone))
        .key(act.milestone.as_str())
        .expect(Text::same(some))
        .fix_near(
            nearest(&act.milestone, known.iter().map(String::as_str)),
            text("写成 项目/里程碑，如 DEMO-P002/M4", "write PROJECT/MILESTONE, such as DEMO-P002/M4"),
        ))
}

fn nothing_waits(milestone: &str) -> Problem {
    Problem::error("plan.nothing_waits", words!("里程碑 {milestone} 没有待办的申报", "nothing waits for an answer at the milestone {milestone}"))
        .key(milestone)
        .expect(text("先有申报（--claim）或改期申请（--move）", "a claim (--claim) or a request for another day (--move) before"))
        .fix(text("核对里程碑", "look at the milestone"))
}

fn own_evidence(by: &str) -> Problem {
    Problem::error("plan.own_evidence", words!("{by} 不能认可自己的佐证", "{by} may not accept its own evidence"))
        .key("--by")
        .expect(text("另一个单位", "another unit"))
        .fix(text("由其他单位认可", "let another unit accept it"))
}

/// The body of a fact.
pub(super) fn json<T: serde::Serialize>(body: &T) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(|e| {
        Problem::error("plan.unreadable_fact", words!("无法写成事实：{e}", "it cannot be written as a fact: {e}"))
            .expect(text("可写成 JSON 的内容", "content that can be written as JSON"))
            .fix(text("请报告给维护者", "please report it to the maintainers"))
    })
}
