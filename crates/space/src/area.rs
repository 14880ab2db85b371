//! Areas on the ellipsoid. Corners are taken to longitude and latitude and from there to the
//! Lambert cylindrical equal-area plane of the ellipsoid, where a plane polygon has the area of
//! its original. Neighbouring cells share corners and edges, so parts add up to the whole.
//!
//! Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, eq. 3-12 for
//! `q` and ch. 10 for the plane. The WGS84 ellipsoid is used for CGCS2000 too: areas differ by
//! less than 10⁻¹⁰ of themselves.

use geo::{LineString, MultiPolygon};
use liangshan_vocab::{Problem, words};

use crate::{Crs, Grid, Projector, Window};

/// Semi-major axis of the WGS84 ellipsoid, m.
const A: f64 = 6_378_137.0;
/// Its flattening.
const F: f64 = 1.0 / 298.257_223_563;
/// Its squared eccentricity.
const E2: f64 = F * (2.0 - F);

/// Height above the equator in the equal-area plane, m.
fn authalic_y(lat: f64) -> f64 {
    let e = E2.sqrt();
    let sine = lat.to_radians().sin();
    let q = (1.0 - E2) * (sine / (1.0 - E2 * sine * sine) + (e * sine).atanh() / e);
    A * q / 2.0
}

/// A point of the equal-area plane, m.
fn authalic(lon: f64, lat: f64) -> (f64, f64) {
    (A * lon.to_radians(), authalic_y(lat))
}

/// The width of the plane, m.
const ROUND: f64 = 2.0 * std::f64::consts::PI * A;

/// The signed area of a ring of plane points, m², counter-clockwise positive. Differences are
/// taken to the first point, and the short way round the Earth.
fn shoelace(points: &[(f64, f64)]) -> f64 {
    let Some(&origin) = points.first() else { return 0.0 };
    let relative = |p: (f64, f64)| {
        let x = p.0 - origin.0;
        (x - ROUND * (x / ROUND).round(), p.1 - origin.1)
    };
    let mut doubled = 0.0;
    let mut from = relative(points[points.len() - 1]);
    for &point in points {
        let to = relative(point);
        doubled += from.0 * to.1 - to.0 * from.1;
        from = to;
    }
    doubled / 2.0
}

fn outside() -> Problem {
    Problem::error("area.outside", words!("部分位置超出该坐标系可用范围，无法计算面积", "part of it has no place on the ellipsoid, so it has no area"))
        .expect(words!("经度、纬度在有效范围内的位置", "places with a valid longitude and latitude"))
        .fix(words!("检查坐标系是否正确", "check the reference system"))
}

/// The area of each cell of a window on the ellipsoid, m², row by row. Edges are straight between
/// corners in the equal-area plane; for a geographic grid that is exact, for a projected one the
/// difference is far below 10⁻⁹ of a cell and cancels between neighbours.
///
/// # Errors
/// `area.outside`, with the number of cells, when a corner has no place on the ellipsoid.
pub fn cell_areas_m2(grid: &Grid, window: &Window) -> Result<Vec<f64>, Problem> {
    if grid.crs.is_geographic() && grid.crs.epsg().is_some() {
        return geographic_areas(grid, window);
    }
    let mut corners = grid.corners(window);
    Projector::between(&grid.crs, &Crs::wgs84())?.map(&mut corners);
    for corner in &mut corners {
        *corner = authalic(corner.0, corner.1);
    }
    let line = window.columns + 1;
    let mut areas = Vec::with_capacity(window.cells());
    for row in 0..window.rows {
        for column in 0..window.columns {
            let upper = row * line + column;
            let lower = upper + line;
            areas.push(shoelace(&[corners[upper], corners[lower], corners[lower + 1], corners[upper + 1]]));
        }
    }
    let outside_cells = areas.iter().filter(|a| !a.is_finite()).count();
    if outside_cells == 0 { Ok(areas) } else { Err(outside().cells(outside_cells as u64)) }
}

/// A cell between two meridians and two parallels: one area for each row.
fn geographic_areas(grid: &Grid, window: &Window) -> Result<Vec<f64>, Problem> {
    let valid = |row: usize| grid.y_edge(row).abs() <= 90.0 + 1e-9;
    let faulty = (window.row..window.row_end()).filter(|row| !valid(*row) || !valid(row + 1)).count();
    if faulty > 0 {
        return Err(outside().cells((faulty * window.columns) as u64));
    }
    let width = A * grid.dx.to_radians();
    let edge = |row: usize| authalic_y(grid.y_edge(row).clamp(-90.0, 90.0));
    let mut areas = Vec::with_capacity(window.cells());
    for row in window.row..window.row_end() {
        areas.extend(std::iter::repeat_n(width * (edge(row) - edge(row + 1)), window.columns));
    }
    Ok(areas)
}

