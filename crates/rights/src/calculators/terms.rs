//! Terms of agreements between neighbours on a river, beside the index of the Xin'an River.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, Output, POSITIVE, RATIO, Reach, SHARE, Source, given, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, Spec, text, words};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::{FEN, exact, integer, malformed_row, number as in_json, whole};
use crate::compensation::agreement::{AgreementIndex, ClassStep, agreement_index, class_step_fen, net_by_county};
use crate::exact::{decimal, half_up, held};

pub(super) const ALL: &[&Calculator] = &[&AGREEMENT_INDEX, &CLASS_STEP, &BASIN_NETTING, &PROTECTION_DEDUCTION];

const ZHEJIANG: &str = "浙江省流域上下游横向生态保护补偿协议";
const EVIDENCE: Output = made("evidence", "参数的核实程度", "evidence of the parameters", Form::Text, RATIO);

static AGREEMENT_INDEX: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.agreement_index",
        title: text("水质、用水总量、用水效率综合指数与付款方", "index of quality, quantity and efficiency of water, and who pays by it"),
        source: Source { work: ZHEJIANG, at: "I = w_q Q + w_a A + w_e E；I ≤ 1 下游付款，I > 1 上游付款；权重为设计值，须给出" },
        reach: Reach::Whole,
        inputs: &[
            number("Q", "水质指数 Σ k C/C0，不大于 1 为好", "quality, below 1 is better", RATIO, POSITIVE),
            number("water_use", "用水总量", "water use", measure("water", "1e8 m3"), POSITIVE),
            number("quota", "用水总量指标", "its quota", measure("water", "1e8 m3"), POSITIVE),
            number("efficiency", "万元 GDP 用水量", "water per GDP", measure("water_intensity", "m3/(1e4 CNY)"), POSITIVE),
            number("base_efficiency", "基准年万元 GDP 用水量", "water per GDP of the base year", measure("water_intensity", "m3/(1e4 CNY)"), POSITIVE),
            numbers("w", "权重 [水质, 总量, 效率]，合计为 1", "weights of quality, quantity and efficiency, a sum of 1", RATIO, SHARE),
            number("amount_fen", "补偿金额", "the amount", FEN, POSITIVE),
            number("dead_band", "不付款的区间 d：[1 − d, 1 + d]", "dead band d around 1", RATIO, SHARE).optional(),
        ],
        outputs: &[
            number_out("I", "综合指数", "index", RATIO),
            made("payer", "付款方：downstream、upstream、none", "who pays: downstream, upstream, none", Form::Text, RATIO),
            number_out("amount_fen", "付款额", "what is paid", FEN),
            EVIDENCE,
        ],
    },
    run: |given| {
        let weights: [f64; 3] = given.numbers("w").try_into().map_err(|_| malformed_row("w", 0, "[w_q, w_a, w_e]"))?;
        let weights = [decimal("w", weights[0])?, decimal("w", weights[1])?, decimal("w", weights[2])?];
        let parts = [exact(given, "Q")?, over(given, "water_use", "quota")?, over(given, "efficiency", "base_efficiency")?];
        let band = if given.has("dead_band") { exact(given, "dead_band")? } else { Decimal::ZERO };
        let (index, who) = agreement_index(parts, weights, band)?;
        let amount = if who == AgreementIndex::Nobody { 0 } else { whole(given, "amount_fen")? };
        let payer = match who {
            AgreementIndex::DownstreamPays => "downstream",
            AgreementIndex::UpstreamPays => "upstream",
            AgreementIndex::Nobody => "none",
        };
        Ok(Answer::default().and("I", in_json(index)).and("payer", payer).and("amount_fen", amount).and("evidence", Evidence::Unverified.word()))
    },
};

/// One argument over another; a base of zero decides nothing.
fn over(given: &Arguments, name: &'static str, base: &'static str) -> Result<Decimal, Problem> {
    exact(given, name)?.checked_div(exact(given, base)?).ok_or_else(|| {
        Problem::error("compensation.no_base", words!("“{base}”为 0，不能判定", "\"{base}\" is 0, and nothing can be decided"))
            .key(base)
            .expect(words!("大于 0", "above zero"))
            .fix(words!("查明基准值", "find out what the base is"))
    })
}

