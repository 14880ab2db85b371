//! What ties enterprises to the account of nature: carbon accounts, credit, and how material
//! circulates. Cut points, benchmarks and points of events come in as arguments.

pub mod carbon_account;
pub mod circular;
pub mod circular_rates;
pub mod credit;
pub mod small_accounts;

pub use carbon_account::{CarbonAccount, Colour, account_colour, benchmark, efficiency_grades};
pub use circular::{Circulation, finn_index};
pub use credit::{Credit, CreditEvent, CreditRule, credit_score};
