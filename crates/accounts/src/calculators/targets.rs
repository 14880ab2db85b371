//! Targets, indices of evaluation, lamps and forecasts.

use jiff::civil::Date;
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::YUAN;
use crate::targets::forecast::{Walk, forecast};
use crate::targets::green_index::Way;
use crate::targets::lamp::{self, DESIGN, LampRule, Milestone};
use crate::targets::population::implied_population;
use crate::targets::{Score, SplitMix64, group_score, index, normalise};

pub(super) const ALL: &[&Calculator] = &[&NORMALISE, &GROUP_SCORE, &GREEN_INDEX, &IMPLIED_POPULATION, &LAMP, &FORECAST, &SPLITMIX64];

const GREEN: &str = "发改环资〔2016〕2635号 绿色发展指标体系";
const MANY: u64 = 100_000;

static NORMALISE: Calculator = Calculator {
    spec: &Spec {
        id: "targets.normalise",
        title: text("指标标准化得分", "indicators to scores"),
        source: Source { work: GREEN, at: "(X − min)/(max − min) × 40 + 60；公式未核实" },
        reach: Reach::Whole,
        inputs: &[
            given("values", "各评价单元的数值；缺测为 null", "values of the units; null for a missing one", Form::Series, RATIO),
            choice("direction", "方向", "which way is better", &["direct", "inverse"]),
        ],
        outputs: &[made("scores", "得分，60 至 100", "scores, 60 to 100", Form::Series, RATIO)],
    },
    run: |given| {
        let way = if given.text("direction") == "direct" { Way::Direct } else { Way::Inverse };
        Ok(Answer::default().and("scores", json!(normalise(&given.series("values"), way))))
    },
};

static GROUP_SCORE: Calculator = Calculator {
    spec: &Spec {
        id: "targets.group_score",
        title: text("分组得分", "score of a group"),
        source: Source { work: GREEN, at: "组内加权平均；缺测计最低分，不适用者剔除并重分权重" },
        reach: Reach::Whole,
        inputs: &[
            numbers("weights", "各指标权重", "weights of the indicators", RATIO, POSITIVE),
            given(
                "values",
                "各指标得分；缺测为 null，不适用为 \"na\"",
                "scores; null for a missing one, \"na\" for one that does not apply",
                Form::List,
                RATIO,
            ),
            number("missing_score", "缺测指标的得分", "what a missing one scores", RATIO, (0.0, 100.0)),
        ],
        outputs: &[number_out("group", "得分；全组不适用时为 null", "score; null when none applies", RATIO)],
    },
    run: |given| {
        let scores = given.records("values").iter().enumerate().map(|(at, v)| score(at, v)).collect::<Result<Vec<_>, _>>()?;
        Ok(optional("group", group_score(&given.numbers("weights"), &scores, given.number("missing_score"))?))
    },
};

fn score(at: usize, value: &Value) -> Result<Score, Problem> {
    match (value, value.as_f64()) {
        (Value::Null, _) => Ok(Score::Missing),
        (Value::String(word), _) if word == "na" => Ok(Score::NotApplicable),
        (_, Some(score)) => Ok(Score::Known(score)),
        _ => Err(row_form("values", at, "number | null | \"na\"")),
    }
}

fn row_form(name: &str, at: usize, wanted: &'static str) -> Problem {
    Problem::error("calc.form", words!("“{name}”第 {} 项的形式不对", "item {} of \"{name}\" has the wrong form", at + 1))
        .key(format!("{name}[{at}]"))
        .expect(words!("{wanted}", "{wanted}"))
}

fn optional(name: &'static str, value: Option<f64>) -> Answer {
    match value {
        Some(value) => Answer::number(name, value),
        None => Answer::default().without(name),
    }
}

static GREEN_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "targets.green_index",
        title: text("绿色发展指数", "green-development index"),
        source: Source { work: GREEN, at: "Σ 组权重 × 组得分；整组缺失时权重分给其他组" },
        reach: Reach::Whole,
        inputs: &[
            numbers("weights", "各组权重，以小数计", "weights of the groups as shares", RATIO, SHARE),
            given("values", "各组得分；整组缺失为 null", "scores of the groups; null for an empty one", Form::Series, RATIO),
        ],
        outputs: &[number_out("index", "指数", "index", RATIO)],
    },
    run: |given| Ok(optional("index", index(&given.numbers("weights"), &given.series("values"))?)),
};

