//! Indices as they were published, held against those computed from the same concentrations.

use liangshan_vocab::{Problem, text, words};

use super::index::{Index, MOST};

/// How published indices compare with computed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comparison {
    /// How many were compared.
    pub compared: u32,
    /// How many are equal.
    pub equal: u32,
    /// Published less computed, summed.
    pub difference: i64,
}

impl Comparison {
    /// Compares pairs of published and computed.
    pub fn of(pairs: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut all = Self::default();
        for (published, computed) in pairs {
            all.compared += 1;
            all.equal += u32::from(published == computed);
            all.difference += i64::from(published) - i64::from(computed);
        }
        all
    }

    /// Published less computed, on the mean; `None` of none.
    pub fn mean_difference(&self) -> Option<f64> {
        (self.compared > 0).then(|| self.difference as f64 / f64::from(self.compared))
    }

    /// What is to be known of published daily indices: where most differ and they lie lower on the mean,
    /// they are means of hourly indices and not the daily index of HJ 633, whatever they are called.
    pub fn about_days(&self) -> Option<Problem> {
        let mean = self.mean_difference().filter(|mean| *mean < 0.0 && 2 * self.equal < self.compared)?;
        let (equal, compared) = (self.equal, self.compared);
        Some(
            Problem::note(
                "air.published_daily_is_mean",
                words!(
                    "发布的日 AQI 是小时 AQI 的平均，不是 HJ 633 的日 AQI：{compared} 天中 {equal} 天相同，平均相差 {mean:.1}",
                    "the published daily AQI is a mean of hourly ones and not the daily AQI of HJ 633: equal on {equal} of {compared} days, {mean:.1} on the mean"
                ),
            )
            .key("aqi")
            .fix(text("优良天数按浓度计算的指数统计；发布值另列", "count good days by the index computed from concentrations; list the published one beside it")),
        )
    }

    /// What is to be known of published hourly indices that are not all equal to the computed ones.
    pub fn about_hours(&self) -> Option<Problem> {
        let (equal, compared) = (self.equal, self.compared);
        (equal < compared).then(|| {
            Problem::note(
                "air.published_differs",
                words!(
                    "发布的小时 AQI {compared} 个中 {equal} 个与浓度算得的相同",
                    "of {compared} published hourly AQI {equal} equal those computed from the concentrations"
                ),
            )
            .key("aqi")
            .fix(text("两个值并列，注明版本", "list both, each with its edition"))
        })
    }
}

/// Why a published index is another than the one of its concentrations; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They agree.
    Same,
    /// The concentrations make no index.
    NotDecided,
    /// It is the index without the indicator at this place.
    Without(usize),
    /// The indicator at this place is the largest, and the published index lies between it and the others:
    /// it was made from another value of it.
    OtherValue(usize),
    /// None of these.
    Unexplained,
}

/// Compares a published index with the one of its concentrations.
pub fn why_it_differs(index: &Index, published: u16) -> Why {
    let Some(computed) = index.aqi else { return Why::NotDecided };
    if computed == published {
        return Why::Same;
    }
    let others = |place: usize| (0..MOST).filter(|p| *p != place).filter_map(|p| index.part(p)).max();
    for place in (0..MOST).filter(|p| index.part(*p) == Some(computed)) {
        match others(place) {
            Some(most) if most == published => return Why::Without(place),
            Some(most) if most < published && published < computed => return Why::OtherValue(place),
            _ => {}
        }
    }
    Why::Unexplained
}
