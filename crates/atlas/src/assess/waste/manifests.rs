//! Manifests of transfers, run through their life as far as a table tells it.

use super::{Judge, tonnes, verdict};
use crate::assess::palette::OPEN;
use crate::assess::result::{Cell, Table};
use crate::assess::sheets::Entry;
use liangshan_duty::waste::ManifestNumber;
use liangshan_duty::waste::manifest::{Event, Guards, Happened, Line, Manifest, Stage, replay};
use liangshan_vocab::{Problem, Problems, Severity, Text, text, words};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

impl Judge<'_> {
    pub(super) fn manifests(&mut self, entries: &[&Entry]) -> Result<(), Problems> {
        let mut table = Table::new(
            "manifests",
            text("转移联单核对", "Manifests checked"),
            text(
                "编号、移出与接受量之差、确认期限（工作日，未计法定节假日调整）。",
                "Number, difference of weights, term of confirmation (working days; public holidays are not known here).",
            ),
            40,
            &[
                ("number", "联单编号", "number", ""),
                ("site", "单位", "site", ""),
                ("code", "废物代码", "waste code", ""),
                ("sent_t", "移出", "sent", "t"),
                ("received_t", "接受", "received", "t"),
                ("confirm_by", "应于此前确认", "confirm by", ""),
                ("verdict", "结论", "verdict", ""),
                ("findings", "问题", "findings", ""),
            ],
        );
        let mut groups: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            groups.entry(entry.fields.get("number").cloned().unwrap_or_default()).or_default().push(entry);
        }
        let (mut with_findings, mut on_the_way) = (0, 0);
        for (number, rows) in groups {
            let entry = rows[0];
            let parsed = match ManifestNumber::parse(&number) {
                Ok(parsed) => parsed,
                Err(problem) => {
                    self.refuse(entry, problem);
                    continue;
                }
            };
            let senders: BTreeSet<&str> = rows.iter().map(|r| r.place.as_str()).filter(|p| !p.is_empty()).collect();
            if senders.len() > 1 {
                let problem = two_senders(&number, &senders);
                self.refuse(rows.iter().max_by_key(|row| row.line).copied().unwrap_or(entry), problem);
                rows.iter().for_each(|row| self.left_out(row));
                continue;
            }
            let Some((manifest, findings)) = self.manifest(parsed, &rows)? else { continue };
            with_findings += usize::from(!findings.is_empty());
            let travelling = manifest.stage == Stage::InTransit && findings.is_empty();
            on_the_way += usize::from(travelling);
            let sent: Decimal = manifest.lines.iter().map(|l| l.sent_t).sum();
            let received: Decimal = manifest.received.values().sum();
            let said = Text::of(
                findings.iter().map(|p| p.what.zh.to_string()).collect::<Vec<_>>().join("；"),
                findings.iter().map(|p| p.what.en.to_string()).collect::<Vec<_>>().join("; "),
            );
            table.push(vec![
                Cell::word(number),
                Cell::word(&entry.place),
                Cell::word(manifest.lines.iter().map(|l| l.code.clone()).collect::<Vec<_>>().join(", ")),
                tonnes(sent),
                if manifest.received.is_empty() { Cell::Blank } else { tonnes(received) },
                manifest.confirm_by.map_or(Cell::Blank, |d| Cell::word(d.to_string())),
                match (findings.is_empty(), travelling) {
                    (false, _) => verdict(2, "findings", text("有问题", "to be looked at")),
                    (true, true) => Cell::Graded("in_transit".to_owned(), text("运输中", "on the road"), OPEN.to_owned()),
                    (true, false) => verdict(0, "ok", text("相符", "in order")),
                },
                if said.is_empty() { Cell::Blank } else { Cell::Text(said) },
            ]);
            self.problems.extend(findings.into_iter().map(|p| p.file(entry.file.as_str()).row(entry.line)));
        }
        self.close(table, "manifest_findings", text("有问题的联单", "Manifests to be looked at"), with_findings);
        if let Some(fact) = self.facts.last_mut().filter(|_| on_the_way > 0) {
            fact.note = words!("另有 {on_the_way} 份运输中，尚未接受", "{on_the_way} of them on the road and not received yet");
        }
        Ok(())
    }

    /// Runs a manifest through its life as far as the rows tell it.
    fn manifest(&mut self, number: ManifestNumber, rows: &[&Entry]) -> Result<Option<(Manifest, Vec<Problem>)>, Problems> {
        let (mut lines, mut received) = (Vec::new(), BTreeMap::new());
        let mut dates = [None; 3];
        for row in rows {
            let code = row.fields.get("waste_code").cloned().unwrap_or_default();
            // Nothing weighed and no day of acceptance: the load has not arrived yet.
            let there = |name: &str| row.fields.get(name).is_some_and(|d| !d.is_empty());
            let arrived = there("accepted_on") || there("confirmed_on") || row.values.iter().any(|f| f.item == "received_t");
            let sent = self.amount(row, "sent_t");
            let got = if arrived { self.amount(row, "received_t") } else { Some(Decimal::ZERO) };
            let coded = self.waste_code(row);
            let (Some(sent_t), Some(got), true) = (sent, got, coded) else { return Ok(None) };
            lines.push(Line { code: code.clone(), sent_t });
            if arrived {
                *received.entry(code).or_insert(Decimal::ZERO) += got;
            }
            for (slot, name) in dates.iter_mut().zip(["sent_on", "accepted_on", "confirmed_on"]) {
                let Ok(date) = self.date(row, name, false) else { return Ok(None) };
                *slot = slot.or(date);
            }
        }
        let [sent_on, accepted_on, confirmed_on] = dates;
        let mut guards = Guards::of(self.rules)?;
        // The table tells nothing of plans and licences: what was sent is taken to be allowed.
        for line in &lines {
            *guards.plan_left_t.entry(line.code.clone()).or_insert(Decimal::ZERO) += line.sent_t;
            *guards.licence_left_t.entry(line.code.clone()).or_insert(Decimal::ZERO) += line.sent_t;
        }
        let start = sent_on.or(accepted_on).unwrap_or(self.today);
        (guards.licence_until, guards.carrier_until) = (Some(start), Some(start));
        let accepted = accepted_on.unwrap_or(start);
        let mut happened: Vec<Happened> = [Event::File, Event::Load, Event::Depart].into_iter().map(|event| Happened { on: start, event }).collect();
        if !received.is_empty() {
            happened.push(Happened { on: accepted, event: Event::Arrive });
            happened.push(Happened { on: accepted, event: Event::Accept(received) });
        }
        if let Some(on) = confirmed_on {
            happened.push(Happened { on, event: Event::Confirm });
        }
        let (manifest, told) = replay(Manifest::draft(number, lines), &happened, &guards);
        let mut findings: Vec<Problem> = told.into_iter().collect();
        // A step that was refused makes the next ones impossible: the first is what is wrong.
        if let Some(first) = findings.iter().position(|p| p.severity == Severity::Error) {
            let mut at = 0;
            findings.retain(|p| {
                at += 1;
                at <= first + 1 || p.code != "waste.step_order"
            });
        }
        if let (None, Some(by), Some(_)) = (confirmed_on, manifest.confirm_by, accepted_on)
            && self.today > by
        {
            let today = self.today;
            findings.push(
                Problem::warning("assess.not_confirmed", words!("应于 {by} 前确认，至 {today} 未见确认", "to be confirmed by {by}; not confirmed by {today}"))
                    .key(manifest.number.to_string())
                    .fix(text("提醒接受人确认；已确认的补上日期", "remind the receiver, or give the day it was confirmed")),
            );
        }
        Ok(Some((manifest, findings)))
    }
}

/// One number for loads of several senders, each of which has a manifest of its own.
fn two_senders(number: &str, senders: &BTreeSet<&str>) -> Problem {
    let list = senders.iter().copied().collect::<Vec<_>>().join(" / ");
    Problem::error(
        "assess.two_senders",
        words!("联单 {number} 有几个移出人：{list}，未评价", "the manifest {number} has several senders, {list}; it was not judged"),
    )
    .key(number)
    .expect(text("每个移出人各用一份联单", "a manifest for each sender"))
    .fix(text("核对编号是否重用", "see whether the number was used twice"))
}
