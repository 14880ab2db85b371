//! `zones`: areas, shares and what ecosystems give by zone and line.

use std::path::Path;

use clap::ArgMatches;
use liangshan_accounts::catalogue;
use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::without;
use liangshan_atlas::book::{Hooks, Options};
use liangshan_atlas::publish::Page;
use liangshan_atlas::rules::Day;
use liangshan_atlas::zones::pattern::Pattern;
use liangshan_atlas::zones::publish::{Done, open, write};
use liangshan_atlas::zones::sheet::{Line, ZoneSheet, m2};
use liangshan_vocab::{Fen, Lang, Problems, Severity};
use serde_json::{Value, json};

use super::print::{Progress, problems_json, table};
use super::region::{merge, money, options};
use super::{FINE, Face, WRONG_USE};
use crate::clock::today;

/// Sets with more zones than this are printed as their sum; the files have all of them.
const MOST_LINES: usize = 20;

/// The account by zone and line.
pub(super) fn zones(matches: &ArgMatches, face: Face) -> u8 {
    let Some(region) = matches.get_one::<String>("region") else { return WRONG_USE };
    let on = match matches.get_one::<String>("on") {
        Some(said) => Day::parse(said).filter(|day| day.to_string() == *said),
        None => Some(today()),
    };
    let Some(on) = on else {
        return face.wrong_use(face.say("--on 的写法是日期，如 2020-12-31", "--on is a day, such as 2020-12-31"));
    };
    let wants_pattern = matches.get_flag("pattern");
    let office = matches.get_one::<String>("office").cloned();
    let options = match options(matches) {
        Ok(options) => Options { zones_on: Some(on), ..options },
        Err(problems) => return face.refuse(&problems),
    };
    let progress = Progress::new(face);
    let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| false };
    let made = open(Path::new(region), &options, hooks);
    progress.end();
    let told = made.and_then(|book| {
        let Some(sheet) = ZoneSheet::of(&book, office.as_deref())? else { return Ok(WRONG_USE) };
        let pattern = if wants_pattern { Some(Pattern::of(&book, sheet.zones, &sheet.rules)?) } else { None };
        let pages = vec![Page { file: "zones.html".into(), bytes: crate::ui::zones(&sheet, pattern.as_ref()).into_bytes() }];
        let done = write(&sheet, pattern.as_ref(), &options, pages)?;
        if face.json {
            face.document(&document(&sheet, pattern.as_ref(), &done, face.lang));
        } else {
            face.out(&shown(&sheet, pattern.as_ref(), &done, face));
        }
        Ok(FINE)
    });
    told.unwrap_or_else(|problems| face.refuse(&problems))
}

fn shown(sheet: &ZoneSheet<'_>, pattern: Option<&Pattern>, done: &Done, face: Face) -> String {
    let lang = face.lang;
    let region = &sheet.book.prepared.region.declared;
    let mut out = match lang {
        Lang::Zh => format!("{}  {} 时施行的分区与控制线  {}\n", region.title.zh, sheet.zones.day, sheet.book.assembled.account.profile),
        Lang::En => format!("{}  zones and lines in force on {}  {}\n", region.title.en, sheet.zones.day, sheet.book.assembled.account.profile),
    };
    if let Some(office) = &sheet.office {
        out.push_str(&format!("{}{}（{}）\n", face.say("只列该部门负责的：", "What this office answers for: "), office.name, office.id));
    }
    if sheet.zones.origin.has_synthetic() {
        out.push_str(face.say("分区与控制线为合成（虚构）数据，没有法律效力。\n", "The zones and lines are synthetic (invented) and have no legal force.\n"));
    }
    let (from, to) = (sheet.years().first().copied(), sheet.years().last().copied());
    for (at, set) in sheet.zones.sets.iter().enumerate() {
        let lines: Vec<&Line> = sheet.lines_of(at).collect();
        if lines.is_empty() {
            continue;
        }
        let many = lines.len() > MOST_LINES;
        let mut rows: Vec<Vec<String>> = if many { Vec::new() } else { lines.iter().map(|l| row(sheet, l, from, to, lang)).collect() };
        if many {
            rows.push(sum_row(sheet, &lines, from, to, face));
        }
        let (value, unit) = (to.map(|y| y.to_string()).unwrap_or_default(), face.say("亿元", "million CNY"));
        let change = match (from, to) {
            (Some(from), Some(to)) if from != to => format!("{}{from}–{to}", face.say("变化", "change ")),
            _ => String::new(),
        };
        let head =
            [set.title.get(lang), "km²", face.say("公顷", "ha"), face.say("亩", "mu"), "%", &format!("{value} {unit}"), &change, face.say("预警", "alerts")];
        out.push_str(&format!("\n{}", table(&head, &rows)));
    }
    out.push_str(&pattern.map(|p| compared(p, face)).unwrap_or_default());
    out.push_str(&own_projects(sheet, face));
    out.push_str(&closing(sheet, done, face));
    out
}

