//! Kinds of record declared as data: what a sewage plant, a village or a manifest is, in one language.
//! From a declaration follow, without code, the table, the import with everything wrong in it, the
//! export, the layer of a map, the description of a form, and who may move a record on.
//!
//! **Invariant:** it knows no register by name; what differs only in its fields is data.

pub mod change;
pub mod column;
pub mod export;
pub mod form;
pub mod import;
pub mod life;
pub mod measure;
pub mod record;
pub mod register;

pub use change::Changes;
pub use column::{Column, Holds};
pub use import::{Given, Known, import};
pub use life::{Life, Step};
pub use measure::{How, Measure, Measured};
pub use record::{Record, Shape, Value};
pub use register::{Geometry, Register};
