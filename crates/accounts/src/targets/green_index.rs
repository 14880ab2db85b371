//! The green-development index (绿色发展指数, 发改环资〔2016〕2635号): indicators to scores, scores
//! to groups, groups to the index.

use liangshan_vocab::{Problem, words};

/// What is known of an indicator or a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Score {
    /// Its score, 60 to 100.
    Known(f64),
    /// No data.
    Missing,
    /// It does not apply here, such as a sea in an inland city: its weight goes to the others.
    NotApplicable,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// More is better.
    Direct,
    /// Less is better.
    Inverse,
}

/// Scores of the units of one year: `(X − min)/(max − min)·40 + 60`, mirrored for an inverse
/// indicator; 100 for all when they are equal. A unit without a value has none here either. Any unit.
pub fn normalise(values: &[Option<f64>], way: Way) -> Vec<Option<f64>> {
    let known = values.iter().copied().flatten();
    let (least, most) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let score = |x: f64| match way {
        _ if most <= least => 100.0,
        Way::Direct => (x - least) / (most - least) * 40.0 + 60.0,
        Way::Inverse => (most - x) / (most - least) * 40.0 + 60.0,
    };
    values.iter().map(|x| x.map(score)).collect()
}

/// The score of a group, `Σ w·Y / Σ w`: a missing indicator counts `missing_score` (60), one that does
/// not apply is left out with its weight. `None` when none applies.
///
/// # Errors
/// `targets.lengths`; `targets.weight` for a weight below zero or a sum of zero among those that apply.
pub fn group_score(weights: &[f64], values: &[Score], missing_score: f64) -> Result<Option<f64>, Problem> {
    let scores: Vec<Option<f64>> = values
        .iter()
        .map(|value| match value {
            Score::Known(score) => Some(*score),
            Score::Missing => Some(missing_score),
            Score::NotApplicable => None,
        })
        .collect();
    weighted_mean(weights, &scores)
}

/// The index, `Σ W·F` with the groups' weights in shares; the weight of an empty group goes to the
/// others in proportion. `None` when every group is empty.
///
/// # Errors
/// `targets.lengths`; `targets.weight`; `targets.weights_not_one` when the weights do not add up to 1
/// (within 0.001), such as percentages.
pub fn index(weights: &[f64], groups: &[Option<f64>]) -> Result<Option<f64>, Problem> {
    let sum: f64 = weights.iter().sum();
    if (sum - 1.0).abs() > 1e-3 {
        return Err(Problem::error("targets.weights_not_one", words!("各组权重之和为 {sum}", "the weights of the groups add up to {sum}"))
            .key("weights")
            .expect(words!("以小数计，合计为 1", "shares that add up to 1"))
            .fix(words!("百分数请除以 100", "divide percentages by 100")));
    }
    weighted_mean(weights, groups)
}

fn weighted_mean(weights: &[f64], values: &[Option<f64>]) -> Result<Option<f64>, Problem> {
    if weights.len() != values.len() {
        return Err(Problem::error("targets.lengths", words!("权重 {} 个，数值 {} 个", "there are {} weights and {} values", weights.len(), values.len()))
            .expect(words!("每个数值一个权重", "one weight for every value")));
    }
    let applying: Vec<(f64, f64)> = weights.iter().zip(values).filter_map(|(w, v)| Some((*w, (*v)?))).collect();
    if applying.is_empty() {
        return Ok(None);
    }
    let sum: f64 = applying.iter().map(|(w, _)| w).sum();
    if weights.iter().any(|w| *w < 0.0) || sum <= 0.0 {
        return Err(Problem::error("targets.weight", words!("权重为负或合计为 0", "a weight is below zero, or they add up to zero"))
            .key("weights")
            .expect(words!("正的权重", "positive weights")));
    }
    Ok(Some(applying.iter().map(|(w, v)| w * v).sum::<f64>() / sum))
}

/// Ranks of scores, best first: equal ones share a rank and the next is skipped (1, 2, 2, 4).
pub fn ranks(scores: &[f64]) -> Vec<usize> {
    scores.iter().map(|own| 1 + scores.iter().filter(|other| *other > own).count()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the second of three groups is empty, so 80 and 90 share by 0.5 : 0.3.
    #[test]
    fn an_empty_group_hands_its_weight_on() {
        let made = index(&[0.5, 0.2, 0.3], &[Some(80.0), None, Some(90.0)]).unwrap().unwrap();
        assert!((made - (0.5 * 80.0 + 0.3 * 90.0) / 0.8).abs() < 1e-12);
        assert_eq!(index(&[0.5, 0.5], &[None, None]).unwrap(), None);
        assert_eq!(group_score(&[1.0], &[Score::NotApplicable], 60.0).unwrap(), None);
        assert_eq!(index(&[50.0, 50.0], &[Some(1.0), Some(1.0)]).unwrap_err().code, "targets.weights_not_one");
        assert_eq!(group_score(&[0.0], &[Score::Known(5.0)], 60.0).unwrap_err().code, "targets.weight");
        assert_eq!(group_score(&[1.0], &[], 60.0).unwrap_err().code, "targets.lengths");
    }

    /// By hand.
    #[test]
    fn a_unit_without_a_value_has_no_score_and_ties_share_a_rank() {
        assert_eq!(normalise(&[Some(10.0), None, Some(20.0)], Way::Direct), [Some(60.0), None, Some(100.0)]);
        assert_eq!(normalise(&[None, None], Way::Inverse), [None, None]);
        assert_eq!(ranks(&[90.0, 80.0, 80.0, 70.0]), [1, 2, 2, 4]);
    }
}
