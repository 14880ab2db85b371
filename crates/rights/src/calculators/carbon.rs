//! Allowances and credits in tonnes: what a unit is allocated, what it lacks, what a forest is issued.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, Output, POSITIVE, RATIO, Reach, SHARE, Source, made, number, number_out, numbers};
use liangshan_vocab::{Answer, Calculator, Evidence, Measure, Spec, text};

use super::{count, exact, number as in_json, whole};
use crate::carbon::{benchmark_allocation_t, issue, net_removal_t, offset_limit_t, surrender_gap_t};

pub(super) const ALL: &[&Calculator] = &[&BENCHMARK_ALLOCATION, &SURRENDER, &SINK_CREDIT];

const TONNES: Measure = measure("carbon_dioxide", "tCO2");
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO);

static BENCHMARK_ALLOCATION: Calculator = Calculator {
    spec: &Spec {
        id: "rights.benchmark_allocation",
        title: text("发电机组配额（基准线法）", "allowance of a unit of power generation by benchmarks"),
        source: Source {
            work: "全国碳排放权交易配额总量设定与分配实施方案（发电行业，据转载）",
            at: "供电基准 × 电量 × 修正系数 + 供热基准 × 供热量；2021、2022 年度按供电量，2023 年度起按发电量；基准值须给出",
        },
        reach: Reach::Whole,
        inputs: &[
            number("power_benchmark", "电量基准值", "benchmark of electricity", measure("carbon_intensity", "tCO2/(1e3 kWh)"), POSITIVE),
            number("electricity_mwh", "电量：供电量或发电量", "electricity supplied, or generated", measure("electricity", "1e3 kWh"), POSITIVE),
            numbers("corrections", "修正系数，依次相乘；没有时为空", "corrections, multiplied; empty for none", RATIO, POSITIVE),
            number("heat_benchmark", "供热基准值", "benchmark of heat", measure("carbon_intensity", "tCO2/GJ"), POSITIVE),
            number("heat_gj", "供热量", "heat", measure("heat", "GJ"), POSITIVE),
        ],
        outputs: &[number_out("allowance_t", "配额", "allowance", TONNES), EVIDENCE],
    },
    run: |given| {
        let corrections = given.numbers("corrections").into_iter().map(|c| crate::exact::decimal("corrections", c)).collect::<Result<Vec<_>, _>>()?;
        let power = (exact(given, "power_benchmark")?, exact(given, "electricity_mwh")?);
        let allowance = benchmark_allocation_t(power, &corrections, (exact(given, "heat_benchmark")?, exact(given, "heat_gj")?))?;
        Ok(Answer::default().and("allowance_t", in_json(allowance)).and("evidence", Evidence::Partial.word()))
    },
};

static SURRENDER: Calculator = Calculator {
    spec: &Spec {
        id: "rights.surrender",
        title: text("配额清缴缺口与抵销上限", "gap of the yearly surrender, and what credits may serve for"),
        source: Source {
            work: "碳排放权交易管理暂行条例（国务院令第 775 号，据转载）",
            at: "缺口 = 核查排放 − 配额 − 结转；抵销上限为排放的一定比例，比例未核实，须给出",
        },
        reach: Reach::Whole,
        inputs: &[
            number("verified_t", "核查排放量", "verified emission", TONNES, POSITIVE),
            number("allocated_t", "配额", "allocated", TONNES, POSITIVE),
            number("carried_in_t", "上年结转", "carried over from before", TONNES, POSITIVE),
            number("offset_share", "抵销比例（如 0.05）", "share that credits may serve for, such as 0.05", RATIO, SHARE),
        ],
        outputs: &[
            number_out("gap_t", "缺口；为负时有余", "what is lacking; below zero something is left", TONNES),
            number_out("offset_limit_t", "核证减排量抵销上限，整吨", "the most that credits may serve for, whole tonnes", TONNES),
            EVIDENCE,
        ],
    },
    run: |given| {
        let gap = surrender_gap_t(whole(given, "verified_t")?, whole(given, "allocated_t")?, whole(given, "carried_in_t")?)?;
        let limit = offset_limit_t(count(given, "verified_t")?, exact(given, "offset_share")?)?;
        Ok(Answer::default().and("gap_t", gap).and("offset_limit_t", limit).and("evidence", Evidence::Unverified.word()))
    },
};

static SINK_CREDIT: Calculator = Calculator {
    spec: &Spec {
        id: "rights.sink_credit",
        title: text("林业碳汇净移除量与签发", "net removal of a forest project, and what is issued"),
        source: Source {
            work: "CCER-14-001-V01 造林碳汇（公式为回忆，未核实）；地方林业碳汇缓冲账户",
            at: "(项目 − 基线 − 泄漏) × (1 − K)；签发 = ⌊移除量 × (1 − b)⌋，其余整吨入缓冲账户",
        },
        reach: Reach::Whole,
        inputs: &[
            number("project_t", "项目碳储量变化", "change of the project's stock", TONNES, ANY),
            number("baseline_t", "基线碳储量变化", "change of the baseline's stock", TONNES, ANY),
            number("leakage_t", "泄漏", "leakage", TONNES, ANY),
            number("risk", "非持久性风险扣减 K", "deduction for the risk of reversal", RATIO, SHARE),
            number("buffer_share", "缓冲比例 b", "share of the buffer", RATIO, SHARE),
        ],
        outputs: &[
            number_out("removal_t", "净移除量", "net removal", TONNES),
            number_out("issued_t", "签发", "issued", TONNES),
            number_out("buffer_t", "入缓冲账户", "to the buffer account", TONNES),
            EVIDENCE,
        ],
    },
    run: |given| {
        let removal = net_removal_t(exact(given, "project_t")?, exact(given, "baseline_t")?, exact(given, "leakage_t")?, exact(given, "risk")?)?;
        let made = issue(removal, exact(given, "buffer_share")?)?;
        let answer = Answer::default().and("removal_t", in_json(removal)).and("issued_t", made.issued_t).and("buffer_t", made.buffer_t);
        Ok(answer.and("evidence", Evidence::Unverified.word()))
    },
};
