//! A holder's emission right through its term: the year's compliance, what may be sold, what the rest of the term is
//! worth, when it may be recovered.

use jiff::Span;
use jiff::civil::Date;
use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::carry_over::negative;
use crate::exact::{ceiling, half_up, held};

/// A year of a holder, kg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// Verified emission of the year.
    pub verified: Decimal,
    /// The right held for the year.
    pub holding: u64,
    /// What the discharge permit allows; none where it is not known.
    pub permit: Option<u64>,
    /// Emission forecast for the year to come; none where there is no forecast.
    pub forecast: Option<Decimal>,
    /// Of the holding, what is neither frozen nor pledged nor reserved.
    pub available: u64,
}

/// How it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compliance {
    /// Emitted beyond the holding, whole kg upwards: an event.
    pub excess: i64,
    /// Emitted beyond the permit, whole kg upwards; none without a permit.
    pub over_permit: Option<i64>,
    /// The right of this year that was not used, whole kg downwards. It is a right of this year and does not pass
    /// into the next.
    pub unused: i64,
    /// The most that may be sold so that the holding is no less than the forecast; none without one.
    pub sellable: Option<i64>,
}

impl Compliance {
    /// Neither beyond the holding nor beyond the permit.
    pub fn complies(&self) -> bool {
        self.excess == 0 && self.over_permit.is_none_or(|over| over == 0)
    }
}

/// `verified ≤ holding`, and no sale that leaves less than the forecast. `rights.md` section 2.
///
/// # Errors
/// `rights.negative`; `rights.available` where more is available than held; `rights.too_large`.
pub fn yearly_compliance(year: &Year) -> Result<Compliance, Problem> {
    for (name, value) in [("verified_kg", Some(year.verified)), ("forecast_kg", year.forecast)] {
        if let Some(value) = value.filter(|v| *v < Decimal::ZERO) {
            return Err(negative(name, value));
        }
    }
    let Year { holding, available, .. } = *year;
    if available > holding {
        return Err(Problem::error(
            "rights.available",
            words!("可用 {available} kg 多于持有的 {holding} kg", "{available} kg are available of {holding} kg held"),
        )
        .key("available_kg")
        .expect(words!("不多于持有量", "no more than is held"))
        .fix(words!("核对冻结、质押与预留", "check what is frozen, pledged and reserved")));
    }
    let over = |limit: u64| ceiling("excess_kg", (year.verified - Decimal::from(limit)).max(Decimal::ZERO));
    let down = |name: &str, left: Decimal| ceiling(name, left.max(Decimal::ZERO).floor());
    let sellable = |forecast: Decimal| down("sellable_kg", (Decimal::from(holding) - forecast).min(Decimal::from(available)));
    Ok(Compliance {
        excess: over(holding)?,
        over_permit: year.permit.map(over).transpose()?,
        unused: down("unused_kg", Decimal::from(holding) - year.verified)?,
        sellable: year.forecast.map(sellable).transpose()?,
    })
}

/// What is left of a term: whole years, and days of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Whole years.
    pub years: u32,
    /// Days beyond them.
    pub days: u32,
    /// Days of the year that those belong to.
    pub of: u32,
}

impl Term {
    /// From a day to the last day of the term, both included; none where the term is over.
    ///
    /// # Errors
    /// `rights.too_large` beyond the calendar.
    pub fn left(on: Date, last: Date) -> Result<Option<Self>, Problem> {
        if last < on {
            return Ok(None);
        }
        let end = held("expires_on", last.tomorrow().ok())?;
        let after = |years: i64| held("expires_on", on.checked_add(Span::new().years(years)).ok());
        let mut years = 0;
        while after(years + 1)? <= end {
            years += 1;
        }
        let (from, to) = (after(years)?, after(years + 1)?);
        let days = |from: Date, to: Date| held("expires_on", (to - from).get_days().try_into().ok());
        Ok(Some(Self { years: held("expires_on", u32::try_from(years).ok())?, days: days(from, end)?, of: days(from, to)? }))
    }

    /// In years, as a decimal.
    pub fn in_years(self) -> Decimal {
        Decimal::from(self.years) + Decimal::from(self.days) / Decimal::from(self.of)
    }

    /// What so many kg are worth for it, at a price by tonne and year, half up to the fen.
    ///
    /// # Errors
    /// `rights.too_large`.
    pub fn worth_fen(self, kg: u64, price_fen_per_t_a: u64) -> Result<i64, Problem> {
        let yearly = held("value_fen", Decimal::from(kg).checked_mul(Decimal::from(price_fen_per_t_a)))?;
        // Days over days of the year, before anything is divided.
        let days = Decimal::from(self.years) * Decimal::from(self.of) + Decimal::from(self.days);
        let value = yearly.checked_mul(days).and_then(|v| v.checked_div(Decimal::from(self.of) * Decimal::ONE_THOUSAND));
        half_up("value_fen", held("value_fen", value)?)
    }
}

