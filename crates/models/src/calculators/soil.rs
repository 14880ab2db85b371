//! What becomes of kept soil and sand, and what an area of vegetation takes from the air.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, number, number_out};
use liangshan_vocab::{Answer, Calculator, Reach, Source, Spec, text};

use crate::measures::{BULK_DENSITY, SOIL};
use crate::soil_retention::{nutrient_kept, sediment_avoided};

const GARZE: &str = "白玛卓嘎等 (2017), 甘孜藏族自治州生态系统生产总值核算研究, 生态学报 37(19): 6302-6312";
const GAOTIANYAN: &str = "缪建群等 (2017), 江西高天岩自然保护区生态系统服务功能价值评估, 生态学报 37(19): 6422-6430";

const SOIL_MASS: Measure = measure("soil", "t/a");
/// Densities of soil and sand: never zero, because they divide.
const DENSITY_RANGE: (f64, f64) = (0.1, 2.7);

/// The calculators of this file.
pub const ALL: &[&Calculator] = &[&SOIL_SEDIMENT_VOLUME, &SOIL_NUTRIENT_MASS, &SAND_RETAINED_AREA, &LAND_LOSS_AREA, &UPTAKE_BY_AREA];

/// Sediment that kept soil would have become, `λ·Q/ρ`. The density is never left out: without it
/// tonnes would pass for cubic metres.
pub static SOIL_SEDIMENT_VOLUME: Calculator = Calculator {
    spec: &SOIL_SEDIMENT_VOLUME_SPEC,
    run: |given| {
        let mut sediment = [0.0];
        sediment_avoided(&[given.number("retained")], &[given.number("bulk_density")], given.number("deposited_share"), &mut sediment);
        Ok(Answer::number("sediment", sediment[0]))
    },
};

const SOIL_SEDIMENT_VOLUME_SPEC: Spec = Spec {
    id: "gep.soil_sediment_volume",
    title: text("减少泥沙淤积量", "Sediment avoided"),
    source: Source { work: GARZE, at: "eqs. 4-5, deposited share 0.24" },
    reach: Reach::Whole,
    inputs: &[
        number("retained", "土壤保持量", "Soil retained", SOIL_MASS, POSITIVE),
        number("bulk_density", "土壤容重", "Dry bulk density", BULK_DENSITY, DENSITY_RANGE),
        number("deposited_share", "泥沙淤积系数", "Share of the soil that settles", RATIO, SHARE),
    ],
    outputs: &[number_out("sediment", "减少泥沙淤积量", "Sediment avoided", measure("sediment", "m3/a"))],
};

/// A nutrient kept with soil: mass times content.
pub static SOIL_NUTRIENT_MASS: Calculator = Calculator {
    spec: &SOIL_NUTRIENT_MASS_SPEC,
    run: |given| {
        let mut kept = [0.0];
        nutrient_kept(&[given.number("retained")], &[given.number("content")], &mut kept);
        Ok(Answer::number("nutrient", kept[0]))
    },
};

const SOIL_NUTRIENT_MASS_SPEC: Spec = Spec {
    id: "gep.soil_nutrient_mass",
    title: text("减少面源污染量（氮或磷）", "Nutrient kept from water (nitrogen or phosphorus)"),
    source: Source { work: GARZE, at: "eqs. 4-5; nitrogen 0.37 %, phosphorus 0.108 %" },
    reach: Reach::Whole,
    inputs: &[
        number("retained", "土壤保持量", "Soil retained", SOIL_MASS, POSITIVE),
        number("content", "土壤氮或磷含量（质量百分比）", "Content of the nutrient by mass", measure("nutrient_content", "%"), (0.0, 100.0)),
    ],
    outputs: &[number_out("nutrient", "减少面源污染量", "Nutrient kept from water", measure("nutrient", "t/a"))],
};

/// Area kept from being buried or stripped: mass over density and thickness.
pub static SAND_RETAINED_AREA: Calculator = Calculator {
    spec: &SAND_RETAINED_AREA_SPEC,
    run: |given| Ok(Answer::number("area", given.number("sand") / (given.number("density") * given.number("thickness")))),
};

const SAND_RETAINED_AREA_SPEC: Spec = Spec {
    id: "gep.sand_retained_area",
    title: text("固沙量折合面积", "Area equivalent of sand fixed"),
    source: Source { work: GARZE, at: "density 1.28 t/m3, thickness 0.1 m" },
    reach: Reach::Whole,
    inputs: &[
        number("sand", "固沙量", "Sand fixed", measure("sand", "t/a"), POSITIVE),
        number("density", "沙土密度", "Density of sand", BULK_DENSITY, DENSITY_RANGE),
        number("thickness", "覆沙或沙化厚度", "Thickness of the layer", measure("thickness", "m"), (0.001, 10.0)),
    ],
    outputs: &[number_out("area", "折合面积", "Area", measure("area", "m2/a"))],
};

/// Land that would have been lost: soil kept on a hectare over density and thickness.
pub static LAND_LOSS_AREA: Calculator = Calculator {
    spec: &LAND_LOSS_AREA_SPEC,
    run: |given| Ok(Answer::number("area", given.number("retained") / (given.number("bulk_density") * given.number("thickness")))),
};

const LAND_LOSS_AREA_SPEC: Spec = Spec {
    id: "gep.land_loss_area",
    title: text("减少土地废弃面积", "Land kept from being abandoned"),
    source: Source { work: GAOTIANYAN, at: "tables 1-4; of the forest standard family, not of GEP totals" },
    reach: Reach::Whole,
    inputs: &[
        number("retained", "单位面积土壤保持量", "Soil retained", SOIL, POSITIVE),
        number("bulk_density", "土壤容重", "Dry bulk density", BULK_DENSITY, DENSITY_RANGE),
        number("thickness", "土层厚度", "Thickness of the soil", measure("thickness", "m"), (0.001, 10.0)),
    ],
    outputs: &[number_out("area", "每公顷减少的废弃面积", "Land kept, per hectare", measure("land_kept", "m2/(ha a)"))],
};

/// What an area takes from air or water at a yearly rate.
pub static UPTAKE_BY_AREA: Calculator =
    Calculator { spec: &UPTAKE_BY_AREA_SPEC, run: |given| Ok(Answer::number("uptake", given.number("area_ha") * given.number("rate"))) };

const UPTAKE_BY_AREA_SPEC: Spec = Spec {
    id: "gep.uptake_by_area",
    title: text("按面积计的净化量", "Uptake by area"),
    source: Source { work: GAOTIANYAN, at: "tables 1-4, rate times area by forest type" },
    reach: Reach::Whole,
    inputs: &[
        number("area_ha", "面积", "Area", measure("area", "ha"), POSITIVE),
        number("rate", "单位面积净化量", "Uptake of a hectare", measure("uptake_rate", "kg/(ha a)"), (0.0, 1e6)),
    ],
    outputs: &[number_out("uptake", "净化量", "Uptake", measure("uptake", "kg/a"))],
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_density_is_refused_not_taken_as_one() {
        let problems = SOIL_SEDIMENT_VOLUME.calculate(&json!({ "retained": 2985.4, "deposited_share": 0.24 })).unwrap_err();
        assert_eq!((problems.0[0].code.as_ref(), problems.0[0].at.key.as_deref()), ("calc.missing", Some("bulk_density")));
    }
}
