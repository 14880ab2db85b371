//! How closely a producer of hazardous waste is supervised (HJ 1259-2022): by its yearly amount and
//! by whether it uses or disposes of waste itself.

use liangshan_vocab::{Problem, Text, text};
use rust_decimal::Decimal;

use super::rules::threshold;
use crate::standard::Standard;

/// Yearly amounts that part the classes, t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// From here on key supervision.
    pub key_t: Decimal,
    /// From here on simplified supervision.
    pub simplified_t: Decimal,
}

impl Thresholds {
    /// Those of the rules.
    ///
    /// # Errors
    /// As [`threshold`].
    pub fn of(rules: &Standard) -> Result<Self, Problem> {
        Ok(Self { key_t: threshold(rules, "key_t")?, simplified_t: threshold(rules, "simplified_t")? })
    }
}

/// The class of a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProducerClass {
    /// A small amount: the ledger and a yearly report.
    Registration,
    /// A larger one: quarterly and yearly reports.
    Simplified,
    /// A large one at one site, or with a facility of its own or an operating licence: monthly and
    /// yearly reports.
    Key,
}

impl ProducerClass {
    /// The class of a producer by the yearly amounts of up to three years, t, of which the largest
    /// counts; `None` when no year is given.
    pub fn of(yearly_t: &[Decimal], own_facility: bool, thresholds: Thresholds) -> Option<Self> {
        let most = yearly_t.iter().max()?;
        Some(match *most {
            _ if own_facility => ProducerClass::Key,
            t if t >= thresholds.key_t => ProducerClass::Key,
            t if t >= thresholds.simplified_t => ProducerClass::Simplified,
            _ => ProducerClass::Registration,
        })
    }

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            ProducerClass::Registration => "registration",
            ProducerClass::Simplified => "simplified",
            ProducerClass::Key => "key",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            ProducerClass::Registration => text("登记管理单位", "registration only"),
            ProducerClass::Simplified => text("简化管理单位", "simplified supervision"),
            ProducerClass::Key => text("重点监管单位", "key supervision"),
        }
    }

    /// Months between two reports of what was produced.
    pub fn report_months(self) -> u32 {
        match self {
            ProducerClass::Registration => 12,
            ProducerClass::Simplified => 3,
            ProducerClass::Key => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HJ 1259-2022: thresholds are included, and a facility of its own makes any producer a key one.
    #[test]
    fn thresholds_and_facilities() {
        let thresholds = Thresholds { key_t: Decimal::ONE_HUNDRED, simplified_t: Decimal::TEN };
        let of = |t: &[&str], own| ProducerClass::of(&t.iter().map(|t| t.parse().unwrap()).collect::<Vec<_>>(), own, thresholds);
        assert_eq!(of(&["99.999"], false), Some(ProducerClass::Simplified));
        assert_eq!(of(&["0.1"], true), Some(ProducerClass::Key));
        assert_eq!(of(&[], true), None);
        assert!(ProducerClass::Key > ProducerClass::Simplified && ProducerClass::Key.report_months() == 1);
    }
}
