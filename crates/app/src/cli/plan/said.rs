//! The plan as a terminal shows it.

use std::collections::BTreeMap;

use liangshan_accounts::targets::{Attainment, Lamp};
use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::feeds::shown as number;
use liangshan_atlas::planbook::projects::of_counties;
use liangshan_atlas::planbook::records::{Book, Record};
use liangshan_atlas::planbook::rows::{RowView, State};
use liangshan_atlas::planbook::values::Fed;
use liangshan_vocab::{Lang, Text, text};

use super::super::print::{table_of_words, worth_telling};
use super::super::{Face, aside};

/// How many rows of a list are shown before the rest is only counted.
const SHOWN: usize = 12;

/// What a lamp is called.
fn lamp(lamp: Lamp) -> Text {
    match lamp {
        Lamp::Blue => text("● 蓝（完成）", "● blue"),
        Lamp::Green => text("● 绿", "● green"),
        Lamp::Grey => text("○ 灰", "○ grey"),
        Lamp::Yellow => text("▲ 黄", "▲ yellow"),
        Lamp::Red => text("■ 红", "■ red"),
    }
}

/// What a verdict is called.
fn verdict(attained: Attainment) -> Text {
    match attained {
        Attainment::Yes => text("达到", "met"),
        Attainment::No => text("未达到", "not met"),
        Attainment::Undecidable => text("不能判定", "undecidable"),
    }
}

/// Targets, lamps, what is unowned or unfed.
pub(super) fn summary(plan: &Planbook, face: Face) -> String {
    let lang = face.lang;
    let mut out = format!("{}\n{} {}\n\n", plan.declared.title.get(lang), face.say("截至", "as of"), plan.on);
    out.push_str(&targets(plan, face));
    out.push('\n');
    out.push_str(&states(face.say("语句", "sentences"), plan.sentence_views.iter().filter(|v| v.state != State::Said), face));
    out.push_str(&states(face.say("方案点名的事项", "things the plan names"), plan.system_views.iter(), face));
    let mut lamps: BTreeMap<Lamp, usize> = BTreeMap::new();
    plan.projects.iter().for_each(|p| *lamps.entry(p.progress.lamp).or_default() += 1);
    let shown: Vec<String> = lamps.iter().rev().map(|(l, n)| format!("{} {n}", lamp(*l).get(lang))).collect();
    let contradicted = plan.projects.iter().filter(|p| !p.contradictions.is_empty()).count();
    out.push_str(&match lang {
        Lang::Zh => format!("项目 {}：{}；{contradicted} 个“已完成”与指标矛盾\n", plan.projects.len(), shown.join("  ")),
        Lang::En => format!("{} projects: {}; {contradicted} called done are contradicted by an indicator\n", plan.projects.len(), shown.join("  ")),
    });
    out.push('\n');
    out.push_str(&unfed(plan, face));
    out.push_str(&loose(plan, face));
    let telling = worth_telling(&plan.notes);
    if telling > 0 || !plan.notes.is_empty() {
        aside(&format!("{}\n", face.letters(&plan.notes)));
    }
    out
}

