//! Surface water: entries to observations, sections with their kind of water and target, and the judge.

mod beside;
mod charts;
mod facts;
mod sources;
mod standing;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use liangshan_duty::standard::{Day, Standards};
use liangshan_duty::water::{
    Assessment, Class, Compared, Observation, OfLake, OfTrend, Parameter, Plan, Published, Reading, Rules, Split, Station, Water, assess as judge, compare,
    lakes, replay, trends,
};
use liangshan_vocab::{Evidence, Problem, Problems, Text, text, words};

use self::sources::{OfSource, Samples};
use crate::assess::cells::Said;
use crate::assess::columns::Items;
use crate::assess::result::{Assessed, Used};
use crate::assess::sheets::{Entry, Found, Needs, read};
use crate::assess::words::{Words, converted, plain};
use crate::assess::{Domain, Request, Source, at_most_two, standard_of, used};

/// Parameters of the trophic index that are no items of the assessment: code and unit.
const OF_LAKES: [(&str, &str); 2] = [("chl_mg_m3", "mg/m3"), ("sd_m", "m")];

/// The items of an assessment, by all their names.
pub(super) struct WaterItems<'w> {
    words: &'w Words,
    by_name: HashMap<String, String>,
    titles: HashMap<String, (Text, String)>,
    names: Vec<String>,
    /// Codes of tables 2 and 3.
    of_sources: BTreeSet<String>,
}

impl<'w> WaterItems<'w> {
    fn of(words: &'w Words, rules: &Rules<'_>) -> Result<Self, Problem> {
        let table = rules.assessment.table("items")?;
        let (mut by_name, mut titles, mut names) = (HashMap::new(), HashMap::new(), Vec::new());
        for row in &table.rows {
            let code = table.text(row, "item").to_owned();
            let all = ["item", "name_zh", "name_en"].map(|c| table.text(row, c)).into_iter().chain(table.text(row, "aliases").split('|'));
            for name in all.filter(|n| !n.is_empty()) {
                by_name.entry(plain(name)).or_insert_with(|| code.clone());
                names.push(plain(name));
            }
            let unit = rules.item(&code).map_or(String::new(), |n| rules.items[n].unit.clone());
            titles.insert(code, (Text::of(table.text(row, "name_zh"), table.text(row, "name_en")), unit));
        }
        let mut of_sources = BTreeSet::new();
        for (code, title, unit) in sources::further(rules.limits)? {
            for name in [code.as_str(), &title.zh, &title.en] {
                by_name.entry(plain(name)).or_insert_with(|| code.clone());
                names.push(plain(name));
            }
            titles.entry(code.clone()).or_insert((title, unit));
            of_sources.insert(code);
        }
        let trophic = rules.assessment.table("trophic")?;
        for (code, unit) in OF_LAKES {
            let title = trophic.row(code).map(|row| Text::of(trophic.text(row, "name_zh"), trophic.text(row, "name_en"))).unwrap_or_default();
            titles.insert(code.to_owned(), (title, unit.to_owned()));
        }
        Ok(Self { words, by_name, titles, names, of_sources })
    }
}

impl Items for WaterItems<'_> {
    fn words(&self) -> &Words {
        self.words
    }

    fn code(&self, name: &str) -> Option<String> {
        if let Some(code) = self.by_name.get(&plain(name)) {
            return Some(code.clone());
        }
        let field = self.words.field(Domain::Water, name)?;
        (self.of_sources.contains(field) || OF_LAKES.iter().any(|(code, _)| *code == field)).then(|| field.to_owned())
    }

    fn title(&self, code: &str) -> Text {
        self.titles.get(code).map_or_else(|| Text::same(code), |t| t.0.clone())
    }

    fn unit(&self, code: &str) -> String {
        self.titles.get(code).map_or_else(String::new, |t| t.1.clone())
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }
}

/// All that was said of a file of water.
pub(super) struct Judgement<'a, 's> {
    pub(super) all: Assessment<'a, 's>,
    pub(super) published: Vec<Published>,
    pub(super) compared: Vec<Compared>,
    /// Rows of published classes that were set aside by their status.
    pub(super) compared_aside: BTreeSet<u64>,
    pub(super) lakes: Vec<OfLake>,
    pub(super) trends: Vec<OfTrend>,
    /// Samples of drinking-water sources, and what items are called.
    pub(super) sources: Vec<OfSource>,
    pub(super) items: &'a WaterItems<'a>,
    pub(super) replay: Option<Replay>,
    /// Only one section was asked for: its items are drawn one by one.
    pub(super) alone: bool,
}

