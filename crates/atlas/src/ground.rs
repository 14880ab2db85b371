//! The ground an account stands on: the places with their exact share of every cell, and the
//! ecosystem classes with the type each is reported under.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_formats::CrsName;
use liangshan_formats::vector::{Cell, Layer};
use liangshan_space::geo::{Area, Geometry};
use liangshan_space::shape::{PartitionFaultKind, faults, partition_faults};
use liangshan_space::{Coverage, Crs, FaultKind, Grid, MultiPolygon, Projector, Window, gcj, polygon_area_m2};
use liangshan_vocab::{Digest, Origin, Problem, Problems, Text, nearest, text, words};

use crate::plan::margin;
use crate::region::{Region, TableFile};

/// The longest edge, in metres, that is taken as straight when an area or a boundary is carried
/// from one reference system to another.
const EDGE_M: f64 = 200.0;

/// A place with ground of its own: every sum begins here.
#[derive(Debug, Clone)]
pub struct County {
    /// Division code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Outline in the grid's reference system.
    pub shape: MultiPolygon,
    /// Its share of every cell.
    pub coverage: Coverage,
    /// Its area on the ellipsoid by its outline, m².
    pub area_m2: f64,
}

/// The counties, and the region that is their sum.
#[derive(Debug, Clone)]
pub struct Places {
    /// Edition of the boundaries.
    pub edition: String,
    /// Counties by code.
    pub counties: Vec<County>,
    /// Code of the whole.
    pub whole: String,
    /// Name of the whole.
    pub whole_name: Text,
    /// Files read.
    pub basis: Vec<(String, Digest)>,
    /// What they are.
    pub origin: Origin,
    /// The recorded datum decision, where one was applied.
    pub datum: Option<&'static str>,
    /// How the files were read: the declaration and the sidecar decide it, not their bytes.
    pub setting: String,
}

impl Places {
    /// The name of a county or of the whole.
    pub fn name(&self, code: &str) -> Option<&Text> {
        if code == self.whole { Some(&self.whole_name) } else { self.counties.iter().find(|c| c.code == code).map(|c| &c.name) }
    }

    /// The area of a county or of the whole, m².
    pub fn area_m2(&self, code: &str) -> Option<f64> {
        if code == self.whole { Some(self.counties.iter().map(|c| c.area_m2).sum()) } else { self.counties.iter().find(|c| c.code == code).map(|c| c.area_m2) }
    }

    /// Every code: the counties, then the whole.
    pub fn codes(&self) -> Vec<&str> {
        self.counties.iter().map(|c| c.code.as_str()).chain([self.whole.as_str()]).collect()
    }

