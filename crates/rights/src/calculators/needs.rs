//! Needs, allocation and carry-over.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Evidence, Spec, text};
use serde_json::json;

use super::{KG_A, count, counts, exact, number as in_json};
use crate::allocation::{by_standard_kg, close_to_cap, entitlement_kg, fee_fen};
use crate::carry_over::carry_over;
use crate::needs::{emission_need_kg, energy_need_tce};

pub(super) const ALL: &[&Calculator] = &[&EMISSION_NEED, &ENERGY_NEED, &ENTITLEMENT, &INITIAL_ALLOCATION, &CARRY_OVER];

static EMISSION_NEED: Calculator = Calculator {
    spec: &Spec {
        id: "rights.emission_need",
        title: text("新建项目所需排污权", "emission right a new project needs"),
        source: Source {
            work: "排污权有偿使用和交易：新增排放量乘以替代比例", at: "比例 1 至 2 为配置，未核实；整千克，向上取整"
        },
        reach: Reach::Whole,
        inputs: &[
            number("new_t", "新增排放量", "new emission", measure("emission", "t/a"), POSITIVE),
            number("ratio", "替代比例", "offset ratio by region, pollutant and industry", RATIO, POSITIVE),
            given("indicator", "污染物", "pollutant", Form::Text, RATIO),
        ],
        outputs: &[number_out("need_kg", "需要的排污权", "right needed", KG_A)],
    },
    run: |given| Ok(Answer::default().and("need_kg", emission_need_kg(exact(given, "new_t")?, exact(given, "ratio")?)?)),
};

static ENERGY_NEED: Calculator = Calculator {
    spec: &Spec {
        id: "rights.energy_need",
        title: text("新增用能所需用能权", "energy-use right needed"),
        source: Source { work: "浙政办发〔2018〕84号", at: "单位工业增加值能耗高于 0.6 吨标准煤/万元的部分须购买" },
        reach: Reach::Whole,
        inputs: &[
            number("E_tce", "新增用能（等价值）", "new energy use at equivalent value", measure("energy", "tce/a"), POSITIVE),
            number("VA_1e4yuan", "工业增加值", "industrial value added", measure("value_added", "1e4 CNY/a"), ANY),
            number("line", "控制线", "the line", measure("energy_intensity", "tce/(1e4 CNY)"), POSITIVE),
        ],
        outputs: &[number_out("need_tce", "需要的用能权", "right needed", measure("energy_right", "tce/a"))],
    },
    run: |given| {
        let need = energy_need_tce(exact(given, "E_tce")?, exact(given, "VA_1e4yuan")?, exact(given, "line")?)?;
        Ok(Answer::default().and("need_tce", in_json(need)))
    },
};

static ENTITLEMENT: Calculator = Calculator {
    spec: &Spec {
        id: "rights.entitlement",
        title: text("一个排污单位的初始排污权及费用", "first emission right of a source, and its fee"),
        source: Source {
            work: "排污权初始分配：环评批复、排放标准、绩效三者取小", at: "按标准 = 限值 × 水量 / 1000；费用 = 数量 × 单价 × 年数；单价按吨计"
        },
        reach: Reach::Whole,
        inputs: &[
            number("by_approval_kg", "环评批复的量", "what the approval allows", KG_A, POSITIVE),
            number("limit_mg_L", "排放标准限值", "limit of the standard", measure("concentration", "mg/L"), POSITIVE),
            number("water_m3", "年排水量", "water of a year", measure("water", "m3/a"), POSITIVE),
            number("by_performance_kg", "按绩效（产量乘以基准）的量", "output times its benchmark", KG_A, POSITIVE),
            number("price_fen_t", "有偿使用单价", "price of a tonne and year", measure("price", "0.01 CNY/t"), POSITIVE).optional(),
            number("years", "年数，不超过 5", "years, five at most", measure("term", "a"), (0.0, 5.0)).optional(),
        ],
        outputs: &[
            number_out("by_standard_kg", "按标准的量", "what the standard allows", KG_A),
            number_out("entitlement_kg", "初始排污权，整千克", "the right, whole kilograms", KG_A),
            number_out("fee_fen", "费用；未给单价和年数时为 null", "the fee; null without price and years", super::FEN),
        ],
    },
    run: |given| {
        let standard = by_standard_kg(exact(given, "limit_mg_L")?, exact(given, "water_m3")?)?;
        let right = entitlement_kg(exact(given, "by_approval_kg")?, standard, exact(given, "by_performance_kg")?)?;
        let answer = Answer::default().and("by_standard_kg", in_json(standard)).and("entitlement_kg", right);
        Ok(match given.has("price_fen_t") && given.has("years") {
            true => answer.and("fee_fen", fee_fen(right, count(given, "price_fen_t")?, exact(given, "years")?)?),
            false => answer.without("fee_fen"),
        })
    },
};

