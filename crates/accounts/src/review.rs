//! What an expert review will attack (评审质询单): every weak point of an account with the yuan that
//! stand on it, the number under the next-best alternative where there is one, and where to look.
//! Ranked by the yuan at stake. It judges what the account says of itself and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Evidence, Fen, Origin, Text, Unit, text, words};
use rust_decimal::Decimal;

use crate::account::{ALL, Account};
use crate::atom::Atom;
use crate::catalogue;
use crate::plausibility::{Band, Observation};
use crate::price::Price;
use crate::profile::{Parameter, ParameterValue, Profile};
use crate::provinces;
use crate::valuation::value;

/// On what ground a number is attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// The text of the method was not read.
    MethodUnread,
    /// A coefficient or choice that nobody here has read in its source.
    Coefficient,
    /// A price that nobody has read, or of another place or year.
    Price,
    /// Invented inputs.
    Synthetic,
    /// Modelled inputs where measured ones exist elsewhere.
    Modelled,
    /// Outside its plausibility band.
    Implausible,
    /// The same thing counted twice.
    DoubleCount,
    /// An indicator or a part of the region that was not assessed.
    Coverage,
}

impl Ground {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Ground::MethodUnread => "method_unread",
            Ground::Coefficient => "coefficient",
            Ground::Price => "price",
            Ground::Synthetic => "synthetic_input",
            Ground::Modelled => "modelled_input",
            Ground::Implausible => "implausible",
            Ground::DoubleCount => "double_count",
            Ground::Coverage => "coverage",
        }
    }

    /// The words for people.
    pub fn title(self) -> Text {
        match self {
            Ground::MethodUnread => text("方法原文未读", "method not read"),
            Ground::Coefficient => text("系数或选择未核实", "unverified coefficient or choice"),
            Ground::Price => text("单价", "price"),
            Ground::Synthetic => text("虚构输入", "invented input"),
            Ground::Modelled => text("模拟输入", "modelled input"),
            Ground::Implausible => text("超出合理区间", "outside its band"),
            Ground::DoubleCount => text("重复计算", "counted twice"),
            Ground::Coverage => text("未覆盖", "not covered"),
        }
    }
}

/// What the number would be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// Under what.
    pub what: Text,
    /// The value of the indicator (of the total, where the question is about it) in the whole region.
    pub value: Fen,
}

/// One attack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// On what ground.
    pub ground: Ground,
    /// The year.
    pub year: i32,
    /// The indicator; empty where it is about the total.
    pub indicator: String,
    /// Its value in the whole region now; absent where it was not assessed.
    pub value: Option<Fen>,
    /// The yuan at stake: the difference to the alternative, else all that rests on the weak point;
    /// absent where nobody can say.
    pub stake: Option<Fen>,
    /// The question as a reviewer would put it.
    pub what: Text,
    /// The next-best alternative.
    pub otherwise: Option<Otherwise>,
    /// Where to look.
    pub look: Text,
}

/// What is judged.
pub struct Given<'a> {
    /// The account.
    pub account: &'a Account,
    /// What it is a sum of.
    pub atoms: &'a [Atom],
    /// The method.
    pub profile: &'a Profile,
    /// The price table, with the line of each row by id.
    pub prices: &'a [Price],
    /// The price table's file and the line of each price in it.
    pub price_lines: (&'a str, &'a BTreeMap<String, u64>),
    /// The whole region's code and its names in both languages.
    pub whole: (&'a str, &'a Text),
    /// Magnitudes with their bands.
    pub seen: &'a [Observation],
    /// The bands.
    pub bands: &'a [Band],
}

/// Every question, latest year first, then by the yuan at stake; what has no figure comes last.
pub fn questions(given: &Given<'_>) -> Vec<Question> {
    let mut out = Vec::new();
    for year in &given.account.years {
        let of_year = Year { given, year: *year, atoms: given.atoms.iter().filter(|a| a.year == *year).collect() };
        out.extend(of_year.method());
        out.extend(of_year.coefficients());
        out.extend(of_year.prices());
        out.extend(of_year.origins());
        out.extend(of_year.magnitudes());
        out.extend(of_year.storms());
        out.extend(of_year.coverage());
    }
    out.sort_by(|a, b| {
        let key = |q: &Question| (std::cmp::Reverse(q.year), std::cmp::Reverse(q.stake.map(|s| s.0.abs())), q.ground);
        key(a).cmp(&key(b)).then_with(|| a.indicator.cmp(&b.indicator)).then_with(|| a.what.en.cmp(&b.what.en))
    });
    out
}

