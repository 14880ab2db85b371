//! Findings to tasks: each incident has one, however often it is found again.
//!
//! A task is known by its anchor, the slot that made the finding certain. As long as that slot lies
//! in a finding the task is that finding's. What else a finding once was, its beginning, its end, its
//! factors, may change as late readings come in.

use super::judge::{Finding, Kind};
use super::rule::Rule;

/// How a task stands with the facts; whether somebody has dealt with it is recorded elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The incident goes on.
    Going,
    /// It has ended; the task remains until somebody closes it.
    Ended,
    /// Revised, marked or late readings took its ground away.
    Withdrawn,
    /// A revision joined it with an earlier one.
    MergedInto(String),
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// `rule/kind/subject/anchor`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// What it is about.
    pub kind: Kind,
    /// The outlet.
    pub outlet: String,
    /// What one task is made for.
    pub subject: String,
    /// Factors, as they became known.
    pub factors: Vec<String>,
    /// The slot that made it certain.
    pub anchor: i64,
    /// First and last slot of the incident, as far as it is known.
    pub span: (i64, i64),
    /// The slot in which it was opened.
    pub opened: i64,
    /// Until when the office has time: slots of the rule behind `opened`.
    pub due: i64,
    /// The office, from the rule.
    pub office: String,
    /// How it stands.
    pub standing: Standing,
}

/// What happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is new.
    Opened,
    /// Its span, factors or standing changed.
    Changed,
    /// Its ground is gone.
    Withdrawn,
    /// It was joined with an earlier one.
    Merged,
}

/// All tasks of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Desk {
    tasks: Vec<Task>,
}

impl Desk {
    /// All of them, in the order opened.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Brings the tasks of one outlet in line with what is found of it now. What ended before `since`
    /// is left as it was: the findings must have seen [`Rule::context`] slots more than that, since a
    /// series that is cut off looks like something else.
    pub fn settle<'f>(&mut self, rule: &Rule, outlet: &str, findings: impl IntoIterator<Item = &'f Finding>, since: i64, now: i64) -> Vec<(String, Change)> {
        let mut changes = Vec::new();
        let mut owned = vec![false; self.tasks.len()];
        for finding in findings.into_iter().filter(|f| f.anchor.is_some() && f.to >= since) {
            let Some((own, others)) = self.owners(finding, &owned, since) else {
                let task = open(rule, finding, now);
                changes.push((task.id.clone(), Change::Opened));
                self.tasks.push(task);
                owned.push(true);
                continue;
            };
            owned[own] = true;
            if grow(&mut self.tasks[own], finding, since) {
                changes.push((self.tasks[own].id.clone(), Change::Changed));
            }
            for other in others {
                owned[other] = true;
                let into = Standing::MergedInto(self.tasks[own].id.clone());
                let task = &mut self.tasks[other];
                if task.standing != into {
                    task.standing = into;
                    changes.push((task.id.clone(), Change::Merged));
                }
            }
        }
        let groundless = self.tasks.iter_mut().zip(&owned).filter(|(task, owned)| {
            !**owned && task.anchor >= since && matches!(task.standing, Standing::Going | Standing::Ended) && task.outlet == outlet && task.rule == rule.id
        });
        for (task, _) in groundless {
            task.standing = Standing::Withdrawn;
            changes.push((task.id.clone(), Change::Withdrawn));
        }
        changes
    }

    /// Tasks whose anchor lies in a finding; of those whose anchor is no longer seen, the ones that
    /// reach into it. The one that was opened first, and the others in that order; those that are owned
    /// already are left out.
    fn owners(&self, finding: &Finding, owned: &[bool], since: i64) -> Option<(usize, Vec<usize>)> {
        let within = |task: &Task| {
            let slot = if task.anchor >= since { task.anchor } else { task.span.1 };
            finding.from <= slot && slot <= finding.to
        };
        // Names last: nearly all tasks are of another time.
        let same = |task: &Task| task.kind == finding.kind && task.subject == finding.subject && task.rule == finding.rule;
        let free = self.tasks.iter().zip(owned).enumerate().filter(|(_, (task, owned))| !**owned && within(task) && same(task));
        let mut owners = free.map(|(place, _)| place);
        let first = owners.next()?;
        let mut all: Vec<usize> = owners.collect();
        if all.is_empty() {
            return Some((first, all));
        }
        all.insert(0, first);
        all.sort_by_key(|place| (self.tasks[*place].opened, self.tasks[*place].anchor));
        Some((all.remove(0), all))
    }
}

fn open(rule: &Rule, finding: &Finding, now: i64) -> Task {
    let anchor = finding.anchor.unwrap_or(finding.from);
    let hours = if finding.kind == Kind::Exceedance { rule.duty.due_hours } else { rule.duty.device_due_hours };
    let per_slot = rule.averaging.seconds() / 3600;
    Task {
        id: format!("{}/{}/{}/{anchor}", finding.rule, finding.kind.word(), finding.subject),
        rule: finding.rule.clone(),
        kind: finding.kind,
        outlet: finding.outlet.clone(),
        subject: finding.subject.clone(),
        factors: finding.factors.clone(),
        anchor,
        span: (finding.from, finding.to),
        opened: now,
        due: now + (hours + per_slot - 1) / per_slot,
        office: finding.office.clone(),
        standing: standing(finding),
    }
}

fn standing(finding: &Finding) -> Standing {
    if finding.open { Standing::Going } else { Standing::Ended }
}

/// Takes over what a finding says now; true when that is anything new.
fn grow(task: &mut Task, finding: &Finding, since: i64) -> bool {
    let (span, standing) = (task.span, standing(finding));
    let mut changed = task.standing != standing;
    // At the edge of what is seen the beginning may lie before it.
    if finding.from > since {
        task.span.0 = finding.from;
        if task.factors != finding.factors {
            (changed, task.factors) = (true, finding.factors.clone());
        }
    } else {
        task.span.0 = task.span.0.min(finding.from);
        for factor in &finding.factors {
            if !task.factors.contains(factor) {
                (changed, _) = (true, task.factors.push(factor.clone()));
            }
        }
    }
    (task.span.1, task.standing) = (finding.to, standing);
    changed || task.span != span
}
