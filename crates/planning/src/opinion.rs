//! An opinion on a project's site: what the project states of itself, every rule against what was
//! measured of the site, the worst verdict, and what would have to change for a better one.

use std::collections::BTreeSet;

use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use crate::conformity::{LayerRule, Standing, Tolerance, Verdict};

/// A value of a project's attribute and the facts it states.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectWord {
    /// The attribute, `planned_use`.
    pub field: String,
    /// The value, `housing`.
    pub word: String,
    /// What it means.
    pub title: Text,
    /// The facts it states, `discharging`.
    pub facts: Vec<String>,
}

/// What is stated of a project.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts<'w> {
    /// Facts that hold.
    pub holds: BTreeSet<&'w str>,
    /// Facts that nobody has stated either way: their attributes are not there at all.
    pub unstated: BTreeSet<&'w str>,
}

impl<'w> Facts<'w> {
    /// False for a fact that is known not to hold; no fact at all always holds.
    fn may_hold(&self, fact: &str) -> bool {
        fact.is_empty() || self.holds.contains(fact) || self.unstated.contains(fact)
    }

    /// Reads attributes, `(planned_use, housing)`. An attribute that is there and empty states that its
    /// facts do not hold; one that is not there leaves them open.
    ///
    /// # Errors
    /// `conformity.unknown_word`, with the words there are, for each value that no rule knows.
    pub fn of(attributes: &[(String, String)], words: &'w [ProjectWord]) -> Result<Self, Problems> {
        let (mut problems, mut made) = (Problems::new(), Self::default());
        let mut fields: BTreeSet<&str> = BTreeSet::new();
        for (field, word) in attributes.iter().filter(|(field, _)| words.iter().any(|w| w.field == *field)) {
            fields.insert(field);
            match words.iter().find(|w| w.field == *field && w.word == *word) {
                Some(known) => made.holds.extend(known.facts.iter().map(String::as_str)),
                None if word.is_empty() => {}
                None => problems.push(unknown_word(field, word, words)),
            }
        }
        let stated: BTreeSet<&str> = words.iter().filter(|w| fields.contains(w.field.as_str())).flat_map(|w| w.facts.iter().map(String::as_str)).collect();
        let all = words.iter().flat_map(|w| w.facts.iter().map(String::as_str));
        made.unstated = all.filter(|fact| !stated.contains(fact)).collect();
        problems.into_result(made)
    }
}

fn unknown_word(field: &str, word: &str, words: &[ProjectWord]) -> Problem {
    let known: Vec<&str> = words.iter().filter(|w| w.field == field).map(|w| w.word.as_str()).collect();
    Problem::error("conformity.unknown_word", words!("规则不认识 {field} 的取值“{word}”", "the rules do not know the value \"{word}\" of {field}"))
        .key(field)
        .expect(words!("下列之一：{}", "one of: {}", known.join(", ")))
        .fix_near(nearest(word, known), text("改正取值，或在区域的 rules/ 中补一行", "correct the value, or add a row in the region's own rules/"))
}

/// What was measured of a site for one control layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// Areas on the ellipsoid, m².
    Area {
        /// In the layer.
        inside: f64,
        /// Outside of it.
        outside: f64,
    },
    /// Length of the layer's lines inside the site, m.
    Length(f64),
    /// How many of the layer's points lie in the site.
    Points(usize),
}

impl Measure {
    /// The number that a rule looks at.
    pub fn of(&self, outside_counts: bool) -> f64 {
        match *self {
            Measure::Area { outside, .. } if outside_counts => outside,
            Measure::Area { inside, .. } => inside,
            Measure::Length(metres) => metres,
            Measure::Points(count) => count as f64,
        }
    }

    /// The tolerance of a rule for it: lines and points have none.
    fn allowed(&self, rule: &LayerRule, tolerance: Tolerance) -> f64 {
        if matches!(self, Measure::Area { .. }) { tolerance.of(rule) } else { 0.0 }
    }
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'r> {
    /// The rule.
    pub rule: &'r LayerRule,
    /// What was measured; `None` where the region has no such layer in force.
    pub measure: Option<Measure>,
    /// The number the rule looked at, m², m or a count.
    pub amount: f64,
    /// The largest number it lets pass.
    pub tolerance: f64,
    /// What it says.
    pub standing: Standing,
}

impl Line<'_> {
    /// The verdict, where it speaks.
    pub fn verdict(&self) -> Option<Verdict> {
        if let Standing::Speaks(verdict) = self.standing { Some(verdict) } else { None }
    }
}

/// An opinion.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion<'r> {
    /// The worst of all; at least [`Verdict::Need`] where a fact has to be stated first.
    pub verdict: Verdict,
    /// What each rule says, in the order of the rules; a layer that the region does not have is left out.
    pub lines: Vec<Line<'r>>,
    /// Rules that may concern the project and whose layer the region does not have in force: nobody has looked.
    pub unmeasured: Vec<&'r LayerRule>,
    /// Facts that have to be stated first.
    pub ask: Vec<&'r str>,
}

impl<'r> Opinion<'r> {
    /// True where every rule that may concern the project was held against its layer. A verdict of
    /// [`Verdict::Pass`] that is not complete says nothing of the rest and has to be shown so.
    pub fn is_complete(&self) -> bool {
        self.unmeasured.is_empty()
    }

    /// The lines that speak with a verdict as bad as this or worse.
    pub fn speaking(&self, from: Verdict) -> impl Iterator<Item = &Line<'r>> {
        self.lines.iter().filter(move |line| matches!(line.standing, Standing::Speaks(v) if v >= from))
    }
}

