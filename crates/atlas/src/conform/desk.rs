//! The desk: control layers of one day with their index, the rules of that day, and the opinion on a
//! site.

use std::sync::Arc;

use liangshan_planning::conformity::{LayerRule, Tolerance};
use liangshan_planning::opinion::{Facts, Measure, Opinion, ProjectWord, opine};
use liangshan_space::overlay::{bounds_of, inside as inside_of, length_inside, part, plane_area, points_inside};
use liangshan_space::{AreaMeter, Bounds, Index, MultiPolygon};
use liangshan_store::{Naming, digest};
use liangshan_vocab::{Digest, Evidence, Problems, Text};

use super::{Site, hundredths};
use crate::coefficients::{layer_rules, project_words};
use crate::control::{Control, ControlFeature, InForce, Shape};
use crate::region::Region;
use crate::rules::{Day, Standards};

/// Edges are cut to stretches of at most so many metres before they are taken to the ellipsoid.
pub const LONGEST_EDGE_M: f64 = 20.0;

/// A control layer ready to be asked.
struct Ready {
    index: Index,
    /// Each polygon by itself and the feature it belongs to.
    polygons: Vec<(usize, MultiPolygon)>,
}

/// Rules in force on a day.
struct Book {
    id: String,
    title: Text,
    evidence: Evidence,
    digest: Digest,
    rules: Vec<LayerRule>,
    words: Vec<ProjectWord>,
    tolerance: Tolerance,
}

/// Layers and rules, shared by days with the same editions.
struct Library {
    region: String,
    control: Control,
    ready: Vec<Ready>,
    book: Book,
    meter: AreaMeter,
}

/// Control layers and rules of one day.
pub struct Desk {
    day: Day,
    library: Arc<Library>,
}

/// A feature that a site lies on.
#[derive(Debug, Clone, PartialEq)]
pub struct Touched {
    /// Its number in the layer.
    pub feature: usize,
    /// The area they share on the ellipsoid, m².
    pub area_m2: f64,
}

/// What a control layer is to a site.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its number among the layers in force.
    pub layer: usize,
    /// What was measured.
    pub measure: Measure,
    /// The same in the plane, inside and outside, m²; zero for lines and points.
    pub plane_m2: (f64, f64),
    /// The site's part in the layer.
    pub inside: MultiPolygon,
    /// The site's part outside of it.
    pub outside: MultiPolygon,
    /// The features it lies on, the largest share first.
    pub features: Vec<Touched>,
}

/// The opinion on one site.
pub struct SiteOpinion<'d> {
    /// The site.
    pub site: &'d Site,
    /// The desk it was given at.
    pub desk: &'d Desk,
    /// Its area on the ellipsoid, m².
    pub area_m2: f64,
    /// Its area in the plane, m².
    pub plane_m2: f64,
    /// Every layer in force, in the order of `region.toml`.
    pub pieces: Vec<Piece>,
    /// What the rules say.
    pub opinion: Opinion<'d>,
}

