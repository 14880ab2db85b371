//! Areas on the ellipsoid.

use geo::MultiPolygon;
use liangshan_vocab::Problem;

use crate::{Crs, Grid, Window};

/// The area of each cell of a window on the ellipsoid, m², row by row.
///
/// # Errors
/// `area.outside` when a corner has no place on the ellipsoid.
pub fn cell_areas_m2(_grid: &Grid, window: &Window) -> Result<Vec<f64>, Problem> {
    Ok(vec![f64::NAN; window.cells()])
}

/// The area of a shape on the ellipsoid, m².
///
/// # Errors
/// `area.outside` when a vertex has no place on the ellipsoid.
pub fn polygon_area_m2(_shape: &MultiPolygon, _crs: &Crs, _max_edge_m: f64) -> Result<f64, Problem> {
    Ok(f64::NAN)
}
