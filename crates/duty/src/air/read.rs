//! The rules of the air out of their texts in `rules/air/`: five tables and one file for each profile.
//! A new pollutant, limit, breakpoint or edition is a line there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use liangshan_vocab::{Evidence, Problem, Problems, Text, Unit, text, words};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::index::MOST;
use super::profile::{Basis, Indicator, Missing, Profile, Statistic, Validity, Yearly};
use super::rules::{Level, Named, Rules};
use super::{Above, Averaging, Item, Micro, Scale};

/// The texts.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// `pollutants.csv`.
    pub pollutants: &'a str,
    /// `levels.csv`.
    pub levels: &'a str,
    /// `breakpoints.csv`.
    pub breakpoints: &'a str,
    /// `limits.csv`.
    pub limits: &'a str,
    /// `statistics.csv`.
    pub statistics: &'a str,
    /// The profiles: file and text.
    pub profiles: &'a [(&'a str, &'a str)],
}

/// Those shipped with the program.
pub const SHIPPED: Texts<'static> = Texts {
    pollutants: include_str!("../../../../rules/air/pollutants.csv"),
    levels: include_str!("../../../../rules/air/levels.csv"),
    breakpoints: include_str!("../../../../rules/air/breakpoints.csv"),
    limits: include_str!("../../../../rules/air/limits.csv"),
    statistics: include_str!("../../../../rules/air/statistics.csv"),
    profiles: &[
        ("2012.toml", include_str!("../../../../rules/air/2012.toml")),
        ("cnemc-realtime.toml", include_str!("../../../../rules/air/cnemc-realtime.toml")),
        ("2026-transition.toml", include_str!("../../../../rules/air/2026-transition.toml")),
        ("2026-final.toml", include_str!("../../../../rules/air/2026-final.toml")),
    ],
};