/// What changed in the zones of each office, its own projects told apart.
fn own_projects(sheet: &ZoneSheet<'_>, face: Face) -> String {
    let lang = face.lang;
    let Some(pair) = sheet.account.changes.last().map(|c| (c.from, c.to)) else { return String::new() };
    let mut out = format!("\n{}{}–{}\n", face.say("各部门项目 ", "Projects of offices "), pair.0, pair.1);
    for office in sheet.offices_shown() {
        out.push_str(&format!("  {}（{}）{}\n", office.name, office.id, sheet.own_words(&office, pair).get(lang)));
        for line in sheet.lines_of_office(&office) {
            let Some(own) = sheet.own(&office, line, pair).filter(|own| !own.projects.is_empty()) else { continue };
            let Some((_, _, whole)) = line.changes.iter().find(|c| (c.0, c.1) == pair) else { continue };
            let (inside, outside) = (own.change.parts.of(Factor::LandCover), without(whole, &own.change).parts.of(Factor::LandCover));
            let (title, inside, outside, area, moved) = (line.title.get(lang), inside.yuan(), outside.yuan(), m2(own.ground.area), m2(own.ground.moved));
            out.push_str(&match lang {
                Lang::Zh => format!("    {title}：土地覆被在项目用地内 {inside} 元，项目以外 {outside} 元；用地 {area:.0} m²，类型净变化 {moved:.0} m²\n"),
                Lang::En => format!(
                    "    {title}: land cover inside the sites {inside} CNY, outside {outside} CNY; sites {area:.0} m², {moved:.0} m² net of another type\n"
                ),
            });
        }
    }
    out
}

/// The same for programs.
fn own_json(sheet: &ZoneSheet<'_>, lang: Lang) -> Vec<Value> {
    let mut out = Vec::new();
    for pair in sheet.account.changes.iter().map(|c| (c.from, c.to)) {
        for office in sheet.offices_shown() {
            let zones: Vec<Value> = sheet
                .lines_of_office(&office)
                .filter_map(|line| {
                    let (own, (_, _, whole)) = (sheet.own(&office, line, pair)?, line.changes.iter().find(|c| (c.0, c.1) == pair)?);
                    let projects: Vec<&str> = own.projects.iter().map(|p| p.id.as_str()).collect();
                    let (inside, outside) = (own.change.parts.of(Factor::LandCover), without(whole, &own.change).parts.of(Factor::LandCover));
                    Some(json!({ "set": sheet.zones.sets[line.set].id, "zone": line.id, "change_fen": whole.after - whole.before,
                        "weather_fen": whole.parts.of(Factor::Weather), "price_fen": whole.parts.of(Factor::Price), "land_cover_outside_fen": outside,
                        "own_projects_fen": inside, "rest_fen": whole.parts.of(Factor::Rest), "site_m2": m2(own.ground.area),
                        "moved_m2": m2(own.ground.moved), "projects": projects }))
                })
                .collect();
            let examined = sheet.sited(&office.id, pair).is_some();
            let origin = sheet.zones.sites.as_ref().filter(|_| examined).map(|s| s.origin.word());
            out.push(json!({ "from": pair.0, "to": pair.1, "office": office.id, "examined": examined, "said": sheet.own_words(&office, pair).get(lang),
                "sites_origin": origin, "zones": zones }));
        }
    }
    out
}

