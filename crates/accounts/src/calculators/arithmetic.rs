//! Values, sums, shares and ratios: the arithmetic of every account table.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{ANY, POSITIVE, RATIO, Reach, Source, number, number_out, numbers};
use liangshan_vocab::{Answer, Arguments, Calculator, Evidence, Problem, Spec, Unit, text, words};
use rust_decimal::Decimal;

use super::{VALUE_FEN, VALUE_YUAN, YUAN, exact, float, money, money_exact, word};
use crate::price::{Price, basis_mismatch};

const DEFINITION: Source = Source { work: "SEEA Ecosystem Accounting (2024)", at: "ch. 9, monetary accounts: exchange value is price times quantity" };

pub(super) const ALL: &[&Calculator] = &[&VALUE, &SUM, &SHARE, &PER_AREA, &PER_HEAD, &AVERAGE_PRICE];

static VALUE: Calculator = Calculator {
    spec: &Spec {
        id: "account.value",
        title: text("价值量", "value of a quantity at a price"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[
            number("quantity", "实物量", "quantity", RATIO, ANY),
            number("price", "单价", "price", measure("price", "CNY"), POSITIVE),
            word("quantity_unit", "实物量单位，与单价单位同时给出", "unit of the quantity; given together with price_unit").optional(),
            word("price_unit", "单价单位，如 CNY/kg", "unit of the price, such as CNY/kg").optional(),
            word("quantity_basis", "实物量的计价对象，如 CO2，与单价的同时给出", "what the quantity is of, such as CO2; given together with price_basis")
                .optional(),
            word("price_basis", "单价的计价对象", "what the price is a price of").optional(),
        ],
        outputs: &[VALUE_YUAN, VALUE_FEN],
    },
    run: |given| {
        together(given, "quantity_unit", "price_unit")?;
        together(given, "quantity_basis", "price_basis")?;
        let (quantity, price) = (given.number("quantity"), given.number("price"));
        let (of, basis) = (given.text("quantity_basis"), given.text("price_basis"));
        if !of.trim().eq_ignore_ascii_case(basis.trim()) {
            return Err(basis_mismatch(of, basis, &price.to_string()));
        }
        if !given.has("price_unit") {
            return money_exact(quantity, price);
        }
        let unit = Unit::parse(given.text("price_unit"))?;
        let per = stated(price, unit).per(&Unit::parse(given.text("quantity_unit"))?)?;
        match float(per) {
            Some(per) => money_exact(quantity, per),
            None => money(quantity * price),
        }
    },
};

fn together(given: &Arguments, a: &'static str, b: &'static str) -> Result<(), Problem> {
    if given.has(a) == given.has(b) {
        return Ok(());
    }
    let lacking = if given.has(a) { b } else { a };
    Err(Problem::error("calc.missing", words!("{a} 与 {b} 须同时给出", "{a} and {b} are given together or not at all")).key(lacking))
}

/// A price by its number and unit only.
fn stated(value: f64, unit: Unit) -> Price {
    let none = String::new;
    Price {
        id: value.to_string(),
        indicator: none(),
        name: none(),
        value: exact(value).unwrap_or(Decimal::ZERO),
        unit,
        basis: none(),
        year: 0,
        year_assumed: false,
        kind: none(),
        region: none(),
        source: none(),
        evidence: Evidence::Verified,
        origin: liangshan_vocab::Origin::Measured,
        note: none(),
    }
}

static SUM: Calculator = Calculator {
    spec: &Spec {
        id: "account.sum",
        title: text("合计", "sum"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[numbers("values", "各项，单位相同", "terms, all in one unit", RATIO, ANY)],
        outputs: &[number_out("sum", "合计", "sum", RATIO)],
    },
    run: |given| {
        let terms = given.numbers("values");
        let total = terms.iter().try_fold(Decimal::ZERO, |sum, v| sum.checked_add(exact(*v)?));
        Ok(Answer::number("sum", total.and_then(float).unwrap_or_else(|| terms.iter().sum())))
    },
};

static SHARE: Calculator = Calculator {
    spec: &Spec {
        id: "account.share",
        title: text("占比", "share of a whole"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[
            number("part", "部分", "part", RATIO, ANY),
            number("whole", "整体（按类型分配时用已分配小计）", "whole; for shares by ecosystem type, the allocated subtotal", RATIO, ANY),
        ],
        outputs: &[number_out("share", "占比", "share", RATIO), number_out("percent", "占比（%）", "share in per cent", measure("ratio", "%"))],
    },
    run: |given| {
        let share = ratio(given.number("part"), given.number("whole"), "whole")?;
        Ok(Answer::number("share", share).and("percent", share * 100.0))
    },
};

static PER_AREA: Calculator = Calculator {
    spec: &Spec {
        id: "account.per_area",
        title: text("单位面积价值量", "value per area"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[number("value_yuan", "价值量", "value", YUAN, ANY), number("area_km2", "面积", "area", measure("area", "km2"), POSITIVE)],
        outputs: &[
            number_out("per_km2", "每平方公里", "per km²", measure("value_density", "CNY/km2")),
            number_out("per_ha", "每公顷", "per hectare", measure("value_density", "CNY/ha")),
            number_out("per_mu", "每亩", "per mu", measure("value_density", "CNY/mu")),
        ],
    },
    run: |given| {
        let per_km2 = ratio(given.number("value_yuan"), given.number("area_km2"), "area_km2")?;
        // 1 km² is 100 ha and 1500 mu.
        Ok(Answer::number("per_km2", per_km2).and("per_ha", per_km2 / 100.0).and("per_mu", per_km2 / 1500.0))
    },
};

static PER_HEAD: Calculator = Calculator {
    spec: &Spec {
        id: "account.per_head",
        title: text("人均价值量", "value per resident"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[number("value_yuan", "价值量", "value", YUAN, ANY), number("population", "常住人口", "residents", measure("population", "person"), POSITIVE)],
        outputs: &[number_out("per_head", "人均", "per resident", measure("value_per_head", "CNY/person"))],
    },
    run: |given| Ok(Answer::number("per_head", ratio(given.number("value_yuan"), given.number("population"), "population")?)),
};

static AVERAGE_PRICE: Calculator = Calculator {
    spec: &Spec {
        id: "account.average_price",
        title: text("平均单价", "average price of a total"),
        source: DEFINITION,
        reach: Reach::Whole,
        inputs: &[number("value_yuan", "价值量", "value", YUAN, ANY), number("quantity", "实物量", "quantity", RATIO, ANY)],
        outputs: &[number_out("price", "平均单价", "average price", YUAN)],
    },
    run: |given| Ok(Answer::number("price", ratio(given.number("value_yuan"), given.number("quantity"), "quantity")?)),
};

/// A quotient whose divisor must not be zero.
pub(super) fn ratio(of: f64, by: f64, divisor: &'static str) -> Result<f64, Problem> {
    if by == 0.0 {
        return Err(Problem::error("calc.zero_divisor", words!("“{divisor}”不能为零", "{divisor} must not be zero")).key(divisor));
    }
    Ok(of / by)
}
