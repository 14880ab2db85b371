//! `rules`: standards as data, checked, listed and printed.

use std::path::Path;

use clap::ArgMatches;
use liangshan_atlas::rules::{self, Incident, Standard, Table};
use liangshan_vocab::{Lang, Problems};
use serde_json::{Value, json};

use super::print::{problems_json, table_of_words as table};
use super::{FINE, Face, PROBLEMS, WRONG_USE};

/// Checks, lists or shows.
pub(super) fn rules(matches: &ArgMatches, face: Face) -> u8 {
    match matches.subcommand() {
        Some(("check", m)) => check(m, face),
        Some(("list", m)) => list(m, face),
        Some(("show", m)) => show(m, face),
        _ => WRONG_USE,
    }
}

fn region(matches: &ArgMatches) -> Option<&Path> {
    matches.get_one::<String>("region").map(Path::new)
}

fn check(matches: &ArgMatches, face: Face) -> u8 {
    let (standards, problems) = match rules::check(region(matches)) {
        Ok(done) => done,
        Err(problems) => return face.refuse(&problems),
    };
    let incidents = rules::incidents(region(matches)).0.len();
    let (count, rules) = (standards.all().len(), standards.all().iter().map(|s| s.rules.len()).sum::<usize>() + incidents);
    if face.json {
        let mut document = problems_json(&problems, face.lang);
        document["standards"] = json!(count);
        document["rules"] = json!(rules);
        face.document(&document);
    } else if problems.is_empty() {
        face.out(&match face.lang {
            Lang::Zh => format!("{count} 个标准、{rules} 条规则，没有发现问题。"),
            Lang::En => format!("{count} standards, {rules} rules, no problems found."),
        });
    } else {
        face.out(&face.letters(&problems));
    }
    if problems.has_errors() { PROBLEMS } else { FINE }
}

fn list(matches: &ArgMatches, face: Face) -> u8 {
    let (standards, problems) = match rules::load(region(matches)) {
        Ok(done) => done,
        Err(problems) => return face.refuse(&problems),
    };
    let all = standards.all();
    let incidents = rules::incidents(region(matches)).0;
    if face.json {
        let of_incidents = incidents.iter().map(|i| {
            json!({
                "id": i.rule.id, "title": i.rule.title(), "domain": "incident", "kind": "rule", "evidence": i.rule.evidence.word(), "source": i.rule.basis,
            })
        });
        let list = all.iter().map(|s| {
            json!({
                "id": s.id, "title": s.title, "number": s.number, "domain": s.domain, "kind": s.kind, "from": s.from.to_string(),
                "until": s.until.map(|d| d.to_string()), "by_name": s.by_name, "evidence": s.evidence.word(), "source": s.source,
            })
        });
        face.document(&json!({ "standards": list.chain(of_incidents).collect::<Vec<Value>>(), "problems": problems.to_json(face.lang) }));
    } else {
        let incident = |i: &Incident| {
            let evidence = i.rule.evidence.title().get(face.lang).to_owned();
            vec![i.rule.id.clone(), "incident/rule".to_owned(), String::new(), evidence, i.rule.title().get(face.lang).to_owned()]
        };
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|s| {
                let asked = format!("{}/{}", s.domain, s.kind);
                vec![s.id.clone(), asked, period(s, face), s.evidence.title().get(face.lang).to_owned(), s.title.get(face.lang).to_owned()]
            })
            .chain(incidents.iter().map(incident))
            .collect();
        let head = [
            face.say("标识", "id"),
            face.say("领域/问题", "domain/kind"),
            face.say("施行期", "in force"),
            face.say("证据", "evidence"),
            face.say("名称", "title"),
        ];
        face.out(&table(&head, &rows));
        told(&problems, face);
    }
    if problems.has_errors() { PROBLEMS } else { FINE }
}

fn show(matches: &ArgMatches, face: Face) -> u8 {
    let Some(id) = matches.get_one::<String>("id") else { return WRONG_USE };
    let (standards, problems) = match rules::load(region(matches)) {
        Ok(done) => done,
        Err(problems) => return face.refuse(&problems),
    };
    if let Some(incident) = rules::incidents(region(matches)).0.into_iter().find(|i| i.rule.id == *id) {
        if face.json {
            face.document(&incident.rule.to_json());
        } else {
            face.out(&shown_incident(&incident, face));
        }
        return FINE;
    }
    let standard = match standards.get(id) {
        Ok(standard) => standard,
        Err(problem) => {
            // The fault that keeps it from being read says more than that it is not there.
            let mut all = problems;
            all.push(problem);
            return face.refuse(&all);
        }
    };
    if face.json {
        face.document(&standard.to_json());
    } else {
        face.out(&shown(standard, face));
        told(&problems, face);
    }
    if problems.has_errors() { PROBLEMS } else { FINE }
}

fn told(problems: &Problems, face: Face) {
    if !problems.is_empty() {
        super::aside(&face.letters(problems));
    }
}

fn period(standard: &Standard, face: Face) -> String {
    let until = standard.until.map_or("…".to_owned(), |day| day.to_string());
    let by_name = if standard.by_name { face.say("，按标识使用", ", by name") } else { "" };
    format!("[{}, {until}){by_name}", standard.from)
}

