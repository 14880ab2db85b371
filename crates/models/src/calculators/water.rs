//! Water kept, stored, transpired and evaporated.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Reach, Source, Spec, text, words};

use super::{HJ_1173, numbers_of, records};
use crate::measures::{EVAPOTRANSPIRATION, M2_PER_HA, MM_PER_M, PERCENT, PRECIPITATION, RUNOFF, WATER_RETAINED};
use crate::water_conservation::{Balance, water_kept};

const AREA: Measure = measure("area", "m2");
const AREA_HA: Measure = measure("area", "ha");
const WATER: Measure = measure("water", "m3/a");
const STORAGE: Measure = measure("storage", "m3");

/// The calculators of this file.
pub const ALL: &[&Calculator] = &[&WATER_CONSERVATION, &FLOOD_EVENTS_VOLUME, &MARSH_STORAGE, &TRANSPIRATION_WATER, &GROUND_EVAPORATION];

/// Water conserved on an area by the water balance.
pub static WATER_CONSERVATION: Calculator = Calculator {
    spec: &WATER_CONSERVATION_SPEC,
    run: |given| {
        let [rain, coefficient, evaporated] = ["precipitation", "runoff_coefficient", "evapotranspiration"].map(|name| [given.number(name)]);
        let (mut runoff, mut retained) = ([0.0], [0.0]);
        let clamp = given.number_or("clamp_negative", 0.0);
        if clamp != 0.0 && clamp != 1.0 {
            return Err(Problem::error("gep.clamp_negative", words!("clamp_negative 只能是 0 或 1", "clamp_negative is neither 0 nor 1")).key("clamp_negative"));
        }
        let balance = Balance { precipitation: &rain, runoff_coefficient: &coefficient, evapotranspiration: &evaporated };
        let negative = water_kept(&balance, clamp == 1.0, &mut runoff, &mut retained);
        let answer = Answer::number("water", given.number("area_m2") * retained[0] / MM_PER_M).and("runoff", runoff[0]).and("retained", retained[0]);
        if negative == 0 {
            return Ok(answer);
        }
        let what = if clamp == 1.0 {
            words!("降水少于径流与蒸散发之和，按零计", "rain is less than runoff and evapotranspiration, counted as zero")
        } else {
            words!("降水少于径流与蒸散发之和，水源涵养量为负", "rain is less than runoff and evapotranspiration, the result is negative")
        };
        Ok(answer.warn(Problem::warning(if clamp == 1.0 { "gep.negative_water" } else { "gep.negative_water_kept" }, what)))
    },
};

const WATER_CONSERVATION_SPEC: Spec = Spec {
    id: "gep.water_conservation",
    title: text("水源涵养量", "Water conservation"),
    source: Source { work: HJ_1173, at: "A.1; runoff as a share of rain by 龚诗涵等 (2017), 生态学报 37(7): 2455-2462" },
    reach: Reach::Whole,
    inputs: &[
        number("area_m2", "面积", "Area", AREA, POSITIVE),
        number("precipitation", "降水量", "Precipitation", PRECIPITATION, (0.0, 10_000.0)),
        number("runoff_coefficient", "地表径流系数", "Quick runoff, share of rain", measure("runoff_coefficient", "%"), (0.0, 100.0)),
        number("evapotranspiration", "蒸散发量", "Evapotranspiration", EVAPOTRANSPIRATION, (0.0, 5_000.0)),
        number("clamp_negative", "负值是否按零计（1 是，0 否，缺省为 0）", "1 to count a negative result as zero (0 when left out)", RATIO, SHARE).optional(),
    ],
    outputs: &[
        number_out("water", "水源涵养量", "Water conserved", WATER),
        number_out("runoff", "地表径流深", "Quick runoff", RUNOFF),
        number_out("retained", "单位面积水源涵养量", "Water conserved, as depth", WATER_RETAINED),
    ],
};

/// Flood water held back over observed events: the sum of crest less start.
pub static FLOOD_EVENTS_VOLUME: Calculator = Calculator {
    spec: &FLOOD_EVENTS_VOLUME_SPEC,
    run: |given| {
        let mut volume = 0.0;
        for (i, [start, crest]) in numbers_of(given, "events", [("start", 0.0, 1e13), ("crest", 0.0, 1e13)])?.into_iter().enumerate() {
            if crest < start {
                return Err(Problem::error(
                    "gep.crest_below_start",
                    words!("峰值蓄水量 {crest} 小于起始蓄水量 {start}", "the storage at crest, {crest}, is below that at the start, {start}"),
                )
                .key("events")
                .row(i as u64 + 1));
            }
            volume += crest - start;
        }
        Ok(Answer::number("volume", volume))
    },
};

const FLOOD_EVENTS_VOLUME_SPEC: Spec = Spec {
    id: "gep.flood_events_volume",
    title: text("场次洪水调蓄量", "Flood water held back over observed events"),
    source: Source {
        work: "江波等 (2017), 白洋淀湿地生态系统最终服务价值评估, 生态学报 37(8): 2497-2505", at: "sections 2.1-2.4, two events"
    },
    reach: Reach::Whole,
    inputs: &[records("events", "场次洪水：start 起始蓄水量，crest 峰值蓄水量（立方米）", "Events: start, crest, storage in m3", STORAGE)],
    outputs: &[number_out("volume", "洪水调蓄量", "Flood water held back", STORAGE)],
};

/// Water a marsh can store, in m³. The paper labels the same product 1e4 m³, which is wrong by 1e4.
pub static MARSH_STORAGE: Calculator =
    Calculator { spec: &MARSH_STORAGE_SPEC, run: |given| Ok(Answer::number("volume", given.number("area_m2") * given.number("depth"))) };

