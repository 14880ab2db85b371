//! `conform`: what the lines and zones say about a project's site.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use liangshan_atlas::book::{Hooks, Options};
use liangshan_atlas::conform::becomes::becomes;
use liangshan_atlas::conform::reading::read_sites;
use liangshan_atlas::conform::said::{clause, headline, mu, standing_title, to_json, verdict_title};
use liangshan_atlas::conform::verify::{Given, Held, verify};
use liangshan_atlas::conform::way_out::{moves, steps};
use liangshan_atlas::conform::{Asked, Desks, Line, Measure, Refused, SiteOpinion, Sites, Standing, Verdict, exchange};
use liangshan_atlas::publish::refuse_folder;
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::Day;
use liangshan_atlas::{Crs, whole};
use liangshan_vocab::{Lang, Problem, Problems, Text, text};
use serde_json::{Value, json};

use super::becoming;
use super::print::{Progress, aside, table_of_words as table};
use super::{FINE, Face, PROBLEMS, WRONG_USE};
use crate::clock::today;

/// Judges sites, or checks an opinion again.
pub(super) fn conform(matches: &ArgMatches, face: Face) -> u8 {
    let text_of = |name: &str| matches.get_one::<String>(name).cloned();
    let Some(folder) = text_of("region") else { return WRONG_USE };
    let asked = match asked(matches, face) {
        Ok(asked) => asked,
        Err(code) => return code,
    };
    let region = match Region::open(Path::new(&folder)) {
        Ok(region) => region,
        Err(problems) => return face.refuse(&problems),
    };
    let wanted = match wanted(matches) {
        Ok(wanted) => wanted,
        Err(problems) => return face.refuse(&problems),
    };
    match (text_of("site"), text_of("verify")) {
        (Some(site), None) => judge(&region, &site, &asked, wanted.as_ref(), text_of("out").map(PathBuf::from).as_deref(), face),
        (None, Some(file)) => again(&region, &file, face),
        _ => face.wrong_use(face.say("给出 --site 文件，或 --verify 意见.json", "name a file with --site, or an opinion with --verify")),
    }
}

fn asked(matches: &ArgMatches, face: Face) -> Result<Asked, u8> {
    let text_of = |name: &str| matches.get_one::<String>(name).cloned();
    let day = |said: &str| Day::parse(said).filter(|_| said.len() == 10);
    let on = match text_of("on") {
        None => None,
        Some(said) => Some(day(&said).ok_or_else(|| face.wrong_use(face.say("--on 的写法是日期，如 2020-06-30", "--on is a day, such as 2020-06-30")))?),
    };
    let mut facts = Vec::new();
    for said in matches.get_many::<String>("fact").into_iter().flatten() {
        let Some((field, word)) = said.split_once('=') else {
            return Err(face.wrong_use(face.say("--fact 的写法是 属性=取值，如 planned_use=housing", "--fact is FIELD=VALUE, such as planned_use=housing")));
        };
        facts.push((field.trim().to_owned(), word.trim().to_owned()));
    }
    let crs = text_of("crs").map(|said| Crs::parse(&said)).transpose().map_err(|p| face.refuse(&p.into()))?;
    let north_first = text_of("axes").map(|axes| axes == "north-east");
    Ok(Asked { on, today: today(), facts, crs, north_first, layer: text_of("layer") })
}

/// What would change if the sites became another class, asked for.
struct Wanted {
    class: String,
    options: Options,
}

fn wanted(matches: &ArgMatches) -> Result<Option<Wanted>, Problems> {
    let Some(class) = matches.get_one::<String>("becomes").cloned() else { return Ok(None) };
    let mut options = super::region::options(matches)?;
    options.out = None;
    Ok(Some(Wanted { class, options }))
}

/// The bytes of a file, or of standard input for `-`.
fn bytes(file: &str) -> Result<Vec<u8>, Problem> {
    let read = if file == "-" {
        let mut all = Vec::new();
        std::io::stdin().lock().read_to_end(&mut all).map(|_| all)
    } else {
        std::fs::read(file)
    };
    read.map_err(|e| whole::cannot_read(file, &e))
}

