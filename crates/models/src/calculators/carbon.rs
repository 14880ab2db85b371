//! Carbon taken up and oxygen released. Three bases are in use in the literature, carbon, carbon
//! dioxide and dry matter; each input and output here says which one it is.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{POSITIVE, choice, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Reach, Source, Spec, text, words};

use crate::carbon_sequestration::carbon_taken_up;
use crate::measures::{CO2_PER_CARBON, M2_PER_HA, NPP, O2_PER_CO2, RESPIRATION};
use crate::net_ecosystem_production::production_less_respiration;

/// Tonnes of carbon dioxide taken up for a tonne of dry matter, from the equation of
/// photosynthesis (江波等 2017; 缪建群等 2017).
pub const CO2_PER_DRY_MATTER: f64 = 1.63;
/// Carbon in carbon dioxide as LY/T 1721 prints it, 12/44 to four decimals.
pub const CARBON_PER_CO2_LY1721: f64 = 0.2727;

const CARBON: Measure = measure("carbon", "tC/a");
const CARBON_DIOXIDE: Measure = measure("carbon_dioxide", "tCO2/a");
const OXYGEN: Measure = measure("oxygen", "t O2/a");
const DRY_MATTER: Measure = measure("dry_matter", "t/a");

/// The calculators of this file.
pub const ALL: &[&Calculator] = &[&CARBON_NEP, &CARBON_FROM_BIOMASS, &CARBON_FOREST_LY1721, &OXYGEN_FROM_BIOMASS, &OXYGEN_FROM_CO2];

/// Carbon and carbon dioxide taken up on an area by net ecosystem production.
pub static CARBON_NEP: Calculator = Calculator {
    spec: &CARBON_NEP_SPEC,
    run: |given| {
        let (mut nep, mut carbon, mut dioxide) = ([0.0], [0.0], [0.0]);
        production_less_respiration(&[given.number("npp")], &[given.number("respiration")], &mut nep);
        carbon_taken_up(&nep, &mut carbon, &mut dioxide);
        let hectares = given.number("area_m2") / M2_PER_HA;
        let answer = Answer::number("carbon", carbon[0] * hectares).and("carbon_dioxide", dioxide[0] * hectares).and("nep", nep[0]);
        if nep[0] < 0.0 {
            return Ok(answer.warn(Problem::warning("gep.carbon_source", words!("呼吸大于生产，为碳源", "respiration exceeds production: a source of carbon"))));
        }
        Ok(answer)
    },
};

const CARBON_NEP_SPEC: Spec = Spec {
    id: "gep.carbon_nep",
    title: text("固碳量（净生态系统生产力法）", "Carbon sequestration by net ecosystem production"),
    source: Source {
        work: "博文静等 (2017), 中国森林生态资产价值评估, 生态学报 37(12): 4182-4190", at: "NEP = NPP − R_soil, carbon dioxide 44/12 of it"
    },
    reach: Reach::Whole,
    inputs: &[
        number("area_m2", "面积", "Area", measure("area", "m2"), POSITIVE),
        number("npp", "净初级生产力（以碳计）", "Net primary production, as carbon", NPP, (0.0, 5_000.0)),
        number("respiration", "土壤异养呼吸（以碳计）", "Respiration of soil organisms, as carbon", RESPIRATION, (0.0, 5_000.0)),
    ],
    outputs: &[
        number_out("carbon", "固碳量（以碳计）", "Carbon taken up", CARBON),
        number_out("carbon_dioxide", "固碳量（以二氧化碳计）", "Carbon dioxide taken up", CARBON_DIOXIDE),
        number_out("nep", "净生态系统生产力", "Net ecosystem production", crate::measures::NEP),
    ],
};

/// Carbon dioxide and carbon taken up for dry matter grown.
pub static CARBON_FROM_BIOMASS: Calculator = Calculator {
    spec: &CARBON_FROM_BIOMASS_SPEC,
    run: |given| {
        let dioxide = CO2_PER_DRY_MATTER * given.number("dry_matter");
        Ok(Answer::number("carbon_dioxide", dioxide).and("carbon", dioxide / CO2_PER_CARBON))
    },
};

