//! Thresholds out of the rules on waste (`rules/waste/`).

use jiff::civil::Date;
use liangshan_vocab::{Problem, text, words};
use rust_decimal::Decimal;

use crate::standard::{Day, Standard, Standards};

/// The rules in force on a day.
///
/// # Errors
/// `standard.none_in_force`; before 2022 there are none.
pub fn in_force(standards: &Standards, day: Date) -> Result<&Standard, Problem> {
    let part = |n: i8| u32::from(n.unsigned_abs());
    let same = Day::of(u32::from(day.year().unsigned_abs()), part(day.month()), part(day.day()));
    match same {
        Some(same) => standards.in_force("waste", "rules", same),
        None => standards.latest("waste", "rules"),
    }
}

/// A threshold as the decimal it is written as.
///
/// # Errors
/// `standard.no_value`; `waste.rule_value` for a number below zero or too long.
pub fn threshold(rules: &Standard, name: &str) -> Result<Decimal, Problem> {
    let value = rules.value(name)?;
    value.to_string().parse().ok().filter(|d: &Decimal| !d.is_sign_negative()).ok_or_else(|| unfit(rules, name, value))
}

/// A threshold that is a whole number.
///
/// # Errors
/// As [`threshold`], and for a fraction.
pub fn whole(rules: &Standard, name: &str) -> Result<u32, Problem> {
    let value = threshold(rules, name)?;
    u32::try_from(value).ok().filter(|n| Decimal::from(*n) == value).ok_or_else(|| unfit(rules, name, rules.value(name).unwrap_or(f64::NAN)))
}

fn unfit(rules: &Standard, name: &str, value: f64) -> Problem {
    let id = &rules.id;
    Problem::error("waste.rule_value", words!("{id} 的 {name} 是 {value}，不能用", "{name} of {id} is {value}, which cannot be used"))
        .file(format!("rules/{}", rules.file))
        .key(format!("value.{name}"))
        .expect(text("非负数；天数与分钟数为整数", "a number from zero up; whole for days and minutes"))
        .fix(text("改正该数值", "correct it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;
    use jiff::civil::date;

    /// HJ 1259-2022 and order 23: 100 t, 10 t, 5 working days, one year.
    #[test]
    fn the_shipped_thresholds() {
        let rules = in_force(shipped(), date(2026, 11, 25)).unwrap();
        let of = |name| threshold(rules, name).unwrap().to_string();
        assert_eq!([of("key_t"), of("simplified_t"), of("difference_share"), of("balance_share")], ["100", "10", "0.03", "0.005"]);
        assert_eq!([whole(rules, "confirm_days").unwrap(), whole(rules, "storage_limit_d").unwrap()], [5, 365]);
        assert_eq!(whole(rules, "difference_share").unwrap_err().code, "waste.rule_value");
        assert_eq!(in_force(shipped(), date(2021, 12, 31)).unwrap_err().code, "standard.none_in_force");
    }
}
