//! Continuous trading, auctions and the limits of a day.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, SHARE, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, text};
use serde_json::json;

use super::{LOTS, count, exact, integer, malformed_row, whole};
use crate::matching::price_limits::parse_price;
use crate::matching::{Listed, Order, call_auction, continuous, price_limits, uniform_auction, within_limit};

pub(super) const ALL: &[&Calculator] = &[&LISTING, &CALL_AUCTION, &UNIFORM_AUCTION, &PRICE_LIMITS];

const MARKET: &str = "全国碳排放权交易规则（据公开报道）";

/// Orders as `[[price, quantity], …]`.
fn orders(given: &Arguments, name: &str) -> Result<Vec<Order>, Problem> {
    let rows = given.records(name).iter().enumerate();
    rows.map(|(at, row)| {
        let row = row.as_array().filter(|row| row.len() == 2);
        let order = row.and_then(|row| Some(Order { price: integer(&row[0])?, quantity: u32::try_from(integer(&row[1])?).ok()? }));
        order.ok_or_else(|| malformed_row(name, at, "[price, quantity]"))
    })
    .collect()
}

static LISTING: Calculator = Calculator {
    spec: &Spec {
        id: "rights.match_listing",
        title: text("挂牌协议（连续撮合）与收盘价", "continuous trading of a day, and its close"),
        source: Source {
            work: MARKET, at: "价格优先、时间优先，按挂单价成交；最多见对手方五档；收盘价为当日成交量加权平均价，无成交取上一收盘价"
        },
        reach: Reach::Whole,
        inputs: &[
            given(
                "orders",
                "按到达先后：side（buy、sell）、price（最小变动价位的整数）、quantity、rests（未成交部分是否挂单，默认 true）",
                "in order of arrival: side (buy, sell), price in whole ticks, quantity, rests (whether what is left rests, true by default)",
                Form::Records,
                LOTS,
            ),
            number("previous", "上一收盘价", "previous close", RATIO, ANY),
        ],
        outputs: &[
            made(
                "trades",
                "成交：buy、sell（第几单，从 1 起）、price、quantity",
                "trades: buy, sell (orders counted from 1), price, quantity",
                Form::Records,
                LOTS,
            ),
            made("resting", "各单收盘时的挂单量（当日有效）", "what of each order rests at the close; orders live for the day", Form::List, LOTS),
            made("cancelled", "各单撤销量", "what of each order was cancelled", Form::List, LOTS),
            number_out("volume", "成交量", "volume", LOTS),
            number_out("close", "收盘价，四舍五入到最小变动价位", "close, half up to the tick", RATIO),
        ],
    },
    run: |given| {
        let mut orders = Vec::new();
        for (at, row) in given.records("orders").iter().enumerate() {
            let wanted = || malformed_row("orders", at, "{\"side\": \"buy\", \"price\": 1, \"quantity\": 1, \"rests\": true}");
            let buys = match row.get("side").and_then(|s| s.as_str()) {
                Some("buy") => true,
                Some("sell") => false,
                _ => return Err(wanted()),
            };
            let whole_of = |key: &str| row.get(key).and_then(integer);
            let quantity = whole_of("quantity").and_then(|n| u32::try_from(n).ok()).ok_or_else(wanted)?;
            let rests = match row.get("rests") {
                None => true,
                Some(rests) => rests.as_bool().ok_or_else(wanted)?,
            };
            orders.push(Listed { buys, price: whole_of("price").ok_or_else(wanted)?, quantity, rests });
        }
        let day = continuous(&orders);
        let trades: Vec<_> = day.trades.iter().map(|t| json!({ "buy": t.buy + 1, "sell": t.sell + 1, "price": t.price, "quantity": t.quantity })).collect();
        let volume: u64 = day.trades.iter().map(|t| u64::from(t.quantity)).sum();
        let answer = Answer::default().and("close", day.close(whole(given, "previous")?)).and("trades", trades).and("volume", volume);
        Ok(answer.and("resting", json!(day.resting)).and("cancelled", json!(day.cancelled)))
    },
};

static CALL_AUCTION: Calculator = Calculator {
    spec: &Spec {
        id: "rights.match_call_auction",
        title: text("集合竞价", "call auction"),
        source: Source {
            work: MARKET, at: "成交量最大；差额最小；余量同侧取端价，否则取最接近参考价者；价格优先、时间优先"
        },
        reach: Reach::Whole,
        inputs: &[
            given(
                "buys",
                "买单 [[限价, 数量], …]，按到达先后；价格为最小变动价位的整数",
                "buy orders [[limit, quantity], …] in order of arrival; prices in whole ticks",
                Form::List,
                LOTS,
            ),
            given("sells", "卖单 [[限价, 数量], …]，按到达先后", "sell orders [[limit, quantity], …] in order of arrival", Form::List, LOTS),
            number("reference", "参考价（上一收盘价）", "reference, the previous close", RATIO, ANY),
        ],
        outputs: &[
            number_out("price", "成交价；无成交时为 null", "price; null when nothing is traded", RATIO),
            number_out("volume", "成交量", "volume", LOTS),
            made("buy_fills", "各买单成交量", "what each buyer gets", Form::List, LOTS),
            made("sell_fills", "各卖单成交量", "what each seller gives", Form::List, LOTS),
        ],
    },
    run: |given| {
        let clearing = call_auction(&orders(given, "buys")?, &orders(given, "sells")?, whole(given, "reference")?);
        let answer = priced(Answer::default(), clearing.price);
        Ok(answer.and("volume", clearing.volume).and("buy_fills", json!(clearing.buy_fills)).and("sell_fills", json!(clearing.sell_fills)))
    },
};

