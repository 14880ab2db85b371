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

#[cfg(test)]
mod tests {
    use super::CrsName;

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
}