const CARBON_FROM_BIOMASS_SPEC: Spec = Spec {
    id: "gep.carbon_from_biomass",
    title: text("固碳量（光合作用方程法）", "Carbon sequestration from dry matter"),
    source: Source {
        work: "江波等 (2017), 白洋淀湿地生态系统最终服务价值评估, 生态学报 37(8): 2497-2505; \
               缪建群等 (2017), 江西高天岩自然保护区生态系统服务功能价值评估, 生态学报 37(19): 6422-6430",
        at: "1.63 t of carbon dioxide per t of dry matter",
    },
    reach: Reach::Whole,
    inputs: &[number("dry_matter", "净初级生产力（以干物质计）", "Net primary production, as dry matter", DRY_MATTER, POSITIVE)],
    outputs: &[
        number_out("carbon_dioxide", "固碳量（以二氧化碳计）", "Carbon dioxide taken up", CARBON_DIOXIDE),
        number_out("carbon", "固碳量（以碳计）", "Carbon taken up", CARBON),
    ],
};

/// Carbon taken up by a forest and its soil in the form of LY/T 1721, `S·(1.63·0.2727·B + F)`.
///
/// The formula wants B as dry matter. Where production is known as carbon, say so: it is turned
/// into dry matter by the carbon fraction given, and a warning says that it was.
pub static CARBON_FOREST_LY1721: Calculator = Calculator { spec: &CARBON_FOREST_LY1721_SPEC, run: carbon_forest };

const CARBON_FOREST_LY1721_SPEC: Spec = Spec {
    id: "gep.carbon_forest_ly1721",
    title: text("森林固碳量（LY/T 1721 形式）", "Carbon sequestration of forest, LY/T 1721 form"),
    source: Source {
        work: "张春华等 (2018), 2004-2013年山东省森林碳储量及其碳汇经济价值, 生态学报 38(5): 1739-1749",
        at: "formula 2.4, after LY/T 1721 (not read, unverified)",
    },
    reach: Reach::Whole,
    inputs: &[
        number("area_ha", "森林面积", "Area of forest", measure("area", "ha"), POSITIVE),
        number("production", "净初级生产力", "Net primary production", measure("production", "t/(ha a)"), (0.0, 100.0)),
        choice("basis", "净初级生产力的口径：dry_matter 干物质，carbon 碳", "What production is counted in", &["dry_matter", "carbon"]),
        number(
            "carbon_fraction",
            "含碳率（口径为碳时必填）",
            "Carbon fraction of dry matter, needed where production is carbon",
            measure("carbon_fraction", "1"),
            (0.3, 0.6),
        )
        .optional(),
        number("soil_carbon", "土壤固碳速率", "Carbon taken up by soil", measure("carbon", "tC/(ha a)"), (-20.0, 20.0)),
    ],
    outputs: &[number_out("carbon", "固碳量（以碳计）", "Carbon taken up", CARBON)],
};

fn carbon_forest(given: &Arguments) -> Result<Answer, Problem> {
    let production = given.number("production");
    let of = |dry_matter: f64| given.number("area_ha") * (CO2_PER_DRY_MATTER * CARBON_PER_CO2_LY1721 * dry_matter + given.number("soil_carbon"));
    if given.text("basis") == "dry_matter" {
        return Ok(Answer::number("carbon", of(production)));
    }
    if !given.has("carbon_fraction") {
        return Err(Problem::error("calc.missing", words!("口径为碳时需要含碳率 carbon_fraction", "production as carbon needs carbon_fraction"))
            .key("carbon_fraction")
            .fix(words!("填写该树种的含碳率，例如 0.5", "give the carbon fraction of the species, for instance 0.5")));
    }
    let dry_matter = production / given.number("carbon_fraction");
    Ok(Answer::number("carbon", of(dry_matter)).warn(
        Problem::warning(
            "gep.carbon_basis",
            words!("净初级生产力以碳计，已折算为干物质 {dry_matter} t/(ha a)", "production was carbon and was turned into {dry_matter} t/(ha a) of dry matter"),
        )
        .key("production"),
    ))
}

/// Oxygen released for dry matter grown. Papers use 1.19 or 1.2, so the factor is asked for.
pub static OXYGEN_FROM_BIOMASS: Calculator = Calculator {
    spec: &OXYGEN_FROM_BIOMASS_SPEC,
    run: |given| Ok(Answer::number("oxygen", given.number("oxygen_per_dry_matter") * given.number("dry_matter"))),
};

