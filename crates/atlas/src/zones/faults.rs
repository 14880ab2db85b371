//! What zones and lines must keep to (Z1 to Z5, and the nesting of water units), held against the layers
//! in force by overlay. Every fault has its place, the features it concerns and its area; slivers are
//! told apart and never hidden.

use std::collections::BTreeSet;

use liangshan_planning::invariants::{LineFeature, Piece, Tolerances, features_complete, lines_disjoint, lines_inside_their_space, zones_partition};
use liangshan_planning::nesting::{Unit, downstream_ends, parents_exist};
use liangshan_space::geo::{Contains, Euclidean, InteriorPoint, Length};
use liangshan_space::{Crs, MultiPolygon, Polygon};
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::shapes::{area_m2, common, without};
use crate::control::{Control, InForce};
use crate::ground::Places;
use crate::region::{ControlKind, Region};

/// How it stands with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Nothing there to hold it against.
    Undecidable,
}

impl Holds {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Holds::Yes => "yes",
            Holds::No => "no",
            Holds::Undecidable => "undecidable",
        }
    }
}

/// A rule that was held against the layers.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its id, `Z1`.
    pub rule: &'static str,
    /// What it says.
    pub title: Text,
    /// What it was held against.
    pub layers: Vec<String>,
    /// How it stands.
    pub holds: Holds,
    /// How many pieces of ground were found, those within tolerance included.
    pub pieces: usize,
    /// Their area together, m².
    pub area_m2: f64,
    /// Faults, and slivers as notes.
    pub problems: Problems,
}

/// Pieces below this are the overlay's own rounding, m².
const NOTHING_M2: f64 = 1e-3;

/// Everything the rules need.
struct Bench<'a> {
    control: &'a Control,
    crs: Crs,
    counties: Vec<MultiPolygon>,
    city_m2: f64,
    tolerances: Tolerances,
}

/// Holds every rule against the layers in force.
///
/// # Errors
/// Those of reading earlier editions of lines.
pub fn judge(region: &Region, control: &Control, places: &Places, tolerances: &Tolerances) -> Result<Vec<Checked>, Problems> {
    let counties = places.counties.iter().map(|c| c.shape.clone()).collect();
    let city_m2 = places.counties.iter().map(|c| c.area_m2).sum();
    let bench = Bench { control, crs: control.crs, counties, city_m2, tolerances: *tolerances };
    let mut out = bench.partitions();
    out.extend(bench.inside());
    out.extend(bench.disjoint());
    out.push(complete(region, control)?);
    out.extend(super::indicators::judge(region, control, places, tolerances)?);
    out.extend(bench.water());
    if out.iter().any(|c| c.rule == "W2") {
        out.push(Checked {
            rule: "W4",
            title: text("每个流域单元恰有一个出口断面", "each basin unit has exactly one outlet section"),
            layers: Vec::new(),
            holds: Holds::Undecidable,
            pieces: 0,
            area_m2: 0.0,
            problems: Problem::note("water.no_sections", text("断面没有声明为管控图层", "sections are not declared as a control layer"))
                .expect(text("带所属单元的断面图层", "a layer of sections, each with its unit"))
                .into(),
        });
    }
    Ok(out)
}

