//! Parts that zones and lines make of the counties, and sums taken by them in the same pass over the
//! cells as the account's own.

use liangshan_space::{Coverage, FixedSum, Window};

use crate::task::Sums;

/// The square metres of a hectare; sums are of values times hectares.
const HECTARE_M2: f64 = 10_000.0;

/// What one zone has of one county.
#[derive(Debug, Clone)]
pub struct ZonePart {
    /// The zone, by its number over all sets.
    pub zone: usize,
    /// The county, by its number among the places.
    pub county: usize,
    /// Its exact share of every cell.
    pub coverage: Coverage,
    /// Its area on the ellipsoid as measured, m².
    pub area_m2: f64,
}

/// A part's number, and its cells in a block with their shares.
pub type Cells = (u16, Vec<(u32, f64)>);

/// The parts that lie in a block.
pub fn zones_of(parts: &[ZonePart], window: &Window) -> Vec<Cells> {
    let cells = parts.iter().enumerate().map(|(at, part)| (u16::try_from(at).unwrap_or(u16::MAX), part.coverage.in_window(window)));
    cells.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// Sums over the cells of each part: area, then each column times hectares, by part and class. The part
/// stands where the account's sums have the county. A cell without a value adds nothing; the account's
/// own sums count it as missing and refuse it.
pub fn by_zone(zoned: &[Cells], classes: &[u16], counted: &[bool], areas: &[f64], columns: &[(String, Vec<f64>)]) -> Sums {
    let width = columns.len() + 1;
    let mut sums = Sums { quantities: ["area_m2".to_owned()].into_iter().chain(columns.iter().map(|c| c.0.clone())).collect(), ..Sums::default() };
    let mut own: Vec<Vec<FixedSum>> = vec![Vec::new(); counted.len()];
    for (part, cells) in zoned {
        for (index, share) in cells {
            let i = *index as usize;
            let class = usize::from(classes[i]);
            if !counted.get(class).copied().unwrap_or(false) {
                continue;
            }
            let own = &mut own[class];
            if own.is_empty() {
                own.resize(width, FixedSum::new());
            }
            let area = areas[i] * share;
            own[0].add(area);
            let hectares = area / HECTARE_M2;
            for (column, sum) in columns.iter().zip(&mut own[1..]) {
                let value = column.1[i];
                if !value.is_nan() {
                    sum.add(value * hectares);
                }
            }
        }
        for (class, own) in own.iter_mut().enumerate().filter(|(_, own)| !own.is_empty()) {
            let class = u16::try_from(class).unwrap_or(u16::MAX);
            sums.by.insert((*part, class), std::mem::take(own));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: two parts share a cell of 20 000 m² by halves; 3 t/ha on it and 5 t/ha on the next,
    /// which belongs to the second part alone and is of a class that does not count for the first sum.
    #[test]
    fn a_cell_counts_by_its_share() {
        let zoned = vec![(4_u16, vec![(0, 0.5)]), (7, vec![(0, 0.5), (1, 1.0)])];
        let columns = vec![("kept".to_owned(), vec![3.0, 5.0])];
        let sums = by_zone(&zoned, &[0, 1], &[true, true], &[20_000.0, 10_000.0], &columns);
        let value = |part, class| sums.sum(part, class, "kept").map(FixedSum::value);
        assert_eq!((value(4, 0), value(7, 0), value(7, 1), value(4, 1)), (Some(3.0), Some(3.0), Some(5.0), None));
        assert_eq!(sums.sum(7, 0, "area_m2").unwrap().value(), 10_000.0);
        let some = by_zone(&zoned, &[0, 1], &[true, false], &[20_000.0, 10_000.0], &columns);
        assert_eq!(some.sum(7, 1, "kept"), None);
    }
}
