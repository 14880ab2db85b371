//! Rounding on decimals, never on binary floats: 0.505 is a tie although its float is not.

use std::collections::HashMap;

use liangshan_vocab::Evidence;
use rust_decimal::{Decimal, RoundingStrategy};

/// What becomes of the digits that are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Nothing is dropped.
    #[default]
    None,
    /// 四舍六入五成双, a tie goes to the even digit (GB/T 8170).
    HalfEven,
    /// 四舍五入, a tie goes away from zero.
    HalfUp,
    /// Away from zero.
    Up,
    /// Cut off.
    Down,
}

impl Mode {
    /// The words in files.
    pub const WORDS: [(&'static str, Mode); 5] =
        [("none", Mode::None), ("half_even", Mode::HalfEven), ("half_up", Mode::HalfUp), ("up", Mode::Up), ("down", Mode::Down)];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|w| w.1 == self).map_or("none", |w| w.0)
    }
}

/// What is compared with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compare {
    /// 全数值比较法: the value as measured.
    #[default]
    FullValue,
    /// 修约值比较法: the value rounded to the decimals of the limit.
    RoundedValue,
}

/// How the numbers of a standard are rounded before they are judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rounding {
    /// How.
    pub mode: Mode,
    /// A value that is not zero never becomes zero: one significant figure stays.
    pub keeps_nonzero: bool,
    /// What is compared with a limit.
    pub compare: Compare,
    /// The table whose keys the decimals are for, `standard.table`.
    pub items: Option<String>,
    /// Decimals by item. An item that is not here is not rounded.
    pub decimals: HashMap<String, u32>,
    /// Whether the text was read.
    pub evidence: Option<Evidence>,
    /// Where it is from.
    pub source: Option<String>,
}

impl Rounding {
    /// A value of an item, rounded as the standard says; as it is where the standard says nothing.
    pub fn of(&self, item: &str, value: f64) -> f64 {
        match self.decimals.get(item) {
            Some(decimals) => round(value, *decimals, self.mode, self.keeps_nonzero),
            None => value,
        }
    }
}

/// Ten to the power of an index; each is a float without error.
const TEN: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The decimal a float is printed as, rounded to so many decimals. NaN and infinities stay as they
/// are. With `keeps_nonzero`, a value that is not zero and would become it keeps one significant
/// figure.
pub fn round(value: f64, decimals: u32, mode: Mode, keeps_nonzero: bool) -> f64 {
    if mode == Mode::None || !value.is_finite() {
        return value;
    }
    let rounded = plain(value, decimals, mode);
    if keeps_nonzero && rounded == 0.0 && value != 0.0 {
        // The power of ten of the first significant figure: 4e-6 has -6.
        let first = value.abs().log10().floor();
        return if (-27.0..=0.0).contains(&first) { plain(value, -first as u32, mode) } else { value };
    }
    rounded
}

fn plain(value: f64, decimals: u32, mode: Mode) -> f64 {
    let Some(factor) = TEN.get(decimals as usize) else { return by_decimal(value, decimals, mode) };
    let scaled = value * factor;
    if scaled.abs() >= 1e15 {
        return value;
    }
    let whole = scaled.floor();
    let over = scaled - whole;
    // Far from a tie the float decides alone; near one, or for the rarer modes, the decimal does.
    if matches!(mode, Mode::HalfEven | Mode::HalfUp) && (over - 0.5).abs() > 1e-9 * (1.0 + scaled.abs()) {
        return if over < 0.5 { whole / factor } else { (whole + 1.0) / factor };
    }
    by_decimal(value, decimals, mode)
}

fn by_decimal(value: f64, decimals: u32, mode: Mode) -> f64 {
    let strategy = match mode {
        Mode::None => return value,
        Mode::HalfEven => RoundingStrategy::MidpointNearestEven,
        Mode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Mode::Up => RoundingStrategy::AwayFromZero,
        Mode::Down => RoundingStrategy::ToZero,
    };
    let written: Option<Decimal> = value.to_string().parse().ok();
    written.and_then(|d| d.round_dp_with_strategy(decimals, strategy).to_string().parse().ok()).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::{Mode, round};

    /// By hand, as GB/T 8170 has it; 0.505, 2.675 and 1.005 are not the floats they look like.
    #[test]
    fn ties_are_ties_of_the_decimal() {
        for (value, decimals, even, up) in [
            (0.505, 2, 0.50, 0.51),
            (0.515, 2, 0.52, 0.52),
            (2.675, 2, 2.68, 2.68),
            (1.005, 2, 1.0, 1.01),
            (9.4, 0, 9.0, 9.0),
            (9.5, 0, 10.0, 10.0),
            (8.5, 0, 8.0, 9.0),
            (-0.25, 1, -0.2, -0.3),
            (0.1004, 3, 0.1, 0.1),
            (0.250_000_1, 1, 0.3, 0.3),
        ] {
            assert_eq!(round(value, decimals, Mode::HalfEven, false), even, "{value}");
            assert_eq!(round(value, decimals, Mode::HalfUp, false), up, "{value}");
        }
        assert_eq!((round(1.21, 1, Mode::Up, false), round(1.29, 1, Mode::Down, false), round(0.505, 2, Mode::None, false)), (1.3, 1.2, 0.505));
    }

    #[test]
    fn what_is_there_never_becomes_nothing() {
        assert_eq!(round(4e-6, 5, Mode::HalfEven, true), 4e-6);
        assert_eq!(round(4.6e-6, 5, Mode::HalfEven, true), 5e-6);
        assert_eq!(round(4e-6, 5, Mode::HalfEven, false), 0.0);
        assert_eq!(round(0.0, 5, Mode::HalfEven, true), 0.0);
        assert_eq!(round(1e-60, 5, Mode::HalfEven, true), 1e-60);
        assert_eq!(round(1e300, 2, Mode::HalfEven, true), 1e300);
        assert!(round(f64::NAN, 2, Mode::HalfEven, true).is_nan());
    }

    /// The quick way and the slow way agree on every thousandth with every number of decimals.
    #[test]
    fn the_quick_way_is_the_slow_way() {
        for thousandths in 0..20_000 {
            let value = f64::from(thousandths) / 1000.0;
            for decimals in 0..4 {
                for mode in [Mode::HalfEven, Mode::HalfUp] {
                    assert_eq!(super::plain(value, decimals, mode), super::by_decimal(value, decimals, mode), "{value} {decimals}");
                }
            }
        }
    }
}
