//! The judge: a series in, hours, days and years judged out, with what a reviewer should know.

use liangshan_vocab::{Problem, Problems, text, words};

use super::day::{self, DayJudged, HourJudged};
use super::profile::Profile;
use super::rules::Rules;
use super::series::{Series, Station};
use super::year::{self, YearJudged, Zone};
use super::{DayNumber, Item, Micro};

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
    /// What a reviewer should know.
    pub problems: Problems,
}

/// Judges every station of a series, in the order they came.
///
/// # Errors
/// `air.no_profile` where the edition is not known.
pub fn judge(series: &Series, rules: &Rules, question: &Question) -> Result<Vec<Judged>, Problem> {
    let edition = match &question.edition {
        Edition::Named(id) => Edition::Named(rules.profile(id)?.id.clone()),
        Edition::InForce => Edition::InForce,
    };
    let question = Question { edition, ..question.clone() };
    Ok(series.stations().iter().map(|station| judge_station(station, rules, &question)).collect())
}

fn judge_station(station: &Station, rules: &Rules, question: &Question) -> Judged {
    let mut judged = Judged { station: station.code.clone(), hours: Vec::new(), days: Vec::new(), years: Vec::new(), problems: Problems::new() };
    let mut unruled: Vec<DayNumber> = Vec::new();
    for number in station.days() {
        let Some(block) = station.block_of(number) else { continue };
        let Some(place) = place(rules, &question.edition, number) else {
            unruled.push(number);
            continue;
        };
        let profile = &rules.profiles[place];
        if question.hours {
            let before = station.block_of(DayNumber(number.0 - 1));
            day::hours(number, block, before, profile, place, &mut judged.hours);
        }
        if !profile.daily.is_empty() {
            judged.days.push(day::judge(number, block, profile, place));
        }
    }
    judged.years = years(station, rules, question, &judged.days);
    let mut problems = no_edition(&unruled, rules);
    problems.extend(short_days(&judged.days, rules));
    problems.extend(zeros(&judged.days, rules));
    problems.extend(about_years(&judged.years, rules));
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

/// Every year under every edition that judged a day of it. A year in which the edition changed is judged
/// under each, the whole year by it: a mixed year has no limit of its own.
fn years(station: &Station, rules: &Rules, question: &Question, days: &[DayJudged]) -> Vec<YearJudged> {
    let mut years = Vec::new();
    for of_year in days.chunk_by(|a, b| a.day.date().year() == b.day.date().year()) {
        let year = of_year[0].day.date().year();
        let mut places: Vec<usize> = of_year.iter().map(|d| d.profile).collect();
        places.dedup();
        for place in &places {
            let profile = &rules.profiles[*place];
            if places.len() == 1 {
                years.push(year::judge(year, of_year, profile, *place, question.zone));
            } else {
                let again: Vec<DayJudged> =
                    of_year.iter().filter_map(|d| station.block_of(d.day).map(|block| day::judge(d.day, block, profile, *place))).collect();
                years.push(year::judge(year, &again, profile, *place, question.zone));
            }
        }
    }
    years
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
