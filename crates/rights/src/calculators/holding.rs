//! A holder's year, a region's balance, and between whom rights may go.

use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::{KG_A, count, counts, exact};
use crate::holding::{Year, yearly_compliance};
use crate::region::{Medium, River, Side, may_trade};
use crate::reserve::regional_balance;

pub(super) const ALL: &[&Calculator] = &[&YEARLY_COMPLIANCE, &REGIONAL_BALANCE, &TRADE_SCOPE];

const MEASURE: &str = "浙江省排污权有偿使用和交易管理办法（2023，据转载）";
const EVIDENCE: liangshan_vocab::Output = made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO);

static YEARLY_COMPLIANCE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.yearly_compliance",
        title: text("持有人年度合规：实际排放与持有量、许可量", "a holder's year: emission against holding and permit"),
        source: Source {
            work: MEASURE, at: "核定排放 ≤ 持有量；不得出让到持有量低于预计排放；排污权按年计，当年未用的不转入下年"
        },
        reach: Reach::Whole,
        inputs: &[
            number("verified_kg", "核定的年排放量", "verified emission of the year", KG_A, POSITIVE),
            number("holding_kg", "当年持有量，整千克", "right held for the year, whole kilograms", KG_A, POSITIVE),
            number("permit_kg", "排污许可量", "what the discharge permit allows", KG_A, POSITIVE).optional(),
            number("forecast_kg", "下年预计排放量", "emission forecast for the year to come", KG_A, POSITIVE).optional(),
            number("available_kg", "未冻结、质押、预留的量；不给时为持有量", "neither frozen, pledged nor reserved; the holding when left out", KG_A, POSITIVE)
                .optional(),
        ],
        outputs: &[
            made("complies", "合规", "complies", Form::Truth, RATIO),
            made("event", "超出持有量，成为事件", "beyond the holding: an event", Form::Truth, RATIO),
            number_out("excess_kg", "超出持有量，整千克向上", "beyond the holding, whole kilograms upwards", KG_A),
            number_out("over_permit_kg", "超出许可量；未给许可量为 null", "beyond the permit; null without one", KG_A),
            number_out("unused_kg", "当年未用，不转入下年", "not used this year; it does not pass into the next", KG_A),
            number_out("sellable_kg", "可出让的上限；没有预计排放为 null", "the most that may be sold; null without a forecast", KG_A),
            EVIDENCE,
        ],
    },
    run: |given| {
        let holding = count(given, "holding_kg")?;
        let year = Year {
            verified: exact(given, "verified_kg")?,
            holding,
            permit: if given.has("permit_kg") { Some(count(given, "permit_kg")?) } else { None },
            forecast: if given.has("forecast_kg") { Some(exact(given, "forecast_kg")?) } else { None },
            available: if given.has("available_kg") { count(given, "available_kg")? } else { holding },
        };
        let made = yearly_compliance(&year)?;
        let answer = Answer::default().and("complies", made.complies()).and("event", made.excess > 0).and("excess_kg", made.excess);
        let answer = answer.and("unused_kg", made.unused).and("evidence", Evidence::Partial.word());
        let with = |answer: Answer, name, value: Option<i64>| match value {
            Some(value) => answer.and(name, value),
            None => answer.without(name),
        };
        Ok(with(with(answer, "over_permit_kg", made.over_permit), "sellable_kg", made.sellable))
    },
};

static REGIONAL_BALANCE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.regional_balance",
        title: text("区域排污权平衡", "balance of a region's emission rights"),
        source: Source {
            work: "排污权初始分配：区域总量闭合", at: "Σ 持有量 + 政府储备 ≤ 区域总量；超出时 k = (总量 − 储备) / Σ 持有量"
        },
        reach: Reach::Whole,
        inputs: &[
            number("cap_kg", "区域总量", "cap of the region", KG_A, POSITIVE),
            given("holdings_kg", "各排污单位的持有量", "what each source holds", Form::List, KG_A),
            number("reserve_kg", "政府储备", "reserve of the government", KG_A, POSITIVE),
        ],
        outputs: &[
            number_out("held_kg", "持有量合计", "what sources hold", KG_A),
            number_out("headroom_kg", "余量；为负时超出总量", "what is left of the cap; below zero it is exceeded", KG_A),
            made("closes", "是否闭合", "whether it closes", Form::Truth, RATIO),
            number_out("k", "闭合所需的调整系数，不大于 1", "factor by which it would close, at most 1", RATIO),
        ],
    },
    run: |given| {
        let made = regional_balance(count(given, "cap_kg")?, &counts(given, "holdings_kg")?, count(given, "reserve_kg")?)?;
        let answer = Answer::default().and("held_kg", made.held).and("headroom_kg", made.headroom);
        Ok(answer.and("closes", made.closes).and("k", made.k))
    },
};