impl Bench<'_> {
    fn of_kind(&self, kind: ControlKind) -> Vec<&InForce> {
        self.control.layers.iter().filter(|l| l.layer.kind == kind).collect()
    }

    /// The plans that have layers of a kind.
    fn plans(&self, kind: ControlKind) -> BTreeSet<&str> {
        self.of_kind(kind).into_iter().map(|l| l.layer.plan.as_str()).collect()
    }

    /// Ground as measured pieces, each named by where it is and by the features that have it.
    fn pieces(&self, ground: Option<MultiPolygon>, layers: &[&InForce]) -> Vec<Piece> {
        let mut out = Vec::new();
        for polygon in ground.into_iter().flat_map(|g| g.0) {
            let shape = MultiPolygon(vec![polygon.clone()]);
            let Ok(area) = area_m2(&shape, &self.crs) else { continue };
            if area < NOTHING_M2 {
                continue;
            }
            let (x, y, ids) = match polygon.interior_point() {
                Some(p) => (p.x(), p.y(), features_at(layers, &p)),
                None => (f64::NAN, f64::NAN, String::new()),
            };
            out.push(Piece { name: format!("({x:.2}, {y:.2}) {ids}").trim_end().to_owned(), area_m2: area, perimeter_m: perimeter(&polygon) });
        }
        out
    }

    /// Overlaps between any two features of layers that tile the region.
    fn overlaps(&self, layers: &[&InForce]) -> Vec<Piece> {
        let shapes: Vec<&MultiPolygon> = layers.iter().flat_map(|l| l.features.iter().filter_map(|f| f.shape.area())).collect();
        let mut out = Vec::new();
        for (at, one) in shapes.iter().enumerate() {
            for other in &shapes[at + 1..] {
                out.extend(self.pieces(common(one, other), layers));
            }
        }
        out
    }

    fn gaps(&self, layers: &[&InForce]) -> Vec<Piece> {
        let all: Vec<&MultiPolygon> = layers.iter().flat_map(|l| l.features.iter().filter_map(|f| f.shape.area())).collect();
        self.counties.iter().flat_map(|county| self.pieces(without(county, &all), layers)).collect()
    }

    /// Z1: the zones of each plan are disjoint and cover the region.
    fn partitions(&self) -> Vec<Checked> {
        let of_plan = |plan: &str| {
            let layers: Vec<&InForce> = self.of_kind(ControlKind::Zone).into_iter().filter(|l| l.layer.plan == plan).collect();
            let (overlaps, gaps) = (self.overlaps(&layers), self.gaps(&layers));
            let problems = zones_partition(&overlaps, &gaps, self.city_m2, &self.tolerances);
            let title = text("三类空间互不重叠并覆盖全域", "the zones are disjoint and cover the region");
            checked("Z1", title, &layers, overlaps.iter().chain(&gaps), problems)
        };
        self.plans(ControlKind::Zone).into_iter().map(of_plan).collect()
    }

    /// Z2: each line lies inside its zone.
    fn inside(&self) -> Vec<Checked> {
        let mut out = Vec::new();
        for line in self.of_kind(ControlKind::Line) {
            let Some(space) = line.layer.within.as_ref().and_then(|name| self.control.layer(name)) else { continue };
            let whole: Vec<&MultiPolygon> = space.features.iter().filter_map(|f| f.shape.area()).collect();
            let pieces: Vec<Piece> = line.features.iter().filter_map(|f| f.shape.area()).flat_map(|s| self.pieces(without(s, &whole), &[line])).collect();
            let problems = lines_inside_their_space(&pieces, &self.tolerances);
            let (a, b) = (&line.layer.title, &space.layer.title);
            let title = Text::of(format!("{}在{}内", a.zh, b.zh), format!("{} lies inside {}", a.en, b.en));
            out.push(checked("Z2", title, &[line, space], pieces.iter(), problems));
        }
        out
    }

    /// Z3: no two lines of a plan meet.
    fn disjoint(&self) -> Vec<Checked> {
        let mut out = Vec::new();
        for plan in self.plans(ControlKind::Line) {
            let layers: Vec<&InForce> = self.of_kind(ControlKind::Line).into_iter().filter(|l| l.layer.plan == plan).collect();
            let mut pieces = Vec::new();
            for (at, one) in layers.iter().enumerate() {
                for other in &layers[at + 1..] {
                    for a in one.features.iter().filter_map(|f| f.shape.area()) {
                        for b in other.features.iter().filter_map(|f| f.shape.area()) {
                            pieces.extend(self.pieces(common(a, b), &[one, other]));
                        }
                    }
                }
            }
            let problems = lines_disjoint(&pieces, &self.tolerances);
            let title = text("三条控制线互不重叠", "the lines are mutually disjoint");
            out.push(checked("Z3", title, &layers, pieces.iter(), problems));
        }
        out
    }

    /// The units of each level tile the region, lie in the unit they name, and drain to somewhere.
    fn water(&self) -> Vec<Checked> {
        let mut out = Vec::new();
        for layer in self.of_kind(ControlKind::Water).into_iter().chain(self.of_kind(ControlKind::Function)) {
            let (overlaps, gaps) = (self.overlaps(&[layer]), self.gaps(&[layer]));
            let beyond = overlaps.iter().chain(&gaps).filter(|p| p.area_m2 > self.tolerances.each_m2);
            let problems = Problems(beyond.map(|p| not_tiled(layer, p)).collect());
            let title = Text::of(
                format!("{}互不重叠并覆盖全域", layer.layer.title.zh),
                format!("units of \"{}\" are disjoint and cover the region", layer.layer.title.en),
            );
            let rule = if layer.layer.kind == ControlKind::Water { "W1" } else { "F1" };
            out.push(checked(rule, title, &[layer], overlaps.iter().chain(&gaps), problems));
            let units: Vec<Unit> =
                layer.features.iter().map(|f| Unit { id: f.id.clone(), parent: f.parent.clone(), downstream: f.downstream.clone() }).collect();
            if let Some(above) = layer.layer.within.as_ref().and_then(|name| self.control.layer(name)) {
                out.push(self.nested(layer, above, &units));
            }
            if layer.edition.downstream.is_some() {
                let title = text("下游关系无环", "downstream pointers make a forest");
                out.push(checked("W3", title, &[layer], [].iter(), downstream_ends(&layer.layer.name, &units)));
            }
        }
        out
    }

    fn nested(&self, layer: &InForce, above: &InForce, units: &[Unit]) -> Checked {
        let ids: BTreeSet<&str> = above.features.iter().map(|f| f.id.as_str()).collect();
        let mut problems = parents_exist(&layer.layer.name, units, &ids);
        let mut pieces = Vec::new();
        for feature in &layer.features {
            let parent = above.features.iter().find(|f| Some(&f.id) == feature.parent.as_ref()).and_then(|f| f.shape.area());
            let (Some(parent), Some(own)) = (parent, feature.shape.area()) else { continue };
            for piece in self.pieces(without(own, &[parent]), &[layer]) {
                if piece.area_m2 > self.tolerances.each_m2 {
                    problems.push(outside_parent(layer, above, &piece));
                }
                pieces.push(piece);
            }
        }
        let (a, b) = (&layer.layer.title, &above.layer.title);
        let title = Text::of(format!("每个{}在其所属的{}内", a.zh, b.zh), format!("each unit of \"{}\" lies in its unit of \"{}\"", a.en, b.en));
        checked("W2", title, &[layer, above], pieces.iter(), problems)
    }
}

