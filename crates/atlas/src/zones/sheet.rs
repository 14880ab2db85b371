//! What a face shows of the account by zone: one line for each zone of each set, with areas, shares,
//! values by year, the change by its causes and the declines that are told.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_accounts::catalogue;
use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::{PieceChange, sum_of};
use liangshan_accounts::valuation::Amount;
use liangshan_planning::decline::Measure;
use liangshan_vocab::{Fen, Problem, Problems, Text, nearest, text, words};

use super::faults::{Checked, judge};
use super::rules::{Allocated, Divided, ZoneRules};
use super::statement::{ZoneAccount, ZoneRow};
use super::{Where, Zones};
use crate::book::Book;
use crate::control::Shape;
use crate::publication::PlaceCard;
use crate::publish::cards::{on_grid, outline, place_cards};
use crate::region::ControlKind;

/// The control layer of ecological space, whose share the plan wants to be half of the region.
pub const ECO_SPACE: &str = "eco_space";

/// Ecosystem types that are natural or nearly so.
const NATURAL: [&str; 4] = ["forest", "shrub", "grassland", "wetland"];

/// Hundredths of a square metre as m², ha or mu; for printing.
pub fn m2(area: i128) -> f64 {
    area as f64 / 100.0
}

/// Hundredths of a square metre as written m², exact.
pub fn m2_written(area: i128) -> String {
    Amount { units: area, decimals: 2 }.to_string()
}

/// A decline that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What declined.
    pub measure: Measure,
    /// The earlier year.
    pub from: i32,
    /// The later year.
    pub to: i32,
    /// By which share of what there was.
    pub share: f64,
    /// The threshold.
    pub threshold: f64,
    /// By how much: fen of value, hundredths of a square metre of ground.
    pub by: i128,
}

impl Alert {
    /// True where [`Alert::by`] is fen.
    pub fn is_money(&self) -> bool {
        self.measure != Measure::Natural
    }

    /// What declined, in words.
    pub fn title(&self) -> Text {
        match self.measure {
            Measure::Value => text("价值", "value"),
            Measure::Managed => text("扣除天气与单价影响的价值", "value less weather and prices"),
            Measure::Natural => text("林灌草湿面积", "area of forest, shrub, grassland and wetland"),
        }
    }
}

/// A zone, or what lies outside all zones of a set, or all of them together.
#[derive(Debug, Clone)]
pub struct Line {
    /// The set.
    pub set: usize,
    /// Its number over all sets; `None` outside all of the set.
    pub zone: Option<usize>,
    /// Its id in files; [`ELSEWHERE`] outside all of the set.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Area by county, hundredths of a square metre.
    pub counties: BTreeMap<usize, i128>,
    /// Area of ecosystem types by year and type, hundredths of a square metre.
    pub extent: BTreeMap<(i32, String), i128>,
    /// Value by year of what a map or a rule divides.
    pub value: BTreeMap<i32, Fen>,
    /// Of it by map.
    pub mapped: BTreeMap<i32, Fen>,
    /// Changes by pair of years.
    pub changes: Vec<(i32, i32, PieceChange)>,
    /// Declines that are told.
    pub alerts: Vec<Alert>,
}

/// The id of what lies outside all zones of a set.
pub const ELSEWHERE: &str = "elsewhere";

impl Line {
    /// Its area, hundredths of a square metre.
    pub fn area(&self) -> i128 {
        self.counties.values().sum()
    }

    /// Area of natural types in a year, hundredths of a square metre.
    pub fn natural(&self, year: i32) -> i128 {
        NATURAL.iter().filter_map(|kind| self.extent.get(&(year, (*kind).to_owned()))).sum()
    }
}

/// The account by zone as a face shows it.
pub struct ZoneSheet<'a> {
    /// The book it is drawn from.
    pub book: &'a Book,
    /// The zones.
    pub zones: &'a Zones,
    /// The account by zone.
    pub account: &'a ZoneAccount,
    /// The rules it was made by.
    pub rules: ZoneRules,
    /// The office it is for, where it is not for all.
    pub office: Option<Office>,
    /// Lines in the order of sets and zones, what lies outside last.
    pub lines: Vec<Line>,
    /// The rules that zones and lines must keep to.
    pub checked: Vec<Checked>,
    /// Area of each county and of the whole, hundredths of a square metre.
    pub counties: Vec<i128>,
}

/// An office, and what it answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id in the table of offices.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The county it is an office of; `None` for one of the whole region.
    pub county: Option<usize>,
}