    /// Reads polygons and names. `notes` receives what is worth knowing but stops nothing.
    ///
    /// # Errors
    /// `place.unknown_code`, `place.without_polygon`, `place.invalid_polygon`, `place.no_crs` and
    /// those of reading the files, all at once.
    pub fn read(region: &Region, grid: &Grid, notes: &mut Problems) -> Result<Self, Problems> {
        let declared = &region.declared.places;
        let mut problems = Problems::new();
        let names = problems.keep(region.sources.table(&declared.table)).and_then(|t| read_names(&t, &mut problems));
        let file = problems.keep(region.sources.file(&declared.layer));
        let layer = if file.is_some() { problems.keep(region.sources.layer(&declared.layer)) } else { None };
        let (Some(names), Some(file), Some(layer)) = (names, file, layer) else { return Err(problems) };
        let crs = layer_crs(&layer, &file.sidecar.crs).map_err(|p| p.file(declared.layer.as_str()));
        let projector = crs.and_then(|crs| Ok((Projector::between(&crs, &grid.crs)?, crs)));
        let Some((projector, crs)) = problems.keep(projector) else { return Err(problems) };
        let mut shapes: BTreeMap<String, MultiPolygon> = BTreeMap::new();
        let Some(code_field) = layer.fields.iter().position(|f| f.name == declared.code) else {
            let field = &declared.code;
            let near = nearest(field, layer.fields.iter().map(|f| f.name.as_str()));
            problems.push(
                Problem::error("place.no_code_field", words!("图层没有字段“{field}”", "the layer has no field \"{field}\""))
                    .file(declared.layer.as_str())
                    .key("places.code")
                    .fix_near(near, text("在 places.code 中写图层里的字段名", "write a field of the layer in places.code"))
                    .expect(text("存放区划代码的字段", "a field that holds the division codes")),
            );
            return Err(problems);
        };
        for feature in &layer.features {
            let code = match feature.cells.get(code_field) {
                Some(Cell::Text(code)) => code.trim().to_owned(),
                Some(Cell::Integer(code)) => code.to_string(),
                _ => String::new(),
            };
            let at = |p: Problem| p.file(declared.layer.as_str()).key(if code.is_empty() { format!("feature {}", feature.id) } else { code.clone() });
            if !names.contains_key(&code) {
                let near = nearest(&code, names.keys().map(String::as_str));
                problems.push(at(Problem::error(
                    "place.unknown_code",
                    words!("区划代码“{code}”不在代码表中", "the division code \"{code}\" is not in the code table"),
                )
                .expect(words!("{} 中的代码", "a code of {}", declared.table))
                .fix_near(near, text("改正代码，或在代码表中补一行", "correct the code, or add a row to the code table"))));
                continue;
            }
            let Some(shape) = feature.geometry.as_ref().and_then(as_polygons) else {
                problems.push(at(Problem::error("place.not_a_polygon", text("该要素不是面", "the feature is not a polygon"))
                    .expect(text("面要素（Polygon 或 MultiPolygon）", "a polygon or a multipolygon"))
                    .fix(text("只导出面图层，删去点和线", "export the polygons only, without points and lines"))));
                continue;
            };
            let found = faults(&shape);
            for fault in found.iter().filter(|f| !matches!(f.kind, FaultKind::RepeatedPoint | FaultKind::SelfTouch)) {
                let (x, y) = fault.at;
                problems.push(at(Problem::error(
                    "place.invalid_polygon",
                    Text::of(format!("多边形无效：{}", fault_words(fault.kind).zh), format!("the polygon is invalid: {}", fault_words(fault.kind).en)),
                )
                .expect(words!("在 ({x:.6}, {y:.6}) 处不自交、环闭合的多边形", "a polygon that is simple and closed at ({x:.6}, {y:.6})"))
                .fix(text("在 GIS 中修复几何后重新导出", "repair the geometry in a GIS and export it again"))));
            }
            if shapes.insert(code.clone(), shape).is_some() {
                problems.push(at(Problem::error("place.duplicate_code", text("同一代码有两个要素", "two features have this code"))
                    .expect(text("每个代码一个要素；飞地作为同一要素的多个部分", "one feature for each code; exclaves are parts of the same feature"))
                    .fix(text("在 GIS 中按代码融合（dissolve）", "dissolve the layer by its code in a GIS"))));
            }
        }
        let whole = region.declared.code.clone();
        let members: Vec<&Named> = names.values().filter(|n| n.parent == whole && n.code != whole).collect();
        for member in &members {
            if !shapes.contains_key(&member.code) {
                let code = &member.code;
                problems.push(
                    Problem::error("place.without_polygon", words!("代码表中的 {code} 没有边界", "{code} of the code table has no outline"))
                        .file(declared.layer.as_str())
                        .key(code.as_str())
                        .expect(text("代码表中的每个县都有边界", "an outline for every county of the code table"))
                        .fix(text("补上边界，或从代码表中删去该行", "add the outline, or take the row out of the code table")),
                );
            }
        }
        if members.is_empty() || !names.contains_key(&whole) {
            problems.push(
                Problem::error("place.no_members", words!("代码表中没有 {whole} 及其下级", "the code table does not have {whole} and the places below it"))
                    .file(declared.table.as_str())
                    .expect(words!("一行 code = {whole}，以及 parent_code = {whole} 的各行", "a row with code = {whole}, and rows with parent_code = {whole}"))
                    .fix(text("改正代码表，或 region.toml 的 region.code", "correct the code table, or region.code in region.toml")),
            );
        }
        if problems.has_errors() {
            return Err(problems);
        }
        let mut counties = Vec::new();
        for member in members {
            let Some(own) = shapes.remove(&member.code) else { continue };
            let shape = if projector.is_identity() { own.clone() } else { projector.map_shape(&densified(&own, &crs)) };
            let coverage = Coverage::of(&shape, grid).map_err(|p| p.or_file(&declared.layer));
            let area = polygon_area_m2(&own, &crs, EDGE_M).map_err(|p| p.or_file(&declared.layer));
            if let (Some(coverage), Some(area_m2)) = (problems.keep(coverage), problems.keep(area)) {
                let county = County { code: member.code.clone(), name: member.name.clone(), shape, coverage, area_m2 };
                problems.extend(off_the_grid(&county, grid));
                counties.push(county);
            }
        }
        problems.extend(seams(&counties, &declared.layer, notes));
        shifted(region, &counties, grid, notes);
        let whole_name = names[&whole].name.clone();
        let table = region.sources.file(&declared.table)?;
        let basis = vec![(file.path.clone(), file.digest.clone()), (table.path.clone(), table.digest.clone())];
        problems.into_result(Self {
            edition: declared.edition.clone(),
            counties,
            whole,
            whole_name,
            basis,
            origin: file.sidecar.origin,
            datum: projector.datum(),
            setting: format!("{} {} {}", crs.name(), declared.code, region.declared.code),
        })
    }
}

