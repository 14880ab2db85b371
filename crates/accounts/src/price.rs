//! A unit value: so many yuan for one unit of a quantity, of which year, and of which thing.
//!
//! A price without a year, or one for carbon put on carbon dioxide, is the commonest way a published
//! account goes wrong; neither gets past this file. Conversions between units are exact in decimal.

use liangshan_vocab::{Evidence, Origin, Problem, Problems, Unit, words};
use rust_decimal::Decimal;

/// A price as it stands in a table, every field still text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceRow {
    /// Stable id, `dredging_cost_2010`.
    pub id: String,
    /// The catalogue indicator it values.
    pub indicator: String,
    /// What it is the price of, for people.
    pub name: String,
    /// A decimal number, `15.58` or `5.8185e-18`.
    pub value: String,
    /// `CNY/m3`, `CNY/t`; `1` for a share of a quantity that is itself in yuan.
    pub unit: String,
    /// What one unit of the quantity is a unit of: `CO2`, `C`, `sediment volume`, `gross output`.
    pub basis: String,
    /// The price year, four digits.
    pub year: String,
    /// `stated`, or `assumed: …` where a year stands in for one the source does not give.
    pub year_is: String,
    /// `market price`, `treatment cost`, `environmental tax` …
    pub kind: String,
    /// Where it was observed.
    pub region: String,
    /// The source by its tag.
    pub source: String,
    /// `verified`, `partial` or `unverified`.
    pub evidence: String,
    /// What a reviewer should know.
    pub note: String,
    /// What it is: `measured`, `modelled`, `synthetic` or `mixed`; where empty, an invented source says so.
    pub origin: String,
}

/// A price that has a value, a unit, a basis and a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Stable id.
    pub id: String,
    /// The catalogue indicator it values.
    pub indicator: String,
    /// What it is the price of.
    pub name: String,
    /// Yuan for one of `unit`'s denominator, above zero.
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
    /// What one unit of the quantity is a unit of.
    pub basis: String,
    /// The year whose yuan these are.
    pub year: i32,
    /// True when the source gives no year and another, such as that of publication, stands in.
    pub year_assumed: bool,
    /// Market price, treatment cost, tax …
    pub kind: String,
    /// Where it was observed.
    pub region: String,
    /// The source by its tag.
    pub source: String,
    /// Whether the source was read.
    pub evidence: Evidence,
    /// What a reviewer should know.
    pub note: String,
    /// Whether it was observed or invented.
    pub origin: Origin,
}

