//! Ambient air: entries to a series, by the hour or the day, and the judge.

mod facts;
mod published;
mod replayed;
mod standing;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use liangshan_duty::air::city::city;
use liangshan_duty::air::replay::{HourChange, Replayed, replay, replay_hours};
use liangshan_duty::air::{At, Averaging, DayNumber, Edition, Item, Judged, Micro, Question, Reading, Rules, Series, judge};
use liangshan_duty::standard::Standards;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};
use rust_decimal::Decimal;

use crate::assess::cells::{Said, Stamp};
use crate::assess::columns::{Items, bracketed};
use crate::assess::result::{Assessed, Used};
use crate::assess::sheets::{Entry, Found, Needs, read};
use crate::assess::words::{Words, factor, plain};
use crate::assess::{Domain, Request, Source, at_most_two, folded, used};

/// Pollutants by all their names, with the averaging times that heads carry.
pub(super) struct AirItems<'r> {
    rules: &'r Rules,
    words: &'r Words,
}

impl AirItems<'_> {
    fn pollutant(&self, name: &str) -> Option<String> {
        let words = self.words;
        if let Some(key) = words.field(Domain::Air, name).filter(|f| self.rules.pollutants.iter().any(|p| p.key == **f)) {
            return Some(key.to_owned());
        }
        if let Some(found) = self.rules.pollutant(name) {
            return Some(self.rules.named(found).key.clone());
        }
        let (base, inside) = bracketed(name)?;
        self.pollutant(&base).filter(|key| self.pollutant(&inside).as_ref() == Some(key))
    }

    /// The key and the averaging time of a code.
    fn parts<'c>(&self, code: &'c str) -> (&'c str, Option<Averaging>) {
        match code.rsplit_once('_').and_then(|(key, word)| Some((key, Averaging::parse(word)?))) {
            Some((key, averaging)) => (key, Some(averaging)),
            None => (code, None),
        }
    }
}

impl Items for AirItems<'_> {
    fn words(&self) -> &Words {
        self.words
    }

    fn code(&self, name: &str) -> Option<String> {
        if let Some(key) = self.pollutant(name) {
            return Some(key);
        }
        let words = self.words;
        if let Some((base, inside)) = bracketed(name)
            && let (Some(key), Some(averaging)) = (self.pollutant(&base), words.averaging(&inside))
        {
            return Some(format!("{key}_{averaging}"));
        }
        let (rest, averaging) = words.averaged(name)?;
        Some(format!("{}_{averaging}", self.pollutant(&rest)?))
    }

    fn title(&self, code: &str) -> Text {
        let (key, averaging) = self.parts(code);
        let Some(named) = self.rules.pollutant(key).map(|p| self.rules.named(p)) else { return Text::same(code) };
        let over = averaging.map_or(String::new(), |a| format!(" {}", a.word()));
        Text::of(format!("{}{over}", named.title.zh), format!("{}{over}", named.title.en))
    }

    fn unit(&self, code: &str) -> String {
        let (key, _) = self.parts(code);
        self.rules.pollutant(key).map_or_else(String::new, |p| self.rules.named(p).unit.clone())
    }

    fn names(&self) -> Vec<String> {
        self.rules.pollutants.iter().flat_map(|p| [plain(&p.key), plain(&p.symbol), plain(&p.title.zh)]).collect()
    }
}

/// What was published for a place and time.
#[derive(Debug, Clone)]
pub(super) struct PublishedRow {
    pub(super) row: u64,
    pub(super) aqi: u16,
}

/// All that was said of a file of air.
pub(super) struct SaidOfAir<'r> {
    pub(super) rules: &'r Rules,
    /// Places of the file, then cities made of them.
    pub(super) judged: Vec<Judged>,
    /// How many of the first are places of the file.
    pub(super) own: usize,
    pub(super) published: BTreeMap<(String, At), PublishedRow>,
    /// The same places under editions that only names choose, for what was published.
    pub(super) by_name: Vec<(String, Vec<Judged>)>,
    pub(super) replay: Option<AirReplay>,
    pub(super) hourly: bool,
    /// Only one place was asked for: its individual indices are drawn.
    pub(super) alone: bool,
}

/// One file under two editions.
pub(super) struct AirReplay {
    pub(super) editions: [String; 2],
    pub(super) of_places: Vec<Replayed>,
    pub(super) hours: Vec<(String, Vec<HourChange>)>,
}