/// Overlaps and gaps between neighbours stay as the boundary has them; they are told, because the
/// counties' areas then do not quite add up to the outline of the whole.
fn seams(counties: &[County], file: &str, notes: &mut Problems) -> Problems {
    let mut problems = Problems::new();
    let most = LARGEST_SEAM * counties.iter().map(|c| c.area_m2).sum::<f64>();
    let shapes: Vec<MultiPolygon> = counties.iter().map(|c| c.shape.clone()).collect();
    for fault in partition_faults(&shapes, 1.0) {
        let (a, b) = (&counties[fault.a].code, &counties[fault.b].code);
        let (x, y) = fault.at;
        let what = match fault.kind {
            PartitionFaultKind::Overlap => words!("{a} 与 {b} 的边界重叠", "the outlines of {a} and {b} overlap"),
            PartitionFaultKind::Gap => words!("{a} 与 {b} 的边界之间有缝隙", "there is a gap between the outlines of {a} and {b}"),
        };
        let at = |p: Problem| p.file(file).key(format!("({x:.0}, {y:.0})")).area_m2(fault.area);
        if fault.area > most {
            problems.push(
                at(Problem::error("place.seam", what))
                    .expect(text("缝隙与重叠不超过全区面积的 0.1%", "gaps and overlaps of at most 0.1 % of the region's area"))
                    .fix(text("核对边界：是否有县重复、缺失或画错", "look at the outlines: is a county doubled, missing or wrongly drawn?")),
            );
        } else {
            notes.push(at(Problem::note("place.seam", what)).fix(text("按边界原样计算，不作修补", "computed as the boundary is, nothing is repaired")));
        }
    }
    problems
}

/// The largest gap or overlap that is taken for a seam, as a share of the region (method sheet 11,
/// rule 4: areas agree within 0.1 %).
const LARGEST_SEAM: f64 = 0.001;

/// A county that lies in part, or wholly, off the region's grid would lose that part without a word.
fn off_the_grid(county: &County, grid: &Grid) -> Option<Problem> {
    let m = margin();
    let inner = Window { column: m, row: m, columns: grid.columns - 2 * m, rows: grid.rows - 2 * m };
    let on_it: f64 = county.coverage.in_window(&inner).iter().map(|(_, share)| share).sum();
    let wanted = county.shape.unsigned_area() / (grid.dx * grid.dy);
    let missing = 1.0 - on_it / wanted;
    // Shares are exact to 2^-38 of a cell, so anything beyond rounding is ground that is not on the grid.
    (missing > 1e-6).then(|| {
        let (code, zh, en, share) = (&county.code, &county.name.zh, &county.name.en, 100.0 * missing);
        Problem::error("grid.not_covering", words!("{zh}（{code}）有 {share:.3}% 在格网之外", "{share:.3} % of {en} ({code}) lies off the grid"))
            .file(crate::region::REGION_FILE)
            .key("grid")
            .area_m2(missing * county.area_m2)
            .expect(text("格网盖住全部边界", "a grid that covers every outline"))
            .fix(text("核对 crs、origin_x、origin_y、columns 与 rows", "look at crs, origin_x, origin_y, columns and rows"))
    })
}

