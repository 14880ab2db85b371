//! Formulas of monitored outlets: `hj212.hour_mean`, `monitor.*`. Those that read messages stand
//! beside the decoder, in the crate that sees both.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Form, Problem, Spec, text, words};

use super::arguments::{EVIDENCE, whole};
use super::at_hand::standards;
use crate::emissions::flue::{self, Folding, Gas};
use crate::emissions::limit::{Basis, Compare, Limit, decimal};
use crate::emissions::pace::{Stage, Steps, pace};
use crate::emissions::substitute::{Filled, Quarter, Substitution};
use crate::emissions::transmission::transmission;
use crate::emissions::water::{Slice, passed};

/// All of them.
pub(super) const ALL: &[&Calculator] = &[&HOUR_MEAN, &FLUE_GAS_LOAD, &EXCEEDANCE, &TRANSMISSION, &PACE, &FILL_MISSING];

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

static TRANSMISSION: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.transmission_rate",
        title: text("在线率与有效传输率", "online rate and effective transmission rate"),
        source: Source {
            work: "在线监测：有效传输率 = 传输率 × 有效率（未核实）", at: "按小时记录；应收小时不含登记停运"
        },
        reach: Reach::Whole,
        inputs: &[
            number("expected", "应收小时", "hours expected", HOURS, POSITIVE),
            number("received", "实收小时", "hours received", HOURS, POSITIVE),
            number("valid", "有效小时", "hours valid", HOURS, POSITIVE),
        ],
        outputs: &[
            number_out("online_rate", "在线率（传输率）", "online rate", RATIO),
            number_out("validity_rate", "有效率；没有收到时为 null", "share that is valid; null where none arrived", RATIO),
            number_out("effective_rate", "有效传输率", "effective transmission rate", RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let made = transmission(whole(given, "expected")?, whole(given, "received")?, whole(given, "valid")?)?;
        let answer = Answer::number("online_rate", made.online).and("effective_rate", made.effective);
        Ok(maybe(answer, "validity_rate", made.validity).and("evidence", Evidence::Unverified.word()))
    },
};

const HOURS: liangshan_vocab::Measure = measure("duration", "h");

static PACE: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.pace",
        title: text("排放总量进度", "load so far against the permitted total"),
        source: Source { work: "排污许可总量（预警、报警、停止份额为设计值）", at: "累计排放 / 许可量，与年内天数比较" },
        reach: Reach::Whole,
        inputs: &[
            number("load_t", "年内累计排放", "load since new year", measure("load", "t"), POSITIVE),
            number("permitted_t", "许可排放量", "permitted total", measure("load", "t/a"), POSITIVE),
            number("days", "已过整日数", "whole days so far", measure("duration", "d"), (0.0, 366.0)),
            number("year_days", "全年天数", "days of the year", measure("duration", "d"), (365.0, 366.0)),
        ],
        outputs: &[
            number_out("used", "已用份额；没有许可量而有排放时为 null", "share used; null for any load without a permitted total", RATIO),
            number_out("pace", "进度 / 时间；首日之前为 null", "used over elapsed; null before the first day", RATIO),
            number_out("year_t", "按此进度的全年排放", "what the year comes to", measure("load", "t")),
            made("stage", "within、warn、alarm、stop", "within, warn, alarm, stop", Form::Text, RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let standard = standards(given).latest("emissions", "validity")?;
        let day = |name| Ok::<u16, Problem>(u16::try_from(whole(given, name)?).unwrap_or(366));
        let made = pace(given.number("load_t"), given.number("permitted_t"), day("days")?, day("year_days")?, Steps::of(standard)?);
        let stage = match made.stage {
            Stage::Within => "within",
            Stage::Warn => "warn",
            Stage::Alarm => "alarm",
            Stage::Stop => "stop",
        };
        let known = |value: Option<f64>| value.filter(|v| v.is_finite());
        let answer = maybe(Answer::default(), "used", known(Some(made.used)));
        let answer = maybe(maybe(answer, "pace", known(made.pace)), "year_t", known(made.year_t));
        Ok(answer.and("stage", stage).and("evidence", Evidence::Unverified.word()))
    },
};

