//! Emission and energy-use rights by rules of `rules/rights/`: the reserve, what is left of a term, recovery, what a
//! government may sell.

use jiff::civil::Date;
use liangshan_duty::calculators::at_hand::standards;
use liangshan_duty::standard::Standard;
use liangshan_rights::exact::{decimal, float};
use liangshan_rights::holding::{Reason, Term, idle_too_long};
use liangshan_rights::reserve::{Movement, reserve};
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Form, Measure, Output, Problem, Spec, nearest, text, words};
use serde_json::{Map, Value, json};

pub(super) const ALL: &[&Calculator] = &[&RESERVE, &TRANSFER_VALUE, &RECOVERY, &ENERGY_QUOTA_SALE];

const KG_A: Measure = measure("emission_right", "kg/a");
const MEASURE: &str = "浙江省排污权有偿使用和交易管理办法（2023，据转载）";
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rules were read", Form::Text, RATIO);

fn rules(given: &Arguments) -> Result<&Standard, Problem> {
    standards(given).latest("rights", "emission")
}

pub(super) fn day(key: &str, written: Option<&Value>) -> Result<Date, Problem> {
    let word = written.and_then(Value::as_str).unwrap_or_default();
    word.parse().ok().filter(|_| word.len() == 10).ok_or_else(|| {
        Problem::error("calc.date", words!("“{key}”的“{word}”不是日期", "\"{word}\" of \"{key}\" is no date"))
            .key(key)
            .expect(text("形如 2026-11-25", "such as 2026-11-25"))
    })
}

/// A whole number of at least zero.
pub(super) fn whole(key: &str, value: Option<&Value>) -> Result<u64, Problem> {
    let number = value.and_then(Value::as_f64).filter(|n| n.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(n));
    number.map(|n| n as u64).ok_or_else(|| {
        Problem::error("rights.not_whole", words!("“{key}”应为不小于 0 的整数", "\"{key}\" is a whole number of at least zero"))
            .key(key)
            .expect(text("整数：金额以分计，数量以千克计", "a whole number: fen or kilograms"))
            .fix(text("换算到最小单位", "convert it to the smallest unit"))
    })
}

static RESERVE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.reserve",
        title: text("排污权政府储备", "the government's reserve of emission rights"),
        source: Source {
            work: MEASURE,
            at: "收回、关停、政府投入的减排、未出让进；战略性项目、稳定市场出；始终不为负。见 rules/rights/emission-rights-zhejiang.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            number("opening_kg", "期初储备", "reserve to begin with", KG_A, POSITIVE),
            given(
                "movements",
                "进出：day、movement（recovered、closed、funded、unsold、strategic、stabilising）、kg",
                "movements: day, movement (recovered, closed, funded, unsold, strategic, stabilising), kg",
                Form::Records,
                KG_A,
            ),
        ],
        outputs: &[
            number_out("inflow_kg", "进", "what entered", KG_A),
            number_out("outflow_kg", "出", "what left", KG_A),
            made("by_movement_kg", "按种类", "by kind", Form::Named, KG_A),
            number_out("lowest_kg", "其间最低", "the least it held", KG_A),
            number_out("reserve_kg", "期末储备", "what it holds", KG_A),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = rules(given)?;
        let table = rules.table("movements")?;
        table.column("way")?;
        let (mut movements, mut by) = (Vec::new(), Map::new());
        for record in given.records("movements") {
            let kind = record.get("movement").and_then(Value::as_str).unwrap_or_default();
            let row = table.row(kind).ok_or_else(|| {
                let all: Vec<String> = table.keys().collect();
                Problem::error("rights.movement", words!("没有进出种类“{kind}”", "there is no movement \"{kind}\""))
                    .key("movements.movement")
                    .expect(words!("{0} 之一", "one of {0}", all.join(", ")))
                    .fix_near(nearest(kind, all.iter().map(String::as_str)), text("改正种类，或在规则中添加", "correct it, or add it to the rules"))
            })?;
            let kg = whole("movements.kg", record.get("kg"))?;
            movements.push(Movement { day: day("movements.day", record.get("day"))?, enters: table.text(row, "way") == "in", kg });
            let sum = by.get(kind).and_then(Value::as_u64).unwrap_or(0).saturating_add(kg);
            by.insert(kind.to_owned(), json!(sum));
        }
        let made = reserve(whole("opening_kg", given.value("opening_kg"))?, &movements)?;
        let answer = Answer::default().and("inflow_kg", made.inflow).and("outflow_kg", made.outflow).and("by_movement_kg", by);
        Ok(answer.and("lowest_kg", made.lowest).and("reserve_kg", made.closing).and("evidence", rules.evidence.word()))
    },
};

