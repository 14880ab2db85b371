//! Conflicts between plans (多规合一差异检测): what two layers mean for the same ground, of what type
//! and how grave their difference is, and which of them goes before the other.

use liangshan_vocab::{Text, text};

/// What ground is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// 建设.
    Build,
    /// 农业.
    Farm,
    /// 生态.
    Eco,
    /// 水体.
    Water,
    /// 留白.
    Reserve,
}

/// How strictly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// It says nothing of other uses.
    Silent,
    /// It allows this one.
    Allow,
    /// It restricts others.
    Restrict,
    /// It prohibits others.
    Prohibit,
}

const USES: [(&str, Use, Text); 5] = [
    ("build", Use::Build, text("建设", "building")),
    ("farm", Use::Farm, text("农业", "farming")),
    ("eco", Use::Eco, text("生态", "ecology")),
    ("water", Use::Water, text("水体", "water")),
    ("reserve", Use::Reserve, text("留白", "reserve")),
];

const STRENGTHS: [(&str, Strength); 4] =
    [("silent", Strength::Silent), ("allow", Strength::Allow), ("restrict", Strength::Restrict), ("prohibit", Strength::Prohibit)];

impl Use {
    /// Reads the word in tables.
    pub fn parse(word: &str) -> Option<Self> {
        USES.iter().find(|u| u.0 == word).map(|u| u.1)
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        USES.iter().find(|u| u.1 == self).map_or("", |u| u.0)
    }

    /// The word for people.
    pub fn title(self) -> Text {
        USES.iter().find(|u| u.1 == self).map_or_else(Text::default, |u| u.2.clone())
    }

    /// True for uses that protect and leave each other be.
    fn protects(self) -> bool {
        matches!(self, Use::Eco | Use::Water)
    }
}

impl Strength {
    /// Reads the word in tables.
    pub fn parse(word: &str) -> Option<Self> {
        STRENGTHS.iter().find(|s| s.0 == word).map(|s| s.1)
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        STRENGTHS.iter().find(|s| s.1 == self).map_or("", |s| s.0)
    }
}

/// What a layer means for its ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meaning {
    /// What the ground is for.
    pub class: Use,
    /// How strictly.
    pub strength: Strength,
    /// Its place in the order by which overlaps are resolved; the least goes first.
    pub rank: f64,
    /// True for one of the three lines.
    pub is_line: bool,
}

/// The type of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// C1: the ground is in two of the three lines.
    Lines,
    /// C2: one plan builds where another prohibits.
    BuildOnProtected,
    /// C3: different uses.
    Uses,
    /// C4: more ground is planned to be built on than was approved.
    Total,
    /// C5: different uses in plans of different times.
    Times,
    /// C7: one object with different attributes.
    Attributes,
}

/// What is said of a type of conflict where types are listed.
#[derive(Debug, Clone, PartialEq)]
pub struct KindSaid {
    /// Its number in the table of types, `C6`.
    pub word: &'static str,
    /// The type; `None` for faults within one plan, which are no conflict between plans.
    pub kind: Option<ConflictKind>,
    /// What it is called.
    pub title: Text,
    /// When there is one.
    pub when: Text,
    /// How grave it is.
    pub severity: Text,
}

