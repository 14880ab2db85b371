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
    /// `C1`, `C2` or `C3`.
    pub fn word(self) -> &'static str {
        match self {
            ConflictKind::Lines => "C1",
            ConflictKind::BuildOnProtected => "C2",
            ConflictKind::Uses => "C3",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            ConflictKind::Lines => text("控制线交叉", "two control lines"),
            ConflictKind::BuildOnProtected => text("建设与禁止", "building where it is prohibited"),
            ConflictKind::Uses => text("用途不一致", "different uses"),
        }
    }

    /// How grave a conflict of this type over some area is.
    pub fn severity(self, area_m2: f64, major_m2: f64) -> Severity {
        match self {
            ConflictKind::Lines | ConflictKind::BuildOnProtected => Severity::Critical,
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
}
