//! Who: a person, a body or an office. Duty attaches to the office; who held it that day is
//! looked up.

use serde::{Deserialize, Serialize};

use crate::Text;

/// A party by its stable id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Party {
    /// A natural person.
    Person {
        /// Stable id.
        id: String,
        /// Name in both languages.
        name: Text,
    },
    /// An enterprise, association or authority.
    Body {
        /// Stable id, a unified social credit code where there is one.
        id: String,
        /// Name in both languages.
        name: Text,
    },
    /// A post within a body: what a duty is given to.
    Office {
        /// Stable id.
        id: String,
        /// Name in both languages.
        name: Text,
        /// The body it belongs to.
        body: String,
    },
}

impl Party {
    /// The stable id.
    pub fn id(&self) -> &str {
        match self {
            Party::Person { id, .. } | Party::Body { id, .. } | Party::Office { id, .. } => id,
        }
    }

    /// True when a duty may be given to it.
    pub fn can_hold_a_duty(&self) -> bool {
        matches!(self, Party::Office { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn a_duty_goes_to_an_office_never_to_a_person() {
        let office = Party::Office { id: "qz-eeb-water".into(), name: text("水生态处", "Water Ecology Office"), body: "qz-eeb".into() };
        let person = Party::Person { id: "p1".into(), name: text("某人", "Somebody") };
        assert!(office.can_hold_a_duty() && !person.can_hold_a_duty());
        let json = serde_json::to_value(&office).unwrap();
        assert_eq!((json["is"].as_str(), json["body"].as_str()), (Some("office"), Some("qz-eeb")));
    }
}