/// A layer whose outline fits the places better after a GCJ-02 shift is named, with the shift.
fn shifted(region: &Region, counties: &[County], grid: &Grid, notes: &mut Problems) {
    let Some(reference) = &region.declared.places.reference else { return };
    let wgs84 = Crs::wgs84();
    let outline = |path: &str| -> Result<MultiPolygon, Problems> {
        let file = region.sources.file(path)?;
        let layer = region.sources.layer(path)?;
        let crs = layer_crs(&layer, &file.sidecar.crs)?;
        let all: Vec<_> = layer.features.iter().filter_map(|f| f.geometry.as_ref().and_then(as_polygons)).flat_map(|m| m.0).collect();
        Ok(Projector::between(&crs, &wgs84)?.map_shape(&MultiPolygon(all)))
    };
    let Some(reference_outline) = notes.keep(outline(reference)) else { return };
    let own: Vec<_> = counties.iter().flat_map(|c| c.shape.0.clone()).collect();
    let Ok(back) = Projector::between(&grid.crs, &wgs84) else { return };
    if let Some(fit) = gcj::better_after_shift(&back.map_shape(&MultiPolygon(own)), &reference_outline) {
        let (before, after, (east, north)) = (fit.before_m, fit.after_m, fit.shift_m);
        notes.push(
            Problem::warning(
                "place.gcj_shift",
                text("图层轮廓在还原 GCJ-02 偏移后与参照更吻合", "the layer's outline fits the reference better after undoing a GCJ-02 shift"),
            )
            .file(region.declared.places.layer.as_str())
            .expect(words!(
                "平均偏差 {before:.0} 米，还原后 {after:.0} 米；偏移约东 {east:.0} 米、北 {north:.0} 米",
                "mean distance {before:.0} m, {after:.0} m after it; the shift is about {east:.0} m east, {north:.0} m north"
            ))
            .fix(text("若确为 GCJ-02，请在说明文件中写 crs = \"GCJ-02\"", "if it is GCJ-02, write crs = \"GCJ-02\" in the sidecar")),
        );
    }
}

struct Named {
    code: String,
    name: Text,
    parent: String,
}

fn read_names(table: &TableFile, problems: &mut Problems) -> Option<BTreeMap<String, Named>> {
    let path = &table.file.path;
    let t = &table.table;
    let [code, zh, en, parent] = problems.keep(t.find(["code", "name_zh", "name_en", "parent_code"]).map_err(|p| p.or_file(path)))?;
    problems.extend(t.duplicate_keys(&[code]).or_file(path));
    Some(
        t.rows
            .iter()
            .map(|row| {
                let code = t.text(row, code).to_owned();
                (code.clone(), Named { code, name: Text::of(t.text(row, zh), t.text(row, en)), parent: t.text(row, parent).to_owned() })
            })
            .collect(),
    )
}

/// The reference system of a layer: what the file says, unless the sidecar says it is GCJ-02 or the
/// file says nothing.
pub fn layer_crs(layer: &Layer, sidecar: &str) -> Result<Crs, Problem> {
    stated_crs(&layer.crs, sidecar)
}

