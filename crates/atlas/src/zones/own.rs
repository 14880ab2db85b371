//! What the projects of an office have of its zones: their sites cut by zones and counties as one more
//! division of the same pass over the cells, so that what land cover changed inside them can be told
//! apart from what it changed outside.
//!
//! An office answers for the projects that it leads or helps. Those count between two years that were
//! under way at any time from the first day of the earlier to the last of the later. Sites that overlap
//! count once.

use std::collections::BTreeMap;

use liangshan_accounts::pieces::{PieceChange, sum_of};
use liangshan_space::{Grid, MultiPolygon};
use liangshan_store::Naming;
use liangshan_vocab::{Problems, Text, text, words};

use super::parts::ZonePart;
use super::sheet::{Line, Office, ZoneSheet};
use super::sites::{Project, Sites};
use super::{Zones, shapes};
use crate::assemble::{YearSums, sum_of_type};
use crate::ground::{Classes, Places};

/// What the projects of an office have of one part of a zone, between two years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPart {
    /// The part of the zone, by number.
    pub part: usize,
    /// The part that the sites make of it, by number; several offices and pairs may share it.
    pub number: usize,
    /// The office.
    pub office: String,
    /// The years.
    pub pair: (i32, i32),
    /// Its projects there, by number of the sites.
    pub projects: Vec<usize>,
}

/// The ground of sites, hundredths of a square metre of the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnGround {
    /// Their area.
    pub area: i128,
    /// The area that went from one ecosystem type to another, net: half of what all types moved.
    pub moved: i128,
}

impl OwnGround {
    pub(crate) fn of(own: &OwnPart, zones: &Zones, years: &[YearSums], classes: &Classes) -> Self {
        let in_year = |year: i32| -> Vec<f64> {
            let sums = years.iter().find(|y| y.plan.year == year).and_then(|y| y.zones.as_ref());
            let of = |kind: usize| sums.and_then(|s| sum_of_type(&s.extent, classes, own.number, kind, "area_m2"));
            (0..classes.types.len()).map(|kind| of(kind).map_or(0.0, |s| s.value())).collect()
        };
        let hundredths = |m2: f64| (m2 * 100.0).round() as i128;
        let (early, late) = (in_year(own.pair.0), in_year(own.pair.1));
        let moved: f64 = early.iter().zip(&late).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
        Self { area: hundredths(zones.parts[own.number].area_m2), moved: hundredths(moved) }
    }
}

impl Zones {
    /// Takes the sites of projects; what they cut is then part of what the zones are.
    pub(super) fn take_sites(&mut self, sites: Sites, years: &[i32]) {
        let mut years = years.to_vec();
        years.sort_unstable();
        self.pairs = years.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let mut naming = Naming::of("zones with sites").with("version", "1").with("zones", self.digest.as_str());
        for (from, to) in &self.pairs {
            naming = naming.with("pair", format!("{from} {to}"));
        }
        for project in &sites.projects {
            let said = [&project.id, &project.start, project.ended.as_ref().unwrap_or(&project.start)].map(String::as_str).join(" ");
            naming = naming.with("project", said).with("open", project.ended.is_none().to_string()).with("offices", project.offices.join(" "));
            naming = naming.with("shape", shapes::bytes(&project.shape));
        }
        self.digest = naming.digest();
        self.sites = Some(sites);
    }

    /// Cuts the sites by a part of a zone, for each office that answers for it and each pair of years.
    pub(super) fn cut_sites(&mut self, part: usize, shape: &MultiPolygon, places: &Places, grid: &Grid) -> Result<(), Problems> {
        let Some(sites) = &self.sites else { return Ok(()) };
        let (zone, county) = (self.parts[part].zone, self.parts[part].county);
        let here: Vec<usize> = (0..sites.projects.len()).filter(|p| shapes::common(shape, &sites.projects[*p].shape).is_some()).collect();
        let code = &places.counties[county].code;
        let of_county = sites.offices.iter().filter(|(_, place)| *place == code).map(|(id, _)| id.as_str());
        let offices: Vec<&str> = std::iter::once(self.zones[zone].office.as_str()).chain(of_county).collect();
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let (mut own, mut parts) = (Vec::new(), Vec::new());
        for office in offices {
            for pair in &self.pairs {
                let counts = |p: &&usize| sites.projects[**p].is_of(office) && sites.projects[**p].between(*pair);
                let projects: Vec<usize> = here.iter().filter(counts).copied().collect();
                if projects.is_empty() {
                    continue;
                }
                let number = match known.get(&projects) {
                    Some(number) => *number,
                    None => {
                        let ground: Vec<MultiPolygon> = projects.iter().map(|p| sites.projects[*p].shape.clone()).collect();
                        let Some(inside) = shapes::within(shape, &ground) else { continue };
                        let (area_m2, coverage) = (shapes::area_m2(&inside, &grid.crs)?, shapes::coverage(&inside, grid)?);
                        let number = self.parts.len() + parts.len();
                        parts.push(ZonePart { zone, county, coverage, area_m2 });
                        known.insert(projects.clone(), number);
                        number
                    }
                };
                own.push(OwnPart { part, number, office: office.to_owned(), pair: *pair, projects });
            }
        }
        self.parts.extend(parts);
        self.own.extend(own);
        Ok(())
    }
}

