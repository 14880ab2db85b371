//! The words of Liangshan: what every other crate says and means the same by.
//!
//! A word lives here when three domain crates need it and would otherwise disagree: a bilingual
//! [`Text`], a [`Unit`] and a [`Quantity`] with its [`Kind`], a [`Place`], a [`Period`], a
//! [`Party`], what an operation needs and makes ([`Spec`]), what happened ([`Fact`]), what was
//! computed ([`Statement`]), and a [`Problem`], which is an error written as a letter to the person who can fix it.
//!
//! **Invariant:** no files, clocks or networks; nothing about any one model, law or province.

pub mod apportion;
pub mod calculator;
#[cfg(feature = "cases")]
pub mod cases;
pub mod digest;
pub mod document;
pub mod fact;
pub mod money;
pub mod nearest;
pub mod party;
pub mod period;
pub mod place;
pub mod problem;
pub mod quantity;
pub mod spec;
pub mod statement;
pub mod text;
pub mod trust;
pub mod unit;

pub use apportion::{common_scale, largest_remainder};
pub use calculator::{Answer, Arguments, Calculator};
pub use digest::Digest;
pub use fact::{Fact, Happening, Moment};
pub use money::Fen;
pub use nearest::nearest;
pub use party::Party;
pub use period::Period;
pub use place::Place;
pub use problem::{Problem, Problems, Severity, Where};
pub use quantity::{Kind, Measure, Quantity};
pub use spec::{Form, Input, Output, Reach, Source, Spec};
pub use statement::{MethodRef, Statement, Value};
pub use text::{Lang, Text, text};
pub use trust::{Evidence, Origin};
pub use unit::Unit;
