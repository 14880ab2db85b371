//! Colours that people know classes and levels by.

use liangshan_duty::water::Class;

/// No data, or a result that is open.
pub(super) const OPEN: &str = "#c9cdc8";

/// The colour of a class of water: blue to brick, distinct also for who cannot tell red from green; the
/// numeral is always printed beside it.
pub(super) fn water(class: Class) -> &'static str {
    match class {
        Class::I => "#2c7fb8",
        Class::II => "#41ae76",
        Class::III => "#d9b92e",
        Class::IV => "#d9792e",
        Class::V => "#b3403a",
        Class::WorseThanV => "#6e1d25",
    }
}

/// The numeral of a class.
pub(super) fn numeral(class: Class) -> &'static str {
    ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"][class.number() as usize - 1]
}

/// `#00e400`.
pub(super) fn hex(rgb: [u8; 3]) -> String {
    format!("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2])
}

/// Green, ochre, brick: the three verdicts of soil, and of waste.
pub(super) const VERDICTS: [&str; 3] = ["#41ae76", "#d9b92e", "#b3403a"];