const OXYGEN_FROM_BIOMASS_SPEC: Spec = Spec {
    id: "gep.oxygen_from_biomass",
    title: text("释氧量（由干物质量）", "Oxygen release from dry matter"),
    source: Source {
        work: "缪建群等 (2017), 生态学报 37(19): 6422-6430, for 1.19; 江波等 (2017), 生态学报 37(8): 2497-2505, for 1.2",
        at: "equation of photosynthesis",
    },
    reach: Reach::Whole,
    inputs: &[
        number("dry_matter", "净初级生产力（以干物质计）", "Net primary production, as dry matter", DRY_MATTER, POSITIVE),
        number("oxygen_per_dry_matter", "每吨干物质释氧量（1.19 或 1.2）", "Oxygen per tonne of dry matter (1.19 or 1.2)", measure("ratio", "1"), (1.1, 1.3)),
    ],
    outputs: &[number_out("oxygen", "释氧量", "Oxygen released", OXYGEN)],
};

/// Oxygen released with carbon dioxide taken up, on the same basis: 32/44.
pub static OXYGEN_FROM_CO2: Calculator =
    Calculator { spec: &OXYGEN_FROM_CO2_SPEC, run: |given| Ok(Answer::number("oxygen", O2_PER_CO2 * given.number("carbon_dioxide"))) };

const OXYGEN_FROM_CO2_SPEC: Spec = Spec {
    id: "gep.oxygen_from_co2",
    title: text("释氧量（由固碳量）", "Oxygen release from carbon dioxide"),
    source: Source { work: "equation of photosynthesis, by molar mass", at: "a mole of oxygen (32 g) for a mole of carbon dioxide (44 g)" },
    reach: Reach::Whole,
    inputs: &[number("carbon_dioxide", "固碳量（以二氧化碳计）", "Carbon dioxide taken up", CARBON_DIOXIDE, POSITIVE)],
    outputs: &[number_out("oxygen", "释氧量", "Oxygen released", OXYGEN)],
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_square_kilometre_of_forest() {
        // By hand: 716 − 351 = 365 gC/m² on 1 km² = 365 t C; ·44/12 = 1338.333 t CO₂.
        let answer = CARBON_NEP.calculate(&json!({ "area_m2": 1e6, "npp": 716, "respiration": 351 })).unwrap();
        assert!((answer.outputs["carbon"].as_f64().unwrap() - 365.0).abs() < 1e-9);
        assert!((answer.outputs["carbon_dioxide"].as_f64().unwrap() - 1_338.333_333).abs() < 1e-5 && answer.warnings.is_empty());
        let source = CARBON_NEP.calculate(&json!({ "area_m2": 1e6, "npp": 100, "respiration": 351 })).unwrap();
        assert_eq!(source.warnings[0].code, "gep.carbon_source");
    }

    #[test]
    fn oxygen_and_carbon_dioxide_are_on_one_basis() {
        // The method sheet asks for O2/CO2 between 0.72 and 0.74 on one basis: 32/44 = 0.7273,
        // 1.19/1.63 = 0.7301, 1.2/1.63 = 0.7362.
        for factor in [O2_PER_CO2, 1.19 / CO2_PER_DRY_MATTER, 1.2 / CO2_PER_DRY_MATTER] {
            assert!((0.72..0.74).contains(&factor));
        }
        let answer = OXYGEN_FROM_CO2.calculate(&json!({ "carbon_dioxide": 44 })).unwrap();
        assert!((answer.outputs["oxygen"].as_f64().unwrap() - 32.0).abs() < 1e-12);
    }

    #[test]
    fn production_as_carbon_is_never_taken_for_dry_matter() {
        let given = |basis: &str| json!({ "area_ha": 1, "production": 10, "basis": basis, "soil_carbon": 0, "carbon_fraction": 0.5 });
        let (dry, carbon) = (CARBON_FOREST_LY1721.calculate(&given("dry_matter")).unwrap(), CARBON_FOREST_LY1721.calculate(&given("carbon")).unwrap());
        // 10 t of carbon at a fraction of 0.5 are 20 t of dry matter: twice the carbon taken up.
        assert!((carbon.outputs["carbon"].as_f64().unwrap() / dry.outputs["carbon"].as_f64().unwrap() - 2.0).abs() < 1e-12);
        assert_eq!(carbon.warnings[0].code, "gep.carbon_basis");
        let problems = CARBON_FOREST_LY1721.calculate(&json!({ "area_ha": 1, "production": 10, "basis": "carbon", "soil_carbon": 0 })).unwrap_err();
        assert_eq!(problems.0[0].code, "calc.missing");
    }
}
