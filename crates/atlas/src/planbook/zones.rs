//! What share of a region a layer covers, on the ellipsoid, and from which day on.

use std::collections::BTreeMap;

use liangshan_formats::vector::{Cell, read_geopackage};
use liangshan_space::polygon_area_m2;
use liangshan_vocab::{Problems, Text};

use super::declared::{Declared, LayerFile};
use crate::ground::{as_polygons, layer_crs};
use crate::region::Region;

/// The longest stretch of an edge that is taken as straight, m.
const EDGE_M: f64 = 1000.0;

/// A layer's share.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaShare {
    /// What it is.
    pub title: Text,
    /// The file.
    pub file: String,
    /// Features.
    pub features: usize,
    /// Whether the file says where it comes from.
    pub origin: String,
    /// Shares of the region in % by the day from which they hold; empty for layers that are not areas.
    shares: BTreeMap<String, f64>,
}

impl AreaShare {
    /// The share on a day; `None` where nothing holds yet.
    pub fn at(&self, day: &str) -> Option<f64> {
        let held = self.shares.range(..=day.to_owned()).map(|(_, s)| s).copied().collect::<Vec<_>>();
        (!held.is_empty()).then(|| held.iter().sum())
    }
}

impl AreaShare {
    /// What a share of it is.
    pub fn source(&self) -> Text {
        let (title, file) = (&self.title, &self.file);
        Text::of(format!("{}的椭球面积（{file}）", title.zh), format!("area on the ellipsoid of {} ({file})", title.en))
    }
}

/// All layers of the plan.
#[derive(Debug, Clone, Default)]
pub struct AreaShares(BTreeMap<String, AreaShare>);

impl AreaShares {
    /// A layer.
    pub fn share(&self, id: &str) -> Option<&AreaShare> {
        self.0.get(id)
    }

    /// True when a layer is there and has features.
    pub fn has(&self, id: &str) -> bool {
        self.0.get(id).is_some_and(|l| l.features > 0)
    }

    /// Reads the layers; areas are taken of those that `measured` names.
    ///
    /// # Errors
    /// Those of the files, all at once.
    pub fn read(region: &Region, declared: &Declared, measured: &[&str]) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let wants_areas = declared.layers.iter().any(|l| measured.contains(&l.id.as_str()));
        let whole = if wants_areas { problems.keep(region_area(region)) } else { Some(0.0) };
        let mut all = BTreeMap::new();
        for layer in &declared.layers {
            let areas = measured.contains(&layer.id.as_str()).then_some(whole.unwrap_or(f64::NAN));
            if let Some(share) = problems.keep(read(region, layer, areas)) {
                all.insert(layer.id.clone(), share);
            }
        }
        problems.into_result(Self(all))
    }
}

fn read(region: &Region, layer: &LayerFile, whole: Option<f64>) -> Result<AreaShare, Problems> {
    let file = region.sources.file(&layer.file)?;
    let bytes = std::fs::read(region.folder.join(&layer.file)).map_err(|e| crate::whole::cannot_read(&layer.file, &e))?;
    let content = read_geopackage(&bytes, Some(&layer.layer)).map_err(|p| p.or_file(&layer.file))?;
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    if let Some(whole) = whole {
        let crs = layer_crs(&content, &file.sidecar.crs).map_err(|p| p.file(layer.file.as_str()))?;
        let from = content.fields.iter().position(|f| f.name == "valid_from");
        for feature in &content.features {
            let Some(shape) = feature.geometry.as_ref().and_then(as_polygons) else { continue };
            let area = polygon_area_m2(&shape, &crs, EDGE_M).map_err(|p| p.file(layer.file.as_str()).key(format!("feature {}", feature.id)))?;
            let day = from.and_then(|at| feature.cells.get(at)).map(Cell::written).unwrap_or_default();
            *shares.entry(day.get(..10).unwrap_or(&day).to_owned()).or_default() += 100.0 * area / whole;
        }
    }
    let origin = file.sidecar.origin.word().to_owned();
    Ok(AreaShare { title: layer.title.clone(), file: layer.file.clone(), features: content.features.len(), origin, shares })
}

/// The area of the region's outline, m².
fn region_area(region: &Region) -> Result<f64, Problems> {
    let path = &region.declared.places.layer;
    let (file, layer) = (region.sources.file(path)?, region.sources.layer(path)?);
    let crs = layer_crs(&layer, &file.sidecar.crs).map_err(|p| p.file(path.as_str()))?;
    let mut area = 0.0;
    for feature in &layer.features {
        if let Some(shape) = feature.geometry.as_ref().and_then(as_polygons) {
            area += polygon_area_m2(&shape, &crs, EDGE_M).map_err(|p| p.file(path.as_str()))?;
        }
    }
    Ok(area)
}

/// What a layer says of itself as a feed.
pub fn said(share: &AreaShare) -> Text {
    let (title, features, file) = (&share.title, share.features, &share.file);
    Text::of(format!("{}：{features} 个要素（{file}）", title.zh), format!("{}: {features} features ({file})", title.en))
}
