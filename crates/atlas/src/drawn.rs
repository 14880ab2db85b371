//! What maps draw: places, control in force and the other layers of a region in longitude and latitude,
//! cut into tiles; and maps of the account and the relief as pixels.

mod classes;
mod pixels;

use liangshan_formats::vector::{Cell, Feature, Layer, Tag, TileFeature, tile};
use liangshan_space::geo::{BoundingRect, Geometry, InteriorPoint, MapCoords, Simplify};
use liangshan_space::mercator::{Tile, to_world};
use liangshan_space::{Bounds, Coord, Crs, Index, MultiPolygon, Projector};
use liangshan_vocab::{Origin, Problem, Problems, Text};
use serde_json::{Map, Value, json};

use crate::control::{Control, InForce, Shape};
use crate::ground::{densified, layer_crs};
use crate::region::{ControlKind, Region, ShownLayer};
use crate::rules::Day;

pub use classes::ClassPixels;
pub use liangshan_space::mercator;
pub use pixels::{Pixels, Relief};

/// One thing of a layer.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its id in the layer.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// What else is said of it: names and values as they stand in the file.
    pub said: Vec<(String, Cell)>,
    /// Where it is, in the square world of web maps.
    world: Geometry<f64>,
    bounds: Bounds,
}

/// A layer that can be drawn.
pub struct DrawnLayer {
    /// Its name in addresses.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// How it is drawn: `place`, a word of [`ControlKind`] (`water_unit` for its `water`), or a kind of `[map.*]`.
    pub kind: &'static str,
    /// What it rests on.
    pub origin: Origin,
    /// From when it is in force, its edition and its office, for control.
    pub force: Option<Force>,
    /// Its file.
    pub file: String,
    /// Its features, in file order.
    pub features: Vec<Drawn>,
    index: Index,
    /// Names of what tiles carry beside id and name.
    carried: Vec<String>,
}

/// By what right a control layer is in force.
#[derive(Debug, Clone)]
pub struct Force {
    /// Edition.
    pub edition: String,
    /// Since when.
    pub adopted: String,
    /// By which decree.
    pub decree: String,
    /// Which office answers for it.
    pub office: String,
}

/// Every layer of a region that can be drawn.
pub struct Drawings {
    /// Layers: places first, then control in the order of `region.toml`, then the others.
    pub layers: Vec<DrawnLayer>,
    /// West, south, east, north of the region, degrees.
    pub bounds: [f64; 4],
}

impl Drawings {
    /// Reads the layers of a region; `places` are its counties in the plane of its grid by code and name,
    /// `day` is the day whose control is drawn.
    ///
    /// # Errors
    /// Everything wrong in the layers at once.
    pub fn read<'p>(region: &Region, places: impl IntoIterator<Item = (&'p str, &'p Text, &'p MultiPolygon, Origin)>, day: Day) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let plane = region.declared.grid.crs;
        let Some(out) = problems.keep(Projector::between(&plane, &Crs::cgcs2000())) else { return Err(problems) };
        let (mut origin, mut counties) = (Origin::Measured, Vec::new());
        for (code, name, shape, from) in places {
            origin = from;
            let said = vec![("name_en".to_owned(), Cell::Text(name.en.to_string()))];
            counties.push(drawn(code, &name.zh, said, &Geometry::MultiPolygon(densified(shape, &plane)), &out));
        }
        let title = liangshan_vocab::text("县（市、区）界", "county boundaries");
        let file = region.declared.places.layer.clone();
        let mut layers = vec![DrawnLayer::of("counties", title, "place", origin, None, file, counties.into_iter().flatten().collect(), vec!["name_en".into()])];
        if !region.declared.control.is_empty()
            && let Some(control) = problems.keep(Control::of(region, day, &|_| true))
        {
            layers.extend(control.layers.iter().map(|layer| of_control(layer, &out)));
        }
        for shown in &region.declared.shown {
            layers.extend(problems.keep(of_shown(region, shown)));
        }
        let all = layers[0].features.iter().map(|f| f.bounds).reduce(|a, b| a.around_both(&b));
        let bounds = all.map_or([-180.0, -85.0, 180.0, 85.0], |b| {
            let (west, north) = mercator::from_world((b.west, b.south));
            let (east, south) = mercator::from_world((b.east, b.north));
            [west, south, east, north]
        });
        problems.into_result(Self { layers, bounds })
    }

    /// A layer by its name.
    pub fn layer(&self, name: &str) -> Option<&DrawnLayer> {
        self.layers.iter().find(|l| l.name == name)
    }
}

