use super::*;
use liangshan_duty::emissions::codes::Counts;
use liangshan_duty::emissions::limit::{Basis, Compare, Limit};
use liangshan_duty::incident::rule::SHIPPED;
use liangshan_formats::hj212::{Framer, PacketBuilder};

const MN: &str = "3308000A8900016F000169D1";

fn channel(limit: &str, basis: Basis) -> Channel {
    Channel { limit: Some(Limit::new(limit, Compare::FullValue, basis, "").unwrap()), range_max: Some(500.0), least: Some(0.0) }
}

fn watch() -> Watch {
    let mut sewage = Station::new(MN, vec![("w01018".into(), channel("50", Basis::Measured)), ("w00000".into(), Channel::default())]);
    sewage.flow = Some("w00000".into());
    let mut stack = Station::new("LD130133000015", vec![("a21026".into(), channel("35", Basis::Folded))]);
    stack.oxygen = Some(("a19001".into(), 6.0));
    Watch::new(Rule::read(SHIPPED[0].1).unwrap(), 120, [sewage, stack])
}

/// 2026-03-01 00:00 is this many hours after 1970-01-01: 20513 days.
const MARCH: i64 = 20_513 * 24;

fn hour(hour: i64, cod: &str, flag: &str) -> Vec<u8> {
    let time = format!("202603{:02}{:02}0000", 1 + hour / 24, hour % 24);
    let sent = format!("202603{:02}{:02}0500000", 1 + (hour + 1) / 24, (hour + 1) % 24);
    PacketBuilder::new(Edition::E2017, &sent, "32", 2061, MN)
        .alone("DataTime", &time)
        .item("w00000", &[("Avg", "100.0"), ("Cou", "360.0"), ("Flag", "N")])
        .item("w01018", &[("Avg", cod), ("Flag", flag)])
        .frame(CrcMode::Standard)
        .unwrap()
}

fn given(watch: &mut Watch, bytes: &[u8], now: i64) -> Vec<Result<Taken, Faults>> {
    let mut out = Vec::new();
    Framer::default().feed(bytes, |event| out.push(event.map_err(Faults::from).and_then(|frame| watch.take(&frame, now))));
    out
}

#[test]
fn bytes_of_a_day_become_one_task_of_the_office_in_the_rule() {
    let mut watch = watch();
    let mut opened = Vec::new();
    for h in 0..24 {
        // Over from eight to ten o'clock; at fifteen one high value while calibrating, at eighteen a broken probe.
        let (cod, flag) = match h {
            8..=10 => (format!("{}.2", 60 + h), "N"),
            15 => ("90.0".to_owned(), "C"),
            18 => ("95.0".to_owned(), "D"),
            _ => (format!("3{}.{}", h % 8, h % 7), "N"),
        };
        let bytes = hour(h, &cod, flag);
        let taken = given(&mut watch, &[bytes.as_slice(), &bytes].concat(), MARCH + h + 1);
        assert_eq!(taken, [Ok(Taken { items: 2, readings: 1, outside: 0 }), Ok(Taken { items: 2, readings: 0, outside: 0 })]);
        opened.extend(watch.judge(MARCH + h + 1, true));
    }
    let tasks: Vec<_> = watch.tasks().collect();
    let told: Vec<_> = tasks.iter().map(|t| (t.kind.word(), t.office.as_str(), t.span.0 - MARCH, t.span.1 - MARCH, t.opened - MARCH)).collect();
    assert_eq!(told, [("exceedance", "ecology-enforcement", 8, 10, 10), ("device", "outlet-operator", 18, 18, 19)]);
    assert_eq!(opened.iter().filter(|c| c.1 == Change::Opened).count(), 2);
}

