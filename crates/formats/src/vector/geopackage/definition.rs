//! The text that defines a reference system in `gpkg_spatial_ref_sys` (WKT 1, OGC 01-009).
//!
//! Parameters from the EPSG register: CGCS2000 in degrees and its Gauss-Kruger zones of 3 and 6
//! degrees, WGS 84 in degrees, its UTM zones, and Web Mercator.

/// A reference system as a GeoPackage stores it.
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) wkt: String,
}

const GREENWICH: &str = r#"PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]"#;

fn wgs84() -> String {
    format!(
        r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],{GREENWICH},AUTHORITY["EPSG","4326"]]"#
    )
}

fn cgcs2000() -> String {
    format!(
        r#"GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],{GREENWICH},AUTHORITY["EPSG","4490"]]"#
    )
}

/// The definition of a code; `None` for codes we do not write.
pub(super) fn of(code: u32) -> Option<Definition> {
    let (name, wkt) = match code {
        4326 => ("WGS 84".to_owned(), wgs84()),
        4490 => ("China Geodetic Coordinate System 2000".to_owned(), cgcs2000()),
        3857 => {
            let name = "WGS 84 / Pseudo-Mercator".to_owned();
            let parameters = r#"PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0]"#;
            let proj4 =
                r#"EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"]"#;
            let wkt = format!(
                r#"PROJCS["{name}",{},PROJECTION["Mercator_1SP"],{parameters},UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],{proj4},AUTHORITY["EPSG","3857"]]"#,
                wgs84()
            );
            (name, wkt)
        }
        32_601..=32_660 | 32_701..=32_760 => {
            let (zone, south) = (code % 100, code > 32_700);
            let name = format!("WGS 84 / UTM zone {zone}{}", if south { "S" } else { "N" });
            let wkt = transverse_mercator(&Zone {
                code,
                name: &name,
                base: &wgs84(),
                meridian: zone as i32 * 6 - 183,
                scale: "0.9996",
                easting: 500_000,
                northing: if south { 10_000_000 } else { 0 },
                axes: r#"AXIS["Easting",EAST],AXIS["Northing",NORTH]"#,
            });
            (name, wkt)
        }
        4491..=4554 => {
            // Each family of EPSG codes: first code, width of a zone, number of its first zone, and
            // whether the zone stands in the easting.
            let (first, width, zone, numbered) = match code {
                4491..=4501 => (4491, 6, 13, true),
                4502..=4512 => (4502, 6, 13, false),
                4513..=4533 => (4513, 3, 25, true),
                _ => (4534, 3, 25, false),
            };
            let zone = zone + code - first;
            let meridian = (if width == 6 { zone * 6 - 3 } else { zone * 3 }) as i32;
            let family = if width == 6 { "Gauss-Kruger" } else { "3-degree Gauss-Kruger" };
            let name = match numbered {
                true => format!("CGCS2000 / {family} zone {zone}"),
                false => format!("CGCS2000 / {family} CM {meridian}E"),
            };
            let easting = if numbered { zone * 1_000_000 + 500_000 } else { 500_000 };
            let axes = r#"AXIS["Northing",NORTH],AXIS["Easting",EAST]"#;
            let wkt = transverse_mercator(&Zone { code, name: &name, base: &cgcs2000(), meridian, scale: "1", easting, northing: 0, axes });
            (name, wkt)
        }
        _ => return None,
    };
    Some(Definition { name, wkt })
}

struct Zone<'a> {
    code: u32,
    name: &'a str,
    base: &'a str,
    meridian: i32,
    scale: &'a str,
    easting: u32,
    northing: u32,
    axes: &'a str,
}

fn transverse_mercator(zone: &Zone<'_>) -> String {
    let Zone { code, name, base, meridian, scale, easting, northing, axes } = zone;
    format!(
        r#"PROJCS["{name}",{base},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",{scale}],PARAMETER["false_easting",{easting}],PARAMETER["false_northing",{northing}],UNIT["metre",1,AUTHORITY["EPSG","9001"]],{axes},AUTHORITY["EPSG","{code}"]]"#
    )
}

#[cfg(test)]
mod tests {
    use super::of;

    /// Names and parameters as the EPSG register (v10.076, through `gdalsrsinfo`) has them.
    #[test]
    fn zones_have_their_registered_names_and_parameters() {
        for (code, name, meridian, easting) in [
            (4491, "CGCS2000 / Gauss-Kruger zone 13", 75, 13_500_000),
            (4512, "CGCS2000 / Gauss-Kruger CM 135E", 135, 500_000),
            (4528, "CGCS2000 / 3-degree Gauss-Kruger zone 40", 120, 40_500_000),
            (4533, "CGCS2000 / 3-degree Gauss-Kruger zone 45", 135, 45_500_000),
            (4534, "CGCS2000 / 3-degree Gauss-Kruger CM 75E", 75, 500_000),
            (4549, "CGCS2000 / 3-degree Gauss-Kruger CM 120E", 120, 500_000),
            (32_650, "WGS 84 / UTM zone 50N", 117, 500_000),
        ] {
            let made = of(code).unwrap();
            assert_eq!(made.name, name);
            assert!(
                made.wkt.contains(&format!("\"central_meridian\",{meridian}]")) && made.wkt.contains(&format!("\"false_easting\",{easting}]")),
                "{}",
                made.wkt
            );
            assert_eq!(made.wkt.matches('[').count(), made.wkt.matches(']').count());
        }
        assert!([2000, 4555, 32_661, 0].into_iter().all(|code| of(code).is_none()));
    }
}