static CLASS_STEP: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.class_step",
        title: text("按水质类别升降的补偿", "payment by steps of the class of water"),
        source: Source { work: ZHEJIANG, at: "基数 M；每优于目标一类加 x，每劣一类减 y；金额与比例由协议定，须给出" },
        reach: Reach::Whole,
        inputs: &[
            number("base_fen", "基数 M", "base", FEN, POSITIVE),
            number("better_share", "每优一类增加的份额", "added for each class better", RATIO, POSITIVE),
            number("worse_share", "每劣一类减少的份额", "taken off for each class worse", RATIO, POSITIVE),
            number("target", "目标类别，1 至 6（劣Ⅴ）", "target class, 1 to 6", RATIO, (1.0, 6.0)),
            number("observed", "实际类别，1 至 6", "observed class, 1 to 6", RATIO, (1.0, 6.0)),
        ],
        outputs: &[number_out("amount_fen", "补偿额；为负时由上游付", "payment; upstream's to pay when negative", FEN), EVIDENCE],
    },
    run: |given| {
        let class = |name: &str| Ok::<u8, Problem>(u8::try_from(whole(given, name)?).unwrap_or(6));
        let terms = ClassStep { base_fen: whole(given, "base_fen")?, better: exact(given, "better_share")?, worse: exact(given, "worse_share")? };
        let amount = class_step_fen(&terms, class("target")?, class("observed")?)?;
        Ok(Answer::default().and("amount_fen", amount).and("evidence", Evidence::Unverified.word()))
    },
};

static BASIN_NETTING: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.basin_netting",
        title: text("流域内各县收付相抵", "what each county of a basin is left with"),
        source: Source { work: ZHEJIANG, at: "每份协议一付一收；各县合计为 0" },
        reach: Reach::Whole,
        inputs: &[given("payments", "各协议：payer、payee、fen", "agreements: payer, payee, fen", Form::Records, FEN)],
        outputs: &[
            made("net", "各县：county、fen（收入减支出）", "counties: county, fen received less paid", Form::Records, FEN),
            number_out("sum_fen", "合计，恒为 0", "the sum, always 0", FEN),
        ],
    },
    run: |given| {
        let payments = given.records("payments").iter().enumerate().map(|(at, row)| payment(at, row)).collect::<Result<Vec<_>, _>>()?;
        let net = net_by_county(&payments);
        let sum: i128 = net.iter().map(|(_, fen)| fen).sum();
        let rows =
            net.iter().map(|(county, fen)| Ok(json!({ "county": county, "fen": crate::exact::narrow("net", *fen)? }))).collect::<Result<Vec<_>, Problem>>()?;
        Ok(Answer::default().and("net", rows).and("sum_fen", crate::exact::narrow("sum_fen", sum)?))
    },
};

fn payment(at: usize, row: &Value) -> Result<(&str, &str, i64), Problem> {
    let read = || {
        let county = |key: &str| row.get(key)?.as_str().filter(|name| !name.is_empty());
        Some((county("payer")?, county("payee")?, integer(row.get("fen")?).filter(|fen| *fen >= 0)?))
    };
    read().ok_or_else(|| malformed_row("payments", at, "{\"payer\": …, \"payee\": …, \"fen\": 0 …}"))
}

static PROTECTION_DEDUCTION: Calculator = Calculator {
    spec: &Spec {
        id: "compensation.protection_deduction",
        title: text("保护成效扣减", "deduction for a failure of protection"),
        source: Source {
            work: "GEP 增量转移支付", at: "饮用水水源或生态保护红线出现问题时扣减一定比例；比例为设计值，须给出"
        },
        reach: Reach::Whole,
        inputs: &[number("amount_fen", "应得金额", "what was earned", FEN, ANY), number("share", "扣减比例", "share taken off", RATIO, SHARE)],
        outputs: &[number_out("deducted_fen", "扣减", "taken off", FEN), number_out("paid_fen", "实得", "what is paid", FEN), EVIDENCE],
    },
    run: |given| {
        let amount = whole(given, "amount_fen")?;
        let exactly = held("deducted_fen", Decimal::from(amount).checked_mul(exact(given, "share")?))?;
        let deducted = half_up("deducted_fen", exactly.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven))?;
        Ok(Answer::default().and("deducted_fen", deducted).and("paid_fen", amount - deducted).and("evidence", Evidence::Unverified.word()))
    },
};
