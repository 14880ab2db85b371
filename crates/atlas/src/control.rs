//! Layers of spatial control in force on a day: features with their attributes in the plane of the
//! region's grid. What a layer is and in which editions it exists is declared in `region.toml`
//! (`[control.*]`); nothing here repairs a geometry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use liangshan_formats::vector::{Cell, Feature, Field, Layer};
use liangshan_space::geo::{Geometry, MultiLineString, MultiPoint};
use liangshan_space::shape::faults;
use liangshan_space::{Crs, Fault, FaultKind, MultiPolygon, Projector};
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};
use rayon::prelude::*;

use crate::ground::{as_polygons, densified, fault_words, layer_crs};
use crate::region::{ControlEdition, ControlLayer, REGION_FILE, Region, SourceFile};
use crate::rules::Day;

/// Where a feature is, in the plane of the region's grid.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Polygons.
    Area(MultiPolygon),
    /// Lines.
    Lines(MultiLineString),
    /// Points.
    Points(MultiPoint),
}

impl Shape {
    /// The polygons of an area.
    pub fn area(&self) -> Option<&MultiPolygon> {
        if let Shape::Area(shape) = self { Some(shape) } else { None }
    }
}

/// One feature of a control layer.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlFeature {
    /// Its id in the layer.
    pub id: String,
    /// Its name; empty where the layer has none.
    pub name: String,
    /// Its division code, where the layer says it.
    pub county: Option<String>,
    /// The feature of the layer above that it says it belongs to.
    pub parent: Option<String>,
    /// The feature downstream of it, where there is one.
    pub downstream: Option<String>,
    /// Its attributes, one for each field of the layer.
    pub cells: Vec<Cell>,
    /// Where it is.
    pub shape: Shape,
}

/// A control layer in the edition that is in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// What is declared of it.
    pub layer: ControlLayer,
    /// The edition.
    pub edition: ControlEdition,
    /// What the office is called; its id where no table says it.
    pub office: String,
    /// The file it was read from.
    pub file: Arc<SourceFile>,
    /// The fields of its features.
    pub fields: Vec<Field>,
    /// Its features, in file order.
    pub features: Vec<ControlFeature>,
}

impl InForce {
    /// The attribute of a feature, as a person writes it.
    pub fn attribute(&self, feature: &ControlFeature, field: &str) -> Option<String> {
        let at = self.fields.iter().position(|f| f.name == field)?;
        feature.cells.get(at).map(Cell::written)
    }

    /// Every polygon of the layer as one shape, not dissolved.
    pub fn polygons(&self) -> MultiPolygon {
        MultiPolygon(self.features.iter().filter_map(|f| f.shape.area()).flat_map(|m| m.0.iter().cloned()).collect())
    }
}

/// The control of a region on a day.
#[derive(Debug, Clone)]
pub struct Control {
    /// The day.
    pub day: Day,
    /// The plane that shapes are in: that of the region's grid.
    pub crs: Crs,
    /// The layers in force, in the order of `region.toml`.
    pub layers: Vec<InForce>,
    /// The layers that have no edition in force on the day.
    pub absent: Vec<ControlLayer>,
}

fn none_in_force(day: Day) -> Problem {
    let day = day.to_string();
    Problem::error("control.none_in_force", words!("{day} 没有施行的管控图层，无从判断", "no control layer is in force on {day}: there is nothing to judge by"))
        .file(REGION_FILE)
        .key("control")
        .expect(text("[control.*] 中至少一个图层在该日期有施行的版本", "a layer in [control.*] with an edition in force on that day"))
        .fix(text("声明 [control.*]，或换一个 --on 日期", "declare [control.*], or ask for another day with --on"))
}

impl Control {
    /// The control layers of a region in force on a day. Without one there is nothing to judge by, and
    /// nothing found is no pass.
    ///
    /// # Errors
    /// Everything wrong in the layers in force at once, as [`check`] tells it; `control.none_in_force`.
    pub fn on(region: &Region, day: Day) -> Result<Self, Problems> {
        let control = Self::of(region, day, &|_| true)?;
        if control.layers.is_empty() {
            return Err(none_in_force(day).into());
        }
        Ok(control)
    }

