//! Sites from the bytes of a file, by what the bytes are and not by what the file is called. Where the
//! bytes do not say their reference system or the order of their axes, every reading is tried; the one
//! that lies in the region is taken and told, and two are refused with the alternatives.

use liangshan_formats::CrsName;
use liangshan_formats::coordinates::{Block, Drawn, Form, Ring, read_coordinates};
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, Layer, is_zip, read_geojson, read_geopackage, read_shapefile};
use liangshan_space::geo::{Geometry, MapCoords};
use liangshan_space::overlay::plane_area;
use liangshan_space::{Bounds, Coord, Crs, LineString, MultiPolygon, Polygon, Projector};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::sites::{Asked, Refused, Sites, sites_of};
use crate::ground::{as_polygons, layer_crs};
use crate::region::Region;

/// Reads the sites of a file.
///
/// # Errors
/// Those of its format; `site.no_reading` and `site.ambiguous` for coordinates that can be read in no
/// way or in several; everything that [`sites_of`] tells.
pub fn read_sites(bytes: &[u8], region: &Region, asked: &Asked) -> Result<Sites, Refused> {
    let (layer, format) = if bytes.starts_with(b"SQLite format 3\0") {
        (read_geopackage(bytes, asked.layer.as_deref())?, "GeoPackage")
    } else if is_zip(bytes) {
        (read_shapefile(bytes)?, "Shapefile")
    } else if bytes.iter().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b)) == Some(&b'{') {
        (read_geojson(bytes)?, "GeoJSON")
    } else {
        return drawn_sites(read_coordinates(bytes)?, region, asked);
    };
    if layer.crs == CrsName::Missing && asked.crs.is_none() {
        return without_system(layer, format, region, asked);
    }
    let crs = match (asked.crs, &layer.crs) {
        (Some(crs), CrsName::Missing | CrsName::Unknown(_)) => crs,
        (Some(stated), _) => layer_crs(&layer, &stated.to_string())?,
        (None, _) => layer_crs(&layer, "")?,
    };
    sites_of(&layer, &crs, said(format, layer.features.len(), &crs, false, false), region, asked)
}

/// What was recognised.
fn said(format: &str, count: usize, crs: &Crs, north_first: bool, recognised: bool) -> Text {
    let name = crs.name();
    let how = if recognised {
        text("按数值与位置认出", "recognised by the numbers and the place")
    } else {
        text("文件或选项写明", "as the file or an option states")
    };
    let order = match (crs.is_geographic(), north_first) {
        (true, false) => text("先经度后纬度", "longitude before latitude"),
        (true, true) => text("先纬度后经度", "latitude before longitude"),
        (false, false) => text("先东坐标后北坐标", "easting before northing"),
        (false, true) => text("先北坐标后东坐标", "northing before easting"),
    };
    Text::of(
        format!("{format}，{count} 个选址，{crs}（{name}），{}；{}", order.zh, how.zh),
        format!("{format}, {count} sites, {crs} ({name}), {}; {}", order.en, how.en),
    )
}

/// One way to read coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Way {
    crs: Crs,
    north_first: bool,
}

/// Every reading that can be meant: degrees, the zones of Gauss and Krueger on CGCS2000 with and without
/// their number, in both orders, less what was stated.
fn ways(asked: &Asked, stated: &[Crs], north_first: Option<bool>, first: (f64, f64)) -> Vec<Way> {
    let systems: Vec<Crs> = match asked.crs {
        Some(crs) => vec![crs],
        None if !stated.is_empty() => stated.to_vec(),
        None => {
            let (a, b) = first;
            if a.abs() <= 180.0 && b.abs() <= 180.0 {
                vec![Crs::cgcs2000()]
            } else {
                // Three-degree zones before six-degree ones: where both give the same place it is called by the narrower.
                (4513..=4554).chain(4491..=4512).filter_map(|code| Crs::of_epsg(code).ok()).collect()
            }
        }
    };
    let orders: Vec<bool> = asked.north_first.or(north_first).map_or_else(|| vec![false, true], |order| vec![order]);
    systems.into_iter().flat_map(|crs| orders.iter().map(move |north_first| Way { crs, north_first: *north_first })).collect()
}

