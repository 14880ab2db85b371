//! The judge: a series in, hours, days and years judged out, with what a reviewer should know.

use jiff::Span;
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::day::{self, DayJudged, HourJudged};
use super::index::Pollutants;
use super::profile::Profile;
use super::rules::Rules;
use super::series::{Series, Station};
use super::year::{self, YearJudged, Zone};
use super::{DayNumber, Item, Micro, Pollutant};

/// Which edition judges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Edition {
    /// The one in force on each day.
    #[default]
    InForce,
    /// This one, whatever the day.
    Named(String),
}

/// How a series is judged.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Which edition judges.
    pub edition: Edition,
    /// Which limits hold.
    pub zone: Zone,
    /// True when hours are wanted too.
    pub hours: bool,
}

/// Days that are taken out of the statistics of a year beside those with them (例外事件): dust from afar,
/// fireworks of a holiday. Which events may be taken out is decided elsewhere; HJ 663-2026, text not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// First day.
    pub from: DayNumber,
    /// Last day.
    pub to: DayNumber,
    /// Whose values are taken out; all, where none is named.
    pub pollutants: Vec<Pollutant>,
    /// What it was.
    pub reason: Text,
}

impl Event {
    /// True when a day lies in it.
    pub fn covers(&self, day: DayNumber) -> bool {
        self.from <= day && day <= self.to
    }

    /// True when a pollutant's value of a day is taken out.
    pub fn takes(&self, day: DayNumber, pollutant: Pollutant) -> bool {
        self.covers(day) && (self.pollutants.is_empty() || self.pollutants.contains(&pollutant))
    }
}

/// What is known beside the readings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Events that may be taken out of the statistics.
    pub events: Vec<Event>,
    /// Pollutants outside the monitoring plan. Where the edition knows the exception (HJ 633-2026, 5.3), a
    /// day lacks none of them that was no primary pollutant of a polluted day in the years before it.
    pub outside_plan: Vec<Pollutant>,
}

/// A station judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The station's code.
    pub station: String,
    /// Its hours, when they were asked for.
    pub hours: Vec<HourJudged>,
    /// Its days.
    pub days: Vec<DayJudged>,
    /// Its years, one for each edition that was in force in it.
    pub years: Vec<YearJudged>,
    /// The same years with the events taken out, for those in which there was one.
    pub deducted: Vec<YearJudged>,
    /// What a reviewer should know.
    pub problems: Problems,
}

/// Judges every station of a series, in the order they came.
///
/// # Errors
/// `air.no_profile` where the edition is not known.
pub fn judge(series: &Series, rules: &Rules, question: &Question) -> Result<Vec<Judged>, Problem> {
    judge_with(series, rules, question, &Circumstances::default())
}

/// [`judge`] with what is known beside the readings.
///
/// # Errors
/// As [`judge`].
pub fn judge_with(series: &Series, rules: &Rules, question: &Question, known: &Circumstances) -> Result<Vec<Judged>, Problem> {
    let edition = match &question.edition {
        Edition::Named(id) => Edition::Named(rules.profile(id)?.id.clone()),
        Edition::InForce => Edition::InForce,
    };
    let question = Question { edition, ..question.clone() };
    Ok(series.stations().iter().map(|station| judge_station(station, rules, &question, known)).collect())
}

fn judge_station(station: &Station, rules: &Rules, question: &Question, known: &Circumstances) -> Judged {
    let mut judged =
        Judged { station: station.code.clone(), hours: Vec::new(), days: Vec::new(), years: Vec::new(), deducted: Vec::new(), problems: Problems::new() };
    let mut polluted = Polluted::default();
    let mut unruled: Vec<DayNumber> = Vec::new();
    for number in station.days() {
        let Some(block) = station.block_of(number) else { continue };
        let Some(place) = place(rules, &question.edition, number) else {
            unruled.push(number);
            continue;
        };
        let profile = &rules.profiles[place];
        let exempt = polluted.exempt(number, profile, &known.outside_plan);
        if question.hours {
            let before = station.block_of(DayNumber(number.0 - 1));
            day::hours(number, block, before, (profile, place), exempt, &mut judged.hours);
        }
        if !profile.daily.is_empty() {
            let day = day::judge(number, block, profile, place, exempt);
            polluted.note(&day, profile);
            judged.days.push(day);
        }
    }
    (judged.years, judged.deducted) = years(station, rules, question, &judged.days, &known.events);
    let mut problems = no_edition(&unruled, rules);
    problems.extend(short_days(&judged.days, rules));
    problems.extend(zeros(&judged.days, rules));
    problems.extend(non_detects(&judged.days));
    problems.extend(about_years(&judged.years, rules));
    problems.extend(judged.deducted.iter().map(|year| deducted(year, &known.events)));
    judged.problems.extend(problems.into_iter().map(|p| with_station(p, &station.code)));
    judged
}