fn priced(answer: Answer, price: Option<i64>) -> Answer {
    match price {
        Some(price) => answer.and("price", price),
        None => answer.without("price"),
    }
}

static UNIFORM_AUCTION: Calculator = Calculator {
    spec: &Spec {
        id: "rights.auction_uniform",
        title: text("单向竞价（统一价）", "one-way auction at one price"),
        source: Source { work: MARKET, at: "单向竞价：统一价为最低中标价，不低于底价；边际报价按余量成交" },
        reach: Reach::Whole,
        inputs: &[
            number("supply", "出让量", "supply", LOTS, POSITIVE),
            number("reserve", "底价", "reserve price", RATIO, POSITIVE),
            given("bids", "报价 [[价格, 数量], …]，按到达先后", "bids [[price, quantity], …] in order of arrival", Form::List, LOTS),
            given("bidders", "各报价的竞买人，有单一竞买人上限时须给出", "who bids, one for each bid; needed with a limit by bidder", Form::List, LOTS)
                .optional(),
            number("bidder_share", "单一竞买人上限（占出让量，如 0.2）", "most of the supply that one bidder gets, such as 0.2", RATIO, SHARE).optional(),
        ],
        outputs: &[
            number_out("price", "统一价；无成交时为 null", "the one price; null when nothing is sold", RATIO),
            made("fills", "各报价成交量", "what each bidder gets", Form::List, LOTS),
            number_out("proceeds", "成交金额，与价格同单位", "proceeds, in the unit of the price", RATIO),
            number_out("unsold", "未售出量", "unsold", LOTS),
        ],
    },
    run: |given| {
        let (supply, mut bids) = (count(given, "supply")?, orders(given, "bids")?);
        if given.has("bidder_share") {
            let name = |v: &serde_json::Value| v.as_str().map(str::to_owned);
            let bidders: Option<Vec<String>> = given.records("bidders").iter().map(name).collect();
            let bidders = bidders.filter(|b| b.len() == bids.len()).ok_or_else(|| malformed_row("bidders", bids.len().saturating_sub(1), "\"name\""))?;
            let most = exact(given, "bidder_share")?.checked_mul(rust_decimal::Decimal::from(supply));
            let most = crate::exact::ceiling("bidder_share", crate::exact::held("bidder_share", most)?.floor())?;
            bids = within_limit(&bids, &bidders, most.unsigned_abs());
        }
        let sale = uniform_auction(supply, whole(given, "reserve")?, &bids)?;
        Ok(priced(Answer::default(), sale.price).and("fills", json!(sale.fills)).and("proceeds", sale.proceeds).and("unsold", sale.unsold))
    },
};

static PRICE_LIMITS: Calculator = Calculator {
    spec: &Spec {
        id: "rights.price_limits",
        title: text("涨跌停价", "price limits of a day"),
        source: Source { work: MARKET, at: "前收盘价 ×（1 ± 涨跌幅），按最小变动价位四舍五入" },
        reach: Reach::Whole,
        inputs: &[
            given("prev", "前收盘价，十进制文字，元", "previous close as decimal text, yuan", Form::Text, measure("price", "CNY")),
            number("r", "涨跌幅", "limit as a share", RATIO, SHARE),
            number("tick", "最小变动价位", "tick", measure("price", "CNY"), POSITIVE),
        ],
        outputs: &[
            made("up", "涨停价", "highest price", Form::Text, measure("price", "CNY")),
            made("down", "跌停价", "lowest price", Form::Text, measure("price", "CNY")),
        ],
    },
    run: |given| {
        let limits = price_limits(parse_price(given.text("prev"))?, exact(given, "r")?, exact(given, "tick")?)?;
        Ok(Answer::default().and("up", limits.up.to_string()).and("down", limits.down.to_string()))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, with the numbers of the function's own test.
    #[test]
    fn a_day_by_name() {
        let order = |side: &str, price: i64, quantity: u32| json!({ "side": side, "price": price, "quantity": quantity });
        let orders = json!([order("sell", 60, 5), order("sell", 61, 4), order("sell", 60, 4), order("buy", 61, 8)]);
        let made = LISTING.calculate(&json!({ "orders": orders, "previous": 55 })).unwrap().outputs;
        assert_eq!(made["trades"][1], json!({ "buy": 4, "sell": 3, "price": 60, "quantity": 3 }));
        assert_eq!((&made["close"], &made["volume"], &made["resting"]), (&json!(60), &json!(8), &json!([0, 4, 1, 0])));
        let code = |row: serde_json::Value| LISTING.calculate(&json!({ "orders": [row], "previous": 55 })).unwrap_err().0[0].code.to_string();
        let auction = |bidders: serde_json::Value| {
            UNIFORM_AUCTION.calculate(&json!({ "supply": 1000, "reserve": 50, "bids": [[70, 400], [65, 300]], "bidders": bidders, "bidder_share": 0.2 }))
        };
        // At most 200 of 1000 each.
        assert_eq!(auction(json!(["A", "B"])).unwrap().outputs["fills"], json!([200, 200]));
        assert_eq!(auction(json!(["A"])).unwrap_err().0[0].code, "calc.form");
        assert_eq!(code(order("hold", 60, 5)), "calc.form");
        assert_eq!(code(json!({ "side": "buy", "price": 60.5, "quantity": 1 })), "calc.form");
        assert_eq!(code(json!({ "side": "buy", "price": 60, "quantity": 1, "rests": "yes" })), "calc.form");
    }
}
