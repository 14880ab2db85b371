//! A method profile: which indicators an account counts, how each is valued, at which price, and
//! the choices a reviewer asks about. It is data that a specialist can review; another crate reads
//! it from its file. A `how` names one of the functions listed here; there are no expressions.

use std::collections::BTreeSet;

use liangshan_vocab::{Evidence, Problem, Problems, Severity, Text, nearest, text, words};

use crate::catalogue;
use crate::price::{Price, check_basis};

/// What a profile does with an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inclusion {
    /// Counted.
    Included,
    /// Left out by the method.
    Excluded,
    /// A region may count it; its absence leaves nothing incomplete.
    Optional,
    /// Nobody here knows whether the method counts it: left out and listed.
    Unknown,
}

impl Inclusion {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Inclusion::Included => "included",
            Inclusion::Excluded => "excluded",
            Inclusion::Optional => "optional",
            Inclusion::Unknown => "unknown",
        }
    }

    /// Reads the word in files.
    pub fn parse(word: &str) -> Option<Self> {
        [Inclusion::Included, Inclusion::Excluded, Inclusion::Optional, Inclusion::Unknown].into_iter().find(|i| i.word() == word)
    }

    /// True when an atom of the indicator may stand in the account.
    pub fn counts(self) -> bool {
        matches!(self, Inclusion::Included | Inclusion::Optional)
    }
}

/// A number, a word or a yes/no.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterValue {
    /// A number in the parameter's unit.
    Number(f64),
    /// A word or a name of a table.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// A coefficient or a choice, with where it was taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: ParameterValue,
    /// Its unit; `1` for a ratio, a word or a yes/no.
    pub unit: String,
    /// Where it was taken from.
    pub source: String,
    /// Whether that was read.
    pub evidence: Evidence,
}

/// How one indicator is accounted.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorMethod {
    /// A catalogue id or a dotted part of one.
    pub indicator: String,
    /// Whether it is counted.
    pub status: Inclusion,
    /// The valuation, one of [`HOWS`]; empty where the indicator is not counted.
    pub how: String,
    /// The price in use.
    pub price_id: Option<String>,
    /// Other prices a user may choose instead.
    pub alternatives: Vec<String>,
    /// What a unit of the quantity is a unit of; the price must be of the same.
    pub basis: String,
    /// Coefficients of the indicator.
    pub parameters: Vec<Parameter>,
    /// Whether the method's text was read for this indicator.
    pub evidence: Evidence,
    /// What a reviewer should know.
    pub note: String,
}

/// A resolved profile: nothing left to inherit.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its id as written.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// First day it is in force, `YYYY-MM-DD` or a year; empty where unknown.
    pub effective_from: String,
    /// The profile it replaces.
    pub supersedes: Option<String>,
    /// The profile it was resolved from.
    pub extends: Option<String>,
    /// Whether its text was read.
    pub evidence: Evidence,
    /// The text it stands for.
    pub source: String,
    /// What a reviewer should know.
    pub note: String,
    /// Indicators in the catalogue's order.
    pub indicators: Vec<IndicatorMethod>,
    /// The choices of [`FLAGS`].
    pub flags: Vec<Parameter>,
}