fn judge(region: &Region, file: &str, asked: &Asked, wanted: Option<&Wanted>, out: Option<&Path>, face: Face) -> u8 {
    if let Some(Err(problem)) = out.map(|out| refuse_folder(&region.folder, out)) {
        return face.refuse(&problem.into());
    }
    let read = bytes(file).map_err(Refused::from).and_then(|bytes| read_sites(&bytes, region, asked));
    let sites = match read {
        Ok(sites) => sites,
        Err(refused) => return refuse(region, refused, file, out, face),
    };
    let done = Desks::open(region, &sites.sites).and_then(|desks| {
        let opinions = desks.opinions(&sites.sites)?;
        let progress = Progress::new(face);
        let hooks = Hooks { progress: &|stage| progress.tell(stage), cancelled: &|| false };
        let changed = wanted.map(|w| becomes(&region.folder, &w.options, &sites.sites, &w.class, hooks)).transpose();
        progress.end();
        let changed = changed?;
        let mut made = document(&sites, &opinions, face.lang);
        if let Some(changed) = &changed {
            made["becomes"] = becoming::to_json(changed, face.lang);
        }
        if let Some(out) = out {
            write(&made, &opinions, &sites, &region.declared.title, out, face)?;
        }
        if face.json {
            face.document(&made);
        } else {
            if !sites.notes.is_empty() {
                aside(&face.letters(&sites.notes));
            }
            face.out(&format!("{}{}", shown(&sites, &opinions, face), changed.map(|c| becoming::shown(&c, face)).unwrap_or_default()));
        }
        Ok(())
    });
    match done {
        Ok(()) => FINE,
        Err(problems) => face.refuse(&Problems(problems.0.into_iter().map(|p| p.or_file(file)).collect())),
    }
}

/// Tells why sites cannot be judged, and writes the repairs that are proposed.
fn refuse(region: &Region, refused: Refused, file: &str, out: Option<&Path>, face: Face) -> u8 {
    let mut problems = refused.problems.or_file(file);
    if let (Some(out), false) = (out, refused.repairs.is_empty()) {
        let written = exchange::repairs(&refused.repairs, &region.declared.grid.crs)
            .and_then(|made| whole::write(&out.join("repaired.geojson"), format!("{made:#}\n").as_bytes()));
        problems.keep(written);
    }
    face.refuse(&problems)
}

/// The most sites that get a page each; a larger batch gets one for each that does not pass, up to it.
const MOST_PAGES: usize = 200;

