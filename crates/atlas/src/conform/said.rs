//! An opinion as JSON: what was asked, what was measured, what every rule said and on what it rests.

use liangshan_planning::conformity::{LayerRule, Standing, Verdict};
use liangshan_planning::opinion::{Line, Measure, Opinion};
use liangshan_space::MultiPolygon;
use liangshan_space::overlay::{Lattice, bounds_of};
use liangshan_vocab::{Evidence, Lang, Text, text};
use serde_json::{Map, Value, json};

use super::desk::LONGEST_EDGE_M;
use super::way_out::{moves, steps};
use super::{M2_OF_MU, SiteOpinion, hundredths};

/// The shape of the document.
pub const FORM: &str = "liangshan-conformity-1";

/// What a verdict is called.
pub fn verdict_title(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Pass => text("通过", "pass"),
        Verdict::Need => text("须办理", "needs permits or opinions"),
        Verdict::Escalate => text("上报", "escalate"),
        Verdict::Forbid => text("禁止", "forbid"),
    }
}

/// What an opinion comes to: a pass that some rules had no part in says so.
pub fn headline(opinion: &Opinion<'_>) -> Text {
    match opinion.verdict {
        Verdict::Pass if !opinion.is_complete() => text("已审查部分通过", "pass, as far as examined"),
        verdict => verdict_title(verdict),
    }
}

/// The word of a standing in JSON.
pub fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Clear => "clear",
        Standing::Sliver => "sliver",
        Standing::Idle => "not_concerned",
        Standing::Undecided => "undecided",
        Standing::Speaks(_) => "speaks",
    }
}

/// What a standing is called.
pub fn standing_title(standing: Standing) -> Text {
    match standing {
        Standing::Clear => text("无重叠", "no overlap"),
        Standing::Sliver => text("容差以内", "within the tolerance"),
        Standing::Idle => text("项目不涉及", "does not concern this project"),
        Standing::Undecided => text("待说明", "to be stated"),
        Standing::Speaks(verdict) => verdict_title(verdict),
    }
}

/// How areas are measured, in words.
pub fn methods(crs: &str, step: f64) -> [(&'static str, Text); 3] {
    let said = |zh: String, en: String| Text::of(zh, en);
    [
        (
            "ellipsoid",
            said(
                format!("椭球面积：顶点反算到经纬度，等积圆柱投影，边加密至 {LONGEST_EDGE_M} m"),
                format!("on the ellipsoid: equal-area cylinder, edges cut to {LONGEST_EDGE_M} m"),
            ),
        ),
        ("plane", said(format!("平面面积：{crs}"), format!("in the plane of {crs}"))),
        ("lattice", said(format!("叠加在 {step} m 的整数格上进行"), format!("overlaid on a lattice of {step} m"))),
    ]
}

/// The step of the lattice a site was overlaid on, m.
pub fn step_of(shape: &MultiPolygon) -> f64 {
    bounds_of(shape).map_or(0.0, |b| Lattice::over(&b).step())
}

/// A shape as GeoJSON, coordinates to the hundredth of a millimetre.
pub fn geometry(shape: &MultiPolygon) -> Value {
    let number = |v: f64| json!((v * 1e5).round() / 1e5);
    let ring = |r: &liangshan_space::LineString| Value::Array(r.0.iter().map(|c| json!([number(c.x), number(c.y)])).collect());
    let polygon = |p: &liangshan_space::Polygon| Value::Array(std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect());
    match &shape.0[..] {
        [one] => json!({ "type": "Polygon", "coordinates": polygon(one) }),
        many => json!({ "type": "MultiPolygon", "coordinates": many.iter().map(polygon).collect::<Vec<_>>() }),
    }
}

/// Square metres as 亩, to four decimals.
pub fn mu(m2: f64) -> f64 {
    (m2 / M2_OF_MU * 1e4).round_ties_even() / 1e4
}

/// A share of a whole, to eight decimals.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole * 1e8).round_ties_even() / 1e8 } else { 0.0 }
}

