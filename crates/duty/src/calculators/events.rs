//! Events by name: severity and triage, the grade of an emergency, recheck, escalation.

use liangshan_vocab::quantity::{Measure, measure};
use liangshan_vocab::spec::{Form, POSITIVE, RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::arguments::{EVIDENCE, whole};
use super::at_hand::standards;
use crate::events::{Cure, Emergency, Event, escalation, grade, recheck, severity};

pub(super) const ALL: &[&Calculator] = &[&SEVERITY, &EMERGENCY, &RECHECK, &ESCALATION];

const WORD: Measure = measure("word", "1");
const HOURS: Measure = measure("duration", "h");
const PEOPLE: Measure = measure("population", "person");
const DESIGN: Source = Source { work: "智慧环保事件分诊（据报道）；界限为设计值", at: "rules/linkage/event-triage-design.toml" };

static SEVERITY: Calculator = Calculator {
    spec: &Spec {
        id: "event.severity",
        title: text("事件严重程度与分诊", "severity and triage of an event"),
        source: DESIGN,
        reach: Reach::Whole,
        inputs: &[
            number("multiple", "超标倍数（值/限值 − 1）", "multiple of exceedance, value over limit less one", RATIO, POSITIVE).optional(),
            number("duration_h", "持续时间", "how long it has lasted", HOURS, POSITIVE).optional(),
            given("drinking_source", "涉及饮用水源", "a drinking-water source is near", Form::Truth, WORD).optional(),
            given("redline", "在生态红线内", "inside an ecological redline", Form::Truth, WORD).optional(),
            given("acute_risk", "急性安全风险", "an acute risk to people", Form::Truth, WORD).optional(),
            number("days_since_closed", "距同一事件上次办结的天数", "days since the same event was closed", measure("duration", "d"), POSITIVE).optional(),
        ],
        outputs: &[
            number_out("by_multiple", "按倍数；未给出为 null", "by its multiple; null when not given", RATIO),
            number_out("by_duration", "按时长；未给出为 null", "by its duration; null when not given", RATIO),
            made("relapse", "是否复发", "whether it is a relapse", Form::Truth, WORD),
            number_out("severity", "严重程度 1–4", "severity, 1 to 4", RATIO),
            number_out("within_h", "处置时限，0 为立即", "hours within which it is acted on, 0 at once", HOURS),
            made("joint", "联合处置", "a joint order", Form::Truth, WORD),
            made("action_zh", "处置", "what is done, in Chinese", Form::Text, WORD),
            made("action_en", "处置（英文）", "what is done", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("linkage", "triage")?;
        let optional = |name: &str| a.has(name).then(|| a.number(name));
        let made = severity(
            rules,
            &Event {
                multiple: optional("multiple"),
                duration_h: optional("duration_h"),
                drinking_source: a.truth("drinking_source"),
                redline: a.truth("redline"),
                acute_risk: a.truth("acute_risk"),
                days_since_closed: optional("days_since_closed"),
            },
        )?;
        let answer = Answer::default().and("severity", made.severity).and("within_h", made.within_h).and("joint", made.joint).and("relapse", made.relapse);
        let answer = answer.and("action_zh", made.action.zh.as_ref()).and("action_en", made.action.en.as_ref()).and("evidence", rules.evidence.word());
        let with = |answer: Answer, name, step: Option<u8>| match step {
            Some(step) => answer.and(name, step),
            None => answer.without(name),
        };
        Ok(with(with(answer, "by_multiple", made.by_multiple), "by_duration", made.by_duration))
    },
};

static EMERGENCY: Calculator = Calculator {
    spec: &Spec {
        id: "event.emergency_grade",
        title: text("突发环境事件分级", "grade of an environmental emergency"),
        source: Source { work: "国家突发环境事件应急预案（国办函〔2014〕119号，据转载）", at: "附件一；辐射事件不在其中" },
        reach: Reach::Whole,
        inputs: &[
            number("deaths", "死亡", "deaths", PEOPLE, POSITIVE).optional(),
            number("injured", "中毒或重伤", "poisoned or badly hurt", PEOPLE, POSITIVE).optional(),
            number("evacuated", "疏散、转移", "moved away", PEOPLE, POSITIVE).optional(),
            number("loss_1e4yuan", "直接经济损失", "direct loss", measure("money", "1e4 CNY"), POSITIVE).optional(),
            given(
                "circumstances",
                "其他情形的代码，见 liangshan rules show emergency-2014",
                "codes of other circumstances: liangshan rules show emergency-2014",
                Form::List,
                WORD,
            )
            .optional(),
        ],
        outputs: &[
            made("grade", "级别 I–IV，I 最重", "I to IV, I the gravest", Form::Text, WORD),
            made("name_zh", "名称", "its name in Chinese", Form::Text, WORD),
            made("name_en", "名称（英文）", "its name", Form::Text, WORD),
            made("by", "依据", "what made it", Form::List, WORD),
            made("unknown", "未知的数：级别可能更重", "numbers not known: it may be graver", Form::List, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("linkage", "emergency")?;
        let optional = |name: &str| a.has(name).then(|| a.number(name));
        let code = |v: &Value| v.as_str().map(str::to_owned);
        let circumstances =
            a.records("circumstances").iter().map(code).collect::<Option<Vec<_>>>().ok_or_else(|| {
                Problem::error("calc.form", words!("“circumstances”应为代码的列表", "\"circumstances\" is a list of codes")).key("circumstances")
            })?;
        let made = grade(
            rules,
            &Emergency {
                deaths: optional("deaths"),
                injured: optional("injured"),
                evacuated: optional("evacuated"),
                loss_1e4yuan: optional("loss_1e4yuan"),
                circumstances,
            },
        )?;
        let answer = Answer::default().and("grade", made.grade).and("name_zh", made.title.zh.as_ref()).and("name_en", made.title.en.as_ref());
        Ok(answer.and("by", json!(made.by)).and("unknown", json!(made.unknown)).and("evidence", rules.evidence.word()))
    },
};

static RECHECK: Calculator = Calculator {
    spec: &Spec {
        id: "event.recheck",
        title: text("治理复查", "recheck of a cure"),
        source: DESIGN,
        reach: Reach::Whole,
        inputs: &[
            number("before", "治理前实测", "measured before", RATIO, POSITIVE),
            number("after", "治理后实测，同一单位", "measured after, in the same unit", RATIO, POSITIVE),
            number("limit", "限值", "the limit", RATIO, POSITIVE),
            number("promised", "处方承诺的降幅（0.3 为降 30 %）", "fall that was promised, 0.3 for 30 %", RATIO, (0.0, 1.0)),
            number("returned", "此前退回的次数", "returned before", measure("count", "1"), POSITIVE).optional(),
        ],
        outputs: &[
            number_out("effect", "实际降幅；治理前为 0 时为 null", "how far it fell; null where nothing was there", RATIO),
            made("within_limit", "不超过限值", "keeps to the limit", Form::Truth, WORD),
            made("enough", "达到承诺的足够份额", "enough of what was promised", Form::Truth, WORD),
            made("result", "cured 或 returned", "cured or returned", Form::Text, WORD),
            number_out("returned", "退回次数", "times returned", measure("count", "1")),
            made("supervised", "转督办", "supervised", Form::Truth, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("linkage", "triage")?;
        let returned = if a.has("returned") { whole(a, "returned")? } else { 0 };
        let n = |name| a.number(name);
        let made = recheck(rules, &Cure { before: n("before"), after: n("after"), limit: n("limit"), promised: n("promised"), returned })?;
        let answer = Answer::default().and("within_limit", made.within_limit).and("enough", made.enough).and("returned", made.returned);
        let answer = answer.and("result", if made.cured { "cured" } else { "returned" }).and("supervised", made.supervised);
        let answer = answer.and("evidence", rules.evidence.word());
        Ok(match made.effect {
            Some(effect) => answer.and("effect", effect),
            None => answer.without("effect"),
        })
    },
};

static ESCALATION: Calculator = Calculator {
    spec: &Spec {
        id: "event.escalation",
        title: text("超时升级", "whom an event that waits goes to"),
        source: DESIGN,
        reach: Reach::Whole,
        inputs: &[
            number("elapsed_h", "已用时间（暂停的不计）", "time used; pauses do not count", HOURS, POSITIVE),
            number("allowed_h", "时限，大于 0", "the term, above 0", HOURS, POSITIVE),
        ],
        outputs: &[
            number_out("share", "用去的份额", "share of the term", RATIO),
            made("step", "warn、chief、deputy_director、supervision；未到为 null", "the step; null before the first", Form::Text, WORD),
            made("step_zh", "名称", "its name in Chinese", Form::Text, WORD),
            EVIDENCE,
        ],
    },
    run: |a| {
        let rules = standards(a).latest("linkage", "triage")?;
        let allowed = a.number("allowed_h");
        if allowed <= 0.0 {
            return Err(Problem::error("event.number", words!("allowed_h 为 {allowed}", "allowed_h is {allowed}"))
                .key("allowed_h")
                .expect(text("大于 0 的小时数", "hours above 0"))
                .fix(text("改正时限", "correct the term")));
        }
        let share = a.number("elapsed_h") / allowed;
        let answer = Answer::number("share", share).and("evidence", rules.evidence.word());
        Ok(match escalation(rules, share)? {
            Some((step, title)) => answer.and("step", step).and("step_zh", title.zh.as_ref()),
            None => answer.without("step").without("step_zh"),
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

    /// The steps of the method sheet, linkage section 2, and annex 1 of the national plan.
    #[test]
    fn events_by_name() {
        let made = ask(&SEVERITY, json!({ "multiple": 0.3, "duration_h": 1, "drinking_source": true })).unwrap();
        assert_eq!((&made["severity"], &made["within_h"], &made["joint"], &made["by_duration"]), (&json!(2), &json!(4.0), &json!(false), &json!(1)));
        assert_eq!(ask(&SEVERITY, json!({ "multiple": 0.3 })).unwrap()["by_duration"], Value::Null);
        assert_eq!(ask(&SEVERITY, json!({})).unwrap_err(), "event.nothing_known");
        let made = ask(&EMERGENCY, json!({ "deaths": 3, "circumstances": ["cross_province"] })).unwrap();
        assert_eq!((&made["grade"], &made["by"], &made["name_zh"]), (&json!("II"), &json!(["cross_province"]), &json!("重大")));
        assert_eq!(ask(&EMERGENCY, json!({ "circumstances": [1] })).unwrap_err(), "calc.form");
        let made = ask(&RECHECK, json!({ "before": 100, "after": 90, "limit": 95, "promised": 0.3 })).unwrap();
        assert_eq!((&made["result"], &made["returned"], &made["effect"]), (&json!("returned"), &json!(1), &json!(0.1)));
        let step = |elapsed: f64| ask(&ESCALATION, json!({ "elapsed_h": elapsed, "allowed_h": 24 })).unwrap()["step"].clone();
        assert_eq!([step(12.0), step(24.0), step(48.0)], [Value::Null, json!("chief"), json!("supervision")]);
        assert_eq!(ask(&ESCALATION, json!({ "elapsed_h": 1, "allowed_h": 0 })).unwrap_err(), "event.number");
    }
}
