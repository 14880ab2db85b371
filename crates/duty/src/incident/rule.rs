//! Rules of incidents as data: `rules/incident/*.toml`. Each rule brings a series on which it must
//! fire and one on which it must not; [`Rule::check`] runs them.

use liangshan_vocab::{Evidence, Problem, Problems, text, words};

use super::judge::{Kind, judge};
use super::track::{Outlet, Reading, Track};
use crate::emissions::codes::Counts;
use crate::emissions::limit::{Basis, Compare, Limit};
use crate::emissions::record::{Doubt, Doubts};

/// One rule. Numbers of readings are numbers of slots: hours, or days for a daily rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Identifier, `emission.hour-over`.
    pub id: String,
    /// Title.
    pub title_zh: String,
    /// Title.
    pub title_en: String,
    /// Where it was taken from.
    pub basis: String,
    /// How sure that is.
    pub evidence: Evidence,
    /// `hour` or `day`: what a slot is.
    pub averaging: Averaging,
    /// What makes one task.
    pub group: Group,
    /// When an exceedance is one for the officer.
    pub over: Over,
    /// When it has ended.
    pub clear: Clear,
    /// What is thought of readings that are not there.
    pub missing: Missing,
    /// What is wrong with a series.
    pub screen: Screen,
    /// Whose business it is.
    pub duty: Duty,
    /// Series on which it must fire, or must not.
    pub samples: Vec<Sample>,
}

/// What a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Averaging {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Averaging {
    /// Seconds of a slot.
    pub fn seconds(self) -> i64 {
        match self {
            Averaging::Hour => 3600,
            Averaging::Day => 86_400,
        }
    }
}

/// What makes one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Every factor for itself.
    Channel,
    /// All factors of an outlet together.
    Outlet,
}

/// When an exceedance is one for the officer; before that the enterprise looks at its device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Over {
    /// So many readings over in a row.
    pub consecutive: u32,
    /// Or a single one over so many times the limit.
    pub at_once_times: f64,
}

/// When an exceedance has ended: hysteresis and hold-down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clear {
    /// A reading is clear at so large a share of the limit at most.
    pub at_share: f64,
    /// So many clear readings in a row end it.
    pub readings: u32,
    /// Another exceedance within so many slots behind the end belongs to it.
    pub hold_down: i64,
}

/// What is thought of readings that are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// For so many slots one may still come.
    pub wait: i64,
    /// More missing ones in a row than this cut an incident.
    pub gap: u32,
    /// More than this without any reading of the outlet is silence.
    pub silent_after: i64,
}

/// What is wrong with a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// So many equal values in a row, other than zero, are no measurement.
    pub constant: u32,
    /// Further from the mean of the readings before than so many standard deviations is a jump.
    pub jump_sigma: f64,
    /// Over how many readings before.
    pub jump_over: usize,
    /// Doubts by their words that take a reading out of the judgement and make it a fault of the
    /// device. The others are told beside the exceedance.
    pub device: Vec<String>,
}

/// Whose business it is. An office; who held it that day is looked up elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Told of a single exceedance, to look at the device.
    pub verify: String,
    /// Has the task of an exceedance.
    pub office: String,
    /// Hours the office has.
    pub due_hours: i64,
    /// Has the task of a fault of the device, and of silence.
    pub device: String,
    /// Hours for that.
    pub device_due_hours: i64,
}

/// A series with what the rule must make of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What it shows.
    pub title_zh: String,
    /// What it shows.
    pub title_en: String,
    /// The limit as written.
    pub limit: String,
    /// One value a slot.
    pub values: Vec<f64>,
    /// Slots, counted from 0, whose readings never came.
    pub missing: Vec<i64>,
    /// How many tasks of exceedance.
    pub tasks: usize,
    /// How many notices to verify.
    pub notices: usize,
    /// How many tasks of the device.
    pub device: usize,
}

/// The rules that come with the program.
pub const SHIPPED: &[(&str, &str)] = &[
    ("rules/incident/emission-hour.toml", include_str!("../../../../rules/incident/emission-hour.toml")),
    ("rules/incident/emission-day.toml", include_str!("../../../../rules/incident/emission-day.toml")),
];

