//! Plants watched while they produce, by name; old vehicles that are gone.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::arguments::{EVIDENCE, whole};
use super::at_hand::standards;
use crate::sources::plants::{Step, Stretch, beside_workshop, coal_replaced_t, dusty, watch};
use crate::sources::vehicles::eliminated_pct;

pub(super) const ALL: &[&Calculator] = &[&FACILITY_WATCH, &VOC_PLANT, &DUST, &COAL_REPLACEMENT, &ELIMINATION];

const WORD: Measure = measure("word", "1");
const TONNES: Measure = measure("coal", "t");
const COUNT: Measure = measure("count", "1");
const NMHC: Measure = measure("concentration", "mg/m3");

/// Stretches as records; steps counted from 1.
fn told(found: &[Stretch]) -> Vec<Value> {
    found.iter().map(|s| json!({ "what": s.what, "from": s.from + 1, "steps": s.steps, "minutes": s.minutes })).collect()
}

static FACILITY_WATCH: Calculator = Calculator {
    spec: &Spec {
        id: "air.facility_watch",
        title: text("生产期间治理设施运行监控", "a treatment facility while there is production"),
        source: Source {
            work: "衢州“两山”规划：重点企业配备 VOCs 处理设施运行在线监控装置；界限为设计值与一般知识",
            at: "停运超过 10 分钟；RTO 炉温低于 760 ℃；见 rules/air/gb37822-2019.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            number("step_min", "每条记录的时长，大于 0", "minutes of each step, above 0", measure("duration", "min"), POSITIVE),
            given(
                "steps",
                "按时间：producing、running、temperature_C（没有炉温或未知为 null）",
                "in time order: producing, running, temperature_C (null where there is none or it is not known)",
                Form::Records,
                WORD,
            ),
        ],
        outputs: &[
            made(
                "events",
                "事件：what（off、cold）、from（第几条）、steps、minutes",
                "events: what (off, cold), from (counted from 1), steps, minutes",
                Form::Records,
                WORD,
            ),
            number_out("unknown", "生产或运行状态未知的记录数", "steps of which production or running is not known", COUNT),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("air", "voc")?;
        let bad =
            |key: &str| Problem::error("calc.form", words!("“steps”的“{key}”形式不对", "\"{key}\" of \"steps\" has another form")).key(format!("steps.{key}"));
        let minutes = a.number("step_min");
        if minutes <= 0.0 {
            return Err(bad("step_min").key("step_min").expect(text("大于 0 的分钟数", "minutes above 0")));
        }
        let mut steps = Vec::new();
        for record in a.records("steps") {
            let known = |key: &str| record.get(key).filter(|v| !v.is_null());
            let truth = |key: &str| known(key).map(|v| v.as_bool().ok_or_else(|| bad(key))).transpose();
            let celsius = known("temperature_C").map(|v| v.as_f64().ok_or_else(|| bad("temperature_C"))).transpose()?;
            steps.push(Step { producing: truth("producing")?, running: truth("running")?, celsius });
        }
        let unknown = steps.iter().filter(|s| s.producing.is_none() || s.running.is_none()).count();
        let evidence = rules.parameter("facility_off")?.evidence.with(rules.parameter("rto_celsius")?.evidence);
        Ok(Answer::default().and("events", told(&watch(rules, &steps, minutes)?)).and("unknown", unknown).and("evidence", evidence.word()))
    },
};

static VOC_PLANT: Calculator = Calculator {
    spec: &Spec {
        id: "air.voc_plant",
        title: text("厂区内挥发性有机物无组织排放", "organic gas inside the plant, beside the workshop"),
        source: Source { work: "GB 37822-2019", at: "附录 A 表 A.1" },
        reach: Reach::Whole,
        inputs: &[
            choice("averaging", "1 h 均值或任意一次", "mean of an hour, or any single value", &["1h", "single"]),
            number("value", "NMHC", "NMHC", NMHC, POSITIVE),
            given("key_region", "在重点地区，执行特别排放限值", "in a key region: the special limits", Form::Truth, WORD).optional(),
        ],
        outputs: &[number_out("limit", "限值", "the limit", NMHC), made("passes", "达标", "keeps to it", Form::Truth, WORD), EVIDENCE],
    },
    run: |a| {
        let rules = standards(a).latest("air", "voc")?;
        let found = beside_workshop(rules, a.text("averaging"), a.truth("key_region"), a.number("value"))?;
        let answer = Answer::default().and("evidence", rules.evidence.word());
        Ok(match found {
            Some((limit, passes)) => answer.and("limit", limit).and("passes", passes),
            None => answer.without("limit").without("passes"),
        })
    },
};

static DUST: Calculator = Calculator {
    spec: &Spec {
        id: "air.dust_event",
        title: text("工地、矿山扬尘事件", "dust of building sites and mines"),
        source: Source {
            work: "扬尘在线监测（设计值）", at: "小时 PM10 连续两小时高于全市均值的 1.5 倍；见 rules/air/dust-design.toml"
        },
        reach: Reach::Whole,
        inputs: &[
            given("site", "该点各小时 PM10，缺测为 null", "PM10 of the site by hour, null for a missing one", Form::Series, measure("concentration", "ug/m3")),
            given("city", "全市各小时 PM10 均值", "mean of the city by hour", Form::Series, measure("concentration", "ug/m3")),
        ],
        outputs: &[
            made("events", "事件：from（第几小时）、steps（小时数）", "events: from (hour, counted from 1), steps (hours)", Form::Records, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("air", "dust")?;
        let (site, city) = (a.series("site"), a.series("city"));
        if site.len() != city.len() {
            return Err(Problem::error("calc.form", text("“city”与“site”的小时数不同", "\"city\" and \"site\" have different hours"))
                .key("city")
                .expect(text("与 site 同样的小时数", "as many hours as site")));
        }
        let hours: Vec<(Option<f64>, Option<f64>)> = site.into_iter().zip(city).collect();
        let found: Vec<Value> = dusty(rules, &hours)?.iter().map(|s| json!({ "from": s.from + 1, "steps": s.steps })).collect();
        Ok(Answer::default().and("events", found).and("evidence", rules.evidence.word()))
    },
};

static COAL_REPLACEMENT: Calculator = Calculator {
    spec: &Spec {
        id: "air.coal_replacement",
        title: text("新建项目煤炭等量或减量替代", "coal that a new project has to replace"),
        source: Source { work: "煤炭消费总量控制", at: "替代量 = 新增用煤 × 替代比例；比例按项目给出" },
        reach: Reach::Whole,
        inputs: &[
            number("new_t", "新增用煤", "coal the project uses", TONNES, POSITIVE),
            number("ratio", "替代比例，1 为等量，大于 1 为减量", "ratio: 1 replaces as much, more than 1 reduces", RATIO, (1.0, f64::INFINITY)),
            number("found_t", "已落实的替代量", "replacement found so far", TONNES, POSITIVE).optional(),
        ],
        outputs: &[
            number_out("needed_t", "须替代", "to be replaced", TONNES),
            made("met", "已落实；未给出为 null", "found; null when not given", Form::Truth, WORD),
        ],
    },
    run: |a| {
        let needed = coal_replaced_t(a.number("new_t"), a.number("ratio"));
        let answer = Answer::number("needed_t", needed);
        // A part in 10¹² is the float's.
        Ok(if a.has("found_t") { answer.and("met", a.number("found_t") >= needed * (1.0 - 1e-12)) } else { answer.without("met") })
    },
};

static ELIMINATION: Calculator = Calculator {
    spec: &Spec {
        id: "vehicle.elimination",
        title: text("老旧车淘汰进度", "old vehicles that are gone"),
        source: Source { work: "老旧车淘汰", at: "已报废 / 清单" },
        reach: Reach::Whole,
        inputs: &[number("scrapped", "已报废", "scrapped", COUNT, POSITIVE), number("listed", "清单", "on the list", COUNT, POSITIVE)],
        outputs: &[number_out("pct", "进度；清单为空为 null", "progress; null for an empty list", measure("ratio", "%"))],
    },
    run: |a| {
        let (scrapped, listed) = (whole(a, "scrapped")?, whole(a, "listed")?);
        if scrapped > listed {
            return Err(Problem::error("calc.range", words!("已报废 {scrapped} 辆多于清单的 {listed} 辆", "{scrapped} are scrapped of {listed} on the list"))
                .key("scrapped")
                .expect(text("不多于清单", "no more than the list")));
        }
        Ok(match eliminated_pct(scrapped, listed) {
            Some(pct) => Answer::number("pct", pct),
            None => Answer::default().without("pct"),
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
    fn plants_by_name() {
        let step = |running: Value, celsius: Value| json!({ "producing": true, "running": running, "temperature_C": celsius });
        let steps = json!([step(json!(true), json!(700)), step(json!(false), Value::Null), step(json!(false), Value::Null), step(Value::Null, Value::Null)]);
        let made = ask(&FACILITY_WATCH, json!({ "step_min": 6, "steps": steps })).unwrap();
        assert_eq!(
            made["events"],
            json!([{ "what": "cold", "from": 1, "steps": 1, "minutes": 6.0 }, { "what": "off", "from": 2, "steps": 2, "minutes": 12.0 }])
        );
        assert_eq!((&made["unknown"], &made["evidence"]), (&json!(1), &json!("unverified")));
        assert_eq!(ask(&FACILITY_WATCH, json!({ "step_min": 0, "steps": [] })).unwrap_err(), "calc.form");
        let made = ask(&VOC_PLANT, json!({ "averaging": "1h", "value": 7, "key_region": true })).unwrap();
        assert_eq!((&made["limit"], &made["passes"]), (&json!(6.0), &json!(false)));
        let made = ask(&DUST, json!({ "site": [121, 121, null], "city": [80, 80, 80] })).unwrap();
        assert_eq!(made["events"], json!([{ "from": 1, "steps": 2 }]));
        assert_eq!(ask(&DUST, json!({ "site": [121], "city": [] })).unwrap_err(), "calc.form");
        assert_eq!(ask(&COAL_REPLACEMENT, json!({ "new_t": 1000, "ratio": 1.5, "found_t": 1500 })).unwrap()["met"], json!(true));
        assert_eq!(ask(&COAL_REPLACEMENT, json!({ "new_t": 1000, "ratio": 0.9 })).unwrap_err(), "calc.range");
        assert_eq!(ask(&ELIMINATION, json!({ "scrapped": 30, "listed": 40 })).unwrap()["pct"], json!(75.0));
        assert_eq!(ask(&ELIMINATION, json!({ "scrapped": 41, "listed": 40 })).unwrap_err(), "calc.range");
    }
}
