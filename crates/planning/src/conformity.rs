//! Conformity of a footprint (合规性审查): measured overlaps against a table of layers, the worst
//! verdict wins, what lies within the tolerance is listed apart.

use std::collections::BTreeSet;

use liangshan_vocab::{Evidence, Problem, Problems, Text, nearest, words};

/// A verdict, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 通过.
    Pass,
    /// 须有意见或许可.
    Need,
    /// 上报.
    Escalate,
    /// 禁止.
    Forbid,
}

impl Verdict {
    /// The word in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "PASS",
            Verdict::Need => "NEED",
            Verdict::Escalate => "ESCALATE",
            Verdict::Forbid => "FORBID",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Verdict::Pass, Verdict::Need, Verdict::Escalate, Verdict::Forbid].into_iter().find(|v| v.word() == word)
    }
}

/// What a layer does to a project that lies on it.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerRule {
    /// The layer, `redline`.
    pub layer: String,
    /// What it is called.
    pub title: Text,
    /// The control layer it measures, by its name in `region.toml`.
    pub of: String,
    /// True when what lies outside that layer counts.
    pub outside: bool,
    /// True for a line, whose tolerance is the narrower one.
    pub is_line: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// The fact of the project it depends on, `discharging`; always when empty.
    pub only_if: String,
    /// The fact that softens it, `activity_listed`; none when empty.
    pub unless: String,
    /// What it softens to.
    pub otherwise: Verdict,
    /// What the project needs, by its name in tables: `forest permit`.
    pub needs: String,
    /// The same for people.
    pub needs_title: Text,
    /// Where it is written.
    pub clause: Text,
    /// Whether that was read.
    pub evidence: Evidence,
}

/// What a rule says of a measured footprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing lies there; to touch is nothing.
    Clear,
    /// Something does, and no more than the tolerance: it is listed and does not speak.
    Sliver,
    /// The fact that it depends on does not hold.
    Idle,
    /// Nobody has stated the fact that it depends on.
    Undecided,
    /// It speaks.
    Speaks(Verdict),
}

impl LayerRule {
    /// What the rule says of a measure (an overlap in m², a length, a count) against its tolerance.
    /// `unstated` are facts that nobody has stated either way.
    pub fn standing(&self, measure: f64, allowed: f64, facts: &BTreeSet<&str>, unstated: &BTreeSet<&str>) -> Standing {
        let only_if = self.only_if.as_str();
        if measure <= 0.0 {
            Standing::Clear
        } else if measure <= allowed {
            Standing::Sliver
        } else if only_if.is_empty() || facts.contains(only_if) {
            let softened = !self.unless.is_empty() && facts.contains(self.unless.as_str());
            Standing::Speaks(if softened { self.otherwise } else { self.verdict })
        } else if unstated.contains(only_if) {
            Standing::Undecided
        } else {
            Standing::Idle
        }
    }
}

/// The tolerance of overlaps, m².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// For lines.
    pub line_m2: f64,
    /// For all else.
    pub other_m2: f64,
}

impl Tolerance {
    /// That of a rule.
    pub fn of(&self, rule: &LayerRule) -> f64 {
        if rule.is_line { self.line_m2 } else { self.other_m2 }
    }
}

/// One layer the project lies on.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'a> {
    /// The rule that spoke.
    pub rule: &'a LayerRule,
    /// The overlap, m².
    pub overlap_m2: f64,
    /// What it says.
    pub verdict: Verdict,
}

/// What a footprint is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Conformity<'a> {
    /// The worst of all.
    pub verdict: Verdict,
    /// Layers it lies on, in the order of the overlaps.
    pub findings: Vec<Finding<'a>>,
    /// What it needs, each once, in that order.
    pub needs: Vec<&'a str>,
    /// Overlaps above zero and within the tolerance.
    pub ignored: Vec<(&'a str, f64)>,
}