struct Year<'a> {
    given: &'a Given<'a>,
    year: i32,
    atoms: Vec<&'a Atom>,
}

/// The catalogue indicator of a dotted part.
fn whole_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(whole, _)| whole)
}

impl Year<'_> {
    fn total(&self) -> Option<Fen> {
        self.given.account.total(self.year, self.given.whole.0, ALL).map(|t| t.value)
    }

    fn worth(&self, counts: impl Fn(&Atom) -> bool) -> Fen {
        self.atoms.iter().filter(|a| counts(a)).map(|a| a.value).sum()
    }

    /// Catalogue indicators that have priced atoms, in the catalogue's order.
    fn valued(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.atoms.iter().filter(|a| a.price.is_some()).map(|a| whole_of(&a.indicator)).collect::<BTreeSet<_>>().into_iter().collect();
        ids.sort_by_key(|id| catalogue::rank(id));
        ids
    }

    fn of(&self, ground: Ground, indicator: &str, what: Text, look: Text) -> Question {
        let value = (!indicator.is_empty()).then(|| self.worth(|a| catalogue::is_within(&a.indicator, indicator)));
        let value = value.or_else(|| self.total());
        Question { ground, year: self.year, indicator: indicator.to_owned(), value, stake: value, what, otherwise: None, look }
    }

    fn method(&self) -> Option<Question> {
        let profile = self.given.profile;
        if profile.evidence == Evidence::Verified {
            return None;
        }
        let id = profile.printed_id();
        let what = words!(
            "方法方案 {id} 的原文未读过，公式与参数为重建；凭什么说这是按规范核算？",
            "nobody here has read the text of {id}: formulas and parameters are reconstructed. On what ground is this an account by the standard?"
        );
        Some(self.of(
            Ground::MethodUnread,
            "",
            what,
            words!("methods/{id}.toml；取得原文逐条核对", "methods/{id}.toml; obtain the text and compare it clause by clause"),
        ))
    }

    fn coefficients(&self) -> Vec<Question> {
        let mut out = Vec::new();
        let profile = self.given.profile;
        let file = profile.printed_id();
        for id in self.valued() {
            for method in profile.indicators.iter().filter(|m| whole_of(&m.indicator) == id) {
                for parameter in method.parameters.iter().filter(|p| p.evidence != Evidence::Verified) {
                    out.push(self.coefficient(&method.indicator, parameter, &file));
                }
            }
        }
        for (flag, indicators) in FLAGS {
            let Some(parameter) = profile.flag(flag).filter(|p| p.evidence != Evidence::Verified) else { continue };
            let touched: Vec<&str> = self.valued().into_iter().filter(|id| indicators.iter().any(|i| catalogue::is_within(id, i))).collect();
            if touched.is_empty() {
                continue;
            }
            let said = shown(&parameter.value);
            let title = crate::profile::FLAGS.iter().find(|f| f.name == *flag).map_or(Text::same(*flag), |f| f.title.clone());
            let (zh, en) = (&title.zh, &title.en);
            let what = words!("选择“{zh}”= {said} 未核实：原文怎么写？", "the choice \"{en}\" = {said} is unverified: what does the text say?");
            let mut question = self.of(Ground::Coefficient, "", what, words!("methods/{file}.toml，flags.{flag}", "methods/{file}.toml, flags.{flag}"));
            let worth = self.worth(|a| touched.contains(&whole_of(&a.indicator)));
            question.value = Some(worth);
            question.stake = Some(worth);
            question.indicator = if touched.len() == 1 { touched[0].to_owned() } else { indicators[0].to_owned() };
            out.push(question);
        }
        out
    }

    fn coefficient(&self, indicator: &str, parameter: &Parameter, file: &str) -> Question {
        let (name, said, unit, source) = (&parameter.name, shown(&parameter.value), &parameter.unit, &parameter.source);
        let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
        // Sources are quoted in the language they were written in; the English reader finds them in the profile.
        let source = source.split_once(" / ").map_or(source.as_str(), |(zh, _)| zh);
        let what = words!("系数 {name} = {said}{unit} 未核实（{source}）", "the coefficient {name} = {said}{unit} is unverified");
        self.of(
            Ground::Coefficient,
            indicator,
            what,
            words!("methods/{file}.toml，indicator.{indicator}.parameters.{name}", "methods/{file}.toml, indicator.{indicator}.parameters.{name}"),
        )
    }

    /// One question for each price in use that is unread, or of another place or year.
    fn prices(&self) -> Vec<Question> {
        let mut in_use: BTreeMap<(&str, &str), Vec<&Atom>> = BTreeMap::new();
        for atom in self.atoms.iter().copied().filter(|a| a.value.0 != 0) {
            if let Some(price) = &atom.price {
                in_use.entry((whole_of(&atom.indicator), price.id.as_str())).or_default().push(atom);
            }
        }
        in_use.into_iter().filter_map(|((indicator, id), atoms)| self.price(indicator, self.given.prices.iter().find(|p| p.id == id)?, &atoms)).collect()
    }

    fn price(&self, indicator: &str, price: &Price, atoms: &[&Atom]) -> Option<Question> {
        let mut reasons: Vec<Text> = Vec::new();
        let share = price.unit.written() == "1";
        if price.evidence != Evidence::Verified {
            reasons.push(text("出处未核实", "its source is unverified"));
        }
        if price.origin.has_synthetic() {
            reasons.push(text("虚构，仅供演示", "it is invented for the demonstration"));
        }
        if price.year != self.year && !share {
            let (of, gap) = (price.year, (self.year - price.year).abs());
            let assumed = if price.year_assumed { text("（推定）", " (assumed)") } else { Text::default() };
            reasons.push(Text::of(format!("价格年份 {of}{}，相差 {gap} 年", assumed.zh), format!("it is of {of}{}, {gap} years away", assumed.en)));
        }
        if self.is_elsewhere(&price.region) {
            let region = &price.region;
            reasons.push(words!("取自 {region}", "it was observed in {region}"));
        }
        if reasons.is_empty() {
            return None;
        }
        let join = |parts: Vec<String>, by: &str| parts.join(by);
        let zh = join(reasons.iter().map(|r| r.zh.to_string()).collect(), "；");
        let en = join(reasons.iter().map(|r| r.en.to_string()).collect(), "; ");
        let (id, value) = (&price.id, stated(price));
        let (file, lines) = self.given.price_lines;
        let at = lines.get(id).map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
        let mut question = self.of(
            Ground::Price,
            indicator,
            Text::of(format!("单价 {id}（{value}）：{zh}"), format!("the price {id} ({value}): {en}")),
            words!("{at}", "{at}"),
        );
        let now: Fen = atoms.iter().map(|a| a.value).sum();
        question.stake = Some(now);
        if let Some((other, changed)) = self.next_best(indicator, price, atoms) {
            let (id, value, year, region) = (&other.id, stated(other), other.year, &other.region);
            question.stake = Some(Fen((changed.0 - now.0).abs()));
            question.otherwise = question.value.map(|all| Otherwise {
                what: words!("按 {id}（{value}，{year} 年，{region}）", "at {id} ({value}, {year}, {region})"),
                value: all - now + changed,
            });
        }
        Some(question)
    }

    /// The alternative that a reviewer would name first: read rather than unread, of a stated year near
    /// the account's, of this place or of the country rather than of another place.
    fn next_best<'p>(&'p self, indicator: &str, price: &Price, atoms: &[&Atom]) -> Option<(&'p Price, Fen)> {
        let methods = self.given.profile.indicators.iter().filter(|m| catalogue::is_within(&m.indicator, indicator));
        let named: BTreeSet<&str> = methods.flat_map(|m| m.alternatives.iter().map(String::as_str)).collect();
        let mut options: Vec<&Price> =
            self.given.prices.iter().filter(|p| named.contains(p.id.as_str()) && p.id != price.id && p.basis == price.basis).collect();
        options.sort_by_key(|p| (p.evidence, p.origin.has_synthetic(), p.year_assumed, self.is_elsewhere(&p.region), (self.year - p.year).abs(), p.id.clone()));
        options.into_iter().find_map(|other| Some((other, revalued(atoms, price, other)?)))
    }

    /// True when a price's region is neither this one, nor its province, nor the country.
    fn is_elsewhere(&self, region: &str) -> bool {
        let (code, name) = self.given.whole;
        let here = [name.zh.as_ref(), name.en.as_ref()].into_iter().chain(provinces::of_code(code).into_iter().flatten());
        let known = ["China", "中国", "全国", "", "none", "demo"];
        !known.contains(&region) && !region.starts_with("China") && !here.into_iter().any(|own| !own.is_empty() && region.contains(own))
    }

    fn origins(&self) -> Vec<Question> {
        let mut out = Vec::new();
        for id in self.valued() {
            let own = |a: &Atom| whole_of(&a.indicator) == id;
            let invented = self.worth(|a| own(a) && a.origin.has_synthetic());
            let modelled = self.worth(|a| own(a) && a.origin == Origin::Modelled);
            let look = words!(
                "liangshan explain REGION {id} --place {} --year {}：所列输入",
                "liangshan explain REGION {id} --place {} --year {}: the inputs it lists",
                self.given.whole.0,
                self.year
            );
            if invented.0 != 0 {
                let what =
                    text("结果依赖虚构或部分虚构的输入，不能作为该地区的结果", "it rests on invented or partly invented inputs and is no result for the place");
                out.push(Question { stake: Some(invented), ..self.of(Ground::Synthetic, id, what, look.clone()) });
            }
            if modelled.0 != 0 {
                let what = text("输入为模型输出而非观测，误差未知", "its inputs are outputs of models and not observations; their error is unknown");
                out.push(Question { stake: Some(modelled), ..self.of(Ground::Modelled, id, what, look) });
            }
        }
        out
    }

    /// What lies outside its band in the whole region or in a county. At stake is what would go if the
    /// number were brought to the edge of its band.
    fn magnitudes(&self) -> Vec<Question> {
        let mut out = Vec::new();
        for it in self.given.seen.iter().filter(|it| it.year == self.year && it.value.is_finite() && it.value != 0.0) {
            let Some(band) = self.given.bands.iter().find(|b| b.quantity == it.quantity) else { continue };
            let edge = if it.value < band.low {
                band.low
            } else if it.value > band.high {
                band.high
            } else {
                continue;
            };
            let indicator = it.quantity.strip_prefix("yuan_per_km2.").or_else(|| bears_on(&it.quantity)).unwrap_or_default();
            let indicator = if indicator == "gep" { "" } else { indicator };
            let here =
                |a: &Atom| (it.place == self.given.whole.0 || a.place == it.place) && (indicator.is_empty() || catalogue::is_within(&a.indicator, indicator));
            let worth = self.worth(here);
            let beyond = Fen((worth.0 as f64 * (1.0 - edge / it.value)).abs().min(worth.0.abs() as f64).round() as i128);
            let (zh, en, place) = (&band.title.zh, &band.title.en, &it.place);
            let unit = if band.unit == "1" { String::new() } else { format!(" {}", band.unit) };
            let (value, low, high) = (short(it.value), short(band.low), short(band.high));
            let what = Text::of(
                format!("{place} 的{zh}为 {value}{unit}，合理区间 {low} 至 {high}：{}", band.basis.zh),
                format!("{en} of {place} is {value}{unit}, its band {low} to {high}: {}", band.basis.en),
            );
            let look = words!(
                "liangshan explain REGION {} --place {place} --year {}",
                "liangshan explain REGION {} --place {place} --year {}",
                if indicator.is_empty() { "gep" } else { indicator },
                self.year
            );
            let mut question = self.of(Ground::Implausible, indicator, what, look);
            question.stake = Some(beyond);
            if let Some(value) = question.value {
                let fewer = if it.value > edge { value.0 - beyond.0 } else { value.0 + beyond.0 };
                let edge = short(edge);
                question.otherwise =
                    Some(Otherwise { what: words!("取区间边缘 {edge}{unit}", "at the edge of the band, {edge}{unit}"), value: Fen(fewer) });
            }
            out.push(question);
        }
        out
    }

    /// Storm rain that runs off late is in water conservation and in the flood regulation of plants.
    fn storms(&self) -> Option<Question> {
        let common = self.worth(|a| a.indicator == "flood_regulation_vegetation");
        if common.0 == 0 || self.worth(|a| a.indicator == "water_conservation").0 == 0 {
            return None;
        }
        let what = text(
            "暴雨滞留量同时计入水源涵养与植被洪水调蓄，至多重复这一数额",
            "storm rain held back is in water conservation and in flood regulation by vegetation; this much at most is counted twice",
        );
        let mut question = self.of(
            Ground::DoubleCount,
            "flood_regulation_vegetation",
            what,
            text("flags.subtract_storm_overlap；方法说明 3.5", "flags.subtract_storm_overlap; method sheet 3.5"),
        );
        question.otherwise = self.total().map(|total| Otherwise { what: text("合计扣除重复部分", "the total without it"), value: total - common });
        Some(question)
    }

    /// What was not assessed.
    fn coverage(&self) -> Vec<Question> {
        let Some(total) = self.given.account.total(self.year, self.given.whole.0, ALL) else { return Vec::new() };
        let missing = total.missing.iter().map(|m| {
            let (zh, en) = (&m.reason.zh, &m.reason.en);
            let name = catalogue::indicator(&m.indicator).map_or_else(|| Text::same(m.indicator.clone()), |i| i.title.clone());
            let what = Text::of(format!("{}未核算或不完整：{zh}", name.zh), format!("{} was not assessed, or not everywhere: {en}", name.en));
            Question {
                ground: Ground::Coverage,
                year: self.year,
                indicator: m.indicator.clone(),
                value: None,
                stake: None,
                what,
                otherwise: None,
                look: if m.file.is_empty() { text("region.toml", "region.toml") } else { Text::same(m.file.clone()) },
            }
        });
        missing.collect()
    }
}