/// The readings under which all points lie in the region, each place once.
fn readings(ways: &[Way], points: &[(f64, f64)], region: &Region) -> Vec<Way> {
    let extent = region.declared.grid.bounds();
    let mut found: Vec<(Way, (f64, f64))> = Vec::new();
    for way in ways {
        let Ok(projector) = Projector::between(&way.crs, &region.declared.grid.crs) else { continue };
        let placed = |p: &(f64, f64)| projector.map_one(if way.north_first { (p.1, p.0) } else { *p });
        let inside = |p: (f64, f64)| p.0 >= extent.west && p.0 <= extent.east && p.1 >= extent.south && p.1 <= extent.north;
        if points.iter().all(|p| inside(placed(p)))
            && let Some(at) = points.first().map(placed)
            && !found.iter().any(|(_, known)| (known.0 - at.0).hypot(known.1 - at.1) < 0.001)
        {
            found.push((*way, at));
        }
    }
    found.into_iter().map(|(way, _)| way).collect()
}

/// The one reading there is.
fn the_one(ways: &[Way], points: &[(f64, f64)], region: &Region) -> Result<Way, Problem> {
    let shown = |way: &Way| format!("--crs {} --axes {}", way.crs, if way.north_first { "north-east" } else { "east-north" });
    match &readings(ways, points, region)[..] {
        [one] => Ok(*one),
        [] => {
            let (a, b) = points.first().copied().unwrap_or((f64::NAN, f64::NAN));
            let Bounds { west, south, east, north } = region.declared.grid.bounds();
            let crs = region.declared.grid.crs;
            Err(Problem::error(
                "site.no_reading",
                words!(
                    "坐标 ({a}, {b}) 无论按哪种坐标系和顺序都不在区域内",
                    "in no reference system and order do the coordinates ({a}, {b}) lie in the region"
                ),
            )
            .expect(words!(
                "度；或高斯—克吕格米（带号可有可无），落在 {crs} 的 ({west}, {south}) – ({east}, {north}) 之内",
                "degrees, or metres of Gauss-Kruger with or without a zone number, within ({west}, {south}) – ({east}, {north}) of {crs}"
            ))
            .fix(text(
                "核对坐标；1954 北京或 1980 西安坐标须先转换到 CGCS2000",
                "look at the coordinates; those of Beijing 1954 or Xian 1980 have to be converted to CGCS2000 first",
            )))
        }
        several => {
            let list: Vec<String> = several.iter().map(shown).collect();
            Err(Problem::error("site.ambiguous", words!("坐标有 {} 种读法都在区域内", "the coordinates lie in the region by {} readings", several.len()))
                .expect(Text::same(list.join("；")))
                .fix(text("用 --crs 和 --axes 说明是哪一种", "say with --crs and --axes which of them is meant")))
        }
    }
}

/// A file of features that names no reference system.
fn without_system(layer: Layer, format: &str, region: &Region, asked: &Asked) -> Result<Sites, Refused> {
    let points: Vec<(f64, f64)> = layer
        .features
        .iter()
        .filter_map(|f| f.geometry.as_ref().and_then(as_polygons))
        .flat_map(|m| m.0.into_iter().flat_map(|p| p.exterior().0.iter().map(|c| (c.x, c.y)).collect::<Vec<_>>()))
        .collect();
    let Some(first) = points.first().copied() else { return Err(super::unreadable::no_sites().into()) };
    let way = the_one(&ways(asked, &[], None, first), &points, region)?;
    let mut layer = layer;
    if way.north_first {
        for geometry in layer.features.iter_mut().filter_map(|f| f.geometry.as_mut()) {
            *geometry = geometry.map_coords(|c| Coord { x: c.y, y: c.x });
        }
    }
    sites_of(&layer, &way.crs, said(format, layer.features.len(), &way.crs, way.north_first, true), region, asked)
}

