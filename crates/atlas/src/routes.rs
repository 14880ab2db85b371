//! What stands beside the numbers of an account: the same indicator by another route, at another
//! price, or valued where the method counts only its quantity. None of it is in any total.

use liangshan_accounts::account::ALL;
use liangshan_accounts::atom::UnitPrice;
use liangshan_accounts::plausibility::bands;
use liangshan_accounts::profile::how_named;
use liangshan_accounts::valuation::{Amount, value};
use liangshan_models::measures::CO2_PER_CARBON;
use liangshan_vocab::{Fen, Problem, Problems, Text, Unit, text, words};

use crate::assemble::{Assembler, YearSums, quantity_factor, sum_of_type};
use crate::book::Book;
use crate::explain::Explanation;
use crate::explaining::{Asked, plain, step};
use crate::profiles::ModelFlow;

/// Why a number stands beside the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Another method.
    Route,
    /// Another price.
    Price,
    /// The price of a quantity that is not valued.
    Unvalued,
}

impl Kind {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Route => "route",
            Kind::Price => "price",
            Kind::Unvalued => "unvalued",
        }
    }
}

/// A number beside the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// The accounting year.
    pub year: i32,
    /// The place.
    pub place: String,
    /// The indicator that it is an alternative to.
    pub indicator: String,
    /// Why it stands there.
    pub kind: Kind,
    /// The route or the price.
    pub name: String,
    /// The quantity.
    pub quantity: Amount,
    /// Its unit.
    pub unit: String,
    /// The price it is valued at.
    pub price: Option<UnitPrice>,
    /// Its value.
    pub value: Option<Fen>,
    /// It over the number of the account: values where both have one, else quantities.
    pub over: Option<f64>,
    /// What a reader should know.
    pub note: Text,
}

/// Standing volume of forest in a year and at the latest date before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stock {
    /// In the year, m³.
    pub now: f64,
    /// The earlier year.
    pub earlier_year: i32,
    /// In the earlier year, m³.
    pub earlier: f64,
}

/// How many years back an earlier stock is looked for: two rounds of the national forest inventory.
const INVENTORY_YEARS: i32 = 10;

impl Assembler<'_> {
    /// Standing volumes at two dates, where the statistics give them.
    pub(crate) fn stocks(&mut self, years: &[i32]) -> std::collections::BTreeMap<(i32, String), Stock> {
        let mut out = std::collections::BTreeMap::new();
        let Some(name) = self.region.declared.statistics.forest_stock.clone() else { return out };
        let codes: Vec<String> = self.places.codes().iter().map(|c| (*c).to_owned()).collect();
        for year in years {
            for code in &codes {
                let Some((now, _)) = self.statistic(code, *year, &name, "m3") else { continue };
                let earlier = (1..=INVENTORY_YEARS).find_map(|back| self.statistic(code, year - back, &name, "m3").map(|(v, _)| (year - back, v)));
                if let (Some((earlier_year, earlier)), Ok(now)) = (earlier, f64::try_from(now))
                    && let Ok(earlier) = f64::try_from(earlier)
                {
                    out.insert((*year, code.clone()), Stock { now, earlier_year, earlier });
                }
            }
        }
        out
    }
}

impl Book {
    /// Everything that stands beside the account.
    pub fn besides(&self) -> Vec<Beside> {
        let mut out = Vec::new();
        for year in &self.years {
            for place in self.prepared.places.codes() {
                for indicator in self.prepared.method.profile.indicators.iter().filter(|m| m.status.counts()) {
                    let at = (year.plan.year, place, indicator.indicator.as_str());
                    for (word, flow) in self.prepared.method.other_routes(at.2) {
                        out.extend(self.by_route(year, at, word, &flow));
                    }
                    if at.2 == "carbon_sequestration" {
                        out.extend(self.by_stock(at));
                    }
                    out.extend(self.by_prices(at));
                }
            }
        }
        out
    }

    fn row_of(&self, (year, place, indicator): (i32, &str, &str)) -> (Option<Amount>, Option<Fen>) {
        self.assembled.account.row(year, place, ALL, indicator).map_or((None, None), |r| (r.quantity, r.value))
    }

    /// The indicator's price in use, ready for its unit.
    fn price_of(&self, indicator: &str, id: &str, unit: &str) -> Option<UnitPrice> {
        let method = self.prepared.method.profile.method(indicator)?;
        let price = self.prepared.prices.rows.iter().find(|p| p.id == id)?;
        UnitPrice::of(price, &Unit::parse(unit).ok()?, &method.basis).ok()
    }

