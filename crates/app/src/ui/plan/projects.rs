//! Projects, the worst first: progress, lamp, supervision, and what contradicts "done".

use liangshan_atlas::planbook::Planbook;
use liangshan_vocab::{Text, text};

use super::{framed, lamp_chip, percent};
use crate::ui::html::Html;

pub(super) fn draw(h: &mut Html, plan: &Planbook) {
    let contradicted: Vec<_> = plan.projects.iter().filter(|p| !p.contradictions.is_empty()).collect();
    if !contradicted.is_empty() {
        h.el("ul.letters", |h| {
            for project in contradicted {
                for contradiction in &project.contradictions {
                    h.el("li", |h| {
                        h.el("b", |h| h.text(&format!("{} ", project.title)));
                        h.say(&Text::of(format!("称已完成，但{}", contradiction.zh), format!("is called done, but {}", contradiction.en)));
                    });
                }
            }
        });
    }
    let head = [
        text("项目", "Project"),
        text("条款", "Clause"),
        text("牵头", "Lead"),
        text("完成", "Done"),
        text("计划", "Planned"),
        text("逾期天数", "Days late"),
        text("灯", "Lamp"),
        text("督查", "Supervision"),
        text("投资", "Paid"),
        text("里程碑与待办", "Milestones, what waits"),
    ];
    let mut sorted: Vec<_> = plan.projects.iter().collect();
    sorted.sort_by(|a, b| (b.progress.lamp, &a.id).cmp(&(a.progress.lamp, &b.id)));
    framed(h, "words.pinned.short", &head, |h| {
        for project in sorted {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| h.text(&project.title));
                h.el("td", |h| h.text(&project.clause));
                h.el("td", |h| h.text(&plan.office(&project.offices[0])));
                h.el("td", |h| h.text(&percent(project.progress.done)));
                h.el("td", |h| h.text(&percent(project.progress.planned)));
                let late = project.progress.overdue_days;
                h.el("td", |h| h.text(&if late > 0 { late.to_string() } else { String::new() }));
                h.el("td", |h| lamp_chip(h, project.progress.lamp));
                h.el("td", |h| {
                    if let Some(step) = project.supervision {
                        h.say(&step.title());
                    }
                });
                h.el("td", |h| h.text(&project.paid.map(percent).unwrap_or_default()));
                h.el("td.what", |h| milestones(h, project));
            });
        }
    });
}

fn milestones(h: &mut Html, project: &liangshan_atlas::planbook::projects::ProjectView) {
    let done = project.milestones.iter().filter(|m| m.done_on.is_some()).count();
    h.el("details", |h| {
        h.el("summary", |h| h.text(&format!("{done}/{}", project.milestones.len())));
        for milestone in &project.milestones {
            h.el("p", |h| {
                let due =
                    if milestone.due == milestone.due_first { milestone.due.to_string() } else { format!("{} → {}", milestone.due_first, milestone.due) };
                h.text(&format!("{} {due} ", milestone.title));
                match (milestone.done_on, &milestone.open) {
                    (Some(day), _) => h.say(&Text::of(format!("✓ {day}（{}）", milestone.evidence), format!("✓ {day} ({})", milestone.evidence))),
                    (None, Some(open)) => h.say(open),
                    _ => {}
                }
            });
        }
    });
}
