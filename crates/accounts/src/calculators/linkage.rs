//! Carbon accounts, credit and circulation.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::targets::date;
use crate::linkage::carbon_account::{Standing, account_colour};
use crate::linkage::{CreditEvent, CreditRule, credit_score, finn_index};

pub(super) const ALL: &[&Calculator] = &[&ACCOUNT_COLOUR, &CREDIT_SCORE, &FINN_INDEX];

static ACCOUNT_COLOUR: Calculator = Calculator {
    spec: &Spec {
        id: "carbon.account_colour",
        title: text("企业碳账户评价", "colour of an enterprise's carbon account"),
        source: Source { work: "衢州碳账户（据公开报道）", at: "四色；界限没有找到，为设计值，须给出；规模护栏未核实" },
        reach: Reach::Whole,
        inputs: &[
            number("E", "年排放量", "emission of the year", measure("carbon_dioxide", "tCO2"), POSITIVE),
            number("VA_1e4", "增加值；没有产出为 null", "value added; null without output", measure("value_added", "1e4 CNY"), ANY).optional(),
            number(
                "bench",
                "行业基准强度；没有基准为 null",
                "benchmark of the industry; null without one",
                measure("carbon_intensity", "tCO2/(1e4 CNY)"),
                POSITIVE,
            )
            .optional(),
            numbers("cuts", "深绿、浅绿、黄的上限，含", "upper ends of deep green, light green and yellow, included", RATIO, POSITIVE),
            number(
                "E_prev",
                "上年排放量；null 表示不用护栏",
                "emission of the year before; null leaves the guard out",
                measure("carbon_dioxide", "tCO2"),
                POSITIVE,
            )
            .optional(),
            number("guard_t", "护栏排放量", "the guard looks above this", measure("carbon_dioxide", "tCO2"), POSITIVE),
            number("guard_growth", "护栏增幅", "… and at more growth than this", RATIO, POSITIVE),
        ],
        outputs: &[
            number_out("I", "强度；没有产出为 null", "intensity; null without output", measure("carbon_intensity", "tCO2/(1e4 CNY)")),
            number_out("L", "相对行业基准", "intensity over the benchmark", RATIO),
            made("raw", "按强度的颜色", "colour by intensity alone", Form::Text, RATIO),
            number_out("growth", "排放增幅", "growth of the emission", RATIO),
            made("colour", "颜色", "colour", Form::Text, RATIO),
        ],
    },
    run: |given| {
        let optional = |name: &str| given.has(name).then(|| given.number(name));
        let cuts: [f64; 3] = given.numbers("cuts").try_into().map_err(|_| three_cuts())?;
        let made = account_colour(&Standing {
            emission: given.number("E"),
            value_added: optional("VA_1e4"),
            benchmark: optional("bench"),
            cuts,
            before: optional("E_prev"),
            guard_t: given.number("guard_t"),
            guard_growth: given.number("guard_growth"),
        })?;
        let answer = Answer::default().and("raw", made.raw.word()).and("colour", made.colour.word());
        let with = |answer: Answer, name, value: Option<f64>| match value {
            Some(value) => answer.and(name, value),
            None => answer.without(name),
        };
        Ok(with(with(with(answer, "I", made.intensity), "L", made.level), "growth", made.growth))
    },
};

pub(super) fn three_cuts() -> Problem {
    Problem::error("calc.form", words!("cuts 应为三个数", "cuts are three numbers"))
        .key("cuts")
        .expect(words!("[深绿, 浅绿, 黄] 的上限", "upper ends of deep green, light green and yellow"))
}

