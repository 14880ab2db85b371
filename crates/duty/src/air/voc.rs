//! The treatment of collected organic gas at an enterprise (GB 37822-2019, 10.3), in decimal, so that
//! just enough is enough.

use rust_decimal::Decimal;

/// Concentrations and flows before and behind a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facility {
    /// NMHC before it, mg/m³.
    pub c_in: Decimal,
    /// Flow before it, m³/h.
    pub q_in: Decimal,
    /// NMHC behind it, mg/m³.
    pub c_out: Decimal,
    /// Flow behind it, m³/h.
    pub q_out: Decimal,
}

/// What a facility has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// From this load on it has to be there, kg/h: 3, in key regions 2.
    pub trigger_kg_h: Decimal,
    /// What it has to remove, share: 0.8.
    pub eta_min: Decimal,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Load before it, kg/h.
    pub g_in: Decimal,
    /// Load behind it, kg/h.
    pub g_out: Decimal,
    /// Removal, `1 − Gout/Gin`; `None` where nothing comes in.
    pub eta: Option<Decimal>,
    /// True when it has to be there.
    pub required: bool,
    /// True when nothing is required or enough is removed.
    pub pass: bool,
}

/// Loads `G = C·Q·10⁻⁶` and removal, held against what is required; `None` where a product is beyond
/// what a decimal holds.
pub fn removal(facility: Facility, duty: Duty) -> Option<Found> {
    let load = |c: Decimal, q: Decimal| c.checked_mul(q)?.checked_mul(Decimal::new(1, 6));
    let (g_in, g_out) = (load(facility.c_in, facility.q_in)?, load(facility.c_out, facility.q_out)?);
    let removed = g_in.checked_sub(g_out)?;
    let required = g_in >= duty.trigger_kg_h;
    let enough = removed >= duty.eta_min.checked_mul(g_in)?;
    Some(Found { g_in, g_out, eta: removed.checked_div(g_in), required, pass: !required || enough })
}

/// A concentration converted to the standard's oxygen, `ρ·(21 − O_base)/(21 − O_measured)`; `None`
/// where the gas has no less oxygen than air.
pub fn folded(measured: Decimal, o2_measured: Decimal, o2_base: Decimal) -> Option<Decimal> {
    let air = Decimal::from(21);
    if o2_measured >= air {
        return None;
    }
    measured.checked_mul(air - o2_base)?.checked_div(air - o2_measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// By hand: 300 mg/m³ × 10000 m³/h is just 3 kg/h; 60 mg/m³ behind it is just 80 %. In floating
    /// point 0.8 × 3 is more than 2.4 and it would fail.
    #[test]
    fn just_enough_is_enough() {
        let duty = Duty { trigger_kg_h: d("3"), eta_min: d("0.8") };
        let facility = Facility { c_in: d("300"), q_in: d("10000"), c_out: d("60"), q_out: d("10000") };
        let found = removal(facility, duty).unwrap();
        assert!(found.required && found.pass && found.eta == Some(d("0.8")), "{found:?}");
        assert!(!removal(Facility { c_out: d("60.001"), ..facility }, duty).unwrap().pass);
        let less = removal(Facility { c_in: d("299.99"), c_out: d("299"), ..facility }, duty).unwrap();
        assert!(!less.required && less.pass);
        assert_eq!(removal(Facility { c_in: d("0"), ..facility }, duty).unwrap().eta, None);
    }

    #[test]
    fn air_cannot_be_folded() {
        assert_eq!(folded(d("30"), d("21"), d("3")), None);
        assert_eq!(folded(d("30"), d("12"), d("3")), Some(d("60")));
    }
}
