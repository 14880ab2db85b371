//! Standards as data. A standard is one TOML text with CSV tables beside it: limits, breakpoints,
//! codes, decimals, validity. Editions live side by side and the day decides which one judges.
//!
//! The texts shipped with the program lie in the project's `rules/<domain>/`; a region's own `rules/`
//! extends or replaces them by id. `docs/reference/rules.md` describes the language.
//!
//! **Missing-value rule:** a cell that is empty in a column that may be empty has no limit; nothing is
//! compared with it, and nothing passes or fails by it.

mod check;
mod day;
mod language;
mod library;
mod print;
mod rounding;
mod rule;
mod table;

use liangshan_vocab::{Evidence, Problem, Text, nearest, text, words};

pub use day::Day;
pub use library::{RuleText, Standards, shipped, shipped_texts};
pub use rounding::{Compare, Mode, Rounding, round};
pub use rule::{Bound, Direction, On, Rule, Sample, Test};
pub use table::{Cell, Column, Holds, Row, Table};

/// One question that standards answer, edition after edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// `water`, `air` … ; also the folder under `rules/`.
    pub domain: &'static str,
    /// What is asked.
    pub kind: &'static str,
    /// What it is called.
    pub title: Text,
}

const fn series(domain: &'static str, kind: &'static str, zh: &'static str, en: &'static str) -> Series {
    Series { domain, kind, title: text(zh, en) }
}

/// Every question there is a judge for. Within one of them the editions neither overlap nor leave a
/// gap, unless a standard is chosen by name.
pub const SERIES: &[Series] = &[
    series("water", "limits", "水环境质量限值", "limits of surface water"),
    series("water", "assessment", "水环境质量评价方法", "how surface water is assessed"),
    series("soil", "farmland", "农用地土壤风险管控", "soil of farmland"),
    series("soil", "construction", "建设用地土壤风险管控", "soil of construction land"),
    series("air", "limits", "环境空气质量限值", "limits of ambient air"),
    series("air", "index", "空气质量指数", "air quality index"),
    series("air", "fuel", "禁燃区与煤炭总量", "no-burn zones and the cap on coal"),
    series("air", "voc", "挥发性有机物控制", "control of volatile organic compounds"),
    series("air", "dust", "扬尘", "dust"),
    series("air", "vehicles", "机动车排放监管", "supervision of motor vehicles"),
    series("waste", "rules", "固体废物管理规则", "rules on waste"),
    series("emissions", "limits", "污染物排放限值", "emission limits"),
    series("emissions", "validity", "在线监测数据有效性", "validity of monitors' data"),
    series("messages", "hj212", "污染源在线监控数据传输", "messages of monitors"),
    series("compensation", "virtual_cost", "虚拟治理成本系数", "coefficients of virtual treatment cost"),
    series("compensation", "transfer", "生态保护补偿系数", "coefficients of ecological compensation"),
    series("accounts", "carbon", "碳账户与信用分级", "carbon accounts and credit grades"),
    series("accounts", "evaluation", "评价考核指标", "indicators of evaluation"),
    series("accounts", "projects", "项目管理规则", "rules of project management"),
    series("water", "zero_discharge", "污水零直排区", "zero direct discharge of sewage"),
    series("water", "equivalents", "污染当量", "pollution equivalents"),
    series("water", "chiefs", "河长履职", "duty of river chiefs"),
    series("linkage", "triage", "事件严重程度与分诊", "severity and triage of events"),
    series("linkage", "emergency", "突发环境事件分级", "grades of environmental emergencies"),
    series("accounts", "circular", "循环经济目标", "goals of the circular economy"),
    series("rights", "emission", "排污权规则", "rules on emission rights"),
    series("rights", "trading", "碳排放权交易规则", "rules of trading carbon allowances"),
    series("rights", "energy", "用能权规则", "rules on energy-use rights"),
    series("planning", "conformity", "合规性审查规则", "rules of the conformity check"),
    series("planning", "crosswalk", "规划对照与冲突门槛", "crosswalk of plans and thresholds of conflicts"),
    series("planning", "resistance", "生态阻力", "ecological resistance"),
    series("planning", "zoning", "分区资产报表与安全格局规则", "rules of asset statements by zone"),
];

/// A named number of a standard that is no limit: a share, a count of months, a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// The number.
    pub value: f64,
    /// Its unit as written.
    pub unit: String,
    /// Whether the page was read.
    pub evidence: Evidence,
    /// Where it is from, when not where the standard is from.
    pub source: Option<String>,
}

/// One edition of one standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// Its id, also the file's name: `gb3838-2002`.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The number printed on it: `GB 3838-2002`.
    pub number: String,
    /// Domain of [`SERIES`].
    pub domain: &'static str,
    /// Kind of [`SERIES`].
    pub kind: &'static str,
    /// First day it is in force.
    pub from: Day,
    /// The day from which it no longer is; `None` while there is no successor.
    pub until: Option<Day>,
    /// True when no day chooses it: a local or trial variant that must be asked for by id.
    pub by_name: bool,
    /// What it took the place of, as printed.
    pub supersedes: Vec<String>,
    /// The standard it was read on top of.
    pub extends: Option<String>,
    /// Whether the text was read.
    pub evidence: Evidence,
    /// Where it was read.
    pub source: String,
    /// What a reader should know.
    pub note: Option<Text>,
    /// Decimals and how numbers are rounded and compared.
    pub rounding: Rounding,
    /// Tables, in the order declared.
    pub tables: Vec<Table>,
    /// Named numbers.
    pub values: Vec<Parameter>,
    /// Rules with the samples that prove them.
    pub rules: Vec<Rule>,
    /// The text it was read from, under `rules/`.
    pub file: String,
}

impl Standard {
    /// True when it is in force on a day.
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// A table by its id.
    ///
    /// # Errors
    /// `standard.no_table` with the nearest there is.
    pub fn table(&self, id: &str) -> Result<&Table, Problem> {
        self.tables.iter().find(|t| t.id == id).ok_or_else(|| {
            let (standard, near) = (&self.id, nearest(id, self.tables.iter().map(|t| t.id.as_str())));
            Problem::error("standard.no_table", words!("标准 {standard} 没有表“{id}”", "the standard {standard} has no table \"{id}\""))
                .file(format!("rules/{}", self.file))
                .key(format!("table.{id}"))
                .expect(text("程序要用的表", "a table the judge reads"))
                .fix_near(near, text("补上该表，或用 extends 继承", "add the table, or inherit it by extends"))
        })
    }

    /// A named number.
    ///
    /// # Errors
    /// `standard.no_value` with the nearest there is.
    pub fn value(&self, name: &str) -> Result<f64, Problem> {
        self.parameter(name).map(|p| p.value)
    }

    /// A named number with its unit and evidence.
    ///
    /// # Errors
    /// As [`Standard::value`].
    pub fn parameter(&self, name: &str) -> Result<&Parameter, Problem> {
        self.values.iter().find(|p| p.name == name).ok_or_else(|| {
            let (standard, near) = (&self.id, nearest(name, self.values.iter().map(|p| p.name.as_str())));
            Problem::error("standard.no_value", words!("标准 {standard} 没有数值“{name}”", "the standard {standard} has no value \"{name}\""))
                .file(format!("rules/{}", self.file))
                .key(format!("value.{name}"))
                .expect(text("程序要用的数值", "a value the judge reads"))
                .fix_near(near, text("补上该数值，或用 extends 继承", "add the value, or inherit it by extends"))
        })
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
}
