//! Rules of incidents from TOML, with every problem and its line.

use liangshan_vocab::document::{Document, Section};
use liangshan_vocab::{Evidence, Problem, Problems, words};

use super::rule::{Averaging, Clear, Duty, Group, Missing, Over, Rule, Sample, Screen};

impl Rule {
    /// Reads a rule from TOML and tries it on its samples.
    ///
    /// # Errors
    /// Those of the text, `incident.count` for a number that is no count, and all of [`Rule::check`].
    pub fn read(source: &str) -> Result<Self, Problems> {
        let document = Document::parse(source.as_bytes())?;
        let rule = rule(&document.root());
        let problems = document.finish();
        match rule {
            Some(rule) if !problems.has_errors() => rule.check().into_result(rule),
            _ => {
                assert!(problems.has_errors(), "a rule that cannot be read has a problem");
                Err(problems)
            }
        }
    }
}

/// Every key is asked for before any is missed, so that all problems are told at once.
fn rule(root: &Section<'_>) -> Option<Rule> {
    let [id, title_zh, title_en, basis] = ["id", "title_zh", "title_en", "basis"].map(|key| root.text(key));
    let evidence = root.one_of("evidence", &["verified", "partial", "unverified"]).and_then(Evidence::parse);
    let averaging = root.one_of("averaging", &["hour", "day"]).map(|word| if word == "day" { Averaging::Day } else { Averaging::Hour });
    let group = root.one_of("group", &["outlet", "channel"]).map(|word| if word == "channel" { Group::Channel } else { Group::Outlet });
    let over = root.section("over").and_then(|s| {
        let (consecutive, at_once_times) = (count(&s, "consecutive"), s.number("at_once_times"));
        Some(Over { consecutive: consecutive?, at_once_times: at_once_times? })
    });
    let clear = root.section("clear").and_then(|s| {
        let (at_share, readings, hold_down) = (s.number("at_share"), count(&s, "readings"), s.integer("hold_down"));
        Some(Clear { at_share: at_share?, readings: readings?, hold_down: hold_down? })
    });
    let missing = root.section("missing").and_then(|s| {
        let (wait, gap, silent_after) = (s.integer("wait"), count(&s, "gap"), s.integer("silent_after"));
        Some(Missing { wait: wait?, gap: gap?, silent_after: silent_after? })
    });
    let screen = root.section("screen").and_then(|s| {
        let (constant, jump_sigma) = (count(&s, "constant"), s.number("jump_sigma"));
        let (jump_over, device) = (count(&s, "jump_over"), s.texts("device"));
        Some(Screen { constant: constant?, jump_sigma: jump_sigma?, jump_over: jump_over? as usize, device: device? })
    });
    let duty = root.section("duty").and_then(|s| {
        let [verify, office, device] = ["verify", "office", "device"].map(|key| s.text(key));
        let (due_hours, device_due_hours) = (s.integer("due_hours"), s.integer("device_due_hours"));
        Some(Duty { verify: verify?, office: office?, due_hours: due_hours?, device: device?, device_due_hours: device_due_hours? })
    });
    let samples: Vec<Option<Sample>> = root.array_of_sections("sample").iter().map(sample).collect();
    let samples: Option<Vec<Sample>> = samples.into_iter().collect();
    Some(Rule {
        id: id?,
        title_zh: title_zh?,
        title_en: title_en?,
        basis: basis?,
        evidence: evidence?,
        averaging: averaging?,
        group: group?,
        over: over?,
        clear: clear?,
        missing: missing?,
        screen: screen?,
        duty: duty?,
        samples: samples?,
    })
}

fn sample(s: &Section<'_>) -> Option<Sample> {
    let [title_zh, title_en, limit] = ["title_zh", "title_en", "limit"].map(|key| s.text(key));
    let (values, missing) = (s.numbers("values"), s.optional_integers("missing").unwrap_or_default());
    let [tasks, notices, device] = ["tasks", "notices", "device"].map(|key| count(s, key).map(|n| n as usize));
    Some(Sample { title_zh: title_zh?, title_en: title_en?, limit: limit?, values: values?, missing, tasks: tasks?, notices: notices?, device: device? })
}

/// A number of readings: zero to a thousand, so that what rests on it stays small.
fn count(s: &Section<'_>, key: &str) -> Option<u32> {
    let number = s.integer(key)?;
    let count = u32::try_from(number).ok().filter(|n| *n <= 1000);
    if count.is_none() {
        s.problem(
            key,
            Problem::error("incident.count", words!("{number} 不是合理的个数", "{number} is no sensible count"))
                .expect(words!("0 至 1000 的整数", "an integer from 0 to 1000")),
        );
    }
    count
}
