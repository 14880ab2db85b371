//! Formulas of outlets and of who takes their waste that stand beside those of the worked cases: valid means,
//! nitrogen oxides, excess air, a licensed unit's balance, the category of a unit of farmland.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::Value;

use super::arguments::{EVIDENCE, decimal, float};
use super::at_hand::standards;
use super::water::{first, readings_of};
use crate::emissions::average::Needs;
use crate::emissions::flue::{Folding, mg_m3, nox_as_no2};
use crate::soil::unit_category;
use crate::waste::Tolerance;
use crate::waste::balance::Licensed;
use crate::waste::rules::threshold;
use crate::water::Reading;

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&VALID_MEAN, &NOX, &FOLD_EXCESS_AIR, &LICENSED_BALANCE, &UNIT_CATEGORY];

const CONCENTRATION: Measure = measure("concentration", "mg/m3");
const TONNES: Measure = measure("waste", "t");
const WORD: Measure = measure("word", "1");
const COUNT: Measure = measure("count", "1");

static VALID_MEAN: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.valid_mean",
        title: text("小时、日、月均值及其有效性", "mean of an hour, day or month, and whether it is valid"),
        source: Source { work: "HJ 76 附录 B（经引用，未核实）", at: "有效分钟 45、有效小时 20、有效日 25（二月 23）" },
        reach: Reach::Whole,
        inputs: &[
            choice(
                "of",
                "由分钟求小时、由小时求日、由日求月；二月另写",
                "of minutes an hour, of hours a day, of days a month; February apart",
                &["hour", "day", "month", "february"],
            ),
            given("values", "各部分的均值，null 为无效", "means of the parts, null where not valid", Form::Series, RATIO),
        ],
        outputs: &[
            number_out("mean", "均值；有效部分不足时为 null", "the mean; null where too few parts are valid", RATIO),
            made("valid", "是否有效", "whether it is valid", Form::Truth, WORD),
            number_out("parts", "有效部分数", "valid parts", COUNT),
            number_out("needed", "需要的部分数", "parts it needs", COUNT),
            EVIDENCE,
        ],
    },
    run: |a| {
        let needs = Needs::of(standards(a).latest("emissions", "validity")?)?;
        let parts = a.series("values").into_iter().map(|v| v.unwrap_or(f64::NAN));
        let mean = match a.text("of") {
            "hour" => needs.hour(parts),
            "day" => needs.day(parts),
            "february" => needs.month(2, parts),
            _ => needs.month(1, parts),
        };
        let answer = Answer::default().and("valid", mean.value.is_some()).and("parts", mean.parts).and("needed", mean.needed);
        let answer = answer.and("evidence", Evidence::Unverified.word());
        Ok(match mean.value {
            Some(value) => answer.and("mean", value),
            None => answer.without("mean"),
        })
    },
};

/// Molar mass of NO, g/mol.
const NO: f64 = 30.0;
/// Molar mass of NO2, g/mol.
const NO2: f64 = 46.0;

static NOX: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.nox",
        title: text("氮氧化物以二氧化氮计", "nitrogen oxides counted as nitrogen dioxide"),
        source: Source { work: "HJ 212-2017", at: "附录 D：CQ = M/22.4·CV；NOx = CNO·M(NO2)/M(NO) + CNO2" },
        reach: Reach::Whole,
        inputs: &[
            number("no", "一氧化氮", "nitric oxide", CONCENTRATION, POSITIVE),
            number("no2", "二氧化氮", "nitrogen dioxide", CONCENTRATION, POSITIVE),
            choice("unit", "两者的单位：mg/m3 或 ppm", "unit of both: mg/m3 or ppm", &["mg/m3", "ppm"]),
        ],
        outputs: &[
            number_out("no_mg_m3", "一氧化氮", "nitric oxide", CONCENTRATION),
            number_out("no2_mg_m3", "二氧化氮", "nitrogen dioxide", CONCENTRATION),
            number_out("nox_mg_m3", "氮氧化物，以 NO2 计", "nitrogen oxides as NO2", CONCENTRATION),
        ],
    },
    run: |a| {
        let mass = |name, molar| if a.text("unit") == "ppm" { mg_m3(a.number(name), molar) } else { a.number(name) };
        let (no, no2) = (mass("no", NO), mass("no2", NO2));
        Ok(Answer::number("no_mg_m3", no).and("no2_mg_m3", no2).and("nox_mg_m3", nox_as_no2(no, no2)))
    },
};

