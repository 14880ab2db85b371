//! Coordinate reference systems by EPSG code, and going from one to another.
//!
//! Formulas and parameters come from `proj-core`. Two things are decided here. **WGS84 and
//! CGCS2000 are coincident:** their ellipsoids differ by 0.1 mm and their frames by plate motion
//! since 2000.0 (decimetres), so only the projection is computed and the decision is named by
//! [`Projector::datum`] for whoever keeps the record. **GCJ-02** is no reference system but an
//! offset of WGS84; it is undone before anything else.
//!
//! Coordinates are x before y everywhere: longitude, latitude in degrees or east, north in metres.

use std::fmt;

use liangshan_vocab::{Problem, words};
use proj_core::{Coord as Pair, Transform};

use crate::gcj;

/// A supported reference system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Crs(System);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum System {
    Epsg(u32),
    Gcj02,
}

/// Which frame a reference system is fixed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Wgs84,
    Cgcs2000,
}

/// The name under which the decision that WGS84 and CGCS2000 coincide is recorded.
pub const WGS84_CGCS2000_COINCIDENT: &str = "wgs84-cgcs2000-coincident";

const WGS84: u32 = 4326;
const CGCS2000: u32 = 4490;

fn frame(code: u32) -> Option<Frame> {
    match code {
        WGS84 | 3857 | 32_601..=32_660 | 32_701..=32_760 => Some(Frame::Wgs84),
        CGCS2000..=4554 => Some(Frame::Cgcs2000),
        _ => None,
    }
}

fn unknown(said: &str) -> Problem {
    Problem::error("crs.unknown", words!("不支持的坐标系“{said}”", "the reference system \"{said}\" is not supported"))
        .key(said)
        .expect(words!(
            "EPSG:4326、4490、3857，CGCS2000 高斯－克吕格 6 度带 4491 至 4512、3 度带 4513 至 4554，UTM 32601 至 32660、32701 至 32760，或 GCJ-02",
            "EPSG:4326, 4490, 3857, CGCS2000 Gauss-Kruger 4491 to 4512 (6-degree) and 4513 to 4554 (3-degree), UTM 32601 to 32660 and 32701 to 32760, or GCJ-02"
        ))
        .fix(words!("转换到其中之一，或写明 EPSG 代码", "convert the data to one of these, or state its EPSG code"))
}

impl Crs {
    /// Reads `EPSG:4549`, `epsg:4549`, `4549`, a sentence with exactly one such code in it
    /// (`WGS84 (EPSG:4326)`), or `GCJ-02`.
    ///
    /// # Errors
    /// `crs.unknown`, with what is supported.
    pub fn parse(said: &str) -> Result<Self, Problem> {
        let upper = said.trim().to_ascii_uppercase();
        if matches!(upper.as_str(), "GCJ-02" | "GCJ02" | "GCJ_02") {
            return Ok(Self::gcj02());
        }
        let digits = |text: &str| -> Option<u32> {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text[..end].parse().ok()
        };
        let mut codes: Vec<Option<u32>> = upper.match_indices("EPSG:").map(|(at, _)| digits(upper[at + 5..].trim_start_matches([':', ' ']))).collect();
        if codes.is_empty() && upper.bytes().all(|b| b.is_ascii_digit()) {
            codes.push(digits(&upper));
        }
        codes.dedup();
        match codes[..] {
            [Some(code)] if !upper.contains("GCJ") => Self::of_epsg(code).map_err(|_| unknown(said)),
            _ => Err(unknown(said)),
        }
    }

    /// The reference system of an EPSG code.
    ///
    /// # Errors
    /// `crs.unknown`, with what is supported.
    pub fn of_epsg(code: u32) -> Result<Self, Problem> {
        match frame(code) {
            Some(_) => Ok(Self(System::Epsg(code))),
            None => Err(unknown(&format!("EPSG:{code}"))),
        }
    }

    /// Longitude and latitude on WGS84, EPSG:4326.
    pub fn wgs84() -> Self {
        Self(System::Epsg(WGS84))
    }

