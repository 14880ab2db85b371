//! A rule of incidents as one JSON value, and as rows of a table.

use liangshan_vocab::{Text, text};
use serde_json::{Value, json};

use super::rule::{Averaging, Group, Rule, Sample};

/// One number or word of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its key in the file.
    pub key: &'static str,
    /// What it says.
    pub value: String,
    /// What it means.
    pub title: Text,
}

impl Rule {
    /// What it is called.
    pub fn title(&self) -> Text {
        Text::of(self.title_zh.as_str(), self.title_en.as_str())
    }

    /// Everything it says but its samples, in the order of the file.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |key, value: String, zh, en| Entry { key, value, title: text(zh, en) };
        let Rule { over, clear, missing, screen, duty, .. } = self;
        let averaging = if self.averaging == Averaging::Day { "day" } else { "hour" };
        let group = if self.group == Group::Channel { "channel" } else { "outlet" };
        vec![
            entry("averaging", averaging.to_owned(), "一个时段", "what a slot is"),
            entry("group", group.to_owned(), "合为一件事的范围", "what makes one task"),
            entry("over.consecutive", over.consecutive.to_string(), "连续超标个数", "in a row over the limit"),
            entry("over.at_once_times", over.at_once_times.to_string(), "一个即成事件的倍数", "times the limit at which one is enough"),
            entry("clear.at_share", clear.at_share.to_string(), "算恢复的限值份额", "share of the limit at which it is clear"),
            entry("clear.readings", clear.readings.to_string(), "连续恢复个数", "clear ones in a row"),
            entry("clear.hold_down", clear.hold_down.to_string(), "归入同一事件的间隔", "slots after the end that still belong to it"),
            entry("missing.wait", missing.wait.to_string(), "迟到数据的等待", "slots a late reading is waited for"),
            entry("missing.gap", missing.gap.to_string(), "断开事件的连续缺失", "missing in a row that cut an incident"),
            entry("missing.silent_after", missing.silent_after.to_string(), "无数据告警", "slots without any reading"),
            entry("screen.constant", screen.constant.to_string(), "恒值个数", "equal values in a row"),
            entry("screen.jump_sigma", screen.jump_sigma.to_string(), "跳变的标准差倍数", "standard deviations of a jump"),
            entry("screen.jump_over", screen.jump_over.to_string(), "跳变所看的个数", "readings a jump is seen over"),
            entry("screen.device", screen.device.join(" "), "归为设备故障的疑点", "doubts that are a fault of the device"),
            entry("duty.verify", duty.verify.clone(), "核实者", "who verifies"),
            entry("duty.office", duty.office.clone(), "处置者", "who acts"),
            entry("duty.due_hours", duty.due_hours.to_string(), "处置时限（小时）", "hours to act"),
            entry("duty.device", duty.device.clone(), "设备故障的处置者", "who mends the device"),
            entry("duty.device_due_hours", duty.device_due_hours.to_string(), "设备故障时限（小时）", "hours for that"),
        ]
    }

    /// All that it says.
    pub fn to_json(&self) -> Value {
        let said: Vec<Value> = self.entries().into_iter().map(|e| json!({ "key": e.key, "value": e.value, "title": e.title })).collect();
        json!({
            "id": self.id, "title": self.title(), "domain": "incident", "kind": "rule", "source": self.basis, "evidence": self.evidence.word(),
            "values": said, "samples": self.samples.iter().map(sample).collect::<Vec<_>>(),
        })
    }
}

fn sample(s: &Sample) -> Value {
    json!({
        "title": Text::of(s.title_zh.as_str(), s.title_en.as_str()), "limit": s.limit, "values": s.values, "missing": s.missing,
        "tasks": s.tasks, "notices": s.notices, "device": s.device,
    })
}