fn row(sheet: &ZoneSheet<'_>, line: &Line, from: Option<i32>, to: Option<i32>, lang: Lang) -> Vec<String> {
    let area = m2(line.area());
    let value = |year: Option<i32>| year.and_then(|y| line.value.get(&y)).copied().unwrap_or_default();
    let moved = line.changes.iter().find(|c| Some(c.1) == to && from != to).map(|c| money(c.2.after - c.2.before, lang)).unwrap_or_default();
    let alerts = if line.alerts.is_empty() { String::new() } else { line.alerts.len().to_string() };
    vec![
        line.title.get(lang).to_owned(),
        format!("{:.2}", area / 1e6),
        format!("{:.2}", area / 1e4),
        format!("{:.1}", area * 15.0 / 1e4),
        format!("{:.2}", 100.0 * line.area() as f64 / sheet.whole() as f64),
        money(value(to), lang),
        moved,
        alerts,
    ]
}

fn sum_row(sheet: &ZoneSheet<'_>, lines: &[&Line], from: Option<i32>, to: Option<i32>, face: Face) -> Vec<String> {
    let area: i128 = lines.iter().map(|l| l.area()).sum();
    let value = to.map(|y| lines.iter().filter_map(|l| l.value.get(&y)).copied().sum()).unwrap_or_default();
    let moved = lines.iter().flat_map(|l| &l.changes).filter(|c| Some(c.1) == to && from != to).map(|c| c.2.after - c.2.before).sum();
    let alerts: usize = lines.iter().map(|l| l.alerts.len()).sum();
    let count = lines.iter().filter(|l| l.zone.is_some()).count();
    vec![
        match face.lang {
            Lang::Zh => format!("{count} 个分区合计（逐个见 zones.csv）"),
            Lang::En => format!("{count} zones together (each in zones.csv)"),
        },
        format!("{:.2}", m2(area) / 1e6),
        format!("{:.2}", m2(area) / 1e4),
        format!("{:.1}", m2(area) * 15.0 / 1e4),
        format!("{:.2}", 100.0 * area as f64 / sheet.whole() as f64),
        money(value, face.lang),
        money(moved, face.lang),
        alerts.to_string(),
    ]
}

