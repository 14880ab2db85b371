//! The population that GDP and GDP per person imply.

use liangshan_vocab::{Problem, words};

/// `GDP / GDP per person`, persons.
///
/// # Errors
/// `targets.zero_divisor` when GDP per person is not above zero.
pub fn implied_population(gdp_yuan: f64, per_person_yuan: f64) -> Result<f64, Problem> {
    if per_person_yuan > 0.0 {
        return Ok(gdp_yuan / per_person_yuan);
    }
    Err(Problem::error("targets.zero_divisor", words!("人均生产总值为 {per_person_yuan}", "GDP per person is {per_person_yuan}"))
        .key("per_person")
        .expect(words!("大于 0", "above zero")))
}

/// A note when the population used is more than 3 % off the implied one: two bases (residents and
/// registered persons) are probably mixed.
///
/// # Errors
/// As [`implied_population`].
pub fn doubt_of_basis(gdp_yuan: f64, per_person_yuan: f64, population: f64) -> Result<Option<Problem>, Problem> {
    let implied = implied_population(gdp_yuan, per_person_yuan)?;
    let off = (population - implied) / implied;
    Ok((off.abs() > 0.03).then(|| {
        Problem::warning(
            "targets.population_basis",
            words!("人口 {population} 与推算的 {implied:.0} 相差 {:.1} %", "the population {population} is {:.1} % off the implied {implied:.0}", off * 100.0),
        )
        .fix(words!("核对是常住人口还是户籍人口", "see whether residents or registered persons are meant"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1610e8 / 61820 = 2 604 335; 2.68 million is 2.9 % more, 2.69 million 3.3 %.
    #[test]
    fn three_per_cent_off_is_doubted() {
        assert!(doubt_of_basis(1610e8, 61_820.0, 2.68e6).unwrap().is_none());
        assert_eq!(doubt_of_basis(1610e8, 61_820.0, 2.69e6).unwrap().unwrap().code, "targets.population_basis");
        assert_eq!(implied_population(1.0, 0.0).unwrap_err().code, "targets.zero_divisor");
    }
}