/// Why a right may be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Idle for too long.
    Idle,
    /// The plant is closed.
    Closed,
    /// It moved away.
    Relocated,
    /// Its permit is revoked.
    Revoked,
}

impl Reason {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Idle => "idle",
            Reason::Closed => "closed",
            Reason::Relocated => "relocated",
            Reason::Revoked => "revoked",
        }
    }
}

/// Has a right been idle for longer than so many months? The day on which the term ends is not yet beyond it.
///
/// # Errors
/// `rights.too_large` beyond the calendar.
pub fn idle_too_long(last_used: Date, on: Date, months: i64) -> Result<bool, Problem> {
    let end = held("last_used", Span::new().try_months(months).and_then(|span| last_used.checked_add(span)).ok())?;
    Ok(on > end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    /// By hand: 1000 kg held, 950.2 emitted: 49 left, 20 may be sold of 30 available when 980 are forecast; 1000.1
    /// emitted is 1 too much, and 101 beyond a permit of 900.
    #[test]
    fn a_year_of_a_holder() {
        let year = Year { verified: of("950.2"), holding: 1000, permit: None, forecast: Some(of("980")), available: 30 };
        let made = yearly_compliance(&year).unwrap();
        assert_eq!(made, Compliance { excess: 0, over_permit: None, unused: 49, sellable: Some(20) });
        assert!(made.complies());
        assert_eq!(yearly_compliance(&Year { forecast: Some(of("10")), ..year }).unwrap().sellable, Some(30), "no more than is available");
        assert_eq!(yearly_compliance(&Year { forecast: Some(of("1000.1")), ..year }).unwrap().sellable, Some(0));
        let over = yearly_compliance(&Year { verified: of("1000.1"), permit: Some(900), forecast: None, ..year }).unwrap();
        assert_eq!((over.excess, over.over_permit, over.unused, over.sellable, over.complies()), (1, Some(101), 0, None, false));
        let code = |year| yearly_compliance(&year).unwrap_err().code;
        assert_eq!(code(Year { verified: of("-1"), ..year }), "rights.negative");
        assert_eq!(code(Year { available: 1001, ..year }), "rights.available");
    }

    /// By hand: from 2026-03-01 to 2028-03-01 included are 2 years and 1 day of the 365 to 2029-03-01; the last day alone is
    /// 1/365; from the 29th of February a year ends with the 28th.
    #[test]
    fn what_is_left_of_a_term() {
        let left = |on, last| Term::left(on, last).unwrap();
        assert_eq!(left(date(2026, 3, 1), date(2028, 3, 1)), Some(Term { years: 2, days: 1, of: 365 }));
        assert_eq!(left(date(2026, 3, 1), date(2031, 2, 28)), Some(Term { years: 5, days: 0, of: 366 }));
        assert_eq!(left(date(2026, 3, 1), date(2026, 3, 1)), Some(Term { years: 0, days: 1, of: 365 }));
        assert_eq!(left(date(2028, 2, 29), date(2029, 2, 27)), Some(Term { years: 1, days: 0, of: 365 }));
        assert_eq!(left(date(2026, 3, 2), date(2026, 3, 1)), None);
    }

    /// By hand: 1000 kg at 4000 yuan/(t a) are 400 000 fen a year; one day of 365 is 1095.89 fen; 2 years and a day are
    /// 801 095.89.
    #[test]
    fn and_what_it_is_worth() {
        assert_eq!(Term { years: 0, days: 1, of: 365 }.worth_fen(1000, 400_000).unwrap(), 1096);
        assert_eq!(Term { years: 2, days: 1, of: 365 }.worth_fen(1000, 400_000).unwrap(), 801_096);
        assert_eq!(Term { years: 5, days: 0, of: 366 }.worth_fen(5800, 400_000).unwrap(), 11_600_000);
        assert_eq!(Term { years: 1, days: 73, of: 365 }.in_years(), of("1.2"));
        assert_eq!(Term { years: 1, days: 0, of: 365 }.worth_fen(u64::MAX, u64::MAX).unwrap_err().code, "rights.too_large");
    }

    /// By hand: three years from 2023-05-10 end with 2026-05-10.
    #[test]
    fn idle_for_more_than_three_years() {
        let idle = |on| idle_too_long(date(2023, 5, 10), on, 36).unwrap();
        assert_eq!((idle(date(2026, 5, 10)), idle(date(2026, 5, 11))), (false, true));
    }
}
