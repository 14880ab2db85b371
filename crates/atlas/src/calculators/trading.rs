//! Orders before they are taken, and trades that have to be looked at, by rules of `rules/rights/`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use liangshan_duty::calculators::at_hand::standards;
use liangshan_rights::exact::{decimal, float};
use liangshan_rights::matching::check::{Made, Terms, Wanted, concentrated, refused, wash_trades};
use liangshan_rights::matching::price_limits::{parse_price, price_limits};
use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, choice, given, made, number};
use liangshan_vocab::{Answer, Calculator, Form, Measure, Output, Problem, Spec, text, words};
use serde_json::{Value, json};

use super::rights::{day, whole};

pub(super) const ALL: &[&Calculator] = &[&ORDER_CHECK, &WASH_TRADES, &CONCENTRATION];

const TONNES: Measure = measure("carbon_dioxide", "tCO2");
const FEN: Measure = measure("money", "0.01 CNY");
const YUAN: Measure = measure("price", "CNY");
const WORD: Measure = measure("word", "1");
const EVIDENCE: Output = made("evidence", "规则的核实程度", "whether the rules were read", Form::Text, RATIO);

static ORDER_CHECK: Calculator = Calculator {
    spec: &Spec {
        id: "rights.order_check",
        title: text("申报前检查", "whether an order is taken"),
        source: Source {
            work: "全国碳排放权交易规则（据公开报道）",
            at: "最小变动价位、涨跌幅、整手、单笔限量、可用量与可用资金；rules/rights/carbon-trading-2021.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            choice("side", "买或卖", "buy or sell", &["buy", "sell"]),
            choice("mode", "挂牌协议或大宗协议", "listed or bulk agreement", &["listing", "bulk"]),
            given("price", "价格，十进制文字，元", "price as decimal text, yuan", Form::Text, YUAN),
            given("prev", "前收盘价，十进制文字，元", "previous close as decimal text, yuan", Form::Text, YUAN),
            number("qty", "数量", "quantity", TONNES, POSITIVE),
            number("available", "卖方可用量", "what the seller has available", TONNES, POSITIVE).optional(),
            number("free_cash_fen", "买方可用资金", "what the buyer has free", FEN, POSITIVE).optional(),
            number("rate", "费率", "rate of the fee", RATIO, SHARE),
            number("min_fen", "最低手续费", "least fee", FEN, POSITIVE),
            given("account_active", "账户正常", "the account is active", Form::Truth, WORD),
            given("identity_known", "实名核验", "identity is known", Form::Truth, WORD),
            given("qualified", "具备该品种资格", "qualified for the instrument", Form::Truth, WORD),
            given("session_open", "交易时段", "the session is open", Form::Truth, WORD),
        ],
        outputs: &[
            made("accepted", "接受", "taken", Form::Truth, WORD),
            made(
                "refused_for",
                "不接受的原因：account、identity、not_qualified、closed、price、tick、above_limit、below_limit、lots、too_small、too_large、not_available、cash",
                "why not: account, identity, not_qualified, closed, price, tick, above_limit, below_limit, lots, too_small, too_large, not_available, cash",
                Form::List,
                WORD,
            ),
            made("up", "涨停价", "highest price", Form::Text, YUAN),
            made("down", "跌停价", "lowest price", Form::Text, YUAN),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = standards(given).latest("rights", "trading")?;
        let value = |name: &str| decimal(name, rules.value(name)?);
        let units = |name: &str| whole(name, Some(&json!(rules.value(name)?)));
        let bulk = given.text("mode") == "bulk";
        let tick = value("tick")?;
        let limits = price_limits(parse_price(given.text("prev"))?, value(if bulk { "bulk_limit" } else { "listing_limit" })?, tick)?;
        let size = if bulk { (Some(units("bulk_from")?), None) } else { (None, Some(units("listing_below")?.saturating_sub(1))) };
        let optional = |name: &str| if given.has(name) { whole(name, given.value(name)) } else { Ok(0) };
        let order = Wanted {
            buys: given.text("side") == "buy",
            price: parse_price(given.text("price"))?,
            quantity: whole("qty", given.value("qty"))?,
            available: optional("available")?,
            free_cash_fen: optional("free_cash_fen")?,
            admitted: ["account_active", "identity_known", "qualified", "session_open"].map(|name| given.truth(name)),
        };
        let terms = Terms {
            tick,
            lot: units("lot")?,
            limits,
            size,
            rate: decimal("rate", given.number("rate"))?,
            min_fee_fen: whole("min_fen", given.value("min_fen"))?,
        };
        let found = refused(&order, &terms)?;
        let evidence = rules.evidence.with(rules.parameter(if bulk { "bulk_limit" } else { "listing_limit" })?.evidence);
        let answer = Answer::default().and("accepted", found.is_empty()).and("refused_for", found).and("evidence", evidence.word());
        Ok(answer.and("up", limits.up.to_string()).and("down", limits.down.to_string()))
    },
};

static WASH_TRADES: Calculator = Calculator {
    spec: &Spec {
        id: "rights.wash_trades",
        title: text("对倒交易筛查", "trades that go and come back"),
        source: Source {
            work: "市场监察（设计值）",
            at: "同一实际控制人，或 A 到 B 再到 A：3 日内、数量相差不超过 5 %；rules/rights/carbon-trading-2021.toml",
        },
        reach: Reach::Whole,
        inputs: &[
            given("trades", "成交：day、seller、buyer、qty", "trades: day, seller, buyer, qty", Form::Records, WORD),
            given("owners", "账户的实际控制人：{账户: 控制人}", "who owns accounts: {account: owner}", Form::Object, WORD).optional(),
        ],
        outputs: &[
            made(
                "pairs",
                "成对的成交（第几笔，从 1 起）；自成交与自己成对",
                "pairs of trades, counted from 1; one with itself pairs with itself",
                Form::List,
                RATIO,
            ),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = standards(given).latest("rights", "trading")?;
        let (days, share) = (rules.parameter("wash_days")?, rules.parameter("wash_share")?);
        let mut trades = Vec::new();
        for record in given.records("trades") {
            let name = |key: &str| {
                let said = record.get(key).and_then(Value::as_str).filter(|w| !w.is_empty());
                said.map(str::to_owned).ok_or_else(|| form(&format!("trades.{key}")))
            };
            let at: Date = day("trades.day", record.get("day"))?;
            trades.push(Made { day: at, seller: name("seller")?, buyer: name("buyer")?, quantity: whole("trades.qty", record.get("qty"))? });
        }
        let mut owners = BTreeMap::new();
        for (account, owner) in given.value("owners").and_then(Value::as_object).into_iter().flatten() {
            owners.insert(account.clone(), owner.as_str().ok_or_else(|| form("owners"))?.to_owned());
        }
        let found = wash_trades(&trades, &owners, days.value as i32, decimal("wash_share", share.value)?);
        let pairs: Vec<Value> = found.into_iter().map(|(one, other)| json!([one + 1, other + 1])).collect();
        Ok(Answer::default().and("pairs", pairs).and("evidence", days.evidence.with(share.evidence).word()))
    },
};

fn form(key: &str) -> Problem {
    Problem::error("calc.form", words!("“{key}”的形式不对", "\"{key}\" has the wrong form")).key(key).expect(text("文字", "a word"))
}

static CONCENTRATION: Calculator = Calculator {
    spec: &Spec {
        id: "rights.concentration",
        title: text("持仓与成交集中度", "concentration of positions and of the volume"),
        source: Source { work: "市场监察（设计值）", at: "持仓超过 20 %、成交超过 30 %；rules/rights/carbon-trading-2021.toml" },
        reach: Reach::Whole,
        inputs: &[
            given("positions", "各会员持仓", "positions by member", Form::Named, TONNES).optional(),
            given("volumes", "各会员成交量", "volume by member", Form::Named, TONNES).optional(),
        ],
        outputs: &[
            made("positions_above", "持仓份额超过界限的会员与份额", "members whose position is above, with the share", Form::Named, RATIO),
            made("volumes_above", "成交份额超过界限的会员与份额", "members whose volume is above, with the share", Form::Named, RATIO),
            EVIDENCE,
        ],
    },
    run: |given| {
        let rules = standards(given).latest("rights", "trading")?;
        let (position, volume) = (rules.parameter("position_share")?, rules.parameter("volume_share")?);
        let above = |name: &str, bound: f64| -> Result<Value, Problem> {
            let mut of = BTreeMap::new();
            for (member, amount) in given.named(name) {
                of.insert(member.to_owned(), whole(&format!("{name}.{member}"), Some(&json!(amount)))?);
            }
            let found = concentrated(&of, decimal(name, bound)?);
            Ok(Value::Object(found.into_iter().map(|(member, share)| (member, json!(float(share)))).collect()))
        };
        let answer = Answer::default().and("positions_above", above("positions", position.value)?).and("volumes_above", above("volumes", volume.value)?);
        Ok(answer.and("evidence", position.evidence.with(volume.evidence).word()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    fn ask(calculator: &Calculator, given: Value) -> Result<Map<String, Value>, String> {
        calculator.calculate(&given).map(|a| a.outputs).map_err(|p| p.0[0].code.to_string())
    }

    /// By hand, with the numbers of the functions' own tests.
    #[test]
    fn an_order_by_name() {
        let order = |price: &str, qty: u32, mode: &str, cash: u32| {
            json!({
                "side": "buy", "mode": mode, "price": price, "prev": "60", "qty": qty, "free_cash_fen": cash, "rate": 0.001, "min_fen": 0,
                "account_active": true, "identity_known": true, "qualified": true, "session_open": true,
            })
        };
        let made = ask(&ORDER_CHECK, order("61.25", 100, "listing", 613_113)).unwrap();
        assert_eq!((&made["accepted"], &made["up"], &made["evidence"]), (&json!(true), &json!("66.00"), &json!("partial")));
        let made = ask(&ORDER_CHECK, order("61.25", 100, "bulk", 613_112)).unwrap();
        assert_eq!((&made["refused_for"], &made["evidence"]), (&json!(["too_small", "cash"]), &json!("unverified")));
        assert_eq!(ask(&ORDER_CHECK, order("61,25", 100, "listing", 0)).unwrap_err(), "rights.price");
    }

    #[test]
    fn a_market_by_name() {
        let trade = |day: &str, seller: &str, buyer: &str, qty: f64| json!({ "day": day, "seller": seller, "buyer": buyer, "qty": qty });
        let trades = json!([trade("2026-03-01", "a1", "B", 100.0), trade("2026-03-02", "C", "D", 9.0), trade("2026-03-04", "B", "a2", 95.0)]);
        let made = ask(&WASH_TRADES, json!({ "trades": trades, "owners": { "a1": "A", "a2": "A" } })).unwrap();
        assert_eq!(made["pairs"], json!([[1, 3]]));
        assert_eq!(ask(&WASH_TRADES, json!({ "trades": [trade("2026-03-01", "", "B", 1.0)] })).unwrap_err(), "calc.form");
        let made = ask(&CONCENTRATION, json!({ "positions": { "A": 21, "B": 20, "C": 59 }, "volumes": { "A": 30, "B": 31, "C": 39 } })).unwrap();
        assert_eq!((&made["positions_above"], &made["volumes_above"]), (&json!({ "A": 0.21, "C": 0.59 }), &json!({ "B": 0.31, "C": 0.39 })));
        assert_eq!(ask(&CONCENTRATION, json!({ "positions": { "A": 0.5 } })).unwrap_err(), "rights.not_whole");
    }
}
