//! Derived results by the digest of what they were made from. The folder may be deleted freely.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use liangshan_vocab::Digest;

use crate::{digest, write_whole};

/// A folder of results. A file holds the digest of its own content in front, so that a torn or
/// altered result is noticed and made again rather than believed.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// The results below a folder, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, name: &Digest, kind: &str) -> PathBuf {
        self.root.join(&name.as_str()[..2]).join(format!("{}.{kind}", name.as_str()))
    }

    /// A result, if there is a sound one.
    pub fn get(&self, name: &Digest, kind: &str) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.path(name, kind)).ok()?;
        if bytes.len() < 65 {
            return None;
        }
        let content = bytes.split_off(65);
        let stated = std::str::from_utf8(&bytes[..64]).ok().and_then(Digest::parse)?;
        (stated == digest(&content)).then_some(content)
    }

    /// Keeps a result.
    ///
    /// # Errors
    /// Those of writing it; then nothing has changed.
    pub fn put(&self, name: &Digest, kind: &str, content: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(content.len() + 65);
        bytes.extend_from_slice(digest(content).as_str().as_bytes());
        bytes.push(b'\n');
        bytes.extend_from_slice(content);
        write_whole(&self.path(name, kind), &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_comes_back_and_a_torn_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(dir.path());
        let name = digest(b"what it was made from");
        assert_eq!(blobs.get(&name, "sums"), None);
        blobs.put(&name, "sums", b"42").unwrap();
        assert_eq!(blobs.get(&name, "sums").as_deref(), Some(&b"42"[..]));
        let path = blobs.path(&name, "sums");
        let mut torn = fs::read(&path).unwrap();
        torn.pop();
        fs::write(&path, torn).unwrap();
        assert_eq!(blobs.get(&name, "sums"), None);
    }
}
