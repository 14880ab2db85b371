//! Carbon accounts beside the colour of an enterprise: its emission, the benchmark of an industry, farms and
//! persons.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{Form, Output, POSITIVE, RATIO, Reach, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Evidence, Measure, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::linkage::three_cuts;
use crate::linkage::carbon_account::{Fuel, Standing, account_colour, benchmark, emission_tco2};
use crate::linkage::small_accounts::{Deed, Use, farm_emission_t, personal_points};

pub(super) const ALL: &[&Calculator] = &[&ENTERPRISE_EMISSION, &BENCHMARK, &FARM_ACCOUNT, &PERSONAL_ACCOUNT];

const CO2: Measure = measure("carbon_dioxide", "tCO2");
const RECORD: Measure = measure("record", "1");
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO);
const ACCOUNTS: &str = "衢州碳账户（据公开报道）";

/// A number of a record, zero or more.
fn of(row: &Value, key: &str, name: &'static str) -> Result<f64, Problem> {
    row.get(key).and_then(Value::as_f64).filter(|n| *n >= 0.0).ok_or_else(|| lacking(name, key))
}

/// A word of a record.
fn said(row: &Value, key: &str, name: &'static str) -> Result<String, Problem> {
    row.get(key).and_then(Value::as_str).filter(|w| !w.is_empty()).map(str::to_owned).ok_or_else(|| lacking(name, key))
}

fn lacking(name: &'static str, key: &str) -> Problem {
    Problem::error("calc.form", words!("“{name}”的一行缺少“{key}”", "a row of \"{name}\" lacks \"{key}\""))
        .key(format!("{name}.{key}"))
        .expect(text("不小于 0 的数，或不空的文字", "a number of zero or more, or a word"))
}

static ENTERPRISE_EMISSION: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.enterprise_emission",
        title: text("企业二氧化碳排放量", "emission of an enterprise"),
        source: Source {
            work: "企业温室气体排放核算方法与报告指南（据转载）", at: "Σ 燃料 × NCV × CC × OF × 44/12 + 过程 + 外购电力、热力；因子须给出"
        },
        reach: Reach::Whole,
        inputs: &[
            given("fuels", "各燃料：quantity、ncv（GJ）、cc（tC/GJ）、of", "fuels: quantity, ncv (GJ), cc (tC/GJ), of", Form::Records, RECORD),
            number("process_t", "过程排放", "emission of the process", CO2, POSITIVE),
            number("power_1e3kWh", "外购电力", "power bought", measure("electricity", "1e3 kWh"), POSITIVE),
            number("power_factor", "电力排放因子", "factor of power", measure("carbon_intensity", "tCO2/(1e3 kWh)"), POSITIVE),
            number("heat_GJ", "外购热力", "heat bought", measure("heat", "GJ"), POSITIVE),
            number("heat_factor", "热力排放因子", "factor of heat", measure("carbon_intensity", "tCO2/GJ"), POSITIVE),
        ],
        outputs: &[number_out("E", "排放量", "emission", CO2), EVIDENCE],
    },
    run: |given| {
        let fuel = |row: &Value| {
            let n = |key| of(row, key, "fuels");
            Ok(Fuel { quantity: n("quantity")?, calorific: n("ncv")?, carbon: n("cc")?, oxidised: n("of")? })
        };
        let fuels = given.records("fuels").iter().map(fuel).collect::<Result<Vec<_>, Problem>>()?;
        let (power, heat) = ((given.number("power_1e3kWh"), given.number("power_factor")), (given.number("heat_GJ"), given.number("heat_factor")));
        Ok(Answer::number("E", emission_tco2(&fuels, given.number("process_t"), power, heat)).and("evidence", Evidence::Partial.word()))
    },
};