/// A valuation that a `how` may name.
#[derive(Debug, Clone, PartialEq)]
pub struct How {
    /// The name in profiles.
    pub id: &'static str,
    /// What it does.
    pub title: Text,
    /// False when it needs no price of its own.
    pub priced: bool,
    /// Unit and decimals of the quantity where not those of the catalogue.
    pub unit: Option<(&'static str, u32)>,
}

const fn how(id: &'static str, zh: &'static str, en: &'static str) -> How {
    How { id, title: text(zh, en), priced: true, unit: None }
}

const fn share(id: &'static str, zh: &'static str, en: &'static str) -> How {
    How { id, title: text(zh, en), priced: true, unit: Some(("CNY", 2)) }
}

const fn unpriced(id: &'static str, zh: &'static str, en: &'static str) -> How {
    How { id, title: text(zh, en), priced: false, unit: None }
}

/// The valuations there are. All but the last two are quantity times price; the name says what the
/// price must be a price of.
pub const HOWS: &[How] = &[
    how("market_price", "市场价格法", "at the market price"),
    share("output_share", "产值乘以计入比例", "output times the share counted"),
    share("residual_share", "残值法：产值乘以生态贡献比例", "residual value: output times the ecosystem's share"),
    share("net_output", "净产值", "net output as reported"),
    how("reservoir_cost", "影子工程法：水库建设成本", "replacement by a reservoir"),
    how("avoided_dredging", "替代成本法：清淤成本", "avoided dredging"),
    how("avoided_treatment", "替代成本法：污染治理成本", "avoided treatment of a pollutant"),
    how("environmental_tax", "环境保护税额", "the environmental tax a pollutant would bear"),
    How { id: "restoration_cost", title: text("恢复成本法", "avoided restoration of land"), priced: true, unit: Some(("m2", 0)) },
    how("seawall_cost", "替代成本法：海堤建设成本", "replacement by a sea wall"),
    how("carbon_price", "碳价格", "at a price of carbon"),
    how("industrial_oxygen", "工业制氧价格", "at the price of industrial oxygen"),
    how("electricity_saved", "替代成本法：节约电量", "electricity saved"),
    how("barrier_cost", "替代成本法：隔音屏障成本", "replacement by noise barriers"),
    how("ion_production", "替代成本法：负离子生产成本", "cost of producing ions"),
    how("control_cost", "防治成本法", "avoided pest control"),
    how("opportunity_cost", "机会成本法", "opportunity cost of conservation"),
    how("travel_cost", "旅行费用法", "travel cost"),
    share("revenue_share", "旅游收入乘以自然贡献比例", "tourism revenue times nature's share"),
    how("time_value", "时间价值", "value of time in nature"),
    how("hedonic_premium", "特征价格法", "premium paid for a view"),
    unpriced("sum_of_parts", "各组成部分价值之和", "the sum of its parts"),
    unpriced("physical_only", "只计实物量", "quantity only"),
];

/// A valuation by its name.
pub fn how_named(id: &str) -> Option<&'static How> {
    HOWS.iter().find(|h| h.id == id)
}

/// What a flag may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagForm {
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any word, such as the name of a table.
    Word,
}

/// A choice that moves the numbers, so a profile must state it.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Its name.
    pub name: &'static str,
    /// What it decides.
    pub title: Text,
    /// What it may say.
    pub form: FlagForm,
    /// True when a profile without it is incomplete.
    pub required: bool,
}

const fn flag(name: &'static str, zh: &'static str, en: &'static str, form: FlagForm) -> Flag {
    Flag { name, title: text(zh, en), form, required: true }
}

const fn spare(name: &'static str, zh: &'static str, en: &'static str, form: FlagForm) -> Flag {
    Flag { name, title: text(zh, en), form, required: false }
}

use FlagForm::{Choice, Number, Word, YesNo};

