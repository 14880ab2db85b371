//! Bytes in, values out, and back: the formats Liangshan reads and writes.
//!
//! **Invariant:** no paths, sockets or databases in use; every decoder takes bytes it does not
//! trust, never panics on them, and answers bad ones with [`liangshan_vocab::Problem`]s.

pub mod coordinates;
pub mod crs;
pub mod gzip;
pub mod hj212;
pub mod picture;
pub mod raster;
pub mod table;
pub mod vector;
pub mod workbook;

pub use crs::CrsName;
pub use liangshan_vocab::document;

#[cfg(test)]
mod mangled;
