//! Soil erodibility from texture and organic carbon.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{ERODIBILITY, PERCENT};
use crate::model::{Given, Made, Model};

/// What erodibility needs and makes.
pub const SPEC: Spec = Spec {
    id: "erodibility",
    title: text("土壤可蚀性因子", "Soil erodibility"),
    source: Source {
        work: "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估",
        at: "A.7-A.8; minus signs lost in the text read and restored (from general knowledge, unverified)",
    },
    reach: Reach::Cell,
    inputs: &[
        grid("sand", "砂粒含量", "Sand, 0.05 to 2 mm", measure("sand", "%"), (0.0, 100.0)),
        grid("silt", "粉粒含量", "Silt, 0.002 to 0.05 mm", measure("silt", "%"), (0.0, 100.0)),
        grid("clay", "黏粒含量", "Clay, below 0.002 mm", measure("clay", "%"), (0.0, 100.0)),
        grid("organic_carbon", "土壤有机碳含量", "Organic carbon", measure("organic_carbon", "%"), (0.0, 60.0)),
    ],
    outputs: &[grid_out("k", "土壤可蚀性因子", "Soil erodibility", ERODIBILITY, (-0.002, 0.2))],
};

/// Soil erodibility.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// K of one soil in t ha h/(ha MJ mm). `sand`, `silt`, `clay` and `organic_carbon` in percent.
/// NaN where one is missing, and for a soil with neither silt nor clay, of which the formula says
/// nothing.
pub fn k_factor(sand: f64, silt: f64, clay: f64, organic_carbon: f64) -> f64 {
    let not_sand = 1.0 - sand / PERCENT;
    let coarse = 0.2 + 0.3 * (-0.0256 * sand * (1.0 - silt / PERCENT)).exp();
    let fine = (silt / (clay + silt)).powf(0.3);
    let humus = 1.0 - 0.25 * organic_carbon / (organic_carbon + (3.72 - 2.95 * organic_carbon).exp());
    let sandy = 1.0 - 0.7 * not_sand / (not_sand + (-5.51 + 22.9 * not_sand).exp());
    (-0.01383 + 0.51575 * coarse * fine * humus * sandy) * 0.1317
}

/// K of every cell, as [`k_factor`]. `texture` is sand, silt, clay and organic carbon in percent.
///
/// # Panics
/// If lengths differ: our bug.
pub fn erodibility(texture: [&[f64]; 4], k: &mut [f64]) {
    for band in texture {
        assert_eq!(band.len(), k.len(), "blocks differ");
    }
    let [sand, silt, clay, organic_carbon] = texture;
    for (i, cell) in k.iter_mut().enumerate() {
        *cell = k_factor(sand[i], silt[i], clay[i], organic_carbon[i]);
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    erodibility(given.grids(["sand", "silt", "clay", "organic_carbon"]), made.grid("k"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sand, silt, clay, organic carbon (percent) and K rounded to 5 decimals of 20 cells drawn at
    /// random from quzhou_soil_texture_250m.tif and quzhou_erodibility_K_250m.tif of the Quzhou
    /// region pack. All 188 000 cells were compared once: none differs by more than the rounding.
    const CELLS: [(f64, f64, f64, f64, f64); 20] = [
        (25.6, 39.5, 34.9, 1.63, 0.01607),
        (39.2, 35.6, 25.2, 0.81, 0.01793),
        (38.5, 35.6, 25.9, 2.13, 0.01388),
        (24.5, 49.8, 25.7, 1.71, 0.01786),
        (32.0, 36.8, 31.2, 0.94, 0.01815),
        (35.0, 34.8, 30.2, 1.49, 0.01501),
        (30.9, 36.9, 32.2, 1.06, 0.01769),
        (36.5, 38.3, 25.2, 2.24, 0.01444),
        (35.9, 40.8, 23.3, 2.68, 0.01485),
        (30.4, 33.9, 35.7, 0.99, 0.01735),
        (41.3, 38.4, 20.3, 3.28, 0.01417),
        (30.1, 44.5, 25.4, 1.49, 0.01727),
        (35.4, 38.8, 25.8, 1.61, 0.01544),
        (28.9, 35.0, 36.1, 0.87, 0.01821),
        (28.4, 41.0, 30.6, 1.55, 0.01644),
        (37.6, 36.0, 26.4, 1.38, 0.01558),
        (27.7, 39.1, 33.2, 0.81, 0.0195),
        (25.5, 37.0, 37.5, 1.36, 0.01659),
        (24.1, 40.1, 35.8, 1.4, 0.01715),
        (32.8, 38.8, 28.4, 1.46, 0.01608),
    ];

    #[test]
    fn delivered_erodibility_is_this_formula() {
        for (sand, silt, clay, organic_carbon, k) in CELLS {
            let ours = k_factor(sand, silt, clay, organic_carbon);
            assert!((ours - k).abs() <= 5.01e-6, "{ours} {k}");
        }
    }

    #[test]
    fn every_soil_has_a_finite_k_within_the_declared_range() {
        let (low, high) = SPEC.outputs[0].range;
        for sand in 0..100 {
            for silt in 0..=(100 - sand) {
                let clay = f64::from(100 - sand - silt);
                for organic_carbon in [0.0, 0.5, 3.0, 60.0] {
                    let k = k_factor(f64::from(sand), f64::from(silt), clay, organic_carbon);
                    assert!(low <= k && k <= high, "{sand} {silt} {clay} {organic_carbon}: {k}");
                }
            }
        }
    }
}