impl Office {
    /// The offices of the region, with those that layers name.
    pub fn all(book: &Book, zones: &Zones) -> Result<Vec<Self>, Problems> {
        let mut out: Vec<Self> = Vec::new();
        if let Some(path) = &book.prepared.region.declared.offices {
            let t = book.prepared.region.sources.table(path)?;
            let [id, name, place] = t.table.find(["office_id", "name_zh", "region_code"]).map_err(|p| p.or_file(path))?;
            for row in &t.table.rows {
                let text = |column| t.table.text(row, column).to_owned();
                let county = book.prepared.places.counties.iter().position(|c| c.code == text(place));
                out.push(Self { id: text(id), name: text(name), county });
            }
        }
        for zone in &zones.zones {
            if out.iter().all(|o| o.id != zone.office) {
                out.push(Self { id: zone.office.clone(), name: zone.office_name.clone(), county: None });
            }
        }
        out.retain(|o| o.county.is_some() || zones.zones.iter().any(|z| z.office == o.id));
        Ok(out)
    }

    fn find(book: &Book, zones: &Zones, id: &str) -> Result<Self, Problems> {
        let all = Self::all(book, zones)?;
        let near = nearest(id, all.iter().map(|o| o.id.as_str())).map(str::to_owned);
        let names: Vec<&str> = all.iter().map(|o| o.id.as_str()).collect();
        let unknown = Problem::error("zones.unknown_office", words!("没有负责分区的部门“{id}”", "no office \"{id}\" answers for a zone"))
            .key("--office")
            .expect(words!("{}", "{}", names.join(", ")))
            .fix_near(near.as_deref(), text("用部门表中的代码", "use a code of the table of offices"));
        all.iter().find(|o| o.id == id).cloned().ok_or_else(|| unknown.into())
    }
}

/// A quantity and value of an indicator in a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    /// The ecosystem type, or `all`.
    pub ecosystem: String,
    /// The indicator.
    pub indicator: String,
    /// The quantity, where the parts are of one unit.
    pub quantity: Option<(Amount, String)>,
    /// The value.
    pub value: Option<Fen>,
    /// How it was divided, the roughest where there are several.
    pub how: Divided,
    /// A row it is the sum of is not a part of another.
    pub whole: bool,
}

impl<'a> ZoneSheet<'a> {
    /// The sheet of a book that was opened with zones; `None` of one that was not. With an office, what
    /// it answers for: its own zones, or every zone in its county where it is an office of a county.
    ///
    /// # Errors
    /// `zones.unknown_office`, and those of the rules and of reading earlier editions of lines.
    pub fn of(book: &'a Book, office: Option<&str>) -> Result<Option<Self>, Problems> {
        let (Some(zones), Some(account)) = (&book.prepared.zones, &book.zoned) else { return Ok(None) };
        let rules = ZoneRules::of(&book.prepared.region)?;
        let office = office.map(|id| Office::find(book, zones, id)).transpose()?;
        let checked = judge(&book.prepared.region, &zones.control, &book.prepared.places, &rules.tolerances)?;
        let counties = book.prepared.places.counties.iter().map(|c| (c.area_m2 * 100.0).round() as i128).collect();
        let mut sheet = Self { book, zones, account, rules, office, lines: Vec::new(), checked, counties };
        sheet.lines = sheet.made_lines();
        Ok(Some(sheet))
    }

    /// True where the office of the sheet answers for a place, or where there is none.
    pub fn has(&self, at: Where) -> bool {
        let Some(office) = &self.office else { return true };
        match office.county {
            Some(county) => at.county == county,
            None => at.zone.is_some_and(|z| self.zones.zones[z].office == office.id),
        }
    }

    /// The area of the whole region, hundredths of a square metre.
    pub fn whole(&self) -> i128 {
        self.counties.iter().sum()
    }

    /// The years of the account.
    pub fn years(&self) -> &[i32] {
        &self.book.assembled.account.years
    }

    /// The share of the region that ecological space has, where there is such a layer.
    pub fn eco_share(&self) -> Option<f64> {
        let line = self.lines.iter().find(|l| l.zone.is_some_and(|z| self.zones.zones[z].layer == ECO_SPACE))?;
        Some(line.area() as f64 / self.whole() as f64)
    }

