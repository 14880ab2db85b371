//! A trade in the ledger.

use liangshan_vocab::spec::{POSITIVE, RATIO, Reach, SHARE, Source, number, number_out};
use liangshan_vocab::{Answer, Calculator, Spec, text};

use super::{FEN, LOTS, count, exact};
use crate::trade::settle;

pub(super) const ALL: &[&Calculator] = &[&LEDGER_TRADE];

static LEDGER_TRADE: Calculator = Calculator {
    spec: &Spec {
        id: "rights.ledger_trade",
        title: text("一笔成交的资金分录", "cash lines of one trade"),
        source: Source {
            work: "复式记账：每项资产的分录之和为零", at: "手续费 = max(最低额, 金额 × 费率)，四舍五入到分，双边收取"
        },
        reach: Reach::Whole,
        inputs: &[
            number("qty", "数量", "quantity", LOTS, POSITIVE),
            number("price_fen", "单价", "price of one unit", FEN, POSITIVE),
            number("rate", "费率", "rate of the fee", RATIO, SHARE),
            number("min_fen", "最低手续费", "least fee", FEN, POSITIVE),
        ],
        outputs: &[
            number_out("value_fen", "成交金额", "value", FEN),
            number_out("fee_each_fen", "每方手续费", "fee of each side", FEN),
            number_out("buyer_cash", "买方资金变动", "change of the buyer's cash", FEN),
            number_out("seller_cash", "卖方资金变动", "change of the seller's cash", FEN),
            number_out("fee_income", "手续费收入", "income from fees", FEN),
            number_out("sum", "分录之和，恒为 0", "sum of all lines, always 0", FEN),
        ],
    },
    run: |given| {
        let done = settle(count(given, "qty")?, count(given, "price_fen")?, exact(given, "rate")?, count(given, "min_fen")?)?;
        Ok(Answer::default()
            .and("value_fen", done.value)
            .and("fee_each_fen", done.fee_each)
            .and("buyer_cash", done.buyer)
            .and("seller_cash", done.seller)
            .and("fee_income", done.fee_income)
            .and("sum", done.sum()))
    },
};
