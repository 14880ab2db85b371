//! Areas of parts that add up to a control area to 0.01 m² (平差).

use liangshan_vocab::{Problem, common_scale, largest_remainder, words};

/// Shares a control area out in proportion to measured areas: whole hundredths of a square metre, by
/// largest remainder, that add up to the control area.
///
/// `control_m2` in m² with at most two decimals; `measured` in any one unit. Result in hundredths of
/// m², in the order given.
///
/// # Errors
/// `areas.control` for a control area below zero or with more than two decimals; `areas.weights` for a
/// negative area, none at all or numbers too long to be shared exactly.
pub fn split_control_area(control_m2: f64, measured: &[f64]) -> Result<Vec<i64>, Problem> {
    let control = common_scale(&[control_m2]).filter(|(whole, scale)| whole[0] >= 0 && *scale <= 2);
    let (whole, scale) = control.ok_or_else(|| {
        Problem::error("areas.control", words!("控制面积 {control_m2} 不可用", "the control area {control_m2} cannot be used"))
            .key("control_m2")
            .expect(words!("不小于 0、至多两位小数的平方米数", "square metres of at least zero with at most two decimals"))
    })?;
    let hundredths = whole[0] * 10_i128.pow(2 - scale);
    let parts = common_scale(measured).and_then(|(weights, _)| largest_remainder(hundredths, &weights));
    let narrow = |parts: Vec<i128>| parts.into_iter().map(|p| i64::try_from(p).ok()).collect::<Option<Vec<i64>>>();
    parts.and_then(narrow).ok_or_else(|| {
        Problem::error(
            "areas.weights",
            words!("量算面积不可用：有负值、全为零，或数位过多", "the measured areas cannot be used: one below zero, all zero, or too many digits"),
        )
        .key("weights")
        .expect(words!("不小于 0 的面积，至少一个大于 0", "areas of at least zero, one above it"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_shared_is_told() {
        assert_eq!(split_control_area(1.005, &[1.0]).unwrap_err().code, "areas.control");
        assert_eq!(split_control_area(-1.0, &[1.0]).unwrap_err().code, "areas.control");
        for bad in [&[][..], &[0.0], &[1.0, -1.0], &[f64::NAN]] {
            assert_eq!(split_control_area(1.0, bad).unwrap_err().code, "areas.weights", "{bad:?}");
        }
    }

    proptest! {
        /// Parts add up to the control area, and each is within 0.01 m² of its share.
        #[test]
        fn parts_add_up(hundredths in 0_i64..1_000_000_000_000, measured in prop::collection::vec(0.0_f64..1e8, 1..12)) {
            prop_assume!(measured.iter().sum::<f64>() > 0.0);
            let measured: Vec<f64> = measured.iter().map(|m| (m * 1000.0).round() / 1000.0).collect();
            prop_assume!(measured.iter().any(|m| *m > 0.0));
            let control = hundredths as f64 / 100.0;
            let parts = split_control_area(control, &measured).unwrap();
            prop_assert_eq!(parts.iter().sum::<i64>(), hundredths);
            let sum: f64 = measured.iter().sum();
            for (part, m) in parts.iter().zip(&measured) {
                prop_assert!((*part as f64 - hundredths as f64 * m / sum).abs() < 1.01);
            }
        }
    }
}
