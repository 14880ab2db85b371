//! Damage by the virtual cost of treatment (虚拟治理成本法), in two editions side by side: GB/T
//! 39793.2-2020 with its three coefficients, and the older practice of a multiple by the class of
//! the water or the zone of the air.

use liangshan_vocab::{Problem, words};

/// The coefficient of exceedance τ by the multiple κ: upper bounds, included, that rise, and the
/// value above them all.
#[derive(Debug, Clone, PartialEq)]
pub struct ExceedSteps {
    bounds: Vec<(f64, f64)>,
    above: f64,
}

impl ExceedSteps {
    /// Steps of `(bound, τ)` with the value above the last.
    ///
    /// # Errors
    /// `compensation.steps` when the bounds do not rise.
    pub fn new(bounds: Vec<(f64, f64)>, above: f64) -> Result<Self, Problem> {
        if bounds.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Ok(Self { bounds, above });
        }
        Err(Problem::error("compensation.steps", words!("超标系数表的上界没有依次升高", "the bounds of the table of exceedance do not rise"))
            .expect(words!("依次升高的上界", "rising bounds")))
    }

    /// τ at a multiple.
    pub fn tau(&self, kappa: f64) -> f64 {
        self.bounds.iter().find(|(bound, _)| kappa <= *bound).map_or(self.above, |(_, tau)| *tau)
    }
}

/// The multiple of exceedance, `κ = (Z − B) / B`, with Z the measured concentration and B its limit,
/// in one unit.
///
/// # Errors
/// `compensation.zero_limit` when the limit is not above zero.
pub fn exceed_multiple(measured: f64, limit: f64) -> Result<f64, Problem> {
    if limit > 0.0 {
        return Ok((measured - limit) / limit);
    }
    Err(Problem::error("compensation.zero_limit", words!("标准限值为 {limit}，无法计算超标倍数", "the limit is {limit}, so there is no multiple of it"))
        .key("B")
        .expect(words!("大于 0 的限值", "a limit above zero")))
}

/// Damage and the coefficients it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VirtualCost {
    /// The multiple of exceedance.
    pub kappa: f64,
    /// Its coefficient.
    pub tau: f64,
    /// `α · τ · ω`.
    pub gamma: f64,
    /// `E · C · γ`, yuan.
    pub damage_yuan: f64,
}

/// What was discharged and how bad it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discharge {
    /// Discharged quantity E, t or m³.
    pub quantity: f64,
    /// Cost of treatment C, yuan per t or m³.
    pub unit_cost: f64,
    /// Coefficient of hazard α, tables 1 and 2 of the standard; given, since nobody here has read them.
    pub alpha: f64,
    /// Coefficient of the environment's function ω, table 5 of the standard; given likewise.
    pub omega: f64,
}

/// `D = E · C · α · τ(κ) · ω` after GB/T 39793.2-2020, yuan. `measured` and `limit` in one unit.
///
/// # Errors
/// `compensation.zero_limit`.
pub fn virtual_cost(given: &Discharge, measured: f64, limit: f64, steps: &ExceedSteps) -> Result<VirtualCost, Problem> {
    let kappa = exceed_multiple(measured, limit)?;
    let tau = steps.tau(kappa);
    let gamma = given.alpha * tau * given.omega;
    Ok(VirtualCost { kappa, tau, gamma, damage_yuan: given.quantity * given.unit_cost * gamma })
}

/// One line of the older practice: the multiples admitted for a class of water or a zone of air.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMultiple {
    /// `I` … `V` of surface water, `air_I`, `air_II` …
    pub class: String,
    /// The least multiple.
    pub least: f64,
    /// The greatest; `None` when the table has no upper end.
    pub greatest: Option<f64>,
}

/// `D = E · C · multiple` of the older practice, yuan. The multiple is chosen by the expert and has
/// to lie in the range of the class where the waste was discharged.
///
/// # Errors
/// `compensation.class_unknown`; `compensation.multiple_outside`.
pub fn by_class_multiple(quantity: f64, unit_cost: f64, class: &str, multiple: f64, table: &[ClassMultiple]) -> Result<f64, Problem> {
    let known = || table.iter().map(|row| row.class.as_str()).collect::<Vec<_>>().join(", ");
    let row =
        table.iter().find(|row| row.class == class).ok_or_else(|| {
            Problem::error("compensation.class_unknown", words!("表中没有环境功能类别“{class}”", "the table has no class \"{class}\""))
                .key("class")
                .expect(words!("{}", "{}", known()))
        })?;
    if multiple < row.least || row.greatest.is_some_and(|most| multiple > most) {
        let most = row.greatest.map_or_else(String::new, |most| format!(" … {most}"));
        return Err(Problem::error(
            "compensation.multiple_outside",
            words!("倍数 {multiple} 不在“{class}”的范围内", "the multiple {multiple} lies outside the range of \"{class}\""),
        )
        .key("multiple")
        .expect(words!("{}{most}", "{}{most}", row.least)));
    }
    Ok(quantity * unit_cost * multiple)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> ExceedSteps {
        ExceedSteps::new(vec![(0.0, 1.0), (10.0, 1.25), (100.0, 1.5), (1000.0, 1.75)], 2.0).unwrap()
    }

    /// The steps of the method sheet; bounds belong to the lower step.
    #[test]
    fn tau_steps_include_their_upper_bound() {
        let steps = steps();
        let expected = [(-0.5, 1.0), (0.0, 1.0), (0.001, 1.25), (10.0, 1.25), (10.1, 1.5), (100.0, 1.5), (1000.0, 1.75), (1000.1, 2.0)];
        for (kappa, tau) in expected {
            assert_eq!(steps.tau(kappa), tau, "{kappa}");
        }
        assert_eq!(ExceedSteps::new(vec![(1.0, 1.0), (1.0, 2.0)], 3.0).unwrap_err().code, "compensation.steps");
    }

    /// By hand: (21.36 − 5)/5 = 3.272; γ = 1 × 1.25 × 1.5; 142420 × 0.634 × 1.875 = 169301.775.
    #[test]
    fn the_published_example() {
        let made = virtual_cost(&Discharge { quantity: 142_420.0, unit_cost: 0.634, alpha: 1.0, omega: 1.5 }, 21.36, 5.0, &steps()).unwrap();
        assert!((made.damage_yuan - 169_301.775).abs() < 1e-6 && (made.kappa - 3.272).abs() < 1e-12);
        assert_eq!(exceed_multiple(3.0, 0.0).unwrap_err().code, "compensation.zero_limit");
    }

    /// By hand: 5.4959 million yuan × 4 = 21.9836 million, the factor of the air case of Dezhou (a zone
    /// II allows 3 to 5).
    #[test]
    fn the_older_practice_keeps_to_the_range_of_the_class() {
        let table =
            [ClassMultiple { class: "air_I".into(), least: 5.0, greatest: None }, ClassMultiple { class: "air_II".into(), least: 3.0, greatest: Some(5.0) }];
        assert!((by_class_multiple(5_495_900.0, 1.0, "air_II", 4.0, &table).unwrap() - 21_983_600.0).abs() < 1e-6);
        assert_eq!(by_class_multiple(1.0, 1.0, "air_II", 5.1, &table).unwrap_err().code, "compensation.multiple_outside");
        assert!(by_class_multiple(1.0, 1.0, "air_I", 50.0, &table).is_ok());
        assert_eq!(by_class_multiple(1.0, 1.0, "IV", 4.0, &table).unwrap_err().code, "compensation.class_unknown");
    }
}