fn of_control(layer: &InForce, out: &Projector) -> DrawnLayer {
    let features = layer.features.iter().filter_map(|f| {
        let shape = match &f.shape {
            Shape::Area(area) => Geometry::MultiPolygon(area.clone()),
            Shape::Lines(lines) => Geometry::MultiLineString(lines.clone()),
            Shape::Points(points) => Geometry::MultiPoint(points.clone()),
        };
        let said = layer.fields.iter().map(|f| f.name.clone()).zip(f.cells.iter().cloned()).collect();
        drawn(&f.id, &f.name, said, &shape, out)
    });
    let force = Force {
        edition: layer.edition.edition.clone(),
        adopted: layer.edition.adopted.to_string(),
        decree: layer.edition.decree.clone(),
        office: layer.office.clone(),
    };
    let origin = layer.file.sidecar.origin;
    let kind = match layer.layer.kind {
        // Not to be taken for areas of water, which `[map.*]` has.
        ControlKind::Water => "water_unit",
        other => other.word(),
    };
    DrawnLayer::of(&layer.layer.name, layer.layer.title.clone(), kind, origin, Some(force), layer.edition.file.clone(), features.collect(), Vec::new())
}

fn of_shown(region: &Region, shown: &ShownLayer) -> Result<DrawnLayer, Problems> {
    let mut problems = Problems::new();
    let path = shown.file.as_str();
    let (Some(file), Some(read)) = (problems.keep(region.sources.file(path)), problems.keep(region.sources.layer_named(path, shown.layer.as_deref()))) else {
        return Err(problems);
    };
    let way = layer_crs(&read, &file.sidecar.crs).and_then(|crs| Projector::between(&crs, &Crs::cgcs2000()));
    let out = problems.keep(way.map_err(|p| p.or_file(path)));
    let mut of = |column: &str| problems.keep(read.field(column).map_err(|p| p.or_file(path)));
    let id = of(&shown.id);
    let [label, rank, target] = [&shown.label, &shown.rank, &shown.target].map(|c| c.as_deref().map(&mut of));
    let (Some(out), Some(id), false) = (out, id, problems.has_errors()) else { return Err(problems) };
    let features = read.features.iter().filter_map(|f| {
        let name = label.flatten().map(|at| f.cells[at].written()).unwrap_or_default();
        let mut said = said_of(&read, f);
        for (name, at) in [("rank", rank), ("target", target)] {
            said.extend(at.flatten().map(|at| (name.to_owned(), f.cells[at].clone())));
        }
        drawn(&f.cells[id].written(), &name, said, f.geometry.as_ref()?, &out)
    });
    let carried = [("rank", rank), ("target", target)].into_iter().filter(|(_, at)| at.is_some()).map(|(name, _)| name.to_owned()).collect();
    let title = shown.title.clone();
    Ok(DrawnLayer::of(&shown.name, title, shown.kind.word(), file.sidecar.origin, None, path.to_owned(), features.collect(), carried))
}

fn said_of(read: &Layer, feature: &Feature) -> Vec<(String, Cell)> {
    read.fields.iter().map(|f| f.name.clone()).zip(feature.cells.iter().cloned()).collect()
}

