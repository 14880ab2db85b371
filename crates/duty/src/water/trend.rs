//! Trend by Spearman's rank correlation (秩相关系数法).

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, text, words};

use super::{Assessment, Reading, Span};
use crate::standard::Standard;

/// What a series says.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// `Σ d²`.
    pub sum_d2: f64,
    /// `1 − 6 Σ d² / (N³ − N)`.
    pub rs: f64,
    /// `|rs|` is above the critical value.
    pub significant: bool,
}

impl Trend {
    /// `rising`, `falling`, or `none` when it is not significant.
    pub fn word(&self) -> &'static str {
        match (self.significant, self.rs > 0.0) {
            (false, _) => "none",
            (true, true) => "rising",
            (true, false) => "falling",
        }
    }
}

/// The rank correlation of values with time, values in time order and none missing; equal values get
/// their mean rank, and the formula with `6 Σ d²` is kept (`water.md` section 4).
///
/// # Errors
/// `water.too_few` below `least` values.
pub fn spearman(values: &[f64], critical: f64, least: usize) -> Result<Trend, Problem> {
    let n = values.len();
    if n < least || n < 2 {
        return Err(Problem::error("water.too_few", words!("只有 {n} 期，不能检验趋势", "{n} periods are too few to test a trend"))
            .key("values")
            .expect(words!("至少 {least} 期", "{least} periods at least"))
            .fix(text("补齐各期数据，或不作趋势评价", "bring more periods, or say nothing of a trend")));
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; n];
    let mut at = 0;
    while at < n {
        let end = (at..n).take_while(|i| values[order[*i]] == values[order[at]]).last().unwrap_or(at);
        // Ranks at+1 to end+1 are shared.
        let shared = (at + end) as f64 / 2.0 + 1.0;
        order[at..=end].iter().for_each(|i| ranks[*i] = shared);
        at = end + 1;
    }
    let sum_d2: f64 = ranks.iter().enumerate().map(|(i, rank)| (i as f64 + 1.0 - rank).powi(2)).sum();
    let n = n as f64;
    let rs = 1.0 - 6.0 * sum_d2 / (n * n * n - n);
    Ok(Trend { sum_d2, rs, significant: rs.abs() > critical })
}

/// The trend of one item of one section over its years.
#[derive(Debug, Clone, PartialEq)]
pub struct OfTrend {
    /// Number in [`Assessment::stations`].
    pub station: usize,
    /// Code of the item.
    pub item: String,
    /// First and last year.
    pub years: (String, String),
    /// Years that have a mean.
    pub periods: usize,
    /// What they say; `None` where the standard's table has no critical value for so many.
    pub trend: Option<Trend>,
}

/// Trends of yearly means, wherever a section has as many years as the standard asks for. Years with too
/// little data have no mean and are not among them; a mean below a detection limit is no number to rank.
///
/// # Errors
/// What the standard lacks.
pub fn trends(all: &Assessment<'_, '_>, standard: &Standard) -> Result<Vec<OfTrend>, Problem> {
    let least = standard.value("trend_periods")? as usize;
    let table = standard.table("spearman")?;
    let mut series: BTreeMap<(usize, String), Vec<(String, f64)>> = BTreeMap::new();
    for year in all.periods.iter().filter(|p| p.span == Span::Year && !p.insufficient) {
        for (item, mean) in &year.means {
            if let Reading::Value(mean) = mean {
                let code = all.rules[year.rules].items[*item].code.clone();
                series.entry((year.station, code)).or_default().push((year.period.clone(), *mean));
            }
        }
    }
    let mut out = Vec::new();
    for ((station, item), values) in series.into_iter().filter(|(_, v)| v.len() >= least.max(2)) {
        let numbers: Vec<f64> = values.iter().map(|v| v.1).collect();
        let critical = table.row(&numbers.len().to_string()).and_then(|row| table.number(row, "w_0_05"));
        let trend = critical.map(|critical| spearman(&numbers, critical, least)).transpose()?;
        let years = (values[0].0.clone(), values[values.len() - 1].0.clone());
        out.push(OfTrend { station, item, years, periods: numbers.len(), trend });
    }
    Ok(out)
}
