//! From draft to closed: which event each stage admits, what must hold before it, and what is told
//! when it does not go as it should.
//!
//! A refused event changes nothing; the next is held against the stage as it was. A load that was
//! rejected goes back: it is confirmed and closed, and never treated under this manifest.

use std::collections::BTreeMap;

use jiff::civil::Date;
use liangshan_vocab::{Problem, Problems, Text, text, words};
use rust_decimal::Decimal;

use super::ManifestNumber;
use crate::standard::Standard;
use crate::waste::WorkCalendar;
use crate::waste::rules::{threshold, whole};

/// Where a manifest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Filed with the authority.
    Filed,
    /// On the vehicle.
    Loaded,
    /// On the road.
    InTransit,
    /// At the receiver's gate.
    Arrived,
    /// Taken over whole.
    Accepted,
    /// Taken over in part.
    PartlyAccepted,
    /// Sent back.
    Rejected,
    /// Confirmed in the system by the receiver.
    Confirmed,
    /// Used or disposed of.
    Treated,
    /// Done.
    Closed,
    /// Withdrawn before loading.
    Void,
}

impl Stage {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Filed => "filed",
            Stage::Loaded => "loaded",
            Stage::InTransit => "in_transit",
            Stage::Arrived => "arrived",
            Stage::Accepted => "accepted",
            Stage::PartlyAccepted => "partly_accepted",
            Stage::Rejected => "rejected",
            Stage::Confirmed => "confirmed",
            Stage::Treated => "treated",
            Stage::Closed => "closed",
            Stage::Void => "void",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Stage::Draft => text("草稿", "draft"),
            Stage::Filed => text("已填报", "filed"),
            Stage::Loaded => text("已装车", "loaded"),
            Stage::InTransit => text("运输中", "on the road"),
            Stage::Arrived => text("已到达", "arrived"),
            Stage::Accepted => text("已接受", "accepted"),
            Stage::PartlyAccepted => text("部分接受", "accepted in part"),
            Stage::Rejected => text("已拒收", "rejected"),
            Stage::Confirmed => text("已确认", "confirmed"),
            Stage::Treated => text("已利用处置", "treated"),
            Stage::Closed => text("已办结", "closed"),
            Stage::Void => text("已作废", "void"),
        }
    }
}

/// Something that happened to a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Filed by the sender.
    File,
    /// Withdrawn.
    Withdraw,
    /// Loaded by the carrier.
    Load,
    /// Left the sender.
    Depart,
    /// Stood still on the way for so many minutes, at a place not in the plan of the trip.
    Stop {
        /// Minutes.
        minutes: u32,
    },
    /// Reached the receiver.
    Arrive,
    /// Taken over: what was weighed, t, by waste code.
    Accept(BTreeMap<String, Decimal>),
    /// Taken over in part: what was kept, t, by waste code.
    AcceptPart(BTreeMap<String, Decimal>),
    /// Sent back whole.
    Reject,
    /// Confirmed in the system.
    Confirm,
    /// Used or disposed of.
    Treat,
    /// Done.
    Close,
}

impl Event {
    /// The word in files.
    pub fn word(&self) -> &'static str {
        match self {
            Event::File => "file",
            Event::Withdraw => "withdraw",
            Event::Load => "load",
            Event::Depart => "depart",
            Event::Stop { .. } => "stop",
            Event::Arrive => "arrive",
            Event::Accept(_) => "accept",
            Event::AcceptPart(_) => "accept_part",
            Event::Reject => "reject",
            Event::Confirm => "confirm",
            Event::Treat => "treat",
            Event::Close => "close",
        }
    }

    /// The word for people.
    pub fn title(&self) -> Text {
        match self {
            Event::File => text("填报", "filing"),
            Event::Withdraw => text("作废", "withdrawal"),
            Event::Load => text("装车", "loading"),
            Event::Depart => text("起运", "departure"),
            Event::Stop { .. } => text("途中停留", "stop on the way"),
            Event::Arrive => text("到达", "arrival"),
            Event::Accept(_) => text("接受", "acceptance"),
            Event::AcceptPart(_) => text("部分接受", "acceptance in part"),
            Event::Reject => text("拒收", "rejection"),
            Event::Confirm => text("确认", "confirmation"),
            Event::Treat => text("利用处置", "treatment"),
            Event::Close => text("办结", "closing"),
        }
    }
}

