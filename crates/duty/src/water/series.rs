//! Many sections over time: each sample judged by the edition of its day, then months, quarters and
//! years from means of concentrations.

use std::collections::{BTreeMap, HashMap};

use liangshan_vocab::quantity::mismatch;
use liangshan_vocab::{Problem, Problems, Unit, text, words};

use super::periods::periods;
use super::{Class, Compliance, Held, MeanWay, Reading, Rules, Section, Water, held, section_compliance};
use crate::standard::{Day, Standards};

/// One value of one item of one section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation<'a> {
    /// The section's name.
    pub section: &'a str,
    /// When: a day, with or without a time after it.
    pub at: &'a str,
    /// The item by code, name or another name.
    pub item: &'a str,
    /// The value.
    pub reading: Reading,
    /// Its unit; empty for that of the limits.
    pub unit: &'a str,
    /// The row it stands in, for problems.
    pub row: u64,
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Its name.
    pub name: String,
    /// River or lake.
    pub water: Water,
    /// Its target class, where it has one.
    pub target: Option<Class>,
}

/// A period that is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// A calendar month.
    Month,
    /// Three of them.
    Quarter,
    /// A calendar year.
    Year,
}

/// How observations are to be judged.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Sections that are known.
    pub stations: Vec<Station>,
    /// The kind of water of a section that is not among them; `None` makes it a problem.
    pub otherwise: Option<Water>,
    /// Standards by id, in place of those the day chooses: of limits, of assessment, or both.
    pub standards: Vec<String>,
}

/// A section at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct OfTime<'a> {
    /// Number in [`Assessment::stations`].
    pub station: usize,
    /// When, as given.
    pub at: &'a str,
    /// The first row it was read from.
    pub row: u64,
    /// Number in [`Assessment::rules`].
    pub rules: usize,
    /// The readings judged.
    pub readings: Vec<(usize, Reading)>,
    /// What is said.
    pub section: Section,
}

/// A section in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct OfPeriod {
    /// Number in [`Assessment::stations`].
    pub station: usize,
    /// Month, quarter or year.
    pub span: Span,
    /// `2021-04`, `2021-Q2`, `2021`.
    pub period: String,
    /// Number in [`Assessment::rules`].
    pub rules: usize,
    /// Samples of a month; months of a quarter or a year.
    pub parts: usize,
    /// Too few of them: there is no class, and no pass.
    pub insufficient: bool,
    /// Means before rounding.
    pub means: Vec<(usize, Reading)>,
    /// Of means that rest on non-detects: the mean with all of them at zero, and with all of them at their
    /// detection limits. The true one lies between.
    pub spans: Vec<(usize, [Reading; 2])>,
    /// What is said of the means.
    pub section: Section,
}

impl OfPeriod {
    /// The class; `None` when too little was measured or the readings leave it open.
    pub fn class(&self) -> Option<Class> {
        if self.insufficient { None } else { self.section.class() }
    }
}

/// All that is said.
#[derive(Debug, Clone)]
pub struct Assessment<'a, 's> {
    /// Sections in order of name.
    pub stations: Vec<Station>,
    /// Pairs of standards that judged.
    pub rules: Vec<Rules<'s>>,
    /// Each sample, by section and time.
    pub times: Vec<OfTime<'a>>,
    /// Each period, by section, span and period.
    pub periods: Vec<OfPeriod>,
    /// Everything wrong with the observations, and what was too little.
    pub problems: Problems,
}

impl Assessment<'_, '_> {
    /// Compliance of all sections in each period, in order of span and period.
    pub fn compliance(&self) -> Vec<(Span, String, Compliance)> {
        // Class and target of each section.
        type Sections = Vec<(Option<Class>, Option<Class>)>;
        let mut sets: BTreeMap<(Span, &str), Sections> = BTreeMap::new();
        for p in &self.periods {
            sets.entry((p.span, &p.period)).or_default().push((p.class(), self.stations[p.station].target));
        }
        sets.into_iter().map(|((span, period), sections)| (span, period.to_owned(), section_compliance(sections))).collect()
    }

