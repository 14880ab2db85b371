//! Monitors on the line: bytes of a device to readings of its outlet, and those to tasks. No socket and
//! no clock: whoever has them hands over bytes and the hour.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use liangshan_duty::emissions::codes::{Codes, Counts};
use liangshan_duty::emissions::record::{Agreement, Beside, Channel, Doubts, Record};
use liangshan_duty::incident::desk::Change;
use liangshan_duty::incident::rule::Averaging;
use liangshan_duty::incident::track::Marking;
use liangshan_duty::incident::{Desk, Followed, Outlet, Reading, Rule, Task, Track};
use liangshan_duty::ingest::Arrival;
use liangshan_duty::standard::{self, Standards};
use liangshan_formats::hj212::cipher::plain_segment;
use liangshan_formats::hj212::{CrcMode, Edition, Fault, Faults, Field, Frame, Key, Packet, content, moment};
use liangshan_store::digest;
use liangshan_vocab::Problem;

/// A packet as the store takes it in; `bytes` are those of its whole frame.
///
/// # Errors
/// A fault of its data, or no data time.
pub fn arrival(bytes: &[u8], packet: &Packet<'_>) -> Result<Arrival, Fault> {
    content::check(packet.content)?;
    let (mut names, mut values): (Vec<&[u8]>, Vec<_>) = (Vec::with_capacity(64), Vec::with_capacity(64));
    for pair in content::pairs(packet.content) {
        let pair = pair?;
        // Twins agree: the check above has seen to it.
        let Some((factor, field)) = pair.channel().filter(|_| !names.contains(&pair.name)) else { continue };
        names.push(pair.name);
        values.push((factor.to_owned(), field.to_owned(), pair.text().into_owned()));
    }
    let data_time = content::alone(packet.content, "DataTime").filter(|t| moment(t).is_some()).ok_or(Fault::Missing(Field::Cp))?;
    Ok(Arrival {
        digest: digest(bytes),
        mn: packet.mn.to_owned(),
        cn: packet.cn,
        qn: packet.qn.unwrap_or_default().to_owned(),
        data_time: content::text(data_time).into_owned(),
        values,
    })
}

/// The slot, and the milliseconds, since 1970 of a moment as devices write it, in their own time.
fn since_1970(digits: &[u8]) -> Option<i64> {
    let epoch = jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    i64::try_from(moment(digits)?.duration_since(epoch).as_millis()).ok()
}

/// A monitored outlet as it is registered.
#[derive(Debug, Clone)]
pub struct Station {
    /// How the device computes its check.
    pub crc_mode: CrcMode,
    /// Its key, where it encrypts.
    pub key: Option<Key>,
    /// Code of the flow, and of the oxygen with the content to fold to.
    pub flow: Option<String>,
    /// Code of the oxygen, with the content the limits fold to.
    pub oxygen: Option<(String, f64)>,
    mn: String,
    channels: Vec<(String, Channel)>,
    followed: Followed,
    changed: bool,
    desk: Desk,
}

impl Station {
    /// An outlet with the channels that have a limit, by factor code.
    pub fn new(mn: &str, channels: Vec<(String, Channel)>) -> Self {
        let tracks = channels.iter().filter_map(|(factor, c)| Some(Track::new(factor, c.limit.clone()?))).collect();
        let channels = channels.into_iter().filter(|(_, c)| c.limit.is_some()).collect();
        let followed = Followed::new(Outlet { id: mn.to_owned(), tracks, markings: Vec::new() });
        Self { crc_mode: CrcMode::Standard, key: None, flow: None, oxygen: None, mn: mn.to_owned(), channels, followed, changed: false, desk: Desk::default() }
    }

    /// What is known of its hours.
    pub fn outlet(&self) -> &Outlet {
        self.followed.outlet()
    }

    /// Enters what an enterprise has marked.
    pub fn mark(&mut self, marking: Marking) {
        self.changed = true;
        self.followed.mark(marking);
    }
}

/// What one frame brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Items of the data: factors, each with its fields.
    pub items: u32,
    /// Readings that were new, or newer.
    pub readings: u32,
    /// Readings too old to be judged any more, or of a time to come, as of a clock that is wrong. They
    /// are not judged; storing them is not this one's business.
    pub outside: u32,
}

/// All registered stations under one rule.
#[derive(Debug, Clone)]
pub struct Watch {
    rule: Rule,
    kept: i64,
    /// By MN.
    stations: Vec<Station>,
    places: HashMap<String, usize>,
    said: Said,
}

