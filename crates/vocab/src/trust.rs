//! How far a number can be trusted: where its inputs come from and whether its method was read.

use serde::{Deserialize, Serialize};

use crate::{Lang, Text, text};

/// Where a source comes from. It travels with every number that rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Observed or published by others, or a text of law.
    Measured,
    /// Computed by a named formula from real inputs.
    Modelled,
    /// Several of the others together.
    Mixed,
    /// Invented.
    Synthetic,
}

impl Origin {
    /// All, from best to worst.
    pub const ALL: [Origin; 4] = [Origin::Measured, Origin::Modelled, Origin::Mixed, Origin::Synthetic];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Measured => "measured",
            Origin::Modelled => "modelled",
            Origin::Mixed => "mixed",
            Origin::Synthetic => "synthetic",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Origin::Measured => text("实测", "measured"),
            Origin::Modelled => text("模拟", "modelled"),
            Origin::Mixed => text("混合", "mixed"),
            Origin::Synthetic => text("合成（虚构）", "synthetic (invented)"),
        }
    }

    /// Reads the word in files.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.word() == word)
    }

    /// What a number is that rests on both: equal ones stay, anything with an invented or mixed
    /// part is mixed, measured with modelled is modelled.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        use Origin::{Measured, Mixed, Modelled};
        match (self, other) {
            (a, b) if a == b => a,
            (Measured, Modelled) | (Modelled, Measured) => Modelled,
            _ => Mixed,
        }
    }

    /// True when some part may be invented, which every picture of the number must say.
    pub fn has_synthetic(self) -> bool {
        matches!(self, Origin::Mixed | Origin::Synthetic)
    }

    /// The wording of the label in one language.
    pub fn label(self, lang: Lang) -> String {
        self.title().get(lang).to_owned()
    }
}

/// Whether somebody here has read the page a number or formula is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The source was read.
    Verified,
    /// Some of it was.
    Partial,
    /// Nobody here has read it; printed beside the number until somebody has.
    Unverified,
}

impl Evidence {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Evidence::Verified => "verified",
            Evidence::Partial => "partial",
            Evidence::Unverified => "unverified",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Evidence::Verified => text("已核实", "verified"),
            Evidence::Partial => text("部分核实", "partly verified"),
            Evidence::Unverified => text("未核实", "unverified"),
        }
    }

    /// Reads the word in files.
    pub fn parse(word: &str) -> Option<Self> {
        [Evidence::Verified, Evidence::Partial, Evidence::Unverified].into_iter().find(|e| e.word() == word)
    }

    /// The evidence of a number that rests on both: the weaker.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        self.max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_invented_input_makes_the_whole_mixed() {
        assert_eq!(Origin::Measured.with(Origin::Synthetic), Origin::Mixed);
        assert_eq!(Origin::Measured.with(Origin::Modelled), Origin::Modelled);
        assert_eq!(Origin::Synthetic.with(Origin::Synthetic), Origin::Synthetic);
        for a in Origin::ALL {
            for b in Origin::ALL {
                assert_eq!(a.with(b), b.with(a));
                assert_eq!(a.with(b).has_synthetic(), a.has_synthetic() || b.has_synthetic());
            }
        }
    }

    #[test]
    fn the_weaker_evidence_wins() {
        assert_eq!(Evidence::Verified.with(Evidence::Unverified), Evidence::Unverified);
    }
}
