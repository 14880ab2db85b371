//! `zones.html`: the account by zone and line.

use liangshan_atlas::zones::sheet::ZoneSheet;

/// Renders the page.
pub(crate) fn zones(_sheet: &ZoneSheet<'_>) -> String {
    String::new()
}