    /// Those of them that are wanted.
    ///
    /// # Errors
    /// As [`Control::on`].
    pub fn of(region: &Region, day: Day, wanted: &(dyn Fn(&ControlLayer) -> bool + Sync)) -> Result<Self, Problems> {
        let declared: Vec<&ControlLayer> = region.declared.control.iter().filter(|layer| wanted(layer)).collect();
        let absent = declared.iter().filter(|layer| layer.on(day).is_none()).map(|layer| (*layer).clone()).collect();
        let offices = offices(region)?;
        let read: Vec<Result<InForce, Problems>> =
            declared.par_iter().filter_map(|layer| layer.on(day).map(|edition| read_edition(region, layer, edition, &offices))).collect();
        let mut problems = Problems::new();
        let layers = read.into_iter().filter_map(|layer| problems.keep(layer)).collect();
        problems.into_result(Self { day, crs: region.declared.grid.crs, layers, absent })
    }

    /// A layer by its name.
    pub fn layer(&self, name: &str) -> Option<&InForce> {
        self.layers.iter().find(|l| l.layer.name == name)
    }
}

/// Everything wrong with the declared control layers, every edition of them: files, columns, offices,
/// ids, and geometries with the place of each fault.
pub fn check(region: &Region) -> Problems {
    let mut problems = Problems::new();
    let offices = problems.keep(offices(region)).unwrap_or_default();
    let all: Vec<(&ControlLayer, &ControlEdition)> = region.declared.control.iter().flat_map(|layer| layer.editions.iter().map(move |e| (layer, e))).collect();
    let found: Vec<Problems> = all.par_iter().map(|(layer, edition)| read_edition(region, layer, edition, &offices).err().unwrap_or_default()).collect();
    problems.extend(found.into_iter().flatten());
    problems
}

/// The table of offices by id; nothing where the region declares none.
fn offices(region: &Region) -> Result<BTreeMap<String, String>, Problems> {
    let Some(path) = &region.declared.offices else { return Ok(BTreeMap::new()) };
    let t = region.sources.table(path)?;
    let [id, name] = t.table.find(["office_id", "name_zh"]).map_err(|p| p.or_file(path))?;
    Ok(t.table.rows.iter().map(|row| (t.table.text(row, id).to_owned(), t.table.text(row, name).to_owned())).collect())
}

/// The name of an office by its id.
///
/// # Errors
/// `control.unknown_office`, with the offices there are; those of the table.
pub fn office(region: &Region, id: &str) -> Result<String, Problems> {
    let all = offices(region)?;
    all.get(id).cloned().ok_or_else(|| {
        let list: Vec<String> = all.iter().map(|(id, name)| format!("{id} {name}")).collect();
        Problem::error("control.unknown_office", words!("部门表中没有“{id}”", "the table of offices has no \"{id}\""))
            .key("--by")
            .expect(Text::same(list.join("；")))
            .fix_near(
                nearest(id, all.keys().map(String::as_str)),
                text("改正代码，或先把该部门加入表中", "correct the code, or add the office to the table first"),
            )
            .into()
    })
}

/// Where the columns of an edition stand in the file's fields.
struct Columns {
    id: usize,
    name: Option<usize>,
    county: Option<usize>,
    parent: Option<usize>,
    downstream: Option<usize>,
    rows: Vec<(usize, Vec<String>)>,
}

fn read_edition(region: &Region, layer: &ControlLayer, edition: &ControlEdition, offices: &BTreeMap<String, String>) -> Result<InForce, Problems> {
    let mut problems = Problems::new();
    if !offices.is_empty() && !offices.contains_key(&layer.office) {
        problems.push(unknown_office(layer, offices));
    }
    let path = edition.file.as_str();
    let file = problems.keep(region.sources.file(path));
    let read = if file.is_some() { problems.keep(region.sources.layer_named(path, edition.layer.as_deref())) } else { None };
    let (Some(file), Some(read)) = (file, read) else { return Err(problems) };
    let Some(columns) = columns(layer, edition, &read, &mut problems) else { return Err(problems) };
    let way = layer_crs(&read, &file.sidecar.crs).and_then(|crs| Ok((Projector::between(&crs, &region.declared.grid.crs)?, crs)));
    let Some((projector, crs)) = problems.keep(way.map_err(|p| p.file(path))) else { return Err(problems) };
    let chosen: Vec<&Feature> = read.features.iter().filter(|f| columns.rows.iter().all(|(at, is)| is.contains(&f.cells[*at].written()))).collect();
    if chosen.is_empty() {
        problems.push(no_features(layer, edition));
    }
    let into_plane = |shape: Shape| place(shape, &projector, &crs);
    let made: Vec<Result<ControlFeature, Problems>> =
        chosen.par_iter().map(|f| feature(f, &columns, &into_plane).map_err(|p| at_layer(p, layer, edition))).collect();
    let features: Vec<ControlFeature> = made.into_iter().filter_map(|f| problems.keep(f)).collect();
    let mut seen = BTreeSet::new();
    for twice in features.iter().filter(|f| !seen.insert(f.id.as_str())) {
        problems.push(
            Problem::error("control.duplicate_id", words!("“{}”中标识 {} 出现两次", "in \"{}\" the id {} occurs twice", layer.name, twice.id))
                .file(path)
                .column(edition.id.as_str())
                .key(twice.id.as_str())
                .expect(text("每个要素一个标识", "an id of its own for each feature"))
                .fix(text("改正标识，或用 where 只选属于本图层的行", "correct the id, or choose the rows of this layer with where")),
        );
    }
    let office = offices.get(&layer.office).unwrap_or(&layer.office).clone();
    problems.into_result(InForce { layer: layer.clone(), edition: edition.clone(), office, file, fields: read.fields.clone(), features })
}

