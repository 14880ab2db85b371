//! The square world of web maps: longitude and latitude on the sphere's Mercator projection, one unit
//! wide, (0, 0) its north-western corner, cut into 2^z by 2^z tiles at zoom z.
//!
//! Source: OGC Two Dimensional Tile Matrix Set 2.0, annex D.1, WebMercatorQuad. The datum is taken as it
//! comes: CGCS2000 and WGS 84 coincide within what a screen shows.

use std::f64::consts::{PI, TAU};

/// The greatest zoom that is served: a pixel is about 0.15 m then.
pub const MOST_ZOOM: u8 = 20;

/// Longitude and latitude, degrees, to a place in the square world; NaN stays NaN. Latitudes beyond 85.06
/// degrees lie outside the square.
pub fn to_world((lon, lat): (f64, f64)) -> (f64, f64) {
    (lon / 360.0 + 0.5, 0.5 - lat.to_radians().sin().atanh() / TAU)
}

/// A place in the square world to longitude and latitude, degrees.
pub fn from_world((x, y): (f64, f64)) -> (f64, f64) {
    ((x - 0.5) * 360.0, (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees())
}

/// A square of the world at a zoom: column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    zoom: u8,
    column: u32,
    row: u32,
}

impl Tile {
    /// A tile; none where the zoom has no such column or row.
    pub fn of(zoom: u8, column: u32, row: u32) -> Option<Self> {
        let side = 1_u32.checked_shl(u32::from(zoom)).filter(|_| zoom <= MOST_ZOOM)?;
        (column < side && row < side).then_some(Self { zoom, column, row })
    }

    /// Side of the tile in the square world.
    pub fn side(self) -> f64 {
        1.0 / f64::from(1_u32 << self.zoom)
    }

    /// A place in the world as a part of the tile, (0, 0) its north-western corner and (1, 1) the other.
    pub fn within(self, (x, y): (f64, f64)) -> (f64, f64) {
        let side = f64::from(1_u32 << self.zoom);
        (x * side - f64::from(self.column), y * side - f64::from(self.row))
    }

    /// A part of the tile as a place in the world.
    pub fn world(self, (x, y): (f64, f64)) -> (f64, f64) {
        ((f64::from(self.column) + x) * self.side(), (f64::from(self.row) + y) * self.side())
    }

    /// Where the centres of `size` by `size` pixels lie in another system, row by row from the north-west.
    ///
    /// `map` takes longitude and latitude there and is asked at every `every`-th pixel; between, places are
    /// interpolated in two directions. Over a sixteenth of a tile of zoom 8 a transverse Mercator projection
    /// bends by less than a tenth of a pixel.
    pub fn pixels(self, size: usize, every: usize, map: impl Fn((f64, f64)) -> (f64, f64)) -> Vec<(f64, f64)> {
        let every = every.clamp(1, size.max(1));
        let knots = size.div_ceil(every) + 1;
        let at = |k: usize| (k * every) as f64 / size as f64;
        let known: Vec<(f64, f64)> = (0..knots).flat_map(|r| (0..knots).map(move |c| (at(c), at(r)))).map(|part| map(from_world(self.world(part)))).collect();
        let mut out = Vec::with_capacity(size * size);
        for row in 0..size {
            let (kr, fr) = split(row, every);
            for column in 0..size {
                let (kc, fc) = split(column, every);
                let corner = |r: usize, c: usize| known[(kr + r) * knots + kc + c];
                let between = |a: (f64, f64), b: (f64, f64), t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
                out.push(between(between(corner(0, 0), corner(0, 1), fc), between(corner(1, 0), corner(1, 1), fc), fr));
            }
        }
        out
    }
}

/// The knot before a pixel's centre, and how far the centre lies behind it.
fn split(pixel: usize, every: usize) -> (usize, f64) {
    let centre = pixel as f64 + 0.5;
    let knot = pixel / every;
    (knot, (centre - (knot * every) as f64) / every as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Crs, Projector};

    #[test]
    fn the_corners_of_the_world() {
        // WebMercatorQuad: the square ends where the projection's height is its half width, at 85.0511287798 degrees.
        let edge = 85.051_128_779_806_59;
        for (place, world) in [((-180.0, edge), (0.0, 0.0)), ((0.0, 0.0), (0.5, 0.5)), ((180.0, -edge), (1.0, 1.0))] {
            let got = to_world(place);
            assert!((got.0 - world.0).abs() < 1e-12 && (got.1 - world.1).abs() < 1e-12, "{got:?}");
            let back = from_world(world);
            assert!((back.0 - place.0).abs() < 1e-9 && (back.1 - place.1).abs() < 1e-9, "{back:?}");
        }
    }

    #[test]
    fn a_known_tile() {
        // Quzhou, 118.87 E 28.94 N, by the formula of the tile matrix set worked by hand: zoom 10, column 850, row 425.
        let place = to_world((118.87, 28.94));
        let tile = Tile::of(10, 850, 425).unwrap();
        let (x, y) = tile.within(place);
        assert!((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y), "{x} {y}");
        let back = tile.world((x, y));
        assert!((back.0 - place.0).abs() < 1e-15 && (back.1 - place.1).abs() < 1e-15);
        assert!(Tile::of(10, 1024, 0).is_none() && Tile::of(21, 0, 0).is_none());
    }

    #[test]
    fn interpolated_pixels_are_within_a_tenth_of_a_pixel_of_exact_ones() {
        let way = Projector::between(&Crs::cgcs2000(), &Crs::of_epsg(4549).unwrap()).unwrap();
        for (zoom, column, row) in [(7, 106, 53), (8, 212, 106), (10, 850, 426), (13, 6801, 3411)] {
            let tile = Tile::of(zoom, column, row).unwrap();
            let exact = tile.pixels(256, 1, |p| way.map_one(p));
            let quick = tile.pixels(256, 16, |p| way.map_one(p));
            let pixel = (exact[1].0 - exact[0].0).hypot(exact[1].1 - exact[0].1);
            let worst = exact.iter().zip(&quick).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).fold(0.0, f64::max);
            assert!(worst < pixel / 10.0, "zoom {zoom}: {worst} m of {pixel} m");
        }
    }
}
