//! Bytes on disk: derived results named by what they were made from, and files that are either
//! whole or not there.
//!
//! **Invariant:** the store computes nothing but digests; it knows no rule, formula or format.

mod blobs;
mod digest;
mod whole;

pub use blobs::Blobs;
pub use digest::{Naming, digest, digest_file};
pub use whole::{WholeFile, write_whole};
