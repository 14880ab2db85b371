//! How long hazardous waste has been stored. Containers leave in the order they came, so what is
//! left is the newest, and its age is counted from the day it came in.
//!
//! A year is the limit for licensed units (solid-waste law of 2020, art. 81). That it is applied to
//! producers too, and the warning at 300 days, are choices of supervision and so arguments here.

use jiff::civil::Date;
use liangshan_vocab::{Problem, Problems, Text, text, words};
use rust_decimal::Decimal;

/// Waste that came into a store on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// The day it came.
    pub date: Date,
    /// How much, t.
    pub t: Decimal,
}

/// After how many days a stay is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From this age on a warning.
    pub warn_d: i32,
    /// Beyond this age overdue.
    pub limit_d: i32,
}

/// What its age means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stay {
    /// Younger than the warning.
    Ok,
    /// Soon to be taken away.
    Warn,
    /// Stored too long.
    Overdue,
}

impl Stay {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Stay::Ok => "ok",
            Stay::Warn => "warn",
            Stay::Overdue => "overdue",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Stay::Ok => text("正常", "in time"),
            Stay::Warn => text("临近期限", "near the limit"),
            Stay::Overdue => text("超期贮存", "stored too long"),
        }
    }
}

/// What is left of one lot, and how old it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// The lot, with what is left of it.
    pub lot: Lot,
    /// Whole days since it came.
    pub age_d: i32,
    /// What that means.
    pub stay: Stay,
}

/// What is left of the lots after `out_t` tonnes have left, oldest first. Lots of one day are
/// consumed in the order given.
///
/// # Errors
/// `waste.out_exceeds_stock` when more left than came, `waste.later_than_today` for each lot that
/// comes after `today`.
pub fn ages(lots: &[Lot], out_t: Decimal, today: Date, limits: Limits) -> Result<Vec<Age>, Problems> {
    let mut problems = Problems::new();
    problems.extend(lots.iter().enumerate().filter(|(_, lot)| lot.date > today).map(|(i, lot)| later(i, lot.date, today)));
    let stock: Decimal = lots.iter().map(|lot| lot.t).sum();
    if out_t > stock {
        problems.push(
            Problem::error("waste.out_exceeds_stock", words!("出库 {out_t} t，多于入库的 {stock} t", "{out_t} t left the store and only {stock} t came in"))
                .expect(text("出库不多于入库", "no more out than in"))
                .fix(text("核对台账：入库是否漏记，出库是否重记", "look in the ledger for a lot not entered or a removal entered twice")),
        );
    }
    let mut order: Vec<&Lot> = lots.iter().collect();
    order.sort_by_key(|lot| lot.date);
    let mut out = out_t;
    let mut left = Vec::new();
    for lot in order {
        let taken = out.min(lot.t);
        out -= taken;
        if lot.t > taken {
            let age_d = today.since(lot.date).map_or(0, |span| span.get_days());
            left.push(Age { lot: Lot { date: lot.date, t: lot.t - taken }, age_d, stay: stay(age_d, limits) });
        }
    }
    problems.into_result(left)
}

fn stay(age_d: i32, limits: Limits) -> Stay {
    if age_d > limits.limit_d {
        Stay::Overdue
    } else if age_d >= limits.warn_d {
        Stay::Warn
    } else {
        Stay::Ok
    }
}

fn later(index: usize, date: Date, today: Date) -> Problem {
    Problem::error("waste.later_than_today", words!("入库日期 {date} 晚于 {today}", "a lot came in on {date}, after {today}"))
        .key(format!("stock_in[{index}]"))
        .fix(text("改正入库日期，或以更晚的日期核算", "correct the date, or look at a later day"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const YEAR: Limits = Limits { warn_d: 300, limit_d: 365 };

    fn lot(days: i16, hundredths: i64) -> Lot {
        Lot { date: date(2026, 1, 1).saturating_sub(jiff::Span::new().days(days)), t: Decimal::new(hundredths, 2) }
    }

    /// Solid-waste law art. 81: over one year. Day 365 is the last that is in time.
    #[test]
    fn a_year_to_the_day() {
        let of = |days| ages(&[lot(days, 100)], Decimal::ZERO, date(2026, 1, 1), YEAR).unwrap()[0].stay;
        assert_eq!([of(299), of(300), of(365), of(366)], [Stay::Ok, Stay::Warn, Stay::Warn, Stay::Overdue]);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let problems = ages(&[lot(-1, 100)], Decimal::TWO, date(2026, 1, 1), YEAR).unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_ref()).collect();
        assert_eq!(codes, ["waste.later_than_today", "waste.out_exceeds_stock"]);
    }

    proptest! {
        /// Whatever the order of entry: what is left is what came less what went, none of it older
        /// than anything that is gone, and the oldest go first.
        #[test]
        fn nothing_is_lost_and_the_newest_stay(lots in prop::collection::vec((0i16..900, 1i64..500), 1..12), share in 0u32..=100) {
            let lots: Vec<Lot> = lots.into_iter().map(|(d, t)| lot(d, t)).collect();
            let stock: Decimal = lots.iter().map(|l| l.t).sum();
            let out = (stock * Decimal::from(share) / Decimal::ONE_HUNDRED).round_dp(2).min(stock);
            let left = ages(&lots, out, date(2026, 1, 1), YEAR).unwrap();
            prop_assert_eq!(left.iter().map(|a| a.lot.t).sum::<Decimal>(), stock - out);
            prop_assert!(left.is_sorted_by_key(|a| a.lot.date));
            if let Some(oldest) = left.first() {
                let newer: Decimal = lots.iter().filter(|l| l.date > oldest.lot.date).map(|l| l.t).sum();
                prop_assert!(newer <= stock - out);
            }
        }
    }
}