const MARSH_STORAGE_SPEC: Spec = Spec {
    id: "gep.marsh_storage",
    title: text("沼泽洪水调蓄量", "Flood storage of marshes"),
    source: Source {
        work: "白玛卓嘎等 (2017), 甘孜藏族自治州生态系统生产总值核算研究, 生态学报 37(19): 6302-6312",
        at: "depth 0.3 m; the unit printed there, 1e4 m3, is wrong by 1e4",
    },
    reach: Reach::Whole,
    inputs: &[
        number("area_m2", "沼泽面积", "Area of marsh", AREA, POSITIVE),
        number("depth", "调蓄水深", "Depth of storage", measure("depth", "m"), (0.0, 10.0)),
    ],
    outputs: &[number_out("volume", "沼泽洪水调蓄量", "Flood storage of marshes", STORAGE)],
};

/// Water transpired to make dry matter. A tonne of water is taken as a cubic metre.
pub static TRANSPIRATION_WATER: Calculator = Calculator {
    spec: &TRANSPIRATION_WATER_SPEC,
    run: |given| {
        let stands = numbers_of(given, "stands", [("dry_matter", 0.0, 1e12), ("coefficient", 0.0, 10_000.0)])?;
        Ok(Answer::number("water", stands.iter().map(|[dry_matter, coefficient]| dry_matter * coefficient).sum::<f64>()))
    },
};

const TRANSPIRATION_WATER_SPEC: Spec = Spec {
    id: "gep.transpiration_water",
    title: text("植被蒸腾水量", "Water transpired by vegetation"),
    source: Source {
        work: "缪建群等 (2017), 江西高天岩自然保护区生态系统服务功能价值评估, 生态学报 37(19): 6422-6430",
        at: "750 t of water per t of dry matter for trees and bamboo, 400 for shrub",
    },
    reach: Reach::Whole,
    inputs: &[records(
        "stands",
        "林分：dry_matter 年干物质量（吨），coefficient 蒸腾系数（吨水/吨干物质）",
        "Stands: dry_matter in t/a, coefficient in t of water per t of dry matter",
        measure("dry_matter", "t/a"),
    )],
    outputs: &[number_out("water", "蒸腾水量", "Water transpired", WATER)],
};

/// Water evaporated from the ground as a share of rain.
pub static GROUND_EVAPORATION: Calculator = Calculator {
    spec: &GROUND_EVAPORATION_SPEC,
    run: |given| {
        let depth_m = given.number("precipitation") / MM_PER_M * given.number("evaporated_share") / PERCENT;
        Ok(Answer::number("water", given.number("area_ha") * M2_PER_HA * depth_m))
    },
};

const GROUND_EVAPORATION_SPEC: Spec = Spec {
    id: "gep.ground_evaporation",
    title: text("地面蒸发水量", "Water evaporated from the ground"),
    source: Source {
        work: "缪建群等 (2017), 江西高天岩自然保护区生态系统服务功能价值评估, 生态学报 37(19): 6422-6430", at: "60 % of rain"
    },
    reach: Reach::Whole,
    inputs: &[
        number("area_ha", "面积", "Area", AREA_HA, POSITIVE),
        number("precipitation", "降水量", "Precipitation", PRECIPITATION, (0.0, 10_000.0)),
        number("evaporated_share", "蒸发占降水的比例", "Share of rain that evaporates", measure("evaporated_share", "%"), (0.0, 100.0)),
    ],
    outputs: &[number_out("water", "蒸发水量", "Water evaporated", WATER)],
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_balance_of_a_square_kilometre() {
        // By hand: 1802 − 1802·4.65 % − 875 = 843.207 mm on 1 km² = 843 207 m³.
        let given = json!({ "area_m2": 1e6, "precipitation": 1802, "runoff_coefficient": 4.65, "evapotranspiration": 875 });
        let answer = WATER_CONSERVATION.calculate(&given).unwrap();
        assert!((answer.outputs["water"].as_f64().unwrap() - 843_207.0).abs() < 1e-6 && answer.warnings.is_empty());
    }

    #[test]
    fn a_negative_balance_is_named_whether_kept_or_not() {
        let with = |clamp: f64| {
            let given = json!({ "area_m2": 10, "precipitation": 500, "runoff_coefficient": 50, "evapotranspiration": 400, "clamp_negative": clamp });
            WATER_CONSERVATION.calculate(&given)
        };
        // By hand: 500 − 250 − 400 = −150 mm on 10 m² = −1.5 m³.
        let kept = with(0.0).unwrap();
        assert_eq!((kept.outputs["water"].as_f64(), kept.warnings[0].code.as_ref()), (Some(-1.5), "gep.negative_water_kept"));
        let clamped = with(1.0).unwrap();
        assert_eq!((clamped.outputs["water"].as_f64(), clamped.warnings[0].code.as_ref()), (Some(0.0), "gep.negative_water"));
        assert_eq!(with(0.5).unwrap_err().0[0].code, "gep.clamp_negative");
    }

    #[test]
    fn a_flood_does_not_crest_below_its_start() {
        let problems = FLOOD_EVENTS_VOLUME.calculate(&json!({ "events": [{ "start": 2, "crest": 1 }] })).unwrap_err();
        assert_eq!(problems.0[0].code, "gep.crest_below_start");
        let problems = FLOOD_EVENTS_VOLUME.calculate(&json!({ "events": [{ "start": 2, "crst": 1 }] })).unwrap_err();
        assert_eq!((problems.0[0].code.as_ref(), problems.0[0].count), ("calc.record", 2));
    }
}