/// One file under two editions.
pub(super) struct Replay {
    pub(super) editions: [String; 2],
    /// Samples and periods that the two see differently.
    pub(super) differing: Vec<Split>,
    /// From one month or year to the next.
    pub(super) between: Vec<Split>,
}

/// Judges a file of surface water.
pub(super) fn assess(request: &Request, (standards, words): (&Standards, &Words), source: &Source) -> Result<Assessed, Problems> {
    at_most_two(&request.standards)?;
    let named: Vec<String> = request.standards.iter().map(|s| standard_of(standards, Domain::Water, s).map(|s| s.id.clone())).collect::<Result<_, _>>()?;
    let latest = Rules::latest(standards)?;
    let items = WaterItems::of(words, &latest)?;
    let needs = Needs { time: true, place: true, measured: true, on: request.day() };
    let mut file = read(&source.bytes, &source.name, &source.stem, Domain::Water, &items, &needs)?;
    crate::assess::only(request.place.as_ref(), &mut file);
    let mut problems = std::mem::take(&mut file.problems);
    let limits = detection_limits(request, &items)?;
    let (sections, assumed) = sections(request, &file.entries, &items, &mut problems)?;
    let plan = |standards: Vec<String>| Plan { stations: sections.values().flatten().cloned().collect(), otherwise: None, standards };
    // Entries of sections whose kind of water is in doubt are told already.
    let judged: Vec<&Entry> =
        file.entries.iter().filter(|e| e.set_aside.is_none() && e.at.is_some() && sections.get(&e.place).is_some_and(Option::is_some)).collect();
    let times: Vec<String> = judged.iter().map(|e| e.at.map(crate::assess::cells::Stamp::printed).unwrap_or_default()).collect();
    let (mut observations, mut extra, mut saturated, mut sampled) = (Vec::new(), Vec::new(), HashMap::new(), Samples::new());
    for (number, (entry, at)) in judged.iter().zip(&times).enumerate() {
        for found in &entry.values {
            let Some(reading) = reading(entry, found, &limits, &items, &mut problems) else { continue };
            let sample = sampled.entry((entry.place.as_str(), at.as_str())).or_default();
            let is_further = items.of_sources.contains(&found.item);
            sample.is_source |= is_further;
            if !OF_LAKES.iter().any(|(code, _)| *code == found.item) {
                sample.readings.push((&found.item, reading));
            }
            if is_further {
                continue;
            }
            if let Some((code, _)) = OF_LAKES.iter().find(|(code, _)| *code == found.item) {
                extra.extend(Day::parse(at).map(|day| Parameter { section: &entry.place, day, code, reading }));
            } else {
                observations.push(Observation { section: &entry.place, at, item: &found.item, reading, unit: "", row: number as u64 });
            }
        }
        if let Some(volume) = entry.fields.get("volume").and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite() && *v >= 0.0) {
            sampled.entry((entry.place.as_str(), at.as_str())).or_default().volume = Some(volume);
        }
        if let Some(percent) = saturation(entry, words, &mut problems) {
            // Of two that differ the lower one counts, whichever comes first.
            let kept = saturated.entry((entry.place.as_str(), at.as_str())).or_insert(percent);
            *kept = percent.min(*kept);
        }
    }
    let first = named.first().cloned();
    let mut all = judge(standards, &observations, &plan(first.into_iter().collect()))?;
    let mut again = liangshan_duty::water::Section::default();
    for time in &mut all.times {
        let station = &all.stations[time.station];
        if let Some(percent) = saturated.get(&(station.name.as_str(), time.at)) {
            all.rules[time.rules].judge(station.water, &time.readings, Some(*percent), &mut again);
            time.section.clone_from(&again);
        }
    }
    // Rows were told apart by their number among all sheets; people know them by sheet and line.
    let of = |row: u64| judged.get(row as usize);
    for time in &mut all.times {
        time.row = of(time.row).map_or(0, |entry| entry.line);
    }
    problems.extend(std::mem::take(&mut all.problems).into_iter().map(|problem| match problem.at.row.and_then(of) {
        Some(entry) => problem.row(entry.line).file(entry.file.as_str()),
        None => problem,
    }));
    let rules = all.rules.iter().max_by_key(|r| (r.limits.from, r.assessment.from)).cloned().unwrap_or(latest);
    let (published, compared_aside) = published(&file.entries, &sections, &rules, (&limits, &items), &mut problems);
    let compared = compare(&rules, &published);
    let sources = sources::judge(&sampled, |section, at| {
        let time = all.times.iter().find(|t| t.at == at && all.stations[t.station].name == section);
        let water = sections.get(section)?.as_ref()?.water;
        Some((time.map_or(&rules, |t| &all.rules[t.rules]), water))
    })?;
    let lakes = lakes(&all, &extra, rules.assessment, &mut problems);
    let trends = trends(&all, rules.assessment)?;
    let replay = match named.as_slice() {
        [a, b] => {
            let other = judge(standards, &observations, &plan(vec![b.clone()]))?;
            Some(Replay { editions: [a.clone(), b.clone()], differing: replay(&all, &other), between: between(&all, &other) })
        }
        _ => None,
    };
    let mut read = source.read(file.encoding, file.rows, file.refused);
    read.set_aside = file.entries.iter().filter(|e| e.set_aside.is_some()).count();
    read.period = period(&times);
    let standards = judged_by(&all, &named, standards);
    let said = Judgement { all, published, compared, compared_aside, lakes, trends, sources, items: &items, replay, alone: request.place.is_some() };
    Ok(tables::lay_out(said, read, file.columns, assumed, standards, problems))
}