static FILL_MISSING: Calculator = Calculator {
    spec: &Spec {
        id: "monitor.fill_missing",
        title: text("缺失小时排放量的补充", "emissions of hours without valid data"),
        source: Source {
            work: "HJ 75-2017（经引用，未核实）", at: "按季度有效捕集率与缺失时长，取缺失前若干有效小时的最大值"
        },
        reach: Reach::Whole,
        inputs: &[
            given("hours_kg", "季度各小时排放量，null 为无效", "hours of the quarter, null where not valid", Form::Series, measure("load", "kg")),
            given("before_kg", "季度之前各小时，由远及近", "hours before it, oldest first", Form::Series, measure("load", "kg")).optional(),
        ],
        outputs: &[
            number_out("capture", "有效捕集率", "share of valid hours", RATIO),
            made("usable", "能否作总量", "whether a total may rest on it", Form::Truth, RATIO),
            number_out("total_kg", "季度总量；不能用时为 null", "the quarter's total; null where it is not usable", measure("load", "kg")),
            number_out("substituted_hours", "补充的小时数", "hours that were filled in", HOURS),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rule = Substitution::of(standards(given).latest("emissions", "validity")?)?;
        let hours = |name: &str| given.series(name).into_iter().map(|h| h.unwrap_or(f64::NAN)).collect::<Vec<f64>>();
        let answer = Answer::default().and("evidence", Evidence::Unverified.word());
        Ok(match rule.fill(&hours("before_kg"), &hours("hours_kg")) {
            Quarter::Usable { capture, hours } => {
                let filled: Vec<&Filled> = hours.iter().filter(|h| h.substituted).collect();
                let total: f64 = hours.iter().map(|h| h.kg_h).sum();
                answer.and("capture", capture).and("usable", true).and("total_kg", total).and("substituted_hours", filled.len())
            }
            Quarter::Unusable { capture } => answer.and("capture", capture).and("usable", false).and("substituted_hours", 0).without("total_kg"),
        })
    },
};

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

    /// By hand: 95 % and 616 of 720; 30 of 100 t in a fifth of the year; ten hours of 1 with one lost after a 3.
    #[test]
    fn what_arrived_how_fast_and_what_stands_in() {
        let run = |calculator: &Calculator, given: serde_json::Value| calculator.calculate(&given).unwrap().outputs;
        let month = run(&TRANSMISSION, json!({ "expected": 720, "received": 684, "valid": 616 }));
        assert_eq!((&month["online_rate"], &month["evidence"]), (&json!(0.95), &json!("unverified")));
        assert_eq!(run(&TRANSMISSION, json!({ "expected": 24, "received": 0, "valid": 0 }))["validity_rate"], json!(null));
        let fast = run(&PACE, json!({ "load_t": 80, "permitted_t": 100, "days": 73, "year_days": 365 }));
        assert_eq!((&fast["stage"], &fast["pace"], &fast["year_t"]), (&json!("warn"), &json!(4.0), &json!(400.0)));
        assert_eq!(run(&PACE, json!({ "load_t": 1, "permitted_t": 0, "days": 1, "year_days": 365 }))["used"], json!(null));
        let quarter: Vec<Option<f64>> = (0..20).map(|h| if h == 5 { None } else { Some(if h == 2 { 3.0 } else { 1.0 }) }).collect();
        let filled = run(&FILL_MISSING, json!({ "hours_kg": quarter }));
        assert_eq!((&filled["total_kg"], &filled["substituted_hours"], &filled["capture"]), (&json!(24.0), &json!(1), &json!(0.95)));
        assert_eq!(run(&FILL_MISSING, json!({ "hours_kg": [1.0, null] }))["usable"], json!(false));
    }
}
