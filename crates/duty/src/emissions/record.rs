//! The hour of one factor at one outlet, as a device sent it, looked at by itself: what counts, and
//! what cannot be right whatever the hours around it say.

use liangshan_vocab::Problem;

use super::codes::{Counts, counts};
use super::flue::Folding;
use super::limit::{Basis, Limit};
use super::validity;
use crate::standard::Standard;

/// What a device sent about one factor and hour; NaN where a field was not sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// Mean.
    pub avg: f64,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// Mean folded to the standard oxygen.
    pub folded: f64,
    /// Load of the hour, kg, or volume, m³.
    pub total: f64,
    /// What its mark means.
    pub counts: Counts,
}

impl Record {
    /// One of which only its mark is known, by the codes shipped with the program.
    pub fn marked(mark: &str) -> Self {
        Self::counting(counts(mark))
    }

    /// One of which only what its mark means is known.
    pub fn counting(counts: Counts) -> Self {
        let nan = f64::NAN;
        Self { avg: nan, min: nan, max: nan, folded: nan, total: nan, counts }
    }
}

/// A channel as it was registered: one factor at one outlet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Channel {
    /// The limit of its hours, where the permit has one.
    pub limit: Option<Limit>,
    /// End of the measuring range, in the channel's unit.
    pub range_max: Option<f64>,
    /// The least value that can be true: zero but for temperatures and pressures.
    pub least: Option<f64>,
}

/// What is wrong with a value, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubts(u16);

/// One thing wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The device says it is broken, or its link.
    Broken,
    /// At or above the end of the range.
    AboveRange,
    /// Below what can be.
    Negative,
    /// The mean lies outside least and greatest.
    OutsideSpread,
    /// The load is not mean times volume.
    LoadDiffers,
    /// The folded value does not follow from the measured one and the oxygen.
    FoldDiffers,
    /// The same value for too many hours.
    Constant,
    /// Further from the hours before than so many standard deviations.
    Jump,
    /// Zero while water or gas flows.
    ZeroWithFlow,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Doubt; 9] = [
        Doubt::Broken,
        Doubt::AboveRange,
        Doubt::Negative,
        Doubt::OutsideSpread,
        Doubt::LoadDiffers,
        Doubt::FoldDiffers,
        Doubt::Constant,
        Doubt::Jump,
        Doubt::ZeroWithFlow,
    ];

    /// The word in rules and answers.
    pub fn word(self) -> &'static str {
        match self {
            Doubt::Broken => "broken",
            Doubt::AboveRange => "above_range",
            Doubt::Negative => "negative",
            Doubt::OutsideSpread => "outside_spread",
            Doubt::LoadDiffers => "load_differs",
            Doubt::FoldDiffers => "fold_differs",
            Doubt::Constant => "constant",
            Doubt::Jump => "jump",
            Doubt::ZeroWithFlow => "zero_with_flow",
        }
    }

    /// Of its word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.word() == word)
    }
}

impl Doubts {
    /// None of them.
    pub const NONE: Doubts = Doubts(0);

    /// Of some doubts.
    pub fn of(doubts: impl IntoIterator<Item = Doubt>) -> Self {
        doubts.into_iter().fold(Self::NONE, |set, doubt| set.and(doubt, true))
    }

    /// With one more, if it holds.
    #[must_use]
    pub fn and(self, doubt: Doubt, holds: bool) -> Self {
        if holds { Self(self.0 | 1 << doubt as u16) } else { self }
    }

    /// Those of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when both have one in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// True when it is one of them.
    pub fn has(self, doubt: Doubt) -> bool {
        self.0 & 1 << doubt as u16 != 0
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Doubt> {
        Doubt::ALL.into_iter().filter(move |d| self.has(*d))
    }
}

/// What stands beside a record in the same hour; NaN where it is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Volume of the hour, m³.
    pub volume_m3: f64,
    /// Oxygen, %.
    pub o2_pct: f64,
    /// Oxygen to which the limit is folded, %.
    pub o2_standard_pct: f64,
}

impl Default for Beside {
    fn default() -> Self {
        Self { volume_m3: f64::NAN, o2_pct: f64::NAN, o2_standard_pct: f64::NAN }
    }
}

