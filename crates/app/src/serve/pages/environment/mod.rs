//! Environment (环境质量): the region's files of measurements, judged by the edition in force on each date,
//! or by two editions side by side.

mod locator;
pub(super) mod near;
pub(super) mod nearby;
mod out;
mod page;
mod place;
mod points;
mod standard;

use liangshan_atlas::assess::{Assessed, Domain};
use liangshan_atlas::region::Observed;
use liangshan_atlas::rules;
use liangshan_vocab::{Problems, Text, text, words};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use crate::serve::layout::{self, Page, Screen};
use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::serve::watch::judged as judged_on;
use crate::ui::html::Html;
use crate::ui::judgement;

const FILE: Param = Param::needed("file", Kind::Word, ("监测文件", "the file of measurements"), "sections");
const STANDARD: Param = Param::optional(
    "standard",
    Kind::Word,
    ("标准标识；A,B 为两版对比；默认按日期用施行的版本", "a standard; A,B compares two editions; by default the one in force on each date"),
    "",
);

const PLACE: Param = Param::optional("place", Kind::Word, ("只要这个断面或站点，名称如文件所写", "only this section or station, as the file names it"), "");

/// Pages and their twins.
pub(super) fn routes() -> Vec<Route> {
    [ROUTES, points::ROUTES, standard::ROUTES].concat()
}

const ROUTES: &[Route] = &[
    Route::page("/environment", ("环境质量", "environment"), &[], page),
    Route::page("/environment/{file}", ("一个监测文件的评价", "a file of measurements, judged"), &[FILE, STANDARD], file_page),
    Route::json("/api/environment", ("监测文件及其评价要点", "files of measurements and what to know of them"), &[], list_schema, list),
    Route::json("/api/environment/{file}", ("一个监测文件的评价", "a file of measurements, judged"), &[FILE, STANDARD, PLACE], judged_schema, judged),
];

fn list_schema() -> Schema {
    json_schema!({ "type": "object", "required": ["files"], "properties": { "files": { "type": "array", "items": {
        "type": "object", "required": ["name", "title", "domain", "facts"] } } } })
}

fn judged_schema() -> Schema {
    json_schema!({ "type": "object", "required": ["problems"] })
}

/// Judges a file as `liangshan assess` does, on the day of the snapshot.
fn judge(ask: &Ask<'_>, observed: &Observed, standards: Vec<String>, place: Option<&str>) -> Result<Assessed, Problems> {
    judged_on(&ask.snapshot.region, observed, ask.snapshot.today, standards, place)
}

/// Labels and values.
type Facts = Vec<(Text, Text)>;

/// Water and air in short, for other pages: each file with what to know of it as labels and values; none
/// where it cannot be judged, of which its own page says why.
pub(super) fn in_short<'a>(ask: &Ask<'a>) -> Vec<(&'a Observed, Option<Facts>)> {
    let snapshot = ask.snapshot;
    let domains = [Domain::Water, Domain::Air];
    let files = snapshot.region.declared.observed.iter().filter(|o| domains.contains(&o.domain));
    let facts = |assessed: Assessed| assessed.facts.into_iter().map(|f| (f.label, f.value)).collect();
    files.map(|o| (o, judge(ask, o, Vec::new(), None).ok().map(facts))).collect()
}

fn chosen<'a>(ask: &'a Ask<'_>) -> Result<&'a Observed, Refusal> {
    let observed = &ask.snapshot.region.declared.observed;
    let name = ask.word("file").unwrap_or_default();
    observed
        .iter()
        .find(|o| o.name == name)
        .ok_or_else(|| ask.unknown("file", &text("监测文件", "file of measurements"), observed.iter().map(|o| o.name.as_str())))
}

/// Judges a file by the standards that were asked for. Without any, what is wrong is wrong with the region.
fn asked(ask: &Ask<'_>, observed: &Observed) -> Result<Assessed, Refusal> {
    let standards = standards(ask);
    let refused = if standards.is_empty() { Refusal::Region } else { Refusal::Bad };
    judge(ask, observed, standards, ask.word("place")).map_err(refused)
}

