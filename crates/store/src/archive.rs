//! Files as they were received, named by the digest of their bytes. They are facts in the form of
//! bytes: never deleted, never changed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use liangshan_vocab::Digest;

use crate::{WholeFile, digest, digest_file};

/// A folder of files by digest.
#[derive(Debug, Clone)]
pub struct Archive {
    root: PathBuf,
}

impl Archive {
    /// The files below a folder, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where a file lies, relative to the folder: `ab/ab….csv`.
    pub fn name(name: &Digest, ending: &str) -> String {
        format!("{}/{}.{ending}", &name.as_str()[..2], name.as_str())
    }

    /// Where a file lies.
    pub fn path(&self, name: &Digest, ending: &str) -> PathBuf {
        self.root.join(Self::name(name, ending))
    }

    /// Keeps some bytes. When it returns, they are on disk and will be found there under their digest
    /// after a loss of power: the file is flushed, then renamed, then its folders are flushed. A damaged
    /// file of that name is written anew.
    ///
    /// # Errors
    /// Those of writing; then there is no such file, or the one that was there.
    pub fn keep(&self, content: &[u8], ending: &str) -> io::Result<Digest> {
        let name = digest(content);
        let path = self.path(&name, ending);
        if digest_file(&path).is_ok_and(|there| there == name) {
            return Ok(name);
        }
        let mut file = WholeFile::create(&path)?;
        file.write_all(content)?;
        file.finish()?;
        for folder in [path.parent(), Some(self.root.as_path()), self.root.parent()].into_iter().flatten() {
            flushed(folder)?;
        }
        Ok(name)
    }

    /// A file's bytes, if they are there and have the digest they are named by.
    pub fn get(&self, name: &Digest, ending: &str) -> Option<Vec<u8>> {
        fs::read(self.path(name, ending)).ok().filter(|bytes| digest(bytes) == *name)
    }

    /// True when the file is there and whole.
    pub fn holds(&self, name: &Digest, ending: &str) -> bool {
        digest_file(&self.path(name, ending)).is_ok_and(|there| there == *name)
    }
}

/// Flushes a folder's list of names. Where folders cannot be flushed, as on Windows, a rename is as
/// safe as the system makes it.
fn flushed(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_once_and_a_damaged_one_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::at(dir.path().join("received"));
        let name = archive.keep("年,值\n".as_bytes(), "csv").unwrap();
        assert_eq!(archive.keep("年,值\n".as_bytes(), "csv").unwrap(), name);
        assert_eq!(archive.get(&name, "csv").as_deref(), Some("年,值\n".as_bytes()));
        let path = archive.path(&name, "csv");
        assert!(path.ends_with(Archive::name(&name, "csv")));
        fs::write(&path, "年,值").unwrap();
        assert!(archive.get(&name, "csv").is_none() && !archive.holds(&name, "csv"));
        assert_eq!(archive.keep("年,值\n".as_bytes(), "csv").unwrap(), name);
        assert!(archive.holds(&name, "csv"), "a damaged file is written anew");
    }
}
