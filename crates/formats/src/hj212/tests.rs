use super::*;
use crate::hj212::assemble::Joined;
use crate::hj212::packet::Part;
use crate::hj212::reply::Answer;
use crate::mangled;
use crate::table::read_csv;
use proptest::prelude::*;

const SAMPLES: &[u8] = include_bytes!("../../tests/data/hj212/sample_frames.csv");
const REAL: &[u8] = include_bytes!("../../tests/data/hj212/real_frames.csv");

/// Id, segment, printed check and MODBUS check of M1 to M8.
fn samples() -> Vec<[String; 4]> {
    let table = read_csv(SAMPLES).unwrap();
    table.rows.into_iter().map(|r| [0, 4, 2, 3].map(|i| r.cells[i].clone())).collect()
}

fn sample(id: &str) -> String {
    samples().into_iter().find(|s| s[0] == id).unwrap()[1].clone()
}

fn framed(segment: &str) -> Vec<u8> {
    build::frame(segment.as_bytes(), CrcMode::Standard).unwrap()
}

/// The verdict on one frame: the word of its first fault, or `None`.
fn verdict(frame: &[u8]) -> Option<&'static str> {
    let judged = || -> Result<(), Faults> {
        let frame = Frame::read(frame)?;
        frame.verify(frame.segment, CrcMode::Standard)?;
        let packet = Packet::read(frame.segment)?;
        Ok(content::check(packet.content)?)
    };
    judged().err().map(|faults| faults.first().word())
}

/// Everything a stream gives, in order: segments, or the word of a fault.
fn told(pieces: &[&[u8]]) -> Vec<String> {
    let (mut framer, mut out) = (Framer::default(), Vec::new());
    for piece in pieces {
        framer.feed(piece, |event| out.push(say(event)));
        assert!(framer.waiting() <= frame::SEGMENT_MAX + frame::AROUND);
    }
    framer.give_up(|event| out.push(say(event)));
    out
}

fn say(event: Result<Frame<'_>, Fault>) -> String {
    match event {
        Ok(frame) => String::from_utf8_lossy(frame.segment).into_owned(),
        Err(Fault::Garbage { bytes }) => format!("garbage {bytes}"),
        Err(Fault::Truncated) => "truncated".to_owned(),
        Err(fault) => fault.word().to_owned(),
    }
}

#[test]
fn the_vectors_of_both_annexes() {
    // HJ 212-2017 and HJ 212-2025, annex A.
    let of_2017 = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
    let of_2025 = b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";
    assert_eq!((of_2017.len(), crc::crc(of_2017), crc::modbus(of_2017)), (101, 0x1C80, 0x0759));
    assert_eq!((of_2025.len(), crc::crc(of_2025), crc::modbus(of_2025)), (87, 0x2200, 0xCCF4));
    let [old, new] = [&of_2017[..], &of_2025[..]].map(|s| Packet::read(s).unwrap().edition);
    assert_eq!((old, new), (Edition::E2017, Edition::E2025));
}

#[test]
fn every_sample_frame_of_the_sheet_is_taken() {
    for [id, segment, check, modbus] in samples() {
        let frame = framed(&segment);
        assert_eq!(verdict(&frame), None, "{id}");
        assert_eq!(format!("{:04X} {:04X}", crc::crc(segment.as_bytes()), crc::modbus(segment.as_bytes())), format!("{check} {modbus}"), "{id}");
        let packet = Packet::read(segment.as_bytes()).unwrap();
        assert_eq!(packet.remarks.iter().count(), 0, "{id}");
        assert!(pairs(packet.content).all(|p| p.is_ok()));
    }
}

#[test]
fn every_real_frame_has_the_verdict_of_its_file() {
    let table = read_csv(REAL).unwrap();
    let mut right = 0;
    for row in &table.rows {
        let frame = [row.cells[0].as_bytes(), b"\r\n"].concat();
        let expected = if row.cells[6] == "True" { None } else { Some("CRC") };
        assert_eq!(verdict(&frame), expected, "{}", row.cells[0]);
        let read = Frame::read(&frame).unwrap();
        assert_eq!(format!("{:04X}", crc::crc(read.segment)), row.cells[7]);
        if expected.is_none() {
            right += 1;
            let packet = Packet::read(read.segment).unwrap();
            assert_eq!((packet.st, packet.cn.to_string(), packet.mn), (row.cells[1].as_str(), row.cells[2].clone(), row.cells[3].as_str()));
            assert_eq!(content::alone(packet.content, "DataTime").map(content::text).unwrap_or_default(), row.cells[4]);
        }
    }
    // data README: ten right, five wrong.
    assert_eq!((right, table.rows.len()), (10, 15));
}