fn closing(sheet: &ZoneSheet<'_>, done: &Done, face: Face) -> String {
    let lang = face.lang;
    let mut out = String::new();
    if let Some(share) = sheet.eco_share() {
        let (share, least, method) = (100.0 * share, 100.0 * sheet.rules.eco_space_least, sheet.method());
        let holds = share >= least;
        out.push_str(&match lang {
            Lang::Zh => format!("\n生态空间占比 {share:.4}%，要求不低于 {least}%：{}\n  {}\n", if holds { "达到" } else { "未达到" }, method.zh),
            Lang::En => format!("\nEcological space {share:.4} %, at least {least} % wanted: {}\n  {}\n", if holds { "met" } else { "not met" }, method.en),
        });
    }
    out.push('\n');
    for checked in &sheet.checked {
        let holds = match checked.holds.word() {
            "yes" => face.say("成立", "holds"),
            "no" => face.say("不成立", "does not hold"),
            _ => face.say("无法判定", "undecidable"),
        };
        let [errors, _, notes] = checked.problems.counts();
        let found = match lang {
            _ if checked.pieces == 0 && errors + notes == 0 => String::new(),
            Lang::Zh => format!("（图斑 {} 处 {:.2} m²；问题 {errors}，提示 {notes}）", checked.pieces, checked.area_m2),
            Lang::En => format!(" ({} pieces, {:.2} m²; {errors} faults, {notes} notes)", checked.pieces, checked.area_m2),
        };
        out.push_str(&format!("  {}  {}：{holds}{found}\n", checked.rule, checked.title.get(lang)));
    }
    let faults = Problems(sheet.problems().0.into_iter().filter(|p| p.severity == Severity::Error).collect());
    if !faults.is_empty() {
        out.push_str(&format!("\n{}", face.letters(&faults)));
    }
    let mut by: std::collections::BTreeMap<(usize, String), Fen> = std::collections::BTreeMap::new();
    for ((year, id), (value, _)) in sheet.undivided() {
        let whole = id.split_once('.').map_or(id.as_str(), |(whole, _)| whole).to_owned();
        if Some(&year) == sheet.years().last() {
            *by.entry((catalogue::rank(&whole).0, whole)).or_default() += value;
        }
    }
    let title = |id: &str| catalogue::indicator(id).map_or_else(|| id.to_owned(), |known| known.title.get(lang).to_owned());
    let undivided: Vec<String> = by.into_iter().map(|((_, id), value)| format!("{} {}", title(&id), money(value, lang))).collect();
    if !undivided.is_empty() {
        let list = undivided.join(face.say("、", ", "));
        out.push_str(&format!("\n{}{list}\n", face.say("不分区的指标（亿元）：", "Not divided by zone (million CNY): ")));
    }
    let (folder, written, kept, book) = (done.out.display(), done.written, done.kept, sheet.book);
    out.push_str(&match lang {
        Lang::Zh => format!("\n结果在 {folder}：写出 {written} 个文件，{kept} 个未变；核算 {} 项，沿用 {} 项。先看 zones.html。\n", book.made, book.reused),
        Lang::En => format!(
            "\nResults in {folder}: {written} files written, {kept} unchanged; {} streams made, {} reused. Look at zones.html first.\n",
            book.made, book.reused
        ),
    });
    out
}

fn document(sheet: &ZoneSheet<'_>, pattern: Option<&Pattern>, done: &Done, lang: Lang) -> Value {
    let lines: Vec<Value> = sheet.lines.iter().map(|l| line_json(sheet, l, lang)).collect();
    let checked: Vec<Value> = sheet
        .checked
        .iter()
        .map(|c| json!({ "rule": c.rule, "title": c.title.get(lang), "layers": c.layers, "holds": c.holds.word(), "pieces": c.pieces, "area_m2": c.area_m2 }))
        .collect();
    let undivided: Vec<Value> = sheet
        .undivided()
        .into_iter()
        .map(|((year, id), (value, reason))| json!({ "year": year, "indicator": id, "value_fen": value, "reason": reason.get(lang) }))
        .collect();
    let mut document = json!({
        "status": "done", "out": done.out.display().to_string(), "region": sheet.book.prepared.region.declared.id, "on": sheet.zones.day.to_string(),
        "profile": sheet.book.assembled.account.profile, "years": sheet.years(), "origin": sheet.zones.origin.word(), "method": sheet.method().get(lang),
        "eco_space_share": sheet.eco_share(), "eco_space_least": sheet.rules.eco_space_least, "zones": lines, "rules": checked, "undivided": undivided,
        "own_projects": own_json(sheet, lang),
        "files_written": done.written, "files_kept": done.kept, "streams_made": sheet.book.made, "streams_reused": sheet.book.reused,
    });
    if let Some(pattern) = pattern {
        merge(&mut document, json!({ "pattern": pattern_json(pattern) }));
    }
    merge(&mut document, problems_json(&sheet.problems(), lang));
    document
}

