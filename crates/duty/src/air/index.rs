//! The air quality index of one hour or day: the largest of the individual indices, and whose it is.

use super::profile::{Indicator, Missing, Profile, Steps};
use super::{Micro, Pollutant};

/// The most indicators an index may rest on.
pub const MOST: usize = 12;
/// No individual index.
const NONE: u16 = u16::MAX;

/// A set of pollutants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pollutants(u64);

impl Pollutants {
    /// The set with one more.
    #[must_use]
    pub fn with(self, pollutant: Pollutant) -> Self {
        Self(self.0 | 1 << pollutant.0)
    }
}

/// An index with its parts; places are those of the indicators it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    parts: [u16; MOST],
    steps: Steps,
    /// The index, where one may be published.
    pub aqi: Option<u16>,
    /// The largest of the parts, published or not.
    pub largest: Option<u16>,
    /// True when every pollutant has a part.
    pub complete: bool,
}

impl Index {
    /// The index of concentrations, in the order of the indicators, rounded as the profile says.
    ///
    /// A pollutant without any individual index is missing. Where the profile withholds, an index up to
    /// its step is then not published, for the missing one might be worse; nor is, under every profile,
    /// that of a good day where a concentration lies beyond the end of a scale that says nothing there.
    /// Pollutants of `exempt` are not missed where the profile withholds (HJ 633-2026, 5.3).
    pub fn of(indicators: &[Indicator], steps: Steps, exempt: Pollutants, concentrations: impl IntoIterator<Item = Option<Micro>>) -> Self {
        let mut parts = [NONE; MOST];
        let (mut beyond, mut spoken, mut wanted) = (0_u64, 0_u64, 0_u64);
        for ((part, indicator), c) in parts.iter_mut().zip(indicators).zip(concentrations) {
            let bit = 1 << indicator.item.pollutant.0;
            wanted |= bit;
            let Some(c) = c else { continue };
            match indicator.scale.iaqi(c) {
                Some(iaqi) => {
                    *part = iaqi;
                    spoken |= bit;
                }
                None => beyond |= bit,
            }
        }
        let largest = parts.iter().copied().filter(|p| *p != NONE).max();
        let withheld = match steps.missing {
            Missing::Withhold(above) => Some(above),
            Missing::Mark => None,
        };
        let excused = if withheld.is_some() { exempt.0 & !beyond } else { 0 };
        let complete = wanted & !excused == spoken & !excused;
        let unsure = beyond & !spoken != 0;
        let published = |aqi: &u16| (!unsure || *aqi > steps.good_up_to) && (complete || withheld.is_none_or(|above| *aqi > above));
        Self { parts, steps, aqi: largest.filter(published), largest, complete }
    }

    /// The individual index at a place.
    pub fn part(&self, place: usize) -> Option<u16> {
        self.parts.get(place).copied().filter(|p| *p != NONE)
    }

    /// The places of the primary pollutants (首要污染物): the largest part of a published index above
    /// the step, 50, ties together.
    pub fn primary(&self) -> impl Iterator<Item = usize> + '_ {
        let largest = self.aqi.filter(|aqi| *aqi > self.steps.primary_above);
        (0..MOST).filter(move |place| largest.is_some() && self.part(*place) == largest)
    }

    /// The places of exceeding pollutants (超标污染物): parts above that of a good day, 100.
    pub fn exceeding(&self) -> impl Iterator<Item = usize> + '_ {
        (0..MOST).filter(|place| self.part(*place).is_some_and(|p| p > self.steps.good_up_to))
    }

    /// True when a published index is above that of a good day.
    pub fn polluted(&self) -> bool {
        self.aqi.is_some_and(|aqi| aqi > self.steps.good_up_to)
    }

    /// Pollutants without a part.
    pub fn missing(&self, indicators: &[Indicator]) -> Vec<Pollutant> {
        let spoken = |p: Pollutant| indicators.iter().enumerate().any(|(place, i)| i.item.pollutant == p && self.part(place).is_some());
        let mut missing: Vec<Pollutant> = indicators.iter().map(|i| i.item.pollutant).filter(|p| !spoken(*p)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// True for a good day (优良天), false for another; `None` when the day does not count: no index, or
    /// a good one that a missing pollutant might raise.
    pub fn good(&self) -> Option<bool> {
        let good = self.aqi? <= self.steps.good_up_to;
        (self.complete || !good).then_some(good)
    }
}

/// A concentration as the profile judges it.
pub fn judged(profile: &Profile, pollutant: Pollutant, c: Micro) -> Micro {
    c.rounded(profile.decimals[pollutant.0 as usize])
}