fn place(rules: &Rules, edition: &Edition, day: DayNumber) -> Option<usize> {
    let date = day.date();
    rules.profiles.iter().position(|p| match edition {
        Edition::Named(id) => p.id == *id,
        Edition::InForce => p.by_date && p.in_force(date),
    })
}

/// When each pollutant was last a primary one on a polluted day.
#[derive(Default)]
struct Polluted(Vec<(Pollutant, DayNumber)>);

impl Polluted {
    fn note(&mut self, day: &DayJudged, profile: &Profile) {
        if !day.index.polluted() {
            return;
        }
        for place in day.index.primary() {
            let pollutant = profile.daily[place].item.pollutant;
            match self.0.iter_mut().find(|(p, _)| *p == pollutant) {
                Some((_, last)) => *last = day.day,
                None => self.0.push((pollutant, day.day)),
            }
        }
    }

    /// Pollutants outside the plan that were no primary ones of a polluted day in the years before.
    fn exempt(&self, day: DayNumber, profile: &Profile, outside_plan: &[Pollutant]) -> Pollutants {
        let Some(years) = profile.exempt_years.filter(|_| !outside_plan.is_empty()) else { return Pollutants::default() };
        let since = DayNumber::of(day.date().saturating_sub(Span::new().years(years)));
        let clean = |p: &&Pollutant| self.0.iter().all(|(polluter, last)| polluter != *p || *last < since);
        outside_plan.iter().filter(clean).fold(Pollutants::default(), |set, p| set.with(*p))
    }
}

/// Every year under every edition that judged a day of it, and those with an event once more without it. A
/// year in which the edition changed is judged under each, the whole year by it: a mixed year has no limit
/// of its own.
fn years(station: &Station, rules: &Rules, question: &Question, days: &[DayJudged], events: &[Event]) -> (Vec<YearJudged>, Vec<YearJudged>) {
    let (mut years, mut without) = (Vec::new(), Vec::new());
    for of_year in days.chunk_by(|a, b| a.day.date().year() == b.day.date().year()) {
        let year = of_year[0].day.date().year();
        let mut places: Vec<usize> = of_year.iter().map(|d| d.profile).collect();
        places.dedup();
        for place in &places {
            let profile = &rules.profiles[*place];
            let again: Vec<DayJudged> = if places.len() == 1 {
                Vec::new()
            } else {
                of_year.iter().filter_map(|d| station.block_of(d.day).map(|block| day::judge(d.day, block, profile, *place, d.exempt))).collect()
            };
            let of_year = if again.is_empty() { of_year } else { &again };
            years.push(year::judge(year, of_year, (profile, *place), question.zone, &[]));
            if of_year.iter().any(|d| events.iter().any(|e| e.covers(d.day))) {
                without.push(year::judge(year, of_year, (profile, *place), question.zone, events));
            }
        }
    }
    (years, without)
}

fn with_station(mut problem: Problem, station: &str) -> Problem {
    problem.at.key = Some(match problem.at.key {
        Some(key) => format!("{station} {key}"),
        None => station.to_owned(),
    });
    problem
}

fn no_edition(days: &[DayNumber], rules: &Rules) -> Vec<Problem> {
    let Some(first) = days.first() else { return Vec::new() };
    rules.on(first.date()).err().map(|p| p.count(days.len() as u64)).into_iter().collect()
}

/// For each item the days on which it had data and too few of them.
fn short_days(days: &[DayJudged], rules: &Rules) -> Vec<Problem> {
    let mut found: Vec<(Item, u64, DayNumber)> = Vec::new();
    for day in days {
        for (indicator, value) in rules.profiles[day.profile].daily.iter().zip(&day.values) {
            if value.c.is_some() || value.of.is_none_or(|of| of == 0) {
                continue;
            }
            match found.iter_mut().find(|(item, _, _)| *item == indicator.item) {
                Some((_, count, _)) => *count += 1,
                None => found.push((indicator.item, 1, day.day)),
            }
        }
    }
    found.into_iter().map(|(item, count, first)| short_day(&rules.key(item), count, first)).collect()
}

fn short_day(item: &str, count: u64, first: DayNumber) -> Problem {
    let first = first.date();
    Problem::note("air.day_short", words!("{item} 有 {count} 天有效小时不足，当天不计", "{item} has {count} days with too few valid hours, which do not count"))
        .key(format!("{first} {item}"))
        .count(count)
        .expect(text("标准规定的有效小时数", "the valid hours that the standard asks for"))
        .fix(text("补齐缺测数据；无法补齐则按无效日报告", "bring the missing hours; where there are none the day stays invalid"))
}

/// Daily values that were given as just 0, which the air never is.
fn zeros(days: &[DayJudged], rules: &Rules) -> Vec<Problem> {
    let mut found = Vec::new();
    for day in days {
        for (indicator, value) in rules.profiles[day.profile].daily.iter().zip(&day.values) {
            if value.of.is_none() && value.c == Some(Micro::default()) {
                found.push(zero(&rules.key(indicator.item), day.day));
            }
        }
    }
    found
}