/// What the standards say of messages and of values beside each other.
#[derive(Debug, Clone)]
struct Said {
    /// By the edition a packet follows: its version bits.
    codes: [Codes; 3],
    agreement: Agreement,
}

impl Said {
    /// # Errors
    /// What the standards lack.
    fn of(standards: &Standards) -> Result<Self, Problem> {
        let codes = |edition: Edition| Codes::of_version(standards, edition.version());
        Ok(Self {
            codes: [codes(Edition::E2005)?, codes(Edition::E2017)?, codes(Edition::E2025)?],
            agreement: Agreement::of(standards.latest("emissions", "validity")?)?,
        })
    }

    fn shipped() -> &'static Self {
        static SAID: LazyLock<Said> = LazyLock::new(|| match Said::of(standard::shipped()) {
            Ok(said) => said,
            Err(problem) => unreachable!("the standards shipped with the program lack something: {problem:?}"),
        });
        &SAID
    }
}

impl Watch {
    /// Stations by the MN they send under. `kept` slots of readings are judged, and older ones
    /// forgotten; an incident that lasts longer keeps its task.
    pub fn new(rule: Rule, kept: i64, stations: impl IntoIterator<Item = Station>) -> Self {
        // Of two under one MN the last holds.
        let stations: BTreeMap<String, Station> = stations.into_iter().map(|s| (s.outlet().id.clone(), s)).collect();
        let places = stations.keys().cloned().zip(0..).collect();
        let stations = stations.into_values().collect();
        Self { rule, kept, stations, places, said: Said::shipped().clone() }
    }

    /// By other standards than those shipped with the program: the editions of `messages/hj212` say
    /// what marks mean, the last one of `emissions/validity` what agrees and how values are folded.
    ///
    /// # Errors
    /// What they lack.
    pub fn by(mut self, standards: &Standards) -> Result<Self, Problem> {
        self.said = Said::of(standards)?;
        Ok(self)
    }

    /// Reads a frame whole: check, header, every pair; and puts its hourly, or daily, values in their
    /// places. `now` is the slot under way.
    ///
    /// # Errors
    /// Every fault; a device that is not registered is a fault of MN. Nothing is taken then.
    pub fn take(&mut self, frame: &Frame<'_>, now: i64) -> Result<Taken, Faults> {
        // Of a wrong check nothing else is believed, the device least of all.
        let header = Packet::read(frame.segment).ok().and_then(|p| Some((*self.places.get(p.mn)?, p)));
        let Some((place, header)) = header else {
            frame.verify(frame.segment, CrcMode::Standard)?;
            let packet = Packet::read(frame.segment)?;
            content::check(packet.content)?;
            return Err(Fault::Malformed(Field::Mn).into());
        };
        let station = &mut self.stations[place];
        let plain = plain_segment(frame, station.crc_mode, station.key.as_ref())?;
        let packet = match &plain {
            Some(plain) => Packet::read(plain)?,
            None => header,
        };
        let (averaging, oldest) = (self.rule.averaging, now - self.kept - self.rule.context());
        Ok(station.take(&packet, &self.said, averaging, (oldest, now))?)
    }

    /// Judges the stations that changed since the last time and brings their tasks in line; or all of
    /// them, as is due once a slot, since what does not arrive changes nothing.
    pub fn judge(&mut self, now: i64, all: bool) -> Vec<(String, Change)> {
        let mut changes = Vec::new();
        let since = now - self.kept;
        for station in self.stations.iter_mut().filter(|s| all || s.changed) {
            station.changed = false;
            station.followed.forget(since - self.rule.context());
            let Station { mn, followed, desk, .. } = station;
            let findings = followed.judge(&self.rule, now);
            changes.extend(desk.settle(&self.rule, mn, findings, since, now));
        }
        changes
    }

    /// All tasks, station by station in the order of their MN.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.stations.iter().flat_map(|s| s.desk.tasks())
    }

    /// A station by its MN.
    pub fn station_mut(&mut self, mn: &str) -> Option<&mut Station> {
        self.places.get(mn).map(|place| &mut self.stations[*place])
    }
}

/// The command whose data are the slots of a rule.
fn command(averaging: Averaging) -> u16 {
    match averaging {
        Averaging::Hour => 2061,
        Averaging::Day => 2031,
    }
}

/// What a packet says of one factor.
struct Sent<'a> {
    factor: &'a str,
    record: Record,
}

/// What a packet says, factor by factor in the order of its items.
#[derive(Default)]
struct Says<'a> {
    sent: Vec<Sent<'a>>,
    data_time: Option<&'a [u8]>,
    /// A value that is no number: a fault and not a missing one.
    wrong: bool,
}

