//! Unit prices made from other numbers: brought to another year, or taken from a tax table.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{RATIO, Reach, Source, number, number_out};
use liangshan_vocab::{Answer, Calculator, Spec, text};

use super::{YUAN, price_of};

pub(super) const ALL: &[&Calculator] = &[&UPDATE_CPI, &TAX_PER_KG];

/// Above zero: an index or an equivalent that is divided by.
const ABOVE_ZERO: (f64, f64) = (1e-9, 1e9);

static UPDATE_CPI: Calculator = Calculator {
    spec: &Spec {
        id: "price.update_cpi",
        title: text("按居民消费价格定基指数更新单价", "a price brought to another year by the consumer price index"),
        source: Source { work: "缪建群等（2017），生态学报 37(19):6422-6430", at: "2.2：P_t = P_0 × CPI_t / CPI_0，定基指数" },
        reach: Reach::Whole,
        inputs: &[
            price_of("price", "原单价", "price", "CNY"),
            number("cpi_from", "原价格年份的定基指数", "fixed-base index of the price's year", RATIO, ABOVE_ZERO),
            number("cpi_to", "目标年份的定基指数", "fixed-base index of the other year", RATIO, ABOVE_ZERO),
        ],
        outputs: &[number_out("price", "更新后的单价", "price of the other year", YUAN)],
    },
    run: |given| Ok(Answer::number("price", given.number("price") * given.number("cpi_to") / given.number("cpi_from"))),
};

static TAX_PER_KG: Calculator = Calculator {
    spec: &Spec {
        id: "price.tax_per_kg",
        title: text("每千克污染物的环境保护税额", "environmental tax per kilogram of a pollutant"),
        source: Source { work: "中华人民共和国环境保护税法", at: "附表一税额、附表二污染当量值" },
        reach: Reach::Whole,
        inputs: &[
            price_of("tau", "每污染当量税额", "tax per pollution equivalent", "CNY"),
            number("eq_kg", "污染当量值", "kilograms in one equivalent", measure("mass", "kg"), ABOVE_ZERO),
        ],
        outputs: &[number_out("price", "每千克税额", "tax per kilogram", measure("price", "CNY/kg"))],
    },
    run: |given| Ok(Answer::number("price", given.number("tau") / given.number("eq_kg"))),
};
