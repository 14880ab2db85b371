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

/// A row with a published class, as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The section's name.
    pub section: String,
    /// When: times in order of text are in order.
    pub at: String,
    /// The row it stands in.
    pub row: u64,
    /// Which limits hold.
    pub water: Water,
    /// The row's own values, in the units of the limits.
    pub readings: Vec<(usize, Reading)>,
    /// Digits printed behind the point, in the same order.
    pub decimals: Vec<u32>,
    /// The published class.
    pub class: Class,
}

/// What a published class comes to beside its row's own values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// Number of the row in what was given.
    pub of: usize,
    /// The class of the row's values.
    pub computed: Option<Class>,
    /// Why the two differ, or that they do not.
    pub why: Why,
}

/// Holds every published class against the class of its own row's values, in order of section, time and
/// row. A repeated row is not the one before itself.
pub fn compare(rules: &Rules<'_>, rows: &[Published]) -> Vec<Compared> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| (&rows[*a].section, &rows[*a].at, rows[*a].row).cmp(&(&rows[*b].section, &rows[*b].at, rows[*b].row)));
    let mut section = Section::default();
    // The class published last for the section, when, and the one before it.
    let mut last: Option<(&str, &str, Class, Option<Class>)> = None;
    let mut out = Vec::with_capacity(rows.len());
    for of in order {
        let row = &rows[of];
        let before = match last {
            Some((name, at, _, earlier)) if name == row.section && at == row.at => earlier,
            Some((name, _, class, _)) if name == row.section => Some(class),
            _ => None,
        };
        let digits = |item: usize| row.readings.iter().position(|r| r.0 == item).and_then(|at| row.decimals.get(at)).copied().unwrap_or(0);
        rules.judge(row.water, &row.readings, None, &mut section);
        let why = why_it_differs(rules, row.water, &row.readings, digits, row.class, before);
        out.push(Compared { of, computed: section.class(), why });
        last = Some((&row.section, &row.at, row.class, before));
    }
    out
}
