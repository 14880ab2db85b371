//! The steps of a value ramp: where one colour ends and the next begins. Values that lie evenly get equal
//! steps; where most lie at one end, each colour gets as many cells as the others, so that neither end of the
//! ramp swallows the map. One scale for all years of an indicator, so that years can be compared.

/// Colours of a ramp.
pub(crate) const STEPS: usize = 8;
/// Values within the outermost hundredths are in the first and last colour, wherever they lie.
const OUTER: f64 = 0.01;
/// The middle value of even ones lies within these shares of the way from the low to the high end.
const EVEN: std::ops::RangeInclusive<f64> = 0.35..=0.65;

/// A scale.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    /// Where the first colour begins.
    pub(crate) low: f64,
    /// Where the last one ends.
    pub(crate) high: f64,
    /// Where one colour ends and the next begins, from low to high.
    pub(crate) breaks: Vec<f64>,
    /// True where each colour has as many cells as the others.
    pub(crate) quantiles: bool,
}

impl Scale {
    /// The scale of values; none without any.
    pub(crate) fn of(mut values: Vec<f32>) -> Option<Self> {
        values.retain(|v| v.is_finite());
        values.sort_by(f32::total_cmp);
        let at = |share: f64| values.get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1))).map(|v| f64::from(*v));
        let (low, high, middle) = (at(OUTER)?, at(1.0 - OUTER)?, at(0.5)?);
        if high <= low {
            return Some(Self { low, high: low + 1.0, breaks: Vec::new(), quantiles: false });
        }
        let quantiles = !EVEN.contains(&((middle - low) / (high - low)));
        let raw: Vec<f64> = (1..STEPS)
            .filter_map(|step| {
                let share = step as f64 / STEPS as f64;
                if quantiles { at(share) } else { Some(low + (high - low) * share) }
            })
            .collect();
        let mut breaks: Vec<f64> = Vec::new();
        for (number, value) in raw.iter().enumerate() {
            let before = if number > 0 { raw[number - 1] } else { low };
            let after = raw.get(number + 1).copied().unwrap_or(high);
            let rounded = round(*value, (value - before).min(after - value));
            // Where many cells have one value, several colours would be one.
            if rounded > low && rounded < high && breaks.last().is_none_or(|last| rounded > *last) {
                breaks.push(rounded);
            }
        }
        Some(Self { low, high, breaks, quantiles })
    }

    /// The number of the colour of a value.
    pub(crate) fn step(&self, value: f64) -> usize {
        let step = self.breaks.partition_point(|b| *b <= value);
        // Fewer breaks leave out colours evenly, so that the ends keep theirs.
        if self.breaks.is_empty() { STEPS / 2 } else { step * (STEPS - 1) / self.breaks.len() }
    }
}

/// A break that people can read: no finer than half the first digit of the gap to its neighbour.
fn round(value: f64, gap: f64) -> f64 {
    if !(gap.is_finite() && gap > 0.0) {
        return value;
    }
    let step = 10_f64.powf(gap.log10().floor()) / 2.0;
    let rounded = (value / step).round_ties_even() * step;
    // Take off what binary fractions leave behind.
    format!("{rounded:.12}").parse().unwrap_or(rounded)
}

#[cfg(test)]
mod tests {
    use super::{STEPS, Scale};

    #[test]
    fn even_values_get_equal_steps() {
        let scale = Scale::of((0..=8000).map(|v| v as f32 / 10.0).collect()).unwrap();
        // A hundredth off each end of 0 to 800, in eight equal steps of 98, on tens of five.
        assert!(!scale.quantiles);
        assert_eq!(scale.breaks, [105.0, 205.0, 300.0, 400.0, 500.0, 595.0, 695.0]);
        assert_eq!([scale.step(0.0), scale.step(300.0), scale.step(9999.0)], [0, 3, STEPS - 1]);
    }

    #[test]
    fn skewed_values_get_as_many_cells_each() {
        // Squares of a thousandth part: the middle lies at a quarter of the way… of cubes at an eighth.
        let values: Vec<f32> = (0..10_000).map(|v| (v as f32 / 10_000.0).powi(3) * 1000.0).collect();
        let scale = Scale::of(values.clone()).unwrap();
        assert!(scale.quantiles && scale.breaks.len() == STEPS - 1, "{scale:?}");
        let mut counts = [0_usize; STEPS];
        values.iter().for_each(|v| counts[scale.step(f64::from(*v))] += 1);
        assert!(counts.iter().all(|c| (900..=1650).contains(c)), "{counts:?}");
    }

    #[test]
    fn one_value_and_none() {
        assert_eq!(Scale::of(vec![f32::NAN]), None);
        let flat = Scale::of(vec![5.0; 100]).unwrap();
        assert_eq!((flat.low, flat.breaks.len(), flat.step(5.0)), (5.0, 0, STEPS / 2));
        // Half of the cells are zero: no colour is lost on breaks that coincide.
        let halves = Scale::of((0..1000).map(|v| if v < 500 { 0.0 } else { v as f32 }).collect()).unwrap();
        assert!(halves.breaks.windows(2).all(|w| w[0] < w[1]) && halves.step(0.0) == 0 && halves.step(999.0) == STEPS - 1, "{halves:?}");
    }
}