static TRANSFER_VALUE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.transfer_value",
        title: text("排污权剩余期限与转让价款", "what is left of a right's term, and what a transfer is worth"),
        source: Source { work: MEASURE, at: "只转让剩余期限；价款 = 数量 × 单价（每吨每年）× 剩余年数；不足一年按日" },
        reach: Reach::Whole,
        inputs: &[
            number("qty_kg", "转让数量，整千克", "quantity, whole kilograms", KG_A, POSITIVE),
            number("price_fen_t", "单价", "price of a tonne and year", measure("price", "0.01 CNY/t"), POSITIVE),
            given("on", "转让之日", "day of the transfer", Form::Text, RATIO),
            given("expires_on", "期限的最后一日", "last day of the term", Form::Text, RATIO),
        ],
        outputs: &[
            number_out("years", "剩余年数；期满为 0", "years left; 0 when the term is over", measure("term", "a")),
            number_out("whole_years", "整年", "whole years", measure("term", "a")),
            number_out("days", "不足一年的天数", "days beyond them", measure("duration", "d")),
            number_out("value_fen", "价款，四舍五入到分", "worth, half up to the fen", measure("money", "0.01 CNY")),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = rules(given)?;
        let term = rules.parameter("term_years")?;
        let (on, last) = (day("on", given.value("on"))?, day("expires_on", given.value("expires_on"))?);
        let (kg, price) = (whole("qty_kg", given.value("qty_kg"))?, whole("price_fen_t", given.value("price_fen_t"))?);
        let answer = Answer::default().and("evidence", rules.evidence.with(term.evidence).word());
        let Some(left) = Term::left(on, last)? else {
            return Ok(answer.and("years", 0.0).and("whole_years", 0).and("days", 0).and("value_fen", 0).warn(
                Problem::warning("rights.term_over", words!("{last} 期满，{on} 已无可转让的", "the term ended on {last}, and nothing is left on {on}"))
                    .key("expires_on")
                    .fix(text("核对期限", "check the term")),
            ));
        };
        let years = float(left.in_years());
        if years > term.value {
            let most = term.value;
            return Err(Problem::error(
                "rights.term_too_long",
                words!("剩余 {years:.2} 年，长于最长期限 {most} 年", "{years:.2} years are left, more than the longest term of {most}"),
            )
            .key("expires_on")
            .expect(words!("不超过 {most} 年", "{most} years at most"))
            .fix(text("核对期限的最后一日", "check the last day of the term")));
        }
        let answer = answer.and("years", years).and("whole_years", left.years).and("days", left.days);
        Ok(answer.and("value_fen", left.worth_fen(kg, price)?))
    },
};

