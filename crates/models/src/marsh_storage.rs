//! Flood water that marshes take up: a depth over their area. Which classes are marsh is a choice of
//! the method and is made outside.

use liangshan_vocab::quantity::measure;
use liangshan_vocab::spec::{grid_out, number};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::MARSH_STORAGE;
use crate::model::{Given, Made, Model};

/// What the storage of marshes needs and makes.
pub const SPEC: Spec = Spec {
    id: "marsh_storage",
    title: text("沼泽洪水调蓄", "Flood storage of marshes"),
    source: Source {
        work: "白玛卓嘎等 (2017), 甘孜藏族自治州生态系统生产总值核算研究, 生态学报 37(19): 6302-6312",
        at: "0.3 m over the area of marshes; the paper labels the result 1e4 m3, it is m3",
    },
    reach: Reach::Cell,
    inputs: &[number("marsh_depth", "沼泽年调蓄水深", "Depth of water a marsh takes up in a year", measure("marsh_depth", "m"), (0.0, 5.0))],
    outputs: &[grid_out("marsh_stored", "沼泽调蓄量", "Flood water taken up by marsh", MARSH_STORAGE, (0.0, 5.0))],
};

/// Flood storage of marshes.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// The same `depth` in metres on every cell; cells that are no marsh are left out by the class table.
pub fn marsh_stored(depth: f64, stored: &mut [f64]) {
    stored.fill(depth);
}

fn run(given: &Given<'_>, made: &mut Made) {
    marsh_stored(given.number("marsh_depth"), made.grid("marsh_stored"));
}
