//! Projects as they stand on a day: milestones, lamps, months in red, and what contradicts "done".

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use liangshan_accounts::targets::lamp::{self, LampRule, Milestone};
use liangshan_accounts::targets::{Attainment, Lamp, Progress, Supervision, is_done, months_red};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::claims::Claims;
use super::declared::Check;
use super::records::Book;
use super::targets::TargetView;

/// A milestone on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct MilestoneView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its weight.
    pub weight: f64,
    /// Its due day as it was set first.
    pub due_first: Date,
    /// Its due day now.
    pub due: Date,
    /// The day from which another due day than the first holds.
    pub due_since: Option<Date>,
    /// The day it was done, where its evidence was accepted.
    pub done_on: Option<Date>,
    /// The day from which it counts as done: when it was done and its evidence accepted.
    pub counts_from: Option<Date>,
    /// The evidence, in words.
    pub evidence: String,
    /// Who accepted it.
    pub accepted_by: String,
    /// What stands open: a claim nobody accepted, a day nobody approved, a "done" without evidence.
    pub open: Option<Text>,
}

/// A project on a day.
#[derive(Debug, Clone)]
pub struct ProjectView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The task.
    pub task: String,
    /// The clause of the plan.
    pub clause: String,
    /// The office that leads, and the one that helps.
    pub offices: [String; 2],
    /// The county.
    pub county: String,
    /// The post that answers for it.
    pub post: String,
    /// When it began.
    pub start: String,
    /// When it is due.
    pub due: String,
    /// Budget and what was paid, in 10⁴ yuan, as written.
    pub money: [String; 2],
    /// Paid over budget.
    pub paid: Option<f64>,
    /// How it stands.
    pub progress: Progress,
    /// Planned less done at the end of the month before.
    pub before: Progress,
    /// Lamps at the ends of the months from its start on.
    pub lamps: Vec<(String, Lamp)>,
    /// Where months in red lead to.
    pub supervision: Option<Supervision>,
    /// Its milestones.
    pub milestones: Vec<MilestoneView>,
    /// Indicators that contradict its "done".
    pub contradictions: Vec<Text>,
}

/// All projects of a plan.
pub struct Board<'b> {
    /// The projects' register.
    pub projects: &'b Book,
    /// The milestones' register.
    pub milestones: &'b Book,
    /// What the journal says.
    pub claims: &'b Claims,
    /// Where lamps change.
    pub rule: LampRule,
}

