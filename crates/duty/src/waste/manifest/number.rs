//! Fourteen digits: the year, the province and prefecture that send, and a serial counted there.

use std::fmt;

use liangshan_vocab::{Problem, text, words};

/// `20263308000123` is no. 123 of 2026 of prefecture 3308.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ManifestNumber {
    year: u16,
    region: u16,
    serial: u32,
}

impl ManifestNumber {
    /// Digits of a number.
    pub const LENGTH: usize = 14;

    /// A number by its parts; `region` is province and prefecture in four digits.
    ///
    /// # Errors
    /// `waste.manifest_number` for a year that is not of four digits, a region that is not four
    /// digits, or a serial outside 1 to 999999.
    pub fn new(year: u16, region: &str, serial: u32) -> Result<Self, Problem> {
        if !(1000..=9999).contains(&year) {
            return Err(fault(year, "2026"));
        }
        let digits = region.len() == 4 && region.bytes().all(|b| b.is_ascii_digit()) && !region.starts_with("00");
        let Some(region) = region.parse().ok().filter(|_| digits) else { return Err(fault(region, "3308")) };
        if !(1..=999_999).contains(&serial) {
            return Err(fault(serial, "1–999999"));
        }
        Ok(Self { year, region, serial })
    }

    /// Reads the fourteen digits.
    ///
    /// # Errors
    /// `waste.manifest_number`.
    pub fn parse(digits: &str) -> Result<Self, Problem> {
        let plain = digits.len() == Self::LENGTH && digits.bytes().all(|b| b.is_ascii_digit());
        let parts = plain.then(|| (digits[..4].parse().ok(), &digits[4..8], digits[8..].parse().ok()));
        match parts {
            Some((Some(year), region, Some(serial))) => Self::new(year, region, serial),
            _ => Err(fault(digits, "20263308000123")),
        }
    }

    /// The year of the transfer.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The serial within the year and the prefecture.
    pub fn serial(self) -> u32 {
        self.serial
    }
}

impl fmt::Display for ManifestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:04}{:06}", self.year, self.region, self.serial)
    }
}

fn fault(got: impl fmt::Display, like: &str) -> Problem {
    Problem::error("waste.manifest_number", words!("联单编号中的“{got}”不合规定", "\"{got}\" cannot stand in the number of a manifest"))
        .key(got.to_string())
        .expect(words!(
            "形如 {like}；编号共 14 位：年份 4、省 2、市 2、流水号 6",
            "such as {like}; in all 14 digits: year 4, province 2, prefecture 2, serial 6"
        ))
        .fix(text("按移出地设区的市编号", "number it within the prefecture that sends"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in ["", "2026330800012", "202633080001234", "2026330800012x", "２０２６３３０８０００１２３", "20260008000123", "20263308000000"]
        {
            assert_eq!(ManifestNumber::parse(wrong).unwrap_err().code, "waste.manifest_number", "{wrong}");
        }
        assert!(ManifestNumber::new(2026, "33", 1).is_err() && ManifestNumber::new(2026, "3308", 1_000_000).is_err());
        assert!(ManifestNumber::new(26, "3308", 1).is_err());
    }

    proptest! {
        #[test]
        fn a_number_reads_back(year in 1000u16..=9999, region in 100u16..=9999, serial in 1u32..=999_999) {
            let number = ManifestNumber::new(year, &format!("{region:04}"), serial).unwrap();
            prop_assert_eq!(number.to_string().len(), ManifestNumber::LENGTH);
            prop_assert_eq!(ManifestNumber::parse(&number.to_string()).unwrap(), number);
        }
    }
}
