//! Compensation between upstream and downstream, transfers by the growth of GEP, and damage to the
//! environment by the virtual cost of treatment.
//!
//! Coefficients, steps and bounds are those of an agreement or a standard and come in as arguments.

pub mod agreement;
pub mod damage;
pub mod index;
pub mod pool;
pub mod resettlement;
pub mod virtual_cost;

pub use agreement::{AgreementIndex, ClassStep, agreement_index, class_step_fen, net_by_county, quality_quantity};
pub use damage::{Pollutants, interim_loss, several_pollutants_yuan};
pub use index::{PIndex, Payment, PaymentRule, PaymentStep, p_index};
pub use pool::{PoolSplit, split_pool};
pub use virtual_cost::{ClassMultiple, ExceedSteps, VirtualCost, by_class_multiple, virtual_cost};
