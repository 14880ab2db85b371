//! Soil loss by its factors.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, choice, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Form, Input, Output, Problem, Reach, Source, Spec, text, words};

use super::{HJ_1173, numbers_of, records};
use crate::cover_factor::{Rule, c_factor};
use crate::erodibility::k_factor;
use crate::erosivity::{RainDay, THRESHOLD_MM, annual_erosivity, half_month_erosivity};
use crate::measures::{
    COVER, COVER_FACTOR, ERODIBILITY, EROSIVITY, LENGTH_FACTOR, LENGTH_STEEPNESS, PRACTICE_FACTOR, SLOPE, SLOPE_LENGTH, SOIL, STEEPNESS_FACTOR,
};
use crate::slope_length_steepness::{l_factor, s_factor};
use crate::soil_retention::{Factors, soil_kept};

/// The calculators of this file.
pub const ALL: &[&Calculator] = &[&R_FACTOR_DAILY, &K_FACTOR, &L_FACTOR, &S_FACTOR, &LS_FACTOR, &C_FACTOR, &SOIL_LOSS];

/// Rainfall erosivity R from daily rain. The months of the warm season and the threshold are from
/// general knowledge; evidence: unverified.
pub static R_FACTOR_DAILY: Calculator = Calculator { spec: &R_FACTOR_DAILY_SPEC, run: r_factor_daily };

const R_FACTOR_DAILY_SPEC: Spec = Spec {
    id: "rusle.r_factor_daily",
    title: text("由日雨量计算降雨侵蚀力因子 R", "Rainfall erosivity R from daily rain"),
    source: Source { work: HJ_1173, at: "A.5-A.6; warm season May to September and threshold 10 mm (from general knowledge, unverified)" },
    reach: Reach::Whole,
    inputs: &[
        records("days", "逐日降雨：month 月，day 日，rain_mm 雨量（毫米）", "Daily rain: month, day, rain_mm", measure("rain", "mm/d")),
        number("years", "年数（缺省为 1）", "Years covered (1 when left out)", measure("count", "a"), (1.0, 200.0)).optional(),
        number("threshold", "侵蚀性降雨阈值（缺省为 10 毫米）", "Erosive threshold (10 mm when left out)", measure("rain", "mm/d"), (0.0, 50.0)).optional(),
    ],
    outputs: &[
        number_out("r", "降雨侵蚀力因子", "Rainfall erosivity", EROSIVITY),
        Output {
            name: "half_months",
            title: text("24 个半月的侵蚀力", "Erosivity of the 24 half-months"),
            measure: EROSIVITY,
            form: Form::Numbers,
            range: POSITIVE,
        },
    ],
};

fn r_factor_daily(given: &Arguments) -> Result<Answer, Problem> {
    const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years = given.number_or("years", 1.0);
    let whole = |number: f64| number.fract() == 0.0;
    if !whole(years) {
        return Err(Problem::error("rusle.years", words!("年数 {years} 不是整数", "{years} years is not a whole number")).key("years"));
    }
    let mut days = Vec::new();
    let mut seen = [[0_u32; 31]; 12];
    for (i, [month, day, rain_mm]) in numbers_of(given, "days", [("month", 1.0, 12.0), ("day", 1.0, 31.0), ("rain_mm", 0.0, 2_000.0)])?.into_iter().enumerate()
    {
        let row = i as u64 + 1;
        if !whole(month) || !whole(day) || day > f64::from(MONTH_DAYS[month as usize - 1]) {
            return Err(Problem::error("rusle.no_such_day", words!("不存在 {month} 月 {day} 日", "there is no day {day} in month {month}"))
                .key("days")
                .row(row));
        }
        let times = &mut seen[month as usize - 1][day as usize - 1];
        *times += 1;
        if f64::from(*times) > years {
            return Err(Problem::error(
                "rusle.day_repeated",
                words!("{month} 月 {day} 日出现 {times} 次，多于年数 {years}", "day {day} of month {month} occurs {times} times in {years} years"),
            )
            .key("days")
            .row(row)
            .fix(words!("删除重复的日期，或改正年数", "remove the repeated day, or correct the number of years")));
        }
        days.push(RainDay { month: month as u8, day: day as u8, rain_mm });
    }
    let halves = half_month_erosivity(&days, given.number_or("threshold", THRESHOLD_MM), years as u32);
    let answer = Answer::number("r", annual_erosivity(&halves)).and("half_months", halves.to_vec());
    let (listed, wanted) = (days.len(), 365.0 * years);
    if (listed as f64) < wanted {
        return Ok(answer.warn(
            Problem::warning("rusle.days_missing", words!("只有 {listed} 天的雨量，不足 {wanted} 天", "rain is given for {listed} days, fewer than {wanted}"))
                .expect(words!("全部日期，无雨日记 0", "every day, with 0 where it was dry"))
                .fix(words!("未列出的日期按无雨计，请核对是否缺测", "days not listed are taken as dry: check that none was missed")),
        ));
    }
    Ok(answer)
}