static INITIAL_ALLOCATION: Calculator = Calculator {
    spec: &Spec {
        id: "rights.initial_allocation",
        title: text("排污权初始分配", "initial allocation of emission rights"),
        source: Source { work: "排污权初始分配：按总量等比例调整", at: "k = (总量 − 储备) / Σ 申请量；整千克，最大余数法" },
        reach: Reach::Whole,
        inputs: &[
            given("requests_kg", "各排污单位的申请量", "what each source asks for", Form::List, KG_A),
            number("cap_kg", "区域总量", "cap of the region", KG_A, POSITIVE),
            number("reserve_kg", "政府储备", "reserve of the government", KG_A, POSITIVE),
        ],
        outputs: &[
            number_out("k", "调整系数", "factor", RATIO),
            made("allocated_kg", "分配量", "what each gets", Form::List, KG_A),
            number_out("left_kg", "余量", "what is left of the cap", KG_A),
        ],
    },
    run: |given| {
        let made = close_to_cap(&counts(given, "requests_kg")?, count(given, "cap_kg")?, count(given, "reserve_kg")?)?;
        Ok(Answer::number("k", made.k).and("allocated_kg", json!(made.allocated_kg)).and("left_kg", made.left_kg))
    },
};

static CARRY_OVER: Calculator = Calculator {
    spec: &Spec {
        id: "rights.carry_over",
        title: text("碳排放配额结转", "carry-over of carbon allowances"),
        source: Source {
            work: "全国碳排放权交易 2023、2024 年度配额结转规定（据公开计算器）", at: "上限 = 基础量 + 1.5 × 净卖出量；基础量未核实"
        },
        reach: Reach::Whole,
        inputs: &[
            number("base", "基础结转量", "base", measure("allowance", "1e4 t"), POSITIVE),
            number("net_sold", "净卖出量", "net sold", measure("allowance", "1e4 t"), ANY),
            number("holding", "持有量", "holding", measure("allowance", "1e4 t"), POSITIVE),
            number("multiple", "倍数", "multiple", RATIO, POSITIVE),
        ],
        outputs: &[
            number_out("cap", "结转上限", "cap", measure("allowance", "1e4 t")),
            number_out("carried", "可结转量", "carried over", measure("allowance", "1e4 t")),
            number_out("lapsed_if_no_sale", "不再卖出时作废的量", "lapses when nothing more is sold", measure("allowance", "1e4 t")),
            number_out("sell_to_avoid", "避免作废须再卖出的量", "to sell for nothing to lapse", measure("allowance", "1e4 t")),
            made("evidence", "规则的核实程度", "whether the rule was read", Form::Text, RATIO),
        ],
    },
    run: |given| {
        let made = carry_over(exact(given, "base")?, exact(given, "net_sold")?, exact(given, "holding")?, exact(given, "multiple")?)?;
        Ok(Answer::default()
            .and("cap", in_json(made.cap))
            .and("carried", in_json(made.carried))
            .and("lapsed_if_no_sale", in_json(made.lapsed))
            .and("sell_to_avoid", in_json(made.sell_to_avoid))
            .and("evidence", Evidence::Unverified.word()))
    },
};