/// How far what was sent may lie from what follows from the other values of the same hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// The largest share by which a load, or a folded value, may differ.
    pub share: f64,
    /// What a load may differ by besides, kg: half a unit of the last decimal that loads are sent with.
    pub load_kg: f64,
    /// The same of a folded value, mg/m³.
    pub folded_mg_m3: f64,
    /// How values are folded.
    pub folding: Folding,
}

impl Default for Agreement {
    /// That of the standard shipped with the program.
    fn default() -> Self {
        validity(Self::of)
    }
}

impl Agreement {
    /// That of a standard of `emissions/validity`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let value = |name| standard.value(name);
        Ok(Self {
            share: value("agrees_within")?,
            load_kg: value("load_last_place")?,
            folded_mg_m3: value("folded_last_place")?,
            folding: Folding::of(standard)?,
        })
    }

    fn differs(&self, sent: f64, follows: f64, last_place: f64) -> bool {
        (sent - follows).abs() > follows.abs() * self.share + last_place
    }
}

impl Channel {
    /// The value that is held against the limit.
    pub fn value(&self, record: &Record) -> f64 {
        match self.limit.as_ref().map(|l| l.basis) {
            Some(Basis::Folded) => record.folded,
            _ => record.avg,
        }
    }

    /// What cannot be right about a record by itself. A field that was not sent raises no doubt.
    pub fn doubts(&self, record: &Record, beside: &Beside, agreement: &Agreement) -> Doubts {
        let r = record;
        let load = beside.volume_m3 * r.avg / 1000.0;
        let folded = agreement.folding.fold(r.avg, beside.o2_pct, beside.o2_standard_pct).unwrap_or(f64::NAN);
        Doubts::NONE
            .and(Doubt::Broken, r.counts == Counts::Fault)
            .and(Doubt::AboveRange, r.counts == Counts::Review || self.range_max.is_some_and(|max| r.avg >= max))
            .and(Doubt::Negative, self.least.is_some_and(|least| r.avg < least))
            .and(Doubt::OutsideSpread, r.avg < r.min || r.avg > r.max)
            .and(Doubt::LoadDiffers, agreement.differs(r.total, load, agreement.load_kg))
            .and(Doubt::FoldDiffers, agreement.differs(r.folded, folded, agreement.folded_mg_m3))
            .and(Doubt::ZeroWithFlow, r.avg == 0.0 && beside.volume_m3 > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(avg: f64) -> Record {
        Record { avg, ..Record::marked("N") }
    }

    fn raised(record: Record, beside: Beside) -> Vec<Doubt> {
        Channel { limit: None, range_max: Some(200.0), least: Some(0.0) }.doubts(&record, &beside, &Agreement::default()).iter().collect()
    }

    #[test]
    fn each_doubt_by_itself() {
        let beside = Beside { volume_m3: 360.0, o2_pct: 8.5, o2_standard_pct: 6.0 };
        // M3 and M1 of the sheet are consistent: 360 m3 with 25 mg/L is 9.0 kg; 12.5 folds to 15.0.
        assert_eq!(raised(Record { min: 24.0, max: 26.0, total: 9.0, ..record(25.0) }, beside), []);
        assert_eq!(raised(Record { folded: 15.0, ..record(12.5) }, beside), []);
        assert_eq!(raised(Record { total: 9.3, ..record(25.0) }, beside), [Doubt::LoadDiffers]);
        assert_eq!(raised(Record { folded: 16.0, ..record(12.5) }, beside), [Doubt::FoldDiffers]);
        assert_eq!(raised(Record { min: 26.0, max: 27.0, ..record(25.0) }, beside), [Doubt::OutsideSpread]);
        assert_eq!(raised(record(-1.0), beside), [Doubt::Negative]);
        assert_eq!(raised(record(0.0), beside), [Doubt::ZeroWithFlow]);
        assert_eq!(raised(record(200.0), Beside::default()), [Doubt::AboveRange]);
        assert_eq!(raised(Record { avg: 5.0, ..Record::marked("D") }, beside), [Doubt::Broken]);
        assert_eq!(raised(Record::marked("N"), Beside::default()), []);
        assert!(Doubt::ALL.into_iter().all(|d| Doubt::of(d.word()) == Some(d)));
    }
}
