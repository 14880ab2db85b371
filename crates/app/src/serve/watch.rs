//! Places that are watched: the water sections and stations of the region's maps and of its files of
//! measurements, each with how it stands. Files are judged once for a snapshot; of what was judged only the
//! last is kept.

use std::path::Path;

use liangshan_atlas::assess::{Assessed, Cell, Domain, Request, Standing, Verdict, Zone, assess};
use liangshan_atlas::drawn::Drawings;
use liangshan_atlas::region::{Observed, Region};
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Problems, Text, text};

/// What a watched place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PointKind {
    /// A section of a river or lake.
    Section,
    /// A station: of the air, or of anything else that is measured.
    Station,
}

impl PointKind {
    /// The word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            PointKind::Section => "section",
            PointKind::Station => "station",
        }
    }

    /// What it is called.
    pub(crate) fn title(self) -> Text {
        match self {
            PointKind::Section => text("水质断面", "water section"),
            PointKind::Station => text("监测站点", "station"),
        }
    }
}

/// How a place stands against what it should reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It reaches it.
    Met,
    /// It does not.
    Missed,
    /// It was measured, and nothing can be said of a target: none is given, or too little was measured.
    Open,
    /// Nothing was measured there.
    NoData,
}

impl State {
    /// In the order of a legend.
    pub(crate) const ALL: [State; 4] = [State::Met, State::Missed, State::Open, State::NoData];

    /// The word in answers.
    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Met => "met",
            State::Missed => "missed",
            State::Open => "open",
            State::NoData => "no_data",
        }
    }

    /// What it is called.
    pub(crate) fn title(self) -> Text {
        match self {
            State::Met => text("达标", "target met"),
            State::Missed => text("不达标", "target missed"),
            State::Open => text("有数据，不能判", "data, not to be judged"),
            State::NoData => text("无数据", "no data"),
        }
    }
}

/// A watched place.
pub(crate) struct Point {
    /// Section or station.
    pub(crate) kind: PointKind,
    /// Its id on the map; its name where it is on none.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Longitude and latitude, where it is on the map.
    pub(crate) at: Option<(f64, f64)>,
    /// The layer it is drawn in.
    pub(crate) layer: Option<String>,
    /// How it stands by each file that measures it: the file's name in `[observations.*]`, and what it says.
    pub(crate) standings: Vec<(String, Standing)>,
}

impl Point {
    /// What holds now: the latest of what its files say, with the file.
    pub(crate) fn now(&self) -> Option<(&str, &Standing, &Verdict)> {
        let said = self.standings.iter().filter_map(|(file, s)| Some((file.as_str(), s, s.now()?)));
        // What rests on enough data is said before what does not.
        said.max_by(|a, b| (a.1.period.is_some(), &a.2.at).cmp(&(b.1.period.is_some(), &b.2.at)))
    }

    /// Against its target.
    pub(crate) fn state(&self) -> State {
        match self.now() {
            None => State::NoData,
            Some((_, standing, _)) => match standing.held() {
                Some(true) => State::Met,
                Some(false) => State::Missed,
                None => State::Open,
            },
        }
    }

    /// Its page.
    pub(crate) fn path(&self) -> String {
        format!("/environment/{}/{}", self.kind.word(), super::route::segment(&self.id))
    }

    /// What it should reach: by its files, else by the map.
    pub(crate) fn target(&self) -> Option<&Cell> {
        self.standings.iter().map(|(_, s)| &s.target).find(|t| **t != Cell::Blank)
    }
}

/// All watched places of a region.
pub(crate) struct Watch {
    /// Sections, then stations; in the order of the maps, then of the files.
    pub(crate) points: Vec<Point>,
}

impl Watch {
    /// Judges the region's files and joins what they say with the maps. A file that cannot be judged has no
    /// say: its own page tells why.
    pub(crate) fn read(region: &Region, today: Day, drawings: Option<&Drawings>) -> Self {
        let mut points: Vec<Point> = Vec::new();
        for layer in drawings.map(|d| d.layers.as_slice()).unwrap_or_default() {
            let kind = match layer.kind {
                "section" => PointKind::Section,
                "station" => PointKind::Station,
                _ => continue,
            };
            for feature in &layer.features {
                if !points.iter().any(|p| p.kind == kind && p.id == feature.id) {
                    let name = if feature.name.is_empty() { feature.id.clone() } else { feature.name.clone() };
                    let (id, layer) = (feature.id.clone(), Some(layer.name.clone()));
                    points.push(Point { kind, id, name, at: Some(feature.point()), layer, standings: Vec::new() });
                }
            }
        }
        for observed in &region.declared.observed {
            let kind = match observed.domain {
                Domain::Water => PointKind::Section,
                Domain::Air => PointKind::Station,
                Domain::Soil | Domain::Waste => continue,
            };
            let Ok(assessed) = judged(region, observed, today, Vec::new(), None) else { continue };
            for standing in assessed.standings {
                let named = |p: &&mut Point| p.kind == kind && (p.name == standing.place || p.id == standing.place);
                match points.iter_mut().find(named) {
                    Some(point) => point.standings.push((observed.name.clone(), standing)),
                    None => points.push(Point {
                        kind,
                        id: standing.place.clone(),
                        name: standing.place.clone(),
                        at: None,
                        layer: None,
                        standings: vec![(observed.name.clone(), standing)],
                    }),
                }
            }
        }
        points.sort_by_key(|p| p.kind == PointKind::Station);
        Self { points }
    }

    /// A place by kind and id.
    pub(crate) fn point(&self, kind: PointKind, id: &str) -> Option<&Point> {
        self.points.iter().find(|p| p.kind == kind && p.id == id)
    }

    /// Places of a layer of the map.
    pub(crate) fn of_layer<'w>(&'w self, layer: &'w str) -> impl Iterator<Item = &'w Point> {
        self.points.iter().filter(move |p| p.layer.as_deref() == Some(layer))
    }
}

/// Judges a file of the region as `liangshan assess` does, on a day: all of it, or one place.
///
/// # Errors
/// What makes it impossible.
pub(crate) fn judged(region: &Region, observed: &Observed, today: Day, standards: Vec<String>, place: Option<&str>) -> Result<Assessed, Problems> {
    let folder: &Path = &region.folder;
    assess(&Request {
        domain: observed.domain,
        file: folder.join(&observed.file),
        standards,
        stations: observed.stations.as_ref().map(|path| folder.join(path)),
        limits: Vec::new(),
        zone: Zone::Class2,
        region: Some(folder.to_owned()),
        place: place.map(str::to_owned),
        on: today.to_string(),
    })
}
