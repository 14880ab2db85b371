//! A watched place with all that belongs to it: how it stands, where it lies, who answers for it, and what
//! stands near it in the registers of the region.

use std::sync::Arc;

use liangshan_atlas::assess::Standing;
use liangshan_atlas::drawn::Drawn;
use liangshan_atlas::planbook::{Planbook, Record};
use liangshan_vocab::{Text, text, words};

use super::near;
use super::out::{KnownOut, OfficeOut, PlaceOut, StandingOut, WayOut, ZoneOut, point, verdict};
use crate::serve::reply::Refusal;
use crate::serve::route::Ask;
use crate::serve::watch::{Point, PointKind, Watch};

/// The place that is asked for.
pub(super) fn chosen<'a>(ask: &'a Ask<'_>, kind: PointKind) -> Result<&'a Point, Refusal> {
    let watch = ask.snapshot.watch.get()?;
    let id = ask.word("id").unwrap_or_default();
    let known = || watch.points.iter().filter(|p| p.kind == kind).map(|p| p.id.as_str());
    watch.point(kind, id).ok_or_else(|| ask.unknown("id", &kind.title(), known()))
}

/// The plan, whose registers and offices are read; none in a region without one.
pub(super) fn plan(ask: &Ask<'_>) -> Result<Option<Arc<Planbook>>, Refusal> {
    match ask.snapshot.plan.get() {
        Ok(part) => part.on(None).map(Some),
        Err(waiting @ Refusal::Waiting(_)) => Err(waiting),
        Err(_) => Ok(None),
    }
}

/// Where on the map something is.
pub(super) fn on_map(ask: &Ask<'_>, at: (f64, f64), layers: &[&str]) -> String {
    ask.link("/map", &[("at", &format!("{:.4},{:.4},11.50", at.0, at.1)), ("layers", &layers.join(","))])
}

/// All of it.
pub(super) fn of(ask: &Ask<'_>, place: &Point) -> Result<PlaceOut, Refusal> {
    let watch = ask.snapshot.watch.get()?;
    let drawings = &ask.snapshot.ground.get()?.drawings;
    let plan = plan(ask)?;
    let feature = place.layer.as_ref().and_then(|l| drawings.layer(l)).and_then(|l| l.features.iter().find(|f| f.id == place.id));
    // A section on a border belongs to the county that its own file names.
    let named = feature.and_then(|f| f.said("county_code")).and_then(|code| drawings.layers.first()?.features.iter().find(|f| f.id == code));
    let around = || place.at.and_then(|at| drawings.layers.first()?.at(at).first().copied());
    let county = named.or_else(around).map(|f| (f.id.clone(), name_of(ask, f)));
    let zones = zones(ask, place, feature, plan.as_deref())?;
    let (upstream, downstream) = along(ask, watch, place, feature)?;
    let offices = offices(ask, place, feature, county.as_ref(), &zones, plan.as_deref());
    let near = match (&plan, place.at) {
        (Some(plan), Some(at)) => near::around(ask, plan, place, at, feature),
        _ => Vec::new(),
    };
    let mut standings: Vec<(&String, &Standing)> = place.standings.iter().map(|(f, s)| (f, s)).collect();
    let first = place.now().map(|n| n.0);
    standings.sort_by_key(|(file, _)| Some(file.as_str()) != first);
    Ok(PlaceOut {
        point: point(place, ask.lang, ask.link(&place.path(), &[])),
        county,
        known: feature.map(|f| known(ask, f)).unwrap_or_default(),
        standings: standings.into_iter().map(|(file, standing)| standing_out(ask, file, standing)).collect(),
        zones,
        upstream,
        downstream,
        offices,
        near,
    })
}

fn name_of(ask: &Ask<'_>, feature: &Drawn) -> String {
    let english = feature.said("name_en").filter(|_| ask.lang == liangshan_vocab::Lang::En);
    english.unwrap_or_else(|| feature.name.clone())
}