static RECOVERY: Calculator = Calculator {
    spec: &Spec {
        id: "rights.recovery",
        title: text("排污权可否收回", "whether an emission right may be recovered"),
        source: Source { work: MEASURE, at: "闲置超过三年、关停、搬迁、吊销许可证；年数在规则中，未核实" },
        reach: Reach::Whole,
        inputs: &[
            given("on", "判定之日", "day of the check", Form::Text, RATIO),
            given("last_used", "最后使用之日；从未使用时为取得之日", "day it was last used; the day it was acquired when it never was", Form::Text, RATIO)
                .optional(),
            given("closed", "已关停", "the plant is closed", Form::Truth, RATIO).optional(),
            given("relocated", "已搬迁", "it moved away", Form::Truth, RATIO).optional(),
            given("revoked", "许可证被吊销", "its permit is revoked", Form::Truth, RATIO).optional(),
        ],
        outputs: &[
            made(
                "recoverable",
                "可以收回；未给最后使用之日且没有其他原因为 null",
                "may be recovered; null without the day it was last used and any other reason",
                Form::Truth,
                RATIO,
            ),
            made("reasons", "原因：idle、closed、relocated、revoked", "reasons: idle, closed, relocated, revoked", Form::List, RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = rules(given)?;
        let idle = rules.parameter("idle_years")?;
        let on = day("on", given.value("on"))?;
        let mut reasons = Vec::new();
        if given.has("last_used") {
            // Whole months, so that a region may say two and a half years.
            let months = (idle.value * 12.0).round() as i64;
            if idle_too_long(day("last_used", given.value("last_used"))?, on, months)? {
                reasons.push(Reason::Idle);
            }
        }
        for (name, reason) in [("closed", Reason::Closed), ("relocated", Reason::Relocated), ("revoked", Reason::Revoked)] {
            reasons.extend(given.truth(name).then_some(reason));
        }
        let answer = Answer::default().and("reasons", json!(reasons.iter().map(|r| r.word()).collect::<Vec<_>>()));
        let answer = answer.and("evidence", rules.evidence.with(idle.evidence).word());
        Ok(if reasons.is_empty() && !given.has("last_used") { answer.without("recoverable") } else { answer.and("recoverable", !reasons.is_empty()) })
    },
};

static ENERGY_QUOTA_SALE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.energy_quota_sale",
        title: text("地方政府可出让的用能权", "energy-use rights that a government may sell"),
        source: Source {
            work: "浙发改能源〔2019〕358号（据转载；施行到 2020 年底）",
            at: "不超过年度新增用能指标的 50 %；rules/rights/energy-rights-zhejiang.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            number("quota_tce", "年度新增用能指标", "new quota of the year", measure("energy_right", "tce/a"), POSITIVE),
            number("sold_tce", "已出让", "sold so far", measure("energy_right", "tce/a"), POSITIVE).optional(),
        ],
        outputs: &[
            number_out("limit_tce", "出让上限，整吨标准煤", "the most it may sell, whole tce", measure("energy_right", "tce/a")),
            number_out("left_tce", "还可出让；为负时已超出", "what is left; below zero it has sold too much", measure("energy_right", "tce/a")),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = standards(given).latest("rights", "energy")?;
        let share = decimal("government_share", rules.value("government_share")?)?;
        let quota = decimal("quota_tce", given.number("quota_tce"))?;
        let too_large = || {
            Problem::error("rights.too_large", text("“quota_tce”的数位超出可精确计算的范围", "\"quota_tce\" has more digits than can be computed exactly"))
                .key("quota_tce")
                .fix(text("检查单位与数量级", "look at the unit and the magnitude"))
        };
        let limit = quota.checked_mul(share).ok_or_else(too_large)?.floor();
        let sold = decimal("sold_tce", given.number_or("sold_tce", 0.0))?;
        let left = limit.checked_sub(sold).ok_or_else(too_large)?;
        Ok(Answer::number("limit_tce", float(limit)).and("left_tce", float(left)).and("evidence", rules.evidence.word()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// By hand: 100 + 50 − 120 = 30, + 10.
    #[test]
    fn a_reserve_by_name() {
        let movement = |day: &str, kind: &str, kg: f64| json!({ "day": day, "movement": kind, "kg": kg });
        let moved = json!([movement("2026-03-01", "strategic", 120.0), movement("2026-03-01", "closed", 50.0), movement("2026-03-02", "unsold", 10.0)]);
        let made = ask(&RESERVE, json!({ "opening_kg": 100, "movements": moved })).unwrap();
        assert_eq!((&made["reserve_kg"], &made["lowest_kg"], &made["by_movement_kg"]["closed"]), (&json!(40), &json!(30), &json!(50)));
        assert_eq!(made["evidence"], json!("partial"));
        assert_eq!(ask(&RESERVE, json!({ "opening_kg": 60, "movements": moved })).unwrap_err(), "rights.reserve_overdrawn");
        assert_eq!(ask(&RESERVE, json!({ "opening_kg": 60, "movements": [movement("2026-03-01", "gift", 1.0)] })).unwrap_err(), "rights.movement");
        assert_eq!(ask(&RESERVE, json!({ "opening_kg": 60, "movements": [movement("2026-03-01", "closed", 0.5)] })).unwrap_err(), "rights.not_whole");
        assert_eq!(ask(&RESERVE, json!({ "opening_kg": 60, "movements": [movement("2026-3-1", "closed", 1.0)] })).unwrap_err(), "calc.date");
    }

    /// By hand: one day of 365 of 1000 kg at 4000 yuan/(t a) is 1095.89 fen.
    #[test]
    fn a_right_with_one_day_left() {
        let given = |on: &str, last: &str| json!({ "qty_kg": 1000, "price_fen_t": 400_000, "on": on, "expires_on": last });
        let made = ask(&TRANSFER_VALUE, given("2026-03-01", "2026-03-01")).unwrap();
        assert_eq!((&made["days"], &made["value_fen"]), (&json!(1), &json!(1096)));
        assert_eq!(ask(&TRANSFER_VALUE, given("2026-03-01", "2031-02-28")).unwrap()["years"], json!(5.0));
        assert_eq!(ask(&TRANSFER_VALUE, given("2026-03-01", "2031-03-01")).unwrap_err(), "rights.term_too_long");
        let over = TRANSFER_VALUE.calculate(&given("2026-03-02", "2026-03-01")).unwrap();
        assert_eq!((&over.outputs["value_fen"], over.warnings[0].code.as_ref()), (&json!(0), "rights.term_over"));
    }

    #[test]
    fn recovery_and_energy_by_name() {
        let idle = |on: &str| ask(&RECOVERY, json!({ "on": on, "last_used": "2023-05-10" })).unwrap()["recoverable"].clone();
        assert_eq!((idle("2026-05-10"), idle("2026-05-11")), (json!(false), json!(true)));
        let made = ask(&RECOVERY, json!({ "on": "2026-01-01", "closed": true, "revoked": true })).unwrap();
        assert_eq!((&made["recoverable"], &made["reasons"]), (&json!(true), &json!(["closed", "revoked"])));
        assert_eq!(ask(&RECOVERY, json!({ "on": "2026-01-01" })).unwrap()["recoverable"], Value::Null);
        // Half of 10 001 is 5000.5, 5000 whole tce.
        let made = ask(&ENERGY_QUOTA_SALE, json!({ "quota_tce": 10_001, "sold_tce": 5001 })).unwrap();
        assert_eq!((&made["limit_tce"], &made["left_tce"]), (&json!(5000.0), &json!(-1.0)));
    }
}