fn targets(plan: &Planbook, face: Face) -> String {
    let lang = face.lang;
    let rows: Vec<Vec<String>> = plan
        .targets
        .iter()
        .map(|t| {
            let s = &t.standing;
            let own = s.latest.and_then(|(year, _)| t.values.city.get(&year));
            let way = match (s.progress, s.planned) {
                (Some(gone), Some(planned)) => format!("{:.0} % / {:.0} %", 100.0 * gone, 100.0 * planned),
                _ => String::new(),
            };
            let chance = t.chance.as_ref().map(|c| format!("{:.0} %{}", 100.0 * c.probability, if c.history.prior { "*" } else { "" })).unwrap_or_default();
            let missing = if s.missing.is_empty() || s.attained != Attainment::Undecidable {
                String::new()
            } else {
                let years = s.missing.iter().map(i32::to_string).collect::<Vec<_>>().join(" ");
                format!("{}{years}", face.say("，缺 ", ", lacks "))
            };
            vec![
                t.row.id.clone(),
                t.row.title.get(lang).to_owned(),
                t.wanted(),
                s.latest.map(|(year, v)| format!("{} ({year})", number(v))).unwrap_or_default(),
                t.sources.unit.clone(),
                format!("{}{missing}", verdict(s.attained).get(lang)),
                way,
                lamp(s.lamp).get(lang).to_owned(),
                chance,
                own.map_or(Fed::Nothing, |v| v.fed).title().get(lang).to_owned(),
                own.map(|v| v.origin.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let head = match lang {
        Lang::Zh => ["目标", "名称", "要求", "现值", "单位", "结论", "进度 / 计划", "灯", "概率", "来源", "性质"],
        Lang::En => ["target", "name", "wanted", "latest", "unit", "verdict", "gone / planned", "lamp", "chance", "fed", "origin"],
    };
    let mut out = table_of_words(&head, &rows);
    if plan.targets.iter().any(|t| t.chance.as_ref().is_some_and(|c| c.history.prior)) {
        out.push_str(face.say(
            "* 历史不足五次变化，用宽的先验；概率不改变结论。\n",
            "* fewer than five yearly changes are known: a wide prior; a chance changes no verdict.\n",
        ));
    }
    out
}

fn states<'v>(what: &str, views: impl Iterator<Item = &'v RowView>, face: Face) -> String {
    let (mut by_state, mut by_fed, mut all) = (BTreeMap::<State, usize>::new(), BTreeMap::<Fed, usize>::new(), 0);
    for view in views {
        *by_state.entry(view.state).or_default() += 1;
        *by_fed.entry(view.fed).or_default() += 1;
        all += 1;
    }
    let lang = face.lang;
    let fed: Vec<String> = by_fed.iter().map(|(f, n)| format!("{} {n}", f.title().get(lang))).collect();
    let state: Vec<String> = by_state.iter().map(|(s, n)| format!("{} {n}", s.title().get(lang))).collect();
    format!("{what} {all}: {} | {}\n", fed.join("  "), state.join("  "))
}

fn unfed(plan: &Planbook, face: Face) -> String {
    let rows: Vec<&RowView> = plan.system_views.iter().filter(|v| v.state == State::Unfed).collect();
    let mut out = match face.lang {
        Lang::Zh => format!("没有数据的事项 {} 项：\n", rows.len()),
        Lang::En => format!("{} named things that nothing feeds:\n", rows.len()),
    };
    for view in rows.iter().take(SHOWN) {
        let says = view.feeds.first().map(|f| f.says.get(face.lang).to_owned()).unwrap_or_default();
        out.push_str(&format!("  {} {}  [{}]  {says}\n", view.id, view.text.zh, view.owner_title));
    }
    if rows.len() > SHOWN {
        let more = rows.len() - SHOWN;
        out.push_str(&match face.lang {
            Lang::Zh => format!("  另有 {more} 项，见 plan.csv（--out）或 --json\n"),
            Lang::En => format!("  {more} more in plan.csv (--out) or with --json\n"),
        });
    }
    out
}

fn loose(plan: &Planbook, face: Face) -> String {
    if plan.loose.is_empty() {
        return face
            .say(
                "没有悬空的：每句有责任部门与来源，每个登记册、指标、图层、项目都有语句对应。\n",
                "Nothing hangs loose: every sentence has an owner and a feed, every register, indicator, layer and project a sentence.\n",
            )
            .to_owned();
    }
    orphans(plan, face)
}

/// What hangs loose.
pub(super) fn orphans(plan: &Planbook, face: Face) -> String {
    let mut out = match face.lang {
        Lang::Zh => format!("悬空 {} 处：\n", plan.loose.len()),
        Lang::En => format!("{} hang loose:\n", plan.loose.len()),
    };
    for l in &plan.loose {
        out.push_str(&format!("  {} {}  {}  {}\n", l.what, l.id, l.why, l.says.get(face.lang)));
    }
    out
}

/// The monthly statement of projects.
pub(super) fn projects(plan: &Planbook, face: Face) -> String {
    let lang = face.lang;
    let mut out = format!("{}  {} {}\n\n", face.say("项目月报", "Statement of projects"), face.say("截至", "as of"), plan.on);
    let mut sorted: Vec<_> = plan.projects.iter().collect();
    sorted.sort_by(|a, b| (b.progress.lamp, &a.id).cmp(&(a.progress.lamp, &b.id)));
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let rows: Vec<Vec<String>> = sorted
        .iter()
        .map(|p| {
            let change = p.progress.done - p.before.done;
            vec![
                p.id.clone(),
                p.title.clone(),
                plan.office(&p.offices[0]),
                percent(p.progress.done),
                percent(p.progress.planned),
                if change == 0.0 { String::new() } else { format!("{:+.0}%", 100.0 * change) },
                if p.progress.overdue_days > 0 { p.progress.overdue_days.to_string() } else { String::new() },
                lamp(p.progress.lamp).get(lang).to_owned(),
                p.supervision.map(|s| s.title().get(lang).to_owned()).unwrap_or_default(),
                p.paid.map(percent).unwrap_or_default(),
            ]
        })
        .collect();
    let head = match lang {
        Lang::Zh => ["项目", "名称", "牵头部门", "完成", "计划", "本月", "逾期天数", "灯", "督查", "投资"],
        Lang::En => ["project", "name", "lead", "done", "planned", "month", "days late", "lamp", "supervision", "paid"],
    };
    out.push_str(&table_of_words(&head, &rows));
    out.push('\n');
    let counties: Vec<Vec<String>> = of_counties(&plan.projects)
        .iter()
        .map(|c| {
            let (done, planned) = c.done.map_or((String::new(), String::new()), |(d, p)| (percent(d), percent(p)));
            vec![plan.place(&c.county).get(lang).to_owned(), c.projects.to_string(), c.red.to_string(), done, planned]
        })
        .collect();
    let head = match lang {
        Lang::Zh => ["县（市、区）", "项目", "红灯", "完成（按预算加权）", "计划"],
        Lang::En => ["county", "projects", "red", "done, by budget", "planned"],
    };
    out.push_str(&table_of_words(&head, &counties));
    let lines: Vec<String> = plan
        .projects
        .iter()
        .flat_map(|p| {
            let contradictions = p.contradictions.iter().map(|c| format!("  {} {}：{}", p.id, face.say("称已完成，但", "is called done, but"), c.get(lang)));
            let open = p.milestones.iter().filter_map(|m| m.open.as_ref().map(|o| format!("  {} {}: {}", m.id, m.title, o.get(lang))));
            let moved = p.milestones.iter().filter(|m| m.due != m.due_first).map(|m| format!("  {} {}: {} → {}", m.id, m.title, m.due_first, m.due));
            contradictions.chain(open).chain(moved).collect::<Vec<_>>()
        })
        .collect();
    if !lines.is_empty() {
        out.push_str(face.say("\n须核对：\n", "\nTo be looked at:\n"));
        out.push_str(&lines.join("\n"));
        out.push('\n');
    }
    out
}

/// A register: what it measures and its first rows.
pub(super) fn register(plan: &Planbook, book: &Book, face: Face) -> String {
    let register = &book.register;
    let lang = face.lang;
    let origin = book.origins.iter().copied().collect::<Vec<_>>().join("+");
    let count = book.records.len();
    let mut out = match lang {
        Lang::Zh => format!("{}（{}）：{count} 条记录，{origin}\n", register.title.zh, register.id),
        Lang::En => format!("{} ({}): {count} records, {origin}\n", register.title.en, register.id),
    };
    for measure in &register.measures {
        let measured = measure.take(register, &book.records, &plan.on.to_string());
        let all = measured.all.map_or_else(|| face.say("缺数", "no value").to_owned(), number);
        out.push_str(&format!("  {}: {all} {}\n", measure.title.get(lang), if measure.unit == "1" { "" } else { &measure.unit }));
    }
    out.push('\n');
    let shown: Vec<usize> = (0..register.columns.len()).filter(|i| !register.columns[*i].personal).take(8).collect();
    let head: Vec<&str> = shown.iter().map(|i| register.columns[*i].title.get(lang)).collect();
    let rows: Vec<Vec<String>> = book.records.iter().take(20).map(|r| shown.iter().map(|i| register.shown(*i, &r.values[*i], lang)).collect()).collect();
    out.push_str(&table_of_words(&head, &rows));
    out
}

/// A record: its cells, where it stands, what happened to it, and what may be done next.
pub(super) fn record(plan: &Planbook, book: &Book, record: &Record, face: Face) -> String {
    let (register, lang) = (&book.register, face.lang);
    let mut out = format!("{} {}\n", register.title.get(lang), record.key);
    let cells = register.columns.iter().enumerate().filter(|(_, c)| !c.personal).map(|(at, column)| {
        let unit = if column.unit == "1" { "" } else { &column.unit };
        vec![column.title.get(lang).to_owned(), register.shown(at, &record.values[at], lang), unit.to_owned()]
    });
    out.push_str(&table_of_words(&[face.say("项目", "field"), face.say("内容", "value"), face.say("单位", "unit")], &cells.collect::<Vec<_>>()));
    if let Some((file, line)) = book.places.get(&record.key) {
        out.push_str(&format!("\n{} {file}:{line}\n", face.say("出自", "from")));
    }
    let touched: Vec<Vec<String>> = book
        .touched(&record.key)
        .iter()
        .map(|t| {
            let file = t.file.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
            vec![t.fact.to_string(), t.on.clone(), plan.office(&t.by), t.did.get(lang).to_owned(), file, t.digest.short().to_owned()]
        })
        .collect();
    if !touched.is_empty() {
        let head = match lang {
            Lang::Zh => ["事实", "日期", "部门", "事项", "文件", "摘要"],
            Lang::En => ["fact", "day", "office", "what", "file", "digest"],
        };
        out.push('\n');
        out.push_str(&table_of_words(&head, &touched));
    }
    let steps: Vec<Vec<String>> = book
        .open_steps(record)
        .into_iter()
        .map(|s| {
            let evidence = if s.evidence { face.say("须附佐证", "with evidence") } else { "" };
            vec![s.id.clone(), s.title.get(lang).to_owned(), book.state_title(&s.to).get(lang).to_owned(), plan.who(&s.by, lang), evidence.to_owned()]
        })
        .collect();
    if !steps.is_empty() {
        let head = match lang {
            Lang::Zh => ["可办步骤", "名称", "之后状态", "由谁办理", "佐证"],
            Lang::En => ["open step", "name", "leads to", "taken by", "evidence"],
        };
        out.push('\n');
        out.push_str(&table_of_words(&head, &steps));
    }
    let evidence = register.evidence.get(lang);
    if !evidence.is_empty() {
        out.push_str(&format!("\n{}{evidence}\n", face.say("以何为据：", "Believed by: ")));
    }
    out
}
