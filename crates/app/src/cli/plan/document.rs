//! The plan as JSON.

use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::projects::{CountyScore, ProjectView, of_counties};
use liangshan_atlas::planbook::records::{Book, Record};
use liangshan_atlas::planbook::rows::RowView;
use liangshan_atlas::planbook::targets::TargetView;
use liangshan_vocab::Lang;
use serde_json::{Value, json};

/// The whole document; only projects, or only what hangs loose, where that was asked for.
pub(super) fn document(plan: &Planbook, projects: bool, orphans: bool, lang: Lang) -> Value {
    let loose: Vec<Value> = plan.loose.iter().map(|l| json!({ "what": l.what, "id": l.id, "why": l.why, "says": l.says.get(lang) })).collect();
    let board: Vec<Value> = plan.projects.iter().map(|p| project(p, lang)).collect();
    let head = json!({ "plan": plan.declared.id, "title": plan.declared.title, "on": plan.on.to_string() });
    let mut document = head;
    if projects {
        document["projects"] = board.into();
        let county =
            |c: &CountyScore| json!({ "place": c.county, "projects": c.projects, "red": c.red, "done": c.done.map(|d| d.0), "planned": c.done.map(|d| d.1) });
        document["counties"] = of_counties(&plan.projects).iter().map(county).collect();
        return document;
    }
    if orphans {
        document["orphans"] = loose.into();
        return document;
    }
    document["targets"] = plan.targets.iter().map(|t| target(t, lang)).collect();
    document["sentences"] = plan.sentence_views.iter().map(|v| row(v, lang)).collect();
    document["systems"] = plan.system_views.iter().map(|v| row(v, lang)).collect();
    document["projects"] = board.into();
    document["orphans"] = loose.into();
    document["green_index"] = plan.green.as_ref().map_or(Value::Null, |g| {
        let groups: Vec<Value> = g
            .groups
            .iter()
            .map(|(id, title, weight, applying, known)| json!({ "group": id, "title": title, "weight": weight, "applying": applying, "known": known }))
            .collect();
        let counties: Vec<Value> = g
            .counties
            .iter()
            .map(|c| json!({ "place": c.code, "groups": c.groups, "index": c.index, "rank": c.rank, "assessment": c.assessment, "grade": c.grade.word() }))
            .collect();
        json!({ "year": g.year, "applying": g.applying, "known": g.known, "evidence": g.evidence, "groups": groups, "counties": counties })
    });
    let registers = plan.books.iter().map(|b| json!({ "id": b.register.id, "title": b.register.title, "records": b.records.len(), "origin": b.origins }));
    document["registers"] = registers.collect();
    document
}

fn target(t: &TargetView, lang: Lang) -> Value {
    let s = &t.standing;
    let of = |at: Option<(i32, f64)>| at.map_or(Value::Null, |(year, value)| json!({ "year": year, "value": value }));
    let series: Vec<Value> = t
        .values
        .city
        .iter()
        .map(|(year, v)| json!({ "year": year, "value": v.value, "fed": v.fed.word(), "origin": v.origin, "source": v.source.get(lang), "vintage": v.vintage }))
        .collect();
    let parts: Vec<Value> =
        t.parts.iter().map(|p| json!({ "place": p.place, "part": p.target, "value": p.value, "gap": p.gap, "meets": p.meets.word() })).collect();
    json!({
        "id": t.row.id, "title": t.row.title, "target": t.wanted(), "value": t.row.value, "unit": t.sources.unit, "kind": t.row.aim.sort.word(), "due": t.row.aim.due,
        "owner": t.sources.owner, "base": of(s.base), "latest": of(s.latest), "attained": s.attained.word(), "now": s.now.word(), "missing_years": s.missing,
        "progress": s.progress, "planned": s.planned, "lamp": s.lamp.word(), "series": series,
        "short": t.values.short.iter().map(|(y, why)| json!({ "year": y, "why": why.get(lang) })).collect::<Vec<_>>(),
        "break_down": t.sources.break_down.map(|r| r.word()), "parts_year": t.parts_year, "parts": parts,
        "chance": t.chance.as_ref().map(|c| json!({
            "probability": c.probability, "hits": c.hits, "draws": c.draws, "seed": c.seed, "years": c.years, "changes": c.history.changes, "mean": c.history.mean,
            "deviation": c.history.deviation, "prior": c.history.prior,
        })),
        "formula": t.row.formula, "quote": t.row.quote,
    })
}

