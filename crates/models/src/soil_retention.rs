//! Soil retention: soil that vegetation and practice keep in place, and what would have settled
//! with it.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, grid, grid_out, number};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{BULK_DENSITY, COVER_FACTOR, ERODIBILITY, EROSIVITY, LENGTH_STEEPNESS, NITROGEN, PERCENT, PHOSPHORUS, PRACTICE_FACTOR, SEDIMENT, SOIL};
use crate::model::{Given, Made, Model};

/// What soil retention needs and makes.
pub const SPEC: Spec = Spec {
    id: "soil_retention",
    title: text("土壤保持", "Soil retention"),
    source: Source {
        work: "HJ 1173-2021 全国生态状况调查评估技术规范——生态系统服务功能评估; \
               白玛卓嘎等 (2017), 生态学报 37(19): 6302-6312, for sediment and nutrients",
        at: "A.2-A.4; the standard has no P, so p = 1 is the standard itself; the form with P (from general knowledge, unverified)",
    },
    reach: Reach::Cell,
    inputs: &[
        grid("r", "降雨侵蚀力因子", "Rainfall erosivity", EROSIVITY, (0.0, 30_000.0)),
        grid("k", "土壤可蚀性因子", "Soil erodibility", ERODIBILITY, (0.0, 0.2)),
        grid("ls", "坡长坡度因子", "Slope length and steepness", LENGTH_STEEPNESS, (0.0, 200.0)),
        grid("c", "植被覆盖因子", "Cover management", COVER_FACTOR, SHARE),
        grid("p", "水土保持措施因子", "Support practice", PRACTICE_FACTOR, SHARE),
        grid("bulk_density", "土壤容重", "Dry bulk density", BULK_DENSITY, (0.1, 2.7)),
        grid("nitrogen", "土壤全氮含量", "Nitrogen in soil, by mass", measure("nitrogen_content", "%"), (0.0, 10.0)),
        grid("phosphorus", "土壤全磷含量", "Phosphorus in soil, by mass", measure("phosphorus_content", "%"), (0.0, 10.0)),
        number("deposited_share", "泥沙淤积系数", "Share of the soil that settles", RATIO, SHARE),
    ],
    outputs: &[
        grid_out("potential", "潜在土壤侵蚀量", "Potential soil loss", SOIL, POSITIVE),
        grid_out("actual", "实际土壤侵蚀量", "Actual soil loss", SOIL, POSITIVE),
        grid_out("retained", "土壤保持量", "Soil retained", SOIL, POSITIVE),
        grid_out("sediment", "减少泥沙淤积量", "Sediment avoided", SEDIMENT, POSITIVE),
        grid_out("nitrogen", "减少氮面源污染量", "Nitrogen kept from water", NITROGEN, POSITIVE),
        grid_out("phosphorus", "减少磷面源污染量", "Phosphorus kept from water", PHOSPHORUS, POSITIVE),
    ],
};

/// Soil retention.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// The factors of soil loss, cell by cell: equal lengths, NaN where missing, units as in [`SPEC`].
pub struct Factors<'a> {
    /// Rainfall erosivity, MJ mm/(ha h a).
    pub r: &'a [f64],
    /// Soil erodibility, t ha h/(ha MJ mm).
    pub k: &'a [f64],
    /// Slope length and steepness.
    pub ls: &'a [f64],
    /// Cover management, 0 to 1.
    pub c: &'a [f64],
    /// Support practice, 0 to 1; 1 where the method knows none.
    pub p: &'a [f64],
}

/// Soil loss on bare soil `R·K·LS`, under cover `R·K·LS·C·P`, and what is kept
/// `R·K·LS·(1 − C·P)`, all in t/(ha a). A cell missing any factor is NaN in all three.
///
/// # Panics
/// If lengths differ. The engine aligns its blocks, so that is our bug and not the user's.
pub fn soil_kept(given: &Factors<'_>, potential: &mut [f64], actual: &mut [f64], retained: &mut [f64]) {
    let cells = potential.len();
    for factor in [given.r, given.k, given.ls, given.c, given.p, actual, retained] {
        assert_eq!(factor.len(), cells, "factor and output blocks differ");
    }
    for i in 0..cells {
        let bare = given.r[i] * given.k[i] * given.ls[i];
        let exposed = given.c[i] * given.p[i];
        potential[i] = if exposed.is_nan() { f64::NAN } else { bare };
        actual[i] = bare * exposed;
        retained[i] = bare * (1.0 - exposed);
    }
}

/// Volume that would have settled, `λ·Q/ρ` in m³/(ha a): `retained` in t/(ha a), `bulk_density`
/// ρ in t/m³, `deposited_share` λ. NaN where either is missing.
pub fn sediment_avoided(retained: &[f64], bulk_density: &[f64], deposited_share: f64, sediment: &mut [f64]) {
    assert!(retained.len() == sediment.len() && bulk_density.len() == sediment.len(), "blocks differ");
    for (i, cell) in sediment.iter_mut().enumerate() {
        *cell = deposited_share * retained[i] / bulk_density[i];
    }
}

/// A nutrient kept with the soil, t/(ha a): `retained` in t/(ha a), `content` in percent by mass.
/// NaN where either is missing.
pub fn nutrient_kept(retained: &[f64], content: &[f64], kept: &mut [f64]) {
    assert!(retained.len() == kept.len() && content.len() == kept.len(), "blocks differ");
    for (i, cell) in kept.iter_mut().enumerate() {
        *cell = retained[i] * content[i] / PERCENT;
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    let [r, k, ls, c, p] = given.grids(["r", "k", "ls", "c", "p"]);
    let [bulk_density, nitrogen, phosphorus] = given.grids(["bulk_density", "nitrogen", "phosphorus"]);
    let [potential, actual, retained, sediment, n, ph] = made.grids_mut(["potential", "actual", "retained", "sediment", "nitrogen", "phosphorus"]);
    soil_kept(&Factors { r, k, ls, c, p }, potential, actual, retained);
    sediment_avoided(retained, bulk_density, given.number("deposited_share"), sediment);
    nutrient_kept(retained, nitrogen, n);
    nutrient_kept(retained, phosphorus, ph);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn potential_is_actual_and_retained_together() {
        // Conservation, for any factors: R·K·LS = R·K·LS·C·P + R·K·LS·(1 − C·P).
        let (r, k, ls, c, p) = ([9000.0, 12_000.0], [0.017, 0.03], [1.7, 12.0], [0.004, 0.45], [1.0, 0.35]);
        let (mut potential, mut actual, mut retained) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        soil_kept(&Factors { r: &r, k: &k, ls: &ls, c: &c, p: &p }, &mut potential, &mut actual, &mut retained);
        for i in 0..2 {
            assert!((potential[i] - actual[i] - retained[i]).abs() < 1e-9 * potential[i]);
        }
    }

    #[test]
    fn factor_units_multiply_to_the_output_unit() {
        let made = EROSIVITY.parsed().unwrap().times(&ERODIBILITY.parsed().unwrap());
        assert_eq!(made, SOIL.parsed().unwrap());
    }
}