fn at_layer(problems: Problems, layer: &ControlLayer, edition: &ControlEdition) -> Problems {
    let named = |mut p: Problem| {
        let id = p.at.key.take().unwrap_or_default();
        p.key(format!("control.{} {}", layer.name, id))
    };
    Problems(problems.0.into_iter().map(|p| named(p).or_file(&edition.file)).collect())
}

fn columns(layer: &ControlLayer, edition: &ControlEdition, read: &Layer, problems: &mut Problems) -> Option<Columns> {
    let mut of = |key: &str, column: &str| {
        let at = read.fields.iter().position(|f| f.name == column);
        if at.is_none() {
            problems.push(unknown_column(layer, edition, key, column, read));
        }
        at
    };
    let id = of("id", &edition.id);
    let mut optional = |key: &str, column: &Option<String>| column.as_ref().map(|column| of(key, column));
    let (name, county) = (optional("name", &edition.name), optional("county", &edition.county));
    let (parent, downstream) = (optional("parent", &edition.parent), optional("downstream", &edition.downstream));
    let rows: Vec<Option<(usize, Vec<String>)>> =
        edition.rows.iter().map(|(column, is)| of(&format!("where.{column}"), column).map(|at| (at, is.clone()))).collect();
    let rows: Option<Vec<(usize, Vec<String>)>> = rows.into_iter().collect();
    let all_there = |c: Option<Option<usize>>| c.is_none_or(|at| at.is_some());
    if ![name, county, parent, downstream].into_iter().all(all_there) {
        return None;
    }
    Some(Columns { id: id?, name: name.flatten(), county: county.flatten(), parent: parent.flatten(), downstream: downstream.flatten(), rows: rows? })
}

fn unknown_column(layer: &ControlLayer, edition: &ControlEdition, key: &str, column: &str, read: &Layer) -> Problem {
    let names: Vec<&str> = read.fields.iter().map(|f| f.name.as_str()).collect();
    Problem::error("control.unknown_column", words!("“{}”的图层没有列“{column}”", "the layer of \"{}\" has no column \"{column}\"", edition.file))
        .file(REGION_FILE)
        .row(edition.row)
        .key(format!("control.{}.editions.{key}", layer.name))
        .expect(words!("现有的列：{}", "a column that is there: {}", names.join(", ")))
        .fix_near(nearest(column, names), text("改正列名", "correct the name of the column"))
}

fn unknown_office(layer: &ControlLayer, offices: &BTreeMap<String, String>) -> Problem {
    let office = &layer.office;
    Problem::error("control.unknown_office", words!("部门表中没有“{office}”", "the table of offices has no \"{office}\""))
        .file(REGION_FILE)
        .row(layer.row)
        .key(format!("control.{}.office", layer.name))
        .expect(text("[deliveries] offices 所指表中的 office_id", "an office_id of the table that [deliveries] offices names"))
        .fix_near(
            nearest(office, offices.keys().map(String::as_str)),
            text("改正代码，或先把该部门加入表中", "correct the code, or add the office to the table first"),
        )
}

fn no_features(layer: &ControlLayer, edition: &ControlEdition) -> Problem {
    Problem::error("control.no_features", words!("“{}”没有要素", "\"{}\" has no features", layer.name))
        .file(edition.file.as_str())
        .key(format!("control.{}.editions.where", layer.name))
        .expect(text("至少一个要素", "at least one feature"))
        .fix(text("核对 layer 与 where 的列值", "look at layer and at the values of where"))
}

