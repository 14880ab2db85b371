//! `conflicts`: where plans disagree, and what was decided about it.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use liangshan_atlas::conflicts::{ConflictKind, DECISIONS, Found, Group, KINDS, Spot, exchange, find, register};
use liangshan_atlas::conform::said::mu;
use liangshan_atlas::publish::refuse_folder;
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::Day;
use liangshan_atlas::{control, whole};
use liangshan_vocab::{Lang, Problems};
use serde_json::json;

use super::print::table_of_words as table;
use super::{FINE, Face, WRONG_USE};
use crate::clock::{day_in_china, now, today};

/// Lists spots, or records a decision about one.
pub(super) fn conflicts(matches: &ArgMatches, face: Face) -> u8 {
    let text_of = |name: &str| matches.get_one::<String>(name).cloned();
    let Some(folder) = text_of("region") else { return WRONG_USE };
    let on = match text_of("on").map(|said| Day::parse(&said).filter(|_| said.len() == 10)) {
        None => today(),
        Some(Some(day)) => day,
        Some(None) => return face.wrong_use(face.say("--on 的写法是日期，如 2020-06-30", "--on is a day, such as 2020-06-30")),
    };
    let between = text_of("between");
    let between = match between.as_deref().map(|said| said.split_once(',')) {
        None => None,
        Some(Some((a, b))) => Some((a.trim(), b.trim())),
        Some(None) => return face.wrong_use(face.say("--between 的写法是 图层,图层", "--between is LAYER,LAYER")),
    };
    let done = Region::open(Path::new(&folder)).and_then(|region| {
        let found = find(&region, on, between)?;
        match text_of("decide") {
            Some(spot) => decide(&region, &found, &spot, matches, face),
            None => list(&region, &found, text_of("out").map(PathBuf::from).as_deref(), face),
        }
    });
    match done {
        Ok(()) => FINE,
        Err(problems) => face.refuse(&problems),
    }
}

fn decide(region: &Region, found: &Found, spot: &str, matches: &ArgMatches, face: Face) -> Result<(), Problems> {
    let text_of = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    let (by, decision) = (text_of("by"), text_of("decision"));
    let office = control::office(region, &by)?;
    let spot = register::spot(found, spot)?;
    let moment = now();
    let fact = register::decide(&region.folder, spot, &decision, &text_of("reason"), &by, &day_in_china(moment).to_string(), moment)?;
    let title = DECISIONS.iter().find(|d| d.0 == decision).map_or("", |d| face.say(d.1, d.2));
    if face.json {
        face.document(&json!({ "spot": spot.id, "decision": decision, "by": by, "fact": fact.to_json() }));
    } else {
        let (id, seq) = (&spot.id, fact.seq);
        face.out(&match face.lang {
            Lang::Zh => format!("{id}：{title}（{office}），已记为第 {seq} 条事实。"),
            Lang::En => format!("{id}: {title} ({office}), recorded as fact {seq}."),
        });
    }
    Ok(())
}

fn list(region: &Region, found: &Found, out: Option<&Path>, face: Face) -> Result<(), Problems> {
    let document = exchange::to_json(found, face.lang);
    if let Some(out) = out {
        refuse_folder(&region.folder, out)?;
        whole::write(&out.join("conflicts.json"), format!("{document:#}\n").as_bytes())?;
        whole::write(&out.join("conflicts.csv"), &exchange::csv(found))?;
        whole::write(&out.join("conflicts.gpkg"), &exchange::geopackage(found, &region.declared.grid.crs)?)?;
    }
    if face.json {
        face.document(&document);
    } else {
        face.out(&shown(found, face));
    }
    Ok(())
}

/// The most spots of a group that are shown.
const SHOWN: usize = 5;