static FOLD_EXCESS_AIR: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.fold_excess_air",
        title: text("按过量空气系数折算浓度", "concentration folded by the excess-air coefficient"),
        source: Source { work: "HJ 212-2017", at: "附录 D：C' = C·α/αs，α = 21/(21−O2)" },
        reach: Reach::Whole,
        inputs: &[
            number("C_mg_m3", "标干浓度", "concentration in dry gas at the standard state", CONCENTRATION, POSITIVE),
            number("O2_pct", "实测氧含量", "oxygen measured", measure("share", "%"), (0.0, 25.0)),
            number("alpha_s", "标准的过量空气系数", "excess-air coefficient of the standard", RATIO, (1.0, 10.0)),
        ],
        outputs: &[
            number_out("fold_mg_m3", "折算浓度；氧含量已是空气时为 null", "folded concentration; null where the oxygen is that of air", CONCENTRATION),
            EVIDENCE,
        ],
    },
    run: |a| {
        let folding = Folding::of(standards(a).latest("emissions", "validity")?)?;
        let answer = Answer::default().and("evidence", Evidence::Unverified.word());
        Ok(match folding.fold_by_excess_air(a.number("C_mg_m3"), a.number("O2_pct"), a.number("alpha_s")) {
            Some(folded) => answer.and("fold_mg_m3", folded),
            None => answer.without("fold_mg_m3"),
        })
    },
};

