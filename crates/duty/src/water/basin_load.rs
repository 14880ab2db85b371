//! Loads of a basin: equivalents of each source in each unit, gathered down the river; what passes a section.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, text, words};

use crate::standard::Standard;

/// Kilograms of one equivalent by pollutant code, from the rules.
///
/// # Errors
/// What the rules lack.
pub fn equivalents(rules: &Standard) -> Result<BTreeMap<String, f64>, Problem> {
    let table = rules.table("equivalents")?;
    table.column("kg")?;
    Ok(table.rows.iter().filter_map(|row| Some((table.key_of(row), table.number(row, "kg").filter(|kg| *kg > 0.0)?))).collect())
}

/// A unit of a basin with the loads of its own sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// The unit it drains to; none where it leaves the basin.
    pub downstream: Option<String>,
    /// Source, pollutant, kg a year.
    pub loads: Vec<(String, String, f64)>,
}

/// What a unit discharges and what has gathered at its outlet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfUnit {
    /// Equivalents of its own sources.
    pub own: f64,
    /// Equivalents of all units above it, and its own.
    pub gathered: f64,
    /// kg of each pollutant gathered at its outlet.
    pub gathered_kg: BTreeMap<String, f64>,
}

/// Loads of a basin.
#[derive(Debug, Clone, PartialEq)]
pub struct BasinLoad {
    /// In the order given.
    pub units: Vec<OfUnit>,
    /// Equivalents by source, over all units.
    pub by_source: BTreeMap<String, f64>,
    /// kg by pollutant, over all units.
    pub by_pollutant: BTreeMap<String, f64>,
    /// Equivalents together.
    pub total: f64,
}

impl BasinLoad {
    /// Shares of the sources; empty where nothing is discharged.
    pub fn shares(&self) -> BTreeMap<String, f64> {
        let of = |(source, load): (&String, &f64)| (source.clone(), load / self.total);
        if self.total > 0.0 { self.by_source.iter().map(of).collect() } else { BTreeMap::new() }
    }
}

/// `L_s = Σ E/eq` of every source in every unit, and the same gathered down the pointers from unit to unit.
/// Nothing decays on the way: what is gathered is what was discharged above, an upper end of what passes.
/// `water.md` section 6.
///
/// # Errors
/// `water.unit_twice`, `water.no_unit` for a pointer to one that is not there, `water.units_in_circle`,
/// `water.unmatched` for a pollutant without an equivalent, `water.not_a_value` for a load below zero.
pub fn basin_load(units: &[Unit], eq: &BTreeMap<String, f64>) -> Result<BasinLoad, Problem> {
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, unit) in units.iter().enumerate() {
        if at.insert(&unit.id, number).is_some() {
            return Err(twice(&unit.id));
        }
    }
    let mut next = Vec::with_capacity(units.len());
    for unit in units {
        let pointer = unit.downstream.as_deref().map(|to| at.get(to).copied().ok_or_else(|| no_unit(&unit.id, to)));
        next.push(pointer.transpose()?);
    }
    let mut made = BasinLoad { units: vec![OfUnit::default(); units.len()], by_source: BTreeMap::new(), by_pollutant: BTreeMap::new(), total: 0.0 };
    for (number, unit) in units.iter().enumerate() {
        let way = way(units, &next, number)?;
        for (source, pollutant, kg) in &unit.loads {
            let load = kg / eq.get(pollutant).ok_or_else(|| unmatched(&unit.id, pollutant, eq))?;
            if *kg < 0.0 || !load.is_finite() {
                return Err(not_a_load(&unit.id, pollutant, *kg));
            }
            made.units[number].own += load;
            made.total += load;
            *made.by_source.entry(source.clone()).or_default() += load;
            *made.by_pollutant.entry(pollutant.clone()).or_default() += kg;
            for passed in &way {
                let unit = &mut made.units[*passed];
                unit.gathered += load;
                *unit.gathered_kg.entry(pollutant.clone()).or_default() += kg;
            }
        }
    }
    Ok(made)
}

/// A unit and all that its water passes.
fn way(units: &[Unit], next: &[Option<usize>], from: usize) -> Result<Vec<usize>, Problem> {
    let (mut way, mut here) = (Vec::new(), Some(from));
    while let Some(unit) = here {
        way.push(unit);
        if way.len() > units.len() {
            return Err(circle(&units[from].id));
        }
        here = next[unit];
    }
    Ok(way)
}

fn twice(id: &str) -> Problem {
    Problem::error("water.unit_twice", words!("单元“{id}”出现两次", "the unit \"{id}\" stands twice"))
        .key(id)
        .expect(text("每个单元一行", "one row for each unit"))
        .fix(text("合并或改名", "put them together, or rename one"))
}

fn no_unit(id: &str, to: &str) -> Problem {
    Problem::error("water.no_unit", words!("“{id}”的下游单元“{to}”不存在", "\"{id}\" drains to \"{to}\", which is not there"))
        .key(id)
        .expect(text("列表中的单元；流出流域的为 null", "a unit of the list; null where it leaves the basin"))
        .fix(text("改正下游单元", "correct the unit it drains to"))
}

fn circle(id: &str) -> Problem {
    Problem::error("water.units_in_circle", words!("自“{id}”起的下游关系成环", "from \"{id}\" the units drain in a circle"))
        .key(id)
        .expect(text("没有环的下游关系", "downstream pointers without a circle"))
        .fix(text("核对下游单元", "check the units they drain to"))
}