/// The reference system of a file from its own statement and its sidecar's.
pub fn stated_crs(own: &CrsName, sidecar: &str) -> Result<Crs, Problem> {
    let from_sidecar = if sidecar.trim().is_empty() { None } else { Some(Crs::parse(sidecar)) };
    if let Some(Ok(crs)) = &from_sidecar
        && *crs == Crs::gcj02()
    {
        return Ok(*crs);
    }
    match (own, from_sidecar) {
        (CrsName::Epsg(code), stated) => {
            let crs = Crs::of_epsg(*code)?;
            match stated {
                Some(Ok(other)) if other != crs => {
                    let said = |c: &Crs| c.epsg().map_or_else(|| c.name(), |code| format!("EPSG:{code} ({})", c.name()));
                    let (a, b) = (said(&crs), said(&other));
                    Err(Problem::error("source.crs_conflict", words!("文件的坐标系是 {a}，说明文件写的是 {b}", "the file is in {a}, its sidecar says {b}"))
                        .fix(text(
                            "改正说明文件的 crs；只有文件自身没有坐标系时才以它为准",
                            "correct crs in the sidecar; it decides only where the file itself says nothing",
                        ))
                        .expect(text("文件与说明文件写明同一坐标系", "the same reference system in the file and in its sidecar")))
                }
                _ => Ok(crs),
            }
        }
        (_, Some(stated)) => stated,
        (CrsName::Missing, None) => Err(Problem::error("source.no_crs", text("文件没有坐标系", "the file has no reference system"))
            .expect(text("文件自带 EPSG 代码，或说明文件中的 crs", "an EPSG code in the file, or crs in the sidecar"))
            .fix(text("若知道坐标系，写入说明文件，如 crs = \"EPSG:4549\"", "if you know it, write it into the sidecar, such as crs = \"EPSG:4549\""))),
        (CrsName::Unknown(name), None) => Err(Problem::error("crs.unknown", words!("不认识坐标系“{name}”", "the reference system \"{name}\" is not known"))
            .fix(text("在说明文件中写明 EPSG 代码", "write the EPSG code into the sidecar"))
            .expect(text("带 EPSG 代码的坐标系", "a reference system with an EPSG code"))),
    }
}

/// The polygons of a geometry that has nothing else.
pub fn as_polygons(geometry: &Geometry<f64>) -> Option<MultiPolygon> {
    match geometry {
        Geometry::Polygon(p) => Some(MultiPolygon(vec![p.clone()])),
        Geometry::MultiPolygon(m) => Some(m.clone()),
        _ => None,
    }
}

/// A copy with no edge longer than `EDGE_M`, so that edges stay where they are when projected.
pub fn densified(shape: &MultiPolygon, crs: &Crs) -> MultiPolygon {
    let step = if crs.is_geographic() { EDGE_M / 111_320.0 } else { EDGE_M };
    let ring = |line: &liangshan_space::LineString| {
        let mut points = Vec::with_capacity(line.0.len());
        for pair in line.0.windows(2) {
            let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
            let pieces = (dx.hypot(dy) / step).ceil().clamp(1.0, 100_000.0);
            let mut i = 0.0;
            while i < pieces {
                points.push(liangshan_space::Coord { x: pair[0].x + dx * i / pieces, y: pair[0].y + dy * i / pieces });
                i += 1.0;
            }
        }
        points.extend(line.0.last());
        liangshan_space::LineString(points)
    };
    MultiPolygon(shape.0.iter().map(|p| liangshan_space::Polygon::new(ring(p.exterior()), p.interiors().iter().map(ring).collect())).collect())
}

/// What a fault is called.
pub fn fault_words(kind: FaultKind) -> Text {
    match kind {
        FaultKind::NotFinite => text("坐标不是有限数", "a coordinate is not a finite number"),
        FaultKind::TooFewPoints => text("环的点数不足", "a ring has too few points"),
        FaultKind::RepeatedPoint => text("相邻点重复", "a point is repeated"),
        FaultKind::SelfTouch => text("环自接触", "a ring touches itself"),
        FaultKind::SelfIntersection => text("环自相交", "a ring crosses itself"),
        FaultKind::RingsCross => text("环与环相交", "two rings cross"),
        FaultKind::HoleOutside => text("洞在外环之外", "a hole lies outside its ring"),
        FaultKind::PartsOverlap => text("部分之间重叠", "parts overlap"),
    }
}

/// One ecosystem class: a code of the map, with the attribute that splits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// HJ 1166-2021 level II code.
    pub code: i64,
    /// Attribute; 0 where the map has none.
    pub attribute: i64,
    /// Name.
    pub name: Text,
    /// Index into [`Classes::types`].
    pub kind: usize,
}

/// A reported ecosystem type: HJ 1166-2021 level I.
#[derive(Debug, Clone, PartialEq)]
pub struct EcosystemType {
    /// Identifier in tables, `forest`.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// What falls under no ecosystem type, such as tourism.
pub const UNALLOCATED: &str = "unallocated";

/// Classes and types.
#[derive(Debug, Clone)]
pub struct Classes {
    /// All classes that may occur.
    pub classes: Vec<Class>,
    /// Types in the order of the class table.
    pub types: Vec<EcosystemType>,
    /// Files read.
    pub basis: Vec<(String, Digest)>,
}

impl Classes {
    /// The index of a class.
    pub fn index(&self, code: i64, attribute: i64) -> Option<usize> {
        self.classes.iter().position(|c| c.code == code && c.attribute == attribute)
    }