static LICENSED_BALANCE: Calculator = Calculator {
    spec: &Spec {
        id: "waste.licensed_balance",
        title: text("经营单位年度平衡与许可量", "a licensed unit's balance of a year, and its licence"),
        source: Source {
            work: "危险废物经营单位台账（监管设计，未核实）", at: "接收 + 期初 = 处理 + 次生废物 + 期末；处理量不超过许可"
        },
        reach: Reach::Whole,
        inputs: &[
            given("code", "废物代码", "waste code", Form::Text, WORD),
            number("open", "期初在库", "in store at the beginning", TONNES, POSITIVE),
            number("received", "接收", "received", TONNES, POSITIVE),
            number("treated", "利用处置", "treated", TONNES, POSITIVE),
            number("secondary", "转为次生废物", "left as secondary waste", TONNES, POSITIVE),
            number("close_measured", "期末实测在库", "measured in store at the end", TONNES, POSITIVE),
            number("licence", "许可的年处理量", "what the licence allows in a year", TONNES, POSITIVE),
        ],
        outputs: &[
            number_out("residual", "差额", "residual", TONNES),
            number_out("threshold", "容差", "threshold", TONNES),
            made("alarm", "差额是否超过容差", "whether the residual is beyond it", Form::Truth, WORD),
            made("over_licence", "处理量是否超过许可", "whether more was treated than is licensed", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("waste", "rules")?;
        let tolerance = Tolerance { share: threshold(rules, "balance_share")?, least_t: threshold(rules, "balance_t")? };
        let unit = Licensed {
            open: decimal(a, "open")?,
            received: decimal(a, "received")?,
            treated: decimal(a, "treated")?,
            secondary: decimal(a, "secondary")?,
            close_measured: decimal(a, "close_measured")?,
            licence: decimal(a, "licence")?,
        };
        let (found, over) = (unit.residual(tolerance), unit.over_licence(a.text("code")));
        let answer = Answer::number("residual", float(found.t)).and("threshold", float(found.threshold)).and("alarm", found.alarm);
        let answer = answer.and("over_licence", over.is_some()).and("evidence", Evidence::Unverified.word());
        Ok(match over {
            Some(over) => answer.warn(over),
            None => answer,
        })
    },
};

static UNIT_CATEGORY: Calculator = Calculator {
    spec: &Spec {
        id: "soil.unit_category",
        title: text("耕地评价单元的类别", "category of a unit of farmland"),
        source: Source {
            work: "GB 15618-2018；农用地类别划分技术指南（未核实）", at: "第一步：各点平均含量对筛选值、管制值，最差项目决定"
        },
        reach: Reach::Whole,
        inputs: &[
            choice("land", "用地：水田、水旱轮作、其他、果园", "land use", &["paddy", "rotation", "other", "orchard"]),
            number("ph", "单元的 pH", "pH of the unit", RATIO, (0.0, 14.0)),
            given(
                "points",
                "各点的含量，按元素符号；未检出写 \"<0.01\"，以检出限计",
                "contents of each point by element symbol; \"<0.01\" for a non-detect, which counts for its limit",
                Form::Records,
                measure("content", "mg/kg"),
            ),
        ],
        outputs: &[
            number_out("class", "1 优先保护、2 安全利用、3 严格管控；无法判定时为 null", "1, 2 or 3; null when it cannot be decided", RATIO),
            made("category", "类别", "category", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let standard = standards(a).latest("soil", "farmland")?;
        let point = |record: &Value| -> Result<Vec<(String, Reading)>, Problem> {
            let values = record.as_object().cloned().unwrap_or_default();
            Ok(readings_of(&values)?.into_iter().map(|(item, reading)| (item.to_owned(), reading)).collect())
        };
        let points: Vec<Vec<(String, Reading)>> = a.records("points").iter().map(point).collect::<Result<_, _>>()?;
        if points.iter().all(Vec::is_empty) {
            return Err(Problem::error("soil.no_points", words!("没有点位的含量", "there is no content of any point"))
                .key("points")
                .expect(text("至少一个点位的含量，如 [{\"Cd\": 0.3}]", "the contents of one point at least, such as [{\"Cd\": 0.3}]"))
                .fix(text("给出各点的含量", "give the contents of the points")));
        }
        let borrowed: Vec<Vec<(&str, Reading)>> = points.iter().map(|p| p.iter().map(|(item, r)| (item.as_str(), *r)).collect()).collect();
        let unit = unit_category(standard, a.text("land"), a.number("ph"), &borrowed).map_err(first)?;
        let answer = Answer::default().and("evidence", standard.evidence.with(Evidence::Unverified).word());
        let table = standard.table("categories")?;
        Ok(match unit.class.and_then(|class| Some((class, table.row(&class.to_string())?))) {
            Some((class, row)) => answer.and("class", class).and("category", table.text(row, "label")),
            None => answer.without("class").without("category"),
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(calculator: &Calculator, given: Value) -> serde_json::Map<String, Value> {
        calculator.calculate(&given).unwrap().outputs
    }

    /// By hand: 44 minutes are no hour; 10 ppm of NO are 10·30/22.4 mg/m³, of NO2 10·46/22.4, and together 20·46/22.4
    /// as NO2; at 8.5 % of oxygen α is 1.68, and 12.5·1.68/1.4 = 15.
    #[test]
    fn means_oxides_and_excess_air() {
        let minutes = |valid: usize| (0..60).map(|m| (m < valid).then_some(2.0)).collect::<Vec<Option<f64>>>();
        let short = asked(&VALID_MEAN, json!({ "of": "hour", "values": minutes(44) }));
        assert_eq!((&short["mean"], &short["valid"], &short["parts"], &short["needed"]), (&Value::Null, &json!(false), &json!(44), &json!(45)));
        assert_eq!(asked(&VALID_MEAN, json!({ "of": "hour", "values": minutes(45) }))["mean"], json!(2.0));
        assert_eq!(asked(&VALID_MEAN, json!({ "of": "february", "values": vec![1.0; 23] }))["valid"], json!(true));
        assert_eq!(asked(&VALID_MEAN, json!({ "of": "month", "values": vec![1.0; 23] }))["valid"], json!(false));
        let nox = asked(&NOX, json!({ "no": 10, "no2": 10, "unit": "ppm" }));
        assert!((nox["nox_mg_m3"].as_f64().unwrap() - 20.0 * 46.0 / 22.4).abs() < 1e-9, "{nox:?}");
        assert_eq!(asked(&NOX, json!({ "no": 30, "no2": 4, "unit": "mg/m3" }))["nox_mg_m3"], json!(50.0));
        let folded = asked(&FOLD_EXCESS_AIR, json!({ "C_mg_m3": 12.5, "O2_pct": 8.5, "alpha_s": 1.4 }));
        assert!((folded["fold_mg_m3"].as_f64().unwrap() - 15.0).abs() < 1e-9, "{folded:?}");
        assert_eq!(asked(&FOLD_EXCESS_AIR, json!({ "C_mg_m3": 12.5, "O2_pct": 21, "alpha_s": 1.4 }))["fold_mg_m3"], Value::Null);
    }

    /// By hand: 5 + 100 = 80 + 12.5 + 12.5, and 80 t are over a licence of 79.9; cadmium of 0.5 mg/kg on the mean is
    /// above 0.4 and below 2.0 in paddy at pH 6.
    #[test]
    fn a_licensed_unit_and_a_unit_of_farmland() {
        let unit = json!({ "code": "900-214-08", "open": 5, "received": 100, "treated": 80, "secondary": 12.5, "close_measured": 12.5, "licence": 79.9 });
        let told = LICENSED_BALANCE.calculate(&unit).unwrap();
        assert_eq!((&told.outputs["residual"], &told.outputs["alarm"], &told.outputs["over_licence"]), (&json!(0.0), &json!(false), &json!(true)));
        assert_eq!(told.warnings[0].code, "waste.over_licence");
        let of = |points: Value| asked(&UNIT_CATEGORY, json!({ "land": "paddy", "ph": 6, "points": points }));
        assert_eq!(of(json!([{ "Cd": 0.3, "Pb": 50 }, { "Cd": 0.7 }]))["class"], json!(2));
        assert_eq!(of(json!([{ "Cd": "<0.4" }]))["class"], json!(1));
        let refused = UNIT_CATEGORY.calculate(&json!({ "land": "paddy", "ph": 6, "points": [{}] })).unwrap_err();
        assert_eq!(refused.0[0].code, "soil.no_points");
    }
}