/// One side of a trade.
fn side(given: &liangshan_vocab::Arguments, name: &str) -> Result<Side, Problem> {
    let object = given.value(name).unwrap_or(&Value::Null);
    let of = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| form(format!("{name}.{key}"))),
    };
    Ok(Side { province: of("province")?, basin: of("basin")?, unit: of("unit")? })
}

fn form(key: String) -> Problem {
    Problem::error("calc.form", words!("“{key}”的形式不对", "\"{key}\" has the wrong form")).key(key).expect(words!("文字", "a word"))
}

static TRADE_SCOPE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.trade_scope",
        title: text("排污权交易的区域限制", "between whom emission rights may be traded"),
        source: Source {
            work: MEASURE, at: "水污染物限同一流域，不达标断面上游的买方不得向其下游的卖方购买；大气污染物限省内（设计值，未核实）"
        },
        reach: Reach::Whole,
        inputs: &[
            choice("medium", "水或大气", "water or air", &["water", "air"]),
            given("seller", "卖方：province、basin、unit（未知可空）", "seller: province, basin, unit (null for not known)", Form::Object, RATIO),
            given("buyer", "买方：province、basin、unit", "buyer: province, basin, unit", Form::Object, RATIO),
            given("downstream", "单元到其下游单元，末端为 null", "units to the ones they drain to, the last to null", Form::Object, RATIO).optional(),
            given("failing", "出口断面不达标的单元", "units whose outlet section fails", Form::List, RATIO).optional(),
        ],
        outputs: &[
            made("allowed", "可否交易；关键情况未知为 null", "allowed; null where something that decides is not known", Form::Truth, RATIO),
            made("why", "原因 [{zh, en}]", "why [{zh, en}]", Form::List, RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let mut river = River::default();
        for (unit, next) in given.value("downstream").and_then(Value::as_object).into_iter().flatten() {
            let next = match next {
                Value::Null => None,
                Value::String(next) => Some(next.clone()),
                _ => return Err(form(format!("downstream.{unit}"))),
            };
            river.downstream.insert(unit.clone(), next);
        }
        for unit in given.records("failing") {
            river.failing.insert(unit.as_str().ok_or_else(|| form("failing".to_owned()))?.to_owned());
        }
        let medium = if given.text("medium") == "air" { Medium::Air } else { Medium::Water };
        let made = may_trade(medium, &side(given, "seller")?, &side(given, "buyer")?, &river)?;
        let why: Vec<Value> = made.why.iter().map(|t| json!({ "zh": t.zh, "en": t.en })).collect();
        let answer = Answer::default().and("why", why).and("evidence", Evidence::Unverified.word());
        Ok(match made.allowed {
            Some(allowed) => answer.and("allowed", allowed),
            None => answer.without("allowed"),
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// By hand, with the numbers of the functions' own tests.
    #[test]
    fn a_holder_and_a_region_by_name() {
        let year = json!({ "verified_kg": 950.2, "holding_kg": 1000, "forecast_kg": 980, "available_kg": 30 });
        let made = ask(&YEARLY_COMPLIANCE, year).unwrap();
        assert_eq!(
            (&made["complies"], &made["unused_kg"], &made["sellable_kg"], &made["over_permit_kg"]),
            (&json!(true), &json!(49), &json!(20), &Value::Null)
        );
        let made = ask(&YEARLY_COMPLIANCE, json!({ "verified_kg": 950, "holding_kg": 1000, "permit_kg": 900 })).unwrap();
        assert_eq!((&made["complies"], &made["event"], &made["over_permit_kg"]), (&json!(false), &json!(false), &json!(50)));
        assert_eq!(ask(&YEARLY_COMPLIANCE, json!({ "verified_kg": 1, "holding_kg": 1.5 })).unwrap_err(), "rights.not_whole");
        let made = ask(&REGIONAL_BALANCE, json!({ "cap_kg": 1000, "holdings_kg": [601, 300], "reserve_kg": 100 })).unwrap();
        assert_eq!((&made["headroom_kg"], &made["closes"], &made["k"]), (&json!(-1), &json!(false), &json!(900.0 / 901.0)));
    }

    #[test]
    fn a_trade_by_name() {
        let trade = |seller: &str, buyer: &str| {
            let side = |unit: &str| json!({ "province": "浙江", "basin": "钱塘江", "unit": unit });
            json!({ "medium": "water", "seller": side(seller), "buyer": side(buyer), "downstream": { "A": "B", "B": "C", "C": null }, "failing": ["B"] })
        };
        let made = ask(&TRADE_SCOPE, trade("C", "A")).unwrap();
        assert_eq!((&made["allowed"], &made["evidence"]), (&json!(false), &json!("unverified")));
        assert_eq!(ask(&TRADE_SCOPE, trade("A", "C")).unwrap()["allowed"], json!(true));
        assert_eq!(ask(&TRADE_SCOPE, trade("X", "C")).unwrap_err(), "rights.no_unit");
        assert_eq!(ask(&TRADE_SCOPE, json!({ "medium": "air", "seller": { "province": 1 }, "buyer": {} })).unwrap_err(), "calc.form");
    }
}
