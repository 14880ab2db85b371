//! The ellipsoid area by the statutory series (椭球面积, 国土调查办发〔2008〕32号) on CGCS2000, as land
//! surveys print it. [`crate::polygon_area_m2`] is exact and used for accounts; this one reproduces the
//! printed numbers, the error of long oblique edges included.

use liangshan_vocab::{Problem, words};

/// Semi-minor axis of the CGCS2000 ellipsoid, m: a = 6 378 137, 1/f = 298.257222101.
const B: f64 = 6_378_137.0 * (1.0 - F);
const F: f64 = 1.0 / 298.257_222_101;
/// Its first eccentricity, squared.
const E2: f64 = F * (2.0 - F);

/// The coefficients A to E of the series.
fn coefficients() -> [f64; 5] {
    let (e2, e4, e6, e8) = (E2, E2.powi(2), E2.powi(3), E2.powi(4));
    [
        1.0 + 3.0 / 6.0 * e2 + 30.0 / 80.0 * e4 + 35.0 / 112.0 * e6 + 630.0 / 2304.0 * e8,
        1.0 / 6.0 * e2 + 15.0 / 80.0 * e4 + 21.0 / 112.0 * e6 + 420.0 / 2304.0 * e8,
        3.0 / 80.0 * e4 + 7.0 / 112.0 * e6 + 180.0 / 2304.0 * e8,
        1.0 / 112.0 * e6 + 45.0 / 2304.0 * e8,
        5.0 / 2304.0 * e8,
    ]
}

/// The signed area between two parallels over a difference of longitude, m²:
/// `2 b² ΔL [A sin(ΔB/2) cos Bm − B sin(3ΔB/2) cos 3Bm + C sin(5ΔB/2) cos 5Bm − …]`. Degrees; positive
/// when latitude and longitude both rise.
pub fn trapezoid_m2(lat_from: f64, lat_to: f64, longitude_deg: f64) -> f64 {
    let half = (lat_to - lat_from).to_radians() / 2.0;
    let middle = f64::midpoint(lat_from, lat_to).to_radians();
    let series = [1.0, 3.0, 5.0, 7.0, 9.0].into_iter().zip(coefficients()).enumerate();
    let sum: f64 = series.map(|(n, (k, c))| if n % 2 == 0 { 1.0 } else { -1.0 } * c * (k * half).sin() * (k * middle).cos()).sum();
    2.0 * B * B * longitude_deg.to_radians() * sum
}

/// The area of a ring of longitudes and latitudes, m²: each edge's trapezoid to a common meridian at its
/// mean longitude, added with their signs. The last point may repeat the first or not. With
/// `longest_edge_deg` edges are first cut into equal stretches of at most so many degrees, which takes
/// the error of long oblique edges away.
///
/// # Errors
/// `area.ring` for fewer than three points, a place that is not on the ellipsoid, or a stretch too short
/// to cut a side into a million.
pub fn ring_area_m2(ring: &[(f64, f64)], longest_edge_deg: Option<f64>) -> Result<f64, Problem> {
    let ring = if ring.len() > 1 && ring.first() == ring.last() { &ring[1..] } else { ring };
    let on_earth = |(lon, lat): &(f64, f64)| lon.abs() <= 360.0 && lat.abs() <= 90.0;
    if ring.len() < 3 || !ring.iter().all(on_earth) {
        return Err(unusable());
    }
    let origin = ring[0].0;
    let mut area = 0.0;
    for at in 0..ring.len() {
        let (from, to) = (ring[at], ring[(at + 1) % ring.len()]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let stretches = longest_edge_deg.map_or(1.0, |most| (length / most).ceil().max(1.0));
        if stretches.is_nan() || stretches > 1e6 {
            return Err(unusable());
        }
        let point = |i: f64| (from.0 + (to.0 - from.0) * i / stretches, from.1 + (to.1 - from.1) * i / stretches);
        for stretch in 0..stretches as u32 {
            let (a, b) = (point(f64::from(stretch)), point(f64::from(stretch + 1)));
            area += trapezoid_m2(a.1, b.1, f64::midpoint(a.0, b.0) - origin);
        }
    }
    Ok(area.abs())
}

fn unusable() -> Problem {
    Problem::error(
        "area.ring",
        words!("环不可用：少于三个点，或有不在椭球面上的位置", "the ring cannot be used: fewer than three points, or a place that is not on the ellipsoid"),
    )
    .expect(words!("至少三个 [经度, 纬度]，以度计", "at least three [longitude, latitude] in degrees"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Crs, LineString, MultiPolygon, Polygon, polygon_area_m2};

    const QUADRILATERAL: [(f64, f64); 4] = [(118.8, 28.9), (118.9, 28.92), (118.88, 29.0), (118.79, 28.98)];

    /// Printed with the series for CGCS2000 (the last digits of D and E are those of the float).
    #[test]
    fn the_coefficients_are_the_printed_ones() {
        let printed = [1.003_364_089_834_192_7, 0.001_124_189_381_927_107_2, 1.699_459_473_518_853_5e-6, 2.717_857_845_577_432e-9, 4.358_419_004_834_252e-12];
        for (made, printed) in coefficients().into_iter().zip(printed) {
            assert!((made / printed - 1.0).abs() < 1e-13, "{made} {printed}");
        }
        assert!((B - 6_356_752.314_140_356).abs() < 1e-8);
    }

    /// Numbers of the method sheet, computed there with the series and compared with the closed form.
    #[test]
    fn trapezoids_and_rings() {
        assert!((trapezoid_m2(28.0, 29.0, 1.0) - 10_850_336_759.03).abs() < 0.01);
        assert!((trapezoid_m2(28.95, 29.0, 0.0625) - 33_757_103.092).abs() < 0.001);
        let rectangle = [(118.8, 28.9), (118.85, 28.9), (118.85, 28.95), (118.8, 28.95)];
        assert!((ring_area_m2(&rectangle, None).unwrap() - 27_018_454.256).abs() < 0.001);
        assert!((ring_area_m2(&QUADRILATERAL, None).unwrap() - 85_358_138.136).abs() < 0.001);
        let mut turned = QUADRILATERAL.to_vec();
        turned.reverse();
        turned.push(turned[0]);
        assert!((ring_area_m2(&turned, None).unwrap() - 85_358_138.136).abs() < 0.001);
    }

    /// The exact area in the equal-area plane, another way of computing it, agrees once edges are cut.
    #[test]
    fn cut_edges_give_the_exact_area() {
        let ring = LineString::from(QUADRILATERAL.to_vec());
        let exact = polygon_area_m2(&MultiPolygon(vec![Polygon::new(ring, vec![])]), &Crs::cgcs2000(), 100.0).unwrap();
        let cut = ring_area_m2(&QUADRILATERAL, Some(0.001)).unwrap();
        assert!((cut - exact).abs() < 0.5, "{cut} {exact}");
    }

    #[test]
    fn what_is_no_ring_is_told() {
        for bad in [&[][..], &QUADRILATERAL[..2], &[(0.0, 0.0), (1.0, 91.0), (1.0, 0.0)], &[(0.0, 0.0), (f64::NAN, 1.0), (1.0, 0.0)]] {
            assert_eq!(ring_area_m2(bad, None).unwrap_err().code, "area.ring");
        }
        assert_eq!(ring_area_m2(&QUADRILATERAL, Some(0.0)).unwrap_err().code, "area.ring");
    }
}