/// The opinion as one document.
pub fn to_json(opinion: &SiteOpinion<'_>, lang: Lang) -> Value {
    let (site, desk) = (opinion.site, opinion.desk);
    let crs = desk.control().crs.to_string();
    let (rules_id, rules_title, evidence, _) = desk.rule_set();
    let digests = opinion.digests();
    let attributes: Map<String, Value> = site.attributes.iter().map(|(field, word)| (field.clone(), json!(word))).collect();
    let lines: Vec<Value> = opinion.opinion.lines.iter().map(|line| line_json(opinion, line, lang)).collect();
    let slivers: Vec<Value> = opinion
        .opinion
        .lines
        .iter()
        .filter(|l| l.standing == Standing::Sliver)
        .map(|l| json!({ "rule": l.rule.layer, "amount": l.amount, "tolerance": l.tolerance }))
        .collect();
    let needs: Vec<&str> = needs(opinion).into_iter().map(|t| t.get(lang)).collect();
    let methods: Map<String, Value> = methods(&crs, step_of(&site.shape)).into_iter().map(|(k, t)| (k.to_owned(), json!(t.get(lang)))).collect();
    json!({
        "form": FORM,
        "region": { "id": desk.region_id(), "crs": crs },
        "site": {
            "id": site.id, "name": site.name, "attributes": attributes,
            "area_m2": opinion.area_m2, "area_mu": mu(opinion.area_m2), "plane_m2": opinion.plane_m2, "geometry": geometry(&site.shape),
        },
        "on": site.on.to_string(),
        "on_from": site.on_from.word(),
        "verdict": opinion.opinion.verdict.word(),
        "verdict_title": headline(&opinion.opinion).get(lang),
        "complete": opinion.opinion.is_complete(),
        "lines": lines,
        "slivers": slivers,
        "needs": needs,
        "to_state": opinion.opinion.ask,
        "not_measured": opinion.opinion.unmeasured.iter().map(|r| json!({ "rule": r.layer, "title": r.title.get(lang) })).collect::<Vec<_>>(),
        "context": context(opinion, lang),
        "to_pass": to_pass(opinion),
        "rules": { "id": rules_id, "title": rules_title.get(lang), "evidence": evidence.word() },
        "origin": origin(opinion),
        "methods": methods,
        "digests": { "geometry": digests.geometry, "layers": digests.layers, "rules": digests.rules },
        "digest": digests.whole,
        "program": crate::VERSION,
    })
}