/// All types, in the order of their numbers.
pub static KINDS: [KindSaid; 7] = [
    KindSaid {
        word: "C1",
        kind: Some(ConflictKind::Lines),
        title: text("控制线交叉", "two control lines"),
        when: text("同一地块在三条控制线中的两条内", "the ground is in two of the three lines"),
        severity: text("严重", "critical"),
    },
    KindSaid {
        word: "C2",
        kind: Some(ConflictKind::BuildOnProtected),
        title: text("建设与禁止", "building where it is prohibited"),
        when: text("一个规划用于建设，另一个规划禁止", "one plan builds where another prohibits"),
        severity: text("严重", "critical"),
    },
    KindSaid {
        word: "C3",
        kind: Some(ConflictKind::Uses),
        title: text("用途不一致", "different uses"),
        when: text("两个规划的用途不同，且不是 C1、C2、C5", "two plans use the ground differently, and it is not C1, C2 or C5"),
        severity: text("面积达到门槛为较重，否则一般", "major from the threshold of area on, else minor"),
    },
    KindSaid {
        word: "C4",
        kind: Some(ConflictKind::Total),
        title: text("总量超指标", "more building than approved"),
        when: text(
            "一个县规划建设用地合计（重叠只计一次）大于批准的指标",
            "a county's ground planned for building, counted once, exceeds the approved indicator",
        ),
        severity: text("严重", "critical"),
    },
    KindSaid {
        word: "C5",
        kind: Some(ConflictKind::Times),
        title: text("时序不一致", "plans of different times"),
        when: text(
            "用途不同，双方都不禁止，且双方都声明了基期年或规划期而不相同",
            "the uses differ, neither prohibits, and both editions declare a base year or a period that differ",
        ),
        severity: text("一般", "minor"),
    },
    KindSaid {
        word: "C6",
        kind: None,
        title: text("拓扑错误", "topology within one plan"),
        when: text(
            "一个规划内部的空隙、重叠、自相交：是数据错误，由 liangshan zones（Z1 至 Z4）与 check 列出，不是规划之间的冲突",
            "gaps, overlaps and crossings within one plan: faults of data that liangshan zones (Z1 to Z4) and check tell, no conflict between plans",
        ),
        severity: text("数据错误", "error of data"),
    },
    KindSaid {
        word: "C7",
        kind: Some(ConflictKind::Attributes),
        title: text("属性不一致", "different attributes"),
        when: text(
            "不同规划的两个图层中同一标识的对象，共有的属性取值不同",
            "an object of one id in layers of two plans has different values in an attribute that both have",
        ),
        severity: text("一般", "minor"),
    },
];

/// The time of a plan as far as its edition declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The year of the data it rests on (基期年).
    pub base_year: Option<i32>,
    /// The first year it plans for.
    pub from: Option<i32>,
    /// The last year it plans for (规划期末).
    pub until: Option<i32>,
}

impl Period {
    /// True where both declare a base year, a first or a last year, and these differ. What one of them
    /// does not declare differs from nothing.
    pub fn differs(&self, other: &Self) -> bool {
        let apart = |a: Option<i32>, b: Option<i32>| a.zip(b).is_some_and(|(a, b)| a != b);
        apart(self.base_year, other.base_year) || apart(self.from, other.from) || apart(self.until, other.until)
    }

    /// True where nothing is declared.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An attribute that two features of one object say differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Differing {
    /// The attribute.
    pub name: String,
    /// Its values: of the first, of the other.
    pub values: [String; 2],
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 一般.
    Minor,
    /// 较重.
    Major,
    /// 严重.
    Critical,
}

impl ConflictKind {
    fn said(self) -> Option<&'static KindSaid> {
        KINDS.iter().find(|k| k.kind == Some(self))
    }

    /// Its number, `C1`.
    pub fn word(self) -> &'static str {
        self.said().map_or("", |k| k.word)
    }

    /// What it is called.
    pub fn title(self) -> Text {
        self.said().map_or_else(Text::default, |k| k.title.clone())
    }

    /// True for a type found by laying ground over ground: its areas add up to the progress. The excess of
    /// a total and the ground of an object are no ground that two plans dispute.
    pub fn is_of_ground(self) -> bool {
        !matches!(self, ConflictKind::Total | ConflictKind::Attributes)
    }

    /// How grave a conflict of this type over some area is.
    pub fn severity(self, area_m2: f64, major_m2: f64) -> Severity {
        match self {
            ConflictKind::Lines | ConflictKind::BuildOnProtected | ConflictKind::Total => Severity::Critical,
            ConflictKind::Times | ConflictKind::Attributes => Severity::Minor,
            ConflictKind::Uses if area_m2 >= major_m2 => Severity::Major,
            ConflictKind::Uses => Severity::Minor,
        }
    }
}

impl Severity {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Critical => "critical",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Severity::Minor => text("一般", "minor"),
            Severity::Major => text("较重", "major"),
            Severity::Critical => text("严重", "critical"),
        }
    }
}