    /// The same indicator by another model.
    fn by_route(&self, year: &YearSums, at: (i32, &str, &str), word: &str, flow: &ModelFlow) -> Option<Beside> {
        let plan = &year.plan;
        let stream = plan.stream(flow)?;
        let output = plan.steps[plan.streams[stream].step].model.spec.output(&flow.output)?;
        let (unit, decimals) = self.prepared.method.profile.measure(at.2)?;
        let factor = quantity_factor(output.measure.unit, unit).ok()?;
        let price = self.prepared.method.profile.method(at.2)?.price_id.as_deref().and_then(|id| self.price_of(at.2, id, unit));
        let (mut quantity, mut worth) = (Amount::zero(decimals), Fen(0));
        let counties = self.prepared.places.counties.iter().enumerate();
        for (i, _) in counties.filter(|(_, c)| at.1 == self.prepared.places.whole || c.code == at.1) {
            for kind in 0..self.prepared.classes.types.len() {
                let Some(sum) = sum_of_type(&year.sums[stream], &self.prepared.classes, i, kind, output.name) else { continue };
                let own = Amount::round(sum.value() * factor, decimals).ok()?;
                quantity = quantity.plus(own);
                worth += price.as_ref().and_then(|p| value(&own, &p.value).ok()).unwrap_or(Fen(0));
            }
        }
        let (own, _) = self.row_of(at);
        let model = &plan.steps[plan.streams[stream].step].model.spec.title;
        Some(Beside {
            year: at.0,
            place: at.1.to_owned(),
            indicator: at.2.to_owned(),
            kind: Kind::Route,
            name: word.to_owned(),
            quantity,
            unit: unit.to_owned(),
            value: price.as_ref().map(|_| worth),
            price,
            over: own.filter(|q| q.units != 0).map(|q| quantity.as_f64() / q.as_f64()),
            note: Text::of(
                format!("{}；是另一种方法，不是同一数的另一精度", model.zh),
                format!("{}; another method, not another accuracy of one number", model.en),
            ),
        })
    }

    /// Carbon by the difference of standing volume between two dates.
    fn by_stock(&self, at: (i32, &str, &str)) -> Option<Beside> {
        let stock = self.assembled.stocks.get(&(at.0, at.1.to_owned()))?;
        let number = |name: &str| self.prepared.method.number(&[at.2], name).and_then(|p| p.value.as_number());
        let (per_volume, fraction) = (number("stock_biomass_per_volume")?, number("carbon_fraction")?);
        let years = f64::from(at.0 - stock.earlier_year);
        let co2 = (stock.now - stock.earlier) / years * per_volume * fraction * CO2_PER_CARBON;
        let (unit, decimals) = self.prepared.method.profile.measure(at.2)?;
        let quantity = Amount::round(co2, decimals).ok()?;
        let price = self.prepared.method.profile.method(at.2)?.price_id.as_deref().and_then(|id| self.price_of(at.2, id, unit));
        let worth = price.as_ref().and_then(|p| value(&quantity, &p.value).ok());
        let (own, _) = self.row_of(at);
        let earlier = stock.earlier_year;
        Some(Beside {
            year: at.0,
            place: at.1.to_owned(),
            indicator: at.2.to_owned(),
            kind: Kind::Route,
            name: "stock_difference".into(),
            quantity,
            unit: unit.to_owned(),
            price,
            value: worth,
            over: own.filter(|q| q.units != 0).map(|q| quantity.as_f64() / q.as_f64()),
            note: words!(
                "森林蓄积量差 {earlier}–{}，× 生物量换算 × 含碳率 × 44/12；NEP 还含采伐与土壤碳，两者不必相等",
                "difference of standing volume {earlier} to {}, × biomass per volume × carbon fraction × 44/12; NEP also holds harvest and soil, so they need not agree",
                at.0
            ),
        })
    }

    /// The indicator at each alternative price, and at its own where the method only counts it.
    fn by_prices(&self, at: (i32, &str, &str)) -> Vec<Beside> {
        let Some(method) = self.prepared.method.profile.method(at.2) else { return Vec::new() };
        let priced = how_named(&method.how).is_some_and(|h| h.priced);
        let mut wanted: Vec<(Kind, &str)> = method.alternatives.iter().map(|id| (Kind::Price, id.as_str())).collect();
        if let (false, Some(own)) = (priced, method.price_id.as_deref()) {
            wanted.insert(0, (Kind::Unvalued, own));
        }
        let atoms: Vec<_> =
            self.assembled.atoms.iter().filter(|a| a.year == at.0 && a.indicator == at.2 && (at.1 == self.prepared.places.whole || a.place == at.1)).collect();
        let Some(first) = atoms.first() else { return Vec::new() };
        let (_, own) = self.row_of(at);
        let mut out = Vec::new();
        for (kind, id) in wanted {
            let Some(price) = self.price_of(at.2, id, &first.unit) else { continue };
            let Ok(values) = atoms.iter().map(|a| value(&a.quantity, &price.value)).collect::<Result<Vec<_>, _>>() else { continue };
            let worth: Fen = values.into_iter().sum();
            let note = match kind {
                Kind::Unvalued => text("只计实物量；此为按该单价的价值，不计入合计", "quantity only; this is its value at the price, in no total"),
                _ => text("其他单价", "at another price"),
            };
            out.push(Beside {
                year: at.0,
                place: at.1.to_owned(),
                indicator: at.2.to_owned(),
                kind,
                name: id.to_owned(),
                quantity: atoms.iter().fold(Amount::zero(first.quantity.decimals), |sum, a| sum.plus(a.quantity)),
                unit: first.unit.clone(),
                over: own.filter(|v| priced && v.0 != 0).map(|v| worth.as_yuan_f64() / v.as_yuan_f64()),
                price: Some(price),
                value: Some(worth),
                note,
            });
        }
        out
    }