fn unmatched(id: &str, pollutant: &str, eq: &BTreeMap<String, f64>) -> Problem {
    let known = eq.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    Problem::error("water.unmatched", words!("{id} 的 {pollutant} 没有当量值", "{pollutant} of {id} has no equivalent"))
        .key(format!("{id}.{pollutant}"))
        .expect(words!("{known} 之一，或在规则中添加", "one of {known}, or one added to the rules"))
        .fix(text("补上当量值，或改正名称", "add the equivalent, or correct the name"))
}

fn not_a_load(id: &str, pollutant: &str, kg: f64) -> Problem {
    Problem::error("water.not_a_value", words!("{id} 的 {pollutant} 负荷为 {kg}", "the load of {pollutant} in {id} is {kg}"))
        .key(format!("{id}.{pollutant}"))
        .expect(text("不小于 0 的千克数", "kilograms of 0 or more"))
        .fix(text("核对负荷", "check the load"))
}

/// What passed a section in some periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flux {
    /// t.
    pub load_t: f64,
    /// Water, 10⁴ m³.
    pub water_1e4m3: f64,
    /// Load over water, mg/L; `None` where no water passed.
    pub mean_mg_l: Option<f64>,
    /// Periods that both were known of.
    pub known: usize,
    /// Periods that one was missing of: nothing stands in for them.
    pub missing: usize,
}

/// `Σ C · W · 10⁻²` t with C in mg/L and W in 10⁴ m³, and the flow-weighted mean. A period without one of the
/// two is counted and left out, so that the sum is a lower end. `compensation.md` section 3.
///
/// # Errors
/// `water.no_values` when nothing is known of any period.
pub fn flux(periods: &[(Option<f64>, Option<f64>)]) -> Result<Flux, Problem> {
    let mut made = Flux { load_t: 0.0, water_1e4m3: 0.0, mean_mg_l: None, known: 0, missing: 0 };
    for period in periods {
        let (Some(concentration), Some(water)) = *period else {
            made.missing += 1;
            continue;
        };
        made.known += 1;
        made.load_t += concentration * water * 1e-2;
        made.water_1e4m3 += water;
    }
    if made.known == 0 {
        return Err(super::means::no_values());
    }
    made.mean_mg_l = (made.water_1e4m3 > 0.0).then(|| made.load_t / (made.water_1e4m3 * 1e-2));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn unit(id: &str, downstream: Option<&str>, loads: &[(&str, &str, f64)]) -> Unit {
        let loads = loads.iter().map(|(s, p, kg)| ((*s).to_owned(), (*p).to_owned(), *kg)).collect();
        Unit { id: id.into(), downstream: downstream.map(str::to_owned), loads }
    }

    fn eq() -> BTreeMap<String, f64> {
        equivalents(shipped().latest("water", "equivalents").unwrap()).unwrap()
    }

    /// By hand, with the equivalents of annex 2 of the tax law: A 1000 kg COD + 80 kg ammonia of industry =
    /// 1000 + 100; B 25 kg phosphorus of farms = 100; C 300 kg COD of homes. A and B drain to C: 1500 at its outlet.
    #[test]
    fn loads_gather_down_the_river() {
        let a = unit("A", Some("C"), &[("industry", "cod", 1000.0), ("industry", "nh3n", 80.0)]);
        let b = unit("B", Some("C"), &[("farms", "tp", 25.0)]);
        let c = unit("C", None, &[("homes", "cod", 300.0)]);
        let made = basin_load(&[c.clone(), a.clone(), b], &eq()).unwrap();
        let of: Vec<(f64, f64)> = made.units.iter().map(|u| (u.own, u.gathered)).collect();
        assert_eq!(of, [(300.0, 1500.0), (1100.0, 1100.0), (100.0, 100.0)]);
        assert_eq!(made.units[0].gathered_kg, BTreeMap::from([("cod".into(), 1300.0), ("nh3n".into(), 80.0), ("tp".into(), 25.0)]));
        assert_eq!((made.total, made.shares()["homes"]), (1500.0, 0.2));
        let code = |units: &[Unit]| basin_load(units, &eq()).unwrap_err().code;
        assert_eq!(code(&[a.clone(), a.clone()]), "water.unit_twice");
        assert_eq!(code(std::slice::from_ref(&a)), "water.no_unit");
        assert_eq!(code(&[a, unit("C", Some("A"), &[])]), "water.units_in_circle");
        assert_eq!(code(&[unit("A", None, &[("industry", "hg", 1.0)])]), "water.unmatched");
        assert_eq!(code(&[unit("A", None, &[("industry", "cod", -1.0)])]), "water.not_a_value");
        assert!(basin_load(&[unit("A", None, &[])], &eq()).unwrap().shares().is_empty());
    }

    /// By hand: 3 mg/L × 1000 · 10⁴ m³ = 30 t, 2 mg/L × 500 · 10⁴ m³ = 10 t; 40 t over 1500 · 10⁴ m³ are 2.666… mg/L.
    #[test]
    fn what_passes_a_section() {
        let made = flux(&[(Some(3.0), Some(1000.0)), (None, Some(900.0)), (Some(2.0), Some(500.0))]).unwrap();
        assert_eq!((made.load_t, made.water_1e4m3, made.known, made.missing), (40.0, 1500.0, 2, 1));
        assert!((made.mean_mg_l.unwrap() - 8.0 / 3.0).abs() < 1e-12);
        assert_eq!(flux(&[(Some(3.0), Some(0.0))]).unwrap().mean_mg_l, None);
        assert_eq!(flux(&[(None, Some(1.0))]).unwrap_err().code, "water.no_values");
    }
}
