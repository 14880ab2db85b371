//! The name of some bytes: their SHA-256 in hexadecimal. Computing it is the store's business.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Sixty-four lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Takes a digest written as 64 hexadecimal digits, in either case.
    pub fn parse(hex: &str) -> Option<Self> {
        (hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Self(hex.to_ascii_lowercase()))
    }

    /// Writes 32 bytes as a digest.
    pub fn of_bytes(bytes: &[u8; 32]) -> Self {
        Self(bytes.iter().map(|b| format!("{b:02x}")).collect())
    }

    /// All 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn only_sixty_four_hex_digits_are_a_digest() {
        assert!(Digest::parse(&"ab".repeat(32)).is_some());
        assert!(Digest::parse("ab").is_none() && Digest::parse(&"zz".repeat(32)).is_none());
        assert_eq!(Digest::of_bytes(&[255; 32]).short(), "ffffffffffff");
    }
}
