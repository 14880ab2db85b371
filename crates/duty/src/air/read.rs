//! The rules of the air out of the standards: every edition of the limits joined with every edition of
//! the index that was in force beside it is a [`Profile`], and so is every index chosen by name. A new
//! pollutant, limit, breakpoint or edition is a line of `rules/air/`.

use std::sync::OnceLock;

use jiff::civil::Date;
use liangshan_vocab::{Evidence, Problem, Problems, Text, text, words};

use super::index::MOST;
use super::profile::{Basis, Indicator, Level, Missing, Profile, Statistic, Steps, Validity, Yearly};
use super::rules::{Named, Rules};
use super::{Above, Averaging, Item, Micro, Pollutant, Scale};
use crate::standard::{Day, Mode, Row, Standard, Standards, Table, shipped};

impl Rules {
    /// The rules shipped with the program.
    pub fn shipped() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            let rules = Rules::of(shipped());
            assert!(rules.is_ok(), "the rules of the air shipped with the program: {rules:?}");
            rules.unwrap_or_else(|_| Rules { pollutants: Vec::new(), profiles: Vec::new() })
        })
    }

    /// The rules of the air among these standards.
    ///
    /// # Errors
    /// All of them: `air.rules_name` for what is not known or does not fit, `air.rules_number`,
    /// `air.rules_scale` for breakpoints that make no scale, and those of a standard that lacks a table
    /// or value.
    pub fn of(standards: &Standards) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut rules = Rules { pollutants: Vec::new(), profiles: Vec::new() };
        let of = |kind: &'static str| standards.all().iter().filter(move |s| s.domain == "air" && s.kind == kind);
        for index in of("index") {
            problems.extend(pollutants(index, &mut rules.pollutants));
        }
        for index in of("index") {
            for limits in of("limits").filter(|l| !l.by_name && together(index, l)) {
                let reader = Reader { rules: &rules, index, limits };
                let profile = problems.keep(reader.profile());
                rules.profiles.extend(profile);
            }
        }
        rules.profiles.sort_by(|a, b| (a.from, !a.by_date, &a.id).cmp(&(b.from, !b.by_date, &b.id)));
        problems.into_result(rules)
    }
}

/// True when an edition of the index and one of the limits judge together: on some day both are in
/// force; one chosen by name takes the limits of its first day.
fn together(index: &Standard, limits: &Standard) -> bool {
    if index.by_name {
        return limits.in_force(index.from);
    }
    let ends_before = |a: &Standard, b: &Standard| a.until.is_some_and(|until| until <= b.from);
    !ends_before(index, limits) && !ends_before(limits, index)
}

/// Adds the pollutants of a standard to those known. One that is known must be the same.
fn pollutants(standard: &Standard, known: &mut Vec<Named>) -> Problems {
    let mut problems = Problems::new();
    let Some(table) = problems.keep(standard.table("pollutants")) else { return problems };
    for row in &table.rows {
        let word = |column: &str| table.text(row, column).to_owned();
        let named = Named { key: word("key"), symbol: word("symbol"), title: Text::of(word("title_zh"), word("title_en")), unit: word("unit") };
        match known.iter().find(|n| n.key == named.key) {
            None => known.push(named),
            Some(before) if *before == named => {}
            Some(_) => problems.push(at(name(&named.key).expect(text("与其他版本相同的一行", "the very row of the other editions")), row)),
        }
    }
    problems.extend((known.len() > 64).then(|| name("pollutants").expect(text("至多 64 种", "64 at most"))));
    problems
}

struct Reader<'r> {
    rules: &'r Rules,
    index: &'r Standard,
    limits: &'r Standard,
}