impl Desk {
    /// Opens layers and rules of a day.
    ///
    /// # Errors
    /// Everything wrong in the layers and rules in force.
    pub fn open(region: &Region, standards: &Standards, day: Day) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let control = problems.keep(Control::on(region, day));
        let book = problems.keep(Book::of(standards, day));
        let (Some(control), Some(book)) = (control, book) else { return Err(problems) };
        Self::with(region.id(), control, book)
    }

    /// A desk over layers that are at hand.
    ///
    /// # Errors
    /// Everything wrong in the rules in force.
    pub fn over(region: &str, control: Control, standards: &Standards) -> Result<Self, Problems> {
        let book = Book::of(standards, control.day)?;
        Self::with(region, control, book)
    }

    fn with(region: &str, control: Control, book: Book) -> Result<Self, Problems> {
        let meter = AreaMeter::of(&control.crs, LONGEST_EDGE_M)?;
        let ready = control.layers.iter().map(ready).collect();
        Ok(Self { day: control.day, library: Arc::new(Library { region: region.to_owned(), control, ready, book, meter }) })
    }

    /// True when the same editions and rules answer on another day.
    pub fn answers(&self, region: &Region, standards: &Standards, day: Day) -> bool {
        let now: Vec<(&str, &str)> =
            region.declared.control.iter().filter_map(|layer| layer.on(day).map(|e| (layer.name.as_str(), e.edition.as_str()))).collect();
        let here: Vec<(&str, &str)> = self.library.control.layers.iter().map(|l| (l.layer.name.as_str(), l.edition.edition.as_str())).collect();
        now == here && standards.in_force("planning", "conformity", day).is_ok_and(|standard| standard.id == self.library.book.id)
    }

    /// The region's id.
    pub fn region_id(&self) -> &str {
        &self.library.region
    }

    /// The same desk on such a day.
    #[must_use]
    pub fn on(&self, day: Day) -> Self {
        Self { day, library: Arc::clone(&self.library) }
    }

    /// The day.
    pub fn day(&self) -> Day {
        self.day
    }

    /// The control layers in force.
    pub fn control(&self) -> &Control {
        &self.library.control
    }

    /// The rules: id, title, how far they were read, digest.
    pub fn rule_set(&self) -> (&str, &Text, Evidence, &Digest) {
        let book = &self.library.book;
        (&book.id, &book.title, book.evidence, &book.digest)
    }

    /// The words that the rules know of a project.
    pub fn project_words(&self) -> &[ProjectWord] {
        &self.library.book.words
    }

    /// The layer of a piece.
    pub fn layer(&self, piece: &Piece) -> &InForce {
        &self.library.control.layers[piece.layer]
    }

    /// The polygons of a layer whose bounds meet others.
    pub fn near(&self, layer: usize, bounds: &Bounds) -> Vec<&MultiPolygon> {
        let ready = &self.library.ready[layer];
        ready.index.meeting(bounds).into_iter().map(|at| &ready.polygons[at].1).collect()
    }

    /// Measures a site against every layer and holds the rules against it.
    ///
    /// # Errors
    /// `conformity.unknown_word`; `area.outside`.
    pub fn opinion<'d>(&'d self, site: &'d Site) -> Result<SiteOpinion<'d>, Problems> {
        let library = &*self.library;
        let facts = Facts::of(&named_in_full(&site.attributes, &library.book.words), &library.book.words)?;
        let area_m2 = hundredths(library.meter.area_m2(&site.shape)?);
        let plane_m2 = hundredths(plane_area(&site.shape));
        let pieces = (0..library.ready.len()).map(|layer| self.piece(layer, site, area_m2, plane_m2)).collect::<Result<Vec<_>, _>>()?;
        let measured = |name: &str| pieces.iter().find(|p| library.control.layers[p.layer].layer.name == name).map(|p| p.measure);
        let opinion = opine(&library.book.rules, library.book.tolerance, &facts, &measured);
        Ok(SiteOpinion { site, desk: self, area_m2, plane_m2, pieces, opinion })
    }

    /// What a layer is to a site. What is outside is the site less what is inside, so that the two are
    /// the site to the last digit.
    fn piece(&self, at: usize, site: &Site, area_m2: f64, plane_m2: f64) -> Result<Piece, Problems> {
        let (layer, ready) = (&self.library.control.layers[at], &self.library.ready[at]);
        let nothing = || MultiPolygon(Vec::new());
        let plain = |measure| Piece { layer: at, measure, plane_m2: (0.0, 0.0), inside: nothing(), outside: nothing(), features: Vec::new() };
        match layer.features.first().map(|f| &f.shape) {
            Some(Shape::Lines(_)) => {
                let within = |f: &ControlFeature| if let Shape::Lines(l) = &f.shape { Some(length_inside(&site.shape, l)) } else { None };
                return Ok(plain(Measure::Length(hundredths(layer.features.iter().filter_map(within).sum()))));
            }
            Some(Shape::Points(_)) => {
                let within = |f: &ControlFeature| if let Shape::Points(p) = &f.shape { Some(points_inside(&site.shape, p)) } else { None };
                return Ok(plain(Measure::Points(layer.features.iter().filter_map(within).sum())));
            }
            _ => {}
        }
        let near = bounds_of(&site.shape).map(|b| ready.index.meeting(&b)).unwrap_or_default();
        let others: Vec<&MultiPolygon> = near.iter().map(|p| &ready.polygons[*p].1).collect();
        if others.is_empty() {
            let measure = Measure::Area { inside: 0.0, outside: area_m2 };
            return Ok(Piece { outside: site.shape.clone(), plane_m2: (0.0, plane_m2), ..plain(measure) });
        }
        let parted = part(&site.shape, &others);
        // A whole site has its own area, however the overlay has cut its edges.
        let whole = parted.outside.0.is_empty();
        let inside = if whole { area_m2 } else { hundredths(self.library.meter.area_m2(&parted.inside)?) };
        let plane = if whole { plane_m2 } else { hundredths(plane_area(&parted.inside)) };
        let features = if inside > 0.0 { self.touched(site, ready, &near, inside)? } else { Vec::new() };
        Ok(Piece {
            layer: at,
            measure: Measure::Area { inside, outside: hundredths(area_m2 - inside) },
            plane_m2: (plane, hundredths(plane_m2 - plane)),
            inside: parted.inside,
            outside: parted.outside,
            features,
        })
    }

    fn touched(&self, site: &Site, ready: &Ready, near: &[usize], inside: f64) -> Result<Vec<Touched>, Problems> {
        if let [only] = near {
            return Ok(vec![Touched { feature: ready.polygons[*only].0, area_m2: inside }]);
        }
        let mut found: Vec<Touched> = Vec::new();
        for at in near {
            let (feature, polygon) = &ready.polygons[*at];
            let area_m2 = hundredths(self.library.meter.area_m2(&inside_of(&site.shape, polygon))?);
            if area_m2 > 0.0 {
                match found.iter_mut().find(|t| t.feature == *feature) {
                    Some(known) => known.area_m2 = hundredths(known.area_m2 + area_m2),
                    None => found.push(Touched { feature: *feature, area_m2 }),
                }
            }
        }
        found.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2).then(a.feature.cmp(&b.feature)));
        Ok(found)
    }
}