    /// How areas were taken, in words.
    pub fn method(&self) -> Text {
        let crs = self.book.prepared.grid.crs.name();
        Text::of(
            format!(
                "椭球面积（CGCS2000 椭球，等面积投影）；边在 {crs} 中为直线，加密至不超过 {:.0} 米；先合并后量算，按县平差到 0.01 m²",
                super::shapes::EDGE_M
            ),
            format!(
                "area on the ellipsoid (CGCS2000, equal-area plane); edges are straight in {crs} and cut to at most {:.0} m; merged before measured, brought to the counties' areas to 0.01 m²",
                super::shapes::EDGE_M
            ),
        )
    }

    fn made_lines(&self) -> Vec<Line> {
        let mut by_where: BTreeMap<(usize, Option<usize>), Line> = BTreeMap::new();
        for (at, set) in self.zones.sets.iter().enumerate() {
            for zone in &set.zones {
                let z = &self.zones.zones[*zone];
                by_where.insert((at, Some(*zone)), blank(at, Some(*zone), z.id.clone(), z.title.clone()));
            }
        }
        for (place, area) in self.account.areas.iter().filter(|(at, _)| self.has(**at)) {
            *line(&mut by_where, *place).counties.entry(place.county).or_default() += area;
        }
        for row in self.account.extent.iter().filter(|r| self.has(r.at)) {
            *line(&mut by_where, row.at).extent.entry((row.year, row.ecosystem.clone())).or_default() += row.area;
        }
        for row in self.account.rows.iter().filter(|r| self.has(r.at)) {
            let (own, Some(value)) = (line(&mut by_where, row.at), row.value) else { continue };
            *own.value.entry(row.year).or_default() += value;
            if row.how == Divided::Map {
                *own.mapped.entry(row.year).or_default() += value;
            }
        }
        for change in &self.account.changes {
            let mut parts: BTreeMap<(usize, Option<usize>), Vec<&PieceChange>> = BTreeMap::new();
            for row in change.rows.iter().filter(|r| self.has(r.at)) {
                parts.entry((row.at.set, row.at.zone)).or_default().push(&row.change);
            }
            for (key, parts) in parts {
                if let Some(own) = by_where.get_mut(&key) {
                    own.changes.push((change.from, change.to, sum_of(parts)));
                }
            }
        }
        // A zone that the office has nothing of is none of its zones.
        let mut lines: Vec<Line> = by_where.into_values().filter(|l| !l.counties.is_empty()).collect();
        // What lies outside all zones comes after them.
        lines.sort_by_key(|l| (l.set, l.zone.is_none(), l.zone));
        for own in &mut lines {
            own.alerts = self.alerts(own);
        }
        lines
    }

    fn alerts(&self, line: &Line) -> Vec<Alert> {
        if line.zone.is_none() {
            return Vec::new();
        }
        let kind = self.zones.sets[line.set].kind;
        let mut out = Vec::new();
        for (_, rule) in self.rules.alerts.iter().filter(|(of, _)| *of == kind) {
            for (from, to, change) in &line.changes {
                let (before, by) = match rule.measure {
                    Measure::Value => (change.before.0, change.after.0 - change.before.0),
                    Measure::Managed => (change.before.0, change.parts.of(Factor::LandCover).0 + change.parts.of(Factor::Rest).0),
                    Measure::Natural => (line.natural(*from), line.natural(*to) - line.natural(*from)),
                };
                if let Some(share) = rule.told(before as f64, by as f64) {
                    out.push(Alert { measure: rule.measure, from: *from, to: *to, share, threshold: rule.share, by });
                }
            }
        }
        out
    }