/// Systems that a text states, in the words of land offices.
fn stated_systems(drawn: &Drawn) -> Result<Vec<Crs>, Problem> {
    let stated = &drawn.stated;
    if let Some(code) = stated.crs {
        return Ok(vec![Crs::of_epsg(code)?]);
    }
    if stated.datum.is_empty() {
        return Ok(Vec::new());
    }
    if !["2000", "CGCS"].iter().any(|w| stated.datum.to_ascii_uppercase().contains(w)) {
        return Err(Problem::error("site.old_datum", words!("坐标系是“{}”", "the reference system is \"{}\"", stated.datum))
            .expect(text("2000国家大地坐标系", "CGCS2000"))
            .fix(text("先用当地参数转换到 CGCS2000；程序没有这些参数", "convert to CGCS2000 with the local parameters first; they are not known here")));
    }
    if stated.degrees {
        return Ok(vec![Crs::cgcs2000()]);
    }
    let of = |code: u32| Crs::of_epsg(code).ok();
    // With the zone's number in the easting and without it: the numbers decide.
    Ok(match (stated.width, stated.zone) {
        (Some(3), Some(zone @ 25..=45)) => [of(4513 + zone - 25), of(4534 + zone - 25)].into_iter().flatten().collect(),
        (Some(6), Some(zone @ 13..=23)) => [of(4491 + zone - 13), of(4502 + zone - 13)].into_iter().flatten().collect(),
        _ => Vec::new(),
    })
}

fn drawn_sites(drawn: Drawn, region: &Region, asked: &Asked) -> Result<Sites, Refused> {
    let points: Vec<(f64, f64)> = drawn.blocks.iter().flat_map(|b| b.polygons.iter().flatten().flatten().copied()).collect();
    let Some(first) = points.first().copied() else { return Err(super::unreadable::no_sites().into()) };
    let stated = stated_systems(&drawn)?;
    // The layout of a TXT has north first; WKT and pairs are found written either way.
    let order = if drawn.form == Form::Txt { drawn.stated.north_first } else { None };
    let way = the_one(&ways(asked, &stated, order, first), &points, region)?;
    let features: Vec<Feature> = drawn.blocks.iter().enumerate().map(|(at, block)| feature(at, block, way.north_first)).collect();
    let field = |name: &str| Field { name: name.to_owned(), kind: FieldKind::Text };
    let layer = Layer { name: String::new(), crs: CrsName::Missing, fields: vec![field("site_id"), field("name"), field("land_use")], features };
    let recognised = stated.is_empty() && asked.crs.is_none();
    let reading = said(drawn.form.name(), drawn.blocks.len(), &way.crs, way.north_first, recognised);
    let mut sites = sites_of(&layer, &way.crs, reading, region, asked)?;
    sites.notes.extend(drawn.notes.clone());
    sites.notes.extend(areas(&drawn, &layer));
    Ok(sites)
}

fn feature(at: usize, block: &Block, north_first: bool) -> Feature {
    let ring = |ring: &Ring| LineString(ring.iter().map(|(a, b)| if north_first { Coord { x: *b, y: *a } } else { Coord { x: *a, y: *b } }).collect());
    let polygon = |rings: &Vec<Ring>| {
        let mut made = rings.iter().map(ring);
        Polygon::new(made.next().unwrap_or(LineString(Vec::new())), made.collect())
    };
    let id = if block.id.is_empty() { (at + 1).to_string() } else { block.id.clone() };
    let cells = vec![Cell::Text(id), Cell::Text(block.name.clone()), Cell::Text(block.land_use.clone())];
    Feature { id: at as i64 + 1, geometry: Some(Geometry::MultiPolygon(MultiPolygon(block.polygons.iter().map(polygon).collect()))), cells }
}

/// The largest difference of a stated area and that of its corners, ha.
const AREA_OFF_HA: f64 = 0.01;

/// Blocks whose stated area is not that of their corners.
fn areas(drawn: &Drawn, layer: &Layer) -> Problems {
    let mut told = Problems::new();
    for (block, feature) in drawn.blocks.iter().zip(&layer.features) {
        let (Some(stated), Some(shape)) = (block.hectares, feature.geometry.as_ref().and_then(as_polygons)) else { continue };
        let computed = plane_area(&shape) / 10_000.0;
        if !drawn.stated.degrees && (computed - stated).abs() > AREA_OFF_HA {
            told.push(
                Problem::warning(
                    "site.area_differs",
                    words!("写明的面积 {stated} 公顷，拐点围成 {computed:.4} 公顷", "the stated area is {stated} ha, that of the corners {computed:.4} ha"),
                )
                .row(block.row)
                .key(block.id.as_str())
                .expect(text("相差不超过 0.01 公顷", "a difference of at most 0.01 ha"))
                .fix(text("核对面积与拐点", "look at the area and the corners")),
            );
        }
    }
    told
}