impl Rule {
    /// What is wrong with a rule: numbers that make no sense, unknown doubts, and samples on which it
    /// does not do as they say.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::new();
        let mut wrong = |holds: bool, key: &str, zh: &str, en: &str| {
            if !holds {
                problems.push(
                    Problem::error("incident.number", words!("规则 {} 的 {key} 不合理", "{key} of the rule {} makes no sense", self.id))
                        .key(key)
                        .expect(liangshan_vocab::Text::of(zh, en)),
                );
            }
        };
        wrong(self.over.consecutive >= 1, "over.consecutive", "不小于 1", "1 or more");
        wrong(self.over.at_once_times > 1.0, "over.at_once_times", "大于 1", "more than 1");
        wrong(self.clear.at_share > 0.0 && self.clear.at_share <= 1.0, "clear.at_share", "大于 0，不大于 1", "above 0, 1 at most");
        wrong(self.clear.readings >= 1, "clear.readings", "不小于 1", "1 or more");
        wrong(self.clear.hold_down >= 0, "clear.hold_down", "不小于 0", "0 or more");
        wrong(self.missing.wait >= 0, "missing.wait", "不小于 0", "0 or more");
        wrong(self.missing.silent_after >= 1, "missing.silent_after", "不小于 1", "1 or more");
        wrong(self.screen.constant >= 2, "screen.constant", "不小于 2", "2 or more");
        wrong(
            self.screen.jump_sigma > 0.0 && self.screen.jump_over >= 2,
            "screen.jump_sigma",
            "大于 0，且 jump_over 不小于 2",
            "above 0, with jump_over 2 or more",
        );
        for word in self.screen.device.iter().filter(|w| Doubt::of(w).is_none()) {
            problems.push(
                Problem::error("incident.doubt", words!("规则 {} 的“{word}”不是已知的疑点", "\"{word}\" in the rule {} is no known doubt", self.id))
                    .key("screen.device")
                    .expect(liangshan_vocab::Text::same(Doubt::ALL.map(Doubt::word).join(" | "))),
            );
        }
        if !problems.is_empty() {
            return problems;
        }
        let (mut fires, mut silent) = (false, false);
        for sample in &self.samples {
            fires |= sample.tasks > 0;
            silent |= sample.tasks == 0;
            problems.extend(self.tried(sample).err());
        }
        if !(fires && silent) {
            problems.push(
                Problem::error(
                    "incident.samples",
                    words!("规则 {} 缺少触发或不触发的样例", "the rule {} lacks a sample that fires, or one that does not", self.id),
                )
                .key("sample")
                .expect(text("至少各一个 [[sample]]", "at least one [[sample]] of each kind")),
            );
        }
        problems
    }

    /// How many slots before one that is judged have to be known.
    pub fn context(&self) -> i64 {
        i64::from(self.screen.constant + self.clear.readings) + self.clear.hold_down
    }

    /// Doubts that make a reading a fault of the device.
    pub fn device_doubts(&self) -> Doubts {
        Doubts::of(self.screen.device.iter().filter_map(|w| Doubt::of(w)))
    }

    fn tried(&self, sample: &Sample) -> Result<(), Problem> {
        let limit = Limit::new(&sample.limit, Compare::FullValue, Basis::Measured, "")?;
        let mut track = Track::new("sample", limit);
        for (slot, value) in sample.values.iter().enumerate().filter(|(slot, _)| !sample.missing.contains(&(*slot as i64))) {
            track.put(Reading { slot: slot as i64, value: *value, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms: 0 });
        }
        let outlet = Outlet { id: "sample".into(), tracks: vec![track], markings: Vec::new() };
        // Long after the last, when nothing more can come, but before its silence matters.
        let findings = judge(self, &outlet, sample.values.len() as i64 + self.missing.wait);
        let count = |kind, task: bool| findings.iter().filter(|f| f.kind == kind && f.anchor.is_some() == task).count();
        let made = [count(Kind::Exceedance, true), count(Kind::Exceedance, false), count(Kind::Device, true)];
        let wanted = [sample.tasks, sample.notices, sample.device];
        if made == wanted {
            return Ok(());
        }
        let title = liangshan_vocab::Text::of(sample.title_zh.as_str(), sample.title_en.as_str());
        Err(Problem::error(
            "incident.sample",
            words!(
                "规则 {} 在样例“{}”上得到 {made:?}",
                "the rule {} makes {made:?} of the sample \"{}\"",
                self.id,
                if title.en.is_empty() { &title.zh } else { &title.en }
            ),
        )
        .key("sample")
        .expect(words!("任务、核实提示、设备任务数 {wanted:?}", "{wanted:?} tasks, notices and tasks of the device")))
    }
}