/// Soil erodibility K from texture and organic carbon.
pub static K_FACTOR: Calculator = Calculator { spec: &K_FACTOR_SPEC, run: k_factor_answer };

const K_FACTOR_SPEC: Spec = Spec {
    id: "rusle.k_factor",
    title: text("土壤可蚀性因子 K", "Soil erodibility K"),
    source: Source { work: HJ_1173, at: "A.7-A.8; minus signs lost in the text read and restored (from general knowledge, unverified)" },
    reach: Reach::Whole,
    inputs: &[
        number("sand", "砂粒含量", "Sand, 0.05 to 2 mm", measure("sand", "%"), (0.0, 100.0)),
        number("silt", "粉粒含量", "Silt, 0.002 to 0.05 mm", measure("silt", "%"), (0.0, 100.0)),
        number("clay", "黏粒含量", "Clay, below 0.002 mm", measure("clay", "%"), (0.0, 100.0)),
        number("organic_carbon", "土壤有机碳含量", "Organic carbon", measure("organic_carbon", "%"), (0.0, 60.0)),
    ],
    outputs: &[number_out("k", "土壤可蚀性因子", "Soil erodibility", ERODIBILITY)],
};

fn k_factor_answer(given: &Arguments) -> Result<Answer, Problem> {
    let [sand, silt, clay, carbon] = ["sand", "silt", "clay", "organic_carbon"].map(|name| given.number(name));
    if silt + clay == 0.0 {
        return Err(Problem::error(
            "rusle.no_fines",
            words!("粉粒与黏粒含量均为 0，公式无定义", "there is neither silt nor clay, and the formula has no value"),
        )
        .key("silt"));
    }
    let answer = Answer::number("k", k_factor(sand, silt, clay, carbon));
    let sum = sand + silt + clay;
    if (sum - 100.0).abs() > 1.0 {
        return Ok(answer.warn(
            Problem::warning("rusle.texture_sum", words!("砂粒、粉粒、黏粒之和为 {sum}%", "sand, silt and clay add up to {sum} %"))
                .expect(words!("100%，允许相差 1%", "100 %, give or take 1 %")),
        ));
    }
    Ok(answer)
}

/// The capped length and, when it was capped, the warning.
fn capped_length(given: &Arguments) -> (f64, Option<Problem>) {
    let (length, cap) = (given.number("slope_length"), given.number_or("slope_length_max", f64::INFINITY));
    if length > cap {
        let warning = Problem::warning(
            "rusle.slope_length_capped",
            words!("坡长 {length} 米超过上限，按 {cap} 米计", "the slope length of {length} m was capped at {cap} m"),
        );
        return (cap, Some(warning.key("slope_length")));
    }
    (length, None)
}

fn with_warning(answer: Answer, warning: Option<Problem>) -> Answer {
    match warning {
        Some(warning) => answer.warn(warning),
        None => answer,
    }
}

