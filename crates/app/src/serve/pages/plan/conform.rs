//! Conformity in the browser: a site pasted, uploaded, drawn or taken from the region's examples; the
//! verdict by rule, what would have to move, what would change in yuan; the opinion to print.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use liangshan_atlas::book::Hooks;
use liangshan_atlas::conform::becomes::{Becomes, becomes};
use liangshan_atlas::conform::reading::read_sites;
use liangshan_atlas::conform::said::to_json;
use liangshan_atlas::conform::{Asked, Desk, Refused, SiteOpinion, Sites, exchange};
use liangshan_atlas::control::Shape;
use liangshan_atlas::region::ControlKind;
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Lang, Problem, Problems, text, words};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use super::form::Sent;
use super::page;
use super::verdict;
use crate::serve::reply::{Answer, Refusal, Reply};
use crate::serve::route::{Ask, Kind, Param, Route};

const ON: Param = Param::optional(
    "on",
    Kind::Date,
    ("按哪一天施行的线；不填为申请日或今天", "lines in force on this day; the site's own day or today by default"),
    "2020-06-30",
);
const USE: Param = Param::optional("use", Kind::Word, ("项目用途", "the planned use"), "industrial");
const BECOMES: Param =
    Param::optional("becomes", Kind::Word, ("若变为这一类生态系统（代码或名称）", "if it became this ecosystem class (code or name)"), "82/61");
const PAGE: &[Param] = &[Param::optional("sample", Kind::Word, ("示例选址", "a sample site"), "SITE001"), ON, USE, BECOMES];
const SAMPLE: &[Param] = &[Param::needed("sample", Kind::Word, ("示例选址", "a sample site"), "SITE001"), ON, USE, BECOMES];
const SENT: &[Param] = &[ON, USE, BECOMES];
const DAY: &[Param] = &[ON];

/// What addresses of conformity there are.
pub(super) const ROUTES: &[Route] = &[
    Route::page("/plan/conform", ("合规审查", "conformity of a site"), PAGE, shown),
    Route::page("/plan/conform", ("合规审查：粘贴、上传或画出的选址", "conformity of a site that is pasted, uploaded or drawn"), &[], posted).posted(),
    Route::json("/api/conform", ("示例选址的审查意见", "the opinion on a sample site"), SAMPLE, schema, answer_json),
    Route::json(
        "/api/conform",
        (
            "选址的审查意见：请求体为坐标文字、GeoJSON、GeoPackage 或压缩的 Shapefile",
            "the opinion on a site: the body is coordinates as text, GeoJSON, GeoPackage or a zipped Shapefile",
        ),
        SENT,
        schema,
        answer_json,
    )
    .posted(),
    Route::bytes(
        "/api/conform/map",
        ("示例选址的审查意见，GeoJSON", "the opinion on a sample site as GeoJSON"),
        SAMPLE,
        "application/geo+json",
        answer_geojson,
    ),
    Route::bytes("/api/conform/map", ("选址的审查意见，GeoJSON", "the opinion on a site as GeoJSON"), SENT, "application/geo+json", answer_geojson).posted(),
    Route::bytes("/api/plan/lines", ("某日施行的控制线，GeoJSON", "control lines in force on a day, GeoJSON"), DAY, "application/geo+json", lines),
    Route::bytes("/download/plan/opinion", ("示例选址的可打印意见", "the opinion on a sample site, to print"), SAMPLE, "text/html; charset=utf-8", opinion),
];

fn schema() -> Schema {
    json_schema!({
        "type": "object", "required": ["reading", "notes", "count", "opinions", "becomes"],
        "properties": {
            "reading": { "type": "string", "description": "what was recognised" },
            "notes": { "type": "array", "items": { "type": "object" } },
            "count": { "type": "integer", "minimum": 1 },
            "opinions": { "type": "array", "items": { "type": "object",
                "required": ["form", "site", "on", "verdict", "verdict_title", "lines", "slivers", "needs", "to_pass", "rules", "digest"],
                "properties": { "verdict": { "enum": ["PASS", "NEED", "ESCALATE", "FORBID"] }, "on": { "type": "string", "format": "date" }, "lines": { "type": "array" } } } },
            "becomes": { "type": ["object", "null"] },
            "becomes_problems": { "type": ["array", "null"], "description": "why the change could not be computed" },
        },
    })
}

