//! Declines of what a zone has: which are told.

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Value of services.
    Value,
    /// Value less what weather and prices moved: what land cover and the rest made of it.
    Managed,
    /// Area of forest, shrub, grassland and wetland.
    Natural,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 3] = [Measure::Value, Measure::Managed, Measure::Natural];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Value => "value",
            Measure::Managed => "managed",
            Measure::Natural => "natural",
        }
    }
}

/// A decline of more than this is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// What is looked at.
    pub measure: Measure,
    /// The share of what there was.
    pub share: f64,
}

impl Threshold {
    /// The decline as a share of what there was, where it is more than the threshold. `changed` is after
    /// less before, in the unit of `before`. Nothing can decline where there was nothing.
    pub fn told(&self, before: f64, changed: f64) -> Option<f64> {
        let share = -changed / before;
        (before > 0.0 && share > self.share).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 100 to 98.9 is 1.1 %, more than 1 %; 1 % itself is not more.
    #[test]
    fn a_decline_beyond_the_threshold_is_told() {
        let rule = Threshold { measure: Measure::Managed, share: 0.01 };
        assert!((rule.told(100.0, -1.1).unwrap() - 0.011).abs() < 1e-12);
        assert_eq!((rule.told(100.0, -1.0), rule.told(100.0, 5.0), rule.told(0.0, -1.0), rule.told(f64::NAN, -1.0)), (None, None, None, None));
    }
}
