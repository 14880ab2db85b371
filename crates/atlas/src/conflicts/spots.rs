//! Conflict spots: every pair of layers of different plans laid over each other, dissolved, cut by
//! county, and classed.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_planning::conflicts::{ConflictKind, Meaning, Strength, Use, conflict_in_time, is_sliver};
use liangshan_space::overlay::{bounds_of, part, thinness, united};
use liangshan_space::{AreaMeter, Index, MultiPolygon};
use liangshan_store::Naming;
use liangshan_vocab::{Evidence, Problem, Problems, Text, nearest, text, words};
use rayon::prelude::*;

use super::{Found, Side, Spot};
use super::{attributes, register, totals};
use crate::conform::desk::LONGEST_EDGE_M;
use crate::conform::hundredths;
use crate::control::{Control, InForce};
use crate::ground::Places;
use crate::plan::extended;
use crate::region::{ControlKind, Region};
use crate::rules::{self, Day, Standard};

/// A row of the crosswalk.
pub(super) struct Crossed {
    pub(super) layer: String,
    only: Option<(String, String)>,
    class: Use,
    strength: Strength,
    pub(super) rank: f64,
    by_default: bool,
}

/// Thresholds of the crosswalk.
struct Limits {
    sliver_m2: f64,
    sliver_thinness: f64,
    major_m2: f64,
}

/// A layer with what it means: the features that a row of the crosswalk speaks of.
pub(super) struct Spoken<'c> {
    pub(super) layer: &'c InForce,
    pub(super) meaning: Meaning,
    pub(super) features: Vec<(usize, &'c MultiPolygon)>,
    index: Index,
}

/// A pair of layers, the one that goes before the other first, and their conflict.
type Pair<'a, 'c> = (&'a Spoken<'c>, &'a Spoken<'c>, ConflictKind);

/// The spots of a day; of two layers where they are named, else of every pair the crosswalk compares.
///
/// # Errors
/// Everything wrong in control layers, places, journal and crosswalk; `conflicts.unknown_layer`.
pub fn find(region: &Region, day: Day, between: Option<(&str, &str)>) -> Result<Found, Problems> {
    let (standards, mut problems) = rules::load(Some(&region.folder))?;
    let standard = problems.keep(standards.in_force("planning", "crosswalk", day));
    let control = problems.keep(Control::on(region, day));
    let mut notes = Problems::new();
    let places = problems.keep(Places::read(region, &extended(&region.declared.grid), &mut notes));
    let decided = problems.keep(register::read(&region.folder));
    let (Some(standard), Some(control), Some(places), Some(decided)) = (standard, control, places, decided) else { return Err(problems) };
    let crosswalk = crosswalk(standard)?;
    if let Some((a, b)) = between {
        for name in [a, b] {
            if !crosswalk.iter().any(|c| c.layer == name) || control.layer(name).is_none() {
                problems.push(unknown_layer(name, &crosswalk, &control));
            }
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let limits = limits(standard)?;
    let spoken = spoken(&crosswalk, &control, between);
    let pairs = pairs(&spoken, between);
    let meter = AreaMeter::of(&control.crs, LONGEST_EDGE_M)?;
    let made: Vec<Result<Vec<Spot>, Problems>> = pairs.par_iter().map(|pair| spots_of(pair, &places, &meter, &limits, &control.crs.to_string())).collect();
    let mut spots: Vec<Spot> = Vec::new();
    for one in made {
        spots.extend(problems.keep(one).unwrap_or_default());
    }
    spots.extend(problems.keep(attributes::find(&control, &crosswalk, &places, &meter, between)).unwrap_or_default());
    let mut notes = Problems::new();
    if between.is_none() {
        let made = totals::find(region, day, &spoken, &places, &meter, &mut notes);
        spots.extend(problems.keep(made).unwrap_or_default());
    }
    for spot in &mut spots {
        spot.decided = decided.get(&spot.id).cloned();
    }
    spots.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2).then_with(|| a.id.cmp(&b.id)));
    let rules: (String, Text, Evidence) = (standard.id.clone(), standard.title.clone(), standard.evidence);
    problems.into_result(Found { on: day, spots, rules, pairs: pairs.len(), notes })
}

