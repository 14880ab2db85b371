//! Reduction of main pollutants by projects (主要污染物减排): each project once, from the month it began to run.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::{Problem, text, words};

/// A project that emits less than before.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// The pollutant.
    pub pollutant: String,
    /// A full year before, t; of a plant that closed, what it reported in the base year.
    pub before_t: f64,
    /// A full year after, t; 0 of a plant that closed.
    pub after_t: f64,
    /// What of it is used to offset new projects, t.
    pub offset_t: f64,
    /// The month of the year in which it began to run, 1 to 12; none where it ran all year.
    pub from_month: Option<u8>,
}

/// What the projects of one pollutant come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfPollutant {
    /// Of full years, t.
    pub full_t: f64,
    /// Of the year, t.
    pub year_t: f64,
    /// Of what was assigned, %, as it is; none when nothing was assigned.
    pub completion_pct: Option<f64>,
}

/// `R = before − after − offsets`, and of the year `R · months/12` with the months from the one it began in. Each
/// project counts once for each pollutant. `water.md` section 9.
///
/// # Errors
/// `water.project_twice`; `water.no_reduction` for a project that reduces nothing, or less than it offsets;
/// `water.not_positive` for an assigned amount that is not above 0.
pub fn reductions(projects: &[Project], assigned: &BTreeMap<String, f64>) -> Result<BTreeMap<String, OfPollutant>, Problem> {
    let mut made: BTreeMap<String, OfPollutant> = assigned.keys().map(|p| (p.clone(), OfPollutant::default())).collect();
    let mut seen = BTreeSet::new();
    for project in projects {
        let key = || format!("{} {}", project.id, project.pollutant);
        if !seen.insert((&project.id, &project.pollutant)) {
            return Err(Problem::error("water.project_twice", words!("项目“{0}”重复计算", "the project \"{0}\" is counted twice", project.id))
                .key(key())
                .expect(text("每个项目每种污染物计一次", "each project once for each pollutant"))
                .fix(text("删去重复的一行", "take one of the rows out")));
        }
        let full = project.before_t - project.after_t - project.offset_t;
        if full < 0.0 || !full.is_finite() {
            return Err(Problem::error("water.no_reduction", words!("项目“{0}”的减排量为 {full} t", "the project \"{0}\" reduces {full} t", project.id))
                .key(key())
                .expect(text("治理前不少于治理后与替代使用之和", "before no less than after and offsets together"))
                .fix(text("核对排放量与已用于替代的量", "check the emissions and what is used to offset")));
        }
        let months = 13.0 - f64::from(project.from_month.unwrap_or(1).clamp(1, 12));
        let of = made.entry(project.pollutant.clone()).or_default();
        of.full_t += full;
        of.year_t += full * months / 12.0;
    }
    for (pollutant, amount) in assigned {
        if *amount <= 0.0 {
            return Err(Problem::error("water.not_positive", words!("{pollutant} 的任务量为 {amount}", "what is assigned for {pollutant} is {amount}"))
                .key(pollutant.as_str())
                .expect(text("大于 0 的吨数；没有任务时不给", "tonnes above 0; leave it out when nothing is assigned"))
                .fix(text("改正 assigned", "correct assigned")));
        }
        if let Some(of) = made.get_mut(pollutant) {
            of.completion_pct = Some(100.0 * of.year_t / amount);
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(id: &str, before: f64, after: f64, offset: f64, from: Option<u8>) -> Project {
        Project { id: id.into(), pollutant: "cod".into(), before_t: before, after_t: after, offset_t: offset, from_month: from }
    }

    /// By hand: 120 − 20 − 10 = 90 t a year, from July 90·6/12 = 45; a plant that closed before, 30; 75 of 60 assigned
    /// are 125 %. Nothing done for ammonia is 0 %.
    #[test]
    fn once_and_from_the_month_it_ran() {
        let assigned = BTreeMap::from([("cod".to_owned(), 60.0), ("nh3n".to_owned(), 5.0)]);
        let made = reductions(&[project("A", 120.0, 20.0, 10.0, Some(7)), project("B", 30.0, 0.0, 0.0, None)], &assigned).unwrap();
        assert_eq!(made["cod"], OfPollutant { full_t: 120.0, year_t: 75.0, completion_pct: Some(125.0) });
        assert_eq!(made["nh3n"], OfPollutant { full_t: 0.0, year_t: 0.0, completion_pct: Some(0.0) });
        let code = |projects: &[Project]| reductions(projects, &BTreeMap::new()).unwrap_err().code;
        assert_eq!(code(&[project("A", 2.0, 1.0, 0.0, None), project("A", 2.0, 1.0, 0.0, None)]), "water.project_twice");
        assert_eq!(code(&[project("A", 2.0, 1.0, 1.5, None)]), "water.no_reduction");
        assert_eq!(reductions(&[], &BTreeMap::from([("cod".to_owned(), 0.0)])).unwrap_err().code, "water.not_positive");
    }
}
