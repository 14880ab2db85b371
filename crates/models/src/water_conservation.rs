//! Water conservation by the water balance: rain less quick runoff less evapotranspiration.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, grid, grid_out, number};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{EVAPOTRANSPIRATION, PERCENT, PRECIPITATION, RUNOFF, WATER_RETAINED};
use crate::model::{Given, Made, Model, Tally};

/// What water conservation needs and makes.
pub const SPEC: Spec = Spec {
    id: "water_conservation",
    title: text("水源涵养", "Water conservation"),
    source: Source {
        work: "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估; 龚诗涵等 (2017), 生态学报 37(7): 2455-2462",
        at: "A.1; runoff as a share of rain by ecosystem type. Neither clamps negative cells",
    },
    reach: Reach::Cell,
    inputs: &[
        grid("precipitation", "降水量", "Precipitation", PRECIPITATION, (0.0, 10_000.0)),
        grid("runoff_coefficient", "地表径流系数", "Quick runoff, share of rain", measure("runoff_coefficient", "%"), (0.0, 100.0)),
        grid("evapotranspiration", "蒸散发量", "Evapotranspiration", EVAPOTRANSPIRATION, (0.0, 5_000.0)),
        number("clamp_negative", "负值是否按零计（1 是，0 否）", "1 to count negative cells as zero, 0 to keep them", RATIO, SHARE).optional(),
    ],
    outputs: &[
        grid_out("runoff", "地表径流量", "Quick runoff", RUNOFF, POSITIVE),
        grid_out("retained", "水源涵养量", "Water conserved", WATER_RETAINED, (-15_000.0, 10_000.0)),
    ],
};

/// Water conservation.
pub const MODEL: Model = Model {
    spec: &SPEC,
    version: "1",
    tallies: &[
        Tally {
            name: "negative_water", title: text("水源涵养量为负、按零计的格网", "Cells with negative water conservation counted as zero"), clamps: true
        },
        Tally {
            name: "negative_water_kept",
            title: text("水源涵养量为负、保留负值的格网", "Cells with negative water conservation kept as such"),
            clamps: false,
        },
    ],
    run,
};

/// Rain, runoff coefficient and evapotranspiration, cell by cell: equal lengths, NaN where
/// missing, units as in [`SPEC`].
pub struct Balance<'a> {
    /// Precipitation P, mm/a.
    pub precipitation: &'a [f64],
    /// Quick runoff as a percentage α of rain.
    pub runoff_coefficient: &'a [f64],
    /// Evapotranspiration ET, mm/a.
    pub evapotranspiration: &'a [f64],
}

/// Quick runoff `R = P·α/100` and water conserved `P − R − ET`, both mm/a; answers how many cells
/// are negative. They stay negative unless `clamp_negative`, then they are zero. A cell missing
/// any of the three is NaN in both.
///
/// # Panics
/// If lengths differ: our bug.
pub fn water_kept(given: &Balance<'_>, clamp_negative: bool, runoff: &mut [f64], retained: &mut [f64]) -> u64 {
    let cells = runoff.len();
    for grid in [given.precipitation, given.runoff_coefficient, given.evapotranspiration, retained] {
        assert_eq!(grid.len(), cells, "blocks differ");
    }
    let mut negative = 0;
    for i in 0..cells {
        let (rain, evaporated) = (given.precipitation[i], given.evapotranspiration[i]);
        let quick = rain * given.runoff_coefficient[i] / PERCENT;
        let kept = rain - quick - evaporated;
        runoff[i] = if kept.is_nan() { f64::NAN } else { quick };
        negative += u64::from(kept < 0.0);
        retained[i] = if clamp_negative && kept < 0.0 { 0.0 } else { kept };
    }
    negative
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [precipitation, runoff_coefficient, evapotranspiration] = given.grids(["precipitation", "runoff_coefficient", "evapotranspiration"]);
    let clamp = given.optional_number("clamp_negative").unwrap_or(0.0);
    assert!(clamp == 0.0 || clamp == 1.0, "clamp_negative is 0 or 1, not {clamp}");
    let [runoff, retained] = made.grids_mut(["runoff", "retained"]);
    let balance = Balance { precipitation, runoff_coefficient, evapotranspiration };
    let negative = water_kept(&balance, clamp == 1.0, runoff, retained);
    made.clamped(if clamp == 1.0 { "negative_water" } else { "negative_water_kept" }, negative);
}