fn pattern_json(pattern: &Pattern) -> Value {
    let corridors: Vec<Value> = pattern
        .chosen()
        .map(|(at, c)| json!({ "corridor": at + 1, "sources": [c.between.0 + 1, c.between.1 + 1], "length_m": pattern.length_m(c), "cost": c.cost, "importance": c.importance }))
        .collect();
    let drawn: Vec<Value> = pattern
        .drawn
        .iter()
        .map(|d| json!({ "layer": d.layer, "id": d.id, "name": d.name, "length_m": d.length_m, "near_kept": d.near_kept, "near_any": d.near_any, "near_source": d.near_source }))
        .collect();
    let runs: Vec<Value> = pattern
        .runs
        .iter()
        .map(|r| json!({ "factor": r.factor, "class": r.class, "by": r.by, "same": r.same, "cost": r.cost, "same_all": r.same_all, "cost_all": r.cost_all }))
        .collect();
    json!({
        "year": pattern.year, "sources": pattern.sources.areas_m2.len(), "sources_m2": pattern.sources.areas_m2.iter().sum::<f64>(), "candidates": pattern.corridors.len(),
        "near_m": pattern.rules.near_m, "kept": corridors, "drawn": drawn, "sensitivity": runs, "absent_factors": pattern.terrain.absent,
    })
}

/// The drawn pattern beside the candidates.
fn compared(pattern: &Pattern, face: Face) -> String {
    let (sources, all, kept, near) = (pattern.sources.areas_m2.len(), pattern.corridors.len(), pattern.kept.len(), pattern.rules.near_m);
    let mut out = match face.lang {
        Lang::Zh => format!("\n安全格局候选：源地 {sources} 处，候选廊道 {all} 条，保留 {kept} 条。绘制的要素在 {near} 米内的吻合比例（%）：\n"),
        Lang::En => {
            format!("\nCandidates of the security pattern: {sources} sources, {all} corridors, {kept} kept. Share of drawn elements within {near} m (%):\n")
        }
    };
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let row =
        |d: &liangshan_atlas::zones::pattern::Drawn| vec![format!("{} {}", d.id, d.name), percent(d.near_kept), percent(d.near_any), percent(d.near_source)];
    let rows: Vec<Vec<String>> = pattern.drawn.iter().map(row).collect();
    let head = [face.say("绘制的要素", "drawn"), face.say("近保留廊道", "kept"), face.say("近任一候选", "any"), face.say("近源地", "source")];
    out.push_str(&table(&head, &rows));
    out
}

fn line_json(sheet: &ZoneSheet<'_>, line: &Line, lang: Lang) -> Value {
    let zone = line.zone.map(|z| &sheet.zones.zones[z]);
    let places = &sheet.book.prepared.places.counties;
    let counties: serde_json::Map<String, Value> = line.counties.iter().map(|(c, a)| (places[*c].code.clone(), json!(m2(*a)))).collect();
    let by_year = |of: &std::collections::BTreeMap<i32, liangshan_vocab::Fen>| -> serde_json::Map<String, Value> {
        of.iter().map(|(year, value)| (year.to_string(), json!(value))).collect()
    };
    let changes: Vec<Value> = line
        .changes
        .iter()
        .map(|(from, to, c)| {
            let mut change = json!({ "from": from, "to": to, "before_fen": c.before, "after_fen": c.after });
            let parts: serde_json::Map<String, Value> = Factor::ALL.iter().map(|f| (format!("{}_fen", f.word()), json!(c.parts.of(*f)))).collect();
            merge(&mut change, Value::Object(parts));
            change
        })
        .collect();
    let alerts: Vec<Value> = line
        .alerts
        .iter()
        .map(|a| json!({ "measure": a.measure.word(), "title": a.title().get(lang), "from": a.from, "to": a.to, "decline": a.share, "threshold": a.threshold }))
        .collect();
    json!({
        "set": sheet.zones.sets[line.set].id, "kind": sheet.zones.sets[line.set].kind.word(), "zone": line.id, "name": line.title.get(lang),
        "layer": zone.map(|z| &z.layer), "office": zone.map(|z| &z.office), "edition": zone.map(|z| &z.edition), "adopted": zone.map(|z| z.adopted.to_string()),
        "area_m2": m2(line.area()), "share": line.area() as f64 / sheet.whole() as f64, "counties_m2": counties,
        "value_fen": by_year(&line.value), "mapped_fen": by_year(&line.mapped), "changes": changes, "alerts": alerts,
    })
}
