//! The page is tested on a region in `crates/app/tests`; here what it is made of.

use super::km2;

/// By hand: 123 456 789 hundredths of a m² are 1.23 km².
#[test]
fn areas_are_shown_in_square_kilometres() {
    assert_eq!(km2(123_456_789), "1.23");
    assert_eq!(km2(685_250_000_000), "6,852.50");
}
