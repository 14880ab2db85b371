//! Zero direct discharge and the duty of river chiefs by name.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, Text, text, words};
use serde_json::{Map, Value, json};

use super::arguments::EVIDENCE;
use super::at_hand::standards;
use super::water::readings_of;
use crate::water::zero_discharge::{Area, Finding, OfOutlet, Outlet, area, county, outlet};
use crate::water::{Patrol, Reading, counts, due, score};

pub(super) const ALL: &[&Calculator] = &[&OUTLET, &UNIT, &COUNTY, &CHIEF_SCORE];

const MG_L: Measure = measure("concentration", "mg/L");
const WORD: Measure = measure("word", "1");
const PERCENT: Measure = measure("share", "%");
const ZERO: Source = Source {
    work: "浙江省“污水零直排区”建设行动方案（2018，据报道）",
    at: "晴天不排水，雨天无污水；界限见 rules/water/zero-discharge-design.toml",
};

/// Readings of a record by item code; none where the key is not there.
fn tests(record: &Value, key: &str) -> Result<Vec<(String, Reading)>, Problem> {
    match record.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(values)) => Ok(readings_of(values)?.into_iter().map(|(code, r)| (code.to_owned(), r)).collect()),
        Some(_) => Err(form("outlets", key)),
    }
}

fn form(list: &str, key: &str) -> Problem {
    Problem::error("calc.form", words!("“{list}”的“{key}”形式不对", "\"{key}\" of \"{list}\" has another form")).key(format!("{list}.{key}"))
}

/// A number of a record that may be missing.
fn maybe(record: &Value, key: &str, list: &str) -> Result<Option<f64>, Problem> {
    match record.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or_else(|| form(list, key)),
    }
}

/// An outlet as it was seen, of an object with these keys.
fn seen(record: &Value) -> Result<Outlet, Problem> {
    Ok(Outlet {
        id: record.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
        days_without_rain: maybe(record, "days_without_rain", "outlets")?,
        dry_flow: maybe(record, "dry_flow", "outlets")?,
        dry: tests(record, "dry")?,
        wet: tests(record, "wet")?,
    })
}

fn why(list: &[Text]) -> Value {
    list.iter().map(|t| json!({ "zh": t.zh, "en": t.en })).collect()
}

fn unverified(answer: Answer, a: &Arguments) -> Result<Answer, Problem> {
    Ok(answer.and("evidence", standards(a).latest("water", "zero_discharge")?.evidence.word()))
}

