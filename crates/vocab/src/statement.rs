//! What was made of facts by a named method. A statement can be thrown away and made again; it
//! names everything it rests on by one digest.

use serde::{Deserialize, Serialize};

use crate::{Digest, Evidence, Origin, Period, Place};

/// The value of a statement: an amount in a unit, a class, or whether a rule holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// An amount. Money and rights are integers of the smallest unit, written as a string.
    Amount {
        /// The number: a JSON number, or a string of an integer for money.
        amount: serde_json::Value,
        /// Its unit.
        unit: String,
    },
    /// A class, such as water quality class `III`.
    Class {
        /// The class.
        class: String,
    },
    /// Whether a rule holds.
    Holds {
        /// The rule's id.
        rule: String,
        /// Whether it does.
        holds: bool,
    },
}

/// By which method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodRef {
    /// The method profile, with its suffix `-reconstructed` where nobody has read the text.
    pub profile: String,
    /// The indicator.
    pub indicator: String,
    /// The version of the method's implementation.
    pub version: String,
}

/// A computed answer about a place and a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// What is stated: `quantity`, `value`, `index` …
    pub kind: String,
    /// About which place.
    pub place: Place,
    /// About which period.
    pub period: Period,
    /// Which part of the place, such as an ecosystem type; absent for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The answer.
    pub value: Value,
    /// By which method.
    pub method: MethodRef,
    /// Whether the method was read.
    pub evidence: Evidence,
    /// What its inputs are.
    pub origin: Origin,
    /// The digest of everything read.
    pub basis: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracted_shape_goes_out_and_comes_back() {
        let statement = Statement {
            kind: "value".into(),
            place: Place::new("330802", "osm-2020"),
            period: Period::year(2020),
            part: Some("forest".into()),
            value: Value::Amount { amount: "123".into(), unit: "fen".into() },
            method: MethodRef { profile: "p".into(), indicator: "soil_retention".into(), version: "1".into() },
            evidence: Evidence::Unverified,
            origin: Origin::Mixed,
            basis: Digest::of_bytes(&[1; 32]),
        };
        let json = serde_json::to_value(&statement).unwrap();
        assert_eq!(json["value"]["amount"], "123");
        assert_eq!(json["period"]["end"], "2021-01-01");
        assert_eq!(serde_json::from_value::<Statement>(json).unwrap(), statement);
        let class = serde_json::to_value(Value::Class { class: "III".into() }).unwrap();
        assert_eq!(class, serde_json::json!({ "class": "III" }));
    }
}
