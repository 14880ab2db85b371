//! Compensation between upstream and downstream. The calculators of damage, which need the tables of
//! a standard, are bound where the rules are read.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::{FEN, exact, integer, malformed_row, number as in_json, whole};
use crate::compensation::index::{Payment, PaymentRule, PaymentStep, p_index};
use crate::compensation::{quality_quantity, split_pool};

pub(super) const ALL: &[&Calculator] = &[&P_INDEX, &PAYMENT_RULE, &QUALITY_QUANTITY, &POOL_SPLIT];

const XINAN: &str = "新安江流域上下游横向生态补偿协议";
const CONCENTRATION: liangshan_vocab::Measure = measure("concentration", "mg/L");

static P_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.p_index",
        title: text("新安江水质补偿指数 P", "water-quality index of the Xin'an River"),
        source: Source { work: XINAN, at: "P = k0 Σ k_i C_i / C_i0；系数为回忆，未核实，须给出" },
        reach: Reach::Whole,
        inputs: &[
            given(
                "C",
                "各指标年均浓度；缺测为 null，此时不能判定",
                "annual means; null for a missing one, and then there is no index",
                Form::Series,
                CONCENTRATION,
            ),
            numbers("C0", "各指标基准浓度", "means of the base years", CONCENTRATION, ANY),
            number("k0", "水质稳定系数", "stability factor", RATIO, POSITIVE),
            numbers("k", "各指标权重", "weights", RATIO, POSITIVE),
        ],
        outputs: &[number_out("P", "补偿指数", "index", RATIO), made("evidence", "系数的核实情况", "evidence of the coefficients", Form::Text, RATIO)],
    },
    run: |given| {
        let made = p_index(&given.series("C"), &given.numbers("C0"), given.number("k0"), &given.numbers("k"))?;
        let answer = Answer::number("P", made.p).and("evidence", Evidence::Unverified.word());
        let answer = made.zero_means.iter().fold(answer, |answer, at| answer.warn(zero_mean(*at)));
        Ok(if made.weights == 1.0 { answer } else { answer.warn(weights_off(made.weights)) })
    },
};

fn zero_mean(at: usize) -> Problem {
    Problem::warning("compensation.zero_mean", words!("第 {} 项的年均浓度为 0", "the annual mean of item {} is 0", at + 1))
        .key(format!("C[{at}]"))
        .fix(words!("核对是否缺测；未检出按检出限的一半计", "see whether it is missing; what is not detected counts half the detection limit"))
}

fn weights_off(sum: f64) -> Problem {
    Problem::warning("compensation.weights_not_one", words!("权重之和为 {sum}", "the weights add up to {sum}"))
        .key("k")
        .expect(words!("合计为 1", "a sum of 1"))
}

static PAYMENT_RULE: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.payment_rule",
        title: text("按补偿指数确定付款方", "who pays by the index"),
        source: Source { work: XINAN, at: "P 不大于界限时取该行；界限为回忆，未核实，须给出" },
        reach: Reach::Whole,
        inputs: &[
            given("P", "补偿指数；不能判定的为 null", "indices; null for an undecidable one", Form::Series, RATIO),
            given("rule", "[[界限或 null, 付款方, 金额], …]，界限依次升高", "[[bound or null, payer, amount], …] with rising bounds", Form::List, RATIO),
        ],
        outputs: &[made("result", "[[付款方, 金额], …]；不能判定的为 null", "[[payer, amount], …]; null for an undecidable one", Form::List, RATIO)],
    },
    run: |given| {
        let rule = PaymentRule::new(steps(given)?)?;
        let paid = |p: Option<f64>| p.map(|p| rule.payment(p, None)).map_or(Value::Null, |to| json!([to.payer, to.amount]));
        Ok(Answer::default().and("result", given.series("P").into_iter().map(paid).collect::<Vec<_>>()))
    },
};

fn steps(given: &Arguments) -> Result<Vec<PaymentStep>, Problem> {
    let rows = given.records("rule").iter().enumerate();
    rows.map(|(at, row)| step(row).ok_or_else(|| malformed_row("rule", at, "[bound | null, \"downstream\" | \"upstream\" | \"none\", amount]"))).collect()
}

fn step(row: &Value) -> Option<PaymentStep> {
    let [bound, payer, amount] = row.as_array()?.as_slice() else { return None };
    let payer = payer.as_str().filter(|payer| ["downstream", "upstream", "none"].contains(payer))?;
    let bound = if bound.is_null() { None } else { Some(bound.as_f64()?) };
    Some(PaymentStep { bound, payment: Payment { payer: payer.to_owned(), amount: integer(amount)? } })
}

static QUALITY_QUANTITY: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.quality_quantity",
        title: text("按水质水量计算的补偿", "payment by quality and quantity"),
        source: Source {
            work: "浙江省流域上下游横向生态保护补偿协议", at: "(目标 − 实测) × 水量 × 单价；mg/L × 10⁴ m³ = 10 kg"
        },
        reach: Reach::Whole,
        inputs: &[
            number("S", "目标浓度", "target", CONCENTRATION, POSITIVE),
            number("C", "实测浓度", "observed", CONCENTRATION, POSITIVE),
            number("W_1e4m3", "水量", "water", measure("water", "1e4 m3"), POSITIVE),
            number("price", "单价", "price", measure("price", "CNY/t"), POSITIVE),
        ],
        outputs: &[
            number_out("mass_t", "少排的量；为负时多排", "mass below the target; above it when negative", measure("load", "t")),
            number_out("yuan", "补偿额；为正时归上游", "payment; upstream's when positive", measure("money", "CNY")),
        ],
    },
    run: |given| {
        let (mass, yuan) = quality_quantity(exact(given, "S")?, exact(given, "C")?, exact(given, "W_1e4m3")?, exact(given, "price")?)?;
        Ok(Answer::default().and("mass_t", in_json(mass)).and("yuan", in_json(yuan)))
    },
};

static POOL_SPLIT: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.pool_split",
        title: text("按 GEP 增量分配资金", "a pool shared out by the growth of GEP"),
        source: Source { work: "GEP 增量转移支付", at: "资金 × max(0, ΔGEP) q / Σ；分，最大余数法" },
        reach: Reach::Whole,
        inputs: &[
            number("pool_fen", "资金池", "pool", FEN, POSITIVE),
            numbers("dGEP", "各县不变价 GEP 增量，同一单位", "growth of GEP at constant prices, in one unit", RATIO, ANY),
            numbers("q", "质量系数", "coefficients of quality", RATIO, POSITIVE),
        ],
        outputs: &[
            made("fen", "各县所得", "what each county gets", Form::List, FEN),
            made("weights", "权重", "weights", Form::List, RATIO),
            number_out("kept_fen", "留在资金池中", "what stays in the pool", FEN),
        ],
    },
    run: |given| {
        let split = split_pool(whole(given, "pool_fen")?, &given.numbers("dGEP"), &given.numbers("q"))?;
        Ok(Answer::default().and("fen", json!(split.fen)).and("weights", json!(split.weights)).and("kept_fen", split.kept_fen))
    },
};
