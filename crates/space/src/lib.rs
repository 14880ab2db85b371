//! Raster and vector algebra in memory: reference systems, grids and blocks, ellipsoid areas,
//! exact cell coverage, resampling, order-independent sums and the faults of shapes.
//!
//! A raster is a [`Grid`] and a slice of `f64`, row by row from the upper left, NaN where missing.
//! A shape is a [`geo::MultiPolygon`] in the reference system its owner names.
//!
//! **Invariant:** no paths, databases or file codes for missing cells, and no idea of what a value
//! means. Whatever is computed for a cell depends on that cell's place in the whole grid and never
//! on the block it is computed in: cut the map as you like, the bytes are the same.

pub mod area;
pub mod coverage;
pub mod crs;
pub mod gcj;
pub mod grid;
pub mod index;
pub mod mercator;
pub mod overlay;
mod partition;
pub mod resample;
pub mod shape;
pub mod statutory;
pub mod sum;
mod trace;
pub mod zonal;

pub use area::{AreaMeter, cell_areas_m2, polygon_area_m2};
pub use coverage::Coverage;
pub use crs::{Crs, Projector};
pub use geo;
pub use geo::{Coord, LineString, MultiPolygon, Polygon};
pub use grid::{Bounds, Grid, Window};
pub use index::Index;
pub use resample::{CellMap, Resample, SourceBlock, resample, source_window};
pub use shape::{Fault, FaultKind, PartitionFault, PartitionFaultKind, faults, partition_faults};
pub use sum::FixedSum;
pub use zonal::Zonal;
