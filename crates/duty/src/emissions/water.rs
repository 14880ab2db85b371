//! Sewage: volumes, loads and means of a flow that is measured with its concentrations.

/// One stretch of time with a mean flow and, where it is valid, a mean concentration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// Seconds it lasts.
    pub seconds: f64,
    /// Flow Q, L/s.
    pub flow_l_s: f64,
    /// Concentration C, mg/L; `None` where the mark says it does not count.
    pub value_mg_l: Option<f64>,
}

impl Slice {
    /// `D = Q·T·10⁻³`, m³.
    pub fn volume_m3(&self) -> f64 {
        self.flow_l_s * self.seconds / 1000.0
    }
}

/// What some slices add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passed {
    /// All water, m³, whether its concentration is valid or not.
    pub volume_m3: f64,
    /// Water with a valid concentration, m³.
    pub volume_valid_m3: f64,
    /// `G = Σ D·C·10⁻³`, kg, of the valid slices only. A slice without a valid concentration adds
    /// nothing, so this is the whole load only when every slice is valid.
    pub load_valid_kg: f64,
    /// Flow-weighted mean `G/D·10³`, mg/L; `None` without valid water.
    pub weighted_mg_l: Option<f64>,
    /// Arithmetic mean of the valid slices, mg/L.
    pub arithmetic_mg_l: Option<f64>,
    /// How many slices are valid.
    pub valid: usize,
}

/// Adds slices up: ten minutes to an hour, hours to a day (HJ 212-2017, annex D).
pub fn passed(slices: &[Slice]) -> Passed {
    let valid: Vec<(f64, f64)> = slices.iter().filter_map(|s| Some((s.volume_m3(), s.value_mg_l?))).collect();
    let volume_valid_m3: f64 = valid.iter().map(|(volume, _)| volume).sum();
    let load_valid_kg = valid.iter().map(|(volume, value)| volume * value).sum::<f64>() / 1000.0;
    Passed {
        volume_m3: slices.iter().map(Slice::volume_m3).sum(),
        volume_valid_m3,
        load_valid_kg,
        weighted_mg_l: (volume_valid_m3 > 0.0).then(|| load_valid_kg / volume_valid_m3 * 1000.0),
        arithmetic_mg_l: (!valid.is_empty()).then(|| valid.iter().map(|(_, value)| value).sum::<f64>() / valid.len() as f64),
        valid: valid.len(),
    }
}

/// Mean flow of a volume, L/s. The printed formulas lack the factor 1000 between m³ and L.
pub fn mean_flow_l_s(volume_m3: f64, seconds: f64) -> f64 {
    volume_m3 * 1000.0 / seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_valid_value_there_is_no_mean_and_the_water_still_counts() {
        let stopped = passed(&[Slice { seconds: 600.0, flow_l_s: 100.0, value_mg_l: None }]);
        assert_eq!((stopped.volume_m3, stopped.load_valid_kg, stopped.weighted_mg_l, stopped.arithmetic_mg_l), (60.0, 0.0, None, None));
        let dry = passed(&[Slice { seconds: 600.0, flow_l_s: 0.0, value_mg_l: Some(20.0) }]);
        assert_eq!((dry.weighted_mg_l, dry.arithmetic_mg_l), (None, Some(20.0)));
        assert_eq!(mean_flow_l_s(360.0, 3600.0), 100.0);
    }
}