fn period(times: &[String]) -> (String, String) {
    let ends = (times.iter().min().cloned(), times.iter().max().cloned());
    (ends.0.unwrap_or_default(), ends.1.unwrap_or_default())
}

fn judged_by(all: &Assessment<'_, '_>, named: &[String], standards: &Standards) -> Vec<Used> {
    let by_date = named.is_empty();
    let mut out: Vec<Used> = Vec::new();
    let mut add = |used: Used| {
        if !out.iter().any(|u| u.id == used.id) {
            out.push(used);
        }
    };
    for rules in &all.rules {
        let how = if by_date { text("按日期选用", "chosen by the date") } else { text("按 --standard 选用", "chosen by --standard") };
        add(used(rules.limits, how.clone()));
        add(used(rules.assessment, how));
    }
    if let [_, b] = named
        && let Ok(standard) = standards.get(b)
    {
        add(used(standard, text("用于版本对比", "for the comparison of editions")));
    }
    out
}

/// Detection limits given by the caller, by code.
fn detection_limits(request: &Request, items: &dyn Items) -> Result<HashMap<String, f64>, Problems> {
    let (mut found, mut problems) = (HashMap::new(), Problems::new());
    for (name, limit) in &request.limits {
        match items.code(name) {
            Some(code) if limit.is_finite() && *limit > 0.0 => {
                found.insert(code, *limit);
            }
            _ => problems.push(
                Problem::error("assess.limit", words!("--limit {name}={limit} 不能用", "--limit {name}={limit} cannot be used"))
                    .key("--limit")
                    .expect(text("项目代码或名称与大于 0 的检出限，如 nh3n=0.025", "code or name of an item and a limit above 0, such as nh3n=0.025"))
                    .fix(text("改正项目或数值", "correct the item or the number")),
            ),
        }
    }
    problems.into_result(found)
}

/// Sections by name; `None` where what is said of one contradicts itself.
pub(super) type Sections = BTreeMap<String, Option<Station>>;

/// What is said of a section somewhere: its kind of water and its target.
#[derive(Default, Clone)]
struct OfSection {
    water: Option<String>,
    target: Option<String>,
    /// Its kind of water is told in two ways.
    doubtful: bool,
}