static BENCHMARK: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.benchmark",
        title: text("行业碳排放基准强度", "benchmark of an industry"),
        source: Source { work: ACCOUNTS, at: "Σ 排放 / Σ 产出；市内不足五家时用省的基准（设计值，未核实）" },
        reach: Reach::Whole,
        inputs: &[given("firms", "各企业：E（tCO2）、output", "firms: E (tCO2), output", Form::Records, RECORD)],
        outputs: &[
            number_out("bench", "基准强度；不足五家或没有产出为 null", "benchmark; null with fewer than five firms or no output", RATIO),
            number_out("firms", "企业数", "firms", RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let firm = |row: &Value| Ok((of(row, "E", "firms")?, of(row, "output", "firms")?));
        let firms = given.records("firms").iter().map(firm).collect::<Result<Vec<_>, Problem>>()?;
        let answer = Answer::default().and("firms", firms.len()).and("evidence", Evidence::Unverified.word());
        Ok(match benchmark(&firms) {
            Some(bench) => answer.and("bench", bench),
            None => answer.without("bench"),
        })
    },
};

static FARM_ACCOUNT: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.farm_account",
        title: text("农业碳账户评价", "carbon account of a farm"),
        source: Source {
            work: ACCOUNTS, at: "Σ 用量 × 因子 − 有机替代；按每亩强度分四色；因子、基准与界限须给出，未核实"
        },
        reach: Reach::Whole,
        inputs: &[
            given("uses", "化肥氮、粪肥、能源：what、amount、factor（tCO2e）", "nitrogen, manure, energy: what, amount, factor (tCO2e)", Form::Records, RECORD),
            number("organic_replacement_t", "有机替代的减排", "saved by organic replacement", CO2, POSITIVE),
            number("area_mu", "种植面积；没有为 null", "area; null without any", measure("area", "mu"), POSITIVE).optional(),
            number("bench", "每亩基准强度；没有基准为 null", "benchmark a mu; null without one", measure("carbon_intensity", "tCO2/mu"), POSITIVE).optional(),
            numbers("cuts", "深绿、浅绿、黄的上限，含", "upper ends of deep green, light green and yellow, included", RATIO, POSITIVE),
        ],
        outputs: &[
            number_out("E", "排放量", "emission", CO2),
            number_out("I", "每亩强度；没有面积为 null", "intensity a mu; null without an area", measure("carbon_intensity", "tCO2/mu")),
            number_out("L", "相对基准", "intensity over the benchmark", RATIO),
            made("colour", "颜色；没有面积或基准为灰", "colour; grey without an area or a benchmark", Form::Text, RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let used = |row: &Value| Ok(Use { what: said(row, "what", "uses")?, amount: of(row, "amount", "uses")?, factor: of(row, "factor", "uses")? });
        let uses = given.records("uses").iter().map(used).collect::<Result<Vec<_>, Problem>>()?;
        let emission = farm_emission_t(&uses, given.number("organic_replacement_t"))?;
        let optional = |name: &str| given.has(name).then(|| given.number(name));
        let cuts: [f64; 3] = given.numbers("cuts").try_into().map_err(|_| three_cuts())?;
        let (value_added, benchmark) = (optional("area_mu"), optional("bench"));
        let made = account_colour(&Standing { emission, value_added, benchmark, cuts, before: None, guard_t: 0.0, guard_growth: 0.0 })?;
        let with = |answer: Answer, name, value: Option<f64>| match value {
            Some(value) => answer.and(name, value),
            None => answer.without(name),
        };
        let answer = with(with(Answer::number("E", emission), "I", made.intensity), "L", made.level);
        Ok(answer.and("colour", made.colour.word()).and("evidence", Evidence::Unverified.word()))
    },
};

