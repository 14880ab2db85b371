//! Variants of the green-gold index (绿金指数) side by side; no official formula was found, so which
//! one is official is configuration.

/// GEP and GDP of two years, in one unit and on one price base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreenGold {
    /// GEP of the year before and of the year.
    pub gep: [f64; 2],
    /// GDP of the same.
    pub gdp: [f64; 2],
}

/// A ratio, where there is one.
fn over(a: f64, b: f64) -> Option<f64> {
    Some(a / b).filter(|ratio| b != 0.0 && ratio.is_finite())
}

impl GreenGold {
    /// G1, GEP over GDP of the later year.
    pub fn g1(&self) -> Option<f64> {
        over(self.gep[1], self.gdp[1])
    }

    /// G2, growth of GEP over growth of GDP: at least 1 when nature keeps pace.
    pub fn g2(&self) -> Option<f64> {
        over(over(self.gep[1], self.gep[0])?, over(self.gdp[1], self.gdp[0])?)
    }

    /// G3, the elasticity `(dGEP/GEP)/(dGDP/GDP)`; none when GDP changed by less than 0.1 %.
    pub fn g3(&self) -> Option<f64> {
        let change = |of: &[f64; 2]| over(of[1] - of[0], of[0]);
        let gdp = change(&self.gdp)?;
        if gdp.abs() < 1e-3 { None } else { over(change(&self.gep)?, gdp) }
    }

    /// The change of `ln G1`, which is `ln(GEP ratio) − ln(GDP ratio)`; none unless all are positive.
    pub fn dln_g1(&self) -> Option<f64> {
        let all_positive = self.gep.iter().chain(&self.gdp).all(|v| *v > 0.0);
        all_positive.then(|| (self.gep[1] / self.gep[0]).ln() - (self.gdp[1] / self.gdp[0]).ln())
    }

    /// G5, the geometric mean of both indices with the earlier year as 1.
    pub fn g5(&self) -> Option<f64> {
        let product = over(self.gep[1], self.gep[0])? * over(self.gdp[1], self.gdp[0])?;
        Some(product.sqrt()).filter(|g| g.is_finite())
    }
}

/// G4, the realised share: converted value over GEP.
pub fn g4(converted: f64, gep: f64) -> Option<f64> {
    over(converted, gep)
}

/// G6, GEP and GDP together without what is counted in both.
pub fn g6(gep: f64, gdp: f64, counted_twice: f64) -> f64 {
    gep + gdp - counted_twice
}

/// G7, the coordination of coupling `√(C·T)` with `C = 2√(u1·u2)/(u1 + u2)` and `T = a·u1 + b·u2`; u
/// are normalised to (0, 1], classes at 0.5, 0.7 and 0.8. None outside that.
pub fn g7(u1: f64, u2: f64, a: f64, b: f64) -> Option<f64> {
    let normalised = |u: f64| 0.0 < u && u <= 1.0;
    let coupling = 2.0 * (u1 * u2).sqrt() / (u1 + u2);
    Some((coupling * (a * u1 + b * u2)).sqrt()).filter(|d| normalised(u1) && normalised(u2) && d.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: GEP 100 → 110, GDP 100 → 121: G2 = 1.1/1.21, G3 = 0.1/0.21, G5 = √(1.1·1.21); equal u of
    /// 0.64 give C = 1 and D = 0.8.
    #[test]
    fn variants_by_hand() {
        let of = GreenGold { gep: [100.0, 110.0], gdp: [100.0, 121.0] };
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
        near(of.g2(), 1.1 / 1.21);
        near(of.g3(), 0.1 / 0.21);
        near(of.g5(), 1.331_f64.sqrt());
        near(of.dln_g1(), -(1.1_f64.ln()));
        near(g7(0.64, 0.64, 0.5, 0.5), 0.8);
        assert_eq!(g6(10.0, 20.0, 4.0), 26.0);
    }

    #[test]
    fn what_is_not_defined_is_none_and_never_nan() {
        let still = GreenGold { gep: [100.0, 110.0], gdp: [1000.0, 1000.9] };
        assert_eq!(still.g3(), None);
        let zero = GreenGold { gep: [0.0, 1.0], gdp: [0.0, 0.0] };
        assert_eq!((zero.g1(), zero.g2(), zero.g3(), zero.dln_g1(), zero.g5()), (None, None, None, None, None));
        assert_eq!((g4(1.0, 0.0), g7(0.0, 1.0, 0.5, 0.5), g7(1.2, 1.0, 0.5, 0.5)), (None, None, None));
    }
}