fn zero(item: &str, day: DayNumber) -> Problem {
    let day = day.date();
    Problem::warning("air.zero", words!("{day} 的 {item} 为 0，按原值计入", "{item} of {day} is 0, and is taken as it stands"))
        .key(format!("{day} {item}"))
        .fix(text("缺测应留空，不填 0", "leave a missing value empty instead of 0"))
}

/// How many days rest on non-detects, and how many those leave open.
fn non_detects(days: &[DayJudged]) -> Option<Problem> {
    let resting = days.iter().filter(|d| d.values.iter().any(|v| v.span.is_some())).count();
    let open = days.iter().filter(|d| !d.decided).count();
    (resting > 0).then(|| {
        let said = words!(
            "{resting} 天含低于检出限的值，按检出限的份额计入；其中 {open} 天是否优良因此无法判定",
            "{resting} days hold values below the detection limit, which count for a share of it; whether {open} of them are good cannot be told"
        );
        let problem = if open > 0 { Problem::warning("air.non_detects", said) } else { Problem::note("air.non_detects", said) };
        problem
            .count(resting as u64)
            .fix(text("给出低于检出限的实测值，或用检出限更低的方法", "give what was measured below the limit, or use a method with a lower one"))
    })
}

fn deducted(year: &YearJudged, events: &[Event]) -> Problem {
    let of_year = |e: &&Event| e.from.date().year() <= year.year && year.year <= e.to.date().year();
    let reasons: Vec<&Event> = events.iter().filter(of_year).collect();
    let join = |of: fn(&Event) -> &str| reasons.iter().map(|e| of(e)).collect::<Vec<_>>().join(", ");
    let (zh, en, number, days) = (join(|e| &e.reason.zh), join(|e| &e.reason.en), year.year, year.days.deducted);
    Problem::note(
        "air.events_deducted",
        Text::of(
            format!("{number} 年另作扣除例外事件的评价，扣除 {days} 天：{zh}（扣除方法未读原文，未核实）"),
            format!("{number} is judged once more without {days} days of events: {en} (how they are taken out was not read, unverified)"),
        ),
    )
    .key(number.to_string())
    .count(u64::from(days))
    .fix(text("两个结果并列报告", "report both results side by side"))
}

fn about_years(years: &[YearJudged], rules: &Rules) -> Vec<Problem> {
    let mut told = Vec::new();
    for of_year in years.chunk_by(|a, b| a.year == b.year) {
        if of_year.len() > 1 {
            told.push(two_editions(of_year, rules));
        }
        for year in of_year {
            if !year.sufficient {
                told.push(short_year(year, rules));
            }
            told.extend(year.statistics.iter().filter(|s| s.attains != s.attains_unrounded).map(|s| rounding_decides(year, s.place, rules)));
            if year.days.good != year.days.good_unrounded {
                told.push(good_days_by_rounding(year));
            }
        }
    }
    told
}

fn profile<'r>(year: &YearJudged, rules: &'r Rules) -> &'r Profile {
    &rules.profiles[year.profile]
}

fn two_editions(years: &[YearJudged], rules: &Rules) -> Problem {
    let year = years[0].year;
    let ids: Vec<&str> = years.iter().map(|y| profile(y, rules).id.as_str()).collect();
    let ids = ids.join(", ");
    Problem::note(
        "air.year_of_two_editions",
        words!("{year} 年跨两个版本，全年按每个版本各评一次：{ids}", "the edition changed in {year}; the whole year is judged under each: {ids}"),
    )
    .key(year.to_string())
    .fix(text("跨年比较时用同一版本", "compare years under one edition"))
}

fn short_year(year: &YearJudged, rules: &Rules) -> Problem {
    let (valid, least, year) = (year.days.valid, profile(year, rules).validity.year_days, year.year);
    Problem::warning(
        "air.year_short",
        words!("{year} 年有效日 {valid} 天，少于 {least} 天，数据不足", "{year} has {valid} valid days, fewer than {least}: insufficient"),
    )
    .key(year.to_string())
    .fix(text("不作达标结论；补齐数据后重评", "draw no conclusion; judge again when the days are there"))
}

fn rounding_decides(year: &YearJudged, place: usize, rules: &Rules) -> Problem {
    let (key, year) = (&profile(year, rules).yearly[place].key, year.year);
    Problem::note("air.rounding_decides", words!("{year} 年 {key} 是否达标取决于修约", "whether {key} attains in {year} depends on rounding"))
        .key(format!("{year} {key}"))
        .fix(text("两个结果一并报告", "report both results"))
}

fn good_days_by_rounding(year: &YearJudged) -> Problem {
    let (rounded, not, year) = (year.days.good, year.days.good_unrounded, year.year);
    Problem::note(
        "air.rounding_decides",
        words!("{year} 年优良天数：修约后 {rounded}，不修约 {not}", "good days of {year}: {rounded} with rounding, {not} without"),
    )
    .key(year.to_string())
    .fix(text("两个结果一并报告", "report both results"))
}