    /// Monthly compliance of one section in a year: months that meet its own target, months assessed.
    pub fn months_met(&self, station: usize, year: &str) -> (usize, usize) {
        let months = self.periods.iter().filter(|p| p.span == Span::Month && p.station == station && p.period.starts_with(year));
        let said: Vec<Held> = months.map(|p| held(p.class(), self.stations[station].target)).collect();
        (said.iter().filter(|h| **h == Held::Met).count(), said.iter().filter(|h| matches!(h, Held::Met | Held::Missed)).count())
    }
}

/// An observation with its names resolved.
struct Found<'a> {
    station: usize,
    at: &'a str,
    day: Day,
    rules: usize,
    item: usize,
    reading: Reading,
    row: u64,
}

/// Judges observations in any order; the same ones in another order give the same answer.
///
/// Each sample is judged by the edition in force on its day, a period by the one of its last sample.
/// A repeated reading counts once; two different ones of one item and time are told, leave the sample open
/// ([`Reading::Unknown`]) and count in no mean beside others.
/// A month is the mean of its samples, a quarter and a year the mean of their months (`water.md`
/// section 4); the standard's rules say when there are too few.
///
/// # Errors
/// Only what makes judging impossible: standards that cannot be found or read. Everything wrong with an
/// observation is in [`Assessment::problems`]; a value that is none leaves its item open, others are left out.
pub fn assess<'a, 's>(standards: &'s Standards, observations: &[Observation<'a>], plan: &Plan) -> Result<Assessment<'a, 's>, Problems> {
    let mut problems = Problems::new();
    let mut resolver = Resolver::of(standards, plan)?;
    let mut found: Vec<Found<'a>> = Vec::with_capacity(observations.len());
    for observation in observations {
        found.extend(resolver.resolve(observation, &mut problems)?);
    }
    let Resolver { mut stations, rules, .. } = resolver;
    // Sections by name, so that the order of rows cannot show.
    let mut order: Vec<usize> = (0..stations.len()).collect();
    order.sort_by(|a, b| stations[*a].name.cmp(&stations[*b].name));
    let mut place = vec![0; stations.len()];
    order.iter().enumerate().for_each(|(new, old)| place[*old] = new);
    found.iter_mut().for_each(|f| f.station = place[f.station]);
    stations.sort_by(|a, b| a.name.cmp(&b.name));
    found.sort_by(|a, b| (a.station, a.at, a.item, a.row).cmp(&(b.station, b.at, b.item, b.row)));
    let mut times = Vec::new();
    let mut days = Vec::new();
    for group in found.chunk_by(|a, b| (a.station, a.at) == (b.station, b.at)) {
        let readings = once(group, &stations, &rules, &mut problems);
        let mut section = Section::default();
        rules[group[0].rules].judge(stations[group[0].station].water, &readings, None, &mut section);
        let row = group.iter().map(|f| f.row).min().unwrap_or_default();
        times.push(OfTime { station: group[0].station, at: group[0].at, row, rules: group[0].rules, readings, section });
        days.push(group[0].day);
    }
    let periods = periods(&stations, &rules, &times, &days, &mut problems);
    Ok(Assessment { stations, rules, times, periods, problems })
}

/// Each item of a sample once.
fn once(group: &[Found<'_>], stations: &[Station], rules: &[Rules<'_>], problems: &mut Problems) -> Vec<(usize, Reading)> {
    let mut readings = Vec::new();
    for same in group.chunk_by(|a, b| a.item == b.item) {
        let (name, at) = (&stations[same[0].station].name, same[0].at);
        let item = &rules[same[0].rules].items[same[0].item];
        if same.len() > 1 {
            let last = same[same.len() - 1].row;
            let (zh, en) = (&item.title.zh, &item.title.en);
            if same.iter().all(|f| f.reading == same[0].reading) {
                problems.push(
                    Problem::note("water.repeated", words!("{name} {at} 的{zh}重复，只计一次", "{en} of {name} at {at} is repeated and counts once"))
                        .row(last)
                        .column(item.code.as_str())
                        .expect(text("每个断面、时刻和项目一个值", "one value for each section, time and item"))
                        .fix(text("可删去重复的行", "the repeated row may be removed")),
                );
            } else {
                problems.push(
                    Problem::warning(
                        "water.contradiction",
                        words!("{name} {at} 的{zh}有互相矛盾的值，都不计", "{en} of {name} at {at} has values that contradict each other; none counts"),
                    )
                    .row(last)
                    .column(item.code.as_str())
                    .expect(text("每个断面、时刻和项目一个值", "one value for each section, time and item"))
                    .fix(text("核对原始记录，只留正确的一个", "keep the right one by the record of the laboratory")),
                );
                readings.push((same[0].item, Reading::Unknown));
                continue;
            }
        }
        readings.push((same[0].item, same[0].reading));
    }
    readings
}