/// Judges a file of ambient air.
pub(super) fn assess(request: &Request, (standards, words): (&Standards, &Words), source: &Source) -> Result<Assessed, Problems> {
    at_most_two(&request.standards)?;
    let rules = Rules::of(standards)?;
    let named: Vec<String> = request.standards.iter().map(|s| profile(&rules, standards, s)).collect::<Result<_, _>>()?;
    let items = AirItems { rules: &rules, words };
    let needs = Needs { time: true, place: true, measured: true, on: request.day() };
    let mut file = read(&source.bytes, &source.name, &source.stem, Domain::Air, &items, &needs)?;
    crate::assess::only(request.place.as_ref(), &mut file);
    let mut problems = std::mem::take(&mut file.problems);
    let mut entries: Vec<&Entry> = file.entries.iter().filter(|e| e.set_aside.is_none() && e.at.is_some()).collect();
    entries.sort_by(|a, b| (&a.place, a.at, &a.file, a.line).cmp(&(&b.place, b.at, &b.file, b.line)));
    let mut assumed = Vec::new();
    let midnights = only_midnights(&entries);
    if midnights {
        assumed.push(text("所有时刻都是 00:00 且每天一行，按日值理解", "every time is 00:00 with one row a day: taken as daily values"));
    }
    let (mut series, mut published) = (Series::new(rules.pollutants.len()), BTreeMap::new());
    let mut bare_ozone = false;
    for entry in &entries {
        let Some(at) = entry.at.and_then(|stamp| at(stamp, midnights)) else {
            problems.push(not_an_hour(entry));
            continue;
        };
        let station = series.station(&entry.place);
        for found in &entry.values {
            let Some(item) = item(&items, &found.item, at, &mut bare_ozone) else { continue };
            let Some(reading) = reading(entry, found, &items, &mut problems) else { continue };
            if let Err(problem) = series.put(station, at, item, reading) {
                problems.push(problem.file(entry.file.as_str()).row(entry.line).column(found.head.as_str()));
            }
        }
        if let Some(aqi) = published_index(entry, words, &mut problems) {
            // Of two that differ the lower one is compared, whichever comes first.
            let row = PublishedRow { row: entry.line, aqi };
            let kept = published.entry((entry.place.clone(), at)).or_insert_with(|| row.clone());
            if (aqi, entry.line) < (kept.aqi, kept.row) {
                *kept = row;
            }
        }
    }
    if bare_ozone {
        assumed.push(text(
            "日值文件中的臭氧未注明，按日最大 8 小时平均理解",
            "ozone of a day without an averaging time is taken as the largest mean of eight hours",
        ));
    }
    let hourly = published.keys().map(|k| k.1).chain(entries.iter().filter_map(|e| at(e.at?, midnights))).any(|at| matches!(at, At::Hour(..)));
    let edition = named.first().map_or(Edition::InForce, |id| Edition::Named(id.clone()));
    let question = Question { edition, zone: request.zone, hours: hourly };
    let mut judged = judge(&series, &rules, &question)?;
    let own = judged.len();
    let cities = cities(&entries, &judged);
    for (name, of) in &cities {
        let (count, place) = (of.len(), format!("{name}（城市）"));
        let members: Vec<&Judged> = judged[..own].iter().filter(|j| of.contains(&j.station)).collect();
        let mean = city(&place, &members, &rules);
        judged.extend(judge(&mean, &rules, &Question { hours: false, ..question.clone() })?);
        assumed.push(words!("{name} 的城市日均值取文件中 {count} 个站点的平均", "the days of {name} are means of the {count} stations in the file"));
    }
    let mut by_name = Vec::new();
    if !published.is_empty() && hourly {
        for profile in rules.profiles.iter().filter(|p| !p.by_date && !p.hourly.is_empty()) {
            let question = Question { edition: Edition::Named(profile.id.clone()), zone: request.zone, hours: true };
            by_name.push((profile.id.clone(), judge(&series, &rules, &question)?));
        }
    }
    let replay = match named.as_slice() {
        [a, b] => Some(AirReplay {
            editions: [a.clone(), b.clone()],
            of_places: replay(&series, &rules, [a, b], request.zone)?,
            hours: if hourly { replay_hours(&series, &rules, [a, b])? } else { Vec::new() },
        }),
        _ => None,
    };
    for place in &mut judged {
        problems.extend(std::mem::take(&mut place.problems));
    }
    let standards = judged_by(&rules, &judged, &named, &by_name, standards);
    let mut read = source.read(file.encoding, file.rows, file.refused);
    read.set_aside = file.entries.iter().filter(|e| e.set_aside.is_some()).count();
    let stamps = || entries.iter().filter_map(|e| e.at);
    let printed = |s: Option<Stamp>| s.map_or(String::new(), |s| if midnights { s.date.to_string() } else { s.printed() });
    read.period = (printed(stamps().min()), printed(stamps().max()));
    let said = SaidOfAir { rules: &rules, judged, own, published, by_name, replay, hourly, alone: request.place.is_some() };
    Ok(tables::lay_out(&said, read, file.columns, assumed, standards, problems))
}