/// An event and its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The day.
    pub on: Date,
    /// What.
    pub event: Event,
}

/// One waste on a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Code of the national list, `900-214-08`.
    pub code: String,
    /// What the sender weighed, t.
    pub sent_t: Decimal,
}

/// What must hold, and what is told: taken from the plan, the licences and the rules of the place.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    /// What the sender's plan still allows, t by waste code.
    pub plan_left_t: BTreeMap<String, Decimal>,
    /// What the receiver's licence still allows, t by waste code.
    pub licence_left_t: BTreeMap<String, Decimal>,
    /// Last day of the receiver's licence.
    pub licence_until: Option<Date>,
    /// Last day of the carrier's permit.
    pub carrier_until: Option<Date>,
    /// Differences of weight beyond this share of what was sent are told (choice: 0.03).
    pub difference_share: Decimal,
    /// Differences of weight beyond this many tonnes are told (choice: 0.05).
    pub difference_t: Decimal,
    /// Stops longer than this many minutes are told (choice: 30).
    pub stop_minutes: u32,
    /// The receiver confirms within so many working days (order 23: 5).
    pub confirm_days: u32,
    /// Which days are worked.
    pub calendar: WorkCalendar,
}

impl Guards {
    /// Guards with the thresholds of the rules; what a plan and licences allow is still to be filled in.
    ///
    /// # Errors
    /// `standard.no_value`, `waste.rule_value` for a number that is none of its kind.
    pub fn of(rules: &Standard) -> Result<Self, Problem> {
        Ok(Self {
            difference_share: threshold(rules, "difference_share")?,
            difference_t: threshold(rules, "difference_t")?,
            stop_minutes: whole(rules, "stop_minutes")?,
            confirm_days: whole(rules, "confirm_days")?,
            ..Self::default()
        })
    }
}

/// A manifest as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its number.
    pub number: ManifestNumber,
    /// What it carries.
    pub lines: Vec<Line>,
    /// Where it stands.
    pub stage: Stage,
    /// What the receiver took over, t by waste code; empty before.
    pub received: BTreeMap<String, Decimal>,
    /// The last day the receiver may confirm on; from the day it took over.
    pub confirm_by: Option<Date>,
    /// The day of the last event.
    pub last: Option<Date>,
}

impl Manifest {
    /// A draft.
    pub fn draft(number: ManifestNumber, lines: Vec<Line>) -> Self {
        Self { number, lines, stage: Stage::Draft, received: BTreeMap::new(), confirm_by: None, last: None }
    }

    /// The stage an event leads to from this one; `None` where it is not admitted.
    pub fn next(&self, event: &Event) -> Option<Stage> {
        use Stage::{Accepted, Arrived, Closed, Confirmed, Draft, Filed, InTransit, Loaded, PartlyAccepted, Rejected, Treated, Void};
        Some(match (self.stage, event) {
            (Draft, Event::File) => Filed,
            (Draft | Filed, Event::Withdraw) => Void,
            (Filed, Event::Load) => Loaded,
            (Loaded, Event::Depart) => InTransit,
            (InTransit, Event::Stop { .. }) => InTransit,
            (InTransit, Event::Arrive) => Arrived,
            (Arrived, Event::Accept(_)) => Accepted,
            (Arrived, Event::AcceptPart(_)) => PartlyAccepted,
            (Arrived, Event::Reject) => Rejected,
            (Accepted | PartlyAccepted | Rejected, Event::Confirm) => Confirmed,
            (Confirmed, Event::Treat) if !self.received.is_empty() => Treated,
            (Confirmed, Event::Close) if self.received.is_empty() => Closed,
            (Treated, Event::Close) => Closed,
            _ => return None,
        })
    }