/// The area of a shape on the ellipsoid, m². Edges are straight in the shape's own reference
/// system and are cut into stretches of at most `max_edge_m` metres before they are mapped; a
/// kilometre is plenty for counties. Holes count negative, whichever way rings turn.
///
/// # Errors
/// `area.outside` when a vertex has no place on the ellipsoid or a side is longer than the way round
/// it.
///
/// # Panics
/// If `max_edge_m` is not positive.
pub fn polygon_area_m2(shape: &MultiPolygon, crs: &Crs, max_edge_m: f64) -> Result<f64, Problem> {
    AreaMeter::of(crs, max_edge_m)?.area_m2(shape)
}

/// Measures many shapes of one reference system as [`polygon_area_m2`] does.
pub struct AreaMeter {
    projector: Projector,
    most: f64,
    longest: f64,
}

impl AreaMeter {
    /// For shapes in a reference system, their edges cut to stretches of at most `max_edge_m` metres.
    ///
    /// # Errors
    /// `crs.no_way`.
    ///
    /// # Panics
    /// If `max_edge_m` is not positive.
    pub fn of(crs: &Crs, max_edge_m: f64) -> Result<Self, Problem> {
        assert!(max_edge_m > 0.0, "an edge has a positive length");
        let most = if crs.is_geographic() { max_edge_m / 111_195.0 } else { max_edge_m };
        // no side is longer than the way round the Earth; such a side would take for ever to cut
        let longest = if crs.is_geographic() { 360.0 } else { ROUND };
        Ok(Self { projector: Projector::between(crs, &Crs::wgs84())?, most, longest })
    }

    /// The area of a shape, m².
    ///
    /// # Errors
    /// `area.outside`, as [`polygon_area_m2`].
    pub fn area_m2(&self, shape: &MultiPolygon) -> Result<f64, Problem> {
        let mut area = 0.0;
        for polygon in shape {
            area += self.ring_area(polygon.exterior()) - polygon.interiors().iter().map(|ring| self.ring_area(ring)).sum::<f64>();
        }
        if area.is_finite() { Ok(area) } else { Err(outside()) }
    }

    fn ring_area(&self, ring: &LineString) -> f64 {
        let too_long = |side: geo::Line| {
            let length = (side.end.x - side.start.x).hypot(side.end.y - side.start.y);
            length.is_nan() || length > self.longest
        };
        if ring.lines().any(too_long) {
            return f64::NAN;
        }
        let points: Vec<(f64, f64)> = densified(ring, self.most)
            .into_iter()
            .map(|p| {
                let (lon, lat) = self.projector.map_one(p);
                authalic(lon, if lat.abs() <= 90.0 { lat } else { f64::NAN })
            })
            .collect();
        shoelace(&points).abs()
    }
}

/// The ring's points and enough between them that no stretch is longer than `most`. The same edge
/// gets the same points whichever way it is walked, so that neighbours keep a common boundary.
fn densified(ring: &LineString, most: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for line in ring.lines() {
        let (a, b) = ((line.start.x, line.start.y), (line.end.x, line.end.y));
        let turned = b < a;
        let (from, to) = if turned { (b, a) } else { (a, b) };
        let count = ((to.0 - from.0).hypot(to.1 - from.1) / most).ceil().max(1.0) as usize;
        let at = |i: usize| {
            let t = i as f64 / count as f64;
            (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t)
        };
        points.push(a);
        points.extend((1..count).map(|i| at(if turned { count - i } else { i })));
    }
    points
}

#[cfg(test)]
mod tests {
    use geo::{Coord, Polygon, Rect};

    use super::*;

    fn near(made: f64, expected: f64, tolerance: f64) {
        assert!((made / expected - 1.0).abs() < tolerance, "{made}, expected {expected}");
    }

    fn one_cell(crs: u32, x: f64, y: f64, size: f64) -> Grid {
        Grid { crs: Crs::of_epsg(crs).unwrap(), x0: x, y0: y + size, dx: size, dy: size, columns: 1, rows: 1 }
    }