static RULES: LazyLock<Result<Rules, Problems>> = LazyLock::new(|| Rules::read(&SHIPPED));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PollutantRow {
    key: String,
    symbol: String,
    title_zh: String,
    title_en: String,
    unit: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelRow {
    level: u8,
    up_to: Option<u16>,
    title_zh: String,
    title_en: String,
    colour_zh: String,
    colour_en: String,
    red: u8,
    green: u8,
    blue: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakpointRow {
    standard: String,
    pollutant: String,
    averaging: String,
    unit: String,
    iaqi: u16,
    concentration: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitRow {
    standard: String,
    pollutant: String,
    averaging: String,
    unit: String,
    class1: String,
    class2: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatisticRow {
    key: String,
    pollutant: String,
    statistic: String,
    limit: String,
    in_index: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileText {
    id: String,
    title_zh: String,
    title_en: String,
    standards: Vec<String>,
    from: Option<String>,
    until: Option<String>,
    chosen_by: ChosenBy,
    evidence: Evidence,
    breakpoints: String,
    limits: String,
    missing: MissingWord,
    names_exceeding: bool,
    daily: Vec<IndicatorText>,
    hourly: Vec<IndicatorText>,
    decimals: BTreeMap<String, u32>,
    validity: Validity,
    basis: Vec<Basis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ChosenBy {
    Date,
    Name,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MissingWord {
    Mark,
    Withhold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorText {
    item: String,
    scale: Option<String>,
    above: AboveText,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AboveText {
    Index(u16),
    Word(String),
}

/// The tables, held against each other.
struct Tables {
    rules: Rules,
    breakpoints: BTreeMap<(String, Item), Vec<(u16, Micro)>>,
    limits: BTreeMap<(String, String, String), (Micro, Micro)>,
    statistics: Vec<StatisticRow>,
}

impl Rules {
    /// The rules shipped with the program.
    ///
    /// # Errors
    /// Never, as a test holds; the problem would be that of [`Rules::read`].
    pub fn shipped() -> Result<&'static Rules, Problem> {
        let fault = |problems: &Problems| problems.iter().next().cloned();
        RULES.as_ref().map_err(|p| fault(p).unwrap_or_else(|| Problem::error("air.rules_syntax", text("规则无法读取", "the rules cannot be read"))))
    }

    /// Reads the rules from texts.
    ///
    /// # Errors
    /// All of them: `air.rules_syntax`, `air.rules_name`, `air.rules_number`, `air.rules_unit`,
    /// `air.rules_scale`, each with its file and row.
    pub fn read(texts: &Texts<'_>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut tables = tables(texts, &mut problems);
        for (file, text) in texts.profiles {
            let read: Result<ProfileText, _> = toml::from_str(text);
            match read {
                Ok(read) => {
                    let profile = profile(read, &tables, file, &mut problems);
                    tables.rules.profiles.extend(profile);
                }
                Err(fault) => problems.push(syntax(file, fault.message()).row(fault.span().map_or(1, |s| text[..s.start].matches('\n').count() as u64 + 1))),
            }
        }
        if problems.is_empty() && (tables.rules.levels.is_empty() || tables.rules.profiles.is_empty()) {
            problems.push(syntax("levels.csv", "no level or no profile"));
        }
        problems.into_result(tables.rules)
    }
}

/// The rows of a table with their line; each that cannot be read is a problem.
fn rows<T: DeserializeOwned>(file: &str, table: &str, problems: &mut Problems) -> Vec<(u64, T)> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut out = Vec::new();
    for (i, row) in reader.deserialize().enumerate() {
        match row {
            Ok(row) => out.push((i as u64 + 2, row)),
            Err(fault) => problems.push(syntax(file, &fault.to_string()).row(i as u64 + 2)),
        }
    }
    out
}

fn tables(texts: &Texts<'_>, problems: &mut Problems) -> Tables {
    let named = |row: PollutantRow| Named { key: row.key, symbol: row.symbol, title: Text::of(row.title_zh, row.title_en), unit: row.unit };
    let level = |row: LevelRow| Level {
        level: row.level,
        up_to: row.up_to,
        title: Text::of(row.title_zh, row.title_en),
        colour: Text::of(row.colour_zh, row.colour_en),
        rgb: [row.red, row.green, row.blue],
    };
    let pollutants: Vec<Named> = rows("pollutants.csv", texts.pollutants, problems).into_iter().map(|(_, row)| named(row)).collect();
    for pollutant in &pollutants {
        problems.keep(Unit::parse(&pollutant.unit).map_err(|p| p.file("pollutants.csv").key(pollutant.key.as_str())));
    }
    let levels = rows("levels.csv", texts.levels, problems).into_iter().map(|(_, row)| level(row)).collect();
    let rules = Rules { pollutants, levels, profiles: Vec::new() };
    Tables {
        breakpoints: breakpoints(&rules, texts.breakpoints, problems),
        limits: limits(&rules, texts.limits, problems),
        statistics: rows("statistics.csv", texts.statistics, problems).into_iter().map(|(_, row)| row).collect(),
        rules,
    }
}

fn breakpoints(rules: &Rules, table: &str, problems: &mut Problems) -> BTreeMap<(String, Item), Vec<(u16, Micro)>> {
    const FILE: &str = "breakpoints.csv";
    let mut out: BTreeMap<(String, Item), Vec<(u16, Micro)>> = BTreeMap::new();
    for (line, row) in rows::<BreakpointRow>(FILE, table, problems) {
        let key = format!("{}_{}", row.pollutant, row.averaging);
        let (item, at) = (rules.item(&key), Micro::parse(&row.concentration));
        problems.extend(item.is_none().then(|| name(FILE, &key).row(line)));
        problems.extend(at.is_none().then(|| number(FILE, &row.concentration).row(line)));
        problems.extend(item.and_then(|i| unit(FILE, &row.unit, &rules.named(i.pollutant).unit)).map(|p| p.row(line)));
        if let (Some(item), Some(at)) = (item, at) {
            out.entry((row.standard, item)).or_default().push((row.iaqi, at));
        }
    }
    out
}

fn limits(rules: &Rules, table: &str, problems: &mut Problems) -> BTreeMap<(String, String, String), (Micro, Micro)> {
    const FILE: &str = "limits.csv";
    let mut out = BTreeMap::new();
    for (line, row) in rows::<LimitRow>(FILE, table, problems) {
        let pollutant = rules.pollutant(&row.pollutant);
        problems.extend(pollutant.is_none().then(|| name(FILE, &row.pollutant).row(line)));
        problems.extend(pollutant.and_then(|p| unit(FILE, &row.unit, &rules.named(p).unit)).map(|p| p.row(line)));
        match (Micro::parse(&row.class1), Micro::parse(&row.class2)) {
            (Some(class1), Some(class2)) => {
                let twice = out.insert((row.standard, row.pollutant.clone(), row.averaging), (class1, class2)).is_some();
                problems.extend(twice.then(|| name(FILE, &row.pollutant).row(line).expect(text("每个限值一行", "one row for each limit"))));
            }
            _ => problems.push(number(FILE, &format!("{}, {}", row.class1, row.class2)).row(line)),
        }
    }
    out
}

fn profile(read: ProfileText, tables: &Tables, file: &str, problems: &mut Problems) -> Option<Profile> {
    let before = problems.len();
    let rules = &tables.rules;
    let mut indicators = |list: &[IndicatorText]| -> Vec<Indicator> {
        problems.extend((list.len() > MOST).then(|| name(file, "daily / hourly").expect(words!("至多 {MOST} 项", "at most {MOST} items"))));
        list.iter().filter_map(|i| problems.keep(indicator(i, &read.breakpoints, tables, file))).collect()
    };
    let (daily, hourly) = (indicators(&read.daily), indicators(&read.hourly));
    let decimals = rules.pollutants.iter().map(|p| problems.keep(read.decimals.get(&p.key).copied().ok_or_else(|| name(file, &format!("decimals.{}", p.key))))).collect::<Vec<_>>();
    for key in read.decimals.keys().filter(|key| !rules.pollutants.iter().any(|p| p.key == **key)) {
        problems.push(name(file, &format!("decimals.{key}")));
    }
    let mut day = |written: &Option<String>| -> Option<Date> {
        let written = written.as_ref()?;
        problems.keep(written.parse().map_err(|_| number(file, written).expect(text("形如 2026-03-01 的日期", "a date such as 2026-03-01"))))
    };
    let (from, until) = (day(&read.from), day(&read.until));
    let yearly: Vec<Yearly> = tables.statistics.iter().filter_map(|row| problems.keep(yearly(row, &read.limits, tables))).collect();
    let ozone_limit = daily.iter().find(|i| i.item.averaging == Averaging::EightHours).and_then(|i| {
        let key = rules.named(i.item.pollutant).key.clone();
        tables.limits.get(&(read.limits.clone(), key, "8h".to_owned())).map(|(_, class2)| (i.item.pollutant, *class2))
    });
    (problems.len() == before).then(|| Profile {
        id: read.id,
        title: Text::of(read.title_zh, read.title_en),
        standards: read.standards,
        from,
        until,
        by_date: matches!(read.chosen_by, ChosenBy::Date),
        evidence: read.evidence,
        decimals: decimals.into_iter().flatten().collect(),
        daily,
        hourly,
        missing: match read.missing {
            MissingWord::Mark => Missing::Mark,
            MissingWord::Withhold => Missing::Withhold,
        },
        names_exceeding: read.names_exceeding,
        validity: read.validity,
        yearly,
        ozone_limit,
        basis: read.basis,
    })
}

fn indicator(read: &IndicatorText, standard: &str, tables: &Tables, file: &str) -> Result<Indicator, Problem> {
    let item = |key: &str| tables.rules.item(key).ok_or_else(|| name(file, key));
    let measured = item(&read.item)?;
    let against = read.scale.as_deref().map_or(Ok(measured), item)?;
    let above = match &read.above {
        AboveText::Index(index) => Above::Index(*index),
        AboveText::Word(word) if word == "silent" => Above::Silent,
        AboveText::Word(word) => return Err(name(file, word).expect(text("一个指数，或 silent", "an index, or silent"))),
    };
    let points = tables.breakpoints.get(&(standard.to_owned(), against)).cloned().unwrap_or_default();
    let scale = Scale::new(points, above).ok_or_else(|| {
        let key = tables.rules.key(against);
        Problem::error("air.rules_scale", words!("{standard} 的 {key} 分界点不成标尺", "the breakpoints of {key} in {standard} make no scale"))
            .file(file)
            .key(key)
            .expect(text("自 0 起、逐点递增的两个以上分界点", "two or more breakpoints that rise from 0"))
    })?;
    Ok(Indicator { item: measured, scale })
}

fn yearly(row: &StatisticRow, standard: &str, tables: &Tables) -> Result<Yearly, Problem> {
    const FILE: &str = "statistics.csv";
    let pollutant = tables.rules.pollutant(&row.pollutant).ok_or_else(|| name(FILE, &row.pollutant))?;
    let percentile = |word: &str| word.strip_prefix('p')?.parse().ok().filter(|p| *p <= 100);
    let statistic = match row.statistic.as_str() {
        "mean" => Statistic::Mean,
        other => Statistic::Percentile(percentile(other).ok_or_else(|| name(FILE, other).expect(text("mean 或 p95 之类", "mean, or such as p95")))?),
    };
    let in_index = match row.in_index.as_str() {
        "yes" => true,
        "no" => false,
        other => return Err(name(FILE, other).expect(text("yes 或 no", "yes or no"))),
    };
    let key = (standard.to_owned(), row.pollutant.clone(), row.limit.clone());
    let (class1, class2) = tables.limits.get(&key).copied().ok_or_else(|| name("limits.csv", &format!("{standard} {} {}", row.pollutant, row.limit)))?;
    Ok(Yearly { pollutant, statistic, key: row.key.clone(), class1, class2, in_index })
}

fn syntax(file: &str, said: &str) -> Problem {
    Problem::error("air.rules_syntax", words!("规则文件无法读取：{said}", "the rules cannot be read: {said}")).file(format!("rules/air/{file}"))
}

fn name(file: &str, word: &str) -> Problem {
    Problem::error("air.rules_name", words!("规则中的“{word}”无处可寻或不能用在这里", "\"{word}\" is not known to the rules, or cannot stand here"))
        .file(format!("rules/air/{file}"))
        .key(word)
}

fn number(file: &str, word: &str) -> Problem {
    Problem::error("air.rules_number", words!("规则中的“{word}”不是可用的数", "\"{word}\" in the rules is no usable number")).file(format!("rules/air/{file}"))
}

/// A table gives its numbers in the pollutant's own unit, so that nothing is converted.
fn unit(file: &str, written: &str, wanted: &str) -> Option<Problem> {
    (written != wanted).then(|| {
        Problem::error("air.rules_unit", words!("单位是 {written}，应为 {wanted}", "the unit is {written}, it has to be {wanted}")).file(format!("rules/air/{file}")).key(written)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_are_read() {
        let rules = Rules::shipped().unwrap();
        assert_eq!(rules.profiles.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["2012", "cnemc-realtime", "2026-transition", "2026-final"]);
        let on = |day: &str| rules.on(day.parse().unwrap()).unwrap().id.as_str();
        assert_eq!([on("2013-12-02"), on("2026-02-28"), on("2026-03-01"), on("2030-12-31"), on("2031-01-01")], ["2012", "2012", "2026-transition", "2026-transition", "2026-final"]);
        assert_eq!(rules.profile("2026").unwrap_err().code, "air.no_profile");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let limits = SHIPPED.limits.replace("GB 3095-2012,CO,24h,mg/m3,4,4", "GB 3095-2012,CO,24h,ug/m3,4,x");
        let breakpoints = SHIPPED.breakpoints.replace("HJ 633-2012,SO2,24h,ug/m3,50,50", "HJ 633-2012,SO2,24h,ug/m3,50,500");
        let profile = SHIPPED.profiles[0].1.replace("item = \"CO_24h\"", "item = \"C0_24h\"").replace("missing = \"mark\"", "missing = \"mark\"\nmising = 1");
        let unknown = Rules::read(&Texts { profiles: &[("2012.toml", &profile)], ..SHIPPED }).unwrap_err();
        assert_eq!(unknown.0[0].code, "air.rules_syntax");
        assert_eq!(unknown.0[0].at.row, Some(13));
        let profile = profile.replace("mising = 1", "");
        let told = Rules::read(&Texts { limits: &limits, breakpoints: &breakpoints, profiles: &[("2012.toml", &profile)], ..SHIPPED }).unwrap_err();
        let mut codes: Vec<&str> = told.iter().map(|p| p.code.as_ref()).collect();
        codes.dedup();
        assert_eq!(codes, ["air.rules_unit", "air.rules_number", "air.rules_scale", "air.rules_name"]);
    }
}
