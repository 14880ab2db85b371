//! Rules by name that an account is held against: the mistakes that published accounts made. Each
//! looks at finished atoms or rows, whatever made them, so a new model falls under them by itself.
//! A rule tells; it never changes a number, but for the one a profile may ask for
//! ([`subtract_storm_overlap`]).

use std::collections::BTreeMap;

use liangshan_vocab::{Fen, Problem, Severity, Text, Unit, text, words};

use crate::account::{ALL, Account, AccountPlace, Row};
use crate::atom::Atom;
use crate::catalogue::{self, Quantities};
use crate::price::Price;
use crate::profile::Profile;
use crate::valuation::{Amount, value};

/// A rule as a reviewer reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its code.
    pub code: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// What it says.
    pub title: Text,
    /// The published defect, or the text, that it comes from.
    pub from: &'static str,
}

const fn rule(code: &'static str, severity: Severity, zh: &'static str, en: &'static str, from: &'static str) -> Rule {
    Rule { code, severity, title: text(zh, en), from }
}

use Severity::{Error, Note, Warning};

/// Every rule. Those of a single table are told where it is read.
pub const RULES: &[Rule] = &[
    rule(
        "rule.oxygen_carbon_ratio",
        Warning,
        "释氧量与固碳量的质量比应为 32/44",
        "oxygen over carbon dioxide, by mass, is 32/44 on one basis",
        "白玛卓嘎等 2017：NEP 固碳 0.31、NPP 释氧 2.51 亿吨，比值 8.1",
    ),
    rule(
        "rule.carbon_basis",
        Error,
        "碳价与二氧化碳价不得混用",
        "a price of carbon is not one of carbon dioxide",
        "包蕊等 2018：260.9 元/吨碳用于二氧化碳；张春华等 2018：碳当作干物质",
    ),
    rule(
        "rule.nitrogen_species",
        Error,
        "氨氮单价不得用于总氮",
        "a price of ammonia nitrogen is not one of total nitrogen",
        "白玛卓嘎等 2017：875 元/吨为氨氮",
    ),
    rule(
        "rule.tp_rate_equals_tn_rate",
        Warning,
        "总磷净化量与总氮相同，疑为同一数值抄入两列",
        "total phosphorus equals total nitrogen: one value copied into two columns",
        "净化能力表 8.56、8.56",
    ),
    rule("rule.purification_beyond_emissions", Warning, "净化量超过排放量", "more is purified than was emitted", "缪建群等 2017：滞尘 33.2 t/ha，为总滞尘量"),
    rule(
        "rule.cooling_route",
        Warning,
        "降温电量属于全蒸散能量路线",
        "cooling comes by the energy of all evapotranspiration, another route",
        "70.4 kJ/(m2 d) 与全年蒸散能量相差 50 至 100 倍",
    ),
    rule(
        "rule.reservoir_cost_stock",
        Note,
        "库容建设成本（存量）用于年水量",
        "the cost of reservoir capacity, a stock, on a yearly flow",
        "白玛卓嘎等 2017；方法单 3.1 (e)",
    ),
    rule(
        "rule.reservoir_cost_suspect",
        Warning,
        "库容单价异常",
        "the price of reservoir capacity is out of the ordinary",
        "酉阳平台 82.18；阿尔泰山水源涵养隐含 37.4 元/m3",
    ),
    rule(
        "rule.double_count_storm_rain",
        Warning,
        "暴雨径流同时计入水源涵养与植被洪水调蓄",
        "storm rain counted both as water conservation and as flood regulation by vegetation",
        "方法单 3.5",
    ),
    rule("rule.double_count_water_supply", Warning, "水源涵养与淡水供给可能重复", "water conservation and fresh water may be the same water", "方法单 2.3"),
    rule(
        "rule.bulk_density",
        Warning,
        "泥沙体积没有除以土壤容重，或容重异常",
        "sediment was not divided by bulk density, or by an unlikely one",
        "缪建群等 2017：表中未除以容重 0.37",
    ),
    rule("rule.stock_as_flow", Warning, "存量当作当年流量计价", "a stock valued as a year's flow", "缪建群等 2017：活立木蓄积 18 万 m3 全额计价"),
    rule(
        "rule.outside_seea_scope",
        Note,
        "总值含非生物流或福利价值，超出 SEEA EA 范围",
        "the total holds abiotic flows or welfare values, outside SEEA EA",
        "SEEA EA 2024 第 9.19 段",
    ),
    rule(
        "rule.children_added_across_units",
        Error,
        "不同单位的组成部分，实物量不得相加",
        "quantities of parts in different units are never added",
        "方法单 1、11",
    ),
    rule("rule.reservoirs_as_lakes", Error, "水库、坑塘或合计面积不得代入湖泊公式", "no reservoir, pond or summed area in the formula of lakes", "方法单 3.5"),
];

