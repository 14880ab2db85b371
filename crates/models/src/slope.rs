//! Slope of the ground from a grid of elevations.

use liangshan_vocab::spec::{grid, grid_out};
use liangshan_vocab::{Reach, Source, Spec, text};

use crate::measures::{ELEVATION, SLOPE};
use crate::model::{Block, Given, Made, Model};

/// What slope needs and makes.
pub const SPEC: Spec = Spec {
    id: "slope",
    title: text("坡度", "Slope"),
    source: Source {
        work: "Zevenbergen and Thorne (1987), Earth Surface Processes and Landforms 12: 47-56",
        at: "slope from the four direct neighbours, central differences (from general knowledge, unverified); one-sided at an edge is a choice made here",
    },
    reach: Reach::Window { cells: 1 },
    inputs: &[grid("elevation", "高程", "Elevation", ELEVATION, (-500.0, 9_000.0))],
    outputs: &[grid_out("slope_degrees", "坡度", "Slope", SLOPE, (0.0, 90.0))],
};

/// Slope.
pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

/// Slope in degrees, `atan √(((z_e − z_w)/2Δx)² + ((z_s − z_n)/2Δy)²)`.
///
/// `elevation` in metres covers the block and one cell around it; `degrees` has one cell per cell
/// of the block. Where one of two opposite neighbours is missing, the difference to the other over
/// one cell is taken. A cell without elevation, or with neither neighbour along an axis, is NaN.
///
/// # Panics
/// If the slices do not fit the block, or its halo is not one cell: our bug.
pub fn slope_degrees(elevation: &[f64], block: Block, degrees: &mut [f64]) {
    assert_eq!(block.halo, 1, "slope sees one cell around the block");
    assert!(elevation.len() == block.wide() * block.high() && degrees.len() == block.cells(), "blocks differ");
    let wide = block.wide();
    for row in 0..block.rows {
        for column in 0..block.columns {
            let here = (row + 1) * wide + column + 1;
            let centre = elevation[here];
            let along = gradient(elevation[here - 1], centre, elevation[here + 1], block.cell_x_m);
            let across = gradient(elevation[here - wide], centre, elevation[here + wide], block.cell_y_m);
            degrees[row * block.columns + column] = (along * along + across * across).sqrt().atan().to_degrees();
        }
    }
}

/// Rise per metre between two opposite neighbours; NaN without a centre or without both.
fn gradient(before: f64, centre: f64, after: f64, cell_m: f64) -> f64 {
    match (centre.is_nan(), before.is_nan(), after.is_nan()) {
        (true, _, _) => f64::NAN,
        (_, false, false) => (after - before) / (2.0 * cell_m),
        (_, true, false) => (after - centre) / cell_m,
        (_, false, true) => (centre - before) / cell_m,
        (_, true, true) => f64::NAN,
    }
}

fn run(given: &Given<'_>, made: &mut Made) {
    slope_degrees(given.grid("elevation"), given.block(), made.grid("slope_degrees"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Elevations of 6 by 6 cells of 250 m (rounded to 0.1 m) and the slopes of the inner 4 by 5
    /// rounded to 0.01 degree: quzhou_dem_250m.tif and quzhou_slope_deg_250m.tif of the Quzhou
    /// region pack, rows 300-305 and columns 200-205.
    const ELEVATION: [[f64; 7]; 6] = [
        [119.5, 113.5, 112.5, 117.5, 125.7, 134.9, 144.6],
        [121.9, 115.7, 114.8, 120.1, 128.7, 138.3, 147.7],
        [120.3, 115.4, 115.5, 121.7, 130.8, 139.7, 146.5],
        [115.7, 113.6, 115.3, 122.7, 132.1, 139.4, 141.1],
        [111.1, 111.6, 114.8, 123.0, 132.6, 138.2, 135.3],
        [109.1, 110.5, 114.3, 122.6, 131.9, 137.0, 133.2],
    ];
    const SLOPE: [[f64; 5]; 4] =
        [[0.85, 0.60, 1.67, 2.16, 2.24], [0.60, 0.71, 1.78, 2.10, 1.80], [0.45, 1.04, 1.93, 1.92, 1.04], [0.55, 1.32, 2.04, 1.73, 0.41]];

    #[test]
    fn delivered_slopes_are_this_formula() {
        let block = Block { columns: 5, rows: 4, halo: 1, cell_x_m: 250.0, cell_y_m: 250.0 };
        let mut degrees = [0.0; 20];
        slope_degrees(&ELEVATION.concat(), block, &mut degrees);
        // 0.05 m of rounding in each of four elevations over 500 m is at most 0.0162 degree, and
        // the slope itself is rounded by at most 0.005.
        for (ours, theirs) in degrees.iter().zip(SLOPE.concat()) {
            assert!((ours - theirs).abs() < 0.0213, "{ours} {theirs}");
        }
    }
}