/// A feature in the square world; none where it has no place there.
fn drawn(id: &str, name: &str, said: Vec<(String, Cell)>, shape: &Geometry<f64>, out: &Projector) -> Option<Drawn> {
    let world = shape.map_coords(|c| {
        let (x, y) = to_world(out.map_one((c.x, c.y)));
        Coord { x, y }
    });
    let around = world.bounding_rect()?;
    let bounds = Bounds { west: around.min().x, south: around.min().y, east: around.max().x, north: around.max().y };
    [bounds.west, bounds.east, bounds.south, bounds.north].iter().all(|b| b.is_finite()).then(|| Drawn {
        id: id.to_owned(),
        name: name.to_owned(),
        said,
        world,
        bounds,
    })
}

impl Drawn {
    /// A point of it, degrees.
    pub fn point(&self) -> (f64, f64) {
        let at = self
            .world
            .interior_point()
            .map_or_else(|| ((self.bounds.west + self.bounds.east) / 2.0, (self.bounds.south + self.bounds.north) / 2.0), |p| (p.x(), p.y()));
        mercator::from_world(at)
    }

    /// West, south, east, north, degrees.
    pub fn around(&self) -> [f64; 4] {
        let ((west, north), (east, south)) =
            (mercator::from_world((self.bounds.west, self.bounds.south)), mercator::from_world((self.bounds.east, self.bounds.north)));
        [west, south, east, north]
    }

    /// What is said of it under a name, as written; nothing where that is empty.
    pub fn said(&self, name: &str) -> Option<String> {
        self.said.iter().find(|(n, _)| n == name).map(|(_, cell)| cell.written()).filter(|w| !w.is_empty())
    }

    /// True where it covers a place, degrees.
    pub fn covers(&self, place: (f64, f64)) -> bool {
        use liangshan_space::geo::Contains;
        let (x, y) = to_world(place);
        match &self.world {
            Geometry::MultiPolygon(area) => area.contains(&Coord { x, y }),
            Geometry::Polygon(area) => area.contains(&Coord { x, y }),
            _ => false,
        }
    }

    /// As a GeoJSON feature, with coordinates to a centimetre or so.
    pub fn geojson(&self) -> Value {
        let round = |v: f64| (v * 1e7).round() / 1e7;
        let place = |c: &Coord<f64>| {
            let (lon, lat) = mercator::from_world((c.x, c.y));
            json!([round(lon), round(lat)])
        };
        let line = |l: &liangshan_space::LineString| l.0.iter().map(place).collect::<Vec<_>>();
        let polygon = |p: &liangshan_space::Polygon| std::iter::once(p.exterior()).chain(p.interiors()).map(line).collect::<Vec<_>>();
        let (kind, coordinates) = match &self.world {
            Geometry::Point(p) => ("Point", place(&p.0)),
            Geometry::MultiPoint(m) => ("MultiPoint", json!(m.0.iter().map(|p| place(&p.0)).collect::<Vec<_>>())),
            Geometry::LineString(l) => ("LineString", json!(line(l))),
            Geometry::MultiLineString(m) => ("MultiLineString", json!(m.0.iter().map(line).collect::<Vec<_>>())),
            Geometry::Polygon(p) => ("Polygon", json!(polygon(p))),
            Geometry::MultiPolygon(m) => ("MultiPolygon", json!(m.0.iter().map(polygon).collect::<Vec<_>>())),
            _ => ("GeometryCollection", Value::Null),
        };
        let mut properties = Map::new();
        properties.insert("id".into(), json!(self.id));
        properties.insert("name".into(), json!(self.name));
        for (name, cell) in &self.said {
            properties.entry(name.clone()).or_insert_with(|| match cell {
                Cell::Null => Value::Null,
                Cell::Text(words) => json!(words),
                Cell::Integer(number) => json!(number),
                Cell::Real(number) => json!(number),
            });
        }
        json!({ "type": "Feature", "id": self.id, "geometry": { "type": kind, "coordinates": coordinates }, "properties": properties })
    }
}