static PERSONAL_ACCOUNT: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.personal_account",
        title: text("个人碳账户积分", "points of a person's carbon account"),
        source: Source { work: ACCOUNTS, at: "Σ 活动 × 因子，每日封顶；因子与封顶须给出，未核实。只记自愿提供的最少数据" },
        reach: Reach::Whole,
        inputs: &[
            given("deeds", "各次：day、activity、amount、factor", "each: day, activity, amount, factor", Form::Records, RECORD),
            number("daily_cap", "每日封顶", "most of a day", RATIO, POSITIVE),
        ],
        outputs: &[made("days", "各日：day、points", "days: day, points", Form::Records, RATIO), number_out("points", "积分", "points", RATIO), EVIDENCE],
    },
    run: |given| {
        let deed = |row: &Value| {
            let day = row.get("day").filter(|day| super::targets::date("deeds.day", day).is_ok());
            let day = day.and_then(Value::as_str).ok_or_else(|| lacking("deeds", "day"))?.to_owned();
            Ok(Deed { day, activity: said(row, "activity", "deeds")?, amount: of(row, "amount", "deeds")?, factor: of(row, "factor", "deeds")? })
        };
        let deeds = given.records("deeds").iter().map(deed).collect::<Result<Vec<_>, Problem>>()?;
        let (days, points) = personal_points(&deeds, given.number("daily_cap"))?;
        let days: Vec<Value> = days.into_iter().map(|(day, points)| json!({ "day": day, "points": points })).collect();
        Ok(Answer::default().and("days", days).and("points", points).and("evidence", Evidence::Unverified.word()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(calculator: &Calculator, given: Value) -> Value {
        Value::Object(calculator.calculate(&given).unwrap_or_else(|problems| panic!("{problems:?}")).outputs)
    }

    /// By hand: 100 thousand kWh × 0.57 + 10 GJ × 0.11 + 1 = 59.1; five firms of 10 over 5 are 2.
    #[test]
    fn enterprises_by_hand() {
        let firm = json!({ "fuels": [], "process_t": 1, "power_1e3kWh": 100, "power_factor": 0.57, "heat_GJ": 10, "heat_factor": 0.11 });
        assert!((answers(&ENTERPRISE_EMISSION, firm)["E"].as_f64().unwrap() - 59.1).abs() < 1e-9);
        let coal = json!({ "fuels": [{ "quantity": 1 }], "process_t": 0, "power_1e3kWh": 0, "power_factor": 0, "heat_GJ": 0, "heat_factor": 0 });
        assert_eq!(ENTERPRISE_EMISSION.calculate(&coal).unwrap_err().0[0].code, "calc.form");
        let firms = |n: usize| answers(&BENCHMARK, json!({ "firms": vec![json!({ "E": 10, "output": 5 }); n] }))["bench"].clone();
        assert_eq!([firms(5), firms(4)], [json!(2.0), Value::Null]);
    }

    /// By hand: 11.3 t on 200 mu are 0.0565 a mu, 0.565 of a benchmark of 0.1: deep green at a cut of 0.6.
    #[test]
    fn a_farm_has_its_colour_and_a_person_points() {
        let farm = json!({
            "uses": [{ "what": "N", "amount": 2, "factor": 5.5 }, { "what": "power", "amount": 3000, "factor": 0.0005 }],
            "organic_replacement_t": 1.2, "area_mu": 200, "bench": 0.1, "cuts": [0.6, 1.0, 1.5],
        });
        let made = answers(&FARM_ACCOUNT, farm.clone());
        assert_eq!((&made["E"], &made["L"], &made["colour"]), (&json!(11.3), &json!(0.565), &json!("deep green 深绿")));
        let mut fallow = farm;
        fallow["area_mu"] = Value::Null;
        let made = answers(&FARM_ACCOUNT, fallow);
        assert_eq!((&made["I"], &made["colour"]), (&Value::Null, &json!("grey 灰")));
        let deed = |day: &str, amount: f64| json!({ "day": day, "activity": "bus_km", "amount": amount, "factor": 0.2 });
        let person = answers(&PERSONAL_ACCOUNT, json!({ "deeds": [deed("2026-05-01", 40.0), deed("2026-05-02", 20.0)], "daily_cap": 5 }));
        assert_eq!((&person["points"], &person["days"][0]["points"]), (&json!(9.0), &json!(5.0)));
        let bad = PERSONAL_ACCOUNT.calculate(&json!({ "deeds": [deed("2026-05-32", 1.0)], "daily_cap": 5 })).unwrap_err();
        assert_eq!(bad.0[0].code, "calc.form");
    }
}