/// A feature with its shape as it is in the file first, so that a fault has the file's coordinates.
fn feature(read: &Feature, columns: &Columns, into_plane: &dyn Fn(Shape) -> Shape) -> Result<ControlFeature, Problems> {
    let cell = |at: usize| Some(read.cells[at].written()).filter(|said| !said.trim().is_empty());
    let Some(id) = cell(columns.id) else {
        return Err(Problem::error("control.no_id", words!("第 {} 号要素没有标识", "feature {} has no id", read.id))
            .key(format!("feature {}", read.id))
            .expect(text("标识列不空", "a filled column of ids"))
            .fix(text("补上标识", "fill in the id"))
            .into());
    };
    let shape = shape_of(read).map_err(|p| p.key(id.as_str()))?;
    if let Shape::Area(area) = &shape {
        let found: Vec<Problem> = hard_faults(area).into_iter().map(|fault| invalid(&fault).key(id.as_str())).collect();
        if !found.is_empty() {
            return Err(Problems(found));
        }
    }
    let optional = |at: Option<usize>| at.and_then(cell);
    Ok(ControlFeature {
        name: optional(columns.name).unwrap_or_default(),
        county: optional(columns.county),
        parent: optional(columns.parent),
        downstream: optional(columns.downstream),
        cells: read.cells.clone(),
        shape: into_plane(shape),
        id,
    })
}

/// The faults of a shape that change what it covers; a repeated point and a touch do not.
pub fn hard_faults(shape: &MultiPolygon) -> Vec<Fault> {
    faults(shape).into_iter().filter(|f| !matches!(f.kind, FaultKind::RepeatedPoint | FaultKind::SelfTouch)).collect()
}

pub(crate) fn invalid(fault: &Fault) -> Problem {
    let (kind, (x, y)) = (fault_words(fault.kind), fault.at);
    Problem::error(
        "control.invalid_geometry",
        Text::of(format!("多边形无效：{} 在 ({x:.4}, {y:.4})", kind.zh), format!("the polygon is invalid: {} at ({x:.4}, {y:.4})", kind.en)),
    )
    .expect(text("不自交、环闭合、部分不重叠的多边形", "a polygon whose rings are closed and do not cross, with parts that do not overlap"))
    .fix(text("在 GIS 中修复该处后重新导出；程序不作修补", "repair it there in a GIS and export it again; nothing is repaired here"))
}

pub(crate) fn shape_of(read: &Feature) -> Result<Shape, Problem> {
    let wrong = || {
        Problem::error("control.not_geometry", text("要素没有可用的几何", "the feature has no geometry that can be used"))
            .expect(text("面、线或点", "polygons, lines or points"))
            .fix(text("补上几何，或删去该行", "add the geometry, or take the row out"))
    };
    let geometry = read.geometry.as_ref().ok_or_else(wrong)?;
    if let Some(area) = as_polygons(geometry) {
        return Ok(Shape::Area(area));
    }
    match geometry {
        Geometry::LineString(line) => Ok(Shape::Lines(MultiLineString(vec![line.clone()]))),
        Geometry::MultiLineString(lines) => Ok(Shape::Lines(lines.clone())),
        Geometry::Point(point) => Ok(Shape::Points(MultiPoint(vec![*point]))),
        Geometry::MultiPoint(points) => Ok(Shape::Points(points.clone())),
        _ => Err(wrong()),
    }
}

pub(crate) fn place(shape: Shape, projector: &Projector, crs: &Crs) -> Shape {
    if projector.is_identity() {
        return shape;
    }
    let one = |p: &mut liangshan_space::Coord| (p.x, p.y) = projector.map_one((p.x, p.y));
    match shape {
        Shape::Area(area) => Shape::Area(projector.map_shape(&densified(&area, crs))),
        Shape::Lines(mut lines) => {
            lines.0.iter_mut().flat_map(|line| line.0.iter_mut()).for_each(one);
            Shape::Lines(lines)
        }
        Shape::Points(mut points) => {
            points.0.iter_mut().for_each(|p| one(&mut p.0));
            Shape::Points(points)
        }
    }
}

/// What a layer not in force on a day is told with.
pub fn not_in_force(layer: &ControlLayer, day: Day) -> Problem {
    let known: Vec<String> = layer.editions.iter().map(|e| format!("{} ({})", e.edition, e.adopted)).collect();
    let (zh, en) = (&layer.title.zh, &layer.title.en);
    Problem::note("control.not_in_force", words!("{day} 时“{zh}”没有施行的版本", "\"{en}\" has no edition in force on {day}"))
        .file(REGION_FILE)
        .row(layer.row)
        .key(format!("control.{}", layer.name))
        .expect(Text::same(known.join("；")))
        .fix(text("补上该日期施行的版本，或换一个日期", "declare the edition that was in force, or ask for another day"))
}