impl Price {
    /// Reads a row of a price table.
    ///
    /// # Errors
    /// All of them at once: `price.no_id`, `price.bad_value` (not a decimal number above zero),
    /// `price.no_year`, `price.bad_year`, `price.no_basis`, `price.bad_evidence`,
    /// `price.not_a_price` (the unit has no yuan in it and is not a pure share), `unit.*`.
    pub fn new(row: PriceRow) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let id = row.id.trim().to_owned();
        let keyed = |p: Problem, column: &str| p.key(id.as_str()).column(column);
        if id.is_empty() {
            problems.push(Problem::error("price.no_id", words!("单价没有编号", "a price has no id")).column("price_id"));
        }
        let value = decimal(&row.value).filter(|v| *v > Decimal::ZERO);
        if value.is_none() {
            let said = &row.value;
            problems.push(
                keyed(Problem::error("price.bad_value", words!("单价“{said}”不是正数", "the price \"{said}\" is not a number above zero")), "value")
                    .expect(words!("正的十进制数，如 15.58", "a decimal number above zero, such as 15.58")),
            );
        }
        let unit = match Unit::parse(&row.unit) {
            Ok(unit) if is_money(&unit) || is_share(&unit) => Some(unit),
            Ok(unit) => {
                problems.push(
                    keyed(Problem::error("price.not_a_price", words!("单位“{unit}”不是单价单位", "the unit {unit} is not that of a price")), "unit")
                        .expect(words!("形如 CNY/t；份额写作 1", "CNY per something, as CNY/t; 1 for a share of an amount of yuan")),
                );
                None
            }
            Err(problem) => {
                problems.push(keyed(problem, "unit"));
                None
            }
        };
        if unit.as_ref().is_some_and(is_share) && value.is_some_and(|v| v > Decimal::ONE) {
            let said = &row.value;
            problems.push(
                keyed(Problem::error("price.bad_share", words!("份额 {said} 大于 1", "the share {said} is above 1")), "value")
                    .expect(words!("0 至 1 之间的数；百分数请除以 100", "a number from 0 to 1; divide a percentage by 100"))
                    .fix(words!("改正份额，或给出单价的单位", "correct the share, or give the unit of a price")),
            );
        }
        let year = year(&row.year, &mut problems, &keyed);
        if row.basis.trim().is_empty() {
            problems.push(
                keyed(Problem::error("price.no_basis", words!("单价 {id} 没有计价对象", "the price {id} does not say what it is a price of")), "basis")
                    .expect(words!("如 CO2、C、泥沙体积", "for example CO2, C, sediment volume")),
            );
        }
        let evidence = Evidence::parse(row.evidence.trim());
        if evidence.is_none() {
            let said = &row.evidence;
            problems.push(
                keyed(Problem::error("price.bad_evidence", words!("核实程度“{said}”不在名单内", "the evidence \"{said}\" is not a known word")), "evidence")
                    .expect(words!("verified、partial 或 unverified", "verified, partial or unverified")),
            );
        }
        let origin = origin(&row, &mut problems, &keyed);
        let (Some(value), Some(unit), Some(year), Some(evidence), false) = (value, unit, year, evidence, problems.has_errors()) else {
            return Err(problems);
        };
        Ok(Self {
            id,
            indicator: row.indicator.trim().to_owned(),
            name: row.name,
            value: value.normalize(),
            unit,
            basis: row.basis.trim().to_owned(),
            year,
            year_assumed: !matches!(row.year_is.trim(), "stated" | ""),
            kind: row.kind,
            region: row.region,
            source: row.source,
            evidence,
            origin,
            note: row.note,
        })
    }

    /// The price of one `quantity_unit`, exactly: a price per kilogram is a thousand times that per
    /// tonne. A price for a year (`CNY/(ha a)`) is taken for the one year of an account. A share
    /// (`1`) applies to an amount of yuan, unconverted.
    ///
    /// # Errors
    /// `price.unit_mismatch` when the price is not per such a unit, `price.conversion_inexact` when
    /// the factor has no finite decimal form, as from `CNY/ha` to `CNY/mu`.
    pub fn per(&self, quantity_unit: &Unit) -> Result<Decimal, Problem> {
        let (id, unit) = (&self.id, &self.unit);
        if is_share(unit) {
            let yuan = Unit::parse("CNY")?;
            return if quantity_unit.same_dimension(&yuan) { Ok(self.value) } else { Err(self.mismatch(quantity_unit)) };
        }
        let (yuan, year) = (Unit::parse("CNY")?, Unit::parse("a")?);
        let made = unit.times(quantity_unit);
        let factor = made
            .factor_to(&yuan)
            .or_else(|| made.times(&year).factor_to(&yuan))
            .filter(|_| substances_agree(unit, quantity_unit))
            .ok_or_else(|| self.mismatch(quantity_unit))?;
        let factor = exact(factor).ok_or_else(|| {
            Problem::error(
                "price.conversion_inexact",
                words!("单价 {id}（{unit}）换算到每 {quantity_unit} 除不尽", "the price {id} ({unit}) has no exact decimal form per {quantity_unit}"),
            )
            .key(id.as_str())
            .fix(words!("以 {unit} 的分母单位给出实物量", "give the quantity in the unit that {unit} is per"))
        })?;
        self.value.checked_mul(factor).map(|v| v.normalize()).ok_or_else(|| self.mismatch(quantity_unit))
    }

    fn mismatch(&self, quantity_unit: &Unit) -> Problem {
        let (id, unit) = (&self.id, &self.unit);
        Problem::error(
            "price.unit_mismatch",
            words!("单价 {id}（{unit}）不能用于单位为 {quantity_unit} 的实物量", "the price {id} ({unit}) cannot value a quantity in {quantity_unit}"),
        )
        .key(id.as_str())
        .expect(words!("单位形如 CNY/{quantity_unit} 的单价", "a price in CNY per {quantity_unit}"))
        .fix(words!("在方法方案中换用该单位的单价", "name a price of that unit in the method profile"))
    }
}

/// Refuses a price on a quantity of another thing, even where the units agree.
///
/// # Errors
/// `price.basis_mismatch`, with what to do for the confusions that are known: carbon and carbon
/// dioxide, ammonia nitrogen and total nitrogen, sediment by mass and by volume.
pub fn check_basis(quantity_basis: &str, price: &Price) -> Result<(), Problem> {
    let unit_says = price.unit.substance().filter(|s| is_substance(&price.basis) && !same(s, &price.basis));
    if same(quantity_basis, &price.basis) && unit_says.is_none() {
        return Ok(());
    }
    Err(basis_mismatch(quantity_basis, &price.basis, &price.id))
}

