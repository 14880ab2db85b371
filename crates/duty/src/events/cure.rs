//! Whether a cure has worked, and whom an event that waits too long goes to.

use liangshan_vocab::{Problem, Text};

use super::severity::not_a_number;
use crate::standard::Standard;

/// A cure as it was promised and as it was measured, in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cure {
    /// Measured before.
    pub before: f64,
    /// Measured after, by other people.
    pub after: f64,
    /// The limit.
    pub limit: f64,
    /// Share by which it was to fall, as the prescription promised.
    pub promised: f64,
    /// How often it was returned before.
    pub returned: u32,
}

/// What a recheck says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recheck {
    /// Share by which it fell; below zero it rose. `None` where nothing was there before.
    pub effect: Option<f64>,
    /// It keeps to the limit.
    pub within_limit: bool,
    /// It fell by enough of what was promised.
    pub enough: bool,
    /// Both.
    pub cured: bool,
    /// Returned this time, counted with those before.
    pub returned: u32,
    /// Returned so often that it is supervised.
    pub supervised: bool,
}

/// `after ≤ limit` and `effect ≥ kept share × promised`; otherwise it is returned, and at the rules' number of
/// returns supervised. `linkage.md` section 2, a design.
///
/// # Errors
/// `event.number` for a number below zero; what the rules lack.
pub fn recheck(rules: &Standard, cure: &Cure) -> Result<Recheck, Problem> {
    for (name, value) in [("before", cure.before), ("after", cure.after), ("limit", cure.limit), ("promised", cure.promised)] {
        if value < 0.0 || value.is_nan() {
            return Err(not_a_number(name, value));
        }
    }
    let (kept, returns) = (rules.value("kept_share")?, rules.value("returns")?);
    // Multiplied out, so that just enough is enough.
    let fallen = cure.before - cure.after;
    let enough = fallen >= kept * cure.promised * cure.before - 1e-12 * cure.before;
    let within_limit = cure.after <= cure.limit;
    let cured = enough && within_limit;
    let returned = cure.returned + u32::from(!cured);
    Ok(Recheck {
        effect: (cure.before > 0.0).then(|| fallen / cure.before),
        within_limit,
        enough,
        cured,
        returned,
        supervised: !cured && f64::from(returned) >= returns,
    })
}

/// The step that a share of the term calls for, its code and name: the last one reached; `None` before the first.
///
/// # Errors
/// What the rules lack.
pub fn escalation(rules: &Standard, share: f64) -> Result<Option<(String, Text)>, Problem> {
    let table = rules.table("escalation")?;
    table.column("at_least")?;
    let reached = |row: &&crate::standard::Row| table.number(row, "at_least").is_some_and(|least| share >= least);
    let row = table.rows.iter().rev().find(reached);
    Ok(row.map(|row| (table.key_of(row), Text::of(table.text(row, "name_zh"), table.text(row, "name_en")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// By hand, with the shares of the sheet: 100 → 76 is 24 %, 80 % of the 30 % promised; third return supervised.
    #[test]
    fn a_cure_is_measured() {
        let rules = shipped().latest("linkage", "triage").unwrap();
        let cure = Cure { before: 100.0, after: 76.0, limit: 80.0, promised: 0.3, returned: 2 };
        let made = recheck(rules, &cure).unwrap();
        assert!(made.cured && !made.supervised && made.returned == 2, "{made:?}");
        let made = recheck(rules, &Cure { after: 76.5, ..cure }).unwrap();
        assert!(made.within_limit && !made.enough && made.returned == 3 && made.supervised, "{made:?}");
        assert!(!recheck(rules, &Cure { after: 76.5, returned: 0, ..cure }).unwrap().supervised);
        assert!(!recheck(rules, &Cure { limit: 70.0, ..cure }).unwrap().cured);
        assert_eq!(recheck(rules, &Cure { before: 0.0, after: 0.0, ..cure }).unwrap().effect, None);
        assert_eq!(recheck(rules, &Cure { before: -1.0, ..cure }).unwrap_err().code, "event.number");
    }

    #[test]
    fn it_goes_up_with_time() {
        let rules = shipped().latest("linkage", "triage").unwrap();
        let step = |share| escalation(rules, share).unwrap().map(|s| s.0);
        assert_eq!(
            [0.79, 0.8, 1.0, 1.5, 9.0].map(step),
            [None, Some("warn".into()), Some("chief".into()), Some("deputy_director".into()), Some("supervision".into())]
        );
    }
}
