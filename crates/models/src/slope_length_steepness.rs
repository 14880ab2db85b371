//! Slope length and steepness factors of soil loss.
//!
//! The slope length is an input: a constant of the class, or a length capped by
//! `slope_length_max`. A traced length on cells over 30 m is refused before it gets here.

use liangshan_vocab::spec::{grid, grid_out, number};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{LENGTH_FACTOR, LENGTH_STEEPNESS, SLOPE, SLOPE_LENGTH, STEEPNESS_FACTOR};
use crate::model::{Given, Made, Model, Tally};

/// What the factors need and make.
pub const SPEC: Spec = Spec {
    id: "slope_length_steepness",
    title: text("坡长坡度因子", "Slope length and steepness"),
    source: Source { work: "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估", at: "A.9-A.12" },
    reach: Reach::Cell,
    inputs: &[
        grid("slope_degrees", "坡度", "Slope", SLOPE, (0.0, 90.0)),
        grid("slope_length", "坡长", "Slope length", SLOPE_LENGTH, (0.0, 100_000.0)),
        number("slope_length_max", "坡长上限", "Greatest slope length", SLOPE_LENGTH, (0.0, 100_000.0)).optional(),
    ],
    outputs: &[
        grid_out("l", "坡长因子", "Slope length factor", LENGTH_FACTOR, (0.0, 5_000.0)),
        grid_out("s", "坡度因子", "Slope steepness factor", STEEPNESS_FACTOR, (0.0, 10.0)),
        grid_out("ls", "坡长坡度因子", "Slope length and steepness", LENGTH_STEEPNESS, (0.0, 50_000.0)),
    ],
};

/// Slope length and steepness.
pub const MODEL: Model = Model {
    spec: &SPEC,
    version: "1",
    tallies: &[Tally {
        name: "slope_length_capped", title: text("坡长超过上限、按上限计的格网", "Cells whose slope length was capped"), clamps: true
    }],
    run,
};

/// Length of the standard plot, m.
const PLOT_LENGTH_M: f64 = 22.13;

/// L of one cell, `(λ/22.13)^m` with `m = β/(1+β)` and `β = (sin θ/0.089)/(3.0 (sin θ)^0.8 + 0.56)`:
/// `length_m` λ in metres, `slope_degrees` θ. NaN where one is missing.
pub fn l_factor(length_m: f64, slope_degrees: f64) -> f64 {
    if length_m.is_nan() || slope_degrees.is_nan() {
        return f64::NAN; // 1 to any power is 1, even to a missing one
    }
    let sine = slope_degrees.to_radians().sin();
    let beta = (sine / 0.089) / (3.0 * sine.powf(0.8) + 0.56);
    (length_m / PLOT_LENGTH_M).powf(beta / (1.0 + beta))
}

/// S of one cell at `slope_degrees` θ: `10.8 sin θ + 0.03` below 5.14°, `16.8 sin θ − 0.5` below
/// 10.20°, `21.9 sin θ − 0.96` below 28.81°, then 9.5988. The standard leaves 28.81° itself open;
/// it is taken with the steeper slopes, as each lower edge is. NaN where missing.
pub fn s_factor(slope_degrees: f64) -> f64 {
    let sine = slope_degrees.to_radians().sin();
    match slope_degrees {
        t if t.is_nan() => f64::NAN,
        t if t < 5.14 => 10.8 * sine + 0.03,
        t if t < 10.20 => 16.8 * sine - 0.5,
        t if t < 28.81 => 21.9 * sine - 0.96,
        _ => 9.5988,
    }
}

/// L, S and their product for every cell, and how many lengths were capped at `length_max_m`
/// (infinity for no cap). A cell missing slope or length is NaN in all three.
///
/// # Panics
/// If lengths differ: our bug.
pub fn length_and_steepness(slope_degrees: &[f64], length_m: &[f64], length_max_m: f64, [l, s, ls]: [&mut [f64]; 3]) -> u64 {
    let cells = slope_degrees.len();
    assert!([length_m.len(), l.len(), s.len(), ls.len()] == [cells; 4], "blocks differ");
    let mut capped = 0;
    for i in 0..cells {
        let (slope, length) = (slope_degrees[i], length_m[i]);
        if slope.is_nan() || length.is_nan() {
            (l[i], s[i], ls[i]) = (f64::NAN, f64::NAN, f64::NAN);
            continue;
        }
        let length = if length > length_max_m {
            capped += 1;
            length_max_m
        } else {
            length
        };
        (l[i], s[i]) = (l_factor(length, slope), s_factor(slope));
        ls[i] = l[i] * s[i];
    }
    capped
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [slope, length] = given.grids(["slope_degrees", "slope_length"]);
    let length_max = given.optional_number("slope_length_max").unwrap_or(f64::INFINITY);
    let capped = length_and_steepness(slope, length, length_max, made.grids_mut(["l", "s", "ls"]));
    made.clamped("slope_length_capped", capped);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_jumps_where_its_pieces_meet() {
        // By hand from A.12: 10.8 sin 5.14° + 0.03, 16.8 sin 5.14° − 0.5, 16.8 sin 10.20° − 0.5,
        // 21.9 sin 10.20° − 0.96, 21.9 sin 28.81° − 0.96, to three decimals.
        for (degrees, s) in [(5.139_999, 0.998), (5.14, 1.005), (10.199_999, 2.475), (10.20, 2.918), (28.809_999, 9.594), (28.81, 9.599), (60.0, 9.599)] {
            assert!((s_factor(degrees) - s).abs() < 5e-4, "S({degrees}) = {}", s_factor(degrees));
        }
    }

    #[test]
    fn the_standard_plot_has_length_factor_one() {
        // (22.13/22.13)^m = 1 for any m, and m = 0 on flat ground for any length.
        for degrees in [0.0, 3.0, 45.0] {
            assert_eq!(l_factor(22.13, degrees), 1.0);
        }
        assert_eq!(l_factor(300.0, 0.0), 1.0);
    }
}
