//! GCJ-02, the offset coordinates of Chinese web maps: shifting to and from WGS84, and telling
//! whether a layer that claims to be WGS84 is still shifted.
//!
//! The formula has no official publication; it is the widely known reconstruction. It is used to
//! find and undo the offset in received data, never to produce offset data.

use geo::MultiPolygon;

/// Semi-major axis the formula assumes (Krasovsky 1940), m.
const A: f64 = 6_378_245.0;
/// Its squared eccentricity, as the formula rounds it.
const E2: f64 = 0.006_693_421_622_965_943;

/// Beyond this rectangle around China nothing is shifted.
fn outside_china(lon: f64, lat: f64) -> bool {
    !((72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat))
}

fn shift(lon: f64, lat: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    let (x, y) = (lon - 105.0, lat - 35.0);
    let waves = |t: f64, periods: [f64; 2], sizes: [f64; 2]| sizes[0] * (t / periods[0] * PI).sin() + sizes[1] * (t / periods[1] * PI).sin();
    let root = x.abs().sqrt();
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + waves(y, [1.0, 3.0], [20.0, 40.0]) * 2.0 / 3.0
        + waves(y, [12.0, 30.0], [160.0, 320.0]) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + waves(x, [1.0, 3.0], [20.0, 40.0]) * 2.0 / 3.0
        + waves(x, [12.0, 30.0], [150.0, 300.0]) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let m = 1.0 - E2 * phi.sin().powi(2);
    let meridian = A * (1.0 - E2) / (m * m.sqrt());
    let parallel = A / m.sqrt() * phi.cos();
    ((east / parallel).to_degrees(), (north / meridian).to_degrees())
}

/// The GCJ-02 coordinates shown for a WGS84 position, degrees. Outside China unchanged.
pub fn from_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if outside_china(lon, lat) {
        return (lon, lat);
    }
    let (east, north) = shift(lon, lat);
    (lon + east, lat + north)
}

/// The WGS84 position behind GCJ-02 coordinates, degrees, exact to 10⁻⁹ degree. Outside China
/// unchanged.
pub fn to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if outside_china(lon, lat) {
        return (lon, lat);
    }
    let (mut x, mut y) = (lon, lat);
    // the shift changes by less than 1 % of a step, so each round wins two digits
    for _ in 0..20 {
        let (east, north) = shift(x, y);
        let (dx, dy) = (lon - (x + east), lat - (y + north));
        x += dx;
        y += dy;
        if dx.abs().max(dy.abs()) < 1e-12 {
            break;
        }
    }
    (x, y)
}

/// How far a layer lies from a trusted one, as it is and with the offset undone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GcjFit {
    /// Median distance of the layer's boundary points to the reference's boundary, as given, m.
    pub before_m: f64,
    /// The same once the offset is undone, m.
    pub after_m: f64,
    /// By how much the layer is displaced on average: to the east, to the north, m.
    pub shift_m: (f64, f64),
}

/// Boundary points looked at.
const SAMPLES: usize = 400;
/// A layer nearer than this to the reference is not suspected, m.
const SUSPECT_M: f64 = 100.0;

/// Tells whether a layer in longitude and latitude lies much nearer to a reference in WGS84 once
/// the GCJ-02 offset is undone: sampled boundary points of the layer are on average more than
/// 100 m from the reference's boundary, and undoing the offset at least halves that. `None`
/// otherwise, and when either has no boundary.
pub fn better_after_shift(layer: &MultiPolygon, reference: &MultiPolygon) -> Option<GcjFit> {
    let vertices: Vec<(f64, f64)> = rings(layer).flat_map(|ring| ring.0.iter().map(|c| (c.x, c.y))).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let step = vertices.len().div_ceil(SAMPLES).max(1);
    let sampled: Vec<(f64, f64)> = vertices.into_iter().step_by(step).collect();
    let undone: Vec<(f64, f64)> = sampled.iter().map(|(x, y)| to_wgs84(*x, *y)).collect();
    let before_m = median_distance_m(&sampled, reference)?;
    let after_m = median_distance_m(&undone, reference)?;
    let moved = sampled.iter().zip(&undone).map(|(a, b)| ((a.0 - b.0) * DEGREE_M * a.1.to_radians().cos(), (a.1 - b.1) * DEGREE_M));
    let (east, north) = moved.fold((0.0, 0.0), |sum, m| (sum.0 + m.0, sum.1 + m.1));
    let n = sampled.len() as f64;
    (before_m > SUSPECT_M && after_m <= before_m / 2.0).then_some(GcjFit { before_m, after_m, shift_m: (east / n, north / n) })
}

/// Metres in a degree of a great circle, near enough to compare distances.
const DEGREE_M: f64 = 111_195.0;

fn rings(shape: &MultiPolygon) -> impl Iterator<Item = &geo::LineString> {
    shape.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

/// Median distance of points to the boundary of a shape on a local plane, m.
fn median_distance_m(points: &[(f64, f64)], shape: &MultiPolygon) -> Option<f64> {
    let squared = |point: &(f64, f64)| {
        let scale = point.1.to_radians().cos();
        let local = |c: geo::Coord| ((c.x - point.0) * scale, c.y - point.1);
        rings(shape)
            .flat_map(geo::LineString::lines)
            .map(|line| {
                let (a, b) = (local(line.start), local(line.end));
                let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                let length = dx * dx + dy * dy;
                let along = if length > 0.0 { (-(a.0 * dx + a.1 * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
                (a.0 + along * dx).powi(2) + (a.1 + along * dy).powi(2)
            })
            .fold(f64::INFINITY, f64::min)
    };
    let mut distances: Vec<f64> = points.iter().map(|p| squared(p).sqrt() * DEGREE_M).collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().filter(|d| d.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_undone_to_a_billionth_of_a_degree() {
        for i in 0..2000_u32 {
            // spread over China by two irrational steps
            let lon = 73.0 + 62.0 * (f64::from(i) * 0.618_033_988_75).fract();
            let lat = 3.0 + 50.0 * (f64::from(i) * 0.414_213_562_37).fract();
            let (x, y) = from_wgs84(lon, lat);
            let (back_lon, back_lat) = to_wgs84(x, y);
            assert!((back_lon - lon).abs() < 1e-9 && (back_lat - lat).abs() < 1e-9, "{lon}, {lat}");
            let metres = (x - lon).hypot(y - lat) * DEGREE_M;
            assert!((20.0..1500.0).contains(&metres), "{lon}, {lat}: {metres} m");
        }
    }

    #[test]
    fn outside_china_nothing_moves() {
        assert_eq!(from_wgs84(2.35, 48.85), (2.35, 48.85));
        assert_eq!(to_wgs84(-0.12, 51.5), (-0.12, 51.5));
    }
}