impl Station {
    fn take(&mut self, packet: &Packet<'_>, said: &Said, averaging: Averaging, (oldest, now): (i64, i64)) -> Result<Taken, Fault> {
        let mut says = Says { sent: Vec::with_capacity(16), ..Says::default() };
        let codes = &said.codes[usize::from(packet.edition.version())];
        content::read(packet.content, |pair| says.take(&pair, codes))?;
        if says.wrong {
            return Err(Fault::Malformed(Field::Cp));
        }
        let mut taken = Taken { items: says.sent.len() as u32, readings: 0, outside: 0 };
        if packet.cn != command(averaging) {
            return Ok(taken);
        }
        let slot = says.data_time.and_then(since_1970).ok_or(Fault::Missing(Field::Cp))?.div_euclid(averaging.seconds() * 1000);
        let sent_ms = packet.qn.and_then(|qn| since_1970(qn.as_bytes())).unwrap_or_default();
        if slot < oldest || slot > now {
            taken.outside = self.channels.iter().filter(|(factor, _)| says.of(factor, 0).is_some()).count() as u32;
            return Ok(taken);
        }
        let beside = self.beside(&says);
        let mut at = 0;
        for (place, (factor, channel)) in self.channels.iter().enumerate() {
            let Some((found, record)) = says.of(factor, at) else { continue };
            at = found + 1;
            let doubts: Doubts = channel.doubts(record, &beside, &said.agreement);
            let value = folded(channel, record, &beside, &said.agreement);
            if self.followed.put(place, Reading { slot, value, counts: record.counts, doubts, sent_ms }) {
                (taken.readings, self.changed) = (taken.readings + 1, true);
            }
        }
        Ok(taken)
    }

    fn beside(&self, says: &Says<'_>) -> Beside {
        let of = |code: &str| says.of(code, 0).map(|(_, record)| record);
        let volume_m3 = self.flow.as_deref().and_then(of).map_or(f64::NAN, |r| r.total);
        let o2_pct = self.oxygen.as_ref().and_then(|(code, _)| of(code)).map_or(f64::NAN, |r| r.avg);
        Beside { volume_m3, o2_pct, o2_standard_pct: self.oxygen.as_ref().map_or(f64::NAN, |o| o.1) }
    }
}

impl<'a> Says<'a> {
    /// The record of a factor, looked for from a place on and then from the first: devices send their factors
    /// in one order, mostly that in which they are registered.
    fn of(&self, factor: &str, from: usize) -> Option<(usize, &Record)> {
        let from = from.min(self.sent.len());
        let (before, behind) = self.sent.split_at(from);
        let places = (from..).zip(behind).chain((0..).zip(before));
        places.into_iter().find(|(_, sent)| sent.factor == factor).map(|(place, sent)| (place, &sent.record))
    }

    /// Takes a pair in. What an earlier item said of the same factor stands.
    fn take(&mut self, pair: &content::Pair<'a>, codes: &Codes) {
        let Some((factor, field)) = pair.channel() else {
            if pair.name == b"DataTime" {
                self.data_time = Some(pair.value);
            }
            return;
        };
        let last = self.sent.len().wrapping_sub(1);
        let place = match self.sent.get(last) {
            Some(sent) if sent.factor == factor => last,
            _ => self.sent.iter().position(|sent| sent.factor == factor).unwrap_or_else(|| {
                // A value without a mark is a normal one.
                self.sent.push(Sent { factor, record: Record::counting(Counts::Valid) });
                self.sent.len() - 1
            }),
        };
        let record = &mut self.sent[place].record;
        let slot = match field {
            "Avg" => &mut record.avg,
            "Min" => &mut record.min,
            "Max" => &mut record.max,
            "ZsAvg" => &mut record.folded,
            "Cou" => &mut record.total,
            "Flag" => {
                record.counts = codes.counts(std::str::from_utf8(pair.value).unwrap_or("?"));
                return;
            }
            _ => return,
        };
        // An empty value is one that was not measured.
        if !pair.value.is_empty() {
            match pair.number() {
                Some(number) => *slot = number,
                None => self.wrong = true,
            }
        }
    }
}

/// The value a limit is held against. Where a device sends no folded value it is folded here.
fn folded(channel: &Channel, record: &Record, beside: &Beside, agreement: &Agreement) -> f64 {
    let value = channel.value(record);
    let own = || agreement.folding.fold(record.avg, beside.o2_pct, beside.o2_standard_pct).unwrap_or(f64::NAN);
    if value.is_nan() && !record.avg.is_nan() { own() } else { value }
}

#[cfg(test)]
mod tests;
