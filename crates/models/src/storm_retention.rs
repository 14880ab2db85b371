//! Storm rain that vegetation holds back: what does not run off on storm days.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, SHARE, grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{RUNOFF, STORM_RAIN, STORM_RETAINED};
use crate::model::{Given, Made, Model};

/// What the retention of storm rain needs and makes.
pub const SPEC: Spec = Spec {
    id: "storm_retention",
    title: text("植被洪水调蓄", "Storm rain held back by vegetation"),
    source: Source {
        work: "国家与地方生态产品总值核算技术规范通行的植被调蓄公式（据一般知识，未核实） / the formula in use among the accounting standards (general knowledge, unverified)",
        at: "storm rain on days of 50 mm and more, less its quick runoff by ecosystem type",
    },
    reach: Reach::Cell,
    inputs: &[
        grid("storm_rain", "暴雨日降水量", "Rain on storm days", STORM_RAIN, (0.0, 10_000.0)),
        grid("storm_runoff_share", "暴雨径流占比", "Share of storm rain that runs off", measure("storm_runoff_share", "1"), SHARE),
    ],
    outputs: &[
        grid_out("storm_runoff", "暴雨径流量", "Quick runoff of storms", RUNOFF, POSITIVE),
        grid_out("storm_retained", "植被调蓄量", "Storm rain held back", STORM_RETAINED, POSITIVE),
    ],
};

/// Storm rain held back by vegetation.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// Storm runoff `P_h·r` and what is held back `P_h·(1 − r)`, both mm/a, from storm rain `P_h` in mm/a
/// and the share `r` that runs off, 0 to 1. NaN where either is missing.
///
/// # Panics
/// If lengths differ: our bug.
pub fn storm_rain_held(storm_rain: &[f64], runoff_share: &[f64], runoff: &mut [f64], retained: &mut [f64]) {
    let cells = storm_rain.len();
    assert!(runoff_share.len() == cells && runoff.len() == cells && retained.len() == cells, "blocks differ");
    for i in 0..cells {
        runoff[i] = storm_rain[i] * runoff_share[i];
        retained[i] = storm_rain[i] * (1.0 - runoff_share[i]);
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [rain, share] = given.grids(["storm_rain", "storm_runoff_share"]);
    let [runoff, retained] = made.grids_mut(["storm_runoff", "storm_retained"]);
    storm_rain_held(rain, share, runoff, retained);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: of 400 mm with a share of 0.38 run off 152 mm and stay 248 mm.
    #[test]
    fn what_does_not_run_off_is_held() {
        let (mut runoff, mut retained) = ([0.0; 3], [0.0; 3]);
        storm_rain_held(&[400.0, 400.0, f64::NAN], &[0.38, 1.0, 0.38], &mut runoff, &mut retained);
        assert!((runoff[0] - 152.0).abs() < 1e-9 && (retained[0] - 248.0).abs() < 1e-9);
        assert_eq!((runoff[1], retained[1]), (400.0, 0.0));
        assert!(runoff[2].is_nan() && retained[2].is_nan());
    }
}