fn shown(found: &Found, face: Face) -> String {
    let lang = face.lang;
    let (total, decided) = found.progress();
    let mut out = String::new();
    let groups = found.groups(false);
    for group in &groups {
        out.push_str(&heading(group, face));
        let rows: Vec<Vec<String>> = group
            .spots
            .iter()
            .take(SHOWN)
            .map(|s| {
                let decision = s.decided.as_ref().map(|d| format!("{} {} {}", d.decision, d.by, d.on)).unwrap_or_default();
                vec![
                    s.id.clone(),
                    s.county.clone(),
                    format!("{:.2}", s.area_m2),
                    format!("{:.2}", mu(s.area_m2)),
                    s.severity.title().get(lang).to_owned(),
                    decision,
                ]
            })
            .collect();
        let head = [face.say("图斑", "spot"), face.say("县", "county"), "m²", face.say("亩", "mu"), face.say("程度", "severity"), face.say("决定", "decision")];
        out.push_str(&table(&head, &rows));
        group.spots.iter().take(SHOWN).for_each(|s| out.push_str(&more_of(s, face)));
        if group.spots.len() > SHOWN {
            let more = group.spots.len() - SHOWN;
            out.push_str(&match lang {
                Lang::Zh => format!("… 另有 {more} 个（--out 或 --json 全部列出）\n"),
                Lang::En => format!("… {more} more (all of them with --out or --json)\n"),
            });
        }
        out.push('\n');
    }
    let slivers = found.groups(true);
    let (count, area): (usize, f64) = slivers.iter().fold((0, 0.0), |(n, a), g| (n + g.spots.len(), a + g.area_m2()));
    let spots = found.of_ground().count();
    out.push_str(&match lang {
        Lang::Zh => format!(
            "{}：比较 {} 对图层，{spots} 个冲突图斑，共 {total:.2} m²；另有 {count} 个细碎图斑 {area:.2} m² 单列。\n已决定 {decided:.2} m²，进度 {:.2}%。\n规则 {}（{}）\n",
            found.on,
            found.pairs,
            100.0 * decided / total.max(f64::MIN_POSITIVE),
            found.rules.0,
            found.rules.2.title().zh
        ),
        Lang::En => format!(
            "{}: {} pairs of layers compared, {spots} conflict spots of {total:.2} m² in all; {count} slivers of {area:.2} m² apart.\nDecided {decided:.2} m², progress {:.2} %.\nrules {} ({})\n",
            found.on,
            found.pairs,
            100.0 * decided / total.max(f64::MIN_POSITIVE),
            found.rules.0,
            found.rules.2.title().en
        ),
    });
    out.push_str(&types(found, face));
    out
}

/// What a spot has besides its ground: its total, its times, its attributes.
fn more_of(spot: &Spot, face: Face) -> String {
    let id = &spot.id;
    let mut out = String::new();
    if let Some((planned, approved)) = spot.total_m2 {
        out.push_str(&match face.lang {
            Lang::Zh => format!("  {id}：规划 {planned:.2} m²，批准 {approved:.2} m²\n"),
            Lang::En => format!("  {id}: {planned:.2} m² planned, {approved:.2} m² approved\n"),
        });
    }
    if spot.kind == ConflictKind::Times {
        out.push_str(&format!("  {id}: {} × {}\n", exchange::years(&spot.sides[0].period), exchange::years(&spot.sides[1].period)));
    }
    if !spot.differing.is_empty() {
        out.push_str(&format!("  {id}: {} — {}\n", spot.sides[0].features.join(";"), exchange::differences(spot)));
    }
    out
}

/// Every type with its number of spots, where faults within one plan are told, and what was not examined.
fn types(found: &Found, face: Face) -> String {
    let lang = face.lang;
    let mut out = String::new();
    for said in &KINDS {
        let count = said.kind.map_or_else(|| said.when.get(lang).to_owned(), |kind| found.count(kind).to_string());
        out.push_str(&format!("{} {}: {count}\n", said.word, said.title.get(lang)));
    }
    out.push_str(face.say("C4 与 C7 不计入面积与进度。\n", "C4 and C7 are in neither area nor progress.\n"));
    for note in found.notes.iter() {
        out.push_str(&format!("{}: {}; {}\n", face.say("未检验", "not examined"), note.what.get(lang), note.fix.get(lang)));
    }
    out
}

fn heading(group: &Group<'_>, face: Face) -> String {
    let lang = face.lang;
    let side = |i: usize| {
        let side = &group.sides[i];
        format!("{} [{}]", side.title.get(lang), side.office.1)
    };
    let (kind, count, area) = (group.kind, group.spots.len(), group.area_m2());
    let spots = face.say("个图斑", "spots");
    if !kind.is_of_ground() {
        let (word, title) = (kind.word(), kind.title());
        return format!("{word} {}   {} × {}   {count} {spots}\n", title.get(lang), side(0), side(1));
    }
    format!(
        "{} {}   {} × {}   {count} {spots}，{area:.2} m²（{:.2} {}）\n",
        kind.word(),
        kind.title().get(lang),
        side(0),
        side(1),
        mu(area),
        face.say("亩", "mu")
    )
}