/// The profile that a word names: an id of a profile, or the id or number of a standard it joins.
fn profile(rules: &Rules, standards: &Standards, said: &str) -> Result<String, Problem> {
    let wanted = folded(said);
    if let Some(profile) = rules.profiles.iter().find(|p| folded(&p.id) == wanted) {
        return Ok(profile.id.clone());
    }
    let standard = standards.all().iter().find(|s| s.domain == "air" && (folded(&s.id) == wanted || folded(&s.number) == wanted));
    if let Some(profile) = standard.and_then(|s| rules.profile(&s.id).ok()) {
        return Ok(profile.id.clone());
    }
    let mut known: Vec<&str> = rules.profiles.iter().flat_map(|p| [p.id.as_str(), p.index.as_str(), p.limits.as_str()]).collect();
    known.sort_unstable();
    known.dedup();
    let list = known.join(", ");
    Err(Problem::error("assess.standard", words!("没有空气质量标准或版本“{said}”", "there is no standard or edition \"{said}\" for the air"))
        .key(said)
        .expect(words!("{list} 之一", "one of {list}"))
        .fix_near(nearest(&wanted, known.iter().copied()), text("用 liangshan rules list 查看", "see liangshan rules list")))
}

/// True where every time is midnight and no place has a day twice: a spreadsheet that put a clock behind dates.
fn only_midnights(entries: &[&Entry]) -> bool {
    let stamps = || entries.iter().filter_map(|e| e.at.map(|at| (&e.place, at)));
    let mut days: BTreeSet<(&String, jiff::civil::Date)> = BTreeSet::new();
    let all = stamps().all(|(_, at)| at.clock == Some((0, 0)));
    let once = stamps().all(|(place, at)| days.insert((place, at.date)));
    all && once && days.iter().map(|d| d.1).collect::<BTreeSet<_>>().len() > 1
}

fn at(stamp: Stamp, midnights: bool) -> Option<At> {
    match stamp.clock {
        None => Some(At::Day(DayNumber::of(stamp.date))),
        Some(_) if midnights => Some(At::Day(DayNumber::of(stamp.date))),
        Some((hour, 0)) => Some(At::hour_ending(stamp.date, hour.unsigned_abs())),
        Some(_) => None,
    }
}

fn not_an_hour(entry: &Entry) -> Problem {
    Problem::error("assess.not_an_hour", text("小时值的时刻不是整点，该行未评价", "the time of an hourly value is no full hour, and the row was not judged"))
        .file(entry.file.as_str())
        .row(entry.line)
        .expect(text("整点，以小时末为标记", "a full hour, named by its end"))
        .fix(text("改为整点", "give the full hour"))
}

/// The item of a column on an hour or a day.
fn item(items: &AirItems<'_>, code: &str, at: At, bare_ozone: &mut bool) -> Option<Item> {
    let (key, averaging) = items.parts(code);
    let pollutant = items.rules.pollutant(key)?;
    let averaging = averaging.unwrap_or_else(|| match at {
        At::Hour(..) => Averaging::Hour,
        At::Day(_) if items.rules.profiles.iter().any(|p| p.by_windows(pollutant)) => {
            *bare_ozone = true;
            Averaging::EightHours
        }
        At::Day(_) => Averaging::Day,
    });
    Some(Item { pollutant, averaging })
}

