//! Net ecosystem production: what plants take up less what soil gives back.

use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{NEP, NPP, RESPIRATION};
use crate::model::{Given, Made, Model};

/// What net ecosystem production needs and makes.
pub const SPEC: Spec = Spec {
    id: "net_ecosystem_production",
    title: text("净生态系统生产力", "Net ecosystem production"),
    source: Source { work: "博文静等 (2017), 中国森林生态资产价值评估, 生态学报 37(12): 4182-4190", at: "NEP = NPP − R_soil" },
    reach: Reach::Cell,
    inputs: &[
        grid("npp", "净初级生产力", "Net primary production", NPP, (0.0, 5_000.0)),
        grid("respiration", "土壤异养呼吸", "Respiration of soil organisms", RESPIRATION, (0.0, 5_000.0)),
    ],
    outputs: &[grid_out("nep", "净生态系统生产力", "Net ecosystem production", NEP, (-5_000.0, 5_000.0))],
};

/// Net ecosystem production.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// `NEP = NPP − Rh`, all in gC/(m² a). Negative where soil gives more than plants take. NaN where
/// either is missing.
///
/// # Panics
/// If lengths differ: our bug.
pub fn production_less_respiration(npp: &[f64], respiration: &[f64], nep: &mut [f64]) {
    assert!(npp.len() == nep.len() && respiration.len() == nep.len(), "blocks differ");
    for (i, cell) in nep.iter_mut().enumerate() {
        *cell = npp[i] - respiration[i];
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [npp, respiration] = given.grids(["npp", "respiration"]);
    production_less_respiration(npp, respiration, made.grid("nep"));
}