/// Slope length factor L.
pub static L_FACTOR: Calculator = Calculator {
    spec: &L_FACTOR_SPEC,
    run: |given| {
        let (length, warning) = capped_length(given);
        Ok(with_warning(Answer::number("l", l_factor(length, given.number("slope_degrees"))), warning))
    },
};

/// L and LS ask for the same.
const L_INPUTS: &[Input] = &[
    number("slope_length", "坡长", "Slope length", SLOPE_LENGTH, (0.0, 100_000.0)),
    number("slope_degrees", "坡度", "Slope", SLOPE, (0.0, 90.0)),
    number("slope_length_max", "坡长上限（缺省不设）", "Greatest slope length (none when left out)", SLOPE_LENGTH, (0.0, 100_000.0)).optional(),
];

const L_FACTOR_SPEC: Spec = Spec {
    id: "rusle.l_factor",
    title: text("坡长因子 L", "Slope length factor L"),
    source: Source { work: HJ_1173, at: "A.9-A.11" },
    reach: Reach::Whole,
    inputs: L_INPUTS,
    outputs: &[number_out("l", "坡长因子", "Slope length factor", LENGTH_FACTOR)],
};

/// Slope steepness factor S.
pub static S_FACTOR: Calculator = Calculator { spec: &S_FACTOR_SPEC, run: |given| Ok(Answer::number("s", s_factor(given.number("slope_degrees")))) };

const S_FACTOR_SPEC: Spec = Spec {
    id: "rusle.s_factor",
    title: text("坡度因子 S", "Slope steepness factor S"),
    source: Source { work: HJ_1173, at: "A.12; the standard leaves 28.81 degrees itself open, here it is with the steeper slopes" },
    reach: Reach::Whole,
    inputs: &[number("slope_degrees", "坡度", "Slope", SLOPE, (0.0, 90.0))],
    outputs: &[number_out("s", "坡度因子", "Slope steepness factor", STEEPNESS_FACTOR)],
};

/// L, S and their product.
pub static LS_FACTOR: Calculator = Calculator {
    spec: &LS_FACTOR_SPEC,
    run: |given| {
        let (length, warning) = capped_length(given);
        let slope = given.number("slope_degrees");
        let (l, s) = (l_factor(length, slope), s_factor(slope));
        Ok(with_warning(Answer::number("ls", l * s).and("l", l).and("s", s), warning))
    },
};

const LS_FACTOR_SPEC: Spec = Spec {
    id: "rusle.ls_factor",
    title: text("坡长坡度因子 LS", "Slope length and steepness LS"),
    source: Source { work: HJ_1173, at: "A.9-A.12" },
    reach: Reach::Whole,
    inputs: L_INPUTS,
    outputs: &[
        number_out("ls", "坡长坡度因子", "Slope length and steepness", LENGTH_STEEPNESS),
        number_out("l", "坡长因子", "Slope length factor", LENGTH_FACTOR),
        number_out("s", "坡度因子", "Slope steepness factor", STEEPNESS_FACTOR),
    ],
};

/// Cover management factor C.
pub static C_FACTOR: Calculator = Calculator { spec: &C_FACTOR_SPEC, run: c_factor_answer };

const CLASSES: [&str; 6] = ["c_000_010", "c_010_030", "c_030_050", "c_050_070", "c_070_090", "c_090_100"];