/// The most sites that are judged at a time here.
const MOST_SITES: usize = 200;
/// The folder and file where a region keeps sites to try with.
const SAMPLES: &str = "sources/projects/sample_sites.gpkg";

/// What is asked about which site.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    /// The bytes of the site.
    pub(super) bytes: Vec<u8>,
    /// One of the region's examples.
    pub(super) sample: Option<String>,
    /// The day.
    pub(super) on: Option<String>,
    /// The planned use.
    pub(super) planned: Option<String>,
    /// What it would become.
    pub(super) class: Option<String>,
}

impl Question {
    fn of(ask: &Ask<'_>) -> Result<Self, Refusal> {
        let word = |name: &str| ask.word(name).map(str::to_owned);
        let sent = Sent::read(ask.sent_as, ask.sent)?;
        let field = |name: &str| sent.field(name).map(str::to_owned);
        let held = sent.field("held").and_then(|h| STANDARD.decode(h).ok()).unwrap_or_default();
        let typed = sent.field("text").map(|t| t.as_bytes().to_vec()).unwrap_or_default();
        let bytes = [sent.file.clone(), typed, held].into_iter().find(|b| !b.is_empty()).unwrap_or_default();
        let on = word("on").or(field("on"));
        if let Some(on) = on.as_deref().filter(|on| Day::parse(on).is_none() || on.len() != 10) {
            return Err(Problem::error("web.bad_parameter", words!("“{on}”不是日期", "\"{on}\" is not a day"))
                .key("on")
                .expect(text("如 2020-06-30", "such as 2020-06-30"))
                .into());
        }
        let sample = word("sample").or(field("sample")).filter(|_| bytes.is_empty());
        Ok(Self { bytes, sample, on, planned: word("use").or(field("use")), class: word("becomes").or(field("becomes")) })
    }

    /// True where no site was given.
    fn is_empty(&self) -> bool {
        self.sample.is_none() && self.bytes.is_empty()
    }
}

/// Sites with the opinions on them.
pub(super) struct Judged<'j> {
    /// The sites.
    pub(super) sites: &'j Sites,
    /// The opinion on each.
    pub(super) opinions: &'j [SiteOpinion<'j>],
    /// What would change in the account, or why that cannot be said: the opinion holds all the same.
    pub(super) becomes: Option<Result<&'j Becomes, &'j Problems>>,
}

fn sample_bytes(ask: &Ask<'_>) -> Option<Vec<u8>> {
    std::fs::read(ask.snapshot.folder.join(SAMPLES)).ok()
}

fn read(ask: &Ask<'_>, question: &Question) -> Result<Sites, Refused> {
    let desks = ask.snapshot.desks.get().map_err(|r| Refused::from(r.problems()))?;
    let on = question.on.as_deref().and_then(Day::parse);
    let facts = question.planned.iter().map(|word| ("planned_use".to_owned(), word.clone())).collect();
    let asked = Asked { on, today: desks.today, facts, crs: None, north_first: None, layer: None };
    let Some(id) = &question.sample else {
        return read_sites(&question.bytes, &ask.snapshot.region, &asked);
    };
    let bytes = sample_bytes(ask).unwrap_or_default();
    let mut sites = read_sites(&bytes, &ask.snapshot.region, &asked)?;
    if sites.sites.iter().all(|s| s.id != *id) {
        let known: Vec<&str> = sites.sites.iter().map(|s| s.id.as_str()).collect();
        return Err(ask.unknown("sample", &text("示例选址", "sample site"), known).problems().into());
    }
    sites.sites.retain(|s| s.id == *id);
    Ok(sites)
}