impl DrawnLayer {
    #[allow(clippy::too_many_arguments, reason = "a layer taken apart by the three places that make one")]
    fn of(name: &str, title: Text, kind: &'static str, origin: Origin, force: Option<Force>, file: String, features: Vec<Drawn>, carried: Vec<String>) -> Self {
        let index = Index::of(features.iter().enumerate().map(|(at, f)| (at, f.bounds)));
        Self { name: name.to_owned(), title, kind, origin, force, file, features, index, carried }
    }

    /// The features that meet a box, in file order: west, south, east, north, degrees.
    pub fn meeting(&self, [west, south, east, north]: [f64; 4]) -> Vec<&Drawn> {
        // The world's y grows to the south: a box has its least y in the north.
        let ((west, south), (east, north)) = (to_world((west, north)), to_world((east, south)));
        self.index.meeting(&Bounds { west, south, east, north }).into_iter().map(|at| &self.features[at]).collect()
    }

    /// The features that cover a place, degrees.
    pub fn at(&self, place: (f64, f64)) -> Vec<&Drawn> {
        self.meeting([place.0, place.1, place.0, place.1]).into_iter().filter(|f| f.covers(place)).collect()
    }

    /// The layer in a tile; none where it has nothing there.
    pub fn tile(&self, at: Tile) -> Option<Vec<u8>> {
        // What is drawn beyond the sides is asked for too.
        let margin = 0.04;
        let ((west, south), (east, north)) = (at.world((-margin, -margin)), at.world((1.0 + margin, 1.0 + margin)));
        let found = self.index.meeting(&Bounds { west, south, east, north });
        // Half a place of the tile's grid: nobody sees what is left out.
        let fine = at.side() / 8192.0;
        let inside: Vec<Inside<'_>> = found
            .into_iter()
            .map(|number| {
                let feature = &self.features[number];
                let shape = thinned(&feature.world, fine).map_coords(|c| {
                    let (x, y) = at.within((c.x, c.y));
                    Coord { x, y }
                });
                let mut tags = vec![("id", Tag::Text(feature.id.clone())), ("name", Tag::Text(feature.name.clone()))];
                for name in &self.carried {
                    if let Some((_, cell)) = feature.said.iter().find(|(n, _)| n == name) {
                        tags.extend(match cell {
                            Cell::Null => None,
                            Cell::Text(words) => Some((name.as_str(), Tag::Text(words.clone()))),
                            Cell::Integer(n) => Some((name.as_str(), Tag::Integer(*n))),
                            Cell::Real(n) => Some((name.as_str(), Tag::Number(*n))),
                        });
                    }
                }
                (number, shape, tags)
            })
            .collect();
        tile(&self.name, inside.iter().map(|(number, shape, tags)| TileFeature { id: *number as u64 + 1, tags, geometry: shape }))
    }
}

/// A feature within a tile: its number, its shape in parts of the tile, its tags.
type Inside<'a> = (usize, Geometry<f64>, Vec<(&'a str, Tag)>);

fn thinned(shape: &Geometry<f64>, fine: f64) -> Geometry<f64> {
    match shape {
        Geometry::LineString(line) => Geometry::LineString(line.simplify(fine)),
        Geometry::MultiLineString(lines) => Geometry::MultiLineString(lines.simplify(fine)),
        Geometry::Polygon(area) => Geometry::Polygon(area.simplify(fine)),
        Geometry::MultiPolygon(areas) => Geometry::MultiPolygon(areas.simplify(fine)),
        other => other.clone(),
    }
}

/// The problem of a tile that the world does not have.
pub fn no_tile() -> Problem {
    Problem::error("map.no_tile", liangshan_vocab::text("没有这个瓦片", "there is no such tile"))
        .expect(liangshan_vocab::text("级别 0 到 20，行列在 2 的级别次方以内", "a zoom from 0 to 20, and a column and row below two to its power"))
}