fn standards(ask: &Ask<'_>) -> Vec<String> {
    ask.word("standard").map(|s| s.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect()).unwrap_or_default()
}

fn list(ask: &Ask<'_>) -> Answer {
    let files: Vec<Value> = ask
        .snapshot
        .region
        .declared
        .observed
        .iter()
        .map(|o| {
            let facts: Vec<Value> = match judge(ask, o, Vec::new(), None) {
                Ok(assessed) => assessed
                    .facts
                    .iter()
                    .map(|f| json!({ "id": f.id, "label": f.label.get(ask.lang), "value": f.value.get(ask.lang), "number": f.json }))
                    .collect(),
                Err(problems) => return json!({ "name": o.name, "title": o.title.get(ask.lang), "domain": o.domain.word(), "file": o.file, "facts": [], "problems": problems.to_json(ask.lang) }),
            };
            json!({ "name": o.name, "title": o.title.get(ask.lang), "domain": o.domain.word(), "file": o.file, "facts": facts })
        })
        .collect();
    Ok(Reply::json(&json!({ "files": files })))
}

fn judged(ask: &Ask<'_>) -> Answer {
    let observed = chosen(ask)?;
    let assessed = asked(ask, observed)?;
    if ask.word("place").is_some() && assessed.standings.is_empty() {
        let all = judge(ask, observed, Vec::new(), None).map_err(Refusal::Region)?;
        return Err(ask.unknown("place", &text("断面或站点", "section or station"), all.standings.iter().map(|s| s.place.as_str())));
    }
    let mut document = assessed.to_json();
    document["problems"] = assessed.problems.to_json(ask.lang);
    Ok(Reply::json(&document))
}

fn page(ask: &Ask<'_>) -> Answer {
    let page = Page { styles: &["css/assessed.css", "css/environment.css"], ..Page::of(Screen::Environment, text("环境质量", "Environment")) };
    let observed = &ask.snapshot.region.declared.observed;
    let watch = ask.snapshot.watch.get()?;
    Ok(layout::page(ask, &page, |h| {
        h.line("h1", &text("环境质量", "Environment"));
        if observed.is_empty() {
            h.line(
                "p",
                &text(
                    "本区域没有声明监测文件：在 region.toml 中写 [observations.*]。",
                    "This region declares no files of measurements: write [observations.*] in region.toml.",
                ),
            );
            return;
        }
        h.line(
            "p.muted",
            &text(
                "每个文件按其日期上施行的标准版本评价；点开可见逐断面、逐站结果、序列图、依据的标准与每一条问题。",
                "Each file is judged by the edition in force on its dates; open one for sections and stations, series, standards and every problem found.",
            ),
        );
        for (domain, title) in [
            (Domain::Water, text("水环境", "Water")),
            (Domain::Air, text("空气", "Air")),
            (Domain::Soil, text("土壤", "Soil")),
            (Domain::Waste, text("固体废物", "Waste")),
        ] {
            let files: Vec<&Observed> = observed.iter().filter(|o| o.domain == domain).collect();
            if files.is_empty() {
                continue;
            }
            h.line("h2", &title);
            h.el("ul.files", |h| {
                for observed in files {
                    h.el("li.sheet", |h| summary(h, ask, observed));
                }
            });
        }
        points::draw(h, ask, watch);
    }))
}

/// A file in a few numbers.
fn summary(h: &mut Html, ask: &Ask<'_>, observed: &Observed) {
    let to = ask.link(&format!("/environment/{}", observed.name), &[]);
    h.el("h3", |h| h.with("a", &[("href", &to)], |h| h.say(&observed.title)));
    match judge(ask, observed, Vec::new(), None) {
        Ok(assessed) => {
            h.el("dl", |h| {
                for fact in assessed.facts.iter().take(5) {
                    h.line("dt", &fact.label);
                    h.line("dd", &fact.value);
                }
            });
            origin(h, ask, observed);
            let [errors, warnings, _] = assessed.problems.counts();
            if errors + warnings > 0 {
                h.line("p.caption", &words!("{errors} 个错误，{warnings} 个警告", "{errors} errors, {warnings} warnings"));
            }
        }
        Err(problems) => layout::letters(h, &problems),
    }
}

