//! What corridors are worth and what a project takes from them.

use liangshan_vocab::{Problem, words};

/// One source area at the end of a corridor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patch {
    /// Its area, m².
    pub area_m2: f64,
    /// Its mean resistance.
    pub mean_resistance: f64,
}

/// How much two sources draw each other, `L_max² ln S_i ln S_j / (L_ij² P_i P_j)`: S area in m², P mean
/// resistance, L the cost of the corridor and L_max that of the costliest. General knowledge, unverified.
///
/// # Errors
/// `corridor.not_positive` when an area is not above 1 m², or a cost or resistance not above zero.
pub fn gravity(a: Patch, b: Patch, cost: f64, greatest_cost: f64) -> Result<f64, Problem> {
    let positive = [cost, greatest_cost, a.mean_resistance, b.mean_resistance].iter().all(|v| *v > 0.0);
    if !positive || a.area_m2 <= 1.0 || b.area_m2 <= 1.0 {
        return Err(not_positive());
    }
    Ok(greatest_cost.powi(2) * a.area_m2.ln() * b.area_m2.ln() / (cost.powi(2) * a.mean_resistance * b.mean_resistance))
}

/// What a project takes: `(cost after − cost before) / cost before`. More than 5 % needs a condition
/// by default.
///
/// # Errors
/// `corridor.not_positive` when the cost before is not above zero.
pub fn connectivity_loss(before: f64, after: f64) -> Result<f64, Problem> {
    if before > 0.0 { Ok((after - before) / before) } else { Err(not_positive()) }
}

fn not_positive() -> Problem {
    Problem::error("corridor.not_positive", words!("面积、阻力或费用不大于 0", "an area, resistance or cost is not above zero"))
        .expect(words!("正数；面积大于 1 m²", "positive numbers; areas above 1 m²"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: S = e², e³, P = 2, 3, L = 10 of at most 20: 400 · 2 · 3 / (100 · 6) = 4.
    #[test]
    fn gravity_and_loss_by_hand() {
        let patch = |power: i32, mean_resistance| Patch { area_m2: std::f64::consts::E.powi(power), mean_resistance };
        assert!((gravity(patch(2, 2.0), patch(3, 3.0), 10.0, 20.0).unwrap() - 4.0).abs() < 1e-12);
        assert_eq!(gravity(patch(0, 2.0), patch(3, 3.0), 10.0, 20.0).unwrap_err().code, "corridor.not_positive");
        assert!((connectivity_loss(200.0, 212.0).unwrap() - 0.06).abs() < 1e-12);
        assert_eq!(connectivity_loss(0.0, 1.0).unwrap_err().code, "corridor.not_positive");
    }
}