    /// Longitude and latitude on CGCS2000, EPSG:4490.
    pub fn cgcs2000() -> Self {
        Self(System::Epsg(CGCS2000))
    }

    /// The offset longitudes and latitudes of Chinese web maps.
    pub fn gcj02() -> Self {
        Self(System::Gcj02)
    }

    /// Its EPSG code; `None` for GCJ-02.
    pub fn epsg(&self) -> Option<u32> {
        match self.0 {
            System::Epsg(code) => Some(code),
            System::Gcj02 => None,
        }
    }

    /// True when coordinates are degrees.
    pub fn is_geographic(&self) -> bool {
        matches!(self.0, System::Epsg(WGS84 | CGCS2000) | System::Gcj02)
    }

    /// The name in the EPSG register, `CGCS2000 / 3-degree Gauss-Kruger CM 120E`.
    pub fn name(&self) -> String {
        match self.0 {
            System::Gcj02 => "GCJ-02".to_owned(),
            System::Epsg(code) => match proj_core::lookup_epsg(code) {
                Some(def) if !def.name().is_empty() => def.name().to_owned(),
                _ => self.to_string(),
            },
        }
    }

    fn frame(&self) -> Frame {
        match self.0 {
            System::Epsg(code) => frame(code).unwrap_or(Frame::Wgs84),
            System::Gcj02 => Frame::Wgs84,
        }
    }

    /// The longitudes and latitudes it is computed from.
    fn base(&self) -> u32 {
        match self.frame() {
            Frame::Wgs84 => WGS84,
            Frame::Cgcs2000 => CGCS2000,
        }
    }
}

impl fmt::Display for Crs {
    /// As [`Crs::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            System::Epsg(code) => write!(f, "EPSG:{code}"),
            System::Gcj02 => f.write_str("GCJ-02"),
        }
    }
}

/// The way from one reference system to another.
pub struct Projector {
    steps: Vec<Step>,
    datum: Option<&'static str>,
}

enum Step {
    FromGcj,
    IntoGcj,
    Project(Box<Transform>),
}

impl Projector {
    /// Plans the way: to longitude and latitude, then out again.
    ///
    /// # Errors
    /// `crs.no_way` when the projection library has no parameters for a leg.
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, Problem> {
        let mut steps = Vec::new();
        if from == to {
            return Ok(Self { steps, datum: None });
        }
        let leg = |from_code: u32, to_code: u32| {
            Transform::from_epsg_horizontal(from_code, to_code).map(|t| Step::Project(Box::new(t))).map_err(|e| {
                Problem::error("crs.no_way", words!("无法从 {from} 转换到 {to}", "there is no way from {from} to {to}"))
                    .key(format!("EPSG:{from_code} → EPSG:{to_code}: {e}"))
                    .fix(words!("先转换到 EPSG:4490", "convert the data to EPSG:4490 first"))
            })
        };
        match from.0 {
            System::Gcj02 => steps.push(Step::FromGcj),
            System::Epsg(code) if code != from.base() => steps.push(leg(code, from.base())?),
            System::Epsg(_) => {}
        }
        match to.0 {
            System::Gcj02 => steps.push(Step::IntoGcj),
            System::Epsg(code) if code != to.base() => steps.push(leg(to.base(), code)?),
            System::Epsg(_) => {}
        }
        let datum = (from.frame() != to.frame()).then_some(WGS84_CGCS2000_COINCIDENT);
        Ok(Self { steps, datum })
    }

    /// Maps points in place, x before y. A point that is not finite, or that a projection cannot
    /// reach, becomes NaN in both coordinates.
    pub fn map(&self, points: &mut [(f64, f64)]) {
        for point in points {
            *point = self.map_one(*point);
        }
    }

