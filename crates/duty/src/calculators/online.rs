//! Formulas of monitored outlets: `hj212.hour_mean`, `monitor.*`. Those that read messages stand
//! beside the decoder, in the crate that sees both.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Form, Problem, Spec, text, words};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use crate::emissions::flue::{self, Folding, Gas};
use crate::emissions::limit::{Basis, Compare, Limit, decimal};
use crate::emissions::water::{Slice, passed};

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&HOUR_MEAN, &FLUE_GAS_LOAD, &EXCEEDANCE];

const ANNEX_D: Source = Source { work: "HJ 212-2017 污染物在线监控（监测）系统数据传输标准", at: "附录 D" };

/// Ten-minute records of an hour.
const RECORDS: usize = 6;

static HOUR_MEAN: Calculator = Calculator {
    spec: &Spec {
        id: "hj212.hour_mean",
        title: text("污水小时水量、流量加权浓度和排放量", "volume, flow-weighted concentration and load of an hour of sewage"),
        source: ANNEX_D,
        reach: Reach::Whole,
        inputs: &[
            numbers("Q_L_s", "六个十分钟平均流量", "mean flows of six times ten minutes", measure("flow", "L/s"), POSITIVE),
            given(
                "values_mg_L",
                "六个十分钟平均浓度，null 为无效",
                "mean concentrations of the same, null where not valid",
                Form::Series,
                measure("concentration", "mg/L"),
            ),
        ],
        outputs: &[
            number_out("volume_m3", "全部水量", "all water", measure("volume", "m3")),
            number_out("load_kg_valid", "有效记录的排放量", "load of the valid records", measure("load", "kg")),
            number_out("weighted_mg_L", "流量加权平均浓度", "flow-weighted mean", measure("concentration", "mg/L")),
            number_out("arithmetic_mg_L", "算术平均浓度", "arithmetic mean", measure("concentration", "mg/L")),
            number_out("valid_records", "有效记录数", "valid records", RATIO),
        ],
    },
    run: |given| {
        let (flows, values) = (given.numbers("Q_L_s"), given.series("values_mg_L"));
        for (name, length) in [("Q_L_s", flows.len()), ("values_mg_L", values.len())] {
            if length != RECORDS {
                return Err(Problem::error(
                    "monitor.records",
                    words!("“{name}”有 {length} 条，一小时为 {RECORDS} 条", "\"{name}\" has {length} records, an hour has {RECORDS}"),
                )
                .key(name)
                .expect(text("六条十分钟记录，缺测写 null", "six records of ten minutes, null where one is missing")));
            }
        }
        if let Some(at) = values.iter().flatten().position(|v| *v < 0.0) {
            return Err(negative("values_mg_L", at));
        }
        let slices: Vec<Slice> = flows.iter().zip(&values).map(|(flow, value)| Slice { seconds: 600.0, flow_l_s: *flow, value_mg_l: *value }).collect();
        let hour = passed(&slices);
        let answer = Answer::number("volume_m3", hour.volume_m3).and("load_kg_valid", hour.load_valid_kg).and("valid_records", hour.valid);
        Ok([("weighted_mg_L", hour.weighted_mg_l), ("arithmetic_mg_L", hour.arithmetic_mg_l)]
            .into_iter()
            .fold(answer, |answer, (name, value)| maybe(answer, name, value)))
    },
};

fn maybe(answer: Answer, name: &'static str, value: Option<f64>) -> Answer {
    match value {
        Some(value) => answer.and(name, value),
        None => answer.without(name),
    }
}

fn negative(name: &'static str, at: usize) -> Problem {
    let at = at as u64 + 1;
    Problem::error("monitor.negative", words!("“{name}”中有负值", "\"{name}\" holds a negative value"))
        .key(name)
        .row(at)
        .expect(text("不小于零的数，无效值写 null", "numbers of zero or more, null where not valid"))
}

static FLUE_GAS_LOAD: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.flue_gas_load",
        title: text("烟气标干流量、折算浓度和小时排放量", "dry standard flow, folded concentration and hourly load of flue gas"),
        source: ANNEX_D,
        reach: Reach::Whole,
        inputs: &[
            number("F_m2", "测量断面面积", "area of the measuring section", measure("area", "m2"), POSITIVE),
            number("Vs_m_s", "平均流速", "mean velocity", measure("velocity", "m/s"), POSITIVE),
            number("ts_C", "烟气温度", "temperature of the gas", measure("temperature", "degC"), (-50.0, 2000.0)),
            number("Ba_Pa", "大气压力", "air pressure", measure("pressure", "Pa"), (50_000.0, 110_000.0)),
            number("Ps_Pa", "烟气静压", "static pressure of the gas", measure("pressure", "Pa"), (-50_000.0, 50_000.0)),
            number("Xsw", "含湿量（体积分数）", "moisture, share of the volume", RATIO, SHARE),
            number("C_mg_m3", "标干浓度", "concentration in dry gas at the standard state", measure("concentration", "mg/m3"), POSITIVE),
            number("O2_pct", "实测氧含量", "oxygen measured", measure("share", "%"), (0.0, 25.0)),
            number("O2_std", "基准氧含量", "oxygen of the limit", measure("share", "%"), (0.0, 20.9)),
        ],
        outputs: &[
            number_out("Qs_m3_h", "工况流量", "flow as it passes", measure("flow", "m3/h")),
            number_out("Qsn_m3_h", "标干流量", "dry flow at the standard state", measure("flow", "m3/h")),
            number_out("fold_mg_m3", "折算浓度", "folded concentration", measure("concentration", "mg/m3")),
            number_out("kg_h", "小时排放量", "load of an hour", measure("load", "kg/h")),
        ],
    },
    run: |given| {
        let n = |name| given.number(name);
        let gas = Gas { celsius: n("ts_C"), air_pa: n("Ba_Pa"), static_pa: n("Ps_Pa"), moisture: n("Xsw") };
        let flow = flue::flow_m3_h(n("F_m2"), n("Vs_m_s"));
        let dry = flow * gas.standard_dry();
        let answer = Answer::number("Qs_m3_h", flow).and("Qsn_m3_h", dry).and("kg_h", flue::load_kg_h(n("C_mg_m3"), dry));
        let folding = Folding::of(standards(given).latest("emissions", "validity")?)?;
        let folded = folding.fold(n("C_mg_m3"), n("O2_pct"), n("O2_std"));
        let answer = maybe(answer, "fold_mg_m3", folded);
        Ok(if folded.is_some() { answer } else { answer.warn(air(n("O2_pct"), folding.below_o2_pct)) })
    },
};