/// Judges measured overlaps. A rule speaks when its overlap is more than the tolerance and its
/// condition holds; a fact that softens it gives the softer verdict. Facts not named do not hold.
///
/// Overlaps in m² on the ellipsoid, by layer. An overlap that was not measured is not zero: a layer
/// that is asked for and missing is the caller's to refuse.
///
/// # Errors
/// All at once: `conformity.layer` for a layer without a rule, `conformity.overlap` for an overlap
/// that is negative or no number.
pub fn judge<'a>(overlaps: &[(&str, f64)], tolerance: Tolerance, facts: &BTreeSet<&str>, rules: &'a [LayerRule]) -> Result<Conformity<'a>, Problems> {
    let mut problems = Problems::new();
    let mut made = Conformity { verdict: Verdict::Pass, findings: Vec::new(), needs: Vec::new(), ignored: Vec::new() };
    for (layer, overlap) in overlaps {
        let Some(known) = rules.iter().find(|rule| rule.layer == *layer) else {
            problems.push(unknown_layer(layer, rules));
            continue;
        };
        if !(*overlap >= 0.0 && overlap.is_finite()) {
            problems.push(
                Problem::error("conformity.overlap", words!("“{layer}”的重叠面积为 {overlap}", "the overlap with \"{layer}\" is {overlap}"))
                    .key(*layer)
                    .expect(words!("不小于 0 的平方米数", "square metres of at least zero")),
            );
            continue;
        }
        let allowed = tolerance.of(known);
        if *overlap > 0.0 && *overlap <= allowed {
            made.ignored.push((&known.layer, *overlap));
        }
        for rule in rules.iter().filter(|rule| rule.layer == *layer) {
            let Standing::Speaks(verdict) = rule.standing(*overlap, allowed, facts, &BTreeSet::new()) else { continue };
            made.verdict = made.verdict.max(verdict);
            if !rule.needs.is_empty() && verdict > Verdict::Pass && verdict < Verdict::Forbid && !made.needs.contains(&rule.needs.as_str()) {
                made.needs.push(&rule.needs);
            }
            made.findings.push(Finding { rule, overlap_m2: *overlap, verdict });
        }
    }
    problems.into_result(made)
}

fn unknown_layer(layer: &str, rules: &[LayerRule]) -> Problem {
    let names: Vec<&str> = rules.iter().map(|rule| rule.layer.as_str()).collect();
    Problem::error("conformity.layer", words!("规则中没有图层“{layer}”", "the rules have no layer \"{layer}\""))
        .key(layer)
        .expect(words!("{}", "{}", names.join(", ")))
        .fix_near(nearest(layer, names), words!("在规则表中补上该图层", "add the layer to the table of rules"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_vocab::text;

    fn rule(layer: &str, is_line: bool, verdict: Verdict, only_if: &str, unless: &str, needs: &str) -> LayerRule {
        LayerRule {
            layer: layer.into(),
            title: text("图层", "layer"),
            is_line,
            verdict,
            only_if: only_if.into(),
            unless: unless.into(),
            otherwise: Verdict::Escalate,
            needs: needs.into(),
            needs_title: Text::default(),
            of: layer.into(),
            outside: false,
            clause: Text::default(),
            evidence: Evidence::Unverified,
        }
    }

    fn rules() -> Vec<LayerRule> {
        vec![
            rule("redline", true, Verdict::Forbid, "", "activity_listed", "review by the ministry"),
            rule("drinking_source_2", false, Verdict::Forbid, "discharging", "", ""),
            rule("public_forest", false, Verdict::Need, "", "", "forest permit"),
            rule("wetland", false, Verdict::Need, "", "", "forest permit"),
        ]
    }

    const TOLERANCE: Tolerance = Tolerance { line_m2: 1.0, other_m2: 10.0 };

    fn verdict(overlaps: &[(&str, f64)], facts: &[&str]) -> (Verdict, Vec<String>) {
        let rules = rules();
        let made = judge(overlaps, TOLERANCE, &facts.iter().copied().collect(), &rules).unwrap();
        (made.verdict, made.needs.iter().map(|n| (*n).to_owned()).collect())
    }

    /// By hand: the tolerance itself is not more than the tolerance; the worst wins; facts soften.
    #[test]
    fn the_worst_wins() {
        assert_eq!(verdict(&[("redline", 1.0), ("public_forest", 10.0)], &[]), (Verdict::Pass, vec![]));
        assert_eq!(verdict(&[("redline", 1.1), ("public_forest", 500.0)], &[]).0, Verdict::Forbid);
        assert_eq!(verdict(&[("redline", 1.1)], &["activity_listed"]), (Verdict::Escalate, vec!["review by the ministry".to_owned()]));
        assert_eq!(verdict(&[("drinking_source_2", 500.0)], &[]).0, Verdict::Pass);
        assert_eq!(verdict(&[("drinking_source_2", 500.0)], &["discharging"]).0, Verdict::Forbid);
        assert_eq!(verdict(&[("public_forest", 50.0), ("wetland", 50.0)], &[]), (Verdict::Need, vec!["forest permit".to_owned()]));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let rules = rules();
        let problems = judge(&[("redlin", 5.0), ("wetland", f64::NAN), ("public_forest", -1.0)], TOLERANCE, &BTreeSet::new(), &rules).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.code.as_ref()).collect::<Vec<_>>(), ["conformity.layer", "conformity.overlap", "conformity.overlap"]);
        assert!(problems.0[0].fix.en.contains("redline"));
    }
}
