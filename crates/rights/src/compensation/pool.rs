//! A pool of money shared out by the growth of GEP (GEP 增量转移支付).

use liangshan_vocab::{Problem, common_scale, largest_remainder, words};

use crate::exact::{held, narrow};

/// Shares of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolSplit {
    /// What each county gets, fen, in the order given.
    pub fen: Vec<i64>,
    /// `max(0, growth) × coefficient` of each.
    pub weights: Vec<f64>,
    /// What stays in the pool, fen: all of it when nobody grew, else nothing.
    pub kept_fen: i64,
}

/// `T_c = pool · max(0, dGEP_c)·q_c / Σ max(0, dGEP_j)·q_j`, to the fen by largest remainder; the
/// parts and what stays add up to the pool. When no county grew, the pool stays.
///
/// `pool_fen` in fen; `growth` the change of GEP at constant prices by one method in both years, in
/// any one unit; `coefficients` those of quality (0.8 to 1.2).
///
/// # Errors
/// `compensation.lengths`; `rights.negative` for a negative pool or coefficient; `rights.too_large`.
pub fn split_pool(pool_fen: i64, growth: &[f64], coefficients: &[f64]) -> Result<PoolSplit, Problem> {
    if growth.len() != coefficients.len() {
        return Err(Problem::error(
            "compensation.lengths",
            words!("dGEP 与 q 的个数不同：{}、{}", "dGEP and q have {} and {} values", growth.len(), coefficients.len()),
        )
        .expect(words!("每个县各一个", "one of each for every county")));
    }
    if pool_fen < 0 {
        return Err(crate::carry_over::negative("pool_fen", pool_fen.into()));
    }
    if let Some(below) = coefficients.iter().find(|q| **q < 0.0) {
        return Err(crate::carry_over::negative("q", crate::exact::decimal("q", *below)?));
    }
    let gains: Vec<f64> = growth.iter().map(|g| g.max(0.0)).collect();
    let (whole_gains, gain_scale) = held("dGEP", common_scale(&gains))?;
    let (whole_q, q_scale) = held("q", common_scale(coefficients))?;
    let products: Option<Vec<i128>> = whole_gains.iter().zip(&whole_q).map(|(g, q)| g.checked_mul(*q)).collect();
    let weights = held("dGEP", products)?;
    let readable = |w: &i128| *w as f64 / 10_f64.powi(i32::try_from(gain_scale + q_scale).unwrap_or(i32::MAX));
    let readable: Vec<f64> = weights.iter().map(readable).collect();
    if weights.iter().all(|w| *w == 0) {
        return Ok(PoolSplit { fen: vec![0; growth.len()], weights: readable, kept_fen: pool_fen });
    }
    let parts = held("dGEP", largest_remainder(i128::from(pool_fen), &weights))?;
    let fen = parts.into_iter().map(|p| narrow("fen", p)).collect::<Result<_, _>>()?;
    Ok(PoolSplit { fen, weights: readable, kept_fen: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn when_nobody_grew_the_pool_stays() {
        assert_eq!(split_pool(500, &[-1.0, 0.0], &[1.0, 1.0]).unwrap(), PoolSplit { fen: vec![0, 0], weights: vec![0.0, 0.0], kept_fen: 500 });
        assert_eq!(split_pool(500, &[1.0], &[1.0, 1.0]).unwrap_err().code, "compensation.lengths");
        assert_eq!(split_pool(500, &[1.0], &[-1.0]).unwrap_err().code, "rights.negative");
        assert_eq!(split_pool(-5, &[1.0], &[1.0]).unwrap_err().code, "rights.negative");
    }

    proptest! {
        #[test]
        fn the_pool_is_shared_out_to_the_fen(pool in 0_i64..1_000_000_000_000, of in prop::collection::vec((-10_000_i64..10_000, 80_i64..120), 1..9)) {
            let growth: Vec<f64> = of.iter().map(|(g, _)| *g as f64 / 100.0).collect();
            let q: Vec<f64> = of.iter().map(|(_, q)| *q as f64 / 100.0).collect();
            let split = split_pool(pool, &growth, &q).unwrap();
            prop_assert_eq!(split.fen.iter().sum::<i64>() + split.kept_fen, pool);
            for (fen, g) in split.fen.iter().zip(&growth) {
                prop_assert!(*fen >= 0 && (*g > 0.0 || *fen == 0));
            }
        }
    }
}
