//! Gathers what a face draws from an open book.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_formats::raster::Raster;
use liangshan_space::geo::{InteriorPoint, Simplify};
use liangshan_space::{Grid, MultiPolygon};
use liangshan_store::Blobs;
use liangshan_vocab::{Digest, Problems, Text, text};

use crate::book::{Book, crs_words};
use crate::doubts::tally_notes;
use crate::explaining::Asked;
use crate::ground::UNALLOCATED;
use crate::layers::Read;
use crate::plausible;
use crate::publication::{MapCard, ParameterCard, PlaceCard, Publication, SourceCard};

/// The most columns or rows of a map's picture.
const PICTURE_CELLS: usize = 700;

/// Everything a face needs to show a run.
///
/// # Errors
/// Those of reading the maps back.
pub fn publication(book: &Book, basis: Digest) -> Result<Publication, Problems> {
    let p = &book.prepared;
    let mut warnings = p.notes.clone();
    for year in &book.years {
        for sums in &year.sums {
            warnings.extend(tally_notes(&year.plan, sums));
        }
    }
    warnings.extend(plausible::warnings(book));
    warnings.extend(book.ruled(&[]));
    crate::whole::once_each(&mut warnings);
    warnings.sort();
    let mut ecosystems: BTreeMap<String, Text> = p.classes.types.iter().map(|t| (t.id.clone(), t.name.clone())).collect();
    ecosystems.insert(UNALLOCATED.into(), text("未分配", "unallocated"));
    let maps = book.maps.iter().map(|map| card(book, map)).collect::<Result<Vec<_>, _>>()?;
    let sample = sample(book);
    Ok(Publication {
        region: p.region.declared.id.clone(),
        title: p.region.declared.title.clone(),
        whole: p.places.whole.clone(),
        edition: p.places.edition.clone(),
        version: crate::VERSION,
        crs: crs_words(p, &book.years),
        cell_m: p.grid.dx,
        weather: p.weather,
        profile: p.method.profile.clone(),
        account: book.assembled.account.clone(),
        changes: book.changes.clone(),
        review: crate::review::review(book),
        places: place_cards(book),
        names: book.assembled.names.clone(),
        ecosystems,
        extent: extent(book)?,
        maps,
        sources: sources(book),
        deliveries: p.deliveries.clone(),
        warnings,
        parameters: parameters(book),
        basis,
        sample,
    })
}

/// A number that is short to check by hand: water conservation of the first county's ecosystem type
/// with the fewest classes.
fn sample(book: &Book) -> Option<crate::explain::Explanation> {
    let county = &book.prepared.places.counties.first()?.code;
    let year = *book.assembled.account.years.last()?;
    let classes = &book.prepared.classes;
    let kinds = book
        .assembled
        .atoms
        .iter()
        .filter(|a| a.year == year && a.place == *county && a.indicator == "water_conservation" && a.value.0 > 0)
        .map(|a| &a.ecosystem);
    let fewest = kinds.min_by_key(|id| classes.classes.iter().filter(|c| c.attribute != 0 && classes.types[c.kind].id == **id).count())?;
    book.explain(Asked { indicator: "water_conservation", place: county, year, ecosystem: fewest }).ok()
}

fn card(book: &Book, map: &crate::mapping::MapMade) -> Result<MapCard, Problems> {
    let blobs = Blobs::at(book.prepared.region.folder.join("derived"));
    let path = blobs.plain(&map.stream, &map.kind());
    let file = std::fs::File::open(&path).map_err(|e| crate::whole::cannot_write(&path, &e))?;
    let raster = Raster::open(std::sync::Arc::new(file))?;
    let grid = &book.prepared.region.declared.grid;
    let step = grid.columns.max(grid.rows).div_ceil(PICTURE_CELLS).max(1);
    let (columns, rows) = (grid.columns.div_ceil(step), grid.rows.div_ceil(step));
    let mut values = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        let high = step.min(grid.rows - row * step);
        let strip = raster.read(0, 0, row * step, grid.columns, high)?;
        for column in 0..columns {
            let wide = step.min(grid.columns - column * step);
            let (mut sum, mut count) = (0.0, 0_u32);
            for r in 0..high {
                for value in strip[r * grid.columns + column * step..][..wide].iter().filter(|v| !v.is_nan()) {
                    sum += value;
                    count += 1;
                }
            }
            values.push(if count > 0 { (sum / f64::from(count)) as f32 } else { f32::NAN });
        }
    }
    Ok(MapCard {
        file: map.file(),
        indicator: map.indicator.clone(),
        year: map.year,
        title: map.title.clone(),
        unit: map.unit.clone(),
        columns,
        rows,
        step,
        values,
        cells: map.valid,
        range: map.range.unwrap_or([f64::NAN; 3]),
        origin: map.origin,
    })
}