impl Reader<'_> {
    fn profile(&self) -> Result<Profile, Problems> {
        let (index, limits) = (self.index, self.limits);
        let mut problems = Problems::new();
        let daily = problems.keep(self.indicators("daily"));
        let hourly = problems.keep(self.indicators("hourly"));
        let levels = problems.keep(self.levels());
        let yearly = problems.keep(self.yearly());
        let validity = problems.keep(self.validity());
        let decimals = problems.keep(self.decimals());
        let steps = problems.keep(self.steps());
        let names_exceeding = problems.keep(index.value("names_exceeding"));
        let (Some(daily), Some(hourly), Some(levels), Some(yearly), Some(validity), Some(decimals), Some(steps), Some(names_exceeding)) =
            (daily, hourly, levels, yearly, validity, decimals, steps, names_exceeding)
        else {
            return Err(problems);
        };
        let ozone_limit =
            daily.iter().find(|i| i.item.averaging == Averaging::EightHours).and_then(|i| self.limit(i.item.pollutant, "8h").map(|l| (i.item.pollutant, l.1)));
        let until = match (index.until, limits.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        problems.into_result(Profile {
            id: self.id(),
            index: index.id.clone(),
            limits: limits.id.clone(),
            title: Text::of(format!("{} {}", limits.number, index.number), format!("{}, {}", limits.number, index.number)),
            from: date(index.from.max(limits.from)),
            until: until.map(date),
            by_date: !index.by_name,
            evidence: self.evidence(),
            basis: self.basis(),
            decimals,
            daily,
            hourly,
            levels,
            steps,
            exempt_years: index.value("exempt_years").ok().and_then(small).and_then(|years| u8::try_from(years).ok()),
            names_exceeding: names_exceeding != 0.0,
            validity,
            yearly,
            ozone_limit,
        })
    }

    /// `2012` of `gb3095-2012`; the id of the index where it is chosen by name. A second index under the
    /// same limits is named with them.
    fn id(&self) -> String {
        if self.index.by_name {
            return self.index.id.clone();
        }
        let edition = self.limits.id.split_once('-').map_or(self.limits.id.as_str(), |(_, edition)| edition);
        if self.rules.profiles.iter().any(|p| p.id == edition) { format!("{edition}+{}", self.index.id) } else { edition.to_owned() }
    }

    fn steps(&self) -> Result<Steps, Problems> {
        let mut problems = Problems::new();
        let mut whole = |name: &str| {
            let value = problems.keep(self.index.value(name))?;
            problems.keep(small(value).ok_or_else(|| number(value).key(format!("{}: value.{name}", self.index.id))))
        };
        let [primary_above, good_up_to, published] = ["primary_above", "good_up_to", "published_above"].map(|name| whole(name).unwrap_or_default());
        let missing = if published > 0 { Missing::Withhold(published) } else { Missing::Mark };
        problems.into_result(Steps { primary_above, good_up_to, missing })
    }

    fn pollutant(&self, table: &Table, row: &Row) -> Result<Pollutant, Problem> {
        let key = table.text(row, "pollutant");
        self.rules.pollutant(key).ok_or_else(|| at(name(key), row))
    }

    fn averaging(&self, table: &Table, row: &Row, column: &str) -> Result<Averaging, Problem> {
        let word = table.text(row, column);
        Averaging::parse(word).ok_or_else(|| at(name(word), row))
    }

    fn indicators(&self, of: &str) -> Result<Vec<Indicator>, Problems> {
        let table = self.index.table("indicators")?;
        let mut problems = Problems::new();
        let rows = table.rows.iter().filter(|row| table.text(row, "of") == of && table.text(row, "takes_part") == "yes");
        let list: Vec<Indicator> = rows.filter_map(|row| problems.keep(self.indicator(table, row))).collect();
        problems.extend((list.len() > MOST).then(|| name(of).expect(words!("至多 {MOST} 项", "at most {MOST} items"))));
        problems.into_result(list)
    }

    fn indicator(&self, table: &Table, row: &Row) -> Result<Indicator, Problem> {
        let pollutant = self.pollutant(table, row)?;
        let item = Item { pollutant, averaging: self.averaging(table, row, "averaging")? };
        let against = Item { pollutant, averaging: self.averaging(table, row, "scale")? };
        let above = match table.number(row, "above") {
            None => Above::Silent,
            Some(index) => Above::Index(small(index).ok_or_else(|| at(number(index), row))?),
        };
        let key = self.rules.key(against);
        let scale = Scale::new(self.points(against)?, above).ok_or_else(|| {
            let id = &self.index.id;
            at(Problem::error("air.rules_scale", words!("{id} 的 {key} 分界点不成标尺", "the breakpoints of {key} in {id} make no scale")), row)
                .key(key.as_str())
                .expect(text("自 0 起、逐点递增的两个以上分界点", "two or more breakpoints that rise from 0"))
                .fix(text("补齐 breakpoints 表", "complete the table of breakpoints"))
        })?;
        Ok(Indicator { item, scale })
    }

    fn points(&self, item: Item) -> Result<Vec<(u16, Micro)>, Problem> {
        let table = self.index.table("breakpoints")?;
        let named = self.rules.named(item.pollutant);
        let mine = |row: &&Row| table.text(row, "pollutant") == named.key && table.text(row, "averaging") == item.averaging.word();
        let point = |row: &Row| {
            self.unit(table, row, "concentration", item.pollutant)?;
            let iaqi = table.number(row, "iaqi").unwrap_or(f64::NAN);
            Ok((small(iaqi).ok_or_else(|| at(number(iaqi), row))?, micro(table, row, "concentration")?))
        };
        table.rows.iter().filter(mine).map(point).collect()
    }

    /// A table gives its numbers in the pollutant's own unit, so that nothing is converted.
    fn unit(&self, table: &Table, row: &Row, column: &str, pollutant: Pollutant) -> Result<(), Problem> {
        let (written, wanted) = (table.unit(row, column).unwrap_or_default(), &self.rules.named(pollutant).unit);
        if written == wanted {
            return Ok(());
        }
        Err(at(name(written).expect(words!("单位 {wanted}", "the unit {wanted}")), row))
    }

    fn levels(&self) -> Result<Vec<Level>, Problems> {
        let table = self.index.table("levels")?;
        let mut problems = Problems::new();
        let level = |row: &Row| -> Result<Level, Problem> {
            let word = |column: &str| table.text(row, column).to_owned();
            let (colour, up_to) = (word("rgb"), table.number(row, "up_to"));
            let channel = |from: usize| colour.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            let rgb = colour.strip_prefix('#').filter(|hex| hex.len() == 6).and_then(|_| Some([channel(1)?, channel(3)?, channel(5)?]));
            let place = table.number(row, "level").and_then(small).and_then(|l| u8::try_from(l).ok());
            Ok(Level {
                level: place.ok_or_else(|| at(number(f64::NAN), row))?,
                up_to: up_to.map(|most| small(most).ok_or_else(|| at(number(most), row))).transpose()?,
                title: Text::of(word("title_zh"), word("title_en")),
                colour: Text::of(word("colour_zh"), word("colour_en")),
                rgb: rgb.ok_or_else(|| at(name(&colour).expect(text("形如 #00e400 的颜色", "a colour such as #00e400")), row))?,
            })
        };
        let levels: Vec<Level> = table.rows.iter().filter_map(|row| problems.keep(level(row))).collect();
        problems.extend(levels.is_empty().then(|| name("levels").expect(text("至少一级", "one level at least"))));
        problems.into_result(levels)
    }

    fn limit(&self, pollutant: Pollutant, averaging: &str) -> Option<(Micro, Micro)> {
        let table = self.limits.table("limits").ok()?;
        let row = table.row(&format!("{}/{averaging}", self.rules.named(pollutant).key))?;
        self.unit(table, row, "class2", pollutant).ok()?;
        Some((micro(table, row, "class1").ok()?, micro(table, row, "class2").ok()?))
    }

    fn yearly(&self) -> Result<Vec<Yearly>, Problems> {
        let table = self.limits.table("statistics")?;
        let mut problems = Problems::new();
        let percentile = |word: &str| word.strip_prefix('p')?.parse().ok().filter(|p| *p <= 100).map(Statistic::Percentile);
        let yearly = |row: &Row| -> Result<Yearly, Problem> {
            let pollutant = self.pollutant(table, row)?;
            let (word, averaging) = (table.text(row, "statistic"), table.text(row, "averaging"));
            let statistic = if word == "mean" { Some(Statistic::Mean) } else { percentile(word) };
            let key = table.text(row, "key").to_owned();
            let (class1, class2) = self
                .limit(pollutant, averaging)
                .ok_or_else(|| at(name(&key).expect(text("limits 表中有单位一致的限值", "a limit of the same unit in the table of limits")), row))?;
            Ok(Yearly {
                pollutant,
                statistic: statistic.ok_or_else(|| at(name(word).expect(text("mean，或 p95 之类", "mean, or such as p95")), row))?,
                key,
                class1,
                class2,
                in_index: table.text(row, "in_index") == "yes",
                weight: table.number(row, "weight").map(|_| micro(table, row, "weight")).transpose()?,
            })
        };
        let all = table.rows.iter().filter_map(|row| problems.keep(yearly(row))).collect();
        problems.into_result(all)
    }

    fn validity(&self) -> Result<Validity, Problems> {
        let mut problems = Problems::new();
        let mut whole = |name: &str| {
            let value = problems.keep(self.limits.value(name))?;
            problems.keep(small(value).map(u32::from).ok_or_else(|| number(value).key(format!("{}: value.{name}", self.limits.id))))
        };
        let [minutes, day, window, windows, year, month, february, city, non_detect] =
            ["hour_minutes", "day_hours", "window_hours", "day_windows", "year_days", "month_days", "february_days", "city_pct", "non_detect_pct"]
                .map(|name| whole(name).unwrap_or_default());
        problems.into_result(Validity {
            hour_minutes: u8::try_from(minutes).unwrap_or(u8::MAX),
            day_hours: day,
            window_hours: window,
            day_windows: windows,
            year_days: year,
            month_days: month,
            february_days: february,
            city_pct: city,
            non_detect_pct: non_detect,
        })
    }

    /// Concentrations are rounded half to even, which is what [`Micro::rounded`] does.
    fn decimals(&self) -> Result<Vec<u32>, Problems> {
        let rounding = &self.index.rounding;
        let mut problems = Problems::new();
        if rounding.mode != Mode::HalfEven {
            problems.push(name(rounding.mode.word()).key(format!("{}: rounding.mode", self.index.id)).expect(text("half_even", "half_even")));
        }
        let of = |n: &Named| rounding.decimals.get(&n.key).copied().ok_or_else(|| name(&n.key).key(format!("{}: rounding.decimals.{}", self.index.id, n.key)));
        let all = self.rules.pollutants.iter().filter_map(|n| problems.keep(of(n))).collect();
        problems.into_result(all)
    }

    /// The weakest of the two texts, of the rounding and of the named numbers.
    fn evidence(&self) -> Evidence {
        self.basis().into_iter().map(|b| b.evidence).reduce(Evidence::with).unwrap_or(Evidence::Unverified)
    }

    fn basis(&self) -> Vec<Basis> {
        let whole = |s: &Standard| Basis { point: s.id.clone(), source: s.source.clone(), evidence: s.evidence };
        let mut all = vec![whole(self.index), whole(self.limits)];
        let rounding = &self.index.rounding;
        all.extend(rounding.source.clone().map(|source| Basis {
            point: "rounding".into(),
            source,
            evidence: rounding.evidence.unwrap_or(self.index.evidence),
        }));
        let values = self.index.values.iter().chain(&self.limits.values);
        all.extend(values.filter_map(|v| v.source.clone().map(|source| Basis { point: v.name.clone(), source, evidence: v.evidence })));
        all
    }
}

