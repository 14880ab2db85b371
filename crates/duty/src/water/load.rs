//! Loads: reduction by a sewage plant, the type of a control zone, capacity that is left.

use liangshan_vocab::{Problem, Text, text, words};

/// One pollutant of a plant.
#[derive(Debug, Clone, PartialEq)]
pub struct Reduced {
    /// The pollutant.
    pub pollutant: String,
    /// Of a full year, t.
    pub full_t: f64,
    /// Of the months it ran, t.
    pub year_t: f64,
    /// Of what was assigned, %, as it is; `None` when nothing was assigned.
    pub completion_pct: Option<f64>,
}

/// A plant's reduction.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantReduction {
    /// By pollutant.
    pub reduced: Vec<Reduced>,
    /// The least completion, each capped at 100 % for reporting; `None` when nothing was assigned.
    pub least_pct: Option<f64>,
    /// Every pollutant reaches 100 %, which the mean of them does not show.
    pub keeps_100: Option<bool>,
}

/// `R = Q (C_in − C_out) · 10⁻²` t a year, `R · months/12` for the year it starts; `Q` in 10⁴ m³ of a full
/// year, concentrations in mg/L. `water.md` section 9.
///
/// `pollutants` are name, in, out, assigned t.
///
/// # Errors
/// `water.not_positive` for an assigned amount that is not above 0.
pub fn plant_reduction(q: f64, months: f64, pollutants: &[(&str, f64, f64, Option<f64>)]) -> Result<PlantReduction, Problem> {
    let mut reduced = Vec::new();
    for (name, before, after, assigned) in pollutants {
        let full_t = q * (before - after) * 1e-2;
        let year_t = full_t * months / 12.0;
        if let Some(assigned) = assigned
            && *assigned <= 0.0
        {
            return Err(Problem::error("water.not_positive", words!("{name} 的任务量为 {assigned}", "what is assigned for {name} is {assigned}"))
                .key(*name)
                .expect(text("大于 0 的吨数；没有任务时不给", "tonnes above 0; leave it out when nothing is assigned"))
                .fix(text("改正 assigned", "correct assigned")));
        }
        let completion_pct = assigned.map(|a| 100.0 * year_t / a);
        reduced.push(Reduced { pollutant: (*name).to_owned(), full_t, year_t, completion_pct });
    }
    let completions = || reduced.iter().filter_map(|r| r.completion_pct);
    let least_pct = completions().map(|c| c.min(100.0)).min_by(f64::total_cmp);
    let keeps_100 = least_pct.map(|_| completions().all(|c| c >= 100.0));
    Ok(PlantReduction { least_pct, keeps_100, reduced })
}

/// A control zone by where its load comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlZone {
    /// Equivalents of each source, in the order given.
    pub equivalents: Vec<f64>,
    /// Their shares.
    pub shares: Vec<f64>,
    /// The type.
    pub kind: Text,
}

/// `L_s = Σ E / eq`; the first that holds: source water; industry at `threshold` or a park's outfall;
/// domestic at `threshold`; else agriculture. `water.md` section 6, a design of that sheet.
///
/// `loads` are source (`industry`, `domestic`, others) and kg with the pollutant's equivalent in kg.
///
/// # Errors
/// `water.no_load` when nothing is discharged, so that there are no shares.
pub fn control_zone(loads: &[(&str, Vec<(f64, f64)>)], threshold: f64, source_water: bool, park_outfall: bool) -> Result<ControlZone, Problem> {
    let equivalents: Vec<f64> = loads.iter().map(|(_, list)| list.iter().map(|(kg, eq)| kg / eq).sum()).collect();
    let total: f64 = equivalents.iter().sum();
    if total <= 0.0 {
        return Err(Problem::error("water.no_load", text("没有任何负荷，无从计算份额", "there is no load, and so there are no shares"))
            .key("loads_kg")
            .expect(text("至少一个来源的负荷大于 0", "a load above 0 from one source at least"))
            .fix(text("核对负荷数据", "check the loads")));
    }
    let shares: Vec<f64> = equivalents.iter().map(|e| e / total).collect();
    let share = |source: &str| loads.iter().zip(&shares).find(|(l, _)| l.0 == source).map_or(0.0, |(_, share)| *share);
    let kind = if source_water {
        text("高功能水体保护区", "protection of high-function water")
    } else if park_outfall || share("industry") >= threshold {
        text("工业污染控制区", "control of industrial pollution")
    } else if share("domestic") >= threshold {
        text("生活污染控制区", "control of domestic pollution")
    } else {
        text("农业面源污染控制区", "control of agricultural non-point pollution")
    };
    Ok(ControlZone { equivalents, shares, kind })
}

/// Capacity that is left, 0-D: `W = 31.536 (C_s (Q + q) − C_0 Q)` t/a; mg/L and m³/s. Negative when the
/// river is over its target before anything is added. `water.md` section 6.
pub fn remaining_capacity(target: f64, background: f64, river: f64, inflow: f64) -> f64 {
    31.536 * (target * (river + inflow) - background * river)
}