/// The sections of the entries: kind of water and target from the table of stations, then from the file's
/// own columns, then from the list of names, then a river. What was assumed is told.
fn sections(request: &Request, entries: &[Entry], items: &dyn Items, problems: &mut Problems) -> Result<(Sections, Vec<Text>), Problems> {
    let mut table: BTreeMap<String, OfSection> = BTreeMap::new();
    if let Some(path) = &request.stations {
        let source = crate::assess::source(path)?;
        let needs = Needs { time: false, place: true, measured: false, on: None };
        let file = read(&source.bytes, &source.name, &source.stem, Domain::Water, items, &needs)?;
        problems.extend(file.problems.into_iter().filter(|p| p.code != "assess.column_unknown"));
        gather(&file.entries, &mut table, problems);
    }
    let mut own: BTreeMap<String, OfSection> = BTreeMap::new();
    gather(entries, &mut own, problems);
    let mut out = Sections::new();
    let (mut rivers, mut by_name): (u32, Vec<(String, Text, Evidence)>) = (0, Vec::new());
    let words = items.words();
    for entry in entries {
        if out.contains_key(&entry.place) {
            continue;
        }
        let (of_table, of_file) = (table.get(&entry.place), own.get(&entry.place));
        let said = |get: fn(&OfSection) -> Option<String>| of_table.and_then(get).or_else(|| of_file.and_then(get));
        let here = |p: Problem| p.file(entry.file.as_str()).row(entry.line);
        // Two kinds of water: told, and neither is taken.
        let doubtful = of_table.is_some_and(|s| s.doubtful) || (of_table.is_none() && of_file.is_some_and(|s| s.doubtful));
        let water = match said(|s| s.water.clone()) {
            _ if doubtful => None,
            Some(word) => match words.water(&word) {
                Some(water) => Some(water),
                None => {
                    problems.push(here(kind_unknown(&entry.place, &word)));
                    None
                }
            },
            None => Some(match words.section(&entry.place) {
                Some(known) => {
                    by_name.push((entry.place.clone(), known.basis.clone(), known.evidence));
                    known.water
                }
                None => {
                    rivers += 1;
                    Water::River
                }
            }),
        };
        let target = said(|s| s.target.clone()).and_then(|word| {
            let class = Class::parse(&word);
            if class.is_none() && words.sign(&word).is_none() {
                problems.push(here(target_unknown(&entry.place, &word)));
            }
            class
        });
        out.insert(entry.place.clone(), water.map(|water| Station { name: entry.place.clone(), water, target }));
    }
    let mut assumed = Vec::new();
    by_name.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, basis, evidence) in by_name {
        let (zh, en) = (evidence.title().zh, evidence.title().en);
        assumed.push(Text::of(format!("{name}：{}（{zh}）", basis.zh), format!("{name}: {} ({en})", basis.en)));
    }
    if rivers > 0 {
        assumed.push(words!(
            "{rivers} 个断面未注明水体类型，按河流评价；湖库请在“水体类型”列或 --stations 表中注明",
            "{rivers} sections without a kind of water are taken as rivers; say so of lakes in a column or by --stations"
        ));
    }
    Ok((out, assumed))
}

/// Collects what rows say of their sections. What contradicts itself is told once and counts for nothing:
/// without a kind of water a section is not judged, without a target it has none.
fn gather(entries: &[Entry], out: &mut BTreeMap<String, OfSection>, problems: &mut Problems) {
    for field in ["water", "target"] {
        let mut words_of: BTreeMap<&str, BTreeMap<&str, &Entry>> = BTreeMap::new();
        for entry in entries {
            if let Some(said) = entry.fields.get(field).filter(|s| !s.is_empty()) {
                let rows = words_of.entry(&entry.place).or_default();
                let first = rows.entry(said).or_insert(entry);
                if entry.line < first.line {
                    *first = entry;
                }
            }
        }
        for (place, rows) in words_of {
            let of = out.entry(place.to_owned()).or_default();
            let one = (rows.len() == 1).then(|| rows.keys().next().map(|w| (*w).to_owned())).flatten();
            if let Some(entry) = rows.values().max_by_key(|e| e.line).filter(|_| rows.len() > 1) {
                problems.push(differs(place, &rows.keys().copied().collect::<Vec<_>>()).file(entry.file.as_str()).row(entry.line));
                of.doubtful |= field == "water";
            }
            if field == "water" { of.water = one } else { of.target = one }
        }
    }
}

fn differs(place: &str, said: &[&str]) -> Problem {
    let list = said.join(" / ");
    Problem::error("assess.section_differs", words!("{place} 前后不一：{list}，都未采用", "{place} is said to be {list}, and none is used"))
        .expect(text("一个断面一种水体类型、一个目标", "one kind of water and one target for a section"))
        .fix(text("改正该列；水体类型不明的断面不评价", "correct the column; a section of no certain kind is not judged"))
}

fn kind_unknown(place: &str, word: &str) -> Problem {
    Problem::error("assess.water_kind", words!("{place} 的水体类型“{word}”不认识，未评价", "the kind of water \"{word}\" of {place} is not known; not judged"))
        .expect(text("河流 或 湖库", "river or lake"))
        .fix(text("改正该列", "correct the column"))
}

fn target_unknown(place: &str, word: &str) -> Problem {
    Problem::error("assess.target", words!("{place} 的目标“{word}”不是水质类别", "the target \"{word}\" of {place} is no class"))
        .expect(text("Ⅰ 至 Ⅴ", "I to V"))
        .fix(text("改正目标类别；没有目标请留空", "correct it; leave it blank where there is none"))
}