/// The most that can have been removed of something in a county and year.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// The year.
    pub year: i32,
    /// The county's code.
    pub place: String,
    /// The indicator.
    pub indicator: String,
    /// What was emitted, in the indicator's unit.
    pub emitted: f64,
}

/// Standing volume of timber in a county and year, m³.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// The year.
    pub year: i32,
    /// The county's code.
    pub place: String,
    /// How much.
    pub volume_m3: f64,
}

/// What is judged.
#[derive(Clone, Copy)]
pub struct Ruled<'a> {
    /// The atoms of the account.
    pub atoms: &'a [Atom],
    /// Its places.
    pub places: &'a [AccountPlace],
    /// Its profile.
    pub profile: &'a Profile,
    /// The prices there are.
    pub prices: &'a [Price],
    /// Emissions.
    pub ceilings: &'a [Ceiling],
    /// Standing timber.
    pub stocks: &'a [Stock],
}

/// Everything the rules find in atoms. A problem's key is `place year`, or what it is about.
pub fn judge(it: Ruled<'_>) -> Vec<Problem> {
    let mut out = prices_of_another_thing(it);
    out.extend(reservoir_cost(it));
    let mut years: Vec<i32> = it.atoms.iter().map(|a| a.year).collect();
    years.sort_unstable();
    years.dedup();
    for year in years {
        for place in it.places {
            let here = Here { it, year, place };
            out.extend(oxygen(here));
            out.extend(phosphorus(here));
            out.extend(purified(here));
            out.extend(cooling(here));
            out.extend(storm(here));
            out.extend(water_supply(here));
            out.extend(density(here));
            out.extend(timber(here));
            out.extend(scope(here));
        }
    }
    out
}

#[derive(Clone, Copy)]
struct Here<'a> {
    it: Ruled<'a>,
    year: i32,
    place: &'a AccountPlace,
}