/// The choices a profile states.
pub const FLAGS: &[Flag] = &[
    flag("rusle_has_P", "土壤流失方程是否含措施因子 P", "does the soil-loss equation have a practice factor P", YesNo),
    flag("clamp_negative_water", "水量平衡为负的格网是否归零", "are cells with a negative water balance set to zero", YesNo),
    flag("reservoir_cost_annualised", "水库成本是否年值化", "is the reservoir cost turned into a yearly one", YesNo),
    flag("evap_uses_cop", "水面蒸发是否除以空调能效比", "is evaporative cooling divided by the efficiency of air conditioners", YesNo),
    flag(
        "purification_regime",
        "净化量取排放量还是净化能力",
        "is purification limited by emissions or by capacity",
        Choice(&["switch", "emission_limited", "capacity"]),
    ),
    flag("carbon_price_basis", "碳价格的计价对象", "what the carbon price is a price of", Choice(&["C", "CO2"])),
    flag("o2_basis", "释氧量的计算依据", "what oxygen is computed from", Choice(&["co2", "dry_matter"])),
    flag(
        "material_method",
        "物质供给的计价方法",
        "how material supply is valued",
        Choice(&["market_output", "net_output", "residual_share", "ecosystem_contribution"]),
    ),
    flag("external_deduction", "扣减区外生态产品价值", "value of products from outside to deduct", Number),
    flag("include_consumer_surplus", "旅游是否计入消费者剩余", "does tourism include consumer surplus", YesNo),
    flag("slope_length_max_m", "坡长上限（米）", "longest slope length, m", Number),
    flag("erosivity_source", "降雨侵蚀力来源", "where rainfall erosivity comes from", Choice(&["daily", "raster", "yearly"])),
    flag("carbon_classes", "计入固碳的生态系统类型", "which classes count for carbon", Word),
    flag("cooling_day_basis", "高温日的判定温度", "which temperature makes a cooling day", Choice(&["daily_mean", "daily_max"])),
    flag("humidify_gamma", "增湿耗电系数（kWh/m3）", "electricity of humidifying, kWh/m3", Number),
    flag("subtract_storm_overlap", "是否扣除暴雨重复计算量", "is storm rain counted twice subtracted", YesNo),
    flag("weather", "当年天气或常年天气", "weather of the year or of normal years", Choice(&["year", "normal"])),
    spare("cooling_route", "植被降温的计算路线", "which route gives cooling by plants", Choice(&["epp", "evapotranspiration"])),
    spare("soil_classes", "计入土壤保持的生态系统类型", "which classes count for soil", Word),
    spare("carbon_method", "固碳量的计算方法", "how carbon is computed", Choice(&["nep", "rate", "biomass", "npp_photosynthesis"])),
    spare("price_update", "价格更新方法", "how prices are brought to another year", Choice(&["none", "cpi"])),
];

/// Profiles whose text was read.
pub const READ: [&str; 2] = ["garze-2017", "seea-ea"];

const SUFFIX: &str = "-reconstructed";

impl Profile {
    /// Its id wherever it is shown: with `-reconstructed` unless its text was read.
    pub fn printed_id(&self) -> String {
        if self.lacks_suffix() { format!("{}{SUFFIX}", self.id) } else { self.id.clone() }
    }

    fn lacks_suffix(&self) -> bool {
        self.evidence != Evidence::Verified && !READ.contains(&self.id.as_str()) && !self.id.ends_with(SUFFIX)
    }

    /// How an indicator is accounted: by its own id, or that of the whole it is a dotted part of.
    pub fn method(&self, indicator: &str) -> Option<&IndicatorMethod> {
        let of = |id: &str| self.indicators.iter().find(|m| m.indicator == id);
        of(indicator).or_else(|| of(indicator.split_once('.')?.0))
    }

    /// The dotted parts of an indicator that have a price of their own here.
    pub fn parts<'a>(&'a self, indicator: &'a str) -> impl Iterator<Item = &'a IndicatorMethod> {
        self.indicators.iter().filter(move |m| m.indicator.split_once('.').is_some_and(|(whole, _)| whole == indicator))
    }

    /// The indicators it counts, without their dotted parts.
    pub fn counted(&self) -> impl Iterator<Item = &IndicatorMethod> {
        self.indicators.iter().filter(|m| m.status.counts() && !m.indicator.contains('.'))
    }

    /// Whether an indicator is counted; one the profile does not name is excluded.
    pub fn inclusion(&self, indicator: &str) -> Inclusion {
        self.method(indicator).map_or(Inclusion::Excluded, |m| m.status)
    }

    /// Unit and decimals of an indicator's quantity under this profile.
    pub fn measure(&self, indicator: &str) -> Option<(&'static str, u32)> {
        let row = catalogue::indicator(indicator)?;
        let by_how = self.method(indicator).and_then(|m| how_named(&m.how)).and_then(|h| h.unit);
        Some(by_how.unwrap_or((row.unit, row.decimals)))
    }

    /// A choice by its name.
    pub fn flag(&self, name: &str) -> Option<&Parameter> {
        self.flags.iter().find(|f| f.name == name)
    }

