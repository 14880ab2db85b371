//! Plants watched while they produce: a treatment facility that stands still or is too cold, organic gas beside the
//! workshop, dust at a fence, coal that a new project has to replace.

use crate::standard::Standard;
use liangshan_vocab::Problem;

/// One step of a facility's record; what is not known is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Step {
    /// There is production.
    pub producing: Option<bool>,
    /// The facility runs.
    pub running: Option<bool>,
    /// Temperature of its chamber, °C; absent for a facility without one.
    pub celsius: Option<f64>,
}

/// A stretch of steps on which something is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// `off` or `cold`.
    pub what: &'static str,
    /// First step, counted from 0.
    pub from: usize,
    /// How many steps.
    pub steps: usize,
    /// How long, min.
    pub minutes: f64,
}

/// Production with the facility off for longer than the rules allow, and with a chamber colder than they ask for
/// while it runs. A step of which something that decides is not known ends a stretch. `air.md` section 6.
///
/// # Errors
/// What the rules lack.
pub fn watch(rules: &Standard, steps: &[Step], minutes: f64) -> Result<Vec<Stretch>, Problem> {
    let (allowed, least) = (rules.value("facility_off")?, rules.value("rto_celsius")?);
    let off = |s: &Step| s.producing == Some(true) && s.running == Some(false);
    let cold = |s: &Step| s.producing == Some(true) && s.running != Some(false) && s.celsius.is_some_and(|c| c < least);
    let mut found: Vec<Stretch> = stretches(steps, "off", minutes, off).into_iter().filter(|s| s.minutes > allowed).collect();
    found.extend(stretches(steps, "cold", minutes, cold));
    found.sort_by_key(|s| (s.from, s.what));
    Ok(found)
}

fn stretches<T>(steps: &[T], what: &'static str, minutes: f64, wrong: impl Fn(&T) -> bool) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (at, _) in steps.iter().enumerate().filter(|(_, step)| wrong(step)) {
        match found.last_mut().filter(|last| last.from + last.steps == at) {
            Some(last) => {
                last.steps += 1;
                last.minutes = last.steps as f64 * minutes;
            }
            None => found.push(Stretch { what, from: at, steps: 1, minutes }),
        }
    }
    found
}

/// NMHC beside the workshop against the limit of its averaging, `1h` or `single`; the special limit in key regions. The
/// limit, and whether it is passed; `None` for another averaging. GB 37822-2019, annex A.
///
/// # Errors
/// What the rules lack.
pub fn beside_workshop(rules: &Standard, averaging: &str, key_region: bool, mg_m3: f64) -> Result<Option<(f64, bool)>, Problem> {
    let table = rules.table("plant")?;
    let column = if key_region { "special" } else { "general" };
    table.column(column)?;
    Ok(table.row(averaging).and_then(|row| table.number(row, column)).map(|limit| (limit, mg_m3 <= limit)))
}

/// Hours of dust: from the first on which a site's PM10 was above so many times the city's mean for so many hours in
/// a row. An hour without either ends the row. `air.md` section 8, a design.
///
/// # Errors
/// What the rules lack.
pub fn dusty(rules: &Standard, hours: &[(Option<f64>, Option<f64>)]) -> Result<Vec<Stretch>, Problem> {
    let (times, least) = (rules.value("times_city")?, rules.value("hours")?);
    let above = |hour: &(Option<f64>, Option<f64>)| hour.0.zip(hour.1).is_some_and(|(site, city)| site > times * city);
    Ok(stretches(hours, "dust", 60.0, above).into_iter().filter(|s| s.steps as f64 >= least).collect())
}

/// Coal that a new project has to replace, t: its use times its ratio (等量或减量替代; 1 or more).
pub fn coal_replaced_t(new_t: f64, ratio: f64) -> f64 {
    new_t * ratio
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// Rules of the sheet, air section 6: off for more than 10 minutes, below 760 °C. By hand, in steps of 5 minutes.
    #[test]
    fn a_facility_while_there_is_production() {
        let rules = shipped().latest("air", "voc").unwrap();
        let step = |producing, running, celsius| Step { producing: Some(producing), running: Some(running), celsius };
        let (off, on, idle, cold) = (step(true, false, None), step(true, true, Some(760.0)), step(false, false, None), step(true, true, Some(759.0)));
        let told = |steps: &[Step]| watch(rules, steps, 5.0).unwrap().iter().map(|s| (s.what, s.from, s.minutes)).collect::<Vec<_>>();
        assert_eq!(told(&[off, off, on]), [], "ten minutes are allowed");
        assert_eq!(told(&[on, off, off, off]), [("off", 1, 15.0)]);
        assert_eq!(told(&[off, off, Step::default(), off]), [], "what is not known ends it");
        assert_eq!(told(&[idle, idle, idle, cold, on]), [("cold", 3, 5.0)]);
    }

    /// GB 37822-2019, table A.1: 10 and 30 mg/m³, special 6 and 20.
    #[test]
    fn beside_the_workshop() {
        let rules = shipped().latest("air", "voc").unwrap();
        let of = |averaging: &str, key, value| beside_workshop(rules, averaging, key, value).unwrap();
        assert_eq!((of("1h", false, 10.0), of("1h", true, 6.1), of("single", true, 20.0)), (Some((10.0, true)), Some((6.0, false)), Some((20.0, true))));
        assert_eq!(of("day", false, 1.0), None);
    }

    /// By hand: above 1.5 × 80 = 120 in two hours in a row.
    #[test]
    fn dust_for_two_hours() {
        let rules = shipped().latest("air", "dust").unwrap();
        let hour = |site: f64| (Some(site), Some(80.0));
        let told = |hours: &[(Option<f64>, Option<f64>)]| dusty(rules, hours).unwrap().iter().map(|s| (s.from, s.steps)).collect::<Vec<_>>();
        assert_eq!(told(&[hour(121.0), hour(120.0), hour(121.0), hour(130.0), hour(150.0)]), [(2, 3)]);
        assert_eq!(told(&[hour(121.0), (None, Some(80.0)), hour(121.0)]), []);
        assert_eq!(coal_replaced_t(1000.0, 1.5), 1500.0);
    }
}