/// The weakest origin of the layers in force.
pub fn origin(opinion: &SiteOpinion<'_>) -> &'static str {
    let layers = opinion.desk.control().layers.iter().map(|l| l.file.sidecar.origin);
    layers.reduce(liangshan_vocab::Origin::with).map_or("", liangshan_vocab::Origin::word)
}

/// Where a rule is written, and that nobody here has read it where nobody has.
pub fn clause(rule: &LayerRule) -> Text {
    match rule.evidence {
        Evidence::Verified => rule.clause.clone(),
        evidence => {
            let (clause, title) = (&rule.clause, evidence.title());
            Text::of(format!("{}（{}）", clause.zh, title.zh), format!("{} ({})", clause.en, title.en))
        }
    }
}

/// What the project needs, each once, in the order of the rules.
pub fn needs<'o>(opinion: &'o SiteOpinion<'_>) -> Vec<&'o Text> {
    let mut made: Vec<&Text> = Vec::new();
    for line in &opinion.opinion.lines {
        let asks = matches!(line.standing, Standing::Speaks(Verdict::Need | Verdict::Escalate));
        if asks && !line.rule.needs_title.is_empty() && !made.contains(&&line.rule.needs_title) {
            made.push(&line.rule.needs_title);
        }
    }
    made
}

/// What the application would have to state, each as the uses or fuels of which one may be meant.
pub fn to_state(opinion: &SiteOpinion<'_>) -> Text {
    let words = opinion.desk.project_words();
    let one = |fact: &str| {
        let of: Vec<&Text> = words.iter().filter(|w| w.facts.iter().any(|f| f == fact)).map(|w| &w.title).collect();
        let list = |lang: Lang, mark: &str| of.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(mark);
        if of.is_empty() {
            Text::same(fact.to_owned())
        } else {
            Text::of(format!("是否{}", list(Lang::Zh, "、")), format!("whether it is {}", list(Lang::En, ", ")))
        }
    };
    let all: Vec<Text> = opinion.opinion.ask.iter().map(|fact| one(fact)).collect();
    let list = |lang: Lang, mark: &str| all.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(mark);
    Text::of(list(Lang::Zh, "；"), list(Lang::En, "; "))
}

fn line_json(opinion: &SiteOpinion<'_>, line: &Line<'_>, lang: Lang) -> Value {
    let rule = line.rule;
    let mut out = json!({
        "rule": rule.layer, "title": rule.title.get(lang), "layer": rule.of, "side": if rule.outside { "outside" } else { "inside" },
        "clause": rule.clause.get(lang), "evidence": rule.evidence.word(), "standing": standing_word(line.standing), "tolerance": line.tolerance,
        "verdict": line.verdict().map(Verdict::word),
    });
    if let Some(piece) = opinion.piece(&rule.of) {
        let layer = opinion.desk.layer(piece);
        let edition = &layer.edition;
        out["edition"] = json!({ "edition": edition.edition, "adopted": edition.adopted.to_string(), "decree": edition.decree, "file": edition.file, "digest": layer.file.digest });
        out["office"] = json!({ "id": layer.layer.office, "name": layer.office });
        match piece.measure {
            Measure::Area { .. } => {
                let plane = if rule.outside { piece.plane_m2.1 } else { piece.plane_m2.0 };
                out["measure"] = json!("area");
                out["area_m2"] = json!(line.amount);
                out["area_mu"] = json!(mu(line.amount));
                out["share"] = json!(share(line.amount, opinion.area_m2));
                out["plane_m2"] = json!(plane);
                let features =
                    piece.features.iter().map(|t| json!({ "id": layer.features[t.feature].id, "name": layer.features[t.feature].name, "area_m2": t.area_m2 }));
                out["features"] = Value::Array(features.collect());
            }
            Measure::Length(metres) => {
                out["measure"] = json!("length");
                out["length_m"] = json!(metres);
            }
            Measure::Points(count) => {
                out["measure"] = json!("points");
                out["points"] = json!(count);
            }
        }
    }
    if !rule.only_if.is_empty() {
        out["only_if"] = json!(rule.only_if);
    }
    if !rule.unless.is_empty() {
        out["softened_by"] = json!({ "fact": rule.unless, "verdict": rule.otherwise.word() });
    }
    if matches!(line.standing, Standing::Speaks(_)) && !rule.needs_title.is_empty() {
        out["needs"] = json!(rule.needs_title.get(lang));
    }
    out
}

/// Layers that no rule looks at and that the site lies in: its zones, units and the like.
fn context(opinion: &SiteOpinion<'_>, lang: Lang) -> Vec<Value> {
    let ruled = |name: &str| opinion.opinion.lines.iter().any(|l| l.rule.of == name);
    let mut made = Vec::new();
    for piece in &opinion.pieces {
        let layer = opinion.desk.layer(piece);
        let Measure::Area { inside, .. } = piece.measure else { continue };
        if inside > 0.0 && !ruled(&layer.layer.name) {
            let features: Vec<Value> = piece
                .features
                .iter()
                .map(|t| json!({ "id": layer.features[t.feature].id, "name": layer.features[t.feature].name, "area_m2": t.area_m2 }))
                .collect();
            made.push(json!({
                "layer": layer.layer.name, "title": layer.layer.title.get(lang), "edition": layer.edition.edition,
                "area_m2": inside, "share": share(inside, opinion.area_m2), "features": features,
            }));
        }
    }
    made
}

fn to_pass(opinion: &SiteOpinion<'_>) -> Value {
    let steps: Vec<Value> = steps(opinion)
        .into_iter()
        .map(|s| {
            json!({
                "reaches": s.reaches.word(), "remains_plane_m2": s.plane_m2, "moves_plane_m2": hundredths(opinion.plane_m2 - s.plane_m2),
                "crossed": s.crossed, "remains": if s.remains.0.is_empty() { Value::Null } else { geometry(&s.remains) },
            })
        })
        .collect();
    let moves: Vec<Value> =
        moves(opinion).into_iter().map(|m| json!({ "rule": m.rule, "area_m2": m.area_m2, "toward": m.toward.map(|c| c.word()), "edge_m": m.edge_m })).collect();
    json!({ "steps": steps, "moves": moves })
}