    /// Everything wrong with the profile and the prices it names. Faults of a row the profile does
    /// not count are notes.
    ///
    /// Codes: `profile.unknown_indicator`, `profile.indicator_twice`, `profile.how_missing`,
    /// `profile.unknown_how`, `profile.price_missing`, `profile.basis_missing`,
    /// `profile.price_of_whole`, `price.basis_mismatch`, `price.unit_mismatch`, `profile.flag_missing`, `profile.bad_flag`,
    /// `profile.unknown_flag`, `profile.suffix_missing`.
    pub fn check(&self, prices: &[Price]) -> Problems {
        let mut problems = Problems::new();
        if self.lacks_suffix() {
            let (id, printed) = (&self.id, self.printed_id());
            problems.push(
                Problem::warning(
                    "profile.suffix_missing",
                    words!("方法方案 {id} 的原文尚未读过，编号缺少后缀", "nobody here has read the text of {id}, and its id does not say so"),
                )
                .key(id.as_str())
                .expect(words!("{printed}", "{printed}"))
                .fix(words!("改名为 {printed}；输出一律使用该名", "rename it {printed}, which is what every output prints")),
            );
        }
        let mut seen = BTreeSet::new();
        for method in &self.indicators {
            if !seen.insert(method.indicator.as_str()) {
                let id = &method.indicator;
                problems.push(
                    Problem::error("profile.indicator_twice", words!("方法方案中指标 {id} 出现两次", "the profile has the indicator {id} twice"))
                        .key(id.as_str())
                        .fix(words!("只保留一处", "keep one of them")),
                );
            }
            for mut problem in method.faults(self, prices) {
                if !method.status.counts() {
                    problem.severity = Severity::Note;
                }
                problems.push(problem);
            }
        }
        problems.extend(flag_faults(&self.flags));
        problems
    }
}

impl IndicatorMethod {
    /// A parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    fn faults(&self, profile: &Profile, prices: &[Price]) -> Vec<Problem> {
        let id = self.indicator.as_str();
        if catalogue::indicator(id).is_none() {
            return vec![catalogue::unknown("profile.unknown_indicator", id)];
        }
        let Some(how) = how_named(&self.how) else {
            let said = &self.how;
            if said.is_empty() && !self.status.counts() {
                return vec![];
            }
            let problem = if said.is_empty() {
                Problem::error("profile.how_missing", words!("指标 {id} 没有计价方法", "the indicator {id} has no valuation"))
            } else {
                Problem::error("profile.unknown_how", words!("没有名为“{said}”的计价方法", "there is no valuation named \"{said}\""))
            };
            let known: Vec<&str> = HOWS.iter().map(|h| h.id).collect();
            let listed = known.join(" | ");
            let problem = problem.key(id).column("how").expect(words!("{listed}", "{listed}"));
            return vec![match nearest(said, known) {
                Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
                None => problem,
            }];
        };
        let mut out = Vec::new();
        let parted = profile.parts(id).next().is_some();
        if let Some(price_id) = self.price_id.as_ref().filter(|_| parted) {
            out.push(
                Problem::error(
                    "profile.price_of_whole",
                    words!("指标 {id} 已按组成部分定价，又给整体指定了单价 {price_id}", "the parts of {id} have prices, and so has the whole: {price_id}"),
                )
                .key(format!("{id}: {price_id}"))
                .expect(words!("[indicator.{id}.part.…] 下的 price_id", "price_id under [indicator.{id}.part.…]"))
                .fix(words!("把单价移到相应的组成部分", "move the price to the part it is for")),
            );
        }
        if how.priced && self.price_id.is_none() && !parted {
            out.push(
                Problem::error("profile.price_missing", words!("指标 {id} 没有指定单价", "the indicator {id} names no price"))
                    .key(id)
                    .fix(words!("填写 price_id，或改为不需单价的计价方法", "give it a price_id, or a valuation that needs none")),
            );
        }
        for (price_id, main) in self.price_id.iter().map(|p| (p, true)).chain(self.alternatives.iter().map(|p| (p, false))) {
            let Some(price) = prices.iter().find(|p| p.id == *price_id) else {
                let mut problem = Problem::error("profile.price_missing", words!("单价表中没有 {price_id}", "the price tables have no {price_id}"))
                    .key(format!("{id}: {price_id}"))
                    .expect(words!("单价表中编号为 {price_id} 的一行", "a row of the price tables with the id {price_id}"));
                if !main {
                    problem.severity = Severity::Note;
                }
                out.push(match nearest(price_id, prices.iter().map(|p| p.id.as_str())) {
                    Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
                    None => problem.fix(words!("在单价表中添加该行", "add the row to a price table")),
                });
                continue;
            };
            if self.basis.is_empty() {
                out.push(
                    Problem::error(
                        "profile.basis_missing",
                        words!("指标 {id} 未注明实物量的计价对象", "the indicator {id} does not say what its quantity is of"),
                    )
                    .key(id)
                    .expect(words!("如“{}”", "for example \"{}\"", price.basis)),
                );
            } else if let Err(problem) = check_basis(&self.basis, price) {
                out.push(if main { problem } else { Problem { severity: Severity::Warning, ..problem } });
            }
            if let Some((Ok(unit), true)) = profile.measure(id).map(|(u, _)| (liangshan_vocab::Unit::parse(u), main && !id.contains('.')))
                && let Err(problem) = price.per(&unit)
            {
                out.push(problem);
            }
        }
        out
    }
}

