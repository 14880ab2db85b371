//! What a file says about its reference system, before anybody decides what that means.

use std::fmt;

/// The reference system a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrsName {
    /// A code of the EPSG register.
    Epsg(u32),
    /// The file says nothing.
    Missing,
    /// The file describes a system without an EPSG code; its own words.
    Unknown(String),
}

impl CrsName {
    /// Reads `EPSG:4549`, `urn:ogc:def:crs:EPSG::4549`, `http://www.opengis.net/def/crs/EPSG/0/4549`,
    /// and the names of CRS84, which is 4326 with longitude first. Anything else is unknown.
    pub fn parse(name: &str) -> Self {
        let name = name.trim();
        let lower = name.to_ascii_lowercase();
        if lower.is_empty() {
            return Self::Missing;
        }
        let last = lower.rsplit([':', '/']).next().unwrap_or_default();
        match last.parse() {
            Ok(code) if lower.contains("epsg") => Self::Epsg(code),
            _ if last == "crs84" => Self::Epsg(4326),
            _ => Self::Unknown(name.to_owned()),
        }
    }
}

impl fmt::Display for CrsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrsName::Epsg(code) => write!(f, "EPSG:{code}"),
            CrsName::Missing => f.write_str("-"),
            CrsName::Unknown(words) => f.write_str(words),
        }
    }
}

/// The reference system of a `.prj` (WKT of OGC or ESRI): CGCS2000 and its Gauss-Kruger zones, WGS84 and
/// its UTM zones, by meridian and false easting; a code in it where it ends with one. Anything else is
/// unknown, in its own words.
pub fn of_wkt(wkt: &str) -> CrsName {
    let plain: String = wkt.split_whitespace().collect::<Vec<_>>().join(" ");
    let upper = plain.to_ascii_uppercase();
    let unknown = || CrsName::Unknown(plain.chars().take(80).collect());
    if plain.is_empty() {
        return CrsName::Missing;
    }
    if let Some(at) = upper.rfind("AUTHORITY[\"EPSG\",\"")
        && upper[at..].trim_end_matches([']', ' ']).len() <= 28
        && let Ok(code) = upper[at + 18..].chars().take_while(char::is_ascii_digit).collect::<String>().parse()
    {
        return CrsName::Epsg(code);
    }
    let parameter = |name: &str| -> Option<f64> {
        let at = upper.find(&format!("PARAMETER[\"{name}\""))?;
        upper[at..].split(',').nth(1)?.split(']').next()?.trim().parse().ok()
    };
    let (china, wgs) = (
        upper.contains("CHINA_2000") || upper.contains("CHINA 2000") || upper.contains("CGCS2000") || upper.contains("CHINA_GEODETIC"),
        upper.contains("WGS_1984") || upper.contains("WGS 84"),
    );
    if !upper.starts_with("PROJCS") {
        return match (china, wgs) {
            (true, _) => CrsName::Epsg(4490),
            (_, true) => CrsName::Epsg(4326),
            _ => unknown(),
        };
    }
    let (meridian, easting, scale) = (parameter("CENTRAL_MERIDIAN"), parameter("FALSE_EASTING"), parameter("SCALE_FACTOR").unwrap_or(1.0));
    let (Some(meridian), Some(easting)) = (meridian, easting) else { return unknown() };
    let whole = |v: f64| (v.fract().abs() < 1e-9 && v.abs() < 1e6).then_some(v as i64);
    let (Some(meridian), Some(zone)) = (whole(meridian), whole((easting - 500_000.0) / 1e6)) else { return unknown() };
    let code = match (china, wgs, zone) {
        (true, _, 0) if (75..=135).contains(&meridian) && meridian % 3 == 0 && scale == 1.0 => Some(4534 + (meridian - 75) / 3),
        (true, _, 25..=45) if meridian == 3 * zone && scale == 1.0 => Some(4513 + zone - 25),
        (true, _, 13..=23) if meridian == 6 * zone - 3 && scale == 1.0 => Some(4491 + zone - 13),
        (_, true, 0) if (scale - 0.9996).abs() < 1e-9 && (meridian + 183) % 6 == 0 && parameter("FALSE_NORTHING") == Some(0.0) => {
            Some(32_600 + (meridian + 183) / 6)
        }
        _ => None,
    };
    code.and_then(|code| u32::try_from(code).ok()).map_or_else(unknown, CrsName::Epsg)
}

#[cfg(test)]
mod tests {
    use super::{CrsName, of_wkt};

    #[test]
    fn the_spellings_found_in_files() {
        for name in ["EPSG:4549", "epsg:4549", "urn:ogc:def:crs:EPSG::4549", "urn:ogc:def:crs:EPSG:8.9:4549", "http://www.opengis.net/def/crs/EPSG/0/4549"] {
            assert_eq!(CrsName::parse(name), CrsName::Epsg(4549), "{name}");
        }
        for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "CRS84"] {
            assert_eq!(CrsName::parse(name), CrsName::Epsg(4326), "{name}");
        }
        assert_eq!(CrsName::parse(" "), CrsName::Missing);
        for name in ["GCJ-02", "EPSG:", "EPSG:4549m", "4549"] {
            assert_eq!(CrsName::parse(name), CrsName::Unknown(name.into()));
        }
    }

    /// Meridians and zones by the EPSG register: 4549 is CM 120E, 4528 zone 40, 4498 zone 20 of 6 degrees.
    #[test]
    fn projection_files() {
        let china = |easting: f64, meridian: f64| {
            of_wkt(&format!(
                "PROJCS[\"x\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\"]],PARAMETER[\"False_Easting\",{easting}],PARAMETER[\"Central_Meridian\",{meridian}],PARAMETER[\"Scale_Factor\",1.0]]"
            ))
        };
        assert_eq!([china(500_000.0, 120.0), china(40_500_000.0, 120.0), china(20_500_000.0, 117.0)], [4549, 4528, 4498].map(CrsName::Epsg));
        assert!(matches!(china(40_500_000.0, 117.0), CrsName::Unknown(_)));
        assert_eq!(of_wkt("GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\"]]"), CrsName::Epsg(4326));
        assert_eq!(of_wkt(" "), CrsName::Missing);
        assert!(matches!(
            of_wkt("PROJCS[\"Xian_1980_3_Degree_GK_Zone_40\",PARAMETER[\"False_Easting\",40500000.0],PARAMETER[\"Central_Meridian\",120.0]]"),
            CrsName::Unknown(_)
        ));
    }
}
