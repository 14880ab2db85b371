//! Carbon accounts of enterprises (碳账户): emission, intensity against the industry, and a colour.

use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::targets::exact::{exactly, float, held};

/// Burning of one fuel in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fuel {
    /// Consumption, t or 10⁴ m³.
    pub quantity: f64,
    /// Net calorific value, GJ per unit.
    pub calorific: f64,
    /// Carbon content, tC/GJ.
    pub carbon: f64,
    /// Fraction oxidised, 0 to 1.
    pub oxidised: f64,
}

/// `E = Σ Q·NCV·CC·OF·44/12 + process + P_el·EF_el + P_heat·EF_heat`, t CO₂. Purchased power in MWh
/// and heat in GJ, with their factors. Source: the accounting guides of MEE, as the sheet has them.
pub fn emission_tco2(fuels: &[Fuel], process_t: f64, power: (f64, f64), heat: (f64, f64)) -> f64 {
    let burnt: f64 = fuels.iter().map(|f| f.quantity * f.calorific * f.carbon * f.oxidised * 44.0 / 12.0).sum();
    burnt + process_t + power.0 * power.1 + heat.0 * heat.1
}

/// Intensity of an industry, `ΣE / Σ output`, or `None` with fewer than five firms in the city: then
/// the province's counts. Pairs of emission (t CO₂) and output (10⁴ yuan of value added, or t).
pub fn benchmark(firms: &[(f64, f64)]) -> Option<f64> {
    let (emission, output) = firms.iter().fold((0.0, 0.0), |(e, o), firm| (e + firm.0, o + firm.1));
    (firms.len() >= 5 && output > 0.0).then(|| emission / output)
}

/// A colour, from best to worst; grey stands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// 深绿.
    DeepGreen,
    /// 浅绿.
    LightGreen,
    /// 黄.
    Yellow,
    /// 红.
    Red,
    /// 灰: no benchmark or no output, so nothing can be said.
    Grey,
}

impl Colour {
    /// The word for people and tables, in both languages.
    pub fn word(self) -> &'static str {
        match self {
            Colour::DeepGreen => "deep green 深绿",
            Colour::LightGreen => "light green 浅绿",
            Colour::Yellow => "yellow 黄",
            Colour::Red => "red 红",
            Colour::Grey => "grey 灰",
        }
    }

    /// One step worse; red and grey stay.
    #[must_use]
    pub fn worse(self) -> Self {
        match self {
            Colour::DeepGreen => Colour::LightGreen,
            Colour::LightGreen => Colour::Yellow,
            Colour::Yellow | Colour::Red => Colour::Red,
            Colour::Grey => Colour::Grey,
        }
    }
}

/// What an account is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Emission of the year, t CO₂.
    pub emission: f64,
    /// Value added, 10⁴ yuan; `None` without output.
    pub value_added: Option<f64>,
    /// Benchmark of the industry, t CO₂ per 10⁴ yuan.
    pub benchmark: Option<f64>,
    /// Upper ends of deep green, light green and yellow, included.
    pub cuts: [f64; 3],
    /// Emission of the year before; `None` leaves the guard out.
    pub before: Option<f64>,
    /// The guard looks at emissions above this, t CO₂.
    pub guard_t: f64,
    /// … that grew by more than this share.
    pub guard_growth: f64,
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarbonAccount {
    /// Intensity, t CO₂ per 10⁴ yuan.
    pub intensity: Option<f64>,
    /// Intensity over the benchmark.
    pub level: Option<f64>,
    /// The colour by the level alone.
    pub raw: Colour,
    /// Growth of the emission; `None` without an emission of the year before.
    pub growth: Option<f64>,
    /// The colour after the guard.
    pub colour: Colour,
}

/// Colours an account: the level against the cuts, upper ends included and compared in decimals; one
/// step worse when the emission is above the guard and grew by more than it allows. No benchmark or
/// no output is grey, not red.
///
/// # Errors
/// `carbon.cuts` when the cuts do not rise; `targets.too_large`.
pub fn account_colour(of: &Standing) -> Result<CarbonAccount, Problem> {
    let [low, middle, high] = of.cuts;
    if !(0.0 < low && low < middle && middle < high) {
        return Err(rising(&of.cuts));
    }
    let output = of.value_added.filter(|va| *va > 0.0);
    let bench = of.benchmark.filter(|bench| *bench > 0.0);
    let raw = match (output, bench) {
        (Some(output), Some(bench)) => by_level(exactly("E", of.emission)?, exactly("VA_1e4", output)?, exactly("bench", bench)?, of.cuts)?,
        _ => Colour::Grey,
    };
    let intensity = output.map(|output| of.emission / output);
    let level = match (output, bench) {
        (Some(output), Some(bench)) => {
            Some(float(held("L", exactly("E", of.emission)?.checked_div(held("L", exactly("VA_1e4", output)?.checked_mul(exactly("bench", bench)?))?))?))
        }
        _ => None,
    };
    let growth = of.before.filter(|before| *before > 0.0).map(|before| of.emission / before - 1.0);
    let grew = match of.before {
        Some(before) => {
            exactly("E", of.emission)? > held("E_prev", (Decimal::ONE + exactly("guard_growth", of.guard_growth)?).checked_mul(exactly("E_prev", before)?))?
        }
        None => false,
    };
    let colour = if grew && of.emission > of.guard_t { raw.worse() } else { raw };
    Ok(CarbonAccount { intensity, level, raw, growth, colour })
}

