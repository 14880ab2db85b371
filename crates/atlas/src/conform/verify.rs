//! An opinion checked again: the same question to the same editions and rules has to give the same
//! answer, to the digest.

use liangshan_formats::vector::read_geojson;
use liangshan_space::overlay::{Lattice, bounds_of};
use liangshan_vocab::{Problem, Problems, text, words};
use serde_json::Value;

use super::desk::OpinionDigests;
use super::said::FORM;
use super::sites::{DayFrom, Site};
use super::{Desks, SiteOpinion};
use crate::ground::as_polygons;
use crate::region::Region;
use crate::rules::Day;

/// What became of a part of an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The shape is the one that was judged.
    pub geometry: bool,
    /// The control layers are the editions that answered.
    pub layers: bool,
    /// The rules are those that were held against it.
    pub rules: bool,
    /// The answer is the same.
    pub whole: bool,
}

/// An opinion that was given, read from its JSON.
pub struct Given {
    /// The site with its attributes and day.
    pub site: Site,
    /// What it says it rests on: geometry, layers, rules, whole.
    digests: [String; 4],
    /// The verdict it states.
    pub verdict: String,
}

fn malformed(what: &str) -> Problem {
    Problem::error("verify.no_opinion", words!("文件不是合规性审查意见：{what}", "the file is no opinion on conformity: {what}"))
        .expect(words!("form = {FORM} 的 JSON，由 conform --json 或 --out 写出", "JSON of form {FORM}, as conform --json or --out writes it"))
        .fix(text("给出意见的 JSON 文件", "name the JSON file of the opinion"))
}

impl Given {
    /// Reads an opinion, or each of a list of them.
    ///
    /// # Errors
    /// `verify.no_opinion`.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, Problems> {
        let root: Value = serde_json::from_slice(bytes).map_err(|e| malformed(&e.to_string()))?;
        let list = root.get("opinions").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![root]);
        list.iter().map(|one| Self::one(one).map_err(Problems::from)).collect()
    }

    fn one(root: &Value) -> Result<Self, Problem> {
        if root.get("form").and_then(Value::as_str) != Some(FORM) {
            return Err(malformed("form"));
        }
        let said = |path: &str| root.pointer(path).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| malformed(path));
        let mut geometry = root.pointer("/site/geometry").cloned().ok_or_else(|| malformed("/site/geometry"))?;
        geometry["crs"] = Value::Null;
        let layer = read_geojson(geometry.to_string().as_bytes()).map_err(|_| malformed("/site/geometry"))?;
        let shape = layer.features.first().and_then(|f| f.geometry.as_ref()).and_then(as_polygons).ok_or_else(|| malformed("/site/geometry"))?;
        let shape = bounds_of(&shape).map(|b| Lattice::over(&b).snapped(&shape)).ok_or_else(|| malformed("/site/geometry"))?;
        let attributes = root.pointer("/site/attributes").and_then(Value::as_object).ok_or_else(|| malformed("/site/attributes"))?;
        let attributes = attributes.iter().map(|(field, word)| (field.clone(), word.as_str().unwrap_or_default().to_owned())).collect();
        let on = Day::parse(&said("/on")?).ok_or_else(|| malformed("/on"))?;
        let site = Site { id: said("/site/id")?, name: said("/site/name")?, attributes, on, on_from: DayFrom::Asked, shape };
        let digests = [said("/digests/geometry")?, said("/digests/layers")?, said("/digests/rules")?, said("/digest")?];
        Ok(Self { site, digests, verdict: said("/verdict")? })
    }

    fn held(&self, now: &OpinionDigests) -> Held {
        let same = |at: usize, digest: &liangshan_vocab::Digest| self.digests[at] == digest.as_str();
        Held { geometry: same(0, &now.geometry), layers: same(1, &now.layers), rules: same(2, &now.rules), whole: same(3, &now.whole) }
    }
}

/// Asks the question of each opinion again and says what held; `tell` receives the opinion as given,
/// what held, and the opinion of now.
///
/// # Errors
/// Everything wrong in the control layers and rules now in force.
pub fn verify(region: &Region, given: &[Given], tell: &mut dyn FnMut(&Given, Held, &SiteOpinion<'_>)) -> Result<bool, Problems> {
    let sites: Vec<Site> = given.iter().map(|g| g.site.clone()).collect();
    let desks = Desks::open(region, &sites)?;
    let opinions = desks.opinions(&sites)?;
    let mut all = true;
    for (given, now) in given.iter().zip(&opinions) {
        let held = given.held(&now.digests());
        all &= held.whole;
        tell(given, held, now);
    }
    Ok(all)
}