#[test]
fn habits_of_old_devices_are_remarked_upon_and_taken() {
    let old = Packet::read(b"ST=32;CN=2011;PW=000000;MN=LD130133000015;CP=&&DataTime=20160824003817;011-Rtd=231.0,011-Flag=N&&").unwrap();
    assert_eq!(old.edition, Edition::E2005);
    assert_eq!(old.remarks.iter().collect::<Vec<_>>(), [Remark::NoQn, Remark::NoFlag, Remark::ShortMn]);
    let part = Packet::read(b"QN=20191112091100598;ST=31;CN=2051;PW=1;MN=14513567846884;PNO=0002;PNUM=0002;CP=&&&&").unwrap();
    assert_eq!(part.part, Some(Part { of: 2, number: 2 }));
    assert!(part.remarks.has(Remark::UnannouncedParts) && part.remarks.has(Remark::OtherFields));
}

#[test]
fn split_glued_and_noisy_streams_give_the_same_frames() {
    let (m1, m7) = (sample("M1"), sample("M7"));
    let whole = [b"\x00noise ".as_slice(), &framed(&m1), &framed(&m7), b"#", &framed(&m1)].concat();
    let expected = ["garbage 7", &m1, &m7, "length", &m1].map(str::to_owned);
    // "###0311": the first sign is no beginning, and says so once.
    assert_eq!(told(&[&whole]), expected);
    let without = [framed(&m1), framed(&m7)].concat();
    for cut in 0..without.len() {
        assert_eq!(told(&[&without[..cut], &without[cut..]]), [m1.clone(), m7.clone()]);
    }
    let bytes: Vec<&[u8]> = without.chunks(1).collect();
    assert_eq!(told(&bytes), [m1.clone(), m7.clone()]);
}

#[test]
fn a_length_that_lies_costs_one_frame_and_no_more() {
    let (m1, m7) = (sample("M1"), sample("M7"));
    for wrong in ["0310", "0312", "0400", "0000", "9999", "03x1"] {
        let mut bad = framed(&m1);
        bad[2..6].copy_from_slice(wrong.as_bytes());
        let out = told(&[&bad, &framed(&m7)]);
        assert_eq!(out[0], "length", "{wrong}");
        assert_eq!(out.last(), Some(&m7), "{wrong}");
    }
    let mut short = framed(&m1);
    short[2..6].copy_from_slice(b"1024");
    assert_eq!(told(&[&short]).first().map(String::as_str), Some("truncated"));
    assert_eq!(told(&[&short, &framed(&m7)]).last(), Some(&m7), "what is given up is looked through again");
    assert!(matches!(Frame::read(b"##9999"), Err(Fault::Oversize { bytes: 9999 })));
}

#[test]
fn the_check_is_taken_in_either_case_and_never_from_the_other_algorithm() {
    let m1 = sample("M1");
    let mut frame = framed(&m1);
    let at = frame.len() - 6;
    frame[at..at + 4].make_ascii_lowercase();
    assert_eq!(verdict(&frame), None);
    frame[at..at + 4].copy_from_slice(b"47DB");
    assert_eq!(verdict(&frame), Some("CRC"));
    let read = Frame::read(&frame).unwrap();
    assert!(matches!(read.verify(read.segment, CrcMode::Standard), Err(Fault::Crc { other_mode: true, .. })));
    assert_eq!(read.verify(read.segment, CrcMode::Modbus), Ok(()));
    frame[at..at + 4].copy_from_slice(b"47G!");
    assert_eq!(verdict(&frame), Some("CRC"));
}

