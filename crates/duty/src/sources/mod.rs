//! Sources of polluted air other than monitored outlets: fuels in no-burn zones, coal, motor vehicles.
//!
//! Whether a place lies in a zone is asked of a map elsewhere; here a unit comes with the zones it lies in.

pub mod coal;
pub mod fuel;
pub mod plants;
pub mod vehicles;

pub use fuel::{Catalogue, Restriction, Standing, Unit, Zone};