static OUTLET: Calculator = Calculator {
    spec: &Spec {
        id: "water.zero_discharge_outlet",
        title: text("污水零直排区：排口", "zero direct discharge: an outlet"),
        source: ZERO,
        reach: Reach::Whole,
        inputs: &[
            number("days_without_rain", "晴天检查前无雨的天数", "days without rain before it was looked at", measure("duration", "d"), POSITIVE).optional(),
            number("dry_flow", "晴天的流量，无水为 0", "flow in dry weather, 0 for none", measure("discharge", "L/s"), POSITIVE).optional(),
            given(
                "dry",
                "晴天有水时的快检，按项目代码；未检出写 \"<0.05\"",
                "quick tests of that flow by item; \"<0.05\" for a non-detect",
                Form::Object,
                MG_L,
            )
            .optional(),
            given("wet", "雨天出水的快检，按项目代码", "quick tests in wet weather by item", Form::Object, MG_L).optional(),
        ],
        outputs: &[
            made("dry", "晴天：pass、fail、open", "dry weather: pass, fail, open", Form::Text, WORD),
            made("wet", "雨天", "wet weather", Form::Text, WORD),
            made("result", "结论：两者中较差的", "the worse of both", Form::Text, WORD),
            made("why", "原因 [{zh, en}]", "why [{zh, en}]", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let optional = |name: &str| a.has(name).then(|| a.number(name));
        let list = |name: &str| -> Result<Vec<(String, Reading)>, Problem> {
            Ok(super::water::readings(a, name)?.into_iter().map(|(code, r)| (code.to_owned(), r)).collect())
        };
        let seen = Outlet {
            id: String::new(),
            days_without_rain: optional("days_without_rain"),
            dry_flow: optional("dry_flow"),
            dry: list("dry")?,
            wet: list("wet")?,
        };
        let found = outlet(standards(a).latest("water", "zero_discharge")?, &seen)?;
        let answer = Answer::default().and("dry", found.dry.word()).and("wet", found.wet.word());
        unverified(answer.and("result", found.whole.word()).and("why", why(&found.why)), a)
    },
};

static UNIT: Calculator = Calculator {
    spec: &Spec {
        id: "water.zero_discharge_unit",
        title: text("污水零直排区：单元（园区、小区、街镇）", "zero direct discharge: a unit"),
        source: ZERO,
        reach: Reach::Whole,
        inputs: &[
            number("coverage_pct", "污水管网覆盖率", "coverage of the sewer", PERCENT, (0.0, 100.0)).optional(),
            number("open_defects", "未整改缺陷数", "defects that are open", measure("count", "1"), POSITIVE).optional(),
            given(
                "outlets",
                "排口：id、days_without_rain、dry_flow、dry、wet，形同 water.zero_discharge_outlet",
                "outlets: id, days_without_rain, dry_flow, dry, wet as of water.zero_discharge_outlet",
                Form::Records,
                WORD,
            ),
        ],
        outputs: &[
            made("outlets", "各排口：id、dry、wet、result、why", "each outlet: id, dry, wet, result, why", Form::Records, WORD),
            made("result", "结论：pass、fail、open", "pass, fail, open", Form::Text, WORD),
            made("why", "原因 [{zh, en}]", "why [{zh, en}]", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("water", "zero_discharge")?;
        let list = a.records("outlets").iter().map(seen).collect::<Result<Vec<_>, Problem>>()?;
        let found = list.iter().map(|o| outlet(rules, o)).collect::<Result<Vec<OfOutlet>, Problem>>()?;
        let told = |(o, f): (&Outlet, &OfOutlet)| json!({ "id": o.id, "dry": f.dry.word(), "wet": f.wet.word(), "result": f.whole.word(), "why": why(&f.why) });
        let outlets: Vec<Value> = list.iter().zip(&found).map(told).collect();
        let open_defects = if a.has("open_defects") { Some(super::arguments::whole(a, "open_defects")?) } else { None };
        let unit = Area { coverage_pct: a.has("coverage_pct").then(|| a.number("coverage_pct")), open_defects };
        let (result, reasons) = area(rules, &unit, &found)?;
        unverified(Answer::default().and("outlets", outlets).and("result", result.word()).and("why", why(&reasons)), a)
    },
};

static COUNTY: Calculator = Calculator {
    spec: &Spec {
        id: "water.zero_discharge_county",
        title: text("污水零直排区：县（市、区）", "zero direct discharge: counties"),
        source: ZERO,
        reach: Reach::Whole,
        inputs: &[given(
            "counties",
            "按县（市、区）列出其单元的结论：{县: [pass、fail、open]}",
            "findings of the units of each county: {county: [pass, fail, open]}",
            Form::Object,
            WORD,
        )],
        outputs: &[
            made("result", "各县（市、区）", "each county", Form::Object, WORD),
            number_out("pass_pct", "达标比例；没有县为 null", "share that passes; null without counties", PERCENT),
            made("goal_met", "是否达到比例目标", "whether the share reaches the goal", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("water", "zero_discharge")?;
        let of = |word: &Value| [Finding::Pass, Finding::Open, Finding::Fail].into_iter().find(|f| word.as_str() == Some(f.word()));
        let (mut result, mut passing, mut all) = (Map::new(), 0_u32, 0_u32);
        for (name, units) in a.value("counties").and_then(Value::as_object).into_iter().flatten() {
            let units: Option<Vec<Finding>> = units.as_array().and_then(|list| list.iter().map(of).collect());
            let found = county(&units.ok_or_else(|| form("counties", name).expect(text("pass、fail 或 open 的列表", "a list of pass, fail or open")))?);
            all += 1;
            passing += u32::from(found == Finding::Pass);
            result.insert(name.clone(), json!(found.word()));
        }
        let answer = Answer::default().and("result", result);
        let goal = rules.value("county_goal")?;
        unverified(
            if all == 0 {
                answer.without("pass_pct").without("goal_met")
            } else {
                let share = 100.0 * f64::from(passing) / f64::from(all);
                answer.and("pass_pct", share).and("goal_met", share >= goal)
            },
            a,
        )
    },
};

static CHIEF_SCORE: Calculator = Calculator {
    spec: &Spec {
        id: "water.chief_score",
        title: text("河长履职评分", "score of a river chief"),
        source: Source {
            work: "浙江省河长制规定（2017）；周期与权重为设计值",
            at: "40 巡查完成 + 30 按时办结 + 20 断面达标 + 10 群众满意；见 rules/water/river-chief-2017.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            choice("level", "河长层级", "level of the chief", &["village", "town", "county", "city"]),
            number("days", "评分期的天数", "days of the period", measure("duration", "d"), POSITIVE),
            given("patrols", "巡查轨迹：m、min", "patrols by their tracks: m, min", Form::Records, WORD),
            number("closed", "应办结的问题", "problems that were due", measure("count", "1"), POSITIVE),
            number("closed_in_time", "按时办结的问题", "problems closed in time", measure("count", "1"), POSITIVE),
            number("sections_share", "断面达标率", "share of sections that comply", RATIO, SHARE).optional(),
            number("satisfaction_share", "群众满意率", "share of the public that is satisfied", RATIO, SHARE).optional(),
        ],
        outputs: &[
            number_out("patrols_counted", "有效巡查次数", "patrols that count", measure("count", "1")),
            number_out("patrols_due", "应巡查次数", "patrols due", measure("count", "1")),
            number_out("score", "得分；有一项未知时为 null", "score; null where a part is not known", RATIO),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("water", "chiefs")?;
        let mut counted = 0_u32;
        for record in a.records("patrols") {
            let of = |key: &str| maybe(record, key, "patrols")?.filter(|n| *n >= 0.0).ok_or_else(|| form("patrols", key));
            counted += u32::from(counts(rules, Patrol { m: of("m")?, min: of("min")? })?);
        }
        let wanted = due(rules, a.text("level"), a.number("days"))?.unwrap_or(0);
        let (closed, in_time) = (super::arguments::whole(a, "closed")?, super::arguments::whole(a, "closed_in_time")?);
        if in_time > closed {
            return Err(form("closed_in_time", "closed").expect(text("按时办结的不多于应办结的", "no more closed in time than were due")));
        }
        // Nothing due is all that was due.
        let share = |done: u32, all: u32| Some(if all == 0 { 1.0 } else { (f64::from(done) / f64::from(all)).min(1.0) });
        let optional = |name: &str| a.has(name).then(|| a.number(name));
        let parts = [share(counted, wanted), share(in_time, closed), optional("sections_share"), optional("satisfaction_share")];
        let answer = Answer::default().and("patrols_counted", counted).and("patrols_due", wanted).and("evidence", rules.evidence.word());
        Ok(match score(rules, parts)? {
            Some(score) => answer.and("score", score),
            None => answer.without("score"),
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// The limits of the method sheet, water section 8, through the names.
    #[test]
    fn outlets_units_and_counties() {
        let dry = json!({ "days_without_rain": 4, "dry_flow": 0, "wet": { "cod": 12, "nh3n": "<0.05" } });
        let found = ask(&OUTLET, dry).unwrap();
        assert_eq!((&found["result"], &found["why"], &found["evidence"]), (&json!("pass"), &json!([]), &json!("unverified")));
        let found = ask(&OUTLET, json!({ "days_without_rain": 4, "dry_flow": 0.3, "dry": { "nh3n": 3 }, "wet": { "cod": 12 } })).unwrap();
        assert_eq!((&found["dry"], &found["wet"], &found["result"]), (&json!("fail"), &json!("open"), &json!("fail")));
        assert_eq!(found["why"][0]["en"], "nh3n above 1 mg/L in dry weather");
        let outlet = |id: &str, flow: Value| json!({ "id": id, "days_without_rain": 5, "dry_flow": flow, "wet": { "cod": 40, "nh3n": 2 } });
        let unit = |second: Value| ask(&UNIT, json!({ "coverage_pct": 100, "open_defects": 0, "outlets": [outlet("P1", json!(0)), second] })).unwrap();
        assert_eq!(unit(outlet("P2", json!(0)))["result"], "pass");
        assert_eq!(unit(outlet("P2", Value::Null))["result"], "open");
        assert_eq!(ask(&UNIT, json!({ "outlets": [{ "id": "P1", "dry_flow": "none" }] })).unwrap_err(), "calc.form");
        // 4 of 5 are 80 %, the goal.
        let county =
            |last: &str| ask(&COUNTY, json!({ "counties": { "A": ["pass"], "B": ["pass", "pass"], "C": ["pass"], "D": ["pass"], "E": [last] } })).unwrap();
        assert_eq!((&county("fail")["pass_pct"], &county("fail")["goal_met"]), (&json!(80.0), &json!(true)));
        assert_eq!(county("open")["result"]["E"], "open");
        assert_eq!(ask(&COUNTY, json!({ "counties": { "A": ["good"] } })).unwrap_err(), "calc.form");
    }

    /// By hand: 3 of 4 patrols count, 2 of 2 closed, half of the sections, 90 % satisfied: 30 + 30 + 10 + 9.
    #[test]
    fn a_chief_by_hand() {
        let track = |m: f64| json!({ "m": m, "min": 12 });
        let given = json!({
            "level": "village", "days": 30, "patrols": [track(800.0), track(301.0), track(300.0), track(120.0)],
            "closed": 2, "closed_in_time": 2, "sections_share": 0.5, "satisfaction_share": 0.9,
        });
        let made = ask(&CHIEF_SCORE, given.clone()).unwrap();
        assert_eq!((&made["patrols_counted"], &made["patrols_due"], &made["score"]), (&json!(3), &json!(4), &json!(79.0)));
        let mut part = given;
        part["satisfaction_share"] = Value::Null;
        assert_eq!(ask(&CHIEF_SCORE, part).unwrap()["score"], Value::Null);
    }
}