#[test]
fn faults_of_the_header_are_named_as_an_answer_names_them() {
    let good = "QN=20260302080000000;ST=32;CN=2011;PW=123456;MN=3308000A8900016F000169D1;Flag=5;CP=&&&&";
    let named = |segment: String| verdict(&framed(&segment));
    assert_eq!(named(good.into()), None);
    for (from, to, word) in [
        // An example of HJ 212-2017 itself has the comma; the sheet: refuse it, a fault of ST.
        ("000;ST", "000,ST", "ST"),
        ("ST=32", "ST=3", "ST"),
        ("CN=2011", "CN=201", "CN"),
        ("MN=3308000A8900016F000169D1;", "", "MN"),
        ("PW=123456;", "", "PW"),
        ("QN=20260302080000000", "QN=20260230080000000", "QN"),
        ("QN=20260302080000000;", "", "QN"),
        ("Flag=5", "Flag=13", "Flag"),
        ("Flag=5", "Flag=7", "PNUM"),
        ("Flag=5;", "Flag=7;PNUM=2;PNO=3;", "PNO"),
        ("Flag=5;", "Flag=9;RF=0;", "RF"),
        ("CP=&&&&", "CP=&&a", "CP"),
        ("CP=&&&&", "CP=&&a&&", "CP"),
        ("CP=&&&&", "CP=&&w1-Avg=1;w1-Avg=2&&", "CP"),
        ("CP=&&&&", "CP=&&w1-Avg=1,w2-Flag=N&&", "CP"),
        ("ST=32;", "ST=32;ST=31;", "ST"),
    ] {
        assert_eq!(named(good.replacen(from, to, 1)), Some(word), "{to}");
    }
    let several = Packet::read(b"QN=1;ST=32;Flag=5;CP=&&&&").unwrap_err();
    assert_eq!(several.0.iter().map(|f| f.word()).collect::<Vec<_>>(), ["CN", "MN", "PW", "QN"]);
    assert_eq!(several.first().qn_rtn(), Some(8));
}

#[test]
fn every_fault_has_a_letter_in_both_languages() {
    let fields = [Field::Qn, Field::St, Field::Cn, Field::Pw, Field::Mn, Field::Flag, Field::Pnum, Field::Pno, Field::Rf, Field::Cp];
    let mut faults =
        vec![Fault::Garbage { bytes: 1 }, Fault::Length, Fault::Oversize { bytes: 2000 }, Fault::Truncated, Fault::NoKey, Fault::Content { at: 3 }];
    faults.push(Fault::Crc { computed: 1, sent: Some(2), other_mode: true });
    faults.extend(fields.iter().flat_map(|f| [Fault::Missing(*f), Fault::Malformed(*f)]));
    for fault in faults {
        let said = fault.problem();
        assert!(!said.what.zh.is_empty() && !said.what.en.is_empty() && said.code.starts_with("hj212."), "{fault:?}");
    }
}

#[test]
fn chinese_text_counts_bytes_and_gbk_is_read() {
    // M04 of the rule cases.
    let segment =
        "QN=20260302080100000;ST=32;CN=3020;PW=123456;MN=3308000A8900016F000169D1;Flag=4;CP=&&DataTime=20260302080100;PolId=w01018;i22001-Info=正常&&";
    let frame = framed(segment);
    assert!(frame.starts_with(b"##0142") && frame.ends_with(b"81C1\r\n"));
    let (gbk, _, _) = encoding_rs::GBK.encode(segment);
    let packet = Packet::read(&gbk).unwrap();
    let info = pairs(packet.content).flatten().find(|p| p.channel() == Some(("i22001", "Info"))).unwrap();
    assert_eq!(info.text(), "正常");
    // Every two-byte character of GBK stands between dividers and is cut whole.
    for (high, low) in (0x81..=0xFE_u8).flat_map(|high| (0x40..=0xFE_u8).map(move |low| (high, low))) {
        let data = [b"a-Info=", [high, low].as_slice(), b",a-Flag=N;b=1"].concat();
        assert_eq!(pairs(&data).filter(Result::is_ok).count(), 3);
    }
}

#[test]
fn numbers_are_plain_decimals_and_exactly_those_of_the_library() {
    for good in ["0", "-0.5", "12.50", "31.4", "0.001", "99999999.99", "123456789012345678", "0.1234567890123456789", "5.", ".5"] {
        assert_eq!(content::number(good.as_bytes()), good.parse().ok().filter(|n: &f64| n.is_finite()), "{good}");
    }
    for bad in ["", "-", ".", "1e5", "NaN", "inf", "1,2", " 1", "+1", "1.2.3", "0x1", "999999999999999999999999"] {
        assert_eq!(content::number(bad.as_bytes()), None, "{bad}");
    }
}

#[test]
fn split_packets_become_whole_in_any_order() {
    let [m5, m6] = ["M5", "M6"].map(sample);
    let [first, second] = [&m5, &m6].map(|s| Packet::read(s.as_bytes()).unwrap());
    let expected = Joined::Whole(vec![first.content.to_vec(), second.content.to_vec()]);
    for order in [[&first, &second], [&second, &first]] {
        let mut joined = Assembler::default();
        assert_eq!(joined.take(order[0], 0), Ok(Joined::Waiting));
        assert_eq!(joined.take(order[0], 10), Ok(Joined::Again));
        assert_eq!(joined.take(order[1], 20), Ok(expected.clone()));
        assert_eq!(joined.waiting(), 0);
    }
    let mut late = Assembler::default();
    late.take(&first, 0).unwrap();
    assert!(late.expire(60_000).is_empty());
    assert_eq!(late.expire(60_001)[0].1, [2], "packet 2 never came");
    let mut other = second.clone();
    other.part = Some(Part { of: 3, number: 2 });
    late.take(&first, 0).unwrap();
    assert_eq!(late.take(&other, 1), Err(Fault::Malformed(Field::Pnum)));
    assert!(matches!(Assembler::new(1, 10).take(&first, 0), Err(Fault::Oversize { .. })));
}

