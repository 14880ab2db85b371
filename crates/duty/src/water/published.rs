//! Why a published class is another than the one of its own values.

use super::{Class, Reading, Rules, Section, Water};

/// The likeliest reason, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They agree.
    Same,
    /// The values leave the class open, or there are none.
    NotDecided,
    /// Without rounding before judging the published class comes out.
    Rounding,
    /// An item lies at a limit: half a unit of its last printed digit would give the published class.
    LimitEdge {
        /// Number of the item.
        item: usize,
    },
    /// The published class is the one published for the section before this: it was carried over.
    CarriedOver,
    /// None of these.
    Unexplained,
}

/// Compares a published class with the class of the printed values.
///
/// `decimals` are the digits printed for an item; `before` is the class published for the section before.
pub fn why_it_differs(
    rules: &Rules<'_>,
    water: Water,
    readings: &[(usize, Reading)],
    decimals: impl Fn(usize) -> u32,
    published: Class,
    before: Option<Class>,
) -> Why {
    let mut section = Section::default();
    rules.judge(water, readings, None, &mut section);
    match section.class() {
        Some(class) if class == published => return Why::Same,
        None => return Why::NotDecided,
        Some(_) => {}
    }
    let as_printed = readings.iter().filter_map(|(n, r)| match (rules.items[*n].limits(water), r) {
        (Some(limits), Reading::Value(v)) if rules.items[*n].part == super::Part::Evaluated => Some(limits.class(*v)),
        _ => None,
    });
    if as_printed.max() == Some(published) {
        return Why::Rounding;
    }
    for (at, (item, reading)) in readings.iter().enumerate() {
        let Reading::Value(value) = *reading else { continue };
        let half = 0.5 * 0.1_f64.powi(decimals(*item) as i32);
        for side in [half, -half] {
            let mut moved = readings.to_vec();
            moved[at].1 = Reading::Value(value + side);
            // The moved one as measured, before it was printed: the rounding would undo the half digit.
            let class = moved.iter().enumerate().filter_map(|(i, (n, r))| match (rules.items[*n].limits(water), r) {
                (Some(limits), Reading::Value(v)) if rules.items[*n].part == super::Part::Evaluated => {
                    Some(limits.class(if i == at { *v } else { rules.rounded(*n, *v) }))
                }
                _ => None,
            });
            if class.max() == Some(published) {
                return Why::LimitEdge { item: *item };
            }
        }
    }
    if before == Some(published) { Why::CarriedOver } else { Why::Unexplained }
}