fn standing_out(ask: &Ask<'_>, file: &str, standing: &Standing) -> StandingOut {
    let observed = ask.snapshot.region.declared.observed.iter().find(|o| o.name == file);
    let origin = observed.and_then(|o| ask.snapshot.region.sources.file(&o.file).ok()).map(|f| f.sidecar.origin.word().to_owned());
    StandingOut {
        file: file.to_owned(),
        title: observed.map(|o| o.title.get(ask.lang).to_owned()).unwrap_or_default(),
        origin: origin.unwrap_or_default(),
        water: standing.water.get(ask.lang).to_owned(),
        samples: standing.samples,
        period: standing.period.as_ref().map(|v| verdict(v, ask.lang)),
        latest: standing.latest.as_ref().map(|v| verdict(v, ask.lang)),
        data: ask.link(&format!("/api/environment/{file}"), &[("place", &standing.place)]),
    }
}

/// What files write of a place and what it is called: column, words, and the column that says where it
/// comes from.
const KNOWN: [(&str, Text, &str); 9] = [
    ("river_zh", text("河流", "river"), "river_basis"),
    ("kind", text("类型", "kind"), ""),
    ("upstream_km2_modelled", text("上游集水面积（模拟），平方千米", "catchment above, modelled, km²"), ""),
    ("placed_how", text("位置怎样定的", "how it was placed"), ""),
    ("elevation_m", text("海拔，米", "elevation, m"), ""),
    ("parameters", text("监测项目", "what is measured"), ""),
    ("interval", text("监测频次", "how often"), ""),
    ("in_service_from", text("启用", "in service since"), ""),
    ("mn", text("设备编码（MN）", "monitor id (MN)"), ""),
];

/// Words of kinds of stations.
const KINDS: [(&str, Text); 8] = [
    ("air_auto", text("环境空气自动站", "automatic air station")),
    ("water_auto", text("地表水自动站", "automatic water station")),
    ("weather", text("气象站", "weather station")),
    ("soil", text("土壤监测点", "soil point")),
    ("negative_ion", text("负氧离子站", "station of negative ions")),
    ("noise", text("噪声站", "noise station")),
    ("hydrology", text("水文站", "gauge")),
    ("national_air", text("国控空气站", "national air station")),
];

fn known(ask: &Ask<'_>, feature: &Drawn) -> Vec<KnownOut> {
    let mut out: Vec<KnownOut> = Vec::new();
    for (column, title, basis) in KNOWN {
        let Some(value) = feature.said(column) else { continue };
        let value = KINDS.iter().find(|(word, _)| column == "kind" && *word == value).map_or(value, |(_, said)| said.get(ask.lang).to_owned());
        out.push(KnownOut { title: title.get(ask.lang).to_owned(), value, origin: feature.said(basis).unwrap_or_default() });
    }
    // What is told apart of a feature: its name measured, its place invented, and so on.
    for (column, title) in
        [("name_origin", text("名称", "its name")), ("location_origin", text("位置", "its place")), ("target_origin", text("目标类别", "its target class"))]
    {
        if let Some(origin) = feature.said(column) {
            out.push(KnownOut { title: title.get(ask.lang).to_owned(), value: String::new(), origin });
        }
    }
    out
}

/// Control layers in force that the place lies in. Water units are those that the place's own file names.
fn zones(ask: &Ask<'_>, place: &Point, feature: Option<&Drawn>, plan: Option<&Planbook>) -> Result<Vec<ZoneOut>, Refusal> {
    let Some(at) = place.at else { return Ok(Vec::new()) };
    let named: Vec<String> = feature.map(|f| ["control_zone_id", "catchment_unit_id"].iter().filter_map(|c| f.said(c)).collect()).unwrap_or_default();
    let mut out = Vec::new();
    for layer in &ask.snapshot.ground.get()?.drawings.layers {
        let Some(force) = &layer.force else { continue };
        let own: Vec<&Drawn> = layer.features.iter().filter(|f| layer.kind == "water_unit" && named.contains(&f.id)).collect();
        for found in if own.is_empty() { layer.at(at) } else { own } {
            out.push(ZoneOut {
                layer: layer.name.clone(),
                layer_title: layer.title.get(ask.lang).to_owned(),
                id: found.id.clone(),
                name: if found.name.is_empty() { found.id.clone() } else { found.name.clone() },
                office: force.office.clone(),
                office_name: plan.map_or_else(|| force.office.clone(), |p| p.office(&force.office)),
                edition: format!("{} · {}", force.edition, force.decree),
                origin: layer.origin.word().to_owned(),
                map: on_map(ask, at, &["counties", "rivers", &layer.name, place.layer.as_deref().unwrap_or_default()]),
            });
        }
    }
    Ok(out)
}