/// The conflict of two meanings of the same ground; `None` where they agree or one says nothing.
/// Protective uses agree with each other. Two different lines conflict whatever they are for.
pub fn conflict(a: &Meaning, b: &Meaning) -> Option<ConflictKind> {
    if a.is_line && b.is_line {
        return Some(ConflictKind::Lines);
    }
    let silent = a.strength == Strength::Silent || b.strength == Strength::Silent;
    if silent || a.class == b.class || (a.class.protects() && b.class.protects()) {
        return None;
    }
    let builds = |one: &Meaning, other: &Meaning| one.class == Use::Build && other.strength == Strength::Prohibit;
    Some(if builds(a, b) || builds(b, a) { ConflictKind::BuildOnProtected } else { ConflictKind::Uses })
}

/// The conflict of two meanings in plans with their times: a difference of uses that neither prohibits is
/// one of times (C5) where the times are declared and differ, and stays one of uses (C3) otherwise.
pub fn conflict_in_time(a: &Meaning, b: &Meaning, times: [&Period; 2]) -> Option<ConflictKind> {
    let kind = conflict(a, b)?;
    let prohibits = a.strength == Strength::Prohibit || b.strength == Strength::Prohibit;
    Some(if kind == ConflictKind::Uses && !prohibits && times[0].differs(times[1]) { ConflictKind::Times } else { kind })
}

/// By how much planned building exceeds what was approved, m² to the hundredth; `None` where it does not.
pub fn excess_m2(planned_m2: f64, approved_m2: f64) -> Option<f64> {
    let excess = ((planned_m2 - approved_m2) * 100.0).round() / 100.0;
    (excess > 0.0).then_some(excess)
}

/// The attributes that two features of one object both fill in and say differently, by name. Numbers are
/// compared as numbers, texts to the letter; an empty cell says nothing.
pub fn differing(a: &[(String, String)], b: &[(String, String)]) -> Vec<Differing> {
    let same = |x: &str, y: &str| x == y || x.parse::<f64>().ok().zip(y.parse::<f64>().ok()).is_some_and(|(x, y)| x == y);
    let mut made: Vec<Differing> = Vec::new();
    for (name, first) in a {
        let Some((_, other)) = b.iter().find(|(n, _)| n == name) else { continue };
        let (first, other) = (first.trim(), other.trim());
        if !first.is_empty() && !other.is_empty() && !same(first, other) {
            made.push(Differing { name: name.clone(), values: [first.to_owned(), other.to_owned()] });
        }
    }
    made.sort();
    made
}

