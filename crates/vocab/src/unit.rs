//! Units written as in the tables of the field: `t/(ha a)`, `MJ mm/(ha h a)`, `1e4 m3`, `CNY/kWh`.
//!
//! A unit is a factor and a product of base units. The tokens `C`, `CO2`, `N` … name a substance
//! and have no dimension of their own, but they keep tonnes of carbon apart from tonnes of carbon
//! dioxide, which dimensions alone cannot. A name not in the table is an error, never a guess.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Problem, nearest, text, words};

/// Symbol, factor to the base units, the base units with their powers, substance.
type Row = (&'static str, f64, &'static [(&'static str, i32)], Option<&'static str>);

const M: &[(&str, i32)] = &[("m", 1)];
const M2: &[(&str, i32)] = &[("m", 2)];
const M3: &[(&str, i32)] = &[("m", 3)];
const KG: &[(&str, i32)] = &[("kg", 1)];
const J: &[(&str, i32)] = &[("kg", 1), ("m", 2), ("s", -2)];
const NONE: &[(&str, i32)] = &[];

/// Years, months, days and hours do not convert into each other here: a yearly amount read as a
/// daily one is a mistake to be caught, not a factor to be applied.
const TABLE: &[Row] = &[
    ("1", 1.0, NONE, None),
    ("%", 0.01, NONE, None),
    ("m", 1.0, M, None),
    ("mm", 1e-3, M, None),
    ("cm", 1e-2, M, None),
    ("km", 1e3, M, None),
    ("m2", 1.0, M2, None),
    ("ha", 1e4, M2, None),
    ("hm2", 1e4, M2, None),
    ("km2", 1e6, M2, None),
    ("mu", 10_000.0 / 15.0, M2, None),
    ("m3", 1.0, M3, None),
    ("L", 1e-3, M3, None),
    ("cm3", 1e-6, M3, None),
    ("kg", 1.0, KG, None),
    ("tce", 1.0, &[("tce", 1)], None),
    ("g", 1e-3, KG, None),
    ("mg", 1e-6, KG, None),
    ("ug", 1e-9, KG, None),
    ("ng", 1e-12, KG, None),
    ("t", 1e3, KG, None),
    ("gC", 1e-3, KG, Some("C")),
    ("kgC", 1.0, KG, Some("C")),
    ("tC", 1e3, KG, Some("C")),
    ("tCO2", 1e3, KG, Some("CO2")),
    ("kgCO2", 1.0, KG, Some("CO2")),
    ("Pa", 1.0, &[("kg", 1), ("m", -1), ("s", -2)], None),
    ("J", 1.0, J, None),
    ("kJ", 1e3, J, None),
    ("MJ", 1e6, J, None),
    ("GJ", 1e9, J, None),
    ("kWh", 3.6e6, J, None),
    ("s", 1.0, &[("s", 1)], None),
    ("min", 1.0, &[("min", 1)], None),
    ("h", 1.0, &[("h", 1)], None),
    ("d", 1.0, &[("d", 1)], None),
    ("month", 1.0, &[("month", 1)], None),
    ("a", 1.0, &[("a", 1)], None),
    ("degree", 1.0, &[("degree", 1)], None),
    ("degC", 1.0, &[("degC", 1)], None),
    ("dB", 1.0, &[("dB", 1)], None),
    ("S", 1.0, &[("S", 1)], None),
    ("mS", 1e-3, &[("S", 1)], None),
    ("uS", 1e-6, &[("S", 1)], None),
    ("NTU", 1.0, &[("NTU", 1)], None),
    // Of algae; those of a grid are `cell`.
    ("cells", 1.0, &[("cells", 1)], None),
    ("CNY", 1.0, &[("CNY", 1)], None),
    ("code", 1.0, &[("code", 1)], None),
    ("cell", 1.0, &[("cell", 1)], None),
    ("person", 1.0, &[("person", 1)], None),
    ("persons", 1.0, &[("person", 1)], None),
    ("visit", 1.0, &[("visit", 1)], None),
    ("visits", 1.0, &[("visit", 1)], None),
    ("head", 1.0, &[("head", 1)], None),
    ("lot", 1.0, &[("lot", 1)], None),
    ("culm", 1.0, &[("culm", 1)], None),
    ("culms", 1.0, &[("culm", 1)], None),
    ("plant", 1.0, &[("plant", 1)], None),
    ("plants", 1.0, &[("plant", 1)], None),
    ("ion", 1.0, &[("ion", 1)], None),
    ("ions", 1.0, &[("ion", 1)], None),
    ("room-night", 1.0, &[("room-night", 1)], None),
    ("room-nights", 1.0, &[("room-night", 1)], None),
    ("C", 1.0, NONE, Some("C")),
    ("CO2", 1.0, NONE, Some("CO2")),
    ("O2", 1.0, NONE, Some("O2")),
    ("N", 1.0, NONE, Some("N")),
    ("P", 1.0, NONE, Some("P")),
    ("SO2", 1.0, NONE, Some("SO2")),
    ("NOx", 1.0, NONE, Some("NOx")),
    ("COD", 1.0, NONE, Some("COD")),
    ("TN", 1.0, NONE, Some("TN")),
    ("TP", 1.0, NONE, Some("TP")),
    ("NH3-N", 1.0, NONE, Some("NH3-N")),
];

/// A parsed unit, remembered as it was written.
#[derive(Debug, Clone)]
pub struct Unit {
    written: String,
    factor: f64,
    powers: BTreeMap<&'static str, i32>,
    substance: Option<&'static str>,
}

impl Unit {
    /// The unit of a pure number.
    pub fn one() -> Self {
        Self { written: "1".into(), factor: 1.0, powers: BTreeMap::new(), substance: None }
    }

    /// Reads a unit. Tokens are separated by spaces; a slash divides by the next token or by a
    /// bracketed product; `1e4` style numbers are factors.
    ///
    /// # Errors
    /// `unit.unknown` with the nearest known symbol, or `unit.malformed`.
    pub fn parse(written: &str) -> Result<Self, Problem> {
        let malformed = || {
            Problem::error("unit.malformed", words!("单位“{written}”写法有误", "the unit \"{written}\" is not well formed"))
                .key(written)
                .expect(words!("形如 t/(ha a)、1e4 m3、CNY/kWh", "something like t/(ha a), 1e4 m3, CNY/kWh"))
        };
        let mut unit = Self { written: written.trim().to_owned(), ..Self::one() };
        if unit.written.is_empty() {
            return Err(malformed());
        }
        let spaced = written.replace('/', " / ").replace('(', " ( ").replace(')', " ) ");
        let (mut dividing, mut bracket, mut last_was_slash) = (false, None::<bool>, false);
        for token in spaced.split_whitespace() {
            match token {
                "/" if last_was_slash || bracket.is_some() => return Err(malformed()),
                "/" => {
                    dividing = true;
                    last_was_slash = true;
                    continue;
                }
                "(" if bracket.is_some() => return Err(malformed()),
                "(" => bracket = Some(dividing),
                ")" => {
                    if bracket.take().is_none() {
                        return Err(malformed());
                    }
                    dividing = false;
                }
                _ => {
                    let sign = if dividing { -1 } else { 1 };
                    unit.take(token, sign, written)?;
                    if bracket.is_none() {
                        dividing = false;
                    }
                }
            }
            last_was_slash = false;
        }
        if bracket.is_some() || last_was_slash { Err(malformed()) } else { Ok(unit) }
    }

    fn take(&mut self, token: &str, sign: i32, written: &str) -> Result<(), Problem> {
        if let Some(row) = TABLE.iter().find(|row| row.0 == token) {
            self.factor *= row.1.powi(sign);
            for (base, power) in row.2 {
                *self.powers.entry(base).or_insert(0) += sign * power;
            }
            self.powers.retain(|_, p| *p != 0);
            if row.3.is_some() {
                self.substance = row.3;
            }
            return Ok(());
        }
        if let Ok(number) = token.parse::<f64>()
            && number.is_finite()
            && number > 0.0
        {
            self.factor *= number.powi(sign);
            return Ok(());
        }
        let problem = Problem::error("unit.unknown", words!("不认识单位“{token}”", "the unit \"{token}\" is not known"))
            .key(written)
            .expect(text("docs/reference/units.md 所列的单位及其组合", "units of docs/reference/units.md and what they make together"));
        Err(match nearest(token, TABLE.iter().map(|row| row.0)) {
            Some(known) => problem.fix(words!("是否指“{known}”？", "did you mean \"{known}\"?")),
            None => problem.fix(words!("使用 docs/reference/units.md 所列的单位", "use a unit listed in docs/reference/units.md")),
        })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The substance named in it, such as `C` or `CO2`.
    pub fn substance(&self) -> Option<&'static str> {
        self.substance
    }

    /// True when both measure the same thing: equal dimensions, and no two different substances.
    pub fn same_dimension(&self, other: &Self) -> bool {
        self.powers == other.powers && (self.substance.is_none() || other.substance.is_none() || self.substance == other.substance)
    }

    /// What a number in `self` is multiplied by to be in `other`; `None` when they do not measure
    /// the same thing.
    pub fn factor_to(&self, other: &Self) -> Option<f64> {
        self.same_dimension(other).then(|| if self.written == other.written { 1.0 } else { self.factor / other.factor })
    }

    /// The product of two units.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut powers = self.powers.clone();
        for (base, power) in &other.powers {
            *powers.entry(base).or_insert(0) += power;
        }
        powers.retain(|_, p| *p != 0);
        Self {
            written: format!("{} {}", self.written, other.written),
            factor: self.factor * other.factor,
            powers,
            substance: self.substance.or(other.substance),
        }
    }

    /// Every symbol that may be written, with its factor to the base units, for the reference page.
    pub fn symbols() -> impl Iterator<Item = (&'static str, f64, String)> {
        TABLE.iter().map(|(symbol, factor, powers, substance)| {
            let mut base: Vec<String> = powers.iter().map(|(b, p)| if *p == 1 { (*b).to_owned() } else { format!("{b}^{p}") }).collect();
            base.extend(substance.map(|s| format!("[{s}]")));
            (*symbol, *factor, if base.is_empty() { "1".into() } else { base.join(" ") })
        })
    }
}

impl PartialEq for Unit {
    /// Equal size of the same thing, however written.
    fn eq(&self, other: &Self) -> bool {
        self.powers == other.powers && self.substance == other.substance && (self.factor / other.factor - 1.0).abs() < 1e-12
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    fn unit(written: &str) -> Unit {
        Unit::parse(written).unwrap()
    }

    #[test]
    fn factor_units_of_rusle_multiply_to_soil_loss() {
        let made = unit("MJ mm/(ha h a)").times(&unit("t ha h/(ha MJ mm)"));
        assert_eq!(made, unit("t/(ha a)"));
    }

    #[test]
    fn conversions_of_the_field() {
        for (from, to, factor) in [
            ("t/ha", "t/km2", 100.0),
            ("kg/ha", "t/km2", 0.1),
            ("1e4 m3", "m3", 1e4),
            ("kWh", "kJ", 3600.0),
            ("1e8 CNY", "CNY", 1e8),
            ("gC/(m2 a)", "tC/(ha a)", 0.01),
            ("mu", "ha", 1.0 / 15.0),
            ("CNY/kg", "CNY/t", 1000.0),
            ("%", "1", 0.01),
        ] {
            let got = unit(from).factor_to(&unit(to)).unwrap();
            assert!((got / factor - 1.0).abs() < 1e-12, "{from} -> {to}: {got}");
        }
    }

    #[test]
    fn carbon_is_not_carbon_dioxide_and_a_day_is_not_a_year() {
        assert_eq!(unit("t C").factor_to(&unit("t CO2")), None);
        assert_eq!(unit("mm/d").factor_to(&unit("mm/a")), None);
        assert_eq!(unit("t C"), unit("tC"));
    }

    #[test]
    fn unknown_and_malformed_units_are_letters_not_guesses() {
        assert_eq!(Unit::parse("kWhh").unwrap_err().code, "unit.unknown");
        for bad in ["", "t/", "t/(ha", "t)", "t//ha", "t/(ha/a)"] {
            assert_eq!(Unit::parse(bad).unwrap_err().code, "unit.malformed", "{bad}");
        }
    }
}
