//! The judge of soil: farmland by screening and intervention values and its three categories,
//! construction land.
//!
//! **Missing-value rule:** an item that was not measured says nothing; a detection limit above the value it
//! is held against leaves the item undecided, and with it the category, unless another item decides.

mod construction;
mod farmland;

pub use construction::{ConstructionRisk, LandUse, construction, values_of};
pub use farmland::{Correction, Farmland, ItemRisk, correct_by_produce, farmland, safe_use_rate, unit_category};
