//! The classes of surface water, best first.

use liangshan_vocab::{Text, text};

/// Class I to V, and worse than V.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Ⅰ.
    I = 1,
    /// Ⅱ.
    II,
    /// Ⅲ.
    III,
    /// Ⅳ.
    IV,
    /// Ⅴ.
    V,
    /// 劣Ⅴ.
    WorseThanV,
}

impl Class {
    /// All, best first.
    pub const ALL: [Class; 6] = [Class::I, Class::II, Class::III, Class::IV, Class::V, Class::WorseThanV];

    /// 1 to 6.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The class of a number from 1 to 6.
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|c| i64::from(c.number()) == number)
    }

    /// `I` … `V`, `worse_than_V`.
    pub fn grade(self) -> &'static str {
        ["I", "II", "III", "IV", "V", "worse_than_V"][self as usize - 1]
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Class::I => text("Ⅰ类", "class I"),
            Class::II => text("Ⅱ类", "class II"),
            Class::III => text("Ⅲ类", "class III"),
            Class::IV => text("Ⅳ类", "class IV"),
            Class::V => text("Ⅴ类", "class V"),
            Class::WorseThanV => text("劣Ⅴ类", "worse than class V"),
        }
    }

    /// Reads `Ⅲ`, `III`, `Ⅲ类`, `3`, `劣Ⅴ` and the like; `None` for anything else, such as `--`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().trim_end_matches('类').trim_end_matches("水质");
        match word {
            "Ⅰ" | "I" | "1" => Some(Class::I),
            "Ⅱ" | "II" | "2" => Some(Class::II),
            "Ⅲ" | "III" | "3" => Some(Class::III),
            "Ⅳ" | "IV" | "4" => Some(Class::IV),
            "Ⅴ" | "V" | "5" => Some(Class::V),
            "劣Ⅴ" | "劣V" | "worse_than_V" | "6" => Some(Class::WorseThanV),
            _ => None,
        }
    }
}

/// Which row of limits applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Water {
    /// Rivers, and reservoirs of river type.
    River,
    /// Lakes and reservoirs.
    Lake,
}

impl Water {
    /// Reads `river` or `lake`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "river" => Some(Water::River),
            "lake" => Some(Water::Lake),
            _ => None,
        }
    }
}
