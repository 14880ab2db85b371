//! How fast HJ 212 is read and judged, in items a CPU-second of one core. An item is one factor of
//! one packet with its fields. Run by hand: `cargo bench -p liangshan-atlas --bench hj212`.
//!
//! A hundred outlets send an hour of six factors each for thirty days; now and then one is over its
//! limit, so that there are incidents to be cut and tasks to be opened.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use liangshan_atlas::online::{Station, Watch, arrival};
use liangshan_duty::emissions::limit::{Basis, Compare, Limit};
use liangshan_duty::emissions::record::Channel;
use liangshan_duty::incident::Rule;
use liangshan_duty::incident::rule::SHIPPED;
use liangshan_duty::ingest::Held;
use liangshan_formats::hj212::{CrcMode, Edition, Framer, Packet, PacketBuilder, content};

const OUTLETS: usize = 100;
const HOURS: i64 = 30 * 24;
/// Factor and limit; the flow has none.
const FACTORS: [(&str, &str); 5] = [("w01018", "50"), ("w21003", "5"), ("w21011", "0.5"), ("w21001", "15"), ("w01001", "9")];
/// 2026-04-01 in hours since 1970-01-01: 20544 days.
const APRIL: i64 = 20_544 * 24;

fn mn(outlet: usize) -> String {
    format!("3308000A8900016F0001{outlet:04X}")
}

/// CPU seconds of this process so far; where the system does not tell, the clock on the wall.
fn cpu_seconds(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<f64> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { start.elapsed().as_secs_f64() }
}

fn packet(outlet: usize, hour: i64) -> Vec<u8> {
    let stamp = |h: i64, rest: &str| format!("202604{:02}{:02}{rest}", 1 + h / 24, h % 24);
    // The last hour of the month is sent in the same day's numbers.
    let sent = stamp(hour, "5959000");
    let mut built = PacketBuilder::new(Edition::E2017, &sent, "32", 2061, &mn(outlet)).wants_reply().alone("DataTime", &stamp(hour, "0000"));
    built = built.item("w00000", &[("Min", "96.0"), ("Avg", "100.0"), ("Max", "104.0"), ("Cou", "360.0"), ("Flag", "N")]);
    for (place, (factor, limit)) in FACTORS.iter().enumerate() {
        let mixed = (outlet as i64 * 7919 + hour * 104_729 + place as i64 * 1_299_709) % 1000;
        let share = if (hour + outlet as i64) % 97 < 3 { 1.05 } else { 0.4 } + mixed as f64 / 2500.0;
        let avg = limit.parse::<f64>().expect("a limit") * share;
        let [least, mean, most, load] = [avg * 0.98, avg, avg * 1.02, avg * 0.36].map(|v| format!("{v:.3}"));
        built = built.item(factor, &[("Min", &least), ("Avg", &mean), ("Max", &most), ("Cou", &load), ("Flag", "N")]);
    }
    built.frame(CrcMode::Standard).expect("a sound packet")
}

fn stations() -> Vec<Station> {
    (0..OUTLETS)
        .map(|outlet| {
            let channel = |limit: &str| Channel {
                limit: Some(Limit::new(limit, Compare::FullValue, Basis::Measured, "").expect("a limit")),
                range_max: Some(1000.0),
                least: Some(0.0),
            };
            let mut station = Station::new(&mn(outlet), FACTORS.iter().map(|(factor, limit)| ((*factor).to_owned(), channel(limit))).collect());
            station.flow = Some("w00000".to_owned());
            station
        })
        .collect()
}

fn told(what: &str, items: u64, start: Instant, began: f64) {
    let used = cpu_seconds(start) - began;
    println!("{what:<60} {items:>9} items, {used:6.2} CPU-s, {:>10.0} items/CPU-s", items as f64 / used);
}

fn main() {
    let start = Instant::now();
    // As they come: all outlets of an hour, glued together and cut at odd places.
    let month: Vec<Vec<u8>> = (0..HOURS).map(|hour| (0..OUTLETS).flat_map(|outlet| packet(outlet, hour)).collect()).collect();
    println!("{} MB of frames", month.iter().map(Vec::len).sum::<usize>() / 1_000_000);

    let (began, mut items) = (cpu_seconds(start), 0);
    let mut framer = Framer::default();
    for bytes in month.iter().flat_map(|hour| hour.chunks(1460)) {
        framer.feed(bytes, |event| {
            let frame = event.expect("a sound frame");
            frame.verify(frame.segment, CrcMode::Standard).expect("a right check");
            let packet = Packet::read(frame.segment).expect("a sound packet");
            content::check(packet.content).expect("sound data");
            // The data time is an item of its own, which is not counted.
            items += content::items(packet.content).count() as u64 - 1;
        });
    }
    told("frames, checks, headers, pairs", items, start, began);

    let (began, mut items, mut opened) = (cpu_seconds(start), 0, 0);
    let rule = Rule::read(SHIPPED[0].1).expect("a sound rule");
    let mut watch = Watch::new(rule, 120, stations());
    for (hour, bytes) in month.iter().enumerate() {
        let now = APRIL + hour as i64 + 1;
        for piece in bytes.chunks(1460) {
            framer.feed(piece, |event| items += u64::from(watch.take(&event.expect("a sound frame"), now).expect("a sound packet").items));
        }
        opened += watch.judge(now, true).len();
    }
    let tasks = watch.tasks().count();
    told("the same, numbers, doubts, limits, incidents each hour", items, start, began);
    println!("{tasks} tasks in {opened} changes");
    assert!(tasks > 100, "the bench judges something");

    let (began, mut items) = (cpu_seconds(start), 0);
    let mut held = Held::of((0..OUTLETS).map(mn));
    for bytes in month.iter().take(72) {
        framer.feed(bytes, |event| {
            let frame = event.expect("a sound frame");
            let packet = Packet::read(frame.segment).expect("a sound packet");
            held.take(&arrival(frame.segment, &packet).expect("sound data"));
            items += content::items(packet.content).count() as u64 - 1;
        });
    }
    told("taking in every value with its history (in memory)", items, start, began);
}