    #[test]
    fn cells_have_the_area_geographiclib_gives_them() {
        // pyproj.Geod 3.7.2 (geographiclib) on the densified outline; lower left corner and size
        for (crs, x, y, size, expected) in [
            (4549, 370_000.0, 3_170_000.0, 250.0, 62_473.998_220_996_26),
            (4549, 500_000.0, 3_200_000.0, 250.0, 62_499.999_979_035_034),
            (4549, 250_000.0, 3_100_000.0, 1000.0, 998_465.582_226_338_6),
            (4326, 118.0, 0.0, 1.0, 12_308_463_894.053_967),
            (4326, 118.0, 28.0, 1.0, 10_850_336_759.248_014),
            (4490, 118.0, 60.0, 1.0, 6_123_140_878.696_269),
            (4326, 118.0, 89.0, 1.0, 108_866_681.634_859_09),
        ] {
            let grid = one_cell(crs, x, y, size);
            near(cell_areas_m2(&grid, &grid.whole()).unwrap()[0], expected, 2e-9);
        }
    }

    #[test]
    fn the_whole_earth_has_its_known_area() {
        // 510 065 621.724 km2, the area of the WGS84 ellipsoid (Moritz 2000, Geodetic Reference System 1980)
        let grid = Grid { crs: Crs::wgs84(), x0: -180.0, y0: 90.0, dx: 1.0, dy: 1.0, columns: 360, rows: 180 };
        near(cell_areas_m2(&grid, &grid.whole()).unwrap().iter().sum(), 510_065_621.724e6, 1e-12);
    }

    #[test]
    fn a_province_is_the_sum_of_its_cells_and_right() {
        // pyproj.Geod 3.7.2, a rectangle of 5 by 4.25 degrees about the size of Zhejiang, densified
        let bounds = Rect::new(Coord { x: 118.0, y: 27.0 }, Coord { x: 123.0, y: 31.25 });
        let shape = MultiPolygon(vec![bounds.to_polygon()]);
        let whole = polygon_area_m2(&shape, &Crs::wgs84(), 1000.0).unwrap();
        near(whole, 229_169_118_359.129_55, 1e-9);
        let grid = Grid { crs: Crs::wgs84(), x0: 118.0, y0: 31.25, dx: 0.05, dy: 0.05, columns: 100, rows: 85 };
        near(cell_areas_m2(&grid, &grid.whole()).unwrap().iter().sum(), whole, 1e-12);
    }

    #[test]
    fn cells_of_a_projected_grid_add_up_to_its_outline() {
        let grid = Grid { crs: Crs::of_epsg(4549).unwrap(), x0: 300_000.0, y0: 3_250_000.0, dx: 250.0, dy: 250.0, columns: 200, rows: 160 };
        let bounds = grid.bounds();
        let outline = Rect::new(Coord { x: bounds.west, y: bounds.south }, Coord { x: bounds.east, y: bounds.north }).to_polygon();
        // both take the outline through the same corners, so only rounding differs
        let outline = polygon_area_m2(&MultiPolygon(vec![outline]), &grid.crs, 250.0).unwrap();
        near(cell_areas_m2(&grid, &grid.whole()).unwrap().iter().sum(), outline, 1e-11);
        let blocks: f64 = grid.blocks(37).iter().flat_map(|block| cell_areas_m2(&grid, block).unwrap()).sum();
        near(blocks, outline, 1e-11);
    }

    #[test]
    fn holes_count_negative_whichever_way_they_turn() {
        let square = |x: f64, size: f64, back: bool| {
            let mut ring = vec![(x, 30.0), (x + size, 30.0), (x + size, 30.0 + size), (x, 30.0 + size), (x, 30.0)];
            if back {
                ring.reverse();
            }
            LineString::from(ring)
        };
        let area = |polygon: Polygon| polygon_area_m2(&MultiPolygon(vec![polygon]), &Crs::wgs84(), 1000.0).unwrap();
        let outer = area(Polygon::new(square(118.0, 0.5, false), vec![]));
        let inner = area(Polygon::new(square(118.1, 0.1, true), vec![]));
        for back in [false, true] {
            near(area(Polygon::new(square(118.0, 0.5, !back), vec![square(118.1, 0.1, back)])), outer - inner, 1e-12);
        }
    }

    #[test]
    fn what_lies_outside_the_earth_has_no_area() {
        let grid = Grid { crs: Crs::wgs84(), x0: 0.0, y0: 91.0, dx: 1.0, dy: 1.0, columns: 2, rows: 3 };
        let problem = cell_areas_m2(&grid, &grid.whole()).unwrap_err();
        assert_eq!((problem.code.as_ref(), problem.at.cells), ("area.outside", Some(2)));
        let shape = MultiPolygon(vec![Polygon::new(LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (0.0, 400.0)]), vec![])]);
        assert_eq!(polygon_area_m2(&shape, &Crs::wgs84(), 1000.0).unwrap_err().code, "area.outside");
        let far = one_cell(4549, 1e30, 0.0, 1e20);
        assert!(cell_areas_m2(&far, &far.whole()).is_err());
    }
}
