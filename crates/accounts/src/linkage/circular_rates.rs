//! Rates of a circular economy, and the balance of material at an enterprise, a park or a city.

/// `100 · part / whole`, %; `None` where there is no whole.
pub fn share_pct(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| 100.0 * part / whole)
}

/// Resource productivity: GDP over the material used at home (资源产出率), 10⁴ yuan a tonne; `None` where none was
/// used.
pub fn productivity(gdp_1e4yuan: f64, material_t: f64) -> Option<f64> {
    (material_t > 0.0).then(|| gdp_1e4yuan / material_t)
}

/// Use of general industrial solid waste, %: what was used, of past storage too, over what was generated and taken
/// out of past storage.
pub fn industrial_use_pct(used_t: f64, past_used_t: f64, generated_t: f64) -> Option<f64> {
    share_pct(used_t + past_used_t, generated_t + past_used_t)
}

/// Reuse of water, %: `reused / (fresh + reused)`.
pub fn water_reuse_pct(reused: f64, fresh: f64) -> Option<f64> {
    share_pct(reused, fresh + reused)
}

/// Material at a node of a period, t.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Node {
    /// Came in.
    pub inflow: f64,
    /// Stood there at the beginning.
    pub stock_open: f64,
    /// Generated there.
    pub generated: f64,
    /// Left as product.
    pub product: f64,
    /// Handed over to others.
    pub transferred: f64,
    /// Disposed of.
    pub disposed: f64,
    /// Emitted.
    pub emitted: f64,
    /// Stood there at the end.
    pub stock_close: f64,
}

impl Node {
    /// What is not accounted for: all that was there less all that it became.
    pub fn residual(&self) -> f64 {
        (self.inflow + self.stock_open + self.generated) - (self.product + self.transferred + self.disposed + self.emitted + self.stock_close)
    }

    /// All that was there.
    pub fn there(&self) -> f64 {
        self.inflow + self.stock_open + self.generated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 500/1000; (80 + 10)/(100 + 10); 30/(70 + 30); 100 + 20 + 5 − (60 + 30 + 10 + 5 + 15) = 5.
    #[test]
    fn rates_and_a_balance_by_hand() {
        assert_eq!((productivity(500.0, 1000.0), productivity(1.0, 0.0)), (Some(0.5), None));
        assert!((industrial_use_pct(80.0, 10.0, 100.0).unwrap() - 9000.0 / 110.0).abs() < 1e-12);
        assert_eq!((water_reuse_pct(30.0, 70.0), water_reuse_pct(0.0, 0.0)), (Some(30.0), None));
        let node = Node { inflow: 100.0, stock_open: 20.0, generated: 5.0, product: 60.0, transferred: 30.0, disposed: 10.0, emitted: 5.0, stock_close: 15.0 };
        assert_eq!((node.residual(), node.there()), (5.0, 125.0));
    }
}
