//! Which shapes may meet a rectangle: a packed R-tree over their bounds.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::Bounds;

/// Rectangles by number, packed once.
pub struct Index(RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>);

fn around(bounds: &Bounds) -> AABB<[f64; 2]> {
    AABB::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north])
}

impl Index {
    /// Packs rectangles with their numbers; what has none is found by nobody.
    pub fn of(bounds: impl IntoIterator<Item = (usize, Bounds)>) -> Self {
        let boxes = bounds.into_iter().map(|(number, b)| GeomWithData::new(Rectangle::from_aabb(around(&b)), number)).collect();
        Self(RTree::bulk_load(boxes))
    }

    /// The numbers whose rectangle meets another, ascending, each once.
    pub fn meeting(&self, bounds: &Bounds) -> Vec<usize> {
        let mut found: Vec<usize> = self.0.locate_in_envelope_intersecting(&around(bounds)).map(|entry| entry.data).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against looking at every one of them.
    #[test]
    fn what_is_found_is_what_meets() {
        let bounds: Vec<Bounds> = (0..2000_u32)
            .map(|i| {
                let (x, y) = (f64::from(i * 7919 % 1000), f64::from(i * 104_729 % 1000));
                Bounds { west: x, south: y, east: x + f64::from(i % 13), north: y + f64::from(i % 7) }
            })
            .collect();
        let index = Index::of(bounds.iter().copied().enumerate());
        for asked in [Bounds { west: 100.0, south: 100.0, east: 130.0, north: 180.0 }, Bounds { west: -5.0, south: 0.0, east: -1.0, north: 9.0 }] {
            let slow: Vec<usize> = (0..bounds.len()).filter(|i| bounds[*i].meets(&asked)).collect();
            assert_eq!(index.meeting(&asked), slow);
        }
    }
}