/// The value of atoms at another price of the same thing; `None` where it does not fit.
fn revalued(atoms: &[&Atom], now: &Price, other: &Price) -> Option<Fen> {
    let mut sum = Fen::default();
    for atom in atoms {
        let applied = atom.price.as_ref()?;
        let unit = Unit::parse(&atom.unit).ok()?;
        // A product's price is its market price times the share that counts; another share scales it.
        let price = if now.unit.written() == "1" && other.unit.written() == "1" {
            applied.value.checked_mul(other.value)?.checked_div(now.value)?
        } else {
            other.per(&unit).ok()?
        };
        sum += value(&atom.quantity, &price).ok()?;
    }
    Some(sum)
}

/// A price with its unit; a share stands alone.
fn stated(price: &Price) -> String {
    match price.unit.written() {
        "1" => price.value.to_string(),
        unit => format!("{} {unit}", price.value),
    }
}

/// Flags and the indicators whose numbers they move.
const FLAGS: &[(&str, &[&str])] = &[
    ("rusle_has_P", &["soil_retention"]),
    ("erosivity_source", &["soil_retention"]),
    ("slope_length_max_m", &["soil_retention"]),
    ("soil_classes", &["soil_retention"]),
    ("clamp_negative_water", &["water_conservation"]),
    ("reservoir_cost_annualised", &["water_conservation", "flood_regulation"]),
    ("carbon_method", &["carbon_sequestration"]),
    ("carbon_classes", &["carbon_sequestration"]),
    ("o2_basis", &["oxygen_release"]),
    ("purification_regime", &["air_purification", "water_purification"]),
    ("evap_uses_cop", &["climate_regulation_evaporation"]),
    ("humidify_gamma", &["climate_regulation_evaporation"]),
    ("cooling_day_basis", &["climate_regulation"]),
    ("cooling_route", &["climate_regulation"]),
    ("material_method", &["supply_agriculture", "supply_forestry", "supply_livestock", "supply_fishery", "supply_other"]),
    ("include_consumer_surplus", &["tourism_health"]),
];

/// The indicator that a physical magnitude bears on.
fn bears_on(quantity: &str) -> Option<&'static str> {
    match quantity {
        "soil_loss_potential" | "soil_loss_actual" | "erosivity_sources" => Some("soil_retention"),
        "runoff_coefficient" | "water_conservation_depth" | "water_share_of_p_minus_et" => Some("water_conservation"),
        "nep_forest" | "nep_over_stock" => Some("carbon_sequestration"),
        "o2_over_co2" => Some("oxygen_release"),
        _ => None,
    }
}

fn shown(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(number) => Decimal::try_from(*number).map_or_else(|_| number.to_string(), |d| d.normalize().to_string()),
        ParameterValue::Text(word) => word.clone(),
        ParameterValue::Flag(yes) => yes.to_string(),
    }
}

/// Three significant digits.
fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value < 0.0 { "-∞".into() } else { "∞".into() };
    }
    let places = if value == 0.0 { 0 } else { (2 - value.abs().log10().floor() as i32).clamp(0, 9) as usize };
    let written = format!("{value:.places$}");
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}