static CREDIT_SCORE: Calculator = Calculator {
    spec: &Spec {
        id: "credit.score",
        title: text("企业环境信用评分", "environmental credit of an enterprise"),
        source: Source {
            work: "浙江省企业环境信用评价管理办法（2025 修订，只读到范围）", at: "起始分加事件分；分值与分数线为设计值，须给出"
        },
        reach: Reach::Whole,
        inputs: &[
            number("start", "起始分", "points to start with", RATIO, ANY),
            given("events", "[[事件代码, 分值], …]，第三项可为失效日", "[[code, points], …]; a third item may be the day it ends", Form::List, RATIO),
            number("cap_cured", "按期完成处方（prescription_cured）加分的上限", "most that prescriptions cured in time may add", RATIO, POSITIVE),
            given("grades", "等级与最低分", "grades and their least points", Form::Named, RATIO),
            given("veto", "一票否决的事件代码", "codes that give the worst grade", Form::List, RATIO).optional(),
            given("on", "评价日；未给出时全部计入", "the day; all count when it is not given", Form::Text, RATIO).optional(),
        ],
        outputs: &[number_out("score", "得分", "score", RATIO), made("grade", "等级；低于全部分数线为 red", "grade; red below them all", Form::Text, RATIO)],
    },
    run: |given| {
        let mut grades: Vec<(String, f64)> = given.named("grades").into_iter().map(|(grade, least)| (grade.to_owned(), least)).collect();
        grades.sort_by(|a, b| b.1.total_cmp(&a.1));
        let points = |value: Option<&Value>| value.and_then(Value::as_i64);
        let start = points(given.value("start")).ok_or_else(|| whole_points("start".into()))?;
        let cap = points(given.value("cap_cured")).ok_or_else(|| whole_points("cap_cured".into()))?;
        let veto = given.records("veto").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let rule = CreditRule { start, capped: ("prescription_cured".into(), cap), grades, worst: "red".into(), veto };
        let events = given.records("events").iter().enumerate().map(|(at, row)| event(at, row)).collect::<Result<Vec<_>, _>>()?;
        let on = given.value("on").map(|day| date("on", day)).transpose()?;
        let made = credit_score(&rule, &events, on)?;
        Ok(Answer::default().and("score", made.score).and("grade", made.grade))
    },
};

fn whole_points(key: String) -> Problem {
    Problem::error("calc.form", words!("“{key}”的形式不对", "\"{key}\" has the wrong form"))
        .key(key)
        .expect(words!("分值为整数；事件为 [代码, 分值] 或 [代码, 分值, 失效日]", "whole points; an event is [code, points] or [code, points, day it ends]"))
}

fn event(at: usize, row: &Value) -> Result<CreditEvent, Problem> {
    let row = row.as_array().filter(|row| (2..=3).contains(&row.len()));
    let read = row.and_then(|row| Some((row[0].as_str()?.to_owned(), row[1].as_i64()?, row.get(2))));
    let (code, points, until) = read.ok_or_else(|| whole_points(format!("events[{at}]")))?;
    Ok(CreditEvent { code, points, until: until.filter(|u| !u.is_null()).map(|u| date("events", u)).transpose()?, repaired: false })
}

static FINN_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "circular.finn_index",
        title: text("循环指数（Finn）", "Finn's cycling index"),
        source: Source {
            work: "Finn (1976), Measures of ecosystem structure and function derived from analysis of flows, J. Theor. Biol. 56",
            at: "cycling index",
        },
        reach: Reach::Whole,
        inputs: &[
            numbers("external_in", "各节点的外部输入", "what enters each node from outside", measure("material", "t"), POSITIVE),
            given("flow_j_to_i", "流量矩阵：第 i 行第 j 列为 j 到 i", "matrix of flows: row i, column j is from j to i", Form::List, measure("material", "t")),
        ],
        outputs: &[
            made("throughflow", "各节点通过量", "throughflow of each node", Form::Numbers, measure("material", "t")),
            made("n_diag", "(I − G)⁻¹ 的对角线", "diagonal of (I − G)⁻¹", Form::Numbers, RATIO),
            number_out("cycled", "循环量", "cycled", measure("material", "t")),
            number_out("FCI", "循环指数", "cycling index", RATIO),
        ],
    },
    run: |given| {
        let row = |row: &Value| row.as_array().and_then(|row| row.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>());
        let flows: Option<Vec<Vec<f64>>> = given.records("flow_j_to_i").iter().map(row).collect();
        let flows = flows.ok_or_else(|| {
            Problem::error("calc.form", words!("flow_j_to_i 应为数的矩阵", "flow_j_to_i is a matrix of numbers"))
                .key("flow_j_to_i")
                .expect(words!("[[数, …], …]", "[[number, …], …]"))
        })?;
        let made = finn_index(&given.numbers("external_in"), &flows)?;
        Ok(Answer::number("FCI", made.index).and("cycled", made.cycled).and("throughflow", json!(made.throughflow)).and("n_diag", json!(made.passes)))
    },
};