/// Judges what is asked about and tells it.
pub(super) fn judge<R>(ask: &Ask<'_>, question: &Question, tell: impl FnOnce(&Judged<'_>) -> R) -> Result<R, Refused> {
    let region = &ask.snapshot.region;
    let part = ask.snapshot.desks.get().map_err(|r| Refused::from(r.problems()))?;
    let sites = read(ask, question)?;
    if sites.sites.len() > MOST_SITES {
        let count = sites.sites.len();
        return Err(Problem::error("web.too_many_sites", words!("一次给了 {count} 个选址", "{count} sites at a time"))
            .expect(words!("不超过 {MOST_SITES} 个", "at most {MOST_SITES}"))
            .fix(text("分批提交，或用 liangshan conform", "send them in parts, or use liangshan conform"))
            .into());
    }
    let mut problems = Problems::new();
    let desks: Vec<Option<Arc<Desk>>> = sites.sites.iter().map(|site| problems.keep(part.desk(region, site.on))).collect();
    let made: Vec<Option<SiteOpinion<'_>>> =
        sites.sites.iter().zip(&desks).map(|(site, desk)| desk.as_deref().and_then(|d| problems.keep(d.opinion(site)))).collect();
    let opinions: Vec<SiteOpinion<'_>> = problems.into_result(made.into_iter().flatten().collect()).map_err(Refused::from)?;
    let changed = match &question.class {
        None => None,
        Some(class) => {
            let hooks = Hooks { progress: &|_| {}, cancelled: &|| false };
            let options = liangshan_atlas::book::Options { out: None, ..ask.snapshot.options.clone() };
            Some(becomes(&ask.snapshot.folder, &options, &sites.sites, class, hooks))
        }
    };
    Ok(tell(&Judged { sites: &sites, opinions: &opinions, becomes: changed.as_ref().map(Result::as_ref) }))
}

fn document(judged: &Judged<'_>, lang: Lang) -> Value {
    json!({
        "reading": judged.sites.reading.get(lang), "notes": judged.sites.notes.to_json(lang), "count": judged.opinions.len(),
        "opinions": judged.opinions.iter().map(|o| to_json(o, lang)).collect::<Vec<_>>(),
        "becomes": judged.becomes.and_then(Result::ok).map(|b| crate::cli::becoming_json(b, lang)),
        "becomes_problems": judged.becomes.and_then(Result::err).map(|problems| problems.to_json(lang)),
    })
}

fn refusal(refused: Refused) -> Refusal {
    match refused.problems.iter().next() {
        Some(first) if first.code == "web.unknown_value" => Refusal::NotFound(first.clone()),
        _ => Refusal::Bad(refused.problems),
    }
}

fn no_site() -> Problem {
    Problem::error("web.no_site", text("没有给出选址", "there is no site"))
        .expect(text("坐标文字、GeoJSON、GeoPackage 或压缩的 Shapefile", "coordinates as text, GeoJSON, GeoPackage or a zipped Shapefile"))
        .fix(text("粘贴坐标、选择文件，或在图上画出", "paste coordinates, choose a file, or draw on the map"))
}

fn asked_for(ask: &Ask<'_>) -> Result<Question, Refusal> {
    let question = Question::of(ask)?;
    if question.is_empty() { Err(no_site().into()) } else { Ok(question) }
}

fn answer_json(ask: &Ask<'_>) -> Answer {
    let question = asked_for(ask)?;
    judge(ask, &question, |judged| Reply::json(&document(judged, ask.lang))).map(|r| of_verb(ask, r)).map_err(refusal)
}

fn answer_geojson(ask: &Ask<'_>) -> Answer {
    let question = asked_for(ask)?;
    let made = judge(ask, &question, |judged| exchange::geojson(judged.opinions, ask.lang)).map_err(refusal)?;
    Ok(of_verb(ask, Reply::geojson(&made?)))
}

/// What was sent along is nobody else's to get.
fn of_verb(ask: &Ask<'_>, reply: Reply) -> Reply {
    if ask.sent.is_empty() { reply } else { reply.passing() }
}

fn opinion(ask: &Ask<'_>) -> Answer {
    printed(ask, &asked_for(ask)?)
}

