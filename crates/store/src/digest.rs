//! SHA-256 of bytes, files, and of lists of named parts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use liangshan_vocab::Digest;
use sha2::{Digest as _, Sha256};

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest::of_bytes(&Sha256::digest(bytes).into())
}

/// The digest of a file, read once from end to end in pieces.
///
/// # Errors
/// Those of reading it.
pub fn digest_file(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0_u8; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest::of_bytes(&hash.finalize().into())),
            n => hash.update(&piece[..n]),
        }
    }
}

/// Names a step by everything it read: each part is written with its label and length, so that no
/// two different lists of parts run together to the same bytes.
#[derive(Clone, Default)]
pub struct Naming(Sha256);

impl Naming {
    /// Begins the name of one kind of step.
    pub fn of(step: &str) -> Self {
        Self::default().with("step", step)
    }

    /// Adds a part.
    #[must_use]
    pub fn with(mut self, label: &str, part: impl AsRef<[u8]>) -> Self {
        for bytes in [label.as_bytes(), part.as_ref()] {
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
        self
    }

    /// The name.
    pub fn digest(self) -> Digest {
        Digest::of_bytes(&self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_abc_is_the_published_one() {
        // FIPS 180-4, example B.1: SHA-256("abc").
        assert_eq!(digest(b"abc").as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn parts_do_not_run_together() {
        let name = |a: &str, b: &str| Naming::of("s").with("x", a).with("x", b).digest();
        assert_ne!(name("ab", "c"), name("a", "bc"));
        assert_eq!(name("a", "b"), name("a", "b"));
    }

    #[test]
    fn a_file_has_the_digest_of_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let bytes: Vec<u8> = (0..200_000_u32).map(|i| i as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(digest_file(&path).unwrap(), digest(&bytes));
    }
}
