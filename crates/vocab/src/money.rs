//! Money as an integer of its smallest unit.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Fen: hundredths of a yuan. In JSON a string of an integer, so that no reader rounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(pub i128);

impl Fen {
    /// Yuan with exactly two decimals, `-12.05`.
    pub fn yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", abs / 100, abs % 100)
    }

    /// Reads what [`Fen::yuan`] writes, or fewer decimals. `None` for anything else, including
    /// more than two decimals: money is never rounded by a reader.
    pub fn parse_yuan(yuan: &str) -> Option<Self> {
        let (sign, digits) = match yuan.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, yuan),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || part.len() > 2 || !plain(whole) || !plain(part) {
            return None;
        }
        let fen: i128 = format!("{part:0<2}").parse().ok()?;
        Some(Self(sign * (whole.parse::<i128>().ok()?.checked_mul(100)?.checked_add(fen)?)))
    }

    /// As a float of yuan, for ratios and pictures only, never for a sum.
    pub fn as_yuan_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.yuan())
    }
}

impl std::ops::Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0 + other.0)
    }
}

impl std::ops::AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        self.0 += other.0;
    }
}

impl std::ops::Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0 - other.0)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(iter: I) -> Fen {
        iter.fold(Fen(0), |a, b| a + b)
    }
}

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Fen).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn yuan_are_written_and_read_without_rounding() {
        for (fen, yuan) in [(0, "0.00"), (5, "0.05"), (-1205, "-12.05"), (123_456_789_012_345_678, "1234567890123456.78")] {
            assert_eq!(Fen(fen).yuan(), yuan);
            assert_eq!(Fen::parse_yuan(yuan), Some(Fen(fen)));
        }
        assert_eq!(Fen::parse_yuan("1.005"), None);
        assert_eq!(Fen::parse_yuan("1,000"), None);
        assert_eq!(serde_json::to_string(&Fen(7)).unwrap(), "\"7\"");
    }
}