/// Where the measurements come from, in the words of the file's sidecar.
fn origin(h: &mut Html, ask: &Ask<'_>, observed: &Observed) {
    h.el("p.caption", |h| {
        match ask.snapshot.region.sources.file(&observed.file) {
            Ok(file) => h.el("span.mark", |h| h.say(&file.sidecar.origin.title())),
            Err(problems) => h.el("span.mark", |h| {
                h.say(&text("出处没有读到", "its origin could not be read"));
                for problem in problems.iter().take(1) {
                    h.say(&Text::of(format!("：{}", problem.what.zh), format!(": {}", problem.what.en)));
                }
            }),
        }
        h.text(" ");
        h.el("code", |h| h.text(&observed.file));
    });
}

/// Editions of the standards that judge a domain, as addresses name them: the one in force, each by
/// itself, and the last two side by side. None where there is nothing to choose.
fn editions(ask: &Ask<'_>, domain: Domain) -> Result<Vec<(String, Text)>, Problems> {
    let kind = match domain {
        Domain::Air => "index",
        Domain::Water => "assessment",
        Domain::Soil | Domain::Waste => return Ok(Vec::new()),
    };
    let (standards, _) = rules::load(Some(&ask.snapshot.folder))?;
    let editions: Vec<(String, Text)> = standards.editions(domain.word(), kind).map(|s| (s.id.clone(), Text::same(s.number.clone()))).collect();
    let [.., (earlier, _), (later, _)] = &editions[..] else { return Ok(Vec::new()) };
    let both = (format!("{earlier},{later}"), text("两版对比", "the last two, compared"));
    let in_force = (String::new(), text("按日期施行的版本", "the edition in force"));
    Ok([in_force].into_iter().chain(editions.iter().cloned()).chain([both]).collect())
}

fn file_page(ask: &Ask<'_>) -> Answer {
    let observed = chosen(ask)?;
    let assessed = asked(ask, observed)?;
    let editions = editions(ask, observed.domain).map_err(Refusal::Region)?;
    let page = Page { styles: &["css/assessed.css", "css/environment.css"], ..Page::of(Screen::Environment, observed.title.clone()) };
    Ok(layout::page(ask, &page, |h| {
        h.el("p.caption", |h| h.with("a", &[("href", &ask.link("/environment", &[]))], |h| h.say(&text("← 环境质量", "← Environment"))));
        h.line("h1", &observed.title);
        origin(h, ask, observed);
        let file = &assessed.file;
        let (rows, refused, aside) = (file.rows, file.refused, file.set_aside);
        h.line(
            "p.caption",
            &words!(
                "{rows} 行，{refused} 行未能评价，{aside} 行因维护等剔除；sha256 {}",
                "{rows} rows, {refused} not judged, {aside} set aside as maintenance or the like; sha256 {}",
                file.digest.short()
            ),
        );
        points::of_file(h, ask, &observed.name);
        if !editions.is_empty() {
            let now = ask.word("standard").unwrap_or_default();
            h.with("nav.tabs", &[("aria-label", ask.say("标准版本", "editions of the standard"))], |h| {
                for (id, title) in &editions {
                    let to = ask.here(&[("standard", id)]);
                    let mut attributes = vec![("href", to.as_str())];
                    if id == now {
                        attributes.push(("aria-current", "page"));
                    }
                    h.with("a", &attributes, |h| h.say(title));
                }
            });
        }
        h.el("div.assessed", |h| judgement(h, &assessed));
    }))
}
