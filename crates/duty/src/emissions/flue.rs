//! Flue gas: the standard state, dry gas, folding to a standard oxygen content, hourly loads.

use liangshan_vocab::Problem;

use super::validity;
use crate::standard::Standard;

/// Pressure of the standard state, Pa: what "standard state" means, and no limit of any edition.
pub const STANDARD_PA: f64 = 101_325.0;

/// How a concentration is folded to the oxygen that its limit is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Folding {
    /// Oxygen of air as the formula takes it, %.
    pub air_o2_pct: f64,
    /// From here upwards a measured oxygen content is air, and nothing is folded, %.
    pub below_o2_pct: f64,
}

impl Default for Folding {
    /// That of the standard shipped with the program.
    fn default() -> Self {
        validity(Self::of)
    }
}

/// The gas as it passes the measuring section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// Temperature ts, °C.
    pub celsius: f64,
    /// Air pressure Ba, Pa.
    pub air_pa: f64,
    /// Static pressure Ps of the gas against the air, Pa; negative under suction.
    pub static_pa: f64,
    /// Moisture Xsw, share of the volume.
    pub moisture: f64,
}

impl Gas {
    /// Volume at the standard state, dry, per volume as it passes:
    /// `273/(273+ts)·(Ba+Ps)/101325·(1−Xsw)`.
    pub fn standard_dry(&self) -> f64 {
        273.0 / (273.0 + self.celsius) * (self.air_pa + self.static_pa) / STANDARD_PA * (1.0 - self.moisture)
    }

    /// A concentration measured in the gas as it passes, at the standard state:
    /// `Cs·101325/(Ba+Ps)·(273+ts)/273`.
    pub fn concentration_standard(&self, measured: f64) -> f64 {
        measured * STANDARD_PA / (self.air_pa + self.static_pa) * (273.0 + self.celsius) / 273.0
    }

    /// A concentration of wet gas in dry gas: `Cwet/(1−Xsw)`.
    pub fn concentration_dry(&self, wet: f64) -> f64 {
        wet / (1.0 - self.moisture)
    }
}

/// Flow as it passes, m³/h: `3600·F·Vs`, with F in m² and Vs in m/s.
pub fn flow_m3_h(section_m2: f64, velocity_m_s: f64) -> f64 {
    3600.0 * section_m2 * velocity_m_s
}

impl Folding {
    /// That of a standard of `emissions/validity`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        Ok(Self { air_o2_pct: standard.value("air_o2")?, below_o2_pct: standard.value("fold_below_o2")? })
    }

    /// Folded to the standard oxygen content: `C·(21−O2s)/(21−O2)`, O2 in %. `None` where the measured
    /// oxygen is that of air; the value is then not valid.
    pub fn fold(&self, value: f64, o2_pct: f64, o2_standard_pct: f64) -> Option<f64> {
        (o2_pct < self.below_o2_pct).then(|| value * (self.air_o2_pct - o2_standard_pct) / (self.air_o2_pct - o2_pct))
    }

    /// Folded by the excess-air coefficient of a furnace: `C·α/αs` with `α = 21/(21−O2)`.
    pub fn fold_by_excess_air(&self, value: f64, o2_pct: f64, alpha_standard: f64) -> Option<f64> {
        (o2_pct < self.below_o2_pct).then(|| value * self.air_o2_pct / (self.air_o2_pct - o2_pct) / alpha_standard)
    }
}

/// mg/m³ of a gas of molar mass M (g/mol) from ppm: `M/22.4·CV`.
pub fn mg_m3(ppm: f64, molar_mass: f64) -> f64 {
    molar_mass / 22.4 * ppm
}

/// NOx counted as NO2, mg/m³, from NO and NO2 in mg/m³.
pub fn nox_as_no2(no: f64, no2: f64) -> f64 {
    no * 46.0 / 30.0 + no2
}

/// Hourly load, kg/h: `CQh·Qsn·10⁻⁶`, with mg/m³ and m³/h. A day is the sum of its hours; the second
/// factor 10⁻⁶ that the annex prints there would scale twice.
pub fn load_kg_h(value_mg_m3: f64, standard_dry_m3_h: f64) -> f64 {
    value_mg_m3 * standard_dry_m3_h / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn air_is_not_folded() {
        // M1 of the sheet: 12.5 at 8.5 % oxygen, standard 6 %, is 15.0.
        let folding = Folding::default();
        assert_eq!(folding.fold(12.5, 8.5, 6.0), Some(15.0));
        assert_eq!(folding.fold(12.5, 20.9, 6.0), None);
        assert_eq!(folding.fold_by_excess_air(10.0, 10.5, 2.0), Some(10.0));
    }

    #[test]
    fn both_ways_to_the_standard_state_carry_the_same_mass() {
        let gas = Gas { celsius: 110.0, air_pa: 101_325.0, static_pa: -300.0, moisture: 0.08 };
        let by_volume = 28.0 * 100.0;
        let there = gas.concentration_dry(gas.concentration_standard(28.0)) * gas.standard_dry() * 100.0;
        assert!((there / by_volume - 1.0).abs() < 1e-12);
        assert!((mg_m3(10.0, 64.0) - 28.571_428_571).abs() < 1e-9 && (nox_as_no2(30.0, 4.0) - 50.0).abs() < 1e-9);
    }
}