fn date(day: Day) -> Date {
    // Both calendars know the same days of the years 1 to 9999.
    let part = |n: u32| i8::try_from(n).unwrap_or(1);
    Date::new(i16::try_from(day.year()).unwrap_or(i16::MAX), part(day.month()), part(day.day())).unwrap_or(Date::MAX)
}

fn small(value: f64) -> Option<u16> {
    (value.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&value)).then_some(value as u16)
}

fn micro(table: &Table, row: &Row, column: &str) -> Result<Micro, Problem> {
    table.decimal(row, column).and_then(Micro::of_decimal).ok_or_else(|| at(number(table.number(row, column).unwrap_or(f64::NAN)), row))
}

fn at(problem: Problem, row: &Row) -> Problem {
    problem.file(format!("rules/{}", row.file)).row(row.line)
}

fn name(word: &str) -> Problem {
    Problem::error(
        "air.rules_name",
        words!("空气规则中的“{word}”无处可寻或不能用在这里", "\"{word}\" is not known to the rules of the air, or cannot stand here"),
    )
    .key(word)
    .fix(text("对照 docs/reference 中的规则说明改正", "correct it by the page on rules in docs/reference"))
}

fn number(value: f64) -> Problem {
    Problem::error("air.rules_number", words!("空气规则中的 {value} 不能用在这里", "{value} in the rules of the air cannot stand here"))
        .expect(text("不大的非负数；指数与天数为整数", "a number from zero up and not too large; whole for indices and days"))
        .fix(text("对照标准原文改正", "correct it by the text of the standard"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::{RuleText, shipped_texts};

    #[test]
    fn the_shipped_editions_follow_each_other() {
        let rules = Rules::shipped();
        assert_eq!(rules.profiles.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["2012", "cnemc-realtime", "2026-transition", "2026-final"]);
        let on = |day: &str| rules.on(day.parse().unwrap()).map(|p| p.id.as_str());
        let days = ["2013-12-02", "2026-02-28", "2026-03-01", "2030-12-31", "2031-01-01"];
        assert_eq!(days.map(|day| on(day).unwrap()), ["2012", "2012", "2026-transition", "2026-transition", "2026-final"]);
        assert_eq!(on("2012-02-28").unwrap_err().code, "air.no_edition");
        assert_eq!(rules.profile("2026-finale").unwrap_err().code, "air.no_profile");
        let named = ["hj633-2012", "gb3095-2026-final", "hj633-2026"].map(|id| rules.profile(id).unwrap().id.as_str());
        assert_eq!(named, ["2012", "2026-final", "2026-transition"], "a standard's own id names the first edition it judges in");
        assert_eq!(rules.profile("2012").unwrap().evidence, Evidence::Unverified, "its rounding was not read");
    }

    #[test]
    fn two_breakpoints_are_all_that_2026_changed() {
        let rules = Rules::shipped();
        let scale = |profile: &str, key: &str| rules.profile(profile).unwrap().scale(rules.item(key).unwrap()).unwrap().points().to_vec();
        for key in ["SO2_24h", "NO2_24h", "PM10_24h", "CO_24h", "PM25_24h", "O3_8h"] {
            let (old, new) = (scale("2012", key), scale("2026-transition", key));
            let changed: Vec<_> = old.iter().zip(&new).filter(|(a, b)| a != b).map(|(a, b)| (a.0, a.1.number(), b.1.number())).collect();
            let expected: Vec<(u16, f64, f64)> = match key {
                "PM10_24h" => vec![(100, 150.0, 120.0)],
                "PM25_24h" => vec![(100, 75.0, 60.0)],
                _ => Vec::new(),
            };
            assert_eq!(changed, expected, "{key}");
        }
    }

    /// A limit, an edition and a pollutant more, as a region would bring them: no code.
    #[test]
    fn a_new_edition_is_a_text() {
        let edition =
            "id = \"gb3095-2040\"\nextends = \"gb3095-2026-final\"\nnumber = \"GB 3095-2040\"\nfrom = 2040-01-01\n[table.limits]\nfile = \"new.csv\"\n";
        let ends = "id = \"gb3095-2026-final\"\nextends = \"gb3095-2012\"\nfrom = 2031-01-01\nuntil = 2040-01-01\n[table.limits]\nfile = \"gb3095-2026-final-limits.csv\"\n";
        let more = [
            RuleText::new("air/gb3095-2040.toml", edition),
            RuleText::new("air/gb3095-2026-final.toml", ends),
            RuleText::new("air/new.csv", "pollutant,averaging,class1,class2,unit\nPM25,annual,5,5,ug/m3\n"),
        ];
        let (standards, problems) = Standards::read(&[&shipped_texts(), &more]);
        assert!(!problems.has_errors(), "{problems:?}");
        let rules = Rules::of(&standards).unwrap();
        let profile = rules.on("2041-01-01".parse().unwrap()).unwrap();
        let limit = |key: &str| profile.yearly.iter().find(|y| y.key == key).unwrap().class2.number();
        assert_eq!((profile.id.as_str(), limit("PM25"), limit("PM10")), ("2040", 5.0, 50.0));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let spoiled = shipped_texts().into_iter().map(|t| match t.file.as_str() {
            "air/hj633-2012-breakpoints.csv" => {
                RuleText::new(t.file, t.text.replace("CO,24h,50,2,mg/m3", "CO,24h,50,2,ug/m3").replace("SO2,24h,50,50", "SO2,24h,50,500"))
            }
            "air/statistics.csv" => RuleText::new(t.file, t.text.replace("p98", "p980")),
            _ => t,
        });
        let (standards, _) = Standards::read(&[&spoiled.collect::<Vec<_>>()]);
        let told = Rules::of(&standards).unwrap_err();
        let mut codes: Vec<&str> = told.iter().map(|p| p.code.as_ref()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, ["air.rules_name", "air.rules_scale"]);
        assert!(told.iter().any(|p| p.at.row.is_some() && p.at.file.as_deref() == Some("rules/air/hj633-2012-breakpoints.csv")), "{told:?}");
    }
}