fn crosswalk(standard: &Standard) -> Result<Vec<Crossed>, Problem> {
    let table = standard.table("crosswalk")?;
    for column in ["layer", "field", "value", "class", "strength", "rank", "default"] {
        table.column(column)?;
    }
    let row = |row| {
        let of = |column: &str| table.text(row, column);
        Crossed {
            layer: of("layer").to_owned(),
            only: Some((of("field").to_owned(), of("value").to_owned())).filter(|(field, _)| !field.is_empty()),
            // the columns admit only the words of the domain
            class: Use::parse(of("class")).unwrap_or(Use::Reserve),
            strength: Strength::parse(of("strength")).unwrap_or(Strength::Silent),
            rank: table.number(row, "rank").unwrap_or(f64::MAX),
            by_default: of("default") == "yes",
        }
    };
    Ok(table.rows.iter().map(row).collect())
}

fn limits(standard: &Standard) -> Result<Limits, Problem> {
    Ok(Limits { sliver_m2: standard.value("sliver_m2")?, sliver_thinness: standard.value("sliver_thinness")?, major_m2: standard.value("major_m2")? })
}

fn unknown_layer(name: &str, crosswalk: &[Crossed], control: &Control) -> Problem {
    let known: BTreeSet<&str> = crosswalk.iter().map(|c| c.layer.as_str()).filter(|l| control.layer(l).is_some()).collect();
    let list = known.iter().copied().collect::<Vec<_>>().join(", ");
    Problem::error("conflicts.unknown_layer", words!("没有可比较的图层“{name}”", "there is no layer \"{name}\" to compare"))
        .key("--between")
        .expect(words!("对照表中且当日施行的图层：{list}", "a layer of the crosswalk that is in force: {list}"))
        .fix_near(
            nearest(name, known.iter().copied()),
            text("改正名称，或在区域的 rules/ 中补一行", "correct the name, or add a row in the region's own rules/"),
        )
}

/// The layers in force with what the crosswalk says of them.
fn spoken<'c>(crosswalk: &[Crossed], control: &'c Control, between: Option<(&str, &str)>) -> Vec<Spoken<'c>> {
    let wanted = |c: &&Crossed| between.map_or(c.by_default, |(a, b)| c.layer == a || c.layer == b);
    let mut made = Vec::new();
    for crossed in crosswalk.iter().filter(wanted) {
        let Some(layer) = control.layer(&crossed.layer) else { continue };
        let speaks =
            |f: &crate::control::ControlFeature| crossed.only.as_ref().is_none_or(|(field, value)| layer.attribute(f, field).as_deref() == Some(value));
        let features: Vec<(usize, &MultiPolygon)> =
            layer.features.iter().enumerate().filter(|(_, f)| speaks(f)).filter_map(|(i, f)| f.shape.area().map(|s| (i, s))).collect();
        let bounds: Vec<(usize, liangshan_space::Bounds)> = features.iter().enumerate().filter_map(|(i, (_, s))| bounds_of(s).map(|b| (i, b))).collect();
        let is_line = layer.layer.kind == ControlKind::Line;
        let meaning = Meaning { class: crossed.class, strength: crossed.strength, rank: crossed.rank, is_line };
        made.push(Spoken { layer, meaning, features, index: Index::of(bounds) });
    }
    made
}

/// Pairs that can conflict: of different plans, or two lines. The one of lower rank comes first.
fn pairs<'a, 'c>(spoken: &'a [Spoken<'c>], between: Option<(&str, &str)>) -> Vec<Pair<'a, 'c>> {
    let mut made = Vec::new();
    for (i, a) in spoken.iter().enumerate() {
        for b in &spoken[i + 1..] {
            let same = a.layer.layer.name == b.layer.layer.name;
            let one_plan = a.layer.layer.plan == b.layer.layer.plan && !(a.meaning.is_line && b.meaning.is_line);
            if same || (one_plan && between.is_none()) {
                continue;
            }
            let times = [&a.layer.edition.period, &b.layer.edition.period];
            if let Some(kind) = conflict_in_time(&a.meaning, &b.meaning, times) {
                made.push(if a.meaning.rank <= b.meaning.rank { (a, b, kind) } else { (b, a, kind) });
            }
        }
    }
    made
}