    /// Maps one point; see [`Projector::map`].
    pub fn map_one(&self, point: (f64, f64)) -> (f64, f64) {
        let mut at = point;
        for step in &self.steps {
            at = match step {
                Step::FromGcj => gcj::to_wgs84(at.0, at.1),
                Step::IntoGcj => gcj::from_wgs84(at.0, at.1),
                Step::Project(transform) => match transform.convert(Pair::new(at.0, at.1)) {
                    Ok(to) => (to.x, to.y),
                    Err(_) => (f64::NAN, f64::NAN),
                },
            };
        }
        if at.0.is_finite() && at.1.is_finite() { at } else { (f64::NAN, f64::NAN) }
    }

    /// The shape with every vertex mapped. Edges stay straight between mapped vertices.
    pub fn map_shape(&self, shape: &geo::MultiPolygon) -> geo::MultiPolygon {
        use geo::MapCoords;
        shape.map_coords(|c| {
            let (x, y) = self.map_one((c.x, c.y));
            geo::Coord { x, y }
        })
    }

    /// True when points stay where they are.
    pub fn is_identity(&self) -> bool {
        self.steps.is_empty()
    }

    /// The datum decision that was applied, by the name under which to record it.
    pub fn datum(&self) -> Option<&'static str> {
        self.datum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code, longitude, latitude in the system's own geographic base, east, north: computed once
    /// with pyproj 3.7.2 (PROJ 9.5.1).
    const PYPROJ: [(u32, f64, f64, f64, f64); 11] = [
        (4549, 118.8749, 28.9417, 390306.249482986, 3203328.856438629),
        (4549, 121.4, 31.2, 633432.298746527, 3453993.143860628),
        (4549, 118.0, 28.25, 303709.990865498, 3127769.08902151),
        (4528, 118.8749, 28.9417, 40390306.24948299, 3203328.856438629),
        (4548, 118.8749, 28.9417, 682808.098490381, 3204255.375380953),
        (4509, 118.8749, 28.9417, 682808.098490381, 3204255.375380953),
        (4498, 118.8749, 28.9417, 20682808.09849038, 3204255.375380953),
        (3857, 118.8749, 28.9417, 13233093.336101316, 3368227.841813313),
        (32650, 118.8749, 28.9417, 682734.975250282, 3202973.673323648),
        (32651, 118.8749, 28.9417, 97804.300395318, 3208540.61811403),
        (32750, 118.8749, -28.9417, 682734.975250282, 6797026.326676352),
    ];

    fn crs(code: u32) -> Crs {
        Crs::of_epsg(code).unwrap()
    }

    fn check(from: Crs, to: u32, at: (f64, f64), expected: (f64, f64)) {
        let made = Projector::between(&from, &crs(to)).unwrap().map_one(at);
        assert!((made.0 - expected.0).abs() < 1e-6 && (made.1 - expected.1).abs() < 1e-6, "EPSG:{to}: {made:?}, expected {expected:?}");
        let back = Projector::between(&crs(to), &from).unwrap().map_one(expected);
        assert!((back.0 - at.0).abs() < 1e-11 && (back.1 - at.1).abs() < 1e-11, "EPSG:{to}: {back:?}, expected {at:?}");
    }

    #[test]
    fn points_land_where_proj_puts_them_and_come_back() {
        for (code, lon, lat, x, y) in PYPROJ {
            check(crs(crs(code).base()), code, (lon, lat), (x, y));
        }
    }

    #[test]
    fn every_gauss_kruger_zone_has_its_meridian_and_its_prefix() {
        // pyproj 3.7.2 gave these for every zone of a family, but for the zone number in the easting
        for zone in 0..21 {
            let meridian = 75.0 + 3.0 * f64::from(zone);
            check(Crs::cgcs2000(), 4513 + zone, (meridian + 0.7, 35.25), (f64::from(25 + zone) * 1e6 + 563707.28790804, 3902553.229727217));
            check(Crs::cgcs2000(), 4534 + zone, (meridian - 1.1, 23.5), (387640.121171936, 2600341.457501485));
        }
        for zone in 0..11 {
            let meridian = 75.0 + 6.0 * f64::from(zone);
            check(Crs::cgcs2000(), 4491 + zone, (meridian + 1.9, 44.5), (f64::from(13 + zone) * 1e6 + 651106.694615906, 4931137.347258826));
            check(Crs::cgcs2000(), 4502 + zone, (meridian - 2.2, 20.5), (270469.196083607, 2269263.748713444));
        }
    }