fn checked<'p>(rule: &'static str, title: Text, layers: &[&InForce], pieces: impl Iterator<Item = &'p Piece>, problems: Problems) -> Checked {
    let (mut count, mut area) = (0, 0.0);
    for piece in pieces {
        count += 1;
        area += piece.area_m2;
    }
    let holds = if problems.has_errors() { Holds::No } else { Holds::Yes };
    Checked { rule, title, layers: layers.iter().map(|l| l.layer.name.clone()).collect(), holds, pieces: count, area_m2: area, problems }
}

fn not_tiled(layer: &InForce, piece: &Piece) -> Problem {
    Problem::error("water.not_a_partition", words!("{} 的单元之间有重叠或空隙：{}", "units of {} overlap or leave a gap: {}", layer.layer.name, piece.name))
        .key(piece.name.as_str())
        .area_m2(piece.area_m2)
        .expect(words!("每处不超过 1 m²", "at most 1 m² each"))
}

fn outside_parent(layer: &InForce, above: &InForce, piece: &Piece) -> Problem {
    Problem::error(
        "water.outside_parent",
        words!("{} 的一部分在其所属的 {} 之外：{}", "part of a unit of {} lies outside its unit of {}: {}", layer.layer.name, above.layer.name, piece.name),
    )
    .key(piece.name.as_str())
    .area_m2(piece.area_m2)
    .expect(words!("每处不超过 1 m²", "at most 1 m² each"))
}

/// The features that have a point, as `layer id`.
fn features_at(layers: &[&InForce], point: &liangshan_space::geo::Point) -> String {
    let of = |layer: &&InForce| {
        let name = layer.layer.name.clone();
        let has = layer.features.iter().filter(|f| f.shape.area().is_some_and(|s| s.contains(point))).map(move |f| format!("{name} {}", f.id));
        has.collect::<Vec<_>>()
    };
    layers.iter().flat_map(of).collect::<Vec<_>>().join(" / ")
}

fn perimeter(polygon: &Polygon) -> f64 {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| Euclidean.length(ring)).sum()
}

/// Z4: every line has decree, edition and first day, and no feature of an earlier edition is gone.
fn complete(region: &Region, control: &Control) -> Result<Checked, Problems> {
    let lines: Vec<&InForce> = control.layers.iter().filter(|l| l.layer.kind == ControlKind::Line).collect();
    let mut problems = Problems::new();
    let described = |layer: &InForce| -> Vec<LineFeature> {
        let e = &layer.edition;
        let of = |id: &String| LineFeature { id: id.clone(), decree: e.decree.clone(), version: e.edition.clone(), valid_from: e.adopted.to_string() };
        layer.features.iter().map(|f| of(&f.id)).collect()
    };
    for line in &lines {
        let earlier = line.layer.editions.iter().rev().find(|e| e.adopted < line.edition.adopted);
        let before = match earlier {
            Some(edition) => {
                let control = Control::of(region, edition.adopted, &|l| l.name == line.layer.name)?;
                control.layers.first().map(described).unwrap_or_default()
            }
            None => Vec::new(),
        };
        problems.extend(features_complete(&before, &described(line)));
    }
    let title = text("控制线要素有依据、版本与生效日，旧要素不删除", "features of lines have decree, edition and first day; none is deleted");
    Ok(checked("Z4", title, &lines, [].iter(), problems))
}
