//! What is measured in the air: a pollutant over an averaging time. Pollutants are data; here they
//! are only places in the list that the rules give.

/// The place of a pollutant in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pollutant(pub u8);

/// Over what time a concentration is a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Averaging {
    /// One hour.
    Hour,
    /// Eight hours; of a day the largest of them.
    EightHours,
    /// A day, or the 24 hours up to an hour.
    Day,
}

impl Averaging {
    /// All, from short to long.
    pub const ALL: [Averaging; 3] = [Averaging::Hour, Averaging::EightHours, Averaging::Day];

    /// The word in files and keys.
    pub fn word(self) -> &'static str {
        match self {
            Averaging::Hour => "1h",
            Averaging::EightHours => "8h",
            Averaging::Day => "24h",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// A pollutant over an averaging time, `PM25_24h` in keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// What.
    pub pollutant: Pollutant,
    /// Over what time.
    pub averaging: Averaging,
}