    #[test]
    fn every_utm_zone_is_known() {
        // the central meridian of zone n is 6 n - 183 and has the easting 500 000, by definition
        for zone in 1..=60 {
            let meridian = 6.0 * f64::from(zone) - 183.0;
            for (code, south) in [(32_600 + zone, false), (32_700 + zone, true)] {
                let (x, y) = Projector::between(&Crs::wgs84(), &crs(code)).unwrap().map_one((meridian, 0.0));
                assert!((x - 500_000.0).abs() < 1e-6 && (y - if south { 1e7 } else { 0.0 }).abs() < 1e-6, "EPSG:{code}: {x}, {y}");
            }
        }
    }

    #[test]
    fn wgs84_and_cgcs2000_coincide_and_the_decision_is_named() {
        let (_, lon, lat, x, y) = PYPROJ[0];
        check(Crs::wgs84(), 4549, (lon, lat), (x, y));
        let utm = Projector::between(&crs(32_650), &crs(4549)).unwrap();
        let (_, _, _, utm_x, utm_y) = PYPROJ[8];
        let made = utm.map_one((utm_x, utm_y));
        // the same place in both rows of the table; the ellipsoids differ by 0.1 mm
        assert!((made.0 - x).abs() < 1e-3 && (made.1 - y).abs() < 1e-3, "{made:?}");
        assert_eq!(utm.datum(), Some(WGS84_CGCS2000_COINCIDENT));
        assert_eq!(Projector::between(&crs(4490), &crs(4549)).unwrap().datum(), None);
        let none = Projector::between(&Crs::wgs84(), &Crs::cgcs2000()).unwrap();
        assert!(none.is_identity() && none.datum().is_some());
    }

    #[test]
    fn gcj_is_undone_before_projecting() {
        let (_, lon, lat, x, y) = PYPROJ[0];
        check(Crs::gcj02(), 4549, gcj::from_wgs84(lon, lat), (x, y));
    }

    #[test]
    fn codes_are_read_in_the_ways_people_write_them() {
        for said in ["EPSG:4549", "epsg:4549", " 4549 ", "CGCS2000 / 3-degree GK CM 120E (EPSG:4549)", "urn:ogc:def:crs:EPSG::4549"] {
            assert_eq!(Crs::parse(said).unwrap().epsg(), Some(4549), "{said}");
        }
        assert_eq!(Crs::parse("WGS84 (EPSG:4326)").unwrap(), Crs::wgs84());
        assert_eq!(Crs::parse("gcj-02").unwrap(), Crs::gcj02());
        for said in ["", "EPSG:2350", "WGS84", "EPSG:", "EPSG:4326 to EPSG:4549", "99999999999", "GCJ-02 (EPSG:4326)", "高斯", "EPSG:４５４９", "4555", "0"]
        {
            assert_eq!(Crs::parse(said).unwrap_err().code, "crs.unknown", "{said}");
        }
        let all = [crs(4490), crs(4549), crs(32_650), Crs::gcj02()];
        assert!(all.iter().all(|c| Crs::parse(&c.to_string()).unwrap() == *c));
        assert_eq!(all.map(|c| c.is_geographic()), [true, false, false, true]);
        assert_eq!(crs(4549).name(), "CGCS2000 / 3-degree Gauss-Kruger CM 120E");
    }

    #[test]
    fn what_cannot_be_mapped_is_missing() {
        let projector = Projector::between(&Crs::cgcs2000(), &crs(4549)).unwrap();
        let mut points = [(f64::NAN, 30.0), (120.0, 91.0), (120.0, f64::INFINITY), (120.0, 30.0)];
        projector.map(&mut points);
        assert!(points[..3].iter().all(|p| p.0.is_nan() && p.1.is_nan()), "{points:?}");
        assert!((points[3].0 - 500_000.0).abs() < 1e-6);
    }
}