/// What the projects of an office did in one of its zones between two years.
#[derive(Debug, Clone)]
pub struct OwnLine<'a> {
    /// What changed inside their sites; its part of land cover is what is told of them.
    pub change: PieceChange,
    /// Their ground.
    pub ground: OwnGround,
    /// The projects.
    pub projects: Vec<&'a Project>,
}

impl ZoneSheet<'_> {
    /// The offices that the sheet tells of: its own, else those of the whole region.
    pub fn offices_shown(&self) -> Vec<Office> {
        match &self.office {
            Some(own) => vec![own.clone()],
            // A table that cannot be read stopped the run before this.
            None => self.offices().unwrap_or_default().into_iter().filter(|o| o.county.is_none()).collect(),
        }
    }

    /// The zones that an office answers for, of those in the sheet.
    pub fn lines_of_office<'l>(&'l self, office: &'l Office) -> impl Iterator<Item = &'l Line> {
        let own = |line: &&Line| line.zone.is_some_and(|z| self.office.is_some() || self.zones.zones[z].office == office.id);
        self.lines.iter().filter(own)
    }

    /// The projects with sites that an office answers for and that were under way between two years;
    /// `None` where the region gives no sites, or none of this office's projects has one: then nothing
    /// is known of them, which is not zero.
    pub fn sited(&self, office: &str, pair: (i32, i32)) -> Option<Vec<&Project>> {
        let sites = self.zones.sites.as_ref()?;
        let own: Vec<&Project> = sites.projects.iter().filter(|p| p.is_of(office)).collect();
        (!own.is_empty()).then(|| own.into_iter().filter(|p| p.between(pair)).collect())
    }

    /// The projects of an office, as one line to print: not examined, or those whose sites were looked at.
    pub fn own_words(&self, office: &Office, pair: (i32, i32)) -> Text {
        let Some(projects) = self.sited(&office.id, pair) else {
            return text("本部门项目：未考察，没有给出项目位置。", "own projects: not examined, no sites given.");
        };
        let (from, to) = pair;
        if projects.is_empty() {
            return words!("本部门项目：有位置的项目在 {from}–{to} 年间都不在建。", "own projects: none of those with a site was under way in {from}–{to}.");
        }
        let synthetic = self.zones.sites.as_ref().is_some_and(|s| s.origin.has_synthetic());
        let (zh, en) = if synthetic { ("位置为合成（虚构）数据：", ", their sites are synthetic (invented): ") } else { ("", ": ") };
        let names: Vec<String> = projects.iter().map(|p| format!("{} {}", p.id, p.title)).collect();
        let (count, list) = (names.len(), names.join("、"));
        Text::of(
            format!("本部门项目（牵头或协办，{from}–{to} 年间在建且有位置的 {count} 个；没有位置的未考察）：{zh}{list}。"),
            format!("own projects, led or helped, under way in {from}–{to} and with a site ({count}; those without a site are not examined){en}{list}."),
        )
    }

    /// What an office's projects did in a zone.
    pub fn own(&self, office: &Office, line: &Line, pair: (i32, i32)) -> Option<OwnLine<'_>> {
        let sites = self.zones.sites.as_ref()?;
        self.sited(&office.id, pair)?;
        let zone = line.zone?;
        let (mut ground, mut projects) = (OwnGround::default(), std::collections::BTreeSet::new());
        let mut numbers = Vec::new();
        for (number, own) in self.zones.own.iter().enumerate() {
            let part = &self.zones.parts[own.part];
            if own.office == office.id && own.pair == pair && part.zone == zone && office.county.is_none_or(|c| c == part.county) {
                numbers.push(number);
                projects.extend(own.projects.iter().copied());
                let of = self.account.ground.get(number).copied().unwrap_or_default();
                ground = OwnGround { area: ground.area + of.area, moved: ground.moved + of.moved };
            }
        }
        let change = self.account.changes.iter().find(|c| (c.from, c.to) == pair)?;
        let inside = change.own.iter().filter(|(number, _)| numbers.contains(number)).map(|(_, change)| change);
        Some(OwnLine { change: sum_of(inside), ground, projects: projects.into_iter().map(|p| &sites.projects[p]).collect() })
    }
}