#[test]
fn folded_limits_are_held_against_the_folded_value_sent_or_made_here() {
    let mut watch = watch();
    let sent = |fields: &[(&str, &str)]| {
        PacketBuilder::new(Edition::E2017, "20260301010500000", "31", 2061, "LD130133000015")
            .alone("DataTime", "20260301000000")
            .item("a21026", fields)
            .item("a19001", &[("Avg", "9.0"), ("Flag", "N")])
            .frame(CrcMode::Standard)
            .unwrap()
    };
    let value = |watch: &mut Watch| {
        let track = &watch.station_mut("LD130133000015").unwrap().outlet().tracks[0];
        (track.readings()[0].value, track.readings()[0].counts)
    };
    // M06: 28.0 at 9 % oxygen, standard 6 %, is 35.0.
    given(&mut watch, &sent(&[("Avg", "28.0"), ("Flag", "N")]), MARCH + 1);
    assert_eq!(value(&mut watch), (35.0, Counts::Valid));
    given(&mut watch, &sent(&[("Avg", "28.0"), ("ZsAvg", "35.2"), ("Flag", "N")]), MARCH + 1);
    assert_eq!(value(&mut watch).0, 35.2);
}

#[test]
fn strangers_wrong_checks_and_hours_to_come_change_nothing() {
    let mut watch = watch();
    let now = MARCH + 5;
    let good = hour(3, "99.0", "N");
    let other = String::from_utf8(good.clone()).unwrap().replace("169D1", "169D2");
    let segment = &other[6..other.len() - 6];
    let stranger = liangshan_formats::hj212::build::frame(segment.as_bytes(), CrcMode::Standard).unwrap();
    let refused = |watch: &mut Watch, bytes: &[u8]| given(watch, bytes, now)[0].clone().unwrap_err().first().word();
    assert_eq!(refused(&mut watch, &stranger), "MN");
    assert_eq!(refused(&mut watch, other.as_bytes()), "CRC");
    let mut broken = good.clone();
    broken[100] ^= 1;
    assert_eq!(refused(&mut watch, &broken), "CRC");
    assert_eq!(refused(&mut watch, &hour(3, "abc", "N")), "CP");
    assert_eq!(given(&mut watch, &hour(9, "99.0", "N"), now), [Ok(Taken { items: 2, readings: 0, outside: 1 })]);
    assert!(watch.station_mut(MN).unwrap().outlet().span().is_none());
    assert_eq!(arrival(&good, &Packet::read(&good[6..good.len() - 6]).unwrap()).unwrap().values.len(), 5);
}

/// T, the end of the range, came with HJ 212-2017. A device of 2005 sends no Flag, and what it means by the letter is
/// not known: its hour does not count, and nobody is sent to look at it.
#[test]
fn a_mark_means_what_the_edition_of_its_packet_says() {
    let counted = |segment: &str| {
        let mut watch = watch();
        let frame = liangshan_formats::hj212::build::frame(segment.as_bytes(), CrcMode::Standard).unwrap();
        assert!(given(&mut watch, &frame, MARCH + 1)[0].is_ok());
        watch.station_mut(MN).unwrap().outlet().tracks[0].readings()[0].counts
    };
    let data = "CP=&&DataTime=20260301000000;w01018-Avg=70.0,w01018-Flag=T&&";
    assert_eq!(counted(&format!("QN=20260301010500000;ST=32;CN=2061;PW=123456;MN={MN};Flag=4;{data}")), Counts::Review);
    assert_eq!(counted(&format!("ST=32;CN=2061;PW=123456;MN={MN};{data}")), Counts::Invalid);
}

/// Loggers that close every field with a semicolon say of one factor what they say: the mark of its second item
/// holds for the value of its first.
#[test]
fn what_stands_apart_in_a_packet_is_one_record() {
    let mut watch = watch();
    let data = "CP=&&DataTime=20260301000000;w01018-Avg=70.0;w00000-Cou=360.0,w00000-Flag=N;w01018-Flag=C&&";
    let segment = format!("QN=20260301010500000;ST=32;CN=2061;PW=123456;MN={MN};Flag=4;{data}");
    let frame = liangshan_formats::hj212::build::frame(segment.as_bytes(), CrcMode::Standard).unwrap();
    assert_eq!(given(&mut watch, &frame, MARCH + 1), [Ok(Taken { items: 2, readings: 1, outside: 0 })]);
    let held = watch.station_mut(MN).unwrap().outlet().tracks[0].readings()[0];
    assert_eq!((held.value, held.counts), (70.0, Counts::Invalid));
}