fn spots_of((a, b, kind): &Pair<'_, '_>, places: &Places, meter: &AreaMeter, limits: &Limits, crs: &str) -> Result<Vec<Spot>, Problems> {
    // Where the features of the two meet, with the features that meet there.
    let mut pieces: Vec<(usize, BTreeSet<usize>, MultiPolygon)> = Vec::new();
    for (feature, shape) in &a.features {
        let Some(bounds) = bounds_of(shape) else { continue };
        let near = b.index.meeting(&bounds);
        if near.is_empty() {
            continue;
        }
        let others: Vec<&MultiPolygon> = near.iter().map(|i| b.features[*i].1).collect();
        let inside = part(shape, &others).inside;
        if !inside.0.is_empty() {
            pieces.push((*feature, near.iter().map(|i| b.features[*i].0).collect(), inside));
        }
    }
    let joined = united(&pieces.iter().map(|(_, _, piece)| piece).collect::<Vec<_>>());
    let mut made = Vec::new();
    for county in &places.counties {
        if joined.0.is_empty() {
            break;
        }
        for polygon in part(&joined, &[&county.shape]).inside.0 {
            let shape = MultiPolygon(vec![polygon]);
            let area_m2 = hundredths(meter.area_m2(&shape)?);
            if area_m2 <= 0.0 {
                continue;
            }
            let thin = thinness(&shape);
            let (own, others) = features_of(&shape, &pieces, b);
            let sides = [side(a, own), side(b, others)];
            made.push(Spot {
                id: id_of(&sides, &county.code, &shape, crs),
                kind: *kind,
                severity: kind.severity(area_m2, limits.major_m2),
                county: county.code.clone(),
                area_m2,
                thinness: (thin * 1e6).round() / 1e6,
                sliver: is_sliver(area_m2, thin, limits.sliver_m2, limits.sliver_thinness),
                total_m2: None,
                differing: Vec::new(),
                sides,
                shape,
                decided: None,
            });
        }
    }
    Ok(made)
}

/// The features of both layers that a spot lies in.
fn features_of(spot: &MultiPolygon, pieces: &[(usize, BTreeSet<usize>, MultiPolygon)], b: &Spoken<'_>) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let Some(bounds) = bounds_of(spot) else { return Default::default() };
    let overlaps = |shape: &MultiPolygon| bounds_of(shape).is_some_and(|s| s.meets(&bounds)) && !part(spot, &[shape]).inside.0.is_empty();
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (feature, near, piece) in pieces {
        if overlaps(piece) {
            own.insert(*feature);
            others.extend(b.features.iter().filter(|(i, _)| near.contains(i)).filter(|(_, shape)| overlaps(shape)).map(|(i, _)| *i));
        }
    }
    (own, others)
}

fn side(spoken: &Spoken<'_>, features: BTreeSet<usize>) -> Side {
    let ids = features.into_iter().map(|i| spoken.layer.features[i].id.clone()).collect();
    Side::of(spoken.layer, (spoken.meaning.class.word(), spoken.meaning.strength.word()), ids)
}

/// An id that stays as long as layers, county and shape (to a centimetre) do.
fn id_of(sides: &[Side; 2], county: &str, shape: &MultiPolygon, crs: &str) -> String {
    let corners: BTreeMap<(i64, i64), ()> =
        shape.0.iter().flat_map(|p| p.exterior().0.iter()).map(|c| (((c.x * 100.0).round() as i64, (c.y * 100.0).round() as i64), ())).collect();
    let points: String = corners.keys().map(|(x, y)| format!("{x} {y},")).collect();
    let name = Naming::of("spot").with("a", &sides[0].layer).with("b", &sides[1].layer).with("county", county).with("crs", crs).with("shape", points);
    format!("CS-{}", name.digest().short())
}