    /// Takes one event. Errors leave the manifest as it was; warnings are told beside it.
    pub fn take(&mut self, happened: &Happened, guards: &Guards) -> Problems {
        let mut told = self.refusals(happened, guards);
        let Some(stage) = self.next(&happened.event).filter(|_| !told.has_errors()) else { return told };
        match &happened.event {
            Event::Accept(weighed) | Event::AcceptPart(weighed) => {
                self.received.clone_from(weighed);
                self.confirm_by = guards.calendar.last_day(happened.on, guards.confirm_days);
                told.extend(self.differences(guards));
            }
            Event::Reject => self.confirm_by = guards.calendar.last_day(happened.on, guards.confirm_days),
            Event::Stop { minutes } if *minutes > guards.stop_minutes => told.push(self.stopped(*minutes)),
            Event::Confirm => told.extend(self.confirm_by.filter(|by| happened.on > *by).map(|by| self.confirmed_late(happened.on, by))),
            _ => {}
        }
        self.stage = stage;
        self.last = Some(happened.on);
        told
    }

    /// Why an event is refused; nothing when it is not.
    fn refusals(&self, happened: &Happened, guards: &Guards) -> Problems {
        let mut told = Problems::new();
        if self.next(&happened.event).is_none() {
            told.push(self.out_of_order(&happened.event));
            return told;
        }
        told.extend(self.last.filter(|last| happened.on < *last).map(|last| self.earlier(happened.on, last)));
        match &happened.event {
            Event::File => {
                told.extend(self.lines.iter().filter(|l| l.sent_t <= Decimal::ZERO).map(|l| self.no_amount(l)));
                told.extend(self.beyond(&guards.plan_left_t).map(|over| self.plan_amount(&over)));
                told.extend(self.beyond(&guards.licence_left_t).map(|over| self.licence_amount(&over)));
                told.extend(expired(happened.on, guards.licence_until).then(|| self.licence_expired(happened.on, guards.licence_until)));
            }
            Event::Load => told.extend(expired(happened.on, guards.carrier_until).then(|| self.carrier_expired(happened.on, guards.carrier_until))),
            Event::Accept(weighed) | Event::AcceptPart(weighed) => {
                told.extend(weighed.iter().filter(|(code, t)| **t < Decimal::ZERO || self.sent(code).is_none()).map(|(code, _)| self.not_sent(code)));
                if weighed.values().all(|t| *t <= Decimal::ZERO) {
                    told.push(self.nothing_taken());
                }
            }
            _ => {}
        }
        told
    }

    fn sent(&self, code: &str) -> Option<Decimal> {
        let mut of_code = self.lines.iter().filter(|l| l.code == code).map(|l| l.sent_t).peekable();
        of_code.peek()?;
        Some(of_code.sum())
    }

    fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.lines.iter().map(|l| l.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Codes of which more is to go than is left.
    fn beyond<'m>(&'m self, left: &'m BTreeMap<String, Decimal>) -> impl Iterator<Item = Over<'m>> {
        self.codes().into_iter().filter_map(|code| {
            let (sent, left) = (self.sent(code)?, left.get(code).copied().unwrap_or_default());
            (sent > left).then_some(Over { code, sent, left })
        })
    }

    fn plan_amount(&self, Over { code, sent, left }: &Over<'_>) -> Problem {
        self.say(
            Problem::error(
                "waste.plan_amount",
                words!("{code} 拟转移 {sent} t，转移计划余量 {left} t", "{sent} t of {code} are to go, the plan has {left} t left"),
            ),
            text("先变更计划", "change the plan first"),
        )
    }

    fn licence_amount(&self, Over { code, sent, left }: &Over<'_>) -> Problem {
        self.say(
            Problem::error(
                "waste.licence",
                words!("{code} 拟转移 {sent} t，接受人许可余量 {left} t", "{sent} t of {code} are to go, the receiver's licence has {left} t left"),
            ),
            text("另选接受人", "choose another receiver"),
        )
    }

    fn licence_expired(&self, on: Date, until: Option<Date>) -> Problem {
        let until = written(until);
        self.say(
            Problem::error(
                "waste.licence",
                words!("接受人的许可证有效期至 {until}，{on} 不在其内", "the licence of the receiver is good until {until}, and this is {on}"),
            ),
            text("另选接受人", "choose another receiver"),
        )
    }

    fn carrier_expired(&self, on: Date, until: Option<Date>) -> Problem {
        let until = written(until);
        self.say(
            Problem::error(
                "waste.carrier",
                words!("承运人的资质有效期至 {until}，{on} 不在其内", "the permit of the carrier is good until {until}, and this is {on}"),
            ),
            text("另选承运人", "choose another carrier"),
        )
    }

    fn differences(&self, guards: &Guards) -> Vec<Problem> {
        let found = self.codes().into_iter().filter_map(|code| {
            let (sent, got) = (self.sent(code)?, self.received.get(code).copied().unwrap_or_default());
            let off = (got - sent).abs();
            (off > guards.difference_t || off > guards.difference_share * sent).then(|| {
                self.say(
                    Problem::warning("waste.difference", words!("{code} 移出 {sent} t，接受 {got} t", "{sent} t of {code} were sent and {got} t received")),
                    text(
                        "接受人告知移出人，商定处理，并报告接受地主管部门",
                        "the receiver tells the sender, they settle it, and the receiving authority is told",
                    ),
                )
            })
        });
        found.collect()
    }

    fn say(&self, problem: Problem, fix: Text) -> Problem {
        problem.key(self.number.to_string()).fix(fix)
    }

    fn out_of_order(&self, event: &Event) -> Problem {
        let (stage, event) = (self.stage.title(), event.title());
        self.say(
            Problem::error(
                "waste.step_order",
                Text::of(format!("联单{}，不能{}", stage.zh, event.zh), format!("a manifest that is {} admits no {}", stage.en, event.en)),
            ),
            text("按顺序补录此前的环节", "enter the steps before it, in order"),
        )
    }

    fn earlier(&self, on: Date, last: Date) -> Problem {
        self.say(
            Problem::error("waste.step_time", words!("{on} 早于上一环节的 {last}", "{on} is before the step before it, on {last}")),
            text("改正日期", "correct the date"),
        )
    }

    fn no_amount(&self, line: &Line) -> Problem {
        let (code, t) = (&line.code, line.sent_t);
        self.say(
            Problem::error("waste.step_amount", words!("{code} 的数量为 {t} t", "the amount of {code} is {t} t")),
            text("填写大于 0 的数量", "enter an amount above zero"),
        )
    }

    fn not_sent(&self, code: &str) -> Problem {
        self.say(
            Problem::error("waste.step_amount", words!("联单上没有 {code}，或数量为负", "the manifest does not carry {code}, or its weight is below zero")),
            text("核对接受的代码与数量", "look at code and weight of what was received"),
        )
    }

    fn nothing_taken(&self) -> Problem {
        self.say(
            Problem::error("waste.step_amount", text("接受的数量为 0", "nothing was taken over")),
            text("全部拒收时用 reject", "a load that is sent back whole is a reject"),
        )
    }

    fn stopped(&self, minutes: u32) -> Problem {
        self.say(
            Problem::warning("waste.unplanned_stop", words!("途中计划外停留 {minutes} 分钟", "stood still for {minutes} minutes where no stop was planned")),
            text("向承运人查明原因", "ask the carrier why"),
        )
    }

    fn confirmed_late(&self, on: Date, by: Date) -> Problem {
        self.say(
            Problem::warning("waste.confirm_late", words!("应于 {by} 前确认，实为 {on}", "to be confirmed by {by}, confirmed on {on}")),
            text("提醒接受人按时确认", "remind the receiver of the term"),
        )
    }
}

/// A code of which more is to go than is left, t.
struct Over<'m> {
    code: &'m str,
    sent: Decimal,
    left: Decimal,
}

/// True unless there is a last day and it has not passed.
fn expired(on: Date, until: Option<Date>) -> bool {
    until.is_none_or(|until| on > until)
}

fn written(day: Option<Date>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.to_string())
}

/// A draft and all that happened to it, in order: the manifest as it stands, and everything told.
pub fn replay(mut manifest: Manifest, happened: &[Happened], guards: &Guards) -> (Manifest, Problems) {
    let mut told = Problems::new();
    for one in happened {
        told.extend(manifest.take(one, guards));
    }
    (manifest, told)
}