/// True for a spot that is listed apart: small and thin.
pub fn is_sliver(area_m2: f64, thinness: f64, most_m2: f64, most_thinness: f64) -> bool {
    area_m2 < most_m2 && thinness < most_thinness
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(class: Use, strength: Strength, is_line: bool) -> Meaning {
        Meaning { class, strength, rank: 1.0, is_line }
    }

    /// By hand after the table of types.
    #[test]
    fn types_of_conflict() {
        use Strength::{Allow, Prohibit, Restrict, Silent};
        let of = |a, b| conflict(&a, &b).map(ConflictKind::word);
        assert_eq!(of(meaning(Use::Build, Allow, true), meaning(Use::Farm, Prohibit, true)), Some("C1"));
        assert_eq!(of(meaning(Use::Water, Prohibit, false), meaning(Use::Build, Allow, true)), Some("C2"));
        assert_eq!(of(meaning(Use::Build, Allow, true), meaning(Use::Water, Restrict, false)), Some("C3"));
        assert_eq!(of(meaning(Use::Farm, Prohibit, true), meaning(Use::Eco, Prohibit, false)), Some("C3"));
        assert_eq!(of(meaning(Use::Eco, Prohibit, true), meaning(Use::Water, Prohibit, false)), None);
        assert_eq!(of(meaning(Use::Build, Silent, false), meaning(Use::Eco, Prohibit, true)), None);
        assert_eq!(of(meaning(Use::Eco, Restrict, false), meaning(Use::Eco, Prohibit, true)), None);
    }

    #[test]
    fn how_grave_and_what_is_a_sliver() {
        assert_eq!(ConflictKind::Uses.severity(9_999.0, 10_000.0), Severity::Minor);
        assert_eq!(ConflictKind::Uses.severity(10_000.0, 10_000.0), Severity::Major);
        assert_eq!(ConflictKind::Lines.severity(1.0, 10_000.0), Severity::Critical);
        assert!(is_sliver(399.0, 0.049, 400.0, 0.05) && !is_sliver(399.0, 0.05, 400.0, 0.05) && !is_sliver(400.0, 0.01, 400.0, 0.05));
    }

    /// By hand: the base years differ; the last years differ; nothing of the one is declared by the other;
    /// a prohibition is a conflict of uses whatever the times are.
    #[test]
    fn uses_or_times() {
        use Strength::{Allow, Prohibit, Restrict};
        let time = |base_year, until| Period { base_year, from: None, until };
        let (build, farm) = (meaning(Use::Build, Allow, false), meaning(Use::Farm, Restrict, false));
        let of = |a: &Meaning, b: &Meaning, x: Period, y: Period| conflict_in_time(a, b, [&x, &y]).map(ConflictKind::word);
        assert_eq!(of(&build, &farm, time(Some(2018), Some(2035)), time(Some(2020), Some(2035))), Some("C5"));
        assert_eq!(of(&build, &farm, time(None, Some(2030)), time(Some(2020), Some(2035))), Some("C5"));
        assert_eq!(of(&build, &farm, time(Some(2020), None), time(None, Some(2035))), Some("C3"));
        assert_eq!(of(&build, &farm, time(Some(2020), Some(2035)), time(Some(2020), Some(2035))), Some("C3"));
        assert_eq!(of(&farm, &meaning(Use::Eco, Prohibit, false), time(Some(2018), None), time(Some(2020), None)), Some("C3"));
        assert_eq!(of(&build, &meaning(Use::Eco, Prohibit, false), time(Some(2018), None), time(Some(2020), None)), Some("C2"));
        assert_eq!(of(&build, &build, time(Some(2018), None), time(Some(2020), None)), None);
        assert_eq!(ConflictKind::Times.severity(1e9, 10_000.0), Severity::Minor);
    }

    /// By hand: 120 000.50 planned over 120 000 approved is 0.5 too much; the indicator itself is not.
    #[test]
    fn totals_over_their_indicator() {
        assert_eq!(excess_m2(120_000.5, 120_000.0), Some(0.5));
        assert_eq!(excess_m2(120_000.0, 120_000.0), None);
        assert_eq!(excess_m2(120_000.004, 120_000.0), None);
        assert_eq!(excess_m2(0.0, 120_000.0), None);
    }

    #[test]
    fn attributes_that_both_have() {
        let cells = |of: &[(&str, &str)]| of.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        let a = cells(&[("name", "东港"), ("level", "1"), ("area", "12.0"), ("only_a", "x"), ("note", "")]);
        let b = cells(&[("area", "12"), ("level", "2"), ("name", "东港水库"), ("note", "y"), ("only_b", "z")]);
        let said: Vec<_> = differing(&a, &b).into_iter().map(|d| (d.name, d.values.join("/"))).collect();
        assert_eq!(said, [("level".to_owned(), "1/2".to_owned()), ("name".to_owned(), "东港/东港水库".to_owned())]);
        assert!(differing(&a, &a).is_empty());
    }

    #[test]
    fn every_type_is_listed_once() {
        let words: Vec<&str> = KINDS.iter().map(|k| k.word).collect();
        assert_eq!(words, ["C1", "C2", "C3", "C4", "C5", "C6", "C7"]);
        assert_eq!(KINDS.iter().filter(|k| k.kind.is_none()).map(|k| k.word).collect::<Vec<_>>(), ["C6"]);
        assert_eq!(ConflictKind::Total.severity(0.01, 10_000.0), Severity::Critical);
        assert!(!ConflictKind::Total.is_of_ground() && !ConflictKind::Attributes.is_of_ground() && ConflictKind::Times.is_of_ground());
    }
}