/// A point in columns and rows of the region's grid.
pub(crate) fn on_grid(grid: &Grid, x: f64, y: f64) -> (f32, f32) {
    (((x - grid.x0) / grid.dx) as f32, ((grid.y0 - y) / grid.dy) as f32)
}

pub(crate) fn outline(shape: &MultiPolygon, grid: &Grid) -> Vec<Vec<(f32, f32)>> {
    let thin = shape.simplify(grid.dx * 0.4);
    let mut rings = Vec::new();
    for polygon in &thin.0 {
        for ring in [polygon.exterior()].into_iter().chain(polygon.interiors()) {
            if ring.0.len() > 3 {
                rings.push(ring.0.iter().map(|c| on_grid(grid, c.x, c.y)).collect());
            }
        }
    }
    rings
}

pub(crate) fn place_cards(book: &Book) -> Vec<PlaceCard> {
    let places = &book.prepared.places;
    let grid = &book.prepared.region.declared.grid;
    let mut cards: Vec<PlaceCard> = places
        .counties
        .iter()
        .map(|c| {
            let label = c.shape.interior_point().map_or((0.0, 0.0), |p| on_grid(grid, p.x(), p.y()));
            PlaceCard {
                code: c.code.clone(),
                name: c.name.clone(),
                parent: Some(places.whole.clone()),
                area_m2: c.area_m2,
                outline: outline(&c.shape, grid),
                label,
            }
        })
        .collect();
    let area_m2 = places.counties.iter().map(|c| c.area_m2).sum();
    cards.push(PlaceCard { code: places.whole.clone(), name: places.whole_name.clone(), parent: None, area_m2, outline: Vec::new(), label: (0.0, 0.0) });
    cards
}

/// Area of each ecosystem type, m², by year, place and type. The whole is the sum of the counties.
fn extent(book: &Book) -> Result<BTreeMap<(i32, String, String), f64>, Problems> {
    let p = &book.prepared;
    let mut out: BTreeMap<(i32, String, String), liangshan_space::FixedSum> = BTreeMap::new();
    for year in &book.years {
        for window in p.blocks() {
            let classes = year.plan.classes.read(&p.classes, &p.grid, &window)?;
            let areas = p.areas.of(&p.grid, &window)?;
            for county in &p.places.counties {
                for (index, share) in county.coverage.in_window(&window) {
                    let i = index as usize;
                    let Some(class) = p.classes.classes.get(usize::from(classes[i])) else { continue };
                    let kind = &p.classes.types[class.kind].id;
                    for place in [&county.code, &p.places.whole] {
                        out.entry((year.plan.year, place.clone(), kind.clone())).or_default().add(areas[i] * share);
                    }
                }
            }
        }
    }
    Ok(out.into_iter().map(|(key, sum)| (key, sum.value())).collect())
}

fn sources(book: &Book) -> Vec<SourceCard> {
    let p = &book.prepared;
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |file: &str, by: &str| {
        used.entry(file.to_owned()).or_default().insert(by.to_owned());
    };
    for year in &book.years {
        for stream in &year.plan.streams {
            for read in &stream.reads {
                add(&read.file, stream.id(&year.plan));
            }
        }
    }
    for read in &book.assembled.reads {
        add(&read.file, "department tables");
    }
    for (file, _) in p.places.basis.iter() {
        add(file, "places");
    }
    for (file, _) in p.classes.basis.iter() {
        add(file, "classes");
    }
    used.into_iter()
        .filter_map(|(path, by)| {
            let file = p.region.sources.file(&path).ok()?;
            let sidecar = &file.sidecar;
            Some(SourceCard {
                read: Read { file: path, part: String::new(), digest: file.digest.clone(), origin: sidecar.origin, licence: sidecar.licence.clone() },
                title: sidecar.title.clone(),
                from: sidecar.from.clone(),
                method: sidecar.method.clone(),
                used_by: by.into_iter().collect(),
            })
        })
        .collect()
}

fn parameters(book: &Book) -> Vec<ParameterCard> {
    let mut out: Vec<ParameterCard> = Vec::new();
    let method = &book.prepared.method;
    let ids: Vec<&str> = method.profile.indicators.iter().map(|m| m.indicator.as_str()).collect();
    for year in &book.years {
        for step in &year.plan.steps {
            for (name, value) in &step.numbers {
                let Some(input) = step.model.spec.input(name) else { continue };
                let card = ParameterCard {
                    model: step.model.spec.id.to_owned(),
                    name: (*name).to_owned(),
                    title: input.title.clone(),
                    value: *value,
                    unit: input.measure.unit.to_owned(),
                    source: method.number(&ids, name).map(|p| p.source.clone()).unwrap_or_default(),
                };
                if !out.contains(&card) {
                    out.push(card);
                }
            }
        }
    }
    out
}