impl<'a> Here<'a> {
    fn atoms(self, indicator: &'a str) -> impl Iterator<Item = &'a Atom> {
        let (year, place, places) = (self.year, self.place, self.it.places);
        let inside = move |code: &str| code == place.code || places.iter().any(|p| p.code == code && p.parent.as_deref() == Some(place.code.as_str()));
        self.it.atoms.iter().filter(move |a| a.year == year && a.indicator == indicator && inside(&a.place))
    }

    /// The quantity of an indicator here, for a ratio; `None` without an atom.
    fn quantity(self, indicator: &'a str) -> Option<f64> {
        let mut atoms = self.atoms(indicator).peekable();
        atoms.peek()?;
        Some(atoms.map(|a| a.quantity.as_f64()).sum())
    }

    fn value(self, indicator: &'a str) -> Fen {
        self.it
            .atoms
            .iter()
            .filter(|a| catalogue::is_within(&a.indicator, indicator))
            .filter(|a| self.atoms(&a.indicator).any(|b| std::ptr::eq(*a, b)))
            .map(|a| a.value)
            .sum()
    }

    fn total(self) -> Fen {
        let ids: std::collections::BTreeSet<&str> = self.it.atoms.iter().map(|a| a.indicator.as_str()).collect();
        ids.into_iter().flat_map(|id| self.atoms(id)).map(|a| a.value).sum()
    }

    fn key(self) -> String {
        format!("{} {}", self.place.code, self.year)
    }
}

/// Prices whose basis is not what the atom is of. The account refuses them when it is made; atoms that
/// came another way are caught here.
fn prices_of_another_thing(it: Ruled<'_>) -> Vec<Problem> {
    let mut out: Vec<Problem> = Vec::new();
    for atom in it.atoms {
        let Some(price) = atom.price.as_ref().and_then(|p| it.prices.iter().find(|q| q.id == p.id)) else { continue };
        let substance = Unit::parse(&atom.unit).ok().and_then(|u| u.substance()).unwrap_or_default();
        let (id, basis) = (&price.id, &price.basis);
        let wrong = match atom.indicator.as_str() {
            "carbon_sequestration" if ["C", "CO2"].contains(&basis.as_str()) && !substance.is_empty() && basis != substance => Some(
                Problem::error(
                    "rule.carbon_basis",
                    words!("单价 {id} 按 {basis} 计，实物量为 {substance}", "the price {id} is for {basis}, the quantity is of {substance}"),
                )
                .fix(text("二者相差 44/12；换用同一计价对象的单价", "they differ by 44/12; name a price of the same basis")),
            ),
            "water_purification_tn" if basis == "NH3-N" => Some(
                Problem::error(
                    "rule.nitrogen_species",
                    words!("单价 {id} 是氨氮单价，实物量为总氮", "the price {id} is for ammonia nitrogen, the quantity is total nitrogen"),
                )
                .fix(text("总氮单价须另有出处", "a price of total nitrogen needs its own source")),
            ),
            _ => None,
        };
        let wrong = wrong.map(|p| p.key(atom.indicator.as_str()).expect(text("单价与实物量是同一物质", "price and quantity of the same substance")));
        if let Some(problem) = wrong.filter(|p| !out.contains(p)) {
            out.push(problem);
        }
    }
    out
}

/// The price of reservoir capacity that is out of the ordinary, yuan per m³.
const RESERVOIR_MOST: f64 = 30.0;

fn reservoir_cost(it: Ruled<'_>) -> Vec<Problem> {
    let mut out = Vec::new();
    let annualised = it.profile.flag("reservoir_cost_annualised").and_then(|f| f.value.as_flag()) == Some(true);
    let mut by_price: BTreeMap<&str, Fen> = BTreeMap::new();
    for atom in it.atoms {
        if let Some(price) = &atom.price
            && it.profile.method(&atom.indicator).is_some_and(|m| m.how == "reservoir_cost")
        {
            *by_price.entry(&price.id).or_default() += atom.value;
        }
    }
    for (id, worth) in by_price {
        let Some(price) = it.prices.iter().find(|p| p.id == id) else { continue };
        let yuan = worth.yuan();
        if price.basis.contains("stock") && !annualised {
            out.push(
                Problem::note(
                    "rule.reservoir_cost_stock",
                    words!(
                        "单价 {id} 是库容建设成本（存量），直接乘以年水量；各年共 {yuan} 元由此而来",
                        "the price {id} is the cost of building capacity, a stock, and is put on a yearly flow; {yuan} CNY over all years rest on it"
                    ),
                )
                .key(id)
                .expect(text("年值化的库容成本，或在方案中说明", "a yearly cost of capacity, or a profile that says so"))
                .fix(text(
                    "选项 reservoir_cost_annualised 已写明为 false；发布时须说明",
                    "the flag reservoir_cost_annualised says false; a publication has to say so as well",
                )),
            );
        }
        let per = f64::try_from(price.value).unwrap_or_default();
        if per > RESERVOIR_MOST {
            out.push(
                Problem::warning("rule.reservoir_cost_suspect", words!("单价 {id} 为 {per} 元/m3", "the price {id} is {per} CNY/m3"))
                    .key(id)
                    .expect(words!("不大于 {RESERVOIR_MOST} 元/m3；已读出处为 0.67–7.06", "at most {RESERVOIR_MOST} CNY/m3; sources read give 0.67 to 7.06"))
                    .fix(text("核对单位与出处", "check its unit and source")),
            );
        }
    }
    out
}

fn oxygen(here: Here<'_>) -> Option<Problem> {
    let (o2, co2) = (here.quantity("oxygen_release")?, here.quantity("carbon_sequestration")?);
    let ratio = o2 / co2;
    (co2 != 0.0 && !(0.72..=0.74).contains(&ratio)).then(|| {
        Problem::warning("rule.oxygen_carbon_ratio", words!("释氧量与固碳量（CO2）之比为 {ratio:.3}", "oxygen over carbon dioxide is {ratio:.3}"))
            .key(here.key())
            .expect(text("0.72–0.74：同一依据时为 32/44", "0.72 to 0.74: 32/44 on one basis"))
            .fix(text("两项取自同一碳量（NEP 或干物质）", "take both from the same carbon, NEP or dry matter"))
    })
}

fn phosphorus(here: Here<'_>) -> Option<Problem> {
    let (tn, tp) = (here.quantity("water_purification_tn")?, here.quantity("water_purification_tp")?);
    (tn == tp && tn != 0.0).then(|| {
        Problem::warning(
            "rule.tp_rate_equals_tn_rate",
            words!("总磷与总氮的净化量都是 {tn} t", "{tn} t of total phosphorus are removed, and of total nitrogen as well"),
        )
        .key(here.key())
        .expect(text("各有出处的两个净化率", "two rates, each with its source"))
        .fix(text("核对净化率表的两列", "check the two columns of the table of rates"))
    })
}

fn purified(here: Here<'_>) -> Vec<Problem> {
    let mut out = Vec::new();
    for ceiling in here.it.ceilings.iter().filter(|c| c.year == here.year && c.place == here.place.code) {
        let Some(removed) = here.quantity(&ceiling.indicator).filter(|q| *q > ceiling.emitted + 0.001) else { continue };
        let (id, emitted) = (&ceiling.indicator, ceiling.emitted);
        out.push(
            Problem::warning(
                "rule.purification_beyond_emissions",
                words!("{id}：净化 {removed} t，排放只有 {emitted} t", "{id}: {removed} t removed, {emitted} t emitted"),
            )
            .key(here.key())
            .expect(text(
                "排放量与净化能力的较小者；浓度超标时才取净化能力",
                "the smaller of emission and capacity; capacity only where the concentration exceeds its limit",
            ))
            .fix(text(
                "核对 purification_regime、净化率单位（kg/ha）与该县浓度是否超标",
                "check purification_regime, the unit of rates (kg/ha) and whether the county exceeds its limit",
            )),
        );
    }
    out
}

/// Cooling a square metre of the whole place, kWh a year, above which it cannot be the heat absorbed by
/// leaves: 70.4 kJ/(m² d) over 180 days at an efficiency of 3 is 1.2.
const COOLING_MOST: f64 = 5.0;

fn cooling(here: Here<'_>) -> Option<Problem> {
    let per = here.quantity("climate_regulation_transpiration")? / (here.place.area_km2? * 1e6);
    (per > COOLING_MOST).then(|| {
        Problem::warning("rule.cooling_route", words!("植被蒸腾降温 {per:.1} kWh/m2", "cooling by transpiration is {per:.1} kWh/m2"))
            .key(here.key())
            .expect(words!("不大于 {COOLING_MOST} kWh/m2：按单位面积吸热量（EPP）", "at most {COOLING_MOST} kWh/m2, by heat absorbed an area (EPP)"))
            .fix(text(
                "全蒸散能量是另一条路线，须用另一个方案，不是更精确的数",
                "the energy of all evapotranspiration is another route and another profile, not a better number",
            ))
    })
}

/// Water that vegetation holds back of storms and that water conservation counts as well: at most what
/// each counts, type by type. By year, county and ecosystem type.
pub fn storm_overlap(atoms: &[Atom]) -> BTreeMap<(i32, String, String), Amount> {
    let of = |indicator: &str| -> BTreeMap<(i32, String, String), Amount> {
        atoms.iter().filter(|a| a.indicator == indicator && a.price.is_some()).map(|a| ((a.year, a.place.clone(), a.ecosystem.clone()), a.quantity)).collect()
    };
    let conserved = of("water_conservation");
    let held = of("flood_regulation_vegetation").into_iter();
    held.filter_map(|(key, held)| {
        let other = conserved.get(&key).filter(|o| o.decimals == held.decimals)?;
        let units = held.units.min(other.units.max(0));
        (units > 0).then_some((key, Amount { units, ..held }))
    })
    .collect()
}

/// Takes the storm water that water conservation counts as well out of flood regulation by vegetation.
///
/// # Errors
/// `value.too_large`.
pub fn subtract_storm_overlap(atoms: &mut [Atom]) -> Result<BTreeMap<(i32, String, String), Amount>, Problem> {
    let overlap = storm_overlap(atoms);
    for atom in atoms.iter_mut().filter(|a| a.indicator == "flood_regulation_vegetation") {
        if let (Some(common), Some(price)) = (overlap.get(&(atom.year, atom.place.clone(), atom.ecosystem.clone())), &atom.price) {
            atom.quantity.units -= common.units;
            atom.value = value(&atom.quantity, &price.value)?;
        }
    }
    Ok(overlap)
}

fn storm(here: Here<'_>) -> Option<Problem> {
    // Where the profile subtracts it, nothing is counted twice.
    if here.it.profile.flag("subtract_storm_overlap").and_then(|f| f.value.as_flag()) == Some(true) {
        return None;
    }
    let (mut water, mut worth) = (Amount::zero(0), Fen(0));
    let overlap = storm_overlap(here.it.atoms);
    for atom in here.atoms("flood_regulation_vegetation") {
        let Some(common) = overlap.get(&(atom.year, atom.place.clone(), atom.ecosystem.clone())) else { continue };
        water = Amount { units: water.units + common.units, decimals: common.decimals };
        worth += atom.price.as_ref().and_then(|p| value(common, &p.value).ok()).unwrap_or_default();
    }
    let without = (here.total() - worth).yuan();
    let yuan = worth.yuan();
    (water.units > 0).then(|| {
        Problem::warning(
            "rule.double_count_storm_rain",
            words!(
                "水源涵养与植被洪水调蓄重复计入暴雨径流，至多 {water} m3，{yuan} 元；不计重复时合计 {without} 元",
                "water conservation and flood regulation by vegetation count the same storm rain, at most {water} m3, {yuan} CNY; without it the sum is {without} CNY"
            ),
        )
        .key(here.key())
        .expect(text("同一水量只计一次", "the same water once"))
        .fix(text("在方案中写 subtract_storm_overlap = true，或在发布时注明重复部分", "write subtract_storm_overlap = true in the profile, or say so in the publication"))
    })
}

fn water_supply(here: Here<'_>) -> Option<Problem> {
    let (supply, conserved) = (here.value("supply_freshwater"), here.value("water_conservation"));
    (supply.0 > 0 && conserved.0 > 0).then(|| {
        let (yuan, without) = (supply.yuan(), (here.total() - supply).yuan());
        Problem::warning(
            "rule.double_count_water_supply",
            words!(
                "淡水资源与水源涵养都按供水计价时重复，至多 {yuan} 元；不计淡水资源时合计 {without} 元",
                "fresh water and water conservation are the same water where both are valued as supply, at most {yuan} CNY; without fresh water the sum is {without} CNY"
            ),
        )
        .key(here.key())
        .expect(text("同一水量只计一次", "the same water once"))
        .fix(text("说明两项各计什么，或只计其一", "say what each of the two counts, or count one"))
    })
}

/// Bulk densities of mineral soils, t/m³.
const DENSITY: std::ops::RangeInclusive<f64> = 0.7..=1.9;

fn density(here: Here<'_>) -> Option<Problem> {
    let share = here.it.profile.method("soil_retention_sediment")?.parameter("deposited_share")?.value.as_number()?;
    let (volume, kept) = (here.quantity("soil_retention_sediment")?, here.quantity("soil_retention")?);
    let density = share * kept / volume;
    let dropped = (density - 1.0).abs() < 1e-4;
    (volume > 0.0 && (dropped || !DENSITY.contains(&density))).then(|| {
        let what = if dropped {
            text("减少的泥沙没有除以土壤容重：吨数当作了体积", "less silt was not divided by bulk density: tonnes stand for volume")
        } else {
            words!("减少泥沙淤积隐含的土壤容重为 {density:.2} t/m3", "less silt implies a bulk density of {density:.2} t/m3")
        };
        Problem::warning("rule.bulk_density", what)
            .key(here.key())
            .expect(text("土壤保持量 × 淤积系数 ÷ 容重，容重 0.7–1.9 t/m3", "soil kept × share deposited ÷ bulk density of 0.7 to 1.9 t/m3"))
            .fix(text("核对容重图层及其单位", "check the layer of bulk density and its unit"))
    })
}

/// The share of standing timber that a year may yield.
const YIELD_MOST: f64 = 0.1;

fn timber(here: Here<'_>) -> Option<Problem> {
    let stock = here.it.stocks.iter().find(|s| s.year == here.year && s.place == here.place.code)?.volume_m3;
    let mut cut = 0.0;
    for atom in here.it.atoms.iter().filter(|a| a.indicator.starts_with("supply_forestry.") && a.unit == "m3") {
        if here.atoms(&atom.indicator).any(|b| std::ptr::eq(atom, b)) {
            cut += atom.quantity.as_f64();
        }
    }
    let share = 100.0 * cut / stock;
    (stock > 0.0 && cut > YIELD_MOST * stock).then(|| {
        Problem::warning(
            "rule.stock_as_flow",
            words!("木材 {cut:.0} m3 占森林蓄积 {stock:.0} m3 的 {share:.0}%", "{cut:.0} m3 of timber are {share:.0} % of the {stock:.0} m3 that stand"),
        )
        .key(here.key())
        .expect(text("当年采伐量，不是活立木蓄积", "what was felled in the year, not what stands"))
        .fix(text("改填当年采伐量", "give the year's felling"))
    })
}

fn scope(here: Here<'_>) -> Option<Problem> {
    let outside = |m: &&crate::profile::IndicatorMethod| m.parameter("seea_scope").and_then(|p| p.value.as_flag()) == Some(false);
    let mut ids: Vec<&str> = here.it.profile.counted().filter(outside).map(|m| m.indicator.as_str()).collect();
    ids.push("tourism_health.consumer_surplus");
    let counted: Vec<(&str, Fen)> = ids.into_iter().map(|id| (id, here.value(id))).filter(|(_, v)| v.0 != 0).collect();
    let worth: Fen = counted.iter().map(|c| c.1).sum();
    (worth.0 != 0).then(|| {
        let list = counted.iter().map(|c| c.0).collect::<Vec<_>>().join(", ");
        let (yuan, without) = (worth.yuan(), (here.total() - worth).yuan());
        Problem::note(
            "rule.outside_seea_scope",
            words!(
                "{list} 不在 SEEA EA 范围内，共 {yuan} 元；不计时合计 {without} 元",
                "{list}: outside SEEA EA, {yuan} CNY; without it the sum is {without} CNY"
            ),
        )
        .key(here.key())
        .expect(text("与 SEEA 账户比较时不计此项", "leave it out when comparing with SEEA accounts"))
        .fix(text("比较时用括出后的合计", "compare by the sum without it"))
    })
}

/// Rows of wholes that print a quantity although their parts are of different things.
pub fn judge_rows(account: &Account) -> Vec<Problem> {
    let mut out: Vec<Problem> = Vec::new();
    for row in account.rows.iter().filter(|r| r.ecosystem == ALL) {
        let (Some(quantity), Some(known)) = (row.quantity, catalogue::indicator(&row.indicator)) else { continue };
        let part =
            |r: &&Row| (r.year, &r.place) == (row.year, &row.place) && r.ecosystem == ALL && catalogue::parent(&r.indicator) == Some(row.indicator.as_str());
        let parts: Vec<&Row> = account.rows.iter().filter(part).filter(|r| r.quantity.is_some()).collect();
        let sum: f64 = parts.iter().filter_map(|r| r.quantity).map(Amount::as_f64).sum();
        let added = parts.len() > 1 && (sum - quantity.as_f64()).abs() <= 1e-9 * sum.abs();
        let of_no_thing = known.id == row.indicator && known.quantities == Quantities::None;
        if of_no_thing || (added && parts.iter().any(|p| p.unit != row.unit)) {
            let (id, unit) = (&row.indicator, &row.unit);
            out.push(
                Problem::error(
                    "rule.children_added_across_units",
                    words!("{id} 印出了实物量（{unit}），其组成部分却不是同一种东西", "{id} prints a quantity in {unit}, but its parts are different things"),
                )
                .key(format!("{} {}", row.place, row.year))
                .expect(text("只加总价值", "money only"))
                .fix(text("分别列出各组成部分的实物量", "list the quantity of each part")),
            );
        }
    }
    out
}
