//! Auctions and the limits of a day.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, Form, POSITIVE, RATIO, Reach, SHARE, Source, given, made, number, number_out};
use liangshan_vocab::{Answer, Arguments, Calculator, Problem, Spec, text};
use serde_json::json;

use super::{LOTS, count, exact, integer, malformed_row, whole};
use crate::matching::price_limits::parse_price;
use crate::matching::{Order, call_auction, price_limits, uniform_auction};

pub(super) const ALL: &[&Calculator] = &[&CALL_AUCTION, &UNIFORM_AUCTION, &PRICE_LIMITS];

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
        ],
        outputs: &[
            number_out("price", "统一价；无成交时为 null", "the one price; null when nothing is sold", RATIO),
            made("fills", "各报价成交量", "what each bidder gets", Form::List, LOTS),
            number_out("proceeds", "成交金额，与价格同单位", "proceeds, in the unit of the price", RATIO),
            number_out("unsold", "未售出量", "unsold", LOTS),
        ],
    },
    run: |given| {
        let sale = uniform_auction(count(given, "supply")?, whole(given, "reserve")?, &orders(given, "bids")?)?;
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
