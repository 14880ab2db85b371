//! What material products and visits are worth.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, number, number_out};
use liangshan_vocab::{Calculator, Problem, Spec, text, words};
use serde_json::Value;

use super::{VALUE_FEN, VALUE_YUAN, YUAN, money, money_exact, price_of, product, records};

pub(super) const ALL: &[&Calculator] = &[&SUPPLY, &TRAVEL_COST, &REVENUE_SHARE];

const BYD: &str = "江波等（2017），白洋淀湿地生态系统最终服务价值评估，生态学报 37(8):2497-2505";

static SUPPLY: Calculator = Calculator {
    spec: &Spec {
        id: "gep.supply_value",
        title: text("物质供给价值", "value of material supply"),
        source: Source { work: BYD, at: "2.1：产量乘以价格，分等级计价" },
        reach: Reach::Whole,
        inputs: &[records(
            "products",
            "产品：{quantity, price} 或 {quantity, grades: [{share, price}]}；is 为 stock 表示存量",
            "products: {quantity, price} or {quantity, grades: [{share, price}]}; is = stock marks a standing stock",
        )],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        let mut total = 0.0;
        let mut warnings = Vec::new();
        for (at, item) in given.records("products").iter().enumerate() {
            total += worth_of(item, at)?;
            if item.get("is").and_then(Value::as_str) == Some("stock") {
                warnings.push(
                    Problem::warning(
                        "supply.stock_as_flow",
                        words!("第 {} 项是存量，不是当年产量", "product {} is a standing stock and not a year's yield", at + 1),
                    )
                    .key(format!("products[{at}]"))
                    .fix(words!("改用当年采伐或采收量", "use what was harvested in the year")),
                );
            }
        }
        let answer = money(total)?;
        Ok(warnings.into_iter().fold(answer, |answer, warning| answer.warn(warning)))
    },
};

fn worth_of(item: &Value, at: usize) -> Result<f64, Problem> {
    const KEYS: [&str; 4] = ["quantity", "price", "grades", "is"];
    let malformed = |what: &str| {
        Problem::error("calc.form", words!("第 {} 项产品的 {what} 不对", "{what} of product {} is wrong", at + 1)).key(format!("products[{at}].{what}")).expect(
            words!("{{quantity, price}} 或 {{quantity, grades: [{{share, price}}]}}", "{{quantity, price}} or {{quantity, grades: [{{share, price}}]}}"),
        )
    };
    if let Some(stray) = item.as_object().and_then(|o| o.keys().find(|k| !KEYS.contains(&k.as_str()))) {
        return Err(malformed(stray));
    }
    if item.get("is").is_some_and(|is| !matches!(is.as_str(), Some("flow" | "stock"))) {
        return Err(malformed("is"));
    }
    let amount = |of: &Value, name: &str| of.get(name).and_then(Value::as_f64).filter(|v| *v >= 0.0).ok_or_else(|| malformed(name));
    let quantity = amount(item, "quantity")?;
    let grades = match (item.get("grades"), item.get("price")) {
        (None, Some(_)) => return Ok(product(quantity, amount(item, "price")?)),
        (Some(Value::Array(grades)), None) => grades,
        _ => return Err(malformed("price")),
    };
    let (mut shares, mut price) = (0.0, 0.0);
    for grade in grades {
        let share = amount(grade, "share")?;
        shares += share;
        price += product(share, amount(grade, "price")?);
    }
    if (shares - 1.0).abs() > 1e-9 {
        return Err(Problem::error(
            "supply.shares_not_one",
            words!("第 {} 项各等级占比之和为 {shares}", "the grades of product {} have shares that sum to {shares}", at + 1),
        )
        .key(format!("products[{at}].grades"))
        .expect(words!("合计为 1", "a sum of 1")));
    }
    Ok(product(quantity, price))
}

static TRAVEL_COST: Calculator = Calculator {
    spec: &Spec {
        id: "gep.tourism_travel_cost",
        title: text("旅游康养价值（旅行费用法）", "value of tourism by travel cost"),
        source: Source { work: BYD, at: "2.4：旅行支出、时间成本与消费者剩余" },
        reach: Reach::Whole,
        inputs: &[
            number("visits", "旅游人次", "visits", measure("visits", "visit"), POSITIVE),
            price_of("spending", "人次旅行支出", "travel spending per visit", "CNY/visit"),
            price_of("time_cost", "人次时间成本", "time cost per visit", "CNY/visit"),
            price_of("consumer_surplus", "人次消费者剩余", "consumer surplus per visit", "CNY/visit").optional(),
        ],
        outputs: &[
            VALUE_YUAN,
            VALUE_FEN,
            number_out(
                "value_with_surplus_yuan",
                "含消费者剩余的价值量（福利价值，不入账）",
                "value with consumer surplus: a welfare value, not for the account",
                YUAN,
            ),
        ],
    },
    run: |given| {
        let (visits, exchange) = (given.number("visits"), given.number("spending") + given.number("time_cost"));
        let answer = money_exact(visits, exchange)?;
        if !given.has("consumer_surplus") {
            return Ok(answer);
        }
        let surplus = Problem::note(
            "tourism.welfare_value",
            words!("消费者剩余是福利价值，SEEA 账户不计入", "consumer surplus is a welfare value, which an account at exchange values leaves out"),
        );
        Ok(answer.and("value_with_surplus_yuan", visits * (exchange + given.number("consumer_surplus"))).warn(surplus))
    },
};

static REVENUE_SHARE: Calculator = Calculator {
    spec: &Spec {
        id: "gep.tourism_revenue_share",
        title: text("旅游康养价值（收入分摊法）", "value of tourism as a share of revenue"),
        source: Source { work: "SEEA Ecosystem Accounting (2024)", at: "ch. 9, recreation-related services: the ecosystem's share of spending" },
        reach: Reach::Whole,
        inputs: &[
            number("revenue_yuan", "旅游总收入", "tourism revenue", YUAN, POSITIVE),
            number("share", "自然贡献比例", "share attributed to nature", RATIO, SHARE),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| money_exact(given.number("revenue_yuan"), given.number("share")),
};