/// The saturation of oxygen that a row tells, %.
fn saturation(entry: &Entry, words: &Words, problems: &mut Problems) -> Option<f64> {
    let written = entry.fields.get("saturation").filter(|s| !s.is_empty())?;
    match crate::assess::cells::value(written, words) {
        Ok(Said::Value(n)) => n.parse().ok(),
        Ok(Said::Nothing) => None,
        _ => {
            problems.push(
                Problem::warning("assess.saturation", words!("饱和度“{written}”不是数，未采用", "the saturation \"{written}\" is no number and was not used"))
                    .file(entry.file.as_str())
                    .row(entry.line)
                    .expect(text("百分数，如 92.5", "percent, such as 92.5"))
                    .fix(text("改正该值；没有请留空", "correct it; leave it blank where there is none")),
            );
            None
        }
    }
}

/// The reading of a cell in the unit of the limits. A non-detect without its limit passes nothing, and is told.
fn reading(entry: &Entry, found: &Found, limits: &HashMap<String, f64>, items: &dyn Items, problems: &mut Problems) -> Option<Reading> {
    let unit = found.unit.as_deref().unwrap_or_default();
    let number = |n: &str| converted(n, unit, &items.unit(&found.item));
    let told = || {
        found.limit.as_deref().and_then(|l| match crate::assess::cells::value(l, items.words()) {
            Ok(Said::Value(n) | Said::Below(n)) => number(&n),
            _ => None,
        })
    };
    Some(match &found.said {
        Said::Nothing => return None,
        Said::Value(n) => Reading::Value(number(n)?),
        Said::Below(n) => Reading::Below(number(n)?),
        Said::Above(n) => Reading::Above(number(n)?),
        Said::Unreadable => Reading::Unknown,
        Said::NotDetected => match told().or_else(|| limits.get(&found.item).copied()) {
            Some(limit) => Reading::Below(limit),
            None => {
                problems.push(no_limit(&found.item).file(entry.file.as_str()).row(entry.line).column(found.head.as_str()));
                Reading::Below(f64::INFINITY)
            }
        },
    })
}

pub(super) fn no_limit(item: &str) -> Problem {
    Problem::error(
        "assess.no_detection_limit",
        text("未检出而没有检出限，不能判定，不算达标", "a non-detect without its detection limit decides nothing and is no pass"),
    )
    .key(item)
    .expect(text("<检出限、检出限L，或另列检出限", "<limit, limitL, or a column with the limit"))
    .fix(words!("补上检出限，或用 --limit {item}=数值 给出", "give the limit, or state it by --limit {item}=VALUE"))
}

/// Rows with a published class and values of their own.
fn published(
    entries: &[Entry],
    sections: &Sections,
    rules: &Rules<'_>,
    (limits, items): (&HashMap<String, f64>, &dyn Items),
    problems: &mut Problems,
) -> (Vec<Published>, BTreeSet<u64>) {
    let (mut out, mut aside) = (Vec::new(), BTreeSet::new());
    for entry in entries {
        let Some(word) = entry.fields.get("published").filter(|w| !w.is_empty()) else { continue };
        let Some(class) = Class::parse(word) else {
            if items.words().sign(word).is_none() {
                problems.push(
                    Problem::warning(
                        "assess.published",
                        words!("公布的类别“{word}”不认识，未作比较", "the published class \"{word}\" is not known and was not compared"),
                    )
                    .file(entry.file.as_str())
                    .row(entry.line)
                    .expect(text("Ⅰ 至 Ⅴ、劣Ⅴ", "I to V, or worse"))
                    .fix(text("改正类别", "correct it")),
                );
            }
            continue;
        };
        let (Some(Some(station)), Some(at)) = (sections.get(&entry.place), entry.at) else { continue };
        let (mut readings, mut decimals) = (Vec::new(), Vec::new());
        for found in &entry.values {
            let Some(item) = rules.item(&found.item) else { continue };
            // Told where the row is judged; here it is only compared.
            let Some(reading) = reading(entry, found, limits, items, &mut Problems::new()) else { continue };
            readings.push((item, reading));
            decimals.push(found.said.decimals());
        }
        if entry.set_aside.is_some() {
            aside.insert(entry.line);
        }
        out.push(Published { section: station.name.clone(), at: at.printed(), row: entry.line, water: station.water, readings, decimals, class });
    }
    (out, aside)
}

/// Differences from each month and year to the next, split.
fn between(a: &Assessment<'_, '_>, b: &Assessment<'_, '_>) -> Vec<Split> {
    use liangshan_duty::water::Span;
    let mut out = Vec::new();
    for span in [Span::Month, Span::Year] {
        let names: BTreeSet<&str> = a.periods.iter().filter(|p| p.span == span).map(|p| p.period.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        for pair in names.windows(2) {
            out.extend(a.between(b, span, pair[0], pair[1]));
        }
    }
    out
}