/// The letter about a price of one thing on a quantity of another; `price` is its id or number.
pub(crate) fn basis_mismatch(quantity: &str, basis: &str, price: &str) -> Problem {
    let problem = Problem::error(
        "price.basis_mismatch",
        words!(
            "单价 {price} 的计价对象是“{basis}”，不能用于“{quantity}”的实物量",
            "the price {price} is for \"{basis}\" and the quantity is of \"{quantity}\""
        ),
    )
    .key(price)
    .expect(words!("计价对象为“{quantity}”的单价", "a price whose basis is \"{quantity}\""));
    let pair = |a: &str, b: &str| same(quantity, a) && same(basis, b);
    let nitrogen = ["NH3-N", "TN", "N"];
    problem.fix(if pair("CO2", "C") {
        words!("将每吨碳的单价除以 44/12，或将二氧化碳量乘以 12/44", "divide the price per t C by 44/12, or multiply the CO2 by 12/44")
    } else if pair("C", "CO2") {
        words!("将每吨二氧化碳的单价乘以 44/12，或将碳量乘以 44/12", "multiply the price per t CO2 by 44/12, or the carbon by 44/12")
    } else if pair("sediment volume", "sediment mass") || pair("sediment mass", "sediment volume") {
        words!("质量与体积之间用土壤容重换算", "convert between mass and volume by the bulk density of the soil")
    } else if nitrogen.iter().any(|n| same(quantity, n)) && nitrogen.iter().any(|n| same(basis, n)) {
        words!("氨氮与总氮不是同一物质，不能换算；需另有出处的单价", "ammonia nitrogen and total nitrogen do not convert; find a price with its own source")
    } else {
        words!("在方法方案中为该指标换一个单价", "name another price for the indicator in the method profile")
    })
}

/// Reads a decimal number, plain or with an exponent.
pub(crate) fn decimal(written: &str) -> Option<Decimal> {
    // Thousands separators of any kind are taught, never guessed.
    let written = Some(written.trim()).filter(|w| !w.contains('_'))?;
    let number = Decimal::from_str_exact(written).ok().or_else(|| Decimal::from_scientific(written).ok())?;
    Some(number.normalize())
}

fn year(written: &str, problems: &mut Problems, keyed: &dyn Fn(Problem, &str) -> Problem) -> Option<i32> {
    let written = written.trim();
    if written.is_empty() {
        problems.push(
            keyed(Problem::error("price.no_year", words!("单价没有价格年份", "the price has no year")), "price_year")
                .expect(words!("价格年份，如 2010", "the year whose yuan these are, such as 2010"))
                .fix(words!(
                    "填写原文的价格年份；原文未注明时填发表年份，并在 price_year_is 注明“assumed: …”",
                    "give the price year of the source; where it states none, give the year of publication and write \"assumed: …\" in price_year_is"
                )),
        );
        return None;
    }
    let year = written.parse::<i32>().ok().filter(|y| (1900..=2200).contains(y));
    if year.is_none() {
        problems.push(
            keyed(Problem::error("price.bad_year", words!("价格年份“{written}”有误", "the price year \"{written}\" is not a year")), "price_year")
                .expect(words!("四位年份，如 2010", "four digits, such as 2010")),
        );
    }
    year
}

fn is_share(unit: &Unit) -> bool {
    unit.factor_to(&Unit::one()) == Some(1.0)
}

/// True when a yuan is on top: `CNY` times the inverse of something.
fn is_money(unit: &Unit) -> bool {
    unit.written().split_whitespace().any(|t| t.starts_with("CNY"))
}