/// Rules, name of the item and unit, to its number and what values are multiplied by.
type Items<'a> = HashMap<(usize, &'a str, &'a str), Option<(usize, f64)>>;

/// Resolves names, days and units, each once.
struct Resolver<'a, 'p, 's> {
    standards: &'s Standards,
    plan: &'p Plan,
    stations: Vec<Station>,
    by_name: HashMap<String, Option<usize>>,
    rules: Vec<Rules<'s>>,
    by_day: HashMap<Day, Option<usize>>,
    items: Items<'a>,
    limits: Option<&'s str>,
    assessment: Option<&'s str>,
    /// What the observation before was resolved to: values of one sample follow one another.
    last: Last<'a>,
}

/// Section and time of an observation with what they are.
#[derive(Default)]
struct Last<'a> {
    section: Option<(&'a str, Option<usize>)>,
    at: Option<(&'a str, Day)>,
    rules: Option<(Day, Option<usize>)>,
}

impl<'a, 'p, 's> Resolver<'a, 'p, 's> {
    fn of(standards: &'s Standards, plan: &'p Plan) -> Result<Self, Problems> {
        let (mut limits, mut assessment, mut problems) = (None, None, Problems::new());
        for id in &plan.standards {
            match standards.get(id) {
                Ok(s) if (s.domain, s.kind) == ("water", "limits") => limits = Some(s.id.as_str()),
                Ok(s) if (s.domain, s.kind) == ("water", "assessment") => assessment = Some(s.id.as_str()),
                Ok(s) => problems.push(
                    Problem::error(
                        "water.not_of_water",
                        words!("标准 {id} 不是水质限值或评价方法", "the standard {id} holds no limits or assessment of water"),
                    )
                    .key(id.as_str())
                    .expect(text("water/limits 或 water/assessment 的标准", "a standard of water/limits or water/assessment"))
                    .fix(words!("它属于 {}/{}", "it is one of {}/{}", s.domain, s.kind)),
                ),
                Err(problem) => problems.push(problem),
            }
        }
        let stations = plan.stations.clone();
        let by_name = stations.iter().enumerate().map(|(at, s)| (s.name.clone(), Some(at))).collect();
        let empty = Self {
            standards,
            plan,
            stations,
            by_name,
            rules: Vec::new(),
            by_day: HashMap::new(),
            items: HashMap::new(),
            limits,
            assessment,
            last: Last::default(),
        };
        problems.into_result(empty)
    }

    fn resolve(&mut self, o: &Observation<'a>, problems: &mut Problems) -> Result<Option<Found<'a>>, Problems> {
        let station = match self.last.section {
            Some((section, known)) if section == o.section => known,
            _ => self.station(o, problems),
        };
        self.last.section = Some((o.section, station));
        let Some(station) = station else { return Ok(None) };
        let day = match self.last.at {
            Some((at, known)) if at == o.at => Some(known),
            _ => Day::parse(o.at),
        };
        let Some(day) = day else {
            let at = o.at;
            problems.push(
                Problem::error("water.day", words!("“{at}”不是日期", "\"{at}\" is not a day"))
                    .row(o.row)
                    .expect(text("如 2021-04-01，可带时刻", "such as 2021-04-01, with or without a time"))
                    .fix(text("改正日期", "correct it")),
            );
            return Ok(None);
        };
        self.last.at = Some((o.at, day));
        let rules = match self.last.rules {
            Some((of, known)) if of == day => known,
            _ => self.rules(day, o, problems)?,
        };
        self.last.rules = Some((day, rules));
        let Some(rules) = rules else { return Ok(None) };
        let key = (rules, o.item, o.unit);
        let item = match self.items.get(&key) {
            Some(known) => *known,
            None => {
                let found = item(&self.rules[rules], o).map_err(|p| problems.push(p.row(o.row))).ok();
                self.items.insert(key, found);
                found
            }
        };
        let Some((item, factor)) = item else { return Ok(None) };
        let scaled = |v: f64| if factor == 1.0 { v } else { v * factor };
        let (given, reading) = match o.reading {
            Reading::Value(v) => (v, Reading::Value(scaled(v))),
            Reading::Below(v) => (v, Reading::Below(scaled(v))),
            Reading::Above(v) => (v, Reading::Above(scaled(v))),
            Reading::Unknown => (0.0, Reading::Unknown),
        };
        let limit_not_told = reading == Reading::Below(f64::INFINITY);
        let acidity = self.rules[rules].items[item].mean == MeanWay::Hydrogen;
        let possible = (given.is_finite() || limit_not_told) && given >= 0.0 && !(acidity && given.is_finite() && given > STRONGEST_BASE);
        if !possible {
            problems.push(not_a_value(given, acidity).row(o.row).column(o.item));
        }
        // What is told is not known: it is left open, and nothing is passed without it.
        let reading = if possible { reading } else { Reading::Unknown };
        Ok(Some(Found { station, at: o.at, day, rules, item, reading, row: o.row }))
    }

    fn station(&mut self, o: &Observation<'_>, problems: &mut Problems) -> Option<usize> {
        if let Some(known) = self.by_name.get(o.section) {
            return *known;
        }
        let name = o.section;
        let found = match self.plan.otherwise {
            Some(water) if !name.trim().is_empty() => {
                self.stations.push(Station { name: name.to_owned(), water, target: None });
                Some(self.stations.len() - 1)
            }
            _ => {
                let near = liangshan_vocab::nearest(name, self.stations.iter().map(|s| s.name.as_str()));
                problems.push(
                    Problem::error("water.no_station", words!("不认识断面“{name}”", "the section \"{name}\" is not known"))
                        .row(o.row)
                        .key(name)
                        .expect(text("断面表中的断面，写明河流或湖库", "a section of the list of sections, which says river or lake"))
                        .fix_near(near, text("把它加入断面表", "add it to the list of sections")),
                );
                None
            }
        };
        self.by_name.insert(name.to_owned(), found);
        found
    }

    fn rules(&mut self, day: Day, o: &Observation<'_>, problems: &mut Problems) -> Result<Option<usize>, Problems> {
        if let Some(known) = self.by_day.get(&day) {
            return Ok(*known);
        }
        let of = |kind: &str, named: Option<&str>| match named {
            Some(id) => self.standards.get(id),
            None => self.standards.in_force("water", kind, day),
        };
        let pair = of("limits", self.limits).and_then(|l| of("assessment", self.assessment).map(|a| (l, a)));
        let found = match pair {
            Ok((limits, assessment)) => {
                let same = self.rules.iter().position(|r| r.limits.id == limits.id && r.assessment.id == assessment.id);
                Some(match same {
                    Some(at) => at,
                    None => {
                        self.rules.push(Rules::of(limits, assessment)?);
                        self.rules.len() - 1
                    }
                })
            }
            Err(problem) => {
                problems.push(problem.row(o.row));
                None
            }
        };
        self.by_day.insert(day, found);
        Ok(found)
    }
}

/// pH ends here.
const STRONGEST_BASE: f64 = 14.0;

fn not_a_value(given: f64, acidity: bool) -> Problem {
    Problem::error("water.not_a_value", words!("{given} 不是可评价的值，该项未定", "{given} is not a value that can be judged; the item is left open"))
        .expect(if acidity { text("0 至 14 的 pH", "a pH from 0 to 14") } else { text("不小于 0 的有限数", "a finite number of 0 or more") })
        .fix(text("核对符号、小数点与单位；没有数据留空", "check the sign, the point and the unit; leave it blank where there is none"))
}

/// The number of an item, and what its values are multiplied by to be in the unit of the limits.
fn item(rules: &Rules<'_>, o: &Observation<'_>) -> Result<(usize, f64), Problem> {
    let item = rules.needed(o.item)?;
    let wanted = &rules.items[item].unit;
    if o.unit.is_empty() || o.unit == wanted || wanted.is_empty() {
        return Ok((item, 1.0));
    }
    let factor = Unit::parse(o.unit)?.factor_to(&Unit::parse(wanted)?).ok_or_else(|| mismatch(o.unit, wanted))?;
    Ok((item, factor))
}
