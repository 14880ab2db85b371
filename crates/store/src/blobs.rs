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

    /// Where a result that other programs open as it is, such as a map, is kept. It is written with
    /// [`crate::WholeFile`], so it is whole or not there; it carries no digest of its own.
    pub fn plain(&self, name: &Digest, kind: &str) -> PathBuf {
        self.path(name, kind)
    }

    /// Removes what a killed run left half-written.
    ///
    /// # Errors
    /// Those of listing the folder; a folder that is not there is clean.
    pub fn sweep(&self) -> io::Result<u64> {
        let mut swept = 0;
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(e),
            };
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "tmp") && fs::remove_file(&path).is_ok() {
                    swept += 1;
                }
            }
        }
        Ok(swept)
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

    #[test]
    fn half_written_files_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(dir.path().join("derived"));
        assert_eq!(blobs.sweep().unwrap(), 0);
        blobs.put(&digest(b"x"), "sums", b"1").unwrap();
        fs::write(blobs.root().join(".half.tmp"), b"half").unwrap();
        assert_eq!(blobs.sweep().unwrap(), 1);
        assert_eq!(blobs.get(&digest(b"x"), "sums").as_deref(), Some(&b"1"[..]));
    }
}
