//! Bytes that can be read at any place: a file already opened, or a buffer.

use std::io;
use std::sync::Arc;

use tiff_reader::TiffError;
use tiff_reader::source::TiffSource;

/// Random access to bytes that do not change while they are read.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// True when there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `into` with the bytes from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof` when fewer are left; else what the file system says.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;
}

fn copy_from(bytes: &[u8], offset: u64, into: &mut [u8]) -> io::Result<()> {
    let found = usize::try_from(offset).ok().and_then(|start| bytes.get(start..start.checked_add(into.len())?));
    into.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
    Ok(())
}

impl ReadAt for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        copy_from(self, offset, into)
    }
}

impl ReadAt for Arc<[u8]> {
    fn len(&self) -> u64 {
        self.as_ref().len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        copy_from(self, offset, into)
    }
}

#[cfg(any(unix, windows))]
impl ReadAt for std::fs::File {
    /// The length now; 0 when the file system does not say.
    fn len(&self) -> u64 {
        self.metadata().map_or(0, |about| about.len())
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, into, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(self, into, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    into = &mut into[read..];
                    offset += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// A [`ReadAt`] as the TIFF library wants it. The length is asked once, so that one open raster
/// sees one length.
pub(super) struct Bytes {
    source: Arc<dyn ReadAt>,
    len: u64,
}

impl Bytes {
    pub(super) fn of(source: Arc<dyn ReadAt>) -> Self {
        let len = source.len();
        Self { source, len }
    }
}

impl TiffSource for Bytes {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_exact_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, TiffError> {
        // Checked before the buffer is made: a broken header must not ask for all of memory.
        if offset.checked_add(len as u64).is_none_or(|end| end > self.len) {
            return Err(TiffError::OffsetOutOfBounds { offset, length: len as u64, data_len: self.len });
        }
        let mut bytes = vec![0; len];
        self.source.read_at(offset, &mut bytes).map_err(|error| TiffError::Io(error, String::new()))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_read_at_any_place_and_never_past_its_end() {
        let bytes: Arc<[u8]> = Arc::from([1_u8, 2, 3, 4]);
        let mut two = [0; 2];
        bytes.read_at(1, &mut two).unwrap();
        assert_eq!(two, [2, 3]); // by position
        for offset in [3, 4, 5, u64::MAX] {
            assert_eq!(bytes.read_at(offset, &mut two).unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "{offset}");
        }
        assert!(!ReadAt::is_empty(&bytes));
    }
}