impl ParameterValue {
    /// As yes or no; the words `yes` and `no` count.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            ParameterValue::Flag(yes) => Some(*yes),
            ParameterValue::Text(word) if word == "yes" => Some(true),
            ParameterValue::Text(word) if word == "no" => Some(false),
            _ => None,
        }
    }

    /// As a number.
    pub fn as_number(&self) -> Option<f64> {
        if let ParameterValue::Number(number) = self { Some(*number) } else { None }
    }

    /// As a word.
    pub fn as_text(&self) -> Option<&str> {
        if let ParameterValue::Text(word) = self { Some(word) } else { None }
    }
}

fn flag_faults(flags: &[Parameter]) -> Vec<Problem> {
    let mut out = Vec::new();
    for known in FLAGS {
        let (name, title) = (known.name, &known.title.zh);
        let Some(given) = flags.iter().find(|f| f.name == name) else {
            if known.required {
                out.push(
                    Problem::error("profile.flag_missing", words!("方法方案未说明“{title}”（{name}）", "the profile does not state {name}"))
                        .key(name)
                        .expect(known.form.expected())
                        .fix(words!("在 [flags] 中写明 {name}", "state {name} under [flags]")),
                );
            }
            continue;
        };
        if !known.form.admits(&given.value) {
            out.push(
                Problem::error("profile.bad_flag", words!("“{name}”的取值不对", "the value of {name} is not admissible"))
                    .key(name)
                    .expect(known.form.expected()),
            );
        }
    }
    for given in flags.iter().filter(|g| FLAGS.iter().all(|k| k.name != g.name)) {
        let name = given.name.as_str();
        let problem = Problem::warning("profile.unknown_flag", words!("不认识选项“{name}”", "the flag {name} is not known")).key(name);
        out.push(match nearest(name, FLAGS.iter().map(|k| k.name)) {
            Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
            None => problem,
        });
    }
    out
}

impl FlagForm {
    fn admits(self, value: &ParameterValue) -> bool {
        match self {
            FlagForm::YesNo => value.as_flag().is_some(),
            FlagForm::Number => value.as_number().is_some_and(f64::is_finite),
            FlagForm::Choice(words) => value.as_text().is_some_and(|w| words.contains(&w)),
            FlagForm::Word => value.as_text().is_some_and(|w| !w.is_empty()),
        }
    }

    fn expected(self) -> Text {
        match self {
            FlagForm::YesNo => text("true 或 false", "true or false"),
            FlagForm::Number => text("数值", "a number"),
            FlagForm::Choice(words) => Text::same(words.join(" | ")),
            FlagForm::Word => text("名称", "a name"),
        }
    }
}
