//! Rasters: GeoTIFF in, Cloud Optimized GeoTIFF out.
//!
//! [`Raster`] opens any random-access bytes ([`ReadAt`]) and hands out windows of `f64` in which a
//! missing cell is NaN, whatever the file used to say so: a nodata value, a mask, a hole in a sparse
//! file. [`write_cog`] does the reverse. Neither knows a path, so problems name no file; the caller
//! adds it.
//!
//! The TIFF container and its codecs are read by the `tiff-reader` crate; the georeference and GDAL's
//! own tags are read here, because whether a reference system is known, missing or unnamed is a
//! question we ask the user about and not a parsing detail.

mod cog;
mod directory;
mod georeference;
mod metadata;
mod overview;
mod reader;
mod source;

pub use crate::crs::CrsName;
pub use cog::{CogLayout, CogSample, Overviews, Statistics, write_cog};
pub use reader::{Raster, RasterInfo, Sample};
pub use source::ReadAt;