/// The opinion on the first site as a page to print.
fn printed(ask: &Ask<'_>, question: &Question) -> Answer {
    let region = &ask.snapshot.region.declared.title;
    let made = judge(ask, question, |judged| {
        let first = judged.opinions.first()?;
        let page = crate::ui::opinion(first, &judged.sites.reading, region, ask.lang);
        Some((page, first.site.id.clone()))
    });
    let (page, id) = made.map_err(refusal)?.ok_or_else(|| Refusal::from(no_site()))?;
    let plain = if id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') { id } else { "1".to_owned() };
    Ok(of_verb(ask, Reply::html(page)).saved_as(format!("opinion-{plain}.html")))
}

/// Lines and protected areas in force, for the maps of these pages.
fn lines(ask: &Ask<'_>) -> Answer {
    let part = ask.snapshot.desks.get()?;
    let day = ask.word("on").and_then(Day::parse).unwrap_or(part.today);
    let desk = part.desk(&ask.snapshot.region, day)?;
    let control = desk.control();
    let shown = control.layers.iter().filter(|l| matches!(l.layer.kind, ControlKind::Line | ControlKind::Area));
    let shapes = shown.flat_map(|l| {
        l.features.iter().filter_map(move |f| match &f.shape {
            Shape::Area(area) => Some((json!({ "layer": l.layer.name, "title": l.layer.title.get(ask.lang), "name": f.name }), area)),
            _ => None,
        })
    });
    Ok(Reply::geojson(&exchange::drawn(shapes, &control.crs)?))
}

/// Examples of the region: id, name, verdict.
pub(super) fn samples(ask: &Ask<'_>) -> Vec<(String, String)> {
    let Ok(desks) = ask.snapshot.desks.get() else { return Vec::new() };
    let asked = Asked { on: None, today: desks.today, facts: Vec::new(), crs: None, north_first: None, layer: None };
    let read = sample_bytes(ask).and_then(|bytes| read_sites(&bytes, &ask.snapshot.region, &asked).ok());
    read.map(|sites| {
        let word = |s: &liangshan_atlas::conform::Site, field: &str| s.attributes.iter().find(|(f, _)| f == field).map(|(_, w)| w.clone());
        sites.sites.iter().map(|s| (s.id.clone(), word(s, "use_zh").unwrap_or_else(|| s.name.clone()))).collect()
    })
    .unwrap_or_default()
}

fn shown(ask: &Ask<'_>) -> Answer {
    answered(ask, &Question::of(ask)?)
}

fn posted(ask: &Ask<'_>) -> Answer {
    let question = Question::of(ask)?;
    let sent = Sent::read(ask.sent_as, ask.sent)?;
    match sent.field("give") {
        Some("opinion") if !question.is_empty() => printed(ask, &question),
        Some("json") if !question.is_empty() => answer_json(ask).map(|r| r.saved_as("opinions.json")),
        Some("geojson") if !question.is_empty() => answer_geojson(ask).map(|r| r.saved_as("opinions.geojson")),
        _ => answered(ask, &question),
    }
    .map(Reply::passing)
}

/// The page: the form, and below it the answer or what is wrong, all of it.
fn answered(ask: &Ask<'_>, question: &Question) -> Answer {
    let desks = ask.snapshot.desks.get()?;
    let title = text("合规审查", "Conformity of a site");
    let modules = &["js/plan/conform.js"];
    if question.is_empty() && ask.sent.is_empty() {
        return Ok(page(ask, "/plan/conform", title, modules, |h| verdict::form(h, ask, question, desks.today, None)));
    }
    let made = if question.is_empty() {
        Err(no_site().into())
    } else {
        judge(ask, question, |judged| {
            page(ask, "/plan/conform", title.clone(), modules, |h| {
                verdict::form(h, ask, question, desks.today, Some(judged));
                verdict::told(h, ask, question, judged);
            })
        })
    };
    Ok(match made {
        Ok(reply) => reply,
        Err(refused) => {
            let reply = page(ask, "/plan/conform", title, modules, |h| {
                verdict::wrong(h, ask, &refused);
                verdict::form(h, ask, question, desks.today, None);
            });
            let status = refusal(refused).status();
            Reply { status, ..reply.passing() }
        }
    })
}
