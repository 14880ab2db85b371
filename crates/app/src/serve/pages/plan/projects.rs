//! Projects, the worst first: progress, lamp, supervision, what contradicts "done", milestones.

use liangshan_vocab::{Text, text, words};

use super::out::{ProjectOut, ProjectsOut, schema_of};
use super::{ON, day_form, invented, json, lamp, lamp_title, page, percent, plan, select, twin};
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::ui::html::Html;

const TAKES: &[Param] = &[
    ON,
    Param::optional("clause", Kind::Word, ("只看这个条款", "only this clause"), "任务3.1"),
    Param::optional("lamp", Kind::OneOf(&["blue", "green", "grey", "yellow", "red"]), ("只看这种灯", "only this lamp"), "red"),
];

pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/projects", ("项目清单", "projects"), TAKES, shown),
    Route::json("/api/plan/projects", ("项目、里程碑与亮灯", "projects, milestones and lamps"), TAKES, schema_of::<ProjectsOut>, twin_of),
];

fn made(ask: &Ask<'_>) -> Result<ProjectsOut, Refusal> {
    let plan = plan(ask)?;
    let mut made = ProjectsOut::of(&plan, ask.word("clause"), ask.lang);
    if made.projects.is_empty() && ask.word("clause").is_some() {
        let mut known: Vec<&str> = plan.projects.iter().map(|p| p.clause.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(ask.unknown("clause", &text("有项目的条款", "clause with a project"), known));
    }
    if let Some(wanted) = ask.word("lamp") {
        made.projects.retain(|p| p.lamp == wanted);
    }
    Ok(made)
}

fn twin_of(ask: &Ask<'_>) -> Answer {
    json(&made(ask)?)
}

fn shown(ask: &Ask<'_>) -> Answer {
    let all = ProjectsOut::of(&*plan(ask)?, None, ask.lang);
    let made = made(ask)?;
    Ok(page(ask, "/plan/projects", text("项目", "Projects"), &[], |h| {
        invented(h, &made.on);
        h.with("nav.kpis", &[("aria-label", ask.say("按灯色筛选", "filter by lamp"))], |h| {
            for word in ["red", "yellow", "green", "blue"] {
                let count = all.projects.iter().filter(|p| p.lamp == word).count().to_string();
                let on = ask.word("lamp") == Some(word);
                let to = ask.here(&[("lamp", if on { "" } else { word })]);
                let mut attributes = vec![("href", to.as_str())];
                if on {
                    attributes.push(("aria-current", "true"));
                }
                h.with("a.kpi", &attributes, |h| {
                    h.el("div.name", |h| lamp(h, word, lamp_title(word).get(ask.lang)));
                    h.el("div.figure", |h| {
                        h.text(&count);
                        h.line("span.unit", &text("个", "projects"));
                    });
                });
            }
        });
        let mut clauses: Vec<(String, String)> = all.projects.iter().map(|p| (p.clause.clone(), p.clause.clone())).collect();
        clauses.sort();
        clauses.dedup();
        day_form(h, ask, &made.on, |h| select(h, "clause", &text("条款", "Clause"), ask.word("clause"), &clauses));
        contradictions(h, &made);
        h.el("div.projects", |h| made.projects.iter().for_each(|p| one(h, ask, p)));
        if made.projects.is_empty() {
            h.line("p.sheet", &text("没有这样的项目。", "There is no such project."));
        }
        h.line(
            "p.caption",
            &text(
                "完成须有其他单位认可的佐证。逾期超过 30 天或落后超过 0.15 为红；红灯满一、二、三个月依次为提醒、督办、挂牌督办，其后约谈。",
                "Done needs evidence that another unit accepted. More than 30 days overdue or 0.15 behind is red; one, two, three months in red are a reminder, a notice, public listing, then an interview.",
            ),
        );
        twin(h, ask, "/api/plan/projects", &[("on", ask.word("on").unwrap_or_default())]);
    }))
}

fn contradictions(h: &mut Html, made: &ProjectsOut) {
    let found: Vec<&ProjectOut> = made.projects.iter().filter(|p| !p.contradictions.is_empty()).collect();
    if found.is_empty() {
        return;
    }
    h.el("section.sheet.against", |h| {
        h.line("h2", &text("称已完成，但指标不这么说", "Called done, while an indicator says otherwise"));
        h.el("ul", |h| {
            for project in found {
                for said in &project.contradictions {
                    h.el("li", |h| {
                        h.with("a", &[("href", &format!("#p-{}", project.id))], |h| h.text(&project.title));
                        h.say(&Text::of(format!("：{said}"), format!(": {said}")));
                    });
                }
            }
        });
    });
}

fn one(h: &mut Html, ask: &Ask<'_>, p: &ProjectOut) {
    let id = format!("p-{}", p.id);
    h.with("article.sheet.project", &[("id", &id)], |h| {
        h.el("header", |h| {
            h.el("h2", |h| h.text(&p.title));
            lamp(h, &p.lamp, lamp_title(&p.lamp).get(ask.lang));
            if let Some(step) = &p.supervision {
                h.el("span.mark.loud", |h| h.text(step));
            }
        });
        h.el("p.caption", |h| {
            let to = ask.link("/plan/projects", &[("clause", &p.clause)]);
            h.with("a", &[("href", &to)], |h| h.text(&p.clause));
            h.text(&format!(" · {} · {} · {} → {}", p.lead, p.county, p.start, p.due));
        });
        progress(h, ask, p);
        let (done, all) = (p.milestones.iter().filter(|m| m.done_on.is_some()).count(), p.milestones.len());
        h.el("details", |h| {
            h.line("summary", &words!("里程碑 {done}/{all}", "{done} of {all} milestones"));
            h.el("ol.milestones", |h| {
                for m in &p.milestones {
                    h.el(if m.done_on.is_some() { "li.done" } else { "li" }, |h| {
                        h.text(&m.title);
                        let due = if m.due == m.due_first { m.due.clone() } else { format!("{} → {}", m.due_first, m.due) };
                        h.el("span.muted", |h| h.text(&format!(" {due} ")));
                        match (&m.done_on, &m.open) {
                            (Some(day), _) => h.text(&format!("✓ {day} {}", m.evidence)),
                            (None, Some(open)) => h.el("b.loss", |h| h.text(open)),
                            _ => {}
                        }
                    });
                }
            });
        });
    });
}

/// Done as a bar, planned as a tick on it, the months' lamps as squares.
fn progress(h: &mut Html, ask: &Ask<'_>, p: &ProjectOut) {
    let (done, planned) = (percent(p.done), percent(p.planned));
    let said = match ask.lang {
        liangshan_vocab::Lang::Zh => format!("完成 {done}，计划 {planned}"),
        liangshan_vocab::Lang::En => format!("{done} done, {planned} planned"),
    };
    h.with("svg.progress", &[("viewBox", "0 0 200 12"), ("preserveAspectRatio", "none"), ("role", "img"), ("aria-label", &said)], |h| {
        h.with("rect.track", &[("width", "200"), ("height", "12")], |_| {});
        h.with(&format!("rect.done.{}", p.lamp), &[("width", &format!("{:.1}", 200.0 * p.done.clamp(0.0, 1.0))), ("height", "12")], |_| {});
        h.with("rect.plan", &[("x", &format!("{:.1}", (200.0 * p.planned.clamp(0.0, 1.0) - 1.0).max(0.0))), ("width", "2"), ("height", "12")], |_| {});
    });
    h.el("p.figures", |h| {
        h.text(&said);
        if p.overdue_days > 0 {
            let days = p.overdue_days;
            h.text(ask.say("；", "; "));
            h.el("b.loss", |h| h.say(&words!("逾期 {days} 天", "{days} days overdue")));
        }
        if let Some(paid) = p.paid.map(percent) {
            h.text(ask.say("；", "; "));
            h.say(&words!("投资完成 {paid}", "{paid} of the budget paid"));
        }
    });
    if p.lamps.is_empty() {
        return;
    }
    h.with("ol.months", &[("aria-label", ask.say("各月末的灯", "lamps at the ends of months"))], |h| {
        for (day, word) in p.lamps.iter().rev().take(12).rev() {
            let said = format!("{day} {}", lamp_title(word).get(ask.lang));
            h.with(&format!("li.{word}"), &[("title", &said)], |h| h.el("span.hidden", |h| h.text(&said)));
        }
    });
}