static IMPLIED_POPULATION: Calculator = Calculator {
    spec: &Spec {
        id: "targets.implied_population",
        title: text("推算人口", "population implied by GDP per person"),
        source: Source { work: "衢州市大花园规划 2020 年目标", at: "生产总值除以人均生产总值" },
        reach: Reach::Whole,
        inputs: &[
            number("gdp_yuan", "地区生产总值", "gross domestic product", YUAN, POSITIVE),
            number("per_person", "人均生产总值", "GDP per person", measure("gdp_per_person", "CNY/person"), POSITIVE),
        ],
        outputs: &[number_out("people", "人口，取整", "population, rounded", measure("population", "person"))],
    },
    run: |given| Ok(Answer::number("people", implied_population(given.number("gdp_yuan"), given.number("per_person"))?.round_ties_even())),
};

static LAMP: Calculator = Calculator {
    spec: &Spec {
        id: "targets.lamp",
        title: text("项目进度与亮灯", "progress and lamp of a project"),
        source: Source {
            work: "项目化、清单化、责任化管理", at: "完成 c、计划 p；逾期或 p − c 定灯色；界限为设计值，可改"
        },
        reach: Reach::Whole,
        inputs: &[
            given(
                "milestones",
                "里程碑 {w, due, done}：权重、到期日、是否完成（有计量的可填 0 至 1）",
                "milestones {w, due, done}: weight, day, done or not (0 to 1 where it is measured)",
                Form::Records,
                RATIO,
            ),
            given("today", "当日", "the day", Form::Text, RATIO),
            given("closed", "非工作日；到期日落在其上则顺延", "days that are closed; a milestone due on one is due on the next that is not", Form::List, RATIO)
                .optional(),
            number("red_days", "逾期超过多少天为红灯，默认 30", "more days overdue is red, 30 unless given", measure("time", "d"), POSITIVE).optional(),
            number("red_gap", "落后超过多少为红灯，默认 0.15", "further behind is red, 0.15 unless given", RATIO, SHARE).optional(),
            number("yellow_gap", "落后超过多少为黄灯，默认 0.05", "further behind is yellow, 0.05 unless given", RATIO, SHARE).optional(),
        ],
        outputs: &[
            number_out("c", "完成比例", "done", RATIO),
            number_out("p", "计划比例", "planned", RATIO),
            number_out("overdue_days", "最长逾期天数", "days the oldest is overdue", measure("time", "d")),
            made("lamp", "灯色", "lamp", Form::Choice(&["blue", "green", "grey", "yellow", "red"]), RATIO),
            number_out("gap", "p − c", "planned less done", RATIO),
        ],
    },
    run: |given| {
        let closed = given.records("closed").iter().map(|v| date("closed", v)).collect::<Result<Vec<_>, _>>()?;
        let today = date("today", given.value("today").unwrap_or(&Value::Null))?;
        let milestones = given.records("milestones").iter().enumerate().map(|(at, m)| milestone(at, m, &closed)).collect::<Result<Vec<_>, _>>()?;
        let rule = LampRule {
            red_days: given.number_or("red_days", DESIGN.red_days as f64).floor() as i64,
            red_gap: given.number_or("red_gap", DESIGN.red_gap),
            yellow_gap: given.number_or("yellow_gap", DESIGN.yellow_gap),
        };
        let made = lamp::progress(&milestones, today, &rule)?;
        Ok(Answer::number("c", made.done).and("p", made.planned).and("overdue_days", made.overdue_days).and("lamp", made.lamp.word()).and("gap", made.gap))
    },
};

