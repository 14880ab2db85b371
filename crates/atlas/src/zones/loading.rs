//! Zones from the control layers in force on a day: which are looked at side by side, and what each is
//! made of.

use liangshan_duty::standard::Day;
use liangshan_space::Grid;
use liangshan_vocab::{Origin, Problems, Text, text};

use super::sites::Sites;
use super::{SetKind, Zone, ZoneSet, Zones};
use crate::control::{Control, ControlFeature, InForce};
use crate::ground::{Classes, Places};
use crate::region::{ControlKind, Region};

/// What a set is by the kind of its layers; `None` for elements of the pattern, which have no area.
pub(super) fn kind_of(kind: ControlKind) -> Option<SetKind> {
    match kind {
        ControlKind::Zone => Some(SetKind::Zones),
        ControlKind::Line => Some(SetKind::Lines),
        ControlKind::Function => Some(SetKind::Functions),
        ControlKind::Water => Some(SetKind::Water),
        ControlKind::Area => Some(SetKind::Areas),
        ControlKind::Pattern => None,
    }
}

impl Zones {
    /// The zones in force on a day.
    ///
    /// # Errors
    /// Everything wrong in the control layers and in the sites of projects.
    pub fn in_force(region: &Region, places: &Places, classes: &Classes, grid: &Grid, day: Day, years: &[i32]) -> Result<Self, Problems> {
        let control = Control::of(region, day, &|_| true)?;
        let origin = control.layers.iter().map(|l| l.file.sidecar.origin).reduce(Origin::with).unwrap_or(places.origin);
        let (sets, zones) = sets_of(&control);
        let mut zones = Self::new(control, sets, zones, origin, places, classes, grid);
        if let Some(sites) = Sites::read(region)? {
            zones.take_sites(sites, years);
        }
        Ok(zones)
    }
}

/// Spaces and lines of a plan stand side by side layer by layer, areas of a plan feature by feature, and
/// so do the features of a layer of function zones or water units.
fn sets_of(control: &Control) -> (Vec<ZoneSet>, Vec<Zone>) {
    let (mut sets, mut zones): (Vec<ZoneSet>, Vec<Zone>) = (Vec::new(), Vec::new());
    for layer in &control.layers {
        let Some(kind) = kind_of(layer.layer.kind) else { continue };
        let by_plan = matches!(kind, SetKind::Zones | SetKind::Lines | SetKind::Areas);
        let plan = &layer.layer.plan;
        let id = match kind {
            SetKind::Zones => format!("{plan}.zones"),
            SetKind::Lines => format!("{plan}.lines"),
            SetKind::Areas => plan.clone(),
            SetKind::Functions | SetKind::Water => layer.layer.name.clone(),
        };
        let alone = control.layers.iter().filter(|l| by_plan && l.layer.plan == *plan && l.layer.kind == layer.layer.kind).count() < 2;
        let title = match kind {
            SetKind::Zones => text("三区（空间）", "zones of space"),
            SetKind::Lines => text("控制线", "control lines"),
            SetKind::Areas if !alone => common_title(control, plan),
            _ => layer.layer.title.clone(),
        };
        let known = sets.iter().position(|s| s.id == id);
        let at = known.unwrap_or_else(|| {
            sets.push(ZoneSet { id, title, kind, zones: Vec::new() });
            sets.len() - 1
        });
        let made = match kind {
            SetKind::Zones | SetKind::Lines => vec![of_layer(layer)],
            _ => layer.features.iter().map(|f| of_feature(layer, f, !alone)).collect(),
        };
        for zone in made {
            sets[at].zones.push(zones.len());
            zones.push(zone);
        }
    }
    (sets, zones)
}

/// Areas of one plan are called by what their layers are called.
fn common_title(control: &Control, plan: &str) -> Text {
    let titles = || control.layers.iter().filter(|l| l.layer.plan == plan && l.layer.kind == ControlKind::Area).map(|l| &l.layer.title);
    let joined = |pick: fn(&Text) -> &str, by: &str| titles().map(pick).collect::<Vec<_>>().join(by);
    Text::of(joined(|t| &t.zh, "、"), joined(|t| &t.en, "; "))
}

fn zone(layer: &InForce, id: String, title: Text, features: &[&ControlFeature]) -> Zone {
    Zone {
        id,
        title,
        layer: layer.layer.name.clone(),
        office: layer.layer.office.clone(),
        office_name: layer.office.clone(),
        edition: layer.edition.edition.clone(),
        adopted: layer.edition.adopted,
        decree: layer.edition.decree.clone(),
        features: features.len(),
        shapes: features.iter().filter_map(|f| f.shape.area().cloned()).collect(),
    }
}

fn of_layer(layer: &InForce) -> Zone {
    zone(layer, layer.layer.name.clone(), layer.layer.title.clone(), &layer.features.iter().collect::<Vec<_>>())
}

fn of_feature(layer: &InForce, feature: &ControlFeature, with_layer: bool) -> Zone {
    let zh = if feature.name.is_empty() { feature.id.clone() } else { feature.name.clone() };
    let en = layer.attribute(feature, "name_en").filter(|n| !n.trim().is_empty()).unwrap_or_else(|| feature.id.clone());
    let title = if with_layer { Text::of(format!("{}：{zh}", layer.layer.title.zh), format!("{}: {en}", layer.layer.title.en)) } else { Text::of(zh, en) };
    zone(layer, feature.id.clone(), title, &[feature])
}