fn by_level(emission: Decimal, output: Decimal, bench: Decimal, cuts: [f64; 3]) -> Result<Colour, Problem> {
    let expected = held("bench", output.checked_mul(bench))?;
    for (cut, colour) in cuts.into_iter().zip([Colour::DeepGreen, Colour::LightGreen, Colour::Yellow]) {
        if emission <= held("cuts", exactly("cuts", cut)?.checked_mul(expected))? {
            return Ok(colour);
        }
    }
    Ok(Colour::Red)
}

/// Grades of the trend factor K (碳效等级): 1 up to and with the first cut, one more above each.
///
/// # Errors
/// `carbon.cuts` when the cuts do not rise.
pub fn efficiency_grades(values: &[f64], cuts: &[f64]) -> Result<Vec<usize>, Problem> {
    if cuts.is_empty() || cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(rising(cuts));
    }
    Ok(values.iter().map(|value| 1 + cuts.iter().filter(|cut| value > cut).count()).collect())
}

fn rising(cuts: &[f64]) -> Problem {
    Problem::error("carbon.cuts", words!("分级界限 {cuts:?} 没有依次升高", "the cut points {cuts:?} do not rise"))
        .key("cuts")
        .expect(words!("依次升高的正数", "positive numbers that rise"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRM: Standing = Standing {
        emission: 27_000.0,
        value_added: Some(20_000.0),
        benchmark: Some(1.5),
        cuts: [0.6, 1.0, 1.5],
        before: Some(24_000.0),
        guard_t: 26_000.0,
        guard_growth: 0.1,
    };

    /// By hand: 27000/20000/1.5 = 0.9 is light green; 27000/24000 − 1 = 12.5 % drops it to yellow;
    /// exactly 10 % does not; nor below 26 000 t; grey stays grey.
    #[test]
    fn the_guard_drops_one_step() {
        let made = account_colour(&FIRM).unwrap();
        assert_eq!((made.raw, made.colour, made.level), (Colour::LightGreen, Colour::Yellow, Some(0.9)));
        assert_eq!(account_colour(&Standing { emission: 26_400.0, ..FIRM }).unwrap().colour, Colour::LightGreen);
        assert_eq!(account_colour(&Standing { guard_t: 27_000.0, ..FIRM }).unwrap().colour, Colour::LightGreen);
        assert_eq!(account_colour(&Standing { before: Some(0.0), ..FIRM }).unwrap(), CarbonAccount { growth: None, ..made });
        for blank in [Standing { benchmark: None, ..FIRM }, Standing { value_added: Some(0.0), ..FIRM }] {
            let grey = account_colour(&blank).unwrap();
            assert_eq!((grey.raw, grey.colour, grey.level), (Colour::Grey, Colour::Grey, None));
        }
        assert_eq!(account_colour(&Standing { cuts: [1.0, 0.6, 1.5], ..FIRM }).unwrap_err().code, "carbon.cuts");
    }

    /// By hand: 10 t × 29.3 GJ/t × 0.0262 tC/GJ × 0.98 × 44/12 = 27.584… t; 100 MWh × 0.57 = 57 t.
    #[test]
    fn emission_by_hand() {
        let coal = Fuel { quantity: 10.0, calorific: 29.3, carbon: 0.0262, oxidised: 0.98 };
        assert!((emission_tco2(&[coal], 1.0, (100.0, 0.57), (0.0, 0.11)) - (27.584_1 + 58.0)).abs() < 1e-3);
    }

    /// By hand.
    #[test]
    fn a_benchmark_needs_five_firms() {
        assert_eq!(benchmark(&[(10.0, 5.0); 5]), Some(2.0));
        assert_eq!(benchmark(&[(10.0, 5.0); 4]), None);
        assert_eq!(benchmark(&[(10.0, 0.0); 5]), None);
        assert_eq!(efficiency_grades(&[1.0], &[2.0, 1.0]).unwrap_err().code, "carbon.cuts");
    }
}