/// A day as `YYYY-MM-DD`.
pub(super) fn date(name: &str, value: &Value) -> Result<Date, Problem> {
    value.as_str().filter(|s| s.len() == 10).and_then(|s| s.parse().ok()).ok_or_else(|| {
        Problem::error("calc.date", words!("“{name}”中的 {value} 不是日期", "{value} in \"{name}\" is no date"))
            .key(name)
            .expect(words!("YYYY-MM-DD，如 2026-11-23", "YYYY-MM-DD, such as 2026-11-23"))
    })
}

fn milestone(at: usize, record: &Value, closed: &[Date]) -> Result<Milestone, Problem> {
    let done = match &record["done"] {
        Value::Bool(done) => Some(f64::from(u8::from(*done))),
        share => share.as_f64(),
    };
    let (Some(weight), Some(done)) = (record["w"].as_f64(), done) else {
        return Err(row_form("milestones", at, "{w: number, due: \"YYYY-MM-DD\", done: true | false | 0 … 1}"));
    };
    let due = date("due", &record["due"])?;
    Ok(Milestone { weight, due: lamp::due_on(due, closed).unwrap_or(due), done })
}

static FORECAST: Calculator = Calculator {
    spec: &Spec {
        id: "targets.forecast",
        title: text("达标概率（不改变达标结论）", "chance of reaching a target; never changes a verdict"),
        source: Source { work: "随机游走 X + μ + σ z；SplitMix64 与 Box-Muller", at: "历史数据少时仅供参考" },
        reach: Reach::Whole,
        inputs: &[
            number("seed", "种子", "seed", RATIO, (0.0, 9_007_199_254_740_991.0)),
            number("N", "抽样次数", "draws", RATIO, (1.0, 10_000_000.0)),
            number("x0", "现值", "the value today", RATIO, ANY),
            number("mu", "年变化均值", "mean change a year", RATIO, ANY),
            number("sigma", "年变化标准差", "deviation of a year's change", RATIO, POSITIVE),
            number("years", "年数", "years ahead", RATIO, (0.0, 200.0)),
            number("target", "目标值", "target", RATIO, ANY),
        ],
        outputs: &[number_out("hits", "达标次数", "draws that reach it", RATIO), number_out("probability", "概率", "probability", RATIO)],
    },
    run: |given| {
        let years = u32::try_from(whole(given, "years")?).unwrap_or(u32::MAX);
        let walk = Walk { start: given.number("x0"), mean: given.number("mu"), deviation: given.number("sigma"), years };
        let draws = u32::try_from(whole(given, "N")?).unwrap_or(u32::MAX);
        let made = forecast(whole(given, "seed")?, draws, &walk, given.number("target"))?;
        Ok(Answer::number("probability", made.probability).and("hits", made.hits))
    },
};

/// A whole number of at least zero.
fn whole(given: &Arguments, name: &str) -> Result<u64, Problem> {
    let value = given.value(name).unwrap_or(&Value::Null);
    value.as_u64().or_else(|| value.as_f64().filter(|f| f.fract() == 0.0 && (0.0..9e15).contains(f)).map(|f| f as u64)).ok_or_else(|| {
        Problem::error("calc.form", words!("“{name}”应为整数", "\"{name}\" is a whole number"))
            .key(name)
            .expect(words!("不小于 0 的整数", "a whole number of at least zero"))
    })
}

static SPLITMIX64: Calculator = Calculator {
    spec: &Spec {
        id: "random.splitmix64",
        title: text("SplitMix64 随机数", "SplitMix64"),
        source: Source { work: "Steele, Lea and Flood (2014), Fast Splittable Pseudorandom Number Generators, OOPSLA", at: "SplitMix64" },
        reach: Reach::Whole,
        inputs: &[number("seed", "种子", "seed", RATIO, (0.0, u64::MAX as f64)), number("count", "个数", "how many", RATIO, (0.0, MANY as f64))],
        outputs: &[made("hex", "十六进制，各 16 位", "hexadecimal, 16 digits each", Form::List, RATIO)],
    },
    run: |given| {
        let mut lots = SplitMix64::new(whole(given, "seed")?);
        let hex: Vec<String> = (0..whole(given, "count")?).map(|_| format!("{:016x}", lots.bits())).collect();
        Ok(Answer::default().and("hex", json!(hex)))
    },
};