#[test]
fn the_answers_owed() {
    // M7 of the sheet is the answer to M5.
    let m5 = sample("M5");
    let packet = Packet::read(m5.as_bytes()).unwrap();
    let owed = Answer::owed(&packet).unwrap();
    assert_eq!(owed.frame(&packet, CrcMode::Standard).unwrap().unwrap(), framed(&sample("M7")));
    let of = |cn: &str, flag: &str, data: &str| {
        let segment = format!("QN=20260302080000000;ST=32;CN={cn};PW=123456;MN=3308000A8900016F000169D1;Flag={flag};CP=&&{data}&&");
        Answer::owed(&Packet::read(segment.as_bytes()).unwrap())
    };
    assert_eq!(of("2061", "4", "DataTime=20260302080000"), None);
    assert_eq!(of("2061", "5", ""), Some(Answer::Request(reply::READY)));
    assert_eq!(of("9015", "9", ""), Some(Answer::Notice));
    assert_eq!(of("9014", "5", ""), None);
    assert_eq!(Answer::refusing(&packet, Fault::Malformed(Field::St)), Some(Answer::Request(5)));
    assert_eq!(Answer::refusing(&packet, Fault::Crc { computed: 0, sent: None, other_mode: false }), None);
}

/// Section 6 of the sheet, computed there.
const SECRET: &str =
    "QN=20260301103000001;ST=31;CN=2011;PW=123456;MN=3308000A8900016F000169D1;Flag=9;CP=&&DataTime=20260301103000;a21026-Rtd=12.5,a21026-Flag=N&&";

#[test]
fn sm4_by_its_standard_and_by_the_example_of_the_sheet() {
    // GM/T 0002, annex A: key and plain text the same.
    let standard: Vec<u8> = (0..16).map(|i| [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10][i]).collect();
    let mut block = standard.clone();
    let key = Key::new(&standard).unwrap();
    key.encrypt(&mut block);
    assert_eq!(hex(&block), "681EDF34D206965E86B3E94F536E4246");
    key.decrypt(&mut block);
    assert_eq!(block, standard);

    let zeros = Key::new(&[0x30; 16]).unwrap();
    let packet = Packet::read(SECRET.as_bytes()).unwrap();
    let mut data = packet.content.to_vec();
    assert_eq!((SECRET.len(), crc::crc(SECRET.as_bytes()), data.len(), zeros.encrypt(&mut data)), (140, 0x6300, 53, 3));
    assert_eq!(hex(&data[..48]), "EEC3DD4CB11C1B7884BEBB61A31699E3039D2891301164FC763154F960CD5B6251B66B7076347B6E36619444A2D31924");
    assert_eq!(&data[48..], b"lag=N");
}

