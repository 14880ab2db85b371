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
