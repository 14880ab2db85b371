//! From a concentration to the individual index (IAQI, 空气质量分指数): linear between breakpoints,
//! rounded up.

use super::Micro;

/// What is said above the last breakpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// This index.
    Index(u16),
    /// No index from this item: another one of the pollutant speaks.
    Silent,
}

/// The breakpoints of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    points: Vec<(u16, Micro)>,
    above: Above,
}

impl Scale {
    /// A scale by its points, index and concentration; `None` unless there are two or more and both
    /// rise from point to point, the first at a concentration of 0.
    pub fn new(points: Vec<(u16, Micro)>, above: Above) -> Option<Self> {
        let rises = points.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1);
        (points.len() >= 2 && rises && points[0].1 == Micro::default()).then_some(Self { points, above })
    }

    /// The individual index of a concentration, `ceil((Hi − Lo)/(BPHi − BPLo) · (C − BPLo) + Lo)`, in
    /// whole numbers, multiplied before it is divided.
    pub fn iaqi(&self, c: Micro) -> Option<u16> {
        let Some(upper) = self.points.iter().position(|(_, bp)| c <= *bp) else {
            return match self.above {
                Above::Index(index) => Some(index),
                Above::Silent => None,
            };
        };
        let ((lo, bp_lo), (hi, bp_hi)) = (self.points[upper.saturating_sub(1)], self.points[upper.max(1)]);
        let (rise, run) = (i64::from(hi - lo), bp_hi.count() - bp_lo.count());
        let part = rise * (c.count() - bp_lo.count());
        let index = i64::from(lo) + part / run + i64::from(part % run != 0);
        u16::try_from(index).ok()
    }

    /// The points, index and concentration.
    pub fn points(&self) -> &[(u16, Micro)] {
        &self.points
    }

    /// What is said above them.
    pub fn above(&self) -> Above {
        self.above
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pm25() -> Scale {
        let points = [(0, 0), (50, 35), (100, 75), (150, 115), (200, 150), (300, 250), (400, 350), (500, 500)];
        Scale::new(points.map(|(i, c)| (i, Micro::units(c).unwrap())).into(), Above::Index(500)).unwrap()
    }

    #[test]
    fn a_breakpoint_is_its_index_and_a_hair_more_is_the_next() {
        for (index, at) in pm25().points().to_vec() {
            assert_eq!(pm25().iaqi(at), Some(index));
            let next = if index == 500 { 500 } else { index + 1 };
            assert_eq!(pm25().iaqi(Micro::millionths(at.count() + 1).unwrap()), Some(next));
        }
        assert_eq!(pm25().iaqi(Micro::MOST), Some(500));
    }

    #[test]
    fn scales_that_do_not_rise_are_none() {
        let point = |i, c| (i, Micro::units(c).unwrap());
        assert_eq!(Scale::new(vec![point(0, 0)], Above::Silent), None);
        assert_eq!(Scale::new(vec![point(0, 0), point(50, 35), point(50, 75)], Above::Silent), None);
        assert_eq!(Scale::new(vec![point(0, 5), point(50, 35)], Above::Silent), None);
    }

    proptest! {
        /// More is never better, and the index is the least whole number at or above the exact line.
        #[test]
        fn it_rises_and_is_the_ceiling(a in 0_i64..500_000_000, b in 0_i64..500_000_000) {
            let iaqi = |c| pm25().iaqi(Micro::millionths(c).unwrap()).unwrap();
            prop_assert!(iaqi(a.min(b)) <= iaqi(a.max(b)));
            let points = pm25().points().to_vec();
            let w = points.windows(2).find(|w| a <= w[1].1.count()).unwrap();
            let (run, index) = (i128::from(w[1].1.count() - w[0].1.count()), i128::from(iaqi(a)));
            let exact = i128::from(w[1].0 - w[0].0) * i128::from(a - w[0].1.count()) + i128::from(w[0].0) * run;
            prop_assert!(index * run >= exact && (index - 1) * run < exact.max(1));
        }
    }
}