    /// What stands beside an explained number.
    pub(crate) fn route_steps(&self, asked: Asked<'_>, out: &mut Explanation) {
        if asked.ecosystem != ALL {
            return;
        }
        for beside in self.besides().into_iter().filter(|b| b.year == asked.year && b.place == asked.place && b.indicator == asked.indicator) {
            let name = format!("{}.{}", beside.kind.word(), beside.name);
            let over = beside
                .over
                .map(|o| words!("为账户数的 {o:.4} 倍；不计入", "{o:.4} times the account's number; not counted"))
                .unwrap_or_else(|| text("不计入任何合计", "in no total"));
            if beside.kind == Kind::Route {
                out.steps.push(step(&format!("Q~{name}"), &beside.quantity.to_string(), &beside.unit, beside.note.clone(), over.clone()));
            }
            if let (Some(value), Some(price)) = (beside.value, &beside.price) {
                let (id, rate) = (&price.id, plain(f64::try_from(price.value).unwrap_or(f64::NAN)));
                let title = words!("价值，单价 {id} = {rate} {}", "value at the price {id} = {rate} {}", price.unit);
                out.steps.push(step(&format!("V~{name}"), &value.yuan(), "CNY", title, over));
            }
        }
    }
}

/// `cooling_route` where cooling by plants is the energy of evapotranspiration, `carbon_routes_differ`
/// where NEP exceeds the difference of stocks by more than the band, and those of purification.
pub(crate) fn warnings(book: &Book) -> Problems {
    let mut problems = book.purification_warnings();
    let most = bands().into_iter().find(|b| b.quantity == "nep_over_stock").map_or(f64::INFINITY, |b| b.high);
    let method = &book.prepared.method;
    let routes = book.years.iter().flat_map(|y| book.prepared.places.codes().into_iter().map(move |p| (y, p)));
    for (year, place) in routes {
        let key = format!("{place} {}", year.plan.year);
        if let Some(stock) = book.by_stock((year.plan.year, place, "carbon_sequestration")) {
            let ratio = stock.over.map_or(f64::INFINITY, |o| 1.0 / o);
            if !(0.0..=most).contains(&ratio) {
                problems.push(
                    Problem::warning(
                        "rule.carbon_routes_differ",
                        words!("NEP 法固碳量是蓄积量法的 {ratio:.1} 倍", "carbon by NEP is {ratio:.1} times that by the difference of stocks"),
                    )
                    .key(key.as_str())
                    .expect(words!("0 至 {most} 倍", "0 to {most} times"))
                    .fix(text(
                        "核对 NEP 的来源与森林蓄积量；两者都列出，结果不改",
                        "check the source of NEP and the standing volumes; both are printed, the result stands",
                    )),
                );
            }
        }
        let transpiration = "climate_regulation_transpiration";
        if method.profile.inclusion(transpiration).counts() && method.route(transpiration) == Some("evapotranspiration") {
            let others = method.other_routes(transpiration);
            let other = others.iter().find_map(|(word, flow)| book.by_route(year, (year.plan.year, place, transpiration), word, flow));
            let times = other.and_then(|o| o.over).map_or(f64::NAN, |o| 1.0 / o);
            problems.push(
                Problem::warning(
                    "rule.cooling_route",
                    words!("植被降温按蒸散发能量计，是单位面积吸热法的 {times:.0} 倍：两种方法相差一两个数量级", "cooling by plants is the energy of evapotranspiration, {times:.0} times the heat per area: the two methods differ by one or two orders of magnitude"),
                )
                .key(key.as_str())
                .expect(text("cooling_route = \"epp\"，或在发布时注明路线", "cooling_route = \"epp\", or the route named in the publication"))
                .fix(text("不同路线的结果不得相互比较", "never compare results of different routes")),
            );
        }
    }
    problems
}
