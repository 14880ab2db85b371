//! Names and attributes (C7): an object of one id in layers of two plans, with different values in an
//! attribute that both have.

use std::collections::BTreeMap;

use liangshan_planning::conflicts::{ConflictKind, differing};
use liangshan_space::overlay::{part, thinness, united};
use liangshan_space::{AreaMeter, MultiPolygon};
use liangshan_store::Naming;
use liangshan_vocab::Problems;

use super::spots::Crossed;
use super::{Side, Spot};
use crate::conform::hundredths;
use crate::control::{Control, ControlFeature, InForce};
use crate::ground::Places;

/// The objects of one id in layers of two plans whose attributes differ; of two layers where they are
/// named, else of all in force.
///
/// # Errors
/// Those of measuring.
pub(super) fn find(control: &Control, crosswalk: &[Crossed], places: &Places, meter: &AreaMeter, between: Option<(&str, &str)>) -> Result<Vec<Spot>, Problems> {
    let wanted = |l: &&InForce| between.is_none_or(|(a, b)| l.layer.name == a || l.layer.name == b);
    let mut layers: Vec<&InForce> = control.layers.iter().filter(wanted).collect();
    let rank = |l: &InForce| crosswalk.iter().filter(|c| c.layer == l.layer.name).map(|c| c.rank).fold(f64::MAX, f64::min);
    layers.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    let mut made = Vec::new();
    for (i, a) in layers.iter().enumerate() {
        for b in layers[i + 1..].iter().filter(|b| b.layer.plan != a.layer.plan) {
            let of_b: BTreeMap<&str, &ControlFeature> = b.features.iter().map(|f| (f.id.as_str(), f)).collect();
            for one in &a.features {
                if let Some(other) = of_b.get(one.id.as_str()) {
                    made.extend(spot((a, one), (b, other), places, meter)?);
                }
            }
        }
    }
    Ok(made)
}

/// The cells of a feature by name, without the columns of ids of both layers.
fn cells(layer: &InForce, feature: &ControlFeature, ids: [&str; 2]) -> Vec<(String, String)> {
    let named = layer.fields.iter().zip(&feature.cells).filter(|(f, _)| !ids.contains(&f.name.as_str()));
    named.map(|(f, c)| (f.name.clone(), c.written())).collect()
}

fn spot(a: (&InForce, &ControlFeature), b: (&InForce, &ControlFeature), places: &Places, meter: &AreaMeter) -> Result<Option<Spot>, Problems> {
    let ids = [a.0.edition.id.as_str(), b.0.edition.id.as_str()];
    let differing = differing(&cells(a.0, a.1, ids), &cells(b.0, b.1, ids));
    if differing.is_empty() {
        return Ok(None);
    }
    let shapes: Vec<&MultiPolygon> = [a.1, b.1].iter().filter_map(|f| f.shape.area()).collect();
    let shape = united(&shapes);
    let area_m2 = if shape.0.is_empty() { 0.0 } else { hundredths(meter.area_m2(&shape)?) };
    let mut county = a.1.county.clone().or_else(|| b.1.county.clone()).unwrap_or_default();
    let mut most = 0.0;
    for place in places.counties.iter().filter(|_| !shape.0.is_empty()) {
        let inside = part(&shape, &[&place.shape]).inside;
        let has = if inside.0.is_empty() { 0.0 } else { meter.area_m2(&inside)? };
        if has > most {
            (most, county) = (has, place.code.clone());
        }
    }
    let mut name = Naming::of("spot").with("a", &a.0.layer.name).with("b", &b.0.layer.name).with("object", &a.1.id);
    for d in &differing {
        name = name.with("attribute", &d.name).with("one", &d.values[0]).with("other", &d.values[1]);
    }
    Ok(Some(Spot {
        id: format!("CS-{}", name.digest().short()),
        sides: [a, b].map(|(layer, feature)| Side::of(layer, ("", ""), vec![feature.id.clone()])),
        kind: ConflictKind::Attributes,
        severity: ConflictKind::Attributes.severity(area_m2, 0.0),
        county,
        area_m2,
        thinness: (thinness(&shape) * 1e6).round() / 1e6,
        sliver: false,
        total_m2: None,
        differing,
        shape,
        decided: None,
    }))
}
