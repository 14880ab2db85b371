//! The ecological security pattern: how hard a surface is to cross, the cheapest ways over it, and
//! where currents crowd.

pub mod circuit;
pub mod corridor;
pub mod mcr;
pub mod pattern;
pub mod surface;

pub use circuit::{Circuit, Edge, circuit};
pub use corridor::{connectivity_loss, gravity};
pub use mcr::{Costs, mcr};
pub use surface::{Neighbours, Surface};
