//! Rates of a circular economy held against the goals of `rules/accounts/`, and the balance of a node.

use liangshan_accounts::linkage::circular_rates::{Node, industrial_use_pct, productivity, share_pct, water_reuse_pct};
use liangshan_duty::calculators::at_hand::standards;
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, made, number, number_out};
use liangshan_vocab::{Answer, Calculator, Form, Input, Measure, Spec, text};
use serde_json::{Map, Value, json};

pub(super) const ALL: &[&Calculator] = &[&RATES, &NODE_BALANCE];

const TONNES: Measure = measure("material", "t");
const PERCENT: Measure = measure("ratio", "%");
const WATER: Measure = measure("water", "1e4 m3");
const PRODUCTIVITY: Measure = measure("productivity", "1e4 CNY/t");

/// What a float may lack of a goal that is reached exactly, in points of a per cent.
const LAST_BIT: f64 = 1e-9;

const fn some(name: &'static str, zh: &'static str, en: &'static str, measure: Measure) -> Input {
    number(name, zh, en, measure, POSITIVE).optional()
}

static RATES: Calculator = Calculator {
    spec: &Spec {
        id: "circular.rates",
        title: text("循环经济比率：资源产出率、循环利用率、综合利用率", "rates of a circular economy: productivity, recycling, use"),
        source: Source {
            work: "循环发展引领行动（2017，据转载）；综合利用率为一般知识",
            at: "目标见 rules/accounts/circular-goals-2020.toml；未给出的为 null",
        },
        reach: Reach::Whole,
        inputs: &[
            some("gdp_1e4yuan", "地区生产总值（可比价）", "GDP at constant prices", measure("money", "1e4 CNY")),
            some("material_t", "境内物质消费量", "domestic material consumption", TONNES),
            some("productivity_base", "基年资源产出率（同一价格）", "productivity of the base year at the same prices", PRODUCTIVITY),
            some("recycled_t", "循环利用的资源", "recycled", TONNES),
            some("recyclable_t", "产生的可循环资源", "generated", TONNES),
            some("waste_used_t", "综合利用当年产生的工业固废", "industrial waste used of this year's", TONNES),
            some("waste_past_used_t", "综合利用往年贮存的工业固废", "industrial waste used of past storage", TONNES),
            some("waste_generated_t", "工业固废产生量", "industrial waste generated", TONNES),
            some("water_reused", "重复用水量", "water reused", WATER),
            some("water_fresh", "新水量", "fresh water", WATER),
            some("straw_used_t", "秸秆利用", "straw used", TONNES),
            some("straw_collectable_t", "秸秆可收集", "straw that can be collected", TONNES),
        ],
        outputs: &[
            number_out("productivity", "资源产出率", "resource productivity", PRODUCTIVITY),
            number_out("productivity_growth_pct", "比基年提高", "over the base year", PERCENT),
            number_out("recycling_pct", "资源循环利用率", "recycling rate", PERCENT),
            number_out("industrial_use_pct", "工业固废综合利用率", "use of industrial solid waste", PERCENT),
            number_out("water_reuse_pct", "水重复利用率", "reuse of water", PERCENT),
            number_out("straw_use_pct", "秸秆综合利用率", "use of straw", PERCENT),
            made("goals", "有目标的比率：{goal, met}", "rates that have a goal: {goal, met}", Form::Object, RATIO),
            made("evidence", "规则的核实程度", "whether the rules were read", Form::Text, RATIO),
        ],
    },
    run: |given| {
        let rules = standards(given).latest("accounts", "circular")?;
        let table = rules.table("goals")?;
        table.column("goal")?;
        let n = |name: &str| given.has(name).then(|| given.number(name));
        let of = |part: &str, whole: &str, rate: fn(f64, f64) -> Option<f64>| n(part).zip(n(whole)).and_then(|(part, whole)| rate(part, whole));
        let output = of("gdp_1e4yuan", "material_t", productivity);
        let growth = output.zip(n("productivity_base").filter(|base| *base > 0.0)).map(|(now, base)| 100.0 * (now / base - 1.0));
        // What was used of past storage is none where it is not given; what was used this year is not.
        let past = n("waste_past_used_t").unwrap_or(0.0);
        let industrial = n("waste_used_t").zip(n("waste_generated_t")).and_then(|(used, generated)| industrial_use_pct(used, past, generated));
        let rates = [
            ("productivity", output),
            ("productivity_growth_pct", growth),
            ("recycling_pct", of("recycled_t", "recyclable_t", share_pct)),
            ("industrial_use_pct", industrial),
            ("water_reuse_pct", of("water_reused", "water_fresh", water_reuse_pct)),
            ("straw_use_pct", of("straw_used_t", "straw_collectable_t", share_pct)),
        ];
        let mut goals = Map::new();
        let mut answer = Answer::default().and("evidence", rules.evidence.word());
        for (name, rate) in rates {
            if let Some(goal) = table.row(name).and_then(|row| table.number(row, "goal")) {
                goals.insert(name.to_owned(), json!({ "goal": goal, "met": rate.map(|rate| rate >= goal - LAST_BIT) }));
            }
            answer = match rate {
                Some(rate) => answer.and(name, rate),
                None => answer.without(name),
            };
        }
        Ok(answer.and("goals", Value::Object(goals)))
    },
};