/// Writes everything about opinions into a folder.
fn write(document: &Value, opinions: &[SiteOpinion<'_>], sites: &Sites, region: &Text, out: &Path, face: Face) -> Result<(), Problems> {
    let few = opinions.len() <= MOST_PAGES;
    for (at, opinion) in opinions.iter().enumerate().filter(|(_, o)| few || o.opinion.verdict != Verdict::Pass).take(MOST_PAGES) {
        let page = crate::ui::opinion(opinion, &sites.reading, region, face.lang);
        whole::write(&out.join(format!("opinion-{}.html", file_name(&opinion.site.id, at))), page.as_bytes())?;
    }
    let pretty = |value: &Value| format!("{value:#}\n").into_bytes();
    whole::write(&out.join("opinions.json"), &pretty(document))?;
    whole::write(&out.join("opinions.geojson"), &pretty(&exchange::geojson(opinions, face.lang)?))?;
    whole::write(&out.join("sites.csv"), &exchange::sites_csv(opinions))?;
    whole::write(&out.join("lines.csv"), &exchange::lines_csv(opinions))?;
    Ok(())
}

/// An id as part of a file's name; its number where it holds what a name cannot.
fn file_name(id: &str, at: usize) -> String {
    let plain = id.len() <= 60 && id.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if plain { id.to_owned() } else { (at + 1).to_string() }
}

/// One opinion as it is; several under `opinions`.
fn document(sites: &Sites, opinions: &[SiteOpinion<'_>], lang: Lang) -> Value {
    let mut made: Vec<Value> = opinions.iter().map(|o| to_json(o, lang)).collect();
    if made.len() == 1 {
        let mut one = made.swap_remove(0);
        one["reading"] = json!(sites.reading.get(lang));
        one["notes"] = sites.notes.to_json(lang);
        return one;
    }
    json!({ "reading": sites.reading.get(lang), "notes": sites.notes.to_json(lang), "count": made.len(), "opinions": made })
}

/// The most sites that are shown one by one.
const IN_FULL: usize = 3;

fn shown(sites: &Sites, opinions: &[SiteOpinion<'_>], face: Face) -> String {
    let mut out = format!("{}{}\n\n", face.say("识别为：", "read as: "), sites.reading.get(face.lang));
    if opinions.len() <= IN_FULL {
        for opinion in opinions {
            out.push_str(&one(opinion, face));
            out.push('\n');
        }
        return out;
    }
    let rows: Vec<Vec<String>> = opinions
        .iter()
        .map(|o| {
            let why: Vec<&str> = o.opinion.lines.iter().filter(|l| l.verdict().is_some()).map(|l| l.rule.title.get(face.lang)).collect();
            let slivers = o.opinion.lines.iter().filter(|l| l.standing == Standing::Sliver).count();
            vec![
                o.site.id.clone(),
                o.site.on.to_string(),
                format!("{:.2}", o.area_m2),
                format!("{:.2}", mu(o.area_m2)),
                headline(&o.opinion).get(face.lang).to_owned(),
                slivers.to_string(),
                why.join(face.say("、", ", ")),
            ]
        })
        .collect();
    let head = [
        face.say("选址", "site"),
        face.say("日期", "on"),
        "m²",
        face.say("亩", "mu"),
        face.say("结论", "verdict"),
        face.say("容差内", "slivers"),
        face.say("依据", "because of"),
    ];
    out.push_str(&table(&head, &rows));
    out
}

/// One opinion for a person.
fn one(opinion: &SiteOpinion<'_>, face: Face) -> String {
    let (site, lang) = (opinion.site, face.lang);
    let mut out = format!("{} {}   {} {}\n", site.id, site.name, headline(&opinion.opinion).get(lang), opinion.opinion.verdict.word());
    let mut say = |zh: &str, en: &str, said: &str| {
        if !said.is_empty() {
            out.push_str(&format!("  {}{}{said}\n", face.say(zh, en), face.say("：", ": ")));
        }
    };
    say("面积", "area", &format!("{:.2} m²（{:.4} {}）", opinion.area_m2, mu(opinion.area_m2), face.say("亩", "mu")));
    say("依据日期", "as of", &format!("{}（{}）", site.on, site.on_from.title().get(lang)));
    let asks: Vec<String> = opinion.opinion.ask.iter().map(|a| (*a).to_owned()).collect();
    say("须先说明", "to be stated first", &asks.join(", "));
    let needs: Vec<&str> = liangshan_atlas::conform::said::needs(opinion).into_iter().map(|t| t.get(lang)).collect();
    say("须办理", "needs", &needs.join(face.say("、", ", ")));
    out.push('\n');
    let rows: Vec<Vec<String>> = opinion.opinion.lines.iter().filter(|l| l.standing != Standing::Clear).map(|l| line_row(opinion, l, face)).collect();
    let head = [
        face.say("规则", "rule"),
        face.say("版本", "edition"),
        "m²",
        face.say("亩", "mu"),
        face.say("占比", "share"),
        face.say("容差", "tolerance"),
        face.say("结论", "verdict"),
        face.say("条款", "clause"),
    ];
    if rows.is_empty() {
        let looked = opinion.opinion.lines.len();
        out.push_str(&match face.lang {
            Lang::Zh => format!("  与已审查的 {looked} 条规则的图层均无重叠（0.00 m²）。\n"),
            Lang::En => format!("  No overlap with the layers of the {looked} rules that were examined (0.00 m²).\n"),
        });
    } else {
        out.push_str(&table(&head, &rows));
    }
    out.push_str(&ways(opinion, face));
    let unmeasured: Vec<&str> = opinion.opinion.unmeasured.iter().map(|r| r.title.get(lang)).collect();
    if !unmeasured.is_empty() {
        out.push_str(&format!(
            "\n{}{}\n",
            face.say("未审查（区域没有该图层）：", "not examined, the region has no such layer: "),
            unmeasured.join(face.say("、", ", "))
        ));
    }
    let (id, _, evidence, _) = opinion.desk.rule_set();
    out.push_str(&format!(
        "{} {id} ({})   {} {}\n",
        face.say("规则", "rules"),
        evidence.title().get(lang),
        face.say("校验值", "digest"),
        opinion.digests().whole
    ));
    out
}

fn line_row(opinion: &SiteOpinion<'_>, line: &Line<'_>, face: Face) -> Vec<String> {
    let edition = opinion.piece(&line.rule.of).map(|p| opinion.desk.layer(p).edition.edition.clone()).unwrap_or_default();
    let (area, mu_, share, tolerance) = match line.measure {
        Some(Measure::Area { .. }) => (
            format!("{:.2}", line.amount),
            format!("{:.4}", mu(line.amount)),
            format!("{:.2}%", 100.0 * line.amount / opinion.area_m2.max(f64::MIN_POSITIVE)),
            format!("{} m²", line.tolerance),
        ),
        Some(Measure::Length(metres)) => (format!("{metres:.2} m"), String::new(), String::new(), String::new()),
        _ => (format!("{}", line.amount), String::new(), String::new(), String::new()),
    };
    let lang = face.lang;
    vec![
        line.rule.title.get(lang).to_owned(),
        edition,
        area,
        mu_,
        share,
        tolerance,
        standing_title(line.standing).get(lang).to_owned(),
        clause(line.rule).get(lang).to_owned(),
    ]
}

/// What would have to move.
fn ways(opinion: &SiteOpinion<'_>, face: Face) -> String {
    let mut out = String::new();
    for way in moves(opinion) {
        let toward = way.toward.map_or_else(String::new, |c| match face.lang {
            Lang::Zh => format!("，向{}", c.title().zh),
            Lang::En => format!(", toward the {}", c.title().en),
        });
        let edge = way.edge_m.map_or_else(String::new, |m| match face.lang {
            Lang::Zh => format!("；整个选址都在其中，最近的边界距中心 {m:.0} m"),
            Lang::En => format!("; all of the site, the nearest edge is {m:.0} m from its middle"),
        });
        out.push_str(&match face.lang {
            Lang::Zh => format!("  须移出 {}：{:.2} m²{toward}{edge}\n", way.rule, way.area_m2),
            Lang::En => format!("  to move for {}: {:.2} m²{toward}{edge}\n", way.rule, way.area_m2),
        });
    }
    for step in steps(opinion) {
        let reaches = verdict_title(step.reaches);
        out.push_str(&match face.lang {
            Lang::Zh => format!("  移出后余 {:.2} m²（平面），结论为“{}”\n", step.plane_m2, reaches.zh),
            Lang::En => format!("  what remains, {:.2} m² in the plane, would be \"{}\"\n", step.plane_m2, reaches.en),
        });
    }
    if out.is_empty() { out } else { format!("\n{}\n{out}", face.say("怎样才能更好：", "For a better verdict:")) }
}

/// Checks opinions again.
fn again(region: &Region, file: &str, face: Face) -> u8 {
    let given = match bytes(file).map_err(Problems::from).and_then(|bytes| Given::read(&bytes)) {
        Ok(given) => given,
        Err(problems) => return face.refuse(&problems.or_file(file)),
    };
    let mut told: Vec<Value> = Vec::new();
    let mut lines = String::new();
    let mut tell = |given: &Given, held: Held, now: &SiteOpinion<'_>| {
        let parts = [
            (held.geometry, text("图形", "shape")),
            (held.layers, text("图层版本", "editions")),
            (held.rules, text("规则", "rules")),
            (held.whole, text("结论与面积", "answer")),
        ];
        let moved: Vec<&str> = parts.iter().filter(|(same, _)| !same).map(|(_, what)| what.get(face.lang)).collect();
        told.push(json!({
            "site": given.site.id, "holds": held.whole, "geometry": held.geometry, "layers": held.layers, "rules": held.rules,
            "verdict_given": given.verdict, "verdict_now": now.opinion.verdict.word(), "digest_now": now.digests().whole,
        }));
        lines.push_str(&if moved.is_empty() {
            format!("{}  {}  {}\n", given.site.id, face.say("成立", "holds"), given.verdict)
        } else {
            format!(
                "{}  {}{}  {} → {}\n",
                given.site.id,
                face.say("不成立，已变：", "does not hold, changed: "),
                moved.join(face.say("、", ", ")),
                given.verdict,
                now.opinion.verdict.word()
            )
        });
    };
    match verify(region, &given, &mut tell) {
        Ok(all) => {
            if face.json {
                face.document(&json!({ "holds": all, "opinions": told }));
            } else {
                face.out(&lines);
            }
            if all { FINE } else { PROBLEMS }
        }
        Err(problems) => face.refuse(&problems),
    }
}
