//! Faults of shapes and of partitions.

use geo::MultiPolygon;

/// What is wrong with a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// A ring has fewer than three different points.
    TooFewPoints,
    /// The same point twice in a row.
    RepeatedPoint,
    /// A ring crosses or touches itself along a line.
    SelfIntersection,
    /// Two rings cross or share a stretch of line.
    RingsCross,
    /// A hole lies outside the ring it belongs to.
    HoleOutside,
    /// Two parts, or two holes, lie one in the other.
    PartsOverlap,
}

/// One fault and where it is, in the shape's own coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where: x, y.
    pub at: (f64, f64),
}

/// What is wrong between two units of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartitionFaultKind {
    /// Both have it.
    Overlap,
    /// Neither has it, though it is enclosed by units.
    Gap,
}

/// A fault between units `a` and `b` of a partition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartitionFault {
    /// Index of one unit.
    pub a: usize,
    /// Index of the other; the same as `a` for a gap that only `a` touches.
    pub b: usize,
    /// Overlap or gap.
    pub kind: PartitionFaultKind,
    /// Its plane area in squared units of the coordinates.
    pub area: f64,
    /// A point in or near it: x, y.
    pub at: (f64, f64),
}

/// Everything wrong with a shape, in the order of its rings.
pub fn faults(_shape: &MultiPolygon) -> Vec<Fault> {
    Vec::new()
}

/// Overlaps and gaps between the units of a partition that are larger than `least_area`.
pub fn partition_faults(_units: &[MultiPolygon], _least_area: f64) -> Vec<PartitionFault> {
    Vec::new()
}