impl Board<'_> {
    /// Every project on a day, in the order of the register.
    ///
    /// Problems: those of the lamp, with the project.
    pub fn views(&self, on: Date, problems: &mut Problems) -> Vec<ProjectView> {
        let mut out = Vec::new();
        for record in &self.projects.records {
            let cell = |column: &str| self.projects.written(record, column);
            let lead = cell("lead_office");
            let own: Vec<_> = self.milestones.records.iter().filter(|m| self.milestones.written(m, "project_id") == record.key).collect();
            let milestones: Vec<MilestoneView> = own.iter().filter_map(|m| self.milestone(m, &lead, on)).collect();
            let at = |day: Date| standing(&milestones, day, &self.rule).map_err(|p| p.file(self.files()).key(record.key.as_str()));
            let Some(progress) = problems.keep(at(on)) else { continue };
            let start = cell("start");
            let lamps: Vec<(String, Lamp)> =
                month_ends(&start, on).into_iter().filter_map(|day| Some((day.strftime("%Y-%m").to_string(), at(day).ok()?.lamp))).collect();
            let red: Vec<Lamp> = lamps.iter().map(|(_, lamp)| *lamp).collect();
            let number = |column: &str| cell(column).parse::<f64>().ok();
            let paid = number("paid_1e4_cny").zip(number("budget_1e4_cny")).filter(|(_, b)| *b > 0.0).map(|(p, b)| p / b);
            let before = last_month_end(on).and_then(|day| at(day).ok()).unwrap_or(progress);
            out.push(ProjectView {
                id: record.key.clone(),
                title: cell("name_zh"),
                task: cell("task_zh"),
                clause: cell("seed_clause"),
                offices: [lead, cell("co_office")],
                county: cell("county_code"),
                post: cell("responsible_person"),
                start,
                due: cell("due"),
                money: [cell("budget_1e4_cny"), cell("paid_1e4_cny")],
                paid,
                progress,
                before,
                supervision: Supervision::after(months_red(&red)),
                lamps,
                milestones,
                contradictions: Vec::new(),
            });
        }
        out
    }

    fn files(&self) -> String {
        self.milestones.files.first().cloned().unwrap_or_default()
    }

    fn milestone(&self, record: &liangshan_registers::Record, lead: &str, on: Date) -> Option<MilestoneView> {
        let cell = |column: &str| self.milestones.written(record, column);
        let due_first: Date = cell("due").parse().ok()?;
        let moved = self.claims.due(&record.key);
        let due = moved.and_then(|m| m.moved.due.parse().ok()).unwrap_or(due_first);
        let due_since = moved.and_then(|m| m.approved.as_ref()).and_then(|(_, on)| on.parse().ok());
        let mut open = None;
        let (mut evidence, mut accepted_by, mut done_on) = (cell("evidence"), cell("accepted_by_office"), None);
        let claimed: Option<Date> = cell("done_on").parse().ok();
        if let Some(day) = claimed.filter(|day| *day <= on) {
            if is_done(lead, !evidence.is_empty(), Some(&accepted_by)) {
                done_on = Some(day);
            } else {
                open = Some(text(
                    "称已完成，但没有由其他单位认可的佐证，不计为完成",
                    "said to be done, and no other unit accepted its evidence: not counted as done",
                ));
            }
        }
        let mut counts_from: Option<Date> = done_on;
        if let Some(done) = self.claims.done(&record.key).filter(|_| done_on.is_none()) {
            done_on = done.on.parse().ok();
            counts_from = done_on.max(done.accepted.as_ref().and_then(|(_, on)| on.parse().ok()));
            evidence = format!("{} ({})", done.claim.name, done.claim.evidence.short());
            accepted_by = done.accepted.as_ref().map(|(by, _)| by.clone()).unwrap_or_default();
            open = None;
        }
        if let Some(waiting) = self.claims.waiting(&record.key).filter(|_| done_on.is_none()) {
            let (by, seq) = (&waiting.by, waiting.seq);
            open = Some(words!("{by} 申报完成（第 {seq} 条事实），待其他单位认可", "claimed by {by} (fact {seq}), waiting for another unit to accept it"));
        }
        if let Some(asked) = self.claims.asked(&record.key) {
            let (by, due) = (&asked.by, &asked.moved.due);
            open = Some(words!("{by} 申请改期至 {due}，待批准", "{by} asks for {due}, waiting for approval"));
        }
        let weight = cell("weight").parse().ok()?;
        Some(MilestoneView {
            id: record.key.clone(),
            title: cell("name_zh"),
            weight,
            due_first,
            due,
            due_since,
            done_on,
            counts_from,
            evidence,
            accepted_by,
            open,
        })
    }
}

/// How milestones stand on a day: one that was done or accepted later is not done yet, and a day that was
/// moved later has not moved yet.
fn standing(milestones: &[MilestoneView], day: Date, rule: &LampRule) -> Result<Progress, Problem> {
    let due = |m: &MilestoneView| if m.due_since.is_some_and(|since| since <= day) { m.due } else { m.due_first };
    let of = |m: &MilestoneView| Milestone { weight: m.weight, due: due(m), done: f64::from(u8::from(m.counts_from.is_some_and(|from| from <= day))) };
    lamp::progress(&milestones.iter().map(of).collect::<Vec<_>>(), day, rule)
}

/// The last days of the months from a start to a day that are over, and the day itself where it is one.
fn month_ends(start: &str, on: Date) -> Vec<Date> {
    let Ok(start) = start.parse::<Date>() else { return Vec::new() };
    let mut out = Vec::new();
    let mut day = start.last_of_month();
    while day <= on {
        out.push(day);
        let Some(next) = day.checked_add(1.day()).ok() else { break };
        day = next.last_of_month();
    }
    out
}

/// The last day of the month before.
fn last_month_end(on: Date) -> Option<Date> {
    on.first_of_month().checked_sub(1.day()).ok()
}

