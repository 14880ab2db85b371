//! Compliance of sections: with their own target and with class III, as two results.

use super::Class;

/// What one section's class says of one aim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Met.
    Met,
    /// Missed.
    Missed,
    /// Too little was measured to say; never a pass.
    Insufficient,
    /// The section has no target of its own.
    NoTarget,
}

/// What a class says of a target.
pub fn held(class: Option<Class>, target: Option<Class>) -> Held {
    match (class, target) {
        (None, _) => Held::Insufficient,
        (_, None) => Held::NoTarget,
        (Some(class), Some(target)) if class <= target => Held::Met,
        _ => Held::Missed,
    }
}

/// Rates of a set of sections.
#[derive(Debug, Clone, PartialEq)]
pub struct Compliance {
    /// Sections with a class.
    pub assessed: usize,
    /// Sections without one; they are in no denominator.
    pub insufficient: usize,
    /// Assessed sections without a target of their own; they are not in the first denominator.
    pub without_target: usize,
    /// Share that meets its own target, %; `None` when there is none to meet.
    pub own_pct: Option<f64>,
    /// Share of class III or better, %; `None` when none was assessed.
    pub third_pct: Option<f64>,
}

/// Compliance rate (断面水质达标率) with own targets, and the second, separate test of the plan: class III
/// or better. `water.md` section 5.
pub fn section_compliance(sections: impl IntoIterator<Item = (Option<Class>, Option<Class>)>) -> Compliance {
    let (mut assessed, mut insufficient, mut without_target, mut met, mut third) = (0, 0, 0, 0, 0);
    for (class, target) in sections {
        match held(class, target) {
            Held::Insufficient => insufficient += 1,
            Held::NoTarget => without_target += 1,
            Held::Met => met += 1,
            Held::Missed => {}
        }
        if let Some(class) = class {
            assessed += 1;
            third += usize::from(class <= Class::III);
        }
    }
    let share = |part: usize, whole: usize| (whole > 0).then(|| 100.0 * part as f64 / whole as f64);
    let own_pct = share(met, assessed - without_target);
    Compliance { assessed, insufficient, without_target, own_pct, third_pct: share(third, assessed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_data_and_no_target_stay_out_of_the_denominators() {
        let rates = section_compliance([(Some(Class::IV), Some(Class::III)), (Some(Class::II), None), (None, Some(Class::II))]);
        assert_eq!((rates.assessed, rates.insufficient, rates.without_target), (2, 1, 1));
        assert_eq!((rates.own_pct, rates.third_pct), (Some(0.0), Some(50.0)));
        let none = section_compliance([(None, Some(Class::II))]);
        assert_eq!((none.own_pct, none.third_pct), (None, None));
    }
}
