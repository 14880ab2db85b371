//! Where: a division, zone or unit by its code, in the edition of its boundary.

use serde::{Deserialize, Serialize};

/// A place. Boundaries are redrawn, so the code alone does not say which ground is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// GB/T 2260 for divisions (`330802`), a declared code for anything else.
    pub code: String,
    /// Which drawing of the boundary, such as `osm-2020`.
    pub edition: String,
}

impl Place {
    /// A place by code and edition.
    pub fn new(code: impl Into<String>, edition: impl Into<String>) -> Self {
        Self { code: code.into(), edition: edition.into() }
    }
}

/// True for the form of a county-level or higher GB/T 2260 code: six digits that do not begin
/// with zero. Whether the code exists is a question for the division table.
pub fn is_division_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) && !code.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_code_in_another_edition_is_another_place() {
        assert_ne!(Place::new("330802", "osm-2020"), Place::new("330802", "2023"));
    }

    #[test]
    fn division_codes_have_six_digits() {
        assert!(is_division_code("330802"));
        assert!(!is_division_code("33080") && !is_division_code("33080x") && !is_division_code("030802"));
    }
}