fn row(v: &RowView, lang: Lang) -> Value {
    let feeds: Vec<Value> = v
        .feeds
        .iter()
        .map(|f| json!({ "feed": f.feed.to_string(), "fed": f.fed.word(), "lamp": f.lamp.map(|l| l.word()), "says": f.says.get(lang), "origin": f.origin }))
        .collect();
    json!({ "id": v.id, "of": v.of, "kind": v.kind, "text": v.text.get(lang), "owner": v.owner, "owner_name": v.owner_title, "fed": v.fed.word(), "state": v.state.word(), "feeds": feeds })
}

fn project(p: &ProjectView, lang: Lang) -> Value {
    let milestones: Vec<Value> = p
        .milestones
        .iter()
        .map(|m| {
            json!({
                "id": m.id, "title": m.title, "weight": m.weight, "due_first": m.due_first.to_string(), "due": m.due.to_string(),
                "done_on": m.done_on.map(|d| d.to_string()), "evidence": m.evidence, "accepted_by": m.accepted_by, "open": m.open.as_ref().map(|o| o.get(lang)),
            })
        })
        .collect();
    let lamps: Vec<Value> = p.lamps.iter().map(|(month, lamp)| json!({ "month": month, "lamp": lamp.word() })).collect();
    json!({
        "id": p.id, "title": p.title, "clause": p.clause, "task": p.task, "lead": p.offices[0], "helps": p.offices[1], "county": p.county, "post": p.post, "start": p.start,
        "due": p.due, "done": p.progress.done, "planned": p.progress.planned, "gap": p.progress.gap, "overdue_days": p.progress.overdue_days,
        "lamp": p.progress.lamp.word(), "done_last_month": p.before.done, "supervision": p.supervision.map(|s| s.word()), "paid": p.paid,
        "milestones": milestones, "lamps": lamps, "contradictions": p.contradictions.iter().map(|c| c.get(lang)).collect::<Vec<_>>(),
    })
}

/// A register with its form and its records; columns that name persons are left out.
pub(super) fn register(plan: &Planbook, book: &Book) -> Value {
    let on = plan.on.to_string();
    let measures: Vec<Value> = book
        .register
        .measures
        .iter()
        .map(|m| {
            let measured = m.take(&book.register, &book.records, &on);
            json!({ "id": m.id, "title": m.title, "unit": m.unit, "all": measured.all, "places": measured.places, "records": measured.records })
        })
        .collect();
    let records: Vec<Value> = book.records.iter().map(|r| Value::Object(book.register.object(r, true))).collect();
    json!({ "form": book.register.form(), "files": book.files, "origin": book.origins, "on": on, "measures": measures, "records": records })
}

/// A record with what happened to it and the steps that are open; columns that name persons are left out.
pub(super) fn record(plan: &Planbook, book: &Book, record: &Record, lang: Lang) -> Value {
    let register = &book.register;
    let touched = book.touched(&record.key).iter().map(|t| {
        let file = t.file.as_ref().map(|(name, path)| json!({ "name": name, "path": path }));
        json!({ "fact": t.fact, "digest": t.digest, "on": t.on, "by": t.by, "did": t.did.get(lang), "file": file })
    });
    let open = book.open_steps(record).into_iter();
    let steps: Vec<Value> = open.map(|s| json!({ "id": s.id, "title": s.title, "to": s.to, "by": s.by, "evidence": s.evidence })).collect();
    let place = book.places.get(&record.key).map(|(file, line)| json!({ "file": file, "row": line }));
    json!({
        "register": register.id, "key": record.key, "on": plan.on.to_string(), "record": register.object(record, true), "where": place, "state": register.state(record),
        "history": touched.collect::<Vec<Value>>(), "steps": steps, "evidence": register.evidence,
    })
}