/// Attributes with the names that rules know: a Shapefile keeps the first ten letters of a name.
fn named_in_full(attributes: &[(String, String)], words: &[ProjectWord]) -> Vec<(String, String)> {
    let full = |name: &str| words.iter().map(|w| w.field.as_str()).find(|field| *field == name || (name.len() == 10 && field.starts_with(name)));
    attributes.iter().map(|(name, said)| (full(name).unwrap_or(name).to_owned(), said.trim().to_owned())).collect()
}

fn ready(layer: &InForce) -> Ready {
    let mut polygons: Vec<(usize, MultiPolygon)> = Vec::new();
    for (feature, shape) in layer.features.iter().enumerate().filter_map(|(i, f)| f.shape.area().map(|s| (i, s))) {
        polygons.extend(shape.0.iter().map(|p| (feature, MultiPolygon(vec![p.clone()]))));
    }
    let bounds: Vec<(usize, Bounds)> = polygons.iter().enumerate().filter_map(|(i, (_, p))| bounds_of(p).map(|b| (i, b))).collect();
    Ready { index: Index::of(bounds), polygons }
}

impl Book {
    fn of(standards: &Standards, day: Day) -> Result<Self, Problems> {
        let standard = standards.in_force("planning", "conformity", day)?;
        let tolerance = Tolerance { line_m2: standard.value("line_tolerance")?, other_m2: standard.value("other_tolerance")? };
        Ok(Self {
            id: standard.id.clone(),
            title: standard.title.clone(),
            evidence: standard.evidence,
            digest: digest(standard.to_json().to_string().as_bytes()),
            rules: layer_rules(standard)?,
            words: project_words(standard)?,
            tolerance,
        })
    }
}

impl SiteOpinion<'_> {
    /// The piece of a control layer.
    pub fn piece(&self, layer: &str) -> Option<&Piece> {
        self.pieces.iter().find(|p| self.desk.layer(p).layer.name == layer)
    }

    /// What the opinion rests on: the shape, the editions of the layers, the rules, and all of it with
    /// the attributes and the day.
    pub fn digests(&self) -> OpinionDigests {
        let mut shape = Naming::of("site").with("crs", self.desk.control().crs.to_string());
        for polygon in &self.site.shape.0 {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let points: String = ring.0.iter().map(|c| format!("{:.5} {:.5},", c.x, c.y)).collect();
                shape = shape.with("ring", points);
            }
        }
        let mut layers = Naming::of("layers");
        for layer in &self.desk.control().layers {
            let (name, edition) = (&layer.layer.name, &layer.edition);
            layers = layers.with(name, format!("{} {} {:?} {}", edition.edition, edition.adopted, edition.rows, layer.file.digest));
        }
        let (id, _, _, rules) = self.desk.rule_set();
        let (geometry, layers) = (shape.digest(), layers.digest());
        let mut whole = Naming::of("conformity").with("on", self.site.on.to_string()).with("rules", id);
        for part in [&geometry, &layers, rules] {
            whole = whole.with("part", part.as_str());
        }
        let mut stated: Vec<&(String, String)> = self.site.attributes.iter().collect();
        stated.sort();
        for (field, word) in stated {
            whole = whole.with(field, word);
        }
        whole = whole.with("verdict", self.opinion.verdict.word());
        for line in &self.opinion.lines {
            whole = whole.with(&line.rule.layer, format!("{:.2} {:?}", line.amount, line.standing));
        }
        OpinionDigests { geometry, layers, rules: rules.clone(), whole: whole.digest() }
    }
}

/// What an opinion rests on, by digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionDigests {
    /// The shape of the site.
    pub geometry: Digest,
    /// The editions of the control layers.
    pub layers: Digest,
    /// The rules.
    pub rules: Digest,
    /// All of it, with attributes, day and what came out.
    pub whole: Digest,
}