/// Holds every rule against what was measured; `measured` answers by the name of a control layer.
pub fn opine<'r>(rules: &'r [LayerRule], tolerance: Tolerance, facts: &Facts<'_>, measured: &dyn Fn(&str) -> Option<Measure>) -> Opinion<'r> {
    let mut made = Opinion { verdict: Verdict::Pass, lines: Vec::new(), unmeasured: Vec::new(), ask: Vec::new() };
    for rule in rules {
        let Some(measure) = measured(&rule.of) else {
            if facts.may_hold(&rule.only_if) {
                made.unmeasured.push(rule);
            }
            continue;
        };
        let (amount, allowed) = (measure.of(rule.outside), measure.allowed(rule, tolerance));
        let standing = rule.standing(amount, allowed, &facts.holds, &facts.unstated);
        match standing {
            Standing::Speaks(verdict) => made.verdict = made.verdict.max(verdict),
            Standing::Undecided => {
                made.verdict = made.verdict.max(Verdict::Need);
                if !made.ask.contains(&rule.only_if.as_str()) {
                    made.ask.push(&rule.only_if);
                }
            }
            Standing::Clear | Standing::Sliver | Standing::Idle => {}
        }
        made.lines.push(Line { rule, measure: Some(measure), amount, tolerance: allowed, standing });
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(layer: &str, of: &str, outside: bool, only_if: &str, unless: &str, verdict: Verdict) -> LayerRule {
        LayerRule {
            layer: layer.into(),
            title: text("图层", "layer"),
            of: of.into(),
            outside,
            is_line: true,
            verdict,
            only_if: only_if.into(),
            unless: unless.into(),
            otherwise: Verdict::Escalate,
            needs: String::new(),
            needs_title: Text::default(),
            clause: Text::default(),
            evidence: liangshan_vocab::Evidence::Unverified,
        }
    }

    fn word(field: &str, word: &str, facts: &[&str]) -> ProjectWord {
        ProjectWord { field: field.into(), word: word.into(), title: Text::default(), facts: facts.iter().map(|f| (*f).to_owned()).collect() }
    }

    fn words() -> Vec<ProjectWord> {
        vec![word("planned_use", "industrial", &["urban", "discharging"]), word("planned_use", "trail", &[]), word("activity_code", "RL05", &["listed"])]
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    /// By hand: what is outside the boundary counts for an urban project alone; a listed activity is
    /// escalated; an attribute that is not there leaves the rule open and the verdict at least at NEED.
    #[test]
    fn every_rule_speaks_or_says_why_not() {
        let rules = [rule("outside", "boundary", true, "urban", "", Verdict::Forbid), rule("redline", "redline", false, "", "listed", Verdict::Forbid)];
        let words = words();
        let tolerance = Tolerance { line_m2: 1.0, other_m2: 10.0 };
        let measured = |redline: f64| {
            move |of: &str| match of {
                "boundary" => Some(Measure::Area { inside: 40.0, outside: 60.0 }),
                _ => Some(Measure::Area { inside: redline, outside: 100.0 - redline }),
            }
        };
        let opine = |attributes: &[(&str, &str)], redline: f64| {
            let facts = Facts::of(&given(attributes), &words).unwrap();
            let made = opine(&rules, tolerance, &facts, &measured(redline));
            (made.verdict, made.lines.iter().map(|l| l.standing).collect::<Vec<_>>(), made.ask.len())
        };
        use Standing::{Clear, Idle, Sliver, Speaks, Undecided};
        assert_eq!(opine(&[("planned_use", "industrial")], 0.0), (Verdict::Forbid, vec![Speaks(Verdict::Forbid), Clear], 0));
        assert_eq!(opine(&[("planned_use", "trail")], 0.5), (Verdict::Pass, vec![Idle, Sliver], 0));
        assert_eq!(opine(&[("planned_use", "trail"), ("activity_code", "RL05")], 9.0), (Verdict::Escalate, vec![Idle, Speaks(Verdict::Escalate)], 0));
        assert_eq!(opine(&[], 0.0), (Verdict::Need, vec![Undecided, Clear], 1));
        assert_eq!(opine(&[("planned_use", "")], 0.0), (Verdict::Pass, vec![Idle, Clear], 0));
    }

    #[test]
    fn an_unknown_value_is_told_with_the_nearest() {
        let words = words();
        let problems = Facts::of(&given(&[("planned_use", "industril"), ("colour", "red")]), &words).unwrap_err();
        assert_eq!((problems.len(), problems.0[0].code.as_ref()), (1, "conformity.unknown_word"));
        assert!(problems.0[0].fix.en.contains("industrial"));
    }

    #[test]
    fn a_layer_that_is_not_there_was_not_looked_at() {
        let rules = [rule("wetland", "wetland", false, "", "", Verdict::Need)];
        let made = opine(&rules, Tolerance { line_m2: 1.0, other_m2: 10.0 }, &Facts::default(), &|_| None);
        assert_eq!((made.verdict, made.lines.len(), made.unmeasured.len(), made.is_complete()), (Verdict::Pass, 0, 1, false));
    }

    /// A rule for what discharges is nothing that a trail misses; for a factory it is, and where nobody says.
    #[test]
    fn a_rule_that_does_not_concern_the_project_is_not_missed() {
        let rules = [rule("source", "source", false, "discharging", "", Verdict::Forbid)];
        let words = words();
        let missed = |attributes: &[(&str, &str)]| {
            let facts = Facts::of(&given(attributes), &words).unwrap();
            opine(&rules, Tolerance { line_m2: 1.0, other_m2: 10.0 }, &facts, &|_| None).unmeasured.len()
        };
        assert_eq!([missed(&[("planned_use", "trail")]), missed(&[("planned_use", "industrial")]), missed(&[])], [0, 1, 1]);
    }
}
