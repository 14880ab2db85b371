//! Formulas of the SEEA accounts: extent, condition, the asset account and why it changed.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{ANY, Form, Output, POSITIVE, RATIO, Reach, Source, choice, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};
use serde_json::Value;

use super::{VALUE_FEN, VALUE_YUAN, YUAN, money, records};

pub(super) const ALL: &[&Calculator] = &[&EXTENT_CLOSING, &ASSET_NPV, &DECOMPOSE_CHANGE, &CONDITION_INDICATOR];

const AREA: Measure = measure("area", "ha");
/// A discount rate of zero would divide by zero in nothing: the sum is taken term by term.
const RATES: (f64, f64) = (0.0, 1.0);
const YEARS: (f64, f64) = (1.0, 1000.0);

static EXTENT_CLOSING: Calculator = Calculator {
    spec: &Spec {
        id: "seea.extent_closing",
        title: text("期末面积", "closing extent"),
        source: Source { work: "SEEA Ecosystem Accounting (2024)", at: "table 4.1: closing = opening + additions − reductions" },
        reach: Reach::Whole,
        inputs: &[
            number("opening", "期初面积", "opening extent", AREA, POSITIVE),
            number("managed_expansion", "人为扩张，未给出即为无", "managed expansion; none if left out", AREA, POSITIVE).optional(),
            number("unmanaged_expansion", "自然扩张，未给出即为无", "unmanaged expansion; none if left out", AREA, POSITIVE).optional(),
            number("managed_reduction", "人为缩减，未给出即为无", "managed reduction; none if left out", AREA, POSITIVE).optional(),
            number("unmanaged_reduction", "自然缩减，未给出即为无", "unmanaged reduction; none if left out", AREA, POSITIVE).optional(),
        ],
        outputs: &[number_out("closing", "期末面积", "closing extent", AREA), number_out("net_change", "净变化", "net change", AREA)],
    },
    run: |given| {
        let of = |name| given.number_or(name, 0.0);
        let net = of("managed_expansion") + of("unmanaged_expansion") - of("managed_reduction") - of("unmanaged_reduction");
        let closing = given.number("opening") + net;
        if closing < 0.0 {
            return Err(Problem::error(
                "extent.negative",
                words!("期末面积为 {closing}，缩减多于期初", "the closing extent is {closing}: more is lost than there was"),
            ));
        }
        Ok(Answer::number("closing", closing).and("net_change", net))
    },
};