    /// The lines of one set.
    pub fn lines_of(&self, set: usize) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |l| l.set == set)
    }

    /// Quantities and values in a zone and place, by ecosystem type and indicator, with the wholes that
    /// indicators are part of; ecosystem `all` first.
    pub fn assets(&self, year: i32, counts: impl Fn(Where) -> bool) -> Vec<Asset> {
        let mut sums: BTreeMap<(String, usize, String), Asset> = BTreeMap::new();
        let profile = &self.book.prepared.method.profile;
        for row in self.account.rows.iter().filter(|r| r.year == year && counts(r.at)) {
            for ecosystem in ["all", row.ecosystem.as_str()] {
                for id in std::iter::successors(Some(row.indicator.as_str()), |id| catalogue::parent(id)) {
                    // A whole has the quantity of its parts only where it is in their unit and has none of its own.
                    let own = id == row.indicator;
                    let adds = own || (profile.measure(id) == Some((row.unit.as_str(), row.quantity.decimals)) && self.adds(id));
                    add(&mut sums, ecosystem, id, row, adds, own);
                }
            }
        }
        sums.into_values().collect()
    }

    /// True when an indicator's quantity is that of its parts, as the account has it.
    fn adds(&self, id: &str) -> bool {
        let account = &self.book.assembled;
        let own = account.atoms.iter().any(|a| a.indicator == id);
        let whole = &self.book.prepared.places.whole;
        !own && account.account.rows.iter().any(|r| r.indicator == id && r.place == *whole && r.quantity.is_some())
    }

    /// Indicators that are not divided, with their value by year and why.
    pub fn undivided(&self) -> BTreeMap<(i32, String), (Fen, Text)> {
        let mut out: BTreeMap<(i32, String), (Fen, Text)> = BTreeMap::new();
        for one in &self.account.undivided {
            out.entry((one.year, one.indicator.clone())).or_insert_with(|| (Fen(0), self.rules.reason(&one.indicator))).0 += one.value;
        }
        out
    }

    /// The rules of indicators without a map that were used.
    pub fn allocated(&self) -> Vec<&Allocated> {
        let used: BTreeSet<&str> = self.account.rows.iter().filter(|r| r.how == Divided::TypeArea).map(|r| r.indicator.as_str()).collect();
        self.rules.allocation.iter().filter(|a| used.iter().any(|id| catalogue::is_within(id, &a.indicator))).collect()
    }

    /// Outlines of counties for pictures, and of the whole.
    pub fn cards(&self) -> Vec<PlaceCard> {
        place_cards(self.book)
    }

    /// The outline of a zone, thinned for drawing, in columns and rows of the region's grid.
    pub fn outline(&self, zone: usize) -> Vec<Vec<(f32, f32)>> {
        outline(&self.zones.zones[zone].shape(), &self.book.prepared.region.declared.grid)
    }

    /// Lines of the drawn security pattern, in columns and rows of the region's grid.
    pub fn drawn_lines(&self) -> Vec<Vec<(f32, f32)>> {
        let grid = &self.book.prepared.region.declared.grid;
        let layers = self.zones.control.layers.iter().filter(|l| l.layer.kind == ControlKind::Pattern);
        let lines = layers.flat_map(|l| &l.features).filter_map(|f| if let Shape::Lines(lines) = &f.shape { Some(&lines.0) } else { None });
        lines.flatten().map(|line| line.0.iter().map(|c| on_grid(grid, c.x, c.y)).collect()).collect()
    }

    /// All offices that answer for something.
    ///
    /// # Errors
    /// Those of the table of offices.
    pub fn offices(&self) -> Result<Vec<Office>, Problems> {
        Office::all(self.book, self.zones)
    }

    /// All problems of the rules that zones and lines must keep to.
    pub fn problems(&self) -> Problems {
        Problems(self.checked.iter().flat_map(|c| c.problems.0.iter().cloned()).collect())
    }
}

fn blank(set: usize, zone: Option<usize>, id: String, title: Text) -> Line {
    Line {
        set,
        zone,
        id,
        title,
        counties: BTreeMap::new(),
        extent: BTreeMap::new(),
        value: BTreeMap::new(),
        mapped: BTreeMap::new(),
        changes: Vec::new(),
        alerts: Vec::new(),
    }
}

fn line(lines: &mut BTreeMap<(usize, Option<usize>), Line>, at: Where) -> &mut Line {
    lines.entry((at.set, at.zone)).or_insert_with(|| blank(at.set, at.zone, ELSEWHERE.into(), text("以上之外", "outside all of them")))
}

fn add(sums: &mut BTreeMap<(String, usize, String), Asset>, ecosystem: &str, id: &str, row: &ZoneRow, adds: bool, own: bool) {
    // `all` comes before every type.
    let place = if ecosystem == "all" { String::new() } else { ecosystem.to_owned() };
    let sum = sums.entry((place, catalogue::rank(id).0, id.to_owned())).or_insert_with(|| Asset {
        ecosystem: ecosystem.to_owned(),
        indicator: id.to_owned(),
        quantity: None,
        value: None,
        how: row.how,
        whole: !own,
    });
    if adds {
        let so_far = sum.quantity.as_ref().map_or(Amount::zero(row.quantity.decimals), |(amount, _)| *amount);
        sum.quantity = Some((so_far.plus(row.quantity), row.unit.clone()));
    }
    if let Some(value) = row.value {
        sum.value = Some(sum.value.unwrap_or_default() + value);
    }
    sum.how = sum.how.max(row.how);
}
