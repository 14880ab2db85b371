//! Facts and bytes on disk: the journal, files as received, derived results named by what they were
//! made from, and files that are either whole or not there.
//!
//! **Invariant:** the store computes nothing but digests; it knows no rule, formula or format.

mod archive;
mod blobs;
mod digest;
mod journal;
mod sqlite;
mod whole;

pub use archive::Archive;
pub use blobs::Blobs;
pub use digest::{Naming, digest, digest_file};
pub use journal::{Appended, Head, Journal};
pub use sqlite::SqliteJournal;
pub use whole::{WholeFile, write_whole};