fn air(o2: f64, from: f64) -> Problem {
    Problem::warning(
        "monitor.oxygen_of_air",
        words!("氧含量 {o2} % 已是空气，不能折算，折算值无效", "{o2} % of oxygen is air: nothing is folded, and the value is not valid"),
    )
    .key("O2_pct")
    .expect(words!("低于 {from} %", "below {from} %"))
}

static EXCEEDANCE: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.exceedance",
        title: text("与限值比较", "comparison with a limit"),
        source: Source {
            work: "GB/T 8170-2008 数值修约规则与极限数值的表示和判定", at: "全数值比较法、修约值比较法（原文未读 / text not read）"
        },
        reach: Reach::Whole,
        inputs: &[
            given(
                "limit",
                "限值，如标准所印；小数位数在修约比较时有意义",
                "the limit as printed; its decimals count where values are rounded",
                Form::Text,
                RATIO,
            ),
            choice("compare", "比较方法，默认全数值", "how to compare, the full value by default", Compare::WORDS).optional(),
            given("values", "测定值，null 为无效", "values, null where not valid", Form::Series, RATIO),
        ],
        outputs: &[
            made("compared", "用于比较的值", "what was compared", Form::Series, RATIO),
            made("over", "是否超标", "whether it is over", Form::List, RATIO),
            made("multiple", "超标倍数，未超标为 null", "multiple over the limit, null where it is not over", Form::Series, RATIO),
            EVIDENCE,
        ],
    },
    run: exceedance,
};

fn exceedance(given: &Arguments) -> Result<Answer, Problem> {
    let compare = Compare::of(given.text("compare")).unwrap_or_default();
    decimal(given.text("limit"))?;
    // The one who asks says how to compare; a registered limit has to name the clause.
    let limit = Limit::new(given.text("limit"), compare, Basis::Measured, "as asked")?;
    let held: Vec<_> = given.series("values").iter().map(|v| v.map(|v| limit.hold(v))).collect();
    let multiple: Vec<Option<f64>> = held.iter().map(|h| h.filter(|h| h.over && h.multiple.is_finite()).map(|h| h.multiple)).collect();
    Ok(Answer::default()
        .and("compared", held.iter().map(|h| h.map(|h| h.compared)).collect::<Vec<_>>())
        .and("over", held.iter().map(|h| h.map(|h| h.over)).collect::<Vec<_>>())
        .and("multiple", multiple)
        .and("evidence", Evidence::Unverified.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_are_told_and_what_is_not_valid_stays_null() {
        let hour = |q: usize, values: serde_json::Value| HOUR_MEAN.calculate(&json!({ "Q_L_s": vec![100.0; q], "values_mg_L": values }));
        assert_eq!(hour(5, json!([1, 2, 3, 4, 5])).unwrap_err().0[0].code, "monitor.records");
        assert_eq!(hour(6, json!([1, 2, 3, 4, 5, -1])).unwrap_err().0[0].code, "monitor.negative");
        let stopped = hour(6, json!([null, null, null, null, null, null])).unwrap().outputs;
        assert_eq!((&stopped["weighted_mg_L"], &stopped["volume_m3"], &stopped["load_kg_valid"]), (&json!(null), &json!(360.0), &json!(0.0)));
        let air = json!({ "F_m2": 1, "Vs_m_s": 1, "ts_C": 0, "Ba_Pa": 101_325, "Ps_Pa": 0, "Xsw": 0, "C_mg_m3": 1, "O2_pct": 20.9, "O2_std": 6 });
        let air = FLUE_GAS_LOAD.calculate(&air).unwrap();
        assert_eq!((&air.outputs["fold_mg_m3"], air.warnings.len()), (&json!(null), 1));
        let over = EXCEEDANCE.calculate(&json!({ "limit": "35", "values": [70.0, null] })).unwrap().outputs;
        assert_eq!((&over["over"], &over["multiple"]), (&json!([true, null]), &json!([1.0, null])));
        assert!(EXCEEDANCE.calculate(&json!({ "limit": "-", "values": [] })).is_err());
        assert!(ALL.iter().all(|c| c.spec.faults().is_empty()));
    }
}
