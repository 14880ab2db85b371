//! Mass balance: what came must be what went and what is there. For a site and a waste code over a
//! period, `open + generated = used + disposed + transferred + loss + close`.

use liangshan_vocab::{Problem, text, words};
use rust_decimal::Decimal;

/// What was entered for one site, waste code and period, t.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// In store when the period began.
    pub open: Decimal,
    /// Generated, or received by a licensed unit.
    pub generated: Decimal,
    /// Used on site.
    pub own_used: Decimal,
    /// Disposed of on site.
    pub own_disposed: Decimal,
    /// Taken away under manifests.
    pub transferred: Decimal,
    /// Measured in store when the period ended.
    pub close_measured: Decimal,
}

/// How much may be unexplained: the larger of a share of what was generated and a least amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// Share of what was generated, 1.
    pub share: Decimal,
    /// Least amount, t.
    pub least_t: Decimal,
}

/// What a balance comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Residual {
    /// What is missing (above zero) or too much (below), t.
    pub t: Decimal,
    /// How much would have been allowed, t.
    pub threshold: Decimal,
    /// True when it is more than that.
    pub alarm: bool,
}

impl Balance {
    /// What is left unexplained, `open + generated − (used + disposed + transferred) − close`.
    pub fn residual(&self, tolerance: Tolerance) -> Residual {
        let gone = self.own_used + self.own_disposed + self.transferred;
        let t = self.open + self.generated - gone - self.close_measured;
        let threshold = (tolerance.share * self.generated).max(tolerance.least_t);
        Residual { t, threshold, alarm: t.abs() > threshold }
    }
}

/// What a licensed unit entered for one waste code and year, t.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Licensed {
    /// In store when the year began.
    pub open: Decimal,
    /// Received under manifests.
    pub received: Decimal,
    /// Treated.
    pub treated: Decimal,
    /// Left as secondary waste that went its own way.
    pub secondary: Decimal,
    /// Measured in store when the year ended.
    pub close_measured: Decimal,
    /// What the licence allows to be treated in a year.
    pub licence: Decimal,
}

impl Licensed {
    /// The residual `received + open − treated − secondary − close`, tolerance as a share of what was received.
    pub fn residual(&self, tolerance: Tolerance) -> Residual {
        let as_site = Balance {
            open: self.open,
            generated: self.received,
            own_used: self.secondary,
            own_disposed: self.treated,
            transferred: Decimal::ZERO,
            close_measured: self.close_measured,
        };
        as_site.residual(tolerance)
    }

    /// The finding `waste.over_licence` when more was treated than the licence allows.
    pub fn over_licence(&self, code: &str) -> Option<Problem> {
        let (treated, licence) = (self.treated, self.licence);
        (treated > licence).then(|| {
            Problem::warning(
                "waste.over_licence",
                words!("{code} 处理 {treated} t，超过许可的 {licence} t", "{treated} t of {code} were treated, the licence allows {licence} t"),
            )
            .key(code)
            .fix(text("核对经营许可证与当年台账", "hold the operating licence against the ledger of the year"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// By hand: the tolerance of 0.5 % of 41.5 t is 0.2075 t; a residual of just that is no alarm.
    #[test]
    fn just_the_tolerance_is_no_alarm() {
        let tolerance = Tolerance { share: t("0.005"), least_t: t("0.05") };
        let balance = Balance { generated: t("41.5"), close_measured: t("41.2925"), ..Balance::default() };
        assert_eq!(balance.residual(tolerance), Residual { t: t("0.2075"), threshold: t("0.2075"), alarm: false });
        let less = Balance { close_measured: t("41.2924"), ..balance };
        assert!(less.residual(tolerance).alarm);
        let over = Balance { close_measured: t("41.7076"), ..balance };
        assert!(over.residual(tolerance).alarm && over.residual(tolerance).t < Decimal::ZERO);
    }

    #[test]
    fn a_licensed_unit_balances_and_keeps_to_its_licence() {
        let unit = Licensed { open: t("5"), received: t("100"), treated: t("80"), secondary: t("12.5"), close_measured: t("12.5"), licence: t("79.9") };
        assert_eq!(unit.residual(Tolerance { share: t("0.005"), least_t: t("0.05") }).t, Decimal::ZERO);
        assert_eq!(unit.over_licence("900-214-08").map(|p| p.code.into_owned()).as_deref(), Some("waste.over_licence"));
        assert!(Licensed { licence: t("80"), ..unit }.over_licence("900-214-08").is_none());
    }
}