static ASSET_NPV: Calculator = Calculator {
    spec: &Spec {
        id: "seea.asset_npv",
        title: text("生态资产净现值", "net present value of a constant yearly service"),
        source: Source {
            work: "SEEA Ecosystem Accounting (2024), ch. 10；博文静等（2017），生态学报 37(12):4182-4190", at: "式 3 自第 0 年起贴现"
        },
        reach: Reach::Whole,
        inputs: &[
            number("annual_flow", "年服务价值", "value of one year's service", YUAN, ANY),
            number("rate", "实际贴现率", "real discount rate", RATIO, RATES),
            number("years", "年限", "years", measure("time", "a"), YEARS),
            choice("income_timing", "收益计于年末还是年初", "is the income at the end or the start of each year", &["end", "start"]),
        ],
        outputs: &[number_out("annuity", "年金系数", "annuity factor", RATIO), VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let years = whole_years(given.number("years"))?;
        let end = annuity(given.number("rate"), years);
        let factor = if given.text("income_timing") == "start" { end * (1.0 + given.number("rate")) } else { end };
        Ok(money(given.number("annual_flow") * factor)?.and("annuity", factor))
    },
};

fn whole_years(years: f64) -> Result<i32, Problem> {
    if years.fract() != 0.0 {
        return Err(Problem::error("calc.form", words!("年限 {years} 不是整数", "{years} is not a whole number of years")).key("years"));
    }
    Ok(years as i32)
}

/// `(1 − (1+r)^−N) / r`, income at the end of each year; `N` where the rate is zero.
fn annuity(rate: f64, years: i32) -> f64 {
    if rate == 0.0 { f64::from(years) } else { (1.0 - (1.0 + rate).powi(-years)) / rate }
}

static DECOMPOSE_CHANGE: Calculator = Calculator {
    spec: &Spec {
        id: "seea.decompose_change",
        title: text("生态资产变化分解", "why an asset's value changed: area, volume and price"),
        source: Source { work: "SEEA Ecosystem Accounting, annex I and its spreadsheet (SEEALand)", at: "NPV decomposition: symmetric over three factors" },
        reach: Reach::Whole,
        inputs: &[
            records(
                "services",
                "各项服务：{flow_opening, flow_closing, price_opening, price_closing}，流量为全区总量",
                "services: {flow_opening, flow_closing, price_opening, price_closing}; flows of the whole area",
            ),
            number("area_opening", "期初面积", "opening area", AREA, (1e-9, f64::INFINITY)),
            number("area_closing", "期末面积", "closing area", AREA, (1e-9, f64::INFINITY)),
            number("rate", "实际贴现率", "real discount rate", RATIO, RATES),
            number("years", "年限", "years", measure("time", "a"), YEARS),
            number("condition_change", "状况指数变化", "change of the condition index", RATIO, (-1.0, 1.0)).optional(),
        ],
        outputs: &[
            number_out("area_effect", "面积效应", "area effect", YUAN),
            number_out("volume_effect", "单位面积流量效应", "volume effect", YUAN),
            number_out("price_effect", "价格效应", "price effect", YUAN),
            number_out("total_change", "总变化", "change of the value", YUAN),
            booking("area_booked", "面积效应的科目", "where the area effect is booked"),
            booking("volume_booked", "流量效应的科目", "where the volume effect is booked"),
            booking("price_booked", "价格效应的科目", "where the price effect is booked"),
        ],
    },
    run: |given| {
        let factor = annuity(given.number("rate"), whole_years(given.number("years"))?);
        let area = [given.number("area_opening"), given.number("area_closing")];
        let mut effects = [0.0; 3];
        for (at, service) in given.records("services").iter().enumerate() {
            let of = |name: &str| {
                service.get(name).and_then(Value::as_f64).ok_or_else(|| {
                    Problem::error("calc.form", words!("第 {} 项服务缺少 {name}", "service {} lacks {name}", at + 1)).key(format!("services[{at}].{name}"))
                })
            };
            let price = [of("price_opening")? * factor, of("price_closing")? * factor];
            let flow = [of("flow_opening")? / area[0], of("flow_closing")? / area[1]];
            effects[0] += effect(area, price, flow);
            effects[1] += effect(flow, price, area);
            effects[2] += effect(price, flow, area);
        }
        let answer = Answer::number("area_effect", effects[0]).and("volume_effect", effects[1]).and("price_effect", effects[2]);
        let answer = answer.and("total_change", effects.iter().sum::<f64>());
        let area_booked = if effects[0] < 0.0 { "conversions_reductions" } else { "conversions_additions" };
        let answer = answer.and("area_booked", area_booked).and("price_booked", "revaluation");
        if !given.has("condition_change") {
            return Ok(answer);
        }
        Ok(answer.and("volume_booked", volume_booked(effects[1], given.number("condition_change"))))
    },
};

/// The effect of `x` in `x·y·z`, averaged over every order in which the three may change; the three
/// effects sum to the change exactly.
fn effect(x: [f64; 2], y: [f64; 2], z: [f64; 2]) -> f64 {
    (x[1] - x[0]) * ((y[0] * z[0] + y[1] * z[1]) / 3.0 + (y[0] * z[1] + y[1] * z[0]) / 6.0)
}

/// A volume effect goes with a change of condition of its own sign; otherwise it is a reappraisal. The
/// change is taken as it is, not rounded: a small improvement is an improvement.
fn volume_booked(effect: f64, condition: f64) -> &'static str {
    match (effect < 0.0, condition) {
        (false, c) if c > 0.0 => "enhancement",
        (true, c) if c < 0.0 => "degradation",
        (false, _) => "reappraisal_upward",
        (true, _) => "reappraisal_downward",
    }
}

const fn booking(name: &'static str, zh: &'static str, en: &'static str) -> Output {
    Output { name, title: text(zh, en), measure: RATIO, form: Form::Text, range: ANY }
}

static CONDITION_INDICATOR: Calculator = Calculator {
    spec: &Spec {
        id: "seea.condition_indicator",
        title: text("生态系统状况指标", "condition indicator"),
        source: Source { work: "SEEA Ecosystem Accounting (2024)", at: "ch. 5: rescaled between reference levels, (x − low) / (high − low)" },
        reach: Reach::Whole,
        inputs: &[
            number("value", "实测值", "measured value", RATIO, ANY),
            number("low", "差状况参考值（可大于好状况参考值）", "reference level of poor condition; may exceed high", RATIO, ANY),
            number("high", "好状况参考值", "reference level of good condition", RATIO, ANY),
        ],
        outputs: &[number_out("indicator", "状况指标（0 至 1）", "indicator, 0 to 1", RATIO)],
    },
    run: |given| {
        let (value, low, high) = (given.number("value"), given.number("low"), given.number("high"));
        if low == high {
            return Err(Problem::error("condition.equal_references", words!("两个参考值相等", "the two reference levels are equal")).key("low"));
        }
        let raw = (value - low) / (high - low);
        let answer = Answer::number("indicator", raw.clamp(0.0, 1.0));
        if (0.0..=1.0).contains(&raw) {
            return Ok(answer);
        }
        Ok(answer.warn(
            Problem::warning(
                "condition.beyond_reference",
                words!("{value} 超出参考值范围，指标取端点值", "{value} lies beyond the reference levels; the indicator is at its end"),
            )
            .key("value"),
        ))
    },
};