/// A standard as it is read by a person: head, notes, numbers, tables, rules.
fn shown(standard: &Standard, face: Face) -> String {
    let lang = face.lang;
    let mut out = format!("{}  {}\n{}\n\n", standard.number, standard.title.get(lang), standard.id);
    let mut line = |zh: &str, en: &str, said: &str| {
        if !said.is_empty() {
            out.push_str(&format!("{}{}{said}\n", face.say(zh, en), face.say("：", ": ")));
        }
    };
    line("施行期", "in force", &period(standard, face));
    line("代替", "supersedes", &standard.supersedes.join(face.say("、", ", ")));
    line("继承", "extends", standard.extends.as_deref().unwrap_or(""));
    line("证据", "evidence", standard.evidence.title().get(lang));
    line("来源", "source", &standard.source);
    line("说明", "note", standard.note.as_ref().map_or("", |n| n.get(lang)));
    line("文件", "file", &format!("rules/{}", standard.file));
    out.push_str(&numbers(standard, face));
    for given in &standard.tables {
        out.push_str(&format!("\n{}  {}\n{}", given.at, given.title.get(lang), tabled(given, lang)));
    }
    if !standard.rules.is_empty() {
        let rows: Vec<Vec<String>> =
            standard.rules.iter().map(|r| vec![r.id.clone(), r.test.word().to_owned(), r.samples.len().to_string(), r.title.get(lang).to_owned()]).collect();
        let head = [face.say("规则", "rule"), face.say("判断", "test"), face.say("样例", "samples"), face.say("含义", "meaning")];
        out.push_str(&format!("\n{}", table(&head, &rows)));
    }
    out
}

/// A rule of incidents as it is read by a person: head, numbers, samples.
fn shown_incident(incident: &Incident, face: Face) -> String {
    let (rule, colon) = (&incident.rule, face.say("：", ": "));
    let mut out = format!("{}\n{}\n\n", rule.title().get(face.lang), rule.id);
    let evidence = rule.evidence.title();
    for (name, said) in [
        (face.say("证据", "evidence"), evidence.get(face.lang)),
        (face.say("来源", "source"), rule.basis.as_str()),
        (face.say("文件", "file"), incident.file.as_str()),
    ] {
        out.push_str(&format!("{name}{colon}{said}\n"));
    }
    let rows: Vec<Vec<String>> = rule.entries().into_iter().map(|e| vec![e.key.to_owned(), e.value.clone(), e.title.get(face.lang).to_owned()]).collect();
    out.push_str(&format!("\n{}", table(&[face.say("键", "key"), face.say("值", "value"), face.say("含义", "meaning")], &rows)));
    let sample = |s: &liangshan_atlas::rules::Sample| {
        let title = if face.lang == Lang::Zh { &s.title_zh } else { &s.title_en };
        let values: Vec<String> = s.values.iter().map(f64::to_string).collect();
        vec![title.clone(), s.limit.clone(), values.join(" "), s.tasks.to_string(), s.notices.to_string(), s.device.to_string()]
    };
    let head = [
        face.say("样例", "sample"),
        face.say("限值", "limit"),
        face.say("序列", "series"),
        face.say("任务", "tasks"),
        face.say("提示", "notices"),
        face.say("设备", "device"),
    ];
    out.push_str(&format!("\n{}", table(&head, &rule.samples.iter().map(sample).collect::<Vec<_>>())));
    out
}

fn numbers(standard: &Standard, face: Face) -> String {
    let mut out = String::new();
    if !standard.values.is_empty() {
        let rows: Vec<Vec<String>> = standard
            .values
            .iter()
            .map(|p| vec![p.name.clone(), p.value.to_string(), p.unit.clone(), p.evidence.title().get(face.lang).to_owned(), p.title.get(face.lang).to_owned()])
            .collect();
        let head = [face.say("数值", "value"), "", face.say("单位", "unit"), face.say("证据", "evidence"), face.say("含义", "meaning")];
        out.push_str(&format!("\n{}", table(&head, &rows)));
    }
    let mut decimals: Vec<(&String, &u32)> = standard.rounding.decimals.iter().collect();
    if !decimals.is_empty() {
        decimals.sort_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
        let rows: Vec<Vec<String>> = decimals.iter().map(|(item, d)| vec![(*item).clone(), d.to_string()]).collect();
        let evidence = standard.rounding.evidence.map_or(String::new(), |e| format!("（{}）", e.title().get(face.lang)));
        let (mode, source) = (standard.rounding.mode.word(), standard.rounding.source.as_deref().unwrap_or(""));
        out.push_str(&format!("\n{} {mode}{evidence} {source}\n", face.say("修约", "rounding")));
        out.push_str(&table(&[face.say("项目", "item"), face.say("小数位数", "decimals")], &rows));
    }
    out
}

fn tabled(given: &Table, lang: Lang) -> String {
    let head: Vec<String> = given
        .columns
        .iter()
        .map(|c| match &c.unit {
            Some(unit) if unit != "1" => format!("{} ({unit})", c.title.get(lang)),
            _ => c.title.get(lang).to_owned(),
        })
        .collect();
    let rows: Vec<Vec<String>> = given.rows.iter().map(|row| row.cells.iter().map(|cell| cell.written().to_owned()).collect()).collect();
    table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}