const C_FACTOR_SPEC: Spec = Spec {
    id: "rusle.c_factor",
    title: text("植被覆盖因子 C", "Cover management factor C"),
    source: Source { work: HJ_1173, at: "A.13 and table A.1; the standard leaves the class edges open: here the lower edge belongs to the class" },
    reach: Reach::Whole,
    inputs: &[
        number("cover", "植被覆盖度", "Vegetation cover", COVER, SHARE),
        choice("rule", "取值方式：constant 常数，class 分级，formula 公式", "Rule", &["constant", "class", "formula"]),
        number("c_cover_0", "无植被或常数的 C 值", "C without cover, or the constant", COVER_FACTOR, SHARE),
        number("c_000_010", "覆盖度不足 10% 的 C 值", "C under 10 % cover", COVER_FACTOR, SHARE).optional(),
        number("c_010_030", "覆盖度 10%～30% 的 C 值", "C at 10 to 30 % cover", COVER_FACTOR, SHARE).optional(),
        number("c_030_050", "覆盖度 30%～50% 的 C 值", "C at 30 to 50 % cover", COVER_FACTOR, SHARE).optional(),
        number("c_050_070", "覆盖度 50%～70% 的 C 值", "C at 50 to 70 % cover", COVER_FACTOR, SHARE).optional(),
        number("c_070_090", "覆盖度 70%～90% 的 C 值", "C at 70 to 90 % cover", COVER_FACTOR, SHARE).optional(),
        number("c_090_100", "覆盖度 90% 及以上的 C 值", "C at 90 % cover and above", COVER_FACTOR, SHARE).optional(),
        number("formula_a", "公式截距", "Intercept of the formula", RATIO, (-10.0, 10.0)).optional(),
        number("formula_b", "公式斜率", "Slope of the formula", RATIO, (-10.0, 10.0)).optional(),
    ],
    outputs: &[number_out("c", "植被覆盖因子", "Cover management factor", COVER_FACTOR)],
};

fn c_factor_answer(given: &Arguments) -> Result<Answer, Problem> {
    let bare = given.number("c_cover_0");
    let (rule, read): (Rule, &[&str]) = match given.text("rule") {
        "class" => (Rule::Class { bare, classes: CLASSES.map(|name| given.number(name)) }, &CLASSES),
        "formula" => (Rule::Formula { bare, a: given.number("formula_a"), b: given.number("formula_b") }, &["formula_a", "formula_b"]),
        _ => (Rule::Constant(bare), &[]),
    };
    let absent: Vec<&str> = read.iter().copied().filter(|name| !given.has(name)).collect();
    if let Some(first) = absent.first() {
        let all = absent.join(", ");
        return Err(Problem::error("calc.missing", words!("这种取值方式还需要 {all}", "this rule also needs {all}")).key(*first).count(absent.len() as u64));
    }
    let (c, held) = c_factor(given.number("cover"), rule);
    let warning = held
        .then(|| Problem::warning("rusle.c_formula_clamped", words!("公式所得 C 值超出 0～1，按 {c} 计", "C by the formula left 0 to 1 and was held to {c}")));
    Ok(with_warning(Answer::number("c", c), warning))
}

/// Potential loss, actual loss and soil kept by the five factors.
pub static SOIL_LOSS: Calculator = Calculator {
    spec: &SOIL_LOSS_SPEC,
    run: |given| {
        let [r, k, ls, c] = ["r", "k", "ls", "c"].map(|name| [given.number(name)]);
        let p = [given.number_or("p", 1.0)];
        let (mut potential, mut actual, mut retained) = ([0.0], [0.0], [0.0]);
        soil_kept(&Factors { r: &r, k: &k, ls: &ls, c: &c, p: &p }, &mut potential, &mut actual, &mut retained);
        Ok(Answer::number("potential", potential[0]).and("actual", actual[0]).and("retained", retained[0]))
    },
};