/// Says of every project that is wholly done which indicator says otherwise.
pub fn contradict(views: &mut [ProjectView], checks: &[Check], (targets, books): (&[TargetView], &[Book]), places: &BTreeMap<String, Text>, on: &str) {
    for view in views.iter_mut().filter(|v| v.progress.lamp == Lamp::Blue) {
        for check in checks.iter().filter(|c| c.clause == view.clause && c.named.as_ref().is_none_or(|n| view.title.contains(n.as_str()))) {
            let says = &check.says;
            if let Some(target) = check.target.as_ref().and_then(|id| targets.iter().find(|t| t.row.id == *id))
                && target.standing.now == Attainment::No
            {
                let (id, (year, value)) = (&target.row.id, target.standing.latest.unwrap_or_default());
                view.contradictions.push(Text::of(
                    format!("{}：{id} {} 在 {year} 年为 {value}，未达目标", says.zh, target.row.title.zh),
                    format!("{}: {id} {} was {value} in {year}, short of its target", says.en, target.row.title.en),
                ));
            }
            if let Some((register, measure)) = &check.measure
                && let Some(book) = books.iter().find(|b| b.register.id == *register)
                && let (Some(what), Some(measured)) = (book.register.measure(measure), book.measured(measure, on))
                && let Some(Some(value)) = measured.places.get(&view.county)
                && *value > check.most
            {
                let (most, value, of) = (check.most, (value * 1e4).round() / 1e4, &book.register.title);
                let place = places.get(&view.county).cloned().unwrap_or_else(|| Text::same(view.county.clone()));
                view.contradictions.push(Text::of(
                    format!("{}：登记册“{}”的“{}”在{}为 {value}，应不多于 {most}", says.zh, of.zh, what.title.zh, place.zh),
                    format!("{}: {} by the register of {} is {value} in {}, where {most} at most was to be left", says.en, what.title.en, of.en, place.en),
                ));
            }
        }
    }
}

/// A county's projects together.
#[derive(Debug, Clone, PartialEq)]
pub struct CountyScore {
    /// The county.
    pub county: String,
    /// Its projects.
    pub projects: usize,
    /// Those that are red.
    pub red: usize,
    /// Done and planned, each project by its budget; `None` where a budget is missing or all are zero.
    pub done: Option<(f64, f64)>,
}

/// Counties by their weighted completion, in the order of their codes.
pub fn of_counties(views: &[ProjectView]) -> Vec<CountyScore> {
    let mut codes: Vec<&str> = views.iter().map(|v| v.county.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let score = |code: &str| {
        let own: Vec<&ProjectView> = views.iter().filter(|v| v.county == code).collect();
        let budgets: Option<Vec<f64>> = own.iter().map(|v| v.money[0].parse().ok()).collect();
        let done = budgets.and_then(|budgets| {
            let all: f64 = budgets.iter().sum();
            let mean = |of: fn(&ProjectView) -> f64| own.iter().zip(&budgets).map(|(v, b)| of(v) * b).sum::<f64>() / all;
            (all > 0.0).then(|| (mean(|v| v.progress.done), mean(|v| v.progress.planned)))
        });
        let red = own.iter().filter(|v| v.progress.lamp == Lamp::Red).count();
        CountyScore { county: code.to_owned(), projects: own.len(), red, done }
    };
    codes.into_iter().map(score).collect()
}

/// The note that projects were reported long before the day: what was done since is not known.
pub fn stale(projects: &Book, on: Date) -> Option<Problem> {
    let reported: Date = projects.records.iter().filter_map(|r| projects.written(r, "as_of").parse().ok()).max()?;
    let late = reported.checked_add(1.month()).is_ok_and(|until| until < on);
    late.then(|| {
        Problem::note(
            "plan.projects_stale",
            words!(
                "项目最近报送于 {reported}，{on} 的灯色不含其后的进展",
                "projects were last reported on {reported}; the lamps of {on} know nothing of what was done since"
            ),
        )
        .file(projects.files.first().cloned().unwrap_or_default())
        .column("as_of")
        .expect(text("一个月内的报送", "a report of the last month"))
        .fix(text("重新报送项目与里程碑，或用 --claim 逐项申报", "deliver projects and milestones again, or claim them one by one with --claim"))
    })
}

/// The lamp of a clause: the worst of its projects; `None` without one.
pub fn of_clause(views: &[ProjectView], clause: &str) -> Option<(usize, Lamp)> {
    let lamps: Vec<Lamp> = views.iter().filter(|v| v.clause == clause).map(|v| v.progress.lamp).collect();
    (!lamps.is_empty()).then(|| (lamps.len(), Lamp::of_task(&lamps)))
}