/// A cell as a concentration in the unit of the pollutant, to the last digit, or as below a detection limit.
fn reading(entry: &Entry, found: &Found, items: &AirItems<'_>, problems: &mut Problems) -> Option<Reading> {
    let here = |p: Problem| p.file(entry.file.as_str()).row(entry.line).column(found.head.as_str());
    let (written, below) = match &found.said {
        Said::Value(written) => (written, false),
        Said::Below(limit) => (limit, true),
        Said::Unreadable => return None,
        _ => {
            problems.push(here(
                Problem::error(
                    "assess.air_bound",
                    text("空气浓度没有数值，也没有检出限，该格未评价", "a concentration with neither a value nor a detection limit was not judged"),
                )
                .expect(text("浓度的数值，或 <检出限", "the concentration, or < and the detection limit"))
                .fix(text("按仪器记录填写数值；无效数据留空", "write the value of the instrument; leave it blank where it is not valid")),
            ));
            return None;
        }
    };
    let by = found.unit.as_deref().and_then(|unit| factor(unit, &items.unit(&found.item))).unwrap_or(1.0);
    let exact = || written.parse::<Decimal>().or_else(|_| Decimal::from_scientific(written)).ok();
    let value = if by == 1.0 {
        Micro::parse(written).or_else(|| exact().and_then(Micro::of_decimal))
    } else {
        exact().and_then(|d| d.checked_mul(Decimal::try_from(by).ok()?)).and_then(Micro::of_decimal)
    };
    if value.is_none() {
        problems.push(here(
            Problem::error("assess.air_value", words!("{written} 不是可能的浓度，该格未评价", "{written} is no possible concentration and was not judged"))
                .expect(text("0 至一百万", "0 to a million"))
                .fix(text("核对仪器与单位；缺测留空，不填 -99 之类", "check the instrument and the unit; leave missing values blank instead of -99")),
        ));
    }
    value.map(if below { Reading::Below } else { Reading::Value })
}

fn published_index(entry: &Entry, words: &Words, problems: &mut Problems) -> Option<u16> {
    let written = entry.fields.get("published").filter(|w| !w.is_empty())?;
    let plain = written.strip_suffix(".0").unwrap_or(written);
    if let Ok(aqi) = plain.parse() {
        return Some(aqi);
    }
    if words.sign(written).is_none() {
        problems.push(
            Problem::warning(
                "assess.published",
                words!("公布的指数“{written}”不是整数，未作比较", "the published index \"{written}\" is no whole number and was not compared"),
            )
            .file(entry.file.as_str())
            .row(entry.line)
            .expect(text("整数", "a whole number"))
            .fix(text("改正指数", "correct it")),
        );
    }
    None
}

/// Cities that stations name, with their stations, where there are several of one.
fn cities(entries: &[&Entry], judged: &[Judged]) -> Vec<(String, BTreeSet<String>)> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries {
        if let Some(city) = entry.fields.get("city").filter(|c| !c.is_empty() && **c != entry.place) {
            found.entry(city.clone()).or_default().insert(entry.place.clone());
        }
    }
    let has_days = |name: &String| judged.iter().any(|j| j.station == *name && j.days.iter().any(|d| d.values.iter().any(|v| v.c.is_some())));
    found.into_iter().filter(|(_, of)| of.len() > 1 && of.iter().any(has_days)).collect()
}

fn judged_by(rules: &Rules, judged: &[Judged], named: &[String], by_name: &[(String, Vec<Judged>)], standards: &Standards) -> Vec<Used> {
    let mut out: Vec<Used> = Vec::new();
    let mut add = |id: &str, remark: Text| {
        let Ok(profile) = rules.profile(id) else { return };
        for standard in [&profile.index, &profile.limits] {
            if let Ok(standard) = standards.get(standard)
                && !out.iter().any(|u| u.id == standard.id)
            {
                out.push(used(standard, remark.clone()));
            }
        }
    };
    let places: BTreeSet<usize> = judged.iter().flat_map(|j| j.days.iter().map(|d| d.profile).chain(j.hours.iter().map(|h| h.profile))).collect();
    for place in places {
        let id = &rules.profiles[place].id;
        add(
            id,
            if named.is_empty() {
                words!("按日期选用，版本 {id}", "chosen by the date, edition {id}")
            } else {
                words!("按 --standard 选用，版本 {id}", "chosen by --standard, edition {id}")
            },
        );
    }
    if let [_, b] = named {
        add(b, words!("用于版本对比，版本 {b}", "for the comparison of editions, edition {b}"));
    }
    for (id, _) in by_name {
        add(id, text("只用于与公布指数比较", "only to compare with published indices"));
    }
    out
}