const SOIL_LOSS_SPEC: Spec = Spec {
    id: "rusle.soil_loss",
    title: text("土壤侵蚀量与土壤保持量", "Soil loss and soil retained"),
    source: Source { work: HJ_1173, at: "A.2-A.4; the standard has no P; the form with P (from general knowledge, unverified)" },
    reach: Reach::Whole,
    inputs: &[
        number("r", "降雨侵蚀力因子", "Rainfall erosivity", EROSIVITY, (0.0, 30_000.0)),
        number("k", "土壤可蚀性因子", "Soil erodibility", ERODIBILITY, (0.0, 0.2)),
        number("ls", "坡长坡度因子", "Slope length and steepness", LENGTH_STEEPNESS, (0.0, 200.0)),
        number("c", "植被覆盖因子", "Cover management", COVER_FACTOR, SHARE),
        number("p", "水土保持措施因子（标准无此因子，缺省为 1）", "Support practice (1 when left out, as in the standard)", PRACTICE_FACTOR, SHARE).optional(),
    ],
    outputs: &[
        number_out("potential", "潜在土壤侵蚀量", "Potential soil loss", SOIL),
        number_out("actual", "实际土壤侵蚀量", "Actual soil loss", SOIL),
        number_out("retained", "土壤保持量", "Soil retained", SOIL),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(calculator: &Calculator, given: serde_json::Value) -> Vec<String> {
        calculator.calculate(&given).unwrap_err().iter().map(|p| p.code.to_string()).collect()
    }

    #[test]
    fn a_bad_day_is_a_letter_and_a_short_list_a_warning() {
        let day = |month: u8, day: u8| json!({ "month": month, "day": day, "rain_mm": 20 });
        assert_eq!(codes(&R_FACTOR_DAILY, json!({ "days": [day(2, 30)] })), ["rusle.no_such_day"]);
        assert_eq!(codes(&R_FACTOR_DAILY, json!({ "days": [day(13, 1), { "month": 1, "day": 1, "rain": 3 }] })), ["calc.record"]);
        assert_eq!(codes(&R_FACTOR_DAILY, json!({ "days": [day(5, 1), day(5, 1)] })), ["rusle.day_repeated"]);
        assert_eq!(codes(&R_FACTOR_DAILY, json!({ "days": [day(5, 1)], "years": 1.5 })), ["rusle.years"]);
        let answer = R_FACTOR_DAILY.calculate(&json!({ "days": [day(5, 1), day(5, 1)], "years": 2 })).unwrap();
        // By hand: 0.3937·20^1.7265 = 69.4055, on each of two years.
        assert!((answer.outputs["r"].as_f64().unwrap() - 69.4055).abs() < 1e-4);
        assert_eq!(answer.warnings[0].code, "rusle.days_missing");
    }

    #[test]
    fn what_a_rule_reads_must_be_there() {
        assert_eq!(codes(&C_FACTOR, json!({ "cover": 0.5, "rule": "formula", "c_cover_0": 1 })), ["calc.missing"]);
        let held = C_FACTOR.calculate(&json!({ "cover": 0.01, "rule": "formula", "c_cover_0": 1, "formula_a": 0.221, "formula_b": -0.595 })).unwrap();
        assert_eq!((held.outputs["c"].as_f64(), held.warnings[0].code.as_ref()), (Some(1.0), "rusle.c_formula_clamped"));
    }

    #[test]
    fn a_texture_that_is_none_is_refused_or_questioned() {
        assert_eq!(codes(&K_FACTOR, json!({ "sand": 100, "silt": 0, "clay": 0, "organic_carbon": 1 })), ["rusle.no_fines"]);
        let odd = K_FACTOR.calculate(&json!({ "sand": 40, "silt": 40, "clay": 40, "organic_carbon": 1 })).unwrap();
        assert_eq!(odd.warnings[0].code, "rusle.texture_sum");
    }

    #[test]
    fn soil_loss_by_hand_and_a_capped_length() {
        // 5000·0.04·3 = 600; 600·0.02 = 12; 600 − 12 = 588.
        let answer = SOIL_LOSS.calculate(&json!({ "r": 5000, "k": 0.04, "ls": 3, "c": 0.02 })).unwrap();
        for (name, value) in [("potential", 600.0), ("actual", 12.0), ("retained", 588.0)] {
            assert!((answer.outputs[name].as_f64().unwrap() - value).abs() < 1e-9);
        }
        let capped = LS_FACTOR.calculate(&json!({ "slope_length": 600, "slope_length_max": 100, "slope_degrees": 3 })).unwrap();
        assert_eq!(capped.warnings[0].code, "rusle.slope_length_capped");
        assert!((capped.outputs["l"].as_f64().unwrap() - 1.858_292_7).abs() < 1e-6); // golden case "capped"
    }
}
