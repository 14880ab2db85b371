//! Statistics of a raster over a covered zone.

/// What a zone holds of a raster. Cells count with their share; missing cells are left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zonal {
    /// Sum of shares of cells with a value.
    pub count: f64,
    /// Sum of shares of cells without one.
    pub missing: f64,
    /// Sum of value · share.
    pub sum: f64,
    /// Sum of weights: share, or share · area where areas are given.
    pub weight: f64,
    /// Sum of value · weight.
    pub weighted: f64,
    /// Least value; infinite when there is none.
    pub min: f64,
    /// Greatest value; negative infinite when there is none.
    pub max: f64,
}

impl Zonal {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { count: 0.0, missing: 0.0, sum: 0.0, weight: 0.0, weighted: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }

    /// Adds a block: the zone's covered cells as [`crate::Coverage::in_window`] gives them, the block's
    /// values (NaN is missing) and, where cells differ in size, their areas.
    ///
    /// # Panics
    /// If an index is outside the slices, which is our bug and not the user's.
    pub fn add(&mut self, covered: &[(u32, f64)], values: &[f64], areas: Option<&[f64]>) {
        for (index, share) in covered {
            let at = *index as usize;
            let value = values[at];
            if value.is_nan() {
                self.missing += share;
                continue;
            }
            let weight = areas.map_or(*share, |areas| share * areas[at]);
            self.count += share;
            self.sum += value * share;
            self.weight += weight;
            self.weighted += value * weight;
            self.min = self.min.min(value);
            self.max = self.max.max(value);
        }
    }

    /// Adds what another block of the same zone has. Merge in block order: floating sums depend
    /// on it in the last digit.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.missing += other.missing;
        self.sum += other.sum;
        self.weight += other.weight;
        self.weighted += other.weighted;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The weighted mean; NaN when no cell has a value.
    pub fn mean(&self) -> f64 {
        self.weighted / self.weight
    }
}

impl Default for Zonal {
    fn default() -> Self {
        Self::new()
    }
}