#[test]
fn a_sealed_frame_is_opened_with_its_key_only() {
    let key = Key::new(b"0000000000000000").unwrap();
    let sealed = PacketBuilder::new(Edition::E2025, "20260301103000001", "31", 2011, "3308000A8900016F000169D1")
        .wants_reply()
        .alone("DataTime", "20260301103000")
        .item("a21026", &[("Rtd", "12.5"), ("Flag", "N")])
        .sealed(CrcMode::Standard, &key)
        .unwrap();
    assert!(sealed.starts_with(b"##0140") && sealed.ends_with(b"lag=N&&6300\r\n"));
    let frame = Frame::read(&sealed).unwrap();
    let open = |key: Option<&Key>| cipher::plain_segment(&frame, CrcMode::Standard, key);
    assert_eq!(open(Some(&key)).unwrap().unwrap(), SECRET.as_bytes());
    assert_eq!(open(None).unwrap_err(), Fault::NoKey);
    assert!(matches!(open(Key::new(&[1; 16]).as_ref()).unwrap_err(), Fault::Crc { .. }));
    // Plain data of a device that has a key, and a command that is never encrypted.
    for segment in [SECRET.to_owned(), sample("M1")] {
        let plain = framed(&segment);
        assert_eq!(cipher::plain_segment(&Frame::read(&plain).unwrap(), CrcMode::Standard, Some(&key)), Ok(None));
    }
    assert_eq!(cipher::from_braces("a{0xE4,0x0A}b").unwrap(), b"a\xE4\x0Ab");
    assert_eq!(cipher::from_braces("a{0xZZ}"), None);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

#[test]
fn a_builder_refuses_what_a_reader_would() {
    let builder = |cn| PacketBuilder::new(Edition::E2017, "20260301103000001", "32", cn, "3308000A8900016F000169D1");
    assert!(builder(2011).item("w01018", &[("Rtd", &"9".repeat(960))]).segment().unwrap_err().0[0].code == "hj212.too_long");
    assert!(builder(2011).alone("a b", "1").segment().is_err());
    assert!(builder(2011).alone("a", "1&&").segment().is_err());
    assert!(builder(12_345).segment().is_err());
    assert!(build::frame(&[b'a'; 10_000], CrcMode::Standard).is_err());
}

#[test]
fn mangled_bytes_never_panic_and_never_fill_memory() {
    let mut stream = Vec::new();
    for [_, segment, ..] in samples() {
        stream.extend_from_slice(&framed(&segment));
    }
    let key = Key::new(&[7; 16]).unwrap();
    let (mut taken, mut refused) = (0, 0);
    mangled::each(&stream, 3000, |bytes| {
        let (mut framer, mut joined) = (Framer::default(), Assembler::default());
        for piece in bytes.chunks(97) {
            framer.feed(piece, |event| {
                let Ok(frame) = event else {
                    refused += 1;
                    return;
                };
                let _ = cipher::plain_segment(&frame, CrcMode::Standard, Some(&key));
                match Packet::read(frame.segment) {
                    Ok(packet) => {
                        taken += 1;
                        let _ = (content::check(packet.content), joined.take(&packet, 0), Answer::owed(&packet).map(|a| a.frame(&packet, CrcMode::Standard)));
                        for pair in pairs(packet.content).flatten() {
                            let _ = (pair.channel(), pair.number(), pair.text());
                        }
                    }
                    Err(faults) => drop(faults.0.into_iter().map(Fault::problem).collect::<Vec<_>>()),
                }
            });
            assert!(framer.waiting() < frame::SEGMENT_MAX + frame::AROUND);
        }
        framer.give_up(|_| {});
        assert_eq!(framer.waiting(), 0);
    });
    assert!(taken > 10_000 && refused > 1_000, "{taken} {refused}");
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(
        factors in prop::collection::vec(("[aw][0-9]{5}", "-?[0-9]{1,5}(\\.[0-9]{1,3})?"), 0..20),
        edition in prop::sample::select(vec![Edition::E2005, Edition::E2017, Edition::E2025]),
        reply in any::<bool>(),
        split in prop::option::of(1_u16..9),
        cut in 0_usize..400,
    ) {
        let mut builder = PacketBuilder::new(edition, "20260301103000001", "32", 2061, "3308000A8900016F000169D1").alone("DataTime", "20260301100000");
        let mut distinct = factors.clone();
        distinct.sort();
        distinct.dedup_by(|a, b| a.0 == b.0);
        for (factor, value) in &distinct {
            builder = builder.item(factor, &[("Avg", value), ("Flag", "N")]);
        }
        if reply { builder = builder.wants_reply(); }
        if let Some(of) = split { builder = builder.part(of, of); }
        let bytes = builder.frame(CrcMode::Standard).unwrap();
        let mut seen = Vec::new();
        let mut framer = Framer::default();
        let cut = cut.min(bytes.len());
        for piece in [&bytes[..cut], &bytes[cut..]] {
            framer.feed(piece, |event| seen.push(event.map(|f| f.segment.to_vec())));
        }
        prop_assert_eq!(seen.len(), 1);
        let segment = seen[0].clone().unwrap();
        let packet = Packet::read(&segment).unwrap();
        prop_assert_eq!(packet.edition, edition);
        prop_assert_eq!(packet.wants_reply(), reply);
        prop_assert_eq!(packet.part.map(|p| p.of), split);
        let read: Vec<(String, f64)> = pairs(packet.content).flatten().filter(|p| p.channel().is_some_and(|c| c.1 == "Avg")).map(|p| (p.channel().unwrap().0.to_owned(), p.number().unwrap())).collect();
        let given: Vec<(String, f64)> = distinct.iter().map(|(f, v)| (f.clone(), v.parse().unwrap())).collect();
        prop_assert_eq!(read, given);
    }
}