fn way(ask: &Ask<'_>, point: &Point) -> WayOut {
    WayOut { id: point.id.clone(), name: point.name.clone(), state: point.state().word().to_owned(), page: ask.link(&point.path(), &[]) }
}

/// The sections above and below, as the map's file names them.
fn along(ask: &Ask<'_>, watch: &Watch, place: &Point, feature: Option<&Drawn>) -> Result<(Vec<WayOut>, Option<WayOut>), Refusal> {
    let Some((own, layer)) = feature.zip(place.layer.as_deref()) else { return Ok((Vec::new(), None)) };
    let Some(drawn) = ask.snapshot.ground.get()?.drawings.layer(layer) else { return Ok((Vec::new(), None)) };
    let below = own.said("downstream_section");
    let above = |p: &&Point| {
        let said = drawn.features.iter().find(|f| f.id == p.id).and_then(|f| f.said("downstream_section"));
        said.is_some_and(|s| s == place.name || s == place.id)
    };
    let upstream = watch.of_layer(layer).filter(above).map(|p| way(ask, p)).collect();
    let downstream = below.and_then(|b| watch.of_layer(layer).find(|p| p.name == b || p.id == b)).map(|p| way(ask, p));
    Ok((upstream, downstream))
}

/// Who answers for a place: the office that its own file names, those that keep the register it stands in,
/// the county's own office for the environment, and those of the zones it lies in.
fn offices(
    ask: &Ask<'_>,
    place: &Point,
    feature: Option<&Drawn>,
    county: Option<&(String, String)>,
    zones: &[ZoneOut],
    plan: Option<&Planbook>,
) -> Vec<OfficeOut> {
    let mut out: Vec<OfficeOut> = Vec::new();
    let mut add = |id: &str, name: String, of: &Text| match out.iter_mut().find(|o| o.id == id) {
        Some(known) => known.of = format!("{}{}{}", known.of, ask.say("；", "; "), of.get(ask.lang)),
        None => out.push(OfficeOut { id: id.to_owned(), name, of: of.get(ask.lang).to_owned() }),
    };
    if let Some(plan) = plan {
        if let Some(owner) = feature.and_then(|f| f.said("owner_office")) {
            add(&owner, plan.office(&owner), &text("站点主管", "owns the station"));
        }
        if let Some(offices) = plan.book("offices") {
            let role = |record: &Record| offices.written(record, "role");
            let own = plan.book(if place.kind == PointKind::Section { "sections" } else { "stations" }).filter(|b| b.record(&place.id).is_some());
            for record in own.into_iter().flat_map(|book| offices.records.iter().filter(|r| book.register.keepers.contains(&role(r)))) {
                add(&record.key, plan.office(&record.key), &text("管理这类断面、站点的登记册", "keeps the register it stands in"));
            }
            if let Some((code, name)) = county {
                let here = |r: &&Record| offices.written(r, "region_code") == *code && role(r).contains("ecology");
                for record in offices.records.iter().filter(here) {
                    add(&record.key, plan.office(&record.key), &words!("属地：{name}", "for the environment of {name}"));
                }
            }
        }
    }
    for zone in zones {
        add(&zone.office, zone.office_name.clone(), &Text::same(zone.layer_title.clone()));
    }
    out
}