fn substances_agree(price: &Unit, quantity: &Unit) -> bool {
    match (price.substance(), quantity.substance()) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

fn is_substance(basis: &str) -> bool {
    ["C", "CO2", "O2", "N", "P", "SO2", "NOx", "COD", "TN", "TP", "NH3-N"].iter().any(|s| same(s, basis))
}

fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// The finite decimal a conversion factor stands for, or `None` when there is none of up to nine
/// digits. Factors are products of the unit table's, so within 1e-12 of what they mean.
fn exact(factor: f64) -> Option<Decimal> {
    (0..=24).find_map(|places| {
        let scaled = factor * 10f64.powi(places);
        let whole = scaled.round();
        let fits = whole >= 1.0 && whole <= if places == 0 { 1e22 } else { 1e9 };
        let near = fits && (scaled / whole - 1.0).abs() < 1e-12;
        near.then(|| Decimal::try_from_i128_with_scale(whole as i128, places.unsigned_abs()).ok()).flatten()
    })
}

/// What a price is: as its row says, else invented where its source is called `synthetic`, else
/// published by somebody.
fn origin(row: &PriceRow, problems: &mut Problems, keyed: &impl Fn(Problem, &str) -> Problem) -> Origin {
    let said = row.origin.trim();
    let stated = if said.is_empty() { None } else { Some(Origin::parse(said)) };
    match stated {
        Some(Some(origin)) => origin,
        Some(None) => {
            problems.push(
                keyed(Problem::error("price.bad_origin", words!("数据性质“{said}”不在名单内", "the origin \"{said}\" is not a known word")), "origin")
                    .expect(words!("measured、modelled、synthetic 或 mixed", "measured, modelled, synthetic or mixed")),
            );
            Origin::Measured
        }
        None if row.source.trim() == "synthetic" => Origin::Synthetic,
        None => Origin::Measured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: &str, unit: &str, basis: &str) -> PriceRow {
        PriceRow {
            id: "p".into(),
            indicator: "x".into(),
            value: value.into(),
            unit: unit.into(),
            basis: basis.into(),
            year: "2010".into(),
            year_is: "stated".into(),
            evidence: "verified".into(),
            ..PriceRow::default()
        }
    }

    fn price(value: &str, unit: &str, basis: &str) -> Price {
        Price::new(row(value, unit, basis)).unwrap()
    }

    /// Factors from the definitions of the units: 1 t = 1000 kg, 1 ha = 15 mu, 1 km2 = 100 ha.
    #[test]
    fn a_price_converts_exactly() {
        for (value, unit, per, expected) in [
            ("1.263", "CNY/kg", "t", "1263"),
            ("875", "CNY/t", "kg", "0.875"),
            ("15.58", "CNY/m3", "m3", "15.58"),
            ("7.06", "CNY/m3", "1e8 m3", "706000000"),
            ("375", "CNY/ha", "km2", "37500"),
            ("0.1", "CNY/mu", "ha", "1.5"),
            ("0.538", "CNY/kWh", "kWh", "0.538"),
            ("10000", "CNY/(ha a)", "ha", "10000"),
            ("120000", "CNY/(dB km)", "dB km", "120000"),
            ("5.8185e-18", "CNY/ion", "ion", "0.0000000000000000058185"),
            ("0.42", "1", "CNY", "0.42"),
            ("380", "CNY/t", "t CO2", "380"),
        ] {
            let got = price(value, unit, "b").per(&Unit::parse(per).unwrap()).unwrap();
            assert_eq!(got.to_string(), expected, "{value} {unit} per {per}");
        }
    }

    #[test]
    fn what_does_not_convert_is_refused() {
        let code = |unit: &str, per: &str| price("1", unit, "b").per(&Unit::parse(per).unwrap()).unwrap_err().code;
        assert_eq!(code("CNY/t", "m3"), "price.unit_mismatch");
        assert_eq!(code("1", "m3"), "price.unit_mismatch");
        assert_eq!(code("CNY/t C", "t CO2"), "price.unit_mismatch");
        assert_eq!(code("CNY/ha", "mu"), "price.conversion_inexact");
    }

    #[test]
    fn every_fault_of_a_row_is_reported_at_once() {
        let bad = PriceRow { year: String::new(), evidence: "sure".into(), ..row("-1", "CNY/tt", "") };
        let codes: Vec<String> = Price::new(bad).unwrap_err().iter().map(|p| p.code.to_string()).collect();
        assert_eq!(codes, ["price.bad_value", "unit.unknown", "price.no_year", "price.no_basis", "price.bad_evidence"]);
        assert_eq!(Price::new(row("1", "m3", "b")).unwrap_err().0[0].code, "price.not_a_price");
        assert_eq!(Price::new(PriceRow { year: "20x0".into(), ..row("1", "CNY/t", "b") }).unwrap_err().0[0].code, "price.bad_year");
    }

    /// The refusals of the method sheet, sections 3.7 and 3.8.
    #[test]
    fn a_price_of_another_thing_is_refused_with_the_way_out() {
        let carbon = price("1200", "CNY/t", "C");
        let problem = check_basis("CO2", &carbon).unwrap_err();
        assert_eq!(problem.code, "price.basis_mismatch");
        assert!(problem.fix.en.contains("44/12"));
        assert!(check_basis("c", &carbon).is_ok());
        let ammonia = price("1.75", "CNY/kg", "NH3-N");
        assert!(check_basis("TN", &ammonia).unwrap_err().fix.en.contains("its own source"));
        let sediment = price("18", "CNY/t", "sediment mass");
        assert!(check_basis("sediment volume", &sediment).unwrap_err().fix.en.contains("bulk density"));
        assert!(check_basis("CO2", &price("1", "CNY/t C", "CO2")).is_err(), "the unit says carbon");
    }

    #[test]
    fn an_assumed_year_is_remembered() {
        let assumed = Price::new(PriceRow { year_is: "assumed: year of publication".into(), ..row("18", "CNY/t", "x") }).unwrap();
        assert!(assumed.year_assumed && !price("1", "CNY/t", "x").year_assumed);
    }
}
