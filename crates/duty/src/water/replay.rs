//! The same archive under two editions: what changed because the rule did, and what changed outside.

use std::collections::HashMap;

use super::{Assessment, Class, Span};

/// One difference, in classes: positive is worse. `rule + nature` is the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The section's name.
    pub section: String,
    /// The time, or the period compared.
    pub at: String,
    /// The class at first, under the first edition.
    pub before: Option<Class>,
    /// The class at last, under the second edition.
    pub after: Option<Class>,
    /// Change of the rule: the later values under the second edition less under the first.
    pub rule: Option<i8>,
    /// Change of nature: the later values less the earlier ones, both under the first edition.
    pub nature: Option<i8>,
    /// Items whose class the two editions see differently in the later values.
    pub items: Vec<String>,
}

/// Splits one difference. `a1` are the earlier values under the first edition, `a2` and `b2` the later
/// ones under the first and the second. A part that lacks a class is `None`.
pub fn split(a1: Option<Class>, a2: Option<Class>, b2: Option<Class>) -> (Option<i8>, Option<i8>) {
    let less = |x: Option<Class>, y: Option<Class>| Some(x?.number() as i8 - y?.number() as i8);
    (less(b2, a2), less(a2, a1))
}

fn items(a: &Assessment<'_, '_>, b: &Assessment<'_, '_>, of_a: (usize, &super::Section), of_b: (usize, &super::Section)) -> Vec<String> {
    let classes = |all: &Assessment<'_, '_>, (rules, section): (usize, &super::Section)| -> Vec<(String, Option<Class>)> {
        section.items.iter().map(|v| (all.rules[rules].items[v.item].code.clone(), v.class())).collect()
    };
    let (first, second) = (classes(a, of_a), classes(b, of_b));
    let of = |list: &[(String, Option<Class>)], code: &str| list.iter().find(|c| c.0 == code).map(|c| c.1);
    let mut codes: Vec<String> = first.iter().chain(&second).map(|c| c.0.clone()).filter(|code| of(&first, code) != of(&second, code)).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// One file under two editions: every sample and period whose class they see differently. Nature is the
/// same, so the whole difference is the rule's.
pub fn replay(a: &Assessment<'_, '_>, b: &Assessment<'_, '_>) -> Vec<Split> {
    let mut out = Vec::new();
    let mut put = |section: &str, at: &str, x: Option<Class>, y: Option<Class>, items: Vec<String>| {
        if x != y {
            let (rule, nature) = split(x, x, y);
            out.push(Split { section: section.to_owned(), at: at.to_owned(), before: x, after: y, rule, nature, items });
        }
    };
    let times: HashMap<(&str, &str), &super::OfTime<'_>> = b.times.iter().map(|u| ((b.stations[u.station].name.as_str(), u.at), u)).collect();
    let periods: HashMap<(&str, &str), &super::OfPeriod> = b.periods.iter().map(|q| ((b.stations[q.station].name.as_str(), q.period.as_str()), q)).collect();
    for t in &a.times {
        let name = a.stations[t.station].name.as_str();
        if let Some(u) = times.get(&(name, t.at)) {
            put(name, t.at, t.section.class(), u.section.class(), items(a, b, (t.rules, &t.section), (u.rules, &u.section)));
        }
    }
    for p in &a.periods {
        let name = a.stations[p.station].name.as_str();
        if let Some(q) = periods.get(&(name, p.period.as_str())) {
            put(name, &p.period, p.class(), q.class(), items(a, b, (p.rules, &p.section), (q.rules, &q.section)));
        }
    }
    out
}

impl Assessment<'_, '_> {
    /// Two periods, the first under this edition, the second under another: each section's difference
    /// split into rule and nature.
    pub fn between(&self, other: &Assessment<'_, '_>, span: Span, first: &str, second: &str) -> Vec<Split> {
        let mut out = Vec::new();
        for (number, station) in self.stations.iter().enumerate() {
            let mine = |period: &str| self.periods.iter().find(|p| p.station == number && p.span == span && p.period == period);
            let theirs = other.periods.iter().find(|p| p.span == span && p.period == second && other.stations[p.station].name == station.name);
            let (Some(a1), Some(a2), Some(b2)) = (mine(first), mine(second), theirs) else { continue };
            let (rule, nature) = split(a1.class(), a2.class(), b2.class());
            let items = items(self, other, (a2.rules, &a2.section), (b2.rules, &b2.section));
            let at = format!("{first} → {second}");
            out.push(Split { section: station.name.clone(), at, before: a1.class(), after: b2.class(), rule, nature, items });
        }
        out
    }
}