static NODE_BALANCE: Calculator = Calculator {
    spec: &Spec {
        id: "circular.node_balance",
        title: text("循环经济节点物料平衡（企业、园区、城市）", "balance of material at an enterprise, a park or a city"),
        source: Source { work: "质量守恒 / mass balance", at: "进入 + 期初 + 产生 = 产品 + 移交 + 处置 + 排放 + 期末；容差须给出" },
        reach: Reach::Whole,
        inputs: &[
            number("inflow_t", "进入", "came in", TONNES, POSITIVE),
            number("stock_open_t", "期初", "stock at the beginning", TONNES, POSITIVE),
            number("generated_t", "产生", "generated", TONNES, POSITIVE),
            number("product_t", "产品", "product", TONNES, POSITIVE),
            number("transferred_t", "移交", "handed over", TONNES, POSITIVE),
            number("disposed_t", "处置", "disposed of", TONNES, POSITIVE),
            number("emitted_t", "排放", "emitted", TONNES, POSITIVE),
            number("stock_close_t", "期末", "stock at the end", TONNES, POSITIVE),
            number("tolerance_share", "容差（占进入、期初与产生之和）", "tolerance as a share of all that was there", RATIO, SHARE),
        ],
        outputs: &[number_out("residual_t", "差额", "not accounted for", TONNES), made("alarm", "是否报警", "alarm", Form::Truth, RATIO)],
    },
    run: |given| {
        let n = |name| given.number(name);
        let node = Node {
            inflow: n("inflow_t"),
            stock_open: n("stock_open_t"),
            generated: n("generated_t"),
            product: n("product_t"),
            transferred: n("transferred_t"),
            disposed: n("disposed_t"),
            emitted: n("emitted_t"),
            stock_close: n("stock_close_t"),
        };
        let residual = node.residual();
        // A part in 10¹² of what was there is the float's, not the node's.
        let allowed = n("tolerance_share") * node.there() + 1e-12 * node.there();
        Ok(Answer::number("residual_t", residual).and("alarm", residual.abs() > allowed))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1150/1000 against 1.0 is +15 %, the goal; (72 + 10)/(100 + 10) is 74.5 %, above 73; straw 84 % is not 85.
    #[test]
    fn rates_against_their_goals() {
        let given = json!({
            "gdp_1e4yuan": 1150, "material_t": 1000, "productivity_base": 1, "waste_used_t": 72, "waste_past_used_t": 10,
            "waste_generated_t": 100, "straw_used_t": 84, "straw_collectable_t": 100,
        });
        let made = RATES.calculate(&given).unwrap().outputs;
        assert_eq!((&made["productivity"], &made["recycling_pct"], &made["straw_use_pct"]), (&json!(1.15), &Value::Null, &json!(84.0)));
        assert!((made["productivity_growth_pct"].as_f64().unwrap() - 15.0).abs() < 1e-9);
        assert!((made["industrial_use_pct"].as_f64().unwrap() - 8200.0 / 110.0).abs() < 1e-9);
        let met = |rate: &str| made["goals"][rate]["met"].clone();
        assert_eq!((met("industrial_use_pct"), met("straw_use_pct"), met("recycling_pct")), (json!(true), json!(false), Value::Null));
        assert_eq!(met("productivity_growth_pct"), json!(true), "just the goal");
        assert_eq!(made["evidence"], "partial");
    }

    /// By hand: 125 t were there and 120 are known of.
    #[test]
    fn a_node_by_name() {
        let node = |tolerance: f64| {
            let given = json!({
                "inflow_t": 100, "stock_open_t": 20, "generated_t": 5, "product_t": 60, "transferred_t": 30, "disposed_t": 10,
                "emitted_t": 5, "stock_close_t": 15, "tolerance_share": tolerance,
            });
            NODE_BALANCE.calculate(&given).unwrap().outputs
        };
        assert_eq!((&node(0.04)["residual_t"], &node(0.04)["alarm"], &node(0.03)["alarm"]), (&json!(5.0), &json!(false), &json!(true)));
    }
}