    /// Reads the class and attribute tables.
    ///
    /// # Errors
    /// Those of the tables: missing columns, text in a number, duplicate keys; and
    /// `classes.attribute_of_unknown_class`.
    pub fn read(region: &Region) -> Result<Self, Problems> {
        let declared = &region.declared.ecosystem;
        let mut problems = Problems::new();
        let classes = problems.keep(region.sources.table(&declared.classes));
        let attributes = declared.attributes.as_ref().and_then(|path| problems.keep(region.sources.table(path)));
        let Some(classes) = classes else { return Err(problems) };
        let mut out = Self { classes: Vec::new(), types: Vec::new(), basis: vec![(classes.file.path.clone(), classes.file.digest.clone())] };
        let t = &classes.table;
        let Some([code, zh, en, level1, zh1, en1]) =
            problems.keep(t.find(["code", "name_zh", "name_en", "level1", "level1_zh", "level1_en"]).map_err(|p| p.or_file(&classes.file.path)))
        else {
            return Err(problems);
        };
        problems.extend(t.duplicate_keys(&[code]).or_file(&classes.file.path));
        let mut kinds: BTreeMap<i64, (usize, Text)> = BTreeMap::new();
        for row in &t.rows {
            let Some(Some(code)) = problems.keep(t.integer(row, code).map_err(|p| p.or_file(&classes.file.path))) else { continue };
            let id = t.text(row, en1).to_lowercase().replace(' ', "_");
            let kind = out.types.iter().position(|k| k.id == id).unwrap_or_else(|| {
                out.types.push(EcosystemType { id: id.clone(), name: Text::of(t.text(row, zh1), t.text(row, en1)) });
                out.types.len() - 1
            });
            let _ = level1;
            kinds.insert(code, (kind, Text::of(t.text(row, zh), t.text(row, en))));
        }
        for (code, (kind, name)) in &kinds {
            out.classes.push(Class { code: *code, attribute: 0, name: name.clone(), kind: *kind });
        }
        if let Some(attributes) = attributes {
            out.basis.push((attributes.file.path.clone(), attributes.file.digest.clone()));
            let t = &attributes.table;
            if let Some([attr, code, zh, en]) =
                problems.keep(t.find(["attr", "ecosystem_code", "name_zh", "name_en"]).map_err(|p| p.or_file(&attributes.file.path)))
            {
                problems.extend(t.duplicate_keys(&[attr]).or_file(&attributes.file.path));
                for row in &t.rows {
                    let attribute = problems.keep(t.integer(row, attr).map_err(|p| p.or_file(&attributes.file.path))).flatten();
                    let class = problems.keep(t.integer(row, code).map_err(|p| p.or_file(&attributes.file.path))).flatten();
                    let (Some(attribute), Some(class)) = (attribute, class) else { continue };
                    match kinds.get(&class) {
                        Some((kind, _)) => out.classes.push(Class { code: class, attribute, name: Text::of(t.text(row, zh), t.text(row, en)), kind: *kind }),
                        None => problems.push(
                            Problem::error(
                                "classes.attribute_of_unknown_class",
                                words!(
                                    "属性 {attribute} 属于类别表中没有的类别 {class}",
                                    "attribute {attribute} belongs to class {class}, which the class table does not have"
                                ),
                            )
                            .file(attributes.file.path.as_str())
                            .row(row.line)
                            .expect(text("类别表中的类别代码", "a class code of the class table"))
                            .fix(text("改正代码，或在类别表中补一行", "correct the code, or add the class to the class table")),
                        ),
                    }
                }
            }
        }
        problems.into_result(out)
    }

    /// The types with at least one of the given classes, in the order of the table.
    pub fn types_of(&self, present: &BTreeSet<usize>) -> Vec<usize> {
        let kinds: BTreeSet<usize> = present.iter().map(|c| self.classes[*c].kind).collect();
        (0..self.types.len()).filter(|k| kinds.contains(k)).collect()
    }
}
